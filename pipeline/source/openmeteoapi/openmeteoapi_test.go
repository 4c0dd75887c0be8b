package openmeteoapi

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
	return fmt.Sprintf("%q@%d:%d %v %.4g °C %.4g km/h %v %% at %d:%d",
		t.Place, t.PlaceOrigin.Line, t.PlaceOrigin.Column, t.Hour.Start(), float64(t.Temp), float64(t.Wind), t.Humidity, t.Origin.Line, t.Origin.Column)
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

// Whatever is wrong with an answer, its coordinates go nowhere: 12.5, 34.5 and
// 312.5 in every case here.
func TestCoordinatesStayInTheFile(t *testing.T) {
	for _, path := range cases(t) {
		in, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for record, err := range Read(bytes.NewReader(in), "f") {
			if all := fmt.Sprintf("%+v %+v", record, err); strings.Contains(all, "2.5") && strings.Contains(string(in), "2.5") {
				t.Errorf("%s: %s", path, all)
			}
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
