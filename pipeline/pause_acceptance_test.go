package pipeline_test

import (
	"math"
	"slices"
	"strconv"
	"testing"
	"time"

	"hardship/pipeline/analysis/pause"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// printed reports whether got rounds to want at its number of decimals.
func printed(got, want float64, decimals int) bool {
	return strconv.FormatFloat(got, 'f', decimals, 64) == strconv.FormatFloat(want, 'f', decimals, 64)
}

// Every reading that is kept has a result for each metric and baseline, the ends
// that "until 1 February" can mean are all there (methods.md 10.1), and the
// verdicts are those that the shipped data allow.
func TestPublishedTablesAnswerThePause(t *testing.T) {
	readings, results := published(t, table.PauseReading), published(t, table.PauseResult)
	kept, ends, denials := map[string]string{}, map[string]bool{}, 0
	for row := range readings.Rows() {
		if !readings.Bool("is_kept").Value(row) {
			denials++
			continue
		}
		kept[readings.String("reading_id").Value(row)] = readings.String("targets").Value(row)
		if readings.String("claim_id").Value(row) == "kyiv-2026-01/kremlin" {
			ends[table.Instant(readings.Timestamp("end_utc"), row).String()] = true
		}
	}
	if len(kept) != 174 || denials != 3 {
		t.Errorf("%d readings have results and %d statements none, want 174 and 3", len(kept), denials)
	}
	for _, end := range []string{"2026-01-31T21:00:00Z", "2026-01-31T22:00:00Z", "2026-02-01T21:00:00Z", "2026-02-01T22:00:00Z"} {
		if !ends[end] {
			t.Errorf("no reading ends at %s: %v", end, ends)
		}
	}
	rows := map[string]int{}
	for row := range results.Rows() {
		id := results.String("reading_id").Value(row)
		rows[id]++
		counted := results.Float64("obs_lo").IsValid(row) || results.Float64("obs_hi").IsValid(row) || results.Float64("rr_lo_obs").IsValid(row)
		if kept[id] != "all" && (counted || results.Bool("evaluable").Value(row)) {
			t.Fatalf("%s is about %s, which no source tells, and is counted", id, kept[id])
		}
	}
	for id := range kept {
		if rows[id] != len(table.PauseMetrics)*9 {
			t.Errorf("%s has %d results, want nine baselines of each metric", id, rows[id])
		}
	}

	type answer struct {
		verdict             string
		readings, evaluable int32
	}
	want := map[string]answer{
		"launched_drone": {pause.NoChange, 16, 6}, "launched_all": {pause.NoChange, 16, 6}, "launched_ballistic": {pause.NotEvaluable, 16, 0},
		"launched_cruise": {pause.NotEvaluable, 16, 0}, "nights_named": {pause.NotEvaluable, 76, 0}, "alerts_n": {pause.NotEvaluable, 38, 0}, // the series changes in December 2025

		"alert_h": {pause.NotEvaluable, 38, 0}, "sched_off_h": {pause.NotEvaluable, 38, 0}, "strikes_energy": {pause.NotEvaluable, 0, 0},
	}
	sum := published(t, table.PauseSummary)
	for row := range sum.Rows() {
		metric := sum.String("metric").Value(row)
		got := answer{sum.String("verdict").Value(row), sum.Int32("n_readings").Value(row), sum.Int32("n_evaluable").Value(row)}
		switch known := sum.String("targets_are").Value(row) == "known"; {
		case !known || sum.String("pause_id").Value(row) == "energy-2025-03":
			if got.verdict != pause.NotEvaluable || got.evaluable != 0 {
				t.Errorf("%s by %s: %+v, though no source tells the targets", sum.String("pause_id").Value(row), metric, got)
			}
		case got != want[metric]:
			t.Errorf("%s: %+v, want %+v", metric, got, want[metric])
		}
	}
}

// methods.md 10, real check: launches of drones in March 2025 against the 28
// nights before, from the published strike_night, by what a claim about all
// targets would have given. The limits are printed there for z = 1.96.
func TestMarch2025FromThePublishedTables(t *testing.T) {
	s, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	kyiv, err := hour.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	days, nights := published(t, table.AreaDay), published(t, table.StrikeNight)
	at := func(day, h int) hour.Instant { return hour.At(time.Date(2025, time.March, day, h, 0, 0, 0, time.UTC)) }
	for _, tt := range []struct {
		from            hour.Instant
		nights          int
		x1, x0          float64
		rr, phi, lo, hi float64
	}{
		{at(18, 14), 11, 1632, 4190, .9914515, 15.900681, .7892779, 1.2454118},
		{at(25, 12), 4, 538, 3969, .9488536, 13.309622, .6831693, 1.3178625},
	} {
		b := table.NewBuilder(table.Claim)
		b.Row()
		b.String("claim_id", "march/all")
		b.String("pause_id", "march")
		b.String("speaker_role", "observer")
		b.String("speaker", "the test")
		b.String("stance", "asserts")
		b.Timestamp("statement_lo_utc", tt.from)
		b.Timestamp("statement_hi_utc", tt.from)
		b.Timestamp("start_utc", tt.from)
		b.Timestamp("end_utc", at(29, 12))
		b.String("places", "UA")
		b.String("targets", "all")
		b.String("source_id", "test")
		b.Bool("retracted", false)
		settings := pause.Settings{AsOf: s.AsOf, Country: "UA", Location: kyiv, Zones: []*time.Location{kyiv}, Baseline: pause.Baseline{Days: 28}}
		readings, err := pause.Readings(b.Table(), settings)
		if err != nil {
			t.Fatal(err)
		}
		results, err := pause.Results(readings, days, nights, settings)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(results, func(r pause.Result) bool { return r.Primary && r.Metric == "launched_drone" })
		r := results[i]
		if r.Reading.NightsWhole != tt.nights || r.Observed != (pause.Bounds{Lo: tt.x1, Hi: tt.x1}) || r.X0 != (pause.Bounds{Lo: tt.x0, Hi: tt.x0}) {
			t.Errorf("%v in %d nights against %v, want %v in %d against %v", r.Observed, r.Reading.NightsWhole, r.X0, tt.x1, tt.nights, tt.x0)
		}
		wider := func(limit float64) float64 { return r.RR.Lo * math.Pow(limit/r.RR.Lo, 1.96/1.959963984540054) }
		if !printed(r.RR.Lo, tt.rr, 7) || !printed(r.Phi, tt.phi, 6) || !printed(wider(r.Adjusted.Lo), tt.lo, 7) || !printed(wider(r.Adjusted.Hi), tt.hi, 7) {
			t.Errorf("RR %v, φ %v, %v to %v, want %v, %v, %v to %v", r.RR.Lo, r.Phi, wider(r.Adjusted.Lo), wider(r.Adjusted.Hi), tt.rr, tt.phi, tt.lo, tt.hi)
		}
	}
}
