package mapped

import (
	"errors"
	"iter"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

// A Batch is rows of the canonical table, the line of the file on which each
// stands, or its number where there are no lines, and how many of the file's they were
// made from: the same number, but of an event log more, for perhaps no row.
type Batch struct {
	*table.Table
	Lines   []int32
	Read    int
	Private bool // the file's rows hold positions, which are shown nowhere
}

// A row is one of a text file.
type row interface {
	Line() source.Origin
	Text(column string) string
	Bad(column string, code source.Code, err error) *source.ParseError
}

// readRows translates rows and yields batches of them.
func readRows(p *plan, s *table.Schema, name string, rows iter.Seq2[row, error], yield func(Batch, error) bool) {
	b := newRowBuilder(p, s)
	b.ids.name = name
	defer b.ids.close()
	for r, err := range rows {
		if err == nil {
			err = b.add(r)
		}
		if err == errManyEvents {
			err = &source.FileError{File: name, Code: source.TooLarge, Err: err}
		}
		var bad *source.ParseError
		if errors.As(err, &bad) {
			p.hide(bad)
		}
		if err != nil && (!yield(Batch{}, err) || !errors.As(err, &bad)) {
			return
		}
		if b.rows == BatchRows && !b.emit(b.rows, yield) {
			return
		}
	}
	if b.log != nil {
		b.drain(yield)
	} else if b.rows > 0 {
		b.emit(b.rows, yield)
	}
}

// A rowBuilder gathers rows into batches.
type rowBuilder struct {
	*filler
	builders []array.Builder // by column of the schema; nil where the file has none
	values   []value         // of the current row
	lines    []int32         // by row
	rows     int
	log      *log // of a file whose rows are changes; nil else
}

func newRowBuilder(p *plan, s *table.Schema) *rowBuilder {
	b := &rowBuilder{filler: newFiller(p), builders: make([]array.Builder, len(p.fields)), values: make([]value, len(p.fields))}
	if p.events {
		b.log = newLog(s)
	}
	for i := range p.fields {
		f := &p.fields[i]
		b.values[i] = f.value
		if f.origin == inFile {
			b.builders[i] = newBuilder(s.Columns[i])
		}
	}
	return b
}

// add adds a row, or returns what is wrong with it and leaves it out.
func (b *rowBuilder) add(r row) error {
	for i := range b.fields {
		f := &b.fields[i]
		if f.from == "" {
			continue
		}
		v, code, err := f.parse(b.plan, f.text(r))
		if err != nil {
			return r.Bad(f.from, code, err)
		}
		b.values[i] = v
	}
	if x := b.position; x != nil && (b.fields[x.area].from == "" || !b.values[x.area].known) {
		v, from, code, err := x.row(b.plan, r)
		if err != nil {
			return r.Bad(from, code, err)
		}
		b.values[x.area] = v
	}
	for _, x := range b.pairs {
		if lo, hi := b.values[x.lo], b.values[x.hi]; lo.known && hi.known && hi.whole < lo.whole {
			return r.Bad(x.place(b.plan).from, x.code, x.err)
		}
	}
	if b.log != nil {
		return b.log.add(b.values, int32(r.Line().Line))
	}
	b.append(b.values, int32(r.Line().Line))
	return nil
}

// text returns what a row says of the field.
func (f *field) text(r row) string {
	if len(f.and) == 0 {
		return r.Text(f.from)
	}
	parts := []string{strings.TrimSpace(r.Text(f.from))}
	for _, from := range f.and {
		parts = append(parts, strings.TrimSpace(r.Text(from)))
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

func (b *rowBuilder) append(values []value, line int32) {
	b.lines = append(b.lines, line)
	for i, builder := range b.builders {
		if builder != nil {
			appendValue(builder, values[i])
		}
	}
	b.rows++
}

// drain yields the intervals of an event log.
func (b *rowBuilder) drain(yield func(Batch, error) bool) {
	left := len(b.log.events)
	for _, row := range b.log.intervals() {
		b.append(row.values, row.line)
		if b.rows == BatchRows {
			if !b.emit(b.rows, yield) {
				return
			}
			left -= BatchRows
		}
	}
	if left > 0 {
		b.emit(left, yield)
	}
}

// emit yields the rows gathered, made from so many of the file, and begins anew.
func (b *rowBuilder) emit(read int, yield func(Batch, error) bool) bool {
	columns := make([]arrow.Array, len(b.fields))
	for i, builder := range b.builders {
		if builder != nil {
			columns[i] = builder.NewArray()
		}
	}
	rows, lines := b.rows, b.lines
	b.rows, b.lines = 0, nil
	t := b.filler.table(columns, rows)
	if b.fault != nil {
		yield(Batch{}, b.fault)
		return false
	}
	return yield(Batch{t, lines, read, b.private}, nil)
}
