package report

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"html/template"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"hardship/pipeline/report/chart"
	"hardship/pipeline/table"
)

// Widths of the charts, px: on a wide page, on a tablet and in print, on a phone.
var (
	wholeWidths = []float64{1100, 700, 358}
	smallWidths = []float64{342, 342, 358}
	classes     = []string{"wide", "medium", "narrow"}
)

const pngScale = 2

// draw draws the document's figures into the page.
func draw(doc *document) error {
	for number, f := range doc.figures() {
		widths := wholeWidths
		if f.Small {
			widths = smallWidths
		}
		f.Drawn = nil
		for i, width := range widths {
			frame := f.frame(fmt.Sprintf("c%d%c", number+1, classes[i][0]), width)
			frame.Bare, frame.Note = true, "" // the page has them
			var svg bytes.Buffer
			if err := chart.SVG(&svg, f.Scene(frame)); err != nil {
				return fmt.Errorf("chart %s: %w", f.Name, err)
			}
			f.Drawn = append(f.Drawn, drawing{classes[i], template.HTML(svg.String())})
		}
	}
	return nil
}

// chartFiles makes the files of the document's figures, which are drawn at the same
// time: one on each core, since a picture takes some 30 MB while it is drawn.
func chartFiles(doc *document) ([]File, error) {
	figures := doc.figures()
	drawn, errs := make([][]File, len(figures)), make([]error, len(figures))
	next := make(chan int)
	var group sync.WaitGroup
	for range min(len(figures), runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for i := range next {
				drawn[i], errs[i] = figures[i].files()
			}
		})
	}
	for i := range figures {
		next <- i
	}
	close(next)
	group.Wait()
	return slices.Concat(drawn...), errors.Join(errs...)
}

// files are those of one figure.
func (f *figure) files() ([]File, error) {
	width := wholeWidths[0]
	if f.Small {
		width = smallWidths[0]
	}
	scene := f.Scene(f.frame("chart", width))
	var svg, png bytes.Buffer
	if err := errors.Join(chart.SVG(&svg, scene), chart.PNG(&png, scene, pngScale)); err != nil {
		return nil, fmt.Errorf("chart %s: %w", f.Name, err)
	}
	path := f.path()
	return []File{{path + ".svg", svg.Bytes()}, {path + ".png", png.Bytes()}, {path + ".csv", f.csv()}}, nil
}

// figures returns the figures in the order of the page.
func (d *document) figures() []*figure {
	var out []*figure
	for _, s := range d.Sections {
		for _, b := range s.Blocks {
			out = append(out, b.Figures...)
		}
	}
	return out
}

// path is that of the figure's files in the run, without their ending.
func (f *figure) path() string { return "report/charts/" + f.Name }

func (f *figure) frame(id string, width float64) chart.Frame {
	return chart.Frame{
		ID: id, Width: width, Title: drawable(f.Title), Subtitle: drawable(f.Subtitle), Note: drawable(f.Note),
		Desc: drawable(strings.TrimSpace(f.Subtitle + ". " + f.Note)),
	}
}

// csv writes the figure's data.
func (f *figure) csv() []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	for _, row := range f.Data {
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = csvText(c)
		}
		_ = w.Write(cells) // a buffer takes everything
	}
	w.Flush()
	return out.Bytes()
}

// drawable is text with the blanks that the font of the charts has.
func drawable(s string) string {
	return strings.NewReplacer(thin, "\u2009", hard, " ").Replace(s)
}

// csvText keeps a spreadsheet from taking a text for a formula: one that begins
// as a formula does gets an apostrophe before it. Numbers stay as they are.
func csvText(s string) string {
	s = clean(s)
	if _, err := strconv.ParseFloat(s, 64); err == nil || s == "" {
		return s
	}
	if strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}

// csvNumber writes a number in full, and nothing for one that is not known.
func csvNumber(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// csvRows writes rows of a table with all its columns.
func csvRows(t *table.Table, rows []int) [][]string {
	header := make([]string, len(t.Schema.Columns))
	for i, c := range t.Schema.Columns {
		header[i] = c.Name
	}
	out := [][]string{header}
	for _, row := range rows {
		cells := make([]string, len(header))
		for i := range header {
			switch v := t.Value(row, i).(type) {
			case nil:
			case float64:
				cells[i] = csvNumber(v)
			default:
				cells[i] = fmt.Sprint(v)
			}
		}
		out = append(out, cells)
	}
	return out
}
