package regress

import (
	"fmt"
	"slices"
)

// Product returns the product of two columns: their interaction.
func Product(name string, a, b Term) Term {
	if len(a.X) != len(b.X) {
		panic(fmt.Sprintf("regress: columns of %d and %d rows", len(a.X), len(b.X)))
	}
	out := Term{name, make([]float64, len(a.X))}
	for i := range a.X {
		out.X[i] = a.X[i] * b.X[i]
	}
	return out
}

// Dummies returns a column for every level but the lowest, 1 on its rows and 0 on
// the others, named name=level.
func Dummies(name string, level []int) []Term {
	levels := slices.Compact(slices.Sorted(slices.Values(level)))
	var out []Term
	for _, l := range levels[min(1, len(levels)):] {
		term := Term{fmt.Sprintf("%s=%d", name, l), make([]float64, len(level))}
		for i, v := range level {
			if v == l {
				term.X[i] = 1
			}
		}
		out = append(out, term)
	}
	return out
}

// TimeStrata returns the strata of a time-stratified case-crossover for a series of
// n days: the days of a week that fall in the same block of blockDays (methods.md
// 9.5, 28). Used as Model.Absorb in a Poisson fit of daily counts it is the
// conditional Poisson model of Armstrong (2014): each day is compared with the days
// of its stratum, so that trend, season and weekday drop out. It panics if blockDays
// is not a positive multiple of 7.
func TimeStrata(n, blockDays int) []int {
	if blockDays <= 0 || blockDays%7 != 0 {
		panic(fmt.Sprintf("regress: blocks of %d days", blockDays))
	}
	out := make([]int, n)
	for t := range out {
		out[t] = t/blockDays*7 + t%7
	}
	return out
}

// The columns of [InterruptedTerms].
const (
	Trend       = "t"
	LevelChange = "level change"
	SlopeChange = "slope change"
)

// InterruptedTerms returns the columns of an interrupted time series of n steps, of
// which the first before come before the interruption (methods.md 9.9): the step
// t = 1, 2, …; whether t > before; and max(0, t−before). The level change is that at
// t = before of the line after against the line before. It panics if there is no step
// before or after.
func InterruptedTerms(n, before int) []Term {
	if before < 1 || before >= n {
		panic(fmt.Sprintf("regress: interrupted after %d of %d steps", before, n))
	}
	trend, level, slope := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		trend[i] = float64(i + 1)
		if i >= before {
			level[i] = 1
			slope[i] = float64(i + 1 - before)
		}
	}
	return []Term{{Trend, trend}, {LevelChange, level}, {SlopeChange, slope}}
}
