// Package weatherpage reads the versions of a web page that prints the hourly
// weather of its day: one row is one hour as one version of the page showed it.
// The figures are WeatherAPI.com's, the output of a model.
package weatherpage

import (
	"errors"
	"io"
	"iter"
	"time"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/csvfile"
	"hardship/pipeline/unit"
)

// Columns that are read.
const (
	commit      = "commit"
	commitTime  = "commit_time_utc"
	place       = "place"
	date        = "weather_date" // local
	label       = "hour_local"   // 00:00 to 23:00 on every day, however long it is
	temperature = "temp_c"       // °C
	wind        = "wind_kph"     // km/h, taken to be at 10 m as is usual; the service does not say (from memory)
)

// Read yields the hours of all versions in the order written. Clock times are
// those of loc.
//
// An hour label that the clocks of its day skip is a row of SkippedTime. One
// that they show twice is the first of the two hours: the page lists 24 labels
// also on a day of 25 hours, and the second has none.
//
// Forecast is set where the version was committed before the hour began.
// FirstSeen is the time of the commit, Revision its id. An empty number is
// missing; the page has no humidity.
func Read(r io.Reader, name string, loc *time.Location) iter.Seq2[source.Temperature, error] {
	columns := []string{commit, commitTime, place, date, label, temperature, wind}
	return csvfile.Records(r, name, columns, nil, func(row *csvfile.Row) (source.Temperature, *source.ParseError) {
		return reading(row, loc)
	})
}

func reading(row *csvfile.Row, loc *time.Location) (t source.Temperature, bad *source.ParseError) {
	t = source.Temperature{
		Origin:      row.Origin(temperature),
		Place:       row.Text(place),
		PlaceOrigin: row.Origin(place),
		Revision:    row.Text(commit),
		Temp:        unit.Missing[unit.Celsius](),
		Wind:        unit.Missing[unit.KilometresPerHour](),
		Humidity:    unit.Missing[float64](),
	}
	if t.Revision == "" {
		return t, row.Missing(commit)
	}
	var ok bool
	if t.FirstSeen, ok, bad = row.Instant(commitTime, time.RFC3339); bad != nil {
		return t, bad
	} else if !ok {
		return t, row.Missing(commitTime)
	}
	if t.Hour, bad = localHour(row, loc); bad != nil {
		return t, bad
	}
	t.Forecast = t.FirstSeen < t.Hour.Start()
	if v, ok, bad := row.FloatWithin(temperature, source.MinCelsius, source.MaxCelsius); bad != nil {
		return t, bad
	} else if ok {
		t.Temp = unit.Celsius(v)
	}
	if v, ok, bad := row.FloatWithin(wind, 0, source.MaxWind); bad != nil {
		return t, bad
	} else if ok {
		t.Wind = unit.KilometresPerHour(v)
	}
	return t, nil
}

// localHour returns the UTC hour that a row's date and label stand for.
func localHour(row *csvfile.Row, loc *time.Location) (hour.Hour, *source.ParseError) {
	for _, column := range []string{date, label} {
		if row.Text(column) == "" {
			return 0, row.Missing(column)
		}
	}
	day, err := hour.ParseDay(row.Text(date))
	if err != nil {
		return 0, row.Bad(date, source.NotATime, source.ErrNotATime)
	}
	clock, err := time.Parse("15:04", row.Text(label))
	if err != nil {
		return 0, row.Bad(label, source.NotATime, source.ErrNotATime)
	}
	at, err := hour.Local(day, clock.Hour()*60+clock.Minute(), loc)
	switch {
	case errors.Is(err, hour.ErrNoSuchTime):
		return 0, row.Bad(label, source.SkippedTime, source.ErrSkippedLocal)
	case at%hour.InstantsInHour != 0:
		return 0, row.Bad(label, source.NotATime, errNotHourly)
	}
	return at.Hour(), nil
}

var errNotHourly = errors.New("not the start of an hour of UTC")
