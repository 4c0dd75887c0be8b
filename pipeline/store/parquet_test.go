package store

import (
	"context"
	"encoding/json"
	"iter"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/google/go-cmp/cmp"

	"hardship/pipeline/parquetfile"
	"hardship/pipeline/table"
)

func TestTablesComeBackAsTheyWere(t *testing.T) {
	for _, rows := range []int{0, 1, 50, parquetfile.MaxBatchRows + 1} {
		p := publication(0)
		p.Tables = cleared(sampleTable(rows, 7))
		run := mustPublish(t, mustOpen(t, t.TempDir()), p)
		got, err := ReadTable(filepath.Join(run.Dir, "tables/sample.parquet"), sample)
		if err != nil {
			t.Fatal(err)
		}
		want, err := sampleTable(rows, 7).Sorted()
		if err != nil {
			t.Fatal(err)
		}
		if got.Schema != sample || !array.RecordEqual(got.Record(), want.Record()) {
			t.Errorf("%d rows: %d came back:\n%v\nwant\n%v", rows, got.Rows(), got.Record(), want.Record())
		}
		m, err := ReadManifest(run.Dir)
		if err != nil || *output(&m, "tables/sample.parquet").Rows != int64(rows) {
			t.Errorf("%d rows: manifest says %+v, %v", rows, m.Outputs, err)
		}
	}
}

func TestReadTableHoldsTheFileToTheSchema(t *testing.T) {
	run := mustPublish(t, mustOpen(t, t.TempDir()), publication(0))
	path := filepath.Join(run.Dir, "tables/sample.parquet")
	with := func(change func(s *table.Schema)) *table.Schema {
		s := &table.Schema{Name: sample.Name, Description: sample.Description, Key: sample.Key, Columns: append([]table.Column{}, sample.Columns...)}
		change(s)
		return s
	}
	for _, tt := range []struct {
		name   string
		schema *table.Schema
		reason string
	}{
		{"a column of a later version is left out", with(func(s *table.Schema) { s.Columns = s.Columns[:2] }), ""},
		{"a missing column is an error", with(func(s *table.Schema) { s.Columns[2].Name = "other" }), "no column other"},
		{"another type is an error", with(func(s *table.Schema) { s.Columns[1].Type = table.Int64 }), "column number is int32, not int64"},
		{"a null where none may be is an error", with(func(s *table.Schema) { s.Columns[4].Null = false }), "column tmin_c holds a null"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := ReadTable(path, tt.schema)
			if tt.reason == "" {
				if err != nil || got.Rows() != 50 {
					t.Errorf("ReadTable: %v", err)
				}
			} else if err == nil || !strings.Contains(err.Error(), tt.reason) {
				t.Errorf("ReadTable: %v; want an error with %q", err, tt.reason)
			}
		})
	}
	if _, err := ReadTable(path+"x", sample); err == nil {
		t.Error("no error for a file that is not there")
	}
}

func TestTablesSayWhatTheyAre(t *testing.T) {
	run := mustPublish(t, mustOpen(t, t.TempDir()), publication(0))
	f, err := os.Open(filepath.Join(run.Dir, "tables/sample.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	file, err := parquetfile.Open(f, info.Size(), "sample", parquetfile.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"hardship.schema_version": SchemaVersion,
		"hardship.inputs":         strings.Repeat("0a", 32),
		"table.description":       "Rows of a test.",

		"column.name.description":       "Name.",
		"column.number.description":     "Number.",
		"column.flag.description":       "Flag.",
		"column.total.description":      "Total.",
		"column.total.unit":             "rows",
		"column.tmin_c.description":     "Temperature.",
		"column.tmin_c.unit":            "°C",
		"column.tmin_c.definition":      "4.3",
		"column.date_local.description": "Day.",
		"column.seen_utc.description":   "Time.",
	}
	if diff := cmp.Diff(want, file.Metadata()); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
}

func TestDataPackage(t *testing.T) {
	run := mustPublish(t, mustOpen(t, t.TempDir()), publication(0))
	files := tree(t, run.Dir)
	sampleFile := files["tables/sample.parquet"]
	var got struct {
		Profile   string `json:"$schema"`
		Resources []any  `json:"resources"`
	}
	if err := json.Unmarshal([]byte(files[packageName]), &got); err != nil {
		t.Fatal(err)
	}
	type object = map[string]any
	required := object{"required": true}
	want := object{
		"name": "sample", "type": "table", "description": "Rows of a test.",
		"path": "tables/sample.parquet", "format": "parquet", "mediatype": "application/vnd.apache.parquet",
		"bytes": float64(len(sampleFile)), "hash": "sha256:" + hashOf([]byte(sampleFile)),
		"schema": object{
			"primaryKey": []any{"name", "number"},
			"fields": []any{
				object{"name": "name", "type": "string", "description": "Name.", "constraints": object{"required": true, "enum": []any{"a", "b"}}},
				object{"name": "number", "type": "integer", "description": "Number.", "constraints": required},
				object{"name": "flag", "type": "boolean", "description": "Flag."},
				object{"name": "total", "type": "integer", "description": "Total.", "unit": "rows"},
				object{"name": "tmin_c", "type": "number", "description": "Temperature.", "unit": "°C", "definition": "4.3"},
				object{"name": "date_local", "type": "date", "description": "Day."},
				object{"name": "seen_utc", "type": "datetime", "description": "Time."},
			},
		},
	}
	if len(got.Resources) != 2 || !strings.Contains(got.Profile, "datapackage.org/profiles/2.0/") {
		t.Fatalf("%s of %d resources", got.Profile, len(got.Resources))
	}
	if diff := cmp.Diff(want, got.Resources[0]); diff != "" {
		t.Errorf("resource (-want +got):\n%s", diff)
	}
}

func TestFilesHoldNoNaNAndNoInfinity(t *testing.T) {
	schema := &table.Schema{Name: "numbers", Key: []string{"number"}, Columns: []table.Column{
		{Name: "number", Type: table.Int32},
		{Name: "value", Type: table.Float64, Null: true},
	}}
	numbers := func(v float64) *table.Table {
		b := array.NewRecordBuilder(memory.DefaultAllocator, schema.Arrow())
		b.Field(0).(*array.Int32Builder).AppendValues([]int32{1, 2}, nil)
		b.Field(1).(*array.Float64Builder).AppendValues([]float64{v, v}, []bool{false, true})
		return table.New(schema, b.NewRecord())
	}
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		p := publication(0)
		p.Tables = cleared(numbers(v))
		run, err := mustOpen(t, t.TempDir()).Publish(context.Background(), p)
		if err == nil || !strings.Contains(err.Error(), "table numbers: ") {
			t.Errorf("%v: published %+v, %v", v, run, err)
		}
	}
	p := publication(0)
	p.Tables = cleared(numbers(math.Copysign(0, -1)))
	mustPublish(t, mustOpen(t, t.TempDir()), p)
}

func TestSortingIsDeclaredOnlyWithoutNullsInTheKey(t *testing.T) {
	s := &table.Schema{Key: []string{"a", "b"}, Columns: []table.Column{{Name: "a"}, {Name: "b"}}}
	if diff := cmp.Diff([]string{"a", "b"}, sortingColumns(s)); diff != "" {
		t.Error(diff)
	}
	s.Columns[1].Null = true
	if got := sortingColumns(s); got != nil {
		t.Errorf("sortingColumns = %v", got)
	}
}

func TestReadBackNoticesOtherRows(t *testing.T) {
	sorted := func(rows, seed int) *table.Table {
		s, err := sampleTable(rows, seed).Sorted()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	w, err := mustOpen(t, t.TempDir()).newRunWriter()
	if err != nil {
		t.Fatal(err)
	}
	whole := func(t *table.Table) iter.Seq2[*table.Table, error] {
		return func(yield func(*table.Table, error) bool) { yield(t, nil) }
	}
	file, err := w.writeTable(context.Background(), sample, whole(sorted(20, 1)), strings.Repeat("0a", 32))
	if err != nil {
		t.Fatal(err)
	}
	for name, other := range map[string]*table.Table{
		"another cell":   sorted(20, 2),
		"a row more":     sorted(21, 1),
		"a row less":     sorted(19, 1),
		"no row at all":  sorted(0, 1),
		"unsorted table": sampleTable(20, 1),
	} {
		file.sums = sums{}
		file.sums.add(other.Held())
		if err := file.readBack(context.Background()); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
