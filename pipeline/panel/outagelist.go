package panel

import (
	"encoding/binary"
	"iter"
	"math/bits"

	"hardship/pipeline/hour"
)

// An outageList is outages of one area in the order in which they came. There may be
// very many, so that each is a byte that says how it is written, and the few numbers
// that it takes: some ten bytes in place of forty, in memory and in files alike.
type outageList struct {
	length int
	blocks []outageBlock
	last   outage // before the next within its block
	mixed  bool   // some have ids or other facts than the first
}

// An outageBlock is some outages, of which the first follows on one at the beginning of
// time without customers or an id.
type outageBlock struct {
	rows  []byte
	facts uint32 // of the outage that the first follows
}

// How an outage is written: when it starts, counted from the start of the one before;
// how long it lasts; of how many customers; and the numbers of its id and facts where
// they are not those of the one before, of the id the difference.
const (
	inSeconds = 1 << iota // of times
	inMinutes
	isOpen      // it has no end
	isExact     // the upper bound of its customers is the lower
	isUnlimited // or is unknown
	isNamed     // it has an id
	isOther     // it has other facts
)

const (
	mostOutageBytes  = 1 + 6*binary.MaxVarintLen64
	mostBlockBytes   = 8 << 10
	firstOutageBytes = 128
)

// timeUnits are those of times, by how an outage is written.
var timeUnits = [...]hour.Instant{1, inSeconds: hour.Second, inMinutes: hour.Minute, inSeconds | inMinutes: hour.Minute}

func (l *outageList) append(o *outage) {
	n := len(l.blocks) - 1
	if n < 0 || cap(l.blocks[n].rows)-len(l.blocks[n].rows) < mostOutageBytes {
		size := firstOutageBytes
		if n >= 0 {
			size = min(2*cap(l.blocks[n].rows), mostBlockBytes)
		}
		l.blocks = append(l.blocks, outageBlock{make([]byte, 0, size), o.facts})
		l.last = outage{facts: o.facts}
		n++
	}
	b := &l.blocks[n]
	l.mixed = l.mixed || o.id != 0 || o.facts != l.blocks[0].facts
	b.rows = o.appendTo(b.rows, &l.last)
	l.last = *o
	l.length++
}

// appendTo writes the outage after another.
func (o *outage) appendTo(b []byte, last *outage) []byte {
	var head byte
	since, lasts := o.at.Start-last.at.Start, hour.Instant(0)
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
	b = binary.AppendVarint(append(b, head), int64(since))
	if head&isOpen == 0 {
		b = binary.AppendVarint(b, int64(lasts))
	}
	b = binary.AppendVarint(b, o.customers.Lo)
	if head&(isExact|isUnlimited) == 0 {
		b = binary.AppendVarint(b, o.customers.Hi)
	}
	if head&isNamed != 0 {
		b = binary.AppendVarint(b, int64(o.id)-int64(last.id))
	}
	if head&isOther != 0 {
		b = binary.AppendUvarint(b, uint64(o.facts))
	}
	return b
}

// appendTo reads the outages of the block.
func (b *outageBlock) appendTo(list []outage) []outage {
	last := outage{facts: b.facts}
	for rows := b.rows; len(rows) > 0; {
		head, n := rows[0], int64(0)
		unit := timeUnits[head&(inSeconds|inMinutes)]
		n, rows = varint(rows[1:])
		last.at.Start += hour.Instant(n) * unit
		last.at.End = hour.DistantFuture
		if head&isOpen == 0 {
			n, rows = varint(rows)
			last.at.End = last.at.Start + hour.Instant(n)*unit
		}
		last.customers.Lo, rows = varint(rows)
		switch {
		case head&isExact != 0:
			last.customers.Hi = last.customers.Lo
		case head&isUnlimited != 0:
			last.customers.Hi = noLimit
		default:
			last.customers.Hi, rows = varint(rows)
		}
		id := int64(last.id)
		last.id = 0
		if head&isNamed != 0 {
			n, rows = varint(rows)
			last.id = uint32(id + n)
		}
		if head&isOther != 0 {
			facts, size := binary.Uvarint(rows)
			last.facts, rows = uint32(facts), rows[size:]
		}
		list = append(list, last)
	}
	return list
}

// varint reads a number as binary.Varint does, in a third of the time.
func varint(b []byte) (int64, []byte) {
	if len(b) >= 8 {
		x := binary.LittleEndian.Uint64(b)
		if ends := ^x & 0x8080808080808080; ends != 0 { // the high bits of last bytes
			size := bits.TrailingZeros64(ends)/8 + 1
			x &= ends ^ (ends - 1)                             // up to the first last byte
			x = x&0x007f007f007f007f | x&0x7f007f007f007f00>>1 // 7 bits of each byte
			x = x&0x00003fff00003fff | x&0x3fff00003fff0000>>2 // 14 of each two
			x = x&0x000000000fffffff | x&0x0fffffff00000000>>4 // 28 of each four
			return int64(x>>1) ^ -int64(x&1), b[size:]
		}
	}
	n, size := binary.Varint(b)
	return n, b[size:]
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
		p.bytes = append(p.bytes, b.rows...)
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
		packed.blocks = append(packed.blocks, outageBlock{facts: uint32(u.int()), rows: u.take(int(u.int()))})
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
		b.rows = b.rows[:len(b.rows):len(b.rows)] // nothing is written behind them
		l.blocks = append(l.blocks, b)
	}
	l.length += after.length
	l.mixed = l.mixed || facts != l.blocks[0].facts
}
