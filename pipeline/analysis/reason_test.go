package analysis

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// An error without a reason would stop a run at the data that first cause it.
func TestEveryErrorOfTheComputationsHasAReason(t *testing.T) {
	for _, dir := range []string{"regress", "correlate"} {
		names, err := filepath.Glob(filepath.Join("..", dir, "*.go"))
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %v", dir, err)
		}
		found, listed := 0, 0
		for _, name := range names {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if v, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(v.Names[0].Name, "Err") {
					found++
				}
				return true
			})
		}
		own, err := parser.ParseFile(token.NewFileSet(), "reason.go", nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(own, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && fmt.Sprint(s.X) == dir && strings.HasPrefix(s.Sel.Name, "Err") {
				listed++
			}
			return true
		})
		if found < 5 || found != listed {
			t.Errorf("%s has %d errors, %d of them with a reason", dir, found, listed)
		}
	}
}

func TestWarningsAreTakenApart(t *testing.T) {
	got := Warnings("M0404 levels left out: 3; M0407 alerts changed; either side has its own level; M0406 in simulated records")
	want := []Warning{{LeftOut, "levels left out: 3"}, {OverChange, "alerts changed; either side has its own level"}, {Misleads, "in simulated records"}}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := Warnings(""); len(got) != 0 {
		t.Errorf("of none: %q", got)
	}
}
