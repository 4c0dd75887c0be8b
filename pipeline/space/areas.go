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

// Centre returns the point that stands for an area where one must: the centroid
// of its outline in the plane of longitude and latitude, holes less, as GIS
// programs have it. It need not lie in the area. false if the area has no
// boundary.
func (b *Boundaries) Centre(id area.ID) (Point, bool) {
	o := b.find(id)
	if o == nil {
		return Point{}, false
	}
	// About a corner of the area's box: far from it, digits would cancel.
	west, south := o.bound.Min[0], o.bound.Min[1]
	var x, y, twice sum
	for _, p := range o.polygons {
		for i, ring := range p.rings {
			var rx, ry, rt sum
			for k := range len(ring) - 1 {
				ax, ay, bx, by := ring[k][0]-west, ring[k][1]-south, ring[k+1][0]-west, ring[k+1][1]-south
				cross := ax*by - bx*ay
				rx.add((ax + bx) * cross)
				ry.add((ay + by) * cross)
				rt.add(cross)
			}
			sign := 1.0
			if (rt.value() < 0) != (i > 0) { // clockwise, or a hole
				sign = -1
			}
			x.add(sign * rx.value())
			y.add(sign * ry.value())
			twice.add(sign * rt.value())
		}
	}
	return Point{west + x.value()/(3*twice.value()), south + y.value()/(3*twice.value())}, true
}
