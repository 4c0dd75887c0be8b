// Package change finds what differs between two published runs: inputs, settings,
// headline numbers, and the tables cell by cell.
//
//  1. The manifests say which inputs differ, which settings, and whether another
//     program has run.
//  2. Tables whose files have one hash are equal. Of the others both are read in the
//     order of their key, a batch of each at a time, so that memory does not grow
//     with their rows.
//  3. What differs is listed, at most [Listed] changes a table, and the others are
//     counted, by kind and column.
//  4. A change is put down to a source where only that one can have made it.
//
// [Between] serves `hardship diff` and what a run says of the one before it. It
// verifies nothing: a damaged table is an error.
package change

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/store"
	"hardship/pipeline/table"
)

// Listed is how many changes of a table are listed.
const Listed = 10_000

// A Difference is what differs between two runs.
type Difference struct {
	Old, New  string // ids of the runs
	OldAsOf   string
	NewAsOf   string
	Program   bool // another build has run
	Inputs    []Input
	Settings  []Setting
	Headlines []Headline
	Tables    []Table      // those that differ
	Log       *table.Table // table.ChangeLog
}

// Equal reports whether nothing differs that was published.
func (d *Difference) Equal() bool {
	return len(d.Tables) == 0 && len(d.Headlines) == 0 && len(d.Inputs) == 0 && len(d.Settings) == 0 && !d.Program && d.OldAsOf == d.NewAsOf
}

// An Input is an input file that differs. Old or New is nil if only one run has it.
type Input struct {
	Source, Path string
	Old, New     *store.Input
}

// A Setting is a part of the configuration that differs, as JSON; "" where it is not.
type Setting struct{ Name, Old, New string }

// A Headline is a headline number of results.json that differs, in words; "" where
// a run has none.
type Headline struct{ Name, Old, New string }

// A Table says what differs of one table.
type Table struct {
	Name           string
	Kind           string // table_added, table_removed; "" for one that both runs have
	RowsAdded      int64
	RowsRemoved    int64
	RowsChanged    int64
	CellsChanged   int64
	ColumnsAdded   []string
	ColumnsRemoved []string
	Rows           int64 // of a table that one run has
	listed         int64
}

// MayList reports whether the key of a row that only the old run has may be listed
// in what a new run publishes; queue says whether it is a row of queues or logs. A nil
// MayList allows all.
type MayList func(id area.ID, day *hour.Day, queue bool) bool

// Between compares two runs, the folders of which are given.
func Between(ctx context.Context, oldDir, newDir string, may MayList) (*Difference, error) {
	c := &comparison{ctx: ctx, may: may, log: table.NewBuilder(table.ChangeLog)}
	for i, dir := range []string{oldDir, newDir} {
		var err error
		if c.runs[i], err = openRun(dir); err != nil {
			return nil, err
		}
	}
	old, new := &c.runs[0].manifest, &c.runs[1].manifest
	c.out = Difference{
		Old: old.Run, New: new.Run, OldAsOf: old.AsOf, NewAsOf: new.AsOf,
		Program: old.Version != new.Version || !maps.Equal(old.Modules, new.Modules),
		Inputs:  inputs(old.Inputs, new.Inputs),
	}
	var err error
	if c.out.Settings, err = settings(old.Config, new.Config); err != nil {
		return nil, err
	}
	if c.out.Headlines, err = headlines(oldDir, newDir); err != nil {
		return nil, err
	}
	c.fill(new.Config, old.Config)
	if err := c.tables(); err != nil {
		return nil, err
	}
	if c.out.Log, err = c.log.Table().Sorted(); err != nil {
		return nil, err
	}
	return &c.out, nil
}

// A run is what is known of one before its tables are read.
type run struct {
	dir      string
	manifest store.Manifest
	keys     map[string][]string // of tables
}

func openRun(dir string) (run, error) {
	r := run{dir: dir}
	var err error
	if r.manifest, err = store.ReadManifest(dir); err != nil {
		return r, err
	}
	r.keys, err = store.ReadKeys(dir)
	return r, err
}

func inputs(old, new []store.Input) []Input {
	type file struct{ source, path string }
	byFile := map[file][2]*store.Input{}
	for side, list := range [][]store.Input{old, new} {
		for i := range list {
			f := file{list[i].Source, list[i].Path}
			pair := byFile[f]
			pair[side] = &list[i]
			byFile[f] = pair
		}
	}
	var out []Input
	for f, pair := range byFile {
		if pair[0] == nil || pair[1] == nil || pair[0].SHA256 != pair[1].SHA256 {
			out = append(out, Input{f.source, f.path, pair[0], pair[1]})
		}
	}
	slices.SortFunc(out, func(a, b Input) int { return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Path, b.Path)) })
	return out
}

// settings compares the parts of two effective configurations.
func settings(old, new json.RawMessage) ([]Setting, error) {
	var parts [2]map[string]json.RawMessage
	for i, config := range []json.RawMessage{old, new} {
		if len(config) == 0 {
			continue
		}
		if err := json.Unmarshal(config, &parts[i]); err != nil {
			return nil, fmt.Errorf("settings of a manifest: %w", err)
		}
	}
	compact := func(m json.RawMessage) string {
		var b bytes.Buffer
		if len(m) == 0 || json.Compact(&b, m) != nil {
			return ""
		}
		return b.String()
	}
	names := maps.Clone(parts[0])
	if names == nil {
		names = map[string]json.RawMessage{}
	}
	maps.Copy(names, parts[1])
	var out []Setting
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if a, b := compact(parts[0][name]), compact(parts[1][name]); a != b {
			out = append(out, Setting{name, a, b})
		}
	}
	return out, nil
}
