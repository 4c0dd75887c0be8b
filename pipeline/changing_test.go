package pipeline_test

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hardship/pipeline"
	"hardship/pipeline/config"
	"hardship/pipeline/normalize"
	"hardship/pipeline/shard"
	"hardship/pipeline/source"
)

// A file that changes while it is read fails its source for one run only: the next,
// which may find the bytes that were hashed, reads it, as does another shard.
func TestAFileThatChangedIsReadByTheNextRun(t *testing.T) {
	folder := t.TempDir()
	name := filepath.Join(folder, "temps.parquet")
	sound := hoursFile(t, hoursOf(rand.New(rand.NewPCG(3, 4))), 100)
	const text = `
period: {from: 2024-01-01, to: 2024-01-21}
as_of: 2024-02-20T00:00:00Z
areas: {from_data: true, tz: UTC}
sources:
  - {name: strikes, table: strike,      format: csv,     files: [strikes.csv],   columns: {area_id: area, start_utc: ts, target_class: target}}
  - {name: temps,   table: temperature, format: parquet, files: [temps.parquet], columns: {area_id: area, time_utc: ts, t_c: temp_c}}
`
	if err := os.WriteFile(filepath.Join(folder, "strikes.csv"), []byte("area,ts,target\nA00,2024-01-03T03:00:00Z,energy\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := config.Read([]byte(text), "hardship.yaml", normalize.ConfigFormats())
	if err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func() error{
		"rows are added": func() error { return os.WriteFile(name, append(slices.Clone(sound), "more"...), 0o644) },
		"it is cut":      func() error { return os.Truncate(name, 100) },
		"it is touched":  func() error { return os.Chtimes(name, time.Time{}, time.Now().Add(time.Hour)) },
	} {
		t.Run(what, func(t *testing.T) {
			o := pipeline.Options{Config: c.Clone(), Files: os.DirFS(folder), Now: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), Program: pipeline.Program{Version: "test", SHA256: "test"}}
			o.Config.Out = t.TempDir()
			changing := o
			changed := false
			changing.Notify = func(p pipeline.Progress) {
				if p.Name == "temps.parquet" && !changed {
					changed = true
					if err := change(); err != nil {
						t.Error(err)
					}
				}
			}
			restore := func() {
				t.Helper()
				changed = false
				if err := os.WriteFile(name, sound, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			restore()
			first, err := pipeline.Run(t.Context(), changing)
			if err != nil {
				t.Fatal(err)
			}
			if w := first.Warnings[0]; w.ID != "failed/temps" || !strings.Contains(w.Text, "has changed while it was read") {
				t.Errorf("the first warning is %+v", w)
			}
			restore()
			second, err := pipeline.Run(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			if second.Nothing || second.Warnings[0].ID == "failed/temps" {
				t.Errorf("nothing new: %v, warnings %+v", second.Nothing, second.Warnings)
			}
			if third, err := pipeline.Run(t.Context(), o); err != nil || !third.Nothing {
				t.Errorf("again: %+v, %v", third, err)
			}

			dir := t.TempDir()
			if _, err := pipeline.RunShard(t.Context(), changing, shard.Shard{I: 0, N: 2}, dir); err != nil {
				t.Fatal(err)
			}
			restore()
			if _, err := pipeline.RunShard(t.Context(), o, shard.Shard{I: 1, N: 2}, dir); err != nil {
				t.Fatal(err)
			}
			var at *source.FileError
			if _, err := pipeline.Merge(t.Context(), o, dir); !errors.As(err, &at) || at.Code != shard.Foreign {
				t.Errorf("two shards, of which one lacks the source: %v", err)
			}
		})
	}
}
