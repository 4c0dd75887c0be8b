package pause

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

func read(t *testing.T, s Settings, claims ...string) []Reading {
	t.Helper()
	all, err := Readings(claimed(claims...), s)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// lines writes what a test says of readings, sorted.
func lines(readings []Reading, write func(r *Reading) string) []string {
	var out []string
	for i := range readings {
		if line := write(&readings[i]); !slices.Contains(out, line) {
			out = append(out, line)
		}
	}
	slices.Sort(out)
	return out
}

func windowOf(r *Reading) string {
	if !r.HasWindow() {
		return "none: " + r.Reason
	}
	const layout = "01-02T15:04"
	return fmt.Sprintf("%s to %s", r.Window.Start.Time().Format(layout), r.Window.End.Time().Format(layout))
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n got %s\nwant %s", what, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

// methods.md 10.1: the four instants of "until 1 February".
func TestUntilFebruary1HasFourEnds(t *testing.T) {
	all := read(t, settings(), "id=p/1 said=2026-01-30T06:00..2026-01-30T15:00 to=2026-02-01 places=UA80 targets=all")
	same(t, "ends", lines(all, func(r *Reading) string {
		return r.Window.End.String() + " " + r.Zone + " " + r.EndBasis
	}), []string{
		"2026-01-31T21:00:00Z Europe/Moscow named day left out",
		"2026-01-31T22:00:00Z Europe/Kyiv named day left out",
		"2026-02-01T21:00:00Z Europe/Moscow named day included",
		"2026-02-01T22:00:00Z Europe/Kyiv named day included",
	})
}

func TestWindowsOfAClaim(t *testing.T) {
	for _, tt := range []struct {
		name, claim string
		want        []string
	}{
		{
			"a date as end: from either bound of the statement and the midnight after, to either end of the day",
			"id=p/1 said=2026-01-30T06:00..2026-01-30T15:00 to=2026-02-01",
			[]string{
				"01-30T06:00 to 01-31T21:00", "01-30T06:00 to 01-31T22:00", "01-30T06:00 to 02-01T21:00", "01-30T06:00 to 02-01T22:00",
				"01-30T15:00 to 01-31T21:00", "01-30T15:00 to 01-31T22:00", "01-30T15:00 to 02-01T21:00", "01-30T15:00 to 02-01T22:00",
				"01-30T21:00 to 01-31T21:00", "01-30T21:00 to 02-01T21:00",
				"01-30T22:00 to 01-31T22:00", "01-30T22:00 to 02-01T22:00",
			},
		},
		{
			"a week that ends on a date also began a week before, ahead of the words",
			"id=p/1 said=2026-01-31T22:00..2026-01-31T22:00 to=2026-02-02 for=168",
			[]string{
				"01-25T21:00 to 02-01T21:00", "01-25T22:00 to 02-01T22:00", "01-26T21:00 to 02-02T21:00", "01-26T22:00 to 02-02T22:00",
				"01-31T22:00 to 02-01T21:00", "01-31T22:00 to 02-01T22:00", "01-31T22:00 to 02-02T21:00", "01-31T22:00 to 02-02T22:00",
				"02-01T21:00 to 02-01T21:00", "02-01T21:00 to 02-02T21:00", // the first is empty, and is listed
			},
		},
		{
			"a week without dates runs from the words or the midnight after",
			"id=p/1 said=2026-01-29T13:00..2026-01-30T05:00 for=168",
			[]string{
				"01-29T13:00 to 02-05T13:00", "01-29T21:00 to 02-05T21:00", "01-29T22:00 to 02-05T22:00",
				"01-30T05:00 to 02-06T05:00", "01-30T21:00 to 02-06T21:00", "01-30T22:00 to 02-06T22:00",
			},
		},
		{
			"a start named ahead leaves out the words: only its midnight remains",
			"id=p/1 said=2026-01-20T06:00..2026-01-20T15:00 from=2026-02-01 to=2026-02-03",
			[]string{"01-31T21:00 to 02-02T21:00", "01-31T21:00 to 02-03T21:00", "01-31T22:00 to 02-02T22:00", "01-31T22:00 to 02-03T22:00"},
		},
		{
			"instants are taken at their word, whatever the zone",
			"id=p/1 said=2026-01-20T06:00..2026-01-20T15:00 from=2026-02-01T00:00 to=2026-02-03T00:00",
			[]string{"02-01T00:00 to 02-03T00:00"},
		},
		{
			"a duration of hours crosses a change of clocks in hours",
			"id=p/1 said=2025-03-29T20:00..2025-03-29T20:00 from=2025-03-29T22:00 for=24",
			[]string{"03-29T22:00 to 03-30T22:00"},
		},
		{
			"words at midnight hold from that midnight",
			"id=p/1 said=2026-01-30T21:00..2026-01-30T22:00 for=24",
			[]string{"01-30T21:00 to 01-31T21:00", "01-30T22:00 to 01-31T22:00", "01-31T21:00 to 02-01T21:00"},
		},
		{"a denial", "id=p/1 stance=denies", []string{"none: a denial has no window"}},
		{"a condition", "id=p/1 stance=conditional for=24", []string{"none: a condition has no window"}},
		{"a limit is a reading", "id=p/1 stance=limits from=2026-02-01T00:00 to=2026-02-03T00:00", []string{"02-01T00:00 to 02-03T00:00"}},
		{"no end and no duration in the whole pause", "id=p/1 from=2026-02-01", []string{"none: no end can be known"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			claim := tt.claim + " places=UA80 targets=all"
			same(t, "windows", lines(read(t, settings(), claim), windowOf), tt.want)
		})
	}
}

func TestWhatWasNotSaidIsListedWithoutAWindow(t *testing.T) {
	all := read(t, settings(), "id=p/1 for=24 targets=all", "id=p/2 for=24 places=UA")
	same(t, "readings", lines(all, func(r *Reading) string { return r.ID + " " + r.Reason }), []string{"p/1/none no place was said", "p/2/none no target was said"})
}

func TestAStartWithoutAnEndTakesTheLongestDurationSaidInItsPause(t *testing.T) {
	s := settings()
	s.Zones = s.Zones[:1]
	all := read(t, s,
		"id=p/1 from=2026-02-01T00:00 places=UA targets=all",
		"id=p/2 from=2026-02-01T00:00 for=24 places=UA targets=all", "id=p/3 stance=denies for=48",
		"id=q/1 from=2026-02-01T00:00 for=720 places=UA targets=all")
	same(t, "windows", lines(all, func(r *Reading) string { return fmt.Sprint(r.ClaimID, " ", windowOf(r), " ", r.Borrowed) }), []string{
		"p/1 02-01T00:00 to 02-03T00:00 true",
		"p/2 02-01T00:00 to 02-02T00:00 false",
		"p/3 none: a denial has no window false",
		"q/1 02-01T00:00 to 03-03T00:00 false",
	})
}

func TestAWindowThatEndsBeforeItStartsIsListedAndHasNoResult(t *testing.T) {
	s := settings()
	all := read(t, s, "id=p/1 said=2026-02-01T06:00..2026-02-01T15:00 to=2026-02-01 places=UA80 targets=all")
	same(t, "readings in Kyiv", lines(all, func(r *Reading) string {
		if r.Zone != "Europe/Kyiv" {
			return "elsewhere"
		}
		return windowOf(r) + " " + r.Reason
	}), []string{
		"02-01T06:00 to 01-31T22:00 start not before end",
		"02-01T06:00 to 02-01T22:00 ",
		"02-01T15:00 to 01-31T22:00 start not before end",
		"02-01T15:00 to 02-01T22:00 ",
		"02-01T22:00 to 01-31T22:00 start not before end",
		"02-01T22:00 to 02-01T22:00 start not before end",
		"elsewhere",
	})
	for i := range all {
		if all[i].Primary && windowOf(&all[i]) != "02-01T15:00 to 01-31T22:00" {
			t.Errorf("the primary reading is %s: the rule, not what can be evaluated, decides", windowOf(&all[i]))
		}
	}
	got, err := Results(all, noDays(), noNights(), s)
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		if r := got[i].Reading; r.Window.Start >= r.Window.End {
			t.Fatalf("the reading %s has a result", r.ID)
		}
	}
}

func TestOnePrimaryReadingAClaim(t *testing.T) {
	for _, tt := range []struct{ name, claim, want string }{
		{"the latest words to the midnight before the named day", "id=p/1 said=2026-01-30T06:00..2026-01-30T15:00 to=2026-02-01 for=168", "01-30T15:00 to 01-31T22:00 UA80 all"},
		{"the latest words for the duration", "id=p/1 said=2026-01-29T13:00..2026-01-30T05:00 for=168", "01-30T05:00 to 02-06T05:00 UA80 all"},
		{"the midnight of the named start", "id=p/1 said=2026-01-29T13:00..2026-01-30T05:00 from=2026-01-29 for=24", "01-28T22:00 to 01-29T22:00 UA80 all"},
		{"instants that were said", "id=p/1 from=2026-02-01T00:00 to=2026-02-03T00:00", "02-01T00:00 to 02-03T00:00 UA80 all"},
	} {
		all := read(t, settings(), tt.claim+" places=UA80|UA80+UA32|UA targets=all|energy")
		var got []string
		for i := range all {
			if all[i].Primary {
				got = append(got, windowOf(&all[i])+" "+all[i].place()+" "+all[i].Targets)
			}
		}
		same(t, tt.name, got, []string{tt.want})
	}
}

func TestTheSettingsReplaceAPrimaryReading(t *testing.T) {
	s := settings()
	const claim = "id=p/1 from=2026-02-01T00:00 to=2026-02-03T00:00 places=UA80|UA targets=all"
	s.Primary = map[string]string{"p/1": "p/1/20260201T000000Z-20260203T000000Z/UA/all"}
	for _, r := range read(t, s, claim) {
		if r.Primary != (r.place() == "UA") {
			t.Errorf("%s: primary %v", r.ID, r.Primary)
		}
	}
	s.Primary["p/1"] = "p/1/of-another-time"
	if _, err := Readings(claimed(claim), s); err == nil || !strings.Contains(err.Error(), `"p/1/of-another-time"`) {
		t.Errorf("a primary reading that there is not: %v", err)
	}
	s.Primary = map[string]string{"p/9": "p/9/none"}
	if _, err := Readings(claimed(claim), s); err == nil {
		t.Error("a primary reading of a claim that there is not is taken")
	}
	s.Primary, s.AsOf = map[string]string{"p/1": "p/1/of-another-time"}, utc("2025-12-31T00:00")
	if all, err := Readings(claimed(claim), s); err != nil || len(all) != 0 {
		t.Errorf("before the claim was known: %v", err)
	}
}

func TestOnlyClaimsKnownAtTheAsOfAreRead(t *testing.T) {
	s := settings()
	s.AsOf = utc("2026-02-01T00:00")
	const at = " from=2026-01-01T00:00 places=UA targets=all"
	all := read(t, s,
		"id=p/later said=2026-02-01T00:01..2026-02-02T00:00 for=24"+at,
		"id=p/unseen seen=2026-02-02T00:00 for=24"+at,
		"id=p/retracted retracted=true for=24"+at,
		"id=p/corrected seen=2026-01-03T00:00 for=48"+at, "id=p/corrected seen=2026-01-02T00:00 for=24"+at,
		"id=p/withdrawn seen=2026-01-02T00:00 for=24"+at, "id=p/withdrawn seen=2026-01-03T00:00 retracted=true for=24"+at)
	same(t, "readings", lines(all, func(r *Reading) string { return r.ClaimID + " " + windowOf(r) }), []string{"p/corrected 01-01T00:00 to 01-03T00:00"})
}

func TestNightsOfAWindow(t *testing.T) {
	for _, tt := range []struct {
		name, from, to string
		whole, touched int
		hours          float64
	}{
		{"one night to the minute", "2026-01-30T16:00", "2026-01-31T07:00", 1, 1, 15},
		{"a minute short of it", "2026-01-30T16:01", "2026-01-31T07:00", 0, 1, 15 - 1./60},
		{"a day has two halves and no whole night", "2026-01-30T22:00", "2026-01-31T22:00", 0, 2, 15},
		{"a week of civil days has six", "2026-01-25T22:00", "2026-02-01T22:00", 6, 8, 105},
		{"daytime touches none", "2026-01-30T07:00", "2026-01-30T16:00", 0, 0, 0},
		{"the night in which clocks go forward has 14 hours", "2025-03-29T16:00", "2025-03-30T06:00", 1, 1, 14},
		{"the night in which they go back has 16", "2025-10-25T15:00", "2025-10-26T07:00", 1, 1, 16},
	} {
		r := read(t, settings(), "id=p/1 from="+tt.from+" to="+tt.to+" places=UA targets=all")[0]
		if r.NightsWhole != tt.whole || r.NightsTouched != tt.touched || r.NightHours < tt.hours-1e-9 || r.NightHours > tt.hours+1e-9 {
			t.Errorf("%s: %d whole, %d touched, %v h; want %d, %d, %v", tt.name, r.NightsWhole, r.NightsTouched, r.NightHours, tt.whole, tt.touched, tt.hours)
		}
	}
}

func TestReadingsWithoutAZoneAreACallersMistake(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	s := settings()
	s.Zones = nil
	_, _ = Readings(claimed(), s)
}

func TestReadingTableHasEveryReading(t *testing.T) {
	all := read(t, settings(), "id=p/1 said=2026-01-30T06:00..2026-01-30T15:00 to=2026-01-30 for=24 places=UA80|UA80+UA32 targets=all|energy", "id=p/2 stance=denies")
	made, err := ReadingTable(all).Sorted()
	if err != nil {
		t.Fatal(err)
	}
	if made.Rows() != len(all) {
		t.Fatalf("%d rows of %d readings", made.Rows(), len(all))
	}
	places, kept, starts := made.String("places"), made.Bool("is_kept"), made.Timestamp("start_utc")
	for row := range made.Rows() {
		r := all[slices.IndexFunc(all, func(r Reading) bool { return r.ID == made.String("reading_id").Value(row) })]
		if kept.Value(row) != (r.Reason == "") || starts.IsValid(row) != r.HasWindow() || places.IsValid(row) && places.Value(row) != r.place() {
			t.Errorf("row of %s: kept %v, places %q", r.ID, kept.Value(row), places.Value(row))
		}
		if r.HasWindow() && table.Instant(starts, row) != r.Window.Start {
			t.Errorf("row of %s starts %v", r.ID, table.Instant(starts, row))
		}
	}
}

func TestEveryReadingOfTheShippedClaims(t *testing.T) {
	all, err := Readings(shippedClaims(t), settings())
	if err != nil {
		t.Fatal(err)
	}
	primaries, withWindow, earliest := map[string]int{}, map[string]bool{}, map[string]hour.Instant{}
	for i := range all {
		r := &all[i]
		if r.Primary {
			primaries[r.ClaimID]++
		}
		if !r.HasWindow() {
			continue
		}
		withWindow[r.ClaimID] = true
		if e, ok := earliest[r.PauseID]; !ok || r.Window.Start < e {
			earliest[r.PauseID] = r.Window.Start
		}
	}
	for claim := range withWindow {
		if primaries[claim] != 1 {
			t.Errorf("%s has %d primary readings", claim, primaries[claim])
		}
	}
	if len(withWindow) != 7 || len(primaries) != 7 {
		t.Errorf("%d claims have a window, %d a primary reading, want 7: three are denials or conditions", len(withWindow), len(primaries))
	}
	// A week that ends on 1 February began on 25 January, before any announcement.
	if got, want := earliest["kyiv-2026-01"], utc("2026-01-24T21:00"); got != want {
		t.Errorf("the earliest start is %v, want %v, the midnight in Moscow that begins 25 January", got, want)
	}
	if got, want := earliest["energy-2025-03"], hour.At(time.Date(2025, 3, 18, 0, 0, 0, 0, moscow)); got != want {
		t.Errorf("the earliest start is %v, want %v", got, want)
	}
}
