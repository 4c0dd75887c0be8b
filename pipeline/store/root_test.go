package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestOneAtATime(t *testing.T) {
	dir := t.TempDir()
	var wait sync.WaitGroup
	roots, errs := make([]*Root, 20), make([]error, 20)
	for i := range roots {
		wait.Go(func() { roots[i], errs[i] = Open(dir) })
	}
	wait.Wait()
	opened := 0
	for i, r := range roots {
		if errs[i] == nil {
			opened++
			defer r.Close()
		} else if !errors.Is(errs[i], ErrLocked) {
			t.Error(errs[i])
		}
	}
	if opened != 1 {
		t.Fatalf("%d of %d got the lock", opened, len(roots))
	}
	for _, r := range roots {
		if r != nil {
			r.Close()
		}
	}
	mustOpen(t, dir)
}

func TestLinksAreNotWrittenThrough(t *testing.T) {
	for _, tt := range []struct {
		name   string
		at     string
		folder bool // what the link leads to
		opens  bool
	}{
		{"a link for latest.json is replaced", "latest.json", false, true},
		{"a link for .last is replaced", ".last", false, true},
		{"a link for latest is replaced", "latest", true, true},
		{"a link for a temporary file is removed", ".tmp-latest.json", false, true},
		{"a link for the temporary run is removed", "runs/.tmp-run", true, true},
		{"a link for the lock is an error", ".lock", false, false},
		{"a link for the runs is an error", "runs", true, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			// Within the output folder, where os.Root alone would let it pass.
			dir := t.TempDir()
			victim := filepath.Join(dir, "victim")
			if tt.folder {
				os.MkdirAll(victim, 0o755)
				victim = filepath.Join(victim, "file")
			}
			os.WriteFile(victim, []byte("untouched"), 0o644)
			os.MkdirAll(filepath.Dir(filepath.Join(dir, tt.at)), 0o755)
			target := "victim"
			if strings.Contains(tt.at, "/") {
				target = "../victim"
			}
			if err := os.Symlink(target, filepath.Join(dir, tt.at)); err != nil {
				t.Fatal(err)
			}
			r, err := Open(dir)
			if (err == nil) != tt.opens {
				t.Fatalf("Open: %v", err)
			}
			if err == nil {
				defer r.Close()
				mustPublish(t, r, publication(0))
				latest(t, dir)
			}
			if content, err := os.ReadFile(victim); string(content) != "untouched" {
				t.Errorf("victim holds %q, %v", content, err)
			}
			if tt.folder {
				if entries, _ := os.ReadDir(filepath.Dir(victim)); len(entries) != 1 {
					t.Errorf("the link's folder holds %v", entries)
				}
			}
		})
	}
	t.Run("a link put there after Open is an error once, then removed", func(t *testing.T) {
		dir := t.TempDir()
		victim := filepath.Join(dir, "victim")
		os.WriteFile(victim, []byte("untouched"), 0o644)
		r := mustOpen(t, dir)
		os.Symlink("victim", filepath.Join(dir, ".tmp-latest.json"))
		if run, err := r.Publish(context.Background(), publication(0)); !errors.Is(err, fs.ErrExist) {
			t.Errorf("Publish = %+v, %v", run, err)
		}
		mustPublish(t, r, publication(0))
		if content, err := os.ReadFile(victim); string(content) != "untouched" {
			t.Errorf("victim holds %q, %v", content, err)
		}
	})
	t.Run("a link for the run is replaced", func(t *testing.T) {
		dir := t.TempDir()
		r := mustOpen(t, dir)
		run := mustPublish(t, r, publication(0))
		elsewhere := filepath.Join(dir, "elsewhere")
		if err := os.Rename(run.Dir, elsewhere); err != nil {
			t.Fatal(err)
		}
		os.Symlink("../elsewhere", run.Dir)
		mustPublish(t, r, publication(0))
		if info, err := os.Lstat(run.Dir); err != nil || !info.IsDir() {
			t.Errorf("the run is %v, %v", info, err)
		}
		latest(t, dir)
	})
	t.Run("a folder for latest is an error and stays", func(t *testing.T) {
		dir := t.TempDir()
		os.MkdirAll(filepath.Join(dir, "latest/mine"), 0o755)
		if _, err := Open(dir); err == nil {
			t.Error("Open gave no error")
		}
		if _, err := os.Stat(filepath.Join(dir, "latest/mine")); err != nil {
			t.Error(err)
		}
	})
}
