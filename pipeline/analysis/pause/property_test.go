package pause

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// places of verdicts of one reading, from fewer to more.
var order = []string{Fewer, NoChange, More}

// verdicts are those of launches of drones and of strikes on energy, of known
// targets, over all readings.
func verdictOf(t *rapid.T, all []Result, metric string) string {
	for _, s := range Summarize(all) {
		if s.Metric == metric && s.PauseID == "p" && s.Readings > 0 {
			return s.Verdict
		}
	}
	t.Fatalf("no summary by %s", metric)
	return ""
}

// drawResults makes results of claims from drawn tables, which cannot fail.
func drawResults(t *rapid.T, claims []string, energyLo, energyHi, nights []float64) []Result {
	days := noDays()
	if energyLo != nil {
		all := repeat(len(energyLo), 1e6)
		days = daysOf("UA80", weekFirst, map[string][]float64{"strikes_energy_lo": energyLo, "strikes_energy_hi": energyHi, "strikes_n_hi": all})
	}
	readings, err := Readings(claimed(claims...), settings())
	if err != nil {
		t.Fatal(err)
	}
	all, err := Results(readings, days, launches(weekFirst, nights...), settings())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// drawCounts draws counts in waves.
func drawCounts(t *rapid.T, name string, n, most int) []float64 {
	quiet := rapid.IntRange(0, 3).Draw(t, name+", quiet nights of 4")
	out := make([]float64, n)
	for i := range out {
		if v := rapid.IntRange(0, most).Draw(t, name); i%4 >= quiet {
			out[i] = float64(v)
		}
	}
	return out
}

// More munitions in the window never turn a verdict towards fewer, whatever the
// waves: the adjusted interval does not turn back below one event's worth.
func TestMoreEventsNeverTurnAVerdictTowardsFewer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := append(drawCounts(t, "before", 63, rapid.IntRange(1, 300).Draw(t, "most before")), drawCounts(t, "within", 7, rapid.IntRange(1, 600).Draw(t, "most within"))...)
		claims := []string{"id=p/1 places=UA" + week}
		before := drawResults(t, claims, nil, nil, values)
		more := slices.Clone(values)
		more[63+rapid.IntRange(0, 6).Draw(t, "night")] += float64(rapid.IntRange(1, 500).Draw(t, "more"))
		after := drawResults(t, claims, nil, nil, more)
		a, b := verdictOf(t, before, "launched_drone"), verdictOf(t, after, "launched_drone")
		if (a == NotEvaluable) != (b == NotEvaluable) || slices.Index(order, b) < slices.Index(order, a) {
			t.Fatalf("%q, and with more events %q", a, b)
		}
	})
}

// A wider range of what was counted in the windows never makes a definite verdict
// of one that was not, and never changes which readings are evaluable. Of wider
// baselines that holds for each reading, but not over several: one that is no
// longer evaluable has no say.
func TestWiderBoundsNeverMakeAVerdictDefinite(t *testing.T) {
	definite := func(v string) bool { return v == Fewer || v == More }
	claims := []string{
		"id=p/1 places=UA80 targets=energy from=2026-01-25T22:00 to=2026-02-01T22:00",
		"id=p/2 places=UA80 targets=energy from=2026-01-26T22:00 to=2026-02-02T10:00",
	}
	widen := func(t *rapid.T, name string, lo, hi []float64, from, to int) (wideLo, wideHi []float64) {
		wideLo, wideHi = slices.Clone(lo), slices.Clone(hi)
		for i := from; i < to; i++ {
			wideLo[i] = max(0, lo[i]-float64(rapid.IntRange(0, 3).Draw(t, name+", fewer for certain")))
			wideHi[i] += float64(rapid.IntRange(0, 3).Draw(t, name+", more at most"))
		}
		return wideLo, wideHi
	}
	rapid.Check(t, func(t *rapid.T) {
		lo := append(drawCounts(t, "before", 63, 6), drawCounts(t, "within", 9, 6)...)
		hi := slices.Clone(lo)
		for i := range hi {
			hi[i] += float64(rapid.IntRange(0, 1).Draw(t, "unknown"))
		}
		before := drawResults(t, claims, lo, hi, nil)
		wideLo, wideHi := widen(t, "window", lo, hi, 63, len(lo))
		after := drawResults(t, claims, wideLo, wideHi, nil)
		for i := range before {
			if before[i].Reason != after[i].Reason {
				t.Fatalf("%q became %q by the window alone", before[i].Reason, after[i].Reason)
			}
		}
		if a, b := verdictOf(t, before, "strikes_energy"), verdictOf(t, after, "strikes_energy"); definite(b) && a != b {
			t.Fatalf("%q, and with wider bounds in the windows %q", a, b)
		}
		wideLo, wideHi = widen(t, "baseline", lo, hi, 0, 63)
		one := drawResults(t, claims[:1], lo, hi, nil)
		wide := drawResults(t, claims[:1], wideLo, wideHi, nil)
		if a, b := verdictOf(t, one, "strikes_energy"), verdictOf(t, wide, "strikes_energy"); definite(b) && a != b {
			t.Fatalf("%q, and with a wider baseline %q", a, b)
		}
	})
}
