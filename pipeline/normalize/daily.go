package normalize

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/ghcndaily"
	"hardship/pipeline/source/gsod"
	"hardship/pipeline/source/gsom"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// ReadGHCNDaily reads a station's days of GHCN-Daily into table.TemperatureDay,
// as kind station. Which station it is stays in the file; the area comes from
// the source or the option places, and the option months cuts, as in
// ReadOpenMeteo.
//
// A day is an observation day: of many stations it ends with a morning's or an
// evening's reading, and the file seldom says. Where it does not, the option
// day_definition must: local00, utc00, obs06 or obs18.
func ReadGHCNDaily(s *Sink, r io.Reader, name string) error {
	otherwise, err := s.dayDefinition()
	if err != nil {
		return err
	}
	return s.readDaily(name, func(yield func(source.TemperatureDay, error) bool) {
		for d, err := range ghcndaily.Read(r, name) {
			if err == nil {
				d.DayDefinition = cmp.Or(d.DayDefinition, otherwise)
			}
			if !yield(d, err) {
				return
			}
		}
	})
}

// dayDefinition is the option that says where days begin of which the file does
// not.
func (s *Sink) dayDefinition() (string, error) {
	v := s.Source.Options["day_definition"]
	if v != "" && !slices.Contains(table.DayDefinitions, v) {
		return "", s.badOption("day_definition", fmt.Errorf("%q is not one of %s", v, strings.Join(table.DayDefinitions, ", ")))
	}
	return v, nil
}

// gsodLooks is how many readings the publisher wants for a mean.
const gsodLooks = 4

// ReadGSOD reads a station's days of the Global Surface Summary of the Day into
// table.TemperatureDay, as kind station; area and months are as in
// ReadGHCNDaily. Days are of UTC.
//
// The option readings, from 1 to 24, is how many readings of the day a mean
// needs, 4 if it is not set; with fewer it is missing. So are extremes that are
// merely the highest and lowest of the readings.
func ReadGSOD(s *Sink, r io.Reader, name string) error {
	least, err := s.countOption("readings", 24, gsodLooks)
	if err != nil {
		return err
	}
	return s.readDaily(name, func(yield func(source.TemperatureDay, error) bool) {
		for d, err := range gsod.Read(r, name) {
			if d.Looks < least {
				d.Mean = unit.Missing[unit.Celsius]()
				if d.MinSeen {
					d.Min = d.Mean
				}
				if d.MaxSeen {
					d.Max = d.Mean
				}
			}
			if err != nil {
				d = gsod.Day{}
			}
			if !yield(d.TemperatureDay, err) {
				return
			}
		}
	})
}

// dailyOptions are those of formats whose files are of one station's days.
func dailyOptions(own string) []string { return append(slices.Clone(stationOptions), own) }

// readDaily keeps the days that an adapter yields, all of the area of the file.
// A day without a temperature is counted as kept and makes no row, like one of
// a month that the option months cuts. A second row of a day is rejected.
func (s *Sink) readDaily(name string, records iter.Seq2[source.TemperatureDay, error]) error {
	id, err := s.placeOfFile(name)
	if err != nil {
		return err
	}
	wanted, err := parseMonths(s.Source.Options["months"])
	if err != nil {
		return s.badOption("months", err)
	}
	seen := map[hour.Day]bool{}
	return each(s, records, func(d source.TemperatureDay) error {
		if seen[d.Date] {
			return &source.ParseError{Origin: d.Origin, Code: source.Duplicate, Err: errSecondDay}
		}
		seen[d.Date] = true
		switch {
		case unit.IsMissing(d.Min) && unit.IsMissing(d.Mean) && unit.IsMissing(d.Max), !wanted.hold(d.Date.Time().Month()):
			return nil
		case d.DayDefinition == "":
			return &source.FileError{File: name, Code: source.BadSetting, Err: fmt.Errorf(
				"line %d does not say where its day begins: set the option day_definition to one of %s", d.Line, strings.Join(table.DayDefinitions, ", "))}
		}
		s.keepDay(id, d)
		return nil
	})
}

var errSecondDay = errors.New("the day has another row")

// keepDay makes a row of table.TemperatureDay.
func (s *Sink) keepDay(id area.ID, d source.TemperatureDay) {
	b := s.Keep(d.Revision, d.FirstSeen)
	b.String("area_id", string(id))
	b.String("kind", "station")
	b.Date("date_local", d.Date)
	b.Float64("tmin_c", float64(d.Min))
	b.Float64("tmean_c", float64(d.Mean))
	b.Float64("tmax_c", float64(d.Max))
	b.String("day_definition", d.DayDefinition)
	b.Int32("qc", qcGood)
}

// ReadGSOM reads a station's months of the Global Summary of the Month into
// table.Context: a figure of a month is no day's and enters no measure, but
// shows beside a winter what winters there have been. The area is as in
// ReadGHCNDaily. A measure is called gsom, the element and its unit, such as
// gsom_emnt_c. Elements that a month lacks make no row.
func ReadGSOM(s *Sink, r io.Reader, name string) error {
	id, err := s.placeOfFile(name)
	if err != nil {
		return err
	}
	seen := map[hour.Day]bool{}
	return each(s, gsom.Read(r, name), func(m gsom.Month) error {
		if seen[m.First] {
			return &source.ParseError{Origin: m.Origin, Code: source.Duplicate, Err: errSecondMonth}
		}
		seen[m.First] = true
		for i, e := range gsom.Elements {
			if unit.IsMissing(m.Figures[i]) {
				continue
			}
			b := s.Keep("", 0)
			b.String("area_id", string(id))
			b.String("measure", "gsom_"+strings.ToLower(e.Column)+"_"+e.Unit)
			b.Date("period_start_date", m.First)
			b.Date("period_end_date", m.Last)
			b.Float64("figure", m.Figures[i])
		}
		return nil
	})
}

var errSecondMonth = errors.New("the month has another row")
