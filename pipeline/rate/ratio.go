package rate

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// A Ratio is the ratio of two event rates, x₁/t₁ : x₀/t₀, with what is known of
// its uncertainty when both counts are Poisson. Central and P are the main
// result, and agree: P < 1 − Level exactly if Central leaves out 1. The others
// are printed beside it.
type Ratio struct {
	X1 int64   // events in the window
	T1 float64 // exposure of the window
	X0 int64   // events in the baseline
	T0 float64 // exposure of the baseline, in the unit of T1

	Level float64 // of both intervals
	RR    float64 // (X1/T1)/(X0/T0); +Inf if only X0 is 0, NaN if both are

	Central Interval // Clopper–Pearson
	P       float64  // min(1, 2·smaller tail)
	MidP    Interval // half the probability of X1 itself counted
	PMidP   float64
	PETest  float64 // Krishnamoorthy and Thomson
}

// Expected returns the count of the window at the rate of the baseline,
// x₀·t₁/t₀.
func (r Ratio) Expected() float64 { return float64(r.X0) * r.T1 / r.T0 }

// Compare compares x1 events in exposure t1 with x0 in t0 (methods.md 9.2).
// Given n = x₁+x₀, x₁ is binomial (n, p) with RR = p/(1−p)·t₀/t₁:
//
//   - central exact: the limits of Clopper and Pearson (1934) for p, and twice
//     the smaller tail at p = t₁/(t₁+t₀). It is not the two-sided test that
//     orders outcomes by their probability, whose p does not match the limits;
//   - mid-p: the same with half the probability of x₁ itself;
//   - E-test (Krishnamoorthy and Thomson 2004): the probability, under both
//     Poisson counts at their pooled rate, of a score statistic at least as far
//     from 0 as the observed one.
//
// With x₁ = 0 the lower limits are 0; with x₀ = 0 the upper ones are +Inf; with
// both 0 ratio and limits are NaN and every p is 1. An exposure that is 0,
// negative, infinite or NaN leaves every result NaN. Compare panics if a count is
// negative or level is not between 0 and 1.
func Compare(x1 int64, t1 float64, x0 int64, t0 float64, level float64) Ratio {
	tail := tailOf(level)
	mustCount(x1)
	mustCount(x0)
	nan := math.NaN()
	r := Ratio{
		X1: x1, T1: t1, X0: x0, T0: t0, Level: level,
		RR: nan, Central: unknown, P: nan, MidP: unknown, PMidP: nan, PETest: nan,
	}
	if !exposed(t1) || !exposed(t0) {
		return r
	}
	if x1 == 0 && x0 == 0 {
		r.P, r.PMidP, r.PETest = 1, 1, 1
		return r
	}
	a, b := float64(x1), float64(x0)
	p, q := t1/(t1+t0), t0/(t1+t0)
	r.RR = (a / t1) / (b / t0)
	r.Central = exactLimits(a, t1, b, t0, tail)
	r.P = twiceSmaller(atMost(a, b, q), atLeast(a, b, p))
	r.MidP = midLimits(a, t1, b, t0, tail)
	mid := midAtMost(a, b, p, q)
	r.PMidP = twiceSmaller(mid, midAtMost(b, a, q, p))
	r.PETest = eTest(x1, t1, x0, t0)
	return r
}

func twiceSmaller(a, b float64) float64 { return min(1, 2*min(a, b)) }

// atMost returns P(X ≤ x₁) for X binomial in x₁+x₀ trials, q = 1−p.
func atMost(x1, x0, q float64) float64 {
	if x0 == 0 {
		return 1
	}
	return mathext.RegIncBeta(x0, x1+1, q)
}

// atLeast returns P(X ≥ x₁).
func atLeast(x1, x0, p float64) float64 { return atMost(x0, x1, p) }

// midAtMost returns P(X < x₁) + P(X = x₁)/2.
func midAtMost(x1, x0, p, q float64) float64 {
	if x1 == 0 {
		return atMost(x1, x0, q) / 2
	}
	return (atMost(x1, x0, q) + atMost(x1-1, x0+1, q)) / 2
}

// exactLimits returns the limits of Clopper and Pearson as a ratio of rates. They
// are quantiles of beta distributions, so the counts need not be whole.
func exactLimits(x1, t1, x0, t0, tail float64) Interval {
	scale := t0 / t1
	var iv Interval
	switch {
	case x1 == 0 && x0 == 0:
		return unknown
	case x1 == 0: // (1−p)^x₀ = tail
		iv.Hi = math.Expm1(-math.Log(tail)/x0) * scale
	case x0 == 0: // p^x₁ = tail
		iv.Lo = scale / math.Expm1(-math.Log(tail)/x1)
		iv.Hi = math.Inf(1)
	default:
		iv.Lo = betaOdds(x1, x0+1, tail) * scale
		// The upper limit is the lower one of the inverse ratio, whose
		// quantile is near 0 where this one would be rounded to 1.
		iv.Hi = scale / betaOdds(x0, x1+1, tail)
	}
	return iv
}

// betaOdds returns p/(1−p) at the quantile p of the beta distribution (a, b).
func betaOdds(a, b, tail float64) float64 {
	p := mathext.InvRegIncBeta(a, b, tail)
	return p / (1 - p)
}

// midLimits solves P(X<x₁) + P(X=x₁)/2 = 1−tail for the lower limit and = tail
// for the upper.
func midLimits(x1, t1, x0, t0, tail float64) Interval {
	scale := t0 / t1
	iv := Interval{Lo: 0, Hi: math.Inf(1)}
	switch {
	case x1 == 0: // (1−p)^x₀/2 = tail
		iv.Hi = math.Expm1(-math.Log(2*tail)/x0) * scale
	case x0 == 0: // p^x₁/2 = tail
		iv.Lo = scale / math.Expm1(-math.Log(2*tail)/x1)
	default:
		iv.Hi = midOdds(x1, x0, tail) * scale
		iv.Lo = scale / midOdds(x0, x1, tail)
	}
	return iv
}

// midOdds returns the odds p/(1−p) at which P(X<x₁) + P(X=x₁)/2 has fallen to
// tail. It bisects on the logarithm, so that neither p nor 1−p is rounded away.
func midOdds(x1, x0, tail float64) float64 {
	above := func(logOdds float64) bool {
		return midAtMost(x1, x0, 1/(1+math.Exp(-logOdds)), 1/(1+math.Exp(logOdds))) > tail
	}
	lo := math.Log(x1 / x0)
	step := 1.0
	for !above(lo) {
		lo -= step
		step *= 2
	}
	hi := lo + step
	for above(hi) {
		lo = hi
		step *= 2
		hi += step
	}
	for {
		mid := lo + (hi-lo)/2
		if mid <= lo || mid >= hi {
			return math.Exp(mid)
		}
		if above(mid) {
			lo = mid
		} else {
			hi = mid
		}
	}
}
