package panel

import (
	"maps"
	"math"
	"slices"

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
	whole     []int // by month, all that there is to know; nil where it depends on the source
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
	if p.scratch.months.calendar != p.calendar {
		p.scratch.months = monthsOf(p.calendar)
	}
	m := p.scratch.months
	measure := func(name, countedIn string, whole []int) *measured {
		return &measured{name, countedIn, whole, map[string][]tally{}}
	}
	strikes := measure("strikes", "nights", m.days)
	if p.in.settings.StrikePublisher == "" {
		strikes.countedIn = "days" // of a list of events
	}
	p.coverStrikes(strikes, m)
	all := []*measured{strikes}
	if !p.country { // only strikes are known for a country as such
		temperature, outages, alerted := measure("temperature", "hours", m.hours), measure("customers_out", "days", m.days), measure("alerts", "days", m.days)
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
	rows := p.scratch.coverage[:0]
	for _, one := range all {
		rows = one.appendRows(rows, m)
	}
	p.scratch.coverage = rows
	b := table.NewColumns(table.Coverage, len(rows))
	b.Same("area_id", string(p.area.ID))
	b.String("measure", func(i int) string { return rows[i].name })
	b.Date("month_local", func(i int) hour.Day { return rows[i].month })
	b.String("source_id", func(i int) string { return rows[i].source })
	b.String("counted_in", func(i int) string { return rows[i].countedIn })
	b.Int32("n_expected", func(i int) (int32, bool) { return int32(rows[i].expected), rows[i].expected > 0 })
	b.Int32("n_present", func(i int) (int32, bool) { return int32(rows[i].present), true })
	b.Float64("coverage", func(i int) float64 {
		if rows[i].expected == 0 && rows[i].present > 0 {
			return math.NaN()
		}
		return quality.Share(rows[i].present, rows[i].expected)
	})
	return b.Table()
}

// A coverageRow is what a source, or none, knows of a measure in a month.
type coverageRow struct {
	*measured
	month  hour.Day
	source string
	tally
}

// appendRows appends a row for every month and source, or for no source.
func (m *measured) appendRows(rows []coverageRow, months months) []coverageRow {
	names := slices.Sorted(maps.Keys(m.sources))
	if len(names) == 0 {
		names = []string{noSource}
	}
	rows = slices.Grow(rows, len(months.first)*len(names))
	for i, month := range months.first {
		for _, name := range names {
			row := coverageRow{measured: m, month: month, source: name}
			if known := m.sources[name]; known != nil {
				row.tally = known[i]
			}
			if m.whole != nil {
				row.expected = m.whole[i]
			}
			rows = append(rows, row)
		}
	}
	return rows
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
	for source := range p.recordedBy {
		tallies, span := m.of(source, len(months.first)), p.spans.outages[source]
		for i, month := range months.of {
			if p.calendar.Interval(p.calendar.First + hour.Day(i)).Within(span) {
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
		tallies, span := m.of(source, len(months.first)), p.spans.alerts[source]
		for i, month := range months.of {
			if !alerts[i].merged && p.calendar.Interval(p.calendar.First+hour.Day(i)).Within(span) {
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
	calendar    *hour.Calendar
	first       []hour.Day // first day of each, also where the calendar begins later
	of          []int      // month of each day of the calendar
	days, hours []int      // of each, as far as the calendar goes
}

func monthsOf(c *hour.Calendar) months {
	m := months{calendar: c, of: make([]int, 0, c.Days())}
	for d := c.First; d < c.End(); {
		year, month, day := d.Time().Date()
		m.first = append(m.first, d-hour.Day(day-1))
		days, hours := 0, 0
		for next := min(hour.Date(year, month+1, 1), c.End()); d < next; d++ {
			m.of = append(m.of, len(m.first)-1)
			days, hours = days+1, hours+c.HoursInDay(d)
		}
		m.days, m.hours = append(m.days, days), append(m.hours, hours)
	}
	return m
}
