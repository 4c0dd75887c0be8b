// Package quality holds the rules by which a value may be published in spite
// of gaps: coverage shares and their limits.
package quality

import "hardship/pipeline/index"

// The limits of methods.md 4.3 and C10.
const (
	LeastDayCoverage = 0.75 // share of a day's hours
	LongestDayGap    = 4    // hours
)

// Share returns present/expected, the coverage that stands beside every
// aggregate; 0 of 0 is 0.
func Share(present, expected int) float64 {
	if expected == 0 {
		return 0
	}
	return float64(present) / float64(expected)
}

// DayValid reports whether a day's temperatures may be published: at least
// three quarters of its hours, so 18 of 24, 18 of 23, 19 of 25, and no gap of
// more than 4 hours.
func DayValid(d index.DaySummary) bool {
	return Share(d.Present, d.Expected) >= LeastDayCoverage && d.LongestGap <= LongestDayGap
}

// Scalable reports whether a sum over a day's hours may be scaled to the whole
// day.
func Scalable(d index.DaySummary) bool {
	return Share(d.Present, d.Expected) >= LeastDayCoverage
}
