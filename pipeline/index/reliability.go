package index

import (
	"math"
	"slices"

	"hardship/pipeline/hour"
	"hardship/pipeline/unit"
)

// An Interruption is customers who lost supply at one moment. Customers.Lo ≤ Hi.
type Interruption struct {
	hour.Interval                    // of an open one, up to the moment to which it is known
	Customers     unit.Bounds[int64] // who lost supply
	Open          bool               // supply had not returned by then
}

// Sustained is the length beyond which an interruption counts (IEEE 1366); what
// is shorter is momentary.
const Sustained = 5 * hour.Minute

// Reliability is the indices of IEEE 1366 over sustained interruptions. Every
// index is NaN where the customers served are unknown.
type Reliability struct {
	Interruptions int                  // sustained ones, the open ones among them
	Momentary     int                  // left out
	Open          int                  // of Interruptions
	SAIFI         unit.Bounds[float64] // interruptions per customer served
	SAIDI         unit.Bounds[float64] // minutes per customer served; Hi is NaN with an open one
	CAIDI         unit.Bounds[float64] // minutes per customer interrupted, of those restored; NaN without one
	LeastCAIDI    float64              // the same with the open ones up to now: CAIDI is at least that
	ASAI          unit.Bounds[float64] // share of the time with supply; Lo is NaN with an open one
}

// Reliable computes the indices of IEEE 1366 (methods.md 6.3, 6.5) for served
// customers over a number of hours:
//
//	SAIFI = ΣNᵢ/N   SAIDI = Σ rᵢNᵢ/N   CAIDI = Σ rᵢNᵢ/ΣNᵢ   ASAI = 1 − SAIDI/60/hours
//
// with Nᵢ customers interrupted for rᵢ minutes. An interruption counts with its
// whole length, wherever it ends. One that is open counts up to now, which makes
// SAIDI a lower bound; the usual CAIDI leaves it out and is too small after an
// attack, whose longest interruptions are the open ones. Bounds of Nᵢ give bounds
// of the indices. A served of 0 is unknown.
func Reliable(list []Interruption, served int64, hours float64) Reliability {
	r := Reliability{}
	missing := unit.Missing[float64]()
	if served <= 0 {
		unknown := unit.Bounds[float64]{Lo: missing, Hi: missing}
		r.SAIFI, r.SAIDI, r.CAIDI, r.ASAI, r.LeastCAIDI = unknown, unknown, unknown, unknown, missing
	}
	var customers unit.Bounds[float64]
	for i := range list {
		one := &list[i]
		if one.Length() <= Sustained {
			r.Momentary++
			continue
		}
		r.Interruptions++
		customers.Lo += float64(one.Customers.Lo)
		customers.Hi += float64(one.Customers.Hi)
		if one.Open {
			r.Open++
		}
	}
	if served <= 0 {
		return r
	}
	r.SAIFI = unit.Bounds[float64]{Lo: customers.Lo / float64(served), Hi: customers.Hi / float64(served)}
	r.SAIDI = MinutesOut(list, served)
	r.ASAI = Availability(r.SAIDI, hours)
	all := sortedBy(list, func(one *Interruption) (hour.Instant, bool) { return one.Length(), one.Length() > Sustained })
	if r.Open == 0 {
		r.CAIDI = meanMinutes(all)
		r.LeastCAIDI = r.CAIDI.Lo
		return r
	}
	var restored []Interruption
	for _, one := range all {
		if !one.Open {
			restored = append(restored, one)
		}
	}
	r.CAIDI = meanMinutes(restored)
	r.LeastCAIDI = meanMinutes(all).Lo
	return r
}

// MinutesOut returns the minutes without supply of sustained interruptions per
// customer served (SAIDI): see Reliable. Its upper bound is NaN with an open one.
func MinutesOut(list []Interruption, served int64) unit.Bounds[float64] {
	var minutes unit.Bounds[float64]
	open := served <= 0
	for _, one := range list {
		if one.Length() > Sustained {
			minutes.Lo += one.minutes() * float64(one.Customers.Lo)
			minutes.Hi += one.minutes() * float64(one.Customers.Hi)
			open = open || one.Open
		}
	}
	minutes.Lo, minutes.Hi = minutes.Lo/float64(served), minutes.Hi/float64(served)
	if served <= 0 {
		minutes.Lo = math.NaN()
	}
	if open {
		minutes.Hi = math.NaN()
	}
	return minutes
}

// Availability returns the share of the time with supply (ASAI) for minutes
// without it per customer served (SAIDI) over a number of hours.
func Availability(minutes unit.Bounds[float64], hours float64) unit.Bounds[float64] {
	return unit.Bounds[float64]{Lo: 1 - minutes.Hi/60/hours, Hi: 1 - minutes.Lo/60/hours}
}

func (i Interruption) minutes() float64 { return float64(i.Length()) / float64(hour.Minute) }

// meanMinutes bounds the mean length of interruptions, a customer at a time, that
// come from the shortest to the longest. The
// least mean is that with the upper bounds of the shortest and the lower bounds
// of the rest, at the best place to change; the greatest is the other way about.
// It is NaN where nobody need have been interrupted.
func meanMinutes(sorted []Interruption) unit.Bounds[float64] {
	var least, greatest struct{ sum, n float64 } // with the change before the first
	for _, one := range sorted {
		lo, hi := float64(one.Customers.Lo), float64(one.Customers.Hi)
		least.sum, least.n = least.sum+lo*one.minutes(), least.n+lo
		greatest.sum, greatest.n = greatest.sum+hi*one.minutes(), greatest.n+hi
	}
	mean := unit.Bounds[float64]{Lo: math.NaN(), Hi: math.NaN()}
	for i := range len(sorted) + 1 {
		if least.n > 0 && !(mean.Lo <= least.sum/least.n) {
			mean.Lo = least.sum / least.n
		}
		if greatest.n > 0 && !(mean.Hi >= greatest.sum/greatest.n) {
			mean.Hi = greatest.sum / greatest.n
		}
		if i < len(sorted) { // the change comes after this one
			more := float64(sorted[i].Customers.Hi - sorted[i].Customers.Lo)
			least.sum, least.n = least.sum+more*sorted[i].minutes(), least.n+more
			greatest.sum, greatest.n = greatest.sum-more*sorted[i].minutes(), greatest.n-more
		}
	}
	return mean
}

// LeastMajorDays is the number of days with interruptions below which no
// threshold of major event days is known.
const LeastMajorDays = 30

// Lognormal is what major event days are told by: the logarithms of the daily
// SAIDI that is not zero.
type Lognormal struct {
	Days        int     // not zero
	Alpha, Beta float64 // mean and standard deviation (n−1) of the logarithms; NaN of too few days
}

// LognormalOf describes daily minutes per customer served; days without any, and
// unknown ones (NaN), are left out (methods.md 6.4).
func LognormalOf(daily []float64) Lognormal {
	logs := make([]float64, 0, len(daily))
	sum := 0.0
	for _, v := range daily {
		if v > 0 {
			log := math.Log(v)
			logs = append(logs, log)
			sum += log
		}
	}
	l := Lognormal{Days: len(logs), Alpha: math.NaN(), Beta: math.NaN()}
	if l.Days > 0 {
		l.Alpha = sum / float64(l.Days)
	}
	if l.Days > 1 && slices.Min(logs) == slices.Max(logs) {
		l.Beta = 0 // which rounding would hide
	} else if l.Days > 1 {
		squares := 0.0
		for _, v := range logs {
			squares += (v - l.Alpha) * (v - l.Alpha)
		}
		l.Beta = math.Sqrt(squares / float64(l.Days-1))
	}
	return l
}

// Threshold returns T = exp(α + 2.5β), the minutes per customer served above
// which a day is a major event day (IEEE 1366). It is meant for the year after
// the days it is made of: see MajorThreshold.
func (l Lognormal) Threshold() float64 { return math.Exp(l.Alpha + 2.5*l.Beta) }

// MajorThreshold returns the threshold for the year after at most five years that
// l describes, NaN if fewer than LeastMajorDays of them are not zero or all of
// those are equal (methods.md 6.4).
func MajorThreshold(l Lognormal) float64 {
	if l.Days < LeastMajorDays || !(l.Beta > 0) {
		return math.NaN()
	}
	return l.Threshold()
}
