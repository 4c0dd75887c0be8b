package isd

import (
	"bytes"
	"fmt"
	"testing"

	"hardship/pipeline/internal/golden"
	"hardship/pipeline/source"
)

func line(t source.Temperature) string {
	return fmt.Sprintf("%v %v °C quality %q %.4g km/h %v %% at %d:%d", t.Hour.Start()+t.Past, t.Temp, t.Quality, float64(t.Wind), t.Humidity, t.Origin.Line, t.Origin.Column)
}

const cases = "testdata/*.csv"

func TestRead(t *testing.T) { golden.Read(t, cases, Read, line) }

// Every case has the identifier 000000… or 000001…, SECRET in its name and
// 12.5, 34.5 as its place.
func TestTheStationStaysInTheFile(t *testing.T) {
	golden.Silent(t, cases, Read, "99999", "SECRET", "12.5", "34.5")
}

func FuzzRead(f *testing.F) {
	for _, in := range golden.Cases(f, cases) {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		golden.Lines(t, Read(bytes.NewReader(in), "f"), line)
		if why, _ := Sniff(in); why == "" {
			t.Fatal("no reason")
		}
	})
}
