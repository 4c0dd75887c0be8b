// Package openmeteo reads hourly weather of the Open-Meteo archive, a
// reanalysis, as CSV with one place a file.
package openmeteo

import (
	"errors"
	"io"
	"iter"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/csvfile"
	"hardship/pipeline/unit"
)

// Columns that are read, named as the service's own variables are.
const (
	date        = "date"
	temperature = "temperature_2m"       // °C
	humidity    = "relative_humidity_2m" // %; optional
	wind        = "wind_speed_10m"       // km/h; optional
)

// layouts of a time: UTC unless an offset is written.
var layouts = []string{"2006-01-02 15:04:05", "2006-01-02 15:04:05-07:00", "2006-01-02T15:04"}

// Read yields the hours of one file in the order written. Times are UTC.
//
// An empty number is missing. So is wind, unless the file has it at 10 m: the
// wind at 80, 100 or 120 m that files often have instead is another quantity
// and is not read. The file does not say which place it is of.
func Read(r io.Reader, name string) iter.Seq2[source.Temperature, error] {
	return csvfile.Records(r, name, []string{date, temperature}, []string{humidity, wind}, reading)
}

func reading(row *csvfile.Row) (t source.Temperature, bad *source.ParseError) {
	at, ok, bad := row.Instant(date, layouts...)
	switch {
	case bad != nil:
		return t, bad
	case !ok:
		return t, row.Missing(date)
	case at%hour.InstantsInHour != 0:
		return t, row.Bad(date, source.NotATime, errNotHourly)
	}
	t = source.Temperature{
		Origin:   row.Origin(temperature),
		Hour:     at.Hour(),
		Temp:     unit.Missing[unit.Celsius](),
		Wind:     unit.Missing[unit.KilometresPerHour](),
		Humidity: unit.Missing[float64](),
	}
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
	if v, ok, bad := row.FloatWithin(humidity, 0, source.MaxHumidity); bad != nil {
		return t, bad
	} else if ok {
		t.Humidity = v
	}
	return t, nil
}

var errNotHourly = errors.New("not the start of an hour")
