package normalize

import (
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"time"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/openmeteo"
)

// Values of qc in table.Temperature that readers set.
const (
	qcGood     = 0
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
	if err := s.knowsOptions("places", "months"); err != nil {
		return err
	}
	id, err := s.placeOfFile(name)
	if err != nil {
		return err
	}
	wanted, err := parseMonths(s.Source.Options["months"])
	if err != nil {
		return s.badOption("months", err)
	}
	seen := map[hour.Hour]bool{}
	return each(s, openmeteo.Read(r, name), func(t source.Temperature) error {
		if seen[t.Hour] {
			at := t.Origin
			at.Column = 0
			return &source.ParseError{Origin: at, Code: source.Duplicate, Err: errSecondRow}
		}
		seen[t.Hour] = true
		if wanted.hold(t.Hour.Start().Time().Month()) {
			s.keepTemperature(id, "model_point", t)
		}
		return nil
	})
}

var errSecondRow = errors.New("another row has the same hour")

// keepTemperature makes a row of table.Temperature.
func (s *Sink) keepTemperature(id area.ID, kind string, t source.Temperature) {
	b := s.Keep(t.Revision, t.FirstSeen)
	b.String("area_id", string(id))
	b.String("kind", kind)
	b.Timestamp("time_utc", t.Hour.Start())
	b.Float64("t_c", float64(t.Temp))
	b.Float64("wind_kmh", float64(t.Wind))
	b.Float64("rh_pct", t.Humidity)
	b.Int32("qc", qc(t))
}

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
		base := strings.TrimSuffix(path.Base(strings.ReplaceAll(name, `\`, "/")), ".gz")
		if place = places[base]; place == "" {
			return "", &source.FileError{File: name, Code: source.UnknownArea,
				Err: fmt.Errorf("the file does not say which area it is of: give the source a place, or add %s=AREA to its option places", base)}
		}
	}
	id, err := s.Gazetteer.Resolve(place)
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
