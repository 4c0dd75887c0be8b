package panel

import (
	"maps"
	"math"
	"slices"

	"hardship/pipeline/index"
	"hardship/pipeline/table"
)

// markRepeated leaves of the rows that may be of one event (methods.md 7.3) the one
// that says most certainly when it was and what it struck; the others may be more
// events, and so are in upper bounds only. Events are of one area, so that whoever
// sees all its rows sees the same.
func (x *areaStrikes) markRepeated() {
	if len(x.sources) < 2 {
		return // a source does not tell of an event twice
	}
	var counted []told
	var rows []int
	row := 0
	for s := range x.all() {
		if s.counted() {
			counted, rows = append(counted, s), append(rows, row)
		}
		row++
	}
	x.repeated = make([]bool, row)
	best := map[int]int{} // by group
	for i, group := range eventGroups(counted) {
		was, ok := best[group]
		switch {
		case !ok:
			best[group] = i
		case counted[i].surer(counted[was]):
			best[group], x.repeated[rows[was]] = i, true
		default:
			x.repeated[rows[i]] = true
		}
	}
}

// eventGroups numbers the events that rows of an area may be of.
func eventGroups(list []told) []int {
	sightings := make([]index.Sighting, len(list))
	for i, s := range list {
		sightings[i] = index.Sighting{Interval: s.lasting(), Kind: s.weapon, Source: s.source}
	}
	return index.EventGroups(sightings)
}

// surer reports whether s says more certainly than another what happened.
func (s told) surer(other told) bool {
	mine, _ := s.energy()
	if its, _ := other.energy(); mine != its {
		return mine
	}
	if mine, its := s.window.Length(), other.window.Length(); mine != its {
		return mine < its
	}
	return s.source < other.source // whichever came first
}

// severalStrikeSources reports whether two sources tell of the area's strikes.
func (p *pass) severalStrikeSources() bool {
	for i := range p.strikes {
		for _, source := range p.strikes[i].sources {
			if source != p.strikes[0].sources[0] {
				return true
			}
		}
	}
	return false
}

// strikeOverlap makes the area's rows of strike_overlap, of the rows that are
// certainly inside it and whose windows lie in the days that may be published.
func (p *pass) strikeOverlap() *table.Table {
	b := table.NewBuilder(table.StrikeOverlap)
	if p.calendar.Days() == 0 || !p.severalStrikeSources() {
		return b.Table()
	}
	span := p.calendar.Span()
	type pair struct{ source, other string }
	events, both := map[string]int{}, map[pair]int{}
	for i := range p.strikes {
		var rows []told
		for s := range p.strikes[i].all() {
			if s.counted() && p.strikes[i].certain && s.window.Within(span) {
				rows = append(rows, s)
			}
		}
		sources := map[int][]string{} // by event
		for k, group := range eventGroups(rows) {
			source := rows[k].source
			events[source]++
			sources[group] = append(sources[group], source)
		}
		for _, told := range sources {
			for _, source := range told {
				for _, other := range told {
					both[pair{source, other}]++
				}
			}
		}
	}
	names := slices.Sorted(maps.Keys(events))
	for i, source := range names {
		for _, other := range names[i+1:] {
			of := both[pair{source, other}]
			estimate := index.ChapmanOf(events[source], events[other], of)
			b.Row()
			b.String("area_id", string(p.area.ID))
			b.String("source_id", source)
			b.String("other_source_id", other)
			b.Int32("source_events", int32(events[source]))
			b.Int32("other_source_events", int32(events[other]))
			b.Int32("both_events", int32(of))
			b.Float64("chapman_events", estimate.Estimate)
			b.Float64("chapman_se", math.Sqrt(estimate.Variance))
		}
	}
	return b.Table()
}
