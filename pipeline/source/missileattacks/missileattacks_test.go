package missileattacks

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hardship/pipeline/hour"
	"hardship/pipeline/internal/golden"
	"hardship/pipeline/source"
)

func kyiv(t testing.TB) *time.Location {
	loc, err := hour.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func line(s source.Strike) string {
	count := func(c source.Count) string {
		if !c.Known {
			return "?"
		}
		return fmt.Sprint(c.N)
	}
	return fmt.Sprintf("%d:%d %v %s %q target %q main@%d %q affected@%d %q by %q launched %s intercepted %s lost %s impacts %s",
		s.Origin.Line, s.Origin.Column, s.Window, s.Precision, s.Model, s.Target, s.TargetMainOrigin.Column, s.TargetMain,
		s.AffectedOrigin.Column, s.Affected, s.Publisher, count(s.Launched), count(s.Intercepted), count(s.Lost), count(s.Impacts))
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
			got := golden.Lines(t, Read(bytes.NewReader(in), filepath.Base(file), kyiv(t)), line)
			golden.Check(t, strings.TrimSuffix(file, ".csv")+".golden", got)
		})
	}
}

// What is remembered of the rows before says nothing of a row: each is read as if it
// stood alone.
func TestRowsAreReadAsIfAlone(t *testing.T) {
	header := strings.Join(columns, ",") + "\n"
	loc := kyiv(t)
	times := rapid.SampledFrom([]string{"2024-03-31", " 2024-03-31 3:30", "2024-03-30", "2024-10-27 03:30", "", "noon"})
	words := rapid.SampledFrom([]string{"", "X-59", " X-59", "Kyiv oblast", "\"Kyiv, \"\"oblast\"\"\"", "Їжак"})
	lists := rapid.SampledFrom([]string{"", "", "[]", "nan", "['Kyiv oblast']", "\"['Kyiv oblast', 'Sumy oblast']\"", "Sumy"})
	counts := rapid.SampledFrom([]string{"", "", "1", "1", "12.0", "12.0", " 3", "-1", "100001", "many"})
	links := rapid.SampledFrom([]string{"kpszsu/posts/1", "pvkpivden/1", "KPSZSU", ""})
	read := func(r io.Reader) iter.Seq2[source.Strike, error] { return Read(r, "f", loc) }
	withoutLine := func(s source.Strike) string {
		s.Line = 0
		return line(s)
	}
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			cells := []string{times.Draw(t, "start"), times.Draw(t, "end"), words.Draw(t, "model"), words.Draw(t, "target"), words.Draw(t, "main"), lists.Draw(t, "affected")}
			for range 4 {
				cells = append(cells, counts.Draw(t, "count"))
			}
			return strings.Join(append(cells, links.Draw(t, "link")), ",") + "\n"
		}), 0, 60).Draw(t, "rows")
		golden.AsIfAlone(t, header, rows, read, withoutLine)
	})
}

// FuzzRead: whatever the file, reading ends without a panic, every yield is a
// record or an error, no window is reversed and no count is below zero.
func FuzzRead(f *testing.F) {
	for _, file := range cases(f) {
		in, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(in)
	}
	loc := kyiv(f)
	f.Fuzz(func(t *testing.T, in []byte) {
		golden.Lines(t, Read(bytes.NewReader(in), "fuzz", loc), func(s source.Strike) string {
			if s.Window.End < s.Window.Start {
				t.Errorf("line %d: window %v", s.Origin.Line, s.Window)
			}
			for _, c := range []source.Count{s.Launched, s.Intercepted, s.Lost, s.Impacts} {
				if c.N < 0 || !c.Known && c.N != 0 {
					t.Errorf("line %d: count %v", s.Origin.Line, c)
				}
			}
			return line(s)
		})
	})
}
