package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"hardship/pipeline"
	"hardship/pipeline/config"
	"hardship/pipeline/source"
)

func TestCount(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 51220: "51,220", 1234567: "1,234,567", -1000: "-1,000"} {
		if got := count(n); got != want {
			t.Errorf("count(%d) = %s, want %s", n, got, want)
		}
	}
}

// After a second a step says its pace, and when its stage will have ended: in JSON
// and on the terminal's line.
func TestProgressTellsPaceAndEnd(t *testing.T) {
	var out, line strings.Builder
	now := time.Unix(0, 0)
	steps := func(p *printer) {
		p.clock = func() time.Time { return now }
		for _, step := range []pipeline.Progress{
			{Stage: "read", Name: "a", Rows: 10, Done: 5, All: 100},
			{Stage: "read", Name: "a", Rows: 4000, Done: 20, All: 100},
			{Stage: "read", Name: "b", Rows: 1, Done: 50, All: 100},
			{Stage: "join", Done: 1, All: 4},
			{Stage: "join", Rows: 900, Done: 3, All: 4},
			{Stage: "publish"},
		} {
			p.notify(step)
			now = now.Add(4 * time.Second)
		}
	}
	p := newPrinter(&out, &strings.Builder{})
	p.json = true
	steps(p)
	var got []string
	for _, text := range strings.Split(strings.TrimSpace(out.String()), "\n") {
		var fields struct {
			Stage string `json:"stage"`
			Pace  *int64 `json:"rows_per_s"`
			Left  *int64 `json:"eta_s"`
		}
		if err := json.Unmarshal([]byte(text), &fields); err != nil {
			t.Fatal(err)
		}
		known := fields.Stage
		for _, n := range []*int64{fields.Pace, fields.Left} {
			if n == nil {
				known += " -"
			} else {
				known += fmt.Sprint(" ", *n)
			}
		}
		got = append(got, known)
	}
	// 20 of 100 in 4 s leave 16; 50 in 8 s leave 8; 3 of 4 areas in 4 s leave 1.3.
	if want := []string{"read - -", "read 1000 16", "read - 8", "join - -", "join 225 1", "publish - -"}; !slices.Equal(got, want) {
		t.Errorf("progress %q, want %q", got, want)
	}
	p = newPrinter(&strings.Builder{}, &line)
	p.progress = true
	steps(p)
	if !strings.Contains(line.String(), "read     a  4,000 rows  1,000/s  16s left") || !strings.Contains(line.String(), "join       900 rows  225/s  1s left") {
		t.Errorf("the line shows %q", line.String())
	}
}

// Whatever a file holds, a fault shows it on lines of bounded length, with the
// carets below what is wrong, and without a character that steers a terminal.
func TestAFaultIsSafeToShow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text") + rapid.StringN(0, 400, -1).Draw(t, "more")
		runes := []rune(text)
		start := rapid.IntRange(0, len(runes)).Draw(t, "start")
		width := rapid.IntRange(0, len(runes)-start).Draw(t, "width")
		e := &config.Error{File: text, Line: 1, Column: start + 1, Width: width, Path: "a\nb", Text: text, Err: errors.New(text)}
		f := configFault(e)
		shown, below := f.quote()
		if n := len([]rune(shown)); n > quoteWidth+3 {
			t.Fatalf("a line of %d characters", n)
		}
		if len([]rune(below)) > len([]rune(shown))+1 {
			t.Fatalf("the carets go beyond the line:\n%s\n%s", shown, below)
		}
		var b strings.Builder
		f.write(&b, false)
		for _, r := range b.String() {
			if r != '\n' && !unicode.IsGraphic(r) || unicode.Is(unicode.Bidi_Control, r) {
				t.Fatalf("%q is shown:\n%q", r, b.String())
			}
		}
		if lines := strings.Count(b.String(), "\n"); lines > 4 {
			t.Fatalf("%d lines: a text of the file breaks them:\n%s", lines, b.String())
		}
	})
}

func TestCaretsStandBelowTheValue(t *testing.T) {
	for _, tt := range []struct {
		name, line, field, value string
		column                   int
		want                     string // "" where the line is not shown
	}{
		{"a plain value", "A1,2021,cold", "t_c", "cold", 9, "A1,2021,cold\n        ^^^^"},
		{"a quoted value", `A1,"co,ld",x`, "t_c", "co,ld", 4, `A1,"co,ld",x` + "\n   ^^^^^^"},
		{"letters of two bytes before it", "Київ,cold", "t_c", "cold", 10, "Київ,cold\n     ^^^^"},
		{"a tab before it takes two places", "a\tcold", "t_c", "cold", 3, `a\tcold` + "\n   ^^^^"},
		{"an escape in it is shown as one", "a,\x1b[31m", "t_c", "\x1b[31m", 3, `a,\x1b[31m` + "\n  ^^^^^^^^"},
		{"a whole row", "A1,2021", "", "", 1, "A1,2021\n^"},
		{"a line that does not hold it there is not shown", "A1,2021,warm", "t_c", "cold", 9, ""},
		{"a column beyond the line is not shown", "A1", "t_c", "cold", 40, ""},
	} {
		f := dataFault(&source.ParseError{
			Origin: source.Origin{File: "f.csv", Line: 7, Column: tt.column},
			Field:  tt.field, Value: tt.value, Code: source.NotANumber, Err: source.ErrNotANumber,
		}, map[int]string{7: tt.line})
		got := ""
		if f.text != "" {
			text, below := f.quote()
			got = text + "\n" + below
		}
		if got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

func TestALongLineIsCutRoundItsFault(t *testing.T) {
	line := strings.Repeat("x", 3000) + "FAULT" + strings.Repeat("y", 3000)
	f := configFault(&config.Error{Line: 1, Column: 3001, Width: 5, Text: line, Err: errors.New("e")})
	text, below := f.quote()
	if at := strings.Index(below, "^"); len([]rune(text)) > quoteWidth+2 || string([]rune(text)[at:at+5]) != "FAULT" || strings.Count(below, "^") != 5 {
		t.Errorf("\n%s\n%s", text, below)
	}
}

func TestWarningsAreTold(t *testing.T) {
	var all []pipeline.Warning
	for _, area := range []string{"A", "B", "C", "D", "E", "F", "G", "H"} {
		all = append(all, pipeline.Warning{ID: "coverage/temperature/" + area, Text: "temperature: no source for area " + area, Why: "winter only"})
	}
	all = append(all,
		pipeline.Warning{ID: "coverage/alerts/A", Text: "alerts: no source for area A"},
		pipeline.Warning{ID: "failed/x", Text: "source x was left out"},
		pipeline.Warning{ID: "failed/y", Text: "source y was left out"},
	)
	want := []string{
		"temperature: little or nothing known of A, B, C, D, E and 3 more areas (winter only)",
		"alerts: no source for area A",
		"source x was left out",
		"source y was left out",
	}
	a := &app{printer: newPrinter(nil, nil)}
	if got := a.grouped(all); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("grouped:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	a.verbose = true
	if got := a.grouped(all); len(got) != len(all) {
		t.Errorf("-v tells %d of %d warnings", len(got), len(all))
	}
}
