package pipeline_test

import (
	"strings"
	"testing"

	"hardship/pipeline/table"
)

// The shipped run states what its numbers rest on, with its own settings.
func TestAssumptionsAreThoseOfTheConfiguration(t *testing.T) {
	s, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	got := s.Tables[table.Assumption.Name]
	names, applies, assumed, by := got.String("assumption_name"), got.String("applies_to"), got.String("assumed"), got.String("set_by")
	rows := map[string]string{}
	for row := range got.Rows() {
		key := names.Value(row) + " | " + applies.Value(row)
		if _, twice := rows[key]; twice {
			t.Errorf("%s stands twice", key)
		}
		rows[key] = assumed.Value(row) + " by " + by.Value(row)
		if number := got.Float64("assumed_number"); number.IsNull(row) && strings.Trim(assumed.Value(row), "0123456789.") == "" {
			t.Errorf("%s: %q is a number and is not given as one", key, assumed.Value(row))
		}
	}
	for key, want := range map[string]string{
		"cold spell | cold_spell.tmean_lt_m10_5d":                                                   "tmean_lt_m10_5d by configuration",
		"season | ccf, rate_ratio, model_fit, epoch, season":                                        "November to March by configuration",
		"persons per customer, where an area does not say | hardship.ph_*":                          "2.4 by program",
		"home | hardship, scenarios *.tau60.gain3":                                                  "cools without power with a time constant of 60 h towards 3 K above the air outside; heated to 20 °C with one of 6 h by program",
		"home | hardship, scenarios *.heat_stays":                                                   "stays at 20 °C by program",
		"publication lag | all, districts and queues":                                               "14 by configuration",
		"least coverage of a day's temperature | area_day":                                          "0.75 by program",
		"zones in which dates may be meant | pause_reading":                                         "Europe/Kyiv, Europe/Moscow by configuration",
		"baseline of a pause | pause_result":                                                        "56 by configuration",
		"least coverage of the base period | area_day.tn10_c, t05_c":                                "0.8 by program",
		"base period of the climate | area_day.tn10_c, t05_c, ecf_c2; season.csdi_d, ecf_lowest_c2": "1991-01-01 to before 2021-01-01, of the source of the day; M0109 where it does not reach by configuration",
		"the series changes | pause_result alerts_n, alert_h":                                       "2025-12-01 to before 2026-01-01: since December 2025 alerts are declared mostly by raion by configuration",
		"adjusted for | model_fit alerts_cold":                                                      "strata by configuration",
		"event | epoch customers_after_frost":                                                       "≤ -10 after 7 days above by configuration",
		"least areas to set outages beside strikes | model_fit, epoch":                              "5 by program",
		"publisher whose rows make totals | strike_night, area_day.launched":                        "kpszsu by configuration",
	} {
		if rows[key] != want {
			t.Errorf("%s is %q, want %q", key, rows[key], want)
		}
	}
}
