// Package normalize turns what adapters read into canonical tables.
//
//  1. A file is read by the adapter of its format (formats.go has the list).
//  2. Names become areas, local times instants, words of the publisher words of
//     the schema; a row whose meaning cannot be found is rejected with its place.
//  3. Rows go to a Sink, which counts them and hands canonical batches on.
//
// Every row that an adapter yields is either kept or rejected, and the counts
// say so: Read = Kept + Rejected.
package normalize

import (
	"errors"
	"iter"
	"time"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/mapped"
	"hardship/pipeline/space"
	"hardship/pipeline/table"
)

// A Source is one entry of the configuration: files of one format that fill
// one canonical table.
type Source struct {
	Name      string
	Table     *table.Schema
	Revision  string         // release or commit, where the files do not carry it
	FirstSeen hour.Instant   // when the publisher first showed the files; 0 where unknown or where rows carry it
	Location  *time.Location // zone of local times in the files
	Place     string         // area that the files stand for, where rows do not say
	Options   map[string]string

	Columns       map[string]mapped.Column // where canonical columns come from, for the generic formats
	Constants     map[string]string        // canonical column → value of every row, likewise
	AreasFromData bool                     // area_id is taken as it is, not looked up
	Anonymous     bool                     // rows without a version need no identity made from their content
	Folder        string                   // for what memory does not hold of identities; "" for that of temporary files
}

// Counts of one file. Read = Kept + Rejected.
type Counts struct{ Read, Kept, Rejected int64 }

// A Sink takes the canonical rows of one file.
type Sink struct {
	Source     *Source
	Gazetteer  *area.Gazetteer   // nil where areas come from the data
	Boundaries *space.Boundaries // by area id; nil without: then no position has an area
	Counts     Counts
	Rejected   []Rejection              // of each code so many at most as the limits of the file say
	Emit       func(*table.Table) error // takes each batch, of the source's table or one that goes with it
	Passing    bool                     // Emit keeps nothing of a batch: its memory may be used again

	// Lines of the file, by row of the batch that Emit has been given; nil for
	// rows that have none of their own.
	Lines []int32

	// Private says that the file's rows hold positions: their text is shown
	// nowhere.
	Private bool

	rows   batch   // of the source's table
	beside batch   // of the table that goes with it
	line   int32   // of the record being converted
	lines  []int32 // by row of rows
	faults Faults
}

// A batch is the rows of one table that have not been handed on.
type batch struct {
	*table.Builder // nil before the first row
	edition
}

// An edition is the version of the data, which rows of one file mostly share.
type edition struct {
	revision  string
	firstSeen hour.Instant
}

// BatchRows is how many rows a batch holds at most.
const BatchRows = 64 << 10

// Keep begins a canonical row of the sink's table and sets the columns that
// every table has; the caller sets the rest. It counts nothing: see Accept.
func (s *Sink) Keep(revision string, firstSeen hour.Instant) *table.Builder {
	s.lines = append(s.lines, s.line)
	return s.keep(&s.rows, s.Source.Table, revision, firstSeen)
}

// KeepRun begins a row of table.SnapshotRun beside those of the sink's table:
// a poll that is proved by rows which are not kept.
func (s *Sink) KeepRun(revision string, firstSeen hour.Instant) *table.Builder {
	return s.keep(&s.beside, table.SnapshotRun, revision, firstSeen)
}

func (s *Sink) keep(b *batch, of *table.Schema, revision string, firstSeen hour.Instant) *table.Builder {
	if b.Builder == nil {
		b.Builder = table.NewBuilder(of)
	}
	if revision == "" {
		revision = s.Source.Revision
	}
	if firstSeen == 0 {
		firstSeen = s.Source.FirstSeen
	}
	if v := (edition{revision, firstSeen}); v != b.edition {
		b.fill()
		b.edition = v
	}
	b.Row()
	return b.Builder
}

// fill sets the edition of the rows that have none yet.
func (b *batch) fill() {
	b.FillString("source_rev", b.revision)
	b.FillTimestamp("first_seen_utc", b.firstSeen, b.firstSeen != 0)
}

// Accept counts a row of the file as kept; flush hands full batches on.
func (s *Sink) Accept() error {
	s.Counts.Read++
	s.Counts.Kept++
	if s.rows.full() || s.beside.full() {
		return s.Flush()
	}
	return nil
}

// Reject counts a row of the file as rejected.
func (s *Sink) Reject(e *source.ParseError) {
	s.Counts.Read++
	s.Counts.Rejected++
	s.Rejected = s.faults.List(s.Rejected, s.Source.Name, e)
}

// Refuse rejects a row that was counted as kept: whoever takes the batches has
// found that it does not go with rows before.
func (s *Sink) Refuse(e *source.ParseError) {
	s.Counts.Kept--
	s.Counts.Rejected++
	s.Rejected = s.faults.List(s.Rejected, s.Source.Name, e)
}

func (b *batch) full() bool { return b.Builder != nil && b.Rows() >= BatchRows }

// Flush hands the rows gathered so far on.
func (s *Sink) Flush() error {
	for _, b := range []*batch{&s.rows, &s.beside} {
		if b.Builder == nil || b.Rows() == 0 {
			continue
		}
		b.fill()
		b.FillString("source_id", s.Source.Name)
		b.FillBool("retracted", false)
		s.Lines = nil
		if b == &s.rows {
			s.Lines = s.lines
			s.lines = s.lines[:0]
		}
		if err := s.Emit(b.Table()); err != nil {
			return err
		}
	}
	return nil
}

// columns returns a maker of rows of the sink's table that has the columns which every
// table has, as Keep sets them.
func (s *Sink) columns(rows int) *table.Columns {
	c := table.NewColumns(s.Source.Table, rows)
	c.Same("source_id", s.Source.Name)
	if s.Source.Revision != "" {
		c.Same("source_rev", s.Source.Revision)
	}
	if seen := s.Source.FirstSeen; seen != 0 {
		c.Timestamp("first_seen_utc", func(int) hour.Instant { return seen })
	}
	c.Bools("retracted", table.Marks{})
	return c
}

// emitColumns hands on rows made column by column, which stand on these lines.
func (s *Sink) emitColumns(c *table.Columns, lines []int32) error {
	s.Lines = lines
	return s.Emit(c.Table())
}

// A placed record knows where it stands in its file.
type placed interface{ Where() source.Origin }

// each runs convert on every record, counting it as kept or rejected. convert
// returns a *source.ParseError for a row that it cannot keep, and must then not
// have begun a canonical row.
func each[T placed](s *Sink, records iter.Seq2[T, error], convert func(T) error) error {
	for record, err := range records {
		if err == nil {
			s.line = int32(record.Where().Line)
			err = convert(record)
		}
		if err == nil {
			err = s.Accept()
		} else if bad, ok := errors.AsType[*source.ParseError](err); ok {
			s.Reject(bad)
			continue
		}
		if err != nil {
			return err
		}
	}
	return s.Flush()
}

// resolve returns the area of a name. Where areas come from the data, every name
// is an area's.
func (s *Sink) resolve(name string) (area.ID, error) {
	if s.Source.AreasFromData && name != "" {
		return area.ID(name), nil
	}
	return s.Gazetteer.Resolve(name)
}

// place resolves a name written in a file; column and field say where.
func (s *Sink) place(name string, origin source.Origin, field string) (area.ID, error) {
	if name == "" {
		name = s.Source.Place
	}
	id, err := s.resolve(name)
	if err != nil {
		return "", &source.ParseError{Origin: origin, Field: field, Value: name, Code: source.UnknownArea, Err: err}
	}
	return id, nil
}
