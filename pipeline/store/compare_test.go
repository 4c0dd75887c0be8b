package store

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"pgregory.net/rapid"

	"hardship/pipeline/table"
)

// arrayOf makes a column of the cells, nil for null. Under the nulls lies what
// under says.
func arrayOf(t arrow.DataType, cells []any, under any) arrow.Array {
	b := array.NewBuilder(memory.DefaultAllocator, t)
	valid := make([]bool, len(cells))
	for i, v := range cells {
		if valid[i] = v != nil; !valid[i] {
			v = under
		}
		switch b := b.(type) {
		case *array.BooleanBuilder:
			b.Append(v.(bool))
		case *array.Int32Builder:
			b.Append(v.(int32))
		case *array.Int64Builder:
			b.Append(v.(int64))
		case *array.Float64Builder:
			b.Append(v.(float64))
		case *array.Date32Builder:
			b.Append(arrow.Date32(v.(int32)))
		case *array.TimestampBuilder:
			b.Append(arrow.Timestamp(v.(int64)))
		case *array.StringBuilder:
			b.Append(v.(string))
		case *array.BinaryDictionaryBuilder:
			if err := b.AppendString(v.(string)); err != nil {
				panic(err)
			}
		}
	}
	whole := b.NewArray()
	nulls := 0
	bitmap := make([]byte, (len(cells)+7)/8)
	for i, ok := range valid {
		if ok {
			bitmap[i/8] |= 1 << (i % 8)
		} else {
			nulls++
		}
	}
	if nulls == 0 {
		return whole
	}
	buffers := slices.Clone(whole.Data().Buffers())
	buffers[0] = memory.NewBufferBytes(bitmap)
	if _, coded := whole.(*array.Dictionary); coded {
		return array.MakeFromData(array.NewDataWithDictionary(t, len(cells), buffers, nulls, 0, whole.Data().Dictionary().(*array.Data)))
	}
	return array.MakeFromData(array.NewData(t, len(cells), buffers, nil, nulls, 0))
}

// A column that was read is that which was written if no cell tells them apart,
// wherever the part that is compared begins.
func TestColumnsAreComparedCellByCell(t *testing.T) {
	date, instant := table.Date.Arrow(), table.Timestamp.Arrow()
	cells := []struct {
		written, read arrow.DataType
		values        []any // the first lies under nulls of the one, the last of the other
	}{
		{arrow.FixedWidthTypes.Boolean, arrow.FixedWidthTypes.Boolean, []any{false, true}},
		{arrow.PrimitiveTypes.Int32, arrow.PrimitiveTypes.Int32, []any{int32(0), int32(7), int32(-1)}},
		{arrow.PrimitiveTypes.Int64, arrow.PrimitiveTypes.Int64, []any{int64(0), int64(1) << 40, int64(-1)}},
		{arrow.PrimitiveTypes.Float64, arrow.PrimitiveTypes.Float64, []any{0.0, 1.5, math.Copysign(0, -1)}},
		{date, date, []any{int32(0), int32(20000), int32(1)}},
		{instant, instant, []any{int64(0), int64(1), int64(3600e6)}},
		{arrow.BinaryTypes.String, table.CodedText, []any{"", "a", "b"}},
		{table.CodedText, table.CodedText, []any{"", "a", "b"}},
	}
	for _, c := range cells {
		t.Run(fmt.Sprint(c.written, " as ", c.read), func(t *testing.T) {
			rapid.Check(t, func(r *rapid.T) {
				before := rapid.IntRange(0, 20).Draw(r, "rows before")
				rows := rapid.IntRange(1, 150).Draw(r, "rows")
				cell := func(name string) any {
					if rapid.IntRange(0, 3).Draw(r, name+" is null") == 0 {
						return nil
					}
					return rapid.SampledFrom(c.values).Draw(r, name)
				}
				var first []any
				for range before + rows {
					first = append(first, cell("written"))
				}
				second := slices.Clone(first[before:])
				if at := rapid.IntRange(-1, rows-1).Draw(r, "changed"); at >= 0 {
					second[at] = cell("read")
				}
				under := c.values[rapid.IntRange(0, 1).Draw(r, "under")*(len(c.values)-1)]
				written, read := arrayOf(c.written, append(first, cell("after")), c.values[0]), arrayOf(c.read, second, under)
				want := true
				for i, v := range second {
					w := first[before+i]
					x, isFloat := v.(float64)
					y, isFloatToo := w.(float64)
					if want = want && (v == w); isFloat && isFloatToo && math.Float64bits(x) != math.Float64bits(y) {
						want = false
					}
				}
				if got := sameColumn(written, before, read); got != want {
					r.Fatalf("%v from row %d on and %v: same is %v", written, before, read, got)
				}
			})
		})
	}
	whole := arrayOf(arrow.PrimitiveTypes.Int32, []any{int32(1)}, nil)
	if sameColumn(whole, 0, arrayOf(date, []any{int32(1)}, nil)) {
		t.Error("a date is the same as a number")
	}
}
