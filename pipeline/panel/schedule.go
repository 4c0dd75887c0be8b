package panel

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"hardship/pipeline/hour"
	"hardship/pipeline/quality"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// scheduleKey names a queue's schedule of one day.
type scheduleKey struct {
	group string
	date  hour.Day
}

// scheduleSlot is one slot, or a whole day not in force, of one version of a
// queue's schedule.
type scheduleSlot struct {
	vintage
	publisher, operator string
	queues              int32 // that the operator has; 0 unknown
	coversArea          bool
	start, end          int32                // minutes of the local clock
	off                 unit.Bounds[float64] // share of the slot that is announced off
	status              string
	typedIn, redated    bool
}

const minutesInDay = 24 * 60

func (in *Inputs) addSchedules(t *table.Table) error {
	areas, groups, publishers, operators := t.String("area_id"), t.String("group_id"), t.String("publisher"), t.String("operator")
	statuses, dates := t.String("status"), t.Date("date_local")
	starts, lengths, lo, hi := t.Int32("slot_start_min"), t.Int32("slot_len_min"), t.Int32("off_min_lo"), t.Int32("off_min_hi")
	known, covers, typed, redated := t.Int32("groups_known"), t.Bool("covers_area"), t.Bool("typed_in"), t.Bool("redated")
	vintages := in.vintagesOf(t)
	for row := range t.Rows() {
		a, err := in.area(areas.Value(row))
		if err != nil {
			return err
		}
		key := scheduleKey{in.words.of(groups.Value(row)), table.Day(dates, row)}
		length := lengths.Value(row)
		s := scheduleSlot{
			publisher: in.words.of(publishers.Value(row)), operator: in.words.of(operators.Value(row)),
			coversArea: covers.Value(row), status: in.words.of(statuses.Value(row)), typedIn: typed.Value(row), redated: redated.Value(row),
			start: starts.Value(row), end: min(starts.Value(row)+length, minutesInDay),
		}
		s.off.Hi = float64(min(hi.Value(row), length)) / float64(length)
		s.off.Lo = min(float64(lo.Value(row))/float64(length), s.off.Hi)
		// A schedule without vintages is known on the eve of its day: tomorrow's,
		// read today, must not make the as-of lie ahead.
		if s.vintage = vintages.at(row, hour.Instant(key.date-1)*24*hour.InstantsInHour); s.known() > in.settings.AsOf {
			continue
		}
		if s.retracted {
			s.status = "absent" // from that version on nothing is announced
		}
		if known.IsValid(row) {
			s.queues = known.Value(row)
		}
		a.schedules[key] = append(a.schedules[key], s)
	}
	return nil
}

// announces reports whether there is a schedule, in force or set aside by an
// emergency; one that is pending is none yet.
func (s *scheduleSlot) announces() bool { return s.status == "normal" || s.status == "emergency" }

// queueDay is what was announced for one queue on one day, in hours.
type queueDay struct {
	lo, hi     float64
	versions   int
	statuses   []string
	seen       bool // some slot had a schedule, in force or set aside by an emergency
	operator   string
	sources    []string // that have a schedule of the day, in order
	queues     int32
	coversArea bool
	typedIn    bool
	flags      int32
	pieces     []announcedPiece
}

// announcedPiece is what was announced for a stretch of the local clock.
type announcedPiece struct {
	from, to int32                // minutes
	off      unit.Bounds[float64] // share of it
}

// areaAnnounced is the mean over the queues of one operator seen on one day.
type areaAnnounced struct {
	operator   string
	rank       int // of its first declared source
	lo, hi     float64
	seen       int
	queues     int32
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
	byOperator := map[operatorDay]*areaAnnounced{}
	for _, key := range slices.SortedFunc(maps.Keys(p.input.schedules), byQueue) {
		if key.date < p.calendar.First || key.date >= p.calendar.End() {
			continue
		}
		var slots []*scheduleSlot
		for i := range p.input.schedules[key] {
			if s := &p.input.schedules[key][i]; s.known() <= p.in.settings.AsOf {
				slots = append(slots, s)
			}
		}
		if len(slots) == 0 {
			continue
		}
		q := p.announcedQueue(key.date, slots)
		a.queues[key] = q
		if !q.seen {
			continue
		}
		at := operatorDay{q.operator, key.date}
		a.seen[at]++
		o := byOperator[at]
		if o == nil {
			o = &areaAnnounced{operator: q.operator, rank: len(p.in.settings.Sources), coversArea: true}
			byOperator[at] = o
		}
		o.lo, o.hi, o.seen = o.lo+q.lo, o.hi+q.hi, o.seen+1
		o.queues = max(o.queues, q.queues)
		o.coversArea = o.coversArea && q.coversArea
		o.flags |= q.flags
		for _, source := range q.sources {
			o.rank = min(o.rank, p.in.settings.rank(source))
		}
	}
	for at, o := range byOperator {
		best := a.byDay[at.date]
		if best == nil || cmp.Or(cmp.Compare(o.rank, best.rank), strings.Compare(o.operator, best.operator)) < 0 {
			a.byDay[at.date] = o
		}
	}
	for _, o := range a.byDay {
		o.lo /= float64(o.seen)
		o.hi /= float64(o.seen)
		if int(o.queues) > o.seen {
			o.flags |= table.FlagFewQueues
		}
	}
	return a
}

// writeAnnounced sets the days' columns of area_day; a day without an
// announcement is nil.
func writeAnnounced(b *table.Columns, days []*areaAnnounced) {
	if !slices.ContainsFunc(days, func(o *areaAnnounced) bool { return o != nil }) {
		return
	}
	number := func(name string, of func(o *areaAnnounced) float64) {
		b.Float64(name, func(i int) float64 {
			if days[i] == nil {
				return math.NaN()
			}
			return of(days[i])
		})
	}
	number("sched_off_h_lo", func(o *areaAnnounced) float64 { return o.lo })
	number("sched_off_h_hi", func(o *areaAnnounced) float64 { return o.hi })
	b.Int32("sched_groups_seen", func(i int) (int32, bool) {
		if days[i] == nil {
			return 0, false
		}
		return int32(days[i].seen), true
	})
	b.Int32("sched_groups_known", func(i int) (int32, bool) {
		if days[i] == nil {
			return 0, false
		}
		return days[i].queues, days[i].queues > 0
	})
	number("sched_coverage", func(o *areaAnnounced) float64 {
		if o.queues == 0 || !o.coversArea {
			return math.NaN()
		}
		return quality.Share(o.seen, int(o.queues))
	})
}

// announcedQueue adds up one queue's day. A slot takes, of each publisher, what
// held when it began: see announcement.inForce. One without a schedule in force
// may be off throughout. Publishers that disagree widen the bounds.
func (p *pass) announcedQueue(d hour.Day, slots []*scheduleSlot) *queueDay {
	publishers := versionsByPublisher(slots)
	q := &queueDay{operator: publishers[0][0].slots[0].operator, coversArea: true}
	cuts := []int32{0, minutesInDay} // where the slot of some version begins or ends
	sources := map[string]bool{}
	for _, s := range slots {
		cuts = append(cuts, s.start, s.end)
		q.queues = max(q.queues, s.queues)
		q.coversArea = q.coversArea && s.coversArea
		q.typedIn = q.typedIn || s.typedIn
		if s.announces() {
			sources[s.source] = true
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	q.sources = slices.Sorted(maps.Keys(sources))
	for _, versions := range publishers {
		q.versions += len(versions)
	}
	statuses := map[string]bool{}
	clock := p.clock(d)
	for i := range cuts[1:] {
		hours := clock.hours(cuts[i], cuts[i+1])
		if hours == 0 {
			continue // the clocks skip it
		}
		var off unit.Bounds[float64] // share of the time
		for j, versions := range publishers {
			slot, late := inForce(versions, cuts[i], clock)
			share, status := unit.Bounds[float64]{Lo: 0, Hi: 1}, "absent"
			if slot != nil {
				status = slot.status
				if slot.redated {
					q.flags |= table.FlagScheduleRedated
				}
			}
			if status == "normal" {
				share = slot.off
			} else {
				q.flags |= table.FlagScheduleNotInForce
			}
			statuses[status] = true
			q.seen = q.seen || slot != nil && slot.announces()
			if late {
				q.flags |= table.FlagScheduleLate
			}
			if j > 0 && share != off {
				q.flags |= table.FlagPublishersDisagree
				share = unit.Bounds[float64]{Lo: min(off.Lo, share.Lo), Hi: max(off.Hi, share.Hi)}
			}
			off = share
		}
		q.lo += off.Lo * hours
		q.hi += off.Hi * hours
		q.pieces = append(q.pieces, announcedPiece{cuts[i], cuts[i+1], off})
	}
	if q.typedIn {
		q.flags |= table.FlagScheduleTypedIn
	}
	q.statuses = slices.Sorted(maps.Keys(statuses))
	return q
}

// announcement is one version of a publisher's schedule of a queue's day.
type announcement struct {
	seen  hour.Instant // the distant past if it is not known when
	slots []*scheduleSlot
}

// versionsByPublisher returns the versions of each publisher from the first to
// the last, the publishers in the order of their names.
func versionsByPublisher(slots []*scheduleSlot) [][]announcement {
	slots = slices.Clone(slots)
	slices.SortStableFunc(slots, func(a, b *scheduleSlot) int {
		return cmp.Or(strings.Compare(a.publisher, b.publisher), cmp.Compare(a.seen, b.seen),
			cmp.Compare(a.start, b.start), strings.Compare(a.source, b.source))
	})
	var publishers [][]announcement
	for i, s := range slots {
		if i == 0 || s.publisher != slots[i-1].publisher {
			publishers = append(publishers, nil)
		}
		versions := &publishers[len(publishers)-1]
		if n := len(*versions); n == 0 || (*versions)[n-1].seen != s.seen {
			*versions = append(*versions, announcement{seen: s.seen})
		}
		v := &(*versions)[len(*versions)-1]
		v.slots = append(v.slots, s)
	}
	return publishers
}

// inForce returns the slot that held for a minute of the day: that of the last
// version committed before the slot began or, late, of the first version if
// there is none. So what a later version says of hours already past changes
// nothing. A version that sets the schedule aside does so from its commit on.
// It returns nil where that version says nothing of the minute.
func inForce(versions []announcement, minute int32, clock clock) (s *scheduleSlot, late bool) {
	for i := len(versions) - 1; i >= 0; i-- {
		s := versions[i].slot(minute)
		begin := minute
		if s != nil && s.status == "normal" {
			begin = s.start
		}
		if versions[i].seen <= clock.at(begin) {
			return s, false
		}
	}
	return versions[0].slot(minute), true
}

// slot returns the version's slot that holds a minute of the day, or nil.
func (a *announcement) slot(minute int32) *scheduleSlot {
	for _, s := range slices.Backward(a.slots) {
		if s.start <= minute && minute < s.end {
			return s
		}
	}
	return nil
}

// clock is the local clock on one civil day.
type clock struct {
	calendar *hour.Calendar
	day      hour.Day
	regular  bool // every minute of the clock is shown once
}

func (p *pass) clock(d hour.Day) clock {
	return clock{p.calendar, d, p.calendar.HoursInDay(d) == 24}
}

// at returns the first instant at which clocks show a minute of the day, or at
// which they skip it.
func (c clock) at(minute int32) hour.Instant {
	if c.regular {
		return c.calendar.Interval(c.day).Start + hour.Instant(minute)*hour.Minute
	}
	at, _ := hour.Local(c.day, int(minute), c.calendar.Location)
	return at
}

// hours returns for how long clocks show a time from one minute to another:
// not at all where they are put forward, twice where they are put back.
func (c clock) hours(from, to int32) float64 {
	if c.regular {
		return float64(to-from) / 60
	}
	var minutes int32
	v := c.calendar.Interval(c.day)
	for h := v.Start.Hour(); h < v.End.Hour(); h++ {
		shown := int32(h.Start().Time().In(c.calendar.Location).Hour()) * 60
		minutes += max(0, min(to, shown+60)-max(from, shown))
	}
	return float64(minutes) / 60
}
