package panel

import (
	"cmp"
	"encoding/binary"
	"maps"
	"math"
	"math/bits"
	"slices"
	"strings"

	"hardship/pipeline/hour"
	"hardship/pipeline/index"
	"hardship/pipeline/quality"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// snapshots are the polls of one area by one source.
type snapshots struct {
	source  string
	newest  newest
	polls   pollList       // in the order they came; runs in minutes since 1970
	version []hour.Instant // of each poll; nil without vintages
}

// A pollList holds polls as the time since the one before and the customers, each
// in as few bytes as it needs: two or three a poll, of which a year of a country
// has tens of millions.
type pollList struct {
	packed []byte
	length int
	last   int32 // run
}

func (l *pollList) append(p index.Poll) {
	l.packed = binary.AppendVarint(l.packed, int64(p.Run)-int64(l.last))
	l.packed = binary.AppendVarint(l.packed, int64(p.Customers))
	l.last = p.Run
	l.length++
}

// all returns the polls in the order they came.
func (l *pollList) all() []index.Poll {
	polls := make([]index.Poll, l.length)
	run, packed := int64(0), l.packed
	for i := range polls {
		step, n := binary.Varint(packed)
		customers, m := binary.Varint(packed[n:])
		run, packed = run+step, packed[n+m:]
		polls[i] = index.Poll{Run: int32(run), Customers: int32(customers)}
	}
	return polls
}

const minute = hour.InstantsInHour / 60

// addSnapshots takes polls of areas. Each proves that its source looked at that
// moment, everywhere.
func (in *Inputs) addSnapshots(t *table.Table) error {
	ids, sources, runs := t.String("area_id"), t.String("source_id"), t.Timestamp("run_utc")
	out, ok, seen, retracted := t.Int64("customers_out"), t.Bool("run_ok"), t.Timestamp("first_seen_utc"), t.Bool("retracted")
	var a *inputArea
	var s *snapshots
	var looked *runSet
	var lastID, lastSource string
	for row := range t.Rows() {
		id, source := ids.Value(row), sources.Value(row)
		if s == nil || id != lastID || source != lastSource {
			var err error
			if a, err = in.area(id); err != nil {
				return err
			}
			s, looked = a.polledBy(source, in.words), in.runsOf(source)
			lastID, lastSource = id, source
		}
		at, version := table.Instant(runs, row), hour.DistantPast
		if seen.IsValid(row) {
			if version = table.Instant(seen, row); version > in.settings.AsOf {
				continue
			}
			s.newest.seen = max(s.newest.seen, version)
		} else {
			if at > in.settings.AsOf {
				continue
			}
			s.newest.own = max(s.newest.own, at)
		}
		run := minuteOf(at)
		if !looked.add(run) || !a.own {
			continue // outside every period, or none of ours
		}
		poll := index.Poll{Run: run, Customers: index.UnknownCustomers}
		if out.IsValid(row) && ok.Value(row) && !retracted.Value(row) {
			poll.Customers = int32(out.Value(row))
		}
		s.add(poll, version)
	}
	return nil
}

// add adds one version of a poll.
func (s *snapshots) add(poll index.Poll, version hour.Instant) {
	if version != hour.DistantPast && s.version == nil {
		s.version = slices.Repeat([]hour.Instant{hour.DistantPast}, s.polls.length)
	}
	s.polls.append(poll)
	if s.version != nil {
		s.version = append(s.version, version)
	}
}

// addRuns takes polls that wrote no row: they tell none out from not looked.
func (in *Inputs) addRuns(t *table.Table) error {
	sources, runs, ok := t.String("source_id"), t.Timestamp("run_utc"), t.Bool("run_ok")
	retracted, seen := t.Bool("retracted"), t.Timestamp("first_seen_utc")
	for row := range t.Rows() {
		known := table.Instant(runs, row)
		if seen.IsValid(row) {
			known = table.Instant(seen, row)
		}
		if known <= in.settings.AsOf && ok.Value(row) && !retracted.Value(row) {
			in.runsOf(sources.Value(row)).add(minuteOf(table.Instant(runs, row)))
		}
	}
	return nil
}

// minuteOf returns the whole minute of an instant, counted from 1970.
func minuteOf(at hour.Instant) int32 {
	return int32(min(max((at-at%minute)/minute, -1<<31), 1<<31-1))
}

// polledBy returns the area's polls by a source.
func (a *inputArea) polledBy(source string, w words) *snapshots {
	for _, s := range a.snapshots {
		if s.source == source {
			return s
		}
	}
	s := &snapshots{source: w.of(source), newest: noTime()}
	a.snapshots = append(a.snapshots, s)
	return s
}

// current returns the polls that count at the as-of, one a run, in order of
// time. Of two versions of a poll the later holds, of two at once the one that
// came later.
func (s *snapshots) current(asOf hour.Instant) []index.Poll {
	polls := s.polls.all()
	if s.version == nil {
		last := minuteOf(asOf)
		if !slices.IsSortedFunc(polls, func(a, b index.Poll) int { return cmp.Compare(a.Run, b.Run) }) {
			slices.SortStableFunc(polls, func(a, b index.Poll) int { return cmp.Compare(a.Run, b.Run) })
		}
		kept := polls[:0]
		for i, p := range polls {
			if p.Run <= last && (i+1 == len(polls) || polls[i+1].Run != p.Run) {
				kept = append(kept, p)
			}
		}
		return kept
	}
	order := make([]int32, 0, len(polls))
	for i := range polls {
		if s.version[i] <= asOf && (s.version[i] != hour.DistantPast || polls[i].Run <= minuteOf(asOf)) {
			order = append(order, int32(i))
		}
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(polls[a].Run, polls[b].Run), cmp.Compare(s.version[a], s.version[b]))
	})
	var kept []index.Poll
	for n, i := range order {
		if n+1 == len(order) || polls[order[n+1]].Run != polls[i].Run {
			kept = append(kept, polls[i])
		}
	}
	return kept
}

// runSet is the minutes at which a source looked, a bit each.
type runSet struct {
	first int32
	bits  []uint64
}

// runsOf returns the runs of a source, over the longest of all periods.
func (in *Inputs) runsOf(source string) *runSet {
	r, ok := in.runs[source]
	if !ok {
		whole := in.settings.Period
		for _, p := range in.settings.Periods {
			whole = Period{min(whole.First, p.First), max(whole.End, p.End)}
		}
		const minutes = 24 * 60
		r = &runSet{first: int32(whole.First-1) * minutes}
		r.bits = make([]uint64, (int(whole.End-whole.First+2)*minutes+63)/64)
		in.runs[in.words.of(source)] = r
	}
	return r
}

// add adds a minute and reports whether it lies in the set's span.
func (r *runSet) add(run int32) bool {
	i := int64(run) - int64(r.first)
	if i < 0 || i >= int64(len(r.bits))*64 {
		return false
	}
	r.bits[i/64] |= 1 << (i % 64)
	return true
}

// Runs returns the moments at which sources looked, known from polls of areas
// and from rows of their own, as a table of rows of their own.
func (in *Inputs) Runs() *table.Table {
	b := table.NewBuilder(table.SnapshotRun)
	for _, source := range slices.Sorted(maps.Keys(in.runs)) {
		for _, run := range in.runs[source].upTo(math.MaxInt32) {
			b.Row()
			b.String("source_id", source)
			b.Timestamp("run_utc", hour.Instant(run)*minute)
			b.Bool("run_ok", true)
			b.Bool("retracted", false)
		}
	}
	return b.Table()
}

// upTo returns the runs in order, those after last left out.
func (r *runSet) upTo(last int32) []int32 {
	var runs []int32
	for i, word := range r.bits {
		for ; word != 0; word &= word - 1 {
			if run := r.first + int32(i*64+bits.TrailingZeros64(word)); run <= last {
				runs = append(runs, run)
			}
		}
	}
	return runs
}

// looked are the runs of one source that count at the as-of.
type looked struct {
	runs []int32 // minutes, in order
	step int32   // minutes that a run stands for: the commonest time to the next, the shortest of equals
}

func lookedAt(r *runSet, asOf hour.Instant) looked {
	l := looked{runs: r.upTo(minuteOf(asOf))}
	steps := map[int32]int{}
	for i := 1; i < len(l.runs); i++ {
		steps[l.runs[i]-l.runs[i-1]]++
	}
	for step, n := range steps {
		if n > steps[l.step] || n == steps[l.step] && step < l.step {
			l.step = step
		}
	}
	return l
}

// polledHours are the customer-hours of one area by hour of its arrays.
type polledHours struct {
	source   string
	customer []unit.CustomerHours
	observed []uint8 // minutes of each hour
}

// polled reduces the area's snapshots to hours (methods.md 6.2), by source in
// declared order.
func (p *pass) polled() []polledHours {
	var all []polledHours
	for _, s := range p.input.snapshots {
		l := p.looked[s.source]
		polls := s.current(p.in.settings.AsOf)
		if l.step == 0 || len(polls) == 0 {
			continue
		}
		h := polledHours{source: s.source, customer: make([]unit.CustomerHours, p.input.hours), observed: make([]uint8, p.input.hours)}
		first, end := int32(p.input.first)*60, (int32(p.input.first)+int32(p.input.hours))*60
		index.Snapshots(l.runs, polls, l.step, func(from, to int32, customers int64) {
			for from, to = max(from, first), min(to, end); from < to; {
				i := from/60 - first/60
				next := min(to, (from/60+1)*60)
				h.customer[i] += unit.CustomerHours(float64(customers) * float64(next-from) / 60)
				h.observed[i] += uint8(next - from)
				from = next
			}
		})
		all = append(all, h)
	}
	slices.SortStableFunc(all, func(x, y polledHours) int {
		if d := p.in.settings.rank(x.source) - p.in.settings.rank(y.source); d != 0 {
			return d
		}
		return strings.Compare(x.source, y.source)
	})
	return all
}

// day sums the hours from from to to−1: the customer-hours of the minutes
// observed, and their share of the day.
func (h *polledHours) day(from, to int) dayOutage {
	var sum unit.CustomerHours
	minutes := 0
	for i := from; i < to; i++ {
		sum += h.customer[i]
		minutes += int(h.observed[i])
	}
	if minutes == 0 {
		return noOutages
	}
	return dayOutage{lo: sum, hi: sum, hours: &outHours{h.customer, h.customer}, coverage: quality.Share(minutes, 60*(to-from))}
}
