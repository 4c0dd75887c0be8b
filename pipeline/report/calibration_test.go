package report

import (
	"strings"
	"testing"
)

// calibrated adds a row of the table calibration.
func (r *run) calibrated(method, scene string, days int32, size, coverage float64, met bool) {
	b := r.tables["calibration"]
	b.Row()
	b.String("method_id", method)
	b.String("question", r.text("what it answers"))
	b.String("scene", scene)
	b.String("scene_description", r.text("as drawn"))
	b.Int32("record_d", days)
	b.Int32("areas_n", 1)
	b.Bool("is_default", true)
	b.Bool("is_naive", false)
	b.Int32("panels", 2000)
	b.Float64("not_evaluable_share", 0)
	b.Float64("false_positive_share", size)
	b.Float64("false_positive_error", 0.005)
	b.String("true_effect", r.text("ratio 2"))
	set(b, "interval_coverage", coverage)
	b.Float64("found_share", 0.8)
	b.Bool("aim_met", met)
}

func TestWhatSimulationsSayStandsBesideTheResults(t *testing.T) {
	if page := words(shippedInput(plainText)); strings.Contains(page, "How far the intervals can be trusted") || strings.Contains(page, "simulated records of") {
		t.Error("without a table the page speaks of simulations")
	}
	r := shipped(plainText)
	r.calibrated("ratio_shift", "calm", 90, 0.05, 0.95, true)
	r.calibrated("ratio_shift", "waves", 90, 0.21, 0.74, false)
	r.calibrated("ratio_shift", "waves", 400, 0.33, 0.61, false) // further from the 112 days of the ratios
	r.calibrated("pause_exact", "calm", 56, 0.05, 0.95, true)
	r.calibrated("ccf_effective_n", "waves", 90, 0.07, 0.92, false)
	r.calibrated("pause_adjusted", "waves", 56, 0.11, 0.9, false)
	page := words(r.input())
	for _, want := range []string{
		"How far the intervals can be trusted",
		"In 2 of 6 simulated settings",
		"Interval and p by circular shifts: in simulated records of 90 days this finds an association that is not there in 5 to 21 % (aim 4 to 6 %), most often in scene waves; its interval holds one that is there in 74 to 95 % (aim 93 to 97 %).",
		"The exact interval, of alerts, events and nights: within the aim in every scene",
		"Baseline of 56 days",
		"The interval of r: in simulated records of 90 days",
		"The adjusted interval, of launches: in simulated records of 56 days",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(page, "in simulated records of 400 days this finds an association that is not there in 33 %") {
		t.Error("the page speaks of records of another length than the result's")
	}
}
