package pipeline

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strconv"

	"hardship/pipeline/area"
	"hardship/pipeline/config"
	"hardship/pipeline/normalize"
	"hardship/pipeline/table"
)

// A NormalizeSummary is what Normalize has read and written.
type NormalizeSummary struct {
	Inputs   []Input
	Rejected []normalize.Rejection
	Files    []string // written, relative to the folder
}

// ErrTerms is the refusal to write rows that their publisher does not let
// others pass on.
var ErrTerms = errors.New("`hardship run` reads the file and publishes what it counts; leave the source out of `normalize`")

// Normalize reads the publishers' files of a configuration and writes the
// canonical tables, sorted by key and of areas only, into a folder, with counts.csv and
// rejected.csv beside them. The same files give the same bytes. Files are
// replaced one by one, each whole; a source that cannot be read is an error.
//
// Tables that are too large for memory are sorted in parts, on the disk of the
// folder; the parts are gone when it ends, however it does.
func Normalize(ctx context.Context, o Options, to string) (*NormalizeSummary, error) {
	files := openInputs(ctx, &o)
	defer files.Close()
	for _, s := range o.Config.Sources {
		if terms := normalize.Terms(s.Format); terms != "" {
			return nil, fmt.Errorf("source %s: %s: %w", s.Name, terms, ErrTerms)
		}
	}
	summary := &NormalizeSummary{}
	folder, err := makeRoot(to)
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	writeAll := func(name string, s *table.Schema, tables iter.Seq2[*table.Table, error]) error {
		summary.Files = append(summary.Files, name)
		return replaceFile(folder, name, func(w io.Writer) error { return encode(w, name, s, tables) })
	}
	write := func(name string, t *table.Table) error {
		return writeAll(name, t.Schema, func(yield func(*table.Table, error) bool) { yield(t, nil) })
	}

	ground := ground{}
	if ground.gazetteer, err = normalizeAreas(ctx, o, files, summary, write); err != nil {
		return nil, err
	}
	if ground.boundaries, err = files.readBoundaries(o.Config, ground.gazetteer); err != nil {
		return nil, err
	}
	for _, f := range files.boundaries {
		summary.Inputs = append(summary.Inputs, f.Input)
	}
	places := newPointSources(o, ground)
	for i := range o.Config.Sources {
		s := &o.Config.Sources[i]
		if s.Table == table.Area {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := o.normalizeOne(ctx, files, ground, s, places, summary, to, writeAll); err != nil {
			return nil, err
		}
	}
	for i := range o.Config.Sources {
		s := &o.Config.Sources[i]
		if !places.holds(s) {
			continue
		}
		made := o.sorter(table.Temperature, to)
		err := places.areas(s, made.add)
		if err == nil {
			err = writeAll(areaFile(s), table.Temperature, made.tables())
		}
		made.close()
		if err != nil {
			return nil, err
		}
	}
	if err := replaceFile(folder, "counts.csv", func(w io.Writer) error { _, err := w.Write(countsCSV(summary.Inputs)); return err }); err != nil {
		return nil, err
	}
	summary.Files = append(summary.Files, "counts.csv")
	rejects := (&reading{rejects: summary.Rejected}).rejected()
	return summary, write("rejected.csv", rejects)
}

// normalizeOne writes the tables of one source. Its points go to places, which
// make areas of them once all sources have been read.
func (o *Options) normalizeOne(ctx context.Context, files *inputFiles, ground ground, s *config.Source, places *pointSources, summary *NormalizeSummary, to string, write func(string, *table.Schema, iter.Seq2[*table.Table, error]) error) error {
	sorters := map[*table.Schema]*sorter{}
	defer func() {
		for _, one := range sorters {
			one.close()
		}
	}()
	if !ofPoints(s) {
		sorters[s.Table] = o.sorter(s.Table, to)
	}
	for _, f := range files.sources {
		if f.Source != s {
			continue
		}
		if f.Err != nil {
			return f.Err
		}
		sink := ground.sink(s)
		sink.Source.Folder = to
		sink.Emit = func(t *table.Table) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := o.withinMemory("read " + f.Path); err != nil {
				return err
			}
			if ofPoints(s) {
				return places.add(f, sink, t)
			}
			if sorters[t.Schema] == nil {
				sorters[t.Schema] = o.sorter(t.Schema, to)
			}
			return sorters[t.Schema].add(t)
		}
		if err := normalize.Read(sink, s.Format, f.at); err != nil {
			return err
		}
		f.Counts = sink.Counts
		summary.Inputs = append(summary.Inputs, f.Input)
		summary.Rejected = append(summary.Rejected, sink.Rejected...)
	}
	for _, schema := range table.Inputs {
		if sorters[schema] == nil {
			continue
		}
		if err := write(canonicalFile(s, schema), schema, sorters[schema].tables()); err != nil {
			return fmt.Errorf("source %s: %w", s.Name, err)
		}
	}
	return nil
}

// areaFile names the file of the temperatures of areas that a source of points
// makes.
func areaFile(s *config.Source) string {
	if s.To != "" {
		return s.To
	}
	return path.Join(s.Name, table.Temperature.Name+".parquet")
}

// canonicalFile names the file of a source's table: the one that the
// configuration gives, and beside it those of tables that go with it.
func canonicalFile(s *config.Source, schema *table.Schema) string {
	to := s.To
	if to == "" {
		to = path.Join(s.Name, s.Table.Name+".parquet")
	}
	if schema != s.Table {
		to = path.Join(path.Dir(to), schema.Name+path.Ext(to))
	}
	return to
}

// normalizeAreas reads the area tables. Those of the configuration's reference
// files and sources are written too.
func normalizeAreas(ctx context.Context, o Options, files *inputFiles, summary *NormalizeSummary, write func(string, *table.Table) error) (*area.Gazetteer, error) {
	if o.Config.Areas.FromData {
		return nil, nil
	}
	var all []*table.Table
	bySource := map[*config.Source][]*table.Table{}
	if len(o.Config.Areas.Reference) > 0 {
		made, err := normalizeReference(ctx, o, summary)
		if err != nil {
			return nil, err
		}
		if err := write(ShippedAreas, made); err != nil {
			return nil, err
		}
		all = append(all, made)
	}
	for _, f := range files.areas {
		read, rejected, err := f.readAreas()
		if err == nil && len(rejected) > 0 {
			err = rejected[0].ParseError
		}
		if err != nil {
			return nil, err
		}
		all = append(all, read)
		bySource[f.Source] = append(bySource[f.Source], read)
		summary.Inputs = append(summary.Inputs, f.Input)
	}
	for i := range o.Config.Sources {
		s := &o.Config.Sources[i]
		if s.Table != table.Area {
			continue
		}
		sorted, err := table.Concat(table.Area, bySource[s]).Sorted()
		if err != nil {
			return nil, fmt.Errorf("source %s: %w", s.Name, err)
		}
		if err := write(canonicalFile(s, table.Area), sorted); err != nil {
			return nil, err
		}
	}
	return gazetteerOf(all)
}

// normalizeReference makes an area table of the configuration's reference files.
func normalizeReference(ctx context.Context, o Options, summary *NormalizeSummary) (*table.Table, error) {
	from := &config.Source{Name: areaSource, Table: table.Area}
	var reference normalize.AreaFiles
	for _, name := range o.Config.Areas.Reference {
		f := openInput(ctx, o.Files, from, name, o.Config.Limits)
		if f.Err != nil {
			return nil, f.Err
		}
		sink := &normalize.Sink{Source: &normalize.Source{Name: from.Name, Table: table.Area}}
		r, err := f.at.Reader()
		if err == nil {
			err = reference.Read(sink, r, f.Path)
		}
		f.file.Close()
		if err != nil {
			return nil, err
		}
		f.Counts = sink.Counts
		summary.Inputs = append(summary.Inputs, f.Input)
		summary.Rejected = append(summary.Rejected, sink.Rejected...)
	}
	var tables []*table.Table
	sink := &normalize.Sink{
		Source: &normalize.Source{Name: from.Name, Table: table.Area},
		Emit:   func(t *table.Table) error { tables = append(tables, t); return nil },
	}
	if err := reference.Emit(sink); err != nil {
		return nil, err
	}
	return table.Concat(table.Area, tables).Sorted()
}

// encode writes tables that are in order in the form that the name's ending says.
func encode(w io.Writer, name string, s *table.Schema, tables iter.Seq2[*table.Table, error]) error {
	switch path.Ext(name) {
	case ".csv":
		return table.WriteTablesCSV(w, s, tables)
	case ".parquet":
		return writeParquet(w, s, tables)
	}
	return errors.New("a canonical file ends in .csv or .parquet")
}

// countsCSV lists what became of every row of every file.
func countsCSV(inputs []Input) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"source_id", "table", "file", "bytes", "sha256", "rows_read", "rows_kept", "rows_rejected"})
	for _, in := range inputs {
		n := func(v int64) string { return strconv.FormatInt(v, 10) }
		w.Write([]string{in.Source.Name, in.table(), in.Path, n(in.Bytes), in.SHA256, n(in.Counts.Read), n(in.Counts.Kept), n(in.Counts.Rejected)})
	}
	w.Flush()
	return b.Bytes()
}

// makeRoot opens a folder, making it if need be.
func makeRoot(name string) (*os.Root, error) {
	if err := os.MkdirAll(name, 0o755); err != nil {
		return nil, err
	}
	return os.OpenRoot(name)
}

// replaceFile writes a file aside and renames it into place.
func replaceFile(folder *os.Root, name string, write func(io.Writer) error) error {
	if !fs.ValidPath(name) {
		return fmt.Errorf("%q is not a path below the folder", name)
	}
	if err := folder.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	aside := filepath.FromSlash(name + ".tmp")
	file, err := folder.OpenFile(aside, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	err = write(file)
	if closing := file.Close(); err == nil {
		err = closing
	}
	if err != nil {
		folder.Remove(aside)
		return fmt.Errorf("write %s: %w", name, err)
	}
	return folder.Rename(aside, filepath.FromSlash(name))
}
