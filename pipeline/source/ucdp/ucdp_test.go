package ucdp

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
	return fmt.Sprintf("%d %s %v to %v by %d type %s country@%d %q adm_1@%d %q adm_2 %q by %d",
		e.Origin.Line, e.ID, e.First, e.Last, e.DatePrecision, e.Type, e.CountryOrigin.Column, e.Country, e.Admin1Origin.Column, e.Admin1, e.Admin2, e.PlacePrecision)
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
			got := golden.Lines(t, Read(bytes.NewReader(in), filepath.Base(file)), line)
			golden.Check(t, strings.TrimSuffix(file, ".csv")+".golden", got)
		})
	}
}

func TestSniff(t *testing.T) {
	for head, want := range map[string]bool{
		"id,type_of_violence,where_prec,date_prec,date_start\n1": true,
		"id,type_of_violence,where_prec,date_prec\n1":            false,
		"900001,UKR-2031-1-1-1,2031,1,Clear\n":                   false,
		"":                                                       false,
	} {
		if why, ok := Sniff([]byte(head)); ok != want || why == "" {
			t.Errorf("Sniff(%q) = %q, %v", head, why, ok)
		}
	}
}

// FuzzRead: whatever the file, reading ends without a panic, every yield is a
// record or an error, and no event ends before it starts.
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
		golden.Lines(t, Read(bytes.NewReader(in), "fuzz"), func(e source.Event) string {
			if e.ID == "" || e.Last < e.First || e.DatePrecision < 1 || e.DatePrecision > 5 || e.PlacePrecision < 1 || e.PlacePrecision > 7 {
				t.Errorf("%+v", e)
			}
			return line(e)
		})
	})
}
