package panel

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// supplyState is the supply at one household over an interval of its log.
type supplyState struct {
	source    string
	household int32
	at        hour.Interval
	supplied  bool
	typedIn   bool
}

func (in *Inputs) addSupply(t *table.Table) {
	areas, groups, households := t.String("area_id"), t.String("group_id"), t.Int32("point")
	starts, ends, supplied, typed := t.Timestamp("start_utc"), t.Timestamp("end_utc"), t.Bool("supplied"), t.Bool("typed_in")
	sources, seen, retracted := t.String("source_id"), t.Timestamp("first_seen_utc"), t.Bool("retracted")
	for row := range t.Rows() {
		s := supplyState{
			source:    strings.Clone(sources.Value(row)),
			household: households.Value(row), supplied: supplied.Value(row), typedIn: typed.Value(row),
			at: hour.Interval{Start: table.Instant(starts, row), End: table.Instant(ends, row)},
		}
		if _, ok := in.known(table.Instant(seen, row), seen.IsValid(row), s.at.End); !ok || retracted.Value(row) {
			continue
		}
		in.cover(t, sources.Value(row), s.at)
		a := in.area(areas.Value(row))
		group := strings.Clone(groups.Value(row))
		a.supply[group] = append(a.supply[group], s)
	}
}

// observedDay is what the logs of a queue's households say of one day.
type observedDay struct {
	off        hour.Instant // summed over households
	seen       hour.Instant // time inside the logs, summed over households
	households int
	typedIn    bool
}

// observed adds up the logs of each queue by day (methods.md 6.6): what the
// schedule announced can be set beside what one household saw. Time outside
// the log is unknown.
func (p *pass) observed(group string) map[hour.Day]*observedDay {
	days := map[hour.Day]*observedDay{}
	households := map[hour.Day]map[int32]bool{}
	for _, s := range p.input.supply[group] {
		for d := range p.daysOf(s.at) {
			day := days[d]
			if day == nil {
				day = &observedDay{}
				days[d] = day
				households[d] = map[int32]bool{}
			}
			length := s.at.Overlap(p.calendar.Interval(d)).Length()
			day.seen += length
			if !s.supplied {
				day.off += length
			}
			day.typedIn = day.typedIn || s.typedIn
			households[d][s.household] = true
			day.households = len(households[d])
		}
	}
	return days
}

// queueDays puts schedules and logs of the area's queues side by side.
func (p *pass) queueDays(announced announcements) *table.Table {
	observed := map[string]map[hour.Day]*observedDay{}
	keys := map[scheduleKey]bool{}
	for group := range p.input.supply {
		observed[group] = p.observed(group)
		for d := range observed[group] {
			keys[scheduleKey{group, d}] = true
		}
	}
	for key := range announced.queues {
		keys[key] = true
	}
	b := table.NewBuilder(table.QueueDay)
	for _, key := range slices.SortedFunc(maps.Keys(keys), func(x, y scheduleKey) int {
		return cmp.Or(strings.Compare(x.group, y.group), cmp.Compare(x.date, y.date))
	}) {
		if key.date > p.queueDay {
			continue
		}
		b.Row()
		b.String("area_id", string(p.area.ID))
		b.String("group_id", key.group)
		b.Date("date_local", key.date)
		typedIn := false
		if q := announced.queues[key]; q != nil {
			b.Float64("sched_off_h_lo", q.lo)
			b.Float64("sched_off_h_hi", q.hi)
			b.Int32("versions", int32(q.versions))
			b.String("status", strings.Join(q.statuses, "+"))
			b.Int32("groups_seen", int32(announced.seen[operatorDay{q.operator, key.date}]))
			table.Optional(b.Int32, "groups_known", q.known, q.known > 0)
			typedIn = q.typedIn
		} else {
			b.Int32("versions", 0)
		}
		if o := observed[key.group][key.date]; o != nil {
			n := hour.Instant(o.households)
			b.Float64("observed_off_h", (hour.Interval{End: o.off}).Hours()/float64(n))
			b.Int32("observed_points", int32(o.households))
			b.Float64("observed_coverage", float64(o.seen)/float64(n*p.calendar.Interval(key.date).Length()))
			typedIn = typedIn || o.typedIn
		} else {
			b.Int32("observed_points", 0)
			b.Float64("observed_coverage", float64(unit.Missing[unit.Celsius]()))
		}
		b.Bool("typed_in", typedIn)
	}
	return b.Table()
}
