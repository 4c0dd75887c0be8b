package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// faulty returns a file system that calls before ahead of each operation and
// fails where it returns an error.
func faulty(before func(operation string) error) fileSystem {
	real := realSystem()
	return fileSystem{
		mkdir: func(in *os.Root, path string, mode os.FileMode) error {
			if err := before("mkdir " + path); err != nil {
				return err
			}
			return real.mkdir(in, path, mode)
		},
		create: func(in *os.Root, path string, flag int, mode os.FileMode) (*os.File, error) {
			if err := before("create " + path); err != nil {
				return nil, err
			}
			return real.create(in, path, flag, mode)
		},
		write: func(f *os.File, b []byte) (int, error) {
			if err := before("write " + f.Name()); err != nil {
				n, _ := real.write(f, b[:len(b)/2])
				return n, err
			}
			return real.write(f, b)
		},
		sync: func(f *os.File) error {
			if err := before("sync " + f.Name()); err != nil {
				return err
			}
			return real.sync(f)
		},
		rename: func(in *os.Root, from, to string) error {
			if err := before("rename " + to); err != nil {
				return err
			}
			return real.rename(in, from, to)
		},
		symlink: func(in *os.Root, target, path string) error {
			if err := before("symlink " + path); err != nil {
				return err
			}
			return real.symlink(in, target, path)
		},
	}
}

// failsAndRecovers publishes through a file system that fails, which must leave
// latest at the run it led to, and then through one that works.
func failsAndRecovers(t *testing.T, dir string, seed int, broken fileSystem, want error, mayLead bool) {
	t.Helper()
	r := mustOpen(t, dir)
	old := latest(t, dir)
	r.system = broken
	run, err := r.Publish(context.Background(), publication(seed))
	if !errors.Is(err, want) {
		t.Fatalf("Publish = %+v, %v; want the error %v", run, err, want)
	}
	if now := latest(t, dir); now != old && !mayLead {
		t.Fatalf("after %v, latest leads to %s, not to %s", err, now, old)
	}
	r.Close()

	r = mustOpen(t, dir)
	defer r.Close()
	if left := leftOver(t, dir); len(left) > 0 {
		t.Fatalf("left after %v: %v", err, left)
	}
	run = mustPublish(t, r, publication(seed))
	if now := latest(t, dir); now != run.ID || now == old {
		t.Fatalf("latest leads to %s, published was %+v, old was %s", now, run, old)
	}
}

func TestEveryStepThatFailsLeavesLatest(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := mustOpen(t, dir)
	mustPublish(t, r, publication(0))
	var operations []string
	r.system = faulty(func(operation string) error { operations = append(operations, operation); return nil })
	mustPublish(t, r, publication(1))
	r.Close()
	if last := operations[len(operations)-1]; len(operations) < 40 || last != "sync "+dir+"/." {
		t.Fatalf("%d operations, the last is %q", len(operations), last)
	}
	for step := range operations {
		injected := fmt.Errorf("step %d: %w", step, syscall.EIO)
		count := 0
		broken := faulty(func(operation string) error {
			if count++; count == step+1 {
				return injected
			}
			return nil
		})
		// latest has been replaced by the time of the very last sync.
		failsAndRecovers(t, dir, step+2, broken, injected, step == len(operations)-1)
	}
}

func TestEverythingIsDurableBeforeItIsVisible(t *testing.T) {
	dir := t.TempDir()
	r := mustOpen(t, dir)
	at := map[string]int{} // operation to its place in the order
	r.system = faulty(func(operation string) error {
		at[strings.ReplaceAll(operation, dir+"/", "")] = len(at)
		return nil
	})
	run := mustPublish(t, r, publication(0))
	visible := at["rename runs/"+run.ID]
	created := 0
	for operation, when := range at {
		kind, path, _ := strings.Cut(operation, " ")
		if (kind != "create" && kind != "mkdir") || !strings.HasPrefix(path, temporaryRun) {
			continue
		}
		created++
		if synced, ok := at["sync "+path]; !ok || synced < when || synced > visible {
			t.Errorf("%s is operation %d, its sync %d, the run's rename %d", operation, when, synced, visible)
		}
		if parent, ok := at["sync "+filepath.Dir(path)]; !ok || parent < when {
			t.Errorf("%s is operation %d, the sync of its folder %d", operation, when, parent)
		}
	}
	if want := 8 + 4; created != want { // files and folders
		t.Errorf("%d files and folders, want %d", created, want)
	}
	order := []string{
		"create runs/.tmp-run/manifest.json", "create runs/.tmp-run/SHA256SUMS", "sync runs/.tmp-run",
		"rename runs/" + run.ID, "sync runs",
		"sync .tmp-latest.json", "rename latest.json", "sync .tmp-.last", "rename .last",
		"symlink .tmp-latest", "rename latest", "sync .",
	}
	for i, operation := range order {
		when, ok := at[operation]
		if !ok || i > 0 && when < at[order[i-1]] {
			t.Errorf("%q is operation %d (%v), %q is %d", operation, when, ok, order[max(0, i-1)], at[order[max(0, i-1)]])
		}
	}
}

func TestReplacingADamagedRunFails(t *testing.T) {
	dir := t.TempDir()
	run := mustPublish(t, mustOpen(t, dir), publication(0))
	os.Truncate(filepath.Join(run.Dir, "README.md"), 1)
	damaged := tree(t, run.Dir)
	for _, at := range []int{1, 2} {
		r := &Root{path: dir, folder: mustRoot(t, dir), system: realSystem()}
		renames := 0
		r.system.rename = func(in *os.Root, from, to string) error {
			if renames++; renames == at {
				return syscall.EIO
			}
			return in.Rename(from, to)
		}
		if _, err := r.Publish(context.Background(), publication(0)); !errors.Is(err, syscall.EIO) {
			t.Errorf("rename %d: error = %v", at, err)
		}
		if got := tree(t, run.Dir); len(got) != len(damaged) || got["README.md"] != damaged["README.md"] {
			t.Errorf("rename %d: the damaged run is not where it was", at)
		}
	}
}

func mustRoot(t *testing.T, dir string) *os.Root {
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

func TestFullDiskLeavesLatest(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := mustOpen(t, dir)
	mustPublish(t, r, publication(0))
	total := 0
	r.system.write = func(f *os.File, b []byte) (int, error) { total += len(b); return f.Write(b) }
	mustPublish(t, r, publication(1))
	r.Close()
	const positions = 40
	for i := range positions {
		space := total * i / positions
		full := realSystem()
		full.write = func(f *os.File, b []byte) (int, error) {
			n := min(len(b), space)
			space -= n
			n, err := f.Write(b[:n])
			if err == nil && n < len(b) {
				err = syscall.ENOSPC
			}
			return n, err
		}
		failsAndRecovers(t, dir, i+2, full, syscall.ENOSPC, false)
	}
}

// A disk may also lose what it says it has written.
func TestFileThatChangesBehindTheWriterIsNoticed(t *testing.T) {
	dir := t.TempDir()
	mustPublish(t, mustOpen(t, dir), publication(0))
	for _, name := range []string{"tables/sample.parquet", "README.md", "manifest.json", "SHA256SUMS"} {
		r := &Root{path: dir, folder: mustRoot(t, dir), system: realSystem()}
		r.system.sync = func(f *os.File) error {
			if info, err := f.Stat(); err == nil && info.Mode().IsRegular() && filepath.Base(f.Name()) == filepath.Base(name) {
				if err := f.Truncate(info.Size() - 1); err != nil {
					return err
				}
			}
			return f.Sync()
		}
		old := latest(t, dir)
		if run, err := r.Publish(context.Background(), publication(1)); err == nil {
			t.Errorf("%s: published %+v", name, run)
		}
		if now := latest(t, dir); now != old {
			t.Errorf("%s: latest leads to %s, not to %s", name, now, old)
		}
	}
}

// Processes that are killed. The test binary runs itself as the child.

const (
	childFolder = "HARDSHIP_STORE_TEST_FOLDER" // publish into this folder
	childStep   = "HARDSHIP_STORE_TEST_STEP"   // once, and die at this operation; without it, on and on
)

func TestMain(m *testing.M) {
	dir := os.Getenv(childFolder)
	if dir == "" {
		os.Exit(m.Run())
	}
	if err := child(dir, os.Getenv(childStep)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func child(dir, step string) error {
	r, err := Open(dir)
	if err != nil {
		return err
	}
	if step != "" {
		count, _ := strconv.Atoi(step)
		r.system = faulty(func(string) error {
			if count--; count < 0 {
				kill(os.Getpid())
			}
			return nil
		})
		_, err := r.Publish(context.Background(), publication(1+os.Getpid()))
		return err
	}
	fmt.Println("open")
	for seed := rand.IntN(1 << 20); ; seed++ {
		if _, err := r.Publish(context.Background(), publication(seed/2)); err != nil { // each run twice
			return err
		}
	}
}

// kill ends a process as kill -9 does and waits for a kill of its own process.
func kill(pid int) {
	if p, err := os.FindProcess(pid); err == nil {
		p.Kill()
	}
	if pid == os.Getpid() {
		select {}
	}
}

func startChild(t *testing.T, dir string, env ...string) (*exec.Cmd, io.Reader, *bytes.Buffer) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), childFolder+"="+dir), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, stdout, &stderr
}

// allRunsVerify verifies every run in the folder, published or not.
func allRunsVerify(t *testing.T, dir string) (runs int) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(dir, runsName))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if err := Verify(filepath.Join(dir, runsName, e.Name())); err != nil {
			t.Error(err)
		}
	}
	return len(entries)
}

func TestKilledAtAnyTimeHarmsNothing(t *testing.T) {
	t.Parallel()
	const kills = 60
	dir := t.TempDir()
	r := mustOpen(t, dir)
	mustPublish(t, r, publication(0))
	r.Close()
	interrupted := 0
	for range kills {
		cmd, stdout, stderr := startChild(t, dir)
		if _, err := io.ReadFull(stdout, make([]byte, len("open\n"))); err != nil {
			t.Fatalf("child: %v\n%s", err, stderr)
		}
		time.Sleep(rand.N(40 * time.Millisecond))
		latest(t, dir) // for readers while the child is at work
		cmd.Process.Kill()
		cmd.Wait()
		if stderr.Len() > 0 {
			t.Fatalf("child: %s", stderr)
		}
		latest(t, dir)
		interrupted += min(1, len(leftOver(t, dir)))
	}
	if interrupted == 0 {
		t.Errorf("none of %d kills hit a run at work", kills)
	}
	r = mustOpen(t, dir)
	if left := leftOver(t, dir); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
	t.Logf("%d kills, %d at work, %d runs", kills, interrupted, allRunsVerify(t, dir))
	mustPublish(t, r, publication(0))
	latest(t, dir)
}

func TestKilledAtEveryStepHarmsNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := mustOpen(t, dir)
	old := mustPublish(t, r, publication(0)).ID
	r.Close()
	for step := 0; ; step++ {
		cmd, _, stderr := startChild(t, dir, childStep+"="+strconv.Itoa(step))
		err := cmd.Wait()
		if stderr.Len() > 0 {
			t.Fatalf("step %d: %s", step, stderr)
		}
		now := latest(t, dir)
		if err == nil {
			if step < 40 || now == old {
				t.Errorf("published after %d steps, latest leads to %s", step, now)
			}
			break
		}
		old = now // only the last steps move it
	}
	mustOpen(t, dir)
	if left := leftOver(t, dir); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
	allRunsVerify(t, dir)
}

func TestLockIsHeldAgainstOtherProcesses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := mustOpen(t, dir)
	mustPublish(t, r, publication(0))
	want := latest(t, dir)
	cmd, _, stderr := startChild(t, dir)
	if err := cmd.Wait(); err == nil || !bytes.Contains(stderr.Bytes(), []byte(ErrLocked.Error())) {
		t.Errorf("child ended with %v and said %q", err, stderr)
	}
	if got := latest(t, dir); got != want {
		t.Errorf("latest leads to %s, not to %s", got, want)
	}
}
