// Package meteostat reads hourly weather of one station as Meteostat's bulk
// files have it, in either layout:
//
//	date,hour,temp,dwpt,rhum,prcp,snow,wdir,wspd,wpgt,pres,tsun,coco
//	year,month,day,hour,temp,temp_source,rhum,rhum_source,…,coco,coco_source
//
// the first without that line. Both fill hours that no one measured with a
// model; only the second says which.
package meteostat

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/csvfile"
	"hardship/pipeline/unit"
)

// Columns that are read.
const (
	date        = "date" // of the layout without a header
	year        = "year" // of the other
	month       = "month"
	day         = "day"
	clock       = "hour" // 0 to 23
	temperature = "temp" // °C
	humidity    = "rhum" // %
	wind        = "wspd" // km/h
	fromSuffix  = "_source"
)

// bare are all columns of the layout without a header.
var bare = []string{date, clock, temperature, "dwpt", humidity, "prcp", "snow", "wdir", wind, "wpgt", "pres", "tsun", "coco"}

// Forecasts are the names in the columns _source of those providers that
// forecast; all others observed.
var Forecasts = []string{"dwd_mosmix", "metno_forecast"}

// Read yields the hours of one file in the order written. Times are UTC.
//
// An empty number is missing. Quality is what temp_source names. Forecast is
// set where that is one of Forecasts; beside a temperature that was observed,
// wind and humidity of such a source are missing. The layout without a header
// does not say, so nothing of it is a Forecast. The file does not name its
// station.
func Read(r io.Reader, name string) iter.Seq2[source.Temperature, error] {
	return func(yield func(source.Temperature, error) bool) {
		buffered := bufio.NewReader(r)
		head, _ := buffered.Peek(4)
		whole := source.WithLimitsOf(buffered, r)
		records := csvfile.Records(whole, name, []string{year, month, day, clock, temperature},
			[]string{humidity, wind, temperature + fromSuffix, humidity + fromSuffix, wind + fromSuffix},
			func(row *csvfile.Row) (source.Temperature, *source.ParseError) { return reading(row, wholeDate, true) })
		if head = bytes.TrimPrefix(head, []byte("\ufeff")); len(head) > 0 && isDigit(head[0]) {
			records = csvfile.Parsed(csvfile.OpenBare(whole, name, bare),
				func(row *csvfile.Row) (source.Temperature, *source.ParseError) { return reading(row, isoDate, false) })
		}
		for t, err := range records {
			if !yield(t, err) {
				return
			}
		}
	}
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// reading translates one row; day finds its day, and sourced says whether the
// layout names the source of each value.
func reading(row *csvfile.Row, day func(*csvfile.Row) (hour.Day, *source.ParseError), sourced bool) (t source.Temperature, bad *source.ParseError) {
	d, bad := day(row)
	if bad != nil {
		return t, bad
	}
	h, bad := whole(row, clock, 0, 23)
	if bad != nil {
		return t, bad
	}
	t = source.Temperature{
		Origin:   row.Origin(temperature),
		Hour:     hour.Hour(d)*24 + hour.Hour(h),
		Temp:     unit.Missing[unit.Celsius](),
		Wind:     unit.Missing[unit.KilometresPerHour](),
		Humidity: unit.Missing[float64](),
	}
	forecast := func(column string) bool {
		return sourced && slices.Contains(Forecasts, row.Text(column+fromSuffix))
	}
	if v, ok, bad := row.FloatWithin(temperature, source.MinCelsius, source.MaxCelsius); bad != nil {
		return t, bad
	} else if ok {
		t.Temp, t.Forecast = unit.Celsius(v), forecast(temperature)
	}
	if sourced {
		t.Quality = row.Text(temperature + fromSuffix)
	}
	if v, ok, bad := row.FloatWithin(wind, 0, source.MaxWind); bad != nil {
		return t, bad
	} else if ok && (t.Forecast || !forecast(wind)) {
		t.Wind = unit.KilometresPerHour(v)
	}
	if v, ok, bad := row.FloatWithin(humidity, 0, source.MaxHumidity); bad != nil {
		return t, bad
	} else if ok && (t.Forecast || !forecast(humidity)) {
		t.Humidity = v
	}
	return t, nil
}

// isoDate reads the column date.
func isoDate(row *csvfile.Row) (hour.Day, *source.ParseError) {
	if row.Text(date) == "" {
		return 0, row.Missing(date)
	}
	d, err := hour.ParseDay(row.Text(date))
	if err != nil {
		return 0, row.Bad(date, source.NotATime, source.ErrNotATime)
	}
	return d, nil
}

// wholeDate reads the columns year, month and day.
func wholeDate(row *csvfile.Row) (hour.Day, *source.ParseError) {
	y, bad := whole(row, year, 1, 9999)
	if bad != nil {
		return 0, bad
	}
	m, bad := whole(row, month, 1, 12)
	if bad != nil {
		return 0, bad
	}
	n, bad := whole(row, day, 1, 31)
	if bad != nil {
		return 0, bad
	}
	d := hour.Date(y, time.Month(m), n)
	if d.Time().Day() != n {
		return 0, row.Bad(day, source.NotATime, fmt.Errorf("month %d has no such day", m))
	}
	return d, nil
}

// whole returns a part of a time: a whole number from lo to hi.
func whole(row *csvfile.Row, column string, lo, hi int) (int, *source.ParseError) {
	n, bad := row.Int32(column)
	switch {
	case bad != nil:
		return 0, bad
	case !n.Known:
		return 0, row.Missing(column)
	case int(n.N) < lo || int(n.N) > hi:
		return 0, row.Bad(column, source.NotATime, fmt.Errorf("not from %d to %d", lo, hi))
	}
	return int(n.N), nil
}

// Sniff reports whether the head of a file is that of either layout, and why.
func Sniff(head []byte) (why string, ok bool) {
	line, _, _ := strings.Cut(string(bytes.TrimPrefix(head, []byte("\ufeff"))), "\n")
	if line == "" || !isDigit(line[0]) {
		return csvfile.Sniff(head, year, month, day, clock, temperature)
	}
	fields := strings.Split(strings.TrimSuffix(line, "\r"), ",")
	if len(fields) != len(bare) {
		return fmt.Sprintf("its first line is no header and has %d fields, not %d", len(fields), len(bare)), false
	}
	h, err := strconv.Atoi(fields[1])
	if _, err2 := hour.ParseDay(fields[0]); err2 != nil || err != nil || h < 0 || h > 23 {
		return "its first line is no header and does not begin with a date and an hour from 0 to 23", false
	}
	return fmt.Sprintf("its first line is no header: a date, an hour and %d fields more", len(bare)-2), true
}
