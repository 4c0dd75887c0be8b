package panel

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"hardship/pipeline/hour"
	"hardship/pipeline/index"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// A customerRecord is what an area's record of customers says day by day, as minutes
// without supply per customer served: SAIDI (methods.md 6.3).
type customerRecord struct {
	polls         bool                   // it counts customers at moments, not interruptions
	interruptions []index.Interruption   // by start; none of polls
	first         []int                  // of each day and the one after the last: the first interruption that began on it or later
	share         []float64              // of each day that the record knows; 0 for none
	minutes       []unit.Bounds[float64] // of each day: of interruptions, those that began on it; NaN where unknown
}

// leastPolled is the share of a day that polls must have observed for its
// minutes to be set against those of other days.
const leastPolled = 0.8

// customers arranges the area's record, nil if it has none. As for the days, the
// first declared of recorded interruptions and polls counts.
func (p *pass) customers(outages []dayOutage, polled []polledHours) *customerRecord {
	recorded := p.hasCustomers()
	if p.calendar.Days() == 0 || !recorded && len(polled) == 0 {
		return nil
	}
	s := &customerRecord{polls: !recorded, share: make([]float64, p.calendar.Days()), minutes: make([]unit.Bounds[float64], p.calendar.Days())}
	for source := range p.recordedBy {
		s.polls = s.polls || len(polled) > 0 && p.in.settings.rank(polled[0].source) < p.in.settings.rank(source)
	}
	if !s.polls {
		s.interruptions = p.interruptions()
		p.startDays(s)
		return s
	}
	for i := range s.share {
		s.minutes[i] = unit.Bounds[float64]{Lo: math.NaN(), Hi: math.NaN()}
		if math.IsNaN(outages[i].coverage) {
			continue
		}
		s.share[i] = outages[i].coverage
		if n := float64(p.area.CustomersServed); n > 0 {
			s.minutes[i] = unit.Bounds[float64]{Lo: float64(outages[i].lo) * 60 / n, Hi: float64(outages[i].hi) * 60 / n}
		}
	}
	return s
}

// interruptions are the area's recorded outages as they are counted: records of
// one group that overlap or meet are one. What lasts beyond the days that may be
// published is open at their end: when supply returned is not told before its
// day is.
func (p *pass) interruptions() []index.Interruption {
	end := min(p.calendar.Span().End, p.in.settings.AsOf)
	list := p.scratch.record[:0]
	groups := map[string][]index.Interruption{}
	for i := range p.records {
		o := &p.records[i]
		if o.at.Start >= end {
			continue
		}
		one := index.Interruption{Interval: o.at, Customers: o.customers}
		if one.End > end {
			one.End, one.Open = end, true
		}
		if one.Customers.Hi == noLimit {
			one.Customers.Hi = max(one.Customers.Lo, p.area.CustomersServed)
		}
		if group := p.in.outageFacts.all[o.facts].group; group == "" {
			list = append(list, one)
		} else {
			groups[group] = append(groups[group], one)
		}
	}
	for _, group := range slices.Sorted(maps.Keys(groups)) {
		records := groups[group]
		slices.SortFunc(records, inTime)
		list = append(list, records[0])
		for _, one := range records[1:] {
			last := &list[len(list)-1]
			if one.Start > last.End {
				list = append(list, one)
				continue
			}
			last.Open = last.Open || one.Open
			last.End = max(last.End, one.End)
			last.Customers = unit.Bounds[int64]{Lo: max(last.Customers.Lo, one.Customers.Lo), Hi: max(last.Customers.Hi, one.Customers.Hi)}
		}
	}
	slices.SortFunc(list, inTime)
	p.scratch.record = list
	return list
}

// inTime orders interruptions by start; those that it takes for equal are.
func inTime(a, b index.Interruption) int {
	if a.Start != b.Start {
		return cmp.Compare(a.Start, b.Start)
	}
	open := 0 // an open one last
	switch {
	case a.Open && !b.Open:
		open = 1
	case b.Open && !a.Open:
		open = -1
	}
	return cmp.Or(cmp.Compare(a.End, b.End), cmp.Compare(a.Customers.Lo, b.Customers.Lo), cmp.Compare(a.Customers.Hi, b.Customers.Hi), open)
}

// startDays adds up the minutes of the interruptions that began on each day of
// the record.
func (p *pass) startDays(s *customerRecord) {
	record := p.spans.outages.of(p.recordedBy)
	next := 0
	s.first = make([]int, len(s.share)+1)
	for i := range s.share {
		v := p.calendar.Interval(p.calendar.First + hour.Day(i))
		for next < len(s.interruptions) && s.interruptions[next].Start < v.Start {
			next++
		}
		from := next
		s.first[i] = from
		for next < len(s.interruptions) && s.interruptions[next].Start < v.End {
			next++
		}
		s.share[i] = float64(inside(v, record)) / float64(v.Length())
		s.minutes[i] = unit.Bounds[float64]{Lo: math.NaN(), Hi: math.NaN()}
		if s.share[i] > 0 {
			s.minutes[i] = index.MinutesOut(s.interruptions[from:next], p.area.CustomersServed)
		}
	}
	s.first[len(s.share)] = next
}

// startDay returns the minutes of the interruptions that began on a day, NaN
// without a record of them; s may be nil.
func (s *customerRecord) startDay(i int) unit.Bounds[float64] {
	if s == nil || s.polls {
		return unit.Bounds[float64]{Lo: math.NaN(), Hi: math.NaN()}
	}
	return s.minutes[i]
}

// upper returns the minutes of a day by which it is told for a major event day:
// the upper bound, or the lower where there is none; NaN of a day of which too
// few polls are there.
func (s *customerRecord) upper(i int) float64 {
	switch {
	case s.polls && s.share[i] < leastPolled:
		return math.NaN()
	case math.IsNaN(s.minutes[i].Hi):
		return s.minutes[i].Lo
	}
	return s.minutes[i].Hi
}

// baseYears are the years before a period whose days tell its major event days.
const baseYears = 5

// A reliabilityPeriod is a winter or a calendar year.
type reliabilityPeriod struct {
	hour.Season
	kind string
}

// periods returns the winters and calendar years that meet the area's days.
func (p *pass) periods() []reliabilityPeriod {
	first, last := p.in.settings.SeasonFirst, p.in.settings.SeasonLast
	if first == 0 || last == 0 {
		first, last = time.November, time.March
	}
	var list []reliabilityPeriod
	for _, s := range hour.Seasons(p.calendar.First, p.calendar.End(), first, last) {
		list = append(list, reliabilityPeriod{s, "winter"})
	}
	for _, s := range hour.Seasons(p.calendar.First, p.calendar.End(), time.January, time.December) {
		list = append(list, reliabilityPeriod{s, "year"})
	}
	return list
}

// reliability makes the area's rows of the table reliability: of every winter
// and year of which its record knows a day.
func (p *pass) reliability(s *customerRecord) *table.Table {
	b := table.NewBuilder(table.Reliability)
	if s == nil {
		return b.Table()
	}
	for _, period := range p.periods() {
		from := int(max(period.First, p.calendar.First) - p.calendar.First)
		to := int(min(period.End, p.calendar.End()) - p.calendar.First)
		known, shares := 0, 0.0
		for i := from; i < to; i++ {
			shares += s.share[i]
			if s.share[i] > 0 {
				known++
			}
		}
		if known == 0 {
			continue
		}
		whole := period.First >= p.calendar.First && period.End <= p.calendar.End()
		b.Row()
		b.String("area_id", string(p.area.ID))
		b.String("period_id", period.Label)
		b.String("period_kind", period.kind)
		b.Int32("period_d", int32(period.Days()))
		b.Bool("period_whole", whole)
		b.String("record_kind", map[bool]string{true: "polls", false: "interruptions"}[s.polls])
		b.Int32("customers_out_known_d", int32(known))
		b.Float64("customers_out_coverage", shares/float64(period.Days()))
		table.Optional(b.Int64, "customers_served", p.area.CustomersServed, p.area.CustomersServed > 0)

		reasons := p.indices(b, s, period, from, to)
		if !s.polls && period.kind == "winter" {
			if whole {
				restored(b, s.beginIn(from, to, nil, &p.scratch.interruptions))
			} else {
				reasons = append(reasons, "the winter is not known whole, so that there is no restoration curve")
			}
		}
		b.OptionalString("reason", strings.Join(reasons, "; "))
	}
	return b.Table()
}

// indices sets the indices of the days from from to to−1 and says which of them
// are not known, and why.
func (p *pass) indices(b *table.Builder, s *customerRecord, period reliabilityPeriod, from, to int) (reasons []string) {
	if p.area.CustomersServed == 0 {
		reasons = append(reasons, "how many customers are served is not known")
	}
	if s.polls {
		reasons = append(reasons, "polls count customers out, not interruptions")
	}
	year, month, day := period.First.Time().Date()
	first := max(hour.Date(year-baseYears, month, day), p.calendar.First)
	base := make([]float64, 0, max(0, period.First-first))
	for d := first; d < period.First; d++ {
		base = append(base, s.upper(int(d-p.calendar.First)))
	}
	usual := index.LognormalOf(base)
	threshold := index.MajorThreshold(usual)
	b.Float64("med_threshold_min", threshold)
	b.Int32("med_base_d", int32(usual.Days))
	p.write(b, s, "", from, to, nil)
	if math.IsNaN(threshold) {
		return append(reasons, fmt.Sprintf("no threshold of major event days: fewer than %d days of the %d years before are known and not zero", index.LeastMajorDays, baseYears))
	}
	major := make([]bool, len(s.share))
	days := 0
	for i := from; i < to; i++ {
		if major[i] = s.upper(i) > threshold; major[i] {
			days++
		}
	}
	b.Int32("med_days", int32(days))
	p.write(b, s, "_ex_med", from, to, major)
	return reasons
}

// beginIn returns the interruptions that began on the days from from to to−1 that
// the record knows, without those of days left out. They are in scratch, which
// the next call uses again.
func (s *customerRecord) beginIn(from, to int, out []bool, scratch *[]index.Interruption) []index.Interruption {
	*scratch = (*scratch)[:0]
	for i := from; i < to; i++ {
		if s.share[i] > 0 && (out == nil || !out[i]) {
			*scratch = append(*scratch, s.interruptions[s.first[i]:s.first[i+1]]...)
		}
	}
	return *scratch
}

// write sets the indices of some days, days left out or all of them: those
// whose column has the suffix.
func (p *pass) write(b *table.Builder, s *customerRecord, suffix string, from, to int, out []bool) {
	hours := 0.0 // that the record knows
	minutes := unit.Bounds[float64]{}
	for i := from; i < to; i++ {
		if out != nil && out[i] || s.share[i] == 0 {
			continue
		}
		hours += s.share[i] * float64(p.calendar.HoursInDay(p.calendar.First+hour.Day(i)))
		minutes.Lo, minutes.Hi = minutes.Lo+s.minutes[i].Lo, minutes.Hi+s.minutes[i].Hi
	}
	set := func(name string, v unit.Bounds[float64]) {
		b.Float64(name+"_lo", v.Lo)
		b.Float64(name+"_hi", v.Hi)
	}
	if s.polls {
		set("saidi"+suffix+"_min", minutes)
		set("asai"+suffix, index.Availability(minutes, hours))
		return
	}
	r := index.Reliable(s.beginIn(from, to, out, &p.scratch.interruptions), p.area.CustomersServed, hours)
	set("saifi"+suffix, r.SAIFI)
	set("saidi"+suffix+"_min", r.SAIDI)
	set("caidi"+suffix+"_min", r.CAIDI)
	set("asai"+suffix, r.ASAI)
	if out == nil {
		b.Int32("interruptions_n", int32(r.Interruptions))
		b.Int32("momentary_n", int32(r.Momentary))
		b.Int32("open_events", int32(r.Open))
		b.Float64("caidi_lower_min", r.LeastCAIDI)
	}
}

// restored sets the quartiles of the hours until supply returned, a customer at a
// time; nothing where a record does not limit its customers.
func restored(b *table.Builder, list []index.Interruption) {
	durations := make([]index.Restoration, len(list))
	for i, one := range list {
		durations[i] = index.Restoration{Hours: one.Hours(), Customers: float64(one.Customers.Hi), Open: one.Open}
	}
	curve := index.Restore(durations)
	b.Float64("km_q25_h", curve.Quantile(0.25))
	b.Float64("km_q50_h", curve.Quantile(0.50))
	b.Float64("km_q75_h", curve.Quantile(0.75))
}
