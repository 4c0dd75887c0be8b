package regress

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// The quantiles are those of t of a mean of independent normal values, with the
// Bartlett weights of Newey–West over a share b of the values: drawn here.
func TestFixedBQuantilesAreThoseOfTheirDistribution(t *testing.T) {
	const n, draws = 200, 4000
	random := rand.New(rand.NewPCG(1, 2))
	shares := []float64{.1, .3, 1}
	values := make([][]float64, len(shares))
	x := make([]float64, n)
	for range draws {
		var mean float64
		for i := range x {
			x[i] = random.NormFloat64()
			mean += x[i] / n
		}
		covariances := make([]float64, n)
		for lag := range covariances {
			for i := lag; i < n; i++ {
				covariances[lag] += (x[i] - mean) * (x[i-lag] - mean) / n
			}
		}
		for k, b := range shares {
			m := int(b * n)
			variance := covariances[0]
			for lag := 1; lag < m; lag++ {
				variance += 2 * (1 - float64(lag)/float64(m)) * covariances[lag]
			}
			values[k] = append(values[k], math.Abs(mean)/math.Sqrt(variance/n))
		}
	}
	for k, b := range shares {
		slices.Sort(values[k])
		beyond := draws - len(values[k][:indexAbove(values[k], fixedBQuantile(b))])
		// Four standard errors of a share of 5 %.
		if share, error := float64(beyond)/draws, math.Sqrt(.05*.95/draws); math.Abs(share-.05) > 4*error {
			t.Errorf("b = %v: |t| is beyond %.3f in %.2f %% of draws, not 5", b, fixedBQuantile(b), 100*share)
		}
	}
}

func indexAbove(ascending []float64, limit float64) int {
	i, _ := slices.BinarySearch(ascending, limit)
	return i
}

// d1 by one area: the sums of a day are its row.
func TestDaySumsOfOneAreaAreFixedB(t *testing.T) {
	f := fixedModel().Fit()
	day := make([]int, len(fixedModel().Response))
	for i := range day {
		day[i] = i
	}
	one, sums := f.Effect("x", f.FixedB(), .95), f.Effect("x", f.DaySums(day), .95)
	if math.Abs(one.SE/sums.SE-1) > 1e-12 || one.DF != sums.DF || one.SE == 0 {
		t.Errorf("standard errors %v and %v, degrees %v and %v", one.SE, sums.SE, one.DF, sums.DF)
	}
	// At its own degrees of freedom the interval is that of the quantile.
	b := float64(LongLags(f.N)+1) / float64(f.N)
	if got := (one.Hi - one.Estimate) / one.SE; math.Abs(got-fixedBQuantile(b)) > 1e-6 {
		t.Errorf("half an interval of %v standard errors, want %v", got, fixedBQuantile(b))
	}
}

// Two areas whose rows are the same hold no more than one.
func TestDaySumsDoNotCountAreasThatAgreeTwice(t *testing.T) {
	m := fixedModel()
	n := len(m.Response)
	day := make([]int, n)
	for i := range day {
		day[i] = i
	}
	one := m.Fit()
	twice := Model{Family: Poisson, Response: append(slices.Clone(m.Response), m.Response...), Terms: []Term{{Name: "x", X: append(slices.Clone(m.Terms[0].X), m.Terms[0].X...)}}}
	twice.Series = make([]int, 2*n)
	for i := n; i < 2*n; i++ {
		twice.Series[i] = 1
	}
	two := twice.Fit()
	a, b := one.Effect("x", one.DaySums(day), .95), two.Effect("x", two.DaySums(append(slices.Clone(day), day...)), .95)
	// n/(n−k) differs.
	scale := math.Sqrt(float64(one.N) / float64(one.DF) / (float64(two.N) / float64(two.DF)))
	if math.Abs(a.SE/b.SE/scale-1) > 1e-9 {
		t.Errorf("standard error %v of one area, %v of it twice", a.SE, b.SE)
	}
}

// fixedModel is 60 days of counts in waves.
func fixedModel() Model {
	random := rand.New(rand.NewPCG(3, 4))
	m := Model{Family: Poisson, Terms: []Term{{Name: "x", X: make([]float64, 60)}}, Response: make([]float64, 60)}
	for i := range m.Response {
		m.Terms[0].X[i] = math.Sin(float64(i)/4) + random.Float64()
		m.Response[i] = math.Floor(4 + 3*math.Sin(float64(i)/5) + 3*random.Float64())
	}
	return m
}
