package regress

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// fitAbsorbed fits Poisson with the effects of one or two factors eliminated.
func (f *Fit) fitAbsorbed(ids [][]int) {
	f.absorbed = true
	f.dropUninformative(ids)
	if f.N == 0 {
		f.fail(fmt.Errorf("%w: no row is left", ErrUninformative))
		return
	}
	factors := make([]factor, len(ids))
	for k := range ids {
		factors[k] = newFactor(ids[k], f.Rows)
	}
	a := newAbsorber(factors)
	if err := f.aliasAbsorbed(a); err != nil {
		f.fail(err)
		return
	}
	d := &f.design
	f.Rank = a.rank() + len(d.x)
	if f.N <= f.Rank {
		f.fail(fmt.Errorf("%w: %d for %d parameters", ErrTooFew, f.N, f.Rank))
		return
	}
	if err := f.separatedAbsorbed(factors); err != nil {
		f.fail(err)
		return
	}
	if err := f.iterateAbsorbed(a); err != nil {
		f.fail(err)
	}
}

// dropUninformative leaves out levels without events, whose effect is −∞, and levels
// with one row, which fit themselves, until none are left.
func (f *Fit) dropUninformative(ids [][]int) {
	f.AbsorbedDropped = make([][]int, len(ids))
	for {
		keep := make([]bool, f.N)
		for i := range keep {
			keep[i] = true
		}
		any := false
		for k := range ids {
			levels := newFactor(ids[k], f.Rows)
			events := levels.sums(f.y)
			rows := make([]int, len(levels.ids))
			for _, l := range levels.level {
				rows[l]++
			}
			for l, id := range levels.ids {
				if events[l] == 0 || rows[l] == 1 {
					f.AbsorbedDropped[k] = append(f.AbsorbedDropped[k], id)
					any = true
				}
			}
			for i, l := range levels.level {
				keep[i] = keep[i] && events[l] > 0 && rows[l] > 1
			}
		}
		if !any {
			break
		}
		before := f.N
		f.keep(keep)
		f.Dropped.Uninformative += before - f.N
	}
	for k := range f.AbsorbedDropped {
		// A level may be found both before and after rows of another were left out.
		slices.Sort(f.AbsorbedDropped[k])
		f.AbsorbedDropped[k] = slices.Compact(f.AbsorbedDropped[k])
		if n := len(f.AbsorbedDropped[k]); n > 0 {
			f.warn(ErrUninformative, "%d levels of factor %d", n, k+1)
		}
	}
}

// aliasAbsorbed leaves out columns that repeat earlier ones or the effects.
func (f *Fit) aliasAbsorbed(a *absorber) error {
	a.setWeight(slices.Repeat([]float64{1}, f.N))
	lengths := make([]float64, len(f.design.x))
	projected := make([][]float64, len(f.design.x))
	for j, column := range f.design.x {
		lengths[j] = floats.Norm(column, 2)
		projected[j] = slices.Clone(column)
		if err := a.project(projected[j], nil, 1e-13); err != nil {
			return err
		}
	}
	// The projection is itself iterated, so what it leaves is larger than rounding.
	kept, aliased, _ := independent(projected, lengths, 100*aliasTolerance)
	return f.narrow(kept, aliased)
}

// iterateAbsorbed is reweighted least squares in steps: each column, less its
// projection on the effects, gives a step of its coefficient from the scores, and
// the effects take up the rest. An error of the projection therefore slows the
// iterations, but does not move the point where they end.
func (f *Fit) iterateAbsorbed(a *absorber) error {
	d := &f.design
	coef := make([]float64, len(d.x))
	eta := f.startingEffects(a)
	mu, next := make([]float64, f.N), make([]float64, f.N)
	for i, v := range eta {
		mu[i] = math.Exp(v)
	}
	deviance := countDeviance(f.y, mu, 0)
	projected := make([][]float64, len(d.x))
	starts := make([][]float64, len(d.x))
	for j := range d.x {
		projected[j] = make([]float64, f.N)
		if len(a.factors) == 2 {
			starts[j] = make([]float64, len(a.factors[1].ids))
		}
	}
	project := func(tolerance float64) error {
		a.setWeight(mu)
		for j := range d.x {
			copy(projected[j], d.x[j])
			if err := a.project(projected[j], starts[j], tolerance); err != nil {
				return err
			}
		}
		return nil
	}
	s := newSolver(projected)
	change, rest := make([]float64, f.N), make([]float64, f.N)
	for f.Iterations < maxIterations {
		f.Iterations++
		if err := project(1e-9); err != nil {
			return err
		}
		for i := range rest {
			rest[i] = (f.y[i] - mu[i]) / mu[i]
			change[i] = rest[i]
		}
		s.factor(mu)
		step, ok := s.solve(rest)
		if !ok {
			return ErrNotFinite
		}
		for j, column := range d.x {
			floats.AddScaled(rest, -step[j], column)
		}
		if err := a.project(rest, nil, 1e-9); err != nil {
			return err
		}
		floats.Sub(change, rest) // the columns and effects of the step

		before := deviance
		scale := 1.
		for range 40 {
			for i := range next {
				next[i] = math.Exp(eta[i] + scale*change[i])
			}
			deviance = countDeviance(f.y, next, 0)
			if deviance <= before+1e-9*(math.Abs(before)+.1) {
				break
			}
			scale /= 2
		}
		if math.IsNaN(deviance) || math.IsInf(deviance, 0) {
			return fmt.Errorf("%w: the deviance is not finite", ErrNotConverged)
		}
		floats.AddScaled(eta, scale, change)
		floats.AddScaled(coef, scale, step)
		mu, next = next, mu
		if scale == 1 && converged(deviance, before) {
			return f.takeAbsorbed(coef, mu, deviance, projected, s, project)
		}
	}
	return fmt.Errorf("%w in %d iterations", ErrNotConverged, maxIterations)
}

// startingEffects returns log means of products of effects near the response.
func (f *Fit) startingEffects(a *absorber) []float64 {
	expected := make([]float64, f.N)
	for i, v := range f.offset {
		expected[i] = math.Exp(v)
	}
	eta := slices.Clone(f.offset)
	for _, levels := range a.factors {
		seen, model := levels.sums(f.y), levels.sums(expected)
		for i, k := range levels.level {
			ratio := seen[k] / model[k]
			expected[i] *= ratio
			eta[i] += math.Log(ratio)
		}
	}
	return eta
}

func (f *Fit) takeAbsorbed(coef, mu []float64, deviance float64, projected [][]float64, s *solver, project func(float64) error) error {
	d := &f.design
	if err := project(1e-13); err != nil {
		return err
	}
	s.factor(mu)
	if d.bread = s.inverse(); d.bread == nil {
		return ErrNotFinite
	}
	f.setCoef(coef)
	f.Mu, f.Deviance = mu, deviance
	d.basis, d.weight, d.score = projected, mu, make([]float64, f.N)
	d.back = mat.NewTriDense(len(coef), mat.Upper, nil)
	for j := range coef {
		d.back.SetTri(j, j, 1)
	}
	for i := range mu {
		d.score[i] = f.y[i] - mu[i]
	}
	return nil
}

// maxSeparationCells bounds the dense design that separation is decided on.
const maxSeparationCells = 4_000_000

// separatedAbsorbed returns an error if the estimates are infinite, or may be. They
// are finite if the columns differ from each other and from effects already on the
// rows with events; only where they do not is a design with a column an effect made.
func (f *Fit) separatedAbsorbed(factors []factor) error {
	var with []int
	for i, y := range f.y {
		if y > 0 {
			with = append(with, i)
		}
	}
	if len(with) == f.N {
		return nil
	}
	narrow := make([]factor, len(factors))
	for k, whole := range factors {
		ids := make([]int, f.N)
		for i, l := range whole.level {
			ids[i] = int(l)
		}
		narrow[k] = newFactor(ids, with)
	}
	a := newAbsorber(narrow)
	a.setWeight(slices.Repeat([]float64{1}, len(with)))
	projected, lengths := make([][]float64, len(f.design.x)), make([]float64, len(f.design.x))
	for j, column := range f.design.x {
		projected[j] = at(column, with)
		lengths[j] = floats.Norm(column, 2)
		if err := a.project(projected[j], nil, 1e-13); err != nil {
			return err
		}
	}
	if _, same, _ := independent(projected, lengths, 1e-7); len(same) == 0 {
		return nil
	}
	dense := slices.Clone(f.design.x)
	for _, levels := range factors {
		if f.N*(len(dense)+len(levels.ids)) > maxSeparationCells {
			return fmt.Errorf("%w: it cannot be ruled out", ErrSeparated)
		}
		for l := range levels.ids {
			column := make([]float64, f.N)
			for i, k := range levels.level {
				if int(k) == l {
					column[i] = 1
				}
			}
			dense = append(dense, column)
		}
	}
	_, _, basis := independent(dense, nil, aliasTolerance)
	rows, err := separatedRows(basis, f.y)
	if err != nil {
		return err
	}
	if len(rows) > 0 {
		return fmt.Errorf("%w: %d rows", ErrSeparated, len(rows))
	}
	return nil
}
