package meteostat

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
	forecast := ""
	if t.Forecast {
		forecast = " forecast"
	}
	return fmt.Sprintf("%v %v °C %v km/h %v %% of %q at %d:%d%s", t.Hour.Start(), t.Temp, t.Wind, t.Humidity, t.Quality, t.Origin.Line, t.Origin.Column, forecast)
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

func TestSniff(t *testing.T) {
	for head, want := range map[string]string{
		"2031-01-05,0,-3.2,-4.1,93,0.0,,180,10.8,,1012.3,,3\r\n":   "its first line is no header: a date, an hour and 11 fields more",
		"2031-01-05,0,-3.2,-4.1,93,0.0,,180,10.8,,1012.3,,3,4\n":   "its first line is no header and has 14 fields, not 13",
		"2031-01-05,24,-3.2,-4.1,93,0.0,,180,10.8,,1012.3,,3\n":    "its first line is no header and does not begin with a date and an hour from 0 to 23",
		"5.1.2031,0,-3.2,-4.1,93,0.0,,180,10.8,,1012.3,,3\n":       "its first line is no header and does not begin with a date and an hour from 0 to 23",
		"year,month,day,hour,temp,temp_source\n":                   "its header has the columns year, month, day, hour, temp",
		"date,hour,temp,dwpt,rhum,prcp,snow,wdir,wspd,wpgt,pres\n": "its first line has no column year, month, day; it is date, hour, temp, dwpt, rhum, prcp, snow, wdir, wspd, wpgt, pres",
		"": "its first line is no CSV header",
	} {
		why, ok := Sniff([]byte(head))
		if recognised := strings.HasPrefix(want, "its header has") || strings.Contains(want, ": a date"); why != want || ok != recognised {
			t.Errorf("%q: %q, %v; want %q", head, why, ok, want)
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
