package report

import (
	"fmt"
	"html/template"
	"strings"

	"hardship/pipeline/report/chart"
)

// A document is the report before it is written in a markup.
type document struct {
	Title    string
	Meta     text
	Sections []section
	Foot     text
}

func (d *document) add(sections ...section) {
	for _, s := range sections {
		if s.Title != "" {
			d.Sections = append(d.Sections, s)
		}
	}
}

// A section is a heading with what stands under it. The zero section is left out.
type section struct {
	ID     string // unique in the page
	Title  string
	Short  string // in the list of contents; "" to leave it out
	Level  int    // of the heading: 2 or 3
	Notice bool   // set apart as what must be read first
	Blocks []block
}

// A block is one of its fields.
type block struct {
	Paragraph text
	List      []text
	Cards     []headline
	Table     *grid
	Figures   []*figure // side by side where there are several
}

// A text is a line of words, some of them marked.
type text []span

type style int

const (
	plain style = iota
	strong
	code  // a name in the tables
	quiet // what is not known
)

// A span is words of one style. Href is a path within the run, or empty: a link
// is never made from data.
type span struct {
	Text  string
	Style style
	Href  string
}

func (s span) Strong() bool { return s.Style == strong }
func (s span) Code() bool   { return s.Style == code }
func (s span) Quiet() bool  { return s.Style == quiet }

// say makes a plain text.
func say(format string, args ...any) text { return text{{Text: fmt.Sprintf(format, args...)}} }

func bold(format string, args ...any) text {
	return text{{Text: fmt.Sprintf(format, args...), Style: strong}}
}

func name(s string) text { return text{{Text: s, Style: code}} }

func link(s, href string) text { return text{{Text: s, Href: href}} }

// notKnown stands where a table holds null.
func notKnown() text { return text{{Text: "not known", Style: quiet}} }

// join puts texts one after the other.
func join(texts ...text) text {
	var out text
	for _, t := range texts {
		out = append(out, t...)
	}
	return out
}

func paragraph(texts ...text) block { return block{Paragraph: join(texts...)} }

// A grid is a table with a header row and, in its first column, row headers.
type grid struct {
	Caption text
	Columns []column
	Rows    [][]cell
	Stack   bool // each row is a block of its own where the page is narrow
}

type column struct {
	Name    string
	Numeric bool
	Short   bool // stays on one line
	Fine    bool // printed small
}

// Class is how the page prints the column's cells.
func (c column) Class() string {
	var classes []string
	for _, f := range []struct {
		set  bool
		name string
	}{{c.Numeric, "number"}, {c.Short, "short"}, {c.Fine, "fine"}} {
		if f.set {
			classes = append(classes, f.name)
		}
	}
	return strings.Join(classes, " ")
}

// A cell spans Rows rows; 0 is 1. A cell that lies under the span of another is
// Covered.
type cell struct {
	Text    text
	Rows    int
	Covered bool
}

// rowOf makes the cells of a row without spans.
func rowOf(texts ...text) []cell {
	out := make([]cell, len(texts))
	for i, t := range texts {
		out[i] = cell{Text: t}
	}
	return out
}

// A figure is a chart: in the page, in three widths, and as files of its own.
type figure struct {
	Name     string // of its files, without the ending; unique, letter case aside
	Title    string // its one message
	Subtitle string
	Note     string
	Small    bool // three stand side by side on a wide page
	Scene    func(chart.Frame) *chart.Scene
	Data     [][]string // rows for the CSV beside it, the header first

	Drawn []drawing // set by draw
}

// A drawing is the chart laid out for one width of the page.
type drawing struct {
	Class string
	SVG   template.HTML // by chart.SVG, which escapes every text
}
