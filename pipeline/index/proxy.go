package index

import (
	"math"
	"slices"

	"hardship/pipeline/unit"
)

// A Score is how far a value lies from a baseline, in robust standard
// deviations.
type Score struct {
	Median float64 // of the baseline; NaN with fewer than LeastBaseline values
	Z      float64 // NaN also where the baseline does not vary
}

// LeastBaseline is the number of baseline values below which there is no score:
// half of four weeks.
const LeastBaseline = 14

// RobustZ scores a value against a baseline without missing values (methods.md
// 6.7):
//
//	z = (x − median) / (1.4826·MAD), MAD = median |xᵢ − median|
//
// 1.4826 makes MAD the standard deviation of normal values. Lights and signals
// have days that are far off; a mean and a standard deviation would hide them.
func RobustZ(x float64, baseline []float64) Score {
	s := Score{Median: unit.Missing[float64](), Z: unit.Missing[float64]()}
	if len(baseline) < LeastBaseline {
		return s
	}
	s.Median = median(baseline)
	distances := make([]float64, len(baseline))
	for i, v := range baseline {
		distances[i] = math.Abs(v - s.Median)
	}
	if mad := median(distances); mad > 0 {
		s.Z = (x - s.Median) / (1.4826 * mad)
	}
	return s
}

// median returns the middle of the sorted values, or the mean of the two.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
