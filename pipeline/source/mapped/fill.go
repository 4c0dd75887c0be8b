package mapped

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// newBuilder returns a builder of a column's cells.
func newBuilder(c table.Column) array.Builder {
	return array.NewBuilder(memory.DefaultAllocator, c.Type.Arrow())
}

// appendValue appends a cell to a builder of its column.
func appendValue(b array.Builder, v value) {
	if !v.known {
		b.AppendNull()
		return
	}
	switch b := b.(type) {
	case *array.BooleanBuilder:
		b.Append(v.flag)
	case *array.Int32Builder:
		b.Append(int32(v.whole))
	case *array.Int64Builder:
		b.Append(v.whole)
	case *array.Float64Builder:
		b.Append(v.number)
	case *array.StringBuilder:
		b.Append(v.text)
	case *array.Date32Builder:
		b.Append(arrow.Date32(v.whole))
	case *array.TimestampBuilder:
		b.Append(arrow.Timestamp(v.whole))
	default:
		panic(fmt.Sprintf("mapped: builder of type %T", b))
	}
}

// wholeAt returns a cell of a column of times, dates or whole numbers.
func wholeAt(column arrow.Array, row int) (v int64, known bool) {
	if column.IsNull(row) {
		return 0, false
	}
	switch a := column.(type) {
	case *array.Int32:
		return int64(a.Value(row)), true
	case *array.Int64:
		return a.Value(row), true
	case *array.Date32:
		return int64(a.Value(row)), true
	case *array.Timestamp:
		return int64(a.Value(row)), true
	}
	panic(fmt.Sprintf("mapped: column of type %v", column.DataType()))
}

// filler makes the columns that the file does not have.
type filler struct {
	*plan
	constants []arrow.Array // by column of the schema, as long as the longest batch so far
	fault     error         // of a table whose identities could not be kept
}

func newFiller(p *plan) *filler {
	return &filler{plan: p, constants: make([]arrow.Array, len(p.fields))}
}

// table completes columns, which are those of the file by column of the schema,
// and makes a table of them.
func (f *filler) table(columns []arrow.Array, rows int) *table.Table {
	for i := range f.fields {
		switch x := &f.fields[i]; x.origin {
		case fixed, null:
			columns[i] = f.constant(i, rows)
		case belowCountry:
			// area_id stands before it in every schema, and so is there already.
			columns[i] = f.below(columns[f.schema.Index("area_id")], rows)
		}
	}
	for i := range f.fields {
		if f.fields[i].origin == fromPosition {
			columns[i] = f.positions(columns, rows)
		}
	}
	for i := range f.fields {
		if x := &f.fields[i]; x.origin == copied {
			columns[i] = columns[x.copyOf]
		}
	}
	for i := range f.fields {
		switch {
		case f.fields[i].origin != fromContent:
		case f.anonymous && f.fields[f.schema.Index("first_seen_utc")].origin == null:
			columns[i] = f.constant(i, rows)
		default:
			columns[i] = f.identities(i, columns, rows)
		}
	}
	return table.NewCoded(f.schema, int64(rows), columns)
}

// constant returns a column of one value, made anew only if a longer one is
// asked for.
func (f *filler) constant(i, rows int) arrow.Array {
	if c := f.constants[i]; c == nil || c.Len() < rows {
		f.constants[i] = constantOf(f.fields[i].column, f.fields[i].value, f.fields[i].origin == fromContent, rows)
	}
	return array.NewSlice(f.constants[i], 0, int64(rows))
}

// constantOf returns a column of one value; empty makes a text known that is not.
func constantOf(c table.Column, v value, empty bool, rows int) arrow.Array {
	n := rows
	v.known = v.known || empty
	coded := c.Type == table.String && v.known
	if coded {
		n = 1
	}
	b := newBuilder(c)
	b.Reserve(n)
	for range n {
		appendValue(b, v)
	}
	if !coded {
		return b.NewArray()
	}
	codes := array.NewInt32Data(array.NewData(arrow.PrimitiveTypes.Int32, rows, []*memory.Buffer{nil, memory.NewBufferBytes(make([]byte, 4*rows))}, nil, 0, 0))
	return array.NewDictionaryArray(table.CodedText, codes, b.NewArray())
}

// textOf returns a cell of a column of text, coded or not, that is not null.
func textOf(column arrow.Array, row int) string {
	if d, ok := column.(*array.Dictionary); ok {
		return d.Dictionary().(*array.String).Value(d.GetValueIndex(row))
	}
	return column.(*array.String).Value(row)
}

// below returns whether each row's area lies below the country.
func (f *filler) below(areas arrow.Array, rows int) arrow.Array {
	b := array.NewBooleanBuilder(memory.DefaultAllocator)
	b.Reserve(rows)
	for row := range rows {
		level, known := f.levels[textOf(areas, row)]
		b.Append(!known || level > 0)
	}
	return b.NewArray()
}

// vintage are the columns that tell versions of a row apart, and so are no part
// of what it says.
var vintage = map[string]bool{"source_rev": true, "first_seen_utc": true, "retracted": true}

// identities returns an identity for each row: 16 hex digits of the SHA-256 of
// what the row says, with -2, -3 and so on for rows that say the same in one
// version. A corrected row has another identity, so files that are corrected
// should bring their own.
func (f *filler) identities(column int, columns []arrow.Array, rows int) arrow.Array {
	seen := columns[f.schema.Index("first_seen_utc")]
	b := array.NewStringBuilder(memory.DefaultAllocator)
	b.Reserve(rows)
	var text, name []byte
	for row := range rows {
		text = text[:0]
		for i, c := range columns {
			if name := f.schema.Columns[i].Name; i != column && !vintage[name] && !c.IsNull(row) {
				text = append(append(text, name...), '=')
				text = append(appendCell(text, c, row), '\n')
			}
		}
		sum := sha256.Sum256(text)
		id := identity{content: [8]byte(sum[:8])}
		if at, ok := wholeAt(seen, row); ok {
			id.seen = hour.Instant(at)
		}
		name = hex.AppendEncode(name[:0], id.content[:])
		n, err := f.ids.add(id)
		if err != nil {
			f.fault = err
		}
		if n > 1 {
			name = strconv.AppendUint(append(name, '-'), uint64(n), 10)
		}
		b.BinaryBuilder.Append(name)
	}
	return b.NewArray()
}

// appendCell appends a cell so that no two differing ones look alike, with text
// after its length.
func appendCell(to []byte, column arrow.Array, row int) []byte {
	switch a := column.(type) {
	case *array.Boolean:
		return strconv.AppendBool(to, a.Value(row))
	case *array.Float64:
		return binary.BigEndian.AppendUint64(to, math.Float64bits(a.Value(row)))
	case *array.String, *array.Dictionary:
		s := textOf(a, row)
		return append(append(strconv.AppendInt(to, int64(len(s)), 10), ':'), s...)
	}
	v, _ := wholeAt(column, row)
	return strconv.AppendInt(to, v, 10)
}
