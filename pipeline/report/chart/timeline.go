package chart

import (
	"fmt"
	"image/color"
	"math"
	"time"
)

// A Timeline is up to three panels over one axis of local days: temperature,
// strikes, outages. Each slice of a panel has one value a day, or is nil.
type Timeline struct {
	Frame
	Start time.Time // the first day; only its date is used
	Days  int       // at least 1

	Temperature *TemperaturePanel
	Strikes     *StrikePanel
	Outages     *OutagePanel
	Pauses      []Pause
}

// A Span is a named stretch of days, counted from Start; To is the first day that
// is left out.
type Span struct {
	From, To int
	Label    string
}

// A TemperaturePanel is a line of daily means over a band of daily extremes, °C.
// A day of which nothing is known is hatched. A day of which only a part is known
// has a hatched mark under the plot.
type TemperaturePanel struct {
	Heading        string    // "" for the built-in one
	Mean, Min, Max []float64 // °C; nil for none
	Threshold      float64   // °C; NaN for none
	ThresholdLabel string    // "−10 °C, cold-spell threshold"
	Spells         []Span    // cold spells; Label "" for their number of days
}

// A StrikePanel is what was launched in the whole country, by the day on which
// the night ends. There is no such panel for an area.
type StrikePanel struct {
	Heading  string    // what Launched counts; "" for drones
	Launched []float64 // NaN: no bulletin
	Missiles []float64 // missiles, nil for none; NaN: not known

	// Named counts the rows of the night's bulletins that name a place, nil for
	// none; NamedLabel says which.
	Named      []float64
	NamedLabel string
}

// An OutagePanel is hours without power a day as announced, a range from Lo to
// Hi, and as observed in one household. A day with Lo or Hi unknown is hatched.
type OutagePanel struct {
	Heading    string
	Lo, Hi     []float64 // hours
	Observed   []float64 // hours, nil for none; NaN: not observed
	HomeLabel  string    // "" for the built-in "observed in one home (n = 1)"
	NoRecord   string    // "" for the built-in "no outage record"
	GroupsSeen []Span    // what share Lo and Hi are about, as "2 of 120 queues"
	Unit       string    // of the values, then whole numbers; "" for hours
}

// A Pause is the window of one reading of a claim, or another stretch of days
// that has a Label of its own.
type Pause struct {
	From, To float64 // days from Start, with fractions
	Reading  string  // "until 1 February, Kyiv time"
	Primary  bool    // its ends are drawn through the panels
	Label    string  // of a stretch that is no claim, such as a baseline
}

func (p *Pause) words(l Language) string {
	if p.Label != "" {
		return p.Label
	}
	return fmt.Sprintf(l.words().claimedPause, p.Reading)
}

func (p *Pause) color() color.NRGBA {
	if p.Label != "" {
		return muted
	}
	return pauseLine
}

// Scene draws the timeline. It panics if Days is less than 1 or a slice that is
// not nil has another length.
func (c Timeline) Scene() *Scene {
	if c.Days < 1 {
		panic("chart: timeline without days")
	}
	panels := c.panels()
	s, y := c.begin()
	axis := c.axis(panels)

	pauses := c.layPauses(axis, y)
	if len(pauses) > 0 {
		y = pauses[len(pauses)-1].line + 14
	}
	for i := range panels {
		y = panels[i].lay(axis, y)
	}
	// What lies behind comes first.
	for i := range panels {
		c.drawGround(s, axis, &panels[i])
	}
	for i := range panels {
		panels[i].draw(s, axis)
	}
	bottom := y
	if len(panels) > 0 {
		bottom = panels[len(panels)-1].bottom()
	}
	c.drawPauses(s, axis, pauses, panels)
	axis.draw(s, bottom)
	for i := range panels {
		panels[i].drawTips(s, axis)
	}
	return c.finish(s, bottom+dayAxisHeight)
}

func (c *Timeline) panels() []panel {
	var out []panel
	if c.Temperature != nil {
		out = append(out, c.Temperature.panel(c))
	}
	if c.Strikes != nil {
		out = append(out, c.Strikes.panel(c))
	}
	if c.Outages != nil {
		out = append(out, c.Outages.panel(c))
	}
	return out
}

// series panics unless values has one value a day. Infinities become NaN.
func (c *Timeline) series(name string, values []float64) []float64 {
	if values == nil {
		return nil
	}
	if len(values) != c.Days {
		panic(fmt.Sprintf("chart: timeline of %d days has %d values of %s", c.Days, len(values), name))
	}
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = v
		if !finite(v) {
			out[i] = math.NaN()
		}
	}
	return out
}

// axis leaves room at the left for the widest label of a panel's values.
func (c *Timeline) axis(panels []panel) dayAxis {
	gutter := 0.0
	for _, p := range panels {
		for _, v := range p.ticks {
			gutter = max(gutter, textWidth(c.Language.brief(v), smallSize, false))
		}
	}
	left := edge + gutter + 7
	return dayAxis{start: civil(c.Start), days: c.Days, left: left, width: c.Width - left - 6, language: c.Language}
}

// drawGround draws the tint of cold spells, the months and the grid of a panel.
func (c *Timeline) drawGround(s *Scene, axis dayAxis, p *panel) {
	if c.Temperature != nil {
		for _, f := range axis.flags(c.Temperature.Spells, temperature) {
			s.Rect(f.from, p.top, f.to-f.from, p.plotBottom-p.top, 0, Style{Fill: coldTint})
		}
	}
	for _, day := range axis.monthStarts() {
		x := axis.x(float64(day))
		s.Line(x, p.top, x, p.bottom(), Style{Stroke: gridLine, Width: 1})
	}
	for _, v := range p.ticks {
		y := p.scale.at(v)
		s.Line(axis.left, y, axis.right(), y, Style{Stroke: gridLine, Width: 1})
		s.Text(Text{X: axis.left - 6, Y: y + smallSize*0.36, Body: c.Language.brief(v), Size: smallSize, Anchor: End, Color: muted})
	}
}

// laidPause is a pause with its bracket's height and its label's place.
type laidPause struct {
	Pause
	x0, x1, line  float64
	label         string
	textX, textY  float64
	opens, closes bool // the end lies on the axis
}

// layPauses gives each reading a line of its own, its label left of the bracket,
// or right of it, or else above it.
func (c *Timeline) layPauses(axis dayAxis, y float64) []laidPause {
	var out []laidPause
	for _, p := range c.Pauses {
		if !(p.From < p.To) || p.To <= 0 || p.From >= float64(c.Days) {
			continue
		}
		laid := laidPause{Pause: p, opens: p.From >= 0, closes: p.To <= float64(c.Days)}
		laid.x0 = axis.x(max(p.From, 0))
		laid.x1 = axis.x(min(p.To, float64(c.Days)))
		laid.label = p.words(c.Language)
		w := textWidth(laid.label, smallSize, false)
		y += 16
		switch {
		case laid.x0-8-w >= edge:
			laid.textX = laid.x0 - 8 - w
		case laid.x1+8+w <= c.Width-edge:
			laid.textX = laid.x1 + 8
		default:
			laid.label = shorten(laid.label, smallSize, false, c.Width-2*edge)
			w = textWidth(laid.label, smallSize, false)
			laid.textX = max(edge, min(laid.x0, c.Width-edge-w))
			laid.textY = y
			y += 11
		}
		laid.line = y - 4
		if laid.textY == 0 {
			laid.textY = laid.line + smallSize*0.36
		}
		out = append(out, laid)
	}
	return out
}

func (c *Timeline) drawPauses(s *Scene, axis dayAxis, pauses []laidPause, panels []panel) {
	for _, p := range pauses {
		stroke := Style{Stroke: p.color(), Width: 1.5}
		s.Line(p.x0, p.line, p.x1, p.line, stroke)
		s.Tip(p.words(c.Language))
		s.Text(Text{X: p.textX, Y: p.textY, Body: p.label, Size: smallSize, Color: p.color()})
		for _, end := range []struct {
			x     float64
			shown bool
		}{{p.x0, p.opens}, {p.x1, p.closes}} {
			if !end.shown {
				continue
			}
			s.Line(end.x, p.line-0.75, end.x, p.line+6, stroke)
			for _, panel := range panels {
				if p.Primary {
					s.Line(end.x, panel.lanesTop, end.x, panel.bottom(), Style{Stroke: p.color(), Width: 1, Dash: [2]float64{2, 3}})
				}
			}
		}
	}
}
