package panel

import (
	"fmt"
	"runtime"
	"testing"

	"hardship/pipeline/gate"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// The size of the benchmarks: hourly temperatures of five winters and, of each
// area, 2000 outages and 200 strikes.
const (
	benchAreas   = 100
	benchDays    = 841
	benchOutages = 2000
	benchStrikes = 200
	batchRows    = 64 << 10
)

// batches makes canonical tables of n rows in batches.
func batches(s *table.Schema, n int, row func(b *table.Builder, i int)) []*table.Table {
	var all []*table.Table
	b := table.NewBuilder(s)
	for i := range n {
		b.Row()
		b.String("source_id", "made")
		b.Bool("retracted", false)
		row(b, i)
		if b.Rows() == batchRows || i == n-1 {
			all = append(all, b.Table())
		}
	}
	return all
}

// temperatures makes the hourly rows, area by area or hour by hour.
func temperatures(s Settings, hourMajor bool) []*table.Table {
	hours := benchDays * 24
	return batches(table.Temperature, benchAreas*hours, func(b *table.Builder, i int) {
		a, h := i/hours, i%hours
		if hourMajor {
			a, h = i%benchAreas, i/benchAreas
		}
		b.String("area_id", fmt.Sprintf("A%04d", a))
		b.String("kind", "area")
		b.Timestamp("time_utc", hour.Instant(int(s.First)*24+h)*hour.InstantsInHour)
		b.Float64("t_c", float64((a*31+h*17)%400-300)/10)
		b.Int32("qc", 0)
	})
}

func events(s Settings) []*table.Table {
	at := func(i int) hour.Instant {
		return hour.Instant(s.First)*24*hour.InstantsInHour + hour.Instant(i%(benchDays*24*60))*hour.Minute
	}
	return append(batches(table.OutageInterval, benchAreas*benchOutages, func(b *table.Builder, i int) {
		b.String("outage_id", fmt.Sprintf("o%08d", i))
		b.String("area_id", fmt.Sprintf("A%04d", i%benchAreas))
		b.String("service", "electricity")
		b.Timestamp("start_utc", at(i*611))
		b.Timestamp("end_utc", at(i*611)+hour.Instant(10+i%900)*hour.Minute)
		b.Int64("customers_lo", int64(10+i%9000))
		b.Int64("customers_hi", int64(10+i%9000))
		b.String("cause", "unknown")
	}), batches(table.Strike, benchAreas*benchStrikes, func(b *table.Builder, i int) {
		b.String("strike_id", fmt.Sprintf("s%08d", i))
		b.String("area_id", fmt.Sprintf("A%04d", i%benchAreas))
		b.Bool("named_alone", true)
		b.String("publisher", "p")
		b.Timestamp("start_utc", at(i*6011))
		b.Timestamp("end_utc", at(i*6011))
		b.String("time_precision", "minute")
		b.String("weapon", "drone")
		b.String("target_class", "electricity")
		b.Bool("class_uses_outcome", false)
	})...)
}

func benchSettings() Settings {
	s := from("2021-10-15", benchDays)
	s.StrikePublisher, s.Threads = "", 0
	return s
}

func benchmarkAdd(b *testing.B, tables []*table.Table) {
	s := benchSettings()
	rows := 0
	for _, t := range tables {
		rows += t.Rows()
	}
	b.ReportAllocs()
	for b.Loop() {
		in := NewInputs(nil, s)
		for _, t := range tables {
			if err := in.Add(t); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkAddTemperaturesByArea(b *testing.B) {
	benchmarkAdd(b, temperatures(benchSettings(), false))
}

func BenchmarkAddTemperaturesByHour(b *testing.B) {
	benchmarkAdd(b, temperatures(benchSettings(), true))
}

func BenchmarkAddEvents(b *testing.B) { benchmarkAdd(b, events(benchSettings())) }

// BenchmarkPass is the passes over all areas, after their rows have been added.
func BenchmarkPass(b *testing.B) {
	s := benchSettings()
	in := NewInputs(nil, s)
	rows := 0
	for _, t := range append(temperatures(s, false), events(s)...) {
		rows += t.Rows()
		if err := in.Add(t); err != nil {
			b.Fatal(err)
		}
	}
	g, err := in.Gazetteer()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		join, err := in.Prepare(gate.Rules{AsOf: s.AsOf, Gazetteer: g})
		if err != nil {
			b.Fatal(err)
		}
		parallel(len(join.passes), s.Threads, func(i int) {
			p, err := join.passes[i].loaded()
			if err != nil {
				b.Error(err)
				return
			}
			p.run()
		})
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// Inputs hold 2 bytes for each hour of an area and source, 4 more where readings
// are averaged, and nothing for a row of temperatures.
func TestMemoryGrowsWithHoursNotRows(t *testing.T) {
	s := from("2026-01-01", 100)
	hours := 100*24 + 48
	var made []*table.Table
	for range 4 { // four readings an hour
		made = append(made, batches(table.Temperature, 20*100*24, func(b *table.Builder, i int) {
			b.String("area_id", fmt.Sprintf("A%04d", i/2400))
			b.String("kind", "area")
			b.Timestamp("time_utc", hour.Instant(int(s.First)*24+i%2400)*hour.InstantsInHour)
			b.Float64("t_c", 1)
			b.Int32("qc", 0)
		})...)
	}
	in := NewInputs(nil, s)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, one := range made {
		if err := in.Add(one); err != nil {
			t.Fatal(err)
		}
	}
	runtime.ReadMemStats(&after)
	dense := uint64(20 * hours * (2 + 4)) // values and counts
	// Of one batch: codes of two texts, and codes of rows with the hours and hundredths that they stand for.
	codes := uint64((2*4 + 4 + 4 + 2) * min(made[0].Rows(), batchRows))
	if got := after.TotalAlloc - before.TotalAlloc; got > dense+codes+dense/4 {
		t.Errorf("%d bytes for hours of %d and codes of %d", got, dense, codes)
	}
	if got := after.Mallocs - before.Mallocs; got > 1000 {
		t.Errorf("%d allocations for %d rows", got, 4*20*2400)
	}
}

// BenchmarkSpill moves what is held of all areas to a file and reads it back, as passes do.
func BenchmarkSpill(b *testing.B) {
	s := benchSettings()
	tables := append(temperatures(s, false), events(s)...)
	rows := 0
	for _, t := range tables {
		rows += t.Rows()
	}
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		in := NewInputs(nil, s)
		for _, t := range tables {
			if err := in.Add(t); err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
		if err := in.Spill(inMemory); err != nil {
			b.Fatal(err)
		}
		for _, a := range in.areas {
			if _, _, err := in.loaded(a, new(loadScratch), recordsPart, strikesPart, hoursPart); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
