package normalize

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"

	"hardship/pipeline/source"
)

// A File is one input file, opened once.
type File struct {
	Name    string // as in the configuration
	Content io.ReaderAt
	Size    int64
}

// Limits on what a compressed file may unfold into.
const (
	MaxUnpackedBytes = 64 << 30
	MaxUnpackRatio   = 200
	freeUnpacked     = 16 << 20 // below this any ratio is fine
)

// Section returns the file's bytes from its start.
func (f File) Section() *io.SectionReader { return io.NewSectionReader(f.Content, 0, f.Size) }

// Reader returns the file's text from its start, unpacked if it is gzip: what
// a file is, is told by its first bytes and not by its name.
func (f File) Reader() (io.Reader, error) {
	buffered := bufio.NewReaderSize(f.Section(), 256<<10)
	head, err := buffered.Peek(2)
	if err != nil || head[0] != 0x1f || head[1] != 0x8b {
		return buffered, nil
	}
	unpacked, err := gzip.NewReader(buffered)
	if err != nil {
		return nil, &source.FileError{File: f.Name, Code: source.Damaged, Err: fmt.Errorf("gzip: %w", err)}
	}
	limit := max(f.Size*MaxUnpackRatio, freeUnpacked)
	return &unpacking{name: f.Name, reader: unpacked, left: min(limit, MaxUnpackedBytes)}, nil
}

// unpacking counts what a compressed file unfolds into and stops a bomb.
type unpacking struct {
	name   string
	reader io.Reader
	left   int64
}

func (u *unpacking) Read(p []byte) (int, error) {
	n, err := u.reader.Read(p)
	if u.left -= int64(n); u.left < 0 {
		return 0, &source.FileError{File: u.name, Code: source.TooLarge, Err: fmt.Errorf("unpacks to more than %d times its size, or %d bytes", MaxUnpackRatio, int64(MaxUnpackedBytes))}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return n, &source.FileError{File: u.name, Code: source.Damaged, Err: fmt.Errorf("gzip: %w", err)}
	}
	return n, err
}
