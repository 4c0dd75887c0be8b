package pipeline_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"hardship/pipeline"
	"hardship/pipeline/config"
	"hardship/pipeline/internal/sample"
	"hardship/pipeline/normalize"
	"hardship/pipeline/parquetfile"
	"hardship/pipeline/shard"
	"hardship/pipeline/source"
)

// hashes are the SHA-256 of the files of a run, by path.
func hashes(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		sum := sha256.Sum256(data)
		name, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(name)] = hex.EncodeToString(sum[:])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// sameFiles compares two runs, file by file.
func sameFiles(t testing.TB, what string, got, want map[string]string) {
	t.Helper()
	tables := 0
	for name, sum := range want {
		if got[name] != sum {
			t.Errorf("%s: %s has the SHA-256 %.12s, of the single run %.12s", what, name, got[name], sum)
		}
		if strings.HasPrefix(name, "tables/") {
			tables++
		}
	}
	if len(got) != len(want) || tables < 20 {
		t.Errorf("%s: %d files, of the single run %d, %d tables among them", what, len(got), len(want), tables)
	}
}

// fromData are options of a run whose areas come from its data: polls in the
// shape of EAGLE-I, and temperatures with several readings in an hour, in no order
// of time, some of them corrected later.
func fromData(t testing.TB) func(out string) pipeline.Options {
	t.Helper()
	polls, err := io.ReadAll(sample.EagleI(60))
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(5, 6))
	var temps, strikes, cuts bytes.Buffer
	temps.WriteString("area,ts,temp,wind,seen\n")
	strikes.WriteString("area,ts,weapon\n")
	start := time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 3_000 {
		at := start.Add(time.Duration(random.IntN(40*24*6)) * 10 * time.Minute)
		seen := ""
		if i%5 == 0 {
			seen = at.Add(time.Duration(random.IntN(100)) * time.Hour).Format(time.RFC3339)
		}
		fmt.Fprintf(&temps, "%d,%s,%.3f,%.2f,%s\n", sample.County(random.IntN(40)), at.Format(time.RFC3339), -20+25*random.Float64(), 30*random.Float64(), seen)
	}
	temps.WriteString("1001,soon,1,2,\n")
	for range 60 {
		fmt.Fprintf(&strikes, "%d,%s,drone\n", sample.County(random.IntN(60)), start.Add(time.Duration(random.IntN(40*24))*time.Hour).Format(time.RFC3339))
	}
	cuts.WriteString("id,area,from,to,customers,seen\n")
	for i := range 500 { // some are corrected, to another area too, some are open or of nobody knows how many
		at := start.Add(time.Duration(random.IntN(40*24*60)) * time.Minute)
		until, customers, seen := at.Add(time.Duration(1+random.IntN(3000))*time.Minute).Format(time.RFC3339), fmt.Sprint(random.IntN(5000)), ""
		if i%9 == 0 {
			until = ""
		}
		if i%7 == 0 {
			customers = ""
		}
		if i%3 == 0 {
			seen = at.Add(time.Duration(random.IntN(100)) * time.Hour).Format(time.RFC3339)
		}
		fmt.Fprintf(&cuts, "c%d,%d,%s,%s,%s,%s\n", random.IntN(400), sample.County(random.IntN(40)), at.Format(time.RFC3339), until, customers, seen)
	}
	files := fstest.MapFS{"cuts.csv": {Data: cuts.Bytes()}, "polls.csv": {Data: polls}, "temps.csv": {Data: temps.Bytes()}, "strikes.csv": {Data: strikes.Bytes()}}
	const text = `
period: {from: 2031-01-01, to: 2031-02-08}
areas: {from_data: true, tz: America/Chicago}
cold: {spells: [{tmean_below_c: -5, days: 2}]}
sources:
  - {name: temps,   table: temperature,     format: csv, files: [temps.csv],   columns: {area_id: area, time_utc: ts, t_c: temp, wind_kmh: wind, first_seen_utc: seen}}
  - {name: polls,   table: outage_snapshot, format: csv, files: [polls.csv],   tz: UTC, columns: {area_id: fips_code, run_utc: run_start_time, customers_out: customers_out}}
  - {name: strikes, table: strike,          format: csv, files: [strikes.csv], columns: {area_id: area, start_utc: ts, weapon: weapon}}
  - {name: cuts,    table: outage_interval, format: csv, files: [cuts.csv],    columns: {outage_id: id, area_id: area, start_utc: from, end_utc: to, customers: customers, first_seen_utc: seen}}
`
	return func(out string) pipeline.Options {
		c, err := config.Read([]byte(text), "hardship.yaml", normalize.ConfigFormats())
		if err != nil {
			t.Fatal(err)
		}
		c.Out = out
		return pipeline.Options{Config: c, Files: files, Areas: files, Now: time.Date(2032, 1, 1, 0, 0, 0, 0, time.UTC), Program: pipeline.Program{Version: "test", SHA256: "test"}}
	}
}

// shards runs all shards of n, two at a time.
func shards(t testing.TB, n int, dir string, options func(out string) pipeline.Options) {
	t.Helper()
	var group sync.WaitGroup
	two := make(chan struct{}, 2)
	for i := range n {
		two <- struct{}{}
		group.Go(func() {
			defer func() { <-two }()
			if _, err := pipeline.RunShard(t.Context(), options(""), shard.Shard{I: i, N: n}, dir); err != nil {
				t.Errorf("shard %d of %d: %v", i, n, err)
			}
		})
	}
	group.Wait()
}

// However many shards there are, they give the files of the single run.
func TestShardsGiveTheFilesOfTheSingleRun(t *testing.T) {
	for _, tt := range []struct {
		name    string
		options func(out string) pipeline.Options
		shards  []int // of the shipped data, 64 are run by .ci/run
	}{
		{"shipped", func(out string) pipeline.Options { return options(shippedConfig(t, out)) }, []int{1, 2, 7}},
		{"from data", fromData(t), []int{1, 2, 7, 64}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			options := tt.options
			single, err := pipeline.Run(t.Context(), options(t.TempDir()))
			if err != nil {
				t.Fatal(err)
			}
			want := hashes(t, single.Run.Dir)
			for _, n := range tt.shards {
				dir := t.TempDir()
				shards(t, n, dir, options)
				merged, err := pipeline.Merge(t.Context(), options(t.TempDir()), dir)
				if err != nil {
					t.Fatalf("%d shards: %v", n, err)
				}
				if merged.Run.ID != single.Run.ID {
					t.Errorf("%d shards: run %s, the single run is %s", n, merged.Run.ID, single.Run.ID)
				}
				sameFiles(t, fmt.Sprintf("%d shards", n), hashes(t, merged.Run.Dir), want)
			}
		})
	}
}

// What a merge cannot take is named by its place and code, and nothing is
// published.
func TestMergeNamesWhatIsWrongWithPartials(t *testing.T) {
	options := fromData(t)
	whole := t.TempDir()
	shards(t, 3, whole, options)
	const first, second = "shard-00000-of-00003", "shard-00001-of-00003"
	rewrite := func(t *testing.T, name, old, new string) {
		data, err := os.ReadFile(name)
		if err == nil && !strings.Contains(string(data), old) {
			err = fmt.Errorf("%s does not hold %q", name, old)
		}
		if err == nil {
			err = os.WriteFile(name, []byte(strings.Replace(string(data), old, new, 1)), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		name   string
		change func(t *testing.T, dir string, o *pipeline.Options) error
		code   source.Code
		says   string
	}{
		{"nothing there", func(t *testing.T, dir string, o *pipeline.Options) error {
			return os.RemoveAll(filepath.Join(dir, first))
		}, shard.Missing, "1 of 3 shards are missing: 0/3"},
		{"two missing", func(t *testing.T, dir string, o *pipeline.Options) error {
			return errors.Join(os.RemoveAll(filepath.Join(dir, first)), os.RemoveAll(filepath.Join(dir, "shard-00002-of-00003")))
		}, shard.Missing, "0/3, 2/3"},
		{"a copy", func(t *testing.T, dir string, o *pipeline.Options) error {
			return os.CopyFS(filepath.Join(dir, "copy of shard 1"), os.DirFS(filepath.Join(dir, second)))
		}, shard.Twice, "shard 1/3 is there twice, in copy of shard 1 and in " + second},
		{"of another number of shards", func(t *testing.T, dir string, o *pipeline.Options) error {
			_, err := pipeline.RunShard(t.Context(), options(""), shard.Shard{I: 1, N: 4}, dir)
			return err
		}, shard.Foreign, "shard 1/4"},
		{"of other settings", func(t *testing.T, dir string, o *pipeline.Options) error {
			other := options("")
			other.Config.ExtraLag = 9
			_, err := pipeline.RunShard(t.Context(), other, shard.Shard{I: 1, N: 3}, dir)
			return err
		}, shard.Foreign, "another configuration than " + first},
		{"of other inputs", func(t *testing.T, dir string, o *pipeline.Options) error {
			other := options("")
			files := fstest.MapFS{}
			for name, f := range other.Files.(fstest.MapFS) {
				files[name] = f
			}
			files["strikes.csv"] = &fstest.MapFile{Data: append(bytes.Clone(files["strikes.csv"].Data), "1001,2031-01-05T00:00:00Z,drone\n"...)}
			other.Files = files
			_, err := pipeline.RunShard(t.Context(), other, shard.Shard{I: 1, N: 3}, dir)
			return err
		}, shard.Foreign, "another set of inputs than " + first},
		{"of another program", func(t *testing.T, dir string, o *pipeline.Options) error {
			other := options("")
			other.Program.SHA256 = "other"
			_, err := pipeline.RunShard(t.Context(), other, shard.Shard{I: 1, N: 3}, dir)
			return err
		}, shard.Foreign, "another program than " + first},
		{"merged by another program", func(t *testing.T, dir string, o *pipeline.Options) error {
			o.Program.SHA256 = "other"
			return nil
		}, shard.Foreign, "the partials are of another program"},
		{"merged with other settings", func(t *testing.T, dir string, o *pipeline.Options) error {
			o.Config.MaxRejected = 0.9
			return nil
		}, shard.Foreign, "the partials are of another configuration"},
		{"of another version", func(t *testing.T, dir string, o *pipeline.Options) error {
			rewrite(t, filepath.Join(dir, second, "partial.json"), `"schema_version": "`+shard.SchemaVersion+`"`, `"schema_version": "99"`)
			return nil
		}, shard.Version, `of version "99"`},
		{"other counts", func(t *testing.T, dir string, o *pipeline.Options) error {
			rewrite(t, filepath.Join(dir, second, "partial.json"), `"rows_rejected": 1`, `"rows_rejected": 0`)
			return nil
		}, shard.Foreign, "differ from those of " + first},
		{"cut off", func(t *testing.T, dir string, o *pipeline.Options) error {
			return os.Truncate(filepath.Join(dir, second, "partial.json"), 100)
		}, source.Damaged, second + "/partial.json"},
		{"rows of another shard", func(t *testing.T, dir string, o *pipeline.Options) error {
			data, err := os.ReadFile(filepath.Join(dir, first, "rows.parquet"))
			return errors.Join(err, os.WriteFile(filepath.Join(dir, second, "rows.parquet"), data, 0o644))
		}, source.Damaged, second + "/rows.parquet: its SHA-256 is"},
		{"areas out of order", func(t *testing.T, dir string, o *pipeline.Options) error {
			reversed(t, filepath.Join(dir, second))
			return nil
		}, shard.Unsorted, second + "/rows.parquet: a row of area"},
		{"no rows", func(t *testing.T, dir string, o *pipeline.Options) error {
			return os.Remove(filepath.Join(dir, second, "rows.parquet"))
		}, source.Unreadable, second + "/rows.parquet"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir, out := t.TempDir(), filepath.Join(t.TempDir(), "out")
			if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
				t.Fatal(err)
			}
			o := options(out)
			if err := tt.change(t, dir, &o); err != nil {
				t.Fatal(err)
			}
			_, err := pipeline.Merge(t.Context(), o, dir)
			var at *source.FileError
			if !errors.As(err, &at) || at.Code != tt.code || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%v, want %s: %s", err, tt.code, tt.says)
			}
			if _, err := os.Lstat(filepath.Join(out, "latest")); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("something is published: %v", err)
			}
			if tt.code != shard.Unsorted { // which is found last
				if _, err := os.Lstat(out); !errors.Is(err, os.ErrNotExist) {
					t.Errorf("there is an output folder: %v", err)
				}
			}
		})
	}
}

// reversed puts the areas of a partial into the opposite order, as its header then
// says.
func reversed(t *testing.T, dir string) {
	t.Helper()
	name := filepath.Join(dir, "rows.parquet")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	file, err := parquetfile.Open(bytes.NewReader(data), int64(len(data)), name, parquetfile.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	columns := make([]string, shard.ResultSchema.NumFields())
	for i, f := range shard.ResultSchema.Fields() {
		columns[i] = f.Name
	}
	var parts []arrow.Record // rows of one area that follow one another
	for record, err := range file.Batches(columns, parquetfile.ReadOptions{}) {
		if err != nil {
			t.Fatal(err)
		}
		record.Retain()
		areas := record.Column(1).(*array.String)
		for from, to := 0, 0; from < int(record.NumRows()); from = to {
			for to = from; to < int(record.NumRows()) && areas.Value(to) == areas.Value(from); to++ {
			}
			parts = append(parts, record.NewSlice(int64(from), int64(to)))
		}
	}
	slices.SortStableFunc(parts, func(a, b arrow.Record) int {
		return strings.Compare(b.Column(1).(*array.String).Value(0), a.Column(1).(*array.String).Value(0))
	})
	var out bytes.Buffer
	err = parquetfile.Write(&out, shard.ResultSchema, func(yield func(arrow.Record, error) bool) {
		for _, part := range parts {
			if !yield(part, nil) {
				return
			}
		}
	}, parquetfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	header, err := os.ReadFile(filepath.Join(dir, "partial.json"))
	if err != nil {
		t.Fatal(err)
	}
	was, is := sha256.Sum256(data), sha256.Sum256(out.Bytes())
	header = bytes.Replace(header, []byte(hex.EncodeToString(was[:])), []byte(hex.EncodeToString(is[:])), 1)
	if err := errors.Join(os.WriteFile(name, out.Bytes(), 0o644), os.WriteFile(filepath.Join(dir, "partial.json"), header, 0o644)); err != nil {
		t.Fatal(err)
	}
}

// A shard that is stopped leaves nothing that a merge would take, and its next
// attempt nothing of the first.
func TestAStoppedShardLeavesNoPartial(t *testing.T) {
	options := fromData(t)
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	o := options("")
	o.Notify = func(p pipeline.Progress) {
		if p.Stage == "publish" {
			cancel()
		}
	}
	if _, err := pipeline.RunShard(ctx, o, shard.Shard{I: 0, N: 1}, dir); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that it was stopped", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("the folder holds %v, %v", left, err)
	}
	// As a killed process leaves it.
	if err := os.MkdirAll(filepath.Join(dir, ".tmp-shard-00000-of-00001-123", "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second replaces the first
		if _, err := pipeline.RunShard(t.Context(), options(""), shard.Shard{I: 0, N: 1}, dir); err != nil {
			t.Fatal(err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 || left[0].Name() != "shard-00000-of-00001" {
		t.Errorf("the folder holds %v, %v", left, err)
	}

	// A merge that is stopped does not look through all partials first.
	out := filepath.Join(t.TempDir(), "out")
	if _, err := pipeline.Merge(ctx, options(out), dir); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that it was stopped", err)
	}
	if _, err := os.Stat(out); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the merge went on: %v", err)
	}
}
