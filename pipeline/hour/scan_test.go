package hour

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Every day of the Gregorian calendar that a file can write is read as package
// time reads it, and no other text is a day.
func TestScanDay(t *testing.T) {
	for at := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 10000; at = at.AddDate(0, 0, 1) {
		s := at.Format(time.DateOnly)
		if d, rest, ok := ScanDay(s + "x"); !ok || rest != "x" || d != Date(at.Date()) {
			t.Fatalf("%s is %v, %q, %v", s, d, rest, ok)
		}
	}
	for _, s := range []string{"", "2026-1-15", "2026-02-30", "2025-02-29", "1900-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-10-00", "2026/10/01", "-026-10-01", "20x6-10-01"} {
		if d, _, ok := ScanDay(s); ok {
			t.Errorf("%q is %v", s, d)
		}
	}
}

// An instant is written as package time writes it.
func TestInstantIsWrittenAsRFC3339(t *testing.T) {
	for d := Date(0, 1, 1); d <= Date(10001, 1, 1); d++ {
		at := Instant(d)*24*InstantsInHour + Instant(int64(d)*7919%86400+86399)%86400*Second
		if d%50 == 0 {
			at += 120_000
		}
		if got, want := at.String(), at.Time().Format(time.RFC3339Nano); got != want {
			t.Fatalf("%d is %s, want %s", at, got, want)
		}
	}
}

// A Clock says what Local says, of whatever zone and time, in whatever order.
func TestClockIsLocal(t *testing.T) {
	for _, name := range []string{"UTC", "Europe/Kyiv", "America/Chicago", "Australia/Lord_Howe", "America/Havana", "Asia/Tehran", "Africa/Casablanca", "Pacific/Apia"} {
		loc, err := LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		c := Clock{Location: loc}
		rapid.Check(t, func(t *rapid.T) {
			d := Date(1890, 1, 1) + Day(rapid.IntRange(0, 80_000).Draw(t, "day"))
			if rapid.Bool().Draw(t, "of late") {
				d = Date(2009, 1, 1) + Day(rapid.IntRange(0, 6000).Draw(t, "day"))
			}
			minute := rapid.IntRange(0, 1440).Draw(t, "minute")
			want, wantErr := Local(d, minute, loc)
			if got, err := c.Local(d, Instant(minute)*Minute); got != want || err != wantErr {
				t.Fatalf("%s, %v, minute %d: %v, %v, want %v, %v", name, d, minute, got, err, want, wantErr)
			}
		})
	}
}
