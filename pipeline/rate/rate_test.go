package rate

import (
	"math"
	"testing"
)

// near tells whether got is want to within a relative tolerance; infinities and
// NaN match themselves only.
func near(got, want, tolerance float64) bool {
	if math.IsNaN(want) || math.IsInf(want, 0) {
		return math.IsNaN(got) && math.IsNaN(want) || got == want
	}
	return math.Abs(got-want) <= tolerance*max(math.Abs(want), 1e-300) || got == want
}

// printed tells whether got rounds to want, a number given with digits decimals.
func printed(got, want float64, digits int) bool {
	if math.IsNaN(want) || math.IsInf(want, 0) {
		return near(got, want, 0)
	}
	// A hair more than half a unit, since want itself is a binary fraction.
	return math.Abs(got-want) <= .500001*math.Pow(10, -float64(digits))
}

func mustPanic(t *testing.T, name string, f func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Errorf("%s did not panic", name)
		}
	}()
	f()
}

var nan, inf = math.NaN(), math.Inf(1)

func TestCountInterval(t *testing.T) {
	// methods.md 9.1.
	for _, tt := range []struct {
		k      int64
		lo, hi float64
	}{
		{0, 0, 3.688879},
		{1, .025318, 5.571643},
		{3, .618672, 8.767273},
		{10, 4.795389, 18.390356},
		{15, 8.395386, 24.740219},
	} {
		got := CountInterval(tt.k, .95)
		if !printed(got.Lo, tt.lo, 6) || !printed(got.Hi, tt.hi, 6) {
			t.Errorf("CountInterval(%d, .95) = %v, want %v, %v", tt.k, got, tt.lo, tt.hi)
		}
	}
}

func TestCountIntervalLeavesTheSameTailOnBothSides(t *testing.T) {
	for _, k := range []int64{1, 2, 30, 4190, 1_000_000} {
		for _, level := range []float64{.5, .95, .999} {
			iv, tail := CountInterval(k, level), (1-level)/2
			if p := 1 - poissonAtMost(k-1, iv.Lo); !near(p, tail, 1e-8) {
				t.Errorf("k=%d level=%v: P(X ≥ k) at the lower limit is %v, want %v", k, level, p, tail)
			}
			if p := poissonAtMost(k, iv.Hi); !near(p, tail, 1e-8) {
				t.Errorf("k=%d level=%v: P(X ≤ k) at the upper limit is %v, want %v", k, level, p, tail)
			}
		}
	}
}

func TestCallersMistakesPanic(t *testing.T) {
	mustPanic(t, "level 95", func() { CountInterval(1, 95) })
	mustPanic(t, "level NaN", func() { CountInterval(1, nan) })
	mustPanic(t, "level 1", func() { Compare(1, 1, 1, 1, 1) })
	mustPanic(t, "negative count", func() { CountInterval(-1, .95) })
	mustPanic(t, "negative x1", func() { Compare(-1, 1, 1, 1, .95) })
	mustPanic(t, "negative x0", func() { Adjusted(1, 1, -1, 1, 1, .95) })
	mustPanic(t, "negative obs", func() { PredictiveAtMost(-1, 1, 1, 1) })
	mustPanic(t, "window of 0 days", func() { PlaceboRank(nil, 0, 1) })
	mustPanic(t, "negative expected", func() { NewDesign(-1, .05) })
	mustPanic(t, "tail above .5", func() { NewDesign(1, .95) })
}
