package report

import (
	"math"
	"strings"
	"testing"
	"time"

	"hardship/pipeline/hour"
)

func pow(x, y float64) float64 { return math.Pow(x, y) }

func TestNumbers(t *testing.T) {
	nan := math.NaN()
	for _, tt := range []struct{ name, got, want string }{
		{"a true minus", number(-22.5, 1), "−22.5"},
		{"no minus before zero", number(-0.04, 1), "0.0"},
		{"thin spaces from 10 000 on", number(73700, 0), "73\u202f700"},
		{"none below", number(9184, 0), "9184"},
		{"millions", number(-1234567.25, 2), "−1\u202f234\u202f567.25"},
		{"what is too large", number(1e300, 1), "1.00·10^300"},
		{"not known", number(nan, 1), "not known"},
		{"without end", number(math.Inf(-1), 1), "−∞"},
		{"no zeros at the end", tidy(12, 1), "12"},
		{"but decimals", tidy(-0.8217, 1), "−0.8"},
		{"zeros before the point stay", tidy(100, 1), "100"},
		{"powers stay whole", tidy(1e20, 1), "1.00·10^20"},
		{"a unit", quantity(-16, 1, "°C"), "−16\u202f°C"},
		{"days", quantity(12, 1, "d"), "12\u202fdays"},
		{"one day", quantity(1, 1, "d"), "1\u202fday"},
		{"one munition", quantity(1, 1, "munitions"), "1\u202fmunition"},
		{"no munitions", quantity(0, 1, "munitions"), "0\u202fmunitions"},
		{"a number that is not known has no unit", quantity(nan, 1, "d"), "not known"},
		{"a range", bounds(6, 23, 1), "6–23"},
		{"a range that rounds to one number", bounds(17.66, 17.67, 1), "17.7"},
		{"p", pValue(0.68), "0.68"},
		{"small p", pValue(0.0072), "0.007"},
		{"a share", percent(0.7108, 0), "71\u202f%"},
		{"one of them", count(1, "day", "days"), "1 day"},
		{"two items", list([]string{"a", "b"}), "a and b"},
		{"three items", list([]string{"a", "b", "c"}), "a, b and c"},
		{"a capital", capital("їй"), "Їй"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestDates(t *testing.T) {
	day := func(year int, month time.Month, d int) hour.Day { return hour.Date(year, month, d) }
	var scattered []hour.Day
	for d := day(2026, 1, 1); d < day(2026, 3, 1); d += 7 {
		scattered = append(scattered, d)
	}
	plain := strings.NewReplacer(hard, " ")
	for _, tt := range []struct{ name, got, want string }{
		{"a day", dateOf(day(2026, 1, 30)), "30 January 2026"},
		{"within a month", datesOf(day(2026, 1, 10), day(2026, 1, 21)), "10–21 January 2026"},
		{"over months", datesOf(day(2026, 1, 31), day(2026, 2, 4)), "31 January – 4 February 2026"},
		{"over years", datesOf(day(2025, 12, 28), day(2026, 1, 3)), "28 December 2025 – 3 January 2026"},
		{"one day long", datesOf(day(2026, 2, 22), day(2026, 2, 22)), "22 February 2026"},
		{"a month", monthsOf(day(2026, 2, 1), day(2026, 2, 1)), "February 2026"},
		{"months", monthsOf(day(2026, 1, 1), day(2026, 3, 1)), "January 2026 – March 2026"},
		{"the year once", daysOf([]hour.Day{day(2026, 1, 1), day(2026, 1, 2), day(2026, 1, 9)}), "1–2 January and 9 January 2026"},
		{"both years", daysOf([]hour.Day{day(2025, 1, 1), day(2026, 1, 9)}), "1 January 2025 and 9 January 2026"},
		{"many stretches", daysOf(scattered), "1 January, 8 January, 15 January 2026 and 6 more stretches"},
		{"a moment", momentOf(hour.At(time.Date(2026, 8, 22, 16, 37, 50, 0, time.UTC))), "22 August 2026, 16:37 UTC"},
	} {
		if got := plain.Replace(tt.got); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestWinters(t *testing.T) {
	for _, tt := range []struct {
		day   hour.Day
		label string
		in    bool
	}{
		{hour.Date(2025, time.November, 1), "2025–26", true},
		{hour.Date(2026, time.March, 31), "2025–26", true},
		{hour.Date(2026, time.April, 1), "2025–26", false},
		{hour.Date(2025, time.October, 31), "2025–26", false},
		{hour.Date(2000, time.January, 1), "1999–00", true},
	} {
		if w, in := winterOf(tt.day); w.label != tt.label || in != tt.in {
			t.Errorf("%v: winter %s, %v", tt.day, w.label, in)
		}
	}
}

func TestRuleIDs(t *testing.T) {
	for id, want := range map[string]string{
		"tmean_lt_m10_5d": "a daily mean below −10\u202f°C on 5 days in a row or more",
		"tmean_lt_0.5_1d": "a daily mean below 0.5\u202f°C",
		"tmean_lt_x_5d":   "", "tmax_gt_30_3d": "", "tmean_lt_m10": "", "": "",
	} {
		got := ""
		if r := parseRule(id); r != nil {
			got = r.String()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", id, got, want)
		}
	}
}

func TestSeriesNames(t *testing.T) {
	for id, want := range map[string]string{
		"area_day.tmin_c[UA80]":             "lowest temperature",
		"strike_night.launched[UA,drone]":   "drones launched",
		"strike_night.rows_named[UA,drone]": "strike_night.rows_named, drones",
		"area_day.alerts_n[UA80]":           "air-raid alerts",
		"area_day.strikes_n_lo[UA80]":       "area_day.strikes_n_lo",
		"something":                         "something",
	} {
		if got := parseSeries(id).String(); got != want {
			t.Errorf("%q: %q, want %q", id, got, want)
		}
	}
}

func TestMarkdownMarksOnlyWhatItMeansTo(t *testing.T) {
	for _, tt := range []struct {
		in   text
		want string
	}{
		{bold("a: "), "**a:** "},
		{bold(" "), " "},
		{name("a`b|c"), "`a'b¦c`"},
		{say("- 1 | *x*"), `\- 1 \| \*x\*`},
		{notKnown(), "*not known*"},
		{link("x", "../tables/x.parquet"), "[x](../tables/x.parquet)"},
	} {
		if got := markdown(tt.in); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.in, got, tt.want)
		}
	}
}
