package index

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Reference values of methods.md 7.5.
func TestChainLadder(t *testing.T) {
	triangle := [][]float64{{10, 14, 15}, {8, 12}, {6}}
	f := ChainLadder(triangle)
	if len(f) != 2 || math.Abs(f[0]-1.4444444) > 5e-8 || math.Abs(f[1]-1.0714286) > 5e-8 {
		t.Errorf("factors %v", f)
	}
	for age, want := range map[int]float64{0: 0.6461538, 1: 0.9333333, 2: 1, 9: 1} {
		if got := Completeness(f, age); math.Abs(got-want) > 5e-8 {
			t.Errorf("completeness after %d days %v, want %v", age, got, want)
		}
	}
	for age, want := range map[int][2]float64{0: {6, 9.2857143}, 1: {12, 12.8571429}} {
		if got := want[0] / Completeness(f, age); math.Abs(got-want[1]) > 5e-8 {
			t.Errorf("nowcast of %v is %v, want %v", want[0], got, want[1])
		}
	}
	if f := ChainLadder([][]float64{{0, 0, 5}, {0, 3}}); !math.IsNaN(f[0]) || !math.IsNaN(f[1]) {
		t.Errorf("factors from nothing: %v", f)
	}
	if f := ChainLadder(nil); len(f) != 0 || Completeness(f, 0) != 1 {
		t.Errorf("no triangle: %v", f)
	}
}

// Reports only ever come in: completeness lies in (0, 1] and grows with age.
func TestCompletenessGrowsWithAge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.IntRange(1, 12).Draw(t, "days")
		triangle := make([][]float64, days)
		for i := range triangle {
			known := rapid.IntRange(1, 20).Draw(t, "first")
			for range days - i {
				triangle[i] = append(triangle[i], float64(known))
				known += rapid.IntRange(0, 5).Draw(t, "more")
			}
		}
		f := ChainLadder(triangle)
		before := 0.0
		for age := range days + 1 {
			c := Completeness(f, age)
			if !(c > 0 && c <= 1 && c >= before-1e-12) {
				t.Fatalf("completeness %v after %d days, %v a day before", c, age, before)
			}
			before = c
		}
	})
}
