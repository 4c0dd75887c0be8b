package panel

import (
	"maps"
	"slices"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/quality"
	"hardship/pipeline/table"
)

// noSource stands in coverage for an area that no source covers.
const noSource = "none"

// A measured is one measure of the table coverage: how much of it each source
// knows, by month.
type measured struct {
	name      string
	countedIn string
	expected  []int // by month; nil where it depends on the source
	sources   map[string][]tally
}

// tally is what one source knows in one month; expected counts only where the
// measure does not say itself what there is to know.
type tally struct{ expected, present int }

// of returns the tallies of a source by month.
func (m *measured) of(source string, months int) []tally {
	if m.sources[source] == nil {
		m.sources[source] = make([]tally, months)
	}
	return m.sources[source]
}

// coverage says how much of each measure each source knows of the area, month
// by month over the whole period, so that a gap is a row and not an absence.
func (p *pass) coverage(polled []polledHours, announced announcements, observed map[scheduleKey]*observedDay, alerts []dayAlert) *table.Table {
	m := monthsOf(p.calendar)
	hours, days := make([]int, len(m.first)), make([]int, len(m.first))
	for i, month := range m.of {
		hours[month] += p.calendar.HoursInDay(p.calendar.First + hour.Day(i))
		days[month]++
	}
	measure := func(name, countedIn string, expected []int) *measured {
		return &measured{name, countedIn, expected, map[string][]tally{}}
	}
	strikes := measure("strikes", "nights", days)
	if p.in.settings.StrikePublisher == "" {
		strikes.countedIn = "days" // of a list of events
	}
	p.coverStrikes(strikes, m)
	all := []*measured{strikes}
	if !p.country { // only strikes are known for a country as such
		temperature, outages, alerted := measure("temperature", "hours", hours), measure("customers_out", "days", days), measure("alerts", "days", days)
		queues, households := measure("announced_off", "queue-days", nil), measure("observed_off", "household-days", nil)
		p.coverTemperature(temperature, m)
		p.coverOutages(outages, m)
		p.coverPolled(outages, m, polled)
		p.coverAlerts(alerted, m, alerts)
		p.coverQueues(queues, m, announced)
		for key, o := range observed {
			for home := range o.households {
				households.of(home.source, len(m.first))[m.of[key.date-p.calendar.First]].present++
			}
		}
		all = []*measured{alerted, queues, outages, households, strikes, temperature}
	}
	b := table.NewBuilder(table.Coverage)
	for _, one := range all {
		one.write(b, p.area.ID, m)
	}
	return b.Table()
}

// write writes a row for every month and source, or for no source.
func (m *measured) write(b *table.Builder, id area.ID, months months) {
	names := slices.Sorted(maps.Keys(m.sources))
	if len(names) == 0 {
		names = []string{noSource}
	}
	for i, month := range months.first {
		for _, name := range names {
			var t tally
			if known := m.sources[name]; known != nil {
				t = known[i]
			}
			if m.expected != nil {
				t.expected = m.expected[i]
			}
			b.Row()
			b.String("measure", m.name)
			b.String("area_id", string(id))
			b.Date("month_local", month)
			b.String("source_id", name)
			b.String("counted_in", m.countedIn)
			table.Optional(b.Int32, "n_expected", int32(t.expected), t.expected > 0)
			b.Int32("n_present", int32(t.present))
			table.Optional(b.Float64, "coverage", quality.Share(t.present, t.expected), t.expected > 0 || t.present == 0)
		}
	}
}

func (p *pass) coverTemperature(m *measured, months months) {
	for _, source := range p.temperature {
		tallies := m.of(source.name, len(months.first))
		for i, month := range months.of {
			if source.days == nil {
				tallies[month].present += int(source.present[i])
			} else if date := p.calendar.First + hour.Day(i); source.days.of(date).known() {
				from, to := p.hoursOf(date)
				tallies[month].present += to - from
			}
		}
	}
}

// coverOutages counts the days that lie whole inside a source's record.
func (p *pass) coverOutages(m *measured, months months) {
	for source := range p.current.outageSources {
		tallies := m.of(source, len(months.first))
		for i, month := range months.of {
			if p.calendar.Interval(p.calendar.First + hour.Day(i)).Within(p.spans.outages[source]) {
				tallies[month].present++
			}
		}
	}
}

// coverPolled counts the days of which a source of polls saw enough.
func (p *pass) coverPolled(m *measured, months months, polled []polledHours) {
	for i := range polled {
		tallies := m.of(polled[i].source, len(months.first))
		for d, month := range months.of {
			day := polled[i].day(p.hoursOf(p.calendar.First + hour.Day(d)))
			if day.coverage >= quality.LeastDayCoverage {
				tallies[month].present++
			}
		}
	}
}

// coverAlerts counts the days of a source's record whose alert hours are known.
func (p *pass) coverAlerts(m *measured, months months, alerts []dayAlert) {
	for source := range p.current.alertSources {
		tallies := m.of(source, len(months.first))
		for i, month := range months.of {
			if !alerts[i].merged && p.calendar.Interval(p.calendar.First+hour.Day(i)).Within(p.spans.alerts[source]) {
				tallies[month].present++
			}
		}
	}
}

// coverStrikes counts the nights with a bulletin or, of a list of events
// without a declared publisher, the days that lie whole inside it.
func (p *pass) coverStrikes(m *measured, months months) {
	if p.in.settings.StrikePublisher == "" {
		for source, span := range p.spans.strikes {
			tallies := m.of(source, len(months.first))
			for i, month := range months.of {
				if p.calendar.Interval(p.calendar.First + hour.Day(i)).Within(span) {
					tallies[month].present++
				}
			}
		}
		return
	}
	if p.nightly == nil {
		return
	}
	for source, dates := range p.nightly.sources {
		tallies := m.of(source, len(months.first))
		for i, month := range months.of {
			if dates[p.calendar.First+hour.Day(i)] {
				tallies[month].present++
			}
		}
	}
}

// coverQueues counts the days of queues with a schedule, of all queues that the
// source's operators have, as far as that is known.
func (p *pass) coverQueues(m *measured, months months, announced announcements) {
	type operatorOf struct{ source, operator string }
	known := map[operatorOf]int32{}
	for key, q := range announced.queues {
		for _, source := range q.sources {
			m.of(source, len(months.first))[months.of[key.date-p.calendar.First]].present++
			at := operatorOf{source, q.operator}
			known[at] = max(known[at], q.queues)
		}
	}
	for at, queues := range known {
		for _, month := range months.of {
			m.sources[at.source][month].expected += int(queues)
		}
	}
}

// months are the months of a calendar.
type months struct {
	first []hour.Day // first day of each, also where the calendar begins later
	of    []int      // month of each day of the calendar
}

func monthsOf(c *hour.Calendar) months {
	m := months{of: make([]int, 0, c.Days())}
	for d := c.First; d < c.End(); {
		year, month, day := d.Time().Date()
		m.first = append(m.first, d-hour.Day(day-1))
		for next := min(hour.Date(year, month+1, 1), c.End()); d < next; d++ {
			m.of = append(m.of, len(m.first)-1)
		}
	}
	return m
}
