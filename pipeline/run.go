package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"slices"
	"time"

	"hardship/pipeline/analysis"
	"hardship/pipeline/analysis/pause"
	"hardship/pipeline/area"
	"hardship/pipeline/config"
	"hardship/pipeline/gate"
	"hardship/pipeline/hour"
	"hardship/pipeline/panel"
	"hardship/pipeline/store"
	"hardship/pipeline/table"
)

// Options are everything that a run depends on.
type Options struct {
	Config  *config.Config
	Files   fs.FS     // the root of the configuration's files
	Areas   fs.FS     // holds ShippedAreas, used when the configuration names no areas
	Program Program   // what is running
	Now     time.Time // the machine's clock: an as-of after it is refused, nothing else
	Threads int       // areas worked on at once; 0 for all cores; never changes a byte

	Calibration fs.FS // holds ShippedCalibration; nil for none, and the table stays empty

	// Bytes that may be held. What is read of areas is moved to disk beyond half of it,
	// which changes no byte; what cannot be is ErrMemory. 0 moves it beyond 128 MiB, and
	// is never an error; NoLimit holds everything.
	MaxMemory int64

	Notify func(Progress) // told of progress; may be nil
	Again  bool           // work even if nothing is new

	also func(*inputFile, *table.Table) error // takes every canonical batch beside the panel; may be nil

	spills *spillFolder // where that is; set by Run

	sortBytes int64 // of rows that are put in order in memory; 0 for as many as do for MaxMemory
}

// ShippedAreas is the name of the shipped area table within Options.Areas.
const ShippedAreas = "areas/area.csv"

// ShippedCalibration is the name of the table calibration within
// Options.Calibration.
const ShippedCalibration = "calibration/calibration.csv"

// Program names the build that runs.
type Program struct {
	Version string            // release and revision
	Modules map[string]string // libraries built in
	SHA256  string            // of the program file
}

// Progress is a step of a run.
type Progress struct {
	Stage string // read, join, publish
	Name  string // file, while reading
	Rows  int64  // of the file so far; while joining, of the areas' days

	// How much of the stage is done, and all of it: bytes of all inputs while reading,
	// areas while joining. All is 0 where it is not known.
	Done, All int64
}

func (o *Options) notify(p Progress) {
	if o.Notify != nil {
		o.Notify(p)
	}
}

// Summary is what a run has to say for itself.
type Summary struct {
	Run      store.Run
	Nothing  bool // nothing was new: Run is the one published before
	AsOf     hour.Instant
	Inputs   []Input
	Warnings []Warning // of the inputs and gaps, declared ones included
	Tables   map[string]*table.Table
	Changes  *Changes // since the run that was the latest before; nil if there was none, or it was this one
	Spilled  int64    // bytes kept on disk that memory did not hold
}

// Undeclared returns the warnings that no known gap of the configuration
// covers: they make exit code 3.
func (s *Summary) Undeclared() []Warning {
	var open []Warning
	for _, w := range s.Warnings {
		if w.Why == "" {
			open = append(open, w)
		}
	}
	return open
}

// Errors that a caller tells apart.
var (
	ErrNoInput = errors.New("nothing could be read")
	ErrFuture  = errors.New("the as-of lies after the machine's clock")
)

// Run does the whole job and publishes it. If the same inputs, settings and
// program have published before, it does nothing and says so.
//
// A source that cannot be read, or is mostly rejected, is a warning; the
// others still run. An error means that nothing was published and the last
// run stands.
func Run(ctx context.Context, o Options) (*Summary, error) {
	if o.Config.AsOf != nil && o.Config.AsOf.Time().After(o.Now) {
		return nil, ErrFuture
	}
	root, err := store.Open(o.Config.Out)
	if err != nil {
		return nil, err
	}
	defer root.Close()

	inputs := openInputs(ctx, &o)
	defer inputs.Close()
	fingerprint := inputs.fingerprint(o)
	if run, ok := root.Unchanged(fingerprint, o.Program.SHA256); ok && !o.Again {
		return &Summary{Run: run, Nothing: true}, nil
	}

	defer o.spillTo(ctx, o.Config.Out).close()
	joined, err := join(ctx, o, inputs, nil)
	if err != nil {
		return nil, err
	}
	summary, err := publish(ctx, o, root, inputs.asRead(fingerprint), joined)
	if err == nil {
		summary.Spilled = o.spills.bytes
	}
	return summary, err
}

// joined is what is known once areas can be passed over: all that the rest of the
// line needs, so that it may come from one process or from many.
type joined struct {
	rules            gate.Rules
	areaIDs          []area.ID          // that have rows, in order
	suppressed       map[area.ID]string // areas left out, and why
	passes           *panel.Join        // nil of partials
	results          iter.Seq2[*panel.Result, error]
	beside           []*table.Table // energy_report, proxy_day, context_period
	claims, rejected *table.Table
	areas, inputs    []Input
	failures         []failure

	all panel.Result // of all areas, once it has been written
}

// join reads every input and passes over the areas that own holds for; nil
// stands for all.
func join(ctx context.Context, o Options, inputs *inputFiles, own func(area.ID) bool) (*joined, error) {
	read, rules, err := read(ctx, o, inputs, own)
	if err != nil {
		return nil, err
	}
	o.notify(Progress{Stage: "join"})
	return read.join(rules)
}

// join prepares the passes, and puts what areas share beside them.
func (r *reading) join(rules gate.Rules) (*joined, error) {
	join, err := r.panel.Prepare(rules)
	if err != nil {
		return nil, fmt.Errorf("join: %w", err)
	}
	return &joined{
		rules: rules, areaIDs: join.Areas(), suppressed: join.Suppressed, passes: join, results: join.Results(),
		beside: []*table.Table{r.panel.Reports(rules), r.panel.Proxies(rules), r.panel.Context(rules)},
		claims: table.Concat(table.Claim, r.other[table.Claim]), rejected: r.rejected(),
		areas: r.areas, inputs: r.inputs, failures: r.failures,
	}, nil
}

// write makes the tables of the areas, clears them and writes them into a draft, an
// area after the other, so that they need not be held. From then on joined.all reads
// them from there.
func (j *joined) write(ctx context.Context, o Options, draft *store.Draft) ([]*gate.Cleared, error) {
	step := Progress{Stage: "join", All: int64(len(j.areaIDs))}
	for result, err := range j.results {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, fmt.Errorf("join: %w", err)
		}
		if err := o.withinMemory("join"); err != nil {
			return nil, err
		}
		for _, t := range result.Tables() {
			cleared, err := gate.Clear(t, j.rules)
			if err != nil {
				return nil, err
			}
			if err := draft.Append(cleared); err != nil {
				return nil, err
			}
		}
		if result.AreaDay != nil {
			step.Rows += int64(result.AreaDay.Rows())
		}
		step.Done++
		o.notify(step)
	}
	j.passes, j.results = nil, nil // and with them all that was read
	cleared, err := draft.Tables()
	for _, c := range cleared {
		j.all.Set(c.Table())
	}
	return cleared, err
}

// areaTables are the tables of areas that a run publishes.
func areaTables(c *config.Config) []*table.Schema {
	return slices.DeleteFunc(slices.Clone(table.OfAreas), func(s *table.Schema) bool { return !c.Makes(s) })
}

// read reads every input and says what of it may be published.
func read(ctx context.Context, o Options, inputs *inputFiles, own func(area.ID) bool) (*reading, gate.Rules, error) {
	ground, err := readGround(o, inputs)
	if err != nil {
		return nil, gate.Rules{}, err
	}
	read, err := readSources(ctx, o, inputs, ground, own)
	if err != nil {
		return nil, gate.Rules{}, err
	}
	rules, err := read.rules(o)
	return read, rules, err
}

// publish makes the findings of what is joined, and publishes all of it.
func publish(ctx context.Context, o Options, root *store.Root, fingerprint string, joined *joined) (*Summary, error) {
	calibration, err := readCalibration(o.Calibration)
	if err != nil {
		return nil, err
	}
	draft, err := root.Draft(ctx, fingerprint, areaTables(o.Config)...)
	if err != nil {
		return nil, err
	}
	defer draft.Discard()
	ofAreas, err := joined.write(ctx, o, draft)
	if err != nil {
		return nil, err
	}
	tables, err := findings(o.Config, joined, calibration)
	if err != nil {
		return nil, err
	}
	warnings := judge(o.Config, joined)
	cleared, err := clear(tables, ofAreas, joined.rules)
	if err != nil {
		return nil, err
	}
	publication, err := compose(o, fingerprint, joined, warnings, cleared)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	o.notify(Progress{Stage: "publish"})
	before, _ := root.Latest()
	run, err := draft.Publish(ctx, publication)
	if err != nil {
		return nil, err
	}
	summary := &Summary{Run: run, AsOf: joined.rules.AsOf, Inputs: joined.inputs, Warnings: warnings, Tables: map[string]*table.Table{}}
	for _, t := range tables {
		summary.Tables[t.Schema.Name] = t
	}
	if before.ID != "" && before.ID != run.ID {
		o.notify(Progress{Stage: "compare"})
		summary.Changes = changesSince(ctx, o, root, before, run, fingerprint, joined.rules)
	}
	return summary, nil
}

// rules are what may be published, from the as-of on: the one given, else the
// newest that the inputs can know.
func (r *reading) rules(o Options) (gate.Rules, error) {
	asOf := r.panel.Newest()
	if o.Config.AsOf != nil {
		asOf = *o.Config.AsOf
	}
	switch {
	case asOf == hour.DistantPast:
		return gate.Rules{}, fmt.Errorf("%w: no row has a time", ErrNoInput)
	case asOf.Time().After(o.Now):
		return gate.Rules{}, fmt.Errorf("%w: the newest row is of %v; give an earlier --as-of", ErrFuture, asOf)
	}
	r.panel.SetAsOf(asOf)
	gazetteer, err := r.panel.Gazetteer()
	switch {
	case err != nil:
		return gate.Rules{}, err
	case len(gazetteer.Areas()) == 0:
		return gate.Rules{}, fmt.Errorf("%w: no row has an area", ErrNoInput)
	}
	for _, id := range o.Config.Areas.Only {
		if _, ok := gazetteer.Get(id); !ok {
			return gate.Rules{}, fmt.Errorf("area %q is not an area of this run", id)
		}
	}
	return gate.Rules{AsOf: asOf, Gazetteer: gazetteer, ExtraLagDays: o.Config.ExtraLag, ModelInputs: o.Config.Exposure}, nil
}

// findings makes every table from the joined ones, in the order in which they
// are published. Where the configuration chooses tables of areas there are none but
// those, and what says where they come from.
func findings(c *config.Config, joined *joined, calibration *table.Table) ([]*table.Table, error) {
	result, rules := &joined.all, joined.rules
	if len(c.Tables) > 0 {
		return append(result.Tables(), joined.rejected, assumptions(c, rules), joined.provenance(c), table.Dictionary(table.Outputs)), nil
	}
	areas := published(c, joined)
	tables := analysis.Tables{
		AreaDay: result.AreaDay, ColdSpell: result.ColdSpell, StrikeNight: result.StrikeNight, QueueDay: result.QueueDay,
		Gazetteer: rules.Gazetteer, Areas: areas, Breaks: c.Breaks, Calibration: analysis.Calibration{Table: calibration},
	}
	all := []*table.Table{analysis.Winters(tables, firstRule(c), c.Findings), result.Reliability, result.AreaDay, result.ColdSpell, result.StrikeNight, result.StrikeOverlap, result.QueueDay, result.Hardship}
	all = append(all, joined.beside...)
	all = append(all, analysis.Correlations(tables, c.Findings))
	if c.Exposure {
		all = append(all, result.ExposureDay)
	}
	models := analysis.Models(tables, c.Findings, c.Models)
	country := area.ID("")
	for _, a := range areas {
		if a.Level == area.Country {
			country = a.ID
		}
	}
	ratios := table.NewBuilder(table.RateRatio).Table()
	if country != "" && len(c.Spells) > 0 {
		ratios = analysis.Ratios(tables, country, c.Spells[0].ID(), c.Findings)
	}
	all = append(all, ratios, models.Fit, models.Term, models.Curve, calibration,
		analysis.Epochs(tables, c.Findings, c.Epochs), analysis.Changepoints(tables, c.Findings, c.Changepoints))
	disputed, err := pauses(c, joined, country)
	if err != nil {
		return nil, err
	}
	all = append(all, disputed...)
	byName := map[string]*table.Table{}
	for _, t := range append(all, result.Coverage) {
		byName[t.Schema.Name] = t
	}
	return append(all,
		analysis.Facts(byName, c.Facts),
		result.Coverage, joined.rejected, assumptions(c, rules), joined.provenance(c), table.Dictionary(table.Outputs),
	), nil
}

// readCalibration returns the table calibration of the program.
func readCalibration(files fs.FS) (*table.Table, error) {
	if files == nil {
		return table.NewBuilder(table.Calibration).Table(), nil
	}
	f, err := files.Open(ShippedCalibration)
	if err != nil {
		return nil, fmt.Errorf("calibration: %w", err)
	}
	defer f.Close()
	return table.ReadCSV(f, table.Calibration)
}

// firstRule is the cold-spell rule that findings use; "" without one.
func firstRule(c *config.Config) string {
	if len(c.Spells) == 0 {
		return ""
	}
	return c.Spells[0].ID()
}

// pauses makes the tables about disputed pauses from the claims and the tables
// that are published.
func pauses(c *config.Config, joined *joined, country area.ID) ([]*table.Table, error) {
	settings := pause.Settings{
		AsOf: joined.rules.AsOf, Country: country, Location: c.Areas.Location, Zones: c.Pauses.Zones, TakesIn: c.TakesIn,
		Primary: c.Pauses.Primary, Baseline: pause.Baseline{Days: c.Pauses.Baseline, Washout: c.Pauses.Washout},
	}
	for _, b := range c.Breaks {
		settings.Breaks = append(settings.Breaks, pause.Break{Metrics: b.Metrics, First: b.First, End: b.End})
	}
	readings, err := pause.Readings(joined.claims, settings)
	if err != nil {
		return nil, fmt.Errorf("pauses: %w", err)
	}
	results, err := pause.Results(readings, joined.all.AreaDay, joined.all.StrikeNight, settings)
	if err != nil {
		return nil, fmt.Errorf("pauses: %w", err)
	}
	return []*table.Table{pause.ReadingTable(readings), pause.ResultTable(results), pause.SummaryTable(pause.Summarize(results)), pause.SensitivityTable(pause.Sensitivities(results))}, nil
}

// published are the areas that rows may be about.
func published(c *config.Config, joined *joined) []area.Area {
	var areas []area.Area
	for _, a := range joined.rules.Gazetteer.Areas() {
		_, suppressed := joined.suppressed[a.ID]
		wanted := len(c.Areas.Only) == 0 || a.Level == area.Country || slices.Contains(c.Areas.Only, a.ID)
		if wanted && !suppressed {
			areas = append(areas, a)
		}
	}
	return areas
}

// clear passes every table through the gate; those of areas have passed it.
func clear(tables []*table.Table, ofAreas []*gate.Cleared, rules gate.Rules) ([]*gate.Cleared, error) {
	cleared := make([]*gate.Cleared, len(tables))
	for i, t := range tables {
		if at := slices.IndexFunc(ofAreas, func(c *gate.Cleared) bool { return c.Table() == t }); at >= 0 {
			cleared[i] = ofAreas[at]
			continue
		}
		sorted, err := t.Sorted()
		if err != nil {
			return nil, err
		}
		if cleared[i], err = gate.Clear(sorted, rules); err != nil {
			return nil, err
		}
	}
	return cleared, nil
}
