package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"hardship/pipeline/hour"
)

const (
	thin  = "\u202f" // narrow no-break space: between thousands, and between number and unit
	hard  = "\u00a0" // no-break space: between day and month
	minus = "\u2212"
)

// clean makes text from outside safe to print: what is not UTF-8 becomes U+FFFD,
// line breaks and other blanks become spaces, and control characters,
// bidirectional and other invisible format characters disappear. Those could
// reorder, hide or break what stands around them.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == '\u0085' || unicode.In(r, unicode.Zl, unicode.Zp):
			return ' '
		case r == '\u034f' || r == '\u3164' || r == '\u115f' || r == '\u1160' || r == '\uffa0' || !unicode.IsGraphic(r):
			return -1 // invisible, though some of them are letters: grapheme joiner, Hangul fillers
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// number writes v with the given decimals, a true minus sign and thin spaces
// between thousands from 10 000 on; never "−0". NaN is "not known".
func number(v float64, decimals int) string {
	switch {
	case math.IsNaN(v):
		return "not known"
	case math.IsInf(v, 0):
		return strings.Repeat(minus, b2i(v < 0)) + "∞"
	}
	s := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64)
	if math.Abs(v) >= 1e12 {
		s = strings.Replace(strconv.FormatFloat(math.Abs(v), 'e', 2, 64), "e+", "·10^", 1)
	}
	whole, fraction, hasFraction := strings.Cut(s, ".")
	sign := ""
	if v < 0 && strings.Trim(s, "0.") != "" {
		sign = minus
	}
	if len(whole) >= 5 && len(whole) <= 12 {
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + thin + whole[i:]
		}
	}
	if hasFraction {
		whole += "." + fraction
	}
	return sign + whole
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// tidy writes v with at most the given decimals and no zeros at its end.
func tidy(v float64, most int) string {
	s := number(v, most)
	if most > 0 && strings.Contains(s, ".") && !strings.Contains(s, "^") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// quantity writes v with its unit; one that is not known has none.
func quantity(v float64, most int, unit string) string {
	s := tidy(v, most)
	if math.IsNaN(v) || unit == "" {
		return s
	}
	return s + thin + unitWord(unit, s)
}

// unitWord is the unit as a reader writes it after a number.
func unitWord(unit, number string) string {
	if unit == "d" {
		unit = "days"
	}
	plural := len(unit) > 3 && strings.HasSuffix(unit, "s")
	if plural && number == "1" {
		return strings.TrimSuffix(unit, "s")
	}
	return unit
}

// bounds writes a range, or one number where its ends look alike.
func bounds(lo, hi float64, most int) string {
	a, b := tidy(lo, most), tidy(hi, most)
	if a == b {
		return a
	}
	return a + "–" + b
}

// pValue writes a p with two decimals, and three below 0.1.
func pValue(p float64) string {
	if p < 0.1 {
		return number(p, 3)
	}
	return number(p, 2)
}

// percent writes a share.
func percent(share float64, most int) string { return tidy(100*share, most) + thin + "%" }

// count writes how many there are of something.
func count(n int, singular, plural string) string {
	if n == 1 {
		return "1 " + singular
	}
	return number(float64(n), 0) + " " + plural
}

// list joins items with commas and, before the last, "and".
func list(items []string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	return strings.Join(items[:len(items)-1], ", ") + " and " + items[len(items)-1]
}

// capital writes the first letter as a capital.
func capital(s string) string {
	for i, r := range s {
		return string(unicode.ToUpper(r)) + s[i+len(string(r)):]
	}
	return s
}

// dateOf writes a day as "30 January 2026".
func dateOf(d hour.Day) string { return d.Time().Format(dateLayout) }

const dateLayout = "2" + hard + "January 2006"

// datesOf writes the days from first to last, both included, as shortly as they
// can be told: "10–21 January 2026", "31 January – 4 February 2026".
func datesOf(first, last hour.Day) string {
	a, b := first.Time(), last.Time()
	switch {
	case first == last:
		return dateOf(first)
	case a.Year() != b.Year():
		return dateOf(first) + " – " + dateOf(last)
	case a.Month() != b.Month():
		return a.Format("2"+hard+"January") + " – " + dateOf(last)
	}
	return fmt.Sprintf("%d–%s", a.Day(), b.Format("2 January 2006")) // a line may end after the day
}

// monthOf writes the month of a day as "January 2026".
func monthOf(d hour.Day) string { return d.Time().Format("January 2006") }

// monthsOf writes the months from that of first to that of last.
func monthsOf(first, last hour.Day) string {
	if a, b := monthOf(first), monthOf(last); a != b {
		return a + " – " + b
	}
	return monthOf(first)
}

// A stretch is days in a row; Last is one of them.
type stretch struct{ First, Last hour.Day }

// stretches joins days, ascending, to those that follow each other.
func stretches(days []hour.Day) []stretch {
	var out []stretch
	for _, d := range days {
		if n := len(out); n > 0 && out[n-1].Last == d-1 {
			out[n-1].Last = d
		} else {
			out = append(out, stretch{d, d})
		}
	}
	return out
}

// mostStretches is how many stretches a sentence names one by one.
const mostStretches = 4

// daysOf writes days, ascending, in a sentence. The year is left out where the
// next stretch says it.
func daysOf(days []hour.Day) string {
	all := stretches(days)
	var parts []string
	for i, s := range all {
		if i == mostStretches-1 && len(all) > mostStretches {
			parts = append(parts, count(len(all)-i, "more stretch", "more stretches"))
			break
		}
		part := datesOf(s.First, s.Last)
		year := s.Last.Time().Format(" 2006")
		if i+1 < len(all) && all[i+1].Last.Time().Year() == s.Last.Time().Year() && i+1 != mostStretches-1 {
			part = strings.TrimSuffix(part, year)
		}
		parts = append(parts, part)
	}
	return list(parts)
}

// momentOf writes an instant to the minute, UTC.
func momentOf(at hour.Instant) string { return at.Time().Format(dateLayout+", 15:04") + hard + "UTC" }

// slug makes a part of a path or an id of any text, different from those taken,
// letter case aside.
func slug(s string, taken *[]string) string {
	s = strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' {
			return r
		}
		return '_'
	}, s)
	if len(s) > 40 {
		s = s[:40]
	}
	unique := s
	for n := 2; slices.Contains(*taken, strings.ToLower(unique)); n++ {
		unique = fmt.Sprintf("%s_%d", s, n)
	}
	*taken = append(*taken, strings.ToLower(unique))
	return unique
}
