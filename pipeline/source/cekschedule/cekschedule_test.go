package cekschedule

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
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
	files, err := filepath.Glob("testdata/*.jsonl")
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
			got := golden.Lines(t, Read(bytes.NewReader(in), filepath.Base(file), kyiv(t)), line)
			golden.Check(t, strings.TrimSuffix(file, ".jsonl")+".golden", got)
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
	}
}

func TestSniff(t *testing.T) {
	version := `{"commit":"0000000","commit_time_utc":"2031-01-05T12:00:00Z","regionId":"dnipro","fact":{"data":{"1925416800":`
	for _, tt := range []struct {
		name, head string
		ok         bool
	}{
		{"an archive that the head cuts in its first line", version, true},
		{"with a byte order mark", "\ufeff" + version, true},
		{"an archive of another form", `{"commit":"0000000","commit_time_utc":"2031-01-05T12:00:00Z","schedule":{"data":{}}}`, false},
		{"a page of its own", `{"regionId":"dnipro","lastUpdated":"2031-01-05T12:00:00Z","fact":{"data":{}}}`, false},
		{"the words within a list", `["commit","commit_time_utc",{"fact":{"data":{}}}]`, false},
		{"a fact that is none", `{"commit":"0000000","commit_time_utc":"2031-01-05T12:00:00Z","fact":null}`, false},
		{"the words as values", `{"a":"commit","b":"commit_time_utc","c":{"d":"data"}}`, false},
		{"a table", "commit,commit_time_utc,fact\n", false},
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
		golden.Lines(t, Read(bytes.NewReader(in), "fuzz", loc), func(s source.Schedule) string {
			if s.Group == "" || (s.Status == "normal") != (len(s.Slots) == 48) || s.SlotMin != 30 || s.FirstSeen == 0 {
				t.Fatalf("%+v", s)
			}
			return ""
		})
	})
}
