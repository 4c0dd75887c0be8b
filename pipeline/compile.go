package pipeline

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strconv"

	"github.com/apache/arrow/go/v17/arrow"

	"hardship/pipeline/area"
	"hardship/pipeline/config"
	"hardship/pipeline/normalize"
	"hardship/pipeline/parquetfile"
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
func Normalize(ctx context.Context, o Options, to string) (*NormalizeSummary, error) {
	files := openInputs(&o)
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
	write := func(name string, t *table.Table) error {
		data, err := encode(name, t)
		if err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		summary.Files = append(summary.Files, name)
		return replaceFile(folder, name, data)
	}

	ground := ground{}
	if ground.gazetteer, err = normalizeAreas(o, files, summary, write); err != nil {
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
		tables := map[*table.Schema][]*table.Table{}
		if !ofPoints(s) {
			tables[s.Table] = nil
		}
		for _, f := range files.sources {
			if f.Source != s {
				continue
			}
			if f.Err != nil {
				return nil, f.Err
			}
			sink := ground.sink(s)
			sink.Emit = func(t *table.Table) error {
				if ofPoints(s) {
					return places.add(f, sink, t)
				}
				tables[t.Schema] = append(tables[t.Schema], t)
				return nil
			}
			if err := normalize.Read(sink, s.Format, f.at); err != nil {
				return nil, err
			}
			f.Counts = sink.Counts
			summary.Inputs = append(summary.Inputs, f.Input)
			summary.Rejected = append(summary.Rejected, sink.Rejected...)
		}
		for _, schema := range table.Inputs {
			parts, ok := tables[schema]
			if !ok {
				continue
			}
			sorted, err := table.Concat(schema, parts).Sorted()
			if err != nil {
				return nil, fmt.Errorf("source %s: %w", s.Name, err)
			}
			if err := write(canonicalFile(s, schema), sorted); err != nil {
				return nil, err
			}
		}
	}
	for i := range o.Config.Sources {
		s := &o.Config.Sources[i]
		if !places.holds(s) {
			continue
		}
		var made []*table.Table
		if err := places.areas(s, func(t *table.Table) error { made = append(made, t); return nil }); err != nil {
			return nil, err
		}
		sorted, err := table.Concat(table.Temperature, made).Sorted()
		if err != nil {
			return nil, fmt.Errorf("source %s: %w", s.Name, err)
		}
		if err := write(areaFile(s), sorted); err != nil {
			return nil, err
		}
	}
	if err := replaceFile(folder, "counts.csv", countsCSV(summary.Inputs)); err != nil {
		return nil, err
	}
	summary.Files = append(summary.Files, "counts.csv")
	rejects := (&reading{rejects: summary.Rejected}).rejected()
	return summary, write("rejected.csv", rejects)
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
func normalizeAreas(o Options, files *inputFiles, summary *NormalizeSummary, write func(string, *table.Table) error) (*area.Gazetteer, error) {
	if o.Config.Areas.FromData {
		return nil, nil
	}
	var all []*table.Table
	bySource := map[*config.Source][]*table.Table{}
	if len(o.Config.Areas.Reference) > 0 {
		made, err := normalizeReference(o, summary)
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
func normalizeReference(o Options, summary *NormalizeSummary) (*table.Table, error) {
	from := &config.Source{Name: areaSource, Table: table.Area}
	var reference normalize.AreaFiles
	for _, name := range o.Config.Areas.Reference {
		f := openInput(o.Files, from, name, o.Config.Limits)
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

// encode writes a table in the form that the name's ending says.
func encode(name string, t *table.Table) ([]byte, error) {
	var b bytes.Buffer
	switch path.Ext(name) {
	case ".csv":
		err := table.WriteCSV(&b, t)
		return b.Bytes(), err
	case ".parquet":
		var batches iter.Seq2[arrow.Record, error] = func(yield func(arrow.Record, error) bool) { yield(t.Record(), nil) }
		err := parquetfile.Write(&b, t.Schema.Arrow(), batches, parquetfile.Options{SortingColumns: t.Schema.Key})
		return b.Bytes(), err
	}
	return nil, errors.New("a canonical file ends in .csv or .parquet")
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
func replaceFile(folder *os.Root, name string, data []byte) error {
	if !fs.ValidPath(name) {
		return fmt.Errorf("%q is not a path below the folder", name)
	}
	if err := folder.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	aside := name + ".tmp"
	if err := folder.WriteFile(filepath.FromSlash(aside), data, 0o644); err != nil {
		return err
	}
	return folder.Rename(filepath.FromSlash(aside), filepath.FromSlash(name))
}
