package panel

import (
	"cmp"
	"math"
	"slices"

	"github.com/apache/arrow/go/v17/arrow/array"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/index"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// outage is one version of one recorded outage. There may be very many, so what
// they share lies apart.
type outage struct {
	at        hour.Interval      // End is the distant future while open
	customers unit.Bounds[int64] // Hi is noLimit if it is unknown
	facts     uint32             // number among Inputs.outageFacts
	id        uint32             // number among Inputs.outageIDs; 0 where every row stands for itself
}

// outageFacts are what outages share.
type outageFacts struct {
	origin
	group   string // "" for a record of its own
	counted bool   // the source says something of customers
}

// outagesOf are the outages of a source, in all areas.
type outagesOf struct {
	newest   newest
	ids      int  // that have one
	versions bool // some say when they were first seen
}

// noLimit stands for an unknown number of customers.
const noLimit = -1

// outageColumns are the columns of a batch that differ from outage to outage.
type outageColumns struct {
	starts, ends *array.Timestamp
	lo, hi       *array.Int64
}

// at returns a row's outage, without facts and an id.
func (x *outageColumns) at(row int) outage {
	o := outage{at: hour.Interval{Start: table.Instant(x.starts, row), End: hour.DistantFuture}, customers: unit.Bounds[int64]{Lo: 0, Hi: noLimit}}
	if x.ends.IsValid(row) {
		o.at.End = table.Instant(x.ends, row)
	}
	if x.lo.IsValid(row) {
		o.customers.Lo = x.lo.Value(row)
	}
	if x.hi.IsValid(row) {
		o.customers.Hi = max(x.hi.Value(row), o.customers.Lo)
	}
	return o
}

// addOutages takes outages of electricity; other services have measures of
// their own.
func (in *Inputs) addOutages(t *table.Table) error {
	areas, ids, groups, services := in.places(t), in.coded(t, "outage_id"), in.texts(t, "group_id"), in.texts(t, "service")
	x := outageColumns{t.Timestamp("start_utc"), t.Timestamp("end_utc"), t.Int64("customers_lo"), t.Int64("customers_hi")}
	vintages := in.vintagesOf(t)
	begins, err := areas.begins()
	if err != nil {
		return err
	}
	// Most sources say nothing of an outage but where and when it was and of how many.
	if services.same() && groups.same() && vintages.same() && ids.Words.Len() == 1 && ids.Words.Value(0) == "" && x.lo.NullN()+x.hi.NullN() == 0 {
		if t.Rows() > 0 && services.of(0) == "electricity" {
			in.addPlainOutages(&x, areas, begins, outageFacts{origin: vintages.originOf(0), group: groups.of(0), counted: true})
		}
		return nil
	}
	// What the row before shares with those like it, by their codes.
	type likeness struct {
		source, group      int32
		counted, retracted bool
	}
	var last likeness
	shared, number := false, uint32(0) // the next row may be like it; what its facts are
	var of *outagesOf                  // its source
	for _, row := range areas.grouped(begins, &in.order) {
		row := int(row)
		start := table.Instant(x.starts, row)
		if services.of(row) != "electricity" {
			continue
		}
		is := likeness{vintages.sources.codes[row], groups.codes[row], x.lo.IsValid(row) || x.hi.IsValid(row), vintages.retracted.Value(row)}
		if seen := vintages.seen.IsValid(row); !shared || seen || is != last {
			facts := outageFacts{origin: vintages.originOf(row), group: groups.of(row), counted: is.counted}
			if shared = false; facts.knownFrom(start) > in.settings.AsOf {
				continue
			}
			number = in.outageFacts.of(facts, seen && ids.Words.Value(int(ids.Codes[row])) != "")
			last, shared, of = is, !seen, in.outagesFrom(facts.source)
			if seen {
				of.versions = true
				of.newest.seen = max(of.newest.seen, facts.seen)
			}
		}
		if shared {
			if start > in.settings.AsOf {
				continue
			}
			of.newest.own = max(of.newest.own, start)
		}
		o := x.at(row)
		o.facts, o.id = number, in.outageIDs.add(ids.Words.Value(int(ids.Codes[row])))
		if o.id != 0 {
			of.ids++
		}
		areas.areas[areas.codes[row]].outages.append(&o)
	}
	return nil
}

// outagesFrom returns what is kept of a source.
func (in *Inputs) outagesFrom(source string) *outagesOf {
	of := in.outagesOf[source]
	if of == nil {
		of = &outagesOf{newest: noTime()}
		in.outagesOf[source] = of
	}
	return of
}

// A plainOutage is one of those that share their facts and have no ids.
type plainOutage struct {
	at        hour.Interval
	customers unit.Bounds[int64]
}

// addPlainOutages takes a batch of such outages. They are laid area by area before they
// are written, on all cores.
func (in *Inputs) addPlainOutages(x *outageColumns, areas places, begins []int32, facts outageFacts) {
	rows := slices.Grow(in.plainOutages[:0], len(areas.codes))[:len(areas.codes)]
	in.plainOutages = rows
	newest, next := hour.DistantPast, slices.Clone(begins)
	starts, ends, ended := x.starts.TimestampValues(), x.ends.TimestampValues(), validOf(x.ends, 0)
	lo, hi := x.lo.Int64Values(), x.hi.Int64Values()
	for row, code := range areas.codes {
		o := plainOutage{hour.Interval{Start: hour.Instant(starts[row]), End: hour.DistantFuture}, unit.Bounds[int64]{Lo: lo[row], Hi: max(lo[row], hi[row])}}
		if ended.has(row) {
			o.at.End = hour.Instant(ends[row])
		}
		if o.at.Start <= in.settings.AsOf {
			newest = max(newest, o.at.Start)
		}
		rows[next[code]] = o
		next[code]++
	}
	if newest == hour.DistantPast {
		return
	}
	of, number := in.outagesFrom(facts.source), in.outageFacts.of(facts, false)
	of.newest.own = max(of.newest.own, newest)
	areas.parallel(begins, threads(in.settings.Threads), func(code int) {
		for i := begins[code]; i < begins[code+1]; i++ {
			if rows[i].at.Start <= in.settings.AsOf {
				areas.areas[code].outages.append(&outage{at: rows[i].at, customers: rows[i].customers, facts: number})
			}
		}
	})
}

// currentOutages says which outages of an area count at the as-of, nil if all do;
// moved says in which area the last version of some of them lies.
func (in *Inputs) currentOutages(a area.ID, recorded []outage, moved map[string]area.ID) []bool {
	type version struct {
		*origin
		row int
	}
	var last map[string]version
	all, named := true, 0
	for row := range recorded {
		o := &recorded[row]
		f := in.outageFacts.all[o.facts]
		if f.retracted || f.knownFrom(o.at.Start) > in.settings.AsOf {
			all = false
		}
		if o.id != 0 && f.knownFrom(o.at.Start) <= in.settings.AsOf {
			if last == nil {
				last = map[string]version{}
			}
			id := in.outageIDs.of(o.id)
			if was, ok := last[id]; !ok || !before(&f.origin, was.origin) {
				last[id] = version{&f.origin, row}
			}
			named++
		}
	}
	if all && len(last) == named && len(moved) == 0 {
		return nil
	}
	counts := make([]bool, len(recorded))
	for row := range recorded {
		o := &recorded[row]
		f := in.outageFacts.all[o.facts]
		counts[row] = !f.retracted && f.knownFrom(o.at.Start) <= in.settings.AsOf
		if counts[row] && o.id != 0 {
			id := in.outageIDs.of(o.id)
			to, gone := moved[id]
			counts[row] = last[id].row == row && !(gone && to != a)
		}
	}
	return counts
}

// spansOf returns the spans of the sources of those outages of an area that count.
func (in *Inputs) spansOf(recorded []outage, counts []bool) spans {
	all := spans{}
	alike := false // the row is like those before it
	var facts uint32
	var span hour.Interval // of them
	for row := range recorded {
		if counts != nil && !counts[row] {
			continue
		}
		o := &recorded[row]
		v := o.lasting(in.settings.AsOf)
		if alike && o.facts == facts {
			span.Start, span.End = min(span.Start, v.Start), max(span.End, v.End)
			continue
		}
		if alike {
			all.add(in.outageFacts.all[facts].source, span)
		}
		alike, facts, span = true, o.facts, v
	}
	if alike {
		all.add(in.outageFacts.all[facts].source, span)
	}
	return all
}

// countedOutages returns the outages of the area that count, and their sources.
func (p *pass) countedOutages() ([]outage, map[string]bool) {
	kept := p.input.outages.appendTo(p.scratch.recorded[:0])
	p.scratch.recorded = kept
	if counts := p.current.outages; counts != nil {
		row := 0
		kept = slices.DeleteFunc(kept, func(outage) bool { row++; return !counts[row-1] })
	}
	sources := map[string]bool{}
	last := uint32(0)
	for row := range kept {
		if facts := kept[row].facts; row == 0 || facts != last {
			last, sources[p.in.outageFacts.all[facts].source] = facts, true
		}
	}
	return kept, sources
}

// outagesMoved says, of each outage that its versions place in several areas, in
// which of them the last one does. Of many that lie in files a share is looked at
// after the other.
func (in *Inputs) outagesMoved() (map[string]area.ID, error) {
	versions, ids := false, 0
	for _, of := range in.outagesOf {
		versions, ids = versions || of.versions, ids+of.ids
	}
	if !versions {
		return nil, nil // no row corrects another
	}
	shares := uint64(1)
	if in.spill != nil {
		shares += uint64(ids / mostIDs)
	}
	type place struct {
		*origin
		area area.ID
	}
	moved, scratch := map[string]area.ID{}, new(loadScratch)
	for n := range shares {
		last, several := map[string]place{}, map[string]bool{}
		for _, a := range in.areas {
			of, a, err := in.recordsOf(a, scratch)
			if err != nil {
				return nil, err
			}
			for o := range a.outages.all() {
				f := of.outageFacts.all[o.facts]
				id := of.outageIDs.of(o.id)
				if id == "" || f.knownFrom(o.at.Start) > in.settings.AsOf || hashOf(id)%shares != n {
					continue
				}
				was, ok := last[id]
				if ok && was.area != a.id {
					several[id] = true
				}
				if !ok || !before(&f.origin, was.origin) {
					last[id] = place{&f.origin, a.id}
				}
			}
		}
		for id := range several {
			moved[id] = last[id].area
		}
	}
	return moved, nil
}

// dayOutage is an area's recorded outages on one day.
type dayOutage struct {
	lo, hi   unit.CustomerHours // NaN without a record of customers; hi also if a record does not limit them
	coverage float64            // NaN without a record
	hours    *outHours          // that the day is made of; nil without a record
	flags    int32
}

// outHours are customer-hours by hour of an area's arrays.
type outHours struct{ lo, hi []unit.CustomerHours }

var noOutages = dayOutage{
	lo: unit.Missing[unit.CustomerHours](), hi: unit.Missing[unit.CustomerHours](), coverage: math.NaN(),
}

// outages are the customer-hours of each day. Recorded outages and each source
// of polls are ways to count the same customers: the first declared that knows
// anything of a day serves it, and they are never added.
func (p *pass) outages(polled []polledHours) []dayOutage {
	days := p.recorded()
	rank := len(p.in.settings.Sources) + 1
	for source := range p.recordedBy {
		rank = min(rank, p.in.settings.rank(source))
	}
	for i := range days {
		if len(polled) == 0 {
			break
		}
		from, to := p.hoursOf(p.calendar.First + hour.Day(i))
		several := false
		for j := range polled {
			day := polled[j].day(from, to)
			switch {
			case math.IsNaN(day.coverage):
				continue
			case math.IsNaN(days[i].coverage), j == 0 && p.in.settings.rank(polled[j].source) < rank:
				several = several || !math.IsNaN(days[i].coverage)
				days[i] = day
			default:
				several = true
			}
		}
		if several {
			days[i].flags |= table.FlagTwoOutageSources
		}
	}
	return days
}

// recorded adds up the customer-hours of recorded outages (methods.md 6.1). A source's
// record reaches from its first row to its last, and to the as-of if an outage
// is open: inside it a day without an outage is zero, outside it is unknown.
// An open outage counts up to the as-of, which makes the day a lower bound.
func (p *pass) recorded() []dayOutage {
	days := room(&p.scratch.outages, p.calendar.Days())
	fill(days, noOutages)
	facts := p.in.outageFacts.all
	if !p.hasCustomers() {
		return days
	}
	scratch := p.scratch
	scratch.reset(p.input.hours)
	var open, unlimited []bool // by day; nil while none is
	mark := func(marks *[]bool, v hour.Interval) {
		if *marks == nil {
			*marks = make([]bool, len(days))
		}
		for d := range p.daysOf(v) {
			(*marks)[d-p.calendar.First] = true
		}
	}
	groups := map[string]int32{}
	inOrder := true
	for i := range p.records {
		o := &p.records[i]
		one := index.Outage{Interval: o.lasting(p.in.settings.AsOf), Customers: o.customers, Group: -1}
		if group := facts[o.facts].group; group != "" {
			n, ok := groups[group]
			if !ok {
				n = int32(len(groups))
				groups[group] = n
			}
			one.Group = n
		}
		if o.at.End == hour.DistantFuture {
			mark(&open, one.Interval)
		}
		if one.Customers.Hi == noLimit {
			one.Customers.Hi = max(one.Customers.Lo, p.area.CustomersServed)
			if p.area.CustomersServed == 0 {
				mark(&unlimited, one.Interval)
			}
		}
		if n := len(scratch.list); n > 0 && one.Start < scratch.list[n-1].Start {
			inOrder = false
		}
		scratch.list = append(scratch.list, one)
	}
	if !inOrder {
		slices.SortFunc(scratch.list, func(a, b index.Outage) int { return cmp.Compare(a.Start, b.Start) })
	}
	lo, hi := scratch.lo, scratch.hi
	index.CustomerHours(scratch.list, p.area.CustomersServed, p.input.first, lo, hi)
	hours := &outHours{lo, hi}
	record := p.spans.outages.of(p.recordedBy)
	begun, until := scratch.list, hour.DistantPast // outages to come, and when the last of those before is over
	for i := range days {
		v := p.calendar.Interval(p.calendar.First + hour.Day(i))
		quiet := until <= v.Start && (len(begun) == 0 || begun[0].Start >= v.End)
		for len(begun) > 0 && begun[0].Start < v.End {
			begun, until = begun[1:], max(until, begun[0].End)
		}
		covered := inside(v, record)
		if covered == 0 {
			continue
		}
		day := &days[i]
		*day = dayOutage{coverage: float64(covered) / float64(v.Length()), hours: hours}
		if quiet {
			continue
		}
		if open != nil && open[i] {
			day.flags = table.FlagOutagesOpen
		}
		from, to := p.hoursOf(p.calendar.First + hour.Day(i))
		day.lo, day.hi = sums(lo[from:to], hi[from:to])
		if unlimited != nil && unlimited[i] {
			day.hi = noOutages.hi
		}
	}
	return days
}

// sums adds up each of two lists that are as long.
func sums(x, y []unit.CustomerHours) (sumX, sumY unit.CustomerHours) {
	y = y[:len(x)]
	for i := range x {
		sumX += x[i]
		sumY += y[i]
	}
	return sumX, sumY
}

// hasCustomers reports whether a recorded outage says something of customers.
func (p *pass) hasCustomers() bool {
	for i := range p.records {
		if o := &p.records[i]; p.in.outageFacts.all[o.facts].counted {
			return true
		}
	}
	return false
}

// writeOutages sets the days' columns of area_day.
func writeOutages(b *table.Columns, days []dayOutage) {
	lo, hi, coverage := make([]float64, len(days)), make([]float64, len(days)), make([]float64, len(days))
	for i := range days {
		lo[i], hi[i], coverage[i] = float64(days[i].lo), float64(days[i].hi), days[i].coverage
	}
	b.Float64s("out_ch_lo", lo)
	b.Float64s("out_ch_hi", hi)
	b.Float64s("out_coverage", coverage)
}

// lasting returns the interval of an outage; one that is open lasts up to the
// as-of.
func (o *outage) lasting(asOf hour.Instant) hour.Interval {
	v := o.at
	if v.End == hour.DistantFuture {
		v.End = max(v.Start, asOf)
	}
	return v
}
