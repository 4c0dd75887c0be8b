package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/report/chart"
	"hardship/pipeline/table"
)

// timelineSections shows each area of the focus day by day.
func (r *reading) timelineSections() []section {
	if len(r.focus) == 0 {
		return []section{{ID: "days", Title: "Day by day", Short: "Day by day", Level: 2, Blocks: []block{
			paragraph(say("No area has a temperature or an outage record: there are no days to show.")),
		}}}
	}
	var ids []string
	var out []section
	for i, a := range r.focus {
		s := section{ID: "days-" + slug(string(a.ID), &ids), Title: a.Name() + ", day by day", Level: 2}
		if i == 0 {
			s.Short = "Day by day"
		}
		brackets := r.brackets(a)
		s.Blocks = append(s.Blocks, block{Figures: []*figure{r.timeline(a, brackets)}})
		if len(brackets) > 0 {
			s.Blocks = append(s.Blocks, paragraph(say("A bracket in the chart is one reading of one statement about a pause, fixed before results were seen. What was said, and what was counted under every reading, is below under “Was there a pause?”.")))
		}
		out = append(out, s)
	}
	return out
}

// dayData is what the timeline of an area shows.
type dayData struct {
	tmin, tmean, tmax     []float64
	launched, missiles    []float64
	launchedColumn        string    // what launched counts, as a column of the CSV
	launchedWords         string    // the same for people; "" for drones
	named, namedElsewhere []float64 // bulletin rows that name the area, or one whose name takes it in
	namedIn               string    // name of that other area
	outages               outages
	home                  *home
}

func (r *reading) dayData(a *area.Area) dayData {
	column := func(name string) []float64 { return r.daily(name, a.ID, r.first, r.end) }
	d := dayData{tmin: column("tmin_c"), tmean: column("tmean_c"), tmax: column("tmax_c"), outages: r.outages(a.ID), home: r.home(a.ID)}
	if r.country == nil || known(r.nightly("events_hi", r.country.ID, "all")) == 0 {
		return d
	}
	for _, what := range []struct{ weapon, column, name, words string }{
		{"drone", "launched", "drones_launched_nationally", ""},
		{"all", "launched", "munitions_launched_nationally", "Munitions launched nationally, per " + r.each()},
		{"all", "events_lo", "strikes_on_record_nationally", "Strikes on record nationally, per " + r.each()},
	} {
		d.launched, d.launchedColumn, d.launchedWords = r.nightly(what.column, r.country.ID, what.weapon), what.name, what.words
		if known(d.launched) > 0 {
			break
		}
	}
	d.missiles = make([]float64, r.days())
	for _, weapon := range []string{"ballistic", "cruise", "other_missile"} {
		for i, n := range r.nightly("launched", r.country.ID, weapon) {
			d.missiles[i] += n // a class without a number leaves the sum unknown
		}
	}
	d.named = r.nightly("rows_named", a.ID, "all")
	for _, other := range r.Gazetteer.Areas() {
		if r.TakesIn[other.ID] == a.ID {
			d.namedElsewhere, d.namedIn = r.nightly("rows_named", other.ID, "all"), other.Name()
			break
		}
	}
	return d
}

// rowsNamed adds up the rows that name the area and those that name the area
// that takes it in; unknown where one of them is.
func (d *dayData) rowsNamed() []float64 {
	if d.namedElsewhere == nil {
		return d.named
	}
	out := make([]float64, len(d.named))
	for i := range out {
		out[i] = d.named[i] + d.namedElsewhere[i]
	}
	return out
}

func (r *reading) timeline(a *area.Area, brackets []chart.Pause) *figure {
	d := r.dayData(a)
	f := &figure{
		Name:     "timeline_" + slug(string(a.ID), &r.taken),
		Title:    r.timelineTitle(a, &d),
		Subtitle: "Each local day, " + r.window(),
		Data:     r.timelineRows(a, &d),
	}
	var notes []string
	if d.named != nil {
		notes = append(notes, "Launches are of the whole country, a night’s on the day it ends; which area they were meant for is mostly not stated. A diamond is a "+r.each()+" whose bulletin has rows that name the place; no diamond means that none named it, not that nothing happened.")
	}
	if known(d.outages.hi) > 0 && !d.outages.recorded {
		notes = append(notes, "Announced hours are the mean over the queues seen, a range where a slot was open or set aside; they are what was announced, not what happened.")
	}
	if d.home != nil {
		notes = append(notes, fmt.Sprintf("The dots are the log of %s (%s) and stand for nobody else.", oneHome(d.home.points), sampleOf(d.home.points)))
	}
	f.Note = strings.Join(append(notes, "Hatched: not known."), " ")
	f.Scene = func(frame chart.Frame) *chart.Scene {
		t := chart.Timeline{Frame: frame, Start: r.first.Time(), Days: r.days(), Pauses: brackets}
		t.Temperature = &chart.TemperaturePanel{Mean: d.tmean, Min: d.tmin, Max: d.tmax, Threshold: math.NaN()}
		if r.rule != nil {
			t.Temperature.Threshold = r.rule.threshold
			t.Temperature.ThresholdLabel = drawable(r.rule.limit()) + ", limit of a cold spell"
			for _, s := range r.spells(a.ID) {
				t.Temperature.Spells = append(t.Temperature.Spells, chart.Span{From: int(s.first - r.first), To: int(s.last-r.first) + 1, Label: spellLabel(s)})
			}
		}
		if d.named != nil {
			t.Strikes = &chart.StrikePanel{Heading: d.launchedWords, Launched: d.launched, Missiles: d.missiles, Named: d.rowsNamed(), NamedLabel: "bulletin rows naming " + a.Name()}
			if d.namedIn != "" {
				t.Strikes.NamedLabel += " or " + d.namedIn
			}
		}
		t.Outages = &chart.OutagePanel{Lo: d.outages.lo, Hi: d.outages.hi, GroupsSeen: r.queueSpans(d.outages)}
		if d.outages.recorded {
			t.Outages.Heading, t.Outages.Unit = "Customer-hours without power, per day", "customer·h"
		}
		if d.home != nil {
			t.Outages.Observed = d.home.hours
			if d.home.points != 1 {
				t.Outages.HomeLabel = fmt.Sprintf("observed in homes (n = %d)", d.home.points)
			}
		}
		return t.Scene()
	}
	return f
}

// spellLabel writes how long a cold spell was.
func spellLabel(s coldSpell) string {
	if s.open {
		return fmt.Sprintf("cold spell, %s or more", count(s.days, "day", "days"))
	}
	return "cold spell, " + count(s.days, "day", "days")
}

// timelineTitle says how cold it was and what there is of outages.
func (r *reading) timelineTitle(a *area.Area, d *dayData) string {
	cold := "no temperature"
	if i := least(d.tmin); i >= 0 {
		cold = "down to " + quantity(d.tmin[i], 1, "°C")
		if n := len(r.spells(a.ID)); n > 0 {
			cold += " in " + count(n, "cold spell", "cold spells")
		}
	}
	without := "no outage record"
	if n := known(d.outages.hi); n > 0 {
		without = fmt.Sprintf("outages announced on %d of %s", n, count(r.days(), "day", "days"))
		if d.outages.recorded {
			without = fmt.Sprintf("outages recorded on %d of %s", n, count(r.days(), "day", "days"))
		}
	}
	return fmt.Sprintf("%s: %s, %s", a.Name(), cold, without)
}

// queueSpans joins days on which as many queues were seen.
func (r *reading) queueSpans(o outages) []chart.Span {
	var out []chart.Span
	for i, n := range o.seen {
		if math.IsNaN(n) || math.IsNaN(o.known[i]) {
			continue
		}
		label := fmt.Sprintf("%s of %s queues", tidy(n, 0), tidy(o.known[i], 0))
		if last := len(out) - 1; last >= 0 && out[last].Label == label && out[last].To == i {
			out[last].To++
		} else {
			out = append(out, chart.Span{From: i, To: i + 1, Label: label})
		}
	}
	return out
}

// timelineRows is the data of the chart.
func (r *reading) timelineRows(a *area.Area, d *dayData) [][]string {
	lo, hi := "sched_off_h_lo", "sched_off_h_hi"
	if d.outages.recorded {
		lo, hi = "out_ch_lo", "out_ch_hi"
	}
	rows := [][]string{{
		"area_id", "date_local", "tmin_c", "tmean_c", "tmax_c", "cold_spell", orElse(d.launchedColumn, "drones_launched_nationally"), "missiles_launched_nationally",
		"rows_naming_area", "rows_naming_area_that_takes_it_in", lo, hi, "sched_groups_seen", "sched_groups_known", "observed_off_h",
	}}
	spells := r.spells(a.ID)
	at := func(values []float64, i int) string {
		if values == nil {
			return ""
		}
		return csvNumber(values[i])
	}
	for i := range r.days() {
		day := r.first + hour.Day(i)
		spell := "false"
		for _, s := range spells {
			if day >= s.first && day <= s.last {
				spell = "true"
			}
		}
		if math.IsNaN(d.tmean[i]) {
			spell = ""
		}
		var logged []float64
		if d.home != nil {
			logged = d.home.hours
		}
		rows = append(rows, []string{
			string(a.ID), day.String(), at(d.tmin, i), at(d.tmean, i), at(d.tmax, i), spell, at(d.launched, i), at(d.missiles, i),
			at(d.named, i), at(d.namedElsewhere, i), at(d.outages.lo, i), at(d.outages.hi, i), at(d.outages.seen, i), at(d.outages.known, i), at(logged, i),
		})
	}
	return rows
}

// brackets are the windows of the primary readings of statements about an area,
// or about one that holds it, on the days shown.
func (r *reading) brackets(a *area.Area) []chart.Pause {
	t := r.table(table.PauseReading)
	about := map[string]bool{} // statements that name the area in some reading
	for row := range t.Rows() {
		if r.names(t.String("places").Value(row), a.ID) {
			about[t.String("claim_id").Value(row)] = true
		}
	}
	var out []chart.Pause
	for _, p := range r.pauses() {
		for _, b := range r.primaryWindows(p, r.first, a.Location) {
			if about[b.claim] && b.To > 0 && b.From < float64(r.days()) {
				out = append(out, b.Pause)
			}
		}
	}
	return out
}

var stanceWords = map[string]string{"asserts": "Says:", "limits": "Narrows it down:", "denies": "Does not confirm it:", "conditional": "On a condition:"}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// latestClaims returns the rows of the statements as they were known by the
// as-of: the last version of each, in the order in which they were made.
func (r *reading) latestClaims() []int {
	t := r.Claims
	pauses, ids, seen, retracted := t.String("pause_id"), t.String("claim_id"), t.Timestamp("first_seen_utc"), t.Bool("retracted")
	type key struct{ pause, claim string }
	latest := map[key]int{}
	var order []key
	for row := range t.Rows() {
		if seen.IsValid(row) && table.Instant(seen, row) > r.AsOf || table.Instant(t.Timestamp("statement_hi_utc"), row) > r.AsOf {
			continue
		}
		k := key{pauses.Value(row), ids.Value(row)}
		old, ok := latest[k]
		if !ok {
			order = append(order, k)
		}
		if !ok || seen.IsNull(old) || seen.IsValid(row) && table.Instant(seen, row) >= table.Instant(seen, old) {
			latest[k] = row
		}
	}
	var rows []int
	for _, k := range order {
		if row := latest[k]; !retracted.Value(row) {
			rows = append(rows, row)
		}
	}
	slices.SortStableFunc(rows, func(a, b int) int {
		return cmp.Compare(spokenIn(t, a).Start, spokenIn(t, b).Start)
	})
	return rows
}

// spokenIn is the time within which a statement was made.
func spokenIn(t *table.Table, row int) hour.Interval {
	return hour.Interval{Start: table.Instant(t.Timestamp("statement_lo_utc"), row), End: table.Instant(t.Timestamp("statement_hi_utc"), row)}
}

// claimEnd writes what was said about the end, "" if nothing was.
func claimEnd(t *table.Table, row int) string {
	switch {
	case t.Date("end_date").IsValid(row):
		return "until " + table.Day(t.Date("end_date"), row).Time().Format("2 January")
	case t.Timestamp("end_utc").IsNull(row) && t.Float64("duration_h").IsValid(row):
		hours := t.Float64("duration_h").Value(row)
		if days := hours / 24; days == math.Trunc(days) {
			return "for " + count(int(days), "day", "days")
		}
		return "for " + quantity(hours, 1, "h")
	}
	if t.Timestamp("end_utc").IsNull(row) {
		return ""
	}
	return "until " + table.Instant(t.Timestamp("end_utc"), row).Time().Format("2 January")
}

// names reports whether a reading of the places names an area or one that holds
// it.
func (r *reading) names(places string, id area.ID) bool {
	for _, place := range strings.FieldsFunc(places, func(c rune) bool { return c == '|' || c == '+' }) {
		for at := id; at != ""; {
			if strings.TrimSpace(place) == string(at) {
				return true
			}
			a, ok := r.Gazetteer.Get(at)
			if !ok {
				break
			}
			at = a.Parent
		}
	}
	return false
}

// chartDay is an instant in days from the first, by the local clock.
func chartDay(at hour.Instant, first hour.Day, zone *time.Location) float64 {
	local := at.Time().In(zone)
	return float64(hour.DayIn(at, zone)-first) + (float64(local.Hour())+float64(local.Minute())/60)/24
}

// localTimes writes from when to when, by the local clock.
func localTimes(v hour.Interval, zone *time.Location) string {
	start, end := v.Start.Time().In(zone), v.End.Time().In(zone)
	layout := dateLayout + ", 15:04"
	if hour.DayIn(v.Start, zone) == hour.DayIn(v.End, zone) {
		return start.Format(layout) + "–" + end.Format("15:04")
	}
	return start.Format(layout) + " – " + end.Format(layout)
}
