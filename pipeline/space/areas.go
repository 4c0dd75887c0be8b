package space

import (
	"cmp"
	"fmt"
	"slices"

	"hardship/pipeline/area"
)

// Renamed returns the boundaries under other codes: those that id gives for the
// codes of the file. Areas whose code it does not know are left out, and their
// codes returned in order. Two codes of one area are an error: the file has it
// twice, or two areas that the caller takes for one.
func (b *Boundaries) Renamed(id func(code string) (area.ID, bool)) (renamed *Boundaries, unknown []area.ID, err error) {
	renamed = &Boundaries{}
	from := map[area.ID]area.ID{}
	for _, o := range b.areas {
		to, ok := id(string(o.id))
		if !ok {
			unknown = append(unknown, o.id)
			continue
		}
		if other, twice := from[to]; twice {
			return nil, nil, fmt.Errorf("the codes %q and %q are both of the area %s", other, o.id, to)
		}
		from[to] = o.id
		o.id = to
		renamed.areas = append(renamed.areas, o)
	}
	slices.SortFunc(renamed.areas, func(a, b outline) int { return cmp.Compare(a.id, b.id) })
	return renamed, unknown, nil
}
