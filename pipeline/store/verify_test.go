package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func TestVerifyNoticesEveryFlippedBit(t *testing.T) {
	t.Parallel()
	run := mustPublish(t, mustOpen(t, t.TempDir()), publication(0))
	files := tree(t, run.Dir)
	names := slices.Sorted(maps.Keys(files))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 40 * len(names) {
		name := names[i%len(names)]
		bit := random.IntN(8 * len(files[name]))
		flipped := []byte(files[name])
		flipped[bit/8] ^= 1 << (bit % 8)
		path := filepath.Join(run.Dir, name)
		if err := os.WriteFile(path, flipped, 0o644); err != nil {
			t.Fatal(err)
		}
		err := Verify(run.Dir)
		var damage *Damage
		if !errors.As(err, &damage) || !strings.Contains(damage.Error(), name) {
			t.Errorf("bit %d of byte %d of %s flipped: %v", bit%8, bit/8, name, err)
		}
		if err := os.WriteFile(path, []byte(files[name]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := Verify(run.Dir); err != nil {
		t.Error(err)
	}
}

func TestVerifyNamesTheFile(t *testing.T) {
	for _, tt := range []struct {
		name   string
		damage func(in func(string) string) error
		path   string
		reason string
	}{
		{"a file cut short", func(in func(string) string) error { return os.Truncate(in("report/report.html"), 3) }, "report/report.html", "has 3 bytes, published were 14"},
		{"a file lost", func(in func(string) string) error { return os.Remove(in("tables/sample.parquet")) }, "tables/sample.parquet", "no such file"},
		{"a file more", func(in func(string) string) error { return os.WriteFile(in("tables/x.parquet"), nil, 0o644) }, "tables/x.parquet", "is not in manifest.json"},
		{"a link in the place of a file", func(in func(string) string) error {
			return errors.Join(os.Rename(in("README.md"), in("../README.md")), os.Symlink("../README.md", in("README.md")))
		}, "README.md", "not a regular file"},
		{"a pipe in the place of a file", func(in func(string) string) error {
			return errors.Join(os.Remove(in("README.md")), syscall.Mkfifo(in("README.md"), 0o644))
		}, "README.md", "not a regular file"},
		{"a folder that is a link", func(in func(string) string) error {
			return errors.Join(os.Rename(in("report"), in("../report")), os.Symlink("../report", in("report")))
		}, "report/report.html", "escapes"},
		{"no manifest", func(in func(string) string) error { return os.Remove(in("manifest.json")) }, "manifest.json", "no such file"},
		{"no sums", func(in func(string) string) error { return os.Remove(in("SHA256SUMS")) }, "SHA256SUMS", "no such file"},
		{"sums of one file less", func(in func(string) string) error {
			sums, err := os.ReadFile(in("SHA256SUMS"))
			_, rest, _ := strings.Cut(string(sums), "\n")
			return errors.Join(err, os.WriteFile(in("SHA256SUMS"), []byte(rest), 0o644))
		}, "SHA256SUMS", "does not match manifest.json"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			run := mustPublish(t, mustOpen(t, t.TempDir()), publication(0))
			if err := tt.damage(func(name string) string { return filepath.Join(run.Dir, name) }); err != nil {
				t.Fatal(err)
			}
			err := Verify(run.Dir)
			if err == nil || !strings.Contains(err.Error(), tt.path+": ") || !strings.Contains(err.Error(), tt.reason) {
				t.Errorf("Verify = %v; want %s with %q", err, tt.path, tt.reason)
			}
		})
	}
}

// A run whose hashes are right may still have been made wrong.
func TestVerifyComparesTablesWithTheirDescription(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(m *Manifest, p *dataPackage)
		reason string
	}{
		{"another number of rows", func(m *Manifest, p *dataPackage) { *output(m, "tables/sample.parquet").Rows = 51 }, "has 50 rows, manifest.json says 51"},
		{"another name of a column", func(m *Manifest, p *dataPackage) { p.Resources[0].Schema.Fields[0].Name = "x" }, "column name is utf8"},
		{"another type of a column", func(m *Manifest, p *dataPackage) { p.Resources[0].Schema.Fields[1].Type = "string" }, "column number is int32"},
		{"a column less", func(m *Manifest, p *dataPackage) { p.Resources[0].Schema.Fields = p.Resources[0].Schema.Fields[1:] }, "7 columns"},
		{"a table that is not described", func(m *Manifest, p *dataPackage) { p.Resources = p.Resources[1:] }, "is a table in one of"},
		{"a table that is not counted", func(m *Manifest, p *dataPackage) { output(m, "tables/sample.parquet").Rows = nil }, "is a table in one of"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := mustPublish(t, mustOpen(t, t.TempDir()), publication(0)).Dir
			rewrite(t, dir, tt.change)
			err := Verify(dir)
			if err == nil || !strings.Contains(err.Error(), "tables/sample.parquet: ") || !strings.Contains(err.Error(), tt.reason) {
				t.Errorf("Verify = %v; want %q", err, tt.reason)
			}
		})
	}
	t.Run("no description at all", func(t *testing.T) {
		dir := mustPublish(t, mustOpen(t, t.TempDir()), publication(0)).Dir
		rewrite(t, dir, func(m *Manifest, p *dataPackage) {
			m.Outputs = slices.DeleteFunc(m.Outputs, func(o Output) bool { return o.Path == packageName })
		})
		if err := os.Remove(filepath.Join(dir, packageName)); err != nil {
			t.Fatal(err)
		}
		if err := Verify(dir); err == nil || !strings.Contains(err.Error(), "is a table in one of") {
			t.Errorf("Verify = %v", err)
		}
	})
	t.Run("an id that is not the run's", func(t *testing.T) {
		dir := mustPublish(t, mustOpen(t, t.TempDir()), publication(0)).Dir
		rewrite(t, dir, func(m *Manifest, p *dataPackage) { m.Run = "20260822T190000Z-000000" })
		if err := Verify(dir); err == nil || !strings.Contains(err.Error(), "is not that of its files") {
			t.Errorf("Verify = %v", err)
		}
	})
}

// rewrite changes what a run says of itself and makes all its hashes right again.
func rewrite(t *testing.T, dir string, change func(*Manifest, *dataPackage)) {
	t.Helper()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	m, err := ReadManifest(dir)
	must(err)
	var p dataPackage
	encoded, err := os.ReadFile(filepath.Join(dir, packageName))
	must(err)
	must(json.Unmarshal(encoded, &p))
	id := m.Run
	change(&m, &p)

	encoded, err = encodeJSON(p)
	must(err)
	must(os.WriteFile(filepath.Join(dir, packageName), encoded, 0o644))
	for i := range m.Outputs {
		if o := &m.Outputs[i]; o.Path == packageName {
			o.Bytes, o.SHA256 = int64(len(encoded)), hashOf(encoded)
		}
	}
	if m.Run == id {
		m.Run = id[:len(id)-6] + m.outputsHash()[:6]
	}
	encoded, err = encodeJSON(m)
	must(err)
	must(os.WriteFile(filepath.Join(dir, manifestName), encoded, 0o644))
	must(os.WriteFile(filepath.Join(dir, sumsName), m.sums(hashOf(encoded)), 0o644))
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func output(m *Manifest, path string) *Output {
	i := slices.IndexFunc(m.Outputs, func(o Output) bool { return o.Path == path })
	return &m.Outputs[i]
}

func TestSums(t *testing.T) {
	run := mustPublish(t, mustOpen(t, t.TempDir()), publication(0))
	files := tree(t, run.Dir)
	var want strings.Builder
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if name != sumsName {
			want.WriteString(hashOf([]byte(files[name])) + "  " + name + "\n")
		}
	}
	if files[sumsName] != want.String() {
		t.Errorf("SHA256SUMS =\n%swant\n%s", files[sumsName], &want)
	}
}
