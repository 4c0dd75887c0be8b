package regress

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
)

const (
	devianceTolerance = 1e-12
	maxIterations     = 100
)

// converged tells whether a deviance no longer changes.
func converged(now, before float64) bool {
	return math.Abs(now-before) <= devianceTolerance*(math.Abs(now)+.1)
}

// unitDeviance returns the share of one row in the deviance of counts with
// variance μ + α·μ².
func unitDeviance(y, mu, alpha float64) float64 {
	if alpha == 0 {
		d := mu - y
		if y > 0 {
			d += y * math.Log(y/mu)
		}
		return 2 * d
	}
	d := -(y + 1/alpha) * math.Log1p(alpha*(y-mu)/(1+alpha*mu))
	if y > 0 {
		d += y * math.Log(y/mu)
	}
	return 2 * d
}

func countDeviance(y, mu []float64, alpha float64) float64 {
	var total sum
	for i := range y {
		total.add(unitDeviance(y[i], mu[i], alpha))
	}
	return total.value()
}

// A countFit is a fit of counts with variance μ + α·μ² by reweighted least squares.
type countFit struct {
	coef       []float64
	mu         []float64
	deviance   float64
	iterations int
}

// fitMean fits coefficients of x for a given α, from the means in start.
func fitMean(x [][]float64, y, offset []float64, alpha float64, start []float64) (countFit, error) {
	n := len(y)
	fit := countFit{mu: append([]float64(nil), start...), deviance: math.Inf(1)}
	eta, z, weight := make([]float64, n), make([]float64, n), make([]float64, n)
	for i, mu := range fit.mu {
		eta[i] = math.Log(mu)
	}
	s := newSolver(x)
	for fit.iterations < maxIterations {
		fit.iterations++
		for i, mu := range fit.mu {
			weight[i] = mu / (1 + alpha*mu)
			z[i] = eta[i] - offset[i] + (y[i]-mu)/mu
		}
		s.factor(weight)
		coef, ok := s.solve(z)
		if !ok {
			return fit, ErrNotFinite
		}
		deviance := math.NaN()
		// A step too far is halved; the first has nothing to go back to.
		for range 40 {
			multiplyTo(eta, x, coef)
			floats.Add(eta, offset)
			for i, v := range eta {
				fit.mu[i] = math.Exp(v)
			}
			deviance = countDeviance(y, fit.mu, alpha)
			if deviance <= fit.deviance+1e-9*(math.Abs(fit.deviance)+.1) || fit.coef == nil {
				break
			}
			for j := range coef {
				coef[j] = (coef[j] + fit.coef[j]) / 2
			}
		}
		if math.IsNaN(deviance) || math.IsInf(deviance, 0) {
			return fit, fmt.Errorf("%w: the deviance is not finite", ErrNotConverged)
		}
		fit.coef = coef
		if converged(deviance, fit.deviance) {
			fit.deviance = deviance
			return fit, nil
		}
		fit.deviance = deviance
	}
	return fit, fmt.Errorf("%w in %d iterations", ErrNotConverged, maxIterations)
}

// startingMeans are near the response and above 0.
func startingMeans(y []float64) []float64 {
	mu := make([]float64, len(y))
	for i, v := range y {
		mu[i] = v + .1
	}
	return mu
}

// fitCounts fits Poisson or negative binomial.
func (f *Fit) fitCounts(family Family) {
	f.Family = Poisson // until θ is known
	err := f.alias()
	if err == nil {
		err = f.dropSeparated()
	}
	if err != nil {
		f.fail(err)
		return
	}
	if f.N <= len(f.design.x) {
		f.fail(fmt.Errorf("%w: %d for %d parameters", ErrTooFew, f.N, len(f.design.x)))
		return
	}
	fit, err := fitMean(f.design.basis, f.y, f.offset, 0, startingMeans(f.y))
	alpha := 0.
	if err == nil && family == NegativeBinomial {
		fit, alpha, err = f.fitTheta(fit)
	}
	if err != nil {
		f.fail(err)
		return
	}
	f.take(fit, alpha)
}

// alias leaves out the columns that repeat earlier ones and makes the basis of the
// others.
func (f *Fit) alias() error {
	kept, aliased, basis := independent(f.design.x, nil, aliasTolerance)
	if err := f.narrow(kept, aliased); err != nil {
		return err
	}
	return f.setBasis(basis)
}

// narrow leaves out the aliased columns. It returns an error if none is left.
func (f *Fit) narrow(kept, aliased []int) error {
	if len(aliased) == 0 {
		return nil
	}
	for _, j := range aliased {
		f.Aliased = append(f.Aliased, f.Names[f.design.columns[j]])
	}
	f.warn(ErrAliased, "%q", f.Aliased)
	f.design.takeColumns(kept)
	if len(kept) == 0 {
		return fmt.Errorf("%w: all of them", ErrAliased)
	}
	return nil
}

func (f *Fit) setBasis(basis [][]float64) error {
	f.design.basis = basis
	if f.design.back = backFrom(basis, f.design.x); f.design.back == nil {
		return ErrNotFinite
	}
	return nil
}

// take makes fit the result.
func (f *Fit) take(fit countFit, alpha float64) {
	f.setCoef(f.design.coefficients(fit.coef))
	f.forgetSeparated()
	f.Mu, f.Deviance, f.Iterations = fit.mu, fit.deviance, fit.iterations
	f.Rank = len(f.design.x)
	d := &f.design
	d.weight, d.score = make([]float64, f.N), make([]float64, f.N)
	for i, mu := range f.Mu {
		d.weight[i] = mu / (1 + alpha*mu)
		d.score[i] = (f.y[i] - mu) / (1 + alpha*mu)
	}
	s := newSolver(d.basis)
	s.factor(d.weight)
	if d.bread = s.inverse(); d.bread == nil {
		f.fail(ErrNotFinite)
	}
}

func (f *Fit) setCoef(coef []float64) {
	for i, j := range f.design.columns {
		f.Coef[j] = coef[i]
	}
}

// fitGaussian fits least squares.
func (f *Fit) fitGaussian() {
	if err := f.alias(); err != nil {
		f.fail(err)
		return
	}
	d := &f.design
	if f.N <= len(d.x) {
		f.fail(fmt.Errorf("%w: %d for %d parameters", ErrTooFew, f.N, len(d.x)))
		return
	}
	d.weight = make([]float64, f.N)
	for i := range d.weight {
		d.weight[i] = 1
	}
	s := newSolver(d.basis)
	s.factor(d.weight)
	coef, ok := s.solve(f.y)
	if d.bread = s.inverse(); !ok || d.bread == nil {
		f.fail(ErrNotFinite)
		return
	}
	f.setCoef(d.coefficients(coef))
	f.Rank, f.Iterations = len(d.x), 1
	f.Mu = make([]float64, f.N)
	multiplyTo(f.Mu, d.basis, coef)
	d.score = make([]float64, f.N)
	var rss sum
	for i, y := range f.y {
		d.score[i] = y - f.Mu[i]
		rss.add(d.score[i] * d.score[i])
	}
	f.Deviance = rss.value()
}

// logLik returns the log-likelihood, that of a Gaussian with its variance
// estimated by RSS/N.
func (f *Fit) logLik() float64 {
	if f.Family == Gaussian {
		n := float64(f.N)
		return -n / 2 * (math.Log(2*math.Pi*f.Deviance/n) + 1)
	}
	var total sum
	for i, y := range f.y {
		if y != math.Trunc(y) {
			return math.NaN()
		}
		mu := f.Mu[i]
		factorial, _ := math.Lgamma(y + 1)
		switch {
		case f.Family == NegativeBinomial:
			total.add(-(y + f.Theta) * math.Log1p(mu/f.Theta))
			if y > 0 {
				total.add(y * math.Log(mu))
			}
		case y > 0:
			total.add(y*math.Log(mu) - mu)
		default:
			total.add(-mu)
		}
		total.add(-factorial)
	}
	if f.Family == NegativeBinomial {
		// Γ(θ+y)/(Γ(θ)·θ^y) is the product of 1+j/θ over j < y.
		for j, above := range countsAbove(f.y) {
			total.add(above * math.Log1p(float64(j)/f.Theta))
		}
	}
	return total.value()
}
