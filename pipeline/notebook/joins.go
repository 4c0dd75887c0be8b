package notebook

import (
	"fmt"
	"slices"
	"strings"

	"hardship/pipeline/table"
)

// joins works out what the cells of template/joins print. Each method is the cell
// of its name, in Go: it prints the published numbers, so that a check of the
// notebook holds the joins by hand against them.
type joins struct{ contents }

func (j joins) of(cell string) ([]output, error) {
	switch _, name, _ := strings.Cut(cell, "_"); name {
	case "queues":
		return stream(j.queues()), nil
	case "nights":
		return stream(j.nights()), nil
	case "spells":
		return stream(j.spells()), nil
	case "results":
		return stream(j.results()), nil
	}
	return nil, fmt.Errorf("the cell has no counterpart")
}

func (j joins) queues() string {
	days := j.tables[table.AreaDay.Name]
	var b strings.Builder
	for _, id := range days.Areas() {
		t := days.Of(id)
		lo, hi := t.Float64("sched_off_h_lo"), t.Float64("sched_off_h_hi")
		var ends [2][]float64
		for row := range t.Rows() {
			if lo.IsValid(row) {
				ends[0], ends[1] = append(ends[0], lo.Value(row)), append(ends[1], hi.Value(row))
			}
		}
		if n := len(ends[0]); n > 0 {
			fmt.Fprintf(&b, "%s: %d days, announced %.1f to %.1f h, the mean over queues; %d days unknown\n", id, n, exactSum(ends[0]), exactSum(ends[1]), t.Rows()-n)
		}
	}
	return b.String()
}

// countries are the areas whose rows of strike_night are of bulletins as a whole.
func (j joins) countries() []string {
	t := j.tables[table.StrikeNight.Name]
	areas, named := t.String("area_id"), t.Int32("rows_named")
	var ids []string
	for row := range t.Rows() {
		if id := areas.Value(row); named.IsNull(row) && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

func (j joins) nights() string {
	var b strings.Builder
	for _, id := range j.countries() {
		t := j.tables[table.AreaDay.Name].Of(id)
		dates, launched := t.Date("date_local"), t.Int32("launched")
		year, sum, n := 0, 0, 0
		end := func() {
			if n > 0 {
				fmt.Fprintf(&b, "%s %d: %d launched on %d days that are known\n", id, year, sum, n)
			}
			sum, n = 0, 0
		}
		for row := range t.Rows() {
			if y := table.Day(dates, row).Time().Year(); y != year {
				end()
				year = y
			}
			if launched.IsValid(row) {
				sum, n = sum+int(launched.Value(row)), n+1
			}
		}
		end()
	}
	return b.String()
}

func (j joins) spells() string {
	var b strings.Builder
	t := j.tables[table.RateRatio.Name]
	for row := range t.Rows() {
		if t.Bool("evaluable").Value(row) {
			fmt.Fprintf(&b, "%s %s %s: %d on %d cold-spell days, %d on %d others, ratio %.3f\n",
				t.String("area_id").Value(row), t.String("season").Value(row), t.String("weapon").Value(row),
				t.Int64("x1").Value(row), t.Int32("t1_d").Value(row), t.Int64("x0").Value(row), t.Int32("t0_d").Value(row), t.Float64("rr").Value(row))
		}
	}
	return b.String()
}

func (j joins) results() string {
	var b strings.Builder
	t := j.tables[table.RateRatio.Name]
	for row := range t.Rows() {
		if t.Bool("evaluable").Value(row) {
			fmt.Fprintf(&b, "%s %s %s: ratio %.3f\n", t.String("area_id").Value(row), t.String("season").Value(row), t.String("weapon").Value(row), t.Float64("rr").Value(row))
		}
	}
	return b.String()
}
