package panel

import (
	"fmt"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// instantsOf returns the start and the end of a civil day of Kyiv, by the
// standard library alone.
func instantsOf(d hour.Day) (start, end hour.Instant) {
	y, m, n := d.Time().Date()
	return hour.At(time.Date(y, m, n, 0, 0, 0, 0, kyiv)), hour.At(time.Date(y, m, n+1, 0, 0, 0, 0, kyiv))
}

// Daily temperatures agree with a program that looks at every row for every
// hour.
func TestDailyTemperaturesAgreeWithASlowProgram(t *testing.T) {
	const first, dayCount = "2026-03-28", 3 // clocks go forward on the second
	s := from(first, dayCount)
	s.Sources = []string{"b", "a"}
	zero := clockAt(first + " 00:00")
	rapid.Check(t, func(r *rapid.T) {
		// Whole hours are missing or present by a share, so that days near the
		// limits of coverage come up.
		type row struct {
			source          string
			at              hour.Instant
			seen            int64 // 0 none, else days after the period; 90 is after the as-of
			temp            float64
			missing, broken bool
		}
		var list []row
		for _, source := range []string{"a", "b"} {
			share := rapid.IntRange(60, 100).Draw(r, "share "+source)
			vintages := rapid.Bool().Draw(r, "vintages "+source)
			for h := -3; h < 24*dayCount+3; h++ {
				if rapid.IntRange(1, 100).Draw(r, "present") > share {
					continue
				}
				for range rapid.IntRange(1, 3).Draw(r, "rows") {
					one := row{source: source, at: zero + hour.Instant(h)*hour.InstantsInHour + hour.Instant(rapid.IntRange(0, 59).Draw(r, "minute"))*hour.Minute}
					if vintages {
						one.seen = rapid.SampledFrom([]int64{0, 1, 2, 2, 90}).Draw(r, "seen")
					}
					one.temp = float64(rapid.IntRange(-250, 50).Draw(r, "temp")) / 10
					one.missing = rapid.IntRange(0, 19).Draw(r, "missing") == 0
					one.broken = rapid.IntRange(0, 19).Draw(r, "broken") == 0
					list = append(list, one)
				}
			}
		}
		var made []cells
		seenAt := func(n int64) hour.Instant { return zero + hour.Instant(n)*24*hour.InstantsInHour }
		for _, one := range list {
			c := cells{"source_id": one.source, "time_utc": one.at, "t_c": one.temp}
			if one.seen > 0 {
				c["first_seen_utc"] = seenAt(one.seen)
			}
			if one.missing {
				c["t_c"] = nil
			}
			if one.broken {
				c["qc"] = 4
			}
			made = append(made, c)
		}
		got := build(r, s, rows(table.Temperature, made...))

		for d := s.First; d < s.End; d++ {
			start, end := instantsOf(d)
			expected := int((end - start) / hour.InstantsInHour)
			type result struct {
				values  []float64
				gap     int
				valid   bool
				present int
			}
			of := func(source string) result {
				var res result
				gap := 0
				for h := start; h < end; h += hour.InstantsInHour {
					newest := int64(-1)
					var sum, n float64
					for _, one := range list {
						if one.source != source || one.at < h || one.at >= h+hour.InstantsInHour || one.seen > 0 && seenAt(one.seen) > s.AsOf || one.seen < newest {
							continue
						}
						if one.seen > newest {
							newest, sum, n = one.seen, 0, 0
						}
						if !one.missing && !one.broken {
							sum, n = sum+one.temp, n+1
						}
					}
					if n == 0 {
						gap++
						res.gap = max(res.gap, gap)
						continue
					}
					gap = 0
					res.values = append(res.values, sum/n)
				}
				res.present = len(res.values)
				res.valid = 4*res.present >= 3*expected && res.gap <= 4
				return res
			}
			best, other := of("b"), of("a")
			if !best.valid && (other.valid || other.present > best.present) {
				best = other
			}
			want := cells{"t_n_present": best.present, "t_longest_gap_h": best.gap, "hours_in_day": expected, "tmin_c": nil, "tmean_c": nil, "tmax_c": nil}
			if best.valid {
				lo, hi, sum := math.Inf(1), math.Inf(-1), 0.0
				for _, v := range best.values {
					lo, hi, sum = min(lo, v), max(hi, v), sum+v
				}
				want["tmin_c"], want["tmean_c"], want["tmax_c"] = lo, sum/float64(best.present), hi
			}
			check(r, got.AreaDay, "UA80 "+d.String(), want)
		}
	})
}

// possible says for the area of a strike row in which areas it may have been,
// and whether for certain (methods.md 4.6).
var possible = map[string]map[string]bool{
	"UA":     {"UA": true, "UA12": false, "UA32": false, "UA59": false, "UA80": false},
	"UA12":   {"UA": true, "UA12": true},
	"UA59":   {"UA": true, "UA59": true},
	"UA32":   {"UA": true, "UA32": false, "UA80": false},
	"UA3210": {"UA": true, "UA32": true},
	"UA80":   {"UA": true, "UA80": true},
}

// Bounds of strikes by day agree with a program that looks at every row for
// every day.
func TestStrikeBoundsAgreeWithASlowProgram(t *testing.T) {
	s := from("2026-03-27", 4)
	frame := nightly("2026-03-27", 5)
	rapid.Check(t, func(r *rapid.T) {
		type row struct {
			area       string
			start, end hour.Instant
			weapon     string
		}
		list := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) row {
			one := row{area: rapid.SampledFrom([]string{"UA", "UA12", "UA59", "UA32", "UA3210", "UA80"}).Draw(r, "area")}
			one.start = clockAt("2026-03-26 12:00") + hour.Instant(rapid.IntRange(0, 5*48).Draw(r, "start"))*30*hour.Minute
			one.end = one.start + hour.Instant(rapid.IntRange(0, 60).Draw(r, "length"))*30*hour.Minute
			one.weapon = rapid.SampledFrom([]string{"drone", "cruise", "reconnaissance"}).Draw(r, "weapon")
			return one
		}), 0, 12).Draw(r, "rows")
		var made []cells
		for i, one := range list {
			made = append(made, cells{"strike_id": fmt.Sprint(i), "area_id": one.area, "start_utc": one.start, "end_utc": one.end, "weapon": one.weapon, "launched": 1})
		}
		got := build(r, s, frame, strikes(made...))
		for _, area := range []string{"UA", "UA12", "UA32", "UA59", "UA80"} {
			for d := s.First; d < s.End; d++ {
				start, end := instantsOf(d)
				var lo, hi int
				for _, one := range list {
					certain, ok := possible[one.area][area]
					if !ok || one.weapon == "reconnaissance" {
						continue
					}
					moment := one.start == one.end && start <= one.start && one.start < end
					if moment || one.start < end && start < one.end && one.start != one.end {
						hi++
						if certain && start <= one.start && one.end <= end {
							lo++
						}
					}
				}
				check(r, got.AreaDay, area+" "+d.String(), cells{"strikes_n_lo": lo, "strikes_n_hi": hi})
			}
		}
	})
}
