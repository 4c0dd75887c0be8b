package panel

import (
	"slices"
	"testing"

	"hardship/pipeline/hour"
	"hardship/pipeline/index"
	"hardship/pipeline/table"
)

// The limits are those of methods.md 4.3: coverage of 0.75 or more and no gap
// of more than 4 hours, so 18 of 24, 18 of 23 and 19 of 25 hours.
func TestDailyTemperatureNeedsCoverage(t *testing.T) {
	for _, tt := range []struct {
		name  string
		day   string
		temps []any
		want  cells
	}{
		{"a whole day", "2026-01-29", append(repeat(23, -2.0), -26.0),
			cells{"tmin_c": -26, "tmean_c": -3, "tmax_c": -2, "t_n_present": 24, "t_coverage": 1, "t_longest_gap_h": 0, "hours_in_day": 24}},
		{"18 of 24 hours", "2026-01-29", slices.Concat(repeat(6, -1.0), repeat(3, nil), repeat(6, -1.0), repeat(3, nil), repeat(6, -7.0)),
			cells{"tmin_c": -7, "tmean_c": -3, "tmax_c": -1, "t_n_present": 18, "t_coverage": 0.75, "t_longest_gap_h": 3}},
		{"17 of 24 hours", "2026-01-29", slices.Concat(repeat(6, -1.0), repeat(3, nil), repeat(6, -1.0), repeat(4, nil), repeat(5, -7.0)),
			cells{"tmin_c": nil, "tmean_c": nil, "tmax_c": nil, "t_n_present": 17, "t_longest_gap_h": 4, "hdd_eu_kd": nil, "dh18_kh": nil, "cold_le_0": nil}},
		{"a gap of 4 hours", "2026-01-29", slices.Concat(repeat(4, nil), repeat(20, -1.0)),
			cells{"tmin_c": -1, "t_n_present": 20, "t_longest_gap_h": 4}},
		{"a gap of 5 hours", "2026-01-29", slices.Concat(repeat(19, -1.0), repeat(5, nil)),
			cells{"tmin_c": nil, "t_n_present": 19, "t_longest_gap_h": 5, "dh18_kh": 19 * 24}}, // C10 asks for coverage only
		{"18 of 23 hours, where clocks go forward", "2026-03-29", slices.Concat(repeat(9, -1.0), repeat(3, nil), repeat(9, -1.0), repeat(2, nil)),
			cells{"tmin_c": -1, "hours_in_day": 23, "t_n_present": 18, "t_coverage": 18.0 / 23}},
		{"17 of 23 hours", "2026-03-29", slices.Concat(repeat(9, -1.0), repeat(3, nil), repeat(8, -1.0), repeat(3, nil)),
			cells{"tmin_c": nil, "t_n_present": 17}},
		{"19 of 25 hours, where clocks go back", "2025-10-26", slices.Concat(repeat(9, -1.0), repeat(3, nil), repeat(10, -1.0), repeat(3, nil)),
			cells{"tmin_c": -1, "hours_in_day": 25, "t_n_present": 19, "t_coverage": 0.76}},
		{"18 of 25 hours", "2025-10-26", slices.Concat(repeat(9, -1.0), repeat(3, nil), repeat(9, -1.0), repeat(4, nil)),
			cells{"tmin_c": nil, "t_n_present": 18}},
		{"no hour", "2026-01-29", nil,
			cells{"tmin_c": nil, "t_n_present": 0, "t_coverage": 0, "t_longest_gap_h": 24, "t_source_id": nil, "dh18_kh": nil, "wchill_min_c": nil}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := build(t, from(tt.day, 1), hours(tt.day+" 00:00", nil, tt.temps...))
			check(t, r.AreaDay, "UA80 "+tt.day, tt.want)
		})
	}
}

func TestHoursOutsideTheDayAreOfOtherDays(t *testing.T) {
	// The hours before and after are UTC hours of the neighbouring civil days.
	temps := slices.Concat([]any{-30.0}, repeat(24, -1.0), []any{-30.0})
	r := build(t, from("2026-01-29", 1), hours("2026-01-28 23:00", nil, temps...))
	check(t, r.AreaDay, "UA80 2026-01-29", cells{"tmin_c": -1, "t_n_present": 24})
}

// The reference sums are those of methods.md C10 and C6.
func TestDegreeHoursAreScaledToTheWholeDay(t *testing.T) {
	for _, tt := range []struct {
		name  string
		temps []any
	}{
		{"24 hours at −20 °C", repeat(24, -20.0)},
		{"23 of 24 hours at −20 °C", append(repeat(23, -20.0), nil)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := build(t, from("2026-01-29", 1), hours("2026-01-29 00:00", nil, tt.temps...))
			check(t, r.AreaDay, "UA80 2026-01-29", cells{"dh18_kh": 912, "dh0_kh": 480, "hdd_eu_kd": 38})
		})
	}
}

// Methods.md C1: the project's thresholds count equality, "down to −20".
func TestColdDayThresholdsCountEquality(t *testing.T) {
	for _, tt := range []struct {
		tmin float64
		want cells
	}{
		{-20.0, cells{"cold_le_m20": true, "cold_le_m15": true, "cold_le_0": true}},
		{-19.9, cells{"cold_le_m20": false, "cold_le_m15": true, "cold_le_m10": true, "cold_le_m5": true}},
		{0, cells{"cold_le_m5": false, "cold_le_0": true}},
		{0.1, cells{"cold_le_0": false}},
	} {
		r := build(t, from("2026-01-29", 1), hours("2026-01-29 00:00", nil, append(repeat(23, 1.0), tt.tmin)...))
		check(t, r.AreaDay, "UA80 2026-01-29", tt.want)
	}
}

func TestOneSourceServesADay(t *testing.T) {
	s := from("2026-01-29", 1)
	s.Sources = []string{"second", "first"} // declared order is not that of the names
	first := hours("2026-01-29 00:00", cells{"source_id": "first"}, repeat(24, -5.0)...)
	gappy := hours("2026-01-29 00:00", cells{"source_id": "second"}, repeat(12, -9.0)...)
	for _, tt := range []struct {
		name   string
		tables []*table.Table
		want   cells
		flags  string
	}{
		{"the first declared", []*table.Table{first, hours("2026-01-29 00:00", cells{"source_id": "second"}, repeat(20, -9.0)...)},
			cells{"t_source_id": "second", "tmin_c": -9, "tmax_c": -9, "t_n_present": 20}, "temperature_gaps two_sources"},
		{"the next, if the first has too few hours", []*table.Table{gappy, first},
			cells{"t_source_id": "first", "tmin_c": -5, "t_n_present": 24}, "two_sources"},
		{"the one with most hours, if none has enough", []*table.Table{gappy, hours("2026-01-29 00:00", cells{"source_id": "first"}, repeat(13, -5.0)...)},
			cells{"t_source_id": "first", "tmin_c": nil, "t_n_present": 13}, "temperature_gaps two_sources"},
		{"one alone", []*table.Table{first}, cells{"t_source_id": "first"}, ""},
		{"declared sources come before others", []*table.Table{first, hours("2026-01-29 00:00", cells{"source_id": "also"}, repeat(24, 3.0)...)},
			cells{"t_source_id": "first", "tmin_c": -5}, "two_sources"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := build(t, s, tt.tables...)
			check(t, r.AreaDay, "UA80 2026-01-29", tt.want)
			checkFlags(t, r.AreaDay, "UA80 2026-01-29", tt.flags)
		})
	}
}

func TestTheLatestVersionThatTheAsOfKnowsHolds(t *testing.T) {
	s := from("2026-01-29", 1)
	early := hours("2026-01-29 00:00", cells{"first_seen_utc": "2026-01-30 01:00"}, repeat(24, -5.0)...)
	late := hours("2026-01-29 00:00", cells{"first_seen_utc": "2026-02-02 01:00"}, repeat(24, -6.0)...)
	beyond := hours("2026-01-29 00:00", cells{"first_seen_utc": s.AsOf + 1}, repeat(24, -7.0)...)
	for _, tt := range []struct {
		name   string
		tables []*table.Table
		want   any
	}{
		{"the later of two", []*table.Table{early, late}, -6},
		{"whatever order they come in", []*table.Table{late, early}, -6},
		{"not one after the as-of", []*table.Table{beyond, early, late}, -6},
		{"none, if all are after the as-of", []*table.Table{beyond}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := build(t, s, tt.tables...)
			check(t, r.AreaDay, "UA80 2026-01-29", cells{"tmin_c": tt.want})
		})
	}
}

func TestAVersionWithoutAReadingTakesTheReadingAway(t *testing.T) {
	whole := hours("2026-01-29 00:00", cells{"first_seen_utc": "2026-01-30 01:00"}, repeat(24, -5.0)...)
	later := func(changes cells) *table.Table {
		changes["first_seen_utc"] = "2026-01-31 01:00"
		return hours("2026-01-29 23:00", changes, -11.0)
	}
	for _, tt := range []struct {
		name    string
		changes cells
		flags   string
	}{
		{"a forecast", cells{"qc": 4}, "temperature_gaps forecast_only"},
		{"a bad reading", cells{"qc": 2}, "temperature_gaps"},
		{"a quality that there is not", cells{"qc": 260}, "temperature_gaps"}, // 260 mod 256 is a forecast
		{"a retraction", cells{"retracted": true}, "temperature_gaps"},
		{"an empty cell", cells{"t_c": nil}, "temperature_gaps"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := build(t, from("2026-01-29", 1), whole, later(tt.changes))
			check(t, r.AreaDay, "UA80 2026-01-29", cells{"tmin_c": -5, "t_n_present": 23, "dh18_kh": 23 * 24})
			checkFlags(t, r.AreaDay, "UA80 2026-01-29", tt.flags)
		})
	}
}

func TestAnObservedHourIsNoForecast(t *testing.T) {
	forecast := hours("2026-01-29 00:00", cells{"qc": 4, "first_seen_utc": "2026-01-28 20:00"}, repeat(24, 9.0)...)
	observed := hours("2026-01-29 00:00", cells{"first_seen_utc": "2026-01-29 23:59"}, repeat(24, -5.0)...)
	r := build(t, from("2026-01-29", 1), forecast, observed)
	check(t, r.AreaDay, "UA80 2026-01-29", cells{"tmax_c": -5, "t_n_present": 24})
	checkFlags(t, r.AreaDay, "UA80 2026-01-29", "")

	// Nor is an hour that a later version leaves empty, nor one that was read in
	// part.
	r = build(t, from("2026-01-29", 1), forecast, observed, hours("2026-01-29 23:00", cells{"t_c": nil, "first_seen_utc": "2026-01-30 01:00"}, 0.0))
	checkFlags(t, r.AreaDay, "UA80 2026-01-29", "temperature_gaps")
	r = build(t, from("2026-01-29", 1), hours("2026-01-29 00:00", nil, repeat(24, -5.0)...),
		rows(table.Temperature, cells{"time_utc": "2026-01-29 12:30", "t_c": 9.0, "qc": 4}))
	check(t, r.AreaDay, "UA80 2026-01-29", cells{"tmax_c": -5, "t_n_present": 24})
	checkFlags(t, r.AreaDay, "UA80 2026-01-29", "")

	r = build(t, from("2026-01-29", 1), forecast)
	check(t, r.AreaDay, "UA80 2026-01-29", cells{"tmax_c": nil, "t_n_present": 0, "t_source_id": nil})
	checkFlags(t, r.AreaDay, "UA80 2026-01-29", "forecast_only")
}

func TestReadingsWithinAnHourAreAveraged(t *testing.T) {
	var list []cells
	for i := range 24 * 4 {
		list = append(list, cells{
			"time_utc": clockAt("2026-01-29 00:00") + hour.Instant(i)*15*hour.Minute,
			"t_c":      []float64{-10, -12, -11, -15}[i%4], "wind_kmh": []float64{10, 20, 30, 20}[i%4],
		})
	}
	r := build(t, from("2026-01-29", 1), rows(table.Temperature, list...))
	check(t, r.AreaDay, "UA80 2026-01-29", cells{
		"tmin_c": -12, "tmax_c": -12, "t_n_present": 24, "wchill_min_c": float64(index.WindChill(-12, 20)),
	})

	// A correction replaces all readings of its hour.
	list[0]["first_seen_utc"] = "2026-01-30 00:00"
	list[0]["t_c"] = -20
	r = build(t, from("2026-01-29", 1), rows(table.Temperature, list...))
	check(t, r.AreaDay, "UA80 2026-01-29", cells{"tmin_c": -20, "tmax_c": -12})
}

// The reference value is that of methods.md C5.
func TestWindChillNeedsWindAndFrost(t *testing.T) {
	for _, tt := range []struct {
		name  string
		temps []any
		wind  any
		want  any
	}{
		{"with wind at 10 m", repeat(24, -20.0), 30, -32.568044079},
		{"without wind", repeat(24, -20.0), nil, nil},
		{"without an hour of frost", repeat(24, 1.0), 30, nil},
		{"below the coverage limits", repeat(17, -20.0), 30, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := build(t, from("2026-01-29", 1), hours("2026-01-29 00:00", cells{"wind_kmh": tt.wind}, tt.temps...))
			got := r.AreaDay.Value(rowOf(r.AreaDay, "UA80 2026-01-29"), table.AreaDay.Index("wchill_min_c"))
			if tt.want == nil && got != nil || tt.want != nil && (got == nil || number(got) > -32.568043 || number(got) < -32.568045) {
				t.Errorf("wchill_min_c = %v, want %v", got, tt.want)
			}
		})
	}
	// Only the hours with wind count, and the lowest of them.
	calm := hours("2026-01-29 00:00", nil, repeat(22, -20.0)...)
	windy := hours("2026-01-29 22:00", cells{"wind_kmh": 20}, -1.0, -5.0)
	r := build(t, from("2026-01-29", 1), calm, windy)
	check(t, r.AreaDay, "UA80 2026-01-29", cells{"wchill_min_c": float64(index.WindChill(-5, 20))})
}

// days makes 24 hours of each daily mean from the first day on; NaN is a day
// without hours.
func days(first string, means ...any) *table.Table {
	var temps []any
	for _, mean := range means {
		temps = append(temps, repeat(24, mean)...)
	}
	return hours(first+" 00:00", nil, temps...)
}

// Methods.md C2: a spell across a month's edge is one, of six days.
func TestSpells(t *testing.T) {
	s := from("2026-01-25", 14)
	s.Spells = []index.SpellRule{{Threshold: -10, Days: 5}, {Threshold: -10, Days: 3}}
	cold, mild := -15.0, -10.0 // at the threshold it is not cold enough
	for _, tt := range []struct {
		name  string
		means []any
		key   string
		want  cells
		count int // rows of both rules
	}{
		{"across the edge of a month", slices.Concat(repeat(4, mild), repeat(5, cold), []any{-21.0}, repeat(4, mild)),
			"UA80 tmean_lt_m10_5d 2026-01-29",
			cells{"end_date": "2026-02-03", "days": 6, "tmin_min_c": -21, "tmean_mean_c": -16, "hdd_kd": 5*33 + 39, "censored": false, "touches_gap": false}, 2},
		{"too short for one rule", slices.Concat(repeat(4, mild), repeat(4, cold), repeat(6, mild)),
			"UA80 tmean_lt_m10_3d 2026-01-29", cells{"days": 4}, 1},
		{"after a gap", slices.Concat(repeat(3, mild), []any{nil}, repeat(5, cold), repeat(5, mild)),
			"UA80 tmean_lt_m10_5d 2026-01-29", cells{"days": 5, "touches_gap": true, "censored": false}, 2},
		{"broken by a gap", slices.Concat(repeat(2, mild), repeat(4, cold), []any{nil}, repeat(4, cold), repeat(3, mild)),
			"UA80 tmean_lt_m10_3d 2026-01-27", cells{"days": 4, "touches_gap": true}, 2},
		{"at the start of the record", slices.Concat(repeat(6, cold), repeat(8, mild)),
			"UA80 tmean_lt_m10_5d 2026-01-25", cells{"days": 6, "censored": true, "touches_gap": false}, 2},
		{"at its end", slices.Concat(repeat(8, mild), repeat(5, cold)),
			"UA80 tmean_lt_m10_5d 2026-02-02", cells{"days": 5, "censored": true}, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := build(t, s, days("2026-01-25", tt.means...))
			check(t, r.ColdSpell, tt.key, tt.want)
			if r.ColdSpell.Rows() != tt.count {
				t.Errorf("%d spells, want %d", r.ColdSpell.Rows(), tt.count)
			}
		})
	}
}
