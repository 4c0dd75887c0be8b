package panel

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"hardship/pipeline/gate"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// exposed are settings that ask for exposure_day, of a list of events.
func exposed(first string, days int) Settings {
	s := from(first, days)
	s.StrikePublisher = ""
	return s
}

// A strike at 08:30 counts for the hours from 09:00 on, six of them, and for the
// three days after its own. 100 customers are out from 00:00 to 24:00 of the next
// day, ten of whose hours are at −10 °C and two unknown.
func TestExposureOfOneDay(t *testing.T) {
	s := exposed("2026-01-10", 8)
	var temps []cells
	for h := range 24 {
		temp := -9.9
		if h < 10 {
			temp = -10
		}
		if h < 22 {
			temps = append(temps, cells{"time_utc": clockAt("2026-01-12 00:00") + hour.Instant(h)*hour.InstantsInHour, "t_c": temp})
		}
	}
	frame := func(id, at string) cells {
		return cells{"strike_id": id, "area_id": "UA80", "start_utc": at, "end_utc": at, "weapon": "reconnaissance"}
	}
	strike := cells{"strike_id": "s", "area_id": "UA80", "start_utc": "2026-01-12 08:30", "end_utc": "2026-01-12 08:45"}
	r := build(t, s,
		rows(table.Temperature, temps...),
		outages(nil, [3]any{"2026-01-09 00:00", "2026-01-09 01:00", 0}, [3]any{"2026-01-12 00:00", "2026-01-13 00:00", 100}, [3]any{"2026-01-20 00:00", "2026-01-20 01:00", 0}),
		strikes(frame("a", "2026-01-01 00:00"), strike, frame("z", "2026-01-21 00:00")))
	check(t, r.ExposureDay, "UA80 2026-01-12", cells{
		"out_ch_le_m10_lo": 1000.0, "out_ch_le_m10_hi": 1200.0, "strikes_prev72_lo": 0, "strikes_prev72_hi": 0,
		"out_ch_x_strikes_6h": 600.0, "out_ch_x_strikes_24h": 1500.0, "out_ch_x_strikes_72h": 1500.0,
	})
	for date, want := range map[string]int{"2026-01-13": 1, "2026-01-14": 1, "2026-01-15": 1, "2026-01-16": 0} {
		check(t, r.ExposureDay, "UA80 "+date, cells{
			"strikes_prev72_lo": want, "strikes_prev72_hi": want, "out_ch_le_m10_lo": nil, "out_ch_le_m10_hi": nil, "out_ch_x_strikes_6h": 0.0,
		})
	}
}

func TestExposureIsUnknownWhereAStrikeIsInDoubt(t *testing.T) {
	s := exposed("2026-01-10", 8)
	for _, tt := range []struct {
		name string
		in   cells
		lo   any // strikes_prev72 of 13 January
	}{
		{"its hour", cells{"start_utc": "2026-01-12 08:30", "end_utc": "2026-01-12 10:00"}, 1},
		{"its area", cells{"area_id": "UA", "start_utc": "2026-01-12 08:30", "end_utc": "2026-01-12 08:30"}, 0},
		{"known by date", cells{"start_utc": "2026-01-12 00:00", "end_utc": "2026-01-13 00:00", "time_precision": "day"}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			row := cells{"strike_id": "s", "area_id": "UA80"}
			for k, v := range tt.in {
				row[k] = v
			}
			frame := func(id, at string) cells {
				return cells{"strike_id": id, "area_id": "UA80", "start_utc": at, "end_utc": at, "weapon": "reconnaissance"}
			}
			r := build(t, s, outages(nil, [3]any{"2026-01-09 00:00", "2026-01-20 00:00", 100}), strikes(frame("a", "2026-01-01 00:00"), row, frame("z", "2026-01-21 00:00")))
			check(t, r.ExposureDay, "UA80 2026-01-11", cells{"out_ch_x_strikes_72h": 0.0})
			check(t, r.ExposureDay, "UA80 2026-01-12", cells{"out_ch_x_strikes_6h": nil, "out_ch_x_strikes_24h": nil, "out_ch_x_strikes_72h": nil})
			check(t, r.ExposureDay, "UA80 2026-01-13", cells{"strikes_prev72_lo": tt.lo, "strikes_prev72_hi": 1})
			check(t, r.ExposureDay, "UA80 2026-01-14", cells{"out_ch_x_strikes_6h": 0.0, "out_ch_x_strikes_24h": 0.0, "out_ch_x_strikes_72h": nil})
		})
	}
}

func TestExposureIsMadeAndClearedOnRequestOnly(t *testing.T) {
	s := exposed("2026-01-10", 2)
	in := outages(nil, [3]any{"2026-01-09 00:00", "2026-01-20 00:00", 100})
	made := build(t, s, in).ExposureDay
	if made.Rows() != 2*4 { // four oblasts; the country has no customers
		t.Errorf("%d rows", made.Rows())
	}
	rules := gate.Rules{AsOf: s.AsOf, Gazetteer: ukraine()}
	if _, err := gate.Clear(made, rules); err == nil {
		t.Error("cleared though nobody asked for it")
	}
	rules.ModelInputs = true
	if _, err := gate.Clear(made, rules); err != nil {
		t.Error(err)
	}
	s.Makes = func(t *table.Schema) bool { return t == table.AreaDay }
	if made := build(t, s, in).ExposureDay; made != nil {
		t.Errorf("%d rows that nobody asked for", made.Rows())
	}
}

// Products, strikes before and customer-hours in the cold agree with a program
// that looks at every record for every hour, also where clocks change.
func TestExposureAgreesWithASlowProgram(t *testing.T) {
	const first, dayCount = "2026-03-28", 4 // clocks go forward on the second
	s := exposed(first, dayCount)
	zero := clockAt(first + " 00:00")
	at := func(r *rapid.T, name string) hour.Instant {
		return zero + hour.Instant(rapid.IntRange(-96*4, 24*dayCount*4).Draw(r, name))*15*hour.Minute
	}
	rapid.Check(t, func(r *rapid.T) {
		var temps, hits, outs []cells
		byHour := map[hour.Hour]float64{}
		for h := range 24 * dayCount {
			if rapid.IntRange(0, 9).Draw(r, "gap") > 0 {
				v := float64(rapid.IntRange(-12, -8).Draw(r, "temp"))
				byHour[zero.Hour()+hour.Hour(h)] = v
				temps = append(temps, cells{"time_utc": zero + hour.Instant(h)*hour.InstantsInHour, "t_c": v})
			}
		}
		var strikesAt []hour.Instant
		for i := range rapid.IntRange(0, 12).Draw(r, "strikes") {
			strikesAt = append(strikesAt, at(r, "strike"))
			hits = append(hits, cells{"strike_id": string(rune('b' + i)), "area_id": "UA80", "start_utc": strikesAt[i], "end_utc": strikesAt[i]})
		}
		far := hour.Instant(30*24) * hour.InstantsInHour
		for i, edge := range []hour.Instant{zero - far, zero + far} {
			hits = append(hits, cells{"strike_id": string(rune('Y' + i)), "area_id": "UA80", "start_utc": edge, "end_utc": edge, "weapon": "reconnaissance"})
			outs = append(outs, cells{"outage_id": string(rune('Y' + i)), "start_utc": edge, "end_utc": edge + hour.InstantsInHour, "customers_lo": 0, "customers_hi": 0})
		}
		type outage struct {
			v hour.Interval
			n int
		}
		var list []outage
		for i := range rapid.IntRange(0, 6).Draw(r, "outages") {
			o := outage{n: rapid.IntRange(1, 500).Draw(r, "customers")}
			o.v.Start = at(r, "outage")
			o.v.End = o.v.Start + hour.Instant(rapid.IntRange(1, 200).Draw(r, "length"))*15*hour.Minute
			list = append(list, o)
			outs = append(outs, cells{"outage_id": string(rune('b' + i)), "start_utc": o.v.Start, "end_utc": o.v.End, "customers_lo": o.n, "customers_hi": o.n})
		}
		got := build(r, s, rows(table.Temperature, temps...), rows(table.OutageInterval, outs...), strikes(hits...))

		for d := s.First; d < s.End; d++ {
			start, end := instantsOf(d)
			before, _ := instantsOf(d - 3)
			var lo, hi float64
			products := map[int]float64{6: 0, 24: 0, 72: 0}
			any := false
			for h := start.Hour(); h < end.Hour(); h++ {
				// By quarters of an hour, in which nothing changes.
				var most, sum float64
				for q := range 4 {
					moment := h.Start() + hour.Instant(q)*15*hour.Minute
					var largest, all float64
					for _, o := range list {
						if o.v.Start <= moment && moment < o.v.End {
							largest, all = math.Max(largest, float64(o.n)), all+float64(o.n)
						}
					}
					most, sum = most+largest/4, sum+all/4
				}
				temp, ok := byHour[h]
				any = any || ok
				if ok && temp <= -10 {
					lo += most
				}
				if !ok || temp <= -10 {
					hi += sum
				}
				for back := range products {
					for _, at := range strikesAt {
						if at.Hour() >= h-hour.Hour(back) && at.Hour() < h {
							products[back] += sum
						}
					}
				}
			}
			count := 0
			for _, at := range strikesAt {
				if at >= before && at < start {
					count++
				}
			}
			want := cells{"strikes_prev72_lo": count, "strikes_prev72_hi": count, "out_ch_x_strikes_6h": products[6], "out_ch_x_strikes_24h": products[24], "out_ch_x_strikes_72h": products[72]}
			if want["out_ch_le_m10_lo"], want["out_ch_le_m10_hi"] = lo, hi; !any {
				want["out_ch_le_m10_lo"], want["out_ch_le_m10_hi"] = nil, nil
			}
			check(r, got.ExposureDay, "UA80 "+d.String(), want)
		}
	})
}
