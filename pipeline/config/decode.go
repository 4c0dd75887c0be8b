package config

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"hardship/pipeline/internal/spelling"
)

// decode sets a value from a node of the file, strictly: an unknown or repeated
// key, or a value of another kind, is a fault at its place. at is where the
// setting stands. Text is taken as written, also where YAML sees a number in it:
// the revision 1234e567 is a commit, not infinity.
//
// Nothing, or null, leaves the value as it is.
func (d *document) decode(path string, node ast.Node, at *token.Token, to reflect.Value) {
	if node == nil || node.Type() == ast.NullType {
		return
	}
	d.places[path] = at
	if c, ok := to.Addr().Interface().(*rawColumn); ok {
		d.column(path, node, c)
		return
	}
	switch to.Kind() {
	case reflect.Pointer:
		value := reflect.New(to.Type().Elem())
		d.decode(path, node, at, value.Elem())
		to.Set(value)
	case reflect.Struct:
		d.settings(path, node, to)
	case reflect.Map:
		to.Set(reflect.MakeMap(to.Type()))
		d.entries(path, node, func(key string, entry *ast.MappingValueNode) {
			value := reflect.New(to.Type().Elem()).Elem()
			d.decode(below(path, key), entry.Value, place(entry), value)
			to.SetMapIndex(reflect.ValueOf(key), value)
		})
	case reflect.Slice:
		list, ok := node.(*ast.SequenceNode)
		if !ok {
			d.fail(path, "is %s, and needs a list", kind(node))
			return
		}
		to.Set(reflect.MakeSlice(to.Type(), len(list.Values), len(list.Values)))
		for i, value := range list.Values {
			d.decode(fmt.Sprintf("%s[%d]", path, i), value, first(value), to.Index(i))
		}
	default:
		d.scalar(path, node, to)
	}
}

// settings sets the fields of a struct by their yaml names.
func (d *document) settings(path string, node ast.Node, to reflect.Value) {
	fields := map[string]int{}
	var names []string
	for i := range to.NumField() {
		name := to.Type().Field(i).Tag.Get("yaml")
		fields[name] = i
		names = append(names, name)
	}
	d.entries(path, node, func(key string, entry *ast.MappingValueNode) {
		i, ok := fields[key]
		if !ok {
			hint := suggest(key, names)
			if hint == "" && slices.Contains(names, "options") && slices.Contains(d.options, key) {
				hint = fmt.Sprintf("; it is one of the options: options: {%s: …}", key)
			}
			if hint == "" {
				hint = "; the keys here are " + strings.Join(names, ", ")
			}
			d.at(entry.Key.GetToken(), "", fmt.Errorf("unknown key %q%s", key, hint))
			return
		}
		d.decode(below(path, key), entry.Value, place(entry), to.Field(i))
	})
}

// entries calls f for each key of a mapping, once.
func (d *document) entries(path string, node ast.Node, f func(string, *ast.MappingValueNode)) {
	var values []*ast.MappingValueNode
	switch m := node.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	default:
		if path == "" {
			d.at(first(node), "", fmt.Errorf("the file is %s, and needs keys with values", kind(node)))
		} else {
			d.fail(path, "is %s, and needs keys with values", kind(node))
		}
		return
	}
	for _, v := range values { // that no key is there twice, the parser has seen to
		if key, ok := text(v.Key); ok {
			f(key, v)
		} else {
			d.at(v.Key.GetToken(), "", fmt.Errorf("a key is %s, and needs to be a name", kind(v.Key)))
		}
	}
}

// scalar sets a text, number or truth value.
func (d *document) scalar(path string, node ast.Node, to reflect.Value) {
	written, ok := text(node)
	quoted := node.Type() == ast.StringType || node.Type() == ast.LiteralType
	switch to.Kind() {
	case reflect.String:
		if !ok {
			d.fail(path, "is %s, and needs a text", kind(node))
			return
		}
		if strings.ContainsFunc(written, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) {
			d.fail(path, "holds a control character")
			return
		}
		to.SetString(written)
	case reflect.Bool:
		b, isBool := node.(*ast.BoolNode)
		if !isBool {
			d.fail(path, "is %s, and needs true or false", kind(node))
			return
		}
		to.SetBool(b.Value)
	case reflect.Int, reflect.Int32, reflect.Int64:
		bits := 32
		if to.Kind() == reflect.Int64 {
			bits = 64
		}
		n, err := strconv.ParseInt(written, 10, bits)
		if !ok || quoted || err != nil {
			d.fail(path, "is %s, and needs a whole number", kind(node))
			return
		}
		to.SetInt(n)
	case reflect.Float64:
		v, err := strconv.ParseFloat(written, 64)
		if !ok || quoted || err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			d.fail(path, "is %s, and needs a number", kind(node))
			return
		}
		to.SetFloat(v)
	default:
		panic(fmt.Sprintf("config: no way to decode %v", to.Type()))
	}
}

// column sets a column of a mapping: a name, or {const: value}.
func (d *document) column(path string, node ast.Node, to *rawColumn) {
	if name, ok := text(node); ok {
		to.From = []string{name}
		return
	}
	if list, ok := node.(*ast.SequenceNode); ok && list != nil {
		d.fail(path, "is a list, and needs %s", columnForms)
		return
	}
	before := len(d.errors)
	d.entries(path, node, func(key string, entry *ast.MappingValueNode) {
		value, scalar := text(entry.Value)
		at := below(path, key)
		switch {
		case key == "const" && scalar:
			to.constant = &value
		case key == "format" && scalar:
			to.Format = value
		case key == "column" && scalar:
			to.From = []string{value}
		case key == "column":
			d.decode(at, entry.Value, place(entry), reflect.ValueOf(&to.From).Elem())
		case key == "words":
			d.decode(at, entry.Value, place(entry), reflect.ValueOf(&to.Words).Elem())
		default:
			d.at(entry.Key.GetToken(), path, fmt.Errorf("a column is %s", columnForms))
		}
	})
	switch {
	case len(d.errors) > before:
	case to.constant != nil && (to.From != nil || to.Words != nil || to.Format != ""):
		d.fail(path, "is a constant or a column of the file, not both")
	case to.constant == nil && len(to.From) == 0:
		d.fail(path, "needs %s", columnForms)
	}
}

// columnForms are the ways to say where a column comes from.
const columnForms = "the name of a column of the file, {const: value}, or {column: name, words: {…}, format: …}"

// text returns a scalar as it is written, without its quotes.
func text(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	return "", false
}

// kind says what a node is, for errors.
func kind(node ast.Node) string {
	switch n := node.(type) {
	case *ast.StringNode, *ast.LiteralNode:
		return "a text"
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "the number " + n.GetToken().Value
	case *ast.BoolNode:
		return n.GetToken().Value
	case *ast.SequenceNode:
		return "a list"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.NullNode:
		return "nothing"
	}
	return "something else"
}

func below(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// place returns where an entry stands: its value, or its key if that goes over
// several parts.
func place(entry *ast.MappingValueNode) *token.Token {
	switch entry.Value.(type) {
	case *ast.MappingNode, *ast.MappingValueNode, *ast.SequenceNode, *ast.LiteralNode:
		return entry.Key.GetToken()
	}
	return entry.Value.GetToken()
}

// first returns the first token of a node.
func first(node ast.Node) *token.Token {
	switch n := node.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return n.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		return n.Key.GetToken()
	}
	return node.GetToken()
}

// suggest asks whether one of names was meant: one that is spelt nearly so, or
// begins so.
func suggest(written string, names []string) string {
	near := spelling.Near(written, names)
	for _, name := range names {
		if len(near) < 3 && written != "" && strings.HasPrefix(name, written) && !slices.Contains(near, name) {
			near = append(near, name)
		}
	}
	if len(near) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(near, " or ") + "?"
}
