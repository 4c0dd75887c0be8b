package panel

import (
	"strings"

	"hardship/pipeline/hour"
	"hardship/pipeline/index"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// outage is one version of one recorded outage.
type outage struct {
	id        string
	source    string
	group     string
	at        hour.Interval // End is the distant future while open
	customers unit.Bounds[int64]
	version   hour.Instant
	retracted bool
}

func (in *Inputs) addOutages(t *table.Table) {
	ids, areas, sources, groups := t.String("outage_id"), t.String("area_id"), t.String("source_id"), t.String("group_id")
	starts, ends := t.Timestamp("start_utc"), t.Timestamp("end_utc")
	lo, hi, services := t.Int64("customers_lo"), t.Int64("customers_hi"), t.String("service")
	seen, retracted := t.Timestamp("first_seen_utc"), t.Bool("retracted")
	for row := range t.Rows() {
		if services.Value(row) != "electricity" {
			continue // other services have measures of their own
		}
		start := table.Instant(starts, row)
		version, ok := in.known(table.Instant(seen, row), seen.IsValid(row), start)
		if !ok {
			continue
		}
		o := outage{
			id: strings.Clone(ids.Value(row)), source: strings.Clone(sources.Value(row)), version: version, retracted: retracted.Value(row),
			at: hour.Interval{Start: start, End: hour.DistantFuture},
		}
		if groups.IsValid(row) {
			o.group = strings.Clone(groups.Value(row))
		}
		if ends.IsValid(row) {
			o.at.End = table.Instant(ends, row)
		}
		covered := o.at
		if covered.End == hour.DistantFuture {
			covered.End = start
		}
		in.cover(t, o.source, covered)
		if !lo.IsValid(row) && !hi.IsValid(row) {
			continue // without customers there is nothing to add up
		}
		switch {
		case !lo.IsValid(row):
			o.customers = unit.Bounds[int64]{Lo: 0, Hi: hi.Value(row)}
		case !hi.IsValid(row):
			o.customers = unit.Bounds[int64]{Lo: lo.Value(row), Hi: lo.Value(row)}
		default:
			o.customers = unit.Bounds[int64]{Lo: lo.Value(row), Hi: hi.Value(row)}
		}
		a := in.area(areas.Value(row))
		a.outages = append(a.outages, o)
	}
}

// dayOutage is an area's recorded outages on one day.
type dayOutage struct {
	lo, hi   unit.CustomerHours // NaN without a record of customers
	coverage float64            // NaN without one
	open     bool
}

// outages adds up the customer-hours of each day (methods.md 6.1). A record of
// intervals proves itself from its source's first row to its last: inside that
// span a day without a record is zero, outside it is unknown. An open outage
// counts up to the as-of, which makes the day a lower bound.
func (p *pass) outages() []dayOutage {
	days := make([]dayOutage, p.calendar.Days())
	nan := unit.Missing[unit.CustomerHours]()
	for i := range days {
		days[i] = dayOutage{nan, nan, float64(nan), false}
	}
	if len(p.input.outages) == 0 {
		return days
	}
	records := latest(p.input.outages)
	groups := map[string]int32{}
	list := make([]index.Outage, 0, len(records))
	var open []hour.Interval
	spans := map[string]hour.Interval{}
	for _, o := range records {
		spans[o.source] = p.in.spans[spanKey{table.OutageInterval.Name, o.source}]
		if o.retracted {
			continue
		}
		group := int32(-1)
		if o.group != "" {
			n, ok := groups[o.group]
			if !ok {
				n = int32(len(groups))
				groups[o.group] = n
			}
			group = n
		}
		if o.at.End == hour.DistantFuture {
			o.at.End = max(o.at.Start, p.in.settings.AsOf)
			open = append(open, o.at)
		}
		list = append(list, index.Outage{Interval: o.at, Customers: o.customers, Group: group})
	}
	lo, hi := make([]unit.CustomerHours, p.in.hours), make([]unit.CustomerHours, p.in.hours)
	index.CustomerHours(list, p.area.CustomersServed, p.in.first, lo, hi)
	for i := range days {
		v := p.calendar.Interval(p.calendar.First + hour.Day(i))
		var covered hour.Instant
		for _, span := range spans {
			covered = max(covered, span.Overlap(v).Length())
		}
		if covered == 0 {
			continue
		}
		day := dayOutage{coverage: float64(covered) / float64(v.Length())}
		for h := v.Start.Hour(); h < v.End.Hour(); h++ {
			day.lo += lo[h-p.in.first]
			day.hi += hi[h-p.in.first]
		}
		for _, o := range open {
			day.open = day.open || o.Touches(v)
		}
		days[i] = day
	}
	return days
}

// latest keeps the last version of each outage, in the order of first
// appearance.
func latest(records []outage) []outage {
	versions := false
	for _, o := range records {
		versions = versions || o.version != hour.DistantPast
	}
	if !versions {
		return records
	}
	position := map[string]int{}
	var kept []outage
	for _, o := range records {
		i, ok := position[o.id]
		if !ok {
			position[o.id] = len(kept)
			kept = append(kept, o)
		} else if o.version >= kept[i].version {
			kept[i] = o
		}
	}
	return kept
}
