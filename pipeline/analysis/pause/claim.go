package pause

import (
	"math"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// A claim is one statement, as it was said; nil is what was not said.
type claim struct {
	id, pause, role, stance string
	statement               hour.Interval // in which the words were spoken
	startDate, endDate      *hour.Day
	start, end              *hour.Instant
	duration                *hour.Instant
	places                  [][]area.ID
	targets                 []string
}

// Readings returns every reading of every claim that was known at the as-of, in
// the order of pause and id (methods.md 10.1). A retracted claim has none; of
// several versions of a claim the last is read.
//
// The error names a primary reading of the settings that there is not, or its
// claim. Readings panics if the settings have no zone.
func Readings(claims *table.Table, s Settings) ([]Reading, error) {
	if len(s.Zones) == 0 {
		panic("pause: no zone to read dates in")
	}
	known := claimsOf(claims, s.AsOf)
	longest := map[string]*hour.Instant{} // duration said in a pause
	for _, c := range known {
		if d := longest[c.pause]; c.duration != nil && (d == nil || *c.duration > *d) {
			longest[c.pause] = c.duration
		}
	}
	var all []Reading
	for i := range known {
		all = append(all, known[i].readings(&s, longest[known[i].pause])...)
	}
	sortReadings(all)
	ids, listed := claims.String("claim_id"), make([]string, claims.Rows())
	for row := range listed {
		listed[row] = ids.Value(row)
	}
	return all, replacePrimary(all, listed, &s)
}

// claimsOf reads the claims known at the as-of: first seen, or, without
// vintages, said by then.
func claimsOf(t *table.Table, asOf hour.Instant) []claim {
	text := func(name string) func(int) string {
		column := t.String(name)
		return func(row int) string {
			if column.IsNull(row) {
				return ""
			}
			return strings.Clone(column.Value(row))
		}
	}
	ids, pauses, roles, stances := text("claim_id"), text("pause_id"), text("speaker_role"), text("stance")
	places, targets := text("places"), text("targets")
	lo, hi, seen, retracted := t.Timestamp("statement_lo_utc"), t.Timestamp("statement_hi_utc"), t.Timestamp("first_seen_utc"), t.Bool("retracted")
	startDates, endDates, starts, ends, hours := t.Date("start_date"), t.Date("end_date"), t.Timestamp("start_utc"), t.Timestamp("end_utc"), t.Float64("duration_h")

	type version struct {
		claim
		known     hour.Instant
		retracted bool
	}
	var versions []version
	for row := range t.Rows() {
		v := version{retracted: retracted.Value(row), claim: claim{
			id: ids(row), pause: pauses(row), role: roles(row), stance: stances(row),
			statement: hour.Interval{Start: table.Instant(lo, row), End: table.Instant(hi, row)},
			places:    placesOf(places(row)), targets: listOf(targets(row), "|"),
		}}
		if v.known = v.statement.End; seen.IsValid(row) {
			v.known = table.Instant(seen, row)
		}
		if v.known > asOf {
			continue
		}
		if startDates.IsValid(row) {
			v.startDate = new(table.Day(startDates, row))
		}
		if endDates.IsValid(row) {
			v.endDate = new(table.Day(endDates, row))
		}
		if starts.IsValid(row) {
			v.start = new(table.Instant(starts, row))
		}
		if ends.IsValid(row) {
			v.end = new(table.Instant(ends, row))
		}
		if hours.IsValid(row) {
			v.duration = new(hour.Instant(math.Round(hours.Value(row) * float64(hour.InstantsInHour))))
		}
		same := func(o version) bool { return o.pause == v.pause && o.id == v.id }
		switch i := slices.IndexFunc(versions, same); {
		case i < 0:
			versions = append(versions, v)
		case v.known >= versions[i].known:
			versions[i] = v
		}
	}
	var claims []claim
	for _, v := range versions {
		if !v.retracted {
			claims = append(claims, v.claim)
		}
	}
	return claims
}

// placesOf reads places such as UA80|UA80+UA32.
func placesOf(text string) [][]area.ID {
	var all [][]area.ID
	for _, reading := range listOf(text, "|") {
		var ids []area.ID
		for _, id := range listOf(reading, "+") {
			ids = append(ids, area.ID(id))
		}
		all = append(all, ids)
	}
	return all
}

// listOf splits a text; an empty one has no parts.
func listOf(text, by string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, by)
}
