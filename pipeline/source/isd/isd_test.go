package isd

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
	return fmt.Sprintf("%v %v °C quality %q %.4g km/h %v %% at %d:%d", t.Hour.Start()+t.Past, t.Temp, t.Quality, float64(t.Wind), t.Humidity, t.Origin.Line, t.Origin.Column)
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

// Every case has the identifier 000000… or 000001…, SECRET in its name and
// 12.5, 34.5 as its place.
func TestTheStationStaysInTheFile(t *testing.T) {
	for _, path := range cases(t) {
		in, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for record, err := range Read(bytes.NewReader(in), "f") {
			all := fmt.Sprintf("%+v %+v", record, err)
			for _, known := range []string{"99999", "SECRET", "12.5", "34.5"} {
				if strings.Contains(all, known) {
					t.Errorf("%s: %s", path, all)
				}
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
