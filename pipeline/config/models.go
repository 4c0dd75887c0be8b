package config

import (
	"fmt"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
)

// A Model is one declared regression: everything declared is fitted and
// reported, evaluable or not, and nothing else.
type Model struct {
	ID        string
	Outcome   Series
	Exposures []Exposure
	Lags      int      // days, of every exposure
	Family    string   // of Families
	Adjust    []string // of Adjustments
	Scope     string   // each: a fit for each area; pooled: one for all areas of a country

	Interaction  *Interaction // of two exposures; nil for none
	Attributable bool         // the count that goes with each exposure, against none of it
	Interrupted  *hour.Day    // first day of a new level and slope, within its winter; nil for none
}

// An Interaction asks whether what one exposure goes with depends on another:
// the outcome at To against From of one, at ByTo against ByFrom of the other.
type Interaction struct {
	Column       string // of an exposure of the model
	From, To     float64
	By           string // of another
	ByFrom, ByTo float64
}

// Families of the outcome.
var Families = []string{"poisson", "negative_binomial", "gaussian"}

// Counts reports whether effects are ratios of counts.
func (m *Model) Counts() bool { return m.Family != "gaussian" }

// An Exposure is a series that the outcome is set against.
type Exposure struct {
	Series
	Below    *float64   // the exposure is by how much the series lies below it, else 0; nil for the series itself
	Per      float64    // the effect is that of so much more of it
	Knots    []float64  // of a natural spline; none for a straight line
	Boundary [2]float64 // its boundary knots
	LagKnots []float64  // of the natural spline over lags
	Centre   float64    // value that the spline's effects are against
}

// Adjustments are what a model may compare within, or adjust for.
var Adjustments = []string{"season", "strata", "day", "weekday", "trend"}

type rawModel struct {
	ID        string        `yaml:"id"`
	Outcome   rawSeries     `yaml:"outcome"`
	Exposures []rawExposure `yaml:"exposures"`
	Lags      int           `yaml:"lags_d"`
	Family    string        `yaml:"family"`
	Adjust    []string      `yaml:"adjust"`
	Scope     string        `yaml:"scope"`

	Interaction  *rawInteraction `yaml:"interaction"`
	Attributable bool            `yaml:"attributable"`
	Interrupted  string          `yaml:"interrupted"`
}

type rawInteraction struct {
	Column string  `yaml:"column"`
	From   float64 `yaml:"from"`
	To     float64 `yaml:"to"`
	By     string  `yaml:"by"`
	ByFrom float64 `yaml:"by_from"`
	ByTo   float64 `yaml:"by_to"`
}

type rawExposure struct {
	Table    string    `yaml:"table"`
	Column   string    `yaml:"column"`
	Area     string    `yaml:"area"`
	Weapon   string    `yaml:"weapon"`
	Below    *float64  `yaml:"below"`
	Per      *float64  `yaml:"per"`
	Knots    []float64 `yaml:"knots"`
	Boundary []float64 `yaml:"boundary"`
	LagKnots []float64 `yaml:"lag_knots"`
	Centre   float64   `yaml:"centre"`
}

// Columns that say something of outages, and of strikes: one area's are never
// associated (methods.md 11.2).
var (
	outageColumns = []string{"out_ch_lo", "out_ch_hi", "sched_off_h_lo", "sched_off_h_hi", "saidi_startday_min_lo", "saidi_startday_min_hi"}
	strikeColumns = []string{"launched", "intercepted", "strikes_n_lo", "strikes_n_hi", "strikes_energy_lo", "strikes_energy_hi", "events_lo", "events_hi", "rows_named", "impacts", "lost"}
)

// maxLags is the longest distributed lag, in days.
const maxLags = 30

// models checks the declared regressions.
func (d *document) models(c *Config, raw []rawModel) {
	seen := map[string]bool{}
	for i := range raw {
		at := fmt.Sprintf("analysis.models[%d]", i)
		r := &raw[i]
		m := Model{ID: r.ID, Lags: r.Lags, Family: r.Family, Adjust: r.Adjust, Scope: r.Scope, Attributable: r.Attributable}
		d.ownName(at, m.ID, seen)
		m.Outcome = d.series(at+".outcome", r.Outcome)
		if m.Lags < 0 || m.Lags > maxLags {
			d.fail(at+".lags_d", "lags go from 0 to %d days", maxLags)
		}
		if m.Family == "" {
			m.Family = "poisson"
		}
		if !slices.Contains(Families, m.Family) {
			d.fail(at+".family", "%q is none of poisson, for counts and sums that are never negative, negative_binomial, for counts that vary more, and gaussian%s", m.Family, suggest(m.Family, Families))
		}
		m.Scope = d.scope(at, m.Scope)
		if len(m.Adjust) == 0 {
			m.Adjust = []string{"season"}
		}
		for j, a := range m.Adjust {
			where := fmt.Sprintf("%s.adjust[%d]", at, j)
			switch {
			case !slices.Contains(Adjustments, a):
				d.fail(where, "%q is not one of %s%s", a, strings.Join(Adjustments, ", "), suggest(a, Adjustments))
			case a == "strata" && m.Family != "poisson":
				d.fail(where, "strata are for counts: use season, weekday and trend with %s", m.Family)
			case a == "day" && (m.Scope != "pooled" || m.Family != "poisson"):
				d.fail(where, "effects of days need several areas and family poisson")
			case (a == "strata" || a == "day") && (m.Attributable || r.Interaction != nil):
				d.fail(where, "predicted counts need the level of every winter: adjust for season with attributable and interaction")
			case a == "trend" && r.Interrupted != "":
				d.fail(where, "an interrupted series has a trend of its own")
			}
		}
		if !slices.Contains(m.Adjust, "season") && !slices.Contains(m.Adjust, "strata") {
			d.fail(at+".adjust", "winters are pooled with strata of season or not at all: add season or strata")
		}
		if len(r.Exposures) == 0 && r.Interrupted == "" {
			d.fail(at, "a model needs exposures, or a day on which it is interrupted")
		}
		for j := range r.Exposures {
			m.Exposures = append(m.Exposures, d.exposure(fmt.Sprintf("%s.exposures[%d]", at, j), &r.Exposures[j], m.Lags))
		}
		for _, x := range m.Exposures {
			d.mayAssociate(at, m.Scope, m.Outcome, x.Series)
		}
		d.extras(at, &m, r)
		c.Models = append(c.Models, m)
	}
}

// extras checks what a model asks for beside the effects of its exposures.
func (d *document) extras(at string, m *Model, r *rawModel) {
	if m.Attributable && !m.Counts() {
		d.fail(at+".attributable", "a count that goes with an exposure needs family poisson or negative_binomial")
	}
	if r.Interrupted != "" {
		day := d.day(at+".interrupted", r.Interrupted)
		m.Interrupted = &day
		if m.Scope == "pooled" {
			d.fail(at+".scope", "an interrupted series is that of one area: scope each")
		}
		if slices.Contains(outageColumns, m.Outcome.Column) {
			d.fail(at+".interrupted", "outages of one area are not set against a day: it may be that of a strike")
		}
		if slices.Contains(m.Adjust, "strata") {
			d.fail(at+".adjust", "strata of 28 days hold no line through a winter: adjust an interrupted series for season")
		}
	}
	if r.Interaction == nil {
		return
	}
	i := Interaction(*r.Interaction)
	m.Interaction = &i
	at += ".interaction"
	if i.Column == i.By || i.From == i.To || i.ByFrom == i.ByTo {
		d.fail(at, "an interaction is of two exposures, each at two values")
	}
	if m.Lags > 0 {
		d.fail(at, "an interaction is of the same day: lags_d 0")
	}
	if m.Attributable {
		d.fail(at, "an interaction and counts that go with an exposure are two models")
	}
	for _, side := range [][2]string{{"column", i.Column}, {"by", i.By}} {
		n := 0
		for _, x := range m.Exposures {
			if x.Column == side[1] {
				n++
				if len(x.Knots) > 0 {
					d.fail(at+"."+side[0], "an interaction is of straight lines, and %s has knots", x.Column)
				}
			}
		}
		if n != 1 {
			d.fail(at+"."+side[0], "%q is not the column of one exposure of the model", side[1])
		}
	}
}

// ownName checks the name of a declared analysis.
func (d *document) ownName(at, id string, seen map[string]bool) {
	if id == "" || strings.ContainsFunc(id, notInName) || seen[id] {
		d.fail(at+".id", "a model needs a name of its own, of letters, digits, _, - and dots")
	}
	seen[id] = true
}

// scope checks what a declared analysis is of.
func (d *document) scope(at, scope string) string {
	if scope == "" {
		return "each"
	}
	if scope != "each" && scope != "pooled" {
		d.fail(at+".scope", "%q is neither each, a fit for each area, nor pooled", scope)
	}
	return scope
}

// mayAssociate refuses outages beside strikes for one area.
func (d *document) mayAssociate(at, scope string, x, y Series) {
	if scope == "each" && outagesWithStrikes(x, y) {
		d.fail(at+".scope", "outages and strikes are associated over five areas or more, or not at all: scope pooled")
	}
}

func outagesWithStrikes(x, y Series) bool {
	is := func(columns []string, s Series) bool { return slices.Contains(columns, s.Column) }
	return is(outageColumns, x) && is(strikeColumns, y) || is(strikeColumns, x) && is(outageColumns, y)
}

func (d *document) exposure(at string, raw *rawExposure, lags int) Exposure {
	x := Exposure{
		Series: d.series(at, rawSeries{Table: raw.Table, Column: raw.Column, Area: raw.Area, Weapon: raw.Weapon}),
		Below:  raw.Below, Per: 1, Knots: raw.Knots, LagKnots: raw.LagKnots, Centre: raw.Centre,
	}
	if raw.Per != nil {
		if x.Per = *raw.Per; x.Per == 0 {
			d.fail(at+".per", "an effect per 0 says nothing")
		}
	}
	rising := func(name string, list ...float64) {
		for i := 1; i < len(list); i++ {
			if list[i] <= list[i-1] {
				d.fail(at+"."+name, "knots rise from one boundary to the other")
				return
			}
		}
	}
	switch {
	case len(x.Knots) == 0 && len(raw.Boundary) > 0, len(x.Knots) > 0 && len(raw.Boundary) != 2:
		d.fail(at, "a spline needs knots and two boundary knots")
	case len(x.Knots) > 0:
		x.Boundary = [2]float64(raw.Boundary)
		rising("knots", slices.Concat([]float64{x.Boundary[0]}, x.Knots, []float64{x.Boundary[1]})...)
		if x.Centre < x.Boundary[0] || x.Centre > x.Boundary[1] {
			d.fail(at+".centre", "%v lies outside the boundary knots", x.Centre)
		}
	}
	if len(x.LagKnots) > 0 {
		if len(x.Knots) == 0 || lags < 2 {
			d.fail(at+".lag_knots", "lags are smoothed for a spline over two lags or more")
		}
		rising("lag_knots", slices.Concat([]float64{0}, x.LagKnots, []float64{float64(lags)})...)
	}
	return x
}

// In returns the series with an area filled in where it names none.
func (s Series) In(id area.ID) Series {
	if s.Area == "" {
		s.Area = id
	}
	return s
}
