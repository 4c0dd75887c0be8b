// Package index holds the indices of cold and of outages: one pure function
// each, with its formula, units, source and what it does about missing values.
// A missing reading is NaN; whether a period with gaps may be published is
// package quality's decision.
package index

import (
	"math"

	"hardship/pipeline/unit"
)

// Deficit returns how far t lies below base, in °C; 0 if it does not.
func Deficit(t, base unit.Celsius) unit.Celsius { return max(0, base-t) }

// DegreeHours returns how long and how far temp, hourly means, stays below each of
// two bases: the sum of the hourly deficits, in °C·h (methods.md C10).
//
//	DH = Σ max(0, base − temp[i])
//
// An hour without a reading is NaN and adds nothing: see Scaled. Sums in order wait
// for each addition, and two of them no longer than one.
func DegreeHours(temp []unit.Celsius, base, other unit.Celsius) (below, belowOther unit.DegreeHours) {
	for _, t := range temp {
		if !unit.IsMissing(t) {
			below += unit.DegreeHours(orZero(base - t))
			belowOther += unit.DegreeHours(orZero(other - t))
		}
	}
	return below, belowOther
}

// orZero is max(0, d) of a number, without a branch: which of two temperatures about a
// base is the lower no processor foretells.
func orZero(d unit.Celsius) unit.Celsius {
	bits := int64(math.Float64bits(float64(d)))
	return unit.Celsius(math.Float64frombits(uint64(bits &^ (bits >> 63))))
}

// Scaled returns a sum over present of expected hours as if the missing hours
// were like the present ones: sum · expected / present. It returns NaN if none
// is present. Without it, one hour that a source always lacks would lower
// every season's degree hours (methods.md C10).
func Scaled[T ~float64](sum T, present, expected int) T {
	if present == 0 {
		return unit.Missing[T]()
	}
	return sum * T(expected) / T(present)
}

// HeatingDegreeDay returns one day's heating degrees after Eurostat, in °C·d
// (methods.md C6):
//
//	18 − tmean if tmean ≤ 15 °C, else 0
//
// It differs from the clipped max(0, 18 − tmean) between 15 and 18 °C. A
// missing mean gives NaN.
func HeatingDegreeDay(tmean unit.Celsius) unit.DegreeDays {
	switch {
	case unit.IsMissing(tmean):
		return unit.Missing[unit.DegreeDays]()
	case tmean <= 15:
		return unit.DegreeDays(18 - tmean)
	}
	return 0
}

// WindChill returns the wind chill temperature of the Canadian and US weather
// services of 2001, adopted by the WMO (methods.md C5), for an air temperature
// t and a wind speed v at 10 m:
//
//	13.12 + 0.6215 t − 11.37 v^0.16 + 0.3965 t v^0.16   for v ≥ 5 km/h
//	t + (−1.59 + 0.1345 t) v / 5                        for v < 5 km/h
//
// It is defined for t ≤ 0 °C; above that, and for a missing argument or a
// negative speed, it is NaN.
func WindChill(t unit.Celsius, v unit.KilometresPerHour) unit.Celsius {
	if unit.IsMissing(t) || !(v >= 0) || t > 0 {
		return unit.Missing[unit.Celsius]()
	}
	if v < 5 {
		return t + (-1.59+0.1345*t)*unit.Celsius(v)/5
	}
	p := unit.Celsius(math.Pow(float64(v), 0.16))
	return 13.12 + 0.6215*t - 11.37*p + 0.3965*t*p
}

// A DaySummary is what one civil day's hourly temperatures say.
type DaySummary struct {
	Min, Mean, Max unit.Celsius // NaN if no hour is present
	Expected       int          // hours in the day: 23, 24 or 25
	Present        int          // hours with a reading
	LongestGap     int          // longest run of hours without one
}

// Summarize reduces one civil day's hourly means, NaN where there is no
// reading, to their extremes and their mean over the hours present
// (methods.md 4.3).
func Summarize(temp []unit.Celsius) DaySummary {
	none := unit.Missing[unit.Celsius]()
	s := DaySummary{Min: none, Mean: none, Max: none, Expected: len(temp)}
	lowest, highest := int64(math.MaxInt64), int64(math.MinInt64) // ranks
	var sum unit.Celsius
	missing, gap := 0, 0
	for _, t := range temp {
		if unit.IsMissing(t) {
			missing, gap = missing+1, gap+1
			s.LongestGap = max(s.LongestGap, gap)
			continue
		}
		gap = 0
		rank := rankOf(t)
		lowest, highest = min(lowest, rank), max(highest, rank)
		sum += t
	}
	if s.Present = len(temp) - missing; s.Present > 0 {
		s.Min, s.Mean, s.Max = ofRank(lowest), sum/unit.Celsius(s.Present), ofRank(highest)
	}
	return s
}

// rankOf returns a number by which temperatures come in order, −0 before 0. Whole
// numbers are compared without a branch.
func rankOf(t unit.Celsius) int64 {
	bits := int64(math.Float64bits(float64(t)))
	return bits ^ int64(uint64(bits>>63)>>1)
}

// ofRank is the inverse of rankOf.
func ofRank(rank int64) unit.Celsius {
	return unit.Celsius(math.Float64frombits(uint64(rank ^ int64(uint64(rank>>63)>>1))))
}
