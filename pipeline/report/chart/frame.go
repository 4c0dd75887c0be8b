package chart

import (
	"image/color"
)

// Sizes of text and of what goes with it, px.
const (
	titleSize    = 18.0
	titleNarrow  = 16.0
	subtitleSize = 13.0
	labelSize    = 12.0 // headings of panels, rows
	smallSize    = 11.0 // axes, keys, notes

	narrow   = 560.0 // below this width labels go above what they name
	minWidth = 320.0
	edge     = 2.0 // left free at the left and right side
)

// A Frame is what every chart has: its size and the words around it.
type Frame struct {
	ID       string  // prefix of the ids in an SVG; unique in a page
	Width    float64 // px; less than 320 is drawn as 320
	Language Language

	Title    string // the one message of the chart
	Subtitle string // what is drawn, of what, in which unit
	Note     string // n, source, limits; below the chart
	Desc     string // what the chart shows, for who cannot see it; "" for Subtitle and Note

	// Bare leaves out Title and Subtitle: the page around the chart has them.
	Bare bool
}

// begin makes the scene and draws title and subtitle. What follows starts at y.
func (f *Frame) begin() (s *Scene, y float64) {
	if !finite(f.Width) || f.Width < minWidth {
		f.Width = minWidth
	}
	s = &Scene{Width: f.Width, ID: f.ID, Title: f.Title, Desc: f.Desc}
	if s.Desc == "" {
		s.Desc = clean(f.Subtitle + " " + f.Note)
	}
	y = 4
	if f.Bare {
		return s, y
	}
	size := titleSize
	if f.Width < narrow {
		size = titleNarrow
	}
	y = paragraph(s, f.Title, edge, y, f.Width-2*edge, size, true, ink)
	if f.Subtitle != "" {
		y = paragraph(s, f.Subtitle, edge, y+2, f.Width-2*edge, subtitleSize, false, muted)
	}
	return s, y + 10
}

// finish draws the note below y and closes the scene.
func (f *Frame) finish(s *Scene, y float64, notes ...string) *Scene {
	y += 8
	for _, note := range append(notes, f.Note) {
		if clean(note) != "" {
			y = paragraph(s, note, edge, y, f.Width-2*edge, smallSize, false, muted) + 2
		}
	}
	s.Height = y + 4
	return s
}

// lineHeight is the distance of baselines of text of one size.
func lineHeight(size float64) float64 { return size * 1.35 }

// paragraph draws text in lines from top y and returns where it ends.
func paragraph(s *Scene, text string, x, y, width, size float64, isBold bool, c color.NRGBA) float64 {
	for _, line := range wrap(text, size, isBold, width) {
		s.Text(Text{X: x, Y: y + size*ascent, Body: line, Size: size, Bold: isBold, Color: c})
		y += lineHeight(size)
	}
	return y
}

// A keyItem is one entry of a heading or key: a swatch and what it stands for.
type keyItem struct {
	swatch func(s *Scene, x, y float64) // around height y, 14 px wide; nil for none
	text   string
	bold   bool
	color  color.NRGBA
}

const (
	swatchWidth = 14.0
	swatchGap   = 5.0
	itemGap     = 14.0
	keyLine     = 17.0
)

// A key is a row of entries, wrapped to a width.
type key struct {
	placed []placedItem
	height float64
}

type placedItem struct {
	keyItem
	x, y float64 // of the left end, and of the middle of the line
}

// layKey places items one after the other. An item that is longer than a whole
// line goes on in the next one.
func layKey(items []keyItem, width float64) key {
	var k key
	x, line := 0.0, 0
	for _, item := range items {
		indent := 0.0
		if item.swatch != nil {
			indent = swatchWidth + swatchGap
		}
		lines := wrap(item.text, labelSize, item.bold, width-indent)
		for i, text := range lines {
			w := indent + textWidth(text, labelSize, item.bold)
			if x > 0 && (x+w > width || i > 0) {
				x, line = 0, line+1
			}
			part := item
			part.text = text
			if i > 0 {
				part.swatch = nil
			}
			k.placed = append(k.placed, placedItem{part, x, (float64(line) + 0.5) * keyLine})
			if i > 0 {
				k.placed[len(k.placed)-1].x += indent
			}
			x += w + itemGap
		}
	}
	if len(k.placed) > 0 {
		k.height = float64(line+1) * keyLine
	}
	return k
}

func (k key) draw(s *Scene, x, y float64) {
	for _, item := range k.placed {
		at := x + item.x
		if item.swatch != nil {
			item.swatch(s, at, y+item.y)
			at += swatchWidth + swatchGap
		}
		s.Text(Text{X: at, Y: y + item.y + labelSize*0.36, Body: item.text, Size: labelSize, Bold: item.bold, Color: item.color})
	}
}

func boxSwatch(fill color.NRGBA) func(*Scene, float64, float64) {
	return func(s *Scene, x, y float64) { s.Rect(x, y-5, swatchWidth, 10, 1, Style{Fill: fill}) }
}

func lineSwatch(style Style) func(*Scene, float64, float64) {
	return func(s *Scene, x, y float64) { s.Line(x, y, x+swatchWidth, y, style) }
}

func hatchSwatch(s *Scene, x, y float64) { s.Hatch(x, y-5, swatchWidth, 10) }

// thinHatchSwatch stands for the lane under a plot.
func thinHatchSwatch(s *Scene, x, y float64) { s.Hatch(x, y-2.5, swatchWidth, 5) }

// plate draws text on a light ground no wider than room, so that it can be read
// over a hatch. x is the middle of the text and y that of its line.
func plate(s *Scene, body string, x, y, size, room float64) {
	w := min(textWidth(body, size, false)+8, room)
	s.Rect(x-w/2, y-size*0.65, w, size*1.3, 2, Style{Fill: faded(white, 0.9)})
	s.Text(Text{X: x, Y: y + size*0.36, Body: body, Size: size, Anchor: Middle, Color: muted})
}
