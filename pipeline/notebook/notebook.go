// Package notebook writes the notebooks of a run: nbformat 4.5, from fixed
// templates, with their outputs embedded.
//
// No value from data ever enters code: a cell's source is a template, and what
// it needs it reads from the run's tables when it is executed. The outputs are
// what the cells print, worked out here from the same tables, so that a reader
// sees them without running anything and a check can run the notebook and
// compare. They hold only text/plain and image/png: a notebook from elsewhere
// is untrusted, and its HTML would be hidden.
//
// No run id and no build is embedded, so that the notebooks of equal tables are
// equal.
package notebook

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"hardship/pipeline/gate"
	"hardship/pipeline/table"
)

// Input is what notebooks are made of.
type Input struct {
	Tables []*gate.Cleared
	Charts map[string][]byte // PNG files by their path in the run, such as report/charts/timeline_UA80.png
}

// A File is one notebook, or a script beside it.
type File struct {
	Path    string
	Content []byte
}

// template holds the scripts beside the notebooks, and the cells of each: NAME/NN_word.md or NN_word.py, in
// the order of their names. The cell load.py, which finds the run and reads its
// tables, is the same in all and stands after the first cell of each.
//
//go:embed template
var templates embed.FS

// contents are what the cells of a notebook read.
type contents struct {
	tables map[string]*table.Table // by name
	charts map[string][]byte       // as of Input
}

// cells works out what the code cells of a template print: of returns the
// outputs of the cell called NN_word.
type cells interface {
	of(cell string) ([]output, error)
}

// notebooks are those of a run. The cells of one lie in template/NAME, and a
// type of its own has a method for each code cell.
var notebooks = []struct {
	number int
	name   string
	cells  func(contents) cells
}{
	{1, "overview", func(c contents) cells { return overview{c} }},
	{2, "joins", func(c contents) cells { return joins{c} }},
	{3, "models", func(c contents) cells { return models{c} }},
	{4, "pauses", func(c contents) cells { return pauses{c} }},
}

// Write returns the notebooks of a run, and beside each the same in SQL and in R.
func Write(in Input) ([]File, error) {
	c := contents{tables: map[string]*table.Table{}, charts: in.Charts}
	for _, t := range in.Tables {
		c.tables[t.Table().Schema.Name] = t.Table()
	}
	var files []File
	for _, n := range notebooks {
		content, err := build(n.name, n.cells(c).of)
		if err != nil {
			return nil, err
		}
		name := fmt.Sprintf("%02d_%s", n.number, n.name)
		files = append(files, File{"notebooks/" + name + ".ipynb", content})
		scripts, err := scriptsOf(name)
		if err != nil {
			return nil, err
		}
		files = append(files, scripts...)
	}
	return files, nil
}

// scriptsOf returns the same in SQL, as DuckDB reads it, and in R: templates as they
// are, and in R after what all of them begin with.
func scriptsOf(name string) ([]File, error) {
	const folder = "template/scripts/"
	sql, err := templates.ReadFile(folder + name + ".sql")
	if err != nil {
		return nil, err
	}
	load, err := templates.ReadFile(folder + "load.R")
	if err != nil {
		return nil, err
	}
	r, err := templates.ReadFile(folder + name + ".R")
	if err != nil {
		return nil, err
	}
	return []File{{"notebooks/" + name + ".R", slices.Concat(load, []byte("\n"), r)}, {"notebooks/" + name + ".sql", sql}}, nil
}

// cell is a cell of nbformat 4.5; encoding/json writes its fields in this
// order, which is the alphabetical one that nbformat writes.
type cell struct {
	CellType       string    `json:"cell_type"`
	ExecutionCount *int      `json:"execution_count,omitempty"`
	ID             string    `json:"id"`
	Metadata       struct{}  `json:"metadata"`
	Outputs        *[]output `json:"outputs,omitempty"`
	Source         []string  `json:"source"`
}

// output is the output of a code cell.
type output struct {
	Data       map[string]any `json:"data,omitempty"`
	Metadata   *struct{}      `json:"metadata,omitempty"`
	Name       string         `json:"name,omitempty"`
	OutputType string         `json:"output_type"`
	Text       []string       `json:"text,omitempty"`
}

// stream is what a cell prints.
func stream(text string) []output {
	if text == "" {
		return []output{}
	}
	return []output{{OutputType: "stream", Name: "stdout", Text: lines(text)}}
}

// image is a PNG that a cell displays.
func image(png []byte) output {
	return output{
		OutputType: "display_data",
		Metadata:   &struct{}{},
		Data: map[string]any{
			"image/png":  base64.StdEncoding.EncodeToString(png),
			"text/plain": []string{"<IPython.core.display.Image object>"},
		},
	}
}

// pictures are the report's charts whose names begin so, in the order of their
// names.
func (c contents) pictures(begin string) []output {
	outputs := []output{}
	for _, path := range slices.Sorted(maps.Keys(c.charts)) {
		if strings.HasPrefix(path, "report/charts/"+begin) && strings.HasSuffix(path, ".png") {
			outputs = append(outputs, image(c.charts[path]))
		}
	}
	return outputs
}

// loadCell is the cell that every notebook has after its first; it prints
// nothing.
const loadCell = "template/load.py"

// build puts a notebook together from the cells of a template and the outputs
// that of gives for each code cell, by its name.
func build(name string, of func(cell string) ([]output, error)) ([]byte, error) {
	entries, err := fs.ReadDir(templates, path.Join("template", name))
	if err != nil {
		return nil, err
	}
	files := make([]string, len(entries))
	for i, entry := range entries {
		files[i] = path.Join("template", name, entry.Name())
	}
	files = slices.Insert(files, 1, loadCell)
	var cells []cell
	count := 0
	for _, file := range files {
		data, err := templates.ReadFile(file)
		if err != nil {
			return nil, err
		}
		source := strings.TrimSpace(string(data))
		sum := sha256.Sum256([]byte(path.Base(file) + "\x00" + source))
		c := cell{CellType: "markdown", ID: hex.EncodeToString(sum[:4]), Source: lines(source)}
		if stem, ok := strings.CutSuffix(path.Base(file), ".py"); ok {
			count++
			number := count
			outputs := []output{}
			if file != loadCell {
				if outputs, err = of(stem); err != nil {
					return nil, fmt.Errorf("notebook %s: cell %s: %w", name, stem, err)
				}
			}
			c.CellType, c.ExecutionCount, c.Outputs = "code", &number, &outputs
		}
		cells = append(cells, c)
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	err = encoder.Encode(map[string]any{
		"cells":          cells,
		"nbformat":       4,
		"nbformat_minor": 5,
		"metadata": map[string]any{
			"kernelspec":    map[string]any{"display_name": "Python 3", "language": "python", "name": "python3"},
			"language_info": map[string]any{"name": "python"},
		},
	})
	return b.Bytes(), err
}

// lines parts a text as nbformat stores it: every line but the last keeps its
// line break.
func lines(text string) []string {
	parts := strings.SplitAfter(text, "\n")
	if parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	return slices.Clip(parts)
}
