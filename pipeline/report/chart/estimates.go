package chart

import (
	"fmt"
	"image/color"
	"math"
)

// Estimates is a forest plot: a row an estimate, with its interval.
type Estimates struct {
	Frame
	Rows      []EstimateRow
	Measure   string  // what is estimated, with its unit: "rate ratio"
	Interval  string  // "95 % interval"
	Basis     string  // what N of the rows is; "" for n
	Reference float64 // where nothing differs: 1 for a ratio, 0 for a difference
	Log       bool    // logarithmic axis; Reference must be above 0
	Decimals  int     // of the numbers written

	// AxisLo and AxisHi bound the axis; where they are equal, the rows do. What
	// lies beyond ends in an arrow.
	AxisLo, AxisHi float64

	Below, Above string // what lies left and right of Reference: "fewer", "more"
}

// An EstimateRow is one estimate. Its interval ends at Lo and Hi; an infinity
// there is no bound, NaN a bound that is not known. On a logarithmic axis zero
// lies infinitely far to the left and is drawn as an arrow.
type EstimateRow struct {
	Group    string // heading above the row, drawn where it changes; may be ""
	Label    string
	Estimate float64 // NaN or infinite: not evaluable
	Most     float64 // upper end of an estimate that is a range; not above Estimate: it is none
	Lo, Hi   float64
	Reason   string // why it is not evaluable
	N        string // what it rests on: "35 nights"
	Primary  bool   // drawn bold
}

func (r EstimateRow) evaluable() bool { return finite(r.Estimate) }

// most returns the upper end of the estimate, which may be an infinity.
func (r EstimateRow) most() float64 {
	if r.Most > r.Estimate {
		return r.Most
	}
	return r.Estimate
}

// estimateColumns are the places of the parts of a row. On a narrow chart they
// lie below each other, each over the whole width.
type estimateColumns struct {
	small       bool
	label       float64 // width
	plot        float64 // left end
	plotEnd     float64
	text, n     float64 // left end and right end
	textHeading string
}

// Scene draws the estimates. It panics if Log is set and Reference is not above
// zero.
func (c Estimates) Scene() *Scene {
	if c.Log && !(c.Reference > 0) {
		panic("chart: logarithmic axis with a reference that is not above zero")
	}
	s, y := c.begin()
	columns := c.columns()
	axis := c.scale(columns)
	y = c.header(s, columns, y)

	top := y
	var rows []laidRow
	group := ""
	for _, row := range c.Rows {
		if g := clean(row.Group); g != group {
			group = g
			y = paragraph(s, g, edge, y+6, columns.label, labelSize, true, ink) + 3
		}
		laid := laidRow{EstimateRow: row}
		y, laid.y, laid.height = c.words(s, columns, row, y)
		rows = append(rows, laid)
	}
	bottom := y + 2
	c.plot(s, columns, axis, rows, top, bottom)
	return c.finish(s, c.foot(s, columns, axis, bottom))
}

// plot draws the rows' graphics, from top to bottom, over the lines of the axis.
func (c *Estimates) plot(s *Scene, columns estimateColumns, axis scale, rows []laidRow, top, bottom float64) {
	// Vertical lines run over the whole plot, but on a narrow chart, where texts
	// lie between the rows' graphics, only over these.
	stretches := [][2]float64{{top, bottom}}
	if columns.small {
		stretches = nil
		for _, r := range rows {
			stretches = append(stretches, [2]float64{r.y - r.height/2, r.y + r.height/2})
		}
	}
	vertical := func(v float64, stroke Style) {
		for _, stretch := range stretches {
			s.Line(axis.at(v), stretch[0], axis.at(v), stretch[1], stroke)
		}
	}
	for _, v := range c.ticks(axis) {
		vertical(v, Style{Stroke: gridLine, Width: 1})
	}
	vertical(c.Reference, Style{Stroke: axisLine, Width: 1.25})
	for _, r := range rows {
		c.graphic(s, columns, axis, r.EstimateRow, r.y, r.height)
	}
}

// laidRow is a row with the middle and the height of its graphic.
type laidRow struct {
	EstimateRow
	y, height float64
}

func (c *Estimates) columns() estimateColumns {
	k := estimateColumns{textHeading: c.Measure}
	if c.Interval != "" {
		k.textHeading = clean(c.Measure + " (" + c.Interval + ")")
	}
	if c.Width < narrow {
		k.small = true
		k.label = c.Width - 2*edge
		k.plot, k.plotEnd = edge+8, c.Width-edge-8
		return k
	}
	text, n := 0.0, longestWord(c.basis(), smallSize)*1.1
	for _, row := range c.Rows {
		k.label = max(k.label, textWidth(row.Label, labelSize, true), textWidth(row.Group, labelSize, true))
		n = max(n, textWidth(row.N, smallSize, false))
		if row.evaluable() {
			text = max(text, textWidth(c.text(row), labelSize, true))
		}
	}
	k.label = min(k.label, 0.32*c.Width)
	n = min(n, 0.14*c.Width)
	text = max(text, longestWord(k.textHeading, smallSize)*1.1, 0.12*c.Width)
	k.n = c.Width - edge
	k.text = k.n - n - 16 - text
	k.plot = edge + k.label + 18
	k.plotEnd = k.text - 16
	return k
}

// basis is the heading of N.
func (c *Estimates) basis() string { return orElse(clean(c.Basis), "n") }

// text writes an estimate with its interval.
func (c *Estimates) text(row EstimateRow) string {
	w := c.Language.words()
	value := c.number(row.Estimate)
	if most := c.number(row.most()); most != value {
		value += "–" + most
	}
	if math.IsNaN(row.Lo) && math.IsNaN(row.Hi) {
		return fmt.Sprintf("%s (%s)", value, w.noInterval)
	}
	return fmt.Sprintf("%s (%s %s %s)", value, c.number(row.Lo), w.to, c.number(row.Hi))
}

// number writes v so that only zero itself reads as zero.
func (c *Estimates) number(v float64) string {
	if v == 0 {
		return "0"
	}
	decimals := c.Decimals
	if smallest := 0.5 * math.Pow(10, -float64(decimals)); math.Abs(v) < smallest && finite(v) {
		decimals = min(int(math.Ceil(-math.Log10(math.Abs(v)))), 9)
	}
	return c.Language.number(v, decimals)
}

func (c *Estimates) header(s *Scene, k estimateColumns, y float64) float64 {
	if k.small {
		return paragraph(s, k.textHeading+" · "+c.basis(), edge, y, k.label, smallSize, true, muted) + 4
	}
	basis := wrap(c.basis(), smallSize, true, max(k.n-k.text-0.12*c.Width-16, longestWord(c.basis(), smallSize)*1.1))
	beside := 0.0
	for _, line := range basis {
		beside = max(beside, textWidth(line, smallSize, true))
	}
	lines := wrap(k.textHeading, smallSize, true, k.n-k.text-beside-12)
	for i, line := range lines {
		s.Text(Text{X: k.text, Y: y + smallSize*ascent + float64(i)*lineHeight(smallSize), Body: line, Size: smallSize, Bold: true, Color: muted})
	}
	height := max(len(lines), len(basis), 1)
	for i, line := range basis {
		above := float64(height - len(basis) + i)
		s.Text(Text{X: k.n, Y: y + smallSize*ascent + above*lineHeight(smallSize), Body: line, Size: smallSize, Bold: true, Anchor: End, Color: muted})
	}
	y += float64(height) * lineHeight(smallSize)
	s.Line(edge, y+4, c.Width-edge, y+4, Style{Stroke: axisLine, Width: 1})
	return y + 6
}

// words draws what a row says and returns where the row ends, and the middle and
// the height of its graphic.
func (c *Estimates) words(s *Scene, k estimateColumns, row EstimateRow, y float64) (end, middle, height float64) {
	labels := wrap(row.Label, labelSize, row.Primary, k.label)
	reason := c.reasonLines(k, row)
	step := lineHeight(labelSize)
	height = 18
	if !row.evaluable() {
		height = max(height, float64(len(reason))*lineHeight(smallSize)+6)
	}
	if k.small {
		y += 3
		for _, line := range labels {
			s.Text(Text{X: edge, Y: y + labelSize*ascent, Body: line, Size: labelSize, Bold: row.Primary, Color: ink})
			y += step
		}
		numbers := clean(row.N)
		if row.evaluable() {
			numbers = c.text(row)
			if row.N != "" {
				numbers += " · " + row.N
			}
		}
		y = paragraph(s, numbers, edge, y, k.label, smallSize, false, muted) + 2
		return y + height + 6, y + height/2, height
	}
	total := max(height, float64(len(labels))*step) + 8
	middle = y + total/2
	top := middle - float64(len(labels))*step/2
	for i, line := range labels {
		s.Text(Text{X: edge, Y: top + (float64(i)+0.5)*step + labelSize*0.36, Body: line, Size: labelSize, Bold: row.Primary, Color: ink})
	}
	if row.evaluable() {
		s.Text(Text{X: k.text, Y: middle + labelSize*0.36, Body: c.text(row), Size: labelSize, Bold: row.Primary, Color: ink})
	}
	s.Text(Text{X: k.n, Y: middle + smallSize*0.36, Body: shorten(row.N, smallSize, false, 0.14*c.Width), Size: smallSize, Anchor: End, Color: muted})
	s.Tip(row.N)
	return y + total, middle, height
}

// hatchEnd is where the hatch of a row without estimate ends: it takes the place
// of plot and numbers.
func (c *Estimates) hatchEnd(k estimateColumns) float64 {
	if k.small {
		return k.plotEnd
	}
	n := longestWord(c.basis(), smallSize) * 1.1
	for _, row := range c.Rows {
		n = max(n, min(textWidth(row.N, smallSize, false), 0.14*c.Width))
	}
	return k.n - n - 12
}

func (c *Estimates) reasonLines(k estimateColumns, row EstimateRow) []string {
	if row.evaluable() {
		return nil
	}
	reason := c.Language.words().notEvaluable
	if clean(row.Reason) != "" {
		reason += ": " + row.Reason
	}
	return wrap(reason, smallSize, false, c.hatchEnd(k)-k.plot-16)
}

// graphic draws a row's estimate and interval, or its hatch.
func (c *Estimates) graphic(s *Scene, k estimateColumns, axis scale, row EstimateRow, y, height float64) {
	if !row.evaluable() {
		end := c.hatchEnd(k)
		s.Hatch(k.plot, y-height/2, end-k.plot, height)
		s.Tip(row.Label + ": " + c.Language.words().notEvaluable + ". " + row.Reason)
		lines := c.reasonLines(k, row)
		for i, line := range lines {
			plate(s, line, (k.plot+end)/2, y+(float64(i)-float64(len(lines)-1)/2)*lineHeight(smallSize), smallSize, end-k.plot)
		}
		return
	}
	width := 1.5
	if row.Primary {
		width = 2.25
	}
	x, most := c.cut(axis, row.Estimate), c.cut(axis, row.most())
	from, to := c.cut(axis, row.Lo), c.cut(axis, row.Hi)
	if math.IsNaN(row.Lo) {
		s.Hatch(k.plot, y-4, x-k.plot, 8)
		from = x
	}
	if math.IsNaN(row.Hi) {
		s.Hatch(most, y-4, k.plotEnd-most, 8)
		to = most
	}
	stroke := Style{Stroke: estimate, Width: width}
	if from != to {
		s.Line(from, y, to, y, stroke)
	}
	c.intervalEnd(s, axis, row.Lo, from, y, stroke)
	c.intervalEnd(s, axis, row.Hi, to, y, stroke)
	radius := 4.0
	if row.Primary {
		radius = 5
	}
	if most > x {
		s.Rect(x-radius, y-radius, most-x+2*radius, 2*radius, radius, Style{Fill: estimate, Stroke: white, Width: 1.25})
	} else if axis.within(row.Estimate) {
		s.Circle(x, y, radius, Style{Fill: estimate, Stroke: white, Width: 1.25})
	} else {
		// A hollow point by the edge, with an arrow beyond it.
		left := x <= axis.from
		arrow(s, x, y, left, estimate)
		if left {
			x += radius + 1
		} else {
			x -= radius + 1
		}
		s.Circle(x, y, radius, Style{Fill: white, Stroke: estimate, Width: 1.5})
	}
	s.Area(k.plot, y-height/2, k.plotEnd-k.plot, height)
	tip := row.Label + ": " + c.text(row)
	if row.N != "" {
		tip += ", n = " + row.N
	}
	s.Tip(tip)
}

// intervalEnd draws a cap where a bound lies on the axis and an arrow where it
// lies beyond.
func (c *Estimates) intervalEnd(s *Scene, axis scale, bound, x, y float64, stroke Style) {
	switch {
	case math.IsNaN(bound):
	case axis.within(bound):
		s.Line(x, y-4, x, y+4, stroke)
	default:
		arrow(s, x, y, x <= axis.from, estimate)
	}
}

// arrow draws an arrow head whose tip lies a little beyond the end of the plot.
func arrow(s *Scene, x, y float64, left bool, fill color.NRGBA) {
	d := 7.0
	if left {
		d = -d
	}
	s.Polygon([]Point{{x + d, y}, {x, y - 4}, {x, y + 4}}, Style{Fill: fill})
}

// cut returns the place of v, or the end of the axis that v lies beyond.
func (c *Estimates) cut(axis scale, v float64) float64 {
	switch {
	case v < axis.lo:
		return axis.from
	case v > axis.hi:
		return axis.to
	}
	return axis.at(v)
}

// foot draws the ticks and what the two sides mean, and returns where it ends.
func (c *Estimates) foot(s *Scene, k estimateColumns, axis scale, y float64) float64 {
	s.Line(k.plot, y, k.plotEnd, y, Style{Stroke: axisLine, Width: 1})
	for _, v := range c.ticks(axis) {
		x := axis.at(v)
		s.Line(x, y, x, y+4, Style{Stroke: axisLine, Width: 1})
		s.Text(Text{X: x, Y: y + 15, Body: c.Language.brief(v), Size: smallSize, Bold: v == c.Reference, Anchor: Middle, Color: muted})
	}
	y += 20
	below, above := clean(c.Below), clean(c.Above)
	if below != "" {
		below = "← " + below
	}
	if above != "" {
		above += " →"
	}
	room := k.plotEnd - k.plot
	if textWidth(below, smallSize, false)+textWidth(above, smallSize, false)+16 <= room {
		s.Text(Text{X: k.plot, Y: y + smallSize*ascent, Body: below, Size: smallSize, Color: muted})
		s.Text(Text{X: k.plotEnd, Y: y + smallSize*ascent, Body: above, Size: smallSize, Anchor: End, Color: muted})
		if below+above != "" {
			y += lineHeight(smallSize)
		}
		return y
	}
	y = paragraph(s, below, k.plot, y, room, smallSize, false, muted)
	return paragraph(s, above, k.plot, y, room, smallSize, false, muted)
}
