package panel

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"hardship/pipeline/hour"
	"hardship/pipeline/quality"
	"hardship/pipeline/table"
)

// noSource stands in coverage for an area that no source covers.
const noSource = "none"

// tally is what one source knows of one measure in one month.
type tally struct{ expected, present int }

// coverage says how much of each measure each source knows of the area, month
// by month over the whole period, so that a gap is a row and not an absence.
func (p *pass) coverage(temperature []dayTemperature, outages []dayOutage, announced announcements, alerts []dayAlert) *table.Table {
	type key struct {
		measure, source string
		month           hour.Day
	}
	counted := map[string]string{
		"temperature": "hours", "customers_out": "days", "announced_off": "queue-days", "observed_off": "household-days",
		"strikes": "nights", "alerts": "days",
	}
	cells := map[key]*tally{}
	sources := map[string]map[string]bool{} // by measure
	at := func(measure, source string, d hour.Day) *tally {
		k := key{measure, source, monthOf(d)}
		if cells[k] == nil {
			cells[k] = &tally{}
			if sources[measure] == nil {
				sources[measure] = map[string]bool{}
			}
			sources[measure][source] = true
		}
		return cells[k]
	}
	for i := range p.calendar.Days() {
		d := p.calendar.First + hour.Day(i)
		v := p.calendar.Interval(d)
		for _, h := range p.hourly {
			t := at("temperature", h.source, d)
			t.expected += temperature[i].summary.Expected
			for j := v.Start.Hour(); j < v.End.Hour(); j++ {
				if temp := h.temp[j-p.in.first]; temp == temp {
					t.present++
				}
			}
		}
		if len(p.input.outages) > 0 {
			t := at("customers_out", p.input.outages[0].source, d)
			t.expected++
			if outages[i].coverage == 1 {
				t.present++
			}
		}
		if len(p.input.alerts) > 0 {
			t := at("alerts", p.input.alerts[0].source, d)
			t.expected++
			if alerts[i].known && !alerts[i].merged {
				t.present++
			}
		}
		if p.nightly != nil {
			t := at("strikes", p.in.settings.StrikePublisher, d)
			t.expected++
			if p.nightly.has(nightKey{d, "night"}) {
				t.present++
			}
		}
	}
	p.coverageOfQueues(announced, at)
	b := table.NewBuilder(table.Coverage)
	for _, measure := range slices.Sorted(maps.Keys(counted)) {
		if p.country && measure != "strikes" {
			continue // only strikes are known for the country as such
		}
		names := slices.Sorted(maps.Keys(sources[measure]))
		if len(names) == 0 {
			names = []string{noSource}
		}
		for month := monthOf(p.calendar.First); month < p.calendar.End(); month = nextMonth(month) {
			for _, name := range names {
				t := cells[key{measure, name, month}]
				if t == nil {
					t = &tally{}
				}
				b.Row()
				b.String("measure", measure)
				b.String("area_id", string(p.area.ID))
				b.Date("month_local", month)
				b.String("source_id", name)
				b.String("counted_in", counted[measure])
				table.Optional(b.Int32, "n_expected", int32(t.expected), t.expected > 0)
				b.Int32("n_present", int32(t.present))
				switch {
				case t.expected > 0:
					b.Float64("coverage", quality.Share(t.present, t.expected))
				case t.present == 0:
					b.Float64("coverage", 0)
				}
			}
		}
	}
	return b.Table()
}

// coverageOfQueues counts the days of queues with a schedule, of all that the
// operator has, and the days of households with a log, of which nobody knows
// how many there are.
func (p *pass) coverageOfQueues(announced announcements, at func(measure, source string, d hour.Day) *tally) {
	keys := slices.SortedFunc(maps.Keys(announced.queues), func(x, y scheduleKey) int {
		return cmp.Or(cmp.Compare(x.date, y.date), strings.Compare(x.group, y.group))
	})
	operators := map[string]int32{}
	for _, k := range keys {
		q := announced.queues[k]
		operators[q.operator] = max(operators[q.operator], q.known)
		if q.seen {
			at("announced_off", q.operator, k.date).present++
		}
	}
	for operator, known := range operators {
		for i := range p.calendar.Days() {
			at("announced_off", operator, p.calendar.First+hour.Day(i)).expected += int(known)
		}
	}
	for group := range p.input.supply {
		for d, o := range p.observed(group) {
			if d >= p.calendar.First && d < p.calendar.End() {
				at("observed_off", group, d).present += o.households
			}
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
