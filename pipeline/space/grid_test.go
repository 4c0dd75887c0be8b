package space

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hardship/pipeline/area"
	"hardship/pipeline/unit"
)

// cells is a grid of two cells that part the box 30–31° E, 50–51° N at 50.5° N.
var cells = Grid{Lon: 30.5, Lat: 50.25, LonStep: 1, LatStep: 0.5, Columns: 1, Rows: 2}

// The reference values of methods.md 4.4.
func TestGridWeightsOfTheReference(t *testing.T) {
	b := read(t, polygonOf("UA80", box(30, 50, 31, 51)))
	km2, _ := b.SquareKilometres("UA80")
	near(t, "km²", km2, 7864.591293, 5e-7)
	all, err := GridWeights(b, cells, nil)
	if err != nil {
		t.Fatal(err)
	}
	w := all[0]
	near(t, "south", w.Cells[0].Weight, 0.5026465839, 5e-11)
	near(t, "north", w.Cells[1].Weight, 0.4973534161, 5e-11)
	mean, coverage := w.Mean([]unit.Celsius{-20, -10})
	near(t, "mean", float64(mean), -15.0264658390, 5e-11)
	near(t, "coverage", coverage, 1, 1e-15)

	nan := unit.Missing[unit.Celsius]()
	if mean, coverage = w.Mean([]unit.Celsius{-20, nan}); !unit.IsMissing(mean) {
		t.Errorf("with half of the weight the mean is %v", mean)
	}
	near(t, "coverage", coverage, 0.5026465839, 5e-11)
	people, err := GridWeights(b, cells, []float64{100, 300})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "south by people", people[0].Cells[0].Weight, 0.25, 1e-12)
}

// Rows from north to south, and longitudes up to 360°, are the same cells.
func TestGridsMayRunAnyWay(t *testing.T) {
	b := read(t, polygonOf("a", box(-0.5, 50, 0.5, 51)))
	want, err := GridWeights(b, Grid{Lon: -0.25, Lat: 50.25, LonStep: 0.5, LatStep: 0.5, Columns: 2, Rows: 2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := GridWeights(b, Grid{Lon: -0.25, Lat: 50.75, LonStep: 0.5, LatStep: -0.5, Columns: 2, Rows: 2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	round, err := GridWeights(b, Grid{Lon: 0.25, Lat: 50.25, LonStep: 0.5, LatStep: 0.5, Columns: 720, Rows: 2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range want[0].Cells {
		near(t, "rows turned", got[0].Cells[(i+2)%4].Weight, c.Weight, 1e-12)
	}
	near(t, "cell east of 0°", round[0].Cells[0].Weight, want[0].Cells[1].Weight, 1e-12)
	near(t, "cell west of 0°, at 359.75°", round[0].Cells[1].Weight, want[0].Cells[0].Weight, 1e-12)
}

// Whatever the outline and the grid, the parts add up to the whole.
func TestGridWeightsAddUp(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		// A star about a centre does not cross itself.
		n := rapid.IntRange(3, 12).Draw(r, "corners")
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
		var ring []string
		for i := range n {
			angle, radius := 2*math.Pi*(float64(i)+0.8*random.Float64())/float64(n), 0.2+2*random.Float64()
			ring = append(ring, "["+fmt.Sprint(30+radius*math.Cos(angle))+","+fmt.Sprint(50+radius*math.Sin(angle))+"]")
		}
		ring = append(ring, ring[0])
		b, err := Read([]byte(collection(polygonOf("a", "["+strings.Join(ring, ",")+"]"))), "pcode", Limits{})
		if err != nil {
			return // a star of three corners may be flat
		}
		step := rapid.Float64Range(0.1, 3).Draw(r, "step")
		g := Grid{Lon: 26 + random.Float64(), Lat: 46 + random.Float64(), LonStep: step, LatStep: step, Columns: int(9 / step), Rows: int(9 / step)}
		all, err := GridWeights(b, g, nil)
		if err != nil {
			r.Fatal(err)
		}
		whole, _ := b.SquareKilometres("a")
		weight, km2 := 0.0, 0.0
		for _, c := range all[0].Cells {
			weight += c.Weight
			km2 += c.KM2
		}
		if math.Abs(km2/whole-all[0].Covered) > 1e-9 || len(all[0].Cells) > 0 && math.Abs(weight-1) > 1e-12 {
			r.Errorf("cells hold %v of %v km², covered %v, weights add up to %v", km2, whole, all[0].Covered, weight)
		}
		if all[0].Covered < 1-1e-9 && g.Lon-step/2 <= 27.7 && g.Lat-step/2 <= 47.7 && g.meridian(g.Columns) >= 32.3 && g.parallel(g.Rows) >= 52.3 {
			r.Errorf("a grid round the area covers %v of it", all[0].Covered)
		}
	})
}

func TestGridOf(t *testing.T) {
	g, at, err := GridOf([]float64{30.5, 31.5, 30.5}, []float64{50.75, 50.25, 50.25}, 1, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	if g.Columns != 2 || g.Rows != 2 || at[0] != 2 || at[1] != 1 || at[2] != 0 {
		t.Errorf("grid %+v, cells %v", g, at)
	}
	for _, tt := range []struct {
		name     string
		lon, lat []float64
		step     float64
		want     string
	}{
		{"no cells", nil, nil, 1, "a grid without cells"},
		{"no step", []float64{30}, []float64{50}, 0, "the grid's step is not above 0"},
		{"off the grid", []float64{30, 30.7}, []float64{50, 50}, 0.5, "centre 2 is no whole number of steps of 0.5 by 0.5 from the others"},
		{"twice", []float64{30, 30.001}, []float64{50, 50}, 0.5, "centre 2 is in the cell of an earlier one"},
		{"nowhere", []float64{30, math.NaN()}, []float64{50, 50}, 0.5, "centre 2 is not on the Earth"},
		{"vast", []float64{-180, 179}, []float64{-89, 89}, 0.01, "a grid of 639073701 cells, at most 10000000 may be"},
	} {
		if _, _, err := GridOf(tt.lon, tt.lat, tt.step, tt.step); err == nil || err.Error() != tt.want {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
}

// The reference values of methods.md 4.4 for stations.
func TestInverseDistanceOfTheReference(t *testing.T) {
	near(t, "Kyiv to Zhytomyr, km", Distance(30.52, 50.45, 28.66, 50.25), 133.8297751147, 5e-11)
	north := func(km float64) Point { return Point{30.5, 50.5 + km/(EarthRadius*radian)} }
	values := []unit.Celsius{-12, -18, -15, -40}
	stations := []Point{north(40), north(10), north(20), north(100.001)}
	w := InverseDistance(Point{30.5, 50.5}, stations)
	var temps []unit.Celsius
	var weights []float64
	for _, s := range w {
		temps, weights = append(temps, values[s.Station]), append(weights, s.Weight)
	}
	if len(w) != 3 || w[0].Station != 1 {
		t.Fatalf("stations %+v", w)
	}
	mean, coverage := Mean(temps, weights)
	near(t, "mean", float64(mean), -17.1428571429, 5e-11)
	near(t, "coverage", coverage, 1, 1e-15)
	near(t, "height", float64(AtElevation(-15, 180, 120)), -14.61, 1e-12)

	many := make([]Point, 12)
	for i := range many {
		many[i] = north(float64(1 + i))
	}
	if w := InverseDistance(Point{30.5, 50.5}, many); len(w) != MaxStations || w[7].Station != 7 {
		t.Errorf("of 12 stations %d are taken", len(w))
	}
	if w := InverseDistance(Point{30.5, 50.5}, append(many, Point{30.5, 50.5})); len(w) != 1 || w[0].Station != 12 || w[0].Weight != 1 {
		t.Errorf("a station at the place itself has %+v", w)
	}
}

// A mean lies within the values that are there, and knows how many they are.
func TestMeanLiesWithinItsValues(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(1, 20).Draw(r, "n")
		values, weights := make([]unit.Celsius, n), make([]float64, n)
		lowest, highest, present, all := math.Inf(1), math.Inf(-1), 0.0, 0.0
		for i := range n {
			values[i], weights[i] = unit.Celsius(rapid.Float64Range(-60, 40).Draw(r, "t")), rapid.Float64Range(0, 10).Draw(r, "w")
			all += weights[i]
			if rapid.Bool().Draw(r, "missing") {
				values[i] = unit.Missing[unit.Celsius]()
			} else if weights[i] > 0 {
				lowest, highest, present = min(lowest, float64(values[i])), max(highest, float64(values[i])), present+weights[i]
			}
		}
		mean, coverage := Mean(values, weights)
		if all > 0 && math.Abs(coverage-present/all) > 1e-9 {
			r.Errorf("coverage %v, want %v", coverage, present/all)
		}
		switch {
		case coverage < MinCoverage-1e-9 && !unit.IsMissing(mean):
			r.Errorf("%v of the weight make a mean", coverage)
		case coverage > MinCoverage+1e-9 && !(float64(mean) >= lowest && float64(mean) <= highest):
			r.Errorf("mean %v of values from %v to %v", mean, lowest, highest)
		}
		if part, _ := MeanOfPart(values, weights, 0.79); !unit.IsMissing(part) {
			r.Errorf("0.79 of an area makes a mean")
		}
	})
}

func TestCentre(t *testing.T) {
	hole := box(34.5, 50.5, 35.5, 51.5)
	b := read(t,
		polygonOf("box", box(30, 50, 32, 51)),
		polygonOf("clockwise", "[[30,50],[30,51],[32,51],[32,50],[30,50]]"),
		polygonOf("hole", box(30, 50, 36, 52), hole),
		polygonOf("two", box(0, 0, 1, 1)), polygonOf("two", box(10, 0, 12, 1)),
		polygonOf("triangle", "[[0,0],[3,0],[0,3],[0,0]]"))
	for id, want := range map[string]Point{
		"box": {31, 50.5}, "clockwise": {31, 50.5},
		"hole": {(33*12 - 35*1) / 11.0, 51}, // ∫x: the whole less the hole
		"two":  {(0.5*1 + 11*2) / 3, 0.5}, "triangle": {1, 1},
	} {
		got, ok := b.Centre(area.ID(id))
		if !ok {
			t.Fatalf("%s has no centre", id)
		}
		near(t, id+" lon", got.Lon, want.Lon, 1e-12)
		near(t, id+" lat", got.Lat, want.Lat, 1e-12)
	}
	if _, ok := b.Centre("none"); ok {
		t.Error("an area without a boundary has a centre")
	}
}
