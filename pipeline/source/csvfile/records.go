package csvfile

import (
	"io"
	"iter"

	"hardship/pipeline/source"
)

// Records opens a file and yields what parse makes of each row: an adapter's
// whole Read, by the contract of package source, where a row is a record.
func Records[T any](r io.Reader, name string, required, optional []string, parse func(*Row) (T, *source.ParseError)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		f, err := Open(r, name, required, optional)
		if err != nil {
			yield(none, err)
			return
		}
		for record, err := range Parsed(f, parse) {
			if !yield(record, err) {
				return
			}
		}
	}
}

// Parsed yields what parse makes of each row of an open file.
func Parsed[T any](f *File, parse func(*Row) (T, *source.ParseError)) iter.Seq2[T, error] {
	return parsed(f.Rows(), parse)
}

func parsed[T any](rows iter.Seq2[*Row, error], parse func(*Row) (T, *source.ParseError)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		for row, err := range rows {
			if err != nil {
				if !yield(none, err) {
					return
				}
				continue
			}
			record, bad := parse(row)
			if bad != nil {
				if !yield(none, bad) {
					return
				}
				continue
			}
			if !yield(record, nil) {
				return
			}
		}
	}
}
