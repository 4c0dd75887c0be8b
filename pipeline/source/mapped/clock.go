package mapped

import (
	"errors"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
)

// A clock turns written times into instants.
type clock struct {
	hour.Clock      // of times without an offset
	hourEnding bool // times are the ends of hours, and the starts are wanted
}

const day = 24 * hour.InstantsInHour

// local returns the instant at which the clocks show a time of day. The first
// is meant of two; one that they skip is source.ErrSkippedLocal.
func (c *clock) local(d hour.Day, ofDay hour.Instant) (hour.Instant, error) {
	at, err := c.Local(d, ofDay)
	if errors.Is(err, hour.ErrNoSuchTime) {
		return 0, source.ErrSkippedLocal
	}
	return at, nil
}

// parse reads a time as the package comment describes; dateOnly reports that it
// is a date alone.
func (c *clock) parse(s string) (at hour.Instant, dateOnly bool, err error) {
	d, rest, ok := hour.ScanDay(s)
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
	ofDay, rest, ok := hour.ScanTimeOfDay(rest[1:])
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
	h, ok1 := hour.ScanDigits(s[:2])
	m, ok2 := hour.ScanDigits(s[2:])
	if !ok1 || !ok2 || h > 23 || m > 59 {
		return 0, false
	}
	offset = hour.Instant(h)*hour.InstantsInHour + hour.Instant(m)*hour.Minute
	if sign == '-' {
		offset = -offset
	}
	return offset, true
}
