package normalize

import (
	"cmp"
	"strings"

	"hardship/pipeline/source"
)

// A Rejection is a row that was not kept, for the table `rejected`.
type Rejection struct {
	Source string
	*source.ParseError

	// Rows that it stands for: itself and, if it is the last of its file and code
	// that is listed, those behind it.
	Rows int64
}

// Reason says what is wrong, and of how many rows more.
func (r Rejection) Reason() string {
	if r.Rows <= 1 {
		return r.Err.Error()
	}
	return source.Beyond("listed_rows", "%v; and %d more rows of this file with %s, which are only counted", r.Err, r.Rows-1, r.Code).Error()
}

// RowsOf returns how many rows are listed or counted.
func RowsOf(listed []Rejection) (rows int64) {
	for _, r := range listed {
		rows += r.Rows
	}
	return rows
}

// Faults bound the list of one file's rows at fault, so that it does not take
// more than the file's rows would: of each code so many are listed, and the last
// of them counts the others.
type Faults struct {
	Most int64 // of a code; that of source.DefaultLimits if 0
	last map[source.Code]*lastFault
}

type lastFault struct {
	number int64 // listed
	at     int   // where the last of them is
}

// List adds a row at fault to a list, which must be the same each time.
func (f *Faults) List(to []Rejection, from string, e *source.ParseError) []Rejection {
	last, ok := f.last[e.Code]
	if !ok {
		last = &lastFault{}
		if f.last == nil {
			f.last = map[source.Code]*lastFault{}
		}
		f.last[e.Code] = last
	}
	if last.number >= cmp.Or(f.Most, source.DefaultLimits.ListedRows) {
		to[last.at].Rows++
		return to
	}
	last.number, last.at = last.number+1, len(to)
	e.Value = strings.Clone(e.Value) // it may be a part of all that was read at once
	return append(to, Rejection{from, e, 1})
}
