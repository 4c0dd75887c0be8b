package claims

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hardship/pipeline/internal/golden"
	"hardship/pipeline/source"
)

func show[T any](v *T) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprint(*v)
}

func line(c source.Claim) string {
	return fmt.Sprintf("%d:%d %s %s %s %q %s %v %v %s %s %s %s %s %q@%d:%d %v %q",
		c.Origin.Line, c.Origin.Column, c.PauseID, c.ID, c.SpeakerRole, c.Speaker, c.Stance, c.StatementLo, c.StatementHi,
		show(c.StartDate), show(c.EndDate), show(c.Start), show(c.End), show(c.DurationHours), c.Places, c.PlacesAt.Line, c.PlacesAt.Column, c.Targets, c.Paraphrase)
}

func TestCases(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.yaml")
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
			got := golden.Lines(t, Read(f, filepath.Base(path)), line)
			golden.Check(t, strings.TrimSuffix(path, ".yaml")+".golden", got)
		})
	}
}

// Without the limits each of these takes the YAML parser minutes.
func TestHostileFilesAreRefusedSoon(t *testing.T) {
	const head = "pause_id: e\nsource: x\nclaims: "
	var keys strings.Builder
	for i := 0; keys.Len() < maxBytes-100; i++ {
		fmt.Fprintf(&keys, "k%d: 1\n", i)
	}
	fill := func(s string) string { return head + strings.Repeat(s, (maxBytes-len(head))/len(s)) }
	for name, text := range map[string]string{
		"lists within lists":       fill("["),
		"mappings within mappings": fill("{a: "),
		"dashes":                   fill("- "),
		"colons":                   fill("a: "),
		"many keys":                keys.String(),
		"tags":                     fill("!a "),
		"too many bytes":           strings.Repeat(" ", maxBytes+1),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			var last error
			for _, err := range Read(strings.NewReader(text), "f") {
				last = err
			}
			var file *source.FileError
			if !errors.As(last, &file) {
				t.Errorf("Read yields %v", last)
			}
			if took := time.Since(start); took > 2*time.Minute { // hangs: without its limits it would take far longer; how fast it is depends on the machine
				t.Errorf("took %v", took)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	cases, err := filepath.Glob("testdata/*.yaml")
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
		golden.Lines(t, Read(bytes.NewReader(text), "f"), func(c source.Claim) string {
			if c.ID == "" || c.StatementHi < c.StatementLo {
				t.Fatalf("%+v", c)
			}
			return ""
		})
	})
}
