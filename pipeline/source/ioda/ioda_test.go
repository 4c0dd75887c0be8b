package ioda

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hardship/pipeline/hour"
	"hardship/pipeline/internal/golden"
	"hardship/pipeline/source"
)

func line(s source.Signal) string {
	return fmt.Sprintf("%s %s %s@%d:%d %v for %d s: %v at %d:%d",
		s.Datasource, s.PlaceType, s.Place, s.PlaceOrigin.Line, s.PlaceOrigin.Column, s.Start, s.Step/hour.Second, s.Level, s.Origin.Line, s.Origin.Column)
}

func cases(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	return files
}

func TestRead(t *testing.T) {
	for _, path := range cases(t) {
		in, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got := golden.Lines(t, Read(bytes.NewReader(in), filepath.Base(path)), line)
		golden.Check(t, strings.TrimSuffix(path, ".json")+".golden", got)
	}
}

func TestSniff(t *testing.T) {
	for in, want := range map[string]bool{
		`{"data": [[{"entityCode": "1", "datasource": "bgp"}]]}`: true,
		`{"data": [[{"code": "1"}]]}`:                            false,
		`{"hourly": {}}`:                                         false,
		`a,b`:                                                    false,
		``:                                                       false,
	} {
		if why, ok := Sniff([]byte(in)); ok != want || why == "" {
			t.Errorf("%s: %v, %q", in, ok, why)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, path := range cases(f) {
		in, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		golden.Lines(t, Read(bytes.NewReader(in), "f"), line)
		if why, _ := Sniff(in); why == "" {
			t.Fatal("no reason")
		}
	})
}
