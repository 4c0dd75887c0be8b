package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"hardship/pipeline"
	"hardship/pipeline/source"
)

// jsonVersion is the schema_version of every line that --json writes: a new
// field leaves it, a field that goes or changes its meaning raises it.
const jsonVersion = "1"

// A printer writes the answer to standard output and all else to standard
// error, or all of it as JSON lines to standard output.
type printer struct {
	stdout io.Writer // through out
	stderr io.Writer
	out    *keptError
	json   bool

	results  map[string]any // fields of the result line
	colorOut bool
	colorErr bool
	progress bool      // standard error is a terminal that shows the progress line
	shown    string    // stage and name last shown
	shownAt  time.Time // when
	began    time.Time // when that was first shown
	stage    string    // stage last shown
	stageAt  time.Time // when that was first shown
	clock    func() time.Time
}

// keptError keeps the first error of a writer, so that an answer that could not
// be written is no success.
type keptError struct {
	w       io.Writer
	written bool
	err     error
}

func (k *keptError) Write(p []byte) (int, error) {
	if k.err != nil {
		return 0, k.err
	}
	n, err := k.w.Write(p)
	k.written, k.err = true, err
	return n, err
}

func newPrinter(stdout, stderr io.Writer) *printer {
	out := &keptError{w: stdout}
	return &printer{stdout: out, stderr: stderr, out: out, results: map[string]any{}, clock: time.Now}
}

// setTerminal finds out what the streams are.
func (p *printer) setTerminal(color string, still bool) {
	p.progress = !still && !p.json && isTerminal(p.stderr)
	plain := os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb"
	p.colorOut = color == "always" || color == "auto" && !plain && isTerminal(p.out.w)
	p.colorErr = color == "always" || color == "auto" && !plain && isTerminal(p.stderr)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Colours, by the numbers of the Select Graphic Rendition sequence.
const (
	bold   = "1"
	red    = "1;31"
	yellow = "33"
	blue   = "34"
)

// paint colours text if on says so. The text must be clean.
func paint(on bool, color, text string) string {
	if !on || text == "" {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

// clean makes text of data safe for a terminal.
func clean(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = source.Printable(lines[i])
	}
	return strings.Join(lines, "\n")
}

// printf writes to standard output; not with --json.
func (p *printer) printf(format string, args ...any) {
	if !p.json {
		fmt.Fprintf(p.stdout, format, args...)
	}
}

// heading writes the title of a part of the answer.
func (p *printer) heading(text string) {
	if p.out.written {
		p.printf("\n")
	}
	p.printf("%s\n", paint(p.colorOut, bold, text))
}

// line writes one JSON object with its type. fields are not empty.
func (p *printer) line(kind string, fields map[string]any) {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(fields); err != nil {
		panic(fmt.Sprintf("hardship: a line of JSON: %v", err))
	}
	fmt.Fprintf(p.stdout, `{"type":%q,"schema_version":%q,%s`, kind, jsonVersion, b.String()[1:])
}

// result writes the last line of --json and returns the exit code.
func (a *app) result(code int) int {
	if a.json {
		if a.results["exit_code"] = code; a.command != "" {
			a.results["command"] = a.command
		}
		a.line("result", a.results)
		if a.out.err != nil && code == exitOK {
			fmt.Fprintf(a.stderr, "error: write the answer: %v\n", a.out.err)
			return exitFailed
		}
	}
	return code
}

// error reports an error that has no place in a file.
func (p *printer) error(err error) {
	if p.json {
		p.line("error", map[string]any{"message": clean(err.Error())})
		return
	}
	for i, text := range strings.Split(clean(err.Error()), "\n") {
		if i == 0 {
			fmt.Fprintf(p.stderr, "%s %s\n", paint(p.colorErr, red, "error:"), text)
		} else {
			fmt.Fprintf(p.stderr, "  %s\n", text)
		}
	}
}

// progressEvery is the least time between two updates of the progress line.
const progressEvery = 200 * time.Millisecond

// leastPace is how long a step must have taken before its pace is told.
const leastPace = time.Second

// pace is how many rows a second a step makes, and in how many seconds its stage will
// have ended if it goes on so; −1 for what cannot be told yet.
func (p *printer) pace(step pipeline.Progress, now time.Time) (rows, left float64) {
	rows, left = -1, -1
	if took := now.Sub(p.began); step.Rows > 0 && took > leastPace {
		rows = float64(step.Rows) / took.Seconds()
	}
	if took := now.Sub(p.stageAt); step.Done > 0 && took > leastPace {
		left = took.Seconds() * float64(step.All-step.Done) / float64(step.Done)
	}
	return rows, left
}

// notify shows how far a run is.
func (p *printer) notify(step pipeline.Progress) {
	now := p.clock()
	what := step.Stage + " " + step.Name
	if what == p.shown && now.Sub(p.shownAt) < progressEvery {
		return
	}
	if what != p.shown {
		p.began = now
	}
	if step.Stage != p.stage {
		p.stage, p.stageAt = step.Stage, now
	}
	p.shown, p.shownAt = what, now
	rows, left := p.pace(step, now)
	switch {
	case p.json:
		fields := map[string]any{"stage": step.Stage, "name": step.Name, "rows": step.Rows}
		if rows >= 0 {
			fields["rows_per_s"] = int64(rows)
		}
		if left >= 0 {
			fields["eta_s"] = int64(left)
		}
		p.line("progress", fields)
	case p.progress:
		text := fmt.Sprintf("%-8s %s", step.Stage, clean(step.Name))
		if step.Rows > 0 {
			text += "  " + count(step.Rows) + " rows"
		}
		if rows >= 0 {
			text += "  " + count(int64(rows)) + "/s"
		}
		if left >= 0 {
			text += "  " + (time.Duration(left) * time.Second).String() + " left"
		}
		width := 80
		if f, ok := p.stderr.(*os.File); ok {
			if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
				width = w
			}
		}
		if r := []rune(text); len(r) >= width {
			text = string(r[:max(0, width-2)]) + "…"
		}
		fmt.Fprintf(p.stderr, "\r\x1b[K%s", text)
	}
}

// clearProgress takes the progress line away before anything else is written.
func (p *printer) clearProgress() {
	if p.progress && p.shown != "" {
		fmt.Fprint(p.stderr, "\r\x1b[K")
	}
	p.shown = ""
}

// count writes a whole number with its thousands apart.
func count(n int64) string {
	digits := fmt.Sprint(max(n, -n))
	var b strings.Builder
	if n < 0 {
		b.WriteByte('-')
	}
	for i, r := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return b.String()
}
