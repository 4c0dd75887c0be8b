package regress

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// The synthetic data sets of methods.md 12. Reference values in tests are those
// printed there, computed with R 4.2.2 (glm at full convergence, MASS, sandwich,
// clubSandwich, gnm, splines, dlnm, strucchange) by the commands beside the data.

// D1: 120 days of strikes s and outages y; temp and cold follow from formulas.
var (
	d1S = numbers(`0 0 1 0 0 0 0 0 0 0 1 1 1 0 0 0 0 0 1 1 1 1 0 0 0 0 0 1 1 1 1 0 1 0 0 0 0 0 1 0 0 0 0 0 1 0 1 0 0 0 1 1 2 2 2 1 2 1 0 1
		1 0 0 0 1 1 0 1 0 0 0 0 0 0 0 1 0 0 1 1 0 1 0 1 0 0 0 1 1 1 0 1 0 1 1 2 2 2 2 2 1 0 1 0 0 0 0 1 2 2 2 0 1 1 2 2 2 1 0 0`)
	d1Y = numbers(`3 3 2 2 3 2 2 1 2 2 2 2 4 3 4 4 4 7 8 4 5 7 8 4 3 3 3 5 10 11 5 3 3 5 7 9 8 6 5 2 2 2 4 6 6 7 4 5 5 3 6 5 9 10 16 6 9 11 10 8
		5 5 8 7 5 3 6 6 8 4 6 3 3 3 3 4 4 7 3 7 9 9 10 9 8 4 6 4 5 8 5 10 7 7 4 11 7 8 11 13 6 7 9 4 4 5 6 9 6 4 5 3 2 2 3 5 8 8 7 7`)
	d1Temp, d1Cold = d1Weather()
	d1Y2           = d1Overdispersed()
)

func d1Weather() (temp, cold []float64) {
	for t := 1.; t <= 120; t++ {
		v := -8 + 9*math.Sin(2*math.Pi*t/37) + 4*math.Cos(2*math.Pi*t/11)
		temp, cold = append(temp, v), append(cold, max(0, -8-v))
	}
	return temp, cold
}

func d1Overdispersed() []float64 {
	y := append([]float64(nil), d1Y...)
	for _, day := range []int{8, 11, 22, 33, 36, 47, 58, 69, 72, 83, 94, 97, 105, 108, 119} {
		y[day-1] *= 3
	}
	return y
}

func d1(y []float64) Model {
	return Model{Response: y, Terms: []Term{{"s", d1S}, {"cold", d1Cold}}}
}

func d1Week() []int {
	week := make([]int, 120)
	for t := range week {
		week[t] = t / 7
	}
	return week
}

// D2: six areas by twenty days, area by area.
func d2() (area, day []int, dark, cold, y []float64) {
	for a := 1; a <= 6; a++ {
		for d := 1; d <= 20; d++ {
			isDark := 0
			if (3*a+5*d+a*d)%7 < 3 {
				isDark = 1
			}
			c := (11*a*d + 4*d + a*a) % 13
			v := 2*a + d/4 + 3*isDark + c/3 + (31*a+17*d*d+5*a*d)%11
			if a == 6 {
				v = 0
			}
			area, day = append(area, a), append(day, d)
			dark, cold, y = append(dark, float64(isDark)), append(cold, float64(c)), append(y, float64(v))
		}
	}
	return area, day, dark, cold, y
}

func TestDataAreThoseOfThePage(t *testing.T) {
	total := func(x []float64) (s float64) {
		for _, v := range x {
			s += v
		}
		return s
	}
	if len(d1S) != 120 || len(d1Y) != 120 || total(d1S) != 72 || total(d1Y) != 675 || total(d1Y2) != 859 {
		t.Errorf("D1: Σs %v, Σy %v, Σy2 %v", total(d1S), total(d1Y), total(d1Y2))
	}
	printed(t, "mean temperature", total(d1Temp)/120, "-7.573973316")
	_, _, _, _, y := d2()
	for d, want := range numbers("15 16 8 10 14 5 11 12 10 19 16 18 15 7 13 19 14 17 10 8") {
		if y[d] != want {
			t.Errorf("D2, area 1, day %d: %v, want %v", d+1, y[d], want)
		}
	}
}

func numbers(text string) []float64 {
	var out []float64
	for _, field := range strings.Fields(text) {
		v, err := strconv.ParseFloat(field, 64)
		if err != nil {
			panic(err)
		}
		out = append(out, v)
	}
	return out
}

// printed fails unless got rounds to want in the digits that want is printed with, or
// is within 5e-9 of it: programs that iterate differ in the last of ten digits.
func printed(t *testing.T, what string, got float64, want string) {
	t.Helper()
	value := numbers(want)[0]
	unit := 1.
	if mantissa, _, _ := strings.Cut(want, "e"); strings.Contains(mantissa, ".") {
		unit = math.Pow(10, -float64(len(mantissa)-strings.Index(mantissa, ".")-1))
	}
	if _, exponent, ok := strings.Cut(want, "e"); ok {
		unit *= math.Pow(10, numbers(exponent)[0])
	}
	if !(math.Abs(got-value) <= max(.501*unit, 5e-9*math.Abs(value))) {
		t.Errorf("%s = %.12g, want %s", what, got, want)
	}
}

// near tells whether got is want to a relative tolerance, NaN like NaN.
func near(got, want, tolerance float64) bool {
	if math.IsNaN(got) || math.IsNaN(want) {
		return math.IsNaN(got) && math.IsNaN(want)
	}
	return got == want || math.Abs(got-want) <= tolerance*max(math.Abs(want), math.Abs(got))
}

func mustFit(t *testing.T, m Model) *Fit {
	t.Helper()
	f := m.Fit()
	if f.Reason != nil {
		t.Fatalf("no fit: %v", f.Reason)
	}
	return f
}

// se returns the standard error of a column.
func se(t *testing.T, f *Fit, name string, v Covariance) float64 {
	t.Helper()
	e := f.Effect(name, v, .95)
	if e.Reason != nil {
		t.Fatalf("%s, %s: %v", name, v.Method, e.Reason)
	}
	return e.SE
}

func coef(f *Fit, name string) float64 { return f.Coef[f.mustIndex(name)] }

func mustBe(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// nothingEstimated fails if a fit without result shows a number.
func nothingEstimated(t *testing.T, f *Fit) {
	t.Helper()
	if f.Reason == nil {
		t.Errorf("estimates %v, want none", f.Coef)
	}
	for name, v := range map[string]float64{"deviance": f.Deviance, "logLik": f.LogLik, "Pearson": f.Pearson, "dispersion": f.Dispersion, "θ": f.Theta} {
		if !math.IsNaN(v) {
			t.Errorf("%s is %v", name, v)
		}
	}
	for j, v := range f.Coef {
		if !math.IsNaN(v) {
			t.Errorf("coefficient of %s is %v", f.Names[j], v)
		}
	}
	cluster := make([]int, f.rows)
	for i := range cluster {
		cluster[i] = i
	}
	for _, v := range []Covariance{f.ModelBased(), f.Quasi(), f.HC0(), f.HC1(), f.NeweyWest(2, true), f.CR0(cluster), f.CR1(cluster), f.CR2(cluster)} {
		if v.Reason == nil || v.V != nil {
			t.Errorf("%s gives %v", v.Method, v.V)
		}
		for _, name := range f.Names {
			if e := f.Effect(name, v, .95); e.Reason == nil || !math.IsNaN(e.Estimate) || !math.IsNaN(e.SE) || !math.IsNaN(e.Lo) || !math.IsNaN(e.P) {
				t.Errorf("%s, %s: %+v", name, v.Method, e)
			}
		}
	}
	if _, _, err := f.LjungBox(1); err == nil {
		t.Error("LjungBox of nothing")
	}
	if _, _, err := f.CameronTrivedi(); err == nil {
		t.Error("CameronTrivedi of nothing")
	}
	if f.PearsonResiduals() != nil {
		t.Error("residuals of nothing")
	}
}

func mustPanic(t *testing.T, what string, do func()) {
	t.Helper()
	defer func() {
		if r := recover(); r == nil || !strings.HasPrefix(fmt.Sprint(r), "regress: ") {
			t.Errorf("%s: panic %v", what, r)
		}
	}()
	do()
}

// poissonCount draws a count with the mean given.
func poissonCount(random *rand.Rand, mean float64) float64 {
	limit, product := math.Exp(-mean), 1.
	for k := 0.; ; k++ {
		if product *= random.Float64(); product < limit {
			return k
		}
	}
}
