package csvfile

import (
	"errors"
	"fmt"
	"iter"
	"slices"

	"hardship/pipeline/source"
)

// OfOneStation yields what parse makes of each row of an open file that is of
// one weather station, as Parsed does.
//
// A row of another station than those before it, by the column station, ends the
// file with an error: readings of two places must not be taken for one's. Where
// the station is and what it is called stands in columns that nobody reads, so
// that an error shows the text only of those in shown.
func OfOneStation[T any](f *File, station string, shown []string, parse func(*Row) (T, *source.ParseError)) iter.Seq2[T, error] {
	return parsed(f.ofOneStation(station, shown), parse)
}

func (f *File) ofOneStation(station string, shown []string) iter.Seq2[*Row, error] {
	return func(yield func(*Row, error) bool) {
		first := ""
		for row, err := range f.Rows() {
			if err == nil && first != "" && row.Text(station) != first {
				yield(nil, AnotherStation(f.name, row.Line().Line))
				return
			}
			if err != nil {
				err = Unnamed(err, shown...)
			} else {
				first = row.Text(station)
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// AnotherStation is the error of a file that has rows of several.
func AnotherStation(name string, line int) error {
	return &source.FileError{File: name, Code: source.Contradiction,
		Err: fmt.Errorf("line %d is of another station than those before it: each station needs a file of its own", line)}
}

// Unnamed returns err without what a column holds that is not shown.
func Unnamed(err error, shown ...string) error {
	var bad *source.ParseError
	if !errors.As(err, &bad) || slices.Contains(shown, bad.Field) {
		return err
	}
	silent := *bad
	silent.Value = ""
	return &silent
}
