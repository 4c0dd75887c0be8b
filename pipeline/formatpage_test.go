package pipeline

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"hardship/pipeline/config"
	"hardship/pipeline/normalize"
)

// Every adapter has a page, every format stands on one, and the sources that pages
// show are ones that a configuration takes.
func TestPagesOfFormats(t *testing.T) {
	adapters, err := filepath.Glob("source/*/testdata")
	if err != nil || len(adapters) == 0 {
		t.Fatal(adapters, err)
	}
	all := ""
	// A source is indented text: a list item of YAML and the lines that go on.
	shown := regexp.MustCompile(`(?m)^    - \{name: .*\n(?:^       .*\n)*`)
	sources := 0
	for _, adapter := range adapters {
		path := filepath.Join(filepath.Dir(adapter), "README.md")
		page, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
			continue
		}
		all += string(page)
		for _, source := range shown.FindAllString(string(page), -1) {
			sources++
			text := "period: {from: 2022-01-01, to: 2026-09-01}\nsources:\n" + source
			if _, err := config.Read([]byte(text), path, normalize.ConfigFormats()); err != nil {
				t.Errorf("%s: %v\n%s", path, err, source)
			}
		}
	}
	if sources < 15 {
		t.Errorf("%d sources are shown", sources)
	}
	for name, f := range normalize.ConfigFormats() {
		if f.Mapped {
			continue // any table: README.md is its page
		}
		if !regexp.MustCompile(`(?m)^# .*\b` + name + `\b|\x60` + name + `\x60|format: ` + name + `\b`).MatchString(all) {
			t.Errorf("no page names the format %s", name)
		}
	}
}
