package regress

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// DailyLags is the number of lags of Newey–West standard errors for daily data.
const DailyLags = 7

// A Covariance is that of the coefficients of a fit, under what its method allows
// for.
type Covariance struct {
	Method   string        // in words, for tables
	V        *mat.SymDense // over Fit.Names; NaN for columns without an estimate; nil if Reason says why
	DF       float64       // of Student's t for intervals; +Inf: the normal
	Clusters int           // 0: not clustered

	Reason   error
	Warnings []error

	ofBasis *mat.SymDense // of the coefficients of the design's basis
	back    *mat.TriDense
	columns []int

	// satterthwaite returns the degrees of freedom of one combination of
	// coefficients; nil: DF for all.
	satterthwaite func(weights []float64) float64
}

// ModelBased returns the covariance if the family is right and rows are
// independent, which days are not (methods.md 9.3): φ(XᵀWX)⁻¹, φ = 1 for counts,
// RSS/DF with Student's t for a Gaussian.
func (f *Fit) ModelBased() Covariance {
	v := f.covariance("model")
	if v.Reason != nil {
		return v
	}
	factor := 1.
	if f.Family == Gaussian {
		factor = f.Dispersion
	}
	v.set(f, scaled(f.design.bread, factor))
	return v
}

// Quasi returns the covariance of quasi-likelihood: as [Fit.ModelBased], with
// Fit.Dispersion for φ and Student's t with Fit.DF degrees of freedom.
func (f *Fit) Quasi() Covariance {
	v := f.covariance("quasi-likelihood")
	if v.Reason != nil {
		return v
	}
	v.DF = float64(f.DF)
	v.set(f, scaled(f.design.bread, f.Dispersion))
	return v
}

// HC0 returns the covariance that holds if rows are independent, whatever their
// variances: (XᵀWX)⁻¹ Σ gᵢgᵢᵀ (XᵀWX)⁻¹, g the score of a row. W is that of the
// expected information, as in sandwich of R; statsmodels takes the observed one, which
// differs for a negative binomial. θ counts as known.
func (f *Fit) HC0() Covariance { return f.robust("HC0", 0, 1) }

// HC1 returns [Fit.HC0] times n/(n−k), k the parameters.
func (f *Fit) HC1() Covariance { return f.robust("HC1", 0, f.smallSample()) }

// NeweyWest returns the covariance that also holds if the rows of a series go
// together up to lags steps apart: HC0 with the products of scores j steps apart
// added, weighted by 1−j/(lags+1) (Bartlett), nothing pre-whitened (methods.md
// 9.3). Steps are counted in rows of the model: a row left out has no score, and
// rows on either side of it do not become neighbours.
//
// smallSample multiplies by n/(n−k).
func (f *Fit) NeweyWest(lags int, smallSample bool) Covariance {
	if lags < 0 {
		panic(fmt.Sprintf("regress: %d lags", lags))
	}
	factor, method := 1., fmt.Sprintf("Newey–West, %d lags", lags)
	if smallSample {
		factor, method = f.smallSample(), method+", n/(n−k)"
	}
	return f.robust(method, lags, factor)
}

func (f *Fit) smallSample() float64 { return float64(f.N) / float64(f.DF) }

// covariance returns one without values.
func (f *Fit) covariance(method string) Covariance {
	v := Covariance{Method: method, DF: math.Inf(1), Reason: f.Reason}
	if f.Family == Gaussian {
		v.DF = float64(f.DF)
	}
	return v
}

// set fills in the values from those of the basis.
func (v *Covariance) set(f *Fit, ofBasis *mat.SymDense) {
	v.ofBasis, v.back, v.columns = ofBasis, f.design.back, f.design.columns
	nan := math.NaN()
	p := len(f.Names)
	var half, estimated mat.Dense
	half.Mul(f.design.back, ofBasis)
	estimated.Mul(&half, f.design.back.T())
	v.V = mat.NewSymDense(p, nil)
	for i := range p {
		for j := i; j < p; j++ {
			v.V.SetSym(i, j, nan)
		}
	}
	for i, a := range f.design.columns {
		for j := i; j < len(f.design.columns); j++ {
			b := f.design.columns[j]
			if !math.IsNaN(f.Coef[a]) && !math.IsNaN(f.Coef[b]) {
				v.V.SetSym(a, b, (estimated.At(i, j)+estimated.At(j, i))/2)
			}
		}
	}
}

func scaled(m *mat.SymDense, factor float64) *mat.SymDense {
	out := mat.NewSymDense(m.SymmetricDim(), nil)
	out.ScaleSym(factor, m)
	return out
}

// sandwich returns bread·meat·bread·factor.
func (f *Fit) sandwich(meat *mat.SymDense, factor float64) *mat.SymDense {
	p := meat.SymmetricDim()
	var half, full mat.Dense
	half.Mul(f.design.bread, meat)
	full.Mul(&half, f.design.bread)
	out := mat.NewSymDense(p, nil)
	for i := range p {
		for j := i; j < p; j++ {
			out.SetSym(i, j, factor*(full.At(i, j)+full.At(j, i))/2)
		}
	}
	return out
}

// robust returns the sandwich with products of scores up to lags steps apart.
func (f *Fit) robust(method string, lags int, factor float64) Covariance {
	v := f.covariance(method)
	if v.Reason != nil {
		return v
	}
	if lags >= f.N {
		v.Reason = fmt.Errorf("%w: %d for %d lags", ErrTooFew, f.N, lags)
		return v
	}
	d := f.design
	p := len(d.basis)
	scores := make([][]float64, p)
	for j, b := range d.basis {
		scores[j] = make([]float64, f.N)
		floats.MulTo(scores[j], b, d.score)
	}
	meat := mat.NewSymDense(p, nil)
	for a := range p {
		for b := a; b < p; b++ {
			var s sum
			for i := range scores[a] {
				s.add(scores[a][i] * scores[b][i])
			}
			meat.SetSym(a, b, s.value())
		}
	}
	for lag := 1; lag <= lags; lag++ {
		weight := 1 - float64(lag)/float64(lags+1)
		from, to := f.pairs(lag)
		for a := range p {
			for b := a; b < p; b++ {
				var s sum
				for i := range from {
					s.add(scores[a][to[i]]*scores[b][from[i]] + scores[b][to[i]]*scores[a][from[i]])
				}
				meat.SetSym(a, b, meat.At(a, b)+weight*s.value())
			}
		}
	}
	v.set(f, f.sandwich(meat, factor))
	return v
}

// pairs returns the fitted rows that lie lag steps apart in one series, as indices
// into Rows.
func (f *Fit) pairs(lag int) (from, to []int) {
	earlier := 0
	for i, row := range f.Rows {
		for f.Rows[earlier] < row-lag {
			earlier++
		}
		// Rows of a series are together, so those between belong to it too.
		if f.Rows[earlier] == row-lag && (f.series == nil || f.series[row-lag] == f.series[row]) {
			from, to = append(from, earlier), append(to, i)
		}
	}
	return from, to
}
