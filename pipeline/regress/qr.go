package regress

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// aliasTolerance is the share of its length that a column must have beside the
// earlier ones to count as another column.
const aliasTolerance = 1e-10

// independent splits the columns of x, in their order, into those that add to the
// earlier ones and those that repeat them, and returns an orthonormal basis of the
// first. lengths are what the columns measured before something was projected out of
// them; nil: as they are.
func independent(x [][]float64, lengths []float64, tolerance float64) (kept, aliased []int, basis [][]float64) {
	for j, column := range x {
		length := floats.Norm(column, 2)
		if lengths != nil {
			length = lengths[j]
		}
		if length == 0 || len(basis) == len(column) {
			aliased = append(aliased, j)
			continue
		}
		rest := make([]float64, len(column))
		floats.ScaleTo(rest, 1/length, column)
		// Twice is enough (Kahan, Parlett): the second pass removes what rounding
		// left of the first.
		for range 2 {
			for _, b := range basis {
				floats.AddScaled(rest, -floats.Dot(rest, b), b)
			}
		}
		norm := floats.Norm(rest, 2)
		if !(norm > tolerance) {
			aliased = append(aliased, j)
			continue
		}
		floats.Scale(1/norm, rest)
		basis = append(basis, rest)
		kept = append(kept, j)
	}
	return kept, aliased, basis
}

// backFrom returns the matrix that takes coefficients of basis, made of the columns x
// by independent, to coefficients of x; nil if it cannot be had.
func backFrom(basis, x [][]float64) *mat.TriDense {
	r := mat.NewTriDense(len(x), mat.Upper, nil)
	for j, column := range x {
		for i := range j + 1 {
			r.SetTri(i, j, floats.Dot(basis[i], column))
		}
	}
	return invert(r)
}

func invert(r *mat.TriDense) *mat.TriDense {
	var inverse mat.TriDense
	err := inverse.InverseTri(r)
	if _, poor := err.(mat.Condition); err != nil && !poor {
		return nil
	}
	return &inverse
}

// takeColumns narrows the design to the columns at kept.
func (d *design) takeColumns(kept []int) {
	x, columns := make([][]float64, len(kept)), make([]int, len(kept))
	for i, j := range kept {
		x[i], columns[i] = d.x[j], d.columns[j]
	}
	d.x, d.columns = x, columns
}

// A solver solves weighted least squares problems with one set of columns.
type solver struct {
	x     [][]float64
	root  []float64 // of the weights
	a     *mat.Dense
	right *mat.VecDense
	qr    mat.QR
}

func newSolver(x [][]float64) *solver {
	n := len(x[0])
	return &solver{x: x, root: make([]float64, n), a: mat.NewDense(n, len(x), nil), right: mat.NewVecDense(n, nil)}
}

// factor sets the weights.
func (s *solver) factor(weight []float64) {
	for i, w := range weight {
		s.root[i] = math.Sqrt(w)
		row := s.a.RawRowView(i)
		for j := range s.x {
			row[j] = s.root[i] * s.x[j][i]
		}
	}
	s.qr.Factorize(s.a)
}

// solve returns the b with the least Σ weight·(z−xb)².
func (s *solver) solve(z []float64) ([]float64, bool) {
	for i, v := range z {
		s.right.SetVec(i, s.root[i]*v)
	}
	b := mat.NewVecDense(len(s.x), nil)
	err := s.qr.SolveVecTo(b, false, s.right)
	if _, poor := err.(mat.Condition); err != nil && !poor {
		return nil, false
	}
	for _, v := range b.RawVector().Data {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, false
		}
	}
	return b.RawVector().Data, true
}

// inverse returns (XᵀWX)⁻¹, nil if it is singular.
func (s *solver) inverse() *mat.SymDense {
	p := len(s.x)
	var r mat.Dense
	s.qr.RTo(&r)
	triangle := mat.NewTriDense(p, mat.Upper, nil)
	for i := range p {
		for j := i; j < p; j++ {
			triangle.SetTri(i, j, r.At(i, j))
		}
	}
	inverse := invert(triangle)
	if inverse == nil {
		return nil
	}
	out := mat.NewSymDense(p, nil)
	out.SymOuterK(1, inverse)
	return out
}

// multiplyTo sets dst to the sum of b[j]·x[j].
func multiplyTo(dst []float64, x [][]float64, b []float64) {
	clear(dst)
	for j, column := range x {
		floats.AddScaled(dst, b[j], column)
	}
}
