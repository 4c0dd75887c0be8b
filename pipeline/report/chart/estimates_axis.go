package chart

import "math"

// farthest bounds a logarithmic axis that the rows choose: bounds farther than
// this factor from the reference end in an arrow, or one empty cell would press
// all other intervals to a point.
const farthest = 50

// scale is the axis of estimates: it holds the reference and every estimate, and
// the bounds of intervals within reason.
func (c *Estimates) scale(k estimateColumns) scale {
	axis := scale{lo: c.Reference, hi: c.Reference, from: k.plot + 8, to: k.plotEnd - 8, log: c.Log}
	include := func(v float64) { axis.lo, axis.hi = min(axis.lo, v), max(axis.hi, v) }
	for _, row := range c.Rows {
		if !row.evaluable() {
			continue
		}
		for _, v := range []float64{row.Estimate, row.most()} {
			if finite(v) && (!c.Log || v > 0) {
				include(v)
			}
		}
		for _, v := range []float64{row.Lo, row.Hi} {
			if finite(v) && (!c.Log || v >= c.Reference/farthest && v <= c.Reference*farthest) {
				include(v)
			}
		}
	}
	if c.AxisLo < c.AxisHi && (!c.Log || c.AxisLo > 0) && finite(c.AxisLo) && finite(c.AxisHi) {
		axis.lo, axis.hi = c.AxisLo, c.AxisHi
		include(c.Reference)
		return axis
	}
	if c.Log {
		margin := max(math.Pow(axis.hi/axis.lo, 0.04), 1)
		if axis.hi/axis.lo < 2 {
			margin = max(margin, math.Sqrt(2))
		}
		axis.lo, axis.hi = axis.lo/margin, axis.hi*margin
		return axis
	}
	margin := 0.04 * (axis.hi - axis.lo)
	if margin == 0 {
		margin = max(1, math.Abs(c.Reference)*0.1)
	}
	axis.lo, axis.hi = axis.lo-margin, axis.hi+margin
	return axis
}

// ticks returns the values written below the axis, far enough apart for their
// labels, the reference among them.
func (c *Estimates) ticks(axis scale) []float64 {
	for _, candidates := range c.tickCandidates(axis) {
		// The reference comes first, then what still has room beside it.
		out := []float64{c.Reference}
		fits := true
		for _, v := range candidates {
			if v == c.Reference {
				continue
			}
			for _, u := range out {
				need := (c.tickWidth(u)+c.tickWidth(v))/2 + 10
				if math.Abs(axis.at(u)-axis.at(v)) < need {
					fits = fits && u == c.Reference
					v = math.NaN()
					break
				}
			}
			if finite(v) {
				out = append(out, v)
			}
		}
		if fits {
			return out
		}
	}
	return []float64{c.Reference}
}

func (c *Estimates) tickWidth(v float64) float64 {
	return textWidth(c.Language.brief(v), smallSize, true)
}

// tickCandidates returns sets of round values on the axis, the densest first.
func (c *Estimates) tickCandidates(axis scale) [][]float64 {
	var out [][]float64
	if !c.Log {
		for _, n := range []int{8, 6, 5, 4, 3, 2, 1} {
			out = append(out, steps(axis.lo, axis.hi, niceStep(axis.hi-axis.lo, n)))
		}
		return out
	}
	for _, digits := range [][]float64{{1, 2, 3, 5, 7}, {1, 1.5, 2, 3, 5, 7}, {1, 2, 5}, {1, 3}, {1}} {
		var values []float64
		for decade := math.Floor(math.Log10(axis.lo)); decade <= math.Ceil(math.Log10(axis.hi)); decade++ {
			for _, d := range digits {
				// Divided where the power is negative, so that 0.3 is 0.3.
				v := d * math.Pow(10, decade)
				if decade < 0 {
					v = d / math.Pow(10, -decade)
				}
				if axis.within(v) {
					values = append(values, v)
				}
			}
		}
		out = append(out, values)
	}
	return out
}
