package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/report/chart"
	"hardship/pipeline/table"
)

// A family is the lags of one pair of series in one winter: one family of tests.
type family struct {
	x, y      series
	area      area.ID
	season    string
	rows      rowRange
	evaluable bool // at some lag
}

// rowRange is rows from and to.
type rowRange struct{ from, to int }

// correlationSummary is the table ccf at a glance.
type correlationSummary struct {
	t         *table.Table
	all       []family
	families  int
	evaluable []family
}

func (r *reading) correlations() correlationSummary {
	t := r.table(table.CrossCorrelation)
	s := correlationSummary{t: t}
	pairs, seasons, evaluable := t.String("pair_id"), t.String("season"), t.Bool("evaluable")
	for row := 0; row < t.Rows(); {
		f := family{
			x: parseSeries(t.String("x_series").Value(row)), y: parseSeries(t.String("y_series").Value(row)),
			area: area.ID(t.String("area_id").Value(row)), season: seasons.Value(row), rows: rowRange{row, row},
		}
		for pair := pairs.Value(row); row < t.Rows() && pairs.Value(row) == pair && seasons.Value(row) == f.season; row++ {
			f.evaluable = f.evaluable || evaluable.Value(row)
		}
		f.rows.to = row
		s.all = append(s.all, f)
		if f.evaluable {
			s.evaluable = append(s.evaluable, f)
		}
	}
	s.families = len(s.all)
	return s
}

// A coldOutage is a declared pair of a temperature with an outage series, over
// all areas and winters.
type coldOutage struct {
	x, y      series
	families  int
	evaluable int
	fullest   family // the one with most days of both
	n         int    // those days
	reason    string // why it is not evaluable
}

// coldOutages gathers the declared pairs of cold with outages.
func (s *correlationSummary) coldOutages() []coldOutage {
	var out []coldOutage
	for _, f := range s.all {
		if !(f.x.ofCold() && f.y.ofOutages()) && !(f.y.ofCold() && f.x.ofOutages()) {
			continue
		}
		i := slices.IndexFunc(out, func(c coldOutage) bool { return c.x.String() == f.x.String() && c.y.String() == f.y.String() })
		if i < 0 {
			i = len(out)
			out = append(out, coldOutage{x: f.x, y: f.y, n: -1})
		}
		c := &out[i]
		c.families++
		c.evaluable += b2i(f.evaluable)
		if n := int(s.t.Int32("n").Value(f.rows.from)); n > c.n {
			c.n, c.fullest, c.reason = n, f, s.t.String("reason").Value(f.rows.from)
		}
	}
	return out
}

// nearest says how near the fullest pair came.
func (c *coldOutage) nearest(r *reading) string {
	if c.n <= 0 {
		return "; the two are never known on the same day"
	}
	return fmt.Sprintf("; the fullest is %s in winter %s: %s", r.areaName(string(c.fullest.area)), winterWords(c.fullest.season), c.reason)
}

// winterWords writes the label of a season with a dash.
func winterWords(season string) string { return strings.ReplaceAll(season, "-", "–") }

// mostCorrelograms is how many correlograms are drawn.
const mostCorrelograms = 6

func (r *reading) correlationSection() section {
	s := section{ID: "correlations", Title: "Series side by side, day by day", Level: 3}
	sum := r.correlations()
	if sum.families == 0 {
		s.Blocks = []block{paragraph(say("This run declared no pairs of series to correlate."))}
		return s
	}
	s.Blocks = append(s.Blocks, paragraph(
		say("Correlations of two daily series within one winter, at lags of some days, never pooled over winters: what grows over the years would pass for cold. "),
		bold("%d of %d pairs of series and winters are evaluable.", len(sum.evaluable), sum.families)))
	var shown, elsewhere []family
	for _, f := range sum.evaluable {
		if slices.ContainsFunc(r.focus, func(a *area.Area) bool { return a.ID == f.area }) {
			shown = append(shown, f)
		} else {
			elsewhere = append(elsewhere, f)
		}
	}
	if len(shown) > 0 {
		var figures []*figure
		drawn := shown[:min(len(shown), mostCorrelograms)]
		limit := 0.0 // one axis for all, or they could not be compared
		for _, f := range drawn {
			for _, column := range []string{"r", "r_lo", "r_hi"} {
				for _, v := range ccfColumn(sum.t, f, column) {
					if a := math.Abs(v); a > limit {
						limit = a
					}
				}
			}
		}
		for _, f := range drawn {
			figures = append(figures, r.correlogram(sum.t, f, limit))
		}
		s.Blocks = append(s.Blocks, block{Figures: figures}, block{Table: r.familyTable(sum.t, shown)},
			paragraph(say("n is the number of days with both series; effective n allows for days that resemble the day before. p of the family is that of the largest |r| over all its lags under circular shifts; the smallest possible stands beside it. There is no correction over winters and areas: with many families some p will be small by chance.")))
		days := lengthsOf(sum.t, shown)
		s.Blocks = append(s.Blocks, r.trustWords("The interval of r", "ccf_effective_n", days)...)
		s.Blocks = append(s.Blocks, r.trustWords("p of the family", "ccf_shift_family", days)...)
		if left := len(shown) - len(figures); left > 0 {
			s.Blocks = append(s.Blocks, paragraph(say("%s more in the table ", count(left, "pair is", "pairs are")), name("ccf"), say(".")))
		}
	}
	if len(elsewhere) > 0 {
		s.Blocks = append(s.Blocks, block{Table: r.elsewhereTable(sum.t, elsewhere)})
		if len(shown) == 0 {
			s.Blocks = append(s.Blocks, r.trustWords("p of the family", "ccf_shift_family", lengthsOf(sum.t, elsewhere))...)
		}
	}
	reasons := map[string]int{}
	for _, f := range sum.all {
		if !f.evaluable {
			reasons[sum.t.String("reason").Value(f.rows.from)]++
		}
	}
	if len(reasons) > 0 {
		s.Blocks = append(s.Blocks, block{Table: reasonTable(say("Pairs that are not evaluable, by reason"), "Pairs and winters", sortedReasons(reasons))})
	}
	return s
}

// lengthsOf returns the days with both series of each family.
func lengthsOf(t *table.Table, families []family) []int {
	days := make([]int, len(families))
	for i, f := range families {
		days[i] = int(t.Int32("n").Value(f.rows.from))
	}
	return days
}

// ccfColumn returns a column over the lags of a family.
func ccfColumn(t *table.Table, f family, column string) []float64 {
	var out []float64
	for row := f.rows.from; row < f.rows.to; row++ {
		out = append(out, numberAt(t, row, column))
	}
	return out
}

func (r *reading) correlogram(t *table.Table, f family, limit float64) *figure {
	place := r.areaName(string(f.area))
	out := &figure{
		Name:     "ccf_" + slug(t.String("pair_id").Value(f.rows.from)+"_"+f.season, &r.taken),
		Title:    fmt.Sprintf("%s, winter %s", place, winterWords(f.season)),
		Subtitle: capital(f.x.String()) + " with " + f.y.String() + " the same day and later",
		Small:    true,
		Data:     csvRows(t, rowsOf(f.rows)),
	}
	r2, lo, hi, n := ccfColumn(t, f, "r"), ccfColumn(t, f, "r_lo"), ccfColumn(t, f, "r_hi"), ccfColumn(t, f, "n_eff")
	var lags []int
	for row := f.rows.from; row < f.rows.to; row++ {
		lags = append(lags, int(t.Int32("lag_d").Value(row)))
	}
	days := ccfColumn(t, f, "n")
	out.Note = fmt.Sprintf("%s days with both. p of the family %s, smallest possible %s.", bounds(slices.Min(days), slices.Max(days), 0), pValue(lastKnown(ccfColumn(t, f, "p_family"))), pValue(lastKnown(ccfColumn(t, f, "p_smallest"))))
	out.Scene = func(frame chart.Frame) *chart.Scene {
		return chart.Correlogram{Frame: frame, Lags: lags, R: r2, Lo: lo, Hi: hi, NEff: n, LagLabel: "days later", Limit: limit, Interval: "95 % interval"}.Scene()
	}
	return out
}

func rowsOf(s rowRange) []int {
	var rows []int
	for row := s.from; row < s.to; row++ {
		rows = append(rows, row)
	}
	return rows
}

func lastKnown(values []float64) float64 {
	for _, v := range slices.Backward(values) {
		if !math.IsNaN(v) {
			return v
		}
	}
	return math.NaN()
}

func (r *reading) familyTable(t *table.Table, families []family) *grid {
	g := &grid{
		Caption: join(say("Evaluable pairs of the areas shown, from "), name("ccf")), Stack: true,
		Columns: []column{
			{Name: "Winter", Short: true}, {Name: "Series"}, {Name: "Days", Numeric: true}, {Name: "r, same day", Numeric: true}, {Name: "95 % interval", Numeric: true},
			{Name: "r over all lags", Numeric: true}, {Name: "p of the family (smallest possible)", Numeric: true},
			{Name: "Found where there is nothing, simulated (aim 4 to 6 %): by the interval", Numeric: true, Fine: true}, {Name: "by p", Numeric: true, Fine: true},
		},
	}
	for _, f := range families {
		rs := ccfColumn(t, f, "r")
		first := f.rows.from
		over := "not known"
		if i := least(rs); i >= 0 {
			over = interval(rs[i], rs[greatest(rs)]) // of r itself, not of its error
		}
		g.Rows = append(g.Rows, rowOf(
			say("%s", winterWords(f.season)), say("%s: %s with %s", r.areaName(string(f.area)), f.x, f.y), say("%d", t.Int32("n").Value(first)),
			bold("%s", number(rs[0], 2)), say("%s", interval(numberAt(t, first, "r_lo"), numberAt(t, first, "r_hi"))), say("%s", over),
			say("%s (%s)", pValue(lastKnown(ccfColumn(t, f, "p_family"))), pValue(lastKnown(ccfColumn(t, f, "p_smallest")))),
			r.simulated("ccf_effective_n", int(t.Int32("n").Value(first))), r.simulated("ccf_shift_family", int(t.Int32("n").Value(first))),
		))
	}
	return g
}

// elsewhereTable counts the evaluable pairs of the other areas, by winter. It
// names no area: areas are not to be ranked.
func (r *reading) elsewhereTable(t *table.Table, families []family) *grid {
	type key struct{ series, season string }
	type sum struct {
		families int
		least    float64
	}
	sums := map[key]*sum{}
	var order []key
	for _, f := range families {
		k := key{f.x.String() + " with " + f.y.String(), f.season}
		if sums[k] == nil {
			sums[k] = &sum{least: math.Inf(1)}
			order = append(order, k)
		}
		sums[k].families++
		if p := lastKnown(ccfColumn(t, f, "p_family")); p < sums[k].least {
			sums[k].least = p
		}
	}
	slices.SortFunc(order, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.series, b.series), cmp.Compare(a.season, b.season))
	})
	g := &grid{
		Caption: say("Evaluable pairs of the other areas, counted"), Stack: true,
		Columns: []column{{Name: "Series"}, {Name: "Winter", Short: true}, {Name: "Areas", Numeric: true}, {Name: "Smallest p of a family among them", Numeric: true}},
	}
	for _, k := range order {
		g.Rows = append(g.Rows, rowOf(say("%s", capital(k.series)), say("%s", winterWords(k.season)), say("%d", sums[k].families), say("%s", pValue(sums[k].least))))
	}
	return g
}

// coldOutageSection says in words what there is of cold with outages.
func (r *reading) coldOutageSection() section {
	s := section{ID: "cold-and-outages", Title: "Cold and outages", Level: 3}
	sum := r.correlations()
	pairs := sum.coldOutages()
	if len(pairs) == 0 {
		s.Blocks = []block{paragraph(say("This run declared no pair of a temperature with an outage series."))}
		return s
	}
	for _, p := range pairs {
		if p.evaluable > 0 {
			s.Blocks = append(s.Blocks, paragraph(bold("%s with %s: evaluable", capital(p.x.String()), p.y), say(" for %d of %d pairs of an area and a winter; see the series side by side, below, and the table ", p.evaluable, p.families), name("ccf"), say(".")))
			continue
		}
		s.Blocks = append(s.Blocks, paragraph(bold("%s with %s: not evaluable", capital(p.x.String()), p.y),
			say(", for none of %d pairs of an area and a winter%s. So nothing can be said here on whether colder days went with longer outages, and that is not to say that they did not.", p.families, p.nearest(r))))
	}
	return s
}
