package table

import (
	"fmt"
	"math"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"hardship/pipeline/hour"
)

// A Builder makes a Table. Each row is begun by Row and its cells are set by
// column name; a column that a row leaves out is null, and Table panics if the
// schema does not allow that: forgetting a column is a mistake in the code.
type Builder struct {
	schema   *Schema
	index    map[string]int
	builders []array.Builder
	rows     int
	set      []int // by column, the number of the row that set it last
	calls    []int // columns in the order in which the row before set them: rows are mostly alike
	call     int   // cells of the current row that were set
}

// NewBuilder returns an empty builder of a schema.
func NewBuilder(s *Schema) *Builder {
	b := &Builder{schema: s, index: make(map[string]int, len(s.Columns)), builders: make([]array.Builder, len(s.Columns)), set: make([]int, len(s.Columns))}
	for i, c := range s.Columns {
		b.index[c.Name] = i
		b.builders[i] = array.NewBuilder(memory.DefaultAllocator, c.Type.Arrow())
	}
	return b
}

// Rows returns the number of rows begun.
func (b *Builder) Rows() int { return b.rows }

// Row begins a row.
func (b *Builder) Row() {
	b.fill()
	b.rows++
	b.call = 0
}

// fill gives a null to every column that the current row left out.
func (b *Builder) fill() {
	for i, row := range b.set {
		if row == b.rows {
			continue
		}
		if !b.schema.Columns[i].Null {
			panic(fmt.Sprintf("table: row %d of %s has no %s", b.rows, b.schema.Name, b.schema.Columns[i].Name))
		}
		b.builders[i].AppendNull()
		b.set[i] = b.rows
	}
}

func (b *Builder) at(name string) array.Builder {
	i := -1
	if b.call < len(b.calls) && b.schema.Columns[b.calls[b.call]].Name == name {
		i = b.calls[b.call]
	} else {
		var ok bool
		if i, ok = b.index[name]; !ok {
			panic("table: " + b.schema.Name + " has no column " + name)
		}
		b.calls = append(b.calls[:b.call], i)
	}
	b.call++
	if b.set[i] == b.rows {
		panic(fmt.Sprintf("table: %s.%s set twice in row %d, or before Row", b.schema.Name, name, b.rows))
	}
	b.set[i] = b.rows
	return b.builders[i]
}

// Bool sets a cell of the current row, as do the methods after it.
func (b *Builder) Bool(name string, v bool) { b.at(name).(*array.BooleanBuilder).Append(v) }

func (b *Builder) Int32(name string, v int32) { b.at(name).(*array.Int32Builder).Append(v) }

func (b *Builder) Int64(name string, v int64) { b.at(name).(*array.Int64Builder).Append(v) }

// Float64 sets a number; NaN, a dense array's missing value, becomes null.
func (b *Builder) Float64(name string, v float64) {
	x := b.at(name).(*array.Float64Builder)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		x.AppendNull()
		return
	}
	x.Append(v)
}

func (b *Builder) String(name, v string) { b.at(name).(*array.StringBuilder).Append(v) }

// OptionalString sets a text; "" becomes null.
func (b *Builder) OptionalString(name, v string) {
	if v != "" {
		b.String(name, v)
	}
}

func (b *Builder) Date(name string, d hour.Day) {
	b.at(name).(*array.Date32Builder).Append(arrow.Date32(d))
}

func (b *Builder) Timestamp(name string, at hour.Instant) {
	b.at(name).(*array.TimestampBuilder).Append(arrow.Timestamp(at))
}

// Optional sets a cell through set where ok, and leaves it null elsewhere:
//
//	table.Optional(b.Int32, "launched", s.Launched.Value, s.Launched.Known)
func Optional[T any](set func(string, T), name string, v T, ok bool) {
	if ok {
		set(name, v)
	}
}

// appendFrom copies one cell of another table's column of the same type.
func (b *Builder) appendFrom(column int, from arrow.Array, row int) {
	if column == 0 {
		b.rows++
	}
	b.set[column] = b.rows
	x := b.builders[column]
	if from.IsNull(row) {
		x.AppendNull()
		return
	}
	switch a := from.(type) {
	case *array.Boolean:
		x.(*array.BooleanBuilder).Append(a.Value(row))
	case *array.Int32:
		x.(*array.Int32Builder).Append(a.Value(row))
	case *array.Int64:
		x.(*array.Int64Builder).Append(a.Value(row))
	case *array.Float64:
		x.(*array.Float64Builder).Append(a.Value(row))
	case *array.String:
		x.(*array.StringBuilder).Append(a.Value(row))
	case *array.Date32:
		x.(*array.Date32Builder).Append(a.Value(row))
	case *array.Timestamp:
		x.(*array.TimestampBuilder).Append(a.Value(row))
	default:
		panic(fmt.Sprintf("table: column of type %v", from.DataType()))
	}
}

// Table returns the rows built and empties the builder.
func (b *Builder) Table() *Table {
	b.fill()
	columns := make([]arrow.Array, len(b.builders))
	for i, x := range b.builders {
		columns[i] = x.NewArray()
		if c := b.schema.Columns[i]; !c.Null && columns[i].NullN() > 0 {
			panic(fmt.Sprintf("table: %s.%s holds a null", b.schema.Name, c.Name))
		}
	}
	rows := int64(b.rows)
	b.rows = 0
	clear(b.set)
	return New(b.schema, array.NewRecord(b.schema.Arrow(), columns, rows))
}
