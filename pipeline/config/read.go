package config

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"hardship/pipeline/internal/spelling"
)

// MaxBytes is the largest configuration read.
const MaxBytes = 1 << 20

// An Error is one fault of a configuration, with its place.
type Error struct {
	File         string
	Line, Column int // from 1; 0 where the fault has no place
	Path         string
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

// Errors are all faults of a configuration.
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
	name   string
	lines  []string
	file   *ast.File
	errors Errors
}

// parse reads the syntax and refuses what a configuration never needs.
func parse(data []byte, name string) (*document, error) {
	d := &document{name: name, lines: strings.Split(string(data), "\n")}
	if len(data) > MaxBytes {
		return nil, Errors{{File: name, Err: fmt.Errorf("is larger than %d bytes", MaxBytes)}}
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		d.library(err)
		return nil, d.errors
	}
	d.file = file
	if len(file.Docs) > 1 {
		d.at(file.Docs[1].GetToken(), "", errors.New("a configuration is one document"))
	}
	for _, doc := range file.Docs {
		ast.Walk(refuser{d}, doc)
	}
	if len(d.errors) > 0 {
		return nil, d.errors
	}
	return d, nil
}

// refuser finds anchors, aliases, merges and tags: a small file of aliases can
// unfold into gigabytes.
type refuser struct{ *document }

func (r refuser) Visit(node ast.Node) ast.Visitor {
	switch node.(type) {
	case *ast.AnchorNode:
		r.at(node.GetToken(), "", errors.New("anchors are not allowed"))
	case *ast.AliasNode:
		r.at(node.GetToken(), "", errors.New("aliases are not allowed"))
	case *ast.MergeKeyNode:
		r.at(node.GetToken(), "", errors.New("merge keys are not allowed"))
	case *ast.TagNode:
		r.at(node.GetToken(), "", errors.New("tags are not allowed"))
	}
	return r
}

// at records a fault at a token.
func (d *document) at(t *token.Token, path string, err error) {
	e := &Error{File: d.name, Path: path, Err: err}
	if t != nil && t.Position != nil {
		e.Line, e.Column = t.Position.Line, t.Position.Column
		if e.Line-1 < len(d.lines) {
			e.Text = d.lines[e.Line-1]
		}
	}
	d.errors = append(d.errors, e)
}

// fail records a fault of the value at a path such as sources[0].table. A path
// that the file does not have takes the nearest one above it.
func (d *document) fail(path string, format string, args ...any) {
	err := fmt.Errorf(format, args...)
	for p := path; p != ""; {
		if query, e := yaml.PathString("$." + p); e == nil {
			if node, e := query.FilterFile(d.file); e == nil && node != nil {
				d.at(node.GetToken(), path, err)
				return
			}
		}
		cut := strings.LastIndexAny(p, ".[")
		p = p[:max(0, cut)]
	}
	d.at(nil, path, fmt.Errorf("%s: %w", path, err))
}

// library turns a fault found by the YAML library into ours.
func (d *document) library(err error) {
	var located yaml.Error
	if !errors.As(err, &located) {
		d.errors = append(d.errors, &Error{File: d.name, Err: err})
		return
	}
	message := located.GetMessage()
	var unknown *yaml.UnknownFieldError
	if errors.As(err, &unknown) {
		key := located.GetToken().Value
		message = fmt.Sprintf("unknown key %q", key)
		if near := spelling.Near(key, keysNear(reflect.TypeFor[rawConfig](), key)); len(near) > 0 {
			message += fmt.Sprintf("; did you mean %s?", strings.Join(near, " or "))
		}
	}
	d.at(located.GetToken(), "", errors.New(message))
}

// keysNear returns every key that a configuration may have anywhere.
func keysNear(t reflect.Type, key string) []string {
	var keys []string
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(t reflect.Type) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || seen[t] {
			return
		}
		seen[t] = true
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
			if name != "" && !slices.Contains(keys, name) {
				keys = append(keys, name)
			}
			walk(t.Field(i).Type)
		}
	}
	walk(t)
	return keys
}
