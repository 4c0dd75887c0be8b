package panel

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"hardship/pipeline/area"
	"hardship/pipeline/index"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// frost is a number of hours at −20 °C from a day's midnight on.
func frost(date string, n int) *table.Table { return hours(date+" 00:00", nil, repeat(n, -20)...) }

// A day without power at −20 °C has the numbers of methods.md 8.2.
func TestADayWithoutPowerIndoors(t *testing.T) {
	s := from("2026-02-10", 2)
	announced := slots("2026-02-10", off(24, "#"), cells{"groups_known": 10})
	r := build(t, s, frost("2026-02-10", 24), announced)
	check(t, r.Hardship, "UA80 2026-02-10 announced", cells{"basis": "announced", "tau_h": nil, "heat_follows_power": nil, "off_h_lo": 24, "off_h_hi": 24,
		"off_le_m20_h_lo": 24, "off_le_m20_h_hi": 24, "dark_ph_lo": nil, "persons_per_customer": nil, "t_in_min_c_lo": nil, "class_lo": nil,
		"groups_seen": 1, "observed_points": nil, "coverage": 0.1, "t_coverage": 1})
	check(t, r.Hardship, "UA80 2026-02-10 announced.tau60.gain0", cells{"tau_h": 60, "gain_c": 0, "heat_follows_power": true,
		"class_seen_lo": 5, "class_seen_hi": 5, "class_lo": 1, "class_hi": 5, "off_h_lo": 24})
	close := func(column string, want, tolerance float64) {
		t.Helper()
		got := r.Hardship.Float64(column).Value(rowOf(r.Hardship, "UA80 2026-02-10 announced.tau60.gain0"))
		if math.Abs(got-want) > tolerance {
			t.Errorf("%s = %v, want %v", column, got, want)
		}
	}
	close("t_in_min_c_lo", 6.8128018414, 5e-10)
	close("t_in_min_c_hi", 6.8128018414, 5e-10)
	close("below_18_h_lo", 24-3.0776, 5e-5)
	close("below_16_h_lo", 24-6.3216, 5e-5)
	close("below_12_h_hi", 24-13.3886, 5e-5)
	close("below_5_h_hi", 0, 0)
	check(t, r.Hardship, "UA80 2026-02-10 announced.heat_stays", cells{"tau_h": nil, "heat_follows_power": false, "t_in_min_c_lo": 20, "t_in_min_c_hi": 20, "below_18_h_hi": 0, "class_seen_lo": 5})
	if n := r.Hardship.Rows(); n != 1+len(scenarios) || len(scenarios) != 7 {
		t.Errorf("%d rows, want one of the schedule itself and one for each of 7 scenarios", n)
	}
}

func TestWhatMayBeOffBoundsTheIndoorTemperature(t *testing.T) {
	s := from("2026-02-10", 2)
	r := build(t, s, frost("2026-02-10", 24), slots("2026-02-10", off(24, "?"), nil))
	key := "UA80 2026-02-10 announced.tau30.gain3"
	check(t, r.Hardship, key, cells{"off_h_lo": 0, "off_h_hi": 24, "t_in_min_c_hi": 20, "t_in_min_c_lo": -17 + 37*math.Exp(-24.0/30),
		"below_18_h_lo": 0, "class_seen_lo": 1, "class_seen_hi": 5, "class_lo": nil, "coverage": nil}) // of how many queues is not known

	// An hour without a reading is filled for the home, and may have been cold.
	r = build(t, s, hours("2026-02-10 00:00", nil, append(append(repeat(10, -12), nil, nil), repeat(12, -6)...)...), slots("2026-02-10", off(24, "#"), nil))
	check(t, r.Hardship, "UA80 2026-02-10 announced", cells{"off_le_m10_h_lo": 10, "off_le_m10_h_hi": 12, "off_le_0_h_lo": 22, "off_le_0_h_hi": 24, "off_le_m20_h_lo": 0, "off_le_m20_h_hi": 2, "t_coverage": 22.0 / 24})
	inside := 20.0
	for h := range 24 {
		air := -12.0
		switch {
		case h == 10:
			air = -10
		case h == 11:
			air = -8
		case h > 11:
			air = -6
		}
		inside = air + (inside-air)*math.Exp(-1.0/100)
	}
	check(t, r.Hardship, "UA80 2026-02-10 announced.tau100.gain0", cells{"t_in_min_c_lo": inside, "t_in_min_c_hi": inside})

	// A day whose temperatures are not enough has hours without power alone.
	r = build(t, s, frost("2026-02-10", 10), slots("2026-02-10", off(24, "#"), nil))
	check(t, r.Hardship, "UA80 2026-02-10 announced", cells{"off_h_lo": 24, "off_le_0_h_lo": nil, "off_le_0_h_hi": nil, "t_coverage": 10.0 / 24})
	if r.Hardship.Rows() != 1 {
		t.Errorf("%d rows without temperatures, want the schedule's own", r.Hardship.Rows())
	}
}

// A home cools on from day to day; after a day of which nothing is known it
// begins at the set-point again. Queues are averaged with equal weights.
func TestDaysFollowOneAnother(t *testing.T) {
	s := from("2026-02-09", 6)
	r := build(t, s, frost("2026-02-09", 6*24),
		slots("2026-02-10", off(24, "#"), nil), slots("2026-02-11", off(24, "#"), nil), slots("2026-02-13", off(24, "#"), nil),
		slots("2026-02-11", off(24, "."), cells{"group_id": "dtek:1.2"}))
	cooled := func(days float64) float64 { return -20 + 40*math.Exp(-days*24/60) }
	check(t, r.Hardship, "UA80 2026-02-10 announced.tau60.gain0", cells{"t_in_min_c_lo": cooled(1), "groups_seen": 1})
	check(t, r.Hardship, "UA80 2026-02-11 announced.tau60.gain0", cells{"t_in_min_c_lo": (cooled(2) + 20) / 2, "below_18_h_hi": 12, "off_h_lo": 12, "groups_seen": 2,
		"class_seen_lo": 5}) // half of the queues are a fifth or more
	check(t, r.Hardship, "UA80 2026-02-13 announced.tau60.gain0", cells{"t_in_min_c_lo": cooled(1)})
	if rowOf(r.Hardship, "UA80 2026-02-12 announced") >= 0 {
		t.Error("a day without a schedule has a row")
	}
}

// A day of 23 hours has no slot that its clocks skip, one of 25 has one twice.
func TestHardshipOnDaysOfOtherLengths(t *testing.T) {
	for date, want := range map[string]int{"2026-03-29": 23, "2025-10-26": 25} {
		r := build(t, from(date, 1), hours(date+" 00:00", nil, repeat(want, -20)...), slots(date, off(24, "#"), nil))
		check(t, r.Hardship, "UA80 "+date+" announced", cells{"off_h_lo": want, "off_le_m20_h_lo": want})
		check(t, r.Hardship, "UA80 "+date+" announced.tau60.gain0", cells{"t_in_min_c_lo": -20 + 40*math.Exp(-float64(want)/60)})
	}
}

// A household's log stands only beside the schedule of its queue, and nothing of
// either is told before its day.
func TestALogStandsBesideItsQueue(t *testing.T) {
	s := from("2026-02-09", 4)
	log := rows(table.SupplyInterval,
		cells{"start_utc": "2026-02-09 00:00", "end_utc": "2026-02-10 06:00"},
		cells{"start_utc": "2026-02-10 06:00", "end_utc": "2026-02-10 12:00", "supplied": true})
	schedule := slots("2026-02-10", off(6, ".")+off(18, "#"), nil)
	r := build(t, s, frost("2026-02-09", 72), log, schedule)
	check(t, r.Hardship, "UA80 2026-02-10 observed", cells{"basis": "observed", "off_h_lo": 6, "off_h_hi": 18, "off_le_m20_h_hi": 18, "observed_points": 1, "groups_seen": nil,
		"household_announced_h_lo": 18, "household_announced_h_hi": 18, "coverage": 0.5, "dark_ph_hi": nil})
	before := -20 + 40*math.Exp(-24.0/60) // at midnight, after a day in the log
	check(t, r.Hardship, "UA80 2026-02-10 observed.tau60.gain0", cells{"t_in_min_c_hi": -20 + (before+20)*math.Exp(-6.0/60), "class_seen_lo": nil, "class_lo": nil})
	for _, key := range []string{"UA80 2026-02-09 observed", "UA80 2026-02-11 observed"} {
		if rowOf(r.Hardship, key) >= 0 {
			t.Errorf("%s has a row: no schedule of its queue, or nothing in the log", key)
		}
	}
	s.AsOf = clockAt("2026-02-25 00:00") // the last day of a queue is the 10th
	if r := build(t, s, frost("2026-02-09", 72), log, schedule); rowOf(r.Hardship, "UA80 2026-02-10 observed.tau60.gain0") < 0 || rowOf(r.Hardship, "UA80 2026-02-10 announced") < 0 {
		t.Error("a queue's day that may be published has no row")
	}
	s.AsOf--
	if r := build(t, s, frost("2026-02-09", 72), log, schedule); r.Hardship.Rows() != 0 {
		t.Errorf("%d rows of a queue's day within the lag", r.Hardship.Rows())
	}
}

func TestPeopleInTheDark(t *testing.T) {
	people, err := area.NewGazetteer([]area.Area{
		{ID: "UA", Level: area.Country, Location: kyiv},
		{ID: "UA12", Parent: "UA", Level: 1, Location: kyiv, CustomersServed: 2000, PersonsPerCustomer: 3},
		{ID: "UA59", Parent: "UA", Level: 1, Location: kyiv, Population: 10_000},
		{ID: "UA80", Parent: "UA", Level: 1, Location: kyiv, CustomersServed: 4000},
	})
	if err != nil {
		t.Fatal(err)
	}
	out := func(id string, customers int, changes cells) cells {
		row := cells{"area_id": id, "start_utc": "2026-02-10 10:00", "end_utc": "2026-02-10 13:00", "customers_lo": customers, "customers_hi": customers}
		for name, v := range changes {
			row[name] = v
		}
		return row
	}
	in := func(id string) cells { return cells{"area_id": id} }
	temps := append(append(repeat(11, -5), nil), repeat(12, -15)...)
	extremes := func(id string, tmin, tmax float64, definition string) *table.Table {
		return rows(table.TemperatureDay, cells{"area_id": id, "date_local": "2026-02-10", "tmin_c": tmin, "tmax_c": tmax, "day_definition": definition})
	}
	r := buildIn(t, people, from("2026-02-10", 2),
		rows(table.OutageInterval, out("UA12", 1000, nil), out("UA59", 5000, nil), out("UA80", 1000, cells{"customers_hi": 2000})),
		hours("2026-02-10 00:00", in("UA12"), temps...), extremes("UA59", -12, -4, "local00"))
	check(t, r.Hardship, "UA12 2026-02-10 recorded", cells{"basis": "recorded", "persons_per_customer": 3, "dark_ph_lo": 9000, "dark_ph_hi": 9000,
		"dark_le_0_ph_lo": 6000, "dark_le_0_ph_hi": 9000, "dark_le_m10_ph_lo": 3000, "dark_le_m10_ph_hi": 6000, "dark_le_m20_ph_lo": 0, "dark_le_m20_ph_hi": 3000,
		"off_h_lo": 1.5, "off_le_m10_h_hi": 1, "t_in_min_c_lo": nil, "class_seen_lo": nil, "groups_seen": nil, "t_coverage": 23.0 / 24, "coverage": 3.0 / 24})
	// Of days and no hours: all of it below 0 °C, perhaps below −10, none below −20.
	// 5000 customers of 2.4 people for 3 h are 36 000, of 10 000 people.
	check(t, r.Hardship, "UA59 2026-02-10 recorded", cells{"persons_per_customer": 2.4, "dark_ph_lo": 36000, "dark_le_0_ph_lo": 36000, "dark_le_m10_ph_lo": 0, "dark_le_m10_ph_hi": 36000, "dark_le_m20_ph_hi": 0,
		"off_h_lo": nil, "off_le_0_h_hi": nil, "t_coverage": 1})
	check(t, r.Hardship, "UA80 2026-02-10 recorded", cells{"dark_ph_lo": 7200, "dark_ph_hi": 14400, "dark_le_0_ph_lo": nil, "dark_le_0_ph_hi": nil, "off_h_lo": 0.75, "off_h_hi": 1.5, "t_coverage": 0})
	if rowOf(r.Hardship, "UA12 2026-02-11 recorded") >= 0 {
		t.Error("a day on which nobody was out has a row")
	}
	r = buildIn(t, people, from("2026-02-10", 2), rows(table.OutageInterval, out("UA59", 90_000, nil)), extremes("UA59", -12, -4, "obs06"))
	check(t, r.Hardship, "UA59 2026-02-10 recorded", cells{"dark_ph_lo": 240_000, "dark_le_0_ph_hi": nil}) // 10 000 people for 24 h; another day's extremes
	r = buildIn(t, people, from("2026-02-10", 2), rows(table.OutageInterval, out("UA59", 100, cells{"customers_hi": nil})), hours("2026-02-10 00:00", in("UA59"), temps...))
	check(t, r.Hardship, "UA59 2026-02-10 recorded", cells{"dark_ph_lo": 720, "dark_ph_hi": nil, "dark_le_0_ph_lo": 480, "dark_le_0_ph_hi": nil})
}

// Whatever the supply was within its bounds, the home was within its own.
func TestIndoorBoundsHoldEveryCase(t *testing.T) {
	s := from("2026-02-10", 1)
	rapid.Check(t, func(r *rapid.T) {
		var letters string
		var truth []bool // off, by half an hour
		for range 24 {
			letter := rapid.SampledFrom([]string{".", "#", "?", "<", "~"}).Draw(r, "slot")
			letters += letter
			halves := map[string][]int{".": {0}, "#": {2}, "?": {0, 1, 2}, "<": {1}, "~": {0, 1}}[letter]
			slot := []bool{false, false}
			for i := range rapid.SampledFrom(halves).Draw(r, "halves off") {
				slot[i] = true
			}
			if rapid.Bool().Draw(r, "the other half") {
				slot[0], slot[1] = slot[1], slot[0]
			}
			truth = append(truth, slot...)
		}
		var temps []any
		for range 24 {
			temps = append(temps, float64(rapid.IntRange(-25, 10).Draw(r, "air")))
		}
		result := build(r, s, hours("2026-02-10 00:00", nil, temps...), slots("2026-02-10", letters, nil))
		for _, one := range scenarios[:6] {
			inside, lowest, off := unit.Celsius(20), unit.Celsius(20), 0.0
			below := [index.Classes - 1]float64{}
			for i, without := range truth {
				air := unit.Celsius(temps[i/2].(float64))
				for k, limit := range index.ClassLimits {
					below[k] += one.home.Below(inside, air, !without, 0.5, limit)
				}
				inside = one.home.After(inside, air, !without, 0.5)
				lowest = min(lowest, inside)
				if without {
					off += 0.5
				}
			}
			row := rowOf(result.Hardship, "UA80 2026-02-10 "+one.id("announced"))
			holds := func(column string, v float64) {
				lo, hi := result.Hardship.Float64(column+"_lo").Value(row), result.Hardship.Float64(column+"_hi").Value(row)
				if v < lo-1e-9 || v > hi+1e-9 {
					r.Fatalf("%s: %s %v lies outside %v to %v", one.id("announced"), column, v, lo, hi)
				}
			}
			holds("off_h", off)
			holds("t_in_min_c", float64(lowest))
			for k, name := range []string{"below_18_h", "below_16_h", "below_12_h", "below_5_h"} {
				holds(name, below[k])
			}
			class := int32(index.HouseholdClass(off, below))
			if a, b := result.Hardship.Int32("class_seen_lo").Value(row), result.Hardship.Int32("class_seen_hi").Value(row); class < a || class > b {
				r.Fatalf("class %d lies outside %d to %d", class, a, b)
			}
		}
	})
}

// The number of threads and the order of sources change no byte.
func TestHardshipDoesNotDependOnTheOrderOfQueues(t *testing.T) {
	s := from("2026-02-10", 2)
	var tables []*table.Table
	for i := range 6 {
		tables = append(tables, slots("2026-02-10", off(3*i, ".")+off(24-3*i, "#"), cells{"group_id": fmt.Sprintf("dtek:%d.1", i)}))
	}
	first := build(t, s, append([]*table.Table{frost("2026-02-10", 24)}, tables...)...)
	for i, j := 0, len(tables)-1; i < j; i, j = i+1, j-1 {
		tables[i], tables[j] = tables[j], tables[i]
	}
	second := build(t, s, append(tables, frost("2026-02-10", 24))...)
	if first.Hardship.Rows() != second.Hardship.Rows() {
		t.Fatalf("%d rows and %d", first.Hardship.Rows(), second.Hardship.Rows())
	}
	for row := range first.Hardship.Rows() {
		for c := range table.Hardship.Columns {
			if a, b := first.Hardship.Value(row, c), second.Hardship.Value(row, c); a != b {
				t.Fatalf("row %d, %s: %v and %v", row, table.Hardship.Columns[c].Name, a, b)
			}
		}
	}
}
