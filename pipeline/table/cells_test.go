package table

import (
	"math"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"pgregory.net/rapid"

	"hardship/pipeline/hour"
)

// Whatever cells a row sets, in whatever order, the columns are those that
// Arrow's own builders make of them, table after table.
func TestColumnsAreThoseOfArrowsBuilders(t *testing.T) {
	all := &Schema{Name: "cells", Columns: []Column{
		{Name: "bool", Type: Bool, Null: true}, {Name: "int32", Type: Int32, Null: true}, {Name: "int64", Type: Int64, Null: true},
		{Name: "float", Type: Float64, Null: true}, {Name: "text", Type: String, Null: true}, {Name: "date", Type: Date, Null: true}, {Name: "time", Type: Timestamp, Null: true},
	}}
	rapid.Check(t, func(r *rapid.T) {
		b := NewBuilder(all)
		for range rapid.IntRange(1, 3).Draw(r, "tables") {
			rows := rapid.IntRange(0, 40).Draw(r, "rows")
			want := array.NewRecordBuilder(memory.DefaultAllocator, all.Arrow())
			share := rapid.IntRange(0, 2).Draw(r, "share") // of cells: few, some, all
			for range rows {
				b.Row()
				order := rapid.Permutation([]int{0, 1, 2, 3, 4, 5, 6}).Draw(r, "order")
				for _, i := range order {
					if rapid.IntRange(0, 2).Draw(r, "set") > share {
						want.Field(i).AppendNull()
						continue
					}
					v := rapid.Int32().Draw(r, "value")
					switch x := want.Field(i).(type) {
					case *array.BooleanBuilder:
						x.Append(v > 0)
						b.Bool("bool", v > 0)
					case *array.Int32Builder:
						x.Append(v)
						b.Int32("int32", v)
					case *array.Int64Builder:
						x.Append(int64(v) << 20)
						b.Int64("int64", int64(v)<<20)
					case *array.Float64Builder:
						x.Append(float64(v) / 3)
						b.Float64("float", float64(v)/3)
					case *array.StringBuilder:
						text := rapid.String().Draw(r, "text")
						x.Append(text)
						b.String("text", text)
					case *array.Date32Builder:
						x.Append(arrow.Date32(v))
						b.Date("date", hour.Day(v))
					case *array.TimestampBuilder:
						x.Append(arrow.Timestamp(v))
						b.Timestamp("time", hour.Instant(v))
					}
				}
			}
			got, record := b.Table(), want.NewRecord()
			if got.Rows() != rows {
				r.Fatalf("%d rows, want %d", got.Rows(), rows)
			}
			for i, c := range all.Columns {
				if a, b := got.Record().Column(i), record.Column(i); !array.Equal(a, b) || a.NullN() != b.NullN() {
					r.Fatalf("%s: %v, want %v", c.Name, a, b)
				}
			}
		}
	})
}

// A column that is filled for many rows at a time is the one that rows set each.
func TestFilledColumnsAreThoseThatRowsSet(t *testing.T) {
	all := &Schema{Name: "filled", Columns: []Column{
		{Name: "bool", Type: Bool, Null: true}, {Name: "text", Type: String, Null: true}, {Name: "time", Type: Timestamp, Null: true},
	}}
	rapid.Check(t, func(r *rapid.T) {
		filled, set := NewBuilder(all), NewBuilder(all)
		for range rapid.IntRange(1, 3).Draw(r, "tables") {
			for range rapid.IntRange(0, 6).Draw(r, "stretches") {
				text := rapid.SampledFrom([]string{"", "a", "Київ", "longer than eight bytes"}).Draw(r, "text")
				at, ok := hour.Instant(rapid.Int32().Draw(r, "time")), rapid.Bool().Draw(r, "known")
				truth, own := rapid.Bool().Draw(r, "bool"), rapid.IntRange(0, 20).Draw(r, "rows that set their own")
				for i := range rapid.IntRange(0, 30).Draw(r, "rows") + own {
					filled.Row()
					set.Row()
					value := truth
					if i < own {
						value = i%3 == 0
						filled.Bool("bool", value)
					}
					set.Bool("bool", value)
					set.OptionalString("text", text)
					Optional(set.Timestamp, "time", at, ok)
				}
				filled.FillBool("bool", truth)
				filled.FillString("text", text)
				filled.FillTimestamp("time", at, ok)
			}
			got, want := filled.Table().Record(), set.Table().Record()
			for i, c := range all.Columns {
				if a, b := got.Column(i), want.Column(i); !array.Equal(a, b) || a.NullN() != b.NullN() {
					r.Fatalf("%s: %v, want %v", c.Name, a, b)
				}
			}
		}
	})
}

// A table of many rows is that of Arrow's builder, too: room is made ahead.
func TestLargeTables(t *testing.T) {
	all := &Schema{Name: "large", Columns: []Column{{Name: "text", Type: String, Null: true}, {Name: "int64", Type: Int64}, {Name: "bool", Type: Bool}}}
	b := NewBuilder(all)
	for _, rows := range []int{5000, 1023, 1024, 9000} {
		want := array.NewRecordBuilder(memory.DefaultAllocator, all.Arrow())
		for i := range rows {
			b.Row()
			b.Int64("int64", int64(i))
			want.Field(1).(*array.Int64Builder).Append(int64(i))
			b.Bool("bool", i%3 == 0)
			want.Field(2).(*array.BooleanBuilder).Append(i%3 == 0)
			if i%2 == 0 && i > 2000 {
				want.Field(0).AppendNull()
				continue
			}
			text := "row " + string(rune('a'+i%26))
			b.String("text", text)
			want.Field(0).(*array.StringBuilder).Append(text)
		}
		got := b.Table()
		if record := want.NewRecord(); !array.RecordEqual(got.Record(), record) {
			t.Errorf("%d rows differ", rows)
		}
	}
}

// Columns make the table that a Builder makes of the same cells.
func TestColumnsAreThoseOfABuilder(t *testing.T) {
	all := &Schema{Name: "columns", Columns: []Column{
		{Name: "id", Type: String}, {Name: "word", Type: String, Null: true}, {Name: "none", Type: String, Null: true}, {Name: "time", Type: Timestamp}, {Name: "count", Type: Int32, Null: true}, {Name: "left_out", Type: Timestamp, Null: true},
		{Name: "code", Type: String}, {Name: "moment", Type: Timestamp}, {Name: "number", Type: Int64, Null: true}, {Name: "known", Type: Bool}, {Name: "same", Type: String},
		{Name: "share", Type: Float64, Null: true}, {Name: "whole", Type: Float64}, {Name: "shares", Type: Float64, Null: true}, {Name: "even", Type: Bool, Null: true},
	}}
	shares := []float64{math.NaN(), 0, math.Copysign(0, -1), 0.5, math.Inf(1), -1, math.Inf(-1), math.MaxFloat64, 5e-324, 3, 7}
	words := []string{"", "a", "Київ", "a"}
	rapid.Check(t, func(r *rapid.T) {
		type cell struct {
			word, count int
			time        hour.Instant
		}
		cells := rapid.SliceOf(rapid.Custom(func(r *rapid.T) cell {
			return cell{rapid.IntRange(0, 3).Draw(r, "word"), rapid.IntRange(-1, 9).Draw(r, "count"), hour.Instant(rapid.Int32().Draw(r, "time"))}
		})).Draw(r, "cells")
		b, c := NewBuilder(all), NewColumns(all, len(cells))
		id := func(text []byte, row int) []byte { return append(text, "0123456789"[:row%10]...) }
		for row, x := range cells {
			b.Row()
			b.String("id", string(id(nil, row)))
			b.OptionalString("word", words[x.word])
			b.Timestamp("time", x.time)
			Optional(b.Int32, "count", int32(x.count), x.count >= 0)
			b.String("code", words[1+x.word%3])
			b.Timestamp("moment", x.time)
			Optional(b.Int64, "number", int64(x.count), x.count >= 0)
			b.Bool("known", x.count >= 0)
			b.String("same", "Львів")
			b.Float64("share", shares[1+x.count%9])
			b.Float64("whole", float64(x.time))
			b.Float64("shares", shares[1+x.count])
			Optional(b.Bool, "even", x.count%2 == 0, x.count >= 0)
		}
		c.Text("id", id)
		c.Timestamp("time", func(row int) hour.Instant { return cells[row].time })
		c.Int32("count", func(row int) (int32, bool) { return int32(cells[row].count), cells[row].count >= 0 })
		ofWords, codes, moments, numbers := make([]int32, len(cells)), make([]int32, len(cells)), make([]int64, len(cells)), make([]int64, len(cells))
		var known Marks
		for row, x := range cells {
			ofWords[row], codes[row], moments[row] = int32(x.word), int32(x.word%3), int64(x.time)
			if x.count >= 0 {
				numbers[row] = int64(x.count)
				known.Set(row)
			}
		}
		c.Codes("word", words, ofWords)
		c.Codes("none", []string{""}, make([]int32, len(cells)))
		c.Codes("code", words[1:], codes)
		c.Timestamps("moment", moments)
		c.Int64s("number", numbers, known)
		c.Bools("known", known)
		c.Same("same", "Львів")
		c.Float64("share", func(row int) float64 { return shares[1+cells[row].count%9] })
		all64, some64 := make([]float64, len(cells)), make([]float64, len(cells))
		for row, x := range cells {
			all64[row], some64[row] = float64(x.time), shares[1+x.count]
		}
		c.Float64s("whole", all64)
		c.Float64s("shares", some64)
		c.Bool("even", func(row int) (v, ok bool) { return cells[row].count%2 == 0, cells[row].count >= 0 })
		got, want := c.Table().Record(), b.Table().Record()
		for i, column := range all.Columns {
			if x, y := got.Column(i), want.Column(i); !array.Equal(x, y) || x.NullN() != y.NullN() {
				r.Fatalf("%s: %v, want %v", column.Name, x, y)
			}
		}
	})
}
