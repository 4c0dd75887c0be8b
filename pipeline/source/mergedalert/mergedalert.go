// Package mergedalert reads air-raid alerts by oblast as the Parquet file
// alerts_events_labeled of goodfrog33/air-raid-forecasting-ukraine has them:
// alerts of raions and hromadas are merged into intervals of their oblast.
//
// Merging chains alerts that overlap: where some part of an oblast is nearly
// always under alert, one interval may last for months. Durations of such
// oblasts say nothing; the number of alerts merged does.
package mergedalert

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"hardship/pipeline/hour"
	"hardship/pipeline/parquetfile"
	"hardship/pipeline/source"
)

// Columns that are read, in the order of columns below. The file has others,
// all of them made from these.
const (
	region    = "region"
	started   = "started_at"
	finished  = "finished_at"
	subalerts = "n_subalerts"
)

var timestampUTC = &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}

var columns = []arrow.Field{
	{Name: region, Type: arrow.BinaryTypes.String},
	{Name: started, Type: timestampUTC},
	{Name: finished, Type: timestampUTC},
	{Name: subalerts, Type: arrow.PrimitiveTypes.Int64},
}

// limits suit a file of alerts, some hundred times the published one: a small
// file may claim any number of equal rows, and readers gather them.
var limits = parquetfile.Limits{MaxRows: 5_000_000, MaxBytes: 1 << 30}

// mostSubalerts is the largest number that table.Alert allows.
const mostSubalerts = 1_000_000

// Read yields the alerts of one file of size bytes in the order written. Times
// must be stored as UTC. An alert without an end lasts. Level is 1, the level
// of the merged interval. The line of an Origin is the row, counted from 1.
func Read(r io.ReaderAt, size int64, name string) iter.Seq2[source.Alert, error] {
	return func(yield func(source.Alert, error) bool) {
		f, err := parquetfile.Open(r, size, name, limits)
		if err != nil {
			yield(source.Alert{}, fileError(name, err))
			return
		}
		if err := checkColumns(f); err != nil {
			yield(source.Alert{}, &source.FileError{File: name, Code: source.WrongFormat, Err: err})
			return
		}
		names := make([]string, len(columns))
		for i, c := range columns {
			names[i] = c.Name
		}
		at := source.Origin{File: name}
		for batch, err := range f.Batches(names, parquetfile.ReadOptions{}) {
			if err != nil {
				yield(source.Alert{}, fileError(name, err))
				return
			}
			rows := newRows(batch)
			for i := range int(batch.NumRows()) {
				at.Line++
				a, bad := rows.alert(i, at)
				if bad != nil {
					if !yield(source.Alert{}, bad) {
						return
					}
				} else if !yield(a, nil) {
					return
				}
			}
		}
	}
}

// checkColumns finds columns that are missing or of another type.
func checkColumns(f *parquetfile.File) error {
	schema := f.Schema()
	var wrong []string
	for _, c := range columns {
		found, ok := schema.FieldsByName(c.Name)
		switch {
		case !ok:
			wrong = append(wrong, "no column "+c.Name)
		case !arrow.TypeEqual(found[0].Type, c.Type):
			wrong = append(wrong, fmt.Sprintf("column %s is %v, not %v", c.Name, found[0].Type, c.Type))
		case found[0].HasMetadata():
			wrong = append(wrong, fmt.Sprintf("column %s holds local times of no zone, not UTC", c.Name))
		}
	}
	if wrong == nil {
		return nil
	}
	var names []string
	for _, field := range schema.Fields() {
		names = append(names, source.Printable(field.Name))
	}
	return fmt.Errorf("%s; found %s", strings.Join(wrong, ", "), strings.Join(names[:min(20, len(names))], ", "))
}

// rows are the columns of one batch.
type rows struct {
	region            *array.String
	started, finished *array.Timestamp
	subalerts         *array.Int64
}

func newRows(batch arrow.Record) rows {
	return rows{
		region:    batch.Column(0).(*array.String),
		started:   batch.Column(1).(*array.Timestamp),
		finished:  batch.Column(2).(*array.Timestamp),
		subalerts: batch.Column(3).(*array.Int64),
	}
}

func (r rows) alert(i int, at source.Origin) (source.Alert, *source.ParseError) {
	bad := func(field, value string, code source.Code, err error) *source.ParseError {
		return &source.ParseError{Origin: at, Field: field, Value: value, Code: code, Err: err}
	}
	var none source.Alert
	switch {
	case r.region.IsNull(i) || r.region.Value(i) == "":
		return none, bad(region, "", source.MissingValue, source.ErrMissing)
	case r.started.IsNull(i):
		return none, bad(started, "", source.MissingValue, source.ErrMissing)
	}
	a := source.Alert{
		Origin: at,
		Place:  strings.Clone(r.region.Value(i)), // the batch's memory is not ours to keep
		Level:  1,
		Start:  hour.Instant(r.started.Value(i)),
		End:    hour.DistantFuture,
	}
	if r.finished.IsValid(i) {
		a.End = hour.Instant(r.finished.Value(i))
		if a.End < a.Start {
			return none, bad(finished, a.End.String(), source.EndsBefore, source.ErrEndsBefore)
		}
	}
	if r.subalerts.IsValid(i) {
		n := r.subalerts.Value(i)
		if n < 0 || n > mostSubalerts {
			return none, bad(subalerts, strconv.FormatInt(n, 10), source.OutOfRange, errSubalerts)
		}
		a.Subalerts = source.Counted(int32(n))
	}
	return a, nil
}

var errSubalerts = fmt.Errorf("not from 0 to %d", mostSubalerts)

// fileError gives a fault of the whole file its code.
func fileError(name string, err error) *source.FileError {
	code := source.Unreadable
	switch {
	case errors.Is(err, parquetfile.ErrLimit):
		code = source.TooLarge
	case errors.Is(err, parquetfile.ErrDamaged), errors.Is(err, parquetfile.ErrValue):
		code = source.Damaged
	case errors.Is(err, parquetfile.ErrNoColumn), errors.Is(err, parquetfile.ErrColumnType):
		code = source.WrongFormat
	}
	var placed *parquetfile.Error
	if errors.As(err, &placed) {
		unnamed := *placed
		unnamed.File = "" // the FileError names it
		err = &unnamed
	}
	return &source.FileError{File: name, Code: code, Err: err}
}
