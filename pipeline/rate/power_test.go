package rate

import (
	"math"
	"testing"
)

func TestDesignReference(t *testing.T) {
	// methods.md 10.5, one-sided 5 %.
	for _, tt := range []struct {
		expected                float64
		critical                int64
		size, half, detectable8 float64
	}{
		{4.5, 0, .01111, .1054, .0496},
		{5.25, 1, .03280, .2626, .1570},
		{10, 4, .02925, .4405, .3090},
		{20, 12, .03901, .7916, .4955},
	} {
		d := NewDesign(tt.expected, .05)
		if d.Critical != tt.critical || !printed(d.Size, tt.size, 5) || !printed(d.Power(.5), tt.half, 4) || !printed(d.Detectable(.8), tt.detectable8, 4) {
			t.Errorf("expected %v: c %d, size %v, power at .5 %v, detectable %v; want %+v",
				tt.expected, d.Critical, d.Size, d.Power(.5), d.Detectable(.8), tt)
		}
	}
}

func TestZeroEventsAreWeakEvidence(t *testing.T) {
	// methods.md 10.5: E > 2.9957 one-sided, 3.6889 two-sided.
	for _, tt := range []struct{ tail, threshold float64 }{{.05, 2.9957}, {.025, 3.6889}} {
		if !printed(-math.Log(tt.tail), tt.threshold, 4) {
			t.Fatalf("−ln %v is not %v", tt.tail, tt.threshold)
		}
		if d := NewDesign(tt.threshold-1e-4, tt.tail); d.Critical != -1 || d.Size != 0 || d.Power(0) != 0 || !math.IsNaN(d.Detectable(.8)) {
			t.Errorf("below the threshold: %+v, power %v", d, d.Power(0))
		}
		if d := NewDesign(tt.threshold+1e-4, tt.tail); d.Critical != 0 {
			t.Errorf("above the threshold: %+v", d)
		}
	}
	// 4.033 with 21 events in the baseline.
	for expected, want := range map[float64]bool{4.032: false, 4.034: true} {
		if got := ZeroShowsFewer(21, 28, expected/21*28, 1, .95); got != want {
			t.Errorf("expected %v: %v, want %v", expected, got, want)
		}
	}
	if ZeroShowsFewer(21, 28, 6, 4, .95) {
		t.Error("5 munitions a wave: 21 of them cannot show fewer in 6 days")
	}
	if ZeroShowsFewer(0, 28, 7, 1, .95) || ZeroShowsFewer(21, 28, 0, 1, .95) || ZeroShowsFewer(21, 28, 7, nan, .95) {
		t.Error("shows fewer where nothing is known")
	}
}

func TestDesignHoldsItsPromise(t *testing.T) {
	for expected := 0.; expected < 60; expected += .37 {
		for _, tail := range []float64{.001, .025, .05, .5} {
			d := NewDesign(expected, tail)
			if d.Size > tail || poissonAtMost(d.Critical+1, expected) <= tail {
				t.Fatalf("%+v is not the largest critical count", d)
			}
			if d.Power(1) != d.Size {
				t.Fatalf("%+v: power at 1 is %v", d, d.Power(1))
			}
			if d.Critical >= 0 {
				if got := d.Power(d.Detectable(.8)); !near(got, .8, 1e-9) {
					t.Fatalf("%+v: power at the detectable ratio is %v", d, got)
				}
			}
		}
	}
	if d := NewDesign(1e6, .05); d.Critical < 998_300 || d.Critical > 998_400 {
		t.Errorf("a million expected: %+v, want about 1e6 − 1.645·1000", d)
	}
}
