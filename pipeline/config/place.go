package config

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/source/mapped"
	"hardship/pipeline/table"
)

type rawBoundaries struct {
	File        string `yaml:"file"`
	Property    string `yaml:"property"`
	Origin      string `yaml:"origin"`
	Licence     string `yaml:"licence"`
	Attribution string `yaml:"attribution"`
}

// boundaries checks where the outlines of areas come from.
func (d *document) boundaries(at string, raw rawBoundaries) Boundaries {
	switch {
	case raw == rawBoundaries{}:
		return Boundaries{}
	case raw.File == "" || raw.Property == "":
		d.fail(at, "boundaries need a file of GeoJSON and the property of its features that holds the area's code, such as {file: oblasts.geojson, property: shapeISO}")
	default:
		d.files(at+".file", []string{raw.File})
	}
	return Boundaries(raw)
}

// weights checks how the points of a source count in areas.
func (d *document) weights(at string, raw *rawSource, schema *table.Schema) Weights {
	w := Weights{Method: raw.Weights, From: raw.WeightsFrom, LonStep: raw.GridStep, LatStep: cmp.Or(raw.GridLatStep, raw.GridStep), LapseKPerKM: raw.Lapse}
	if schema != table.PointTemperature {
		for _, key := range []struct {
			name string
			set  bool
		}{{"weights", w.Method != ""}, {"weights_from", w.From != ""}, {"grid_step_deg", raw.GridStep != 0}, {"grid_lat_step_deg", raw.GridLatStep != 0}, {"lapse_k_per_km", raw.Lapse != 0}, {"area_elev_m", raw.AreaHeight != nil}} {
			if key.set {
				d.fail(at+"."+key.name, "only points have weights: table: %s", table.PointTemperature.Name)
			}
		}
		return Weights{}
	}
	methods := strings.Join(table.WeightMethods, ", ")
	grid := w.From == "" && (w.Method == "area" || w.Method == "population")
	switch {
	case w.Method == "":
		d.fail(at, "source %q is of points, and needs weights to be of areas: one of %s", raw.Name, methods)
	case !slices.Contains(table.WeightMethods, w.Method):
		d.fail(at+".weights", "%q is not one of %s%s", w.Method, methods, suggest(w.Method, table.WeightMethods))
	case grid && !(w.LonStep > 0 && w.LonStep <= 30 && w.LatStep > 0 && w.LatStep <= 30):
		d.fail(at+".weights", "weights by %s are of the cells of a grid, and need grid_step_deg: degrees from one centre to the next, at most 30 (and grid_lat_step_deg, where it differs from south to north)", w.Method)
	case !grid && w.LonStep != 0:
		d.fail(at+".grid_step_deg", "only weights by area and population that are made of boundaries have a grid")
	case !grid && w.LatStep != 0:
		d.fail(at+".grid_lat_step_deg", "only weights by area and population that are made of boundaries have a grid")
	}
	d.heights(at, raw, &w)
	return w
}

// heights checks the correction of readings for height.
func (d *document) heights(at string, raw *rawSource, w *Weights) {
	const most = 10 // K/km; dry air that rises cools by 9.8
	switch {
	case !(raw.Lapse >= 0 && raw.Lapse <= most):
		d.fail(at+".lapse_k_per_km", "%v is not from 0 to %d: 6.5 is usual, and 0 for no correction", raw.Lapse, most)
	case raw.Lapse > 0 && raw.AreaHeight == nil:
		d.fail(at+".lapse_k_per_km", "a correction for height needs that of the areas, such as area_elev_m: {UA80: 120}")
	case raw.Lapse == 0 && raw.AreaHeight != nil:
		d.fail(at+".area_elev_m", "only a correction for height needs that of the areas: lapse_k_per_km: 6.5")
	}
	for _, id := range slices.Sorted(maps.Keys(raw.AreaHeight)) {
		height := raw.AreaHeight[id]
		if !(height >= -500 && height <= 9000) {
			d.fail(at+".area_elev_m."+id, "%v m is no height of an area", height)
		}
		if w.AreaHeightM == nil {
			w.AreaHeightM = map[area.ID]float64{}
		}
		w.AreaHeightM[area.ID(id)] = height
	}
}

// weighed checks that the weights of a source can be had.
func (d *document) weighed(c *Config, at string, s *Source) {
	isSource := func(other Source) bool { return other.Name == s.Weights.From && other.Table == table.AreaWeight }
	switch {
	case s.Weights.From != "" && !slices.ContainsFunc(c.Sources, isSource):
		d.fail(at+".weights_from", "%q is no source of the table %s", s.Weights.From, table.AreaWeight.Name)
	case s.Weights.From == "" && c.Areas.Boundaries.File == "":
		d.fail(at+".weights", "points have weights by boundaries, areas: {boundaries: {file: …, property: …}}, or by a table of them, weights_from: SOURCE")
	}
}

// positions checks what sources say of positions, which take other settings to
// mean something. A position is a column of the file: one that the configuration
// holds would be published with it.
func (d *document) positions(c *Config) {
	for i := range c.Sources {
		s := &c.Sources[i]
		at := fmt.Sprintf("sources[%d]", i)
		for _, name := range []string{"lat", "lon", "point_id"} {
			if _, ok := s.Constants[name]; ok {
				d.fail(at+".columns."+name, "a place finer than an area comes from a column of the file, never from the configuration, which is published")
			}
		}
		if s.Weights.Method != "" {
			d.weighed(c, at, s)
		}
		if s.Table == nil || mapped.PositionColumns(s.Table) == nil {
			continue
		}
		if _, ok := s.Columns["lat"]; !ok {
			continue
		}
		switch {
		case c.Areas.Boundaries.File == "":
			d.fail(at+".columns.lat", "a position has an area only where there are boundaries: areas: {boundaries: {file: …, property: …}}")
		case s.Place != "":
			d.fail(at+".place", "the source stands for %s, and its positions have nothing to say", s.Place)
		}
	}
}
