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

// A File is one notebook.
type File struct {
	Path    string
	Content []byte
}

// template holds the cells of each notebook: NAME/NN_word.md or NN_word.py, in
// the order of their names.
//
//go:embed template
var templates embed.FS

// Write returns the notebooks of a run.
func Write(in Input) ([]File, error) {
	tables := map[string]*table.Table{}
	for _, c := range in.Tables {
		tables[c.Table().Schema.Name] = c.Table()
	}
	outputs := overview{tables: tables, charts: in.Charts}
	content, err := build("overview", outputs.of)
	if err != nil {
		return nil, err
	}
	return []File{{"notebooks/01_overview.ipynb", content}}, nil
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

// build puts a notebook together from the cells of a template and the outputs
// that of gives for each code cell, by its name.
func build(name string, of func(cell string) ([]output, error)) ([]byte, error) {
	entries, err := fs.ReadDir(templates, path.Join("template", name))
	if err != nil {
		return nil, err
	}
	var cells []cell
	count := 0
	for _, entry := range entries {
		data, err := templates.ReadFile(path.Join("template", name, entry.Name()))
		if err != nil {
			return nil, err
		}
		source := strings.TrimSpace(string(data))
		sum := sha256.Sum256([]byte(entry.Name() + "\x00" + source))
		c := cell{CellType: "markdown", ID: hex.EncodeToString(sum[:4]), Source: lines(source)}
		if stem, ok := strings.CutSuffix(entry.Name(), ".py"); ok {
			count++
			number := count
			outputs, err := of(stem)
			if err != nil {
				return nil, fmt.Errorf("notebook %s: cell %s: %w", name, stem, err)
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
