package regress

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// A factor is one absorbed factor over the rows of a fit.
type factor struct {
	level []int32 // 0, 1, …, by row
	ids   []int   // as the model names the levels, ascending
}

func newFactor(ids []int, rows []int) factor {
	used := make([]int, len(rows))
	for i, r := range rows {
		used[i] = ids[r]
	}
	distinct := slices.Compact(slices.Sorted(slices.Values(used)))
	number := make(map[int]int32, len(distinct))
	for k, id := range distinct {
		number[id] = int32(k)
	}
	f := factor{level: make([]int32, len(rows)), ids: distinct}
	for i, id := range used {
		f.level[i] = number[id]
	}
	return f
}

// sums adds v by level.
func (f factor) sums(v []float64) []float64 {
	out := make([]float64, len(f.ids))
	for i, k := range f.level {
		out[k] += v[i]
	}
	return out
}

// An absorber projects out the effects of one or two factors, by weighted least
// squares. The effects of the first are eliminated exactly; what is left of the
// normal equations of the second is solved by conjugate gradients, so that the work
// is a few passes over the rows and no matrix of effects is ever formed.
type absorber struct {
	factors []factor
	weight  []float64
	total   [2][]float64 // of the weights, by level

	first, image, residual, direction, scaled []float64 // scratch
}

func newAbsorber(factors []factor) *absorber {
	a := &absorber{factors: factors, first: make([]float64, len(factors[0].ids))}
	if len(factors) == 2 {
		n := len(factors[1].ids)
		a.image, a.residual, a.direction, a.scaled = make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	}
	return a
}

func (a *absorber) setWeight(weight []float64) {
	a.weight = weight
	for k, f := range a.factors {
		a.total[k] = f.sums(weight)
	}
}

// project subtracts from v the effects that fit it best: Σ weight·(v−effects)² is
// least. effects of the second factor start from, and are left in, start, if it is
// not nil. tolerance is that of the equations left, relative.
func (a *absorber) project(v, start []float64, tolerance float64) error {
	first := a.factors[0].level
	if len(a.factors) == 1 {
		clear(a.first)
		for i, k := range first {
			a.first[k] += a.weight[i] * v[i]
		}
		floats.Div(a.first, a.total[0])
		for i, k := range first {
			v[i] -= a.first[k]
		}
		return nil
	}
	second := a.factors[1].level
	d := start
	if d == nil {
		d = make([]float64, len(a.factors[1].ids))
	}
	// The right side, with v less the means of the first factor: r = Dᵀ W (v − mean).
	a.firstMeans(v)
	clear(a.residual)
	clear(a.scaled)
	for i, k := range first {
		a.residual[second[i]] += a.weight[i] * (v[i] - a.first[k])
		a.scaled[second[i]] += a.weight[i] * math.Abs(v[i])
	}
	// Below this the right side is rounding of its terms.
	floor := 1e-15 * a.norm(a.scaled)
	limit := max(tolerance*a.norm(a.residual), floor)
	a.normal(d)
	floats.Sub(a.residual, a.image)
	if err := a.conjugateGradients(d, limit, 1000*floor); err != nil {
		return err
	}
	for i, k := range second {
		v[i] -= d[k]
	}
	a.firstMeans(v)
	for i, k := range first {
		v[i] -= a.first[k]
	}
	return nil
}

// firstMeans leaves the weighted means of v by level of the first factor in first.
func (a *absorber) firstMeans(v []float64) {
	clear(a.first)
	for i, k := range a.factors[0].level {
		a.first[k] += a.weight[i] * v[i]
	}
	floats.Div(a.first, a.total[0])
}

// normal leaves in image the product of the normal equations of the second factor,
// the first eliminated, with d.
func (a *absorber) normal(d []float64) {
	first, second := a.factors[0].level, a.factors[1].level
	clear(a.first)
	for i, k := range first {
		a.first[k] += a.weight[i] * d[second[i]]
	}
	floats.Div(a.first, a.total[0])
	floats.MulTo(a.image, a.total[1], d)
	for i, k := range first {
		a.image[second[i]] -= a.weight[i] * a.first[k]
	}
}

// norm is the length that the conditioned gradients are measured in.
func (a *absorber) norm(r []float64) float64 {
	var s float64
	for k, v := range r {
		s += v * v / a.total[1][k]
	}
	return math.Sqrt(s)
}

// conjugateGradients improves d until the residual is below limit, or below stall
// and no longer falling. The equations are singular, for a constant may pass from
// one factor to the other, but agree, so the iterations stay clear of the null
// space.
func (a *absorber) conjugateGradients(d []float64, limit, stall float64) error {
	floats.DivTo(a.direction, a.residual, a.total[1])
	rho := floats.Dot(a.residual, a.direction)
	best, stalled := math.Inf(1), 0
	for range 10_000 {
		now := a.norm(a.residual)
		if now <= limit {
			return nil
		}
		if now < .9*best {
			best, stalled = now, 0
		} else if stalled++; stalled > 30 && best <= stall {
			return nil
		}
		a.normal(a.direction)
		curvature := floats.Dot(a.direction, a.image)
		if !(curvature > 0) {
			return nil
		}
		step := rho / curvature
		floats.AddScaled(d, step, a.direction)
		floats.AddScaled(a.residual, -step, a.image)
		floats.DivTo(a.scaled, a.residual, a.total[1])
		next := floats.Dot(a.residual, a.scaled)
		floats.Scale(next/rho, a.direction)
		floats.Add(a.direction, a.scaled)
		rho = next
	}
	return fmt.Errorf("%w: effects of areas and days", ErrNotConverged)
}

// rank returns the number of effects that can be told apart: one less for every
// group of levels that share rows, beyond the levels themselves.
func (a *absorber) rank() int {
	if len(a.factors) == 1 {
		return len(a.factors[0].ids)
	}
	first, second := a.factors[0], a.factors[1]
	parent := make([]int, len(first.ids)+len(second.ids))
	for k := range parent {
		parent[k] = k
	}
	root := func(k int) int {
		for parent[k] != k {
			parent[k] = parent[parent[k]]
			k = parent[k]
		}
		return k
	}
	rank := 0
	for i, k := range first.level {
		p, q := root(int(k)), root(len(first.ids)+int(second.level[i]))
		if p != q {
			parent[p] = q
			rank++
		}
	}
	// rank joins make a spanning forest: levels less groups.
	return rank
}
