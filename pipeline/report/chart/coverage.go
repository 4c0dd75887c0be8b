package chart

import (
	"fmt"
	"strings"
	"time"
)

// A CoverageGrid shows how much of each month each source covers: a row a source,
// or a source and area, a column a month.
type CoverageGrid struct {
	Frame
	Start  time.Time // in the first month
	Months int       // at least 1
	Rows   []CoverageRow
	Legend string // what the shade means; "" for the built-in "Share of hours covered"
}

// A CoverageRow has one share a month.
type CoverageRow struct {
	Group string    // heading above the row, drawn where it changes; may be ""
	Label string    // source, or area
	N     string    // "17 544 h", beside the row; may be ""
	Share []float64 // 0…1; NaN: no data
}

// monthAxis places months side by side.
type monthAxis struct {
	start       time.Time
	months      int
	left, width float64
	language    Language
}

func (a monthAxis) step() float64 { return a.width / float64(a.months) }

func (a monthAxis) x(month int) float64 { return a.left + float64(month)*a.step() }

func (a monthAxis) date(month int) time.Time { return a.start.AddDate(0, month, 0) }

const monthAxisHeight = 32.0

// draw writes years from y and, below them, as many months as there is room for.
func (a monthAxis) draw(s *Scene, y float64) {
	names := a.language.words().months
	widest := 0.0
	for _, name := range names {
		widest = max(widest, textWidth(name, smallSize, false))
	}
	every := 12
	for _, k := range []int{6, 3, 2, 1} {
		if float64(k)*a.step() >= widest+6 {
			every = k
		}
	}
	right := a.left + a.width + edge
	yearStart, monthEnd := 0, a.left-1
	for month := range a.months {
		date, x := a.date(month), a.x(month)
		if month+1 == a.months || a.date(month+1).Month() == time.January {
			year, from := fmt.Sprint(a.date(yearStart).Year()), a.x(yearStart)
			if room := min(a.x(month+1)-4, right) - from; textWidth(year, smallSize, true) <= room {
				s.Text(Text{X: from, Y: y + smallSize*ascent, Body: year, Size: smallSize, Bold: true, Color: muted})
			}
			yearStart = month + 1
		}
		name := names[date.Month()-1]
		if w := textWidth(name, smallSize, false); (int(date.Month())-1)%every == 0 && x > monthEnd && x+w <= right {
			s.Text(Text{X: x, Y: y + 14 + smallSize*ascent, Body: name, Size: smallSize, Color: muted})
			monthEnd = x + w + 4
		}
	}
}

// Scene draws the grid. It panics if Months is less than 1 or a row has another
// number of shares.
func (c CoverageGrid) Scene() *Scene {
	if c.Months < 1 {
		panic("chart: coverage grid without months")
	}
	for _, row := range c.Rows {
		if len(row.Share) != c.Months {
			panic(fmt.Sprintf("chart: coverage grid of %d months has a row of %d", c.Months, len(row.Share)))
		}
	}
	s, y := c.begin()
	small := c.Width < narrow
	labels, counts := c.columns()
	first := civil(c.Start)
	axis := monthAxis{start: first.AddDate(0, 0, 1-first.Day()), months: c.Months, left: edge, width: c.Width - 2*edge, language: c.Language}
	if !small {
		axis.left += labels + 8
		axis.width -= labels + 8
		if counts > 0 {
			axis.width -= counts + 8
		}
	}

	w := c.Language.words()
	shade := func(t float64) keyItem {
		return keyItem{swatch: boxSwatch(Blue.at(t)), text: c.Language.number(100*t, 0) + thin + "%", color: muted}
	}
	key := layKey([]keyItem{
		{text: orElse(c.Legend, w.coverage), bold: true, color: ink},
		shade(0), shade(0.5), shade(1),
		{swatch: hatchSwatch, text: w.noData, color: muted},
	}, c.Width-2*edge)
	key.draw(s, edge, y)
	y += key.height + 6
	axis.draw(s, y)
	y += monthAxisHeight

	group := ""
	for _, row := range c.Rows {
		if g := clean(row.Group); g != group {
			group = g
			y += 5
			y = paragraph(s, g, edge, y, c.Width-2*edge, labelSize, true, ink) + 2
		}
		if small {
			room := c.Width - 2*edge
			if n := clean(row.N); n != "" {
				n = shorten(n, smallSize, false, room/2)
				s.Text(Text{X: c.Width - edge, Y: y + smallSize*ascent, Body: n, Size: smallSize, Anchor: End, Color: muted})
				room -= textWidth(n, smallSize, false) + 8
			}
			s.Text(Text{X: edge, Y: y + smallSize*ascent, Body: shorten(row.Label, smallSize, false, room), Size: smallSize, Color: ink})
			s.Tip(row.Label)
			y += lineHeight(smallSize)
			c.drawRow(s, axis, row, y, 11)
			y += 11 + 6
			continue
		}
		const height = 15.0
		middle := y + height/2 + smallSize*0.36
		s.Text(Text{X: axis.left - 8, Y: middle, Body: shorten(row.Label, smallSize, false, labels), Size: smallSize, Anchor: End, Color: ink})
		s.Tip(row.Label)
		if n := clean(row.N); n != "" {
			s.Text(Text{X: c.Width - edge, Y: middle, Body: shorten(n, smallSize, false, counts), Size: smallSize, Anchor: End, Color: muted})
			s.Tip(row.N)
		}
		c.drawRow(s, axis, row, y, height)
		y += height + 2
	}
	return c.finish(s, y)
}

// columns returns the widths of the labels at the left and of the counts at the
// right of a wide grid.
func (c *CoverageGrid) columns() (labels, counts float64) {
	for _, row := range c.Rows {
		labels = max(labels, textWidth(row.Label, smallSize, false))
		counts = max(counts, textWidth(row.N, smallSize, false))
	}
	return min(labels, 0.3*c.Width), min(counts, 0.15*c.Width)
}

// drawRow draws one cell a month; months without data that follow each other are
// one hatch.
func (c *CoverageGrid) drawRow(s *Scene, axis monthAxis, row CoverageRow, y, height float64) {
	gap := 0.0
	if axis.step() >= 7 {
		gap = 1
	}
	name := strings.TrimPrefix(clean(row.Group)+", "+clean(row.Label), ", ")
	month := func(i int) string {
		d := axis.date(i)
		return fmt.Sprintf("%s %d", c.Language.words().months[d.Month()-1], d.Year())
	}
	for _, r := range runs(c.Months, func(i int) bool { return !finite(row.Share[i]) }) {
		s.Hatch(axis.x(r.from), y, axis.x(r.to)-axis.x(r.from)-gap, height)
		when := month(r.from)
		if r.to-r.from > 1 {
			when += " – " + month(r.to-1)
		}
		s.Tip(fmt.Sprintf("%s, %s: %s", name, when, c.Language.words().noData))
	}
	for i, share := range row.Share {
		if finite(share) {
			s.Rect(axis.x(i), y, axis.step()-gap, height, 0, Style{Fill: Blue.at(share)})
			s.Tip(fmt.Sprintf("%s, %s: %s%s%%", name, month(i), c.Language.number(100*share, 1), thin))
		}
	}
}
