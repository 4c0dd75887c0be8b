package pipeline

import (
	"cmp"
	"fmt"
	"io"
	"iter"

	"github.com/apache/arrow/go/v17/arrow"

	"hardship/pipeline/internal/scratch"
	"hardship/pipeline/parquetfile"
	"hardship/pipeline/table"
)

// sortBytes is how much of a table is sorted in memory, if nobody says otherwise.
const sortBytes = 256 << 20

// A sorter puts the rows of a table, however many, into the order of its key.
// What does not fit into memory it sorts in runs, each a file without a name in a
// folder, which are merged.
type sorter struct {
	schema *table.Schema
	most   int64  // bytes held
	folder string // of the files

	held  []*table.Table
	bytes int64
	runs  []*scratch.File
}

// sorter returns one whose files lie in a folder.
func (o *Options) sorter(s *table.Schema, folder string) *sorter {
	return &sorter{schema: s, most: o.mostSorted(), folder: folder}
}

// mostSorted is how many bytes of rows are put in order at once.
func (o *Options) mostSorted() int64 {
	most := cmp.Or(o.sortBytes, sortBytes)
	if o.sortBytes == 0 && o.MaxMemory > 0 {
		most = min(most, max(1, o.MaxMemory/8)) // what is sorted is there twice, and written besides
	}
	return most
}

// add takes rows, in any order.
func (s *sorter) add(t *table.Table) error {
	s.held = append(s.held, t)
	if s.bytes += t.Bytes(); s.bytes < s.most {
		return nil
	}
	return s.spill()
}

// spill writes what is held as a run.
func (s *sorter) spill() error {
	sorted, err := s.sorted()
	if err != nil {
		return err
	}
	file, err := scratch.Create(s.folder, ".sorting-*")
	if err != nil {
		return err
	}
	s.runs = append(s.runs, file)
	if err := writeParquet(file, s.schema, one(sorted)); err != nil {
		return fmt.Errorf("write a sorted part of table %s: %w", s.schema.Name, err)
	}
	return nil
}

// sorted returns what is held in order, and holds it no more.
func (s *sorter) sorted() (*table.Table, error) {
	all := table.Concat(s.schema, s.held)
	s.held, s.bytes = nil, 0
	return all.Sorted()
}

// tables yields all rows in order, once. Two that share a key are an error.
func (s *sorter) tables() iter.Seq2[*table.Table, error] {
	return func(yield func(*table.Table, error) bool) {
		last, err := s.sorted()
		if err != nil {
			yield(nil, err)
			return
		}
		runs := []iter.Seq2[*table.Table, error]{one(last)}
		if len(s.runs) == 0 {
			yield(last, nil)
			return
		}
		for _, file := range s.runs {
			run, err := s.open(file)
			if err != nil {
				yield(nil, err)
				return
			}
			runs = append(runs, run)
		}
		table.Merge(s.schema, runs)(yield)
	}
}

// open reads a run again.
func (s *sorter) open(file *scratch.File) (iter.Seq2[*table.Table, error], error) {
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	run, err := parquetfile.Open(file, size, "sorted part of table "+s.schema.Name, parquetfile.Limits{})
	if err != nil {
		return nil, err
	}
	columns := make([]string, len(s.schema.Columns))
	for i, c := range s.schema.Columns {
		columns[i] = c.Name
	}
	return func(yield func(*table.Table, error) bool) {
		for record, err := range run.Batches(columns, parquetfile.ReadOptions{}) {
			if err != nil {
				yield(nil, err)
				return
			}
			record.Retain() // the row before is still compared with
			if !yield(table.NewCoded(s.schema, record.NumRows(), record.Columns()), nil) {
				return
			}
		}
	}, nil
}

// close gives up the files.
func (s *sorter) close() {
	for _, file := range s.runs {
		file.Close()
	}
	s.runs = nil
}

func one(t *table.Table) iter.Seq2[*table.Table, error] {
	return func(yield func(*table.Table, error) bool) { yield(t, nil) }
}

// writeParquet writes the rows of tables that are in order.
func writeParquet(w io.Writer, s *table.Schema, tables iter.Seq2[*table.Table, error]) error {
	batches := func(yield func(arrow.Record, error) bool) {
		for t, err := range tables {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(t.Record(), nil) {
				return
			}
		}
	}
	return parquetfile.Write(w, s.Arrow(), batches, parquetfile.Options{SortingColumns: s.Key})
}
