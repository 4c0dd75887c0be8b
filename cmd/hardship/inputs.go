package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hardship/pipeline"
	"hardship/pipeline/config"
	"hardship/pipeline/normalize"
	"hardship/pipeline/parquetfile"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

func (a *app) normalizeCommand() *cobra.Command {
	var to string
	var maxMemory size
	c := &cobra.Command{
		Use:     "normalize",
		Short:   "publishers' files to canonical tables",
		Long:    "Normalize reads the files of a configuration as their publishers ship them and writes the\ncanonical tables, sorted, into a folder. Files that are there are replaced. The same files give\nthe same bytes.",
		Example: "  hardship normalize -c normalize.yaml --to tables",
		Args:    cobra.NoArgs,
		RunE: a.work(func([]string) error {
			if a.config == "" || to == "" {
				return usagef("normalize needs -c FILE and --to DIR")
			}
			o, files, err := a.options(overrides{})
			if err != nil {
				return err
			}
			defer files.Close()
			maxMemory.limit(&o)
			summary, err := pipeline.Normalize(a.ctx, o, to)
			if err != nil {
				return err
			}
			a.clearProgress()
			a.results["inputs"], a.results["files"] = inputRows(summary.Inputs), summary.Files
			if a.quiet {
				return nil
			}
			a.inputTable(summary.Inputs)
			a.heading("Written")
			for _, name := range summary.Files {
				a.printf("  %s\n", source.Printable(filepath.Join(to, name)))
			}
			return nil
		}),
	}
	c.Flags().StringVar(&to, "to", "", "`DIR` of the canonical tables")
	c.Flags().Var(&maxMemory, "max-memory", "end rather than hold more than `SIZE`, such as 2GiB; what is sorted beyond it lies in DIR meanwhile")
	return c
}

func (a *app) validateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "validate [FILE...]",
		Short: "all faults of the configuration and its inputs",
		Long: "Validate reads the configuration and every input, or the files named, as a run would, and lists\n" +
			"all faults with file, line and column. It writes nothing. Without -c the files named are read\n" +
			"by the formats they are recognised as, with the shipped areas and local times in UTC.",
		Example: "  hardship validate -c hardship.yaml\n  hardship validate -c hardship.yaml strikes.csv\n  hardship validate eaglei_outages_2025.csv",
		RunE: a.work(func(args []string) error {
			o, files, err := a.options(overrides{})
			var faults config.Errors
			if errors.As(err, &faults) {
				return a.configFaults(faults)
			}
			if err != nil {
				return err
			}
			defer files.Close()
			if a.config == "" && len(args) > 0 {
				root, err := bare(&o, args)
				if err != nil {
					return err
				}
				defer root.Close()
			} else if err := a.only(&o, args); err != nil {
				return err
			}
			summary, err := pipeline.Validate(a.ctx, o)
			if err != nil {
				return err
			}
			a.clearProgress()
			return a.validated(o.Files, summary)
		}),
	}
}

// configFaults reports the faults of a configuration as what was looked for.
func (a *app) configFaults(faults config.Errors) error {
	a.code = exitFound
	a.results["faults"] = len(faults)
	for _, f := range faults {
		a.finding(configFault(f))
	}
	return nil
}

// bare makes each file a source of its own whose format is open. The files are
// named relative to the folder that holds them all, the working folder where
// they lie below it. Folders may be links, as whoever names a file means them.
func bare(o *pipeline.Options, names []string) (*os.Root, error) {
	folder, err := filepath.Abs(".")
	if err != nil {
		return nil, err
	}
	folder = resolved(folder)
	paths := make([]string, len(names))
	for i, name := range names {
		if paths[i], err = filepath.Abs(name); err != nil {
			return nil, err
		}
		paths[i] = filepath.Join(resolved(filepath.Dir(paths[i])), filepath.Base(paths[i]))
		for !below(folder, paths[i]) {
			folder = filepath.Dir(folder)
		}
	}
	o.Config = o.Config.Clone()
	o.Config.Sources, o.Config.Areas.Files, o.Config.Areas.Shipped = nil, nil, true
	for i, at := range paths {
		name, err := relative(folder, at)
		if err != nil {
			return nil, err
		}
		o.Config.Sources = append(o.Config.Sources, config.Source{Name: fmt.Sprintf("file_%d", i+1), Format: config.AutoFormat, Files: []string{name}, Location: time.UTC})
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, usageError{err}
	}
	o.Files = root.FS()
	return root, nil
}

// resolved returns a folder without links; as it is where there is none.
func resolved(folder string) string {
	if real, err := filepath.EvalSymlinks(folder); err == nil {
		return real
	}
	return folder
}

// below reports whether a file lies in a folder or one of its own.
func below(folder, name string) bool {
	rel, err := filepath.Rel(folder, name)
	return err == nil && filepath.IsLocal(rel)
}

// only leaves those files of the sources that are named.
func (a *app) only(o *pipeline.Options, names []string) error {
	if len(names) == 0 {
		return nil
	}
	wanted := map[string]bool{} // and whether it was found
	given := map[string]string{}
	for _, name := range names {
		inRoot := filepath.ToSlash(filepath.Clean(name))
		if a.config != "" {
			root := o.Config.Root
			if !filepath.IsAbs(root) {
				root = filepath.Join(filepath.Dir(a.config), root)
			}
			if rel, err := relative(root, name); err == nil {
				inRoot = rel
			}
		}
		wanted[inRoot], given[inRoot] = false, name
	}
	var left []config.Source
	for _, s := range o.Config.Sources {
		var files []string
		for _, pattern := range s.Files {
			found, err := fs.Glob(o.Files, pattern)
			if err != nil || len(found) == 0 {
				found = []string{pattern}
			}
			for _, name := range found {
				if _, ok := wanted[name]; ok && !slices.Contains(files, name) {
					wanted[name] = true
					files = append(files, name)
				}
			}
		}
		if len(files) > 0 {
			s.Files = files
		}
		if len(files) > 0 || s.Table == table.Area { // without its areas no file can be judged
			left = append(left, s)
		}
	}
	for inRoot, found := range wanted {
		if !found {
			return usagef("%s is no file of a source of the configuration", source.Printable(given[inRoot]))
		}
	}
	o.Config.Sources = left
	return nil
}

// relative returns a file's path below a folder, with forward slashes.
func relative(root, name string) (string, error) {
	absRoot, err := filepath.Abs(root)
	if err != nil {
		return "", err
	}
	abs, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(absRoot, abs)
	return filepath.ToSlash(rel), err
}

// mostFaults is how many faults of one file are shown.
const mostFaults = 20

// validated reports what Validate has found.
func (a *app) validated(root fs.FS, s *pipeline.ValidateSummary) error {
	if !s.Clean() {
		a.code = exitFound
	}
	byFile := map[string][]placedFault{}
	for _, r := range s.Rejected {
		byFile[r.File] = append(byFile[r.File], placedFault{r, false})
	}
	doubts, declared := int64(0), map[string]int64{} // rows; those declared by file
	inDoubt := map[string]int64{}
	for _, d := range s.Doubts {
		doubts += d.Rows
		if d.Why != "" {
			declared[d.File] += d.Rows
		} else {
			inDoubt[d.File] += d.Rows
			byFile[d.File] = append(byFile[d.File], placedFault{d.Rejection, true})
		}
	}
	a.results["inputs"], a.results["faults"], a.results["doubts"] = inputRows(s.Inputs), normalize.RowsOf(s.Rejected)+int64(len(s.Errors)), doubts
	seen := map[string]bool{}
	for _, in := range s.Inputs {
		if !seen[in.Path] {
			seen[in.Path] = true
			a.fileFaults(root, in, byFile[in.Path])
		}
	}
	for _, err := range s.Errors {
		f := fault{message: err.Error()}
		var whole *source.FileError
		if errors.As(err, &whole) {
			f = fileFault(whole)
		}
		a.finding(f)
	}
	if a.quiet {
		return nil
	}
	for _, in := range s.Inputs {
		if in.Recognised != "" {
			a.printf("%s: recognised as %s: %s\n", source.Printable(in.Path), in.Source.Format, source.Printable(in.Recognised))
		}
		if in.Err == nil {
			a.printf("%s: %s rows, %s rejected", source.Printable(in.Path), count(in.Counts.Read), count(in.Counts.Rejected))
			if n := inDoubt[in.Path]; n > 0 {
				a.printf(", %s in doubt", count(n))
			}
			if n := declared[in.Path]; n > 0 {
				a.printf(", %s in doubt as declared", count(n))
			}
			a.printf("\n")
		} else {
			a.printf("%s: cannot be used\n", source.Printable(in.Path))
		}
	}
	return nil
}

// A placedFault is a row that was rejected, or one that is hardly true.
type placedFault struct {
	normalize.Rejection
	doubt bool
}

// fileFaults reports the faults of one file in the order of its lines.
func (a *app) fileFaults(root fs.FS, in pipeline.Input, faults []placedFault) {
	if len(faults) == 0 {
		return
	}
	slices.SortStableFunc(faults, func(a, b placedFault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	number := map[source.Code]int64{}
	rows := int64(0)
	for _, f := range faults {
		number[f.Code] += f.Rows
		rows += f.Rows
	}
	shown := faults[:min(mostFaults, len(faults))]
	wanted := map[int]bool{}
	for _, f := range shown {
		wanted[f.Line] = true
	}
	lines := sourceLines(root, in.Path, wanted)
	told := map[source.Code]bool{}
	for _, f := range shown {
		one := dataFault(f.ParseError, lines)
		one.doubt = f.doubt
		if !told[f.Code] {
			told[f.Code] = true
			done := "rejected"
			if f.doubt {
				done = "kept"
			}
			one.rule = fmt.Sprintf("%s   %s, %s of %s rows", ruleOf(f.Code), done, count(number[f.Code]), count(in.Counts.Read))
		}
		a.finding(one)
	}
	if n := rows - int64(len(shown)); n > 0 {
		a.printf("and %s more in %s\n\n", count(n), source.Printable(in.Path))
	}
}

// ruleOf says in words what a code stands for.
func ruleOf(code source.Code) string {
	if e, err := pipeline.Explain(string(code)); err == nil {
		return e.Description
	}
	return string(code)
}

// finding writes a fault that was looked for: it is the answer.
func (a *app) finding(f fault) {
	if a.json {
		a.line("error", f.fields())
		return
	}
	var b strings.Builder
	f.write(&b, a.colorOut)
	a.printf("%s\n", b.String())
}

// longestLine is the longest source line that is shown.
const longestLine = 64 << 10

// sourceLines returns lines of a text file by their numbers; none of a Parquet file,
// whose places are numbers of rows. Lines that cannot be read are left out: the fault
// itself has been reported.
func sourceLines(root fs.FS, name string, wanted map[int]bool) map[int]string {
	file, err := root.Open(name)
	if err != nil {
		return nil
	}
	defer file.Close()
	info, err := file.Stat()
	content, ok := file.(io.ReaderAt)
	if err != nil || !ok {
		return nil
	}
	text, err := normalize.File{Name: name, Content: content, Size: info.Size()}.Reader()
	if err != nil {
		return nil
	}
	lines := map[int]string{}
	buffered := bufio.NewReaderSize(text, longestLine)
	if head, _ := buffered.Peek(len(parquetfile.Magic)); string(head) == parquetfile.Magic {
		return nil
	}
	for number := 1; len(lines) < len(wanted); number++ {
		line, err := buffered.ReadSlice('\n')
		if wanted[number] && (err == nil || errors.Is(err, io.EOF)) {
			lines[number] = strings.TrimRight(string(line), "\r\n")
		}
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = buffered.ReadSlice('\n')
		}
		if err != nil {
			break
		}
	}
	return lines
}
