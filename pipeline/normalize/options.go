package normalize

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
)

// knowsOptions returns an error if the source sets an option that its format
// does not have: a slip in a name must not leave a setting at its default.
func (s *Sink) knowsOptions(names []string) error {
	for _, name := range slices.Sorted(maps.Keys(s.Source.Options)) {
		if !slices.Contains(names, name) {
			return s.badOption(name, fmt.Errorf("the format has no such option; it has %s", cmp.Or(strings.Join(names, ", "), "none")))
		}
	}
	return nil
}

func (s *Sink) badOption(name string, err error) error {
	return s.badSetting("option "+name, err)
}

// A settingError is a setting of a source that its format cannot work with.
type settingError struct{ error }

func (s *Sink) badSetting(name string, err error) error {
	return settingError{fmt.Errorf("source %s: %s: %w", s.Source.Name, name, err)}
}

// home is the area that the source's place names, for files that are all of one.
func (s *Sink) home() (area.ID, error) {
	if s.Source.Place == "" {
		return "", s.badSetting("place", errors.New("must be set: the file does not say which area it is of"))
	}
	id, err := s.resolve(s.Source.Place)
	if err != nil {
		return "", s.badSetting(fmt.Sprintf("place %q", s.Source.Place), err)
	}
	return id, nil
}

// textOption returns an option that must be set.
func (s *Sink) textOption(name string) (string, error) {
	v := s.Source.Options[name]
	if v == "" {
		return "", s.badOption(name, errors.New("must be set"))
	}
	return v, nil
}

// boolOption returns an option that is true or false; false if it is not set.
func (s *Sink) boolOption(name string) (bool, error) {
	switch v := s.Source.Options[name]; v {
	case "true":
		return true, nil
	case "false", "":
		return false, nil
	default:
		return false, s.badOption(name, fmt.Errorf("%q is not true or false", v))
	}
}

// countOption returns an option that is a whole number from 1 to most, or
// otherwise if it is not set.
func (s *Sink) countOption(name string, most, otherwise int32) (int32, error) {
	v := s.Source.Options[name]
	if v == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(v, 10, 32)
	if err != nil || n < 1 || n > int64(most) {
		return 0, s.badOption(name, fmt.Errorf("%q is not a whole number from 1 to %d", v, most))
	}
	return int32(n), nil
}

// A dayRange is the days from First to Last, both of them in it.
type dayRange struct{ First, Last hour.Day }

func (r dayRange) holds(d hour.Day) bool { return r.First <= d && d <= r.Last }

// daysOption returns an option that is one date or, with both ends in it, a
// range such as 2026-02-09..2026-02-11; no day at all if it is not set.
func (s *Sink) daysOption(name string) (dayRange, error) {
	v := s.Source.Options[name]
	if v == "" {
		return dayRange{First: 1, Last: 0}, nil
	}
	from, to, isRange := strings.Cut(v, "..")
	if !isRange {
		to = from
	}
	first, err := hour.ParseDay(from)
	if err != nil {
		return dayRange{}, s.badOption(name, err)
	}
	last, err := hour.ParseDay(to)
	if err != nil {
		return dayRange{}, s.badOption(name, err)
	}
	if last < first {
		return dayRange{}, s.badOption(name, fmt.Errorf("%q ends before it starts", v))
	}
	return dayRange{first, last}, nil
}
