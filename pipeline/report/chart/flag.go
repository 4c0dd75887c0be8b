package chart

import (
	"image/color"
	"slices"
)

// A flag names a stretch of an axis by a text above it.
type flag struct {
	from, to float64 // the stretch, px
	text     string
	color    color.NRGBA

	textX float64 // left end of the text; set by placeFlags
	row   int     // 0 is next to the axis; set by placeFlags
	width float64 // of the text; set by placeFlags
}

// flags returns the parts of spans that lie on the axis.
func (a dayAxis) flags(spans []Span, c color.NRGBA) []flag {
	var out []flag
	for _, span := range spans {
		from, to := max(span.From, 0), min(span.To, a.days)
		if from < to {
			out = append(out, flag{from: a.x(float64(from)), to: a.x(float64(to)), text: span.Label, color: c})
		}
	}
	return out
}

const (
	flagRow  = 15.0
	flagBase = 5.0 // height of the line under the lowest row
)

// placeFlags gives each text a row and a place between left and right so that no
// two overlap and, where it can be done, no leader crosses a text. It works from
// right to left and sets a text's left end over its stretch's, so that a leader
// comes down left of all texts placed before. It returns the number of rows.
func placeFlags(flags []flag, left, right float64) int {
	order := make([]int, len(flags))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case flags[a].from > flags[b].from:
			return -1
		case flags[a].from < flags[b].from:
			return 1
		}
		return 0
	})
	rows := 0
	for n, i := range order {
		f := &flags[i]
		f.text = shorten(f.text, smallSize, false, right-left)
		f.width = textWidth(f.text, smallSize, false)
		f.textX = f.from
		if f.width <= f.to-f.from {
			f.textX = (f.from + f.to - f.width) / 2
		}
		f.textX = max(left, min(f.textX, right-f.width))
		f.row = rows
		for row := range rows {
			if free(flags, order[:n], *f, row) {
				f.row = row
				break
			}
		}
		rows = max(rows, f.row+1)
	}
	return rows
}

// free reports whether f may stand in a row beside the flags already placed.
func free(flags []flag, placed []int, f flag, row int) bool {
	const gap = 8
	for _, j := range placed {
		g := flags[j]
		switch {
		case g.row == row && f.textX < g.textX+g.width+gap && g.textX < f.textX+f.width+gap:
			return false
		case g.row < row && g.textX-2 < f.from && f.from < g.textX+g.width+2:
			return false // f's leader would cross g's text
		case g.row > row && f.textX-2 < g.from && g.from < f.textX+f.width+2:
			return false
		}
	}
	return true
}

func flagsHeight(rows int) float64 {
	if rows == 0 {
		return 0
	}
	return float64(rows)*flagRow + flagBase
}

// drawFlags draws placed flags so that their lines lie just above bottom.
func drawFlags(s *Scene, flags []flag, bottom float64) {
	line := bottom - 3
	for _, f := range flags {
		stroke := Style{Stroke: f.color, Width: 1.5}
		s.Line(f.from+1, line, f.to-1, line, stroke)
		if f.row > 0 {
			s.Line(f.from+1.5, line-float64(f.row)*flagRow, f.from+1.5, line, Style{Stroke: f.color, Width: 1})
		}
	}
	for _, f := range flags {
		baseline := bottom - flagBase - float64(f.row)*flagRow - 3
		// Hides a leader that had to pass behind.
		s.Rect(f.textX-1, baseline-smallSize*ascent, f.width+2, smallSize*1.1, 0, Style{Fill: faded(white, 0.9)})
		s.Text(Text{X: f.textX, Y: baseline, Body: f.text, Size: smallSize, Color: f.color})
	}
}
