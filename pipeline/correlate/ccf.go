package correlate

import (
	"fmt"
	"math"
)

// Lagged estimates how y, lag steps later, goes with x: the standard
// cross-correlation
//
//	r = c_xy(lag)/√(c_x(0)·c_y(0)),  c_xy(k) = Σ (x[t−k]−x̄)(y[t]−ȳ)/n
//
// with the means and the n of the whole series (methods.md 9.11). It is the
// default because values at different lags are comparable; [LaggedPairwise] is
// the other convention, and a report says which it shows.
//
// Of a series with gaps, x̄, ȳ, c_x(0) and c_y(0) are taken over the present
// values, and c_xy over the N pairs with both present, divided by N+lag; so does
// R's ccf with na.action = na.pass. A result beyond ±1, which gaps can bring
// about, is cut to it. Without gaps all this is the formula above.
//
// The limits are Fisher's, from NEff pairs instead of N. With fewer than [MinN]
// pairs, a series that does not vary, or an infinite value, R is NaN and Warnings
// says so. Lagged panics if the lengths differ, lag is negative or level is not
// between 0 and 1.
func Lagged(x, y []float64, lag int, level float64) Estimate {
	return newPair(x, y).lagged(lag, level, standard)
}

// LaggedPairwise is [Lagged] by the other convention: the correlation of the N
// pairs (x[t−lag], y[t]) with both present, with their own means and variances.
func LaggedPairwise(x, y []float64, lag int, level float64) Estimate {
	return newPair(x, y).lagged(lag, level, pairwise)
}

// CrossCorrelation returns [Lagged] for every lag from 0 to maxLag. The lags of one
// pair of series are one family of tests.
func CrossCorrelation(x, y []float64, maxLag int, level float64) []Estimate {
	mustLag(maxLag)
	p := newPair(x, y)
	estimates := make([]Estimate, 0, maxLag+1)
	for lag := range maxLag + 1 {
		estimates = append(estimates, p.lagged(lag, level, standard))
	}
	return estimates
}

// Prewhitened is [Lagged] after x and y have both been filtered by the AR(1) model
// of x, v[t] − φ·v[t−1] with φ the lag-1 autocorrelation of x (Box and Jenkins;
// methods.md 9.11). What remains of x hardly resembles its past, so that a peak at
// one lag does not spread to its neighbours. Steps without a value or a
// predecessor drop out.
func Prewhitened(x, y []float64, lag int, level float64) Estimate {
	mustMatch(x, y)
	phi := Autocorrelation(x, 1)[1]
	if math.IsNaN(phi) { // x does not vary, or has no neighbours: Lagged says so
		phi = 0
	}
	filter := func(v []float64) []float64 {
		w := make([]float64, max(0, len(v)-1))
		for t := range w {
			w[t] = v[t+1] - float64(phi*v[t])
		}
		return w
	}
	return Lagged(filter(x), filter(y), lag, level)
}

// Autocorrelation returns the correlations of x with itself 0 to maxLag steps later,
//
//	r_k = c(k)/c(0),  c(k) = Σ (x[t]−x̄)(x[t+k]−x̄)/n
//
// With gaps, c(k) is the sum over the n_k pairs with both present, divided by
// n_k+k, as in R's acf with na.action = na.pass. A lag without any pair, or every
// lag of a series that does not vary, is NaN. It panics if maxLag is negative.
func Autocorrelation(x []float64, maxLag int) []float64 {
	mustLag(maxLag)
	r := make([]float64, maxLag+1)
	for k := range r {
		r[k] = math.NaN()
	}
	s := newSeries(x)
	if !s.varies {
		return r
	}
	top := min(maxLag, len(x)-1)
	sums := lagSums(s.centred, s.centred, top)
	pairs := s.pairCounts(top)
	for k := range sums {
		if pairs[k] > 0 {
			r[k] = sums[k] / (pairs[k] + float64(k)) / s.variance
		}
	}
	return r
}

// A series is a sequence of values ready for sums of products.
type series struct {
	centred  []float64 // value − mean, 0 where there is none
	present  []float64 // 1 where there is a value, else 0
	n        int       // values present
	variance float64   // with divisor n
	varies   bool
}

func newSeries(x []float64) series {
	s := series{centred: make([]float64, len(x)), present: make([]float64, len(x))}
	var sum float64
	first := math.NaN()
	for t, v := range x {
		if math.IsNaN(v) {
			continue
		}
		s.present[t] = 1
		s.n++
		sum += v
		if s.n == 1 {
			first = v
		}
		// Equality, not a small variance: the mean of equal values is rounded.
		s.varies = s.varies || v != first
	}
	mean := sum / float64(s.n)
	for t, v := range x {
		if s.present[t] == 1 {
			s.centred[t] = v - mean
			s.variance += float64(s.centred[t] * s.centred[t])
		}
	}
	s.variance /= float64(s.n)
	return s
}

// pairCounts returns how many pairs of present values lie 0 to maxLag steps apart.
func (s series) pairCounts(maxLag int) []float64 {
	if s.n < len(s.present) {
		counts := lagSums(s.present, s.present, maxLag)
		for k := range counts {
			counts[k] = math.Round(counts[k])
		}
		return counts
	}
	counts := make([]float64, maxLag+1)
	for k := range counts {
		counts[k] = float64(s.n - k)
	}
	return counts
}

// A pair is two series with what every lag of their estimates needs.
type pair struct {
	x, y       []float64
	sx, sy     series
	acfX, acfY []float64 // to a quarter of the length, at least to lag 1
}

func newPair(x, y []float64) pair {
	mustMatch(x, y)
	top := max(1, len(x)/4)
	return pair{x: x, y: y, sx: newSeries(x), sy: newSeries(y), acfX: Autocorrelation(x, top), acfY: Autocorrelation(y, top)}
}

// A convention is a way to correlate the pairs at a lag.
type convention struct {
	own    bool    // with the mean and variance of the pairs, not of the series
	spread float64 // variance of Fisher's z times NEff−3
}

var (
	standard = convention{own: false, spread: 1}
	pairwise = convention{own: true, spread: 1}
	ranked   = convention{own: true, spread: 1.06}
)

func (p pair) lagged(lag int, level float64, c convention) Estimate {
	mustLag(lag)
	mustLevel(level)
	e := notEstimated(lag, level)
	steps := max(0, len(p.x)-lag)
	x, y := p.x[:steps], p.y[len(p.y)-steps:]
	both := make([]float64, steps)
	for t := range both {
		if !math.IsNaN(x[t]) && !math.IsNaN(y[t]) {
			both[t] = 1
			e.N++
		}
	}
	if e.N < MinN {
		e.warn(fmt.Errorf("%w: %d, need %d", ErrTooFew, e.N, MinN))
		return e
	}
	px, py := newSeries(masked(x, both)), newSeries(masked(y, both))
	if !px.varies || !py.varies {
		e.warn(ErrZeroVariance)
		return e
	}
	sum := dot(p.sx.centred[:steps], p.sy.centred[len(p.y)-steps:])
	covariance, varX, varY := sum/float64(e.N+lag), p.sx.variance, p.sy.variance
	if c.own {
		covariance, varX, varY = dot(px.centred, py.centred)/float64(e.N), px.variance, py.variance
	}
	if !(varX > 0 && varY > 0) || math.IsInf(varX, 1) || math.IsInf(varY, 1) {
		e.warn(ErrNotFinite)
		return e
	}
	e.R = max(-1, min(1, covariance/math.Sqrt(varX)/math.Sqrt(varY)))
	pairs := px.pairCounts(e.N / 4)
	e.NEff = effective(pairs, p.acfX, p.acfY)
	e.NEffAR1 = Bretherton(e.N, p.acfX[1], p.acfY[1])
	e.infer(c.spread)
	return e
}

// masked returns x with NaN where keep is 0.
func masked(x, keep []float64) []float64 {
	m := make([]float64, len(x))
	for t := range m {
		m[t] = x[t]
		if keep[t] == 0 {
			m[t] = math.NaN()
		}
	}
	return m
}

// dot returns the sum of products. The conversion keeps the compiler from fusing
// product and sum, which would make results differ between processors.
func dot(a, b []float64) float64 {
	b = b[:len(a)]
	var sum float64
	for t, v := range a {
		sum += float64(v * b[t])
	}
	return sum
}
