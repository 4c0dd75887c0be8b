package rate

import (
	"math"
	"testing"
)

// D3 of methods.md 12: synthetic strikes on a city and a country, 28 baseline
// days, 7 days of window.
var (
	city    = []float64{0, 1, 0, 0, 2, 1, 0, 0, 3, 0, 1, 0, 0, 2, 0, 1, 1, 0, 0, 4, 0, 1, 0, 2, 0, 0, 1, 1}
	country = []float64{14, 17, 12, 15, 22, 18, 13, 11, 25, 16, 12, 14, 17, 21, 13, 15, 16, 12, 14, 28, 15, 13, 12, 20, 14, 13, 15, 16}
)

func TestDispersion(t *testing.T) {
	for _, tt := range []struct {
		name  string
		daily []float64
		want  float64
	}{
		{"variance over mean, with n−1", []float64{0, 0, 9}, 27. / 3},
		{"less than Poisson is Poisson", []float64{5, 5, 5, 6}, 1},
		{"a day not known is no day without events", []float64{0, nan, 0, 9, nan}, 9},
		{"no events on any day", []float64{0, 0, 0}, 1},
		{"one day shows no variation", []float64{3, nan}, nan},
		{"no days", nil, nan},
	} {
		if got := Dispersion(tt.daily); !near(got, tt.want, 1e-12) {
			t.Errorf("%s: Dispersion(%v) = %v, want %v", tt.name, tt.daily, got, tt.want)
		}
	}
}

// methods.md, real check under D3: munitions launched nationally in March 2025,
// with their totals and dispersion as printed there. The limits were computed with
// z = 1.96, which is the quantile of a level slightly above .95; the 95 % limits
// differ from them by 4 in a million.
func TestAdjustedReference(t *testing.T) {
	level := math.Erf(1.96 / math.Sqrt2)
	for _, tt := range []struct {
		x1, x0     int64
		t1         float64
		phi        float64
		rr, lo, hi float64
	}{
		{1632, 4190, 11, 15.900681, .9914515, .7892779, 1.2454118},
		{538, 3969, 4, 13.309622, .9488536, .6831693, 1.3178625},
	} {
		got := Adjusted(tt.x1, tt.t1, tt.x0, 28, tt.phi, level)
		if !printed(got.Lo, tt.lo, 7) || !printed(got.Hi, tt.hi, 7) {
			t.Errorf("Adjusted(%d, %v, %d, 28, %v) = %v, want %v, %v", tt.x1, tt.t1, tt.x0, tt.phi, got, tt.lo, tt.hi)
		}
		got = Adjusted(tt.x1, tt.t1, tt.x0, 28, tt.phi, .95)
		if !near(got.Lo, tt.lo, 1e-5) || !near(got.Hi, tt.hi, 1e-5) {
			t.Errorf("at .95: %v, want about %v, %v", got, tt.lo, tt.hi)
		}
		if r := Compare(tt.x1, tt.t1, tt.x0, 28, .95); !printed(r.RR, tt.rr, 7) {
			t.Errorf("RR %v, want %v", r.RR, tt.rr)
		}
	}
	r := Compare(1632, 11, 4190, 28, .95)
	if !printed(r.Central.Lo, .936, 3) || !printed(r.Central.Hi, 1.050, 3) {
		t.Errorf("Poisson interval %v, want .936, 1.050", r.Central)
	}
}

func TestAdjustedWithoutEvents(t *testing.T) {
	t.Run("φ = 1 is the exact interval", func(t *testing.T) {
		for _, c := range [][2]int64{{0, 21}, {3, 0}} {
			want := Compare(c[0], 7, c[1], 28, .95).Central
			if got := Adjusted(c[0], 7, c[1], 28, 1, .95); got != want {
				t.Errorf("%v: %v, want %v", c, got, want)
			}
		}
	})
	t.Run("φ events count as one", func(t *testing.T) {
		for _, c := range [][4]int64{{0, 40, 0, 8}, {40, 0, 8, 0}} {
			want := Compare(c[2], 7, c[3], 28, .95).Central
			if got := Adjusted(c[0], 7, c[1], 28, 5, .95); !near(got.Lo, want.Lo, 1e-12) || !near(got.Hi, want.Hi, 1e-12) {
				t.Errorf("%v: %v, want %v", c, got, want)
			}
		}
	})
	t.Run("less than one event's worth is very wide", func(t *testing.T) {
		// (1−p)^(1/16) = .025
		if got, want := Adjusted(0, 1, 1, 1, 16, .95).Hi, math.Pow(.025, -16)-1; !near(got, want, 1e-9) {
			t.Errorf("upper limit %v, want %v", got, want)
		}
	})
	t.Run("nothing known", func(t *testing.T) {
		for name, got := range map[string]Interval{
			"no events":           Adjusted(0, 7, 0, 28, 2, .95),
			"dispersion unknown":  Adjusted(3, 7, 9, 28, nan, .95),
			"dispersion below 1":  Adjusted(3, 7, 9, 28, .5, .95),
			"no exposure":         Adjusted(3, 0, 9, 28, 2, .95),
			"no exposure, zero":   Adjusted(0, 7, 9, nan, 2, .95),
			"infinite dispersion": Adjusted(0, 7, 0, 28, inf, .95),
		} {
			if !math.IsNaN(got.Lo) || !math.IsNaN(got.Hi) {
				t.Errorf("%s: %v, want NaN, NaN", name, got)
			}
		}
	})
}

func TestPredictiveAtMost(t *testing.T) {
	// methods.md, worked example D3.
	for _, tt := range []struct {
		obs, x0 int64
		t1      float64
		want    float64
	}{
		{0, 21, 6, .0153851225},
		{1, 21, 7, .0437230641},
		{1, 21, 3, .3453527624},
		{100, 443, 7, .1902551236},
	} {
		if got := PredictiveAtMost(tt.obs, tt.x0, 28, tt.t1); !printed(got, tt.want, 10) {
			t.Errorf("PredictiveAtMost(%d, %d, 28, %v) = %.12f, want %v", tt.obs, tt.x0, tt.t1, got, tt.want)
		}
	}
	t.Run("it is the sum of the negative binomial", func(t *testing.T) {
		// P(0) = p^r; P(k+1) = P(k)·(r+k)/(k+1)·(1−p)
		r, p := 2.5, 28./35
		term := math.Pow(p, r)
		sum := 0.
		for k := range int64(30) {
			sum += term
			if got := PredictiveAtMost(k, 2, 28, 7); !near(got, sum, 1e-12) {
				t.Errorf("at most %d: %v, want %v", k, got, sum)
			}
			term *= (r + float64(k)) / float64(k+1) * (1 - p)
		}
	})
	if got := PredictiveAtMost(1, 2, 0, 7); !math.IsNaN(got) {
		t.Errorf("without baseline: %v, want NaN", got)
	}
}

func TestPlaceboRank(t *testing.T) {
	// methods.md, worked example D3.
	for _, tt := range []struct {
		name     string
		baseline []float64
		window   int
		observed float64
		p        float64
		m        int
	}{
		{"city, 6 d", city, 6, 0, 1. / 24, 23},
		{"city, 7 d", city, 7, 1, 1. / 23, 22},
		{"city, 3 d", city, 3, 1, 9. / 27, 26},
		{"country, 7 d", country, 7, 100, 1. / 23, 22},
		{"a window with a day not known is left out", []float64{1, 2, nan, 3, 4}, 2, 3, 2. / 3, 2},
		{"ties count as at most", []float64{2, 2, 2}, 1, 2, 1, 3},
		{"hours in fractions tie in spite of rounding", []float64{.1, .2, .7}, 2, .3, 2. / 3, 2},
		{"no window fits", []float64{1, 2}, 3, 0, 1, 0},
		{"observed not known", city, 6, nan, nan, 23},
	} {
		p, m := PlaceboRank(tt.baseline, tt.window, tt.observed)
		if !near(p, tt.p, 1e-12) || m != tt.m {
			t.Errorf("%s: %v of %d, want %v of %d", tt.name, p, m, tt.p, tt.m)
		}
	}
}
