package panel

import (
	"slices"
	"strings"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// alert is one air-raid alert.
type alert struct {
	source    string
	at        hour.Interval // End is the distant future while it lasts
	subalerts int32
}

func (in *Inputs) addAlerts(t *table.Table) {
	areas, sources, starts, ends := t.String("area_id"), t.String("source_id"), t.Timestamp("start_utc"), t.Timestamp("end_utc")
	merged, seen, retracted := t.Int32("subalerts"), t.Timestamp("first_seen_utc"), t.Bool("retracted")
	for row := range t.Rows() {
		start := table.Instant(starts, row)
		if _, ok := in.known(table.Instant(seen, row), seen.IsValid(row), start); !ok || retracted.Value(row) {
			continue
		}
		a := alert{source: strings.Clone(sources.Value(row)), at: hour.Interval{Start: start, End: hour.DistantFuture}, subalerts: 1}
		if ends.IsValid(row) {
			a.at.End = table.Instant(ends, row)
			in.cover(t, a.source, a.at)
		} else {
			in.cover(t, a.source, hour.Interval{Start: start, End: start})
		}
		if merged.IsValid(row) {
			a.subalerts = max(1, merged.Value(row))
		}
		area := in.area(areas.Value(row))
		area.alerts = append(area.alerts, a)
	}
}

// longestAlert is the length beyond which an alert is no alert but a span into
// which several were merged, or one that is permanent.
const longestAlert = 24 * hour.InstantsInHour

// dayAlert is an area's alerts on one day.
type dayAlert struct {
	known  bool // a source covers the area and day
	count  int32
	length hour.Instant
	merged bool // the length is unknown
}

// alerts adds up the alert hours of each day, overlaps counted once. They are
// known from the source's first alert to its last, for areas that it lists.
// A day touched by a span of more than 24 hours, and every day of an area that
// the settings declare as merged, has no known length.
func (p *pass) alerts() []dayAlert {
	days := make([]dayAlert, p.calendar.Days())
	if len(p.input.alerts) == 0 {
		return days
	}
	list := slices.Clone(p.input.alerts)
	for i := range list {
		list[i].at.End = min(list[i].at.End, p.in.settings.AsOf)
	}
	slices.SortStableFunc(list, func(a, b alert) int {
		switch {
		case a.at.Start < b.at.Start:
			return -1
		case a.at.Start > b.at.Start:
			return 1
		}
		return 0
	})
	span := hour.Interval{Start: hour.DistantFuture, End: hour.DistantPast}
	for _, a := range list {
		s := p.in.spans[spanKey{table.Alert.Name, a.source}]
		span = hour.Interval{Start: min(span.Start, s.Start), End: max(span.End, s.End)}
	}
	for i := range days {
		v := p.calendar.Interval(p.calendar.First + hour.Day(i))
		days[i].known = v.Within(span)
		days[i].merged = p.in.settings.MergedAlerts[p.area.ID]
	}
	done := hour.DistantPast // alerts up to here are counted
	for _, a := range list {
		if d, ok := p.calendar.Day(a.at.Start); ok {
			days[d-p.calendar.First].count += a.subalerts
		}
		long := a.at.Length() > longestAlert
		for d := range p.daysOf(a.at) {
			day := &days[d-p.calendar.First]
			day.merged = day.merged || long
			rest := hour.Interval{Start: max(a.at.Start, done), End: a.at.End}
			day.length += rest.Overlap(p.calendar.Interval(d)).Length()
		}
		done = max(done, a.at.End)
	}
	return days
}

// daysOf yields the calendar's days that an interval touches.
func (p *pass) daysOf(v hour.Interval) func(yield func(hour.Day) bool) {
	return func(yield func(hour.Day) bool) {
		span := p.calendar.Span()
		if !v.Touches(span) {
			return
		}
		first, _ := p.calendar.Day(max(v.Start, span.Start))
		for d := first; d < p.calendar.End() && v.Touches(p.calendar.Interval(d)); d++ {
			if !yield(d) {
				return
			}
		}
	}
}
