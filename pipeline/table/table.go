package table

import (
	"fmt"
	"iter"
	"slices"
	"sort"
	"strings"
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
	sorted bool // by the key, each row once
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
	if t.Schema.Columns[i].Type != String {
		return t.at(i)
	}
	return t.plain().Column(i)
}

// Runs yields each text of a column and the rows, from and to, in which it
// stands. A table sorted by the column has one run of each.
func (t *Table) Runs(name string) iter.Seq2[string, [2]int] {
	return func(yield func(string, [2]int) bool) {
		c := t.Coded(name, new([]int32))
		for from := 0; from < len(c.Codes); {
			to := from + 1
			for to < len(c.Codes) && c.Codes[to] == c.Codes[from] {
				to++
			}
			if !yield(c.Text(from), [2]int{from, to}) {
				return
			}
			from = to
		}
	}
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
	col := t.at(column)
	if col.IsNull(row) {
		return nil
	}
	switch a := col.(type) {
	case *array.Dictionary:
		return a.Dictionary().(*array.String).Value(a.GetValueIndex(row))
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
	if t.sorted || t.inOrder(key) {
		return t.asSorted(), nil
	}
	order := make([]int, t.Rows())
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return t.compare(key, order[i], order[j]) < 0 })
	for i := 1; i < len(order); i++ {
		if t.compare(key, order[i-1], order[i]) == 0 {
			return nil, fmt.Errorf("table %s: two rows have the key %s", t.Schema.Name, t.keyOf(key, order[i]))
		}
	}
	return t.Take(order).asSorted(), nil
}

// asSorted returns the table with what is known of its order.
func (t *Table) asSorted() *Table {
	if t.sorted {
		return t
	}
	return &Table{Schema: t.Schema, record: t.record, rows: t.rows, coded: t.coded, sorted: true}
}

// inOrder reports whether each row comes after the one before it.
func (t *Table) inOrder(key []int) bool {
	columns := make([]arrow.Array, len(key))
	for i, c := range key {
		columns[i] = t.at(c)
	}
	for row := 1; row < t.Rows(); row++ {
		d := 0
		for _, column := range columns {
			if d = compareCells(column, row-1, column, row); d != 0 {
				break
			}
		}
		if d >= 0 {
			return false
		}
	}
	return true
}

// at returns a column as it is held, coded or not.
func (t *Table) at(i int) arrow.Array {
	if t.coded != nil {
		return t.coded[i]
	}
	return t.record.Column(i)
}

// Held returns the rows as they are held: columns of text may be coded.
func (t *Table) Held() arrow.Record {
	if t.coded == nil {
		return t.record
	}
	fields := slices.Clone(t.Schema.Arrow().Fields())
	for i, c := range t.coded {
		fields[i].Type = c.DataType()
	}
	return array.NewRecord(arrow.NewSchema(fields, nil), t.coded, t.rows)
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
		column := t.plain().Column(c)
		if d := compareCells(column, i, column, j); d != 0 {
			return d
		}
	}
	return 0
}

// compareCells orders two cells of columns of one type.
func compareCells(x arrow.Array, i int, y arrow.Array, j int) int {
	if a, b := x.IsNull(i), y.IsNull(j); a || b {
		switch {
		case a && b:
			return 0
		case a:
			return 1
		default:
			return -1
		}
	}
	switch a := x.(type) {
	case *array.String:
		return order(a.Value(i), y.(*array.String).Value(j))
	case *array.Dictionary:
		b := y.(*array.Dictionary)
		m, n := a.GetValueIndex(i), b.GetValueIndex(j)
		if a == b && m == n {
			return 0
		}
		return order(a.Dictionary().(*array.String).Value(m), b.Dictionary().(*array.String).Value(n))
	case *array.Int32:
		return order(a.Value(i), y.(*array.Int32).Value(j))
	case *array.Int64:
		return order(a.Value(i), y.(*array.Int64).Value(j))
	case *array.Float64:
		return order(a.Value(i), y.(*array.Float64).Value(j))
	case *array.Date32:
		return order(a.Value(i), y.(*array.Date32).Value(j))
	case *array.Timestamp:
		return order(a.Value(i), y.(*array.Timestamp).Value(j))
	case *array.Boolean:
		return order(b2i(a.Value(i)), b2i(y.(*array.Boolean).Value(j)))
	}
	panic(fmt.Sprintf("table: key column of type %v", x.DataType()))
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

// Concat returns the rows of all tables, which must have one schema. Columns of
// text stay coded if all are.
func Concat(s *Schema, tables []*Table) *Table {
	switch len(tables) {
	case 0:
		return NewBuilder(s).Table()
	case 1:
		return tables[0]
	}
	columns := make([]arrow.Array, len(s.Columns))
	var rows int64
	for _, t := range tables {
		rows += t.rows
	}
	var group sync.WaitGroup
	for c := range s.Columns {
		group.Go(func() { columns[c] = concatenated(s, c, tables) })
	}
	group.Wait()
	return NewCoded(s, rows, columns)
}

func concatenated(s *Schema, c int, tables []*Table) arrow.Array {
	if s.Columns[c].Type == String && !slices.ContainsFunc(tables, func(t *Table) bool { return t.coded == nil || !arrow.TypeEqual(t.coded[c].DataType(), CodedText) }) {
		return concatenatedCodes(c, tables)
	}
	parts := make([]arrow.Array, len(tables))
	for i, t := range tables {
		if s.Columns[c].Type != String {
			parts[i] = t.at(c)
		} else {
			parts[i] = t.plain().Column(c)
		}
	}
	joined, err := array.Concatenate(parts, memory.DefaultAllocator)
	if err != nil {
		panic(fmt.Sprintf("table: concatenate %s.%s: %v", s.Name, s.Columns[c].Name, err))
	}
	return joined
}

// concatenatedCodes joins coded columns under one dictionary.
func concatenatedCodes(c int, tables []*Table) arrow.Array {
	rows := 0
	for _, t := range tables {
		rows += int(t.rows)
	}
	codes, valid := make([]int32, 0, rows), newValidity(rows)
	texts := array.NewStringBuilder(memory.DefaultAllocator)
	byText := map[string]int32{}
	for _, t := range tables {
		column := t.coded[c].(*array.Dictionary)
		words := column.Dictionary().(*array.String)
		translated := make([]int32, words.Len())
		for i := range translated {
			code, ok := byText[words.Value(i)]
			if !ok {
				code = int32(len(byText))
				byText[strings.Clone(words.Value(i))] = code
				texts.Append(words.Value(i))
			}
			translated[i] = code
		}
		nulls := column.NullN() > 0
		for row, code := range column.Indices().(*array.Int32).Int32Values() {
			if nulls && column.IsNull(row) {
				valid.set(len(codes), false)
				codes = append(codes, 0)
				continue
			}
			valid.set(len(codes), true)
			codes = append(codes, translated[code])
		}
	}
	return coded(codes, valid, texts.NewArray())
}
