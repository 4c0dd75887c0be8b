package panel

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// daily is the temperatures of one area and source that publishes days and no
// hours, of the days that are kept.
type daily struct {
	source     string
	newest     newest
	values     byDay[dayRow]
	versions   bool         // a row says when it was first seen
	definition byDay[uint8] // number among dayDefinitions, also of days that lie in a file
}

// dayRow is the row of a day that holds.
type dayRow struct {
	dayValues
	version hour.Instant // the distant past without vintages; the distant future if no row speaks of the day
}

var noRow = dayRow{noValues, hour.DistantFuture}

// dayDefinitions are those of days, after that of a day without a row.
var dayDefinitions = append([]string{""}, table.DayDefinitions...)

// definitionOf returns where a day begins; "" if no row says it.
func (d *daily) definitionOf(date hour.Day) string { return dayDefinitions[d.definition.at(date, 0)] }

// of returns what the source gives of a day.
func (d *daily) of(date hour.Day) dayValues { return d.values.at(date, noRow).dayValues }

// all yields the days that a row speaks of.
func (d *daily) all() iter.Seq2[hour.Day, dayRow] {
	return func(yield func(hour.Day, dayRow) bool) {
		for i, one := range d.values.list {
			if one.version != hour.DistantFuture && !yield(d.values.first+hour.Day(i), one) {
				return
			}
		}
	}
}

// speaksOf reports whether a row speaks of a day of a period.
func (d *daily) speaksOf(p Period) bool {
	for date := range d.all() {
		if p.holds(date) {
			return true
		}
	}
	return false
}

// byDay are values by day, of the stretch of days that some were set of.
type byDay[T any] struct {
	first hour.Day
	list  []T
}

// stretch is how many days there are at once.
const stretch = 256

func (b *byDay[T]) empty() bool { return len(b.list) == 0 }

// at returns the value of a day, none where there is none.
func (b *byDay[T]) at(d hour.Day, none T) T {
	if i := int(d - b.first); i >= 0 && i < len(b.list) {
		return b.list[i]
	}
	return none
}

// set gives a day a value; days that it adds have none.
func (b *byDay[T]) set(d hour.Day, v, none T) {
	if len(b.list) == 0 {
		b.first = d
	}
	if d < b.first {
		n := (int(b.first-d) + stretch - 1) / stretch * stretch
		b.list, b.first = slices.Insert(b.list, 0, slices.Repeat([]T{none}, n)...), b.first-hour.Day(n)
	}
	if n := int(d-b.first) + 1 - len(b.list); n > 0 {
		b.list = append(b.list, slices.Repeat([]T{none}, (n+stretch-1)/stretch*stretch)...)
	}
	b.list[d-b.first] = v
}

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
		if !a.kept.holds(date) {
			continue
		}
		definition := definitions.Value(row)
		if was := d.definitionOf(date); was != "" && was != definition {
			return fmt.Errorf("area %s, %v: source %s gives the day as %s and as %s", a.id, date, d.source, was, definition)
		}
		number := slices.Index(dayDefinitions, definition)
		if number < 1 {
			return fmt.Errorf("area %s, %v: source %s gives the day as %q, which is no day definition", a.id, date, d.source, definition)
		}
		d.definition.set(date, uint8(number), 0)
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
		d.set(date, version, v)
	}
	return nil
}

// set takes one version of a day. The latest holds, of two at once the one that
// came later.
func (d *daily) set(date hour.Day, version hour.Instant, v dayValues) {
	d.versions = d.versions || version != hour.DistantPast
	if was := d.values.at(date, noRow).version; was != hour.DistantFuture && version < was {
		return
	}
	d.values.set(date, dayRow{v, version}, noRow)
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
		if !r.reaches(p.input) {
			continue
		}
		if len(list) == len(p.scratch.hourly) {
			p.scratch.hourly = append(p.scratch.hourly, new(hourly))
		}
		h := p.scratch.hourly[len(list)]
		h.layOut(r, p.input.leadBlocks())
		list = append(list, temperatureSource{name: r.source, hours: h})
	}
	for _, d := range p.input.daily {
		if d.speaksOf(p.input.period) {
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
