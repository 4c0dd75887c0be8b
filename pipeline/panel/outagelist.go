package panel

import (
	"encoding/binary"
	"iter"

	"hardship/pipeline/hour"
)

// An outageList is outages of one area in the order in which they came. There may be
// very many, so that each is a byte that says how it is written, and the few numbers
// that it takes: some ten bytes in place of forty, in memory and in files alike.
type outageList struct {
	length int
	blocks []outageBlock
	last   beforeOutage
	mixed  bool // some have ids or other facts than the first
}

// An outageBlock is some outages, of which the first follows one at the beginning of
// time without customers or an id. Behind them is room for a number more, so that
// every number can be read as one of eight bytes.
type outageBlock struct {
	rows  []byte
	facts uint32 // of the outage that the first follows
}

// A beforeOutage is what the next outage of a block is written after.
type beforeOutage struct {
	start     hour.Instant
	id, facts uint32
}

// An outage is written as a byte that says how, one of the sizes of the numbers, and
// the numbers: when it starts, counted from the start of the one before; how long it
// lasts; of how many customers, and of how many more at most. Where they are not
// those of the one before follow the numbers of its id, as the difference, and facts.
const (
	inSeconds = 1 << iota // of times
	inMinutes
	isOpen      // it does not end
	isExact     // of the customers there are no more at most
	isUnlimited // or as many as may be
	isNamed     // it has an id
	isOther     // it has other facts
)

const (
	numberBytes      = 8
	mostOutageBytes  = 2 + 4*numberBytes + 2*binary.MaxVarintLen64
	mostBlockBytes   = 8 << 10
	firstOutageBytes = 128
)

// timeUnits are those of times, by how an outage is written.
var timeUnits = [...]hour.Instant{1, inSeconds: hour.Second, inMinutes: hour.Minute, inSeconds | inMinutes: hour.Minute}

// The bytes of a number by its size, of which there are four, and the bits of them.
var (
	sizeBytes = [4]int{1, 2, 4, 8}
	sizeBits  = [4]uint64{1<<8 - 1, 1<<16 - 1, 1<<32 - 1, 1<<64 - 1}
)

func sizeOf(n uint64) byte {
	switch {
	case n < 1<<8:
		return 0
	case n < 1<<16:
		return 1
	case n < 1<<32:
		return 2
	}
	return 3
}

// signed and unsigned take small numbers of either sign to small ones without, and back.
func unsigned(n int64) uint64 { return uint64(n)<<1 ^ uint64(n>>63) }
func signed(n uint64) int64   { return int64(n>>1) ^ -int64(n&1) }

func (l *outageList) append(o *outage) {
	n := len(l.blocks) - 1
	if n < 0 || cap(l.blocks[n].rows)-len(l.blocks[n].rows) < mostOutageBytes+numberBytes {
		size := firstOutageBytes
		if n >= 0 {
			size = min(2*cap(l.blocks[n].rows), mostBlockBytes)
		}
		l.blocks = append(l.blocks, outageBlock{make([]byte, 0, size), o.facts})
		l.last = beforeOutage{facts: o.facts}
		n++
	}
	b := &l.blocks[n]
	l.mixed = l.mixed || o.id != 0 || o.facts != l.blocks[0].facts
	b.rows = b.rows[:o.put(b.rows[:cap(b.rows)], len(b.rows), &l.last)]
	l.last = beforeOutage{o.at.Start, o.id, o.facts}
	l.length++
}

// put writes the outage after another into b, from a place on, and returns where it ends.
func (o *outage) put(b []byte, at int, last *beforeOutage) int {
	var head byte
	since, lasts := o.at.Start-last.start, hour.Instant(0)
	if o.at.End == hour.DistantFuture {
		head = isOpen
	} else {
		lasts = o.at.End - o.at.Start
	}
	switch {
	case since%hour.Minute == 0 && lasts%hour.Minute == 0:
		head, since, lasts = head|inMinutes, since/hour.Minute, lasts/hour.Minute
	case since%hour.Second == 0 && lasts%hour.Second == 0:
		head, since, lasts = head|inSeconds, since/hour.Second, lasts/hour.Second
	}
	switch o.customers.Hi {
	case o.customers.Lo:
		head |= isExact
	case noLimit:
		head |= isUnlimited
	}
	if o.id != 0 {
		head |= isNamed
	}
	if o.facts != last.facts {
		head |= isOther
	}
	begins, sizes := at, byte(0)
	at += 2
	number := func(n uint64, of int) {
		binary.LittleEndian.PutUint64(b[at:], n)
		size := sizeOf(n)
		sizes |= size << (2 * of)
		at += sizeBytes[size]
	}
	number(unsigned(int64(since)), 0)
	if head&isOpen == 0 {
		number(unsigned(int64(lasts)), 1)
	}
	number(uint64(o.customers.Lo), 2)
	if head&(isExact|isUnlimited) == 0 {
		number(uint64(o.customers.Hi-o.customers.Lo), 3)
	}
	b[begins], b[begins+1] = head, sizes
	if head&isNamed != 0 {
		at += binary.PutVarint(b[at:], int64(o.id)-int64(last.id))
	}
	if head&isOther != 0 {
		at += binary.PutUvarint(b[at:], uint64(o.facts))
	}
	return at
}

// appendTo reads the outages of the block.
func (b *outageBlock) appendTo(list []outage) []outage {
	last := outage{facts: b.facts}
	rows, end := b.rows[:len(b.rows)+numberBytes], len(b.rows)
	for at := 0; at < end; {
		head, sizes := rows[at], rows[at+1]
		unit := timeUnits[head&(inSeconds|inMinutes)]
		at += 2
		size := sizes & 3
		last.at.Start += hour.Instant(signed(binary.LittleEndian.Uint64(rows[at:])&sizeBits[size])) * unit
		at += sizeBytes[size]
		last.at.End = hour.DistantFuture
		if head&isOpen == 0 {
			size = sizes >> 2 & 3
			last.at.End = last.at.Start + hour.Instant(signed(binary.LittleEndian.Uint64(rows[at:])&sizeBits[size]))*unit
			at += sizeBytes[size]
		}
		size = sizes >> 4 & 3
		last.customers.Lo = int64(binary.LittleEndian.Uint64(rows[at:]) & sizeBits[size])
		at += sizeBytes[size]
		last.customers.Hi = last.customers.Lo
		switch {
		case head&isUnlimited != 0:
			last.customers.Hi = noLimit
		case head&isExact == 0:
			size = sizes >> 6
			last.customers.Hi += int64(binary.LittleEndian.Uint64(rows[at:]) & sizeBits[size])
			at += sizeBytes[size]
		}
		id := int64(last.id)
		last.id = 0
		if head&isNamed != 0 {
			difference, bytes := binary.Varint(rows[at:])
			last.id = uint32(id + difference)
			at += bytes
		}
		if head&isOther != 0 {
			facts, bytes := binary.Uvarint(rows[at:])
			last.facts = uint32(facts)
			at += bytes
		}
		list = append(list, last)
	}
	return list
}

// facts yields the facts of the outages, if need be more than once.
func (l *outageList) facts() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		if !l.mixed && l.length > 0 {
			yield(l.blocks[0].facts)
			return
		}
		for o := range l.all() {
			if !yield(o.facts) {
				return
			}
		}
	}
}

// without returns the outages for which not is false.
func (l *outageList) without(not func(*outage) bool) outageList {
	var kept outageList
	for o := range l.all() {
		if !not(o) {
			kept.append(o)
		}
	}
	return kept
}

// appendTo reads all outages.
func (l *outageList) appendTo(list []outage) []outage {
	for i := range l.blocks {
		list = l.blocks[i].appendTo(list)
	}
	return list
}

// all yields the outages in the order in which they came. They may be changed, which
// changes nothing of the list.
func (l *outageList) all() iter.Seq[*outage] {
	return func(yield func(*outage) bool) {
		var some []outage
		for i := range l.blocks {
			some = l.blocks[i].appendTo(some[:0])
			for i := range some {
				if !yield(&some[i]) {
					return
				}
			}
		}
	}
}

// outages packs a list with the facts and ids of its outages, by numbers of their own.
func (p *packer) outages(in *Inputs, list *outageList) {
	facts, ids := []uint32(nil), []uint32(nil)
	if list.mixed {
		list, facts, ids = list.renumbered()
	} else if list.length > 0 {
		facts = []uint32{list.blocks[0].facts}
	}
	p.int(int64(len(facts)))
	for _, number := range facts {
		f := in.outageFacts.all[number]
		p.origin(&f.origin)
		p.word(f.group)
		p.bool(f.counted)
	}
	p.int(int64(len(ids)))
	for _, number := range ids {
		p.text(in.outageIDs.of(number))
	}
	p.int(int64(list.length))
	p.int(int64(len(list.blocks)))
	for _, b := range list.blocks {
		p.int(int64(b.facts))
		p.int(int64(len(b.rows)))
		p.bytes = append(p.bytes, b.rows[:len(b.rows)+numberBytes]...)
	}
}

// renumbered returns the list with its facts numbered from 0 and its ids from 1, and
// which they are.
func (l *outageList) renumbered() (list *outageList, facts, ids []uint32) {
	list = &outageList{}
	number := map[uint32]uint32{} // of facts
	for o := range l.all() {
		n, ok := number[o.facts]
		if !ok {
			n = uint32(len(facts))
			number[o.facts], facts = n, append(facts, o.facts)
		}
		o.facts = n
		if o.id != 0 {
			ids = append(ids, o.id)
			o.id = uint32(len(ids))
		}
		list.append(o)
	}
	return list, facts, ids
}

// outages adds those of some sources to an area of one.
func (u *unpacker) outages(one *Inputs, a *inputArea, of func(*origin) bool) {
	facts := make([]outageFacts, u.list())
	for i := range facts {
		facts[i] = outageFacts{origin: u.origin(), group: u.word(), counted: u.bool()}
	}
	ids := make([]string, u.list())
	for i := range ids {
		ids[i] = u.text()
	}
	packed := outageList{length: u.list()}
	for range u.list() {
		b := outageBlock{facts: uint32(u.int())}
		n := u.list()
		if b.rows = u.take(n + numberBytes); u.failed {
			return
		}
		b.rows = b.rows[:n:len(b.rows)] // nothing is written behind them
		packed.blocks = append(packed.blocks, b)
	}
	if u.failed || packed.length == 0 {
		return
	}
	if len(facts) == 1 && len(ids) == 0 {
		if of(&facts[0].origin) {
			a.outages.join(&packed, one.outageFacts.of(facts[0], false))
		}
		return
	}
	for o := range packed.all() {
		f := &facts[o.facts]
		if !of(&f.origin) {
			continue
		}
		named := o.id != 0
		o.facts = one.outageFacts.of(*f, named && f.seen != hour.DistantPast)
		if named {
			o.id = one.outageIDs.add(ids[o.id-1])
		}
		a.outages.append(o)
	}
}

// join adds outages that share facts and have no ids, whose bytes it may keep.
func (l *outageList) join(after *outageList, facts uint32) {
	for _, b := range after.blocks {
		b.facts = facts
		l.blocks = append(l.blocks, b)
	}
	l.length += after.length
	l.mixed = l.mixed || facts != l.blocks[0].facts
}
