package mapped

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
)

func TestTimesInEveryForm(t *testing.T) {
	for _, tt := range []struct {
		name, in, want string // in Kyiv; want "" where it is no time
	}{
		{"RFC 3339", "2026-01-15T04:05:06Z", "2026-01-15T04:05:06Z"},
		{"with a fraction", "2026-01-15T04:05:06.25+02:00", "2026-01-15T02:05:06.25Z"},
		{"below a microsecond is cut", "2026-01-15T04:05:06.123456789Z", "2026-01-15T04:05:06.123456Z"},
		{"without seconds", "2026-01-15T04:05-03:30", "2026-01-15T07:35:00Z"},
		{"with a space, as pandas writes it", "2026-01-15 04:05:06+00:00", "2026-01-15T04:05:06Z"},
		{"with a short offset, as DuckDB writes it", "2026-01-15 04:05:06+02", "2026-01-15T02:05:06Z"},
		{"with an offset without a colon", "2026-01-15 04:05:06 +0200", "2026-01-15T02:05:06Z"},
		{"with UTC in letters", "2026-01-15 04:05:06 UTC", "2026-01-15T04:05:06Z"},
		{"in small letters", "2026-01-15t04:05:06z", "2026-01-15T04:05:06Z"},
		{"local", "2026-01-15 04:05", "2026-01-15T02:05:00Z"},
		{"local in summer", "2025-07-15T04:05", "2025-07-15T01:05:00Z"},
		{"a date alone", "2025-07-15", "2025-07-14T21:00:00Z"},
		{"a leap day", "2024-02-29 00:00", "2024-02-28T22:00:00Z"},
		{"before 1970", "1960-01-01T00:00Z", "1960-01-01T00:00:00Z"},
		{"no leap day", "2025-02-29 00:00", ""},
		{"31 April", "2025-04-31", ""},
		{"month 13", "2025-13-01", ""},
		{"day 0", "2025-01-00", ""},
		{"24:00 ends the day", "2025-01-01 24:00", "2025-01-01T22:00:00Z"},
		{"but nothing comes after it", "2025-01-01 24:00:01", ""},
		{"60 minutes", "2025-01-01 23:60", ""},
		{"60 seconds", "2025-01-01 23:59:60", ""},
		{"one digit", "2025-1-01 03:30", ""},
		{"one digit of an hour", "2025-01-01 3:30", ""},
		{"no minutes", "2025-01-01T03Z", ""},
		{"a point and nothing", "2025-01-01T03:00:00.Z", ""},
		{"ten digits of a fraction", "2025-01-01T03:00:00.0123456789Z", ""},
		{"an offset of a day", "2025-01-01T03:00+24:00", ""},
		{"a name of a zone", "2025-01-01T03:00 EET", ""},
		{"a sign alone", "2025-01-01T03:00+", ""},
		{"a space alone", "2025-01-01T03:00 ", ""},
		{"another separator", "2025-01-01_03:00", ""},
		{"letters for digits", "2O25-01-01", ""},
		{"a year of five digits", "12025-01-01", ""},
		{"nothing", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := clock{Clock: hour.Clock{Location: zone(t, "Europe/Kyiv").Location}}
			at, dateOnly, err := c.parse(tt.in)
			switch {
			case tt.want == "":
				if !errors.Is(err, source.ErrNotATime) {
					t.Errorf("%q is %v, %v", tt.in, at, err)
				}
			case err != nil || at.String() != tt.want || dateOnly != (len(tt.in) == 10):
				t.Errorf("%q is %v (a date: %v), %v; want %s", tt.in, at, dateOnly, err, tt.want)
			}
		})
	}
}

// The clock remembers days; hour.Local works each time out anew.
func TestTheClockAgreesWithItsZone(t *testing.T) {
	for _, name := range []string{"Europe/Kyiv", "America/Chicago", "Africa/Cairo", "Australia/Lord_Howe", "Asia/Kolkata"} {
		c := clock{Clock: hour.Clock{Location: zone(t, name).Location}}
		rapid.Check(t, func(t *rapid.T) {
			d := hour.Date(2025, time.Month(rapid.IntRange(1, 12).Draw(t, "month")), rapid.IntRange(1, 31).Draw(t, "day"))
			minute := rapid.IntRange(0, 24*60-1).Draw(t, "minute")
			seconds := hour.Instant(rapid.IntRange(0, 59).Draw(t, "second")) * hour.Second
			want, err := hour.Local(d, minute, c.Location)
			got, gotErr := c.local(d, hour.Instant(minute)*hour.Minute+seconds)
			if skipped := errors.Is(err, hour.ErrNoSuchTime); skipped != errors.Is(gotErr, source.ErrSkippedLocal) {
				t.Fatalf("%s, %v minute %d: %v, hour.Local gives %v", name, d, minute, gotErr, err)
			} else if !skipped && got != want+seconds {
				t.Fatalf("%s, %v minute %d: %v, want %v", name, d, minute, got, want+seconds)
			}
		})
	}
}
