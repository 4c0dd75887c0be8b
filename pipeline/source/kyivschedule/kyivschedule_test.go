package kyivschedule

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hardship/pipeline/internal/golden"
	"hardship/pipeline/source"
)

type adapter func(io.Reader, string) iter.Seq2[source.Schedule, error]

// adapterOf returns the adapter of a case by its file's name.
func adapterOf(path string) adapter {
	if strings.HasSuffix(path, ".jsonl") {
		return ReadVersions
	}
	return ReadHistory
}

// line prints a schedule: its slots as a letter each, # being off.
func line(s source.Schedule) string {
	var slots strings.Builder
	for _, state := range s.Slots {
		slots.WriteByte("-#"[state])
	}
	return fmt.Sprintf("%d:%d %s %q %v %s %s %v %q", s.Origin.Line, s.Origin.Column, s.Publisher, s.Group, s.Date, s.Status, slots.String(), s.FirstSeen, s.Revision)
}

func TestCases(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.json*")
	if err != nil || len(cases) == 0 {
		t.Fatal(cases, err)
	}
	for _, path := range cases {
		t.Run(filepath.Base(path), func(t *testing.T) {
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			got := golden.Lines(t, adapterOf(path)(f, filepath.Base(path)), line)
			golden.Check(t, strings.TrimSuffix(path, filepath.Ext(path))+".golden", got)
		})
	}
}

func FuzzRead(f *testing.F) {
	cases, err := filepath.Glob("testdata/*.json*")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range cases {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		sound := func(s source.Schedule) string {
			if (s.Status == "normal") != (len(s.Slots) == slots) {
				t.Fatalf("%s with %d slots", s.Status, len(s.Slots))
			}
			return ""
		}
		golden.Lines(t, ReadVersions(bytes.NewReader(text), "f"), sound)
		golden.Lines(t, ReadHistory(bytes.NewReader(text), "f"), sound)
	})
}
