package openmeteo

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
	return fmt.Sprintf("%v %v °C %v km/h %v %% at %d:%d", t.Hour.Start(), t.Temp, t.Wind, t.Humidity, t.Origin.Line, t.Origin.Column)
}

func TestRead(t *testing.T) {
	files, err := filepath.Glob("testdata/*.csv")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, path := range files {
		in, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		got := golden.Lines(t, Read(bytes.NewReader(in), filepath.Base(path)), line)
		golden.Check(t, strings.TrimSuffix(path, ".csv")+".golden", got)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("date,temperature_2m,wind_speed_10m\n2031-01-05 00:00:00,-3.25,5\n2031-01-05T01:00,,\n"))
	f.Add([]byte("date,temperature_2m\n0000-01-01 00:00:00,1\n9999-12-31 23:00:00+14:00,-1e1\n"))
	f.Fuzz(func(t *testing.T, in []byte) { golden.Lines(t, Read(bytes.NewReader(in), "f"), line) })
}
