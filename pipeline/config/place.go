package config

import (
	"fmt"

	"hardship/pipeline/source/mapped"
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
