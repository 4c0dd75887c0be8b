package calibrate

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
)

// draws are the random numbers of one panel: PCG-DXSM (math/rand/v2), seeded with
// a hash of what is drawn and the number of the panel. What is made of its 64-bit
// words is written out below, for how rand.Rand makes it is not documented.
type draws struct{ words *rand.PCG }

// newDraws returns the numbers of a panel of a scene of so many days and areas.
// A panel with an effect has other numbers than one without.
func newDraws(scene string, days, areas int, effect bool, panel int) draws {
	h := fnv.New64a()
	h.Write([]byte(scene))
	seed := h.Sum64() ^ uint64(days)<<40 ^ uint64(areas)<<20
	if effect {
		seed ^= 1
	}
	return draws{rand.NewPCG(seed, uint64(panel))}
}

// uniform is above 0 and below 1.
func (d draws) uniform() float64 { return (float64(d.words.Uint64()>>11) + .5) * 0x1p-53 }

func (d draws) normal() float64 { return math.Sqrt2 * math.Erfinv(2*d.uniform()-1) }

func (d draws) exponential() float64 { return -math.Log(d.uniform()) }

// poisson adds up counts of means of at most 16, each by inversion.
func (d draws) poisson(mean float64) float64 {
	var total float64
	for mean > 0 {
		part := min(mean, 16)
		mean -= part
		p := math.Exp(-part)
		sum, k := p, 0.
		for u := d.uniform(); u > sum && p > 0; {
			k++
			p *= part / k
			sum += p
		}
		total += k
	}
	return total
}

// persistent is n steps of an AR(1) process of mean 0 and variance 1.
func (d draws) persistent(n int, phi float64) []float64 {
	x := make([]float64, n)
	scale := math.Sqrt(1 - phi*phi)
	for t := range x {
		x[t] = d.normal()
		if t > 0 {
			x[t] = float64(phi*x[t-1]) + float64(scale*x[t])
		}
	}
	return x
}

// waves is n steps of a process of mean 1 that is quiet for a mean of 6 steps and
// then high for a mean of 2.5, and uneven within each.
func (d draws) waves(n int) []float64 {
	const (
		begin, end  = 1 / 6., 1 / 2.5 // probabilities a step
		share       = begin / (begin + end)
		quiet, high = .4, (1 - (1-share)*.4) / share
	)
	x := make([]float64, n)
	on := d.uniform() < share
	for t := range x {
		x[t] = quiet
		if on {
			x[t] = high
		}
		x[t] *= (d.exponential() + d.exponential()) / 2
		on = on && d.uniform() >= end || !on && d.uniform() < begin
	}
	return x
}

// wavesVariance is the variance of waves: within a state that of half the sum of
// two exponentials, half the squared level, and that between the states.
func wavesVariance() float64 {
	const (
		begin, end  = 1 / 6., 1 / 2.5
		share       = begin / (begin + end)
		quiet, high = .4, (1 - (1-share)*.4) / share
	)
	return 1.5*((1-share)*quiet*quiet+share*high*high) - 1
}

// ongoing is how many of a stream of outages last at n steps: a mean of 5 at a
// time, each for a mean of 8 steps, so that the number is Poisson and its
// autocorrelation 1−1/8 a step.
func (d draws) ongoing(n int) []float64 {
	const mean, steps = 5., 8.
	x := make([]float64, n)
	for t := range x {
		if t == 0 {
			x[t] = d.poisson(mean)
			continue
		}
		for range int(x[t-1]) {
			if d.uniform() >= 1/steps {
				x[t]++
			}
		}
		x[t] += d.poisson(mean / steps)
	}
	return x
}

// hide makes steps of x unknown: runs of a mean of 4 steps that begin with a
// probability of begin a step, more often where weight is high.
func (d draws) hide(x []float64, begin float64, weight func(t int) float64) {
	hidden := false
	for t := range x {
		hidden = hidden && d.uniform() >= .25 || !hidden && d.uniform() < begin*weight(t)
		if hidden {
			x[t] = math.NaN()
		}
	}
}
