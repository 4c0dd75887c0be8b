package regress

import (
	"math"
	"slices"
	"testing"
)

// With a row in each cluster CR2 is HC2, e²/(1−h), and in the comparison of two means
// both the variance and the degrees of freedom have a closed form (Imbens, Kolesár
// 2016, section II).
func TestCR2OfTwoMeans(t *testing.T) {
	y := numbers("3 5 9 1 4 7 8 2 6 6 13")
	group := numbers("0 0 0 0 0 0 0 1 1 1 1")
	f := mustFit(t, Model{Family: Gaussian, Response: y, Terms: []Term{{"group", group}}})
	each := make([]int, len(y))
	for i := range each {
		each[i] = i
	}
	e := f.Effect("group", f.CR2(each), .95)
	moments := func(x []float64) (mean, variance float64) {
		for _, v := range x {
			mean += v / float64(len(x))
		}
		for _, v := range x {
			variance += (v - mean) * (v - mean) / float64(len(x)-1)
		}
		return mean, variance
	}
	n0, n1 := 7., 4.
	mean0, v0 := moments(y[:7])
	mean1, v1 := moments(y[7:])
	if want := math.Sqrt(v0/n0 + v1/n1); !near(e.Estimate, mean1-mean0, 1e-12) || !near(e.SE, want, 1e-12) {
		t.Errorf("%v ± %v, want %v ± %v", e.Estimate, e.SE, mean1-mean0, want)
	}
	want := (n0 + n1) * (n0 + n1) * (n0 - 1) * (n1 - 1) / (n1*n1*(n1-1) + n0*n0*(n0-1))
	if !near(e.DF, want, 1e-12) {
		t.Errorf("%v degrees of freedom, want %v", e.DF, want)
	}
}

func TestCR2DoesNotDependOnTheOrderOfRows(t *testing.T) {
	area, day, dark, cold, y := d2()
	fit := func(order []int) Effect {
		pick := func(x []float64) []float64 { return at(x, order) }
		areas, days := make([]int, len(order)), make([]int, len(order))
		for i, r := range order {
			areas[i], days[i] = area[r], day[r]
		}
		f := mustFit(t, Model{Response: pick(y), Terms: slices.Concat([]Term{{"dark", pick(dark)}, {"cold", pick(cold)}}, Dummies("area", areas), Dummies("day", days))})
		return f.Effect("dark", f.CR2(areas), .95)
	}
	forward, backward := make([]int, len(y)), make([]int, len(y))
	for i := range y {
		forward[i], backward[i] = i, (i*7)%len(y)
	}
	a, b := fit(forward), fit(backward)
	if !near(a.SE, b.SE, 1e-8) || !near(a.DF, b.DF, 1e-8) {
		t.Errorf("%v, %v df; %v, %v df", a.SE, a.DF, b.SE, b.DF)
	}
}

func TestCR2IsRefusedWhereItsMatricesAreTooLarge(t *testing.T) {
	n := 2 * (maxClusterRows + 1)
	y, cluster := make([]float64, n), make([]int, n)
	for i := range y {
		y[i], cluster[i] = float64(i%5), i%2
	}
	f := mustFit(t, Model{Response: y})
	v := f.CR2(cluster)
	mustBe(t, "reason", v.Reason, ErrTooLarge)
	if e := f.Effect(Intercept, v, .95); v.V != nil || !math.IsNaN(e.SE) {
		t.Errorf("%+v", e)
	}
}
