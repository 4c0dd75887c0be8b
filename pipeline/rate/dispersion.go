package rate

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Dispersion returns φ, how many times more the daily counts of a baseline vary
// than Poisson counts would (methods.md 10.4):
//
//	φ = max(1, variance/mean), variance with divisor n−1
//
// Days not known are NaN and are dropped. φ is NaN with fewer than two days, and
// 1 if no event was seen on any.
func Dispersion(daily []float64) float64 {
	var known []float64
	for _, v := range daily {
		if !math.IsNaN(v) {
			known = append(known, v)
		}
	}
	if len(known) < 2 {
		return math.NaN()
	}
	mean, variance := stat.MeanVariance(known, nil)
	if mean == 0 {
		return 1
	}
	return max(1, variance/mean)
}

// Adjusted returns the interval for the rate ratio of x1 events in t1 against x0
// in t0 when counts vary φ times more than Poisson counts (methods.md 10.4):
//
//	exp(ln RR ± z·√(φ(1/x₁ + 1/x₀))), z the normal quantile of level
//
// and, where x₁ or x₀ is worth less than one event, below φ, the exact limits of
// x₁/φ and x₀/φ events: with φ = 1 where it is 0. Below one event's worth the
// formula would widen so fast that none launched could read fewer, 1 no change,
// and 20 fewer again. So, at level 0.95 and with x₀ worth six events or more, no
// limit falls when x₁ grows or x₀ shrinks. Both NaN if both counts are 0, φ is NaN or below 1, or an
// exposure is none (see [Compare]). It panics if a count is negative or level is
// not between 0 and 1.
//
// Decision, 2026-11-28: methods.md 10.4 has the exact limits at 0 alone, and
// writes z as 1.96. The quantile itself is used, so that [AdjustedP] is at most
// 0.05 exactly where the interval leaves out 1; the limits printed there come out
// to the last digit with 1.96.
func Adjusted(x1 int64, t1 float64, x0 int64, t0, phi, level float64) Interval {
	tail := tailOf(level)
	mustCount(x1)
	mustCount(x0)
	if !(phi >= 1) || !exposed(t1) || !exposed(t0) {
		return unknown
	}
	a, b := float64(x1), float64(x0)
	if a < phi || b < phi {
		return exactLimits(a/phi, t1, b/phi, t0, tail)
	}
	rr := (a / t1) / (b / t0)
	half := distuv.UnitNormal.Quantile(1-tail) * math.Sqrt(phi*(1/a+1/b))
	return Interval{rr * math.Exp(-half), rr * math.Exp(half)}
}

// AdjustedP returns the two-sided p that agrees with the interval of [Adjusted]:
// that of z = |ln RR| / √(φ(1/x₁ + 1/x₀)), and where x₁ or x₀ is below φ twice the
// smaller tail of x₁/φ and x₀/φ events. 1 if both counts are 0; NaN if φ is NaN or
// below 1, or an exposure is none.
func AdjustedP(x1 int64, t1 float64, x0 int64, t0, phi float64) float64 {
	mustCount(x1)
	mustCount(x0)
	if !(phi >= 1) || !exposed(t1) || !exposed(t0) {
		return math.NaN()
	}
	a, b := float64(x1), float64(x0)
	if a < phi || b < phi {
		return twiceSmaller(atMost(a/phi, b/phi, t0/(t1+t0)), atLeast(a/phi, b/phi, t1/(t1+t0)))
	}
	return math.Erfc(math.Abs(math.Log((a/t1)/(b/t0))) / math.Sqrt(phi*(1/a+1/b)) / math.Sqrt2)
}

// PredictiveAtMost returns the probability of at most obs events in exposure t1
// after x0 in t0, at the same unknown rate with the prior of Jeffreys
// (methods.md 10.4): the negative binomial with r = x₀+½ and p = t₀/(t₀+t₁). NaN
// if an exposure is none (see [Compare]). It panics if a count is negative.
func PredictiveAtMost(obs, x0 int64, t0, t1 float64) float64 {
	mustCount(obs)
	mustCount(x0)
	if !exposed(t1) || !exposed(t0) {
		return math.NaN()
	}
	return mathext.RegIncBeta(float64(x0)+.5, float64(obs)+1, t0/(t0+t1))
}

// PlaceboRank ranks the observed total of a window among all windows of as many
// days in its baseline (methods.md 10.4): p = (1 + #{total ≤ observed})/(1 + m)
// of m windows. It needs no distribution, so it also holds for hours of alert or
// darkness, but p is never below 1/(1+m): print m with it.
//
// The windows overlap, and p says how rarely the baseline was as low, not how
// surely the rate fell. A window with a day not known (NaN) is left out; p is
// NaN if observed is. It panics if window is not positive.
func PlaceboRank(baseline []float64, window int, observed float64) (p float64, m int) {
	if window <= 0 {
		panic(fmt.Sprintf("rate: window of %d days", window))
	}
	// Totals of hours in fractions may differ from an equal one in the last digit.
	limit := observed + 1e-12*math.Abs(observed)
	atMost := 0
	for first := 0; first+window <= len(baseline); first++ {
		var total float64
		for _, v := range baseline[first : first+window] {
			total += v
		}
		if math.IsNaN(total) {
			continue
		}
		m++
		if total <= limit {
			atMost++
		}
	}
	if math.IsNaN(observed) {
		return math.NaN(), m
	}
	return float64(1+atMost) / float64(1+m), m
}
