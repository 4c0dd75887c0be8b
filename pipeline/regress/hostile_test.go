package regress

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestFitsThatCannotBeHad(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	x := Term{"x", []float64{1, 2, 4, 8, 3, 5}}
	for _, tt := range []struct {
		name   string
		m      Model
		reason error
	}{
		{"no rows", Model{}, ErrTooFew},
		{"no row known", Model{Response: []float64{nan, nan}}, ErrTooFew},
		{"no column", Model{Response: []float64{1, 2}, NoIntercept: true}, ErrTooFew},
		{"as many parameters as rows", Model{Response: []float64{1, 2}, Terms: []Term{{"x", []float64{0, 1}}}}, ErrTooFew},
		{"one row", Model{Response: []float64{3}, Exposure: []float64{2}}, ErrZeroVariance},
		{"no events", Model{Response: make([]float64, 6), Terms: []Term{x}}, ErrNoEvents},
		{"a response that does not vary", Model{Response: []float64{4, 4, 4, 4, 4, 4}, Terms: []Term{x}}, ErrZeroVariance},
		{"a response that is a multiple of the exposure", Model{Response: []float64{2, 4, 8, 16, 6, 10}, Exposure: x.X}, ErrZeroVariance},
		{"least squares of a line", Model{Family: Gaussian, Response: []float64{2, 4, 8, 16, 6, 10}, Terms: []Term{x}}, ErrZeroVariance},
		{"a negative count", Model{Response: []float64{1, 2, -1, 3, 4, 5}, Terms: []Term{x}}, ErrNegative},
		{"an infinite count", Model{Response: []float64{1, 2, inf, 3, 4, 5}, Terms: []Term{x}}, ErrNotFinite},
		{"an infinite exposure", Model{Response: []float64{1, 2, 3, 3, 4, 5}, Exposure: []float64{1, 1, inf, 1, 1, 1}}, ErrNotFinite},
		{"an infinite column", Model{Response: []float64{1, 2, 3, 3, 4, 5}, Terms: []Term{{"x", []float64{1, 2, -inf, 4, 2, 1}}}}, ErrNotFinite},
		{"a column of 0", Model{Response: []float64{1, 2, 3, 3, 4, 5}, Terms: []Term{{"x", make([]float64, 6)}}, NoIntercept: true}, ErrAliased},
		{"counts that are not whole, negative binomial", Model{Family: NegativeBinomial, Response: []float64{1, 2.5, 9, 3, 0, 5}, Terms: []Term{x}}, ErrNotWhole},
		{"counts beyond any table, negative binomial", Model{Family: NegativeBinomial, Response: []float64{1, 1e15, 9, 3, 0, 5}, Terms: []Term{x}}, ErrNotFinite},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := tt.m.Fit()
			mustBe(t, "reason", f.Reason, tt.reason)
			nothingEstimated(t, f)
		})
	}
}

// Whatever the numbers, a fit has finite estimates or a reason, and never panics.
func TestAnyNumbersGiveAnEstimateOrAReason(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	odd := []float64{0, 1, 2, 3, 1e-300, 1e300, 1e9, 1e-9, math.MaxFloat64, math.NaN(), math.Inf(1), -1, 700, 1e5}
	draw := func(odds float64) float64 {
		if random.Float64() < odds {
			return odd[random.IntN(len(odd))]
		}
		return float64(random.IntN(4))
	}
	estimated := 0
	for trial := range 3000 {
		n := random.IntN(12)
		odds := .1 * float64(trial%3)
		m := Model{Family: Family(trial % 3), Response: make([]float64, n)}
		for j := range random.IntN(4) {
			m.Terms = append(m.Terms, Term{string(rune('a' + j)), make([]float64, n)})
		}
		if trial%2 == 0 && m.Family != Gaussian {
			m.Exposure = make([]float64, n)
		}
		factor := make([]int, n)
		for i := range n {
			m.Response[i] = draw(odds)
			for _, term := range m.Terms {
				term.X[i] = draw(odds)
			}
			if m.Exposure != nil {
				m.Exposure[i] = 1 + draw(odds)
			}
			factor[i] = random.IntN(3)
		}
		if trial%5 == 0 && m.Family == Poisson {
			m.Absorb = [][]int{factor}
		}
		f := m.Fit()
		if f.Reason != nil {
			nothingEstimated(t, f)
			continue
		}
		estimated++
		d := f.Dropped
		if f.N+d.Response+d.Exposure+d.Terms+d.Uninformative+d.Separated != n {
			t.Errorf("%+v: %d rows of %d", d, f.N, n)
		}
		for j, name := range f.Names {
			left := slices.Contains(f.Aliased, name) || slices.Contains(f.Separated, name)
			if math.IsNaN(f.Coef[j]) != left || math.IsInf(f.Coef[j], 0) {
				t.Errorf("trial %d: %s is %v, left out: %v", trial, name, f.Coef[j], left)
			}
			for _, v := range []Covariance{f.ModelBased(), f.HC0(), f.NeweyWest(1, false), f.CR0(factor), f.CR1(factor)} {
				e := f.Effect(name, v, .95)
				finite := !math.IsNaN(e.Estimate+e.SE) && !math.IsInf(e.Estimate+e.SE, 0)
				if finite == (e.Reason != nil) {
					t.Errorf("trial %d: %s, %s: %+v", trial, name, v.Method, e)
				}
			}
		}
	}
	if estimated < 500 {
		t.Errorf("only %d fits have estimates", estimated)
	}
}

func TestRowsAreDroppedAndCounted(t *testing.T) {
	nan := math.NaN()
	m := d1(slices.Clone(d1Y))
	m.Exposure = slices.Repeat([]float64{1}, 120)
	m.Response[0] = nan
	m.Exposure[0] = nan // counted once, for the first reason
	m.Exposure[5], m.Exposure[6], m.Exposure[7] = nan, 0, -2
	cold := slices.Clone(d1Cold)
	cold[9], cold[119] = nan, nan
	m.Terms[1].X = cold
	f := mustFit(t, m)
	if want := (Dropped{Response: 1, Exposure: 3, Terms: 2}); f.Dropped != want || f.N != 114 || len(f.Rows) != 114 {
		t.Errorf("%+v, n %d", f.Dropped, f.N)
	}
	if len(f.Warnings) != 1 {
		t.Fatalf("warnings %v", f.Warnings)
	}
	mustBe(t, "events on days 7 and 8", f.Warnings[0], ErrNoExposure)
	residuals := f.PearsonResiduals()
	for i, r := range residuals {
		if math.IsNaN(r) == slices.Contains(f.Rows, i) {
			t.Errorf("residual of row %d is %v", i, r)
		}
	}
	t.Run("they change nothing that the others say", func(t *testing.T) {
		var y, s, c []float64
		for _, row := range f.Rows {
			y, s, c = append(y, m.Response[row]), append(s, d1S[row]), append(c, d1Cold[row])
		}
		without := mustFit(t, Model{Response: y, Terms: []Term{{"s", s}, {"cold", c}}})
		for j := range f.Coef {
			if f.Coef[j] != without.Coef[j] {
				t.Errorf("%s: %v, %v", f.Names[j], f.Coef[j], without.Coef[j])
			}
		}
		if a, b := se(t, f, "s", f.HC0()), se(t, without, "s", without.HC0()); a != b {
			t.Errorf("HC0 %v, %v", a, b)
		}
		if a, b := se(t, f, "s", f.NeweyWest(7, false)), se(t, without, "s", without.NeweyWest(7, false)); a == b {
			t.Error("Newey–West takes rows on either side of a gap for neighbours")
		}
	})
	t.Run("Newey–West over a gap is that of scores of 0 in it", func(t *testing.T) {
		// The intercept alone has a covariance without matrices.
		alone := mustFit(t, Model{Response: m.Response, Exposure: m.Exposure})
		if len(alone.Rows) != 116 {
			t.Fatalf("%d rows", len(alone.Rows))
		}
		score := make([]float64, 120)
		var total float64
		for i, row := range alone.Rows {
			score[row] = alone.design.score[i]
			total += alone.Mu[i]
		}
		var meat float64
		for lag := -7; lag <= 7; lag++ {
			for row := range score {
				if other := row + lag; other >= 0 && other < 120 {
					meat += (1 - math.Abs(float64(lag))/8) * score[row] * score[other]
				}
			}
		}
		if got, want := se(t, alone, Intercept, alone.NeweyWest(7, false)), math.Sqrt(meat)/total; !near(got, want, 1e-9) {
			t.Errorf("%v, want %v", got, want)
		}
	})
}

func TestSeriesAreNotJoined(t *testing.T) {
	series := make([]int, 120)
	for i := range series {
		series[i] = i / 40
	}
	m := d1(d1Y)
	joined := mustFit(t, m)
	m.Series = series
	f := mustFit(t, m)
	if a, b := se(t, f, "s", f.NeweyWest(7, false)), se(t, joined, "s", joined.NeweyWest(7, false)); a == b {
		t.Error("Newey–West reaches from one series into another")
	}
	if a, _, _ := f.LjungBox(7); a == 42.691018 {
		t.Error("Ljung–Box reaches from one series into another")
	}
	from, to := f.pairs(3)
	if len(from) != 3*(40-3) {
		t.Errorf("%d pairs", len(from))
	}
	for i := range from {
		if to[i]-from[i] != 3 || series[from[i]] != series[to[i]] {
			t.Errorf("rows %d, %d", from[i], to[i])
		}
	}
	// With a row in each cluster, one series or many, lag 0 is HC0 is CR0.
	each := make([]int, 120)
	for i := range each {
		each[i] = 1000 - i
	}
	if a, b, c := se(t, f, "s", f.HC0()), se(t, f, "s", f.NeweyWest(0, false)), se(t, f, "s", f.CR0(each)); !near(a, b, 1e-13) || !near(a, c, 1e-12) {
		t.Errorf("HC0 %v, no lags %v, a cluster a row %v", a, b, c)
	}
	m.Series = []int{}
	mustPanic(t, "series of another length", func() { m.Fit() })
	m.Series = slices.Clone(series)
	m.Series[119] = 0
	mustPanic(t, "rows of a series apart", func() { m.Fit() })
}

func TestAliasedColumns(t *testing.T) {
	m := d1(d1Y)
	sum := make([]float64, 120)
	for i := range sum {
		sum[i] = 3 + d1S[i] - 2*d1Cold[i]
	}
	m.Terms = []Term{m.Terms[0], {"constant", slices.Repeat([]float64{7}, 120)}, m.Terms[1], {"sum", sum}}
	f := mustFit(t, m)
	want := mustFit(t, d1(d1Y))
	if !slices.Equal(f.Aliased, []string{"constant", "sum"}) || f.Rank != 3 {
		t.Errorf("aliased %q, rank %d", f.Aliased, f.Rank)
	}
	mustBe(t, "warning", f.Warnings[0], ErrAliased)
	if !math.IsNaN(coef(f, "sum")) || coef(f, "cold") != coef(want, "cold") {
		t.Errorf("%v", f.Coef)
	}
	e := f.Effect("sum", f.HC0(), .95)
	mustBe(t, "a column left out", e.Reason, ErrAliased)
	if !math.IsNaN(e.Estimate) || !near(se(t, f, "cold", f.HC0()), se(t, want, "cold", want.HC0()), 1e-12) {
		t.Errorf("%+v", e)
	}
}

// A date, in whatever unit, is far from 0 and varies little.
func TestColumnsFarFromZeroCostNoDigits(t *testing.T) {
	want := mustFit(t, d1(d1Y))
	for _, far := range []struct{ from, unit, tolerance float64 }{{2026, 1. / 365, 1e-9}, {1.7e9, 3600, 1e-9}, {1e9, 1, 1e-7}, {0, 1e200, 1e-9}, {0, 1e-100, 1e-9}} {
		cold := slices.Clone(d1Cold)
		for i := range cold {
			cold[i] = far.from + far.unit*cold[i]
		}
		f := mustFit(t, Model{Response: d1Y, Terms: []Term{{"s", d1S}, {"cold", cold}}})
		if len(f.Aliased) > 0 || !near(coef(f, "cold")*far.unit, coef(want, "cold"), far.tolerance) || !near(f.Deviance, want.Deviance, 1e-9) {
			t.Errorf("%+v: %v, aliased %q", far, f.Coef, f.Aliased)
		}
		covariances := func(f *Fit) []Covariance {
			return []Covariance{f.ModelBased(), f.HC0(), f.NeweyWest(7, false), f.CR1(d1Week()), f.CR2(d1Week())}
		}
		if far.unit == 1e200 {
			continue // the variance of the coefficient is below the smallest number
		}
		for i, v := range covariances(f) {
			w := covariances(want)[i]
			if a, b := se(t, f, "cold", v)*far.unit, se(t, want, "cold", w); !near(a, b, far.tolerance) {
				t.Errorf("%+v: %s %v, want %v", far, v.Method, a, b)
			}
			// The mean at cold 5, which the intercept and the column make together.
			got := f.Contrast([]float64{1, 0, far.from + 5*far.unit}, v, .95)
			if b := want.Contrast([]float64{1, 0, 5}, w, .95); !near(got.SE, b.SE, 10*far.tolerance) || !near(got.Estimate, b.Estimate, 1e-5) {
				t.Errorf("%+v: %s at 5: %v ± %v, want %v ± %v", far, v.Method, got.Estimate, got.SE, b.Estimate, b.SE)
			}
		}
	}
}

func TestSeparation(t *testing.T) {
	t.Run("a group without events is left out, and only its own coefficient", func(t *testing.T) {
		group := []int{1, 1, 1, 2, 2, 2, 3, 3, 3}
		y := numbers("3 5 1 0 0 0 4 6 7")
		x := Term{"x", numbers("1 0 2 1 2 1 0 1 2")}
		f := mustFit(t, Model{Response: y, Terms: append([]Term{x}, Dummies("group", group)...)})
		if f.Dropped.Separated != 3 || !slices.Equal(f.Separated, []string{"group=2"}) || f.N != 6 {
			t.Errorf("%+v, separated %q", f.Dropped, f.Separated)
		}
		want := mustFit(t, Model{
			Response: numbers("3 5 1 4 6 7"),
			Terms:    append([]Term{{"x", numbers("1 0 2 0 1 2")}}, Dummies("group", []int{1, 1, 1, 3, 3, 3})...),
		})
		if !near(coef(f, "x"), coef(want, "x"), 1e-12) || !near(coef(f, "group=3"), coef(want, "group=3"), 1e-12) || !math.IsNaN(coef(f, "group=2")) {
			t.Errorf("%v, want %v", f.Coef, want.Coef)
		}
		e := f.Effect("group=2", f.HC0(), .95)
		mustBe(t, "the group", e.Reason, ErrSeparated)
		mustBe(t, "its warning", f.Warnings[0], ErrSeparated)
		mustBe(t, "what goes with it", f.Attributable(f.HC0(), .95, "x").Number.Reason, ErrSeparated)
	})
	t.Run("where the first group has none, the intercept runs away too", func(t *testing.T) {
		group := []int{1, 1, 1, 2, 2, 2, 3, 3, 3}
		f := mustFit(t, Model{Response: numbers("0 0 0 3 5 1 4 6 7"), Terms: append([]Term{{"x", numbers("1 2 1 1 0 2 0 1 2")}}, Dummies("group", group)...)})
		if !slices.Equal(f.Separated, []string{Intercept, "group=2", "group=3"}) || math.IsNaN(coef(f, "x")) {
			t.Errorf("separated %q, %v", f.Separated, f.Coef)
		}
	})
	t.Run("an exposure that every event has", func(t *testing.T) {
		f := Model{Response: numbers("0 0 0 2 3 1"), Terms: []Term{{"x", numbers("0 0 0 1 1 1")}}}.Fit()
		// Three rows are left, with one rate; neither coefficient is of it alone.
		if !slices.Equal(f.Separated, []string{Intercept, "x"}) || f.Dropped.Separated != 3 {
			t.Errorf("%+v, separated %q", f.Dropped, f.Separated)
		}
		for _, name := range f.Names {
			if e := f.Effect(name, f.HC0(), .95); e.Reason == nil || !math.IsNaN(e.Estimate) {
				t.Errorf("%s: %+v", name, e)
			}
		}
	})
	t.Run("only columns together tell rows apart", func(t *testing.T) {
		// x + z is 1 on rows with events and less on the others.
		f := Model{
			Response: numbers("3 1 4 2 0 0 5 2"),
			Terms:    []Term{{"x", numbers("0 1 .5 .25 .2 -1 .3 2")}, {"z", numbers("1 0 .5 .75 .3 1.5 .7 -1")}},
		}.Fit()
		if f.Dropped.Separated != 2 || len(f.Separated) == 0 {
			t.Errorf("%+v, separated %q, %v", f.Dropped, f.Separated, f.Coef)
		}
	})
	t.Run("a column on rows without events that takes both signs is none", func(t *testing.T) {
		f := mustFit(t, Model{Response: numbers("3 1 4 0 0 2"), Terms: []Term{{"x", numbers("0 0 0 1 -1 0")}}})
		if f.Dropped.Separated != 0 || math.Abs(coef(f, "x")) > 1e-9 {
			t.Errorf("%+v, %v", f.Dropped, f.Coef)
		}
	})
	t.Run("zeros alone are none", func(t *testing.T) {
		f := mustFit(t, Model{Response: numbers("0 0 1 0 0 0 2 0 0 1"), Terms: []Term{{"x", numbers("1 2 3 4 5 6 7 8 9 10")}}})
		if f.Dropped.Separated != 0 {
			t.Errorf("%+v", f.Dropped)
		}
	})
	t.Run("what is found is what runs away, in random designs", func(t *testing.T) {
		random := rand.New(rand.NewPCG(11, 9))
		found := 0
		for trial := range 400 {
			n := 6 + random.IntN(6)
			y := make([]float64, n)
			x := [][]float64{slices.Repeat([]float64{1}, n), make([]float64, n), make([]float64, n), make([]float64, n)}
			for i := range n {
				y[i] = float64(max(0, random.IntN(4)-1))
				for j := 1; j < len(x); j++ {
					x[j][i] = float64(random.IntN(3) - 1)
				}
			}
			if slices.Max(y) == 0 {
				continue
			}
			rows, err := separatedRows(x, y)
			if err != nil {
				t.Errorf("trial %d: %v", trial, err)
				continue
			}
			if want := separatedByTrial(x, y); (len(rows) > 0) != want {
				t.Errorf("trial %d: rows %v, separated %v\ny %v\nx %v", trial, rows, want, y, x)
			}
			if len(rows) > 0 {
				found++
			}
		}
		if found < 50 || found > 350 {
			t.Errorf("%d of 400 separated: no fair test", found)
		}
	})
}

// separatedByTrial tries all combinations of four columns of −1, 0 and 1 with whole
// coefficients up to 4: those on the edge of what separates are determinants of three
// rows, and none is larger.
func separatedByTrial(x [][]float64, y []float64) bool {
	const limit = 4
	b := make([]int, len(x))
	for j := range b {
		b[j] = -limit
	}
	for {
		ok, some := true, false
		for i := range y {
			var z float64
			for j := range x {
				z += float64(b[j]) * x[j][i]
			}
			ok = ok && z >= 0 && (z == 0 || y[i] == 0)
			some = some || z > 0
		}
		if ok && some {
			return true
		}
		j := 0
		for j < len(b) && b[j] == limit {
			b[j] = -limit
			j++
		}
		if j == len(b) {
			return false
		}
		b[j]++
	}
}

func TestCallersMistakes(t *testing.T) {
	y := numbers("1 2 3 4")
	mustPanic(t, "a short column", func() { Model{Response: y, Terms: []Term{{"x", y[1:]}}}.Fit() })
	mustPanic(t, "a short exposure", func() { Model{Response: y, Exposure: y[1:]}.Fit() })
	mustPanic(t, "a name twice", func() { Model{Response: y, Terms: []Term{{"x", y}, {"x", y}}}.Fit() })
	mustPanic(t, "a second intercept", func() { Model{Response: y, Terms: []Term{{Intercept, y}}}.Fit() })
	mustPanic(t, "an exposure of a Gaussian", func() { Model{Family: Gaussian, Response: y, Exposure: y}.Fit() })
	mustPanic(t, "no such family", func() { Model{Family: 9, Response: y}.Fit() })
	mustPanic(t, "three factors", func() { Model{Response: y, Absorb: make([][]int, 3)}.Fit() })
	mustPanic(t, "a short factor", func() { Model{Response: y, Absorb: [][]int{{1}}}.Fit() })
	mustPanic(t, "effects of a Gaussian", func() { Model{Family: Gaussian, Response: y, Absorb: [][]int{{1, 1, 2, 2}}}.Fit() })
	f := mustFit(t, d1(d1Y))
	mustPanic(t, "no such column", func() { f.Effect("warm", f.HC0(), .95) })
	mustPanic(t, "a level of 95", func() { f.Effect("s", f.HC0(), 95) })
	mustPanic(t, "weights of another fit", func() { f.Contrast([]float64{1}, f.HC0(), .95) })
	mustPanic(t, "clusters of another model", func() { f.CR1([]int{1, 2}) })
	mustPanic(t, "negative lags", func() { f.NeweyWest(-1, false) })
	mustPanic(t, "strata of 10 days", func() { TimeStrata(30, 10) })
	mustPanic(t, "a polynomial of degree −1", func() { Polynomial(-1, 7) })
	mustPanic(t, "a polynomial without scale", func() { Polynomial(2, 0) })
	mustPanic(t, "columns of different lengths", func() { Product("x:z", Term{"x", y}, Term{"z", y[1:]}) })
	mustPanic(t, "a cross-basis back from the future", func() { NewCrossBasis("x", y, nil, -1, Linear, Linear) })
	mustPanic(t, "a cross-basis with series of another length", func() { NewCrossBasis("x", y, []int{1}, 1, Linear, EachLag(1)) })
	mustPanic(t, "a point of another fit", func() { f.Additive([]Point{{Weight: 1, X: []float64{1}}}, f.HC0(), .95) })
	line := mustFit(t, Model{Family: Gaussian, Response: d1Y, Terms: InterruptedTerms(120, 60)})
	mustPanic(t, "attributable counts of a Gaussian", func() { line.Attributable(line.HC0(), .95, Trend) })
	mustBe(t, "more lags than rows", f.NeweyWest(120, false).Reason, ErrTooFew)
}

func TestFewClusters(t *testing.T) {
	f := mustFit(t, d1(d1Y))
	for _, tt := range []struct {
		clusters               int
		estimate, limits, open bool
	}{{1, false, false, false}, {2, true, false, false}, {4, true, false, false}, {5, true, true, false}, {9, true, true, false}, {10, true, true, true}} {
		cluster := make([]int, 120)
		for i := range cluster {
			cluster[i] = i * tt.clusters / 120
		}
		for _, v := range []Covariance{f.CR0(cluster), f.CR1(cluster), f.CR2(cluster)} {
			e := f.Effect("s", v, .95)
			if math.IsNaN(e.Estimate) == tt.estimate || math.IsNaN(e.Lo) == tt.limits || math.IsNaN(e.P) == tt.limits || e.Publishable() != tt.open {
				t.Errorf("%d clusters, %s: %+v", tt.clusters, v.Method, e)
			}
			if tt.clusters < PublicClusters && tt.estimate {
				mustBe(t, "marked", e.Warnings[0], ErrFewClusters)
			}
		}
	}
}

func TestCountsThatAreNotWholeHaveNoLikelihood(t *testing.T) {
	y := slices.Clone(d1Y)
	for i := range y {
		y[i] /= 4
	}
	f := mustFit(t, d1(y))
	if !math.IsNaN(f.LogLik) || len(f.Warnings) != 1 {
		t.Errorf("log-likelihood %v, warnings %v", f.LogLik, f.Warnings)
	}
	mustBe(t, "warning", f.Warnings[0], ErrNotWhole)
	// Customer-hours in other units have the same robust errors.
	whole := mustFit(t, d1(d1Y))
	if a, b := se(t, f, "s", f.HC0()), se(t, whole, "s", whole.HC0()); !near(a, b, 1e-8) || !near(coef(f, "s"), coef(whole, "s"), 1e-9) {
		t.Errorf("HC0 %v, %v", a, b)
	}
	_, _, _, err := LikelihoodRatio(f, f)
	mustBe(t, "likelihood ratio", err, ErrNotWhole)
}
