package csvfile

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
)

// A Row is one row of a File. Its methods take the name of a column that was
// asked for in Open, or such a column found before, which takes less time; another
// name is the caller's mistake and panics. A column that the file does not have
// reads as empty.
type Row struct {
	file  *File
	split *splitter // the file's
}

// Line returns the place of the whole row.
func (r *Row) Line() source.Origin {
	return source.Origin{File: r.file.name, Line: r.split.begin(0).line}
}

// Origin returns the place of a field; that of the row if the file does not
// have the column.
func (r *Row) Origin(column string) source.Origin {
	i := r.file.at(column)
	if i < 0 {
		return r.Line()
	}
	return r.origin(i)
}

func (r *Row) origin(i int) source.Origin {
	at := r.split.begin(i)
	return source.Origin{File: r.file.name, Line: at.line, Column: at.column}
}

// Text returns a field as written.
func (r *Row) Text(column string) string {
	i := r.file.at(column)
	if i < 0 {
		return ""
	}
	return r.split.field(i)
}

// Field is Text for a column found before.
func (r *Row) Field(c Column) string {
	if c.at < 0 {
		return ""
	}
	return r.split.field(c.at)
}

// Bytes is Field for who is done with it before the next row, and does not change it.
func (r *Row) Bytes(c Column) []byte {
	if c.at < 0 {
		return nil
	}
	return r.split.bytes(c.at)
}

// Begin is Origin for a column found before, without the file's name.
func (r *Row) Begin(c Column) (line, column int) {
	if c.at < 0 {
		return r.Line().Line, 0
	}
	at := r.split.begin(c.at)
	return at.line, at.column
}

// Bad returns an error at a field.
func (r *Row) Bad(column string, code source.Code, err error) *source.ParseError {
	return &source.ParseError{Origin: r.Origin(column), Field: column, Value: r.Text(column), Code: code, Err: err}
}

// Missing returns the error of a field that must not be empty.
func (r *Row) Missing(column string) *source.ParseError {
	return r.Bad(column, source.MissingValue, source.ErrMissing)
}

// Float returns a decimal number such as -12.5 or 1e3; ok is false where the
// field is empty. Spaces around it do not matter. NaN, Inf and hexadecimal
// numbers are not numbers here.
func (r *Row) Float(column string) (v float64, ok bool, bad *source.ParseError) {
	i := r.file.at(column)
	if i < 0 {
		return 0, false, nil
	}
	s := r.split.field(i)
	if v, ok := Whole(s); ok {
		return float64(v), true, nil
	}
	if s = strings.TrimSpace(s); s == "" {
		return 0, false, nil
	}
	v, err := Decimal(s)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return 0, false, r.Bad(column, source.OutOfRange, errTooLarge)
	case err != nil:
		return 0, false, r.Bad(column, source.NotANumber, source.ErrNotANumber)
	}
	return v, true, nil
}

// FloatWithin is Float for a column whose numbers lie from lo to hi.
func (r *Row) FloatWithin(column string, lo, hi float64) (v float64, ok bool, bad *source.ParseError) {
	v, ok, bad = r.Float(column)
	if ok && (v < lo || v > hi) {
		return 0, false, r.Bad(column, source.OutOfRange, fmt.Errorf("not from %v to %v", lo, hi))
	}
	return v, ok, bad
}

// Int32 returns a whole number, unknown where the field is empty. A fraction of
// zero is accepted, as in 12.0: some programs write so every whole number of a
// column with gaps.
func (r *Row) Int32(column string) (source.Count, *source.ParseError) {
	i := r.file.at(column)
	if i < 0 {
		return source.Count{}, nil
	}
	if n, ok := Whole(r.split.field(i)); ok && n <= math.MaxInt32 {
		return source.Counted(int32(n)), nil
	}
	v, ok, bad := r.Float(column)
	switch {
	case bad != nil || !ok:
		return source.Count{}, bad
	case v != math.Trunc(v):
		return source.Count{}, r.Bad(column, source.NotANumber, source.ErrNotAWhole)
	case v < math.MinInt32 || v > math.MaxInt32:
		return source.Count{}, r.Bad(column, source.OutOfRange, errTooLarge)
	}
	return source.Counted(int32(v)), nil
}

// Instant returns a time in the first of layouts that fits; ok is false where
// the field is empty. A layout without an offset is read as UTC. Local times
// need hour.Local instead, which knows of doubled and skipped hours.
func (r *Row) Instant(column string, layouts ...string) (at hour.Instant, ok bool, bad *source.ParseError) {
	s := strings.TrimSpace(r.Text(column))
	if s == "" {
		return 0, false, nil
	}
	for _, layout := range layouts {
		if at, ok := PlainTime(layout, s); ok {
			return at, true, nil
		}
		if t, err := time.Parse(layout, s); err == nil {
			return hour.At(t), true, nil
		}
	}
	return 0, false, r.Bad(column, source.NotATime, source.ErrNotATime)
}

// PlainTime reads the layouts of most files without package time, which takes
// several times as long. What it does not read may still be a time.
func PlainTime(layout, s string) (hour.Instant, bool) {
	var between byte
	seconds := 0
	switch layout {
	case time.DateTime:
		between, seconds = ' ', len(":05")
	case "2006-01-02 15:04":
		between = ' '
	case "2006-01-02T15:04:05":
		between, seconds = 'T', len(":05")
	case "2006-01-02T15:04":
		between = 'T'
	default:
		return 0, false
	}
	if len(s) != len("2006-01-02 15:04")+seconds || s[10] != between {
		return 0, false
	}
	d, rest, ok := hour.ScanDay(s)
	if !ok {
		return 0, false
	}
	ofDay, rest, ok := hour.ScanTimeOfDay(rest[1:])
	const day = 24 * hour.InstantsInHour
	return hour.Instant(d)*day + ofDay, ok && rest == "" && ofDay < day
}

var errTooLarge = errors.New("number too large")

// Decimal is strconv.ParseFloat without the forms that no publisher means:
// words, hexadecimal digits, underscores.
func Decimal(s string) (float64, error) {
	if v, ok := Whole(s); ok {
		return float64(v), nil
	}
	for i := range len(s) {
		switch c := s[i]; {
		case '0' <= c && c <= '9', c == '.', c == '-', c == '+', c == 'e', c == 'E':
		default:
			return 0, source.ErrNotANumber
		}
	}
	return strconv.ParseFloat(s, 64)
}

// Whole reads a whole number of some digits alone, at times with a fraction of
// one zero, as programs write every whole number of a column with gaps. A
// float64 holds it. What it does not read may still be a number.
func Whole[T string | []byte](s T) (n int64, ok bool) {
	digits := len(s)
	if k := digits - len(".0"); k > 0 && s[k] == '.' && s[k+1] == '0' {
		digits = k
	}
	if digits == 0 || digits > 15 {
		return 0, false
	}
	for i := range digits {
		c := s[i] - '0'
		if c > 9 {
			return 0, false
		}
		n = n*10 + int64(c)
	}
	return n, true
}

// checkText finds the first field of the row that is not text.
func (r *Row) checkText() *source.ParseError {
	for i := range r.split.fields {
		s := r.split.field(i)
		var err error
		switch {
		case !utf8.ValidString(s):
			err = source.ErrNotUTF8
		case strings.IndexByte(s, 0) >= 0:
			err = errNUL
		default:
			continue
		}
		return &source.ParseError{Origin: r.origin(i), Field: r.file.header[i], Value: s, Code: source.BadText, Err: err}
	}
	return nil
}

var errNUL = errors.New("holds a NUL")
