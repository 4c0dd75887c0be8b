package chart

import (
	"fmt"
	"math"
	"strings"
)

// Heights of plots, px: of a wide chart and of a narrow one.
func (f *Frame) plotHeight(wide, small float64) float64 {
	if f.Width < narrow {
		return small
	}
	return wide
}

func (t *TemperaturePanel) panel(c *Timeline) panel {
	w := c.Language.words()
	mean, low, high := c.series("mean temperature", t.Mean), c.series("minimum temperature", t.Min), c.series("maximum temperature", t.Max)
	known := func(values []float64, day int) bool { return values != nil && finite(values[day]) }
	mean0, band := mean != nil, low != nil && high != nil

	p := panel{
		height:    c.plotHeight(140, 110),
		spanColor: temperature,
		noData:    w.noTemperature,
		missing: runs(c.Days, func(day int) bool {
			return !known(mean, day) && !(known(low, day) && known(high, day))
		}),
	}
	for _, span := range t.Spells {
		if span.Label == "" {
			span.Label = fmt.Sprintf(w.spell, span.To-span.From)
		}
		p.spans = append(p.spans, span)
	}
	line := Style{Stroke: temperature, Width: 1.75}
	threshold := Style{Stroke: temperature, Width: 1, Dash: [2]float64{5, 3}}
	p.key = []keyItem{{text: orElse(t.Heading, w.temperature), bold: true, color: temperature}}
	if mean0 {
		p.key = append(p.key, keyItem{swatch: lineSwatch(line), text: w.mean, color: muted})
	}
	if band {
		p.key = append(p.key, keyItem{swatch: boxSwatch(temperatureBand), text: w.extremes, color: muted})
	}
	hasThreshold := finite(t.Threshold)
	if hasThreshold {
		label := orElse(t.ThresholdLabel, c.Language.brief(t.Threshold)+thin+"°C")
		p.key = append(p.key, keyItem{swatch: lineSwatch(threshold), text: label, color: muted})
	}

	bounds := []float64{0}
	if hasThreshold {
		bounds = append(bounds, t.Threshold)
	}
	lo, hi, _ := extent(mean, low, high, bounds)
	hi = max(hi, lo+1)
	step := max(5, niceStep(hi-lo, 4))
	p.scale = scale{lo: math.Floor(lo/5) * 5, hi: math.Ceil(hi/5) * 5}
	p.ticks = steps(p.scale.lo, p.scale.hi, step)

	partly := make([]float64, c.Days) // NaN where a part of the day is not known
	incomplete := false
	for day := range partly {
		some := mean0 && !known(mean, day) || low != nil && !known(low, day) || high != nil && !known(high, day)
		if some {
			partly[day] = math.NaN()
		}
	}
	for _, gap := range p.missing {
		for day := gap.from; day < gap.to; day++ {
			partly[day] = 0
		}
	}
	for _, v := range partly {
		incomplete = incomplete || !finite(v)
	}
	if incomplete {
		p.under = []lane{{values: partly, height: 5}}
		p.key = append(p.key, keyItem{swatch: thinHatchSwatch, text: w.partly, color: muted})
	}

	p.data = func(s *Scene, axis dayAxis, p *panel) {
		middle := func(day int) float64 { return axis.x(float64(day) + 0.5) }
		if band {
			for _, r := range runs(c.Days, func(day int) bool { return known(low, day) && known(high, day) }) {
				drawBand(s, axis, p.scale, r, low, high)
			}
		}
		s.Line(axis.left, p.scale.at(0), axis.right(), p.scale.at(0), Style{Stroke: axisLine, Width: 1})
		if hasThreshold {
			s.Line(axis.left, p.scale.at(t.Threshold), axis.right(), p.scale.at(t.Threshold), threshold)
		}
		for _, r := range runs(c.Days, func(day int) bool { return known(mean, day) }) {
			if r.to-r.from == 1 {
				s.Circle(middle(r.from), p.scale.at(mean[r.from]), 2, Style{Fill: temperature})
				continue
			}
			var points []Point
			for day := r.from; day < r.to; day++ {
				points = append(points, Point{middle(day), p.scale.at(mean[day])})
			}
			s.Polyline(points, line)
		}
	}
	p.tip = func(day int) string {
		var parts []string
		for _, part := range []struct {
			name   string
			values []float64
		}{{w.mean, mean}, {w.lowest, low}, {w.highest, high}} {
			if part.values != nil {
				parts = append(parts, part.name+" "+c.Language.quantity(part.values[day], 1, "°C"))
			}
		}
		return strings.Join(parts, "; ")
	}
	return p
}

// drawBand fills the area between two lines over a stretch of days. One day alone
// is a bar.
func drawBand(s *Scene, axis dayAxis, sc scale, r run, low, high []float64) {
	if r.to-r.from == 1 {
		w := max(0.6*axis.step(), 1)
		x, y := axis.x(float64(r.from)+0.5), sc.at(high[r.from])
		s.Rect(x-w/2, y, w, sc.at(low[r.from])-y, 0, Style{Fill: temperatureBand})
		return
	}
	var points []Point
	for day := r.from; day < r.to; day++ {
		points = append(points, Point{axis.x(float64(day) + 0.5), sc.at(high[day])})
	}
	for day := r.to - 1; day >= r.from; day-- {
		points = append(points, Point{axis.x(float64(day) + 0.5), sc.at(low[day])})
	}
	s.Polygon(points, Style{Fill: temperatureBand})
}

func (t *StrikePanel) panel(c *Timeline) panel {
	w := c.Language.words()
	launched, missiles, rows := c.series("drones launched", t.Launched), c.series("missiles", t.Missiles), c.series("rows naming a place", t.Named)
	if launched == nil {
		launched = unknown(c.Days)
	}
	p := panel{
		height:  c.plotHeight(110, 90),
		noData:  w.noBulletin,
		key:     []keyItem{{text: orElse(t.Heading, w.launched), bold: true, color: strike}},
		missing: runs(c.Days, func(day int) bool { return !finite(launched[day]) }),
	}
	_, _, p.beside = extent(missiles, rows)
	_, hi, _ := extent(launched, []float64{1})
	step := max(1, niceStep(hi, 3))
	p.scale = scale{lo: 0, hi: math.Ceil(hi/step) * step}
	p.ticks = steps(0, p.scale.hi, step)
	if missiles != nil {
		p.over = append(p.over, lane{missiles, 9, triangle})
		p.key = append(p.key, keyItem{swatch: markSwatch(triangle), text: w.missiles, color: missileMark})
	}
	if rows != nil {
		p.over = append(p.over, lane{rows, 9, diamond})
		p.key = append(p.key, keyItem{swatch: markSwatch(diamond), text: t.NamedLabel, color: namedMark})
	}
	p.data = func(s *Scene, axis dayAxis, p *panel) {
		for day, v := range launched {
			if finite(v) {
				p.bar(s, axis, day, 0, v, strike)
			}
		}
		s.Line(axis.left, p.plotBottom, axis.right(), p.plotBottom, Style{Stroke: axisLine, Width: 1})
	}
	p.tip = func(day int) string {
		parts := []string{orElse(t.Heading, w.drones) + " " + c.Language.quantity(launched[day], 0, "")}
		if missiles != nil {
			parts = append(parts, w.rockets+" "+c.Language.quantity(missiles[day], 0, ""))
		}
		if rows != nil {
			parts = append(parts, t.NamedLabel+": "+c.Language.quantity(rows[day], 0, ""))
		}
		return strings.Join(parts, "; ")
	}
	return p
}

func (t *OutagePanel) panel(c *Timeline) panel {
	w := c.Language.words()
	lo, hi, home := c.series("hours, at least", t.Lo), c.series("hours, at most", t.Hi), c.series("observed hours", t.Observed)
	if lo == nil || hi == nil {
		lo, hi = unknown(c.Days), unknown(c.Days)
	}
	p := panel{
		height:    c.plotHeight(130, 100),
		noData:    orElse(t.NoRecord, w.noOutages),
		spans:     t.GroupsSeen,
		spanColor: muted,
		missing:   runs(c.Days, func(day int) bool { return !finite(lo[day]) || !finite(hi[day]) }),
		key: []keyItem{
			{text: orElse(t.Heading, w.offHours), bold: true, color: announcedText},
			{swatch: boxSwatch(announced), text: w.atLeast, color: muted},
			{swatch: boxSwatch(announcedMaybe), text: w.atMost, color: muted},
		},
	}
	_, _, p.beside = extent(home)
	_, most, _ := extent(lo, hi, home, []float64{4})
	step := hourStep(most, 4)
	p.scale = scale{lo: 0, hi: math.Ceil(most/step) * step}
	p.ticks = steps(0, p.scale.hi, step)
	label := orElse(t.HomeLabel, w.home)
	if home != nil {
		p.key = append(p.key, keyItem{swatch: markSwatch(point), text: label, color: muted})
		if days := zeroWhereKnown(home); len(runs(c.Days, func(day int) bool { return !finite(days[day]) })) > 0 {
			p.under = []lane{{values: days, height: 5}}
			p.key = append(p.key, keyItem{swatch: thinHatchSwatch, text: w.notObserved, color: muted})
		}
	}
	p.data = func(s *Scene, axis dayAxis, p *panel) {
		for day := range c.Days {
			if !finite(lo[day]) || !finite(hi[day]) {
				continue
			}
			least, most := min(lo[day], hi[day]), max(lo[day], hi[day])
			if least > 0 || most == 0 {
				p.bar(s, axis, day, 0, least, announced)
			}
			if most > least {
				p.bar(s, axis, day, least, most, announcedMaybe)
			}
		}
		s.Line(axis.left, p.plotBottom, axis.right(), p.plotBottom, Style{Stroke: axisLine, Width: 1})
		for day, v := range home {
			if finite(v) {
				point(s, axis.x(float64(day)+0.5), p.scale.at(v), axis.step())
			}
		}
	}
	p.tip = func(day int) string {
		if !finite(lo[day]) || !finite(hi[day]) {
			return p.noData + homeTip(c, home, label, day)
		}
		unit, decimals := w.hour, 1
		if t.Unit != "" {
			unit, decimals = t.Unit, 0
		}
		return fmt.Sprintf("%s %s, %s %s", w.atLeast, c.Language.quantity(lo[day], decimals, unit), w.atMost, c.Language.quantity(hi[day], decimals, unit)) + homeTip(c, home, label, day)
	}
	return p
}

func homeTip(c *Timeline, home []float64, label string, day int) string {
	if home == nil {
		return ""
	}
	return "; " + label + " " + c.Language.quantity(home[day], 1, c.Language.words().hour)
}

// zeroWhereKnown makes a lane that shows nothing but the days without a value.
func zeroWhereKnown(values []float64) []float64 {
	out := unknown(len(values))
	for i, v := range values {
		if finite(v) {
			out[i] = 0
		}
	}
	return out
}

func unknown(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.NaN()
	}
	return out
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// triangle, diamond and point mark a day; they shrink with its width.
func triangle(s *Scene, x, y, width float64) {
	r := max(min(width*0.5, 4.5), 1)
	s.Polygon([]Point{{x - r, y - 3.5}, {x + r, y - 3.5}, {x, y + 4}}, Style{Fill: missileMark})
}

func diamond(s *Scene, x, y, width float64) {
	r := max(min(width*0.5, 4), 1)
	s.Polygon([]Point{{x - r, y}, {x, y - 4}, {x + r, y}, {x, y + 4}}, Style{Fill: namedMark})
}

func point(s *Scene, x, y, width float64) {
	r := max(min(width*0.4, 3.5), 1.2)
	s.Circle(x, y, r, Style{Fill: namedMark, Stroke: white, Width: min(1, r/2)})
}

func markSwatch(mark func(*Scene, float64, float64, float64)) func(*Scene, float64, float64) {
	return func(s *Scene, x, y float64) { mark(s, x+swatchWidth/2, y, swatchWidth) }
}
