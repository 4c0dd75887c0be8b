package normalize

import (
	"errors"
	"io"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/dniproschedule"
	"hardship/pipeline/source/kyivschedule"
	"hardship/pipeline/table"
)

// Readers of outage schedules fill table.OutageSchedule. Their sources must
// name the area of the queues as place, and have the options
//
//	operator      who announced them, such as dtek-kyiv
//	groups_known  how many queues the operator has there; unknown if not set
//	covers_area   true if its queues together are the whole area; false if not set
//
// A schedule is written only when it says something else than the version
// before it from the same publisher for that queue and day; one that repeats it
// is counted as kept and makes no row, since a slot takes the last version
// committed before it begins (methods.md 6.6). A schedule in force makes a row
// a slot; a day that is pending, in emergency or absent makes one row of the
// whole day, announced off for 0 to 1440 minutes. Slots are those of the clock,
// 48 half hours also on days of 23 or 25 hours.

var scheduleOptions = []string{"operator", "groups_known", "covers_area"}

// ReadKyivSchedules reads the versions of last_schedules.json. The publisher
// github is the operator's own page as an archive there relays it, and is
// called dtek.
func ReadKyivSchedules(s *Sink, r io.Reader, name string) error {
	a, err := newAnnouncements(s)
	if err != nil {
		return err
	}
	publishers := map[string]string{"github": "dtek", "yasno": "yasno"}
	return each(s, kyivschedule.ReadVersions(r, name), func(x source.Schedule) error {
		publisher, ok := publishers[x.Publisher]
		if !ok {
			return &source.ParseError{Origin: x.Origin, Field: "publisher", Value: x.Publisher, Code: source.NotAllowed, Err: errors.New("is not github or yasno")}
		}
		x.Publisher = publisher
		return a.write(x)
	})
}

// ReadKyivScheduleHistory reads schedule_history.json, as the publisher
// history. It kept no times, so first_seen_utc is null unless the source sets
// it. Further options are
//
//	group     the queue that the file is of, such as GPV36.1
//	typed_in  the days that its author typed in, such as 2026-02-09..2026-02-11
func ReadKyivScheduleHistory(s *Sink, r io.Reader, name string) error {
	a, err := newAnnouncements(s)
	if err != nil {
		return err
	}
	group, err := s.textOption("group")
	if err != nil {
		return err
	}
	typedIn, err := s.daysOption("typed_in")
	if err != nil {
		return err
	}
	return each(s, kyivschedule.ReadHistory(r, name), func(x source.Schedule) error {
		x.Group, x.TypedIn = group, typedIn.holds(x.Date)
		return a.write(x)
	})
}

// ReadDniproSchedules reads the versions of the schedules of Dnipro city; the
// rules by which a version is understood stand at dniproschedule.Read. The
// publisher is the source.
func ReadDniproSchedules(s *Sink, r io.Reader, name string) error {
	a, err := newAnnouncements(s)
	if err != nil {
		return err
	}
	return each(s, dniproschedule.Read(r, name, s.Source.Location), func(x source.Schedule) error {
		x.Publisher = s.Source.Name
		return a.write(x)
	})
}

// announcements writes the schedules of one operator.
type announcements struct {
	sink        *Sink
	area        area.ID
	operator    string
	groupsKnown int32 // 0: unknown
	coversArea  bool
	said        map[announcedDay]announcement // what was last written
}

// An announcedDay is what later versions of an announcement have in common.
type announcedDay struct {
	publisher, group string
	day              hour.Day
}

type announcement struct {
	status string
	slots  []announcedSlot
}

// An announcedSlot is announced to be without power for lo to hi of its
// minutes.
type announcedSlot struct{ start, length, lo, hi int32 }

func newAnnouncements(s *Sink) (*announcements, error) {
	a := &announcements{sink: s, said: map[announcedDay]announcement{}}
	var err error
	if a.area, err = s.home(); err != nil {
		return nil, err
	}
	if a.operator, err = s.textOption("operator"); err != nil {
		return nil, err
	}
	if a.groupsKnown, err = s.countOption("groups_known", 100_000, 0); err != nil {
		return nil, err
	}
	a.coversArea, err = s.boolOption("covers_area")
	return a, err
}

func (a *announcements) write(x source.Schedule) error {
	if !isQueue(x.Group) {
		return &source.ParseError{Origin: x.Origin, Field: "queue", Value: x.Group, Code: source.NotAllowed, Err: errors.New("is not the name of a queue, such as 3.1 or GPV12.1")}
	}
	day := announcedDay{x.Publisher, x.Group, x.Date}
	now := announcement{x.Status, announcedSlots(x)}
	if before, ok := a.said[day]; ok && before.status == now.status && slices.Equal(before.slots, now.slots) {
		return nil
	}
	a.said[day] = now
	for _, slot := range now.slots {
		b := a.sink.Keep(x.Revision, x.FirstSeen)
		b.String("area_id", string(a.area))
		b.String("group_id", a.operator+":"+x.Group)
		b.String("publisher", x.Publisher)
		b.String("operator", a.operator)
		table.Optional(b.Int32, "groups_known", a.groupsKnown, a.groupsKnown > 0)
		b.Bool("covers_area", a.coversArea)
		b.Date("date_local", x.Date)
		b.Int32("slot_start_min", slot.start)
		b.Int32("slot_len_min", slot.length)
		b.Int32("off_min_lo", slot.lo)
		b.Int32("off_min_hi", slot.hi)
		b.String("status", x.Status)
		b.Bool("typed_in", x.TypedIn)
		b.Bool("redated", x.Redated)
	}
	return nil
}

// isQueue reports whether a name is that of a queue: numbers parted by dots,
// with or without letters before them. No place can pass for one.
func isQueue(name string) bool {
	numbers := strings.TrimLeft(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	for part := range strings.SplitSeq(numbers, ".") {
		if part == "" || strings.Trim(part, "0123456789") != "" {
			return false
		}
	}
	return len(name) <= 12
}

const (
	minutesInDay = 24 * 60
	spanSlotMin  = 30 // slots into which spans of the clock are cut
)

// announcedSlots returns a schedule by slot, after methods.md 3: a slot that is
// off for one of its halves is off for half its minutes, and one of which the
// state is not said for none or all of them.
func announcedSlots(x source.Schedule) []announcedSlot {
	if x.Status != "normal" {
		return []announcedSlot{{0, minutesInDay, 0, minutesInDay}}
	}
	if x.SlotMin == 0 {
		return cutSpans(x.Off)
	}
	length := int32(x.SlotMin)
	slots := make([]announcedSlot, len(x.Slots))
	for i, state := range x.Slots {
		slot := announcedSlot{start: int32(i) * length, length: length}
		switch state {
		case source.SlotOff:
			slot.lo, slot.hi = length, length
		case source.SlotFirstHalf, source.SlotSecondHalf:
			slot.lo, slot.hi = length/2, length/2
		case source.SlotUnknown:
			slot.hi = length
		}
		slots[i] = slot
	}
	return slots
}

// cutSpans returns spans, which lie apart, as half hours. Where a span begins
// or ends within one, the slot is off for a part of its minutes.
func cutSpans(off []source.ClockSpan) []announcedSlot {
	slots := make([]announcedSlot, minutesInDay/spanSlotMin)
	for i := range slots {
		start := i * spanSlotMin
		minutes := 0
		for _, span := range off {
			minutes += max(0, min(span.To, start+spanSlotMin)-max(span.From, start))
		}
		slots[i] = announcedSlot{int32(start), spanSlotMin, int32(minutes), int32(minutes)}
	}
	return slots
}
