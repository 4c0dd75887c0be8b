package pipeline

import "hardship/pipeline/panel"

// Spilling returns options of a run that moves what it holds to disk before the
// batches for which when holds, whatever memory there is.
func (o Options) Spilling(when func(batch int) bool) Options {
	o.spills = &spillFolder{when: when}
	return o
}

// WithFiles lets files be made of those that a Spilling run moves to.
func (o Options) WithFiles(wrap func(panel.SpillFile) panel.SpillFile) Options {
	o.spills.wrap = wrap
	return o
}

// Sorting returns options of a run that puts so many bytes of rows in order at once.
func (o Options) Sorting(bytes int64) Options {
	o.sortBytes = bytes
	return o
}
