package parquetfile

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

const (
	createdBy = "hardship"

	// pageRows is the number of rows of a page. Counting rows and not bytes
	// keeps the bytes of a file independent of how its rows came in batches.
	pageRows = 16 << 10

	// windowBytes is how far back a page is looked through for repeats: all of
	// one of numbers.
	windowBytes = 16 * pageRows
)

// Options say how Write writes. The zero value will do.
type Options struct {
	Metadata       map[string]string // key-value metadata of the file
	SortingColumns []string          // the rows are sorted by these, ascending, nulls last
	RowGroupRows   int               // rows of a row group; 0 means MaxBatchRows
	Threads        int               // columns encoded at the same time; 0 means 1
	Fast           bool              // compress in half the time, to a file about a seventh larger
}

// Write writes one table. The fields of the schema are of the types bool,
// int32, int64, float64, string, date32 and timestamp[us, UTC]. Each record
// must have these fields, where an int32 dictionary of strings may stand for a
// string; it is not used once the next is asked for.
//
// Pages have checksums and are compressed with zstd at level 3, or 1 where it is to be
// fast; texts have a dictionary, as have numbers that are few. The file has column and
// page indexes.
// The same rows and options give the same bytes, however the rows are divided
// into records and whatever the Threads.
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
	out          *firstErrorWriter
	offset       int64 // bytes written
	schema       *arrow.Schema
	checked      *arrow.Schema // of the last record, which fits
	options      Options
	rowGroupRows int
	threads      int
	columns      []*columnWriter
	rowGroup     int
	rows         int // of the present row group
	written      int64
	footer       *format.FileMetaData
	columnIndex  []format.ColumnIndex // of every chunk, as are
	offsetIndex  []format.OffsetIndex
}

func newTableWriter(w *firstErrorWriter, schema *arrow.Schema, options Options) (*tableWriter, error) {
	elements, err := schemaElements(schema)
	if err != nil {
		return nil, err
	}
	if options.RowGroupRows < 0 || options.Threads < 0 {
		return nil, fmt.Errorf("row groups of %d rows on %d threads", options.RowGroupRows, options.Threads)
	}
	for _, name := range options.SortingColumns {
		if !schema.HasField(name) {
			return nil, &Error{RowGroup: -1, Column: name, Err: fault(ErrNoColumn, "to sort by")}
		}
	}
	t := &tableWriter{
		out: w, schema: schema, options: options,
		rowGroupRows: cmp.Or(options.RowGroupRows, MaxBatchRows),
		threads:      max(1, options.Threads),
		footer:       &format.FileMetaData{Version: 2, Schema: elements, CreatedBy: createdBy},
	}
	coded, plain, err := newEncoders(t.threads, options.Fast)
	if err != nil {
		return nil, err
	}
	for i, field := range schema.Fields() {
		series := arrow.TypeEqual(field.Type, arrow.FixedWidthTypes.Date32) || arrow.TypeEqual(field.Type, timestampUTC)
		t.columns = append(t.columns, &columnWriter{nullable: field.Nullable, physical: elements[i+1].Type.V, series: series, zstd: coded, zstdPlain: plain})
		t.footer.ColumnOrders = append(t.footer.ColumnOrders, format.ColumnOrder{Value: new(format.TypeDefinedOrder)})
	}
	for _, key := range slices.Sorted(maps.Keys(options.Metadata)) {
		t.footer.KeyValueMetadata = append(t.footer.KeyValueMetadata, format.KeyValue{Key: key, Value: options.Metadata[key]})
	}
	return t, t.emit([]byte(Magic))
}

// newEncoders returns the encoders of pages: of codes, and of numbers as they are.
// Pages are compressed one by one, and each the same on any thread.
func newEncoders(threads int, fast bool) (coded, plain *zstd.Encoder, err error) {
	options := []zstd.EOption{
		zstd.WithEncoderConcurrency(threads), zstd.WithEncoderLevel(zstd.SpeedDefault),
		zstd.WithZeroFrames(true), zstd.WithEncoderCRC(false), zstd.WithWindowSize(windowBytes),
	}
	if !fast {
		coded, err = zstd.NewWriter(nil, options...)
		return coded, coded, err
	}
	options = append(options, zstd.WithEncoderLevel(zstd.SpeedFastest))
	if coded, err = zstd.NewWriter(nil, options...); err == nil {
		// What does not repeat in numbers are bytes of all kinds, which have no code
		// shorter than themselves: looking for it takes a quarter of the time.
		plain, err = zstd.NewWriter(nil, append(options, zstd.WithNoEntropyCompression(true))...)
	}
	return coded, plain, err
}

// emit writes bytes of the file.
func (t *tableWriter) emit(b []byte) error {
	n, err := t.out.Write(b)
	t.offset += int64(n)
	return err
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
	if schema == t.checked {
		return nil
	}
	if schema.NumFields() != t.schema.NumFields() {
		return fmt.Errorf("record of %d fields in a table of %d", schema.NumFields(), t.schema.NumFields())
	}
	for i, want := range t.schema.Fields() {
		if got := schema.Field(i); got.Name != want.Name || !arrow.TypeEqual(writtenType(got.Type), writtenType(want.Type)) {
			return fmt.Errorf("record has %q of type %s where the table has %q of type %s", got.Name, got.Type, want.Name, want.Type)
		}
	}
	t.checked = schema
	return nil
}

// writtenType returns the type as which values of t are written.
func writtenType(t arrow.DataType) arrow.DataType {
	if arrow.TypeEqual(t, codedString) {
		return arrow.BinaryTypes.String
	}
	return t
}

// writeRows writes the rows [from, to) of a record, which are of one page, and
// ends the page if they fill it.
func (t *tableWriter) writeRows(record arrow.Record, from, to int) error {
	fills := (t.rows+to-from)%pageRows == 0
	return t.eachColumn(func(i int) error {
		if err := t.columns[i].add(record.Column(i), from, to); err != nil || !fills {
			return err
		}
		return t.columns[i].endPage()
	})
}

// eachColumn calls f for every column, some of them at the same time.
func (t *tableWriter) eachColumn(f func(i int) error) error {
	errs := make([]error, len(t.columns))
	var next atomic.Int64
	work := func() {
		for i := int(next.Add(1)) - 1; i < len(errs); i = int(next.Add(1)) - 1 {
			errs[i] = f(i)
		}
	}
	var wait sync.WaitGroup
	for i := 1; i < t.threads; i++ {
		wait.Go(work)
	}
	work()
	wait.Wait()
	for i, err := range errs {
		if err != nil {
			return &Error{RowGroup: t.rowGroup, Column: t.schema.Field(i).Name, Err: err}
		}
	}
	return nil
}

// endRowGroup writes the pages of a row group, column by column.
func (t *tableWriter) endRowGroup() error {
	if t.rows == 0 {
		return nil
	}
	dictionaries := make([][]byte, len(t.columns))
	err := t.eachColumn(func(i int) (err error) {
		if err = t.columns[i].endPage(); err == nil {
			dictionaries[i], err = t.columns[i].dictionaryPage()
		}
		return err
	})
	if err != nil {
		return err
	}
	group := format.RowGroup{NumRows: int64(t.rows), FileOffset: t.offset, Ordinal: int16(t.rowGroup)}
	for _, name := range t.options.SortingColumns {
		group.SortingColumns = append(group.SortingColumns, format.SortingColumn{ColumnIdx: int32(t.schema.FieldIndices(name)[0])})
	}
	for i, c := range t.columns {
		meta, columnIndex, offsetIndex := c.describe(t.schema.Field(i).Name, t.offset, len(dictionaries[i]))
		group.Columns = append(group.Columns, format.ColumnChunk{MetaData: meta})
		group.TotalByteSize += meta.TotalUncompressedSize
		group.TotalCompressedSize += meta.TotalCompressedSize
		t.columnIndex, t.offsetIndex = append(t.columnIndex, columnIndex), append(t.offsetIndex, offsetIndex)
		if err := t.emit(dictionaries[i]); err != nil {
			return err
		}
		if err := t.emit(c.done); err != nil {
			return err
		}
		c.reset()
	}
	t.footer.RowGroups = append(t.footer.RowGroups, group)
	t.written += int64(t.rows)
	t.rows = 0
	t.rowGroup++
	return nil
}

// close writes the last row group, the indexes and the footer.
func (t *tableWriter) close() error {
	if err := t.endRowGroup(); err != nil {
		return err
	}
	chunk := func(i int) *format.ColumnChunk {
		return &t.footer.RowGroups[i/len(t.columns)].Columns[i%len(t.columns)]
	}
	for i := range t.columnIndex {
		encoded, err := thrift.Marshal(new(thrift.CompactProtocol), &t.columnIndex[i])
		if err != nil {
			return err
		}
		chunk(i).ColumnIndexOffset, chunk(i).ColumnIndexLength = t.offset, int32(len(encoded))
		if err := t.emit(encoded); err != nil {
			return err
		}
	}
	for i := range t.offsetIndex {
		encoded, err := thrift.Marshal(new(thrift.CompactProtocol), &t.offsetIndex[i])
		if err != nil {
			return err
		}
		chunk(i).OffsetIndexOffset, chunk(i).OffsetIndexLength = t.offset, int32(len(encoded))
		if err := t.emit(encoded); err != nil {
			return err
		}
	}
	t.footer.NumRows = t.written
	encoded, err := thrift.Marshal(new(thrift.CompactProtocol), t.footer)
	if err != nil {
		return err
	}
	encoded = append(binary.LittleEndian.AppendUint32(encoded, uint32(len(encoded))), Magic...)
	return t.emit(encoded)
}

// describe returns what the footer and the indexes say of a chunk that begins at
// an offset of the file with a dictionary page of the given size.
func (c *columnWriter) describe(name string, at int64, dictionary int) (format.ColumnMetaData, format.ColumnIndex, format.OffsetIndex) {
	meta := format.ColumnMetaData{
		Type: c.physical, Encoding: []format.Encoding{format.Plain}, PathInSchema: []string{name}, Codec: format.Zstd,
		TotalUncompressedSize: c.unpacked, TotalCompressedSize: int64(dictionary + len(c.done)), DataPageOffset: at + int64(dictionary),
	}
	if dictionary > 0 {
		meta.Encoding = append(meta.Encoding, format.RLEDictionary)
		meta.DictionaryPageOffset = at
	}
	if c.nullable {
		meta.Encoding = append(meta.Encoding, format.RLE)
	}
	var index format.ColumnIndex
	var offsets format.OffsetIndex
	rows := int64(0)
	ascending, descending := true, true
	var last *writtenPage // with a value
	for i := range c.pages {
		page := &c.pages[i]
		offsets.PageLocations = append(offsets.PageLocations, format.PageLocation{Offset: meta.DataPageOffset + int64(page.offset), CompressedPageSize: int32(page.size), FirstRowIndex: rows})
		index.NullPages = append(index.NullPages, page.least == nil)
		index.MinValues, index.MaxValues = append(index.MinValues, page.least), append(index.MaxValues, page.most)
		index.NullCounts = append(index.NullCounts, int64(page.nulls))
		meta.Statistics.NullCount += int64(page.nulls)
		rows += int64(page.rows)
		if page.least == nil {
			continue
		}
		if last != nil {
			least, most := c.compare(page.least, last.least), c.compare(page.most, last.most)
			ascending, descending = ascending && least >= 0 && most >= 0, descending && least <= 0 && most <= 0
		}
		last = page
		if meta.Statistics.MinValue == nil || c.compare(page.least, meta.Statistics.MinValue) < 0 {
			meta.Statistics.MinValue = page.least
		}
		if meta.Statistics.MaxValue == nil || c.compare(page.most, meta.Statistics.MaxValue) > 0 {
			meta.Statistics.MaxValue = page.most
		}
	}
	switch {
	case ascending:
		index.BoundaryOrder = format.Ascending
	case descending:
		index.BoundaryOrder = format.Descending
	}
	meta.NumValues = rows
	return meta, index, offsets
}

// schemaElements returns the root of a schema and its columns.
func schemaElements(schema *arrow.Schema) ([]format.SchemaElement, error) {
	elements := []format.SchemaElement{{Name: "schema", NumChildren: thrift.New(int32(schema.NumFields()))}}
	for i, field := range schema.Fields() {
		element, ok := schemaElement(field)
		problem := ""
		switch {
		case !ok:
			problem = fmt.Sprintf("%s cannot be written", field.Type)
		case field.Name == "" || !utf8.ValidString(field.Name):
			problem = fmt.Sprintf("%q is no name", field.Name)
		case slices.ContainsFunc(schema.Fields()[:i], func(f arrow.Field) bool { return f.Name == field.Name }):
			problem = "its name is used twice"
		}
		if problem != "" {
			return nil, &Error{RowGroup: -1, Column: field.Name, Err: fault(ErrColumnType, "%s", problem)}
		}
		elements = append(elements, element)
	}
	if schema.NumFields() == 0 {
		return nil, fault(ErrNoColumn, "a table needs one")
	}
	return elements, nil
}

// schemaElement returns what the footer says of a column; ok is false for a type
// that is not written.
func schemaElement(field arrow.Field) (e format.SchemaElement, ok bool) {
	e = format.SchemaElement{Name: field.Name, RepetitionType: thrift.New(format.Required)}
	if field.Nullable {
		e.RepetitionType = thrift.New(format.Optional)
	}
	is := func(physical format.Type, logical format.LogicalTypeValue, converted deprecated.ConvertedType) {
		e.Type = thrift.New(physical)
		if logical != nil {
			e.LogicalType.Value, e.ConvertedType = logical, thrift.New(converted)
		}
	}
	switch t := writtenType(field.Type); {
	case arrow.TypeEqual(t, arrow.FixedWidthTypes.Boolean):
		is(format.Boolean, nil, 0)
	case arrow.TypeEqual(t, arrow.PrimitiveTypes.Int32):
		is(format.Int32, &format.IntType{BitWidth: 32, IsSigned: true}, deprecated.Int32)
	case arrow.TypeEqual(t, arrow.PrimitiveTypes.Int64):
		is(format.Int64, &format.IntType{BitWidth: 64, IsSigned: true}, deprecated.Int64)
	case arrow.TypeEqual(t, arrow.PrimitiveTypes.Float64):
		is(format.Double, nil, 0)
	case arrow.TypeEqual(t, arrow.BinaryTypes.String):
		is(format.ByteArray, &format.StringType{}, deprecated.UTF8)
	case arrow.TypeEqual(t, arrow.FixedWidthTypes.Date32):
		is(format.Int32, &format.DateType{}, deprecated.Date)
	case arrow.TypeEqual(t, timestampUTC):
		is(format.Int64, &format.TimestampType{IsAdjustedToUTC: true, Unit: format.TimeUnit{Value: &format.MicroSeconds{}}}, deprecated.TimestampMicros)
	default:
		return e, false
	}
	return e, true
}
