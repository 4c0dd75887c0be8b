package mapped

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

// The columns lat and lon of a mapping give the area of a row that names none:
// the area that holds the position, as Mapping.Locate finds it. A row that names
// its area keeps it. The position itself goes no further than the row: it is in
// no canonical table, in no identity and in no error.
const (
	latColumn = "lat"
	lonColumn = "lon"
)

// located are the tables whose rows may be placed by a position.
var located = []string{"outage_interval", "strike", "report"}

// PositionColumns are the columns by which a table's rows may be placed; none
// for tables whose rows are not.
func PositionColumns(s *table.Schema) []string {
	if !slices.Contains(located, s.Name) {
		return nil
	}
	return []string{latColumn, lonColumn}
}

// positional are the columns that tell where something is: their values are in
// no error.
var positional = []string{latColumn, lonColumn, "point_id"}

// A position is where the area of a row is found.
type position struct {
	area     int // column of the schema
	lat, lon field
	locate   func(lon, lat float64) (string, int32, bool)
}

// bindPosition takes lat and lon out of a mapping's columns, and returns the
// rest.
func (p *planner) bindPosition(m *Mapping) map[string]Column {
	p.private = p.schema.Index(latColumn) >= 0 || p.schema.Index("point_id") >= 0
	lat, hasLat := m.Columns[latColumn]
	lon, hasLon := m.Columns[lonColumn]
	if PositionColumns(p.schema) == nil || !hasLat && !hasLon {
		return m.Columns
	}
	rest := maps.Clone(m.Columns)
	delete(rest, latColumn)
	delete(rest, lonColumn)
	if !hasLat || !hasLon { // Check says so before any file is read
		p.fault("%v", errHalfPosition)
		return rest
	}
	if m.Locate == nil {
		p.fault("%s and %s need the boundaries of areas: areas: {boundaries: …}", latColumn, lonColumn)
		return rest
	}
	for _, c := range []Column{lat, lon} {
		if !slices.Contains(p.found, c.From[0]) {
			p.fault("no column %q, to be read as a position; found %s", c.From[0], list(p.found))
		}
		p.used[c.From[0]] = true
	}
	p.setPosition(m, lat.From[0], lon.From[0])
	return rest
}

// findPosition takes the columns lat and lon of a file that names no area.
func (p *planner) findPosition(m *Mapping) {
	area := p.schema.Index("area_id")
	unused := func(name string) bool { return slices.Contains(p.found, name) && !p.used[name] }
	if m.Locate != nil && m.Defaults["area_id"] == "" && p.position == nil && PositionColumns(p.schema) != nil && !p.bound[area] && unused(latColumn) && unused(lonColumn) {
		p.setPosition(m, latColumn, lonColumn)
	}
}

func (p *planner) setPosition(m *Mapping, lat, lon string) {
	p.position = &position{
		area:   p.schema.Index("area_id"),
		lat:    field{column: table.Column{Name: latColumn, Type: table.Float64, Unit: "°", Min: -90, Max: 90}, from: lat},
		lon:    field{column: table.Column{Name: lonColumn, Type: table.Float64, Unit: "°", Min: -180, Max: 180}, from: lon},
		locate: m.Locate,
	}
	p.private = true
}

// settlePosition makes way for the position where the file gives no area in a
// row or in any.
func (p *planner) settlePosition() {
	if p.position == nil {
		return
	}
	f := &p.fields[p.position.area]
	switch {
	case !p.bound[p.position.area]:
		p.bound[p.position.area] = true
		f.origin = inFile
	case f.origin == fixed:
		p.fault("every row has the area %s, and %s and %s have nothing to say", f.value.text, latColumn, lonColumn)
	}
	f.column.Null = true // in the file
}

// hide takes out of an error what tells a position.
func (p *plan) hide(e *source.ParseError) {
	if !p.private {
		return
	}
	e.Private = true
	telling := e.Field == "" || p.position != nil && (e.Field == p.position.lat.from || e.Field == p.position.lon.from)
	for i := range p.fields {
		f := &p.fields[i]
		telling = telling || f.from != "" && f.from == e.Field && slices.Contains(positional, f.column.Name)
	}
	if telling {
		e.Value = ""
	}
}

// at returns the area that holds a position.
func (x *position) at(p *plan, lon, lat float64) (value, error) {
	id, level, ok := x.locate(lon, lat)
	if !ok {
		return value{}, errOutside
	}
	p.levels[id] = level
	return value{known: true, text: id}, nil
}

// row returns the area of a row of a text file, or the column at fault.
func (x *position) row(p *plan, r row) (v value, from string, code source.Code, err error) {
	var degrees [2]float64
	for i, f := range []*field{&x.lat, &x.lon} {
		v, code, err := f.parse(p, f.text(r))
		if err != nil {
			return value{}, f.from, code, err
		}
		degrees[i] = v.number
	}
	if v, err = x.at(p, degrees[1], degrees[0]); err != nil {
		return value{}, x.lat.from, source.OutsideAreas, err
	}
	return v, "", "", nil
}

// locate fills the gaps of a column of areas, nil where the file has none, from
// the positions of a batch.
func (b *columnReader) locate(areas arrow.Array, record arrow.Record) arrow.Array {
	x := b.position
	column := func(f *field) *array.Float64 {
		return record.Column(slices.Index(b.names, f.from)).(*array.Float64)
	}
	lats, lons := column(&x.lat), column(&x.lon)
	out := array.NewStringBuilder(memory.DefaultAllocator)
	out.Reserve(lats.Len())
	for row := range lats.Len() {
		if areas != nil && areas.IsValid(row) {
			out.Append(areas.(*array.String).Value(row))
			continue
		}
		v, f, code, err := b.located(x, lats, lons, row)
		if err != nil {
			b.reject(row, f, nil, code, err)
		}
		out.Append(v.text)
	}
	return out.NewArray()
}

// located returns the area of a row of a batch, or the column at fault.
func (b *columnReader) located(x *position, lats, lons *array.Float64, row int) (value, *field, source.Code, error) {
	var degrees [2]float64
	for i, c := range []*array.Float64{lats, lons} {
		f := []*field{&x.lat, &x.lon}[i]
		if c.IsNull(row) {
			return value{}, f, source.MissingValue, source.ErrMissing
		}
		v, code, err := f.quantity(c.Value(row))
		if err != nil {
			return value{}, f, code, err
		}
		degrees[i] = v.number
	}
	v, err := x.at(b.plan, degrees[1], degrees[0])
	return v, &x.lat, source.OutsideAreas, err
}

// positions returns a name of each row's position: its latitude and longitude as
// they are written shortest. It is a name within a run and goes no further.
func (f *filler) positions(columns []arrow.Array, rows int) arrow.Array {
	lats, lons := columns[f.schema.Index(latColumn)].(*array.Float64), columns[f.schema.Index(lonColumn)].(*array.Float64)
	b := array.NewStringBuilder(memory.DefaultAllocator)
	b.Reserve(rows)
	var name []byte
	for row := range rows {
		name = name[:0]
		for _, c := range []*array.Float64{lats, lons} {
			if c.IsValid(row) {
				name = strconv.AppendFloat(name, c.Value(row), 'g', -1, 64)
			}
			name = append(name, ' ')
		}
		b.BinaryBuilder.Append(name)
	}
	return b.NewArray()
}

// checkPosition returns what is wrong with lat and lon of a mapping.
func checkPosition(s *table.Schema, columns map[string]Column) []error {
	_, hasLat := columns[latColumn]
	_, hasLon := columns[lonColumn]
	if !hasLat && !hasLon {
		return nil
	}
	if hasLat != hasLon {
		return []error{errHalfPosition}
	}
	for _, name := range []string{latColumn, lonColumn} {
		if c := columns[name]; len(c.From) != 1 || c.Words != nil || c.Format != "" {
			return []error{fmt.Errorf("%s is the name of one column of the file", name)}
		}
	}
	return nil
}

var (
	errHalfPosition = errors.New("a position needs both lat and lon")
	errOutside      = errors.New("the position is in none of the areas that have a boundary")
)
