package panel

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
)

// An areaStrikes is the strike rows that lie in an area and count at the as-of, or
// those of them that name another. Where an order says something, those with an id
// come first, in its order, and then the others as they were read.
type areaStrikes struct {
	rows     blocks[strike] // seen is when the first version of each came to be known
	facts    []*strikeFacts // of the rows, by number
	sources  []string       // of the rows
	repeated []bool         // by row: it may be an event that a row of another source has told already; nil while none is
}

// A told is a strike row and what it shares with others.
type told struct {
	*strike
	*strikeFacts
}

// all yields the rows.
func (x *areaStrikes) all() iter.Seq[told] {
	return func(yield func(told) bool) {
		for s := range x.rows.all() {
			if !yield(told{s, x.facts[s.facts]}) {
				return
			}
		}
	}
}

// naming returns the rows that name an area.
func (x *areaStrikes) naming(id area.ID) *areaStrikes {
	some := &areaStrikes{facts: x.facts}
	for s := range x.all() {
		if s.names(id) {
			some.rows.append(*s.strike)
		}
	}
	some.settle()
	return some
}

// settle works out what depends on all rows.
func (x *areaStrikes) settle() {
	last := (*strikeFacts)(nil)
	for s := range x.all() {
		if s.strikeFacts == last {
			continue
		}
		if last = s.strikeFacts; !slices.Contains(x.sources, last.source) {
			x.sources = append(x.sources, last.source)
		}
	}
	x.markRepeated()
}

// A placed is where the versions of a strike lie that lie in several areas.
type placed struct {
	last  area.ID      // the area of the last version
	first hour.Instant // when the first came to be known
}

// currentStrikes finds the strikes of one area that count at the as-of. Only rows of
// the declared publisher do.
func (in *Inputs) currentStrikes(a *inputArea, moved map[string]placed) *areaStrikes {
	current := &areaStrikes{facts: in.strikeFacts.all}
	asOf := in.settings.AsOf
	counts := func(s *strike) bool {
		f := current.facts[s.facts]
		return !f.retracted && (in.settings.StrikePublisher == "" || f.publisher == in.settings.StrikePublisher)
	}
	all, named, several := true, 0, false
	source := ""
	for s := range a.strikes.all() {
		all = all && s.known() <= asOf && counts(s)
		if s.id != 0 {
			named++
		}
		of := current.facts[s.facts].source
		several = several || source != "" && of != source
		source = of
	}
	if all && (named == 0 || !several && !a.corrected && len(moved) == 0) {
		current.rows = a.strikes
	} else {
		for last := range in.lastStrikes(a, named, moved) {
			if counts(&last) {
				current.rows.append(last)
			}
		}
		for s := range a.strikes.all() {
			if s.id == 0 && s.known() <= asOf && counts(s) {
				current.rows.append(*s)
			}
		}
	}
	current.settle()
	return current
}

// lastStrikes yields the last versions that lie in an area of the strikes with an id,
// in its order; n is how many rows have one.
func (in *Inputs) lastStrikes(a *inputArea, n int, moved map[string]placed) iter.Seq[strike] {
	return func(yield func(strike) bool) {
		named := make([]*strike, 0, n)
		for s := range a.strikes.all() {
			if s.id != 0 && s.seen <= in.settings.AsOf {
				named = append(named, s)
			}
		}
		slices.SortFunc(named, func(a, b *strike) int { // of one id in the order read
			return cmp.Or(strings.Compare(in.strikeIDs.of(a.id), in.strikeIDs.of(b.id)), cmp.Compare(a.id, b.id))
		})
		for from, to := 0, 0; from < len(named); from = to {
			id, first := in.strikeIDs.of(named[from].id), named[from].seen
			var last *strike
			var version origin
			for to = from; to < len(named) && in.strikeIDs.of(named[to].id) == id; to++ {
				s := named[to]
				first = min(first, s.seen)
				if s.known() > in.settings.AsOf {
					continue
				}
				if one := s.origin(in.strikeFacts.all[s.facts]); last == nil || !before(&one, &version) {
					last, version = s, one
				}
			}
			place, several := moved[id]
			if last == nil || several && place.last != a.id {
				continue
			}
			counted := *last
			if counted.seen = first; several {
				counted.seen = place.first
			}
			if !yield(counted) {
				return
			}
		}
	}
}

// mostStrikeIDs is how many ids of strikes are compared at once.
const mostStrikeIDs = 1 << 20

// strikesMoved says, of each strike that its versions place in several areas, where
// the last of them does, and remembers of each area whether some row has versions.
// Ids are compared a share of some most after the other, and by a hash: only those that
// look as if they were in several areas are compared as they are.
func (in *Inputs) strikesMoved(most int) (map[string]placed, error) {
	n := in.strikesBefore + in.strikeIDs.length()
	if n == 0 {
		return nil, nil
	}
	shares := uint64(1 + n/most)
	held, alike := map[uint64]int{}, map[uint64]bool{} // area of an id; ids of several
	for share := range shares {
		clear(held)
		for i, a := range in.areas {
			of, lies, err := in.withStrikes(a)
			if err != nil {
				return nil, err
			}
			for s := range lies.strikes.all() {
				if s.id == 0 {
					continue
				}
				hash := hashOf(of.strikeIDs.of(s.id))
				if hash%shares != share {
					continue
				}
				if other, ok := held[hash]; !ok {
					held[hash] = i
				} else if other == i {
					a.corrected = true
				} else {
					alike[hash] = true
				}
			}
		}
	}
	if len(alike) == 0 {
		return nil, nil
	}
	return in.placesOf(alike)
}

// placesOf looks at all versions of the strikes whose ids have some hashes.
func (in *Inputs) placesOf(hashes map[uint64]bool) (map[string]placed, error) {
	type version struct {
		origin
		read int
		placed
		several, known bool
	}
	versions := map[string]version{}
	for _, a := range in.areas {
		of, lies, err := in.withStrikes(a)
		if err != nil {
			return nil, err
		}
		for s := range lies.strikes.all() {
			if s.id == 0 || s.seen > in.settings.AsOf {
				continue
			}
			id := of.strikeIDs.of(s.id)
			if !hashes[hashOf(id)] {
				continue
			}
			v, ok := versions[id]
			if !ok {
				id, v.last, v.first = strings.Clone(id), a.id, s.seen
			}
			v.several = v.several || v.last != a.id
			v.first = min(v.first, s.seen)
			if one, read := s.origin(of.strikeFacts.all[s.facts]), of.readAs(s); s.known() <= in.settings.AsOf {
				if !v.known || before(&v.origin, &one) || !before(&one, &v.origin) && v.read < read {
					v.origin, v.read, v.last, v.known = one, read, a.id, true
				}
			}
			versions[id] = v
		}
	}
	moved := map[string]placed{}
	for id, v := range versions {
		if v.several {
			moved[id] = v.placed
		}
	}
	return moved, nil
}

// hashOf is a hash of an id (FNV-1a).
func hashOf(id string) uint64 {
	hash := uint64(14695981039346656037)
	for i := range len(id) {
		hash = (hash ^ uint64(id[i])) * 1099511628211
	}
	return hash
}
