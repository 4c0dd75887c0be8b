package panel

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// slowHour is the readings of one hour, all kept.
type slowHour []reading

// value works out what the hour's readings come to by looking at all of them.
func (h slowHour) value() (temp, wind float64, forecastOnly bool) {
	newest := hour.DistantPast
	for _, r := range h {
		newest = max(newest, r.version)
	}
	temp, wind = math.NaN(), math.NaN()
	n, forecast := 0.0, false
	for _, r := range h {
		if r.version != newest {
			continue
		}
		forecast = forecast || r.forecast
		if math.IsNaN(float64(r.temp)) {
			continue
		}
		if n++; n == 1 {
			temp, wind = float64(r.temp), float64(r.wind)
		} else {
			temp += (float64(r.temp) - temp) / n
			wind += (float64(r.wind) - wind) / n
		}
	}
	return temp, wind, forecast && math.IsNaN(temp)
}

// sameBits reports whether two numbers are the same, or neither is one.
func sameBits(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || math.IsNaN(a) && math.IsNaN(b)
}

// drawnNumber draws decimals of one and two places, and odd numbers; no table holds an infinite one.
func drawnNumber(r *rapid.T, odd bool) float64 {
	switch kind := rapid.IntRange(0, 5).Draw(r, "kind"); {
	case !odd || kind == 0:
		return float64(rapid.IntRange(-6000, 6000).Draw(r, "hundredths")) / 100
	case kind == 1:
		return float64(rapid.IntRange(-6000, 6000).Draw(r, "tenths")) / 10
	case kind == 2:
		return rapid.Float64Range(-1e300, 1e300).Draw(r, "any")
	case kind == 3:
		return rapid.SampledFrom([]float64{math.Copysign(0, -1), 0, math.NaN(), 327.66, -327.66, 327.67, -327.67, -327.68, 327.68, 0.1 + 0.2, -0.005, 5e-324, 1e300}).Draw(r, "odd")
	case kind == 4: // neighbours of decimals
		v := float64(rapid.IntRange(-6000, 6000).Draw(r, "hundredths")) / 100
		return math.Nextafter(v, rapid.SampledFrom([]float64{-1e9, 1e9}).Draw(r, "to"))
	}
	return float64(float32(rapid.IntRange(-600, 600).Draw(r, "tenths")) / 10) // as models give them
}

func TestReadingsAreGivenBackAsTheyCame(t *testing.T) {
	const hours = 2*blockHours + 100
	used := &hourly{} // its room is used again
	rapid.Check(t, func(r *rapid.T) {
		odd, versions, winds, forecasts := rapid.Bool().Draw(r, "odd"), rapid.Bool().Draw(r, "versions"), rapid.Bool().Draw(r, "winds"), rapid.Bool().Draw(r, "forecasts")
		made := &readings{source: "s", hours: hours}
		slow := make([]slowHour, hours)
		for range rapid.IntRange(0, 60).Draw(r, "rows") {
			// Few hours, so that several readings meet in one; of two blocks of three.
			i := rapid.SampledFrom([]int{0, 1, 2, blockHours - 1, 2 * blockHours, 2*blockHours + 1, hours - 1}).Draw(r, "hour")
			one := reading{temp: unit.Celsius(drawnNumber(r, odd)), wind: unit.Missing[unit.KilometresPerHour](), version: hour.DistantPast}
			if winds && rapid.Bool().Draw(r, "wind") {
				one.wind = unit.KilometresPerHour(drawnNumber(r, odd))
			}
			if versions && rapid.Bool().Draw(r, "version") {
				one.version = hour.Instant(rapid.IntRange(1, 4).Draw(r, "seen"))
			}
			if forecasts && rapid.IntRange(0, 3).Draw(r, "forecast") == 0 {
				one.forecast, one.temp, one.wind = true, unit.Missing[unit.Celsius](), unit.Missing[unit.KilometresPerHour]()
			}
			b, h := made.block(i)
			b.add(h, one)
			slow[i] = append(slow[i], one)
		}
		used.layOut(made, 0)
		for i, h := range slow {
			temp, wind, forecastOnly := h.value()
			if got := float64(used.temp[i]); !sameBits(got, temp) {
				r.Fatalf("hour %d of %v is %v °C, want %v", i, h, got, temp)
			}
			if got := used.wind; got == nil && !math.IsNaN(wind) || got != nil && !sameBits(float64(got[i]), wind) {
				r.Fatalf("hour %d of %v has wind %v km/h, want %v", i, h, got, wind)
			}
			if got := used.forecastOnly(i); got != forecastOnly {
				r.Fatalf("hour %d of %v is only a forecast: %v, want %v", i, h, got, forecastOnly)
			}
		}
		if len(made.blocks) > 1 && made.blocks[1] != nil && !slices.ContainsFunc(slow[blockHours:2*blockHours], func(h slowHour) bool { return h != nil }) {
			r.Fatal("a block without a reading was made")
		}
	})
}

// A batch without vintages, winds and qualities takes the short way, which must
// come to what the long way does.
func TestPlainRowsComeToWhatRowsWithVintagesDo(t *testing.T) {
	s := from("2026-01-01", 3)
	s.AsOf = clockAt("2026-01-03 12:00")
	zero := clockAt("2025-12-30 20:00")
	rapid.Check(t, func(r *rapid.T) {
		odd := rapid.Bool().Draw(r, "odd")
		// A row of another source with a version sends the batch the long way.
		other := cells{"source_id": "other", "area_id": "A", "time_utc": zero, "t_c": 1.0, "first_seen_utc": zero}
		var made []cells
		for range rapid.IntRange(1, 40).Draw(r, "rows") {
			c := cells{"area_id": rapid.SampledFrom([]string{"A", "B"}).Draw(r, "area"), "source_id": rapid.SampledFrom([]string{"a", "b"}).Draw(r, "source")}
			c["time_utc"] = zero + hour.Instant(rapid.IntRange(0, 130*4).Draw(r, "quarter"))*15*hour.Minute
			if c["t_c"] = nil; rapid.IntRange(0, 9).Draw(r, "known") > 0 {
				c["t_c"] = drawnNumber(r, odd)
				if math.IsNaN(c["t_c"].(float64)) {
					c["t_c"] = 1.5
				}
			}
			made = append(made, c)
		}
		short, long := NewInputs(nil, s), NewInputs(nil, s)
		if err := short.Add(rows(table.Temperature, made...)); err != nil {
			r.Fatal(err)
		}
		if err := long.Add(rows(table.Temperature, append(made, other)...)); err != nil {
			r.Fatal(err)
		}
		for _, a := range short.areas {
			b := long.areas[long.position[string(a.id)]]
			for _, got := range a.hourly {
				want := b.hourly[slices.IndexFunc(b.hourly, func(r *readings) bool { return r.source == got.source })]
				if got.newest != want.newest || (got.blocks == nil) != (want.blocks == nil) {
					r.Fatalf("%s: newest %v and %v", got.source, got.newest, want.newest)
				}
				var x, y hourly
				x.layOut(got, 0)
				y.layOut(want, 0)
				if got.blocks != nil && !slices.EqualFunc(x.temp, y.temp, func(a, b unit.Celsius) bool { return sameBits(float64(a), float64(b)) }) {
					r.Fatalf("%s of %s differ", got.source, a.id)
				}
			}
		}
	})
}

// A thousand areas with five winters in four and a half years take what is
// promised, and hours without a reading nothing.
func TestHoursTakeTwoBytes(t *testing.T) {
	const hours = 39144
	r := &readings{hours: hours}
	for winter := range 5 {
		for h := range 167 * 24 {
			b, i := r.block(winter*365*24 + h)
			temp := unit.Celsius(h%500-300) / 10
			if h%100 == 0 {
				temp = unit.Celsius(math.Copysign(0, -1)) // as publishers round −0.04
			}
			b.add(i, reading{temp: temp, wind: unit.Missing[unit.KilometresPerHour](), version: hour.DistantPast})
		}
	}
	blocks, bytes := 0, 8*len(r.blocks)
	for _, b := range r.blocks {
		if b != nil {
			blocks++
			bytes += 2*len(b.temp.hundredths) + 8*len(b.temp.wide) + 8*len(b.wind.wide) + 4*len(b.count) + 8*len(b.version)
		}
	}
	if blocks > 5*7 || bytes > 2*blockHours*blocks+8*len(r.blocks) {
		t.Errorf("%d bytes in %d blocks of %d hours", bytes, blocks, 5*167*24)
	}
}
