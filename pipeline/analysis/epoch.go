package analysis

import (
	"math"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/config"
	"hardship/pipeline/multiple"
	"hardship/pipeline/quality"
	"hardship/pipeline/regress"
	"hardship/pipeline/table"
)

// What an epoch needs: events, and shifts for a p that can be small.
const (
	leastEvents = 3
	leastShifts = 20
)

// Epochs makes the table epoch: every declared series round its events, of each
// area or pooled over those of a country, evaluable or not. Every winter of an
// area is a series of its own, whose events are shifted round it.
func Epochs(t Tables, plan config.Findings, epochs []config.Epoch) *table.Table {
	d := newDaily(t)
	b := table.NewBuilder(table.Epoch)
	for i := range epochs {
		e := &epochs[i]
		var all []*laid
		for _, about := range d.about(e.Scope) {
			if e.Scope == "pooled" {
				all = append(all, d.layPooled(e, about, plan))
			} else if d.ofCountry(about, e.Outcome, e.Events) {
				l := d.lay(e, []area.ID{about}, plan)
				if l.about = about; l.known[0] < plan.LeastDays {
					l.why = because(FewDays, "%d days with both series, fewer than %d", l.known[0], plan.LeastDays)
				}
				l.evaluate()
				all = append(all, l)
			}
		}
		p := make([]float64, len(all))
		for j, l := range all {
			p[j] = min(1, 2*min(l.PGreater, l.PLess))
			if l.why.code != "" {
				p[j] = math.NaN()
			}
		}
		for j, adjusted := range multiple.BenjaminiHochberg(p) {
			all[j].write(b, adjusted)
		}
	}
	return b.Table()
}

// laid is one epoch of an area, or of those of a country.
type laid struct {
	regress.Epochs
	plan             *config.Epoch
	about            area.ID
	areas            []area.ID
	known            []int // days with both series, by areas
	outcome, events  []float64
	series           []int
	outcomeAt, event string   // names of the series
	left             []string // winters left out, and why
	why              why
}

// leave notes a winter that is left out.
func (l *laid) leave(s Season, words string) {
	if words = s.Label + " is left out: " + words; !slices.Contains(l.left, words) {
		l.left = append(l.left, words)
	}
}

// lay gathers the winters of areas.
func (d *daily) lay(e *config.Epoch, areas []area.ID, plan config.Findings) *laid {
	l := &laid{plan: e, areas: areas, known: make([]int, len(areas))}
	number := 0
	for i, id := range areas {
		y, x := e.Outcome.In(id), e.Events.In(id)
		l.outcomeAt, l.event = name(y, y.Area), name(x, x.Area)
		for _, s := range d.seasons(id, plan) {
			outcome, events := d.series(y, y.Area, s.First, s.End), d.series(x, x.Area, s.First, s.End)
			if words := d.changedWithin(s, []config.Series{y, x}, outcome, events); words != "" {
				l.leave(s, words)
				for k := range outcome {
					outcome[k] = math.NaN()
				}
			}
			for k := range outcome {
				if !math.IsNaN(outcome[k]) && !math.IsNaN(events[k]) {
					l.known[i]++
				}
				if e.AtMost != nil {
					events[k] = -events[k]
				}
				l.series = append(l.series, number)
			}
			l.outcome, l.events = append(l.outcome, outcome...), append(l.events, events...)
			number++
		}
	}
	return l
}

// layPooled gathers the areas of a country that have enough days.
func (d *daily) layPooled(e *config.Epoch, country area.ID, plan config.Findings) *laid {
	var enough []area.ID
	areas := d.within(country)
	for i, n := range d.lay(e, areas, plan).known {
		if n >= plan.LeastDays {
			enough = append(enough, areas[i])
		}
	}
	l := d.lay(e, enough, plan)
	l.about = country
	l.outcomeAt, l.event = name(e.Outcome, eachArea(e.Outcome)), name(e.Events, eachArea(e.Events))
	switch {
	case !d.ofCountry(country, e.Outcome, e.Events):
		l.why = because(OtherCountry, "the series are of another country")
	case len(enough) < leastAreas:
		l.why = because(FewAreas, "areas with %d days of both series: %d, fewer than %d", plan.LeastDays, len(enough), leastAreas)
	}
	l.evaluate()
	return l
}

// eachArea names the area of a pooled series.
func eachArea(s config.Series) area.ID {
	if s.Area != "" {
		return s.Area
	}
	return "each"
}

func (l *laid) evaluate() {
	e := l.plan
	design := regress.EpochDesign{Quiet: e.Quiet, Before: e.Before, After: e.After, From: e.From, To: e.To}
	if e.AtLeast != nil {
		design.Threshold = *e.AtLeast
	} else {
		design.Threshold = -*e.AtMost
	}
	l.Epochs = regress.SuperposedEpochs(l.events, l.outcome, l.series, design)
	switch {
	case l.why.code != "":
	case len(l.Events) < leastEvents:
		l.why = because(FewEvents, "%d events whose window is known and apart, fewer than %d", len(l.Events), leastEvents)
	case flat(l.outcome):
		l.why = because(DoesNotVary, "the series does not vary")
	case l.Shifts < leastShifts:
		l.why = because(FewShifts, "%d shifts with a difference, fewer than %d", l.Shifts, leastShifts)
	}
}

// flat reports whether all known values are equal.
func flat(values []float64) bool {
	first := math.NaN()
	for _, v := range values {
		switch {
		case math.IsNaN(v):
		case math.IsNaN(first):
			first = v
		case v != first:
			return false
		}
	}
	return true
}

// write writes a row for each day of the window.
func (l *laid) write(b *table.Builder, adjusted float64) {
	e := l.plan
	known := 0
	for _, n := range l.known {
		known += n
	}
	for lag := -e.Before; lag <= e.After; lag++ {
		if l.why.code != "" && lag != 0 {
			continue
		}
		b.Row()
		b.String("model_id", e.ID+"."+string(l.about))
		b.String("plan_id", e.ID)
		b.String("area_id", string(l.about))
		b.Int32("areas_n", int32(len(l.areas)))
		b.String("y_series", l.outcomeAt)
		b.String("x_series", l.event)
		b.String("event_rule", e.Rule())
		b.Int32("lag_d", int32(lag))
		b.Int32("events_n", int32(len(l.Events)))
		b.Int32("events_overlapping", int32(len(l.Overlapping)))
		b.Int32("events_outside", int32(len(l.Outside)))
		b.Int32("events_unknown", int32(len(l.Incomplete)))
		b.Int32("compared_from_d", int32(e.From))
		b.Int32("compared_to_d", int32(e.To))
		b.Int32("known_d", int32(known))
		b.Int32("n_expected", int32(len(l.outcome)))
		b.Float64("coverage", quality.Share(known, len(l.outcome)))
		b.Bool("evaluable", l.why.code == "")
		if l.why.code == "" && len(l.left) > 0 {
			because(OverChange, "%s", strings.Join(l.left, "; ")).write(b)
		} else {
			l.why.write(b)
		}
		if l.why.code != "" {
			continue
		}
		b.Float64("mean", l.Composite[lag+e.Before])
		b.Float64("anomaly", l.Anomaly[lag+e.Before])
		b.Float64("difference", l.Statistic)
		b.Float64("p_placebo", l.PGreater)
		b.Float64("p_placebo_less", l.PLess)
		b.Float64("p_bh", adjusted)
		b.Float64("p_smallest", l.SmallestP)
		b.Int32("shifts_undefined", int32(l.Undefined))
	}
}
