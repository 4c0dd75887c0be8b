package analysis

import (
	"slices"
	"strings"
	"testing"

	"hardship/pipeline/area"
	"hardship/pipeline/config"
	"hardship/pipeline/hour"
)

// A declared change of a series takes the answer of what has one level for both of
// its sides, and marks the rest; outside the days compared it does nothing.
func TestADeclaredChangeIsSaidBesideEveryFinding(t *testing.T) {
	tables := d1Tables(t, numbers(t, d1Counts))
	first := day(t, "2025-11-01") // of 120 days
	model := func(id, adjust string) config.Model {
		return config.Model{ID: id, Outcome: series("alerts_n"), Family: "poisson", Adjust: []string{adjust}, Scope: "each",
			Exposures: []config.Exposure{{Series: series("alert_h"), Per: 1}}}
	}
	interrupted := model("step", "season")
	interrupted.Exposures, interrupted.Interrupted = nil, new(hour.Day)
	*interrupted.Interrupted = first + 40
	plan := winterPlan
	plan.MinShiftDays, plan.MaxLagDays = 7, 2
	plan.Pairs = []config.Pair{{X: series("alerts_n"), Y: series("alert_h")}}
	epoch := epochOf("e")
	for _, tt := range []struct {
		name    string
		metrics []string
		from    hour.Day
		within  bool // the change lies among the days, and is of the series
	}{
		{"among the days", []string{"alerts_n"}, first + 50, true},
		{"of an exposure", []string{"alert_h"}, first + 50, true},
		{"on the last day", []string{"alerts_n"}, first + 119, true},
		{"after the days", []string{"alerts_n"}, first + 120, false},
		{"before the days", []string{"alerts_n"}, first - 3, false},
		{"of another series", []string{"sched_off_h"}, first + 50, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tables.Breaks = []config.SeriesBreak{{Metrics: tt.metrics, First: tt.from, End: tt.from + 3, Why: "told otherwise"}}
			got := Models(tables, plan, []config.Model{model("season", "season"), model("strata", "strata"), interrupted})
			season, strata, step := row(t, got.Fit, "season.A1"), row(t, got.Fit, "strata.A1"), row(t, got.Fit, "step.A1")
			if code := season["reason_code"]; (code == "M0110") != tt.within || (season["evaluable"] == true) == tt.within {
				t.Errorf("within winters: evaluable %v, %v", season["evaluable"], code)
			}
			if term := row(t, got.Term, "season.A1|alert_h"); (term["estimate"] == nil) != tt.within {
				t.Errorf("within winters: an estimate of %v", term["estimate"])
			}
			marked := func(cells map[string]any) bool {
				words, _ := cells["warnings"].(string)
				return strings.Contains(words, "M0407") && strings.Contains(words, "told otherwise")
			}
			if strata["evaluable"] != true || marked(strata) != tt.within {
				t.Errorf("within months: evaluable %v, %v", strata["evaluable"], strata["warnings"])
			}
			// The step is of the outcome alone.
			if ofOutcome := tt.within && tt.metrics[0] == "alerts_n"; step["evaluable"] != true || marked(step) != ofOutcome {
				t.Errorf("interrupted: evaluable %v, %v", step["evaluable"], step["warnings"])
			}

			ccf := Correlations(tables, plan)
			if code := ccf.String("reason_code").Value(0); (code == "M0110") != tt.within || ccf.Bool("evaluable").Value(0) == tt.within || ccf.Float64("r").IsValid(0) == tt.within {
				t.Errorf("a correlation: evaluable %v, %v", ccf.Bool("evaluable").Value(0), code)
			}
			levels := Changepoints(tables, plan, []config.Changepoint{{ID: "l", Series: series("alerts_n")}})
			if words := levels.String("warnings").Value(0); strings.Contains(words, "M0407") != (tt.within && tt.metrics[0] == "alerts_n") {
				t.Errorf("levels: %q", words)
			}
			laid := row(t, Epochs(tables, plan, []config.Epoch{epoch}), "e.A1|0")
			if (laid["evaluable"] == true) == tt.within { // its only winter is left out
				t.Errorf("an epoch: evaluable %v, %v", laid["evaluable"], laid["reason"])
			}
		})
	}
}

// Of several winters an epoch leaves out the one that holds the change, and says so.
func TestAnEpochLeavesOutTheWinterOfAChange(t *testing.T) {
	counts, strikes := numbers(t, d1Counts), numbers(t, d1Strikes)
	tables := tablesOf(t, []area.Area{{ID: "A1", Level: 1}}, areaDays{"A1", day(t, "2024-11-01"), map[string][]float64{
		"alerts_n": slices.Concat(counts, unknownDays(365-120), counts), "alert_h": slices.Concat(strikes, unknownDays(365-120), strikes)}})
	alone := row(t, Epochs(tablesOf(t, []area.Area{{ID: "A1", Level: 1}}, areaDays{"A1", day(t, "2024-11-01"), map[string][]float64{"alerts_n": counts, "alert_h": strikes}}),
		winterPlan, []config.Epoch{epochOf("e")}), "e.A1|2")
	tables.Breaks = []config.SeriesBreak{{Metrics: []string{"alerts_n"}, First: day(t, "2025-12-01"), End: day(t, "2026-01-01"), Why: "told otherwise"}}
	both := row(t, Epochs(tables, winterPlan, []config.Epoch{epochOf("e")}), "e.A1|2")
	near(t, "the mean of the winter that is left", both["mean"], alone["mean"].(float64))
	near(t, "its difference", both["difference"], alone["difference"].(float64))
	if both["evaluable"] != true || both["reason_code"] != "M0407" || !strings.Contains(both["reason"].(string), "2025-26 is left out") || both["events_n"] != alone["events_n"] {
		t.Errorf("%v", both)
	}
}

func unknownDays(n int) []float64 {
	days := make([]float64, n)
	for i := range days {
		days[i] = nan
	}
	return days
}
