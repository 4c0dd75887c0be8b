package outagedata

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hardship/pipeline/hour"
	"hardship/pipeline/internal/golden"
	"hardship/pipeline/source"
)

func kyiv(t testing.TB) *time.Location {
	t.Helper()
	loc, err := hour.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// line prints a schedule: a letter for each slot, # being off.
func line(s source.Schedule) string {
	var slots strings.Builder
	for _, state := range s.Slots {
		slots.WriteByte("-#  ?"[state])
	}
	return fmt.Sprintf("%d:%d %s %v %s %s %v %s", s.Origin.Line, s.Origin.Column, s.Group, s.Date, s.Status, slots.String(), s.FirstSeen, s.Revision)
}

func cases(t testing.TB) []string {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("cases: %v, %v", files, err)
	}
	return files
}

func TestRead(t *testing.T) {
	for _, file := range cases(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			in, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			announced := golden.Lines(t, Read(bytes.NewReader(in), filepath.Base(file), kyiv(t)), line)
			template := golden.Lines(t, ReadPreset(bytes.NewReader(in), filepath.Base(file), kyiv(t)), line)
			golden.Check(t, strings.TrimSuffix(file, ".json")+".golden", slices.Concat([]byte("announced\n"), announced, []byte("template\n"), template))
		})
	}
}

func TestReadingStopsWhenAsked(t *testing.T) {
	for _, file := range cases(t) {
		in, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for range Read(bytes.NewReader(in), file, kyiv(t)) {
			break
		}
		for range ReadPreset(bytes.NewReader(in), file, kyiv(t)) {
			break
		}
	}
}

func TestSniff(t *testing.T) {
	page := `{"regionId":"dnipro","lastUpdated":"2031-01-05T12:00:00Z","fact":{"data":{"1925416800":`
	for _, tt := range []struct {
		name, head string
		ok         bool
	}{
		{"a page that the head cuts", page, true},
		{"a page without a schedule", `{"regionId":"dnipro","lastUpdated":"2031-01-05T12:00:00Z","fact":{"data":[]}}`, true},
		{"keys in another order", `{"meta":{"a":[{"b":1}]},"fact":{"update":"x","data":{}},"lastUpdated":null,"regionId":"kyiv"}`, true},
		{"a version of an archive", `{"commit":"0000000","commit_time_utc":"2031-01-05T12:00:00Z",` + page[1:], false},
		{"another file of JSON", `{"regionId":"dnipro","schedule":{}}`, false},
		{"a table", "regionId,lastUpdated,fact\n", false},
		{"nothing", "", false},
	} {
		why, ok := Sniff([]byte(tt.head))
		if ok != tt.ok || why == "" {
			t.Errorf("%s: %q, %v", tt.name, why, ok)
		}
	}
}

// FuzzRead: whatever the file, reading ends without a panic, every yield is a
// record or an error, and a schedule has all of its slots or none.
func FuzzRead(f *testing.F) {
	for _, file := range cases(f) {
		in, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(in)
	}
	loc := kyiv(f)
	f.Fuzz(func(t *testing.T, in []byte) {
		Sniff(in)
		sound := func(s source.Schedule) string {
			if (s.Status == "normal") != (len(s.Slots) == 48) || s.SlotMin != 30 || s.FirstSeen == 0 {
				t.Fatalf("%+v", s)
			}
			return ""
		}
		golden.Lines(t, Read(bytes.NewReader(in), "fuzz", loc), sound)
		golden.Lines(t, ReadPreset(bytes.NewReader(in), "fuzz", loc), sound)
	})
}
