package panel

import (
	"maps"
	"math"
	"slices"

	"hardship/pipeline/index"
	"hardship/pipeline/table"
)

// markRepeated leaves of the rows that may be of one event (methods.md 7.3) the one
// that says most certainly where and when it was; the others may be more events, and
// so are in upper bounds only.
func markRepeated(list []sighting) {
	if ofOneSource(list) {
		return
	}
	var counted []int
	for i := range list {
		if list[i].counted() {
			counted = append(counted, i)
		}
	}
	best := map[int]int{} // by group
	for k, group := range eventGroups(list, counted) {
		i := counted[k]
		was, ok := best[group]
		switch {
		case !ok:
			best[group] = i
		case list[i].surer(&list[was]):
			best[group], list[was].repeated = i, true
		default:
			list[i].repeated = true
		}
	}
}

// ofOneSource reports whether no two sources tell of strikes: one does not tell of
// an event twice.
func ofOneSource(list []sighting) bool {
	return !slices.ContainsFunc(list, func(s sighting) bool { return s.source != list[0].source })
}

// eventGroups numbers the events that some rows of a list may be of.
func eventGroups(list []sighting, rows []int) []int {
	told := make([]index.Sighting, len(rows))
	for k, i := range rows {
		s := &list[i]
		told[k] = index.Sighting{Interval: s.lasting(), Area: string(s.area), Kind: s.weapon, Source: s.source}
	}
	return index.EventGroups(told)
}

// surer reports whether s says more certainly than another what happened.
func (s *sighting) surer(other *sighting) bool {
	if s.certain != other.certain {
		return s.certain
	}
	mine, _ := s.energy()
	if its, _ := other.energy(); mine != its {
		return mine
	}
	if mine, its := s.window.Length(), other.window.Length(); mine != its {
		return mine < its
	}
	return s.source < other.source // whichever came first
}

// strikeOverlap makes the area's rows of strike_overlap, of the rows that are
// certainly inside it and whose windows lie in the days that may be published.
func (p *pass) strikeOverlap() *table.Table {
	b := table.NewBuilder(table.StrikeOverlap)
	if p.calendar.Days() == 0 || ofOneSource(p.strikes) {
		return b.Table()
	}
	span := p.calendar.Span()
	var rows []int
	for i := range p.strikes {
		if s := &p.strikes[i]; s.counted() && s.certain && s.window.Within(span) {
			rows = append(rows, i)
		}
	}
	events, sources := map[string]int{}, map[int][]string{}
	for k, group := range eventGroups(p.strikes, rows) {
		source := p.strikes[rows[k]].source
		events[source]++
		sources[group] = append(sources[group], source)
	}
	type pair struct{ source, other string }
	both := map[pair]int{}
	for _, told := range sources {
		for _, source := range told {
			for _, other := range told {
				both[pair{source, other}]++
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
