package regress

import (
	"fmt"
	"math"
)

// A SegmentCost is what one level for a segment of a series costs. S is the sum and
// m the number of its known values.
type SegmentCost int

const (
	PoissonCost  SegmentCost = iota // −2(S·ln(S/m) − S), 0 for S = 0
	SquaredError                    // Σ (x−S/m)²
)

// A Segmentation is a series cut into segments of one level each.
type Segmentation struct {
	Changes []int     // steps at which a new level begins, ascending
	Means   []float64 // of the segments, one more than Changes
	Cost    float64   // of all segments, without penalties
	N       int       // values known

	Reason error // why there is none
}

const maxChangepointValues = 50_000

// Changepoints returns the segmentation with the least cost plus penalty per change
// (methods.md 9.15), found exactly by optimal partitioning. A penalty of 2·ln n is
// used for counts; that of a [SquaredError] is in units of its variance. Values not
// known are left out; a level then begins at its first known value.
//
// A series that resembles its own past gives changes where there are none: report
// them as a description, without p.
func Changepoints(x []float64, cost SegmentCost, penalty float64) Segmentation {
	if !(penalty >= 0) || math.IsInf(penalty, 1) {
		panic(fmt.Sprintf("regress: penalty %v", penalty))
	}
	s, out := newSegments(x, cost)
	if out.Reason != nil {
		return out
	}
	n := len(s.at)
	best := make([]float64, n+1) // of the first j values
	last := make([]int, n+1)     // start of the last segment
	best[0] = -penalty
	for j := 1; j <= n; j++ {
		best[j] = math.Inf(1)
		for i := range j {
			if v := best[i] + s.cost(i, j) + penalty; v < best[j] {
				best[j], last[j] = v, i
			}
		}
	}
	var starts []int
	for j := n; j > 0; j = last[j] {
		starts = append(starts, last[j])
	}
	return s.segmentation(starts, out)
}

// SegmentsOf returns the segmentation of the least cost with the given number of
// changes. Twice the gain in Poisson log-likelihood is its Cost less that of no
// changes.
func SegmentsOf(x []float64, cost SegmentCost, changes int) Segmentation {
	if changes < 0 {
		panic(fmt.Sprintf("regress: %d changes", changes))
	}
	s, out := newSegments(x, cost)
	if out.Reason != nil {
		return out
	}
	n := len(s.at)
	if n <= changes {
		out.Reason = fmt.Errorf("%w: %d for %d changes", ErrTooFew, n, changes)
		return out
	}
	best := make([]float64, n+1)
	for j := 1; j <= n; j++ {
		best[j] = s.cost(0, j)
	}
	last := make([][]int32, changes+1) // start of the last segment, by changes so far
	for c := 1; c <= changes; c++ {
		next := make([]float64, n+1)
		last[c] = make([]int32, n+1)
		for j := range next {
			next[j] = math.Inf(1)
			for i := c; i < j; i++ {
				if v := best[i] + s.cost(i, j); v < next[j] {
					next[j], last[c][j] = v, int32(i)
				}
			}
		}
		best = next
	}
	var starts []int
	for c, j := changes, n; c > 0; c-- {
		j = int(last[c][j])
		starts = append(starts, j)
	}
	return s.segmentation(append(starts, 0), out)
}

// segments has the sums that the cost of any segment is made of.
type segments struct {
	kind   SegmentCost
	at     []int     // steps of the known values
	centre float64   // taken off the values, so that squares do not cancel
	sum    []float64 // of the first i values
	square []float64
}

func newSegments(x []float64, kind SegmentCost) (segments, Segmentation) {
	out := Segmentation{Cost: math.NaN()}
	s := segments{kind: kind}
	var total sum
	for t, v := range x {
		if math.IsNaN(v) {
			continue
		}
		if math.IsInf(v, 0) {
			out.Reason = ErrNotFinite
			return s, out
		}
		if v < 0 && kind == PoissonCost {
			out.Reason = ErrNegative
			return s, out
		}
		s.at = append(s.at, t)
		total.add(v)
	}
	out.N = len(s.at)
	switch {
	case out.N == 0:
		out.Reason = fmt.Errorf("%w: no value is known", ErrTooFew)
		return s, out
	case out.N > maxChangepointValues:
		out.Reason = fmt.Errorf("%w: %d values", ErrTooLarge, out.N)
		return s, out
	case math.IsInf(total.value(), 0) || math.IsNaN(total.value()):
		out.Reason = ErrNotFinite
		return s, out
	}
	if kind == SquaredError {
		s.centre = total.value() / float64(out.N)
	}
	s.sum, s.square = make([]float64, out.N+1), make([]float64, out.N+1)
	var sums, squares sum
	for i, t := range s.at {
		v := x[t] - s.centre
		sums.add(v)
		squares.add(v * v)
		s.sum[i+1], s.square[i+1] = sums.value(), squares.value()
	}
	if math.IsInf(s.square[out.N], 0) || math.IsNaN(s.square[out.N]) {
		out.Reason = ErrNotFinite
	}
	return s, out
}

// cost returns that of the values from i to before j.
func (s segments) cost(i, j int) float64 {
	m, total := float64(j-i), s.sum[j]-s.sum[i]
	if s.kind == SquaredError {
		return max(0, s.square[j]-s.square[i]-total*total/m)
	}
	if total <= 0 {
		return 0
	}
	return -2 * (total*math.Log(total/m) - total)
}

// segmentation fills in out from the starts of the segments, the last first.
func (s segments) segmentation(starts []int, out Segmentation) Segmentation {
	out.Changes = []int{}
	var total sum
	for k := len(starts) - 1; k >= 0; k-- {
		i, j := starts[k], len(s.at)
		if k > 0 {
			j = starts[k-1]
		}
		if i > 0 {
			out.Changes = append(out.Changes, s.at[i])
		}
		out.Means = append(out.Means, s.centre+(s.sum[j]-s.sum[i])/float64(j-i))
		total.add(s.cost(i, j))
	}
	out.Cost = total.value()
	return out
}
