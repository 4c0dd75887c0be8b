package correlate

import (
	"fmt"
	"math"
)

// tieTolerance is how much less than the observed value still counts as equal to
// it: sums of the same terms in another order are not equal to the last digit.
const tieTolerance = 1e-10

// A Shifter compares the way two series of the same length lie in time with every
// other way that turns one of them round, the end continued at the beginning
// (methods.md 9.12). A turn keeps how each series resembles its own past and undoes
// only how the two lie to each other.
//
// All turns of at least minShift steps either way are taken, and the series as
// they are: n−2·minShift+2 in all. p is the share of them at least as extreme as
// the series as they are, which count, so it is never below one in that number.
//
// A season turned into another is no fair comparison: give a Shifter one season,
// or turn whole years with [ShiftStatistic].
//
// A Shifter is used by one goroutine at a time, and for any number of series.
type Shifter struct {
	n, minShift int
	ring        *ring
}

// NewShifter returns a Shifter for series of n steps. It panics if n is negative
// or minShift is not positive.
func NewShifter(n, minShift int) *Shifter {
	mustShift(n, minShift)
	return &Shifter{n: n, minShift: minShift, ring: newRing(n)}
}

func mustShift(n, minShift int) {
	if n < 0 || minShift < 1 {
		panic(fmt.Sprintf("correlate: shifts of at least %d in %d steps", minShift, n))
	}
}

// A ShiftResult is the circular-shift test of a correlation at several lags.
type ShiftResult struct {
	Lags []LagShift // as asked for

	// The family: is any of these lags more than turned series give at their
	// best lag? Its statistic is the largest |R| over the lags with one.
	MaxAbsR   float64
	PFamily   float64
	Shifts    int     // turns the family p is a share of
	SmallestP float64 // 1/Shifts; print it with PFamily

	Warnings []error
}

// A LagShift is the test at one lag.
type LagShift struct {
	Lag       int     // steps by which y follows x
	N         int     // pairs with both present
	R         float64 // circular correlation; NaN if it cannot be had
	P         float64 // two-sided
	Shifts    int     // turns that P is a share of
	SmallestP float64 // 1/Shifts
}

// ShiftTest is [Shifter.Correlation] for one pair of series.
func ShiftTest(x, y []float64, lags []int, minShift int) ShiftResult {
	return NewShifter(len(x), minShift).Correlation(x, y, lags)
}

// Correlation tests the circular correlation of y, lag steps later, with x: that
// of the pairs (x[t−lag], y[t]), t−lag counted round, with both present and with
// their own means. A lag may be negative.
//
// Gaps turn with their series. A turn that leaves fewer than [MinN] pairs, or a
// billionth of a series' variance, has no correlation and is left out of Shifts; a
// turn that does so at any lag of the family is left out of the family's.
// Warnings tells why R is NaN, and when there are too few turns for a p of .05.
// It panics if a length is not that of the Shifter.
func (s *Shifter) Correlation(x, y []float64, lags []int) ShiftResult {
	s.mustMatch(len(x), len(y))
	result := ShiftResult{MaxAbsR: math.NaN(), PFamily: math.NaN(), SmallestP: math.NaN()}
	turned, pairs, err := s.turned(x, y)
	if err != nil {
		result.Warnings = append(result.Warnings, err)
	}
	turned = append(turned, turned...) // so that no turn needs counting round
	var family []int                   // offsets of the lags that have a correlation
	for _, lag := range lags {
		offset := s.offset(lag)
		l := LagShift{Lag: lag, R: math.NaN(), P: math.NaN(), SmallestP: math.NaN()}
		if s.n > 0 {
			l.N = int(pairs[offset])
			l.R = turned[offset]
		}
		if math.IsNaN(l.R) {
			if err == nil {
				result.Warnings = append(result.Warnings, fmt.Errorf("lag %d: %w", lag, undefinedReason(l.N)))
			}
			result.Lags = append(result.Lags, l)
			continue
		}
		family = append(family, offset)
		p := shiftP(s.n, s.minShift, func(shift int) float64 { return turned[offset+shift] })
		l.P, l.Shifts, l.SmallestP = p.P, p.Shifts, p.SmallestP
		result.Lags = append(result.Lags, l)
	}
	if len(family) == 0 {
		return result
	}
	best := shiftP(s.n, s.minShift, func(shift int) float64 {
		var largest float64
		for _, offset := range family {
			// max is NaN if either is.
			largest = max(largest, math.Abs(turned[offset+shift]))
		}
		return largest
	})
	result.MaxAbsR, result.PFamily = best.Observed, best.P
	result.Shifts, result.SmallestP = best.Shifts, best.SmallestP
	result.Warnings = append(result.Warnings, best.Warnings...)
	return result
}

func undefinedReason(n int) error {
	if n < MinN {
		return fmt.Errorf("%w: %d, need %d", ErrTooFew, n, MinN)
	}
	return ErrZeroVariance
}

// offset returns lag counted round.
func (s *Shifter) offset(lag int) int {
	if s.n == 0 {
		return 0
	}
	return ((lag % s.n) + s.n) % s.n
}

func (s *Shifter) mustMatch(lengths ...int) {
	for _, n := range lengths {
		if n != s.n {
			panic(fmt.Sprintf("correlate: series of %d steps, shifter of %d", n, s.n))
		}
	}
}

// turned returns the circular correlation at every offset, NaN where there is
// none, and the number of its pairs.
func (s *Shifter) turned(x, y []float64) (r, pairs []float64, err error) {
	sx, sy := newSeries(x), newSeries(y)
	r, pairs = make([]float64, s.n), make([]float64, s.n)
	full := sx.n == s.n && sy.n == s.n
	var px, py spectrum // of presence
	if full {
		for d := range pairs {
			pairs[d] = float64(s.n)
		}
	} else {
		px, py = s.ring.of(sx.present), s.ring.of(sy.present)
		pairs = s.ring.correlate(px, py)
		round(pairs)
	}
	for d := range r {
		r[d] = math.NaN()
	}
	switch {
	case min(sx.n, sy.n) < MinN:
		return r, pairs, fmt.Errorf("%w: %d and %d values, need %d", ErrTooFew, sx.n, sy.n, MinN)
	case !sx.varies || !sy.varies:
		return r, pairs, ErrZeroVariance
	case !positive(sx.variance) || !positive(sy.variance):
		return r, pairs, ErrNotFinite
	}
	sx.standardize()
	sy.standardize()
	fx, fy := s.ring.of(sx.centred), s.ring.of(sy.centred)
	sxy := s.ring.correlate(fx, fy)
	if full {
		for d := range r {
			r[d] = max(-1, min(1, sxy[d]/float64(s.n)))
		}
		return r, pairs, nil
	}
	sumX, sumY := s.ring.correlate(fx, py), s.ring.correlate(px, fy)
	squareX := s.ring.correlate(s.ring.of(squares(sx.centred)), py)
	squareY := s.ring.correlate(px, s.ring.of(squares(sy.centred)))
	for d, n := range pairs {
		if n < MinN {
			continue
		}
		varX, varY := squareX[d]/n-sumX[d]/n*sumX[d]/n, squareY[d]/n-sumY[d]/n*sumY[d]/n
		if varX > 1e-9 && varY > 1e-9 {
			r[d] = max(-1, min(1, (sxy[d]/n-sumX[d]/n*sumY[d]/n)/math.Sqrt(varX*varY)))
		}
	}
	return r, pairs, nil
}

func positive(v float64) bool { return v > 0 && !math.IsInf(v, 1) }

// standardize scales the values to variance 1.
func (s *series) standardize() {
	scale := 1 / math.Sqrt(s.variance)
	for t := range s.centred {
		s.centred[t] *= scale
	}
	s.variance = 1
}

func squares(v []float64) []float64 {
	w := make([]float64, len(v))
	for t := range w {
		w[t] = v[t] * v[t]
	}
	return w
}

func round(v []float64) {
	for i := range v {
		v[i] = math.Round(v[i])
	}
}
