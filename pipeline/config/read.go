package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// What a configuration may be at most. The YAML library takes time with the
// square of a line's length and of the depth, so both are bounded before it
// parses.
const (
	MaxBytes     = 1 << 20
	maxLineBytes = 4096
	maxDepth     = 64
)

// An Error is one fault of a configuration, with its place.
type Error struct {
	File         string
	Line, Column int    // from 1, Column in characters; 0 where the fault has no place
	Width        int    // characters of the value or key at fault; 0 if unknown
	Path         string // of the setting, such as sources[0].table
	Text         string // the source line
	Err          error
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %v", e.File, e.Err)
	}
	where := fmt.Sprintf("%s:%d:%d: ", e.File, e.Line, e.Column)
	if e.Path != "" {
		where += e.Path + ": "
	}
	return where + e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }

// Errors are all faults of a configuration, in the order of the file.
type Errors []*Error

func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, one := range e {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// document is a parsed file in which faults are looked up.
type document struct {
	name    string
	lines   []string
	options []string                // of all formats
	body    ast.Node                // nil for a file without content
	places  map[string]*token.Token // where each setting stands, by its path
	errors  Errors
}

// parse reads the syntax and refuses what a configuration never needs.
func parse(data []byte, name string) (d *document, err error) {
	text := strings.TrimPrefix(string(data), "\ufeff")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	d = &document{name: name, lines: strings.Split(text, "\n"), places: map[string]*token.Token{}}
	defer func() {
		// The library is not ours, and a file must never end the program.
		if r := recover(); r != nil {
			d.errors = append(d.errors, &Error{File: name, Err: fmt.Errorf("is not YAML: %v", r)})
		}
		if len(d.errors) > 0 {
			d, err = nil, d.sorted()
		}
	}()
	if len(data) > MaxBytes {
		d.errors = append(d.errors, &Error{File: name, Err: fmt.Errorf("is larger than %d bytes", MaxBytes)})
		return d, nil
	}
	if d.checkText(); len(d.errors) > 0 {
		return d, nil
	}
	tokens := lexer.Tokenize(text)
	if d.checkTokens(tokens); len(d.errors) > 0 {
		return d, nil
	}
	file, err := parser.Parse(tokens, 0)
	if err != nil {
		d.syntax(err)
		return d, nil
	}
	if len(file.Docs) > 1 {
		d.add(file.Docs[1].GetToken().Position.Line, 1, 3, "", errors.New("a configuration is one document"))
	}
	if len(file.Docs) > 0 {
		d.body = file.Docs[0].Body
	}
	return d, nil
}

// checkText refuses bytes that are no text, and endless lines.
func (d *document) checkText() {
	for i, line := range d.lines {
		if len(line) > maxLineBytes {
			d.add(i+1, 1, 0, "", fmt.Errorf("a line of %d bytes; at most %d are allowed", len(line), maxLineBytes))
			return
		}
		for at, r := range line {
			_, size := utf8.DecodeRuneInString(line[at:])
			why := ""
			switch {
			case r == utf8.RuneError && size == 1:
				why = "this is not UTF-8 text"
			case unicode.IsControl(r) && r != '\t':
				why = "control characters are not allowed"
			}
			if why != "" {
				d.add(i+1, utf8.RuneCountInString(line[:at])+1, 1, "", errors.New(why))
				return
			}
		}
	}
}

// refused are the parts of YAML that a configuration never needs: a small file
// of aliases can unfold into gigabytes.
var refused = map[token.Type]string{
	token.AnchorType:     "anchors are not allowed",
	token.AliasType:      "aliases are not allowed",
	token.MergeKeyType:   "merge keys are not allowed",
	token.TagType:        "tags are not allowed",
	token.DirectiveType:  "directives are not allowed",
	token.MappingKeyType: "keys after a question mark are not allowed",
}

// checkTokens refuses parts that are not allowed and what is nested too deeply,
// which the parser would follow until memory ends.
func (d *document) checkTokens(tokens token.Tokens) {
	var blocks []int // columns at which nested blocks begin
	flow, line := 0, 0
	for _, t := range tokens {
		if why, ok := refused[t.Type]; ok {
			d.at(t, "", errors.New(why))
		}
		switch t.Type {
		case token.MappingStartType, token.SequenceStartType:
			flow++
		case token.MappingEndType, token.SequenceEndType:
			flow = max(0, flow-1)
		}
		if column := t.Position.Column; flow == 0 && (t.Position.Line != line || t.Type == token.SequenceEntryType) {
			line = t.Position.Line
			for len(blocks) > 0 && blocks[len(blocks)-1] >= column {
				blocks = blocks[:len(blocks)-1]
			}
			blocks = append(blocks, column)
		}
		if len(blocks)+flow > maxDepth {
			d.at(t, "", fmt.Errorf("is nested more than %d deep", maxDepth))
			return
		}
	}
}

// syntax records a fault found by the YAML library.
func (d *document) syntax(err error) {
	var located yaml.Error
	if !errors.As(err, &located) {
		d.errors = append(d.errors, &Error{File: d.name, Err: err})
		return
	}
	d.at(located.GetToken(), "", errors.New(located.GetMessage()))
}

// fail records a fault of the setting at a path such as sources[0].table. A
// setting that the file does not have takes the place of the nearest one above
// it, and is then named.
func (d *document) fail(path string, format string, args ...any) {
	err := fmt.Errorf(format, args...)
	for p := path; p != ""; p = p[:max(0, strings.LastIndexAny(p, ".["))] {
		if t, ok := d.places[p]; ok {
			d.at(t, path, err)
			return
		}
	}
	d.at(nil, path, fmt.Errorf("%s: %w", path, err))
}

// at records a fault at a token.
func (d *document) at(t *token.Token, path string, err error) {
	if t == nil || t.Position == nil {
		d.errors = append(d.errors, &Error{File: d.name, Path: path, Err: err})
		return
	}
	width := utf8.RuneCountInString(strings.TrimSpace(t.Origin))
	if strings.Contains(strings.TrimSpace(t.Origin), "\n") {
		width = 0
	}
	d.add(t.Position.Line, t.Position.Column, width, path, err)
}

func (d *document) add(line, column, width int, path string, err error) {
	e := &Error{File: d.name, Line: line, Column: column, Width: width, Path: path, Err: err}
	if line >= 1 && line <= len(d.lines) {
		e.Text = d.lines[line-1]
	}
	d.errors = append(d.errors, e)
}

// sorted returns the faults in the order of the file.
func (d *document) sorted() Errors {
	slices.SortStableFunc(d.errors, func(a, b *Error) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return d.errors
}
