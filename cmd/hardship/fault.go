package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"hardship/pipeline/config"
	"hardship/pipeline/normalize"
	"hardship/pipeline/source"
)

// A fault is something wrong at a place in a file, with the line it stands in
// where that is known.
type fault struct {
	doubt   bool        // it can be read and is hardly true
	code    source.Code // "" for faults of the configuration
	message string
	file    string // "" for a fault of the machine
	line    int    // 0: the whole file
	column  int
	field   string // column of the data, or setting
	value   string
	text    string   // the source line; "" if unknown
	start   int      // bytes of text before the fault
	length  int      // bytes of text at fault
	notes   []string // lines below the place
	rule    string   // what was broken, and how often
	hint    string
}

// fileFault is a fault of a whole file.
func fileFault(e *source.FileError) fault {
	f := fault{doubt: e.Code == source.Silent, code: e.Code, message: e.Err.Error(), file: e.File, hint: seeExplain(e.Code)}
	var unknown *normalize.Unrecognised
	if errors.As(e.Err, &unknown) {
		f.message, f.notes, f.hint = "no format is recognised", unknown.Reasons, unknown.Advice
	}
	return f
}

func seeExplain(code source.Code) string { return "see `hardship explain " + string(code) + "`" }

// configFault is a fault of the configuration.
func configFault(e *config.Error) fault {
	f := fault{message: e.Err.Error(), file: e.File, line: e.Line, column: e.Column, field: e.Path, text: e.Text}
	f.start = bytesOf(f.text, e.Column-1)
	f.length = bytesOf(f.text[f.start:], max(1, e.Width))
	return f
}

// bytesOf returns how many bytes the first n characters of s take.
func bytesOf(s string, n int) int {
	at := 0
	for ; n > 0 && at < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	return at
}

// dataFault is a row of an input that was rejected. lines are source lines of
// its file, by number, as far as they are known.
func dataFault(e *source.ParseError, lines map[int]string) fault {
	f := fault{
		code: e.Code, message: e.Err.Error(), file: e.File, line: e.Line, column: max(1, e.Column),
		field: e.Field, value: e.Value, hint: seeExplain(e.Code),
	}
	line, ok := lines[e.Line]
	if !ok || e.Private || f.column > len(line)+1 {
		return f
	}
	if e.Column == 0 { // the row; its value may be told by looking
		f.text = line
		if e.Value != "" && strings.Count(line, e.Value) == 1 {
			f.start, f.length = strings.Index(line, e.Value), len(e.Value)
			f.column = f.start + 1
		} else {
			f.length = len(line)
		}
		return f
	}
	// A format may count rows instead of lines, so the value must stand there.
	found := strings.TrimPrefix(line[f.column-1:], `"`)
	if e.Value == "" || strings.HasPrefix(found, e.Value) {
		f.text = line
		f.start = f.column - 1
		f.length = len(e.Value) + len(line[f.start:]) - len(found)
	}
	return f
}

// quoteWidth is how many characters of a source line are shown at most.
const quoteWidth = 100

// quote returns the part of the source line round the fault, and the blank and
// the carets that go below it.
func (f *fault) quote() (text, below string) {
	before := []rune(source.Printable(f.text[:f.start]))
	at := []rune(source.Printable(f.text[f.start : f.start+f.length]))
	after := []rune(source.Printable(f.text[f.start+f.length:]))
	if len(before)+len(at)+len(after) > quoteWidth {
		at = cutAt(at, quoteWidth/2)
		room := quoteWidth - len(at)
		if most := max(room/2, room-len(after)); len(before) > most {
			before = append([]rune{'…'}, before[len(before)-most:]...)
		}
		after = cutAt(after, max(0, room-len(before)))
	}
	return string(before) + string(at) + string(after), strings.Repeat(" ", len(before)) + strings.Repeat("^", max(1, len(at)))
}

// cutAt shortens text to n characters, with an ellipsis for the rest.
func cutAt(text []rune, n int) []rune {
	if len(text) <= n {
		return text
	}
	return append(text[:n:n], '…')
}

// write writes the fault for people.
func (f *fault) write(b *strings.Builder, color bool) {
	title, ink := "error", red
	if f.doubt {
		title, ink = "warning", yellow
	}
	if f.code != "" {
		title += "[" + string(f.code) + "]"
	}
	fmt.Fprintf(b, "%s %s\n", paint(color, ink, title+":"), source.Printable(f.message))
	place := source.Printable(f.file)
	if f.line > 0 {
		place = fmt.Sprintf("%s:%d:%d", place, f.line, f.column)
	}
	label := ""
	if f.field != "" {
		label = source.Printable(f.field)
	}
	if f.text != "" {
		text, below := f.quote()
		bar := paint(color, blue, "|")
		fmt.Fprintf(b, "  %s %s\n     %s %s\n     %s %s", paint(color, blue, "-->"), place, bar, text, bar, paint(color, red, below))
		if label != "" {
			b.WriteString(" " + label)
		}
		b.WriteString("\n")
	} else if place != "" {
		if label != "" && f.value != "" {
			label += " " + source.Printable(strconv.Quote(cut(f.value)))
		}
		if label != "" {
			label = "  (" + label + ")"
		}
		fmt.Fprintf(b, "  %s %s%s\n", paint(color, blue, "-->"), place, label)
	}
	for _, note := range f.notes {
		fmt.Fprintf(b, "     %s %s\n", paint(color, blue, "="), source.Printable(note))
	}
	if f.rule != "" {
		fmt.Fprintf(b, "  rule: %s\n", f.rule)
	}
	if f.hint != "" {
		fmt.Fprintf(b, "  hint: %s\n", f.hint)
	}
}

// cut shortens a value that a file may have made endless.
func cut(s string) string {
	if n := bytesOf(s, quoteWidth/2); n < len(s) {
		return s[:n] + "…"
	}
	return s
}

// fields are the fault for a JSON line.
func (f *fault) fields() map[string]any {
	fields := map[string]any{"message": source.Printable(f.message)}
	if f.file != "" {
		fields["file"] = source.Printable(f.file)
	}
	if f.code != "" {
		fields["code"] = f.code
	}
	if f.doubt {
		fields["doubt"] = true
	}
	if f.line > 0 {
		fields["line"], fields["column"] = f.line, f.column
	}
	if f.field != "" {
		fields["field"] = source.Printable(f.field)
	}
	if len(f.notes) > 0 {
		notes := make([]string, len(f.notes))
		for i, note := range f.notes {
			notes[i] = source.Printable(note)
		}
		fields["notes"] = notes
	}
	if f.value != "" {
		fields["value"] = source.Printable(cut(f.value))
	}
	return fields
}

// fault reports a fault that ends the command.
func (p *printer) fault(f fault) {
	if p.json {
		p.line("error", f.fields())
		return
	}
	var b strings.Builder
	f.write(&b, p.colorErr)
	fmt.Fprint(p.stderr, b.String())
}
