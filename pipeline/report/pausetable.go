package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// statementTable lists who said what about a pause, and in how many ways it is
// read; nil where the statements are not at hand.
func (r *reading) statementTable(p *disputed) *grid {
	t, c := r.table(table.PauseReading), r.Claims
	if c == nil {
		return nil
	}
	g := &grid{
		Caption: say("What was said, paraphrased"), Stack: true,
		Columns: []column{{Name: "Who spoke"}, {Name: "When, local time"}, {Name: "In other words"}, {Name: "Window fixed beforehand, local time"}, {Name: "Readings", Numeric: true}},
	}
	zone := r.pauseZone()
	for _, row := range r.latestClaims() {
		if c.String("pause_id").Value(row) != p.id {
			continue
		}
		id := c.String("claim_id").Value(row)
		readings, window := 0, say("none can be told")
		for _, at := range p.readings {
			if t.String("claim_id").Value(at) != id {
				continue
			}
			readings += b2i(t.Bool("is_kept").Value(at))
			if t.Bool("is_primary").Value(at) {
				window = say("%s", localTimes(hour.Interval{Start: table.Instant(t.Timestamp("start_utc"), at), End: table.Instant(t.Timestamp("end_utc"), at)}, zone))
			}
		}
		g.Rows = append(g.Rows, rowOf(
			join(say("%s", capital(c.String("speaker").Value(row))), say(" (%s)", strings.ReplaceAll(c.String("speaker_role").Value(row), "_", " "))),
			say("%s", localTimes(spokenIn(c, row), zone)),
			say("%s %s", stanceWords[c.String("stance").Value(row)], orElse(c.String("paraphrase").Value(row), "words not recorded")),
			window, say("%d", readings),
		))
	}
	if len(g.Rows) == 0 {
		return nil
	}
	return g
}

// verdictTable is a row for each metric that applies to readings of a pause whose
// targets are known, and one for all other readings; nil if there are no others.
func (r *reading) verdictTable(p *disputed) *grid {
	t, q := r.table(table.PauseSummary), r.table(table.PauseResult)
	g := &grid{
		Caption: join(say("What was counted: rows of "), name(table.PauseSummary.Name), say(", against %s", r.baselineWords(p))), Stack: true,
		Columns: []column{
			{Name: "Counted"}, {Name: "Verdict"}, {Name: "Readings evaluable", Numeric: true}, {Name: "Ratio: least, median, greatest", Numeric: true}, {Name: "Fewer would likely show from", Numeric: true},
			{Name: "Rank among m earlier windows", Numeric: true}, {Name: "Moves the ratio most"}, {Name: "Other baselines that agree", Numeric: true}, {Name: "Why not evaluable", Fine: true},
		},
	}
	for _, row := range p.summaries {
		if t.Int32("n_readings").Value(row) == 0 || t.String("targets_are").Value(row) != "known" {
			continue
		}
		metric := t.String("metric").Value(row)
		ratio, detectable, agree := dash(), dash(), dash()
		if v := numberAt(t, row, "rr_smallest"); !math.IsNaN(v) {
			largest := numberAt(t, row, "rr_largest")
			if math.IsNaN(largest) {
				largest = math.Inf(1)
			}
			ratio = say("%s, %s, %s", number(v, 2), number(numberAt(t, row, "rr_median"), 2), number(largest, 2))
			agree = say("%d of %d", t.Int32("n_baselines_agree").Value(row), r.otherBaselines())
		}
		if v := numberAt(t, row, "rr_detectable80"); !math.IsNaN(v) {
			detectable = say("%s down", number(v, 2))
		}
		g.Rows = append(g.Rows, rowOf(
			say("%s", capital(metricOf(metric))), bold("%s", capital(t.String("verdict").Value(row))), say("%d of %d", t.Int32("n_evaluable").Value(row), t.Int32("n_readings").Value(row)),
			ratio, detectable, orDash(rankOf(q, p.results[metric])), orDash(t.String("sensitivity_dim").Value(row)), agree, orDash(r.reasonsOf(p, metric)),
		))
	}
	if len(g.Rows) == 0 {
		return nil
	}
	if n, targets := r.unknownTargets(p); n > 0 {
		g.Rows = append(g.Rows, rowOf(say("Any of these, in readings about %s", strings.Join(targets, " or ")), bold("Not evaluable"), say("0 of %d", n), dash(), dash(), dash(), dash(), dash(), say("Targets unknown (%d)", n)))
	}
	return g
}

func dash() text { return orDash("") }

// reasonsOf writes why readings to which a metric applies are not evaluable by
// it.
func (r *reading) reasonsOf(p *disputed, metric string) string {
	q := r.table(table.PauseResult)
	byReason := map[string]int{}
	for _, row := range p.results[metric] {
		if !q.Bool("evaluable").Value(row) && applies(q, row) {
			byReason[q.String("reason").Value(row)]++
		}
	}
	var parts []string
	for _, c := range sortedReasons(byReason) {
		parts = append(parts, fmt.Sprintf("%s (%d)", c.reason, c.rows))
	}
	return capital(strings.Join(parts, "; "))
}

// otherBaselines is how many baselines stand beside the primary one.
func (r *reading) otherBaselines() int {
	q := r.table(table.PauseResult)
	var ids []string
	for row := range q.Rows() {
		if id := q.String("baseline_id").Value(row); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return max(0, len(ids)-1)
}

// rankOf writes the placebo ranks of rows and the least that they can be.
func rankOf(t *table.Table, rows []int) string {
	least, greatest, ok := spanOf(t, rows, "placebo_rank", "placebo_rank")
	if !ok {
		return ""
	}
	fewest, most, _ := spanOf(t, rows, "placebo_m", "placebo_m")
	return fmt.Sprintf("%s–%s, m%s%s", number(least, 2), number(greatest, 2), hard, bounds(fewest, most, 0))
}

// sensitivityTable sets the verdicts against every baseline side by side, by the
// metrics that are evaluable against one of them; nil if none is.
func (r *reading) sensitivityTable(p *disputed) *grid {
	t := r.table(table.PauseSensitivity)
	cells := map[string]map[string]int{} // rows, by baseline and metric
	var baselines, metrics []string
	for row := range t.Rows() {
		if t.String("pause_id").Value(row) != p.id || t.String("targets_are").Value(row) != "known" {
			continue
		}
		baseline, metric := t.String("baseline_id").Value(row), t.String("metric").Value(row)
		if cells[baseline] == nil {
			cells[baseline], baselines = map[string]int{}, append(baselines, baseline)
		}
		cells[baseline][metric] = row
		if t.Int32("n_evaluable").Value(row) > 0 && !slices.Contains(metrics, metric) {
			metrics = append(metrics, metric)
		}
	}
	if len(metrics) == 0 {
		return nil
	}
	g := &grid{
		Caption: join(say("The same against every baseline: rows of "), name(table.PauseSensitivity.Name), say("; verdict, readings evaluable, least and greatest ratio")), Stack: true,
		Columns: []column{{Name: "Nights or days, left out after them", Short: true}},
	}
	slices.SortFunc(metrics, func(a, b string) int {
		return cmp.Compare(slices.Index(table.PauseMetrics, a), slices.Index(table.PauseMetrics, b))
	})
	for _, m := range metrics {
		g.Columns = append(g.Columns, column{Name: capital(metricOf(m))})
	}
	for _, baseline := range baselines {
		var which text
		row := []text{nil}
		for _, m := range metrics {
			at, ok := cells[baseline][m]
			if !ok {
				row = append(row, dash())
				continue
			}
			which = say("%d, %d", t.Int32("baseline_d").Value(at), t.Int32("washout_d").Value(at))
			if t.Bool("is_primary_baseline").Value(at) {
				which = join(bold("%s", which[0].Text), say(": the verdicts above"))
			}
			words := fmt.Sprintf("%s, %d of %d", capital(t.String("verdict").Value(at)), t.Int32("n_evaluable").Value(at), t.Int32("n_readings").Value(at))
			if least := numberAt(t, at, "rr_smallest"); !math.IsNaN(least) {
				greatest := numberAt(t, at, "rr_largest")
				if math.IsNaN(greatest) {
					greatest = math.Inf(1)
				}
				words += "; " + number(least, 2) + "–" + number(greatest, 2)
			}
			row = append(row, say("%s", words))
		}
		row[0] = which
		g.Rows = append(g.Rows, rowOf(row...))
	}
	return g
}

// scopeTable is the line "events inside the stated scope, counted": by places
// and targets, over all windows that hold a whole night, evaluable or not. Hours
// are no events.
func (r *reading) scopeTable(p *disputed) *grid {
	t, q := r.table(table.PauseReading), r.table(table.PauseResult)
	type scope struct{ places, targets string } // places "" for all of which nothing can be counted
	scopeOf := func(row int) scope {
		s := scope{t.String("places").Value(row), t.String("targets").Value(row)}
		if s.targets != "all" {
			s.places = ""
		}
		return s
	}
	counted := map[scope]map[string][]int{}
	readings := map[scope]int{}
	for _, row := range p.readings {
		if t.Bool("is_kept").Value(row) && t.Int32("nights_whole").Value(row) > 0 {
			readings[scopeOf(row)]++
		}
	}
	var scopes []scope
	for s := range readings {
		scopes, counted[s] = append(scopes, s), map[string][]int{}
	}
	slices.SortFunc(scopes, func(a, b scope) int {
		return cmp.Or(strings.Compare(a.targets, b.targets), cmp.Compare(len(a.places), len(b.places)), strings.Compare(a.places, b.places))
	})
	var metrics []string
	for _, metric := range table.PauseMetrics {
		for _, row := range p.results[metric] {
			at := p.reading[q.String("reading_id").Value(row)]
			of, ok := counted[scopeOf(at)]
			if !ok || q.String("decided_by").Value(row) == "placebo" || math.IsNaN(numberAt(q, row, "obs_lo")) || t.Int32("nights_whole").Value(at) == 0 {
				continue
			}
			of[metric] = append(of[metric], row)
			if !slices.Contains(metrics, metric) {
				metrics = append(metrics, metric)
			}
		}
	}
	if len(scopes) == 0 {
		return nil
	}
	g := &grid{
		Caption: say("Events inside the stated scope, counted: the least and the most over all windows with a whole night, evaluable or not"), Stack: true,
		Columns: []column{{Name: "Places and targets"}, {Name: "Readings", Numeric: true}},
	}
	for _, m := range metrics {
		g.Columns = append(g.Columns, column{Name: capital(metricOf(m)), Numeric: true})
	}
	if len(metrics) == 0 {
		g.Columns = append(g.Columns, column{Name: "Events"})
	}
	for _, s := range scopes {
		where := "All places named"
		if s.places != "" {
			where = r.placesOf(s.places)
		}
		cells := []text{say("%s, %s", where, orElse(targetWords[s.targets], s.targets)), say("%d", readings[s])}
		for _, m := range metrics {
			value := dash()
			if least, most, ok := spanOf(q, counted[s][m], "obs_lo", "obs_hi"); ok {
				value = say("%s", bounds(least, most, 1))
			}
			if len(counted[s]) == 0 {
				value = notKnown()
			}
			cells = append(cells, value)
		}
		if len(metrics) == 0 {
			cells = append(cells, notKnown())
		}
		g.Rows = append(g.Rows, rowOf(cells...))
	}
	return g
}
