package space

import (
	"math"

	"github.com/paulmach/orb"

	"hardship/pipeline/area"
)

// Locate returns the area that holds the point, false if none does. Edges
// belong to an area, those of its holes too: a point on an edge that several
// areas share is in the first of them by code, as is one where areas overlap.
// Longitudes are within ±180°.
func (b *Boundaries) Locate(lon, lat float64) (area.ID, bool) {
	for i := range b.areas {
		o := &b.areas[i]
		if !within(o.bound, lon, lat) {
			continue
		}
		for j := range o.polygons {
			if o.polygons[j].holds(lon, lat) {
				return o.id, true
			}
		}
	}
	return "", false
}

// within reports whether a point lies in a box or on its edge; NaN does not.
func within(b orb.Bound, lon, lat float64) bool {
	return lon >= b.Min[0] && lon <= b.Max[0] && lat >= b.Min[1] && lat <= b.Max[1]
}

// A polygon is an outer ring and its holes. Its edges are sorted into bands of
// latitude, so that a point is compared with the few edges of its own band.
type polygon struct {
	rings  orb.Polygon // each closed; all lie in points, one after another
	points []orb.Point
	bound  orb.Bound
	km2    float64
	starts []int32 // edges[starts[k]:starts[k+1]] are those of band k
	edges  []int32 // i is the edge from points[i] to points[i+1]
}

func newPolygon(points []orb.Point, ends []int) polygon {
	p := polygon{points: points}
	start := 0
	for _, end := range ends {
		p.rings = append(p.rings, orb.Ring(points[start:end:end]))
		start = end
	}
	p.bound = p.rings[0].Bound()
	for _, hole := range p.rings[1:] {
		p.bound = p.bound.Union(hole.Bound()) // a hole that sticks out still has edges
	}
	p.km2 = math.Abs(ringKM2(p.rings[0]))
	for _, hole := range p.rings[1:] {
		p.km2 -= math.Abs(ringKM2(hole))
	}
	p.sortEdges()
	return p
}

// sortEdges fills the bands. There are so few of them that their edges are at
// most five times those of the polygon, however long these are.
func (p *polygon) sortEdges() {
	height, heights := p.bound.Max[1]-p.bound.Min[1], 0.0
	p.eachEdge(func(i int) { heights += math.Abs(p.points[i+1][1] - p.points[i][1]) })
	n := len(p.points)
	bands := 1
	if heights > 0 {
		bands = max(1, min(n/4, int(3*float64(n)*height/heights)))
	}
	p.starts = make([]int32, bands+1)
	p.eachEdge(func(i int) {
		low, high := p.bandsOf(i)
		for k := low; k <= high; k++ {
			p.starts[k+1]++
		}
	})
	for k := range bands {
		p.starts[k+1] += p.starts[k]
	}
	p.edges = make([]int32, p.starts[bands])
	next := append([]int32(nil), p.starts...)
	p.eachEdge(func(i int) {
		low, high := p.bandsOf(i)
		for k := low; k <= high; k++ {
			p.edges[next[k]] = int32(i)
			next[k]++
		}
	})
}

func (p *polygon) eachEdge(f func(i int)) {
	start := 0
	for _, ring := range p.rings {
		for i := range len(ring) - 1 {
			f(start + i)
		}
		start += len(ring)
	}
}

// bandsOf returns the first and last band that an edge touches.
func (p *polygon) bandsOf(i int) (low, high int) {
	a, b := p.points[i][1], p.points[i+1][1]
	return p.band(min(a, b)), p.band(max(a, b))
}

// band never falls as lat rises, so an edge is in the band of each of its
// latitudes, however the division rounds.
func (p *polygon) band(lat float64) int {
	last := len(p.starts) - 2
	height := p.bound.Max[1] - p.bound.Min[1]
	if last <= 0 || height <= 0 {
		return 0
	}
	return max(0, min(last, int((lat-p.bound.Min[1])/height*float64(last+1))))
}

// holds reports whether the point lies in the polygon or on an edge: whether a
// ray to the east crosses an odd number of edges. Edges are taken from south to
// north whichever way their ring runs, so that the two areas of a shared edge
// reckon the same side for a point.
func (p *polygon) holds(lon, lat float64) bool {
	if !within(p.bound, lon, lat) {
		return false
	}
	inside := false
	k := p.band(lat)
	for _, i := range p.edges[p.starts[k]:p.starts[k+1]] {
		a, b := p.points[i], p.points[i+1]
		if a[1] > b[1] {
			a, b = b, a
		}
		switch {
		case lat < a[1] || lat > b[1]:
			continue
		case a[1] == b[1]:
			if lon >= min(a[0], b[0]) && lon <= max(a[0], b[0]) {
				return true
			}
			continue
		}
		// The conversions keep processors from fusing, so that all agree.
		east := float64((b[0]-a[0])*(lat-a[1])) - float64((lon-a[0])*(b[1]-a[1]))
		if east == 0 {
			return true
		}
		if east > 0 && lat < b[1] {
			inside = !inside
		}
	}
	return inside
}
