package panel

import (
	"math"
	"testing"

	"github.com/apache/arrow/go/v17/arrow/array"

	"hardship/pipeline/area"
	"hardship/pipeline/gate"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// nightly makes bulletins without strikes for the nights that end on the days
// [first, first+n), so that all these days are known.
func nightly(first string, n int) *table.Table {
	var list []cells
	for d := day(first); d < day(first)+hour.Day(n); d++ {
		list = append(list, bulletin(d.String()+" 01:00", d.String()+" 02:00", cells{"weapon": "reconnaissance", "strike_id": "frame " + d.String()}))
	}
	return strikes(list...)
}

func TestPlacesAreBounds(t *testing.T) {
	const window = "UA 2026-01-30 night all"
	at := func(changes cells) *table.Table {
		return strikes(bulletin("2026-01-30 01:00", "2026-01-30 06:00", changes))
	}
	type bounds = [2]int
	for _, tt := range []struct {
		name string
		row  *table.Table
		// events_lo and events_hi, then rows_named, by area
		events map[string]bounds
		named  map[string]int
	}{
		{"of the whole country", at(nil),
			map[string]bounds{"UA": {1, 1}, "UA80": {0, 1}, "UA32": {0, 1}, "UA59": {0, 1}},
			map[string]int{"UA80": 0, "UA32": 0}},
		{"of one oblast", at(cells{"area_id": "UA59", "areas_named": "UA59", "named_alone": true}),
			map[string]bounds{"UA": {1, 1}, "UA59": {1, 1}, "UA80": {0, 0}, "UA32": {0, 0}},
			map[string]int{"UA59": 1, "UA80": 0}},
		{"of Kyiv oblast, whose name takes in the city", at(cells{"area_id": "UA32", "areas_named": "UA32", "named_alone": true}),
			map[string]bounds{"UA": {1, 1}, "UA32": {0, 1}, "UA80": {0, 1}, "UA59": {0, 0}},
			map[string]int{"UA32": 1, "UA80": 0}},
		{"of the city", at(cells{"area_id": "UA80", "areas_named": "UA80", "named_alone": true}),
			map[string]bounds{"UA80": {1, 1}, "UA32": {0, 0}}, map[string]int{"UA80": 1, "UA32": 0}},
		{"of two oblasts, which both are named", at(cells{"areas_named": "UA32|UA59"}),
			map[string]bounds{"UA": {1, 1}, "UA32": {0, 1}, "UA59": {0, 1}, "UA80": {0, 1}},
			map[string]int{"UA32": 1, "UA59": 1, "UA80": 0}},
		{"of one oblast, with another affected", at(cells{"area_id": "UA12", "areas_named": "UA12|UA59", "named_alone": true}),
			map[string]bounds{"UA": {1, 1}, "UA12": {1, 1}, "UA59": {0, 1}, "UA80": {0, 0}},
			map[string]int{"UA12": 1, "UA59": 1, "UA80": 0}},
		{"of a district, certain for its oblast", at(cells{"area_id": "UA3210", "named_alone": true}),
			map[string]bounds{"UA": {1, 1}, "UA32": {1, 1}, "UA80": {0, 0}}, map[string]int{"UA32": 1, "UA80": 0}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := build(t, from("2026-01-30", 1), tt.row, nightly("2026-01-30", 2))
			for id, n := range tt.events {
				check(t, r.StrikeNight, id+window[2:], cells{"events_lo": n[0], "events_hi": n[1]})
				check(t, r.AreaDay, id+" 2026-01-30", cells{"strikes_n_lo": n[0], "strikes_n_hi": n[1]})
			}
			for id, n := range tt.named {
				check(t, r.StrikeNight, id+window[2:], cells{"rows_named": n})
			}
		})
	}
}

func TestAnAreaHasOnlyTheMunitionsOfRowsThatNameItAlone(t *testing.T) {
	row := func(changes cells) cells { return bulletin("2026-01-30 01:00", "2026-01-30 06:00", changes) }
	r := build(t, from("2026-01-30", 1), strikes(
		row(cells{"launched": 100, "intercepted": 90, "impacts": 7}),
		row(cells{"launched": 5, "intercepted": 2, "lost": 1, "impacts": 1, "area_id": "UA59", "areas_named": "UA59", "named_alone": true}),
		row(cells{"launched": 9, "areas_named": "UA59|UA12"}),
		row(cells{"launched": 3, "area_id": "UA12", "areas_named": "UA12|UA59", "named_alone": false}),
	))
	check(t, r.StrikeNight, "UA59 2026-01-30 night all", cells{"launched": 5, "rows_named": 3, "events_lo": 1, "events_hi": 4,
		"intercepted": nil, "lost": nil, "impacts": nil, "window_start_utc": nil, "window_end_utc": nil})
	check(t, r.StrikeNight, "UA59 2026-01-30 night drone", cells{"launched": 5, "rows_named": 3})
	check(t, r.StrikeNight, "UA12 2026-01-30 night all", cells{"launched": nil, "rows_named": 2})
	check(t, r.StrikeNight, "UA 2026-01-30 night all", cells{"launched": 117, "events_lo": 4})
	if rowOf(r.StrikeNight, "UA80 2026-01-30 night drone") >= 0 {
		t.Error("an area that no bulletin names has a row of a weapon")
	}
	check(t, r.AreaDay, "UA59 2026-01-30", cells{"launched": 5, "intercepted": nil})
}

func TestRegionalPublishersNeverAddToTheNational(t *testing.T) {
	south := func(changes cells) *table.Table {
		row := cells{"publisher": "south", "area_id": "UA59", "areas_named": "UA59", "named_alone": true, "launched": 50}
		for name, v := range changes {
			row[name] = v
		}
		return strikes(bulletin("2026-01-30 01:00", "2026-01-30 06:00", row))
	}
	alone := build(t, from("2026-01-30", 1), nightly("2026-01-30", 2))
	both := build(t, from("2026-01-30", 1), nightly("2026-01-30", 2), south(nil))
	for _, tables := range [][2]*table.Table{{alone.AreaDay, both.AreaDay}, {alone.StrikeNight, both.StrikeNight}, {alone.Coverage, both.Coverage}} {
		if !array.RecordEqual(tables[0].Record(), tables[1].Record()) {
			t.Errorf("a regional row changes %s", tables[0].Schema.Name)
		}
	}
	// Nor do they prove a national bulletin.
	r := build(t, from("2026-01-30", 1), south(nil), nightly("2026-02-05", 1))
	check(t, r.AreaDay, "UA59 2026-01-30", cells{"strikes_n_lo": nil, "launched": nil})
	checkFlags(t, r.AreaDay, "UA59 2026-01-30", "no_bulletin")
	if r.StrikeNight.Rows() != 0 {
		t.Errorf("%d rows of nights without a national bulletin", r.StrikeNight.Rows())
	}
}

// Methods.md 7.2 and 7.4.
func TestEnergyTargetsAreBounds(t *testing.T) {
	for _, tt := range []struct {
		name   string
		row    cells
		lo, hi int
	}{
		{"unknown", cells{"target_class": "unknown"}, 0, 1},
		{"energy", cells{"target_class": "energy"}, 1, 1},
		{"heat is energy", cells{"target_class": "heat"}, 1, 1},
		{"water is not", cells{"target_class": "water"}, 0, 0},
		{"a classifier that is sure", cells{"target_class": "electricity", "target_prob": 0.9}, 1, 1},
		{"one that is nearly sure", cells{"target_class": "electricity", "target_prob": 0.89}, 0, 1},
		{"one that hardly thinks so", cells{"target_class": "electricity", "target_prob": 0.1}, 0, 1},
		{"one that does not", cells{"target_class": "electricity", "target_prob": 0.09}, 0, 0},
		{"one that is sure of something else", cells{"target_class": "residential", "target_prob": 0.95}, 0, 0},
		{"one that leaves room for energy", cells{"target_class": "residential", "target_prob": 0.6}, 0, 1},
		{"a class that was set because of an outage", cells{"target_class": "energy", "class_uses_outcome": true}, 0, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			row := bulletin("2026-01-30 01:00", "2026-01-30 06:00", cells{"area_id": "UA59", "areas_named": "UA59", "named_alone": true})
			for name, v := range tt.row {
				row[name] = v
			}
			r := build(t, from("2026-01-30", 1), strikes(row), nightly("2026-01-30", 2))
			check(t, r.AreaDay, "UA59 2026-01-30", cells{"strikes_energy_lo": tt.lo, "strikes_energy_hi": tt.hi, "strikes_n_lo": 1})
			check(t, r.AreaDay, "UA 2026-01-30", cells{"strikes_energy_lo": tt.lo, "strikes_energy_hi": tt.hi})
		})
	}
}

func TestAWindowOverMidnightIsPossibleOnBothDays(t *testing.T) {
	r := build(t, from("2026-01-29", 2), strikes(bulletin("2026-01-29 18:00", "2026-01-30 08:00", nil)), nightly("2026-01-29", 3))
	for _, d := range []string{"2026-01-29", "2026-01-30"} {
		check(t, r.AreaDay, "UA "+d, cells{"strikes_n_lo": 0, "strikes_n_hi": 1})
	}
	check(t, r.StrikeNight, "UA 2026-01-30 night all", cells{"events_lo": 1, "events_hi": 1})
}

// Without the bulletin of the night before, or of the one after, there may have
// been more.
func TestADayHasNoUpperBoundWithoutBothItsNights(t *testing.T) {
	strike := strikes(bulletin("2026-01-30 10:00", "2026-01-30 16:00", nil))
	for _, tt := range []struct {
		name   string
		frame  *table.Table
		lo, hi any
		flags  string
	}{
		{"both", nightly("2026-01-30", 2), 1, 1, ""},
		{"the one that ends on it", nightly("2026-01-30", 1), 1, nil, "no_bulletin"},
		{"the one that begins on it", nightly("2026-01-31", 1), 1, nil, "no_bulletin"},
		{"neither", nightly("2026-02-05", 1), 1, nil, "no_bulletin"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := build(t, from("2026-01-30", 1), strike, tt.frame)
			check(t, r.AreaDay, "UA 2026-01-30", cells{"strikes_n_lo": tt.lo, "strikes_n_hi": tt.hi})
			checkFlags(t, r.AreaDay, "UA 2026-01-30", tt.flags)
		})
	}
}

func TestTheLastVersionOfAStrikeHolds(t *testing.T) {
	version := func(seen string, changes cells) *table.Table {
		row := cells{"strike_id": "x", "first_seen_utc": seen}
		for name, v := range changes {
			row[name] = v
		}
		return strikes(bulletin("2026-01-30 01:00", "2026-01-30 06:00", row))
	}
	first := version("2026-01-30 07:00", cells{"launched": 10})
	for _, tt := range []struct {
		name   string
		tables []*table.Table
		want   any
	}{
		{"one", []*table.Table{first}, 10},
		{"a correction", []*table.Table{version("2026-01-30 12:00", cells{"launched": 12}), first}, 12},
		{"a correction after the as-of", []*table.Table{first, version("2036-01-01 00:00", cells{"launched": 12})}, 10},
		{"a retraction", []*table.Table{first, version("2026-01-30 12:00", cells{"retracted": true})}, 0},
		{"a correction by another publisher", []*table.Table{first, version("2026-01-30 12:00", cells{"publisher": "south"})}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := build(t, from("2026-01-30", 1), append(tt.tables, nightly("2026-01-30", 1))...)
			check(t, r.AreaDay, "UA 2026-01-30", cells{"launched": tt.want})
		})
	}
}

// Without a declared publisher every row counts, and an event list proves
// itself from its first row to its last, for the country that it is of.
func TestAnEventListProvesItself(t *testing.T) {
	s := from("2026-01-27", 5)
	s.StrikePublisher = ""
	event := func(at string, changes cells) cells { return bulletin(at, at, changes) }
	g, err := area.NewGazetteer(append([]area.Area{
		{ID: "US", Level: area.Country, Location: kyiv}, {ID: "US17031", Parent: "US", Level: 1, Location: kyiv},
	}, ukraine().Areas()...))
	if err != nil {
		t.Fatal(err)
	}
	r := buildIn(t, g, s, strikes(
		event("2026-01-28 12:00", cells{"area_id": "UA59", "publisher": "a", "named_alone": true}),
		event("2026-01-30 12:00", cells{"area_id": "UA12", "publisher": "b", "named_alone": true}),
	))
	check(t, r.AreaDay, "UA59 2026-01-27", cells{"strikes_n_lo": nil, "strikes_n_hi": nil})
	check(t, r.AreaDay, "UA59 2026-01-28", cells{"strikes_n_lo": 1, "strikes_n_hi": 1})
	check(t, r.AreaDay, "UA59 2026-01-29", cells{"strikes_n_lo": 0, "strikes_n_hi": 0})
	check(t, r.AreaDay, "UA12 2026-01-30", cells{"strikes_n_lo": 1, "strikes_n_hi": 1})
	check(t, r.AreaDay, "UA 2026-01-31", cells{"strikes_n_lo": nil})
	check(t, r.AreaDay, "US17031 2026-01-29", cells{"strikes_n_lo": nil, "strikes_n_hi": nil})
	checkFlags(t, r.AreaDay, "US17031 2026-01-29", "")
}

func TestAStrikeInAnAreaThatIsNotListedIsAnError(t *testing.T) {
	in := NewInputs(ukraine(), from("2026-01-30", 1))
	if err := in.Add(strikes(bulletin("2026-01-30 01:00", "2026-01-30 06:00", cells{"area_id": "UA77"}))); err == nil {
		t.Error("Add takes it")
	}
	in = NewInputs(nil, from("2026-01-30", 1))
	if err := in.Add(strikes(bulletin("2026-01-30 01:00", "2026-01-30 06:00", cells{"area_id": "UA77"}))); err != nil {
		t.Fatal(err)
	}
	if _, err := allAreas(in, gate.Rules{AsOf: in.settings.AsOf, Gazetteer: ukraine()}); err == nil {
		t.Error("Prepare takes it")
	}
}

// Rows of two sources that may be of one strike are one at least and two at most
// (methods.md 7.3); a source does not tell of a strike twice.
func TestOneStrikeOfTwoSourcesIsOneAtLeast(t *testing.T) {
	s := from("2026-01-27", 5)
	s.StrikePublisher = ""
	row := func(id, source, start, end string, changes cells) cells {
		c := bulletin("2026-01-29 "+start, "2026-01-29 "+end, cells{"strike_id": id, "source_id": source, "area_id": "UA59", "named_alone": true, "weapon": "drone", "target_class": "unknown"})
		for name, v := range changes {
			c[name] = v
		}
		return c
	}
	// So that both lists speak of all days.
	frame := []cells{
		bulletin("2026-01-26 12:00", "2026-01-26 12:00", cells{"strike_id": "x", "source_id": "first", "area_id": "UA12"}),
		bulletin("2026-02-01 12:00", "2026-02-01 12:00", cells{"strike_id": "y", "source_id": "first", "area_id": "UA12"}),
	}
	first := row("a", "first", "02:00", "03:00", nil)
	for _, tt := range []struct {
		name   string
		second cells
		lo, hi int
		energy int // known to have struck energy
	}{
		{"the same", row("b", "second", "02:00", "03:00", nil), 1, 2, 0},
		{"at a moment of it", row("b", "second", "02:30", "02:30", nil), 1, 2, 0},
		{"the date alone", row("b", "second", "00:00", "23:00", cells{"time_precision": "day"}), 1, 2, 0},
		{"one knows the target", row("b", "second", "02:30", "04:00", cells{"target_class": "electricity"}), 1, 2, 1},
		{"of the same source", row("b", "first", "02:00", "03:00", nil), 2, 2, 0},
		{"of another weapon", row("b", "second", "02:00", "03:00", cells{"weapon": "cruise"}), 2, 2, 0},
		{"of another hour", row("b", "second", "03:00", "04:00", nil), 2, 2, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, rows := range [][]cells{{first, tt.second}, {tt.second, first}} {
				r := build(t, s, strikes(append(frame, rows...)...))
				check(t, r.AreaDay, "UA59 2026-01-29", cells{"strikes_n_lo": tt.lo, "strikes_n_hi": tt.hi, "strikes_energy_lo": tt.energy})
				check(t, r.AreaDay, "UA 2026-01-29", cells{"strikes_n_lo": tt.lo, "strikes_n_hi": tt.hi})
			}
		})
	}
}

// The reference of methods.md 7.3: forty events of one source, thirty of another,
// twenty of both.
func TestSourcesThatTellOfTheSameStrikes(t *testing.T) {
	s := from("2026-01-01", 50)
	s.StrikePublisher = ""
	var rows []cells
	for day := range 50 {
		date := (hour.Date(2026, 1, 1) + hour.Day(day)).String()
		tell := func(source string) {
			rows = append(rows, bulletin(date+" 02:00", date+" 03:00", cells{"strike_id": source + date, "source_id": source, "area_id": "UA59", "named_alone": true}))
		}
		if day < 40 {
			tell("first")
		}
		if day >= 20 {
			tell("second")
		}
	}
	r := build(t, s, strikes(rows...))
	for _, id := range []string{"UA", "UA59"} {
		check(t, r.StrikeOverlap, id+" first second", cells{"source_events": 40, "other_source_events": 30, "both_events": 20, "chapman_events": 59.523809523809526, "chapman_se": math.Sqrt(41.0 * 31 * 20 * 10 / (21 * 21 * 22))})
	}
	if r.StrikeOverlap.Rows() != 2 {
		t.Errorf("%d rows", r.StrikeOverlap.Rows())
	}
	if one := build(t, s, strikes(rows[0], rows[1])).StrikeOverlap; one.Rows() != 0 {
		t.Errorf("%d rows of one source", one.Rows())
	}
}
