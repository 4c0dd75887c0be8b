// Package missileattacks reads the table of missile and drone attacks on
// Ukraine that P. Ivaniuk compiles from bulletins of the Ukrainian forces and
// publishes as missile_attacks_daily.csv: one row is one weapon model in one
// reporting window.
package missileattacks

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/csvfile"
)

// Columns that are read. None is optional: without the places that a row says
// it affected, or with another name for them, every bulletin would seem to name
// none.
const (
	timeStart  = "time_start"
	timeEnd    = "time_end"
	model      = "model"
	target     = "target"
	targetMain = "target_main"
	affected   = "affected region"
	launched   = "launched"
	destroyed  = "destroyed"
	notReached = "not_reach_goal"
	hits       = "num_hit_location"
	bulletin   = "source"
)

var columns = []string{timeStart, timeEnd, model, target, targetMain, affected, launched, destroyed, notReached, hits, bulletin}

// Read yields the rows of one file in the order written, newest first as
// published. Clock times are those of loc; the publisher's description says
// UTC, which the alerts of the same hours contradict.
//
// A window whose boundary is a date runs from the midnight that begins the
// start date, or to the midnight that ends the end date. Where neither boundary
// has a clock its Precision is day, else minute. A boundary in an hour that the
// clocks skip is the moment at which they jump; in an hour that they show twice
// a start is the first and an end the second of the two, so that the window
// holds every reading.
//
// An empty count is unknown. Publisher is the account before the first slash of
// the source field, or kpszsu if that account, the national Air Force's, is
// named anywhere in it; the link itself is not kept.
func Read(r io.Reader, name string, loc *time.Location) iter.Seq2[source.Strike, error] {
	return func(yield func(source.Strike, error) bool) {
		for s, err := range Strikes(r, name, loc) {
			var record source.Strike
			if err == nil {
				record = s.Strike
				record.Affected = slices.Clone(s.Affected)
			}
			if !yield(record, err) {
				return
			}
		}
	}
}

// A Strike is one of Read with numbers of its texts, which rows share: texts of one
// field and number are alike.
type Strike struct {
	source.Strike
	ModelNumber, TargetNumber, TargetMainNumber, AffectedNumber int32
}

// Strikes yields what Read does. A *Strike is valid until the next one; its texts stay
// and are not to be changed.
func Strikes(r io.Reader, name string, loc *time.Location) iter.Seq2[*Strike, error] {
	return func(yield func(*Strike, error) bool) {
		f, err := csvfile.Open(r, name, columns, nil)
		if err != nil {
			yield(nil, err)
			return
		}
		at := source.Origin{File: name}
		rows := strikes{
			clock:      &hour.Clock{Location: loc},
			start:      boundaries{column: timeStart, at: f.Column(timeStart)},
			end:        boundaries{column: timeEnd, at: f.Column(timeEnd)},
			model:      f.Column(model),
			target:     f.Column(target),
			targetMain: f.Column(targetMain),
			affected:   f.Column(affected),
			launched:   f.Column(launched),
			destroyed:  f.Column(destroyed),
			notReached: f.Column(notReached),
			hits:       f.Column(hits),
			bulletin:   f.Column(bulletin),
			last:       Strike{Strike: source.Strike{Origin: at, TargetMainOrigin: at, AffectedOrigin: at}},
		}
		csvfile.Parsed(f, rows.strike)(yield)
	}
}

// strikes are what is known of a file while its rows are read.
type strikes struct {
	clock      *hour.Clock
	start, end boundaries

	model, target, targetMain, affected, bulletin csvfile.Column
	launched, destroyed, notReached, hits         csvfile.Column

	models, targets, targetsMain, affectedTexts csvfile.Words
	lists                                       [][]string // by the number of an affected text; nil where not read yet

	last Strike
}

// strike reads a row. Its result is valid until the next one.
func (f *strikes) strike(row *csvfile.Row) (*Strike, *source.ParseError) {
	s := &f.last
	s.Line, s.Column = row.Begin(f.target)
	s.Model, s.ModelNumber = word(&f.models, row.Bytes(f.model))
	s.Target, s.TargetNumber = word(&f.targets, row.Bytes(f.target))
	s.TargetMain, s.TargetMainNumber = word(&f.targetsMain, row.Bytes(f.targetMain))
	s.TargetMainOrigin.Line, s.TargetMainOrigin.Column = row.Begin(f.targetMain)
	s.AffectedOrigin.Line, s.AffectedOrigin.Column = row.Begin(f.affected)
	s.Publisher = publisher(row.Bytes(f.bulletin))
	var bad *source.ParseError
	if start, end := row.Bytes(f.start.at), row.Bytes(f.end.at); !f.start.same(start) || !f.end.same(end) {
		if s.Window, s.Precision, bad = f.window(row, start, end); bad != nil {
			f.start.text = nil // there is no window for a row with the same
			return nil, bad
		}
	}
	if s.Affected, s.AffectedNumber, bad = f.places(row); bad != nil {
		return nil, bad
	}
	if s.Launched, bad = counted(row, f.launched, launched); bad != nil {
		return nil, bad
	}
	if s.Intercepted, bad = counted(row, f.destroyed, destroyed); bad != nil {
		return nil, bad
	}
	if s.Lost, bad = counted(row, f.notReached, notReached); bad != nil {
		return nil, bad
	}
	if s.Impacts, bad = counted(row, f.hits, hits); bad != nil {
		return nil, bad
	}
	return s, nil
}

// word returns a field without spaces around it, and its number.
func word(words *csvfile.Words, field []byte) (text string, number int32) {
	number, text = words.Number(bytes.TrimSpace(field))
	return text, number
}

// places reads the places affected.
func (f *strikes) places(row *csvfile.Row) ([]string, int32, *source.ParseError) {
	number, text := f.affectedTexts.Number(row.Bytes(f.affected))
	if number == 0 {
		return nil, 0, nil
	}
	for int(number) >= len(f.lists) {
		f.lists = append(f.lists, nil)
	}
	if f.lists[number] == nil {
		places, err := list(text)
		if err != nil {
			return nil, 0, row.Bad(affected, source.NotAllowed, err)
		}
		f.lists[number] = places
	}
	return f.lists[number], number, nil
}

// counted reads a count, unknown where the field is empty.
func counted(row *csvfile.Row, at csvfile.Column, column string) (source.Count, *source.ParseError) {
	text := row.Bytes(at)
	if len(text) == 0 {
		return source.Count{}, nil
	}
	if n, ok := csvfile.Whole(text); ok && n <= mostCounted {
		return source.Counted(int32(n)), nil
	}
	n, bad := row.Int32(column)
	if bad == nil && (n.N < 0 || n.N > mostCounted) {
		bad = row.Bad(column, source.OutOfRange, errCount)
	}
	return n, bad
}

// mostCounted is the largest count that the columns of table.Strike allow.
const mostCounted = 100_000

var errCount = fmt.Errorf("not a count from 0 to %d", mostCounted)

// window reads the boundaries of a reporting window.
func (f *strikes) window(row *csvfile.Row, startText, endText []byte) (hour.Interval, string, *source.ParseError) {
	var v hour.Interval
	start, bad := f.start.read(row, startText)
	if bad != nil {
		return v, "", bad
	}
	end, bad := f.end.read(row, endText)
	if bad != nil {
		return v, "", bad
	}
	v.Start, _ = f.clock.Local(start.day, start.ofDay)
	if end.clock {
		var err error
		if v.End, err = f.clock.Local(end.day, end.ofDay); errors.Is(err, hour.ErrTwice) {
			v.End = second(v.End, f.clock.Location)
		}
	} else {
		v.End, _ = f.clock.Local(end.day+1, 0)
	}
	if end.day < start.day || v.End < v.Start {
		return v, "", row.Bad(timeEnd, source.EndsBefore, source.ErrEndsBefore)
	}
	if start.clock || end.clock {
		return v, "minute", nil
	}
	return v, "day", nil
}

// A boundary is one end of a window as written.
type boundary struct {
	day   hour.Day
	ofDay hour.Instant // on the local clock, since midnight; 0 without a clock
	clock bool         // a time of day is given
}

// boundaries are those of one column. Rows of one bulletin follow one another, and
// have the same.
type boundaries struct {
	column string
	at     csvfile.Column
	text   []byte // that was read last
	last   boundary
}

// same reports whether a text is the one that was read last.
func (b *boundaries) same(text []byte) bool { return len(b.text) > 0 && bytes.Equal(text, b.text) }

// read reads the boundary of a row.
func (b *boundaries) read(row *csvfile.Row, text []byte) (boundary, *source.ParseError) {
	if b.same(text) {
		return b.last, nil
	}
	trimmed := bytes.TrimSpace(text)
	v, ok := readBoundary(string(trimmed))
	switch {
	case ok:
		b.text, b.last = append(b.text[:0], text...), v
		return v, nil
	case len(trimmed) == 0:
		return v, row.Missing(b.column)
	}
	return v, row.Bad(b.column, source.NotATime, source.ErrNotATime)
}

// readBoundary reads 2023-05-16, 2023-05-16 03:30 or 2023-05-16 3:30.
func readBoundary(s string) (b boundary, ok bool) {
	d, clock, ok := hour.ScanDay(s)
	if ok && clock == "" {
		return boundary{day: d}, true
	}
	if len(clock) == len(" 3:30") {
		clock = " 0" + clock[1:]
	}
	if ok && len(clock) == len(" 03:30") && clock[0] == ' ' {
		ofDay, _, ok := hour.ScanTimeOfDay(clock[1:])
		if ok && ofDay < 24*hour.InstantsInHour {
			return boundary{d, ofDay, true}, true
		}
	}
	return boundary{}, false
}

// second returns the second instant of a clock reading that occurs twice, given
// the first.
func second(first hour.Instant, loc *time.Location) hour.Instant {
	// Clocks are put back by an hour at most, so they have been three hours on.
	_, before := first.Time().In(loc).Zone()
	_, after := (first + 3*hour.InstantsInHour).Time().In(loc).Zone()
	return first + hour.Instant(before-after)*hour.Second
}

// publisher returns the account that issued a bulletin.
func publisher(link []byte) string {
	const airForce = "kpszsu"
	if len(link) >= len(airForce) && string(link[:len(airForce)]) == airForce {
		return airForce
	}
	text := string(link)
	if strings.Contains(text, airForce) || strings.Contains(strings.ToLower(text), airForce) {
		return airForce
	}
	account, _, _ := strings.Cut(strings.TrimSpace(text), "/")
	return account
}

var errNotAList = errors.New("not a list such as ['Kyiv oblast', 'Sumy oblast']")

// list returns the items of a list as Python prints one. Quotes may be of
// either kind, unbalanced or missing: a comma ends an item wherever it stands,
// for no place has one in its name. Empty items and the words NaN and None are
// no items.
func list(s string) ([]string, error) {
	s = strings.TrimSpace(s)
	if s == "" || isNothing(s) {
		return nil, nil
	}
	inner, opened := strings.CutPrefix(s, "[")
	inner, closed := strings.CutSuffix(inner, "]")
	if !opened || !closed {
		return nil, errNotAList
	}
	var items []string
	for item := range strings.SplitSeq(inner, ",") {
		if item = strings.Trim(item, " \t\r\n'\"`’"); item != "" && !isNothing(item) {
			items = append(items, item)
		}
	}
	return items, nil
}

func isNothing(s string) bool { return strings.EqualFold(s, "nan") || s == "None" }
