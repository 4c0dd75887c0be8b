package config

import (
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/index"
	"hardship/pipeline/source"
	"hardship/pipeline/source/mapped"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// rawConfig is the file as it is written.
type rawConfig struct {
	Title string `yaml:"title"`
	Out   string `yaml:"out"`
	Root  string `yaml:"root"`
	AsOf  string `yaml:"as_of"`
	Lag   *int32 `yaml:"extra_lag_days"`

	Exposure bool     `yaml:"exposure_day"`
	Tables   []string `yaml:"tables"`

	Period struct {
		From string `yaml:"from"`
		To   string `yaml:"to"`
	} `yaml:"period"`
	Areas struct {
		FromData    bool                 `yaml:"from_data"`
		TZ          string               `yaml:"tz"`
		Files       []string             `yaml:"files"`
		Shipped     bool                 `yaml:"shipped"`
		Only        []string             `yaml:"only"`
		Periods     map[string]rawPeriod `yaml:"periods"`
		Reference   []string             `yaml:"reference_files"`
		Origin      string               `yaml:"origin"`
		Licence     string               `yaml:"licence"`
		Attribution string               `yaml:"attribution"`
		Boundaries  rawBoundaries        `yaml:"boundaries"`
	} `yaml:"areas"`
	Sources []rawSource `yaml:"sources"`
	Cold    struct {
		Base   rawPeriod `yaml:"base"`
		Spells []struct {
			BelowC *float64 `yaml:"tmean_below_c"`
			Days   int      `yaml:"days"`
		} `yaml:"spells"`
	} `yaml:"cold"`
	Strikes struct {
		Publisher string            `yaml:"publisher"`
		TakesIn   map[string]string `yaml:"takes_in"`
	} `yaml:"strikes"`
	Alerts struct {
		Merged []string `yaml:"merged_areas"`
	} `yaml:"alerts"`
	Focus struct {
		Areas []string `yaml:"areas"`
		From  string   `yaml:"from"`
		To    string   `yaml:"to"`
	} `yaml:"focus"`
	Findings struct {
		FirstMonth     int       `yaml:"season_first_month"`
		LastMonth      int       `yaml:"season_last_month"`
		MaxLagDays     *int      `yaml:"max_lag_days"`
		LeastDays      int       `yaml:"least_days"`
		MinShiftDays   int       `yaml:"min_shift_days"`
		LeastSpellDays int       `yaml:"least_spell_days"`
		Pairs          []rawPair `yaml:"pairs"`
		Weapons        []string  `yaml:"launches_on_spell_days"`
	} `yaml:"findings"`
	Analysis struct {
		Models       []rawModel       `yaml:"models"`
		Epochs       []rawEpoch       `yaml:"epochs"`
		Changepoints []rawChangepoint `yaml:"changepoints"`
	} `yaml:"analysis"`
	Facts  []rawFact        `yaml:"facts"`
	Breaks []rawSeriesBreak `yaml:"series_breaks"`
	Pauses struct {
		Zones    []string          `yaml:"zones"`
		Baseline *int              `yaml:"baseline_days"`
		Washout  *int              `yaml:"washout_days"`
		Primary  map[string]string `yaml:"primary_readings"`
		Notes    []string          `yaml:"notes"`
	} `yaml:"pauses"`
	KnownGaps []struct {
		Warning string `yaml:"warning"`
		Why     string `yaml:"why"`
	} `yaml:"known_gaps"`
	MaxRejected *float64      `yaml:"max_rejected_share"`
	Limits      source.Limits `yaml:"limits"`
}

type rawPeriod struct {
	From string `yaml:"from"`
	To   string `yaml:"to"`
}

type rawSource struct {
	Name        string               `yaml:"name"`
	Table       string               `yaml:"table"`
	Format      string               `yaml:"format"`
	Files       []string             `yaml:"files"`
	Columns     map[string]rawColumn `yaml:"columns"`
	TZ          string               `yaml:"tz"`
	Place       string               `yaml:"place"`
	Revision    string               `yaml:"revision"`
	FirstSeen   string               `yaml:"first_seen"`
	Options     map[string]string    `yaml:"options"`
	Origin      string               `yaml:"origin"`
	Licence     string               `yaml:"licence"`
	Attribution string               `yaml:"attribution"`
	Weights     string               `yaml:"weights"`
	WeightsFrom string               `yaml:"weights_from"`
	Lapse       float64              `yaml:"lapse_k_per_km"`
	AreaHeight  map[string]float64   `yaml:"area_elev_m"`
	GridStep    float64              `yaml:"grid_step_deg"`
	GridLatStep float64              `yaml:"grid_lat_step_deg"`
	Optional    bool                 `yaml:"optional"`
	StaleAfter  int32                `yaml:"stale_after_days"`
	To          string               `yaml:"to"`
}

// rawColumn is the name of a file's column, {const: value}, or {column: …} with
// what its words mean and how its times are written.
type rawColumn struct {
	mapped.Column
	constant *string
}

// Read reads a configuration. formats are the formats by name. The error is Errors: all faults found.
func Read(data []byte, name string, formats map[string]source.Format) (*Config, error) {
	d, err := parse(data, name)
	if err != nil {
		return nil, err
	}
	for _, f := range formats {
		d.options = append(d.options, f.Options...)
	}
	var raw rawConfig
	if d.decode("", d.body, nil, reflect.ValueOf(&raw).Elem()); len(d.errors) > 0 {
		return nil, d.sorted()
	}
	c := d.config(&raw, formats)
	if len(d.errors) > 0 {
		return nil, d.sorted()
	}
	return c, nil
}

// config checks the values and puts defaults in place.
func (d *document) config(raw *rawConfig, formats map[string]source.Format) *Config {
	c := &Config{
		Title: raw.Title, Out: raw.Out, Root: raw.Root,
		Publisher: raw.Strikes.Publisher, TakesIn: map[area.ID]area.ID{},
		MaxRejected: 0.5,
	}
	if c.Title == "" {
		c.Title = "Cold, outages and strikes"
	}
	if c.Out == "" {
		c.Out = "./out"
	}
	if raw.Period.From == "" || raw.Period.To == "" {
		d.fail("period", "a period needs from and to, such as {from: 2025-10-01, to: 2026-04-01}")
	} else if d.days("period", raw.Period.From, raw.Period.To, &c.First, &c.End) && c.End-c.First > maxPeriod {
		d.fail("period.to", "the period is longer than 200 years")
	}
	if raw.AsOf != "" {
		at, err := ParseAsOf(raw.AsOf)
		if err != nil {
			d.fail("as_of", "%v", err)
		}
		c.AsOf = &at
	}
	if raw.Lag != nil {
		if *raw.Lag < 0 || *raw.Lag > 3660 {
			d.fail("extra_lag_days", "%d: the publication lag may be lengthened, never shortened", *raw.Lag)
		}
		c.ExtraLag = *raw.Lag
	}
	c.Exposure = raw.Exposure
	if i, err := c.setTables(raw.Tables); err != nil {
		d.fail(fmt.Sprintf("tables[%d]", i), "%w", err)
	}
	if raw.MaxRejected != nil {
		if c.MaxRejected = *raw.MaxRejected; !(c.MaxRejected >= 0 && c.MaxRejected <= 1) {
			d.fail("max_rejected_share", "is a share from 0 to 1")
		}
	}
	c.Limits = raw.Limits.OrDefault()
	for i, v := 0, reflect.ValueOf(raw.Limits); i < v.NumField(); i++ {
		if v.Field(i).Int() < 0 {
			d.fail("limits."+v.Type().Field(i).Tag.Get("yaml"), "%d is no limit", v.Field(i).Int())
		}
	}
	c.Areas = Areas{FromData: raw.Areas.FromData, Files: raw.Areas.Files, Shipped: raw.Areas.Shipped, Only: ids(raw.Areas.Only), Reference: raw.Areas.Reference, Origin: raw.Areas.Origin, Licence: raw.Areas.Licence, Attribution: raw.Areas.Attribution}
	zone := raw.Areas.TZ
	if zone == "" {
		zone = "UTC"
		if !c.Areas.FromData {
			zone = "Europe/Kyiv"
		}
	}
	c.Areas.Location = d.zone("areas.tz", zone)
	if c.Areas.FromData && len(c.Areas.Files) > 0 {
		d.fail("areas.files", "areas come from the data or from files, not from both")
	}
	if c.Areas.Shipped && (c.Areas.FromData || len(c.Areas.Files) > 0 || len(raw.Areas.Reference) > 0) {
		d.fail("areas.shipped", "the shipped areas stand beside those of sources, not beside areas from the data or from files")
	}
	for _, id := range slices.Sorted(maps.Keys(raw.Areas.Periods)) {
		var p Period
		at, own := "areas.periods."+id, raw.Areas.Periods[id]
		if d.days(at, own.From, own.To, &p.First, &p.End) && p.End-p.First > maxPeriod {
			d.fail(at+".to", "the period is longer than 200 years")
		}
		if c.Areas.Periods == nil {
			c.Areas.Periods = map[area.ID]Period{}
		}
		c.Areas.Periods[area.ID(id)] = p
	}
	d.files("areas.files", c.Areas.Files)
	d.files("areas.reference_files", c.Areas.Reference)
	c.Areas.Boundaries = d.boundaries("areas.boundaries", raw.Areas.Boundaries)
	if len(raw.Sources) == 0 {
		d.fail("sources", "a configuration needs at least one source")
	}
	seen := map[string]bool{}
	for i := range raw.Sources {
		s := d.source(fmt.Sprintf("sources[%d]", i), &raw.Sources[i], formats)
		if seen[s.Name] {
			d.fail(fmt.Sprintf("sources[%d].name", i), "two sources have the name %q", s.Name)
		}
		seen[s.Name] = true
		c.Sources = append(c.Sources, s)
	}
	d.positions(c)
	for i, s := range c.Sources {
		if c.Areas.FromData && s.Table == table.Area {
			d.fail(fmt.Sprintf("sources[%d]", i), "areas come from the data or from a table, not from both")
		}
	}
	for i, s := range raw.Cold.Spells {
		at := fmt.Sprintf("cold.spells[%d]", i)
		if s.BelowC == nil || s.Days < 1 || s.Days > 366 {
			d.fail(at, "a spell needs tmean_below_c and days from 1 to 366")
			continue
		}
		if *s.BelowC < source.MinCelsius || *s.BelowC > source.MaxCelsius {
			d.fail(at+".tmean_below_c", "%v °C is no daily mean: %v to %v", *s.BelowC, source.MinCelsius, source.MaxCelsius)
		}
		rule := index.SpellRule{Threshold: unit.Celsius(*s.BelowC), Days: s.Days}
		if slices.Contains(c.Spells, rule) {
			d.fail(at, "the rule %s stands here a second time", rule.ID())
		}
		c.Spells = append(c.Spells, rule)
	}
	if len(raw.Cold.Spells) == 0 {
		c.Spells = []index.SpellRule{{Threshold: -10, Days: 5}, {Threshold: -10, Days: 3}}
	}
	c.Base = Period{First: hour.Date(1991, 1, 1), End: hour.Date(2021, 1, 1)}
	if raw.Cold.Base != (rawPeriod{}) {
		if d.days("cold.base", raw.Cold.Base.From, raw.Cold.Base.To, &c.Base.First, &c.Base.End) && (c.Base.End-c.Base.First < leastBase || c.Base.End-c.Base.First > maxPeriod) {
			d.fail("cold.base", "%v to before %v is no climate: that is of 10 to 200 years, as a rule of 30", c.Base.First, c.Base.End)
		}
	}
	for from, to := range raw.Strikes.TakesIn {
		c.TakesIn[area.ID(from)] = area.ID(to)
	}
	c.Merged, c.Focus = ids(raw.Alerts.Merged), ids(raw.Focus.Areas)
	c.FocusFirst, c.FocusEnd = c.First, c.End
	if raw.Focus.From != "" || raw.Focus.To != "" {
		from, to := raw.Focus.From, raw.Focus.To
		if from == "" {
			from = c.First.String()
		}
		if to == "" {
			to = c.End.String()
		}
		if d.days("focus", from, to, &c.FocusFirst, &c.FocusEnd) && (c.FocusFirst < c.First || c.FocusEnd > c.End) {
			d.fail("focus", "the days shown first, %v to before %v, leave the period", c.FocusFirst, c.FocusEnd)
		}
	}
	d.findings(c, raw)
	d.models(c, raw.Analysis.Models)
	d.epochs(c, raw.Analysis.Epochs)
	d.changepoints(c, raw.Analysis.Changepoints)
	d.pauses(c, raw)
	d.facts(c, raw)
	for i, g := range raw.KnownGaps {
		at := fmt.Sprintf("known_gaps[%d]", i)
		if _, err := path.Match(g.Warning, ""); err != nil || g.Warning == "" {
			d.fail(at+".warning", "%q is not a pattern such as coverage/temperature/*", g.Warning)
		}
		if g.Why == "" {
			d.fail(at, "a known gap needs a reason: why")
		}
		c.KnownGaps = append(c.KnownGaps, KnownGap{g.Warning, g.Why})
	}
	return c
}

func ids(names []string) []area.ID {
	var out []area.ID
	for _, n := range names {
		out = append(out, area.ID(n))
	}
	return out
}

// source checks one source.
func (d *document) source(at string, raw *rawSource, formats map[string]source.Format) Source {
	s := Source{
		Name: raw.Name, Format: raw.Format, Files: raw.Files, Place: raw.Place, Revision: raw.Revision, Options: raw.Options,
		Origin: raw.Origin, Licence: raw.Licence, Attribution: raw.Attribution, Optional: raw.Optional, StaleAfter: raw.StaleAfter, To: raw.To,
		Columns: map[string]mapped.Column{}, Constants: map[string]string{},
	}
	if s.Name == "" || strings.ContainsFunc(s.Name, notInName) {
		d.fail(at+".name", "a source needs a name of letters, digits, _, - and dots")
	}
	if len(s.Files) == 0 {
		d.fail(at+".files", "source %q names no files", s.Name)
	}
	d.files(at+".files", s.Files)
	format, ok := formats[raw.Format]
	auto := raw.Format == AutoFormat
	switch {
	case raw.Format == "":
		d.fail(at, "source %q needs a format; auto tells it by the files", s.Name)
	case auto && len(raw.Columns) > 0:
		d.fail(at+".columns", "columns are mapped in formats %s; format auto recognises formats with columns of their own", mappedFormats(formats))
	case auto:
	case !ok:
		names := append(slices.Sorted(maps.Keys(formats)), AutoFormat)
		d.fail(at+".format", "%q is not a format; the formats are %s%s", raw.Format, strings.Join(names, ", "), suggest(raw.Format, names))
	case !format.Mapped && len(raw.Columns) > 0:
		d.fail(at+".columns", "format %s has columns of its own; columns are mapped in formats %s", raw.Format, mappedFormats(formats))
	}
	if ok {
		for _, option := range slices.Sorted(maps.Keys(raw.Options)) {
			if !slices.Contains(format.Options, option) {
				d.fail(at+".options."+option, "format %s has no option %q; it has %s%s", raw.Format, option, orNone(format.Options), suggest(option, format.Options))
			}
		}
	}
	name := raw.Table
	if name == "" {
		name = format.Table
	}
	schema, err := table.Find(table.Inputs, name)
	switch {
	case name == "" && auto:
	case name == "":
		d.fail(at, "source %q needs a table", s.Name)
	case err != nil:
		d.fail(at+".table", "%v; the tables are %s%s", err, strings.Join(tableNames(), ", "), suggest(name, tableNames()))
	case ok && format.Table != "" && format.Table != name:
		d.fail(at+".table", "format %s fills the table %s, not %s", raw.Format, format.Table, name)
	}
	s.Table = schema
	s.Weights = d.weights(at, raw, schema)
	for _, column := range slices.Sorted(maps.Keys(raw.Columns)) {
		from := raw.Columns[column]
		if schema != nil && !slices.Contains(mapped.Names(schema), column) {
			d.fail(at+".columns."+column, "the table %s has no column %q; it has %s%s", schema.Name, column, strings.Join(mapped.Names(schema), ", "), suggest(column, mapped.Names(schema)))
		}
		if from.constant != nil {
			s.Constants[column] = *from.constant
		} else {
			s.Columns[column] = from.Column
		}
	}
	if schema != nil && ok && format.Mapped {
		for _, fault := range mapped.Check(schema, s.Columns) {
			d.fail(at+".columns", "%v", fault)
		}
	}
	if s.StaleAfter < 0 {
		d.fail(at+".stale_after_days", "%d is no number of days", s.StaleAfter)
	}
	if s.To != "" {
		d.files(at+".to", []string{s.To})
		if ext := path.Ext(s.To); ext != ".csv" && ext != ".parquet" {
			d.fail(at+".to", "%q: a canonical file ends in .csv or .parquet", s.To)
		}
	}
	zone := raw.TZ
	if zone == "" {
		zone = "UTC"
	}
	s.Location = d.zone(at+".tz", zone)
	if raw.FirstSeen != "" {
		s.FirstSeen = d.instant(at+".first_seen", raw.FirstSeen)
	}
	return s
}

func mappedFormats(formats map[string]source.Format) string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(formats)) {
		if formats[name].Mapped {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

func tableNames() []string {
	var names []string
	for _, s := range table.Inputs {
		names = append(names, s.Name)
	}
	return names
}

// files refuses names that leave the root.
func (d *document) files(at string, files []string) {
	for i, f := range files {
		if slices.Contains(files[:i], f) {
			d.fail(fmt.Sprintf("%s[%d]", at, i), "%q stands here a second time, and its rows would count twice", f)
		}
		clean := path.Clean(f)
		if f == "" || path.IsAbs(f) || clean == ".." || strings.HasPrefix(clean, "../") || strings.ContainsAny(f, "\\\x00") {
			d.fail(fmt.Sprintf("%s[%d]", at, i), "%q: files lie below the root, named relative to it with forward slashes", f)
		}
	}
}

// notInName reports whether a letter may not stand in the name of a source,
// which warnings and files are named after.
func notInName(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_-.", r)
}

// leastBase is the shortest base period of a climate, in days.
const leastBase = 10 * 365

// maxPeriod is the longest period, in days.
const maxPeriod = 200 * 366

// days reads the settings from and to of at, the first day left out, and
// reports whether they are a span of days.
func (d *document) days(at, from, to string, first, end *hour.Day) bool {
	before := len(d.errors)
	*first, *end = d.day(at+".from", from), d.day(at+".to", to)
	if len(d.errors) == before && *end <= *first {
		d.fail(at+".to", "%v is the first day left out and must lie after %v", *end, *first)
	}
	return len(d.errors) == before
}

func (d *document) day(at, text string) hour.Day {
	day, err := hour.ParseDay(text)
	if err != nil {
		d.fail(at, "%v", err)
	}
	return day
}

func (d *document) instant(at, text string) hour.Instant {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		d.fail(at, "%q is not a time such as 2026-02-28T12:00:00Z", text)
	}
	return hour.At(t)
}

func (d *document) zone(at, name string) *time.Location {
	loc, err := hour.LoadLocation(name)
	if err != nil {
		d.fail(at, "%v", err)
		return time.UTC
	}
	return loc
}
