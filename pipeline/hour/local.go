package hour

import (
	"errors"
	"fmt"
	"time"
	_ "time/tzdata" // Europe/Kyiv is missing on machines whose tz data is older than 2022b
)

// Errors of local clock times.
var (
	// ErrNoSuchTime is returned for a clock time that a zone's clocks skip.
	ErrNoSuchTime = errors.New("clocks skip this local time")
	// ErrTwice is returned with the first of the two instants that a local
	// time stands for when clocks are put back.
	ErrTwice = errors.New("this local time occurs twice")
)

// LoadLocation returns a zone by its IANA name. Europe/Kiev is accepted as the
// old name of Europe/Kyiv. Local is refused: a result must not depend on the
// machine's zone.
func LoadLocation(name string) (*time.Location, error) {
	switch name {
	case "Europe/Kiev":
		name = "Europe/Kyiv"
	case "Local", "":
		return nil, fmt.Errorf("time zone %q: name a zone such as Europe/Kyiv or UTC", name)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("time zone %q is not in the IANA list", name)
	}
	return loc, nil
}

// Local returns the instant at which the clocks of loc show minute (0 to 1440,
// 1440 being 24:00) of day d.
//
// A time that is skipped gives ErrNoSuchTime and the instant at which the
// clocks jump; one that occurs twice gives ErrTwice and its first instant.
func Local(d Day, minute int, loc *time.Location) (Instant, error) {
	y, m, day := d.Time().Date()
	if minute == 24*60 {
		d, minute = d+1, 0
		y, m, day = d.Time().Date()
	}
	t := time.Date(y, m, day, minute/60, minute%60, 0, 0, loc)
	if t.Hour()*60+t.Minute() != minute || Date(t.Date()) != d {
		// time.Date is free to use either offset in a gap; find the jump itself.
		lo, hi := At(t)-4*InstantsInHour, At(t)+4*InstantsInHour
		_, before := lo.Time().In(loc).Zone()
		for hi-lo > 1 {
			mid := lo + (hi-lo)/2
			if _, off := mid.Time().In(loc).Zone(); off == before {
				lo = mid
			} else {
				hi = mid
			}
		}
		return hi, ErrNoSuchTime
	}
	// A doubled hour: the same clock reading stands an offset change away.
	for _, shift := range [...]time.Duration{-time.Hour, time.Hour, -30 * time.Minute, 30 * time.Minute} {
		other := t.Add(shift)
		if other.Hour() == t.Hour() && other.Minute() == t.Minute() && other.Day() == t.Day() {
			return At(minTime(t, other)), ErrTwice
		}
	}
	return At(t), nil
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
