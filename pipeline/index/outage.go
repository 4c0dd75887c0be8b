package index

import (
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
	type edge struct {
		at    hour.Instant
		start bool
		index int32
	}
	edges := make([]edge, 0, 2*len(outages))
	for i, o := range outages {
		v := o.Overlap(span)
		if v.Length() > 0 {
			edges = append(edges, edge{v.Start, true, int32(i)}, edge{v.End, false, int32(i)})
		}
	}
	slices.SortFunc(edges, func(a, b edge) int {
		switch {
		case a.at != b.at:
			if a.at < b.at {
				return -1
			}
			return 1
		case a.start != b.start:
			if b.start { // ends before starts: intervals are half-open
				return -1
			}
			return 1
		}
		return int(a.index - b.index)
	})
	var active activeOutages
	var at hour.Instant
	for _, e := range edges {
		if e.at > at && len(active.groups) > 0 {
			now := active.customers()
			if served > 0 {
				now.Lo, now.Hi = min(now.Lo, served), min(now.Hi, served)
			}
			for h, d := range (hour.Interval{Start: at, End: e.at}).Split() {
				share := unit.CustomerHours(d) / unit.CustomerHours(hour.InstantsInHour)
				lo[h-first] += unit.CustomerHours(now.Lo) * share
				hi[h-first] += unit.CustomerHours(now.Hi) * share
			}
		}
		at = e.at
		if e.start {
			active.add(e.index, outages[e.index])
		} else {
			active.remove(e.index, outages[e.index])
		}
	}
}

// activeOutages are the records open at a moment, by group.
type activeOutages struct{ groups []activeGroup }

type activeGroup struct {
	key     int64 // group number, or a record's own number below zero
	records []int32
	sizes   []unit.Bounds[int64]
}

func groupKey(index int32, o Outage) int64 {
	if o.Group >= 0 {
		return int64(o.Group)
	}
	return -1 - int64(index)
}

func (a *activeOutages) add(index int32, o Outage) {
	key := groupKey(index, o)
	i := slices.IndexFunc(a.groups, func(g activeGroup) bool { return g.key == key })
	if i < 0 {
		a.groups = append(a.groups, activeGroup{key: key})
		i = len(a.groups) - 1
	}
	g := &a.groups[i]
	g.records = append(g.records, index)
	g.sizes = append(g.sizes, o.Customers)
}

func (a *activeOutages) remove(index int32, o Outage) {
	key := groupKey(index, o)
	i := slices.IndexFunc(a.groups, func(g activeGroup) bool { return g.key == key })
	g := &a.groups[i]
	j := slices.Index(g.records, index)
	g.records = slices.Delete(g.records, j, j+1)
	g.sizes = slices.Delete(g.sizes, j, j+1)
	if len(g.records) == 0 {
		a.groups = slices.Delete(a.groups, i, i+1)
	}
}

// customers returns the bounds of customers out at this moment.
func (a *activeOutages) customers() unit.Bounds[int64] {
	var now unit.Bounds[int64]
	for _, g := range a.groups {
		var group unit.Bounds[int64]
		for _, s := range g.sizes {
			group.Lo, group.Hi = max(group.Lo, s.Lo), max(group.Hi, s.Hi)
		}
		now.Lo = max(now.Lo, group.Lo)
		now.Hi += group.Hi
	}
	return now
}
