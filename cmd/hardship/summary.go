package main

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"hardship/pipeline"
	"hardship/pipeline/area"
	"hardship/pipeline/config"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

// summarize says what a run has published. With -q it says so only where
// someone should look at it.
func (a *app) summarize(c *config.Config, s *pipeline.Summary, warningsOK bool) error {
	open := s.Undeclared()
	if len(open) > 0 && !warningsOK {
		a.code = exitWarnings
	}
	a.clearProgress()
	report := reportOf(s.Run.Dir)
	status := "published"
	if s.Nothing {
		status = "nothing new"
	}
	a.results["status"], a.results["run"], a.results["dir"], a.results["report"] = status, s.Run.ID, s.Run.Dir, report
	if s.Nothing {
		if !a.quiet {
			a.printf("nothing new: inputs, settings and program are those of %s\n", source.Printable(s.Run.Dir))
		}
		return nil
	}
	numbers, why := headlines(s, c)
	a.results["as_of"] = s.AsOf.String()
	a.results["inputs"], a.results["spilled_bytes"] = inputRows(s.Inputs), s.Spilled
	a.results["warnings"], a.results["undeclared"] = len(s.Warnings), len(open)
	a.results["headlines"] = numbers
	if why != "" {
		a.results["not_evaluable"] = why
	}
	if c := s.Changes; c != nil && c.Err == nil {
		a.results["changes_dir"] = c.Dir
	}
	if a.json {
		if c := s.Changes; c != nil {
			a.changesOf(c)
		}
		for _, w := range s.Warnings {
			fields := map[string]any{"id": w.ID, "message": clean(w.Text), "declared": w.Why != ""}
			if w.Why != "" {
				fields["why"] = clean(w.Why)
			}
			a.line("warning", fields)
		}
		return nil
	}
	switch {
	case a.quiet && a.code == exitOK:
		return nil
	case a.quiet:
		for _, w := range a.grouped(open) {
			fmt.Fprintf(a.stderr, "%s %s\n", paint(a.colorErr, yellow, "warning:"), w)
		}
		return nil
	}
	a.printf("published %s, as of %v\n", paint(a.colorOut, bold, source.Printable(s.Run.Dir)), s.AsOf)
	if len(open) > 0 {
		a.heading("Warnings")
		for _, w := range a.grouped(open) {
			a.printf("%s\n", paint(a.colorOut, yellow, wrapped(w)))
		}
	}
	a.inputTable(s.Inputs)
	if len(s.Warnings) > len(open) {
		a.heading("Gaps that the configuration declares")
		for _, w := range a.grouped(declared(s.Warnings)) {
			a.printf("%s\n", wrapped(w))
		}
	}
	if changes := s.Changes; changes != nil {
		a.changesOf(changes)
	}
	if len(c.Tables) == 0 {
		a.heading("Cold and strikes: association, not cause")
		for _, h := range numbers {
			a.printf("%s\n", wrapped(source.Printable(h.String())))
		}
		if why != "" {
			a.printf("%s\n", wrapped("not evaluable: "+why))
		}
		a.facts(s.Tables[table.Fact.Name])
	}
	a.printf("\n%s\n", source.Printable(report))
	return nil
}

// changesOf says what changed since the last run, or why that cannot be told.
func (a *app) changesOf(c *pipeline.Changes) {
	if c.Err != nil {
		a.results["changes_error"] = clean(c.Err.Error())
		if !a.json {
			a.heading("What changed since the last run cannot be told")
			a.printf("%s\n", wrapped(source.Printable(c.Err.Error())))
		}
		return
	}
	a.changes(c.Difference)
	if !a.json {
		a.printf("  all of it: %s\n", source.Printable(filepath.Join(c.Dir, "changes.html")))
	}
}

// reportOf returns the report of a run, or its folder if it has none.
func reportOf(dir string) string {
	report := filepath.Join(dir, "report", "report.html")
	if _, err := os.Stat(report); err != nil {
		return dir
	}
	return report
}

func declared(all []pipeline.Warning) []pipeline.Warning {
	var known []pipeline.Warning
	for _, w := range all {
		if w.Why != "" {
			known = append(known, w)
		}
	}
	return known
}

// grouped returns a line for each kind of warning: those of one measure and one
// reason are told together, since forty lines hide the one that matters. With
// -v every warning has its line.
func (a *app) grouped(warnings []pipeline.Warning) []string {
	type group struct{ kind, why string }
	var order []group
	members := map[group][]pipeline.Warning{}
	for _, w := range warnings {
		kind := w.ID
		if i := strings.LastIndexByte(kind, '/'); i > 0 && strings.HasPrefix(kind, "coverage/") && !a.verbose {
			kind = kind[:i]
		}
		g := group{kind, w.Why}
		if members[g] == nil {
			order = append(order, g)
		}
		members[g] = append(members[g], w)
	}
	lines := make([]string, len(order))
	for i, g := range order {
		all := members[g]
		text := all[0].Text
		if len(all) > 1 {
			var names []string
			for _, w := range all {
				names = append(names, w.ID[strings.LastIndexByte(w.ID, '/')+1:])
			}
			text = fmt.Sprintf("%s: little or nothing known of %s", g.kind[strings.IndexByte(g.kind, '/')+1:], some(names))
		}
		if g.why != "" {
			text += " (" + g.why + ")"
		}
		lines[i] = source.Printable(text)
	}
	return lines
}

// wrapped indents text and breaks it at spaces.
func wrapped(text string) string {
	const width = 100
	var b strings.Builder
	at := 0
	for i, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
			b.WriteString("  ")
			at = 2
		case at+1+n > width:
			b.WriteString("\n    ")
			at = 4
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at += n
	}
	return b.String()
}

// some lists a few names, and how many there are besides.
func some(names []string) string {
	const most = 6
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more areas", strings.Join(names[:most-1], ", "), len(names)-most+1)
}

// inputTable lists the sources with their rows.
func (a *app) inputTable(inputs []pipeline.Input) {
	a.heading("Inputs")
	type row struct {
		name, format   string // format only where it was recognised
		kept, rejected int64
		err            error
	}
	var rows []row
	width := 0
	for _, in := range inputs {
		name := in.Source.Name
		i := slices.IndexFunc(rows, func(r row) bool { return r.name == name })
		if i < 0 {
			rows = append(rows, row{name: name})
			i = len(rows) - 1
		}
		rows[i].kept += in.Counts.Kept
		rows[i].rejected += in.Counts.Rejected
		if in.Err != nil {
			rows[i].err = in.Err
		}
		if in.Recognised != "" {
			rows[i].format = in.Source.Format
		}
		width = max(width, len([]rune(name)))
	}
	for _, r := range rows {
		a.printf("  %-*s  %12s rows kept  %9s rejected", width, r.name, count(r.kept), count(r.rejected))
		if r.format != "" {
			a.printf("  recognised as %s", r.format)
		}
		if r.err != nil {
			a.printf("  %s", paint(a.colorOut, red, "left out"))
		}
		a.printf("\n")
	}
}

// cells reads a table by the names of its columns, for printing.
type cells struct{ t *table.Table }

func (c cells) number(row int, column string) *float64 {
	var v float64
	switch cell := c.t.Value(row, c.t.Schema.Index(column)).(type) {
	case float64:
		v = cell
	case int32:
		v = float64(cell)
	case int64:
		v = float64(cell)
	default:
		return nil
	}
	return &v
}

func (c cells) text(row int, column string) string {
	s, _ := c.t.Value(row, c.t.Schema.Index(column)).(string)
	return s
}

func (c cells) truth(row int, column string) bool {
	b, _ := c.t.Value(row, c.t.Schema.Index(column)).(bool)
	return b
}

// A headline is a rate ratio with its interval: launches a day on cold-spell
// days of an area against those on the other days of a winter.
type headline struct {
	Area      string   `json:"area_id"`
	Season    string   `json:"season"`
	Weapon    string   `json:"weapon"`
	SpellDays float64  `json:"t1_d"`
	OtherDays float64  `json:"t0_d"`
	Ratio     *float64 `json:"rr"`          // null: unknown
	Lo        *float64 `json:"ci_shift_lo"` // of the 95 % interval by circular shifts; null: unbounded
	Hi        *float64 `json:"ci_shift_hi"` // null: unbounded
}

func (h headline) String() string {
	number := func(v *float64, none string) string {
		if v == nil {
			return none
		}
		return strconv.FormatFloat(*v, 'f', 2, 64)
	}
	return fmt.Sprintf("%s (95 %% interval %s to %s): ratio of %s launched a day at the country, %.0f cold-spell days of %s against %.0f others, winter %s",
		number(h.Ratio, "unknown"), number(h.Lo, "0"), number(h.Hi, "unbounded"), weapon(h.Weapon), h.SpellDays, h.Area, h.OtherDays, h.Season)
}

// mostHeadlines is how many numbers a summary leads with.
const mostHeadlines = 3

// headlines returns up to three numbers with their intervals, of the newest
// season that has any and of the areas shown first; or why there is none.
func headlines(s *pipeline.Summary, c *config.Config) (numbers []headline, why string) {
	ratios := s.Tables[table.RateRatio.Name]
	if ratios == nil || ratios.Rows() == 0 {
		return nil, "there are no launches of a country to set against cold spells"
	}
	r := cells{ratios}
	newest := ""
	for row := range ratios.Rows() {
		season := r.text(row, "season")
		if !r.truth(row, "evaluable") {
			why = source.Printable(season + ": " + r.text(row, "reason"))
			continue
		}
		if season > newest {
			newest, numbers = season, nil
		}
		if season == newest {
			h := headline{Area: r.text(row, "area_id"), Season: season, Weapon: r.text(row, "weapon")}
			h.Ratio, h.Lo, h.Hi = r.number(row, "rr"), r.number(row, "ci_shift_lo"), r.number(row, "ci_shift_hi")
			h.SpellDays, h.OtherDays = *r.number(row, "t1_d"), *r.number(row, "t0_d")
			numbers = append(numbers, h)
		}
	}
	if len(numbers) == 0 {
		return nil, why
	}
	rank := func(h headline) int {
		if i := slices.Index(c.Focus, area.ID(h.Area)); i >= 0 {
			return i
		}
		return len(c.Focus)
	}
	slices.SortStableFunc(numbers, func(a, b headline) int { return cmp.Compare(rank(a), rank(b)) })
	return numbers[:min(mostHeadlines, len(numbers))], ""
}

// weapon returns the plural of a class of weapon.
func weapon(class string) string {
	switch class {
	case "all":
		return "munitions"
	case "ballistic", "cruise":
		return class + " missiles"
	case "other_missile":
		return "other missiles"
	case "drone", "bomb":
		return class + "s"
	}
	return class
}

// mostFacts is how many measures of reported facts a summary shows.
const mostFacts = 20

// facts sets what was reported beside what the tables show.
func (a *app) facts(t *table.Table) {
	if t == nil || t.Rows() == 0 {
		return
	}
	a.heading("Reported, and what the tables show")
	f := cells{t}
	last := ""
	for row := range t.Rows() {
		if row == mostFacts {
			a.printf("  and %d more in the table fact\n", t.Rows()-row)
			break
		}
		if id := f.text(row, "fact_id"); id != last {
			a.printf("  %s\n", source.Printable(f.text(row, "reported")))
			last = id
		}
		shown := "unknown"
		if v := f.number(row, "shown"); v != nil {
			shown = strings.TrimSpace(strconv.FormatFloat(math.Round(*v*1e4)/1e4, 'f', -1, 64) + " " + f.text(row, "unit"))
		}
		a.printf("    %-16s %s\n", shown, source.Printable(f.text(row, "measure")))
	}
}
