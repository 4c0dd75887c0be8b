package store

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"hardship/pipeline/hour"
)

// SchemaVersion is the version of the published tables and of the manifest,
// semantic: a new column is a minor change, a renamed one or another unit a
// major one.
const SchemaVersion = "1.0.0"

const (
	manifestName = "manifest.json"
	sumsName     = "SHA256SUMS"
)

// A Manifest is what manifest.json of a run holds.
type Manifest struct {
	SchemaVersion string `json:"schema_version"`
	Run           string `json:"run"`
	AsOf          string `json:"as_of"`         // RFC 3339, UTC
	InputsSHA256  string `json:"inputs_sha256"` // over the inputs and the settings that can change a number
	Provenance
	Outputs []Output `json:"outputs"` // every file but manifest.json and SHA256SUMS, sorted by path
}

// Provenance says how a run came about. It holds no clock time, host name or
// absolute path, so that equal runs have equal manifests.
type Provenance struct {
	Version      string            `json:"version"`           // of the program: release and revision
	Modules      map[string]string `json:"modules,omitempty"` // path to version, of the libraries built in
	ConfigSHA256 string            `json:"config_sha256"`
	Config       json.RawMessage   `json:"config,omitempty"` // the effective configuration, secrets left out
	Seeds        map[string]uint64 `json:"seeds,omitempty"`  // by purpose
	Inputs       []Input           `json:"inputs"`
	Warnings     []string          `json:"warnings"`
}

// An Input is one file that a run has read.
type Input struct {
	Source       string `json:"source"`
	Path         string `json:"path"` // relative to the configuration's root, with slashes
	Bytes        int64  `json:"bytes"`
	SHA256       string `json:"sha256"`
	RowsRead     int64  `json:"rows_read"` // kept and rejected together
	RowsKept     int64  `json:"rows_kept"`
	RowsRejected int64  `json:"rows_rejected"`
	Licence      string `json:"licence"`
}

// An Output is one file of a run.
type Output struct {
	Path   string `json:"path"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
	Rows   *int64 `json:"rows,omitempty"` // of tables
}

func (p *Provenance) check() error {
	for _, in := range p.Inputs {
		switch {
		case !fs.ValidPath(in.Path):
			return fmt.Errorf("input %q: not a clean relative path", in.Path)
		case !isSHA256(in.SHA256):
			return fmt.Errorf("input %s: SHA-256 is %q", in.Path, in.SHA256)
		case in.RowsRead != in.RowsKept+in.RowsRejected:
			return fmt.Errorf("input %s: %d rows read, but %d kept and %d rejected", in.Path, in.RowsRead, in.RowsKept, in.RowsRejected)
		}
	}
	if len(p.Config) > 0 && !json.Valid(p.Config) {
		return fmt.Errorf("effective configuration is not JSON")
	}
	return nil
}

// newManifest returns the manifest of a publication's files.
func newManifest(p *Publication, outputs []Output) Manifest {
	m := Manifest{
		SchemaVersion: SchemaVersion,
		AsOf:          p.AsOf.String(),
		InputsSHA256:  p.Inputs,
		Provenance:    p.Provenance,
		Outputs:       slices.Clone(outputs),
	}
	m.Inputs = append([]Input{}, m.Inputs...)
	m.Warnings = append([]string{}, m.Warnings...)
	slices.SortFunc(m.Inputs, func(a, b Input) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Path, b.Path))
	})
	slices.SortFunc(m.Outputs, func(a, b Output) int { return cmp.Compare(a.Path, b.Path) })
	m.Run = runID(p.AsOf, m.outputsHash())
	return m
}

// runID names a run by its as-of and six digits of the hash over its outputs'
// hashes.
func runID(asOf hour.Instant, outputsHash string) string {
	return asOf.Time().Format("20060102T150405Z") + "-" + outputsHash[:6]
}

// outputsHash is the SHA-256 over the lines that the outputs have in SHA256SUMS.
func (m *Manifest) outputsHash() string {
	sum := sha256.New()
	for _, o := range m.Outputs {
		sum.Write(sumsLine(o.SHA256, o.Path))
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// sums returns the content of SHA256SUMS, which has a line for each file but
// itself.
func (m *Manifest) sums(manifestSHA256 string) []byte {
	lines := map[string]string{manifestName: manifestSHA256}
	paths := []string{manifestName}
	for _, o := range m.Outputs {
		lines[o.Path] = o.SHA256
		paths = append(paths, o.Path)
	}
	slices.Sort(paths)
	var b []byte
	for _, path := range paths {
		b = append(b, sumsLine(lines[path], path)...)
	}
	return b
}

func sumsLine(sha256, path string) []byte { return []byte(sha256 + "  " + path + "\n") }

func isSHA256(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == sha256.Size && s == strings.ToLower(s)
}

func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}
