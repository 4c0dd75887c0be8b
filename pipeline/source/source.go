// Package source is the contract between a file format and the rest of the
// project: the records that an adapter yields and the errors that say where a
// file could not be understood.
//
// An adapter is a package source/FORMAT with a function
//
//	func Read(r io.Reader, name string) iter.Seq2[source.T, error]
//
// that yields the records of one file in the order written. name is used only
// in errors and origins. A part of the file that cannot be understood is
// yielded as a *ParseError with a zero record, and reading goes on; any other
// error is the last thing yielded. A record and an error never come together,
// and neither does io.EOF. What was yielded is the caller's to keep. Where files
// are large, an adapter has a function besides that yields the same as pointers,
// each valid until the next.
//
// Adapters translate form, not meaning: local times stay in the zone that the
// publisher writes (as instants, once the zone is known), names stay as
// written. Meaning is package normalize's.
package source

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// A Format is what a configuration must know of a file format.
type Format struct {
	Table   string   // that it fills; "" for any
	Mapped  bool     // its columns are those that the configuration maps
	Options []string // that a source of it may set
}

// Origin is where in an input a record stands.
type Origin struct {
	File   string // as the operator named it
	Line   int    // physical line, from 1; the row for formats without lines
	Column int    // in bytes, from 1; 0 for the whole line
}

// Where returns the origin itself, and so that of a record that embeds one.
func (o Origin) Where() Origin { return o }

// A Code names one kind of fault, the same in every format and release.
type Code string

// The codes of faults in input files.
const (
	Unreadable    Code = "H0101" // the file cannot be opened or ends early
	WrongFormat   Code = "H0102" // the file is not of the format named
	Damaged       Code = "H0103" // the file's own structure contradicts itself
	TooLarge      Code = "H0104" // the file asks for more than the limits allow
	BadSetting    Code = "H0105" // the source's settings do not do for its format
	Incomplete    Code = "H0106" // boundaries lack areas that they should have
	Malformed     Code = "H0201" // the row cannot be split into fields
	NotANumber    Code = "H0202"
	NotATime      Code = "H0203"
	EndsBefore    Code = "H0204" // an interval ends before it starts
	MissingValue  Code = "H0205"
	UnknownArea   Code = "H0206"
	NotAllowed    Code = "H0207" // not one of the values that a field may have
	OutOfRange    Code = "H0208"
	SkippedTime   Code = "H0209" // a local time that the clocks skip
	BadText       Code = "H0210" // not UTF-8, or a NUL
	Duplicate     Code = "H0211" // another row has the same key
	Contradiction Code = "H0212" // two fields of a row contradict each other
	OutsideAreas  Code = "H0213" // a position that no area holds
	Implausible   Code = "H0301" // rows that can be read and are hardly true: a temperature that no weather has
	Jump          Code = "H0302" // a step of temperature that no hour has
	Stuck         Code = "H0303" // the same reading hour after hour
	LongInterval  Code = "H0304"
	TooMany       Code = "H0305" // more customers than there are
	Future        Code = "H0306" // of a time to come
	Silent        Code = "H0307" // nothing new for longer than usual
)

// Errors that adapters wrap in a ParseError; each belongs to one Code.
var (
	ErrNotANumber   = errors.New("not a number")
	ErrNotAWhole    = errors.New("not a whole number")
	ErrNotATime     = errors.New("not a time")
	ErrEndsBefore   = errors.New("ends before it starts")
	ErrMissing      = errors.New("is empty")
	ErrFieldCount   = errors.New("wrong number of fields")
	ErrNotUTF8      = errors.New("not valid UTF-8")
	ErrSkippedLocal = errors.New("clocks skip this local time")
)

// A ParseError is one part of an input that could not be understood.
type ParseError struct {
	Origin
	Field string // column name or JSON key, as the file spells it; "" for a whole row
	Value string // as written
	Code  Code
	Err   error

	// Private says that the row holds a position: its text is shown nowhere, and
	// Value is "" if the field is one of those that tell it.
	Private bool
}

func (e *ParseError) Error() string {
	at := fmt.Sprintf("%s:%d:%d", Printable(e.File), e.Line, max(1, e.Column))
	switch {
	case e.Field == "":
		return fmt.Sprintf("%s: %v [%s]", at, e.Err, e.Code)
	case e.Private && e.Value == "":
		return fmt.Sprintf("%s: %s: %v [%s]", at, Printable(e.Field), e.Err, e.Code)
	}
	return fmt.Sprintf("%s: %s %s: %v [%s]", at, Printable(e.Field), strconv.Quote(cut(e.Value, 80)), e.Err, e.Code)
}

func (e *ParseError) Unwrap() error { return e.Err }

// A FileError is a file that cannot be used at all: the last thing that an
// adapter yields.
type FileError struct {
	File string
	Code Code
	Err  error
}

func (e *FileError) Error() string {
	return fmt.Sprintf("%s: %v [%s]", Printable(e.File), e.Err, e.Code)
}

func (e *FileError) Unwrap() error { return e.Err }

// Printable returns s with control and bidirectional characters escaped, so
// that text from a file cannot steer a terminal or reorder a line.
func Printable(s string) string {
	clean := func(r rune) bool {
		return r != unicode.ReplacementChar && unicode.IsGraphic(r) && !unicode.Is(unicode.Bidi_Control, r)
	}
	if strings.IndexFunc(s, func(r rune) bool { return !clean(r) }) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if clean(r) {
			b.WriteRune(r)
		} else {
			q := strconv.QuoteRuneToASCII(r)
			b.WriteString(q[1 : len(q)-1])
		}
	}
	return b.String()
}

// cut shortens s to n bytes at most, at a rune, with an ellipsis.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n] + "…"
}
