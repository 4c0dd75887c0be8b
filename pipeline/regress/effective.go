package regress

import "math"

// mostPersistent is the largest autocorrelation that [Fit.QuasiEffective] takes.
const mostPersistent = .97

// QuasiEffective returns [Fit.Quasi] with the effective number of rows in place of
// the number: it holds if errors resemble those of the row before, as in an
// autoregression of first order, for columns that change as slowly as a trend or
// a step (methods.md 9.9, 9.11).
//
//	V = Σe²/(n_eff−k) · (XᵀWX)⁻¹, Student's t with n_eff−k degrees of freedom, at least 1
//	n_eff = n(1−ρ)/(1+ρ), ρ = (r₁ + k/n)/(1 − (k+2)/n), 0 ≤ ρ ≤ .97
//
// e are the Pearson residuals, r₁ their autocorrelation over neighbouring rows of a
// series, and ρ is r₁ less its bias beside k such columns (Marriott and Pope 1954;
// that of a mean, −(1+3ρ)/n, is k = 1).
//
// Decision, 2026-11-28: it is the default of interrupted series. A step takes up
// what makes errors go on, so that sums of scores over many days, of
// [Fit.NeweyWest] or [Fit.FixedB], are too small: of steps that are not there they
// find 9 to 34 % at 90 and 150 days, this 3 to 11 % (table calibration).
func (f *Fit) QuasiEffective() Covariance {
	v := f.covariance("quasi-likelihood, effective n of AR(1)")
	if v.Reason != nil {
		return v
	}
	free := math.Max(1, f.EffectiveRows()-float64(f.N-f.DF))
	v.DF = free
	v.set(f, scaled(f.design.bread, f.Dispersion*float64(f.DF)/free))
	return v
}

// EffectiveRows returns n_eff of [Fit.QuasiEffective]; NaN for a fit without
// estimates.
func (f *Fit) EffectiveRows() float64 {
	if f.Reason != nil {
		return math.NaN()
	}
	residual := make([]float64, f.N)
	var squares, products sum
	for i := range residual {
		residual[i] = f.residual(i) / math.Sqrt(f.spread(i))
		squares.add(residual[i] * residual[i])
	}
	from, to := f.pairs(1)
	for i := range from {
		products.add(residual[from[i]] * residual[to[i]])
	}
	n, k := float64(f.N), float64(f.N-f.DF)
	if len(from) == 0 || n <= k+2 {
		return n
	}
	r := products.value() / float64(len(from)) / (squares.value() / n)
	rho := min(mostPersistent, max(0, (r+k/n)/(1-(k+2)/n)))
	return n * (1 - rho) / (1 + rho)
}
