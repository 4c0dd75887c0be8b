package regress

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// Values of θ that are searched. Above them the variance is that of Poisson counts
// to a part in a million and more.
const (
	minTheta = 1e-8
	maxTheta = 1e8
)

// maxThetaCount is the largest count that θ is fitted to: a table has an entry for
// every smaller one.
const maxThetaCount = 10_000_000

// fitTheta fits the negative binomial from a Poisson fit: means for a given θ and
// θ for given means in turn, until neither changes. alpha is 1/θ, 0 if the
// likelihood has no maximum at a finite θ. It sets Family, Theta and ThetaSE.
func (f *Fit) fitTheta(fit countFit) (_ countFit, alpha float64, err error) {
	poisson := fit
	above := countsAbove(f.y)
	theta := math.NaN()
	for range maxIterations {
		next, ok := bestTheta(f.y, fit.mu, above)
		if !ok {
			f.Theta = math.Inf(1)
			f.warn(ErrNoOverdispersion, "Poisson is reported")
			return poisson, 0, nil
		}
		before := fit.deviance
		iterations := fit.iterations
		fit, err = fitMean(f.design.basis, f.y, f.offset, 1/next, fit.mu)
		if err != nil {
			return fit, 0, err
		}
		fit.iterations += iterations
		if math.Abs(next-theta) <= 1e-11*next && converged(fit.deviance, before) {
			f.Family, f.Theta = NegativeBinomial, next
			_, information := thetaScore(f.y, fit.mu, above, next)
			f.ThetaSE = 1 / math.Sqrt(information)
			if !(next > 2*f.ThetaSE) {
				f.warn(ErrThetaUncertain, "%.3g, standard error %.3g", next, f.ThetaSE)
			}
			return fit, 1 / next, nil
		}
		theta = next
	}
	return fit, 0, fmt.Errorf("%w: θ after %d rounds", ErrNotConverged, maxIterations)
}

// countsAbove returns how many of y lie above 0, 1, …: sums over j < y of a
// function of j then need no difference of large gamma functions.
func countsAbove(y []float64) []float64 {
	above := make([]float64, int(slices.Max(y)))
	for _, v := range y {
		if v > 0 {
			above[int(v)-1]++
		}
	}
	for j := len(above) - 2; j >= 0; j-- {
		above[j] += above[j+1]
	}
	return above
}

// thetaScore returns the derivative of the log-likelihood by θ, and minus the
// second derivative.
func thetaScore(y, mu, above []float64, theta float64) (score, information float64) {
	var first, second sum
	for j, count := range above {
		d := theta + float64(j)
		first.add(count / d)
		second.add(count / (d * d))
	}
	for i, m := range mu {
		first.add(-math.Log1p(m / theta))
		first.add((m - y[i]) / (m + theta))
		second.add(-1 / theta)
		second.add(2 / (m + theta))
		second.add(-(y[i] + theta) / ((m + theta) * (m + theta)))
	}
	return first.value(), second.value()
}

// bestTheta returns the θ with the greatest likelihood for given means, and false
// if that is infinity.
func bestTheta(y, mu, above []float64) (float64, bool) {
	// The likelihood falls towards θ = ∞ only if this is positive.
	var excess sum
	for i, m := range mu {
		excess.add((y[i]-m)*(y[i]-m) - y[i])
	}
	if !(excess.value() > 0) {
		return 0, false
	}
	lo, hi := math.Log(minTheta), math.Log(maxTheta)
	if score, _ := thetaScore(y, mu, above, maxTheta); score >= 0 {
		return 0, false
	}
	at := math.Log(floats.Sum(mu)/float64(len(mu))) + 1
	for range 200 {
		if !(at > lo && at < hi) {
			at = (lo + hi) / 2
		}
		theta := math.Exp(at)
		score, information := thetaScore(y, mu, above, theta)
		if score > 0 {
			lo = at
		} else {
			hi = at
		}
		// Newton's step on the scale of log θ.
		curvature := information*theta*theta - score*theta
		step := score * theta / curvature
		if !(curvature > 0) {
			step = (lo+hi)/2 - at
		}
		at += step
		if math.Abs(step) < 1e-12 {
			break
		}
	}
	return math.Exp(at), true
}
