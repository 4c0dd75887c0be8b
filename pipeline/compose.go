package pipeline

import (
	"hardship/pipeline/gate"
	"hardship/pipeline/store"
)

// compose puts together what a run publishes: tables, report, notebooks and
// where it all comes from.
func compose(o Options, fingerprint string, rules gate.Rules, read *reading, warnings []Warning, cleared []*gate.Cleared) (store.Publication, error) {
	p := store.Publication{
		AsOf: rules.AsOf, Inputs: fingerprint, Program: o.Program.SHA256, Tables: cleared,
		Provenance: store.Provenance{
			Version: o.Program.Version, Modules: o.Program.Modules,
			ConfigSHA256: hashOf(effective(o.Config)), Config: effective(o.Config),
			Warnings: []string{},
		},
	}
	for _, in := range append(append([]Input{}, read.areas...), read.inputs...) {
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
	return p, nil
}
