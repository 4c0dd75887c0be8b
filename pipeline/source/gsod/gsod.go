// Package gsod reads the days of one station as NOAA's Global Surface Summary of
// the Day has them, one CSV a station and year:
//
//	"STATION","DATE",…,"TEMP","TEMP_ATTRIBUTES",…,"MAX","MAX_ATTRIBUTES","MIN","MIN_ATTRIBUTES",…
//	"…","2031-01-05",…,"  26.4","24",…,"  31.5","*","  20.8"," ",…
//
// Temperatures are °F. Where the station is, what it is called and which it is,
// is not read.
package gsod

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/csvfile"
	"hardship/pipeline/unit"
)

// Columns that are read; station only to see that it stays the same.
const (
	station = "STATION" // optional
	date    = "DATE"
	average = "TEMP"            // °F
	looks   = "TEMP_ATTRIBUTES" // readings behind the average
	highest = "MAX"             // °F
	lowest  = "MIN"
	flags   = "_ATTRIBUTES" // of an extreme: * where it is the extreme of the readings, blank where it was reported
)

// missing is the number of a day without one.
const missing = 9999.9

// A Day is a day of one station.
type Day struct {
	source.TemperatureDay
	Looks            int32 // readings behind Mean
	MinSeen, MaxSeen bool  // Min and Max are those of the readings; else the station reported them
}

// dayDefinition is the publisher's: days begin at midnight UTC.
const dayDefinition = "utc00"

// Read yields the days of one file in the order written. 9999.9 is missing.
//
// A row of another station than those before it ends the file with an error,
// since days of two places must not be taken for one's.
func Read(r io.Reader, name string) iter.Seq2[Day, error] {
	return func(yield func(Day, error) bool) {
		f, err := csvfile.Open(r, name, []string{date, average, looks, highest, highest + flags, lowest, lowest + flags}, []string{station})
		if err != nil {
			yield(Day{}, err)
			return
		}
		csvfile.OfOneStation(f, station, []string{date, average, highest, lowest}, day)(yield)
	}
}

func day(row *csvfile.Row) (d Day, bad *source.ParseError) {
	if row.Text(date) == "" {
		return d, row.Missing(date)
	}
	of, err := hour.ParseDay(row.Text(date))
	if err != nil {
		return d, row.Bad(date, source.NotATime, source.ErrNotATime)
	}
	d.Origin, d.Date, d.DayDefinition = row.Line(), of, dayDefinition
	if d.Mean, bad = temperature(row, average); bad != nil {
		return d, bad
	}
	n, bad := row.Int32(looks)
	switch {
	case bad != nil:
		return d, bad
	case n.N < 0:
		return d, row.Bad(looks, source.OutOfRange, errors.New("is below zero"))
	}
	d.Looks = n.N
	if d.Min, d.MinSeen, bad = extreme(row, lowest); bad != nil {
		return d, bad
	}
	if d.Max, d.MaxSeen, bad = extreme(row, highest); bad != nil {
		return d, bad
	}
	if d.Min > d.Max {
		return d, row.Bad(lowest, source.Contradiction, fmt.Errorf("%s is lower", highest))
	}
	return d, nil
}

// extreme reads an extreme and its flag.
func extreme(row *csvfile.Row, column string) (t unit.Celsius, seen bool, bad *source.ParseError) {
	switch flag := strings.TrimSpace(row.Text(column + flags)); flag {
	case "", "*":
		t, bad = temperature(row, column)
		return t, flag != "", bad
	default:
		return t, false, row.Bad(column+flags, source.NotAllowed, errors.New("is neither blank nor *"))
	}
}

func temperature(row *csvfile.Row, column string) (unit.Celsius, *source.ParseError) {
	none := unit.Missing[unit.Celsius]()
	v, ok, bad := row.Float(column)
	if bad != nil || !ok || v == missing {
		return none, bad
	}
	t := unit.Fahrenheit(v)
	if t < source.MinCelsius || t > source.MaxCelsius {
		return none, row.Bad(column, source.OutOfRange, fmt.Errorf("not a temperature from %d to %d °C in °F", source.MinCelsius, source.MaxCelsius))
	}
	return t, nil
}

// Sniff reports whether the head of a file is that of such a file, and why.
func Sniff(head []byte) (why string, ok bool) {
	return csvfile.Sniff(head, date, average, looks, highest, lowest)
}
