package space

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"hardship/pipeline/area"
	"hardship/pipeline/unit"
)

// MaxCells is the most cells that a grid may have: a tenth of a degree over the
// whole Earth, and half as much again.
const MaxCells = 10_000_000

// A Grid is a regular grid of cells in longitude and latitude. Cell
// row·Columns + column has its centre at Lon + column·LonStep, Lat +
// row·LatStep and reaches half a step to each side, at most to the pole. All are
// degrees. Longitudes may run from 0 to 360 or from −180 to 180, and LatStep is
// below 0 where rows run from north to south.
type Grid struct {
	Lon, Lat         float64 // the centre of cell 0
	LonStep, LatStep float64
	Columns, Rows    int
}

// GridOf returns the grid of a list of cells given by their centres, with
// columns from west to east and rows from south to north, and the cell of each
// centre in it. Not every cell of the grid need have a centre; a cell without
// one has no readings. A centre more than a hundredth of a step off the grid is
// an error, as is a second one in a cell.
func GridOf(lon, lat []float64, lonStep, latStep float64) (Grid, []int, error) {
	if len(lon) != len(lat) {
		panic("space: longitudes and latitudes differ in number")
	}
	if len(lon) == 0 {
		return Grid{}, nil, errors.New("a grid without cells")
	}
	if !(lonStep > 0 && latStep > 0) {
		return Grid{}, nil, errors.New("the grid's step is not above 0")
	}
	for i := range lon {
		if !(math.Abs(lon[i]) <= 360 && math.Abs(lat[i]) <= 90) {
			return Grid{}, nil, fmt.Errorf("centre %d is not on the Earth", i+1)
		}
	}
	g := Grid{Lon: slices.Min(lon), Lat: slices.Min(lat), LonStep: lonStep, LatStep: latStep}
	columns, rows := math.Round((slices.Max(lon)-g.Lon)/lonStep)+1, math.Round((slices.Max(lat)-g.Lat)/latStep)+1
	if columns*rows > MaxCells {
		return Grid{}, nil, fmt.Errorf("a grid of %.0f cells, at most %d may be", columns*rows, MaxCells)
	}
	g.Columns, g.Rows = int(columns), int(rows)
	if err := g.check(); err != nil {
		return Grid{}, nil, err
	}
	cells := make([]int, len(lon))
	taken := make([]bool, g.Columns*g.Rows)
	for i := range lon {
		x, y := (lon[i]-g.Lon)/lonStep, (lat[i]-g.Lat)/latStep
		column, row := math.Round(x), math.Round(y)
		if math.Abs(x-column) > 0.01 || math.Abs(y-row) > 0.01 {
			return Grid{}, nil, fmt.Errorf("centre %d is no whole number of steps of %v by %v from the others", i+1, lonStep, latStep)
		}
		cells[i] = int(row)*g.Columns + int(column)
		if taken[cells[i]] {
			return Grid{}, nil, fmt.Errorf("centre %d is in the cell of an earlier one", i+1)
		}
		taken[cells[i]] = true
	}
	return g, cells, nil
}

// Centre returns the centre of a cell.
func (g Grid) Centre(cell int) (lon, lat float64) {
	return g.Lon + float64(cell%g.Columns)*g.LonStep, g.Lat + float64(cell/g.Columns)*g.LatStep
}

// CellKM2 returns the extent of a cell on the sphere.
func (g Grid) CellKM2(cell int) float64 {
	w := g.window(cell%g.Columns, cell%g.Columns+1, cell/g.Columns, cell/g.Columns+1)
	return boxKM2(w.Min[0], w.Max[0], w.Min[1], w.Max[1])
}

func (g Grid) check() error {
	const rounding = 1e-6 // of a step: enough for axes kept as float32
	switch {
	case g.Columns < 1 || g.Rows < 1:
		return errors.New("a grid without cells")
	case g.Columns > MaxCells || g.Rows > MaxCells/g.Columns:
		return fmt.Errorf("a grid of %d by %d cells, at most %d may be", g.Columns, g.Rows, MaxCells)
	case !(g.LonStep > 0 && g.LonStep <= 360) || !(math.Abs(g.LatStep) > 0 && math.Abs(g.LatStep) <= 180):
		return errors.New("the grid's step is not one of degrees")
	case !(g.Lon >= -360 && g.Lon <= 360):
		return errors.New("the grid's first longitude is outside ±360°")
	case float64(g.Columns)*g.LonStep > 360+rounding*g.LonStep*float64(g.Columns):
		return errors.New("the grid goes round the Earth more than once")
	case !(math.Abs(g.Lat) <= 90+rounding) || !(math.Abs(g.Lat+float64(g.Rows-1)*g.LatStep) <= 90+rounding*math.Abs(g.LatStep)*float64(g.Rows)):
		return errors.New("the grid goes beyond a pole")
	}
	return nil
}

// meridian returns the western edge of a column.
func (g Grid) meridian(column int) float64 { return g.Lon + (float64(column)-0.5)*g.LonStep }

// parallel returns the edge at which a row begins.
func (g Grid) parallel(row int) float64 {
	return min(90, max(-90, g.Lat+(float64(row)-0.5)*g.LatStep))
}

// window returns the box of the columns and rows from the first up to the
// second, which is not in it.
func (g Grid) window(column, columns, row, rows int) orb.Bound {
	a, b := g.parallel(row), g.parallel(rows)
	return orb.Bound{Min: orb.Point{g.meridian(column), min(a, b)}, Max: orb.Point{g.meridian(columns), max(a, b)}}
}

// A CellWeight says what a cell counts in an area.
type CellWeight struct {
	Cell   int     // of the Grid
	KM2    float64 // of the area that lies in the cell
	Weight float64 // in the area's mean; those of an area sum to 1
}

// AreaWeights are the cells of one area.
type AreaWeights struct {
	Area    area.ID
	Cells   []CellWeight // in the order of cells; none if the grid is elsewhere
	Covered float64      // share of the area's extent that the grid covers, 0 to 1
}

// GridWeights returns the weights of a grid's cells for the mean of each area,
// in the order of the areas' codes (methods.md 4.4). Each cell has the exact
// extent of its overlap with the area on the sphere: the area's rings are cut at
// the cell's edges and −R² ∮ sin φ dλ is taken along what remains, holes less.
//
// With population, the inhabitants of each cell, a cell weighs its population
// times the share of the cell that lies in the area: people are taken to be
// spread evenly within a cell. nil weighs by extent alone. It panics if
// population is not one value a cell.
//
// It is an error if the grid is none, a cell that is needed has a negative or
// missing population, an area has no inhabitants, rings of an area cross
// themselves or overlap so that a cell would hold less than nothing or more than
// itself, or outlines are so jagged that cutting them takes more than some
// seconds.
func GridWeights(b *Boundaries, g Grid, population []float64) ([]AreaWeights, error) {
	if err := g.check(); err != nil {
		return nil, err
	}
	if population != nil && len(population) != g.Columns*g.Rows {
		panic("space: population is not one value a cell")
	}
	all := make([]AreaWeights, len(b.areas))
	for i := range b.areas {
		w, err := g.areaWeights(&b.areas[i], population)
		if err != nil {
			return nil, fmt.Errorf("area %q: %w", b.areas[i].id, err)
		}
		all[i] = w
	}
	return all, nil
}

func (g Grid) areaWeights(o *outline, population []float64) (AreaWeights, error) {
	w := AreaWeights{Area: o.id}
	overlaps, err := g.overlaps(o)
	if err != nil {
		return w, err
	}
	var covered, total sum
	for _, cell := range slices.Sorted(maps.Keys(overlaps)) {
		km2, whole := overlaps[cell], g.CellKM2(cell)
		switch {
		case km2 < -1e-9*whole || km2 > whole*(1+1e-9):
			return w, errors.New("its rings cross themselves or overlap")
		case km2 <= 1e-12*whole: // it touches the cell, or rounding says so
			continue
		}
		c := CellWeight{Cell: cell, KM2: km2, Weight: km2}
		if population != nil {
			if !(population[cell] >= 0) || math.IsInf(population[cell], 1) {
				return w, fmt.Errorf("the population of cell %d is %v", cell, population[cell])
			}
			c.Weight = population[cell] * (km2 / whole)
		}
		covered.add(km2)
		if c.Weight > 0 {
			total.add(c.Weight)
			w.Cells = append(w.Cells, c)
		}
	}
	w.Covered = min(1, covered.value()/o.km2)
	if population != nil && covered.value() > 0 && len(w.Cells) == 0 {
		return w, errors.New("it has no inhabitants")
	}
	for i := range w.Cells {
		w.Cells[i].Weight /= total.value()
	}
	return w, nil
}

// Mean returns the mean of the area at one time, and the share of its weight
// with readings: the policy is that of Mean, and what lies outside of the grid
// has no readings. field has one value for each cell of the grid, NaN where
// there is none; it panics if field is shorter.
func (w AreaWeights) Mean(field []unit.Celsius) (mean unit.Celsius, coverage float64) {
	values, weights := make([]unit.Celsius, len(w.Cells)), make([]float64, len(w.Cells))
	for i, c := range w.Cells {
		values[i], weights[i] = field[c.Cell], c.Weight
	}
	return MeanOfPart(values, weights, w.Covered)
}

// maxCuts bounds the points that cutting one area into cells may visit: some
// seconds. A real oblast visits a thousandth.
const maxCuts = 100_000_000

// overlaps returns the extent in km² of an area in each cell that it may touch.
func (g Grid) overlaps(o *outline) (map[int]float64, error) {
	c := cutter{grid: g, km2: map[int]float64{}}
	whole := g.window(0, g.Columns, 0, g.Rows)
	for turn := -1; turn <= 2; turn++ { // the grid's longitudes may lie a turn away
		shift := 360 * float64(turn)
		if o.bound.Max[0]+shift <= whole.Min[0] || o.bound.Min[0]+shift >= whole.Max[0] {
			continue
		}
		for _, p := range o.polygons {
			for i, closed := range p.rings {
				c.sign = math.Copysign(1, ringKM2(closed))
				if i > 0 {
					c.sign = -c.sign
				}
				ring := slices.Clone(closed[:len(closed)-1])
				for i := range ring {
					ring[i][0] += shift
				}
				_, ring = c.split(ring, 0, whole.Min[0])
				ring, _ = c.split(ring, 0, whole.Max[0])
				_, ring = c.split(ring, 1, whole.Min[1])
				ring, _ = c.split(ring, 1, whole.Max[1])
				c.cut(ring, 0, g.Columns, 0, g.Rows)
			}
		}
	}
	if c.visits > maxCuts {
		return nil, errors.New("its outline is too jagged for this grid")
	}
	return c.km2, nil
}

// A cutter cuts rings into the cells of a grid, by halves: a ring's points are
// then visited once for each time that the grid can be halved, not for each
// cell.
type cutter struct {
	grid   Grid
	sign   float64 // 1, or −1 for a ring that runs clockwise; the other way for a hole
	visits int
	km2    map[int]float64
}

// cut adds what a ring encloses to the cells of a window that it lies in.
func (c *cutter) cut(ring []orb.Point, column, columns, row, rows int) {
	width, height := columns-column, rows-row
	switch {
	case len(ring) == 0 || c.visits > maxCuts:
	case width == 1 && height == 1:
		c.km2[row*c.grid.Columns+column] += c.sign * ringKM2(ring)
	case width >= height:
		middle := column + width/2
		west, east := c.split(ring, 0, c.grid.meridian(middle))
		c.cut(west, column, middle, row, rows)
		c.cut(east, middle, columns, row, rows)
	default:
		middle := row + height/2
		first, second := c.split(ring, 1, c.grid.parallel(middle))
		if c.grid.LatStep < 0 {
			first, second = second, first
		}
		c.cut(first, column, columns, row, middle)
		c.cut(second, column, columns, middle, rows)
	}
}

// split parts a ring, given without its closing point, at a meridian (axis 0)
// or a parallel (axis 1), after Sutherland and Hodgman (1974): each part is one
// ring, whose pieces may be joined by edges along the line. Such edges run both
// ways and cancel in the integral.
func (c *cutter) split(ring []orb.Point, axis int, line float64) (below, above []orb.Point) {
	c.visits += len(ring)
	anyBelow, anyAbove := false, false
	for _, p := range ring {
		anyBelow = anyBelow || p[axis] < line
		anyAbove = anyAbove || p[axis] > line
	}
	switch {
	case !anyBelow && !anyAbove: // it has no extent
		return nil, nil
	case !anyAbove:
		return ring, nil
	case !anyBelow:
		return nil, ring
	}
	below, above = make([]orb.Point, 0, len(ring)+2), make([]orb.Point, 0, len(ring)+2)
	a := ring[len(ring)-1]
	for _, b := range ring {
		if a[axis] < line && b[axis] > line || a[axis] > line && b[axis] < line {
			other := 1 - axis
			var p orb.Point
			p[axis] = line
			p[other] = a[other] + (b[other]-a[other])*((line-a[axis])/(b[axis]-a[axis]))
			below, above = append(below, p), append(above, p)
		}
		if b[axis] <= line {
			below = append(below, b)
		}
		if b[axis] >= line {
			above = append(above, b)
		}
		a = b
	}
	return below, above
}
