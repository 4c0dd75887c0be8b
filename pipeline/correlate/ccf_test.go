package correlate

import (
	"math"
	"testing"
)

func TestLaggedReference(t *testing.T) {
	// methods.md 9.11.
	pairwise := []float64{.3826290401, .3697400334, .4045516120, .2781518849}
	standard := []float64{.3826290401, .3672593904, .3991809705, .2721395308}
	whitened := []float64{.2415204250, .0819418028, .2407421296}
	for k := range standard {
		if got := Lagged(strikes, outages, k, .95); !printed(got.R, standard[k], 10) || got.N != 120-k || got.Lag != k {
			t.Errorf("Lagged at %d: %+v, want r = %v", k, got, standard[k])
		}
		if got := LaggedPairwise(strikes, outages, k, .95); !printed(got.R, pairwise[k], 10) {
			t.Errorf("LaggedPairwise at %d: r = %.12f, want %v", k, got.R, pairwise[k])
		}
	}
	for k, want := range whitened {
		if got := Prewhitened(strikes, outages, k, .95); !printed(got.R, want, 10) || got.N != 119-k {
			t.Errorf("Prewhitened at %d: %+v, want r = %v", k, got, want)
		}
	}
	for k, e := range CrossCorrelation(strikes, outages, 3, .95) {
		if e.Lag != k || !printed(e.R, standard[k], 10) {
			t.Errorf("CrossCorrelation at %d: %+v", k, e)
		}
	}
}

func TestEffectiveNumberReference(t *testing.T) {
	// methods.md 9.11.
	acfS, acfY := Autocorrelation(strikes, 30), Autocorrelation(outages, 30)
	if !printed(acfS[1], .5176870748, 10) || !printed(acfY[1], .5778936286, 10) || acfS[0] != 1 {
		t.Errorf("acf₁ %.11f and %.11f", acfS[1], acfY[1])
	}
	if got := Bretherton(120, acfS[1], acfY[1]); !printed(got, 64.73360529, 8) {
		t.Errorf("Bretherton %.10f", got)
	}
	if got := PyperPeterman(120, acfS, acfY); !printed(got, 61.29159315, 8) {
		t.Errorf("Pyper–Peterman %.10f", got)
	}
	e := Lagged(strikes, outages, 0, .95)
	if !printed(e.NEff, 61.29159315, 8) || !printed(e.NEffAR1, 64.73360529, 8) || !printed(e.T, 3.188956, 6) ||
		!printed(e.P, .00228, 5) || !printed(e.PNaive, .0000161, 7) {
		t.Errorf("%+v", e)
	}
}

func TestEffectiveNumberIsNeverMoreThanN(t *testing.T) {
	for _, got := range []float64{
		Bretherton(50, -.5, .5), Bretherton(50, nan, .5), Bretherton(50, 0, .9),
		PyperPeterman(50, []float64{1, -.5}, []float64{1, .5}), PyperPeterman(50, []float64{1, nan}, []float64{1, .5}),
		PyperPeterman(50, []float64{1}, []float64{1}),
	} {
		if got != 50 {
			t.Errorf("50 pairs are worth %v", got)
		}
	}
	// AR(1) with ρ² = ½ for ever: the sum of the series is n(1−½)/(1+½).
	acf := make([]float64, 5000)
	for j := range acf {
		acf[j] = math.Pow(.5, float64(j)/2)
	}
	if got, want := PyperPeterman(20000, acf, acf), Bretherton(20000, acf[1], acf[1]); math.Abs(got/want-1) > 1e-3 {
		t.Errorf("Pyper–Peterman %v, Bretherton %v", got, want)
	}
}

func TestIntervalIsFishers(t *testing.T) {
	e := Lagged(strikes, outages, 0, .95)
	// tanh(atanh .3826290401 ± 1.959963985/√58.29159315)
	z := .5 * math.Log((1+e.R)/(1-e.R))
	half := 1.959963984540054 / math.Sqrt(61.29159315-3)
	for _, v := range [][2]float64{{e.Lo, z - half}, {e.Hi, z + half}} {
		a := math.Exp(2 * v[1])
		if want := (a - 1) / (a + 1); !near(v[0], want, 1e-9) {
			t.Errorf("limit %v, want %v", v[0], want)
		}
	}
	if w := Lagged(strikes, outages, 0, .99); w.Lo >= e.Lo || w.Hi <= e.Hi {
		t.Errorf("99 %% interval %v–%v inside the 95 %% one %v–%v", w.Lo, w.Hi, e.Lo, e.Hi)
	}
}

func TestWhatCannotBeEstimated(t *testing.T) {
	flat := make([]float64, 30)
	tenths := make([]float64, 30)
	for i := range tenths {
		tenths[i] = .1 // whose mean is not .1
	}
	x, y := wave(30, 1), wave(30, 2)
	infinite := append(wave(29, 3), inf)
	huge := wave(30, 4)
	huge[3] = 1e200
	tiny := make([]float64, 30)
	tiny[0] = 1e-200
	flatWherePaired := append([]float64(nil), y...)
	holedX := append([]float64(nil), x...)
	for i := range 22 {
		flatWherePaired[i] = 4
	}
	for i := 22; i < 30; i++ {
		holedX[i] = nan
	}
	for _, tt := range []struct {
		name string
		x, y []float64
		lag  int
		n    int
		want error
	}{
		{"no steps", nil, nil, 0, 0, ErrTooFew},
		{"too short", x[:19], y[:19], 0, 19, ErrTooFew},
		{"too short at the lag", x, y, 11, 19, ErrTooFew},
		{"a lag beyond the end", x, y, 99, 0, ErrTooFew},
		{"gaps that leave too few", holed(x, .5, 1), y, 0, 15, ErrTooFew},
		{"zeros", flat, y, 0, 30, ErrZeroVariance},
		{"equal values", x, tenths, 0, 30, ErrZeroVariance},
		{"equal where both are present", holedX, flatWherePaired, 0, 22, ErrZeroVariance},
		{"an infinite value", infinite, y, 0, 30, ErrNotFinite},
		{"an overflow", huge, y, 0, 30, ErrNotFinite},
		{"an underflow", x, tiny, 0, 30, ErrNotFinite},
	} {
		for _, e := range []Estimate{Lagged(tt.x, tt.y, tt.lag, .95), LaggedPairwise(tt.x, tt.y, tt.lag, .95)} {
			if !warned(e.Warnings, tt.want) || e.N != tt.n {
				t.Errorf("%s: N %d, warnings %v, want %d and %v", tt.name, e.N, e.Warnings, tt.n, tt.want)
			}
			for _, v := range []float64{e.R, e.Lo, e.Hi, e.NEff, e.NEffAR1, e.T, e.P, e.PNaive} {
				if !math.IsNaN(v) {
					t.Errorf("%s: a number in %+v", tt.name, e)
					break
				}
			}
		}
	}
	if e := Prewhitened(tenths, y, 0, .95); !warned(e.Warnings, ErrZeroVariance) {
		t.Errorf("prewhitening with a constant: %v", e.Warnings)
	}
	t.Run("a short stretch of slow series is worth too few pairs for an interval", func(t *testing.T) {
		slow := make([]float64, 400)
		for i := range slow {
			slow[i] = float64(i)
		}
		e := Lagged(slow, slow, 370, .95)
		if !warned(e.Warnings, ErrFewEffective) || !math.IsNaN(e.Lo) || !math.IsNaN(e.P) || math.IsNaN(e.R) {
			t.Errorf("%+v", e)
		}
	})
}

func TestGaps(t *testing.T) {
	t.Run("a gap at the end of both is as if they were shorter", func(t *testing.T) {
		x, y := wave(100, 1), wave(100, 2)
		want := Lagged(x[:90], y[:90], 0, .95)
		for i := 90; i < 100; i++ {
			x[i], y[i] = nan, nan
		}
		got := Lagged(x, y, 0, .95)
		if got.N != 90 || !near(got.R, want.R, 1e-14) || !near(got.NEff, want.NEff, 1e-9) || !near(got.P, want.P, 1e-12) {
			t.Errorf("%+v, want %+v", got, want)
		}
	})
	t.Run("pairwise is Pearson's r of the pairs present", func(t *testing.T) {
		x, y := holed(wave(200, 3), .3, 1), holed(wave(200, 4), .2, 2)
		for lag := range 5 {
			var px, py []float64
			for i := 0; i+lag < 200; i++ {
				if !math.IsNaN(x[i] + y[i+lag]) {
					px, py = append(px, x[i]), append(py, y[i+lag])
				}
			}
			got, want := LaggedPairwise(x, y, lag, .95), pearson(px, py)
			if got.N != len(px) || !near(got.R, want, 1e-13) {
				t.Errorf("lag %d: %+v, want %v of %d", lag, got, want, len(px))
			}
		}
	})
	t.Run("autocorrelation by hand", func(t *testing.T) {
		// Present 1, 3, _, 5, 3; mean 3; c(0) = (4+0+4+0)/4 = 2.
		// c(1): pairs (1,3), (5,3) → 0/(2+1); c(2): (3,5) → 0/(1+2);
		// c(3): (1,5), (3,3) → −4/(2+3); c(4): (1,3) → 0/(1+4).
		got := Autocorrelation([]float64{1, 3, nan, 5, 3}, 5)
		for k, want := range []float64{1, 0, 0, -.4, 0, nan} {
			if !near(got[k], want, 1e-15) {
				t.Errorf("lag %d: %v, want %v", k, got[k], want)
			}
		}
	})
	t.Run("gaps far apart leave more pairs effective than gaps side by side", func(t *testing.T) {
		x, y := wave(400, 5), wave(400, 6)
		every, half := append([]float64(nil), x...), append([]float64(nil), x...)
		for i := range x {
			if i%2 == 1 {
				every[i] = nan
			}
			if i >= 200 {
				half[i] = nan
			}
		}
		a, b := Lagged(every, y, 0, .95), Lagged(half, y, 0, .95)
		if a.N != 200 || b.N != 200 || a.NEff <= b.NEff {
			t.Errorf("every other step %+v, first half %+v", a, b)
		}
	})
}

func pearson(x, y []float64) float64 {
	var mx, my float64
	for i := range x {
		mx += x[i] / float64(len(x))
		my += y[i] / float64(len(x))
	}
	var xy, xx, yy float64
	for i := range x {
		xy += (x[i] - mx) * (y[i] - my)
		xx += (x[i] - mx) * (x[i] - mx)
		yy += (y[i] - my) * (y[i] - my)
	}
	return xy / math.Sqrt(xx*yy)
}

func TestLaggedFindsTheLagThatWasMade(t *testing.T) {
	x := wave(300, 9)
	y := make([]float64, 300)
	for i := range y {
		y[i] = nan
		if i >= 4 {
			y[i] = 3 - 2*x[i-4]
		}
	}
	for lag, e := range CrossCorrelation(x, y, 8, .95) {
		if at4 := math.Abs(e.R) > .95; at4 != (lag == 4) {
			t.Errorf("lag %d: r = %v", lag, e.R)
		}
	}
	if e := LaggedPairwise(x, y, 4, .95); !near(e.R, -1, 1e-12) || e.P > 1e-12 {
		t.Errorf("exact dependence: %+v", e)
	}
}

// The share of true hypotheses rejected at 5 % is far from 5 % by the naive p.
func TestEffectiveNumberKeepsTheLevel(t *testing.T) {
	naive, honest := 0, 0
	const trials = 400
	for i := range uint64(trials) {
		e := Lagged(wave(200, 2*i), wave(200, 2*i+1), 0, .95)
		if e.PNaive < .05 {
			naive++
		}
		if e.P < .05 {
			honest++
		}
	}
	if naive < trials/10 || honest > trials*9/100 {
		t.Errorf("of %d independent pairs %d are significant naively, %d with effective pairs", trials, naive, honest)
	}
}
