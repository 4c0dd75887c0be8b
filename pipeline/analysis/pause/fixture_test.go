package pause

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

func zone(name string) *time.Location {
	loc, err := hour.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return loc
}

var kyiv, moscow = zone("Europe/Kyiv"), zone("Europe/Moscow")

// utc reads an instant such as 2026-01-31T22:00.
func utc(text string) hour.Instant {
	t, err := time.Parse("2006-01-02T15:04", text)
	if err != nil {
		panic(err)
	}
	return hour.At(t)
}

func day(text string) hour.Day {
	d, err := hour.ParseDay(text)
	if err != nil {
		panic(err)
	}
	return d
}

// settings are those of a run long after every window of the tests.
func settings() Settings {
	return Settings{
		AsOf: utc("2026-08-22T00:00"), Country: "UA", Location: kyiv, Zones: []*time.Location{kyiv, moscow},
		TakesIn: map[area.ID]area.ID{"UA32": "UA80"},
	}
}

// claimed is a table of claims, one a text of words such as
//
//	id=a/1 stance=asserts said=2026-01-30T06:00..2026-01-30T15:00 to=2026-02-01 for=168 places=UA80 targets=all
//
// from and to are dates or instants. The pause is what stands before the slash;
// what a text leaves out was not said.
func claimed(texts ...string) *table.Table {
	b := table.NewBuilder(table.Claim)
	for _, text := range texts {
		word := map[string]string{"stance": "asserts", "said": "2026-01-01T00:00..2026-01-01T00:00", "retracted": "false"}
		for part := range strings.FieldsSeq(text) {
			name, value, _ := strings.Cut(part, "=")
			word[name] = value
		}
		pause, _, _ := strings.Cut(word["id"], "/")
		lo, hi, _ := strings.Cut(word["said"], "..")
		b.Row()
		b.String("claim_id", word["id"])
		b.String("pause_id", pause)
		b.String("speaker_role", "observer")
		b.String("speaker", "someone")
		b.String("stance", word["stance"])
		b.Timestamp("statement_lo_utc", utc(lo))
		b.Timestamp("statement_hi_utc", utc(hi))
		for name, said := range map[string]string{"start": word["from"], "end": word["to"]} {
			switch {
			case strings.Contains(said, "T"):
				b.Timestamp(name+"_utc", utc(said))
			case said != "":
				b.Date(name+"_date", day(said))
			}
		}
		if h, err := strconv.ParseFloat(word["for"], 64); err == nil {
			b.Float64("duration_h", h)
		}
		b.OptionalString("places", word["places"])
		b.OptionalString("targets", word["targets"])
		b.String("source_id", "test")
		if word["seen"] != "" {
			b.Timestamp("first_seen_utc", utc(word["seen"]))
		}
		b.Bool("retracted", word["retracted"] == "true")
	}
	return b.Table()
}

// nightly is a row of strike_night for each value from the first day on; NaN
// leaves the row out, and negative values a number.
func nightly(b *table.Builder, id, weapon, part string, first hour.Day, values ...float64) {
	for i, v := range values {
		if math.IsNaN(v) {
			continue
		}
		b.Row()
		b.String("area_id", id)
		b.Date("date_local", first+hour.Day(i))
		b.String("part", part)
		b.String("weapon", weapon)
		b.Int32("events_lo", 0)
		b.Int32("events_hi", 0)
		if id == "UA" {
			table.Optional(b.Int32, "launched", int32(v), v >= 0)
		} else {
			b.Int32("rows_named", int32(v))
		}
	}
}

// launches is strike_night with drones launched over the country by night.
func launches(first hour.Day, values ...float64) *table.Table {
	b := table.NewBuilder(table.StrikeNight)
	nightly(b, "UA", "drone", "night", first, values...)
	return b.Table()
}

// daysOf is area_day of one area with values of columns, NaN for null.
func daysOf(id string, first hour.Day, columns map[string][]float64) *table.Table {
	b := table.NewBuilder(table.AreaDay)
	n := 0
	for _, values := range columns {
		n = max(n, len(values))
	}
	for i := range n {
		b.Row()
		b.String("area_id", id)
		b.Date("date_local", first+hour.Day(i))
		b.String("tz", "Europe/Kyiv")
		b.Int32("hours_in_day", 24)
		b.Int32("t_n_present", 0)
		b.Float64("t_coverage", 0)
		b.Int32("t_longest_gap_h", 0)
		b.Int32("flags", 0)
		for name, values := range columns {
			if math.IsNaN(values[i]) {
				continue
			}
			if c, _ := table.AreaDay.Column(name); c.Type == table.Int32 {
				b.Int32(name, int32(values[i]))
			} else {
				b.Float64(name, values[i])
			}
		}
	}
	return b.Table()
}

func noDays() *table.Table   { return table.NewBuilder(table.AreaDay).Table() }
func noNights() *table.Table { return table.NewBuilder(table.StrikeNight).Table() }

// results runs claims to results, all or none.
func results(t *testing.T, claims, areaDay, strikeNight *table.Table, s Settings) []Result {
	t.Helper()
	readings, err := Readings(claims, s)
	if err != nil {
		t.Fatal(err)
	}
	for _, unsorted := range []**table.Table{&areaDay, &strikeNight} {
		if *unsorted, err = (*unsorted).Sorted(); err != nil {
			t.Fatal(err)
		}
	}
	all, err := Results(readings, areaDay, strikeNight, s)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// result returns the one result of a claim with one reading, by a metric and at
// the primary baseline.
func result(t *testing.T, all []Result, claim, metric string) *Result {
	t.Helper()
	var found *Result
	for i := range all {
		if r := &all[i]; r.Reading.ClaimID == claim && r.Metric == metric && r.Primary {
			if found != nil {
				t.Fatalf("two readings of %s", claim)
			}
			found = r
		}
	}
	if found == nil {
		t.Fatalf("no result of %s by %s", claim, metric)
	}
	return found
}

// repeat returns n times v.
func repeat(n int, v float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = v
	}
	return out
}

// printed reports whether got rounds to want at its number of digits after the
// point.
func printed(got, want float64, digits int) bool {
	return strconv.FormatFloat(got, 'f', digits, 64) == strconv.FormatFloat(want, 'f', digits, 64)
}

var nan = math.NaN()
