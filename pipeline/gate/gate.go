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
//  3. No date or time of an area fresher than the publication lag before the
//     as-of: 3 days, and 14 for districts and for queues.
//  4. No small populations: see Rules.Suppressed.
//  5. Interceptions, losses and impacts for the country only.
//  6. No association of outages with strikes for a single area.
//  7. How fast supply returned in an area only for whole winters.
//  8. What rests on schedules or on a household's log as late as a queue's; a log
//     only beside what the schedule of its queue had announced.
//  9. No inputs of models, which put outages beside strikes hour by hour, unless
//     the configuration asks for them.
package gate

import (
	"fmt"
	"slices"
	"strings"

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
	LeastAreas      = 5 // areas over which outages and strikes are associated
)

// Rules are what a table is checked against.
type Rules struct {
	AsOf         hour.Instant
	Gazetteer    *area.Gazetteer
	ExtraLagDays int32 // lengthens the lags; below zero is an error
	ModelInputs  bool  // they are asked for
}

// Cleared is a table that may be published.
type Cleared struct{ table *table.Table }

// Table returns the table. Its rows must not be changed.
func (c *Cleared) Table() *table.Table { return c.table }

// Stored returns the same table after its rows have been written area by area,
// each part cleared like c, which is one of them.
func (c *Cleared) Stored(t *table.Table) *Cleared {
	if t.Schema != c.table.Schema {
		panic("gate: rows of " + t.Schema.Name + " stored as " + c.table.Schema.Name)
	}
	return &Cleared{t}
}

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
// level and whether the rows are of a queue: the day must have ended a lag of
// whole civil days before the as-of.
func (r Rules) LastDay(a *area.Area, queue bool) hour.Day {
	lag := int32(LagDays)
	if queue || a.Level >= 2 {
		lag = DistrictLagDays
	}
	return hour.DayIn(r.AsOf, a.Location) - hour.Day(lag+max(0, r.ExtraLagDays)) - 1
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
var forbidden = []string{
	"lat", "lon", "lng", "latitude", "longitude", "coordinate", "coordinates", "coord", "coords",
	"geom", "geometry", "geojson", "geohash", "wkt", "wkb", "point",
	"address", "street", "building", "facility", "site", "station", "plant", "substation",
}

// countryOnly are the columns that only rows of a country may fill.
var countryOnly = []string{"intercepted", "lost", "impacts", "launched_total", "window_start_utc", "window_end_utc"}

// Clear checks a table against the rules. The error is a *Violation.
func Clear(t *table.Table, rules Rules) (*Cleared, error) {
	broken := func(row int, format string, args ...any) (*Cleared, error) {
		return nil, &Violation{t.Schema.Name, row, fmt.Sprintf(format, args...)}
	}
	if rules.ExtraLagDays < 0 {
		return broken(-1, "the publication lag may be lengthened, never shortened")
	}
	if t.Schema == table.ExposureDay && t.Rows() > 0 && !rules.ModelInputs {
		return broken(-1, "it holds inputs of models, which nobody has asked for")
	}
	for _, c := range t.Schema.Columns {
		for part := range strings.SplitSeq(strings.ToLower(c.Name), "_") {
			if slices.Contains(forbidden, part) {
				return broken(-1, "column %s could hold a place finer than an area", c.Name)
			}
		}
	}
	if t.Schema.Index("area_id") < 0 {
		return &Cleared{t}, nil
	}
	c := newChecks(t, rules)
	column, _ := t.Schema.Column("area_id")
	for id, rows := range t.Runs("area_id") {
		if id == "" && column.Null {
			continue // rows of no area
		}
		if err := c.area(area.ID(id), rows[0], rows[1]); err != nil {
			return nil, err
		}
	}
	return &Cleared{t}, nil
}
