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

// DegreeHours returns how long and how far temp, hourly means, stays below
// base: the sum of the hourly deficits, in °C·h (methods.md C10).
//
//	DH = Σ max(0, base − temp[i])
//
// An hour without a reading is NaN and adds nothing: see Scaled.
func DegreeHours(temp []unit.Celsius, base unit.Celsius) unit.DegreeHours {
	var sum unit.DegreeHours
	for _, t := range temp {
		if t < base { // false for NaN
			sum += unit.DegreeHours(base - t)
		}
	}
	return sum
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
	lowest, highest := unit.Celsius(math.Inf(1)), unit.Celsius(math.Inf(-1))
	var sum unit.Celsius
	gap := 0
	for _, t := range temp {
		if unit.IsMissing(t) {
			gap++
			s.LongestGap = max(s.LongestGap, gap)
			continue
		}
		gap = 0
		if t <= lowest { // min and max tell the zeros apart, which takes longer
			lowest = min(lowest, t)
		}
		if t >= highest {
			highest = max(highest, t)
		}
		sum += t
		s.Present++
	}
	if s.Present > 0 {
		s.Min, s.Mean, s.Max = lowest, sum/unit.Celsius(s.Present), highest
	}
	return s
}
