package mapped

import (
	"errors"
	"io"
	"iter"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"hardship/pipeline/source"
	"hardship/pipeline/source/csvfile"
	"hardship/pipeline/table"
)

// ReadCSV yields the rows of a CSV file in the order written, as canonical
// tables of at most BatchRows rows. name is used only in errors.
//
// A row that cannot be understood is a *source.ParseError at the first cell that
// is wrong, and reading goes on. A mapping that does not fit the header, and
// whatever ends reading, is a *source.FileError and the last thing yielded.
func ReadCSV(r io.Reader, name string, s *table.Schema, m Mapping) iter.Seq2[*table.Table, error] {
	return func(yield func(*table.Table, error) bool) {
		file, err := csvfile.OpenHeader(r, name, separator(m.Separator, name))
		if err != nil {
			yield(nil, err)
			return
		}
		p, err := newPlan(s, &m, file.Header(), name)
		if err != nil {
			yield(nil, err)
			return
		}
		if err := file.Find(p.columns(), nil); err != nil {
			yield(nil, err)
			return
		}
		b := newRowBuilder(p)
		for row, err := range file.Rows() {
			if err == nil {
				err = b.add(row)
			}
			var bad *source.ParseError
			if err != nil && (!yield(nil, err) || !errors.As(err, &bad)) {
				return
			}
			if b.rows == BatchRows && !yield(b.table(), nil) {
				return
			}
		}
		if b.rows > 0 {
			yield(b.table(), nil)
		}
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

// A rowBuilder gathers rows into batches.
type rowBuilder struct {
	*filler
	builders []array.Builder // by column of the schema; nil where the file has none
	values   []value         // of the current row
	rows     int
}

func newRowBuilder(p *plan) *rowBuilder {
	b := &rowBuilder{filler: newFiller(p), builders: make([]array.Builder, len(p.fields)), values: make([]value, len(p.fields))}
	for i := range p.fields {
		f := &p.fields[i]
		b.values[i] = f.value
		if f.origin == inFile {
			b.builders[i] = newBuilder(f.column)
		}
	}
	return b
}

// add adds a row, or returns what is wrong with it and leaves it out.
func (b *rowBuilder) add(row *csvfile.Row) error {
	for i := range b.fields {
		f := &b.fields[i]
		if f.origin != inFile {
			continue
		}
		v, code, err := f.parse(b.plan, row.Text(f.from))
		if err != nil {
			return row.Bad(f.from, code, err)
		}
		b.values[i] = v
	}
	for _, x := range b.pairs {
		if lo, hi := b.values[x.lo], b.values[x.hi]; lo.known && hi.known && hi.whole < lo.whole {
			return row.Bad(x.place(b.plan).from, x.code, x.err)
		}
	}
	for i, builder := range b.builders {
		if builder != nil {
			appendValue(builder, b.values[i])
		}
	}
	b.rows++
	return nil
}

// table returns the rows gathered, and begins anew.
func (b *rowBuilder) table() *table.Table {
	columns := make([]arrow.Array, len(b.fields))
	for i, builder := range b.builders {
		if builder != nil {
			columns[i] = builder.NewArray()
		}
	}
	rows := b.rows
	b.rows = 0
	return b.filler.table(columns, rows)
}
