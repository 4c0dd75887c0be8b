package table

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"hardship/pipeline/hour"
)

// A Table is rows of one schema, held as Arrow columns in the schema's order.
// Columns of text may be held as codes: see NewCoded. The columns of a table that
// lies elsewhere come when they are asked for: see NewStored. It is safe for use by
// several goroutines.
type Table struct {
	Schema  *Schema
	rows    int
	columns []column
	load    func(i int) arrow.Array // of a table that lies elsewhere
	sorted  atomic.Bool             // by the key, each row once

	byArea     *areaRows // found when it is first asked for
	byAreaOnce sync.Once
	last       atomic.Pointer[areaTable]
	slice      func(i, from, to int) arrow.Array // of a table that lies elsewhere
}

// A column as it is held, and with its text written out once that was asked for. One
// of numbers or times that came as codes is held once something else than
// Table.Numbers has asked for it.
type column struct {
	held, written         arrow.Array
	heldOnce, writtenOnce sync.Once
	codes                 *array.Dictionary
}

// New wraps a record whose columns are those of the schema, in its order. A
// record of another shape is the caller's mistake and panics.
func New(s *Schema, record arrow.Record) *Table {
	if !record.Schema().Equal(s.Arrow()) {
		panic(fmt.Sprintf("table: record %v does not fit schema %s", record.Schema(), s.Name))
	}
	return holding(s, int(record.NumRows()), record.Columns())
}

// holding returns a table of columns that fit its schema.
func holding(s *Schema, rows int, columns []arrow.Array) *Table {
	t := &Table{Schema: s, rows: rows, columns: make([]column, len(columns))}
	for i, c := range columns {
		if d, ok := c.(*array.Dictionary); ok && s.Columns[i].Type != String {
			t.columns[i].codes = d
			continue
		}
		t.columns[i].held = c
	}
	return t
}

// Record returns the rows as one Arrow record, with all text written out.
func (t *Table) Record() arrow.Record {
	columns := make([]arrow.Array, len(t.columns))
	for i := range columns {
		columns[i] = t.plain(i)
	}
	return array.NewRecord(t.Schema.Arrow(), columns, int64(t.rows))
}

// Rows returns the number of rows.
func (t *Table) Rows() int { return t.rows }

// at returns a column as it is held, coded or not.
func (t *Table) at(i int) arrow.Array {
	c := &t.columns[i]
	switch {
	case t.load != nil:
		c.heldOnce.Do(func() { c.held = t.load(i) })
	case c.codes != nil:
		c.heldOnce.Do(func() { c.held = WrittenOut(c.codes) })
	}
	return c.held
}

// Column returns a column, by its place, as it is held: text may be coded.
func (t *Table) Column(i int) arrow.Array { return t.at(i) }

// plain returns a column with its text written out.
func (t *Table) plain(i int) arrow.Array {
	held := t.at(i)
	d, ok := held.(*array.Dictionary)
	if !ok {
		return held
	}
	c := &t.columns[i]
	c.writtenOnce.Do(func() { c.written = WrittenOut(d) })
	return c.written
}

func (t *Table) column(name string) arrow.Array {
	i := t.Schema.Index(name)
	if i < 0 {
		panic("table: " + t.Schema.Name + " has no column " + name)
	}
	return t.plain(i)
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
	if t.sorted.Load() || t.inOrder(key) {
		t.sorted.Store(true)
		return t, nil
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
	taken := t.Take(order)
	taken.sorted.Store(true)
	return taken, nil
}

// inOrder reports whether each row comes after the one before it.
func (t *Table) inOrder(key []int) bool {
	for len(key) > 1 && isConstant(t.at(key[0])) {
		key = key[1:]
	}
	if days, ok := t.at(key[0]).(*array.Date32); ok && len(key) == 1 && days.NullN() == 0 {
		values := days.Date32Values()
		for i := 1; i < len(values); i++ {
			if values[i] <= values[i-1] {
				return false
			}
		}
		return true
	}
	columns := make([]arrow.Array, len(key))
	for i, c := range key {
		columns[i] = t.at(c)
	}
	for row := 1; row < t.Rows(); row++ {
		d := 0
		for _, column := range columns {
			if d = CompareCells(column, row-1, column, row); d != 0 {
				break
			}
		}
		if d >= 0 {
			return false
		}
	}
	return true
}

// isConstant reports whether a column of codes is seen to have one text in every row,
// as the area has in a table of one.
func isConstant(column arrow.Array) bool {
	d, ok := column.(*array.Dictionary)
	if !ok || d.NullN() > 0 {
		return false
	}
	codes := d.Indices().(*array.Int32).Int32Values()
	return !slices.ContainsFunc(codes, func(code int32) bool { return code != codes[0] })
}

// Held returns the rows as they are held: columns of text may be coded.
func (t *Table) Held() arrow.Record {
	schema := t.Schema.Arrow()
	columns := make([]arrow.Array, len(t.columns))
	coded := true // all texts are, as mostly: then the fields are there
	for i := range columns {
		columns[i] = t.at(i)
		coded = coded && (t.Schema.Columns[i].Type != String || columns[i].DataType().ID() == arrow.DICTIONARY)
	}
	if coded {
		return array.NewRecord(t.Schema.coded, columns, int64(t.rows))
	}
	fields := schema.Fields()
	for i := range fields {
		fields[i].Type = columns[i].DataType()
	}
	return array.NewRecord(arrow.NewSchema(fields, nil), columns, int64(t.rows))
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
		column := t.plain(c)
		if d := CompareCells(column, i, column, j); d != 0 {
			return d
		}
	}
	return 0
}

// CompareCells orders two cells of columns of one type, as rows of tables are
// ordered: null comes last.
func CompareCells(x arrow.Array, i int, y arrow.Array, j int) int {
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
			b.appendFrom(c, t.plain(c), row)
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
	rows := 0
	for _, t := range tables {
		rows += t.rows
	}
	var group sync.WaitGroup
	for c := range s.Columns {
		group.Go(func() {
			parts := make([]arrow.Array, len(tables))
			for i, t := range tables {
				parts[i] = t.at(c)
			}
			columns[c] = Joined(parts)
		})
	}
	group.Wait()
	return NewCoded(s, int64(rows), columns)
}

// Joined returns the rows of parts of a column, one or more, as one. Text stays coded if
// all parts are.
func Joined(parts []arrow.Array) arrow.Array {
	if len(parts) == 1 {
		return parts[0]
	}
	coded := func(part arrow.Array) bool { return part.DataType().ID() == arrow.DICTIONARY }
	if !slices.ContainsFunc(parts, func(part arrow.Array) bool { return !coded(part) }) {
		return joinedCodes(parts)
	}
	written := slices.Clone(parts)
	for i, part := range parts {
		if d, ok := part.(*array.Dictionary); ok {
			written[i] = WrittenOut(d)
		}
	}
	one, err := array.Concatenate(written, memory.DefaultAllocator)
	if err != nil {
		panic(fmt.Sprintf("table: concatenate %v: %v", parts[0].DataType(), err))
	}
	return one
}

// joinedCodes joins parts of a coded column under one dictionary.
func joinedCodes(parts []arrow.Array) arrow.Array {
	rows := 0
	for _, part := range parts {
		rows += part.Len()
	}
	codes, valid := make([]int32, 0, rows), newValidity(rows)
	texts := array.NewStringBuilder(memory.DefaultAllocator)
	byText := map[string]int32{}
	for _, part := range parts {
		column := part.(*array.Dictionary)
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
