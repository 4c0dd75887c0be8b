package space

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"hardship/pipeline/area"
)

// What a file may ask for where the caller sets no limit. The oblasts and
// raions of Ukraine in full detail stay below a half of each.
const (
	MaxBytes    = 64 << 20
	MaxFeatures = 50_000
	MaxVertices = 3_000_000 // of all rings
)

// Limits of a file of boundaries. A limit of 0 is the constant of its name.
type Limits struct{ Bytes, Features, Vertices int }

// ErrTooLarge is wrapped by the error of a file that goes over a limit.
var ErrTooLarge = errors.New("the boundaries are too large")

// A FeatureError is one feature that could not be understood.
type FeatureError struct {
	Feature  int     // from 1
	Property string  // the property that holds the area code
	Area     area.ID // its value; "" if the feature has none
	Err      error   // says where and what; it quotes no coordinate
}

func (e *FeatureError) Error() string {
	if e.Area == "" {
		return fmt.Sprintf("feature %d, property %q: %v", e.Feature, e.Property, e.Err)
	}
	return fmt.Sprintf("feature %d, property %q = %q: %v", e.Feature, e.Property, e.Area, e.Err)
}

func (e *FeatureError) Unwrap() error { return e.Err }

// Boundaries are the outlines of areas. They do not change once read, so that
// several goroutines may use them.
type Boundaries struct {
	areas []outline // sorted by ID, each once
}

// An outline is one area's.
type outline struct {
	id       area.ID
	bound    orb.Bound
	polygons []polygon
	km2      float64
}

// Read takes the boundaries from a GeoJSON FeatureCollection (RFC 7946) of
// Polygon and MultiPolygon features, holes included. property names the one
// that holds the area's code, which must be text; features with the same code
// are parts of one area and must not overlap.
//
// Heights, bounding boxes, ids and other properties are passed over. An older
// file may have a crs, if it says WGS84. A ring may touch itself; that it does
// not cross itself is not checked here, but GridWeights refuses the areas of
// which it can tell. A ring across the antimeridian must be cut there (RFC
// 7946, 3.1.9).
//
// The first fault ends the reading: a *FeatureError, an error that wraps
// ErrTooLarge, or one that tells of the whole file.
func Read(data []byte, property string, limits Limits) (*Boundaries, error) {
	limits.Bytes = cmp.Or(limits.Bytes, MaxBytes)
	limits.Features = cmp.Or(limits.Features, MaxFeatures)
	limits.Vertices = cmp.Or(limits.Vertices, MaxVertices)
	if len(data) > limits.Bytes {
		return nil, fmt.Errorf("%w: %d bytes, at most %d may be read", ErrTooLarge, len(data), limits.Bytes)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !utf8.Valid(data) {
		return nil, errors.New("not UTF-8")
	}
	if !json.Valid(data) {
		return nil, syntaxError(data)
	}
	data = bytes.TrimSpace(data)
	if data[0] != '{' {
		return nil, fmt.Errorf("the file is %s, not a FeatureCollection", kind(data))
	}
	top, err := member(data, "type", "features", "crs")
	if err != nil {
		return nil, err
	}
	if name := typeName(top[0]); name != "FeatureCollection" {
		return nil, fmt.Errorf("the file's type is %s, not a FeatureCollection", name)
	}
	if err := checkCRS(top[2]); err != nil {
		return nil, err
	}
	if kind(top[1]) != "a list" {
		return nil, fmt.Errorf("features: is %s, not a list", kind(top[1]))
	}

	r := reader{property: property, vertices: limits.Vertices, byID: map[area.ID]*outline{}}
	c := cursor{text: top[1]}
	err = c.list(func(n int) error {
		if n > limits.Features {
			return fmt.Errorf("%w: more than %d features", ErrTooLarge, limits.Features)
		}
		id, err := r.feature(c.value())
		if err != nil {
			return &FeatureError{n, property, id, err}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(r.byID) == 0 {
		return nil, errors.New("the file has no features")
	}
	b := &Boundaries{areas: make([]outline, 0, len(r.byID))}
	for _, o := range r.byID {
		b.areas = append(b.areas, *o)
	}
	slices.SortFunc(b.areas, func(a, b outline) int { return cmp.Compare(a.id, b.id) })
	return b, nil
}

// syntaxError tells where data stops to be JSON.
func syntaxError(data []byte) error {
	var all json.RawMessage
	err := json.Unmarshal(data, &all)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		offset := min(max(0, int(syntax.Offset)), len(data))
		return fmt.Errorf("line %d: not JSON: %w", 1+bytes.Count(data[:offset], []byte("\n")), err)
	}
	return fmt.Errorf("not JSON: %w", err)
}

// typeName returns the type of a GeoJSON object, or what stands in its place.
func typeName(value []byte) string {
	if kind(value) != "text" {
		return kind(value)
	}
	name := unquote(value)
	if len(name) > 40 || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) }) {
		return "unknown"
	}
	return name
}

// checkCRS refuses a coordinate reference system other than WGS84, which
// GeoJSON of before 2016 could have.
func checkCRS(crs []byte) error {
	if kind(crs) == "absent" || kind(crs) == "null" {
		return nil
	}
	if kind(crs) == "an object" {
		if inner, err := member(crs, "properties"); err == nil && kind(inner[0]) == "an object" {
			if name, err := member(inner[0], "name"); err == nil && kind(name[0]) == "text" {
				switch unquote(name[0]) {
				case "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326":
					return nil
				}
			}
		}
	}
	return errors.New("crs: not WGS84 in degrees (CRS84 or EPSG:4326): convert the file")
}

// A reader gathers the features of a file by area.
type reader struct {
	property string
	vertices int // that may still come
	byID     map[area.ID]*outline
}

// feature adds one feature and returns its area, as far as it came to know it.
func (r *reader) feature(text []byte) (area.ID, error) {
	if kind(text) != "an object" {
		return "", fmt.Errorf("is %s, not a Feature", kind(text))
	}
	f, err := member(text, "type", "properties", "geometry")
	if err != nil {
		return "", err
	}
	if name := typeName(f[0]); name != "Feature" {
		return "", fmt.Errorf("its type is %s, not Feature", name)
	}
	id, err := r.code(f[1])
	if err != nil {
		return "", err
	}
	polygons, err := r.geometry(f[2])
	if err != nil {
		return id, err
	}
	o := r.byID[id]
	if o == nil {
		o = &outline{id: id, bound: polygons[0].bound}
		r.byID[id] = o
	}
	for _, p := range polygons {
		o.bound = o.bound.Union(p.bound)
		o.km2 += p.km2
	}
	o.polygons = append(o.polygons, polygons...)
	return id, nil
}

// code returns the value of the property that holds the area's code.
func (r *reader) code(properties []byte) (area.ID, error) {
	if kind(properties) != "an object" {
		return "", fmt.Errorf("properties: is %s, not an object", kind(properties))
	}
	v, err := member(properties, r.property)
	if err != nil {
		return "", err
	}
	switch kind(v[0]) {
	case "absent":
		return "", fmt.Errorf("absent; the feature has %s", names(properties))
	case "text":
	default: // a number has lost the zeros it began with
		return "", fmt.Errorf("is %s, not text", kind(v[0]))
	}
	code := unquote(v[0])
	switch {
	case code == "":
		return "", errors.New("is empty")
	case strings.TrimSpace(code) != code:
		return "", errors.New("has spaces around it")
	case len(code) > 64:
		return "", errors.New("is longer than 64 bytes, not a code")
	}
	return area.ID(code), nil
}

// names lists the first properties of a feature, for whoever misspelled one.
func names(properties []byte) string {
	const most = 12
	var keys []string
	enough := errors.New("enough")
	err := members(properties, func(key string, _ []byte) error {
		if len(keys) == most {
			return enough
		}
		if len(key) > 40 {
			key = "a long name"
		}
		keys = append(keys, fmt.Sprintf("%q", key))
		return nil
	})
	switch {
	case len(keys) == 0:
		return "no properties"
	case err != nil:
		keys = append(keys, "…")
	}
	return strings.Join(keys, ", ")
}

// geometry reads a Polygon or MultiPolygon: at least one polygon.
func (r *reader) geometry(text []byte) ([]polygon, error) {
	switch kind(text) {
	case "null", "absent":
		return nil, errors.New("has no geometry")
	case "an object":
	default:
		return nil, fmt.Errorf("geometry: is %s, not an object", kind(text))
	}
	g, err := member(text, "type", "coordinates")
	if err != nil {
		return nil, fmt.Errorf("geometry: %w", err)
	}
	name := typeName(g[0])
	if name != "Polygon" && name != "MultiPolygon" {
		return nil, fmt.Errorf("geometry: its type is %s, not Polygon or MultiPolygon", name)
	}
	if kind(g[1]) != "a list" {
		return nil, fmt.Errorf("coordinates: is %s, not a list", kind(g[1]))
	}
	c := cursor{text: g[1]}
	var polygons []polygon
	one := func(n int) error {
		p, err := r.polygon(&c)
		if err != nil {
			return fmt.Errorf("polygon %d: %w", n, err)
		}
		polygons = append(polygons, p)
		return nil
	}
	if name == "Polygon" {
		err = one(1)
	} else {
		err = c.list(one)
	}
	if err == nil && len(polygons) == 0 {
		err = errors.New("geometry: has no polygons")
	}
	return polygons, err
}

func (r *reader) polygon(c *cursor) (polygon, error) {
	var points []orb.Point
	var ends []int // of each ring in points
	err := c.list(func(n int) error {
		start := len(points)
		var err error
		if points, err = r.ring(c, points); err != nil {
			return fmt.Errorf("ring %d: %w", n, err)
		}
		switch ring := points[start:]; {
		case len(ring) < 4:
			return fmt.Errorf("ring %d: has %d points, fewer than 4", n, len(ring))
		case ring[0] != ring[len(ring)-1]:
			return fmt.Errorf("ring %d: is open: its last point is not its first", n)
		}
		ends = append(ends, len(points))
		return nil
	})
	switch {
	case err != nil:
		return polygon{}, err
	case len(ends) == 0:
		return polygon{}, errors.New("has no rings")
	}
	p := newPolygon(points, ends)
	if !(p.km2 > 0) {
		return polygon{}, errors.New("encloses nothing, or its holes are larger than itself")
	}
	return p, nil
}

// ring appends the points of one ring.
func (r *reader) ring(c *cursor, points []orb.Point) ([]orb.Point, error) {
	err := c.list(func(n int) error {
		if r.vertices--; r.vertices < 0 {
			return fmt.Errorf("%w: too many points", ErrTooLarge)
		}
		p, err := position(c)
		if err != nil {
			return fmt.Errorf("point %d: %w", n, err)
		}
		points = append(points, p)
		return nil
	})
	return points, err
}

// position reads a longitude and a latitude; a height after them is passed
// over.
func position(c *cursor) (orb.Point, error) {
	var p orb.Point
	size := 0
	err := c.list(func(n int) error {
		v, err := c.number()
		if err != nil {
			return fmt.Errorf("coordinate %d: %w", n, err)
		}
		if size = n; n <= 2 {
			p[n-1] = v
		}
		return nil
	})
	switch {
	case err != nil:
		return p, err
	case size < 2:
		return p, fmt.Errorf("has %d coordinates, fewer than 2", size)
	case !(p[0] >= -180 && p[0] <= 180):
		return p, errors.New("its longitude is outside ±180°")
	case !(p[1] >= -90 && p[1] <= 90):
		return p, errors.New("its latitude is outside ±90°")
	}
	return p, nil
}

// IDs returns the areas of the file in the order of their codes.
func (b *Boundaries) IDs() []area.ID {
	ids := make([]area.ID, len(b.areas))
	for i := range b.areas {
		ids[i] = b.areas[i].id
	}
	return ids
}

// Missing returns those of ids that have no boundary, in the order given; nil
// if all have one.
func (b *Boundaries) Missing(ids []area.ID) []area.ID {
	var missing []area.ID
	for _, id := range ids {
		if b.find(id) == nil {
			missing = append(missing, id)
		}
	}
	return missing
}

// SquareKilometres returns the extent of an area; false if it has no boundary.
func (b *Boundaries) SquareKilometres(id area.ID) (float64, bool) {
	o := b.find(id)
	if o == nil {
		return 0, false
	}
	return o.km2, true
}

func (b *Boundaries) find(id area.ID) *outline {
	i, ok := slices.BinarySearchFunc(b.areas, id, func(o outline, id area.ID) int { return cmp.Compare(o.id, id) })
	if !ok {
		return nil
	}
	return &b.areas[i]
}
