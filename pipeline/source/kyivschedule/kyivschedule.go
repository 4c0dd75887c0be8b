// Package kyivschedule reads the archive of outage schedules for Kyiv: the
// versions of its file last_schedules.json, and schedule_history.json.
//
// A queue's day is 48 half hours of the local clock, written as true while the
// power is on. Where none is in force there is only a status: pending (not yet
// announced) or emergency. The archive follows a few queues of its choice, and
// writes an empty object when it has just started: a queue or publisher that a
// version leaves out says nothing, and gives no record.
package kyivschedule

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/jsonfile"
)

const (
	slotMin = 30
	slots   = 48
)

// ReadVersions yields the schedules of last_schedules.json, of which r holds a
// version a line:
//
//	{"commit", "commit_time_utc", "schedules": {publisher: {queue: {date: {"status", "slots"}}}}}
//
// in the order written. Errors are as package source says; a part that cannot
// be understood costs no other part of its line, unless the line is not sound.
func ReadVersions(r io.Reader, name string) iter.Seq2[source.Schedule, error] {
	return func(yield func(source.Schedule, error) bool) {
		for v, err := range jsonfile.Versions(r, name) {
			if err != nil {
				if !yield(source.Schedule{}, err) {
					return
				}
				continue
			}
			for s, err := range version(v) {
				if !yield(s, err) {
					return
				}
			}
		}
	}
}

// version yields the schedules of one version.
func version(v jsonfile.Version) iter.Seq2[source.Schedule, error] {
	return func(yield func(source.Schedule, error) bool) {
		schedules, err := v.Want("schedules", jsonfile.Object)
		if err != nil {
			yield(source.Schedule{}, err)
			return
		}
		for _, publisher := range schedules.Members {
			for group, err := range publisher.Value.Each() {
				if err != nil {
					if !yield(source.Schedule{}, err) {
						return
					}
					continue
				}
				for date, err := range group.Value.Each() {
					var s source.Schedule
					if err == nil {
						s, err = schedule(date)
					}
					if err == nil {
						s.Publisher, s.Group, s.FirstSeen, s.Revision = publisher.Key, group.Key, v.At, v.Commit
					}
					if !yield(s, err) {
						return
					}
				}
			}
		}
	}
}

// schedule translates one date of one queue.
func schedule(date jsonfile.Member) (source.Schedule, error) {
	day, err := parseDay(date)
	if err != nil {
		return source.Schedule{}, err
	}
	status, err := date.Value.Want("status", jsonfile.Text)
	if err != nil {
		return source.Schedule{}, err
	}
	s := source.Schedule{Origin: date.Value.Origin(), Date: day, Status: status.Text, SlotMin: slotMin}
	list := date.Value.Get("slots")
	switch status.Text {
	case "normal":
		if list, err = date.Value.Want("slots", jsonfile.Array); err == nil {
			s.Slots, err = slotsOf(list)
		}
	case "pending", "emergency":
		if list != nil && list.Kind != jsonfile.Null {
			err = list.Bad(source.Contradiction, fmt.Errorf("gives slots although the status is %s", status.Text))
		}
	default:
		err = status.Bad(source.NotAllowed, errors.New("is not normal, pending or emergency"))
	}
	if err != nil {
		return source.Schedule{}, err
	}
	return s, nil
}

// ReadHistory yields the schedules of schedule_history.json, an object
//
//	{date: slots}
//
// of one queue, which the file does not name: Group is empty, and Publisher is
// "history". It was kept without times, so FirstSeen is 0. Errors are as
// package source says.
func ReadHistory(r io.Reader, name string) iter.Seq2[source.Schedule, error] {
	return func(yield func(source.Schedule, error) bool) {
		root, err := jsonfile.Read(r, name)
		if err == nil {
			err = root.Is(jsonfile.Object)
		}
		if err != nil {
			yield(source.Schedule{}, err)
			return
		}
		for _, date := range root.Members {
			s, err := historic(date)
			if !yield(s, err) {
				return
			}
		}
	}
}

func historic(date jsonfile.Member) (source.Schedule, error) {
	day, err := parseDay(date)
	if err != nil {
		return source.Schedule{}, err
	}
	list, err := slotsOf(date.Value)
	if err != nil {
		return source.Schedule{}, err
	}
	return source.Schedule{
		Origin:    date.Value.Origin(),
		Publisher: "history",
		Date:      day,
		Status:    "normal",
		SlotMin:   slotMin,
		Slots:     list,
	}, nil
}

func parseDay(date jsonfile.Member) (hour.Day, error) {
	day, err := hour.ParseDay(date.Key)
	if err != nil {
		return 0, date.Value.Bad(source.NotATime, errors.New("its key is not a date such as 2026-02-12"))
	}
	return day, nil
}

// slotsOf translates a list in which true is power on.
func slotsOf(list *jsonfile.Value) ([]source.Slot, error) {
	if err := list.Is(jsonfile.Array); err != nil {
		return nil, err
	}
	if len(list.Items) != slots {
		return nil, list.Bad(source.Malformed, fmt.Errorf("has %d slots, not %d", len(list.Items), slots))
	}
	day := slices.Repeat([]source.Slot{source.SlotOn}, slots)
	for i, item := range list.Items {
		if err := item.Is(jsonfile.Bool); err != nil {
			return nil, err
		}
		if !item.True {
			day[i] = source.SlotOff
		}
	}
	return day, nil
}
