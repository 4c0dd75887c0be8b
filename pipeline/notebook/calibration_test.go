package notebook

import (
	"testing"

	"hardship/pipeline/table"
)

func TestCalibrationIsPrintedFromTheLeastToTheLargestShareAndTheNaiveLast(t *testing.T) {
	b := table.NewBuilder(table.Calibration)
	for _, r := range []struct {
		method         string
		days           int32
		standard, naiv bool
		size           float64
		answers        bool
	}{
		{"naive", 90, false, true, .301, true},
		{"standard", 400, true, false, .05, true},
		{"standard", 90, true, false, .0625, true},
		{"standard", 90, true, false, .117, true},
		{"standard", 90, true, false, .9, false}, // an answer for fewer than half of the records
		{"candidate", 90, false, false, .2, true},
	} {
		b.Row()
		for _, name := range []string{"question", "scene", "scene_description", "true_effect"} {
			b.String(name, "x")
		}
		b.String("method_id", r.method)
		b.Int32("record_d", r.days)
		b.Int32("areas_n", 1)
		b.Bool("is_default", r.standard)
		b.Bool("is_naive", r.naiv)
		b.Int32("panels", 2000)
		b.Float64("not_evaluable_share", 0)
		b.Float64("false_positive_share", r.size)
		table.Optional(b.Bool, "aim_met", false, r.answers)
	}
	want := "standard, 90 days: 6.2 to 11.7 %\nstandard, 400 days: 5.0 to 5.0 %\nnaive (naive), 90 days: 30.1 to 30.1 %\n"
	if got := printedBy(t, "18_calibration", b.Table()); got != want {
		t.Errorf("it prints\n%s\nwant\n%s", got, want)
	}
}
