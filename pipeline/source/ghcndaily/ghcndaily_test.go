package ghcndaily

import (
	"bytes"
	"fmt"
	"testing"

	"hardship/pipeline/internal/golden"
	"hardship/pipeline/source"
)

func line(d source.TemperatureDay) string {
	return fmt.Sprintf("%v %v to %v, mean %v °C %q at %d:%d", d.Date, d.Min, d.Max, d.Mean, d.DayDefinition, d.Origin.Line, d.Origin.Column)
}

const cases = "testdata/*.[cd][sl][vy]"

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
