package regress

import (
	"math"
	"testing"
)

// methods.md 9.3.
func TestPoissonReference(t *testing.T) {
	f := mustFit(t, d1(d1Y))
	for j, want := range []string{"1.473136906", ".2694389171", ".02561108427"} {
		printed(t, f.Names[j], f.Coef[j], want)
	}
	printed(t, "deviance", f.Deviance, "130.5833853")
	printed(t, "dispersion", f.Dispersion, "1.123219428")
	printed(t, "log-likelihood", f.LogLik, "-273.7918634")
	if f.N != 120 || f.Rank != 3 || f.DF != 117 {
		t.Errorf("n %d, rank %d, df %d", f.N, f.Rank, f.DF)
	}
	for _, tt := range []struct {
		v    Covariance
		want [3]string
	}{
		{f.ModelBased(), [3]string{".06450311996", ".05264770505", ".009764559063"}},
		{f.Quasi(), [3]string{".06836172691", ".05579711550", ".01034867957"}},
		{f.HC0(), [3]string{".06832357196", ".05834659904", ".009430519699"}},
		{f.HC1(), [3]string{".06919397103", ".05908989779", ".009550658552"}},
		{f.NeweyWest(DailyLags, false), [3]string{".1153509017", ".0819194339", ".01272660156"}},
		{f.NeweyWest(DailyLags, true), [3]string{".1168203992", ".08296303564", ".01288873041"}},
		{f.CR0(d1Week()), [3]string{".1126907246", ".07989890896", ".01454503567"}},
		{f.CR1(d1Week()), [3]string{".1159577990", ".08221529905", ".01496671823"}},
	} {
		for j, name := range f.Names {
			printed(t, tt.v.Method+", "+name, se(t, f, name, tt.v), tt.want[j])
		}
	}
	q, p, err := f.LjungBox(7)
	if err != nil {
		t.Fatal(err)
	}
	printed(t, "Ljung–Box", q, "42.691018")
	printed(t, "its p", p, "3.8e-07")
	alpha, z, err := f.CameronTrivedi()
	if err != nil {
		t.Fatal(err)
	}
	printed(t, "Cameron–Trivedi", alpha, ".0157796")
	printed(t, "its t", z, ".7906")
}

// methods.md 9.3.
func TestNegativeBinomialReference(t *testing.T) {
	m := d1(d1Y2)
	poisson := mustFit(t, m)
	printed(t, "Poisson log-likelihood", poisson.LogLik, "-418.5100681")
	printed(t, "Poisson dispersion", poisson.Dispersion, "4.862018")
	m.Family = NegativeBinomial
	f := mustFit(t, m)
	for j, want := range []string{"1.7366263209", ".2224063190", ".0293125669"} {
		printed(t, f.Names[j], f.Coef[j], want)
	}
	for j, want := range []string{".0959298712", ".0859857084", ".0156903634"} {
		printed(t, "SE of "+f.Names[j], se(t, f, f.Names[j], f.ModelBased()), want)
	}
	printed(t, "θ", f.Theta, "3.337922261")
	// Computed with 30 digits from the trigamma form. MASS prints .594170849, which
	// is that of the step before its last.
	printed(t, "SE of θ", f.ThetaSE, ".5941892328")
	printed(t, "log-likelihood", f.LogLik, "-338.5039725")
	if f.Family != NegativeBinomial || len(f.Warnings) > 0 {
		t.Errorf("%v, warnings %v", f.Family, f.Warnings)
	}
	_, _, err := f.CameronTrivedi()
	mustBe(t, "overdispersion of a fit that has it", err, ErrNotPoisson)
}

func TestThetaThatTheDataDoNotTell(t *testing.T) {
	t.Run("a θ with a standard error above it is marked", func(t *testing.T) {
		m := d1(d1Y)
		m.Family = NegativeBinomial
		f := mustFit(t, m)
		printed(t, "θ", f.Theta, "64")
		printed(t, "SE of θ", f.ThetaSE, "101")
		if len(f.Warnings) != 1 {
			t.Fatalf("warnings %v", f.Warnings)
		}
		mustBe(t, "warning", f.Warnings[0], ErrThetaUncertain)
	})
	t.Run("counts that vary less than Poisson counts are fitted as Poisson", func(t *testing.T) {
		m := Model{Response: numbers("4 5 4 5 4 5 6 4 5 5 5 4"), Terms: []Term{{"x", numbers("1 2 3 4 5 6 7 8 9 10 11 12")}}}
		want := mustFit(t, m)
		m.Family = NegativeBinomial
		f := mustFit(t, m)
		if f.Family != Poisson || !math.IsInf(f.Theta, 1) || len(f.Warnings) != 1 {
			t.Fatalf("%v, θ %v, warnings %v", f.Family, f.Theta, f.Warnings)
		}
		mustBe(t, "warning", f.Warnings[0], ErrNoOverdispersion)
		for j := range f.Coef {
			if f.Coef[j] != want.Coef[j] {
				t.Errorf("%s: %v, Poisson %v", f.Names[j], f.Coef[j], want.Coef[j])
			}
		}
		if f.LogLik != want.LogLik || f.Deviance != want.Deviance {
			t.Errorf("log-likelihood %v, deviance %v", f.LogLik, f.Deviance)
		}
	})
	t.Run("at the estimate the likelihood has no slope in θ", func(t *testing.T) {
		m := d1(d1Y2)
		m.Family = NegativeBinomial
		f := mustFit(t, m)
		likelihood := func(theta float64) float64 {
			other := *f
			other.Theta = theta
			return other.logLik()
		}
		h := 1e-4
		score := (likelihood(f.Theta+h) - likelihood(f.Theta-h)) / (2 * h)
		information := -(likelihood(f.Theta+h) - 2*f.LogLik + likelihood(f.Theta-h)) / (h * h)
		if math.Abs(score) > 1e-6 || !near(information, 1/(f.ThetaSE*f.ThetaSE), 1e-3) {
			t.Errorf("score %v, information %v, SE %v", score, information, f.ThetaSE)
		}
	})
	t.Run("the likelihood is that of the gamma functions", func(t *testing.T) {
		m := d1(d1Y2)
		m.Family = NegativeBinomial
		f := mustFit(t, m)
		gamma := func(x float64) float64 { v, _ := math.Lgamma(x); return v }
		var want float64
		for i, y := range f.y {
			want += gamma(y+f.Theta) - gamma(f.Theta) - gamma(y+1) + f.Theta*math.Log(f.Theta) +
				y*math.Log(f.Mu[i]) - (y+f.Theta)*math.Log(f.Theta+f.Mu[i])
		}
		if !near(f.LogLik, want, 1e-12) {
			t.Errorf("%v, want %v", f.LogLik, want)
		}
	})
}

func TestClosedForms(t *testing.T) {
	t.Run("an intercept is the logarithm of the rate, whatever the exposures", func(t *testing.T) {
		f := mustFit(t, Model{Response: []float64{3, 0, 7, 2}, Exposure: []float64{10, 1, 25, 4}})
		if !near(f.Coef[0], math.Log(12./40), 1e-12) || !near(se(t, f, Intercept, f.ModelBased()), 1/math.Sqrt(12), 1e-9) {
			t.Errorf("%v ± %v", f.Coef[0], se(t, f, Intercept, f.ModelBased()))
		}
	})
	t.Run("a column of two groups is the logarithm of the ratio of rates", func(t *testing.T) {
		f := mustFit(t, Model{
			Response: []float64{4, 2, 9, 3}, Exposure: []float64{2, 3, 4, 1},
			Terms: []Term{{"x", []float64{0, 0, 1, 1}}},
		})
		want := math.Log((12. / 5) / (6. / 5))
		if !near(coef(f, "x"), want, 1e-10) || !near(se(t, f, "x", f.ModelBased()), math.Sqrt(1./12+1./6), 1e-9) {
			t.Errorf("%v, want %v", coef(f, "x"), want)
		}
	})
	t.Run("least squares through three points", func(t *testing.T) {
		f := mustFit(t, Model{Family: Gaussian, Response: []float64{-1, 2, 3}, Terms: []Term{{"x", []float64{0, 1, 2}}}})
		// Slope 2, intercept −2/3; residuals −1/3, 2/3, −1/3.
		if !near(f.Coef[0], -2./3, 1e-12) || !near(f.Coef[1], 2, 1e-12) || !near(f.Deviance, 2./3, 1e-12) {
			t.Errorf("%v, RSS %v", f.Coef, f.Deviance)
		}
		e := f.Effect("x", f.ModelBased(), .95)
		if !near(e.SE, math.Sqrt(2./3/2), 1e-12) || e.DF != 1 || !near(e.Hi-2, 12.706204736*e.SE, 1e-9) {
			t.Errorf("%+v", e)
		}
	})
	t.Run("an exposure twice as large halves the rate and nothing else", func(t *testing.T) {
		m := d1(d1Y)
		one := mustFit(t, m)
		m.Exposure = make([]float64, 120)
		for i := range m.Exposure {
			m.Exposure[i] = 2
		}
		two := mustFit(t, m)
		if !near(two.Coef[0], one.Coef[0]-math.Ln2, 1e-10) || !near(two.Coef[1], one.Coef[1], 1e-10) || !near(two.Deviance, one.Deviance, 1e-12) {
			t.Errorf("%v, %v", one.Coef, two.Coef)
		}
	})
}

// The scores of a maximum are 0, whatever the data.
func TestScoresVanish(t *testing.T) {
	for _, family := range []Family{Poisson, NegativeBinomial, Gaussian} {
		m := d1(d1Y2)
		m.Family = family
		f := mustFit(t, m)
		for j, x := range f.design.basis {
			var score float64
			for i := range x {
				score += x[i] * f.design.score[i]
			}
			if math.Abs(score) > 1e-7 {
				t.Errorf("%v: score of basis %d is %v", family, j, score)
			}
		}
	}
}
