package config

import (
	"fmt"
	"slices"
	"strings"

	"hardship/pipeline/area"
)

// A Model is one declared regression: everything declared is fitted and
// reported, evaluable or not, and nothing else.
type Model struct {
	ID        string
	Outcome   Series
	Exposures []Exposure
	Lags      int      // days, of every exposure
	Family    string   // poisson or gaussian
	Adjust    []string // of Adjustments
	Scope     string   // each: a fit for each area; pooled: one for all areas of a country
}

// An Exposure is a series that the outcome is set against.
type Exposure struct {
	Series
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
}

type rawExposure struct {
	Table    string    `yaml:"table"`
	Column   string    `yaml:"column"`
	Area     string    `yaml:"area"`
	Weapon   string    `yaml:"weapon"`
	Per      *float64  `yaml:"per"`
	Knots    []float64 `yaml:"knots"`
	Boundary []float64 `yaml:"boundary"`
	LagKnots []float64 `yaml:"lag_knots"`
	Centre   float64   `yaml:"centre"`
}

// Columns that say something of outages, and of strikes: one area's are never
// associated (methods.md 11.2).
var (
	outageColumns = []string{"out_ch_lo", "out_ch_hi", "sched_off_h_lo", "sched_off_h_hi"}
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
		m := Model{ID: r.ID, Lags: r.Lags, Family: r.Family, Adjust: r.Adjust, Scope: r.Scope}
		if m.ID == "" || strings.ContainsFunc(m.ID, notInName) || seen[m.ID] {
			d.fail(at+".id", "a model needs a name of its own, of letters, digits, _, - and dots")
		}
		seen[m.ID] = true
		m.Outcome = d.series(at+".outcome", r.Outcome)
		if m.Lags < 0 || m.Lags > maxLags {
			d.fail(at+".lags_d", "lags go from 0 to %d days", maxLags)
		}
		if m.Family == "" {
			m.Family = "poisson"
		}
		if m.Family != "poisson" && m.Family != "gaussian" {
			d.fail(at+".family", "%q is neither poisson, for counts and sums that are never negative, nor gaussian", m.Family)
		}
		if m.Scope == "" {
			m.Scope = "each"
		}
		if m.Scope != "each" && m.Scope != "pooled" {
			d.fail(at+".scope", "%q is neither each, a fit for each area, nor pooled", m.Scope)
		}
		if len(m.Adjust) == 0 {
			m.Adjust = []string{"season"}
		}
		for j, a := range m.Adjust {
			where := fmt.Sprintf("%s.adjust[%d]", at, j)
			switch {
			case !slices.Contains(Adjustments, a):
				d.fail(where, "%q is not one of %s%s", a, strings.Join(Adjustments, ", "), suggest(a, Adjustments))
			case a == "strata" && m.Family != "poisson":
				d.fail(where, "strata are for counts: use season, weekday and trend with gaussian")
			case a == "day" && (m.Scope != "pooled" || m.Family != "poisson"):
				d.fail(where, "effects of days need several areas and family poisson")
			}
		}
		if !slices.Contains(m.Adjust, "season") && !slices.Contains(m.Adjust, "strata") {
			d.fail(at+".adjust", "winters are pooled with strata of season or not at all: add season or strata")
		}
		if len(r.Exposures) == 0 {
			d.fail(at, "a model needs exposures")
		}
		for j := range r.Exposures {
			m.Exposures = append(m.Exposures, d.exposure(fmt.Sprintf("%s.exposures[%d]", at, j), &r.Exposures[j], m.Lags))
		}
		outages := slices.Contains(outageColumns, m.Outcome.Column)
		for _, x := range m.Exposures {
			if m.Scope == "each" && (outages && slices.Contains(strikeColumns, x.Column) || slices.Contains(strikeColumns, m.Outcome.Column) && slices.Contains(outageColumns, x.Column)) {
				d.fail(at+".scope", "outages and strikes are associated over five areas or more, or not at all: scope pooled")
			}
		}
		c.Models = append(c.Models, m)
	}
}

func (d *document) exposure(at string, raw *rawExposure, lags int) Exposure {
	x := Exposure{
		Series: d.series(at, rawSeries{Table: raw.Table, Column: raw.Column, Area: raw.Area, Weapon: raw.Weapon}),
		Per:    1, Knots: raw.Knots, LagKnots: raw.LagKnots, Centre: raw.Centre,
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
