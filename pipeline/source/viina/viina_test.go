package viina

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

func line(r source.Report) string {
	count := func(c source.Count) string {
		if !c.Known {
			return "?"
		}
		return fmt.Sprint(c.N)
	}
	return fmt.Sprintf("%d:%d %q %v at %q ukraine %s outlets %s text %q",
		r.Origin.Line, r.Origin.Column, r.ID, r.Date, r.Place, count(r.UAActor), count(r.Outlets), r.Text)
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

// FuzzRead: whatever the file, reading ends without a panic and every yield is
// a record or an error.
func FuzzRead(f *testing.F) {
	for _, file := range cases(f) {
		in, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		golden.Lines(t, Read(bytes.NewReader(in), "fuzz"), line)
	})
}
