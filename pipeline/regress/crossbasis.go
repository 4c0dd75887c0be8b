package regress

import (
	"fmt"
	"math"
)

// A CrossBasis is the columns of a distributed lag, possibly non-linear (Gasparrini
// 2010; methods.md 9.6): for basis B of values and C of lags, column (v, l) at t is
//
//	Σ_k B_v(x[t−k])·C_l(k), k from 0 to the longest lag
//
// with l running fastest. A row is not known if x is not on it or on any of the
// rows before it that it looks back on, so a gap also drops the longest lag of rows
// after it, and a series the rows at its start.
type CrossBasis struct {
	Terms  []Term  // named name.v1.l1, name.v1.l2, …
	Lo, Hi float64 // observed range of x; NaN if nothing was

	name       string
	x          []float64
	series     []int
	value, lag Basis
	maxLag     int
	lags       [][]float64 // C(k), by k
}

// NewCrossBasis returns the cross-basis of x, one value a step, over lags from 0 to
// maxLag steps. series is that of [Model]. It panics if lengths differ, maxLag is
// negative or rows of a series are not together.
func NewCrossBasis(name string, x []float64, series []int, maxLag int, value, lag Basis) *CrossBasis {
	if maxLag < 0 {
		panic(fmt.Sprintf("regress: lags up to %d", maxLag))
	}
	if series != nil {
		if len(series) != len(x) {
			panic(fmt.Sprintf("regress: %d rows, series has %d", len(x), len(series)))
		}
		mustBeTogether(series)
	}
	c := &CrossBasis{
		Lo: math.NaN(), Hi: math.NaN(),
		name: name, x: x, series: series, value: value, lag: lag, maxLag: maxLag,
	}
	for k := range maxLag + 1 {
		c.lags = append(c.lags, lag(float64(k)))
	}
	values := make([][]float64, len(x)) // B(x[t]); nil where x is not known
	for t, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		if !(v >= c.Lo) {
			c.Lo = v
		}
		if !(v <= c.Hi) {
			c.Hi = v
		}
		values[t] = value(v)
	}
	nv, nl := len(value(0)), len(c.lags[0])
	for v := range nv {
		for l := range nl {
			c.Terms = append(c.Terms, Term{fmt.Sprintf("%s.v%d.l%d", name, v+1, l+1), make([]float64, len(x))})
		}
	}
	for t := range x {
		known := c.known(t, values)
		for v := range nv {
			for l := range nl {
				total := math.NaN()
				if known {
					total = 0
					for k := range c.lags {
						total += values[t-k][v] * c.lags[k][l]
					}
				}
				c.Terms[v*nl+l].X[t] = total
			}
		}
	}
	return c
}

// known tells whether x is on row t and the maxLag rows before it.
func (c *CrossBasis) known(t int, values [][]float64) bool {
	if t < c.maxLag || c.series != nil && c.series[t-c.maxLag] != c.series[t] {
		return false
	}
	for k := range c.lags {
		if values[t-k] == nil {
			return false
		}
	}
	return true
}

// AtLag returns the logarithm of the ratio that x = value goes with, against x =
// centre, lag steps later. Outside the observed range of x, and at lags beyond the
// longest, there is none: a spline would give one. The fit must have the columns
// in Terms.
func (c *CrossBasis) AtLag(f *Fit, v Covariance, value, centre float64, lag int, level float64) Effect {
	if lag < 0 || lag > c.maxLag {
		e := unknownEffect(v, level)
		e.Reason = fmt.Errorf("%w: lag %d of 0 to %d", ErrOutsideRange, lag, c.maxLag)
		return e
	}
	return c.effect(f, v, value, centre, c.lags[lag], level)
}

// Cumulative returns the sum of [CrossBasis.AtLag] over all lags.
func (c *CrossBasis) Cumulative(f *Fit, v Covariance, value, centre float64, level float64) Effect {
	total := make([]float64, len(c.lags[0]))
	for _, lag := range c.lags {
		for l, w := range lag {
			total[l] += w
		}
	}
	return c.effect(f, v, value, centre, total, level)
}

func (c *CrossBasis) effect(f *Fit, v Covariance, value, centre float64, lag []float64, level float64) Effect {
	for _, x := range []float64{value, centre} {
		if !(x >= c.Lo && x <= c.Hi) {
			e := unknownEffect(v, level)
			e.Reason = fmt.Errorf("%w: %s %v, observed %v to %v", ErrOutsideRange, c.name, x, c.Lo, c.Hi)
			return e
		}
	}
	if value == centre {
		// The same against itself: certain, and no estimate.
		e := unknownEffect(v, level)
		if e.Reason == nil {
			e.Estimate, e.SE, e.Lo, e.Hi = 0, 0, 0, 0
		}
		return e
	}
	weights := make([]float64, len(f.Names))
	at, from := c.value(value), c.value(centre)
	for i := range at {
		for l := range lag {
			weights[f.mustIndex(c.Terms[i*len(lag)+l].Name)] = (at[i] - from[i]) * lag[l]
		}
	}
	return f.Contrast(weights, v, level)
}

// Beyond tells how much was observed past a value, such as the outermost knots of a
// spline, where its shape rests on few spells and not on many days.
type Beyond struct {
	Steps int // with x known and past the value
	Runs  int // of such steps, without a break
	// Effective is Steps·(1−r)/(1+r), at most Steps, where r is the lag-1
	// autocorrelation of being past the value; NaN without steps on both sides.
	Effective float64
}

// Beyond returns what was observed of x below lo, and above hi.
func (c *CrossBasis) Beyond(lo, hi float64) (below, above Beyond) {
	return c.beyond(func(x float64) bool { return x < lo }), c.beyond(func(x float64) bool { return x > hi })
}

func (c *CrossBasis) beyond(past func(x float64) bool) Beyond {
	var b Beyond
	var known float64
	indicator := make([]float64, len(c.x))
	for t, x := range c.x {
		indicator[t] = math.NaN()
		if math.IsNaN(x) {
			continue
		}
		known++
		indicator[t] = 0
		if past(x) {
			indicator[t] = 1
			b.Steps++
			if !(c.follows(t) && indicator[t-1] == 1) {
				b.Runs++
			}
		}
	}
	mean := float64(b.Steps) / known
	var product, square float64
	for t, v := range indicator {
		if math.IsNaN(v) {
			continue
		}
		square += (v - mean) * (v - mean)
		if c.follows(t) && !math.IsNaN(indicator[t-1]) {
			product += (v - mean) * (indicator[t-1] - mean)
		}
	}
	b.Effective = math.NaN()
	if square > 0 {
		r := product / square
		b.Effective = min(1, (1-r)/(1+r)) * float64(b.Steps)
	}
	return b
}

// follows tells whether row t is one step after the row before it.
func (c *CrossBasis) follows(t int) bool {
	return t > 0 && (c.series == nil || c.series[t-1] == c.series[t])
}
