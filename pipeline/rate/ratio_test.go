package rate

import (
	"fmt"
	"math"
	"testing"
)

// methods.md 9.2; row 1 also in the test data of statsmodels 0.13.5
// (test_poisson_2indep): E-test .0005672618.
func TestCompareReference(t *testing.T) {
	for _, tt := range []struct {
		x1                          int64
		t1                          float64
		x0                          int64
		t0                          float64
		rr, lo, hi, p, mlo, mhi, mp float64
		etest                       float64
	}{
		{60, 51477.5, 30, 54308.7, 2.1099976, 1.3397357, 3.3883656, .0008561054, 1.3681037, 3.3072967, .0006202649, .0005672618},
		{2, 17887, 10, 20000, .2236261, .0238241, 1.0493677, .0604258077, .0333326, .9169239, .0357065008, .0331594083},
		{1, 7, 28, 56, .2857143, .0069873, 1.7281504, .3038915203, .0138220, 1.5072554, .1847988975, .1908241862},
		{0, 3, 24, 56, 0, 0, 3.1013706, .5716028222, 0, 2.4816768, .2858014111, .2598757196},
	} {
		r := Compare(tt.x1, tt.t1, tt.x0, tt.t0, .95)
		name := fmt.Sprintf("%d/%v : %d/%v", tt.x1, tt.t1, tt.x0, tt.t0)
		for _, c := range []struct {
			what      string
			got, want float64
			digits    int
		}{
			{"RR", r.RR, tt.rr, 7},
			{"central lower", r.Central.Lo, tt.lo, 7},
			{"central upper", r.Central.Hi, tt.hi, 7},
			{"p", r.P, tt.p, 10},
			{"mid-p lower", r.MidP.Lo, tt.mlo, 7},
			{"mid-p upper", r.MidP.Hi, tt.mhi, 7},
			{"mid-p", r.PMidP, tt.mp, 10},
			{"E-test", r.PETest, tt.etest, 10},
		} {
			if !printed(c.got, c.want, c.digits) {
				t.Errorf("%s: %s = %.12g, want %v", name, c.what, c.got, c.want)
			}
		}
	}
}

func TestCompareWithoutEvents(t *testing.T) {
	t.Run("none in the baseline leaves the ratio unbounded", func(t *testing.T) {
		r := Compare(3, 7, 0, 28, .95)
		if r.RR != inf || r.Central.Hi != inf || r.MidP.Hi != inf {
			t.Errorf("RR %v, central %v, mid-p %v, want +Inf above", r.RR, r.Central, r.MidP)
		}
		// p³ = .025 for the share of the window.
		p := math.Cbrt(.025)
		if want := p / (1 - p) * 28 / 7; !near(r.Central.Lo, want, 1e-12) {
			t.Errorf("central lower %v, want %v", r.Central.Lo, want)
		}
		if want := 2 * math.Pow(.2, 3); !near(r.P, want, 1e-12) {
			t.Errorf("p %v, want %v", r.P, want)
		}
	})
	t.Run("none at all says nothing", func(t *testing.T) {
		r := Compare(0, 7, 0, 28, .95)
		for _, v := range []float64{r.RR, r.Central.Lo, r.Central.Hi, r.MidP.Lo, r.MidP.Hi} {
			if !math.IsNaN(v) {
				t.Errorf("%+v has a number where nothing is known", r)
			}
		}
		if r.P != 1 || r.PMidP != 1 || r.PETest != 1 {
			t.Errorf("p %v, %v, %v, want 1", r.P, r.PMidP, r.PETest)
		}
	})
	t.Run("without exposure nothing is known, not even p", func(t *testing.T) {
		for _, exposure := range []float64{0, -1, nan, inf} {
			for _, r := range []Ratio{Compare(2, exposure, 5, 28, .95), Compare(2, 7, 5, exposure, .95)} {
				for _, v := range []float64{r.RR, r.Central.Lo, r.Central.Hi, r.P, r.MidP.Lo, r.MidP.Hi, r.PMidP, r.PETest} {
					if !math.IsNaN(v) {
						t.Fatalf("exposure %v: %+v", exposure, r)
					}
				}
			}
		}
	})
}

var pairs = []struct {
	x1 int64
	t1 float64
	x0 int64
	t0 float64
}{
	{0, 6, 21, 28}, {1, 7, 21, 28}, {5, 1, 5, 1}, {3, 7, 0, 28}, {60, 51477.5, 30, 54308.7}, {1632, 11, 4190, 28},
	{12, 1, 4190, 3650}, {4190, 28, 3, 1}, {700, 3, 1500, 9}, {90000, 28, 80000, 28},
}

func TestCompareSwappedGivesTheInverse(t *testing.T) {
	for _, c := range pairs {
		a, b := Compare(c.x1, c.t1, c.x0, c.t0, .9), Compare(c.x0, c.t0, c.x1, c.t1, .9)
		for _, v := range [][2]float64{
			{a.RR, 1 / b.RR}, {a.Central.Lo, 1 / b.Central.Hi}, {a.Central.Hi, 1 / b.Central.Lo},
			{a.MidP.Lo, 1 / b.MidP.Hi}, {a.MidP.Hi, 1 / b.MidP.Lo},
			{a.P, b.P}, {a.PMidP, b.PMidP}, {a.PETest, b.PETest},
		} {
			if !near(v[0], v[1], 1e-8) {
				t.Errorf("%+v\nswapped %+v: %v, %v", a, b, v[0], v[1])
			}
		}
	}
}

func TestCompareAgreesWithItself(t *testing.T) {
	for _, c := range pairs {
		r := Compare(c.x1, c.t1, c.x0, c.t0, .95)
		if out := r.Central.Lo > 1 || r.Central.Hi < 1; out != (r.P < .05) {
			t.Errorf("central %v but p %v for %+v", r.Central, r.P, c)
		}
		if out := r.MidP.Lo > 1 || r.MidP.Hi < 1; out != (r.PMidP < .05) {
			t.Errorf("mid-p %v but p %v for %+v", r.MidP, r.PMidP, c)
		}
		if r.MidP.Lo < r.Central.Lo || r.MidP.Hi > r.Central.Hi || r.PMidP > r.P {
			t.Errorf("mid-p is wider than exact: %+v", r)
		}
		if !(r.Central.Lo <= r.RR && r.RR <= r.Central.Hi) {
			t.Errorf("RR outside its interval: %+v", r)
		}
		wider := Compare(c.x1, c.t1, c.x0, c.t0, .99)
		if wider.Central.Lo > r.Central.Lo || wider.Central.Hi < r.Central.Hi {
			t.Errorf("99 %% interval %v inside the 95 %% one %v", wider.Central, r.Central)
		}
		// Exposure in hours or in days is the same question.
		hours := Compare(c.x1, c.t1*24, c.x0, c.t0*24, .95)
		if !near(hours.RR, r.RR, 1e-12) || !near(hours.Central.Lo, r.Central.Lo, 1e-9) || !near(hours.PETest, r.PETest, 1e-9) {
			t.Errorf("unit of exposure matters: %+v, %+v", r, hours)
		}
	}
}

// The binomial summed term by term: no beta function.
func TestCompareSolvesItsEquations(t *testing.T) {
	binomial := func(x1, x0 int64, p float64) (below, at float64) {
		n := float64(x1 + x0)
		ln, _ := math.Lgamma(n + 1)
		for k := int64(0); k <= x1; k++ {
			a, _ := math.Lgamma(float64(k) + 1)
			b, _ := math.Lgamma(n - float64(k) + 1)
			below += at
			at = math.Exp(ln - a - b + float64(k)*math.Log(p) + (n-float64(k))*math.Log1p(-p))
		}
		return below, at
	}
	for _, c := range pairs {
		if c.x1 == 0 || c.x0 == 0 || c.x1 > 2000 {
			continue
		}
		r := Compare(c.x1, c.t1, c.x0, c.t0, .95)
		share := func(rr float64) float64 { o := rr * c.t1 / c.t0; return o / (1 + o) }
		below, _ := binomial(c.x1, c.x0, share(r.Central.Lo))
		if !near(1-below, .025, 1e-7) {
			t.Errorf("%+v: upper tail at the lower limit %v, want .025", c, 1-below)
		}
		below, at := binomial(c.x1, c.x0, share(r.Central.Hi))
		if !near(below+at, .025, 1e-7) {
			t.Errorf("%+v: lower tail at the upper limit %v, want .025", c, below+at)
		}
		below, at = binomial(c.x1, c.x0, share(r.MidP.Lo))
		if !near(below+at/2, .975, 1e-8) {
			t.Errorf("%+v: mid-p at the lower limit %v, want .975", c, below+at/2)
		}
		below, at = binomial(c.x1, c.x0, share(r.MidP.Hi))
		if !near(below+at/2, .025, 1e-7) {
			t.Errorf("%+v: mid-p at the upper limit %v, want .025", c, below+at/2)
		}
	}
}

// All pairs of counts, one by one.
func TestETestIsTheSumOverAllPairs(t *testing.T) {
	slow := func(x1 int64, t1 float64, x0 int64, t0 float64) float64 {
		z := func(a, b float64) float64 {
			if a+b == 0 {
				return 0
			}
			return math.Abs(a/t1-b/t0) / math.Sqrt((a+b)/(t1*t0))
		}
		rate := float64(x1+x0) / (t1 + t0)
		edge := z(float64(x1), float64(x0)) - 1e-12
		top := int(3*float64(x1+x0)) + 60
		var sum float64
		for i := range top {
			p := math.Exp(logPoisson(float64(i), rate*t1))
			for j := range top {
				if z(float64(i), float64(j)) >= edge {
					sum += p * math.Exp(logPoisson(float64(j), rate*t0))
				}
			}
		}
		return sum
	}
	for x1 := int64(0); x1 <= 6; x1++ {
		for x0 := int64(0); x0 <= 6; x0++ {
			for _, t1 := range []float64{.25, 1, 7} {
				if x1+x0 == 0 {
					continue
				}
				if got, want := eTest(x1, t1, x0, 1), slow(x1, t1, x0, 1); !near(got, want, 1e-10) {
					t.Errorf("eTest(%d, %v, %d, 1) = %.15g, want %.15g", x1, t1, x0, got, want)
				}
			}
		}
	}
	if got, want := eTest(150, 7, 90, 9), slow(150, 7, 90, 9); !near(got, want, 1e-9) {
		t.Errorf("eTest(150, 7, 90, 9) = %.15g, want %.15g", got, want)
	}
}

func TestETestOfLargeCounts(t *testing.T) {
	// At large counts the score statistic is normal: p → erfc(|z|/√2).
	for _, c := range []struct {
		x1     int64
		t1     float64
		x0     int64
		t0     float64
		within float64
	}{
		{1632, 11, 4190, 28, .01},
		{538, 4, 3969, 28, .02},
		{90_000, 28, 90_900, 28, .005},
		{1_000_000, 1, 4_005_000, 4, .002},
	} {
		n, q := float64(c.x1+c.x0), c.t1/(c.t1+c.t0)
		z := (float64(c.x1) - n*q) / math.Sqrt(n*q*(1-q))
		want := math.Erfc(math.Abs(z) / math.Sqrt2)
		if got := Compare(c.x1, c.t1, c.x0, c.t0, .95).PETest; math.Abs(got-want) > c.within*want {
			t.Errorf("%+v: E-test %v, normal %v", c, got, want)
		}
	}
	t.Run("a p too small for a float64 is 0, and takes no time", func(t *testing.T) {
		if p := Compare(1_000_000_000, 1, 0, 1, .95).PETest; p != 0 {
			t.Errorf("p = %v", p)
		}
	})
}

// methods.md, worked example D3, and the target bounds below it. Two numbers that
// are cut off there are rounded here: p of the 3 days, ….0898, and the last upper
// limit, ….5128 (scipy 1.17.1).
func TestCompareWorkedExample(t *testing.T) {
	for _, tt := range []struct {
		name        string
		x1          int64
		t1          float64
		x0          int64
		t0          float64
		expected    float64
		rr          float64
		lo, hi      float64
		p           float64
		loIsUnknown bool // not in the table
	}{
		{"city, 6 d", 0, 6, 21, 28, 4.5, 0, 0, .8961577, .0339071585, false},
		{"city, 7 d", 1, 7, 21, 28, 5.25, .1904762, .0046059, 1.1843315, .0959230692, false},
		{"city, 3 d", 1, 3, 21, 28, 2.25, .4444444, .0107471, 2.7634401, .7153510898, false},
		{"country, 7 d", 100, 7, 443, 28, 110.75, .9029345, .7193819, 1.1240958, .3862544197, false},
		{"city, wash-out, 6 d", 0, 6, 16, 21, 4.5714, 0, 0, .9075454, .0358689352, false},
		{"city, wash-out, 7 d", 1, 7, 16, 21, 5.3333, .1875, 0, 1.2069210, .1002259576, true},
		{"targets: 0 of 12 sure", 0, 7, 12, 28, 3, 0, 0, 1.4395753, nan, false},
		{"targets: 0 of 22 with the unknown", 0, 7, 22, 28, 5.5, 0, 0, .7302152, nan, false},
		{"targets: 3 unknown of 12 sure", 3, 7, 12, 28, 3, 1, .1810915, 3.7055128, nan, false},
	} {
		r := Compare(tt.x1, tt.t1, tt.x0, tt.t0, .95)
		if !printed(r.Expected(), tt.expected, 4) || !printed(r.RR, tt.rr, 7) || !printed(r.Central.Hi, tt.hi, 7) ||
			!tt.loIsUnknown && !printed(r.Central.Lo, tt.lo, 7) || !math.IsNaN(tt.p) && !printed(r.P, tt.p, 10) {
			t.Errorf("%s: expected %v, RR %v, central %v, p %v; want %+v", tt.name, r.Expected(), r.RR, r.Central, r.P, tt)
		}
	}
}

func BenchmarkCompare(b *testing.B) {
	for _, c := range pairs {
		b.Run(fmt.Sprintf("%d-%d", c.x1, c.x0), func(b *testing.B) {
			for b.Loop() {
				Compare(c.x1, c.t1, c.x0, c.t0, .95)
			}
		})
	}
}
