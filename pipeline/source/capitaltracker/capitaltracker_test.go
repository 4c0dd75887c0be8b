package capitaltracker

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hardship/pipeline/internal/golden"
	"hardship/pipeline/source"
)

func line(t source.Temperature) string {
	return fmt.Sprintf("%q@%d:%d %v %v °C %v km/h %v %% at %d:%d", t.Place, t.PlaceOrigin.Line, t.PlaceOrigin.Column,
		t.Hour.Start(), t.Temp, t.Wind, t.Humidity, t.Origin.Line, t.Origin.Column)
}

func cases(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.csv")
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
		golden.Check(t, strings.TrimSuffix(path, ".csv")+".golden", got)
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
