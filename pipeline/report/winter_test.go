package report

import (
	"strings"
	"testing"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// season adds a winter of an area; what cells does not hold is unknown.
func (r *run) season(id area.ID, label string, cells map[string]float64) {
	b := r.tables["season"]
	b.Row()
	b.String("area_id", string(id))
	b.String("season", label)
	for _, c := range table.Season.Columns {
		if v, ok := cells[c.Name]; ok || !c.Null && c.Unit != "" || strings.HasSuffix(c.Name, "_coverage") {
			set(b, c.Name, v)
		}
	}
}

// withCase is the run shipped with winters, and with a county of another country
// as a case apart, and what else is added.
func withCase(more ...func(*run)) Input {
	r := shipped(plainText)
	r.areas = append(r.areas, area.Area{ID: "US1", Level: 1, English: "Cold County", Location: kyiv()})
	r.season("UA", "2025-26", map[string]float64{"launched_total": 27490, "attack_nights": 150, "bulletin_nights": 151})
	r.season("UA80", "2024-25", map[string]float64{"tmin_known_d": 151, "tmin_coverage": 1, "tmin_lowest_c": -10.8, "cold_le_m10_d": 2, "cold_le_m20_d": 0})
	r.season("UA80", "2025-26", map[string]float64{"tmean_known_d": 150, "spells": 2, "spell_d": 17})
	r.season("US1", "2018-19", map[string]float64{"tmin_known_d": 151, "tmin_coverage": 1, "tmin_lowest_c": -30.5, "cold_le_m10_d": 28, "cold_le_m20_d": 6, "customers_out_known_d": 151, "customers_out_coverage": 0.99, "customers_out_ch_lo": 3058835})
	for i, hours := range []float64{1849, 73712, 3481} {
		r.areaDay("US1", hour.Date(2019, 1, 29+i), map[string]float64{"tmin_c": []float64{-23, -30.5, -29}[i], "out_ch_lo": hours, "out_coverage": 1})
	}
	b := r.tables["model_term"]
	b.Row()
	for name, v := range map[string]string{
		"model_id": "customers_cold.US1", "term": "cold", "area_id": "US1", "y_series": "area_day.out_ch_lo", "x_series": "area_day.tmin_c", "effect_scale": "ratio", "family_id": "cold",
	} {
		b.String(name, v)
	}
	for name, v := range map[string]float64{"areas_n": 1, "x_per": -10, "effect": 0.34, "effect_lo": 0.08, "effect_hi": 1.44} {
		set(b, name, v)
	}
	b.Bool("evaluable", true)
	for _, add := range more {
		add(r)
	}
	in := r.input()
	in.Focus = []area.ID{"UA80"}
	in.FocusFirst, in.FocusEnd = hour.Date(2026, 1, 1), hour.Date(2026, 3, 1)
	return in
}

// A winter's row shows what its area has, leaves out what no winter has, and
// says what is unknown; an area of another country stands by itself, and nothing
// is said of both.
func TestWinterByWinter(t *testing.T) {
	text := words(withCase())
	for name, want := range map[string]string{
		"columns that the area has anything in":       "| Winter | Lowest | Days to −10 °C, −20 °C | Cold spells, days | Temperature known |",
		"zero as a number, unknown as unknown":        "| 2024–25 | −10.8 °C | 2, 0 | *not known* | 100 % |",
		"the country's launches":                      "| 2025–26 | 27 490 | 150 of 151 |",
		"the case apart, by its own name":             "## A case apart: Cold County",
		"its rows":                                    "| 2018–19 | −30.5 °C | 28, 6 | 100 % | 3 058 835 | 99 % |",
		"its coldest day beside the days round it":    "−30.5 °C on 30 January 2019, its coldest day: 73 712 customer-hours without power, 1849 the day before and 3481 the day after.",
		"the declared effect with interval and words": "for 10 °C less of lowest temperature",
		"that it is no cause":                         "is 0.34 (95 % interval 0.08 to 1.44): association, not cause.",
		"the headline's one country":                  "beside them Cold County",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("does not say %s: %q", name, want)
		}
	}
	if strings.Contains(text, "Cold County, day by day") {
		t.Error("a case apart has a timeline among the areas of the country")
	}
	if t.Failed() {
		t.Log(text)
	}
	if text := words(shippedInput(plainText)); strings.Contains(text, "A case apart") || strings.Contains(text, "Winter by winter") {
		t.Error("sections of winters and of a case apart without any")
	}
}
