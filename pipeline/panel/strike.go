package panel

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// strike is one version of one row of a bulletin or event list. There may be
// very many, so what they share lies apart.
type strike struct {
	window hour.Interval
	*strikeFacts
	id uint32 // number among Inputs.strikeIDs; 0 where every row stands for itself
}

// strikeFacts are what strike rows share.
type strikeFacts struct {
	origin
	area      area.ID // finest area that holds the row
	named     string  // areas that the row names, parted by |
	alone     bool    // it names area and nothing else
	publisher string
	byDate    bool // known by date only
	weapon    string
	target    string  // target_class; unknown where it was set because of an outage
	prob      float64 // of target; 1 where the source is not a classifier
	launched, intercepted,
	lost, impacts source.Count
}

// known returns the time from which the row can be known.
func (s *strike) known() hour.Instant { return s.knownFrom(s.window.End) }

// names reports whether the row names an area.
func (f *strikeFacts) names(id area.ID) bool {
	for name := range f.allNamed() {
		if name == id {
			return true
		}
	}
	return false
}

// allNamed yields the areas that the row names.
func (f *strikeFacts) allNamed() iter.Seq[area.ID] {
	return func(yield func(area.ID) bool) {
		for id := range strings.SplitSeq(f.named, "|") {
			if f.named == "" || !yield(area.ID(id)) {
				return
			}
		}
	}
}

func (in *Inputs) addStrikes(t *table.Table) error {
	areas, ids, named, alone := in.places(t), in.coded(t, "strike_id"), in.texts(t, "areas_named"), t.Bool("named_alone")
	publishers, starts, ends, precisions := in.texts(t, "publisher"), t.Timestamp("start_utc"), t.Timestamp("end_utc"), in.texts(t, "time_precision")
	weapons, targets, probs, circular := in.texts(t, "weapon"), in.texts(t, "target_class"), t.Float64("target_prob"), t.Bool("class_uses_outcome")
	vintages := in.vintagesOf(t)
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
	for row := range t.Rows() {
		a, err := areas.of(row)
		if err != nil {
			return err
		}
		s := strike{window: hour.Interval{Start: table.Instant(starts, row), End: table.Instant(ends, row)}}
		precision := precisions.of(row)
		facts := strikeFacts{
			origin: vintages.originOf(row), area: a.id, named: named.of(row), alone: alone.Value(row), publisher: publishers.of(row),
			byDate: precision == "day" || precision == "week" || precision == "month",
			weapon: weapons.of(row), target: targets.of(row), prob: 1,
			launched: launched(row), intercepted: intercepted(row), lost: lost(row), impacts: impacts(row),
		}
		if facts.knownFrom(s.window.End) > in.settings.AsOf {
			continue
		}
		s.id = in.strikeIDs.add(ids.Words.Value(int(ids.Codes[row])))
		if circular.Value(row) {
			facts.target = "unknown" // methods.md 7.4
		}
		if probs.IsValid(row) {
			facts.prob = probs.Value(row)
		}
		s.strikeFacts = in.strikeFacts.all[in.strikeFacts.of(facts, s.id != 0 && facts.seen != hour.DistantPast)]
		in.strikes = append(in.strikes, s)
	}
	return nil
}

// counted reports whether a row is a strike at all.
func (s *strike) counted() bool { return s.weapon != "reconnaissance" }

// energy tells for a row whether it certainly or possibly struck energy
// (methods.md 7.2): certainly with a class of energy of probability 0.9 or
// more, possibly with one of 0.1 or more, an unknown target, or another class
// that leaves energy a probability of 0.1 or more.
func (s *strike) energy() (certain, possible bool) {
	switch {
	case s.target == "unknown":
		return false, true
	case slices.Contains(table.EnergyClasses, s.target):
		return s.prob >= 0.9, s.prob >= 0.1
	}
	return false, s.prob <= 0.9
}

// A sighting is a strike row as one area sees it.
type sighting struct {
	*strike
	inside   bool // the row's area is this one or a part of it
	certain  bool // and so is the strike: the name of the row's area means no other
	repeated bool // it may be an event that a row of another source has told already
}

// currentStrikes returns the rows that count at the as-of: those that have an
// id in its order, then those that stand for themselves.
func (in *Inputs) currentStrikes() []*strike {
	var named, alone []*strike
	for i := range in.strikes {
		switch s := &in.strikes[i]; {
		case s.known() > in.settings.AsOf:
		case s.id != 0:
			named = append(named, s)
		case !s.retracted:
			alone = append(alone, s)
		}
	}
	id := func(s *strike) string { return in.strikeIDs.of(s.id) }
	slices.SortStableFunc(named, func(a, b *strike) int { return strings.Compare(id(a), id(b)) })
	last := named[:0]
	for from, to := 0, 0; from < len(named); from = to {
		newest := named[from]
		for to = from + 1; to < len(named) && id(named[to]) == id(newest); to++ {
			if !before(&named[to].origin, &newest.origin) {
				newest = named[to]
			}
		}
		if !newest.retracted {
			last = append(last, newest)
		}
	}
	return append(last, alone...)
}

// strikesByArea gives each area the rows that can concern it, in the order of
// their ids: those of the area and its parts, of areas that hold it, of areas
// whose name takes it in, and those that name it (methods.md 4.6). Only rows of
// the declared publisher count.
func (in *Inputs) strikesByArea(g *area.Gazetteer) (map[area.ID][]sighting, error) {
	last := in.currentStrikes()
	parts := map[area.ID][]area.ID{}
	for _, a := range g.Areas() {
		parts[a.Parent] = append(parts[a.Parent], a.ID)
	}
	byArea := map[area.ID][]sighting{}
	for _, s := range last {
		if in.settings.StrikePublisher != "" && s.publisher != in.settings.StrikePublisher {
			continue
		}
		own, ok := g.Get(s.area)
		if !ok {
			return nil, fmt.Errorf("strike %s names area %q, which is not in the area table", in.strikeIDs.of(s.id), s.area)
		}
		also, ambiguous := in.settings.TakesIn[s.area]
		see := func(id area.ID, inside, certain bool) {
			if list := byArea[id]; len(list) == 0 || list[len(list)-1].strike != s {
				byArea[id] = append(list, sighting{strike: s, inside: inside, certain: certain})
			}
		}
		see(own.ID, true, !ambiguous)
		for a := own; a.Parent != ""; {
			a, _ = g.Get(a.Parent)
			see(a.ID, true, true)
		}
		var seeParts func(id area.ID)
		seeParts = func(id area.ID) {
			for _, part := range parts[id] {
				see(part, false, false)
				seeParts(part)
			}
		}
		seeParts(own.ID)
		if ambiguous {
			see(also, false, false)
		}
		for id := range s.allNamed() {
			see(id, false, false)
		}
	}
	for _, list := range byArea {
		markRepeated(list)
	}
	return byArea, nil
}

// lasting returns the window of a strike; that of a moment lasts an instant.
func (s *strike) lasting() hour.Interval {
	return hour.Interval{Start: s.window.Start, End: max(s.window.End, s.window.Start+1)}
}

// strikeSpans returns the spans of the sources of strikes, by country: a source
// that lists one area of a country lists them all.
func (in *Inputs) strikeSpans(g *area.Gazetteer, byArea map[area.ID][]sighting) map[area.ID]spans {
	byCountry := map[area.ID]spans{}
	for id, list := range byArea {
		root := g.Root(id)
		if id != root {
			continue // the country sees every row
		}
		byCountry[root] = spans{}
		for _, s := range list {
			byCountry[root].add(s.source, s.lasting())
		}
	}
	return byCountry
}

// dayStrikes is an area's strike rows on one civil day, as bounds.
type dayStrikes struct {
	known          bool // a bulletin or event list speaks of some part of the day
	whole          bool // and of all of it: the upper bounds hold
	events, energy unit.Bounds[int32]
	flags          int32
}

// strikesOfDay counts the rows whose windows lie within each civil day (lower
// bound) or touch it (upper bound), certain and possible places likewise
// (methods.md 4.6); of rows that may be of one event the lower bound counts one
// (7.3). Without the bulletins of both nights that the day takes
// part in there is no upper bound.
func (p *pass) strikesOfDay() []dayStrikes {
	days := p.strikesKnown(zeroed(&p.scratch.strikeDays, p.calendar.Days()), p.calendar)
	for _, s := range p.strikes {
		if !s.counted() {
			continue
		}
		certainEnergy, possibleEnergy := s.energy()
		for d := range p.daysOf(s.window) {
			day := &days[d-p.calendar.First]
			inside := s.certain && !s.repeated && s.window.Within(p.calendar.Interval(d))
			add(&day.events, inside, true)
			add(&day.energy, inside && certainEnergy, possibleEnergy)
		}
	}
	return days
}

// strikesKnown sets days, which are empty, to what bulletins or event lists speak of
// in a calendar.
func (p *pass) strikesKnown(days []dayStrikes, c *hour.Calendar) []dayStrikes {
	record := p.spans.strikes.all()
	for i := range days {
		d := c.First + hour.Day(i)
		switch {
		case p.in.settings.StrikePublisher == "":
			known := inside(c.Interval(d), record) > 0
			days[i].known, days[i].whole = known, known
		case p.nightly != nil:
			days[i].whole = p.nightly.bulletin(d) && p.nightly.bulletin(d+1)
			days[i].known = p.nightly.bulletin(d) || p.nightly.has(nightKey{d, "day"}) || p.nightly.has(nightKey{d + 1, "night"})
			if !days[i].whole {
				days[i].flags |= table.FlagNoBulletin
			}
		}
	}
	return days
}

// writeStrikes sets the days' columns of area_day.
func writeStrikes(b *table.Columns, days []dayStrikes) {
	b.Int32("strikes_n_lo", func(i int) (int32, bool) { return days[i].events.Lo, days[i].known })
	b.Int32("strikes_n_hi", func(i int) (int32, bool) { return days[i].events.Hi, days[i].whole })
	b.Int32("strikes_energy_lo", func(i int) (int32, bool) { return days[i].energy.Lo, days[i].known })
	b.Int32("strikes_energy_hi", func(i int) (int32, bool) { return days[i].energy.Hi, days[i].whole })
}

// add counts one row into bounds.
func add(b *unit.Bounds[int32], certainly, possibly bool) {
	if certainly {
		b.Lo++
	}
	if possibly {
		b.Hi++
	}
}
