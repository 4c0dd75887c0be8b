package regress

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// A Family is the distribution of the response about its mean μ.
//
// There is none for quasi-Poisson: it is [Poisson] with the covariance of
// [Fit.Quasi].
type Family int

const (
	Poisson          Family = iota // variance μ, log link
	NegativeBinomial               // NB2: variance μ + μ²/θ, log link, θ by maximum likelihood
	Gaussian                       // least squares, identity link
)

func (f Family) String() string {
	switch f {
	case Poisson:
		return "Poisson"
	case NegativeBinomial:
		return "negative binomial"
	case Gaussian:
		return "Gaussian"
	}
	return fmt.Sprintf("Family(%d)", int(f))
}

// Intercept is the name of the constant column, the first of every design that
// has one.
const Intercept = "1"

// A Term is one column of a design.
type Term struct {
	Name string
	X    []float64 // NaN where not known
}

// A Model is a regression to be fitted. All its slices have one value a row.
type Model struct {
	Family   Family
	Response []float64 // counts, at least 0; of a Gaussian, anything
	Exposure []float64 // at risk, such as customers or nights; its logarithm is the offset. nil: 1
	Terms    []Term

	// NoIntercept leaves the constant column out. Absorbed effects replace it.
	NoIntercept bool

	// Absorb holds up to two factors, such as area and day, or the strata of a
	// case-crossover, whose effects are eliminated from a Poisson fit.
	Absorb [][]int

	// Series tells which rows follow each other in time, one step apart: a row
	// is one step after the row before it if both have the same number. Nothing
	// is correlated or lagged from one series to another. nil: one series.
	Series []int
}

// Dropped counts the rows that a fit leaves out, each for the first reason that
// holds. With Fit.N they make all rows.
type Dropped struct {
	Response      int // not known
	Exposure      int // not known, or none
	Terms         int // a column not known
	Uninformative int // of absorbed levels without events, or with one row
	Separated     int // no events, and told apart from all rows with any
}

// A Fit is a fitted [Model].
type Fit struct {
	Family Family    // as fitted: Poisson where θ is infinite
	Names  []string  // of the columns of the model, the intercept first
	Coef   []float64 // by Names; NaN for those in Aliased and Separated

	Rows    []int // rows fitted, of the model, ascending
	N       int   // how many
	Dropped Dropped
	Rank    int // parameters estimated, the absorbed among them
	DF      int // N − Rank

	Mu         []float64 // fitted means, by Rows
	Deviance   float64   // of a Gaussian, the residual sum of squares
	LogLik     float64   // NaN for counts that are not whole
	Pearson    float64   // Σ (y−μ)²/variance
	Dispersion float64   // Pearson/DF
	Theta      float64   // of the negative binomial; +Inf if it came out Poisson, else NaN
	ThetaSE    float64
	Iterations int

	Aliased   []string // columns that repeat earlier ones, left out
	Separated []string // columns whose estimate is infinite or cannot be told from such

	// AbsorbedDropped lists, by factor of Model.Absorb, the levels left out as
	// Dropped.Uninformative, ascending.
	AbsorbedDropped [][]int

	Reason   error // why there are no estimates; nil if there are
	Warnings []error

	y, offset []float64 // by Rows
	series    []int     // by row of the model; nil: one
	rows      int       // of the model
	absorbed  bool
	design    design
}

// A design is what the covariances of a fit are made of. It is worked with on a basis
// of the columns, by Rows: their orthonormal basis, so that a column far from 0, such
// as a date, costs no digits; or, with absorbed effects, the columns less their
// projection on those.
type design struct {
	columns []int       // estimated, into Names
	x       [][]float64 // the columns themselves
	basis   [][]float64
	back    *mat.TriDense // coefficients of x from those of basis

	weight []float64     // of the last iteration: (dμ/dη)²/variance
	score  []float64     // of one row over basis: (y−μ)·dμ/dη/variance
	bread  *mat.SymDense // (BᵀWB)⁻¹ for basis B
}

// coefficients returns those of x from those of basis.
func (d *design) coefficients(of []float64) []float64 {
	var b mat.VecDense
	b.MulVec(d.back, mat.NewVecDense(len(of), of))
	return b.RawVector().Data
}

// Fit estimates the model by maximum likelihood (methods.md 9.3): iteratively
// reweighted least squares by QR, until the deviance changes by less than 1e-12
// of itself; least squares for a Gaussian.
//
// A column that repeats earlier ones, to 1e-10 of its length, is left out and
// listed. Rows without events that the columns tell apart exactly from all rows
// with events have no finite estimate (methods.md 9.4): those rows are left out,
// and each coefficient that runs away with them is NaN and listed.
//
// It panics if lengths differ, names repeat, rows of a series are not together,
// Absorb is used with other than Poisson or has more than two factors, or a
// Gaussian has an exposure.
func (m Model) Fit() *Fit {
	m.mustBeWhole()
	f := m.gather()
	if f.Reason != nil {
		return f
	}
	switch {
	case m.Family == Gaussian:
		f.fitGaussian()
	case len(m.Absorb) > 0:
		f.fitAbsorbed(m.Absorb)
	default:
		f.fitCounts(m.Family)
	}
	if f.Reason == nil {
		f.measure()
	}
	return f
}

func (m Model) mustBeWhole() {
	n := len(m.Response)
	check := func(what string, length int) {
		if length != n {
			panic(fmt.Sprintf("regress: %d rows, %s has %d", n, what, length))
		}
	}
	if m.Exposure != nil {
		check("exposure", len(m.Exposure))
		if m.Family == Gaussian {
			panic("regress: a Gaussian has no exposure")
		}
	}
	names := map[string]bool{}
	if m.hasIntercept() {
		names[Intercept] = true
	}
	for _, term := range m.Terms {
		check("term "+term.Name, len(term.X))
		if names[term.Name] {
			panic(fmt.Sprintf("regress: two columns %q", term.Name))
		}
		names[term.Name] = true
	}
	if len(m.Absorb) > 2 || len(m.Absorb) > 0 && m.Family != Poisson {
		panic(fmt.Sprintf("regress: %d absorbed factors of a %v fit", len(m.Absorb), m.Family))
	}
	for _, level := range m.Absorb {
		check("an absorbed factor", len(level))
	}
	if m.Series != nil {
		check("series", len(m.Series))
		mustBeTogether(m.Series)
	}
	if m.Family < Poisson || m.Family > Gaussian {
		panic(fmt.Sprintf("regress: %v", m.Family))
	}
}

func mustBeTogether(series []int) {
	seen := map[int]bool{}
	for i, s := range series {
		if i > 0 && series[i-1] == s {
			continue
		}
		if seen[s] {
			panic(fmt.Sprintf("regress: rows of series %d are not together", s))
		}
		seen[s] = true
	}
}

func (m Model) hasIntercept() bool { return !m.NoIntercept && len(m.Absorb) == 0 }

// gather returns a fit with the known rows of the model and nothing estimated.
func (m Model) gather() *Fit {
	nan := math.NaN()
	f := &Fit{
		Family: m.Family, rows: len(m.Response), series: m.Series,
		Deviance: nan, LogLik: nan, Pearson: nan, Dispersion: nan, Theta: nan, ThetaSE: nan,
	}
	if m.hasIntercept() {
		f.Names = append(f.Names, Intercept)
	}
	for _, term := range m.Terms {
		f.Names = append(f.Names, term.Name)
	}
	f.Coef = make([]float64, len(f.Names))
	for j := range f.Coef {
		f.Coef[j] = nan
	}
	finite := true
	eventsWithoutExposure := 0
	for i, y := range m.Response {
		exposure := 1.
		if m.Exposure != nil {
			exposure = m.Exposure[i]
		}
		if math.IsNaN(y) {
			f.Dropped.Response++
			continue
		}
		if !(exposure > 0) {
			f.Dropped.Exposure++
			if exposure <= 0 && y != 0 {
				eventsWithoutExposure++
			}
			continue
		}
		known, bounded := true, !math.IsInf(y, 0) && !math.IsInf(exposure, 0)
		for _, term := range m.Terms {
			known = known && !math.IsNaN(term.X[i])
			bounded = bounded && !math.IsInf(term.X[i], 0)
		}
		if !known {
			f.Dropped.Terms++
			continue
		}
		finite = finite && bounded
		f.Rows = append(f.Rows, i)
		f.y = append(f.y, y)
		f.offset = append(f.offset, math.Log(exposure))
	}
	f.N = len(f.Rows)
	if eventsWithoutExposure > 0 {
		f.warn(ErrNoExposure, "%d rows left out", eventsWithoutExposure)
	}
	f.design.x = make([][]float64, 0, len(f.Names))
	if m.hasIntercept() {
		f.design.x = append(f.design.x, slices.Repeat([]float64{1}, f.N))
	}
	for _, term := range m.Terms {
		f.design.x = append(f.design.x, at(term.X, f.Rows))
	}
	for j := range f.Names {
		f.design.columns = append(f.design.columns, j)
	}
	f.Reason = f.unfit(finite)
	return f
}

// unfit returns why the rows cannot be fitted at all, or nil.
func (f *Fit) unfit(finite bool) error {
	if !finite {
		return ErrNotFinite
	}
	if f.N == 0 {
		return fmt.Errorf("%w: no row is known", ErrTooFew)
	}
	if len(f.Names) == 0 {
		return fmt.Errorf("%w: no columns", ErrTooFew)
	}
	if f.Family != Gaussian {
		if slices.Min(f.y) < 0 {
			return ErrNegative
		}
		if slices.Max(f.y) == 0 {
			return ErrNoEvents
		}
		if f.Family == NegativeBinomial && slices.Max(f.y) > maxThetaCount {
			return fmt.Errorf("%w: a count above %d", ErrNotFinite, maxThetaCount)
		}
		for _, y := range f.y {
			if y != math.Trunc(y) {
				if f.Family == NegativeBinomial {
					return ErrNotWhole
				}
				f.warn(ErrNotWhole, "no likelihood")
				break
			}
		}
	}
	if slices.Min(f.y) == slices.Max(f.y) && slices.Min(f.offset) == slices.Max(f.offset) {
		return ErrZeroVariance
	}
	return nil
}

// measure fills in what follows from Mu and the design, and refuses a fit that has
// numbers only in form.
func (f *Fit) measure() {
	for _, j := range f.design.columns {
		v := f.Coef[j]
		if math.IsNaN(v) && slices.Contains(f.Separated, f.Names[j]) {
			continue
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			f.fail(ErrNotFinite)
			return
		}
	}
	var pearson sum
	for i, y := range f.y {
		pearson.add((y - f.Mu[i]) * (y - f.Mu[i]) / f.variance(f.Mu[i]))
	}
	f.Pearson = pearson.value()
	f.DF = f.N - f.Rank
	f.Dispersion = f.Pearson / float64(f.DF)
	for j := range f.design.columns {
		if v := f.design.bread.At(j, j); !(v > 0) || math.IsInf(v, 0) {
			f.fail(ErrNotFinite)
			return
		}
	}
	// A fit that leaves no residual would have standard errors of 0.
	var size sum
	for _, y := range f.y {
		if f.Family == Gaussian {
			size.add(1e-24 * y * y)
		} else {
			size.add(1e-12 * y)
		}
	}
	if f.Pearson <= size.value() {
		f.fail(ErrZeroVariance)
		return
	}
	f.LogLik = f.logLik()
}

// fail turns f into a fit without estimates.
func (f *Fit) fail(reason error) {
	nan := math.NaN()
	f.Reason = reason
	for j := range f.Coef {
		f.Coef[j] = nan
	}
	f.Mu, f.design = nil, design{}
	f.Deviance, f.LogLik, f.Pearson, f.Dispersion, f.Theta, f.ThetaSE = nan, nan, nan, nan, nan, nan
	f.Rank, f.DF = 0, 0
}

func (f *Fit) warn(err error, format string, args ...any) {
	f.Warnings = append(f.Warnings, fmt.Errorf("%w: %s", err, fmt.Sprintf(format, args...)))
}

// variance returns that of a response with mean mu, up to a factor for a Gaussian.
func (f *Fit) variance(mu float64) float64 {
	switch f.Family {
	case Gaussian:
		return 1
	case NegativeBinomial:
		return mu + mu*mu/f.Theta
	}
	return mu
}

// keep narrows the rows of f to those with keep true.
func (f *Fit) keep(keep []bool) {
	f.y, f.offset = where(f.y, keep), where(f.offset, keep)
	for j := range f.design.x {
		f.design.x[j] = where(f.design.x[j], keep)
	}
	f.Rows = where(f.Rows, keep)
	f.N = len(f.Rows)
}

// where returns the elements of x with keep true.
func where[T any](x []T, keep []bool) []T {
	var out []T
	for i, ok := range keep {
		if ok {
			out = append(out, x[i])
		}
	}
	return out
}

// at returns x at rows.
func at(x []float64, rows []int) []float64 {
	out := make([]float64, len(rows))
	for i, r := range rows {
		out[i] = x[r]
	}
	return out
}

// A sum adds with compensation (Neumaier), in the order given.
type sum struct{ total, lost float64 }

func (s *sum) add(v float64) {
	t := s.total + v
	if math.Abs(s.total) >= math.Abs(v) {
		s.lost += (s.total - t) + v
	} else {
		s.lost += (v - t) + s.total
	}
	s.total = t
}

func (s *sum) value() float64 { return s.total + s.lost }
