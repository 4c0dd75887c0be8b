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
	var times, closed []int // columns of times, and those that only a country may fill
	daily := false
	for i, c := range t.Schema.Columns {
		if c.Type == table.Date || c.Type == table.Timestamp {
			times = append(times, i)
			daily = daily || c.Name != "month_local"
		}
		if slices.Contains(countryOnly, c.Name) {
			closed = append(closed, i)
		}
	}
	queue := t.Schema.Index("group_id") >= 0
	associates := t.Schema.Index("x_series") >= 0
	bases := t.Schema.Index("basis") >= 0
	var curves []int // columns of restoration curves
	for i, c := range t.Schema.Columns {
		if strings.HasPrefix(c.Name, "km_") {
			curves = append(curves, i)
		}
	}
	ids := t.Coded("area_id", new([]int32))
	columns := t.Held().Columns()
	var code int32
	var a *area.Area
	var last hour.Day
	for row := range t.Rows() {
		if a == nil || ids.Codes[row] != code {
			code = ids.Codes[row]
			id := area.ID(ids.Text(row))
			var ok bool
			if a, ok = rules.Gazetteer.Get(id); !ok {
				return broken(row, "area %q is not in the area table", id)
			}
			if why := rules.Suppressed(a); why != "" {
				return broken(row, "area %s: %s", id, why)
			}
			if a.Level > 2 || a.Level == 2 && daily {
				return broken(row, "area %s is of level %d: districts may appear in weekly and monthly tables only, what is smaller in none", id, a.Level)
			}
			last = rules.LastDay(a, queue)
		}
		if bases {
			last = rules.LastDay(a, t.String("basis").Value(row) != "recorded")
			if t.String("basis").Value(row) == "observed" && t.Float64("household_announced_h_hi").IsNull(row) {
				return broken(row, "a household's log of area %s without the schedule of its queue beside it", a.ID)
			}
		}
		for _, i := range curves {
			if t.Record().Column(i).IsValid(row) && (t.String("period_kind").Value(row) != "winter" || !t.Bool("period_whole").Value(row)) {
				return broken(row, "%s of area %s: restoration curves are for whole winters only", t.Schema.Columns[i].Name, a.ID)
			}
		}
		for _, i := range times {
			if columns[i].IsNull(row) {
				continue
			}
			var d hour.Day
			switch column := columns[i].(type) {
			case *array.Date32:
				d = table.Day(column, row)
			case *array.Timestamp: // the end of the last day may be named
				d = hour.DayIn(table.Instant(column, row)-1, a.Location)
			}
			if d > last {
				return broken(row, "%s %v of area %s lies within the publication lag: the last day is %v", t.Schema.Columns[i].Name, d, a.ID, last)
			}
		}
		for _, i := range closed {
			if a.Level != area.Country && columns[i].IsValid(row) {
				return broken(row, "%s of area %s: such figures are for the country only", t.Schema.Columns[i].Name, a.ID)
			}
		}
		if associates {
			if x, y := t.String("x_series").Value(row), t.String("y_series").Value(row); outagesWithStrikes(x, y) && !mayPool(t, row, a) {
				return broken(row, "%s with %s for one area: outages and strikes are associated over five areas or more, or not at all", x, y)
			}
		}
	}
	return &Cleared{t}, nil
}

// mayPool reports whether a row is of a country's areas together, five or more,
// or says that there is no such answer.
func mayPool(t *table.Table, row int, a *area.Area) bool {
	if t.Schema.Index("areas_n") < 0 || a.Level != area.Country {
		return false
	}
	if t.Schema.Index("evaluable") >= 0 && !t.Bool("evaluable").Value(row) {
		return true
	}
	return t.Int32("areas_n").Value(row) >= LeastAreas
}

// Words by which series of outages and of strikes are known.
var (
	outageSeries = []string{"out_", "sched_", "observed_off", "customers_out", "off_h", "saidi"}
	strikeSeries = []string{"launched", "strikes", "events", "impacts", "intercepted", "lost"}
)

// outagesWithStrikes reports whether two series are one of outages and one of
// strikes: their association for one area would rank targets. Pooled results
// name no area.
func outagesWithStrikes(x, y string) bool {
	has := func(s string, words []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
	}
	return has(x, outageSeries) && has(y, strikeSeries) || has(x, strikeSeries) && has(y, outageSeries)
}
