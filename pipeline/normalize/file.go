package normalize

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"hardship/pipeline/parquetfile"
	"hardship/pipeline/source"
)

// A File is one input file, opened once.
type File struct {
	Name    string // as in the configuration
	Content io.ReaderAt
	Size    int64
	Limits  source.Limits // zero fields are those of source.DefaultLimits
}

// Section returns the file's bytes from its start.
func (f File) Section() *io.SectionReader { return io.NewSectionReader(f.Content, 0, f.Size) }

// parquetLimits are the file's, as package parquetfile takes them.
func (f File) parquetLimits() parquetfile.Limits {
	l := f.Limits.OrDefault()
	return parquetfile.Limits{MaxRows: l.ParquetRows, MaxBytes: l.ParquetBytes, MaxPageBytes: l.ParquetPageBytes, MaxColumns: l.Columns}
}

// A textReader reads a file's text and brings its limits.
type textReader struct {
	io.Reader
	limits source.Limits
}

// Limits returns those of the file.
func (t textReader) Limits() source.Limits { return t.limits }

// The first bytes by which compressed files are told.
var (
	gzipMagic = []byte{0x1f, 0x8b}
	zstdMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}
)

const (
	freeUnpacked  = 16 << 20 // below this any ratio is fine
	maxZstdWindow = 64 << 20 // that a file may ask the reader to keep
)

// Reader returns the file's text from its start, unpacked if it is gzip or zstd:
// what a file is, is told by its first bytes and not by its name.
func (f File) Reader() (io.Reader, error) {
	limits := f.Limits.OrDefault()
	// Who reads more at a time, as CSV does, is not held up by the buffer.
	buffered := bufio.NewReaderSize(f.Section(), int(min(max(f.Size, 16), 32<<10)))
	head, _ := buffered.Peek(4)
	var (
		unpacked io.Reader
		kind     string
		err      error
	)
	switch {
	case bytes.HasPrefix(head, gzipMagic):
		kind = "gzip"
		unpacked, err = gzip.NewReader(buffered)
	case bytes.HasPrefix(head, zstdMagic):
		kind = "zstd"
		unpacked, err = zstd.NewReader(buffered, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxZstdWindow))
	default:
		return textReader{buffered, limits}, nil
	}
	if err != nil {
		return nil, &source.FileError{File: f.Name, Code: source.Damaged, Err: fmt.Errorf("%s: %w", kind, err)}
	}
	u := &unpacking{name: f.Name, kind: kind, reader: unpacked, limits: limits}
	u.left = min(max(f.Size*limits.UnpackRatio, freeUnpacked), limits.UnpackedBytes)
	return textReader{u, limits}, nil
}

// unpacking counts what a compressed file unfolds into and stops a bomb.
type unpacking struct {
	name, kind string
	reader     io.Reader
	limits     source.Limits
	left       int64
}

func (u *unpacking) Read(p []byte) (int, error) {
	n, err := u.reader.Read(p)
	if u.left -= int64(n); u.left < 0 {
		return 0, &source.FileError{File: u.name, Code: source.TooLarge, Err: fmt.Errorf("unpacks to more than %d times its size, or %d bytes (limits.unpack_ratio, limits.unpacked_bytes)", u.limits.UnpackRatio, u.limits.UnpackedBytes)}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return n, &source.FileError{File: u.name, Code: source.Damaged, Err: fmt.Errorf("%s: %w", u.kind, err)}
	}
	return n, err
}
