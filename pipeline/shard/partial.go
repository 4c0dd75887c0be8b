package shard

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/panel"
	"hardship/pipeline/parquetfile"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

// A Header says what a partial is of. All of it but Shard and Rows is the same in
// every partial of one run: what differs is foreign.
type Header struct {
	Version    string             `json:"schema_version"`
	Program    string             `json:"program_sha256"`
	Config     string             `json:"config_sha256"`
	Inputs     string             `json:"inputs_sha256"` // over inputs and settings, as in a run's manifest
	AsOf       hour.Instant       `json:"as_of_us"`      // microseconds since 1970, UTC
	Files      []File             `json:"files"`
	Failures   []Failure          `json:"failures"`
	Areas      []area.ID          `json:"areas"`      // that have rows in the run, in order
	Suppressed map[area.ID]string `json:"suppressed"` // areas left out, and why
	Tables     map[string]Content `json:"tables"`     // that every process makes, by name

	Shard *Shard   `json:"shard,omitempty"` // nil for the context of workers, which has the columns of their streams
	Rows  *Content `json:"rows,omitempty"`  // result rows of the shard's areas

	InputColumns  [][2]string `json:"input_columns,omitempty"` // name and type
	ResultColumns [][2]string `json:"result_columns,omitempty"`
}

// A File is an input, or an area table, and what became of its rows.
type File struct {
	Source     string `json:"source"`
	Path       string `json:"path"`
	Area       bool   `json:"area,omitempty"` // it is an area table
	Table      string `json:"table,omitempty"`
	Format     string `json:"format"`
	Recognised string `json:"recognised_by,omitempty"`
	Bytes      int64  `json:"bytes"`
	SHA256     string `json:"sha256,omitempty"`
	Read       int64  `json:"rows_read"`
	Kept       int64  `json:"rows_kept"`
	Rejected   int64  `json:"rows_rejected"`
	Error      string `json:"error,omitempty"`
}

// A Failure is a source that could not be used.
type Failure struct {
	Source string `json:"source"`
	Error  string `json:"error"`
}

// A Content is the rows and the hash of a Parquet file of a partial.
type Content struct {
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256"`
}

const (
	headerName = "partial.json"
	rowsName   = "rows.parquet"
	temporary  = ".tmp-"

	// ContextName is the folder of what every worker needs, within that of the
	// partials; InputName that of input rows, ResultName that of the workers'
	// results.
	ContextName = "context"
	InputName   = "input"
	ResultName  = "result"
)

// name is the folder of a shard's partial.
func (s Shard) name() string { return fmt.Sprintf("shard-%05d-of-%05d", s.I, s.N) }

// resultGroupRows is how many rows a row group of result rows has: merge holds one of
// every shard, with all columns of all tables.
const resultGroupRows = 1 << 10

// recordRows is how many rows of a partial are read at once: result rows have more than
// a hundred columns.
const recordRows = 16 << 10

// WriteShard writes the partial of a shard into a folder, whole or not at all: a
// process that is killed leaves a folder .tmp-* that nobody reads and the next
// attempt of the shard removes. One that is there already is replaced. results are
// those of the shard's areas, in their order.
func WriteShard(ctx context.Context, dir string, s Shard, h Header, tables []*table.Table, results iter.Seq2[*panel.Result, error]) error {
	h.Shard = &s
	var own []area.ID
	for _, id := range h.Areas {
		if s.Owns(id) {
			own = append(own, id)
		}
	}
	return write(ctx, dir, s.name(), h, tables, func(w *writer, h *Header) error {
		content, err := w.parquet(rowsName, ResultSchema, resultGroupRows, func(yield func(arrow.Record, error) bool) {
			i, run := 0, h.Run()
			for result, err := range results {
				if err != nil {
					yield(nil, err)
					return
				}
				for _, record := range ResultRows(run, own[i:i+1], result.Tables()) {
					if !yield(record, nil) {
						return
					}
				}
				i++
			}
		})
		h.Rows = &content
		return err
	})
}

// WriteContext writes what workers need beside their input rows, in the same way.
func WriteContext(ctx context.Context, dir string, h Header, tables []*table.Table) error {
	h.InputColumns, h.ResultColumns = columnsOf(InputSchema), columnsOf(ResultSchema)
	return write(ctx, dir, ContextName, h, tables, func(*writer, *Header) error { return nil })
}

func write(ctx context.Context, dir, name string, h Header, tables []*table.Table, more func(*writer, *Header) error) (err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	there, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, dead := range there {
		if !strings.HasPrefix(dead.Name(), temporary+name+"-") {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, dead.Name())); err != nil {
			return err
		}
	}
	aside, err := os.MkdirTemp(dir, temporary+name+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("write partial: %w", err), os.RemoveAll(aside))
		}
	}()
	if err := os.Chmod(aside, 0o755); err != nil {
		return err
	}
	w := &writer{ctx: ctx, dir: aside}
	h.Version, h.Tables = SchemaVersion, map[string]Content{}
	for _, t := range tables {
		content, err := w.parquet(t.Schema.Name+".parquet", t.Schema.Arrow(), 0, func(yield func(arrow.Record, error) bool) {
			for from, n := int64(0), int64(t.Rows()); from < n; from += parquetfile.MaxBatchRows {
				if !yield(t.Record().NewSlice(from, min(from+parquetfile.MaxBatchRows, n)), nil) {
					return
				}
			}
		})
		if err != nil {
			return err
		}
		h.Tables[t.Schema.Name] = content
	}
	if err := more(w, &h); err != nil {
		return err
	}
	encoded, err := json.MarshalIndent(h, "", "  ")
	if err != nil {
		return err
	}
	if _, err := w.file(headerName, func(f io.Writer) error {
		_, err := f.Write(append(encoded, '\n'))
		return err
	}); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	return settle(dir, aside, name)
}

// settle moves a folder to its place, in the place of what is there.
func settle(dir, aside, name string) error {
	target := filepath.Join(dir, name)
	old := aside + "-old"
	if err := os.Rename(target, old); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := errors.Join(syncFolder(aside), os.Rename(aside, target), syncFolder(dir)); err != nil {
		return err
	}
	return os.RemoveAll(old)
}

func syncFolder(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// A writer writes the files of a partial.
type writer struct {
	ctx context.Context
	dir string
}

// parquet writes a file in row groups of so many rows; 0 for as many as are usual.
func (w *writer) parquet(name string, s *arrow.Schema, groupRows int, batches iter.Seq2[arrow.Record, error]) (Content, error) {
	var c Content
	sum, err := w.file(name, func(f io.Writer) error {
		return parquetfile.Write(f, s, func(yield func(arrow.Record, error) bool) {
			for record, err := range batches {
				if w.ctx.Err() != nil {
					yield(nil, context.Cause(w.ctx))
					return
				}
				if err == nil {
					c.Rows += record.NumRows()
				}
				if !yield(record, err) {
					return
				}
			}
		}, parquetfile.Options{Metadata: map[string]string{versionKey: SchemaVersion}, RowGroupRows: groupRows, Fast: true})
	})
	c.SHA256 = sum
	return c, err
}

// file writes and syncs one file, and returns its SHA-256.
func (w *writer) file(name string, write func(io.Writer) error) (string, error) {
	f, err := os.OpenFile(filepath.Join(w.dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	err = write(io.MultiWriter(f, sum))
	if err == nil {
		err = f.Sync()
	}
	return hex.EncodeToString(sum.Sum(nil)), errors.Join(err, f.Close())
}

// WriteInput writes a file of input rows. batches may reuse a record's memory once
// the next is asked for.
func WriteInput(ctx context.Context, name string, batches iter.Seq2[arrow.Record, error]) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	_, err := (&writer{ctx: ctx}).parquet(name, InputSchema, 0, batches)
	return err
}

// maxHeaderBytes bounds partial.json.
const maxHeaderBytes = 1 << 30

// readHeader reads the header of a partial.
func readHeader(dir string) (Header, error) {
	name := path.Join(filepath.ToSlash(dir), headerName)
	f, err := os.Open(filepath.Join(dir, headerName))
	if err != nil {
		return Header{}, &source.FileError{File: name, Code: source.Unreadable, Err: cause(err)}
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxHeaderBytes))
	if err != nil {
		return Header{}, &source.FileError{File: name, Code: source.Unreadable, Err: cause(err)}
	}
	var version struct {
		Version string `json:"schema_version"`
	}
	var h Header
	err = json.Unmarshal(content, &version)
	if err == nil && version.Version != SchemaVersion {
		return h, fault(name, Version, "the partial is of version %q, this program knows version %s", source.Printable(version.Version), SchemaVersion)
	}
	if err == nil {
		decoder := json.NewDecoder(bytes.NewReader(content))
		decoder.DisallowUnknownFields()
		err = decoder.Decode(&h)
	}
	if err != nil {
		return h, fault(name, source.Damaged, "%w", err)
	}
	if h.Shard != nil && (h.Shard.N < 1 || h.Shard.I < 0 || h.Shard.I >= h.Shard.N) {
		return h, fault(name, source.Damaged, "there is no shard %v", *h.Shard)
	}
	return h, nil
}

// ReadContext reads what PrepareWorkers has written for workers, from its own
// folder or from the one it lies in, and the tables of those schemas.
func ReadContext(dir string, schemas []*table.Schema) (Header, map[string]*table.Table, error) {
	if _, err := os.Stat(filepath.Join(dir, ContextName, headerName)); err == nil {
		dir = filepath.Join(dir, ContextName)
	}
	h, err := readHeader(dir)
	if err == nil && h.Shard != nil {
		err = fault(dir, Foreign, "it is the partial of shard %v, not the context of workers", *h.Shard)
	}
	if err != nil {
		return h, nil, err
	}
	tables, err := readTables(dir, h, schemas)
	return h, tables, err
}

func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// readTables reads the tables that every process has made of those schemas, by
// name, and compares their hashes.
func readTables(dir string, h Header, schemas []*table.Schema) (map[string]*table.Table, error) {
	tables := map[string]*table.Table{}
	for _, s := range schemas {
		want, ok := h.Tables[s.Name]
		if !ok {
			return nil, fault(path.Join(filepath.ToSlash(dir), headerName), Incomplete, "there is no table %s", s.Name)
		}
		var parts []*table.Table
		name := filepath.Join(dir, s.Name+".parquet")
		err := readParquet(name, &want, s.Arrow(), func(record arrow.Record) error {
			for i, c := range s.Columns {
				if !c.Null && record.Column(i).NullN() > 0 {
					return fault(name, NullKey, "column %s holds a null", c.Name)
				}
			}
			parts = append(parts, table.New(s, record))
			return nil
		})
		if err != nil {
			return nil, err
		}
		tables[s.Name] = table.Concat(s, parts)
	}
	return tables, nil
}

// readParquet yields the records of a file in the columns of a schema. want is nil
// where the file's rows and hash are not known beforehand.
func readParquet(name string, want *Content, s *arrow.Schema, yield func(arrow.Record) error) error {
	file, err := openParquet(name, want, s)
	if err != nil {
		return err
	}
	defer file.close()
	for record, err := range file.records(s) {
		if err != nil {
			return err
		}
		record.Retain()
		if err := yield(record); err != nil {
			return err
		}
	}
	return nil
}

// A parquet is an open file of a partial.
type parquet struct {
	*parquetfile.File
	shown string
	file  *os.File
}

func (f *parquet) close() { _ = f.file.Close() } // it was opened for reading

// openParquet opens a file that has the columns of a schema, and compares its rows and
// hash with those that its header counts; want may be nil.
func openParquet(name string, want *Content, s *arrow.Schema) (*parquet, error) {
	f := &parquet{shown: filepath.ToSlash(name)}
	err := f.open(name, want, s)
	if err != nil && f.file != nil {
		f.close()
	}
	return f, err
}

func (f *parquet) open(name string, want *Content, s *arrow.Schema) (err error) {
	if f.file, err = os.Open(name); err != nil {
		return &source.FileError{File: f.shown, Code: source.Unreadable, Err: cause(err)}
	}
	info, err := f.file.Stat()
	if err != nil {
		return &source.FileError{File: f.shown, Code: source.Unreadable, Err: cause(err)}
	}
	if want != nil {
		sum := sha256.New()
		if _, err := io.Copy(sum, f.file); err != nil {
			return &source.FileError{File: f.shown, Code: source.Unreadable, Err: cause(err)}
		}
		if is := hex.EncodeToString(sum.Sum(nil)); is != want.SHA256 {
			return fault(f.shown, source.Damaged, "its SHA-256 is %s, in %s it is %s", is, headerName, source.Printable(want.SHA256))
		}
	}
	if f.File, err = parquetfile.Open(f.file, info.Size(), f.shown, parquetfile.Limits{}); err != nil {
		return &source.FileError{File: f.shown, Code: source.Damaged, Err: err}
	}
	for _, field := range s.Fields() {
		if len(f.Schema().FieldIndices(field.Name)) != 1 {
			return fault(f.shown, Version, "there is no column %s, or more than one", field.Name)
		}
	}
	if want != nil && f.NumRows() != want.Rows {
		return fault(f.shown, Incomplete, "it has %d rows, in %s there are %d", f.NumRows(), headerName, want.Rows)
	}
	return nil
}

// records yields the rows in the columns of a schema, each record until the next is
// asked for.
func (f *parquet) records(s *arrow.Schema) iter.Seq2[arrow.Record, error] {
	names := make([]string, len(s.Fields()))
	for i, field := range s.Fields() {
		names[i] = field.Name
	}
	return func(yield func(arrow.Record, error) bool) {
		for record, err := range f.Batches(names, parquetfile.ReadOptions{BatchRows: recordRows}) {
			if err != nil {
				err = &source.FileError{File: f.shown, Code: source.Damaged, Err: err}
			} else {
				record, err = arrange(f.shown, s, record)
			}
			if !yield(record, err) || err != nil {
				return
			}
		}
	}
}

// Run returns the hash by which result rows are known: of all that must be the same in
// every partial of a run.
func (h Header) Run() string {
	sum := sha256.Sum256([]byte(h.same()))
	return hex.EncodeToString(sum[:])
}

// same returns a header as it must be in every partial of a run.
func (h Header) same() string {
	h.Shard, h.Rows = nil, nil
	encoded, err := json.Marshal(h)
	if err != nil {
		panic(fmt.Sprintf("shard: header as JSON: %v", err))
	}
	// Bytes that are not UTF-8 are written as an escape, and as a character once read.
	return strings.ReplaceAll(string(encoded), `\ufffd`, "\ufffd")
}

// texts of a column.
func stringsOf(record arrow.Record, i int) *array.String { return record.Column(i).(*array.String) }

// hidden reports whether a name is of something that is not finished, or none of
// ours: as Spark and this package call it.
func hidden(name string) bool { return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") }
