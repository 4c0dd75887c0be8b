package panel

import (
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
	seen   hour.Instant // first_seen_utc; the distant past for a source without vintages
	facts  uint32       // number among Inputs.strikeFacts
	id     uint32       // number among Inputs.strikeIDs; 0 where every row stands for itself
}

// strikeFacts are what strike rows share, of whichever area.
type strikeFacts struct {
	source    string
	retracted bool
	named     string // areas that the row names, parted by |
	alone     bool   // it names its own area and nothing else
	publisher string
	byDate    bool // known by date only
	weapon    string
	target    string  // target_class; unknown where it was set because of an outage
	prob      float64 // of target; 1 where the source is not a classifier
	launched, intercepted,
	lost, impacts source.Count
}

// origin says which version of which source's row a strike is.
func (s *strike) origin(f *strikeFacts) origin { return origin{f.source, s.seen, f.retracted} }

// known returns the time from which the row can be known.
func (s *strike) known() hour.Instant {
	o := origin{seen: s.seen}
	return o.knownFrom(s.window.End)
}

// lasting returns the window of a strike; that of a moment lasts an instant.
func (s *strike) lasting() hour.Interval {
	return hour.Interval{Start: s.window.Start, End: max(s.window.End, s.window.Start+1)}
}

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
	return namedIn(f.named)
}

// namedIn yields the areas that a text of areas_named names.
func namedIn(text string) iter.Seq[area.ID] {
	return func(yield func(area.ID) bool) {
		for id := range strings.SplitSeq(text, "|") {
			if text == "" || !yield(area.ID(id)) {
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
	stated := probs.NullN() < probs.Len() // a row says more than its codes
	count := func(name string) func(int) source.Count {
		column := t.Int32(name)
		stated = stated || column.NullN() < column.Len()
		return func(row int) source.Count {
			if !column.IsValid(row) {
				return source.Count{}
			}
			return source.Counted(column.Value(row))
		}
	}
	launched, intercepted, lost, impacts := count("launched"), count("intercepted"), count("lost"), count("impacts")
	// Most lists say nothing of what was launched, and mean their classes: then rows
	// are alike whose codes are.
	type likeness struct {
		source, named, publisher, precision, weapon, target int32
		alone, circular, retracted                          bool
	}
	var alike map[likeness]uint32
	if !stated {
		alike = map[likeness]uint32{}
	}
	for row := range t.Rows() {
		a, err := areas.of(row)
		if err != nil {
			return err
		}
		s := strike{window: hour.Interval{Start: table.Instant(starts, row), End: table.Instant(ends, row)}, seen: hour.DistantPast}
		if vintages.seen.IsValid(row) {
			s.seen = table.Instant(vintages.seen, row)
		}
		if s.known() > in.settings.AsOf {
			continue
		}
		is := likeness{
			vintages.sources.codes[row], named.codes[row], publishers.codes[row], precisions.codes[row], weapons.codes[row], targets.codes[row],
			alone.Value(row), circular.Value(row), vintages.retracted.Value(row),
		}
		number, known := alike[is]
		if !known {
			precision := precisions.of(row)
			facts := strikeFacts{
				source: vintages.sources.of(row), retracted: is.retracted, named: named.of(row), alone: is.alone, publisher: publishers.of(row),
				byDate: precision == "day" || precision == "week" || precision == "month",
				weapon: weapons.of(row), target: targets.of(row), prob: 1,
				launched: launched(row), intercepted: intercepted(row), lost: lost(row), impacts: impacts(row),
			}
			if is.circular {
				facts.target = "unknown" // methods.md 7.4
			}
			if probs.IsValid(row) {
				facts.prob = probs.Value(row)
			}
			number = in.strikeFacts.of(facts, false)
			if alike != nil {
				alike[is] = number
			}
		}
		s.facts, s.id = number, in.strikeIDs.add(ids.Words.Value(int(ids.Codes[row])))
		a.strikes.append(s)
		a.keepNamed(named.of(row))
	}
	return nil
}

// keepNamed remembers which texts of areas_named rows of the area have, but for its
// own id.
func (a *inputArea) keepNamed(named string) {
	if named == "" || named == string(a.id) || a.named[named] {
		return
	}
	if a.named == nil {
		a.named = map[string]bool{}
	}
	a.named[named] = true
}

// counted reports whether a row is a strike at all.
func (f *strikeFacts) counted() bool { return f.weapon != "reconnaissance" }

// energy tells for a row whether it certainly or possibly struck energy
// (methods.md 7.2): certainly with a class of energy of probability 0.9 or
// more, possibly with one of 0.1 or more, an unknown target, or another class
// that leaves energy a probability of 0.1 or more.
func (f *strikeFacts) energy() (certain, possible bool) {
	switch {
	case f.target == "unknown":
		return false, true
	case slices.Contains(table.EnergyClasses, f.target):
		return f.prob >= 0.9, f.prob >= 0.1
	}
	return false, f.prob <= 0.9
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
	for s := range p.sightings() {
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
