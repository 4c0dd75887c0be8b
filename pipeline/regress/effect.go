package regress

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// An Effect is an estimate with its uncertainty, on the scale of the coefficients
// unless its maker says otherwise: of counts, the logarithm of a ratio.
type Effect struct {
	Estimate float64 // NaN if Reason says why, and all below too
	SE       float64
	Lo, Hi   float64 // limits; NaN with fewer than [MinClusters] clusters, as P
	Level    float64 // of the limits; .95 for 95 %
	DF       float64 // of Student's t; +Inf: the normal
	P        float64 // two-sided, of no effect
	Method   string  // of the covariance
	Clusters int     // 0: not clustered

	Reason   error
	Warnings []error
}

// Publishable tells whether the limits may be published: there are some, and they
// do not rest on fewer than [PublicClusters] clusters (methods.md 9.4).
func (e Effect) Publishable() bool {
	return !math.IsNaN(e.Lo) && !math.IsNaN(e.Hi) && (e.Clusters == 0 || e.Clusters >= PublicClusters)
}

// Ratio returns e for a logarithm of a ratio as the ratio, with its limits.
func (e Effect) Ratio() (ratio, lo, hi float64) {
	return math.Exp(e.Estimate), math.Exp(e.Lo), math.Exp(e.Hi)
}

// Effect returns the coefficient of the column called name. It panics if there is
// none.
func (f *Fit) Effect(name string, v Covariance, level float64) Effect {
	weights := make([]float64, len(f.Names))
	weights[f.mustIndex(name)] = 1
	return f.Contrast(weights, v, level)
}

func (f *Fit) mustIndex(name string) int {
	j := slices.Index(f.Names, name)
	if j < 0 {
		panic(fmt.Sprintf("regress: no column %q among %q", name, f.Names))
	}
	return j
}

// Contrast returns the combination Σ weights[j]·Coef[j], weights by Fit.Names. It
// is NaN if a coefficient with weight was left out. It panics if lengths differ or
// level is not between 0 and 1.
func (f *Fit) Contrast(weights []float64, v Covariance, level float64) Effect {
	if len(weights) != len(f.Names) {
		panic(fmt.Sprintf("regress: %d weights for %d columns", len(weights), len(f.Names)))
	}
	e := unknownEffect(v, level)
	if e.Reason == nil {
		e.Reason = f.missing(weights)
	}
	if e.Reason != nil {
		return e
	}
	var estimate sum
	for j, w := range weights {
		if w != 0 {
			estimate.add(w * f.Coef[j])
		}
	}
	if v.satterthwaite != nil {
		e.DF = v.satterthwaite(weights)
	}
	e.take(estimate.value(), v.along(weights))
	return e
}

// missing returns why a combination of coefficients is not estimated, or nil.
func (f *Fit) missing(weights []float64) error {
	for j, w := range weights {
		if w == 0 {
			continue
		}
		switch name := f.Names[j]; {
		case slices.Contains(f.Aliased, name):
			return fmt.Errorf("%w: %q", ErrAliased, name)
		case slices.Contains(f.Separated, name):
			return fmt.Errorf("%w: %q", ErrSeparated, name)
		}
	}
	return nil
}

// along returns the variance of a combination of coefficients. It is taken on the
// basis of the design, where large terms have been cancelled already.
func (v Covariance) along(weights []float64) float64 {
	of := make([]float64, len(v.columns))
	for i, j := range v.columns {
		of[i] = weights[j]
	}
	var w mat.VecDense
	w.MulVec(v.back.T(), mat.NewVecDense(len(of), of))
	return mat.Inner(&w, v.ofBasis, &w)
}

// unknownEffect returns an effect without values, with what is to be said of v.
func unknownEffect(v Covariance, level float64) Effect {
	if !(level > 0 && level < 1) {
		panic(fmt.Sprintf("regress: level %v is not between 0 and 1", level))
	}
	nan := math.NaN()
	return Effect{
		Estimate: nan, SE: nan, Lo: nan, Hi: nan, P: nan, Level: level,
		DF: v.DF, Method: v.Method, Clusters: v.Clusters, Reason: v.Reason, Warnings: slices.Clone(v.Warnings),
	}
}

// take fills in the values from an estimate and its variance.
func (e *Effect) take(estimate, variance float64) {
	// Rounding may leave a variance of 0 below it; no real one is.
	if !(variance > 0) || math.IsInf(variance, 0) || math.IsNaN(estimate) || math.IsInf(estimate, 0) {
		e.Reason = fmt.Errorf("%w: variance %.3g", ErrNotFinite, variance)
		return
	}
	e.Estimate, e.SE = estimate, math.Sqrt(variance)
	if e.Clusters > 0 && e.Clusters < MinClusters {
		return
	}
	z := e.Estimate / e.SE
	quantile := 0.
	if math.IsInf(e.DF, 1) {
		quantile = distuv.UnitNormal.Quantile((1 + e.Level) / 2)
		e.P = 2 * distuv.UnitNormal.CDF(-math.Abs(z))
	} else {
		t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: e.DF}
		quantile = t.Quantile((1 + e.Level) / 2)
		e.P = 2 * t.CDF(-math.Abs(z))
	}
	e.Lo, e.Hi = e.Estimate-quantile*e.SE, e.Estimate+quantile*e.SE
}

// LikelihoodRatio returns twice the difference of log-likelihoods of two fits of the
// same rows, the second with columns added, and its p from χ² with as many degrees
// of freedom as parameters were added. It allows for no dependence between rows:
// not to be printed alone.
func LikelihoodRatio(smaller, larger *Fit) (statistic float64, df int, p float64, err error) {
	nan := math.NaN()
	for _, f := range []*Fit{smaller, larger} {
		if f.Reason != nil {
			return nan, 0, nan, f.Reason
		}
		if math.IsNaN(f.LogLik) {
			return nan, 0, nan, ErrNotWhole
		}
	}
	df = larger.Rank - smaller.Rank
	if smaller.Family != larger.Family || !slices.Equal(smaller.Rows, larger.Rows) || !slices.Equal(smaller.y, larger.y) || df <= 0 {
		return nan, df, nan, ErrNotNested
	}
	statistic = 2 * (larger.LogLik - smaller.LogLik)
	if statistic < -1e-8*math.Abs(larger.LogLik) {
		return nan, df, nan, ErrNotNested
	}
	statistic = max(0, statistic)
	return statistic, df, distuv.ChiSquared{K: float64(df)}.Survival(statistic), nil
}

// A Point is one combination of columns, and how often its mean counts.
type Point struct {
	Weight float64
	X      []float64 // by Fit.Names
	// Exposure of the predicted count, such as nights; 0 means 1.
	Exposure float64
}

// Additive returns Σ weight·μ(x), a difference of predicted counts, with the
// standard error of the delta method. It is on the scale of the response: for
// counts μ = exposure·exp(xβ).
func (f *Fit) Additive(points []Point, v Covariance, level float64) Effect {
	e := unknownEffect(v, level)
	if e.Reason == nil && f.absorbed {
		e.Reason = ErrAbsorbed
	}
	gradient := make([]float64, len(f.Names))
	var total sum
	for _, point := range points {
		if len(point.X) != len(f.Names) {
			panic(fmt.Sprintf("regress: point of %d columns, fit of %d", len(point.X), len(f.Names)))
		}
		if e.Reason == nil {
			e.Reason = f.missing(point.X)
		}
		if e.Reason != nil {
			return e
		}
		mu, slope := f.predict(point)
		total.add(point.Weight * mu)
		for j, x := range point.X {
			gradient[j] += point.Weight * slope * x
		}
	}
	if e.Reason != nil {
		return e
	}
	e.take(total.value(), v.along(gradient))
	return e
}

// predict returns the mean at a point, and its derivative by xβ.
func (f *Fit) predict(point Point) (mu, slope float64) {
	var eta sum
	for j, x := range point.X {
		if x != 0 {
			eta.add(x * f.Coef[j])
		}
	}
	if f.Family == Gaussian {
		return eta.value(), 1
	}
	mu = math.Exp(eta.value())
	if point.Exposure != 0 {
		mu *= point.Exposure
	}
	return mu, mu
}
