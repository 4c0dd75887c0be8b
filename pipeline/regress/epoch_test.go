package regress

import (
	"math"
	"slices"
	"testing"
)

var strikeEpochs = EpochDesign{Threshold: 2, Quiet: 7, Before: 3, After: 7, From: 1, To: 4}

// methods.md 9.10.
func TestEpochsReference(t *testing.T) {
	e := SuperposedEpochs(d1S, d1Y, strikeEpochs)
	if want := []int{53 - 1, 96 - 1, 109 - 1}; !slices.Equal(e.Events, want) || e.Overlapping != nil || e.Outside != nil || e.Incomplete != nil {
		t.Fatalf("%+v, want events %v", e, want)
	}
	for k, want := range []string{"5", "6.3333", "6", "8.6667", "7", "9.6667", "6.6667", "8", "6.3333", "6.6667", "7.3333"} {
		printed(t, "composite", e.Composite[k], want)
		if !near(e.Anomaly[k], e.Composite[k]-(5+19./3+6)/3, 1e-9) {
			t.Errorf("anomaly at %d: %v", k-3, e.Anomaly[k])
		}
	}
	if e.Peak != 2 || e.Shifts != 120 || e.Undefined != 0 {
		t.Errorf("peak %d, %d shifts", e.Peak, e.Shifts)
	}
	printed(t, "statistic", e.Statistic, "2.055555556")
	printed(t, "p", e.PGreater, ".075")
	if !near(e.SmallestP, 1./120, 1e-12) || e.PLess < 1-e.PGreater {
		t.Errorf("smallest p %v, other side %v", e.SmallestP, e.PLess)
	}
}

func TestEpochs(t *testing.T) {
	nan := math.NaN()
	design := EpochDesign{Threshold: 1, Quiet: 1, Before: 1, After: 2, From: 0, To: 1}
	for _, tt := range []struct {
		name                                     string
		exposure, response                       []float64
		events, overlapping, outside, incomplete []int
	}{
		{"an event needs quiet steps before it",
			[]float64{0, 1, 1, 0, 0, 1, 0, 0, 0}, make([]float64, 9), []int{1, 5}, nil, nil, nil},
		{"the first of overlapping windows is kept",
			[]float64{0, 1, 0, 1, 0, 0, 1, 0, 0}, make([]float64, 9), []int{1, 6}, []int{3}, nil, nil},
		{"a window must lie inside the record",
			[]float64{0, 0, 0, 0, 0, 0, 0, 1, 0}, make([]float64, 9), nil, nil, []int{7}, nil},
		{"a step not known is not quiet",
			[]float64{nan, 1, 0, 0, 0, 1, 0, 0, 0}, make([]float64, 9), []int{5}, nil, nil, nil},
		{"nor is the time before the record",
			[]float64{1, 0, 0, 0, 0, 1, 0, 0, 0}, make([]float64, 9), []int{5}, nil, nil, nil},
		{"a response not known leaves its event out",
			[]float64{0, 1, 0, 0, 0, 1, 0, 0, 0}, []float64{0, 0, 0, nan, 0, 0, 0, 0, 0}, []int{5}, nil, nil, []int{1}},
		{"no event", make([]float64, 9), make([]float64, 9), nil, nil, nil, nil},
		{"nothing", nil, nil, nil, nil, nil, nil},
	} {
		e := SuperposedEpochs(tt.exposure, tt.response, design)
		if !slices.Equal(e.Events, tt.events) || !slices.Equal(e.Overlapping, tt.overlapping) || !slices.Equal(e.Outside, tt.outside) || !slices.Equal(e.Incomplete, tt.incomplete) {
			t.Errorf("%s: %+v", tt.name, e)
		}
		if (len(tt.events) == 0) != (e.Reason != nil) || (e.Reason != nil) != math.IsNaN(e.Statistic) || (e.Reason != nil) != math.IsNaN(e.PGreater) {
			t.Errorf("%s: %v, reason %v", tt.name, e.Statistic, e.Reason)
		}
	}
	t.Run("shifts onto steps not known are left out and counted", func(t *testing.T) {
		exposure := []float64{0, 1, 0, 0, 0, 0, 0, 0, 0, 0}
		response := []float64{2, 5, 3, 1, 1, 1, nan, 1, 1, 1}
		e := SuperposedEpochs(exposure, response, design)
		// The statistic looks at 3 of 10 steps; 3 shifts put one on step 6. An event
		// at step 0 would give (2+5)/2 − 1, which is more.
		if e.Undefined != 3 || e.Shifts != 7 || e.Statistic != 2 || e.PGreater != 2./7 {
			t.Errorf("%+v", e)
		}
	})
	mustPanic(t, "lengths", func() { SuperposedEpochs(d1S, d1Y[1:], design) })
	mustPanic(t, "no window before", func() { SuperposedEpochs(d1S, d1Y, EpochDesign{Threshold: 1, After: 3, To: 1}) })
	mustPanic(t, "compared beyond the window", func() { SuperposedEpochs(d1S, d1Y, EpochDesign{Threshold: 1, Before: 1, After: 3, To: 4}) })
}
