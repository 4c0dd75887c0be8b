package parquetfile

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// openBytes opens a file that is in memory.
func openBytes(data []byte, name string) (*File, error) {
	return Open(bytes.NewReader(data), int64(len(data)), name, Limits{})
}

func openSample(t testing.TB, name string) *File {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name+".parquet"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := openBytes(data, name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// readAll returns the rows of the columns as nil, bool, int64, float64 or
// string. Dates are days, timestamps microseconds.
func readAll(f *File, columns []string, options ReadOptions) ([][]any, error) {
	values := make([][]any, len(columns))
	take := func(record arrow.Record) {
		for c, column := range record.Columns() {
			for i := range column.Len() {
				values[c] = append(values[c], valueAt(column, i))
			}
		}
	}
	var inHand []arrow.Record // as many as may be
	for record, err := range f.Batches(columns, options) {
		if err != nil {
			return nil, err
		}
		if n := record.NumRows(); n == 0 || n > MaxBatchRows {
			return nil, fmt.Errorf("record of %d rows", n)
		}
		record.Retain()
		if inHand = append(inHand, record); len(inHand) >= options.Reuse {
			take(inHand[0])
			inHand = inHand[1:]
		}
	}
	for _, record := range inHand {
		take(record)
	}
	return values, nil
}

func valueAt(column arrow.Array, i int) any {
	if column.IsNull(i) {
		return nil
	}
	switch a := column.(type) {
	case *array.Boolean:
		return a.Value(i)
	case *array.Int32:
		return int64(a.Value(i))
	case *array.Int64:
		return a.Value(i)
	case *array.Float64:
		return a.Value(i)
	case *array.String:
		return strings.Clone(a.Value(i))
	case *array.Date32:
		return int64(a.Value(i))
	case *array.Timestamp:
		return int64(a.Value(i))
	case *array.Dictionary:
		return valueAt(a.Dictionary(), a.GetValueIndex(i))
	}
	panic(fmt.Sprintf("array of type %T", column))
}

// codedOptions ask for all columns as codes that can be had so, or for none.
func codedOptions(f *File, coded bool) ReadOptions {
	if !coded {
		return ReadOptions{}
	}
	return ReadOptions{DictionaryStrings: true, Coded: columnNames(f)}
}

func columnNames(f *File) []string {
	var names []string
	for _, field := range f.Schema().Fields() {
		names = append(names, field.Name)
	}
	return names
}

// sampleValues holds the formulas of testdata/generate.py, and the row before
// whose multiples there is a null.
var sampleValues = map[string]struct {
	value func(i int) any
	every int
}{
	"flag":     {func(i int) any { return i%3 == 0 }, 5},
	"i8":       {func(i int) any { return int64(i - 25) }, 7},
	"i16":      {func(i int) any { return int64(1000 * (i - 25)) }, 7},
	"i32":      {func(i int) any { return int64(1e7 * (i - 25)) }, 0},
	"i64":      {func(i int) any { return int64(1e16 * (i - 25)) }, 7},
	"u8":       {func(i int) any { return int64(255 - i) }, 0},
	"u16":      {func(i int) any { return int64(65535 - i) }, 7},
	"u32":      {func(i int) any { return int64(1<<32 - 1 - i) }, 0},
	"u64":      {func(i int) any { return int64(math.MaxInt64 - i) }, 7},
	"f32":      {func(i int) any { return float64(i) / 4 }, 7},
	"f64":      {func(i int) any { return float64(i) / 10 }, 7},
	"zero":     {func(i int) any { return 0.0 }, 2},
	"area":     {func(i int) any { return fmt.Sprintf("область %d", i%4) }, 6},
	"note":     {func(i int) any { return strings.Repeat(fmt.Sprintf("note %d", i), i%3) }, 0},
	"nothing":  {func(i int) any { return "" }, 1},
	"day":      {func(i int) any { return int64(19297 + i) }, 7}, // 2022-11-01
	"at_ms":    {func(i int) any { return sampleMicros(i) / 1000 * 1000 }, 7},
	"at_us":    {func(i int) any { return sampleMicros(i) }, 0},
	"at_ns":    {func(i int) any { return sampleMicros(i) }, 7},
	"old_ns":   {func(i int) any { return int64(-1) }, 7}, // 1 to 50 ns before 1970, rounded down
	"local_us": {func(i int) any { return sampleMicros(i) }, 0},
}

func sampleMicros(i int) int64 {
	start := time.Date(2022, 11, 1, 0, 0, 0, 0, time.UTC)
	return start.UnixMicro() + int64(i)*3_600_000_001
}

func TestFilesOfOtherWritersReadRight(t *testing.T) {
	for _, name := range []string{
		"pyarrow_snappy_v1", "pyarrow_zstd_v2", "pyarrow_gzip_v1", "pyarrow_brotli_v2", "pyarrow_lz4_v2",
		"pyarrow_plain", "pyarrow_small_pages", "pyarrow_int96", "pyarrow_delta_v1", "pyarrow_delta_v2",
		"duckdb_v1", "duckdb_v2", "polars",
	} {
		t.Run(name, func(t *testing.T) {
			f := openSample(t, name)
			columns := columnNames(f)
			if len(columns) != len(sampleValues) && name != "pyarrow_int96" || len(f.Unreadable()) != 0 {
				t.Fatalf("columns %q, unreadable %q", columns, f.Unreadable())
			}
			for _, dictionary := range []bool{false, true} {
				values, err := readAll(f, columns, codedOptions(f, dictionary))
				if err != nil {
					t.Fatal(err)
				}
				for c, column := range columns {
					want := sampleValues[column]
					if int64(len(values[c])) != f.NumRows() || len(values[c]) != 50 {
						t.Fatalf("%s: %d rows, the file claims %d", column, len(values[c]), f.NumRows())
					}
					for i, got := range values[c] {
						expected := want.value(i)
						if want.every > 0 && i%want.every == want.every-1 {
							expected = nil
						}
						if got != expected {
							t.Fatalf("%s, row %d: got %v, want %v", column, i, got, expected)
						}
					}
				}
			}
		})
	}
}

func TestTypesAreTheSevenOfOurTables(t *testing.T) {
	f := openSample(t, "pyarrow_snappy_v1")
	want := map[string]arrow.DataType{
		"flag": arrow.FixedWidthTypes.Boolean, "i8": arrow.PrimitiveTypes.Int32, "i16": arrow.PrimitiveTypes.Int32,
		"i32": arrow.PrimitiveTypes.Int32, "i64": arrow.PrimitiveTypes.Int64, "u8": arrow.PrimitiveTypes.Int64,
		"u16": arrow.PrimitiveTypes.Int64, "u32": arrow.PrimitiveTypes.Int64, "u64": arrow.PrimitiveTypes.Int64,
		"f32": arrow.PrimitiveTypes.Float64, "f64": arrow.PrimitiveTypes.Float64, "zero": arrow.PrimitiveTypes.Float64,
		"area": arrow.BinaryTypes.String, "note": arrow.BinaryTypes.String, "nothing": arrow.BinaryTypes.String,
		"day": arrow.FixedWidthTypes.Date32, "at_ms": timestampUTC, "at_us": timestampUTC, "at_ns": timestampUTC,
		"old_ns": timestampUTC, "local_us": timestampUTC,
	}
	for _, field := range f.Schema().Fields() {
		if !arrow.TypeEqual(field.Type, want[field.Name]) {
			t.Errorf("%s is %s, want %s", field.Name, field.Type, want[field.Name])
		}
		if local := field.Metadata.FindKey("parquet.local") >= 0; local != (field.Name == "local_us") {
			t.Errorf("%s: local %v", field.Name, local)
		}
	}
	required := openSample(t, "duckdb_v2").Schema()
	for name, nullable := range map[string]bool{"i32": false, "i64": true, "note": false, "area": true} {
		if fields, _ := required.FieldsByName(name); fields[0].Nullable != nullable {
			t.Errorf("%s: nullable %v, want %v", name, fields[0].Nullable, nullable)
		}
	}
}

func TestDictionaryThatFallsBackToPlainPagesInMidChunk(t *testing.T) {
	f := openSample(t, "pyarrow_fallback")
	for _, dictionary := range []bool{false, true} {
		values, err := readAll(f, []string{"text", "number"}, codedOptions(f, dictionary))
		if err != nil {
			t.Fatal(err)
		}
		if len(values[0]) != 1200 {
			t.Fatalf("%d rows", len(values[0]))
		}
		for i := range values[0] {
			k := i * 7919 % 400
			var text any = fmt.Sprintf("text %d", k)
			if i%9 == 0 {
				text = nil
			}
			if values[0][i] != text || values[1][i] != float64(k)/8 {
				t.Fatalf("row %d: got %v and %v, want %v and %v", i, values[0][i], values[1][i], text, float64(k)/8)
			}
		}
	}
	// A record of numbers ends where they are coded no longer.
	var coded []bool
	for record, err := range f.Batches([]string{"number", "text"}, codedOptions(f, true)) {
		if err != nil {
			t.Fatal(err)
		}
		coded = append(coded, record.Column(0).DataType().ID() == arrow.DICTIONARY)
	}
	if !slices.Equal(coded, []bool{true, false}) {
		t.Errorf("records coded: %v", coded)
	}
}

func TestDictionaryIsTheSameWhileItDoesNotGrow(t *testing.T) {
	const rows = 300_000 // in two row groups, of two records each
	data := written(t, benchSchema, benchRecords(rows), Options{RowGroupRows: rows / 2})
	f, err := openBytes(data, "two row groups")
	if err != nil {
		t.Fatal(err)
	}
	row := 0
	var dictionaries []arrow.ArrayData
	for record, err := range f.Batches([]string{"area_id"}, ReadOptions{DictionaryStrings: true}) {
		if err != nil {
			t.Fatal(err)
		}
		coded := record.Column(0).(*array.Dictionary)
		dictionaries = append(dictionaries, coded.Dictionary().Data())
		for i := 0; i < coded.Len(); i += 1000 {
			if got, want := valueAt(coded, i), fmt.Sprintf("UA%04d", (row+i)/5000); got != want {
				t.Fatalf("row %d: %v, want %v", row+i, got, want)
			}
		}
		row += coded.Len()
	}
	if d := dictionaries; len(d) != 4 || d[0] != d[1] || d[1] == d[2] || d[2] != d[3] || row != rows {
		t.Errorf("%d rows, dictionaries %p", row, d)
	}
}

func TestColumnsWeDoNotReadDoNotKeepUsFromOthers(t *testing.T) {
	f := openSample(t, "pyarrow_other_types")
	if got := strings.Join(columnNames(f), " "); got != "before after" {
		t.Fatalf("readable: %s", got)
	}
	values, err := readAll(f, []string{"after", "before"}, ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		if values[0][i] != fmt.Sprintf("row %d", i) || values[1][i] != int64(i) {
			t.Fatalf("row %d: %v", i, values)
		}
	}
	reasons := map[string]string{}
	for _, u := range f.Unreadable() {
		reasons[u.Name] = u.Reason
	}
	for name, want := range map[string]string{
		"list": "nested", "struct": "nested", "map": "nested", "decimal": "DECIMAL(60,2) stored as FIXED_LEN_BYTE_ARRAY is",
		"fixed": "FIXED_LEN_BYTE_ARRAY", "half": "FLOAT16",
		"time": "TIME(", "null": "NULL",
	} {
		if !strings.Contains(reasons[name], want) {
			t.Errorf("%s: %q does not say %q", name, reasons[name], want)
		}
		_, err := readAll(f, []string{"before", name}, ReadOptions{})
		var placed *Error
		if !errors.Is(err, ErrColumnType) || !errors.As(err, &placed) || placed.Column != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := readAll(f, []string{"absent"}, ReadOptions{}); !errors.Is(err, ErrNoColumn) {
		t.Error(err)
	}
	if _, err := readAll(f, nil, ReadOptions{}); !errors.Is(err, ErrNoColumn) {
		t.Error(err)
	}
}

func TestOddSamples(t *testing.T) {
	t.Run("a file without rows has columns and no records", func(t *testing.T) {
		f := openSample(t, "pyarrow_no_rows")
		values, err := readAll(f, columnNames(f), ReadOptions{})
		if err != nil || len(values[0]) != 0 || len(values) != len(sampleValues) {
			t.Error(values, err)
		}
	})
	t.Run("NaN is unknown, which is null", func(t *testing.T) {
		for _, coded := range []bool{false, true} {
			f := openSample(t, "pyarrow_nan")
			values, err := readAll(f, []string{"x", "y"}, codedOptions(f, coded))
			if err != nil {
				t.Fatal(err)
			}
			for i, got := range values[0] {
				var want any = float64(i)
				if i%4 == 1 || i%6 == 5 {
					want = nil
				}
				if got != want || values[1][i] != nil {
					t.Errorf("row %d: %v and %v", i, got, values[1][i])
				}
			}
		}
	})
	t.Run("a value that does not fit is an error and names the column", func(t *testing.T) {
		f := openSample(t, "pyarrow_too_large")
		for _, column := range []string{"u64", "at_ms"} {
			_, err := readAll(f, []string{"fine", column}, ReadOptions{})
			var placed *Error
			if !errors.Is(err, ErrValue) || !errors.As(err, &placed) || placed.Column != column || placed.RowGroup != 0 {
				t.Errorf("%s: %v", column, err)
			}
		}
	})
	t.Run("bytes that are not UTF-8 are refused", func(t *testing.T) {
		for _, dictionary := range []bool{false, true} {
			_, err := readAll(openSample(t, "pyarrow_not_utf8"), []string{"coded"}, ReadOptions{DictionaryStrings: dictionary})
			if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "UTF-8") {
				t.Error(err)
			}
		}
	})
}
