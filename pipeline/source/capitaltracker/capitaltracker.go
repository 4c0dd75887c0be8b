// Package capitaltracker reads the weather of capitals as the repository
// haihttt974/capital-weather-tracker keeps it: one CSV file a country, a row
// some six hours apart for what OpenWeather answered at that moment.
package capitaltracker

import (
	"io"
	"iter"

	"hardship/pipeline/source"
	"hardship/pipeline/source/csvfile"
	"hardship/pipeline/unit"
)

// Columns that are read.
//
// wind_speed is not. It is in m/s, since feels_like is the wind chill of it in
// that unit; but the height is not said, and more than half of its values are
// whole miles an hour and go with no other source's wind at 10 m: gauges of
// amateurs, lower and sheltered (README.md has the figures).
const (
	utcTime     = "utc_time" // when the answer came, to the second
	capital     = "capital"
	temperature = "temperature" // °C
	humidity    = "humidity"    // %; optional
)

// Read yields the answers of one file in the order written, each as a value of
// the UTC hour in which it came. Place is the capital as the file spells it. An
// empty number is missing; Wind always is.
func Read(r io.Reader, name string) iter.Seq2[source.Temperature, error] {
	return csvfile.Records(r, name, []string{utcTime, capital, temperature}, []string{humidity}, reading)
}

func reading(row *csvfile.Row) (t source.Temperature, bad *source.ParseError) {
	at, ok, bad := row.Instant(utcTime, "2006-01-02 15:04:05")
	if bad != nil {
		return t, bad
	} else if !ok {
		return t, row.Missing(utcTime)
	}
	t = source.Temperature{
		Origin:      row.Origin(temperature),
		Place:       row.Text(capital),
		PlaceOrigin: row.Origin(capital),
		Hour:        at.Hour(),
		Temp:        unit.Missing[unit.Celsius](),
		Wind:        unit.Missing[unit.KilometresPerHour](),
		Humidity:    unit.Missing[float64](),
	}
	if v, ok, bad := row.FloatWithin(temperature, source.MinCelsius, source.MaxCelsius); bad != nil {
		return t, bad
	} else if ok {
		t.Temp = unit.Celsius(v)
	}
	if v, ok, bad := row.FloatWithin(humidity, 0, source.MaxHumidity); bad != nil {
		return t, bad
	} else if ok {
		t.Humidity = v
	}
	return t, nil
}

// Sniff reports whether the head of a file is that of such a file, and why.
func Sniff(head []byte) (why string, ok bool) {
	return csvfile.Sniff(head, utcTime, capital, temperature)
}
