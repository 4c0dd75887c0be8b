package parquetfile

import (
	"cmp"
	"fmt"
	"io"
	"iter"
	"slices"
	"sync"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/parquet-go/parquet-go"
)

const (
	createdBy = "hardship"

	// pageRows is the number of rows of a page. Counting rows and not bytes
	// keeps the bytes of a file independent of how its rows came in batches.
	pageRows = 16 << 10

	// pageBytes is a size that no page of pageRows rows reaches before it is
	// encoded, at 17 bytes a row: parquet-go would end the page there.
	pageBytes = 20 * pageRows
)

// Options say how Write writes. The zero value will do.
type Options struct {
	Metadata       map[string]string // key-value metadata of the file
	SortingColumns []string          // the rows are sorted by these, ascending, nulls last
	RowGroupRows   int               // rows of a row group; 0 means MaxBatchRows
	Threads        int               // columns encoded at the same time; 0 means 1
}

// Write writes one table. The fields of the schema are of the types bool,
// int32, int64, float64, string, date32 and timestamp[us, UTC]. Each record
// must have these fields, where an int32 dictionary of strings may stand for a
// string; it is not used once the next is asked for.
//
// Pages have checksums and are compressed with zstd at level 3; the file has
// column and page indexes. The same rows and options give the same bytes,
// however the rows are divided into records and whatever the Threads.
//
// A NaN, a null in a field that is not nullable, and text that is not UTF-8 are
// an *Error that wraps ErrValue; another type is ErrColumnType. An error of
// batches or of w is returned as it is, or wrapped. After an error what has
// been written is not a Parquet file.
func Write(w io.Writer, schema *arrow.Schema, batches iter.Seq2[arrow.Record, error], options Options) error {
	out := &firstErrorWriter{w: w}
	t, err := newTableWriter(out, schema, options)
	if err != nil {
		return err
	}
	for record, err := range batches {
		if err != nil {
			return err
		}
		if err := t.write(record); err != nil {
			return cmp.Or(out.err, err)
		}
	}
	err = t.close()
	return cmp.Or(out.err, err)
}

// A firstErrorWriter keeps the first error of w and then refuses to go on.
// parquet-go forgets it: after a failed Close, its Write returns nil.
type firstErrorWriter struct {
	w   io.Writer
	err error
}

func (w *firstErrorWriter) Write(b []byte) (int, error) {
	if w.err != nil {
		return 0, w.err
	}
	n, err := w.w.Write(b)
	if err == nil && n != len(b) {
		err = io.ErrShortWrite
	}
	w.err = err
	return n, err
}

type tableWriter struct {
	schema *arrow.Schema
	//lint:ignore SA1019 the writer that replaces it takes rows of Go structs; ours are columns
	writer       *parquet.Writer
	rowGroupRows int
	threads      int
	rowGroup     int
	rows         int // of the present row group
}

func newTableWriter(w io.Writer, schema *arrow.Schema, options Options) (*tableWriter, error) {
	root, err := parquetSchema(schema)
	if err != nil {
		return nil, err
	}
	if options.RowGroupRows < 0 || options.Threads < 0 {
		return nil, fmt.Errorf("row groups of %d rows on %d threads", options.RowGroupRows, options.Threads)
	}
	var sorting []parquet.SortingColumn
	for _, name := range options.SortingColumns {
		if !schema.HasField(name) {
			return nil, &Error{RowGroup: -1, Column: name, Err: fault(ErrNoColumn, "to sort by")}
		}
		sorting = append(sorting, parquet.Ascending(name))
	}
	config, err := parquet.NewWriterConfig(
		root,
		&parquet.WriterConfig{CreatedBy: createdBy, KeyValueMetadata: options.Metadata},
		parquet.Compression(&parquet.Zstd), // of level 3
		parquet.DataPageVersion(1),         // which every reader knows
		parquet.DataPageStatistics(false),  // they are in the column index
		parquet.PageBufferSize(pageBytes),
		parquet.SortingWriterConfig(parquet.SortingColumns(sorting...)),
	)
	if err != nil {
		return nil, err
	}
	return &tableWriter{
		schema:       schema,
		writer:       parquet.NewWriter(w, config),
		rowGroupRows: cmp.Or(options.RowGroupRows, MaxBatchRows),
		threads:      cmp.Or(options.Threads, 1),
	}, nil
}

// write writes the rows of a record, ending row groups where they are full.
func (t *tableWriter) write(record arrow.Record) error {
	if err := t.checkFields(record.Schema()); err != nil {
		return err
	}
	for from := 0; from < int(record.NumRows()); {
		to := min(int(record.NumRows()), from+t.rowGroupRows-t.rows, from+pageRows-t.rows%pageRows)
		if err := t.writeRows(record, from, to); err != nil {
			return err
		}
		t.rows += to - from
		from = to
		if t.rows == t.rowGroupRows {
			if err := t.endRowGroup(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *tableWriter) checkFields(schema *arrow.Schema) error {
	if schema.NumFields() != t.schema.NumFields() {
		return fmt.Errorf("record of %d fields in a table of %d", schema.NumFields(), t.schema.NumFields())
	}
	for i, want := range t.schema.Fields() {
		if got := schema.Field(i); got.Name != want.Name || !arrow.TypeEqual(writtenType(got.Type), writtenType(want.Type)) {
			return fmt.Errorf("record has %q of type %s where the table has %q of type %s", got.Name, got.Type, want.Name, want.Type)
		}
	}
	return nil
}

// writtenType returns the type as which values of t are written.
func writtenType(t arrow.DataType) arrow.DataType {
	if arrow.TypeEqual(t, codedString) {
		return arrow.BinaryTypes.String
	}
	return t
}

// writeRows writes the rows [from, to) of a record, which are of one page.
func (t *tableWriter) writeRows(record arrow.Record, from, to int) error {
	errs := make([]error, record.NumCols())
	share := func(first int) {
		values := make([]parquet.Value, 512)
		for i := first; i < len(errs); i += t.threads {
			errs[i] = guardedWrite(func() error {
				return t.writeColumn(i, record.Column(i), from, to, values)
			})
		}
	}
	var wait sync.WaitGroup
	for i := 1; i < t.threads; i++ {
		wait.Go(func() { share(i) })
	}
	share(0)
	wait.Wait()
	for i, err := range errs {
		if err != nil {
			return &Error{RowGroup: t.rowGroup, Column: t.schema.Field(i).Name, Err: err}
		}
	}
	return nil
}

// writeColumn writes the rows [from, to) of column i, a part of them at a time
// in values, and ends the page if that fills it.
func (t *tableWriter) writeColumn(i int, column arrow.Array, from, to int, values []parquet.Value) error {
	writer := t.writer.ColumnWriters()[i]
	fills := (t.rows+to-from)%pageRows == 0
	for from < to {
		part := values[:min(len(values), to-from)]
		if err := setValues(part, column, from); err != nil {
			return err
		}
		if err := setLevels(part, column, from, t.schema.Field(i).Nullable); err != nil {
			return err
		}
		if _, err := writer.WriteRowValues(part); err != nil {
			return err
		}
		from += len(part)
	}
	if fills {
		return writer.Flush()
	}
	return nil
}

func (t *tableWriter) endRowGroup() error {
	err := guardedWrite(t.writer.Flush)
	t.rows = 0
	t.rowGroup++
	return err
}

func (t *tableWriter) close() error {
	return guardedWrite(t.writer.Close)
}

// guardedWrite turns a panic of parquet-go into an error.
func guardedWrite(f func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("writer gave up: %v", cause)
		}
	}()
	return f()
}

// setValues fills dst with the rows of column from the given one on. Where the
// row is null, it leaves any value.
func setValues(dst []parquet.Value, column arrow.Array, from int) error {
	to := from + len(dst)
	switch a := column.(type) {
	case *array.Boolean:
		for i := range dst {
			dst[i] = parquet.BooleanValue(a.Value(from + i))
		}
	case *array.Int32:
		for i, v := range a.Int32Values()[from:to] {
			dst[i] = parquet.Int32Value(v)
		}
	case *array.Int64:
		for i, v := range a.Int64Values()[from:to] {
			dst[i] = parquet.Int64Value(v)
		}
	case *array.Float64:
		for i, v := range a.Float64Values()[from:to] {
			if v != v && a.IsValid(from+i) {
				return fault(ErrValue, "NaN in row %d of a record: files have nulls", from+i)
			}
			dst[i] = parquet.DoubleValue(v)
		}
	case *array.Date32:
		for i, v := range a.Date32Values()[from:to] {
			dst[i] = parquet.Int32Value(int32(v))
		}
	case *array.Timestamp:
		for i, v := range a.TimestampValues()[from:to] {
			dst[i] = parquet.Int64Value(int64(v))
		}
	case *array.String:
		return setTexts(dst, a, func(i int) int { return from + i })
	case *array.Dictionary:
		texts, ok := a.Dictionary().(*array.String)
		if !ok {
			return fault(ErrColumnType, "dictionary of %s", a.Dictionary().DataType())
		}
		return setTexts(dst, texts, func(i int) int {
			if a.IsNull(from + i) {
				return -1
			}
			return a.GetValueIndex(from + i)
		})
	default:
		return fault(ErrColumnType, "%s cannot be written", column.DataType())
	}
	return nil
}

// setTexts fills dst with the values of a at the positions that at gives; -1
// is none.
func setTexts(dst []parquet.Value, a *array.String, at func(int) int) error {
	if a.Len() == 0 {
		return nil // all nulls; an empty array may lack even its first offset
	}
	bytes, start := a.ValueBytes(), a.ValueOffset(0)
	for i := range dst {
		row := at(i)
		if row < 0 || a.IsNull(row) {
			continue
		}
		text := bytes[a.ValueOffset(row)-start : a.ValueOffset(row+1)-start]
		if !utf8.Valid(text) {
			return fault(ErrValue, "text %q is not UTF-8", cut(text, 40))
		}
		dst[i] = parquet.ByteArrayValue(text)
	}
	return nil
}

// setLevels makes nulls of the null rows and marks the others as present. That
// is decided by the bitmap alone, so that an observed 0 is never taken for a
// null.
func setLevels(dst []parquet.Value, column arrow.Array, from int, nullable bool) error {
	bitmap, bit := column.NullBitmapBytes(), column.Data().Offset()+from
	if column.NullN() == 0 {
		bitmap = nil
	}
	for i := range dst {
		isNull := bitmap != nil && bitmap[(bit+i)>>3]>>((bit+i)&7)&1 == 0
		switch {
		case isNull && !nullable:
			return fault(ErrValue, "null in row %d of a record, in a field that has none", from+i)
		case isNull:
			dst[i] = parquet.NullValue()
		case nullable:
			dst[i] = dst[i].Level(0, 1, 0)
		}
	}
	return nil
}

// parquetSchema returns the schema of a table of these fields.
func parquetSchema(schema *arrow.Schema) (*parquet.Schema, error) {
	var root orderedGroup
	for i, field := range schema.Fields() {
		node := parquetNode(field.Type)
		problem := ""
		switch {
		case node == nil:
			problem = fmt.Sprintf("%s cannot be written", field.Type)
		case field.Name == "" || !utf8.ValidString(field.Name):
			problem = fmt.Sprintf("%q is no name", field.Name)
		case slices.ContainsFunc(schema.Fields()[:i], func(f arrow.Field) bool { return f.Name == field.Name }):
			problem = "its name is used twice"
		}
		if problem != "" {
			return nil, &Error{RowGroup: -1, Column: field.Name, Err: fault(ErrColumnType, "%s", problem)}
		}
		if field.Nullable {
			node = parquet.Optional(node)
		}
		root.fields = append(root.fields, parquet.Group{field.Name: node}.Fields()...)
	}
	if len(root.fields) == 0 {
		return nil, fault(ErrNoColumn, "a table needs one")
	}
	return parquet.NewSchema("schema", root), nil
}

// parquetNode returns nil for a type that is not written.
func parquetNode(t arrow.DataType) parquet.Node {
	switch t = writtenType(t); {
	case arrow.TypeEqual(t, arrow.FixedWidthTypes.Boolean):
		return parquet.Leaf(parquet.BooleanType)
	case arrow.TypeEqual(t, arrow.PrimitiveTypes.Int32):
		return parquet.Int(32)
	case arrow.TypeEqual(t, arrow.PrimitiveTypes.Int64):
		return parquet.Int(64)
	case arrow.TypeEqual(t, arrow.PrimitiveTypes.Float64):
		return parquet.Leaf(parquet.DoubleType)
	case arrow.TypeEqual(t, arrow.BinaryTypes.String):
		return parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
	case arrow.TypeEqual(t, arrow.FixedWidthTypes.Date32):
		return parquet.Date()
	case arrow.TypeEqual(t, timestampUTC):
		return parquet.Timestamp(parquet.Microsecond)
	}
	return nil
}

// An orderedGroup is the root of a schema whose fields keep their order.
// parquet.Group, a map, sorts them by name.
type orderedGroup struct {
	parquet.Group
	fields []parquet.Field
}

func (g orderedGroup) Fields() []parquet.Field { return g.fields }
