package correlate

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Spearman estimates the rank correlation of y, lag steps later, with x: the
// correlation of the ranks of the pairs with both present, equal values sharing
// the mean of their ranks (methods.md 9.11). It asks whether one is high when the
// other is, not whether they lie on a straight line, and an extreme value weighs no
// more than its rank.
//
// NEff is that of the ranks. The limits are Fisher's with the variance
// 1.06/(NEff−3) (Fieller, Hartley and Pearson 1957). Warnings and panics are those
// of [Lagged], but values may be infinite.
func Spearman(x, y []float64, lag int, level float64) Estimate {
	at := matchedAt(x, y, lag)
	rx, ry := make([]float64, len(x)), make([]float64, len(y))
	for t := range rx {
		rx[t], ry[t] = math.NaN(), math.NaN()
	}
	px, py := ranks(at.x), ranks(at.y)
	for i, t := range at.step {
		rx[t], ry[t+lag] = px[i], py[i]
	}
	return newPair(rx, ry).lagged(lag, level, ranked)
}

// Kendall estimates the rank correlation τ_b of y, lag steps later, with x: of all
// pairs of pairs, how many more are in the same order than in the opposite one,
// as a share of those not tied (methods.md 9.11).
//
// Only Lag, R and N are known. There is no limit and no p in common use that
// allows for autocorrelation: take them from [BlockBootstrap] and
// [ShiftStatistic]. Warnings as in [Lagged]. It panics if the lengths differ or lag
// is negative.
func Kendall(x, y []float64, lag int) Estimate {
	at := matchedAt(x, y, lag)
	e := notEstimated(lag, math.NaN())
	e.N = len(at.step)
	if e.N < MinN {
		e.warn(fmt.Errorf("%w: %d, need %d", ErrTooFew, e.N, MinN))
		return e
	}
	// Sorted by x, then y, pairs in the wrong order are the exchanges that a
	// merge sort by y makes (Knight 1966).
	order := make([]int, e.N)
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		return cmp.Or(cmp.Compare(at.x[i], at.x[j]), cmp.Compare(at.y[i], at.y[j]))
	})
	x, y = make([]float64, e.N), make([]float64, e.N)
	for i, from := range order {
		x[i], y[i] = at.x[from], at.y[from]
	}
	tiedX := tied(e.N, func(i int) bool { return x[i] == x[i-1] })
	tiedBoth := tied(e.N, func(i int) bool { return x[i] == x[i-1] && y[i] == y[i-1] })
	exchanges := sortCounting(y, make([]float64, e.N))
	tiedY := tied(e.N, func(i int) bool { return y[i] == y[i-1] })

	all := choose2(e.N)
	if tiedX == all || tiedY == all {
		e.warn(ErrZeroVariance)
		return e
	}
	balance := all - tiedX - tiedY + tiedBoth - 2*exchanges
	e.R = float64(balance) / math.Sqrt(float64(all-tiedX)) / math.Sqrt(float64(all-tiedY))
	e.R = max(-1, min(1, e.R))
	return e
}

// choose2 returns the number of pairs of n things.
func choose2(n int) int { return n * (n - 1) / 2 }

// tied returns how many pairs of n sorted things are equal; same compares thing i
// with the one before.
func tied(n int, same func(i int) bool) int {
	pairs, run := 0, 1
	for i := 1; i < n; i++ {
		if same(i) {
			run++
			continue
		}
		pairs += choose2(run)
		run = 1
	}
	return pairs + choose2(run)
}

// sortCounting sorts v and returns how many pairs were in descending order. buffer
// is as long as v.
func sortCounting(v, buffer []float64) int {
	if len(v) < 2 {
		return 0
	}
	half := len(v) / 2
	count := sortCounting(v[:half], buffer[:half]) + sortCounting(v[half:], buffer[half:])
	copy(buffer, v)
	left, right := buffer[:half], buffer[half:]
	for i := range v {
		if len(right) == 0 || len(left) > 0 && left[0] <= right[0] {
			v[i], left = left[0], left[1:]
			continue
		}
		v[i], right = right[0], right[1:]
		count += len(left)
	}
	return count
}

// ranks returns the rank of every value from 1, equal values sharing their mean.
func ranks(v []float64) []float64 {
	order := make([]int, len(v))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(v[i], v[j]) })
	r := make([]float64, len(v))
	for first := 0; first < len(order); {
		end := first + 1
		for end < len(order) && v[order[end]] == v[order[first]] {
			end++
		}
		for _, i := range order[first:end] {
			r[i] = float64(first+1+end) / 2
		}
		first = end
	}
	return r
}

// matched are the values present on both sides of a lag.
type matched struct {
	step []int // of x
	x, y []float64
}

func matchedAt(x, y []float64, lag int) matched {
	mustMatch(x, y)
	mustLag(lag)
	var p matched
	for t := 0; t+lag < len(x); t++ {
		if !math.IsNaN(x[t]) && !math.IsNaN(y[t+lag]) {
			p.step = append(p.step, t)
			p.x = append(p.x, x[t])
			p.y = append(p.y, y[t+lag])
		}
	}
	return p
}
