package analysis

import (
	"fmt"
	"testing"

	"hardship/pipeline/area"
	"hardship/pipeline/config"
)

func epochOf(id string) config.Epoch {
	two := 2.0
	return config.Epoch{ID: id, Outcome: series("alerts_n"), Events: series("alert_h"), AtLeast: &two, Quiet: 7, Before: 3, After: 7, From: 1, To: 4, Scope: "each"}
}

// methods.md 9.10.
func TestEpochsGiveTheReferenceValues(t *testing.T) {
	cold := epochOf("cold")
	below := -2.0
	cold.AtLeast, cold.AtMost = nil, &below
	cold.Events = series("tmin_c")
	strikes := numbers(t, d1Strikes)
	turned := make([]float64, len(strikes)) // the same events as lows
	for i, v := range strikes {
		turned[i] = -v
	}
	tables := tablesOf(t, []area.Area{{ID: "A1", Level: 1}}, areaDays{"A1", day(t, "2025-11-01"),
		map[string][]float64{"alerts_n": numbers(t, d1Counts), "alert_h": strikes, "tmin_c": turned}})
	got := Epochs(tables, winterPlan, []config.Epoch{epochOf("e"), cold})
	for _, id := range []string{"e", "cold"} {
		for k, want := range []float64{5, 19. / 3, 6, 26. / 3, 7, 29. / 3, 20. / 3, 8, 19. / 3, 20. / 3, 22. / 3} {
			at := row(t, got, fmt.Sprintf("%s.A1|%d", id, k-3))
			near(t, fmt.Sprint("mean at ", k-3), at["mean"], want)
			near(t, fmt.Sprint("anomaly at ", k-3), at["anomaly"], want-(5+19./3+6)/3)
		}
		peak := row(t, got, id+".A1|2")
		near(t, "difference", peak["difference"], 2.055555556)
		near(t, "p", peak["p_placebo"], .075)
		near(t, "smallest p", peak["p_smallest"], 1./120)
		near(t, "twice the smaller, alone in its family", peak["p_bh"], .15)
		if peak["events_n"] != int32(3) || peak["coverage"] != 1.0 {
			t.Errorf("%v", peak)
		}
	}
	if rule := row(t, got, "cold.A1|0")["event_rule"]; rule != "≤ -2 after 7 days above" {
		t.Errorf("%v", rule)
	}
}

func TestEpochsThatAreNotEvaluable(t *testing.T) {
	strikes, counts := numbers(t, d1Strikes), numbers(t, d1Counts)
	one := make([]float64, 120)
	one[60] = 2
	unknown := make([]float64, 120)
	for i := range unknown {
		unknown[i] = nan
	}
	gaps := append([]float64(nil), counts...)
	for i := range gaps {
		if i < 30 || i >= 60 && i < 88 { // the windows of the three events stay
			gaps[i] = nan
		}
	}
	same := make([]float64, 120)
	for _, tt := range []struct {
		name string
		x, y []float64
		code string
	}{
		{"unknown", strikes, unknown, "M0101"},
		{"one event", one, counts, "M0108"},
		{"no event", same, counts, "M0108"},
		{"flat", strikes, same, "M0102"},
		{"gaps leave no shift", strikes, gaps, "M0304"},
	} {
		tables := tablesOf(t, []area.Area{{ID: "A1", Level: 1}}, areaDays{"A1", day(t, "2025-11-01"), map[string][]float64{"sched_off_h_hi": tt.y, "alert_h": tt.x}})
		e := epochOf("e")
		e.Outcome = series("sched_off_h_hi")
		got := Epochs(tables, winterPlan, []config.Epoch{e})
		at := row(t, got, "e.A1|0")
		if got.Rows() != 1 || at["reason_code"] != tt.code || at["evaluable"] != false || at["mean"] != nil || at["p_placebo"] != nil || at["difference"] != nil {
			t.Errorf("%s: %d rows, %v", tt.name, got.Rows(), at)
		}
	}
}

// Areas are pooled from five on, and windows stay within their area and winter.
func TestEpochsPooled(t *testing.T) {
	e := epochOf("e")
	e.Scope = "pooled"
	if at := row(t, Epochs(countryOf(t, 4, nil), winterPlan, []config.Epoch{e}), "e.C|0"); at["reason_code"] != "M0301" || at["mean"] != nil {
		t.Errorf("four areas: %v", at)
	}
	tables := countryOf(t, 6, nil)
	pooled := row(t, Epochs(tables, winterPlan, []config.Epoch{e}), "e.C|1")
	each := Epochs(tables, winterPlan, []config.Epoch{epochOf("e")})
	sum, events := 0.0, 0.0
	for a := range 6 {
		at := row(t, each, fmt.Sprintf("e.C%02d|1", a))
		n := float64(at["events_n"].(int32))
		sum, events = sum+n*at["mean"].(float64), events+n
	}
	near(t, "mean over all windows", pooled["mean"], sum/events)
	if pooled["events_n"] != int32(events) || pooled["areas_n"] != int32(6) || pooled["y_series"] != "area_day.alerts_n[each]" {
		t.Errorf("%v, want %v windows", pooled, events)
	}
}

// methods.md 9.15: D1 at both penalties, with what makes them too many.
func TestChangepointsGiveTheReferenceValues(t *testing.T) {
	tables := tablesOf(t, []area.Area{{ID: "A1", Level: 1}, {ID: "A2", Level: 1}},
		areaDays{"A1", day(t, "2025-11-01"), map[string][]float64{"alerts_n": numbers(t, d1Counts)}},
		areaDays{"A2", day(t, "2025-11-01"), map[string][]float64{"alerts_n": make([]float64, 120)}})
	got := Changepoints(tables, winterPlan, []config.Changepoint{{ID: "c", Series: series("alerts_n")}})
	for key, want := range map[string]string{"c.A1|2 ln n|1": "2025-11-15", "c.A1|2 ln n|2": "2025-12-23", "c.A1|2 ln n|3": "2025-12-31", "c.A1|3 ln n|1": "2025-11-18"} {
		at := row(t, got, key)
		if fmt.Sprint(at["change_date"]) != want {
			t.Errorf("%s: %v, want %s", key, at["change_date"], want)
		}
		near(t, "r₁", at["autocorrelation_r1"], .5778936286)
		if at["warnings"] != "M0405 days resemble the day before (r = 0.58): some changes are only that" {
			t.Errorf("%s: %v", key, at["warnings"])
		}
	}
	first, second := row(t, got, "c.A1|3 ln n|0"), row(t, got, "c.A1|3 ln n|1")
	if first["change_date"] != nil || first["mean_before"] != nil || first["mean_after"] != second["mean_before"] || first["changes_n"] != int32(1) {
		t.Errorf("%v", first)
	}
	near(t, "all days", 17*first["mean_after"].(float64)+103*second["mean_after"].(float64), 675)
	for _, rule := range []string{"2 ln n", "3 ln n"} {
		if at := row(t, got, "c.A2|"+rule+"|0"); at["reason_code"] != "M0102" || at["mean_after"] != nil || at["changes_n"] != nil {
			t.Errorf("a flat series: %v", at)
		}
	}
}
