package pause

import (
	"math"

	"hardship/pipeline/table"
)

// A Tally is what readings of one pause say together by one metric, against one
// baseline (methods.md 10.6, 10.7).
type Tally struct {
	Verdict   string // one of the five
	Readings  int    // to which the metric applies
	Evaluable int    // of these

	ShareBelow1  float64 // of the evaluable ones, with a deciding interval below 1
	RRSmallest   float64
	RRMedian     float64
	RRLargest    float64
	Detectable80 float64 // the largest
}

// tally counts results against one baseline.
func tally(list []*Result) Tally {
	t := Tally{Verdict: verdict(list), ShareBelow1: math.NaN(), Detectable80: math.NaN()}
	var ratios []float64
	below := 0
	for _, r := range list {
		if applies(r.Reason) {
			t.Readings++
		}
		if !r.Evaluable() {
			continue
		}
		t.Evaluable++
		if interval, _ := r.decides(); interval.Hi < 1 {
			below++
		}
		ratios = append(ratios, r.RR.Lo, r.RR.Hi)
		t.Detectable80 = larger(t.Detectable80, r.Detectable80)
	}
	if t.Evaluable > 0 {
		t.ShareBelow1 = float64(below) / float64(t.Evaluable)
	}
	t.RRSmallest, t.RRMedian, t.RRLargest = spread(ratios)
	return t
}

// A Sensitivity is the tally of a pause, metric and scope against one of the
// baselines; that of the primary one is the verdict, the others show how much the
// choice matters.
type Sensitivity struct {
	PauseID        string
	Metric         string
	TargetsUnknown bool
	Baseline       Baseline
	Primary        bool
	Tally
}

// Sensitivities tallies results against each baseline, in the order of pauses,
// metrics and scopes of [Summarize], and in it of baselines.
func Sensitivities(results []Result) []Sensitivity {
	var all []Sensitivity
	for _, g := range groups(results) {
		var baselines []Baseline
		of := map[Baseline][]*Result{}
		for _, r := range g.list {
			if of[r.Baseline] == nil {
				baselines = append(baselines, r.Baseline)
			}
			of[r.Baseline] = append(of[r.Baseline], r)
		}
		for _, b := range baselines {
			all = append(all, Sensitivity{g.pause, g.metric, g.unknown, b, of[b][0].Primary, tally(of[b])})
		}
	}
	return all
}

// SensitivityTable makes the table pause_sensitivity.
func SensitivityTable(all []Sensitivity) *table.Table {
	b := table.NewBuilder(table.PauseSensitivity)
	for i := range all {
		s := &all[i]
		b.Row()
		b.String("pause_id", s.PauseID)
		b.String("metric", s.Metric)
		b.String("targets_are", targetsAre(s.TargetsUnknown))
		b.String("baseline_id", s.Baseline.ID())
		b.Int32("baseline_d", int32(s.Baseline.Days))
		b.Int32("washout_d", int32(s.Baseline.Washout))
		b.Bool("is_primary_baseline", s.Primary)
		s.write(b)
	}
	return b.Table()
}

// write fills the columns that pause_summary and pause_sensitivity share.
func (t *Tally) write(b *table.Builder) {
	b.String("verdict", t.Verdict)
	b.Int32("n_readings", int32(t.Readings))
	b.Int32("n_evaluable", int32(t.Evaluable))
	b.Float64("share_ci_below_1", t.ShareBelow1)
	b.Float64("rr_smallest", t.RRSmallest)
	b.Float64("rr_median", t.RRMedian)
	b.Float64("rr_largest", t.RRLargest)
	b.Float64("rr_detectable80", t.Detectable80)
}

// targetsAre writes a scope for the tables.
func targetsAre(unknown bool) string {
	if unknown {
		return "unknown"
	}
	return "known"
}
