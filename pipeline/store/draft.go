package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"

	"github.com/apache/arrow/go/v17/arrow"

	"hardship/pipeline/gate"
	"hardship/pipeline/parquetfile"
	"hardship/pipeline/table"
)

// A Draft is a run that is being written: first the tables of areas, as they come,
// so that they need not be held; then, by Publish, everything else. It is not safe
// for use by several goroutines.
type Draft struct {
	root   *Root
	files  *runWriter
	inputs string
	tables []*areaTable
	ended  bool   // no more parts may come
	stop   func() // ends the writing of tables
	cache  columnCache

	mu     sync.Mutex
	failed error // the first failure to read what was written
}

// An areaTable is a table that comes area by area. A goroutine writes it.
type areaTable struct {
	schema   *table.Schema
	first    *gate.Cleared // its first part; nil before it
	parts    chan *table.Table
	areas    []table.AreaRows
	rows     int
	ended    chan struct{} // closed when file and err are set
	file     *tableFile
	err      error
	verified chan error // whether it was read back as written, once
}

// Draft begins a run, of which tables of the given schemas come area by area.
// inputs is that of the Publication. The caller discards the draft in any case.
func (r *Root) Draft(ctx context.Context, inputs string, schemas ...*table.Schema) (*Draft, error) {
	files, err := r.newRunWriter()
	if err == nil && len(schemas) > 0 {
		err = files.makeFolder(temporaryRun + "/" + tablesFolder)
	}
	if err != nil {
		return nil, fmt.Errorf("publish: %w", err)
	}
	ctx, stop := context.WithCancel(ctx)
	d := &Draft{root: r, files: files, inputs: inputs, stop: stop}
	for _, s := range schemas {
		t := &areaTable{schema: s, parts: make(chan *table.Table), ended: make(chan struct{}), verified: make(chan error, 1)}
		d.tables = append(d.tables, t)
		go func() {
			defer close(t.verified)
			t.file, t.err = files.writeTable(ctx, s, t.received(ctx), inputs)
			close(t.ended)
			if t.err == nil { // while findings are made of it
				t.verified <- t.file.readBack(ctx)
			}
		}()
	}
	return d, nil
}

// received yields the parts as they come, until there are no more.
func (t *areaTable) received(ctx context.Context) iter.Seq2[*table.Table, error] {
	return func(yield func(*table.Table, error) bool) {
		for {
			var part *table.Table
			more := false
			select {
			case <-ctx.Done():
			case part, more = <-t.parts:
			}
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			if !more || !yield(part, nil) {
				return
			}
		}
	}
}

// Append writes the rows of areas, all of each, after those of areas that come
// before them. The table is one of those that the draft was begun with.
func (d *Draft) Append(c *gate.Cleared) error {
	part, err := c.Table().Sorted()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(d.tables, func(t *areaTable) bool { return t.schema == part.Schema })
	if i < 0 || d.ended {
		return fmt.Errorf("publish: table %s does not come area by area", part.Schema.Name)
	}
	t := d.tables[i]
	if t.first == nil {
		t.first = c
	}
	for id, rows := range part.Runs("area_id") {
		if n := len(t.areas); n > 0 && t.areas[n-1].ID >= id {
			return fmt.Errorf("table %s: rows of area %s come after those of area %s", part.Schema.Name, id, t.areas[n-1].ID)
		}
		t.areas = append(t.areas, table.AreaRows{ID: id, From: t.rows + rows[0], To: t.rows + rows[1]})
	}
	t.rows += part.Rows()
	select {
	case t.parts <- part:
		return nil
	case <-t.ended:
		return t.failure()
	}
}

func (t *areaTable) failure() error {
	if t.err == nil {
		return nil
	}
	return fmt.Errorf("publish: table %s: %w", t.schema.Name, t.err)
}

// Tables ends the tables of areas and returns them as they have been written: their
// rows are read when they are asked for.
func (d *Draft) Tables() ([]*gate.Cleared, error) {
	d.end()
	var all []*gate.Cleared
	var errs []error
	for _, t := range d.tables {
		if err := t.failure(); err != nil {
			errs = append(errs, err)
			continue
		}
		if t.first == nil { // no area has come: there is no row
			empty, err := gate.Clear(table.NewBuilder(t.schema).Table(), gate.Rules{})
			if err != nil {
				return nil, err
			}
			t.first = empty
		}
		t.file.areas = t.areas
		all = append(all, t.first.Stored(t.file.table(&d.cache, d.fail)))
	}
	return all, errors.Join(errs...)
}

// end waits for the tables of areas.
func (d *Draft) end() {
	if !d.ended {
		for _, t := range d.tables {
			close(t.parts)
		}
	}
	d.ended = true
	for _, t := range d.tables {
		<-t.ended
	}
}

func (d *Draft) fail(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.failed == nil {
		d.failed = err
	}
}

// failure returns the first failure to read what was written.
func (d *Draft) failure() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.failed
}

// Discard removes what was written unless it has been published.
func (d *Draft) Discard() {
	d.stop()
	d.end()
	for _, t := range d.tables {
		<-t.verified
	}
	_ = d.root.removeTemporary() // what stays, the next Open removes
}

// written returns the file of a table that has been written already, and been read
// back; nil if it has not been written.
func (d *Draft) written(s *table.Schema) (*tableFile, error) {
	for _, t := range d.tables {
		if t.schema == s {
			<-t.ended
			return t.file, errors.Join(t.err, <-t.verified)
		}
	}
	return nil, nil
}

// mostColumns is how many columns of row groups a columnCache holds, of at most
// 1 MiB each.
const mostColumns = 48

// A columnCache holds the columns of row groups that were asked for last. Areas are
// mostly asked for in order, and a row group holds many.
type columnCache struct {
	mu      sync.Mutex
	columns []cachedColumn // the one asked for last comes last
}

type cachedColumn struct {
	file          *tableFile
	column, group int
	rows          arrow.Array
}

// of returns a column of a row group.
func (c *columnCache) of(f *tableFile, column, group int) (arrow.Array, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.columns, func(one cachedColumn) bool {
		return one.file == f && one.column == column && one.group == group
	})
	if i < 0 {
		rows, err := f.read(column, group)
		if err != nil {
			return nil, err
		}
		if len(c.columns) == mostColumns {
			c.columns = slices.Delete(c.columns, 0, 1)
		}
		c.columns = append(c.columns, cachedColumn{f, column, group, rows})
		return rows, nil
	}
	one := c.columns[i]
	c.columns = append(slices.Delete(c.columns, i, i+1), one)
	return one.rows, nil
}

// read reads a column of a row group.
func (f *tableFile) read(column, group int) (arrow.Array, error) {
	var parts []arrow.Array
	for batch, err := range f.file.Batches(f.names[column:column+1], parquetfile.ReadOptions{DictionaryStrings: true, RowGroups: []int{group}}) {
		if err != nil {
			return nil, err
		}
		rows := batch.Column(0)
		rows.Retain()
		parts = append(parts, rows)
	}
	return table.Joined(parts), nil
}
