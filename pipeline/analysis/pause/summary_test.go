package pause

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"hardship/pipeline/rate"
)

// seen is a result of a pause whose deciding interval is [lo, hi], or one that is
// not evaluable for a reason.
func seen(pause, claim string, lo, hi float64, reason string) Result {
	return Result{
		Reading: &Reading{PauseID: pause, ClaimID: claim, ID: claim + reason, Targets: "all", Places: nil},
		Metric:  "alerts_n", DecidedBy: exact, Baseline: Baseline{56, 7}, Primary: true,
		Observed: Bounds{5, 5}, T1: 7, X0: Bounds{56, 56}, T0: 56, RR: Bounds{1, 1},
		Exact: rate.Interval{Lo: lo, Hi: hi}, P: .5, Adjusted: rate.Interval{Lo: .1, Hi: 10}, PAdj: .9, Detectable80: .2, Reason: reason,
	}
}

func TestVerdict(t *testing.T) {
	fewer, more, neither := seen("p", "a", .2, .9, ""), seen("p", "b", 1.1, 4, ""), seen("p", "c", .5, 2, "")
	toOne, none := seen("p", "d", .5, 1, ""), seen("p", "e", .2, .9, reasonFewExpected)
	for _, tt := range []struct {
		name string
		list []*Result
		want string
	}{
		{"nothing read", nil, NotEvaluable},
		{"nothing evaluable, whatever was seen", []*Result{&none, &none}, NotEvaluable},
		{"all below 1", []*Result{&fewer, &fewer}, Fewer},
		{"what is not evaluable has no say", []*Result{&fewer, &none}, Fewer},
		{"all above 1", []*Result{&more, &none, &more}, More},
		{"all contain 1", []*Result{&neither, &neither}, NoChange},
		{"an interval that ends at 1 contains it", []*Result{&toOne}, NoChange},
		{"one below, one not", []*Result{&fewer, &neither}, Depends},
		{"one above, one not", []*Result{&neither, &more}, Depends},
		{"one below, one above", []*Result{&fewer, &more}, Depends},
	} {
		if got := verdict(tt.list); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	munitions := fewer
	munitions.DecidedBy = adjusted
	if got := verdict([]*Result{&munitions}); got != NoChange {
		t.Errorf("munitions are decided by the exact interval: %q", got)
	}
}

// The upper end of the interval is that of obs_hi, the lower end that of obs_lo.
func TestVerdictsTakeTheBoundThatSpeaksAgainstThem(t *testing.T) {
	base := repeat(63, 10)
	for _, tt := range []struct {
		name          string
		inside, edges float64
		want          string
	}{
		{"few inside and few at the edges", 1, 1, Fewer},
		{"few inside, many at the edges", 1, 60, NoChange},
		{"many inside and at the edges", 60, 60, More},
		{"many inside, none at the edges", 60, 0, More},
	} {
		values := append(slices.Clone(base), tt.edges, tt.inside, tt.inside, tt.inside, tt.inside, tt.inside, tt.edges)
		all := results(t, claimed("id=p/1 places=UA targets=all from=2026-01-25T17:00 to=2026-02-01T06:00"), noDays(), launches(weekFirst, values...), settings())
		i := slices.IndexFunc(all, func(r Result) bool { return r.Metric == "launched_drone" && r.Primary })
		if got := verdict([]*Result{&all[i]}); got != tt.want {
			t.Errorf("%s: %q with %v, want %q", tt.name, got, all[i].Adjusted, tt.want)
		}
	}
}

func TestReadingsWithUnknownTargetsAreAScopeOfTheirOwn(t *testing.T) {
	all := []Result{
		seen("p", "a", .2, .9, ""), seen("p", "b", .2, .9, reasonFewExpected), seen("p", "c", 2, 3, reasonTargets), seen("p", "d", 2, 3, reasonTargets),
		seen("p", "e", 2, 3, reasonOverlap),
	}
	var got []string
	for _, s := range Summarize(all) {
		got = append(got, fmt.Sprint(s.TargetsUnknown, " ", s.Verdict, " ", s.Evaluable, " of ", s.Readings, ": ", s.Reasons))
	}
	same(t, "summaries", got, []string{
		"false fewer under every reading 1 of 2: areas overlap and cannot be added (1); fewer than 3 expected (1)",
		"true not evaluable 0 of 2: targets unknown (2)",
	})
}

// One family a metric, of one p a pause: the largest of its primary readings.
func TestPrimaryReadingsAreAdjustedOverPauses(t *testing.T) {
	of := func(pause, claim, metric string, p float64, primary bool, reason string) Result {
		r := seen(pause, claim, .2, .9, reason)
		r.Metric, r.P, r.Reading.Primary = metric, p, primary
		return r
	}
	var got []string
	for _, s := range Summarize([]Result{
		of("p", "a", "alerts_n", .01, true, ""), of("p", "b", "alerts_n", .02, true, ""), of("p", "c", "alerts_n", .9, false, ""),
		of("p", "d", "alerts_n", .8, true, reasonPower),
		of("q", "a", "alerts_n", .03, true, ""), of("r", "a", "alerts_n", .5, true, reasonFewExpected), of("s", "a", "alerts_n", .04, true, ""),
		of("p", "a", "nights_named", .04, true, ""),
	}) {
		got = append(got, fmt.Sprintf("%s %s %.3f %.3f", s.PauseID, s.Metric, s.PPrimary, s.PBH))
	}
	same(t, "p and adjusted p", got, []string{
		"p nights_named 0.040 0.040",
		"p alerts_n 0.020 0.040", "q alerts_n 0.030 0.040", "r alerts_n NaN NaN", "s alerts_n 0.040 0.040",
	})
}

func TestWhatMovesTheRatioMost(t *testing.T) {
	at := func(end, places string, b Baseline, x1 float64, reason string) Result {
		r := seen("p", "a", .2, 2, reason)
		r.Reading = &Reading{PauseID: "p", ClaimID: "a", EndBasis: end, Zone: "Europe/Kyiv", Places: placesOf(places)[0], Targets: "all"}
		r.Observed, r.Baseline, r.Primary = Bounds{x1, x1}, b, b == Baseline{56, 7}
		return r
	}
	primary := Baseline{56, 7}
	all := []Result{
		at(basisDayBefore, "UA80", primary, 4, ""), at(basisNamedDay, "UA80", primary, 9, ""),
		at(basisDayBefore, "UA32", primary, 5, ""), at(basisNamedDay, "UA32", primary, 10, ""),
		at(basisDayBefore, "UA80", Baseline{84, 7}, 2, reasonFewExpected), // has no say
		at(basisDayBefore, "UA80", Baseline{28, 0}, 90, ""),               // differs in two ways
	}
	s := Summarize(all)[0]
	if want := math.Log(9.5 / 4.5); s.Dimension != "end" || math.Abs(s.DimensionRange-want) > 1e-12 {
		t.Errorf("%q by %v, want the end by %v", s.Dimension, s.DimensionRange, want)
	}
	s = Summarize(append(all, at(basisDayBefore, "UA80", Baseline{28, 7}, 0, "")))[0]
	if want := math.Log(4.5 / .5); s.Dimension != "baseline" || math.Abs(s.DimensionRange-want) > 1e-12 {
		t.Errorf("%q by %v, want the baseline by %v: a count of 0 has a logarithm", s.Dimension, s.DimensionRange, want)
	}
	if s := Summarize(all[:1])[0]; s.Dimension != "" || !math.IsNaN(s.DimensionRange) {
		t.Errorf("one reading: %q by %v", s.Dimension, s.DimensionRange)
	}
}

func TestOtherBaselinesAreSensitivity(t *testing.T) {
	all := []Result{seen("p", "a", .2, .9, "")}
	for i, b := range baselines[:5] {
		r := seen("p", "a", .2, .9, "")
		r.Baseline, r.Primary = b, false
		if i >= 2 {
			r.Exact = rate.Interval{Lo: .5, Hi: 2}
		}
		all = append(all, r)
	}
	s := Summarize(all)[0]
	if s.Verdict != Fewer || s.Evaluable != 1 || s.ShareBelow1 != 1 || s.BaselinesAgree != 2 {
		t.Errorf("%+v: 1 reading at the primary baseline, 2 others agree", s)
	}
}

func TestTheSummaryIsTheSensitivityAtThePrimaryBaseline(t *testing.T) {
	all := exampleResults(t, Baseline{28, 0})
	tallies := Sensitivities(all)
	if len(tallies) != 9*len(Summarize(all)) {
		t.Fatalf("%d tallies of %d summaries, want nine each", len(tallies), len(Summarize(all)))
	}
	for _, s := range Summarize(all) {
		agree, primary := 0, 0
		for _, v := range tallies {
			switch {
			case v.PauseID != s.PauseID || v.Metric != s.Metric || v.TargetsUnknown != s.TargetsUnknown:
			case v.Primary:
				primary++
				if fmt.Sprint(v.Tally) != fmt.Sprint(s.Tally) {
					t.Errorf("%s by %s: %+v, and in the summary %+v", s.PauseID, s.Metric, v.Tally, s.Tally)
				}
			case v.Verdict == s.Verdict:
				agree++
			}
		}
		if primary != 1 || agree != s.BaselinesAgree {
			t.Errorf("%s by %s: %d at the primary baseline, %d others agree, want %d", s.PauseID, s.Metric, primary, agree, s.BaselinesAgree)
		}
	}
}

func TestEveryMetricOfEveryPauseHasASummary(t *testing.T) {
	all, err := Readings(shippedClaims(t), settings())
	if err != nil {
		t.Fatal(err)
	}
	found, err := Results(all, noDays(), noNights(), settings())
	if err != nil {
		t.Fatal(err)
	}
	summaries := Summarize(found)
	seen := map[string]bool{}
	for _, s := range summaries {
		seen[s.PauseID+" "+s.Metric] = true
		if s.Verdict != NotEvaluable || s.Evaluable != 0 || s.Reasons == "" {
			t.Errorf("without data: %+v", s)
		}
		if strings.HasPrefix(s.PauseID, "energy") && !s.TargetsUnknown && s.Readings > 0 {
			t.Errorf("a reading of energy alone has known targets: %+v", s)
		}
	}
	if len(seen) != 2*len(metrics) {
		t.Errorf("%d pauses and metrics have a summary, want 2 times %d", len(seen), len(metrics))
	}
	made, err := SummaryTable(summaries).Sorted()
	if err != nil || made.Rows() != len(summaries) {
		t.Errorf("%d rows, %v", made.Rows(), err)
	}
}
