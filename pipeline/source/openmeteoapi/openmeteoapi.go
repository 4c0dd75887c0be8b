// Package openmeteoapi reads hourly weather as the JSON interfaces of
// Open-Meteo answer with it, the archive's and the forecast's alike:
//
//	{"latitude", "longitude", "utc_offset_seconds", "timezone", …,
//	 "hourly_units": {"time", "temperature_2m", …}, "hourly": {"time": […], "temperature_2m": […], …}}
//
// or, for several places, a list of such objects. Units are those that the
// answer names; coordinates are not read.
package openmeteoapi

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/jsonfile"
	"hardship/pipeline/unit"
)

// Keys that are read. The answer spells a variable as the question did, and
// older names are still answered.
const (
	offset      = "utc_offset_seconds"
	units       = "hourly_units"
	hourly      = "hourly"
	timeOf      = "time"
	temperature = "temperature_2m"
)

var (
	humidity = []string{"relative_humidity_2m", "relativehumidity_2m"} // %; optional
	wind     = []string{"wind_speed_10m", "windspeed_10m"}             // optional
)

// Units that an answer may name, with what makes ours of them. A variable that
// a model does not have is "undefined" and null throughout.
const undefined = "undefined"

var (
	temperatureUnits = map[string]func(float64) float64{
		"°C": asItIs,
		"°F": func(v float64) float64 { return float64(unit.Fahrenheit(v)) },
	}
	speedUnits = map[string]func(float64) float64{
		"km/h": asItIs,
		"m/s":  func(v float64) float64 { return float64(unit.MetresPerSecond(v)) },
		"mp/h": func(v float64) float64 { return float64(unit.MilesPerHour(v)) },
		"kn":   func(v float64) float64 { return float64(unit.Knots(v)) },
	}
	shareUnits = map[string]func(float64) float64{"%": asItIs}
)

func asItIs(v float64) float64 { return v }

// Read yields the hours of one answer, place by place, in the order written.
//
// Times without an offset are utc_offset_seconds ahead of UTC, all of them: the
// service does not follow clocks that change within the answer. Times in
// seconds (unixtime) are UTC. An hour that does not begin with one of UTC is
// refused.
//
// A null is missing, and so is wind that is not at 10 m. Place is the position
// in the list from 0, which the service calls location_id; it is empty where
// the answer is one place's. A place whose lists differ in length is refused
// whole, since nothing says which of its values belong together.
func Read(r io.Reader, name string) iter.Seq2[source.Temperature, error] {
	return func(yield func(source.Temperature, error) bool) {
		root, err := jsonfile.Read(r, name)
		if err == nil {
			err = check(root, name)
		}
		if err != nil {
			yield(source.Temperature{}, err)
			return
		}
		locations := []*jsonfile.Value{root}
		if root.Kind == jsonfile.Array {
			locations = root.Items
		}
		for i, location := range locations {
			s, err := seriesOf(location)
			if err != nil {
				if !yield(source.Temperature{}, err) {
					return
				}
				continue
			}
			if root.Kind == jsonfile.Array {
				s.place = strconv.Itoa(i)
			}
			for i := range s.times {
				t, err := s.reading(i)
				if err != nil {
					t = source.Temperature{}
				}
				if !yield(t, err) {
					return
				}
			}
		}
	}
}

// check returns an error if a document is no answer at all.
func check(root *jsonfile.Value, name string) error {
	fail := func(format string, args ...any) error {
		return &source.FileError{File: name, Code: source.WrongFormat, Err: fmt.Errorf(format, args...)}
	}
	first := root
	if root.Kind == jsonfile.Array && len(root.Items) > 0 {
		first = root.Items[0]
	}
	if first.Kind != jsonfile.Object {
		return fail("is neither an object nor a list of objects")
	}
	if failed := first.Get("error"); failed != nil && failed.True {
		return fail("is an error message of the service, not weather")
	}
	if first.Get(hourly) == nil {
		var keys []string
		for _, m := range first.Members[:min(20, len(first.Members))] {
			keys = append(keys, source.Printable(m.Key))
		}
		return fail("no key %s; found %s", hourly, strings.Join(keys, ", "))
	}
	return nil
}

// series is what an answer says of one place.
type series struct {
	place    string
	at       source.Origin
	instant  func(*jsonfile.Value) (hour.Instant, error)
	times    []*jsonfile.Value
	temp     variable
	humidity variable
	wind     variable
}

// A variable is one list of numbers and what makes our unit of them.
type variable struct {
	values []*jsonfile.Value // nil where the answer does not have it
	tidy   func(float64) float64
	lo, hi float64
	unit   string // of lo and hi
}

func seriesOf(location *jsonfile.Value) (series, error) {
	s := series{
		at:       location.Origin(),
		temp:     variable{lo: source.MinCelsius, hi: source.MaxCelsius, unit: "°C"},
		humidity: variable{hi: source.MaxHumidity, unit: "%"},
		wind:     variable{hi: source.MaxWind, unit: "km/h"},
	}
	if location.Kind != jsonfile.Object { // said without its text, which may be coordinates
		return s, &source.ParseError{Origin: s.at, Field: location.Path(), Code: source.NotAllowed, Err: errors.New("is not an object")}
	}
	values, err := location.Want(hourly, jsonfile.Object)
	if err != nil {
		return s, err
	}
	names, err := location.Want(units, jsonfile.Object)
	if err != nil {
		return s, err
	}
	if s.times, s.instant, err = clock(location, names, values); err != nil {
		return s, err
	}
	if err := s.temp.read(names, values, []string{temperature}, temperatureUnits, len(s.times)); err != nil {
		return s, err
	}
	if s.temp.values == nil {
		_, err := values.Want(temperature, jsonfile.Array)
		return s, err
	}
	if err := s.humidity.read(names, values, humidity, shareUnits, len(s.times)); err != nil {
		return s, err
	}
	return s, s.wind.read(names, values, wind, speedUnits, len(s.times))
}

// clock returns a place's times and what makes instants of them.
func clock(location, names, values *jsonfile.Value) ([]*jsonfile.Value, func(*jsonfile.Value) (hour.Instant, error), error) {
	times, err := values.Want(timeOf, jsonfile.Array)
	if err != nil {
		return nil, nil, err
	}
	form, err := names.Want(timeOf, jsonfile.Text)
	if err != nil {
		return nil, nil, err
	}
	switch form.Text {
	case "unixtime":
		return times.Items, unixTime, nil
	case "iso8601":
	default:
		return nil, nil, form.Bad(source.NotAllowed, errors.New("is not iso8601 or unixtime"))
	}
	ahead, err := location.Want(offset, jsonfile.Number)
	if err != nil {
		return nil, nil, err
	}
	seconds, err := strconv.Atoi(ahead.Text)
	if err != nil || seconds < -18*3600 || seconds > 18*3600 {
		return nil, nil, ahead.Bad(source.OutOfRange, errors.New("is not an offset from UTC in seconds"))
	}
	return times.Items, func(v *jsonfile.Value) (hour.Instant, error) {
		if err := v.Is(jsonfile.Text); err != nil {
			return 0, err
		}
		t, err := time.Parse("2006-01-02T15:04", v.Text)
		if err != nil {
			return 0, v.Bad(source.NotATime, source.ErrNotATime)
		}
		return hour.At(t) - hour.Instant(seconds)*hour.Second, nil
	}, nil
}

// unixTime returns the instant of a number of seconds since 1970-01-01T00:00Z.
func unixTime(v *jsonfile.Value) (hour.Instant, error) {
	if err := v.Is(jsonfile.Number); err != nil {
		return 0, err
	}
	seconds, err := strconv.ParseInt(v.Text, 10, 64)
	const farthest = 253402300799 // the last second of the year 9999
	if err != nil || seconds < -farthest || seconds > farthest {
		return 0, v.Bad(source.NotATime, errors.New("not a time in whole seconds since 1970"))
	}
	return hour.Instant(seconds) * hour.Second, nil
}

// read finds the variable under the first of its spellings that the answer
// has, with its unit.
func (x *variable) read(names, values *jsonfile.Value, spellings []string, known map[string]func(float64) float64, length int) error {
	i := slices.IndexFunc(spellings, func(s string) bool { return values.Get(s) != nil })
	if i < 0 {
		return nil
	}
	list, err := values.Want(spellings[i], jsonfile.Array)
	if err != nil {
		return err
	}
	if len(list.Items) != length {
		return &source.ParseError{Origin: list.Origin(), Field: list.Path(), Code: source.Contradiction,
			Err: fmt.Errorf("has %d values for %d times", len(list.Items), length)}
	}
	name, err := names.Want(spellings[i], jsonfile.Text)
	if err != nil {
		return err
	}
	x.values, x.tidy = list.Items, known[name.Text]
	if x.tidy == nil && name.Text != undefined {
		return name.Bad(source.NotAllowed, errors.New("is not a unit that this variable may have"))
	}
	return nil
}

// at returns the number of hour i in our unit, NaN if there is none.
func (x *variable) at(i int) (float64, error) {
	if x.values == nil || x.values[i].Kind == jsonfile.Null {
		return unit.Missing[float64](), nil
	}
	v := x.values[i]
	if err := v.Is(jsonfile.Number); err != nil {
		return 0, err
	}
	if x.tidy == nil {
		return 0, v.Bad(source.Contradiction, errors.New("is a number, and "+units+" calls it "+undefined))
	}
	number, err := strconv.ParseFloat(v.Text, 64)
	if number = x.tidy(number); err != nil || number < x.lo || number > x.hi {
		return 0, v.Bad(source.OutOfRange, fmt.Errorf("not from %v to %v %s", x.lo, x.hi, x.unit))
	}
	return number, nil
}

func (s *series) reading(i int) (source.Temperature, error) {
	t := source.Temperature{Origin: s.temp.values[i].Origin(), Place: s.place, PlaceOrigin: s.at}
	at, err := s.instant(s.times[i])
	if err != nil {
		return t, err
	}
	if at%hour.InstantsInHour != 0 {
		return t, s.times[i].Bad(source.NotATime, errors.New("not the start of an hour of UTC"))
	}
	t.Hour = at.Hour()
	celsius, err := s.temp.at(i)
	if err != nil {
		return t, err
	}
	speed, err := s.wind.at(i)
	if err != nil {
		return t, err
	}
	if t.Humidity, err = s.humidity.at(i); err != nil {
		return t, err
	}
	t.Temp, t.Wind = unit.Celsius(celsius), unit.KilometresPerHour(speed)
	return t, nil
}

// Sniff reports whether the head of a file is that of such an answer, and why.
func Sniff(head []byte) (why string, ok bool) {
	if why, ok := jsonfile.Sniff(head, offset, units); !ok {
		return why, false
	}
	if !slices.Contains(jsonfile.Keys(head, units), temperature) {
		return "its " + units + " do not name " + temperature, false
	}
	return "its first object has the keys " + offset + " and " + units + ", which name " + temperature, true
}
