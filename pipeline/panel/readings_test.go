package panel

import (
	"math"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"pgregory.net/rapid"

	"hardship/pipeline/area"
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

// coded returns a table whose columns of the given names are codes, of dictionaries
// that hold values that no row has too.
func coded(r *rapid.T, t *table.Table, names ...string) *table.Table {
	columns := slices.Clone(t.Held().Columns())
	for _, name := range names {
		i := t.Schema.Index(name)
		values := array.NewBuilder(memory.DefaultAllocator, t.Schema.Columns[i].Type.Arrow())
		codes := array.NewInt32Builder(memory.DefaultAllocator)
		add := func(row int) {
			switch of := columns[i].(type) {
			case *array.Timestamp:
				values.(*array.TimestampBuilder).Append(of.Value(row))
			case *array.Float64:
				values.(*array.Float64Builder).Append(of.Value(row))
			}
		}
		for row := range t.Rows() {
			if columns[i].IsNull(row) {
				codes.AppendNull()
				continue
			}
			for range rapid.IntRange(1, 2).Draw(r, "times in the dictionary") {
				add(row)
			}
			codes.Append(int32(values.Len() - 1))
		}
		d := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: t.Schema.Columns[i].Type.Arrow()}
		columns[i] = array.NewDictionaryArray(d, codes.NewArray(), values.NewArray())
	}
	return table.NewCoded(t.Schema, int64(t.Rows()), columns)
}

// A batch without vintages, winds and qualities takes the short way, coded or not,
// which must come to what the long way does.
func TestPlainRowsComeToWhatRowsWithVintagesDo(t *testing.T) {
	s := from("2026-01-01", 3)
	s.AsOf = clockAt("2026-01-03 12:00")
	zero := clockAt("2025-12-30 20:00")
	rapid.Check(t, func(r *rapid.T) {
		odd, wholeHours := rapid.Bool().Draw(r, "odd"), rapid.Bool().Draw(r, "whole hours")
		s.Own = nil
		if rapid.IntRange(0, 3).Draw(r, "own") == 0 {
			s.Own = func(id area.ID) bool { return id != "B" }
		}
		// A row of another source with a version sends the batch the long way.
		other := cells{"source_id": "other", "area_id": "A", "time_utc": zero, "t_c": 1.0, "first_seen_utc": zero}
		var made []cells
		for range rapid.IntRange(1, 40).Draw(r, "rows") {
			c := cells{"area_id": rapid.SampledFrom([]string{"A", "B"}).Draw(r, "area"), "source_id": rapid.SampledFrom([]string{"a", "b"}).Draw(r, "source")}
			quarters := rapid.IntRange(0, 130*4).Draw(r, "quarter")
			if wholeHours {
				quarters &^= 3
			}
			c["time_utc"] = zero + hour.Instant(quarters)*15*hour.Minute
			if rapid.IntRange(0, 99).Draw(r, "far off") == 0 {
				c["time_utc"] = rapid.SampledFrom([]hour.Instant{hour.DistantPast, hour.DistantFuture, math.MinInt32 * hour.InstantsInHour, math.MinInt32*hour.InstantsInHour - 1}).Draw(r, "when")
			}
			if c["t_c"] = nil; rapid.IntRange(0, 9).Draw(r, "known") > 0 {
				c["t_c"] = drawnNumber(r, odd)
				if math.IsNaN(c["t_c"].(float64)) {
					c["t_c"] = 1.5
				}
			}
			made = append(made, c)
		}
		// Before them may have come what the short way does not write beside.
		before := cells{"source_id": "a", "area_id": "A", "time_utc": zero + 30*hour.InstantsInHour, "t_c": 2.0}
		for name, v := range map[string]any{"wind_kmh": 3.0, "first_seen_utc": zero} {
			if rapid.Bool().Draw(r, name) {
				before[name] = v
			}
		}
		long := NewInputs(nil, s)
		if err := long.Add(rows(table.Temperature, before)); err != nil {
			r.Fatal(err)
		}
		if err := long.Add(rows(table.Temperature, append(made, other)...)); err != nil {
			r.Fatal(err)
		}
		add := func(in *Inputs, names ...string) {
			for _, source := range []string{"a", "b"} { // a batch is of one, to take the short way
				of := slices.Clone(made)
				of = slices.DeleteFunc(of, func(c cells) bool { return c["source_id"] != source })
				for _, part := range [][]cells{of[:len(of)/2], of[len(of)/2:]} {
					if len(part) == 0 {
						continue
					}
					if err := in.Add(coded(r, rows(table.Temperature, part...), names...)); err != nil {
						r.Fatal(err)
					}
				}
			}
		}
		for _, names := range [][]string{nil, {"time_utc"}, {"t_c"}, {"time_utc", "t_c"}} {
			short := NewInputs(nil, s)
			if err := short.Add(rows(table.Temperature, before)); err != nil {
				r.Fatal(err)
			}
			add(short, names...)
			for _, a := range short.areas {
				b := long.areas[long.position[string(a.id)]]
				for _, got := range a.hourly {
					want := b.hourly[slices.IndexFunc(b.hourly, func(r *readings) bool { return r.source == got.source })]
					if got.newest != want.newest || (got.blocks == nil) != (want.blocks == nil) {
						r.Fatalf("%s coded %v: newest %v and %v", got.source, names, got.newest, want.newest)
					}
					var x, y hourly
					x.layOut(got, 0)
					y.layOut(want, 0)
					if got.blocks != nil && !slices.EqualFunc(x.temp, y.temp, func(a, b unit.Celsius) bool { return sameBits(float64(a), float64(b)) }) {
						r.Fatalf("%s of %s, coded %v, differ", got.source, a.id, names)
					}
				}
			}
		}
	})
}

// What a dictionary stands for depends on the as-of too.
func TestReadingsThatASetAsOfLetsIn(t *testing.T) {
	s := from("2026-01-01", 3)
	s.AsOf = clockAt("2026-01-01 00:00")
	rapid.Check(t, func(r *rapid.T) {
		in := NewInputs(nil, s)
		later := coded(r, rows(table.Temperature, cells{"time_utc": "2026-01-02 12:00", "t_c": 1.0}), "time_utc", "t_c")
		for range 2 {
			if err := in.Add(later); err != nil {
				r.Fatal(err)
			}
			in.SetAsOf(hour.DistantFuture)
		}
		if got, want := in.areas[0].hourly[0].newest.own, clockAt("2026-01-02 12:00"); got != want {
			r.Errorf("newest %v, want %v", got, want)
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
