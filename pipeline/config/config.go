// Package config reads the configuration file: strictly, with the place of
// every fault, and with defaults.
//
//	out: ./out
//	period: {from: 2025-10-01, to: 2026-04-01} # to: the first day left out
//	sources:
//	  - {name: temps, table: temperature, format: parquet, files: [temps.parquet], columns: {area_id: area, time_utc: ts, t_c: temp_c}}
//
// An unknown key is refused with its line and column and the keys that may
// have been meant; so are anchors, aliases and a file of more than 1 MiB.
package config

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/index"
	"hardship/pipeline/source"
	"hardship/pipeline/source/mapped"
	"hardship/pipeline/table"
)

// Config is a whole configuration, checked and with defaults in place.
type Config struct {
	Title        string // of the report
	Out          string // folder of the runs
	Root         string // folder that files are relative to
	Period              // of every area that has none of its own
	AsOf         *hour.Instant
	ExtraLag     int32 // days added to the publication lag
	Areas        Areas
	Sources      []Source
	Spells       []index.SpellRule
	Base         Period              // of the climate that cold is set against
	Publisher    string              // whose strike rows make totals; "" takes all
	TakesIn      map[area.ID]area.ID // area whose name also means another, in strike rows
	Merged       []area.ID           // areas whose alerts were merged
	Exposure     bool                // make exposure_day, a table of inputs of models
	Tables       []*table.Schema     // of areas that are made, of table.OfAreas, without findings and report; none for everything
	Focus        []area.ID           // areas that the report shows first
	FocusFirst   hour.Day            // days of its timeline
	FocusEnd     hour.Day
	Findings     Findings
	Models       []Model
	Epochs       []Epoch
	Changepoints []Changepoint
	Facts        []Fact
	Breaks       []SeriesBreak
	Pauses       Pauses
	KnownGaps    []KnownGap
	Limits       source.Limits
	MaxRejected  float64 // share of a file's rows beyond which the source fails
}

// Makes reports whether a table of areas is made.
func (c *Config) Makes(s *table.Schema) bool {
	switch {
	case s == table.Coverage:
		return true
	case s == table.ExposureDay:
		return c.Exposure
	}
	return len(c.Tables) == 0 || slices.Contains(c.Tables, s)
}

// setTables chooses tables of areas by their names. An error is of the name at a
// place among them.
func (c *Config) setTables(names []string) (at int, err error) {
	c.Tables = nil
	for i, name := range names {
		s, err := table.Find(table.OfAreas, name)
		if err != nil || s == table.Coverage { // which is made beside all others
			var known []string
			for _, s := range table.OfAreas {
				if s != table.Coverage {
					known = append(known, s.Name)
				}
			}
			return i, fmt.Errorf("%q is not a table of areas: one of %s%s", name, strings.Join(known, ", "), suggest(name, known))
		}
		c.Tables = append(c.Tables, s)
	}
	if len(names) > 0 {
		c.Exposure = slices.Contains(c.Tables, table.ExposureDay)
	}
	return 0, nil
}

// A Period is a span of local days; End is the first day left out.
type Period struct{ First, End hour.Day }

// Areas says where areas come from.
type Areas struct {
	FromData bool               // every id in the data is an area of level 1
	Location *time.Location     // their zone
	Files    []string           // canonical area tables; none for the shipped Ukrainian areas
	Shipped  bool               // the shipped areas too, beside those of sources
	Only     []area.ID          // the areas to publish; none for all
	Periods  map[area.ID]Period // of areas that have one of their own

	Origin, Licence, Attribution string // of the area table

	Boundaries Boundaries

	Reference []string // publishers' reference files, from which normalize makes the area table
}

// Boundaries says which file has the outlines of areas. They place what comes
// with a position, and are published nowhere.
type Boundaries struct {
	File     string // GeoJSON; "" without
	Property string // of its features, that holds the area's code or name

	Origin, Licence, Attribution string
}

// Source is files of one format that fill one canonical table.
type Source struct {
	Name        string
	Table       *table.Schema // nil where the format is open
	Format      string
	Files       []string
	Columns     map[string]mapped.Column // where canonical columns come from
	Constants   map[string]string        // canonical column → the value of every row
	Location    *time.Location
	Place       string
	Revision    string
	FirstSeen   hour.Instant
	Options     map[string]string
	Origin      string
	Licence     string
	Attribution string
	Weights     Weights
	Optional    bool   // a missing file is no failure
	StaleAfter  int32  // days without a new row after which validate says so; 0 for never
	To          string // canonical file that normalize makes of the source
}

// Weights say how the points of a source of table.PointTemperature count in the
// means of areas.
type Weights struct {
	Method           string  // of table.WeightMethods; "" for sources of other tables
	From             string  // source of table.AreaWeight that gives them; "" for the boundaries
	LonStep, LatStep float64 // degrees between the cells of a grid; 0 where there is none

	LapseKPerKM float64             // by which air is colder higher up, for a correction; 0 for none
	AreaHeightM map[area.ID]float64 // mean height of areas, for the correction
}

// AutoFormat leaves the format of a source open: it is told by the files.
const AutoFormat = "auto"

// Clone returns a copy whose sources can be changed.
func (c *Config) Clone() *Config {
	clone := *c
	clone.Sources = slices.Clone(c.Sources)
	return &clone
}

// KnownGap returns the reason that the configuration gives for a warning, by the
// warning's id; "" if it declares none.
func (c *Config) KnownGap(id string) string {
	for _, gap := range c.KnownGaps {
		if ok, _ := path.Match(gap.Warning, id); ok {
			return gap.Why
		}
	}
	return ""
}

// Findings says what is associated with what; everything declared is reported.
type Findings struct {
	SeasonFirst, SeasonLast time.Month // of a winter, such as November to March
	MaxLagDays              int
	LeastDays               int // days with both series below which nothing is evaluable
	MinShiftDays            int // least shift of the circular-shift test
	LeastSpellDays          int // cold-spell days below which a rate ratio is not evaluable
	Pairs                   []Pair
	Weapons                 []string // classes whose launches are set against cold-spell days
}

// Pauses says how claims about pauses in strikes are read (methods.md 10).
type Pauses struct {
	Zones    []*time.Location  // in which dates can be meant, the first for primary readings
	Baseline int               // days of the primary baseline
	Washout  int               // days between it and the earliest start
	Primary  map[string]string // claim id → id of the reading that takes the place of its primary one
	Notes    []string          // what the report says before any count of a pause
}

// A SeriesBreak is a time in which what a series counts changed: what was counted
// before it cannot be set beside what was counted after. End is the first day after.
type SeriesBreak struct {
	Metrics    []string // of table.PauseMetrics, whether of pauses or of models
	First, End hour.Day
	Why        string
}

// Changes reports whether a daily series is of what changed.
func (b SeriesBreak) Changes(s Series) bool {
	metric := strings.TrimSuffix(strings.TrimSuffix(s.Column, "_lo"), "_hi")
	switch {
	case s.Table == table.StrikeNight.Name && metric == "rows_named":
		metric = "nights_named"
	case s.Table == table.StrikeNight.Name:
		metric += "_" + s.Weapon
	case metric == "launched":
		metric = "launched_all"
	}
	return slices.Contains(b.Metrics, metric)
}

// Within reports whether a day of the change lies between two days, both included.
func (b SeriesBreak) Within(first, last hour.Day) bool { return last >= b.First && first < b.End }

// String says what changed, and when.
func (b SeriesBreak) String() string {
	return fmt.Sprintf("%v to before %v: %s", b.First, b.End, b.Why)
}

// Pair is two daily series of area_day or strike_night.
type Pair struct {
	X, Y Series
}

// Series names a daily column: of each area, or of one.
type Series struct {
	Table  string // area_day or strike_night
	Column string
	Area   area.ID // "" for each area in turn
	Weapon string  // strike_night only
}

// Fact is a reported fact and the measures that are set beside it.
type Fact struct {
	ID       string
	Reported string
	Measures []Measure
}

// Measure is one number from a published table.
type Measure struct {
	Label  string
	Table  string
	Column string
	Where  map[string]string // column → value
	From   *hour.Day         // rows whose date column lies in [From, To]
	To     *hour.Day
	Reduce string // min, max, sum, mean, count, only
}

// KnownGap declares a warning that the reader of the configuration already
// knows of, so that it is shown and does not change the exit code.
type KnownGap struct {
	Warning string // a pattern over warning ids, such as coverage/temperature/*
	Why     string
}
