// Package regress fits regressions of counts on exposures in time, with standard
// errors that allow for waves, gaps and areas that resemble themselves.
//
// The steps of one analysis:
//
//  1. Make the columns: [Term] by hand, [Product], [Dummies], [TimeStrata],
//     [InterruptedTerms], or the cross-basis of a distributed lag,
//     [NewCrossBasis], over a [Basis] of values and one of lags.
//  2. [Model.Fit]: Poisson, negative binomial or least squares. Effects of
//     areas, days or strata are eliminated, not estimated ([Model.Absorb]).
//  3. Choose what the standard errors allow for: [Fit.FixedB] for one series,
//     [Fit.DaySums] for areas, [Fit.QuasiEffective] for steps and trends; the
//     references [Fit.NeweyWest], [Fit.CR1] and [Fit.CR2] find too much where days
//     resemble many before them or areas share their weather. [Fit.ModelBased] and
//     [Fit.Quasi] allow for no dependence; their values are never printed alone
//     (methods.md 11.1).
//  4. Read off [Fit.Effect], [Fit.Contrast], [CrossBasis.Cumulative],
//     [Fit.Interaction], [Fit.Attributable].
//  5. Doubt it: [Fit.LjungBox], [Fit.CameronTrivedi], [LikelihoodRatio], [EValue],
//     [CrossBasis.Beyond].
//
// [SuperposedEpochs] and [Changepoints] describe series without a model.
//
// Values are float64. One that is not known is NaN; a row with one in any column
// is left out and counted, never filled in. Nothing changes its arguments. A
// result that cannot be had is NaN and says why: a Reason wraps one of the errors
// below. Warnings are of results that can be had. Panics are for mistakes of the
// caller, such as lengths that differ, and never for data.
//
// Every estimate is an association: attackers may choose cold nights, so cold both
// confounds and mediates (methods.md 11.1).
package regress

import "errors"

// Why there is no result, or less of one than it seems.
var (
	ErrTooFew           = errors.New("too few rows")
	ErrNoEvents         = errors.New("no events")
	ErrZeroVariance     = errors.New("the response does not vary, or not about its fit")
	ErrNegative         = errors.New("a count is negative")
	ErrNotWhole         = errors.New("counts are not whole numbers")
	ErrNotFinite        = errors.New("a value is infinite, or too large or small to compute with")
	ErrNotConverged     = errors.New("the fit does not converge")
	ErrAliased          = errors.New("a column repeats earlier ones or absorbed effects")
	ErrSeparated        = errors.New("rows without events are told apart exactly, so the estimate is infinite")
	ErrNoOverdispersion = errors.New("counts vary no more than Poisson counts: θ is infinite")
	ErrThetaUncertain   = errors.New("θ is not told apart from infinity")
	ErrNoExposure       = errors.New("events without exposure")
	ErrUninformative    = errors.New("levels without events or with one row say nothing of the effects")
	ErrFewClusters      = errors.New("few clusters")
	ErrTooLarge         = errors.New("too large to compute")
	ErrAbsorbed         = errors.New("needs the effects that were absorbed")
	ErrOutsideRange     = errors.New("outside the observed range")
	ErrNotNested        = errors.New("the fits are not of the same rows, or not nested")
	ErrNotPoisson       = errors.New("the fit is not Poisson")
)
