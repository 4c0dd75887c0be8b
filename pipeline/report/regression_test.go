package report

import (
	"math"
	"strings"
	"testing"
)

// regressed adds a regression of alerts on cold in an area; nan leaves it without an
// effect.
func (r *run) regressed(plan, area string, effect, p float64, reason, warnings string) {
	evaluable := reason == ""
	b := r.tables["model_fit"]
	b.Row()
	b.String("model_id", plan+"."+area)
	b.String("plan_id", plan)
	b.String("area_id", area)
	b.Int32("areas_n", 1)
	b.String("y_series", "area_day.alerts_n["+area+"]")
	b.String("x_series", "area_day.tmin_c["+area+"]")
	b.String("family_name", "poisson")
	b.String("adjusted_for", "strata")
	b.Int32("lags_d", 0)
	b.Int32("seasons", 1)
	b.Int32("n", 150)
	b.Int32("n_expected", 151)
	b.Float64("coverage", 0.99)
	b.Int32("n_dropped", 1)
	b.Bool("evaluable", evaluable)
	b.OptionalString("reason_code", reason)
	b.OptionalString("warnings", warnings)
	b = r.tables["model_term"]
	b.Row()
	b.String("model_id", plan+"."+area)
	b.String("term", "tmin_c")
	b.String("area_id", area)
	b.Int32("areas_n", 1)
	b.String("y_series", "area_day.alerts_n["+area+"]")
	b.String("x_series", "area_day.tmin_c["+area+"]")
	b.Float64("x_per", -10)
	b.String("x_unit", "°C")
	b.String("effect_scale", "ratio")
	b.String("family_id", plan+".tmin_c")
	b.Bool("evaluable", evaluable)
	b.OptionalString("reason_code", reason)
	set(b, "effect", effect)
	set(b, "effect_lo", effect/2)
	set(b, "effect_hi", effect*2)
	set(b, "p_bh", p)
}

// Every declared regression has its line, with what must be known of it beside it.
func TestRegressionsAreShownWithWhatIsKnownOfThem(t *testing.T) {
	if page := words(shippedInput(plainText)); strings.Contains(page, "The declared regressions") {
		t.Error("without a regression there is a section of them")
	}
	r := shipped(plainText)
	const misses, changed = "M0406 in simulated records of 150 days this finds too much", "M0407 alerts_n changes; days are compared within months"
	r.regressed("many", "UA80", 0.5, 0.01, "", misses)
	r.regressed("many", "UA32", 1.25, 0.4, "", "M0404 some levels left out; "+changed+"; "+misses)
	r.regressed("many", "UA12", math.NaN(), math.NaN(), "M0101", "")
	r.regressed("one", "UA80", 2, 0.3, "", changed)
	r.regressed("none", "UA80", math.NaN(), math.NaN(), "M0110", "")
	page := words(r.input())
	for _, want := range []string{
		"| `many` | air-raid alerts, for 10 °C less of lowest temperature | 2 of 3 | 0.50 to 1.25; adjusted p of 0.05 or less: 1 | M0406, M0407 in 1 |",
		"| `one` | air-raid alerts, for 10 °C less of lowest temperature | 1 of 1 | 2.00 (1.00 to 4.00) | M0407 |",
		"| `none` | air-raid alerts | 0 of 1 | *not evaluable* | M0110 |",
		"- `many`: in simulated records of 150 days this finds too much, 2 fits.",
		"- `many`: alerts\\_n changes; days are compared within months, 1 fit.",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(page, "some levels left out") {
		t.Error("the page lists what does not bear on how an answer is read")
	}
}
