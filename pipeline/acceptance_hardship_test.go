package pipeline_test

import (
	"math"
	"testing"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// What days without power meant: hours of queues in Kyiv, where nobody counts
// customers, and person-hours in Cook County, where polls do.
func TestPublishedTablesHoldHardship(t *testing.T) {
	hardship, queues := published(t, table.Hardship), published(t, table.QueueDay)
	days := published(t, table.AreaDay)
	for day := hour.Date(2026, 2, 2); day <= hour.Date(2026, 2, 21); day++ {
		for _, scenario := range []string{"announced", "announced.heat_stays", "announced.tau30.gain0", "announced.tau60.gain3", "announced.tau100.gain3"} {
			at := map[string]any{"area_id": "UA80", "date_local": day, "scenario_id": scenario}
			if got := cell(t, hardship, "dark_ph_hi", at); got != nil {
				t.Errorf("%v, %s: person-hours of Kyiv are %v, want null: nobody counts customers", day, scenario, got)
			}
			for _, bound := range []string{"lo", "hi"} {
				want := cell(t, days, "sched_off_h_"+bound, map[string]any{"area_id": "UA80", "date_local": day}).(float64)
				if got := cell(t, hardship, "off_h_"+bound, at).(float64); math.Abs(got-want) > 1e-9 {
					t.Errorf("%v, %s: %v h off, area_day has %v", day, scenario, got, want)
				}
			}
			if scenario == "announced" {
				continue
			}
			lo, hi := cell(t, hardship, "t_in_min_c_lo", at).(float64), cell(t, hardship, "t_in_min_c_hi", at).(float64)
			if !(lo <= hi && hi <= 20) || scenario == "announced.heat_stays" && lo != 20 {
				t.Errorf("%v, %s: lowest indoors %v to %v °C", day, scenario, lo, hi)
			}
			if a, b := cell(t, hardship, "class_lo", at), cell(t, hardship, "class_hi", at); a != int32(1) || b != int32(5) {
				t.Errorf("%v, %s: one to three of 120 queues give the area the class %v to %v, want 1 to 5", day, scenario, a, b)
			}
		}
		if day < hour.Date(2026, 2, 9) {
			continue // the household's log begins on the ninth
		}
		at := map[string]any{"area_id": "UA80", "date_local": day, "scenario_id": "observed"}
		observed := cell(t, queues, "observed_off_h", map[string]any{"group_id": "dtek-kyiv:GPV36.1", "date_local": day}).(float64)
		if got := cell(t, hardship, "off_h_lo", at).(float64); math.Abs(got-observed) > 1e-9 || cell(t, hardship, "observed_points", at) != int32(1) {
			t.Errorf("%v: one household saw %v h off, queue_day has %v", day, got, observed)
		}
	}

	coldest := map[string]any{"area_id": "US17031", "date_local": hour.Date(2019, 1, 30), "scenario_id": "recorded"}
	for _, column := range []string{"dark_ph_lo", "dark_ph_hi", "dark_le_m20_ph_lo"} { // the whole day was below −20 °C
		if got := cell(t, hardship, column, coldest).(float64); math.Abs(got-73712*2.4) > 1e-6 {
			t.Errorf("%s on Cook County's coldest day is %v, want 73,712 customer-hours × 2.4", column, got)
		}
	}
	if got := cell(t, hardship, "t_in_min_c_lo", coldest); got != nil {
		t.Errorf("indoors it was %v °C, of customers that are only counted", got)
	}
}

// The control case has minutes and no interruptions: polls do not tell how often.
// The winter of the coldest day is the one that major event days make.
func TestPublishedTablesHoldReliability(t *testing.T) {
	reliability, season := published(t, table.Reliability), published(t, table.Season)
	for _, winter := range []string{"2018-19", "2019-20", "2020-21"} {
		at := map[string]any{"area_id": "US17031", "period_id": winter}
		hours := cell(t, season, "customers_out_ch_lo", map[string]any{"area_id": "US17031", "season": winter}).(float64)
		if got := cell(t, reliability, "saidi_min_lo", at).(float64); math.Abs(got-hours*60/2162007) > 1e-9*got {
			t.Errorf("winter %s: SAIDI %v min, season has %v customer-hours", winter, got, hours)
		}
		for _, column := range []string{"saifi_lo", "caidi_min_lo", "km_q50_h", "open_events"} {
			if got := cell(t, reliability, column, at); got != nil {
				t.Errorf("winter %s: %s is %v, of polls", winter, column, got)
			}
		}
		with, without := cell(t, reliability, "saidi_min_hi", at).(float64), cell(t, reliability, "saidi_ex_med_min_hi", at).(float64)
		if without > with {
			t.Errorf("winter %s: SAIDI %v min, without major event days %v", winter, with, without)
		}
	}
	if got := cell(t, reliability, "med_threshold_min", map[string]any{"area_id": "US17031", "period_id": "2018"}); got != nil {
		t.Errorf("the first year has a threshold of major event days: %v", got)
	}
	for row := range reliability.Rows() {
		if id := reliability.String("area_id").Value(row); id != "US17031" {
			t.Errorf("%s has a row of reliability without a record of customers", id)
		}
	}
}
