package pipeline_test

import (
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"hardship/pipeline"
	"hardship/pipeline/config"
	"hardship/pipeline/hour"
	"hardship/pipeline/store"
	"hardship/pipeline/table"
)

// Tables of areas that are chosen have the rows that they have among all others,
// alone and in shards; beside them is what says where they come from, and no report.
func TestChosenTablesAreThoseOfTheWholeRun(t *testing.T) {
	choosing := func(names ...string) func(out string) pipeline.Options {
		return func(out string) pipeline.Options {
			c := shippedConfig(t, out)
			c.Exposure = true
			first, end := hour.Date(2026, 1, 1), hour.Date(2026, 3, 1)
			if err := c.Override(config.Override{Tables: names, First: &first, End: &end}); err != nil {
				t.Fatal(err)
			}
			return options(c)
		}
	}
	whole, err := pipeline.Run(t.Context(), choosing()(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	cells := func(run *pipeline.Summary, name string) arrow.Record {
		schema, err := table.Find(table.Outputs, name)
		if err != nil {
			t.Fatal(err)
		}
		read, err := store.ReadTable(filepath.Join(run.Run.Dir, "tables", name+".parquet"), schema)
		if err != nil {
			t.Fatal(err)
		}
		return read.Record()
	}
	for _, names := range [][]string{{"area_day", "exposure_day"}, {"cold_spell"}, {"hardship", "queue_day", "reliability", "strike_night"}} {
		options := choosing(names...)
		run, err := pipeline.Run(t.Context(), options(t.TempDir()))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range append(slices.Clone(names), "coverage", "rejected", "data_dictionary") {
			if !array.RecordEqual(cells(run, name), cells(whole, name)) {
				t.Errorf("%v: %s is not that of the whole run", names, name)
			}
		}
		var files []string
		got := hashes(t, run.Run.Dir)
		for name := range got {
			files = append(files, name)
		}
		want := []string{"SHA256SUMS", "datapackage.json", "manifest.json"}
		for _, name := range append(slices.Clone(names), "coverage", "rejected", "assumption", "provenance", "data_dictionary") {
			want = append(want, "tables/"+name+".parquet")
		}
		slices.Sort(files)
		slices.Sort(want)
		if !slices.Equal(files, want) {
			t.Errorf("%v: the files are %v, want %v", names, files, want)
		}
		if len(names) != 2 {
			continue
		}
		dir := t.TempDir()
		shards(t, 3, dir, options)
		merged, err := pipeline.Merge(t.Context(), options(t.TempDir()), dir)
		if err != nil {
			t.Fatal(err)
		}
		if !maps.Equal(hashes(t, merged.Run.Dir), got) {
			t.Errorf("%v: three shards do not give the files of the single run", names)
		}
	}
}
