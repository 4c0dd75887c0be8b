// Package panel joins temperatures, outages, strikes and alerts on area × hour
// and makes the daily tables from it.
//
//  1. Inputs takes batches of canonical rows. Temperatures are scattered by hour
//     into blocks of their area and source; the rest is kept by area. What memory
//     does not hold of areas moves to files: see Inputs.Spill.
//  2. Prepare and Results run one pure pass per area over its hours, laid out in dense arrays:
//     of another's an area sees strikes only, and no pass writes what another reads,
//     so areas run in parallel and the number of threads never changes a byte.
//  3. Each pass gives the area's rows of area_day, cold_spell, strike_night,
//     queue_day, reliability and hardship; Results yields them in the order
//     of the areas.
//
// In the dense arrays NaN is an hour without a value. Tables have nulls.
package panel

import (
	"fmt"
	"slices"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// Inputs are what a run has read, arranged by area.
type Inputs struct {
	settings  Settings
	gazetteer *area.Gazetteer
	words     words
	runs      map[string]*runSet // of polls, by source

	position map[string]int // of an area in areas
	areas    []*inputArea

	codes        map[string]*[]int32   // scratch, by column
	order        []int32               // scratch: rows of a batch
	plain        plainRows             // likewise, and what its codes stand for
	plainOutages []plainOutage         // likewise
	areaWords    *areaWords            // of the last batch
	outagesOf    map[string]*outagesOf // by source
	outageSpans  spans                 // of sources, where they are given
	outageFacts  shared[outageFacts]
	outageIDs    ids
	strikeFacts  shared[strikeFacts]
	strikeIDs    ids

	strikesBefore int   // strikes with an id that lie in files
	strikesRead   []int // of inputs out of files: which of all strikes each id was, in the order read

	reports []report
	proxies []proxyDay
	context []figure

	spill *spill // nil while everything is held
}

// inputArea is what was read of one area, every version of it.
type inputArea struct {
	id        area.ID
	own       bool // its hourly temperatures and polls are kept
	period    Period
	first     hour.Hour // of the dense arrays: a day before the period
	hours     int       // to a day after it
	kept      Period    // days whose temperatures are kept: the period, the base of the climate, and those between
	readFirst hour.Hour // of readings: whole blocks before first
	readHours int
	hourly    []*readings // by source, in the order first seen
	daily     []*daily    // likewise
	outages   outageList
	strikes   blocks[strike]
	named     map[string]bool // texts of areas_named of its strikes, but for its own id
	corrected bool            // strikes of it have versions, or may have
	snapshots []*snapshots
	schedules map[scheduleKey][]scheduleSlot
	supply    []supplyState
	alerts    []alert

	pieces  []piece  // of it that lie in files, in the order in which they were written
	spilled []string // sources of records in them
}

// NewInputs returns empty inputs for the areas of a gazetteer. If it is nil,
// areas are taken from the data as they come: see Gazetteer.
func NewInputs(gazetteer *area.Gazetteer, settings Settings) *Inputs {
	in := &Inputs{settings: settings, gazetteer: gazetteer, words: words{}, codes: map[string]*[]int32{}, runs: map[string]*runSet{}, outagesOf: map[string]*outagesOf{}, position: map[string]int{}}
	if gazetteer != nil {
		for _, a := range gazetteer.Areas() {
			in.newArea(string(a.ID))
		}
	}
	return in
}

func (in *Inputs) newArea(id string) *inputArea {
	id = in.words.of(id)
	a := &inputArea{id: area.ID(id), own: in.owns(area.ID(id)), period: in.settings.period(area.ID(id)), schedules: map[scheduleKey][]scheduleSlot{}}
	a.first = hour.Hour(a.period.First)*24 - 24
	a.hours = int(hour.Hour(a.period.End)*24 + 24 - a.first)
	a.keepClimate(in.settings.Base)
	in.position[id] = len(in.areas)
	in.areas = append(in.areas, a)
	return a
}

// area returns what is known of an area. One that comes up for the first time
// is an error, unless areas are taken from the data.
func (in *Inputs) area(id string) (*inputArea, error) {
	if i, ok := in.position[id]; ok {
		return in.areas[i], nil
	}
	if in.gazetteer != nil {
		return nil, fmt.Errorf("area %q is not in the area table", id)
	}
	return in.newArea(id), nil
}

// Gazetteer returns the areas of the run: those given, or, if they are taken
// from the data, one area of level 1 for each id that came, in the zone of the
// settings.
func (in *Inputs) Gazetteer() (*area.Gazetteer, error) {
	if in.gazetteer != nil {
		return in.gazetteer, nil
	}
	areas := make([]area.Area, len(in.areas))
	for i, a := range in.areas {
		areas[i] = area.Area{ID: a.id, Level: 1, Location: in.settings.Location, ReportingClass: "unknown"}
	}
	return area.NewGazetteer(areas)
}

// Add takes a batch of one canonical table, of which it keeps nothing. Rows
// that the as-of cannot know yet are left out, as are temperatures outside the
// period.
//
// The order of batches of one source decides between two versions of a row
// that were first seen together: the later batch holds. The order of sources
// and areas never matters. After an error the batch may have been added in
// part: see Drop.
func (in *Inputs) Add(t *table.Table) error {
	var err error
	switch t.Schema {
	case table.Temperature:
		err = in.addTemperatures(t)
	case table.TemperatureDay:
		err = in.addDays(t)
	case table.OutageInterval:
		err = in.addOutages(t)
	case table.RecordSpan:
		err = in.addSpans(t)
	case table.OutageSnapshot:
		err = in.addSnapshots(t)
	case table.SnapshotRun:
		err = in.addRuns(t)
	case table.OutageSchedule:
		err = in.addSchedules(t)
	case table.SupplyInterval:
		err = in.addSupply(t)
	case table.Strike:
		err = in.addStrikes(t)
	case table.Alert:
		err = in.addAlerts(t)
	case table.Report:
		err = in.addReports(t)
	case table.Proxy:
		err = in.addProxies(t)
	case table.Context:
		err = in.addContext(t)
	default:
		return fmt.Errorf("panel: table %s is not part of the panel", t.Schema.Name)
	}
	if err != nil {
		return fmt.Errorf("add rows of %s: %w", t.Schema.Name, err)
	}
	return nil
}

// Newest returns the newest first_seen_utc of all rows or, if no source has
// vintages, the newest time of a row: the as-of of a run that is given none.
// It is the distant past if there is no row.
func (in *Inputs) Newest() hour.Instant {
	n := newestOf(in.reports)
	n.add(newestOf(in.proxies))
	n.add(newestOf(in.context))
	if in.spill != nil {
		for _, of := range in.spill.newest {
			n.add(of)
		}
	}
	for _, of := range in.outagesOf {
		n.add(of.newest)
	}
	for _, a := range in.areas {
		for _, h := range a.hourly {
			n.add(h.newest)
		}
		for _, d := range a.daily {
			n.add(d.newest)
		}
		for s := range a.strikes.all() {
			o := s.origin(in.strikeFacts.all[s.facts])
			n.of(&o, s.known())
		}
		for _, s := range a.snapshots {
			n.add(s.newest)
		}
		n.add(newestOf(a.supply))
		n.add(newestOf(a.alerts))
		for _, slots := range a.schedules {
			n.add(newestOf(slots))
		}
	}
	if n.seen != hour.DistantPast {
		return n.seen
	}
	return n.own
}

// SetAsOf fixes the as-of of inputs that were read without one, as
// hour.DistantFuture. What came to be known after it no longer counts, and
// open records last up to it. Of temperatures only the last version is kept,
// so it must not lie before the first_seen_utc of any.
func (in *Inputs) SetAsOf(asOf hour.Instant) { in.settings.AsOf = asOf }

// Drop takes back what a source that failed midway has added.
func (in *Inputs) Drop(source string) {
	for _, a := range in.areas {
		a.hourly = slices.DeleteFunc(a.hourly, func(r *readings) bool { return r.source == source })
		a.daily = slices.DeleteFunc(a.daily, func(d *daily) bool { return d.source == source })
		a.outages = a.outages.without(func(o *outage) bool { return in.outageFacts.all[o.facts].source == source })
		a.strikes = a.strikes.without(func(s *strike) bool { return in.strikeFacts.all[s.facts].source == source })
		a.snapshots = slices.DeleteFunc(a.snapshots, func(s *snapshots) bool { return s.source == source })
		a.supply = without(a.supply, source)
		a.alerts = without(a.alerts, source)
		for key, slots := range a.schedules {
			if slots = without(slots, source); len(slots) > 0 {
				a.schedules[key] = slots
			} else {
				delete(a.schedules, key)
			}
		}
	}
	delete(in.runs, source)
	delete(in.outagesOf, source)
	in.spill.drop(source, in.areas)
	in.reports = without(in.reports, source)
	in.proxies = without(in.proxies, source)
	in.context = without(in.context, source)
	if in.gazetteer == nil {
		in.forgetAreas()
	}
}

// forgetAreas takes back areas of which nothing is left.
func (in *Inputs) forgetAreas() {
	named := map[area.ID]bool{}
	for i := range in.reports {
		named[in.reports[i].area] = true
	}
	for i := range in.proxies {
		named[in.proxies[i].area] = true
	}
	for i := range in.context {
		named[in.context[i].area] = true
	}
	areas := in.areas
	in.areas, in.position, in.areaWords = nil, map[string]int{}, nil
	for _, a := range areas {
		if named[a.id] || len(a.hourly)+len(a.daily)+a.outages.length+a.strikes.length+len(a.snapshots)+len(a.schedules)+len(a.supply)+len(a.alerts)+len(a.spilled) > 0 {
			in.position[string(a.id)] = len(in.areas)
			in.areas = append(in.areas, a)
		}
	}
}
