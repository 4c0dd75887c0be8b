package panel

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// scheduleKey names a queue's schedule of one day.
type scheduleKey struct {
	group string
	date  hour.Day
}

// scheduleSlot is one slot, or a whole day not in force, of one version of a
// queue's schedule.
type scheduleSlot struct {
	source, publisher, operator string
	known                       int32 // queues of the operator; 0 unknown
	coversArea                  bool
	start, length               int32 // minutes of the local clock
	lo, hi                      int32 // announced minutes off
	status                      string
	typedIn                     bool
	version                     hour.Instant // the distant past if it is not known when it was committed
}

func (in *Inputs) addSchedules(t *table.Table) {
	areas, groups, publishers, operators := t.String("area_id"), t.String("group_id"), t.String("publisher"), t.String("operator")
	sources, statuses, dates := t.String("source_id"), t.String("status"), t.Date("date_local")
	starts, lengths, lo, hi := t.Int32("slot_start_min"), t.Int32("slot_len_min"), t.Int32("off_min_lo"), t.Int32("off_min_hi")
	known, covers, typed := t.Int32("groups_known"), t.Bool("covers_area"), t.Bool("typed_in")
	seen, retracted := t.Timestamp("first_seen_utc"), t.Bool("retracted")
	words := map[string]string{}
	intern := func(s string) string {
		w, ok := words[s]
		if !ok {
			w = strings.Clone(s)
			words[w] = w
		}
		return w
	}
	for row := range t.Rows() {
		date := table.Day(dates, row)
		version, ok := in.known(table.Instant(seen, row), seen.IsValid(row), hour.Instant(date)*24*hour.InstantsInHour)
		if !ok || retracted.Value(row) {
			continue
		}
		s := scheduleSlot{
			source: intern(sources.Value(row)), publisher: intern(publishers.Value(row)), operator: intern(operators.Value(row)),
			coversArea: covers.Value(row), start: starts.Value(row), length: lengths.Value(row),
			lo: lo.Value(row), hi: hi.Value(row), status: intern(statuses.Value(row)), typedIn: typed.Value(row), version: version,
		}
		if known.IsValid(row) {
			s.known = known.Value(row)
		}
		a := in.area(areas.Value(row))
		key := scheduleKey{intern(groups.Value(row)), date}
		a.schedules[key] = append(a.schedules[key], s)
	}
}

// queueDay is what was announced for one queue on one day, in hours.
type queueDay struct {
	lo, hi     float64
	versions   int
	statuses   []string
	seen       bool // some slot had a schedule
	operator   string
	source     string
	known      int32
	coversArea bool
	typedIn    bool
	flags      int32
}

// areaAnnounced is the mean over the queues of one operator seen on one day.
type areaAnnounced struct {
	operator   string
	lo, hi     float64
	seen       int
	known      int32
	coversArea bool
	flags      int32
}

// announcements are an area's schedules by queue and by day.
type announcements struct {
	queues map[scheduleKey]*queueDay
	byDay  map[hour.Day]*areaAnnounced
	seen   map[operatorDay]int // queues seen
}

type operatorDay struct {
	operator string
	date     hour.Day
}

// announced works out what was announced (methods.md 6.6). The queues of one
// operator seen on a day are averaged with equal weights; of several operators
// the first declared source's serves the area, since they are never pooled.
func (p *pass) announced() announcements {
	a := announcements{queues: map[scheduleKey]*queueDay{}, byDay: map[hour.Day]*areaAnnounced{}, seen: map[operatorDay]int{}}
	keys := slices.SortedFunc(maps.Keys(p.input.schedules), func(x, y scheduleKey) int {
		return cmp.Or(cmp.Compare(x.date, y.date), strings.Compare(x.group, y.group))
	})
	byOperator := map[hour.Day][]*areaAnnounced{}
	rank := map[*areaAnnounced]int{}
	for _, key := range keys {
		if key.date < p.calendar.First || key.date >= p.calendar.End() {
			continue
		}
		q := p.announcedQueue(key.date, p.input.schedules[key])
		a.queues[key] = q
		if !q.seen {
			continue
		}
		a.seen[operatorDay{q.operator, key.date}]++
		list := byOperator[key.date]
		i := slices.IndexFunc(list, func(o *areaAnnounced) bool { return o.operator == q.operator })
		if i < 0 {
			o := &areaAnnounced{operator: q.operator, coversArea: q.coversArea}
			rank[o] = p.in.settings.rank(q.source)
			list = append(list, o)
			byOperator[key.date] = list
			i = len(list) - 1
		}
		o := list[i]
		o.lo, o.hi, o.seen = o.lo+q.lo, o.hi+q.hi, o.seen+1
		o.known = max(o.known, q.known)
		o.coversArea = o.coversArea && q.coversArea
		o.flags |= q.flags
		rank[o] = min(rank[o], p.in.settings.rank(q.source))
	}
	for d, list := range byOperator {
		best := slices.MinFunc(list, func(x, y *areaAnnounced) int {
			return cmp.Or(cmp.Compare(rank[x], rank[y]), strings.Compare(x.operator, y.operator))
		})
		best.lo /= float64(best.seen)
		best.hi /= float64(best.seen)
		a.byDay[d] = best
	}
	return a
}

// announcedQueue adds up one queue's day. Each slot takes, of each publisher,
// the last version committed before the slot began, or, if there is none, the
// first after, flagged late: what a later version says of hours already past
// changes nothing. A slot without a schedule in force may be off throughout.
// Publishers that disagree widen the bounds.
func (p *pass) announcedQueue(d hour.Day, slots []scheduleSlot) *queueDay {
	q := &queueDay{operator: slots[0].operator, source: slots[0].source, coversArea: true}
	type versionKey struct {
		publisher string
		at        hour.Instant
	}
	versions := map[string][]hour.Instant{}
	cells := map[versionKey]map[int32]scheduleSlot{}
	length := int32(24 * 60)
	for _, s := range slots {
		key := versionKey{s.publisher, s.version}
		if cells[key] == nil {
			cells[key] = map[int32]scheduleSlot{}
			versions[s.publisher] = append(versions[s.publisher], s.version)
		}
		cells[key][s.start] = s
		if s.length < length {
			length = s.length
		}
		q.known = max(q.known, s.known)
		q.coversArea = q.coversArea && s.coversArea
		q.typedIn = q.typedIn || s.typedIn
		if p.in.settings.rank(s.source) < p.in.settings.rank(q.source) {
			q.source = s.source
		}
	}
	q.versions = len(cells)
	publishers := slices.Sorted(maps.Keys(versions))
	for _, name := range publishers {
		slices.Sort(versions[name])
	}
	statuses := map[string]bool{}
	for minute := int32(0); minute < 24*60; minute += length {
		start, _ := hour.Local(d, int(minute), p.calendar.Location)
		end, _ := hour.Local(d, int(min(minute+length, 24*60)), p.calendar.Location)
		if end <= start {
			continue // the clocks skip the slot
		}
		hours := (hour.Interval{Start: start, End: end}).Hours()
		lo, hi, any, differ := 1.0, 0.0, false, false
		for _, name := range publishers {
			v, late := inForce(versions[name], start)
			share, status := shareOff(cells[versionKey{name, v}], minute, length)
			if late {
				q.flags |= table.FlagScheduleLate
			}
			statuses[status] = true
			if status != "absent" {
				q.seen = true
			}
			if status != "normal" {
				q.flags |= table.FlagScheduleNotInForce
			}
			differ = differ || any && (share[0] != lo || share[1] != hi)
			lo, hi, any = min(lo, share[0]), max(hi, share[1]), true
		}
		if differ {
			q.flags |= table.FlagPublishersDisagree
		}
		q.lo += lo * hours
		q.hi += hi * hours
	}
	if q.typedIn {
		q.flags |= table.FlagScheduleTypedIn
	}
	q.statuses = slices.Sorted(maps.Keys(statuses))
	return q
}

// inForce returns the version that held when a slot began: the last committed
// at or before start, else the first, which came late. versions are sorted.
func inForce(versions []hour.Instant, start hour.Instant) (v hour.Instant, late bool) {
	i, exact := slices.BinarySearch(versions, start)
	switch {
	case exact:
		return start, false
	case i > 0:
		return versions[i-1], false
	}
	return versions[0], true
}

// shareOff returns the shares of the slot at minute that were announced off, at
// least and at most, in one version, whose slots are a multiple of step long.
// A slot that no row of the version covers is absent.
func shareOff(rows map[int32]scheduleSlot, minute, step int32) (share [2]float64, status string) {
	for at := minute; at >= 0; at -= step {
		s, ok := rows[at]
		if !ok {
			continue
		}
		switch {
		case minute >= s.start+s.length:
			return [2]float64{0, 1}, "absent"
		case s.status != "normal":
			return [2]float64{0, 1}, s.status
		}
		return [2]float64{float64(s.lo) / float64(s.length), float64(s.hi) / float64(s.length)}, "normal"
	}
	return [2]float64{0, 1}, "absent"
}
