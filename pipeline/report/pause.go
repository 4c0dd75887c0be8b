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
	"hardship/pipeline/table"
)

// disputed is what the tables hold of one pause.
type disputed struct {
	id        string
	slug      string            // part of the names of its files
	readings  []int             // rows of pause_reading
	reading   map[string]int    // the same, by id
	summaries []int             // rows of pause_summary, in the order of table.PauseMetrics
	results   map[string][]int  // rows of pause_result at the primary baseline, by metric, in the order of their windows
	baselines map[string]string // words for the primary baseline, by what it counts in
	spoken    hour.Interval     // from the first to the last statement; zero where none is at hand
	window    hour.Interval     // from the earliest start to the latest end
}

// pauses reads the pause tables, the latest pause first.
func (r *reading) pauses() []*disputed {
	byID := map[string]*disputed{}
	var all []*disputed
	t := r.table(table.PauseReading)
	starts, ends := t.Timestamp("start_utc"), t.Timestamp("end_utc")
	for row := range t.Rows() {
		id := t.String("pause_id").Value(row)
		p := byID[id]
		if p == nil {
			p = &disputed{id: id, reading: map[string]int{}, results: map[string][]int{}, baselines: map[string]string{}}
			byID[id], all = p, append(all, p)
		}
		p.readings = append(p.readings, row)
		p.reading[t.String("reading_id").Value(row)] = row
		if !t.Bool("is_kept").Value(row) {
			continue
		}
		v := hour.Interval{Start: table.Instant(starts, row), End: table.Instant(ends, row)}
		if p.window == (hour.Interval{}) {
			p.window = v
		}
		p.window = hour.Interval{Start: min(p.window.Start, v.Start), End: max(p.window.End, v.End)}
	}
	s := r.table(table.PauseSummary)
	for _, metric := range table.PauseMetrics {
		for row := range s.Rows() {
			if p := byID[s.String("pause_id").Value(row)]; p != nil && s.String("metric").Value(row) == metric {
				p.summaries = append(p.summaries, row)
			}
		}
	}
	q := r.table(table.PauseResult)
	for row := range q.Rows() {
		if p := byID[q.String("pause_id").Value(row)]; p != nil && q.Bool("is_primary_baseline").Value(row) {
			metric := q.String("metric").Value(row)
			p.results[metric] = append(p.results[metric], row)
		}
	}
	for _, p := range all {
		r.orderResults(p)
		p.spoken = r.spokenOf(p.id)
	}
	slices.SortStableFunc(all, func(a, b *disputed) int { return cmp.Compare(b.window.Start, a.window.Start) })
	var taken []string
	for _, p := range all {
		p.slug = slug(p.id, &taken)
	}
	return all
}

// orderResults puts the results of a pause in the order of their windows.
func (r *reading) orderResults(p *disputed) {
	t, q := r.table(table.PauseReading), r.table(table.PauseResult)
	starts, ends, ids := t.Timestamp("start_utc"), t.Timestamp("end_utc"), q.String("reading_id")
	for _, rows := range p.results {
		slices.SortStableFunc(rows, func(a, b int) int {
			x, y := p.reading[ids.Value(a)], p.reading[ids.Value(b)]
			return cmp.Or(cmp.Compare(table.Instant(starts, x), table.Instant(starts, y)), cmp.Compare(table.Instant(ends, x), table.Instant(ends, y)))
		})
	}
}

// spokenOf is the time within which the statements about a pause were made.
func (r *reading) spokenOf(id string) (v hour.Interval) {
	if r.Claims == nil {
		return v
	}
	for _, row := range r.latestClaims() {
		if r.Claims.String("pause_id").Value(row) != id {
			continue
		}
		at := spokenIn(r.Claims, row)
		if v == (hour.Interval{}) {
			v = at
		}
		v = hour.Interval{Start: min(v.Start, at.Start), End: max(v.End, at.End)}
	}
	return v
}

// pauseZone is the zone in which windows are written: the country's, else UTC.
func (r *reading) pauseZone() *time.Location {
	if r.country != nil && r.country.Location != nil {
		return r.country.Location
	}
	return time.UTC
}

// title names the pause by when it was spoken of.
func (p *disputed) title(r *reading) string {
	if p.spoken == (hour.Interval{}) {
		return "Statements on " + p.id
	}
	zone := r.pauseZone()
	return "Statements of " + datesOf(hour.DayIn(p.spoken.Start, zone), hour.DayIn(p.spoken.End, zone))
}

// lowerFirst writes the first letter small, for a title within a sentence.
func lowerFirst(s string) string {
	for _, first := range s {
		return strings.ToLower(string(first)) + s[len(string(first)):]
	}
	return s
}

// metricWords are what is counted, table.PauseMetrics.
var metricWords = map[string]string{
	"launched_drone": "drones launched", "launched_ballistic": "ballistic missiles launched", "launched_cruise": "cruise missiles launched",
	"launched_all": "munitions of all classes launched", "nights_named": "nights on which a bulletin names the places",
	"alerts_n": "air-raid alerts", "strikes_energy": "strikes on energy", "alert_h": "hours under air-raid alert", "sched_off_h": "announced hours without power",
}

// metricOf writes a metric, and of what it is counted.
func metricOf(metric string) string {
	w, ok := metricWords[metric]
	switch {
	case !ok:
		return metric
	case strings.HasPrefix(metric, "launched_"):
		return w + ", whole country"
	}
	return w
}

// targetWords are the targets of a reading.
var targetWords = map[string]string{"all": "any target", "energy": "energy only", "energy_and_infrastructure": "energy and infrastructure", "long_range": "long-range strikes"}

// placesOf writes places such as UA80+UA32.
func (r *reading) placesOf(places string) string {
	var names []string
	for _, id := range strings.Split(places, "+") {
		names = append(names, r.areaName(id))
	}
	return list(names)
}

// evaluableOf writes "6 of 16 readings evaluable", which stands with every
// verdict.
func evaluableOf(t *table.Table, row int) string {
	n := int(t.Int32("n_readings").Value(row))
	return fmt.Sprintf("%d of %s evaluable", t.Int32("n_evaluable").Value(row), count(n, "reading", "readings"))
}

// answers returns the rows of pause_summary that can have an answer: of a metric
// that applies, over readings whose targets are known.
func (p *disputed) answers(t *table.Table) (evaluable, not []int) {
	for _, row := range p.summaries {
		if t.String("targets_are").Value(row) != "known" || t.Int32("n_readings").Value(row) == 0 {
			continue
		}
		if t.Int32("n_evaluable").Value(row) > 0 {
			evaluable = append(evaluable, row)
		} else {
			not = append(not, row)
		}
	}
	return evaluable, not
}

// unknownTargets returns how many readings are about targets that no source
// tells, and which targets.
func (r *reading) unknownTargets(p *disputed) (n int, targets []string) {
	t, q := r.table(table.PauseReading), r.table(table.PauseResult)
	seen := map[string]bool{}
	for _, rows := range p.results {
		for _, row := range rows {
			id := q.String("reading_id").Value(row)
			at, ok := p.reading[id]
			if why := q.String("reason").Value(row); !ok || seen[id] || why != "targets unknown" && why != "weapons not told apart" {
				continue
			}
			if about := t.String("targets").Value(at); about != "all" {
				seen[id] = true
				if w := orElse(targetWords[about], about); !slices.Contains(targets, w) {
					targets = append(targets, w)
				}
			}
		}
	}
	slices.Sort(targets)
	return len(seen), targets
}

// kept returns how many readings of the pause have results.
func (r *reading) kept(p *disputed) int {
	n := 0
	for _, row := range p.readings {
		n += b2i(r.table(table.PauseReading).Bool("is_kept").Value(row))
	}
	return n
}

// answer says what the counts of a pause amount to, in the words of the tables.
func (r *reading) answer(p *disputed) text {
	t := r.table(table.PauseSummary)
	evaluable, not := p.answers(t)
	var out text
	byVerdict := map[string][]string{}
	for _, row := range evaluable {
		v := t.String("verdict").Value(row)
		byVerdict[v] = append(byVerdict[v], fmt.Sprintf("%s (%s; %d of %d other baselines agree)", metricOf(t.String("metric").Value(row)), evaluableOf(t, row), t.Int32("n_baselines_agree").Value(row), r.otherBaselines()))
	}
	for _, v := range table.PauseVerdicts {
		if what := byVerdict[v]; what != nil {
			out = join(out, bold("%s: ", capital(v)), say("%s. ", list(what)))
		}
	}
	if len(not) > 0 {
		var what []string
		for _, row := range not {
			what = append(what, metricOf(t.String("metric").Value(row)))
		}
		out = join(out, bold("Not evaluable under any reading: "), say("%s. ", list(what)))
	}
	if n, targets := r.unknownTargets(p); n > 0 {
		out = join(out, bold("Not evaluable: "), say("the %s about %s, for no source of this run tells what was struck.", count(n, "reading", "readings"), strings.Join(targets, " or ")))
	}
	return out
}

// pauseAnswers is the answer to each pause for the first screen.
func (r *reading) pauseAnswers() []text {
	var out []text
	for _, p := range r.pauses() {
		if r.kept(p) > 0 {
			out = append(out, join(bold("Disputed pause, %s: ", lowerFirst(p.title(r))), r.answer(p)))
		}
	}
	return out
}

// pauseSections answer whether there was a pause: what was said first, then what
// was counted, under every reading.
func (r *reading) pauseSections() []section {
	pauses := r.pauses()
	if len(pauses) == 0 {
		return nil
	}
	head := section{ID: "pauses", Title: "Was there a pause?", Short: "Pauses", Level: 2}
	head.Blocks = append(head.Blocks, r.pauseWarning(pauses)...)
	out := []section{head}
	for i, p := range pauses {
		out = append(out, r.pauseSection(p, fmt.Sprintf("pause-%d", i+1)))
	}
	return out
}

// pauseWarning stands before any number.
func (r *reading) pauseWarning(pauses []*disputed) []block {
	var out []block
	var unknown []string
	for _, p := range pauses {
		if n, targets := r.unknownTargets(p); n > 0 {
			unknown = append(unknown, fmt.Sprintf("%d of the %s of %s, about %s", n, count(r.kept(p), "reading", "readings"), lowerFirst(p.title(r)), strings.Join(targets, " or ")))
		}
	}
	if len(unknown) > 0 {
		out = append(out, paragraph(bold("What the statements spoke of cannot be counted. "),
			say("No source of this run tells which targets were struck, in any window or before it. Not evaluable for that are %s. No number below speaks of them.", list(unknown))))
	}
	for _, note := range r.PauseNotes {
		first, rest, _ := strings.Cut(strings.TrimSuffix(capital(note), "."), ": ")
		if rest != "" {
			out = append(out, paragraph(bold("%s. ", first), say("%s.", capital(rest))))
		} else {
			out = append(out, paragraph(bold("%s.", first)))
		}
	}
	return append(out, paragraph(say("A statement can be read in several ways: when its window begins and ends, in which time zone, which places it means and which targets. Each way is a reading, and each is set against the nights before the earliest of all windows. The verdicts are five and no others: "),
		say("%s. ", list(table.PauseVerdicts)),
		say("Whether a reading is evaluable was decided from what was to be expected, before its count was looked at. A count in a window says nothing of what anyone meant or agreed.")))
}

// pauseSection is one pause, from what was said to what was counted.
func (r *reading) pauseSection(p *disputed, id string) section {
	s := section{ID: id, Title: p.title(r), Level: 3}
	if g := r.statementTable(p); g != nil {
		s.Blocks = append(s.Blocks, block{Table: g})
	}
	if unread := r.unread(p); unread != nil {
		s.Blocks = append(s.Blocks, paragraph(unread))
	}
	if r.kept(p) == 0 {
		return s
	}
	s.Blocks = append(s.Blocks, paragraph(r.answer(p)))
	if g := r.verdictTable(p); g != nil {
		s.Blocks = append(s.Blocks, block{Table: g})
	}
	s.Blocks = append(s.Blocks, r.pauseTrust(p)...)
	if f := r.readingsFigure(p); f != nil {
		s.Blocks = append(s.Blocks, block{Figures: []*figure{f}})
	}
	if g := r.sensitivityTable(p); g != nil {
		s.Blocks = append(s.Blocks, block{Table: g})
	}
	if f := r.nightsFigure(p); f != nil {
		s.Blocks = append(s.Blocks, block{Figures: []*figure{f}})
	}
	if g := r.scopeTable(p); g != nil {
		s.Blocks = append(s.Blocks, block{Table: g})
	}
	return s
}

// unread says which statements and windows have no results.
func (r *reading) unread(p *disputed) text {
	t := r.table(table.PauseReading)
	byReason := map[string]int{}
	borrowed := 0
	for _, row := range p.readings {
		if !t.Bool("is_kept").Value(row) {
			byReason[t.String("reason").Value(row)]++
		}
		borrowed += b2i(t.Bool("duration_borrowed").Value(row))
	}
	out := say("%s: every start with every end, zone, place and target that the words allow.", count(r.kept(p), "reading has results", "readings have results"))
	if len(byReason) > 0 {
		var parts []string
		for _, c := range sortedReasons(byReason) {
			parts = append(parts, fmt.Sprintf("%s (%d)", c.reason, c.rows))
		}
		out = join(out, say(" Without: %s.", list(parts)))
	}
	if borrowed > 0 {
		out = join(out, say(" In %s no end and no length was said: the longest said by others stands in.", count(borrowed, "reading", "readings")))
	}
	return join(out, say(" All are in "), name(table.PauseReading.Name), say("."))
}

// spanOf returns the least of one column and the greatest of another over rows;
// ok is false if none is known. An upper end without bound is not known.
func spanOf(t *table.Table, rows []int, lo, hi string) (least, greatest float64, ok bool) {
	least, greatest = math.Inf(1), math.Inf(-1)
	for _, row := range rows {
		if v := numberAt(t, row, lo); !math.IsNaN(v) {
			least = min(least, v)
		}
		if v := numberAt(t, row, hi); !math.IsNaN(v) {
			greatest = max(greatest, v)
		}
	}
	return least, greatest, least <= greatest
}

// areasOf returns the areas, the country left out, that readings of a pause name.
func (r *reading) areasOf(p *disputed) []area.ID {
	t := r.table(table.PauseReading)
	var ids []area.ID
	for _, row := range p.readings {
		for _, id := range strings.Split(t.String("places").Value(row), "+") {
			if id := area.ID(id); id != "" && (r.country == nil || id != r.country.ID) && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	return ids
}
