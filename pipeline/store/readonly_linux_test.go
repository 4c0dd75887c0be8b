package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// asOrdinaryUser calls f with the file permissions of nobody if the test runs
// as root, whom permissions do not bind.
func asOrdinaryUser(t *testing.T, f func()) {
	if os.Geteuid() != 0 {
		f()
		return
	}
	runtime.LockOSThread() // the user id for files is the thread's
	defer runtime.UnlockOSThread()
	if err := syscall.Setfsuid(65534); err != nil {
		t.Fatal(err)
	}
	defer syscall.Setfsuid(0)
	f()
}

func TestReadOnlyFolders(t *testing.T) {
	for _, tt := range []struct {
		name     string
		readOnly func(dir string, run Run) string
	}{
		{"the output folder", func(dir string, run Run) string { return dir }},
		{"the runs", func(dir string, run Run) string { return filepath.Join(dir, runsName) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			parent := t.TempDir()
			dir := filepath.Join(parent, "out")
			r := mustOpen(t, dir)
			run := mustPublish(t, r, publication(0))
			r.Close()
			for _, path := range []string{filepath.Dir(parent), parent} {
				os.Chmod(path, 0o755) // or nobody could not come near
			}
			locked := tt.readOnly(dir, run)
			if locked != dir {
				os.Chmod(dir, 0o777)
			}
			if err := os.Chmod(locked, 0o555); err != nil {
				t.Fatal(err)
			}
			before := tree(t, dir)
			asOrdinaryUser(t, func() {
				r, err := Open(dir)
				if err == nil {
					_, err = r.Publish(context.Background(), publication(1))
					r.Close()
				}
				if !errors.Is(err, fs.ErrPermission) {
					t.Errorf("error = %v", err)
				}
			})
			os.Chmod(locked, 0o755)
			if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
				t.Errorf("tree changed:\n%s", diff)
			}
			mustPublish(t, mustOpen(t, dir), publication(1))
			latest(t, dir)
		})
	}
}
