package index

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hardship/pipeline/hour"
	"hardship/pipeline/unit"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(want) != math.IsNaN(got) || math.Abs(got-want) > tolerance {
		t.Errorf("%s = %.12g, want %.12g", what, got, want)
	}
}

var nan = unit.Missing[unit.Celsius]()

func constant(n int, t unit.Celsius) []unit.Celsius {
	return slices.Repeat([]unit.Celsius{t}, n)
}

func TestDegreeHours(t *testing.T) {
	for _, tt := range []struct {
		name string
		temp []unit.Celsius
		want unit.DegreeHours
	}{
		{"no hours", nil, 0},
		{"at the base counts nothing", []unit.Celsius{18}, 0},
		{"warm hours do not pay back cold ones", []unit.Celsius{17, 30}, 1},
		{"below zero", []unit.Celsius{-2, 16}, 20 + 2},
		{"a gap adds nothing", []unit.Celsius{17, nan, 17}, 2},
		{"a day at −20 °C (methods C10)", constant(24, -20), 912},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, twice := DegreeHours(tt.temp, 18, 18); got != tt.want || twice != got {
				t.Errorf("DegreeHours(%v, 18, 18) = %v and %v °C·h, want %v", tt.temp, got, twice, tt.want)
			}
		})
	}
	below18, below0 := DegreeHours(constant(23, -20), 18, 0)
	if got := Scaled(below18, 23, 24); got != 912 {
		t.Errorf("23 of 24 hours at −20 °C scale to %v °C·h, want 912 (methods C10)", got)
	}
	if below0 != 23*20 {
		t.Errorf("23 hours at −20 °C have %v °C·h below 0 °C", below0)
	}
}

// The reference sum is that of methods.md C6.
func TestHeatingDegreeDay(t *testing.T) {
	var sum unit.DegreeDays
	for _, mean := range []unit.Celsius{-20, -12.5, 0, 7.9, 8, 14.9, 15, 15.1, 17.9, 18, 25} {
		sum += HeatingDegreeDay(mean)
	}
	near(t, "sum", float64(sum), 112.7, 1e-9)
	near(t, "15.0 °C", float64(HeatingDegreeDay(15)), 3, 0)
	near(t, "15.1 °C", float64(HeatingDegreeDay(15.1)), 0, 0)
	near(t, "a missing mean", float64(HeatingDegreeDay(nan)), math.NaN(), 0)
}

// The reference values are those of methods.md C5.
func TestWindChill(t *testing.T) {
	for _, tt := range []struct {
		t         unit.Celsius
		v         unit.KilometresPerHour
		want      float64
		tolerance float64
	}{
		{-1, 10, -4.509267062, 1e-8},
		{-10, 60, -22.619869070, 1e-8},
		{-20, 20, -30.478945409, 1e-8},
		{-15, 2, -16.443, 1e-9},
		{10, 6, math.NaN(), 0},
		{-20, 30, -32.568044, 1e-6},
		{-5, unit.KilometresPerHour(math.NaN()), math.NaN(), 0},
		{-5, -1, math.NaN(), 0},
	} {
		near(t, "WindChill", float64(WindChill(tt.t, tt.v)), tt.want, tt.tolerance)
	}
}

func TestSummarize(t *testing.T) {
	s := Summarize([]unit.Celsius{nan, nan, -4, -2, nan, 0})
	want := DaySummary{Min: -4, Mean: -2, Max: 0, Expected: 6, Present: 3, LongestGap: 2}
	if s != want {
		t.Errorf("Summarize = %+v, want %+v", s, want)
	}
	if s := Summarize(constant(24, nan)); !unit.IsMissing(s.Mean) || s.LongestGap != 24 || s.Present != 0 {
		t.Errorf("a day without readings gives %+v", s)
	}
}

// Extremes, sums and degree hours are those of a program that takes one hour after
// the other, to the last bit, and tell −0 from 0.
func TestADayIsThatOfASlowProgram(t *testing.T) {
	bits := func(v unit.Celsius) uint64 { return math.Float64bits(float64(v)) }
	rapid.Check(t, func(t *rapid.T) {
		hour := rapid.OneOf(
			rapid.SampledFrom([]unit.Celsius{nan, unit.Celsius(math.Copysign(0, -1)), 0, 18, -20, 1e300, unit.Celsius(math.Inf(1))}),
			rapid.Map(rapid.Float64Range(-60, 50), func(v float64) unit.Celsius { return unit.Celsius(v) }),
		)
		temp := rapid.SliceOfN(hour, 0, 25).Draw(t, "temp")
		lowest, highest := nan, nan
		var sum, present unit.Celsius
		var below18, below0 unit.DegreeHours
		for _, v := range temp {
			if unit.IsMissing(v) {
				continue
			}
			if present++; present == 1 {
				lowest, highest = v, v
			}
			lowest, highest, sum = min(lowest, v), max(highest, v), sum+v
			below18 += unit.DegreeHours(max(0, 18-v))
			below0 += unit.DegreeHours(max(0, -v))
		}
		s := Summarize(temp)
		if bits(s.Min) != bits(lowest) || bits(s.Max) != bits(highest) || s.Present != int(present) {
			t.Fatalf("%v: %+v, want %v to %v", temp, s, lowest, highest)
		}
		if mean := sum / present; bits(s.Mean) != bits(mean) && !(unit.IsMissing(s.Mean) && unit.IsMissing(mean)) {
			t.Fatalf("%v: mean %v, want %v", temp, s.Mean, mean)
		}
		if got18, got0 := DegreeHours(temp, 18, 0); got18 != below18 || got0 != below0 {
			t.Fatalf("%v: degree hours %v and %v, want %v and %v", temp, got18, got0, below18, below0)
		}
	})
}

func set(series []unit.Celsius, from, to int, t unit.Celsius) {
	for i := from; i < to; i++ {
		series[i] = t
	}
}

// The series are those of xclim's tests, as in methods.md C2a.
func TestSpells(t *testing.T) {
	year := constant(365, 0)
	set(year, 10, 20, -15)
	set(year, 40, 43, -50)
	set(year, 80, 86, -30)
	set(year, 95, 101, -30)
	spells := Spells(year, SpellRule{-10, 5})
	if len(spells) != 3 || spells[0].Days() != 10 || spells[1].Days() != 6 || spells[2].Days() != 6 {
		t.Errorf("spells of the year = %+v, want 10, 6 and 6 days", spells)
	}
	if got := Spells(year, SpellRule{-10, 1}); len(got) != 4 || got[1].Days() != 3 {
		t.Errorf("with w = 1: %+v, want four spells, the second of 3 days", got)
	}

	for _, tt := range []struct {
		name  string
		tmean []unit.Celsius
		want  []Spell
	}{
		{"the threshold itself is not below it", []unit.Celsius{0, -10, -10, 0}, nil},
		{"a missing day ends a run", []unit.Celsius{0, -11, -11, nan, -11, -11, 0},
			[]Spell{{First: 1, End: 3, TouchesGap: true}, {First: 4, End: 6, TouchesGap: true}}},
		{"the record's edges censor", []unit.Celsius{nan, -11, -11, 0, -12, -12, nan},
			[]Spell{{First: 1, End: 3, Censored: true}, {First: 4, End: 6, Censored: true}}},
		{"an empty record", []unit.Celsius{nan, nan}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Spells(tt.tmean, SpellRule{-10, 2}); !slices.Equal(got, tt.want) {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
	if id := (SpellRule{-10, 5}).ID(); id != "tmean_lt_m10_5d" {
		t.Errorf("ID = %q", id)
	}
}

// Days in spells by month, from methods.md C2a: a spell is found in the whole
// series first, and its days belong each to its own month.
func TestSpellDaysByMonth(t *testing.T) {
	year := constant(365, 0)
	set(year, 10, 20, -15)
	set(year, 40, 43, -50)
	set(year, 80, 86, -30)
	set(year, 95, 101, -30)
	winter := constant(365, 0)
	set(winter, 10, 20, -15)
	set(winter, 40, 43, -50)
	set(winter, 80, 100, -30)
	edge := constant(60, 0)
	set(edge, 28, 34, -20) // 29 January to 3 February
	for _, tt := range []struct {
		name   string
		tmean  []unit.Celsius
		first  hour.Day
		rule   SpellRule
		months []int
		spells int
	}{
		{"any day", year, hour.Date(1971, 1, 1), SpellRule{-10, 1}, []int{10, 3, 6, 6}, 4},
		{"five days, over the edge of September", winter, hour.Date(2000, 7, 1), SpellRule{-10, 5}, []int{10, 0, 12, 8}, 2},
		{"three days each side of a month's edge", edge, hour.Date(2026, 1, 1), SpellRule{-10, 5}, []int{3, 3}, 1},
	} {
		months := make([]int, len(tt.months))
		spells := Spells(tt.tmean, tt.rule)
		for _, s := range spells {
			for i := s.First; i < s.End; i++ {
				months[int((tt.first+hour.Day(i)).Time().Month()-tt.first.Time().Month())]++
			}
		}
		if !slices.Equal(months, tt.months) || len(spells) != tt.spells {
			t.Errorf("%s: days by month %v in %d spells, want %v in %d", tt.name, months, len(spells), tt.months, tt.spells)
		}
	}
}

// at returns h hours after the epoch.
func at(h float64) hour.Instant { return hour.Instant(h * float64(hour.InstantsInHour)) }

func out(from, to float64, customers int64, group int32) Outage {
	return Outage{hour.Interval{Start: at(from), End: at(to)}, unit.Bounds[int64]{Lo: customers, Hi: customers}, group}
}

func totals(outages []Outage, served int64, hours int) (lo, hi float64) {
	l, h := make([]unit.CustomerHours, hours), make([]unit.CustomerHours, hours)
	CustomerHours(outages, served, 0, l, h)
	for i := range l {
		lo += float64(l[i])
		hi += float64(h[i])
	}
	return lo, hi
}

func TestCustomerHours(t *testing.T) {
	for _, tt := range []struct {
		name    string
		outages []Outage
		served  int64
		lo, hi  float64
	}{
		{"nothing out", nil, 0, 0, 0},
		{"overlapping records, the reference of methods 6.1", []Outage{out(10, 14, 600, -1), out(12, 16, 700, -1)}, 1000, 4000, 4600},
		{"without customers served the sum is not capped", []Outage{out(10, 14, 600, -1), out(12, 16, 700, -1)}, 0, 4000, 5200},
		{"records of one group are united", []Outage{out(1, 3, 100, 7), out(2, 5, 100, 7)}, 0, 400, 400},
		{"half an hour is half", []Outage{out(1.5, 2, 10, -1)}, 0, 5, 5},
		{"what ends where another starts does not overlap", []Outage{out(1, 2, 10, -1), out(2, 3, 20, -1)}, 0, 30, 30},
		{"time outside the arrays is left out", []Outage{out(-5, 1, 10, -1), out(23, 99, 10, -1)}, 0, 20, 20},
	} {
		t.Run(tt.name, func(t *testing.T) {
			lo, hi := totals(tt.outages, tt.served, 24)
			near(t, "lo", lo, tt.lo, 1e-9)
			near(t, "hi", hi, tt.hi, 1e-9)
		})
	}
}

// A minute-by-minute count is slower and simpler, and must agree.
func TestCustomerHoursAgreesWithCountingMinutes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const hours = 30
		served := rapid.Int64Range(0, 300).Draw(t, "served")
		outages := make([]Outage, rapid.IntRange(0, 8).Draw(t, "records"))
		for i := range outages {
			start := rapid.IntRange(-100, hours*60).Draw(t, "start")
			hi := rapid.Int64Range(0, 200).Draw(t, "hi")
			outages[i] = Outage{
				hour.Interval{Start: hour.Instant(start) * hour.Minute, End: hour.Instant(start+rapid.IntRange(0, 900).Draw(t, "minutes")) * hour.Minute},
				unit.Bounds[int64]{Lo: rapid.Int64Range(0, hi).Draw(t, "lo"), Hi: hi},
				int32(rapid.IntRange(-1, 2).Draw(t, "group")),
			}
		}
		wantLo, wantHi := 0.0, 0.0
		for minute := range hours * 60 {
			groups := map[int32]unit.Bounds[int64]{}
			for i, o := range outages {
				if m := hour.Instant(minute) * hour.Minute; m >= o.Start && m < o.End {
					key := o.Group
					if key < 0 {
						key = -1 - int32(i)
					}
					g := groups[key]
					groups[key] = unit.Bounds[int64]{Lo: max(g.Lo, o.Customers.Lo), Hi: max(g.Hi, o.Customers.Hi)}
				}
			}
			var lo, hi int64
			for _, g := range groups {
				lo, hi = max(lo, g.Lo), hi+g.Hi
			}
			if served > 0 {
				lo, hi = min(lo, served), min(hi, served)
			}
			wantLo, wantHi = wantLo+float64(lo)/60, wantHi+float64(hi)/60
		}
		lo, hi := totals(outages, served, hours)
		if math.Abs(lo-wantLo) > 1e-6 || math.Abs(hi-wantHi) > 1e-6 || lo > hi {
			t.Fatalf("got %v to %v, counting minutes gives %v to %v", lo, hi, wantLo, wantHi)
		}
	})
}
