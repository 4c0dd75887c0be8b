// Package analysis sets the daily series of a run beside one another, as the
// configuration declares: lagged correlations, ratios of launches on cold-spell
// days, and the facts of a text beside the numbers of the tables.
//
// Everything declared is reported, evaluable or not, and nothing else. Series
// are compared within a season and never pooled over seasons, since what grows
// over the years would pass for cold (methods.md 9.11). Numbers are read back
// from the tables that are published.
package analysis

import (
	"fmt"
	"math"
	"sort"

	"hardship/pipeline/area"
	"hardship/pipeline/config"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// Tables are the published tables that findings are made from, and the areas
// that they may be about.
type Tables struct {
	AreaDay, ColdSpell, StrikeNight, QueueDay *table.Table

	Gazetteer *area.Gazetteer
	Areas     []area.Area

	Breaks []config.SeriesBreak // of the series

	Calibration Calibration // what the methods do where the truth is known; may be empty
}

// span returns the first day of an area's rows in area_day and the day after
// its last.
func (d *daily) span(id area.ID) (first, end hour.Day) {
	t := d.tables.AreaDay.Of(string(id))
	if t.Rows() == 0 {
		return 0, 0
	}
	dates := t.Date("date_local")
	return table.Day(dates, 0), table.Day(dates, t.Rows()-1) + 1
}

// seasons returns the winters of an area's own days.
func (d *daily) seasons(id area.ID, plan config.Findings) []Season {
	first, end := d.span(id)
	if first == end {
		return nil
	}
	return hour.Seasons(first, end, plan.SeasonFirst, plan.SeasonLast)
}

// Season is one winter.
type Season = hour.Season

// daily is the values of series by area, weapon and day.
type daily struct{ tables Tables }

func newDaily(t Tables) *daily { return &daily{t} }

// numericColumn returns the cells of a column of numbers by row, NaN for null; of another
// column NaN.
func numericColumn(t *table.Table, column int) func(row int) float64 {
	switch c := t.Schema.Columns[column]; c.Type {
	case table.Float64:
		return cells(t.Float64(c.Name))
	case table.Int32:
		return cells(t.Int32(c.Name))
	case table.Int64:
		return cells(t.Int64(c.Name))
	}
	return func(int) float64 { return math.NaN() }
}

func cells[T int32 | int64 | float64](a interface {
	IsNull(row int) bool
	Value(row int) T
}) func(row int) float64 {
	return func(row int) float64 {
		if a.IsNull(row) {
			return math.NaN()
		}
		return float64(a.Value(row))
	}
}

// series returns a declared series of an area over [first, end), NaN where the
// tables do not know it.
func (d *daily) series(s config.Series, id area.ID, first, end hour.Day) []float64 {
	out := make([]float64, end-first)
	for i := range out {
		out[i] = math.NaN()
	}
	if s.Table == table.StrikeNight.Name {
		return d.munitions(s, id, first, out)
	}
	t := d.tables.AreaDay.Of(string(id))
	dates, cell := t.Date("date_local"), numericColumn(t, t.Schema.Index(s.Column))
	from := sort.Search(t.Rows(), func(row int) bool { return table.Day(dates, row) >= first })
	for row := from; row < t.Rows() && table.Day(dates, row) < end; row++ {
		out[table.Day(dates, row)-first] = cell(row)
	}
	return out
}

// munitions adds up a column of strike_night over the parts of each date. A
// date whose night has no bulletin is unknown, as is one with a part that does
// not state its number.
func (d *daily) munitions(s config.Series, id area.ID, first hour.Day, out []float64) []float64 {
	t := d.tables.StrikeNight.Of(string(id))
	dates, parts, weapons, cell := t.Date("date_local"), t.String("part"), t.String("weapon"), numericColumn(t, t.Schema.Index(s.Column))
	sums := make([]float64, len(out))
	night := make([]bool, len(out))
	for row := range t.Rows() {
		i := int(table.Day(dates, row) - first)
		if i < 0 || i >= len(out) || weapons.Value(row) != s.Weapon {
			continue
		}
		sums[i] += cell(row) // NaN stays
		night[i] = night[i] || parts.Value(row) != "day"
	}
	for i := range out {
		if night[i] {
			out[i] = sums[i]
		}
	}
	return out
}

// name writes a series of an area for the tables.
func name(s config.Series, id area.ID) string {
	if s.Weapon != "" {
		return fmt.Sprintf("%s.%s[%s,%s]", s.Table, s.Column, id, s.Weapon)
	}
	return fmt.Sprintf("%s.%s[%s]", s.Table, s.Column, id)
}
