package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"hardship/pipeline/parquetfile"
)

// maxDescription bounds the files that describe others, which are read whole.
const maxDescription = 64 << 20

// A Damage is a file of a run that is not as it was published.
type Damage struct {
	Path string // within the run
	Err  error
}

func (d *Damage) Error() string { return d.Path + ": " + d.Err.Error() }

func (d *Damage) Unwrap() error { return d.Err }

// ReadManifest reads the manifest of the run in dir. It verifies nothing.
func ReadManifest(dir string) (Manifest, error) {
	var m Manifest
	root, err := os.OpenRoot(dir)
	if err != nil {
		return m, err
	}
	defer root.Close()
	encoded, err := readSmall(root, manifestName)
	if err == nil {
		err = json.Unmarshal(encoded, &m)
	}
	if err != nil {
		return m, fmt.Errorf("run %q: %w", dir, &Damage{manifestName, err})
	}
	return m, nil
}

// Verify compares the run in dir, under whatever name, with its manifest:
// that every file is there with its hash and nothing else is, and that the
// tables have the columns and numbers of rows they are said to have.
//
// The error wraps a *Damage for each file at fault. manifest.json and the line
// that SHA256SUMS has for it vouch for each other only: where they differ, the
// Damage is of manifest.json and says that it may be either.
func Verify(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if _, err := verify(root); err != nil {
		return fmt.Errorf("run %q: %w", dir, err)
	}
	return nil
}

// verify verifies a run within the output folder.
func (r *Root) verify(path string) (Manifest, error) {
	if info, err := r.folder.Lstat(path); err != nil || !info.IsDir() {
		return Manifest{}, errors.Join(err, fmt.Errorf("%s is not a folder", path))
	}
	run, err := r.folder.OpenRoot(path)
	if err != nil {
		return Manifest{}, err
	}
	defer run.Close()
	return verify(run)
}

func verify(run *os.Root) (Manifest, error) {
	m, err := verifyManifest(run)
	if err != nil {
		return m, err
	}
	damages := []error{verifyNames(run, m)}
	resources := map[string]resource{}
	for _, o := range m.Outputs {
		err := verifyHash(run, o)
		if o.Path == packageName && err == nil {
			resources, err = readResources(run)
		}
		if err != nil {
			damages = append(damages, &Damage{o.Path, err})
		}
	}
	if err := errors.Join(damages...); err != nil {
		return m, err
	}
	for _, o := range m.Outputs {
		if err := verifyTable(run, o, resources); err != nil {
			damages = append(damages, &Damage{o.Path, err})
		}
	}
	return m, errors.Join(damages...)
}

// verifyManifest reads the manifest and compares it with SHA256SUMS.
func verifyManifest(run *os.Root) (m Manifest, err error) {
	encoded, err := readSmall(run, manifestName)
	if err != nil {
		return m, &Damage{manifestName, err}
	}
	sums, err := readSmall(run, sumsName)
	if err != nil {
		return m, &Damage{sumsName, err}
	}
	hash := sha256.Sum256(encoded)
	manifestSHA256 := hex.EncodeToString(hash[:])
	if !bytes.Contains(sums, sumsLine(manifestSHA256, manifestName)) {
		return m, &Damage{manifestName, fmt.Errorf("does not match its line in %s: one of the two is damaged", sumsName)}
	}
	if err := json.Unmarshal(encoded, &m); err != nil {
		return m, &Damage{manifestName, err}
	}
	if !bytes.Equal(sums, m.sums(manifestSHA256)) {
		return m, &Damage{sumsName, fmt.Errorf("does not match %s", manifestName)}
	}
	if !strings.HasSuffix(m.Run, "-"+m.outputsHash()[:6]) {
		return m, &Damage{manifestName, fmt.Errorf("run id %q is not that of its files", m.Run)}
	}
	return m, nil
}

// verifyNames finds files that a run must not have.
func verifyNames(run *os.Root, m Manifest) error {
	known := map[string]bool{manifestName: true, sumsName: true}
	for _, o := range m.Outputs {
		known[o.Path] = true
	}
	var damages []error
	err := fs.WalkDir(run.FS(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && !known[path] {
			damages = append(damages, &Damage{path, fmt.Errorf("is not in %s", manifestName)})
		}
		return err
	})
	return errors.Join(append(damages, err)...)
}

func verifyHash(run *os.Root, o Output) error {
	f, err := openRegular(run, o.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, f)
	if err != nil {
		return err
	}
	if n != o.Bytes {
		return fmt.Errorf("has %d bytes, published were %d", n, o.Bytes)
	}
	if hex.EncodeToString(sum.Sum(nil)) != o.SHA256 {
		return errors.New("SHA-256 differs from the published one")
	}
	return nil
}

// readResources returns the resources of datapackage.json by path.
func readResources(run *os.Root) (map[string]resource, error) {
	encoded, err := readSmall(run, packageName)
	if err != nil {
		return nil, err
	}
	var p dataPackage
	if err := json.Unmarshal(encoded, &p); err != nil {
		return nil, err
	}
	byPath := make(map[string]resource, len(p.Resources))
	for _, r := range p.Resources {
		byPath[r.Path] = r
	}
	return byPath, nil
}

// verifyTable compares a table's footer with what the run says of the table.
func verifyTable(run *os.Root, o Output, resources map[string]resource) error {
	described, ok := resources[o.Path]
	if ok != (o.Rows != nil) {
		return fmt.Errorf("is a table in one of %s and %s only", manifestName, packageName)
	}
	if !ok {
		return nil
	}
	f, err := openRegular(run, o.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	file, err := parquetfile.Open(f, o.Bytes, o.Path, parquetfile.Limits{})
	if err != nil {
		return err
	}
	if file.NumRows() != *o.Rows {
		return fmt.Errorf("has %d rows, %s says %d", file.NumRows(), manifestName, *o.Rows)
	}
	return described.fits(file.Schema().Fields())
}

// openRegular opens a file that is no link, device or pipe.
func openRegular(in *os.Root, path string) (*os.File, error) {
	info, err := in.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("is not a regular file")
	}
	return in.Open(path)
}

func readSmall(in *os.Root, path string) ([]byte, error) {
	f, err := openRegular(in, path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxDescription+1))
	if len(b) > maxDescription {
		return nil, fmt.Errorf("is larger than %d bytes", maxDescription)
	}
	return b, err
}

// ReadKeys reads the keys of the tables of the run in dir, by the names of tables.
// It verifies nothing.
func ReadKeys(dir string) (map[string][]string, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	resources, err := readResources(root)
	if err != nil {
		return nil, fmt.Errorf("run %q: %w", dir, &Damage{packageName, err})
	}
	keys := map[string][]string{}
	for _, r := range resources {
		keys[r.Name] = r.Schema.PrimaryKey
	}
	return keys, nil
}
