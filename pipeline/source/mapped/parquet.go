package mapped

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"hardship/pipeline/hour"
	"hardship/pipeline/internal/ring"
	"hardship/pipeline/parquetfile"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

// ReadParquet yields the rows of a Parquet file of size bytes as ReadCSV does
// those of a CSV file. The place of a row is its number, from 1.
//
// The types of columns must fit: numbers for numbers (whole ones may be stored
// as floating point or decimals, which count as the float64 nearest to them, as
// numbers of a CSV file do), times or dates for times, text for text; times may also
// be text, written as in a CSV file. A column of another type is a
// *source.FileError before any row. NaN is null.
func ReadParquet(r io.ReaderAt, size int64, name string, limits parquetfile.Limits, s *table.Schema, m Mapping) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		file, err := parquetfile.Open(r, size, name, limits)
		if err != nil {
			yield(Batch{}, fileError(name, err))
			return
		}
		b, err := newColumnReader(file, name, s, &m)
		if err != nil {
			yield(Batch{}, err)
			return
		}
		b.ids.name = name
		defer b.ids.close()
		if m.InHand > 0 {
			b.reuse = m.InHand + source.InHand - 1 // this one is among those of both
		}
		b.lines = ring.New[int32](m.InHand)
		for range b.fields {
			b.wide = append(b.wide, ring.New[int64](m.InHand))
		}
		for record, err := range source.Ahead(b.records(file), arrow.Record.Retain) {
			if err != nil {
				yield(Batch{}, fileError(name, err))
				return
			}
			for from := int64(0); from < record.NumRows(); from += BatchRows {
				to := min(from+BatchRows, record.NumRows())
				if !b.read(record.NewSlice(from, to), yield) {
					return
				}
			}
		}
	}
}

// fileError says in the words of package source what ended reading.
func fileError(name string, err error) error {
	code := source.Unreadable
	switch {
	case errors.Is(err, parquetfile.ErrDamaged), errors.Is(err, parquetfile.ErrValue):
		code = source.Damaged
	case errors.Is(err, parquetfile.ErrLimit):
		code = source.TooLarge
	case errors.Is(err, parquetfile.ErrNoColumn), errors.Is(err, parquetfile.ErrColumnType):
		code = source.WrongFormat
	}
	var placed *parquetfile.Error
	if errors.As(err, &placed) {
		place := *placed
		place.File = "" // the FileError has it
		err = &place
	}
	return &source.FileError{File: name, Code: code, Err: err}
}

// recordRows is how many rows are read at once: few enough to be in a cache still when
// they are translated and taken.
const recordRows = 32 << 10

// A columnReader translates columns.
type columnReader struct {
	*filler
	name  string
	names []string      // columns that are read
	from  []int         // by column of the schema: which of names; -1 for none
	local []bool        // by names: times of the local clock
	texts []*dictionary // by column of the schema: translations of the last dictionary
	words []*word       // by row, of the column being translated
	reuse int           // records in hand at once; 0 if they may be kept
	lines ring.Ring[int32]
	wide  []ring.Ring[int64] // by column of the schema: memory of those widened
	rows  int                // yielded or rejected
	bad   map[int]*source.ParseError
}

func newColumnReader(file *parquetfile.File, name string, s *table.Schema, m *Mapping) (*columnReader, error) {
	var found []string
	for _, field := range file.Schema().Fields() {
		found = append(found, field.Name)
	}
	unreadable := map[string]string{}
	for _, c := range file.Unreadable() {
		found = append(found, c.Name)
		unreadable[c.Name] = c.Reason
	}
	p, err := newPlan(s, m, found, name)
	if err != nil {
		return nil, err
	}
	if p.events {
		return nil, &source.FileError{File: name, Code: source.WrongFormat, Err: errors.New("an event log is read from text: write it as CSV")}
	}
	for i := range p.fields {
		f := &p.fields[i]
		if len(f.and) > 0 {
			return nil, &source.FileError{File: name, Code: source.WrongFormat, Err: fmt.Errorf("%s is read from one column of a Parquet file", f.column.Name)}
		}
	}
	b := &columnReader{filler: newFiller(p), name: name, names: p.columns(), texts: make([]*dictionary, len(p.fields))}
	b.local = make([]bool, len(b.names))
	wrong := func(f *field, what string) (*columnReader, error) {
		return nil, &source.FileError{File: name, Code: source.WrongFormat, Err: fmt.Errorf("the column %q cannot be read as %s: %s", f.from, f.column.Name, what)}
	}
	if p.position != nil {
		for _, f := range []*field{&p.position.lat, &p.position.lon} {
			if reason, ok := unreadable[f.from]; ok {
				return wrong(f, reason)
			}
			if stored := file.Schema().Field(file.Schema().FieldIndices(f.from)[0]); stored.Type.ID() != arrow.FLOAT64 {
				return wrong(f, fmt.Sprintf("it holds %s, wanted is %v", held(stored), f.column.Type))
			}
		}
	}
	for i := range p.fields {
		f := &p.fields[i]
		b.from = append(b.from, slices.Index(b.names, f.from))
		if f.from == "" {
			continue
		}
		if reason, ok := unreadable[f.from]; ok {
			return wrong(f, reason)
		}
		stored := file.Schema().Field(file.Schema().FieldIndices(f.from)[0])
		if !fits(f, stored.Type.ID()) {
			return wrong(f, fmt.Sprintf("it holds %s, wanted is %v", held(stored), f.column.Type))
		}
		if text := stored.Type.ID() == arrow.STRING; !text && (f.meanings != nil || f.layout != nil) {
			return wrong(f, fmt.Sprintf("it holds %s, and words and formats are of text", held(stored)))
		}
		local, _ := stored.Metadata.GetValue("parquet.local")
		b.local[b.from[i]] = local == "true"
	}
	return b, nil
}

// records yields the columns that the plan reads. A plan may read none: then
// the rows count alone.
func (b *columnReader) records(file *parquetfile.File) iter.Seq2[arrow.Record, error] {
	if len(b.names) > 0 {
		return file.Batches(b.names, parquetfile.ReadOptions{DictionaryStrings: true, Coded: b.coded(), Reuse: b.reuse, BatchRows: recordRows})
	}
	return func(yield func(arrow.Record, error) bool) {
		for rows := file.NumRows(); rows > 0; rows -= BatchRows {
			if !yield(array.NewRecord(arrow.NewSchema(nil, nil), nil, min(rows, BatchRows)), nil) {
				return
			}
		}
	}
}

// coded are the columns to be read as codes where the file has them so: those of
// which package panel takes the codes, since there are the most rows of them.
func (b *columnReader) coded() []string {
	var names []string
	for i := range b.fields {
		if f := &b.fields[i]; b.schema == table.Temperature && b.position == nil && (f.column.Name == "time_utc" || f.column.Name == "t_c") {
			names = append(names, f.from)
		}
	}
	return names
}

// read translates one batch and yields its faults and its rows.
func (b *columnReader) read(record arrow.Record, yield func(Batch, error) bool) bool {
	rows := int(record.NumRows())
	b.bad = nil
	columns := make([]arrow.Array, len(b.fields))
	for i := range b.fields {
		if b.fields[i].origin == inFile && b.from[i] >= 0 {
			columns[i] = b.column(i, record.Column(b.from[i]))
		}
	}
	if x := b.position; x != nil {
		columns[x.area] = b.locate(columns[x.area], record)
	}
	for _, x := range b.pairs {
		b.checkPair(x, columns, rows)
	}
	lines := b.lines.Next(rows - len(b.bad))
	for i := range lines {
		lines[i] = int32(b.rows + i + 1)
	}
	for row, kept := 0, 0; len(b.bad) > 0 && kept < len(lines); row++ {
		if b.bad[row] == nil {
			lines[kept] = int32(b.rows + row + 1)
			kept++
		}
	}
	b.rows += rows
	if len(b.bad) > 0 {
		for row := range rows {
			if bad := b.bad[row]; bad != nil && !yield(Batch{}, bad) {
				return false
			}
		}
		columns, rows = b.keepGood(columns, rows)
	}
	if rows == 0 {
		return true
	}
	t := b.table(columns, rows)
	if b.fault != nil {
		yield(Batch{}, b.fault)
		return false
	}
	return yield(Batch{t, lines, rows, b.private}, nil)
}

// reject notes what is wrong with a row of the batch, unless an earlier column
// has been found wrong already.
func (b *columnReader) reject(row int, f *field, written any, code source.Code, err error) {
	if b.bad[row] != nil {
		return
	}
	if b.bad == nil {
		b.bad = map[int]*source.ParseError{}
	}
	text := ""
	if written != nil {
		text = fmt.Sprint(written)
	}
	b.bad[row] = &source.ParseError{Origin: source.Origin{File: b.name, Line: b.rows + row + 1}, Field: f.from, Value: text, Code: code, Err: err}
	b.hide(b.bad[row])
}

// column translates a column of the file into the i-th of the schema. Cells of
// rejected rows hold anything.
func (b *columnReader) column(i int, in arrow.Array) arrow.Array {
	f := &b.fields[i]
	if in.NullN() > 0 && !f.column.Null && f.column.Type != table.String {
		_, code, err := f.absent()
		for row := range in.Len() {
			if in.IsNull(row) {
				b.reject(row, f, nil, code, err)
			}
		}
	}
	switch in := in.(type) {
	case *array.Dictionary:
		if f.column.Type == table.String {
			return b.text(i, in)
		}
		texts, ok := in.Dictionary().(*array.String)
		if !ok {
			if b.fitting(i, in.Dictionary()) {
				in.Retain()
				return in
			}
			return b.column(i, table.WrittenOut(in))
		}
		written := func(row int) any { return texts.Value(in.GetValueIndex(row)) }
		return b.cells(f, in, written, func(row int) (value, source.Code, error) {
			return f.parse(b.plan, texts.Value(in.GetValueIndex(row)))
		})
	case *array.Timestamp:
		if b.fitting(i, in) {
			in.Retain()
			return in
		}
		written := func(row int) any { return hour.Instant(in.Value(row)).Time().Format("2006-01-02 15:04:05.999999") }
		return b.cells(f, in, written, func(row int) (value, source.Code, error) {
			at := hour.Instant(in.Value(row))
			if !b.local[b.from[i]] {
				return value{known: true, whole: int64(at - hour.InstantsInHour)}, "", nil
			}
			d := hour.DayIn(at, time.UTC) // what the local clock shows, as if it were UTC
			return b.clockTime(f, d, at-hour.Instant(d)*day)
		})
	case *array.Date32:
		if f.column.Type == table.Date {
			in.Retain()
			return in
		}
		written := func(row int) any { return hour.Day(in.Value(row)) }
		return b.cells(f, in, written, func(row int) (value, source.Code, error) {
			if b.needsClock {
				return value{}, source.NotATime, errNoClock
			}
			return b.clockTime(f, hour.Day(in.Value(row)), 0)
		})
	case *array.Float64:
		return numbers(b, i, in, in.Float64Values())
	case *array.Int32:
		return numbers(b, i, in, in.Int32Values())
	case *array.Int64:
		return numbers(b, i, in, in.Int64Values())
	}
	in.Retain() // a column of truth values
	return in
}

// fitting reports whether numbers or times of the file, of which some may not be in
// any row, can be shared as they are, and none is to be rejected.
func (b *columnReader) fitting(i int, in arrow.Array) bool {
	f := &b.fields[i]
	switch in := in.(type) {
	case *array.Timestamp:
		return !b.local[b.from[i]] && !(b.stamps.hourEnding && f.column.Name == "time_utc")
	case *array.Float64:
		lo, hi := f.bounds()
		return f.column.Type == table.Float64 && f.unit == nil && f.epoch == 0 &&
			!slices.ContainsFunc(in.Float64Values(), func(v float64) bool { return v < lo || v > hi })
	}
	return false
}

// cells translates a column cell by cell. of returns the cell of a row that is
// not null, written what the file holds there.
func (b *columnReader) cells(f *field, in arrow.Array, written func(row int) any, of func(row int) (value, source.Code, error)) arrow.Array {
	out := newBuilder(f.column)
	out.Reserve(in.Len())
	for row := range in.Len() {
		if in.IsNull(row) {
			out.AppendNull()
			continue
		}
		v, code, err := of(row)
		if err != nil {
			b.reject(row, f, written(row), code, err)
		}
		appendValue(out, v)
	}
	return out.NewArray()
}

// clockTime makes a cell of what the local clock shows.
func (b *columnReader) clockTime(f *field, d hour.Day, ofDay hour.Instant) (value, source.Code, error) {
	at, err := f.clock(b.plan).shown(d, ofDay)
	if err != nil {
		return value{}, source.SkippedTime, err
	}
	return value{known: true, whole: int64(at)}, "", nil
}

// numbers translates a column of numbers. One of the right type and unit is
// checked and shared.
func numbers[T float64 | int32 | int64](b *columnReader, i int, in arrow.Array, values []T) arrow.Array {
	f := &b.fields[i]
	stored := in.DataType().ID()
	wider := stored == arrow.INT32 && f.column.Type == table.Int64
	if stored != f.column.Type.Arrow().ID() && !wider || f.unit != nil || f.epoch != 0 {
		written := func(row int) any { return values[row] }
		return b.cells(f, in, written, func(row int) (value, source.Code, error) { return f.quantity(float64(values[row])) })
	}
	lo, hi := f.bounds()
	for row, v := range values {
		if (float64(v) < lo || float64(v) > hi) && in.IsValid(row) {
			_, code, err := f.quantity(float64(v))
			b.reject(row, f, v, code, err)
		}
	}
	if wider {
		return widened(&b.wide[i], in, values)
	}
	in.Retain()
	return in
}

// widened returns whole numbers of 32 bits in 64, null where in is.
func widened[T float64 | int32 | int64](memories *ring.Ring[int64], in arrow.Array, values []T) arrow.Array {
	var valid *memory.Buffer
	offset := 0
	if in.NullN() > 0 {
		valid, offset = in.Data().Buffers()[0], in.Data().Offset()
	}
	wide := memories.Next(offset + len(values))
	for i, v := range values {
		wide[offset+i] = int64(v)
	}
	return array.MakeFromData(array.NewData(arrow.PrimitiveTypes.Int64, in.Len(), []*memory.Buffer{valid, memory.NewBufferBytes(arrow.Int64Traits.CastToBytes(wide))}, nil, in.NullN(), offset))
}

// checkPair rejects rows in which the first column of a pair lies above the
// second. A column that is the same in every row is not among columns yet.
func (b *columnReader) checkPair(x pair, columns []arrow.Array, rows int) {
	if lo, hi := wholes(columns[x.lo]), wholes(columns[x.hi]); lo != nil && hi != nil && !outOfOrder(lo, hi) {
		return
	}
	at := func(i, row int) (int64, bool) {
		if columns[i] == nil {
			return b.fields[i].value.whole, b.fields[i].value.known
		}
		return wholeAt(columns[i], row)
	}
	for row := range rows {
		lo, ok := at(x.lo, row)
		hi, ok2 := at(x.hi, row)
		if ok && ok2 && hi < lo {
			f := x.place(b.plan)
			written := any(hi)
			switch f.column.Type {
			case table.Timestamp:
				written = hour.Instant(hi)
			case table.Date:
				written = hour.Day(hi)
			}
			b.reject(row, f, written, x.code, x.err)
		}
	}
}

// wholes returns the cells of a column of times or whole numbers of 64 bits without
// a null; nil for another.
func wholes(column arrow.Array) []int64 {
	switch a := column.(type) {
	case *array.Timestamp:
		if a.NullN() == 0 {
			return arrow.Int64Traits.CastFromBytes(arrow.TimestampTraits.CastToBytes(a.TimestampValues()))
		}
	case *array.Int64:
		if a.NullN() == 0 {
			return a.Int64Values()
		}
	}
	return nil
}

// outOfOrder reports whether some lo lies above the hi beside it.
func outOfOrder(lo, hi []int64) bool {
	for i, v := range lo {
		if v > hi[i] {
			return true
		}
	}
	return false
}

// keepGood returns the columns without the rejected rows.
func (b *columnReader) keepGood(columns []arrow.Array, rows int) ([]arrow.Array, int) {
	var runs [][2]int64
	good := 0
	for row := range rows {
		switch {
		case b.bad[row] != nil:
		case len(runs) > 0 && runs[len(runs)-1][1] == int64(row):
			runs[len(runs)-1][1]++
			good++
		default:
			runs = append(runs, [2]int64{int64(row), int64(row) + 1})
			good++
		}
	}
	if good == 0 {
		return columns, 0
	}
	kept := make([]arrow.Array, len(columns))
	for i, c := range columns {
		if c == nil {
			continue
		}
		if d, ok := c.(*array.Dictionary); ok && d.Dictionary().DataType().ID() != arrow.STRING {
			c = table.WrittenOut(d)
		}
		parts := make([]arrow.Array, len(runs))
		for k, run := range runs {
			parts[k] = array.NewSlice(c, run[0], run[1])
		}
		joined, err := array.Concatenate(parts, memory.DefaultAllocator)
		if err != nil {
			panic(fmt.Sprintf("mapped: %v", err)) // slices of one column have one type
		}
		kept[i] = joined
	}
	return kept, good
}
