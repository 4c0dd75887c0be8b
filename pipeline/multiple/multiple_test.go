package multiple

import (
	"math"
	"math/rand/v2"
	"testing"
)

var nan = math.NaN()

// digits tells whether got rounds to want at ten decimals.
func digits(got, want float64) bool {
	return math.IsNaN(got) && math.IsNaN(want) || math.Abs(got-want) <= .500001e-10
}

var declared = []float64{.001, .008, .039, .041, .042, .06, .074, .205, .212, .216}

func TestReference(t *testing.T) {
	// methods.md 9.14; p.adjust of R 4.2.2.
	for _, tt := range []struct {
		name    string
		adjust  func([]float64) []float64
		p, want []float64
	}{
		{"Benjamini–Hochberg", BenjaminiHochberg, declared, []float64{.01, .04, .084, .084, .084, .1, .1057142857, .216, .216, .216}},
		{"a null is no test", BenjaminiHochberg, []float64{.01, nan, .02, .02, .5}, []float64{.0266666667, nan, .0266666667, .0266666667, .5}},
		{"Benjamini–Yekutieli", BenjaminiYekutieli, declared, []float64{.0292896825, .1171587302, .2460333333}},
		{"Holm", Holm, declared, []float64{.01, .072, .312}},
		{"Holm without the null", Holm, []float64{.3, nan, .01}, []float64{.3, nan, .02}},
		{"never above 1", Holm, []float64{.6, .7, .9}, []float64{1, 1, 1}},
		{"never above 1", BenjaminiYekutieli, []float64{.6, .7, .9}, []float64{1, 1, 1}},
		{"one test stays", BenjaminiYekutieli, []float64{.03}, []float64{.03}},
		{"only nulls", BenjaminiHochberg, []float64{nan, nan}, []float64{nan, nan}},
		{"no tests", BenjaminiHochberg, nil, nil},
	} {
		got := tt.adjust(tt.p)
		if len(got) != len(tt.p) {
			t.Fatalf("%s: %d values of %d", tt.name, len(got), len(tt.p))
		}
		for i, want := range tt.want {
			if !digits(got[i], want) {
				t.Errorf("%s: p[%d] = %v adjusted to %.12g, want %v", tt.name, i, tt.p[i], got[i], want)
			}
		}
	}
}

func TestProperties(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		p := make([]float64, 1+random.IntN(12))
		for i := range p {
			if p[i] = math.Round(random.Float64()*20) / 20; random.IntN(6) == 0 {
				p[i] = nan
			}
		}
		before := append([]float64(nil), p...)
		bh, by, holm := BenjaminiHochberg(p), BenjaminiYekutieli(p), Holm(p)
		for i := range p {
			if p[i] != before[i] && !math.IsNaN(before[i]) {
				t.Fatal("the argument was changed")
			}
			if math.IsNaN(p[i]) {
				continue
			}
			if !(p[i] <= bh[i] && bh[i] <= by[i] && bh[i] <= holm[i] && by[i] <= 1 && holm[i] <= 1) {
				t.Fatalf("p %v: BH %v, BY %v, Holm %v", p[i], bh[i], by[i], holm[i])
			}
			for j := range p {
				if p[i] <= p[j] && (bh[i] > bh[j] || by[i] > by[j] || holm[i] > holm[j]) {
					t.Fatalf("order of %v and %v turned round", p[i], p[j])
				}
			}
		}
	}
}

func TestAPOutsideItsRangePanics(t *testing.T) {
	for _, p := range []float64{-1e-9, 1.1, math.Inf(1)} {
		for _, adjust := range []func([]float64) []float64{BenjaminiHochberg, BenjaminiYekutieli, Holm} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("p %v accepted", p)
					}
				}()
				adjust([]float64{.5, p})
			}()
		}
	}
}
