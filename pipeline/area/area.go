// Package area holds administrative areas and the gazetteer that resolves the
// names and codes by which sources call them.
//
// The key of an area is its P-code (COD-AB). The ISO 3166-2 suffix is another
// number for five of Ukraine's units. Kyiv city (UA80) and Kyiv oblast (UA32)
// are two areas and never merged.
package area

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"hardship/pipeline/internal/spelling"
)

// ID is the P-code of an area.
type ID string

// Country is the level of a whole country.
const Country = 0

// An Area is one administrative unit.
type Area struct {
	ID                 ID
	Parent             ID
	Level              int32 // 0 country, 1 oblast, 2 raion
	English            string
	Ukrainian          string
	Russian            string
	Aliases            []string
	ISO31662           string
	Location           *time.Location
	Population         int64 // 0 unknown
	PopulationYear     int32
	CustomersServed    int64   // 0 unknown
	PersonsPerCustomer float64 // 0 unknown
	ReportingClass     string
}

// Name returns the name to print: English, else Ukrainian, else the code.
func (a *Area) Name() string {
	switch {
	case a.English != "":
		return a.English
	case a.Ukrainian != "":
		return a.Ukrainian
	}
	return string(a.ID)
}

// A Gazetteer resolves names to areas.
type Gazetteer struct {
	areas  []Area // sorted by ID
	byName map[string]ID
}

// An UnknownError is a name that no area has.
type UnknownError struct {
	Name        string
	Suggestions []string // names that are close, nearest first
}

func (e *UnknownError) Error() string {
	if len(e.Suggestions) == 0 {
		return "no area has this name"
	}
	return fmt.Sprintf("no area has this name; did you mean %s?", strings.Join(e.Suggestions, " or "))
}

// NewGazetteer makes a gazetteer of areas. Every code, name and alias must
// lead to one area, and a parent must be listed and of a lower level than its
// children, so that parents never form a ring.
func NewGazetteer(areas []Area) (*Gazetteer, error) {
	g := &Gazetteer{areas: slices.Clone(areas), byName: map[string]ID{}}
	slices.SortStableFunc(g.areas, func(a, b Area) int { return strings.Compare(string(a.ID), string(b.ID)) })
	for i := range g.areas {
		a := &g.areas[i]
		switch {
		case a.ID == "":
			return nil, fmt.Errorf("an area named %q has no code", a.Name())
		case i > 0 && g.areas[i-1].ID == a.ID:
			return nil, fmt.Errorf("area %s is listed twice", a.ID)
		}
		for _, name := range append([]string{string(a.ID), a.ISO31662, a.English, a.Ukrainian, a.Russian}, a.Aliases...) {
			key := fold(name)
			if key == "" {
				continue
			}
			if other, ok := g.byName[key]; ok && other != a.ID {
				return nil, fmt.Errorf("the name %q belongs to both %s and %s", name, other, a.ID)
			}
			g.byName[key] = a.ID
		}
	}
	for i := range g.areas {
		a := &g.areas[i]
		if a.Parent == "" {
			continue
		}
		switch parent, ok := g.Get(a.Parent); {
		case !ok:
			return nil, fmt.Errorf("area %s has the parent %s, which is not listed", a.ID, a.Parent)
		case parent.Level >= a.Level:
			return nil, fmt.Errorf("area %s of level %d has the parent %s of level %d", a.ID, a.Level, parent.ID, parent.Level)
		}
	}
	return g, nil
}

// Areas returns the areas in the order of their IDs. The caller must not
// change them.
func (g *Gazetteer) Areas() []Area { return g.areas }

// Get returns the area of an ID; a nil Gazetteer has none.
func (g *Gazetteer) Get(id ID) (*Area, bool) {
	if g == nil {
		return nil, false
	}
	i, ok := slices.BinarySearchFunc(g.areas, id, func(a Area, id ID) int { return strings.Compare(string(a.ID), string(id)) })
	if !ok {
		return nil, false
	}
	return &g.areas[i], true
}

// Root returns the area at the top of an area's parents: the area itself where
// it has none.
func (g *Gazetteer) Root(id ID) ID {
	for {
		a, ok := g.Get(id)
		if !ok || a.Parent == "" {
			return id
		}
		id = a.Parent
	}
}

// Resolve returns the area that has name as its code, name or alias. Letter
// case, spaces, apostrophes, hyphens and full stops do not matter, and the words
// for an oblast are one (see fold). The match is otherwise exact: nothing is cut
// off a name to make it fit, or Kyiv oblast would become the city. A name that
// no area has gives an *UnknownError; a nil Gazetteer has none.
func (g *Gazetteer) Resolve(name string) (ID, error) {
	if g == nil {
		return "", &UnknownError{name, nil}
	}
	if id, ok := g.byName[fold(name)]; ok {
		return id, nil
	}
	return "", &UnknownError{name, g.suggest(name)}
}

// suggest returns the names of up to three areas that may be meant.
func (g *Gazetteer) suggest(name string) []string {
	key := []rune(fold(name))
	type near struct {
		distance int
		label    string
	}
	best := map[ID]near{}
	for folded, id := range g.byName {
		d, close := spelling.Within(key, []rune(folded))
		if !close {
			continue
		}
		a, _ := g.Get(id)
		if b, ok := best[id]; !ok || d < b.distance {
			best[id] = near{d, fmt.Sprintf("%q (%s)", a.Name(), id)}
		}
	}
	found := make([]near, 0, len(best))
	for _, n := range best {
		found = append(found, n)
	}
	slices.SortFunc(found, func(a, b near) int {
		if a.distance != b.distance {
			return a.distance - b.distance
		}
		return strings.Compare(a.label, b.label)
	})
	var labels []string
	for _, n := range found[:min(3, len(found))] {
		labels = append(labels, n.label)
	}
	return labels
}

// oblastWords are the words that close the name of an oblast, in the languages
// of our sources. Folding makes them one word; it never takes it away.
var oblastWords = [...]string{"oblast", "obl", "region", "область", "обл"}

// fold makes names comparable: lower case, words parted by one space, without
// apostrophes, with hyphens, underscores and full stops as spaces, and with one
// word for an oblast at the end.
func fold(name string) string {
	var b strings.Builder
	space := false
	for _, r := range name {
		switch {
		case r == '\'' || r == '’' || r == 'ʼ' || r == 'ʹ' || r == '`' || r == '"':
			continue
		case unicode.Is(unicode.Mn, r):
			continue // the marks of decomposed letters; composed ones follow
		case unicode.IsSpace(r) || r == '-' || r == '_' || r == '.' || r == '‑' || r == '–':
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		switch r = unicode.ToLower(r); r {
		case 'й':
			r = 'и'
		case 'ї':
			r = 'і'
		case 'ё':
			r = 'е'
		}
		b.WriteRune(r)
	}
	folded := b.String()
	for _, word := range oblastWords {
		if stem, ok := strings.CutSuffix(folded, " "+word); ok {
			return stem + " oblast"
		}
	}
	return folded
}
