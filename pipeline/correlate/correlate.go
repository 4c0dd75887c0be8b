// Package correlate estimates how two series in time go together, with an
// uncertainty that allows for each series resembling its own past.
//
// The steps, for one pair of series:
//
//  1. [Lagged], [LaggedPairwise], [CrossCorrelation], [Prewhitened], [Spearman],
//     [Kendall]: a coefficient with its interval, from the effective number of
//     pairs (methods.md 9.11).
//  2. [ShiftTest], [RatioShiftTest], [ShiftStatistic]: is it more than the same
//     series give when one is turned round in time (methods.md 9.12)?
//  3. [BlockBootstrap], [MovingBlockSE], [CircularBlockSE]: the uncertainty of any
//     other statistic (methods.md 9.13).
//
// Series have one value a step, an hour or a day, from the same first step. A
// value that is not known is NaN; each function says what it does with it. No
// function changes its arguments. Results that cannot be had are NaN and come
// with a warning that says why.
//
// Two series that both grow over years go together whatever they are. Compare
// series with a trend within one season, and pool seasons only with season strata:
// the national counts of 2022–2026 pooled over four winters give a ratio of 2.2
// between cold and other days, and .93 within the only winter that had any
// (methods.md 9.11).
package correlate

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// MinN is the smallest number of pairs that an estimate is made from.
const MinN = 20

// The reasons a result is NaN, or less than it seems. Warnings wrap them.
var (
	ErrTooFew       = errors.New("too few pairs of values")
	ErrZeroVariance = errors.New("a series does not vary")
	ErrFewEffective = errors.New("too few effective pairs for an interval")
	ErrNotFinite    = errors.New("the values are too large or too small to compute with")
	ErrFewShifts    = errors.New("too few shifts")
	ErrUndefined    = errors.New("the statistic is undefined")
)

// An Estimate is a correlation coefficient with what is known of its uncertainty.
type Estimate struct {
	Lag   int     // steps by which y follows x
	R     float64 // NaN if Warnings says why
	Lo    float64 // limits of R
	Hi    float64
	Level float64 // of the limits; .95 for 95 %

	N       int     // pairs with both values present
	NEff    float64 // effective pairs, by [PyperPeterman]; the limits, T and P use it
	NEffAR1 float64 // by [Bretherton], to compare
	T       float64 // R·√((NEff−2)/(1−R²))
	P       float64 // two-sided, of T with NEff−2 degrees of freedom
	PNaive  float64 // the same with N for NEff; never to be printed alone

	Warnings []error
}

// notEstimated is an Estimate in which nothing is known yet.
func notEstimated(lag int, level float64) Estimate {
	nan := math.NaN()
	return Estimate{Lag: lag, Level: level, R: nan, Lo: nan, Hi: nan, NEff: nan, NEffAR1: nan, T: nan, P: nan, PNaive: nan}
}

func (e *Estimate) warn(err error) {
	e.Warnings = append(e.Warnings, fmt.Errorf("lag %d: %w", e.Lag, err))
}

// infer fills in the limits and p of an estimate that has R, N and NEff. spread is
// the variance of Fisher's z times NEff−3.
func (e *Estimate) infer(spread float64) {
	e.PNaive = studentP(e.R, float64(e.N))
	if !(e.NEff > 3) {
		e.warn(fmt.Errorf("%w: %.3g", ErrFewEffective, e.NEff))
		return
	}
	e.P = studentP(e.R, e.NEff)
	e.T = e.R * math.Sqrt((e.NEff-2)/(1-e.R*e.R))
	z := math.Atanh(e.R)
	half := distuv.UnitNormal.Quantile((1+e.Level)/2) * math.Sqrt(spread/(e.NEff-3))
	e.Lo, e.Hi = math.Tanh(z-half), math.Tanh(z+half)
}

// studentP returns the two-sided p of a correlation r in n pairs.
func studentP(r, n float64) float64 {
	// df/(df+t²) = 1−r².
	return mathext.RegIncBeta((n-2)/2, .5, (1-r)*(1+r))
}

func mustMatch(x, y []float64) {
	if len(x) != len(y) {
		panic(fmt.Sprintf("correlate: series of %d and %d steps", len(x), len(y)))
	}
}

func mustLag(lag int) {
	if lag < 0 {
		panic(fmt.Sprintf("correlate: negative lag %d", lag))
	}
}

func mustLevel(level float64) {
	if !(level > 0 && level < 1) {
		panic(fmt.Sprintf("correlate: level %v is not between 0 and 1", level))
	}
}
