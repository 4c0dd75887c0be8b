// Package rate compares counts of events per exposure, exactly.
//
// The steps, for a window with x₁ events in t₁ against a baseline with x₀ in t₀:
//
//  1. [NewDesign] and [ZeroShowsFewer]: what the window could show at all,
//     before its count is looked at (methods.md 10.5).
//  2. [Compare]: the rate ratio with its central exact interval and p, and the
//     mid-p and E-test values beside it (methods.md 9.2).
//  3. [Dispersion] and [Adjusted]: the interval for counts that vary more than a
//     Poisson count, such as munitions, which come in waves (methods.md 10.4).
//  4. [PredictiveAtMost] and [PlaceboRank]: how unusual the count is for its
//     own baseline (methods.md 10.4).
//
// Exposures may be in any unit, hours or nights, as long as both are in the
// same one. Levels are shares, .95 for 95 %. All functions are pure. NaN stands
// for what is not known and +Inf for an unbounded limit; both become null in
// tables.
//
// Incomplete beta and gamma functions are Gonum's. Limits are right to 1e-9 of
// their value up to a hundred thousand events, and to 1e-8 up to a million.
//
// Decision, 2026-11-22: no Wald test anywhere. At 0 events where 1.3 were expected
// it gives p = 9.6e-07 (methods.md 9.2).
package rate

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"
)

// An Interval is a confidence interval. Hi is +Inf where the data set no upper
// limit; both are NaN where they set none at all.
type Interval struct {
	Lo, Hi float64
}

var unknown = Interval{math.NaN(), math.NaN()}

// CountInterval returns the exact interval for the mean of a Poisson count k
// (Garwood 1936; methods.md 9.1):
//
//	[χ²(α/2; 2k)/2, χ²(1−α/2; 2k+2)/2], α = 1 − level
//
// with lower limit 0 at k = 0. It panics if k is negative or level is not
// between 0 and 1.
func CountInterval(k int64, level float64) Interval {
	tail := tailOf(level)
	mustCount(k)
	iv := Interval{Hi: mathext.GammaIncRegInv(float64(k)+1, 1-tail)}
	if k > 0 {
		iv.Lo = mathext.GammaIncRegInv(float64(k), tail)
	}
	return iv
}

// tailOf returns the probability a central interval leaves on each side.
func tailOf(level float64) float64 {
	if !(level > 0 && level < 1) {
		panic(fmt.Sprintf("rate: level %v is not between 0 and 1", level))
	}
	return (1 - level) / 2
}

func mustCount(k int64) {
	if k < 0 {
		panic(fmt.Sprintf("rate: negative count %d", k))
	}
}

// exposed tells whether t is an exposure that a rate can be taken over.
func exposed(t float64) bool { return t > 0 && !math.IsInf(t, 1) }
