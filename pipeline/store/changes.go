package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"hardship/pipeline/gate"
)

// temporaryChanges is where the changes of a run are written.
const temporaryChanges = temporaryPrefix + changesName

// Latest returns the run that latest leads to; ok is false if there is none. It
// verifies nothing.
func (r *Root) Latest() (run Run, ok bool) {
	link, err := r.folder.Readlink(latestName)
	if err != nil || checkPath(link) != nil {
		return Run{}, false
	}
	id, ok := strings.CutPrefix(link, runsName+"/")
	if !ok {
		return Run{}, false
	}
	if info, err := r.folder.Lstat(link); err != nil || !info.IsDir() {
		return Run{}, false
	}
	return r.run(id, false), true
}

// PublishChanges puts what changed since another run beside a run that has been
// published, as changes/ID: the table, and other files. What is there already is
// replaced. inputs is that of the run's Publication.
func (r *Root) PublishChanges(ctx context.Context, run Run, inputs string, log *gate.Cleared, files []File) error {
	if err := r.publishChanges(ctx, run, inputs, log, files); err != nil {
		return fmt.Errorf("changes of run %s: %w", run.ID, err)
	}
	return nil
}

func (r *Root) publishChanges(ctx context.Context, run Run, inputs string, log *gate.Cleared, files []File) error {
	target := changesName + "/" + run.ID
	if err := checkPath(target); err != nil {
		return err
	}
	if err := r.folder.RemoveAll(temporaryChanges); err != nil { // of a failure before
		return err
	}
	w := &runWriter{root: r, folder: temporaryChanges}
	if err := w.makeFolder(w.folder); err != nil {
		return err
	}
	f, err := w.writeWhole(ctx, log.Table(), inputs)
	if err != nil {
		return err
	}
	f.close()
	for _, file := range files {
		if err := checkPath(file.Path); err != nil {
			return err
		}
		if _, err := w.create(file.Path, content(file.Content)); err != nil {
			return err
		}
	}
	for _, folder := range slices.Backward(w.folders) {
		if err := r.syncFolder(folder); err != nil {
			return err
		}
	}
	if err := r.system.mkdir(r.folder, changesName, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if info, err := r.folder.Lstat(changesName); err != nil || !info.IsDir() {
		return errors.Join(err, fmt.Errorf("%s is not a folder", changesName))
	}
	if err := r.folder.RemoveAll(target); err != nil {
		return err
	}
	if err := r.system.rename(r.folder, temporaryChanges, target); err != nil {
		return err
	}
	return r.syncFolder(changesName)
}
