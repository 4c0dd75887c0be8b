package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"hardship/pipeline/area"
	"hardship/pipeline/config"
	"hardship/pipeline/gate"
	"hardship/pipeline/panel"
	"hardship/pipeline/shard"
	"hardship/pipeline/table"
)

// smallTables are the canonical tables that every worker has all of: those that a
// pass reads and that are no input rows.
var smallTables = []*table.Schema{
	table.TemperatureDay, table.RecordSpan, table.SnapshotRun, table.OutageSchedule, table.SupplyInterval, table.Strike, table.Alert,
}

// numbersOfFile is how many rows of an input file have numbers of their own.
const numbersOfFile = 1 << 40

// PrepareWorkers reads every input and writes into a folder what workers need: the
// long rows as input rows, a file for each input, and the context, which is all that
// areas share. The context is written last and whole; after an error there is neither.
func PrepareWorkers(ctx context.Context, o Options, dir string) (summary *ShardSummary, err error) {
	if o.Config.AsOf != nil && o.Config.AsOf.Time().After(o.Now) {
		return nil, ErrFuture
	}
	for _, name := range []string{shard.ContextName, shard.InputName} { // of another time
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return nil, err
		}
	}
	inputs := openInputs(ctx, &o)
	defer inputs.Close()
	fingerprint := inputs.fingerprint(o)
	kept := &keeping{ctx: ctx, dir: filepath.Join(dir, shard.InputName), small: map[string][]*table.Table{}}
	defer func() {
		kept.stop()
		if err == nil {
			return
		}
		if left := os.RemoveAll(kept.dir); left != nil {
			err = errors.Join(err, left)
		}
	}()
	o.also = kept.take
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	defer o.spillTo(ctx, dir).close()
	read, rules, err := read(ctx, o, inputs, func(area.ID) bool { return false })
	if err == nil {
		err = kept.close()
	}
	if err != nil {
		return nil, err
	}
	for _, f := range read.failures {
		delete(kept.small, f.source)
		if err := kept.remove(f.source); err != nil {
			return nil, err
		}
	}
	o.notify(Progress{Stage: "join"})
	joined, err := read.join(rules)
	if err != nil {
		return nil, err
	}
	tables := joined.shared()
	for _, s := range smallTables {
		switch s {
		case table.SnapshotRun:
			tables = append(tables, read.panel.Runs()) // those of polls of areas too
		case table.RecordSpan:
			tables = append(tables, joined.passes.OutageSpans())
		default:
			tables = append(tables, table.Concat(s, kept.of(o.Config, s)))
		}
	}
	rows := kept.rows()
	if err := shard.WriteInput(ctx, filepath.Join(dir, shard.InputName, "outages.parquet"), outageRows(joined.passes, rows)); err != nil {
		return nil, err
	}
	opening := func(yield func(arrow.Record, error) bool) { yield(shard.OpeningRows(joined.areaIDs, rows), nil) }
	if err := shard.WriteInput(ctx, filepath.Join(dir, shard.InputName, "areas.parquet"), opening); err != nil {
		return nil, err
	}
	if err := shard.WriteContext(ctx, dir, joined.header(o, inputs.asRead(fingerprint)), tables); err != nil {
		return nil, err
	}
	return &ShardSummary{AsOf: rules.AsOf, Areas: len(joined.areaIDs), Inputs: joined.inputs}, nil
}

// outageRows yields the outages of all areas that count as input rows, and adds to the
// rows of areas how many they have.
func outageRows(passes *panel.Join, rows map[area.ID]int64) iter.Seq2[arrow.Record, error] {
	return func(yield func(arrow.Record, error) bool) {
		n := int64(0)
		for t, err := range passes.Outages() {
			if err != nil {
				yield(nil, err)
				return
			}
			rows[area.ID(t.String("area_id").Value(0))] += int64(t.Rows())
			if !yield(shard.InputRows(t, n), nil) {
				return
			}
			n += int64(t.Rows())
		}
	}
}

// keeping keeps the rows of every source as workers need them.
type keeping struct {
	ctx   context.Context
	dir   string
	small map[string][]*table.Table // by source, in the order in which they came
	files []*keptFile
	codes []int32 // scratch
}

// A keptFile is the input rows of one input, written as they come.
type keptFile struct {
	from  *inputFile
	name  string
	rows  int64
	of    map[area.ID]int64 // of each area; nil once the file has been removed
	next  chan arrow.Record // takes each batch
	taken chan struct{}     // says that it is no longer needed
	done  chan error
}

// take keeps one batch. It needs nothing of it afterwards but tables of small rows,
// which own their memory.
func (k *keeping) take(from *inputFile, t *table.Table) error {
	if t.Schema == table.OutageInterval {
		return nil // those that count are known once all have been read
	}
	if !shard.Streams(t.Schema) {
		k.small[from.Source.Name] = append(k.small[from.Source.Name], t)
		return nil
	}
	f := (*keptFile)(nil)
	if n := len(k.files); n > 0 && k.files[n-1].from == from {
		f = k.files[n-1]
	} else {
		f = k.open(from)
	}
	record := shard.InputRows(t, int64(len(k.files))*numbersOfFile+f.rows)
	f.rows += record.NumRows()
	f.count(t.Coded("area_id", &k.codes))
	select {
	case f.next <- record:
	case err := <-f.done:
		f.done <- err
		return err
	}
	select {
	case <-f.taken:
		return nil
	case err := <-f.done:
		f.done <- err
		return err
	}
}

func (k *keeping) open(from *inputFile) *keptFile {
	f := &keptFile{
		from: from, of: map[area.ID]int64{}, name: filepath.Join(k.dir, fmt.Sprintf("%05d.parquet", len(k.files)+1)),
		next: make(chan arrow.Record), taken: make(chan struct{}), done: make(chan error, 1),
	}
	k.files = append(k.files, f)
	go func() {
		f.done <- shard.WriteInput(k.ctx, f.name, func(yield func(arrow.Record, error) bool) {
			for record := range f.next {
				if !yield(record, nil) {
					return
				}
				f.taken <- struct{}{}
			}
		})
	}()
	return f
}

// count takes note of how many rows of each area there are.
func (f *keptFile) count(areas table.Coded) {
	counts := make([]int64, areas.Words.Len())
	for _, code := range areas.Codes {
		counts[code]++
	}
	for code, n := range counts {
		if id := area.ID(areas.Words.Value(code)); f.of[id] > 0 {
			f.of[id] += n
		} else if n > 0 {
			f.of[area.ID(strings.Clone(string(id)))] = n
		}
	}
}

// rows are the numbers of input rows of areas.
func (k *keeping) rows() map[area.ID]int64 {
	all := map[area.ID]int64{}
	for _, f := range k.files {
		for id, n := range f.of {
			all[id] += n
		}
	}
	return all
}

// close ends all files and returns the first error.
func (k *keeping) close() error {
	for _, f := range k.files {
		if f.next == nil {
			continue
		}
		close(f.next)
		f.next = nil
		if err := <-f.done; err != nil {
			return fmt.Errorf("write input rows: %w", err)
		}
	}
	return nil
}

// stop ends what an error has left open.
func (k *keeping) stop() {
	for _, f := range k.files {
		if f.next != nil {
			close(f.next)
			f.next = nil
			<-f.done
		}
	}
}

// remove takes back the input rows of a source that failed.
func (k *keeping) remove(source string) error {
	for _, f := range k.files {
		if f.from.Source.Name == source {
			if err := os.Remove(f.name); err != nil {
				return err
			}
			f.of = nil
		}
	}
	return nil
}

// of returns what was kept of a small table, in the order of the sources.
func (k *keeping) of(c *config.Config, s *table.Schema) []*table.Table {
	var all []*table.Table
	for _, from := range c.Sources {
		for _, t := range k.small[from.Name] {
			if t.Schema == s {
				all = append(all, t)
			}
		}
	}
	return all
}

// Work is a worker: it reads input rows from a stream, area by area, and writes
// result rows to another: see shard.Work. dir is the context that PrepareWorkers has
// written; configuration and program must be those of it.
func Work(ctx context.Context, o Options, dir string, in io.Reader, out io.Writer) error {
	header, tables, err := shard.ReadContext(dir, slices.Concat(sharedTables, smallTables))
	if err != nil {
		return err
	}
	o.Config = o.Config.Clone()
	shared := &shard.Collected{Header: header, Tables: tables}
	joined, err := fromPartials(o.Config, shared)
	if err != nil {
		return err
	}
	if err := shared.Check(dir, o.Program.SHA256, hashOf(effective(o.Config))); err != nil {
		return err
	}
	w := &worker{rules: joined.rules, panel: panel.NewInputs(joined.rules.Gazetteer, panelSettings(o, nil))}
	for _, s := range smallTables {
		if err := w.panel.Add(tables[s.Name]); err != nil {
			return err
		}
	}
	w.panel.SetAsOf(header.AsOf)
	if w.join, err = w.panel.Prepare(w.rules); err != nil {
		return fmt.Errorf("join: %w", err)
	}
	return shard.Work(ctx, in, out, header.Run(), w)
}

// A worker is the panel of a worker.
type worker struct {
	rules gate.Rules
	panel *panel.Inputs
	join  *panel.Join
}

func (w *worker) Known(id area.ID) bool {
	_, ok := w.rules.Gazetteer.Get(id)
	return ok
}

func (w *worker) Add(t *table.Table) error { return w.panel.Add(t) }

func (w *worker) Pass(id area.ID) ([]*table.Table, bool, error) {
	r, ok, err := w.join.Area(id)
	if err != nil || !ok {
		return nil, false, err
	}
	return r.Tables(), true, nil
}
