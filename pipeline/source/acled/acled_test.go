package acled

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

func line(e source.Event) string {
	seen := "?"
	if e.FirstSeen != 0 {
		seen = e.FirstSeen.String()
	}
	return fmt.Sprintf("%d %s %v by %d %q country@%d %q admin1@%d %q admin2 %q by %d tags %q note %q seen %s %q",
		e.Origin.Line, e.ID, e.First, e.DatePrecision, e.Type, e.CountryOrigin.Column, e.Country, e.Admin1Origin.Column, e.Admin1, e.Admin2, e.PlacePrecision, e.Tags, e.Note, seen, e.Revision)
}

func cases(t testing.TB) []string {
	files, err := filepath.Glob("testdata/*.csv")
	if err != nil || len(files) == 0 {
		t.Fatalf("cases: %v, %v", files, err)
	}
	return files
}

func TestRead(t *testing.T) {
	for _, file := range cases(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			in, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := golden.Lines(t, Read(bytes.NewReader(in), filepath.Base(file), Tags), line)
			golden.Check(t, strings.TrimSuffix(file, ".csv")+".golden", got)
		})
	}
}

func TestAnotherColumnOfTags(t *testing.T) {
	const header = "event_id_cnty,event_date,time_precision,event_type,sub_event_type,country,admin1,geo_precision"
	const row = "UKR1,2031-01-05,1,Battles,Armed clash,Ukraine,Sumy,1"
	got := golden.Lines(t, Read(strings.NewReader(header+",tags,hit\n"+row+",energy,health;\n"), "f", "hit"), func(e source.Event) string { return fmt.Sprint(e.Tags) })
	if string(got) != "[health]\n" {
		t.Errorf("%s", got)
	}
	got = golden.Lines(t, Read(strings.NewReader(header+",tags\n"+row+",energy\n"), "f", "hit"), line)
	if !strings.HasPrefix(string(got), "error: f: no column hit; found ") {
		t.Errorf("a column of tags that was named may not be missing: %s", got)
	}
}

func TestSniff(t *testing.T) {
	for head, want := range map[string]bool{
		"event_id_cnty,event_date,year,sub_event_type,geo_precision\nUKR1": true,
		"event_id_cnty,event_date,year,sub_event_type\nUKR1":               false,
		"": false,
	} {
		if why, ok := Sniff([]byte(head)); ok != want || why == "" {
			t.Errorf("Sniff(%q) = %q, %v", head, why, ok)
		}
	}
}

// FuzzRead: whatever the file, reading ends without a panic, every yield is a
// record or an error, and codes are those that there are.
func FuzzRead(f *testing.F) {
	for _, file := range cases(f) {
		in, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		Sniff(in)
		golden.Lines(t, Read(bytes.NewReader(in), "fuzz", Tags), func(e source.Event) string {
			if e.ID == "" || e.Last != e.First || min(e.DatePrecision, e.PlacePrecision) < 1 || max(e.DatePrecision, e.PlacePrecision) > 3 || e.FirstSeen < 0 {
				t.Errorf("%+v", e)
			}
			return line(e)
		})
	})
}
