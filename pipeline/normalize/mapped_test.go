package normalize

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hardship/pipeline/hour"
	"hardship/pipeline/parquetfile"
	"hardship/pipeline/source"
	"hardship/pipeline/source/mapped"
	"hardship/pipeline/table"
)

// taken reads a file and returns the sink and the rows that it handed on.
func taken(t *testing.T, from *Source, read func(*Sink) error) (*Sink, *table.Table) {
	t.Helper()
	var batches []*table.Table
	s := &Sink{Source: from, Gazetteer: gazetteer(t, referenceFiles()), Emit: func(b *table.Table) error { batches = append(batches, b); return nil }}
	if err := read(s); err != nil {
		t.Fatal(err)
	}
	return s, table.Concat(from.Table, batches)
}

func column(t *table.Table, name string) []any {
	var cells []any
	for row := range t.Rows() {
		cells = append(cells, t.Value(row, t.Schema.Index(name)))
	}
	return cells
}

func TestMappedRowsAreCountedAndPlaced(t *testing.T) {
	from := &Source{Name: "grid", Table: table.Temperature, Columns: map[string]mapped.Column{"area_id": {From: []string{"city"}}, "time_utc": {From: []string{"hour"}}, "t_f": {From: []string{"temp"}}}}
	in := "city,hour,temp\nKyiv,2026-01-15 04:00,-4\nKyiv region,2026-01-15 04:00,32\nKiyv,2026-01-15 04:00,32\nUA-09,2026-01-15 04:00,x\n\nУкраїна,2026-01-15 04:00,\n"
	s, rows := taken(t, from, func(s *Sink) error { return ReadMappedCSV(s, strings.NewReader(in), "f.csv") })
	if want := (Counts{Read: 5, Kept: 3, Rejected: 2}); s.Counts != want {
		t.Errorf("counts %+v, want %+v", s.Counts, want)
	}
	if d := cmp.Diff([]any{"UA80", "UA32", "UA"}, column(rows, "area_id")); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]any{-20.0, 0.0, nil}, column(rows, "t_c")); d != "" {
		t.Error(d)
	}
	var faults []string
	for _, r := range s.Rejected {
		faults = append(faults, r.Source+": "+r.Error())
	}
	want := []string{
		`grid: f.csv:4:1: city "Kiyv": no area has this name; did you mean "Kyiv city" (UA80)? [H0206]`,
		`grid: f.csv:5:24: temp "x": not a number [H0202]`,
	}
	if d := cmp.Diff(want, faults); d != "" {
		t.Error(d)
	}
}

func TestTheSourceSaysWhatTheFileDoesNot(t *testing.T) {
	loc, err := hour.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	from := &Source{Name: "press", Table: table.Strike, Revision: "v2", FirstSeen: hour.At(hour.Date(2026, 2, 1).Time()), Location: loc, Place: "Kyiv"}
	_, rows := taken(t, from, func(s *Sink) error {
		return ReadMappedTSV(s, strings.NewReader("start_utc\tweapon\n2026-01-15 06:00\tdrone\n"), "f.txt")
	})
	want := map[string]any{"source_id": "press", "publisher": "press", "source_rev": "v2", "area_id": "UA80", "named_alone": true,
		"start_utc": hour.At(hour.Date(2026, 1, 15).Time()) + 4*hour.InstantsInHour, "first_seen_utc": from.FirstSeen, "retracted": false}
	for name, value := range want {
		if d := cmp.Diff([]any{value}, column(rows, name)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestWhatTheFileSaysStandsBeforeTheSource(t *testing.T) {
	from := &Source{Name: "press", Table: table.Alert, Revision: "v2", Place: "Kyiv"}
	_, rows := taken(t, from, func(s *Sink) error {
		return ReadMappedCSV(s, strings.NewReader("start_utc,area_id,source_id,source_rev\n2026-01-15T06:00Z,UA32,other,\n"), "f.csv")
	})
	for name, value := range map[string]any{"source_id": "other", "source_rev": nil, "area_id": "UA32"} {
		if d := cmp.Diff([]any{value}, column(rows, name)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestAreasMayComeFromTheData(t *testing.T) {
	from := &Source{Name: "s", Table: table.Temperature, AreasFromData: true}
	s := &Sink{Source: from, Emit: func(b *table.Table) error {
		if d := cmp.Diff([]any{"Springfield"}, column(b, "area_id")); d != "" {
			t.Error(d)
		}
		return nil
	}}
	if err := ReadMappedCSV(s, strings.NewReader("area_id,time_utc\nSpringfield,2026-01-15T04:00Z\n"), "f.csv"); err != nil || s.Counts.Kept != 1 {
		t.Errorf("%+v, %v", s.Counts, err)
	}
}

func TestMappedParquet(t *testing.T) {
	b := table.NewBuilder(table.Temperature)
	for _, id := range []string{"Kyiv", "Mars", "Lviv"} {
		b.Row()
		b.String("area_id", id)
		b.String("kind", "grid")
		b.Timestamp("time_utc", 0)
		b.Int32("qc", 0)
		b.String("source_id", "s")
		b.Bool("retracted", false)
	}
	made := b.Table().Record()
	var file bytes.Buffer
	if err := parquetfile.Write(&file, made.Schema(), func(yield func(arrow.Record, error) bool) { yield(made, nil) }, parquetfile.Options{}); err != nil {
		t.Fatal(err)
	}
	s, rows := taken(t, &Source{Name: "s", Table: table.Temperature}, func(s *Sink) error {
		return ReadMappedParquet(s, File{Name: "f.parquet", Content: bytes.NewReader(file.Bytes()), Size: int64(file.Len())})
	})
	if want := (Counts{Read: 3, Kept: 2, Rejected: 1}); s.Counts != want || s.Rejected[0].Line != 2 || s.Rejected[0].Code != source.UnknownArea {
		t.Errorf("counts %+v, rejected %v", s.Counts, s.Rejected)
	}
	if d := cmp.Diff([]any{"UA80", "UA46"}, column(rows, "area_id")); d != "" {
		t.Error(d)
	}
}

func TestAFileThatDoesNotFitOrASinkThatFailsEndsReading(t *testing.T) {
	s := &Sink{Source: &Source{Name: "s", Table: table.Temperature, AreasFromData: true}}
	var file *source.FileError
	if err := ReadMappedCSV(s, strings.NewReader("a,b\n"), "f.csv"); !errors.As(err, &file) || file.Code != source.WrongFormat {
		t.Errorf("a file without the columns gives %v", err)
	}
	full := errors.New("disk full")
	s.Emit = func(*table.Table) error { return full }
	if err := ReadMappedCSV(s, strings.NewReader("area_id,time_utc\nA,2026-01-15T04:00Z\n"), "f.csv"); !errors.Is(err, full) {
		t.Errorf("a sink that fails gives %v", err)
	}
}

func TestReadIsKeptAndRejected(t *testing.T) {
	areas := gazetteer(t, referenceFiles())
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.SampledFrom([]string{"UA80", "Kyiv", "Mars", "", "2026-01-15T04:00Z", "2026-01-14", "5", "-5", "x", "\xff", `a"b`})
		var in strings.Builder
		in.WriteString("area_id,start_utc,end_utc,customers\n")
		lines := rapid.IntRange(0, 20).Draw(t, "rows")
		for range lines {
			fmt.Fprintf(&in, "%s,%s,%s,%s\n", cell.Draw(t, "area"), cell.Draw(t, "start"), cell.Draw(t, "end"), cell.Draw(t, "customers"))
		}
		rows := 0
		s := &Sink{Source: &Source{Name: "s", Table: table.OutageInterval}, Gazetteer: areas, Emit: func(b *table.Table) error { rows += b.Rows(); return nil }}
		if err := ReadMappedCSV(s, strings.NewReader(in.String()), "f.csv"); err != nil {
			t.Fatal(err)
		}
		c := s.Counts
		if c.Read != int64(lines) || c.Read != c.Kept+c.Rejected || c.Kept != int64(rows) || c.Rejected != int64(len(s.Rejected)) {
			t.Fatalf("%d lines, %d rows, %+v, %d faults:\n%s", lines, rows, c, len(s.Rejected), in.String())
		}
	})
}

func TestTheAreaTableSurvivesCSV(t *testing.T) {
	files := referenceFiles()
	made, _, err := join(files, slices.Sorted(maps.Keys(files)))
	if err != nil {
		t.Fatal(err)
	}
	var csv bytes.Buffer
	if err := table.WriteCSV(&csv, made); err != nil {
		t.Fatal(err)
	}
	s, read := taken(t, &Source{Name: "again", Table: table.Area}, func(s *Sink) error { return ReadMappedCSV(s, &csv, "areas.csv") })
	if len(s.Rejected) > 0 || read.Rows() != made.Rows() {
		t.Fatalf("%d rows of %d, rejected %v", read.Rows(), made.Rows(), s.Rejected)
	}
	for c, column := range table.Area.Columns {
		for row := range made.Rows() {
			if made.Value(row, c) != read.Value(row, c) {
				t.Errorf("row %d, %s: %v, then %v", row, column.Name, made.Value(row, c), read.Value(row, c))
			}
		}
	}
}
