package report

import (
	"fmt"
	"strings"

	"hardship/pipeline/change"
)

// mostChanges is how many rows of each kind a page of changes shows.
const mostChanges = 40

// changesTitle heads what changed, in the report and in the pages beside a run.
const changesTitle = "What changed since the last run"

// changedElsewhere stands in the report: which run came before is not known to it.
func (r *reading) changedElsewhere() section {
	return section{ID: "changes", Title: changesTitle, Short: "Changes", Level: 2, Blocks: []block{paragraph(
		say("That depends on which run came before, and equal inputs give equal reports, so it stands beside the run: in the folder "), name("changes"),
		say(" next to "), name("runs"), say(", under the name of this run, as "), name("changes.html"), say(" and the table "), name("change_log"),
		say(" with the old and new value of every cell that differs. Any two runs are compared by "), name("hardship diff RUN RUN"), say("."))}}
}

// WriteChanges makes the pages of what changed between two runs, changes.html and
// changes.md, from a title, "" for that of Write.
func WriteChanges(title string, d *change.Difference) ([]File, error) {
	r := &reading{Input: Input{Title: title}}
	doc := &document{
		Title: r.title(), Meta: say("run %s, data as of %s, beside run %s, data as of %s", d.New, d.NewAsOf, d.Old, d.OldAsOf),
		Foot: join(say("Every cell that differs, with its old and its new value: "), link("change_log.parquet", "tables/change_log.parquet"), say(".")),
	}
	doc.add(changeSections(d)...)
	page, err := writeHTML(doc)
	if err != nil {
		return nil, fmt.Errorf("write changes.html: %w", err)
	}
	return []File{{"changes.html", page}, {"changes.md", writeMarkdown(doc)}}, nil
}

func changeSections(d *change.Difference) []section {
	head := section{ID: "in-short", Title: changesTitle, Level: 2}
	if d.Equal() {
		head.Blocks = []block{paragraph(say("Nothing that was published."))}
		return []section{head}
	}
	var why []text
	if d.OldAsOf != d.NewAsOf {
		why = append(why, say("The as-of went from %s to %s.", d.OldAsOf, d.NewAsOf))
	}
	if d.Program {
		why = append(why, say("Another build of the program has run."))
	}
	if len(d.Settings) > 0 {
		var names []string
		for _, s := range d.Settings {
			names = append(names, s.Name)
		}
		why = append(why, say("Settings that differ: %s.", list(names)))
	}
	why = append(why, say("%s.", capital(count(len(d.Inputs), "input file differs", "input files differ"))), say("%s.", capital(count(len(d.Tables), "table differs", "tables differ"))))
	head.Blocks = []block{{List: why}}
	return []section{head, changedHeadlines(d), changedInputs(d), changedTables(d)}
}

func changedHeadlines(d *change.Difference) section {
	s := section{ID: "headlines", Title: "Headline numbers", Level: 2}
	if len(d.Headlines) == 0 {
		s.Blocks = []block{paragraph(say("All are as they were."))}
		return s
	}
	g := &grid{Caption: say("Headline numbers that differ%s", ofMany(len(d.Headlines))), Stack: true, Columns: []column{{Name: "Number"}, {Name: "Before"}, {Name: "Now"}}}
	for _, h := range d.Headlines[:min(mostChanges, len(d.Headlines))] {
		g.Rows = append(g.Rows, rowOf(say("%s", h.Name), orDash(h.Old), orDash(h.New)))
	}
	s.Blocks = []block{{Table: g}}
	return s
}

func changedInputs(d *change.Difference) section {
	if len(d.Inputs) == 0 {
		return section{}
	}
	g := &grid{Caption: say("Input files that differ%s", ofMany(len(d.Inputs))), Stack: true, Columns: []column{{Name: "Source"}, {Name: "File"}, {Name: "Rows kept before", Numeric: true}, {Name: "Now", Numeric: true}}}
	for _, in := range d.Inputs[:min(mostChanges, len(d.Inputs))] {
		kept := [2]text{orDash(""), orDash("")}
		if in.Old != nil {
			kept[0] = say("%s", number(float64(in.Old.RowsKept), 0))
		}
		if in.New != nil {
			kept[1] = say("%s", number(float64(in.New.RowsKept), 0))
		}
		g.Rows = append(g.Rows, rowOf(name(in.Source), say("%s", in.Path), kept[0], kept[1]))
	}
	return section{ID: "inputs", Title: "Inputs", Level: 2, Blocks: []block{{Table: g}}}
}

func changedTables(d *change.Difference) section {
	if len(d.Tables) == 0 {
		return section{}
	}
	g := &grid{Caption: say("Tables that differ"), Stack: true, Columns: []column{
		{Name: "Table"}, {Name: "Rows changed", Numeric: true}, {Name: "Added", Numeric: true}, {Name: "Removed", Numeric: true}, {Name: "Columns"},
	}}
	for _, t := range d.Tables {
		if t.Kind != "" {
			g.Rows = append(g.Rows, rowOf(name(t.Name), orDash(""), orDash(""), orDash(""), say("%s, of %s", strings.ReplaceAll(t.Kind, "_", " "), count(int(t.Rows), "row", "rows"))))
			continue
		}
		var columns []string
		for _, c := range t.ColumnsAdded {
			columns = append(columns, c+" added")
		}
		for _, c := range t.ColumnsRemoved {
			columns = append(columns, c+" removed")
		}
		n := func(v int64) text { return say("%s", number(float64(v), 0)) }
		g.Rows = append(g.Rows, rowOf(name(t.Name), n(t.RowsChanged), n(t.RowsAdded), n(t.RowsRemoved), orDash(strings.Join(columns, ", "))))
	}
	return section{ID: "tables", Title: "Tables", Level: 2, Blocks: []block{{Table: g}}}
}

// ofMany says how many of a list are shown, where not all are.
func ofMany(n int) string {
	if n <= mostChanges {
		return ""
	}
	return fmt.Sprintf(", the first %d of %d", mostChanges, n)
}
