package parquetfile

import (
	"fmt"
	"io"
	"iter"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// MaxBatchRows is the largest number of rows of a record that Batches yields.
const MaxBatchRows = 128 << 10

// ReadOptions say what of a file Batches yields.
type ReadOptions struct {
	// DictionaryStrings yields columns of strings as arrow.Dictionary with int32
	// indexes, so that a caller translates each string once and not each row.
	// The dictionary may hold strings twice and strings that no row has. It may
	// differ from record to record; as long as it does not,
	// array.Dictionary.Dictionary().Data() is the same pointer.
	DictionaryStrings bool

	// Coded are columns of fixed width, other than truth values, that are yielded
	// likewise where they are so in the file: in a record all rows are codes of one
	// dictionary, or none is a code. The codes of nulls have no meaning.
	Coded []string

	// Reuse is how many records the caller has in hand at once: a record may then have
	// the memory of the one that came so many before it. 0: none has that of another.
	Reuse int

	// BatchRows is the largest number of rows of a record; 0 for MaxBatchRows.
	BatchRows int

	// RowGroups are the row groups to read, by number, in this order; nil for
	// all. Batches panics if there is no such row group.
	RowGroups []int
}

// Batches yields the named columns in the given order, in records of at most
// BatchRows rows of one row group. Types and nullability are those of
// Schema, but for DictionaryStrings and Coded. A NaN is read as null; timestamps finer
// than a microsecond are rounded down.
//
// A record is valid until the next one is asked for, unless it is retained. An
// error is the last thing yielded: an *Error that wraps ErrNoColumn,
// ErrColumnType, ErrDamaged, ErrLimit or ErrValue, or what the reader of the
// file returned. Sizes and counts of all pages of these columns are checked
// before the first record.
//
// Calls may run at the same time, for instance one for each row group.
func (f *File) Batches(columns []string, options ReadOptions) iter.Seq2[arrow.Record, error] {
	groups := options.RowGroups
	if groups == nil {
		groups = allRowGroups(f)
	}
	for _, g := range groups {
		if g < 0 || g >= len(f.rowGroups) {
			panic(fmt.Sprintf("parquetfile: no row group %d among %d", g, len(f.rowGroups)))
		}
	}
	return func(yield func(arrow.Record, error) bool) {
		b, err := f.newBatchReader(columns, groups, options)
		if err != nil {
			yield(nil, err)
			return
		}
		defer b.codecs.close()
		for _, g := range groups {
			b.open(g)
			for b.rows > 0 {
				record, err := b.next()
				if err != nil {
					yield(nil, err)
					return
				}
				more := yield(record, nil)
				record.Release()
				if !more {
					return
				}
			}
		}
	}
}

func allRowGroups(f *File) []int {
	groups := make([]int, len(f.rowGroups))
	for i := range groups {
		groups[i] = i
	}
	return groups
}

// A batchReader reads some columns of one row group after another.
type batchReader struct {
	file    *File
	columns []*column
	readers []columnReader
	schema  *arrow.Schema
	codecs  codecs
	budget  int64 // bytes of text still allowed

	most     int64 // rows of a record
	rowGroup int
	rows     int64         // left in the row group
	pending  []arrow.Array // rows read of each column and not yet in a record
}

func (f *File) newBatchReader(names []string, groups []int, options ReadOptions) (*batchReader, error) {
	b := &batchReader{file: f, budget: f.limits.MaxBytes, most: MaxBatchRows}
	if options.BatchRows > 0 {
		b.most = int64(options.BatchRows)
	}
	if len(names) == 0 {
		return nil, f.errorAt(-1, "", fault(ErrNoColumn, "none asked for"))
	}
	var fields []arrow.Field
	for _, name := range names {
		c, err := f.column(name)
		if err != nil {
			return nil, f.errorAt(-1, name, err)
		}
		field := c.field()
		if options.DictionaryStrings && c.kind == kindString {
			field.Type = codedString
		}
		fields = append(fields, field)
		b.columns = append(b.columns, c)
		pages := pageReader{reader: f.reader, limits: f.limits, codecs: &b.codecs}
		b.readers = append(b.readers, newColumnReader(c, pages, options, slices.Contains(options.Coded, name)))
	}
	b.schema = arrow.NewSchema(fields, nil)
	b.pending = make([]arrow.Array, len(names))
	return b, b.walk(groups)
}

func (f *File) column(name string) (*column, error) {
	for i := range f.columns {
		if c := &f.columns[i]; c.name == name {
			if c.reason != "" {
				return nil, fault(ErrColumnType, "%s", c.reason)
			}
			return c, nil
		}
	}
	return nil, fault(ErrNoColumn, "the file has %d others", len(f.columns))
}

// walk checks the page headers of all chunks that are going to be read.
func (b *batchReader) walk(groups []int) error {
	f := b.file
	pages := pageReader{reader: f.reader, limits: f.limits}
	compressed, total := int64(0), int64(0)
	for _, g := range groups {
		for _, c := range b.columns {
			chunk := f.rowGroups[g].chunks[c.firstLeaf]
			if chunk.encrypted {
				return f.errorAt(g, c.name, fault(ErrColumnType, "it is encrypted"))
			}
			pages.open(chunk)
			size := int64(0)
			err := guarded(func() (err error) {
				size, err = pages.walk()
				return err
			})
			if err != nil {
				return f.errorAt(g, c.name, err)
			}
			compressed += chunk.end - chunk.start
			total += size
			if total > f.limits.MaxBytes {
				return f.errorAt(g, c.name, fault(ErrLimit, "pages of more than %d bytes (limits.parquet_bytes)", f.limits.MaxBytes))
			}
		}
	}
	if total > freeTotalBytes && total/f.limits.MaxRatio > compressed {
		return f.errorAt(-1, "", fault(ErrLimit, "pages of %d bytes from %d, allowed is a ratio of %d", total, compressed, f.limits.MaxRatio))
	}
	return nil
}

func (b *batchReader) open(rowGroup int) {
	b.rowGroup, b.rows = rowGroup, b.file.rowGroups[rowGroup].rows
	for i, r := range b.readers {
		r.open(b.file.rowGroups[rowGroup].chunks[b.columns[i].firstLeaf])
	}
}

// next returns the next record of the row group. A column that stopped short, for
// having much text or being coded no longer, makes the record short and the others
// wait.
func (b *batchReader) next() (arrow.Record, error) {
	n := int(min(b.rows, b.most))
	if err := b.read(n); err != nil {
		return nil, err
	}
	for _, a := range b.pending {
		n = min(n, a.Len())
	}
	arrays := make([]arrow.Array, len(b.pending))
	for i, a := range b.pending {
		if arrays[i], b.pending[i] = a, nil; a.Len() > n {
			arrays[i] = array.NewSlice(a, 0, int64(n))
			b.pending[i] = array.NewSlice(a, int64(n), int64(a.Len()))
			a.Release()
		}
	}
	b.rows -= int64(n)
	b.schema = retyped(b.schema, arrays)
	record := array.NewRecord(b.schema, arrays, int64(n))
	for _, a := range arrays {
		a.Release()
	}
	return record, nil
}

// parallelRows is how many rows make it worth while to read columns on several cores.
const parallelRows = 4 << 10

// read fills pending with at most n rows of each column. Of several columns that
// fail, the first is told of.
func (b *batchReader) read(n int) error {
	var missing []int
	for i, a := range b.pending {
		if a == nil {
			missing = append(missing, i)
		}
	}
	errs := make([]error, len(b.pending))
	one := func(i int) {
		errs[i] = guarded(func() (err error) {
			b.pending[i], err = b.readers[i].read(n)
			return err
		})
	}
	if threads := min(len(missing), runtime.GOMAXPROCS(0)); threads > 1 && n >= parallelRows {
		var readers sync.WaitGroup
		var next atomic.Int64
		for range threads {
			readers.Go(func() {
				for k := int(next.Add(1)) - 1; k < len(missing); k = int(next.Add(1)) - 1 {
					one(missing[k])
				}
			})
		}
		readers.Wait()
	} else {
		for _, i := range missing {
			one(i)
		}
	}
	for _, i := range missing {
		err := errs[i]
		if err == io.EOF {
			err = damaged("chunk ends before its row group")
		}
		if text, ok := b.pending[i].(*array.String); ok && err == nil {
			if b.budget -= int64(len(text.ValueBytes())); b.budget < 0 {
				err = fault(ErrLimit, "more bytes of text than allowed")
			}
		}
		if err != nil {
			return b.file.errorAt(b.rowGroup, b.columns[i].name, err)
		}
	}
	return nil
}

// retyped returns the schema with the types of the columns: one may be coded in a
// record and not in the next.
func retyped(schema *arrow.Schema, columns []arrow.Array) *arrow.Schema {
	for i, c := range columns {
		if t := c.DataType(); !arrow.TypeEqual(schema.Field(i).Type, t) {
			fields := slices.Clone(schema.Fields())
			fields[i].Type = t
			schema = arrow.NewSchema(fields, nil)
		}
	}
	return schema
}
