// Package acled reads the event rows that ACLED exports as CSV. What a row may
// be used for, and what is never read of it, README.md says.
package acled

import (
	"errors"
	"io"
	"iter"
	"math"
	"strings"
	"time"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/csvfile"
)

const (
	id             = "event_id_cnty"
	date           = "event_date"
	datePrecision  = "time_precision"
	eventType      = "event_type"
	subType        = "sub_event_type"
	country        = "country"
	admin1         = "admin1"
	admin2         = "admin2"
	placePrecision = "geo_precision"
	notes          = "notes"
	uploaded       = "timestamp"
)

// Tags is the column of tags unless a download has another.
const Tags = "tags"

// Codes of DatePrecision and PlacePrecision.
const (
	OnTheDay    = 1
	InTheWeek   = 2 // the date lies in it
	InTheMonth  = 3
	InTheTown   = 1
	NearTheTown = 2
	InTheRegion = 3 // the town given is only its capital, or the nearest
)

// Types of events that are strikes.
const (
	AirOrDrone         = "Explosions/Remote violence: Air/drone strike"
	ShellingOrMissiles = "Explosions/Remote violence: Shelling/artillery/missile attack"
)

// Read yields the events of one file in the order written, of whatever type.
// Type is event_type and sub_event_type, joined by a colon and a space. tags
// names the column of tags: Tags may be missing from a file, any other may not.
//
// First and Last are the day of event_date, whatever its precision. FirstSeen is
// timestamp, at which ACLED last uploaded the row, and Revision the same as
// written; a file without the column has neither. Actors, fatalities, sources,
// coordinates and the name of the place are not read; Note is, and must not be
// stored. Errors are as package source says.
func Read(r io.Reader, name, tags string) iter.Seq2[source.Event, error] {
	required := []string{id, date, datePrecision, eventType, subType, country, admin1, placePrecision}
	optional := []string{admin2, notes, uploaded}
	if tags == Tags {
		optional = append(optional, tags)
	} else {
		required = append(required, tags)
	}
	return csvfile.Records(r, name, required, optional, func(row *csvfile.Row) (source.Event, *source.ParseError) {
		return event(row, tags)
	})
}

func event(row *csvfile.Row, tags string) (source.Event, *source.ParseError) {
	text := func(column string) string { return strings.TrimSpace(row.Text(column)) }
	e := source.Event{
		Origin:        row.Line(),
		ID:            text(id),
		Country:       text(country),
		CountryOrigin: row.Origin(country),
		Admin1:        text(admin1),
		Admin1Origin:  row.Origin(admin1),
		Admin2:        text(admin2),
		Type:          text(eventType) + ": " + text(subType),
		Note:          row.Text(notes),
	}
	if e.ID == "" {
		return e, row.Missing(id)
	}
	var bad *source.ParseError
	if e.First, bad = day(row); bad != nil {
		return e, bad
	}
	e.Last = e.First
	if e.DatePrecision, bad = code(row, datePrecision); bad != nil {
		return e, bad
	}
	if e.PlacePrecision, bad = code(row, placePrecision); bad != nil {
		return e, bad
	}
	for tag := range strings.SplitSeq(row.Text(tags), ";") {
		if tag = strings.TrimSpace(tag); tag != "" {
			e.Tags = append(e.Tags, tag)
		}
	}
	e.FirstSeen, bad = upload(row)
	if bad == nil && e.FirstSeen != 0 {
		e.Revision = text(uploaded)
	}
	return e, bad
}

// day reads 2024-01-31 or, as older exports have it, 31 January 2024.
func day(row *csvfile.Row) (hour.Day, *source.ParseError) {
	s := strings.TrimSpace(row.Text(date))
	if s == "" {
		return 0, row.Missing(date)
	}
	for _, layout := range [...]string{time.DateOnly, "2 January 2006"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1900 {
			return hour.Date(t.Date()), nil
		}
	}
	return 0, row.Bad(date, source.NotATime, errDate)
}

// code reads a precision.
func code(row *csvfile.Row, column string) (int32, *source.ParseError) {
	c, bad := row.Int32(column)
	switch {
	case bad != nil:
		return 0, bad
	case !c.Known:
		return 0, row.Missing(column)
	case c.N < 1 || c.N > 3:
		return 0, row.Bad(column, source.NotAllowed, errCode)
	}
	return c.N, nil
}

// upload reads a time in epoch seconds; 0 if there is none.
func upload(row *csvfile.Row) (hour.Instant, *source.ParseError) {
	const most = 1 << 36 // year 4147
	second, ok, bad := row.Float(uploaded)
	switch {
	case bad != nil || !ok:
		return 0, bad
	case second <= 0 || second > most || second != math.Trunc(second):
		return 0, row.Bad(uploaded, source.NotATime, errSecond)
	}
	return hour.Instant(second) * hour.Second, nil
}

var (
	errDate   = errors.New("not a date such as 2024-01-31 or 31 January 2024")
	errCode   = errors.New("not 1, 2 or 3")
	errSecond = errors.New("not a time in whole seconds since 1970")
)

// Sniff reports whether the head of a file is the header of an export, and why or
// why not.
func Sniff(head []byte) (why string, ok bool) {
	return csvfile.Sniff(head, id, date, subType, placePrecision)
}
