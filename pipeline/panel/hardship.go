package panel

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"hardship/pipeline/hour"
	"hardship/pipeline/index"
	"hardship/pipeline/quality"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// coldLimits are the temperatures of cold-dark hours, with their columns
// (methods.md 8.1), from the warmest down.
var coldLimits = [...]struct {
	limit       unit.Celsius
	off, people column
}{
	{0, column{"off_le_0_h_lo", "off_le_0_h_hi"}, column{"dark_le_0_ph_lo", "dark_le_0_ph_hi"}},
	{-10, column{"off_le_m10_h_lo", "off_le_m10_h_hi"}, column{"dark_le_m10_ph_lo", "dark_le_m10_ph_hi"}},
	{-20, column{"off_le_m20_h_lo", "off_le_m20_h_hi"}, column{"dark_le_m20_ph_lo", "dark_le_m20_ph_hi"}},
}

// A column names the two columns of a bounded quantity.
type column struct{ lo, hi string }

// Columns of bounded quantities.
var (
	offHours        = column{"off_h_lo", "off_h_hi"}
	darkPeople      = column{"dark_ph_lo", "dark_ph_hi"}
	announcedOff    = column{"household_announced_h_lo", "household_announced_h_hi"}
	indoorLowest    = column{"t_in_min_c_lo", "t_in_min_c_hi"}
	indoorBelow     = [index.Classes - 1]column{{"below_18_h_lo", "below_18_h_hi"}, {"below_16_h_lo", "below_16_h_hi"}, {"below_12_h_lo", "below_12_h_hi"}, {"below_5_h_lo", "below_5_h_hi"}}
	startDayMinutes = column{"saidi_startday_min_lo", "saidi_startday_min_hi"}
)

// darkDay is how long a home, or so many customers, were without power on one
// day: in all, and in hours as cold as each of coldLimits.
type darkDay struct {
	all     unit.Bounds[float64]
	cold    [len(coldLimits)]unit.Bounds[float64]
	unknown bool // cold is, for want of temperatures
}

// add adds another home's day of the same hours.
func (d *darkDay) add(other darkDay) {
	d.all = sum(d.all, other.all)
	for i := range d.cold {
		d.cold[i] = sum(d.cold[i], other.cold[i])
	}
}

func sum(a, b unit.Bounds[float64]) unit.Bounds[float64] {
	return unit.Bounds[float64]{Lo: a.Lo + b.Lo, Hi: a.Hi + b.Hi}
}

// dark adds up what is without power in each hour of a day. An hour without a
// temperature may have been cold; a valid day has few.
func (p *pass) dark(d hour.Day, a *air, off func(h int) unit.Bounds[float64]) darkDay {
	from, to := p.hoursOf(d)
	day := darkDay{unknown: a == nil || !a.valid[d-p.calendar.First]}
	for h := range to - from {
		one := off(h)
		day.all = sum(day.all, one)
		if !day.unknown {
			day.addCold(a.read[from+h], one)
		}
	}
	return day
}

// addCold adds what was without power in an hour of a temperature.
func (d *darkDay) addCold(t unit.Celsius, off unit.Bounds[float64]) {
	for i, c := range &coldLimits {
		if unit.IsMissing(t) {
			d.cold[i].Hi += off.Hi
		} else if t <= c.limit {
			d.cold[i] = sum(d.cold[i], off)
		}
	}
}

// A home is a queue or a household whose supply is known hour by hour on some
// days.
type home struct {
	group    string
	days     []hour.Day // in order
	supply   map[hour.Day][]supplyHour
	scenario []map[hour.Day]homeDay // by scenario
}

// follow works out the home's scenarios.
func (p *pass) follow(h *home, a *air) {
	for _, s := range scenarios {
		h.scenario = append(h.scenario, p.simulate(s, a, h.days, h.supply))
	}
}

// hardship makes the area's rows of the table hardship (methods.md 8), of days
// with a schedule, a log or customers out.
func (p *pass) hardship(temperature []dayTemperature, outages []dayOutage, announced announcements, observed map[scheduleKey]*observedDay) *table.Table {
	if p.calendar.Days() == 0 {
		return table.NewColumns(table.Hardship, 0).Table()
	}
	var a *air
	if homes := len(announced.byDay) > 0; homes || slices.ContainsFunc(outages, func(o dayOutage) bool { return o.hours != nil }) {
		a = p.outside(temperature, homes)
	}
	recorded := p.hardshipRecorded(a, temperature, outages)
	b := table.NewBuilder(table.Hardship)
	p.hardshipAnnounced(b, a, temperature, announced)
	p.hardshipObserved(b, a, temperature, announced, observed)
	if b.Rows() == 0 {
		return recorded
	}
	return table.Concat(table.Hardship, []*table.Table{b.Table(), recorded})
}

// row begins a row; s is nil where nothing is assumed of a home.
func (p *pass) row(b *table.Builder, d hour.Day, basis string, s *scenario, temperature *dayTemperature) {
	b.Row()
	b.String("area_id", string(p.area.ID))
	b.Date("date_local", d)
	b.String("basis", basis)
	b.Float64("t_coverage", temperature.coverage())
	if s == nil {
		b.String("scenario_id", basis)
		return
	}
	b.String("scenario_id", s.id(basis))
	b.Bool("heat_follows_power", s.heatFollows)
	if s.heatFollows {
		b.Float64("tau_h", s.home.TimeConstant)
		b.Float64("gain_c", float64(s.home.Gain))
	}
}

// setBounds sets the two cells of a bounded quantity.
func setBounds[T ~float64](b *table.Builder, c column, v unit.Bounds[T]) {
	b.Float64(c.lo, float64(v.Lo))
	b.Float64(c.hi, float64(v.Hi))
}

// writeDark sets hours without power: the mean over n homes.
func writeDark(b *table.Builder, day darkDay, n float64) {
	mean := func(v unit.Bounds[float64]) unit.Bounds[float64] {
		return unit.Bounds[float64]{Lo: v.Lo / n, Hi: v.Hi / n}
	}
	setBounds(b, offHours, mean(day.all))
	for i, v := range day.cold {
		if !day.unknown {
			setBounds(b, coldLimits[i].off, mean(v))
		}
	}
}

// hardshipAnnounced has the days with a schedule: means over the queues of the
// operator that serves the area, with equal weights as for announced hours.
func (p *pass) hardshipAnnounced(b *table.Builder, a *air, temperature []dayTemperature, announced announcements) {
	queues := map[string]*home{}
	for _, key := range slices.SortedFunc(maps.Keys(announced.queues), byQueue) {
		q, o := announced.queues[key], announced.byDay[key.date]
		if key.date > p.lastQueueDay || !q.seen || o == nil || o.operator != q.operator {
			continue
		}
		h := queues[key.group]
		if h == nil {
			h = &home{group: key.group, supply: map[hour.Day][]supplyHour{}}
			queues[key.group] = h
		}
		h.days = append(h.days, key.date)
		h.supply[key.date] = p.announcedHours(key.date, q)
	}
	groups := slices.Sorted(maps.Keys(queues))
	for _, group := range groups {
		p.follow(queues[group], a)
	}
	for _, d := range slices.Sorted(maps.Keys(announced.byDay)) {
		o := announced.byDay[d]
		if d > p.lastQueueDay {
			break
		}
		var seen []*home
		var day darkDay
		for _, group := range groups {
			h := queues[group]
			if h.supply[d] == nil {
				continue
			}
			one := p.dark(d, a, func(i int) unit.Bounds[float64] { return h.supply[d][i].off() })
			if len(seen) == 0 {
				day = one
			} else {
				day.add(one)
			}
			seen = append(seen, h)
		}
		coverage := math.NaN()
		if o.queues > 0 && o.coversArea {
			coverage = quality.Share(o.seen, int(o.queues))
		}
		for s := -1; s < len(scenarios); s++ {
			if s >= 0 && !hasDay(seen, s, d) {
				continue
			}
			p.row(b, d, "announced", scenarioAt(s), &temperature[d-p.calendar.First])
			writeDark(b, day, float64(len(seen)))
			b.Int32("groups_seen", int32(len(seen)))
			b.Float64("coverage", coverage)
			if s >= 0 {
				writeIndoor(b, seen, s, d)
				writeClass(b, seen, s, d, coverage)
			}
		}
	}
}

// scenarioAt returns a scenario by its place, nil for −1.
func scenarioAt(i int) *scenario {
	if i < 0 {
		return nil
	}
	return &scenarios[i]
}

// hasDay reports whether the homes' day is known in a scenario: it is for all or
// none, since they share the air.
func hasDay(homes []*home, s int, d hour.Day) bool {
	return !slices.ContainsFunc(homes, func(h *home) bool { _, ok := h.scenario[s][d]; return !ok })
}

// writeIndoor sets the means over homes of their day in a scenario.
func writeIndoor(b *table.Builder, homes []*home, s int, d hour.Day) {
	n := float64(len(homes))
	var lowest unit.Bounds[float64]
	var below [index.Classes - 1]unit.Bounds[float64]
	for _, h := range homes {
		day := h.scenario[s][d]
		lowest = sum(lowest, unit.Bounds[float64]{Lo: float64(day.lowest.Lo) / n, Hi: float64(day.lowest.Hi) / n})
		for k, v := range day.below {
			below[k] = sum(below[k], unit.Bounds[float64]{Lo: v.Lo / n, Hi: v.Hi / n})
		}
	}
	setBounds(b, indoorLowest, lowest)
	for k, c := range indoorBelow {
		setBounds(b, c, below[k])
	}
}

// writeClass sets the class of the queues seen and, where their share is known,
// that of the area: between all others of the lowest class and all of the highest.
func writeClass(b *table.Builder, homes []*home, s int, d hour.Day, coverage float64) {
	var lo, hi [index.Classes]float64 // shares of the queues seen
	for _, h := range homes {
		var off unit.Bounds[float64]
		for _, one := range h.supply[d] {
			off = sum(off, one.off())
		}
		var least, most [index.Classes - 1]float64
		for k, v := range h.scenario[s][d].below {
			least[k], most[k] = v.Lo, v.Hi
		}
		lo[index.HouseholdClass(off.Lo, least)-1] += 1 / float64(len(homes))
		hi[index.HouseholdClass(off.Hi, most)-1] += 1 / float64(len(homes))
	}
	b.Int32("class_seen_lo", int32(index.AreaClass(lo)))
	b.Int32("class_seen_hi", int32(index.AreaClass(hi)))
	if math.IsNaN(coverage) {
		return
	}
	for k := range lo {
		lo[k], hi[k] = lo[k]*coverage, hi[k]*coverage
	}
	lo[0] += 1 - coverage
	hi[index.Classes-1] += 1 - coverage
	b.Int32("class_lo", int32(index.AreaClass(lo)))
	b.Int32("class_hi", int32(index.AreaClass(hi)))
}

// hardshipObserved has the days of households' logs, only beside the schedule of
// their queue.
func (p *pass) hardshipObserved(b *table.Builder, a *air, temperature []dayTemperature, announced announcements, observed map[scheduleKey]*observedDay) {
	if len(announced.byDay) == 0 {
		return
	}
	type key struct {
		group string
		household
	}
	logs := map[key][]supplyState{}
	for _, s := range p.states() {
		k := key{s.group, s.household()}
		logs[k] = append(logs[k], s)
	}
	byDay := map[hour.Day][]*home{}
	for _, k := range slices.SortedFunc(maps.Keys(logs), func(x, y key) int {
		return cmp.Or(strings.Compare(x.group, y.group), strings.Compare(x.source, y.source), cmp.Compare(x.point, y.point))
	}) {
		h := &home{group: k.group, supply: map[hour.Day][]supplyHour{}}
		for _, s := range logs[k] {
			for d := range p.daysOf(s.at) {
				if d <= p.lastQueueDay && h.supply[d] == nil {
					h.days = append(h.days, d)
					h.supply[d] = p.loggedHours(d, logs[k])
				}
			}
		}
		p.follow(h, a)
		for _, d := range h.days {
			if q := announced.queues[scheduleKey{k.group, d}]; q != nil && q.seen {
				byDay[d] = append(byDay[d], h)
			}
		}
	}
	for _, d := range slices.Sorted(maps.Keys(byDay)) {
		homes := byDay[d]
		n := float64(len(homes))
		var day darkDay
		var scheduled unit.Bounds[float64]
		logged := 0.0 // share of the day
		for i, h := range homes {
			one := p.dark(d, a, func(i int) unit.Bounds[float64] { return h.supply[d][i].off() })
			if i == 0 {
				day = one
			} else {
				day.add(one)
			}
			q := announced.queues[scheduleKey{h.group, d}]
			scheduled = sum(scheduled, unit.Bounds[float64]{Lo: q.lo / n, Hi: q.hi / n})
		}
		for group := range groupsOf(homes) {
			logged += float64(observed[scheduleKey{group, d}].seen)
		}
		for s := -1; s < len(scenarios); s++ {
			if s >= 0 && !hasDay(homes, s, d) {
				continue
			}
			p.row(b, d, "observed", scenarioAt(s), &temperature[d-p.calendar.First])
			writeDark(b, day, n)
			b.Int32("observed_points", int32(len(homes)))
			setBounds(b, announcedOff, scheduled)
			b.Float64("coverage", logged/n/float64(p.calendar.Interval(d).Length()))
			if s >= 0 {
				writeIndoor(b, homes, s, d)
			}
		}
	}
}

// groupsOf returns the queues of homes.
func groupsOf(homes []*home) map[string]bool {
	groups := map[string]bool{}
	for _, h := range homes {
		groups[h.group] = true
	}
	return groups
}

// A recordedDay is a day on which customers were out, by its place in the
// calendar.
type recordedDay struct {
	darkDay
	at int
}

// hardshipRecorded makes the rows of the days on which customers were out.
func (p *pass) hardshipRecorded(a *air, temperature []dayTemperature, outages []dayOutage) *table.Table {
	days := p.scratch.dark[:0]
	for i := range outages {
		o := &outages[i]
		if o.hours == nil || !(o.hi > 0 || math.IsNaN(float64(o.hi))) {
			continue
		}
		from, to := p.hoursOf(p.calendar.First + hour.Day(i))
		if temperature[i].warmerThan(coldLimits[0].limit) {
			to = from
		}
		day := recordedDay{darkDay{all: unit.Bounds[float64]{Lo: float64(o.lo), Hi: float64(o.hi)}}, i}
		if a != nil && a.valid[i] {
			for h := from; h < to; h++ {
				day.addCold(a.read[h], unit.Bounds[float64]{Lo: float64(o.hours.lo[h]), Hi: float64(o.hours.hi[h])})
			}
		} else {
			day.darkByExtremes(&temperature[i])
		}
		for k := range day.cold {
			if math.IsNaN(day.all.Hi) {
				day.cold[k].Hi = math.NaN()
			}
		}
		days = append(days, day)
	}
	p.scratch.dark = days

	b := table.NewColumns(table.Hardship, len(days))
	text := func(name, value string) { b.String(name, func(int) string { return value }) }
	text("area_id", string(p.area.ID))
	text("basis", "recorded")
	text("scenario_id", "recorded") // nothing is assumed of a home
	b.Date("date_local", func(i int) hour.Day { return p.calendar.First + hour.Day(days[i].at) })
	b.Float64("t_coverage", func(i int) float64 { return temperature[days[i].at].coverage() })
	b.Float64("coverage", func(i int) float64 { return outages[days[i].at].coverage })

	persons := p.area.PersonsPerCustomer
	if persons == 0 {
		persons = index.DefaultPersonsPerCustomer
	}
	b.Float64("persons_per_customer", func(int) float64 { return persons })
	people := func(i int, customerHours float64) float64 {
		hours := float64(p.calendar.HoursInDay(p.calendar.First + hour.Day(days[i].at)))
		return float64(index.PersonHours(unit.CustomerHours(customerHours), persons, p.area.Population, hours))
	}
	served := float64(p.area.CustomersServed)
	// set sets the columns of customers' hours: of people, and of the mean customer.
	set := func(dark, off column, of func(*darkDay) unit.Bounds[float64]) {
		b.Float64(dark.lo, func(i int) float64 { return people(i, of(&days[i].darkDay).Lo) })
		b.Float64(dark.hi, func(i int) float64 { return people(i, of(&days[i].darkDay).Hi) })
		if served > 0 {
			b.Float64(off.lo, func(i int) float64 { return of(&days[i].darkDay).Lo / served })
			b.Float64(off.hi, func(i int) float64 { return of(&days[i].darkDay).Hi / served })
		}
	}
	set(darkPeople, offHours, func(d *darkDay) unit.Bounds[float64] { return d.all })
	for k, c := range coldLimits {
		set(c.people, c.off, func(d *darkDay) unit.Bounds[float64] {
			if d.unknown {
				return unknownHours
			}
			return d.cold[k]
		})
	}
	return b.Table()
}

var unknownHours = unit.Bounds[float64]{Lo: math.NaN(), Hi: math.NaN()}

// darkByExtremes bounds what was dark in the cold by the extremes of a source that
// gives days and no hours: all of it if the whole day was as cold, none if no
// hour was. It is unknown without them, and where the source's day is not the
// civil one.
func (d *darkDay) darkByExtremes(t *dayTemperature) {
	if d.unknown = !t.daily || t.definition != dayOfHours || unit.IsMissing(t.summary.Min) || unit.IsMissing(t.summary.Max); d.unknown {
		return
	}
	for i, c := range coldLimits {
		if t.summary.Max <= c.limit {
			d.cold[i].Lo = d.all.Lo
		}
		if t.summary.Min <= c.limit {
			d.cold[i].Hi = d.all.Hi
		}
	}
}

// coverage returns the share of the day's hours with a temperature.
func (d *dayTemperature) coverage() float64 {
	if d.daily {
		return 1
	}
	return quality.Share(d.summary.Present, d.summary.Expected)
}
