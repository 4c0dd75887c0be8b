package shard

import (
	"iter"
	"path/filepath"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"hardship/pipeline/area"
	"hardship/pipeline/panel"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

// ofShards yields the tables of one area after the other, each from the partial of
// the shard that owns it. In a partial areas follow one another in their order, so
// that one row group of every shard is held.
func (c *Collected) ofShards(yield func(*panel.Result, error) bool) {
	open := make([]*areaReader, len(c.shards))
	defer func() {
		for _, r := range open {
			if r != nil {
				r.stop()
				r.file.close()
			}
		}
	}()
	for _, id := range c.Header.Areas {
		i := owner(id, len(open))
		if open[i] == nil {
			file, err := openParquet(filepath.Join(c.shards[i], rowsName), nil, ResultSchema)
			if err != nil {
				yield(nil, err)
				return
			}
			open[i] = &areaReader{file: file}
			open[i].next, open[i].stop = iter.Pull2(file.records(ResultSchema))
		}
		result, err := open[i].area(id)
		if !yield(result, err) || err != nil {
			return
		}
	}
}

// An areaReader reads the result rows of one area after the other.
type areaReader struct {
	file   *parquet
	next   func() (arrow.Record, error, bool)
	stop   func()
	record arrow.Record
	at     int
}

// area returns the tables of an area, whose rows are the next.
func (r *areaReader) area(id area.ID) (*panel.Result, error) {
	parts := map[*table.Schema][]*table.Table{}
	for {
		if r.record == nil || r.at == int(r.record.NumRows()) {
			record, err, ok := r.next()
			switch {
			case err != nil:
				return nil, err
			case !ok:
				return nil, fault(r.file.shown, Incomplete, "it ends within area %s", source.Printable(string(id)))
			}
			record.Retain()
			r.record, r.at = record, 0
			continue
		}
		kinds, areas := stringsOf(r.record, 0), stringsOf(r.record, 1)
		if is := areas.Value(r.at); is != string(id) {
			return nil, fault(r.file.shown, Unsorted, "a row of area %s stands where one of area %s should", source.Printable(is), source.Printable(string(id)))
		}
		from, kind := r.at, kinds.Value(r.at)
		for r.at < int(r.record.NumRows()) && kinds.Value(r.at) == kind && areas.Value(r.at) == string(id) {
			r.at++
		}
		if kind == kindArea {
			return resultOf(r.file.shown, parts)
		}
		i := slices.IndexFunc(table.OfAreas, func(s *table.Schema) bool { return s.Name == kind })
		if i < 0 {
			return nil, fault(r.file.shown, Version, "there are rows of the unknown kind %q", source.Printable(kind))
		}
		t, err := tableOf(r.file.shown, table.OfAreas[i], r.record, from, r.at)
		if err != nil {
			return nil, err
		}
		parts[table.OfAreas[i]] = append(parts[table.OfAreas[i]], t)
	}
}

// resultOf puts the parts of an area's tables together.
func resultOf(file string, parts map[*table.Schema][]*table.Table) (*panel.Result, error) {
	result := &panel.Result{}
	for s, of := range parts {
		t, err := table.Concat(s, of).Sorted()
		if err != nil {
			return nil, fault(file, Twice, "%w", err)
		}
		result.Set(t)
	}
	return result, nil
}
