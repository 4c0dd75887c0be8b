package hour

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func kyiv(t *testing.T) *time.Location {
	t.Helper()
	loc, err := LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func instant(t *testing.T, s string) Instant {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return At(at)
}

// The reference values are those of methods.md 4.1.
func TestCivilDaysOfKyiv(t *testing.T) {
	c, err := NewCalendar(kyiv(t), Date(2025, 3, 1), Date(2026, 3, 1))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		day   Day
		hours int
		start string
	}{
		{"clocks go forward", Date(2025, 3, 30), 23, "2025-03-29T22:00:00Z"},
		{"clocks go back", Date(2025, 10, 26), 25, "2025-10-25T21:00:00Z"},
		{"an ordinary winter day", Date(2026, 1, 29), 24, "2026-01-28T22:00:00Z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := c.HoursInDay(tt.day); got != tt.hours {
				t.Errorf("HoursInDay(%v) = %d, want %d", tt.day, got, tt.hours)
			}
			if got, want := c.Interval(tt.day).Start, instant(t, tt.start); got != want {
				t.Errorf("%v starts %v, want %v", tt.day, got, want)
			}
		})
	}
}

func TestEveryInstantBelongsToTheDayItsClockShows(t *testing.T) {
	for _, zone := range []string{"Europe/Kyiv", "UTC", "America/Chicago", "Africa/Cairo", "America/Santiago"} {
		loc, err := LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		c, err := NewCalendar(loc, Date(2022, 1, 1), Date(2026, 9, 1))
		if err != nil {
			t.Fatal(err)
		}
		rapid.Check(t, func(t *rapid.T) {
			at := Instant(rapid.Int64Range(int64(c.Span().Start), int64(c.Span().End)-1).Draw(t, "at"))
			d, ok := c.Day(at)
			if !ok || d != DayIn(at, loc) {
				t.Fatalf("%s: Day(%v) = %v, %v; the clock shows %v", zone, at, d, ok, DayIn(at, loc))
			}
			v := c.Interval(d)
			if at < v.Start || at >= v.End {
				t.Fatalf("%s: %v lies outside %v of its day", zone, at, v)
			}
			if from, to := c.Hours(d); from.Start() != v.Start || to.Start() != v.End {
				t.Fatalf("%s: %v has the hours %v to %v, not those of %v", zone, d, from.Start(), to.Start(), v)
			}
		})
	}
}

func TestZonesOffTheHourAreRefused(t *testing.T) {
	for _, zone := range []string{"Asia/Kabul", "Asia/Kolkata", "Asia/Yangon"} {
		loc, err := LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := NewCalendar(loc, Date(2026, 1, 1), Date(2026, 1, 2)); err == nil {
			t.Errorf("NewCalendar(%s) succeeded, want an error", zone)
		}
	}
}

func TestLocal(t *testing.T) {
	for _, tt := range []struct {
		name   string
		day    Day
		minute int
		want   string
		err    error
	}{
		{"winter time is two hours ahead", Date(2026, 1, 15), 23 * 60, "2026-01-15T21:00:00Z", nil},
		{"24:00 is the next midnight", Date(2026, 1, 15), 24 * 60, "2026-01-15T22:00:00Z", nil},
		{"03:30 does not exist when clocks go forward", Date(2025, 3, 30), 3*60 + 30, "2025-03-30T01:00:00Z", ErrNoSuchTime},
		{"03:30 occurs twice when clocks go back", Date(2025, 10, 26), 3*60 + 30, "2025-10-26T00:30:00Z", ErrTwice},
		{"04:00 occurs once when clocks go back", Date(2025, 10, 26), 4 * 60, "2025-10-26T02:00:00Z", nil},
		{"02:30 occurs once when clocks go back", Date(2025, 10, 26), 2*60 + 30, "2025-10-25T23:30:00Z", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Local(tt.day, tt.minute, kyiv(t))
			if got != instant(t, tt.want) || !errors.Is(err, tt.err) {
				t.Errorf("Local(%v, %d) = %v, %v; want %v, %v", tt.day, tt.minute, got, err, tt.want, tt.err)
			}
		})
	}
}

func TestNightEndsOnItsDay(t *testing.T) {
	c, err := NewCalendar(kyiv(t), Date(2026, 1, 1), Date(2026, 4, 1))
	if err != nil {
		t.Fatal(err)
	}
	night := c.Night(Date(2026, 1, 30))
	if night.Start != instant(t, "2026-01-29T16:00:00Z") || night.End != instant(t, "2026-01-30T07:00:00Z") {
		t.Errorf("night to 30 January = %v", night)
	}
	if h := c.Night(Date(2026, 3, 29)).Hours(); h != 14 {
		t.Errorf("the night in which clocks go forward has %v h, want 14", h)
	}
}

func TestSplitAddsUpToTheInterval(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := Instant(rapid.Int64Range(-1e15, 2e15).Draw(t, "start"))
		v := Interval{start, start + Instant(rapid.Int64Range(0, 4e11).Draw(t, "length"))}
		var sum Instant
		last := Hour(-1 << 31)
		for h, d := range v.Split() {
			if h <= last || d <= 0 || d > InstantsInHour {
				t.Fatalf("%v gives hour %d with %d after %d", v, h, d, last)
			}
			sum, last = sum+d, h
		}
		if sum != v.Length() {
			t.Fatalf("%v splits into %d, want %d", v, sum, v.Length())
		}
	})
}

func TestLoadLocation(t *testing.T) {
	old, err := LoadLocation("Europe/Kiev")
	if err != nil || old.String() != "Europe/Kyiv" {
		t.Errorf("Europe/Kiev = %v, %v; want Europe/Kyiv", old, err)
	}
	for _, bad := range []string{"Local", "", "Kyiv", "../etc/passwd"} {
		if _, err := LoadLocation(bad); err == nil {
			t.Errorf("LoadLocation(%q) succeeded", bad)
		}
	}
}

func TestIntervalsAreHalfOpen(t *testing.T) {
	v := Interval{10, 20}
	for _, tt := range []struct {
		name            string
		w               Interval
		touches, within bool
	}{
		{"the same", Interval{10, 20}, true, true},
		{"one that begins where it ends", Interval{20, 30}, false, false},
		{"one that ends where it begins", Interval{0, 10}, false, false},
		{"one around it", Interval{0, 30}, true, false},
		{"a moment at its start", Interval{10, 10}, true, true},
		{"a moment at its end", Interval{20, 20}, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.w.Touches(v); got != tt.touches {
				t.Errorf("%v touches %v: %v", tt.w, v, got)
			}
			if got := tt.w.Within(v); got != tt.within {
				t.Errorf("%v within %v: %v", tt.w, v, got)
			}
		})
	}
}

// A Stamp writes what package time does, whatever it wrote before.
func TestStampsAreThoseOfTheStandardLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s Stamp
		at := Instant(rapid.Int64Range(-1<<56, 1<<58).Draw(t, "first")) / Second * Second
		for range rapid.IntRange(1, 20).Draw(t, "instants") {
			got := string(s.Append([]byte("at "), at))
			if want := at.Time().AppendFormat([]byte("at "), time.RFC3339Nano); got != string(want) || got != "at "+at.String() {
				t.Fatalf("%s, want %s, as %s", got, want, at)
			}
			at += rapid.SampledFrom([]Instant{0, 1, Second, -Minute, InstantsInHour, 25 * InstantsInHour, -400 * 24 * InstantsInHour}).Draw(t, "step")
		}
	})
}
