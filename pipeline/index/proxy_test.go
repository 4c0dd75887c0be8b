package index

import (
	"math"
	"slices"
	"testing"
)

func TestRobustZ(t *testing.T) {
	baseline := []float64{3, 1, 2, 5, 4, 3, 1, 2, 5, 4, 3, 1, 2, 5, 4} // five values three times: median 3, deviations 0 1 1 2 2, MAD 1
	for _, tt := range []struct {
		name      string
		x         float64
		baseline  []float64
		median, z float64
	}{
		{"one deviation above", 3 + 1.4826, baseline, 3, 1},
		{"far below", -97, baseline, 3, -100 / 1.4826},
		{"an even number takes the mean of the middle two", 3.5, slices.Concat(baseline, []float64{4}), 3, 0.5 / 1.4826},
		{"a single outlier moves nothing", 3, slices.Concat(baseline[:14], []float64{1e9}), 3, 0},
		{"too few values", 3, baseline[:13], math.NaN(), math.NaN()},
		{"a baseline that does not vary", 4, slices.Repeat([]float64{2}, 20), 2, math.NaN()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := RobustZ(tt.x, tt.baseline)
			same := func(a, b float64) bool { return math.Abs(a-b) < 1e-12 || math.IsNaN(a) && math.IsNaN(b) }
			if !same(got.Median, tt.median) || !same(got.Z, tt.z) {
				t.Errorf("RobustZ = %+v, want median %v and z %v", got, tt.median, tt.z)
			}
		})
	}
	if sorted := slices.IsSorted(baseline); sorted {
		t.Error("the baseline was sorted in place")
	}
}
