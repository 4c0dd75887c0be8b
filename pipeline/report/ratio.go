package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"hardship/pipeline/report/chart"
	"hardship/pipeline/table"
)

// ratioSummary is the table rate_ratio at a glance.
type ratioSummary struct {
	t         *table.Table
	rows      int
	evaluable []int // rows
	leaveOut1 int   // evaluable rows whose interval does not contain 1
	unusual   int   // of these, rows with a p adjusted within its family of at most 0.05
	narrow    int   // rows whose interval contains 1 and whose adjusted one does not
	reasons   []reasonCount
}

// reasonCount is how many rows are not evaluable for one reason.
type reasonCount struct {
	reason string
	rows   int
}

func (r *reading) ratios() ratioSummary {
	t := r.table(table.RateRatio)
	s := ratioSummary{t: t, rows: t.Rows()}
	evaluable, reasons := t.Bool("evaluable"), t.String("reason")
	byReason := map[string]int{}
	for row := range t.Rows() {
		if !evaluable.Value(row) {
			byReason[reasons.Value(row)]++
			continue
		}
		s.evaluable = append(s.evaluable, row)
		lo, hi := ratioInterval(t, row, "ci_shift")
		adjustedLo, adjustedHi := ratioInterval(t, row, "ci_adj")
		switch {
		case lo > 1 || hi < 1:
			s.leaveOut1++
			if numberAt(t, row, "p_bh") <= 0.05 {
				s.unusual++
			}
		case adjustedLo > 1 || adjustedHi < 1:
			s.narrow++
		}
	}
	s.reasons = sortedReasons(byReason)
	return s
}

// sortedReasons lists reasons, the most frequent first.
func sortedReasons(rows map[string]int) []reasonCount {
	var out []reasonCount
	for reason, n := range rows {
		out = append(out, reasonCount{reason, n})
	}
	slices.SortFunc(out, func(a, b reasonCount) int {
		return cmp.Or(cmp.Compare(b.rows, a.rows), cmp.Compare(a.reason, b.reason))
	})
	return out
}

// ratioInterval is the interval of one kind; an end that is null has no bound.
func ratioInterval(t *table.Table, row int, kind string) (lo, hi float64) {
	lo, hi = numberAt(t, row, kind+"_lo"), numberAt(t, row, kind+"_hi")
	if math.IsNaN(lo) {
		lo = 0
	}
	if math.IsNaN(hi) {
		hi = math.Inf(1)
	}
	return lo, hi
}

// verdict says what the evaluable rows amount to, to be put after their number.
func (s *ratioSummary) verdict() string {
	switch {
	case len(s.evaluable) == 0:
		return ""
	case s.leaveOut1 == 0:
		return "; the interval of each contains a ratio of 1"
	}
	words := fmt.Sprintf("; the interval of %d of them leaves out a ratio of 1", s.leaveOut1)
	switch {
	case s.unusual == s.leaveOut1:
		return words + ", and so it stays when p is adjusted over areas and winters"
	case s.unusual == 0:
		return words + ", which among so many is no more than chance would do: p adjusted over areas and winters is above 0.05"
	}
	return words + fmt.Sprintf(", and %d stay so when p is adjusted over areas and winters", s.unusual)
}

// mostEstimates is how many estimates a chart and its table show.
const mostEstimates = 60

func (r *reading) ratioSection() section {
	s := section{ID: "ratios", Title: "Launches on cold-spell days", Level: 3}
	sum := r.ratios()
	if sum.rows == 0 {
		s.Blocks = []block{paragraph(say("This run has no rate ratios: they need strikes of a whole country, a cold-spell rule and classes of weapons to compare."))}
		return s
	}
	s.Blocks = append(s.Blocks,
		paragraph(say("How many munitions were launched a day at the whole country while an area was in a cold spell, over how many were launched a day on the other days of the same winter. A ratio of 1 is no difference. The launches are of the country while the cold is of one area, and whoever attacks may choose cold nights.")),
		paragraph(bold("%d of %d rate ratios are evaluable", len(sum.evaluable), sum.rows), say("%s.", sum.verdict())),
	)
	if len(sum.evaluable) > 0 {
		rows := sum.evaluable[:min(len(sum.evaluable), mostEstimates)]
		s.Blocks = append(s.Blocks, block{Figures: []*figure{r.forest(sum, rows)}}, block{Table: r.ratioTable(sum.t, rows)},
			paragraph(say("Interval and p come from turning the cold-spell days round the winter: as far as the ratio of the turned days lies from 1 in 95 of 100 turns, so far the interval reaches to either side. p cannot be less than the smallest possible, which stands beside it. The adjusted interval is widened by φ, the variance over the mean of the daily counts, and takes each day for an event of its own; the naive one takes each munition for one. Launches come in waves of days, so that both are too narrow: they are printed to show by how much, and decide nothing.")))
		if sum.narrow > 0 {
			s.Blocks = append(s.Blocks, paragraph(say("In %s the adjusted interval leaves out 1 while turned days lie as far from it: that is no finding.", count(sum.narrow, "row", "rows"))))
		}
		var days []int
		for _, row := range rows {
			days = append(days, ratioDays(sum.t, row))
		}
		s.Blocks = append(s.Blocks, r.trustWords("Interval and p by circular shifts", "ratio_shift", days)...)
		if left := len(sum.evaluable) - len(rows); left > 0 {
			s.Blocks = append(s.Blocks, paragraph(say("%s more in the table ", count(left, "row is", "rows are")), name("rate_ratio"), say(".")))
		}
	}
	if len(sum.reasons) > 0 {
		s.Blocks = append(s.Blocks, block{Table: reasonTable(say("Rate ratios that are not evaluable, by reason"), "Rows", sum.reasons)})
	}
	return s
}

func (r *reading) forest(sum ratioSummary, rows []int) *figure {
	t := sum.t
	f := &figure{
		Name:     "rate_ratio",
		Title:    fmt.Sprintf("A ratio of 1 lies outside %d of %d intervals", sum.leaveOut1, len(sum.evaluable)),
		Subtitle: "Launches a day on cold-spell days over those on the other days of the winter, with the 95 % interval by circular shifts",
		Note:     "n: cold-spell days and other days with both a temperature and a bulletin. Logarithmic axis. In the order of area, winter and class, not of size.",
		Data:     csvRows(t, rows),
	}
	f.Scene = func(frame chart.Frame) *chart.Scene {
		e := chart.Estimates{
			Frame: frame, Measure: "rate ratio", Interval: "95 % interval, by shifts", Reference: 1, Log: true, Decimals: 2,
			Below: "fewer a day in cold spells", Above: "more a day in cold spells",
		}
		for _, row := range rows {
			lo, hi := ratioInterval(t, row, "ci_shift")
			e.Rows = append(e.Rows, chart.EstimateRow{
				Group: r.ratioGroup(t, row), Label: capital(weaponOf(t.String("weapon").Value(row))), Estimate: numberAt(t, row, "rr"), Lo: lo, Hi: hi,
				N: fmt.Sprintf("%d and %s", t.Int32("t1_d").Value(row), count(int(t.Int32("t0_d").Value(row)), "day", "days")),
			})
		}
		return e.Scene()
	}
	return f
}

func (r *reading) ratioGroup(t *table.Table, row int) string {
	return fmt.Sprintf("%s, winter %s", r.areaName(t.String("area_id").Value(row)), winterWords(t.String("season").Value(row)))
}

func (r *reading) ratioTable(t *table.Table, rows []int) *grid {
	g := &grid{
		Caption: join(say("Evaluable rows of "), name("rate_ratio")), Stack: true,
		Columns: []column{
			{Name: "Launched", Short: true}, {Name: "Area", Short: true}, {Name: "Winter", Short: true}, {Name: "Days", Numeric: true}, {Name: "Ratio", Numeric: true}, {Name: "95 % interval", Numeric: true},
			{Name: "p (smallest possible)", Numeric: true}, {Name: "p adjusted", Numeric: true}, {Name: "φ", Numeric: true}, {Name: "Adjusted interval, too narrow", Numeric: true}, {Name: "Naive interval, far too narrow", Numeric: true},
			{Name: "Ratio found where there is none, simulated (aim 4 to 6 %)", Numeric: true, Fine: true},
		},
	}
	for _, row := range rows {
		lo, hi := ratioInterval(t, row, "ci_shift")
		adjustedLo, adjustedHi := ratioInterval(t, row, "ci_adj")
		naiveLo, naiveHi := ratioInterval(t, row, "ci_naive")
		g.Rows = append(g.Rows, rowOf(
			say("%s", capital(weaponOf(t.String("weapon").Value(row)))), say("%s", r.areaName(t.String("area_id").Value(row))), say("%s", winterWords(t.String("season").Value(row))),
			say("%d and %d", t.Int32("t1_d").Value(row), t.Int32("t0_d").Value(row)),
			bold("%s", number(numberAt(t, row, "rr"), 2)), say("%s", interval(lo, hi)),
			say("%s (%s)", pValue(numberAt(t, row, "p_shift")), pValue(numberAt(t, row, "p_smallest"))), say("%s", pValue(numberAt(t, row, "p_bh"))),
			say("%s", number(numberAt(t, row, "phi"), 1)), say("%s", interval(adjustedLo, adjustedHi)), say("%s", interval(naiveLo, naiveHi)),
			r.simulated("ratio_shift", ratioDays(t, row)),
		))
	}
	return g
}

// ratioDays is how many days a ratio is of.
func ratioDays(t *table.Table, row int) int {
	return int(t.Int32("t1_d").Value(row) + t.Int32("t0_d").Value(row))
}

// interval writes an interval with two decimals; "to" keeps it clear of minus
// signs.
func interval(lo, hi float64) string { return number(lo, 2) + " to " + number(hi, 2) }

// mostReasons is how many reasons a table lists one by one.
const mostReasons = 8

func reasonTable(caption text, what string, reasons []reasonCount) *grid {
	g := &grid{Caption: caption, Columns: []column{{Name: "Reason"}, {Name: what, Numeric: true}}}
	others := 0
	for i, c := range reasons {
		if i >= mostReasons && len(reasons) > mostReasons+1 {
			others += c.rows
			continue
		}
		reason := capital(c.reason)
		if reason == "" {
			reason = "No reason stated"
		}
		g.Rows = append(g.Rows, rowOf(say("%s", reason), say("%s", number(float64(c.rows), 0))))
	}
	if others > 0 {
		g.Rows = append(g.Rows, rowOf(say("%s", count(len(reasons)-mostReasons, "other reason", "other reasons")), say("%s", number(float64(others), 0))))
	}
	return g
}
