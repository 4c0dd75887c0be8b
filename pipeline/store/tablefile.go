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
			to := min(from+parquetfile.MaxBatchRows, rows)
			if !yield(held.NewSlice(int64(from), int64(to)), nil) {
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
	// Row groups are read on all cores, which take turns.
	threads := runtime.GOMAXPROCS(0)
	turns := make([][]int, threads)
	for g := range f.file.NumRowGroups() {
		turns[g%threads] = append(turns[g%threads], g)
	}
	errs := make([]error, threads)
	var readers sync.WaitGroup
	for i, groups := range turns {
		readers.Go(func() { errs[i] = f.compare(ctx, groups) })
	}
	readers.Wait()
	return errors.Join(errs...)
}

// compare reads row groups, of which all but the last of the file are full, and
// compares them.
func (f *tableFile) compare(ctx context.Context, groups []int) error {
	if len(groups) == 0 {
		return nil
	}
	var read sums
	for batch, err := range f.file.Batches(f.names, parquetfile.ReadOptions{DictionaryStrings: true, Reuse: true, RowGroups: groups}) {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		read.add(batch)
	}
	if len(read.groups) != len(groups) {
		return fmt.Errorf("%d rows are read in %d row groups", read.rows, len(groups))
	}
	for k, group := range groups {
		for i, name := range f.names {
			if read.groups[k][i] != f.sums.groups[group][i] {
				first := group * parquetfile.MaxBatchRows
				return fmt.Errorf("column %s, row %d or one after it: read back other than written", name, first)
			}
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
