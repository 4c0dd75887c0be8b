package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"sync"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"hardship/pipeline/parquetfile"
	"hardship/pipeline/table"
)

// A tableFile is a table of the run that has been written.
type tableFile struct {
	schema *table.Schema
	output Output
	areas  []table.AreaRows // of a table that came area by area
	file   *parquetfile.File
	sums   sums // of what was to be written
	handle io.Closer
	names  []string // of its columns
}

func (f *tableFile) close() { _ = f.handle.Close() } // it was opened for reading

// writeTable writes a table that comes in parts, which follow one another in the
// order of its key. It is to be read back.
func (w *runWriter) writeTable(ctx context.Context, s *table.Schema, parts iter.Seq2[*table.Table, error], inputs string) (*tableFile, error) {
	f := &tableFile{schema: s}
	records := func(yield func(arrow.Record, error) bool) {
		for part, err := range parts {
			if err == nil {
				err = checkFinite(part)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			for record, err := range batches(ctx, part) {
				if err == nil {
					f.sums.add(record)
				}
				if !yield(record, err) {
					return
				}
			}
		}
	}
	var err error
	f.output, err = w.create(tablePath(s.Name), func(out io.Writer) error {
		return parquetfile.Write(out, s.Arrow(), records, parquetfile.Options{
			Metadata:       metadata(s, inputs),
			SortingColumns: sortingColumns(s),
			Threads:        runtime.GOMAXPROCS(0),
			Fast:           true,
		})
	})
	if err != nil {
		return nil, err
	}
	rows := int64(f.sums.rows)
	f.output.Rows = &rows
	return f, f.open(w.root, w.folder)
}

// writeWhole writes a table, sorted by its key, and reads it back.
func (w *runWriter) writeWhole(ctx context.Context, t *table.Table, inputs string) (*tableFile, error) {
	t, err := t.Sorted()
	if err != nil {
		return nil, err
	}
	f, err := w.writeTable(ctx, t.Schema, func(yield func(*table.Table, error) bool) { yield(t, nil) }, inputs)
	if err != nil {
		return nil, err
	}
	defer f.close()
	return f, f.readBack(ctx)
}

// batches yields the rows in parts, so that a cancelled run stops soon.
func batches(ctx context.Context, t *table.Table) iter.Seq2[arrow.Record, error] {
	return func(yield func(arrow.Record, error) bool) {
		for from, rows, held := 0, t.Rows(), t.Held(); from < rows; {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			to, record := min(from+parquetfile.MaxBatchRows, rows), held
			if to-from < rows {
				record = held.NewSlice(int64(from), int64(to))
			}
			if !yield(record, nil) {
				return
			}
			from = to
		}
	}
}

// open opens the file for reading. It stays open, and can be read, also once the
// run has moved to its place.
func (f *tableFile) open(root *Root, folder string) error {
	file, err := root.folder.Open(folder + "/" + f.output.Path)
	if err != nil {
		return err
	}
	if f.file, err = parquetfile.Open(file, f.output.Bytes, f.output.Path, parquetfile.Limits{}); err != nil {
		return errors.Join(err, file.Close())
	}
	f.handle = file
	f.names, err = columnNames(f.file, f.output.Path, f.schema)
	return err
}

// readBack compares the file with what was to be written.
func (f *tableFile) readBack(ctx context.Context) error {
	if f.file.NumRows() != int64(f.sums.rows) {
		return fmt.Errorf("%d rows were written and %d read back", f.sums.rows, f.file.NumRows())
	}
	// Columns are read one by one, on all cores: none has to be held.
	errs := make([]error, len(f.names))
	next := make(chan int)
	var readers sync.WaitGroup
	for range min(len(errs), runtime.GOMAXPROCS(0)) {
		readers.Go(func() {
			for column := range next {
				errs[column] = f.compare(ctx, column)
			}
		})
	}
	for column := range errs {
		next <- column
	}
	close(next)
	readers.Wait()
	return errors.Join(errs...)
}

// compare reads a column and compares it.
func (f *tableFile) compare(ctx context.Context, column int) error {
	var read sums
	for batch, err := range f.file.Batches(f.names[column:column+1], parquetfile.ReadOptions{DictionaryStrings: true, Reuse: 1, BatchRows: 16 << 10}) {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		read.add(batch)
	}
	for group, written := range f.sums.groups {
		if read.groups[group][0] != written[column] {
			first := group * parquetfile.MaxBatchRows
			return fmt.Errorf("column %s, row %d or one after it: read back other than written", f.names[column], first)
		}
	}
	return nil
}

// table returns the rows, which are read as they are asked for. A column that
// cannot be read is null, and failed is told why.
func (f *tableFile) table(cache *columnCache, failed func(error)) *table.Table {
	return table.NewStored(f.schema, f.areas, func(column, from, to int) arrow.Array {
		var parts []arrow.Array
		n := to - from
		for from < to {
			group := from / parquetfile.MaxBatchRows
			first := group * parquetfile.MaxBatchRows
			end := min(to, first+parquetfile.MaxBatchRows)
			rows, err := cache.of(f, column, group)
			if err != nil {
				failed(fmt.Errorf("table %s: %w", f.schema.Name, err))
				return table.Nulls(f.schema.Columns[column].Type, n)
			}
			parts = append(parts, array.NewSlice(rows, int64(from-first), int64(end-first)))
			from = end
		}
		if len(parts) == 0 {
			return table.Nulls(f.schema.Columns[column].Type, 0)
		}
		return table.Joined(parts)
	})
}
