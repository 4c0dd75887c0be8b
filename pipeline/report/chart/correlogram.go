package chart

import (
	"fmt"
	"math"
	"slices"
)

// A Correlogram is the correlation of two series by lag, with the interval and
// the effective sample size of each.
type Correlogram struct {
	Frame
	Lags     []int     // ascending, without repeats
	R        []float64 // a lag; NaN: not evaluable
	Lo, Hi   []float64 // a lag; NaN: not known
	NEff     []float64 // effective sample size a lag, or nil
	LagLabel string    // what a lag is, with its unit: "days from cold to outage"
	Limit    float64   // what the axis reaches at least, so that several can share one; 0 for the data alone
	Interval string    // "95 % interval"; "" for the built-in "interval"
	Caption  string    // "p of the family = 0.21 (circular shifts)"; below the axis
}

const neffHeight = 30.0

// Scene draws the correlogram. It panics if slices differ in length or Lags do
// not ascend.
func (c Correlogram) Scene() *Scene {
	c.mustMatch()
	w := c.Language.words()
	s, y := c.begin()

	missing := !slices.ContainsFunc(c.R, finite)
	for i := range c.R {
		missing = missing || !c.known(i)
	}
	items := []keyItem{
		{swatch: markSwatch(rPoint), text: w.correlation, bold: true, color: temperature},
		{swatch: boxSwatch(temperatureBand), text: orElse(c.Interval, w.interval), color: muted},
	}
	if missing {
		items = append(items, keyItem{swatch: hatchSwatch, text: w.notEvaluable, color: muted})
	}
	k := layKey(items, c.Width-2*edge)
	k.draw(s, edge, y)
	y += k.height + 10

	limit, tick := c.limit()
	_, largest, _ := extent(c.NEff, []float64{1})
	neffStep := niceStep(largest, 2)
	neffTop := math.Ceil(largest/neffStep) * neffStep
	gutter := max(textWidth(c.Language.brief(-limit), smallSize, false), textWidth(c.Language.brief(-tick), smallSize, false))
	if c.NEff != nil {
		gutter = max(gutter, textWidth(c.Language.brief(neffTop), smallSize, false))
	}
	left, right := edge+gutter+7, c.Width-8
	height := 200.0
	if c.Width < narrow {
		height = 160
	}
	axis := c.lagAxis(left, right)
	r := scale{lo: -limit, hi: limit, from: y + height, to: y}
	c.grid(s, r, steps(-limit, limit, tick), left, right)
	for i := range c.Lags {
		c.lag(s, axis, r, i)
	}
	y += height

	if c.NEff != nil {
		y += 14
		y = paragraph(s, w.effectiveN, edge, y, c.Width-2*edge, smallSize, true, muted) + 4
		n := scale{lo: 0, hi: neffTop, from: y + neffHeight, to: y}
		c.grid(s, n, []float64{0, neffTop}, left, right)
		for i, v := range c.NEff {
			x, wide := axis.cell(i)
			if finite(v) {
				s.Rect(x+wide*0.2, n.at(v), wide*0.6, max(n.at(0)-n.at(v), 1), 0, Style{Fill: hatchLine})
			} else {
				s.Hatch(x, y, wide, neffHeight)
			}
		}
		y += neffHeight
	}
	c.lagLabels(s, axis, y)
	y += 20
	if c.LagLabel != "" {
		y = paragraph(s, c.LagLabel, left, y, right-left, smallSize, true, muted)
	}
	if c.Caption != "" {
		y = paragraph(s, c.Caption, edge, y+6, c.Width-2*edge, labelSize, false, ink)
	}
	c.tips(s, axis, r.to, r.from)
	return c.finish(s, y)
}

func (c *Correlogram) mustMatch() {
	n := len(c.Lags)
	if len(c.R) != n || len(c.Lo) != n || len(c.Hi) != n || c.NEff != nil && len(c.NEff) != n {
		panic(fmt.Sprintf("chart: correlogram of %d lags has %d r, %d and %d bounds, %d effective n", n, len(c.R), len(c.Lo), len(c.Hi), len(c.NEff)))
	}
	for i := 1; i < n; i++ {
		if c.Lags[i] <= c.Lags[i-1] {
			panic("chart: lags of a correlogram do not ascend")
		}
	}
}

func (c *Correlogram) known(i int) bool { return finite(c.R[i]) && finite(c.Lo[i]) && finite(c.Hi[i]) }

// limit returns the end of the axis on both sides, and its step.
func (c *Correlogram) limit() (limit, step float64) {
	lo, hi, ok := extent(c.R, c.Lo, c.Hi)
	if !ok {
		return 1, 0.5
	}
	most := max(-lo, hi)
	if finite(c.Limit) {
		most = max(most, c.Limit)
	}
	for _, l := range [][2]float64{{0.2, 0.1}, {0.4, 0.2}, {0.6, 0.2}, {0.8, 0.4}, {1, 0.5}} {
		if most <= l[0] {
			return l[0], l[1]
		}
	}
	return 1, 0.5
}

// lagAxis places lags by their value. unit is the least distance of two.
type lagAxis struct {
	lags             []int
	left, step, unit float64
}

func (c *Correlogram) lagAxis(left, right float64) lagAxis {
	a := lagAxis{lags: c.Lags, left: left, unit: 1}
	if len(c.Lags) == 0 {
		a.step = right - left
		return a
	}
	unit := math.MaxInt
	for i := 1; i < len(c.Lags); i++ {
		unit = min(unit, c.Lags[i]-c.Lags[i-1])
	}
	if unit != math.MaxInt {
		a.unit = float64(unit)
	}
	a.step = (right - left) / (float64(c.Lags[len(c.Lags)-1]-c.Lags[0])/a.unit + 1)
	return a
}

// cell returns the left end and the width of the column of the i-th lag.
func (a lagAxis) cell(i int) (x, width float64) {
	return a.left + float64(a.lags[i]-a.lags[0])/a.unit*a.step, a.step
}

func (c *Correlogram) grid(s *Scene, sc scale, ticks []float64, left, right float64) {
	for _, v := range ticks {
		y := sc.at(v)
		stroke := gridLine
		if v == 0 {
			stroke = axisLine
		}
		s.Line(left, y, right, y, Style{Stroke: stroke, Width: 1})
		s.Text(Text{X: left - 6, Y: y + smallSize*0.36, Body: c.Language.brief(v), Size: smallSize, Anchor: End, Color: muted})
	}
}

// lag draws the interval as a band, and r as a stem and a point. Where one of
// them is not known the column is hatched.
func (c *Correlogram) lag(s *Scene, axis lagAxis, r scale, i int) {
	x, width := axis.cell(i)
	middle := x + width/2
	if !c.known(i) {
		s.Hatch(x, r.to, width, r.from-r.to)
	}
	at := func(v float64) float64 { return r.at(min(max(v, r.lo), r.hi)) }
	if finite(c.Lo[i]) && finite(c.Hi[i]) {
		w := max(width*0.7, 1)
		s.Rect(middle-w/2, at(c.Hi[i]), w, at(c.Lo[i])-at(c.Hi[i]), 0, Style{Fill: temperatureBand})
	}
	if finite(c.R[i]) {
		s.Line(middle, at(0), middle, at(c.R[i]), Style{Stroke: temperature, Width: max(1, min(2, width*0.3))})
		rPoint(s, middle, at(c.R[i]), width)
	}
}

func rPoint(s *Scene, x, y, width float64) {
	radius := max(1.2, min(4, width*0.35))
	s.Circle(x, y, radius, Style{Fill: temperature, Stroke: white, Width: min(1, radius/2)})
}

// lagLabels writes lags below y, as many as there is room for.
func (c *Correlogram) lagLabels(s *Scene, axis lagAxis, y float64) {
	end := math.Inf(-1)
	widest := 0.0
	for _, lag := range c.Lags {
		widest = max(widest, textWidth(c.Language.number(float64(lag), 0), smallSize, false))
	}
	// Every how many units: weeks and days are as round as tens.
	every := 1
	for _, k := range []int{1, 2, 5, 7, 10, 14, 20, 28, 50, 100, 500, 1000} {
		every = k
		if float64(k)*axis.step >= widest+8 {
			break
		}
	}
	for i, lag := range c.Lags {
		x, width := axis.cell(i)
		label := c.Language.number(float64(lag), 0)
		half := textWidth(label, smallSize, false) / 2
		middle := x + width/2
		if lag%(every*int(axis.unit)) != 0 || middle-half < end+6 || middle+half > c.Width-edge {
			continue
		}
		s.Line(middle, y, middle, y+4, Style{Stroke: axisLine, Width: 1})
		s.Text(Text{X: middle, Y: y + 15, Body: label, Size: smallSize, Anchor: Middle, Color: muted})
		end = middle + half
	}
}

func (c *Correlogram) tips(s *Scene, axis lagAxis, top, bottom float64) {
	l, w := c.Language, c.Language.words()
	for i, lag := range c.Lags {
		x, width := axis.cell(i)
		s.Area(x, top, width, bottom-top)
		tip := fmt.Sprintf("%s: r = %s (%s %s %s)", l.number(float64(lag), 0), l.number(c.R[i], 2), l.number(c.Lo[i], 2), w.to, l.number(c.Hi[i], 2))
		if !finite(c.R[i]) {
			tip = l.number(float64(lag), 0) + ": " + w.notEvaluable
		}
		if c.NEff != nil {
			tip += fmt.Sprintf(", %s %s", w.effectiveN, l.number(c.NEff[i], 1))
		}
		s.Tip(tip)
	}
}
