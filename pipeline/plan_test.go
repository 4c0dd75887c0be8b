package pipeline_test

import (
	"maps"
	"strings"
	"testing"

	"hardship/pipeline"
	"hardship/pipeline/table"
)

// Whatever has no number says why, with a code that has a page, and every day is
// fitted or accounted for.
func TestPublishedFindingsSayWhyTheyAreNull(t *testing.T) {
	for s, numbers := range map[*table.Schema][]string{
		table.ModelFit: {"disp", "logl"}, table.ModelTerm: {"estimate", "se", "effect", "effect_lo", "effect_hi", "p_value", "p_bh", "e_value"},
		table.CrossCorrelation: {"r", "p_shift", "p_family"}, table.RateRatio: {"rr", "p_shift", "p_bh"},
		table.Epoch: {"mean", "difference", "p_placebo", "p_bh"}, table.Changepoint: {"mean_after", "changes_n"},
	} {
		got := published(t, s)
		evaluable, codes, reasons := got.Bool("evaluable"), got.String("reason_code"), got.String("reason")
		seen := map[string]bool{}
		for row := range got.Rows() {
			if codes.IsNull(row) != reasons.IsNull(row) || !evaluable.Value(row) && codes.IsNull(row) {
				t.Errorf("%s row %d: evaluable %v, code %q, reason %q", s.Name, row, evaluable.Value(row), codes.Value(row), reasons.Value(row))
			}
			if code := codes.Value(row); code != "" && !seen[code] {
				seen[code] = true
				if e, err := pipeline.Explain(code); err != nil || e.Cause == "" {
					t.Errorf("%s: %s is not explained: %v", s.Name, code, err)
				}
			}
			for _, column := range numbers {
				if v := got.Value(row, s.Index(column)); !evaluable.Value(row) && v != nil {
					t.Errorf("%s row %d: not evaluable, and %s is %v", s.Name, row, column, v)
				}
			}
		}
	}
	fits := published(t, table.ModelFit)
	n, dropped, expected, reason := fits.Int32("n"), fits.Int32("n_dropped"), fits.Int32("n_expected"), fits.String("dropped_reason")
	for row := range fits.Rows() {
		if n.Value(row)+dropped.Value(row) != expected.Value(row) || dropped.Value(row) > 0 && reason.IsNull(row) {
			t.Errorf("model_fit row %d: %d fitted and %d left out of %d, because %q", row, n.Value(row), dropped.Value(row), expected.Value(row), reason.Value(row))
		}
	}
}

// Everything declared is reported, and nothing else; outages are set beside
// launches over five areas or not at all, which here is not at all.
func TestPublishedFindingsAreThoseDeclared(t *testing.T) {
	fits := published(t, table.ModelFit)
	plans := map[string][2]int{} // evaluable, and all
	for row := range fits.Rows() {
		p := plans[fits.String("plan_id").Value(row)]
		if p[1]++; fits.Bool("evaluable").Value(row) {
			p[0]++
		}
		plans[fits.String("plan_id").Value(row)] = p
	}
	for id, want := range map[string][2]int{
		"alerts_cold": {22, 28}, "alerts_cold_pooled": {1, 1}, "announced_launches_cold_pooled": {0, 1}, "announced_launches_by_cold_pooled": {0, 1},
		"customers_cold": {1, 28}, "customers_frost": {1, 28},
	} {
		if plans[id] != want {
			t.Errorf("%s: %d of %d evaluable, want %d of %d", id, plans[id][0], plans[id][1], want[0], want[1])
		}
	}
	if len(plans) != 9 {
		t.Errorf("%d plans are reported, 9 are declared", len(plans))
	}
	// The series of alerts changed in December 2025: every answer over it says so.
	over := map[string]int{}
	for row := range fits.Rows() {
		if fits.Bool("evaluable").Value(row) && strings.Contains(fits.String("warnings").Value(row), "M0407 alerts_n changes from 2025-12-01") {
			over[fits.String("plan_id").Value(row)]++
		}
	}
	if want := map[string]int{"alerts_cold": 1, "alerts_cold_pooled": 1, "alerts_from_december": 21}; !maps.Equal(over, want) {
		t.Errorf("fits over the change of alerts: %v, want %v", over, want)
	}
	terms := published(t, table.ModelTerm)
	pooled := 0
	for row := range terms.Rows() {
		if strings.HasPrefix(terms.String("model_id").Value(row), "announced_launches_") {
			pooled++
			if code := terms.String("reason_code").Value(row); code != "M0301" {
				t.Errorf("%s: %q, want M0301", terms.String("term").Value(row), code)
			}
		}
	}
	if pooled != 8 {
		t.Errorf("%d terms of outages on launches, want 8", pooled)
	}
	epochs := published(t, table.Epoch)
	if code := cell(t, epochs, "reason_code", map[string]any{"model_id": "announced_after_launches_pooled.UA"}); code != "M0301" {
		t.Errorf("outages after launches: %v, want M0301", code)
	}
}
