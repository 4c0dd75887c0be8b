package table

import (
	"iter"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// Runs yields each text of a column and the rows, from and to, in which it
// stands. A table sorted by the column has one run of each.
func (t *Table) Runs(name string) iter.Seq2[string, [2]int] {
	return func(yield func(string, [2]int) bool) {
		c := t.Coded(name, new([]int32))
		codes := c.Codes
		for from := 0; from < len(codes); {
			code, to := codes[from], from+1
			for to < len(codes) && codes[to] == code {
				to++
			}
			if !yield(c.Text(from), [2]int{from, to}) {
				return
			}
			from = to
		}
	}
}

// areaRows are where the rows of each area lie in a table sorted by area.
type areaRows struct {
	ids []string // in order
	at  map[string][2]int
}

// add says that the rows from and to are an area's. An area that has others is the
// mistake of a caller who has not sorted the table, and panics.
func (a *areaRows) add(id string, rows [2]int) {
	if _, ok := a.at[id]; ok {
		panic("table: rows of area " + id + " do not lie together")
	}
	a.ids = append(a.ids, id)
	a.at[id] = rows
}

// An AreaRows says where the rows of an area lie in a table.
type AreaRows struct {
	ID       string
	From, To int
}

// NewStored returns a table, sorted by its key of which the first column is
// area_id, whose rows lie elsewhere. load gets the rows from and to−1 of a column
// each time they are asked for: what has to be held for longer, the caller does.
func NewStored(s *Schema, areas []AreaRows, load func(column, from, to int) arrow.Array) *Table {
	t := &Table{Schema: s, columns: make([]column, len(s.Columns)), slice: load, byArea: &areaRows{at: make(map[string][2]int, len(areas))}}
	for _, a := range areas {
		t.byArea.add(a.ID, [2]int{a.From, a.To})
		t.rows = a.To
	}
	t.load = func(i int) arrow.Array { return load(i, 0, t.rows) }
	t.sorted.Store(true)
	return t
}

// areas returns where the areas of a table lie that is sorted by area.
func (t *Table) areas() *areaRows {
	t.byAreaOnce.Do(func() {
		if t.byArea != nil {
			return
		}
		t.byArea = &areaRows{at: map[string][2]int{}}
		for id, rows := range t.Runs("area_id") {
			t.byArea.add(id, rows)
		}
	})
	return t.byArea
}

// Areas returns the areas of a table sorted by area, in order.
func (t *Table) Areas() []string { return t.areas().ids }

// Has reports whether a table sorted by area has rows of an area.
func (t *Table) Has(id string) bool {
	_, ok := t.areas().at[id]
	return ok
}

// areaTable is what Of returned for an area.
type areaTable struct {
	id    string
	table *Table
}

// Of returns the rows of an area of a table sorted by area: those alone are held,
// where the table lies elsewhere, until another area is asked for.
func (t *Table) Of(id string) *Table {
	if last := t.last.Load(); last != nil && last.id == id {
		return last.table
	}
	rows := t.areas().at[id]
	of := &Table{Schema: t.Schema, rows: rows[1] - rows[0], columns: make([]column, len(t.columns))}
	of.load = func(i int) arrow.Array {
		if t.slice != nil {
			return t.slice(i, rows[0], rows[1])
		}
		return array.NewSlice(t.at(i), int64(rows[0]), int64(rows[1]))
	}
	of.sorted.Store(t.sorted.Load())
	t.last.Store(&areaTable{id, of})
	return of
}
