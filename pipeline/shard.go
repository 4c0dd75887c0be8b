package pipeline

import (
	"context"
	"errors"
	"os"
	"slices"

	"hardship/pipeline/config"
	"hardship/pipeline/gate"
	"hardship/pipeline/hour"
	"hardship/pipeline/normalize"
	"hardship/pipeline/shard"
	"hardship/pipeline/store"
	"hardship/pipeline/table"
)

// besides are the tables beside those of areas that every partial holds.
var besides = []*table.Schema{table.EnergyReport, table.ProxyDay, table.ContextPeriod}

// sharedTables are all tables that every partial holds.
var sharedTables = slices.Concat([]*table.Schema{table.Area, table.Claim, table.Rejected}, besides)

// A ShardSummary is what a shard has to say for itself.
type ShardSummary struct {
	Shard  shard.Shard
	AsOf   hour.Instant
	Areas  int // of the run
	Inputs []Input
}

// RunShard does the straight line for the areas of one shard, up to their daily
// tables, and writes them as a partial into a folder, whole or not at all. It reads
// every input, but keeps the hourly temperatures and polls of its own areas only.
// The same shard of the same inputs gives the same bytes.
func RunShard(ctx context.Context, o Options, s shard.Shard, dir string) (*ShardSummary, error) {
	if o.Config.AsOf != nil && o.Config.AsOf.Time().After(o.Now) {
		return nil, ErrFuture
	}
	inputs := openInputs(ctx, &o)
	defer inputs.Close()
	fingerprint := inputs.fingerprint(o)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	defer o.spillTo(ctx, dir).close()
	joined, err := join(ctx, o, inputs, s.Owns)
	if err != nil {
		return nil, err
	}
	o.notify(Progress{Stage: "publish"})
	if err := shard.WriteShard(ctx, dir, s, joined.header(o, inputs.asRead(fingerprint)), joined.shared(), joined.results); err != nil {
		return nil, err
	}
	return &ShardSummary{Shard: s, AsOf: joined.rules.AsOf, Areas: len(joined.areaIDs), Inputs: joined.inputs}, nil
}

// Merge publishes what the partials of a folder hold together, as Run would have:
// the same tables to the byte, in a run of the same id. It reads no input. The
// configuration and the program must be those of the partials.
func Merge(ctx context.Context, o Options, dir string) (*Summary, error) {
	collected, err := shard.Collect(ctx, dir, sharedTables)
	if err != nil {
		return nil, err
	}
	o.Config = o.Config.Clone()
	joined, err := fromPartials(o.Config, collected)
	if err != nil {
		return nil, err
	}
	if err := collected.Check(dir, o.Program.SHA256, hashOf(effective(o.Config))); err != nil {
		return nil, err
	}
	if joined.rules.AsOf.Time().After(o.Now) {
		return nil, ErrFuture
	}
	root, err := store.Open(o.Config.Out)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	fingerprint := collected.Header.Inputs
	if run, ok := root.Unchanged(fingerprint, o.Program.SHA256); ok && !o.Again {
		return &Summary{Run: run, Nothing: true}, nil
	}
	defer o.spillTo(ctx, o.Config.Out).close()
	joined.results = collected.Results(shard.Holding{Bytes: o.mostSorted() / 4, Create: o.spills.create})
	summary, err := publish(ctx, o, root, fingerprint, joined)
	if err == nil {
		summary.Spilled = o.spills.bytes
	}
	return summary, err
}

// header is what every partial of the run says.
func (j *joined) header(o Options, fingerprint string) shard.Header {
	h := shard.Header{
		Program: o.Program.SHA256, Config: hashOf(effective(o.Config)), Inputs: fingerprint, AsOf: j.rules.AsOf,
		Areas: j.areaIDs, Suppressed: j.suppressed,
	}
	add := func(in Input, ofAreas bool) {
		f := shard.File{
			Source: in.Source.Name, Path: in.Path, Area: ofAreas, Table: in.table(), Format: in.Source.Format, Recognised: in.Recognised,
			Bytes: in.Bytes, SHA256: in.SHA256, Read: in.Counts.Read, Kept: in.Counts.Kept, Rejected: in.Counts.Rejected,
		}
		if in.Err != nil {
			f.Error = in.Err.Error()
		}
		h.Files = append(h.Files, f)
	}
	for _, in := range j.areas {
		add(in, true)
	}
	for _, in := range j.inputs {
		add(in, false)
	}
	for _, f := range j.failures {
		h.Failures = append(h.Failures, shard.Failure{Source: f.source, Error: f.err.Error()})
	}
	return h
}

// shared are the tables that every partial of the run holds.
func (j *joined) shared() []*table.Table {
	return append([]*table.Table{normalize.AreaTable(j.rules.Gazetteer.Areas()), j.claims, j.rejected}, j.beside...)
}

// fromPartials is what was joined, as its partials say it. Formats that the
// configuration leaves open are those that were recognised.
func fromPartials(c *config.Config, from *shard.Collected) (*joined, error) {
	h := from.Header
	gazetteer, err := gazetteerOf([]*table.Table{from.Tables[table.Area.Name]})
	if err != nil {
		return nil, err
	}
	j := &joined{
		rules:   gate.Rules{AsOf: h.AsOf, Gazetteer: gazetteer, ExtraLagDays: c.ExtraLag, ModelInputs: c.Exposure},
		areaIDs: h.Areas, suppressed: h.Suppressed,
		claims: from.Tables[table.Claim.Name], rejected: from.Tables[table.Rejected.Name],
	}
	for _, s := range besides {
		j.beside = append(j.beside, from.Tables[s.Name])
	}
	for _, f := range h.Files {
		in := Input{Path: f.Path, Bytes: f.Bytes, SHA256: f.SHA256, Recognised: f.Recognised, Counts: normalize.Counts{Read: f.Read, Kept: f.Kept, Rejected: f.Rejected}}
		if f.Error != "" {
			in.Err = errors.New(f.Error)
		}
		if i := slices.IndexFunc(c.Sources, func(s config.Source) bool { return s.Name == f.Source }); i >= 0 {
			in.Source = &c.Sources[i]
			if s := in.Source; s.Format == config.AutoFormat {
				s.Format = f.Format
				s.Table, _ = table.Find(table.Inputs, f.Table)
			}
		} else if in.Source = areaTableSource(c); f.Source == boundarySource {
			in.Source = boundarySourceOf(c)
		}
		if f.Area {
			j.areas = append(j.areas, in)
		} else {
			j.inputs = append(j.inputs, in)
		}
	}
	for _, f := range h.Failures {
		j.failures = append(j.failures, failure{f.Source, errors.New(f.Error)})
	}
	return j, nil
}
