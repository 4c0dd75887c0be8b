package pipeline

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hardship/pipeline/shard"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

func TestExplain(t *testing.T) {
	for _, tt := range []struct {
		name string
		want []string // of the text
	}{
		{"area_day", []string{"area_day\n", "key", "area_id, date_local", "tmin_c"}},
		{"area_day.tmin_c", []string{"area_day.tmin_c: float64, °C\n", "Lowest hourly temperature", "null", "methods 4.3", "pipeline/index: Summarize"}},
		{"area_day.hours_in_day", []string{"int32, h, never null", "pipeline/hour: Calendar.HoursInDay"}},
		{"strike.weapon", []string{"values", "ballistic, cruise", "default", "unknown"}},
		{"temperature.t_c", []string{"range       -90 to 60"}},
		{"H0204", []string{"H0204\n", "ends before it starts", "cause", "cure"}},
		{"h0204", []string{"H0204\n"}},
		{"M0302", []string{"M0302\n", "too few areas to be clusters", "cause", "cure"}},
	} {
		e, err := Explain(tt.name)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		got := e.String()
		for _, want := range tt.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: the text lacks %q:\n%s", tt.name, want, got)
			}
		}
		for line := range strings.Lines(got) {
			if n := len([]rune(line)); n > textWidth+1 {
				t.Errorf("%s: a line of %d characters: %s", tt.name, n, line)
			}
		}
	}
}

func TestExplainOfAnUnknownName(t *testing.T) {
	for name, want := range map[string]string{
		"area_day.tmn_c":   `table area_day has no column "tmn_c"; did you mean area_day.tmin_c?`,
		"areaday":          `"areaday" is neither a table, a column of one, nor a code; did you mean area_day?`,
		"aria_day.tmin_c":  `"aria_day.tmin_c" is neither a table, a column of one, nor a code; did you mean area_day.tmin_c?`,
		"tmin_c":           `"tmin_c" is neither a table, a column of one, nor a code; did you mean area_day.tmin_c or temperature_day.tmin_c?`,
		"H0223":            `"H0223" is neither a table, a column of one, nor a code; did you mean H0203 or H0213?`,
		"zzzzzzzzzzzzzzzz": `"zzzzzzzzzzzzzzzz" is neither a table, a column of one, nor a code`,
		"a\x1b[31m":        `"a\x1b[31m" is neither a table, a column of one, nor a code`,
	} {
		if _, err := Explain(name); err == nil || err.Error() != want {
			t.Errorf("%q: %v\nwant %s", name, err, want)
		}
	}
}

// parseDir returns the syntax of a package without its tests.
func parseDir(t *testing.T, dir string) []*ast.File {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no Go files in %s: %v", dir, err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

// codesOf returns the constants of a string type of a package, in order.
func codesOf(t *testing.T, dir, typeName string) []string {
	t.Helper()
	var codes []string
	for _, f := range parseDir(t, dir) {
		ast.Inspect(f, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok {
				if typ, ok := v.Type.(*ast.Ident); ok && typ.Name == typeName {
					for _, value := range v.Values {
						code, err := strconv.Unquote(value.(*ast.BasicLit).Value)
						if err != nil {
							t.Fatal(err)
						}
						codes = append(codes, code)
					}
				}
			}
			return true
		})
	}
	return codes
}

func TestEveryReasonHasAPage(t *testing.T) {
	codes := codesOf(t, "analysis", "Reason")
	if len(codes) < 20 || len(codes) != len(reasonPages) {
		t.Fatalf("%d pages for %d reasons", len(reasonPages), len(codes))
	}
	for i, p := range reasonPages {
		if string(p.code) != codes[i] || p.title == "" || p.cause == "" || p.cure == "" {
			t.Errorf("page %d is of %s, with %q, %q, %q; want %s", i, p.code, p.title, p.cause, p.cure, codes[i])
		}
	}
}

// Every reason of the pause tables has its code and page, and no two share one.
func TestEveryReasonOfAPauseHasAPage(t *testing.T) {
	words := slices.Concat(table.ReadingReasons, table.ResultReasons)
	if len(words) != len(pauseReasonPages) {
		t.Fatalf("%d pages for %d reasons", len(pauseReasonPages), len(words))
	}
	seen := map[string]bool{}
	for i, p := range pauseReasonPages {
		e, err := Explain(string(p.code))
		if err != nil || e.Description != words[i] || e.Cause == "" || e.Cure == "" || seen[string(p.code)] {
			t.Errorf("page %d, %s: %+v, %v; want %q", i, p.code, e, err, words[i])
		}
		seen[string(p.code)] = true
	}
	if code := table.PauseReasonCode(""); code != "" {
		t.Errorf("no reason has the code %s", code)
	}
}

func TestEveryCodeHasAPage(t *testing.T) {
	codes := codesOf(t, "source", "Code")
	if len(codes) < 16 {
		t.Fatalf("only %d codes were found in package source", len(codes))
	}
	for _, code := range shard.Codes {
		codes = append(codes, string(code))
	}
	codes = append(codes, string(NoDisk), string(NoMemory))
	for _, code := range codes {
		i := slices.IndexFunc(codePages, func(p codePage) bool { return p.code == source.Code(code) })
		if i < 0 {
			t.Errorf("code %s has no page", code)
			continue
		}
		if p := codePages[i]; p.title == "" || p.cause == "" || p.cure == "" {
			t.Errorf("the page of %s lacks a title, a cause or a cure", code)
		}
	}
	if len(codePages) != len(codes) {
		t.Errorf("%d pages for %d codes", len(codePages), len(codes))
	}
}

func TestEveryDefinitionOfAColumnHasItsWords(t *testing.T) {
	for _, s := range slices.Concat(table.Outputs, table.Beside, table.Inputs) {
		for _, c := range s.Columns {
			if c.Definition != "" && table.Definition(c.Definition) == "" {
				t.Errorf("%s.%s: there are no words for definition %q", s.Name, c.Name, c.Definition)
			}
		}
	}
}

// A column that names a function which is not there would send its reader
// nowhere.
func TestEveryFunctionOfAColumnIsThere(t *testing.T) {
	functions := map[string]map[string]bool{}
	for _, s := range slices.Concat(table.Outputs, table.Beside, table.Inputs) {
		for _, c := range s.Columns {
			if c.Function == "" {
				continue
			}
			pkg, name, _ := strings.Cut(c.Function, ".")
			if functions[pkg] == nil {
				functions[pkg] = map[string]bool{}
				for _, f := range parseDir(t, pkg) {
					for _, d := range f.Decls {
						if fn, ok := d.(*ast.FuncDecl); ok {
							functions[pkg][fn.Name.Name] = true
							functions[pkg][receiver(fn)+fn.Name.Name] = true
						}
					}
				}
			}
			if !functions[pkg][name] {
				t.Errorf("%s.%s names the function %s, which there is not", s.Name, c.Name, c.Function)
			}
		}
	}
}

// receiver returns the name of a method's type and a dot, or "".
func receiver(fn *ast.FuncDecl) string {
	if fn.Recv == nil {
		return ""
	}
	typ := fn.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	if name, ok := typ.(*ast.Ident); ok {
		return name.Name + "."
	}
	return ""
}

func TestTheExampleOfThePackageIsExplained(t *testing.T) {
	data, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(data), "`hardship explain ")
	name, _, _ := strings.Cut(rest, "`")
	if _, err := Explain(name); !ok || err != nil {
		t.Errorf("doc.go names `hardship explain %s`: %v", name, err)
	}
}
