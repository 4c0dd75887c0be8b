package analysis

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"hardship/pipeline/area"
	"hardship/pipeline/config"
)

var nan = math.NaN()

// d1Tables are D1 of methods.md 12 as one winter of an area: its strikes as hours
// of alert, its cold as highest temperature.
func d1Tables(t *testing.T, counts []float64) Tables {
	strikes := numbers(t, d1Strikes)
	cold := make([]float64, len(strikes))
	for i := range cold {
		day := float64(i + 1)
		cold[i] = max(0, -8-(-8+9*math.Sin(2*math.Pi*day/37)+4*math.Cos(2*math.Pi*day/11)))
	}
	return tablesOf(t, []area.Area{{ID: "A1", Level: 1}},
		areaDays{"A1", day(t, "2025-11-01"), map[string][]float64{"alerts_n": counts, "alert_h": strikes, "tmax_c": cold}})
}

func declare(id string, exposures ...string) config.Model {
	m := config.Model{ID: id, Outcome: series("alerts_n"), Family: "poisson", Adjust: []string{"season"}, Scope: "each"}
	for _, x := range exposures {
		m.Exposures = append(m.Exposures, config.Exposure{Series: series(x), Per: 1})
	}
	return m
}

// methods.md 9.7, 9.8 and 9.9, with the n/(n−k) of the published errors.
func TestInteractionAttributableAndInterruptedGiveTheReferenceValues(t *testing.T) {
	tables := d1Tables(t, numbers(t, d1Counts))
	between := declare("between", "alert_h", "tmax_c")
	between.Interaction = &config.Interaction{Column: "alert_h", From: 0, To: 1, By: "tmax_c", ByFrom: 0, ByTo: 10}
	goesWith := declare("with", "alert_h", "tmax_c")
	goesWith.Attributable = true
	broken := declare("broken")
	last := day(t, "2025-12-31") // the 61st day
	broken.Interrupted = &last
	line := broken
	line.ID, line.Family = "line", "gaussian"
	got := Models(tables, winterPlan, []config.Model{between, goesWith, broken, line})

	ratio := row(t, got.Term, "between.A1|alert_h × tmax_c")
	near(t, "ratio of ratios", ratio["estimate"], 10*.0174912750)
	near(t, "its naive se", ratio["se_naive"], 10*.0159715811)
	near(t, "its se of 7 lags", ratio["se_nw7"], 10*.0230273635*math.Sqrt(120./116))
	if ratio["effect_scale"] != "ratio of ratios" || ratio["e_value"] != nil {
		t.Errorf("%v", ratio)
	}
	cold, warm := row(t, got.Term, "between.A1|alert_h, a day with tmax_c at 10"), row(t, got.Term, "between.A1|alert_h, a day with tmax_c at 0")
	near(t, "excess on the additive scale", row(t, got.Term, "between.A1|alert_h, a day more with tmax_c at 10 than at 0")["estimate"],
		cold["estimate"].(float64)-warm["estimate"].(float64))
	near(t, "what is printed is what was estimated", cold["effect"], cold["estimate"].(float64))

	number := row(t, got.Term, "with.A1|alert_h, count that goes with it")
	near(t, "attributable", number["effect"], 110.1494104)
	near(t, "its naive se", number["se_naive"], 22.11840869)
	near(t, "its se of 7 lags", number["se_nw7"], 34.30843943*math.Sqrt(120./117))
	near(t, "its share", row(t, got.Term, "with.A1|alert_h, share that goes with it")["effect"], .1631843117)

	level := row(t, got.Term, "broken.A1|level from 2025-12-31")
	near(t, "level", level["estimate"], -.4184342291)
	near(t, "its naive se", level["se_naive"], .1457225110)
	near(t, "its se of 7 lags", level["se_nw7"], .1867569026*math.Sqrt(120./116))
	slope := row(t, got.Term, "broken.A1|slope from 2025-12-31")
	near(t, "slope", slope["estimate"], -.0180692521)
	near(t, "its naive se", slope["se_naive"], .0045463884)
	near(t, "level by least squares", row(t, got.Term, "line.A1|level from 2025-12-31")["effect"], -2.3687320552)
	if fit := row(t, got.Fit, "broken.A1"); fit["x_series"] != "2025-12-31" || fit["n"] != int32(120) {
		t.Errorf("%v", fit)
	}
}

// The cold of D1 is max(0, −8 − temp): declared so, the exposure is the same.
func TestAnExposureBelowAValue(t *testing.T) {
	temp, counts := make([]float64, 120), numbers(t, d1Counts)
	for i := range temp {
		day := float64(i + 1)
		temp[i] = -8 + 9*math.Sin(2*math.Pi*day/37) + 4*math.Cos(2*math.Pi*day/11)
	}
	tables := tablesOf(t, []area.Area{{ID: "A1", Level: 1}}, areaDays{"A1", day(t, "2025-11-01"),
		map[string][]float64{"alerts_n": counts, "alert_h": numbers(t, d1Strikes), "tmin_c": temp}})
	m := declare("m", "alert_h", "tmin_c")
	eight := -8.0
	m.Exposures[1].Below = &eight
	got := Models(tables, winterPlan, []config.Model{m})
	cold := row(t, got.Term, "m.A1|tmin_c below -8")
	near(t, "cold", cold["estimate"], .02561108427)
	if cold["x_series"] != "area_day.tmin_c[A1] below -8" {
		t.Errorf("%v", cold["x_series"])
	}
}

// methods.md 9.3: y2 of D1.
func TestNegativeBinomialGivesTheReferenceValues(t *testing.T) {
	counts := numbers(t, d1Counts)
	for _, d := range []int{8, 11, 22, 33, 36, 47, 58, 69, 72, 83, 94, 97, 105, 108, 119} {
		counts[d-1] *= 3
	}
	m := declare("nb", "alert_h", "tmax_c")
	m.Family = "negative_binomial"
	got := Models(d1Tables(t, counts), winterPlan, []config.Model{m})
	near(t, "s", row(t, got.Term, "nb.A1|alert_h")["estimate"], .2224063190)
	near(t, "naive se of s", row(t, got.Term, "nb.A1|alert_h")["se_naive"], .0859857084)
	near(t, "cold", row(t, got.Term, "nb.A1|tmax_c")["estimate"], .0293125669)
	fit := row(t, got.Fit, "nb.A1")
	near(t, "theta", fit["theta"], 3.337922261)
	near(t, "log-likelihood", fit["logl"], -338.5039725)

	plain := row(t, Models(d1Tables(t, numbers(t, d1Counts)), winterPlan, []config.Model{m}).Fit, "nb.A1")
	if warnings := fmt.Sprint(plain["warnings"]); !strings.HasPrefix(warnings, "M0403 θ is not told apart from infinity") {
		t.Errorf("D1's own counts: %s", warnings)
	}
}

var estimates = []string{"estimate", "se", "se_naive", "effect", "effect_lo", "effect_hi", "p_value", "p_bh", "e_value", "e_value_limit"}

// Data that no model has an answer for give a code and its words, and no number.
func TestBadDataGiveACodeAndNoNumber(t *testing.T) {
	varies, strikes := numbers(t, d1Counts), numbers(t, d1Strikes)
	of := func(f func(i int) float64) []float64 {
		out := make([]float64, 120)
		for i := range out {
			out[i] = f(i)
		}
		return out
	}
	same := func(v float64) []float64 { return of(func(int) float64 { return v }) }
	for _, tt := range []struct {
		name        string
		y, x, other []float64
		change      func(*config.Model)
		term, code  string
	}{
		{"nothing is known", same(nan), varies, strikes, nil, "alert_h", "M0101"},
		{"a day short", of(func(i int) float64 { return [2]float64{varies[i], nan}[min(1, i/59)] }), strikes, varies, nil, "alert_h", "M0101"},
		{"every other day is a gap, and lags need two in a row", of(func(i int) float64 { return varies[i] }), of(func(i int) float64 { return [2]float64{strikes[i], nan}[i%2] }), varies,
			func(m *config.Model) { m.Lags = 1 }, "alert_h, lags 0 to 1", "M0101"},
		{"the outcome is zero throughout", same(0), strikes, varies, nil, "alert_h", "M0103"},
		{"the outcome is flat", same(3), strikes, varies, nil, "alert_h", "M0102"},
		{"the exposure is flat", varies, same(2), strikes, nil, "alert_h", "M0102"},
		{"two exposures are one", varies, strikes, strikes, nil, "alert_h", "M0201"},
		{"one is a line of the other, the first in order too", varies, strikes, of(func(i int) float64 { return 7 - 2*strikes[i] }), nil, "tmax_c", "M0201"},
		{"events above a value only", of(func(i int) float64 { return float64(i / 60 * (1 + i%3)) }), of(func(i int) float64 { return float64(i / 60) }), varies, nil, "alert_h", "M0202"},
		{"a negative count", of(func(i int) float64 { return varies[i] - 4 }), strikes, varies, nil, "alert_h", "M0104"},
		{"counts over three hundred orders of magnitude", of(func(i int) float64 { return math.Floor(math.Exp(690 * math.Mod(float64(24*i*i)*math.Phi, 1))) }),
			of(func(i int) float64 { return math.Sin(float64(24 * i)) }), strikes, nil, "alert_h", "M0203"},
		{"an interruption outside the winters", varies, strikes, varies, func(m *config.Model) { d := day(t, "2025-07-01"); m.Interrupted = &d }, "level from 2025-07-01", "M0107"},
		{"an interruption after a week", varies, strikes, varies, func(m *config.Model) { d := day(t, "2025-11-08"); m.Interrupted = &d }, "slope from 2025-11-08", "M0105"},
		{"no day before it is known", of(func(i int) float64 {
			if i < 50 {
				return nan
			}
			return varies[i]
		}), strikes, varies, func(m *config.Model) { d := day(t, "2025-12-20"); m.Interrupted = &d }, "level from 2025-12-20", "M0105"},
		{"an interaction with a flat exposure", varies, strikes, same(1), func(m *config.Model) {
			m.Interaction = &config.Interaction{Column: "alert_h", To: 1, By: "tmax_c", ByTo: 10}
		}, "alert_h × tmax_c", "M0201"},
		{"counts that go with a flat exposure", varies, same(1), strikes, func(m *config.Model) { m.Attributable = true }, "alert_h, count that goes with it", "M0102"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tables := tablesOf(t, []area.Area{{ID: "A1", Level: 1}},
				areaDays{"A1", day(t, "2025-11-01"), map[string][]float64{"sched_off_h_hi": tt.y, "alert_h": tt.x, "tmax_c": tt.other}})
			m := declare("m", "alert_h", "tmax_c")
			m.Outcome = series("sched_off_h_hi")
			if tt.change != nil {
				tt.change(&m)
			}
			got := Models(tables, winterPlan, []config.Model{m})
			term := row(t, got.Term, "m.A1|"+tt.term)
			if term["evaluable"] != false || term["reason_code"] != tt.code || term["reason"] == nil {
				t.Errorf("evaluable %v, %v: %v; want %s", term["evaluable"], term["reason_code"], term["reason"], tt.code)
			}
			for _, name := range estimates {
				if term[name] != nil {
					t.Errorf("%s = %v", name, term[name])
				}
			}
			fit := row(t, got.Fit, "m.A1")
			if fit["n"].(int32)+fit["n_dropped"].(int32) != fit["n_expected"].(int32) || fit["n_dropped"].(int32) > 0 && fit["dropped_reason"] == nil {
				t.Errorf("%v days of %v, %v left out because %v", fit["n"], fit["n_expected"], fit["n_dropped"], fit["dropped_reason"])
			}
		})
	}
}

// An exposure that repeats only the calendar leaves the others as they are.
func TestAnExposureThatRepeatsTheCalendarHarmsNoOther(t *testing.T) {
	flat := make([]float64, 120)
	tables := tablesOf(t, []area.Area{{ID: "A1", Level: 1}}, areaDays{"A1", day(t, "2025-11-01"),
		map[string][]float64{"alerts_n": numbers(t, d1Counts), "alert_h": numbers(t, d1Strikes), "tmax_c": flat}})
	got := Models(tables, winterPlan, []config.Model{declare("both", "alert_h", "tmax_c"), declare("alone", "alert_h")})
	near(t, "beside a flat one", row(t, got.Term, "both.A1|alert_h")["estimate"], row(t, got.Term, "alone.A1|alert_h")["estimate"].(float64))
	if code := row(t, got.Term, "both.A1|tmax_c")["reason_code"]; code != string(DoesNotVary) {
		t.Errorf("the flat one: %v", code)
	}
	if fit := row(t, got.Fit, "both.A1"); fit["aliased"] != "tmax_c" {
		t.Errorf("aliased %v", fit["aliased"])
	}
}

// countryOf is a country whose areas have D1's counts, each turned by some days.
func countryOf(t *testing.T, areas int, empty map[int]bool) Tables {
	list := []area.Area{{ID: "C", Level: area.Country}}
	var days []areaDays
	counts, strikes := numbers(t, d1Counts), numbers(t, d1Strikes)
	for a := range areas {
		id := fmt.Sprintf("C%02d", a)
		list = append(list, area.Area{ID: area.ID(id), Parent: "C", Level: 1})
		y, x := make([]float64, 120), make([]float64, 120)
		for i := range y {
			y[i], x[i] = counts[(i+7*a)%120], strikes[(i+7*a+a*a)%120]
			if empty[a] {
				y[i] = 0
			}
		}
		days = append(days, areaDays{id, day(t, "2025-11-01"), map[string][]float64{"alerts_n": y, "alert_h": x}})
	}
	return tablesOf(t, list, days...)
}

// methods.md 9.4: ten areas are clusters enough for errors, five to nine are not
// and are marked, and the interval rests on days; four have no answer; areas without
// events are left out first and named.
func TestFewAreas(t *testing.T) {
	m := declare("m", "alert_h")
	m.Scope = "pooled"
	for _, tt := range []struct {
		areas              int
		empty              map[int]bool
		code               any
		estimate, clusters bool
	}{
		{4, nil, "M0301", false, false},
		{5, map[int]bool{2: true}, "M0301", false, false},
		{5, nil, nil, true, false},
		{10, map[int]bool{0: true}, nil, true, false},
		{11, map[int]bool{0: true}, nil, true, true},
	} {
		got := Models(countryOf(t, tt.areas, tt.empty), winterPlan, []config.Model{m})
		term, fit := row(t, got.Term, "m.C|alert_h"), row(t, got.Fit, "m.C")
		if term["reason_code"] != tt.code || term["evaluable"] != tt.estimate {
			t.Errorf("%d areas: evaluable %v, %v: %v; want %v", tt.areas, term["evaluable"], term["reason_code"], term["reason"], tt.code)
		}
		for _, name := range []string{"estimate", "se", "effect", "effect_lo", "effect_hi", "p_value", "p_bh", "e_value_limit"} {
			if (term[name] != nil) != tt.estimate {
				t.Errorf("%d areas: %s = %v", tt.areas, name, term[name])
			}
		}
		if marked := strings.Contains(fmt.Sprint(fit["warnings"]), "M0302"); (term["se_area"] != nil) != tt.clusters || term["se_nw7"] != nil || marked != (tt.estimate && !tt.clusters) {
			t.Errorf("%d areas: errors of clusters %v, of 7 lags %v, warnings %v", tt.areas, term["se_area"], term["se_nw7"], fit["warnings"])
		}
		if want := int32(tt.areas - len(tt.empty)); fit["areas_n"] != want {
			t.Errorf("%d areas: %v in the fit, want %d", tt.areas, fit["areas_n"], want)
		}
		for a := range tt.empty {
			if want := fmt.Sprintf("C%02d: no events", a); fit["areas_dropped"] != want {
				t.Errorf("%d areas: left out %v, want %s", tt.areas, fit["areas_dropped"], want)
			}
		}
	}
}

// Fewer than sixty fitted days have an estimate without an interval, whatever the
// plan takes for enough: lags and strata may leave fewer than are known.
func TestFewDaysHaveNoInterval(t *testing.T) {
	plan := winterPlan
	plan.LeastDays = 30
	for _, tt := range []struct {
		days int
		code any
	}{{59, "M0305"}, {60, nil}} {
		tables := tablesOf(t, []area.Area{{ID: "A1", Level: 1}}, areaDays{"A1", day(t, "2025-11-01"), map[string][]float64{
			"alerts_n": numbers(t, d1Counts)[:tt.days], "alert_h": numbers(t, d1Strikes)[:tt.days]}})
		got := Models(tables, plan, []config.Model{declare("m", "alert_h")})
		term := row(t, got.Term, "m.A1|alert_h")
		if term["reason_code"] != tt.code || term["evaluable"] != true || term["estimate"] == nil || term["se"] == nil {
			t.Errorf("%d days: %v", tt.days, term)
		}
		for _, name := range []string{"effect_lo", "effect_hi", "p_value", "p_bh", "e_value_limit"} {
			if (term[name] == nil) != (tt.code != nil) {
				t.Errorf("%d days: %s = %v", tt.days, name, term[name])
			}
		}
	}
}

// A winter without events has no level of its own: it is left out and counted,
// whether levels are eliminated or columns.
func TestAWinterWithoutEventsIsLeftOut(t *testing.T) {
	y, x := make([]float64, 485), make([]float64, 485)
	counts, strikes := numbers(t, d1Counts), numbers(t, d1Strikes)
	for i := range y {
		y[i], x[i] = nan, nan
		if i < 120 {
			y[i], x[i] = counts[i], strikes[i]
		}
		if i >= 365 {
			y[i], x[i] = 0, strikes[i-365]
		}
	}
	tables := tablesOf(t, []area.Area{{ID: "A1", Level: 1}}, areaDays{"A1", day(t, "2024-11-01"), map[string][]float64{"alerts_n": y, "alert_h": x}})
	columns := declare("columns", "alert_h")
	columns.Attributable = true
	got := Models(tables, winterPlan, []config.Model{declare("eliminated", "alert_h"), columns})
	near(t, "estimate", row(t, got.Term, "columns.A1|alert_h")["estimate"], row(t, got.Term, "eliminated.A1|alert_h")["estimate"].(float64))
	for _, id := range []string{"columns.A1", "eliminated.A1"} {
		fit := row(t, got.Fit, id)
		if fit["n"] != int32(120) || fit["seasons"] != int32(1) || fit["dropped_reason"] != "120 strata without events, or with one day" {
			t.Errorf("%s: %v", id, fit)
		}
	}
	if row(t, got.Term, "columns.A1|alert_h, count that goes with it")["estimate"] == nil {
		t.Error("no count that goes with the exposure")
	}
}

// Correlations and ratios without an answer have their codes too.
func TestCorrelationsAndRatiosHaveCodes(t *testing.T) {
	tables := d1Tables(t, make([]float64, 120))
	plan := winterPlan
	plan.MinShiftDays, plan.LeastSpellDays = 7, 5
	plan.Pairs = []config.Pair{{X: series("alerts_n"), Y: series("alert_h")}, {X: series("tmin_c"), Y: series("alert_h")}}
	ccf := Correlations(tables, plan)
	codes := map[string]bool{}
	for i := range ccf.Rows() {
		codes[ccf.String("reason_code").Value(i)] = true
		if ccf.Float64("r").IsValid(i) {
			t.Errorf("row %d has r = %v", i, ccf.Float64("r").Value(i))
		}
	}
	if len(codes) != 2 || !codes["M0101"] || !codes["M0102"] {
		t.Errorf("codes %v", codes)
	}
	plan.Weapons = []string{"drone"}
	ratios := Ratios(tables, "A1", "rule", plan)
	if ratios.Rows() != 1 || ratios.String("reason_code").Value(0) != "M0101" {
		t.Errorf("%d ratios, the first %v", ratios.Rows(), row(t, ratios, "A1|2025-26|rule|drone"))
	}
}
