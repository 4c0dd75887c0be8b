package table

import (
	"fmt"
	"math"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"hardship/pipeline/hour"
)

// A Builder makes a Table. Each row is begun by Row and its cells are set by
// column name; a column that a row leaves out is null, and a later call panics if
// the schema does not allow that: forgetting a column is a mistake in the code.
type Builder struct {
	schema  *Schema
	index   map[string]int
	columns []cells
	rows    int
	room    int      // rows at which room is made for more
	built   bool     // a table was
	calls   []*cells // columns in the order in which rows set them: rows are mostly alike
	call    int      // how far in calls the current row is
}

// NewBuilder returns an empty builder of a schema.
func NewBuilder(s *Schema) *Builder {
	b := &Builder{schema: s, index: make(map[string]int, len(s.Columns)), columns: make([]cells, len(s.Columns))}
	for i, c := range s.Columns {
		b.index[c.Name] = i
		b.columns[i] = newCells(c)
	}
	return b
}

// Rows returns the number of rows begun.
func (b *Builder) Rows() int { return b.rows }

// Row begins a row.
func (b *Builder) Row() {
	if b.rows == b.room {
		b.makeRoom()
	}
	b.rows++
	b.call = 0
}

// makeRoom makes room for rows ahead: for as many as the table before had, and
// then for twice as many each time, where appending would grow a large column by a
// quarter.
func (b *Builder) makeRoom() {
	const small = 1024 // rows, for which nothing is done: there may be very many such tables
	if b.rows > 0 || b.built {
		for i := range b.columns {
			b.columns[i].reserve()
		}
	}
	b.room = max(small, 2*b.rows)
}

// at returns the column of a name and type, to which the current row's cell is to
// be added.
func (b *Builder) at(name string, kind Type) *cells {
	for k := b.call; k < len(b.calls); k++ {
		if c := b.calls[k]; c.name == name {
			b.call = k + 1
			if c.kind != kind || c.rows != b.rows-1 {
				b.catchUp(c, kind)
			}
			return c
		}
	}
	i, ok := b.index[name]
	if !ok {
		panic("table: " + b.schema.Name + " has no column " + name)
	}
	c := &b.columns[i]
	if len(b.calls) >= 4*len(b.columns) { // rows are not alike
		b.calls, b.call = b.calls[:0], 0
	}
	b.calls = slices.Insert(b.calls, b.call, c)
	b.call++
	b.catchUp(c, kind)
	return c
}

// catchUp gives a null to the rows before the current one that have left a
// column out.
func (b *Builder) catchUp(c *cells, kind Type) {
	switch {
	case c.kind != kind:
		panic(fmt.Sprintf("table: %s.%s is %v, not %v", b.schema.Name, c.name, c.kind, kind))
	case c.rows >= b.rows:
		panic(fmt.Sprintf("table: %s.%s set twice in row %d, or before Row", b.schema.Name, c.name, b.rows))
	}
	b.pad(c, b.rows-1)
}

// pad gives a null to the rows, up to one, that have left a column out.
func (b *Builder) pad(c *cells, rows int) {
	if c.rows < rows && !c.optional {
		panic(fmt.Sprintf("table: row %d of %s has no %s", c.rows+1, b.schema.Name, c.name))
	}
	c.pad(rows)
}

// Bool sets a cell of the current row, as do the methods after it.
func (b *Builder) Bool(name string, v bool) { b.at(name, Bool).addBool(v) }

func (b *Builder) Int32(name string, v int32) { b.at(name, Int32).addInt32(v) }

func (b *Builder) Int64(name string, v int64) { b.at(name, Int64).addInt64(v) }

// Float64 sets a number; NaN, a dense array's missing value, becomes null.
func (b *Builder) Float64(name string, v float64) {
	c := b.at(name, Float64)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		c.pad(b.rows)
		return
	}
	c.addFloat64(v)
}

func (b *Builder) String(name, v string) { b.at(name, String).addString(v) }

// OptionalString sets a text; "" becomes null.
func (b *Builder) OptionalString(name, v string) {
	if v != "" {
		b.String(name, v)
	}
}

func (b *Builder) Date(name string, d hour.Day) { b.at(name, Date).addInt32(int32(d)) }

func (b *Builder) Timestamp(name string, at hour.Instant) { b.at(name, Timestamp).addInt64(int64(at)) }

// Optional sets a cell through set where ok, and leaves it null elsewhere:
//
//	table.Optional(b.Int32, "launched", s.Launched.Value, s.Launched.Known)
func Optional[T any](set func(string, T), name string, v T, ok bool) {
	if ok {
		set(name, v)
	}
}

// FillString gives the rows begun so far that have not set a column this text: a
// column that is alike in many rows takes no time of each. Such a column is filled
// before a row of another text begins, with nulls if need be. "" becomes null.
func (b *Builder) FillString(name, v string) {
	if v == "" {
		b.pad(b.unset(name, String), b.rows)
		return
	}
	c := b.unset(name, String)
	c.repeatString(v, b.rows-c.rows)
}

// FillBool is FillString for truth values.
func (b *Builder) FillBool(name string, v bool) {
	c := b.unset(name, Bool)
	c.repeatBool(v, b.rows-c.rows)
}

// FillTimestamp is FillString for times; where not ok they are null.
func (b *Builder) FillTimestamp(name string, at hour.Instant, ok bool) {
	c := b.unset(name, Timestamp)
	if !ok {
		b.pad(c, b.rows)
		return
	}
	c.repeatInt64(int64(at), b.rows-c.rows)
}

// unset returns the column of a name and type, of which rows are to be filled.
func (b *Builder) unset(name string, kind Type) *cells {
	i, ok := b.index[name]
	if !ok || b.columns[i].kind != kind {
		panic(fmt.Sprintf("table: %s has no column %s of type %v", b.schema.Name, name, kind))
	}
	return &b.columns[i]
}

// appendFrom copies one cell of another table's column of the same type.
func (b *Builder) appendFrom(column int, from arrow.Array, row int) {
	if column == 0 {
		b.rows++
	}
	if from.IsNull(row) {
		return
	}
	c := &b.columns[column]
	b.pad(c, b.rows-1)
	switch a := from.(type) {
	case *array.Boolean:
		c.addBool(a.Value(row))
	case *array.Int32:
		c.addInt32(a.Value(row))
	case *array.Int64:
		c.addInt64(a.Value(row))
	case *array.Float64:
		c.addFloat64(a.Value(row))
	case *array.String:
		c.addString(a.Value(row))
	case *array.Date32:
		c.addInt32(int32(a.Value(row)))
	case *array.Timestamp:
		c.addInt64(int64(a.Value(row)))
	default:
		panic(fmt.Sprintf("table: column of type %v", from.DataType()))
	}
}

// Table returns the rows built and empties the builder.
func (b *Builder) Table() *Table {
	columns := make([]arrow.Array, len(b.columns))
	for i := range b.columns {
		c := &b.columns[i]
		if !c.optional {
			b.pad(c, b.rows)
			if c.nulls > 0 {
				panic(fmt.Sprintf("table: %s.%s holds a null", b.schema.Name, c.name))
			}
		}
		columns[i] = c.array(b.rows)
		*c = c.next()
	}
	rows := b.rows
	b.rows, b.room, b.built = 0, 0, true
	return New(b.schema, array.NewRecord(b.schema.Arrow(), columns, int64(rows)))
}
