package hour

import (
	"fmt"
	"time"
)

// A Season is one winter.
type Season struct {
	Label      string // such as 2025-26
	First, End Day    // End is the first day left out
}

// Days returns the number of days.
func (s Season) Days() int { return int(s.End - s.First) }

// Seasons returns the winters that meet [first, end), from the first month to
// the last, both whole. Months in reverse order, such as 11 and 3, span a new
// year.
func Seasons(first, end Day, firstMonth, lastMonth time.Month) []Season {
	var seasons []Season
	for year := first.Time().Year() - 1; year <= end.Time().Year(); year++ {
		s := Season{First: Date(year, firstMonth, 1), End: Date(year, lastMonth+1, 1), Label: fmt.Sprint(year)}
		if lastMonth < firstMonth {
			s.End = Date(year+1, lastMonth+1, 1)
			s.Label = fmt.Sprintf("%d-%02d", year, (year+1)%100)
		}
		if s.First < end && s.End > first {
			seasons = append(seasons, s)
		}
	}
	return seasons
}
