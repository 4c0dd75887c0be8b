package panel

import (
	"math"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// cold is the threshold of out_ch_le_m10.
const cold unit.Celsius = -10

// lookBacks are the spans of the columns out_ch_x_strikes_*.
var lookBacks = [...]struct {
	column string
	hours  hour.Hour
}{{"out_ch_x_strikes_6h", 6}, {"out_ch_x_strikes_24h", 24}, {"out_ch_x_strikes_72h", 72}}

const (
	// strikeDays is how many days before a day strikes_prev72 counts: its name
	// says hours, which days are but for a change of clocks.
	strikeDays = 3

	// earlierDays hold 72 hours, also where one of them is shorter.
	earlierDays = strikeDays + 1
)

// exposure is what an area's strikes say of the days of a calendar that begins
// earlierDays before the area's, and of their hours.
type exposure struct {
	calendar *hour.Calendar
	before   []unit.Bounds[int32] // by day of the area's calendar: strikes of the days before it
	known    []int32              // by day: days before it of which something is known
	whole    []int32              // by day: days before it that are known whole
	sums     []int32              // by hour: strikes before it whose hour is certain
	doubtful []int32              // by hour: those that may have been in an hour before it; nil if there are none
}

// exposed gathers the area's strikes.
func (p *pass) exposed() *exposure {
	e := &exposure{calendar: p.earlier, before: zeroed(&p.scratch.strikesBefore, p.calendar.Days())}
	days := p.strikesKnown(zeroed(&p.scratch.lookedBack, e.calendar.Days()), e.calendar)
	span := e.calendar.Span()
	hours := int((span.End - span.Start) / hour.InstantsInHour)
	e.sums = zeroed(&p.scratch.strikes, hours+1)
	for s := range p.sightings() {
		if !s.counted() {
			continue
		}
		if v := s.lasting().Overlap(span); v.Length() > 0 {
			first, last := int(v.Start.Hour()-span.Start.Hour()), int((v.End-1).Hour()-span.Start.Hour())
			if s.certain && !s.repeated && !s.byDate && first == last && s.window.Within(span) {
				e.sums[first+1]++
			} else {
				if e.doubtful == nil {
					e.doubtful = zeroed(&p.scratch.doubtful, hours+1)
				}
				for i := first; i <= last; i++ {
					e.doubtful[i+1]++
				}
			}
		}
		first, last := e.calendar.End(), e.calendar.End() // day that the strike touches
		for last = range daysIn(e.calendar, s.window) {
			first = min(first, last)
		}
		for d := max(first+1, p.calendar.First); d < min(last+strikeDays+1, p.calendar.End()); d++ {
			days := hour.Interval{Start: e.calendar.Interval(d - strikeDays).Start, End: e.calendar.Interval(d).Start}
			add(&e.before[d-p.calendar.First], s.certain && !s.repeated && s.window.Within(days), true)
		}
	}
	runningSums(e.sums)
	runningSums(e.doubtful)
	e.known, e.whole = room(&p.scratch.known, len(days)+1), room(&p.scratch.whole, len(days)+1)
	known, whole := int32(0), int32(0)
	for i := range days {
		e.known[i], e.whole[i] = known, whole
		if days[i].known {
			known++
		}
		if days[i].whole {
			whole++
		}
	}
	e.known[len(days)], e.whole[len(days)] = known, whole
	return e
}

// runningSums turns counts into the sums up to each, itself among them.
func runningSums(counts []int32) {
	sum := int32(0)
	for i, n := range counts {
		sum += n
		counts[i] = sum
	}
}

// allWhole reports whether the days from from to to−1 are known whole.
func (e *exposure) allWhole(from, to int) bool { return int(e.whole[to]-e.whole[from]) == to-from }

// exposureDays makes the area's rows of exposure_day (methods.md 11.3): inputs of
// models, in which customers out are put beside the cold and the strikes of the
// same area. What a strike may have done they do not say.
func (p *pass) exposureDays(temperature []dayTemperature, outages []dayOutage) *table.Table {
	n := p.calendar.Days()
	b := table.NewColumns(table.ExposureDay, n)
	b.Same("area_id", string(p.area.ID))
	b.Dates("date_local", p.calendar.First)
	coldLo, coldHi := make([]float64, n), make([]float64, n)
	for i := range n {
		inCold := p.outInCold(i, &temperature[i], &outages[i])
		coldLo[i], coldHi[i] = float64(inCold.Lo), float64(inCold.Hi)
	}
	b.Float64s("out_ch_le_m10_lo", coldLo)
	b.Float64s("out_ch_le_m10_hi", coldHi)

	e := p.exposed()
	b.Int32("strikes_prev72_lo", func(i int) (int32, bool) {
		i += earlierDays
		return e.before[i-earlierDays].Lo, e.known[i] > e.known[i-strikeDays]
	})
	b.Int32("strikes_prev72_hi", func(i int) (int32, bool) {
		i += earlierDays
		return e.before[i-earlierDays].Hi, e.allWhole(i-strikeDays, i)
	})
	var products [len(lookBacks)][]float64
	for k := range products {
		products[k] = make([]float64, n)
	}
	for i := range n {
		p.outAfterStrikes(&products, e, i, &outages[i])
	}
	for k, back := range lookBacks {
		b.Float64s(back.column, products[k])
	}
	return b.Table()
}

// outAfterStrikes multiplies the customer-hours of each hour of a day by the strikes
// in the hours that each of lookBacks spans before it, and sets the day's sums of the
// products, which are 0: NaN where customers out or strikes are unknown.
func (p *pass) outAfterStrikes(sums *[len(lookBacks)][]float64, e *exposure, i int, o *dayOutage) {
	if o.hours == nil || math.IsNaN(float64(o.hi)) {
		for k := range sums {
			sums[k][i] = math.NaN()
		}
		return
	}
	whole := e.allWhole(i, i+earlierDays+1) // the days that hold all that is looked back on
	start := e.calendar.Span().Start.Hour()
	from, to := e.calendar.Hours(p.calendar.First + hour.Day(i))
	first, end := from-start, to-start
	for k, back := range lookBacks {
		if !whole {
			from, _ := e.calendar.Day((from - back.hours).Start())
			if !e.allWhole(int(from-e.calendar.First), i+earlierDays+1) {
				sums[k][i] = math.NaN()
				continue
			}
		}
		if e.doubtful != nil && e.doubtful[end-1] > e.doubtful[first-back.hours] {
			sums[k][i] = math.NaN()
			continue
		}
		if e.sums[end-1] == e.sums[first-back.hours] {
			continue // no strike
		}
		out := o.hours.hi[from-p.input.first : to-p.input.first]
		after, before := e.sums[first:end], e.sums[first-back.hours:end-back.hours]
		after, before = after[:len(out)], before[:len(out)]
		sum := 0.0
		for h, customers := range out {
			sum += float64(float64(customers) * float64(after[h]-before[h]))
		}
		sums[k][i] = sum
	}
}

// outInCold adds up the customer-hours of a day's hours at or below −10 °C: lo
// those known to be, hi those and the hours without a reading. It is NaN where
// customers out are unknown, or not one hour has a reading.
func (p *pass) outInCold(i int, t *dayTemperature, o *dayOutage) unit.Bounds[unit.CustomerHours] {
	sum := unit.Bounds[unit.CustomerHours]{Lo: noOutages.lo, Hi: noOutages.hi}
	if o.hours == nil || t.hours == nil || t.summary.Present == 0 {
		return sum
	}
	sum = unit.Bounds[unit.CustomerHours]{}
	from, to := p.hoursOf(p.calendar.First + hour.Day(i))
	if t.warmerThan(cold) {
		to = from
	}
	for h := from; h < to; h++ {
		switch temp := t.hours.temp[h]; {
		case temp <= cold:
			sum.Lo += o.hours.lo[h]
			sum.Hi += o.hours.hi[h]
		case unit.IsMissing(temp):
			sum.Hi += o.hours.hi[h]
		}
	}
	if math.IsNaN(float64(o.hi)) {
		sum.Hi = noOutages.hi
	}
	return sum
}
