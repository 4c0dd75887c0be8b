package panel

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// supplyState is the supply at one household over an interval of its log.
type supplyState struct {
	vintage
	group    string
	point    int32 // number of the household in its log
	at       hour.Interval
	supplied bool
	typedIn  bool
}

// household is one whose supply was logged; two sources never log the same.
type household struct {
	source string
	point  int32
}

func (s supplyState) household() household { return household{s.source, s.point} }

func (in *Inputs) addSupply(t *table.Table) error {
	areas, groups, points := t.String("area_id"), t.String("group_id"), t.Int32("point")
	starts, ends, supplied, typed := t.Timestamp("start_utc"), t.Timestamp("end_utc"), t.Bool("supplied"), t.Bool("typed_in")
	vintages := in.vintagesOf(t)
	for row := range t.Rows() {
		a, err := in.area(areas.Value(row))
		if err != nil {
			return err
		}
		s := supplyState{
			group: in.words.of(groups.Value(row)), point: points.Value(row),
			at:       hour.Interval{Start: table.Instant(starts, row), End: table.Instant(ends, row)},
			supplied: supplied.Value(row), typedIn: typed.Value(row),
		}
		if s.vintage = vintages.at(row, s.at.End); s.known() <= in.settings.AsOf {
			a.supply = append(a.supply, s)
		}
	}
	return nil
}

// observedDay is what the logs of a queue's households say of one day.
type observedDay struct {
	off        hour.Instant // summed over households
	seen       hour.Instant // time inside the logs, summed over households
	households map[household]bool
	typedIn    bool
}

// states are the area's logs by queue, household and time. A state lasts until
// the next of its household begins, if that comes before its stated end.
func (p *pass) states() []supplyState {
	states := make([]supplyState, len(p.current.supply))
	for i, s := range p.current.supply {
		states[i] = *s
	}
	slices.SortStableFunc(states, func(a, b supplyState) int {
		return cmp.Or(strings.Compare(a.group, b.group), strings.Compare(a.source, b.source),
			cmp.Compare(a.point, b.point), cmp.Compare(a.at.Start, b.at.Start))
	})
	for i := range states[:max(0, len(states)-1)] {
		if s, next := &states[i], &states[i+1]; next.group == s.group && next.household() == s.household() {
			s.at.End = min(s.at.End, next.at.Start)
		}
	}
	return states
}

// observed adds up the logs of each queue by day (methods.md 6.6): what the
// schedule announced can be set beside what one household saw. Time outside
// the log is unknown.
func (p *pass) observed() map[scheduleKey]*observedDay {
	days := map[scheduleKey]*observedDay{}
	for _, s := range p.states() {
		at := s.at
		for d := range p.daysOf(at) {
			key := scheduleKey{s.group, d}
			day := days[key]
			if day == nil {
				day = &observedDay{households: map[household]bool{}}
				days[key] = day
			}
			length := at.Overlap(p.calendar.Interval(d)).Length()
			day.seen += length
			if !s.supplied {
				day.off += length
			}
			day.typedIn = day.typedIn || s.typedIn
			day.households[s.household()] = true
		}
	}
	return days
}

// queueDays puts schedules and logs of the area's queues side by side.
func (p *pass) queueDays(announced announcements, observed map[scheduleKey]*observedDay) *table.Table {
	keys := map[scheduleKey]bool{}
	for key := range observed {
		keys[key] = true
	}
	for key := range announced.queues {
		keys[key] = true
	}
	b := table.NewBuilder(table.QueueDay)
	for _, key := range slices.SortedFunc(maps.Keys(keys), byQueue) {
		if key.date > p.lastQueueDay {
			continue
		}
		b.Row()
		b.String("area_id", string(p.area.ID))
		b.String("group_id", key.group)
		b.Date("date_local", key.date)
		q, o := announced.queues[key], observed[key]
		if q != nil {
			b.Float64("sched_off_h_lo", q.lo)
			b.Float64("sched_off_h_hi", q.hi)
			b.Int32("versions", int32(q.versions))
			b.String("status", strings.Join(q.statuses, "+"))
			b.Int32("groups_seen", int32(announced.seen[operatorDay{q.operator, key.date}]))
			table.Optional(b.Int32, "groups_known", q.queues, q.queues > 0)
		} else {
			b.Int32("versions", 0)
		}
		if o != nil {
			n := len(o.households)
			b.Float64("observed_off_h", (hour.Interval{End: o.off}).Hours()/float64(n))
			b.Int32("observed_points", int32(n))
			b.Float64("observed_coverage", float64(o.seen)/float64(n)/float64(p.calendar.Interval(key.date).Length()))
		} else {
			b.Int32("observed_points", 0)
		}
		b.Bool("typed_in", q != nil && q.typedIn || o != nil && o.typedIn)
	}
	return b.Table()
}

// byQueue orders queues' days by queue, then day.
func byQueue(a, b scheduleKey) int {
	return cmp.Or(strings.Compare(a.group, b.group), cmp.Compare(a.date, b.date))
}
