package points

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"hardship/pipeline/area"
	"hardship/pipeline/source"
	"hardship/pipeline/space"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// Rule says how the points of a source count in the mean of an area.
type Rule struct {
	Method           string  // of table.WeightMethods
	LonStep, LatStep float64 // degrees between the cells of a grid, for area and population
}

// String is the rule in words, for whoever reads what was made by it.
func (r Rule) String() string {
	switch r.Method {
	case "area":
		return fmt.Sprintf("area: each cell of %v° by %v° by the part of the area's extent on the sphere that lies in it; mean of an hour if cells with a reading hold %v of the extent", r.LonStep, r.LatStep, space.MinCoverage)
	case "population":
		return fmt.Sprintf("population: each cell of %v° by %v° by its people times the part of it that lies in the area; mean of an hour if cells with a reading hold %v of the weight", r.LonStep, r.LatStep, space.MinCoverage)
	case "idw":
		return fmt.Sprintf("idw: inverse squared distance of at most %d stations within %d km of the centroid of the area; mean of an hour if those with a reading hold %v of the weight", space.MaxStations, space.MaxStationKM, space.MinCoverage)
	case "nearest":
		return fmt.Sprintf("nearest: the one point nearest to the centroid of the area, within %d km", space.MaxStationKM)
	}
	return r.Method
}

// Weights are what points count in the mean of one area.
type Weights struct {
	Area area.ID
	// Part is the part of the area that the points stand for, 0 to 1: what is
	// outside a grid has no readings.
	Part   float64
	points []weight // in the order of the points' ids, then those without readings
}

// A weight is what a point counts; its point is nil for one without any reading.
type weight struct {
	point  *point
	weight float64
	warmer unit.Celsius // the area than the point, by their heights; 0 without a correction
}

// ByBoundaries returns the weights of the points that have been read, for every
// area of the boundaries that has any, in the order of their ids.
func (r *Readings) ByBoundaries(b *space.Boundaries, rule Rule) ([]Weights, error) {
	points := r.sorted()
	if len(points) == 0 {
		return nil, nil
	}
	switch rule.Method {
	case "area", "population":
		return byGrid(b, rule, points)
	case "idw", "nearest":
		return byDistance(b, rule, points), nil
	}
	panic("points: no weights by " + rule.Method)
}

func byGrid(b *space.Boundaries, rule Rule, points []*point) ([]Weights, error) {
	lon, lat := make([]float64, len(points)), make([]float64, len(points))
	for i, p := range points {
		lon[i], lat[i] = p.lon, p.lat
	}
	grid, cells, err := space.GridOf(lon, lat, rule.LonStep, rule.LatStep)
	if err != nil {
		return nil, fmt.Errorf("points that are no grid (grid_step_deg, grid_lat_step_deg): %w", err)
	}
	at := make([]*point, grid.Columns*grid.Rows)
	for i, cell := range cells {
		at[cell] = points[i]
	}
	byExtent, err := space.GridWeights(b, grid, nil)
	if err != nil {
		return nil, err
	}
	weighed := byExtent
	if rule.Method == "population" {
		people := make([]float64, len(at)) // 0 where the source has no cell: see the part below
		for cell, p := range at {
			if p == nil {
				continue
			}
			if people[cell] = p.population; math.IsNaN(p.population) {
				return nil, errors.New("a cell has no point_population, which weights by population need")
			}
		}
		if weighed, err = space.GridWeights(b, grid, people); err != nil {
			return nil, err
		}
	}
	var all []Weights
	for i, w := range weighed {
		one := Weights{Area: w.Area, Part: w.Covered}
		if rule.Method == "population" {
			// How many live in cells that the source lacks is not known. The part
			// of the extent stands for the part of the people.
			there := 0.0
			for _, c := range byExtent[i].Cells {
				if at[c.Cell] != nil {
					there += c.Weight
				}
			}
			one.Part *= min(1, there)
		}
		any := false
		for _, c := range w.Cells {
			one.points = append(one.points, weight{point: at[c.Cell], weight: c.Weight})
			any = any || at[c.Cell] != nil
		}
		if any {
			all = append(all, one)
		}
	}
	return all, nil
}

func byDistance(b *space.Boundaries, rule Rule, points []*point) []Weights {
	stations := make([]space.Point, len(points))
	for i, p := range points {
		stations[i] = space.Point{Lon: p.lon, Lat: p.lat}
	}
	var all []Weights
	for _, id := range b.IDs() {
		centre, _ := b.Centre(id)
		near := space.InverseDistance(centre, stations)
		if len(near) == 0 {
			continue
		}
		one := Weights{Area: id, Part: 1}
		if rule.Method == "nearest" {
			near = []space.StationWeight{{Station: near[0].Station, Weight: 1}}
		}
		slices.SortFunc(near, func(a, b space.StationWeight) int { return a.Station - b.Station })
		for _, w := range near {
			one.points = append(one.points, weight{point: points[w.Station], weight: w.Weight})
		}
		all = append(all, one)
	}
	return all
}

// ByTable returns the weights that batches of table.AreaWeight give by one
// method, for every area that they name, in the order of their ids. Rows that
// were taken back are left out. Two weights of one point in an area are an
// error, as is a table without a weight of the method.
func (r *Readings) ByTable(batches []*table.Table, method string) ([]Weights, error) {
	type key struct{ area, point string }
	given := map[key]float64{}
	for _, t := range batches {
		areas, ids, methods, weights, retracted := t.String("area_id"), t.String("point_id"), t.String("weight_method"), t.Float64("weight"), t.Bool("retracted")
		for row := range t.Rows() {
			if methods.Value(row) != method || retracted.Value(row) {
				continue
			}
			k := key{areas.Value(row), ids.Value(row)}
			if _, twice := given[k]; twice {
				return nil, fmt.Errorf("a point has two weights by %s in area %s", method, source.Printable(k.area))
			}
			given[k] = weights.Value(row)
		}
	}
	if len(given) == 0 {
		return nil, fmt.Errorf("the table of weights has none by %s", method)
	}
	keys := make([]key, 0, len(given))
	for k := range given {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b key) int { return cmp.Or(cmp.Compare(a.area, b.area), cmp.Compare(a.point, b.point)) })
	var all []Weights
	for _, k := range keys {
		if len(all) == 0 || string(all[len(all)-1].Area) != k.area {
			all = append(all, Weights{Area: area.ID(k.area), Part: 1})
		}
		one := &all[len(all)-1]
		one.points = append(one.points, weight{point: r.byID[k.point], weight: given[k]})
	}
	return slices.DeleteFunc(all, func(w Weights) bool {
		return !slices.ContainsFunc(w.points, func(w weight) bool { return w.point != nil })
	}), nil
}
