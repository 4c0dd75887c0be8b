package pipeline

import (
	"context"
	"path/filepath"

	"hardship/pipeline/area"
	"hardship/pipeline/change"
	"hardship/pipeline/gate"
	"hardship/pipeline/hour"
	"hardship/pipeline/report"
	"hardship/pipeline/store"
)

// Changes are what changed since another run. They stand beside the run, in Dir: a
// run holds nothing that depends on the one before it, so that equal inputs give equal
// runs wherever they are made.
type Changes struct {
	*change.Difference
	Dir string // of change_log, changes.html and changes.md
	Err error  // why it cannot be told; the run is published all the same
}

// changesSince compares a run with the one that was the latest before, and puts what
// differs beside it.
func changesSince(ctx context.Context, o Options, root *store.Root, before, run store.Run, fingerprint string, rules gate.Rules) *Changes {
	fail := func(err error) *Changes { return &Changes{Err: err} }
	d, err := change.Between(ctx, before.Dir, run.Dir, mayList(rules))
	if err != nil {
		return fail(err)
	}
	log, err := gate.Clear(d.Log, rules)
	if err != nil {
		return fail(err)
	}
	pages, err := report.WriteChanges(o.Config.Title, d)
	if err != nil {
		return fail(err)
	}
	var files []store.File
	for _, page := range pages {
		files = append(files, store.File(page))
	}
	if err := root.PublishChanges(ctx, run, fingerprint, log, files); err != nil {
		return fail(err)
	}
	return &Changes{Difference: d, Dir: filepath.Join(o.Config.Out, "changes", run.ID)}
}

// mayList lets rows be named that would pass the gate today: an area that has been
// suppressed since, or days that a longer lag covers, are counted only.
func mayList(rules gate.Rules) change.MayList {
	return func(id area.ID, day *hour.Day, queue bool) bool {
		if id == "" {
			return true
		}
		a, ok := rules.Gazetteer.Get(id)
		return ok && rules.Suppressed(a) == "" && (day == nil || *day <= rules.LastDay(a, queue))
	}
}
