package hour

import (
	"fmt"
	"time"
)

// Day is a civil date, counted in days from 1970-01-01. Which instants it
// spans depends on a zone: see Calendar.
type Day int32

// Date returns the day of a year, month and day of month.
func Date(year int, month time.Month, day int) Day {
	return Day(floorDiv(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix(), 86400))
}

// ParseDay reads an ISO 8601 date such as 2026-01-15.
func ParseDay(s string) (Day, error) {
	d, rest, ok := ScanDay(s)
	if !ok || rest != "" {
		return 0, fmt.Errorf("%q is not a date such as 2026-01-15", s)
	}
	return d, nil
}

// Time returns midnight UTC of the date, for formatting and weekdays.
func (d Day) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String writes the day as an ISO 8601 date.
func (d Day) String() string { return d.Time().Format(time.DateOnly) }

// DayIn returns the civil date of an instant in loc.
func DayIn(at Instant, loc *time.Location) Day { return Date(at.Time().In(loc).Date()) }

// Nights run from NightStart of one local day to NightEnd of the next, and are
// keyed by the day they end (methods.md 4.2).
const (
	NightStartHour = 18
	NightEndHour   = 9
)

// Calendar knows the instants of the civil days [First, End) of one zone.
type Calendar struct {
	Location *time.Location
	First    Day
	midnight []Instant // of First, First+1, …, End
	hour     []Hour    // that begins with it
}

// NewCalendar works out the local midnights of the days [first, end) in loc.
//
// The panel's hours are whole UTC hours, so a zone whose offset is not a whole
// number of hours in that range (Kabul, Delhi, Yangon) is an error, never a
// shift.
func NewCalendar(loc *time.Location, first, end Day) (*Calendar, error) {
	if end < first {
		return nil, fmt.Errorf("calendar of %v: last day %v lies before first day %v", loc, end-1, first)
	}
	c := &Calendar{Location: loc, First: first, midnight: make([]Instant, end-first+1), hour: make([]Hour, end-first+1)}
	for i := range c.midnight {
		// Where clocks skip midnight or show it twice, the day begins at the jump
		// or at the first of the two: both are what Local returns.
		at, _ := Local(first+Day(i), 0, loc)
		if at%InstantsInHour != 0 {
			_, offset := at.Time().In(loc).Zone()
			return nil, fmt.Errorf("time zone %v is %+.2f hours from UTC on %v: only zones a whole number of hours from UTC can be joined on UTC hours", loc, float64(offset)/3600, first+Day(i))
		}
		c.midnight[i], c.hour[i] = at, at.Hour()
	}
	return c, nil
}

// End returns the first day after the calendar's last.
func (c *Calendar) End() Day { return c.First + Day(len(c.midnight)-1) }

// Days returns the number of days.
func (c *Calendar) Days() int { return len(c.midnight) - 1 }

// Interval returns the instants of day d, which must be one of the calendar's.
func (c *Calendar) Interval(d Day) Interval {
	return Interval{c.midnight[d-c.First], c.midnight[d-c.First+1]}
}

// Span returns the instants of all days together.
func (c *Calendar) Span() Interval { return Interval{c.midnight[0], c.midnight[len(c.midnight)-1]} }

// Hours returns the UTC hours of day d, from from to to−1.
func (c *Calendar) Hours(d Day) (from, to Hour) { return c.hour[d-c.First], c.hour[d-c.First+1] }

// HoursInDay returns 23, 24 or 25.
func (c *Calendar) HoursInDay(d Day) int {
	from, to := c.Hours(d)
	return int(to - from)
}

// Day returns the civil day that holds an instant; ok is false outside the
// calendar.
func (c *Calendar) Day(at Instant) (d Day, ok bool) {
	if s := c.Span(); at < s.Start || at >= s.End {
		return 0, false
	}
	// Days are 23 to 25 hours long, so the guess is off by at most one.
	i := int((at - c.midnight[0]) / (24 * InstantsInHour))
	i = min(i, len(c.midnight)-2)
	for at < c.midnight[i] {
		i--
	}
	for at >= c.midnight[i+1] {
		i++
	}
	return c.First + Day(i), true
}

// Night returns the night that ends on day d: from 18:00 of the day before to
// 09:00 of d, local time.
func (c *Calendar) Night(d Day) Interval {
	y, m, day := d.Time().Date()
	return Interval{
		At(time.Date(y, m, day-1, NightStartHour, 0, 0, 0, c.Location)),
		At(time.Date(y, m, day, NightEndHour, 0, 0, 0, c.Location)),
	}
}
