package panel

import (
	"slices"

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
func keyOf(c *hour.Calendar, s *strike) nightKey {
	last := max(s.window.Start, s.window.End-1)
	from, to := hour.DayIn(s.window.Start, c.Location), hour.DayIn(last, c.Location)
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

// nationalNights says for which nights and days the declared publisher issued
// a bulletin. A night without one is unknown, not zero.
type nationalNights struct {
	keys   map[nightKey]bool
	sorted []nightKey
}

func (n *nationalNights) has(k nightKey) bool { return n.keys[k] }

// nationalNightsOf reads them off the rows of the country. A row about
// reconnaissance drones alone still proves a bulletin.
func nationalNightsOf(country *pass) *nationalNights {
	n := &nationalNights{keys: map[nightKey]bool{}}
	for _, s := range country.strikes {
		k := keyOf(country.calendar, s)
		if !n.keys[k] {
			n.keys[k] = true
			n.sorted = append(n.sorted, k)
		}
	}
	slices.SortFunc(n.sorted, func(a, b nightKey) int {
		if a.date != b.date {
			return int(a.date - b.date)
		}
		return slices.Index(table.StrikeNight.Columns[2].Enum, a.part) - slices.Index(table.StrikeNight.Columns[2].Enum, b.part)
	})
	return n
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

// nights makes the area's rows of strike_night and its daily totals.
//
// For the country there is a row for every class of weapon of every night with
// a bulletin, zero where the bulletin has none. For an area there is the row
// "all", and rows of the weapons with which bulletins name it.
func (p *pass) nights() (*table.Table, []dayLaunched) {
	launched := make([]dayLaunched, p.calendar.Days())
	b := table.NewBuilder(table.StrikeNight)
	if p.nightly == nil {
		return b.Table(), launched
	}
	sums := make([][2]total, p.calendar.Days()) // launched, intercepted
	type cell struct {
		nightKey
		weapon string
	}
	rows := map[cell]*nightRow{}
	at := func(k nightKey, weapon string) *nightRow {
		r := rows[cell{k, weapon}]
		if r == nil {
			r = &nightRow{window: hour.Interval{Start: hour.DistantFuture, End: hour.DistantPast}}
			rows[cell{k, weapon}] = r
		}
		return r
	}
	for _, s := range p.strikes {
		if !s.counted() {
			continue
		}
		k := keyOf(p.calendar, s)
		for _, weapon := range []string{"all", s.weapon} {
			p.addNight(at(k, weapon), s)
			if s.byDate { // it may belong to either night of the date, or to its day
				for _, other := range []nightKey{{k.date, "night"}, {k.date, "day"}, {k.date + 1, "night"}} {
					if p.nightly.has(other) {
						at(other, weapon).events.Hi++
					}
				}
			}
		}
	}
	weapons := table.StrikeNight.Columns[3].Enum
	for _, k := range p.nightly.sorted {
		if k.date < p.calendar.First || k.date >= p.calendar.End() {
			continue
		}
		for _, weapon := range weapons {
			r := rows[cell{k, weapon}]
			if r == nil {
				r = &nightRow{}
			}
			if p.country || weapon == "all" || r.named > 0 || r.events.Lo > 0 {
				p.writeNight(b, k, weapon, r)
			}
		}
		if r := rows[cell{k, "all"}]; r != nil || p.country {
			if r == nil {
				r = &nightRow{}
			}
			if p.country || r.rows > 0 {
				day := &sums[k.date-p.calendar.First]
				day[0].add(p.own(r, r.launched))
				day[1].add(p.own(r, r.intercepted))
			}
		}
	}
	for i, sum := range sums {
		if sum[0].stated > 0 {
			launched[i] = dayLaunched{sum[0].strict(), sum[1].strict()}
		}
	}
	return b.Table(), launched
}

// addNight adds one bulletin row to the night or day that holds it.
func (p *pass) addNight(r *nightRow, s *strike) {
	add(&r.events, p.certain(s), true)
	if s.area == p.area.ID && !p.country || slices.Contains(s.named, p.area.ID) {
		r.named++
	}
	if !p.country && !(s.alone && s.area == p.area.ID) {
		return
	}
	r.rows++
	r.launched.add(s.launched)
	r.intercepted.add(s.intercepted)
	r.lost.add(s.lost)
	r.impacts.add(s.impacts)
	r.window = hour.Interval{Start: min(r.window.Start, s.window.Start), End: max(r.window.End, s.window.End)}
}

// own returns a strict total: of the country also where no row adds to it,
// since a bulletin without launches means none; of an area only from rows that
// name it alone.
func (p *pass) own(r *nightRow, t total) source.Count {
	if !p.country && r.rows == 0 {
		return source.Count{}
	}
	return t.strict()
}

func (p *pass) writeNight(b *table.Builder, k nightKey, weapon string, r *nightRow) {
	b.Row()
	b.String("area_id", string(p.area.ID))
	b.Date("date_local", k.date)
	b.String("part", k.part)
	b.String("weapon", weapon)
	table.Optional(b.Int32, "rows_named", r.named, !p.country)
	b.Int32("events_lo", r.events.Lo)
	b.Int32("events_hi", r.events.Hi)
	launched := p.own(r, r.launched)
	table.Optional(b.Int32, "launched", launched.N, launched.Known)
	if !p.country {
		return
	}
	for name, c := range map[string]source.Count{
		"intercepted": r.intercepted.strict(), "lost": r.lost.loose(), "impacts": r.impacts.loose(),
	} {
		table.Optional(b.Int32, name, c.N, c.Known)
	}
	if r.rows > 0 {
		b.Timestamp("window_start_utc", r.window.Start)
		b.Timestamp("window_end_utc", r.window.End)
	}
}
