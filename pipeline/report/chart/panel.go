package chart

import "image/color"

// A panel is one plot of a timeline with what stands over and under it, from the
// top: key, flags, lanes, plot, lanes.
type panel struct {
	height    float64 // of the plot
	scale     scale   // its places are set by lay
	ticks     []float64
	key       []keyItem
	spans     []Span
	spanColor color.NRGBA
	over      []lane
	under     []lane
	missing   []run  // days of which nothing is known
	noData    string // what the hatch says
	beside    bool   // something is known on hatched days too
	data      func(s *Scene, axis dayAxis, p *panel)
	tip       func(day int) string

	// Set by lay.
	laidKey         key
	flags           []flag
	keyTop          float64
	lanesTop        float64
	top, plotBottom float64
}

// A lane is a thin row with one cell a day: hatched where the value is not known,
// marked above zero, empty at zero.
type lane struct {
	values []float64
	height float64
	mark   func(s *Scene, x, y, width float64) // around the middle of a cell
}

const (
	laneGap  = 3.0
	panelGap = 18.0
)

func lanesHeight(lanes []lane) float64 {
	h := 0.0
	for _, l := range lanes {
		h += l.height + laneGap
	}
	return h
}

func (p *panel) bottom() float64 { return p.plotBottom + lanesHeight(p.under) }

// lay sets the places of a panel that starts at y and returns where the next one
// starts.
func (p *panel) lay(axis dayAxis, y float64) float64 {
	items := p.key
	if p.nothing(axis.days) {
		// A scale and a key of what is not there would only mislead.
		items, p.ticks = items[:1], nil
	}
	for _, gap := range p.missing {
		if p.gapLabel(axis, gap) == nil {
			items = append(items, keyItem{swatch: hatchSwatch, text: p.noData, color: muted})
			break
		}
	}
	p.keyTop = y
	p.laidKey = layKey(items, axis.right()-edge)
	y += p.laidKey.height + 3
	p.flags = axis.flags(p.spans, p.spanColor)
	y += flagsHeight(placeFlags(p.flags, axis.left, axis.right()))
	p.lanesTop = y + 2
	y = p.lanesTop + lanesHeight(p.over)
	if len(p.flags) == 0 {
		y += 4
	}
	p.top, p.plotBottom = y, y+p.height
	p.scale.from, p.scale.to = p.plotBottom, p.top
	return p.bottom() + panelGap
}

// nothing reports whether not one of n days is known.
func (p *panel) nothing(n int) bool {
	return len(p.missing) == 1 && p.missing[0] == run{0, n} && !p.beside
}

// gapLabel breaks the text of a hatched stretch so that it fits in, or returns
// nil.
func (p *panel) gapLabel(axis dayAxis, gap run) []string {
	room := axis.step()*float64(gap.to-gap.from) - 12
	if longestWord(p.noData, smallSize) > room {
		return nil
	}
	lines := wrap(p.noData, smallSize, false, room)
	if float64(len(lines))*lineHeight(smallSize) > p.height-8 {
		return nil
	}
	return lines
}

func (p *panel) draw(s *Scene, axis dayAxis) {
	p.laidKey.draw(s, edge, p.keyTop)
	for _, gap := range p.missing {
		x := axis.x(float64(gap.from))
		w := axis.x(float64(gap.to)) - x
		s.Hatch(x, p.top, w, p.height)
		lines := p.gapLabel(axis, gap)
		y := (p.top+p.plotBottom)/2 - lineHeight(smallSize)*float64(len(lines)-1)/2
		for _, line := range lines {
			plate(s, line, x+w/2, y, smallSize, w)
			y += lineHeight(smallSize)
		}
	}
	y := p.lanesTop
	for _, l := range p.over {
		l.draw(s, axis, y)
		y += l.height + laneGap
	}
	p.data(s, axis, p)
	y = p.plotBottom + laneGap
	for _, l := range p.under {
		l.draw(s, axis, y)
		y += l.height + laneGap
	}
	drawFlags(s, p.flags, p.top)
}

func (l lane) draw(s *Scene, axis dayAxis, y float64) {
	for _, gap := range runs(len(l.values), func(i int) bool { return !finite(l.values[i]) }) {
		x := axis.x(float64(gap.from))
		s.Hatch(x, y, axis.x(float64(gap.to))-x, l.height)
	}
	for i, v := range l.values {
		if v > 0 && finite(v) {
			l.mark(s, axis.x(float64(i)+0.5), y+l.height/2, axis.step())
		}
	}
}

// drawTips lays an invisible column over each day: days are too narrow to aim at
// their marks.
func (p *panel) drawTips(s *Scene, axis dayAxis) {
	for day := range axis.days {
		s.Area(axis.x(float64(day)), p.lanesTop, axis.step(), p.bottom()-p.lanesTop)
		s.Tip(axis.language.fullDate(axis.date(day)) + ": " + p.tip(day))
	}
}

// bar draws a bar of one day from value lo to hi. A bar of no height at zero gets
// a thin line on the ground, so that zero differs from nothing.
func (p *panel) bar(s *Scene, axis dayAxis, day int, lo, hi float64, fill color.NRGBA) {
	step := axis.step()
	w := step
	if step >= 2.5 {
		w = step - max(0.6, 0.16*step)
	}
	x := axis.x(float64(day)) + (step-w)/2
	y0, y1 := p.scale.at(lo), p.scale.at(hi)
	if lo == 0 && y0-y1 < 1.5 {
		y1 = y0 - 1.5
	}
	if y1 < y0 {
		s.Rect(x, y1, w, y0-y1, 0, Style{Fill: fill})
	}
}
