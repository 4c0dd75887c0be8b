package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"os"
	"runtime"
	"sync"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/bitutil"

	"hardship/pipeline/parquetfile"
	"hardship/pipeline/table"
)

const tableExtension = ".parquet"

func tablePath(name string) string { return "tables/" + name + tableExtension }

// ReadTable reads a published table. The file must have every column of the
// schema, with its type; columns that a later version has added are left out.
//
// Errors of the file's contents are those of parquetfile.Open and Batches.
func ReadTable(path string, schema *table.Schema) (*table.Table, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	file, err := parquetfile.Open(f, info.Size(), path, parquetfile.Limits{})
	if err != nil {
		return nil, err
	}
	names, err := columnNames(file, path, schema)
	if err != nil {
		return nil, err
	}
	var parts []*table.Table
	for batch, err := range file.Batches(names, parquetfile.ReadOptions{}) {
		if err != nil {
			return nil, err
		}
		for i, c := range schema.Columns {
			if !c.Null && batch.Column(i).NullN() > 0 {
				return nil, fmt.Errorf("%s: column %s holds a null", path, c.Name)
			}
		}
		parts = append(parts, table.New(schema, array.NewRecord(schema.Arrow(), batch.Columns(), batch.NumRows())))
	}
	return table.Concat(schema, parts), nil
}

// columnNames returns the names of the schema's columns once the file has been
// found to have them.
func columnNames(file *parquetfile.File, path string, schema *table.Schema) ([]string, error) {
	names := make([]string, len(schema.Columns))
	for i, c := range schema.Columns {
		names[i] = c.Name
		found, _ := file.Schema().FieldsByName(c.Name)
		if len(found) == 0 {
			return nil, fmt.Errorf("%s: no column %s", path, c.Name)
		}
		if !arrow.TypeEqual(found[0].Type, c.Type.Arrow()) {
			return nil, fmt.Errorf("%s: column %s is %s, not %s", path, c.Name, found[0].Type, c.Type)
		}
	}
	return names, nil
}

// writeTable writes a sorted table, reads it back and compares every cell.
func (w *runWriter) writeTable(ctx context.Context, t *table.Table, inputs string) (Output, error) {
	if err := checkFinite(t); err != nil {
		return Output{}, err
	}
	output, err := w.create(tablePath(t.Schema.Name), func(f io.Writer) error {
		return parquetfile.Write(f, t.Schema.Arrow(), batches(ctx, t), parquetfile.Options{
			Metadata:       metadata(t.Schema, inputs),
			SortingColumns: sortingColumns(t.Schema),
			Threads:        runtime.GOMAXPROCS(0),
		})
	})
	if err != nil {
		return Output{}, err
	}
	rows := int64(t.Rows())
	output.Rows = &rows
	w.outputs = append(w.outputs, output)
	return output, w.readBack(ctx, output, t)
}

// readBack compares a file that has been written with the table it is of.
func (w *runWriter) readBack(ctx context.Context, output Output, t *table.Table) error {
	f, err := w.root.folder.Open(temporaryRun + "/" + output.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	file, err := parquetfile.Open(f, output.Bytes, output.Path, parquetfile.Limits{})
	if err != nil {
		return err
	}
	names, err := columnNames(file, output.Path, t.Schema)
	if err != nil {
		return err
	}
	if file.NumRows() != *output.Rows {
		return fmt.Errorf("%d rows were written and %d read back", *output.Rows, file.NumRows())
	}
	// Row groups are read on all cores; each begins where those before it end.
	groups := file.NumRowGroups()
	errs := make([]error, groups)
	next := make(chan int)
	var readers sync.WaitGroup
	for range min(groups, runtime.GOMAXPROCS(0)) {
		readers.Go(func() {
			for g := range next {
				errs[g] = compareRowGroup(ctx, file, names, g, t)
			}
		})
	}
	for g := range groups {
		next <- g
	}
	close(next)
	readers.Wait()
	return errors.Join(errs...)
}

// compareRowGroup reads a row group and compares every cell.
func compareRowGroup(ctx context.Context, file *parquetfile.File, names []string, group int, t *table.Table) error {
	row := group * parquetfile.MaxBatchRows
	written := t.Held()
	for batch, err := range file.Batches(names, parquetfile.ReadOptions{DictionaryStrings: true, RowGroups: []int{group}}) {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		next := row + int(batch.NumRows())
		for i := range names {
			if next > t.Rows() || !sameColumn(written.Column(i), row, batch.Column(i)) {
				return fmt.Errorf("rows %d to %d were read back other than written", row, next-1)
			}
		}
		row = next
	}
	return nil
}

// sameColumn reports whether the rows of a column from the given one on are those
// that were read: the same are null, and the others are the same bit for bit.
func sameColumn(written arrow.Array, from int, read arrow.Array) bool {
	rows := read.Len()
	w, r := written.Data(), read.Data()
	first := w.Offset() + from
	if written.NullN() > 0 || read.NullN() > 0 {
		left, right := written.NullBitmapBytes(), read.NullBitmapBytes()
		if left == nil || right == nil { // one has no null at all
			if nullsIn(written, from, rows)+read.NullN() > 0 {
				return false
			}
		} else if !bitutil.BitmapEquals(left, right, int64(first), int64(r.Offset()), int64(rows)) {
			return false
		}
	}
	if read.NullN() == rows {
		return true
	}
	valid := func(i int) bool { return read.NullN() == 0 || read.IsValid(i) }
	switch w := written.(type) {
	case *array.Boolean:
		if bitutil.BitmapEquals(w.Data().Buffers()[1].Bytes(), r.Buffers()[1].Bytes(), int64(first), int64(r.Offset()), int64(rows)) {
			return true
		}
		return same(rows, valid, func(i int) bool { return w.Value(from + i) }, read.(*array.Boolean).Value)
	case *array.String:
		return same(rows, valid, func(i int) string { return w.Value(from + i) }, textsOf(read))
	case *array.Dictionary:
		return sameCodes(w, from, read.(*array.Dictionary), valid)
	}
	fixed, ok := written.DataType().(arrow.FixedWidthDataType)
	if !ok || !arrow.TypeEqual(written.DataType(), read.DataType()) {
		return false
	}
	width := fixed.Bytes()
	left := w.Buffers()[1].Bytes()[first*width:][:rows*width]
	right := r.Buffers()[1].Bytes()[r.Offset()*width:][:rows*width]
	if bytes.Equal(left, right) {
		return true
	}
	for i := range rows { // what lies under a null need not be the same
		if valid(i) && !bytes.Equal(left[i*width:][:width], right[i*width:][:width]) {
			return false
		}
	}
	return true
}

// nullsIn counts the nulls among so many rows of a column.
func nullsIn(a arrow.Array, from, rows int) int {
	if a.NullN() == 0 {
		return 0
	}
	return rows - bitutil.CountSetBits(a.NullBitmapBytes(), a.Data().Offset()+from, rows)
}

func same[T comparable](rows int, valid func(int) bool, written, read func(int) T) bool {
	for i := range rows {
		if valid(i) && written(i) != read(i) {
			return false
		}
	}
	return true
}

// sameCodes compares the texts of coded columns, each pair of codes once.
func sameCodes(written *array.Dictionary, from int, read *array.Dictionary, valid func(int) bool) bool {
	left, right := written.Dictionary().(*array.String), read.Dictionary().(*array.String)
	codes := written.Indices().(*array.Int32).Int32Values()[from:]
	seen := make([]int32, right.Len()) // code that is known to be of the same text, and 1
	for i, code := range read.Indices().(*array.Int32).Int32Values() {
		if !valid(i) || seen[code] == codes[i]+1 {
			continue
		}
		if right.Value(int(code)) != left.Value(int(codes[i])) {
			return false
		}
		seen[code] = codes[i] + 1
	}
	return true
}

// textsOf returns the text of each row of a coded column.
func textsOf(a arrow.Array) func(row int) string {
	d := a.(*array.Dictionary)
	texts, codes := d.Dictionary().(*array.String), d.Indices().(*array.Int32).Int32Values()
	return func(row int) string { return texts.Value(int(codes[row])) }
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

// checkFinite refuses infinities; NaN and nulls in the wrong place are refused
// where they are written.
func checkFinite(t *table.Table) error {
	for _, c := range t.Schema.Columns {
		if c.Type != table.Float64 {
			continue
		}
		values := t.Float64(c.Name)
		for row, v := range values.Float64Values() {
			if math.IsInf(v, 0) && values.IsValid(row) {
				return fmt.Errorf("row %d: %s is infinite", row, c.Name)
			}
		}
	}
	return nil
}

// metadata returns what a file says about itself and its columns.
func metadata(s *table.Schema, inputs string) map[string]string {
	m := map[string]string{
		"hardship.schema_version": SchemaVersion,
		"hardship.inputs":         inputs,
		"table.description":       s.Description,
	}
	for _, c := range s.Columns {
		key := "column." + c.Name + "."
		m[key+"description"] = c.Description
		if c.Unit != "" {
			m[key+"unit"] = c.Unit
		}
		if c.Definition != "" {
			m[key+"definition"] = c.Definition
		}
	}
	return m
}

// sortingColumns returns the key, or nil if it may hold a null: tables sort
// nulls first, and the declaration in the file means last.
func sortingColumns(s *table.Schema) []string {
	for _, name := range s.Key {
		if c, _ := s.Column(name); c.Null {
			return nil
		}
	}
	return s.Key
}
