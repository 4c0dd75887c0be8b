package analysis

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"hardship/pipeline/config"
	"hardship/pipeline/hour"
)

// Decision, 2026-11-29: a declared change of what a series counts weighs by what a
// finding compares. What sets the days of one winter beside each other, with one
// level for both sides of the change, is not evaluable, as a pause is not (M0110): a
// correlation, a ratio, a regression whose levels are those of winters. A regression
// within months has a level for either side, one that is interrupted measures a change,
// and so do levels (changepoint): they stand, with a warning (M0407). An epoch leaves
// the winter out, and says so.

// changed says which of the series changed between two days, both included; "" if
// none did.
func (t Tables) changed(first, last hour.Day, series ...config.Series) string {
	var list []string
	for _, s := range series {
		for _, b := range t.Breaks {
			if b.Changes(s) && b.Within(first, last) {
				list = append(list, fmt.Sprintf("%s changes from %v", s.Column, b))
			}
		}
	}
	return strings.Join(list, "; ")
}

// knownSpan returns the first and the last place at which all series are known; ok
// is false if there is none.
func knownSpan(series ...[]float64) (first, last int, ok bool) {
	for i := range series[0] {
		known := true
		for _, s := range series {
			known = known && !math.IsNaN(s[i])
		}
		if !known {
			continue
		}
		if !ok {
			first, ok = i, true
		}
		last = i
	}
	return first, last, ok
}

// changedWithin says which of the series changed between the first and the last day
// of a winter on which they are known; "" if none did.
func (d *daily) changedWithin(s Season, series []config.Series, values ...[]float64) string {
	first, last, ok := knownSpan(values...)
	if !ok {
		return ""
	}
	return d.tables.changed(s.First+hour.Day(first), s.First+hour.Day(last), series...)
}

// ofModel are the series of a model.
func (f *fitted) ofModel() []config.Series {
	series := []config.Series{f.plan.Outcome}
	for _, x := range f.plan.Exposures {
		series = append(series, x.Series)
	}
	return series
}

// refuseChange takes the answer of a model whose winters have one level each and hold
// a change.
func (w *modelWriter) refuseChange(f *fitted) {
	if f.why.code != "" || f.plan.Interrupted != nil || slices.Contains(f.plan.Adjust, "strata") {
		return
	}
	for from := 0; from < len(f.series); {
		to := from
		for to < len(f.series) && f.series[to] == f.series[from] {
			to++
		}
		if first, last, ok := knownSpan(f.outcome[from:to]); ok {
			if words := w.tables.changed(f.date[from+first], f.date[from+last], f.ofModel()...); words != "" {
				f.why = because(Changed, "%s", words)
				return
			}
		}
		from = to
	}
}

// overChange is the warning of a fit that a series changed among its days; "" if none
// did.
func (w *modelWriter) overChange(f *fitted) string {
	first, last := f.date[f.fit.Rows[0]], f.date[f.fit.Rows[0]]
	for _, row := range f.fit.Rows {
		first, last = min(first, f.date[row]), max(last, f.date[row])
	}
	words := w.tables.changed(first, last, f.ofModel()...)
	if words == "" {
		return ""
	}
	level := "days are compared within winters, none of which holds the change"
	switch {
	case f.plan.Interrupted != nil:
		level = "a step here may be that of the record"
	case slices.Contains(f.plan.Adjust, "strata"):
		level = "days are compared within months, so that either side has its own level"
	}
	return fmt.Sprintf("%s %s; %s", OverChange, words, level)
}
