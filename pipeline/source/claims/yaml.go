package claims

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"hardship/pipeline/source"
)

// Limits of a file. The parser's time grows with the square of the tokens where
// they nest, so they are counted before it runs.
const (
	maxBytes  = 1 << 20
	maxTokens = 40_000 // some 600 claims
	maxDepth  = 64
)

// A value is a node of the file that knows where it stands. The zero value is a
// key that is not there.
type value struct {
	node ast.Node
	path string // as a JSON pointer
	file *file
}

type file struct {
	name string
	text []byte
}

// parse returns the mapping that r holds. Refused with a *source.FileError are
// more than the limits allow, text that is not UTF-8, more than one document, a
// key given twice, and all of YAML that a list of statements has no use for:
// anchors, aliases, tags, merge keys, explicit keys and directives.
func parse(r io.Reader, name string) (value, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	var below *source.FileError
	if errors.As(err, &below) {
		return value{}, below
	}
	if err != nil {
		return value{}, &source.FileError{File: name, Code: source.Unreadable, Err: err}
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	f := &file{name, text}
	if len(text) > maxBytes {
		return value{}, f.fail(source.TooLarge, fmt.Errorf("is larger than %d bytes", maxBytes))
	}
	if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		return value{}, f.fail(source.BadText, errors.New("is not UTF-8 text"))
	}
	tokens := lexer.Tokenize(string(text))
	if err := f.checkTokens(tokens); err != nil {
		return value{}, err
	}
	tree, err := parser.Parse(tokens, 0)
	var syntax yaml.Error
	switch {
	case errors.As(err, &syntax):
		return value{}, f.failAt(syntax.GetToken(), source.WrongFormat, errors.New(syntax.GetMessage()))
	case err != nil:
		return value{}, f.fail(source.WrongFormat, err)
	case len(tree.Docs) != 1:
		return value{}, f.fail(source.WrongFormat, fmt.Errorf("holds %d documents, not one", len(tree.Docs)))
	case tree.Docs[0].Body == nil:
		return value{}, f.fail(source.WrongFormat, errors.New("is empty"))
	}
	return value{node: tree.Docs[0].Body, file: f}, nil
}

func (f *file) checkTokens(tokens token.Tokens) error {
	if len(tokens) > maxTokens {
		return f.fail(source.TooLarge, fmt.Errorf("has more than %d words and signs", maxTokens))
	}
	flow, line, dashes := 0, 0, 0
	for _, t := range tokens {
		switch t.Type {
		case token.AnchorType, token.AliasType, token.TagType, token.MergeKeyType, token.MappingKeyType, token.DirectiveType:
			return f.failAt(t, source.WrongFormat, fmt.Errorf("%q: anchors, aliases, tags, merge keys, explicit keys and directives are not read", t.Value))
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow--
		case token.SequenceEntryType:
			if t.Position.Line != line {
				line, dashes = t.Position.Line, 0
			}
			dashes++
		}
		if max(flow, dashes) > maxDepth {
			return f.failAt(t, source.TooLarge, fmt.Errorf("is nested deeper than %d", maxDepth))
		}
	}
	return nil
}

func (f *file) fail(code source.Code, err error) error {
	return &source.FileError{File: f.name, Code: code, Err: err}
}

func (f *file) failAt(t *token.Token, code source.Code, err error) error {
	at := f.origin(t)
	return f.fail(code, fmt.Errorf("%d:%d: %w", at.Line, at.Column, err))
}

// origin returns where a token begins. The lexer counts columns in letters.
func (f *file) origin(t *token.Token) source.Origin {
	at := source.Origin{File: f.name, Line: max(1, t.Position.Line), Column: max(1, t.Position.Column)}
	rest := f.text
	for line := 1; line < at.Line; line++ {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			return at
		}
		rest = rest[i+1:]
	}
	column := 1
	for letters := at.Column - 1; letters > 0 && len(rest) > 0 && rest[0] != '\n'; letters-- {
		_, size := utf8.DecodeRune(rest)
		rest, column = rest[size:], column+size
	}
	at.Column = column
	return at
}

// first returns the token at which v begins; that of a mapping is its first
// colon.
func (v value) first() *token.Token {
	if m, ok := v.node.(*ast.MappingNode); ok && len(m.Values) > 0 && !m.IsFlowStyle {
		return m.Values[0].Key.GetToken()
	}
	return v.node.GetToken()
}

func (v value) origin() source.Origin { return v.file.origin(v.first()) }

// bad returns err as a *source.ParseError at the value.
func (v value) bad(code source.Code, err error) error {
	bad := &source.ParseError{Origin: v.origin(), Field: v.path, Code: code, Err: err}
	if s, isText := v.node.(*ast.StringNode); isText {
		bad.Value = s.Value
	} else if scalar, ok := v.node.(ast.ScalarNode); ok {
		bad.Value = scalar.GetToken().Value
	}
	return bad
}

// whole turns an error of bad into one of the whole file.
func (v value) whole(err error) error {
	var bad *source.ParseError
	if !errors.As(err, &bad) {
		return err
	}
	what := "the file"
	if bad.Field != "" {
		what = source.Printable(bad.Field)
	}
	return v.file.fail(source.WrongFormat, fmt.Errorf("%d:%d: %s %w", bad.Line, bad.Column, what, bad.Err))
}

func (v value) isNull() bool {
	_, null := v.node.(*ast.NullNode)
	return v.node == nil || null
}

// is says what the value is, to complete "is …, not …".
func (v value) is() string {
	switch v.node.(type) {
	case *ast.NullNode:
		return "empty"
	case *ast.MappingNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case *ast.StringNode, *ast.LiteralNode:
		return "text"
	case *ast.BoolNode:
		return "true or false"
	}
	return "a number"
}

func (v value) want(kind string) error {
	return v.bad(source.NotAllowed, fmt.Errorf("is %s, not %s", v.is(), kind))
}

// fields returns the values of a mapping by key. Every key must be one of
// those listed, and every required one must be there.
func (v value) fields(required, optional []string) (map[string]value, error) {
	m, ok := v.node.(*ast.MappingNode)
	if !ok {
		return nil, v.want("a mapping")
	}
	fields := map[string]value{}
	for _, pair := range m.Values {
		key := pair.Key.GetToken().Value
		path := v.path + "/" + escape(key)
		if !slices.Contains(required, key) && !slices.Contains(optional, key) {
			return nil, value{pair.Key, path, v.file}.bad(source.NotAllowed, fmt.Errorf("is not a key; allowed are %s", strings.Join(slices.Concat(required, optional), ", ")))
		}
		fields[key] = value{pair.Value, path, v.file}
	}
	for _, key := range required {
		if fields[key].node == nil {
			return nil, &source.ParseError{Origin: v.origin(), Field: v.path + "/" + key, Code: source.MissingValue, Err: errors.New("is not there")}
		}
	}
	return fields, nil
}

var escape = strings.NewReplacer("~", "~0", "/", "~1").Replace

// items returns the values of a list.
func (v value) items() ([]value, error) {
	list, ok := v.node.(*ast.SequenceNode)
	if !ok {
		return nil, v.want("a list")
	}
	var items []value
	for i, n := range list.Values {
		items = append(items, value{n, fmt.Sprintf("%s/%d", v.path, i), v.file})
	}
	return items, nil
}

// text returns a text, which must not be empty.
func (v value) text() (string, error) {
	var s string
	switch n := v.node.(type) {
	case *ast.StringNode:
		s = n.Value
	case *ast.LiteralNode:
		s = n.Value.Value
	default:
		return "", v.want("text")
	}
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return "", v.bad(source.MissingValue, source.ErrMissing)
	case strings.IndexByte(s, 0) >= 0:
		return "", v.bad(source.BadText, errors.New("holds a NUL"))
	}
	return s, nil
}

// oneOf returns an error unless s, which is the value, is one of words.
func (v value) oneOf(s string, words []string) error {
	if slices.Contains(words, s) {
		return nil
	}
	return v.bad(source.NotAllowed, fmt.Errorf("is not one of %s", strings.Join(words, ", ")))
}
