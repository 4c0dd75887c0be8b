package parquetfile

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/parquet-go/parquet-go"
	"pgregory.net/rapid"
)

// Readers leave out pages by their bounds: another library, which reads every
// value, finds none outside them, and all nulls counted.
func TestBoundsOfPagesHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		schema, record := drawTable(t)
		data := written(t, schema, inParts(record, 50_000), Options{RowGroupRows: rapid.SampledFrom([]int{0, 20_000}).Draw(t, "row group")})
		checkBounds(t, data)
	})
}

// A long text stands in the bounds for itself by something shorter.
func TestBoundsOfLongTexts(t *testing.T) {
	schema := arrow.NewSchema([]arrow.Field{{Name: "x", Type: arrow.BinaryTypes.String}}, nil)
	b := array.NewStringBuilder(memory.DefaultAllocator)
	for _, start := range []string{"", "ї", "aї", lastRune} {
		b.Append(strings.Repeat(start, 40) + strings.Repeat(lastRune, 40))
		b.Append(strings.Repeat(start, 80))
	}
	column := b.NewArray()
	for from := range int64(column.Len()) {
		for to := from + 1; to <= int64(column.Len()); to++ {
			part := array.NewSlice(column, from, to)
			record := array.NewRecord(schema, []arrow.Array{part}, int64(part.Len()))
			checkBounds(t, written(t, schema, inParts(record, 100), Options{}))
		}
	}
}

func checkBounds(t interface {
	Fatal(...any)
	Fatalf(string, ...any)
}, data []byte) {
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for g, group := range f.RowGroups() {
		for c, chunk := range group.ColumnChunks() {
			index, err := chunk.ColumnIndex()
			if err != nil {
				t.Fatal(err)
			}
			offsets, err := chunk.OffsetIndex()
			if err != nil {
				t.Fatal(err)
			}
			compare := chunk.Type().Compare
			stats := f.Metadata().RowGroups[g].Columns[c].MetaData.Statistics
			pages := chunk.Pages()
			row, nulls := int64(0), int64(0)
			for i := range index.NumPages() {
				at := fmt.Sprintf("row group %d, column %d, page %d", g, c, i)
				page, err := pages.ReadPage()
				if err != nil {
					t.Fatal(at, err)
				}
				if offsets.FirstRowIndex(i) != row || page.NumNulls() != index.NullCount(i) || index.NullPage(i) != (page.NumNulls() == page.NumRows()) {
					t.Fatalf("%s: first row %d, %d nulls, null page %v", at, offsets.FirstRowIndex(i), index.NullCount(i), index.NullPage(i))
				}
				row, nulls = row+page.NumRows(), nulls+page.NumNulls()
				values := make([]parquet.Value, page.NumValues())
				page.Values().ReadValues(values)
				for _, v := range values {
					if v.IsNull() {
						continue
					}
					if compare(v, index.MinValue(i)) < 0 || compare(v, index.MaxValue(i)) > 0 {
						t.Fatalf("%s: %v lies outside %v to %v", at, v, index.MinValue(i), index.MaxValue(i))
					}
					if kind := chunk.Type().Kind(); compare(v, kind.Value(stats.MinValue)) < 0 || compare(v, kind.Value(stats.MaxValue)) > 0 {
						t.Fatalf("%s: %v lies outside the chunk's %v to %v", at, v, kind.Value(stats.MinValue), kind.Value(stats.MaxValue))
					}
				}
			}
			if nulls != stats.NullCount || row != group.NumRows() {
				t.Fatalf("row group %d, column %d: %d nulls, %d rows", g, c, nulls, row)
			}
			pages.Close()
		}
	}
}
