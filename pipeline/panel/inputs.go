// Package panel joins temperatures, outages, strikes and alerts on area × hour
// and makes the daily tables from it.
//
//  1. Inputs takes batches of canonical rows. Temperatures are scattered into
//     dense arrays by hour, one per area and source; the rest, small by nature,
//     is kept by area.
//  2. Build runs one pure pass per area over its arrays: no area sees another's,
//     so areas run in parallel and the number of threads never changes a byte.
//  3. Each pass gives the area's rows of area_day, cold_spell, strike_night and
//     queue_day; Build puts them together in the order of the areas.
//
// In the dense arrays NaN is an hour without a value. Tables have nulls.
package panel

import (
	"fmt"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// Inputs are what a run has read, arranged by area.
type Inputs struct {
	settings  Settings
	gazetteer *area.Gazetteer
	first     hour.Hour // of the dense arrays: a day before the period
	hours     int       // to a day after it

	position map[string]int // of an area in areas
	areas    []*inputArea
	strikes  []strike
	reports  []report

	newestSeen, newestOwn hour.Instant // newest first_seen_utc, and newest own time of rows without one

	spans map[spanKey]hour.Interval // time between the first and last row of a table and source
}

// inputArea is what was read of one area.
type inputArea struct {
	id        area.ID
	hourly    []*hourly // by source, in the order first seen
	outages   []outage
	schedules map[scheduleKey][]scheduleSlot
	supply    map[string][]supplyState // by group
	alerts    []alert
}

// spanKey names a canonical table of one source.
type spanKey struct{ table, source string }

// NewInputs returns empty inputs for the areas of a gazetteer. If it is nil,
// areas are taken from the data as they come: see Gazetteer.
func NewInputs(gazetteer *area.Gazetteer, settings Settings) *Inputs {
	in := &Inputs{
		settings: settings, gazetteer: gazetteer,
		position: map[string]int{}, spans: map[spanKey]hour.Interval{},
		newestSeen: hour.DistantPast, newestOwn: hour.DistantPast,
	}
	from := hour.Instant(settings.First) * 24 * hour.InstantsInHour
	to := hour.Instant(settings.End) * 24 * hour.InstantsInHour
	in.first = from.Hour() - 24
	in.hours = int(to.Hour()+24) - int(in.first)
	if gazetteer != nil {
		for _, a := range gazetteer.Areas() {
			in.area(string(a.ID))
		}
	}
	return in
}

// area returns what is known of an area, making room for a new one.
func (in *Inputs) area(id string) *inputArea {
	i, ok := in.position[id]
	if !ok {
		i = len(in.areas)
		id = strings.Clone(id)
		in.position[id] = i
		in.areas = append(in.areas, &inputArea{
			id: area.ID(id), schedules: map[scheduleKey][]scheduleSlot{}, supply: map[string][]supplyState{},
		})
	}
	return in.areas[i]
}

// Gazetteer returns the areas of the run: those given, or, if they are taken
// from the data, one area of level 1 for each id that came, in zone.
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

// Add takes a batch of one canonical table. Rows that the as-of cannot know
// yet, and rows outside the period, are left out.
func (in *Inputs) Add(t *table.Table) error {
	switch t.Schema {
	case table.Temperature:
		in.addTemperatures(t)
	case table.OutageInterval:
		in.addOutages(t)
	case table.OutageSchedule:
		in.addSchedules(t)
	case table.SupplyInterval:
		in.addSupply(t)
	case table.Strike:
		in.addStrikes(t)
	case table.Alert:
		in.addAlerts(t)
	case table.Report:
		in.addReports(t)
	default:
		return fmt.Errorf("panel: table %s is not part of the panel", t.Schema.Name)
	}
	return nil
}

// known reports whether the as-of can know a row that the publisher first
// showed at seen, or, without vintages, that happened at own. It also returns
// the time that decides between versions: the distant past without vintages.
func (in *Inputs) known(seen hour.Instant, vintage bool, own hour.Instant) (version hour.Instant, ok bool) {
	if vintage {
		ok = seen <= in.settings.AsOf
		if ok {
			in.newestSeen = max(in.newestSeen, seen)
		}
		return seen, ok
	}
	ok = own <= in.settings.AsOf
	if ok {
		in.newestOwn = max(in.newestOwn, own)
	}
	return hour.DistantPast, ok
}

// Newest returns the newest first_seen_utc of all rows or, if no source has
// vintages, the newest time of a row: the as-of of a run that is given none.
func (in *Inputs) Newest() hour.Instant {
	if in.newestSeen != hour.DistantPast {
		return in.newestSeen
	}
	return in.newestOwn
}

// SetAsOf fixes the as-of of inputs that were read without one, as
// hour.DistantFuture. Open records count up to it.
func (in *Inputs) SetAsOf(asOf hour.Instant) { in.settings.AsOf = asOf }

// Drop takes back what a source that failed midway has added.
func (in *Inputs) Drop(source string) {
	for _, a := range in.areas {
		a.hourly = slices.DeleteFunc(a.hourly, func(h *hourly) bool { return h.source == source })
		a.outages = slices.DeleteFunc(a.outages, func(o outage) bool { return o.source == source })
		a.alerts = slices.DeleteFunc(a.alerts, func(l alert) bool { return l.source == source })
		for key, slots := range a.schedules {
			if a.schedules[key] = slices.DeleteFunc(slots, func(s scheduleSlot) bool { return s.source == source }); len(a.schedules[key]) == 0 {
				delete(a.schedules, key)
			}
		}
		for group, states := range a.supply {
			if a.supply[group] = slices.DeleteFunc(states, func(s supplyState) bool { return s.source == source }); len(a.supply[group]) == 0 {
				delete(a.supply, group)
			}
		}
	}
	in.strikes = slices.DeleteFunc(in.strikes, func(s strike) bool { return s.source == source })
	in.reports = slices.DeleteFunc(in.reports, func(r report) bool { return r.source == source })
	for key := range in.spans {
		if key.source == source {
			delete(in.spans, key)
		}
	}
}

// cover widens the span of a table and source by a row's time.
func (in *Inputs) cover(t *table.Table, source string, v hour.Interval) {
	key := spanKey{t.Schema.Name, source}
	span, ok := in.spans[key]
	if !ok {
		in.spans[spanKey{t.Schema.Name, strings.Clone(source)}] = v
		return
	}
	in.spans[key] = hour.Interval{Start: min(span.Start, v.Start), End: max(span.End, v.End)}
}

// hourly is the temperatures of one area and source by hour of the panel.
type hourly struct {
	source  string
	temp    []unit.Celsius           // NaN: no reading
	wind    []unit.KilometresPerHour // nil if the source has none
	version []hour.Instant           // of the reading kept; nil without vintages
	count   []uint16                 // readings averaged; nil while every hour has one at most
	quality []uint8                  // qc of the reading kept; nil while all are 0
}

func (in *Inputs) addTemperatures(t *table.Table) {
	ids, sources := t.String("area_id"), t.String("source_id")
	times, temps, winds := t.Timestamp("time_utc"), t.Float64("t_c"), t.Float64("wind_kmh")
	qualities, seen, retracted := t.Int32("qc"), t.Timestamp("first_seen_utc"), t.Bool("retracted")
	var h *hourly
	var lastID, lastSource string
	for row := range t.Rows() {
		id, source := ids.Value(row), sources.Value(row)
		if h == nil || id != lastID || source != lastSource {
			h = in.area(id).source(source, in.hours)
			lastID, lastSource = id, source
		}
		at := table.Instant(times, row)
		i := int(at.Hour()) - int(in.first)
		if i < 0 || i >= in.hours {
			continue
		}
		version, ok := in.known(table.Instant(seen, row), seen.IsValid(row), at)
		if !ok {
			continue
		}
		temp, wind := unit.Missing[unit.Celsius](), unit.Missing[unit.KilometresPerHour]()
		if temps.IsValid(row) && !retracted.Value(row) {
			temp = unit.Celsius(temps.Value(row))
		}
		if winds.IsValid(row) && !retracted.Value(row) {
			wind = unit.KilometresPerHour(winds.Value(row))
		}
		h.add(i, temp, wind, version, uint8(qualities.Value(row)))
	}
}

// source returns the area's hours of a source.
func (a *inputArea) source(source string, hours int) *hourly {
	for _, h := range a.hourly {
		if h.source == source {
			return h
		}
	}
	h := &hourly{source: strings.Clone(source), temp: slices.Repeat([]unit.Celsius{unit.Missing[unit.Celsius]()}, hours)}
	a.hourly = append(a.hourly, h)
	return h
}

// add takes one reading. The latest version of an hour wins; readings of one
// version within an hour are averaged; a reading whose quality is not 0 leaves
// the hour without a temperature.
func (h *hourly) add(i int, temp unit.Celsius, wind unit.KilometresPerHour, version hour.Instant, quality uint8) {
	if version != hour.DistantPast && h.version == nil {
		h.version = slices.Repeat([]hour.Instant{hour.DistantPast}, len(h.temp))
	}
	if h.version != nil {
		if version < h.version[i] {
			return
		}
		if version > h.version[i] {
			h.version[i] = version
			h.temp[i] = unit.Missing[unit.Celsius]()
			if h.wind != nil {
				h.wind[i] = unit.Missing[unit.KilometresPerHour]()
			}
			if h.count != nil {
				h.count[i] = 0
			}
			if h.quality != nil {
				h.quality[i] = 0
			}
		}
	}
	if quality != 0 {
		if h.quality == nil {
			h.quality = make([]uint8, len(h.temp))
		}
		h.quality[i] = quality
		return
	}
	if unit.IsMissing(temp) {
		return
	}
	if !unit.IsMissing(wind) && h.wind == nil {
		h.wind = slices.Repeat([]unit.KilometresPerHour{unit.Missing[unit.KilometresPerHour]()}, len(h.temp))
	}
	if unit.IsMissing(h.temp[i]) {
		h.temp[i] = temp
		if h.wind != nil {
			h.wind[i] = wind
		}
		return
	}
	if h.count == nil {
		h.count = make([]uint16, len(h.temp))
	}
	n := max(h.count[i], 1) + 1
	h.count[i] = n
	h.temp[i] += (temp - h.temp[i]) / unit.Celsius(n)
	if h.wind != nil {
		h.wind[i] += (wind - h.wind[i]) / unit.KilometresPerHour(n)
	}
}

// forecast reports whether the hour's latest version is a forecast.
func (h *hourly) forecast(i int) bool { return h.quality != nil && h.quality[i] == 4 }
