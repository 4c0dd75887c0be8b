package weatherpage

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
	t.Helper()
	loc, err := hour.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func line(t source.Temperature) string {
	forecast := ""
	if t.Forecast {
		forecast = " forecast"
	}
	return fmt.Sprintf("%s@%d:%d %v %v °C@%d:%d %v km/h %v %%, %s of %v%s", t.Place, t.PlaceOrigin.Line, t.PlaceOrigin.Column,
		t.Hour.Start(), t.Temp, t.Origin.Line, t.Origin.Column, t.Wind, t.Humidity, t.Revision, t.FirstSeen, forecast)
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
		got := golden.Lines(t, Read(bytes.NewReader(in), filepath.Base(path), kyiv(t)), line)
		golden.Check(t, strings.TrimSuffix(path, ".csv")+".golden", got)
	}
}

// A zone off the hour cannot be put on UTC hours: no reading may be moved.
func TestAZoneOffTheHourHasNoHours(t *testing.T) {
	kolkata, err := hour.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	in := "commit,commit_time_utc,place,weather_date,hour_local,temp_c,wind_kph\na,2031-01-05T08:00:00Z,Agra,2031-01-05,10:00,9,7\n"
	got := string(golden.Lines(t, Read(strings.NewReader(in), "f.csv", kolkata), line))
	if want := "error: f.csv:2:40: hour_local \"10:00\": not the start of an hour of UTC [H0203]\n"; got != want {
		t.Errorf("got %s want %s", got, want)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("commit,commit_time_utc,place,weather_date,hour_local,temp_c,wind_kph\na,2025-03-30T08:00:00Z,\"Kyiv, Ukraine\",2025-03-30,03:00,9,7\n"))
	loc := kyiv(f)
	f.Fuzz(func(t *testing.T, in []byte) { golden.Lines(t, Read(bytes.NewReader(in), "f", loc), line) })
}
