package parquetfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"math"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/parquet-go/parquet-go"
	"pgregory.net/rapid"
)

var writtenTypes = []arrow.DataType{
	arrow.FixedWidthTypes.Boolean, arrow.PrimitiveTypes.Int32, arrow.PrimitiveTypes.Int64,
	arrow.PrimitiveTypes.Float64, arrow.BinaryTypes.String, arrow.FixedWidthTypes.Date32, timestampUTC,
}

// drawValue draws a value of the type, from few or from many.
func drawValue(t *rapid.T, dataType arrow.DataType) any {
	switch dataType.ID() {
	case arrow.BOOL:
		return rapid.Bool().Draw(t, "bool")
	case arrow.INT32, arrow.DATE32:
		return rapid.Int32().Draw(t, "int32")
	case arrow.INT64, arrow.TIMESTAMP:
		return rapid.OneOf(rapid.Int64(), rapid.Int64Range(-3, 3)).Draw(t, "int64")
	case arrow.FLOAT64:
		special := rapid.SampledFrom([]float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.SmallestNonzeroFloat64})
		return rapid.OneOf(special, rapid.Float64()).Draw(t, "float64")
	default:
		return rapid.OneOf(rapid.SampledFrom([]string{"", "UA63", "Київ", "\x00"}), rapid.String()).Draw(t, "string")
	}
}

func appendValue(b array.Builder, v any) {
	if v == nil {
		b.AppendNull()
		return
	}
	switch b := b.(type) {
	case *array.BooleanBuilder:
		b.Append(v.(bool))
	case *array.Int32Builder:
		b.Append(v.(int32))
	case *array.Date32Builder:
		b.Append(arrow.Date32(v.(int32)))
	case *array.Int64Builder:
		b.Append(v.(int64))
	case *array.TimestampBuilder:
		b.Append(arrow.Timestamp(v.(int64)))
	case *array.Float64Builder:
		b.Append(v.(float64))
	case *array.StringBuilder:
		b.Append(v.(string))
	}
}

// drawTable draws a schema and a record of it. Rows repeat a drawn part, so that
// there are many of them and few draws.
func drawTable(t *rapid.T) (*arrow.Schema, arrow.Record) {
	var fields []arrow.Field
	for i := range rapid.IntRange(1, 6).Draw(t, "fields") {
		fields = append(fields, arrow.Field{
			Name:     fmt.Sprintf("%c%d", 'z'-rune(i), i),
			Type:     rapid.SampledFrom(writtenTypes).Draw(t, "type"),
			Nullable: rapid.Bool().Draw(t, "nullable"),
		})
	}
	schema := arrow.NewSchema(fields, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	rows := rapid.OneOf(rapid.IntRange(0, 50), rapid.IntRange(0, 40_000)).Draw(t, "rows")
	for i, field := range fields {
		part := make([]any, rapid.IntRange(1, 20).Draw(t, "part"))
		for k := range part {
			if field.Nullable && rapid.IntRange(0, 3).Draw(t, "null") == 0 {
				continue
			}
			part[k] = drawValue(t, field.Type)
		}
		for row := range rows {
			appendValue(b.Field(i), part[row%len(part)])
		}
	}
	return schema, b.NewRecord()
}

// inParts yields a record in parts of n rows.
func inParts(record arrow.Record, n int) iter.Seq2[arrow.Record, error] {
	return func(yield func(arrow.Record, error) bool) {
		for from := int64(0); from < record.NumRows(); from += int64(n) {
			if !yield(record.NewSlice(from, min(from+int64(n), record.NumRows())), nil) {
				return
			}
		}
	}
}

func written(t interface{ Fatal(...any) }, schema *arrow.Schema, batches iter.Seq2[arrow.Record, error], options Options) []byte {
	var out bytes.Buffer
	if err := Write(&out, schema, batches, options); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// sameValue compares floating-point numbers by their bits, so that -0 is not 0.
func sameValue(a, b any) bool {
	x, ok1 := a.(float64)
	y, ok2 := b.(float64)
	if ok1 && ok2 {
		return math.Float64bits(x) == math.Float64bits(y)
	}
	return a == b
}

func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		schema, record := drawTable(t)
		options := Options{
			RowGroupRows: rapid.SampledFrom([]int{0, 1000, 20_000}).Draw(t, "row group"),
			Metadata:     rapid.MapOf(rapid.String(), rapid.String()).Draw(t, "metadata"),
			Threads:      rapid.IntRange(0, 3).Draw(t, "threads"),
		}
		data := written(t, schema, inParts(record, rapid.IntRange(1000, 50_000).Draw(t, "part")), options)
		again := written(t, schema, inParts(record, rapid.IntRange(1000, 50_000).Draw(t, "other part")),
			Options{RowGroupRows: options.RowGroupRows, Metadata: maps.Clone(options.Metadata)})
		if !bytes.Equal(data, again) {
			t.Fatal("the same rows in other records gave other bytes")
		}
		f, err := openBytes(data, "round trip")
		if err != nil {
			t.Fatal(err)
		}
		if f.NumRows() != record.NumRows() || !reflect.DeepEqual(f.Metadata(), options.Metadata) {
			t.Fatalf("%d rows, want %d; metadata %q, want %q", f.NumRows(), record.NumRows(), f.Metadata(), options.Metadata)
		}
		for i, field := range f.Schema().Fields() {
			want := schema.Field(i)
			want.Nullable = want.Nullable || want.Type.ID() == arrow.FLOAT64
			if !field.Equal(want) {
				t.Fatalf("field %v, want %v", field, want)
			}
		}
		for _, dictionary := range []bool{false, true} {
			options := codedOptions(f, dictionary)
			options.Reuse = rapid.IntRange(0, 3).Draw(t, "records in hand")
			options.BatchRows = rapid.SampledFrom([]int{0, 300, 7000}).Draw(t, "rows of a record")
			values, err := readAll(f, columnNames(f), options)
			if err != nil {
				t.Fatal(err)
			}
			for c, column := range record.Columns() {
				if len(values[c]) != column.Len() {
					t.Fatalf("column %d: %d rows, want %d", c, len(values[c]), column.Len())
				}
				for row := range values[c] {
					if want := valueAt(column, row); !sameValue(values[c][row], want) {
						t.Fatalf("column %d, row %d: %v, want %v", c, row, values[c][row], want)
					}
				}
			}
		}
	})
}

func TestAFileReadCanBeWrittenAgain(t *testing.T) {
	schema, record := smallTable(3000)
	first := written(t, schema, inParts(record, 3000), Options{RowGroupRows: 1000})
	for _, dictionary := range []bool{false, true} {
		f, err := openBytes(first, "first")
		if err != nil {
			t.Fatal(err)
		}
		batches := f.Batches(columnNames(f), ReadOptions{DictionaryStrings: dictionary})
		if second := written(t, f.Schema(), batches, Options{RowGroupRows: 1000}); !bytes.Equal(first, second) {
			t.Errorf("dictionary %v: bytes differ", dictionary)
		}
	}
}

func TestRowGroupsCanBeReadAtTheSameTime(t *testing.T) {
	schema, record := smallTable(5000)
	f, err := openBytes(written(t, schema, inParts(record, 5000), Options{RowGroupRows: 700, Threads: 3}), "parallel")
	if err != nil {
		t.Fatal(err)
	}
	parts := make([][][]any, f.NumRowGroups())
	var wait sync.WaitGroup
	for g := range parts {
		wait.Go(func() {
			var err error
			if parts[g], err = readAll(f, columnNames(f), ReadOptions{RowGroups: []int{g}, DictionaryStrings: true}); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	row := 0
	for _, part := range parts {
		for i := range part[0] {
			for c, column := range record.Columns() {
				if want := valueAt(column, row); !sameValue(part[c][i], want) {
					t.Fatalf("column %d, row %d: %v, want %v", c, row, part[c][i], want)
				}
			}
			row++
		}
	}
	if len(parts) != 8 || row != 5000 {
		t.Errorf("%d row groups, %d rows", len(parts), row)
	}
}

func TestARecordRetainedStaysAsItWas(t *testing.T) {
	schema, record := smallTable(3000)
	f, err := openBytes(written(t, schema, inParts(record, 3000), Options{RowGroupRows: 500}), "retained")
	if err != nil {
		t.Fatal(err)
	}
	for _, dictionary := range []bool{false, true} {
		var kept []arrow.Record
		for r, err := range f.Batches(columnNames(f), codedOptions(f, dictionary)) {
			if err != nil {
				t.Fatal(err)
			}
			r.Retain()
			kept = append(kept, r)
		}
		row := 0
		for _, r := range kept {
			for i := range int(r.NumRows()) {
				for c, column := range record.Columns() {
					if got, want := valueAt(r.Column(c), i), valueAt(column, row); !sameValue(got, want) {
						t.Fatalf("column %d, row %d: %v, want %v", c, row, got, want)
					}
				}
				row++
			}
		}
	}
}

// smallTable has a column of each type, with nulls in those that may have them.
func smallTable(rows int) (*arrow.Schema, arrow.Record) {
	fields := []arrow.Field{{Name: "area_id", Type: arrow.BinaryTypes.String, Nullable: true}}
	for i, dataType := range writtenTypes {
		fields = append(fields, arrow.Field{Name: fmt.Sprint("c", i), Type: dataType, Nullable: i%3 == 0 || dataType.ID() == arrow.FLOAT64})
	}
	schema := arrow.NewSchema(fields, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for row := range rows {
		values := []any{fmt.Sprint("UA", row*7%27), row%3 == 0, int32(row * row), int64(row) * 1e12, float64(row%300) / 10,
			fmt.Sprint("note ", row*31%1000), int32(19000 + row/24), int64(row) * 3_600_000_000}
		for i, v := range values {
			if fields[i].Nullable && (row+i)%11 == 0 {
				v = nil
			}
			appendValue(b.Field(i), v)
		}
	}
	return schema, b.NewRecord()
}

// A failingWriter accepts limit bytes, then fails as often as failures says.
type failingWriter struct {
	limit, failures int
	short           bool // by writing less, without an error
}

var errDisk = errors.New("no space left on device")

func (w *failingWriter) Write(b []byte) (int, error) {
	if w.failures > 0 && len(b) > w.limit {
		w.failures--
		if w.short {
			return w.limit, nil
		}
		return w.limit, errDisk
	}
	w.limit -= len(b)
	return len(b), nil
}

func TestEveryFailedWriteIsReported(t *testing.T) {
	schema, record := smallTable(15)
	size := len(written(t, schema, inParts(record, 15), Options{RowGroupRows: 10}))
	for limit := 0; limit < size; limit += 3 {
		writers := []*failingWriter{{limit, math.MaxInt, false}}
		if limit%8 == 0 {
			writers = append(writers, &failingWriter{limit, 1, false}, &failingWriter{limit, 1, true})
		}
		for _, w := range writers {
			want := errDisk
			if w.short {
				want = io.ErrShortWrite
			}
			if err := Write(w, schema, inParts(record, 15), Options{RowGroupRows: 10}); !errors.Is(err, want) {
				t.Fatalf("failing after %d of %d bytes: %v", limit, size, err)
			}
		}
	}
}

func TestWhatCannotBeWritten(t *testing.T) {
	field := func(dataType arrow.DataType, nullable bool) *arrow.Schema {
		return arrow.NewSchema([]arrow.Field{{Name: "x", Type: dataType, Nullable: nullable}}, nil)
	}
	record := func(schema *arrow.Schema, json string) iter.Seq2[arrow.Record, error] {
		record, _, err := array.RecordFromJSON(memory.DefaultAllocator, schema, strings.NewReader(json))
		if err != nil {
			t.Fatal(err)
		}
		return inParts(record, 10)
	}
	floats := array.NewFloat64Builder(memory.DefaultAllocator)
	floats.AppendValues([]float64{1, math.NaN()}, nil)
	nan := array.NewRecord(field(arrow.PrimitiveTypes.Float64, true), []arrow.Array{floats.NewArray()}, 2)
	texts := array.NewStringBuilder(memory.DefaultAllocator)
	texts.Append("\xff")
	notUTF8 := array.NewRecord(field(arrow.BinaryTypes.String, true), []arrow.Array{texts.NewArray()}, 1)
	int32s := field(arrow.PrimitiveTypes.Int32, false)

	for _, tt := range []struct {
		name    string
		schema  *arrow.Schema
		batches iter.Seq2[arrow.Record, error]
		want    error
	}{
		{"NaN", nan.Schema(), inParts(nan, 10), ErrValue},
		{"a null where there are none", int32s, record(field(arrow.PrimitiveTypes.Int32, true), `[{"x": null}]`), ErrValue},
		{"text that is not UTF-8", notUTF8.Schema(), inParts(notUTF8, 10), ErrValue},
		{"an unsigned integer", field(arrow.PrimitiveTypes.Uint32, false), nil, ErrColumnType},
		{"a local timestamp", field(&arrow.TimestampType{Unit: arrow.Microsecond}, false), nil, ErrColumnType},
		{"nanoseconds", field(arrow.FixedWidthTypes.Timestamp_ns, false), nil, ErrColumnType},
		{"a list", field(arrow.ListOf(arrow.PrimitiveTypes.Int32), false), nil, ErrColumnType},
		{"a table without columns", arrow.NewSchema(nil, nil), nil, ErrNoColumn},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := Write(io.Discard, tt.schema, tt.batches, Options{})
			if !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
			var placed *Error
			if tt.want != ErrNoColumn && (!errors.As(err, &placed) || placed.Column != "x") {
				t.Errorf("%v does not name the column", err)
			}
		})
	}

	if err := Write(io.Discard, int32s, record(field(arrow.PrimitiveTypes.Int64, false), `[{"x": 1}]`), Options{}); err == nil {
		t.Error("a record of another schema was written")
	}
	if err := Write(io.Discard, int32s, nil, Options{SortingColumns: []string{"y"}}); !errors.Is(err, ErrNoColumn) {
		t.Error(err)
	}
	failed := func(yield func(arrow.Record, error) bool) { yield(nil, errDisk) }
	if err := Write(io.Discard, int32s, failed, Options{}); !errors.Is(err, errDisk) {
		t.Error(err)
	}
}

func TestWrittenFilesKeepThePromisedForm(t *testing.T) {
	schema, record := smallTable(5000)
	data := written(t, schema, inParts(record, 700), Options{
		Metadata: map[string]string{"b": "2", "a": "1"}, SortingColumns: []string{"c6", "area_id"}, RowGroupRows: 2000,
	})
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	meta := f.Metadata()
	if meta.CreatedBy != "hardship" || len(meta.RowGroups) != 3 || meta.RowGroups[0].NumRows != 2000 {
		t.Errorf("created by %q, %d row groups", meta.CreatedBy, len(meta.RowGroups))
	}
	if kv := meta.KeyValueMetadata; len(kv) != 2 || kv[0].Key != "a" || kv[1].Key != "b" {
		t.Errorf("metadata %v", kv)
	}
	for _, group := range meta.RowGroups {
		if s := group.SortingColumns; len(s) != 2 || s[0].ColumnIdx != 7 || s[1].ColumnIdx != 0 || s[0].Descending || s[0].NullsFirst {
			t.Errorf("sorted by %v", s)
		}
		for i, chunk := range group.Columns {
			c := chunk.MetaData
			if c.Codec.String() != "ZSTD" || chunk.ColumnIndexOffset == 0 || chunk.OffsetIndexOffset == 0 {
				t.Errorf("column %v: codec %s, column index at %d", c.PathInSchema, c.Codec, chunk.ColumnIndexOffset)
			}
			// Texts have a dictionary, and numbers of which there are few; 2,000 rows
			// are in c3 of 300 numbers and in c1 of as many as there are rows.
			if coded := schema.Field(i).Type.ID() == arrow.STRING || schema.Field(i).Name == "c3"; (c.DictionaryPageOffset > 0) != coded {
				t.Errorf("column %v: dictionary at %d", c.PathInSchema, c.DictionaryPageOffset)
			}
			pages := pageReader{reader: bytes.NewReader(data), limits: DefaultLimits}
			at, err := chunkOf(&chunk, int64(len(data)))
			if err != nil {
				t.Fatal(err)
			}
			pages.open(at)
			for {
				h, err := pages.header(512)
				if err == io.EOF {
					break
				}
				if err != nil || !h.hasCRC {
					t.Fatalf("column %v: page without checksum, or %v", c.PathInSchema, err)
				}
				pages.pos += int64(h.compressed)
				if c.DictionaryPageOffset == 0 || pages.pos > c.DataPageOffset {
					pages.left -= int64(h.values)
				}
			}
		}
	}
}
