package panel

import (
	"strings"
	"testing"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

func TestADayOfASourceWithoutHours(t *testing.T) {
	s := from("2026-01-29", 3)
	r := build(t, s, rows(table.TemperatureDay,
		cells{"date_local": "2026-01-28", "tmin_c": -40}, // before the period
		cells{"date_local": "2026-01-29", "tmin_c": -20.0, "tmax_c": -9.5, "day_definition": "obs06"},
		cells{"date_local": "2026-01-30", "tmin_c": -21, "tmean_c": -12, "tmax_c": -3, "qc": 1},
		cells{"date_local": "2026-01-31", "tmin_c": -8, "tmean_c": -5, "tmax_c": 1},
	))
	check(t, r.AreaDay, "UA80 2026-01-29", cells{
		"tmin_c": -20, "tmean_c": nil, "tmax_c": -9.5, "t_n_present": nil, "t_longest_gap_h": nil, "t_coverage": 1,
		"t_source_id": "station", "t_day_definition": "obs06", "hdd_eu_kd": nil, "dh18_kh": nil, "cold_le_m20": true,
	})
	check(t, r.AreaDay, "UA80 2026-01-30", cells{"tmin_c": nil, "t_coverage": 0, "t_n_present": 0, "t_source_id": nil, "t_day_definition": nil})
	check(t, r.AreaDay, "UA80 2026-01-31", cells{"tmin_c": -8, "tmean_c": -5, "hdd_eu_kd": 23, "dh18_kh": nil, "t_day_definition": "local00"})
	check(t, r.Coverage, "UA80 temperature 2026-01-01 station", cells{"n_present": 48, "n_expected": 72})
	if rowOf(r.AreaDay, "UA80 2026-01-28") >= 0 {
		t.Error("a day outside the period has a row")
	}
}

func TestHoursAndDaysOfOneAreaAreNeverMixed(t *testing.T) {
	days := rows(table.TemperatureDay, cells{"date_local": "2026-01-29", "tmin_c": -20, "tmax_c": 5})
	for _, tt := range []struct {
		name    string
		sources []string
		hours   int
		want    cells
	}{
		{"hours declared first", []string{"weather", "station"}, 24, cells{"tmin_c": -5, "tmax_c": -5, "t_source_id": "weather"}},
		{"too few of them", []string{"weather", "station"}, 12, cells{"tmin_c": -20, "tmax_c": 5, "t_source_id": "station"}},
		{"days declared first", []string{"station", "weather"}, 24, cells{"tmin_c": -20, "tmax_c": 5, "t_source_id": "station"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := from("2026-01-29", 1)
			s.Sources = tt.sources
			r := build(t, s, days, hours("2026-01-29 00:00", nil, repeat(tt.hours, -5.0)...))
			check(t, r.AreaDay, "UA80 2026-01-29", tt.want)
			checkFlags(t, r.AreaDay, "UA80 2026-01-29", "two_sources")
		})
	}
}

func TestVersionsOfADay(t *testing.T) {
	s := from("2026-01-29", 1)
	early := cells{"date_local": "2026-01-29", "tmin_c": -5, "first_seen_utc": "2026-01-30 01:00"}
	late := cells{"date_local": "2026-01-29", "tmin_c": -6, "first_seen_utc": "2026-02-02 01:00"}
	beyond := cells{"date_local": "2026-01-29", "tmin_c": -7, "first_seen_utc": s.AsOf + 1}
	taken := cells{"date_local": "2026-01-29", "tmin_c": -6, "first_seen_utc": "2026-02-03 01:00", "retracted": true}
	for _, tt := range []struct {
		name string
		rows []cells
		want any
	}{
		{"the later holds", []cells{early, late}, -6},
		{"whatever the order", []cells{late, beyond, early}, -6},
		{"one that was taken back is none", []cells{early, taken}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			check(t, build(t, s, rows(table.TemperatureDay, tt.rows...)).AreaDay, "UA80 2026-01-29", cells{"tmin_c": tt.want})
		})
	}
}

func TestADayInTwoDefinitionsIsAnError(t *testing.T) {
	in := NewInputs(ukraine(), from("2026-01-29", 1))
	err := in.Add(rows(table.TemperatureDay,
		cells{"date_local": "2026-01-29", "tmin_c": -5},
		cells{"date_local": "2026-01-29", "tmin_c": -5, "day_definition": "obs06"}))
	if err == nil || !strings.Contains(err.Error(), "as local00 and as obs06") {
		t.Errorf("error %v", err)
	}
}

func TestAnAreaWithAPeriodOfItsOwn(t *testing.T) {
	s := from("2026-01-29", 1)
	s.Periods = map[area.ID]Period{"UA12": {day("2019-01-30"), day("2019-02-01")}}
	r := build(t, s,
		hours("2019-01-30 00:00", cells{"area_id": "UA12"}, repeat(48, -30.5)...),
		hours("2026-01-29 00:00", nil, repeat(24, -5.0)...),
		outages(cells{"area_id": "UA12"}, [3]any{"2019-01-30 00:00", "2019-02-01 00:00", 10}))
	check(t, r.AreaDay, "UA12 2019-01-31", cells{"tmin_c": -30.5, "out_ch_lo": 240})
	check(t, r.AreaDay, "UA80 2026-01-29", cells{"tmin_c": -5, "out_ch_lo": nil})
	for _, key := range []string{"UA12 2026-01-29", "UA80 2019-01-30", "UA12 2019-02-01"} {
		if rowOf(r.AreaDay, key) >= 0 {
			t.Errorf("area_day has the row %s", key)
		}
	}
	if rowOf(r.Coverage, "UA12 temperature 2019-02-01 weather") >= 0 || rowOf(r.Coverage, "UA12 temperature 2019-01-01 weather") < 0 {
		t.Error("coverage is not of the area's own period")
	}
}

// The as-of of a run that is given none is the newest time that the inputs know.
func TestNewestOfDaysAndPolls(t *testing.T) {
	in := NewInputs(ukraine(), Settings{Period: Period{day("2026-01-29"), day("2026-02-05")}, AsOf: hour.DistantFuture, Location: kyiv})
	if err := in.Add(rows(table.TemperatureDay, cells{"date_local": "2026-01-29", "tmin_c": -5})); err != nil {
		t.Fatal(err)
	}
	if got, want := in.Newest(), clockAt("2026-01-30 00:00Z"); got != want {
		t.Errorf("newest %v, want the end of the day, %v", got, want)
	}
	if err := in.Add(rows(table.OutageSnapshot, cells{"run_utc": "2026-02-03 04:15Z", "customers_out": 1})); err != nil {
		t.Fatal(err)
	}
	if got, want := in.Newest(), clockAt("2026-02-03 04:15Z"); got != want {
		t.Errorf("newest %v, want %v", got, want)
	}
	in.Drop("scraper")
	if got := in.Newest(); got != clockAt("2026-01-30 00:00Z") {
		t.Errorf("newest %v after the polls were dropped", got)
	}
}
