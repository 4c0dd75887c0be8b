package csvfile

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"io"
	"math/bits"
	"unicode/utf8"

	"hardship/pipeline/source"
)

// A splitter parts a stream into rows and their fields. What it takes for a row
// and a field, which errors it gives and where, are those of encoding/csv with
// its defaults, as a test holds it to; it is faster because rows that need no
// change are cut out of the buffer where they stand, many bytes at a step.
type splitter struct {
	r         io.Reader
	limits    source.Limits
	separator byte
	columns   int // fields of each row; 0 until the first tells

	buffer     []byte // of which start to end has not been split yet; padding follows
	start, end int
	quote      int    // where the next quote stands, if not before start
	block      string // the buffer up to end once a text was asked for, so that none is copied by itself
	err        error  // why nothing follows end; nil while something may
	hasNUL     bool   // somewhere in what was read

	line int // number of the last line that was split

	// The last row. Its fields are parts of the buffer, and where each begins is told
	// by that too, unless quotes made another text than the file's: then they are
	// parts of scratch.
	first    int // line
	rowBegin int // where it begins in the buffer
	fields   []span
	begins   []place // nil where the row is the file's line
	scratch  []byte
	text     string // scratch
	suspect  bool   // it may hold what is not text
	consumed int    // bytes since the row before
}

type span struct{ from, to int32 }

// A place is a line, and a byte in it counted from 1.
type place struct{ line, column int }

const (
	bufferSize = 64 << 10
	padding    = stride // bytes behind end that may be looked at; the first is a line's end
)

var errRowTooLong = errors.New("row too long")

// newSplitter returns a splitter that begins with a buffer of size bytes, 4 at
// least.
func newSplitter(r io.Reader, separator byte, size int) *splitter {
	s := &splitter{r: r, limits: source.LimitsOf(r), separator: separator, buffer: make([]byte, size+padding)}
	s.fill()
	if mark := []byte("\ufeff"); bytes.HasPrefix(s.buffer[:s.end], mark) {
		s.start = len(mark)
	}
	return s
}

// fill reads until the buffer is full or nothing follows. It makes room first.
func (s *splitter) fill() {
	s.end = copy(s.buffer, s.buffer[s.start:s.end])
	s.start = 0
	room := len(s.buffer) - padding
	if s.end > room/2 {
		room *= 2
		larger := make([]byte, room+padding)
		copy(larger, s.buffer[:s.end])
		s.buffer = larger
	}
	const mostEmptyReads = 100
	from, empty := s.end, 0
	for s.err == nil && s.end < room {
		var n int
		n, s.err = s.r.Read(s.buffer[s.end:room])
		s.end += n
		if empty++; n > 0 {
			empty = 0
		}
		if empty == mostEmptyReads && s.err == nil {
			s.err = io.ErrNoProgress
		}
	}
	s.buffer[s.end] = '\n'
	s.quote = -1
	s.block, s.begins = "", nil
	s.hasNUL = s.hasNUL || bytes.IndexByte(s.buffer[from:s.end], 0) >= 0
}

// next splits the next row. The error is a *csv.ParseError, behind which
// reading goes on, errRowTooLong, or what ended the stream, io.EOF at its end.
func (s *splitter) next() error {
	s.consumed = 0
	for {
		err := s.row()
		switch {
		case int64(s.consumed) > s.limits.RowBytes || err == errMore && int64(s.consumed+s.end-s.start) > s.limits.RowBytes:
			return errRowTooLong
		case err == errMore:
			s.fill()
		case err != errBlank:
			return err
		}
	}
}

var (
	errMore  = errors.New("the row does not end in the buffer")
	errBlank = errors.New("the line is empty")
)

// row splits the row at start, or returns errMore and leaves it.
func (s *splitter) row() error {
	b, start := s.buffer, s.start
	end := start + bytes.IndexByte(b[start:s.end+1], '\n') // of the row
	if s.quote < start {
		s.quote = s.quoteFrom(start)
	}
	fields := s.fields[:0]
	from, at := start, start
	var seen uint64
	closed := false // a quote closed the last field at end
	for !closed {
		limit := min(end, s.quote)
		for ; at < limit; at += stride {
			hits, all := find(s.separator, (*[stride]byte)(b[at:]))
			seen |= all
			if limit-at < stride {
				hits &= 1<<(limit-at) - 1
			}
			for ; hits != 0; hits &= hits - 1 {
				p := at + bits.TrailingZeros64(hits)
				fields = append(fields, span{int32(from), int32(p)})
				from = p + 1
			}
		}
		if limit == end {
			break
		}
		quote := -1 // that closes the one at limit
		if limit == from {
			quote = bytes.IndexByte(b[limit+1:end], '"')
		}
		if quote < 0 {
			return s.quoted()
		}
		quote += limit + 1
		fields = append(fields, span{int32(from + 1), int32(quote)})
		seen |= high // what the quotes hold was not looked at
		switch {
		case b[quote+1] == s.separator:
			from = quote + 2
			at = from
			s.quote = s.quoteFrom(from)
		case quote+1 == end:
			closed = true
		case b[quote+1] == '\r' && quote+2 == end && (end < s.end || s.err == io.EOF):
			closed = true
		default:
			return s.quoted()
		}
	}
	s.fields = fields
	next := end + 1
	if end == s.end {
		switch {
		case s.err == nil:
			return errMore
		case end == start || s.err != io.EOF:
			return s.err // behind a row that may not be whole
		}
		next = end
	}
	if end > start && b[end-1] == '\r' {
		end--
	}
	s.line++
	s.first = s.line
	s.consumed += next - start
	s.start = next
	if end == start {
		return errBlank
	}
	if !closed {
		s.fields = append(s.fields, span{int32(from), int32(end)})
	}
	s.suspect = s.hasNUL || seen&high != 0 && !utf8.Valid(b[start:end])
	s.rowBegin = start
	if s.begins != nil {
		s.begins = nil
	}
	return s.count()
}

// quoteFrom returns where the first quote from a place on stands; behind end if none does.
func (s *splitter) quoteFrom(at int) int {
	if i := bytes.IndexByte(s.buffer[at:s.end], '"'); i >= 0 {
		return at + i
	}
	return len(s.buffer)
}

const (
	stride = 64 // bytes that find looks at
	ones   = 0x0101_0101_0101_0101
	high   = 0x80 * ones
)

// find returns a bit for each byte that is c, and all bytes or'ed together.
func find(c byte, b *[stride]byte) (hits, all uint64) {
	pattern := uint64(c) * ones
	a, z := word(b, 0), word(b, 1)
	hits, all = zeros(a^pattern)|zeros(z^pattern)<<8, a|z
	a, z = word(b, 2), word(b, 3)
	hits, all = hits|zeros(a^pattern)<<16|zeros(z^pattern)<<24, all|a|z
	a, z = word(b, 4), word(b, 5)
	hits, all = hits|zeros(a^pattern)<<32|zeros(z^pattern)<<40, all|a|z
	a, z = word(b, 6), word(b, 7)
	return hits | zeros(a^pattern)<<48 | zeros(z^pattern)<<56, all | a | z
}

func word(b *[stride]byte, i int) uint64 { return binary.LittleEndian.Uint64(b[8*i : 8*i+8]) }

// zeros returns a bit for each byte of x that is 0.
func zeros(x uint64) uint64 {
	const low = ^uint64(high)
	highest := ^((x&low + low) | x | low) // bit of such a byte
	return highest * 0x0002_0408_1020_4081 >> 56
}

// count checks the number of fields.
func (s *splitter) count() error {
	switch {
	case s.columns == 0:
		s.columns = len(s.fields)
	case s.columns != len(s.fields):
		return &csv.ParseError{StartLine: s.first, Line: s.first, Column: 1, Err: csv.ErrFieldCount}
	}
	return nil
}

// quoted splits the row at start, whatever its quotes are, or returns errMore
// and leaves it.
func (s *splitter) quoted() error {
	line, ok := s.lineAt(s.start)
	if !ok {
		return errMore
	}
	first, number := s.line+1, s.line+1
	text, fields, begins := s.scratch[:0], s.fields[:0], s.begins[:0]
	column := 0 // bytes of the line that are done with
	from := 0   // in text
	var err error
row:
	for {
		begin := place{number, column + 1}
		if column == len(line.text) || line.text[column] != '"' {
			field := line.text[column:]
			next := bytes.IndexByte(field, s.separator)
			if next >= 0 {
				field = field[:next]
			}
			if quote := bytes.IndexByte(field, '"'); quote >= 0 {
				err = &csv.ParseError{StartLine: first, Line: number, Column: column + quote + 1, Err: csv.ErrBareQuote}
				break row
			}
			text = append(text, field...)
			fields, begins = append(fields, span{int32(from), int32(len(text))}), append(begins, begin)
			from = len(text)
			if next < 0 {
				break row
			}
			column += next + 1
			continue
		}
		column++
	field:
		for {
			quote := bytes.IndexByte(line.text[column:], '"')
			if quote < 0 {
				text = append(text, line.text[column:]...)
				column = len(line.text)
				if line.ended {
					text = append(text, '\n')
					column++
				} else if s.err != io.EOF {
					err = s.err
					break row
				}
				next, ok := s.lineAt(line.next)
				switch {
				case !ok:
					return errMore
				case len(next.text) > 0 || next.ended:
					line, column = next, 0
					number++
					continue
				case s.err == io.EOF:
					err = &csv.ParseError{StartLine: first, Line: number, Column: column + 1, Err: csv.ErrQuote}
				default:
					err = s.err
				}
				line = next
				break row
			}
			text = append(text, line.text[column:column+quote]...)
			column += quote + 1
			switch {
			case column < len(line.text) && line.text[column] == '"':
				text = append(text, '"')
				column++
				continue
			case column < len(line.text) && line.text[column] != s.separator:
				err = &csv.ParseError{StartLine: first, Line: number, Column: column, Err: csv.ErrQuote}
				break row
			}
			fields, begins = append(fields, span{int32(from), int32(len(text))}), append(begins, begin)
			from = len(text)
			if column == len(line.text) {
				break row
			}
			column++
			break field
		}
	}
	if err == nil && !line.ended && s.err != io.EOF {
		err = s.err
	}
	s.first, s.line = first, number
	s.consumed += line.next - s.start
	s.start = line.next
	s.scratch, s.fields, s.begins = text, fields, begins
	if err != nil {
		return err
	}
	s.text, s.suspect = string(text), true
	return s.count()
}

// A line is one of the buffer, without its end.
type line struct {
	text  []byte
	ended bool // by a line's end, not by that of the stream
	next  int  // where the one after it begins
}

// lineAt returns the line that begins at a place of the buffer; ok is false if
// it may go on behind it.
func (s *splitter) lineAt(at int) (l line, ok bool) {
	text := s.buffer[at:s.end]
	if i := bytes.IndexByte(text, '\n'); i >= 0 {
		l = line{text: text[:i], ended: true, next: at + i + 1}
	} else if s.err != nil {
		l = line{text: text, next: s.end}
	} else {
		return line{}, false
	}
	if n := len(l.text); n > 0 && l.text[n-1] == '\r' && (l.ended || s.err == io.EOF) {
		l.text = l.text[:n-1]
	}
	return l, true
}

// field returns the i-th field of the last row.
func (s *splitter) field(i int) string {
	f := s.fields[i]
	switch {
	case s.begins != nil:
		return s.text[f.from:f.to]
	case s.block == "":
		s.block = string(s.buffer[:s.end])
	}
	return s.block[f.from:f.to]
}

// bytes is field for who does not keep it.
func (s *splitter) bytes(i int) []byte {
	f := s.fields[i]
	if s.begins != nil {
		return s.scratch[f.from:f.to]
	}
	return s.buffer[f.from:f.to]
}

// begin returns where the i-th field of the last row begins: at its quote, if
// it has one.
func (s *splitter) begin(i int) place {
	if s.begins != nil {
		return s.begins[i]
	}
	from := int(s.fields[i].from)
	if from > s.rowBegin && s.buffer[from-1] == '"' {
		from--
	}
	return place{s.first, from - s.rowBegin + 1}
}
