package regress

import (
	"math"
	"slices"
	"testing"
)

// methods.md 9.7.
func TestInteractionReference(t *testing.T) {
	m := d1(d1Y)
	without := mustFit(t, m)
	m.Terms = append(m.Terms, Product("s:cold", m.Terms[0], m.Terms[1]))
	f := mustFit(t, m)
	naive, nw := f.ModelBased(), f.NeweyWest(DailyLags, false)
	printed(t, "s:cold", coef(f, "s:cold"), ".0174912750")
	printed(t, "its SE", se(t, f, "s:cold", naive), ".0159715811")
	printed(t, "its SE, Newey–West", se(t, f, "s:cold", nw), ".0230273635")
	statistic, df, p, err := LikelihoodRatio(without, f)
	if err != nil || df != 1 {
		t.Fatalf("df %d, %v", df, err)
	}
	printed(t, "likelihood ratio", statistic, "1.204076")
	if !near(p, math.Erfc(math.Sqrt(statistic/2)), 1e-9) {
		t.Errorf("p %v", p)
	}

	got := f.Interaction(Interaction{A: "s", B: "cold", Product: "s:cold", AFrom: 0, ATo: 1, BFrom: 0, BTo: 10}, nw, .95)
	if want := 10 * coef(f, "s:cold"); !near(got.RatioOfRatios.Estimate, want, 1e-12) || !near(got.RatioOfRatios.SE, 10*se(t, f, "s:cold", nw), 1e-12) {
		t.Errorf("ratio of ratios %+v", got.RatioOfRatios)
	}
	mean := func(s, cold float64) float64 {
		return math.Exp(f.Coef[0] + f.Coef[1]*s + f.Coef[2]*cold + f.Coef[3]*s*cold)
	}
	if !near(got.AtBFrom.Estimate, mean(1, 0)-mean(0, 0), 1e-12) || !near(got.AtBTo.Estimate, mean(1, 10)-mean(0, 10), 1e-12) ||
		!near(got.Excess.Estimate, got.AtBTo.Estimate-got.AtBFrom.Estimate, 1e-12) {
		t.Errorf("differences %v, %v, excess %v", got.AtBFrom.Estimate, got.AtBTo.Estimate, got.Excess.Estimate)
	}
	t.Run("the delta method is the slope of the estimate in each coefficient", func(t *testing.T) {
		excess := func(b []float64) float64 {
			at := func(s, cold float64) float64 { return math.Exp(b[0] + b[1]*s + b[2]*cold + b[3]*s*cold) }
			return at(1, 10) - at(0, 10) - at(1, 0) + at(0, 0)
		}
		if want := numericSE(f, nw, excess); !near(got.Excess.SE, want, 1e-6) {
			t.Errorf("SE %v, want %v", got.Excess.SE, want)
		}
	})
	t.Run("the other way round it is no test", func(t *testing.T) {
		_, _, _, err := LikelihoodRatio(f, without)
		mustBe(t, "larger first", err, ErrNotNested)
		short := d1(slices.Clone(d1Y))
		short.Response[3] = math.NaN()
		_, _, _, err = LikelihoodRatio(mustFit(t, short), f)
		mustBe(t, "other rows", err, ErrNotNested)
	})
}

// numericSE is the delta method with a numerical gradient.
func numericSE(f *Fit, v Covariance, of func(b []float64) float64) float64 {
	gradient := make([]float64, len(f.Coef))
	for j := range gradient {
		const h = 1e-6
		b := slices.Clone(f.Coef)
		b[j] += h
		up := of(b)
		b[j] -= 2 * h
		gradient[j] = (up - of(b)) / (2 * h)
	}
	return math.Sqrt(v.along(gradient))
}

func TestAdditive(t *testing.T) {
	f := mustFit(t, d1(d1Y))
	v := f.NeweyWest(DailyLags, false)
	point := Point{Weight: 1, X: []float64{1, 2, 5}}
	e := f.Additive([]Point{point}, v, .95)
	log := f.Contrast(point.X, v, .95)
	if !near(e.Estimate, math.Exp(log.Estimate), 1e-12) || !near(e.SE, e.Estimate*log.SE, 1e-12) {
		t.Errorf("a mean %v ± %v, its logarithm %v ± %v", e.Estimate, e.SE, log.Estimate, log.SE)
	}
	point.Exposure = 15
	if nights := f.Additive([]Point{point}, v, .95); !near(nights.Estimate, 15*e.Estimate, 1e-12) || !near(nights.SE, 15*e.SE, 1e-12) {
		t.Errorf("15 times as long: %+v", nights)
	}
	line := mustFit(t, Model{Family: Gaussian, Response: d1Y, Terms: []Term{{"s", d1S}}})
	difference := line.Additive([]Point{{Weight: 1, X: []float64{1, 3}}, {Weight: -1, X: []float64{1, 1}}}, line.HC0(), .95)
	if !near(difference.Estimate, 2*coef(line, "s"), 1e-10) || !near(difference.SE, 2*se(t, line, "s", line.HC0()), 1e-9) {
		t.Errorf("least squares: %+v", difference)
	}
	m := d1(d1Y)
	m.Absorb = [][]int{TimeStrata(120, 28)}
	absorbed := mustFit(t, m)
	mustBe(t, "absorbed", absorbed.Additive([]Point{{Weight: 1, X: []float64{1, 0}}}, absorbed.HC0(), .95).Reason, ErrAbsorbed)
}

// methods.md 9.8.
func TestAttributableReference(t *testing.T) {
	f := mustFit(t, d1(d1Y))
	got := f.Attributable(f.ModelBased(), .95, "s")
	printed(t, "number", got.Number.Estimate, "110.1494104")
	printed(t, "its SE", got.Number.SE, "22.11840869")
	printed(t, "fraction", got.Fraction.Estimate, ".1631843117")
	nw := f.Attributable(f.NeweyWest(DailyLags, false), .95, "s")
	printed(t, "its SE, Newey–West", nw.Number.SE, "34.30843943")
	if !near(nw.Fraction.SE, nw.Number.SE/675, 1e-12) || !near(nw.Fraction.P, nw.Number.P, 1e-9) {
		t.Errorf("%+v", nw)
	}
	t.Run("the delta method is the slope of the estimate in each coefficient", func(t *testing.T) {
		number := func(b []float64) float64 {
			var total float64
			for i := range d1Y {
				total += math.Exp(b[0]+b[1]*d1S[i]+b[2]*d1Cold[i]) * (1 - math.Exp(-b[1]*d1S[i]))
			}
			return total
		}
		if want := numericSE(f, f.ModelBased(), number); !near(got.Number.SE, want, 1e-6) {
			t.Errorf("SE %v, want %v", got.Number.SE, want)
		}
	})
	t.Run("every column at once", func(t *testing.T) {
		both := f.Attributable(f.ModelBased(), .95, "s", "cold")
		want := 675 - 120*math.Exp(f.Coef[0])
		if !near(both.Number.Estimate, want, 1e-9) {
			t.Errorf("%v, want %v", both.Number.Estimate, want)
		}
	})
	t.Run("absorbed effects have no part in the covariance", func(t *testing.T) {
		m := d1(d1Y)
		m.Absorb = [][]int{TimeStrata(120, 28)}
		f := mustFit(t, m)
		got := f.Attributable(f.HC0(), .95, "s")
		mustBe(t, "absorbed", got.Number.Reason, ErrAbsorbed)
		if !math.IsNaN(got.Fraction.Estimate) {
			t.Errorf("%+v", got)
		}
	})
}

// methods.md 9.9.
func TestInterruptedReference(t *testing.T) {
	m := Model{Response: d1Y, Terms: InterruptedTerms(120, 60)}
	f := mustFit(t, m)
	nw := f.NeweyWest(DailyLags, false)
	printed(t, "level", coef(f, LevelChange), "-.4184342291")
	printed(t, "its SE", se(t, f, LevelChange, f.ModelBased()), ".1457225110")
	printed(t, "its SE, Newey–West", se(t, f, LevelChange, nw), ".1867569026")
	printed(t, "slope", coef(f, SlopeChange), "-.0180692521")
	printed(t, "its SE", se(t, f, SlopeChange, f.ModelBased()), ".0045463884")
	printed(t, "its SE, Newey–West", se(t, f, SlopeChange, nw), ".0060472701")
	m.Family = Gaussian
	f = mustFit(t, m)
	printed(t, "level, least squares", coef(f, LevelChange), "-2.3687320552")
	printed(t, "its SE, Newey–West", se(t, f, LevelChange, f.NeweyWest(DailyLags, false)), "1.2891981815")
	mustPanic(t, "nothing before", func() { InterruptedTerms(10, 0) })
	mustPanic(t, "nothing after", func() { InterruptedTerms(10, 10) })
}

// methods.md 9.16.
func TestEValue(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	printed(t, "E-value", EValue(1.31), "1.947259759")
	for _, tt := range []struct {
		name      string
		got, want float64
	}{
		{"2 needs 2+√2", EValue(2), 2 + math.Sqrt2},
		{"a half is inverted", EValue(.5), 2 + math.Sqrt2},
		{"nothing to explain", EValue(1), 1},
		{"none at all", EValue(0), inf},
		{"no end", EValue(inf), inf},
		{"negative", EValue(-1), nan},
		{"not known", EValue(nan), nan},
		{"very large", EValue(1e200), 2e200},
		{"limits above 1", EValueLimit(2, 9), 2 + math.Sqrt2},
		{"limits below 1", EValueLimit(.1, .5), 2 + math.Sqrt2},
		{"limits that hold 1", EValueLimit(.9, 2), 1},
		{"no upper limit", EValueLimit(2, inf), 2 + math.Sqrt2},
		{"a limit not known", EValueLimit(nan, 2), nan},
		{"limits the wrong way round", EValueLimit(3, 2), nan},
	} {
		if !near(tt.got, tt.want, 1e-12) {
			t.Errorf("%s: %v, want %v", tt.name, tt.got, tt.want)
		}
	}
}
