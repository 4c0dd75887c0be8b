package quality

import (
	"testing"

	"hardship/pipeline/index"
)

func TestShare(t *testing.T) {
	for _, tt := range []struct {
		name              string
		present, expected int
		want              float64
	}{
		{"part", 3, 4, 0.75},
		{"all", 4, 4, 1},
		{"none", 0, 4, 0},
		{"none of none", 0, 0, 0},
	} {
		if got := Share(tt.present, tt.expected); got != tt.want {
			t.Errorf("%s: Share(%d, %d) = %v", tt.name, tt.present, tt.expected, got)
		}
	}
}

// A sum may be scaled by coverage alone (methods.md C10): how the missing hours
// lie does not matter.
func TestScalable(t *testing.T) {
	if d := (index.DaySummary{Expected: 24, Present: 18, LongestGap: 6}); !Scalable(d) || DayValid(d) {
		t.Errorf("18 of 24 hours with a gap of 6: Scalable = %v, DayValid = %v", Scalable(d), DayValid(d))
	}
	if d := (index.DaySummary{Expected: 24, Present: 17, LongestGap: 1}); Scalable(d) {
		t.Error("17 of 24 hours can be scaled")
	}
}

// The limits are those of methods.md 4.3: 18 of 24, 18 of 23, 19 of 25 hours.
func TestDayValid(t *testing.T) {
	for _, tt := range []struct {
		name                   string
		expected, present, gap int
		want                   bool
	}{
		{"a whole day", 24, 24, 0, true},
		{"18 of 24 hours", 24, 18, 4, true},
		{"17 of 24 hours", 24, 17, 4, false},
		{"18 of 23 hours, where clocks go forward", 23, 18, 4, true},
		{"17 of 23 hours", 23, 17, 4, false},
		{"19 of 25 hours, where clocks go back", 25, 19, 4, true},
		{"18 of 25 hours", 25, 18, 4, false},
		{"a gap of five hours", 24, 19, 5, false},
		{"no hour", 24, 0, 24, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := DayValid(index.DaySummary{Expected: tt.expected, Present: tt.present, LongestGap: tt.gap}); got != tt.want {
				t.Errorf("DayValid = %v", got)
			}
		})
	}
}
