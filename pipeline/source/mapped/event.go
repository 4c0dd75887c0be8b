package mapped

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// An event log has a row for each change instead of one for each interval. Its
// mapping gives the columns event, whose words say what changed, and event_utc
// in place of start_utc and end_utc.
const (
	eventColumn = "event"
	eventTime   = "event_utc"
)

var eventTimes = []string{eventTime, "event_epoch_s", "event_epoch_ms"}

// eventWords are the words of the column event, by table, and whether each
// begins what the table's rows are intervals of.
var eventWords = map[string]map[string]bool{
	"outage_interval": {"off": true, "start": true, "on": false, "end": false},
	"alert":           {"on": true, "start": true, "off": false, "end": false},
	"supply_interval": {"on": true, "off": false},
}

// EventColumns are the columns by which a table is filled from an event log;
// none for tables that are not.
func EventColumns(s *table.Schema) []string {
	if eventWords[s.Name] == nil {
		return nil
	}
	return append([]string{eventColumn}, eventTimes...)
}

// isEventLog reports whether a mapping is of a file with a row for each change.
func isEventLog(s *table.Schema, m *Mapping) bool {
	_, ok := m.Columns[eventColumn]
	return ok && eventWords[s.Name] != nil
}

// eventSchema is a table as an event log fills it: start_utc holds the moment of
// the event, and the column event stands where end_utc does.
func eventSchema(s *table.Schema) *table.Schema {
	words := eventWords[s.Name]
	e := &table.Schema{Name: s.Name, Description: s.Description, Key: s.Key, Columns: slices.Clone(s.Columns)}
	end := s.Index("end_utc")
	e.Columns[end] = table.Column{Name: eventColumn, Type: table.String, Enum: slices.Sorted(maps.Keys(words))}
	e.Columns[s.Index("start_utc")].Name = eventTime
	if i := s.Index("supplied"); i >= 0 { // the event says it
		e.Columns[i].Null = true
	}
	return e
}

// maxEvents bounds what is held of a log, which need not be in order.
const maxEvents = 4_000_000

var errManyEvents = fmt.Errorf("the log has more than %d events", maxEvents)

// An event is a row of a log.
type event struct {
	values []value
	line   int32
	at     hour.Instant
	begins bool
	group  string
}

// A log gathers events and makes intervals of them.
type log struct {
	schema *table.Schema
	groups []int // columns whose values are one thing that changes
	events []event
}

func newLog(s *table.Schema) *log {
	l := &log{schema: s}
	for _, name := range []string{"area_id", "group_id", "point", "service", "alert_level"} {
		if i := s.Index(name); i >= 0 {
			l.groups = append(l.groups, i)
		}
	}
	return l
}

// add takes the values of a row.
func (l *log) add(values []value, line int32) error {
	if len(l.events) == maxEvents {
		return errManyEvents
	}
	var group strings.Builder
	for _, i := range l.groups {
		fmt.Fprintf(&group, "%d\x00%s\x00", values[i].whole, values[i].text)
	}
	l.events = append(l.events, event{
		values: slices.Clone(values),
		line:   line,
		at:     hour.Instant(values[l.schema.Index("start_utc")].whole),
		begins: eventWords[l.schema.Name][values[l.schema.Index("end_utc")].text],
		group:  group.String(),
	})
	return nil
}

// intervals returns the events that begin rows of the table, with the values of
// those rows, in the order of their starts. An
// event that repeats the state before it confirms it and makes no row. What
// began and has no end in the log is open: its end is unknown; a supply log's
// last state is left out, since nothing says how long it lasted.
func (l *log) intervals() []event {
	slices.SortStableFunc(l.events, func(a, b event) int {
		return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.at, b.at))
	})
	start, end, supplied := l.schema.Index("start_utc"), l.schema.Index("end_utc"), l.schema.Index("supplied")
	var rows []event
	var last *event // that began the interval under way
	finish := func(at value) {
		row := last.values
		row[start], row[end] = value{known: true, whole: int64(last.at)}, at
		if supplied >= 0 {
			row[supplied] = value{known: true, flag: last.begins}
		}
		rows = append(rows, *last)
		last = nil
	}
	for i := range l.events {
		e := &l.events[i]
		if i > 0 && l.events[i-1].group != e.group && last != nil {
			l.open(&last, finish)
		}
		switch {
		case last == nil && (e.begins || supplied >= 0):
			last = e
		case last == nil || last.begins == e.begins:
			// before the log's first interval, or the state goes on
		default:
			finish(value{known: true, whole: int64(e.at)})
			if supplied >= 0 {
				last = e
			}
		}
	}
	if last != nil {
		l.open(&last, finish)
	}
	slices.SortStableFunc(rows, func(a, b event) int { return cmp.Compare(a.at, b.at) })
	return rows
}

// open ends what the log leaves open.
func (l *log) open(last **event, finish func(value)) {
	if l.schema.Columns[l.schema.Index("end_utc")].Null {
		finish(value{})
	}
	*last = nil
}
