package regress

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Numbers of clusters that intervals depend on (methods.md 9.4).
const (
	MinClusters    = 5  // with fewer, there is no interval
	PublicClusters = 10 // with fewer, an interval is marked and not published
)

// CR0 returns the covariance that holds if rows of different clusters are
// independent: (XᵀWX)⁻¹ Σ s_g s_gᵀ (XᵀWX)⁻¹, s_g the sum of the scores of a
// cluster, with Student's t of G−1 degrees of freedom for G clusters. cluster has
// one value a row of the model.
//
// With few clusters it is too small, and may by luck be smaller than that of
// independent rows (methods.md 9.4). Intervals are left out below [MinClusters].
// It panics if the length is not that of the model.
func (f *Fit) CR0(cluster []int) Covariance {
	return f.clustered("cluster CR0", cluster, func(g float64) float64 { return 1 })
}

// CR1 returns [Fit.CR0] times G/(G−1).
func (f *Fit) CR1(cluster []int) Covariance {
	return f.clustered("cluster CR1, G/(G−1)", cluster, func(g float64) float64 { return g / (g - 1) })
}

func (f *Fit) clusters(cluster []int) factor {
	if len(cluster) != f.rows {
		panic(fmt.Sprintf("regress: clusters of %d rows, model of %d", len(cluster), f.rows))
	}
	return newFactor(cluster, f.Rows)
}

func (f *Fit) clustered(method string, cluster []int, adjust func(g float64) float64) Covariance {
	groups := f.clusters(cluster)
	v := f.covariance(method)
	if v.Reason != nil || !v.takeClusters(len(groups.ids)) {
		return v
	}
	d := f.design
	p := len(d.basis)
	sums := make([][]float64, p)
	score := make([]float64, f.N)
	for j, b := range d.basis {
		floats.MulTo(score, b, d.score)
		sums[j] = groups.sums(score)
	}
	meat := mat.NewSymDense(p, nil)
	for a := range p {
		for b := a; b < p; b++ {
			meat.SetSym(a, b, floats.Dot(sums[a], sums[b]))
		}
	}
	v.set(f, f.sandwich(meat, adjust(float64(len(groups.ids)))))
	return v
}

// takeClusters notes the number of clusters and tells whether it allows for a
// covariance.
func (v *Covariance) takeClusters(n int) bool {
	v.Clusters = n
	v.DF = float64(n - 1)
	if n < 2 {
		v.Reason = fmt.Errorf("%w: %d", ErrFewClusters, n)
		return false
	}
	if n < PublicClusters {
		v.Warnings = append(v.Warnings, fmt.Errorf("%w: %d", ErrFewClusters, n))
	}
	return true
}

// Largest cluster and number of clusters that CR2 is computed for.
const (
	maxClusterRows = 2000
	maxClusters    = 2000
)

// CR2 returns the bias-reduced cluster covariance of Bell and McCaffrey, with the
// degrees of freedom of Satterthwaite for each combination of coefficients, as
// Pustejovsky and Tipton (2018) extend it: residuals of cluster g are multiplied by
//
//	A_g = D(D(I−H)_gg Φ D)^(−1/2)D, Φ = D² the variances of the model
//
// so that the covariance has no bias if the model's variances are right. Effects
// must be columns ([Dummies]), not absorbed. It is the method of choice with few
// clusters (methods.md 9.4); the limits of [Fit.CR0] on their number hold here too.
func (f *Fit) CR2(cluster []int) Covariance {
	groups := f.clusters(cluster)
	v := f.covariance("cluster CR2, Satterthwaite")
	if v.Reason == nil && f.absorbed {
		v.Reason = ErrAbsorbed
	}
	if v.Reason != nil || !v.takeClusters(len(groups.ids)) {
		return v
	}
	rows := make([][]int, len(groups.ids))
	for i, g := range groups.level {
		rows[g] = append(rows[g], i)
	}
	for _, r := range rows {
		if len(r) > maxClusterRows || len(rows) > maxClusters {
			v.Reason = fmt.Errorf("%w: %d clusters, one of %d rows", ErrTooLarge, len(rows), len(r))
			return v
		}
	}
	d := f.design
	p := len(d.basis)
	adjusted := make([]*mat.Dense, len(rows)) // Aᵍ W X̃ of each cluster, transposed
	meat := mat.NewSymDense(p, nil)
	for g, r := range rows {
		m, ok := f.adjustment(r)
		if !ok {
			v.Reason = ErrNotFinite
			return v
		}
		adjusted[g] = m
		score := mat.NewVecDense(p, nil)
		for i, row := range r {
			for j := range p {
				score.SetVec(j, score.AtVec(j)+m.At(i, j)*f.residual(row))
			}
		}
		meat.SymRankOne(meat, 1, score)
	}
	v.set(f, f.sandwich(meat, 1))
	v.satterthwaite = func(weights []float64) float64 { return f.satterthwaite(rows, adjusted, weights) }
	return v
}

// residual returns y−μ of a fitted row; slope dμ/dη, and spread its variance in the
// model up to a factor.
func (f *Fit) residual(i int) float64 { return f.y[i] - f.Mu[i] }

func (f *Fit) slope(i int) float64 {
	if f.Family == Gaussian {
		return 1
	}
	return f.Mu[i]
}

func (f *Fit) spread(i int) float64 { return f.variance(f.Mu[i]) }

// adjustment returns A W X̃ of the rows of a cluster, one a row: X̃ are the columns
// of the linearised model, slope·x, and W is 1/spread.
func (f *Fit) adjustment(rows []int) (*mat.Dense, bool) {
	d := f.design
	n, p := len(rows), len(d.basis)
	x := mat.NewDense(n, p, nil)
	for i, row := range rows {
		for j := range p {
			x.Set(i, j, f.slope(row)*d.basis[j][row])
		}
	}
	var half, projected mat.Dense
	half.Mul(x, d.bread)
	projected.Mul(&half, x.T())
	b := mat.NewSymDense(n, nil)
	for i, row := range rows {
		for k := i; k < n; k++ {
			value := -projected.At(i, k)
			if i == k {
				value += f.spread(row)
			}
			b.SetSym(i, k, math.Sqrt(f.spread(row))*value*math.Sqrt(f.spread(rows[k])))
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(b, true) {
		return nil, false
	}
	values := eigen.Values(nil)
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	right := mat.NewDense(n, p, nil) // D W X̃
	for i, row := range rows {
		for j := range p {
			right.Set(i, j, x.At(i, j)/math.Sqrt(f.spread(row)))
		}
	}
	var rotated mat.Dense
	rotated.Mul(vectors.T(), right)
	for i, value := range values {
		// The effects of a cluster make I−H singular: its pseudo-inverse is meant.
		scale := 0.
		if value > 1e-12*values[n-1] {
			scale = 1 / math.Sqrt(value)
		}
		floats.Scale(scale, rotated.RawRowView(i))
	}
	out := mat.NewDense(n, p, nil)
	out.Mul(&vectors, &rotated)
	for i, row := range rows {
		floats.Scale(math.Sqrt(f.spread(row)), out.RawRowView(i))
	}
	return out, true
}

// satterthwaite returns (Σ Pgg)²/Σ Pgh², where Pgh is the covariance, if the model
// is right, of what clusters g and h give to the combination of coefficients.
func (f *Fit) satterthwaite(rows [][]int, adjusted []*mat.Dense, weights []float64) float64 {
	d := f.design
	p := len(d.basis)
	c := mat.NewVecDense(p, nil)
	for i, j := range d.columns {
		c.SetVec(i, weights[j])
	}
	var ofBasis, direction mat.VecDense
	ofBasis.MulVec(d.back.T(), c)
	direction.MulVec(d.bread, &ofBasis)
	g := len(rows)
	own := make([]float64, g)
	inside := make([]*mat.VecDense, g) // X̃ᵀa of each cluster
	for k, r := range rows {
		var a mat.VecDense
		a.MulVec(adjusted[k], &direction)
		inside[k] = mat.NewVecDense(p, nil)
		for i, row := range r {
			own[k] += a.AtVec(i) * a.AtVec(i) * f.spread(row)
			for j := range p {
				inside[k].SetVec(j, inside[k].AtVec(j)+a.AtVec(i)*f.slope(row)*d.basis[j][row])
			}
		}
	}
	var trace, squares sum
	for k := range rows {
		var image mat.VecDense
		image.MulVec(d.bread, inside[k])
		for l := range rows {
			product := -mat.Dot(&image, inside[l])
			if k == l {
				product += own[k]
				trace.add(product)
			}
			squares.add(product * product)
		}
	}
	return trace.value() * trace.value() / squares.value()
}
