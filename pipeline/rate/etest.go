package rate

import "math"

// eTest returns the p of Krishnamoorthy and Thomson (2004) for two Poisson counts
// with at least one event: the probability of all pairs (k₁, k₀), each count at
// the pooled rate n/(t₁+t₀), with |z(k₁, k₀)| ≥ |z(x₁, x₀)| − 1e-12, where
//
//	z = (k₁/t₁ − k₀/t₀) / √((k₁+k₀)/(t₁t₀))
//
// z grows with k₁ and falls with k₀, so both edges of the region move one way as
// k₁ grows: one pass over k₁ with tail sums over k₀, instead of all pairs.
func eTest(x1 int64, t1 float64, x0 int64, t0 float64) float64 {
	z := func(k1, k0 int) float64 {
		if k1 == 0 && k0 == 0 {
			return 0
		}
		a, b := float64(k1), float64(k0)
		return (a/t1 - b/t0) / math.Sqrt((a+b)/t1/t0)
	}
	edge := math.Abs(z(int(x1), int(x0))) - 1e-12
	if edge <= 0 {
		return 1
	}
	n := float64(x1) + float64(x0)
	m1, m0 := n*(t1/(t1+t0)), n*(t0/(t1+t0))
	surprise := -logPoisson(float64(x1), m1) - logPoisson(float64(x0), m0)
	c1, c0 := poissonAround(m1, surprise), poissonAround(m0, surprise)

	below := make([]float64, len(c0.p)+1) // below[i] = P(K₀ < lo+i)
	for i, p := range c0.p {
		below[i+1] = below[i] + p
	}
	above := make([]float64, len(c0.p)+1) // above[i] = P(K₀ ≥ lo+i)
	for i := len(c0.p) - 1; i >= 0; i-- {
		above[i] = above[i+1] + c0.p[i]
	}
	var sum float64
	few, many := 0, 0 // region at this k₁: i < few, or i ≥ many
	for j, p := range c1.p {
		k1 := c1.lo + j
		for few < len(c0.p) && z(k1, c0.lo+few) >= edge {
			few++
		}
		for many < len(c0.p) && z(k1, c0.lo+many) > -edge {
			many++
		}
		sum += p * (below[few] + above[many])
	}
	return min(1, sum)
}

// A poissonRange holds the probabilities of the counts lo, lo+1, ….
type poissonRange struct {
	lo int
	p  []float64
}

// poissonAround returns the Poisson distribution with the given mean but for
// tails of less than exp(−surprise−40) on either side, by the bound of Bernstein:
// next to an outcome of probability exp(−surprise) they do not count.
func poissonAround(mean, surprise float64) poissonRange {
	// Beyond exp(−745) every probability is 0 as a float64.
	e := min(surprise+40, 800)
	lo := int(max(0, math.Floor(mean-math.Sqrt(2*e*mean))))
	hi := int(math.Ceil(mean + e/3 + math.Sqrt(e*e/9+2*e*mean)))
	c := poissonRange{lo: lo, p: make([]float64, hi-lo+1)}
	// From the mode outward by ratios of neighbours, then scaled to 1: no
	// logarithm of a factorial, which loses digits at large counts.
	mode := int(mean) - lo
	c.p[mode] = 1
	sum := 1.0
	for i := mode + 1; i < len(c.p); i++ {
		c.p[i] = c.p[i-1] * (mean / float64(lo+i))
		sum += c.p[i]
	}
	for i := mode - 1; i >= 0; i-- {
		c.p[i] = c.p[i+1] * (float64(lo+i+1) / mean)
		sum += c.p[i]
	}
	for i := range c.p {
		c.p[i] /= sum
	}
	return c
}

// logPoisson returns the logarithm of the probability of k at the given mean.
func logPoisson(k, mean float64) float64 {
	g, _ := math.Lgamma(k + 1)
	return k*math.Log(mean) - mean - g
}
