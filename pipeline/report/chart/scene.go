package chart

import (
	"image/color"
	"math"
)

// A Point is a place on a scene, in px from its upper left corner.
type Point struct{ X, Y float64 }

// A Style says how a shape is filled and outlined. A colour whose alpha is zero
// is not drawn.
type Style struct {
	Fill, Stroke color.NRGBA
	Width        float64    // of the stroke, px
	Dash         [2]float64 // dash and gap, px; zero for a solid line
}

// An Anchor is the part of a text that lies at its X.
type Anchor int

const (
	Start Anchor = iota
	Middle
	End
)

// A Text is one line of text. Control and bidirectional characters are removed
// when it is added to a scene.
type Text struct {
	X, Y   float64 // of the anchor, on the baseline
	Body   string
	Size   float64 // of the font, px
	Bold   bool
	Anchor Anchor
	Color  color.NRGBA
}

// A Scene is a drawing: marks over a white ground, later ones over earlier ones.
type Scene struct {
	Width, Height float64
	ID            string // prefix of the ids in an SVG; unique in a page
	Title, Desc   string // the name and the description that a screen reader speaks
	marks         []mark
}

type kind int

const (
	rectMark kind = iota
	circleMark
	polylineMark
	polygonMark
	hatchMark
	areaMark
	textMark
)

// mark is one primitive. Rectangles, hatches and areas keep their upper left and
// lower right corner in points, a circle its centre.
type mark struct {
	kind   kind
	points []Point
	radius float64 // of a circle, or of a rectangle's corners
	style  Style
	text   Text
	tip    string
}

// Rect adds a rectangle with corners rounded by radius.
func (s *Scene) Rect(x, y, w, h, radius float64, style Style) {
	s.marks = append(s.marks, mark{kind: rectMark, points: corners(x, y, w, h), radius: radius, style: style})
}

// Circle adds a circle.
func (s *Scene) Circle(x, y, radius float64, style Style) {
	s.marks = append(s.marks, mark{kind: circleMark, points: []Point{{x, y}}, radius: radius, style: style})
}

// Line adds a straight line.
func (s *Scene) Line(x0, y0, x1, y1 float64, style Style) {
	s.Polyline([]Point{{x0, y0}, {x1, y1}}, style)
}

// Polyline adds an open line through points. Its fill is not used.
func (s *Scene) Polyline(points []Point, style Style) {
	style.Fill = color.NRGBA{}
	s.marks = append(s.marks, mark{kind: polylineMark, points: points, style: style})
}

// Polygon adds a closed shape.
func (s *Scene) Polygon(points []Point, style Style) {
	s.marks = append(s.marks, mark{kind: polygonMark, points: points, style: style})
}

// Hatch adds a hatched rectangle, the sign for what is not known. The lines of
// all hatches of a scene run on one raster, so that neighbours join.
func (s *Scene) Hatch(x, y, w, h float64) {
	s.marks = append(s.marks, mark{kind: hatchMark, points: corners(x, y, w, h)})
}

// Area adds an invisible rectangle, to carry a tooltip.
func (s *Scene) Area(x, y, w, h float64) {
	s.marks = append(s.marks, mark{kind: areaMark, points: corners(x, y, w, h)})
}

// Text adds a line of text. One that is empty once cleaned is not added.
func (s *Scene) Text(t Text) {
	t.Body = clean(t.Body)
	if t.Body != "" {
		s.marks = append(s.marks, mark{kind: textMark, points: []Point{{t.X, t.Y}}, text: t})
	}
}

// Tip gives the last mark added a tooltip. It shows in SVG only.
func (s *Scene) Tip(text string) {
	if len(s.marks) > 0 {
		s.marks[len(s.marks)-1].tip = clean(text)
	}
}

// finite reports whether v is a known, bounded number.
func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// corners returns the upper left and lower right corner of a rectangle; a
// negative width or height reaches to the left or up.
func corners(x, y, w, h float64) []Point {
	return []Point{{min(x, x+w), min(y, y+h)}, {max(x, x+w), max(y, y+h)}}
}

// maxLength bounds coordinates, so that no scene can keep a renderer busy for long.
const maxLength = 1e5

// drawable reports whether every length of the mark is finite and within reason.
func (m *mark) drawable() bool {
	ok := true
	check := func(lengths ...float64) {
		for _, v := range lengths {
			ok = ok && math.Abs(v) <= maxLength // false for NaN
		}
	}
	for _, p := range m.points {
		check(p.X, p.Y)
	}
	check(m.radius, m.style.Width, m.style.Dash[0], m.style.Dash[1], m.text.Size)
	return ok
}
