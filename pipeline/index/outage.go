package index

import (
	"cmp"
	"slices"

	"hardship/pipeline/hour"
	"hardship/pipeline/unit"
)

// An Outage is customers without supply over an interval. Customers.Lo ≤ Hi.
type Outage struct {
	hour.Interval
	Customers unit.Bounds[int64]
	Group     int32 // records of one group are united, not added; negative for a record of its own
}

// CustomerHours adds the customer-hours of outages to the hours they fall in:
// lo[h] and hi[h] gain those of the UTC hour first+h (methods.md 6.1).
//
//	hi: Σ over groups of the group's largest record, at most served
//	lo: the largest single group at the moment
//
// on the union of all break-points, since records that overlap may count the
// same customers (nested groups) or others (disjoint groups). served is the
// number of customers of the area; 0 is unknown and caps nothing. Time outside
// the arrays is left out. Sums are in order of time, so equal inputs in any
// order give equal bytes.
func CustomerHours(outages []Outage, served int64, first hour.Hour, lo, hi []unit.CustomerHours) {
	span := hour.Interval{Start: first.Start(), End: (first + hour.Hour(len(lo))).Start()}
	byStart := func(a, b Outage) int { return cmp.Compare(a.Start, b.Start) }
	if !slices.IsSortedFunc(outages, byStart) {
		outages = slices.Clone(outages)
		slices.SortFunc(outages, byStart)
	}
	s := sweep{served: served, end: span.End, first: first, lo: lo, hi: hi[:len(lo)]}
	s.open.grouped = slices.ContainsFunc(outages, func(o Outage) bool { return o.Group >= 0 })
	s.moveTo(span.Start)
	for i := range outages {
		o := &outages[i]
		if o.End <= o.Start || o.End <= span.Start || o.Start >= span.End {
			continue
		}
		s.endBefore(o.Start)
		s.spend(o.Start)
		s.open.add(o)
	}
	s.endBefore(hour.DistantFuture)
}

// A sweep goes through the outages in order of time and fills the arrays up to a
// moment.
type sweep struct {
	open   activeOutages
	served int64

	at, end hour.Instant // the moment, and that at which the arrays end
	next    hour.Instant // the end of its hour
	i       int          // its hour's place in the arrays
	first   hour.Hour
	lo, hi  []unit.CustomerHours
}

func (s *sweep) moveTo(at hour.Instant) {
	h := at.Hour()
	s.at, s.next, s.i = at, (h + 1).Start(), int(h-s.first)
}

// endBefore ends the outages that are over at a moment.
func (s *sweep) endBefore(moment hour.Instant) {
	for len(s.open.list) > 0 && s.open.list[0].End <= moment {
		s.spend(s.open.list[0].End)
		s.open.removeFirst()
	}
}

// spend adds the hours up to a moment, until which nothing changes.
func (s *sweep) spend(to hour.Instant) {
	if to = min(to, s.end); to <= s.at {
		return
	}
	if len(s.open.list) == 0 {
		s.moveTo(to)
		return
	}
	now := s.open.customers()
	if s.served > 0 {
		now.Lo, now.Hi = min(now.Lo, s.served), min(now.Hi, s.served)
	}
	lo, hi := unit.CustomerHours(now.Lo), unit.CustomerHours(now.Hi)
	part := func(until hour.Instant) {
		share := unit.CustomerHours(until-s.at) / unit.CustomerHours(hour.InstantsInHour)
		s.lo[s.i] += unit.CustomerHours(lo * share)
		s.hi[s.i] += unit.CustomerHours(hi * share)
		s.at = until
	}
	if to < s.next {
		part(to)
		return
	}
	part(s.next)
	whole := int((to - s.at) / hour.InstantsInHour)
	from := s.i + 1
	s.i = from + whole
	s.at += hour.Instant(whole) * hour.InstantsInHour
	s.next = s.at + hour.InstantsInHour
	least, most := s.lo[from:s.i], s.hi[from:s.i]
	for i := range least { // whole hours, as most are
		least[i] += lo
		most[i] += hi
	}
	if s.at < to {
		part(to)
	}
}

// activeOutages are the records open at a moment: a heap, the first to end on
// top.
type activeOutages struct {
	list    []Outage
	sum     int64 // of the upper bounds
	grouped bool  // some are of a group
	groups  map[int32]unit.Bounds[int64]
}

func (a *activeOutages) add(o *Outage) {
	a.sum += o.Customers.Hi
	a.list = append(a.list, *o)
	for i := len(a.list) - 1; i > 0; {
		up := (i - 1) / 2
		if a.list[up].End <= a.list[i].End {
			break
		}
		a.list[up], a.list[i] = a.list[i], a.list[up]
		i = up
	}
}

func (a *activeOutages) removeFirst() {
	a.sum -= a.list[0].Customers.Hi
	n := len(a.list) - 1
	a.list[0] = a.list[n]
	a.list = a.list[:n]
	for i := 0; ; {
		down := 2*i + 1
		if down+1 < n && a.list[down+1].End < a.list[down].End {
			down++
		}
		if down >= n || a.list[i].End <= a.list[down].End {
			return
		}
		a.list[i], a.list[down] = a.list[down], a.list[i]
		i = down
	}
}

// customers returns the bounds of customers out at this moment.
func (a *activeOutages) customers() unit.Bounds[int64] {
	now := unit.Bounds[int64]{Hi: a.sum}
	if !a.grouped {
		for i := range a.list {
			now.Lo = max(now.Lo, a.list[i].Customers.Lo)
		}
		return now
	}
	if a.groups == nil {
		a.groups = map[int32]unit.Bounds[int64]{}
	}
	clear(a.groups)
	now.Hi = 0
	for i := range a.list {
		o := &a.list[i]
		now.Lo = max(now.Lo, o.Customers.Lo)
		if o.Group < 0 {
			now.Hi += o.Customers.Hi
			continue
		}
		group := a.groups[o.Group]
		if more := o.Customers.Hi - group.Hi; more > 0 {
			now.Hi += more
			group.Hi = o.Customers.Hi
			a.groups[o.Group] = group
		}
	}
	return now
}
