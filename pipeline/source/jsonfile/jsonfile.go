// Package jsonfile reads JSON strictly, for the adapters of formats that are
// written in it. What a document may ask for is bounded by source.Limits.
//
// A document becomes a tree of values that know where they stand, so that an
// adapter can refuse any of them with its line, column and path. What
// encoding/json passes over in silence is refused here: a key given twice in
// one object, bytes that are not UTF-8, a NUL, and anything after the end.
package jsonfile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"hardship/pipeline/source"
)

// Kind is the type of a value in JSON's own sense.
type Kind uint8

const (
	Null Kind = iota
	Bool
	Number
	Text
	Array
	Object
)

// kindNames complete the sentence "is …".
var kindNames = [...]string{"null", "true or false", "a number", "text", "a list", "an object"}

func (k Kind) String() string { return kindNames[k] }

// A Value is one value of a document, with its place in it.
type Value struct {
	Kind    Kind
	Text    string   // of a Text; of a Number, its digits as written
	True    bool     // of a Bool
	Items   []*Value // of an Array
	Members []Member // of an Object, in the order written; no key occurs twice

	in         *document
	start, end int // bytes of the document
	parent     *Value
	step       string // key or index that leads here from parent
}

// A Member is a key of an object and its value.
type Member struct {
	Key   string
	Value *Value
}

// document is the text that values point into.
type document struct {
	name  string
	line  int // of its first byte in the file, from 1
	text  []byte
	lines []int // offset at which each line after the first begins
}

func newDocument(text []byte, name string, line int) *document {
	d := &document{name: name, line: line, text: text}
	for i, c := range text {
		if c == '\n' {
			d.lines = append(d.lines, i+1)
		}
	}
	return d
}

func (d *document) origin(offset int) source.Origin {
	before, _ := slices.BinarySearch(d.lines, offset+1) // lines that begin at or before offset
	start := 0
	if before > 0 {
		start = d.lines[before-1]
	}
	return source.Origin{File: d.name, Line: d.line + before, Column: offset - start + 1}
}

func (d *document) bad(offset int, code source.Code, err error) error {
	return &source.ParseError{Origin: d.origin(offset), Code: code, Err: err}
}

// Origin returns where the value begins.
func (v *Value) Origin() source.Origin { return v.in.origin(v.start) }

// Path returns the way to the value as a JSON pointer (RFC 6901), such as
// /schedules/dtek/GPV1.1/2026-02-12/slots/3; "" for the whole document.
func (v *Value) Path() string {
	if v.parent == nil {
		return ""
	}
	return v.parent.Path() + "/" + escape(v.step)
}

var escape = strings.NewReplacer("~", "~0", "/", "~1").Replace

// Written returns the value as the file spells it; a long one is cut.
func (v *Value) Written() string {
	text := v.in.text[v.start:v.end]
	if v.Kind == Text {
		text = []byte(v.Text)
	}
	const most = 200
	if len(text) <= most {
		return string(text)
	}
	cut := most
	for cut > 0 && !utf8.RuneStart(text[cut]) {
		cut--
	}
	return string(text[:cut]) + "…"
}

// Bad returns err as a *source.ParseError at the value.
func (v *Value) Bad(code source.Code, err error) error {
	return &source.ParseError{Origin: v.Origin(), Field: v.Path(), Value: v.Written(), Code: code, Err: err}
}

// Is returns nil if the value is of kind, else an error that says what it is.
func (v *Value) Is(kind Kind) error {
	if v.Kind == kind {
		return nil
	}
	return v.Bad(source.NotAllowed, fmt.Errorf("is %v, not %v", v.Kind, kind))
}

// Get returns the member of a key, nil if the value is no object or has none.
func (v *Value) Get(key string) *Value {
	for _, m := range v.Members {
		if m.Key == key {
			return m.Value
		}
	}
	return nil
}

// Want returns the member of a key, which must be there and of kind.
func (v *Value) Want(key string, kind Kind) (*Value, error) {
	if err := v.Is(Object); err != nil {
		return nil, err
	}
	m := v.Get(key)
	if m == nil {
		return nil, &source.ParseError{Origin: v.Origin(), Field: v.Path() + "/" + escape(key), Code: source.MissingValue, Err: errors.New("is not there")}
	}
	return m, m.Is(kind)
}

// Each yields the members of an object, in the order written; of any other
// value, one error.
func (v *Value) Each() iter.Seq2[Member, error] {
	return func(yield func(Member, error) bool) {
		if err := v.Is(Object); err != nil {
			yield(Member{}, err)
			return
		}
		for _, m := range v.Members {
			if !yield(m, nil) {
				return
			}
		}
	}
}

// Lines yields the document on each line of r; lines of white space are passed
// over. A line that is not one well-formed document is yielded as a
// *source.ParseError and reading goes on; a *source.FileError is the last thing
// yielded.
func Lines(r io.Reader, name string) iter.Seq2[*Value, error] {
	return func(yield func(*Value, error) bool) {
		limits := source.LimitsOf(r)
		in := lineReader{in: bufio.NewReaderSize(r, lineBuffer), most: limits.RowBytes + 2} // a line end of one or two bytes is not of the line
		for line := 1; ; line++ {
			text, err := in.next()
			switch {
			case err == bufio.ErrBufferFull:
				yield(nil, &source.FileError{File: name, Code: source.TooLarge, Err: source.Beyond("row_bytes", "line %d is longer than %d bytes", line, limits.RowBytes)})
				return
			case err != nil && err != io.EOF:
				yield(nil, unreadable(name, err))
				return
			}
			last := err == io.EOF
			if line == 1 {
				text = trimMark(text)
			}
			if text = bytes.TrimRight(text, space); len(text) > 0 {
				// The reader's buffer is used again; the tree points into its text.
				if !yield(parse(newDocument(bytes.Clone(text), name, line), limits)) {
					return
				}
			}
			if last {
				return
			}
		}
	}
}

const lineBuffer = 64 << 10

// A lineReader reads lines of at most so many bytes, their ends among them. Few are
// longer than its buffer.
type lineReader struct {
	in   *bufio.Reader
	most int64
	long []byte // a line that is
}

// next returns the next line, until the one after it is asked for. The error is
// bufio.ErrBufferFull for one that is too long.
func (l *lineReader) next() ([]byte, error) {
	text, err := l.in.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		l.long = append(l.long[:0], text...)
		for err == bufio.ErrBufferFull && int64(len(l.long)) <= l.most {
			text, err = l.in.ReadSlice('\n')
			l.long = append(l.long, text...)
		}
		text = l.long
	}
	if int64(len(text)) > l.most {
		return nil, bufio.ErrBufferFull
	}
	return text, err
}

// Read returns the one document that r holds. A fault is a *source.ParseError
// or a *source.FileError.
func Read(r io.Reader, name string) (*Value, error) {
	limits := source.LimitsOf(r)
	text, err := io.ReadAll(io.LimitReader(r, limits.DocumentBytes+1))
	if err != nil {
		return nil, unreadable(name, err)
	}
	if int64(len(text)) > limits.DocumentBytes {
		return nil, &source.FileError{File: name, Code: source.TooLarge, Err: source.Beyond("document_bytes", "is larger than %d bytes", limits.DocumentBytes)}
	}
	return parse(newDocument(trimMark(text), name, 1), limits)
}

// unreadable returns err as a *source.FileError, unless the stream below has
// made one already.
func unreadable(name string, err error) error {
	var file *source.FileError
	if errors.As(err, &file) {
		return file
	}
	return &source.FileError{File: name, Code: source.Unreadable, Err: err}
}

// space is what JSON allows between tokens.
const space = " \t\r\n"

// trimMark takes the byte order mark off the start of a file.
func trimMark(text []byte) []byte { return bytes.TrimPrefix(text, []byte("\ufeff")) }

// parse returns the tree of a document.
func parse(d *document, limits source.Limits) (*Value, error) {
	if i := bytes.IndexByte(d.text, 0); i >= 0 {
		return nil, d.bad(i, source.BadText, errors.New("holds a NUL"))
	}
	for i := 0; i < len(d.text); {
		r, size := utf8.DecodeRune(d.text[i:])
		if r == utf8.RuneError && size == 1 {
			return nil, d.bad(i, source.BadText, source.ErrNotUTF8)
		}
		i += size
	}
	p := parser{document: d, limits: limits, tokens: json.NewDecoder(bytes.NewReader(d.text))}
	p.tokens.UseNumber()
	root := &Value{in: d}
	if err := p.value(root, 1); err != nil {
		return nil, err
	}
	if rest := bytes.TrimLeft(d.text[root.end:], space); len(rest) > 0 {
		return nil, d.bad(len(d.text)-len(rest), source.Malformed, errors.New("has something after its end"))
	}
	return root, nil
}

type parser struct {
	*document
	limits source.Limits
	tokens *json.Decoder
	values int64 // read so far
}

// next returns the offset of the token that comes next.
func (p *parser) next() int {
	i := int(p.tokens.InputOffset())
	for i < len(p.text) && strings.IndexByte(space+",:", p.text[i]) >= 0 {
		i++
	}
	return i
}

func (p *parser) token() (json.Token, error) {
	at := p.next()
	token, err := p.tokens.Token()
	if err == nil {
		return token, nil
	}
	message := err.Error()
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at = max(at, int(syntax.Offset)-1)
	} else {
		message = "ends early"
	}
	return nil, p.bad(max(0, min(at, len(p.text)-1)), source.Malformed, fmt.Errorf("is not JSON: %s", message))
}

// value reads the value that comes next into v. Tokens cannot nest wrongly:
// the decoder refuses that.
func (p *parser) value(v *Value, depth int) error {
	v.start = p.next()
	if p.values++; p.values > p.limits.Values {
		return p.bad(v.start, source.TooLarge, source.Beyond("values", "comes after %d values, which is as many as are read", p.limits.Values))
	}
	token, err := p.token()
	if err != nil {
		return err
	}
	switch t := token.(type) {
	case bool:
		v.Kind, v.True = Bool, t
	case json.Number:
		v.Kind, v.Text = Number, t.String()
	case string:
		v.Kind, v.Text = Text, t
		if strings.IndexByte(t, 0) >= 0 {
			return p.bad(v.start, source.BadText, errors.New("holds a NUL"))
		}
	case json.Delim:
		if int64(depth) > p.limits.Depth {
			return p.bad(v.start, source.TooLarge, source.Beyond("depth", "is nested deeper than %d", p.limits.Depth))
		}
		if t == '[' {
			err = p.items(v, depth)
		} else {
			err = p.members(v, depth)
		}
		if err != nil {
			return err
		}
	}
	v.end = int(p.tokens.InputOffset())
	return nil
}

func (p *parser) items(v *Value, depth int) error {
	v.Kind = Array
	for p.tokens.More() {
		item := &Value{in: p.document, parent: v, step: strconv.Itoa(len(v.Items))}
		if err := p.value(item, depth+1); err != nil {
			return err
		}
		v.Items = append(v.Items, item)
	}
	_, err := p.token()
	return err
}

func (p *parser) members(v *Value, depth int) error {
	v.Kind = Object
	seen := map[string]bool{}
	for p.tokens.More() {
		at := p.next()
		token, err := p.token()
		if err != nil {
			return err
		}
		key := token.(string)
		member := &Value{in: p.document, parent: v, step: key}
		switch {
		case strings.IndexByte(key, 0) >= 0:
			return p.bad(at, source.BadText, errors.New("holds a NUL"))
		case seen[key]:
			return &source.ParseError{Origin: p.origin(at), Field: member.Path(), Value: key, Code: source.Duplicate, Err: errors.New("is there twice")}
		}
		seen[key] = true
		if err := p.value(member, depth+1); err != nil {
			return err
		}
		v.Members = append(v.Members, Member{key, member})
	}
	_, err := p.token()
	return err
}
