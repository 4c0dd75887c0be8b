package index

import "math"

// ChainLadder returns the development factors of a triangle of reports: by which
// the number known d days after a day grows to that known after d+1 (methods.md
// 7.5; the estimator of Mack 1993). cumulative[i][d] is the number known d days
// after day i, from the oldest day to the newest; a day has a cell for each day
// that has passed. A factor is NaN where no day with reports has both cells.
func ChainLadder(cumulative [][]float64) []float64 {
	longest := 0
	for _, row := range cumulative {
		longest = max(longest, len(row))
	}
	var factors []float64
	for d := range max(0, longest-1) {
		now, next := 0.0, 0.0
		for _, row := range cumulative {
			if d+1 < len(row) {
				now, next = now+row[d], next+row[d+1]
			}
		}
		f := math.NaN()
		if now > 0 {
			f = next / now
		}
		factors = append(factors, f)
	}
	return factors
}

// Completeness returns the share of a day's reports that is expected to be known
// after age days: 1 over the product of the factors still to come. Nothing is
// expected behind the last of them. It is NaN where a factor is.
func Completeness(factors []float64, age int) float64 {
	share := 1.0
	for _, f := range factors[min(max(age, 0), len(factors)):] {
		share /= f
	}
	return share
}
