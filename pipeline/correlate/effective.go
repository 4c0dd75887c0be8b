package correlate

import "math"

// Bretherton returns the number of independent pairs that n pairs of two series
// with lag-1 autocorrelations a and b are worth (Bretherton et al. 1999;
// methods.md 9.11), at most n:
//
//	n·(1 − ab)/(1 + ab)
//
// It supposes AR(1) series. Unknown autocorrelations (NaN) count as 0.
func Bretherton(n int, a, b float64) float64 {
	ab := a * b
	if math.IsNaN(ab) {
		ab = 0
	}
	return min(float64(n), float64(n)*(1-ab)/(1+ab))
}

// PyperPeterman returns the number of independent pairs that n pairs of two
// series with the autocorrelations acfX and acfY, from lag 0, are worth (Pyper and
// Peterman 1998; methods.md 9.11), at most n:
//
//	1/n* = 1/n + 2/n · Σ_j (n−j)/n · ρ_j·ρ′_j,  j = 1 … ⌊n/4⌋
//
// It supposes no model. The sum ends early where acfX or acfY does; an unknown
// autocorrelation (NaN) counts as 0.
func PyperPeterman(n int, acfX, acfY []float64) float64 {
	pairs := make([]float64, n/4+1)
	for j := range pairs {
		pairs[j] = float64(n - j)
	}
	return effective(pairs, acfX, acfY)
}

// effective is PyperPeterman for pairs with gaps between them: pairs[j] of the
// pairs[0] are followed by another one j steps later. Without gaps that is n−j.
func effective(pairs, acfX, acfY []float64) float64 {
	n := pairs[0]
	var sum float64
	for j := 1; j < min(len(pairs), len(acfX), len(acfY)); j++ {
		if p := acfX[j] * acfY[j]; !math.IsNaN(p) {
			sum += float64(pairs[j] / n * p)
		}
	}
	// A negative sum would make the pairs worth more than they are.
	return n / (1 + 2*max(0, sum))
}
