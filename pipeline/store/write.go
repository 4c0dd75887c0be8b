package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"os"
	"path"
	"slices"
)

// fileSystem holds the operations by which a run is written, so that a test can
// make each of them fail.
type fileSystem struct {
	mkdir   func(in *os.Root, path string, mode os.FileMode) error
	create  func(in *os.Root, path string, flag int, mode os.FileMode) (*os.File, error)
	write   func(f *os.File, b []byte) (int, error)
	sync    func(f *os.File) error
	rename  func(in *os.Root, from, to string) error
	symlink func(in *os.Root, target, path string) error
}

func realSystem() fileSystem {
	return fileSystem{
		mkdir:   (*os.Root).Mkdir,
		create:  (*os.Root).OpenFile,
		write:   (*os.File).Write,
		sync:    (*os.File).Sync,
		rename:  (*os.Root).Rename,
		symlink: (*os.Root).Symlink,
	}
}

// create writes a new file through write, syncs it, and returns its size and
// hash. It fails if there is anything at path.
func (r *Root) create(path string, write func(io.Writer) error) (Output, error) {
	f, err := r.system.create(r.folder, path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return Output{}, err
	}
	w := &hashedFile{file: f, write: r.system.write, sum: sha256.New()}
	err = write(w)
	if err == nil {
		err = r.system.sync(f)
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return Output{}, err
	}
	return Output{Path: path, Bytes: w.bytes, SHA256: hex.EncodeToString(w.sum.Sum(nil))}, nil
}

// content returns what writes b, for create.
func content(b []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	}
}

func (r *Root) syncFolder(path string) error {
	f, err := r.folder.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(r.system.sync(f), f.Close())
}

// A hashedFile counts and hashes what is written to a file.
type hashedFile struct {
	file  *os.File
	write func(*os.File, []byte) (int, error)
	sum   hash.Hash
	bytes int64
}

func (h *hashedFile) Write(b []byte) (int, error) {
	n, err := h.write(h.file, b)
	h.sum.Write(b[:n])
	h.bytes += int64(n)
	return n, err
}

// A runWriter writes the files of one run into a temporary folder.
type runWriter struct {
	root    *Root
	folder  string   // temporary
	folders []string // created so far, within the output folder
	outputs []Output
}

func (r *Root) newRunWriter() (*runWriter, error) {
	w := &runWriter{root: r, folder: temporaryRun}
	return w, w.makeFolder(w.folder)
}

// makeFolder creates a folder and those it lies in.
func (w *runWriter) makeFolder(name string) error {
	if name == "." || name == runsName || slices.Contains(w.folders, name) {
		return nil
	}
	if err := w.makeFolder(path.Dir(name)); err != nil {
		return err
	}
	w.folders = append(w.folders, name)
	return w.root.system.mkdir(w.root.folder, name, 0o755)
}

// create writes a file of the run. name is relative to the run.
func (w *runWriter) create(name string, write func(io.Writer) error) (Output, error) {
	full := w.folder + "/" + name
	if err := w.makeFolder(path.Dir(full)); err != nil {
		return Output{}, err
	}
	output, err := w.root.create(full, write)
	output.Path = name
	return output, err
}

// add writes a file and enters it among the outputs.
func (w *runWriter) add(name string, write func(io.Writer) error) (Output, error) {
	output, err := w.create(name, write)
	w.outputs = append(w.outputs, output)
	return output, err
}

// finish adds the files that describe the others, makes the folder durable and
// verifies it.
func (w *runWriter) finish(p *Publication, described []resource) (Manifest, error) {
	description, err := encodeJSON(newDataPackage(described))
	if err != nil {
		return Manifest{}, err
	}
	if _, err := w.add(packageName, content(description)); err != nil {
		return Manifest{}, err
	}
	m := newManifest(p, w.outputs)
	encoded, err := encodeJSON(m)
	if err != nil {
		return Manifest{}, err
	}
	manifest, err := w.create(manifestName, content(encoded))
	if err != nil {
		return Manifest{}, err
	}
	if _, err := w.create(sumsName, content(m.sums(manifest.SHA256))); err != nil {
		return Manifest{}, err
	}
	for _, folder := range slices.Backward(w.folders) {
		if err := w.root.syncFolder(folder); err != nil {
			return Manifest{}, err
		}
	}
	_, err = w.root.verify(temporaryRun)
	return m, err
}
