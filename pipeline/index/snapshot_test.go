package index

import "testing"

// The reference of methods.md 6.2: 175 customer-hours over 1.0 of 1.25 hours.
func TestSnapshots(t *testing.T) {
	for _, tt := range []struct {
		name              string
		runs              []int32
		polls             []Poll
		customerMinutes   int64
		observed, expects int32
	}{
		{
			"a run without a row is zero, no run is unknown",
			[]int32{0, 15, 30, 60}, []Poll{{0, 400}, {15, 200}, {60, 100}}, 175 * 60, 60, 75,
		},
		{"no runs", nil, nil, 0, 0, 0},
		{"a failed poll observes nothing", []int32{0, 15}, []Poll{{0, UnknownCustomers}, {15, 4}}, 60, 15, 30},
		{"a run that comes early ends the one before", []int32{0, 5, 15}, []Poll{{0, 10}, {5, 20}}, 50 + 200, 30, 30},
		{"a poll without its run is passed over", []int32{15}, []Poll{{0, 1000}, {15, 2}, {30, 1000}}, 30, 15, 15},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var minutes int64
			var observed, last int32
			Snapshots(tt.runs, tt.polls, 15, func(from, to int32, customers int64) {
				if from < last || to <= from {
					t.Errorf("stretch %d to %d after %d", from, to, last)
				}
				last = to
				observed += to - from
				minutes += customers * int64(to-from)
			})
			if minutes != tt.customerMinutes || observed != tt.observed {
				t.Errorf("%d customer-minutes over %d minutes, want %d over %d", minutes, observed, tt.customerMinutes, tt.observed)
			}
		})
	}
}
