package correlate

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// D1 of methods.md 12: strikes and outages on 120 synthetic days.
var (
	strikes = []float64{
		0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1,
		1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 1, 2, 2, 2, 1, 2, 1, 0, 1,
		1, 0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0, 1, 1, 1,
		0, 1, 0, 1, 1, 2, 2, 2, 2, 2, 1, 0, 1, 0, 0, 0, 0, 1, 2, 2, 2, 0, 1, 1, 2, 2, 2, 1, 0, 0,
	}
	outages = []float64{
		3, 3, 2, 2, 3, 2, 2, 1, 2, 2, 2, 2, 4, 3, 4, 4, 4, 7, 8, 4, 5, 7, 8, 4, 3, 3, 3, 5, 10, 11,
		5, 3, 3, 5, 7, 9, 8, 6, 5, 2, 2, 2, 4, 6, 6, 7, 4, 5, 5, 3, 6, 5, 9, 10, 16, 6, 9, 11, 10, 8,
		5, 5, 8, 7, 5, 3, 6, 6, 8, 4, 6, 3, 3, 3, 3, 4, 4, 7, 3, 7, 9, 9, 10, 9, 8, 4, 6, 4, 5, 8,
		5, 10, 7, 7, 4, 11, 7, 8, 11, 13, 6, 7, 9, 4, 4, 5, 6, 9, 6, 4, 5, 3, 2, 2, 3, 5, 8, 8, 7, 7,
	}
)

var nan, inf = math.NaN(), math.Inf(1)

func near(got, want, tolerance float64) bool {
	if math.IsNaN(want) {
		return math.IsNaN(got)
	}
	return got == want || math.Abs(got-want) <= tolerance
}

// printed tells whether got rounds to want, a number given with digits decimals.
func printed(got, want float64, digits int) bool {
	return near(got, want, .500001*math.Pow(10, -float64(digits)))
}

// warned tells whether the reasons given are exactly those wanted.
func warned(warnings []error, want ...error) bool {
	if len(warnings) != len(want) {
		return false
	}
	for i, w := range want {
		if !errors.Is(warnings[i], w) {
			return false
		}
	}
	return true
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

// wave returns n steps that resemble their past, the same for the same seed.
func wave(n int, seed uint64) []float64 {
	random := rand.New(rand.NewPCG(seed, 7))
	v := make([]float64, n)
	last := 0.
	for t := range v {
		last = .7*last + random.NormFloat64()
		v[t] = last
	}
	return v
}

// holed returns v with about a share of its values missing.
func holed(v []float64, share float64, seed uint64) []float64 {
	random := rand.New(rand.NewPCG(seed, 8))
	w := append([]float64(nil), v...)
	for t := range w {
		if random.Float64() < share {
			w[t] = nan
		}
	}
	return w
}

func TestCallersMistakesPanic(t *testing.T) {
	five, six := make([]float64, 5), make([]float64, 6)
	mustPanic(t, "Lagged of two lengths", func() { Lagged(five, six, 0, .95) })
	mustPanic(t, "negative lag", func() { Lagged(five, five, -1, .95) })
	mustPanic(t, "level 95", func() { LaggedPairwise(five, five, 0, 95) })
	mustPanic(t, "Prewhitened of two lengths", func() { Prewhitened(five, six, 0, .95) })
	mustPanic(t, "negative last lag", func() { CrossCorrelation(five, five, -1, .95) })
	mustPanic(t, "Autocorrelation to a negative lag", func() { Autocorrelation(five, -1) })
	mustPanic(t, "Spearman at level 0", func() { Spearman(five, five, 0, 0) })
	mustPanic(t, "Kendall of two lengths", func() { Kendall(five, six, 0) })
	mustPanic(t, "ShiftTest of two lengths", func() { ShiftTest(five, six, []int{0}, 1) })
	mustPanic(t, "ShiftTest with no least shift", func() { ShiftTest(five, five, []int{0}, 0) })
	mustPanic(t, "ShiftStatistic of -1 steps", func() { ShiftStatistic(-1, 1, func(int) float64 { return 0 }) })
	mustPanic(t, "RatioShiftTest of two lengths", func() { RatioShiftTest(make([]bool, 5), make([]bool, 6), five, 1) })
	mustPanic(t, "RatioShiftTest of a negative count", func() {
		RatioShiftTest(make([]bool, 1), make([]bool, 1), []float64{-1}, 1)
	})
	mustPanic(t, "block of 0", func() { MovingBlockSE(five, 0) })
	mustPanic(t, "no series", func() { BlockBootstrap(nil, 1, 1, 0, .95, nil) })
	mustPanic(t, "no replicates", func() { BlockBootstrap([][]float64{five}, 1, 0, 0, .95, nil) })
	mustPanic(t, "series of two lengths", func() { BlockBootstrap([][]float64{five, six}, 1, 1, 0, .95, nil) })
}
