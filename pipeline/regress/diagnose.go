package regress

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// PearsonResiduals returns (y−μ)/√variance by row of the model, NaN for rows left
// out. It is nil for a fit without estimates.
func (f *Fit) PearsonResiduals() []float64 {
	if f.Reason != nil {
		return nil
	}
	out := make([]float64, f.rows)
	for i := range out {
		out[i] = math.NaN()
	}
	for i, row := range f.Rows {
		out[row] = f.residual(i) / math.Sqrt(f.variance(f.Mu[i]))
	}
	return out
}

// LjungBox returns the statistic of Ljung and Box of the Pearson residuals,
//
//	Q = n(n+2) Σ r_k²/(n−k), k from 1 to lags
//
// and its p from χ² with lags degrees of freedom (methods.md 9.3): a small p says
// that residuals go together in time, so that standard errors for independent rows
// are too small. r_k is taken over pairs in one series with both rows fitted.
func (f *Fit) LjungBox(lags int) (q, p float64, err error) {
	nan := math.NaN()
	if f.Reason != nil {
		return nan, nan, f.Reason
	}
	if lags < 1 || lags >= f.N {
		return nan, nan, fmt.Errorf("%w: %d for %d lags", ErrTooFew, f.N, lags)
	}
	residual := make([]float64, f.N)
	var total sum
	for i := range residual {
		residual[i] = f.residual(i) / math.Sqrt(f.variance(f.Mu[i]))
		total.add(residual[i])
	}
	n := float64(f.N)
	mean := total.value() / n
	var squares sum
	for i := range residual {
		residual[i] -= mean
		squares.add(residual[i] * residual[i])
	}
	for k := 1; k <= lags; k++ {
		from, to := f.pairs(k)
		var product sum
		for i := range from {
			product.add(residual[from[i]] * residual[to[i]])
		}
		r := product.value() / squares.value()
		q += r * r / (n - float64(k))
	}
	q *= n * (n + 2)
	return q, distuv.ChiSquared{K: float64(lags)}.Survival(q), nil
}

// CameronTrivedi returns the slope α of the regression through the origin of
// ((y−μ)²−y)/μ on μ, and its t (methods.md 9.3): α above 0 says that counts vary
// more than Poisson counts, as μ + αμ². It is NaN for other fits than Poisson.
func (f *Fit) CameronTrivedi() (alpha, t float64, err error) {
	nan := math.NaN()
	if f.Reason != nil {
		return nan, nan, f.Reason
	}
	if f.Family != Poisson {
		return nan, nan, fmt.Errorf("%w: %v", ErrNotPoisson, f.Family)
	}
	var xx, xy sum
	for i, mu := range f.Mu {
		xx.add(mu * mu)
		xy.add((f.y[i]-mu)*(f.y[i]-mu) - f.y[i])
	}
	alpha = xy.value() / xx.value()
	var rss sum
	for i, mu := range f.Mu {
		e := ((f.y[i]-mu)*(f.y[i]-mu)-f.y[i])/mu - alpha*mu
		rss.add(e * e)
	}
	se := math.Sqrt(rss.value() / float64(f.N-1) / xx.value())
	if !(se > 0) {
		return nan, nan, ErrZeroVariance
	}
	return alpha, alpha / se, nil
}
