// Package ucdp reads the Georeferenced Event Dataset (GED) of UCDP, as CSV. It
// lists events of organised violence with at least one death, and says of none
// by what weapon: README.md has what follows from that.
package ucdp

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/csvfile"
)

const (
	id             = "id"
	violence       = "type_of_violence"
	country        = "country"
	admin1         = "adm_1"
	admin2         = "adm_2"
	placePrecision = "where_prec"
	datePrecision  = "date_prec"
	first          = "date_start"
	last           = "date_end"
)

// Codes of DatePrecision and PlacePrecision.
const (
	OnTheDay      = 1
	WithinDays    = 2 // of at most six
	InTheWeek     = 3
	InTheMonth    = 4
	InTheYear     = 5
	AtThePlace    = 1
	NearThePlace  = 2 // within some 25 km
	InTheDistrict = 3
	InTheProvince = 4
	InSomeRegion  = 5 // larger than a province, or between two places
	InTheCountry  = 6
	Elsewhere     = 7 // at sea or in the air between countries
)

// Types of violence.
const (
	StateBased = "1"
	NonState   = "2"
	OneSided   = "3"
)

// Read yields the events of one file in the order written, of whatever type.
// First and Last are date_start and date_end. Parties, deaths, sources,
// coordinates and the names of places below the districts are not read. Errors
// are as package source says.
func Read(r io.Reader, name string) iter.Seq2[source.Event, error] {
	required := []string{id, violence, country, admin1, admin2, placePrecision, datePrecision, first, last}
	return csvfile.Records(r, name, required, nil, event)
}

func event(row *csvfile.Row) (source.Event, *source.ParseError) {
	text := func(column string) string { return strings.TrimSpace(row.Text(column)) }
	e := source.Event{
		Origin:        row.Line(),
		ID:            text(id),
		Country:       text(country),
		CountryOrigin: row.Origin(country),
		Admin1:        text(admin1),
		Admin1Origin:  row.Origin(admin1),
		Admin2:        text(admin2),
		Type:          text(violence),
	}
	if e.ID == "" {
		return e, row.Missing(id)
	}
	switch e.Type {
	case StateBased, NonState, OneSided:
	default:
		return e, row.Bad(violence, source.NotAllowed, errors.New("not 1, 2 or 3"))
	}
	var bad *source.ParseError
	if e.First, bad = day(row, first); bad != nil {
		return e, bad
	}
	if e.Last, bad = day(row, last); bad != nil {
		return e, bad
	}
	if e.Last < e.First {
		return e, row.Bad(last, source.EndsBefore, source.ErrEndsBefore)
	}
	if e.DatePrecision, bad = code(row, datePrecision, InTheYear); bad != nil {
		return e, bad
	}
	e.PlacePrecision, bad = code(row, placePrecision, Elsewhere)
	return e, bad
}

// day reads a date, which most releases write with the midnight that begins it.
func day(row *csvfile.Row, column string) (hour.Day, *source.ParseError) {
	s := strings.TrimSpace(row.Text(column))
	if s == "" {
		return 0, row.Missing(column)
	}
	for _, layout := range [...]string{"2006-01-02 15:04:05", time.DateOnly, "2006-01-02T15:04:05"} { // also with a fraction
		t, err := time.Parse(layout, s)
		if err == nil && t.Year() >= 1900 && t.Truncate(24*time.Hour).Equal(t) {
			return hour.Date(t.Date()), nil
		}
	}
	return 0, row.Bad(column, source.NotATime, errors.New("not a date such as 2024-01-31"))
}

// code reads a precision from 1 to most.
func code(row *csvfile.Row, column string, most int32) (int32, *source.ParseError) {
	c, bad := row.Int32(column)
	switch {
	case bad != nil:
		return 0, bad
	case !c.Known:
		return 0, row.Missing(column)
	case c.N < 1 || c.N > most:
		return 0, row.Bad(column, source.NotAllowed, fmt.Errorf("not a code from 1 to %d", most))
	}
	return c.N, nil
}

// Sniff reports whether the head of a file is the header of a release, and why or
// why not.
func Sniff(head []byte) (why string, ok bool) {
	return csvfile.Sniff(head, violence, placePrecision, datePrecision, first)
}
