package parquetfile

import (
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/parquet-go/parquet-go/format"
)

// A File is an open Parquet file. It is safe for use by several goroutines, as
// long as its reader is.
type File struct {
	reader     io.ReaderAt
	name       string
	limits     Limits
	rows       int64
	metadata   map[string]string
	columns    []column
	schema     *arrow.Schema
	unreadable []UnreadableColumn
	rowGroups  []rowGroup
}

// An UnreadableColumn is a column of the file that Batches cannot yield.
type UnreadableColumn struct {
	Name   string
	Reason string
}

type rowGroup struct {
	rows   int64
	chunks []chunk // one for each leaf of the schema
}

// A chunk is where the pages of one column of one row group lie. Its offsets
// have been checked.
type chunk struct {
	start, end int64
	values     int64 // nulls included
	codec      format.CompressionCodec
	encrypted  bool
	width      int // of values of fixed width that may be less than four bytes; 0 of others
}

const (
	Magic          = "PAR1" // how a Parquet file begins, and ends
	encryptedMagic = "PARE" // of a file whose footer is encrypted too
)

// Open reads the footer of a Parquet file of size bytes and checks it against
// the file and the limits. No page is read. name is used only in errors.
//
// Errors are *Error and wrap ErrDamaged, ErrLimit or, of an encrypted file,
// ErrColumnType, or what r returned.
func Open(r io.ReaderAt, size int64, name string, limits Limits) (*File, error) {
	f := &File{reader: r, name: name, limits: limits.orDefault()}
	if err := f.open(size); err != nil {
		return nil, f.errorAt(-1, "", err)
	}
	return f, nil
}

// errorAt adds the place to an error that has none yet.
func (f *File) errorAt(rowGroup int, column string, err error) error {
	if err == nil {
		return nil
	}
	var placed *Error
	if errors.As(err, &placed) {
		return err
	}
	return &Error{File: f.name, RowGroup: rowGroup, Column: column, Err: err}
}

func (f *File) open(size int64) error {
	if size < int64(len(Magic)+4+len(Magic)) {
		return damaged("%d bytes are too few for a Parquet file", size)
	}
	var head [4]byte
	var tail [8]byte
	if err := readFull(f.reader, head[:], 0); err != nil {
		return err
	}
	if err := readFull(f.reader, tail[:], size-int64(len(tail))); err != nil {
		return err
	}
	if string(head[:]) == encryptedMagic && string(tail[4:]) == encryptedMagic {
		return fault(ErrColumnType, "the file is encrypted")
	}
	if string(head[:]) != Magic || string(tail[4:]) != Magic {
		return damaged("starts with %q and ends with %q, not with %q", head, tail[4:], Magic)
	}
	length := int64(binary.LittleEndian.Uint32(tail[:4]))
	dataEnd := size - int64(len(tail)) - length
	if dataEnd < int64(len(Magic)) {
		return damaged("footer of %d bytes in a file of %d", length, size)
	}
	if length > f.limits.MaxFooterBytes {
		return fault(ErrLimit, "footer of %d bytes, allowed are %d", length, f.limits.MaxFooterBytes)
	}
	footer := make([]byte, length)
	if err := readFull(f.reader, footer, dataEnd); err != nil {
		return err
	}
	meta, err := readFooter(footer, f.limits)
	if err != nil {
		return err
	}
	if err := f.useSchema(meta.Schema); err != nil {
		return err
	}
	if err := f.useMetadata(meta.KeyValueMetadata); err != nil {
		return err
	}
	return f.useRowGroups(meta, dataEnd)
}

func (f *File) useMetadata(pairs []format.KeyValue) error {
	f.metadata = make(map[string]string, len(pairs))
	for _, kv := range pairs {
		if !utf8.ValidString(kv.Key) || !utf8.ValidString(kv.Value) {
			return damaged("metadata that is not UTF-8 under the key %q", kv.Key)
		}
		f.metadata[kv.Key] = kv.Value
	}
	return nil
}

// useRowGroups checks each chunk against the file, whose pages lie between the
// first magic number and dataEnd.
func (f *File) useRowGroups(meta *format.FileMetaData, dataEnd int64) error {
	leaves := make(map[int]*column, len(f.columns))
	numLeaves := 0
	for i := range f.columns {
		c := &f.columns[i]
		numLeaves += c.leaves
		if c.reason == "" {
			leaves[c.firstLeaf] = c
		}
	}
	space := dataEnd - int64(len(Magic))
	f.rowGroups = make([]rowGroup, len(meta.RowGroups))
	for g := range meta.RowGroups {
		from := &meta.RowGroups[g]
		if from.NumRows < 0 {
			return f.errorAt(g, "", damaged("%d rows", from.NumRows))
		}
		if f.rows += from.NumRows; f.rows > f.limits.MaxRows || f.rows < 0 {
			return fault(ErrLimit, "more than %d rows (limits.parquet_rows)", f.limits.MaxRows)
		}
		if len(from.Columns) != numLeaves {
			return f.errorAt(g, "", damaged("%d column chunks for %d columns", len(from.Columns), numLeaves))
		}
		group := rowGroup{rows: from.NumRows, chunks: make([]chunk, numLeaves)}
		for i := range from.Columns {
			c := leaves[i]
			name := ""
			if c != nil {
				name = c.name
			}
			var err error
			if group.chunks[i], err = chunkOf(&from.Columns[i], dataEnd); err != nil {
				return f.errorAt(g, name, err)
			}
			if c != nil && !group.chunks[i].encrypted {
				group.chunks[i].width = c.width
				if err := c.checkChunk(&from.Columns[i], from.NumRows); err != nil {
					return f.errorAt(g, name, err)
				}
			}
			// Chunks do not overlap, so together they fit the file. Overlapping
			// ones would let a small file hold any number of rows.
			if space -= group.chunks[i].end - group.chunks[i].start; space < 0 {
				return f.errorAt(g, name, damaged("column chunks are larger than the file"))
			}
		}
		f.rowGroups[g] = group
	}
	if f.rows != meta.NumRows {
		return damaged("footer claims %d rows, its row groups %d", meta.NumRows, f.rows)
	}
	return nil
}

// chunkOf checks that a chunk lies within the pages of the file.
func chunkOf(from *format.ColumnChunk, dataEnd int64) (chunk, error) {
	meta := &from.MetaData
	if from.CryptoMetadata.Value != nil || len(from.EncryptedColumnMetadata) > 0 {
		return chunk{encrypted: true}, nil
	}
	if from.FilePath != "" {
		return chunk{}, damaged("column chunk in another file")
	}
	start := meta.DataPageOffset
	if d := meta.DictionaryPageOffset; d > 0 && d < start {
		start = d
	}
	length := meta.TotalCompressedSize
	switch {
	case meta.NumValues == 0:
		return chunk{}, nil // no page of it is read, and writers disagree on where it lies
	case start < int64(len(Magic)) || start > dataEnd || length < 0 || length > dataEnd-start:
		return chunk{}, damaged("column chunk of %d bytes at offset %d, pages end at %d", length, start, dataEnd)
	}
	return chunk{start: start, end: start + length, values: meta.NumValues, codec: meta.Codec}, nil
}

// readFull fills b from the given offset. The end of the file is ErrDamaged:
// the size that Open was given includes these bytes.
func readFull(r io.ReaderAt, b []byte, offset int64) error {
	n, err := r.ReadAt(b, offset)
	switch {
	case n == len(b):
		return nil
	case err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return damaged("file ends %d bytes early", len(b)-n)
	}
	return err
}

// NumRows returns the number of rows of the file.
func (f *File) NumRows() int64 { return f.rows }

// NumRowGroups returns the number of row groups, which ReadOptions can select.
func (f *File) NumRowGroups() int { return len(f.rowGroups) }

// Schema returns the columns that Batches can yield, in the order of the file,
// with the types it yields and the names of the file.
//
// A column of floating-point numbers is always nullable, since NaN is read as
// null. A field has the metadata "parquet.local" = "true" if its timestamps are
// of local time with no zone stated: they are yielded as if they were UTC. One of
// decimals has the metadata "parquet.type", such as DECIMAL(9,2).
func (f *File) Schema() *arrow.Schema { return f.schema }

// Unreadable returns the other columns of the file: nested and repeated ones
// and those of types with no place in our tables.
func (f *File) Unreadable() []UnreadableColumn { return f.unreadable }

// Metadata returns the key-value metadata of the file. Of pairs with the same
// key the last one counts.
func (f *File) Metadata() map[string]string { return f.metadata }
