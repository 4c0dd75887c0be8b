// Package report writes what a run has found for people to read: one HTML page
// without script, the same in Markdown, every chart with its data beside it,
// results.json for programs, and the README.md of the run.
//
//  1. read indexes the published tables and picks the areas and days shown first
//     (reading.go).
//  2. Each section is made from the tables, one file a section, as parts of a
//     document: paragraphs, tables, figures (document.go).
//  3. The figures are drawn by package chart, in three widths (figure.go).
//  4. The document is written as HTML and as Markdown, so that both say the same
//     (html.go, markdown.go).
//
// No statistic is computed here: every estimate stands in a published table. A
// number in the text is a cell, the least or the greatest of some cells, a sum of
// counts, or a number of rows. Null is printed as not known and drawn hatched.
//
// Text from inputs is data: it is cleaned of control and bidirectional characters
// and escaped, and never becomes markup or a link. The page loads nothing; its
// content security policy allows its own style sheet and nothing else.
//
// Equal inputs give equal bytes.
package report

import (
	"fmt"

	"hardship/pipeline/area"
	"hardship/pipeline/gate"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// Input is all that a report is made from.
type Input struct {
	Title   string // "" for "Cold and power outages"
	Version string // of the program
	AsOf    hour.Instant
	First   hour.Day // the period
	End     hour.Day // the first day left out

	// Focus are the areas that are shown day by day, from FocusFirst to before
	// FocusEnd. Where there are none, they are the first three areas with a
	// temperature or an outage record. Where the days are the whole period and
	// that is long, they are those round the coldest day of the first area.
	Focus                []area.ID
	FocusFirst, FocusEnd hour.Day

	Gazetteer *area.Gazetteer
	TakesIn   map[area.ID]area.ID // area whose name in bulletins also means another; may be nil
	Tables    []*gate.Cleared     // published tables; one that is not there counts as empty
	Warnings  []Warning
	Claims    *table.Table // statements about pauses (table.Claim); may be nil

	// PauseNotes are said before any count of a pause.
	PauseNotes []string
}

// A Warning is something that a reader must know. Why is the reason given in the
// configuration for a gap that it declares, "" for one that nobody declared.
type Warning struct{ ID, Text, Why string }

// A File is one file of the report, by its path in the run.
type File struct {
	Path    string
	Content []byte
}

// Write makes the files of the report: report/report.html, report/report.md,
// report/charts/*, results.json and README.md. A chart that cannot be drawn is
// an error.
func Write(in Input) ([]File, error) {
	r := read(in)
	doc := r.document()
	if err := draw(doc); err != nil {
		return nil, fmt.Errorf("draw report.html: %w", err)
	}
	files, err := chartFiles(doc)
	if err != nil {
		return nil, fmt.Errorf("draw charts: %w", err)
	}
	page, err := writeHTML(doc)
	if err != nil {
		return nil, fmt.Errorf("write report.html: %w", err)
	}
	results, err := r.results(doc)
	if err != nil {
		return nil, fmt.Errorf("write results.json: %w", err)
	}
	return append([]File{
		{"report/report.html", page},
		{"report/report.md", writeMarkdown(doc)},
		{"results.json", results},
		{"README.md", r.readme()},
	}, files...), nil
}

// document puts the sections together, in the order in which a reader asks: what
// happened, how sure is it, what is missing, and then the details.
func (r *reading) document() *document {
	doc := &document{Title: r.title(), Meta: r.meta(), Foot: r.foot()}
	doc.add(r.headlineSection(), r.firstReadSection())
	doc.add(r.timelineSections()...)
	doc.add(r.factSection())
	doc.add(r.winterSection())
	doc.add(r.apartSections()...)
	doc.add(r.findingSection(), r.coldOutageSection(), r.ratioSection(), r.correlationSection(), r.regressionSection(), r.calibrationSection())
	doc.add(r.pauseSections()...)
	doc.add(r.scheduleSection(), r.hardshipSection())
	doc.add(r.coverageSection())
	doc.add(r.energySection())
	doc.add(r.methodSections()...)
	doc.add(r.inputSection(), r.tableSection(), r.changedElsewhere())
	return doc
}
