package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hardship/pipeline/area"
	"hardship/pipeline/gate"
	"hardship/pipeline/hour"
	"hardship/pipeline/parquetfile"
	"hardship/pipeline/table"
)

// ofAreas is a table that comes area by area.
var ofAreas = &table.Schema{
	Name:        "of_areas",
	Description: "Rows of a test.",
	Key:         []string{"area_id", "number"},
	Columns: []table.Column{
		{Name: "area_id", Type: table.String, Description: "Area."},
		{Name: "number", Type: table.Int32, Description: "Number."},
		{Name: "kind", Type: table.String, Null: true, Description: "Kind."},
		{Name: "tmin_c", Type: table.Float64, Null: true, Unit: "°C", Description: "Temperature."},
	},
}

// partOf is n rows of an area.
func partOf(id string, n int) *table.Table {
	b := table.NewBuilder(ofAreas)
	for i := range n {
		b.Row()
		b.String("area_id", id)
		b.Int32("number", int32(i))
		if i%3 > 0 {
			b.String("kind", id+string(rune('a'+i%5)))
		}
		table.Optional(b.Float64, "tmin_c", float64(i)/8, i%7 > 0)
	}
	return b.Table()
}

// areaRules know the areas of the tests.
func areaRules(t testing.TB, ids ...string) gate.Rules {
	t.Helper()
	var areas []area.Area
	for _, id := range ids {
		areas = append(areas, area.Area{ID: area.ID(id), Location: time.UTC})
	}
	g, err := area.NewGazetteer(areas)
	if err != nil {
		t.Fatal(err)
	}
	return gate.Rules{AsOf: asOf, Gazetteer: g}
}

func mustClear(t testing.TB, rules gate.Rules, x *table.Table) *gate.Cleared {
	t.Helper()
	c, err := gate.Clear(x, rules)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What comes area by area is the same file as what comes at once, and each area's
// rows are read back as they were, also where a row group ends among them.
func TestATableMayComeAreaByArea(t *testing.T) {
	rules := areaRules(t, "A", "B", "C", "D")
	sizes := map[string]int{"A": parquetfile.MaxBatchRows - 10, "B": 25, "D": parquetfile.MaxBatchRows}
	var parts []*table.Table
	for _, id := range []string{"A", "B", "D"} {
		parts = append(parts, partOf(id, sizes[id]))
	}
	whole := publication(1)
	whole.Tables = append(whole.Tables, mustClear(t, rules, table.Concat(ofAreas, parts)))
	want := mustPublish(t, mustOpen(t, t.TempDir()), whole)

	root := mustOpen(t, t.TempDir())
	d, err := root.Draft(t.Context(), whole.Inputs, ofAreas)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Discard()
	for _, part := range parts {
		if err := d.Append(mustClear(t, rules, part)); err != nil {
			t.Fatal(err)
		}
	}
	stored, err := d.Tables()
	if err != nil {
		t.Fatal(err)
	}
	read := stored[0].Table()
	if d := cmp.Diff([]string{"A", "B", "D"}, read.Areas()); d != "" {
		t.Errorf("areas: %s", d)
	}
	for i, id := range read.Areas() {
		if got := read.Of(id); !array.RecordEqual(got.Record(), parts[i].Record()) {
			t.Errorf("rows of area %s are read back other than written", id)
		}
	}
	if n := read.Of("C").Rows(); n != 0 || read.Has("C") {
		t.Errorf("%d rows of an area that has none", n)
	}
	p := publication(1)
	p.Tables = append(p.Tables, stored[0])
	got, err := d.Publish(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if got.ID != want.ID {
		t.Errorf("run %s, want %s", got.ID, want.ID)
	}
	if d := cmp.Diff(tree(t, want.Dir), tree(t, got.Dir)); d != "" {
		t.Error("area by area, the files are others")
	}
	if !array.RecordEqual(read.Record(), table.Concat(ofAreas, parts).Record()) {
		t.Error("once published, the rows are read back other than written")
	}
}

// A table of which no area has come has no row, and is published.
func TestADraftWithoutARow(t *testing.T) {
	d, err := mustOpen(t, t.TempDir()).Draft(t.Context(), publication(1).Inputs, ofAreas)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Discard()
	stored, err := d.Tables()
	if err != nil {
		t.Fatal(err)
	}
	p := publication(1)
	p.Tables = append(p.Tables, stored...)
	run, err := d.Publish(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ReadTable(filepath.Join(run.Dir, "tables/of_areas.parquet"), ofAreas); err != nil || got.Rows() != 0 {
		t.Errorf("%v, %v", got, err)
	}
}

// A draft that fails leaves nothing of it.
func TestADraftThatFailsLeavesNothing(t *testing.T) {
	rules := areaRules(t, "A", "B")
	part := func(id string) *gate.Cleared { return mustClear(t, rules, partOf(id, 3)) }
	infinite := table.NewColumns(ofAreas, 1)
	infinite.String("area_id", func(int) string { return "A" })
	infinite.Int32("number", func(int) (int32, bool) { return 0, true })
	stopped, stop := context.WithCancel(t.Context())
	for name, tt := range map[string]struct {
		ctx  context.Context
		work func(d *Draft, dir string) error
		want string
	}{
		"an area before another": {t.Context(), func(d *Draft, _ string) error {
			return errors.Join(d.Append(part("B")), d.Append(part("A")))
		}, "rows of area A come after those of area B"},
		"an area twice": {t.Context(), func(d *Draft, _ string) error {
			return errors.Join(d.Append(part("B")), d.Append(part("B")))
		}, "rows of area B come after those of area B"},
		"another table": {t.Context(), func(d *Draft, _ string) error {
			return d.Append(cleared(sampleTable(3, 1))[0])
		}, "sample does not come area by area"},
		"stopped": {stopped, func(d *Draft, _ string) error {
			stop()
			_, err := d.Tables()
			return err
		}, "context canceled"},
		"other inputs": {t.Context(), func(d *Draft, _ string) error {
			p := publication(1)
			p.Inputs = strings.Repeat("0f", 32)
			_, err := d.Publish(t.Context(), p)
			return err
		}, "other inputs"},
		"rows that can no longer be read": {t.Context(), func(d *Draft, dir string) error {
			if err := d.Append(part("A")); err != nil {
				return err
			}
			stored, err := d.Tables()
			if err != nil {
				return err
			}
			if err := os.Truncate(filepath.Join(dir, "runs/.tmp-run/tables/of_areas.parquet"), 8); err != nil {
				return err
			}
			if n := stored[0].Table().Of("A").Float64("tmin_c").NullN(); n != 3 {
				return errors.New("what cannot be read is not null")
			}
			p := publication(1)
			p.Tables = append(p.Tables, stored...)
			_, err = d.Publish(t.Context(), p)
			return err
		}, "table of_areas"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			root := mustOpen(t, dir)
			d, err := root.Draft(tt.ctx, publication(1).Inputs, ofAreas)
			if err != nil {
				t.Fatal(err)
			}
			if err := tt.work(d, dir); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
			d.Discard()
			entries, err := os.ReadDir(filepath.Join(dir, "runs"))
			if err != nil || len(entries) > 0 {
				t.Errorf("left behind: %v, %v", entries, err)
			}
			mustPublish(t, root, publication(2))
		})
	}
}

// Sums tell cells apart and nothing else: not how rows come in records, nor whether
// text is coded, nor what lies under a null.
func TestSumsAreOfCells(t *testing.T) {
	of := func(records ...arrow.Record) [][]cellSum {
		var s sums
		for _, r := range records {
			s.add(r)
		}
		return s.groups
	}
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(1, 200).Draw(r, "rows") // of some words of validity
		one, err := sampleTable(n, 3).Sorted()
		if err != nil {
			r.Fatal(err)
		}
		cut := int64(rapid.IntRange(0, n).Draw(r, "cut"))
		record := one.Record()
		parts := of(record.NewSlice(0, cut), record.NewSlice(cut, int64(n)))
		if d := cmp.Diff(of(record), parts, cmp.AllowUnexported(cellSum{}, runSum{})); d != "" {
			r.Fatalf("cut at %d: %s", cut, d)
		}
		coded := make([]arrow.Array, record.NumCols())
		copy(coded, record.Columns())
		columns := table.NewColumns(&table.Schema{Name: "text", Columns: sample.Columns[:1]}, n)
		names := record.Column(0).(*array.String)
		columns.String("name", names.Value)
		coded[0] = columns.Table().Held().Column(0)
		if d := cmp.Diff(of(record), of(table.NewCoded(sample, int64(n), coded).Held()), cmp.AllowUnexported(cellSum{}, runSum{})); d != "" {
			r.Fatalf("coded: %s", d)
		}
		row, column := rapid.IntRange(0, n-1).Draw(r, "row"), rapid.IntRange(0, len(sample.Columns)-1).Draw(r, "column")
		other := withAnother(one, row, column)
		if was, is := of(record)[0], of(other.Record())[0]; was[column] == is[column] {
			r.Fatalf("another cell of %s in row %d has the same sum", sample.Columns[column].Name, row)
		}
	})
}

// withAnother returns a table with another value, or one for a null, in one cell.
func withAnother(t *table.Table, at, column int) *table.Table {
	b := table.NewBuilder(t.Schema)
	for row := range t.Rows() {
		b.Row()
		for i, c := range t.Schema.Columns {
			v := t.Value(row, i)
			if row == at && i == column {
				switch was := v.(type) {
				case bool:
					v = !was
				case int32:
					v = was + 1
				case int64:
					v = was + 1
				case float64:
					v = was + 1
				case string:
					v = was + "x"
				case hour.Day:
					v = was + 1
				case hour.Instant:
					v = was + 1
				case nil:
					v = map[table.Type]any{table.Bool: false, table.Int32: int32(0), table.Int64: int64(0), table.Float64: 0.0, table.String: "", table.Date: hour.Day(0), table.Timestamp: hour.Instant(0)}[c.Type]
				}
			}
			switch v := v.(type) {
			case bool:
				b.Bool(c.Name, v)
			case int32:
				b.Int32(c.Name, v)
			case int64:
				b.Int64(c.Name, v)
			case float64:
				b.Float64(c.Name, v)
			case string:
				b.String(c.Name, v)
			case hour.Day:
				b.Date(c.Name, v)
			case hour.Instant:
				b.Timestamp(c.Name, v)
			}
		}
	}
	return b.Table()
}
