// Package store publishes what a run has made as a folder, whole or not at all,
// and reads published tables back.
//
// An output folder holds
//
//	runs/20260822T190000Z-3f9c1a/  a run, named by its as-of and a hash of its contents
//	    manifest.json              where the numbers come from; every file with its hash
//	    SHA256SUMS                 the same hashes, for sha256sum -c
//	    datapackage.json           every table and column, for other programs
//	    tables/*.parquet
//	    report/…  notebooks/…  README.md
//	changes/20260822T190000Z-3f9c1a/  what changed since the run that was the latest before
//	latest                         a link to the newest run
//	latest.json                    the same for places without links
//	.last                          what the newest run was made of
//	.lock                          held by the one process that may write here
//
// A run is published in steps, so that a process killed at any of them, a full
// disk or a failing write leaves the last published run as it was:
//
//  1. Open takes the lock and removes what dead processes have left.
//  2. Unchanged says whether the same inputs and program have published already.
//  3. Draft writes the tables of areas into runs/.tmp-run as they come, so that a
//     run of many areas need not be held, and Publish all other files; each is
//     synced. Every table is read back and compared with what was to be written.
//  4. It writes manifest.json and SHA256SUMS and verifies the folder as Verify does.
//  5. It renames the folder to its id. If a run of that id is there and whole,
//     the new one is dropped: it holds the same.
//  6. It replaces latest.json, .last and, last of all, latest, each by a rename.
//
// What changed since the run before depends on which run that was, so it is not a
// part of a run, of its hashes or of its id: PublishChanges puts it beside the runs
// once the run is there, whole or not at all. Where it is missing, since a process was
// killed in between, `hardship diff` tells the same.
//
// Equal publications give equal bytes: nothing depends on the clock, the
// machine or the place of the folder.
//
// # Decisions
//
// 2026-11, a run's id does not cover its manifest. Two builds that publish the
// same files agree on the id; the manifest that came first stays.
//
// 2026-11, latest is replaced after .last and not before: a .last that names a
// run which latest does not lead to is ignored, so no moment needs repair.
package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gofrs/flock"

	"hardship/pipeline/gate"
	"hardship/pipeline/hour"
)

// ErrLocked is returned by Open while another process has the folder open.
var ErrLocked = errors.New("another run holds the lock")

// Names within an output folder.
const (
	runsName       = "runs"
	changesName    = "changes"
	latestName     = "latest"
	latestJSONName = "latest.json"
	lastName       = ".last"
	lockName       = ".lock"

	temporaryPrefix = ".tmp-" // of whatever may be removed when nobody holds the lock
	temporaryRun    = runsName + "/" + temporaryPrefix + "run"
	damagedRun      = runsName + "/" + temporaryPrefix + "damaged"
)

// A Root is an output folder that this process alone may write. It is not safe
// for use by several goroutines.
type Root struct {
	path   string
	folder *os.Root
	lock   *flock.Flock
	system fileSystem
}

// A Publication is everything that one run publishes.
type Publication struct {
	AsOf       hour.Instant
	Inputs     string // SHA-256, in hex, over the inputs and the settings that can change a number
	Program    string // names the build; with Inputs it decides whether there is anything new
	Provenance Provenance
	Tables     []*gate.Cleared // published as tables/NAME.parquet; at least one
	Files      []File
}

// A File is any other file of a run: a part of the report, a notebook, README.md.
type File struct {
	Path    string // relative to the run, with slashes; ASCII letters, digits, '.', '_' and '-'
	Content []byte
}

// A Run is a published run.
type Run struct {
	ID  string
	Dir string
	New bool // false if the same run had been published before
}

// Open creates the output folder if need be, takes its lock without waiting,
// and removes what dead processes have left there. It returns ErrLocked if
// another process holds the lock. The caller closes the Root.
func Open(path string) (*Root, error) {
	r, err := open(path)
	if err != nil {
		return nil, fmt.Errorf("open output folder %q: %w", path, err)
	}
	return r, nil
}

func open(path string) (*Root, error) {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, err
	}
	folder, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	r := &Root{path: path, folder: folder, system: realSystem()}
	if err := r.prepare(); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

func (r *Root) prepare() error {
	// The lock is opened by path, where a link would be followed.
	if info, err := r.folder.Lstat(lockName); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file", lockName)
	}
	lock := flock.New(filepath.Join(r.path, lockName), flock.SetPermissions(0o644))
	locked, err := lock.TryLock()
	if err != nil {
		return err
	}
	if !locked {
		return ErrLocked
	}
	r.lock = lock
	if err := r.folder.Mkdir(runsName, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if info, err := r.folder.Lstat(runsName); err != nil || !info.IsDir() {
		return errors.Join(err, fmt.Errorf("%s is not a folder", runsName))
	}
	if info, err := r.folder.Lstat(latestName); err == nil && info.Mode().Type() != fs.ModeSymlink {
		return fmt.Errorf("%s is not a link", latestName)
	}
	return r.removeTemporary()
}

// Close gives the lock back.
func (r *Root) Close() error {
	err := r.folder.Close()
	if r.lock != nil {
		err = errors.Join(err, r.lock.Close())
	}
	return err
}

func (r *Root) removeTemporary() error {
	for _, dir := range []string{".", runsName} {
		entries, err := fs.ReadDir(r.folder.FS(), dir)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if !strings.HasPrefix(e.Name(), temporaryPrefix) {
				continue
			}
			if err := r.folder.RemoveAll(dir + "/" + e.Name()); err != nil {
				return err
			}
		}
	}
	return nil
}

// last is the content of .last.
type last struct {
	Inputs  string `json:"inputs"`
	Program string `json:"program"`
	Run     string `json:"run"`
}

// Unchanged returns the newest run if the same program has made it of the same
// inputs, latest leads to it and it verifies: then there is nothing new to do.
func (r *Root) Unchanged(inputs, program string) (run Run, ok bool) {
	var l last
	content, err := readSmall(r.folder, lastName)
	if err != nil || json.Unmarshal(content, &l) != nil || l.Inputs != inputs || l.Program != program {
		return Run{}, false
	}
	target := runsName + "/" + l.Run
	if link, err := r.folder.Readlink(latestName); err != nil || link != target || checkPath(target) != nil {
		return Run{}, false
	}
	if _, err := r.verify(target); err != nil {
		return Run{}, false
	}
	return r.run(l.Run, false), true
}

func (r *Root) run(id string, isNew bool) Run {
	return Run{ID: id, Dir: filepath.Join(r.path, runsName, id), New: isNew}
}

// Publish publishes a run and makes it the latest. The tables are sorted by
// their keys; a key that two rows share is an error.
//
// After an error latest leads to the run it led to before, with one exception:
// where the very last sync of the folder fails, it may lead to the new run.
func (r *Root) Publish(ctx context.Context, p Publication) (Run, error) {
	d, err := r.Draft(ctx, p.Inputs)
	if err != nil {
		return Run{}, err
	}
	defer d.Discard()
	return d.Publish(ctx, p)
}

// Publish publishes the draft and whatever of the publication it has not written
// yet, as Root.Publish does.
func (d *Draft) Publish(ctx context.Context, p Publication) (Run, error) {
	run, err := d.publish(ctx, p)
	if err != nil {
		return Run{}, fmt.Errorf("publish: %w", err)
	}
	return run, nil
}

func (d *Draft) publish(ctx context.Context, p Publication) (Run, error) {
	if err := errors.Join(p.check(), d.failure()); err != nil {
		return Run{}, err
	}
	if p.Inputs != d.inputs {
		return Run{}, errors.New("the draft is of other inputs")
	}
	r, w := d.root, d.files
	var described []resource
	for _, cleared := range p.Tables {
		schema := cleared.Table().Schema
		f, err := d.written(schema)
		if f == nil && err == nil {
			f, err = w.writeWhole(ctx, cleared.Table(), p.Inputs)
		}
		if err != nil {
			return Run{}, fmt.Errorf("table %s: %w", schema.Name, err)
		}
		w.outputs = append(w.outputs, f.output)
		described = append(described, describe(schema, f.output))
	}
	for _, f := range p.Files {
		if err := ctx.Err(); err != nil {
			return Run{}, err
		}
		if _, err := w.add(f.Path, content(f.Content)); err != nil {
			return Run{}, err
		}
	}
	m, err := w.finish(&p, described)
	if err != nil {
		return Run{}, err
	}
	if err := ctx.Err(); err != nil {
		return Run{}, err
	}
	isNew, err := r.settle(m)
	if err != nil {
		return Run{}, err
	}
	return r.run(m.Run, isNew), r.point(last{p.Inputs, p.Program, m.Run})
}

// settle moves the temporary run to its place. A whole run of that id stays
// there; a damaged one is replaced.
func (r *Root) settle(m Manifest) (isNew bool, err error) {
	target := runsName + "/" + m.Run
	_, err = r.folder.Lstat(target)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		isNew = true
		err = r.system.rename(r.folder, temporaryRun, target)
	case err == nil:
		present, damage := r.verify(target)
		switch {
		case damage != nil:
			isNew = true
			err = r.replaceDamaged(target)
		case present.outputsHash() != m.outputsHash():
			err = fmt.Errorf("run %s is there with other contents", m.Run)
		}
	}
	if err != nil {
		return false, err
	}
	return isNew, r.syncFolder(runsName) // also for a process that died before it could
}

func (r *Root) replaceDamaged(target string) error {
	if err := r.system.rename(r.folder, target, damagedRun); err != nil {
		return err
	}
	if err := r.system.rename(r.folder, temporaryRun, target); err != nil {
		return errors.Join(err, r.folder.Rename(damagedRun, target))
	}
	return nil
}

// point makes a run the latest. A rename replaces a link that somebody has put
// in the place of one of these files, and never writes through it.
func (r *Root) point(l last) error {
	target := runsName + "/" + l.Run
	for _, file := range []struct {
		name  string
		value any
	}{
		{latestJSONName, struct {
			Run  string `json:"run"`
			Path string `json:"path"`
		}{l.Run, target}},
		{lastName, l},
	} {
		encoded, err := encodeJSON(file.value)
		if err != nil {
			return err
		}
		temporary := temporaryPrefix + file.name
		if _, err := r.create(temporary, content(encoded)); err != nil {
			return err
		}
		if err := r.system.rename(r.folder, temporary, file.name); err != nil {
			return err
		}
	}
	temporary := temporaryPrefix + latestName
	if err := r.system.symlink(r.folder, target, temporary); err != nil {
		return err
	}
	if err := r.system.rename(r.folder, temporary, latestName); err != nil {
		return err
	}
	return r.syncFolder(".")
}

// check finds mistakes of the caller before anything is written.
func (p *Publication) check() error {
	if len(p.Tables) == 0 {
		return errors.New("no table")
	}
	if !isSHA256(p.Inputs) {
		return fmt.Errorf("hash of the inputs is %q, not 64 hex digits", p.Inputs)
	}
	if year := p.AsOf.Time().Year(); year < 0 || year > 9999 {
		return errors.New("as-of is not a date")
	}
	if err := p.Provenance.check(); err != nil {
		return err
	}
	// Names are compared without letter case: some file systems take no heed of it.
	taken := []string{strings.ToLower(manifestName), strings.ToLower(sumsName), packageName}
	add := func(path string) error {
		name := strings.ToLower(path)
		if err := checkPath(path); err != nil {
			return err
		}
		if slices.Contains(taken, name) {
			return fmt.Errorf("two files of the name %q", path)
		}
		taken = append(taken, name)
		return nil
	}
	for _, cleared := range p.Tables {
		if err := add(tablePath(cleared.Table().Schema.Name)); err != nil {
			return err
		}
	}
	for _, f := range p.Files {
		if err := add(f.Path); err != nil {
			return err
		}
		// A table that has not passed the gate must not get in by this door.
		if strings.HasPrefix(strings.ToLower(f.Path), "tables/") || strings.HasSuffix(strings.ToLower(f.Path), tableExtension) {
			return fmt.Errorf("file %q: tables are published as cleared tables only", f.Path)
		}
	}
	return nil
}

// checkPath refuses a path that leads out of its folder, that a file system
// could take for another, or that a shell could take for an option.
func checkPath(path string) error {
	plain := func(c rune) bool {
		return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.ContainsRune("._-", c)
	}
	for part := range strings.SplitSeq(path, "/") {
		if part == "" || part[0] == '.' || part[0] == '-' || strings.ContainsFunc(part, func(c rune) bool { return !plain(c) }) {
			return fmt.Errorf("path %q: not a plain relative path", path)
		}
	}
	return nil
}
