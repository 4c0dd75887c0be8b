package table

import (
	"fmt"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// CodedText is the Arrow type of a column of text that holds each text once and a
// code of it for each row.
var CodedText = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}

// NewCoded wraps a record as New does, but its columns of text, numbers and times
// may be int32 dictionaries. They are written out when something else than Coded or
// Numbers asks for them.
func NewCoded(s *Schema, rows int64, columns []arrow.Array) *Table {
	if len(columns) != len(s.Columns) {
		panic(fmt.Sprintf("table: %d columns do not fit schema %s", len(columns), s.Name))
	}
	for i, c := range s.Columns {
		got := columns[i].DataType()
		if d, ok := got.(*arrow.DictionaryType); ok && d.IndexType.ID() == arrow.INT32 && c.Type != Bool {
			got = d.ValueType
		}
		if !same(got, c.Type.Arrow()) || columns[i].Len() != int(rows) {
			panic(fmt.Sprintf("table: %d rows of %v do not fit %d of %s.%s", columns[i].Len(), got, rows, s.Name, c.Name))
		}
	}
	return holding(s, int(rows), columns)
}

// same reports whether types are equal: mostly they are the one of this package.
func same(a, b arrow.DataType) bool { return a == b || arrow.TypeEqual(a, b) }

// WrittenOut returns a coded column with a value for each row.
func WrittenOut(d *array.Dictionary) arrow.Array {
	texts, ok := d.Dictionary().(*array.String)
	if !ok {
		return numbersWrittenOut(d)
	}
	b := array.NewStringBuilder(memory.DefaultAllocator)
	b.Reserve(d.Len())
	for row := range d.Len() {
		if d.IsNull(row) {
			b.AppendNull()
		} else {
			b.Append(texts.Value(d.GetValueIndex(row)))
		}
	}
	return b.NewArray()
}

// numbersWrittenOut does so for numbers and times, which take four bytes or eight.
func numbersWrittenOut(d *array.Dictionary) arrow.Array {
	values := d.Dictionary().Data()
	codes, of := d.Indices().(*array.Int32).Int32Values(), values.Buffers()[1].Bytes()
	valid := newValidity(d.Len())
	for row := range codes {
		valid.set(row, d.IsValid(row))
	}
	if values.DataType().(arrow.FixedWidthDataType).Bytes() == 4 {
		return valid.array(values.DataType(), d.Len(), arrow.Int32Traits.CastToBytes(taken(arrow.Int32Traits.CastFromBytes(of)[values.Offset():], codes, &valid)))
	}
	return valid.array(values.DataType(), d.Len(), arrow.Int64Traits.CastToBytes(taken(arrow.Int64Traits.CastFromBytes(of)[values.Offset():], codes, &valid)))
}

// taken returns the values of codes, 0 where there is none.
func taken[T int32 | int64](values []T, codes []int32, valid *validity) []T {
	rows := make([]T, len(codes))
	for row, code := range codes {
		if valid.bits[row>>3]>>(row&7)&1 == 1 {
			rows[row] = values[code]
		}
	}
	return rows
}

// Numbers returns a column of numbers or times as codes, if it is held so. The code
// of a null may be any.
func (t *Table) Numbers(name string) (codes *array.Dictionary, ok bool) {
	i := t.Schema.Index(name)
	if i < 0 || t.Schema.Columns[i].Type == String {
		panic("table: " + t.Schema.Name + " has no column of numbers " + name)
	}
	codes = t.columns[i].codes
	return codes, codes != nil
}

// Coded is a column of text as codes.
type Coded struct {
	Codes []int32       // by row: which of the words; −1 for null
	Words *array.String // may hold words twice, and words that no row has
}

// Text returns a row's text; "" for null.
func (c Coded) Text(row int) string {
	if code := c.Codes[row]; code >= 0 {
		return c.Words.Value(int(code))
	}
	return ""
}

// Coded returns a column of text as codes. Where they have to be made, they are
// put into scratch, which grows as need be.
func (t *Table) Coded(name string, scratch *[]int32) Coded {
	i := t.Schema.Index(name)
	if i < 0 || t.Schema.Columns[i].Type != String {
		panic("table: " + t.Schema.Name + " has no column of text " + name)
	}
	d, ok := t.at(i).(*array.Dictionary)
	if !ok {
		return codesOf(t.at(i).(*array.String), scratch)
	}
	codes := d.Indices().(*array.Int32).Int32Values()
	if d.NullN() > 0 {
		written := codes
		codes = grown(scratch, len(written))
		for row, code := range written {
			if codes[row] = code; d.IsNull(row) {
				codes[row] = -1
			}
		}
	}
	return Coded{codes, d.Dictionary().(*array.String)}
}

// grown returns scratch with room for n codes.
func grown(scratch *[]int32, n int) []int32 {
	*scratch = slices.Grow((*scratch)[:0], n)[:n]
	return *scratch
}

// codesOf finds the distinct texts of a column.
func codesOf(a *array.String, scratch *[]int32) Coded {
	codes := grown(scratch, a.Len())
	byText := map[string]int32{}
	b := array.NewStringBuilder(memory.DefaultAllocator)
	last, lastCode := "", int32(-1)
	for row := range codes {
		if a.IsNull(row) {
			codes[row] = -1
			continue
		}
		if s := a.Value(row); lastCode < 0 || s != last {
			code, ok := byText[s]
			if !ok {
				code = int32(len(byText))
				byText[s] = code
				b.Append(s)
			}
			last, lastCode = s, code
		}
		codes[row] = lastCode
	}
	return Coded{codes, b.NewArray().(*array.String)}
}
