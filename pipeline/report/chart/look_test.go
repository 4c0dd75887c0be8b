package chart

import (
	"image/color"
	"math"
	"testing"
	"time"
)

func TestRampsGoFromLightToDark(t *testing.T) {
	for _, ramp := range []Ramp{Amber, Blue} {
		last := math.Inf(1)
		for i := range 101 {
			c := ramp.at(float64(i) / 100)
			if l := luminance(c); l >= last {
				t.Errorf("ramp %d does not darken at %d %%", ramp, i)
			} else {
				last = l
			}
			if r := contrast(over(c), c); r < 4.5 {
				t.Errorf("text on ramp %d at %d %% has a contrast of %.2f", ramp, i, r)
			}
		}
		if contrast(ramp.at(0), ramp.at(1)) < 7 {
			t.Errorf("ramp %d is too flat", ramp)
		}
		if ramp.at(0) == white || ramp.at(-1) != ramp.at(0) || ramp.at(2) != ramp.at(1) {
			t.Errorf("ramp %d begins in white or is not cut at its ends", ramp)
		}
	}
}

// WCAG 2.1 gives 21 for black on white; #767676 on white is the usual example of
// a grey just above 4.5.
func TestContrast(t *testing.T) {
	if got := contrast(black, white); math.Abs(got-21) > 1e-9 {
		t.Errorf("black on white: %v", got)
	}
	if got := contrast(rgb(0x767676), white); math.Abs(got-4.54) > 0.005 {
		t.Errorf("#767676 on white: %v", got)
	}
	for _, c := range []color.NRGBA{ink, muted, temperature, strike, missileMark, namedMark, announcedText, pauseLine} {
		for _, ground := range []color.NRGBA{white, hatchBack} {
			if got := contrast(c, ground); got < 4.5 {
				t.Errorf("text in %v has a contrast of %.2f with %v", c, got, ground)
			}
		}
	}
}

func TestNumber(t *testing.T) {
	for _, tt := range []struct {
		v        float64
		decimals int
		english  string
		ukr      string
	}{
		{-19.5, 1, "−19.5", "−19,5"},
		{-0.04, 1, "0.0", "0,0"},
		{math.Copysign(0, -1), 0, "0", "0"},
		{1850, 0, "1850", "1850"},
		{73700, 0, "73\u2009700", "73\u2009700"},
		{-1234567.25, 2, "−1\u2009234\u2009567.25", "−1\u2009234\u2009567,25"},
		{1e300, 1, "1.00·10^300", "1,00·10^300"},
		{nan, 1, "unknown", "невідомо"},
		{math.Inf(-1), 1, "−∞", "−∞"},
	} {
		if got := English.number(tt.v, tt.decimals); got != tt.english {
			t.Errorf("English %v: %q, want %q", tt.v, got, tt.english)
		}
		if got := Ukrainian.number(tt.v, tt.decimals); got != tt.ukr {
			t.Errorf("Ukrainian %v: %q, want %q", tt.v, got, tt.ukr)
		}
	}
	for v, want := range map[float64]string{0: "0", 0.5: "0.5", 0.125: "0.125", 20: "20", -10: "−10", 1.25: "1.25", 0.001: "0.001", 100000: "100\u2009000"} {
		if got := English.brief(v); got != want {
			t.Errorf("brief(%v) = %q, want %q", v, got, want)
		}
	}
}

func TestDayAxisCrossesMonthsAndChangesOfClock(t *testing.T) {
	kyiv, err := time.LoadLocation("Europe/Kyiv")
	if err != nil {
		kyiv = time.FixedZone("EET", 2*3600)
	}
	// The night to 29 March 2026 has 23 hours in Kyiv; a day is still a day.
	a := dayAxis{start: civil(time.Date(2026, 3, 27, 23, 30, 0, 0, kyiv)), days: 7, left: 10, width: 70}
	if got := a.date(5).Format(time.DateOnly); got != "2026-04-01" {
		t.Errorf("day 5 is %s", got)
	}
	if got := a.monthStarts(); len(got) != 1 || got[0] != 5 {
		t.Errorf("months start on days %v, want 5", got)
	}
	if a.x(3) != 40 || a.right() != 80 {
		t.Errorf("day 3 starts at %v, the axis ends at %v", a.x(3), a.right())
	}
}

func TestNiceSteps(t *testing.T) {
	for _, tt := range []struct {
		span float64
		n    int
		want float64
	}{{10, 5, 2}, {10, 4, 5}, {0.6, 3, 0.2}, {450, 3, 200}, {35, 4, 10}, {1, 1, 1}, {7, 1, 10}} {
		if got := niceStep(tt.span, tt.n); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("niceStep(%v, %d) = %v, want %v", tt.span, tt.n, got, tt.want)
		}
	}
	if got := steps(-25, 10, 10); len(got) != 4 || got[0] != -20 || got[3] != 10 {
		t.Errorf("steps(-25, 10, 10) = %v", got)
	}
}

func TestRuns(t *testing.T) {
	in := []bool{true, true, false, true, false, false, true}
	got := runs(len(in), func(i int) bool { return in[i] })
	want := []run{{0, 2}, {3, 4}, {6, 7}}
	if len(got) != len(want) {
		t.Fatalf("runs %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("runs %v, want %v", got, want)
		}
	}
}
