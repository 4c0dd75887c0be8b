package correlate

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat"
)

func TestBlockSEReference(t *testing.T) {
	// methods.md 9.13, from R 4.2.2.
	for _, tt := range []struct {
		block            int
		moving, circular float64
	}{
		{5, .4107519653, .4070408968},
		{7, .4384247784, .4334034398},
		{10, .4658260252, .4658363148},
	} {
		if got := MovingBlockSE(outages, tt.block); !printed(got, tt.moving, 10) {
			t.Errorf("moving, %d days: %.12f, want %v", tt.block, got, tt.moving)
		}
		if got := CircularBlockSE(outages, tt.block); !printed(got, tt.circular, 10) {
			t.Errorf("circular, %d days: %.12f, want %v", tt.block, got, tt.circular)
		}
	}
	iid := stat.StdErr(stat.StdDev(outages, nil), 120)
	if !printed(iid, .2538395631, 10) {
		t.Errorf("independent days: %v", iid)
	}
	// A block of one day is the same with divisor n.
	for _, got := range []float64{MovingBlockSE(outages, 1), CircularBlockSE(outages, 1)} {
		if want := iid * math.Sqrt(119./120); !near(got, want, 1e-13) {
			t.Errorf("blocks of a day: %v, want %v", got, want)
		}
	}
}

func TestBlockSEOfWhatHasNone(t *testing.T) {
	for _, se := range []func([]float64, int) float64{MovingBlockSE, CircularBlockSE} {
		if got := se([]float64{1, 2, nan, 4}, 2); !math.IsNaN(got) {
			t.Errorf("with a gap: %v, want NaN", got)
		}
		if got := se([]float64{1, 2}, 3); !math.IsNaN(got) {
			t.Errorf("shorter than a block: %v, want NaN", got)
		}
		if got := se(nil, 1); !math.IsNaN(got) {
			t.Errorf("no values: %v, want NaN", got)
		}
	}
	y := outages[:10:20]
	CircularBlockSE(y, 5)
	if y[:11][10] != outages[10] {
		t.Error("the series was written to")
	}
}

func TestBlockLength(t *testing.T) {
	for _, tt := range []struct {
		n            int
		days, weekly int
	}{{0, 1, 7}, {1, 1, 7}, {8, 2, 7}, {9, 3, 7}, {120, 5, 7}, {343, 7, 7}, {344, 8, 14}, {841, 10, 14}, {1000, 10, 14}} {
		if a, b := BlockLength(tt.n, false), BlockLength(tt.n, true); a != tt.days || b != tt.weekly {
			t.Errorf("%d days: %d and %d, want %d and %d", tt.n, a, b, tt.days, tt.weekly)
		}
	}
}

func mean(resample [][]float64) float64 { return stat.Mean(resample[0], nil) }

func TestBlockBootstrapHasTheExactVariance(t *testing.T) {
	// 120 is a whole number of 5s and 10s, so the formula is exact.
	for _, block := range []int{5, 10} {
		b := BlockBootstrap([][]float64{outages}, block, 20_000, 1, .95, mean)
		if want := MovingBlockSE(outages, block); math.Abs(b.SE/want-1) > .02 {
			t.Errorf("blocks of %d: %v, want about %v", block, b.SE, want)
		}
		if b.Estimate != 5.625 || b.Undefined != 0 || len(b.Warnings) > 0 || len(b.Replicates) != 20_000 {
			t.Errorf("estimate %v, undefined %d, %v", b.Estimate, b.Undefined, b.Warnings)
		}
		if !near(b.Hi-b.Lo, 2*1.96*b.SE, .1*b.SE) {
			t.Errorf("limits %v–%v with standard error %v", b.Lo, b.Hi, b.SE)
		}
	}
}

func TestBlockBootstrapResamplesJointlyInBlocks(t *testing.T) {
	n, block := 23, 5
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i], y[i] = float64(i), 100+float64(i)
	}
	began := make([]int, n)
	BlockBootstrap([][]float64{x, y}, block, 2000, 42, .95, func(r [][]float64) float64 {
		if len(r) != 2 || len(r[0]) != n || len(r[1]) != n {
			t.Fatalf("resample %v", r)
		}
		for i := range n {
			if r[1][i] != 100+r[0][i] {
				t.Fatalf("series resampled apart: %v", r)
			}
			if i%block > 0 && r[0][i] != r[0][i-1]+1 {
				t.Fatalf("block broken at %d: %v", i, r[0])
			}
		}
		began[int(r[0][0])]++
		return 0
	})
	began[0] -= 23 // not of a draw: the estimate itself
	for first, count := range began {
		if first > n-block && count != 0 {
			t.Errorf("a block begins at %d", first)
		}
	}
	if last := began[n-block]; last < 70 || last > 150 {
		t.Errorf("the last block was drawn %d times of 2000, want about 105", last)
	}
}

func TestBlockBootstrapIsDecidedByItsSeed(t *testing.T) {
	series := [][]float64{{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}}
	var firsts []float64
	keep := func(r [][]float64) float64 { firsts = append(firsts, r[0][0]); return r[0][0] }
	a := BlockBootstrap(series, 1, 8, 7, .5, keep)
	// From the definition of PCG-DXSM in Python's integers, state 7·2⁶⁴: of every
	// tenth draw, times 10, the high word. The first is the estimate. Other draws
	// would change published tables.
	if want := []float64{0, 2, 9, 3, 9, 2, 8, 7, 9}; !slices.Equal(firsts, want) {
		t.Errorf("first steps %v, want %v", firsts, want)
	}
	b := BlockBootstrap(series, 1, 8, 7, .5, keep)
	c := BlockBootstrap(series, 1, 8, 8, .5, keep)
	same := true
	for i := range a.Replicates {
		if a.Replicates[i] != b.Replicates[i] {
			t.Errorf("two runs with one seed: %v and %v", a.Replicates, b.Replicates)
		}
		same = same && a.Replicates[i] == c.Replicates[i]
	}
	if same {
		t.Error("two seeds, one result")
	}
}

func TestBlockBootstrapOfAStatisticThatFails(t *testing.T) {
	y := []float64{1, nan, 3, 4, 5, 6}
	b := BlockBootstrap([][]float64{y}, 2, 300, 1, .9, mean)
	if !math.IsNaN(b.Estimate) || b.Undefined == 0 || b.Undefined+len(b.Replicates) != 300 || !warned(b.Warnings, ErrUndefined) || math.IsNaN(b.SE) {
		t.Errorf("%d undefined, %v", b.Undefined, b.Warnings)
	}
	b = BlockBootstrap([][]float64{y}, 2, 10, 1, .9, func([][]float64) float64 { return nan })
	if b.Undefined != 10 || !math.IsNaN(b.SE) || !math.IsNaN(b.Lo) || !warned(b.Warnings, ErrUndefined) {
		t.Errorf("%+v", b)
	}
	b = BlockBootstrap([][]float64{y[2:]}, 5, 10, 1, .9, mean)
	if b.Estimate != 4.5 || !math.IsNaN(b.SE) || !warned(b.Warnings, ErrTooFew) {
		t.Errorf("%+v", b)
	}
}

func TestQuantile(t *testing.T) {
	low, high := []float64{-inf, -inf, 1, 2}, []float64{1, 2, 3, inf}
	for _, tt := range []struct {
		v       []float64
		p, want float64
	}{
		{[]float64{1, 2, 4}, .5, 2}, {[]float64{1, 2, 4}, .75, 3}, {[]float64{1, 2, 4}, 0, 1}, {[]float64{1, 2, 4}, 1, 4},
		{[]float64{5}, .3, 5}, {low, .1, -inf}, {low, .5, -inf}, {low, 1, 2}, {high, .9, inf}, {high, 2. / 3, 3}, {high, 1, inf},
	} {
		if got := quantile(tt.v, tt.p); !near(got, tt.want, 1e-12) {
			t.Errorf("quantile(%v, %v) = %v, want %v", tt.v, tt.p, got, tt.want)
		}
	}
}

// 10,000 resamples of 1,600 days in blocks of two weeks: of a mean, and of a ratio
// of two series; the budget is 0.5 s.
func BenchmarkBlockBootstrap(b *testing.B) {
	const days = 1600
	x, y := wave(days, 1), wave(days, 2)
	block := BlockLength(days, true)
	for _, tt := range []struct {
		name      string
		series    [][]float64
		statistic func(resample [][]float64) float64
	}{
		{"mean", [][]float64{x}, func(r [][]float64) float64 { return stat.Mean(r[0], nil) }},
		{"ratio", [][]float64{x, y}, func(r [][]float64) float64 { return stat.Mean(r[0], nil) / stat.Mean(r[1], nil) }},
	} {
		b.Run(tt.name, func(b *testing.B) {
			for b.Loop() {
				BlockBootstrap(tt.series, block, 10_000, 1, .95, tt.statistic)
			}
		})
	}
}
