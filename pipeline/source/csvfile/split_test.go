package csvfile

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A stream is a file of the tests and how it comes in.
type stream struct {
	text      []byte
	separator byte
	columns   int   // of each row; 0 for those of the first
	end       error // io.EOF or what else ends it
	size      int   // of the splitter's first buffer
}

func (in stream) reader() io.Reader {
	if in.end == io.EOF {
		return bytes.NewReader(in.text)
	}
	return io.MultiReader(bytes.NewReader(in.text), iotest.ErrReader(in.end))
}

// standard reads a stream with encoding/csv: a line a row, with each field and
// where it begins, or an error. What follows a header that is none does not
// matter.
func (in stream) standard() (rows []string) {
	r := csv.NewReader(in.reader())
	r.Comma, r.FieldsPerRecord = rune(in.separator), in.columns
	for {
		fields, err := r.Read()
		if err != nil {
			rows = append(rows, describe(err))
			var syntax *csv.ParseError
			if !errors.As(err, &syntax) || in.columns == 0 && len(rows) == 1 {
				return rows
			}
			continue
		}
		var row strings.Builder
		for i, f := range fields {
			line, column := r.FieldPos(i)
			fmt.Fprintf(&row, "%d:%d %q ", line, column, f)
		}
		rows = append(rows, row.String())
	}
}

// ours reads it with a splitter.
func (in stream) ours() (rows []string) {
	s := newSplitter(in.reader(), in.separator, in.size)
	s.columns = in.columns
	for {
		if err := s.next(); err != nil {
			rows = append(rows, describe(err))
			var syntax *csv.ParseError
			if !errors.As(err, &syntax) || in.columns == 0 && len(rows) == 1 {
				return rows
			}
			continue
		}
		var row strings.Builder
		for i := range s.fields {
			at := s.begin(i)
			fmt.Fprintf(&row, "%d:%d %q ", at.line, at.column, s.field(i))
		}
		rows = append(rows, row.String())
	}
}

func describe(err error) string {
	var syntax *csv.ParseError
	if errors.As(err, &syntax) {
		return fmt.Sprintf("%d to %d:%d %v", syntax.StartLine, syntax.Line, syntax.Column, syntax.Err)
	}
	return err.Error()
}

func (in stream) check(t interface {
	Helper()
	Errorf(string, ...any)
}) {
	t.Helper()
	in.text = bytes.TrimPrefix(in.text, []byte("\ufeff"))
	if d := cmp.Diff(in.standard(), in.ours()); d != "" {
		t.Errorf("%q, %d columns, ended by %v, buffer of %d (-encoding/csv +ours):\n%s", in.text, in.columns, in.end, in.size, d)
	}
}

var errGone = errors.New("disk gone")

func TestRowsAreThoseOfTheStandardLibrary(t *testing.T) {
	pieces := []string{",", ",", "\t", "\n", "\n", "\r\n", "\r", `"`, `"`, `""`, `",`, `,"`, "\"\n", "a", "bc", "plain text of some length", strings.Repeat("longer than a stride, ", 4), "Київ", "\xff", "\x00", " ", "\n\n"}
	rapid.Check(t, func(t *rapid.T) {
		in := stream{
			text:      []byte(strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 40).Draw(t, "pieces"), "")),
			separator: rapid.SampledFrom([]byte(",\t")).Draw(t, "separator"),
			columns:   rapid.IntRange(0, 3).Draw(t, "columns"),
			end:       rapid.SampledFrom([]error{io.EOF, errGone}).Draw(t, "end"),
			size:      rapid.IntRange(4, 40).Draw(t, "size"),
		}
		in.check(t)
	})
}

func FuzzSplit(f *testing.F) {
	for _, text := range []string{
		"a,b\n1,2\n", "a,b\r\n\"1\",\"2\"\r\n\r\n\"x\ny\",\"z \"\"w\"\"\"", "\"a", "\"a\"b,c\nd,e", "a\"b\nc", "\"a\r", "\"a\"\r", "\r\n\r", "a\n\"b\n\n\nc",
		"one,two,three\nlonger than a word,\"quoted, too\",\n",
	} {
		f.Add([]byte(text), uint8(0), uint8(0), false, false)
		f.Add([]byte(text), uint8(2), uint8(9), true, true)
	}
	f.Fuzz(func(t *testing.T, text []byte, columns, size uint8, tab, fails bool) {
		in := stream{text: text, separator: ',', columns: int(columns % 8), end: io.EOF, size: 4 + int(size)}
		if tab {
			in.separator = '\t'
		}
		if fails {
			in.end = errGone
		}
		in.check(t)
	})
}

// Readers may give bytes one at a time, give the end with the last of them, or
// nothing at all for a while.
func TestHowBytesArriveDoesNotMatter(t *testing.T) {
	text := strings.Repeat("a,\"b\nc\",d\r\n1,2,3\n\"x\"\"\",,\n", 200)
	in := stream{text: []byte(text), separator: ',', end: io.EOF, size: 16}
	want := in.ours()
	for name, r := range map[string]io.Reader{
		"one at a time":         iotest.OneByteReader(strings.NewReader(text)),
		"the end with the last": iotest.DataErrReader(strings.NewReader(text)),
		"halves":                iotest.HalfReader(strings.NewReader(text)),
	} {
		s := newSplitter(r, ',', 16)
		rows := 0
		for s.next() == nil {
			rows++
		}
		if rows != len(want)-1 || s.line != 800 {
			t.Errorf("%s: %d rows, %d lines; want %d", name, rows, s.line, len(want)-1)
		}
	}
	s := newSplitter(iotest.ErrReader(nil), ',', 16)
	if err := s.next(); err != io.ErrNoProgress {
		t.Errorf("a reader that gives nothing: %v", err)
	}
}

// The row's own limit is tested in TestRows; here, that a long one is not read
// in steps that grow with its length squared, nor kept.
func TestLongRows(t *testing.T) {
	long := strings.Repeat("x", maxRow-10)
	in := stream{text: []byte("a\n" + long + "\n\"" + long + "\"\n\"" + strings.Repeat("y\n", maxRow/2-5) + "\"\nb\n"), separator: ',', end: io.EOF, size: bufferSize}
	in.check(t)
	s := newSplitter(in.reader(), ',', bufferSize)
	for s.next() == nil {
	}
	if len(s.buffer) > 4*maxRow {
		t.Errorf("a buffer of %d bytes", len(s.buffer))
	}
	s = newSplitter(strings.NewReader("a\n"+strings.Repeat("\n", maxRow)+"b\n"), ',', bufferSize)
	if err := errors.Join(s.next(), s.next()); !errors.Is(err, errRowTooLong) {
		t.Errorf("empty lines without end: %v", err)
	}
}
