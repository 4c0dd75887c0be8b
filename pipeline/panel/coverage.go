package panel

import (
	"maps"
	"slices"

	"hardship/pipeline/hour"
	"hardship/pipeline/quality"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// noSource stands in coverage for an area that no source covers.
const noSource = "none"

// A measured is one measure of the table coverage: how much of it each source
// knows, by month.
type measured struct {
	name      string
	countedIn string
	sources   map[string]map[hour.Day]*tally // by source and first day of the month
	expected  map[hour.Day]int               // by month; nil where it depends on the source
}

// tally is what one source knows in one month; expected counts only where a
// measure does not say itself what there is to know.
type tally struct{ expected, present int }

// of returns the tally of a source in the month of d.
func (m *measured) of(source string, d hour.Day) *tally {
	if m.sources[source] == nil {
		m.sources[source] = map[hour.Day]*tally{}
	}
	month := monthOf(d)
	if m.sources[source][month] == nil {
		m.sources[source][month] = &tally{}
	}
	return m.sources[source][month]
}

// coverage says how much of each measure each source knows of the area, month
// by month over the whole period, so that a gap is a row and not an absence.
func (p *pass) coverage(announced announcements, observed map[scheduleKey]*observedDay, alerts []dayAlert) *table.Table {
	hours, days := map[hour.Day]int{}, map[hour.Day]int{}
	for i := range p.calendar.Days() {
		d := p.calendar.First + hour.Day(i)
		hours[monthOf(d)] += p.calendar.HoursInDay(d)
		days[monthOf(d)]++
	}
	measure := func(name, countedIn string, expected map[hour.Day]int) *measured {
		return &measured{name, countedIn, map[string]map[hour.Day]*tally{}, expected}
	}
	strikes := measure("strikes", "nights", days)
	p.coverStrikes(strikes)
	all := []*measured{strikes}
	if !p.country { // only strikes are known for a country as such
		temperature, outages, alerted := measure("temperature", "hours", hours), measure("customers_out", "days", days), measure("alerts", "days", days)
		queues, households := measure("announced_off", "queue-days", nil), measure("observed_off", "household-days", nil)
		p.coverTemperature(temperature)
		p.coverOutages(outages)
		p.coverAlerts(alerted, alerts)
		p.coverQueues(queues, announced)
		for key, o := range observed {
			for home := range o.households {
				households.of(home.source, key.date).present++
			}
		}
		all = []*measured{alerted, queues, outages, households, strikes, temperature}
	}
	b := table.NewBuilder(table.Coverage)
	for _, m := range all {
		m.write(b, p)
	}
	return b.Table()
}

// write writes a row for every month and source, or for no source.
func (m *measured) write(b *table.Builder, p *pass) {
	names := slices.Sorted(maps.Keys(m.sources))
	if len(names) == 0 {
		names = []string{noSource}
	}
	for month := monthOf(p.calendar.First); month < p.calendar.End(); month = nextMonth(month) {
		for _, name := range names {
			var t tally
			if known := m.sources[name][month]; known != nil {
				t = *known
			}
			if m.expected != nil {
				t.expected = m.expected[month]
			}
			b.Row()
			b.String("measure", m.name)
			b.String("area_id", string(p.area.ID))
			b.Date("month_local", month)
			b.String("source_id", name)
			b.String("counted_in", m.countedIn)
			table.Optional(b.Int32, "n_expected", int32(t.expected), t.expected > 0)
			b.Int32("n_present", int32(t.present))
			table.Optional(b.Float64, "coverage", quality.Share(t.present, t.expected), t.expected > 0 || t.present == 0)
		}
	}
}

func (p *pass) coverTemperature(m *measured) {
	for i := range p.calendar.Days() {
		d := p.calendar.First + hour.Day(i)
		v := p.calendar.Interval(d)
		for _, h := range p.hourly {
			t := m.of(h.source, d)
			for _, temp := range h.temp[v.Start.Hour()-p.in.first : v.End.Hour()-p.in.first] {
				if !unit.IsMissing(temp) {
					t.present++
				}
			}
		}
	}
}

// coverOutages counts the days that lie whole inside a source's record.
func (p *pass) coverOutages(m *measured) {
	for source := range p.current.outageSources {
		for i := range p.calendar.Days() {
			d := p.calendar.First + hour.Day(i)
			if t := m.of(source, d); p.calendar.Interval(d).Within(p.spans.outages[source]) {
				t.present++
			}
		}
	}
}

// coverAlerts counts the days of a source's record whose alert hours are known.
func (p *pass) coverAlerts(m *measured, alerts []dayAlert) {
	for source := range p.current.alertSources {
		for i := range p.calendar.Days() {
			d := p.calendar.First + hour.Day(i)
			if t := m.of(source, d); !alerts[i].merged && p.calendar.Interval(d).Within(p.spans.alerts[source]) {
				t.present++
			}
		}
	}
}

// coverStrikes counts the nights with a bulletin or, of a list of events
// without a declared publisher, those that lie whole inside it.
func (p *pass) coverStrikes(m *measured) {
	for i := range p.calendar.Days() {
		d := p.calendar.First + hour.Day(i)
		if p.in.settings.StrikePublisher == "" {
			for source, span := range p.spans.strikes {
				if t := m.of(source, d); p.calendar.Night(d).Within(span) {
					t.present++
				}
			}
			continue
		}
		if p.nightly == nil {
			continue
		}
		for source, dates := range p.nightly.sources {
			if t := m.of(source, d); dates[d] {
				t.present++
			}
		}
	}
}

// coverQueues counts the days of queues with a schedule, of all queues that the
// source's operators have, as far as that is known.
func (p *pass) coverQueues(m *measured, announced announcements) {
	type operatorOf struct{ source, operator string }
	known := map[operatorOf]int32{}
	for key, q := range announced.queues {
		for _, source := range q.sources {
			m.of(source, key.date).present++
			at := operatorOf{source, q.operator}
			known[at] = max(known[at], q.queues)
		}
	}
	for at, queues := range known {
		for i := range p.calendar.Days() {
			m.of(at.source, p.calendar.First+hour.Day(i)).expected += int(queues)
		}
	}
}

// monthOf returns the first day of the month.
func monthOf(d hour.Day) hour.Day {
	year, month, _ := d.Time().Date()
	return hour.Date(year, month, 1)
}

func nextMonth(d hour.Day) hour.Day {
	year, month, _ := d.Time().Date()
	return hour.Date(year, month+1, 1)
}
