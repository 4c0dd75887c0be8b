package panel

import (
	"encoding/binary"
	"slices"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
)

// What a packed strike says, beside its start.
const (
	strikeNamed = 1 << iota // it has an id
	strikeSeen              // it has a first_seen_utc
	strikeLasts             // it is not of a moment
	strikeOther             // its facts are not those of the row before
)

// strikes packs what is held of an area's strikes: their facts once each, then row by
// row what differs from the row before. Of none it writes nothing.
func (p *packer) strikes(in *Inputs, a *inputArea) {
	if a.strikes.length == 0 {
		return
	}
	place := map[uint32]uint64{} // of facts among those of the area
	var facts []uint32
	for s := range a.strikes.all() {
		if _, ok := place[s.facts]; !ok {
			place[s.facts] = uint64(len(facts))
			facts = append(facts, s.facts)
		}
	}
	p.int(int64(len(facts)))
	for _, n := range facts {
		p.strikeFacts(in.strikeFacts.all[n])
	}
	p.int(int64(a.strikes.length))
	last, seen, start, read := facts[0], hour.Instant(0), hour.Instant(0), 0
	for s := range a.strikes.all() {
		says := byte(0)
		mark := func(bit byte, is bool) {
			if is {
				says |= bit
			}
		}
		mark(strikeNamed, s.id != 0)
		mark(strikeSeen, s.seen != hour.DistantPast)
		mark(strikeLasts, s.window.End != s.window.Start)
		mark(strikeOther, s.facts != last)
		p.bytes = append(p.bytes, says)
		if says&strikeOther != 0 {
			last = s.facts
			p.bytes = binary.AppendUvarint(p.bytes, place[last])
		}
		p.instant(s.window.Start - start)
		if start = s.window.Start; says&strikeLasts != 0 {
			p.instant(s.window.End - start)
		}
		if says&strikeSeen != 0 {
			p.instant(s.seen - seen)
			seen = s.seen
		}
		if says&strikeNamed != 0 {
			p.text(in.strikeIDs.of(s.id))
			p.int(int64(in.readAs(s) - read))
			read = in.readAs(s)
		}
	}
}

func (p *packer) strikeFacts(f *strikeFacts) {
	p.word(f.source)
	p.bool(f.retracted)
	p.word(f.named)
	p.bool(f.alone)
	p.word(f.publisher)
	p.bool(f.byDate)
	p.word(f.weapon)
	p.word(f.target)
	p.float(f.prob)
	for _, c := range []source.Count{f.launched, f.intercepted, f.lost, f.impacts} {
		p.bool(c.Known)
		p.int(int64(c.N))
	}
}

// strikes adds packed strikes of the sources given to an area of one.
func (u *unpacker) strikes(one *Inputs, a *inputArea, sources []string) {
	numbers := make([]uint32, u.list())
	counts := make([]bool, len(numbers))
	for i := range numbers {
		f := u.strikeFacts()
		numbers[i], counts[i] = one.strikeFacts.of(f, false), slices.Contains(sources, f.source)
	}
	facts, seen, start, read := uint64(0), hour.Instant(0), hour.Instant(0), 0
	for range u.list() {
		says := u.take(1)[0]
		if says&strikeOther != 0 {
			facts = u.uint()
		}
		start += u.instant()
		s := strike{window: hour.Interval{Start: start, End: start}, seen: hour.DistantPast}
		if says&strikeLasts != 0 {
			s.window.End += u.instant()
		}
		if says&strikeSeen != 0 {
			seen += u.instant()
			s.seen = seen
		}
		id := ""
		if says&strikeNamed != 0 {
			id = u.text()
			read += int(u.int())
		}
		if facts >= uint64(len(numbers)) {
			u.failed, u.bytes = true, nil
			return
		}
		if counts[facts] {
			s.facts = numbers[facts]
			one.appendStrike(a, s, id, read)
		}
	}
}

func (u *unpacker) strikeFacts() strikeFacts {
	f := strikeFacts{
		source: u.word(), retracted: u.bool(), named: u.word(), alone: u.bool(), publisher: u.word(), byDate: u.bool(),
		weapon: u.word(), target: u.word(), prob: u.float(),
	}
	for _, c := range []*source.Count{&f.launched, &f.intercepted, &f.lost, &f.impacts} {
		c.Known, c.N = u.bool(), int32(u.int())
	}
	return f
}

// appendStrike adds a strike to an area of inputs that come out of files; read says
// which of all strikes with an id it was.
func (one *Inputs) appendStrike(a *inputArea, s strike, id string, read int) {
	if s.id = one.strikeIDs.add(id); s.id != 0 {
		one.strikesRead = append(one.strikesRead, read)
	}
	a.strikes.append(s)
}

// readAs returns which of all strikes with an id a row is, in the order read.
func (in *Inputs) readAs(s *strike) int {
	if in.strikesRead != nil && s.id != 0 {
		return in.strikesRead[s.id-1]
	}
	return in.strikesBefore + int(s.id)
}
