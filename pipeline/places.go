package pipeline

import (
	"errors"
	"fmt"
	"slices"

	"hardship/pipeline/config"
	"hardship/pipeline/hour"
	"hardship/pipeline/normalize"
	"hardship/pipeline/points"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

// pointSources are what was read of points, and of weights that sources give.
// From here on there are areas only.
type pointSources struct {
	ground   ground
	asOf     hour.Instant
	limit    int64
	readings map[*config.Source]*points.Readings
	weights  map[string][]*table.Table // of table.AreaWeight, by source
	names    map[*config.Source]string // of a source's first file
}

func newPointSources(o Options, ground ground) *pointSources {
	p := &pointSources{ground: ground, asOf: hour.DistantFuture, limit: o.Config.Limits.OrDefault().PointHours,
		readings: map[*config.Source]*points.Readings{}, weights: map[string][]*table.Table{}, names: map[*config.Source]string{}}
	if o.Config.AsOf != nil {
		p.asOf = *o.Config.AsOf
	}
	return p
}

// add takes a batch of table.PointTemperature or table.AreaWeight. Rows that do
// not go with those before are refused in the sink.
func (p *pointSources) add(f *inputFile, sink *normalize.Sink, t *table.Table) error {
	s := f.Source
	if t.Schema == table.AreaWeight {
		p.weights[s.Name] = append(p.weights[s.Name], t)
		return nil
	}
	if p.readings[s] == nil {
		p.readings[s] = points.NewReadings(p.asOf, p.limit, s.Weights.From == "")
		p.names[s] = f.Path
	}
	faults, err := p.readings[s].Add(t)
	for _, fault := range faults {
		line := 0
		if fault.Row < len(sink.Lines) {
			line = int(sink.Lines[fault.Row])
		}
		sink.Refuse(&source.ParseError{Origin: source.Origin{File: f.Path, Line: line}, Field: fileColumn(s, fault.Column), Code: fault.Code, Err: fault.Err, Private: true})
	}
	if err != nil {
		return &source.FileError{File: f.Path, Code: source.TooLarge, Err: err}
	}
	return nil
}

// fileColumn is what the files of a source call a canonical column.
func fileColumn(s *config.Source, name string) string {
	if c, ok := s.Columns[name]; ok {
		return c.From[0]
	}
	return name
}

// holds reports whether readings of a source are held.
func (p *pointSources) holds(s *config.Source) bool { return p.readings[s] != nil }

// drop forgets what a source has given.
func (p *pointSources) drop(s *config.Source) {
	delete(p.readings, s)
	delete(p.weights, s.Name)
}

// areas makes the rows of table.Temperature of a source's points and forgets
// these. Areas that are in no area table, of which a table of weights knows, are
// an error of its reader.
func (p *pointSources) areas(s *config.Source, emit func(*table.Table) error) error {
	read := p.readings[s]
	delete(p.readings, s)
	weights, err := p.weigh(read, s.Weights)
	if err == nil {
		err = lapseOf(s.Weights).Correct(weights)
	}
	if err == nil && len(weights) == 0 {
		err = errNoWeight
	}
	if err != nil {
		return &source.FileError{File: p.names[s], Code: source.BadSetting, Err: fmt.Errorf("source %s: weights by %s: %w", s.Name, s.Weights.Method, err)}
	}
	return read.Areas(weights, emit)
}

var errNoWeight = errors.New("no point has any weight in an area: none is near enough")

func (p *pointSources) weigh(read *points.Readings, w config.Weights) ([]points.Weights, error) {
	if w.From == "" {
		return read.ByBoundaries(p.ground.boundaries, ruleOf(w))
	}
	if len(p.weights[w.From]) == 0 {
		return nil, fmt.Errorf("source %s, which gives them, has no rows", w.From)
	}
	return read.ByTable(p.weights[w.From], w.Method)
}

func ruleOf(w config.Weights) points.Rule {
	return points.Rule{Method: w.Method, LonStep: w.LonStep, LatStep: w.LatStep}
}

func lapseOf(w config.Weights) points.Lapse {
	return points.Lapse{KPerKM: w.LapseKPerKM, HeightM: w.AreaHeightM}
}

// describeWeights says how points were made into areas.
func describeWeights(w config.Weights) string {
	if w.From != "" {
		return fmt.Sprintf("%s: as the source %s gives them; %v", w.Method, w.From, lapseOf(w))
	}
	return fmt.Sprintf("%v; %v", ruleOf(w), lapseOf(w))
}

// ofPoints reports whether a source is about points, so that nothing of it as it
// stands may be written.
func ofPoints(s *config.Source) bool {
	return slices.Contains([]*table.Schema{table.PointTemperature, table.AreaWeight}, s.Table)
}
