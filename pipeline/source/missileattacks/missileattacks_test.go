package missileattacks

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
	loc, err := hour.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func line(s source.Strike) string {
	count := func(c source.Count) string {
		if !c.Known {
			return "?"
		}
		return fmt.Sprint(c.N)
	}
	return fmt.Sprintf("%d:%d %v %s %q target %q main@%d %q affected@%d %q by %q launched %s intercepted %s lost %s impacts %s",
		s.Origin.Line, s.Origin.Column, s.Window, s.Precision, s.Model, s.Target, s.TargetMainOrigin.Column, s.TargetMain,
		s.AffectedOrigin.Column, s.Affected, s.Publisher, count(s.Launched), count(s.Intercepted), count(s.Lost), count(s.Impacts))
}

func cases(t testing.TB) []string {
	files, err := filepath.Glob("testdata/*.csv")
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
			golden.Check(t, strings.TrimSuffix(file, ".csv")+".golden", got)
		})
	}
}

// FuzzRead: whatever the file, reading ends without a panic, every yield is a
// record or an error, no window is reversed and no count is below zero.
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
		golden.Lines(t, Read(bytes.NewReader(in), "fuzz", loc), func(s source.Strike) string {
			if s.Window.End < s.Window.Start {
				t.Errorf("line %d: window %v", s.Origin.Line, s.Window)
			}
			for _, c := range []source.Count{s.Launched, s.Intercepted, s.Lost, s.Impacts} {
				if c.N < 0 || !c.Known && c.N != 0 {
					t.Errorf("line %d: count %v", s.Origin.Line, c)
				}
			}
			return line(s)
		})
	})
}
