package notebook

import (
	"strings"
	"testing"
	"time"

	"hardship/pipeline/analysis/pause"
	"hardship/pipeline/area"
	"hardship/pipeline/gate"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// pauseTables are those of two statements: of one week over a country, and one
// that denies it. Ten drones are launched on every night but those of the week,
// which have eight.
func pauseTables(t *testing.T) []*gate.Cleared {
	t.Helper()
	kyiv, err := hour.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	claims := table.NewBuilder(table.Claim)
	at := func(month time.Month, day, h int) hour.Instant {
		return hour.At(time.Date(2026, month, day, h, 0, 0, 0, time.UTC))
	}
	for i, stance := range []string{"asserts", "denies"} {
		claims.Row()
		claims.String("claim_id", "week/"+stance)
		claims.String("pause_id", "week")
		claims.String("speaker_role", "observer")
		claims.String("speaker", "someone")
		claims.String("stance", stance)
		claims.Timestamp("statement_lo_utc", at(time.January, 25, 12))
		claims.Timestamp("statement_hi_utc", at(time.January, 25, 12))
		claims.Timestamp("start_utc", at(time.January, 25, 16))
		claims.Timestamp("end_utc", at(time.February, 1, 7))
		if i == 0 {
			claims.String("places", "UA")
			claims.String("targets", "all|energy")
		}
		claims.String("source_id", "claims")
		claims.Bool("retracted", false)
	}
	nights := table.NewBuilder(table.StrikeNight)
	first := hour.Date(2025, time.October, 1)
	for d := first; d < hour.Date(2026, time.February, 10); d++ {
		n := int32(10)
		if d >= hour.Date(2026, time.January, 26) && d <= hour.Date(2026, time.February, 1) {
			n = 8
		}
		nights.Row()
		nights.String("area_id", "UA")
		nights.Date("date_local", d)
		nights.String("part", "night")
		nights.String("weapon", "drone")
		nights.Int32("events_lo", 1)
		nights.Int32("events_hi", 1)
		nights.Int32("launched", n)
	}
	settings := pause.Settings{AsOf: at(time.June, 1, 0), Country: "UA", Location: kyiv, Zones: []*time.Location{kyiv}}
	readings, err := pause.Readings(claims.Table(), settings)
	if err != nil {
		t.Fatal(err)
	}
	results, err := pause.Results(readings, table.NewBuilder(table.AreaDay).Table(), nights.Table(), settings)
	if err != nil {
		t.Fatal(err)
	}
	gazetteer, err := area.NewGazetteer([]area.Area{{ID: "UA", Location: kyiv}})
	if err != nil {
		t.Fatal(err)
	}
	made := map[*table.Schema]*table.Table{
		table.PauseReading: pause.ReadingTable(readings), table.PauseResult: pause.ResultTable(results),
		table.PauseSummary: pause.SummaryTable(pause.Summarize(results)), table.PauseSensitivity: pause.SensitivityTable(pause.Sensitivities(results)),
	}
	var out []*gate.Cleared
	for _, s := range table.Outputs {
		one := made[s]
		if one == nil {
			one = table.NewBuilder(s).Table()
		}
		if one, err = one.Sorted(); err != nil {
			t.Fatal(err)
		}
		cleared, err := gate.Clear(one, gate.Rules{AsOf: settings.AsOf, Gazetteer: gazetteer})
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, cleared)
	}
	return out
}

func TestThePausesNotebookPrints(t *testing.T) {
	files, err := Write(Input{Tables: pauseTables(t), Charts: map[string][]byte{"report/charts/readings_week.png": []byte("\x89PNG"), "report/charts/nights_week.png": []byte("\x89PNG")}})
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, f := range files {
		if f.Path == "notebooks/04_pauses.ipynb" {
			text = string(f.Content)
		}
	}
	for _, want := range []string{
		"week/asserts, asserts: 2 readings, 7 to 7 whole nights",
		"week/denies, denies: a denial has no window",
		"week: 1 of 2 readings are about targets that no source tells",
		"week launched_drone: no detectable change, 1 of 1 readings evaluable",
		"    ratio 0.80, 0.80, 0.80; fewer would likely show from 0.",
		"week launched_ballistic: not evaluable, 0 of 1 readings evaluable",
		"week launched_drone     b28_w0 no detectable change, 1 of 1\\n",
		"week launched_drone     b56_w7 no detectable change, 1 of 1 (primary)",
		// φ is 1: 0.8·exp(±1.959964·√(1/56 + 1/560)).
		"launched_drone: 0.61 to 1.05",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the notebook lacks %q", want)
		}
	}
	if n := strings.Count(text, "image/png"); n != 1 {
		t.Errorf("%d pictures, want that of the readings", n)
	}
	if t.Failed() {
		t.Log(text)
	}
}
