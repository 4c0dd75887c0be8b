package pipeline_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"hardship/pipeline"
	"hardship/pipeline/config"
	"hardship/pipeline/hour"
	"hardship/pipeline/normalize"
	"hardship/pipeline/store"
	"hardship/pipeline/table"
)

// decades are synthetic days from 1991 to 2026, the same by every call: a year's
// course, days that resemble those before them, gaps, and two weeks of deep cold in
// January 2026. tmin and tmean are NaN where there are none.
func decades(seed uint64) (first hour.Day, tmin, tmean []float64) {
	first = hour.Date(1991, 1, 1)
	end := hour.Date(2026, 3, 1)
	random := rand.New(rand.NewPCG(seed, 1991))
	weather := 0.0
	for d := first; d < end; d++ {
		weather = 0.8*weather + 3*random.NormFloat64()
		mean := 8 - 13*math.Cos(2*math.Pi*float64(d.Time().YearDay()-15)/365.25) + weather
		if d >= hour.Date(2026, 1, 8) && d < hour.Date(2026, 1, 22) {
			mean -= 18
		}
		mean = math.Round(mean*10) / 10
		low := mean - 4
		if random.IntN(50) == 0 {
			mean, low = math.NaN(), math.NaN()
		}
		tmin, tmean = append(tmin, low), append(tmean, mean)
	}
	return first, tmin, tmean
}

// ofDecades are options of a run over two winters of synthetic areas: LONG has days
// from 1991, HOUR hours of the same from October to March, LATE no day before 2019;
// MIXED has days of its own source from 2024, and of another until then.
func ofDecades(t testing.TB) func(out string) pipeline.Options {
	t.Helper()
	var days, other, hours bytes.Buffer
	days.WriteString("area,day,low,mean,high\n")
	other.WriteString("area,day,low,mean,high\n")
	hours.WriteString("area,ts,temp\n")
	first, tmin, tmean := decades(7)
	for i := range tmin {
		d := first + hour.Day(i)
		if math.IsNaN(tmin[i]) {
			continue
		}
		row := fmt.Sprintf("%v,%.1f,%.1f,%.1f\n", d, tmin[i], tmean[i], tmean[i]+4)
		days.WriteString("LONG," + row)
		if d >= hour.Date(2019, 1, 1) {
			days.WriteString("LATE," + row)
		}
		if d >= hour.Date(2024, 1, 1) {
			days.WriteString("MIXED," + row)
		} else {
			other.WriteString("MIXED," + row)
		}
		if m := d.Time().Month(); m >= time.October || m <= time.March {
			for h := range 24 {
				temp := tmean[i] + []float64{4, 0, -4}[h%3]
				fmt.Fprintf(&hours, "HOUR,%vT%02d:00:00Z,%.1f\n", d, h, temp)
			}
		}
	}
	files := fstest.MapFS{"days.csv": {Data: days.Bytes()}, "other.csv": {Data: other.Bytes()}, "hours.csv": {Data: hours.Bytes()}}
	const text = `
title: Synthetic decades
period: {from: 2024-10-01, to: 2026-03-01}
areas: {from_data: true, tz: UTC}
sources:
  - {name: days,  table: temperature_day, format: csv, files: [days.csv],  columns: {area_id: area, date_local: day, tmin_c: low, tmean_c: mean, tmax_c: high}}
  - {name: other, table: temperature_day, format: csv, files: [other.csv], columns: {area_id: area, date_local: day, tmin_c: low, tmean_c: mean, tmax_c: high}}
  - {name: hours, table: temperature,     format: csv, files: [hours.csv], columns: {area_id: area, time_utc: ts, t_c: temp}}
`
	return func(out string) pipeline.Options {
		c, err := config.Read([]byte(text), "hardship.yaml", normalize.ConfigFormats())
		if err != nil {
			t.Fatal(err)
		}
		c.Out = out
		return pipeline.Options{Config: c, Files: files, Areas: files, Now: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), Program: pipeline.Program{Version: "test", SHA256: "test"}}
	}
}

// type8 is the p-quantile of Hyndman and Fan's type 8, from its definition.
func type8(values []float64, p float64) float64 {
	slices.Sort(values)
	place := (float64(len(values))+1.0/3)*p + 1.0/3
	i := int(place)
	return values[i-1] + (place-float64(i))*(values[i]-values[i-1])
}

// A series that reaches the base period is set against it, day by day and winter by
// winter; of one that does not, the winter says why not.
func TestDaysAreSetAgainstTheClimateOfTheirSource(t *testing.T) {
	options := ofDecades(t)
	run, err := pipeline.Run(t.Context(), options(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	read := func(s *table.Schema) *table.Table {
		got, err := store.ReadTable(filepath.Join(run.Run.Dir, "tables", s.Name+".parquet"), s)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}

	// Again from the days that the files were made of.
	first, tmin, tmean := decades(7)
	base := int(hour.Date(2021, 1, 1) - first)
	var means []float64
	for _, v := range tmean[:base] {
		if !math.IsNaN(v) {
			means = append(means, v)
		}
	}
	t05 := type8(means, 0.05)
	night := func(d hour.Day) float64 {
		var pool []float64
		for year := 1991; year <= 2020; year++ {
			centre := hour.Date(year, d.Time().Month(), d.Time().Day())
			for i := int(centre-first) - 2; i <= int(centre-first)+2; i++ {
				if i >= 0 && i < base && !math.IsNaN(tmin[i]) {
					pool = append(pool, tmin[i])
				}
			}
		}
		return type8(pool, 0.1)
	}
	mean := func(from, to int) (sum float64, n int) {
		for _, v := range tmean[from : to+1] {
			if !math.IsNaN(v) {
				sum, n = sum+v, n+1
			}
		}
		return sum / float64(n), n
	}
	factor := func(i int) float64 {
		three, n := mean(i-2, i)
		month, m := mean(i-32, i-3)
		if n < 3 || m < 24 {
			return math.NaN()
		}
		return -(three - t05) * math.Min(-1, three-month)
	}

	got := read(table.AreaDay)
	checked := map[string]int{}
	for row := range got.Rows() {
		id, d := got.String("area_id").Value(row), table.Day(got.Date("date_local"), row)
		i := int(d - first)
		cell := func(name string) float64 {
			v, ok := got.Value(row, got.Schema.Index(name)).(float64)
			if !ok {
				return math.NaN()
			}
			return v
		}
		same := func(name string, want float64) {
			if v := cell(name); math.IsNaN(v) != math.IsNaN(want) || math.Abs(v-want) > 1e-9 {
				t.Errorf("%s %v: %s is %v, want %v", id, d, name, v, want)
			}
		}
		known := got.String("t_source_id").IsValid(row)
		if flags := got.Int32("flags").Value(row); flags&table.FlagInBase != 0 {
			t.Errorf("%s %v is after the base and said to lie in it", id, d)
		}
		switch {
		case id == "LONG" && known || id == "HOUR" && known:
			// Of the whole year the hours know half: the nights of winter have a climate, the
			// days of the year have none. At its edges the windows of five days reach out of it.
			if m, dom := d.Time().Month(), d.Time().Day(); id == "LONG" || (m > time.October || m < time.March || dom > 2 && dom < 30) {
				same("tn10_c", night(d))
			}
			if id == "LONG" {
				same("t05_c", t05)
				same("ecf_c2", factor(i))
			} else {
				same("t05_c", math.NaN())
				same("ecf_c2", math.NaN())
			}
			checked[id]++
		case id == "LATE" || id == "MIXED" || !known:
			for _, name := range []string{"tn10_c", "t05_c", "ecf_c2"} {
				same(name, math.NaN())
			}
		}
	}
	if checked["LONG"] < 480 || checked["HOUR"] < 300 {
		t.Errorf("%v days of a climate were compared", checked)
	}

	seasons := read(table.Season)
	for row := range seasons.Rows() {
		id, label := seasons.String("area_id").Value(row), seasons.String("season").Value(row)
		value := func(name string) any { return seasons.Value(row, seasons.Schema.Index(name)) }
		if id == "LATE" || id == "MIXED" {
			if value("csdi_d") != nil || value("ecf_lowest_c2") != nil || value("csdi_reason_code") != "M0109" || value("ecf_reason_code") != "M0109" {
				t.Errorf("%s %s: %v, %v because of %v, %v, want null and M0109", id, label, value("csdi_d"), value("ecf_lowest_c2"), value("csdi_reason_code"), value("ecf_reason_code"))
			}
			continue
		}
		from, to := hour.Date(2024, 11, 1), hour.Date(2025, 4, 1)
		if label == "2025-26" {
			from, to = hour.Date(2025, 11, 1), hour.Date(2026, 2, 24) // the last days are not published yet
		}
		spell, lowest := 0, math.Inf(1)
		for d := from; d < to; d++ {
			run := 1
			for _, step := range []hour.Day{-1, 1} {
				for e := d + step; tmin[e-first] < night(e); e += step {
					run++
				}
			}
			if tmin[d-first] < night(d) && run >= 6 {
				spell++
			}
			if f := factor(int(d - first)); f < lowest {
				lowest = f
			}
		}
		if got := value("csdi_d"); got != int32(spell) || label == "2025-26" && spell < 10 {
			t.Errorf("%s %s: csdi_d is %v, want %d", id, label, got, spell)
		}
		if id == "LONG" {
			if got, ok := value("ecf_lowest_c2").(float64); !ok || math.Abs(got-lowest) > 1e-9 || label == "2025-26" && lowest > -50 {
				t.Errorf("%s %s: ecf_lowest_c2 is %v, want %v", id, label, value("ecf_lowest_c2"), lowest)
			}
		} else if value("ecf_lowest_c2") != nil || value("ecf_reason_code") != "M0109" {
			t.Errorf("%s %s: %v because of %v, want null and M0109", id, label, value("ecf_lowest_c2"), value("ecf_reason_code"))
		}
		if value("base_d") != int32(0) {
			t.Errorf("%s %s: %v days lie in the base, want none", id, label, value("base_d"))
		}
	}
	if seasons.Rows() != 8 {
		t.Errorf("%d winters, want 8", seasons.Rows())
	}

	// However the job is cut, the base period comes along.
	want := hashes(t, run.Run.Dir)
	spilled, err := pipeline.Run(t.Context(), options(t.TempDir()).Spilling(always))
	if err != nil {
		t.Fatal(err)
	}
	sameFiles(t, "spilled", hashes(t, spilled.Run.Dir), want)
	dir := t.TempDir()
	shards(t, 2, dir, options)
	merged, err := pipeline.Merge(t.Context(), options(t.TempDir()), dir)
	if err != nil {
		t.Fatal(err)
	}
	sameFiles(t, "shards", hashes(t, merged.Run.Dir), want)
	dir = t.TempDir()
	if _, err := pipeline.PrepareWorkers(t.Context(), options(""), dir); err != nil {
		t.Fatal(err)
	}
	workers(t, options(""), inputRows(t, dir), dir, 2)
	if merged, err = pipeline.Merge(t.Context(), options(t.TempDir()), dir); err != nil {
		t.Fatal(err)
	}
	sameFiles(t, "workers", hashes(t, merged.Run.Dir), want)
}

// Days of the base period itself are marked: it is made of them.
func TestDaysInTheBaseAreMarked(t *testing.T) {
	o := ofDecades(t)(t.TempDir())
	first, end := hour.Date(2019, 10, 1), hour.Date(2021, 4, 1)
	if err := o.Config.Override(config.Override{First: &first, End: &end}); err != nil {
		t.Fatal(err)
	}
	run, err := pipeline.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	seasons := run.Tables[table.Season.Name]
	marked := map[string]int32{}
	for row := range seasons.Rows() {
		marked[seasons.String("area_id").Value(row)+" "+seasons.String("season").Value(row)] = seasons.Int32("base_d").Value(row)
	}
	// 2019-20 lies in the base, November and December 2020 too; of LATE there is none.
	for key, want := range map[string][2]int32{"LONG 2019-20": {140, 152}, "LONG 2020-21": {55, 61}, "HOUR 2019-20": {140, 152}, "LATE 2019-20": {0, 0}} {
		if got := marked[key]; got < want[0] || got > want[1] {
			t.Errorf("%s: %d days in the base, want %d to %d", key, got, want[0], want[1])
		}
	}
}
