package regress

import (
	"math"
	"slices"
	"testing"
)

var strikeEpochs = EpochDesign{Threshold: 2, Quiet: 7, Before: 3, After: 7, From: 1, To: 4}

// methods.md 9.10.
func TestEpochsReference(t *testing.T) {
	e := SuperposedEpochs(d1S, d1Y, nil, strikeEpochs)
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
		e := SuperposedEpochs(tt.exposure, tt.response, nil, design)
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
		e := SuperposedEpochs(exposure, response, nil, design)
		// The statistic looks at 3 of 10 steps; 3 shifts put one on step 6. An event
		// at step 0 would give (2+5)/2 − 1, which is more.
		if e.Undefined != 3 || e.Shifts != 7 || e.Statistic != 2 || e.PGreater != 2./7 {
			t.Errorf("%+v", e)
		}
	})
	t.Run("series keep their events apart and are shifted together, each round itself", func(t *testing.T) {
		// Two series of 8 and 6 steps; step 8 follows no quiet step of its own series.
		exposure := []float64{0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0}
		response := []float64{1, 2, 9, 4, 5, 1, 3, 2, 7, 3, 8, 6, 2, 1}
		series := []int{4, 4, 4, 4, 4, 4, 4, 4, 9, 9, 9, 9, 9, 9}
		e := SuperposedEpochs(exposure, response, series, design)
		if !slices.Equal(e.Events, []int{2, 10}) || e.Outside != nil || e.Overlapping != nil {
			t.Fatalf("%+v", e)
		}
		greater := 0
		statistic := func(shift int) float64 {
			a := func(k int) float64 { return response[(2+shift+k)%8] }
			b := func(k int) float64 { return response[8+(2+shift+k)%6] }
			return ((a(0)+a(1))/2 - a(-1) + (b(0)+b(1))/2 - b(-1)) / 2
		}
		for shift := range 6 {
			if statistic(shift) >= statistic(0) {
				greater++
			}
		}
		if e.Shifts != 6 || !near(e.Statistic, statistic(0), 1e-12) || !near(e.PGreater, float64(greater)/6, 1e-12) {
			t.Errorf("%+v, want %v and %d of 6", e, statistic(0), greater)
		}
		if !near(e.Composite[1], (9.+8)/2, 1e-12) || !near(e.Anomaly[1], (9.-2+8-3)/2, 1e-12) {
			t.Errorf("composite %v, anomaly %v", e.Composite, e.Anomaly)
		}
	})
	t.Run("one series is none", func(t *testing.T) {
		got, want := SuperposedEpochs(d1S, d1Y, make([]int, 120), strikeEpochs), SuperposedEpochs(d1S, d1Y, nil, strikeEpochs)
		if got.Statistic != want.Statistic || got.PGreater != want.PGreater || got.Shifts != want.Shifts {
			t.Errorf("%+v, want %+v", got, want)
		}
	})
	mustPanic(t, "a series in two parts", func() { SuperposedEpochs([]float64{0, 1, 0}, []float64{1, 1, 1}, []int{1, 2, 1}, design) })
	mustPanic(t, "lengths", func() { SuperposedEpochs(d1S, d1Y[1:], nil, design) })
	mustPanic(t, "no window before", func() { SuperposedEpochs(d1S, d1Y, nil, EpochDesign{Threshold: 1, After: 3, To: 1}) })
	mustPanic(t, "compared beyond the window", func() { SuperposedEpochs(d1S, d1Y, nil, EpochDesign{Threshold: 1, Before: 1, After: 3, To: 4}) })
}
