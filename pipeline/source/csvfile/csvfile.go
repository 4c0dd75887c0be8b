// Package csvfile reads comma-separated files with a header: columns found by
// name, every field with its place in the file, numbers and times that say why
// they are none.
//
// The dialect is RFC 4180 with LF or CRLF; a UTF-8 byte order mark is skipped,
// and so are empty lines. What a row and a header may ask for is bounded by
// source.Limits.
package csvfile

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"hardship/pipeline/source"
)

// A File is an open file whose header has been read.
type File struct {
	name   string
	split  *splitter
	header []string // all columns, as the file spells them
	wanted []column

	// The columns that the row before was asked for, one by one: rows are mostly
	// asked alike.
	asked []column
	ask   int // how many of them the current row was asked for
}

// A column is one that rows will be asked for.
type column struct {
	name string
	at   int // position in the file; -1 where it has none
}

// Open reads the header of r. Columns may stand in any order, and those not
// asked for are passed over. A file that lacks a required column gives a
// *source.FileError that lists what is missing and what was found; so does one
// that names a wanted column twice. name is used only in errors.
func Open(r io.Reader, name string, required, optional []string) (*File, error) {
	f, err := OpenHeader(r, name, ',')
	if err != nil {
		return nil, err
	}
	if err := f.Find(required, optional); err != nil {
		return nil, err
	}
	return f, nil
}

// OpenHeader reads the header of r, whose fields are parted by separator, an
// ASCII character, for callers who choose columns by it: Find must follow before
// rows are read.
func OpenHeader(r io.Reader, name string, separator rune) (*File, error) {
	f := open(r, name, separator)
	head := f.split.buffer[:f.split.end]
	if err := source.WrongKind(head); err != nil {
		return nil, f.fail(source.WrongFormat, err)
	}
	err := f.next()
	var syntax *csv.ParseError
	switch {
	case err == io.EOF:
		return nil, f.fail(source.WrongFormat, errors.New("the file is empty: it has no header"))
	case errors.As(err, &syntax):
		return nil, f.fail(source.WrongFormat, fmt.Errorf("the header cannot be split into fields: %w", syntax.Err))
	case err != nil:
		return nil, err
	case int64(f.split.columns) > f.split.limits.Columns:
		return nil, f.fail(source.TooLarge, source.Beyond("columns", "%d columns, at most %d are read", f.split.columns, f.split.limits.Columns))
	}
	for i := range f.split.columns {
		h := f.split.field(i)
		if !utf8.ValidString(h) || strings.IndexByte(h, 0) >= 0 {
			return nil, f.fail(source.WrongFormat, source.NotUTF8(head))
		}
		if strings.ContainsRune(h, '\r') && !strings.Contains(h, "\r\n") {
			return nil, f.fail(source.WrongFormat, errOldEnds)
		}
		f.header = append(f.header, h)
	}
	return f, nil
}

var errOldEnds = errors.New("lines end with a carriage return alone: end them with a line feed, with tr '\\r' '\\n' for instance")

// OpenBare opens a file that has no header and always these columns, in this
// order. Its first line is a row.
func OpenBare(r io.Reader, name string, columns []string) *File {
	f := open(r, name, ',')
	f.split.columns = len(columns)
	f.header = slices.Clone(columns)
	for i, c := range columns {
		f.wanted = append(f.wanted, column{c, i})
	}
	return f
}

// open is a file whose columns are not known yet.
func open(r io.Reader, name string, separator rune) *File {
	if separator <= 0 || separator >= utf8.RuneSelf || strings.ContainsRune("\"\r\n", separator) {
		panic(fmt.Sprintf("csvfile: separator %q", separator))
	}
	return &File{name: name, split: newSplitter(r, byte(separator), bufferSize)}
}

// Header returns the names of all columns in the order of the file.
func (f *File) Header() []string { return slices.Clone(f.header) }

// Find looks up the columns that rows will be asked for; its errors are those
// of Open.
func (f *File) Find(required, optional []string) error {
	var missing []string
	for i, name := range slices.Concat(required, optional) {
		at := slices.Index(f.header, name)
		switch {
		case at < 0 && i < len(required):
			missing = append(missing, name)
		case at >= 0 && slices.Contains(f.header[at+1:], name):
			return f.fail(source.WrongFormat, fmt.Errorf("the column %q stands twice in the header", name))
		}
		f.wanted = append(f.wanted, column{name, at})
	}
	if missing != nil {
		return f.fail(source.WrongFormat, fmt.Errorf("no column %s; found %s", list(missing), list(f.header)))
	}
	return nil
}

// list joins names for an error, the first twenty of them.
func list(names []string) string {
	const most = 20
	var quoted []string
	for _, name := range names[:min(most, len(names))] {
		quoted = append(quoted, source.Printable(name))
	}
	s := strings.Join(quoted, ", ")
	if len(names) > most {
		s += fmt.Sprintf(" and %d more", len(names)-most)
	}
	return s
}

// Has reports whether the header has a column, which must be one of those
// asked for.
func (f *File) Has(column string) bool { return f.at(column) >= 0 }

// A Column is one of those asked for, found once: by it, a row gives its field
// without a look at names.
type Column struct{ at int }

// Column finds a column, which must be one of those asked for.
func (f *File) Column(name string) Column { return Column{f.lookUp(name).at} }

// at returns the position of a column in the file.
func (f *File) at(name string) int {
	if f.ask < len(f.asked) && f.asked[f.ask].name == name {
		f.ask++
		return f.asked[f.ask-1].at
	}
	return f.find(name)
}

func (f *File) find(name string) int {
	c := f.lookUp(name)
	f.asked = append(f.asked[:f.ask], c)
	f.ask++
	return c.at
}

func (f *File) lookUp(name string) column {
	i := slices.IndexFunc(f.wanted, func(c column) bool { return c.name == name })
	if i < 0 {
		panic("csvfile: column " + name + " was not asked for")
	}
	return f.wanted[i]
}

// Rows yields the rows after the header in the order written.
//
// A row that cannot be split into as many fields as the header has, or that
// holds bytes that are not UTF-8 or a NUL, is a *source.ParseError and reading
// goes on. A quote that is not closed on its line, or not properly, may swallow
// rows: each line it took is an error of its own. A row that is too long and a
// stream that ends early are a *source.FileError and the last thing yielded.
//
// A *Row is valid until the next one; the strings of its fields stay.
func (f *File) Rows() iter.Seq2[*Row, error] {
	return func(yield func(*Row, error) bool) {
		row := &Row{f, f.split}
		for {
			err := f.next()
			switch {
			case err == io.EOF:
				return
			case err != nil:
				if !f.yieldError(err, yield) {
					return
				}
				continue
			case f.split.suspect:
				if bad := row.checkText(); bad != nil {
					if !yield(nil, bad) {
						return
					}
					continue
				}
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// yieldError yields what next returned and reports whether to go on.
func (f *File) yieldError(err error, yield func(*Row, error) bool) bool {
	var syntax *csv.ParseError
	if !errors.As(err, &syntax) {
		yield(nil, err)
		return false
	}
	for _, bad := range f.malformed(syntax) {
		if !yield(nil, bad) {
			return false
		}
	}
	return true
}

// malformed returns an error for each line that a failed row took.
func (f *File) malformed(e *csv.ParseError) []*source.ParseError {
	at := source.Origin{File: f.name, Line: e.StartLine}
	switch {
	case errors.Is(e.Err, csv.ErrFieldCount):
		return []*source.ParseError{{Origin: at, Code: source.Malformed, Err: source.ErrFieldCount}}
	case e.Line == e.StartLine:
		at.Column = e.Column
		return []*source.ParseError{{Origin: at, Code: source.Malformed, Err: errors.New("a quote stands where none may")}}
	}
	var lines []*source.ParseError
	for ; at.Line <= e.Line; at.Line++ {
		lines = append(lines, &source.ParseError{
			Origin: at, Code: source.Malformed,
			Err: fmt.Errorf("part of a quoted field of line %d that is not closed properly", e.StartLine),
		})
	}
	return lines
}

// next splits the next row. The error is a *csv.ParseError, io.EOF or a
// *source.FileError.
func (f *File) next() error {
	f.ask = 0
	err := f.split.next()
	if err == nil || err == io.EOF {
		return err
	}
	var syntax *csv.ParseError
	var file *source.FileError
	switch {
	case errors.As(err, &syntax):
		return err
	case err == errRowTooLong:
		return f.fail(source.TooLarge, source.Beyond("row_bytes", "a row is longer than %d bytes: is a quote left open?", f.split.limits.RowBytes))
	case errors.As(err, &file):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return f.fail(source.Unreadable, fmt.Errorf("the file ends early: %w", err))
	}
	return f.fail(source.Unreadable, err)
}

func (f *File) fail(code source.Code, err error) *source.FileError {
	return &source.FileError{File: f.name, Code: code, Err: err}
}
