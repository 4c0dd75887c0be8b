package panel

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"hardship/pipeline/hour"
	"hardship/pipeline/unit"
)

// A packer writes what is held of an area as bytes: whole numbers in as many as
// they need, temperatures in the two or eight that they take in memory, texts that
// recur by number. An unpacker reads the same in the same order.
type packer struct {
	*spill
	bytes []byte
}

func (p *packer) int(v int64)            { p.bytes = binary.AppendVarint(p.bytes, v) }
func (p *packer) instant(v hour.Instant) { p.int(int64(v)) }
func (p *packer) float(v float64) {
	p.bytes = binary.LittleEndian.AppendUint64(p.bytes, math.Float64bits(v))
}

func (p *packer) bool(v bool) {
	if v {
		p.int(1)
	} else {
		p.int(0)
	}
}

// even goes on to an even place.
func (p *packer) even() {
	if len(p.bytes)%2 == 1 {
		p.bytes = append(p.bytes, 0)
	}
}

// word writes a text that recurs.
func (p *packer) word(s string) {
	n, ok := p.number[s]
	if !ok {
		n = uint64(len(p.words))
		p.number[s], p.words = n, append(p.words, s)
	}
	p.bytes = binary.AppendUvarint(p.bytes, n)
}

// text writes a text of its own.
func (p *packer) text(s string) {
	p.bytes = append(binary.AppendUvarint(p.bytes, uint64(len(s))), s...)
}

func (p *packer) origin(o *origin) {
	p.word(o.source)
	p.instant(o.seen)
	p.bool(o.retracted)
}

func (p *packer) vintage(v *vintage) {
	p.origin(&v.origin)
	p.instant(v.own)
}

// An unpacker reads what a packer has written. What is not that makes failed true.
type unpacker struct {
	*spill
	bytes  []byte
	read   int // bytes before them, which begin at an even address
	failed bool
}

// take returns the next n bytes.
func (u *unpacker) take(n int) []byte {
	if n < 0 || n > len(u.bytes) {
		u.failed, u.bytes = true, nil
		return make([]byte, max(0, min(n, 8)))
	}
	taken := u.bytes[:n:n]
	u.skip(n)
	return taken
}

func (u *unpacker) skip(n int) { u.bytes, u.read = u.bytes[n:], u.read+n }

func (u *unpacker) even() { u.take(u.read % 2) }

func (u *unpacker) int() int64 {
	v, n := binary.Varint(u.bytes)
	if n <= 0 {
		u.failed, u.bytes = true, nil
		return 0
	}
	u.skip(n)
	return v
}

func (u *unpacker) uint() uint64 {
	v, n := binary.Uvarint(u.bytes)
	if n <= 0 {
		u.failed, u.bytes = true, nil
		return 0
	}
	u.skip(n)
	return v
}

func (u *unpacker) instant() hour.Instant { return hour.Instant(u.int()) }
func (u *unpacker) float() float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64(u.take(8)))
}
func (u *unpacker) bool() bool { return u.int() == 1 }

func (u *unpacker) word() string {
	n := u.uint()
	if n >= uint64(len(u.words)) {
		u.failed, u.bytes = true, nil
		return ""
	}
	return u.words[n]
}

func (u *unpacker) text() string { return string(u.take(int(min(u.uint(), math.MaxInt)))) }

// list reads the length of a list, none of whose rows is of no bytes.
func (u *unpacker) list() int {
	n := u.int()
	if n < 0 || n > int64(len(u.bytes)) {
		u.failed, u.bytes = true, nil
		return 0
	}
	return int(n)
}

func (u *unpacker) origin() origin { return origin{u.word(), u.instant(), u.bool()} }

func (u *unpacker) vintage() vintage { return vintage{u.origin(), u.instant()} }

// records packs what is held of an area's outages, alerts, logs, schedules and days.
func (p *packer) records(in *Inputs, a *inputArea) {
	p.outages(in, &a.outages)
	p.int(int64(len(a.alerts)))
	for i := range a.alerts {
		l := &a.alerts[i]
		p.vintage(&l.vintage)
		p.instant(l.at.Start)
		p.instant(l.at.End)
		p.int(int64(l.subalerts))
	}
	p.int(int64(len(a.supply)))
	for i := range a.supply {
		s := &a.supply[i]
		p.vintage(&s.vintage)
		p.word(s.group)
		p.int(int64(s.point))
		p.instant(s.at.Start)
		p.instant(s.at.End)
		p.bool(s.supplied)
		p.bool(s.typedIn)
	}
	p.int(int64(len(a.schedules)))
	for key, slots := range a.schedules { // each is put behind what there is of its key: their order is nothing
		p.word(key.group)
		p.int(int64(key.date))
		p.int(int64(len(slots)))
		for i := range slots {
			p.slot(&slots[i])
		}
	}
	p.int(int64(len(a.daily)))
	for _, d := range a.daily {
		p.word(d.source)
		n := 0
		for range d.all() {
			n++
		}
		p.int(int64(n))
		p.bool(d.versions)
		for date, one := range d.all() {
			p.int(int64(date))
			if d.versions {
				p.instant(one.version)
			}
			for _, v := range []unit.Celsius{one.min, one.mean, one.max} {
				p.float(float64(v))
			}
		}
	}
}

func (p *packer) slot(s *scheduleSlot) {
	p.vintage(&s.vintage)
	p.word(s.publisher)
	p.word(s.operator)
	p.int(int64(s.queues))
	p.bool(s.coversArea)
	p.int(int64(s.start))
	p.int(int64(s.end))
	p.float(s.off.Lo)
	p.float(s.off.Hi)
	p.word(s.status)
	p.bool(s.typedIn)
	p.bool(s.redated)
}

// records adds packed records of the sources given to an area of one.
func (u *unpacker) records(one *Inputs, a *inputArea, sources []string) {
	of := func(o *origin) bool { return slices.Contains(sources, o.source) }
	u.outages(one, a, of)
	for range u.list() {
		l := alert{vintage: u.vintage(), at: hour.Interval{Start: u.instant(), End: u.instant()}, subalerts: int32(u.int())}
		if of(&l.origin) {
			a.alerts = append(a.alerts, l)
		}
	}
	for range u.list() {
		s := supplyState{vintage: u.vintage(), group: u.word(), point: int32(u.int()), at: hour.Interval{Start: u.instant(), End: u.instant()}, supplied: u.bool(), typedIn: u.bool()}
		if of(&s.origin) {
			a.supply = append(a.supply, s)
		}
	}
	for range u.list() {
		key := scheduleKey{u.word(), hour.Day(u.int())}
		for range u.list() {
			s := scheduleSlot{
				vintage: u.vintage(), publisher: u.word(), operator: u.word(), queues: int32(u.int()), coversArea: u.bool(),
				start: int32(u.int()), end: int32(u.int()), off: unit.Bounds[float64]{Lo: u.float(), Hi: u.float()},
				status: u.word(), typedIn: u.bool(), redated: u.bool(),
			}
			if of(&s.origin) {
				a.schedules[key] = append(a.schedules[key], s)
			}
		}
	}
	for range u.list() {
		source := u.word()
		i := slices.IndexFunc(a.daily, func(d *daily) bool { return d.source == source })
		n, versions := u.list(), u.bool()
		for range n {
			date, version := hour.Day(u.int()), hour.DistantPast
			if versions {
				version = u.instant()
			}
			v := dayValues{unit.Celsius(u.float()), unit.Celsius(u.float()), unit.Celsius(u.float())}
			if i >= 0 && !u.failed {
				a.daily[i].set(date, version, v)
			}
		}
	}
}

// hours packs what is held of an area's temperatures and polls.
func (p *packer) hours(_ *Inputs, a *inputArea) {
	p.int(int64(len(a.hourly)))
	for _, r := range a.hourly {
		p.word(r.source)
		p.int(int64(len(r.blocks)))
		for _, b := range r.blocks {
			p.bool(b != nil)
			if b != nil {
				p.block(b)
			}
		}
		p.int(int64(len(r.repeats)))
		for _, one := range r.repeats {
			p.int(int64(one.hour))
			p.float(float64(one.temp))
			p.float(float64(one.wind))
			p.instant(one.version)
			p.bool(one.forecast)
		}
	}
	p.int(int64(len(a.snapshots)))
	for _, s := range a.snapshots {
		p.word(s.source)
		p.int(int64(s.polls.length))
		p.text(string(s.polls.packed))
		p.bool(s.version != nil)
		for _, version := range s.version {
			p.instant(version)
		}
	}
}

func (p *packer) block(b *readingBlock) {
	p.numbers(&b.temp)
	p.numbers(&b.wind)
	p.bool(b.version != nil)
	for _, v := range b.version {
		p.instant(v)
	}
	p.bool(b.count != nil)
	for _, n := range b.count {
		p.int(int64(n))
	}
	p.bool(b.forecast != nil)
	for _, v := range b.forecast {
		p.bool(v)
	}
}

func (p *packer) numbers(x *numbers) {
	if p.int(int64(len(x.hundredths))); len(x.hundredths) > 0 {
		p.even() // so that they can be read where they lie
		p.bytes = append(p.bytes, arrow.Int16Traits.CastToBytes(x.hundredths)...)
	}
	p.int(int64(len(x.wide)))
	for _, v := range x.wide {
		p.float(v)
	}
}

// hours adds packed temperatures and polls of sources that the area has to it.
func (u *unpacker) hours(a *inputArea) {
	for range u.list() {
		source := u.word()
		r := &readings{hours: a.readHours}
		if n := u.list(); n > 0 {
			r.blocks = make([]*readingBlock, n)
		}
		for n := range r.blocks {
			if u.bool() {
				r.blocks[n] = u.block(min(blockHours, a.readHours-n*blockHours))
			}
		}
		for range u.list() {
			r.repeats = append(r.repeats, laterReading{int32(u.int()), reading{unit.Celsius(u.float()), unit.KilometresPerHour(u.float()), u.instant(), u.bool()}})
		}
		if i := slices.IndexFunc(a.hourly, func(r *readings) bool { return r.source == source }); i >= 0 && !u.failed {
			a.hourly[i].join(r)
		}
	}
	for range u.list() {
		source := u.word()
		s := &snapshots{polls: pollList{length: u.list()}}
		s.polls.packed = []byte(u.text())
		if u.bool() {
			s.version = make([]hour.Instant, s.polls.length)
			for i := range s.version {
				s.version[i] = u.instant()
			}
		}
		if i := slices.IndexFunc(a.snapshots, func(s *snapshots) bool { return s.source == source }); i >= 0 && !u.failed {
			a.snapshots[i].join(s)
		}
	}
}

// block reads a block of some hours.
func (u *unpacker) block(hours int) *readingBlock {
	b := &readingBlock{temp: u.numbers(), wind: u.numbers()}
	if u.bool() {
		b.version = make([]hour.Instant, hours)
		for i := range b.version {
			b.version[i] = u.instant()
		}
	}
	if u.bool() {
		b.count = make([]uint32, hours)
		for i := range b.count {
			b.count[i] = uint32(u.int())
		}
	}
	if u.bool() {
		b.forecast = make([]bool, hours)
		for i := range b.forecast {
			b.forecast[i] = u.bool()
		}
	}
	if b.temp.len() != hours || !b.wind.empty() && b.wind.len() != hours {
		u.failed, u.bytes = true, nil
	}
	return b
}

func (u *unpacker) numbers() numbers {
	var x numbers
	if n := u.list(); n > 0 {
		u.even()
		if packed := u.take(2 * n); !u.failed {
			x.hundredths = arrow.Int16Traits.CastFromBytes(packed)
		}
	}
	if n := u.list(); n > 0 {
		x.wide = make([]float64, n)
		for i := range x.wide {
			x.wide[i] = u.float()
		}
	}
	return x
}
