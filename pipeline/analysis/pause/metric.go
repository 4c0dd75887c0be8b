package pause

import (
	"math"
	"slices"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// Which interval decides (methods.md 10.4).
const (
	exact    = "exact"    // events, alerts and nights
	adjusted = "adjusted" // munitions, which come in waves
	placebo  = "placebo"  // hours, which are no counts
)

// A metric is one thing that is counted, and where it applies.
type metric struct {
	name      string
	countedIn string
	decidedBy string
	refuses   func(r *Reading, s *Settings) string // why it does not apply to a reading; "" if it does
	series    func(c *counts, places []area.ID) series
	strikes   bool // of rows whose completeness may be known
}

// metrics are all that is counted, in the order of table.PauseMetrics. Launches
// are known for the country alone: bulletins tie under 1 % of munitions to an
// area. Alerts and announced hours are the area's own.
var metrics = []metric{
	{"launched_drone", "munitions", adjusted, ofCountry, launched("drone"), true},
	{"launched_ballistic", "munitions", adjusted, ofCountry, launched("ballistic"), true},
	{"launched_cruise", "munitions", adjusted, ofCountry, launched("cruise"), true},
	{"launched_all", "munitions", adjusted, ofCountryAllTargets, launched("all"), true},
	{"nights_named", "nights", exact, ofPart, (*counts).named, true},
	{"alerts_n", "alerts", exact, ofOneArea, daily("alerts_n", "alerts_n"), false},
	{"strikes_energy", "events", exact, ofEnergy, daily("strikes_energy_lo", "strikes_energy_hi"), true},
	{"alert_h", "h", placebo, ofOneArea, daily("alert_h", "alert_h"), false},
	{"sched_off_h", "h", placebo, ofOneArea, daily("sched_off_h_lo", "sched_off_h_hi"), false},
}

// ofCountry refuses readings of a part of the country, and targets that launches
// do not tell apart. Drones and missiles are long-range weapons.
func ofCountry(r *Reading, s *Settings) string {
	switch {
	case !isCountry(r, s):
		return reasonCountryOnly
	case r.Targets != "all" && r.Targets != "long_range":
		return reasonTargets
	}
	return ""
}

// ofCountryAllTargets is ofCountry for a total that holds bombs and shells too.
func ofCountryAllTargets(r *Reading, s *Settings) string {
	if why := ofCountry(r, s); why != "" {
		return why
	}
	return allTargets(r)
}

func ofPart(r *Reading, s *Settings) string {
	if isCountry(r, s) {
		return reasonNotCountry
	}
	return allTargets(r)
}

func ofOneArea(r *Reading, s *Settings) string {
	if len(r.Places) > 1 {
		return reasonOverlap // one raid can alert them all
	}
	return ofPart(r, s)
}

// ofEnergy is for readings of energy only. Energy and infrastructure is wider
// than what is counted.
func ofEnergy(r *Reading, s *Settings) string {
	switch {
	case len(r.Places) > 1:
		return reasonOverlap
	case r.Targets == "all" || r.Targets == "long_range":
		return reasonEnergyOnly
	case r.Targets != "energy":
		return reasonTargets
	}
	return ""
}

func allTargets(r *Reading) string {
	switch r.Targets {
	case "all":
		return ""
	case "long_range":
		return reasonWeapons
	}
	return reasonTargets
}

func isCountry(r *Reading, s *Settings) bool { return slices.Contains(r.Places, s.Country) }

// A series is counts by night or by civil day, from the first day of its counts
// on. Both bounds are NaN where the tables do not know.
type series struct {
	nightly bool
	lo, hi  []float64
	told    []bool // on which days a target is known; nil where targets do not matter
}

// known reports whether the count of day i is.
func (s *series) known(i int) bool { return !math.IsNaN(s.lo[i]) && !math.IsNaN(s.hi[i]) }

// counts are the published tables as series over the days that windows and
// baselines need.
type counts struct {
	areaDay, strikeNight *table.Table
	settings             *Settings
	calendar             *hour.Calendar
	nights, days         []hour.Interval   // by day of the calendar
	completeness         []float64         // of the country's strike rows, by day
	series               map[string]series // by metric and places
}

// of returns the series of a metric for the places of a reading.
func (c *counts) of(m *metric, r *Reading) series {
	key := m.name + " " + r.place()
	s, ok := c.series[key]
	if !ok {
		s = m.series(c, r.Places)
		c.series[key] = s
	}
	return s
}

// units returns what a series counts in, by day: the nights that end on them, or
// the civil days.
func (c *counts) units(nightly bool) []hour.Interval {
	if nightly {
		return c.nights
	}
	return c.days
}

func (c *counts) empty() []float64 { return make([]float64, c.calendar.Days()) }

func (c *counts) unknown() []float64 {
	v := c.empty()
	for i := range v {
		v[i] = math.NaN()
	}
	return v
}

// at returns the place of a day in a series; ok is false outside it.
func (c *counts) at(d hour.Day) (i int, ok bool) {
	return int(d - c.calendar.First), d >= c.calendar.First && d < c.calendar.End()
}

// launched returns the munitions of a class launched over the country by night.
// A night is known if it has a bulletin, or its date has one. What a bulletin
// gives by date only may belong to either night of that date: it is in the upper
// count of both (methods.md 4.2). Munitions of daytime windows are in no night.
func launched(weapon string) func(*counts, []area.ID) series {
	return func(c *counts, _ []area.ID) series {
		t := c.strikeNight.Of(string(c.settings.Country))
		dates, parts, weapons, launched := t.Date("date_local"), t.String("part"), t.String("weapon"), t.Int32("launched")
		certain, dated, bulletin := c.empty(), c.empty(), make([]bool, c.calendar.Days())
		for row := range t.Rows() {
			i, ok := c.at(table.Day(dates, row))
			if !ok || weapons.Value(row) != weapon || parts.Value(row) == "day" {
				continue
			}
			n := math.NaN()
			if launched.IsValid(row) {
				n = float64(launched.Value(row))
			}
			bulletin[i] = true
			if parts.Value(row) == "night" {
				certain[i] += n
			} else {
				dated[i] += n
			}
		}
		s := series{nightly: true, lo: c.unknown(), hi: c.unknown()}
		for i, ok := range bulletin {
			if !ok {
				continue
			}
			s.lo[i], s.hi[i] = certain[i], certain[i]+dated[i]
			if i > 0 {
				s.hi[i] += dated[i-1]
			}
		}
		return s
	}
}

// named returns 1 for nights on which a bulletin names one of the places, 0 for
// other nights with a bulletin. A name that also means an area outside the
// places, and the name of such an area that takes one of them in, are in the
// upper bound only (methods.md 4.6): "Kyiv oblast" is in both bounds of the pair
// of oblast and city, and in the upper bound of either alone. So are names that
// a bulletin gives by date only, for both nights of the date.
func (c *counts) named(places []area.ID) series {
	certain, possible := map[area.ID]bool{}, map[area.ID]bool{}
	for _, id := range places {
		also, ambiguous := c.settings.TakesIn[id]
		certain[id] = !ambiguous || slices.Contains(places, also)
		possible[id] = true
	}
	for id, also := range c.settings.TakesIn {
		if slices.Contains(places, also) {
			possible[id] = true
		}
	}
	s := series{nightly: true, lo: c.empty(), hi: c.empty()}
	seen := make([]int, c.calendar.Days()) // areas with a row of the night
	dated := make([]bool, c.calendar.Days())
	for id := range possible {
		t := c.strikeNight.Of(string(id))
		dates, parts, weapons, rows := t.Date("date_local"), t.String("part"), t.String("weapon"), t.Int32("rows_named")
		for row := range t.Rows() {
			i, ok := c.at(table.Day(dates, row))
			if !ok || weapons.Value(row) != "all" || parts.Value(row) == "day" || rows.IsNull(row) {
				continue
			}
			named := rows.Value(row) > 0
			if parts.Value(row) == "date" {
				dated[i] = dated[i] || named
				continue
			}
			seen[i]++
			if named {
				s.hi[i] = 1
				if certain[id] {
					s.lo[i] = 1
				}
			}
		}
	}
	for i := range seen {
		if seen[i] < len(possible) {
			s.lo[i], s.hi[i] = math.NaN(), math.NaN()
		} else if dated[i] || i > 0 && dated[i-1] {
			s.hi[i] = 1
		}
	}
	return s
}

// daily returns two columns of area_day, the bounds of a measure, for the first
// of the places. For strikes on energy it also says on which days a target is
// known at all (methods.md 10.2).
func daily(lo, hi string) func(*counts, []area.ID) series {
	return func(c *counts, places []area.ID) series {
		t := c.areaDay.Of(string(places[0]))
		dates := t.Date("date_local")
		columns := [2]func(int) float64{cells(t, lo), cells(t, hi)}
		all := cells(t, "strikes_n_hi")
		s := series{lo: c.unknown(), hi: c.unknown()}
		if lo == "strikes_energy_lo" {
			s.told = make([]bool, c.calendar.Days())
		}
		for row := range t.Rows() {
			i, ok := c.at(table.Day(dates, row))
			if !ok {
				continue
			}
			s.lo[i], s.hi[i] = columns[0](row), columns[1](row)
			if s.told != nil {
				s.told[i] = s.lo[i] > 0 || s.hi[i] < all(row)
			}
		}
		return s
	}
}

// complete returns how complete the country's strike rows of each day are; NaN
// where that is unknown.
func (c *counts) complete() []float64 {
	t := c.areaDay.Of(string(c.settings.Country))
	dates, share := t.Date("date_local"), cells(t, "completeness")
	out := c.unknown()
	for row := range t.Rows() {
		if i, ok := c.at(table.Day(dates, row)); ok {
			out[i] = share(row)
		}
	}
	return out
}

// windowCompleteness returns the least completeness of the days of a window; NaN where
// none is known.
func (c *counts) windowCompleteness(window hour.Interval) float64 {
	least := math.NaN()
	for i, v := range c.completeness {
		if window.Touches(c.days[i]) && (math.IsNaN(least) || v < least) {
			least = v
		}
	}
	return least
}

// cells returns a column of numbers, NaN for null.
func cells(t *table.Table, name string) func(row int) float64 {
	c, _ := t.Schema.Column(name)
	if c.Type == table.Int32 {
		column := t.Int32(name)
		return func(row int) float64 {
			if column.IsNull(row) {
				return math.NaN()
			}
			return float64(column.Value(row))
		}
	}
	column := t.Float64(name)
	return func(row int) float64 {
		if column.IsNull(row) {
			return math.NaN()
		}
		return column.Value(row)
	}
}
