package rate

import (
	"fmt"
	"math"
	"sort"

	"gonum.org/v1/gonum/mathext"
)

// A Design is the one-sided test for fewer events than expected in a window, with
// the expected count taken as known: fewer is found at Critical events or less
// (methods.md 10.5). It is decided before the count of the window is looked at.
type Design struct {
	Expected float64 // events in the window if nothing changed
	Tail     float64 // allowed probability of finding fewer by chance
	Critical int64   // largest c with P(X ≤ c) ≤ Tail; −1 if even 0 is no evidence
	Size     float64 // true probability, P(X ≤ Critical); 0 if Critical is −1
}

// NewDesign returns the design for an expected count. With tail .05 it needs
// expected > 2.9957 to find anything, with .025, the two-sided test of 95 %, 3.6889.
// It panics if expected is negative or not finite, or tail not in (0, .5].
func NewDesign(expected, tail float64) Design {
	if !(expected >= 0) || math.IsInf(expected, 1) {
		panic(fmt.Sprintf("rate: expected count %v", expected))
	}
	if !(tail > 0 && tail <= .5) {
		panic(fmt.Sprintf("rate: tail %v is not in (0, .5]", tail))
	}
	d := Design{Expected: expected, Tail: tail}
	// P(X ≤ c) exceeds .5 at the latest at the smallest whole number ≥ expected.
	first := sort.Search(int(math.Ceil(expected))+1, func(c int) bool {
		return poissonAtMost(int64(c), expected) > tail
	})
	d.Critical = int64(first) - 1
	d.Size = poissonAtMost(d.Critical, expected)
	return d
}

// Power returns the probability that fewer is found if the true rate ratio is rr.
func (d Design) Power(rr float64) float64 { return poissonAtMost(d.Critical, d.Expected*rr) }

// Detectable returns the rate ratio at which fewer is found with the given
// probability; NaN if the design can find nothing.
func (d Design) Detectable(power float64) float64 {
	if d.Critical < 0 {
		return math.NaN()
	}
	return mathext.GammaIncRegCompInv(float64(d.Critical)+1, power) / d.Expected
}

// ZeroShowsFewer tells whether no event at all in exposure t1, after x0 in t0,
// would bring the whole two-sided interval of the rate ratio below 1. If not, the
// window is not evaluable, whatever was seen in it (methods.md 10.5, 10.6). phi
// is that of [Adjusted]; 1 for events, alerts and nights.
func ZeroShowsFewer(x0 int64, t0, t1, phi, level float64) bool {
	return Adjusted(0, t1, x0, t0, phi, level).Hi < 1
}

// poissonAtMost returns P(X ≤ c) at the given mean.
func poissonAtMost(c int64, mean float64) float64 {
	switch {
	case c < 0:
		return 0
	case mean == 0:
		return 1
	}
	return mathext.GammaIncRegComp(float64(c)+1, mean)
}
