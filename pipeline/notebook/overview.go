package notebook

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow/array"

	"hardship/pipeline/table"
)

// overview works out what the cells of template/overview print. Each method is
// the cell of its name, in Go.
type overview struct{ contents }

func (o overview) of(cell string) ([]output, error) {
	switch _, name, _ := strings.Cut(cell, "_"); name {
	case "coverage":
		return stream(o.coverage()), nil
	case "facts":
		return stream(o.facts()), nil
	case "spells":
		return stream(o.spells()), nil
	case "timeline":
		return o.pictures("timeline_"), nil
	case "nights":
		return stream(o.nights()), nil
	case "queues":
		return stream(o.queues()), nil
	case "findings":
		return stream(o.findings()), nil
	}
	return nil, fmt.Errorf("the cell has no counterpart")
}

// number writes a cell as the notebook's number() does.
func number(a *array.Float64, row, digits int) string {
	if a.IsNull(row) {
		return "not known"
	}
	return strconv.FormatFloat(a.Value(row), 'f', digits, 64)
}

func (o overview) coverage() string {
	type tally struct {
		areas, covered int
		best           []float64 // by area and month; the best of a month's sources counts
	}
	byMeasure := map[string]*tally{}
	all := o.tables[table.Coverage.Name]
	for _, id := range all.Areas() {
		t := all.Of(id)
		measures, months, shares := t.String("measure"), t.Date("month_local"), t.Float64("coverage")
		for from, to := 0, 0; from < t.Rows(); from = to {
			measure := byMeasure[measures.Value(from)]
			if measure == nil {
				measure = &tally{}
				byMeasure[strings.Clone(measures.Value(from))] = measure
			}
			first := len(measure.best)
			for to = from; to < t.Rows() && measures.Value(to) == measures.Value(from); to++ {
				if to == from || months.Value(to) != months.Value(to-1) {
					measure.best = append(measure.best, 0)
				}
				if shares.IsValid(to) {
					best := &measure.best[len(measure.best)-1]
					*best = max(*best, shares.Value(to))
				}
			}
			measure.areas++
			if slices.Max(measure.best[first:]) > 0 {
				measure.covered++
			}
		}
	}
	var b strings.Builder
	for _, measure := range slices.Sorted(maps.Keys(byMeasure)) {
		m := byMeasure[measure]
		fmt.Fprintf(&b, "%-14s %3d of %3d areas   %5.1f %% of area-months\n", measure, m.covered, m.areas, 100*exactSum(m.best)/float64(len(m.best)))
	}
	return b.String()
}

// exactSum is the correctly rounded sum, as Python's math.fsum gives it: exact
// partial sums that do not overlap (Shewchuk 1997).
func exactSum(values []float64) float64 {
	var partials []float64
	for _, x := range values {
		i := 0
		for _, y := range partials {
			if math.Abs(x) < math.Abs(y) {
				x, y = y, x
			}
			high := x + y
			if low := y - (high - x); low != 0 {
				partials[i] = low
				i++
			}
			x = high
		}
		partials = append(partials[:i], x)
	}
	sum := 0.0
	for _, p := range slices.Backward(partials) {
		sum += p
	}
	return sum
}

func (o overview) facts() string {
	t := o.tables[table.Fact.Name]
	reported, measures, units, shown := t.String("reported"), t.String("measure"), t.String("unit"), t.Float64("shown")
	var b strings.Builder
	last := ""
	for row := range t.Rows() {
		if r := reported.Value(row); r != last {
			last = r
			fmt.Fprintf(&b, "reported: %s\n", r)
		}
		unit := ""
		if units.IsValid(row) {
			unit = units.Value(row)
		}
		line := fmt.Sprintf("    %s: %s %s", measures.Value(row), number(shown, row, 1), unit)
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

func (o overview) spells() string {
	t := o.tables[table.ColdSpell.Name]
	areas, rules, starts, ends := t.String("area_id"), t.String("rule_id"), t.Date("start_date"), t.Date("end_date")
	days, lowest, censored, gaps := t.Int32("days"), t.Float64("tmin_min_c"), t.Bool("censored"), t.Bool("touches_gap")
	rows := make([]int, t.Rows())
	for i := range rows {
		rows[i] = i
	}
	slices.SortStableFunc(rows, func(i, j int) int { // equal ones stay in the order of the key
		if d := days.Value(j) - days.Value(i); d != 0 {
			return int(d)
		}
		switch {
		case lowest.Value(i) < lowest.Value(j):
			return -1
		case lowest.Value(i) > lowest.Value(j):
			return 1
		}
		return 0
	})
	var b strings.Builder
	fmt.Fprintf(&b, "%d spells; the longest:\n", len(rows))
	for _, row := range rows[:min(12, len(rows))] {
		marks := ""
		if censored.Value(row) {
			marks += " censored"
		}
		if gaps.Value(row) {
			marks += " touches_gap"
		}
		fmt.Fprintf(&b, "%-8s %-18s %v to %v  %2d days  minimum %s °C%s\n", areas.Value(row), rules.Value(row),
			table.Day(starts, row), table.Day(ends, row), days.Value(row), number(lowest, row, 1), marks)
	}
	return b.String()
}

func (o overview) nights() string {
	t := o.tables[table.StrikeNight.Name]
	weapons, parts, dates := t.String("weapon"), t.String("part"), t.Date("date_local")
	named, launched, events := t.Int32("rows_named"), t.Int32("launched"), t.Int32("events_hi")
	count := 0
	var known []int
	for row := range t.Rows() {
		if weapons.Value(row) == "all" && named.IsNull(row) && parts.Value(row) == "night" {
			count++
			if launched.IsValid(row) {
				known = append(known, row)
			}
		}
	}
	slices.SortStableFunc(known, func(i, j int) int {
		if d := launched.Value(j) - launched.Value(i); d != 0 {
			return int(d)
		}
		return int(table.Day(dates, i) - table.Day(dates, j))
	})
	var b strings.Builder
	fmt.Fprintf(&b, "%d nights with a bulletin\n", count)
	for _, row := range known[:min(8, len(known))] {
		fmt.Fprintf(&b, "night to %v: %d launched, %d bulletin rows\n", table.Day(dates, row), launched.Value(row), events.Value(row))
	}
	return b.String()
}

func (o overview) queues() string {
	t := o.tables[table.QueueDay.Name]
	groups, dates, lo, hi := t.String("group_id"), t.Date("date_local"), t.Float64("sched_off_h_lo"), t.Float64("sched_off_h_hi")
	observed, households, typedIn := t.Float64("observed_off_h"), t.Int32("observed_points"), t.Bool("typed_in")
	var b strings.Builder
	for row := range t.Rows() {
		if observed.IsNull(row) {
			continue
		}
		marks := ""
		if typedIn.Value(row) {
			marks = " typed in by hand"
		}
		fmt.Fprintf(&b, "%v %s: announced %s to %s h, observed %s h, n = %d%s\n", table.Day(dates, row), groups.Value(row),
			number(lo, row, 1), number(hi, row, 1), number(observed, row, 1), households.Value(row), marks)
	}
	if b.Len() == 0 {
		return "no log of any household\n"
	}
	return b.String()
}

func (o overview) findings() string {
	ratios, pairs := o.tables[table.RateRatio.Name], o.tables[table.CrossCorrelation.Name]
	var b strings.Builder
	evaluable, reasons := count(ratios, nil)
	fmt.Fprintf(&b, "launches on cold-spell days against other days: %d of %d rows evaluable\n", evaluable, ratios.Rows())
	areas, seasons, weapons, known := ratios.String("area_id"), ratios.String("season"), ratios.String("weapon"), ratios.Bool("evaluable")
	rr, lo, hi, p, smallest := ratios.Float64("rr"), ratios.Float64("ci_shift_lo"), ratios.Float64("ci_shift_hi"), ratios.Float64("p_shift"), ratios.Float64("p_smallest")
	for row := range ratios.Rows() {
		if !known.Value(row) {
			continue
		}
		lower, upper := number(lo, row, 2), number(hi, row, 2)
		if lo.IsNull(row) {
			lower = "unbounded"
		}
		if hi.IsNull(row) {
			upper = "unbounded"
		}
		fmt.Fprintf(&b, "%s %s %-10s ratio %s (%s to %s), p %s (smallest %s)\n", areas.Value(row), seasons.Value(row), weapons.Value(row),
			number(rr, row, 2), lower, upper, number(p, row, 3), number(smallest, row, 3))
	}
	evaluable, reasons = count(pairs, reasons)
	fmt.Fprintf(&b, "lagged correlations: %d of %d rows evaluable\n", evaluable, pairs.Rows())
	for _, reason := range slices.SortedFunc(maps.Keys(reasons), func(x, y string) int {
		if d := reasons[y] - reasons[x]; d != 0 {
			return d
		}
		return strings.Compare(x, y)
	}) {
		fmt.Fprintf(&b, "not evaluable: %s: %d rows\n", reason, reasons[reason])
	}
	return b.String()
}

// count counts the evaluable rows of a table of findings and adds the reasons
// of the others to reasons, their numbers as N.
func count(t *table.Table, reasons map[string]int) (int, map[string]int) {
	if reasons == nil {
		reasons = map[string]int{}
	}
	evaluable, why := t.Bool("evaluable"), t.String("reason")
	n := 0
	for row := range t.Rows() {
		if evaluable.Value(row) {
			n++
			continue
		}
		key := strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return 'N'
			}
			return r
		}, why.Value(row))
		for strings.Contains(key, "NN") {
			key = strings.ReplaceAll(key, "NN", "N")
		}
		reasons[key]++
	}
	return n, reasons
}
