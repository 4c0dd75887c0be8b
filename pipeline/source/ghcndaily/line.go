package ghcndaily

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
	"hardship/pipeline/source/csvfile"
)

// Where the parts of a line of fixed width stand.
const (
	yearAt    = 11 // behind the station
	monthAt   = 15
	elementAt = 17
	valuesAt  = 21
	valueLen  = 8 // of a day: five digits and the flags of measurement, quality and source
	mostDays  = 31
	lineWidth = valuesAt + mostDays*valueLen
)

// isLine reports whether a file's first line may be one of fixed width.
func isLine(line []byte) bool {
	if len(line) < valuesAt+valueLen-3 || len(line) > lineWidth {
		return false
	}
	for _, c := range line[:yearAt] {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	_, _, err := monthOf(string(line))
	_, isNumber := tenthsOf(string(line[valuesAt : valuesAt+5]))
	return err == nil && isNumber
}

// monthOf reads year and month of a line.
func monthOf(line string) (year int, month time.Month, err error) {
	y, ok1 := hour.ScanDigits(line[yearAt:monthAt])
	m, ok2 := hour.ScanDigits(line[monthAt:elementAt])
	if !ok1 || !ok2 || y < 1 || m < 1 || m > 12 {
		return 0, 0, errors.New("not a year and a month such as 203101")
	}
	return y, time.Month(m), nil
}

// tenthsOf reads the digits of a value.
func tenthsOf(text string) (tenths int, ok bool) {
	tenths, err := strconv.Atoi(strings.TrimLeft(text, " "))
	return tenths, err == nil
}

// A month gathers the lines of one month.
type month struct {
	year  int
	month time.Month
	at    [mostDays]source.Origin // of the first value of each day; zero without one
	days  [mostDays][parts]value
	has   [parts]bool
}

// readLines reads lines of fixed width. The layout has neither a comma nor a
// quote, so that a line is a row of one field.
func readLines(r io.Reader, name string) iter.Seq2[source.TemperatureDay, error] {
	return func(yield func(source.TemperatureDay, error) bool) {
		const whole = "line"
		first := ""
		var m *month
		flush := func() bool {
			if m == nil {
				return true
			}
			for i, at := range m.at {
				if at.Line > 0 && !yield(day(at, hour.Date(m.year, m.month, i+1), m.days[i]), nil) {
					return false
				}
			}
			return true
		}
		for row, err := range csvfile.OpenBare(r, name, []string{whole}).Rows() {
			if err != nil {
				if !yield(source.TemperatureDay{}, csvfile.Unnamed(err)) {
					return
				}
				continue
			}
			at, line := row.Line(), row.Text(whole)
			length := len(line)
			line += strings.Repeat(" ", max(0, lineWidth-length)) // programs cut blanks off
			bad := func(from, to int, code source.Code, err error) bool {
				at.Column = from + 1
				return yield(source.TemperatureDay{}, &source.ParseError{Origin: at, Value: line[from:to], Code: code, Err: err})
			}
			if length < valuesAt || length > lineWidth {
				if !bad(0, 0, source.Malformed, errors.New("not a station, a month, an element and 31 values of fixed width")) {
					return
				}
				continue
			}
			if first != "" && line[:yearAt] != first {
				if !flush() {
					return
				}
				yield(source.TemperatureDay{}, csvfile.AnotherStation(name, at.Line))
				return
			}
			first = line[:yearAt]
			part := slices.Index(elements[:], line[elementAt:valuesAt])
			if part < 0 {
				continue
			}
			y, mo, err := monthOf(line)
			if err != nil {
				if !bad(yearAt, elementAt, source.NotATime, err) {
					return
				}
				continue
			}
			if m == nil || m.year != y || m.month != mo {
				if !flush() {
					return
				}
				m = &month{year: y, month: mo}
				for i := range m.days {
					m.days[i] = [parts]value{none, none, none}
				}
			}
			if m.has[part] {
				if !bad(yearAt, valuesAt, source.Duplicate, errors.New("the month has another line of this element")) {
					return
				}
				continue
			}
			m.has[part] = true
			if !m.read(part, at, line, bad) {
				return
			}
		}
		flush()
	}
}

// read takes the values of a line; one that is none is an error of its own, and
// the days beside it are kept. The result is that of bad.
func (m *month) read(part int, at source.Origin, line string, bad func(from, to int, code source.Code, err error) bool) bool {
	length := int(hour.Date(m.year, m.month+1, 1) - hour.Date(m.year, m.month, 1))
	for i := range mostDays {
		from := valuesAt + i*valueLen
		tenths, ok := tenthsOf(line[from : from+5])
		if !ok {
			if strings.TrimSpace(line[from:]) == "" {
				return i >= length || bad(from, from, source.Malformed, fmt.Errorf("the line ends before day %d of the month", i+1))
			}
			if !bad(from, from+5, source.NotANumber, source.ErrNotAWhole) {
				return false
			}
			continue
		}
		if tenths == missing {
			continue
		}
		if i >= length {
			if !bad(from, from+5, source.Contradiction, errors.New("the month has no such day")) {
				return false
			}
			continue
		}
		v, err := read(tenths, line[from+5:from+6], line[from+6:from+7], line[from+7:from+8], "")
		if err != nil {
			if !bad(from, from+5, source.OutOfRange, err) {
				return false
			}
			continue
		}
		m.days[i][part] = v
		if m.at[i].Line == 0 {
			at.Column = from + 1
			m.at[i] = at
		}
	}
	return true
}
