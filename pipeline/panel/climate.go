package panel

import (
	"hardship/pipeline/hour"
	"hardship/pipeline/index"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// keepClimate says of which days the area's temperatures are kept: of its period
// and of the base of its climate.
func (a *inputArea) keepClimate(base Period) {
	a.kept, a.readFirst, a.readHours = a.period, a.first, a.hours
	if base.First >= base.End {
		return
	}
	a.kept = Period{First: min(base.First, a.period.First), End: max(base.End, a.period.End)}
	if before := int(a.first - (hour.Hour(base.First)*24 - 24)); before > 0 {
		a.readFirst -= hour.Hour((before + blockHours - 1) / blockHours * blockHours)
	}
	a.readHours = int(max(a.first+hour.Hour(a.hours), hour.Hour(base.End)*24+24) - a.readFirst)
}

// leadBlocks is how many blocks of readings lie before the dense arrays.
func (a *inputArea) leadBlocks() int { return int(a.first-a.readFirst) / blockHours }

// reaches reports whether a reading may lie in the area's period.
func (r *readings) reaches(a *inputArea) bool {
	if r.blocks == nil {
		return false
	}
	from := a.leadBlocks()
	return anyBlock(r.blocks[from:min(len(r.blocks), from+(a.hours+blockHours-1)/blockHours)])
}

func anyBlock(blocks []*readingBlock) bool {
	for _, b := range blocks {
		if b != nil {
			return true
		}
	}
	return false
}

// coldDay is what the climate says of a day: nothing but NaN without one.
type coldDay struct {
	tn10   unit.Celsius // below which one night in ten was at that time of the year
	t05    unit.Celsius // below which one day in twenty of all was
	ecf    float64      // excess cold factor, °C²
	inBase bool
}

func (d *coldDay) known() bool { return !unit.IsMissing(d.tn10) || !unit.IsMissing(d.t05) }

// againstClimate sets the area's days against the climate (methods.md C3, C4):
// each against the base period of its own source, since another instrument's cold
// is another. It is nil if no source reaches the base.
func (p *pass) againstClimate(days []dayTemperature) []coldDay {
	var against []coldDay
	for _, source := range p.climateSources() {
		if against == nil {
			missing := unit.Missing[unit.Celsius]()
			against = make([]coldDay, len(days))
			for i := range against {
				against[i] = coldDay{tn10: missing, t05: missing, ecf: unit.Missing[float64]()}
			}
		}
		p.againstSource(against, days, source)
	}
	return against
}

// againstSource sets the days of a source against its base period.
func (p *pass) againstSource(against []coldDay, days []dayTemperature, source temperatureSource) {
	calendar, base := p.climate(), p.in.settings.Base
	kept := reduced(room(&p.scratch.climateDays, calendar.Days()), calendar, p.input.readFirst, []temperatureSource{source})
	tmin, tmean := make([]unit.Celsius, len(kept)), make([]unit.Celsius, len(kept))
	for i := range kept {
		tmin[i], tmean[i] = kept[i].summary.Min, kept[i].summary.Mean
	}
	from, to := base.First-calendar.First, base.End-calendar.First
	nights, t05 := index.ColdNightsOf(tmin[from:to], base.First), index.ColdDaysOf(tmean[from:to])
	for i := range against {
		if days[i].source != source.name {
			continue
		}
		c, date := &against[i], p.calendar.First+hour.Day(i)
		c.tn10, c.inBase = nights.On(date)
		c.t05, c.ecf = t05, index.ExcessColdOn(tmean, int(date-calendar.First), t05).Factor
	}
}

// climateSources are the sources of the area's temperatures that have days in
// enough years of the base period to be its climate, laid out from its first day.
func (p *pass) climateSources() []temperatureSource {
	base := p.in.settings.Base
	if base.First >= base.End || p.climate() == nil {
		return nil
	}
	var list []temperatureSource
	for _, r := range p.input.hourly {
		years := yearsOf(base)
		for n, b := range r.blocks {
			if first := (p.input.readFirst + hour.Hour(n)*blockHours).Start(); b != nil {
				years.reach(hour.Day(first.Hour()/24), hour.Day((first.Hour()+blockHours)/24))
			}
		}
		if years.enough() {
			h := new(hourly) // of decades: not kept for the next area
			h.layOut(r, 0)
			list = append(list, temperatureSource{name: r.source, hours: h})
		}
	}
	for _, d := range p.input.daily {
		years := yearsOf(base)
		for date := range d.all() {
			years.reach(date, date)
		}
		if years.enough() {
			list = append(list, temperatureSource{name: d.source, days: d})
		}
	}
	return list
}

// years are those of a base period that a source reaches.
type years struct {
	base    Period
	reached []bool
}

func yearsOf(base Period) *years {
	return &years{base, make([]bool, (base.End-1).Time().Year()-base.First.Time().Year()+1)}
}

// reach marks the years of the days from first to last, which are few.
func (y *years) reach(first, last hour.Day) {
	for _, d := range []hour.Day{first, last} {
		if y.base.holds(d) {
			y.reached[d.Time().Year()-y.base.First.Time().Year()] = true
		}
	}
}

// enough reports whether the years may hold what a base period needs of any day of
// the year. It spares areas without a climate the work of finding that out.
func (y *years) enough() bool {
	n := 0
	for _, reached := range y.reached {
		if reached {
			n++
		}
	}
	return float64(n)+1 >= index.LeastBasePresent*float64(len(y.reached))
}

// writeClimate sets the columns of area_day that need a climate, null without one.
func writeClimate(b *table.Columns, against []coldDay) {
	if against == nil {
		return
	}
	b.Float64("tn10_c", func(i int) float64 { return float64(against[i].tn10) })
	b.Float64("t05_c", func(i int) float64 { return float64(against[i].t05) })
	b.Float64("ecf_c2", func(i int) float64 { return against[i].ecf })
}
