package regress

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// methods.md 9.4.
func TestPanelReference(t *testing.T) {
	area, day, dark, cold, y := d2()
	m := Model{Response: y, Terms: []Term{{"dark", dark}, {"cold", cold}}, Absorb: [][]int{area, day}}
	f := mustFit(t, m)
	if f.N != 100 || f.Rank != 26 || f.Dropped.Uninformative != 20 || !slices.Equal(f.AbsorbedDropped[0], []int{6}) || len(f.AbsorbedDropped[1]) > 0 {
		t.Errorf("n %d, rank %d, %+v, left out %v", f.N, f.Rank, f.Dropped, f.AbsorbedDropped)
	}
	for j, want := range []string{".1109898045", ".0217322813"} {
		printed(t, f.Names[j], f.Coef[j], want)
	}
	for _, tt := range []struct {
		v          Covariance
		dark, cold string
	}{
		{f.ModelBased(), ".0682978291", ".0090770665"},
		{f.CR0(area), ".0183234606", ".0055484199"},
		{f.CR1(area), ".0204862518", ".0062033220"},
	} {
		printed(t, tt.v.Method+", dark", se(t, f, "dark", tt.v), tt.dark)
		printed(t, tt.v.Method+", cold", se(t, f, "cold", tt.v), tt.cold)
	}
	e := f.Effect("dark", f.CR1(area), .95)
	printed(t, "lower", e.Lo, ".0541108510")
	printed(t, "upper", e.Hi, ".1678687580")
	if e.DF != 4 || e.Clusters != 5 || e.Publishable() || len(e.Warnings) != 1 {
		t.Errorf("five clusters: %+v", e)
	}
	mustBe(t, "five clusters", e.Warnings[0], ErrFewClusters)

	t.Run("CR2 of the fit with a column an effect", func(t *testing.T) {
		mustBe(t, "absorbed", f.CR2(area).Reason, ErrAbsorbed)
		m := Model{Response: y, Terms: slices.Concat(m.Terms, Dummies("area", area), Dummies("day", day))}
		f := mustFit(t, m)
		e := f.Effect("dark", f.CR2(area), .95)
		printed(t, "SE", e.SE, ".02282")
		printed(t, "degrees of freedom", e.DF, "3.33")
		printed(t, "p", e.P, ".0130")
	})
}

// A fit with effects eliminated is that with a column an effect.
func TestAbsorbedFitIsThatOfDummies(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 1))
	const areas, days = 7, 23
	var area, day []int
	var x, z, y, exposure []float64
	for a := range areas {
		for d := range days {
			if random.Float64() < .25 {
				continue // an unbalanced panel
			}
			area, day = append(area, 10*a), append(day, d)
			x, z = append(x, random.NormFloat64()), append(z, float64(d%3)+random.Float64())
			exposure = append(exposure, 1+random.Float64())
			mean := exposure[len(y)] * math.Exp(1+.1*float64(a)+.3*x[len(y)]+.5*math.Sin(float64(d)))
			y = append(y, poissonCount(random, mean))
		}
	}
	terms := []Term{{"x", x}, {"z", z}}
	for _, tt := range []struct {
		name   string
		absorb [][]int
		dense  []Term
	}{
		{"area", [][]int{area}, Dummies("area", area)},
		{"area and day", [][]int{area, day}, slices.Concat(Dummies("area", area), Dummies("day", day))},
		{"day and area", [][]int{day, area}, slices.Concat(Dummies("area", area), Dummies("day", day))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := mustFit(t, Model{Response: y, Exposure: exposure, Terms: terms, Absorb: tt.absorb, Series: area})
			want := mustFit(t, Model{Response: y, Exposure: exposure, Terms: slices.Concat(terms, tt.dense), Series: area})
			if got.Rank != want.Rank || got.DF != want.DF || !near(got.Deviance, want.Deviance, 1e-10) || !near(got.LogLik, want.LogLik, 1e-10) || !near(got.Pearson, want.Pearson, 1e-9) {
				t.Errorf("rank %d, %d; deviance %v, %v", got.Rank, want.Rank, got.Deviance, want.Deviance)
			}
			covariances := func(f *Fit) []Covariance {
				return []Covariance{f.ModelBased(), f.Quasi(), f.HC0(), f.HC1(), f.NeweyWest(3, true), f.CR0(day), f.CR1(area)}
			}
			for _, name := range []string{"x", "z"} {
				if !near(coef(got, name), coef(want, name), 1e-9) {
					t.Errorf("%s: %v, want %v", name, coef(got, name), coef(want, name))
				}
				for i, v := range covariances(got) {
					if a, b := se(t, got, name, v), se(t, want, name, covariances(want)[i]); !near(a, b, 1e-8) {
						t.Errorf("%s, %s: SE %v, want %v", name, v.Method, a, b)
					}
				}
			}
			for i := range got.Mu {
				if !near(got.Mu[i], want.Mu[i], 1e-8) {
					t.Errorf("row %d: mean %v, want %v", got.Rows[i], got.Mu[i], want.Mu[i])
				}
			}
		})
	}
}

func TestAbsorbedLevels(t *testing.T) {
	t.Run("levels in two groups that share no row cost one parameter more", func(t *testing.T) {
		// Areas 1, 2 are seen on days 1–3, areas 3, 4 on days 4–6.
		area := []int{1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4}
		day := []int{1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6}
		f := mustFit(t, Model{
			Response: numbers("3 1 4 1 5 9 2 6 5 3 5 8"),
			Terms:    []Term{{"x", numbers("1 0 2 0 1 1 3 1 0 0 2 1")}}, Absorb: [][]int{area, day},
		})
		if f.Rank != 4+6-2+1 {
			t.Errorf("rank %d", f.Rank)
		}
	})
	t.Run("leaving out a level may leave another with one row", func(t *testing.T) {
		// Day 9 is seen in area 1, without events, and area 2.
		area := []int{1, 1, 1, 2, 2, 2, 2, 3, 3, 3}
		day := []int{1, 2, 9, 1, 2, 3, 9, 1, 2, 3}
		f := mustFit(t, Model{
			Response: numbers("0 0 0 1 5 3 4 2 6 5"),
			Terms:    []Term{{"x", numbers("1 0 2 0 1 1 3 1 2 0")}}, Absorb: [][]int{area, day},
		})
		if !slices.Equal(f.AbsorbedDropped[0], []int{1}) || !slices.Equal(f.AbsorbedDropped[1], []int{9}) || f.Dropped.Uninformative != 4 || f.N != 6 {
			t.Errorf("left out %v, %+v, n %d", f.AbsorbedDropped, f.Dropped, f.N)
		}
	})
	t.Run("a column that only repeats effects is left out", func(t *testing.T) {
		area, day, dark, _, y := d2()
		byDay := make([]float64, len(day))
		for i, d := range day {
			byDay[i] = 1e6 + math.Sin(float64(d))
		}
		f := mustFit(t, Model{Response: y, Terms: []Term{{"dark", dark}, {"by day", byDay}}, Absorb: [][]int{area, day}})
		if !slices.Equal(f.Aliased, []string{"by day"}) || !math.IsNaN(f.Coef[1]) {
			t.Errorf("%v, aliased %q", f.Coef, f.Aliased)
		}
		f = Model{Response: y, Terms: []Term{{"by day", byDay}}, Absorb: [][]int{area, day}}.Fit()
		mustBe(t, "nothing but effects", f.Reason, ErrAliased)
		nothingEstimated(t, f)
	})
	t.Run("no level has events", func(t *testing.T) {
		f := Model{Response: make([]float64, 6), Terms: []Term{{"x", numbers("1 2 3 4 5 6")}}, Absorb: [][]int{{1, 1, 1, 2, 2, 2}}}.Fit()
		mustBe(t, "no events", f.Reason, ErrNoEvents)
		nothingEstimated(t, f)
	})
	t.Run("every level has one row", func(t *testing.T) {
		f := Model{Response: numbers("1 2 3"), Terms: []Term{{"x", numbers("1 2 4")}}, Absorb: [][]int{{1, 2, 3}}}.Fit()
		mustBe(t, "single rows", f.Reason, ErrUninformative)
		nothingEstimated(t, f)
	})
	t.Run("an exposure that all events have and no other row within its level", func(t *testing.T) {
		f := Model{
			Response: numbers("0 0 3 4 0 0 2 5"), Terms: []Term{{"x", numbers("0 0 1 1 0 0 1 1")}},
			Absorb: [][]int{{1, 1, 1, 1, 2, 2, 2, 2}},
		}.Fit()
		mustBe(t, "separated", f.Reason, ErrSeparated)
		nothingEstimated(t, f)
	})
}

func TestSeparationThatCannotBeDecidedIsNoEstimate(t *testing.T) {
	var area, day []int
	var y, x []float64
	for a := range 200 {
		for d := range 100 {
			area, day = append(area, a), append(day, d)
			y, x = append(y, float64((a+2*d)%3)), append(x, 0)
		}
	}
	x[0] = 1 // on a row without events, and no other
	f := Model{Response: y, Terms: []Term{{"x", x}}, Absorb: [][]int{area, day}}.Fit()
	mustBe(t, "reason", f.Reason, ErrSeparated)
	nothingEstimated(t, f)
}

// methods.md 9.5.
func TestCaseCrossoverReference(t *testing.T) {
	strata := TimeStrata(120, 28)
	m := d1(d1Y)
	m.Absorb = [][]int{strata}
	f := mustFit(t, m)
	if f.N != 114 || len(f.AbsorbedDropped[0]) != 6 || f.DF != 83 {
		t.Errorf("n %d, left out %v, df %d", f.N, f.AbsorbedDropped, f.DF)
	}
	size := map[int]int{}
	for _, s := range strata {
		size[s]++
	}
	count := map[int]int{}
	for _, n := range size {
		count[n]++
	}
	if len(size) != 35 || count[4] != 28 || count[2] != 1 || count[1] != 6 {
		t.Errorf("strata by size: %v", count)
	}
	check := func(f *Fit) {
		t.Helper()
		printed(t, "s", coef(f, "s"), ".3117092157")
		printed(t, "SE of s", se(t, f, "s", f.ModelBased()), ".0621891660")
		printed(t, "cold", coef(f, "cold"), ".0192979222")
		printed(t, "SE of cold", se(t, f, "cold", f.ModelBased()), ".0110954893")
		printed(t, "dispersion", f.Dispersion, "1.027296")
	}
	check(f)
	dense := d1(d1Y)
	dense.Terms = slices.Concat(dense.Terms, Dummies("stratum", strata))
	check(mustFit(t, dense))
}

func bigPanel(areas, days int) Model {
	random := rand.New(rand.NewPCG(9, 9))
	n := areas * days
	m := Model{Response: make([]float64, 0, n)}
	area, day := make([]int, 0, n), make([]int, 0, n)
	strikes, cold := make([]float64, 0, n), make([]float64, 0, n)
	wave := make([]float64, days)
	for d := range wave {
		wave[d] = random.NormFloat64()
	}
	for a := range areas {
		level := random.NormFloat64()
		weather := random.NormFloat64()
		for d := range days {
			weather = .9*weather + random.NormFloat64()
			s := poissonCount(random, .3*math.Exp(.3*level+.5*wave[d]))
			c := max(0, weather+2*math.Cos(2*math.Pi*float64(d)/365))
			y := poissonCount(random, math.Exp(level+.3*wave[d]+.2*s+.05*c))
			if random.Float64() < .05 {
				y = math.NaN() // a gap
			}
			area, day = append(area, a), append(day, d)
			strikes, cold, m.Response = append(strikes, s), append(cold, c), append(m.Response, y)
		}
	}
	m.Terms = []Term{{"s", strikes}, {"cold", cold}}
	m.Absorb = [][]int{area, day}
	m.Series = area
	return m
}

func TestLargePanelFindsWhatItWasMadeWith(t *testing.T) {
	m := bigPanel(60, 300)
	f := mustFit(t, m)
	v := f.CR1(m.Absorb[0])
	for name, want := range map[string]float64{"s": .2, "cold": .05} {
		e := f.Effect(name, v, .999)
		if !(e.Lo < want && want < e.Hi) || e.Hi-e.Lo > .1 || !e.Publishable() {
			t.Errorf("%s: %+v, made with %v", name, e, want)
		}
	}
}

// 1,000 areas by 1,600 days with both effects and clusters; the budget is 10 s.
func BenchmarkPanel(b *testing.B) {
	m := bigPanel(1000, 1600)
	for b.Loop() {
		f := m.Fit()
		v := f.CR1(m.Absorb[0])
		if e := f.Effect("s", v, .95); e.Reason != nil {
			b.Fatal(e.Reason)
		}
		b.ReportMetric(float64(f.Iterations), "iterations")
	}
}
