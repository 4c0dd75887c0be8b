package regress

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
)

// An Interaction asks whether what one column goes with depends on another: whether
// strikes go with more outages in the cold (methods.md 9.7).
type Interaction struct {
	A, B, Product string // columns; Product is A·B

	AFrom, ATo float64 // values of A compared
	BFrom, BTo float64 // values of B that they are compared at

	// At has the other columns, by Fit.Names; nil: their means over the rows
	// fitted. Values of A, B and Product in it are not used.
	At []float64
}

// An InteractionResult answers it on both scales, which may disagree: ratios may
// fall while differences rise.
type InteractionResult struct {
	RatioOfRatios Effect // its logarithm: Product's coefficient × (ATo−AFrom)(BTo−BFrom)

	// Predicted counts for exposure 1, ATo less AFrom.
	AtBFrom, AtBTo Effect
	Excess         Effect // AtBTo − AtBFrom
}

// Interaction answers q for a fit. It panics if a column is not in the fit.
func (f *Fit) Interaction(q Interaction, v Covariance, level float64) InteractionResult {
	a, b, ab := f.mustIndex(q.A), f.mustIndex(q.B), f.mustIndex(q.Product)
	weights := make([]float64, len(f.Names))
	weights[ab] = (q.ATo - q.AFrom) * (q.BTo - q.BFrom)
	base := q.At
	if base == nil {
		base = make([]float64, len(f.Names))
		for i, j := range f.design.columns {
			base[j] = floats.Sum(f.design.x[i]) / float64(f.N)
		}
	}
	point := func(weight, atA, atB float64) Point {
		x := append([]float64(nil), base...)
		x[a], x[b], x[ab] = atA, atB, atA*atB
		return Point{Weight: weight, X: x}
	}
	from := []Point{point(1, q.ATo, q.BFrom), point(-1, q.AFrom, q.BFrom)}
	to := []Point{point(1, q.ATo, q.BTo), point(-1, q.AFrom, q.BTo)}
	return InteractionResult{
		RatioOfRatios: f.Contrast(weights, v, level),
		AtBFrom:       f.Additive(from, v, level),
		AtBTo:         f.Additive(to, v, level),
		Excess: f.Additive([]Point{
			to[0], to[1],
			{Weight: -1, X: from[0].X}, {Weight: 1, X: from[1].X},
		}, v, level),
	}
}

// An Attributable is the count that goes with columns, such as strikes: what the
// model predicts, less what it predicts with those columns at 0.
type Attributable struct {
	Number   Effect // AN, on the scale of counts, over the rows fitted
	Fraction Effect // AF = AN/Σy
}

// Attributable returns (methods.md 9.8)
//
//	AN = Σ μ_t (1 − exp(−Σ_j β_j x_tj)), j over the columns called names
//
// with standard errors of the delta method. Include the products that a column is
// in. It is an association, "associated with", not "caused by". It panics if a name
// is not in the fit, or the fit is Gaussian.
func (f *Fit) Attributable(v Covariance, level float64, names ...string) Attributable {
	if f.Family == Gaussian {
		panic("regress: attributable counts of a Gaussian")
	}
	named, weights := map[int]bool{}, make([]float64, len(f.Names))
	for _, name := range names {
		j := f.mustIndex(name)
		named[j], weights[j] = true, 1
	}
	e := unknownEffect(v, level)
	if e.Reason == nil && f.absorbed {
		e.Reason = ErrAbsorbed
	}
	if e.Reason == nil {
		// A column left out as a repeat has its part in those kept.
		e.Reason = f.missing(weights)
	}
	if e.Reason == nil && len(f.Separated) > 0 {
		e.Reason = fmt.Errorf("%w: %q", ErrSeparated, f.Separated)
	}
	if e.Reason != nil {
		return Attributable{e, e}
	}
	d := f.design
	gradient := make([]float64, len(f.Names))
	var total, events sum
	for i, mu := range f.Mu {
		var part float64
		for k, j := range d.columns {
			if named[j] {
				part += f.Coef[j] * d.x[k][i]
			}
		}
		share := -math.Expm1(-part)
		total.add(mu * share)
		events.add(f.y[i])
		for k, j := range d.columns {
			if named[j] {
				gradient[j] += mu * d.x[k][i]
			} else {
				gradient[j] += mu * d.x[k][i] * share
			}
		}
	}
	number, fraction := e, e
	variance := v.along(gradient)
	number.take(total.value(), variance)
	fraction.take(total.value()/events.value(), variance/(events.value()*events.value()))
	return Attributable{number, fraction}
}

// EValue returns how strongly something unmeasured would have to go with both
// exposure and outcome, as risk ratios, to explain a ratio away (methods.md 9.16):
//
//	RR + √(RR(RR−1)), ratios below 1 inverted
//
// NaN if ratio is, or is negative; +Inf for 0.
func EValue(ratio float64) float64 {
	if ratio < 1 {
		if ratio < 0 {
			return math.NaN()
		}
		ratio = 1 / ratio
	}
	if math.IsInf(ratio, 1) {
		return ratio
	}
	return ratio + math.Sqrt(ratio)*math.Sqrt(ratio-1)
}

// EValueLimit returns [EValue] of the limit nearer to 1 of an interval of a ratio, 1
// if the interval holds 1. NaN if a limit is, or lo is above hi.
func EValueLimit(lo, hi float64) float64 {
	switch {
	case !(lo <= hi):
		return math.NaN()
	case lo > 1:
		return EValue(lo)
	case hi < 1:
		return EValue(hi)
	}
	return 1
}
