package correlate

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestRanksReference(t *testing.T) {
	// methods.md 9.11; cor(method = "spearman", "kendall") of R 4.2.2.
	if e := Spearman(strikes, outages, 0, .95); !printed(e.R, .3210676414, 10) || e.N != 120 || len(e.Warnings) > 0 {
		t.Errorf("Spearman %+v", e)
	}
	if e := Kendall(strikes, outages, 0); !printed(e.R, .2672256299, 10) || e.N != 120 || len(e.Warnings) > 0 {
		t.Errorf("Kendall %+v", e)
	}
}

func TestRanksShareTheirMean(t *testing.T) {
	got := ranks([]float64{3, 1, 3, inf, 3})
	for i, want := range []float64{3, 1, 3, 5, 3} {
		if got[i] != want {
			t.Errorf("rank %d is %v, want %v", i, got[i], want)
		}
	}
}

func TestRankCorrelationIgnoresTheScale(t *testing.T) {
	x, y := holed(wave(100, 1), .1, 1), holed(wave(100, 2), .1, 2)
	bent := make([]float64, 100)
	for i, v := range y {
		bent[i] = math.Exp(v)
	}
	bent[7] = inf
	y[7] = 1e9
	for lag := range 4 {
		a, b := Spearman(x, y, lag, .9), Spearman(x, bent, lag, .9)
		if a.Lag != lag || a.R != b.R || a.Lo != b.Lo || a.P != b.P || a.N != b.N {
			t.Errorf("Spearman of y %+v, of exp y %+v", a, b)
		}
		if a, b := Kendall(x, y, lag), Kendall(x, bent, lag); a.R != b.R {
			t.Errorf("Kendall of y %v, of exp y %v", a.R, b.R)
		}
	}
	whole := LaggedPairwise(ranks(strikes), ranks(outages), 0, .95)
	if e := Spearman(strikes, outages, 0, .95); e.NEff != whole.NEff || e.P != whole.P || e.Lo >= whole.Lo || e.Hi <= whole.Hi {
		t.Errorf("%+v should be %+v with wider limits", e, whole)
	}
}

func TestRankCorrelationOfAnOrder(t *testing.T) {
	up, down := make([]float64, 40), make([]float64, 40)
	for i := range up {
		up[i], down[i] = float64(i), -float64(i*i)
	}
	for lag := range 3 {
		if e := Kendall(up, up, lag); e.R != 1 {
			t.Errorf("Kendall of a rising pair %v", e.R)
		}
		if e := Kendall(up, down, lag); e.R != -1 {
			t.Errorf("Kendall of an opposite pair %v", e.R)
		}
	}
	if e := Spearman(up, down, 0, .95); !near(e.R, -1, 1e-12) {
		t.Errorf("Spearman of an opposite pair %v", e.R)
	}
}

func TestKendallIsTheCountOfPairs(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 5))
	sign := func(v float64) float64 {
		switch {
		case v > 0:
			return 1
		case v < 0:
			return -1
		}
		return 0
	}
	for range 50 {
		n := MinN + random.IntN(40)
		x, y := make([]float64, n), make([]float64, n)
		for i := range x {
			x[i], y[i] = float64(random.IntN(6)), float64(random.IntN(30))
		}
		var balance, inX, inY float64
		for i := range x {
			for j := range i {
				a, b := sign(x[i]-x[j]), sign(y[i]-y[j])
				balance, inX, inY = balance+a*b, inX+a*a, inY+b*b
			}
		}
		if got, want := Kendall(x, y, 0).R, balance/math.Sqrt(inX*inY); !near(got, want, 1e-14) {
			t.Errorf("Kendall %v, want %v for %v, %v", got, want, x, y)
		}
	}
}

func TestRankWarnings(t *testing.T) {
	flat, x := make([]float64, 30), wave(30, 1)
	if e := Kendall(x, flat, 0); !warned(e.Warnings, ErrZeroVariance) || !math.IsNaN(e.R) {
		t.Errorf("%+v", e)
	}
	if e := Kendall(x, x, 11); !warned(e.Warnings, ErrTooFew) || e.N != 19 {
		t.Errorf("%+v", e)
	}
	if e := Spearman(flat, x, 2, .95); !warned(e.Warnings, ErrZeroVariance) || !math.IsNaN(e.R) || e.N != 28 {
		t.Errorf("%+v", e)
	}
	if e := Spearman(x, x, 11, .95); !warned(e.Warnings, ErrTooFew) || e.N != 19 || e.Lag != 11 {
		t.Errorf("%+v", e)
	}
	if e := Spearman(nil, nil, 0, .95); !warned(e.Warnings, ErrTooFew) {
		t.Errorf("%+v", e)
	}
}
