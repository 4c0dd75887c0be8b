package change

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/parquetfile"
	"hardship/pipeline/store"
	"hardship/pipeline/table"
)

// A comparison is the tables of two runs being compared.
type comparison struct {
	ctx    context.Context
	runs   [2]run // the one before, and the one after
	may    MayList
	out    Difference
	log    *table.Builder
	causes causes
}

const tablesFolder, tableEnding = "tables/", ".parquet"

// tables compares all tables of either run.
func (c *comparison) tables() error {
	type pair struct{ old, new *store.Output }
	byName := map[string]pair{}
	var names []string
	for side := range c.runs {
		for i := range c.runs[side].manifest.Outputs {
			o := &c.runs[side].manifest.Outputs[i]
			name, inFolder := strings.CutPrefix(o.Path, tablesFolder)
			name, isTable := strings.CutSuffix(name, tableEnding)
			if !inFolder || !isTable || o.Rows == nil {
				continue
			}
			p, seen := byName[name]
			if !seen {
				names = append(names, name)
			}
			if side == 0 {
				p.old = o
			} else {
				p.new = o
			}
			byName[name] = p
		}
	}
	slices.Sort(names)
	for _, name := range names {
		p := byName[name]
		t := &Table{Name: name}
		switch {
		case p.old == nil:
			t.Kind, t.Rows = "table_added", *p.new.Rows
		case p.new == nil:
			t.Kind, t.Rows = "table_removed", *p.old.Rows
		case p.old.SHA256 == p.new.SHA256:
			continue
		default:
			if err := c.table(t, p.old, p.new); err != nil {
				return fmt.Errorf("table %s: %w", name, err)
			}
			if t.unchanged() {
				continue // the files differ, in words about columns for instance
			}
		}
		if t.Kind != "" {
			c.write(t, change{kind: t.Kind, n: 1})
		}
		c.out.Tables = append(c.out.Tables, *t)
	}
	return nil
}

func (t *Table) unchanged() bool {
	return t.RowsAdded+t.RowsRemoved+t.RowsChanged == 0 && len(t.ColumnsAdded)+len(t.ColumnsRemoved) == 0
}

// errOrder is a table whose rows are not in the order of its key.
var errOrder = errors.New("its rows are not in the order of its key")

// table compares a table that both runs have.
func (c *comparison) table(t *Table, old, new *store.Output) error {
	var sides [2]*rows
	for i, o := range []*store.Output{old, new} {
		f, err := openRows(filepath.Join(c.runs[i].dir, filepath.FromSlash(o.Path)))
		if err != nil {
			return err
		}
		defer f.close()
		sides[i] = f
	}
	key := c.runs[1].keys[t.Name]
	shared, err := c.columns(t, sides, key)
	if err != nil {
		return err
	}
	if !slices.Equal(c.runs[0].keys[t.Name], key) {
		t.RowsRemoved, t.RowsAdded = *old.Rows, *new.Rows // rows of other keys cannot be set side by side
		c.count(t, "row_removed", "", *old.Rows)
		c.count(t, "row_added", "", *new.Rows)
		return nil
	}
	unlisted := map[change]int64{}
	defer func() { c.rest(t, unlisted) }()
	for _, side := range sides {
		if err := side.begin(shared, len(key)); err != nil {
			return err
		}
		defer side.stop()
	}
	return c.merge(t, sides, shared, len(key), unlisted)
}

// columns says which columns only one of the runs has, and returns those that both
// have, the key first. A column of another type is another column.
func (c *comparison) columns(t *Table, sides [2]*rows, key []string) ([]string, error) {
	field := func(side int, name string) (arrow.Field, bool) {
		found, ok := sides[side].file.Schema().FieldsByName(name)
		if !ok {
			return arrow.Field{}, false
		}
		return found[0], true
	}
	shared := slices.Clone(key)
	for side := range sides {
		for _, f := range sides[side].file.Schema().Fields() {
			other, ok := field(1-side, f.Name)
			switch {
			case !ok || !arrow.TypeEqual(f.Type, other.Type):
				kind, list := "column_removed", &t.ColumnsRemoved
				if side == 1 {
					kind, list = "column_added", &t.ColumnsAdded
				}
				*list = append(*list, f.Name)
				c.write(t, change{kind: kind, column: f.Name, n: 1})
			case side == 1 && !slices.Contains(shared, f.Name):
				shared = append(shared, f.Name)
			}
		}
	}
	for _, name := range key {
		if slices.Contains(t.ColumnsAdded, name) || slices.Contains(t.ColumnsRemoved, name) {
			return nil, fmt.Errorf("column %s of its key is not of one type", name)
		}
	}
	return shared, nil
}

// merge passes over the rows of both in the order of their key.
func (c *comparison) merge(t *Table, sides [2]*rows, shared []string, keys int, unlisted map[change]int64) error {
	old, new := sides[0], sides[1]
	for !old.ended || !new.ended {
		d := 0
		switch {
		case old.ended:
			d = 1
		case new.ended:
			d = -1
		default:
			d = compareKeys(old.columns, old.row, new.columns, new.row, keys)
		}
		switch {
		case d < 0:
			t.RowsRemoved++
			c.list(t, old, shared[:keys], change{kind: "row_removed", n: 1}, unlisted)
		case d > 0:
			t.RowsAdded++
			c.list(t, new, shared[:keys], change{kind: "row_added", n: 1}, unlisted)
		default:
			before := t.CellsChanged
			for i := keys; i < len(shared); i++ {
				if table.CompareCells(old.columns[i], old.row, new.columns[i], new.row) == 0 {
					continue
				}
				t.CellsChanged++
				c.list(t, new, shared[:keys], change{kind: "cell_changed", column: shared[i], old: old.cell(i), new: new.cell(i), n: 1}, unlisted)
			}
			if t.CellsChanged > before {
				t.RowsChanged++
			}
		}
		if d <= 0 {
			if err := old.advance(c.ctx); err != nil {
				return err
			}
		}
		if d >= 0 {
			if err := new.advance(c.ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

func compareKeys(x []arrow.Array, i int, y []arrow.Array, j, keys int) int {
	for k := range keys {
		if d := table.CompareCells(x[k], i, y[k], j); d != 0 {
			return d
		}
	}
	return 0
}

// rows are those of one file, one after another.
type rows struct {
	handle *os.File
	file   *parquetfile.File
	keys   int
	pull   func() (arrow.Record, error, bool)
	stop   func()

	record  arrow.Record // held
	columns []arrow.Array
	row     int
	ended   bool
}

func openRows(path string) (*rows, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	file, err := parquetfile.Open(f, info.Size(), filepath.Base(path), parquetfile.Limits{})
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &rows{handle: f, file: file, stop: func() {}}, nil
}

func (r *rows) close() { _ = r.handle.Close() } // it was opened for reading

// begin goes to the first row.
func (r *rows) begin(columns []string, keys int) error {
	r.keys = keys
	r.pull, r.stop = iter.Pull2(r.file.Batches(columns, parquetfile.ReadOptions{DictionaryStrings: true}))
	return r.next()
}

// advance goes to the next row, which must come after.
func (r *rows) advance(ctx context.Context) error {
	if r.row++; r.row < len0(r.columns) {
		if compareKeys(r.columns, r.row-1, r.columns, r.row, r.keys) >= 0 {
			return errOrder
		}
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	last := r.record
	last.Retain()
	defer last.Release()
	columns, row := r.columns, r.row-1
	if err := r.next(); err != nil || r.ended {
		return err
	}
	if compareKeys(columns, row, r.columns, 0, r.keys) >= 0 {
		return errOrder
	}
	return nil
}

func len0(columns []arrow.Array) int {
	if len(columns) == 0 {
		return 0
	}
	return columns[0].Len()
}

// next takes the next batch that has rows.
func (r *rows) next() error {
	for {
		record, err, more := r.pull()
		if err != nil {
			return err
		}
		if r.ended = !more; r.ended {
			r.columns = nil
			return nil
		}
		if record.NumRows() > 0 {
			r.record, r.columns, r.row = record, record.Columns(), 0
			return nil
		}
	}
}

// cell returns a cell as text; nil for null.
func (r *rows) cell(column int) *string {
	if r.columns[column].IsNull(r.row) {
		return nil
	}
	text := table.CellText(r.columns[column], r.row)
	return &text
}

// place returns the key of the row in words, its area and its day.
func (r *rows) place(key []string) (words string, id area.ID, day *hour.Day) {
	parts := make([]string, len(key))
	for i, name := range key {
		parts[i] = name + "=" + table.CellText(r.columns[i], r.row)
		switch a := r.columns[i].(type) {
		case *array.Date32:
			if d := table.Day(a, r.row); name == "date_local" && a.IsValid(r.row) {
				day = &d
			}
		default:
			if name == "area_id" {
				id = area.ID(table.CellText(a, r.row))
			}
		}
	}
	return strings.Join(parts, "; "), id, day
}
