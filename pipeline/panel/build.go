package panel

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"

	"hardship/pipeline/area"
	"hardship/pipeline/gate"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// Result is the tables of an area, or of all areas together, sorted by their keys;
// nil are those that the settings do not make.
type Result struct {
	AreaDay, ColdSpell, StrikeNight, StrikeOverlap, QueueDay, Reliability, Hardship, Coverage, ExposureDay *table.Table
}

// field is where the result keeps one of table.OfAreas.
func (r *Result) field(s *table.Schema) **table.Table {
	return [...]**table.Table{&r.AreaDay, &r.ColdSpell, &r.StrikeNight, &r.StrikeOverlap, &r.QueueDay, &r.Reliability, &r.Hardship, &r.Coverage, &r.ExposureDay}[slices.Index(table.OfAreas, s)]
}

// Set puts one of table.OfAreas in its place.
func (r *Result) Set(t *table.Table) { *r.field(t.Schema) = t }

// Tables are those of table.OfAreas that there are, in their order.
func (r *Result) Tables() []*table.Table {
	var tables []*table.Table
	for _, s := range table.OfAreas {
		if t := *r.field(s); t != nil {
			tables = append(tables, t)
		}
	}
	return tables
}

// pass is the work on one area. It reads what passes share and writes nothing
// of it.
type pass struct {
	in           *Inputs
	area         *area.Area
	input        *inputArea
	current      *currentRecords
	looked       map[string]looked // runs of polls, by source
	spans        areaSpans
	calendar     *hour.Calendar        // the days that may be published
	earlier      *hour.Calendar        // those and the days before that exposure_day looks back on; nil unless it is made
	climate      func() *hour.Calendar // all days whose temperatures are kept; nil where no hours make days
	temperature  []temperatureSource   // of input, in declared order
	records      []outage              // outages of input that count, while the pass runs
	recordedBy   map[string]bool       // sources of them
	country      bool
	struck       *strikesByArea
	views        []view                      // of strikes that can concern the area
	national     func() (*nationwide, error) // of its country; worked out once, for whichever pass comes first
	strikes      []seenStrikes               // those in view; while the pass runs, as are the next two
	complete     func(hour.Day) float64      // completeness of the country's strike rows; nil if it is not known
	nightly      *nationalNights             // of the area's country; nil if no row says anything of it
	lastQueueDay hour.Day                    // last day of a queue that may be published
	scratch      *passScratch                // while the pass runs
}

// currentRecords are the records of an area that count at the as-of.
type currentRecords struct {
	outages      []bool // by outage of the area; nil if all count
	alerts       []*alert
	supply       []*supplyState
	alertSources map[string]bool
}

// areaSpans are the spans of the sources that an area may have.
type areaSpans struct{ outages, alerts, strikes spans }

// A Join is inputs of which everything that areas share has been worked out:
// whose rows are published, the spans of sources. What the strikes of a country say
// together is worked out by the first pass that needs it.
type Join struct {
	Suppressed map[area.ID]string // areas left out, and why
	passes     []*pass            // of the areas that have rows, in the order of their ids

	outageSpans spans // of sources in all areas
}

// Prepare works out what areas share. Days that lie within the publication lag, and
// areas with too few people, will be left out as rules say. Hourly temperatures and
// polls may be added after it, of one area after the other: see Join.Area.
func (in *Inputs) Prepare(rules gate.Rules) (*Join, error) {
	gazetteer := rules.Gazetteer
	horizon, err := in.horizon(gazetteer)
	if err != nil {
		return nil, err
	}
	struck, err := in.strikesByArea()
	if err != nil {
		return nil, err
	}
	current, spans, err := in.current()
	if err != nil {
		return nil, err
	}
	runs := map[string]looked{}
	for source, set := range in.runs {
		runs[source] = lookedAt(set, in.settings.AsOf)
	}

	join := &Join{Suppressed: map[area.ID]string{}, outageSpans: spans.outages}
	calendars := map[string]*hour.Calendar{}
	climates := map[string]func() *hour.Calendar{}
	nights := map[area.ID]*hour.Calendar{} // of countries that have rows
	for i := range gazetteer.Areas() {
		a := &gazetteer.Areas()[i]
		if why := unpublished(rules, a); why != "" {
			join.Suppressed[a.ID] = why
			continue
		}
		position, ok := in.position[string(a.ID)]
		if !ok {
			return nil, fmt.Errorf("area %s is in the rules and not in the inputs", a.ID)
		}
		p := &pass{
			in: in, area: a, input: in.areas[position], current: &current[position], looked: runs, spans: spans,
			country: a.Level == area.Country, struck: struck, lastQueueDay: rules.LastDay(a, true),
		}
		period := p.input.period
		end := max(period.First, min(period.End, rules.LastDay(a, false)+1))
		calendar := func(first, end hour.Day) (*hour.Calendar, error) {
			key := fmt.Sprint(a.Location, first, end)
			if calendars[key] == nil {
				if calendars[key], err = hour.NewCalendar(a.Location, first, end); err != nil {
					return nil, fmt.Errorf("area %s: %w", a.ID, err)
				}
			}
			return calendars[key], nil
		}
		if p.calendar, err = calendar(period.First, end); err != nil {
			return nil, err
		}
		if in.settings.makes(table.ExposureDay) {
			if p.earlier, err = calendar(period.First-earlierDays, end); err != nil {
				return nil, err
			}
		}
		key, kept := fmt.Sprint(a.Location, p.input.kept), p.input.kept
		if climates[key] == nil {
			climates[key] = sync.OnceValue(func() *hour.Calendar {
				c, err := hour.NewCalendar(a.Location, kept.First, kept.End)
				if err != nil { // a part of an hour from UTC once, so that hours make no days
					return nil
				}
				return c
			})
		}
		p.climate = climates[key]
		if p.country {
			nights[a.ID] = p.calendar
		}
		join.passes = append(join.passes, p)
	}
	join.passes = slices.DeleteFunc(join.passes, func(p *pass) bool { return !in.settings.published(p.area) })
	national := map[area.ID]func() (*nationwide, error){}
	for _, p := range join.passes {
		p.views = horizon.of(p.area.ID)
		root := gazetteer.Root(p.area.ID)
		if national[root] == nil {
			national[root] = sync.OnceValues(func() (*nationwide, error) {
				country, _ := gazetteer.Get(root)
				return struck.nationwide(country, horizon.of(root), nights[root])
			})
		}
		p.national = national[root]
	}
	return join, nil
}

// Areas returns the areas that have rows, in order; also those that are not the
// settings' own.
func (j *Join) Areas() []area.ID {
	ids := make([]area.ID, len(j.passes))
	for i, p := range j.passes {
		ids[i] = p.area.ID
	}
	return ids
}

// Results yields the tables of one of the settings' own areas after the other, in
// the order of areas. Passes run on the settings' threads, and ahead of the caller by
// a few areas only. What was read of an area is forgotten when its pass has ended.
func (j *Join) Results() iter.Seq2[*Result, error] {
	own := slices.DeleteFunc(slices.Clone(j.passes), func(p *pass) bool { return !p.input.own })
	return func(yield func(*Result, error) bool) {
		if len(own) == 0 {
			return
		}
		type outcome struct {
			result *Result
			err    error
		}
		type turn struct {
			pass   *pass
			result chan outcome
		}
		threads := threads(own[0].in.settings.Threads)
		order, next, stop := make(chan turn, threads), make(chan turn), make(chan struct{})
		var group sync.WaitGroup
		defer group.Wait()
		defer close(stop)
		group.Go(func() {
			defer close(order)
			defer close(next)
			for _, p := range own {
				t := turn{p, make(chan outcome, 1)}
				for _, to := range []chan turn{order, next} {
					select {
					case to <- t:
					case <-stop:
						return
					}
				}
			}
		})
		for range threads {
			group.Go(func() {
				for t := range next {
					result, err := t.pass.result()
					t.result <- outcome{result, err}
				}
			})
		}
		for t := range order {
			made := <-t.result
			if made.err == nil {
				made.result, made.err = made.result.sorted()
			}
			if !yield(made.result, made.err) || made.err != nil {
				return
			}
		}
	}
}

// Area makes the tables of one area from what has been added of it, and forgets
// that. ok is false for an area that has no rows.
func (j *Join) Area(id area.ID) (result *Result, ok bool, err error) {
	i, ok := slices.BinarySearchFunc(j.passes, id, func(p *pass, id area.ID) int { return strings.Compare(string(p.area.ID), string(id)) })
	if !ok {
		return nil, false, nil
	}
	if result, err = j.passes[i].result(); err == nil {
		result, err = result.sorted()
	}
	return result, true, err
}

// sorted returns the result with its tables sorted by their keys.
func (r *Result) sorted() (*Result, error) {
	for _, t := range r.Tables() {
		sorted, err := t.Sorted()
		if err != nil {
			return nil, err
		}
		r.Set(sorted)
	}
	return r, nil
}

// result runs the pass, over what lies of its area in files too, and forgets what
// was read of it.
func (p *pass) result() (*Result, error) {
	defer p.forget()
	whole, err := p.loaded()
	if err != nil {
		return nil, err
	}
	return whole.run(), nil
}

// forget lets go of what was read of the area.
func (p *pass) forget() {
	p.input.hourly, p.input.daily, p.input.snapshots, p.input.outages = nil, nil, nil, outageList{}
	*p.current = currentRecords{}
	p.temperature, p.current = nil, nil
}

// unpublished says why an area has no daily rows, or "".
func unpublished(rules gate.Rules, a *area.Area) string {
	why := rules.Suppressed(a)
	if why == "" && a.Level >= 2 {
		why = "daily rows are for oblasts and the country"
	}
	return why
}

// current finds the records of each area that count at the as-of, and the
// spans of their sources. Of an area that lies in files it keeps the spans only, and
// which outages count.
func (in *Inputs) current() ([]currentRecords, areaSpans, error) {
	moved, err := in.outagesMoved()
	if err != nil {
		return nil, areaSpans{}, err
	}
	current, errs := make([]currentRecords, len(in.areas)), make([]error, len(in.areas))
	outageSpans, alertSpans := make([]spans, len(in.areas)), make([]spans, len(in.areas))
	parallel(len(in.areas), in.settings.Threads, func(i int) {
		scratch := passScratches.Get().(*passScratch)
		defer passScratches.Put(scratch)
		of, a, err := in.recordsOf(in.areas[i], &scratch.load)
		if errs[i] = err; err != nil {
			return
		}
		scratch.recorded = a.outages.appendTo(scratch.recorded[:0])
		c := of.currentOf(a)
		c.outages = of.currentOutages(a.id, scratch.recorded, moved)
		outageSpans[i], alertSpans[i] = of.spansOf(scratch.recorded, c.outages), spans{}
		for _, l := range c.alerts {
			v := l.at
			if v.End == hour.DistantFuture {
				v.End = v.Start // that it lasts proves nothing of the days after
			}
			alertSpans[i].add(l.source, v)
		}
		if of != in { // what it has of alerts and supply is read again
			c.alerts, c.supply = nil, nil
		}
		current[i] = c
	})
	if err := errors.Join(errs...); err != nil {
		return nil, areaSpans{}, err
	}
	all := areaSpans{outages: spans{}, alerts: spans{}}
	for i := range current {
		c := &current[i]
		c.alertSources = map[string]bool{}
		for source, span := range outageSpans[i] {
			all.outages.add(source, span)
		}
		for source, span := range alertSpans[i] {
			c.alertSources[source] = true
			all.alerts.add(source, span)
		}
	}
	if in.outageSpans != nil {
		all.outages = in.outageSpans
	}
	return current, all, nil
}

// currentOf finds the alerts and states of supply of one area that count at the
// as-of.
func (in *Inputs) currentOf(a *inputArea) currentRecords {
	type alertKey struct {
		source string
		start  hour.Instant
	}
	type stateKey struct {
		group string
		household
		start hour.Instant
	}
	return currentRecords{
		alerts: lastVersions(a.alerts, in.settings.AsOf, func(l *alert) alertKey { return alertKey{l.source, l.at.Start} }),
		supply: lastVersions(a.supply, in.settings.AsOf, func(s *supplyState) stateKey { return stateKey{s.group, s.household(), s.at.Start} }),
	}
}

// threads is a number of threads; 0 is one for each core.
func threads(n int) int {
	if n <= 0 {
		return runtime.GOMAXPROCS(0)
	}
	return n
}

// parallel calls f for 0 to n−1 on a number of threads; 0 is one for each core.
func parallel(n, most int, f func(i int)) {
	next := make(chan int)
	var group sync.WaitGroup
	for range min(n, threads(most)) {
		group.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
}

// run is the pure pass over one area.
func (p *pass) run() *Result {
	defer passScratches.Put(p.scratch)
	makes := p.in.settings.makes
	p.records, p.recordedBy = p.countedOutages()
	p.temperature = p.temperatureSources()
	polled := p.polled()
	temperature, outages, alerts := p.temperatures(), p.outages(polled), p.alerts()
	announced, observed := p.announced(), p.observed()
	nights, launched := p.nights()
	var customers *customerRecord
	if makes(table.Reliability) || p.area.CustomersServed > 0 { // without which no minutes are known
		customers = p.customers(outages, polled)
	}
	result := &Result{Coverage: p.coverage(polled, announced, observed, alerts)}
	if makes(table.AreaDay) {
		result.AreaDay = p.areaDays(temperature, p.againstClimate(temperature), outages, customers, announced, p.strikesOfDay(), launched, alerts)
	}
	if makes(table.ColdSpell) {
		result.ColdSpell = p.spells(temperature)
	}
	if makes(table.StrikeNight) {
		result.StrikeNight = cmp.Or(nights, table.NewBuilder(table.StrikeNight).Table())
	}
	if makes(table.StrikeOverlap) {
		result.StrikeOverlap = p.strikeOverlap()
	}
	if makes(table.QueueDay) {
		result.QueueDay = p.queueDays(announced, observed)
	}
	if makes(table.Reliability) {
		result.Reliability = p.reliability(customers)
	}
	if makes(table.Hardship) {
		result.Hardship = p.hardship(temperature, outages, announced, observed)
	}
	if makes(table.ExposureDay) && !p.country {
		result.ExposureDay = p.exposureDays(temperature, outages)
	}
	return result
}

// areaDays puts the area's days together.
func (p *pass) areaDays(temperature []dayTemperature, climate []coldDay, outages []dayOutage, customers *customerRecord, announced announcements, strikes []dayStrikes, launched []dayLaunched, alerts []dayAlert) *table.Table {
	days := p.calendar.Days()
	b := table.NewColumns(table.AreaDay, days)
	b.Same("area_id", string(p.area.ID))
	b.Dates("date_local", p.calendar.First)
	b.Same("tz", p.calendar.Location.String())
	b.Int32("hours_in_day", func(i int) (int32, bool) {
		return int32(p.calendar.HoursInDay(p.calendar.First + hour.Day(i))), true
	})
	writeTemperatures(b, temperature)
	writeClimate(b, climate)
	writeOutages(b, outages)
	if customers != nil {
		b.Float64(startDayMinutes.lo, func(i int) float64 { return customers.startDay(i).Lo })
		b.Float64(startDayMinutes.hi, func(i int) float64 { return customers.startDay(i).Hi })
	}
	// The few queues that are seen are not published before they would be as
	// queues.
	var of []*areaAnnounced
	if len(announced.byDay) > 0 {
		of = make([]*areaAnnounced, days)
	}
	for i := range of {
		if d := p.calendar.First + hour.Day(i); d <= p.lastQueueDay {
			of[i] = announced.byDay[d]
		}
	}
	writeAnnounced(b, of)
	writeStrikes(b, strikes)
	if p.complete != nil {
		b.Float64("completeness", func(i int) float64 { return p.complete(p.calendar.First + hour.Day(i)) })
	}
	writeLaunched(b, launched, p.country)
	writeAlerts(b, alerts)
	b.Int32("flags", func(i int) (int32, bool) {
		flags := temperature[i].flags | outages[i].flags | strikes[i].flags
		if alerts != nil {
			flags |= alerts[i].flags()
		}
		if of != nil && of[i] != nil {
			flags |= of[i].flags
		}
		if climate != nil && climate[i].inBase && climate[i].known() {
			flags |= table.FlagInBase
		}
		return flags, true
	})
	return b.Table()
}
