package table

import (
	"fmt"
	"sort"
	"sync"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"hardship/pipeline/hour"
)

// A Table is rows of one schema, held as Arrow columns in the schema's order.
type Table struct {
	Schema *Schema
	record arrow.Record // of a table that came coded, once it has been written out
	rows   int64
	coded  []arrow.Array // columns of which texts may be dictionaries; nil if record is all
	once   sync.Once
}

// New wraps a record whose columns are those of the schema, in its order. A
// record of another shape is the caller's mistake and panics.
func New(s *Schema, record arrow.Record) *Table {
	if !record.Schema().Equal(s.Arrow()) {
		panic(fmt.Sprintf("table: record %v does not fit schema %s", record.Schema(), s.Name))
	}
	return &Table{Schema: s, record: record, rows: record.NumRows()}
}

// Record returns the rows as one Arrow record.
func (t *Table) Record() arrow.Record { return t.plain() }

// Rows returns the number of rows.
func (t *Table) Rows() int { return int(t.rows) }

func (t *Table) column(name string) arrow.Array {
	i := t.Schema.Index(name)
	if i < 0 {
		panic("table: " + t.Schema.Name + " has no column " + name)
	}
	if t.coded != nil && t.Schema.Columns[i].Type != String {
		return t.coded[i]
	}
	return t.plain().Column(i)
}

// The accessors return a column by name. A name or type that the schema does
// not have is the caller's mistake and panics.

func (t *Table) Bool(name string) *array.Boolean        { return t.column(name).(*array.Boolean) }
func (t *Table) Int32(name string) *array.Int32         { return t.column(name).(*array.Int32) }
func (t *Table) Int64(name string) *array.Int64         { return t.column(name).(*array.Int64) }
func (t *Table) Float64(name string) *array.Float64     { return t.column(name).(*array.Float64) }
func (t *Table) String(name string) *array.String       { return t.column(name).(*array.String) }
func (t *Table) Date(name string) *array.Date32         { return t.column(name).(*array.Date32) }
func (t *Table) Timestamp(name string) *array.Timestamp { return t.column(name).(*array.Timestamp) }

// Day returns a date cell.
func Day(a *array.Date32, row int) hour.Day { return hour.Day(a.Value(row)) }

// Instant returns a timestamp cell.
func Instant(a *array.Timestamp, row int) hour.Instant { return hour.Instant(a.Value(row)) }

// Value returns a cell as bool, int32, int64, float64, string, hour.Day,
// hour.Instant, or nil for null. It serves printing, not computing.
func (t *Table) Value(row, column int) any {
	col := t.plain().Column(column)
	if col.IsNull(row) {
		return nil
	}
	switch a := col.(type) {
	case *array.Boolean:
		return a.Value(row)
	case *array.Int32:
		return a.Value(row)
	case *array.Int64:
		return a.Value(row)
	case *array.Float64:
		return a.Value(row)
	case *array.String:
		return a.Value(row)
	case *array.Date32:
		return hour.Day(a.Value(row))
	case *array.Timestamp:
		return hour.Instant(a.Value(row))
	}
	panic(fmt.Sprintf("table: column of type %v", col.DataType()))
}

// Sorted returns the table's rows in the order of its key, and an error if two
// rows share one.
func (t *Table) Sorted() (*Table, error) {
	key := make([]int, len(t.Schema.Key))
	for i, name := range t.Schema.Key {
		key[i] = t.Schema.Index(name)
	}
	order := make([]int, t.Rows())
	inOrder := true
	for i := range order {
		order[i] = i
		if i > 0 && inOrder {
			inOrder = t.compare(key, i-1, i) < 0
		}
	}
	if inOrder {
		return t, nil
	}
	sort.SliceStable(order, func(i, j int) bool { return t.compare(key, order[i], order[j]) < 0 })
	for i := 1; i < len(order); i++ {
		if t.compare(key, order[i-1], order[i]) == 0 {
			return nil, fmt.Errorf("table %s: two rows have the key %s", t.Schema.Name, t.keyOf(key, order[i]))
		}
	}
	return t.Take(order), nil
}

func (t *Table) keyOf(key []int, row int) string {
	var s string
	for _, c := range key {
		s += fmt.Sprintf(" %s=%v", t.Schema.Columns[c].Name, t.Value(row, c))
	}
	return s[min(1, len(s)):]
}

// compare orders two rows by key columns; nulls sort last.
func (t *Table) compare(key []int, i, j int) int {
	for _, c := range key {
		if d := compareCells(t.plain().Column(c), i, j); d != 0 {
			return d
		}
	}
	return 0
}

func compareCells(col arrow.Array, i, j int) int {
	if a, b := col.IsNull(i), col.IsNull(j); a || b {
		switch {
		case a && b:
			return 0
		case a:
			return 1
		default:
			return -1
		}
	}
	switch a := col.(type) {
	case *array.String:
		return order(a.Value(i), a.Value(j))
	case *array.Int32:
		return order(a.Value(i), a.Value(j))
	case *array.Int64:
		return order(a.Value(i), a.Value(j))
	case *array.Float64:
		return order(a.Value(i), a.Value(j))
	case *array.Date32:
		return order(a.Value(i), a.Value(j))
	case *array.Timestamp:
		return order(a.Value(i), a.Value(j))
	case *array.Boolean:
		return order(b2i(a.Value(i)), b2i(a.Value(j)))
	}
	panic(fmt.Sprintf("table: key column of type %v", col.DataType()))
}

func order[T int | int32 | int64 | float64 | string | arrow.Date32 | arrow.Timestamp](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Take returns the rows of the given positions, in that order.
func (t *Table) Take(rows []int) *Table {
	b := NewBuilder(t.Schema)
	for _, row := range rows {
		for c := range t.Schema.Columns {
			b.appendFrom(c, t.plain().Column(c), row)
		}
	}
	return b.Table()
}

// Concat returns the rows of all tables, which must have one schema.
func Concat(s *Schema, tables []*Table) *Table {
	if len(tables) == 1 {
		return tables[0]
	}
	columns := make([]arrow.Array, len(s.Columns))
	var rows int64
	for _, t := range tables {
		rows += int64(t.Rows())
	}
	for c := range s.Columns {
		parts := make([]arrow.Array, len(tables))
		for i, t := range tables {
			parts[i] = t.plain().Column(c)
		}
		if len(parts) == 0 {
			return NewBuilder(s).Table()
		}
		joined, err := array.Concatenate(parts, memory.DefaultAllocator)
		if err != nil {
			panic(fmt.Sprintf("table: concatenate %s.%s: %v", s.Name, s.Columns[c].Name, err))
		}
		columns[c] = joined
	}
	return New(s, array.NewRecord(s.Arrow(), columns, rows))
}
