package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/config"
	"hardship/pipeline/normalize"
	"hardship/pipeline/source"
	"hardship/pipeline/space"
)

// ground is what places are told by: the areas and, if the configuration has
// them, their boundaries.
type ground struct {
	gazetteer  *area.Gazetteer   // nil: areas come from the data
	boundaries *space.Boundaries // by area id; nil without
}

// readGround reads the area tables and the boundaries. A fault in either ends
// the run: an area left out would take its records with it.
func readGround(o Options, files *inputFiles) (ground, error) {
	g := ground{}
	var err error
	if g.gazetteer, err = readAreas(o, files); err != nil {
		return g, err
	}
	if g.boundaries, err = files.readBoundaries(o.Config, g.gazetteer); err != nil {
		return g, fmt.Errorf("read boundaries: %w", err)
	}
	return g, nil
}

// sink returns a sink for the rows of a source.
func (g ground) sink(from *config.Source) *normalize.Sink {
	s := normalizeSource(from)
	s.AreasFromData = g.gazetteer == nil
	return &normalize.Sink{Source: s, Gazetteer: g.gazetteer, Boundaries: g.boundaries}
}

// boundarySource is the name by which the boundaries of the configuration go.
const boundarySource = "boundaries"

// openBoundaries opens and hashes the file of boundaries, if there is one.
func (f *inputFiles) openBoundaries(ctx context.Context, o *Options) {
	if b := o.Config.Areas.Boundaries; b.File != "" {
		f.boundaries = append(f.boundaries, openInput(ctx, o.Files, boundarySourceOf(o.Config), b.File, o.Config.Limits))
	}
}

// boundarySourceOf is the source that the file of boundaries is of.
func boundarySourceOf(c *config.Config) *config.Source {
	b := c.Areas.Boundaries
	return &config.Source{Name: boundarySource, Format: "geojson", Origin: b.Origin, Licence: b.Licence, Attribution: b.Attribution}
}

// readBoundaries reads the boundaries under the ids of areas: the file calls
// each by its id, its ISO 3166-2 code or any other name that the gazetteer
// resolves. Areas that the gazetteer does not have are left out, and no position
// lies in them. It returns nil without a file.
//
// A country that the file has a part of must be there whole: of the areas of one
// country and level it has all or none. Else the error is coded
// source.Incomplete and names them, and the boundaries come with it. So a file
// of oblasts need have neither raions nor a county of another country; a record
// of what it lacks must name its area.
func (f *inputFiles) readBoundaries(c *config.Config, gazetteer *area.Gazetteer) (*space.Boundaries, error) {
	if len(f.boundaries) == 0 {
		return nil, nil
	}
	file := f.boundaries[0]
	if file.Err != nil {
		return nil, file.Err
	}
	all, err := file.parseBoundaries(c)
	if err != nil {
		return nil, err
	}
	file.Counts.Read, file.Counts.Kept = int64(len(all.IDs())), int64(len(all.IDs()))
	if gazetteer == nil {
		return all, nil
	}
	named, unknown, err := all.Renamed(func(code string) (area.ID, bool) {
		id, err := gazetteer.Resolve(code)
		return id, err == nil
	})
	if err != nil {
		return nil, &source.FileError{File: file.Path, Code: source.Duplicate, Err: err}
	}
	if lacking := lacking(named, gazetteer); len(lacking) > 0 || len(named.IDs()) == 0 {
		return named, &source.FileError{File: file.Path, Code: source.Incomplete, Err: errors.New(describeLack(lacking, unknown, c.Areas.Boundaries.Property))}
	}
	return named, nil
}

func (f *inputFile) parseBoundaries(c *config.Config) (*space.Boundaries, error) {
	r, err := f.at.Reader()
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(r, space.MaxBytes+1))
	if err != nil {
		var whole *source.FileError
		if !errors.As(err, &whole) {
			err = &source.FileError{File: f.Path, Code: source.Unreadable, Err: err}
		}
		return nil, err
	}
	b, err := space.Read(data, c.Areas.Boundaries.Property, space.Limits{})
	if err != nil {
		code := source.WrongFormat
		if errors.Is(err, space.ErrTooLarge) {
			code = source.TooLarge
		}
		return nil, &source.FileError{File: f.Path, Code: code, Err: err}
	}
	return b, nil
}

// lacking returns the areas that boundaries should have and lack.
func lacking(b *space.Boundaries, gazetteer *area.Gazetteer) []area.ID {
	type tier struct {
		country area.ID
		level   int32
	}
	has := map[tier]bool{}
	of := func(id area.ID) tier {
		a, _ := gazetteer.Get(id)
		return tier{gazetteer.Root(id), a.Level}
	}
	for _, id := range b.IDs() {
		has[of(id)] = true
	}
	var wanted []area.ID
	for _, a := range gazetteer.Areas() {
		if has[of(a.ID)] {
			wanted = append(wanted, a.ID)
		}
	}
	return b.Missing(wanted)
}

// describeLack says which areas are lacking, and which codes of the file no area
// has: often they are one thing, written in two ways.
func describeLack(lacking, unknown []area.ID, property string) string {
	says := "it has no area of the area table"
	if len(lacking) > 0 {
		says = fmt.Sprintf("it has no boundary of %s, but of other areas of the same country and level", some(lacking))
	}
	if len(unknown) > 0 {
		says += fmt.Sprintf("; its property %s holds %s, which no area is called", property, some(unknown))
	}
	return says
}

// some lists ids, the first thirty of them.
func some(ids []area.ID) string {
	const most = 30
	var names []string
	for _, id := range ids[:min(most, len(ids))] {
		names = append(names, source.Printable(string(id)))
	}
	if len(ids) > most {
		names = append(names, fmt.Sprintf("and %d more", len(ids)-most))
	}
	return strings.Join(slices.Clip(names), ", ")
}
