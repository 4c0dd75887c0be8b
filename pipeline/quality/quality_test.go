package quality

import (
	"testing"

	"hardship/pipeline/index"
)

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
