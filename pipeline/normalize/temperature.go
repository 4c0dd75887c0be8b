package normalize

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"strconv"
	"strings"
	"time"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/openmeteo"
)

// Values of qc in table.Temperature.
const (
	qcGood     = 0
	qcSuspect  = 1
	qcBad      = 2
	qcImputed  = 3
	qcForecast = 4
)

// ReadOpenMeteo reads a file of the Open-Meteo archive into table.Temperature,
// as kind model_point: one grid point of a reanalysis stands for its area.
//
// The file does not name its place. The area is the source's Place or, where
// that is empty, the one that the option places gives to the file's base name
// (its ending .gz left away):
//
//	places: kyiv_weather.csv=UA80,lviv_weather.csv=UA46
//
// The option months, such as 10-4, keeps the hours from the start of October to
// the end of April in UTC. Others are counted as kept but make no row: they are
// cut by configuration, not for a fault.
//
// A second row of an hour is rejected. The archive shows no vintages, so rows
// have no first_seen_utc unless the source has one.
func ReadOpenMeteo(s *Sink, r io.Reader, name string) error {
	id, err := s.placeOfFile(name)
	if err != nil {
		return err
	}
	return s.readHourly("model_point", openmeteo.Read(r, name), func(source.Temperature) (area.ID, error) { return id, nil })
}

// stationOptions are those of formats whose files are of one station or point.
var stationOptions = []string{"places", "months"}

// readHourly keeps the hours that an adapter yields, with the area that areaOf
// finds for each. It obeys the option months. A second row of an area's hour is
// rejected. An hour that began after the source's first_seen_utc is a forecast,
// whatever the file says.
func (s *Sink) readHourly(kind string, records iter.Seq2[source.Temperature, error], areaOf func(source.Temperature) (area.ID, error)) error {
	wanted, err := parseMonths(s.Source.Options["months"])
	if err != nil {
		return s.badOption("months", err)
	}
	type areaHour struct {
		area area.ID
		hour hour.Hour
	}
	seen := map[areaHour]bool{}
	return each(s, records, func(t source.Temperature) error {
		id, err := areaOf(t)
		if err != nil {
			return err
		}
		if seen[areaHour{id, t.Hour}] {
			return secondRow(t)
		}
		seen[areaHour{id, t.Hour}] = true
		if wanted.hold(t.Hour.Start().Time().Month()) {
			t.Forecast = t.Forecast || s.Source.FirstSeen != 0 && s.Source.FirstSeen < t.Hour.Start()
			s.keepTemperature(id, kind, t, qc(t))
		}
		return nil
	})
}

// secondRow is the error of a reading whose hour, or minute, another one has.
func secondRow(t source.Temperature) error {
	return &source.ParseError{Origin: t.Origin, Code: source.Duplicate, Err: errSecondRow}
}

var errSecondRow = errors.New("another reading has the same time")

// keepTemperature makes a row of table.Temperature.
func (s *Sink) keepTemperature(id area.ID, kind string, t source.Temperature, qc int32) {
	b := s.Keep(t.Revision, t.FirstSeen)
	b.String("area_id", string(id))
	b.String("kind", kind)
	b.Timestamp("time_utc", t.Hour.Start()+t.Past)
	b.Float64("t_c", float64(t.Temp))
	b.Float64("wind_kmh", float64(t.Wind))
	b.Float64("rh_pct", t.Humidity)
	b.Int32("qc", qc)
}

// qc is the quality of a reading of a source that has no codes of its own.
func qc(t source.Temperature) int32 {
	if t.Forecast {
		return qcForecast
	}
	return qcGood
}

// placeOfFile returns the area that a whole file is of. Without one nothing in
// the file can be used, so that is a *source.FileError.
func (s *Sink) placeOfFile(name string) (area.ID, error) {
	place := s.Source.Place
	if place == "" {
		places, err := parsePlaces(s.Source.Options["places"])
		if err != nil {
			return "", s.badOption("places", err)
		}
		base := baseName(name)
		if place = places[base]; place == "" {
			return "", &source.FileError{File: name, Code: source.BadSetting,
				Err: fmt.Errorf("the file does not say which area it is of: give the source a place, or add %s=AREA to its option places", base)}
		}
	}
	return s.fileArea(name, place)
}

// baseName is the last part of a file's path without its ending .gz.
func baseName(name string) string {
	return strings.TrimSuffix(path.Base(strings.ReplaceAll(name, `\`, "/")), ".gz")
}

// fileArea resolves the area that the configuration gives to a file.
func (s *Sink) fileArea(name, place string) (area.ID, error) {
	id, err := s.resolve(place)
	if err != nil {
		return "", &source.FileError{File: name, Code: source.UnknownArea, Err: fmt.Errorf("area %q: %w", place, err)}
	}
	return id, nil
}

// parsePlaces reads FILE=AREA,FILE=AREA.
func parsePlaces(option string) (map[string]string, error) {
	places := map[string]string{}
	if strings.TrimSpace(option) == "" {
		return places, nil
	}
	for _, pair := range strings.Split(option, ",") {
		file, place, ok := strings.Cut(pair, "=")
		file, place = strings.TrimSpace(file), strings.TrimSpace(place)
		switch {
		case !ok || file == "" || place == "":
			return nil, fmt.Errorf("%q is not FILE=AREA", strings.TrimSpace(pair))
		case places[file] != "":
			return nil, fmt.Errorf("%s stands twice", file)
		}
		places[file] = place
	}
	return places, nil
}

// months are the months from first to last, over the turn of the year if last
// comes before first. The zero value holds all.
type months struct{ first, last time.Month }

// parseMonths reads FIRST-LAST in numbers, such as 10-4; "" is all months.
func parseMonths(option string) (months, error) {
	if option == "" {
		return months{}, nil
	}
	first, last, ok := strings.Cut(option, "-")
	a, err1 := strconv.Atoi(strings.TrimSpace(first))
	b, err2 := strconv.Atoi(strings.TrimSpace(last))
	if !ok || err1 != nil || err2 != nil || min(a, b) < 1 || max(a, b) > 12 {
		return months{}, fmt.Errorf("%q is not a range of months such as 10-4", option)
	}
	return months{time.Month(a), time.Month(b)}, nil
}

// hold reports whether m is one of the months.
func (r months) hold(m time.Month) bool {
	switch {
	case r == months{}:
		return true
	case r.first <= r.last:
		return r.first <= m && m <= r.last
	}
	return m >= r.first || m <= r.last
}
