package table

import (
	"container/heap"
	"fmt"
	"iter"

	"github.com/apache/arrow/go/v17/arrow/array"
)

// mergedRows is how many rows a table of Merge has at most.
const mergedRows = 64 << 10

// Merge yields the rows of runs in the order of the schema's key, as tables of
// at most 65,536 rows. A run is tables whose rows are in that order, from one
// table to the next too. Two rows that share a key are an error, as in Sorted,
// and so is that of a run; either is the last thing yielded.
func Merge(s *Schema, runs []iter.Seq2[*Table, error]) iter.Seq2[*Table, error] {
	return func(yield func(*Table, error) bool) {
		m := merger{key: make([]int, len(s.Key))}
		for i, name := range s.Key {
			m.key[i] = s.Index(name)
		}
		for _, run := range runs {
			next, stop := iter.Pull2(run)
			defer stop()
			c := &cursor{next: next}
			more, err := c.advance()
			if err != nil {
				yield(nil, err)
				return
			}
			if more {
				m.cursors = append(m.cursors, c)
			}
		}
		heap.Init(&m)
		b := NewBuilder(s)
		var last cursor // the row before
		for len(m.cursors) > 0 {
			c := m.cursors[0]
			if last.t != nil && m.compare(&last, c) == 0 {
				yield(nil, fmt.Errorf("table %s: two rows have the key %s", s.Name, c.t.keyOf(m.key, c.row)))
				return
			}
			for i := range s.Columns {
				b.appendFrom(i, c.t.plain(i), c.row)
			}
			if b.Rows() == mergedRows && !yield(b.Table(), nil) {
				return
			}
			last = cursor{t: c.t, row: c.row}
			more, err := c.advance()
			switch {
			case err != nil:
				yield(nil, err)
				return
			case more:
				heap.Fix(&m, 0)
			default:
				heap.Pop(&m)
			}
		}
		if b.Rows() > 0 {
			yield(b.Table(), nil)
		}
	}
}

// A cursor is at a row of a run.
type cursor struct {
	next func() (*Table, error, bool)
	t    *Table
	row  int
}

// advance goes to the next row; false behind the last.
func (c *cursor) advance() (bool, error) {
	if c.row++; c.t != nil && c.row < c.t.Rows() {
		return true, nil
	}
	for {
		t, err, ok := c.next()
		if err != nil || !ok {
			return false, err
		}
		if t.Rows() > 0 {
			c.t, c.row = t, 0
			return true, nil
		}
	}
}

// A merger is a heap of cursors, that with the first key on top.
type merger struct {
	key     []int
	cursors []*cursor
}

func (m *merger) compare(a, b *cursor) int {
	for _, i := range m.key {
		if d := CompareCells(a.t.plain(i), a.row, b.t.plain(i), b.row); d != 0 {
			return d
		}
	}
	return 0
}

func (m *merger) Len() int           { return len(m.cursors) }
func (m *merger) Less(i, j int) bool { return m.compare(m.cursors[i], m.cursors[j]) < 0 }
func (m *merger) Swap(i, j int)      { m.cursors[i], m.cursors[j] = m.cursors[j], m.cursors[i] }
func (m *merger) Push(c any)         { m.cursors = append(m.cursors, c.(*cursor)) }

func (m *merger) Pop() any {
	last := len(m.cursors) - 1
	c := m.cursors[last]
	m.cursors = m.cursors[:last]
	return c
}

// Bytes returns what the table's columns take in memory.
func (t *Table) Bytes() (bytes int64) {
	for i := range t.Schema.Columns {
		column := t.at(i)
		for _, b := range column.Data().Buffers() {
			if b != nil {
				bytes += int64(b.Len())
			}
		}
		if d, ok := column.(*array.Dictionary); ok {
			for _, b := range d.Dictionary().Data().Buffers() {
				if b != nil {
					bytes += int64(b.Len())
				}
			}
		}
	}
	return bytes
}
