package panel

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"hardship/pipeline/area"
	"hardship/pipeline/gate"
	"hardship/pipeline/hour"
	"hardship/pipeline/quality"
	"hardship/pipeline/table"
)

// Result is the daily tables of a run, sorted by their keys.
type Result struct {
	AreaDay, ColdSpell, StrikeNight, QueueDay, Coverage *table.Table
	Suppressed                                          map[area.ID]string // areas left out, and why
}

// pass is the work on one area.
type pass struct {
	in       *Inputs
	area     *area.Area
	input    *inputArea
	calendar *hour.Calendar
	hourly   []*hourly // of input, in declared order of sources
	strikes  []*strike // of the area and of areas that hold it or that it holds
	country  bool
	nightly  *nationalNights
	lastDay  hour.Day // last that may be published
	queueDay hour.Day // last of a queue that may be published
}

// areaResult is what a pass gives.
type areaResult struct{ day, spell, night, queue, coverage *table.Table }

// Build makes the tables from everything that was added. Days that lie within
// the publication lag, and areas with too few people, are left out as rules
// say.
func (in *Inputs) Build(rules gate.Rules) (*Result, error) {
	gazetteer := rules.Gazetteer
	slices.SortStableFunc(in.strikes, func(a, b strike) int { return strings.Compare(a.id, b.id) })
	strikes, err := in.strikesByArea(gazetteer)
	if err != nil {
		return nil, err
	}
	result := &Result{Suppressed: map[area.ID]string{}}
	var passes []*pass
	calendars := map[string]*hour.Calendar{}
	for i := range gazetteer.Areas() {
		a := &gazetteer.Areas()[i]
		if why := rules.Suppressed(a); why != "" {
			result.Suppressed[a.ID] = why
			continue
		}
		if a.Level >= 2 {
			result.Suppressed[a.ID] = "daily rows are for oblasts and the country"
			continue
		}
		p := &pass{in: in, area: a, input: in.area(string(a.ID)), strikes: strikes[a.ID], country: a.Level == area.Country}
		p.lastDay, p.queueDay = rules.LastDay(a, false), rules.LastDay(a, true)
		end := min(in.settings.End, p.lastDay+1)
		key := fmt.Sprint(a.Location, end)
		if calendars[key] == nil {
			c, err := hour.NewCalendar(a.Location, in.settings.First, max(end, in.settings.First))
			if err != nil {
				return nil, fmt.Errorf("area %s: %w", a.ID, err)
			}
			calendars[key] = c
		}
		p.calendar = calendars[key]
		p.hourly = slices.Clone(p.input.hourly)
		slices.SortStableFunc(p.hourly, func(a, b *hourly) int {
			if d := in.settings.rank(a.source) - in.settings.rank(b.source); d != 0 {
				return d
			}
			return strings.Compare(a.source, b.source)
		})
		passes = append(passes, p)
	}
	for _, p := range passes {
		if p.country {
			nights := nationalNightsOf(p)
			for _, q := range passes {
				if q.area.ID == p.area.ID || ancestor(gazetteer, q.area, p.area.ID) {
					q.nightly = nights
				}
			}
		}
	}

	parts := make([]areaResult, len(passes))
	threads := in.settings.Threads
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	next := make(chan int)
	var group sync.WaitGroup
	for range threads {
		group.Go(func() {
			for i := range next {
				parts[i] = passes[i].run()
			}
		})
	}
	for i := range passes {
		next <- i
	}
	close(next)
	group.Wait()

	collect := func(s *table.Schema, of func(areaResult) *table.Table) *table.Table {
		tables := make([]*table.Table, len(parts))
		for i, p := range parts {
			tables[i] = of(p)
		}
		return table.Concat(s, tables)
	}
	result.AreaDay = collect(table.AreaDay, func(p areaResult) *table.Table { return p.day })
	result.ColdSpell = collect(table.ColdSpell, func(p areaResult) *table.Table { return p.spell })
	result.StrikeNight = collect(table.StrikeNight, func(p areaResult) *table.Table { return p.night })
	result.QueueDay = collect(table.QueueDay, func(p areaResult) *table.Table { return p.queue })
	result.Coverage = collect(table.Coverage, func(p areaResult) *table.Table { return p.coverage })
	return result, nil
}

// ancestor reports whether id holds a, at any level.
func ancestor(g *area.Gazetteer, a *area.Area, id area.ID) bool {
	for depth := 0; a.Parent != "" && depth < 8; depth++ {
		if a.Parent == id {
			return true
		}
		next, ok := g.Get(a.Parent)
		if !ok {
			return false
		}
		a = next
	}
	return false
}

// run is the pure pass over one area.
func (p *pass) run() areaResult {
	temperature, outages := p.temperatures(), p.outages()
	announced := p.announced()
	strikes, alerts := p.strikesOfDay(), p.alerts()
	nights, launched := p.nights()
	queues := p.queueDays(announced)
	return areaResult{
		day:      p.areaDays(temperature, outages, announced, strikes, launched, alerts),
		spell:    p.spells(temperature),
		night:    nights,
		queue:    queues,
		coverage: p.coverage(temperature, outages, announced, alerts),
	}
}

// areaDays puts the area's days together.
func (p *pass) areaDays(temperature []dayTemperature, outages []dayOutage, announced announcements, strikes []dayStrikes, launched []dayLaunched, alerts []dayAlert) *table.Table {
	b := table.NewBuilder(table.AreaDay)
	for i := range p.calendar.Days() {
		d := p.calendar.First + hour.Day(i)
		t, o, s, l, a := &temperature[i], &outages[i], &strikes[i], &launched[i], &alerts[i]
		flags := t.flags | s.flags
		b.Row()
		b.String("area_id", string(p.area.ID))
		b.Date("date_local", d)
		b.String("tz", p.calendar.Location.String())
		b.Int32("hours_in_day", int32(p.calendar.HoursInDay(d)))

		b.Float64("tmin_c", float64(t.summary.Min))
		b.Float64("tmean_c", float64(t.summary.Mean))
		b.Float64("tmax_c", float64(t.summary.Max))
		b.Int32("t_n_present", int32(t.summary.Present))
		b.Float64("t_coverage", quality.Share(t.summary.Present, t.summary.Expected))
		b.Int32("t_longest_gap_h", int32(t.summary.LongestGap))
		b.OptionalString("t_source_id", t.source)
		b.Float64("wchill_min_c", float64(t.windChill))
		b.Float64("hdd_eu_kd", float64(t.hdd))
		b.Float64("dh18_kh", float64(t.dh18))
		b.Float64("dh0_kh", float64(t.dh0))
		coldDays(b, t.summary.Min)

		b.Float64("out_ch_lo", float64(o.lo))
		b.Float64("out_ch_hi", float64(o.hi))
		b.Float64("out_coverage", o.coverage)
		if o.open {
			flags |= table.FlagOutagesOpen
		}

		if n, ok := announced.byDay[d]; ok {
			b.Float64("sched_off_h_lo", n.lo)
			b.Float64("sched_off_h_hi", n.hi)
			b.Int32("sched_groups_seen", int32(n.seen))
			table.Optional(b.Int32, "sched_groups_known", n.known, n.known > 0)
			if n.known > 0 && n.coversArea {
				b.Float64("sched_coverage", quality.Share(n.seen, int(n.known)))
			}
			flags |= n.flags
			if n.known > 0 && n.seen < int(n.known) {
				flags |= table.FlagFewQueues
			}
		}

		if s.known {
			b.Int32("strikes_n_lo", s.events.Lo)
			b.Int32("strikes_n_hi", s.events.Hi)
			b.Int32("strikes_energy_lo", s.energy.Lo)
			b.Int32("strikes_energy_hi", s.energy.Hi)
		}
		table.Optional(b.Int32, "launched", l.launched.N, l.launched.Known)
		table.Optional(b.Int32, "intercepted", l.intercepted.N, l.intercepted.Known && p.country)

		if a.known {
			b.Int32("alerts_n", a.count)
			if a.merged {
				flags |= table.FlagAlertsMerged
			} else {
				b.Float64("alert_h", (hour.Interval{End: a.length}).Hours())
			}
		}
		b.Int32("flags", flags)
	}
	return b.Table()
}
