package mapped

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
)

// A layout is how a file writes its times, in the directives of strptime that
// pandas, R and DuckDB know; the layout Excel is days since the end of 1899, as
// spreadsheets count them.
type layout struct {
	excel bool
	parts []part
}

// A part is one directive, or text that stands as it is; a blank is any number
// of blanks.
type part struct {
	directive byte // 0 for text
	text      string
}

// Excel names the layout of a spreadsheet's day numbers.
const Excel = "excel"

// directives are those that a layout may have.
const directives = "%Y %y %m %d %e %b %B %j %H %I %M %S %f %p %z %%"

// newLayout reads a layout such as %d.%m.%Y %H:%M.
func newLayout(s string) (*layout, error) {
	if s == Excel {
		return &layout{excel: true}, nil
	}
	l := &layout{}
	dated := 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == ' ':
			if n := len(l.parts); n == 0 || l.parts[n-1].text != " " {
				l.parts = append(l.parts, part{text: " "})
			}
		case s[i] != '%':
			l.parts = append(l.parts, part{text: s[i : i+1]})
		case i+1 == len(s) || !strings.Contains(directives, s[i:i+2]):
			return nil, fmt.Errorf("%q has an unknown directive at %q; known are %s", s, s[i:], directives)
		default:
			i++
			if s[i] == '%' {
				l.parts = append(l.parts, part{text: "%"})
				continue
			}
			if strings.IndexByte("ymdebBjY", s[i]) >= 0 {
				dated++
			}
			l.parts = append(l.parts, part{directive: s[i]})
		}
	}
	if dated < 2 {
		return nil, fmt.Errorf("%q is no layout of a date, such as %%d.%%m.%%Y %%H:%%M or %%m/%%d/%%Y; %s counts days as spreadsheets do", s, Excel)
	}
	return l, nil
}

// A stamp is what a cell says of a time.
type stamp struct {
	day    hour.Day
	ofDay  hour.Instant // 24 h for the midnight that ends the day
	timed  bool         // it has an hour
	zoned  bool         // and an offset
	offset hour.Instant // east of UTC
	half   int          // 1 AM, 2 PM; 0 without %p
}

// longest numbers of digits that a directive takes.
var mostDigits = map[byte]int{'Y': 4, 'y': 2, 'm': 2, 'd': 2, 'e': 2, 'j': 3, 'H': 2, 'I': 2, 'M': 2, 'S': 2, 'f': 9}

var monthNames = []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

// parse reads a cell; ok is false if it is not as the layout says.
func (l *layout) parse(s string) (at stamp, ok bool) {
	if l.excel {
		return excelStamp(s)
	}
	year, month, ofMonth, ofYear := math.MinInt, 0, 0, 0
	for _, p := range l.parts {
		if p.directive == 0 {
			if p.text == " " {
				trimmed := strings.TrimLeft(s, " \u00a0\u202f")
				if trimmed == s && s != "" {
					return at, false
				}
				s = trimmed
				continue
			}
			if !strings.HasPrefix(s, p.text) {
				return at, false
			}
			s = s[len(p.text):]
			continue
		}
		if most := mostDigits[p.directive]; most > 0 {
			n := 0
			for n < most && n < len(s) && '0' <= s[n] && s[n] <= '9' {
				n++
			}
			v, whole := hour.ScanDigits(s[:n])
			if n == 0 || !whole || p.directive == 'Y' && n < 4 {
				return at, false
			}
			switch p.directive {
			case 'Y':
				year = v
			case 'y': // as POSIX parts the centuries
				if year = 1900 + v; v < 69 {
					year = 2000 + v
				}
			case 'm':
				month = v
			case 'd', 'e':
				ofMonth = v
			case 'j':
				ofYear = v
			case 'H', 'I':
				if at.timed = true; v > 24 || p.directive == 'I' && (v < 1 || v > 12) {
					return at, false
				}
				at.ofDay += hour.Instant(v) * hour.InstantsInHour
			case 'M':
				if v > 59 {
					return at, false
				}
				at.ofDay += hour.Instant(v) * hour.Minute
			case 'S':
				if v > 59 {
					return at, false
				}
				at.ofDay += hour.Instant(v) * hour.Second
			case 'f':
				for range 9 - n {
					v *= 10
				}
				at.ofDay += hour.Instant(v/1000) * (hour.Second / 1_000_000)
			}
			s = s[n:]
			continue
		}
		switch p.directive {
		case 'b', 'B':
			if month, s = monthAt(s); month == 0 {
				return at, false
			}
		case 'p':
			if len(s) < 2 || !strings.EqualFold(s[1:2], "m") || !strings.ContainsAny(s[:1], "aApP") {
				return at, false
			}
			at.half = 1
			if strings.EqualFold(s[:1], "p") {
				at.half = 2
			}
			s = s[2:]
		case 'z':
			end := strings.IndexByte(s, ' ')
			if end < 0 {
				end = len(s)
			}
			if end == 0 {
				return at, false
			}
			if at.offset, ok = zoneOffset(s[:end]); !ok {
				return at, false
			}
			at.zoned, s = true, s[end:]
		}
	}
	if s != "" || year == math.MinInt {
		return at, false
	}
	switch {
	case ofYear > 0:
		at.day = hour.Date(year, 1, 1) + hour.Day(ofYear-1)
		if at.day.Time().Year() != year {
			return at, false
		}
	case month < 1 || month > 12 || ofMonth < 1 || ofMonth > 31:
		return at, false
	default:
		at.day = hour.Date(year, time.Month(month), ofMonth)
		if at.day.Time().Day() != ofMonth {
			return at, false
		}
	}
	if at.half > 0 { // 12 AM is midnight, 12 PM noon
		noon := 12 * hour.InstantsInHour
		if at.ofDay >= noon+hour.InstantsInHour {
			return at, false
		}
		if at.ofDay >= noon {
			at.ofDay -= noon
		}
		if at.half == 2 {
			at.ofDay += noon
		}
	}
	return at, at.ofDay <= day
}

// monthAt reads the English name of a month, or its first three letters.
func monthAt(s string) (month int, rest string) {
	lower := strings.ToLower(s)
	for i, name := range monthNames {
		switch {
		case strings.HasPrefix(lower, name):
			return i + 1, s[len(name):]
		case strings.HasPrefix(lower, name[:3]):
			return i + 1, s[3:]
		}
	}
	return 0, s
}

// excelStamp reads a day number with the part of the day behind the point: 1 is
// 1 January 1900, and 60 the 29 February 1900 that never was, so all later ones
// count from 30 December 1899.
func excelStamp(s string) (at stamp, ok bool) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v > 60 && v < 2_958_466) { // 31 December 9999 is 2,958,465
		return at, false
	}
	days := math.Floor(v)
	at.day = hour.Date(1899, 12, 30) + hour.Day(days)
	// A spreadsheet's double holds a time of day to some microseconds: what it
	// shows is whole seconds.
	seconds := math.Round((v - days) * 86400)
	at.ofDay, at.timed = hour.Instant(seconds)*hour.Second, v != days
	return at, true
}

var errLayout = errors.New("is not written as the format says")

// stampTime turns a stamp into an instant.
func (c *clock) stampTime(at stamp) (hour.Instant, error) {
	if at.zoned {
		return hour.Instant(at.day)*day + at.ofDay - at.offset - c.shift(), nil
	}
	return c.shown(at.day, at.ofDay)
}

// shown is local for a stamp that may be the end of its hour or of its day.
func (c *clock) shown(d hour.Day, ofDay hour.Instant) (hour.Instant, error) {
	ofDay -= c.shift()
	switch {
	case ofDay < 0:
		d, ofDay = d-1, ofDay+day
	case ofDay >= day:
		d, ofDay = d+1, ofDay-day
	}
	return c.local(d, ofDay)
}

// shift is how far stamps are put back: an hour where they end theirs.
func (c *clock) shift() hour.Instant {
	if c.hourEnding {
		return hour.InstantsInHour
	}
	return 0
}

// clock is the clock of the column's times.
func (f *field) clock(p *plan) *clock {
	if f.column.Name == "time_utc" {
		return &p.stamps
	}
	return &p.clock
}

// time makes a cell of a written time, by the layout where there is one.
func (f *field) time(p *plan, s string) (value, source.Code, error) {
	var (
		at       hour.Instant
		dateOnly bool
		err      error
		c        = f.clock(p)
	)
	if f.layout != nil {
		t, ok := f.layout.parse(s)
		if !ok {
			return value{}, source.NotATime, errLayout
		}
		at, err = c.stampTime(t)
		dateOnly = !t.timed
	} else {
		at, dateOnly, err = c.parse(s)
	}
	switch {
	case errors.Is(err, source.ErrSkippedLocal):
		return value{}, source.SkippedTime, err
	case err != nil:
		return value{}, source.NotATime, err
	case dateOnly && p.needsClock:
		return value{}, source.NotATime, errNoClock
	}
	return value{known: true, whole: int64(at)}, "", nil
}

// date makes a cell of a written date.
func (f *field) date(s string) (value, source.Code, error) {
	if f.layout != nil {
		t, ok := f.layout.parse(s)
		if !ok {
			return value{}, source.NotATime, errLayout
		}
		return value{known: true, whole: int64(t.day)}, "", nil
	}
	d, err := hour.ParseDay(s)
	if err != nil {
		return value{}, source.NotATime, errNotADate
	}
	return value{known: true, whole: int64(d)}, "", nil
}
