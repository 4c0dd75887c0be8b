package pipeline

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// layers lists the packages from the bottom up. A package imports only from
// earlier lines, and a format's adapter never another format's. Tests may
// import anything.
var layers = [][]string{
	{"unit", "hour", "internal/spelling", "internal/scratch", "internal/bitmap", "internal/ring"},
	{"area"},
	{"index", "space", "correlate", "rate", "regress", "multiple", "column", "source", "parquetfile"},
	{"table", "source/csvfile", "source/jsonfile", "internal/golden", "internal/sample"},
	{"source/hourschedule"},
	{"source/FORMAT", "source/mapped"},
	{"normalize", "points", "inspect", "quality", "gate", "config"},
	{"store", "panel"},
	{"analysis", "analysis/pause", "change"},
	{"calibrate"},
	{"report/chart"},
	{"report", "notebook"},
	{"shard"},
	{""},
}

// doors keep each library behind the packages that have a reason to know it.
var doors = map[string][]string{
	"github.com/parquet-go/parquet-go":       {"parquetfile"},
	"github.com/paulmach/orb":                {"space"},
	"github.com/apache/arrow/go/v17":         {"table", "column", "parquetfile", "source/mapped", "source/mergedalert", "inspect", "gate", "panel", "store", "change", "notebook", "shard", ""},
	"gonum.org/v1/gonum":                     {"rate", "correlate", "regress"},
	"gonum.org/v1/plot":                      {"report/chart"},
	"codeberg.org/go-fonts/liberation":       {"report/chart"},
	"golang.org/x/image":                     {"report/chart"},
	"github.com/goccy/go-yaml":               {"config", "source/claims"},
	"github.com/gofrs/flock":                 {"store"},
	"github.com/klauspost/compress":          {"parquetfile", "normalize"},
	"github.com/spf13/cobra":                 {},
	"github.com/apache/arrow/go/v17/parquet": {},
}

func layerOf(name string) int {
	for i, layer := range layers {
		if slices.Contains(layer, name) {
			return i
		}
	}
	if strings.HasPrefix(name, "source/") {
		return layerOf("source/FORMAT")
	}
	return -1
}

// forEachImport calls f for every import of the package's own code.
func forEachImport(t *testing.T, f func(file string, at token.Position, pkg, path string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(filepath.Dir(path))
		if pkg == "." {
			pkg = ""
		}
		for _, spec := range file.Imports {
			f(path, set.Position(spec.Pos()), pkg, strings.Trim(spec.Path.Value, `"`))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPackagesImportOnlyFromLowerLayers(t *testing.T) {
	seen := 0
	forEachImport(t, func(file string, at token.Position, pkg, path string) {
		own := layerOf(pkg)
		if own < 0 {
			t.Errorf("%s: package %s has no layer: put it into layers_test.go", at, pkg)
			return
		}
		imported, ok := strings.CutPrefix(path, "hardship/")
		if !ok {
			return
		}
		seen++
		imported, ok = strings.CutPrefix(imported, "pipeline/")
		if !ok {
			t.Errorf("%s: %s imports %s: nothing below cmd may", at, pkg, path)
			return
		}
		if other := layerOf(imported); other < 0 || other >= own && !(pkg == "source/mapped" && imported == "table") {
			t.Errorf("%s: hardship/pipeline/%s may not import %s", at, pkg, path)
		}
	})
	if seen < 50 {
		t.Errorf("only %d imports were seen: the test reads the wrong place", seen)
	}
}

func TestLibrariesStayBehindTheirDoors(t *testing.T) {
	forEachImport(t, func(file string, at token.Position, pkg, path string) {
		longest := ""
		for library := range doors {
			if (path == library || strings.HasPrefix(path, library+"/")) && len(library) > len(longest) {
				longest = library
			}
		}
		if longest != "" && !slices.Contains(doors[longest], pkg) {
			t.Errorf("%s: %s is for %q only, not for %q", at, longest, doors[longest], pkg)
		}
	})
}

func TestNoFileIsLong(t *testing.T) {
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		data, err := os.ReadFile(path)
		if err == nil && strings.Count(string(data), "\n") > 520 {
			t.Errorf("%s has %d lines", path, strings.Count(string(data), "\n"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
