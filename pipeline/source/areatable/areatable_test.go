package areatable

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

func line(a source.AreaRow) string {
	return fmt.Sprintf("%d:%d pcode=%s iso=%s en=%q uk=%q ru=%q people=%d in %d",
		a.Origin.Line, a.Origin.Column, a.PCode, a.ISO, a.English, a.Ukrainian, a.Russian, a.Population, a.PopulationYear)
}

func TestRead(t *testing.T) {
	files, err := filepath.Glob("testdata/*.[cj]s*")
	if err != nil || len(files) == 0 {
		t.Fatalf("cases: %v, %v", files, err)
	}
	for _, file := range files {
		base := filepath.Base(file)
		t.Run(base, func(t *testing.T) {
			in, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := golden.Lines(t, Read(bytes.NewReader(in), base), line)
			golden.Check(t, strings.TrimSuffix(file, filepath.Ext(file))+".golden", got)
		})
	}
}

func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/*.[cj]s*")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
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
