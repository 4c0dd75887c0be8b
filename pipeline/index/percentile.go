package index

import (
	"math"
	"slices"

	"hardship/pipeline/hour"
	"hardship/pipeline/unit"
)

// A QuantileType is one of the nine ways of Hyndman and Fan (1996) to
// interpolate between the values of a sample, by their number.
type QuantileType int

// The types that the indices use.
const (
	MedianUnbiased QuantileType = 8 // what xclim uses for percentiles of temperatures
	Linear         QuantileType = 7 // the default of R and numpy
)

// Quantile returns the p-quantile of values, missing ones left out; NaN if none
// is left. With n values x₁ ≤ … ≤ xₙ it is the value at the place
//
//	type 7: 1 + (n − 1)p   type 8: (n + 1/3)p + 1/3
//
// on the straight lines between them, held to the first and the last.
func Quantile[T ~float64](values []T, p float64, kind QuantileType) T {
	sorted := slices.DeleteFunc(slices.Clone(values), unit.IsMissing[T])
	if len(sorted) == 0 {
		return unit.Missing[T]()
	}
	slices.Sort(sorted)
	n := float64(len(sorted))
	place := 1 + (n-1)*p
	if kind == MedianUnbiased {
		place = (n+1.0/3)*p + 1.0/3
	}
	place = min(max(place, 1), n)
	below := math.Floor(place)
	i := int(below) - 1
	if i+1 == len(sorted) {
		return sorted[i]
	}
	return sorted[i] + T(place-below)*(sorted[i+1]-sorted[i])
}

// LeastBasePresent is the share of a base period's days that must be known: for TN10
// of the days of its window in all years (methods.md C3).
const LeastBasePresent = 0.80

// YearDays are the days of a year without 29 February.
const YearDays = 365

// ColdNights holds, for each day of a year without 29 February, the temperature
// below which one night in ten of a base period was: TN10 of ETCCDI.
type ColdNights struct {
	First, End hour.Day // the base period; End is the first day left out
	threshold  [YearDays]unit.Celsius
}

const (
	coldShare  = 0.10
	coldWindow = 2 // days either side
)

// ColdNightsOf works out TN10 from the lowest temperatures of the days from
// first on, NaN where unknown (methods.md C3): for each day of the year the 10th
// percentile, type 8, of the five days centred on it in every year of the base
// period. It is NaN where less than 80 % of those are known. The climate has a
// base of thirty years, 1991 to 2020; any other must be declared.
func ColdNightsOf(tmin []unit.Celsius, first hour.Day) *ColdNights {
	c := &ColdNights{First: first, End: first + hour.Day(len(tmin))}
	var pools [YearDays][]unit.Celsius
	var expected [YearDays]int
	for i := range tmin {
		day, leap := yearDay(first + hour.Day(i))
		if leap {
			continue // its own threshold is that between its neighbours
		}
		for j := i - coldWindow; j <= i+coldWindow; j++ {
			if j < 0 || j >= len(tmin) {
				continue
			}
			expected[day]++
			if !unit.IsMissing(tmin[j]) {
				pools[day] = append(pools[day], tmin[j])
			}
		}
	}
	for day := range pools {
		c.threshold[day] = unit.Missing[unit.Celsius]()
		if n := len(pools[day]); n > 0 && float64(n) >= LeastBasePresent*float64(expected[day]) {
			c.threshold[day] = Quantile(pools[day], coldShare, MedianUnbiased)
		}
	}
	return c
}

// yearDay returns the place of a day in a year without 29 February, which is
// told by leap.
func yearDay(d hour.Day) (day int, leap bool) {
	t := d.Time()
	day = t.YearDay() - 1
	if february29 := 31 + 28; t.Year()%4 == 0 && (t.Year()%100 != 0 || t.Year()%400 == 0) {
		switch {
		case day == february29:
			return day, true
		case day > february29:
			day--
		}
	}
	return day, false
}

// On returns the threshold of a day, NaN where the base does not know it: on 29
// February the mean of the days beside it. inBase says that the day itself is in
// the base period, whose own days fall below their percentile less often than
// those of other years (Zhang and others 2005).
func (c *ColdNights) On(d hour.Day) (threshold unit.Celsius, inBase bool) {
	inBase = d >= c.First && d < c.End
	day, leap := yearDay(d)
	if leap {
		return (c.threshold[day-1] + c.threshold[day]) / 2, inBase
	}
	return c.threshold[day], inBase
}

// coldDurationDays is the least length of a run that counts.
const coldDurationDays = 6

// ColdSpellDuration returns how many of the days first to end−1 lie in runs of six or
// more with tmin below the day's threshold: CSDI of ETCCDI (methods.md C3). Runs are
// found in the whole series, so that one across the edge counts with its days of
// either side. A day without one or the other ends a run, and touchesGap says that
// one did so that has a day among them, so that there may have been more.
func ColdSpellDuration(tmin, threshold []unit.Celsius, first, end int) (days int, touchesGap bool) {
	below := make([]unit.Celsius, len(tmin))
	for i := range tmin {
		below[i] = tmin[i] - threshold[i]
	}
	for _, s := range Spells(below, SpellRule{Threshold: 0, Days: 1}) {
		among := max(0, min(s.End, end)-max(s.First, first))
		touchesGap = touchesGap || s.TouchesGap && among > 0
		if s.Days() >= coldDurationDays {
			days += among
		}
	}
	return days, touchesGap
}
