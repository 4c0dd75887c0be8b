package panel

import (
	"cmp"
	"iter"
	"math"
	"slices"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// alert is one version of one air-raid alert.
type alert struct {
	vintage
	at        hour.Interval // End is the distant future while it lasts
	subalerts int32         // alerts that were merged into it, at least 1
}

func (in *Inputs) addAlerts(t *table.Table) error {
	areas, starts, ends, subalerts := t.String("area_id"), t.Timestamp("start_utc"), t.Timestamp("end_utc"), t.Int32("subalerts")
	vintages := in.vintagesOf(t)
	for row := range t.Rows() {
		a, err := in.area(areas.Value(row))
		if err != nil {
			return err
		}
		one := alert{at: hour.Interval{Start: table.Instant(starts, row), End: hour.DistantFuture}, subalerts: 1}
		if one.vintage = vintages.at(row, one.at.Start); one.known() > in.settings.AsOf {
			continue
		}
		if ends.IsValid(row) {
			one.at.End = table.Instant(ends, row)
		}
		if subalerts.IsValid(row) {
			one.subalerts = max(1, subalerts.Value(row))
		}
		a.alerts = append(a.alerts, one)
	}
	return nil
}

// longestAlert is the length beyond which an alert is no alert but a span into
// which several were merged, or one that is permanent.
const longestAlert = 24 * hour.InstantsInHour

// dayAlert is an area's alerts on one day.
type dayAlert struct {
	known     bool // a source's record holds the whole day
	count     int32
	uncounted bool // a span of several alerts holds the day, which of them began on it is unknown
	length    hour.Instant
	merged    bool // the length is unknown
}

// alerts adds up the alert hours of each day, overlaps counted once. They are
// known from a source's first alert to its last, for areas that it lists. A
// day touched by a span of more than 24 hours, and every day of an area that
// the settings declare as merged, has no known length. It returns nil of an area
// that no source lists.
func (p *pass) alerts() []dayAlert {
	if len(p.current.alertSources) == 0 {
		return nil
	}
	days := make([]dayAlert, p.calendar.Days())
	list := slices.Clone(p.current.alerts)
	slices.SortStableFunc(list, func(a, b *alert) int {
		return cmp.Or(cmp.Compare(a.at.Start, b.at.Start), cmp.Compare(a.at.End, b.at.End))
	})
	record, merged := p.spans.alerts.of(p.current.alertSources), p.in.settings.MergedAlerts[p.area.ID]
	for i := range days {
		v := p.calendar.Interval(p.calendar.First + hour.Day(i))
		days[i].known = inside(v, record) == v.Length()
		days[i].merged = merged
	}
	counted := hour.DistantPast // alert hours up to here are in
	for _, a := range list {
		at := hour.Interval{Start: a.at.Start, End: min(a.at.End, p.in.settings.AsOf)}
		if d, ok := p.calendar.Day(at.Start); ok {
			days[d-p.calendar.First].count += a.subalerts
		}
		long := at.Length() > longestAlert
		for d := range p.daysOf(at) {
			day := &days[d-p.calendar.First]
			day.merged = day.merged || long
			day.uncounted = day.uncounted || long && a.subalerts > 1
			rest := hour.Interval{Start: max(at.Start, counted), End: at.End}
			day.length += rest.Overlap(p.calendar.Interval(d)).Length()
		}
		counted = max(counted, at.End)
	}
	return days
}

// flags are the day's flags of area_day.
func (d *dayAlert) flags() int32 {
	if d.known && d.merged {
		return table.FlagAlertsMerged
	}
	return 0
}

// writeAlerts sets the days' columns of area_day.
func writeAlerts(b *table.Columns, days []dayAlert) {
	if days == nil {
		return
	}
	b.Int32("alerts_n", func(i int) (int32, bool) { return days[i].count, days[i].known && !days[i].uncounted })
	b.Float64("alert_h", func(i int) float64 {
		if !days[i].known || days[i].merged {
			return math.NaN()
		}
		return (hour.Interval{End: days[i].length}).Hours()
	})
}

// daysOf yields the days of the area's calendar that an interval touches.
func (p *pass) daysOf(v hour.Interval) iter.Seq[hour.Day] { return daysIn(p.calendar, v) }

// daysIn yields a calendar's days that an interval touches.
func daysIn(c *hour.Calendar, v hour.Interval) iter.Seq[hour.Day] {
	return func(yield func(hour.Day) bool) {
		if c.Days() == 0 || !v.Touches(c.Span()) {
			return
		}
		d, _ := c.Day(max(v.Start, c.Span().Start))
		for ; d < c.End() && v.Touches(c.Interval(d)); d++ {
			if !yield(d) {
				return
			}
		}
	}
}
