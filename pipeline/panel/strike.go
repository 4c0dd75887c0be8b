package panel

import (
	"fmt"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// strike is one row of a bulletin or event list.
type strike struct {
	id        string
	area      area.ID   // finest area that holds the row
	named     []area.ID // areas that the row names
	alone     bool      // it names area and nothing else
	publisher string
	source    string
	window    hour.Interval
	byDate    bool // known by date only
	weapon    string
	target    string
	prob      float64 // of the target class; 1 where the source is not a classifier
	launched, intercepted,
	lost, impacts source.Count
	version   hour.Instant
	retracted bool
}

func (in *Inputs) addStrikes(t *table.Table) {
	ids, areas, named, alone := t.String("strike_id"), t.String("area_id"), t.String("areas_named"), t.Bool("named_alone")
	publishers, sources := t.String("publisher"), t.String("source_id")
	starts, ends, precisions := t.Timestamp("start_utc"), t.Timestamp("end_utc"), t.String("time_precision")
	weapons, targets, probs := t.String("weapon"), t.String("target_class"), t.Float64("target_prob")
	seen, retracted := t.Timestamp("first_seen_utc"), t.Bool("retracted")
	count := func(name string) func(int) source.Count {
		column := t.Int32(name)
		return func(row int) source.Count {
			if !column.IsValid(row) {
				return source.Count{}
			}
			return source.Counted(column.Value(row))
		}
	}
	launched, intercepted, lost, impacts := count("launched"), count("intercepted"), count("lost"), count("impacts")
	words := map[string]string{}
	intern := func(s string) string {
		if w, ok := words[s]; ok {
			return w
		}
		s = strings.Clone(s)
		words[s] = s
		return s
	}
	for row := range t.Rows() {
		window := hour.Interval{Start: table.Instant(starts, row), End: table.Instant(ends, row)}
		version, ok := in.known(table.Instant(seen, row), seen.IsValid(row), window.End)
		if !ok {
			continue
		}
		s := strike{
			id: strings.Clone(ids.Value(row)), area: area.ID(intern(areas.Value(row))), alone: alone.Value(row),
			publisher: intern(publishers.Value(row)), source: intern(sources.Value(row)), window: window,
			byDate: slices.Contains([]string{"day", "week", "month"}, precisions.Value(row)),
			weapon: intern(weapons.Value(row)), target: intern(targets.Value(row)), prob: 1,
			launched: launched(row), intercepted: intercepted(row), lost: lost(row), impacts: impacts(row),
			version: version, retracted: retracted.Value(row),
		}
		if probs.IsValid(row) {
			s.prob = probs.Value(row)
		}
		if named.IsValid(row) {
			for _, id := range strings.Split(named.Value(row), "|") {
				s.named = append(s.named, area.ID(intern(id)))
			}
		}
		in.area(string(s.area))
		in.cover(t, s.source, hour.Interval{Start: window.Start, End: max(window.End, window.Start+1)})
		in.strikes = append(in.strikes, s)
	}
}

// national reports whether a row belongs to the family that makes totals.
func (in *Inputs) national(s *strike) bool {
	return in.settings.StrikePublisher == "" || s.publisher == in.settings.StrikePublisher
}

// counted reports whether a row is a strike at all.
func (s *strike) counted() bool { return s.weapon != "reconnaissance" }

// strikesByArea gives each area the rows that can concern it, in the order of
// their ids: its own, those of areas that hold it or that it holds, and those
// whose area's name takes it in. Only the last version of a row counts, and
// only rows of the declared publisher.
func (in *Inputs) strikesByArea(g *area.Gazetteer) (map[area.ID][]*strike, error) {
	last := map[string]int{}
	for i := range in.strikes {
		s := &in.strikes[i]
		if j, ok := last[s.id]; !ok || s.version >= in.strikes[j].version {
			last[s.id] = i
		}
	}
	relatives := map[area.ID][]area.ID{}
	byArea := map[area.ID][]*strike{}
	for i := range in.strikes {
		s := &in.strikes[i]
		if last[s.id] != i || s.retracted || !in.national(s) {
			continue
		}
		ids, ok := relatives[s.area]
		if !ok {
			own, found := g.Get(s.area)
			if !found {
				return nil, fmt.Errorf("strike %s names area %q, which is not in the area table", s.id, s.area)
			}
			for j := range g.Areas() {
				other := &g.Areas()[j]
				if other.ID == s.area || ancestor(g, other, s.area) || ancestor(g, own, other.ID) || in.settings.TakesIn[s.area] == other.ID {
					ids = append(ids, other.ID)
				}
			}
			relatives[s.area] = ids
		}
		for _, id := range ids {
			byArea[id] = append(byArea[id], s)
		}
	}
	return byArea, nil
}

// certain reports whether a row of the pass's area lies wholly inside it. A
// row of an area whose name takes in another is certain for neither.
func (p *pass) certain(s *strike) bool {
	if p.country {
		return true
	}
	_, ambiguous := p.in.settings.TakesIn[s.area]
	return s.area == p.area.ID && !ambiguous
}

// energy tells for a row whether it certainly or possibly struck energy
// (methods.md 7.2): a class of energy with probability 0.9 or more, and one
// with 0.1 or more or an unknown target.
func (s *strike) energy() (certain, possible bool) {
	class := slices.Contains(table.EnergyClasses, s.target)
	return class && s.prob >= 0.9, class && s.prob >= 0.1 || s.target == "unknown"
}

// dayStrikes is an area's strike rows on one civil day, as bounds.
type dayStrikes struct {
	known          bool
	events, energy unit.Bounds[int32]
	flags          int32
}

// strikesOfDay counts the rows whose windows lie within each civil day (lower
// bound) or touch it (upper bound), certain and possible places likewise
// (methods.md 4.6).
func (p *pass) strikesOfDay() []dayStrikes {
	days := make([]dayStrikes, p.calendar.Days())
	for i := range days {
		d := p.calendar.First + hour.Day(i)
		if p.in.settings.StrikePublisher == "" {
			for key, span := range p.in.spans {
				days[i].known = days[i].known || key.table == table.Strike.Name && p.calendar.Interval(d).Touches(span)
			}
			continue
		}
		if p.nightly == nil {
			continue
		}
		parts := 0
		for _, k := range []nightKey{{d, "night"}, {d, "day"}, {d + 1, "night"}} {
			if p.nightly.has(k) {
				parts++
			}
		}
		byDate := p.nightly.has(nightKey{d, "date"})
		days[i].known = parts > 0 || byDate
		if !p.nightly.has(nightKey{d, "night"}) && !byDate {
			days[i].flags |= table.FlagNoBulletin
		}
	}
	for _, s := range p.strikes {
		if !s.counted() {
			continue
		}
		certainEnergy, possibleEnergy := s.energy()
		for d := range p.daysOf(s.window) {
			day := &days[d-p.calendar.First]
			inside := p.certain(s) && s.window.Within(p.calendar.Interval(d))
			add(&day.events, inside, true)
			add(&day.energy, inside && certainEnergy, possibleEnergy)
		}
	}
	return days
}

func add(b *unit.Bounds[int32], lo, hi bool) {
	if lo {
		b.Lo++
	}
	if hi {
		b.Hi++
	}
}
