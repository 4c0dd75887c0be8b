package index

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hardship/pipeline/hour"
	"hardship/pipeline/unit"
)

// The reference is that of methods.md C7, of xclim's tests.
func TestClippedDegreeDay(t *testing.T) {
	year := constant(365, 17)
	for i := range 7 {
		year[i] += unit.Celsius(i - 3)
	}
	var sum unit.DegreeDays
	for _, mean := range year {
		sum += ClippedDegreeDay(mean, 17)
	}
	near(t, "sum", float64(sum), 6, 0)
	near(t, "16 °C, which Eurostat does not count", float64(ClippedDegreeDay(16, 18)), 2, 0)
	near(t, "a missing mean", float64(ClippedDegreeDay(nan, 18)), math.NaN(), 0)
}

// The reference of methods.md C8 is xclim's, whose series begins on 1 July and
// is summed to the end of that year: 184 days, with the highest temperature of
// the first seven moved by −3 to 3.
func TestApproximatedDegreeDay(t *testing.T) {
	var sum unit.DegreeDays
	for i := range 184 {
		tmax := unit.Celsius(19)
		if i < 7 {
			tmax += unit.Celsius(i - 3)
		}
		sum += ApproximatedDegreeDay(15, 17, tmax, 17)
	}
	near(t, "sum", float64(sum), 89.75, 0)
	near(t, "a day below the base", float64(ApproximatedDegreeDay(0, 5, 10, 17)), 12, 0)
	near(t, "a mean above it", float64(ApproximatedDegreeDay(15, 18, 22, 17)), 0.5, 0)
	near(t, "a day above it", float64(ApproximatedDegreeDay(17, 19, 22, 17)), 0, 0)
	for _, missing := range [][3]unit.Celsius{{nan, 5, 10}, {0, nan, 10}, {0, 5, nan}} {
		near(t, "a missing temperature", float64(ApproximatedDegreeDay(missing[0], missing[1], missing[2], 17)), math.NaN(), 0)
	}
}

// The reference is that of methods.md C9: days from 1.
func TestHeatingSeason(t *testing.T) {
	autumn := []unit.Celsius{12, 9, 8.0, 7.5, 8.4, 8.0, 7.9, 7.0, 9.0, 6, 5}
	rule := HeatingRule{Limit: 8, Days: 3}
	strict := HeatingRule{Limit: 8, Days: 3, Strict: true}
	for _, tt := range []struct {
		name         string
		tmean        []unit.Celsius
		rule         HeatingRule
		begun, ended int // from 1; 0 for none
	}{
		{"at or below 8 °C", autumn, rule, 8, 0},
		{"below 8 °C", autumn, strict, 0, 0},
		{"a gap could have completed the run", []unit.Celsius{12, 5, 5, nan, 5, 5}, rule, 0, 0},
		{"a gap among mild days could not", []unit.Celsius{12, nan, 12, 5, 5, 5}, rule, 6, 0},
		{"days not known before could have been cold", []unit.Celsius{nan, nan, nan, 12, 5, 5, 5}, rule, 0, 0},
		{"a winter", slices.Concat(constant(5, 10), constant(90, -3), constant(2, 9), constant(1, 7.9), constant(5, 8)), rule, 8, 101},
		{"the first beginning and the last end", slices.Concat(constant(3, 5), constant(3, 12), constant(9, 0), constant(4, 10)), rule, 3, 18},
		{"days not known after could have been cold", slices.Concat(constant(3, 5), constant(3, 12), constant(3, nan)), rule, 3, 0},
		{"it is still on", slices.Concat(constant(3, 5), constant(3, 12), constant(3, 5)), rule, 3, 0},
		{"the days that begin it do not end it", constant(9, 8), HeatingRule{Limit: 8, Days: 3}, 3, 0},
		{"no days", nil, rule, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if begun, ended := HeatingSeason(tt.tmean, tt.rule); begun+1 != tt.begun || ended+1 != tt.ended {
				t.Errorf("days %d and %d, want %d and %d", begun+1, ended+1, tt.begun, tt.ended)
			}
		})
	}
	if got, want := HeatingPeriods(constant(9, 8), rule), []HeatingPeriod{{2, 5}, {8, -1}}; !slices.Equal(got, want) {
		t.Errorf("nine days at the limit: %v, want %v", got, want)
	}
	if got := HeatingPeriods([]unit.Celsius{5, 5, nan, 5, 5}, rule); got != nil {
		t.Errorf("a gap does not break the run: %v", got)
	}
}

// The references are those of methods.md C4.
func TestExcessColdOn(t *testing.T) {
	month := func(before unit.Celsius, missing int) []unit.Celsius {
		days := slices.Concat(constant(30, before), constant(3, -15))
		for i := range missing {
			days[7*i] = nan
		}
		return days
	}
	for _, tt := range []struct {
		name string
		days []unit.Celsius
		want float64
	}{
		{"after a mild month", month(-2, 0), -65},
		{"after a cold month of which three days are missing", month(-8, 3), -35},
		{"six missing days are few enough", month(-8, 5), -35},
		{"no month before", month(-8, 0)[9:], math.NaN()},
		{"one of the three days missing", append(month(-2, 0)[:32], nan), math.NaN()},
	} {
		near(t, tt.name, ExcessColdOn(tt.days, len(tt.days)-1, -10).Factor, tt.want, 1e-9)
	}
	// climpact sums the days present and divides by 30: a missing day is 0 °C.
	three, wrong := -15.0, -8.0*27/30
	near(t, "climpact's, which is not taken", -(three+10)*math.Min(-1, three-wrong), -39, 1e-9)
	gaps := month(-8, 0)
	for i := range 7 {
		gaps[i] = nan
	}
	near(t, "23 of 30 days", ExcessColdOn(gaps, 32, -10).Factor, math.NaN(), 0)
	near(t, "warmer than the month before is no cold wave's product", ExcessColdOn(month(-25, 0), 32, -10).Factor, -5, 1e-9)
}

func TestQuantile(t *testing.T) {
	sample := []unit.Celsius{-5, -12, -3, -8, -20, -1, -15, -7, -10, -2}
	for kind, want := range map[QuantileType][3]float64{Linear: {-15.5, -7.5, -1.9}, MedianUnbiased: {-18.1666667, -7.5, -1.3666667}} {
		for i, p := range []float64{0.1, 0.5, 0.9} {
			near(t, "quantile", float64(Quantile(append(sample, nan), p, kind)), want[i], 5e-8)
		}
	}
	if slices.IsSorted(sample) {
		t.Error("the sample was sorted in place")
	}
	d1 := make([]unit.Celsius, 120) // data set D1 of methods.md 12
	for i := range d1 {
		day := float64(i + 1)
		d1[i] = unit.Celsius(-8 + 9*math.Sin(2*math.Pi*day/37) + 4*math.Cos(2*math.Pi*day/11))
	}
	near(t, "D1, type 7", float64(Quantile(d1, 0.05, Linear)), -19.234568375, 5e-10)
	near(t, "D1, type 8", float64(Quantile(d1, 0.05, MedianUnbiased)), -19.350066298, 5e-10)
	near(t, "a single value", float64(Quantile([]unit.Celsius{4}, 0.1, MedianUnbiased)), 4, 0)
	near(t, "the extremes hold", float64(Quantile(sample, 0.001, MedianUnbiased)), -20, 0)
	near(t, "no value", float64(Quantile([]unit.Celsius{nan}, 0.5, Linear)), math.NaN(), 0)
}

// The reference is that of methods.md C3a.
func TestColdSpellDuration(t *testing.T) {
	tmin := slices.Concat(constant(1, -1), constant(6, -9), constant(1, -1), constant(5, -9), constant(1, -1), constant(7, -9))
	threshold := constant(len(tmin), -8)
	if days, gap := ColdSpellDuration(tmin, threshold, 0, len(tmin)); days != 13 || gap {
		t.Errorf("%d days, gap %v: want 13 without one", days, gap)
	}
	tmin[len(tmin)-4] = nan
	if days, gap := ColdSpellDuration(tmin, threshold, 0, len(tmin)); days != 6 || !gap {
		t.Errorf("with the fourth of the last seven missing: %d days, gap %v: want 6 with one", days, gap)
	}
	if days, gap := ColdSpellDuration(tmin, threshold, 4, 13); days != 3 || gap {
		t.Errorf("of the days from the fourth of the first run: %d days, gap %v: want its last three, and no gap", days, gap)
	}
	if days, _ := ColdSpellDuration(constant(9, -8), constant(9, -8), 0, 9); days != 0 {
		t.Errorf("%d days at the threshold, which is not below it", days)
	}
}

func TestColdDays(t *testing.T) {
	days := make([]unit.Celsius, 1000) // of which 0.8 will be known, and then one less
	for i := range days {
		days[i] = unit.Celsius(i)
		if i >= 800 {
			days[i] = nan
		}
	}
	near(t, "T05 of 0 to 799", float64(ColdDaysOf(days)), (800+1.0/3)*0.05+1.0/3-1, 1e-9)
	days[0] = nan
	near(t, "of too few known", float64(ColdDaysOf(days)), math.NaN(), 0)
	near(t, "of none", float64(ColdDaysOf(nil)), math.NaN(), 0)
}

func TestColdNights(t *testing.T) {
	// Thirty years in which each day of the year has its own temperature in every
	// year: what varies in a window is the five days of it.
	first := hour.Date(1991, 1, 1)
	tmin := make([]unit.Celsius, hour.Date(2021, 1, 1)-first)
	for i := range tmin {
		day, leap := yearDay(first + hour.Day(i))
		if leap {
			day = 58
		}
		tmin[i] = unit.Celsius(-day)
	}
	c := ColdNightsOf(tmin, first)
	got, inBase := c.On(hour.Date(2026, 7, 1)) // day 181 of the year, from 0
	near(t, "TN10 of a day", float64(got), float64(Quantile([]unit.Celsius{-179, -180, -181, -182, -183}, 0.1, MedianUnbiased)), 1e-9)
	if inBase {
		t.Error("2026 is in no base of 1991 to 2020")
	}
	before, _ := c.On(hour.Date(2024, 2, 28))
	after, _ := c.On(hour.Date(2024, 3, 1))
	leap, _ := c.On(hour.Date(2024, 2, 29))
	near(t, "29 February", float64(leap), float64(before+after)/2, 0)
	if _, inBase := c.On(hour.Date(2020, 12, 31)); !inBase {
		t.Error("the last day of the base is not in it")
	}

	short := ColdNightsOf(tmin[:365*4], first)
	for i := range 365 * 4 {
		if i%3 == 0 {
			tmin[i] = nan // two thirds known
		}
	}
	sparse := ColdNightsOf(tmin[:365*4], first)
	a, _ := short.On(hour.Date(2026, 7, 1))
	b, _ := sparse.On(hour.Date(2026, 7, 1))
	if unit.IsMissing(a) || !unit.IsMissing(b) {
		t.Errorf("whole base %v, two thirds of one %v: want a threshold and none", a, b)
	}
	none, _ := ColdNightsOf(nil, first).On(hour.Date(2026, 2, 29))
	near(t, "no base", float64(none), math.NaN(), 0)
}

// In its own base about one night in ten lies below its threshold.
func TestColdNightsAreOneInTen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := hour.Date(2001, 1, 1)
		tmin := make([]unit.Celsius, 365*30)
		for i := range tmin {
			tmin[i] = unit.Celsius(rapid.Float64Range(-30, 20).Draw(t, "tmin"))
			if i > 40 { // enough of them: the rest repeats
				tmin[i] = tmin[i-37] + unit.Celsius(i%7)/100
			}
		}
		c := ColdNightsOf(tmin, first)
		below := 0
		for i, v := range tmin {
			if threshold, _ := c.On(first + hour.Day(i)); v < threshold {
				below++
			}
		}
		if share := float64(below) / float64(len(tmin)); share < 0.05 || share > 0.12 {
			t.Fatalf("%.3f of the nights lie below", share)
		}
	})
}
