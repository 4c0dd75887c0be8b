// Package points makes hourly temperatures of areas from those of points
// (methods.md 4.4): of the cells of a grid, or of stations. It stands between
// package normalize, which reads rows of point_temperature, and whatever takes
// rows of temperature.
//
//  1. Readings takes batches of one source. What was read of each point is held
//     in dense blocks by hour, not as rows: 8 bytes an hour, as many again if
//     the source has wind or vintages, and no more of them than its limit.
//  2. Weights says what each point counts in each area: by boundaries, or by a
//     table of the user's own.
//  3. Areas makes the rows, an area after another: the weighted mean of the
//     points with a reading, null where they hold less than space.MinCoverage of
//     the area's weight.
//
// Points are taken in the order of their ids, so that the order of rows in a
// file changes no sum. Positions and ids of points end here: no row and no error
// holds them.
package points

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strings"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// Readings are the hours of the points of one source.
type Readings struct {
	asOf     hour.Instant
	limit    int64
	blocks   int64 // held, of blockHours values each
	located  bool  // points must have a position
	sourceID string
	revision string
	points   []*point
	byID     map[string]*point
}

// A point is a station or a cell.
type point struct {
	id         string
	kind       string
	lon, lat   float64 // NaN: unknown
	population float64 // NaN: unknown
	height     float64 // m; NaN: unknown
	blocks     map[int]*block
	last       *block // the one used last, and its number
	lastNumber int
}

const blockHours = 256

// A block is some hours of a point.
type block struct {
	row      [blockHours]bool         // there is a row of the hour, with a reading or without
	temp     [blockHours]unit.Celsius // NaN: no reading
	wind     *[blockHours]unit.KilometresPerHour
	version  *[blockHours]hour.Instant // of the row that holds; nil while none has one
	count    *[blockHours]uint16       // readings averaged, if more than one
	forecast *[blockHours]bool
}

// NewReadings returns Readings without any. Versions after asOf are passed over.
// limit is how many hours of values may be held, over all points. If located,
// points must say where they are.
func NewReadings(asOf hour.Instant, limit int64, located bool) *Readings {
	return &Readings{asOf: asOf, limit: limit, located: located, byID: map[string]*point{}}
}

// Values of qc in table.PointTemperature.
const (
	qcGood     = 0
	qcForecast = 4
)

// A Fault is a row that Add has left out, with the canonical column at fault.
type Fault struct {
	Row    int
	Column string
	Code   source.Code
	Err    error
}

// Add takes a batch of table.PointTemperature, of which it keeps nothing, and
// returns the rows that it leaves out: those without a position where one is
// needed, and those that put a point elsewhere than a row before, or give it
// other people or another height. The last version of an hour holds, also if it has no reading;
// readings of one version within an hour are averaged. The error is that of
// points and hours beyond the limit.
func (r *Readings) Add(t *table.Table) ([]Fault, error) {
	ids, kinds, lats, lons, people, heights := t.String("point_id"), t.String("kind"), t.Float64("lat"), t.Float64("lon"), t.Float64("point_population"), t.Float64("point_elev_m")
	times, temps, winds := t.Timestamp("time_utc"), t.Float64("t_c"), t.Float64("wind_kmh")
	qualities, seen, retracted := t.Int32("qc"), t.Timestamp("first_seen_utc"), t.Bool("retracted")
	if t.Rows() > 0 && r.sourceID == "" {
		r.sourceID = strings.Clone(t.String("source_id").Value(0))
		if revisions := t.String("source_rev"); revisions.IsValid(0) {
			r.revision = strings.Clone(revisions.Value(0))
		}
	}
	var faults []Fault
	var p *point
	for row := range t.Rows() {
		lon, lat, population, height := numberAt(lons, row), numberAt(lats, row), numberAt(people, row), numberAt(heights, row)
		if id := ids.Value(row); p == nil || p.id != id {
			p = r.byID[id]
		}
		if column, code, err := r.check(p, lon, lat, population, height); err != nil {
			faults = append(faults, Fault{row, column, code, err})
			p = nil
			continue
		}
		if p == nil {
			p = &point{id: strings.Clone(ids.Value(row)), kind: strings.Clone(kinds.Value(row)), lon: lon, lat: lat, population: population, height: height, blocks: map[int]*block{}}
			r.byID[p.id] = p
			r.points = append(r.points, p)
		}
		if math.IsNaN(p.population) {
			p.population = population
		}
		if math.IsNaN(p.height) {
			p.height = height
		}
		at := table.Instant(times, row)
		one := reading{temp: unit.Missing[unit.Celsius](), wind: unit.Missing[unit.KilometresPerHour](), version: hour.DistantPast}
		known := at
		if seen.IsValid(row) {
			one.version = table.Instant(seen, row)
			known = one.version
		}
		if known > r.asOf {
			continue
		}
		switch q := qualities.Value(row); {
		case q == qcForecast:
			one.forecast = true
		case q == qcGood && !retracted.Value(row):
			one.temp, one.wind = unit.Celsius(numberAt(temps, row)), unit.KilometresPerHour(numberAt(winds, row))
		}
		number, i := blockOf(at.Hour())
		p.block(number, &r.blocks).add(i, one, &r.blocks)
		if r.blocks*blockHours > r.limit {
			return faults, source.Beyond("point_hours", "%d points with more than %d hours together; keep the points and the days that are needed", len(r.points), r.limit)
		}
	}
	return faults, nil
}

// check returns what is wrong with what a row says of its point; p is nil for
// one that is new.
func (r *Readings) check(p *point, lon, lat, population, height float64) (column string, code source.Code, err error) {
	missing := math.IsNaN(lon) || math.IsNaN(lat)
	switch {
	case r.located && p == nil && missing:
		return "lat", source.MissingValue, errNoPosition
	case p != nil && !missing && (lon != p.lon || lat != p.lat):
		return "lat", source.Contradiction, errMoved
	case p != nil && population != p.population && !math.IsNaN(population) && !math.IsNaN(p.population):
		return "point_population", source.Contradiction, errPeople
	case p != nil && height != p.height && !math.IsNaN(height) && !math.IsNaN(p.height):
		return "point_elev_m", source.Contradiction, errHeight
	}
	return "", "", nil
}

var (
	errNoPosition = errors.New("the point has no position in its first row")
	errMoved      = errors.New("a row before puts the point elsewhere: a station that moves is two points")
	errPeople     = errors.New("a row before gives the point other people")
	errHeight     = errors.New("a row before gives the point another height")
)

func numberAt(a interface {
	IsNull(int) bool
	Value(int) float64
}, row int) float64 {
	if a.IsNull(row) {
		return math.NaN()
	}
	return a.Value(row)
}

// blockOf returns the number of the block that holds an hour, and the hour's
// place in it.
func blockOf(h hour.Hour) (number, i int) {
	number = int(h) / blockHours
	if int(h)%blockHours < 0 {
		number--
	}
	return number, int(h) - number*blockHours
}

// block returns a block by its number; made counts those that it makes.
func (p *point) block(number int, made *int64) *block {
	if p.last != nil && p.lastNumber == number {
		return p.last
	}
	b := p.blocks[number]
	if b == nil {
		b = &block{}
		for i := range b.temp {
			b.temp[i] = unit.Missing[unit.Celsius]()
		}
		p.blocks[number] = b
		*made++
	}
	p.last, p.lastNumber = b, number
	return b
}

// reading is what one row says of an hour.
type reading struct {
	temp     unit.Celsius           // NaN if there is none of good quality
	wind     unit.KilometresPerHour // NaN if there is none
	version  hour.Instant           // the distant past without vintages
	forecast bool
}

// add takes a row of the i-th hour.
func (b *block) add(i int, r reading, made *int64) {
	if r.version != hour.DistantPast && b.version == nil {
		b.version = filled(hour.DistantPast)
		*made++
	}
	if b.version != nil {
		if r.version < b.version[i] {
			return
		}
		if r.version > b.version[i] {
			b.version[i] = r.version
			b.clear(i)
		}
	}
	b.row[i] = true
	if r.forecast {
		if b.forecast == nil {
			b.forecast = new([blockHours]bool)
		}
		b.forecast[i] = true
	}
	if unit.IsMissing(r.temp) {
		return
	}
	if !unit.IsMissing(r.wind) && b.wind == nil {
		b.wind = filled(unit.Missing[unit.KilometresPerHour]())
		*made++
	}
	if unit.IsMissing(b.temp[i]) {
		b.temp[i] = r.temp
		if b.wind != nil {
			b.wind[i] = r.wind
		}
		return
	}
	if b.count == nil {
		b.count = new([blockHours]uint16)
	}
	n := float64(min(max(b.count[i], 1), math.MaxUint16-1)) + 1
	b.count[i] = uint16(n)
	b.temp[i] += (r.temp - b.temp[i]) / unit.Celsius(n)
	if b.wind != nil { // an hour with a reading that lacks wind has none
		b.wind[i] += (r.wind - b.wind[i]) / unit.KilometresPerHour(n)
	}
}

func filled[T any](v T) *[blockHours]T {
	all := new([blockHours]T)
	for i := range all {
		all[i] = v
	}
	return all
}

// clear forgets the readings of the i-th hour.
func (b *block) clear(i int) {
	b.temp[i] = unit.Missing[unit.Celsius]()
	if b.wind != nil {
		b.wind[i] = unit.Missing[unit.KilometresPerHour]()
	}
	if b.count != nil {
		b.count[i] = 0
	}
	if b.forecast != nil {
		b.forecast[i] = false
	}
}

// sorted returns the points in the order of their ids.
func (r *Readings) sorted() []*point {
	slices.SortFunc(r.points, func(a, b *point) int { return cmp.Compare(a.id, b.id) })
	return r.points
}
