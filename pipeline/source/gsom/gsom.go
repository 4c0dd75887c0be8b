// Package gsom reads the months of one station as NOAA's Global Summary of the
// Month has them:
//
//	"STATION","DATE",…,"EMNT","EMNT_ATTRIBUTES",…,"TAVG","TAVG_ATTRIBUTES",…
//	"…","2031-01",…,"-21.2",",r,28,",…,"-9.94",",r",…
//
// It computes them from its own daily data. Where the station is, what it is
// called and which it is, is not read.
package gsom

import (
	"errors"
	"io"
	"iter"
	"slices"
	"strings"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/csvfile"
	"hardship/pipeline/unit"
)

// Columns that every file has; station only to see that it stays the same.
const (
	station    = "STATION" // optional
	date       = "DATE"    // year and month
	attributes = "_ATTRIBUTES"
)

// An Element is a column of the file and what it says of a month.
type Element struct {
	Column, Unit string
	// Whole says that the figure is a sum or count over the days, which days
	// that are missing make too small.
	Whole    bool
	Min, Max float64 // that it may be
}

// Elements are those that are read, of temperature all.
var Elements = []Element{
	{"TAVG", "c", false, source.MinCelsius, source.MaxCelsius}, // half the sum of TMAX and TMIN
	{"TMAX", "c", false, source.MinCelsius, source.MaxCelsius}, // mean of the daily maxima
	{"TMIN", "c", false, source.MinCelsius, source.MaxCelsius}, // mean of the daily minima
	{"EMXT", "c", false, source.MinCelsius, source.MaxCelsius}, // highest of the month
	{"EMNT", "c", false, source.MinCelsius, source.MaxCelsius}, // lowest of the month
	{"HTDD", "cd", true, 0, 4000},                              // heating degree days below 18.3 °C
	{"DX32", "d", true, 0, 31},                                 // days with a maximum of 0 °C at most
	{"DT32", "d", true, 0, 31},                                 // days with a minimum of 0 °C at most
	{"DT00", "d", true, 0, 31},                                 // days with a minimum of −17.8 °C at most
}

// A Month is a row: a figure for each of Elements, NaN for what it lacks.
type Month struct {
	source.Origin
	First, Last hour.Day
	Figures     []float64
}

// Read yields the months of one file in the order written. A sum or count of a
// month of which days are missing, as its flag says, is missing.
//
// A row of another station than those before it ends the file with an error,
// since months of two places must not be taken for one's.
func Read(r io.Reader, name string) iter.Seq2[Month, error] {
	return func(yield func(Month, error) bool) {
		optional := []string{station}
		for _, e := range Elements {
			optional = append(optional, e.Column, e.Column+attributes)
		}
		f, err := csvfile.Open(r, name, []string{date}, optional)
		if err == nil && !slices.ContainsFunc(Elements, func(e Element) bool { return f.Has(e.Column) }) {
			err = &source.FileError{File: name, Code: source.WrongFormat, Err: errors.New("no column of a temperature, such as TAVG or EMNT")}
		}
		if err != nil {
			yield(Month{}, err)
			return
		}
		csvfile.OfOneStation(f, station, []string{date}, month)(yield)
	}
}

func month(row *csvfile.Row) (m Month, bad *source.ParseError) {
	text := row.Text(date)
	if text == "" {
		return m, row.Missing(date)
	}
	first, rest, ok := hour.ScanDay(text + "-01")
	if !ok || rest != "" {
		return m, row.Bad(date, source.NotATime, errors.New("not a month such as 2031-01"))
	}
	year, of, _ := first.Time().Date()
	m = Month{Origin: row.Line(), First: first, Last: hour.Date(year, of+1, 1) - 1}
	for _, e := range Elements {
		v, ok, bad := row.FloatWithin(e.Column, e.Min, e.Max)
		if bad != nil {
			return m, bad
		}
		daysMissing, _, _ := strings.Cut(row.Text(e.Column+attributes), ",")
		if !ok || e.Whole && daysMissing != "" {
			v = unit.Missing[float64]()
		}
		m.Figures = append(m.Figures, v)
	}
	return m, nil
}

// Sniff reports whether the head of a file is that of such a file, and why.
func Sniff(head []byte) (why string, ok bool) {
	for _, e := range []string{"EMNT", "EMXT"} {
		if why, ok = csvfile.Sniff(head, station, date, e, e+attributes); ok {
			return why, true
		}
	}
	return why, false
}
