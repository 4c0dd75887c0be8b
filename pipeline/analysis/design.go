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
	"hardship/pipeline/table"
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
}

// newDesign gathers the days of areas. An area without a day of the outcome adds
// rows that the fit drops and counts.
func (d *daily) newDesign(plan *config.Model, areas []area.ID, findings config.Findings) *design {
	g := &design{plan: plan, areas: areas, family: regress.Poisson}
	if plan.Family == "gaussian" {
		g.family = regress.Gaussian
	}
	numbers := map[string]int{}
	for _, id := range areas {
		for _, s := range d.seasons(id, findings) {
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
		for _, s := range d.seasons(id, findings) {
			g.outcome = append(g.outcome, d.series(plan.Outcome.In(id), plan.Outcome.In(id).Area, s.First, s.End)...)
			for i := range g.exposures {
				x := g.exposures[i].Series.In(id)
				g.exposures[i].x = append(g.exposures[i].x, d.series(x, x.Area, s.First, s.End)...)
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
	return name
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
			g.model.Terms = append(g.model.Terms, regress.Term{Name: x.name, X: x.x})
			continue
		}
		g.model.Terms = append(g.model.Terms, x.basis.Terms...)
	}
	within := slices.Clone(g.series) // season: an area and a winter
	if slices.Contains(g.plan.Adjust, "strata") {
		within = g.strata()
	}
	if g.family == regress.Gaussian {
		g.model.Terms = append(g.model.Terms, regress.Dummies("season", within)...)
	} else {
		g.model.Absorb = [][]int{within}
		if slices.Contains(g.plan.Adjust, "day") {
			days := make([]int, len(g.date))
			for i, d := range g.date {
				days[i] = int(d)
			}
			g.model.Absorb = append(g.model.Absorb, days)
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

// known counts the rows whose outcome and exposures are known, and the areas
// that have enough of them.
func (g *design) known(least int) (rows int, areas []area.ID) {
	byArea := make([]int, len(g.areas))
	for i, y := range g.outcome {
		ok := !math.IsNaN(y)
		for _, x := range g.exposures {
			ok = ok && !math.IsNaN(x.x[i])
		}
		if ok {
			rows++
			byArea[g.area[i]]++
		}
	}
	for i, n := range byArea {
		if n >= least {
			areas = append(areas, g.areas[i])
		}
	}
	return rows, areas
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
func droppedReason(d regress.Dropped) string {
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

// unitOf returns the unit of a series.
func unitOf(s config.Series) string {
	schema := table.AreaDay
	if s.Table == table.StrikeNight.Name {
		schema = table.StrikeNight
	}
	c, _ := schema.Column(s.Column)
	return c.Unit
}

// distinct returns the distinct numbers of the rows fitted.
func distinct(of []int, rows []int) int {
	seen := map[int]bool{}
	for _, r := range rows {
		seen[of[r]] = true
	}
	return len(seen)
}
