package space

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"hardship/pipeline/area"
)

func TestLocate(t *testing.T) {
	// A city in the hole of its oblast, a neighbour with a corner on the
	// shared edge, and an island of the oblast's.
	b := read(t,
		polygonOf("UA32", box(30, 50, 32, 52), box(30.5, 50.5, 31, 51)),
		polygonOf("UA80", box(30.5, 50.5, 31, 51)),
		polygonOf("UA18", "[[30,50],[30,51],[30,52],[29,51],[30,50]]"),
		polygonOf("UA32", box(40, 50, 41, 51)))
	for _, tt := range []struct {
		name     string
		lon, lat float64
		want     area.ID
	}{
		{"inside", 31.5, 51.5, "UA32"},
		{"in the hole", 30.75, 50.75, "UA80"},
		{"level with the hole's corners", 31.5, 50.5, "UA32"},
		{"on the hole's edge: the first by code", 30.75, 50.5, "UA32"},
		{"on the hole's corner", 30.5, 50.5, "UA32"},
		{"on a shared edge: the first by code", 30, 51.25, "UA18"},
		{"on a corner of one in the edge of another", 30, 51, "UA18"},
		{"on the outer edge", 32, 50.25, "UA32"},
		{"on the upper corner", 32, 52, "UA32"},
		{"in the second part", 40.5, 50.5, "UA32"},
		{"in the box of an area, not in it", 29.1, 51.5, ""},
		{"outside", 0, 0, ""},
		{"no longitude", math.NaN(), 51, ""},
		{"no latitude", 31, math.NaN(), ""},
		{"infinitely far", math.Inf(1), 51, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := b.Locate(tt.lon, tt.lat)
			if got != tt.want || ok != (tt.want != "") {
				t.Errorf("Locate = %q, %v, want %q", got, ok, tt.want)
			}
		})
	}
}

// star is a ring around a point, on a lattice that float64 holds exactly.
func star(random func(n int) int, lon, lat float64, n int) orb.Ring {
	var ring orb.Ring
	for i := range n {
		angle := 2 * math.Pi * float64(i) / float64(n)
		radius := 1 + float64(random(64))/16
		ring = append(ring, orb.Point{
			lon + math.Round(math.Cos(angle)*radius*64)/64, lat + math.Round(math.Sin(angle)*radius*64)/64})
	}
	return append(ring, ring[0])
}

func polygonFrom(rings ...orb.Ring) polygon {
	var points []orb.Point
	var ends []int
	for _, r := range rings {
		points = append(points, r...)
		ends = append(ends, len(points))
	}
	return newPolygon(points, ends)
}

// The library's test of all edges is slower, and must agree. Holes are left
// out: it takes their edges for outside.
func TestHoldsAgreesWithATestOfAllEdges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ring := star(func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "radius") }, 30, 50, rapid.IntRange(3, 60).Draw(t, "points"))
		if ringKM2(ring) == 0 {
			return
		}
		p := polygonFrom(ring)
		for range 20 {
			// Halves of the lattice, so that a point may be on an edge or level with a corner.
			at := orb.Point{30 + float64(rapid.IntRange(-700, 700).Draw(t, "x"))/128, 50 + float64(rapid.IntRange(-700, 700).Draw(t, "y"))/128}
			if got, want := p.holds(at[0], at[1]), planar.RingContains(ring, at); got != want {
				t.Fatalf("holds(%v) = %v, planar.RingContains = %v, of %v", at, got, want, ring)
			}
		}
	})
}

// country makes areas side by side with n points each, whose shared borders
// waver, as GeoJSON.
func country(areas, n int) string {
	random := rand.New(rand.NewPCG(1, 2))
	borders := make([][]string, areas+1)
	for i := range borders {
		for j := range n/2 + 1 {
			lon := 22 + 18*float64(i)/float64(areas) + 0.3*random.Float64()
			borders[i] = append(borders[i], fmt.Sprintf("[%.5f,%.5f]", lon, 44+8*float64(j)/float64(n/2)))
		}
	}
	var features []string
	for i := range areas {
		ring := append([]string(nil), borders[i+1]...)
		for j := len(borders[i]) - 1; j >= 0; j-- {
			ring = append(ring, borders[i][j])
		}
		features = append(features, polygonOf(fmt.Sprintf("UA%02d", i), "["+strings.Join(append(ring, ring[0]), ",")+"]"))
	}
	return collection(features...)
}

// Areas that share wavering borders must leave no gap between them, and no
// point may be of two.
func TestSharedBordersPartThePlane(t *testing.T) {
	b, err := Read([]byte(country(9, 400)), "pcode", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		lon, lat := 23+16*random.Float64(), 44+8*random.Float64()
		holders := 0
		for i := range b.areas {
			if b.areas[i].polygons[0].holds(lon, lat) {
				holders++
			}
		}
		if holders != 1 {
			t.Fatalf("a point is in %d areas", holders)
		}
	}
}

func BenchmarkLocate(b *testing.B) {
	boundaries, err := Read([]byte(country(27, 8000)), "pcode", Limits{})
	if err != nil {
		b.Fatal(err)
	}
	random := rand.New(rand.NewPCG(5, 6))
	points := make([][2]float64, 1_000_000)
	for i := range points {
		points[i] = [2]float64{21 + 20*random.Float64(), 43 + 10*random.Float64()}
	}
	for b.Loop() { // a million points each
		for _, p := range points {
			boundaries.Locate(p[0], p[1])
		}
	}
}

func BenchmarkRead(b *testing.B) {
	file := []byte(country(27, 40_000))
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if _, err := Read(file, "pcode", Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}
