package index

import (
	"cmp"
	"slices"

	"hardship/pipeline/hour"
)

// A Sighting is one source's record of an event: where, when at the earliest and
// the latest, of which kind.
type Sighting struct {
	hour.Interval
	Area, Kind, Source string
}

// EventGroups gives sightings that may be of one event one number, from 0 in the
// order of the first of each (methods.md 7.3): those of one area and kind whose
// spans touch, from different sources. Two sightings of one source are two
// events, however near: a source does not report one twice. Each joins the group
// of the sighting that begins first, and is left apart where that has its source
// already. The order of the list does not matter.
func EventGroups(list []Sighting) []int {
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := list[a], list[b]
		return cmp.Or(cmp.Compare(x.Area, y.Area), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Start, y.Start),
			cmp.Compare(x.End, y.End), cmp.Compare(x.Source, y.Source))
	})
	type group struct {
		span    hour.Interval // from its first start to its last end
		sources []string
	}
	numbers := make([]int, len(list))
	var groups []group
	var open []int // groups of the area and kind
	for place, i := range order {
		s := list[i]
		if place == 0 || list[order[place-1]].Area != s.Area || list[order[place-1]].Kind != s.Kind {
			open = open[:0]
		}
		open = slices.DeleteFunc(open, func(g int) bool { return groups[g].span.End < s.Start }) // no later one touches it
		joined := slices.IndexFunc(open, func(g int) bool {
			return s.Touches(groups[g].span) && !slices.Contains(groups[g].sources, s.Source)
		})
		if joined < 0 {
			open = append(open, len(groups))
			groups = append(groups, group{s.Interval, []string{s.Source}})
			numbers[i] = len(groups) - 1
			continue
		}
		g := &groups[open[joined]]
		g.span.End = max(g.span.End, s.End)
		g.sources = append(g.sources, s.Source)
		numbers[i] = open[joined]
	}
	return numbers
}

// A Chapman is how many events there may be, by two lists of them.
type Chapman struct{ Estimate, Variance float64 }

// ChapmanOf estimates the number of events of which one source has first, another
// second, and both has both (methods.md 7.3):
//
//	N̂ = (n₁+1)(n₂+1)/(m+1) − 1
//	var = (n₁+1)(n₂+1)(n₁−m)(n₂−m) / ((m+1)²(m+2))
//
// It takes the lists for independent. Media read one another, so it is a rough
// lower guide and a diagnostic, never a count.
func ChapmanOf(first, second, both int) Chapman {
	n1, n2, m := float64(first), float64(second), float64(both)
	return Chapman{
		Estimate: (n1+1)*(n2+1)/(m+1) - 1,
		Variance: (n1 + 1) * (n2 + 1) * (n1 - m) * (n2 - m) / ((m + 1) * (m + 1) * (m + 2)),
	}
}
