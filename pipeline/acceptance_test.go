package pipeline_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hardship/datasets"
	"hardship/pipeline"
	"hardship/pipeline/area"
	"hardship/pipeline/config"
	"hardship/pipeline/hour"
	"hardship/pipeline/normalize"
	"hardship/pipeline/store"
	"hardship/pipeline/table"
)

var update = flag.Bool("update", false, "write notebooks-export anew")

// now is a machine's clock after the shipped data.
var now = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)

// shippedConfig returns the configuration of the shipped run, publishing to out.
func shippedConfig(t testing.TB, out string) *config.Config {
	t.Helper()
	data, err := fs.ReadFile(datasets.FS, "hardship.yaml")
	if err != nil {
		t.Fatal(err)
	}
	c, err := config.Read(data, "hardship.yaml", normalize.ConfigFormats())
	if err != nil {
		t.Fatal(err)
	}
	c.Out = out
	return c
}

func options(c *config.Config) pipeline.Options {
	return pipeline.Options{Config: c, Files: datasets.FS, Areas: datasets.FS, Calibration: datasets.FS, Now: now, Program: pipeline.Program{Version: "test", SHA256: "test"}}
}

// shipped publishes the shipped run once for all tests.
var shipped = sync.OnceValues(func() (*pipeline.Summary, error) {
	out, err := os.MkdirTemp("", "hardship-shipped-")
	if err != nil {
		return nil, err
	}
	data, err := fs.ReadFile(datasets.FS, "hardship.yaml")
	if err != nil {
		return nil, err
	}
	c, err := config.Read(data, "hardship.yaml", normalize.ConfigFormats())
	if err != nil {
		return nil, err
	}
	c.Out = out
	return pipeline.Run(context.Background(), options(c))
})

func TestMain(m *testing.M) {
	code := m.Run()
	if s, err := shipped(); err == nil {
		os.RemoveAll(filepath.Dir(filepath.Dir(s.Run.Dir)))
	}
	os.Exit(code)
}

// published reads a table of the shipped run back from its file.
func published(t *testing.T, s *table.Schema) *table.Table {
	t.Helper()
	run, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	read, err := store.ReadTable(filepath.Join(run.Run.Dir, "tables", s.Name+".parquet"), s)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// cell returns the value of a column in the one row that matches.
func cell(t *testing.T, read *table.Table, column string, where map[string]any) any {
	t.Helper()
	found := -1
	for row := range read.Rows() {
		matches := true
		for name, want := range where {
			if got := read.Value(row, read.Schema.Index(name)); got != want {
				matches = false
				break
			}
		}
		if matches && found >= 0 {
			t.Fatalf("%s: two rows with %v", read.Schema.Name, where)
		}
		if matches {
			found = row
		}
	}
	if found < 0 {
		t.Fatalf("%s: no row with %v", read.Schema.Name, where)
	}
	return read.Value(found, read.Schema.Index(column))
}

// The facts of the news report of 31 January 2026 that the public data hold by
// themselves, read from the published tables.
func TestPublishedTablesShowTheReportedFacts(t *testing.T) {
	days, spells, nights := published(t, table.AreaDay), published(t, table.ColdSpell), published(t, table.StrikeNight)
	kyiv := func(column string, d hour.Day) float64 {
		v, ok := cell(t, days, column, map[string]any{"area_id": "UA80", "date_local": d}).(float64)
		if !ok {
			t.Fatalf("%s of Kyiv on %v is null", column, d)
		}
		return v
	}
	january := math.Inf(1)
	for d := hour.Date(2026, 1, 1); d < hour.Date(2026, 2, 1); d++ {
		january = min(january, kyiv("tmin_c", d))
	}
	night := func(column, area, weapon string, d hour.Day) any {
		return cell(t, nights, column, map[string]any{"area_id": area, "date_local": d, "part": "night", "weapon": weapon})
	}
	spell := func(column string, from hour.Day) any {
		return cell(t, spells, column, map[string]any{"area_id": "UA80", "rule_id": "tmean_lt_m10_5d", "start_date": from})
	}
	for _, tt := range []struct {
		name      string
		got, want any
	}{
		{"a cold snap since early January, down to −20 °C", january <= -19.4, true},
		{"−19.5 °C on 15 January", kyiv("tmin_c", hour.Date(2026, 1, 15)), -19.5},
		{"one spell of 12 days from 10 January", spell("days", hour.Date(2026, 1, 10)), int32(12)},
		{"that ends on 21 January", spell("end_date", hour.Date(2026, 1, 10)), hour.Date(2026, 1, 21)},
		{"it warmed: 28 January", kyiv("tmin_c", hour.Date(2026, 1, 28)), -3.7},
		{"it warmed: 29 January", kyiv("tmin_c", hour.Date(2026, 1, 29)), -2.2},
		{"with means above −1 on both days", min(kyiv("tmean_c", hour.Date(2026, 1, 28)), kyiv("tmean_c", hour.Date(2026, 1, 29))) > -1, true},
		{"a second plunge from 31 January", spell("end_date", hour.Date(2026, 1, 31)), hour.Date(2026, 2, 4)},
		{"with a minimum of −22.5 °C", spell("tmin_min_c", hour.Date(2026, 1, 31)), -22.5},
		{"on 2 February", kyiv("tmin_c", hour.Date(2026, 2, 2)), -22.5},
		{"night to 30 January: one ballistic missile", night("launched", "UA", "ballistic", hour.Date(2026, 1, 30)), int32(1)},
		{"and 111 drones", night("launched", "UA", "drone", hour.Date(2026, 1, 30)), int32(111)},
		{"in a window that ends at 08:00 in Kyiv", night("window_end_utc", "UA", "drone", hour.Date(2026, 1, 30)), hour.At(time.Date(2026, 1, 30, 6, 0, 0, 0, time.UTC))},
		{"strikes at 15 places", night("impacts", "UA", "all", hour.Date(2026, 1, 30)), int32(15)},
		{"afterwards, night to 3 February: 450 drones", night("launched", "UA", "drone", hour.Date(2026, 2, 3)), int32(450)},
		{"and missiles", night("launched", "UA", "ballistic", hour.Date(2026, 2, 3)), int32(32)},
		{"three rows name Kyiv oblast", night("rows_named", "UA32", "all", hour.Date(2026, 2, 3)), int32(3)},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, tt.got, tt.want)
		}
	}
	for d := hour.Date(2026, 1, 29); d <= hour.Date(2026, 2, 2); d++ {
		for _, area := range []string{"UA80", "UA32"} {
			if got := night("rows_named", area, "all", d); got != int32(0) {
				t.Errorf("night to %v: %v rows name %s, want 0", d, got, area)
			}
		}
	}
}

func TestPublishedTablesKeepTheKnownTraps(t *testing.T) {
	days, queues := published(t, table.AreaDay), published(t, table.QueueDay)
	feb := func(column string, day int) any {
		return cell(t, days, column, map[string]any{"area_id": "UA80", "date_local": hour.Date(2026, 2, day)})
	}
	if got := feb("t_n_present", 2); got != int32(20) {
		t.Errorf("2 February has %v hours, want 20: its evening was only forecast", got)
	}
	if got := feb("sched_coverage", 5).(float64); math.Abs(got-2.0/120) > 1e-12 {
		t.Errorf("2 of 120 queues give a coverage of %v", got)
	}
	if got := cell(t, days, "sched_off_h_lo", map[string]any{"area_id": "UA80", "date_local": hour.Date(2026, 1, 15)}); got != nil {
		t.Errorf("announced hours of Kyiv in January are %v, want null: there is no record", got)
	}
	if got := cell(t, days, "sched_coverage", map[string]any{"area_id": "UA12", "date_local": hour.Date(2026, 2, 1)}); got != nil {
		t.Errorf("the coverage of Dnipro's schedules is %v, want null: the operator's share is unknown", got)
	}
	if got := cell(t, days, "alert_h", map[string]any{"area_id": "UA63", "date_local": hour.Date(2026, 2, 1)}); got != nil {
		t.Errorf("alert hours of Kharkiv oblast are %v, want null: alerts were merged", got)
	}
	// One home's log beside the schedule: 57.6 h off on 12–21 February (methods 6.6).
	sum := 0.0
	for day := 12; day <= 21; day++ {
		sum += cell(t, queues, "observed_off_h", map[string]any{"group_id": "dtek-kyiv:GPV36.1", "date_local": hour.Date(2026, 2, day)}).(float64)
	}
	if math.Abs(sum-57.6) > 0.05 {
		t.Errorf("the log shows %.2f h without power on 12–21 February, want 57.6", sum)
	}
	// Launches on cold-spell days within 2025–26: about one, not the pooled two (methods 9.11).
	ratio := cell(t, published(t, table.RateRatio), "rr", map[string]any{"area_id": "UA80", "season": "2025-26", "weapon": "drone"}).(float64)
	if math.Abs(ratio-0.93) > 0.01 {
		t.Errorf("the rate ratio of 2025–26 is %.3f, want 0.93", ratio)
	}
	if got := cell(t, published(t, table.CrossCorrelation), "evaluable", map[string]any{"pair_id": "p01.UA80", "season": "2025-26", "lag_d": int32(0)}); got != false {
		t.Error("cold and announced outages in Kyiv are evaluable on 20 days")
	}
}

// The control case: Cook County on its coldest day and the days beside it, with
// every poll there, and nothing about attacks. What cold goes with there is one
// row of the declared regressions; pooled outages on launches have too few areas.
func TestPublishedTablesHoldTheControlCase(t *testing.T) {
	days := published(t, table.AreaDay)
	for _, tt := range []struct {
		day         int
		tmin, hours float64
	}{{29, -23.2, 1849}, {30, -30.5, 73712}, {31, -29.3, 3481.25}} {
		at := map[string]any{"area_id": "US17031", "date_local": hour.Date(2019, 1, tt.day)}
		if got := cell(t, days, "tmin_c", at).(float64); got != tt.tmin {
			t.Errorf("%d January 2019: %v °C, want %v", tt.day, got, tt.tmin)
		}
		if lo, hi := cell(t, days, "out_ch_lo", at), cell(t, days, "out_ch_hi", at); lo != tt.hours || hi != tt.hours {
			t.Errorf("%d January 2019: %v to %v customer-hours, want %v: every poll is there", tt.day, lo, hi, tt.hours)
		}
		for _, column := range []string{"alert_h", "sched_off_h_lo"} {
			if got := cell(t, days, column, at); got != nil {
				t.Errorf("%s of Cook County is %v, want null: there is no source", column, got)
			}
		}
	}
	terms, fits := published(t, table.ModelTerm), published(t, table.ModelFit)
	if got := cell(t, fits, "evaluable", map[string]any{"model_id": "customers_cold.US17031"}); got != true {
		t.Error("customer-hours on the daily minimum in Cook County are not evaluable")
	}
	for row := range terms.Rows() {
		if y := terms.String("y_series").Value(row); strings.HasPrefix(y, "sched_") && strings.HasPrefix(terms.String("x_series").Value(row), "launched") && terms.Bool("evaluable").Value(row) {
			t.Errorf("row %d: announced hours on launches are evaluable, of fewer than five areas", row)
		}
	}
}

func TestKnownGapsAreDeclared(t *testing.T) {
	s, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range s.Undeclared() {
		t.Errorf("undeclared warning: %s: %s", w.ID, w.Text)
	}
	if len(s.Warnings) == 0 {
		t.Error("no warnings at all: the shipped data has gaps")
	}
	for _, in := range s.Inputs {
		if in.Counts.Read != in.Counts.Kept+in.Counts.Rejected || in.Counts.Read == 0 {
			t.Errorf("%s: read %d, kept %d, rejected %d", in.Path, in.Counts.Read, in.Counts.Kept, in.Counts.Rejected)
		}
	}
}

func TestEqualInputsGiveEqualTrees(t *testing.T) {
	first, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	c := shippedConfig(t, t.TempDir())
	o := options(c)
	o.Threads = 1
	second, err := pipeline.Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	if first.Run.ID != second.Run.ID {
		t.Errorf("two runs have the ids %s and %s", first.Run.ID, second.Run.ID)
	}
	names := 0
	err = fs.WalkDir(os.DirFS(first.Run.Dir), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		names++
		a, err := os.ReadFile(filepath.Join(first.Run.Dir, path))
		if err != nil {
			return err
		}
		b, err := os.ReadFile(filepath.Join(second.Run.Dir, path))
		if err == nil && !bytes.Equal(a, b) {
			err = fmt.Errorf("%s differs", path)
		}
		return err
	})
	if err != nil || names < 12 {
		t.Errorf("%d files compared: %v", names, err)
	}
	again, err := pipeline.Run(context.Background(), o)
	if err != nil || !again.Nothing || again.Run.ID != second.Run.ID {
		t.Errorf("a second run with nothing new gives %+v, %v", again, err)
	}
}

func TestAsOfAfterTheClockIsRefused(t *testing.T) {
	c := shippedConfig(t, t.TempDir())
	later := hour.At(now.Add(time.Hour))
	c.AsOf = &later
	if _, err := pipeline.Run(context.Background(), options(c)); err == nil || !strings.Contains(err.Error(), "clock") {
		t.Errorf("an as-of after the clock gives %v", err)
	}
}

func TestAsOfCutsWhatWasNotKnown(t *testing.T) {
	c := shippedConfig(t, t.TempDir())
	asOf := hour.At(time.Date(2026, 2, 2, 12, 0, 0, 0, time.UTC))
	c.AsOf = &asOf
	s, err := pipeline.Run(context.Background(), options(c))
	if err != nil {
		t.Fatal(err)
	}
	last := hour.Day(0)
	dates := s.Tables["area_day"].Date("date_local")
	for row := range s.Tables["area_day"].Rows() {
		last = max(last, table.Day(dates, row))
	}
	if want := hour.Date(2026, 1, 29); last != want {
		t.Errorf("as of 2 February rows end on %v, want %v: three whole days before", last, want)
	}
	if s.Tables["queue_day"].Rows() != 0 {
		for row := range s.Tables["queue_day"].Rows() {
			if d := table.Day(s.Tables["queue_day"].Date("date_local"), row); d > hour.Date(2026, 1, 18) {
				t.Fatalf("as of 2 February there is a queue's row of %v, within 14 days", d)
			}
		}
	}
}

func TestOnlyTheAreasAskedForArePublished(t *testing.T) {
	c := shippedConfig(t, t.TempDir())
	c.Areas.Only = []area.ID{"UA80"}
	s, err := pipeline.Run(context.Background(), options(c))
	if err != nil {
		t.Fatal(err)
	}
	for name, one := range s.Tables {
		if one.Schema.Index("area_id") < 0 {
			continue
		}
		for row := range one.Rows() {
			if id := one.String("area_id").Value(row); id != "UA80" && id != "UA" {
				t.Fatalf("%s has a row of %s", name, id)
			}
		}
	}
	c.Areas.Only = []area.ID{"UA99"}
	if _, err := pipeline.Run(context.Background(), options(c)); err == nil {
		t.Error("an unknown area is published without an error")
	}
}

func TestReadmeNamesEveryFormatAndTable(t *testing.T) {
	data, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range normalize.Formats {
		if !bytes.Contains(data, []byte("| `"+f.Name+"` |")) {
			t.Errorf("README.md does not list the format %s", f.Name)
		}
	}
	for _, s := range table.Outputs {
		if !bytes.Contains(data, []byte("`"+s.Name+"`")) {
			t.Errorf("README.md does not name the table %s", s.Name)
		}
	}
}

// notebooks-export holds what the shipped run makes; -update writes it anew.
func TestNotebooksExportIsWhatTheShippedRunMakes(t *testing.T) {
	s, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob(filepath.Join(s.Run.Dir, "notebooks", "*"))
	if err != nil {
		t.Fatal(err)
	}
	paths = append(paths, filepath.Join(s.Run.Dir, "report", "charts", "timeline_UA80.png"))
	if kept, err := os.ReadDir("../notebooks-export"); err != nil || len(kept) != len(paths) && !*update {
		t.Errorf("notebooks-export has %d files, the run makes %d: %v", len(kept), len(paths), err)
	}
	for _, path := range paths {
		made, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(path)
		committed := filepath.Join("..", "notebooks-export", name)
		if *update {
			if err := os.WriteFile(committed, made, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		kept, err := os.ReadFile(committed)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(made, kept) {
			t.Errorf("notebooks-export/%s is not what the shipped run makes: go test ./pipeline -run NotebooksExport -update, and read the difference", name)
		}
	}
}
