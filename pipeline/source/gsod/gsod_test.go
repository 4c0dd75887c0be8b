package gsod

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hardship/pipeline/internal/golden"
)

func line(d Day) string {
	return fmt.Sprintf("%v %.4f (%v) to %.4f (%v), mean %.4f °C of %d %q at %d", d.Date, float64(d.Min), d.MinSeen, float64(d.Max), d.MaxSeen, float64(d.Mean), d.Looks, d.DayDefinition, d.Origin.Line)
}

func forEachCase(t testing.TB, do func(path string, in []byte)) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.csv")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, path := range files {
		in, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		do(path, in)
	}
}

func TestRead(t *testing.T) {
	forEachCase(t, func(path string, in []byte) {
		golden.Check(t, strings.TrimSuffix(path, filepath.Ext(path))+".golden", golden.Lines(t, Read(bytes.NewReader(in), filepath.Base(path)), line))
	})
}

// Every case is of a station of the code 000000… or 000001…, has SECRET in its
// name and lies at 12.5, 34.5.
func TestTheStationStaysInTheFile(t *testing.T) {
	forEachCase(t, func(path string, in []byte) {
		for record, err := range Read(bytes.NewReader(in), "f") {
			all := fmt.Sprintf("%+v %+v", record, err)
			for _, known := range []string{"00000000", "99999", "SECRET", "34.5"} {
				if strings.Contains(all, known) {
					t.Errorf("%s: %s", path, all)
				}
			}
		}
	})
}

func FuzzRead(f *testing.F) {
	forEachCase(f, func(_ string, in []byte) { f.Add(in) })
	f.Fuzz(func(t *testing.T, in []byte) {
		golden.Lines(t, Read(bytes.NewReader(in), "f"), line)
		if why, _ := Sniff(in); why == "" {
			t.Fatal("no reason")
		}
	})
}
