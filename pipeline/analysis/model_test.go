package analysis

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"hardship/pipeline/area"
	"hardship/pipeline/config"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// D1 of methods.md 12: strikes and a count over 120 days, with their cold.
const (
	d1Strikes = `0 0 1 0 0 0 0 0 0 0 1 1 1 0 0 0 0 0 1 1 1 1 0 0 0 0 0 1 1 1 1 0 1 0 0 0 0 0 1 0 0 0 0 0 1 0 1 0 0 0 1 1 2 2 2 1 2 1 0 1
1 0 0 0 1 1 0 1 0 0 0 0 0 0 0 1 0 0 1 1 0 1 0 1 0 0 0 1 1 1 0 1 0 1 1 2 2 2 2 2 1 0 1 0 0 0 0 1 2 2 2 0 1 1 2 2 2 1 0 0`
	d1Counts = `3 3 2 2 3 2 2 1 2 2 2 2 4 3 4 4 4 7 8 4 5 7 8 4 3 3 3 5 10 11 5 3 3 5 7 9 8 6 5 2 2 2 4 6 6 7 4 5 5 3 6 5 9 10 16 6 9 11 10 8
5 5 8 7 5 3 6 6 8 4 6 3 3 3 3 4 4 7 3 7 9 9 10 9 8 4 6 4 5 8 5 10 7 7 4 11 7 8 11 13 6 7 9 4 4 5 6 9 6 4 5 3 2 2 3 5 8 8 7 7`
)

func numbers(t *testing.T, list string) []float64 {
	t.Helper()
	var out []float64
	for _, word := range strings.Fields(list) {
		var v float64
		if _, err := fmt.Sscan(word, &v); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

// areaDays are columns of area_day by area from a day on; NaN is null.
type areaDays struct {
	id      string
	first   hour.Day
	columns map[string][]float64
}

func tablesOf(t *testing.T, areas []area.Area, list ...areaDays) Tables {
	t.Helper()
	b := table.NewBuilder(table.AreaDay)
	for _, a := range list {
		n := 0
		for _, values := range a.columns {
			n = len(values)
		}
		for i := range n {
			b.Row()
			b.String("area_id", a.id)
			b.Date("date_local", a.first+hour.Day(i))
			b.String("tz", "UTC")
			b.Int32("hours_in_day", 24)
			b.Float64("t_coverage", 1)
			b.Int32("flags", 0)
			for name, values := range a.columns {
				if math.IsNaN(values[i]) {
					continue
				}
				if c, _ := table.AreaDay.Column(name); c.Type == table.Int32 {
					b.Int32(name, int32(values[i]))
				} else {
					b.Float64(name, values[i])
				}
			}
		}
	}
	gazetteer, err := area.NewGazetteer(areas)
	if err != nil {
		t.Fatal(err)
	}
	none := func(s *table.Schema) *table.Table { return table.NewBuilder(s).Table() }
	return Tables{
		AreaDay: b.Table(), ColdSpell: none(table.ColdSpell), StrikeNight: none(table.StrikeNight), QueueDay: none(table.QueueDay),
		Gazetteer: gazetteer, Areas: gazetteer.Areas(),
	}
}

var winterPlan = config.Findings{SeasonFirst: time.November, SeasonLast: time.February, LeastDays: 60}

func series(column string) config.Series {
	return config.Series{Table: table.AreaDay.Name, Column: column}
}

// row returns the cells of the row of a key, by column.
func row(t *testing.T, of *table.Table, key string) map[string]any {
	t.Helper()
	for i := range of.Rows() {
		var parts []string
		for _, name := range of.Schema.Key {
			parts = append(parts, fmt.Sprint(of.Value(i, of.Schema.Index(name))))
		}
		if strings.Join(parts, "|") != key {
			continue
		}
		cells := map[string]any{}
		for j, c := range of.Schema.Columns {
			cells[c.Name] = of.Value(i, j)
		}
		return cells
	}
	t.Fatalf("%s has no row %s", of.Schema.Name, key)
	return nil
}

func near(t *testing.T, what string, got any, want float64) {
	t.Helper()
	v, ok := got.(float64)
	if !ok || math.Abs(v-want) > 1e-6*max(1, math.Abs(want)) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

// One area and winter of D1: the estimates and the Newey–West errors of
// methods.md 9.3, with n/(n−k), and the distributed lags of 9.6a.
func TestModelsGiveTheReferenceValues(t *testing.T) {
	strikes, counts := numbers(t, d1Strikes), numbers(t, d1Counts)
	cold := make([]float64, len(strikes))
	for i := range cold {
		day := float64(i + 1)
		cold[i] = max(0, -8-(-8+9*math.Sin(2*math.Pi*day/37)+4*math.Cos(2*math.Pi*day/11)))
	}
	tables := tablesOf(t, []area.Area{{ID: "A1", Level: 1}},
		areaDays{"A1", day(t, "2025-11-01"), map[string][]float64{"alerts_n": counts, "alert_h": strikes, "tmax_c": cold}})
	got := Models(tables, winterPlan, []config.Model{
		{ID: "m", Outcome: series("alerts_n"), Family: "poisson", Adjust: []string{"season"}, Scope: "each",
			Exposures: []config.Exposure{{Series: series("alert_h"), Per: 1}, {Series: series("tmax_c"), Per: 10}}},
		{ID: "lags", Outcome: series("alerts_n"), Family: "poisson", Adjust: []string{"season"}, Scope: "each", Lags: 3,
			Exposures: []config.Exposure{{Series: series("alert_h"), Per: 1}}},
	})

	fit := row(t, got.Fit, "m.A1")
	if fit["n"] != int32(120) || fit["n_dropped"] != int32(0) || fit["evaluable"] != true || fit["seasons"] != int32(1) {
		t.Errorf("fit %v", fit)
	}
	near(t, "dispersion", fit["disp"], 1.123219428)
	near(t, "log-likelihood", fit["logl"], -273.7918634)
	near(t, "Ljung–Box p", fit["ljung_box_p"], 3.8e-7)

	s := row(t, got.Term, "m.A1|alert_h")
	near(t, "s", s["estimate"], .2694389171)
	near(t, "se of s, 7 lags", s["se_nw7"], .08296303564)
	// By sandwich of R, NeweyWest(m, lag = 33, prewhite = FALSE, adjust = TRUE).
	near(t, "se of s", s["se"], .06621930498)
	near(t, "naive se of s", s["se_naive"], .05264770505)
	near(t, "ratio", s["effect"], math.Exp(.2694389171))
	near(t, "E-value", s["e_value"], math.Exp(.2694389171)+math.Sqrt(math.Exp(.2694389171)*(math.Exp(.2694389171)-1)))
	near(t, "p alone in its family", s["p_bh"], s["p_value"].(float64))
	c := row(t, got.Term, "m.A1|tmax_c")
	near(t, "cold per 10", c["estimate"], .2561108427)
	near(t, "se of cold per 10, 7 lags", c["se_nw7"], .1288873041)

	sum := row(t, got.Term, "lags.A1|alert_h, lags 0 to 3")
	near(t, "sum over lags", sum["estimate"], .4004098840)
	near(t, "naive se of the sum", sum["se_naive"], .0689122602)
	for lag, want := range []float64{.1570811739, .0464862999, .1318050418, .0650373685} {
		near(t, fmt.Sprint("lag ", lag), row(t, got.Curve, fmt.Sprintf("lags.A1|alert_h|1|false|%d", lag))["fit"], want)
	}
	near(t, "cumulative", row(t, got.Curve, "lags.A1|alert_h|1|true|3")["fit"], .4004098840)
	if lags := row(t, got.Fit, "lags.A1"); lags["n"] != int32(117) || lags["dropped_reason"] != "3 exposure or lag unknown" {
		t.Errorf("of the fit with lags: %v days, %v", lags["n"], lags["dropped_reason"])
	}
}

// What cannot be answered has a row that says why, and no number.
func TestModelsThatAreNotEvaluable(t *testing.T) {
	few := make([]float64, 59)
	flat := make([]float64, 120)
	for i := range few {
		few[i] = float64(i % 7)
	}
	varies := numbers(t, d1Counts)
	tables := tablesOf(t, []area.Area{{ID: "C", Level: area.Country}, {ID: "C1", Parent: "C", Level: 1}, {ID: "C2", Parent: "C", Level: 1}, {ID: "D", Level: 1}},
		areaDays{"C", day(t, "2025-11-01"), map[string][]float64{"launched": varies}},
		areaDays{"C1", day(t, "2025-11-01"), map[string][]float64{"alerts_n": few, "tmin_c": few}},
		areaDays{"C2", day(t, "2025-11-01"), map[string][]float64{"alerts_n": varies, "tmin_c": flat}},
		areaDays{"D", day(t, "2025-11-01"), map[string][]float64{"alerts_n": varies, "tmin_c": varies}})
	model := config.Model{ID: "m", Outcome: series("alerts_n"), Family: "poisson", Adjust: []string{"season"}, Scope: "each",
		Exposures: []config.Exposure{{Series: series("tmin_c"), Per: 1}}}
	pooled := model
	pooled.ID, pooled.Scope = "pooled", "pooled"
	abroad := model
	abroad.ID = "abroad"
	abroad.Exposures = []config.Exposure{{Series: config.Series{Table: table.AreaDay.Name, Column: "launched", Area: "C"}, Per: 1}}
	got := Models(tables, winterPlan, []config.Model{model, pooled, abroad})

	for key, want := range map[string]string{
		"m.C1|tmin_c":     "59 days known, fewer than 60",
		"m.C2|tmin_c":     "the exposure does not vary",
		"pooled.C|tmin_c": "areas with 60 days known: 1, fewer than 5",
	} {
		term := row(t, got.Term, key)
		if term["evaluable"] != false || !strings.Contains(fmt.Sprint(term["reason"]), want) {
			t.Errorf("%s: evaluable %v because %v, want %s", key, term["evaluable"], term["reason"], want)
		}
		for _, name := range []string{"estimate", "se", "se_naive", "effect", "effect_lo", "effect_hi", "p_value", "p_bh", "e_value"} {
			if term[name] != nil {
				t.Errorf("%s: %s = %v", key, name, term[name])
			}
		}
	}
	if row(t, got.Term, "m.D|tmin_c")["evaluable"] != true {
		t.Error("an area of no country is not evaluated")
	}
	for i := range got.Fit.Rows() {
		if id := got.Fit.String("model_id").Value(i); id == "abroad.D" {
			t.Error("an area is set beside a series of another country")
		}
	}
	if got.Curve.Record().NumRows() != 0 {
		t.Error("models without lags have curves")
	}
}
