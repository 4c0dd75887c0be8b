package shard

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"iter"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"

	"hardship/pipeline/area"
	"hardship/pipeline/panel"
	"hardship/pipeline/table"
)

// The files of workers are in no order: any of them may have the rows of any area. So
// that a merge need not hold them all, the areas are cut, in their order, into ranges
// whose rows may be held. If there are several, every file is read once and its rows
// go to one file on disk, by range and table; then each range is read and put in order.

// A Holding is how much of what it reads a merge may hold, and where it keeps the rest.
type Holding struct {
	Bytes  int64 // of rows, one area at least
	Create func() (panel.SpillFile, error)
}

// A rangeOfAreas are areas that follow one another, and their rows: those that are
// held, or the places of the others.
type rangeOfAreas struct {
	areas  []area.ID
	held   map[*table.Schema][]*table.Table
	pieces map[*table.Schema][]piece
}

// A piece is rows of a table in a file, as an Arrow IPC stream.
type piece struct {
	offset, length int64
	sum            uint32
}

// ofWorkers yields the tables of one area after the other.
func (c *Collected) ofWorkers(h Holding) iter.Seq2[*panel.Result, error] {
	return func(yield func(*panel.Result, error) bool) {
		ranges := c.ranges(h.Bytes)
		file, err := c.deal(ranges, h)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, one := range ranges {
			tables, err := one.tables(file)
			if err != nil {
				yield(nil, c.at(err))
				return
			}
			for _, id := range one.areas {
				r := &panel.Result{}
				for _, t := range tables {
					if t.Has(string(id)) {
						r.Set(t.Of(string(id)))
					}
				}
				if !yield(r, nil) {
					return
				}
			}
		}
	}
}

// at says where rows lie that share a key.
func (c *Collected) at(err error) error {
	if errors.Is(err, panel.ErrSpill) {
		return err
	}
	return fault(c.dir, Twice, "%w", err)
}

// ranges cuts the areas into ranges of so many bytes of rows at most, or one area.
func (c *Collected) ranges(most int64) []*rangeOfAreas {
	var ranges []*rangeOfAreas
	bytes := int64(0)
	for _, id := range c.Header.Areas {
		if bytes += c.bytes[id]; len(ranges) == 0 || bytes > most {
			ranges = append(ranges, &rangeOfAreas{held: map[*table.Schema][]*table.Table{}, pieces: map[*table.Schema][]piece{}})
			bytes = c.bytes[id]
		}
		last := ranges[len(ranges)-1]
		last.areas = append(last.areas, id)
	}
	return ranges
}

// deal reads all files and gives their rows to the ranges: to hold if there is one,
// else in a file.
func (c *Collected) deal(ranges []*rangeOfAreas, h Holding) (panel.SpillFile, error) {
	number := map[area.ID]int{}
	for n, one := range ranges {
		for _, id := range one.areas {
			number[id] = n
		}
	}
	var file panel.SpillFile
	out := &pieceWriter{}
	if len(ranges) > 1 {
		var err error
		if file, err = h.Create(); err != nil {
			return nil, fmt.Errorf("%w: %w", panel.ErrSpill, err)
		}
		out.file = file
	}
	for _, name := range c.results {
		file, err := openParquet(name, nil, ResultSchema)
		if err != nil {
			return nil, err
		}
		for record, err := range file.records(ResultSchema) {
			if err == nil {
				err = dealRecord(file.shown, record, number, ranges, out)
			}
			if err != nil {
				file.close()
				return nil, err
			}
		}
		file.close()
	}
	return file, nil
}

// dealRecord gives the rows of a record to the ranges of their areas.
func dealRecord(shown string, record arrow.Record, number map[area.ID]int, ranges []*rangeOfAreas, out *pieceWriter) error {
	type destination struct {
		of     int
		schema *table.Schema
	}
	var order []destination
	parts := map[destination][]*table.Table{}
	kinds, areas, rows := stringsOf(record, 0), stringsOf(record, 1), int(record.NumRows())
	for from, to := 0, 0; from < rows; from = to {
		n, ok := number[area.ID(areas.Value(from))]
		if !ok {
			return fault(shown, Foreign, "it has changed while it was merged")
		}
		for to = from + 1; to < rows && kinds.Value(to) == kinds.Value(from); to++ {
			if areas.Value(to) != areas.Value(to-1) && number[area.ID(areas.Value(to))] != n {
				break
			}
		}
		i := slices.IndexFunc(table.OfAreas, func(s *table.Schema) bool { return s.Name == kinds.Value(from) })
		if i < 0 {
			continue // the row that closes an area
		}
		t, err := tableOf(shown, table.OfAreas[i], record, from, to)
		if err != nil {
			return err
		}
		d := destination{n, t.Schema}
		if parts[d] == nil {
			order = append(order, d)
		}
		parts[d] = append(parts[d], t)
	}
	for _, d := range order {
		own := table.Concat(d.schema, parts[d]) // the record has a column of every table
		one := ranges[d.of]
		if out.file == nil {
			one.held[d.schema] = append(one.held[d.schema], own)
			continue
		}
		p, err := out.write(own)
		if err != nil {
			return fmt.Errorf("%w: %w", panel.ErrSpill, err)
		}
		one.pieces[d.schema] = append(one.pieces[d.schema], p)
	}
	return nil
}

// A pieceWriter writes pieces behind one another.
type pieceWriter struct {
	file   io.Writer // nil if all is held
	packed bytes.Buffer
	offset int64
}

func (w *pieceWriter) write(t *table.Table) (piece, error) {
	w.packed.Reset()
	stream := ipc.NewWriter(&w.packed, ipc.WithSchema(t.Schema.Arrow()), ipc.WithLZ4())
	if err := errors.Join(stream.Write(t.Record()), stream.Close()); err != nil {
		return piece{}, err
	}
	p := piece{w.offset, int64(w.packed.Len()), crc32.Checksum(w.packed.Bytes(), castagnoli)}
	w.offset += p.length
	_, err := w.file.Write(w.packed.Bytes())
	return p, err
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// tables returns the rows of a range, by table, in the order of their keys.
func (r *rangeOfAreas) tables(file io.ReaderAt) ([]*table.Table, error) {
	var tables []*table.Table
	for _, s := range table.OfAreas {
		parts := r.held[s]
		for _, p := range r.pieces[s] {
			part, err := p.read(file, s)
			if err != nil {
				return nil, fmt.Errorf("%w: %w", panel.ErrSpill, err)
			}
			parts = append(parts, part)
		}
		t, err := table.Concat(s, parts).Sorted()
		if err != nil {
			return nil, err
		}
		tables = append(tables, t)
	}
	r.held = nil
	return tables, nil
}

// read returns the rows of a piece.
func (p piece) read(file io.ReaderAt, s *table.Schema) (*table.Table, error) {
	packed := make([]byte, p.length)
	if n, err := file.ReadAt(packed, p.offset); n < len(packed) {
		return nil, cmp.Or(err, io.ErrUnexpectedEOF)
	}
	if crc32.Checksum(packed, castagnoli) != p.sum {
		return nil, errors.New("read back other than written")
	}
	stream, err := ipc.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	defer stream.Release()
	record, err := stream.Read()
	if err != nil {
		return nil, err
	}
	record.Retain()
	return table.New(s, array.NewRecord(s.Arrow(), record.Columns(), record.NumRows())), nil
}
