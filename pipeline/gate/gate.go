// Package gate decides what may be published, so that nothing the project
// writes helps to plan an attack or points at people (methods.md 11.2).
//
// Clear checks a table and returns it as Cleared, the only form that the
// packages that write take: an unchecked table does not compile.
//
//  1. No column of places finer than an area: coordinates, sites, stations,
//     addresses, points.
//  2. Only known areas, at district level (2) or above; no daily rows of
//     districts.
//  3. Nothing fresher than the publication lag before the as-of: 3 days, and 14
//     for districts and for queues.
//  4. No small populations: see Rules.Suppressed.
//  5. Interceptions, losses and impacts for the country only.
//  6. No association of outages with strikes for a single area.
package gate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow/array"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// The least publication lags, in days before the as-of.
const (
	LagDays         = 3  // oblasts and the country
	DistrictLagDays = 14 // districts and queues
)

// The least numbers of people and customers of an area in a published cell.
const (
	LeastPopulation = 10_000
	LeastCustomers  = 1_000
)

// Rules are what a table is checked against.
type Rules struct {
	AsOf         hour.Instant
	Gazetteer    *area.Gazetteer
	ExtraLagDays int32 // lengthens the lags; below zero is an error
}

// Cleared is a table that may be published.
type Cleared struct{ table *table.Table }

// Table returns the table. Its rows must not be changed.
func (c *Cleared) Table() *table.Table { return c.table }

// A Violation is a rule that a table breaks.
type Violation struct {
	Table  string
	Row    int // from 0; -1 for the whole table
	Reason string
}

func (v *Violation) Error() string {
	if v.Row < 0 {
		return fmt.Sprintf("table %s may not be published: %s", v.Table, v.Reason)
	}
	return fmt.Sprintf("table %s may not be published: row %d: %s", v.Table, v.Row, v.Reason)
}

// LastDay returns the last civil day that may be published, given the area's
// level and whether the rows are of a queue: the day must have ended a lag
// before the as-of.
func (r Rules) LastDay(a *area.Area, queue bool) hour.Day {
	lag := int32(LagDays)
	if queue || a.Level >= 2 {
		lag = DistrictLagDays
	}
	return hour.DayIn(r.AsOf, a.Location) - hour.Day(lag+r.ExtraLagDays) - 1
}

// Suppressed says why an area's cells may not be published, or "". An unknown
// number of people passes for an oblast and does not for a district.
func (r Rules) Suppressed(a *area.Area) string {
	switch {
	case a.Population > 0 && a.Population < LeastPopulation:
		return fmt.Sprintf("fewer than %d people live there", LeastPopulation)
	case a.CustomersServed > 0 && a.CustomersServed < LeastCustomers:
		return fmt.Sprintf("fewer than %d customers are served there", LeastCustomers)
	case a.Level >= 2 && a.Population == 0 && a.CustomersServed == 0:
		return "how many people live in the district is unknown"
	}
	return ""
}

// forbidden are words that no column name may hold as a part.
var forbidden = []string{"lat", "lon", "latitude", "longitude", "geom", "geometry", "address", "facility", "site", "station", "point", "coordinates"}

// countryOnly are the columns that only rows of a country may fill.
var countryOnly = []string{"intercepted", "lost", "impacts", "window_start_utc", "window_end_utc"}

// Clear checks a table against the rules. The error is a *Violation.
func Clear(t *table.Table, rules Rules) (*Cleared, error) {
	name := t.Schema.Name
	whole := func(format string, args ...any) (*Cleared, error) {
		return nil, &Violation{name, -1, fmt.Sprintf(format, args...)}
	}
	if rules.ExtraLagDays < 0 {
		return whole("the publication lag may be lengthened, never shortened")
	}
	for _, c := range t.Schema.Columns {
		for _, part := range strings.Split(c.Name, "_") {
			if slices.Contains(forbidden, part) {
				return whole("column %s could hold a place finer than an area", c.Name)
			}
		}
	}
	if err := checkSeries(t); err != nil {
		return nil, err
	}
	if _, ok := t.Schema.Column("area_id"); !ok {
		return &Cleared{t}, nil
	}
	queue := t.Schema.Index("group_id") >= 0
	ids := t.String("area_id")
	dates := map[string]*array.Date32{}
	for _, c := range t.Schema.Columns {
		if c.Type == table.Date && c.Name != "month_local" {
			dates[c.Name] = t.Date(c.Name)
		}
	}
	known := map[string]*area.Area{}
	last := map[string]hour.Day{}
	for row := range t.Rows() {
		id := ids.Value(row)
		a := known[id]
		if a == nil {
			found, ok := rules.Gazetteer.Get(area.ID(id))
			if !ok {
				return nil, &Violation{name, row, fmt.Sprintf("area %q is not in the area table", id)}
			}
			if why := rules.Suppressed(found); why != "" {
				return nil, &Violation{name, row, fmt.Sprintf("area %s: %s", id, why)}
			}
			a = found
			known[id] = a
			last[id] = rules.LastDay(a, queue)
		}
		if a.Level > 2 || a.Level == 2 && len(dates) > 0 {
			return nil, &Violation{name, row, fmt.Sprintf("area %s is a district: it may appear in weekly tables only", id)}
		}
		for column, days := range dates {
			if days.IsValid(row) && table.Day(days, row) > last[id] {
				return nil, &Violation{name, row, fmt.Sprintf("%s %v of area %s lies within the publication lag: the last day is %v", column, table.Day(days, row), id, last[id])}
			}
		}
		if a.Level == area.Country {
			continue
		}
		for _, column := range countryOnly {
			if i := t.Schema.Index(column); i >= 0 && t.Record().Column(i).IsValid(row) {
				return nil, &Violation{name, row, fmt.Sprintf("%s of area %s: such figures are for the country only", column, id)}
			}
		}
	}
	return &Cleared{t}, nil
}

// Words by which series of outages and of strikes are known.
var (
	outageSeries = []string{"out_", "sched_", "observed_off", "customers_out", "off_h"}
	strikeSeries = []string{"launched", "strikes", "events", "impacts", "intercepted"}
)

// checkSeries refuses a row that associates outages with strikes: such a
// number for one area ranks targets. Pooled results name no area.
func checkSeries(t *table.Table) error {
	if t.Schema.Index("x_series") < 0 || t.Schema.Index("area_id") < 0 {
		return nil
	}
	x, y := t.String("x_series"), t.String("y_series")
	has := func(s string, words []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
	}
	for row := range t.Rows() {
		a, b := x.Value(row), y.Value(row)
		if has(a, outageSeries) && has(b, strikeSeries) || has(a, strikeSeries) && has(b, outageSeries) {
			return &Violation{t.Schema.Name, row, fmt.Sprintf("%s with %s for one area: outages and strikes are associated over five areas or more, or not at all", a, b)}
		}
	}
	return nil
}
