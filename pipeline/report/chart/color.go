package chart

import (
	"image/color"
	"math"
)

func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 255}
}

func faded(c color.NRGBA, alpha float64) color.NRGBA {
	c.A = uint8(math.Round(255 * alpha))
	return c
}

// The colours of all charts. Those of text have a contrast of at least 4.5 to 1
// with white (WCAG 2.1, 1.4.3).
var (
	white     = rgb(0xffffff)
	black     = rgb(0x000000)
	ink       = rgb(0x1c2733)
	muted     = rgb(0x586673)
	gridLine  = rgb(0xe4e8ec)
	axisLine  = rgb(0xaab4bd)
	hatchBack = rgb(0xf0f3f6)
	hatchLine = rgb(0xb9c4ce)

	temperature     = rgb(0x27608f)
	temperatureBand = rgb(0xc9dae8)
	coldTint        = rgb(0xe6f0f8)
	strike          = rgb(0xa8505a)
	missileMark     = rgb(0x8c1420)
	namedMark       = rgb(0x2c3742)
	announced       = rgb(0xc2641a)
	announcedText   = rgb(0xa34f10)
	announcedMaybe  = rgb(0xf4cd9c)
	pauseLine       = rgb(0x5d3f92)
	estimate        = rgb(0x27608f)
)

// A Ramp is a sequence of colours from light to dark. Its lightness falls
// steadily, so it can be read without telling hues apart, and in grey.
type Ramp int

const (
	Amber Ramp = iota // burdens: outage hours, degree-hours
	Blue              // temperature, coverage
)

var rampStops = [...][]color.NRGBA{
	Amber: {rgb(0xfff1da), rgb(0xfddca8), rgb(0xf8c074), rgb(0xee9f48), rgb(0xd87b2a), rgb(0xb6581a), rgb(0x8e3c17), rgb(0x652516)},
	Blue:  {rgb(0xe8f1f8), rgb(0xcfe1ef), rgb(0xabcae2), rgb(0x7fadd1), rgb(0x538dbc), rgb(0x356ea1), rgb(0x205082), rgb(0x12345c)},
}

// at returns the colour at share t of the ramp; t is cut to 0…1.
func (r Ramp) at(t float64) color.NRGBA {
	stops := rampStops[r]
	t = min(max(t, 0), 1) * float64(len(stops)-1)
	i := min(int(t), len(stops)-2)
	mix := func(a, b uint8) uint8 {
		return uint8(math.Round(float64(a) + (t-float64(i))*(float64(b)-float64(a))))
	}
	a, b := stops[i], stops[i+1]
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}

// luminance is the relative luminance of WCAG 2.1, 0 for black, 1 for white.
func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// contrast is the contrast ratio of WCAG 2.1, from 1 to 21.
func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// over returns black or white, whichever reads better on c.
func over(c color.NRGBA) color.NRGBA {
	if contrast(white, c) > contrast(black, c) {
		return white
	}
	return black
}
