package analysis

import (
	"fmt"
	"math"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/config"
	"hardship/pipeline/correlate"
	"hardship/pipeline/hour"
	"hardship/pipeline/quality"
	"hardship/pipeline/regress"
	"hardship/pipeline/table"
)

// penalties of a change, in units of ln n (methods.md 9.15).
var penalties = []struct {
	rule  string
	times float64
}{{"2 ln n", 2}, {"3 ln n", 3}}

// Changepoints makes the table changepoint: the levels of every declared series
// over the whole period of its area, at both penalties. A description: days that
// resemble the days before give changes where there are none.
func Changepoints(t Tables, plan config.Findings, series []config.Changepoint) *table.Table {
	d := newDaily(t)
	b := table.NewBuilder(table.Changepoint)
	for _, s := range series {
		for i := range t.Areas {
			a := &t.Areas[i]
			if s.Area != "" && s.Area != a.ID || s.Area == "" && a.Level == area.Country {
				continue
			}
			first, end := d.span(a.ID)
			l := levels{plan: s, area: a.ID, first: first, values: d.series(s.In(a.ID), a.ID, first, end)}
			if from, to, ok := knownSpan(l.values); ok {
				l.changed = t.changed(first+hour.Day(from), first+hour.Day(to), s.In(a.ID))
			}
			for _, penalty := range penalties {
				l.write(b, penalty.rule, penalty.times, plan.LeastDays)
			}
		}
	}
	return b.Table()
}

// levels are those of one series.
type levels struct {
	plan   config.Changepoint
	area   area.ID
	first  hour.Day
	values []float64

	changed string // what the series counts, among its days
}

func (l *levels) write(b *table.Builder, rule string, times float64, leastDays int) {
	_, n := known(l.values)
	var y why
	var found regress.Segmentation
	penalty := times * math.Log(float64(n))
	switch {
	case n < leastDays:
		y = because(FewDays, "%d days known, fewer than %d", n, leastDays)
	case flat(l.values):
		y = because(DoesNotVary, "the series does not vary")
	default:
		if found = regress.Changepoints(l.values, regress.PoissonCost, penalty); found.Reason != nil {
			y = whyOf(found.Reason)
		}
	}
	rows := 1
	if y.code == "" {
		rows = len(found.Means)
	}
	for idx := range rows {
		b.Row()
		b.String("series_id", l.plan.ID+"."+string(l.area))
		b.String("plan_id", l.plan.ID)
		b.String("area_id", string(l.area))
		b.String("of_series", name(l.plan.In(l.area), l.area))
		b.String("penalty_rule", rule)
		b.Int32("idx", int32(idx))
		b.Int32("n", int32(n))
		b.Int32("n_expected", int32(len(l.values)))
		b.Float64("coverage", quality.Share(n, len(l.values)))
		b.Bool("evaluable", y.code == "")
		y.write(b)
		if y.code != "" {
			continue
		}
		b.Float64("penalty", penalty)
		b.Int32("changes_n", int32(len(found.Changes)))
		b.Float64("mean_after", found.Means[idx])
		if idx > 0 {
			b.Date("change_date", l.first+hour.Day(found.Changes[idx-1]))
			b.Float64("mean_before", found.Means[idx-1])
		}
		r1 := correlate.Autocorrelation(l.values, 1)[1]
		b.Float64("autocorrelation_r1", r1)
		var warnings []string
		if r1 > 2/math.Sqrt(float64(n)) {
			warnings = append(warnings, fmt.Sprintf("%s days resemble the day before (r = %.2f): some changes are only that", Resembles, r1))
		}
		if l.changed != "" {
			warnings = append(warnings, fmt.Sprintf("%s %s: a change of level there is one of the record", OverChange, l.changed))
		}
		b.OptionalString("warnings", strings.Join(warnings, "; "))
	}
}
