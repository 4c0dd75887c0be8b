// Package siren reads air-raid alerts of Ukraine as the data set
// Vadimkin/ukrainian-air-raid-sirens-dataset publishes them: one file from the
// official channels, by oblast, raion and hromada, and one from volunteers, by
// oblast. Times are UTC.
package siren

import (
	"errors"
	"io"
	"iter"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/csvfile"
)

// Columns that are read. The official file has raion and hromada too, which
// are finer than the areas of this project.
const (
	oblast   = "oblast" // of the official file
	region   = "region" // of the volunteers' file: an oblast
	level    = "level"
	started  = "started_at"
	finished = "finished_at"
	naive    = "naive"
)

const layout = "2006-01-02 15:04:05-07:00"

// levels are the words of the column level and the administrative levels that
// they stand for.
var levels = map[string]int32{"oblast": 1, "raion": 2, "hromada": 3}

// ReadOfficial yields the alerts of the official file in the order written.
// Place is the oblast, also where the alert was declared in a part of it; Level
// says in how large a part. An alert without an end lasts.
func ReadOfficial(r io.Reader, name string) iter.Seq2[source.Alert, error] {
	return csvfile.Records(r, name, []string{oblast, level, started, finished}, nil, func(row *csvfile.Row) (source.Alert, *source.ParseError) {
		a, bad := alert(row, oblast)
		if bad != nil {
			return a, bad
		}
		word := row.Text(level)
		switch n, known := levels[word]; {
		case word == "":
			return a, row.Missing(level)
		case !known:
			return a, row.Bad(level, source.NotAllowed, errors.New("not oblast, raion or hromada"))
		default:
			a.Level = n
		}
		return a, nil
	})
}

// ReadVolunteer yields the alerts of the volunteers' file in the order written.
// EndImputed is set where the file says True under naive: the end was not seen
// and is 30 minutes after the start. An alert without an end lasts.
func ReadVolunteer(r io.Reader, name string) iter.Seq2[source.Alert, error] {
	return csvfile.Records(r, name, []string{region, started, finished, naive}, nil, func(row *csvfile.Row) (source.Alert, *source.ParseError) {
		a, bad := alert(row, region)
		if bad != nil {
			return a, bad
		}
		a.Level = levels["oblast"]
		switch row.Text(naive) {
		case "True":
			if a.End == hour.DistantFuture {
				return a, row.Missing(finished)
			}
			a.EndImputed = true
		case "False":
		case "":
			return a, row.Missing(naive)
		default:
			return a, row.Bad(naive, source.NotAllowed, errors.New("not True or False"))
		}
		return a, nil
	})
}

// alert reads what both files have. Each row is one alert.
func alert(row *csvfile.Row, place string) (a source.Alert, bad *source.ParseError) {
	a = source.Alert{Origin: row.Origin(place), Place: row.Text(place), End: hour.DistantFuture, Subalerts: source.Counted(1)}
	if a.Place == "" {
		return a, row.Missing(place)
	}
	var ok bool
	if a.Start, ok, bad = row.Instant(started, layout); bad != nil {
		return a, bad
	} else if !ok {
		return a, row.Missing(started)
	}
	end, ok, bad := row.Instant(finished, layout)
	switch {
	case bad != nil:
		return a, bad
	case ok && end < a.Start:
		return a, row.Bad(finished, source.EndsBefore, source.ErrEndsBefore)
	case ok:
		a.End = end
	}
	return a, nil
}
