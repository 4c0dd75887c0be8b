package mapped

import (
	"io"
	"iter"
	"strings"

	"hardship/pipeline/source/csvfile"
	"hardship/pipeline/table"
)

// ReadCSV yields the rows of a CSV file in the order written, as canonical
// tables of at most BatchRows rows; those of an event log in the order of their
// starts. name is used only in errors.
//
// A row that cannot be understood is a *source.ParseError at the first cell that
// is wrong, and reading goes on. A mapping that does not fit the header, and
// whatever ends reading, is a *source.FileError and the last thing yielded.
func ReadCSV(r io.Reader, name string, s *table.Schema, m Mapping) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		file, err := csvfile.OpenHeader(r, name, separator(m.Separator, name))
		if err != nil {
			yield(Batch{}, err)
			return
		}
		p, err := newPlan(s, &m, file.Header(), name)
		if err != nil {
			yield(Batch{}, err)
			return
		}
		if err := file.Find(p.columns(), nil); err != nil {
			yield(Batch{}, err)
			return
		}
		readRows(p, s, name, func(yield func(row, error) bool) {
			for r, err := range file.Rows() {
				if !yield(r, err) {
					return
				}
			}
		}, yield)
	}
}

func separator(asked rune, name string) rune {
	switch base := strings.TrimSuffix(strings.ToLower(name), ".gz"); {
	case asked != 0:
		return asked
	case strings.HasSuffix(base, ".tsv"):
		return '\t'
	}
	return ','
}
