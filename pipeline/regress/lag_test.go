package regress

import (
	"math"
	"slices"
	"testing"
)

func lagged(maxLag int, lag Basis) (*CrossBasis, Model) {
	c := NewCrossBasis("s", d1S, nil, maxLag, Linear, lag)
	return c, Model{Response: d1Y, Terms: c.Terms}
}

// methods.md 9.6 a.
func TestUnconstrainedLagsReference(t *testing.T) {
	c, m := lagged(3, EachLag(3))
	f := mustFit(t, m)
	naive, nw := f.ModelBased(), f.NeweyWest(DailyLags, false)
	for k, want := range []string{".1570811739", ".0464862999", ".1318050418", ".0650373685"} {
		printed(t, "lag", c.AtLag(f, naive, 1, 0, k, .95).Estimate, want)
	}
	e := c.Cumulative(f, naive, 1, 0, .95)
	printed(t, "cumulative", e.Estimate, ".4004098840")
	printed(t, "its SE", e.SE, ".0689122602")
	printed(t, "its SE, Newey–West", c.Cumulative(f, nw, 1, 0, .95).SE, ".1074774617")
}

// methods.md 9.6 b.
func TestLagStrataReference(t *testing.T) {
	c, m := lagged(5, Strata(1, 3))
	f := mustFit(t, m)
	naive, nw := f.ModelBased(), f.NeweyWest(DailyLags, false)
	for k, want := range []string{".1377566408", ".0987127633", ".0987127633", ".0258241673", ".0258241673", ".0258241673"} {
		printed(t, "lag", c.AtLag(f, naive, 1, 0, k, .95).Estimate, want)
	}
	e := c.Cumulative(f, naive, 1, 0, .95)
	printed(t, "cumulative", e.Estimate, ".4126546693")
	printed(t, "its SE", e.SE, ".0809873575")
	printed(t, "its SE, Newey–West", c.Cumulative(f, nw, 1, 0, .95).SE, ".1297790420")
	ratio, lo, hi := e.Ratio()
	printed(t, "ratio", ratio, "1.510823202")
	printed(t, "lower", lo, "1.289072")
	printed(t, "upper", hi, "1.770721")
	if f.N != 115 {
		t.Errorf("n %d", f.N)
	}
}

// methods.md 9.6 c.
func TestPolynomialLagsReference(t *testing.T) {
	c, m := lagged(7, Polynomial(2, 7))
	f := mustFit(t, m)
	naive, nw := f.ModelBased(), f.NeweyWest(DailyLags, false)
	for j, want := range []string{".1415980872", "-.3342568772", ".2268813362"} {
		printed(t, "coefficient", f.Coef[j+1], want)
	}
	e := c.Cumulative(f, naive, 1, 0, .95)
	printed(t, "cumulative", e.Estimate, ".4439895778")
	printed(t, "its SE", e.SE, ".0921475923")
	printed(t, "its SE, Newey–West", c.Cumulative(f, nw, 1, 0, .95).SE, ".1309469098")
	for lag, want := range map[int]string{0: ".1415980872", 4: ".0246778590", 7: ".0342225461"} {
		printed(t, "at a lag", c.AtLag(f, naive, 1, 0, lag, .95).Estimate, want)
	}
}

// methods.md 9.6 d.
func TestSplineCrossBasisReference(t *testing.T) {
	values := NaturalSpline([]float64{-15, -8, 0}, -21, 5, false)
	row := values(-20)
	for j, want := range []string{".0006105006", "-.0328081316", ".1181092738", "-.0853011422"} {
		printed(t, "ns(−20)", row[j], want)
	}
	c := NewCrossBasis("temp", d1Temp, nil, 10, values, NaturalSpline([]float64{1, 4}, 0, 10, true))
	f := mustFit(t, Model{Response: d1Y, Terms: c.Terms})
	if f.N != 110 || f.Rank != 17 || len(c.Terms) != 16 {
		t.Errorf("n %d, rank %d, %d terms", f.N, f.Rank, len(c.Terms))
	}
	printed(t, "deviance", f.Deviance, "82.59253734")
	naive, nw := f.ModelBased(), f.NeweyWest(DailyLags, false)
	for _, tt := range []struct {
		at                 float64
		estimate, se, seNW string
	}{
		{-20, "-.5584591449", ".3637483600", ".4757751635"},
		{-15, "-.1999187417", ".1782178874", ".1871454432"},
		{-10, "-.2626232805", ".2525703587", ".2255716278"},
	} {
		e := c.Cumulative(f, naive, tt.at, 0, .95)
		printed(t, "cumulative", e.Estimate, tt.estimate)
		printed(t, "its SE", e.SE, tt.se)
		printed(t, "its SE, Newey–West", c.Cumulative(f, nw, tt.at, 0, .95).SE, tt.seNW)
	}
	printed(t, "cumulative at −5", c.Cumulative(f, naive, -5, 0, .95).Estimate, ".0284684670")
	ratio, _, _ := c.Cumulative(f, naive, -20, 0, .95).Ratio()
	printed(t, "ratio at −20", ratio, ".5720898927")

	t.Run("lags add up to the cumulative estimate", func(t *testing.T) {
		var total float64
		for lag := range 11 {
			total += c.AtLag(f, naive, -12, 0, lag, .95).Estimate
		}
		if want := c.Cumulative(f, naive, -12, 0, .95).Estimate; !near(total, want, 1e-10) {
			t.Errorf("%v, want %v", total, want)
		}
	})
	t.Run("another centre shifts, and no more", func(t *testing.T) {
		a := c.Cumulative(f, naive, -20, 0, .95).Estimate - c.Cumulative(f, naive, -10, 0, .95).Estimate
		if b := c.Cumulative(f, naive, -20, -10, .95).Estimate; !near(a, b, 1e-9) {
			t.Errorf("%v, want %v", b, a)
		}
		if e := c.Cumulative(f, naive, -10, -10, .95); e.Estimate != 0 || e.SE != 0 || e.Reason != nil || !math.IsNaN(e.P) {
			t.Errorf("at the centre: %+v", e)
		}
	})
	t.Run("nothing is predicted outside the observed range, though the spline would", func(t *testing.T) {
		// The boundary knots are at −21 and 5; −20.8 and 4.6 were the extremes.
		for _, at := range []float64{-20.9, 4.7, math.NaN(), math.Inf(-1)} {
			e := c.Cumulative(f, naive, at, 0, .95)
			mustBe(t, "outside", e.Reason, ErrOutsideRange)
			if !math.IsNaN(e.Estimate) || !math.IsNaN(e.Lo) {
				t.Errorf("at %v: %+v", at, e)
			}
		}
		mustBe(t, "lag 11", c.AtLag(f, naive, -10, 0, 11, .95).Reason, ErrOutsideRange)
		mustBe(t, "lag −1", c.AtLag(f, naive, -10, 0, -1, .95).Reason, ErrOutsideRange)
	})
	t.Run("days beyond the outer knots come in few spells", func(t *testing.T) {
		below, above := c.Beyond(-15, 0)
		for _, tt := range []struct {
			got  Beyond
			past func(float64) bool
		}{{below, func(x float64) bool { return x < -15 }}, {above, func(x float64) bool { return x > 0 }}} {
			steps, runs := 0, 0
			for i, x := range d1Temp {
				if tt.past(x) {
					steps++
					if i == 0 || !tt.past(d1Temp[i-1]) {
						runs++
					}
				}
			}
			if tt.got.Steps != steps || tt.got.Runs != runs || !(tt.got.Effective > 0 && tt.got.Effective < float64(steps)/2) {
				t.Errorf("%+v, want %d days in %d runs, worth fewer than half", tt.got, steps, runs)
			}
		}
	})
}

func TestNaturalSpline(t *testing.T) {
	knots, lo, hi := []float64{-3, 1, 2.5}, -6., 4.
	for _, intercept := range []bool{true, false} {
		b := NaturalSpline(knots, lo, hi, intercept)
		want := len(knots) + 1
		if intercept {
			want++
		}
		if got := len(b(0)); got != want {
			t.Fatalf("%d columns, want %d", got, want)
		}
		t.Run("it is straight beyond the boundary, and smooth there and at knots", func(t *testing.T) {
			const h = 1e-3
			for _, at := range []float64{lo, hi, -3, 1, 2.5} {
				for j := range want {
					// Second differences on both sides agree as h → 0.
					second := func(x float64) float64 { return (b(x + h)[j] - 2*b(x)[j] + b(x - h)[j]) / (h * h) }
					if d := second(at-h) - second(at+h); math.Abs(d) > .02 {
						t.Errorf("column %d at %v: second derivatives differ by %v", j, at, d)
					}
				}
			}
			for _, at := range []float64{lo - 5, lo - .1, hi + .1, hi + 20} {
				for j := range want {
					if d := b(at + .05)[j] - 2*b(at)[j] + b(at - .05)[j]; math.Abs(d) > 1e-12 {
						t.Errorf("column %d bends at %v: %v", j, at, d)
					}
				}
			}
		})
	}
	t.Run("with the intercept it holds every straight line", func(t *testing.T) {
		b := NaturalSpline(knots, lo, hi, true)
		var one, line []float64
		columns := make([]Term, 5)
		for j := range columns {
			columns[j].Name = string(rune('a' + j))
		}
		for x := -8.; x <= 6; x += .37 {
			one, line = append(one, 1), append(line, 3-2*x)
			for j, v := range b(x) {
				columns[j].X = append(columns[j].X, v)
			}
		}
		f := Model{Family: Gaussian, Response: line, Terms: columns, NoIntercept: true}.Fit()
		mustBe(t, "a line fitted exactly", f.Reason, ErrZeroVariance)
		_ = one
	})
	mustPanic(t, "knots out of order", func() { NaturalSpline([]float64{2, 1}, 0, 3, true) })
	mustPanic(t, "a knot on the boundary", func() { NaturalSpline([]float64{0, 1}, 0, 3, true) })
	mustPanic(t, "a knot not known", func() { NaturalSpline([]float64{math.NaN()}, 0, 3, true) })
}

func TestLagsAndGaps(t *testing.T) {
	nan := math.NaN()
	rows := func(c *CrossBasis) (known []int) {
		for i := range c.Terms[0].X {
			if !slices.ContainsFunc(c.Terms, func(term Term) bool { return math.IsNaN(term.X[i]) }) {
				known = append(known, i)
			}
		}
		return known
	}
	x := []float64{1, 2, 3, nan, 5, 6, 7, 8}
	for _, tt := range []struct {
		name   string
		series []int
		lags   int
		want   []int
	}{
		{"the longest lag of rows drops at the start and after a gap", nil, 2, []int{2, 6, 7}},
		{"no lag drops only the gap", nil, 0, []int{0, 1, 2, 4, 5, 6, 7}},
		{"no lag reaches into another series", []int{1, 1, 1, 1, 1, 2, 2, 2}, 1, []int{1, 2, 6, 7}},
		{"a lag as long as the record leaves nothing", nil, 8, nil},
	} {
		c := NewCrossBasis("x", x, tt.series, tt.lags, Linear, EachLag(tt.lags))
		if got := rows(c); !slices.Equal(got, tt.want) {
			t.Errorf("%s: rows %v, want %v", tt.name, got, tt.want)
		}
	}
	c := NewCrossBasis("x", x, nil, 1, Linear, EachLag(1))
	if c.Terms[0].X[5] != 6 || c.Terms[1].X[5] != 5 || c.Terms[1].Name != "x.v1.l2" || c.Lo != 1 || c.Hi != 8 {
		t.Errorf("%v", c)
	}
	t.Run("a fit counts the rows that a gap costs", func(t *testing.T) {
		s := slices.Clone(d1S)
		s[60] = nan
		c := NewCrossBasis("s", s, nil, 3, Linear, EachLag(3))
		f := mustFit(t, Model{Response: d1Y, Terms: c.Terms})
		if f.Dropped.Terms != 3+4 || f.N != 113 || slices.Contains(f.Rows, 63) || !slices.Contains(f.Rows, 64) {
			t.Errorf("%+v, n %d", f.Dropped, f.N)
		}
	})
	t.Run("an infinite value is not known", func(t *testing.T) {
		c := NewCrossBasis("x", []float64{1, math.Inf(1), 3, 4}, nil, 1, Linear, EachLag(1))
		if got := rows(c); !slices.Equal(got, []int{3}) || c.Hi != 4 {
			t.Errorf("rows %v, up to %v", got, c.Hi)
		}
	})
	t.Run("nothing observed, nothing predicted", func(t *testing.T) {
		c := NewCrossBasis("x", []float64{nan, nan, nan}, nil, 1, Linear, EachLag(1))
		f := Model{Response: []float64{1, 2, 3}, Terms: c.Terms}.Fit()
		nothingEstimated(t, f)
		e := c.Cumulative(f, f.HC0(), 1, 0, .95)
		mustBe(t, "range", e.Reason, ErrOutsideRange)
		if b, _ := c.Beyond(0, 1); b.Steps != 0 || !math.IsNaN(b.Effective) {
			t.Errorf("%+v", b)
		}
	})
}
