package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"hardship/pipeline/area"
	"hardship/pipeline/table"
)

// The defaults of findings.
const (
	defaultLeastDays      = 60
	defaultMaxLag         = 7
	defaultMinShift       = 7
	defaultLeastSpellDays = 5
)

// launchers are the classes of weapon whose launches are counted: those of the
// table strike_night.
var launchers = func() []string {
	c, _ := table.StrikeNight.Column("weapon")
	return c.Enum
}()

type rawSeries struct {
	Table  string `yaml:"table"`
	Column string `yaml:"column"`
	Area   string `yaml:"area"`
	Weapon string `yaml:"weapon"`
}

type rawPair struct {
	X rawSeries `yaml:"x"`
	Y rawSeries `yaml:"y"`
}

type rawFact struct {
	ID       string `yaml:"id"`
	Reported string `yaml:"reported"`
	Measures []struct {
		Label  string            `yaml:"label"`
		Table  string            `yaml:"table"`
		Column string            `yaml:"column"`
		Where  map[string]string `yaml:"where"`
		From   string            `yaml:"from"`
		To     string            `yaml:"to"`
		Reduce string            `yaml:"reduce"`
	} `yaml:"measures"`
}

type rawSeriesBreak struct {
	Metrics []string `yaml:"metrics"`
	From    string   `yaml:"from"`
	To      string   `yaml:"to"`
	Why     string   `yaml:"why"`
}

// findings checks what is to be associated with what.
func (d *document) findings(c *Config, raw *rawConfig) {
	f := &raw.Findings
	c.Findings = Findings{
		SeasonFirst: time.Month(f.FirstMonth), SeasonLast: time.Month(f.LastMonth),
		MaxLagDays: defaultMaxLag, LeastDays: f.LeastDays, MinShiftDays: f.MinShiftDays, LeastSpellDays: f.LeastSpellDays,
		Weapons: f.Weapons,
	}
	g := &c.Findings
	if f.FirstMonth == 0 && f.LastMonth == 0 {
		g.SeasonFirst, g.SeasonLast = time.November, time.March
	}
	if g.SeasonFirst < 1 || g.SeasonFirst > 12 || g.SeasonLast < 1 || g.SeasonLast > 12 {
		d.fail("findings", "season_first_month and season_last_month are months from 1 to 12")
	}
	if f.MaxLagDays != nil {
		if g.MaxLagDays = *f.MaxLagDays; g.MaxLagDays < 0 || g.MaxLagDays > 60 {
			d.fail("findings.max_lag_days", "lags go from 0 to 60 days")
		}
	}
	for _, n := range []struct {
		key      string
		value    *int
		fallback int
	}{{"least_days", &g.LeastDays, defaultLeastDays}, {"min_shift_days", &g.MinShiftDays, defaultMinShift}, {"least_spell_days", &g.LeastSpellDays, defaultLeastSpellDays}} {
		if *n.value == 0 {
			*n.value = n.fallback
		}
		if *n.value < 1 {
			d.fail("findings."+n.key, "is a number of days, at least 1")
		}
	}
	for i, w := range f.Weapons {
		if !slices.Contains(launchers, w) {
			d.fail(fmt.Sprintf("findings.launches_on_spell_days[%d]", i), "%q is not a class of weapon that is counted: %s%s", w, strings.Join(launchers, ", "), suggest(w, launchers))
		}
	}
	for i, p := range f.Pairs {
		at := fmt.Sprintf("findings.pairs[%d]", i)
		pair := Pair{d.series(at+".x", p.X), d.series(at+".y", p.Y)}
		if outagesWithStrikes(pair.X, pair.Y) {
			d.fail(at, "outages and strikes are associated over five areas or more, or not at all: declare a model with lags_d and scope pooled, whose lags are in lag_curve")
		}
		g.Pairs = append(g.Pairs, pair)
	}
}

// pauses checks how claims about pauses are read.
func (d *document) pauses(c *Config, raw *rawConfig) {
	p := &raw.Pauses
	c.Pauses = Pauses{Baseline: 56, Washout: 7, Primary: p.Primary, Notes: p.Notes}
	for i, note := range p.Notes {
		if strings.TrimSpace(note) == "" {
			d.fail(fmt.Sprintf("pauses.notes[%d]", i), "a note has words")
		}
	}
	for i, name := range p.Zones {
		c.Pauses.Zones = append(c.Pauses.Zones, d.zone(fmt.Sprintf("pauses.zones[%d]", i), name))
	}
	if len(c.Pauses.Zones) == 0 {
		c.Pauses.Zones = []*time.Location{c.Areas.Location}
	}
	if p.Baseline != nil {
		if c.Pauses.Baseline = *p.Baseline; c.Pauses.Baseline < 7 || c.Pauses.Baseline > 366 {
			d.fail("pauses.baseline_days", "a baseline has 7 to 366 days")
		}
	}
	if p.Washout != nil {
		if c.Pauses.Washout = *p.Washout; c.Pauses.Washout < 0 || c.Pauses.Washout > 60 {
			d.fail("pauses.washout_days", "a wash-out has 0 to 60 days")
		}
	}
	for i, b := range raw.Breaks {
		c.Breaks = append(c.Breaks, d.seriesBreak(fmt.Sprintf("series_breaks[%d]", i), b))
	}
}

// seriesBreak checks a time in which a series changed.
func (d *document) seriesBreak(at string, raw rawSeriesBreak) SeriesBreak {
	b := SeriesBreak{Metrics: raw.Metrics, First: d.day(at+".from", raw.From), End: d.day(at+".to", raw.To), Why: strings.TrimSpace(raw.Why)}
	if b.End <= b.First {
		d.fail(at+".to", "a break ends after it begins: to is the first day after it")
	}
	if len(b.Metrics) == 0 {
		d.fail(at, "metrics names the series that changed, of %s", strings.Join(table.PauseMetrics, ", "))
	}
	for i, m := range b.Metrics {
		if !slices.Contains(table.PauseMetrics, m) {
			d.fail(fmt.Sprintf("%s.metrics[%d]", at, i), "%q is not counted: %s%s", m, strings.Join(table.PauseMetrics, ", "), suggest(m, table.PauseMetrics))
		}
	}
	if b.Why == "" {
		d.fail(at, "why says what changed")
	}
	return b
}

// series checks one daily series.
func (d *document) series(at string, raw rawSeries) Series {
	s := Series{Table: raw.Table, Column: raw.Column, Area: area.ID(raw.Area), Weapon: raw.Weapon}
	if s.Table == "" {
		s.Table = table.AreaDay.Name
	}
	if s.Table != table.AreaDay.Name && s.Table != table.StrikeNight.Name {
		d.fail(at+".table", "a series is a column of area_day or strike_night, not of %q", s.Table)
		return s
	}
	schema, _ := table.Find(table.Outputs, s.Table)
	d.number(at+".column", schema, s.Column)
	if (s.Table == table.StrikeNight.Name) != (s.Weapon != "") {
		d.fail(at, "a series of strike_night needs a weapon, and only such a series has one")
	}
	return s
}

// number checks that a column is there and holds numbers.
func (d *document) number(at string, schema *table.Schema, column string) {
	c, ok := schema.Column(column)
	if !ok {
		d.fail(at, "table %s has no column %q%s", schema.Name, column, suggest(column, columnNames(schema)))
		return
	}
	if c.Type != table.Float64 && c.Type != table.Int32 && c.Type != table.Int64 {
		d.fail(at, "column %s.%s holds no numbers", schema.Name, column)
	}
}

func columnNames(schema *table.Schema) []string {
	names := make([]string, len(schema.Columns))
	for i, c := range schema.Columns {
		names[i] = c.Name
	}
	return names
}

// factTables are the tables whose numbers can be set beside a reported fact.
var factTables = []*table.Schema{
	table.AreaDay, table.ColdSpell, table.StrikeNight, table.QueueDay, table.Reliability, table.Hardship, table.EnergyReport, table.CrossCorrelation, table.RateRatio, table.Coverage,
	table.PauseReading, table.PauseResult, table.PauseSummary, table.PauseSensitivity,
}

// Reductions are the ways in which a fact's rows become one number.
var Reductions = []string{"only", "min", "max", "sum", "mean", "count"}

// facts checks the reported facts and their measures.
func (d *document) facts(c *Config, raw *rawConfig) {
	seen := map[string]bool{}
	for i, f := range raw.Facts {
		at := fmt.Sprintf("facts[%d]", i)
		if f.ID == "" || f.Reported == "" || seen[f.ID] {
			d.fail(at, "a fact needs an id of its own and the words reported")
		}
		if len(f.Measures) == 0 {
			d.fail(at, "a fact needs measures to be set beside it")
		}
		seen[f.ID] = true
		fact := Fact{ID: f.ID, Reported: f.Reported}
		for j, m := range f.Measures {
			at := fmt.Sprintf("%s.measures[%d]", at, j)
			schema, err := table.Find(factTables, m.Table)
			if err != nil {
				var names []string
				for _, s := range factTables {
					names = append(names, s.Name)
				}
				d.fail(at+".table", "%v to measure; these are %s%s", err, strings.Join(names, ", "), suggest(m.Table, names))
				continue
			}
			if m.Label == "" {
				d.fail(at, "a measure needs a label")
			}
			if m.Reduce != "count" || m.Column != "" {
				d.number(at+".column", schema, m.Column)
			}
			if !slices.Contains(Reductions, m.Reduce) {
				d.fail(at+".reduce", "%q: rows are reduced by %s", m.Reduce, strings.Join(Reductions, ", "))
			}
			for _, column := range slices.Sorted(maps.Keys(m.Where)) {
				if schema.Index(column) < 0 {
					d.fail(at+".where."+column, "table %s has no column %q%s", schema.Name, column, suggest(column, columnNames(schema)))
				}
			}
			if (m.From != "" || m.To != "") && !slices.ContainsFunc(schema.Columns, func(c table.Column) bool { return c.Type == table.Date }) {
				d.fail(at, "table %s has no days from which to choose", schema.Name)
			}
			measure := Measure{Label: m.Label, Table: m.Table, Column: m.Column, Where: m.Where, Reduce: m.Reduce}
			if m.From != "" {
				day := d.day(at+".from", m.From)
				measure.From = &day
			}
			if m.To != "" {
				day := d.day(at+".to", m.To)
				measure.To = &day
			}
			fact.Measures = append(fact.Measures, measure)
		}
		c.Facts = append(c.Facts, fact)
	}
}
