package panel

import (
	"fmt"
	"slices"
	"strings"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// daily is the temperatures of one area and source that publishes days and no
// hours, by day of the area's period.
type daily struct {
	source     string
	newest     newest
	days       []dayValues    // nil if the source has none in the period
	said       []bool         // a row speaks of the day
	version    []hour.Instant // of the values kept; nil without vintages
	definition []uint8        // number among dayDefinitions, also of days that lie in a file
}

// dayDefinitions are those of days, after that of a day without a row.
var dayDefinitions = append([]string{""}, table.DayDefinitions...)

// definitionOf returns where day i begins; "" if no row says it.
func (d *daily) definitionOf(i int) string { return dayDefinitions[d.definition[i]] }

// dayValues are what a source of days gives, NaN for what it does not.
type dayValues struct{ min, mean, max unit.Celsius }

func (v dayValues) known() bool {
	return !unit.IsMissing(v.min) || !unit.IsMissing(v.mean) || !unit.IsMissing(v.max)
}

var noValues = dayValues{unit.Missing[unit.Celsius](), unit.Missing[unit.Celsius](), unit.Missing[unit.Celsius]()}

// addDays takes days of temperatures. The latest version of a day holds. A day
// that one source gives in two day definitions is an error: they are different
// stretches of time under one date (methods.md 4.3).
func (in *Inputs) addDays(t *table.Table) error {
	ids, sources, dates, definitions := t.String("area_id"), t.String("source_id"), t.Date("date_local"), t.String("day_definition")
	mins, means, maxes := t.Float64("tmin_c"), t.Float64("tmean_c"), t.Float64("tmax_c")
	qualities, seen, retracted := t.Int32("qc"), t.Timestamp("first_seen_utc"), t.Bool("retracted")
	for row := range t.Rows() {
		a, err := in.area(ids.Value(row))
		if err != nil {
			return err
		}
		d := a.dailySource(sources.Value(row), in.words)
		date := hour.Day(dates.Value(row))
		version := hour.DistantPast
		if seen.IsValid(row) {
			if version = table.Instant(seen, row); version > in.settings.AsOf {
				continue
			}
			d.newest.seen = max(d.newest.seen, version)
		} else {
			// A day is known when it is over.
			over := hour.Instant(date+1) * 24 * hour.InstantsInHour
			if over > in.settings.AsOf {
				continue
			}
			d.newest.own = max(d.newest.own, over)
		}
		if !a.period.holds(date) {
			continue
		}
		i, n := int(date-a.period.First), int(a.period.End-a.period.First)
		if d.definition == nil {
			d.definition = make([]uint8, n)
		}
		definition := definitions.Value(row)
		if was := d.definitionOf(i); was != "" && was != definition {
			return fmt.Errorf("area %s, %v: source %s gives the day as %s and as %s", a.id, date, d.source, was, definition)
		}
		number := slices.Index(dayDefinitions, definition)
		if number < 1 {
			return fmt.Errorf("area %s, %v: source %s gives the day as %q, which is no day definition", a.id, date, d.source, definition)
		}
		d.definition[i] = uint8(number)
		v := noValues
		if qualities.Value(row) == qcGood && !retracted.Value(row) {
			if mins.IsValid(row) {
				v.min = unit.Celsius(mins.Value(row))
			}
			if means.IsValid(row) {
				v.mean = unit.Celsius(means.Value(row))
			}
			if maxes.IsValid(row) {
				v.max = unit.Celsius(maxes.Value(row))
			}
		}
		d.set(i, n, version, v)
	}
	return nil
}

// set takes one version of day i of n. The latest holds, of two at once the one
// that came later.
func (d *daily) set(i, n int, version hour.Instant, v dayValues) {
	if d.days == nil {
		d.days, d.said = slices.Repeat([]dayValues{noValues}, n), make([]bool, n)
	}
	if version != hour.DistantPast && d.version == nil {
		d.version = slices.Repeat([]hour.Instant{hour.DistantPast}, n)
	}
	if d.version != nil {
		if version < d.version[i] {
			return
		}
		d.version[i] = version
	}
	d.days[i], d.said[i] = v, true
}

// dailySource returns the area's days of a source.
func (a *inputArea) dailySource(source string, w words) *daily {
	for _, d := range a.daily {
		if d.source == source {
			return d
		}
	}
	d := &daily{source: w.of(source), newest: noTime()}
	a.daily = append(a.daily, d)
	return d
}

// A temperatureSource is a source of an area's temperatures: of hours or of
// days.
type temperatureSource struct {
	name  string
	hours *hourly
	days  *daily

	present []uint8 // by day: hours with a reading, once temperatures has seen to it
}

// temperatureSources returns the sources of the area's temperatures in declared
// order, others by name; those without a row in the period are left out. Hours
// are laid out in the pass's scratch.
func (p *pass) temperatureSources() []temperatureSource {
	var list []temperatureSource
	for _, r := range p.input.hourly {
		if r.blocks == nil {
			continue
		}
		if len(list) == len(p.scratch.hourly) {
			p.scratch.hourly = append(p.scratch.hourly, new(hourly))
		}
		h := p.scratch.hourly[len(list)]
		h.layOut(r)
		list = append(list, temperatureSource{name: r.source, hours: h})
	}
	for _, d := range p.input.daily {
		if d.days != nil {
			list = append(list, temperatureSource{name: d.source, days: d})
		}
	}
	slices.SortStableFunc(list, func(x, y temperatureSource) int {
		if d := p.in.settings.rank(x.name) - p.in.settings.rank(y.name); d != 0 {
			return d
		}
		return strings.Compare(x.name, y.name)
	})
	return list
}
