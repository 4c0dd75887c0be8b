package store

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hardship/pipeline/gate"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// sample has a column of every type.
var sample = &table.Schema{
	Name:        "sample",
	Description: "Rows of a test.",
	Key:         []string{"name", "number"},
	Columns: []table.Column{
		{Name: "name", Type: table.String, Description: "Name.", Enum: []string{"a", "b"}},
		{Name: "number", Type: table.Int32, Description: "Number."},
		{Name: "flag", Type: table.Bool, Null: true, Description: "Flag."},
		{Name: "total", Type: table.Int64, Null: true, Unit: "rows", Description: "Total."},
		{Name: "tmin_c", Type: table.Float64, Null: true, Unit: "°C", Description: "Temperature.", Definition: "4.3"},
		{Name: "date_local", Type: table.Date, Null: true, Description: "Day."},
		{Name: "seen_utc", Type: table.Timestamp, Null: true, Description: "Time."},
	},
}

// sampleTable has n rows in descending order of the key; every third cell is
// null and the numbers depend on seed.
func sampleTable(n, seed int) *table.Table {
	b := table.NewBuilder(sample)
	for i := n - 1; i >= 0; i-- {
		b.Row()
		b.String("name", string(rune('a'+i%2)))
		b.Int32("number", int32(i))
		table.Optional(b.Bool, "flag", i%2 == 0, i%3 != 0)
		table.Optional(b.Int64, "total", int64(i)<<40, i%3 != 1)
		table.Optional(b.Float64, "tmin_c", -float64(seed)/8, i%3 != 2)
		table.Optional(b.Date, "date_local", hour.Day(20000+i), i%3 != 0)
		table.Optional(b.Timestamp, "seen_utc", hour.Instant(i)*hour.Minute+1, i%3 != 1)
	}
	return b.Table()
}

func cleared(tables ...*table.Table) []*gate.Cleared {
	var all []*gate.Cleared
	for _, x := range tables {
		c, err := gate.Clear(x, gate.Rules{})
		if err != nil {
			panic(err)
		}
		all = append(all, c)
	}
	return all
}

var asOf = hour.At(time.Date(2026, 8, 22, 19, 0, 0, 0, time.UTC))

// publication returns a small publication; another seed gives other contents.
func publication(seed int) Publication {
	return Publication{
		AsOf:    asOf + hour.Instant(seed)*hour.Second,
		Inputs:  strings.Repeat("0a", 32),
		Program: "v1",
		Provenance: Provenance{
			Version:      "v1.0.0",
			ConfigSHA256: strings.Repeat("0b", 32),
			Config:       []byte(`{"from":"2026-01-01","areas":["UA80"],"note":"<&>"}`),
			Seeds:        map[string]uint64{"shift": 1, "bootstrap": 2},
			Modules:      map[string]string{"gonum.org/v1/gonum": "v0.17.0"},
			Inputs: []Input{
				{Source: "z", Path: "z.csv", SHA256: strings.Repeat("0c", 32), Bytes: 3, RowsRead: 3, RowsKept: 2, RowsRejected: 1, Licence: "CC BY 4.0"},
				{Source: "a", Path: "folder/a.csv", SHA256: strings.Repeat("0d", 32)},
			},
			Warnings: []string{"late source"},
		},
		Tables: cleared(sampleTable(50, seed), table.Dictionary(table.Outputs)),
		Files: []File{
			{"README.md", []byte("# Run\n")},
			{"report/report.html", []byte("<p>report</p>\n")},
			{"report/charts/01.svg", []byte("<svg/>\n")},
		},
	}
}

func mustOpen(t testing.TB, dir string) *Root {
	t.Helper()
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func mustPublish(t testing.TB, r *Root, p Publication) Run {
	t.Helper()
	run, err := r.Publish(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// tree returns all files and links below dir with their contents.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		if entry.Type() == fs.ModeSymlink {
			target, err := os.Readlink(path)
			files[name] = "-> " + target
			return err
		}
		content, err := os.ReadFile(path)
		files[name] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// latest verifies the run that latest leads to and returns its id.
func latest(t testing.TB, dir string) string {
	t.Helper()
	target, err := os.Readlink(filepath.Join(dir, latestName))
	if err != nil {
		t.Fatal(err)
	}
	if err := Verify(filepath.Join(dir, latestName)); err != nil {
		t.Fatal(err)
	}
	return filepath.Base(target)
}

// leftOver returns what a dead run has left.
func leftOver(t testing.TB, dir string) (found []string) {
	t.Helper()
	for _, pattern := range []string{temporaryPrefix + "*", runsName + "/" + temporaryPrefix + "*"} {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, names...)
	}
	return found
}

func TestPublishedTree(t *testing.T) {
	dir := t.TempDir()
	run := mustPublish(t, mustOpen(t, dir), publication(0))
	if !run.New || !strings.HasPrefix(run.ID, "20260822T190000Z-") || len(run.ID) != len("20260822T190000Z-3f9c1a") {
		t.Errorf("run = %+v", run)
	}
	files := tree(t, dir)
	in := "runs/" + run.ID + "/"
	want := []string{
		".last", ".lock", "latest", "latest.json",
		in + "README.md", in + "SHA256SUMS", in + "datapackage.json", in + "manifest.json",
		in + "report/charts/01.svg", in + "report/report.html",
		in + "tables/data_dictionary.parquet", in + "tables/sample.parquet",
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(files))); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if files["latest"] != "-> runs/"+run.ID {
		t.Errorf("latest %s", files["latest"])
	}
	if want := "{\n  \"run\": \"" + run.ID + "\",\n  \"path\": \"runs/" + run.ID + "\"\n}\n"; files["latest.json"] != want {
		t.Errorf("latest.json = %s, want %s", files["latest.json"], want)
	}
	if latest(t, dir) != run.ID || filepath.Join(dir, in) != run.Dir {
		t.Errorf("latest leads to %s, run is in %s", latest(t, dir), run.Dir)
	}
}

func TestEqualPublicationsGiveEqualTrees(t *testing.T) {
	one, two := t.TempDir(), filepath.Join(t.TempDir(), "not/there/yet")
	mustPublish(t, mustOpen(t, one), publication(0))
	p := publication(0)
	slices.Reverse(p.Files)
	slices.Reverse(p.Provenance.Inputs)
	reversed := make([]int, 50)
	for i := range reversed {
		reversed[i] = 49 - i
	}
	p.Tables[0] = cleared(p.Tables[0].Table().Take(reversed))[0]
	mustPublish(t, mustOpen(t, two), p)
	if diff := cmp.Diff(tree(t, one), tree(t, two)); diff != "" {
		t.Errorf("trees differ:\n%s", diff)
	}
}

func TestPublishAgainChangesNothing(t *testing.T) {
	dir := t.TempDir()
	r := mustOpen(t, dir)
	first := mustPublish(t, r, publication(0))
	before := tree(t, dir)
	p := publication(0)
	second := mustPublish(t, r, p)
	if second.ID != first.ID || second.New {
		t.Errorf("second run = %+v, first %+v", second, first)
	}
	if diff := cmp.Diff(before, tree(t, dir)); diff != "" {
		t.Errorf("tree changed:\n%s", diff)
	}
}

func TestRunID(t *testing.T) {
	r := mustOpen(t, t.TempDir())
	first := mustPublish(t, r, publication(0)).ID
	for name, change := range map[string]func(p *Publication){
		"another cell":    func(p *Publication) { p.Tables[0] = cleared(sampleTable(50, 1))[0] },
		"another as-of":   func(p *Publication) { p.AsOf += hour.Second },
		"another byte":    func(p *Publication) { p.Files[0].Content = []byte("# run\n") },
		"a file less":     func(p *Publication) { p.Files = p.Files[:1] },
		"another inputs":  func(p *Publication) { p.Inputs = strings.Repeat("ff", 32) },
		"another path":    func(p *Publication) { p.Files[0].Path = "readme.md" },
		"a table less":    func(p *Publication) { p.Tables = p.Tables[:1] },
		"fewer rows":      func(p *Publication) { p.Tables[0] = cleared(sampleTable(49, 0))[0] },
		"another's as-of": func(p *Publication) { p.AsOf -= 24 * hour.InstantsInHour },
	} {
		p := publication(0)
		change(&p)
		if run := mustPublish(t, r, p); run.ID == first || !run.New {
			t.Errorf("%s gives the run %+v again", name, run)
		}
	}
	p := publication(0)
	p.Program = "v2"
	p.Provenance.Version = "v2"
	if run := mustPublish(t, r, p); run.ID != first || run.New {
		t.Errorf("another build with equal files gives the run %+v, not %s", run, first)
	}
	if _, ok := r.Unchanged(p.Inputs, "v2"); !ok {
		t.Error("the other build would run again and again")
	}
}

func TestManifest(t *testing.T) {
	dir := t.TempDir()
	run := mustPublish(t, mustOpen(t, dir), publication(0))
	m, err := ReadManifest(run.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if m.Run != run.ID || m.AsOf != "2026-08-22T19:00:00Z" || m.SchemaVersion != SchemaVersion || m.InputsSHA256 != strings.Repeat("0a", 32) {
		t.Errorf("manifest begins %q %q %q %q", m.Run, m.AsOf, m.SchemaVersion, m.InputsSHA256)
	}
	if m.Inputs[0].Path != "folder/a.csv" || m.Inputs[1].RowsRejected != 1 || m.Warnings[0] != "late source" || m.Seeds["bootstrap"] != 2 {
		t.Errorf("provenance = %+v", m.Provenance)
	}
	rows := map[string]int64{}
	for _, o := range m.Outputs {
		content, err := os.ReadFile(filepath.Join(run.Dir, o.Path))
		if err != nil || int64(len(content)) != o.Bytes {
			t.Errorf("%s: %d bytes, %v; manifest says %d", o.Path, len(content), err, o.Bytes)
		}
		if o.Rows != nil {
			rows[o.Path] = *o.Rows
		}
	}
	if rows["tables/sample.parquet"] != 50 || len(rows) != 2 {
		t.Errorf("rows = %v", rows)
	}
	text := tree(t, run.Dir)[manifestName]
	for _, never := range []string{dir, "null", `\u003c`} {
		if strings.Contains(text, never) {
			t.Errorf("manifest holds %q:\n%s", never, text)
		}
	}
	if host, err := os.Hostname(); err == nil && strings.Contains(text, host) {
		t.Errorf("manifest holds the host's name")
	}
	if !strings.Contains(text, `"note": "<&>"`) {
		t.Errorf("manifest lacks the configuration:\n%s", text)
	}
}

func TestUnchanged(t *testing.T) {
	inputs := publication(0).Inputs
	for _, tt := range []struct {
		name            string
		inputs, program string
		change          func(t *testing.T, r *Root, run Run)
		want            bool
	}{
		{"the same has nothing new", inputs, "v1", nil, true},
		{"other inputs are new", strings.Repeat("ff", 32), "v1", nil, false},
		{"another program is new", inputs, "v2", nil, false},
		{"a damaged run is made again", inputs, "v1", func(t *testing.T, r *Root, run Run) {
			os.WriteFile(filepath.Join(run.Dir, "README.md"), []byte("# Ruin\n"), 0o644)
		}, false},
		{"a lost run is made again", inputs, "v1", func(t *testing.T, r *Root, run Run) { os.RemoveAll(run.Dir) }, false},
		{"a lost link is made again", inputs, "v1", func(t *testing.T, r *Root, run Run) { os.Remove(filepath.Join(r.path, "latest")) }, false},
		{"a link moved elsewhere is made again", inputs, "v1", func(t *testing.T, r *Root, run Run) {
			os.Remove(filepath.Join(r.path, "latest"))
			os.Symlink("runs/other", filepath.Join(r.path, "latest"))
		}, false},
		{"a lost .last is no fault", inputs, "v1", func(t *testing.T, r *Root, run Run) { os.Remove(filepath.Join(r.path, ".last")) }, false},
		{"a senseless .last is no fault", inputs, "v1", func(t *testing.T, r *Root, run Run) {
			os.WriteFile(filepath.Join(r.path, ".last"), []byte("{"), 0o644)
		}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := mustOpen(t, t.TempDir())
			if run, ok := r.Unchanged(tt.inputs, tt.program); ok {
				t.Fatalf("before the first run: %+v", run)
			}
			run := mustPublish(t, r, publication(0))
			if tt.change != nil {
				tt.change(t, r, run)
			}
			got, ok := r.Unchanged(tt.inputs, tt.program)
			if ok != tt.want || ok && (got.ID != run.ID || got.Dir != run.Dir || got.New) {
				t.Errorf("Unchanged = %+v, %v; want %v", got, ok, tt.want)
			}
			again := mustPublish(t, r, publication(0))
			if again.ID != run.ID || latest(t, r.path) != run.ID {
				t.Errorf("published again as %+v, latest is %s; first was %s", again, latest(t, r.path), run.ID)
			}
			if _, ok := r.Unchanged(inputs, "v1"); !ok {
				t.Error("not unchanged after publishing again")
			}
		})
	}
}

func TestDamagedRunIsReplaced(t *testing.T) {
	r := mustOpen(t, t.TempDir())
	first := mustPublish(t, r, publication(0))
	want := tree(t, r.path)
	if err := os.Truncate(filepath.Join(first.Dir, "tables/sample.parquet"), 100); err != nil {
		t.Fatal(err)
	}
	if second := mustPublish(t, r, publication(0)); second.ID != first.ID || !second.New {
		t.Errorf("second run = %+v, first %+v", second, first)
	}
	if diff := cmp.Diff(want, tree(t, r.path)); diff != "" {
		t.Errorf("tree (-before +after):\n%s", diff)
	}
}

func TestRunUnderAnothersNameIsNotTakenForIt(t *testing.T) {
	dir := t.TempDir()
	r := mustOpen(t, dir)
	one, two := mustPublish(t, r, publication(1)), mustPublish(t, r, publication(2))
	os.RemoveAll(one.Dir)
	os.Rename(two.Dir, one.Dir)
	if run, err := r.Publish(context.Background(), publication(1)); err == nil || !strings.Contains(err.Error(), "is there with other contents") {
		t.Errorf("Publish = %+v, %v", run, err)
	}
}

func TestRefused(t *testing.T) {
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	file := func(path string) func(*Publication) {
		return func(p *Publication) { p.Files = append(p.Files, File{path, []byte("x")}) }
	}
	for _, tt := range []struct {
		name   string
		change func(p *Publication)
		reason string
	}{
		{"two rows of one key", func(p *Publication) {
			p.Tables[0] = cleared(table.Concat(sample, []*table.Table{sampleTable(3, 0), sampleTable(1, 0)}))[0]
		}, "two rows have the key"},
		{"two tables of one name", func(p *Publication) { p.Tables = append(p.Tables, p.Tables[0]) }, "two files"},
		{"no table", func(p *Publication) { p.Tables = nil }, "no table"},
		{"a path upwards", file("../x"), "relative path"},
		{"a path upwards inside", file("report/../../x"), "relative path"},
		{"an absolute path", file("/x"), "relative path"},
		{"an empty path", file(""), "relative path"},
		{"an empty part", file("report//x"), "relative path"},
		{"a hidden file", file("report/.x"), "relative path"},
		{"an option", file("-rf"), "relative path"},
		{"a backslash", file(`report\x`), "relative path"},
		{"a line end, which would forge a line of SHA256SUMS", file("x\ny"), "relative path"},
		{"a letter beyond ASCII", file("é"), "relative path"},
		{"a file twice", file("README.md"), "two files"},
		{"a file twice but for case", file("readme.MD"), "two files"},
		{"a manifest of one's own", file("manifest.json"), "two files"},
		{"sums of one's own", file("sha256sums"), "two files"},
		{"a package of one's own", file("datapackage.json"), "two files"},
		{"a table past the gate", file("report/x.parquet"), "cleared tables only"},
		{"a file among the tables", file("Tables/x.csv"), "cleared tables only"},
		{"a file that is also a folder", file("README.md/x"), "README.md"},
		{"inputs without a hash", func(p *Publication) { p.Inputs = "abc" }, "64 hex digits"},
		{"an as-of without end", func(p *Publication) { p.AsOf = hour.DistantFuture }, "as-of"},
		{"rows that went missing", func(p *Publication) { p.Provenance.Inputs[0].RowsRead++ }, "4 rows read, but 2 kept and 1 rejected"},
		{"an absolute path of an input", func(p *Publication) { p.Provenance.Inputs[0].Path = "/home/x.csv" }, "relative path"},
		{"an input without a hash", func(p *Publication) { p.Provenance.Inputs[0].SHA256 = "" }, "SHA-256"},
		{"a configuration that is no JSON", func(p *Publication) { p.Provenance.Config = []byte("{") }, "not JSON"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := mustOpen(t, t.TempDir())
			first := mustPublish(t, r, publication(1))
			before := tree(t, r.path)
			p := publication(0)
			tt.change(&p)
			run, err := r.Publish(context.Background(), p)
			if err == nil || !strings.Contains(err.Error(), tt.reason) {
				t.Fatalf("Publish = %+v, %v; want an error with %q", run, err, tt.reason)
			}
			if diff := cmp.Diff(before, tree(t, r.path)); diff != "" {
				t.Errorf("tree of %s changed:\n%s", first.ID, diff)
			}
		})
	}
	t.Run("a run that is cancelled", func(t *testing.T) {
		r := mustOpen(t, t.TempDir())
		if _, err := r.Publish(cancelled, publication(0)); !errors.Is(err, context.Canceled) {
			t.Errorf("error = %v", err)
		}
		if files := tree(t, r.path); len(files) != 1 {
			t.Errorf("left: %v", slices.Sorted(maps.Keys(files)))
		}
	})
}
