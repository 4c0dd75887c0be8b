// Package pause sets what was counted in a disputed pause in strikes against
// what its baseline leads one to expect, under every reading of what was said
// (methods.md 10).
//
//  1. [Readings]: claims → every window × places × targets that their words can
//     mean, one of them primary (10.1).
//  2. [Results]: each reading × metric × baseline: counts, exposure, rate ratio,
//     intervals, placebo rank (10.2 to 10.5). Whether a result is evaluable is
//     decided from the baseline and the exposures, before the observed count is
//     looked at.
//  3. [Summarize]: one of five verdicts a pause and metric, and what moves it
//     (10.6, 10.7).
//
// Unknown nights are unknown, not quiet: they are in no count and no exposure.
// Inside the package NaN stands for unknown; in tables it is null. A result is
// about counts in a window, not about intent or compliance: the terms were not
// agreed.
//
// Decision, 2026-11-22: the baseline of every reading of a pause ends before the
// earliest start that any of its readings has, so that no reading's baseline
// holds another reading's pause. Worked example D3 does the same.
//
// Decision, 2026-11-22: where counts have bounds, one interval stands for all
// counts within them: its lower end is that of the least count against the
// largest baseline, its upper end that of the largest against the least. Neither
// falls when a window's count grows or a baseline's shrinks (of adjusted ones:
// see [rate.Adjusted]), so the interval lies below 1 if and only if those of all
// counts within the bounds do.
//
// Decision, 2026-11-28: of the baseline's days those of other pauses are left
// out, and those whose strike rows are known to be less than 0.9 complete (10.3).
// Where no source tells when it first knew a row, completeness is unknown, and a
// window must end 28 days before the as-of instead (10.6).
//
// Decision, 2026-11-28: where a series is declared to have changed, what it counted
// before cannot be expected after. A result is not evaluable if a day of the change
// lies between the first day of its baseline and the last of its window.
package pause

import (
	"fmt"
	"slices"
	"time"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
)

// level of every interval.
const level = 0.95

// Limits below which a result is not evaluable (methods.md 10.6).
const (
	leastCoverage = 0.8
	leastComplete = 0.9
	leastExpected = 3
	leastAge      = 28 * 24 * hour.InstantsInHour // of a window whose completeness is unknown
)

// Settings are the choices that results depend on.
type Settings struct {
	AsOf     hour.Instant
	Country  area.ID        // the area whose rows of strike_night carry the munitions
	Location *time.Location // of nights and civil days

	// Zones are those in which dates of statements can be meant: the first for
	// primary readings.
	Zones []*time.Location

	// TakesIn names areas whose name in the bulletins also means another: that of
	// Kyiv oblast takes in the city.
	TakesIn map[area.ID]area.ID

	// Primary replaces the primary readings of claims: claim id → reading id.
	Primary map[string]string

	// Baseline is the one that verdicts are taken at; the zero value stands for
	// 56 days that end 7 days before the earliest start.
	Baseline Baseline

	// Breaks are times in which a series changed. A result whose baseline and
	// window lie on both sides of one, or in it, is not evaluable.
	Breaks []Break
}

// A Break is a time in which what metrics count changed, in local days; End is the
// first day after it.
type Break struct {
	Metrics    []string
	First, End hour.Day
}

// breaks reports whether a metric changes between two days, both included.
func (s *Settings) breaks(metric string, first, last hour.Day) bool {
	for _, b := range s.Breaks {
		if slices.Contains(b.Metrics, metric) && last >= b.First && first < b.End {
			return true
		}
	}
	return false
}

// Baseline is Days days that end Washout days before the earliest start.
type Baseline struct{ Days, Washout int }

// ID writes the baseline for the tables, such as b56_w7.
func (b Baseline) ID() string { return fmt.Sprintf("b%d_w%d", b.Days, b.Washout) }

// baselines are those of every result (methods.md 10.3).
var baselines = []Baseline{{28, 0}, {28, 3}, {28, 7}, {56, 0}, {56, 3}, {56, 7}, {84, 0}, {84, 3}, {84, 7}}

// primary returns the baseline that verdicts are taken at.
func (s *Settings) primary() Baseline {
	if s.Baseline == (Baseline{}) {
		return Baseline{56, 7}
	}
	return s.Baseline
}

// allBaselines returns the declared baselines and, if it is none of them, the
// primary one after them.
func (s *Settings) allBaselines() []Baseline {
	for _, b := range baselines {
		if b == s.primary() {
			return baselines
		}
	}
	return append(baselines[:len(baselines):len(baselines)], s.primary())
}

// The five verdicts (methods.md 10.6).
const (
	Fewer        = "fewer under every reading"
	More         = "more under every reading"
	NoChange     = "no detectable change"
	Depends      = "depends on the reading"
	NotEvaluable = "not evaluable"
)

// Why a reading has no results.
const (
	reasonDenial    = "a denial has no window"
	reasonCondition = "a condition has no window"
	reasonNoEnd     = "no end can be known"
	reasonNoPlace   = "no place was said"
	reasonNoTarget  = "no target was said"
	reasonReversed  = "start not before end"
)

// Why a result is not evaluable, in the order in which reasons are looked for.
const (
	reasonCountryOnly      = "counted for the whole country only"
	reasonNotCountry       = "not counted for a whole country"
	reasonOverlap          = "areas overlap and cannot be added"
	reasonEnergyOnly       = "counts strikes on energy only"
	reasonTargets          = "targets unknown"
	reasonWeapons          = "weapons not told apart"
	reasonNoNight          = "no whole night in the window"
	reasonNoDay            = "no whole day in the window"
	reasonBreak            = "the series changes within baseline or window"
	reasonWindowCoverage   = "window coverage below 0.8"
	reasonBaselineCoverage = "baseline coverage below 0.8"
	reasonIncomplete       = "completeness below 0.9"
	reasonCompleteness     = "completeness unknown and window less than 28 days old"
	reasonHours            = "hours are no counts, placebo rank only"
	reasonFewExpected      = "fewer than 3 expected"
	reasonPower            = "zero events would not bring the interval below 1"
)

// applies reports whether a metric applies to a reading's places and targets at
// all, given the reason for which it is not evaluable. If not, the result is in
// no count of readings.
func applies(reason string) bool {
	switch reason {
	case reasonCountryOnly, reasonNotCountry, reasonOverlap, reasonEnergyOnly:
		return false
	}
	return true
}

// targetsUnknown reports whether no source tells which strikes lie inside the
// reading's scope: such readings form a scope of their own.
func targetsUnknown(reason string) bool { return reason == reasonTargets || reason == reasonWeapons }
