// Package inspect finds rows that can be read and are hardly true: a temperature
// that no weather has, a sensor that has frozen, an outage longer than a month,
// more customers out than people live there, rows of a day to come, and sources
// that have fallen silent.
//
// What it finds is said, never changed and never left out: `validate` lists it,
// and whoever knows the source decides.
package inspect

import (
	"fmt"
	"iter"
	"math"
	"os"
	"slices"
	"strconv"

	"github.com/apache/arrow/go/v17/arrow/array"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

// What is hardly true. The limits of temperature are wider than any record of
// the countries of the shipped data, and the longest run of equal hours is
// longer than fog at the freezing point lasts [M].
const (
	MinCelsius     = -60.0
	MaxCelsius     = 55.0
	MaxHourlyStepK = 20.0
	StuckHours     = 24 // equal readings one hour after another
	MaxDays        = 30 // of an interval
)

// An Inspector looks at the rows of one source, file after file.
type Inspector struct {
	gazetteer *area.Gazetteer // nil: nothing is known of the areas
	asOf      hour.Instant
	newest    hour.Instant
	last      map[string]reading // by area and vintage
	keys      *keyLog
	files     []string // whose rows were looked at
	schemas   []*table.Schema
	found     []*source.ParseError
}

// reading is the last temperature of an area.
type reading struct {
	hour  hour.Instant
	value float64
	equal int   // hours with the same value, up to it
	line  int32 // of the first of them
}

// New returns an Inspector. asOf is when the rows are looked at: what lies behind
// it has not been yet. What memory does not hold of a large source lies in files of
// the folder for temporary ones until Close.
func New(gazetteer *area.Gazetteer, asOf hour.Instant) *Inspector {
	return &Inspector{gazetteer: gazetteer, asOf: asOf, newest: hour.DistantPast, last: map[string]reading{}, keys: newKeyLog(mostKeys, os.TempDir())}
}

// Close gives up what the inspector holds.
func (i *Inspector) Close() { i.keys.close() }

// Newest returns the newest time of any row; hour.DistantPast if none has one.
func (i *Inspector) Newest() hour.Instant { return i.newest }

// Rows returns what is hardly true of rows of a canonical table, each with the
// file and line on which it stands. lines may be nil where rows have none. An error
// is one of the files for what memory does not hold.
func (i *Inspector) Rows(t *table.Table, file string, lines []int32) ([]*source.ParseError, error) {
	if n := len(i.files); n == 0 || i.files[n-1] != file {
		i.files = append(i.files, file)
	}
	i.found = nil
	if err := i.duplicates(t, lines); err != nil {
		return nil, err
	}
	i.times(t, lines)
	switch t.Schema {
	case table.Temperature:
		i.hours(t, t.String("area_id"), lines)
	case table.PointTemperature:
		i.hours(t, t.String("point_id"), lines)
	case table.TemperatureDay:
		for _, name := range []string{"tmin_c", "tmean_c", "tmax_c"} {
			column := t.Float64(name)
			for row := range t.Rows() {
				if column.IsValid(row) {
					i.celsius(name, column.Value(row), lineOf(lines, row))
				}
			}
		}
	case table.OutageInterval, table.Alert, table.SupplyInterval:
		i.spans(t, lines)
	}
	switch t.Schema {
	case table.OutageInterval:
		i.people(t, "customers_lo", lines)
	case table.OutageSnapshot:
		i.people(t, "customers_out", lines)
	}
	return i.found, nil
}

func (i *Inspector) find(line int32, field, value string, code source.Code, format string, args ...any) {
	i.found = append(i.found, &source.ParseError{
		Origin: source.Origin{File: i.files[len(i.files)-1], Line: int(line)}, Field: field, Value: value, Code: code, Err: fmt.Errorf(format, args...),
	})
}

func lineOf(lines []int32, row int) int32 {
	if row < len(lines) {
		return lines[row]
	}
	return 0
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func (i *Inspector) celsius(field string, v float64, line int32) {
	if v < MinCelsius || v > MaxCelsius {
		i.find(line, field, number(v), source.Implausible, "%v °C is outside %v to %v °C, which no weather here has had", v, MinCelsius, MaxCelsius)
	}
}

// hours looks at temperatures one hour after another. Forecasts, bad and imputed
// values are passed over: no measure uses them.
func (i *Inspector) hours(t *table.Table, places *array.String, lines []int32) {
	times, values, qc, seen := t.Timestamp("time_utc"), t.Float64("t_c"), t.Int32("qc"), t.Timestamp("first_seen_utc")
	for row := range t.Rows() {
		if values.IsNull(row) || qc.Value(row) != 0 {
			continue
		}
		line, v, at := lineOf(lines, row), values.Value(row), hour.Instant(times.Value(row))
		i.celsius("t_c", v, line)
		key := places.Value(row)
		if seen.IsValid(row) {
			key = fmt.Sprintf("%s %d", key, seen.Value(row))
		}
		before, ok := i.last[key]
		now := reading{hour: at, value: v, equal: 1, line: line}
		if ok && at == before.hour+hour.InstantsInHour {
			if step := v - before.value; math.Abs(step) >= MaxHourlyStepK {
				i.find(line, "t_c", number(v), source.Jump, "%+.1f K within an hour, from %v °C", step, before.value)
			}
			if v == before.value {
				now.equal, now.line = before.equal+1, before.line
			}
			if now.equal == StuckHours {
				of := ", of " + places.Value(row)
				if t.Schema == table.PointTemperature {
					of = "" // points are named nowhere
				}
				i.find(now.line, "t_c", number(v), source.Stuck, "%v °C in %d hours one after another%s", v, StuckHours, of)
			}
		}
		i.last[key] = now
	}
}

// spans looks for intervals that are too long.
func (i *Inspector) spans(t *table.Table, lines []int32) {
	start, end := t.Timestamp("start_utc"), t.Timestamp("end_utc")
	for row := range t.Rows() {
		if end.IsNull(row) {
			continue
		}
		days := float64(end.Value(row)-start.Value(row)) / float64(24*hour.InstantsInHour)
		if days > MaxDays {
			i.find(lineOf(lines, row), "end_utc", hour.Instant(end.Value(row)).String(), source.LongInterval, "%.1f days, from %v: more than %d", days, hour.Instant(start.Value(row)), MaxDays)
		}
	}
}

// people looks for more customers than there are.
func (i *Inspector) people(t *table.Table, name string, lines []int32) {
	if i.gazetteer == nil {
		return
	}
	areas, out := t.String("area_id"), t.Int64(name)
	for row := range t.Rows() {
		a, ok := i.gazetteer.Get(area.ID(areas.Value(row)))
		if !ok || out.IsNull(row) {
			continue
		}
		n := out.Value(row)
		switch {
		case a.CustomersServed > 0 && n > a.CustomersServed:
			i.find(lineOf(lines, row), name, strconv.FormatInt(n, 10), source.TooMany, "%d customers out of %d that %s has", n, a.CustomersServed, a.Name())
		case a.Population > 0 && n > a.Population:
			i.find(lineOf(lines, row), name, strconv.FormatInt(n, 10), source.TooMany, "%d customers in %s, where %d people live", n, a.Name(), a.Population)
		}
	}
}

// timeColumns are when something was, by the columns that say so.
var timeColumns = map[string]bool{"time_utc": true, "start_utc": true, "end_utc": true, "run_utc": true}

// times looks for rows of the time to come, and keeps the newest. An announcement
// may be of a day to come, and so may a forecast.
func (i *Inspector) times(t *table.Table, lines []int32) {
	forecast := func(row int) bool { return false }
	if c, ok := t.Schema.Column("qc"); ok && c.Type == table.Int32 {
		qc := t.Int32("qc")
		forecast = func(row int) bool { return qc.Value(row) == 4 }
	}
	for n, c := range t.Schema.Columns {
		var at func(row int) (hour.Instant, bool)
		switch column := t.Record().Column(n).(type) {
		case *array.Timestamp:
			at = func(row int) (hour.Instant, bool) { return hour.Instant(column.Value(row)), column.IsValid(row) }
		case *array.Date32:
			at = func(row int) (hour.Instant, bool) {
				return hour.At(hour.Day(column.Value(row)).Time()), column.IsValid(row)
			}
		}
		if !timeColumns[c.Name] && (c.Name != "date_local" || t.Schema == table.OutageSchedule) {
			continue
		}
		for row := range t.Rows() {
			v, known := at(row)
			if !known || forecast(row) {
				continue
			}
			if v > i.asOf {
				i.find(lineOf(lines, row), c.Name, v.String(), source.Future, "%v has not been yet: it is %v", v, i.asOf)
				continue
			}
			i.newest = max(i.newest, v)
		}
	}
}

// duplicates looks for rows with the same key.
func (i *Inspector) duplicates(t *table.Table, lines []int32) error {
	of := slices.Index(i.schemas, t.Schema)
	if of < 0 {
		of = len(i.schemas)
		i.schemas = append(i.schemas, t.Schema)
	}
	hash := i.keys.hashes(t)
	for row := range t.Rows() {
		at := placeOf(len(i.files)-1, of, lineOf(lines, row))
		first, again, err := i.keys.add(hash(row), at)
		if err != nil {
			return err
		}
		if again {
			i.found = append(i.found, i.duplicate(first, at))
		}
	}
	return nil
}

// duplicate is the error of a row whose key another has.
func (i *Inspector) duplicate(first, at rowPlace) *source.ParseError {
	where := ""
	if first.file() != at.file() {
		where = " of " + i.files[first.file()]
	}
	return &source.ParseError{
		Origin: source.Origin{File: i.files[at.file()], Line: int(at.line())}, Field: i.schemas[at.table()].Key[0], Code: source.Duplicate,
		Err: fmt.Errorf("the key of line %d%s again: the table has one row for each", first.line(), where),
	}
}

// Repeated yields, once all rows have been looked at, those whose key an earlier
// row has and that Rows has not told of, since their source has too many.
func (i *Inspector) Repeated() iter.Seq2[*source.ParseError, error] {
	return func(yield func(*source.ParseError, error) bool) {
		for again, err := range i.keys.repeats() {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(i.duplicate(again.first, again.at), nil) {
				return
			}
		}
	}
}

// Silent reports a source that has shown nothing for longer than its publisher
// usually takes, in days; nil if it has, or days is 0.
func (i *Inspector) Silent(name string, days int32) error {
	if days == 0 || i.newest == hour.DistantPast || i.asOf-i.newest <= hour.Instant(days)*24*hour.InstantsInHour {
		return nil
	}
	return fmt.Errorf("the newest row of source %s is of %v, more than %d days before %v", name, i.newest, days, i.asOf)
}
