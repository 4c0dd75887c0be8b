package analysis

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/config"
	"hardship/pipeline/hour"
	"hardship/pipeline/regress"
)

// A design is the rows of one regression: the days of every winter of one area
// or more, one series after another. Nothing is lagged or correlated from one
// winter or area to the next.
type design struct {
	plan   *config.Model
	areas  []area.ID // in the fit, in order
	family regress.Family

	outcome   []float64
	exposures []exposure

	uninformative int // days of winters without an event, of fits with a column for each

	date   []hour.Day
	area   []int // position in areas, the cluster
	series []int // area and winter
	season []int // winter, the same number in every area
	labels []string

	model regress.Model
}

// exposure is one exposure over the rows of a design.
type exposure struct {
	*config.Exposure
	name  string // of the term
	x     []float64
	basis *regress.CrossBasis // nil for a straight line without lags
	terms []regress.Term      // its columns
}

var families = map[string]regress.Family{"poisson": regress.Poisson, "negative_binomial": regress.NegativeBinomial, "gaussian": regress.Gaussian}

// newDesign gathers the days of areas. An area without a day of the outcome adds
// rows that the fit drops and counts.
func (d *daily) newDesign(plan *config.Model, areas []area.ID, findings config.Findings) *design {
	g := &design{plan: plan, areas: areas, family: families[plan.Family]}
	seasons := func(id area.ID) []Season {
		all := d.seasons(id, findings)
		if day := plan.Interrupted; day != nil {
			all = slices.DeleteFunc(all, func(s Season) bool { return *day <= s.First || *day >= s.End })
		}
		return all
	}
	numbers := map[string]int{}
	for _, id := range areas {
		for _, s := range seasons(id) {
			if _, ok := numbers[s.Label]; !ok {
				numbers[s.Label] = len(numbers)
				g.labels = append(g.labels, s.Label)
			}
		}
	}
	slices.Sort(g.labels)
	for i, label := range g.labels {
		numbers[label] = i
	}
	for i := range plan.Exposures {
		x := &plan.Exposures[i]
		g.exposures = append(g.exposures, exposure{Exposure: x, name: termName(x)})
	}
	series := 0
	for position, id := range areas {
		for _, s := range seasons(id) {
			g.outcome = append(g.outcome, d.series(plan.Outcome.In(id), plan.Outcome.In(id).Area, s.First, s.End)...)
			for i := range g.exposures {
				x := &g.exposures[i]
				of := x.Series.In(id)
				x.x = append(x.x, x.of(d.series(of, of.Area, s.First, s.End))...)
			}
			for day := s.First; day < s.End; day++ {
				g.date = append(g.date, day)
				g.area = append(g.area, position)
				g.series = append(g.series, series)
				g.season = append(g.season, numbers[s.Label])
			}
			series++
		}
	}
	g.build()
	return g
}

// termName names an exposure in the terms of a fit, without its area.
func termName(x *config.Exposure) string {
	name := x.Column
	if x.Weapon != "" {
		name += "[" + x.Weapon + "]"
	}
	if x.Below != nil {
		name += fmt.Sprintf(" below %v", *x.Below)
	}
	return name
}

// of returns an exposure of its series, in place.
func (x *exposure) of(values []float64) []float64 {
	if x.Below != nil {
		for i, v := range values {
			values[i] = max(0, *x.Below-v) // NaN stays
		}
	}
	return values
}

// build makes the model of the design's columns.
func (g *design) build() {
	g.model = regress.Model{Family: g.family, Response: g.outcome, Series: g.series}
	for i := range g.exposures {
		x := &g.exposures[i]
		switch {
		case len(x.Knots) > 0:
			lags := regress.EachLag(g.plan.Lags)
			if len(x.LagKnots) > 0 {
				lags = regress.NaturalSpline(x.LagKnots, 0, float64(g.plan.Lags), true)
			}
			x.basis = regress.NewCrossBasis(x.name, x.x, g.series, g.plan.Lags, regress.NaturalSpline(x.Knots, x.Boundary[0], x.Boundary[1], false), lags)
		case g.plan.Lags > 0:
			x.basis = regress.NewCrossBasis(x.name, x.x, g.series, g.plan.Lags, regress.Linear, regress.EachLag(g.plan.Lags))
		default:
			x.terms = []regress.Term{{Name: x.name, X: g.shifted(x)}}
		}
		if x.basis != nil {
			x.terms = x.basis.Terms
		}
		g.model.Terms = append(g.model.Terms, x.terms...)
	}
	if i := g.plan.Interaction; i != nil {
		g.model.Terms = append(g.model.Terms, regress.Product(productName, g.exposureOf(i.Column).terms[0], g.exposureOf(i.By).terms[0]))
	}
	if day := g.plan.Interrupted; day != nil && len(g.date) > 0 {
		g.model.Terms = append(g.model.Terms, regress.InterruptedTerms(len(g.date), int(*day-g.date[0]))...)
	}
	within := slices.Clone(g.series) // season: an area and a winter
	if slices.Contains(g.plan.Adjust, "strata") {
		within = g.strata()
	}
	// What is predicted, and the negative binomial, needs the level of every
	// winter as a column; else they are eliminated.
	if g.family != regress.Poisson || g.plan.Interaction != nil || g.plan.Attributable {
		if g.plan.Counts() {
			g.leaveOutEmpty(within)
		}
		g.model.Terms = append(g.model.Terms, regress.Dummies("season", g.levelsLeft(within))...)
	} else {
		g.model.Absorb = [][]int{within}
		if slices.Contains(g.plan.Adjust, "day") {
			g.model.Absorb = append(g.model.Absorb, g.days())
		}
	}
	if slices.Contains(g.plan.Adjust, "weekday") && !slices.Contains(g.plan.Adjust, "strata") {
		weekdays := make([]int, len(g.date))
		for i, d := range g.date {
			weekdays[i] = int(d.Time().Weekday())
		}
		g.model.Terms = append(g.model.Terms, regress.Dummies("weekday", weekdays)...)
	}
	if slices.Contains(g.plan.Adjust, "trend") {
		g.model.Terms = append(g.model.Terms, g.trends()...)
	}
}

// shifted returns an exposure as a column: less its From, if it interacts with
// another.
func (g *design) shifted(x *exposure) []float64 {
	from := 0.0
	switch i := g.plan.Interaction; {
	case i == nil:
	case x.Column == i.Column:
		from = i.From
	case x.Column == i.By:
		from = i.ByFrom
	}
	if from == 0 {
		return x.x
	}
	out := make([]float64, len(x.x))
	for i, v := range x.x {
		out[i] = v - from
	}
	return out
}

// leaveOutEmpty leaves out the days of levels without an event: their own column
// would have no finite estimate (methods.md 9.4). If there is no event at all the
// fit says so.
func (g *design) leaveOutEmpty(level []int) {
	events, total := map[int]float64{}, 0.0
	known := make([]bool, len(level))
	for i, y := range g.outcome {
		if known[i] = g.knows(i); known[i] {
			events[level[i]] += math.Abs(y)
			total += math.Abs(y)
		}
	}
	if total == 0 {
		return
	}
	g.model.Response = slices.Clone(g.outcome)
	for i := range level {
		if known[i] && events[level[i]] == 0 {
			g.model.Response[i] = math.NaN()
			g.uninformative++
		}
	}
}

// levelsLeft returns levels with those that have no row for the fit made one
// with the first that has some, so that they make no column.
func (g *design) levelsLeft(level []int) []int {
	used := map[int]bool{}
	first := -1
	for i := range level {
		if g.knows(i) && !math.IsNaN(g.model.Response[i]) {
			used[level[i]] = true
			if first < 0 {
				first = level[i]
			}
		}
	}
	out := slices.Clone(level)
	for i, l := range level {
		if !used[l] {
			out[i] = first
		}
	}
	return out
}

// strata are the 28-day blocks of each winter and area by weekday (methods.md
// 9.5).
func (g *design) strata() []int {
	strata := make([]int, len(g.date))
	offset := 0
	for from := 0; from < len(g.date); {
		to := from
		for to < len(g.date) && g.series[to] == g.series[from] {
			to++
		}
		highest := 0
		for i, s := range regress.TimeStrata(to-from, 28) {
			strata[from+i] = offset + s
			highest = max(highest, s)
		}
		offset += highest + 1
		from = to
	}
	return strata
}

// trends are a straight line through each winter, the same in all areas, in
// units of a hundred days.
func (g *design) trends() []regress.Term {
	first := map[int]hour.Day{}
	for i, d := range g.date {
		if was, ok := first[g.season[i]]; !ok || d < was {
			first[g.season[i]] = d
		}
	}
	terms := make([]regress.Term, len(g.labels))
	for season, label := range g.labels {
		x := make([]float64, len(g.date))
		for i, d := range g.date {
			if g.season[i] == season {
				x[i] = float64(d-first[season]) / 100
			}
		}
		terms[season] = regress.Term{Name: "trend " + label, X: x}
	}
	return terms
}

// knows reports whether the outcome and the exposures of a row are known.
func (g *design) knows(row int) bool {
	return !math.IsNaN(g.outcome[row]) && !slices.ContainsFunc(g.exposures, func(x exposure) bool { return math.IsNaN(x.x[row]) })
}

// knownByArea counts the rows that are known of each area.
func (g *design) knownByArea() []int {
	n := make([]int, len(g.areas))
	for i := range g.outcome {
		if g.knows(i) {
			n[g.area[i]]++
		}
	}
	return n
}

// known counts the rows whose outcome and exposures are known, and the areas
// that have enough of them.
func (g *design) known(least int) (rows int, areas []area.ID) {
	for i, n := range g.knownByArea() {
		rows += n
		if n >= least {
			areas = append(areas, g.areas[i])
		}
	}
	return rows, areas
}

// hasEvents reports whether an area has an event on a known day.
func (g *design) hasEvents(position int) bool {
	for i, y := range g.outcome {
		if g.area[i] == position && g.knows(i) && y != 0 {
			return true
		}
	}
	return false
}

// sides counts the known days before an interruption and from it on.
func (g *design) sides() (before, after int) {
	for i, day := range g.date {
		switch {
		case g.plan.Interrupted == nil || !g.knows(i):
		case day < *g.plan.Interrupted:
			before++
		default:
			after++
		}
	}
	return before, after
}

// exposureName names an exposure for the tables.
func (g *design) exposureName(x *exposure) string {
	name := g.seriesName(x.Series)
	if x.Below != nil {
		name += fmt.Sprintf(" below %v", *x.Below)
	}
	return name
}

// names of the series, for the tables; pooled ones name no area.
func (g *design) seriesName(s config.Series) string {
	if len(g.areas) == 1 {
		s = s.In(g.areas[0])
	}
	id := s.Area
	if id == "" {
		id = "each"
	}
	return name(s, id)
}

// droppedReason says why rows were left out, with the number for each reason.
// uninformative are days that were left out before the fit, of those that it
// counts as unknown.
func droppedReason(d regress.Dropped, uninformative int) string {
	d.Response -= uninformative
	d.Uninformative += uninformative
	var parts []string
	for _, one := range []struct {
		n   int
		why string
	}{
		{d.Response, "outcome unknown"}, {d.Exposure, "no exposure time"}, {d.Terms, "exposure or lag unknown"},
		{d.Uninformative, "strata without events, or with one day"}, {d.Separated, "no events, and told apart exactly"},
	} {
		if one.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", one.n, one.why))
		}
	}
	return strings.Join(parts, "; ")
}

// distinct returns the distinct numbers of the rows fitted.
func distinct(of []int, rows []int) int {
	seen := map[int]bool{}
	for _, r := range rows {
		seen[of[r]] = true
	}
	return len(seen)
}
