package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"hardship/pipeline/config"
	"hardship/pipeline/normalize"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

// inputFile is an opened and hashed input.
type inputFile struct {
	Input
	file   io.Closer
	opened fs.FileInfo // of the file when it was hashed
	at     normalize.File
	read   *atomic.Int64 // bytes, since it was hashed
	lost   bool          // it could be hashed and then not be read, which another run may
}

// inputFiles are all files of a run, opened once and hashed from the handle
// from which they are then read.
type inputFiles struct {
	areas      []*inputFile
	boundaries []*inputFile // one, or none
	sources    []*inputFile
}

// all returns the files in the order in which a run reads them.
func (f *inputFiles) all() []*inputFile { return slices.Concat(f.areas, f.boundaries, f.sources) }

func (f *inputFiles) Close() {
	for _, one := range f.all() {
		if one.file != nil {
			one.file.Close()
		}
	}
}

// areaSource is the name by which area tables of the configuration go.
const areaSource = "areas"

// areaTableSource is the source that those tables are of.
func areaTableSource(c *config.Config) *config.Source {
	return &config.Source{
		Name: areaSource, Table: table.Area, Format: "csv", Location: c.Areas.Location,
		Origin: c.Areas.Origin, Licence: c.Areas.Licence, Attribution: c.Areas.Attribution,
	}
}

// openInputs opens and hashes every file that the configuration names. Formats
// that it leaves open are recognised, and stand in o.Config from then on.
func openInputs(ctx context.Context, o *Options) *inputFiles {
	all := &inputFiles{}
	ofSource := make([][]*inputFile, len(o.Config.Sources))
	o.Config = o.Config.Clone()
	for i := range o.Config.Sources {
		s := &o.Config.Sources[i]
		for _, name := range expand(o.Files, s.Files) {
			ofSource[i] = append(ofSource[i], newInput(s, name, o.Config.Limits))
		}
	}
	openAll(ctx, o.Files, slices.Concat(ofSource...))
	for i := range o.Config.Sources {
		if s := &o.Config.Sources[i]; s.Format == config.AutoFormat {
			recognise(s, ofSource[i])
		}
	}
	ownAreas := areaTableSource(o.Config)
	ofAreas := slices.ContainsFunc(o.Config.Sources, func(s config.Source) bool { return s.Table == table.Area })
	switch {
	case o.Config.Areas.FromData, len(o.Config.Areas.Reference) > 0:
	case len(o.Config.Areas.Files) > 0:
		for _, name := range o.Config.Areas.Files {
			all.areas = append(all.areas, openInput(ctx, o.Files, ownAreas, name, o.Config.Limits))
		}
	case !ofAreas, o.Config.Areas.Shipped:
		all.areas = append(all.areas, openInput(ctx, o.Areas, ownAreas, ShippedAreas, o.Config.Limits))
	}
	all.openBoundaries(ctx, o)
	for i, files := range ofSource {
		if o.Config.Sources[i].Table == table.Area {
			all.areas = append(all.areas, files...)
		} else {
			all.sources = append(all.sources, files...)
		}
	}
	return all
}

// expand returns the files that patterns match, and a pattern that matches none
// as it is; each once, though patterns may overlap.
func expand(root fs.FS, patterns []string) []string {
	var files []string
	for _, pattern := range patterns {
		names, err := fs.Glob(root, pattern)
		if err != nil || len(names) == 0 {
			names = []string{pattern}
		}
		slices.Sort(names)
		for _, name := range names {
			if !slices.Contains(files, path.Clean(name)) {
				files = append(files, path.Clean(name))
			}
		}
	}
	return files
}

// recognise tells the format of a source that leaves it open by its files, which
// must agree. One that cannot be told, or is not that of the others, says so in
// its Err.
func recognise(s *config.Source, files []*inputFile) {
	wanted := s.Table // nil for any
	for _, f := range files {
		if f.Err != nil {
			continue
		}
		format, why, err := normalize.Recognise(f.at)
		switch {
		case err != nil:
		case wanted != nil && format.Table != wanted:
			err = fmt.Errorf("recognised as %s, which fills the table %s, not %s: %s", format.Name, format.Table.Name, wanted.Name, why)
		case s.Format != config.AutoFormat && s.Format != format.Name:
			err = fmt.Errorf("recognised as %s, but files of the source before it as %s: they are two sources", format.Name, s.Format)
		default:
			s.Format, s.Table, f.Recognised = format.Name, format.Table, why
		}
		var whole *source.FileError
		if err != nil && !errors.As(err, &whole) {
			err = &source.FileError{File: f.Path, Code: source.WrongFormat, Err: err}
		}
		f.Err = err
	}
}

func newInput(s *config.Source, name string, limits source.Limits) *inputFile {
	return &inputFile{Input: Input{Source: s, Path: path.Clean(name)}, at: normalize.File{Limits: limits}}
}

func openInput(ctx context.Context, root fs.FS, s *config.Source, name string, limits source.Limits) *inputFile {
	f := newInput(s, name, limits)
	f.Err = f.open(ctx, root)
	return f
}

// openAll opens and hashes files, one on each core.
func openAll(ctx context.Context, root fs.FS, files []*inputFile) {
	next := make(chan *inputFile)
	var group sync.WaitGroup
	for range min(len(files), runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for f := range next {
				f.Err = f.open(ctx, root)
			}
		})
	}
	for _, f := range files {
		next <- f
	}
	close(next)
	group.Wait()
}

func (f *inputFile) open(ctx context.Context, root fs.FS) error {
	fail := func(err error) error {
		var p *fs.PathError
		if errors.As(err, &p) {
			err = p.Err
		}
		return &source.FileError{File: f.Path, Code: source.Unreadable, Err: err}
	}
	// A pipe would block in Open, so what it is comes first.
	info, err := fs.Stat(root, f.Path)
	if err == nil && !info.Mode().IsRegular() {
		err = errNotRegular
	}
	if err != nil {
		return fail(err)
	}
	file, err := root.Open(f.Path)
	if err != nil {
		return fail(err)
	}
	f.file = file
	if info, err = file.Stat(); err == nil && !info.Mode().IsRegular() { // another since
		err = errNotRegular
	}
	if err != nil {
		return fail(err)
	}
	content, ok := file.(io.ReaderAt)
	if !ok {
		all, err := io.ReadAll(file)
		if err != nil {
			return fail(err)
		}
		content = bytes.NewReader(all)
	}
	f.opened = info
	f.Bytes = info.Size()
	counted := &countedReader{from: content}
	f.at.Name, f.at.Content, f.at.Size = f.Path, counted, f.Bytes
	hash := sha256.New()
	if n, err := io.Copy(hash, untilDone{ctx, f.at.Section()}); err != nil || n != f.Bytes {
		return fail(errors.Join(err, fmt.Errorf("%d of %d bytes could be read", n, f.Bytes)))
	}
	f.SHA256 = hex.EncodeToString(hash.Sum(nil))
	counted.bytes.Store(0)
	f.read = &counted.bytes
	return nil
}

// untilDone reads until its context has ended: to hash a large file takes long.
type untilDone struct {
	ctx  context.Context
	from io.Reader
}

func (r untilDone) Read(b []byte) (int, error) {
	if r.ctx.Err() != nil {
		return 0, context.Cause(r.ctx)
	}
	return r.from.Read(b)
}

var errNotRegular = errors.New("not a regular file")

// A countedReader counts the bytes that are read of a file, by whatever goroutine.
type countedReader struct {
	from  io.ReaderAt
	bytes atomic.Int64
}

func (r *countedReader) ReadAt(b []byte, at int64) (int, error) {
	n, err := r.from.ReadAt(b, at)
	r.bytes.Add(int64(n))
	return n, err
}

// done is how much of all files has been read when one of them is being read: those
// before it whole.
func (f *inputFiles) done(now *inputFile) (done, all int64) {
	before := true
	for _, one := range f.sources {
		all += one.Bytes
		switch before = before && one != now; {
		case before:
			done += one.Bytes
		case one == now:
			done += min(one.read.Load(), one.Bytes)
		}
	}
	return done, all
}

// errChanged is a file whose rows may be others than those of its hash.
var errChanged = errors.New("has changed while it was read: write another file and rename it into place")

// unchanged returns an error if the file is another than when it was hashed.
func (f *inputFile) unchanged() error {
	now, err := f.file.(fs.File).Stat()
	if err == nil && (now.Size() != f.opened.Size() || !now.ModTime().Equal(f.opened.ModTime())) {
		err = errChanged
	}
	if err != nil {
		return &source.FileError{File: f.Path, Code: source.Unreadable, Err: err}
	}
	return nil
}
