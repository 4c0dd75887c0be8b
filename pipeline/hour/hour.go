// Package hour holds time as the project counts it: instants in UTC
// microseconds, whole UTC hours, civil days of a time zone, half-open
// intervals, and the nights by which strikes are counted.
//
// Civil days have 23, 24 or 25 hours (methods.md 4.1). A Calendar works them
// out once for a zone and a range of days; everything else is integer
// arithmetic.
package hour

import (
	"fmt"
	"iter"
	"math"
	"time"
)

// Instant is a moment in UTC microseconds since 1970-01-01T00:00Z, the
// resolution of every timestamp in the published tables.
type Instant int64

// Lengths of time in the unit of Instant.
const (
	Second         Instant = 1_000_000
	Minute                 = 60 * Second
	InstantsInHour         = 60 * Minute
)

// Unbounded ends stand for an interval that has not ended, or has no start.
const (
	DistantPast   Instant = math.MinInt64
	DistantFuture Instant = math.MaxInt64
)

// At returns the instant of t; what lies below a microsecond is cut.
func At(t time.Time) Instant { return Instant(t.UnixMicro()) }

// Time returns the instant as a UTC time.
func (i Instant) Time() time.Time { return time.UnixMicro(int64(i)).UTC() }

// Hour returns the UTC hour that holds the instant.
func (i Instant) Hour() Hour { return Hour(floorDiv(int64(i), int64(InstantsInHour))) }

// String writes the instant as RFC 3339, in UTC.
func (i Instant) String() string {
	var space [len(time.RFC3339Nano)]byte
	return string(i.Append(space[:0]))
}

// Append appends what String returns.
func (i Instant) Append(text []byte) []byte {
	const wholeDay = 24 * InstantsInHour
	if i < 0 || i >= endOfYears || i%Second != 0 {
		return i.Time().AppendFormat(text, time.RFC3339Nano)
	}
	// Whole seconds of four-digit years, as nearly all are, without package time,
	// which takes several times as long.
	from := len(text)
	text = append(text, emptyStamp...)
	setDate(text[from:], Day(i/wholeDay))
	setClock(text[from:], i%wholeDay)
	return text
}

const emptyStamp = "0000-00-00T00:00:00Z"

func setDate(stamp []byte, d Day) {
	year, month, day := d.civil()
	setDigits(stamp[0:], uint32(year)/100)
	setDigits(stamp[2:], uint32(year)%100)
	setDigits(stamp[5:], uint32(month))
	setDigits(stamp[8:], uint32(day))
}

func setClock(stamp []byte, ofDay Instant) {
	seconds := uint32(ofDay / Second)
	setDigits(stamp[11:], seconds/3600)
	setDigits(stamp[14:], seconds/60%60)
	setDigits(stamp[17:], seconds%60)
}

// A Stamp is Instant.Append for many instants, of which most are of the day of the
// one before. The zero Stamp is ready to use.
type Stamp struct {
	text []byte // of the instant before
	day  Day
}

// Append appends what the instant's Append does.
func (s *Stamp) Append(text []byte, i Instant) []byte {
	const wholeDay = 24 * InstantsInHour
	if i < 0 || i >= endOfYears || i%Second != 0 {
		return i.Append(text)
	}
	if d := Day(i / wholeDay); d != s.day || s.text == nil {
		s.day, s.text = d, append(s.text[:0], emptyStamp...)
		setDate(s.text, d)
	}
	setClock(s.text, i%wholeDay)
	return append(text, s.text...)
}

const endOfYears = 253_402_300_800 * Second // 10000-01-01

// setDigits writes a number below 100 as two digits.
func setDigits(text []byte, n uint32) {
	text[0], text[1] = byte('0'+n/10), byte('0'+n%10)
}

// Hour is a whole UTC hour, counted from 1970-01-01T00:00Z.
type Hour int32

// Start returns the instant at which the hour begins.
func (h Hour) Start() Instant { return Instant(h) * InstantsInHour }

// Interval is half-open: Start belongs to it, End does not. Both are UTC.
type Interval struct{ Start, End Instant }

// Length returns the interval's length, 0 if it is empty or reversed.
func (v Interval) Length() Instant { return max(0, v.End-v.Start) }

// Hours returns the interval's length in hours.
func (v Interval) Hours() float64 { return float64(v.Length()) / float64(InstantsInHour) }

// Overlap returns what v and w share; its Length is 0 if that is nothing.
func (v Interval) Overlap(w Interval) Interval {
	return Interval{max(v.Start, w.Start), min(v.End, w.End)}
}

// Touches reports whether v and w share any time. An empty interval, a moment,
// touches what holds its start.
func (v Interval) Touches(w Interval) bool {
	if v.Start == v.End {
		return w.Start <= v.Start && v.Start < w.End
	}
	return v.Start < w.End && w.Start < v.End
}

// Within reports whether v lies wholly inside w.
func (v Interval) Within(w Interval) bool {
	return w.Start <= v.Start && v.End <= w.End && v.Start < w.End
}

// Split yields each UTC hour that the interval touches with the time spent in
// it. The times add up to the interval's length exactly.
func (v Interval) Split() iter.Seq2[Hour, Instant] {
	return func(yield func(Hour, Instant) bool) {
		for at := v.Start; at < v.End; {
			h := at.Hour()
			next := min(v.End, (h + 1).Start())
			if !yield(h, next-at) {
				return
			}
			at = next
		}
	}
}

func (v Interval) String() string { return fmt.Sprintf("[%v, %v)", v.Start, v.End) }

// floorDiv is integer division rounded down, also below zero.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
