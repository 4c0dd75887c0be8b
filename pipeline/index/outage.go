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
	grouped := slices.ContainsFunc(outages, func(o Outage) bool { return o.Group >= 0 })
	spent := spentHours{at: span.Start, end: span.End, first: first, lo: lo, hi: hi}
	var active activeOutages
	spend := func(to hour.Instant) {
		if to = min(to, spent.end); to <= spent.at {
			return
		}
		if len(active.open) == 0 {
			spent.at = to
			return
		}
		now := active.customers(grouped)
		if served > 0 {
			now.Lo, now.Hi = min(now.Lo, served), min(now.Hi, served)
		}
		spent.add(to, unit.Bounds[float64]{Lo: float64(now.Lo), Hi: float64(now.Hi)})
	}
	endBefore := func(moment hour.Instant) {
		for len(active.open) > 0 && active.open[0].End <= moment {
			spend(active.open[0].End)
			active.removeFirst()
		}
	}
	for i := range outages {
		o := &outages[i]
		if o.End <= o.Start || o.End <= span.Start || o.Start >= span.End {
			continue
		}
		endBefore(o.Start)
		spend(o.Start)
		active.add(o)
	}
	endBefore(hour.DistantFuture)
}

// spentHours are the arrays of hours, filled from the start up to a moment.
type spentHours struct {
	at, end hour.Instant // the moment, and that at which the arrays end
	first   hour.Hour
	lo, hi  []unit.CustomerHours
}

// add adds the hours up to the given moment, in which so many customers are out.
func (s *spentHours) add(to hour.Instant, customers unit.Bounds[float64]) {
	i := int(s.at.Hour() - s.first)
	lo, hi := s.lo, s.hi[:len(s.lo)]
	for next := (s.first + hour.Hour(i+1)).Start(); s.at < to; i, next = i+1, next+hour.InstantsInHour {
		if s.at == next-hour.InstantsInHour && next <= to { // a whole hour, as most are
			lo[i] += unit.CustomerHours(customers.Lo)
			hi[i] += unit.CustomerHours(customers.Hi)
			s.at = next
			continue
		}
		until := min(to, next)
		share := float64(until-s.at) / float64(hour.InstantsInHour)
		lo[i] += unit.CustomerHours(customers.Lo * share)
		hi[i] += unit.CustomerHours(customers.Hi * share)
		s.at = until
	}
}

// activeOutages are the records open at a moment: a heap, the first to end on
// top.
type activeOutages struct {
	open   []Outage
	sum    int64 // of the upper bounds
	groups map[int32]unit.Bounds[int64]
}

func (a *activeOutages) add(o *Outage) {
	a.sum += o.Customers.Hi
	a.open = append(a.open, *o)
	for i := len(a.open) - 1; i > 0; {
		up := (i - 1) / 2
		if a.open[up].End <= a.open[i].End {
			break
		}
		a.open[up], a.open[i] = a.open[i], a.open[up]
		i = up
	}
}

func (a *activeOutages) removeFirst() {
	a.sum -= a.open[0].Customers.Hi
	n := len(a.open) - 1
	a.open[0] = a.open[n]
	a.open = a.open[:n]
	for i := 0; ; {
		least := i
		for _, down := range [2]int{2*i + 1, 2*i + 2} {
			if down < n && a.open[down].End < a.open[least].End {
				least = down
			}
		}
		if least == i {
			return
		}
		a.open[i], a.open[least] = a.open[least], a.open[i]
		i = least
	}
}

// customers returns the bounds of customers out at this moment.
func (a *activeOutages) customers(grouped bool) unit.Bounds[int64] {
	now := unit.Bounds[int64]{Hi: a.sum}
	if !grouped {
		for i := range a.open {
			now.Lo = max(now.Lo, a.open[i].Customers.Lo)
		}
		return now
	}
	if a.groups == nil {
		a.groups = map[int32]unit.Bounds[int64]{}
	}
	clear(a.groups)
	now.Hi = 0
	for i := range a.open {
		o := &a.open[i]
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
