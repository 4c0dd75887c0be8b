package calibrate

import (
	"math"
	"time"

	"hardship/pipeline/analysis/pause"
	"hardship/pipeline/hour"
	"hardship/pipeline/rate"
	"hardship/pipeline/table"
)

// A disputed pause of seven days, or of seven nights from a morning to a morning,
// in a January of clocks that are at UTC.
var (
	pauseFirst = hour.Day(20478) // 2026-01-25
	pauseDays  = 7
	washout    = 7
)

// decides is the method whose interval verdicts use.
func (s *Scene) decides() string {
	if s.metric == "launched_drone" {
		return "pause_adjusted"
	}
	return "pause_exact"
}

// pause makes the tables of a record with a baseline of so many days, and what was
// claimed.
func (s *Scene) pause(d draws, baseline int, effect bool) *record {
	r := &record{days: baseline, scene: s}
	if effect {
		r.ratio = math.Log(ratioPause)
	}
	before := baseline + washout + 2
	n := before + pauseDays + 2
	first := pauseFirst - hour.Day(before)
	factor := s.factor(d, n)
	day, night := table.NewBuilder(table.AreaDay), table.NewBuilder(table.StrikeNight)
	for t := range n {
		mean := s.rate * factor[t] * math.Exp(s.trend*math.Ln2*float64(t-before)/150)
		// The night that ends on a day begins on the day before.
		inside := t >= before && t < before+pauseDays
		if s.metric == "launched_drone" {
			inside = t > before && t <= before+pauseDays
		}
		if inside {
			mean *= math.Exp(r.ratio)
		}
		count := int32(d.poisson(mean))
		if s.metric == "launched_drone" {
			night.Row()
			require(night, table.StrikeNight)
			night.String("area_id", "A")
			night.Date("date_local", first+hour.Day(t))
			night.String("part", "night")
			night.String("weapon", "drone")
			night.Int32("launched", count)
			continue
		}
		day.Row()
		require(day, table.AreaDay)
		day.String("area_id", "A1")
		day.Date("date_local", first+hour.Day(t))
		if s.metric == "alerts_n" {
			day.Int32("alerts_n", count)
			continue
		}
		others := int32(d.poisson(1.5))
		var hidden, unknown int32
		for range count {
			if d.uniform() < 1/7. {
				hidden++
			}
		}
		for range others {
			if d.uniform() < 1/7. {
				unknown++
			}
		}
		day.Int32("strikes_n_lo", count+others)
		day.Int32("strikes_n_hi", count+others)
		day.Int32("strikes_energy_lo", count-hidden)
		day.Int32("strikes_energy_hi", count+unknown)
	}
	r.areaDay, r.strikeNight = day.Table(), night.Table()
	return r
}

// require sets the cells of a row that may not be null, but for keys, to what
// stands for nothing.
func require(b *table.Builder, s *table.Schema) {
	for _, c := range s.Columns {
		if c.Null || s.IsKey(c.Name) {
			continue
		}
		switch c.Type {
		case table.Bool:
			b.Bool(c.Name, false)
		case table.Int32:
			b.Int32(c.Name, 0)
		case table.Int64:
			b.Int64(c.Name, 0)
		case table.Float64:
			b.Float64(c.Name, 1)
		case table.String:
			b.String(c.Name, "UTC")
		case table.Timestamp:
			b.Timestamp(c.Name, hour.At(pauseFirst.Time()))
		}
	}
}

// pauses answers by the whole of package pause: the reading, its baseline, the
// counts of the tables.
func pauses(r *record) []answer {
	out := []answer{none(), none(), none()}
	settings := pause.Settings{
		AsOf: hour.At((pauseFirst + 100).Time()), Country: "A", Location: time.UTC, Zones: []*time.Location{time.UTC},
		Baseline: pause.Baseline{Days: r.days, Washout: washout},
	}
	place, targets, start := "A1", "all", hour.At(pauseFirst.Time())
	switch r.scene.metric {
	case "strikes_energy":
		targets = "energy"
	case "launched_drone":
		place, start = "A", start+9*hour.InstantsInHour
	}
	claim := table.NewBuilder(table.Claim)
	claim.Row()
	require(claim, table.Claim)
	claim.String("claim_id", "a")
	claim.String("pause_id", "p")
	claim.Timestamp("start_utc", start)
	claim.Timestamp("end_utc", start+hour.Instant(pauseDays)*24*hour.InstantsInHour)
	claim.String("places", place)
	claim.String("targets", targets)
	readings, err := pause.Readings(claim.Table(), settings)
	if err != nil {
		panic(err) // the claim above is in order
	}
	var primary []pause.Reading
	for _, reading := range readings {
		if reading.Primary {
			primary = append(primary, reading)
		}
	}
	results, err := pause.Results(primary, r.areaDay, r.strikeNight, settings)
	if err != nil {
		panic(err)
	}
	for i := range results {
		x := &results[i]
		if x.Metric != r.scene.metric || !x.Primary {
			continue
		}
		logs := func(i rate.Interval, p float64) answer {
			return answer{true, p, math.Log(i.Lo), math.Log(i.Hi), r.ratio}
		}
		if x.Evaluable() {
			out[0], out[1] = logs(x.Exact, x.P), logs(x.Adjusted, x.PAdj)
		}
		if 1/float64(1+x.PlaceboM) <= 1-level && !math.IsNaN(x.PlaceboRank) {
			out[2] = answer{true, x.PlaceboRank, nan, nan, r.ratio}
		}
	}
	return out
}
