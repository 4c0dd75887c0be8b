package pause

import (
	"math"
	"slices"
	"strings"
	"testing"
	"testing/quick"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// week is a claim of seven whole nights, to 26 January – 1 February, and of the
// civil days within.
const week = " from=2026-01-25T16:00 to=2026-02-01T07:00 targets=all"

// weekFirst is the first night of 56 baseline nights, 7 days of wash-out and the
// week.
var weekFirst = day("2026-01-26") - 63

func TestReasonsBeforeTheCountIsLookedAt(t *testing.T) {
	quiet := repeat(70, 1)
	with := func(at int, n int, v float64) []float64 {
		out := slices.Clone(quiet)
		copy(out[at:at+n], repeat(n, v))
		return out
	}
	for _, tt := range []struct {
		name   string
		claim  string
		asOf   string
		values []float64
		want   string
	}{
		{"enough", "id=p/1 places=UA" + week, "", quiet, reasonPower + " or none"},
		{"a baseline that can show something", "id=p/1 places=UA" + week, "", with(0, 70, 9), ""},
		{"a window without a whole night", "id=p/1 places=UA targets=all from=2026-01-30T22:00 to=2026-01-31T22:00", "", with(0, 70, 9), reasonNoNight},
		{"2 of 7 nights unknown", "id=p/1 places=UA" + week, "", with(64, 2, nan), reasonWindowCoverage},
		{"1 of 7 nights unknown", "id=p/1 places=UA" + week, "", with(64, 1, nan), reasonPower + " or none"},
		{"a night whose bulletin states no number is unknown too", "id=p/1 places=UA" + week, "", with(64, 2, -1), reasonWindowCoverage},
		{"12 of 56 baseline nights unknown", "id=p/1 places=UA" + week, "", with(0, 12, nan), reasonBaselineCoverage},
		{"11 of 56 baseline nights unknown", "id=p/1 places=UA" + week, "", with(0, 11, nan), reasonPower + " or none"},
		{"a window that ended less than 28 days ago", "id=p/1 places=UA" + week, "2026-03-01T06:59", with(0, 70, 9), reasonCompleteness},
		{"a window that ended 28 days ago", "id=p/1 places=UA" + week, "2026-03-01T07:00", with(0, 70, 9), ""},
		{"fewer than 3 expected", "id=p/1 places=UA" + week, "", append(repeat(23, 1), repeat(47, 0)...), reasonFewExpected},
		{"3 expected, but none at all would show nothing", "id=p/1 places=UA" + week, "", append(repeat(24, 1), repeat(46, 0)...), reasonPower},
		{"no events in the baseline", "id=p/1 places=UA" + week, "", append(repeat(63, 0), repeat(7, 9)...), reasonFewExpected},
	} {
		s := settings()
		if tt.asOf != "" {
			s.AsOf = utc(tt.asOf)
		}
		r := result(t, results(t, claimed(tt.claim), noDays(), launches(weekFirst, tt.values...), s), "p/1", "launched_drone")
		if want := strings.TrimSuffix(tt.want, " or none"); r.Reason != want && !(want != tt.want && r.Reason == "") {
			t.Errorf("%s: %q, want %q", tt.name, r.Reason, tt.want)
		}
		if covered := r.Reason != reasonWindowCoverage && r.Reason != reasonBaselineCoverage && r.Reason != reasonNoNight && r.Reason != reasonCompleteness; covered != !math.IsNaN(r.P) {
			t.Errorf("%s: %q has p %v", tt.name, r.Reason, r.P)
		}
	}
}

// Whatever was seen in the window, the same results are evaluable.
func TestTheCountInTheWindowNeverDecidesWhetherItIsEvaluable(t *testing.T) {
	base := []float64{14, 17, 12, 15, 22, 0, 13, 11}
	reasonOf := func(window [7]uint8, scale uint8) string {
		values := make([]float64, 63)
		for i := range values {
			values[i] = math.Floor(base[i%len(base)] * float64(scale) / 255)
		}
		for _, v := range window {
			values = append(values, float64(v))
		}
		return result(t, results(t, claimed("id=p/1 places=UA"+week), noDays(), launches(weekFirst, values...), settings()), "p/1", "launched_drone").Reason
	}
	if err := quick.Check(func(a, b [7]uint8, scale uint8) bool { return reasonOf(a, scale) == reasonOf(b, scale) }, &quick.Config{MaxCount: 60}); err != nil {
		t.Error(err)
	}
}

func TestBoundaryNightsAreBounds(t *testing.T) {
	values := append(repeat(63, 10), 100, 200, 300, 400, 500, 600, 700)
	// Two hours of the night to the 26th, all of the 27th, five hours of the 28th.
	r := result(t, results(t, claimed("id=p/1 places=UA targets=all from=2026-01-26T05:00 to=2026-01-27T21:00"), noDays(), launches(weekFirst, values...), settings()), "p/1", "launched_drone")
	if r.Observed != (Bounds{200, 600}) || r.T1 != 2+15+5 || r.T0 != 56*15 || r.X0 != (Bounds{560, 560}) {
		t.Fatalf("observed %v in %v h against %v in %v h", r.Observed, r.T1, r.X0, r.T0)
	}
	if want := 560 * 22. / 840; math.Abs(r.Expected.Lo-want) > 1e-9 {
		t.Errorf("expected %v, want %v", r.Expected, want)
	}
	if !printed(r.RR.Lo, 200*840/22./560, 12) || !printed(r.RR.Hi, 600*840/22./560, 12) {
		t.Errorf("RR %v", r.RR)
	}
	if r.PlaceboM != 56 || r.PlaceboRank != 1 {
		t.Errorf("the one whole night ranks %v of %d nights", r.PlaceboRank, r.PlaceboM)
	}
}

func TestUnknownNightsAreInNoCountAndNoExposure(t *testing.T) {
	values := append(repeat(63, 10), 7, nan, 7, 7, 7, 7, 7)
	values[3] = nan
	r := result(t, results(t, claimed("id=p/1 places=UA"+week), noDays(), launches(weekFirst, values...), settings()), "p/1", "launched_drone")
	if r.Observed != (Bounds{42, 42}) || r.T1 != 90 || r.X0 != (Bounds{550, 550}) || r.T0 != 55*15 {
		t.Errorf("%v in %v h against %v in %v h", r.Observed, r.T1, r.X0, r.T0)
	}
	if math.Abs(r.RR.Lo-.7) > 1e-12 || r.WindowCoverage != 6./7 || r.BaselineCoverage != 55./56 {
		t.Errorf("RR %v, coverage %v and %v", r.RR, r.WindowCoverage, r.BaselineCoverage)
	}
	// Six known nights against all windows of six known ones among 56.
	if r.PlaceboM != 51-4 || r.PlaceboRank != 1./48 {
		t.Errorf("placebo %v of %d", r.PlaceboRank, r.PlaceboM)
	}
}

func TestTheBaselineLeavesOutOtherPausesAndTheWashOut(t *testing.T) {
	values := make([]float64, 70)
	for i := range values {
		values[i] = float64(i)
	}
	sum := func(from, to int) (s float64) {
		for i := from; i < to; i++ {
			s += values[i]
		}
		return s
	}
	s := settings()
	nights := launches(weekFirst, values...)
	alone := results(t, claimed("id=p/1 places=UA"+week), noDays(), nights, s)
	for _, b := range baselines {
		i := slices.IndexFunc(alone, func(r Result) bool { return r.Baseline == b && r.Metric == "launched_drone" })
		want := sum(max(0, 63-b.Washout-b.Days), 63-b.Washout)
		if got := alone[i].X0.Lo; got != want {
			t.Errorf("%s: %v in the baseline, want %v", b.ID(), got, want)
		}
	}
	// Another pause covers four whole nights and two halves: six are left out.
	both := results(t, claimed("id=p/1 places=UA"+week, "id=q/1 places=UA80 targets=energy from=2025-12-10T22:00 to=2025-12-15T22:00"), noDays(), nights, s)
	r := result(t, both, "p/1", "launched_drone")
	first := int(day("2025-12-11") - weekFirst)
	if want := sum(0, 56) - sum(first, first+6); r.X0 != (Bounds{want, want}) || r.BaselineCoverage != 50./56 {
		t.Errorf("%v in the baseline, coverage %v; want %v without the nights of the other pause", r.X0, r.BaselineCoverage, want)
	}
	// A reading that starts earlier moves the baseline of all readings of its pause.
	earlier := results(t, claimed("id=p/1 places=UA"+week, "id=p/2 places=UA targets=all from=2026-01-21T16:00 to=2026-02-01T07:00"), noDays(), nights, s)
	if r := result(t, earlier, "p/1", "launched_drone"); r.X0.Lo != sum(0, 52) {
		t.Errorf("%v in the baseline, want %v: it ends before the earliest start", r.X0, sum(0, 52))
	}
}

// methods.md 4.6: "Kyiv oblast" takes in the city.
func TestPlacesThatBulletinsName(t *testing.T) {
	b := table.NewBuilder(table.StrikeNight)
	first := day("2026-01-26")
	nightly(b, "UA80", "all", "night", first, 0, 1, 0, 2, 0, 0, nan)
	nightly(b, "UA32", "all", "night", first, 0, 0, 3, 1, 0, 0, nan)
	nightly(b, "UA63", "all", "night", first, 1, 1, 1, 1, 1, 1, 1)
	nightly(b, "UA32", "all", "day", first, 9, 0, 0, 0, 0, 0, 0)
	nightly(b, "UA80", "drone", "night", first, 0, 0, 0, 0, 1, 0, 0)
	nightly(b, "UA80", "all", "date", first+5, 1)
	nights := b.Table()
	for _, tt := range []struct {
		name, places string
		want         Bounds
		hours        float64
	}{
		{"the city alone: rows of the oblast, and of a date, may mean it", "UA80", Bounds{2, 4}, 90},
		{"the oblast alone: no row certainly does", "UA32", Bounds{0, 2}, 90},
		{"the pair: either name will do", "UA80+UA32", Bounds{3, 4}, 90},
		{"another oblast is not touched by the name", "UA63", Bounds{7, 7}, 105},
		{"an area that no table has is unknown", "UA99", unknownBounds, 0},
	} {
		r := result(t, results(t, claimed("id=p/1 places="+tt.places+week), noDays(), nights, settings()), "p/1", "nights_named")
		if r.T1 != tt.hours || r.Observed != tt.want && !(math.IsNaN(tt.want.Lo) && math.IsNaN(r.Observed.Lo)) {
			t.Errorf("%s: %v in %v h, want %v in %v", tt.name, r.Observed, r.T1, tt.want, tt.hours)
		}
	}
}

func TestRowsByDateMayBelongToEitherNight(t *testing.T) {
	b := table.NewBuilder(table.StrikeNight)
	nightly(b, "UA", "drone", "night", weekFirst, append(repeat(63, 10), 1, 1, 1, 1, 1, 1, 1)...)
	nightly(b, "UA", "drone", "date", day("2026-01-28"), 5)
	nightly(b, "UA", "drone", "day", day("2026-01-30"), 50)
	nightly(b, "UA", "cruise", "night", weekFirst, repeat(70, 8)...)
	r := result(t, results(t, claimed("id=p/1 places=UA"+week), noDays(), b.Table(), settings()), "p/1", "launched_drone")
	if r.Observed != (Bounds{7, 7 + 5 + 5}) {
		t.Errorf("observed %v, want 7 for certain, 5 more to either night of the 28th, none by day", r.Observed)
	}
}

func TestWhichMetricAppliesToWhichReading(t *testing.T) {
	for _, tt := range []struct {
		places, targets string
		want            map[string]string // metric → reason; "data" for one that only lacks data
	}{
		{"UA", "all", map[string]string{
			"launched_drone": "data", "launched_ballistic": "data", "launched_cruise": "data", "launched_all": "data",
			"nights_named": reasonNotCountry, "alerts_n": reasonNotCountry, "alert_h": reasonNotCountry, "sched_off_h": reasonNotCountry, "strikes_energy": reasonEnergyOnly,
		}},
		{"UA80", "all", map[string]string{
			"launched_drone": reasonCountryOnly, "launched_ballistic": reasonCountryOnly, "launched_cruise": reasonCountryOnly, "launched_all": reasonCountryOnly,
			"nights_named": "data", "alerts_n": "data", "alert_h": "data", "sched_off_h": "data", "strikes_energy": reasonEnergyOnly,
		}},
		{"UA80+UA32", "all", map[string]string{
			"launched_drone": reasonCountryOnly, "launched_ballistic": reasonCountryOnly, "launched_cruise": reasonCountryOnly, "launched_all": reasonCountryOnly,
			"nights_named": "data", "alerts_n": reasonOverlap, "alert_h": reasonOverlap, "sched_off_h": reasonOverlap, "strikes_energy": reasonOverlap,
		}},
		{"UA", "energy", map[string]string{
			"launched_drone": reasonTargets, "launched_ballistic": reasonTargets, "launched_cruise": reasonTargets, "launched_all": reasonTargets,
			"nights_named": reasonNotCountry, "alerts_n": reasonNotCountry, "alert_h": reasonNotCountry, "sched_off_h": reasonNotCountry, "strikes_energy": reasonTargets,
		}},
		{"UA80", "energy_and_infrastructure", map[string]string{
			"launched_drone": reasonCountryOnly, "launched_ballistic": reasonCountryOnly, "launched_cruise": reasonCountryOnly, "launched_all": reasonCountryOnly,
			"nights_named": reasonTargets, "alerts_n": reasonTargets, "alert_h": reasonTargets, "sched_off_h": reasonTargets, "strikes_energy": reasonTargets,
		}},
		{"UA", "long_range", map[string]string{
			"launched_drone": "data", "launched_ballistic": "data", "launched_cruise": "data", "launched_all": reasonWeapons,
			"nights_named": reasonNotCountry, "alerts_n": reasonNotCountry, "alert_h": reasonNotCountry, "sched_off_h": reasonNotCountry, "strikes_energy": reasonEnergyOnly,
		}},
	} {
		claim := "id=p/1 from=2026-01-25T16:00 to=2026-02-01T07:00 places=" + tt.places + " targets=" + tt.targets
		all := results(t, claimed(claim), noDays(), noNights(), settings())
		for metric, want := range tt.want {
			r := result(t, all, "p/1", metric)
			if want == "data" {
				want = reasonWindowCoverage
			}
			if r.Reason != want {
				t.Errorf("%s, %s by %s: %q, want %q", tt.places, tt.targets, metric, r.Reason, want)
			}
			if !math.IsNaN(r.Observed.Lo) || !math.IsNaN(r.RR.Lo) || !math.IsNaN(r.P) {
				t.Errorf("%s, %s by %s has numbers: %+v", tt.places, tt.targets, metric, r)
			}
		}
		if len(tt.want) != len(metrics) {
			t.Fatalf("%d metrics are tested of %d", len(tt.want), len(metrics))
		}
	}
}

func TestStrikesOnEnergyWithoutAKnownTargetAreNotZeroToAll(t *testing.T) {
	const claim = "id=p/1 from=2026-01-25T22:00 to=2026-02-01T22:00 places=UA80 targets=energy"
	unknown := map[string][]float64{"strikes_energy_lo": repeat(70, 0), "strikes_energy_hi": repeat(70, 4), "strikes_n_hi": repeat(70, 4)}
	r := result(t, results(t, claimed(claim), daysOf("UA80", weekFirst, unknown), noNights(), settings()), "p/1", "strikes_energy")
	if r.Reason != reasonTargets || !math.IsNaN(r.Observed.Lo) || !math.IsNaN(r.Observed.Hi) {
		t.Errorf("%q, observed %v", r.Reason, r.Observed)
	}
	// One strike known to be on something else is a known target.
	unknown["strikes_energy_hi"][20] = 3
	r = result(t, results(t, claimed(claim), daysOf("UA80", weekFirst, unknown), noNights(), settings()), "p/1", "strikes_energy")
	if r.Reason != reasonFewExpected || r.Observed != (Bounds{0, 28}) {
		t.Errorf("%q, observed %v", r.Reason, r.Observed)
	}
}

func TestHoursHaveAPlaceboRankAndNoRatio(t *testing.T) {
	hours := append(repeat(60, 2.5), repeat(10, .25)...)
	tables := daysOf("UA80", weekFirst, map[string][]float64{"alert_h": hours})
	const claim = "id=p/1 from=2026-01-26T10:00 to=2026-01-29T22:00 places=UA80 targets=all"
	r := result(t, results(t, claimed(claim), tables, noNights(), settings()), "p/1", "alert_h")
	if r.Reason != reasonHours || r.DecidedBy != placebo {
		t.Errorf("%q, decided by %s", r.Reason, r.DecidedBy)
	}
	if r.Observed != (Bounds{.75, 1}) || r.T1 != 12+72 || r.PlaceboM != 54 || r.PlaceboRank != 1./55 {
		t.Errorf("observed %v in %v h, placebo %v of %d", r.Observed, r.T1, r.PlaceboRank, r.PlaceboM)
	}
	for name, v := range map[string]float64{"RR": r.RR.Lo, "interval": r.Exact.Hi, "adjusted": r.Adjusted.Hi, "p": r.P, "φ": r.Phi, "expected": r.Expected.Lo, "predictive": r.Predictive, "detectable": r.Detectable80} {
		if !math.IsNaN(v) {
			t.Errorf("hours have a %s: %v", name, v)
		}
	}
}

func TestMunitionsAreDecidedByTheAdjustedInterval(t *testing.T) {
	// Waves of 100 every fourth night; none in the window.
	values := make([]float64, 70)
	for i := range 63 {
		if i%4 == 0 {
			values[i] = 100
		}
	}
	r := result(t, results(t, claimed("id=p/1 places=UA"+week), noDays(), launches(weekFirst, values...), settings()), "p/1", "launched_drone")
	if !(r.Exact.Hi < .05) || !(r.Adjusted.Hi > 1) || r.Reason != reasonPower {
		t.Errorf("exact %v, adjusted %v, %q: 14 waves cannot show that a week without one is fewer", r.Exact, r.Adjusted, r.Reason)
	}
	if interval, p := r.decides(); interval != r.Adjusted || p != r.PAdj {
		t.Errorf("decided by %v, p %v", interval, p)
	}
}

func TestAdjustedPAgreesWithItsInterval(t *testing.T) {
	for _, x1 := range []float64{0, 1, 20, 48, 60, 70, 95, 130, 200} {
		for _, wave := range []float64{0, 3, 9} {
			values := make([]float64, 63)
			for i := range values {
				values[i] = 10
				if i%2 == 0 {
					values[i] += wave
				} else {
					values[i] -= wave
				}
			}
			values = append(values, x1, 0, 0, 0, 0, 0, 0)
			r := result(t, results(t, claimed("id=p/1 places=UA"+week), noDays(), launches(weekFirst, values...), settings()), "p/1", "launched_drone")
			outside := r.Adjusted.Lo > 1 || r.Adjusted.Hi < 1
			if outside != (r.PAdj < .05) || (r.Exact.Lo > 1 || r.Exact.Hi < 1) != (r.P < .05) {
				t.Errorf("%v seen, φ %v: adjusted %v with p %v, exact %v with p %v", x1, r.Phi, r.Adjusted, r.PAdj, r.Exact, r.P)
			}
		}
	}
}

func TestPOfBoundsThatHoldARatioOf1Is1(t *testing.T) {
	values := append(repeat(63, 10), 100, 0, 0, 0, 0, 0, 100)
	r := result(t, results(t, claimed("id=p/1 places=UA targets=all from=2026-01-25T17:00 to=2026-02-01T06:00"), noDays(), launches(weekFirst, values...), settings()), "p/1", "launched_drone")
	if r.Observed != (Bounds{0, 200}) || r.P != 1 || r.PMidP != 1 || r.PETest != 1 || r.PAdj != 1 {
		t.Errorf("observed %v, p %v, %v, %v, %v", r.Observed, r.P, r.PMidP, r.PETest, r.PAdj)
	}
	if !(r.Exact.Lo == 0 && r.Exact.Hi > 2) {
		t.Errorf("interval %v", r.Exact)
	}
}

func TestNothingToReadGivesNoResults(t *testing.T) {
	all := results(t, claimed("id=p/1 stance=denies"), noDays(), noNights(), settings())
	if len(all) != 0 || ResultTable(all).Rows() != 0 || SummaryTable(Summarize(all)).Rows() != 0 {
		t.Errorf("%d results", len(all))
	}
}

func TestResultTableHasEveryReadingMetricAndBaseline(t *testing.T) {
	all := exampleResults(t, Baseline{})
	made, err := ResultTable(all).Sorted()
	if err != nil {
		t.Fatal(err)
	}
	if want := 4 * len(metrics) * len(baselines); made.Rows() != want || len(all) != want {
		t.Errorf("%d rows of %d results, want %d", made.Rows(), len(all), want)
	}
	primary := 0
	for row := range made.Rows() {
		if made.Bool("is_primary_baseline").Value(row) {
			primary++
			if id := made.String("baseline_id").Value(row); id != "b56_w7" {
				t.Fatalf("the primary baseline is %s", id)
			}
		}
		if made.Bool("evaluable").Value(row) == made.String("reason").IsValid(row) {
			t.Fatal("a row is evaluable with a reason, or not evaluable without one")
		}
	}
	if primary != 4*len(metrics) {
		t.Errorf("%d rows at the primary baseline", primary)
	}
}

// Where rows say when they were first seen, what is known of delays takes the
// place of the 28 days.
func TestCompletenessOfTheWindow(t *testing.T) {
	quiet := repeat(70, 9)
	for _, tt := range []struct {
		share float64 // of the window's last day; NaN: unknown
		want  string
	}{{0.89, reasonIncomplete}, {0.9, ""}, {1, ""}, {nan, reasonCompleteness}} {
		s := settings()
		s.AsOf = utc("2026-02-12T00:00")
		b := table.NewBuilder(table.AreaDay)
		for i := range 90 {
			d := weekFirst + hour.Day(i)
			b.Row()
			b.String("area_id", "UA")
			b.Date("date_local", d)
			b.String("tz", "Europe/Kyiv")
			b.Int32("hours_in_day", 24)
			b.Float64("t_coverage", 0)
			b.Int32("flags", 0)
			share := 1.0
			if d >= day("2026-01-31") {
				share = tt.share
			}
			table.Optional(b.Float64, "completeness", share, !math.IsNaN(tt.share))
		}
		r := result(t, results(t, claimed("id=p/1 places=UA"+week), b.Table(), launches(weekFirst, quiet...), s), "p/1", "launched_drone")
		if r.Reason != tt.want {
			t.Errorf("completeness %v: %q, want %q", tt.share, r.Reason, tt.want)
		}
		alerts := result(t, results(t, claimed("id=p/1 places=UA80"+week), b.Table(), launches(weekFirst, quiet...), s), "p/1", "alerts_n")
		if alerts.Reason == reasonIncomplete {
			t.Error("alerts are not rows of strikes")
		}
	}
}

// methods.md 10.3: a day of the baseline whose rows are less than 0.9 complete is
// in no count, as one without a bulletin is.
func TestTheBaselineLeavesOutIncompleteDays(t *testing.T) {
	values := make([]float64, 70)
	for i := range values {
		values[i] = float64(i)
	}
	b := table.NewBuilder(table.AreaDay)
	for i := range 80 {
		b.Row()
		b.String("area_id", "UA")
		b.Date("date_local", weekFirst+hour.Day(i))
		b.String("tz", "Europe/Kyiv")
		b.Int32("hours_in_day", 24)
		b.Float64("t_coverage", 0)
		b.Int32("flags", 0)
		b.Float64("completeness", map[bool]float64{true: .89, false: .9}[i == 10 || i == 11])
	}
	r := result(t, results(t, claimed("id=p/1 places=UA"+week), b.Table(), launches(weekFirst, values...), settings()), "p/1", "launched_drone")
	if want := 55*56/2. - 10 - 11; r.X0 != (Bounds{want, want}) || r.T0 != 54*15 || r.BaselineCoverage != 54./56 {
		t.Errorf("%v in %v h, coverage %v; want %v without the two incomplete nights", r.X0, r.T0, r.BaselineCoverage, want)
	}
}
