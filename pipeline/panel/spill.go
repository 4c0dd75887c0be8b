package panel

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"

	"hardship/pipeline/hour"
	"hardship/pipeline/internal/scratch"
)

// What inputs hold of areas may be moved to files, as often as memory asks for it,
// and comes back area by area when it is passed over:
//
//  1. Spill writes a file in which the areas follow one another in the order of
//     their ids, each in three parts: records (outages, alerts, schedules, logs, days),
//     strikes, and hours (temperatures, polls). Where they lie is remembered by area.
//  2. Prepare looks at the records of each area once, since the spans of a source
//     are those of its records in all areas, and at the ids of strikes, a share of
//     them after the other.
//  3. A pass puts the pieces of its area together in the order in which they were
//     written, so that it sees the rows as if they had been held. Of strikes it takes
//     those of other areas too that it sees: of the areas above it, of its parts, and
//     of those whose rows name it. A country sees all of its own, and holds them while
//     its pass runs, 32 bytes each; an area of the data without a country its own alone.
//
// So a run holds what areas share, what was read since the last file, and an area a
// thread; no number of files changes a byte of the results. What areas share stays
// in memory: their ids, which areas strikes name, the minutes at which sources looked,
// reports, proxies and figures of context.

// A SpillFile is a file that inputs are moved to: written once from its beginning,
// then read at any place by several goroutines.
type SpillFile interface {
	io.Writer
	io.ReaderAt
}

// A spill is what inputs have moved to files.
type spill struct {
	files  []SpillFile
	words  []string // of the pieces, by number
	number map[string]uint64

	newest map[string]newest // of rows of strikes, alerts, schedules and logs, by source
}

// A piece is where a part of what was read of an area lies.
type piece struct {
	file    int
	offset  int64
	lengths [parts]int64 // of its parts, one after the other
	sums    [parts]uint32
}

// The parts of a piece.
const (
	recordsPart = iota
	strikesPart
	hoursPart
	parts
)

// ErrSpill is a file of what does not fit into memory that could not be written, or
// not be read as it was written.
var ErrSpill = scratch.ErrFile

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Spill moves what is held of areas to a file that create makes, and which must be
// there until the last pass has ended. It does not ask for a file if nothing is
// held. After an error, an ErrSpill, the inputs are of no more use.
func (in *Inputs) Spill(create func() (SpillFile, error)) error {
	held := slices.DeleteFunc(slices.Clone(in.areas), func(a *inputArea) bool { return !a.holdsAny() })
	if len(held) == 0 {
		return nil
	}
	file, err := create()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrSpill, err)
	}
	if in.spill == nil {
		in.spill = &spill{number: map[string]uint64{}, newest: map[string]newest{}}
	}
	s := in.spill
	s.files = append(s.files, file)
	slices.SortFunc(held, func(a, b *inputArea) int { return cmp.Compare(a.id, b.id) })
	out := bufio.NewWriterSize(file, 1<<18)
	p := packer{spill: s}
	offset := int64(0)
	for _, a := range held {
		in.remember(a)
		one := piece{file: len(s.files) - 1, offset: offset}
		for part, pack := range []func(*Inputs, *inputArea){recordsPart: p.records, strikesPart: p.strikes, hoursPart: p.hours} {
			p.bytes = p.bytes[:0]
			pack(in, a)
			p.even()
			one.lengths[part], one.sums[part] = int64(len(p.bytes)), crc32.Checksum(p.bytes, castagnoli)
			offset += int64(len(p.bytes))
			if _, err := out.Write(p.bytes); err != nil {
				return fmt.Errorf("%w: %w", ErrSpill, err)
			}
		}
		a.pieces = append(a.pieces, one)
		a.letGo()
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("%w: %w", ErrSpill, err)
	}
	in.outageFacts, in.outageIDs = shared[outageFacts]{}, ids{}
	in.strikesBefore += in.strikeIDs.length()
	in.strikeFacts, in.strikeIDs = shared[strikeFacts]{}, ids{}
	return nil
}

// Spilled reports whether something lies in files.
func (in *Inputs) Spilled() bool { return in.spill != nil }

// holdsAny reports whether anything of the area is in memory.
func (a *inputArea) holdsAny() bool {
	return a.outages.length+a.strikes.length+len(a.schedules)+len(a.supply)+len(a.alerts) > 0 ||
		slices.ContainsFunc(a.hourly, func(r *readings) bool { return r.blocks != nil }) ||
		slices.ContainsFunc(a.daily, func(d *daily) bool { return !d.values.empty() }) ||
		slices.ContainsFunc(a.snapshots, func(s *snapshots) bool { return s.polls.length > 0 })
}

// remember keeps what inputs are asked for as a whole of records that leave memory.
func (in *Inputs) remember(a *inputArea) {
	s := in.spill
	moves := func(source string) {
		if !slices.Contains(a.spilled, source) {
			a.spilled = append(a.spilled, source)
		}
	}
	add := func(o *origin, known hour.Instant) {
		n, ok := s.newest[o.source]
		if !ok {
			n = noTime()
		}
		n.of(o, known)
		s.newest[o.source] = n
		moves(o.source)
	}
	for number := range a.outages.facts() {
		moves(in.outageFacts.all[number].source)
	}
	for s := range a.strikes.all() {
		o := s.origin(in.strikeFacts.all[s.facts])
		add(&o, s.known())
	}
	for _, slots := range a.schedules {
		for i := range slots {
			add(&slots[i].origin, slots[i].known())
		}
	}
	for i := range a.supply {
		add(&a.supply[i].origin, a.supply[i].known())
	}
	for i := range a.alerts {
		add(&a.alerts[i].origin, a.alerts[i].known())
	}
}

// letGo forgets what was moved of an area, but not which sources it is of.
func (a *inputArea) letGo() {
	a.outages, a.strikes, a.supply, a.alerts = outageList{}, blocks[strike]{}, nil, nil
	clear(a.schedules)
	for _, r := range a.hourly {
		r.blocks, r.later, r.repeats = nil, true, nil
	}
	for _, d := range a.daily {
		d.values = byDay[dayRow]{}
	}
	for _, s := range a.snapshots {
		s.polls, s.version = pollList{}, nil
	}
}

// drop takes back what a source has given: rows in the files are passed by.
func (s *spill) drop(source string, areas []*inputArea) {
	if s == nil {
		return
	}
	delete(s.newest, source)
	for _, a := range areas {
		a.spilled = slices.DeleteFunc(a.spilled, func(of string) bool { return of == source })
	}
}

// A loadScratch is the memory of what is loaded of an area. Another may have it once
// nothing of the area is in use.
type loadScratch struct{ packed []byte }

// loaded returns inputs of one area alone, with those parts of what lies of it in files
// that are asked for. They lie in scratch.
func (in *Inputs) loaded(a *inputArea, scratch *loadScratch, asked ...int) (*Inputs, *inputArea, error) {
	whole := &inputArea{id: a.id, corrected: a.corrected, own: a.own, period: a.period, first: a.first, hours: a.hours, kept: a.kept, readFirst: a.readFirst, readHours: a.readHours, schedules: map[scheduleKey][]scheduleSlot{}}
	one := &Inputs{settings: in.settings, gazetteer: in.gazetteer, areas: []*inputArea{whole}}
	// Of which sources there are hours and days, in the order first seen; a source
	// that was taken back is none of them. Where strikes alone are asked for, the pass
	// of the area may be forgetting them.
	if slices.Contains(asked, recordsPart) {
		for _, d := range a.daily {
			whole.daily = append(whole.daily, &daily{source: d.source, newest: d.newest, definition: d.definition})
		}
	}
	if slices.Contains(asked, hoursPart) {
		for _, r := range a.hourly {
			whole.hourly = append(whole.hourly, &readings{source: r.source, newest: r.newest, hours: r.hours})
		}
		for _, s := range a.snapshots {
			whole.snapshots = append(whole.snapshots, &snapshots{source: s.source, newest: s.newest})
		}
	}
	bytes := int64(0)
	for i := range a.pieces {
		for _, part := range asked {
			bytes += a.pieces[i].lengths[part]
		}
	}
	packed := room(&scratch.packed, int(bytes))
	for i := range a.pieces {
		for _, part := range asked {
			length := a.pieces[i].lengths[part]
			if length == 0 {
				continue
			}
			u := unpacker{spill: in.spill, bytes: packed[:length:length]}
			packed = packed[length:]
			err := in.spill.read(u.bytes, &a.pieces[i], part)
			if err == nil {
				switch part {
				case recordsPart:
					u.records(one, whole, a.spilled)
				case strikesPart:
					u.strikes(one, whole, a.spilled)
				case hoursPart:
					u.hours(whole)
				}
				if u.even(); u.failed || len(u.bytes) > 0 {
					err = errDiffers
				}
			}
			if err != nil {
				return nil, nil, fmt.Errorf("%w: area %s: %w", ErrSpill, a.id, err)
			}
		}
	}
	one.join(whole, in, a, asked)
	return one, whole, nil
}

// errDiffers is a piece that is not read as it was written.
var errDiffers = errors.New("read back other than written")

// read reads a part of a piece into packed, which is of its length.
func (s *spill) read(packed []byte, p *piece, part int) error {
	offset := p.offset
	for _, before := range p.lengths[:part] {
		offset += before
	}
	if n, err := s.files[p.file].ReadAt(packed, offset); n < len(packed) {
		return cmp.Or(err, io.ErrUnexpectedEOF)
	}
	if crc32.Checksum(packed, castagnoli) != p.sums[part] {
		return errDiffers
	}
	return nil
}

// join adds what is still in memory of an area behind what came out of files.
func (one *Inputs) join(whole *inputArea, in *Inputs, a *inputArea, asked []int) {
	if slices.Contains(asked, recordsPart) {
		for o := range a.outages.all() {
			f := in.outageFacts.all[o.facts]
			moved := *o
			moved.facts, moved.id = one.outageFacts.of(*f, o.id != 0 && f.seen != hour.DistantPast), one.outageIDs.add(in.outageIDs.of(o.id))
			whole.outages.append(&moved)
		}
		for key, slots := range a.schedules {
			whole.schedules[key] = append(whole.schedules[key], slots...)
		}
		whole.supply = append(whole.supply, a.supply...)
		whole.alerts = append(whole.alerts, a.alerts...)
		for i, d := range a.daily {
			whole.daily[i].join(d)
		}
	}
	if slices.Contains(asked, strikesPart) {
		for s := range a.strikes.all() {
			moved := *s
			moved.facts = one.strikeFacts.of(*in.strikeFacts.all[s.facts], false)
			one.appendStrike(whole, moved, in.strikeIDs.of(s.id), in.readAs(s))
		}
	}
	if slices.Contains(asked, hoursPart) {
		for i, r := range a.hourly {
			whole.hourly[i].join(r.clone())
		}
		for i, s := range a.snapshots {
			whole.snapshots[i].join(s)
		}
	}
}

// join adds the readings that came after those of r, hour by hour, and may take
// their blocks.
func (r *readings) join(after *readings) {
	if after.blocks != nil && r.blocks == nil {
		r.blocks = make([]*readingBlock, len(after.blocks))
	}
	for n, b := range after.blocks {
		switch {
		case b == nil:
		case r.blocks[n] == nil:
			r.blocks[n] = b
		default:
			for i := range b.temp.len() {
				if b.holds(i) {
					r.blocks[n].add(i, b.reading(i))
				}
			}
		}
	}
	for _, one := range after.repeats {
		b, i := r.block(int(one.hour))
		b.add(i, one.reading)
	}
}

// clone returns readings whose blocks are their own.
func (r *readings) clone() *readings {
	c := *r
	c.blocks = slices.Clone(r.blocks)
	for n, b := range c.blocks {
		if b != nil {
			c.blocks[n] = &readingBlock{
				temp: b.temp.clone(), wind: b.wind.clone(), version: slices.Clone(b.version),
				count: slices.Clone(b.count), forecast: slices.Clone(b.forecast),
			}
		}
	}
	return &c
}

func (x *numbers) clone() numbers { return numbers{slices.Clone(x.hundredths), slices.Clone(x.wide)} }

// join adds the polls that came after those of s.
func (s *snapshots) join(after *snapshots) {
	for i, p := range after.polls.all() {
		version := hour.DistantPast
		if after.version != nil {
			version = after.version[i]
		}
		s.add(p, version)
	}
}

// join adds the days that came after those of d.
func (d *daily) join(after *daily) {
	for date, one := range after.all() {
		d.set(date, one.version, one.dayValues)
	}
}

// mostIDs is how many outages of spilled areas are compared at once, to find those
// that their versions place in several areas.
const mostIDs = 1 << 18

// recordsOf returns an area with its records, and the inputs that they belong to.
func (in *Inputs) recordsOf(a *inputArea, scratch *loadScratch) (*Inputs, *inputArea, error) {
	if len(a.pieces) == 0 {
		return in, a, nil
	}
	return in.loaded(a, scratch, recordsPart)
}

// withStrikes returns an area with its strikes, and the inputs that they belong to.
func (in *Inputs) withStrikes(a *inputArea) (*Inputs, *inputArea, error) {
	if len(a.pieces) == 0 || !a.struck() {
		return in, a, nil
	}
	return in.loaded(a, new(loadScratch), strikesPart)
}

// loaded returns the pass with what was spilled of its area, and with the strikes
// that the area sees. It lies in the scratch that the pass has from then on.
func (p *pass) loaded() (*pass, error) {
	q := *p
	q.scratch = passScratches.Get().(*passScratch)
	if err := q.load(p); err != nil {
		passScratches.Put(q.scratch)
		return nil, err
	}
	return &q, nil
}

func (q *pass) load(p *pass) error {
	if len(p.input.pieces) > 0 {
		one, whole, err := p.in.loaded(p.input, &q.scratch.load, recordsPart, hoursPart)
		if err != nil {
			return err
		}
		q.in, q.input = one, whole
		current := one.currentOf(whole)
		current.outages, current.alertSources = p.current.outages, p.current.alertSources
		q.current = &current
	}
	national, err := p.national()
	if err != nil {
		return err
	}
	q.spans.strikes, q.nightly, q.complete = national.spans, national.nightly, national.complete
	for seen, err := range p.struck.seen(p.area.ID, p.views) {
		if err != nil {
			return err
		}
		q.strikes = append(q.strikes, seen)
	}
	return nil
}
