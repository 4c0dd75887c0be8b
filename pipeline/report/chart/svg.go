package chart

import (
	"bufio"
	"errors"
	"fmt"
	"image/color"
	"io"
	"math"
	"strconv"
	"strings"
)

// fontFamily lists fonts with the widths that texts were measured with, then
// whatever the reader's system has.
const fontFamily = "Helvetica Neue, Helvetica, Arial, Liberation Sans, Arimo, sans-serif"

// hatchStep is the distance of hatch lines along either axis, px.
const hatchStep = 6.0

// errID is returned for a scene whose ID cannot begin an XML name.
var errID = errors.New("chart: id must start with a letter and have only letters, digits, - and _")

// SVG writes s as a standalone <svg> element, which can also stand inside an HTML
// page. It is as wide as its container. It has no script, no style sheet or style
// attribute and no reference out of itself, so a content security policy of
// default-src 'none' lets it show. It returns an error for a scene with a bad ID
// or with a length that is not a number or beyond 100 000 px, and the
// writer's.
func SVG(w io.Writer, s *Scene) error {
	if err := check(s); err != nil {
		return err
	}
	if !validID(s.ID) {
		return fmt.Errorf("%w: %q", errID, s.ID)
	}
	out := svgWriter{bufio.NewWriter(w), s.ID}
	out.printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="100%%" role="img" aria-labelledby="%s-title" aria-describedby="%s-desc" font-family="%s" stroke-linejoin="round">`+"\n",
		length(s.Width), length(s.Height), s.ID, s.ID, fontFamily)
	out.printf("<title id=\"%s-title\">%s</title>\n<desc id=\"%s-desc\">%s</desc>\n", s.ID, escape(s.Title), s.ID, escape(s.Desc))
	for i := range s.marks {
		if s.marks[i].kind == hatchMark {
			out.hatchPattern()
			break
		}
	}
	out.printf(`<rect width="%s" height="%s"%s/>`+"\n", length(s.Width), length(s.Height), paint("fill", white))
	for i := range s.marks {
		out.mark(&s.marks[i])
	}
	out.printf("</svg>\n")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write svg: %w", err)
	}
	return nil
}

// check returns an error if s has no size or a mark that cannot be drawn.
func check(s *Scene) error {
	if !(0 < s.Width && s.Width <= maxLength && 0 < s.Height && s.Height <= maxLength) {
		return fmt.Errorf("chart: scene of %v × %v px: sides must be above 0 and at most %v", s.Width, s.Height, maxLength)
	}
	for i := range s.marks {
		if !s.marks[i].drawable() {
			return fmt.Errorf("chart: mark %d has a length beyond %v px or not a number", i, maxLength)
		}
	}
	return nil
}

func validID(id string) bool {
	for i, r := range id {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || !('0' <= r && r <= '9' || r == '-' || r == '_')) {
			return false
		}
	}
	return id != ""
}

// svgWriter keeps the first error of the writer below in its bufio.Writer.
type svgWriter struct {
	*bufio.Writer
	id string
}

func (w svgWriter) printf(format string, args ...any) { fmt.Fprintf(w.Writer, format, args...) }

func (w svgWriter) hatchPattern() {
	step, half := length(hatchStep), hatchStep/2
	w.printf(`<defs><pattern id="%s-hatch" width="%s" height="%s" patternUnits="userSpaceOnUse">`, w.id, step, step)
	w.printf(`<rect width="%s" height="%s"%s/>`, step, step, paint("fill", hatchBack))
	// The corners repeat the line, or the tiles would show gaps where they meet.
	w.printf(`<path d="M%s %sL%s %sM0 %sL%s 0M%s %sL%s %s"%s stroke-width="1.1"/></pattern></defs>`+"\n",
		length(-half), length(half), length(half), length(-half), step, step,
		length(half), length(hatchStep+half), length(hatchStep+half), length(half), paint("stroke", hatchLine))
}

func (w svgWriter) mark(m *mark) {
	var tag, attributes, body string
	switch m.kind {
	case rectMark, hatchMark, areaMark:
		tag, attributes = "rect", box(m.points[0], m.points[1])
		switch {
		case m.kind == hatchMark:
			attributes += fmt.Sprintf(` fill="url(#%s-hatch)"`, w.id)
		case m.kind == areaMark:
			attributes += ` fill-opacity="0"`
		case m.radius > 0:
			attributes += fmt.Sprintf(` rx="%s"`, length(m.radius))
		}
	case circleMark:
		tag = "circle"
		attributes = fmt.Sprintf(` cx="%s" cy="%s" r="%s"`, length(m.points[0].X), length(m.points[0].Y), length(m.radius))
	case polylineMark:
		tag, attributes = "path", fmt.Sprintf(` d="%s" fill="none"`, outline(m.points))
	case polygonMark:
		tag, attributes = "path", fmt.Sprintf(` d="%sZ"`, outline(m.points))
	case textMark:
		t := m.text
		tag, body = "text", escape(t.Body)
		// The width it was laid out with holds in whatever font the reader has.
		attributes = fmt.Sprintf(` x="%s" y="%s" font-size="%s" textLength="%s" lengthAdjust="spacingAndGlyphs"%s`,
			length(t.X), length(t.Y), length(t.Size), length(textWidth(t.Body, t.Size, t.Bold)), paint("fill", t.Color))
		if t.Bold {
			attributes += ` font-weight="700"`
		}
		switch t.Anchor {
		case Middle:
			attributes += ` text-anchor="middle"`
		case End:
			attributes += ` text-anchor="end"`
		}
	}
	if m.kind == rectMark || m.kind == circleMark || m.kind == polylineMark || m.kind == polygonMark {
		attributes += m.style.attributes(m.kind != polylineMark)
	}
	if m.tip != "" {
		body = "<title>" + escape(m.tip) + "</title>" + body
	}
	if body == "" {
		w.printf("<%s%s/>\n", tag, attributes)
	} else {
		w.printf("<%s%s>%s</%s>\n", tag, attributes, body, tag)
	}
}

func (s Style) attributes(closed bool) string {
	var b strings.Builder
	if closed {
		b.WriteString(paint("fill", s.Fill))
	}
	if s.Stroke.A > 0 && s.Width > 0 {
		b.WriteString(paint("stroke", s.Stroke))
		if s.Width != 1 {
			fmt.Fprintf(&b, ` stroke-width="%s"`, length(s.Width))
		}
		if s.Dash != [2]float64{} {
			fmt.Fprintf(&b, ` stroke-dasharray="%s %s"`, length(s.Dash[0]), length(s.Dash[1]))
		}
	}
	return b.String()
}

// paint writes a colour as presentation attributes, which no policy on style
// sheets touches.
func paint(attribute string, c color.NRGBA) string {
	if c.A == 0 {
		return fmt.Sprintf(` %s="none"`, attribute)
	}
	s := fmt.Sprintf(` %s="#%02x%02x%02x"`, attribute, c.R, c.G, c.B)
	if c.A < 255 {
		s += fmt.Sprintf(` %s-opacity="%s"`, attribute, length(float64(c.A)/255))
	}
	return s
}

func box(a, b Point) string {
	return fmt.Sprintf(` x="%s" y="%s" width="%s" height="%s"`, length(a.X), length(a.Y), length(b.X-a.X), length(b.Y-a.Y))
}

func outline(points []Point) string {
	var b strings.Builder
	for i, p := range points {
		b.WriteByte("ML"[min(i, 1)])
		b.WriteString(length(p.X))
		b.WriteByte(' ')
		b.WriteString(length(p.Y))
	}
	return b.String()
}

// length writes v with at most two decimals, the shortest way, never "-0".
func length(v float64) string {
	v = math.Round(v*100) / 100
	if v == 0 {
		return "0"
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// escape makes text safe between tags and inside double quotes. It expects and
// does not rely on cleaned text: what XML forbids is removed here too.
func escape(s string) string {
	return escaper.Replace(clean(s))
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")
