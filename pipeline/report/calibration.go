package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"hardship/pipeline/analysis"
	"hardship/pipeline/table"
)

// trust is what a default method does where the truth is known, at the length
// nearest to days.
func (r *reading) trust(method string, days, areas int) (analysis.Trust, bool) {
	return analysis.Calibration{Table: r.table(table.Calibration)}.Of(method, days, areas)
}

// simulated writes, for a cell beside a result, how often its method finds what is
// not there.
func (r *reading) simulated(method string, days int) text {
	t, ok := r.trust(method, days, 1)
	if !ok {
		return notKnown()
	}
	words := shareRange(t.SizeLo, t.SizeHi)
	if !t.Met {
		return bold("%s", words)
	}
	return say("%s", words)
}

// shareRange writes two shares as whole per cents.
func shareRange(lo, hi float64) string {
	if math.Round(100*lo) == math.Round(100*hi) {
		return number(100*lo, 0) + hard + "%"
	}
	return number(100*lo, 0) + " to " + number(100*hi, 0) + hard + "%"
}

// trustWords says under results what simulations say of their method, by the
// lengths of the results; nil without a simulation.
func (r *reading) trustWords(what, method string, days []int) []block {
	var blocks []block
	var seen []int
	for _, n := range days {
		t, ok := r.trust(method, n, 1)
		if !ok || slices.Contains(seen, t.Days) {
			continue
		}
		seen = append(seen, t.Days)
		words := say(": %s.", t)
		if t.Met {
			words = say(": within the aim in every scene; %s.", t)
		}
		blocks = append(blocks, paragraph(bold("%s", what), words))
	}
	return blocks
}

// pauseTrust says what the intervals that decide do in simulated pauses in which
// nothing changes, at the length of the baseline that verdicts are taken at.
func (r *reading) pauseTrust(p *disputed) []block {
	t := r.table(table.PauseResult)
	for row := range t.Rows() {
		if t.String("pause_id").Value(row) != p.id || !t.Bool("is_primary_baseline").Value(row) {
			continue
		}
		days := []int{int(t.Int32("baseline_d").Value(row))}
		return slices.Concat(
			r.trustWords("The adjusted interval, of launches", "pause_adjusted", days),
			r.trustWords("The exact interval, of alerts, events and nights", "pause_exact", days))
	}
	return nil
}

// calibrationRow is one method in the table of the section.
type calibrationRow struct {
	method, question string
	naive            bool
}

// calibrationSection shows what every default method does where the truth is known,
// and the naive one beside it.
func (r *reading) calibrationSection() section {
	t := r.table(table.Calibration)
	if t.Rows() == 0 {
		return section{}
	}
	s := section{ID: "calibration", Title: "How far the intervals can be trusted", Level: 3}
	var methods, ofAreas, ofPauses []calibrationRow
	var lengths, pooled, baselines []int32
	met, missed := 0, 0
	for row := range t.Rows() {
		naive := t.Bool("is_naive").Value(row)
		if t.Bool("is_default").Value(row) && t.Bool("aim_met").IsValid(row) {
			if t.Bool("aim_met").Value(row) {
				met++
			} else {
				missed++
			}
		}
		if !naive && !t.Bool("is_default").Value(row) {
			continue
		}
		m := calibrationRow{t.String("method_id").Value(row), t.String("question").Value(row), naive}
		rows, days := &methods, &lengths
		switch {
		case strings.HasPrefix(m.method, "pause_"): // record_d is the baseline's
			rows, days = &ofPauses, &baselines
		case t.Int32("areas_n").Value(row) > 1:
			rows, days = &ofAreas, &pooled
		}
		if !slices.Contains(*rows, m) {
			*rows = append(*rows, m)
		}
		if n := t.Int32("record_d").Value(row); !slices.Contains(*days, n) {
			*days = append(*days, n)
		}
	}
	s.Blocks = append(s.Blocks, paragraph(
		say("Every method was asked of simulated records whose truth is known: cold that lasts, strikes in waves, long outages, gaps, unknown targets. Where nothing goes together, a test at 5 %% should find something in 4 to 6 %% of the records; where something does, a 95 %% interval should hold it in 93 to 97 %%. "),
		bold("In %d of %d simulated settings the default methods keep both.", met, met+missed),
		say(" Where they do not, the figure stands beside the results in bold. The records are simulated; the truth of data may be harder still.")))
	if len(methods) > 0 {
		s.Blocks = append(s.Blocks, block{Table: r.calibrationTable(say("In how many records an association is found where there is none; in how many the interval holds one that is there. From the least to the greatest of all scenes, from "), "%d days", methods, lengths)})
	}
	if len(ofAreas) > 0 {
		s.Blocks = append(s.Blocks, block{Table: r.calibrationTable(say("The same over areas pooled, from the least to the greatest of all scenes and numbers of areas, from "), "%d days", ofAreas, pooled)})
	}
	if len(ofPauses) > 0 {
		s.Blocks = append(s.Blocks, block{Table: r.calibrationTable(say("The same of pauses of a week in which nothing changes, and in which less is counted, from "), "Baseline of %d days", ofPauses, baselines)})
	}
	return s
}

// calibrationTable has a row for each method and a column for each length.
func (r *reading) calibrationTable(caption text, length string, methods []calibrationRow, lengths []int32) *grid {
	t := r.table(table.Calibration)
	slices.Sort(lengths)
	first := map[string]int{}
	for i, m := range methods {
		if _, ok := first[m.question]; !ok {
			first[m.question] = i
		}
	}
	slices.SortStableFunc(methods, func(a, b calibrationRow) int {
		return cmp.Or(first[a.question]-first[b.question], b2i(a.naive)-b2i(b.naive))
	})
	g := &grid{Caption: join(caption, name("calibration")), Stack: true, Columns: []column{{Name: "Method"}, {Name: "Answers"}}}
	for _, n := range lengths {
		g.Columns = append(g.Columns, column{Name: fmt.Sprintf(length, n), Numeric: true, Fine: true})
	}
	for _, m := range methods {
		label := text{{Text: m.method, Style: code}}
		if m.naive {
			label = join(label, say(", naive"))
		}
		cells := []text{label, say("%s", m.question)}
		for _, n := range lengths {
			cells = append(cells, r.calibrationCell(t, m, n))
		}
		g.Rows = append(g.Rows, rowOf(cells...))
	}
	return g
}

// calibrationCell writes the shares of a method at a length over the scenes and
// numbers of areas in which it has an answer for half of the records.
func (r *reading) calibrationCell(t *table.Table, m calibrationRow, length int32) text {
	size, coverage := [2]float64{math.Inf(1), math.Inf(-1)}, [2]float64{math.Inf(1), math.Inf(-1)}
	for row := range t.Rows() {
		if t.String("method_id").Value(row) != m.method || t.Bool("is_naive").Value(row) != m.naive || !m.naive && !t.Bool("is_default").Value(row) ||
			t.Int32("record_d").Value(row) != length || t.Bool("aim_met").IsNull(row) {
			continue
		}
		widen(&size, numberAt(t, row, "false_positive_share"))
		widen(&coverage, numberAt(t, row, "interval_coverage"))
	}
	switch {
	case math.IsInf(size[0], 1):
		return text{{Text: "–", Style: quiet}}
	case math.IsInf(coverage[0], 1):
		return say("%s", shareRange(size[0], size[1]))
	}
	return say("%s; %s", shareRange(size[0], size[1]), shareRange(coverage[0], coverage[1]))
}

// widen takes a value that is known into a range.
func widen(of *[2]float64, v float64) {
	if !math.IsNaN(v) {
		of[0], of[1] = min(of[0], v), max(of[1], v)
	}
}
