package regress

import (
	"fmt"
	"math"
	"slices"
)

// An EpochDesign says what an event is and what is compared around it. methods.md
// 9.10 uses EpochDesign{Threshold: 2, Quiet: 7, Before: 3, After: 7, From: 1, To: 4}
// on daily strikes.
type EpochDesign struct {
	Threshold float64 // of the exposure: an event is the first step at or above it
	Quiet     int     // steps below it, and known, that an event must follow
	Before    int     // steps of the window before the event
	After     int     // steps after
	From, To  int     // steps after the event compared with those before it, inclusive
}

// Epochs is a response around events, laid over each other.
type Epochs struct {
	Events      []int // steps, ascending
	Overlapping []int // events left out because their window meets that of an earlier one
	Outside     []int // because their window leaves the record
	Incomplete  []int // because the response is not known all through it

	// Means over events, by step of the window from −Before to After.
	Composite []float64
	Anomaly   []float64 // of the response less the mean before its own event
	Peak      int       // step of the largest Composite, the first of equals

	// Statistic is the mean of Composite over From to To less that over −Before
	// to −1. The p are shares of the shifts of all events together, each round its
	// own series, 0 among them, with a statistic at least, and at most, as large.
	Statistic float64
	PGreater  float64
	PLess     float64
	Shifts    int     // those with a statistic
	Undefined int     // those without: the response is not known all through
	SmallestP float64 // 1/Shifts; print it with p

	Reason error

	records []record // by Events
}

// SuperposedEpochs lays response around the events of exposure over each other, and
// tests it against the same events shifted in time (methods.md 9.10). Both have one
// value a step. An event must be known as one: steps of exposure not known are not
// quiet.
//
// series tells which steps follow each other, as in [Model]; nil: all. No window
// leaves its series. All events are shifted by the same number of steps, from 0 to
// the length of the shortest series with an event, so that areas that suffer
// together do so in every shift, and no winter runs into another.
//
// It panics if lengths differ, the steps of a series are not together, or the
// design makes no window.
func SuperposedEpochs(exposure, response []float64, series []int, design EpochDesign) Epochs {
	n := len(response)
	if len(exposure) != n || series != nil && len(series) != n {
		panic(fmt.Sprintf("regress: series of %d and %d steps", len(exposure), n))
	}
	if series == nil {
		series = make([]int, n)
	}
	mustBeTogether(series)
	if design.Quiet < 0 || design.Before < 1 || design.From < 0 || design.From > design.To || design.To > design.After {
		panic(fmt.Sprintf("regress: epochs of %+v", design))
	}
	nan := math.NaN()
	e := Epochs{Statistic: nan, PGreater: nan, PLess: nan, SmallestP: nan}
	turns := n
	for from := 0; from < n; {
		to := from + 1
		for to < n && series[to] == series[from] {
			to++
		}
		before := len(e.Events)
		e.gather(exposure, response, from, to, design)
		if len(e.Events) > before {
			turns = min(turns, to-from)
		}
		for range e.Events[before:] {
			e.records = append(e.records, record{from, to - from})
		}
		from = to
	}
	if len(e.Events) == 0 {
		e.Reason = ErrNoEvents
		return e
	}
	e.compose(response, design)
	e.Statistic = e.shifted(response, design, 0)
	tolerance := 1e-10 * max(1, math.Abs(e.Statistic))
	greater, less := 0, 0
	for shift := range turns {
		v := e.shifted(response, design, shift)
		if math.IsNaN(v) || math.IsInf(v, 0) {
			e.Undefined++
			continue
		}
		e.Shifts++
		if v >= e.Statistic-tolerance {
			greater++
		}
		if v <= e.Statistic+tolerance {
			less++
		}
	}
	all := float64(e.Shifts)
	e.PGreater, e.PLess, e.SmallestP = float64(greater)/all, float64(less)/all, 1/all
	return e
}

// record is where the series of an event begins, and its length.
type record struct{ from, n int }

// gather sorts the events of one series, from step from to before to.
func (e *Epochs) gather(exposure, response []float64, from, to int, design EpochDesign) {
	for _, t := range onsets(exposure[from:to], design) {
		t += from
		first, last := t-design.Before, t+design.After
		switch {
		case first < from || last >= to:
			e.Outside = append(e.Outside, t)
		case slices.ContainsFunc(response[first:last+1], func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }):
			e.Incomplete = append(e.Incomplete, t)
		case len(e.Events) > 0 && e.Events[len(e.Events)-1]+design.After >= first:
			e.Overlapping = append(e.Overlapping, t)
		default:
			e.Events = append(e.Events, t)
		}
	}
}

// onsets returns the steps at or above the threshold that follow quiet ones.
func onsets(exposure []float64, design EpochDesign) []int {
	var out []int
	quiet := 0
	for t, v := range exposure {
		if v >= design.Threshold {
			if quiet >= design.Quiet {
				out = append(out, t)
			}
			quiet = 0
		} else if v < design.Threshold {
			quiet++
		} else { // not known
			quiet = 0
		}
	}
	return out
}

func (e *Epochs) compose(response []float64, design EpochDesign) {
	width := design.Before + 1 + design.After
	e.Composite, e.Anomaly = make([]float64, width), make([]float64, width)
	count := float64(len(e.Events))
	for _, t := range e.Events {
		window := response[t-design.Before : t+design.After+1]
		var before float64
		for _, v := range window[:design.Before] {
			before += v
		}
		before /= float64(design.Before)
		for k, v := range window {
			e.Composite[k] += v
			e.Anomaly[k] += v - before
		}
	}
	for k := range width {
		e.Composite[k] /= count
		e.Anomaly[k] /= count
	}
	top := slices.Max(e.Composite)
	// Sums in another order are not equal to the last digit.
	e.Peak = slices.IndexFunc(e.Composite, func(v float64) bool { return v >= top-1e-12*math.Abs(top) }) - design.Before
}

// shifted returns the statistic of events moved by shift steps, the end of each
// series continued at its beginning.
func (e *Epochs) shifted(response []float64, design EpochDesign, shift int) float64 {
	var total float64
	for i, t := range e.Events {
		r := e.records[i]
		at := func(k int) float64 { return response[r.from+(t-r.from+shift+k+r.n)%r.n] }
		var after, before float64
		for k := design.From; k <= design.To; k++ {
			after += at(k)
		}
		for k := 1; k <= design.Before; k++ {
			before += at(-k)
		}
		total += after/float64(design.To-design.From+1) - before/float64(design.Before)
	}
	return total / float64(len(e.Events))
}
