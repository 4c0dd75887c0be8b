package pipeline

import (
	"fmt"
	"slices"

	"hardship/pipeline/gate"
	"hardship/pipeline/notebook"
	"hardship/pipeline/report"
	"hardship/pipeline/store"
)

// compose puts together what a run publishes: tables, report, notebooks and
// where it all comes from. Tables of areas alone have no report: its sections read
// all of them.
func compose(o Options, fingerprint string, joined *joined, warnings []Warning, cleared []*gate.Cleared) (store.Publication, error) {
	p := store.Publication{
		AsOf: joined.rules.AsOf, Inputs: fingerprint, Program: o.Program.SHA256, Tables: cleared,
		Provenance: store.Provenance{
			Version: o.Program.Version, Modules: o.Program.Modules,
			ConfigSHA256: hashOf(effective(o.Config)), Config: effective(o.Config),
			Warnings: []string{},
		},
	}
	for _, in := range slices.Concat(joined.areas, joined.inputs) {
		if in.SHA256 == "" {
			continue // it could not be opened; the warnings say so
		}
		p.Provenance.Inputs = append(p.Provenance.Inputs, store.Input{
			Source: in.Source.Name, Path: in.Path, Bytes: in.Bytes, SHA256: in.SHA256,
			RowsRead: in.Counts.Read, RowsKept: in.Counts.Kept, RowsRejected: in.Counts.Rejected, Licence: in.Source.Licence,
		})
	}
	for _, w := range warnings {
		text := w.ID + ": " + w.Text
		if w.Why != "" {
			text += " (known: " + w.Why + ")"
		}
		p.Provenance.Warnings = append(p.Provenance.Warnings, text)
	}
	if len(o.Config.Tables) > 0 {
		return p, nil
	}
	files, err := documents(o, joined, warnings, cleared)
	p.Files = files
	return p, err
}

// documents writes the report and the notebooks.
func documents(o Options, joined *joined, warnings []Warning, cleared []*gate.Cleared) ([]store.File, error) {
	c := o.Config
	in := report.Input{
		Title: c.Title, Version: o.Program.Version, AsOf: joined.rules.AsOf, First: c.First, End: c.End,
		Focus: c.Focus, FocusFirst: c.FocusFirst, FocusEnd: c.FocusEnd,
		Gazetteer: joined.rules.Gazetteer, TakesIn: c.TakesIn, Tables: cleared, PauseNotes: c.Pauses.Notes,
	}
	if joined.claims.Rows() > 0 {
		in.Claims = joined.claims
	}
	for _, w := range warnings {
		in.Warnings = append(in.Warnings, report.Warning(w))
	}
	pages, err := report.Write(in)
	if err != nil {
		return nil, fmt.Errorf("write report: %w", err)
	}
	var files []store.File
	charts := map[string][]byte{}
	for _, page := range pages {
		files = append(files, store.File(page))
		charts[page.Path] = page.Content
	}
	notebooks, err := notebook.Write(notebook.Input{Tables: cleared, Charts: charts})
	if err != nil {
		return nil, fmt.Errorf("write notebooks: %w", err)
	}
	for _, n := range notebooks {
		files = append(files, store.File(n))
	}
	return files, nil
}
