package notebook

import (
	"strings"
	"testing"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// printedBy returns what a cell of the models notebook prints, given one table
// with rows and all others empty.
func printedBy(t *testing.T, cell string, filled *table.Table) string {
	t.Helper()
	c := contents{tables: map[string]*table.Table{}}
	for _, s := range table.Outputs {
		c.tables[s.Name] = table.NewBuilder(s).Table()
	}
	if filled != nil {
		c.tables[filled.Schema.Name] = filled
	}
	outputs, err := models{c}.of(cell)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, o := range outputs {
		text.WriteString(strings.Join(o.Text, ""))
	}
	return text.String()
}

func TestModelsNotebookPrintsEvaluableRowsAndReasons(t *testing.T) {
	term := table.NewBuilder(table.ModelTerm)
	for i, code := range []string{"", "M0305", "M0101"} {
		term.Row()
		term.String("model_id", "m."+string(rune('A'+i)))
		term.String("term", "tmin_c")
		term.String("area_id", "UA80")
		term.Int32("areas_n", 1)
		term.String("y_series", "y")
		term.String("x_series", "x")
		term.Float64("x_per", -10)
		term.String("effect_scale", "ratio")
		term.String("family_id", "m.tmin_c")
		term.Bool("evaluable", code != "M0101")
		term.OptionalString("reason_code", code)
		if code == "M0101" {
			term.String("reason", "12 days known, fewer than 60")
			continue
		}
		term.Float64("estimate", 0.25)
		term.Float64("effect", 1.284)
		term.Float64("se", 0.3)
		term.Float64("se_naive", 0.2)
		if code == "" {
			term.Float64("effect_lo", 0.71)
			term.Float64("effect_hi", 2.31)
			term.Float64("p_bh", 0.0456)
		} else {
			term.String("reason", "41 days fitted, fewer than 60: no interval is published")
		}
	}
	terms := term.Table()
	if got, want := printedBy(t, "06_effects", terms), "m.A tmin_c: ratio 1.28 (0.71 to 2.31), p 0.046, error 1.5 times\n"+
		"m.B tmin_c: ratio 1.28 (not known to not known), p not known, error 1.5 times\n"; got != want {
		t.Errorf("effects:\n%s\nwant\n%s", got, want)
	}
	if got, want := printedBy(t, "16_reasons", terms), "model_term: M0101, 1 rows, such as: 12 days known, fewer than 60\n"+
		"model_term: M0305, 1 rows, such as: 41 days fitted, fewer than 60: no interval is published\n"; got != want {
		t.Errorf("reasons:\n%s\nwant\n%s", got, want)
	}

	level := table.NewBuilder(table.Changepoint)
	for idx := range int32(9) {
		level.Row()
		level.String("series_id", "alerts.UA80")
		level.String("plan_id", "alerts")
		level.String("area_id", "UA80")
		level.String("of_series", "area_day.alerts_n[UA80]")
		level.String("penalty_rule", "2 ln n")
		level.Int32("idx", idx)
		table.Optional(level.Date, "change_date", hour.Date(2025, 12, int(idx)), idx > 0)
		level.Int32("changes_n", 8)
		level.Float64("autocorrelation_r1", 0.578)
		level.Int32("n", 120)
		level.Int32("n_expected", 120)
		level.Float64("coverage", 1)
		level.Bool("evaluable", true)
	}
	if got, want := printedBy(t, "14_levels", level.Table()), "alerts.UA80, penalty 2 ln n: 8 changes in 120 days, r 0.58: "+
		"2025-12-01, 2025-12-02, 2025-12-03, 2025-12-04, 2025-12-05, 2025-12-06 …\n"; got != want {
		t.Errorf("levels:\n%s\nwant\n%s", got, want)
	}
}

func TestModelsNotebookOfARunWithoutAnalyses(t *testing.T) {
	for cell, want := range map[string]string{
		"04_fits": "", "06_effects": "", "08_lags": "no curve\n", "10_correlations": "no family is evaluable\n",
		"12_epochs": "0 of 0 evaluable\n", "14_levels": "", "16_reasons": "", "18_calibration": "this run has no calibration\n",
	} {
		if got := printedBy(t, cell, nil); got != want {
			t.Errorf("%s prints %q, want %q", cell, got, want)
		}
	}
}
