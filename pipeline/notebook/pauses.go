package notebook

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"hardship/pipeline/table"
)

// pauses works out what the cells of template/pauses print. Each method is the
// cell of its name, in Go; that of recompute prints the published limits, so that
// a check of the notebook holds the formula against them.
type pauses struct{ contents }

func (p pauses) of(cell string) ([]output, error) {
	switch _, name, _ := strings.Cut(cell, "_"); name {
	case "readings":
		return stream(p.readings()), nil
	case "scope":
		return stream(p.scope()), nil
	case "verdicts":
		return stream(p.verdicts()), nil
	case "intervals":
		return p.pictures("readings_"), nil
	case "recompute":
		return stream(p.recompute()), nil
	case "baselines":
		return stream(p.baselines()), nil
	}
	return nil, fmt.Errorf("the cell has no counterpart")
}

func (p pauses) readings() string {
	t := p.tables[table.PauseReading.Name]
	claims, pauses, stances, kept, reasons, whole := t.String("claim_id"), t.String("pause_id"), t.String("stance"), t.Bool("is_kept"), t.String("reason"), t.Int32("nights_whole")
	type key struct{ pause, claim string }
	rows := map[key][]int{}
	var order []key
	for row := range t.Rows() {
		k := key{pauses.Value(row), claims.Value(row)}
		if rows[k] == nil {
			order = append(order, k)
		}
		rows[k] = append(rows[k], row)
	}
	var b strings.Builder
	for _, k := range order {
		var nights []int32
		without := map[string]bool{}
		for _, row := range rows[k] {
			if kept.Value(row) {
				nights = append(nights, whole.Value(row))
			} else {
				without[reasons.Value(row)] = true
			}
		}
		if len(nights) == 0 {
			fmt.Fprintf(&b, "%s, %s: %s\n", k.claim, stances.Value(rows[k][0]), strings.Join(slices.Sorted(maps.Keys(without)), ", "))
			continue
		}
		fmt.Fprintf(&b, "%s, %s: %d readings, %d to %d whole nights\n", k.claim, stances.Value(rows[k][0]), len(nights), slices.Min(nights), slices.Max(nights))
	}
	return b.String()
}

func (p pauses) scope() string {
	t, q := p.tables[table.PauseReading.Name], p.tables[table.PauseResult.Name]
	kept, unknown := map[string]int{}, map[string]map[string]bool{}
	var order []string
	for row := range t.Rows() {
		pause := t.String("pause_id").Value(row)
		if unknown[pause] == nil {
			unknown[pause], order = map[string]bool{}, append(order, pause)
		}
		if t.Bool("is_kept").Value(row) {
			kept[pause]++
		}
	}
	for row := range q.Rows() {
		if q.Bool("is_primary_baseline").Value(row) && q.String("reason").Value(row) == "targets unknown" {
			unknown[q.String("pause_id").Value(row)][q.String("reading_id").Value(row)] = true
		}
	}
	var b strings.Builder
	for _, pause := range order {
		fmt.Fprintf(&b, "%s: %d of %d readings are about targets that no source tells\n", pause, len(unknown[pause]), kept[pause])
	}
	return b.String()
}

func (p pauses) verdicts() string {
	t := p.tables[table.PauseSummary.Name]
	readings, evaluable, largest := t.Int32("n_readings"), t.Int32("n_evaluable"), t.Float64("rr_largest")
	var b strings.Builder
	for row := range t.Rows() {
		if readings.Value(row) == 0 || t.String("targets_are").Value(row) != "known" {
			continue
		}
		fmt.Fprintf(&b, "%s %s: %s, %d of %d readings evaluable\n", t.String("pause_id").Value(row), t.String("metric").Value(row), t.String("verdict").Value(row), evaluable.Value(row), readings.Value(row))
		if evaluable.Value(row) > 0 {
			most := "unbounded"
			if largest.IsValid(row) {
				most = number(largest, row, 2)
			}
			fmt.Fprintf(&b, "    ratio %s, %s, %s; fewer would likely show from %s down\n", number(t.Float64("rr_smallest"), row, 2), number(t.Float64("rr_median"), row, 2), most, number(t.Float64("rr_detectable80"), row, 2))
		}
	}
	return b.String()
}

func (p pauses) recompute() string {
	t := p.tables[table.PauseResult.Name]
	seen, before, phi := t.Float64("obs_lo"), t.Float64("x0_lo"), t.Float64("phi")
	var b strings.Builder
	for row := range t.Rows() {
		if t.Bool("is_primary_baseline").Value(row) && t.Bool("evaluable").Value(row) && t.String("decided_by").Value(row) == "adjusted" && min(seen.Value(row), before.Value(row)) >= phi.Value(row) {
			fmt.Fprintf(&b, "%s %s: %s to %s\n", t.String("reading_id").Value(row), t.String("metric").Value(row), number(t.Float64("ci_adj_lo"), row, 2), number(t.Float64("ci_adj_hi"), row, 2))
		}
	}
	return b.String()
}

func (p pauses) baselines() string {
	t := p.tables[table.PauseSensitivity.Name]
	readings, evaluable := t.Int32("n_readings"), t.Int32("n_evaluable")
	var b strings.Builder
	for row := range t.Rows() {
		if evaluable.Value(row) == 0 || t.String("targets_are").Value(row) != "known" {
			continue
		}
		mark := ""
		if t.Bool("is_primary_baseline").Value(row) {
			mark = " (primary)"
		}
		fmt.Fprintf(&b, "%s %-18s %-6s %s, %d of %d%s\n", t.String("pause_id").Value(row), t.String("metric").Value(row), t.String("baseline_id").Value(row), t.String("verdict").Value(row), evaluable.Value(row), readings.Value(row), mark)
	}
	return b.String()
}
