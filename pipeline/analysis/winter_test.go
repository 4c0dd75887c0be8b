package analysis

import (
	"fmt"
	"testing"
	"time"

	"hardship/pipeline/area"
	"hardship/pipeline/config"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

func day(t *testing.T, s string) hour.Day {
	t.Helper()
	d, err := hour.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// sums are the cells of a row that a winter must have; nil is null.
type sums map[string]any

func check(t *testing.T, of *table.Table, id, season string, want sums) {
	t.Helper()
	ids, seasons := of.String("area_id"), of.String("season")
	for row := range of.Rows() {
		if ids.Value(row) != id || seasons.Value(row) != season {
			continue
		}
		for name, w := range want {
			if got := of.Value(row, of.Schema.Index(name)); fmt.Sprint(got) != fmt.Sprint(w) {
				t.Errorf("%s %s: %s = %v, want %v", id, season, name, got, w)
			}
		}
		return
	}
	t.Errorf("no row of %s, %s", id, season)
}

// A winter of a country with one oblast and of an area of another country, with
// a period of its own.
func TestWinters(t *testing.T) {
	first, end := day(t, "2025-10-31"), day(t, "2026-04-02")
	days := table.NewBuilder(table.AreaDay)
	row := func(id string, d hour.Day) {
		days.Row()
		days.String("area_id", id)
		days.Date("date_local", d)
		days.String("tz", "UTC")
		days.Int32("hours_in_day", 24)
		days.Float64("t_coverage", 1)
		days.Int32("flags", 0)
	}
	for d := first; d < end; d++ {
		row("A", d)
	}
	cold := day(t, "2025-11-02")
	for d := first; d < end; d++ {
		row("A1", d)
		if d == cold+1 { // the one day of the season that is not known
			continue
		}
		temp := 5.0
		if d == cold {
			temp = -20 // exactly
		}
		if d < day(t, "2025-11-01") {
			temp = -40 // outside the season
		}
		days.Float64("tmin_c", temp)
		days.Float64("tmean_c", temp+2)
		days.Float64("hdd_eu_kd", 10)
		days.Float64("alert_h", 1.5)
		if d == cold {
			days.Float64("sched_off_h_lo", 3)
			days.Float64("sched_off_h_hi", 4)
			days.Float64("out_ch_lo", 7)
			days.Float64("out_ch_hi", 9)
			days.Float64("out_coverage", 0.5)
		}
	}
	for d := day(t, "2019-01-01"); d < day(t, "2019-01-03"); d++ {
		row("B", d)
		days.Float64("tmin_c", -30)
	}

	nights := table.NewBuilder(table.StrikeNight)
	strike := func(id, date, part string, events, launched int32) {
		nights.Row()
		nights.String("area_id", id)
		nights.Date("date_local", day(t, date))
		nights.String("part", part)
		nights.String("weapon", "all")
		nights.Int32("events_lo", events)
		nights.Int32("events_hi", events)
		if id == "A" {
			nights.Int32("launched", launched)
		} else {
			nights.Int32("rows_named", events)
		}
	}
	strike("A", "2025-10-31", "night", 9, 900) // outside
	strike("A", "2025-11-01", "night", 2, 100)
	strike("A", "2025-11-01", "day", 1, 10)
	strike("A", "2025-11-02", "night", 0, 0)
	strike("A1", "2025-11-01", "night", 0, 0)
	strike("A1", "2025-11-02", "night", 0, 0)

	spells := table.NewBuilder(table.ColdSpell)
	spells.Row()
	spells.String("area_id", "A1")
	spells.String("rule_id", "rule")
	spells.Date("start_date", day(t, "2025-10-30"))
	spells.Date("end_date", day(t, "2025-11-03"))
	spells.Int32("days", 5)
	spells.Bool("censored", false)
	spells.Bool("touches_gap", false)

	queues := table.NewBuilder(table.QueueDay)
	for _, observed := range []bool{true, false} {
		queues.Row()
		queues.String("area_id", "A1")
		queues.String("group_id", fmt.Sprint("q", observed))
		queues.Date("date_local", cold)
		queues.Float64("sched_off_h_lo", 3)
		queues.Float64("sched_off_h_hi", 4)
		if observed {
			queues.Float64("observed_off_h", 2)
		}
		queues.Int32("versions", 1)
		queues.Int32("observed_points", 1)
		queues.Bool("typed_in", false)
	}

	areas := []area.Area{{ID: "A", Level: area.Country}, {ID: "A1", Parent: "A", Level: 1}, {ID: "B", Level: 1}}
	gazetteer, err := area.NewGazetteer(areas)
	if err != nil {
		t.Fatal(err)
	}
	made := Winters(Tables{
		AreaDay: days.Table(), ColdSpell: spells.Table(), StrikeNight: nights.Table(), QueueDay: queues.Table(),
		Gazetteer: gazetteer, Areas: areas,
	}, "rule", config.Findings{SeasonFirst: time.November, SeasonLast: time.March})

	check(t, made, "A1", "2025-26", sums{
		"season_d": 151, "tmin_known_d": 150, "tmin_coverage": 150.0 / 151, "tmin_lowest_c": -20, "tmin_lowest_date": "2025-11-02",
		"cold_le_0_d": 1, "cold_le_m20_d": 1, "hdd_season_kd": 1500 / (150.0 / 151), "spells": 0, "spell_d": 3, "spell_rule": "rule",
		"announced_known_d": 1, "announced_off_h_lo": 3, "announced_off_h_hi": 4,
		"household_known_d": 1, "household_off_h": 2, "household_announced_h_lo": 3, "household_announced_h_hi": 4,
		"customers_out_known_d": 1, "customers_out_coverage": 0.5 / 151, "customers_out_ch_lo": 7, "customers_out_ch_hi": 9,
		"bulletin_nights": 2, "launched_total": nil, "attack_nights": 0, "alert_known_d": 150, "alert_total_h": 225,
	})
	check(t, made, "A", "2025-26", sums{
		"tmin_known_d": 0, "tmin_lowest_c": nil, "cold_le_0_d": nil, "tmean_mean_c": nil, "hdd_season_kd": nil, "spells": nil,
		"announced_off_h_hi": nil, "customers_out_ch_lo": nil, "customers_out_ch_hi": nil, "alert_total_h": nil,
		"bulletin_nights": 2, "launched_total": 110, "attack_nights": 1,
	})
	check(t, made, "B", "2018-19", sums{"tmin_known_d": 2, "tmin_lowest_c": -30, "bulletin_nights": 0, "attack_nights": nil, "hdd_season_kd": nil})
	if rows := made.Record().NumRows(); rows != 3 {
		t.Errorf("%d winters, want one of each area: seasons are those of an area's own days", rows)
	}
}
