package report

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"time"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/quality"
	"hardship/pipeline/report/chart"
	"hardship/pipeline/table"
)

// A coverageCell is what one source knows of one measure in one area and month.
type coverageCell struct {
	measure, source, counted string
	area                     area.ID
	month                    int // from the period's first
	present                  int
	expected                 int // 0: not known
}

func (c coverageCell) share() float64 {
	if c.expected == 0 {
		return math.NaN()
	}
	return quality.Share(c.present, c.expected)
}

// monthIndex counts months from the period's first.
func (r *reading) monthIndex(d hour.Day) int {
	a, b := r.First.Time(), d.Time()
	return (b.Year()-a.Year())*12 + int(b.Month()) - int(a.Month())
}

// coverageMonths is what one source knows of one measure in one area, by month from
// the period's first; of many areas that takes a tenth of their cells.
type coverageMonths struct {
	measure, source, counted string
	area                     area.ID
	known                    []bool // there is a row
	present, expected        []int32
}

// coverageCells are what there is in the table of coverage.
type coverageCells []coverageMonths

func (r *reading) coverageCells() coverageCells {
	all := r.table(table.Coverage)
	months := r.monthIndex(r.End-1) + 1
	words := map[string]string{}
	word := func(s string) string {
		if _, ok := words[s]; !ok {
			words[strings.Clone(s)] = strings.Clone(s)
		}
		return words[s]
	}
	var out coverageCells
	for _, id := range all.Areas() {
		if r.country != nil && r.Gazetteer.Root(area.ID(id)) != r.country.ID {
			continue // has days of its own: see apart
		}
		t := all.Of(id)
		measures, sources, counted := t.String("measure"), t.String("source_id"), t.String("counted_in")
		dates, present, expected := t.Date("month_local"), t.Int32("n_present"), t.Int32("n_expected")
		first := len(out)
		for row := range t.Rows() {
			month := r.monthIndex(table.Day(dates, row))
			if month < 0 || month >= months {
				continue
			}
			measure, source, in := word(measures.Value(row)), word(sources.Value(row)), word(counted.Value(row))
			i := first + slices.IndexFunc(out[first:], func(c coverageMonths) bool {
				return c.measure == measure && c.source == source && c.counted == in
			})
			if i < first {
				i = len(out)
				out = append(out, coverageMonths{measure, source, in, area.ID(id), make([]bool, months), make([]int32, months), make([]int32, months)})
			}
			c := &out[i]
			c.known[month], c.present[month] = true, present.Value(row)
			if expected.IsValid(row) {
				c.expected[month] = expected.Value(row)
			}
		}
	}
	return out
}

// of returns the cells of a measure.
func (all coverageCells) of(measure string) coverageCells {
	return slices.DeleteFunc(slices.Clone(all), func(c coverageMonths) bool { return c.measure != measure })
}

// cells yields the cells by area, measure and source, each from the first month on.
func (all coverageCells) cells() iter.Seq[coverageCell] {
	return func(yield func(coverageCell) bool) {
		for i := range all {
			c := &all[i]
			for month, known := range c.known {
				if known && !yield(coverageCell{c.measure, c.source, c.counted, c.area, month, int(c.present[month]), int(c.expected[month])}) {
					return
				}
			}
		}
	}
}

// measures are the measures of coverage in the order of the grid.
var measures = []string{"temperature", "customers_out", "announced_off", "strikes", "alerts"}

// coverageSection shows what is known, where and when.
func (r *reading) coverageSection() section {
	s := section{ID: "coverage", Title: "What is known, where and when", Short: "Coverage", Level: 2}
	cells := r.coverageCells()
	if len(cells) == 0 {
		s.Blocks = []block{paragraph(say("This run has no table of coverage."))}
		return s
	}
	s.Blocks = append(s.Blocks, block{Figures: []*figure{r.coverageGrid(cells)}}, block{Table: r.coverageTable(cells)})
	if f := r.tileMap(cells); f != nil {
		s.Blocks = append(s.Blocks, block{Figures: []*figure{f}})
	}
	return s
}

// isNational reports whether a measure is the country's: bulletins are.
func (r *reading) isNational(measure string) bool { return measure == "strikes" && r.country != nil }

// coverageGrid has for each measure a row a source of each area shown, and one
// for the mean over all areas.
func (r *reading) coverageGrid(cells coverageCells) *figure {
	months := r.monthIndex(r.End-1) + 1
	var rows []chart.CoverageRow
	data := [][]string{{"measure", "row", "month_local", "share"}}
	add := func(measure, label, n string, share []float64) {
		rows = append(rows, chart.CoverageRow{Group: capital(measureOf(measure)), Label: label, N: drawable(n), Share: share})
		for i, v := range share {
			data = append(data, []string{measure, label, r.month(i).String(), csvNumber(v)})
		}
	}
	for _, measure := range measures {
		of := cells.of(measure)
		if !slices.ContainsFunc(of, func(c coverageMonths) bool { return slices.Max(c.present) > 0 }) {
			add(measure, "no source", "", unknown(months))
			continue
		}
		if r.isNational(measure) {
			r.sourceRows(of, r.country, months, measure, add)
			continue
		}
		for _, a := range r.focus {
			r.sourceRows(of, a, months, measure, add)
		}
		share, with := r.meanShare(of, months)
		add(measure, fmt.Sprintf("mean of %s", count(len(r.areas()), "area", "areas")), fmt.Sprintf("%d with any", with), share)
	}
	f := &figure{
		Name: "coverage", Title: "How much is known in each month",
		Subtitle: "Share of hours, days, nights or queues that a source knows, " + datesOf(r.First, r.End-1),
		Note:     "The last row of a measure is the mean over all areas, an area without a source counting as none. Hatched: nothing known.",
		Data:     data,
	}
	f.Scene = func(frame chart.Frame) *chart.Scene {
		return chart.CoverageGrid{Frame: frame, Start: r.First.Time(), Months: months, Rows: rows, Legend: "Share known"}.Scene()
	}
	return f
}

func unknown(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.NaN()
	}
	return out
}

// sourceRows adds a row for every source that has anything of an area.
func (r *reading) sourceRows(cells coverageCells, a *area.Area, months int, measure string, add func(measure, label, n string, share []float64)) {
	var sources []string
	for c := range cells.cells() {
		if c.area == a.ID && c.present > 0 && !slices.Contains(sources, c.source) {
			sources = append(sources, c.source)
		}
	}
	slices.Sort(sources)
	for _, source := range sources {
		share, present, counted := unknown(months), 0, ""
		for c := range cells.cells() {
			if c.area == a.ID && c.source == source && c.present > 0 {
				share[c.month] = c.share()
				present += c.present
				counted = c.counted
			}
		}
		add(measure, a.Name()+", "+source, quantity(float64(present), 0, counted), share)
	}
	if len(sources) == 0 {
		add(measure, a.Name(), "no source", unknown(months))
	}
}

// meanShare returns for each month the mean over all areas of the share that an
// area's best source knows, and how many areas have anything at all.
func (r *reading) meanShare(cells coverageCells, months int) (share []float64, with int) {
	areas := r.areas()
	best := map[area.ID][]float64{}
	for _, a := range areas {
		best[a.ID] = make([]float64, months)
	}
	anything := map[area.ID]bool{}
	for c := range cells.cells() {
		if b := best[c.area]; b != nil && c.present > 0 {
			anything[c.area] = true
			if s := c.share(); s > b[c.month] {
				b[c.month] = s
			}
		}
	}
	share = unknown(months)
	for month := range share {
		var sum float64
		for _, a := range areas {
			sum += best[a.ID][month]
		}
		if sum > 0 {
			share[month] = sum / float64(len(areas))
		}
	}
	return share, len(anything)
}

// coverageTable says of each measure how many areas have any of it, and when.
func (r *reading) coverageTable(cells coverageCells) *grid {
	g := &grid{
		Caption: say("Sources by measure"), Stack: true,
		Columns: []column{{Name: "Measure"}, {Name: "Sources"}, {Name: "Areas with any", Numeric: true}, {Name: "First and last month"}},
	}
	for _, measure := range append(slices.Clone(measures), "observed_off") {
		var sources []string
		areas := map[area.ID]bool{}
		first, last := math.MaxInt, -1
		for c := range cells.cells() {
			if c.measure != measure || c.present == 0 {
				continue
			}
			if !slices.Contains(sources, c.source) {
				sources = append(sources, c.source)
			}
			areas[c.area] = true
			first, last = min(first, c.month), max(last, c.month)
		}
		slices.Sort(sources)
		if last < 0 {
			g.Rows = append(g.Rows, rowOf(say("%s", capital(measureOf(measure))), text{{Text: "no source", Style: quiet}}, say("0 of %d", len(r.areas())), say("–")))
			continue
		}
		with := fmt.Sprintf("%d of %d", len(areas), len(r.areas()))
		if r.isNational(measure) {
			with = "the country"
		}
		g.Rows = append(g.Rows, rowOf(
			say("%s", capital(measureOf(measure))), say("%s", strings.Join(sources, ", ")), say("%s", with),
			say("%s", monthsOf(r.month(first), r.month(last))),
		))
	}
	return g
}

func (r *reading) month(index int) hour.Day {
	return hour.Date(r.First.Time().Year(), r.First.Time().Month()+time.Month(index), 1)
}

// tileMap shows where temperatures are known in the last winter; nil for areas
// that are not on the built-in map.
func (r *reading) tileMap(cells coverageCells) *figure {
	if !slices.ContainsFunc(r.areas(), func(a *area.Area) bool { return len(a.ID) == 4 && strings.HasPrefix(string(a.ID), "UA") }) {
		return nil
	}
	w := r.lastWinter()
	from, to := r.monthIndex(w.first), r.monthIndex(min(w.end, r.End)-1)
	type sum struct{ present, expected int }
	bySource := map[area.ID]map[string]sum{}
	for c := range cells.cells() {
		if c.measure != "temperature" || c.month < from || c.month > to {
			continue
		}
		if bySource[c.area] == nil {
			bySource[c.area] = map[string]sum{}
		}
		s := bySource[c.area][c.source]
		bySource[c.area][c.source] = sum{s.present + c.present, s.expected + c.expected}
	}
	var tiles []chart.Tile
	data := [][]string{{"area_id", "winter", "hours_known", "hours_expected", "share"}}
	with := 0
	for _, a := range r.areas() {
		best := sum{}
		for _, s := range bySource[a.ID] {
			if s.present > best.present || s.present == best.present && s.expected > best.expected {
				best = s
			}
		}
		tile := chart.Tile{Code: string(a.ID), Value: math.NaN()}
		if best.present > 0 {
			with++
			tile.Value = 100 * quality.Share(best.present, best.expected)
			tile.Tip = fmt.Sprintf("%d of %d hours", best.present, best.expected)
		}
		tiles = append(tiles, tile)
		data = append(data, []string{string(a.ID), w.label, fmt.Sprint(best.present), fmt.Sprint(best.expected), csvNumber(tile.Value / 100)})
	}
	f := &figure{
		Name:     "temperature_map",
		Title:    fmt.Sprintf("Winter %s: temperatures of %d of %s", w.label, with, count(len(tiles), "area", "areas")),
		Subtitle: "Share of hours with a temperature, November to March, by area; squares of equal size, laid out roughly as on a map",
		Note:     "Hatched: no temperature at all.",
		Data:     data,
	}
	f.Scene = func(frame chart.Frame) *chart.Scene {
		return chart.TileMap{Frame: frame, Legend: "Hours known, %", Tiles: tiles, Lo: 0, Hi: 100, Ramp: chart.Blue}.Scene()
	}
	return f
}
