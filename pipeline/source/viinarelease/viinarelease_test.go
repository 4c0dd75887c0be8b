package viinarelease

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hardship/pipeline/internal/golden"
	"hardship/pipeline/source"
)

func line(r source.LabelledReport) string {
	return fmt.Sprintf("%d:%d %q %v at %q outlets %v text %q release %q air strike %v artillery %v drone %v ukraine %v begins %v",
		r.Origin.Line, r.Origin.Column, r.ID, r.Date, r.Place, r.Outlets, r.Text, r.Release, r.AirStrike, r.Artillery, r.Drone, r.UkraineTakesPart, r.UkraineBegins)
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
		"event_id,date,ADM1_NAME,text,t_airstrike,t_artillery\n1":           true,
		"event_id,date,ADM1_NAME,text,t_airstrike_pred,t_artillery_pred\n1": true,
		"event_id,date,ADM1_NAME,text,t_airstrike_b,t_artillery_b\n1":       false, // cut-offs
		"event_id,date,ADM1_NAME,text,url\n1":                               false, // event_info
		"event_id,date,t_airstrike,t_artillery\n1":                          false, // event_labels
		"": false,
	} {
		if why, ok := Sniff([]byte(head)); ok != want || why == "" {
			t.Errorf("Sniff(%q) = %q, %v", head, why, ok)
		}
	}
}

// FuzzRead: whatever the file, reading ends without a panic, every yield is a
// record or an error, and probabilities are those or unknown.
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
		golden.Lines(t, Read(bytes.NewReader(in), "fuzz"), func(r source.LabelledReport) string {
			for _, p := range []float64{r.AirStrike, r.Artillery, r.Drone, r.UkraineTakesPart, r.UkraineBegins} {
				if !(p >= 0 && p <= 1) && !math.IsNaN(p) {
					t.Errorf("line %d: probability %v", r.Origin.Line, p)
				}
			}
			return line(r)
		})
	})
}
