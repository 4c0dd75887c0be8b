package regress

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

const separationTolerance = 1e-9

// dropSeparated leaves out the rows without events that the columns tell apart
// exactly from all rows with events, and lists the columns that do it.
//
// There is no finite estimate if and only if some combination z of the columns is
// 0 on all rows with events, at least 0 on the others, and above 0 on one: adding
// −z improves the likelihood without end (Correia, Guimarães, Zylkin 2019).
func (f *Fit) dropSeparated() error {
	before := f.N
	for {
		rows, err := separatedRows(f.design.basis, f.y)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			break
		}
		keep := make([]bool, f.N)
		for i := range keep {
			keep[i] = true
		}
		for _, i := range rows {
			keep[i] = false
		}
		f.keep(keep)
		for j := range f.design.basis {
			f.design.basis[j] = where(f.design.basis[j], keep)
		}
	}
	if f.N == before {
		return nil
	}
	f.Dropped.Separated = before - f.N
	// A column is lost if the rows left do not determine its coefficient.
	for j, free := range loose(f.design.x) {
		if free {
			f.Separated = append(f.Separated, f.Names[f.design.columns[j]])
		}
	}
	kept, _, basis := independent(f.design.x, nil, aliasTolerance)
	f.design.takeColumns(kept)
	err := fmt.Errorf("%w: %d rows left out, columns %q", ErrSeparated, f.Dropped.Separated, f.Separated)
	f.Warnings = append(f.Warnings, err)
	if len(kept) == 0 {
		return err
	}
	return f.setBasis(basis)
}

// forgetSeparated removes the coefficients that have no finite value. Those of the
// columns kept for them hold only for the rows left.
func (f *Fit) forgetSeparated() {
	for _, name := range f.Separated {
		for j := range f.Names {
			if f.Names[j] == name {
				f.Coef[j] = math.NaN()
			}
		}
	}
}

// loose tells which coefficients the rows of x leave undetermined.
func loose(x [][]float64) []bool {
	out := make([]bool, len(x))
	null := nullSpace(x)
	if null == nil {
		return out
	}
	for j := range x {
		for d := range null.RawMatrix().Cols {
			out[j] = out[j] || math.Abs(null.At(j, d)) > 1e-7
		}
	}
	return out
}

// nullSpace returns a basis of the combinations of columns that are 0 on all rows,
// one a column, coefficients scaled by the length of their columns; nil if there is
// none.
func nullSpace(x [][]float64) *mat.Dense {
	p := len(x)
	n := max(p, len(x[0]))
	a := mat.NewDense(n, p, nil)
	for j, column := range x {
		length := floats.Norm(column, 2)
		if length == 0 {
			continue
		}
		for i, v := range column {
			a.Set(i, j, v/length)
		}
	}
	// R has the null space of A and its singular values.
	var qr mat.QR
	qr.Factorize(a)
	var r mat.Dense
	qr.RTo(&r)
	var svd mat.SVD
	if !svd.Factorize(r.Slice(0, p, 0, p), mat.SVDThin) {
		return nil
	}
	values := svd.Values(nil)
	first := 0
	for first < p && values[first] > separationTolerance*values[0] {
		first++
	}
	if first == p {
		return nil
	}
	var v mat.Dense
	svd.VTo(&v)
	return mat.DenseCopyOf(v.Slice(0, p, first, p))
}

// separatedRows returns rows without events, some if there are any, on which a
// combination of columns is above 0 that is 0 on all rows with events and below 0
// on none.
//
// Only combinations of the null space of the rows with events come into question.
// Their values u on the other rows form a subspace; projecting 1 on it and on
// u ≥ 0 in turn leads to a common point. Every step keeps or raises the product of
// u with each such point z, so the length of u never falls below Σz/|z| ≥ 1 if
// there is one: a shorter u proves that there is none.
func separatedRows(x [][]float64, y []float64) ([]int, error) {
	var with, without []int
	for i, v := range y {
		if v > 0 {
			with = append(with, i)
		} else {
			without = append(without, i)
		}
	}
	if len(without) == 0 {
		return nil, nil
	}
	positive := make([][]float64, len(x))
	for j := range x {
		positive[j] = at(x[j], with)
	}
	null := nullSpace(positive)
	if null == nil {
		return nil, nil
	}
	columns, lengths := make([][]float64, 0), make([]float64, 0)
	for d := range null.RawMatrix().Cols {
		z := make([]float64, len(without))
		var size float64
		for j := range x {
			length := floats.Norm(positive[j], 2)
			coef := null.At(j, d)
			if length > 0 {
				coef /= length
			}
			for i, row := range without {
				z[i] += coef * x[j][row]
				size = max(size, math.Abs(coef*x[j][row]))
			}
		}
		columns = append(columns, z)
		lengths = append(lengths, size*math.Sqrt(float64(len(without))))
	}
	basis := orthonormal(columns, lengths)
	if len(basis) == 0 {
		return nil, nil
	}
	u, projected := make([]float64, len(without)), make([]float64, len(without))
	floats.AddConst(1, u)
	for range 200_000 {
		clear(projected)
		for _, b := range basis {
			floats.AddScaled(projected, floats.Dot(u, b), b)
		}
		if floats.Norm(projected, 2) < 1-1e-6 {
			return nil, nil
		}
		if floats.Min(projected) > -separationTolerance {
			var rows []int
			for i, v := range projected {
				if v > 1e-6 {
					rows = append(rows, without[i])
				}
			}
			return rows, nil
		}
		for i, v := range projected {
			u[i] = max(v, 0)
		}
	}
	return nil, fmt.Errorf("%w: it cannot be ruled out", ErrSeparated)
}

// orthonormal returns an orthonormal basis of the columns that are longer than
// rounding of terms of the given sizes.
func orthonormal(columns [][]float64, sizes []float64) [][]float64 {
	var basis [][]float64
	for j, column := range columns {
		if sizes[j] == 0 {
			continue
		}
		rest := append([]float64(nil), column...)
		for range 2 {
			for _, b := range basis {
				floats.AddScaled(rest, -floats.Dot(rest, b), b)
			}
		}
		norm := floats.Norm(rest, 2)
		if norm > separationTolerance*sizes[j] {
			floats.Scale(1/norm, rest)
			basis = append(basis, rest)
		}
	}
	return basis
}
