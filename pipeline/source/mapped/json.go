package mapped

import (
	"errors"
	"io"
	"iter"
	"slices"
	"strings"

	"hardship/pipeline/source"
	"hardship/pipeline/source/jsonfile"
	"hardship/pipeline/table"
)

// headLines is how many lines of a JSON Lines file tell its columns. A column
// that comes later is read too, if the mapping names it.
const headLines = 100

// ReadJSONLines yields the rows of a file with a JSON object in each line, as
// ReadCSV does those of a CSV file. The columns are the keys of the objects; one
// of an object within is written outer.inner. A key that an object does not have,
// and null, are empty cells; numbers, words and true and false are read as a CSV
// file writes them.
func ReadJSONLines(r io.Reader, name string, s *table.Schema, m Mapping) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		next, stop := iter.Pull2(jsonfile.Lines(r, name))
		defer stop()
		type line struct {
			value *jsonfile.Value
			err   error
		}
		var head []line
		var found []string
		for len(head) < headLines {
			v, err, ok := next()
			if !ok {
				break
			}
			var file *source.FileError
			if errors.As(err, &file) {
				yield(Batch{}, err)
				return
			}
			head = append(head, line{v, err})
			if err == nil && v.Kind == jsonfile.Object {
				found = keys(found, v, "")
			}
		}
		for _, c := range m.Columns {
			for _, from := range c.From {
				if !slices.Contains(found, from) && len(head) == headLines {
					found = append(found, from)
				}
			}
		}
		p, err := newPlan(s, &m, found, name)
		if err != nil {
			yield(Batch{}, err)
			return
		}
		readRows(p, s, name, func(yield func(row, error) bool) {
			one := func(v *jsonfile.Value, err error) bool {
				if err == nil {
					err = v.Is(jsonfile.Object)
				}
				if err != nil {
					return yield(nil, err)
				}
				return yield(object{v}, nil)
			}
			for _, l := range head {
				if !one(l.value, l.err) {
					return
				}
			}
			for {
				v, err, ok := next()
				if !ok || !one(v, err) {
					return
				}
			}
		}, yield)
	}
}

// keys adds the columns of an object to those found.
func keys(found []string, v *jsonfile.Value, outer string) []string {
	for _, member := range v.Members {
		name := outer + member.Key
		switch member.Value.Kind {
		case jsonfile.Object:
			found = keys(found, member.Value, name+".")
		default:
			if !slices.Contains(found, name) {
				found = append(found, name)
			}
		}
	}
	return found
}

// An object is a row of a JSON Lines file.
type object struct{ *jsonfile.Value }

// at returns the value of a column; nil if the object has none.
func (o object) at(column string) *jsonfile.Value {
	v := o.Value
	for {
		if member := v.Get(column); member != nil {
			return member
		}
		outer, inner, ok := strings.Cut(column, ".")
		if !ok {
			return nil
		}
		if v = v.Get(outer); v == nil || v.Kind != jsonfile.Object {
			return nil
		}
		column = inner
	}
}

// Line returns where the object begins.
func (o object) Line() source.Origin { return o.Origin() }

// Text returns a cell; a list is written as the file does, and no column takes
// it.
func (o object) Text(column string) string {
	v := o.at(column)
	switch {
	case v == nil || v.Kind == jsonfile.Null:
		return ""
	case v.Kind == jsonfile.Text || v.Kind == jsonfile.Number:
		return v.Text
	}
	return v.Written()
}

// Bad returns an error at a cell; at the row if the object has no such key.
func (o object) Bad(column string, code source.Code, err error) *source.ParseError {
	v := o.at(column)
	if v == nil {
		v = o.Value
	}
	bad := &source.ParseError{Origin: v.Origin(), Field: column, Code: code, Err: err}
	if v != o.Value {
		bad.Value = v.Written()
	}
	return bad
}
