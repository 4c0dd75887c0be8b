package space

import "hardship/pipeline/unit"

// MinCoverage is the share of an area's weight that must have readings, or its
// mean is not known (methods.md 4.4).
const MinCoverage = 0.8

// Mean returns the weighted mean of values and the share of the weight that has
// one, from 0 to 1 (methods.md 4.4):
//
//	mean = Σ w T / Σ w over those with T;  coverage = Σ w with T / Σ w
//
// A missing value is NaN and leaves both sums of the mean: were it 0, cold areas
// would warm up. The mean is NaN where coverage is below MinCoverage, and where
// there is no weight at all. Otherwise it lies within the values present.
//
// Weights are finite, at least 0, in any unit. It panics if one is not or if the
// lengths differ.
func Mean[T ~float64](values []T, weights []float64) (mean T, coverage float64) {
	return MeanOfPart(values, weights, 1)
}

// MeanOfPart does so where the weights are of a part of the whole only, such as
// the part of an area that a grid covers: what is outside has no readings.
func MeanOfPart[T ~float64](values []T, weights []float64, part float64) (mean T, coverage float64) {
	mean, coverage = weightedMean(values, weights)
	return enough(mean, coverage*part)
}

// weightedMean returns the mean of what is present, however little.
func weightedMean[T ~float64](values []T, weights []float64) (mean T, coverage float64) {
	if len(values) != len(weights) {
		panic("space: values and weights differ in number")
	}
	var weighted, present, all sum
	lowest, highest := unit.Missing[T](), unit.Missing[T]()
	for i, v := range values {
		w := weights[i]
		if !(w >= 0 && w-w == 0) {
			panic("space: a weight is negative or not finite")
		}
		all.add(w)
		if w == 0 || unit.IsMissing(v) {
			continue
		}
		if unit.IsMissing(lowest) {
			lowest, highest = v, v
		}
		lowest, highest = min(lowest, v), max(highest, v)
		weighted.add(w * float64(v))
		present.add(w)
	}
	if !(present.value() > 0) {
		return unit.Missing[T](), 0
	}
	mean = T(weighted.value() / present.value())
	return max(lowest, min(highest, mean)), present.value() / all.value() // the quotient may round past a bound
}

// enough takes a mean away where too little is present. Four of five equal
// weights are enough, however their sums round.
func enough[T ~float64](mean T, coverage float64) (T, float64) {
	if coverage < MinCoverage-1e-12 {
		return unit.Missing[T](), coverage
	}
	return mean, coverage
}
