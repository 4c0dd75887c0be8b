// Package outagedata reads the files of outage-data-ua, which copies the outage
// schedules of DTEK's pages for Kyiv, its oblast, Dnipro and Odesa: one file is
// one version of one page, in the form of package hourschedule.
//
// fact is what was announced for today and tomorrow. preset is the template of a
// week, nearly all of which is "maybe", and no announcement: Read passes it
// over, and ReadPreset reads nothing else. README.md has the traps.
package outagedata

import (
	"errors"
	"io"
	"iter"
	"strconv"
	"time"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/hourschedule"
	"hardship/pipeline/source/jsonfile"
)

// Read yields the schedules announced by a file
//
//	{"lastUpdated", "fact": {"data": {epoch second: {queue: {hour: state}}}}, "meta": {"contentHash"}}
//
// in the order written, a record a queue and day, by the rules of
// hourschedule.Facts. loc is the zone of the clock. FirstSeen is lastUpdated:
// the operator may have shown the schedule some hours earlier, but the file's
// own stamp of that has no zone. Revision is contentHash. A file whose fact is
// null has no records. Errors are as package source says.
func Read(r io.Reader, name string, loc *time.Location) iter.Seq2[source.Schedule, error] {
	return func(yield func(source.Schedule, error) bool) {
		v, err := readVersion(r, name)
		if err != nil {
			yield(source.Schedule{}, err)
			return
		}
		if v.fact == nil {
			return
		}
		for s, err := range hourschedule.Facts(v.fact, v.seen, loc, map[string]bool{}) {
			if err == nil {
				s.FirstSeen, s.Revision = v.seen, v.hash
			}
			if !yield(s, err) {
				return
			}
		}
	}
}

// ReadPreset yields the template of a file
//
//	{"lastUpdated", "fact": {"today"}, "preset": {"data": {queue: {"1" to "7": {hour: state}}}}}
//
// laid over the seven days that begin with fact.today, the week that it was
// shown for: a record a queue and day in the order written. Day "1" is Monday.
// FirstSeen, Revision and errors are as for Read.
func ReadPreset(r io.Reader, name string, loc *time.Location) iter.Seq2[source.Schedule, error] {
	return func(yield func(source.Schedule, error) bool) {
		v, err := readVersion(r, name)
		if err == nil && (v.fact == nil || v.preset == nil) {
			return
		}
		var today hour.Day
		var queues []jsonfile.Member
		if err == nil {
			today, err = hourschedule.ReadToday(v.fact, loc)
		}
		if err == nil {
			queues, err = hourschedule.Members(v.preset, "data")
		}
		if err != nil {
			yield(source.Schedule{}, err)
			return
		}
		for _, queue := range queues {
			for weekday, err := range queue.Value.Each() {
				var s source.Schedule
				if err == nil {
					s, err = template(queue.Key, weekday, today)
				}
				if err == nil {
					s.FirstSeen, s.Revision = v.seen, v.hash
				}
				if !yield(s, err) {
					return
				}
			}
		}
	}
}

// template lays one day of a template over the first such day from today on.
func template(queue string, weekday jsonfile.Member, today hour.Day) (source.Schedule, error) {
	n, err := strconv.Atoi(weekday.Key)
	if err != nil || n < 1 || n > 7 || weekday.Key != strconv.Itoa(n) {
		return source.Schedule{}, weekday.Value.Bad(source.NotAllowed, errors.New("its key is not a day of the week from 1 to 7"))
	}
	slots, err := hourschedule.ReadSlots(weekday.Value)
	if err != nil {
		return source.Schedule{}, err
	}
	ahead := (n - int(today.Time().Weekday()) + 7) % 7
	return source.Schedule{
		Origin: weekday.Value.Origin(), Group: queue, Date: today + hour.Day(ahead),
		Status: "normal", SlotMin: hourschedule.SlotMin, Slots: slots,
	}, nil
}

// A version is what a file holds; fact and preset are nil where it says null.
type version struct {
	seen         hour.Instant
	hash         string
	fact, preset *jsonfile.Value
}

func readVersion(r io.Reader, name string) (version, error) {
	var v version
	root, err := jsonfile.Read(r, name)
	if err != nil {
		return v, err
	}
	if v.fact, err = part(root, "fact"); err != nil || v.fact == nil {
		return v, err
	}
	if v.preset, err = part(root, "preset"); err != nil {
		return v, err
	}
	at, err := root.Want("lastUpdated", jsonfile.Text)
	if err != nil {
		return v, err
	}
	t, err := time.Parse(time.RFC3339, at.Text)
	if err != nil || t.Year() < 1970 {
		return v, at.Bad(source.NotATime, source.ErrNotATime)
	}
	v.seen = hour.At(t)
	if meta := root.Get("meta"); meta != nil {
		if hash := meta.Get("contentHash"); hash != nil && hash.Kind == jsonfile.Text {
			v.hash = hash.Text
		}
	}
	return v, nil
}

// part returns the object at a key, nil for null; preset may be left out.
func part(root *jsonfile.Value, key string) (*jsonfile.Value, error) {
	if err := root.Is(jsonfile.Object); err != nil {
		return nil, err
	}
	v := root.Get(key)
	if v != nil && v.Kind == jsonfile.Null || v == nil && key == "preset" {
		return nil, nil
	}
	return root.Want(key, jsonfile.Object)
}

// Sniff reports whether the head of a file is that of a copied page, and why or
// why not.
func Sniff(head []byte) (why string, ok bool) {
	if _, archive := hourschedule.Sniff(head, "commit"); archive {
		return "its first object is a version in an archive", false
	}
	return hourschedule.Sniff(head, "regionId", "lastUpdated")
}
