package powerlog

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

func TestCases(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.json")
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
			got := golden.Lines(t, Read(f, filepath.Base(path), kyiv(t)), func(e source.SupplyEvent) string {
				return fmt.Sprintf("%d:%d %v supplied %v", e.Origin.Line, e.Origin.Column, e.At, e.Supplied)
			})
			golden.Check(t, strings.TrimSuffix(path, ".json")+".golden", got)
		})
	}
}

func FuzzRead(f *testing.F) {
	cases, err := filepath.Glob("testdata/*.json")
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
		last := hour.DistantPast
		golden.Lines(t, Read(bytes.NewReader(text), "f", kyiv(t)), func(e source.SupplyEvent) string {
			if e.At <= last {
				t.Fatalf("%v after %v", e.At, last)
			}
			last = e.At
			return ""
		})
	})
}
