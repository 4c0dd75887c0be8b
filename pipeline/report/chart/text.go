package chart

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot/font"
)

// The parts of a line of Liberation Sans above and below its baseline, in ems.
const (
	ascent  = 0.905
	descent = 0.212
)

var (
	regular = sync.OnceValue(func() *opentype.Font { return mustParse(liberationsansregular.TTF) })
	bold    = sync.OnceValue(func() *opentype.Font { return mustParse(liberationsansbold.TTF) })
)

func mustParse(ttf []byte) *opentype.Font {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic("chart: embedded font: " + err.Error())
	}
	return f
}

func face(size float64, isBold bool) font.Face {
	if isBold {
		return font.Face{Font: font.Font{Size: font.Length(size)}, Face: bold()}
	}
	return font.Face{Font: font.Font{Size: font.Length(size)}, Face: regular()}
}

// textWidth returns the width of a line of text, in px.
func textWidth(s string, size float64, isBold bool) float64 {
	f := face(size, isBold)
	return float64(f.Width(clean(s)))
}

// clean makes text from outside safe to draw: what is not UTF-8 becomes U+FFFD,
// line breaks and tabs become spaces, runs of spaces become one, and control
// characters, bidirectional and other invisible format characters, private and
// unassigned ones disappear. Those could reorder, hide or break what is around
// them, and XML forbids many.
func clean(s string) string {
	var b strings.Builder
	space := true // drops leading spaces
	for _, r := range s {
		switch {
		case r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == '\u0085' || unicode.In(r, unicode.Zl, unicode.Zp):
			if !space {
				b.WriteByte(' ')
			}
			space = true
		case r == '\u034f' || r == '\u3164' || r == '\u115f' || r == '\u1160' || r == '\uffa0' || !unicode.IsGraphic(r):
			// Invisible though some of them are letters: grapheme joiner, Hangul fillers.
		default:
			b.WriteRune(r)
			space = false
		}
	}
	return strings.TrimSuffix(b.String(), " ")
}

// wrap breaks s into lines no wider than width. A word wider than that is
// broken where it must be; an unbroken line has at least one rune.
func wrap(s string, size float64, isBold bool, width float64) []string {
	var lines []string
	line := ""
	for _, word := range strings.Split(clean(s), " ") {
		joined := word
		if line != "" {
			joined = line + " " + word
		}
		if textWidth(joined, size, isBold) <= width {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for textWidth(word, size, isBold) > width {
			n := fitting(word, size, isBold, width)
			lines = append(lines, word[:n])
			word = word[n:]
		}
		line = word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// shorten returns s if it is no wider than width, else as much of it as is with
// an ellipsis, and "" if not even one letter is.
func shorten(s string, size float64, isBold bool, width float64) string {
	s = clean(s)
	if textWidth(s, size, isBold) <= width {
		return s
	}
	room := width - textWidth("…", size, isBold)
	n := fitting(s, size, isBold, room)
	if cut := strings.TrimRight(s[:n], " ,;:·("); cut != "" && textWidth(cut, size, isBold) <= room {
		return cut + "…"
	}
	return ""
}

// fitting returns how many bytes of s, whole runes and at least one, fit width.
func fitting(s string, size float64, isBold bool, width float64) int {
	n := 0
	for i, r := range s {
		end := i + utf8.RuneLen(r)
		if i > 0 && textWidth(s[:end], size, isBold) > width {
			break
		}
		n = end
	}
	return n
}

// longestWord returns the width of the widest word of s.
func longestWord(s string, size float64) float64 {
	w := 0.0
	for _, word := range strings.Split(clean(s), " ") {
		w = max(w, textWidth(word, size, false))
	}
	return w
}
