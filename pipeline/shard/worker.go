package shard

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"

	"hardship/pipeline/area"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

// bufferBytes are what a pipe holds.
const bufferBytes = 64 << 10

// stdin is how faults call the stream that a worker reads.
const stdin = "standard input"

// A Panel takes the rows of one area after the other.
type Panel interface {
	// Known reports whether there is such an area.
	Known(area.ID) bool
	// Add takes rows of the current area.
	Add(*table.Table) error
	// Pass makes the tables of an area from its rows, and forgets them; ok is
	// false if nothing of the area is published.
	Pass(area.ID) (tables []*table.Table, ok bool, err error)
}

// Work reads input rows of a run from a stream, area by area, and writes the result rows
// of each to another once it is over. One area is held at a time.
//
// The stream out gets its end marker only if that of the stream in was read and
// every row was understood: what is written before counts for nothing. A fault of
// the stream in is a *source.FileError. A stream whose framing is damaged may also
// end the process, as Arrow 17 allocates what a length asks for: that is a worker
// that has not ended with 0, and its results have no end. When the context ends it
// waits for no more input.
func Work(ctx context.Context, in io.Reader, out io.Writer, run string, panel Panel) error {
	buffered := bufio.NewWriterSize(out, bufferBytes)
	w := &worker{ctx: ctx, run: run, panel: panel, out: buffered, writer: ipc.NewWriter(buffered, ipc.WithSchema(ResultSchema)), done: map[area.ID]bool{}}
	input, stop := waiting(ctx, in)
	defer stop()
	if err := w.read(input); err != nil {
		return err
	}
	if err := errors.Join(w.writer.Close(), buffered.Flush()); err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	return nil
}

// waiting returns a reader of r that fails when the context ends, though r may wait for
// a writer that is stuck. The caller stops it.
func waiting(ctx context.Context, r io.Reader) (reader io.Reader, stop func()) {
	out, in := io.Pipe()
	go func() {
		_, err := io.CopyBuffer(in, struct{ io.Reader }{r}, make([]byte, bufferBytes))
		in.CloseWithError(err)
	}()
	off := context.AfterFunc(ctx, func() { in.CloseWithError(context.Cause(ctx)) })
	return out, func() {
		off()
		out.Close()
	}
}

type worker struct {
	ctx    context.Context
	run    string // by which the results are known: Header.Run
	panel  Panel
	out    *bufio.Writer
	writer *ipc.Writer

	open bool    // there is a current area
	area area.ID // which
	kind string  // of its last row
	row  int64   // number of its last row
	want int64   // rows that it has; -1 if none has opened it
	have int64   // of them read
	done map[area.ID]bool
	rows int64 // read so far
}

// read reads the stream to its end marker.
func (w *worker) read(in io.Reader) (err error) {
	defer func() { // Arrow 17 panics on what it cannot decode
		if r := recover(); r != nil {
			err = fault(stdin, source.Damaged, "row %d: %v", w.rows+1, r)
		}
	}()
	counted := &countedReader{r: bufio.NewReaderSize(in, bufferBytes)}
	reader, err := ipc.NewReader(counted)
	if err != nil {
		if counted.failed != nil {
			return counted.failed
		}
		return fault(stdin, Incomplete, "there is no Arrow stream: %v", err)
	}
	defer reader.Release()
	if err := checkVersion(stdin, reader.Schema().Metadata()); err != nil {
		return err
	}
	end := counted.n
	for reader.Next() {
		end = counted.n
		if err := w.ctx.Err(); err != nil {
			return context.Cause(w.ctx)
		}
		record, err := arrange(stdin, InputSchema, reader.Record())
		if err != nil {
			return err
		}
		if err := w.add(record); err != nil {
			return err
		}
	}
	if counted.failed != nil {
		return fmt.Errorf("read %s: %w", stdin, counted.failed)
	}
	// Arrow 17 takes a stream that is cut between two batches for a whole one, so
	// what was read after the last batch must be the marker and nothing else.
	if counted.n-end != int64(len(endMarker)) || counted.last != endMarker {
		return fault(stdin, Incomplete, "the stream ends after %d rows without its end marker: whoever wrote it was stopped%s", w.rows, because(reader.Err()))
	}
	if n, _ := io.ReadFull(counted, make([]byte, 1)); n > 0 {
		return fault(stdin, Incomplete, "there are bytes after the end marker")
	}
	return w.finish()
}

// endMarker ends a stream: the mark of a message, and the length 0.
var endMarker = [8]byte{0xff, 0xff, 0xff, 0xff}

func because(err error) string {
	if err == nil || errors.Is(err, io.EOF) {
		return ""
	}
	return ": " + err.Error()
}

// A countedReader counts what is read and keeps the last eight bytes of it.
type countedReader struct {
	r      io.Reader
	n      int64
	last   [8]byte
	failed error
}

func (c *countedReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if n >= len(c.last) {
		copy(c.last[:], p[n-len(c.last):n])
	} else if n > 0 {
		kept := binary.BigEndian.Uint64(c.last[:])
		for _, b := range p[:n] {
			kept = kept<<8 | uint64(b)
		}
		binary.BigEndian.PutUint64(c.last[:], kept)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		c.failed = err
	}
	return n, err
}

// checkVersion refuses what another version has written.
func checkVersion(file string, m arrow.Metadata) error {
	if v, ok := m.GetValue(versionKey); !ok {
		return fault(file, Version, "the schema has no %s: it is not of this program", versionKey)
	} else if v != SchemaVersion {
		return fault(file, Version, "the rows are of version %s, this program knows version %s", source.Printable(v), SchemaVersion)
	}
	return nil
}

// add takes a batch of rows, run by run of one area and kind.
func (w *worker) add(record arrow.Record) error {
	kinds, areas, numbers := record.Column(0).(*array.String), record.Column(1).(*array.String), record.Column(2).(*array.Int64)
	for _, i := range []int{0, 1, 2} {
		if record.Column(i).NullN() > 0 {
			return fault(stdin, NullKey, "a row after row %d has no %s", w.rows, InputSchema.Field(i).Name)
		}
	}
	n := int(record.NumRows())
	for from := 0; from < n; {
		id, kind := areas.Value(from), kinds.Value(from)
		to := from
		for ; to < n && areas.Value(to) == id && kinds.Value(to) == kind; to++ {
			w.rows++
			if err := w.follow(area.ID(id), kind, numbers.Value(to)); err != nil {
				return err
			}
		}
		if kind != kindArea {
			i := slices.IndexFunc(streamedTables, func(s streamed) bool { return s.schema.Name == kind })
			if i < 0 {
				return fault(stdin, Version, "row %d is of the unknown kind %q", w.rows, source.Printable(kind))
			}
			t, err := streamedTables[i].canonical(stdin, record, from, to)
			if err == nil {
				err = w.panel.Add(t)
			}
			if err != nil {
				return err
			}
		}
		from = to
	}
	return nil
}

// follow checks that a row may come after the one before it, and ends the area
// of that one if it is another.
func (w *worker) follow(id area.ID, kind string, number int64) error {
	if w.open && id == w.area {
		if kind < w.kind || kind == w.kind && (number <= w.row || kind == kindArea) {
			return fault(stdin, Unsorted, "row %d: %s %d of area %s comes after %s %d: rows of an area come by kind and row_no, each once", w.rows, source.Printable(kind), number, id, w.kind, w.row)
		}
		if w.row = number; kind != w.kind {
			w.kind = strings.Clone(kind)
		}
		w.have++
		return nil
	}
	switch {
	case w.done[id]:
		return fault(stdin, Unsorted, "row %d: area %s comes again after other areas: its rows must stand together", w.rows, source.Printable(string(id)))
	case !w.panel.Known(id):
		return fault(stdin, source.UnknownArea, "row %d: area %q is not in the area table", w.rows, source.Printable(string(id)))
	}
	if err := w.finish(); err != nil {
		return err
	}
	w.open, w.area, w.kind, w.row = true, area.ID(strings.Clone(string(id))), strings.Clone(kind), number
	if w.want, w.have = -1, 1; kind == kindArea {
		w.want, w.have = number, 0
	}
	return nil
}

// finish passes over the current area and writes its rows, of which none may be
// missing: files of input rows may have been lost on their way.
func (w *worker) finish() error {
	if !w.open {
		return nil
	}
	w.open = false
	w.done[w.area] = true
	tables, ok, err := w.panel.Pass(w.area)
	switch {
	case err != nil || !ok:
		return err
	case w.want < 0:
		return fault(stdin, Incomplete, "no row opens area %s: input rows are missing", source.Printable(string(w.area)))
	case w.have != w.want:
		return fault(stdin, Incomplete, "area %s has %d rows, not %d: the others are missing, or stand elsewhere in the stream", source.Printable(string(w.area)), w.have, w.want)
	}
	for _, record := range ResultRows(w.run, []area.ID{w.area}, tables) {
		if err := w.writer.Write(record); err != nil {
			return fmt.Errorf("write results: %w", err)
		}
	}
	if err := w.out.Flush(); err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	return nil
}
