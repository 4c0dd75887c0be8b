package change

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hardship/pipeline/area"
	"hardship/pipeline/gate"
	"hardship/pipeline/hour"
	"hardship/pipeline/store"
	"hardship/pipeline/table"
)

// schema is that of area_day, as far as the tests need it.
func schema(columns ...table.Column) *table.Schema {
	return &table.Schema{
		Name: "area_day", Description: "Days.", Key: []string{"area_id", "date_local"},
		Columns: append([]table.Column{
			{Name: "area_id", Type: table.String, Description: "Area."},
			{Name: "date_local", Type: table.Date, Description: "Day."},
		}, columns...),
	}
}

var (
	tmin     = table.Column{Name: "tmin_c", Type: table.Float64, Null: true, Unit: "°C", Description: "Lowest."}
	launched = table.Column{Name: "launched", Type: table.Int32, Null: true, Description: "Launched."}
)

// A day is a row of a test; a value of no is null.
type day struct {
	area     string
	on       int
	tmin     float64
	launched int32
}

const no = -99

func rowsOf(s *table.Schema, days ...day) *table.Table {
	b := table.NewBuilder(s)
	for _, d := range days {
		b.Row()
		b.String("area_id", d.area)
		b.Date("date_local", hour.Day(20000+d.on))
		if s.Index("tmin_c") >= 0 {
			table.Optional(b.Float64, "tmin_c", d.tmin, d.tmin != no)
		}
		if s.Index("launched") >= 0 {
			table.Optional(b.Int32, "launched", d.launched, d.launched != no)
		}
	}
	return b.Table()
}

// A fixture is what a run of a test is made of.
type fixture struct {
	tables  []*table.Table
	inputs  []store.Input
	config  string
	results string
	program string
}

func input(source string, hash byte) store.Input {
	return store.Input{Source: source, Path: source + ".csv", SHA256: strings.Repeat(fmt.Sprintf("%02x", hash), 32), RowsRead: int64(hash), RowsKept: int64(hash)}
}

// rules clear every row of the tests.
func rules(t testing.TB) gate.Rules {
	t.Helper()
	gazetteer, err := area.NewGazetteer([]area.Area{{ID: "A", Level: 1, Location: time.UTC}, {ID: "B", Level: 1, Location: time.UTC}, {ID: "C", Level: 1, Location: time.UTC}})
	if err != nil {
		t.Fatal(err)
	}
	return gate.Rules{AsOf: hour.At(hour.Day(40000).Time()), Gazetteer: gazetteer}
}

// publish publishes a run in a folder of its own and returns its folder.
func publish(t testing.TB, f fixture) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "change")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	root, err := store.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	p := store.Publication{
		Inputs: strings.Repeat("0a", 32), Program: "p",
		Provenance: store.Provenance{Version: f.program, ConfigSHA256: strings.Repeat("0b", 32), Config: []byte(f.config), Inputs: f.inputs, Warnings: []string{}},
		Files:      []store.File{{Path: "results.json", Content: []byte(orElse(f.results, "{}"))}},
	}
	for _, x := range f.tables {
		cleared, err := gate.Clear(x, rules(t))
		if err != nil {
			t.Fatal(err)
		}
		p.Tables = append(p.Tables, cleared)
	}
	run, err := root.Publish(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	return run.Dir
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// between compares two runs, and returns the log as CSV without its header, by lines.
func between(t testing.TB, old, new fixture, may MayList) (*Difference, []string) {
	t.Helper()
	d, err := Between(context.Background(), publish(t, old), publish(t, new), may)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := table.WriteCSV(&b, d.Log); err != nil {
		t.Fatal(err)
	}
	return d, strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")[1:]
}

var days = []day{{"A", 0, -1, 3}, {"A", 1, -2, no}, {"B", 0, no, 5}, {"B", 1, -4.5, 0}}

func plain(days ...day) fixture {
	return fixture{tables: []*table.Table{rowsOf(schema(tmin, launched), days...)}, inputs: []store.Input{input("temps", 1), input("strikes", 2)}, config: `{"sources":[{"name":"temps","table":"temperature"},{"name":"strikes","table":"strike"}]}`}
}

func TestEqualRunsDifferInNothing(t *testing.T) {
	d, lines := between(t, plain(days...), plain(days...), nil)
	if !d.Equal() || len(lines) != 0 {
		t.Errorf("equal runs differ: %+v\n%s", d, strings.Join(lines, "\n"))
	}
}

// What differs is the cell that does, on its day, and nothing else.
func TestOneCellIsOneChange(t *testing.T) {
	corrected := slices.Clone(days)
	corrected[1].tmin = -20
	corrected[2].launched = no
	new := plain(corrected...)
	new.inputs[0] = input("temps", 9)
	d, lines := between(t, plain(days...), new, nil)
	want := []string{
		"area_day,cell_changed,area_id=A; date_local=2024-10-05,tmin_c,A,2024-10-05,-2,-20,1,source temps",
		"area_day,cell_changed,area_id=B; date_local=2024-10-04,launched,B,2024-10-04,5,,1,",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("the log is\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	if got := d.Tables[0]; len(d.Tables) != 1 || got.RowsChanged != 2 || got.CellsChanged != 2 || got.RowsAdded+got.RowsRemoved != 0 {
		t.Errorf("the tables that differ are %+v", d.Tables)
	}
	if len(d.Inputs) != 1 || d.Inputs[0].Source != "temps" || d.Inputs[0].Old.RowsKept != 1 || d.Inputs[0].New.RowsKept != 9 {
		t.Errorf("the inputs that differ are %+v", d.Inputs)
	}
}

// A change is put down to what alone can have made it.
func TestCauses(t *testing.T) {
	corrected := slices.Clone(days)
	corrected[0].tmin, corrected[0].launched = -7, 8
	for _, tt := range []struct {
		name           string
		change         func(f *fixture)
		tmin, launched string
	}{
		{"one source of temperatures", func(f *fixture) { f.inputs[0] = input("temps", 9) }, "source temps", ""},
		{"two sources of two columns", func(f *fixture) { f.inputs[0], f.inputs[1] = input("temps", 9), input("strikes", 9) }, "source temps", "source strikes"},
		{"a source and the settings", func(f *fixture) {
			f.inputs[0], f.config = input("temps", 9), strings.Replace(f.config, "{", `{"cold_spells":["-10"],`, 1)
		}, "", "settings"},
		{"a source, and settings that are words only", func(f *fixture) {
			f.inputs[0], f.config = input("temps", 9), strings.Replace(f.config, "{", `{"title":"Other",`, 1)
		}, "source temps", ""},
		{"the program", func(f *fixture) { f.program = "v2" }, "program", "program"},
		{"nothing that is on record", func(f *fixture) {}, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			new := plain(corrected...)
			tt.change(&new)
			_, lines := between(t, plain(days...), new, nil)
			if len(lines) != 2 || !strings.HasSuffix(lines[0], "launched,A,2024-10-04,3,8,1,"+tt.launched) || !strings.HasSuffix(lines[1], "tmin_c,A,2024-10-04,-1,-7,1,"+tt.tmin) {
				t.Errorf("the log is\n%s", strings.Join(lines, "\n"))
			}
		})
	}
}

func TestRowsColumnsAndTablesThatOneRunHas(t *testing.T) {
	text := launched
	text.Type, text.Null = table.Int64, true
	more := rowsOf(schema(tmin))
	more.Schema.Name = "area_more"
	b := table.NewBuilder(schema(text, table.Column{Name: "tmax_c", Type: table.Float64, Null: true, Description: "Highest."}))
	b.Row()
	b.String("area_id", "A")
	b.Date("date_local", 20001)
	b.Row()
	b.String("area_id", "C")
	b.Date("date_local", 20000)
	_, lines := between(t, fixture{tables: []*table.Table{rowsOf(schema(tmin, launched), days[0], days[1])}}, fixture{tables: []*table.Table{b.Table(), more}}, nil)
	want := []string{
		"area_day,column_added,,launched,,,,,1,", // of another type
		"area_day,column_added,,tmax_c,,,,,1,",
		"area_day,column_removed,,launched,,,,,1,",
		"area_day,column_removed,,tmin_c,,,,,1,",
		"area_day,row_added,area_id=C; date_local=2024-10-04,,C,2024-10-04,,,1,",
		"area_day,row_removed,area_id=A; date_local=2024-10-04,,A,2024-10-04,,,1,",
		"area_more,table_added,,,,,,,1,",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("the log is\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
}

// A row that is gone and that might not be published today is counted and not named.
func TestRowsThatMayNotBeListedAreCounted(t *testing.T) {
	_, lines := between(t, plain(days...), plain(days[0], days[1]), func(id area.ID, on *hour.Day, queue bool) bool {
		return id != "B" || *on != 20001 || queue
	})
	want := []string{
		"area_day,row_removed,,,,,,,1,",
		"area_day,row_removed,area_id=B; date_local=2024-10-04,,B,2024-10-04,,,1,",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("the log is\n%s", strings.Join(lines, "\n"))
	}
}

// Beyond the number that is listed changes are counted, and none is lost.
func TestChangesBeyondThoseListedAreCounted(t *testing.T) {
	var before, after []day
	for i := range Listed + 500 {
		before, after = append(before, day{"A", i, 1, 1}), append(after, day{"A", i, 2, 1})
	}
	d, lines := between(t, plain(before...), plain(after...), nil)
	if len(lines) != Listed+1 || lines[0] != "area_day,cell_changed,,tmin_c,,,,,500," {
		t.Errorf("%d lines, the first is %s", len(lines), lines[0])
	}
	if d.Tables[0].RowsChanged != Listed+500 {
		t.Errorf("%d rows changed", d.Tables[0].RowsChanged)
	}
}

// The old rows with all changes made are the new rows, whatever the rows.
func TestTheLogLeadsFromTheOldRowsToTheNew(t *testing.T) {
	draw := func(r *rapid.T, what string) map[string]string {
		rows := map[string]string{}
		for _, id := range []string{"A", "B"} {
			for on := range 4 {
				if rapid.Bool().Draw(r, what) {
					rows[fmt.Sprintf("area_id=%s; date_local=%v", id, hour.Day(20000+on))] = rapid.SampledFrom([]string{"", "-1", "-2"}).Draw(r, what)
				}
			}
		}
		return rows
	}
	made := func(rows map[string]string) fixture {
		var list []day
		for _, id := range []string{"A", "B"} {
			for on := range 4 {
				if v, ok := rows[fmt.Sprintf("area_id=%s; date_local=%v", id, hour.Day(20000+on))]; ok {
					list = append(list, day{id, on, map[string]float64{"": no, "-1": -1, "-2": -2}[v], 0})
				}
			}
		}
		return fixture{tables: []*table.Table{rowsOf(schema(tmin), list...)}}
	}
	rapid.Check(t, func(r *rapid.T) {
		old, new := draw(r, "old"), draw(r, "new")
		d, _ := between(t, made(old), made(new), nil)
		log := d.Log
		for row := range log.Rows() {
			key := log.String("row_key").Value(row)
			switch log.String("change_kind").Value(row) {
			case "row_removed":
				if _, ok := old[key]; !ok {
					r.Fatalf("%s was not there", key)
				}
				delete(old, key)
			case "row_added":
				old[key] = new[key] // a row that is added has no cells in the log
			case "cell_changed":
				if old[key] != log.String("old_value").Value(row) {
					r.Fatalf("%s was %q", key, old[key])
				}
				old[key] = log.String("new_value").Value(row)
			}
		}
		if fmt.Sprint(old) != fmt.Sprint(new) {
			r.Fatalf("the changes lead to %v, not to %v", old, new)
		}
	})
}

func TestHeadlineNumbers(t *testing.T) {
	old, new := plain(days...), plain(days...)
	old.results = `{"headlines":[{"id":"coldest","area_id":"A","lo":-20,"hi":-20,"unit":"°C","date":"2026-01-15"}],
		"rate_ratios":{"evaluable":[{"area_id":"A","season":"2025-26","weapon":"drone","rr":1.25,"ci_shift_lo":null,"ci_shift_hi":null}]},
		"pauses":[{"pause_id":"p","metric":"alerts_n","targets_are":"known","verdict":"no detectable change","n_readings":4,"n_evaluable":3}]}`
	new.results = strings.NewReplacer(`"hi":-20`, `"hi":-19.5`, "no detectable change", "depends on the reading").Replace(old.results)
	d, _ := between(t, old, new, nil)
	want := []Headline{
		{"coldest A", "-20 °C on 2026-01-15", "-20 to -19.5 °C on 2026-01-15"},
		{"pause p alerts_n targets known", "no detectable change (3 of 4 readings evaluable)", "depends on the reading (3 of 4 readings evaluable)"},
	}
	if !slices.Equal(d.Headlines, want) {
		t.Errorf("the headline numbers that differ are %q", d.Headlines)
	}
}

// A run that is damaged is an error, and no comparison.
func TestADamagedTableIsAnError(t *testing.T) {
	changed := slices.Clone(days)
	changed[0].tmin = -7
	old, new := publish(t, plain(days...)), publish(t, plain(changed...))
	path := filepath.Join(old, "tables", "area_day.parquet")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content[:len(content)/2], 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Between(context.Background(), old, new, nil); err == nil || !strings.Contains(err.Error(), "area_day") {
		t.Errorf("the error is %v", err)
	}
	if _, err := Between(context.Background(), t.TempDir(), new, nil); err == nil {
		t.Error("a folder without a run is no error")
	}
}
