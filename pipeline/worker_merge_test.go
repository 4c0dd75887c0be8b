package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"hardship/pipeline"
	"hardship/pipeline/panel"
	"hardship/pipeline/parquetfile"
	"hardship/pipeline/shard"
)

// shuffled deals the result rows of a folder out among n files, in any order.
func shuffled(t *testing.T, dir string, n int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, shard.ResultName, "*.parquet"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d results, %v", len(files), err)
	}
	columns := make([][]arrow.Array, shard.ResultSchema.NumFields())
	for _, name := range files {
		for row := range resultRows(t, name) {
			for c := range columns {
				columns[c] = append(columns[c], row.Column(c))
			}
		}
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	random.Shuffle(len(columns[0]), func(i, j int) {
		for c := range columns {
			columns[c][i], columns[c][j] = columns[c][j], columns[c][i]
		}
	})
	for i := range n {
		from, to := len(columns[0])*i/n, len(columns[0])*(i+1)/n
		whole := make([]arrow.Array, len(columns))
		for c := range columns {
			if whole[c], err = array.Concatenate(columns[c][from:to], memory.DefaultAllocator); err != nil {
				t.Fatal(err)
			}
		}
		f, err := os.Create(filepath.Join(dir, shard.ResultName, fmt.Sprintf("shuffled-%d.parquet", i)))
		if err != nil {
			t.Fatal(err)
		}
		record := array.NewRecord(shard.ResultSchema, whole, int64(to-from))
		rows := func(yield func(arrow.Record, error) bool) { yield(record, nil) }
		if err := errors.Join(parquetfile.Write(f, shard.ResultSchema, rows, parquetfile.Options{}), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

// resultRows yields the rows of a file one by one.
func resultRows(t *testing.T, name string) func(yield func(arrow.Record) bool) {
	return func(yield func(arrow.Record) bool) {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		file, err := parquetfile.Open(f, info.Size(), name, parquetfile.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, field := range shard.ResultSchema.Fields() {
			names = append(names, field.Name)
		}
		for record, err := range file.Batches(names, parquetfile.ReadOptions{}) {
			if err != nil {
				t.Fatal(err)
			}
			for row := range record.NumRows() {
				if !yield(record.NewSlice(row, row+1)) {
					return
				}
			}
		}
	}
}

// However little of the workers' results a merge may hold, and in whatever order their
// rows lie in whatever files, it gives the files of the single run. A disk that is full
// or broken, and a run that is stopped, publish nothing and leave nothing.
func TestAMergeOfWorkersHoldsWhatItMay(t *testing.T) {
	options := fromData(t)
	dir, want := prepared(t, options)
	workers(t, options(""), inputRows(t, dir), dir, 3)
	spilled := map[bool]bool{}
	merges := func(what string, most ...int64) {
		t.Helper()
		for _, most := range most {
			out := t.TempDir()
			merged, err := pipeline.Merge(t.Context(), options(out).Sorting(most), dir)
			if err != nil {
				t.Fatalf("%s, %d bytes: %v", what, most, err)
			}
			spilled[merged.Spilled > 0] = true
			sameFiles(t, fmt.Sprintf("%s, %d bytes", what, most), hashes(t, merged.Run.Dir), want)
			nothingTemporary(t, out)
		}
	}
	merges("as workers give them", 1)
	shuffled(t, dir, 2)
	merges("shuffled", 400_000, 1<<30)
	if !spilled[true] || !spilled[false] {
		t.Errorf("some merges hold all, some do not: %v", spilled)
	}

	out := t.TempDir()
	faulty := func(faults *spillFaults) (*pipeline.Summary, error) {
		o := options(out).Sorting(1).Spilling(always).WithFiles(func(f panel.SpillFile) panel.SpillFile { return &faultyFile{f, faults} })
		o.Again = true
		return pipeline.Merge(t.Context(), o, dir)
	}
	sound := &spillFaults{}
	first, err := faulty(sound)
	if err != nil || sound.writes < 2 || sound.reads < 2 {
		t.Fatalf("%d writes, %d reads, %v", sound.writes, sound.reads, err)
	}
	before := hashes(t, first.Run.Dir)
	stands := func(what string) {
		t.Helper()
		if runs, err := filepath.Glob(filepath.Join(out, "runs", "*")); err != nil || len(runs) != 1 || !maps.Equal(hashes(t, first.Run.Dir), before) {
			t.Errorf("%s: what was published has changed: %v", what, runs)
		}
		nothingTemporary(t, out)
	}
	for _, tt := range []struct {
		faults spillFaults
		cause  error
	}{{spillFaults{write: 1}, syscall.ENOSPC}, {spillFaults{write: sound.writes}, syscall.ENOSPC}, {spillFaults{read: 1}, syscall.EIO}, {spillFaults{read: sound.reads}, syscall.EIO}} {
		if s, err := faulty(&tt.faults); !errors.Is(err, panel.ErrSpill) || !errors.Is(err, tt.cause) || s != nil {
			t.Errorf("%+v: %v", tt.faults, err)
		}
		stands(fmt.Sprintf("%+v", tt.faults))
	}
	stop := errors.New("stop")
	ctx, cancel := context.WithCancelCause(t.Context())
	o := options(out).Sorting(1).Spilling(always).WithFiles(func(f panel.SpillFile) panel.SpillFile {
		cancel(stop) // as soon as there is a file
		return f
	})
	o.Again = true
	if _, err := pipeline.Merge(ctx, o, dir); !errors.Is(err, stop) && !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	stands("stopped")
	if again, err := faulty(&spillFaults{}); err != nil || again.Run.ID != first.Run.ID || again.Spilled == 0 {
		t.Errorf("the next merge: %v", err)
	}
}
