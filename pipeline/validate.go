package pipeline

import (
	"cmp"
	"context"
	"slices"

	"hardship/pipeline/area"
	"hardship/pipeline/config"
	"hardship/pipeline/hour"
	"hardship/pipeline/inspect"
	"hardship/pipeline/normalize"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

// A ValidateSummary is every fault that Validate found.
type ValidateSummary struct {
	Inputs   []Input
	Rejected []normalize.Rejection
	Doubts   []Doubt
	Errors   []error // files that cannot be used, and sources that have fallen silent
}

// A Doubt is a row that can be read and is hardly true. Why is the reason that
// the configuration's known gaps give for doubt/SOURCE/CODE.
type Doubt struct {
	normalize.Rejection
	Why string
}

// Clean reports whether nothing was found that the configuration does not
// declare.
func (s *ValidateSummary) Clean() bool {
	open := func(d Doubt) bool { return d.Why == "" }
	return len(s.Rejected) == 0 && len(s.Errors) == 0 && !slices.ContainsFunc(s.Doubts, open)
}

// Validate reads every input as Run would and gathers the faults; it writes
// nothing.
func Validate(ctx context.Context, o Options) (*ValidateSummary, error) {
	files := openInputs(ctx, &o)
	defer files.Close()
	summary := &ValidateSummary{}
	var areas []*table.Table
	for _, f := range files.areas {
		read, rejected, err := f.readAreas()
		if err != nil {
			f.Err = err
			summary.Errors = append(summary.Errors, err)
		} else {
			areas = append(areas, read)
		}
		summary.Rejected = append(summary.Rejected, rejected...)
		if f.Source.Name != areaSource || err != nil || len(rejected) > 0 {
			summary.Inputs = append(summary.Inputs, f.Input)
		}
	}
	var gazetteer *area.Gazetteer
	if !o.Config.Areas.FromData {
		var err error
		if gazetteer, err = gazetteerOf(areas); err != nil {
			summary.Errors = append(summary.Errors, err)
			return summary, nil
		}
	}
	ground := ground{gazetteer: gazetteer}
	var err error
	if ground.boundaries, err = files.readBoundaries(o.Config, gazetteer); err != nil {
		summary.Errors = append(summary.Errors, err)
	}
	for _, f := range files.boundaries {
		f.Err = err
		summary.Inputs = append(summary.Inputs, f.Input)
	}
	asOf := hour.At(o.Now)
	if o.Config.AsOf != nil {
		asOf = *o.Config.AsOf
	}
	places := newPointSources(o, ground)
	inspectors := map[*config.Source]*inspect.Inspector{}
	defer func() {
		for _, look := range inspectors {
			look.Close()
		}
	}()
	var doubted []*doubtedFile
	for _, f := range files.sources {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		look := inspectors[f.Source]
		if look == nil {
			look = inspect.New(gazetteer, asOf)
			inspectors[f.Source] = look
		}
		err := f.Err
		if err == nil {
			sink := ground.sink(f.Source)
			doubts := &doubtedFile{file: f, faults: normalize.Faults{Most: o.Config.Limits.ListedRows}}
			doubted = append(doubted, doubts)
			sink.Emit = func(t *table.Table) error {
				found, err := look.Rows(t, f.Path, sink.Lines)
				if err != nil {
					return err
				}
				doubts.private = sink.Private
				for _, one := range found {
					doubts.add(one)
				}
				if ofPoints(f.Source) {
					if err := places.add(f, sink, t); err != nil {
						return err
					}
				}
				return ctx.Err()
			}
			err = normalize.Read(sink, f.Source.Format, f.at)
			f.Counts = sink.Counts
			summary.Rejected = append(summary.Rejected, sink.Rejected...)
		}
		if err := cmp.Or(context.Cause(ctx), ofMachine(err)); err != nil {
			return nil, err
		}
		if err != nil {
			f.Err = err
			summary.Errors = append(summary.Errors, err)
		}
		summary.Inputs = append(summary.Inputs, f.Input)
	}
	for i := range o.Config.Sources {
		s := &o.Config.Sources[i]
		if places.holds(s) && (s.Weights.From != "" || ground.boundaries != nil) {
			if err := places.areas(s, func(*table.Table) error { return nil }); err != nil {
				summary.Errors = append(summary.Errors, err)
			}
		}
		if look := inspectors[s]; look != nil {
			if err := addRepeated(look, s, doubted); err != nil {
				return nil, err
			}
			if err := look.Silent(s.Name, s.StaleAfter); err != nil {
				summary.Errors = append(summary.Errors, &source.FileError{File: s.Files[0], Code: source.Silent, Err: err})
			}
		}
	}
	for _, d := range doubted {
		for _, one := range d.listed {
			why := o.Config.KnownGap("doubt/" + d.file.Source.Name + "/" + string(one.Code))
			summary.Doubts = append(summary.Doubts, Doubt{one, why})
		}
	}
	return summary, nil
}

// ofMachine returns the error if it is the machine's, which says nothing of an input.
func ofMachine(err error) error {
	if MachineCode(err) == "" {
		return nil
	}
	return err
}

// A doubtedFile is what is doubted of one file.
type doubtedFile struct {
	file    *inputFile
	private bool // its rows are shown nowhere
	faults  normalize.Faults
	listed  []normalize.Rejection
}

func (d *doubtedFile) add(found *source.ParseError) {
	found.Private = d.private
	d.listed = d.faults.List(d.listed, d.file.Source.Name, found)
}

// addRepeated adds the rows of a large source whose keys others have, which are
// known once all have been looked at.
func addRepeated(look *inspect.Inspector, s *config.Source, doubted []*doubtedFile) error {
	for found, err := range look.Repeated() {
		if err != nil {
			return err
		}
		of := slices.IndexFunc(doubted, func(d *doubtedFile) bool { return d.file.Source == s && d.file.Path == found.File })
		doubted[of].add(found)
	}
	return nil
}
