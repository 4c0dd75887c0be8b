package gsom

import (
	"bytes"
	"fmt"
	"testing"

	"hardship/pipeline/internal/golden"
)

func line(d Month) string {
	return fmt.Sprintf("%v to %v %v at %d", d.First, d.Last, d.Figures, d.Origin.Line)
}

const cases = "testdata/*.csv"

func TestRead(t *testing.T) { golden.Read(t, cases, Read, line) }

// Every case is of a station of the code 000000… or 000001…, has SECRET in its
// name and lies at 12.5, 34.5.
func TestTheStationStaysInTheFile(t *testing.T) {
	golden.Silent(t, cases, Read, "00000000", "99999", "SECRET", "34.5")
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
