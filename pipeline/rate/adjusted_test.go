package rate

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// The case that led to the rule below one event's worth: 9115 launched in 56
// nights, φ 80, a window of 7. By the formula alone none at all reads fewer, 1 to 15
// no change, and 20 fewer again.
func TestAdjustedDoesNotTurnBackAtSmallCounts(t *testing.T) {
	const t1, x0, t0, phi = 7, 9115, 56, 80
	rr := func(x1 float64) float64 { return (x1 / t1) / (x0 / float64(t0)) }
	formula := func(x1 float64) float64 {
		return rr(x1) * math.Exp(1.959963984540054*math.Sqrt(phi*(1/x1+1./x0)))
	}
	if !(formula(1) > 1 && formula(15) > 1 && formula(20) < 1) {
		t.Fatalf("the formula alone gives %v, %v, %v: the case is none", formula(1), formula(15), formula(20))
	}
	last := 0.0
	for x1 := range int64(2000) {
		got := Adjusted(x1, t1, x0, t0, phi, .95)
		if got.Hi < last {
			t.Fatalf("the upper limit falls from %v to %v at %d", last, got.Hi, x1)
		}
		if want := formula(float64(x1)); x1 >= phi && !near(got.Hi, want, 1e-12) {
			t.Fatalf("upper limit %v at %d, want that of the formula, %v", got.Hi, x1, want)
		}
		last = got.Hi
	}
}

// No limit falls when the window's count grows or the baseline's shrinks, as long
// as the baseline is worth six events.
func TestAdjustedIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		phi := 1 + rapid.Float64Range(0, 150).Draw(t, "φ-1")
		six := int64(math.Ceil(6 * phi))
		x1, x0 := rapid.Int64Range(0, 3000).Draw(t, "x1"), rapid.Int64Range(six, 20000).Draw(t, "x0")
		t1, t0 := rapid.Float64Range(1, 40).Draw(t, "t1"), rapid.Float64Range(1, 90).Draw(t, "t0")
		more, less := x1+rapid.Int64Range(1, 200).Draw(t, "more"), max(six, x0-rapid.Int64Range(1, 2000).Draw(t, "less"))
		at := Adjusted(x1, t1, x0, t0, phi, .95)
		for _, next := range []Interval{Adjusted(more, t1, x0, t0, phi, .95), Adjusted(x1, t1, less, t0, phi, .95)} {
			const tiny = 1e-9
			if next.Lo < at.Lo*(1-tiny) || next.Hi < at.Hi*(1-tiny) {
				t.Fatalf("φ %v, %d/%v against %d/%v: %v, and then %v", phi, x1, t1, x0, t0, at, next)
			}
		}
	})
}

// p is at most 0.05 exactly where the interval leaves out 1, on either side of
// one event's worth.
func TestAdjustedPAgrees(t *testing.T) {
	for _, phi := range []float64{1, 1.5, 8, 40} {
		for x1 := range int64(120) {
			for _, x0 := range []int64{0, 1, 7, 30, 90, 400} {
				iv, p := Adjusted(x1, 7, x0, 56, phi, .95), AdjustedP(x1, 7, x0, 56, phi)
				if x1 == 0 && x0 == 0 && p != 1 {
					t.Errorf("nothing counted has p %v", p)
				}
				if outside := iv.Lo > 1 || iv.Hi < 1; outside != (p < .05) || !(p >= 0 && p <= 1) {
					t.Errorf("φ %v, %d against %d: %v with p %v", phi, x1, x0, iv, p)
				}
			}
		}
	}
	if got, want := AdjustedP(3, 7, 40, 56, 1), 2*math.Erfc(math.Log(3*8/40.)/-math.Sqrt(1./3+1./40)/math.Sqrt2)/2; !near(got, want, 1e-12) {
		t.Errorf("p %v, want %v", got, want)
	}
}
