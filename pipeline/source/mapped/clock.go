package mapped

import (
	"errors"
	"time"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
)

// A clock turns written times into instants. It remembers the last day that it
// saw, since neighbouring rows are mostly of one.
type clock struct {
	location   *time.Location // of times without an offset; nil for UTC
	hourEnding bool           // times are the ends of hours, and the starts are wanted
	known      bool           // what follows has been worked out
	day        hour.Day
	midnight   hour.Instant
	even       bool // day is 24 hours long and the clocks do not change in it
}

const day = 24 * hour.InstantsInHour

// local returns the instant at which the clocks show a time of day. The first
// is meant of two; one that they skip is source.ErrSkippedLocal.
func (c *clock) local(d hour.Day, ofDay hour.Instant) (hour.Instant, error) {
	if c.location == nil || c.location == time.UTC {
		return hour.Instant(d)*day + ofDay, nil
	}
	if !c.known || c.day != d {
		start, err := hour.Local(d, 0, c.location)
		end, err2 := hour.Local(d+1, 0, c.location)
		c.known, c.day, c.midnight = true, d, start
		c.even = err == nil && err2 == nil && end-start == day
	}
	if c.even {
		return c.midnight + ofDay, nil
	}
	at, err := hour.Local(d, int(ofDay/hour.Minute), c.location)
	if errors.Is(err, hour.ErrNoSuchTime) {
		return 0, source.ErrSkippedLocal
	}
	return at + ofDay%hour.Minute, nil
}

// parse reads a time as the package comment describes; dateOnly reports that it
// is a date alone.
func (c *clock) parse(s string) (at hour.Instant, dateOnly bool, err error) {
	d, rest, ok := date(s)
	if !ok {
		return 0, false, source.ErrNotATime
	}
	if rest == "" {
		at, err = c.shown(d, 0)
		return at, true, err
	}
	if rest[0] != 'T' && rest[0] != 't' && rest[0] != ' ' {
		return 0, false, source.ErrNotATime
	}
	ofDay, rest, ok := timeOfDay(rest[1:])
	if !ok {
		return 0, false, source.ErrNotATime
	}
	if rest == "" {
		at, err = c.shown(d, ofDay)
		return at, false, err
	}
	offset, ok := zoneOffset(rest)
	if !ok {
		return 0, false, source.ErrNotATime
	}
	return hour.Instant(d)*day + ofDay - offset - c.shift(), false, nil
}

// date reads YYYY-MM-DD at the start of s.
func date(s string) (d hour.Day, rest string, ok bool) {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return 0, "", false
	}
	year, ok1 := digits(s[:4])
	month, ok2 := digits(s[5:7])
	of, ok3 := digits(s[8:10])
	if !ok1 || !ok2 || !ok3 || month < 1 || month > 12 || of < 1 || of > 31 {
		return 0, "", false
	}
	d = hour.Date(year, time.Month(month), of)
	// 31 February is a day of March to time.Date.
	return d, s[10:], of <= 28 || d.Time().Day() == of
}

// timeOfDay reads HH:MM, HH:MM:SS or HH:MM:SS.f at the start of s. What lies
// below a microsecond is cut. 24:00 is the midnight that ends the day.
func timeOfDay(s string) (ofDay hour.Instant, rest string, ok bool) {
	if len(s) < 5 || s[2] != ':' {
		return 0, "", false
	}
	h, ok1 := digits(s[:2])
	m, ok2 := digits(s[3:5])
	if !ok1 || !ok2 || h > 24 || m > 59 {
		return 0, "", false
	}
	ofDay, s = hour.Instant(h)*hour.InstantsInHour+hour.Instant(m)*hour.Minute, s[5:]
	if s == "" || s[0] != ':' {
		return ofDay, s, ofDay <= day
	}
	if len(s) < 3 {
		return 0, "", false
	}
	sec, ok := digits(s[1:3])
	if !ok || sec > 59 {
		return 0, "", false
	}
	ofDay, s = ofDay+hour.Instant(sec)*hour.Second, s[3:]
	if s == "" || s[0] != '.' {
		return ofDay, s, ofDay <= day
	}
	n := 1
	for scale := hour.Second / 10; n < len(s) && '0' <= s[n] && s[n] <= '9'; n++ {
		ofDay += hour.Instant(s[n]-'0') * scale
		scale /= 10
	}
	return ofDay, s[n:], n > 1 && n <= 10 && ofDay <= day
}

// zoneOffset reads Z, UTC, ±HH, ±HHMM or ±HH:MM, after a space or not.
func zoneOffset(s string) (offset hour.Instant, ok bool) {
	if s[0] == ' ' {
		s = s[1:]
	}
	if s == "Z" || s == "z" || s == "UTC" {
		return 0, true
	}
	if s == "" || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	sign, s := s[0], s[1:]
	if len(s) == 5 && s[2] == ':' {
		s = s[:2] + s[3:]
	}
	if len(s) == 2 {
		s += "00"
	}
	if len(s) != 4 {
		return 0, false
	}
	h, ok1 := digits(s[:2])
	m, ok2 := digits(s[2:])
	if !ok1 || !ok2 || h > 23 || m > 59 {
		return 0, false
	}
	offset = hour.Instant(h)*hour.InstantsInHour + hour.Instant(m)*hour.Minute
	if sign == '-' {
		offset = -offset
	}
	return offset, true
}

// digits reads a number of decimal digits alone.
func digits(s string) (n int, ok bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}
