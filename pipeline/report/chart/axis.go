package chart

import (
	"fmt"
	"math"
	"time"
)

// A scale maps values lo…hi to places from…to, linearly or by logarithm.
type scale struct {
	lo, hi, from, to float64
	log              bool
}

func (s scale) at(v float64) float64 {
	lo, hi := s.lo, s.hi
	if s.log {
		lo, hi, v = math.Log(lo), math.Log(hi), math.Log(v)
	}
	return s.from + (v-lo)/(hi-lo)*(s.to-s.from)
}

// within reports whether v lies on the scale.
func (s scale) within(v float64) bool { return s.lo <= v && v <= s.hi }

// steps returns the multiples of step in lo…hi.
func steps(lo, hi, step float64) []float64 {
	var out []float64
	first := math.Ceil(lo/step - 1e-9)
	for i := first; i*step <= hi+step*1e-9; i++ {
		out = append(out, i*step)
	}
	return out
}

// niceStep returns the smallest of 1, 2 and 5 times a power of ten that divides
// span into at most n parts.
func niceStep(span float64, n int) float64 {
	raw := span / float64(n)
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= raw*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// hourStep is niceStep for hours of a day.
func hourStep(span float64, n int) float64 {
	for _, step := range []float64{1, 2, 4, 6, 8, 12} {
		if span/step <= float64(n) {
			return step
		}
	}
	return niceStep(span, n)
}

// extent returns the smallest and largest finite value, and false if there is
// none.
func extent(series ...[]float64) (lo, hi float64, ok bool) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, values := range series {
		for _, v := range values {
			if finite(v) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	return lo, hi, lo <= hi
}

// dayAxis places local days side by side. Day i covers x(i)…x(i+1).
type dayAxis struct {
	start       time.Time // midnight UTC of the first date
	days        int
	left, width float64
	language    Language
}

func (a dayAxis) x(day float64) float64 { return a.left + day*a.step() }

func (a dayAxis) step() float64 { return a.width / float64(a.days) }

func (a dayAxis) right() float64 { return a.left + a.width }

func (a dayAxis) date(day int) time.Time { return a.start.AddDate(0, 0, day) }

// monthStarts returns the days after the first on which a month begins.
func (a dayAxis) monthStarts() []int {
	var out []int
	for day := 1; day < a.days; day++ {
		if a.date(day).Day() == 1 {
			out = append(out, day)
		}
	}
	return out
}

const dayAxisHeight = 34.0

// draw writes day numbers below y, of every day, or of Mondays where days are too
// narrow, or none where weeks are too; and below them the months.
func (a dayAxis) draw(s *Scene, y float64) {
	room := textWidth("28", smallSize, false) + 8
	every := 0
	switch {
	case a.step() >= room:
		every = 1
	case 7*a.step() >= room:
		every = 7
	}
	monthLine := y + 14
	if every > 0 {
		monthLine = y + 29
	}
	for day := 0; day < a.days && every > 0; day++ {
		date := a.date(day)
		if every == 7 && date.Weekday() != time.Monday {
			continue
		}
		x := a.x(float64(day) + 0.5)
		label := fmt.Sprint(date.Day())
		if half := textWidth(label, smallSize, false) / 2; x-half < a.left-4 || x+half > a.right()+4 {
			continue
		}
		s.Line(x, y, x, y+4, Style{Stroke: axisLine, Width: 1})
		s.Text(Text{X: x, Y: y + 15, Body: label, Size: smallSize, Anchor: Middle, Color: muted})
	}
	bounds := append([]int{0}, a.monthStarts()...)
	a.months(s, y, monthLine, append(bounds, a.days))
}

// months writes each month's name in the room that it has, with its year where
// there is room, or else on the first one and on each January.
func (a dayAxis) months(s *Scene, y, line float64, bounds []int) {
	forms := a.monthForms(bounds)
	yearShown := false
	for i := range len(bounds) - 1 {
		from, to := a.x(float64(bounds[i])), a.x(float64(bounds[i+1]))
		if i > 0 {
			// Broken between the rows, where a day number may stand.
			s.Line(from, y, from, y+4, Style{Stroke: axisLine, Width: 1})
			s.Line(from, line-9, from, line+2, Style{Stroke: axisLine, Width: 1})
			from += 5
		}
		date := a.date(bounds[i])
		if date.Month() == time.January {
			yearShown = false
		}
		form := forms
		if form == shortMonth && !yearShown {
			form = shortMonthYear
		}
		label := a.month(date, form)
		for form < shortMonth && textWidth(label, smallSize, true) > to-from-4 {
			form++
			label = a.month(date, form)
		}
		if textWidth(label, smallSize, true) > to-from-4 {
			continue
		}
		yearShown = yearShown || form != shortMonth
		s.Text(Text{X: from, Y: line, Body: label, Size: smallSize, Bold: true, Color: muted})
	}
}

type monthForm int

const (
	longMonthYear monthForm = iota
	shortMonthYear
	shortMonth
)

func (a dayAxis) month(date time.Time, form monthForm) string {
	w := a.language.words()
	switch form {
	case longMonthYear:
		return fmt.Sprintf("%s %d", w.longMonths[date.Month()-1], date.Year())
	case shortMonthYear:
		return fmt.Sprintf("%s %d", w.months[date.Month()-1], date.Year())
	default:
		return w.months[date.Month()-1]
	}
}

// monthForms returns the longest form that fits every whole month, so that months
// look alike.
func (a dayAxis) monthForms(bounds []int) monthForm {
	for form := longMonthYear; form < shortMonth; form++ {
		fits := true
		for i := range len(bounds) - 1 {
			room := a.step()*float64(bounds[i+1]-bounds[i]) - 9
			whole := bounds[i+1]-bounds[i] >= 28 || len(bounds) == 2
			if whole && textWidth(a.month(a.date(bounds[i]), form), smallSize, true) > room {
				fits = false
			}
		}
		if fits {
			return form
		}
	}
	return shortMonth
}

// run is a stretch of days, half-open.
type run struct{ from, to int }

// runs returns the maximal stretches of 0…n-1 in which in holds.
func runs(n int, in func(int) bool) []run {
	var out []run
	for i := 0; i < n; i++ {
		if !in(i) {
			continue
		}
		from := i
		for i < n && in(i) {
			i++
		}
		out = append(out, run{from, i})
	}
	return out
}
