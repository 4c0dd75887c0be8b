// Package ghcndaily reads the days of one station as NOAA's Global Historical
// Climatology Network – Daily has them, in either layout: the CSV of a station,
//
//	"STATION","DATE",…,"TMAX","TMAX_ATTRIBUTES",…
//	"…","2031-01-05",…,"  -32",",,S",…
//
// and the lines of fixed width (.dly), one for each month and element, with 31
// times five digits and three flags behind station, year, month and element.
//
// Temperatures are tenths of °C. Where the station is, what it is called and
// which it is, is not read.
package ghcndaily

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/csvfile"
	"hardship/pipeline/unit"
)

// The elements that are read, in both layouts, by what they are of a day.
const (
	lowest  = iota // TMIN
	highest        // TMAX
	average        // TAVG
	parts
)

var elements = [parts]string{"TMIN", "TMAX", "TAVG"}

// missing is the value of a day without one.
const missing = -9999

// Read yields the days of one file in the order written; those of a month in
// lines of fixed width follow its last line. A day without any value in the
// file is not yielded.
//
// A value that failed a check of quality is missing, and so is one that seems
// to belong to the day before (flag L). Where the day begins is known of values
// from the Global Summary of the Day (source S: midnight UTC) and of those
// observed at 24:00; DayDefinition is "" for others. Values of one date whose
// days begin elsewhere than that of TMIN, or without one of TMAX, are missing:
// the mean beside American extremes is often of another day than they.
//
// A row or line of another station than those before it ends the file with an
// error, since days of two places must not be taken for one's.
func Read(r io.Reader, name string) iter.Seq2[source.TemperatureDay, error] {
	buffered := bufio.NewReaderSize(r, lineWidth+2)
	head, _ := buffered.Peek(lineWidth)
	whole := source.WithLimitsOf(buffered, r)
	if isLine(firstLine(head)) {
		return readLines(whole, name)
	}
	return readCSV(whole, name)
}

func firstLine(head []byte) []byte {
	line, _, _ := bytes.Cut(bytes.TrimPrefix(head, []byte("\ufeff")), []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r"))
}

// A value is one element of one day.
type value struct {
	temp       unit.Celsius // NaN where it is missing or failed a check
	definition string
}

// none is an element that a day does not have.
var none = value{temp: unit.Missing[unit.Celsius]()}

// read returns the value of tenths with its flags. bad says what is wrong with
// the number.
func read(tenths int, measurement, quality, from, clock string) (v value, bad error) {
	switch {
	case strings.TrimSpace(quality) != "", measurement == "L":
		return none, nil
	case tenths < source.MinCelsius*10 || tenths > source.MaxCelsius*10:
		return none, errRange
	}
	v.temp = unit.Celsius(tenths) / 10
	switch {
	case from == "S":
		v.definition = "utc00"
	case clock == "2400":
		v.definition = "local00"
	}
	return v, nil
}

var (
	errRange  = fmt.Errorf("not from %d to %d tenths of a degree", source.MinCelsius*10, source.MaxCelsius*10)
	errTenths = errors.New("not whole tenths of a degree: of files made to order the unit is not known")
)

// day makes the record of a day of its values.
func day(at source.Origin, date hour.Day, values [parts]value) source.TemperatureDay {
	d := source.TemperatureDay{Origin: at, Date: date, Min: none.temp, Mean: none.temp, Max: none.temp}
	defined := false
	for part, to := range [parts]*unit.Celsius{lowest: &d.Min, highest: &d.Max, average: &d.Mean} {
		v := values[part]
		switch {
		case unit.IsMissing(v.temp):
		case !defined:
			defined, d.DayDefinition, *to = true, v.definition, v.temp
		case v.definition == d.DayDefinition:
			*to = v.temp
		}
	}
	return d
}

// Columns of the CSV; each element has one of its name and one of its flags.
const (
	station    = "STATION" // optional; only to see that it stays the same
	date       = "DATE"
	attributes = "_ATTRIBUTES"
)

func readCSV(r io.Reader, name string) iter.Seq2[source.TemperatureDay, error] {
	return func(yield func(source.TemperatureDay, error) bool) {
		optional := []string{station}
		for _, e := range elements {
			optional = append(optional, e, e+attributes)
		}
		f, err := csvfile.Open(r, name, []string{date}, optional)
		if err == nil {
			err = complete(f, name)
		}
		if err != nil {
			yield(source.TemperatureDay{}, err)
			return
		}
		for d, err := range csvfile.OfOneStation(f, station, []string{date}, ofRow) {
			if (err != nil || d.known) && !yield(d.TemperatureDay, err) {
				return
			}
		}
	}
}

// complete returns an error for a file without temperatures, and for one that
// has them without flags: which of them failed a check would not be known.
func complete(f *csvfile.File, name string) error {
	found := false
	for _, e := range elements {
		switch {
		case f.Has(e) && !f.Has(e+attributes):
			return &source.FileError{File: name, Code: source.WrongFormat, Err: fmt.Errorf("a column %s without %s: which values failed a check is not known", e, e+attributes)}
		case f.Has(e):
			found = true
		}
	}
	if !found {
		return &source.FileError{File: name, Code: source.WrongFormat, Err: fmt.Errorf("no column %s", strings.Join(elements[:], ", "))}
	}
	return nil
}

// A rowDay is what a row says; known is false for one without any temperature.
type rowDay struct {
	source.TemperatureDay
	known bool
}

func ofRow(row *csvfile.Row) (d rowDay, bad *source.ParseError) {
	if row.Text(date) == "" {
		return d, row.Missing(date)
	}
	of, err := hour.ParseDay(row.Text(date))
	if err != nil {
		return d, row.Bad(date, source.NotATime, source.ErrNotATime)
	}
	values := [parts]value{none, none, none}
	for part, e := range elements {
		text := strings.TrimSpace(row.Text(e))
		if text == "" {
			continue
		}
		tenths, err := strconv.Atoi(text)
		if err != nil {
			return d, row.Bad(e, source.NotANumber, errTenths)
		}
		if tenths == missing {
			continue
		}
		d.known = true
		flags := strings.Split(row.Text(e+attributes), ",")
		if len(flags) < 3 || len(flags) > 4 {
			return d, row.Bad(e+attributes, source.Malformed, errors.New("not three flags and a time, such as ,,S or ,,W,2400"))
		}
		clock := ""
		if len(flags) == 4 {
			clock = flags[3]
		}
		if values[part], err = read(tenths, flags[0], flags[1], flags[2], clock); err != nil {
			return d, row.Bad(e, source.OutOfRange, err)
		}
	}
	d.TemperatureDay = day(row.Line(), of, values)
	return d, nil
}

// Sniff reports whether the head of a file is that of either layout, and why.
// Monthly summaries of the same publisher have columns of the same names beside
// others.
func Sniff(head []byte) (why string, ok bool) {
	if line := firstLine(head[:min(len(head), 4*lineWidth)]); isLine(line) {
		return "its first line is a station, a month, an element and values of fixed width", true
	}
	if why, ok := csvfile.Sniff(head, date, "EMXT"); ok {
		return why + ": it is of months", false
	}
	for _, e := range elements {
		if why, ok = csvfile.Sniff(head, station, date, e, e+attributes); ok {
			return why, true
		}
	}
	return csvfile.Sniff(head, station, date, elements[lowest], elements[lowest]+attributes)
}
