package panel

import (
	"math"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/index"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// outage is one version of one recorded outage.
type outage struct {
	vintage
	id        string
	group     string             // "" for a record of its own
	at        hour.Interval      // End is the distant future while open
	customers unit.Bounds[int64] // Hi is noLimit if it is unknown
	counted   bool               // the source says something of customers
}

// noLimit stands for an unknown number of customers.
const noLimit = -1

// addOutages takes outages of electricity; other services have measures of
// their own.
func (in *Inputs) addOutages(t *table.Table) error {
	ids, areas, groups := t.String("outage_id"), t.String("area_id"), t.String("group_id")
	starts, ends := t.Timestamp("start_utc"), t.Timestamp("end_utc")
	lo, hi, services := t.Int64("customers_lo"), t.Int64("customers_hi"), t.String("service")
	vintages := in.vintagesOf(t)
	for row := range t.Rows() {
		if services.Value(row) != "electricity" {
			continue
		}
		a, err := in.area(areas.Value(row))
		if err != nil {
			return err
		}
		o := outage{
			at:        hour.Interval{Start: table.Instant(starts, row), End: hour.DistantFuture},
			customers: unit.Bounds[int64]{Lo: 0, Hi: noLimit},
			counted:   lo.IsValid(row) || hi.IsValid(row),
		}
		if o.vintage = vintages.at(row, o.at.Start); o.known() > in.settings.AsOf {
			continue
		}
		o.id = strings.Clone(ids.Value(row))
		if groups.IsValid(row) {
			o.group = in.words.of(groups.Value(row))
		}
		if ends.IsValid(row) {
			o.at.End = table.Instant(ends, row)
		}
		if lo.IsValid(row) {
			o.customers.Lo = lo.Value(row)
		}
		if hi.IsValid(row) {
			o.customers.Hi = max(hi.Value(row), o.customers.Lo)
		}
		a.outages = append(a.outages, o)
	}
	return nil
}

// outagesMoved says, of each outage that its versions place in several areas, in
// which of them the last one does.
func (in *Inputs) outagesMoved() map[string]area.ID {
	vintages := slices.ContainsFunc(in.areas, func(a *inputArea) bool {
		return newestOf(a.outages).seen != hour.DistantPast
	})
	if !vintages {
		return nil // no row corrects another
	}
	type place struct {
		*vintage
		area area.ID
	}
	last, several := map[string]place{}, map[string]bool{}
	for _, a := range in.areas {
		for i := range a.outages {
			o := &a.outages[i]
			if o.known() > in.settings.AsOf {
				continue
			}
			was, ok := last[o.id]
			if ok && was.area != a.id {
				several[o.id] = true
			}
			if !ok || !before(&o.vintage, was.vintage) {
				last[o.id] = place{&o.vintage, a.id}
			}
		}
	}
	moved := map[string]area.ID{}
	for id := range several {
		moved[id] = last[id].area
	}
	return moved
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
	for source := range p.current.outageSources {
		rank = min(rank, p.in.settings.rank(source))
	}
	for i := range days {
		v := p.calendar.Interval(p.calendar.First + hour.Day(i))
		from, to := int(v.Start.Hour()-p.input.first), int(v.End.Hour()-p.input.first)
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
	days := slices.Repeat([]dayOutage{noOutages}, p.calendar.Days())
	counted := false
	for _, o := range p.current.outages {
		counted = counted || o.counted
	}
	if !counted {
		return days
	}
	groups := map[string]int32{}
	list := make([]index.Outage, 0, len(p.current.outages))
	var open, unlimited []hour.Interval
	for _, o := range p.current.outages {
		one := index.Outage{Interval: o.lasting(p.in.settings.AsOf), Customers: o.customers, Group: -1}
		if o.group != "" {
			n, ok := groups[o.group]
			if !ok {
				n = int32(len(groups))
				groups[o.group] = n
			}
			one.Group = n
		}
		if o.at.End == hour.DistantFuture {
			open = append(open, one.Interval)
		}
		if one.Customers.Hi == noLimit {
			one.Customers.Hi = max(one.Customers.Lo, p.area.CustomersServed)
			if p.area.CustomersServed == 0 {
				unlimited = append(unlimited, one.Interval)
			}
		}
		list = append(list, one)
	}
	lo, hi := make([]unit.CustomerHours, p.input.hours), make([]unit.CustomerHours, p.input.hours)
	index.CustomerHours(list, p.area.CustomersServed, p.input.first, lo, hi)
	hours := &outHours{lo, hi}
	record := p.spans.outages.of(p.current.outageSources)
	for i := range days {
		v := p.calendar.Interval(p.calendar.First + hour.Day(i))
		covered := inside(v, record)
		if covered == 0 {
			continue
		}
		day := dayOutage{coverage: float64(covered) / float64(v.Length()), hours: hours}
		if touched(v, open) {
			day.flags = table.FlagOutagesOpen
		}
		for h := v.Start.Hour(); h < v.End.Hour(); h++ {
			day.lo += lo[h-p.input.first]
			day.hi += hi[h-p.input.first]
		}
		if touched(v, unlimited) {
			day.hi = noOutages.hi
		}
		days[i] = day
	}
	return days
}

// write sets the day's cells of area_day.
func (d *dayOutage) write(b *table.Builder) {
	b.Float64("out_ch_lo", float64(d.lo))
	b.Float64("out_ch_hi", float64(d.hi))
	b.Float64("out_coverage", d.coverage)
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

// touched reports whether an interval of the list touches v.
func touched(v hour.Interval, list []hour.Interval) bool {
	for _, w := range list {
		if w.Touches(v) {
			return true
		}
	}
	return false
}
