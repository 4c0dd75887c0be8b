package dniproschedule

import (
	"bytes"
	"fmt"
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
	t.Helper()
	loc, err := hour.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func line(s source.Schedule) string {
	var spans []string
	for _, span := range s.Off {
		spans = append(spans, fmt.Sprintf("%02d:%02d-%02d:%02d", span.From/60, span.From%60, span.To/60, span.To%60))
	}
	moved := ""
	if s.Redated {
		moved = " redated"
	}
	return fmt.Sprintf("%d:%d %s %v %s %v%s %v %s", s.Origin.Line, s.Origin.Column, s.Group, s.Date, s.Status, spans, moved, s.FirstSeen, s.Revision)
}

func TestCases(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.jsonl")
	if err != nil || len(cases) == 0 {
		t.Fatal(cases, err)
	}
	for _, path := range cases {
		t.Run(filepath.Base(path), func(t *testing.T) {
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			got := golden.Lines(t, Read(f, filepath.Base(path), kyiv(t)), line)
			golden.Check(t, strings.TrimSuffix(path, ".jsonl")+".golden", got)
		})
	}
}

func TestSpansCoverWhatTheListCovers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var off [24 * 60]bool
		var list []string
		for range rapid.IntRange(0, 8).Draw(rt, "n") {
			from := rapid.IntRange(0, 1439).Draw(rt, "from")
			to := rapid.IntRange(from+1, 1440).Draw(rt, "to")
			list = append(list, fmt.Sprintf(`"%02d:%02d-%02d:%02d"`, from/60, from%60, to/60, to%60))
			for m := from; m < to; m++ {
				off[m] = true
			}
		}
		in := `{"commit":"0000000","commit_time_utc":"2031-01-05T08:00:00Z","schedule":{"timezone":"Europe/Kyiv","date":"2031-01-05","groups":{"1.1":[` +
			strings.Join(list, ",") + `]}}}`
		for s, err := range Read(strings.NewReader(in), "f", kyiv(t)) {
			if err != nil {
				rt.Fatal(err)
			}
			var got [24 * 60]bool
			for i, span := range s.Off {
				if i > 0 && span.From <= s.Off[i-1].To {
					rt.Fatalf("spans are not apart: %v", s.Off)
				}
				for m := span.From; m < span.To; m++ {
					got[m] = true
				}
			}
			if got != off {
				rt.Fatalf("%v gives %v", list, s.Off)
			}
		}
	})
}

func TestNotInForce(t *testing.T) {
	for text, want := range map[string]bool{
		"": false,
		"Увага: екстрені відключення":                               true,
		"ЕКСТРЕНІ ВІДКЛЮЧЕННЯ у місті":                              true,
		"Екстрені відключення відмінено":                            false,
		"Екстрені відключення скасовані, дякуємо":                   false,
		"Графіки тимчасово не діють":                                true,
		"З 8:00 діють графіки":                                      false,
		"Стабілізаційні відключення сьогодні не застосовують":       false,
		"Заощаджуйте, щоб не довелося вводити екстрених відключень": false,
	} {
		if got := notInForce(text); got != want {
			t.Errorf("notInForce(%q) = %v", text, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	cases, err := filepath.Glob("testdata/*.jsonl")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range cases {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		golden.Lines(t, Read(bytes.NewReader(text), "f", kyiv(t)), func(s source.Schedule) string {
			if !isQueue(s.Group) || s.Status == "" {
				t.Fatalf("%+v", s)
			}
			return ""
		})
	})
}
