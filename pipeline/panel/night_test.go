package panel

import (
	"strings"
	"testing"

	"hardship/pipeline/table"
)

// bulletin makes a row of the declared publisher.
func bulletin(start, end string, changes cells) cells {
	row := cells{"start_utc": start, "end_utc": end, "launched": 1, "intercepted": 0}
	for name, v := range changes {
		row[name] = v
	}
	return row
}

func strikes(list ...cells) *table.Table { return rows(table.Strike, list...) }

// keys returns the keys of the rows of an area in strike_night with every
// weapon, without the area.
func keys(of *table.Table, area string) string {
	var out []string
	for row := range of.Rows() {
		if of.String("area_id").Value(row) == area && of.String("weapon").Value(row) == "all" {
			out = append(out, of.Value(row, 1).(interface{ String() string }).String()+" "+of.String("part").Value(row))
		}
	}
	return strings.Join(out, ", ")
}

// Methods.md 4.2.
func TestWindowsBelongToANightADayOrADate(t *testing.T) {
	for _, tt := range []struct {
		name, start, end string
		precision        string
		want             string
	}{
		{"over midnight", "2026-01-29 18:00", "2026-01-30 08:00", "minute", "2026-01-30 night"},
		{"over midnight, begun before 18:00", "2026-01-29 17:40", "2026-01-30 06:00", "minute", "2026-01-30 night"},
		{"over midnight, ended after 09:00", "2026-02-02 18:00", "2026-02-03 09:30", "minute", "2026-02-03 night"},
		{"over midnight and the most of a day", "2026-01-29 08:00", "2026-01-30 00:30", "minute", "2026-01-30 night"},
		{"by day", "2026-01-14 07:00", "2026-01-14 17:00", "minute", "2026-01-14 day"},
		{"in the small hours", "2026-01-30 01:00", "2026-01-30 08:00", "minute", "2026-01-30 night"},
		{"in the evening, up to midnight", "2026-01-29 18:00", "2026-01-30 00:00", "minute", "2026-01-30 night"},
		{"more of it in the evening", "2026-01-29 16:30", "2026-01-29 23:00", "minute", "2026-01-30 night"},
		{"more of it by day", "2026-01-29 08:00", "2026-01-29 20:00", "minute", "2026-01-29 day"},
		{"more of it in the morning", "2026-01-29 05:00", "2026-01-29 10:00", "minute", "2026-01-29 night"},
		{"a moment at night", "2026-01-29 23:00", "2026-01-29 23:00", "minute", "2026-01-30 night"},
		{"a moment by day", "2026-01-29 12:00", "2026-01-29 12:00", "minute", "2026-01-29 day"},
		{"a date", "2026-01-29 00:00", "2026-01-30 00:00", "day", "2026-01-29 date"},
		{"over the hour that clocks skip", "2026-03-28 18:00", "2026-03-29 09:00", "minute", "2026-03-29 night"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := from(tt.start[:10], 3)
			s.First--
			r := build(t, s, strikes(bulletin(tt.start, tt.end, cells{"time_precision": tt.precision})))
			if got := keys(r.StrikeNight, "UA"); got != tt.want {
				t.Errorf("rows of %s, want %s", got, tt.want)
			}
		})
	}
}

func TestTheCountryHasARowForEveryWeaponOfANightWithABulletin(t *testing.T) {
	r := build(t, from("2026-01-29", 3), strikes(
		bulletin("2026-01-29 18:00", "2026-01-30 08:00", cells{"launched": 111, "intercepted": 80, "lost": 5, "impacts": 15}),
		bulletin("2026-01-29 18:00", "2026-01-30 08:00", cells{"weapon": "ballistic", "launched": 1}),
		bulletin("2026-01-29 20:00", "2026-01-30 09:00", cells{"weapon": "drone", "launched": 9, "intercepted": nil, "strike_id": "second drone row"}),
		bulletin("2026-01-29 18:00", "2026-01-30 08:00", cells{"weapon": "reconnaissance", "launched": 70}),
	))
	night := "UA 2026-01-30 night "
	check(t, r.StrikeNight, night+"all", cells{"launched": 121, "events_lo": 3, "events_hi": 3, "intercepted": nil, "lost": 5, "impacts": 15, "rows_named": nil,
		"window_start_utc": clockAt("2026-01-29 18:00"), "window_end_utc": clockAt("2026-01-30 09:00")})
	check(t, r.StrikeNight, night+"drone", cells{"launched": 120, "events_lo": 2, "intercepted": nil})
	check(t, r.StrikeNight, night+"ballistic", cells{"launched": 1, "intercepted": 0, "lost": nil, "impacts": nil})
	check(t, r.StrikeNight, night+"cruise", cells{"launched": 0, "events_lo": 0, "events_hi": 0, "intercepted": 0, "window_start_utc": nil})
	if rowOf(r.StrikeNight, night+"reconnaissance") >= 0 {
		t.Error("reconnaissance has a row")
	}
	if got := keys(r.StrikeNight, "UA"); got != "2026-01-30 night" {
		t.Errorf("nights without a bulletin have rows: %s", got)
	}
	check(t, r.AreaDay, "UA 2026-01-30", cells{"launched": 121, "intercepted": nil})
	// The windows of 29 and 31 January have no bulletin: unknown, never zero.
	check(t, r.AreaDay, "UA 2026-01-29", cells{"launched": nil, "strikes_n_lo": 0, "strikes_n_hi": nil})
	check(t, r.AreaDay, "UA 2026-01-31", cells{"launched": nil, "intercepted": nil, "strikes_n_lo": nil, "strikes_n_hi": nil})
}

func TestReconnaissanceIsNoStrikeAndProvesABulletin(t *testing.T) {
	r := build(t, from("2026-01-30", 2), strikes(
		bulletin("2026-01-29 18:00", "2026-01-30 08:00", cells{"weapon": "reconnaissance", "launched": 7}),
		bulletin("2026-01-30 18:00", "2026-01-31 08:00", cells{"weapon": "reconnaissance", "launched": 7}),
	))
	check(t, r.StrikeNight, "UA 2026-01-30 night all", cells{"launched": 0, "events_lo": 0, "events_hi": 0})
	check(t, r.StrikeNight, "UA80 2026-01-30 night all", cells{"launched": nil, "events_hi": 0, "rows_named": 0})
	check(t, r.AreaDay, "UA 2026-01-30", cells{"launched": 0, "strikes_n_lo": 0, "strikes_n_hi": 0})
	check(t, r.AreaDay, "UA80 2026-01-30", cells{"launched": nil, "strikes_n_lo": 0, "strikes_n_hi": 0, "strikes_energy_hi": 0})
}

func TestOneRowThatStatesNoNumberMakesTheTotalUnknown(t *testing.T) {
	r := build(t, from("2026-01-30", 1), strikes(
		bulletin("2026-01-29 18:00", "2026-01-30 08:00", cells{"launched": 10}),
		bulletin("2026-01-29 18:00", "2026-01-30 08:00", cells{"weapon": "cruise", "launched": nil, "impacts": 2}),
	))
	check(t, r.StrikeNight, "UA 2026-01-30 night all", cells{"launched": nil, "events_lo": 2, "impacts": 2})
	check(t, r.StrikeNight, "UA 2026-01-30 night drone", cells{"launched": 10})
	check(t, r.StrikeNight, "UA 2026-01-30 night cruise", cells{"launched": nil})
	check(t, r.AreaDay, "UA 2026-01-30", cells{"launched": nil})
}

func TestRowsKnownByDateMayBelongToEitherNight(t *testing.T) {
	night := func(d string) cells { return bulletin(d+" 01:00", d+" 06:00", nil) }
	r := build(t, from("2026-01-28", 5), strikes(
		night("2026-01-29"), night("2026-01-30"), night("2026-01-31"),
		bulletin("2026-01-29 10:00", "2026-01-29 16:00", nil), bulletin("2026-01-30 10:00", "2026-01-30 16:00", nil),
		bulletin("2026-01-29 00:00", "2026-01-30 00:00", cells{"time_precision": "day", "launched": 5, "weapon": "cruise"}),
	))
	if got := keys(r.StrikeNight, "UA"); got != "2026-01-29 date, 2026-01-29 day, 2026-01-29 night, 2026-01-30 day, 2026-01-30 night, 2026-01-31 night" {
		t.Errorf("rows of %s", got)
	}
	for key, want := range map[string][2]int{
		"2026-01-29 date all": {1, 1}, "2026-01-29 night all": {1, 2}, "2026-01-29 day all": {1, 2}, "2026-01-30 night all": {1, 2}, "2026-01-31 night all": {1, 1}, "2026-01-30 day all": {1, 1},
		"2026-01-29 night cruise": {0, 1}, "2026-01-29 night drone": {1, 1},
	} {
		check(t, r.StrikeNight, "UA "+key, cells{"events_lo": want[0], "events_hi": want[1]})
	}
	check(t, r.StrikeNight, "UA 2026-01-29 night all", cells{"launched": 1})
	check(t, r.StrikeNight, "UA 2026-01-29 date all", cells{"launched": 5})
	// The date holds the row for certain, whichever night it is of.
	check(t, r.AreaDay, "UA 2026-01-29", cells{"launched": 1 + 1 + 5, "strikes_n_lo": 3, "strikes_n_hi": 3})
}

func TestARowKnownByWeekMayBelongToEveryNightOfIt(t *testing.T) {
	var list []cells
	for d := day("2026-01-19"); d <= day("2026-01-28"); d++ {
		list = append(list, bulletin(d.String()+" 01:00", d.String()+" 06:00", nil))
	}
	r := build(t, from("2026-01-19", 10), strikes(append(list,
		bulletin("2026-01-20 00:00", "2026-01-27 00:00", cells{"time_precision": "week", "launched": 30}))...))
	for d := day("2026-01-19"); d <= day("2026-01-28"); d++ {
		hi := 1
		if d >= day("2026-01-20") && d <= day("2026-01-27") {
			hi = 2
		}
		check(t, r.StrikeNight, "UA "+d.String()+" night all", cells{"events_lo": 1, "events_hi": hi, "launched": 1})
	}
	check(t, r.StrikeNight, "UA 2026-01-26 date all", cells{"launched": 30})
}

// Every day's launches are those of its rows of strike_night, of the country
// and of areas.
func TestDailyLaunchesAreTheSumsOfTheNights(t *testing.T) {
	sumy := cells{"area_id": "UA59", "areas_named": "UA59", "named_alone": true}
	with := func(c cells, launched any) cells {
		out := cells{"launched": launched}
		for name, v := range c {
			out[name] = v
		}
		return out
	}
	r := build(t, from("2026-01-27", 6), strikes(
		bulletin("2026-01-27 18:00", "2026-01-28 08:00", with(nil, 40)),
		bulletin("2026-01-27 18:00", "2026-01-28 08:00", with(sumy, 4)),
		bulletin("2026-01-28 10:00", "2026-01-28 16:00", with(sumy, 3)),
		bulletin("2026-01-28 18:00", "2026-01-29 08:00", with(sumy, nil)),
		bulletin("2026-01-29 10:00", "2026-01-29 16:00", with(nil, 8)),
		bulletin("2026-01-30 10:00", "2026-01-30 16:00", with(nil, 9)), // a day without its night
		bulletin("2026-01-31 00:00", "2026-02-01 00:00", with(cells{"time_precision": "day"}, 6)),
	))
	for _, area := range []string{"UA", "UA59", "UA80"} {
		for d := day("2026-01-27"); d <= day("2026-02-01"); d++ {
			sum, known, night := 0, false, false
			for row := range r.StrikeNight.Rows() {
				n := r.StrikeNight
				if n.String("area_id").Value(row) != area || n.String("weapon").Value(row) != "all" || table.Day(n.Date("date_local"), row) != d {
					continue
				}
				night = night || n.String("part").Value(row) != "day"
				if n.Int32("launched").IsValid(row) {
					sum, known = sum+int(n.Int32("launched").Value(row)), true
				} else if area == "UA" || n.Int32("rows_named").Value(row) > 0 {
					sum, known, night = 0, false, false
					break
				}
			}
			want := any(sum)
			if !known || !night {
				want = nil
			}
			check(t, r.AreaDay, area+" "+d.String(), cells{"launched": want})
		}
	}
	check(t, r.AreaDay, "UA 2026-01-28", cells{"launched": 47})
	check(t, r.AreaDay, "UA59 2026-01-28", cells{"launched": 7})
	check(t, r.AreaDay, "UA59 2026-01-29", cells{"launched": nil})
	check(t, r.AreaDay, "UA 2026-01-30", cells{"launched": nil})
	check(t, r.AreaDay, "UA 2026-01-31", cells{"launched": 6})
}
