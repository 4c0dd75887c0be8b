package pipeline_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"hardship/pipeline"
	"hardship/pipeline/parquetfile"
	"hardship/pipeline/shard"
	"hardship/pipeline/source"
)

// An inputRow is a row of a batch of input rows.
type inputRow struct {
	batch      arrow.Record
	at         int
	area, kind string
	number     int64
}

// inputRows reads all input rows of a folder, in no order.
func inputRows(t *testing.T, dir string) []inputRow {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, shard.InputName, "*.parquet"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files of input rows, %v", len(files), err)
	}
	names := make([]string, shard.InputSchema.NumFields())
	for i, f := range shard.InputSchema.Fields() {
		names[i] = f.Name
	}
	var rows []inputRow
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parquetfile.Open(bytes.NewReader(data), int64(len(data)), name, parquetfile.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for batch, err := range file.Batches(names, parquetfile.ReadOptions{}) {
			if err != nil {
				t.Fatal(err)
			}
			batch.Retain()
			kinds, areas, numbers := batch.Column(0).(*array.String), batch.Column(1).(*array.String), batch.Column(2).(*array.Int64)
			for at := range int(batch.NumRows()) {
				rows = append(rows, inputRow{batch, at, areas.Value(at), kinds.Value(at), numbers.Value(at)})
			}
		}
	}
	return rows
}

// partition is the stream of every n-th area, from the i-th, sorted as the driver
// does it.
func partition(t *testing.T, rows []inputRow, i, n int) []byte {
	t.Helper()
	var own []inputRow
	for _, r := range rows {
		hash := fnv.New32()
		hash.Write([]byte(r.area))
		if int(hash.Sum32()%uint32(n)) == i {
			own = append(own, r)
		}
	}
	slices.SortFunc(own, func(a, b inputRow) int {
		return cmp.Or(strings.Compare(a.area, b.area), strings.Compare(a.kind, b.kind), cmp.Compare(a.number, b.number))
	})
	columns := make([]arrow.Array, shard.InputSchema.NumFields())
	for c := range columns {
		var cells []arrow.Array // stretches of rows that follow one another in their batch
		for from, to := 0, 0; from < len(own); from = to {
			for to = from + 1; to < len(own) && own[to].batch == own[from].batch && own[to].at == own[to-1].at+1; {
				to++
			}
			cells = append(cells, array.NewSlice(own[from].batch.Column(c), int64(own[from].at), int64(own[to-1].at+1)))
		}
		if len(cells) == 0 {
			columns[c] = array.MakeArrayOfNull(memory.DefaultAllocator, shard.InputSchema.Field(c).Type, 0)
			continue
		}
		var err error
		if columns[c], err = array.Concatenate(cells, memory.DefaultAllocator); err != nil {
			t.Fatal(err)
		}
	}
	all := array.NewRecord(shard.InputSchema, columns, int64(len(own)))
	var b bytes.Buffer
	w := ipc.NewWriter(&b, ipc.WithSchema(shard.InputSchema))
	const rowsOfBatch = 97 // areas begin and end within batches, and go on in the next
	for from := int64(0); from < all.NumRows(); from += rowsOfBatch {
		if err := w.Write(all.NewSlice(from, min(from+rowsOfBatch, all.NumRows()))); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// results yields the records of a stream of results, which must have its end.
func results(stream []byte) iter.Seq2[arrow.Record, error] {
	return func(yield func(arrow.Record, error) bool) {
		if !bytes.HasSuffix(stream, []byte{0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0}) {
			yield(nil, errors.New("the results have no end"))
			return
		}
		reader, err := ipc.NewReader(bytes.NewReader(stream))
		if err != nil {
			yield(nil, err)
			return
		}
		for reader.Next() {
			if !yield(reader.Record(), nil) {
				return
			}
		}
		if reader.Err() != nil {
			yield(nil, reader.Err())
		}
	}
}

// workers does by hand what the driver has a cluster do.
func workers(t *testing.T, o pipeline.Options, rows []inputRow, dir string, n int) {
	t.Helper()
	for i := range n {
		var out bytes.Buffer
		if err := pipeline.Work(t.Context(), o, dir, bytes.NewReader(partition(t, rows, i, n)), &out); err != nil {
			t.Fatalf("worker %d of %d: %v", i, n, err)
		}
		name := filepath.Join(dir, shard.ResultName, fmt.Sprintf("part-%05d.parquet", i))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(parquetfile.Write(f, shard.ResultSchema, results(out.Bytes()), parquetfile.Options{}), f.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

// prepared is a folder of what workers need, and the hashes of what the single run
// publishes.
func prepared(t *testing.T, options func(out string) pipeline.Options) (dir string, want map[string]string) {
	t.Helper()
	single, err := pipeline.Run(t.Context(), options(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	if _, err := pipeline.PrepareWorkers(t.Context(), options(""), dir); err != nil {
		t.Fatal(err)
	}
	return dir, hashes(t, single.Run.Dir)
}

// However the areas are dealt out among workers, they give the files of the single
// run.
func TestWorkersGiveTheFilesOfTheSingleRun(t *testing.T) {
	options := fromData(t)
	dir, want := prepared(t, options)
	rows := inputRows(t, dir)
	for _, n := range []int{1, 2, 7, 64} {
		if err := os.RemoveAll(filepath.Join(dir, shard.ResultName)); err != nil {
			t.Fatal(err)
		}
		workers(t, options(""), rows, dir, n)
		odd := dir + "[1-" // a name, and no pattern
		if err := os.Rename(dir, odd); err != nil {
			t.Fatal(err)
		}
		merged, err := pipeline.Merge(t.Context(), options(t.TempDir()), odd)
		if err := errors.Join(err, os.Rename(odd, dir)); err != nil {
			t.Fatalf("%d workers: %v", n, err)
		}
		sameFiles(t, fmt.Sprintf("%d workers", n), hashes(t, merged.Run.Dir), want)
	}

	// Results that are lost, or kept of two attempts, are named.
	result := filepath.Join(dir, shard.ResultName)
	parts, err := filepath.Glob(filepath.Join(result, "*.parquet"))
	if err != nil || len(parts) != 64 {
		t.Fatalf("%d results, %v", len(parts), err)
	}
	data, err := os.ReadFile(parts[5])
	if err != nil {
		t.Fatal(err)
	}
	merge := func(code source.Code, says string) {
		t.Helper()
		_, err := pipeline.Merge(t.Context(), options(t.TempDir()), dir)
		var at *source.FileError
		if !errors.As(err, &at) || at.Code != code || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %s: %s", err, code, says)
		}
	}
	if err := os.WriteFile(filepath.Join(result, "part-again.parquet"), data, 0o644); err != nil {
		t.Fatal(err)
	}
	merge(shard.Twice, "is there twice, in "+filepath.ToSlash(parts[5]))
	if err := errors.Join(os.Remove(filepath.Join(result, "part-again.parquet")), os.Remove(parts[5])); err != nil {
		t.Fatal(err)
	}
	merge(shard.Missing, "areas are missing")
	if err := os.WriteFile(parts[5], data[:len(data)/2], 0o644); err != nil {
		t.Fatal(err)
	}
	merge(source.Damaged, filepath.ToSlash(parts[5]))
}

// A worker takes the context of its own program and configuration, and rows of areas
// that the run has.
func TestAWorkerRefusesAnotherRunsContext(t *testing.T) {
	options := fromData(t)
	dir := t.TempDir()
	if _, err := pipeline.PrepareWorkers(t.Context(), options(""), dir); err != nil {
		t.Fatal(err)
	}
	stream := partition(t, inputRows(t, dir), 0, 1)
	work := func(o pipeline.Options, dir string) error {
		return pipeline.Work(t.Context(), o, dir, bytes.NewReader(stream), io.Discard)
	}
	program, settings := options(""), options("")
	program.Program.SHA256 = "other"
	settings.Config.ExtraLag = 5
	shards := t.TempDir()
	if _, err := pipeline.RunShard(t.Context(), options(""), shard.Shard{I: 0, N: 1}, shards); err != nil {
		t.Fatal(err)
	}
	for what, tt := range map[string]struct {
		err  error
		code source.Code
	}{
		"another program":       {work(program, dir), shard.Foreign},
		"another configuration": {work(settings, dir), shard.Foreign},
		"a shard":               {work(options(""), filepath.Join(shards, "shard-00000-of-00001")), shard.Foreign},
		"nothing":               {work(options(""), t.TempDir()), source.Unreadable},
	} {
		var at *source.FileError
		if !errors.As(tt.err, &at) || at.Code != tt.code {
			t.Errorf("%s: %v, want %s", what, tt.err, tt.code)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := pipeline.Work(ctx, options(""), dir, bytes.NewReader(stream), io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that it was stopped", err)
	}
	if err := work(options(""), dir); err != nil {
		t.Error(err)
	}
}

// What workers have made of other inputs, settings or another program lies where their
// results of today are looked for, and is not taken for them.
func TestResultsOfAnotherRunAreForeign(t *testing.T) {
	options := fromData(t)
	dir := t.TempDir()
	for _, tt := range []struct {
		name  string
		other func(*pipeline.Options)
	}{
		{"another program", func(o *pipeline.Options) { o.Program.SHA256 = "other" }},
		{"other settings", func(o *pipeline.Options) { o.Config.ExtraLag = 5 }},
	} {
		if _, err := pipeline.PrepareWorkers(t.Context(), options(""), dir); err != nil {
			t.Fatal(err)
		}
		workers(t, options(""), inputRows(t, dir), dir, 2)
		next := options("")
		tt.other(&next)
		if _, err := pipeline.PrepareWorkers(t.Context(), next, dir); err != nil {
			t.Fatal(err)
		}
		next.Config.Out = t.TempDir()
		var at *source.FileError
		if _, err := pipeline.Merge(t.Context(), next, dir); !errors.As(err, &at) || at.Code != shard.Foreign || !strings.Contains(at.File, shard.ResultName) {
			t.Errorf("%s: %v, want %s", tt.name, err, shard.Foreign)
		}
	}
}

// Input rows that were lost on their way to the workers are missed by them.
func TestInputRowsThatAreLostAreMissed(t *testing.T) {
	options := fromData(t)
	dir := t.TempDir()
	if _, err := pipeline.PrepareWorkers(t.Context(), options(""), dir); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, shard.InputName, "*.parquet"))
	if err != nil || len(files) != 4 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, lost := range files {
		aside := filepath.Join(t.TempDir(), "lost.parquet")
		if err := os.Rename(lost, aside); err != nil {
			t.Fatal(err)
		}
		var at *source.FileError
		if err := pipeline.Work(t.Context(), options(""), dir, bytes.NewReader(partition(t, inputRows(t, dir), 0, 1)), io.Discard); !errors.As(err, &at) || at.Code != shard.Incomplete {
			t.Errorf("without %s: %v, want %s", filepath.Base(lost), err, shard.Incomplete)
		}
		if err := os.Rename(aside, lost); err != nil {
			t.Fatal(err)
		}
	}
}

// Whoever is stopped while it writes what workers need leaves nothing of it.
func TestAStoppedPreparationLeavesNothing(t *testing.T) {
	options := fromData(t)
	dir := t.TempDir()
	for _, stage := range []string{"read", "join"} {
		ctx, cancel := context.WithCancel(t.Context())
		o := options("")
		o.Notify = func(p pipeline.Progress) {
			if p.Stage == stage && p.Name != "temps.csv" { // a file of input rows is there by then
				cancel()
			}
		}
		if _, err := pipeline.PrepareWorkers(ctx, o, dir); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want that it was stopped", stage, err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("%s: the folder holds %v, %v", stage, left, err)
		}
	}
}

// A source of which one file fails is left out of the rows of workers as it is of a
// run.
func TestWorkersLeaveOutASourceThatFails(t *testing.T) {
	options := fromData(t)
	failing := func(out string) pipeline.Options {
		o := options(out)
		o.Config.Sources[0].Files = append(o.Config.Sources[0].Files, "nowhere.csv")
		return o
	}
	single, err := pipeline.Run(t.Context(), failing(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if _, err := pipeline.PrepareWorkers(t.Context(), failing(""), dir); err != nil {
		t.Fatal(err)
	}
	workers(t, failing(""), inputRows(t, dir), dir, 2)
	merged, err := pipeline.Merge(t.Context(), failing(t.TempDir()), dir)
	if err != nil {
		t.Fatal(err)
	}
	sameFiles(t, "without the source", hashes(t, merged.Run.Dir), hashes(t, single.Run.Dir))
}
