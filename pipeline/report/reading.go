package report

import (
	"math"
	"slices"
	"strings"
	"time"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// reading is the input, indexed, and what is shown of it first.
type reading struct {
	Input
	tables  map[string]*table.Table
	focus   []*area.Area
	first   hour.Day // the days shown of them
	end     hour.Day
	chosen  bool       // the days were chosen here and not asked for
	country *area.Area // of the areas; nil if there is none or more than one
	part    string     // of strike_night that is shown: night, or date where nothing is known by night
	rule    *spellRule // by which cold spells are shown; nil if there is none
	taken   []string   // names of files
}

// Limits of what is shown.
const (
	mostFocus   = 3   // areas, where none were asked for
	longWindow  = 200 // days; a longer period that nobody asked to see whole is cut
	aroundChill = 92  // to this many days round the coldest
)

func read(in Input) *reading {
	r := &reading{Input: in, tables: map[string]*table.Table{}}
	for _, c := range in.Tables {
		t := c.Table()
		if sorted, err := t.Sorted(); err == nil {
			t = sorted // rows of equal keys stay as they are: store refuses them
		}
		r.tables[t.Schema.Name] = t
	}
	for _, s := range table.Outputs {
		if r.tables[s.Name] == nil {
			r.tables[s.Name] = table.NewBuilder(s).Table()
		}
	}
	r.findCountry()
	r.findPart()
	r.findRule()
	r.findFocus()
	r.findWindow()
	return r
}

func (r *reading) table(s *table.Schema) *table.Table { return r.tables[s.Name] }

// of returns an area's rows of a table sorted by area.
func (r *reading) of(s *table.Schema, id area.ID) *table.Table { return r.table(s).Of(string(id)) }

// areas returns the areas that rows may be about, the country left out. Where
// there is one country, they are its own: see apart.
func (r *reading) areas() []*area.Area {
	return r.areasThat(func(a *area.Area) bool {
		return a.Level != area.Country && (r.country == nil || r.Gazetteer.Root(a.ID) == r.country.ID)
	})
}

// apart returns the areas outside the one country of the run.
func (r *reading) apart() []*area.Area {
	return r.areasThat(func(a *area.Area) bool {
		return r.country != nil && r.Gazetteer.Root(a.ID) != r.country.ID
	})
}

func (r *reading) areasThat(wanted func(*area.Area) bool) []*area.Area {
	var out []*area.Area
	for _, id := range r.table(table.AreaDay).Areas() {
		if a, ok := r.Gazetteer.Get(area.ID(id)); ok && wanted(a) {
			out = append(out, a)
		}
	}
	return out
}

// areaName is how an area is called: its English name, else its code.
func (r *reading) areaName(id string) string {
	if a, ok := r.Gazetteer.Get(area.ID(id)); ok {
		return a.Name()
	}
	return id
}

func (r *reading) findCountry() {
	all := r.Gazetteer.Areas()
	for i := range all {
		if all[i].Level != area.Country {
			continue
		}
		if r.country != nil {
			r.country = nil
			return
		}
		r.country = &all[i]
	}
}

// findPart chooses nights unless all strikes of the country are known by date
// only.
func (r *reading) findPart() {
	r.part = "night"
	if r.country == nil {
		return
	}
	t := r.of(table.StrikeNight, r.country.ID)
	parts := t.String("part")
	for row := range t.Rows() {
		r.part = "date"
		if parts.Value(row) == "night" {
			r.part = "night"
			return
		}
	}
}

// nights writes a number of the nights, or of the days, that strikes are shown
// by.
func (r *reading) nights(n int) string { return count(n, r.each(), r.each()+"s") }

// each is what strikes are shown by.
func (r *reading) each() string {
	if r.part == "date" {
		return "day"
	}
	return "night"
}

// findRule takes the first cold-spell rule of the configuration, which is the one
// that findings use.
func (r *reading) findRule() {
	rules := strings.Fields(r.setting("cold_spell_rules"))
	if t := r.table(table.ColdSpell); len(rules) == 0 && t.Rows() > 0 {
		rules = []string{t.String("rule_id").Value(0)}
	}
	if len(rules) > 0 {
		r.rule = parseRule(rules[0])
	}
}

func (r *reading) findFocus() {
	for _, id := range r.Focus {
		if a, ok := r.Gazetteer.Get(id); ok && r.has(id) && !slices.Contains(r.focus, a) {
			r.focus = append(r.focus, a)
		}
	}
	if len(r.Focus) > 0 {
		return
	}
	columns := []string{"tmin_c", "sched_off_h_hi", "out_ch_lo"}
	for _, a := range r.areas() {
		if len(r.focus) < mostFocus && slices.ContainsFunc(columns, func(c string) bool {
			return known(r.daily(c, a.ID, r.First, r.End)) > 0
		}) {
			r.focus = append(r.focus, a)
		}
	}
}

func (r *reading) has(id area.ID) bool {
	return r.table(table.AreaDay).Has(string(id))
}

func (r *reading) findWindow() {
	r.first, r.end = max(r.FocusFirst, r.First), min(r.FocusEnd, r.End)
	if r.first >= r.end {
		r.first, r.end = r.First, r.End
	}
	if r.first != r.First || r.end != r.End || r.end-r.first <= longWindow {
		return
	}
	r.chosen = true
	center := r.end - aroundChill/2
	if len(r.focus) > 0 {
		if i := least(r.daily("tmin_c", r.focus[0].ID, r.First, r.End)); i >= 0 {
			center = r.First + hour.Day(i)
		}
	}
	r.first = min(max(r.First, center-aroundChill/2), r.End-aroundChill)
	r.end = r.first + aroundChill
}

// days returns the number of days shown.
func (r *reading) days() int { return int(r.end - r.first) }

// window writes the days shown.
func (r *reading) window() string { return datesOf(r.first, r.end-1) }

// setting returns a setting of the run, "" if provenance has none of that name.
func (r *reading) setting(name string) string {
	t := r.table(table.Provenance)
	kinds, names, values := t.String("kind"), t.String("name"), t.String("file")
	for row := range t.Rows() {
		if kinds.Value(row) == "setting" && names.Value(row) == name {
			return values.Value(row)
		}
	}
	return ""
}

// daily returns a column of area_day for the days [first, end), NaN where it is
// null or there is no row.
func (r *reading) daily(column string, id area.ID, first, end hour.Day) []float64 {
	return r.series(table.AreaDay, column, id, first, end, nil)
}

// nightly returns a column of strike_night for the nights that end on the days
// shown, or for these days where all strikes are known by date only.
func (r *reading) nightly(column string, id area.ID, weapon string) []float64 {
	return r.series(table.StrikeNight, column, id, r.first, r.end, r.shown(weapon))
}

// A choice says which rows of a table are wanted.
type choice func(t *table.Table) func(row int) bool

// shown takes the rows of strike_night of the part that is shown and of a weapon.
func (r *reading) shown(weapon string) choice {
	return func(t *table.Table) func(row int) bool {
		parts, weapons := t.String("part"), t.String("weapon")
		return func(row int) bool { return parts.Value(row) == r.part && weapons.Value(row) == weapon }
	}
}

// series returns a numeric column of an area by its date_local, of the rows wanted;
// nil takes all.
func (r *reading) series(s *table.Schema, column string, id area.ID, first, end hour.Day, wanted choice) []float64 {
	out := make([]float64, max(0, end-first))
	for i := range out {
		out[i] = math.NaN()
	}
	t := r.of(s, id)
	dates, c := t.Date("date_local"), s.Index(column)
	is := func(int) bool { return true }
	if wanted != nil {
		is = wanted(t)
	}
	for row := range t.Rows() {
		if d := table.Day(dates, row); d >= first && d < end && is(row) {
			out[d-first] = cellNumber(t, row, c)
		}
	}
	return out
}

// cellNumber returns a numeric cell, NaN for null.
func cellNumber(t *table.Table, row, column int) float64 {
	switch v := t.Value(row, column).(type) {
	case float64:
		return v
	case int32:
		return float64(v)
	case int64:
		return float64(v)
	}
	return math.NaN()
}

// number returns a numeric cell by column name, NaN for null.
func numberAt(t *table.Table, row int, column string) float64 {
	return cellNumber(t, row, t.Schema.Index(column))
}

// known returns how many values are known.
func known(values []float64) int {
	n := 0
	for _, v := range values {
		n += b2i(!math.IsNaN(v))
	}
	return n
}

// least and greatest return the place of the first such value, -1 if none is
// known.
func least(values []float64) int {
	at := -1
	for i, v := range values {
		if !math.IsNaN(v) && (at < 0 || v < values[at]) {
			at = i
		}
	}
	return at
}

func greatest(values []float64) int {
	at := -1
	for i, v := range values {
		if !math.IsNaN(v) && (at < 0 || v > values[at]) {
			at = i
		}
	}
	return at
}

// daysWhere returns the days shown for which a condition holds.
func (r *reading) daysWhere(holds func(i int) bool) []hour.Day {
	var out []hour.Day
	for i := range r.days() {
		if holds(i) {
			out = append(out, r.first+hour.Day(i))
		}
	}
	return out
}

// A coldSpell is a row of cold_spell.
type coldSpell struct {
	first, last hour.Day
	days        int
	open        bool // it may be longer
}

// spells returns the cold spells of an area by the rule shown that touch the days
// shown.
func (r *reading) spells(id area.ID) []coldSpell {
	if r.rule == nil {
		return nil
	}
	t := r.of(table.ColdSpell, id)
	var out []coldSpell
	for row := range t.Rows() {
		s := coldSpell{
			first: table.Day(t.Date("start_date"), row), last: table.Day(t.Date("end_date"), row),
			days: int(t.Int32("days").Value(row)),
			open: t.Bool("censored").Value(row) || t.Bool("touches_gap").Value(row),
		}
		if t.String("rule_id").Value(row) == r.rule.id && s.first < r.end && s.last >= r.first {
			out = append(out, s)
		}
	}
	return out
}

// outages are what the days shown have of an area's outages: what was announced,
// or customers without power as recorded where nothing was announced.
type outages struct {
	lo, hi      []float64
	seen, known []float64 // queues
	recorded    bool      // customer-hours as recorded, and not announced hours
}

func (r *reading) outages(id area.ID) outages {
	column := func(name string) []float64 { return r.daily(name, id, r.first, r.end) }
	o := outages{lo: column("sched_off_h_lo"), hi: column("sched_off_h_hi"), seen: column("sched_groups_seen"), known: column("sched_groups_known")}
	if known(o.hi) > 0 {
		return o
	}
	if ch := column("out_ch_lo"); known(ch) > 0 {
		return outages{lo: ch, hi: column("out_ch_hi"), recorded: true}
	}
	return o
}

// home is the log of one queue's households.
type home struct {
	group  string
	hours  []float64 // without power, a day shown
	points int       // households, at most
}

// home returns the log of the queue of an area that has most days, nil if the
// days shown have none.
func (r *reading) home(id area.ID) *home {
	t := r.of(table.QueueDay, id)
	groups, dates, hours, points := t.String("group_id"), t.Date("date_local"), t.Float64("observed_off_h"), t.Int32("observed_points")
	byGroup := map[string]*home{}
	for row := range t.Rows() {
		d := table.Day(dates, row)
		if hours.IsNull(row) || d < r.first || d >= r.end {
			continue
		}
		h := byGroup[groups.Value(row)]
		if h == nil {
			h = &home{group: groups.Value(row), hours: make([]float64, r.days())}
			for i := range h.hours {
				h.hours[i] = math.NaN()
			}
			byGroup[h.group] = h
		}
		h.hours[d-r.first] = hours.Value(row)
		h.points = max(h.points, int(points.Value(row)))
	}
	var best *home
	for _, h := range byGroup {
		if best == nil || known(h.hours) > known(best.hours) || known(h.hours) == known(best.hours) && h.group < best.group {
			best = h
		}
	}
	return best
}

// A winter runs from November to March.
type winter struct {
	label      string
	first, end hour.Day
}

// winterOf returns the winter that a day lies in; ok is false from April to
// October.
func winterOf(d hour.Day) (w winter, ok bool) {
	year := d.Time().Year()
	if d.Time().Month() < time.July {
		year--
	}
	w = winter{label: winterLabel(year), first: hour.Date(year, time.November, 1), end: hour.Date(year+1, time.April, 1)}
	return w, d >= w.first && d < w.end
}

func winterLabel(year int) string {
	return hour.Date(year, time.November, 1).Time().Format("2006") + "–" + hour.Date(year+1, time.March, 1).Time().Format("06")
}

// lastWinter returns the latest winter that has begun before the period's end.
func (r *reading) lastWinter() winter {
	for d := r.End - 1; ; d-- {
		if w, ok := winterOf(d); ok {
			return w
		}
	}
}
