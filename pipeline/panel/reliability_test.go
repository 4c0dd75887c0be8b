package panel

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"hardship/pipeline/hour"
	"hardship/pipeline/index"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// outageOf is a record of UA12, which serves 1000 customers.
func outageOf(start, end string, customers int, changes cells) cells {
	row := cells{"area_id": "UA12", "start_utc": start, "customers_lo": customers, "customers_hi": customers}
	if end != "" {
		row["end_utc"] = end
	}
	for name, v := range changes {
		row[name] = v
	}
	return row
}

// winterOutages are few enough to count by hand.
func winterOutages() *table.Table {
	return rows(table.OutageInterval,
		outageOf("2025-11-03 10:00", "2025-11-03 12:00", 100, nil),
		outageOf("2025-12-01 23:00", "2025-12-02 01:00", 300, nil),
		outageOf("2025-12-05 10:00", "2025-12-05 10:05", 50, nil), // momentary
		outageOf("2026-01-10 00:00", "2026-01-10 02:00", 100, cells{"group_id": "g"}),
		outageOf("2026-01-10 01:00", "2026-01-10 03:00", 80, cells{"group_id": "g"}),
		outageOf("2026-03-31 18:00", "", 200, nil), // still open
	)
}

func TestReliabilityOfAWinter(t *testing.T) {
	s := from("2025-11-01", 151)
	r := build(t, s, winterOutages())
	// 100 customers 2 h, 300 customers 2 h, 100 customers 3 h, 200 customers 6 h and
	// more, up to the end of the days that may be published. The record begins at
	// 10:00 of the third day; clocks go forward once.
	known := 151*24 - 1 - 2*24 - 10.0
	check(t, r.Reliability, "UA12 2025-26", cells{
		"period_kind": "winter", "period_d": 151, "period_whole": true, "record_kind": "interruptions",
		"customers_out_known_d": 149, "customers_out_coverage": (148 + 14.0/24) / 151, "customers_served": 1000,
		"interruptions_n": 4, "momentary_n": 1, "open_events": 1,
		"saifi_lo": 0.7, "saifi_hi": 0.7, "saidi_min_lo": 138, "saidi_min_hi": nil,
		"caidi_min_lo": 132, "caidi_min_hi": 132, "caidi_lower_min": 138000.0 / 700,
		"asai_lo": nil, "asai_hi": 1 - 138.0/60/known,
		"med_threshold_min": nil, "med_base_d": 0, "med_days": nil, "saidi_ex_med_min_lo": nil, "saifi_ex_med_hi": nil,
		"km_q25_h": 2, "km_q50_h": 2, "km_q75_h": nil,
		"reason": "no threshold of major event days: fewer than 30 days of the 5 years before are known and not zero",
	})
	check(t, r.Reliability, "UA12 2025", cells{"period_kind": "year", "period_whole": false, "interruptions_n": 2, "saidi_min_hi": 48, "km_q50_h": nil})
	check(t, r.Reliability, "UA12 2026", cells{"interruptions_n": 2, "open_events": 1, "caidi_min_hi": 180, "km_q50_h": nil})
	check(t, r.AreaDay, "UA12 2025-12-01", cells{"saidi_startday_min_lo": 36, "saidi_startday_min_hi": 36, "out_ch_lo": 300})
	check(t, r.AreaDay, "UA12 2025-12-02", cells{"saidi_startday_min_lo": 0, "saidi_startday_min_hi": 0, "out_ch_lo": 300})
	check(t, r.AreaDay, "UA12 2026-03-31", cells{"saidi_startday_min_lo": 72, "saidi_startday_min_hi": nil})
	check(t, r.AreaDay, "UA12 2025-11-02", cells{"saidi_startday_min_lo": nil, "saidi_startday_min_hi": nil})
	check(t, r.AreaDay, "UA59 2025-12-01", cells{"saidi_startday_min_lo": nil})
	if rowOf(r.Reliability, "UA59 2025-26") >= 0 {
		t.Error("an area without a record has a row")
	}
}

// A winter that is not over has indices and no restoration curve, and of an
// interruption no more than the days that may be published tell.
func TestReliabilityTellsNothingFresh(t *testing.T) {
	s := from("2025-11-01", 151)
	s.AsOf = clockAt("2025-12-04 12:00") // the last day is 30 November
	r := build(t, s, winterOutages())
	check(t, r.Reliability, "UA12 2025-26", cells{"period_whole": false, "interruptions_n": 1, "saidi_min_hi": 12, "km_q50_h": nil,
		"reason": "no threshold of major event days: fewer than 30 days of the 5 years before are known and not zero; the winter is not known whole, so that there is no restoration curve"})
	s.AsOf = clockAt("2025-12-05 12:00") // 1 December: that supply returned on the second is not told yet
	r = build(t, s, winterOutages())
	check(t, r.Reliability, "UA12 2025-26", cells{"interruptions_n": 2, "open_events": 1, "saidi_min_lo": 12 + 18, "saidi_min_hi": nil})
	check(t, r.AreaDay, "UA12 2025-12-01", cells{"saidi_startday_min_lo": 18, "saidi_startday_min_hi": nil})
}

func TestReliabilityOfUnknownCustomers(t *testing.T) {
	s := from("2026-01-01", 31)
	r := build(t, s, rows(table.OutageInterval,
		outageOf("2026-01-05 10:00", "2026-01-05 11:00", 100, cells{"customers_hi": 300}),
		outageOf("2026-01-06 10:00", "2026-01-06 14:00", 100, cells{"customers_hi": nil})))
	check(t, r.Reliability, "UA12 2026", cells{"saifi_lo": 0.2, "saifi_hi": 1.3, "saidi_min_lo": 6 + 24, "saidi_min_hi": 18 + 240,
		"caidi_min_lo": (300*60 + 100*240) / 400.0, "caidi_min_hi": (100*60 + 1000*240) / 1100.0})
	r = build(t, s, rows(table.OutageInterval, outageOf("2026-01-05 10:00", "2026-01-05 11:00", 100, cells{"area_id": "UA59"})))
	check(t, r.Reliability, "UA59 2026", cells{"customers_served": nil, "interruptions_n": 1, "saifi_lo": nil, "saidi_min_lo": nil, "caidi_min_hi": nil, "asai_hi": nil,
		"reason": "how many customers are served is not known; no threshold of major event days: fewer than 30 days of the 5 years before are known and not zero"})
	check(t, r.AreaDay, "UA59 2026-01-05", cells{"saidi_startday_min_lo": nil, "out_ch_lo": 100})
}

// The threshold is made of the years before, and days above it are left out.
func TestMajorEventDaysAreToldByTheYearsBefore(t *testing.T) {
	var list []cells
	var daily []float64
	for i := range 40 {
		date := (day("2025-02-01") + hour.Day(i)).String()
		customers := 10 * (1 + i%7)
		list = append(list, outageOf(date+" 10:00", date+" 11:00", customers, nil))
		daily = append(daily, float64(customers)*60/1000)
	}
	list = append(list,
		outageOf("2026-01-05 10:00", "2026-01-05 12:00", 1000, nil),
		outageOf("2026-01-06 10:00", "2026-01-06 12:00", 20, nil))
	threshold := index.MajorThreshold(index.LognormalOf(daily))
	if !(threshold > 2.4 && threshold < 120) {
		t.Fatalf("threshold %v does not tell the two days apart", threshold)
	}
	r := build(t, from("2025-01-01", 400), rows(table.OutageInterval, list...))
	check(t, r.Reliability, "UA12 2026", cells{"med_threshold_min": threshold, "med_base_d": 40, "med_days": 1,
		"saidi_min_lo": 122.4, "saidi_ex_med_min_lo": 2.4, "saidi_ex_med_min_hi": 2.4, "saifi_hi": 1.02, "saifi_ex_med_hi": 0.02, "caidi_ex_med_min_lo": 120, "reason": nil})
	check(t, r.Reliability, "UA12 2025", cells{"med_threshold_min": nil, "med_base_d": 0})
}

// Polls tell minutes without supply, and not how often.
func TestReliabilityOfPolls(t *testing.T) {
	var list [][2]any
	for i := range 96 {
		list = append(list, [2]any{clockAt("2026-01-05 00:00") + hour.Instant(15*i)*hour.Minute, 40})
	}
	r := build(t, from("2026-01-01", 31), polls(cells{"area_id": "UA12"}, list...))
	check(t, r.Reliability, "UA12 2026", cells{"record_kind": "polls", "customers_out_known_d": 1, "customers_out_coverage": 1.0 / 365,
		"saidi_min_lo": 57.6, "saidi_min_hi": 57.6, "asai_lo": 0.96, "asai_hi": 0.96,
		"saifi_lo": nil, "saifi_hi": nil, "caidi_min_lo": nil, "caidi_lower_min": nil, "interruptions_n": nil, "open_events": nil, "km_q50_h": nil,
		"reason": "polls count customers out, not interruptions; no threshold of major event days: fewer than 30 days of the 5 years before are known and not zero"})
	check(t, r.AreaDay, "UA12 2026-01-05", cells{"saidi_startday_min_lo": nil, "out_ch_lo": 960})
}

// The minutes of a year are those of its days, and both are what a program says
// that goes through the records one by one.
func TestReliabilityAgreesWithASlowProgram(t *testing.T) {
	s := from("2026-01-01", 20)
	rapid.Check(t, func(r *rapid.T) {
		var list []cells
		minutes, customers, n := unit.Bounds[float64]{}, unit.Bounds[float64]{}, 0
		for i := range rapid.IntRange(1, 12).Draw(r, "records") {
			start := clockAt("2026-01-01 00:00") + hour.Instant(rapid.IntRange(0, 20*24*60-1).Draw(r, "start"))*hour.Minute
			length := rapid.IntRange(1, 600).Draw(r, "minutes")
			lo := rapid.IntRange(0, 400).Draw(r, "lo")
			hi := lo + rapid.IntRange(0, 100).Draw(r, "more")
			list = append(list, cells{"outage_id": fmt.Sprint(i), "area_id": "UA12", "start_utc": start, "end_utc": start + hour.Instant(length)*hour.Minute, "customers_lo": lo, "customers_hi": hi})
			end := min(start+hour.Instant(length)*hour.Minute, clockAt("2026-01-21 00:00"))
			kept := float64((end - start) / hour.Minute)
			if kept <= 5 { // momentary, as far as the days that may be published tell
				continue
			}
			n++
			customers.Lo, customers.Hi = customers.Lo+float64(lo)/1000, customers.Hi+float64(hi)/1000
			minutes.Lo += kept * float64(lo) / 1000
			minutes.Hi += kept * float64(hi) / 1000
			if end < start+hour.Instant(length)*hour.Minute {
				minutes.Hi = math.NaN()
			}
		}
		result := build(r, s, rows(table.OutageInterval, list...))
		nullable := func(v float64) any {
			if math.IsNaN(v) {
				return nil
			}
			return v
		}
		check(r, result.Reliability, "UA12 2026", cells{"interruptions_n": n, "saifi_lo": customers.Lo, "saifi_hi": customers.Hi, "saidi_min_lo": minutes.Lo, "saidi_min_hi": nullable(minutes.Hi)})
		var days float64
		for row := range result.AreaDay.Rows() {
			if v := result.AreaDay.Float64("saidi_startday_min_lo"); result.AreaDay.String("area_id").Value(row) == "UA12" && v.IsValid(row) {
				days += v.Value(row)
			}
		}
		if math.Abs(days-minutes.Lo) > 1e-9*max(1, minutes.Lo) {
			r.Fatalf("the days have %v minutes, the records %v", days, minutes.Lo)
		}
	})
}
