package index

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hardship/pipeline/hour"
	"hardship/pipeline/unit"
)

// lasting is an interruption of customers of a length in minutes.
func lasting(minutes float64, customers int64) Interruption {
	return Interruption{
		Interval:  hour.Interval{End: hour.Instant(math.Round(minutes * 60e6))},
		Customers: unit.Bounds[int64]{Lo: customers, Hi: customers},
	}
}

// The classic example of IEEE 1366, as in methods.md 6.3: four durations are
// minutes and seconds.
func TestReliable(t *testing.T) {
	classic := []Interruption{
		lasting(8+10./60, 200), lasting(0.5, 400), lasting(71+19./60, 600), lasting(30+14./60, 25), lasting(1, 2000),
		lasting(267+11./60, 90), lasting(120, 700), lasting(10, 1500), lasting(40, 100),
	}
	r := Reliable(classic, 2000, 8760)
	if r.Interruptions != 7 || r.Momentary != 2 || r.Open != 0 {
		t.Errorf("%d interruptions, %d momentary, %d open: want 7, 2, 0", r.Interruptions, r.Momentary, r.Open)
	}
	for _, one := range []struct {
		what      string
		got       unit.Bounds[float64]
		want      float64
		tolerance float64
	}{
		{"SAIFI", r.SAIFI, 1.6075, 1e-12},
		{"SAIDI", r.SAIDI, 86.1128333, 5e-8},
		{"CAIDI", r.CAIDI, 172225.6666667 / 3215, 5e-8}, // 53.5694142
		{"ASAI", r.ASAI, 0.999836162798, 5e-13},
		{"ΣN", unit.Bounds[float64]{Lo: r.SAIFI.Lo * 2000, Hi: r.SAIFI.Hi * 2000}, 3215, 1e-9},
		{"ΣrN", unit.Bounds[float64]{Lo: r.SAIDI.Lo * 2000, Hi: r.SAIDI.Hi * 2000}, 172225.6667, 5e-5},
	} {
		near(t, one.what+" at least", one.got.Lo, one.want, one.tolerance)
		near(t, one.what+" at most", one.got.Hi, one.want, one.tolerance)
	}
	near(t, "least CAIDI", r.LeastCAIDI, r.CAIDI.Lo, 0)

	unknown := Reliable(classic, 0, 8760)
	for what, b := range map[string]unit.Bounds[float64]{"SAIFI": unknown.SAIFI, "SAIDI": unknown.SAIDI, "CAIDI": unknown.CAIDI, "ASAI": unknown.ASAI} {
		if !math.IsNaN(b.Lo) || !math.IsNaN(b.Hi) {
			t.Errorf("%s of unknown customers served is %v", what, b)
		}
	}
	none := Reliable(nil, 2000, 8760)
	if none.SAIFI.Hi != 0 || none.SAIDI.Hi != 0 || none.ASAI.Lo != 1 || !math.IsNaN(none.CAIDI.Lo) || !math.IsNaN(none.LeastCAIDI) {
		t.Errorf("no interruption gives %+v: CAIDI alone is unknown", none)
	}
}

// The reference of methods.md 6.5: 100 customers 2 h, 300 still out after 6 h.
func TestOpenInterruptionsBoundCAIDI(t *testing.T) {
	open := lasting(360, 300)
	open.Open = true
	r := Reliable([]Interruption{lasting(120, 100), open}, 1000, 24)
	near(t, "CAIDI of those restored", r.CAIDI.Lo, 120, 1e-9)
	near(t, "CAIDI at least", r.LeastCAIDI, 300, 1e-9)
	near(t, "SAIDI at least", r.SAIDI.Lo, (120*100+360*300)/1000., 1e-9)
	near(t, "SAIFI", r.SAIFI.Hi, 0.4, 1e-12)
	if r.Open != 1 || !math.IsNaN(r.SAIDI.Hi) || !math.IsNaN(r.ASAI.Lo) || math.IsNaN(r.ASAI.Hi) {
		t.Errorf("with an open one: %+v", r)
	}
}

// Whatever the customers were within their bounds, the indices lie within theirs.
func TestBoundsHoldEveryCase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const served = 500
		var bounds, exact []Interruption
		for range rapid.IntRange(0, 7).Draw(t, "interruptions") {
			minutes := float64(rapid.IntRange(1, 600).Draw(t, "minutes"))
			lo, more, at := rapid.Int64Range(0, 50).Draw(t, "lo"), rapid.Int64Range(0, 50).Draw(t, "more"), rapid.Int64Range(0, 50).Draw(t, "at")
			one := lasting(minutes, lo)
			one.Customers.Hi = lo + more
			bounds = append(bounds, one)
			exact = append(exact, lasting(minutes, lo+min(at, more)))
		}
		b, e := Reliable(bounds, served, 24), Reliable(exact, served, 24)
		const slack = 1e-9
		holds := func(what string, b unit.Bounds[float64], v float64) {
			if !math.IsNaN(v) && !(b.Lo <= v+slack && v <= b.Hi+slack) {
				t.Fatalf("%s %v lies outside %v", what, v, b)
			}
		}
		holds("SAIFI", b.SAIFI, e.SAIFI.Lo)
		holds("SAIDI", b.SAIDI, e.SAIDI.Lo)
		holds("CAIDI", b.CAIDI, e.CAIDI.Lo)
		holds("ASAI", b.ASAI, e.ASAI.Lo)
	})
}

// The bounds of CAIDI are reached: no tighter ones hold.
func TestCAIDIBoundsAreTheExtremes(t *testing.T) {
	list := []Interruption{lasting(30, 0), lasting(60, 0), lasting(120, 0), lasting(600, 0)}
	limits := [][2]int64{{1, 3}, {0, 2}, {2, 2}, {0, 4}}
	least, greatest := math.Inf(1), math.Inf(-1)
	for corner := range 1 << len(list) {
		sum, n := 0.0, 0.0
		for i := range list {
			customers := float64(limits[i][corner>>i&1])
			sum, n = sum+customers*list[i].minutes(), n+customers
		}
		least, greatest = min(least, sum/n), max(greatest, sum/n)
	}
	for i := range list {
		list[i].Customers = unit.Bounds[int64]{Lo: limits[i][0], Hi: limits[i][1]}
	}
	got := Reliable(list, 100, 24).CAIDI
	near(t, "least", got.Lo, least, 1e-9)
	near(t, "greatest", got.Hi, greatest, 1e-9)
}

// The reference of methods.md 6.4.
func TestMajorEventDays(t *testing.T) {
	daily := []float64{0, 0.5, 1.2, 0.3, 2.5, 0.8, 0, 4, 0.6, 1, 0.2, 12}
	l := LognormalOf(append(daily, math.NaN()))
	if l.Days != 10 {
		t.Errorf("%d days that are not zero, want 10", l.Days)
	}
	near(t, "α", l.Alpha, 0.0729286227, 5e-11)
	near(t, "β", l.Beta, 1.2359093329, 5e-11)
	near(t, "T", l.Threshold(), 23.6343687363, 5e-11)
	population := Lognormal{Alpha: l.Alpha, Beta: l.Beta * math.Sqrt(9./10)}
	near(t, "T of the population's deviation, which is not taken", population.Threshold(), 20.169, 5e-4)

	near(t, "ten days are too few", MajorThreshold(LognormalOf(daily)), math.NaN(), 0)
	near(t, "thirty are enough", MajorThreshold(LognormalOf(slices.Repeat(daily, 3))), math.Exp(l.Alpha+2.5*l.Beta*math.Sqrt(9./10*30/29)), 1e-9)
	near(t, "days that do not vary have none", MajorThreshold(LognormalOf(slices.Repeat([]float64{2}, 40))), math.NaN(), 0)
	near(t, "no days", MajorThreshold(LognormalOf(nil)), math.NaN(), 0)
}

// reference are the hours of methods.md 6.5, the negative ones open.
func reference() []Restoration {
	var list []Restoration
	for _, h := range []float64{2, 3, 3.5, 5, -5, 8, 12, -12, 20, 30, -48, -72} {
		list = append(list, Restoration{Hours: math.Abs(h), Customers: 1, Open: h < 0})
	}
	return list
}

func TestRestore(t *testing.T) {
	c := Restore(reference())
	for hours, want := range map[float64]float64{0: 1, 4.9: 0.75, 5: 0.6666667, 12: 0.4761905, 29: 0.3571429, 30: 0.2380952, 100: 0.2380952} {
		near(t, "share", c.Share(hours), want, 5e-8)
	}
	last := c.Steps[len(c.Steps)-1]
	near(t, "its standard error", last.SE, 0.1406193, 5e-8)
	for p, want := range map[float64]float64{0.25: 4.25, 0.5: 12, 0.75: 30, 0.9: math.NaN()} {
		near(t, "quantile", c.Quantile(p), want, 1e-12)
	}
	mean, se := c.Mean(72)
	near(t, "restricted mean", mean, 26.125, 1e-9)
	near(t, "its standard error", se, 8.53767, 5e-6)

	closed, n := 0.0, 0.0
	for _, r := range reference() {
		if !r.Open {
			closed, n = closed+r.Hours, n+1
		}
	}
	near(t, "mean of the closed ones only", closed/n, 10.4375, 1e-12)
}

func TestRestoreAtTheEdges(t *testing.T) {
	all := Restore([]Restoration{{Hours: 1, Customers: 5}, {Hours: 2, Customers: 5}, {Hours: 9, Customers: 0}})
	near(t, "half are back", all.Quantile(0.5), 1.5, 0)
	near(t, "all are back", all.Quantile(0.99), 2, 0)
	if s := all.Steps[1]; s.Share != 0 || !math.IsNaN(s.SE) || all.Last != 2 {
		t.Errorf("where everybody is back: %+v, last %v", s, all.Last)
	}
	flat := Restore([]Restoration{{Hours: 1, Customers: 1}, {Hours: 7, Customers: 1, Open: true}})
	near(t, "a curve that stays at a half", flat.Quantile(0.5), 4, 0)
	none := Restore(nil)
	near(t, "nobody", none.Quantile(0.5), math.NaN(), 0)
	if mean, _ := none.Mean(10); mean != 10 || none.Share(3) != 1 {
		t.Errorf("nobody: mean %v, share %v", mean, none.Share(3))
	}
}

// Customers are frequencies: an interruption of k customers is k of one each,
// whatever the order, and the curve falls within 0 and 1.
func TestRestoreCountsCustomers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var together, apart []Restoration
		for range rapid.IntRange(0, 10).Draw(t, "interruptions") {
			r := Restoration{Hours: float64(rapid.IntRange(1, 12).Draw(t, "hours")), Customers: float64(rapid.IntRange(0, 4).Draw(t, "customers")), Open: rapid.Bool().Draw(t, "open")}
			together = append(together, r)
			for range int(r.Customers) {
				apart = append(apart, Restoration{Hours: r.Hours, Customers: 1, Open: r.Open})
			}
		}
		slices.Reverse(apart)
		one, other := Restore(together), Restore(apart)
		if len(one.Steps) != len(other.Steps) {
			t.Fatalf("%d steps together, %d apart", len(one.Steps), len(other.Steps))
		}
		before := 1.0
		for i, s := range one.Steps {
			if math.Abs(s.Share-other.Steps[i].Share) > 1e-12 || s.Share < -1e-12 || s.Share >= before {
				t.Fatalf("step %d: %v together, %v apart, %v before", i, s.Share, other.Steps[i].Share, before)
			}
			before = s.Share
		}
		for _, p := range []float64{0.25, 0.5, 0.75} {
			if a, b := one.Quantile(p), other.Quantile(p); a != b && !(math.IsNaN(a) && math.IsNaN(b)) {
				t.Fatalf("quantile %v: %v together, %v apart", p, a, b)
			}
		}
	})
}
