package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"hardship/pipeline/change"
	"hardship/pipeline/source"
	"hardship/pipeline/store"
	"hardship/pipeline/table"
)

func (a *app) diffCommand() *cobra.Command {
	var log string
	c := &cobra.Command{
		Use:   "diff RUN RUN",
		Short: "what differs between two published runs",
		Long: "Diff compares two runs, given by their folders: inputs, settings, headline numbers, and every\n" +
			"table row by row. It writes nothing, or with --log the table change_log as CSV, and ends with code 4\n" +
			"if something differs. What a run changed since the one before stands in OUT/changes.",
		Example: "  hardship diff out/runs/20260822T163750Z-3f9c1a out/latest\n" +
			"  hardship diff out/runs/20260822T163750Z-3f9c1a out/latest --log changes.csv",
		Args: cobra.ExactArgs(2),
	}
	c.Flags().StringVar(&log, "log", "", "write every change to `FILE`, as CSV")
	c.RunE = a.work(func(args []string) error {
		for _, dir := range args {
			if err := store.Verify(filepath.Clean(dir)); err != nil {
				return err
			}
		}
		d, err := change.Between(a.ctx, args[0], args[1], nil)
		if err != nil {
			return err
		}
		if log != "" {
			if err := writeLog(log, d.Log); err != nil {
				return fmt.Errorf("--log: %w", err)
			}
		}
		if !d.Equal() {
			a.code = exitFound
		}
		a.changes(d)
		if !a.json && !a.quiet && d.Equal() {
			a.printf("nothing differs\n")
		}
		return nil
	})
	return c
}

// mostLines is how many headline numbers, inputs and tables that differ are printed.
const mostLines = 12

// changes tells what differs between two runs, as fields of the result or in lines.
func (a *app) changes(d *change.Difference) {
	tables := make([]map[string]any, len(d.Tables))
	for i, t := range d.Tables {
		tables[i] = map[string]any{
			"table": t.Name, "kind": t.Kind, "rows_changed": t.RowsChanged, "rows_added": t.RowsAdded, "rows_removed": t.RowsRemoved,
			"cells_changed": t.CellsChanged, "columns_added": t.ColumnsAdded, "columns_removed": t.ColumnsRemoved,
		}
	}
	inputs := make([]map[string]any, len(d.Inputs))
	for i, in := range d.Inputs {
		inputs[i] = map[string]any{"source": clean(in.Source), "file": clean(in.Path)}
	}
	headlines := make([]map[string]any, len(d.Headlines))
	for i, h := range d.Headlines {
		headlines[i] = map[string]any{"name": clean(h.Name), "old": clean(h.Old), "new": clean(h.New)}
	}
	settings := make([]string, len(d.Settings))
	for i, s := range d.Settings {
		settings[i] = s.Name
	}
	a.results["changes"] = map[string]any{
		"old_run": d.Old, "new_run": d.New, "old_as_of": d.OldAsOf, "new_as_of": d.NewAsOf, "program": d.Program,
		"inputs": inputs, "settings": settings, "headlines": headlines, "tables": tables,
	}
	if a.json || a.quiet || d.Equal() {
		return
	}
	a.heading("What changed since run " + source.Printable(d.Old))
	if d.OldAsOf != d.NewAsOf {
		a.printf("  as of %s, was %s\n", d.NewAsOf, d.OldAsOf)
	}
	if d.Program {
		a.printf("  another build of the program\n")
	}
	if len(settings) > 0 {
		a.printf("%s\n", wrapped("settings: "+source.Printable(strings.Join(settings, ", "))))
	}
	a.firstOf(len(d.Inputs), "input files", func(i int) string {
		in, how := d.Inputs[i], "differs"
		switch {
		case in.Old == nil:
			how = "is new"
		case in.New == nil:
			how = "is gone"
		}
		return fmt.Sprintf("input %s of %s %s", in.Path, in.Source, how)
	})
	a.firstOf(len(d.Headlines), "headline numbers", func(i int) string {
		h := d.Headlines[i]
		switch {
		case h.Old == "":
			return fmt.Sprintf("%s: %s, was none", h.Name, h.New)
		case h.New == "":
			return fmt.Sprintf("%s: none, was %s", h.Name, h.Old)
		}
		return fmt.Sprintf("%s: %s, was %s", h.Name, h.New, h.Old)
	})
	a.firstOf(len(d.Tables), "tables", func(i int) string { return tableChange(&d.Tables[i]) })
}

// firstOf prints the first of a list, and how many there are besides.
func (a *app) firstOf(n int, what string, line func(i int) string) {
	for i := range n {
		if i == mostLines {
			a.printf("  and %d more %s\n", n-i, what)
			return
		}
		a.printf("%s\n", wrapped(source.Printable(line(i))))
	}
}

// tableChange says in a line what differs of a table.
func tableChange(t *change.Table) string {
	if t.Kind != "" {
		return fmt.Sprintf("table %s: %s, %s rows", t.Name, strings.TrimPrefix(t.Kind, "table_"), count(t.Rows))
	}
	var parts []string
	for _, p := range []struct {
		n    int64
		what string
	}{{t.RowsChanged, "changed"}, {t.RowsAdded, "added"}, {t.RowsRemoved, "removed"}} {
		if p.n > 0 {
			parts = append(parts, count(p.n)+" "+p.what)
		}
	}
	if len(t.ColumnsAdded) > 0 {
		parts = append(parts, "columns "+strings.Join(t.ColumnsAdded, ", ")+" added")
	}
	if len(t.ColumnsRemoved) > 0 {
		parts = append(parts, "columns "+strings.Join(t.ColumnsRemoved, ", ")+" removed")
	}
	return "table " + t.Name + ": rows " + strings.Join(parts, ", ")
}

func writeLog(path string, log *table.Table) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return table.WriteCSV(f, log)
}
