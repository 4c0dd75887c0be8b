package regress

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// LongLags returns the lags of [Fit.FixedB] for so many days: 3√n, at least
// [DailyLags] and fewer than half the days.
//
// Decision, 2026-11-28: 3 and not the 1.3 of Lazarus, Lewis, Stock and Watson
// (2018), whose errors depend less on their past than those of waves and of
// outages that last do. Of cold and counts with nothing in common over a winter of
// 150 days (table calibration) the errors of [DailyLags] with the normal quantile
// find something in 10 to 17 %, these in 6 to 9 %.
func LongLags(days int) int {
	return max(min(DailyLags, days-1), min(int(math.Ceil(3*math.Sqrt(float64(days)))), (days-1)/2))
}

// FixedB returns [Fit.NeweyWest] with as many lags as the record bears, LongLags,
// and n/(n−k), read against quantiles that know that so many lags leave few
// independent pieces: those of fixed-b asymptotics (Kiefer and Vogelsang 2005), b
// the share (lags+1)/n. It is the default of one series; the table calibration has
// it beside Newey–West of 7 lags. Not for steps and trends: see
// [Fit.QuasiEffective].
func (f *Fit) FixedB() Covariance {
	lags := LongLags(f.N)
	v := f.NeweyWest(lags, true)
	v.Method = fmt.Sprintf("Newey–West, %d lags, n/(n−k), fixed-b", lags)
	v.fixB(lags, f.N)
	return v
}

// DaySums returns the covariance that holds if rows go together across all areas
// and over time (Driscoll and Kraay 1998): the scores of a day are summed over the
// areas, and the sums go together as in [Fit.FixedB], with n the days that have a
// row. day has one value a row of the model; days that are not there have no
// score. Weather and waves of strikes come over many areas at once, so that areas
// are no independent clusters: it is the default of areas pooled, and the table
// calibration has both beside each other.
// It panics if the length is not that of the model.
func (f *Fit) DaySums(day []int) Covariance {
	if len(day) != f.rows {
		panic(fmt.Sprintf("regress: days of %d rows, model of %d", len(day), f.rows))
	}
	v := f.covariance("sums over areas by day")
	if v.Reason != nil {
		return v
	}
	fitted := make([]int, f.N)
	for i, row := range f.Rows {
		fitted[i] = day[row]
	}
	days := slices.Compact(slices.Sorted(slices.Values(fitted)))
	lags := LongLags(len(days))
	v.Method = fmt.Sprintf("sums over areas by day, Newey–West, %d lags, n/(n−k), fixed-b", lags)
	d := f.design
	p := len(d.basis)
	sums := make([][]float64, p)
	place := make(map[int]int, len(days))
	for i, t := range days {
		place[t] = i
	}
	score := make([]float64, f.N)
	for j, b := range d.basis {
		floats.MulTo(score, b, d.score)
		sums[j] = make([]float64, len(days))
		for i, t := range fitted {
			sums[j][place[t]] += score[i]
		}
	}
	meat := mat.NewSymDense(p, nil)
	for lag := range lags + 1 {
		weight := 1 - float64(lag)/float64(lags+1)
		for a := range p {
			for b := a; b < p; b++ {
				var s sum
				for i, t := range days {
					switch k, ok := place[t-lag]; {
					case !ok:
					case lag == 0:
						s.add(sums[a][i] * sums[b][i])
					default:
						s.add(sums[a][i]*sums[b][k] + sums[b][i]*sums[a][k])
					}
				}
				meat.SetSym(a, b, meat.At(a, b)+weight*s.value())
			}
		}
	}
	v.set(f, f.sandwich(meat, f.smallSample()))
	v.fixB(lags, len(days))
	return v
}

// fixB sets the degrees of freedom at which Student's t has the fixed-b quantile
// of 95 % for Bartlett weights, the polynomial of Kiefer and Vogelsang (2005,
// table 1). At other levels, and for p, that t stands in for the distribution.
// fixedb_test.go draws the distribution anew.
func (v *Covariance) fixB(lags, n int) {
	if v.Reason != nil {
		return
	}
	b := min(1, float64(lags+1)/float64(n))
	quantile := fixedBQuantile(b)
	low, high := math.Log(1.), math.Log(1e6)
	for range 60 {
		middle := (low + high) / 2
		if (distuv.StudentsT{Mu: 0, Sigma: 1, Nu: math.Exp(middle)}).CDF(quantile) < .975 {
			low = middle
		} else {
			high = middle
		}
	}
	v.DF = math.Exp(low)
}

// fixedBQuantile is the quantile .975 of t at a share b of lags.
func fixedBQuantile(b float64) float64 {
	return 1.9600 + 2.9694*b + .4160*b*b - .5324*b*b*b
}
