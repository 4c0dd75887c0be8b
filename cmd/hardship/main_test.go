package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/rogpeppe/go-internal/txtar"

	"hardship/pipeline"
	"hardship/pipeline/store"
	"hardship/pipeline/table"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"hardship": main, "stuck": stuck})
}

// Each file of testdata is a transcript: what is typed, and what the program
// must answer. The files of testdata/sample lie in the folder it starts in.
func TestTranscripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			return os.CopyFS(env.WorkDir, os.DirFS(filepath.Join("testdata", "sample")))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "jsonlines": jsonLines, "lock": lock, "table": printTable, "edit": edit,
		},
		RequireUniqueNames: true,
	})
}

// exits CODE PROGRAM ARGS... runs a program that must end with a code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits code program args...")
	}
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if want, err := strconv.Atoi(args[0]); err != nil || got != want {
		ts.Fatalf("%s ended with %d, want %s", strings.Join(args[1:], " "), got, args[0])
	}
}

// jsonlines CODE checks that standard output is lines of JSON with one result,
// the last of them, that names the exit code, and that nothing went to standard
// error.
func jsonLines(ts *testscript.TestScript, neg bool, args []string) {
	code, err := strconv.Atoi(args[0])
	ts.Check(err)
	if text := ts.ReadFile("stderr"); text != "" {
		ts.Fatalf("standard error holds %q", text)
	}
	ts.Check(checkJSONLines([]byte(ts.ReadFile("stdout")), code))
}

func checkJSONLines(output []byte, code int) error {
	lines := bufio.NewScanner(bytes.NewReader(output))
	lines.Buffer(nil, 1<<20)
	ended := false
	for n := 1; lines.Scan(); n++ {
		var line struct {
			Type    string `json:"type"`
			Version string `json:"schema_version"`
			Code    *int   `json:"exit_code"`
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			return fmt.Errorf("line %d: %w: %s", n, err, lines.Text())
		}
		if ended || line.Version != jsonVersion {
			return fmt.Errorf("line %d comes after the result or has no version: %s", n, lines.Text())
		}
		switch line.Type {
		case "progress", "warning", "error":
		case "result":
			if ended = true; line.Code == nil || *line.Code != code {
				return fmt.Errorf("the result names another exit code than %d: %s", code, lines.Text())
			}
		default:
			return fmt.Errorf("line %d has the type %q", n, line.Type)
		}
	}
	if !ended {
		return errors.New("there is no result")
	}
	return lines.Err()
}

// lock DIR holds the lock of an output folder until the transcript ends.
func lock(ts *testscript.TestScript, neg bool, args []string) {
	root, err := store.Open(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Defer(func() { root.Close() })
}

// table FILE NAME COLUMN... writes columns of a published table to NAME, a line a row.
func printTable(ts *testscript.TestScript, neg bool, args []string) {
	file := ts.MkAbs(args[0])
	schema, err := table.Find(slices.Concat(table.Outputs, table.Beside), strings.TrimSuffix(filepath.Base(file), ".parquet"))
	ts.Check(err)
	t, err := store.ReadTable(file, schema)
	ts.Check(err)
	var b strings.Builder
	for row := range t.Rows() {
		for i, column := range args[2:] {
			if i > 0 {
				b.WriteByte(' ')
			}
			fmt.Fprint(&b, t.Value(row, schema.Index(column)))
		}
		b.WriteByte('\n')
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(b.String()), 0o644))
}

// edit FILE OLD NEW replaces a text, which must be there, within a file; \n and \xff
// in NEW stand for those bytes.
func edit(ts *testscript.TestScript, neg bool, args []string) {
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	text = strings.Replace(text, args[1], strings.NewReplacer(`\n`, "\n", `\xff`, "\xff").Replace(args[2]), 1)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}

// The manual is the comment of main.go: its examples must be what the program
// answers.
func TestTheManualsExamplesAreTrue(t *testing.T) {
	source, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	manual, _, _ := strings.Cut(string(source), "\npackage main")
	examples := 0
	var args []string
	var want strings.Builder
	check := func() {
		if args == nil {
			return
		}
		examples++
		var stdout, stderr bytes.Buffer
		run(t.Context(), args, &stdout, &stderr)
		if got := stdout.String() + stderr.String(); strings.TrimRight(got, "\n") != strings.TrimRight(want.String(), "\n") {
			t.Errorf("hardship %s says\n%s\nand the manual\n%s", strings.Join(args, " "), got, want.String())
		}
		args = nil
		want.Reset()
	}
	for line := range strings.Lines(manual) {
		text, code := strings.CutPrefix(strings.TrimPrefix(line, "//"), "\t")
		typed, isCommand := strings.CutPrefix(text, "$ hardship ")
		switch {
		case code && isCommand:
			check()
			args = strings.Fields(typed)
		case args != nil && (code || strings.TrimSpace(line) == "//"):
			want.WriteString(strings.TrimPrefix(text, "\n"))
			if !code {
				want.WriteByte('\n')
			}
		default:
			check()
		}
	}
	check()
	if examples < 2 {
		t.Errorf("only %d examples were found in the manual", examples)
	}
}

// Each code has its page, and a fault that triggers it in the poisoned set.
func TestEveryCodeIsTriggered(t *testing.T) {
	poisoned, err := os.ReadFile(filepath.Join("testdata", "codes.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	constants, err := os.ReadFile(filepath.Join("..", "..", "pipeline", "source", "source.go"))
	if err != nil {
		t.Fatal(err)
	}
	codes := regexp.MustCompile(`Code = "(H\d{4})"`).FindAllSubmatch(constants, -1)
	if len(codes) < 20 {
		t.Fatalf("%d codes were found", len(codes))
	}
	for _, code := range codes {
		if !bytes.Contains(poisoned, append([]byte("["), append(code[1], ']')...)) {
			t.Errorf("no fault of the poisoned set has the code %s", code[1])
		}
		if _, err := pipeline.Explain(string(code[1])); err != nil {
			t.Errorf("%s: %v", code[1], err)
		}
	}
}

// What --json says of a fault is what the text says: its code and its place.
func TestFaultsHaveTheirPlacesInJSON(t *testing.T) {
	archive, err := txtar.ParseFile(filepath.Join("testdata", "codes.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var want, got []string
	for _, f := range archive.Files {
		data := bytes.Replace(f.Data, []byte("BYTE"), []byte{0xff}, 1)
		if err := os.WriteFile(filepath.Join(dir, f.Name), data, 0o644); err != nil {
			t.Fatal(err)
		}
		if f.Name == "want.txt" {
			for _, fault := range regexp.MustCompile(`\w+\[(H\d{4})\]: .*\n  --> (\S+)`).FindAllStringSubmatch(string(f.Data), -1) {
				want = append(want, fault[1]+" "+fault[2])
			}
		}
	}
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"validate", "--json", "-c", filepath.Join(dir, "poison.yaml")}, &stdout, &stderr); code != exitFound {
		t.Fatalf("exit code %d, %s", code, &stderr)
	}
	for line := range strings.Lines(stdout.String()) {
		var fault struct {
			Code, File, Message string
			Line, Column        int
		}
		if err := json.Unmarshal([]byte(line), &fault); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		switch {
		case fault.Code == "":
		case fault.Message == "":
			t.Errorf("a fault without words: %s", line)
		case fault.Line > 0:
			got = append(got, fmt.Sprintf("%s %s:%d:%d", fault.Code, fault.File, fault.Line, fault.Column))
		default:
			got = append(got, fault.Code+" "+fault.File)
		}
	}
	if len(want) < 20 || !slices.Equal(got, want) {
		t.Errorf("places\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
