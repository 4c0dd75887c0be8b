package shard

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"hardship/pipeline/area"
	"hardship/pipeline/panel"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

// Collected is what the partials of a folder hold together.
type Collected struct {
	Header Header                  // what all of them say
	Tables map[string]*table.Table // that every process has made, by name

	dir     string
	shards  []string          // folders of the shards, by number; nil for workers
	results []string          // files of the workers
	bytes   map[area.ID]int64 // of an area's rows there, about
}

// Results yields the tables of one area after the other, in the order of areas, once.
// They are read as they are asked for.
func (c *Collected) Results(h Holding) iter.Seq2[*panel.Result, error] {
	if c.shards != nil {
		return c.ofShards
	}
	return c.ofWorkers(h)
}

// Collect reads the partials of a folder: those of shards, or the context of
// workers and their results. Every shard must be there once, be of the same
// inputs, settings and program, and hold the rows that its header counts; every
// area must be there once. What is missing, twice or foreign is named.
//
// schemas are those of the tables to be read beside the results.
func Collect(ctx context.Context, dir string, schemas []*table.Schema) (*Collected, error) {
	folders, err := folders(dir)
	if err != nil {
		return nil, err
	}
	if slices.Contains(folders, ContextName) {
		return collectWorkers(ctx, dir, folders, schemas)
	}
	var first Header
	var shards []string // by number, the folder
	for i, name := range folders {
		at := filepath.Join(dir, name)
		h, err := readHeader(at)
		switch {
		case err != nil:
			return nil, err
		case h.Shard == nil || h.Rows == nil:
			return nil, fault(at, source.Damaged, "%s names no shard", headerName)
		case i == 0:
			first, shards = h, make([]string, h.Shard.N)
		case h.Shard.N != first.Shard.N:
			return nil, fault(at, Foreign, "it is shard %v, and %s is shard %v", *h.Shard, folders[0], *first.Shard)
		}
		if err := sameRun(at, folders[0], first, h); err != nil {
			return nil, err
		}
		if other := shards[h.Shard.I]; other != "" {
			return nil, fault(at, Twice, "shard %v is there twice, in %s and in %s", *h.Shard, other, name)
		}
		shards[h.Shard.I] = name
	}
	var missing []string
	for i, name := range shards {
		if name == "" {
			missing = append(missing, Shard{i, len(shards)}.String())
		}
	}
	switch {
	case len(folders) == 0:
		return nil, fault(dir, Missing, "there is no partial")
	case len(missing) > 0:
		return nil, fault(dir, Missing, "%d of %d shards are missing: %s", len(missing), len(shards), some(missing))
	}
	g := newGathering(first)
	for i, name := range shards {
		at := filepath.Join(dir, name)
		h, err := readHeader(at)
		if err != nil {
			return nil, err
		}
		g.owns = Shard{i, len(shards)}.Owns
		if err := g.count(ctx, filepath.Join(at, rowsName), h.Rows); err != nil {
			return nil, err
		}
		shards[i] = at
	}
	c, err := g.collected(dir, shards[0], first, schemas)
	if err == nil {
		c.shards = shards
	}
	return c, err
}

// folders are the folders in dir that are of somebody's partials.
func folders(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, &source.FileError{File: dir, Code: source.Unreadable, Err: cause(err)}
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() && !hidden(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// sameRun compares what two partials say of their run.
func sameRun(at, with string, a, b Header) error {
	for _, one := range []struct{ what, a, b string }{
		{"program", a.Program, b.Program},
		{"configuration", a.Config, b.Config},
		{"set of inputs", a.Inputs, b.Inputs},
		{"as-of", a.AsOf.String(), b.AsOf.String()},
	} {
		if one.a != one.b {
			return fault(at, Foreign, "it is of another %s than %s: %s, not %s", one.what, with, short(one.b), short(one.a))
		}
	}
	if a.same() != b.same() {
		return fault(at, Foreign, "its counts, areas or small tables differ from those of %s, though inputs and settings are the same: an input may have changed while it was read", with)
	}
	return nil
}

// Check compares the partials with the program and configuration that merge them.
func (c *Collected) Check(dir, program, config string) error {
	switch h := c.Header; {
	case h.Program != program:
		return fault(dir, Foreign, "the partials are of another program: %s, not %s", short(h.Program), short(program))
	case h.Config != config:
		return fault(dir, Foreign, "the partials are of another configuration: %s, not %s", short(h.Config), short(config))
	}
	return nil
}

func short(hash string) string { return source.Printable(hash[:min(len(hash), 20)]) }

// some lists the first of names.
func some(names []string) string {
	const most = 10
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}

// collectWorkers reads the results of workers.
func collectWorkers(ctx context.Context, dir string, folders []string, schemas []*table.Schema) (*Collected, error) {
	for _, name := range folders {
		if name != ContextName && name != InputName && name != ResultName {
			return nil, fault(filepath.Join(dir, name), Foreign, "it lies among the partials of workers")
		}
	}
	context := filepath.Join(dir, ContextName)
	h, err := readHeader(context)
	if err != nil {
		return nil, err
	}
	results, err := os.ReadDir(filepath.Join(dir, ResultName)) // and no pattern, which the folder's name might be
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, &source.FileError{File: dir, Code: source.Unreadable, Err: cause(err)}
	}
	g := newGathering(h)
	var names []string
	for _, e := range results {
		name := filepath.Join(dir, ResultName, e.Name())
		if hidden(e.Name()) || filepath.Ext(name) != ".parquet" {
			continue
		}
		if err := g.count(ctx, name, nil); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	c, err := g.collected(dir, context, h, schemas)
	if err == nil {
		c.results, c.bytes = names, g.bytes
	}
	return c, err
}

// A gathering takes note of what files of result rows hold.
type gathering struct {
	run   string // by which its rows are known
	known map[area.ID]bool
	owns  func(area.ID) bool // of the shard that is read; nil for workers
	in    map[area.ID]string // file with the closing row of an area
	want  map[area.ID]int64  // rows that it counts
	rows  map[area.ID]int64  // that were read
	bytes map[area.ID]int64  // that they take, about
}

func newGathering(h Header) *gathering {
	g := &gathering{run: h.Run(), known: map[area.ID]bool{}, in: map[area.ID]string{}, want: map[area.ID]int64{}, rows: map[area.ID]int64{}, bytes: map[area.ID]int64{}}
	for _, id := range h.Areas {
		g.known[id] = true
	}
	return g
}

// count takes note of the rows of one file, which are read when they are asked for.
func (g *gathering) count(ctx context.Context, name string, want *Content) error {
	file, err := openParquet(name, want, ResultSchema)
	if err != nil {
		return err
	}
	defer file.close()
	for record, err := range file.records(placeSchema) {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err == nil {
			err = g.countRows(file.shown, record)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// placeSchema are the columns that say what a result row is of.
var placeSchema = arrow.NewSchema(ResultSchema.Fields()[:4], nil)

func (g *gathering) countRows(shown string, record arrow.Record) error {
	kinds, areas, counts, runs := stringsOf(record, 0), stringsOf(record, 1), record.Column(2).(*array.Int64), stringsOf(record, 3)
	if kinds.NullN() > 0 || areas.NullN() > 0 {
		return fault(shown, NullKey, "a row has no kind or no area_id")
	}
	n := int(record.NumRows())
	for from := 0; from < n; {
		kind, to := kinds.Value(from), from
		var width int64
		if kind != kindArea {
			i := slices.IndexFunc(table.OfAreas, func(s *table.Schema) bool { return s.Name == kind })
			if i < 0 {
				return fault(shown, Version, "there are rows of the unknown kind %q", source.Printable(kind))
			}
			width = rowBytes(table.OfAreas[i])
		}
		for ; to < n && kinds.Value(to) == kind; to++ {
			id := area.ID(areas.Value(to))
			if err := g.row(shown, kind, id); err != nil {
				return err
			}
			if _, ok := g.rows[id]; !ok || kind == kindArea {
				id = area.ID(strings.Clone(string(id)))
			}
			if kind == kindArea {
				if is := runs.Value(to); is != g.run {
					return fault(shown, Foreign, "area %s was passed over for another run: of another program, configuration or set of inputs", source.Printable(string(id)))
				}
				g.in[id], g.want[id] = shown, counts.Value(to)
			} else {
				g.rows[id]++
				g.bytes[id] += width
			}
		}
		from = to
	}
	return nil
}

// rowBytes is what a row of a table takes in memory, about.
func rowBytes(s *table.Schema) (bytes int64) {
	for _, c := range s.Columns {
		if fixed, ok := c.Type.Arrow().(arrow.FixedWidthDataType); ok {
			bytes += int64(fixed.BitWidth()+7) / 8
		} else {
			bytes += 16
		}
	}
	return bytes
}

// row checks that a row may be in a file.
func (g *gathering) row(file, kind string, id area.ID) error {
	switch {
	case !g.known[id]:
		return fault(file, Foreign, "area %s is not of this run", source.Printable(string(id)))
	case g.owns != nil && !g.owns(id):
		return fault(file, Foreign, "area %s is not of this shard", source.Printable(string(id)))
	case g.in[id] != "" && kind == kindArea:
		return fault(file, Twice, "area %s is there twice, in %s and here", source.Printable(string(id)), g.in[id])
	}
	return nil
}

// collected checks that every area is there and whole.
func (g *gathering) collected(dir, first string, h Header, schemas []*table.Schema) (*Collected, error) {
	var missing []string
	for _, id := range h.Areas {
		switch {
		case g.in[id] == "":
			missing = append(missing, source.Printable(string(id)))
		case g.rows[id] != g.want[id]:
			return nil, fault(g.in[id], Incomplete, "area %s has %d rows, not %d", source.Printable(string(id)), g.rows[id], g.want[id])
		}
	}
	if len(missing) > 0 {
		return nil, fault(dir, Missing, "%d of %d areas are missing: %s", len(missing), len(h.Areas), some(missing))
	}
	tables, err := readTables(first, h, schemas)
	if err != nil {
		return nil, err
	}
	return &Collected{Header: h, Tables: tables, dir: dir}, nil
}
