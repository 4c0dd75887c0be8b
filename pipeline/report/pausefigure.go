package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"hardship/pipeline/hour"
	"hardship/pipeline/report/chart"
	"hardship/pipeline/table"
)

// decided returns the interval that decides a row of pause_result; an upper end
// that is null has no bound.
func decided(t *table.Table, row int) (lo, hi float64) {
	column := "ci"
	if t.String("decided_by").Value(row) == "adjusted" {
		column = "ci_adj"
	}
	lo, hi = numberAt(t, row, column+"_lo"), numberAt(t, row, column+"_hi")
	if math.IsNaN(hi) && !math.IsNaN(lo) {
		hi = math.Inf(1)
	}
	return lo, hi
}

// readingsFigure draws every evaluable result of a pause at the primary
// baseline, a panel a metric; nil if there is none in any.
func (r *reading) readingsFigure(p *disputed) *figure {
	t, q := r.table(table.PauseSummary), r.table(table.PauseResult)
	evaluable, not := p.answers(t)
	if len(evaluable) == 0 {
		return nil
	}
	var panels []chart.ReadingPanel
	var rows []int // of pause_result that are drawn
	all, below, above := 0, 0, 0
	for _, summary := range p.summaries {
		if !slices.Contains(evaluable, summary) && !slices.Contains(not, summary) {
			continue
		}
		metric := t.String("metric").Value(summary)
		if results := p.results[metric]; len(results) > 0 && q.String("decided_by").Value(results[0]) == "placebo" {
			continue // hours have no ratio
		}
		panel := chart.ReadingPanel{Heading: drawable(capital(metricOf(metric))), Verdict: drawable(t.String("verdict").Value(summary) + ", " + evaluableOf(t, summary))}
		for _, row := range p.results[metric] {
			if q.Bool("evaluable").Value(row) {
				lo, hi := decided(q, row)
				all, below, above = all+1, below+b2i(hi < 1), above+b2i(lo > 1)
			}
			if applies(q, row) {
				rows = append(rows, row)
			}
		}
		if ratio := numberAt(t, summary, "rr_detectable80"); !math.IsNaN(ratio) {
			panel.Verdict += "; fewer would likely show from a ratio of " + drawable(number(ratio, 2)) + " down"
		}
		panel.Rows = r.readingRows(p, metric)
		panels = append(panels, panel)
	}
	f := &figure{
		Name: "readings_" + p.slug, Title: readingsTitle(all, below, above),
		Subtitle: fmt.Sprintf("Counted in the window of each reading over what its baseline led one to expect, with the 95 %% interval that decides; times in %s", r.pauseZone()),
		Note:     "Baseline: " + r.baselineWords(p) + ". A bar is the range of the ratio where nights lie across the window’s ends. Munitions: interval widened by the dispersion of nightly counts; alerts and nights: exact. Readings with equal counts share a row. Logarithmic axis.",
		Data:     csvRows(q, rows),
	}
	f.Scene = func(frame chart.Frame) *chart.Scene {
		return chart.Readings{Frame: frame, Measure: "ratio", Interval: "95 % interval", Basis: "counted of expected", Below: "fewer than before", Above: "more than before", Panels: panels}.Scene()
	}
	return f
}

// applies reports whether the metric of a row of pause_result applies to its
// reading, and its targets are known.
func applies(t *table.Table, row int) bool {
	switch t.String("reason").Value(row) {
	case "counted for the whole country only", "not counted for a whole country", "areas overlap and cannot be added", "counts strikes on energy only",
		"targets unknown", "weapons not told apart":
		return false
	}
	return true
}

func readingsTitle(all, below, above int) string {
	if below == 0 && above == 0 {
		return fmt.Sprintf("A ratio of 1 lies within all %d intervals that are evaluable", all)
	}
	return fmt.Sprintf("Of %s, %d lie below a ratio of 1 and %d above", count(all, "evaluable interval", "evaluable intervals"), below, above)
}

// baselineWords says which baseline the verdicts of a pause are taken at.
func (r *reading) baselineWords(p *disputed) string {
	q := r.table(table.PauseResult)
	for _, metric := range table.PauseMetrics {
		rows := p.results[metric]
		if len(rows) == 0 {
			continue
		}
		words := count(int(q.Int32("baseline_d").Value(rows[0])), "night or day", "nights or days")
		if washout := int(q.Int32("washout_d").Value(rows[0])); washout > 0 {
			words += fmt.Sprintf(" that end %s", count(washout, "day", "days"))
		}
		return words + " before the earliest window of the pause"
	}
	return "none"
}

// readingRows are the rows of a panel: one for each set of readings that counts
// alike, and one for each reason why others are not evaluable.
func (r *reading) readingRows(p *disputed, metric string) []chart.EstimateRow {
	q := r.table(table.PauseResult)
	type group struct {
		rows []int
		key  string
	}
	var groups []group
	byReason := map[string]int{}
	for _, row := range p.results[metric] {
		if !q.Bool("evaluable").Value(row) {
			if applies(q, row) {
				byReason[q.String("reason").Value(row)]++
			}
			continue
		}
		lo, hi := decided(q, row)
		key := fmt.Sprint(numberAt(q, row, "obs_lo"), numberAt(q, row, "obs_hi"), numberAt(q, row, "exp_lo"), numberAt(q, row, "exp_hi"), lo, hi)
		i := slices.IndexFunc(groups, func(g group) bool { return g.key == key })
		if i < 0 {
			i, groups = len(groups), append(groups, group{key: key})
		}
		groups[i].rows = append(groups[i].rows, row)
	}
	var out []chart.EstimateRow
	for _, g := range groups {
		first := g.rows[0]
		lo, hi := decided(q, first)
		most := numberAt(q, first, "rr_hi_obs")
		if math.IsNaN(most) {
			most = math.Inf(1)
		}
		out = append(out, chart.EstimateRow{
			Label: drawable(r.readingLabel(p, g.rows)), Estimate: numberAt(q, first, "rr_lo_obs"), Most: most, Lo: lo, Hi: hi, Primary: r.anyPrimary(p, g.rows),
			N: drawable(bounds(numberAt(q, first, "obs_lo"), numberAt(q, first, "obs_hi"), 0) + " of " + bounds(numberAt(q, first, "exp_lo"), numberAt(q, first, "exp_hi"), b2i(numberAt(q, first, "exp_hi") < 100))),
		})
	}
	for _, c := range sortedReasons(byReason) {
		out = append(out, chart.EstimateRow{Label: count(c.rows, "reading", "readings"), Estimate: math.NaN(), Lo: math.NaN(), Hi: math.NaN(), Reason: c.reason})
	}
	return out
}

func (r *reading) anyPrimary(p *disputed, rows []int) bool {
	ids, primary := r.table(table.PauseResult).String("reading_id"), r.table(table.PauseReading).Bool("is_primary")
	return slices.ContainsFunc(rows, func(row int) bool { return primary.Value(p.reading[ids.Value(row)]) })
}

// readingLabel names readings that count alike: who spoke and the first window.
func (r *reading) readingLabel(p *disputed, rows []int) string {
	q, t := r.table(table.PauseResult), r.table(table.PauseReading)
	var speakers []string
	for _, row := range rows {
		if who := r.speakerOf(t.String("claim_id").Value(p.reading[q.String("reading_id").Value(row)])); !slices.Contains(speakers, who) {
			speakers = append(speakers, who)
		}
	}
	at := p.reading[q.String("reading_id").Value(rows[0])]
	zone := r.pauseZone()
	const layout = "2 Jan 15:04"
	label := fmt.Sprintf("%s: %s – %s", capital(list(speakers)), table.Instant(t.Timestamp("start_utc"), at).Time().In(zone).Format(layout), table.Instant(t.Timestamp("end_utc"), at).Time().In(zone).Format(layout))
	if others := len(rows) - 1; others > 0 {
		label += fmt.Sprintf(", and %s that count alike", count(others, "reading", "readings"))
	}
	return label
}

// statement returns the row of a claim among the statements, -1 if it is not at
// hand.
func (r *reading) statement(claim string) int {
	if r.Claims != nil {
		for _, row := range r.latestClaims() {
			if r.Claims.String("claim_id").Value(row) == claim {
				return row
			}
		}
	}
	return -1
}

// speakerOf is who made a statement; its id where it is not at hand.
func (r *reading) speakerOf(claim string) string {
	if row := r.statement(claim); row >= 0 {
		return orElse(clean(r.Claims.String("speaker").Value(row)), claim)
	}
	return claim
}

// Days round the windows of a pause that its chart of nights shows.
const (
	nightsAfter = 7
	mostNights  = 400
)

// nightsFigure draws the nights before, within and after the windows of a pause;
// nil where the country has no bulletin.
func (r *reading) nightsFigure(p *disputed) *figure {
	if r.country == nil {
		return nil
	}
	q := r.table(table.PauseResult)
	before, washout := 0, 0
	for _, rows := range p.results {
		for _, row := range rows {
			before, washout = int(q.Int32("baseline_d").Value(row)), int(q.Int32("washout_d").Value(row))
		}
	}
	zone := r.pauseZone()
	start := hour.DayIn(p.window.Start, zone)
	first := max(start-hour.Day(before+washout), r.First)
	end := min(hour.DayIn(p.window.End, zone)+nightsAfter, r.End, first+mostNights)
	if first >= end {
		return nil
	}
	of := func(column, weapon string) []float64 {
		return r.series(table.StrikeNight, column, r.country.ID, first, end, r.shown(weapon))
	}
	drones := of("launched", "drone")
	if known(drones) == 0 {
		return nil
	}
	missiles := make([]float64, len(drones))
	for _, weapon := range []string{"ballistic", "cruise", "other_missile"} {
		for i, n := range of("launched", weapon) {
			missiles[i] += n
		}
	}
	named, places := r.namedNights(p, first, end)
	f := &figure{
		Name: "nights_" + p.slug, Title: r.nightsTitle(drones, first),
		Subtitle: fmt.Sprintf("At all of %s, each %s from the baseline to a week after the last window, %s", r.country.Name(), r.each(), datesOf(first, end-1)),
		Note:     "A bracket is one reading of each statement, fixed before results were seen. Launches are counted on the day on which the night ends. Hatched: no bulletin, which is not a quiet night.",
	}
	last := float64(start - first)
	brackets := []chart.Pause{{From: last - float64(washout+before), To: last - float64(washout), Label: "baseline, " + count(before, r.each(), r.each()+"s")}}
	for _, b := range r.primaryWindows(p, first, zone) {
		brackets = append(brackets, b.Pause)
	}
	f.Data = [][]string{{"date_local", "drones_launched_nationally", "missiles_launched_nationally", "rows_naming_the_places"}}
	for i := range drones {
		rows := ""
		if named != nil {
			rows = csvNumber(named[i])
		}
		f.Data = append(f.Data, []string{(first + hour.Day(i)).String(), csvNumber(drones[i]), csvNumber(missiles[i]), rows})
	}
	f.Scene = func(frame chart.Frame) *chart.Scene {
		c := chart.Timeline{Frame: frame, Start: first.Time(), Days: len(drones), Pauses: brackets}
		c.Strikes = &chart.StrikePanel{Launched: drones, Missiles: missiles, Named: named, NamedLabel: drawable("bulletin rows naming " + places)}
		return c.Scene()
	}
	return f
}

func (r *reading) nightsTitle(drones []float64, first hour.Day) string {
	most := greatest(drones)
	return fmt.Sprintf("From %s to %s drones launched a %s, the most on %s", tidy(drones[least(drones)], 0), tidy(drones[most], 0), r.each(), dateOf(first+hour.Day(most)))
}

// namedNights counts the rows that name one of the places of a pause; nil where
// only the country is spoken of.
func (r *reading) namedNights(p *disputed, first, end hour.Day) (rows []float64, places string) {
	var names []string
	for _, id := range r.areasOf(p) {
		of := r.series(table.StrikeNight, "rows_named", id, first, end, r.shown("all"))
		if rows == nil {
			rows = make([]float64, len(of))
		}
		for i, n := range of {
			rows[i] += n
		}
		names = append(names, r.areaName(string(id)))
	}
	return rows, strings.Join(names, " or ")
}

// A bracket is the window of a primary reading.
type bracket struct {
	chart.Pause
	claim string
}

// primaryWindows are the windows of the primary readings, one a statement, in
// days from the first.
func (r *reading) primaryWindows(p *disputed, first hour.Day, zone *time.Location) []bracket {
	t := r.table(table.PauseReading)
	starts, ends := t.Timestamp("start_utc"), t.Timestamp("end_utc")
	var out []bracket
	for _, row := range p.readings {
		if !t.Bool("is_primary").Value(row) || !t.Bool("is_kept").Value(row) {
			continue
		}
		claim := t.String("claim_id").Value(row)
		out = append(out, bracket{claim: claim, Pause: chart.Pause{
			From: chartDay(table.Instant(starts, row), first, zone), To: chartDay(table.Instant(ends, row), first, zone),
			Reading: r.speakerOf(claim) + r.endOf(claim) + "; one reading",
		}})
	}
	slices.SortStableFunc(out, func(a, b bracket) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return out
}

// endOf writes what a statement says of the end, "" where it is not at hand.
func (r *reading) endOf(claim string) string {
	if row := r.statement(claim); row >= 0 {
		if end := claimEnd(r.Claims, row); end != "" {
			return ", " + end
		}
	}
	return ""
}
