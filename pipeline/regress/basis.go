package regress

import (
	"fmt"
	"math"
	"slices"
)

// A Basis expands a value, or a lag in steps, into the columns of a function of it.
type Basis func(x float64) []float64

// Linear is the basis of a straight line through 0.
func Linear(x float64) []float64 { return []float64{x} }

// EachLag is the basis of lags that are not constrained: one column a lag from 0
// to maxLag.
func EachLag(maxLag int) Basis {
	cuts := make([]float64, maxLag)
	for i := range cuts {
		cuts[i] = float64(i + 1)
	}
	return Strata(cuts...)
}

// Strata is the basis of a step function: a column for values below the first cut,
// one for those from each cut to below the next. It panics if cuts do not rise.
func Strata(cuts ...float64) Basis {
	mustRise(cuts)
	cuts = slices.Clone(cuts)
	return func(x float64) []float64 {
		out := make([]float64, len(cuts)+1)
		stratum := 0
		for stratum < len(cuts) && x >= cuts[stratum] {
			stratum++
		}
		out[stratum] = 1
		return out
	}
}

// Polynomial is the basis 1, x/scale, (x/scale)², … to degree. It panics if degree
// is negative or scale is not positive.
func Polynomial(degree int, scale float64) Basis {
	if degree < 0 || !(scale > 0) {
		panic(fmt.Sprintf("regress: polynomial of degree %d, scale %v", degree, scale))
	}
	return func(x float64) []float64 {
		out := make([]float64, degree+1)
		out[0] = 1
		for j := range degree {
			out[j+1] = out[j] * (x / scale)
		}
		return out
	}
}

// NaturalSpline is the basis of cubic splines that are straight beyond lo and hi,
// the boundary knots, with knots between: that of ns() of R (methods.md 9.6). It
// has a column more than knots, and one more with the intercept.
//
// The columns are B-splines turned by the Householder reflections that take their
// second derivatives at the boundaries to the first two columns, which are dropped.
// It panics if the knots do not rise from lo to hi.
func NaturalSpline(knots []float64, lo, hi float64, intercept bool) Basis {
	all := append(append([]float64{lo}, knots...), hi)
	mustRise(all)
	spline := bspline{knots: slices.Concat([]float64{lo, lo, lo}, all, []float64{hi, hi, hi})}
	first := 1
	if intercept {
		first = 0
	}
	bends := [][]float64{spline.at(lo, 2)[first:], spline.at(hi, 2)[first:]}
	reflections := householder(bends)
	return func(x float64) []float64 {
		inside := min(max(x, lo), hi)
		b := spline.at(inside, 0)[first:]
		if x != inside {
			for j, slope := range spline.at(inside, 1)[first:] {
				b[j] += (x - inside) * slope
			}
		}
		for k, v := range reflections {
			reflect(b[k:], v)
		}
		return b[2:]
	}
}

func mustRise(knots []float64) {
	for i, k := range knots {
		if math.IsNaN(k) || math.IsInf(k, 0) || i > 0 && !(k > knots[i-1]) {
			panic(fmt.Sprintf("regress: %v do not rise", knots))
		}
	}
}

// A bspline is the basis of cubic B-splines over knots, the outer ones four times.
type bspline struct{ knots []float64 }

// at returns the values of all B-splines at x, or those of their derivative of the
// order. x lies within the knots; at the last it counts to the interval before.
func (s bspline) at(x float64, derivative int) []float64 {
	const degree = 3
	n := len(s.knots) - degree - 1
	interval := degree
	for interval < n-1 && x >= s.knots[interval+1] {
		interval++
	}
	// B-splines of degree 0, raised a degree at a time (Cox, de Boor). The last
	// raises make derivatives instead.
	b := make([]float64, n+degree)
	b[interval] = 1
	for d := 1; d <= degree; d++ {
		for i := interval - d; i <= interval; i++ {
			var left, right float64
			if width := s.knots[i+d] - s.knots[i]; width > 0 {
				left = b[i] / width
			}
			if width := s.knots[i+d+1] - s.knots[i+1]; width > 0 {
				right = b[i+1] / width
			}
			if d > degree-derivative {
				b[i] = float64(d) * (left - right)
			} else {
				b[i] = (x-s.knots[i])*left + (s.knots[i+d+1]-x)*right
			}
		}
	}
	return b[:n]
}

// householder returns the vectors of the reflections that make the columns upper
// triangular, the k-th for elements from k on. The columns are overwritten.
func householder(columns [][]float64) [][]float64 {
	var out [][]float64
	for k := range columns {
		v := slices.Clone(columns[k][k:])
		var norm float64
		for _, x := range v {
			norm = math.Hypot(norm, x)
		}
		if v[0] < 0 {
			norm = -norm
		}
		v[0] += norm
		for _, column := range columns[k:] {
			reflect(column[k:], v)
		}
		out = append(out, v)
	}
	return out
}

// reflect reflects x at the plane with normal v.
func reflect(x, v []float64) {
	var product, length float64
	for i := range v {
		product += x[i] * v[i]
		length += v[i] * v[i]
	}
	for i := range v {
		x[i] -= 2 * product / length * v[i]
	}
}
