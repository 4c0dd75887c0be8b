package panel

import (
	"testing"

	"hardship/pipeline/table"
)

// March 2026 has 743 hours in Kyiv, October 2025 has 745.
func TestCoverageExpectsTheHoursOfTheMonth(t *testing.T) {
	s := from("2025-10-01", 182) // to the end of March
	r := build(t, s, hours("2025-10-26 00:00", nil, repeat(25, 5.0)...), hours("2026-03-28 23:00", nil, repeat(3, 5.0)...))
	for key, want := range map[string]cells{
		"UA80 temperature 2025-10-01 weather": {"n_expected": 745, "n_present": 25, "coverage": 25.0 / 745, "counted_in": "hours"},
		"UA80 temperature 2025-11-01 weather": {"n_expected": 720, "n_present": 0, "coverage": 0},
		"UA80 temperature 2026-02-01 weather": {"n_expected": 672},
		"UA80 temperature 2026-03-01 weather": {"n_expected": 743, "n_present": 3},
		"UA59 temperature 2026-03-01 none":    {"n_expected": 743, "n_present": 0, "coverage": 0},
		"UA59 alerts 2026-03-01 none":         {"n_expected": 31, "n_present": 0, "coverage": 0, "counted_in": "days"},
		"UA59 customers_out 2026-03-01 none":  {"n_expected": 31, "n_present": 0, "coverage": 0, "counted_in": "days"},
		"UA strikes 2026-03-01 none":          {"n_expected": 31, "n_present": 0, "coverage": 0, "counted_in": "nights"},
		"UA80 announced_off 2026-03-01 none":  {"n_expected": nil, "n_present": 0, "coverage": 0, "counted_in": "queue-days"},
		"UA80 observed_off 2026-03-01 none":   {"n_expected": nil, "n_present": 0, "coverage": 0, "counted_in": "household-days"},
	} {
		check(t, r.Coverage, key, want)
	}
	if rowOf(r.Coverage, "UA temperature 2026-03-01 none") >= 0 {
		t.Error("a country has a row of temperatures")
	}
	// Six measures of four oblasts and one of the country, for six months.
	if got := r.Coverage.Rows(); got != (6*4+1)*6 {
		t.Errorf("%d rows", got)
	}
}

func TestCoverageOfEveryMeasure(t *testing.T) {
	s := from("2026-02-01", 28)
	s.MergedAlerts = nil
	queue := func(group string) cells { return cells{"group_id": group, "groups_known": 10, "source_id": "page"} }
	r := build(t, s,
		hours("2026-02-01 00:00", nil, repeat(336, -5.0)...),
		hours("2026-02-01 00:00", cells{"source_id": "other"}, repeat(24, -5.0)...),
		outages(nil, [3]any{"2026-02-03 12:00", "2026-02-03 13:00", 1}, [3]any{"2026-02-08 00:00", "2026-02-08 12:00", 1}),
		outages(cells{"source_id": "utility"}, [3]any{"2026-02-20 00:00", "2026-02-22 00:00", 1}),
		slots("2026-02-05", off(24, "#"), queue("dtek:1.1")), slots("2026-02-05", off(24, "."), queue("dtek:1.2")),
		slots("2026-02-06", off(24, "#"), queue("dtek:1.1")), whole("2026-02-06", "absent", queue("dtek:1.2")),
		whole("2026-02-07", "pending", queue("dtek:1.2")),
		log(nil, [2]any{"2026-02-05 12:00", false}, [2]any{"2026-02-07 12:00", false}),
		nightly("2026-02-10", 7),
		strikes(bulletin("2026-02-20 00:00", "2026-02-21 00:00", cells{"time_precision": "day"}), bulletin("2026-02-25 12:00", "2026-02-25 13:00", nil)),
		alerts(nil, [2]string{"2026-02-01 00:00", "2026-02-01 01:00"}, [2]string{"2026-02-10 12:00", "2026-02-12 12:00"}, [2]string{"2026-02-20 23:00", "2026-02-21 00:00"}),
	)
	for key, want := range map[string]cells{
		"UA80 temperature 2026-02-01 weather":   {"n_present": 336, "coverage": 0.5},
		"UA80 temperature 2026-02-01 other":     {"n_present": 24, "n_expected": 672},
		"UA80 customers_out 2026-02-01 feeders": {"n_present": 4, "n_expected": 28}, // whole days: 4 to 7
		"UA80 customers_out 2026-02-01 utility": {"n_present": 2, "n_expected": 28},
		"UA80 announced_off 2026-02-01 page":    {"n_present": 3, "n_expected": 280, "coverage": 3.0 / 280},
		"UA80 observed_off 2026-02-01 log":      {"n_present": 3, "n_expected": nil, "coverage": nil},
		"UA80 strikes 2026-02-01 bulletins":     {"n_present": 8, "n_expected": 28}, // seven nights and a date, not the day
		"UA strikes 2026-02-01 bulletins":       {"n_present": 8},
		"UA80 alerts 2026-02-01 sirens":         {"n_present": 17, "n_expected": 28}, // 1 to 20, but not the three of the merged span
		"UA59 announced_off 2026-02-01 none":    {"n_present": 0, "coverage": 0},
	} {
		check(t, r.Coverage, key, want)
	}
}

func TestQueuesOfUnknownNumberHaveNoCoverage(t *testing.T) {
	r := build(t, from("2026-02-01", 28), slots("2026-02-05", off(24, "#"), nil))
	check(t, r.Coverage, "UA80 announced_off 2026-02-01 schedules", cells{"n_present": 1, "n_expected": nil, "coverage": nil})
}

// NaN never reaches a table: a dense hour without a value is a null.
func TestTablesHoldNoNaN(t *testing.T) {
	r := build(t, from("2026-02-01", 28), hours("2026-02-01 00:00", nil, repeat(30, -5.0)...), slots("2026-02-05", off(24, "#"), nil))
	for _, made := range []*table.Table{r.AreaDay, r.ColdSpell, r.StrikeNight, r.QueueDay, r.Coverage} {
		for c, column := range made.Schema.Columns {
			for row := range made.Rows() {
				if v, ok := made.Value(row, c).(float64); ok && v != v {
					t.Errorf("%s.%s is NaN in row %d", made.Schema.Name, column.Name, row)
				}
			}
		}
	}
}
