package pipeline

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"hardship/pipeline/area"
	"hardship/pipeline/config"
	"hardship/pipeline/hour"
	"hardship/pipeline/normalize"
	"hardship/pipeline/panel"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

// An Input is one file that a run has read, or could not.
type Input struct {
	Source *config.Source
	Path   string
	Bytes  int64
	SHA256 string
	Counts normalize.Counts
	Err    error // why it could not be used

	Recognised string // what the format of the file was told by, where the configuration leaves it open
}

// table names the table that the file fills; "" where its format is not known.
func (in *Input) table() string {
	if in.Source.Table == nil {
		return ""
	}
	return in.Source.Table.Name
}

// fingerprint is the SHA-256 of everything that can change a number: inputs
// and settings, but not paths, threads or the output folder.
func (f *inputFiles) fingerprint(o Options) string {
	hash := sha256.New()
	hash.Write(effective(o.Config))
	for _, one := range f.all() {
		fmt.Fprintf(hash, "%s\x00%s\x00%s\x00%v\n", one.Source.Name, one.Path, one.SHA256, one.Err)
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// asRead is a fingerprint once the files have been read. It is another where one could
// not be, though it had been hashed: the next run would find the same hashes, and is not
// to take this one for its own.
func (f *inputFiles) asRead(fingerprint string) string {
	for _, one := range f.sources {
		if one.lost {
			fingerprint = hashOf([]byte(fingerprint + " " + one.Path))
		}
	}
	return fingerprint
}

// effective is the configuration as JSON, without what cannot change a number.
func effective(c *config.Config) []byte {
	data, err := json.Marshal(c.Effective())
	if err != nil {
		panic(fmt.Sprintf("pipeline: configuration as JSON: %v", err))
	}
	return data
}

// reading is what was read.
type reading struct {
	panel    *panel.Inputs
	inputs   []Input
	areas    []Input
	rejects  []normalize.Rejection
	failures []failure
	other    map[*table.Schema][]*table.Table // canonical tables outside the panel
	places   *pointSources
}

// failure is a source that could not be used.
type failure struct {
	source string
	err    error
}

// readAreas reads the area tables; nil means that areas come from the data. A
// row that cannot be understood is an error: an area left out would take its
// records with it.
func readAreas(o Options, files *inputFiles) (*area.Gazetteer, error) {
	if o.Config.Areas.FromData {
		return nil, nil
	}
	var tables []*table.Table
	for _, f := range files.areas {
		read, rejected, err := f.readAreas()
		if err == nil && len(rejected) > 0 {
			err = rejected[0].ParseError
		}
		if err != nil {
			return nil, fmt.Errorf("read areas: %w", err)
		}
		tables = append(tables, read)
	}
	return gazetteerOf(tables)
}

// readAreas reads one file of areas and returns the rows that were not kept.
func (f *inputFile) readAreas() (*table.Table, []normalize.Rejection, error) {
	if f.Err != nil {
		return nil, nil, f.Err
	}
	var tables []*table.Table
	sink := &normalize.Sink{Source: normalizeSource(f.Source), Emit: func(t *table.Table) error { tables = append(tables, t); return nil }}
	err := normalize.Read(sink, f.Source.Format, f.at)
	f.Counts = sink.Counts
	if err != nil {
		return nil, sink.Rejected, err
	}
	return table.Concat(table.Area, tables), sink.Rejected, nil
}

// gazetteerOf makes the gazetteer of all area tables together.
func gazetteerOf(tables []*table.Table) (*area.Gazetteer, error) {
	areas, err := normalize.Areas(table.Concat(table.Area, tables))
	if err != nil {
		return nil, fmt.Errorf("read areas: %w", err)
	}
	return area.NewGazetteer(areas)
}

// readSources reads every source in declared order. One that fails is dropped
// with its name; if none is left, that is an error.
func readSources(ctx context.Context, o Options, files *inputFiles, ground ground, own func(area.ID) bool) (*reading, error) {
	r := &reading{panel: panel.NewInputs(ground.gazetteer, panelSettings(o, own)), other: map[*table.Schema][]*table.Table{}, places: newPointSources(o, ground)}
	for _, f := range slices.Concat(files.areas, files.boundaries) {
		r.areas = append(r.areas, f.Input)
	}
	kept := 0
	for i := range o.Config.Sources {
		s := &o.Config.Sources[i]
		if s.Table == table.Area {
			continue
		}
		var failed error
		for _, f := range files.sources {
			if f.Source != s {
				continue
			}
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if failed == nil {
				failed = r.readFile(ctx, o, ground, files, f)
			}
			r.inputs = append(r.inputs, f.Input)
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if errors.Is(failed, ErrMemory) || errors.Is(failed, panel.ErrSpill) {
			return nil, failed // another source would not make room
		}
		if failed != nil {
			r.fail(s, failed)
			continue
		}
		if s.Table != table.AreaWeight { // weights alone say nothing
			kept++
		}
	}
	for i := range o.Config.Sources { // weights may be declared after what they weigh
		s := &o.Config.Sources[i]
		if !r.places.holds(s) {
			continue
		}
		add := r.panel.Add
		if o.also != nil {
			add = func(t *table.Table) error { return errors.Join(o.also(files.first(s), t), r.panel.Add(t)) }
		}
		if err := r.places.areas(s, add); err != nil {
			r.fail(s, err)
			kept--
		}
	}
	if kept == 0 {
		errs := make([]error, len(r.failures))
		for i, f := range r.failures {
			errs[i] = f.err
		}
		return nil, fmt.Errorf("%w: %w", ErrNoInput, errors.Join(errs...))
	}
	if r.panel.Spilled() || o.spills.joins(&o) { // what is left makes room for the passes
		if err := r.spill(&o); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// fail takes back what a source has given.
func (r *reading) fail(s *config.Source, err error) {
	r.panel.Drop(s.Name)
	r.places.drop(s)
	delete(r.other, s.Table)
	r.failures = append(r.failures, failure{s.Name, err})
	for i := range r.inputs {
		if in := &r.inputs[i]; in.Source == s && in.Err == nil {
			in.Counts.Rejected, in.Counts.Kept = in.Counts.Read, 0
		}
	}
}

// first returns the first file of a source.
func (f *inputFiles) first(s *config.Source) *inputFile {
	return f.sources[slices.IndexFunc(f.sources, func(one *inputFile) bool { return one.Source == s })]
}

// of returns how many files a source has.
func (f *inputFiles) of(s *config.Source) int {
	n := 0
	for _, one := range f.sources {
		if one.Source == s {
			n++
		}
	}
	return n
}

// readFile reads one file into the panel. Outages and strikes of a source's only
// file need no identity made from their content: it tells rows apart that say the
// same, and joins those of files that overlap.
func (r *reading) readFile(ctx context.Context, o Options, ground ground, files *inputFiles, f *inputFile) error {
	if f.Err != nil {
		if f.Source.Optional && errors.Is(f.Err, fs.ErrNotExist) {
			return nil
		}
		return f.Err
	}
	sink := ground.sink(f.Source)
	sink.Source.Anonymous = files.of(f.Source) == 1 && (f.Source.Table == table.OutageInterval || f.Source.Table == table.Strike)
	sink.Source.Folder = o.spills.path
	sink.Passing = o.also == nil && f.Source.Table != table.Claim && !ofPoints(f.Source)
	sink.Emit = func(t *table.Table) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := r.makeRoom(&o, "read "+f.Path); err != nil {
			return err
		}
		done, all := files.done(f)
		o.notify(Progress{Stage: "read", Name: f.Path, Rows: sink.Counts.Read, Done: done, All: all})
		switch t.Schema {
		case table.Claim:
			r.other[t.Schema] = append(r.other[t.Schema], t)
			return nil
		case table.PointTemperature, table.AreaWeight:
			return r.places.add(f, sink, t)
		}
		if o.also != nil {
			if err := o.also(f, t); err != nil {
				return err
			}
		}
		return r.panel.Add(t)
	}
	err := normalize.Read(sink, f.Source.Format, f.at)
	f.Counts = sink.Counts
	r.rejects = append(r.rejects, sink.Rejected...)
	var ofFile *source.FileError
	if err == nil || errors.As(err, &ofFile) && ofMachine(err) == nil {
		err = cmp.Or(f.unchanged(), err) // what is damaged may be another file's beginning
	}
	if err != nil {
		f.Err, f.lost = err, errors.As(err, &ofFile) && ofFile.Code == source.Unreadable
		return err
	}
	if c := sink.Counts; c.Read > 0 && float64(c.Rejected) > o.Config.MaxRejected*float64(c.Read) {
		first := sink.Rejected[0].ParseError
		f.Err = &source.FileError{File: f.Path, Code: source.WrongFormat, Err: fmt.Errorf("%d of %d rows were rejected, the first because %w", c.Rejected, c.Read, first)}
		return f.Err
	}
	return nil
}

// normalizeSource is a source as package normalize takes it.
func normalizeSource(s *config.Source) *normalize.Source {
	return &normalize.Source{
		Name: s.Name, Table: s.Table, Revision: s.Revision, FirstSeen: s.FirstSeen, Location: s.Location,
		Place: s.Place, Options: s.Options, Columns: s.Columns, Constants: s.Constants,
	}
}

// panelSettings are the settings of the panel; the as-of is open until the
// inputs have said how new they are, unless it is given.
func panelSettings(o Options, own func(area.ID) bool) panel.Settings {
	c := o.Config
	settings := panel.Settings{
		Period: panel.Period{First: c.First, End: c.End}, Periods: map[area.ID]panel.Period{}, AsOf: hour.DistantFuture, Location: c.Areas.Location, Threads: o.Threads, Own: own, Base: panel.Period(c.Base),
		SeasonFirst: c.Findings.SeasonFirst, SeasonLast: c.Findings.SeasonLast, Makes: c.Makes, Only: c.Areas.Only, Spells: c.Spells, StrikePublisher: c.Publisher, TakesIn: c.TakesIn, MergedAlerts: map[area.ID]bool{},
	}
	if c.AsOf != nil {
		settings.AsOf = *c.AsOf
	}
	for _, s := range c.Sources {
		settings.Sources = append(settings.Sources, s.Name)
	}
	for id, p := range c.Areas.Periods {
		settings.Periods[id] = panel.Period(p)
	}
	for _, id := range c.Merged {
		settings.MergedAlerts[id] = true
	}
	return settings
}

// rejected makes the table of rows that were not kept.
func (r *reading) rejected() *table.Table {
	b := table.NewBuilder(table.Rejected)
	type place struct {
		source, file string
		line, column int
		code         source.Code
	}
	repeats := map[place]int32{}
	for _, one := range r.rejects {
		at := place{one.Source, one.File, one.Line, max(1, one.Column), one.Code}
		repeats[at]++
		b.Row()
		b.String("source_id", one.Source)
		b.String("file", one.File)
		b.Int32("line_number", int32(one.Line))
		b.Int32("byte_column", int32(max(1, one.Column)))
		b.String("code", string(one.Code))
		b.Int32("repeat_no", repeats[at])
		b.OptionalString("field_name", source.Printable(one.Field))
		b.OptionalString("field_value", shorten(source.Printable(one.Value)))
		b.Int64("rows_rejected", one.Rows)
		b.String("message", source.Printable(one.Reason()))
	}
	return b.Table()
}

// hashOf is the SHA-256 of data, in hex.
func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// shorten cuts a text to 80 characters.
func shorten(s string) string {
	r := []rune(s)
	if len(r) > 80 {
		return string(r[:79]) + "…"
	}
	return s
}
