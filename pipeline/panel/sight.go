package panel

import (
	"fmt"
	"iter"
	"slices"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
)

// A view is how an area sees the strikes that lie in one.
type view struct {
	position int  // of the area in which they lie, in Inputs.areas
	inside   bool // it is the area itself or a part of it
	certain  bool // and so are the strikes: its name means no other
	named    bool // only those that name the area are seen
}

// A horizon says which strikes areas see (methods.md 4.6): their own and those of
// their parts, of areas that hold them, of areas whose name takes them in, and those
// that name them.
type horizon struct {
	in        *Inputs
	gazetteer *area.Gazetteer
	parts     map[area.ID][]area.ID
	takers    map[area.ID][]area.ID // areas whose names take one in
	namers    map[area.ID][]area.ID // areas with rows that name one
}

func (in *Inputs) horizon(g *area.Gazetteer) (*horizon, error) {
	h := &horizon{in: in, gazetteer: g, parts: map[area.ID][]area.ID{}, takers: map[area.ID][]area.ID{}, namers: map[area.ID][]area.ID{}}
	for i := range g.Areas() {
		if a := &g.Areas()[i]; a.Parent != "" {
			h.parts[a.Parent] = append(h.parts[a.Parent], a.ID)
		}
	}
	for _, a := range in.areas {
		if !a.struck() {
			continue
		}
		if _, ok := g.Get(a.id); !ok {
			return nil, fmt.Errorf("strikes lie in area %q, which is not in the area table", a.id)
		}
		if also, ok := in.settings.TakesIn[a.id]; ok {
			h.takers[also] = append(h.takers[also], a.id)
		}
		named := map[area.ID]bool{}
		for text := range a.named {
			for id := range namedIn(text) {
				named[id] = true
			}
		}
		for id := range named {
			h.namers[id] = append(h.namers[id], a.id)
		}
	}
	return h, nil
}

// holds reports whether an area is another or holds it.
func (h *horizon) holds(whole, part area.ID) bool {
	for part != whole {
		a, ok := h.gazetteer.Get(part)
		if !ok || a.Parent == "" {
			return false
		}
		part = a.Parent
	}
	return true
}

// of returns what an area sees, area by area; those in which no strike lies are left
// out.
func (h *horizon) of(id area.ID) []view {
	var views []view
	add := func(of area.ID, v view) {
		position, ok := h.in.position[string(of)]
		if ok && h.in.areas[position].struck() {
			v.position = position
			views = append(views, v)
		}
	}
	_, ambiguous := h.in.settings.TakesIn[id]
	add(id, view{inside: true, certain: !ambiguous})
	for a, ok := h.gazetteer.Get(id); ok && a.Parent != ""; {
		add(a.Parent, view{})
		a, ok = h.gazetteer.Get(a.Parent)
	}
	var addParts func(area.ID)
	addParts = func(whole area.ID) {
		for _, part := range h.parts[whole] {
			add(part, view{inside: true, certain: true})
			addParts(part)
		}
	}
	addParts(id)
	apart := func(from area.ID) bool { return !h.holds(from, id) && !h.holds(id, from) }
	for _, from := range h.takers[id] {
		if apart(from) {
			add(from, view{})
		}
	}
	for _, from := range h.namers[id] {
		if apart(from) && h.in.settings.TakesIn[from] != id {
			add(from, view{named: true})
		}
	}
	return views
}

// struck reports whether strikes lie in the area.
func (a *inputArea) struck() bool {
	return a.strikes.length > 0 || slices.ContainsFunc(a.pieces, func(p piece) bool { return p.lengths[strikesPart] > 0 })
}

// A strikesByArea is the strikes of all areas that count at the as-of: those that are
// held, and what it takes to find them among those that lie in files.
type strikesByArea struct {
	in    *Inputs
	moved map[string]placed
	held  []*areaStrikes // by position; nil where some lie in files
}

func (in *Inputs) strikesByArea() (*strikesByArea, error) {
	moved, err := in.strikesMoved(mostStrikeIDs)
	if err != nil {
		return nil, err
	}
	all := &strikesByArea{in, moved, make([]*areaStrikes, len(in.areas))}
	parallel(len(in.areas), in.settings.Threads, func(i int) {
		if a := in.areas[i]; len(a.pieces) == 0 && a.struck() {
			all.held[i] = in.currentStrikes(a, moved)
		}
	})
	return all, nil
}

// A seenStrikes is the strikes of one area as another sees them.
type seenStrikes struct {
	*areaStrikes
	view
}

// seen yields what an area sees, area by area, and leaves out those of which it sees
// no row.
func (all *strikesByArea) seen(id area.ID, views []view) iter.Seq2[seenStrikes, error] {
	return func(yield func(seenStrikes, error) bool) {
		for _, v := range views {
			strikes := all.held[v.position]
			if strikes == nil {
				of, a, err := all.in.withStrikes(all.in.areas[v.position])
				if err != nil {
					yield(seenStrikes{}, err)
					return
				}
				strikes = of.currentStrikes(a, all.moved)
			}
			if v.named {
				strikes = strikes.naming(id)
			}
			if strikes.rows.length > 0 && !yield(seenStrikes{strikes, v}, nil) {
				return
			}
		}
	}
}

// A sighting is a strike row as one area sees it.
type sighting struct {
	told
	inside   bool // the row's area is this one or a part of it
	certain  bool // and so is the strike: the name of the row's area means no other
	repeated bool // it may be an event that a row of another source has told already
}

// sightings yields the rows that can concern the area.
func (p *pass) sightings() iter.Seq[sighting] {
	return func(yield func(sighting) bool) {
		for i := range p.strikes {
			seen := &p.strikes[i]
			row := 0
			for s := range seen.all() {
				if !yield(sighting{s, seen.inside, seen.certain, seen.repeated != nil && seen.repeated[row]}) {
					return
				}
				row++
			}
		}
	}
}

// A nationwide is what all strikes that a country sees say together; of an area
// without one above it, all that it sees.
type nationwide struct {
	spans    spans                  // of the sources: one that lists one area of a country lists them all
	nightly  *nationalNights        // nil if no row says anything of them
	complete func(hour.Day) float64 // completeness of the rows; nil if it is not known
}

// nationwide looks at the strikes of a country, area by area. c is its calendar; nil
// makes no nights.
func (all *strikesByArea) nationwide(country *area.Area, views []view, c *hour.Calendar) (*nationwide, error) {
	n := &nationwide{spans: spans{}}
	nights, delays := &nationalNights{keys: map[nightKey]bool{}, sources: map[string]map[hour.Day]bool{}}, delaysIn(country.Location)
	for seen, err := range all.seen(country.ID, views) {
		if err != nil {
			return nil, err
		}
		n.spans.addStrikes(seen.areaStrikes)
		if delays.add(seen.areaStrikes); c != nil {
			nights.add(c, seen.areaStrikes)
			n.nightly = nights
		}
	}
	nights.sort()
	n.complete = delays.completeness(all.in.settings.AsOf)
	return n, nil
}

// addStrikes adds strikes to the spans of their sources.
func (s spans) addStrikes(strikes *areaStrikes) {
	last := (*strikeFacts)(nil)
	var span hour.Interval
	for row := range strikes.all() {
		v := row.lasting()
		if last == nil || last != row.strikeFacts && last.source != row.source {
			if last != nil {
				s.add(last.source, span)
			}
			span = v
		}
		last = row.strikeFacts
		span = hour.Interval{Start: min(span.Start, v.Start), End: max(span.End, v.End)}
	}
	if last != nil {
		s.add(last.source, span)
	}
}
