package chart

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"io"
	"sync"
	"testing"
)

func mustPNG(t *testing.T, s *Scene, scale float64) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := PNG(&b, s, scale); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decode(t *testing.T, b []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func TestPNGHasTheSizeAskedFor(t *testing.T) {
	s := &Scene{Width: 120, Height: 50}
	for scale, want := range map[float64]image.Point{1: {120, 50}, 2: {240, 100}, 1.5: {180, 75}} {
		if got := decode(t, mustPNG(t, s, scale)).Bounds().Size(); got != want {
			t.Errorf("at scale %v: %v, want %v", scale, got, want)
		}
	}
}

func near(a, b color.Color, by int) bool {
	x, y := color.NRGBAModel.Convert(a).(color.NRGBA), color.NRGBAModel.Convert(b).(color.NRGBA)
	for _, d := range []int{int(x.R) - int(y.R), int(x.G) - int(y.G), int(x.B) - int(y.B), int(x.A) - int(y.A)} {
		if d > by || d < -by {
			return false
		}
	}
	return true
}

func TestPNGDrawsWhatTheSceneSays(t *testing.T) {
	s := &Scene{Width: 100, Height: 60}
	s.Rect(0, 0, 20, 20, 0, Style{Fill: faded(announced, 0.5)})
	s.Rect(20, 0, 20, 20, 0, Style{Fill: announced})
	s.Circle(50, 10, 8, Style{Fill: temperature})
	s.Polygon([]Point{{60, 0}, {80, 0}, {80, 20}, {60, 20}}, Style{Fill: strike, Stroke: black, Width: 2})
	s.Line(0, 30, 100, 30, Style{Stroke: black, Width: 4})
	s.Hatch(0, 40, 100, 20)
	img := decode(t, mustPNG(t, s, 1))
	// Half of the amber 194, 100, 26 over white: were the colour not multiplied
	// by its alpha, another hue would come out.
	for name, tt := range map[string]struct {
		x, y int
		want color.NRGBA
	}{
		"half transparent":     {10, 10, color.NRGBA{224, 177, 140, 255}},
		"opaque":               {30, 10, announced},
		"circle":               {50, 10, temperature},
		"beside the circle":    {42, 2, white},
		"polygon":              {70, 10, strike},
		"its outline":          {70, 0, black},
		"line":                 {50, 30, black},
		"y grows downward":     {90, 10, white},
		"ground of the hatch":  {6, 50, hatchBack},
		"between line & hatch": {50, 36, white},
	} {
		t.Run(name, func(t *testing.T) {
			if got := img.At(tt.x, tt.y); !near(got, tt.want, 2) {
				t.Errorf("at %d, %d: %v, want %v", tt.x, tt.y, got, tt.want)
			}
		})
	}
	lines := 0
	for x := range 100 {
		if !near(img.At(x, 50), hatchBack, 8) {
			lines++
		}
	}
	if lines < 20 || lines > 60 {
		t.Errorf("%d of 100 pixels of the hatch are line", lines)
	}
	if !near(img.At(50, 38), white, 0) || near(img.At(50, 59), white, 0) {
		t.Error("the hatch leaves its rectangle, or does not fill it")
	}
}

func TestPNGText(t *testing.T) {
	// Ink of one colour, where the text's box is and nowhere else, in all anchors.
	for anchor, x := range map[Anchor]float64{Start: 20, Middle: 20 + textWidth("Їжак 12", 20, true)/2, End: 20 + textWidth("Їжак 12", 20, true)} {
		s := &Scene{Width: 140, Height: 40}
		s.Text(Text{X: x, Y: 28, Body: "Їжак 12", Size: 20, Bold: true, Anchor: anchor, Color: black})
		img := decode(t, mustPNG(t, s, 1))
		left, right, top, bottom := 140, 0, 40, 0
		for y := range 40 {
			for x := range 140 {
				if !near(img.At(x, y), white, 100) {
					left, right, top, bottom = min(left, x), max(right, x), min(top, y), max(bottom, y)
				}
			}
		}
		wide := int(20 + textWidth("Їжак 12", 20, true))
		if left < 19 || left > 24 || right < wide-5 || right > wide+1 || top < 28-20 || bottom > 28+4 || bottom < 27 {
			t.Errorf("anchor %v: ink in %d…%d × %d…%d, want about 20…%d × 10…28", anchor, left, right, top, bottom, wide)
		}
	}
}

func TestEqualChartsHaveEqualBytes(t *testing.T) {
	f := Frame{Width: 360}
	first := examples(360, English)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { // at the same time: nothing is shared between charts
			for name, s := range examples(360, English) {
				if a, b := mustSVGBytes(s), mustSVGBytes(first[name]); !bytes.Equal(a, b) {
					t.Errorf("%s: SVGs differ", name)
				}
			}
			var a, b bytes.Buffer
			errA, errB := PNG(&a, exampleTiles(f).Scene(), 2), PNG(&b, exampleTiles(f).Scene(), 2)
			if errA != nil || errB != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
				t.Errorf("PNGs differ, or %v, %v", errA, errB)
			}
		})
	}
	wg.Wait()
}

func mustSVGBytes(s *Scene) []byte {
	var b bytes.Buffer
	if err := SVG(&b, s); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func TestPNGRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		s     *Scene
		scale float64
	}{
		"more than 64 million pixels": {&Scene{Width: 10000, Height: 10000}, 1},
		"no scale":                    {&Scene{Width: 10, Height: 10}, 0},
		"a scale of NaN":              {&Scene{Width: 10, Height: 10}, nan},
		"a negative scale":            {&Scene{Width: 10, Height: 10}, -1},
		"no height":                   {&Scene{Width: 10}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			if err := PNG(io.Discard, tt.s, tt.scale); err == nil {
				t.Error("drawn without an error")
			}
		})
	}
}
