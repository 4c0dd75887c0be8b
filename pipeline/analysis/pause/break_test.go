package pause

import (
	"math"
	"testing"

	"hardship/pipeline/hour"
)

// The baseline has the nights from weekFirst on, the window ends on 1 February.
func TestASeriesThatChangesIsNotEvaluable(t *testing.T) {
	last := day("2026-02-01")
	for _, tt := range []struct {
		name       string
		metrics    []string
		first, end hour.Day
		want       string
	}{
		{"the day before the baseline", []string{"launched_drone"}, weekFirst - 9, weekFirst, ""},
		{"the first day of the baseline", []string{"launched_drone"}, weekFirst - 9, weekFirst + 1, reasonBreak},
		{"the wash-out", []string{"launched_drone"}, day("2026-01-22"), day("2026-01-23"), reasonBreak},
		{"the last day of the window", []string{"alerts_n", "launched_drone"}, last, last + 9, reasonBreak},
		{"the day after the window", []string{"launched_drone"}, last + 1, last + 9, ""},
		{"another series", []string{"launched_cruise"}, weekFirst, last, ""},
	} {
		s := settings()
		s.Breaks = []Break{{Metrics: tt.metrics, First: tt.first, End: tt.end}}
		values := append(repeat(63, 9), repeat(7, 2)...)
		r := result(t, results(t, claimed("id=p/1 places=UA"+week), noDays(), launches(weekFirst, values...), s), "p/1", "launched_drone")
		if r.Reason != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, r.Reason, tt.want)
		}
		if r.Observed.Lo != 14 || r.X0.Lo != 9*56 {
			t.Errorf("%s: %v observed and %v before are not told", tt.name, r.Observed, r.X0)
		}
		for what, v := range map[string]float64{"ratio": r.RR.Lo, "interval": r.Exact.Hi, "adjusted interval": r.Adjusted.Hi, "p": r.P, "placebo rank": r.PlaceboRank, "detectable ratio": r.Detectable80} {
			if math.IsNaN(v) != (tt.want != "") {
				t.Errorf("%s: the %s is %v", tt.name, what, v)
			}
		}
	}
}
