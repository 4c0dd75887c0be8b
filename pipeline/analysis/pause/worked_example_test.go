package pause

import (
	"math"
	"testing"
)

// D3 of methods.md 12: synthetic strikes on a city and a country, 28 baseline
// days and 7 of the window, the last of which is the disputed 1 February.
var (
	city          = []float64{0, 1, 0, 0, 2, 1, 0, 0, 3, 0, 1, 0, 0, 2, 0, 1, 1, 0, 0, 4, 0, 1, 0, 2, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1}
	country       = []float64{14, 17, 12, 15, 22, 18, 13, 11, 25, 16, 12, 14, 17, 21, 13, 15, 16, 12, 14, 28, 15, 13, 12, 20, 14, 13, 15, 16, 15, 13, 12, 16, 14, 13, 17}
	firstDay      = day("2025-12-29") // of D3, so that its last day is 1 February
	cityClaims    = []string{untilSaturday, untilSunday, fromTheWords}
	untilSaturday = "id=city/until_saturday from=2026-01-25T22:00 to=2026-01-31T22:00 places=UA80 targets=all"
	untilSunday   = "id=city/until_sunday from=2026-01-25T22:00 to=2026-02-01T22:00 places=UA80 targets=all"
	fromTheWords  = "id=city/from_the_words from=2026-01-29T22:00 to=2026-02-01T22:00 places=UA80 targets=all"
	wholeWeek     = "id=country/week from=2026-01-25T16:00 to=2026-02-01T07:00 places=UA targets=all"
)

// exampleResults are the rows of D3: the city counted by civil day, the country
// by night.
func exampleResults(t *testing.T, b Baseline) []Result {
	s := settings()
	s.Baseline = b
	cityDays := daysOf("UA80", firstDay, map[string][]float64{"alerts_n": city})
	all := results(t, claimed(cityClaims...), cityDays, noNights(), s)
	return append(all, results(t, claimed(wholeWeek), noDays(), launches(firstDay, country...), s)...)
}

// methods.md 10, worked example D3. Of the p values, that of the 3 days is cut off
// there: it is .71535108976917…, the sum of binomial terms in exact fractions.
func TestWorkedExample(t *testing.T) {
	all, washed := exampleResults(t, Baseline{28, 0}), exampleResults(t, Baseline{21, 7})
	for _, tt := range []struct {
		name          string
		all           []Result
		claim, metric string
		obs, exp      float64
		rr, lo, hi, p float64
		placebo       float64
		m             int
		atMost        float64
		reason        string
	}{
		{"city, 6 d", all, "city/until_saturday", "alerts_n", 0, 4.5, 0, 0, .8961577, .0339071585, 1. / 24, 23, .0153851225, ""},
		{"city, 7 d", all, "city/until_sunday", "alerts_n", 1, 5.25, .1904762, .0046059, 1.1843315, .0959230692, 1. / 23, 22, .0437230641, ""},
		{"city, 3 d", all, "city/from_the_words", "alerts_n", 1, 2.25, .4444444, .0107471, 2.7634401, .7153510898, 9. / 27, 26, .3453527624, reasonFewExpected},
		{"country, 7 d", all, "country/week", "launched_drone", 100, 110.75, .9029345, .7193819, 1.1240958, .3862544197, 1. / 23, 22, .1902551236, ""},
		{"city, wash-out 7, 6 d", washed, "city/until_saturday", "alerts_n", 0, 4.5714, 0, 0, .9075454, .0358689352, nan, 0, nan, ""},
		{"city, wash-out 7, 7 d", washed, "city/until_sunday", "alerts_n", 1, 5.3333, .1875, nan, 1.2069210, .1002259576, nan, 0, nan, ""},
	} {
		r := result(t, tt.all, tt.claim, tt.metric)
		if r.Observed != (Bounds{tt.obs, tt.obs}) || r.Reason != tt.reason {
			t.Errorf("%s: observed %v, %q; want %v, %q", tt.name, r.Observed, r.Reason, tt.obs, tt.reason)
		}
		for _, c := range []struct {
			what      string
			got, want float64
			digits    int
		}{
			{"expected", r.Expected.Lo, tt.exp, 4}, {"expected", r.Expected.Hi, tt.exp, 4},
			{"RR", r.RR.Lo, tt.rr, 7}, {"RR", r.RR.Hi, tt.rr, 7},
			{"lower limit", r.Exact.Lo, tt.lo, 7}, {"upper limit", r.Exact.Hi, tt.hi, 7},
			{"p", r.P, tt.p, 10}, {"placebo", r.PlaceboRank, tt.placebo, 10}, {"at most", r.Predictive, tt.atMost, 10},
		} {
			if !math.IsNaN(c.want) && !printed(c.got, c.want, c.digits) {
				t.Errorf("%s: %s %.12g, want %v", tt.name, c.what, c.got, c.want)
			}
		}
		if tt.m > 0 && r.PlaceboM != tt.m {
			t.Errorf("%s: %d placebo windows, want %d", tt.name, r.PlaceboM, tt.m)
		}
	}
}

// One day of ambiguity decides: the city depends on the reading, with 2 of 3
// readings evaluable, and the country shows no detectable change.
func TestWorkedExampleVerdicts(t *testing.T) {
	for _, s := range Summarize(exampleResults(t, Baseline{28, 0})) {
		switch {
		case s.PauseID == "city" && s.Metric == "alerts_n":
			if s.Verdict != Depends || s.Readings != 3 || s.Evaluable != 2 || s.ShareBelow1 != .5 || s.Reasons != "fewer than 3 expected (1)" {
				t.Errorf("city: %+v", s)
			}
			if s.RRSmallest != 0 || !printed(s.RRLargest, .1904762, 7) || !printed(s.RRMedian, .0952381, 7) {
				t.Errorf("city: ratios %v, %v, %v", s.RRSmallest, s.RRMedian, s.RRLargest)
			}
		case s.PauseID == "country" && s.Metric == "launched_drone":
			if s.Verdict != NoChange || s.Readings != 1 || s.Evaluable != 1 || s.ShareBelow1 != 0 {
				t.Errorf("country: %+v", s)
			}
			if !(s.Detectable80 > .5 && s.Detectable80 < 1) {
				t.Errorf("country: the detectable ratio is %v", s.Detectable80)
			}
		case s.Verdict != NotEvaluable || s.Evaluable != 0:
			t.Errorf("%s by %s: %+v", s.PauseID, s.Metric, s)
		}
	}
}

// methods.md 10, below D3: bounds of strikes on energy whose target is known for
// some. In 28 baseline days 12 are known to be on energy and 10 unknown. The last
// upper limit is cut off there: it is 3.70551277…, to thirty digits.
func TestTargetBounds(t *testing.T) {
	base := func(n int) []float64 { return append(repeat(n, 1), repeat(28-n, 0)...) }
	for _, tt := range []struct {
		name           string
		baseLo, baseHi int
		windowHi       float64 // unknown targets in the window; none is known to be on energy
		lo, hi         float64
		reason         string
	}{
		{"nothing in the window, 12 sure: zero shows nothing", 12, 12, 0, 0, 1.4395753, reasonPower},
		{"nothing in the window, 22 with the unknown: fewer", 22, 22, 0, 0, .7302152, ""},
		{"bounds take the weaker: the 12", 12, 22, 0, 0, 1.4395753, reasonPower},
		{"3 unknown in the window: from none to more than the baseline", 12, 12, 3, 0, 3.7055128, reasonPower},
	} {
		lo := append(base(tt.baseLo), repeat(7, 0)...)
		hi := append(base(tt.baseHi), tt.windowHi, 0, 0, 0, 0, 0, 0)
		tables := daysOf("UA80", firstDay, map[string][]float64{"strikes_energy_lo": lo, "strikes_energy_hi": hi, "strikes_n_hi": repeat(35, 9)})
		s := settings()
		s.Baseline = Baseline{28, 0}
		claim := "id=p/1 from=2026-01-25T22:00 to=2026-02-01T22:00 places=UA80 targets=energy"
		r := result(t, results(t, claimed(claim), tables, noNights(), s), "p/1", "strikes_energy")
		if !printed(r.Exact.Lo, tt.lo, 7) || !printed(r.Exact.Hi, tt.hi, 7) || r.Reason != tt.reason {
			t.Errorf("%s: %v, %q; want %v, %v, %q", tt.name, r.Exact, r.Reason, tt.lo, tt.hi, tt.reason)
		}
		if r.Observed != (Bounds{0, tt.windowHi}) || r.X0 != (Bounds{float64(tt.baseLo), float64(tt.baseHi)}) {
			t.Errorf("%s: %v against %v", tt.name, r.Observed, r.X0)
		}
	}
	t.Run("all 3 on energy is one end of the bounds", func(t *testing.T) {
		counts := append(base(12), 3, 0, 0, 0, 0, 0, 0)
		tables := daysOf("UA80", firstDay, map[string][]float64{"strikes_energy_lo": counts, "strikes_energy_hi": counts, "strikes_n_hi": repeat(35, 9)})
		s := settings()
		s.Baseline = Baseline{28, 0}
		r := result(t, results(t, claimed("id=p/1 from=2026-01-25T22:00 to=2026-02-01T22:00 places=UA80 targets=energy"), tables, noNights(), s), "p/1", "strikes_energy")
		if !printed(r.Exact.Lo, .1810915, 7) || !printed(r.Exact.Hi, 3.7055128, 7) {
			t.Errorf("%v, want .1810915 to 3.7055128", r.Exact)
		}
	})
}
