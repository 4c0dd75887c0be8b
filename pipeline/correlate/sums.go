package correlate

import "gonum.org/v1/gonum/dsp/fourier"

// directCost is the number of products above which sums go through a Fourier
// transform. Both ways agree to rounding; TestSumsBothWays compares them.
const directCost = 1 << 15

// lagSums returns Σ_t a[t]·b[t+k] for k = 0 … maxLag, of the terms inside both.
func lagSums(a, b []float64, maxLag int) []float64 {
	n := len(a)
	if n*(maxLag+1) <= directCost {
		sums := make([]float64, maxLag+1)
		for k := range min(maxLag+1, n) {
			sums[k] = dot(a[:n-k], b[k:])
		}
		return sums
	}
	t := newTransform(smoothAtLeast(n + maxLag))
	sums := make([]float64, t.fft.Len())
	t.correlate(sums, t.of(a), t.of(b))
	return sums[:maxLag+1]
}

// A ring correlates series of one length turned against each other.
type ring struct {
	n       int
	t       *transform // nil: directly
	scratch []float64
}

func newRing(n int) *ring {
	if n*n <= directCost {
		return &ring{n: n}
	}
	size := n
	if largestPrimeFactor(n) > 5 {
		// The transform of a length with a large prime factor is slow. Padded
		// with zeros, a turn is two shifts without wrapping.
		size = smoothAtLeast(2*n - 1)
	}
	return &ring{n: n, t: newTransform(size), scratch: make([]float64, size)}
}

// A spectrum is a series as a ring needs it.
type spectrum struct {
	values []float64
	coeff  []complex128
}

func (r *ring) of(v []float64) spectrum {
	s := spectrum{values: v}
	if r.t != nil {
		s.coeff = r.t.of(v)
	}
	return s
}

// correlate returns Σ_t a[t−d]·b[t] for every d = 0 … n−1, steps counted round.
func (r *ring) correlate(a, b spectrum) []float64 {
	sums := make([]float64, r.n)
	if r.t == nil {
		for d := range sums {
			sums[d] = dot(a.values[:r.n-d], b.values[d:]) + dot(a.values[r.n-d:], b.values[:d])
		}
		return sums
	}
	r.t.correlate(r.scratch, a.coeff, b.coeff)
	copy(sums, r.scratch)
	if size := len(r.scratch); size > r.n {
		for d := 1; d < r.n; d++ {
			sums[d] += r.scratch[size-r.n+d]
		}
	}
	return sums
}

// A transform is a Fourier transform of a fixed size.
type transform struct {
	fft     *fourier.FFT
	padded  []float64
	product []complex128
}

func newTransform(size int) *transform {
	return &transform{
		fft:     fourier.NewFFT(size),
		padded:  make([]float64, size),
		product: make([]complex128, size/2+1),
	}
}

// of returns the transform of v padded with zeros.
func (t *transform) of(v []float64) []complex128 {
	clear(t.padded[copy(t.padded, v):])
	return t.fft.Coefficients(nil, t.padded)
}

// correlate sets sums[k] to Σ_t a[t]·b[t+k], counted round the size.
func (t *transform) correlate(sums []float64, a, b []complex128) {
	scale := 1 / float64(t.fft.Len())
	for i := range t.product {
		re, im := real(a[i])*scale, -imag(a[i])*scale
		t.product[i] = complex(
			float64(re*real(b[i]))-float64(im*imag(b[i])),
			float64(re*imag(b[i]))+float64(im*real(b[i])))
	}
	t.fft.Sequence(sums, t.product)
}

// smoothAtLeast returns the smallest product of 2, 3 and 5 that is at least n.
func smoothAtLeast(n int) int {
	for n = max(n, 2); largestPrimeFactor(n) > 5; n++ {
	}
	return n
}

func largestPrimeFactor(n int) int {
	largest := 1
	for p := 2; p*p <= n; p++ {
		for n%p == 0 {
			largest, n = p, n/p
		}
	}
	return max(largest, n)
}
