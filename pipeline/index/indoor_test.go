package index

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"hardship/pipeline/unit"
)

// home is an unheated one of methods.md 8.2.
func home(tau float64, gain unit.Celsius) Home {
	return Home{TimeConstant: tau, Gain: gain, SetPoint: 20, Warming: 6}
}

// The reference values are those of methods.md 8.2.
func TestHoursUntilCold(t *testing.T) {
	limits := []unit.Celsius{18, 16, 12, 10, 5, 0}
	for tau, want := range map[float64][]float64{
		30:  {1.5388, 3.1608, 6.6943, 8.6305, 14.1001, 20.7944},
		60:  {3.0776, 6.3216, 13.3886, 17.2609, 28.2002, 41.5888},
		100: {5.1293, 10.5361, 22.3144, 28.7682, 47.0004, 69.3147},
	} {
		for i, limit := range limits {
			near(t, fmt.Sprintf("τ %v, to %v °C", tau, limit), home(tau, 0).Until(20, -20, false, limit), want[i], 5e-5)
		}
	}
	for name, got := range map[string]float64{
		"the equilibrium itself":      home(60, 0).Until(20, -20, false, -20),
		"below the equilibrium":       home(60, 3).Until(20, -20, false, -18),
		"warmer than the beginning":   home(60, 0).Until(10, -20, false, 15),
		"above the set-point, heated": home(60, 0).Until(10, -20, true, 21),
	} {
		near(t, name, got, math.NaN(), 0)
	}
	near(t, "where it already is", home(60, 0).Until(18, -20, false, 18), 0, 0)
	near(t, "heated, half way to the set-point", home(60, 0).Until(10, -20, true, 15), 6*math.Ln2, 1e-12)
}

func TestTimeConstant(t *testing.T) {
	for _, one := range []struct{ capacity, loss, want float64 }{{165, 1.5, 30.6}, {260, 2, 36.1}, {260, 1, 72.2}} {
		near(t, "τ", TimeConstant(one.capacity, one.loss), one.want, 0.05)
	}
}

func TestIndoorHourByHour(t *testing.T) {
	outside := []unit.Celsius{-12, -14, -16, -18, -20, -19, -17, -15}
	want := []float64{19.471087, 18.917858, 18.340717, 17.740057, 17.116269, 16.519320, 15.965294, 15.453483}
	inside, warmer := unit.Celsius(20), unit.Celsius(20)
	for i, out := range outside {
		inside = home(60, 0).After(inside, out, false, 1)
		warmer = home(60, 3).After(warmer, out, false, 1)
		near(t, fmt.Sprintf("after %d h", i+1), float64(inside), want[i], 5e-7)
	}
	near(t, "with a gain of 3 K", float64(warmer), 15.827963, 5e-7)
	near(t, "after a day at −20 °C", float64(home(60, 0).After(20, -20, false, 24)), 6.8128018414, 5e-11)
	near(t, "degree hours below 18 °C", float64(home(60, 0).DegreeHoursBelow(20, -20, false, 24, 18)), 123.8193992813, 1e-9)
	near(t, "heating brings it back", float64(home(60, 0).After(8, -20, true, 6)), 20-12/math.E, 1e-12)
}

// Time below a limit, and degree hours, agree with small steps, in any number of
// pieces; what is colder outside is never warmer inside.
func TestIndoorAgreesWithSmallSteps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := home(float64(rapid.IntRange(10, 150).Draw(t, "tau")), unit.Celsius(rapid.IntRange(0, 5).Draw(t, "gain")))
		inside := unit.Celsius(rapid.Float64Range(-10, 25).Draw(t, "inside"))
		outside := unit.Celsius(rapid.Float64Range(-30, 15).Draw(t, "outside"))
		heated := rapid.Bool().Draw(t, "heated")
		limit := unit.Celsius(rapid.IntRange(0, 19).Draw(t, "limit"))
		hours := float64(rapid.IntRange(1, 30).Draw(t, "hours"))

		const steps = 3000
		below, degrees := 0.0, 0.0
		at := inside
		for range steps {
			middle := h.After(at, outside, heated, hours/steps/2)
			if middle < limit {
				below += hours / steps
				degrees += float64(limit-middle) * hours / steps
			}
			at = h.After(at, outside, heated, hours/steps)
		}
		if end := h.After(inside, outside, heated, hours); math.Abs(float64(at-end)) > 1e-9 {
			t.Fatalf("in steps %v, at once %v", at, end)
		}
		if got := h.Below(inside, outside, heated, hours, limit); math.Abs(got-below) > 2*hours/steps {
			t.Fatalf("%v h below in steps, %v at once", below, got)
		}
		if got := float64(h.DegreeHoursBelow(inside, outside, heated, hours, limit)); math.Abs(got-degrees) > 1e-3*(1+degrees) {
			t.Fatalf("%v °C·h below in steps, %v at once", degrees, got)
		}
		if h.After(inside, outside-5, heated, hours) > h.After(inside, outside, heated, hours) {
			t.Fatal("colder outside is warmer inside")
		}
	})
}

// However a stretch is cut into times with power and without, the home is within
// its bounds, and the bounds of the end are reached.
func TestBoundsOfAStretchHoldEveryCase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := home(float64(rapid.IntRange(10, 150).Draw(t, "tau")), unit.Celsius(rapid.IntRange(0, 5).Draw(t, "gain")))
		outside := unit.Celsius(rapid.Float64Range(-30, 30).Draw(t, "outside"))
		inside := unit.Celsius(rapid.Float64Range(-10, 20).Draw(t, "inside"))
		limit := unit.Celsius(rapid.IntRange(0, 19).Draw(t, "limit"))
		const parts, each = 6, 0.5
		off := rapid.SliceOfN(rapid.Bool(), parts, parts).Draw(t, "off")
		at, lowest, below, n := inside, inside, 0.0, 0.0
		air := min(outside, h.SetPoint-h.Gain)
		for _, without := range off {
			below += h.Below(at, air, !without, each, limit)
			at = h.After(at, air, !without, each)
			lowest = min(lowest, at)
			if without {
				n++
			}
		}
		less := float64(rapid.IntRange(0, int(n)).Draw(t, "less certain"))
		more := float64(rapid.IntRange(0, parts-int(n)).Draw(t, "more possible"))
		share := unit.Bounds[float64]{Lo: (n - less) / parts, Hi: (n + more) / parts}
		begin := unit.Bounds[unit.Celsius]{Lo: inside, Hi: inside}
		end, least := h.Through(begin, outside, parts*each, share)
		time := h.ThroughBelow(begin, outside, parts*each, share, limit)
		const slack = 1e-9
		if at < end.Lo-slack || at > end.Hi+slack || lowest < least.Lo-slack || lowest > least.Hi+slack {
			t.Fatalf("ends at %v of %v, lowest %v of %v", at, end, lowest, least)
		}
		if below < time.Lo-slack || below > time.Hi+slack || time.Hi > parts*each+slack {
			t.Fatalf("%v h below %v °C of %v", below, limit, time)
		}
		if less+more == 0 && (n == 0 || n == parts) && (end.Hi-end.Lo > slack || time.Hi-time.Lo > slack) {
			t.Fatalf("what is certain has the bounds %v and %v", end, time)
		}
	})
}
