package pipeline_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow/array"

	"hardship/pipeline"
	"hardship/pipeline/config"
	"hardship/pipeline/internal/sample"
	"hardship/pipeline/normalize"
	"hardship/pipeline/panel"
	"hardship/pipeline/shard"
	"hardship/pipeline/source"
)

// always says that a run moves what it holds to disk before every batch.
func always(int) bool { return true }

// nothingTemporary says that a folder holds nothing of what a run leaves if it is killed.
func nothingTemporary(t testing.TB, folder string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && strings.HasPrefix(entry.Name(), ".tmp") {
			t.Errorf("%s is left", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// However often a run moves what it holds to disk, and on however many threads it
// works, every file is that of the run that holds all.
func TestARunThatSpillsGivesTheSameFiles(t *testing.T) {
	for _, tt := range []struct {
		name    string
		options func(out string) pipeline.Options
		when    []func(batch int) bool
	}{
		{"shipped", func(out string) pipeline.Options { return options(shippedConfig(t, out)) }, []func(int) bool{always}},
		{"from data", fromData(t), []func(int) bool{always, func(batch int) bool { return batch%2 == 0 }, func(batch int) bool { return batch == 2 }}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			held, err := pipeline.Run(t.Context(), tt.options(t.TempDir()))
			if err != nil {
				t.Fatal(err)
			}
			if held.Spilled != 0 {
				t.Errorf("without a limit %d bytes were moved to disk", held.Spilled)
			}
			want := hashes(t, held.Run.Dir)
			for i, when := range tt.when {
				out := t.TempDir()
				o := tt.options(out).Spilling(when)
				o.Threads = 3 - i
				spilled, err := pipeline.Run(t.Context(), o)
				if err != nil {
					t.Fatal(err)
				}
				if spilled.Spilled == 0 {
					t.Error("nothing was moved to disk")
				}
				sameFiles(t, fmt.Sprint("files ", i), hashes(t, spilled.Run.Dir), want)
				nothingTemporary(t, out)
			}
			if len(tt.when) == 1 {
				return
			}
			dir := t.TempDir()
			for i := range 3 {
				if _, err := pipeline.RunShard(t.Context(), tt.options("").Spilling(always), shard.Shard{I: i, N: 3}, dir); err != nil {
					t.Fatal(err)
				}
			}
			nothingTemporary(t, dir)
			merged, err := pipeline.Merge(t.Context(), tt.options(t.TempDir()), dir)
			if err != nil {
				t.Fatal(err)
			}
			sameFiles(t, "shards", hashes(t, merged.Run.Dir), want)
		})
	}
}

// A faultyFile fails at one of all writes and reads of a run, counted from 1.
type faultyFile struct {
	panel.SpillFile
	faults *spillFaults
}

type spillFaults struct{ writes, reads, write, read int }

func (f *faultyFile) Write(b []byte) (int, error) {
	if f.faults.writes++; f.faults.writes == f.faults.write {
		n, _ := f.SpillFile.Write(b[:len(b)/2])
		return n, syscall.ENOSPC
	}
	return f.SpillFile.Write(b)
}

func (f *faultyFile) ReadAt(b []byte, at int64) (int, error) {
	if f.faults.reads++; f.faults.reads == f.faults.read {
		return 0, syscall.EIO
	}
	return f.SpillFile.ReadAt(b, at)
}

// A disk that is full, or that gives nothing back, ends the run with an error that
// says so. What was published stands, nothing else is there.
func TestAFullDiskPublishesNothing(t *testing.T) {
	options := fromData(t)
	out := t.TempDir()
	run := func(faults *spillFaults) (*pipeline.Summary, error) {
		o := options(out).Spilling(always).WithFiles(func(f panel.SpillFile) panel.SpillFile { return &faultyFile{f, faults} })
		o.Threads, o.Again = 1, true
		return pipeline.Run(t.Context(), o)
	}
	sound := &spillFaults{}
	first, err := run(sound)
	if err != nil || sound.writes < 3 || sound.reads < 100 {
		t.Fatalf("%d writes, %d reads, %v", sound.writes, sound.reads, err)
	}
	before := hashes(t, first.Run.Dir)
	fails := func(what string, faults spillFaults, cause error) {
		t.Helper()
		s, err := run(&faults)
		if !errors.Is(err, panel.ErrSpill) || !errors.Is(err, cause) || s != nil {
			t.Errorf("%s: %v", what, err)
		}
		if runs, err := filepath.Glob(filepath.Join(out, "runs", "*")); err != nil || len(runs) != 1 || !maps.Equal(hashes(t, first.Run.Dir), before) {
			t.Errorf("%s: what was published has changed: %v", what, runs)
		}
		nothingTemporary(t, out)
	}
	for n := 1; n <= sound.writes; n++ {
		fails(fmt.Sprint("write ", n), spillFaults{write: n}, syscall.ENOSPC)
	}
	for n := 1; n <= sound.reads; n += 1 + sound.reads/20 {
		fails(fmt.Sprint("read ", n), spillFaults{read: n}, syscall.EIO)
	}
	fails("the last read", spillFaults{read: sound.reads}, syscall.EIO)
	if again, err := run(&spillFaults{}); err != nil || again.Run.ID != first.Run.ID {
		t.Errorf("the next run: %v", err)
	}
}

// A run that is stopped ends at the next batch or area, wherever it is, and leaves
// neither files nor another latest.
func TestAStoppedRunEndsAtOnce(t *testing.T) {
	options := fromData(t)
	for _, stage := range []string{"read polls.csv", "read strikes.csv", "join", "publish"} {
		out := t.TempDir()
		ctx, cancel := context.WithCancelCause(t.Context())
		stop := errors.New("stop")
		o := options(out).Spilling(always)
		calls := 0
		o.Notify = func(p pipeline.Progress) {
			if strings.TrimSpace(p.Stage+" "+p.Name) == stage {
				cancel(stop)
			}
			if ctx.Err() != nil {
				calls++
			}
		}
		_, err := pipeline.Run(ctx, o)
		if !errors.Is(err, context.Canceled) && !errors.Is(err, stop) {
			t.Errorf("%s: %v", stage, err)
		}
		if calls != 1 {
			t.Errorf("%s: it went on for %d steps", stage, calls)
		}
		nothingTemporary(t, out)
		if left, _ := filepath.Glob(filepath.Join(out, "*")); slices.ContainsFunc(left, func(name string) bool { return filepath.Base(name) == "latest" }) {
			t.Errorf("%s: something is published: %v", stage, left)
		}
		cancel(nil)
	}
}

// What cannot be moved to disk and is more than may be held is an error that names
// the flag.
func TestTooLittleMemoryNamesTheFlag(t *testing.T) {
	out := t.TempDir()
	o := fromData(t)(out)
	o.MaxMemory = 1
	_, err := pipeline.Run(t.Context(), o)
	if !errors.Is(err, pipeline.ErrMemory) || !strings.Contains(err.Error(), "--max-memory") {
		t.Errorf("%v", err)
	}
	nothingTemporary(t, out)
}

// A file that changes while it is read takes its source with it, also where its
// rows lie on disk already: the run is that of the other sources. Alone, it leaves
// nothing to publish.
func TestAFileThatChangesWhileItIsRead(t *testing.T) {
	polls, err := io.ReadAll(sample.EagleI(60))
	if err != nil {
		t.Fatal(err)
	}
	var temps bytes.Buffer
	temps.WriteString("area,ts,temp\n")
	start := time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 2 * normalize.BatchRows {
		fmt.Fprintf(&temps, "%d,%s,%.1f\n", sample.County(i%60), start.Add(time.Duration(i/60%800)*time.Hour).Format(time.RFC3339), float64(i%300)/10-20)
	}
	const pollSource = "  - {name: polls, table: outage_snapshot, format: csv, files: [polls.csv], tz: UTC, columns: {area_id: fips_code, run_utc: run_start_time, customers_out: customers_out}}\n"
	const tempSource = "  - {name: temps, table: temperature, format: csv, files: [temps.csv], columns: {area_id: area, time_utc: ts, t_c: temp}}\n"
	run := func(sources string, change bool, when func(int) bool) (*pipeline.Summary, string, error) {
		folder, out := t.TempDir(), t.TempDir()
		writeTo(t, folder, "polls.csv", polls)
		name := writeTo(t, folder, "temps.csv", temps.Bytes())
		old := time.Now().Add(-time.Hour)
		if err := os.Chtimes(name, old, old); err != nil {
			t.Fatal(err)
		}
		c, err := config.Read([]byte("period: {from: 2031-01-01, to: 2031-02-08}\nas_of: 2031-03-01T00:00:00Z\nareas: {from_data: true, tz: America/Chicago}\nexposure_day: true\nsources:\n"+sources), "hardship.yaml", normalize.ConfigFormats())
		if err != nil {
			t.Fatal(err)
		}
		c.Out = out
		o := pipeline.Options{Config: c, Files: os.DirFS(folder), Now: time.Date(2032, 1, 1, 0, 0, 0, 0, time.UTC), Program: pipeline.Program{Version: "test", SHA256: "test"}}.Spilling(when)
		o.Notify = func(p pipeline.Progress) {
			if change && p.Name == "temps.csv" {
				if err := os.Chtimes(name, time.Now(), time.Now()); err != nil {
					t.Error(err)
				}
			}
		}
		s, err := pipeline.Run(t.Context(), o)
		nothingTemporary(t, out)
		return s, out, err
	}
	never := func(int) bool { return false }
	others, _, err := run(pollSource, false, never)
	if err != nil {
		t.Fatal(err)
	}
	want := tablesOfAreas(t, others)
	for name, when := range map[string]func(int) bool{"held": never, "on disk": always} {
		got, _, err := run(tempSource+pollSource, true, when)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var placed *source.FileError
		if in := got.Inputs[0]; !errors.As(in.Err, &placed) || placed.Code != source.Unreadable {
			t.Errorf("%s: %v, %+v", name, in.Err, in.Counts)
		}
		for schema, made := range tablesOfAreas(t, got) {
			if made.Rows() == 0 && schema == "area_day" || !array.RecordEqual(made.Record(), want[schema].Record()) {
				t.Errorf("%s: %s is not that of the other sources", name, schema)
			}
		}
		_, out, err := run(tempSource, true, when)
		if !errors.Is(err, pipeline.ErrNoInput) || !errors.As(err, &placed) {
			t.Errorf("%s, alone: %v", name, err)
		}
		if _, err := os.Lstat(filepath.Join(out, "latest")); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s, alone: something is published", name)
		}
	}
}

func writeTo(t testing.TB, folder, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
