package pause

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"hardship/pipeline/multiple"
)

// A Summary is what the readings of a pause say together by one metric, at the
// primary baseline (methods.md 10.6, 10.7).
type Summary struct {
	PauseID        string
	Metric         string
	TargetsUnknown bool // the readings whose targets no source tells; the others are in a summary of their own

	Tally
	Dimension      string  // what moves the ratio most; "" if nothing does
	DimensionRange float64 // of ln RR

	BaselinesAgree int     // of the others, how many give the same verdict
	PPrimary       float64 // the largest of the primary readings
	PBH            float64 // adjusted over pauses

	Reasons string // of those that are not evaluable, with their numbers
}

// Summarize makes the summaries of results, in the order of pauses and metrics.
// Every metric of every pause has one, evaluable or not. The p of primary
// readings is adjusted over pauses, one family a metric: readings of one pause
// overlap, and of them the largest p stands for the pause.
func Summarize(results []Result) []Summary {
	var all []Summary
	family := map[string][]int{} // by metric
	for i, g := range groups(results) {
		s := summarize(g.list)
		s.PauseID, s.Metric, s.TargetsUnknown = g.pause, g.metric, g.unknown
		all = append(all, s)
		family[g.metric] = append(family[g.metric], i)
	}
	for _, members := range family {
		p := make([]float64, len(members))
		for i, at := range members {
			p[i] = all[at].PPrimary
		}
		for i, v := range multiple.BenjaminiHochberg(p) {
			all[members[i]].PBH = v
		}
	}
	return all
}

// A group is the results of one pause, metric and scope, against all baselines.
type group struct {
	pause, metric string
	unknown       bool // targets that no source tells
	list          []*Result
}

// groups sorts results into groups, in the order of pauses and metrics. One
// without a result at the primary baseline is left out.
func groups(results []Result) []group {
	type key struct {
		pause, metric string
		unknown       bool
	}
	lists := map[key][]*Result{}
	var pauses []string
	for i := range results {
		r := &results[i]
		if !slices.Contains(pauses, r.Reading.PauseID) {
			pauses = append(pauses, r.Reading.PauseID)
		}
		k := key{r.Reading.PauseID, r.Metric, targetsUnknown(r.Reason)}
		lists[k] = append(lists[k], r)
	}
	slices.Sort(pauses)
	var all []group
	for _, pause := range pauses {
		for _, m := range metrics {
			for _, unknown := range []bool{false, true} {
				if list := lists[key{pause, m.name, unknown}]; slices.ContainsFunc(list, func(r *Result) bool { return r.Primary }) {
					all = append(all, group{pause, m.name, unknown, list})
				}
			}
		}
	}
	return all
}

// summarize sums up the results of one pause, metric and scope.
func summarize(list []*Result) Summary {
	s := Summary{PPrimary: math.NaN(), PBH: math.NaN()}
	byBaseline := map[Baseline][]*Result{}
	var primary Baseline
	for _, r := range list {
		byBaseline[r.Baseline] = append(byBaseline[r.Baseline], r)
		if r.Primary {
			primary = r.Baseline
		}
	}
	s.Tally = tally(byBaseline[primary])
	for b, other := range byBaseline {
		if b != primary && verdict(other) == s.Verdict {
			s.BaselinesAgree++
		}
	}
	for _, r := range byBaseline[primary] {
		if _, p := r.decides(); r.Evaluable() && r.Reading.Primary {
			s.PPrimary = larger(s.PPrimary, p)
		}
	}
	s.Dimension, s.DimensionRange = sensitivity(list, primary)
	s.Reasons = reasons(byBaseline[primary])
	return s
}

// larger returns the larger of two numbers; NaN is none.
func larger(a, b float64) float64 {
	if math.IsNaN(a) || b > a {
		return b
	}
	return a
}

// spread returns the smallest, median and largest of values; NaN of none.
func spread(values []float64) (smallest, median, largest float64) {
	n := len(values)
	if n == 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	slices.Sort(values)
	return values[0], (values[(n-1)/2] + values[n/2]) / 2, values[n-1]
}

// verdict is the one of five that holds over all evaluable results (methods.md
// 10.6). The upper end of an interval is that of the largest count within the
// bounds and the lower end that of the least, so one interval serves both
// directions.
func verdict(list []*Result) string {
	evaluable, below, above := 0, 0, 0
	for _, r := range list {
		if !r.Evaluable() {
			continue
		}
		evaluable++
		switch interval, _ := r.decides(); {
		case interval.Hi < 1:
			below++
		case interval.Lo > 1:
			above++
		}
	}
	switch {
	case evaluable == 0:
		return NotEvaluable
	case below == evaluable:
		return Fewer
	case above == evaluable:
		return More
	case below == 0 && above == 0:
		return NoChange
	}
	return Depends
}

// dimensions are what can move a ratio, and how each tells two results apart.
var dimensions = []struct {
	name string
	of   func(r *Result) string
}{
	{"start", func(r *Result) string { return r.Reading.StartBasis }},
	{"end", func(r *Result) string { return r.Reading.EndBasis }},
	{"zone", func(r *Result) string { return r.Reading.Zone }},
	{"places", func(r *Result) string { return r.Reading.place() }},
	{"targets", func(r *Result) string { return r.Reading.Targets }},
	{"baseline", func(r *Result) string { return fmt.Sprint(r.Baseline.Days) }},
	{"washout", func(r *Result) string { return fmt.Sprint(r.Baseline.Washout) }},
}

// sensitivity returns the dimension in which ln RR ranges most while the claim
// and all other dimensions stay as they are, the baseline at its primary length
// and wash-out; "" if none moves it. Half an event is added to each count, so that a
// count of 0 has a logarithm, and ln RR is the mean of its bounds.
func sensitivity(list []*Result, primary Baseline) (dimension string, width float64) {
	for d, dim := range dimensions {
		type ends struct{ lo, hi float64 }
		groups := map[string]ends{}
		for _, r := range list {
			if !r.Evaluable() || dim.name != "baseline" && r.Baseline.Days != primary.Days || dim.name != "washout" && r.Baseline.Washout != primary.Washout {
				continue
			}
			others := []string{r.Reading.ClaimID}
			for o, other := range dimensions {
				if o != d {
					others = append(others, other.of(r))
				}
			}
			v := (logRatio(r.Observed.Lo, r.T1, r.X0.Hi, r.T0) + logRatio(r.Observed.Hi, r.T1, r.X0.Lo, r.T0)) / 2
			key := strings.Join(others, "\n")
			e, ok := groups[key]
			if !ok {
				e = ends{v, v}
			}
			groups[key] = ends{min(e.lo, v), max(e.hi, v)}
		}
		var widest float64
		for _, e := range groups {
			widest = max(widest, e.hi-e.lo)
		}
		if widest > width+1e-12 { // a difference in the last digits is none
			dimension, width = dim.name, widest
		}
	}
	if dimension == "" {
		return "", math.NaN()
	}
	return dimension, width
}

func logRatio(x1, t1, x0, t0 float64) float64 {
	return math.Log((x1+.5)/t1) - math.Log((x0+.5)/t0)
}

// reasons lists why results are not evaluable, from the most to the least
// frequent.
func reasons(list []*Result) string {
	number := map[string]int{}
	var words []string
	for _, r := range list {
		if r.Reason == "" {
			continue
		}
		if number[r.Reason] == 0 {
			words = append(words, r.Reason)
		}
		number[r.Reason]++
	}
	slices.SortFunc(words, func(a, b string) int {
		if number[a] != number[b] {
			return number[b] - number[a]
		}
		return strings.Compare(a, b)
	})
	for i, w := range words {
		words[i] = fmt.Sprintf("%s (%d)", w, number[w])
	}
	return strings.Join(words, "; ")
}
