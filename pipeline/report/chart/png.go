package chart

import (
	"fmt"
	"image/color"
	"image/png"
	"io"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// maxPixels bounds the image that a scene may ask for: 64 million take 256 MB.
const maxPixels = 64e6

// PNG writes s as an image of scale pixels per px, in steps of 1/72. Tooltips,
// title and description are not in it. It returns an error for a scene with a
// length that is not a number or beyond 100 000 px, for an image beyond 64 million
// pixels, and the writer's.
func PNG(w io.Writer, s *Scene, scale float64) error {
	if err := check(s); err != nil {
		return err
	}
	// The canvas has points of 1/72 inch and whole dots per inch: one px is
	// drawn as one point.
	dpi := math.Round(72 * scale)
	if !(dpi >= 1) || s.Width*s.Height*(dpi/72)*(dpi/72) > maxPixels {
		return fmt.Errorf("chart: png of %v × %v px at scale %v: outside 1 to %v pixels", s.Width, s.Height, scale, maxPixels)
	}
	canvas := pngCanvas{
		Canvas: vgimg.NewWith(vgimg.UseWH(vg.Length(s.Width), vg.Length(s.Height)), vgimg.UseDPI(int(dpi)), vgimg.UseBackgroundColor(white)),
		height: s.Height,
	}
	for i := range s.marks {
		canvas.mark(&s.marks[i])
	}
	if err := png.Encode(w, canvas.Image()); err != nil {
		return fmt.Errorf("write png: %w", err)
	}
	return nil
}

// pngCanvas turns the scene's downward y into the canvas' upward one. Colours
// stay color.NRGBA, which multiplies by alpha when asked for its RGBA; a
// color.RGBA that is not multiplied comes out in another hue.
type pngCanvas struct {
	*vgimg.Canvas
	height float64
}

func (c pngCanvas) at(p Point) vg.Point {
	return vg.Point{X: vg.Length(p.X), Y: vg.Length(c.height - p.Y)}
}

func (c pngCanvas) mark(m *mark) {
	switch m.kind {
	case rectMark:
		c.draw(c.rect(m.points[0], m.points[1], m.radius), m.style)
	case circleMark:
		p := m.points[0]
		r := Point{m.radius, m.radius}
		c.draw(c.rect(Point{p.X - r.X, p.Y - r.Y}, Point{p.X + r.X, p.Y + r.Y}, m.radius), m.style)
	case polylineMark:
		c.draw(c.path(m.points, false), m.style)
	case polygonMark:
		c.draw(c.path(m.points, true), m.style)
	case hatchMark:
		c.hatch(m.points[0], m.points[1])
	case textMark:
		t := m.text
		x := t.X
		switch t.Anchor {
		case Middle:
			x -= textWidth(t.Body, t.Size, t.Bold) / 2
		case End:
			x -= textWidth(t.Body, t.Size, t.Bold)
		}
		c.SetColor(t.Color)
		c.FillString(face(t.Size, t.Bold), c.at(Point{x, t.Y}), t.Body)
	}
}

func (c pngCanvas) draw(p vg.Path, style Style) {
	if style.Fill.A > 0 {
		c.SetColor(style.Fill)
		c.Fill(p)
	}
	if style.Stroke.A > 0 && style.Width > 0 {
		c.stroke(p, style.Stroke, style.Width, style.Dash)
	}
}

func (c pngCanvas) stroke(p vg.Path, ink color.NRGBA, width float64, dash [2]float64) {
	c.SetColor(ink)
	c.SetLineWidth(vg.Length(width))
	var pattern []vg.Length
	if dash != [2]float64{} {
		pattern = []vg.Length{vg.Length(dash[0]), vg.Length(dash[1])}
	}
	c.SetLineDash(pattern, 0)
	c.Stroke(p)
}

func (c pngCanvas) path(points []Point, closed bool) vg.Path {
	var p vg.Path
	for i, q := range points {
		if i == 0 {
			p.Move(c.at(q))
		} else {
			p.Line(c.at(q))
		}
	}
	if closed {
		p.Close()
	}
	return p
}

// rect is a rectangle whose corners are quarter circles; with a radius of half
// its side, a circle.
func (c pngCanvas) rect(a, b Point, radius float64) vg.Path {
	radius = min(radius, (b.X-a.X)/2, (b.Y-a.Y)/2)
	if radius <= 0 {
		return c.path([]Point{a, {b.X, a.Y}, b, {a.X, b.Y}}, true)
	}
	// A cubic with handles of this length is within 0.03 % of a quarter circle.
	const kappa = 0.5522847498
	k := radius * (1 - kappa)
	var p vg.Path
	corner := func(h1, h2, to Point) { p.CubeTo(c.at(h1), c.at(h2), c.at(to)) }
	p.Move(c.at(Point{a.X + radius, a.Y}))
	p.Line(c.at(Point{b.X - radius, a.Y}))
	corner(Point{b.X - k, a.Y}, Point{b.X, a.Y + k}, Point{b.X, a.Y + radius})
	p.Line(c.at(Point{b.X, b.Y - radius}))
	corner(Point{b.X, b.Y - k}, Point{b.X - k, b.Y}, Point{b.X - radius, b.Y})
	p.Line(c.at(Point{a.X + radius, b.Y}))
	corner(Point{a.X + k, b.Y}, Point{a.X, b.Y - k}, Point{a.X, b.Y - radius})
	p.Line(c.at(Point{a.X, a.Y + radius}))
	corner(Point{a.X, a.Y + k}, Point{a.X + k, a.Y}, Point{a.X + radius, a.Y})
	p.Close()
	return p
}

// hatch draws the lines x + y = k·hatchStep inside a rectangle: the canvas has no
// clipping, so each line is cut to it.
func (c pngCanvas) hatch(a, b Point) {
	c.draw(c.rect(a, b, 0), Style{Fill: hatchBack})
	for k := math.Ceil((a.X + a.Y) / hatchStep); k*hatchStep < b.X+b.Y; k++ {
		sum := k * hatchStep
		x0, x1 := max(a.X, sum-b.Y), min(b.X, sum-a.Y)
		if x0 < x1 {
			c.stroke(c.path([]Point{{x0, sum - x0}, {x1, sum - x1}}, false), hatchLine, 1.1, [2]float64{})
		}
	}
}
