package panel

import (
	"fmt"
	"math"
	"strings"
	"time"

	"hardship/pipeline/area"
	"hardship/pipeline/gate"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// cells are what a test says of one canonical row; what it leaves out is as in
// defaults, else null. Times are written as the clocks of Kyiv show them.
type cells map[string]any

// defaults are the cells of a row of each canonical table that no test cares
// about.
var defaults = map[*table.Schema]cells{
	table.Temperature:    {"source_id": "weather", "kind": "area", "qc": 0},
	table.TemperatureDay: {"source_id": "station", "kind": "station", "day_definition": "local00", "qc": 0},
	table.OutageSnapshot: {"source_id": "scraper", "run_ok": true},
	table.SnapshotRun:    {"source_id": "scraper", "run_ok": true},
	table.OutageInterval: {"source_id": "feeders", "service": "electricity", "cause": "unknown"},
	table.OutageSchedule: {"source_id": "schedules", "group_id": "dtek:1.1", "publisher": "dtek", "operator": "dtek", "covers_area": true,
		"slot_start_min": 0, "slot_len_min": 1440, "off_min_lo": 0, "off_min_hi": 0, "status": "normal", "typed_in": false, "redated": false},
	table.SupplyInterval: {"source_id": "log", "group_id": "dtek:1.1", "point": 1, "supplied": false, "typed_in": false},
	table.Strike: {"source_id": "bulletins", "area_id": "UA", "publisher": "airforce", "named_alone": false, "time_precision": "minute",
		"weapon": "drone", "target_class": "unknown", "class_uses_outcome": false},
	table.Alert:  {"source_id": "sirens", "end_imputed": false, "alert_level": 1},
	table.Report: {"source_id": "viina"},
}

var kyiv = func() *time.Location {
	loc, err := hour.LoadLocation("Europe/Kyiv")
	if err != nil {
		panic(err)
	}
	return loc
}()

// clockAt returns the instant at which clocks of Kyiv show s; a time ending in
// Z is UTC.
func clockAt(s string) hour.Instant {
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05"} {
		if at, err := time.ParseInLocation(layout, strings.TrimSuffix(s, "Z"), kyiv); err == nil {
			if strings.HasSuffix(s, "Z") {
				at = time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), 0, time.UTC)
			}
			return hour.At(at)
		}
	}
	panic("no time: " + s)
}

func day(s string) hour.Day {
	d, err := hour.ParseDay(s)
	if err != nil {
		panic(err)
	}
	return d
}

// rows makes a canonical table.
func rows(s *table.Schema, list ...cells) *table.Table {
	b := table.NewBuilder(s)
	for i, row := range list {
		b.Row()
		value := func(name string) (any, bool) {
			for _, from := range []cells{row, defaults[s], {"area_id": "UA80", "retracted": false}} {
				if v, ok := from[name]; ok {
					return v, v != nil
				}
			}
			if name == "outage_id" || name == "strike_id" || name == "report_id" {
				return fmt.Sprint(i, row), true // made from the row's content
			}
			return nil, false
		}
		for name := range row {
			if s.Index(name) < 0 {
				panic(s.Name + " has no column " + name)
			}
		}
		for _, c := range s.Columns {
			v, ok := value(c.Name)
			if !ok {
				continue
			}
			switch c.Type {
			case table.Bool:
				b.Bool(c.Name, v.(bool))
			case table.Int32:
				b.Int32(c.Name, int32(v.(int)))
			case table.Int64:
				b.Int64(c.Name, int64(v.(int)))
			case table.Float64:
				b.Float64(c.Name, number(v))
			case table.String:
				b.String(c.Name, v.(string))
			case table.Date:
				b.Date(c.Name, day(v.(string)))
			case table.Timestamp:
				if at, ok := v.(hour.Instant); ok {
					b.Timestamp(c.Name, at)
				} else {
					b.Timestamp(c.Name, clockAt(v.(string)))
				}
			}
		}
	}
	return b.Table()
}

func number(v any) float64 {
	switch v := v.(type) {
	case int:
		return float64(v)
	case int32:
		return float64(v)
	case int64:
		return float64(v)
	case float64:
		return v
	}
	panic(fmt.Sprintf("%T is no number", v))
}

// ukraine is a country, four oblasts and a district.
func ukraine() *area.Gazetteer {
	g, err := area.NewGazetteer([]area.Area{
		{ID: "UA", Level: area.Country, Location: kyiv},
		{ID: "UA12", Parent: "UA", Level: 1, Location: kyiv, CustomersServed: 1000},
		{ID: "UA32", Parent: "UA", Level: 1, Location: kyiv},
		{ID: "UA3210", Parent: "UA32", Level: 2, Location: kyiv, Population: 100_000},
		{ID: "UA59", Parent: "UA", Level: 1, Location: kyiv},
		{ID: "UA80", Parent: "UA", Level: 1, Location: kyiv},
	})
	if err != nil {
		panic(err)
	}
	return g
}

// from returns settings for a number of days, with an as-of late enough for all
// of them to be published.
func from(first string, days int) Settings {
	s := Settings{
		Period: Period{day(first), day(first) + hour.Day(days)}, Location: kyiv, Threads: 1,
		StrikePublisher: "airforce", TakesIn: map[area.ID]area.ID{"UA32": "UA80"},
	}
	s.AsOf = hour.Instant(s.End+30) * 24 * hour.InstantsInHour
	return s
}

// tester is a test, a benchmark or a check of a property.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// build adds tables to the areas of ukraine and builds.
func build(t tester, s Settings, tables ...*table.Table) *Result {
	t.Helper()
	return buildIn(t, ukraine(), s, tables...)
}

func buildIn(t tester, g *area.Gazetteer, s Settings, tables ...*table.Table) *Result {
	t.Helper()
	in := NewInputs(g, s)
	for _, one := range tables {
		if err := in.Add(one); err != nil {
			t.Fatalf("%v", err)
		}
	}
	r, err := allAreas(in, gate.Rules{AsOf: s.AsOf, Gazetteer: g})
	if err != nil {
		t.Fatalf("%v", err)
	}
	spilled, err := allAreas(spilledAfterEach(t, g, s, tables), gate.Rules{AsOf: s.AsOf, Gazetteer: g})
	if err != nil {
		t.Fatalf("%v", err)
	}
	sameTables(t, "what lay in files", spilled.Tables(), r.Tables())
	for _, made := range r.Tables() {
		if _, err := gate.Clear(made, gate.Rules{AsOf: s.AsOf, Gazetteer: g, ModelInputs: s.makes(table.ExposureDay)}); err != nil {
			t.Errorf("what was built may not be published: %v", err)
		}
	}
	return r
}

// allAreas is the tables of all areas together.
func allAreas(in *Inputs, rules gate.Rules) (*Result, error) {
	join, err := in.Prepare(rules)
	if err != nil {
		return nil, err
	}
	parts := map[*table.Schema][]*table.Table{}
	for r, err := range join.Results() {
		if err != nil {
			return nil, err
		}
		for _, t := range r.Tables() {
			parts[t.Schema] = append(parts[t.Schema], t)
		}
	}
	all := &Result{}
	for _, s := range table.OfAreas {
		if s != table.ExposureDay || in.settings.makes(table.ExposureDay) {
			all.Set(table.Concat(s, parts[s]))
		}
	}
	return all, nil
}

// rowOf returns the row of a key, written as its values with spaces between; -1
// if there is none.
func rowOf(of *table.Table, key string) int {
	for row := range of.Rows() {
		var parts []string
		for _, name := range of.Schema.Key {
			parts = append(parts, fmt.Sprint(of.Value(row, of.Schema.Index(name))))
		}
		if strings.Join(parts, " ") == key {
			return row
		}
	}
	return -1
}

// check compares cells of the row of a key; nil is null.
func check(t tester, of *table.Table, key string, want cells) {
	t.Helper()
	row := rowOf(of, key)
	if row < 0 {
		t.Errorf("%s has no row %s", of.Schema.Name, key)
		return
	}
	for name, w := range want {
		got := of.Value(row, of.Schema.Index(name))
		if !same(got, w) {
			t.Errorf("%s, %s: %s = %v, want %v", of.Schema.Name, key, name, got, w)
		}
	}
}

func same(got, want any) bool {
	if got == nil || want == nil {
		return got == want
	}
	switch want.(type) {
	case int, float64:
		g, w := number(got), number(want)
		return math.Abs(g-w) <= 1e-9*max(1, math.Abs(w))
	}
	return fmt.Sprint(got) == fmt.Sprint(want)
}

// flags returns the names of a row's flags.
func flags(of *table.Table, key string) string {
	row := rowOf(of, key)
	if row < 0 {
		return "no row"
	}
	bits := of.Int32("flags").Value(row)
	var names []string
	for i, name := range table.FlagNames {
		if bits&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

func checkFlags(t tester, of *table.Table, key, want string) {
	t.Helper()
	if got := flags(of, key); got != want {
		t.Errorf("%s, %s: flags %q, want %q", of.Schema.Name, key, got, want)
	}
}

// hours makes hourly temperatures from an instant on; a nil is no row.
func hours(start string, changes cells, temps ...any) *table.Table {
	var list []cells
	for i, temp := range temps {
		if temp == nil {
			continue
		}
		row := cells{"time_utc": clockAt(start) + hour.Instant(i)*hour.InstantsInHour, "t_c": temp}
		for name, v := range changes {
			row[name] = v
		}
		list = append(list, row)
	}
	return rows(table.Temperature, list...)
}

// repeat returns n times v.
func repeat(n int, v any) []any {
	out := make([]any, n)
	for i := range out {
		out[i] = v
	}
	return out
}
