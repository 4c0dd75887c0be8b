package panel

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// nightKey is one night or day of the bulletins: the date that keys it and its
// part, night, day, or date for rows known by date only.
type nightKey struct {
	date hour.Day
	part string
}

// keyOf places a bulletin window (methods.md 4.2). A window that covers local
// midnight belongs whole to the night of the date it ends, also when it starts
// before 18:00 or ends after 09:00. A window within one date is day or night
// by where more of it lies; the night is keyed by the date it ends.
func keyOf(c *hour.Calendar, s told) nightKey {
	from, to := dates(c, s.window)
	switch {
	case s.byDate:
		return nightKey{to, "date"}
	case from != to:
		return nightKey{to, "night"}
	}
	w := s.window
	w.End = max(w.End, w.Start+1) // a moment has a length to compare
	before, after := w.Overlap(c.Night(to)).Length(), w.Overlap(c.Night(to+1)).Length()
	switch rest := w.Length() - before - after; {
	case rest >= before && rest >= after:
		return nightKey{to, "day"}
	case before >= after:
		return nightKey{to, "night"}
	}
	return nightKey{to + 1, "night"}
}

// dates returns the first and the last date of a window.
func dates(c *hour.Calendar, w hour.Interval) (first, last hour.Day) {
	return hour.DayIn(w.Start, c.Location), hour.DayIn(max(w.Start, w.End-1), c.Location)
}

// nationalNights says for which nights and days the declared publisher issued
// a bulletin. A night without one is unknown, not zero.
type nationalNights struct {
	keys    map[nightKey]bool
	sorted  []nightKey
	sources map[string]map[hour.Day]bool // dates with a row of the night or of the date, by source
}

func (n *nationalNights) has(k nightKey) bool { return n.keys[k] }

// bulletin reports whether there is a row of the night that ends on d, or of
// the date d.
func (n *nationalNights) bulletin(d hour.Day) bool {
	return n.keys[nightKey{d, "night"}] || n.keys[nightKey{d, "date"}]
}

// add adds rows of a country that count. A row about reconnaissance drones alone still
// proves a bulletin.
func (n *nationalNights) add(c *hour.Calendar, strikes *areaStrikes) {
	for s := range strikes.all() {
		k := keyOf(c, s)
		n.keys[k] = true
		dates := n.sources[s.source]
		if dates == nil {
			dates = map[hour.Day]bool{}
			n.sources[s.source] = dates
		}
		if k.part != "day" {
			dates[k.date] = true
		}
	}
}

// sort puts the nights in order once all rows have been added.
func (n *nationalNights) sort() {
	n.sorted = slices.SortedFunc(maps.Keys(n.keys), func(a, b nightKey) int {
		return cmp.Or(cmp.Compare(a.date, b.date), strings.Compare(a.part, b.part))
	})
}

// total adds up a count over rows. Every row must state it for a strict total;
// a loose one adds what is stated.
type total struct {
	sum            int32
	stated, silent int
}

func (t *total) add(c source.Count) {
	if c.Known {
		t.sum += c.N
		t.stated++
	} else {
		t.silent++
	}
}

func (t *total) strict() source.Count {
	return source.Count{N: t.sum, Known: t.silent == 0}
}

func (t *total) loose() source.Count {
	return source.Count{N: t.sum, Known: t.stated > 0}
}

// nightRow is one row of strike_night in the making.
type nightRow struct {
	named                                int32
	events                               unit.Bounds[int32]
	launched, intercepted, lost, impacts total
	rows                                 int // rows that add to the totals
	window                               hour.Interval
}

// dayLaunched is what was launched in the windows that end on one day.
type dayLaunched struct{ launched, intercepted source.Count }

// writeLaunched sets the days' columns of area_day.
func writeLaunched(b *table.Columns, days []dayLaunched, country bool) {
	if days == nil {
		return
	}
	b.Int32("launched", func(i int) (int32, bool) { return days[i].launched.N, days[i].launched.Known })
	b.Int32("intercepted", func(i int) (int32, bool) { return days[i].intercepted.N, days[i].intercepted.Known && country })
}

// allWeapons is the row of strike_night that adds up the weapons.
const allWeapons = "all"

// nights makes the area's rows of strike_night and its daily totals.
//
// For the country there is a row for every class of weapon of every night with
// a bulletin, zero where the bulletin has none. For an area there is the row
// "all", and rows of the weapons with which bulletins name it. Both are nil without
// bulletins.
func (p *pass) nights() (*table.Table, []dayLaunched) {
	if p.nightly == nil {
		return nil, nil
	}
	b := table.NewBuilder(table.StrikeNight)
	launched := make([]dayLaunched, p.calendar.Days())
	rows := p.nightRows()
	weapon, _ := table.StrikeNight.Column("weapon")
	weapons := slices.Sorted(slices.Values(weapon.Enum))
	sums := make([]struct{ launched, intercepted total }, len(launched))
	published, none := p.in.settings.makes(table.StrikeNight), &nightRow{}
	for _, k := range p.nightly.sorted {
		if k.date < p.calendar.First || k.date >= p.calendar.End() {
			continue
		}
		of := rows[k]
		for _, weapon := range weapons {
			r := of[weapon]
			if r == nil {
				r = none
			}
			if published && (p.country || weapon == allWeapons || r.named > 0 || r.events.Lo > 0) {
				p.writeNight(b, k, weapon, r)
			}
			if weapon == allWeapons && (p.country || r.rows > 0) {
				day := &sums[k.date-p.calendar.First]
				day.launched.add(r.launched.strict())
				day.intercepted.add(r.intercepted.strict())
			}
		}
	}
	for i := range launched {
		if sums[i].launched.stated > 0 && p.nightly.bulletin(p.calendar.First+hour.Day(i)) {
			launched[i] = dayLaunched{sums[i].launched.strict(), sums[i].intercepted.strict()}
		}
	}
	return b.Table(), launched
}

// nightRows adds up the area's strike rows by night or day and weapon.
func (p *pass) nightRows() map[nightKey]map[string]*nightRow {
	rows := map[nightKey]map[string]*nightRow{}
	at := func(k nightKey, weapon string) *nightRow {
		of := rows[k]
		if of == nil {
			of = map[string]*nightRow{}
			rows[k] = of
		}
		r := of[weapon]
		if r == nil {
			r = &nightRow{window: hour.Interval{Start: hour.DistantFuture, End: hour.DistantPast}}
			of[weapon] = r
		}
		return r
	}
	for s := range p.sightings() {
		if !s.counted() {
			continue
		}
		k := keyOf(p.calendar, s.told)
		for _, weapon := range []string{allWeapons, s.weapon} {
			at(k, weapon).add(s, p)
			if !s.byDate {
				continue
			}
			// It may belong to either night of a date, or to its day.
			first, last := dates(p.calendar, s.window)
			for d := first; d <= last+1; d++ {
				for _, other := range []nightKey{{d, "night"}, {d, "day"}} {
					if p.nightly.has(other) && (d <= last || other.part == "night") {
						at(other, weapon).events.Hi++
					}
				}
			}
		}
	}
	return rows
}

// add adds one bulletin row to the night or day that holds it. Of an area only
// rows that name it alone add munitions.
func (r *nightRow) add(s sighting, p *pass) {
	add(&r.events, s.certain && !s.repeated, true)
	if s.inside && !p.country || s.names(p.area.ID) {
		r.named++
	}
	if !p.country && !(s.alone && s.inside) {
		return
	}
	r.rows++
	r.window = hour.Interval{Start: min(r.window.Start, s.window.Start), End: max(r.window.End, s.window.End)}
	if s.repeated {
		return // its numbers are those of another row
	}
	r.launched.add(s.launched)
	r.intercepted.add(s.intercepted)
	r.lost.add(s.lost)
	r.impacts.add(s.impacts)
}

// writeNight writes a row. Of the country a bulletin without launches means
// that there were none; of an area, that nothing is known.
func (p *pass) writeNight(b *table.Builder, k nightKey, weapon string, r *nightRow) {
	b.Row()
	b.String("area_id", string(p.area.ID))
	b.Date("date_local", k.date)
	b.String("part", k.part)
	b.String("weapon", weapon)
	table.Optional(b.Int32, "rows_named", r.named, !p.country)
	b.Int32("events_lo", r.events.Lo)
	b.Int32("events_hi", r.events.Hi)
	launched := r.launched.strict()
	table.Optional(b.Int32, "launched", launched.N, launched.Known && (p.country || r.rows > 0))
	if !p.country {
		return
	}
	intercepted, lost, impacts := r.intercepted.strict(), r.lost.loose(), r.impacts.loose()
	table.Optional(b.Int32, "intercepted", intercepted.N, intercepted.Known)
	table.Optional(b.Int32, "lost", lost.N, lost.Known)
	table.Optional(b.Int32, "impacts", impacts.N, impacts.Known)
	if r.rows > 0 {
		b.Timestamp("window_start_utc", r.window.Start)
		b.Timestamp("window_end_utc", r.window.End)
	}
}
