// Package dniproschedule reads the archive of outage schedules for the city of
// Dnipro: the versions of its file schedule.json.
//
// The file had two shapes. The first holds one day:
//
//	{"date", "timezone", "groups"}
//
// the second, since 27 January 2026, two days and an announcement:
//
//	{"timezone", "updated", "emergency", "today": {"date", "groups"}, "tomorrow": {"date", "groups"}}
//
// groups gives each queue the spans of the local clock in which its power is
// off, as "HH:MM-HH:MM" with 24:00 as the end of the day. What the file means
// has to be pieced together (rules 1 to 5 at Read).
package dniproschedule

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/jsonfile"
)

// Read yields the schedules of an archive, of which r holds a version a line:
//
//	{"commit", "commit_time_utc", "schedule"}
//
// in the order written, a record a queue and day. loc is the zone of the clock;
// a version that names another zone is refused. FirstSeen is the commit's time.
//
//  1. A day without any queue says nothing and gives no record: the page was
//     down, or no one knew yet.
//  2. A queue that a day leaves out although an earlier version, or the other
//     day, names it has the status "absent". From 11 February 2026 half of the
//     queues are always left out, and others on days when they have no outage:
//     which of the two cannot be told, so absent is not "on".
//  3. For some hours after local midnight today's date is still yesterday's
//     while its queues are already the new day's. A today that is dated the day
//     before its commit is therefore moved to the commit's day, as Redated. If
//     tomorrow, rightly dated, is that day already, the page was read across
//     midnight and today is part of one day and part of the other: refused.
//  4. A day that lies further than one day from its commit is refused: a date
//     misread. The first shape is never moved: its dates were typed.
//  5. Where the announcement says that emergency outages are on or that
//     schedules are not in force (see notInForce), today's status is "emergency"
//     for every queue known so far. Its text goes no further.
//
// Errors are as package source says; a day or queue that cannot be understood
// costs no other of its line.
func Read(r io.Reader, name string, loc *time.Location) iter.Seq2[source.Schedule, error] {
	return func(yield func(source.Schedule, error) bool) {
		known := map[string]bool{}
		for v, err := range jsonfile.Versions(r, name) {
			if err != nil {
				if !yield(source.Schedule{}, err) {
					return
				}
				continue
			}
			days, faults := daysOf(v, loc)
			for _, err := range faults {
				if !yield(source.Schedule{}, err) {
					return
				}
			}
			for _, d := range days {
				for _, m := range d.groups.Members {
					if isQueue(m.Key) {
						known[m.Key] = true
					}
				}
			}
			queues := slices.Sorted(maps.Keys(known))
			for _, d := range days {
				for s, err := range d.schedules(queues) {
					if err == nil {
						s.FirstSeen, s.Revision = v.At, v.Commit
					}
					if !yield(s, err) {
						return
					}
				}
			}
		}
	}
}

// A day is what a version says of one day.
type day struct {
	hour.Day
	date      *jsonfile.Value // as written
	groups    *jsonfile.Value
	redated   bool
	emergency bool
}

// daysOf returns the days of which a version says something, and what is wrong
// with the others.
func daysOf(v jsonfile.Version, loc *time.Location) ([]*day, []error) {
	schedule, err := v.Want("schedule", jsonfile.Object)
	if err == nil {
		err = checkZone(schedule, loc)
	}
	if err != nil {
		return nil, []error{err}
	}
	committed := hour.DayIn(v.At, loc)
	if schedule.Get("today") == nil {
		only, err := dayOf(schedule, false, committed-1, committed+1, loc)
		return present(only), present(err)
	}
	emergency, err := isEmergency(schedule)
	if err != nil {
		return nil, []error{err}
	}
	var today, tomorrow *day
	var wrong, alsoWrong error
	if block, err := schedule.Want("today", jsonfile.Object); err != nil {
		wrong = err
	} else if today, wrong = dayOf(block, emergency, committed-1, committed, loc); today != nil && today.Day < committed {
		today.Day, today.redated = committed, true
	}
	if block, err := schedule.Want("tomorrow", jsonfile.Object); err != nil {
		alsoWrong = err
	} else {
		tomorrow, alsoWrong = dayOf(block, false, committed, committed+1, loc)
	}
	switch {
	case today == nil || tomorrow == nil || today.Day != tomorrow.Day:
	case today.redated:
		wrong = today.date.Bad(source.Contradiction, fmt.Errorf("tomorrow is %v already: the page was read across midnight", tomorrow.Day))
		today = nil
	default:
		alsoWrong = tomorrow.date.Bad(source.Contradiction, errors.New("is the date of today too"))
		tomorrow = nil
	}
	return present(today, tomorrow), present(wrong, alsoWrong)
}

// present returns those of some values that are not nil.
func present[T comparable](some ...T) []T {
	var none T
	return slices.DeleteFunc(some, func(v T) bool { return v == none })
}

// dayOf translates the date of an object with date and groups, which must lie
// from first to last. It returns nil if the object says nothing.
func dayOf(block *jsonfile.Value, emergency bool, first, last hour.Day, loc *time.Location) (*day, error) {
	groups, err := block.Want("groups", jsonfile.Object)
	if err != nil {
		return nil, err
	}
	if len(groups.Members) == 0 && !emergency {
		return nil, nil
	}
	date, err := block.Want("date", jsonfile.Text)
	if err != nil {
		return nil, err
	}
	d, ok := parseDate(date.Text, loc)
	switch {
	case !ok:
		return nil, date.Bad(source.NotATime, source.ErrNotATime)
	case d < first || d > last:
		return nil, date.Bad(source.OutOfRange, fmt.Errorf("does not fit its commit: a day from %v to %v", first, last))
	}
	return &day{Day: d, date: date, groups: groups, emergency: emergency}, nil
}

// parseDate reads the three ways in which the file has written dates.
func parseDate(s string, loc *time.Location) (hour.Day, bool) {
	for _, layout := range [...]string{"02.01.2006", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return hour.Date(t.Date()), true
		}
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return hour.Date(t.In(loc).Date()), true
	}
	return 0, false
}

// checkZone refuses a schedule by the clock of another zone than loc.
func checkZone(schedule *jsonfile.Value, loc *time.Location) error {
	zone, err := schedule.Want("timezone", jsonfile.Text)
	if err != nil {
		return err
	}
	if named, err := hour.LoadLocation(zone.Text); err != nil || named.String() != loc.String() {
		return zone.Bad(source.Contradiction, fmt.Errorf("is not the zone of the source, %v", loc))
	}
	return nil
}

// schedules yields the day's schedule of each queue: those named, in the order
// written, then the other known ones.
func (d *day) schedules(known []string) iter.Seq2[source.Schedule, error] {
	return func(yield func(source.Schedule, error) bool) {
		s := source.Schedule{Origin: d.date.Origin(), Date: d.Day, Redated: d.redated}
		if d.emergency {
			s.Status = "emergency"
			for _, queue := range known {
				s.Group = queue
				if !yield(s, nil) {
					return
				}
			}
			return
		}
		for _, m := range d.groups.Members {
			off, err := spans(m)
			named := s
			named.Origin, named.Group, named.Status, named.Off = m.Value.Origin(), m.Key, "normal", off
			if err != nil {
				named = source.Schedule{}
			}
			if !yield(named, err) {
				return
			}
		}
		s.Status = "absent"
		for _, queue := range known {
			if s.Group = queue; d.groups.Get(queue) == nil && !yield(s, nil) {
				return
			}
		}
	}
}

// isQueue reports whether a key is the name of a queue, such as 3.1.
func isQueue(key string) bool {
	line, part, ok := strings.Cut(key, ".")
	digits := func(s string) bool { return len(s) > 0 && len(s) <= 2 && strings.Trim(s, "0123456789") == "" }
	return ok && digits(line) && digits(part)
}

// spans translates a queue's list of outages: sorted, and those that overlap or
// touch united.
func spans(queue jsonfile.Member) ([]source.ClockSpan, error) {
	if !isQueue(queue.Key) {
		return nil, queue.Value.Bad(source.NotAllowed, errors.New("its key is not a queue such as 3.1"))
	}
	if err := queue.Value.Is(jsonfile.Array); err != nil {
		return nil, err
	}
	var all []source.ClockSpan
	for _, item := range queue.Value.Items {
		if err := item.Is(jsonfile.Text); err != nil {
			return nil, err
		}
		span, ok := parseSpan(item.Text)
		switch {
		case !ok:
			return nil, item.Bad(source.NotATime, errors.New("is not a span such as 08:30-12:00"))
		case span.To <= span.From:
			return nil, item.Bad(source.EndsBefore, source.ErrEndsBefore)
		}
		all = append(all, span)
	}
	slices.SortFunc(all, func(a, b source.ClockSpan) int { return a.From - b.From })
	var apart []source.ClockSpan
	for _, span := range all {
		if n := len(apart); n > 0 && span.From <= apart[n-1].To {
			apart[n-1].To = max(apart[n-1].To, span.To)
		} else {
			apart = append(apart, span)
		}
	}
	return apart, nil
}

// parseSpan reads "HH:MM-HH:MM".
func parseSpan(s string) (source.ClockSpan, bool) {
	from, to, _ := strings.Cut(s, "-")
	a, okA := parseClock(from)
	b, okB := parseClock(to)
	return source.ClockSpan{From: a, To: b}, okA && okB
}

// parseClock reads "HH:MM", up to 24:00, in minutes since midnight.
func parseClock(s string) (minute int, ok bool) {
	if s == "24:00" {
		return 24 * 60, true
	}
	t, err := time.Parse("15:04", s)
	return t.Hour()*60 + t.Minute(), err == nil && len(s) == len("15:04")
}

// isEmergency reports whether the announcement says that the schedule is not in
// force.
func isEmergency(schedule *jsonfile.Value) (bool, error) {
	text := schedule.Get("emergency")
	if text == nil || text.Kind == jsonfile.Null {
		return false, nil
	}
	return notInForce(text.Text), text.Is(jsonfile.Text)
}

// notInForce reports whether a Ukrainian announcement says that emergency
// outages are on ("екстрені відключення", and not that they are called off) or
// that schedules are not in force ("графіки … не діють"). The genitive
// "екстрених відключень" is the other announcement: it tells people how to
// avoid them.
func notInForce(text string) bool {
	text = strings.ToLower(text)
	has := func(words string) bool { return strings.Contains(text, words) }
	return has("екстрені відключення") && !has("скасован") && !has("відмінен") ||
		has("графіки") && has("не діють")
}
