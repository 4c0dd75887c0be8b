package panel

import (
	"math"

	"hardship/pipeline/hour"
	"hardship/pipeline/index"
	"hardship/pipeline/quality"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// dayTemperature is what one civil day's temperatures say, with the policy on
// gaps applied: values below the limits are NaN.
type dayTemperature struct {
	summary   index.DaySummary
	windChill unit.Celsius // lowest; NaN without wind
	hdd       unit.DegreeDays
	dh18, dh0 unit.DegreeHours
	source    string  // "" if no source has a value
	hours     *hourly // of the source; nil if it gives days, or without one
	// definition is where the day begins, of table.DayDefinitions; daily says
	// that the source gives days and no hours. "" without a source.
	definition string
	daily      bool
	flags      int32
}

// temperatures reduces an area's hours to days. One source serves a day: the
// first declared whose day is valid, else the one with most hours. A day of a
// source of days is valid if it has any value. Sources are never mixed within a
// day (methods.md 4.3).
func (p *pass) temperatures() []dayTemperature {
	return reduced(room(&p.scratch.temperatures, p.calendar.Days()), p.calendar, p.input.first, p.temperature)
}

// reduced sets days to those of a calendar. The hours of the sources begin with
// first.
func reduced(days []dayTemperature, calendar *hour.Calendar, first hour.Hour, sources []temperatureSource) []dayTemperature {
	for i := range sources {
		sources[i].present = make([]uint8, len(days))
	}
	for d := range days {
		date := calendar.First + hour.Day(d)
		begins, ends := calendar.Hours(date)
		from, to := int(begins-first), int(ends-first)
		var best *hourly
		empty := index.DaySummary{
			Min: unit.Missing[unit.Celsius](), Mean: unit.Missing[unit.Celsius](), Max: unit.Missing[unit.Celsius](),
			Expected: to - from, LongestGap: to - from,
		}
		summary := empty
		var whole *daily
		with := 0
		for i := range sources {
			source := &sources[i]
			served := whole != nil || quality.DayValid(summary)
			if source.days != nil {
				if !source.days.of(date).known() {
					continue
				}
				with++
				if !served {
					whole = source.days
				}
				continue
			}
			s := empty
			if !source.hours.none(from, to) {
				s = index.Summarize(source.hours.temp[from:to])
			}
			if s.Present > 0 {
				with++
			}
			source.present[d] = uint8(s.Present)
			if !served && (best == nil || quality.DayValid(s) || s.Present > summary.Present) {
				best, summary = source.hours, s
			}
		}
		if whole != nil {
			days[d] = wholeDay(whole, date, to-from)
		} else {
			days[d].summarize(best, from, to, summary)
		}
		if with > 1 {
			days[d].flags |= table.FlagTwoSources
		}
	}
	return days
}

// summarize sets d to the day of the hours from from to to−1 of a source, with the
// policy on gaps applied; h is nil without one.
func (d *dayTemperature) summarize(h *hourly, from, to int, s index.DaySummary) {
	*d = dayTemperature{
		summary:   s,
		windChill: unit.Missing[unit.Celsius](),
		hdd:       unit.Missing[unit.DegreeDays](),
		dh18:      unit.Missing[unit.DegreeHours](), dh0: unit.Missing[unit.DegreeHours](),
	}
	if h == nil {
		return
	}
	for i := from; h.forecast != nil && i < to; i++ {
		if h.forecastOnly(i) {
			d.flags |= table.FlagForecastOnly
		}
	}
	if s.Present > 0 {
		d.source, d.definition, d.hours = h.source, dayOfHours, h
		if s.Present < s.Expected {
			d.flags |= table.FlagTemperatureGaps
		}
	}
	if quality.Scalable(s) {
		dh18, dh0 := index.DegreeHours(h.temp[from:to], 18, 0)
		d.dh18, d.dh0 = index.Scaled(dh18, s.Present, s.Expected), index.Scaled(dh0, s.Present, s.Expected)
	}
	if !quality.DayValid(s) {
		d.summary.Min, d.summary.Mean, d.summary.Max = unit.Missing[unit.Celsius](), unit.Missing[unit.Celsius](), unit.Missing[unit.Celsius]()
		return
	}
	d.hdd = index.HeatingDegreeDay(s.Mean)
	if h.wind != nil {
		for i := from; i < to; i++ {
			if w := index.WindChill(h.temp[i], h.wind[i]); !unit.IsMissing(w) && !(w >= d.windChill) {
				d.windChill = w
			}
		}
	}
}

// warmerThan reports that every hour of the day has a reading above a limit, so
// that none need be looked at.
func (d *dayTemperature) warmerThan(limit unit.Celsius) bool {
	return d.hours != nil && d.summary.Present == d.summary.Expected && d.summary.Min > limit
}

// dayOfHours is the day definition of days that are made of hours.
const dayOfHours = "local00"

// wholeDay is a day of a source of days. What hours alone can tell stays
// unknown; so does what the source does not give, the mean above all.
func wholeDay(source *daily, date hour.Day, hours int) dayTemperature {
	v := source.of(date)
	d := dayTemperature{
		summary:    index.DaySummary{Min: v.min, Mean: v.mean, Max: v.max, Expected: hours},
		windChill:  unit.Missing[unit.Celsius](),
		hdd:        unit.Missing[unit.DegreeDays](),
		dh18:       unit.Missing[unit.DegreeHours](),
		dh0:        unit.Missing[unit.DegreeHours](),
		source:     source.source,
		definition: source.definitionOf(date),
		daily:      true,
	}
	if !unit.IsMissing(v.mean) {
		d.hdd = index.HeatingDegreeDay(v.mean)
	}
	return d
}

// writeTemperatures sets the days' columns of area_day.
func writeTemperatures(b *table.Columns, days []dayTemperature) {
	n := len(days)
	numbers := func() []float64 { return make([]float64, n) }
	tmin, tmean, tmax, coverage := numbers(), numbers(), numbers(), numbers()
	hdd, dh18, dh0 := numbers(), numbers(), numbers()
	windy := false
	for i := range days {
		d := &days[i]
		tmin[i], tmean[i], tmax[i], coverage[i] = float64(d.summary.Min), float64(d.summary.Mean), float64(d.summary.Max), d.coverage()
		hdd[i], dh18[i], dh0[i] = float64(d.hdd), float64(d.dh18), float64(d.dh0)
		windy = windy || !unit.IsMissing(d.windChill)
	}
	coldDays(b, tmin)
	b.Float64s("tmin_c", tmin)
	b.Float64s("tmean_c", tmean)
	b.Float64s("tmax_c", tmax)
	b.Int32("t_n_present", func(i int) (int32, bool) { return int32(days[i].summary.Present), !days[i].daily })
	b.Float64s("t_coverage", coverage)
	b.Int32("t_longest_gap_h", func(i int) (int32, bool) { return int32(days[i].summary.LongestGap), !days[i].daily })
	b.String("t_source_id", func(i int) string { return days[i].source })
	b.String("t_day_definition", func(i int) string { return days[i].definition })
	if windy {
		b.Float64("wchill_min_c", func(i int) float64 { return float64(days[i].windChill) })
	}
	b.Float64s("hdd_eu_kd", hdd)
	b.Float64s("dh18_kh", dh18)
	b.Float64s("dh0_kh", dh0)
}

// thresholds of the columns cold_le_*, in °C.
var thresholds = []struct {
	column string
	value  float64
}{{"cold_le_0", 0}, {"cold_le_m5", -5}, {"cold_le_m10", -10}, {"cold_le_m15", -15}, {"cold_le_m20", -20}}

// coldDays sets the columns that say which thresholds each day's lowest
// temperature reached (methods.md C1, with ≤: "down to −20").
func coldDays(b *table.Columns, tmin []float64) {
	for _, t := range thresholds {
		b.Bool(t.column, func(i int) (bool, bool) { return tmin[i] <= t.value, !math.IsNaN(tmin[i]) })
	}
}

// spells finds the area's cold spells under every rule.
func (p *pass) spells(days []dayTemperature) *table.Table {
	tmean := make([]unit.Celsius, len(days))
	for i, d := range days {
		tmean[i] = d.summary.Mean
	}
	b := table.NewBuilder(table.ColdSpell)
	for _, rule := range p.in.settings.Spells {
		for _, s := range index.Spells(tmean, rule) {
			lowest := unit.Celsius(math.Inf(1))
			var sum unit.Celsius
			var hdd unit.DegreeDays
			for _, d := range days[s.First:s.End] {
				lowest = min(lowest, d.summary.Min)
				sum += d.summary.Mean
				hdd += d.hdd
			}
			b.Row()
			b.String("area_id", string(p.area.ID))
			b.String("rule_id", rule.ID())
			b.Date("start_date", p.calendar.First+hour.Day(s.First))
			b.Date("end_date", p.calendar.First+hour.Day(s.End-1))
			b.Int32("days", int32(s.Days()))
			b.Float64("tmin_min_c", float64(lowest))
			b.Float64("tmean_mean_c", float64(sum)/float64(s.Days()))
			b.Float64("hdd_kd", float64(hdd))
			b.Bool("censored", s.Censored)
			b.Bool("touches_gap", s.TouchesGap)
		}
	}
	return b.Table()
}
