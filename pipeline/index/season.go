package index

import (
	"math"

	"hardship/pipeline/unit"
)

// ClippedDegreeDay returns one day's heating degrees below base, in °C·d
// (methods.md C7):
//
//	max(0, base − tmean)
//
// It is not Eurostat's, which counts nothing above 15 °C: see HeatingDegreeDay.
// A missing mean gives NaN.
func ClippedDegreeDay(tmean, base unit.Celsius) unit.DegreeDays {
	if unit.IsMissing(tmean) {
		return unit.Missing[unit.DegreeDays]()
	}
	return unit.DegreeDays(Deficit(tmean, base))
}

// ApproximatedDegreeDay returns one day's heating degrees below base after
// Spinoni and others (2018), who allow for days that cross the base, in °C·d
// (methods.md C8):
//
//	base − tmean                         if tmax ≤ base
//	(base − tmin)/2 − (tmax − base)/4    if tmean ≤ base < tmax
//	(base − tmin)/4                      if tmin < base < tmean
//	0                                    else
//
// It may be below zero where tmax lies far above. A missing temperature gives NaN.
func ApproximatedDegreeDay(tmin, tmean, tmax, base unit.Celsius) unit.DegreeDays {
	switch {
	case unit.IsMissing(tmin) || unit.IsMissing(tmean) || unit.IsMissing(tmax):
		return unit.Missing[unit.DegreeDays]()
	case tmax <= base:
		return unit.DegreeDays(base - tmean)
	case tmean <= base:
		return unit.DegreeDays((base-tmin)/2 - (tmax-base)/4)
	case tmin < base:
		return unit.DegreeDays((base - tmin) / 4)
	}
	return 0
}

// A HeatingRule says when a heating season begins and ends by the weather: after
// Days days in a row with a mean of Limit or less (or, if Strict, below it), and
// after as many of Limit or more. In Ukraine it is 8 °C and three days, said both
// ways; local authorities decide, so the rule is no record (methods.md C9).
type HeatingRule struct {
	Limit  unit.Celsius
	Days   int
	Strict bool
}

// A HeatingPeriod is a time with heating by a rule: Begun is the day that completes
// the run of cold days, so that heat may come on the day after it, and Ended the
// day that completes the run of mild ones, −1 if none does.
type HeatingPeriod struct{ Begun, Ended int }

// HeatingPeriods finds the times with heating in days with these means, in order.
// A mild week in autumn ends one and cold begins another, which no authority would
// do: the first beginning and the last end are those of the season. A missing day
// (NaN) breaks a run.
func HeatingPeriods(tmean []unit.Celsius, rule HeatingRule) []HeatingPeriod {
	var periods []HeatingPeriod
	on, run := false, 0
	for i, t := range tmean {
		counts := t <= rule.Limit && !(rule.Strict && t == rule.Limit) // false for NaN
		if on {
			counts = t >= rule.Limit
		}
		if !counts {
			run = 0
			continue
		}
		if run++; run < rule.Days {
			continue
		}
		run = 0
		if on {
			periods[len(periods)-1].Ended = i
		} else {
			periods = append(periods, HeatingPeriod{Begun: i, Ended: -1})
		}
		on = !on
	}
	return periods
}

// HeatingSeason returns the first beginning and the last end of the times with
// heating, each −1 where there is none or where days that are not known could
// change it: it must come out the same if they were cold, mild, or break every
// run. An end is −1 while heating is on.
func HeatingSeason(tmean []unit.Celsius, rule HeatingRule) (begun, ended int) {
	begun, ended = seasonOf(HeatingPeriods(tmean, rule))
	for _, t := range []unit.Celsius{unit.Celsius(math.Inf(-1)), unit.Celsius(math.Inf(1))} {
		filled := make([]unit.Celsius, len(tmean))
		for i, known := range tmean {
			filled[i] = known
			if unit.IsMissing(known) {
				filled[i] = t
			}
		}
		b, e := seasonOf(HeatingPeriods(filled, rule))
		if b != begun {
			begun = -1
		}
		if e != ended {
			ended = -1
		}
	}
	return begun, ended
}

func seasonOf(periods []HeatingPeriod) (begun, ended int) {
	if len(periods) == 0 {
		return -1, -1
	}
	return periods[0].Begun, periods[len(periods)-1].Ended
}

// An ExcessCold is how far three days are colder than the climate and than the
// month before (Nairn and Fawcett 2013).
type ExcessCold struct {
	Significance    unit.Celsius // three days' mean less the 5th percentile of the climate
	Acclimatization unit.Celsius // three days' mean less that of the thirty days before
	Factor          float64      // °C²; below zero in a cold wave
}

// coldDayShare is the share of the climate's days that are colder than its threshold.
const coldDayShare = 0.05

// ColdDaysOf returns the temperature below which one day in twenty of a base period
// was: the 5th percentile, type 8, of its daily means (methods.md C4). It is NaN where
// less than 80 % of them are known.
func ColdDaysOf(tmean []unit.Celsius) unit.Celsius {
	known := 0
	for _, t := range tmean {
		if !unit.IsMissing(t) {
			known++
		}
	}
	if known == 0 || float64(known) < LeastBasePresent*float64(len(tmean)) {
		return unit.Missing[unit.Celsius]()
	}
	return Quantile(tmean, coldDayShare, MedianUnbiased)
}

// leastMonth is the number of the thirty days that must be known.
const leastMonth = 24

// ExcessColdOn returns the excess cold factor of day i of a series of daily
// means, with p05 the 5th percentile of the base period's means (methods.md C4):
//
//	sig = m₃ − p05   accl = m₃ − m₃₀   ECF = −sig·min(−1, accl)
//
// m₃ is the mean of days i−2 to i and m₃₀ that of i−32 to i−3, over the days
// known: at least 24 of the thirty. All is NaN without them, and without one of
// the three.
func ExcessColdOn(tmean []unit.Celsius, i int, p05 unit.Celsius) ExcessCold {
	three, n3 := meanKnown(tmean, i-2, i+1)
	month, n30 := meanKnown(tmean, i-32, i-2)
	if n3 < 3 || n30 < leastMonth {
		missing := unit.Missing[unit.Celsius]()
		return ExcessCold{missing, missing, math.NaN()}
	}
	e := ExcessCold{Significance: three - p05, Acclimatization: three - month}
	e.Factor = -float64(e.Significance) * min(-1, float64(e.Acclimatization))
	return e
}

// meanKnown returns the mean of the values from from to to−1 that are known, and
// their number. What lies outside the series is unknown.
func meanKnown(values []unit.Celsius, from, to int) (mean unit.Celsius, n int) {
	for i := max(0, from); i < min(to, len(values)); i++ {
		if !unit.IsMissing(values[i]) {
			mean += values[i]
			n++
		}
	}
	return mean / unit.Celsius(n), n
}
