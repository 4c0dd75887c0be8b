// Package isd reads the weather reports of one station as the CSV files
// Global Hourly of the Integrated Surface Dataset (NOAA NCEI) have them:
//
//	"STATION","DATE",…,"REPORT_TYPE",…,"WND",…,"TMP",…
//	"…","2031-01-05T06:00:00",…,"FM-12",…,"180,1,N,0030,1",…,"-0032,1",…
//
// A field holds several codes, parted by commas. Where the station is, what it
// is called and which it is, is not read.
package isd

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"hardship/pipeline/source"
	"hardship/pipeline/source/csvfile"
	"hardship/pipeline/unit"
)

// Columns that are read; station only to see that it stays the same.
const (
	station     = "STATION" // optional
	date        = "DATE"
	reportType  = "REPORT_TYPE" // optional
	temperature = "TMP"         // "±TTTT,q": tenths of °C, +9999 missing; quality
	wind        = "WND"         // "ddd,q,t,ssss,q": …, type, tenths of m/s, 9999 missing; quality; optional
)

// qualities are the codes that a temperature may have (normalize says what
// they mean).
const qualities = "012345679ACIMPRU"

// Read yields the reports of one file in the order written. Times are UTC;
// reports come at any minute, often several in an hour. Quality is the code of
// the temperature.
//
// Wind that its code calls suspect or erroneous, and that of a squall, is
// missing; so is the humidity of every report. A summary of a day or month
// (SOD, SOM) is no reading: it is yielded without values. A report of another
// station than those before it ends the file with an error, since readings of
// two places must not be taken for one's.
func Read(r io.Reader, name string) iter.Seq2[source.Temperature, error] {
	return func(yield func(source.Temperature, error) bool) {
		f, err := csvfile.Open(r, name, []string{date, temperature}, []string{station, reportType, wind})
		if err != nil {
			yield(source.Temperature{}, err)
			return
		}
		csvfile.OfOneStation(f, station, []string{date, reportType, temperature, wind}, report)(yield)
	}
}

func report(row *csvfile.Row) (t source.Temperature, bad *source.ParseError) {
	at, ok, bad := row.Instant(date, "2006-01-02T15:04:05")
	if bad != nil {
		return t, bad
	} else if !ok {
		return t, row.Missing(date)
	}
	t = source.Temperature{
		Origin:   row.Origin(temperature),
		Hour:     at.Hour(),
		Past:     at - at.Hour().Start(),
		Temp:     unit.Missing[unit.Celsius](),
		Wind:     unit.Missing[unit.KilometresPerHour](),
		Humidity: unit.Missing[float64](),
	}
	switch strings.TrimSpace(row.Text(reportType)) {
	case "SOD", "SOM":
		return t, nil
	}
	if t.Temp, t.Quality, bad = readTemperature(row); bad != nil {
		return t, bad
	}
	t.Wind, bad = readWind(row)
	return t, bad
}

// readTemperature reads ±TTTT,q.
func readTemperature(row *csvfile.Row) (unit.Celsius, string, *source.ParseError) {
	none := unit.Missing[unit.Celsius]()
	text := row.Text(temperature)
	if text == "" {
		return none, "", nil
	}
	number, quality, _ := strings.Cut(text, ",")
	if len(number) != 5 || number[0] != '+' && number[0] != '-' || !isDigits(number[1:]) || len(quality) != 1 {
		return none, "", row.Bad(temperature, source.Malformed, errors.New("not a sign, four digits and a code of quality, such as -0123,1"))
	}
	if !strings.Contains(qualities, quality) {
		return none, "", row.Bad(temperature, source.NotAllowed, fmt.Errorf("its code of quality is not one of %s", qualities))
	}
	if number == "+9999" {
		return none, quality, nil
	}
	tenths, _ := strconv.Atoi(number)
	if tenths < source.MinCelsius*10 || tenths > source.MaxCelsius*10 {
		return none, "", row.Bad(temperature, source.OutOfRange, fmt.Errorf("not from %d to %d tenths of a degree", source.MinCelsius*10, source.MaxCelsius*10))
	}
	return unit.Celsius(tenths) / 10, quality, nil
}

// readWind reads ddd,q,t,ssss,q.
func readWind(row *csvfile.Row) (unit.KilometresPerHour, *source.ParseError) {
	none := unit.Missing[unit.KilometresPerHour]()
	text := row.Text(wind)
	if text == "" {
		return none, nil
	}
	codes := strings.Split(text, ",")
	if len(codes) != 5 || len(codes[3]) != 4 || !isDigits(codes[3]) || len(codes[4]) != 1 {
		return none, row.Bad(wind, source.Malformed, errors.New("not five codes, the fourth four digits, such as 180,1,N,0030,1"))
	}
	kind, speed, quality := codes[2], codes[3], codes[4]
	if speed == "9999" || kind == "Q" || strings.Contains("2367", quality) {
		return none, nil
	}
	tenths, _ := strconv.Atoi(speed)
	v := unit.MetresPerSecond(float64(tenths) / 10)
	if v > source.MaxWind {
		return none, row.Bad(wind, source.OutOfRange, fmt.Errorf("more than %d km/h", source.MaxWind))
	}
	return v, nil
}

func isDigits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// Sniff reports whether the head of a file is that of such a file, and why.
func Sniff(head []byte) (why string, ok bool) {
	return csvfile.Sniff(head, station, date, temperature)
}
