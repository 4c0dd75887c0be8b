package parquetfile

import (
	"bytes"
	"io"
	"math"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// numbersFile writes one column, NaN for null.
func numbersFile(t *testing.T, dataType arrow.DataType, values []float64) []byte {
	t.Helper()
	schema := arrow.NewSchema([]arrow.Field{{Name: "x", Type: dataType, Nullable: true}}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	for _, v := range values {
		switch b := b.Field(0).(type) {
		case *array.Float64Builder:
			if v != v {
				b.AppendNull()
			} else {
				b.Append(v)
			}
		case *array.Int32Builder:
			b.Append(int32(v))
		case *array.Int64Builder:
			b.Append(int64(v))
		case *array.Date32Builder:
			b.Append(arrow.Date32(v))
		case *array.TimestampBuilder:
			b.Append(arrow.Timestamp(v))
		}
	}
	return written(t, schema, inParts(b.NewRecord(), 7000), Options{})
}

// A chunk begins with a dictionary where numbers are few and goes over to plain
// pages where they are not, and another reader gets the same numbers out of it.
func TestNumbersThatAreFewAreCoded(t *testing.T) {
	repeated := func(n, different int) []float64 {
		values := make([]float64, n)
		for i := range values {
			values[i] = float64(i*7%different) / 4
		}
		return values
	}
	distinct := func(n int) []float64 { return repeated(n, n) }
	signs := repeated(pageRows, 3)
	signs[5], signs[6] = math.Copysign(0, -1), math.NaN()
	for _, tt := range []struct {
		name   string
		values []float64
		coded  []bool // of each page
	}{
		{"few", repeated(2*pageRows+10, 300), []bool{true, true, true}},
		{"zeros of both signs and a null", signs, []bool{true}},
		{"one", repeated(100, 1), []bool{true}},
		{"half", append(distinct(50), distinct(50)...), []bool{true}},
		{"more than half", append(distinct(51), distinct(49)...), []bool{false}},
		{"all different", distinct(2 * pageRows), []bool{false, false}},
		{"as many as there may be", repeated(pageRows, mostNumbers), []bool{true}},
		{"one more", repeated(pageRows, mostNumbers+1), []bool{false}},
		{"too many from the second page on", append(repeated(pageRows, 10), append(distinct(pageRows), repeated(pageRows, 10)...)...), []bool{true, false, false}},
		{"a first page of nulls", append(repeated(pageRows, 1)[:0], append(nulls(pageRows), repeated(pageRows, 9)...)...), []bool{false, true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			data := numbersFile(t, arrow.PrimitiveTypes.Float64, tt.values)
			if got := codedPages(t, data); len(got) != len(tt.coded) {
				t.Errorf("coded pages %v, want %v", got, tt.coded)
			} else {
				for i := range got {
					if got[i] != tt.coded[i] {
						t.Errorf("coded pages %v, want %v", got, tt.coded)
					}
				}
			}
			f, err := openBytes(data, "numbers")
			if err != nil {
				t.Fatal(err)
			}
			own, err := readAll(f, []string{"x"}, ReadOptions{})
			if err != nil {
				t.Fatal(err)
			}
			peer, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
			if err != nil {
				t.Fatal(err)
			}
			rows := make([]parquet.Row, len(tt.values)+1)
			read := 0
			for reader := parquet.NewReader(peer); ; {
				n, err := reader.ReadRows(rows[read:])
				if read += n; err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if read != len(tt.values) || len(own[0]) != read {
				t.Fatalf("%d rows of %d, and %d", read, len(tt.values), len(own[0]))
			}
			for i, want := range tt.values {
				if math.IsNaN(want) {
					if own[0][i] != nil || !rows[i][0].IsNull() {
						t.Fatalf("row %d: %v and %v, want null", i, own[0][i], rows[i][0])
					}
				} else if !sameValue(own[0][i], want) || !sameValue(rows[i][0].Double(), want) {
					t.Fatalf("row %d: %v and %v, want %v", i, own[0][i], rows[i][0], want)
				}
			}
		})
	}
	for _, integers := range []arrow.DataType{arrow.PrimitiveTypes.Int32, arrow.PrimitiveTypes.Int64} {
		if got := codedPages(t, numbersFile(t, integers, repeated(1000, 40))); len(got) != 1 || !got[0] {
			t.Errorf("%s: coded %v", integers, got)
		}
	}
	for _, series := range []arrow.DataType{arrow.FixedWidthTypes.Date32, timestampUTC} {
		if got := codedPages(t, numbersFile(t, series, repeated(1000, 40))); len(got) != 1 || got[0] {
			t.Errorf("%s: coded %v", series, got)
		}
	}
}

func nulls(n int) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = math.NaN()
	}
	return values
}

// codedPages says of each page of the first column whether it refers to a
// dictionary.
func codedPages(t *testing.T, data []byte) []bool {
	t.Helper()
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var coded []bool
	for _, group := range f.Metadata().RowGroups {
		pages := pageReader{reader: bytes.NewReader(data), limits: DefaultLimits}
		at, err := chunkOf(&group.Columns[0], int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		pages.open(at)
		for pages.left > 0 {
			h, err := pages.header(512)
			if err != nil {
				t.Fatal(err)
			}
			pages.pos += int64(h.compressed)
			if h.kind != format.DictionaryPage {
				coded = append(coded, isDictionary(h.encoding))
				pages.left -= int64(h.values)
			}
		}
	}
	return coded
}
