package correlate

import (
	"fmt"
	"math"
	"slices"
)

// A ShiftP is the circular-shift test of one statistic.
type ShiftP struct {
	Observed float64 // the statistic of the series as they are
	P        float64 // share of turns with |statistic| ≥ |Observed|
	PGreater float64 // share with statistic ≥ Observed
	PLess    float64 // share with statistic ≤ Observed

	Shifts    int     // turns the shares are of, the series as they are among them
	SmallestP float64 // 1/Shifts; print it with P
	Undefined int     // turns without a statistic (NaN), left out

	Warnings []error
}

// ShiftStatistic tests any statistic of two series of n steps (methods.md 9.12).
// stat returns it after one series was turned by shift steps, 0 for the series as
// they are, NaN if it has none; it is called for 0, then minShift to n−minShift.
// P, two-sided, needs a statistic that is 0 where nothing goes together and as
// large either way, such as a difference or the logarithm of a ratio, which may be
// infinite.
//
// Values closer than 1e-10 to the observed count as equal to it. It panics if n is
// negative or minShift is not positive.
func ShiftStatistic(n, minShift int, stat func(shift int) float64) ShiftP {
	mustShift(n, minShift)
	return shiftP(n, minShift, stat)
}

func shiftP(n, minShift int, stat func(shift int) float64) ShiftP {
	nan := math.NaN()
	p := ShiftP{Observed: stat(0), P: nan, PGreater: nan, PLess: nan, SmallestP: nan}
	if math.IsNaN(p.Observed) {
		p.Warnings = append(p.Warnings, ErrUndefined)
		return p
	}
	tolerance := tieTolerance
	if size := math.Abs(p.Observed); size > 1 && !math.IsInf(size, 1) {
		tolerance *= size
	}
	p.Shifts = 1
	either, greater, less := 1, 1, 1
	for shift := minShift; shift <= n-minShift; shift++ {
		v := stat(shift)
		if math.IsNaN(v) {
			p.Undefined++
			continue
		}
		p.Shifts++
		if math.Abs(v) >= math.Abs(p.Observed)-tolerance {
			either++
		}
		if v >= p.Observed-tolerance {
			greater++
		}
		if v <= p.Observed+tolerance {
			less++
		}
	}
	all := float64(p.Shifts)
	p.P, p.PGreater, p.PLess = float64(either)/all, float64(greater)/all, float64(less)/all
	p.SmallestP = 1 / all
	if p.Shifts < 20 {
		p.Warnings = append(p.Warnings, fmt.Errorf("%w: %d, no p below %.3g", ErrFewShifts, p.Shifts, p.SmallestP))
	}
	return p
}

// A RatioShift is the circular-shift test of a rate ratio between the days with an
// exposure, such as cold, and the others.
type RatioShift struct {
	ShiftP // of ln RR; Observed is infinite if one side has no events

	RR float64 // events a day on exposed days, over that on the others

	// Reach is how far from 0 ln RR may lie for a P above .05: the ratios of the
	// same days turned lie so far. +Inf if no P can be as small; NaN without P.
	Reach float64

	ExposedDays  int
	OtherDays    int
	ExposedCount float64
	OtherCount   float64
}

// Interval returns the 95 % interval RR·exp(±Reach), which leaves out 1 just where
// P is at most .05, or less if turns are equal. It takes the exposure to multiply
// the counts. NaN without a P, and for a ratio of 0 or without end.
//
// Decision, 2026-11-28: it is what a run quotes. In simulated records of 90 to 400
// days it holds a ratio of 1.5 in 93 to 100 %, where counts that resemble those of
// the day before leave the interval of package rate, widened by the dispersion of
// days that it takes for independent, with 50 to 85 % (table calibration).
func (r RatioShift) Interval() (lo, hi float64) {
	if math.IsInf(r.Observed, 0) || math.IsNaN(r.P) {
		return math.NaN(), math.NaN()
	}
	return r.RR * math.Exp(-r.Reach), r.RR * math.Exp(r.Reach)
}

// RatioShiftTest is [Shifter.Ratio] for one pair of series.
func RatioShiftTest(exposed, present []bool, count []float64, minShift int) RatioShift {
	return NewShifter(len(count), minShift).Ratio(exposed, present, count)
}

// Ratio tests the rate ratio of count between exposed days and the others.
// present tells on which days the exposure is known; count is NaN where it is not.
// Days count where both are known. The exposure is turned, its gaps with it.
//
// There is no ratio with fewer than [MinN] days, no day on one side, or no event
// on either; such turns are left out. It panics if a length is not that of the
// Shifter, or a count is negative.
func (s *Shifter) Ratio(exposed, present []bool, count []float64) RatioShift {
	s.mustMatch(len(exposed), len(present), len(count))
	indicator := [2][]float64{make([]float64, s.n), make([]float64, s.n)}
	events, known := make([]float64, s.n), make([]float64, s.n)
	const without, with = 0, 1 // sides
	var total float64
	whole := true
	for t, v := range count {
		if v < 0 {
			panic(fmt.Sprintf("correlate: negative count %v", v))
		}
		if !math.IsNaN(v) {
			events[t], known[t] = v, 1
			total += v
			whole = whole && v == math.Trunc(v)
		}
		switch {
		case !present[t]:
		case exposed[t]:
			indicator[with][t] = 1
		default:
			indicator[without][t] = 1
		}
	}
	var days, sums [2][]float64
	fe, fk := s.ring.of(events), s.ring.of(known)
	for side := range indicator {
		f := s.ring.of(indicator[side])
		days[side], sums[side] = s.ring.correlate(f, fk), s.ring.correlate(f, fe)
		round(days[side])
		// Sums of whole counts are whole, and no events are 0, whatever a
		// transform makes of them.
		if whole {
			round(sums[side])
		}
		for d, v := range sums[side] {
			if v < 1e-12*total {
				sums[side][d] = 0
			}
		}
	}
	ratio := func(d int) float64 {
		if days[without][d]+days[with][d] < MinN {
			return math.NaN()
		}
		return (sums[with][d] / days[with][d]) / (sums[without][d] / days[without][d])
	}
	r := RatioShift{RR: math.NaN(), Reach: math.NaN()}
	if s.n > 0 {
		r.RR = ratio(0)
		r.ExposedDays, r.OtherDays = int(days[with][0]), int(days[without][0])
		r.ExposedCount, r.OtherCount = sums[with][0], sums[without][0]
	}
	var turned []float64 // |ln RR| of the turns
	r.ShiftP = shiftP(s.n, s.minShift, func(shift int) float64 {
		if s.n == 0 {
			return math.NaN()
		}
		v := math.Log(ratio(shift))
		if shift > 0 && !math.IsNaN(v) {
			turned = append(turned, math.Abs(v))
		}
		return v
	})
	if !math.IsNaN(r.P) {
		r.Reach = math.Inf(1)
		// P counts the observed ratio too: it is above .05 if at least as many
		// turns as a twentieth of all are as far from 0.
		if as := r.Shifts / 20; as > 0 {
			slices.Sort(turned)
			reach := turned[len(turned)-as]
			r.Reach = reach + tieTolerance*max(1, reach)
		}
	}
	if n := r.ExposedDays + r.OtherDays; n < MinN {
		r.Warnings = []error{fmt.Errorf("%w: %d days, need %d", ErrTooFew, n, MinN)}
	}
	return r
}
