// Package hourschedule reads schedules of outages by queue and hour of the
// local clock, in the form of the pages of DTEK and of those who copy it:
//
//	"fact": {"data": {epoch second: {queue: {"1" to "24": state}}}, "today": epoch second}
//
// Hour "1" is from 00:00 to 01:00. The state of an hour is
//
//	yes       on
//	no        off
//	first     off for its first half
//	second    off for its second half
//	maybe     may be off
//	mfirst    may be off for its first half
//	msecond   may be off for its second half
//
// and becomes the states of its two halves, since a later version may come
// between them.
package hourschedule

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/jsonfile"
)

// A day has Slots slots of SlotMin minutes, also where it lasts 23 or 25 hours.
const (
	SlotMin = 30
	Slots   = 2 * hours
	hours   = 24
)

// halves are the states of the two halves of an hour.
var halves = map[string][2]source.Slot{
	"yes":     {source.SlotOn, source.SlotOn},
	"no":      {source.SlotOff, source.SlotOff},
	"first":   {source.SlotOff, source.SlotOn},
	"second":  {source.SlotOn, source.SlotOff},
	"maybe":   {source.SlotUnknown, source.SlotUnknown},
	"mfirst":  {source.SlotUnknown, source.SlotOn},
	"msecond": {source.SlotOn, source.SlotUnknown},
}

// Facts yields the schedules that a version's fact announces, a record a queue
// and day in the order written, then the absent ones of each day. seen is when
// the version was; FirstSeen and Revision are left to the caller. known are the
// queues that earlier versions named, and takes in those of this one.
//
//  1. A day without any queue says nothing and gives no record: nothing was
//     announced, or the page could not be read.
//  2. A queue that a day leaves out although an earlier version, or another day
//     of this one, names it has the status "absent", which is not "on".
//  3. A day is the second of its midnight: of the local one or, as a copy of
//     the form has written, of the one in UTC. Where a version has a day under
//     both, a queue that the two differ on is refused under the second of UTC.
//  4. A day further ahead than the one after seen is refused: a date misread.
//     Days past are kept, since copies carry them along.
//
// A day or queue that cannot be understood costs no other.
func Facts(fact *jsonfile.Value, seen hour.Instant, loc *time.Location, known map[string]bool) iter.Seq2[source.Schedule, error] {
	return func(yield func(source.Schedule, error) bool) {
		data, err := Members(fact, "data")
		if err != nil {
			yield(source.Schedule{}, err)
			return
		}
		last := hour.DayIn(seen, loc) + 1
		days := make([]day, len(data))
		local := map[hour.Day]*jsonfile.Value{}
		for i, m := range data {
			days[i] = readDay(m, last, loc)
			if d := days[i]; len(d.queues) > 0 && !d.utc {
				local[d.Day] = m.Value
			}
			for _, q := range days[i].queues {
				if isQueue(q.Key) {
					known[q.Key] = true
				}
			}
		}
		for i := range days {
			d := &days[i]
			if d.err != nil {
				if !yield(source.Schedule{}, d.err) {
					return
				}
				continue
			}
			twin := local[d.Day]
			if !d.utc {
				twin = nil
			}
			for s, err := range d.schedules(twin, known) {
				if !yield(s, err) {
					return
				}
			}
		}
	}
}

// A day is one entry of fact.data.
type day struct {
	hour.Day
	utc    bool // named by its midnight in UTC
	entry  *jsonfile.Value
	queues []jsonfile.Member
	err    error
}

func readDay(m jsonfile.Member, last hour.Day, loc *time.Location) day {
	d := day{entry: m.Value}
	var ok bool
	if d.Day, d.utc, ok = midnight(m.Key, loc); !ok {
		d.err = m.Value.Bad(source.NotATime, fmt.Errorf("its key is not the second of a midnight in %v", loc))
		return d
	}
	if d.queues, d.err = object(m.Value); d.err != nil || len(d.queues) == 0 {
		return d
	}
	if d.Day > last {
		d.err = m.Value.Bad(source.OutOfRange, fmt.Errorf("its key is %v, which no schedule of %v can be of: at most %v", d.Day, last-1, last))
		d.queues = nil
	}
	return d
}

// midnight returns the day that begins at an epoch second, in loc or else in
// UTC.
func midnight(second string, loc *time.Location) (d hour.Day, utc, ok bool) {
	const most = 1 << 36 // year 4147
	n, err := strconv.ParseInt(second, 10, 64)
	if err != nil || n <= 0 || n > most || strconv.FormatInt(n, 10) != second {
		return 0, false, false
	}
	at := hour.Instant(n) * hour.Second
	d = hour.DayIn(at, loc)
	if begin, _ := hour.Local(d, 0, loc); begin == at {
		return d, false, true
	}
	return hour.DayIn(at, time.UTC), true, at%(24*hour.InstantsInHour) == 0
}

// schedules yields the day's schedule of each queue: those named, in the order
// written, then the other known ones. twin is another entry of the day that
// holds where the two differ; nil for none.
func (d *day) schedules(twin *jsonfile.Value, known map[string]bool) iter.Seq2[source.Schedule, error] {
	return func(yield func(source.Schedule, error) bool) {
		for _, q := range d.queues {
			s, err := readQueue(q, d.Day)
			if err == nil && twin != nil {
				err = differs(s, q.Value, twin.Get(q.Key))
			}
			if err != nil {
				s = source.Schedule{}
			}
			if !yield(s, err) {
				return
			}
		}
		if len(d.queues) == 0 || twin != nil {
			return
		}
		for _, queue := range slices.Sorted(maps.Keys(known)) {
			if d.entry.Get(queue) != nil {
				continue
			}
			if !yield(source.Schedule{Origin: d.entry.Origin(), Group: queue, Date: d.Day, Status: "absent", SlotMin: SlotMin}, nil) {
				return
			}
		}
	}
}

// differs returns an error if a queue's other entry is not the same.
func differs(s source.Schedule, entry, other *jsonfile.Value) error {
	if other == nil {
		return entry.Bad(source.Contradiction, errors.New("the day's entry by local midnight leaves the queue out"))
	}
	slots, err := ReadSlots(other)
	if err == nil && !slices.Equal(slots, s.Slots) {
		return entry.Bad(source.Contradiction, errors.New("is not what the day's entry by local midnight says"))
	}
	return nil
}

func readQueue(q jsonfile.Member, d hour.Day) (source.Schedule, error) {
	if !isQueue(q.Key) {
		return source.Schedule{}, q.Value.Bad(source.NotAllowed, errors.New("its key is not a queue such as GPV3.1"))
	}
	slots, err := ReadSlots(q.Value)
	if err != nil {
		return source.Schedule{}, err
	}
	return source.Schedule{Origin: q.Value.Origin(), Group: q.Key, Date: d, Status: "normal", SlotMin: SlotMin, Slots: slots}, nil
}

// isQueue reports whether a key is the name of a queue, such as GPV3.1.
func isQueue(key string) bool {
	numbers, ok := strings.CutPrefix(key, "GPV")
	line, part, parted := strings.Cut(numbers, ".")
	digits := func(s string, most int) bool {
		return len(s) > 0 && len(s) <= most && strings.Trim(s, "0123456789") == ""
	}
	return ok && parted && digits(line, 4) && digits(part, 2)
}

// ReadSlots translates an object of the hours "1" to "24", all of which must be
// there and nothing else.
func ReadSlots(day *jsonfile.Value) ([]source.Slot, error) {
	if err := day.Is(jsonfile.Object); err != nil {
		return nil, err
	}
	slots := make([]source.Slot, 0, Slots)
	for h := 1; h <= hours; h++ {
		state, err := day.Want(strconv.Itoa(h), jsonfile.Text)
		if err != nil {
			return nil, err
		}
		half, ok := halves[state.Text]
		if !ok {
			return nil, state.Bad(source.NotAllowed, errors.New("is not yes, no, first, second, maybe, mfirst or msecond"))
		}
		slots = append(slots, half[0], half[1])
	}
	if n := len(day.Members); n != hours {
		return nil, day.Bad(source.Malformed, fmt.Errorf("has %d hours, not %d", n, hours))
	}
	return slots, nil
}

// ReadToday returns the day of fact.today.
func ReadToday(fact *jsonfile.Value, loc *time.Location) (hour.Day, error) {
	today, err := fact.Want("today", jsonfile.Number)
	if err != nil {
		return 0, err
	}
	d, _, ok := midnight(today.Text, loc)
	if !ok {
		return 0, today.Bad(source.NotATime, fmt.Errorf("is not the second of a midnight in %v", loc))
	}
	return d, nil
}

// Members returns the members of the object at a key of v, which must be there.
// An empty list is an empty object, as PHP writes one.
func Members(v *jsonfile.Value, key string) ([]jsonfile.Member, error) {
	if err := v.Is(jsonfile.Object); err != nil {
		return nil, err
	}
	m := v.Get(key)
	if m == nil {
		_, err := v.Want(key, jsonfile.Object)
		return nil, err
	}
	return object(m)
}

// object returns the members of an object or of an empty list.
func object(v *jsonfile.Value) ([]jsonfile.Member, error) {
	if v.Kind == jsonfile.Array && len(v.Items) == 0 {
		return nil, nil
	}
	return v.Members, v.Is(jsonfile.Object)
}

// Sniff reports whether the head of a file begins with an object that has all
// these keys and a fact.data, and says which or what is missing.
func Sniff(head []byte, keys ...string) (why string, ok bool) {
	why, ok = jsonfile.Sniff(head, append(keys, "fact")...)
	if ok && !slices.Contains(jsonfile.Keys(head, "fact"), "data") {
		return "its fact is no object that has data", false
	}
	return why, ok
}
