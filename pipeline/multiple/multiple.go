// Package multiple adjusts p values for the number of tests made (methods.md
// 9.14).
//
// The tests given together are one family, declared before results are seen. A p
// that is not known is NaN: it stays NaN and does not count as a test. An
// adjusted p is compared with the level a single p would be compared with. No
// function changes its argument; each panics if a p lies outside [0, 1].
package multiple

import (
	"fmt"
	"math"
	"sort"
)

// BenjaminiHochberg controls the false discovery rate of independent or
// positively dependent tests (Benjamini and Hochberg 1995): over the ordered p,
// the smallest m/j·p₍ⱼ₎ with j ≥ i.
func BenjaminiHochberg(p []float64) []float64 {
	return stepUp(p, func(int) float64 { return 1 })
}

// BenjaminiYekutieli controls the false discovery rate under any dependence
// (Benjamini and Yekutieli 2001): as [BenjaminiHochberg], times 1 + 1/2 + … + 1/m.
func BenjaminiYekutieli(p []float64) []float64 {
	return stepUp(p, func(m int) float64 {
		var harmonic float64
		for j := 1; j <= m; j++ {
			harmonic += 1 / float64(j)
		}
		return harmonic
	})
}

// Holm controls the probability of any false finding (Holm 1979): over the
// ordered p, the largest (m−j+1)·p₍ⱼ₎ with j ≤ i.
func Holm(p []float64) []float64 {
	adjusted, order := ordered(p)
	var largest float64
	for i, at := range order {
		largest = max(largest, float64(len(order)-i)*p[at])
		adjusted[at] = min(1, largest)
	}
	return adjusted
}

func stepUp(p []float64, factor func(m int) float64) []float64 {
	adjusted, order := ordered(p)
	m := len(order)
	c := factor(m)
	smallest := 1.0
	for i := m - 1; i >= 0; i-- {
		at := order[i]
		smallest = min(smallest, c*float64(m)/float64(i+1)*p[at])
		adjusted[at] = smallest
	}
	return adjusted
}

// ordered returns a slice of NaN as long as p, and the places of the known p from
// smallest to largest.
func ordered(p []float64) (adjusted []float64, order []int) {
	adjusted = make([]float64, len(p))
	for i, v := range p {
		adjusted[i] = math.NaN()
		if math.IsNaN(v) {
			continue
		}
		if v < 0 || v > 1 {
			panic(fmt.Sprintf("multiple: p %v is not in [0, 1]", v))
		}
		order = append(order, i)
	}
	sort.SliceStable(order, func(i, j int) bool { return p[order[i]] < p[order[j]] })
	return adjusted, order
}
