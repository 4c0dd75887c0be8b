package pipeline_test

import (
	"bytes"
	"fmt"
	"iter"
	"maps"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"hardship/pipeline"
	"hardship/pipeline/config"
	"hardship/pipeline/normalize"
	"hardship/pipeline/parquetfile"
	"hardship/pipeline/store"
	"hardship/pipeline/table"
)

// anHour is a row of temperatures as a file of many areas has them; "" and a zero
// time are null.
type anHour struct {
	area string
	at   time.Time
	temp float64
}

// hoursOf are the hours of 20 days of 12 areas, by area.
func hoursOf(random *rand.Rand) []anHour {
	start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	var rows []anHour
	for a := range 12 {
		for h := range 20 * 24 {
			if random.IntN(50) > 0 {
				rows = append(rows, anHour{fmt.Sprintf("A%02d", a), start.Add(time.Duration(h) * time.Hour), math.Round(100*(-20+25*random.Float64())) / 100})
			}
		}
	}
	return rows
}

// hoursFile writes rows as Parquet, in row groups of the given size.
func hoursFile(t testing.TB, rows []anHour, rowGroup int) []byte {
	t.Helper()
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "area", Type: arrow.BinaryTypes.String, Nullable: true},
		{Name: "ts", Type: table.Timestamp.Arrow(), Nullable: true},
		{Name: "temp_c", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
	}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	for _, r := range rows {
		if r.area == "" {
			b.Field(0).AppendNull()
		} else {
			b.Field(0).(*array.StringBuilder).Append(r.area)
		}
		if r.at.IsZero() {
			b.Field(1).AppendNull()
		} else {
			b.Field(1).(*array.TimestampBuilder).Append(arrow.Timestamp(r.at.UnixMicro()))
		}
		b.Field(2).(*array.Float64Builder).Append(r.temp)
	}
	record := b.NewRecord()
	var file bytes.Buffer
	var one iter.Seq2[arrow.Record, error] = func(yield func(arrow.Record, error) bool) { yield(record, nil) }
	if err := parquetfile.Write(&file, schema, one, parquetfile.Options{RowGroupRows: rowGroup}); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// runHours publishes a file of hours, with outages and strikes of the same areas. A
// run that moves what it holds to disk gives the same.
func runHours(t *testing.T, file []byte, areas string, threads int) *pipeline.Summary {
	t.Helper()
	const outages = "area,start,end,customers\nA00,2024-01-03T04:20:00Z,2024-01-05T01:00:00Z,700\nA05,2024-01-03T00:00:00Z,2024-01-03T12:00:00Z,90\nA05,2024-01-19T00:00:00Z,,90\n"
	const strikes = "area,ts,target\nA00,2024-01-03T03:00:00Z,energy\nA05,2024-01-02T23:59:00Z,unknown\nA11,2024-01-20T00:00:00Z,energy\n"
	c, err := config.Read([]byte(`
period: {from: 2024-01-01, to: 2024-01-21}
as_of: 2024-02-20T00:00:00Z
areas: {`+areas+`}
exposure_day: true
sources:
  - {name: temps,   table: temperature,     format: parquet, files: [temps.parquet], columns: {area_id: area, time_utc: ts, t_c: temp_c}}
  - {name: outages, table: outage_interval, format: csv,     files: [outages.csv],   columns: {area_id: area, start_utc: start, end_utc: end, customers: customers}}
  - {name: strikes, table: strike,          format: csv,     files: [strikes.csv],   columns: {area_id: area, start_utc: ts, target_class: target}}
`), "hardship.yaml", normalize.ConfigFormats())
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{"temps.parquet": {Data: file}, "outages.csv": {Data: []byte(outages)}, "strikes.csv": {Data: []byte(strikes)}, "areas.csv": {Data: []byte(twelveAreas())}}
	run := func(o pipeline.Options) *pipeline.Summary {
		t.Helper()
		o.Config = c.Clone()
		o.Config.Out = t.TempDir()
		s, err := pipeline.Run(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	o := pipeline.Options{Files: files, Now: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), Threads: threads, Program: pipeline.Program{Version: "test", SHA256: "test"}}
	s := run(o)
	sameFiles(t, "on disk", hashes(t, run(o.Spilling(always)).Run.Dir), hashes(t, s.Run.Dir))
	return s
}

// twelveAreas is the area table of hoursOf.
func twelveAreas() string {
	csv := "area_id,level,name_en,tz\n"
	for a := range 12 {
		csv += fmt.Sprintf("A%02d,1,Area %d,UTC\n", a, a)
	}
	return csv
}

// tablesOfAreas are the tables of areas that a run has published.
func tablesOfAreas(t *testing.T, s *pipeline.Summary) map[string]*table.Table {
	t.Helper()
	tables := map[string]*table.Table{}
	for _, schema := range []*table.Schema{table.AreaDay, table.ColdSpell, table.Reliability, table.Hardship, table.ExposureDay, table.Coverage, table.Season} {
		read, err := store.ReadTable(filepath.Join(s.Run.Dir, "tables", schema.Name+".parquet"), schema)
		if err != nil {
			t.Fatal(err)
		}
		tables[schema.Name] = read
	}
	return tables
}

// Rows by area, by hour, in any order or twice over, in large row groups or small,
// give the same tables.
func TestTheOrderOfRowsIsNothing(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	byArea := hoursOf(random)
	byHour := slices.Clone(byArea)
	slices.SortStableFunc(byHour, func(a, b anHour) int { return a.at.Compare(b.at) })
	shuffled := slices.Clone(byArea)
	random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	late := time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)
	outside := append(slices.Clone(shuffled), anHour{"A03", late, 11}, anHour{"A03", late.AddDate(-9, 0, 0), 12}, anHour{"A04", time.Date(2024, 1, 21, 0, 0, 0, 0, time.UTC), -30})
	want := tablesOfAreas(t, runHours(t, hoursFile(t, byArea, 0), "from_data: true, tz: UTC", 1))
	if n := want["area_day"].Rows(); n != 12*20 || want["exposure_day"].Rows() != n {
		t.Fatalf("%d rows of area_day, %d of exposure_day", n, want["exposure_day"].Rows())
	}
	for name, file := range map[string][]byte{
		"by hour":           hoursFile(t, byHour, 0),
		"small row groups":  hoursFile(t, byArea, 7),
		"shuffled":          hoursFile(t, shuffled, 100),
		"every row twice":   hoursFile(t, slices.Concat(byHour, shuffled), 0),
		"out of the period": hoursFile(t, outside, 0),
	} {
		t.Run(name, func(t *testing.T) {
			for schema, got := range tablesOfAreas(t, runHours(t, file, "from_data: true, tz: UTC", 3)) {
				if !array.RecordEqual(got.Record(), want[schema].Record()) {
					t.Errorf("%s differs", schema)
				}
			}
		})
	}
}

// Rows without an area or a time, and rows of areas that the area table does not
// have, are rejected each with its place; nothing else changes.
func TestRowsWithoutAPlaceAreRejected(t *testing.T) {
	rows := hoursOf(rand.New(rand.NewPCG(9, 1)))
	const areas = "files: [areas.csv]"
	want := tablesOfAreas(t, runHours(t, hoursFile(t, rows, 0), areas, 0))
	bad := slices.Clone(rows)
	bad = slices.Insert(bad, 1000, anHour{"", rows[0].at, -40}, anHour{"A02", time.Time{}, -41}, anHour{"B99", rows[0].at, -42})
	s := runHours(t, hoursFile(t, bad, 300), areas, 0)
	for schema, got := range tablesOfAreas(t, s) {
		if !array.RecordEqual(got.Record(), want[schema].Record()) {
			t.Errorf("%s differs", schema)
		}
	}
	in := s.Inputs[slices.IndexFunc(s.Inputs, func(in pipeline.Input) bool { return in.Source.Name == "temps" })]
	if c := in.Counts; c.Read != int64(len(bad)) || c.Rejected != 3 || c.Kept != int64(len(rows)) {
		t.Errorf("counts %+v of %d rows", c, len(bad))
	}
	rejected := s.Tables["rejected"]
	lines := map[int32]string{}
	for row := range rejected.Rows() {
		lines[rejected.Int32("line_number").Value(row)] = rejected.String("code").Value(row) + " " + rejected.String("field_name").Value(row)
	}
	if want := map[int32]string{1001: "H0205 area", 1002: "H0205 ts", 1003: "H0206 area"}; !maps.Equal(lines, want) {
		t.Errorf("rejected rows %v, want %v", lines, want)
	}
}
