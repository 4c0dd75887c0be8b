package mergedalert

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"hardship/pipeline/hour"
	"hardship/pipeline/internal/golden"
	"hardship/pipeline/parquetfile"
	"hardship/pipeline/source"
)

func line(a source.Alert) string {
	end := "lasting"
	if a.End != hour.DistantFuture {
		end = a.End.String()
	}
	return fmt.Sprintf("row %d: %s level %d %v – %s, alerts %v", a.Origin.Line, a.Place, a.Level, a.Start, end, a.Subalerts)
}

func readBytes(in []byte, name string) iter.Seq2[source.Alert, error] {
	return Read(bytes.NewReader(in), int64(len(in)), name)
}

func testFile(t testing.TB, name string) []byte {
	t.Helper()
	in, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestRead(t *testing.T) {
	for _, name := range []string{"events", "local"} {
		in := testFile(t, name+".parquet")
		golden.Check(t, "testdata/"+name+".golden", golden.Lines(t, readBytes(in, name+".parquet"), line))
	}
}

func TestWhatWasYieldedOutlivesTheFile(t *testing.T) {
	in := testFile(t, "events.parquet")
	var first source.Alert
	for a, err := range readBytes(in, "f") {
		if err == nil && first.Place == "" {
			first = a
		}
	}
	clear(in)
	if first.Place != "Kyiv City" {
		t.Errorf("the first place is now %q", first.Place)
	}
}

// written returns a Parquet file of one row with the fields of a schema.
func written(t *testing.T, fields ...arrow.Field) []byte {
	t.Helper()
	schema := arrow.NewSchema(fields, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	for _, f := range b.Fields() {
		f.AppendEmptyValue()
	}
	var out bytes.Buffer
	batches := func(yield func(arrow.Record, error) bool) { yield(b.NewRecord(), nil) }
	if err := parquetfile.Write(&out, schema, batches, parquetfile.Options{}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestAnotherFileIsRefusedWithItsReason(t *testing.T) {
	whole := testFile(t, "events.parquet")
	text := arrow.Field{Name: region, Type: arrow.BinaryTypes.String}
	for _, tt := range []struct {
		name string
		in   []byte
		code source.Code
		want string
	}{
		{"text", []byte("region,started_at,finished_at\n"), source.Damaged, "starts with"},
		{"an empty file", nil, source.Damaged, "too few"},
		{"a file that ends early", whole[:len(whole)-100], source.Damaged, "ends with"},
		{"a damaged page", damage(whole), source.Damaged, "row group 0"},
		{"missing columns", written(t, text), source.WrongFormat, "no column started_at, no column finished_at, no column n_subalerts; found region"},
		{"columns of other types", written(t, text,
			arrow.Field{Name: started, Type: arrow.BinaryTypes.String},
			arrow.Field{Name: finished, Type: timestampUTC},
			arrow.Field{Name: subalerts, Type: arrow.PrimitiveTypes.Float64}), source.WrongFormat,
			"column started_at is utf8, not timestamp[us, tz=UTC], column n_subalerts is float64, not int64"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var last error
			for _, last = range readBytes(tt.in, "f.parquet") {
			}
			var file *source.FileError
			if !errors.As(last, &file) || file.Code != tt.code || !strings.Contains(file.Error(), tt.want) {
				t.Fatalf("%v, want %s with %q", last, tt.code, tt.want)
			}
			if strings.Count(file.Error(), "f.parquet") != 1 {
				t.Errorf("%q does not name the file once", file.Error())
			}
		})
	}
}

// damage returns a file whose first pages are overwritten.
func damage(whole []byte) []byte {
	in := bytes.Clone(whole)
	for i := 4; i < 40; i++ {
		in[i] ^= 0xff
	}
	return in
}

func TestAReaderMayStopEarly(t *testing.T) {
	for range readBytes(testFile(t, "events.parquet"), "f") {
		break
	}
}

func FuzzRead(f *testing.F) {
	f.Add(testFile(f, "events.parquet"))
	f.Add(testFile(f, "local.parquet"))
	f.Add([]byte("PAR1PAR1PAR1"))
	f.Fuzz(func(t *testing.T, in []byte) { golden.Lines(t, readBytes(in, "f"), line) })
}
