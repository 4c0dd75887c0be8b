package report

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"hardship/pipeline/area"
)

// An element is a start tag of a page, with the names of those around it.
type element struct {
	name   string
	attr   map[string]string
	around []string
	text   strings.Builder // within it, children included
}

// elements reads a page as HTML, and fails on one that is not well formed.
func elements(t *testing.T, page string) []*element {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var all, open []*element
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("the page is not well formed: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: token.Name.Local, attr: map[string]string{}}
			for _, a := range token.Attr {
				e.attr[a.Name.Local] = a.Value
			}
			for _, o := range open {
				e.around = append(e.around, o.name)
			}
			all, open = append(all, e), append(open, e)
		case xml.EndElement:
			if open[len(open)-1].name != token.Name.Local {
				t.Fatalf("</%s> closes <%s>", token.Name.Local, open[len(open)-1].name)
			}
			open = open[:len(open)-1]
		case xml.CharData:
			for _, o := range open {
				o.text.Write(token)
			}
		}
	}
	return all
}

// What a page may hold: nothing that runs, loads or sends.
var (
	allowedElements = []string{
		"html", "head", "meta", "title", "style", "body", "a", "header", "h1", "h2", "h3", "p", "main", "section", "nav", "footer", "ul", "li",
		"strong", "code", "span", "div", "figure", "figcaption", "table", "caption", "thead", "tbody", "tr", "th", "td",
		"svg", "desc", "rect", "path", "circle", "line", "text", "tspan", "g", "defs", "pattern",
	}
	allowedLink = regexp.MustCompile(`^(#[A-Za-z0-9_-]+|charts/[A-Za-z0-9._-]+|\.\./(tables/)?[A-Za-z0-9._-]+)$`)
)

func checkPage(t *testing.T, page string) {
	t.Helper()
	ids := map[string]bool{}
	var targets []string
	level := 0
	for _, e := range elements(t, page) {
		if !slices.Contains(allowedElements, e.name) {
			t.Errorf("the page has an element <%s>", e.name)
		}
		for name, value := range e.attr {
			switch {
			case strings.HasPrefix(name, "on"), name == "style", name == "src", name == "srcset", name == "action":
				t.Errorf("<%s> has an attribute %s", e.name, name)
			case name == "href":
				if !allowedLink.MatchString(value) {
					t.Errorf("a link leads to %q", value)
				}
				if target, ok := strings.CutPrefix(value, "#"); ok {
					targets = append(targets, target)
				}
			case name == "id":
				if ids[value] {
					t.Errorf("the id %q is there twice", value)
				}
				ids[value] = true
			case strings.Contains(value, "url(") && !regexp.MustCompile(`^url\(#[A-Za-z0-9_-]+\)$`).MatchString(value):
				t.Errorf("<%s %s=%q>", e.name, name, value)
			}
		}
		switch e.name {
		case "h1", "h2", "h3":
			next := int(e.name[1] - '0')
			if next > level+1 {
				t.Errorf("heading %q of level %d follows one of level %d", e.text.String(), next, level)
			}
			level = next
			if strings.TrimSpace(e.text.String()) == "" {
				t.Errorf("an <%s> is empty", e.name)
			}
		case "th":
			if e.attr["scope"] == "" {
				t.Errorf("table header %q has no scope", e.text.String())
			}
		case "table":
			if !regexp.MustCompile(`\S`).MatchString(e.text.String()) {
				t.Error("a table is empty")
			}
		}
	}
	for _, target := range targets {
		if !ids[target] {
			t.Errorf("a link leads to #%s, which is not there", target)
		}
	}
	if tables, captions := strings.Count(page, "<table"), strings.Count(page, "<caption"); tables != captions || tables == 0 {
		t.Errorf("%d tables and %d captions", tables, captions)
	}
}

func TestPage(t *testing.T) {
	checkPage(t, shippedFiles()["report/report.html"])
	checkPage(t, texts(t, genericInput())["report/report.html"])
}

func TestPageAllowsItsOwnStyleAndNothingElse(t *testing.T) {
	page := shippedFiles()["report/report.html"]
	_, rest, _ := strings.Cut(page, "<style>")
	style, _, ok := strings.Cut(rest, "</style>")
	if !ok || strings.Count(page, "<style") != 1 {
		t.Fatal("want one style element")
	}
	sum := sha256.Sum256([]byte(style))
	want := `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-` + base64.StdEncoding.EncodeToString(sum[:]) + `'; base-uri 'none'; form-action 'none'">`
	if !strings.Contains(page, want) {
		t.Errorf("no %s", want)
	}
	if strings.Contains(style, "url(") || strings.Contains(style, "@import") || strings.Contains(style, "</") {
		t.Error("the style sheet loads something")
	}
	for _, part := range []string{"@media print", "size: A4", `lang="en"`, `class="skip"`, `name="viewport"`} {
		if !strings.Contains(page, part) {
			t.Errorf("no %s", part)
		}
	}
}

// hostile would be markup, a link, a row or another direction if it were taken
// for more than text.
const hostile = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\u2066\u0000\u001b[31m\u0085\u200b]]>--></style></title>" +
	"`*_[x](javascript:alert(1))|&lt;&#60;\\ https://evil.example/ www.evil.example @user #1 {{.}} $x$ ~~\r\n# h\xff\n- l"

func hostileAfter(s string) string { return s + hostile }

// hostileBefore begins as a formula does.
func hostileBefore(s string) string { return "=" + hostile + s }

// hostileInput is the shipped run with hostile text in every string that may
// hold any.
func hostileInput(text func(string) string) Input {
	in := shippedInput(text)
	in.Warnings = append(in.Warnings, Warning{text("x"), text("a"), ""}, Warning{text("b"), text("b"), text("c")})
	return in
}

// texts are the files of an input but for the images.
func texts(t *testing.T, in Input) map[string]string {
	t.Helper()
	r := read(in)
	doc := r.document()
	if err := draw(doc); err != nil {
		t.Fatal(err)
	}
	page, err := writeHTML(doc)
	if err != nil {
		t.Fatal(err)
	}
	results, err := r.results(doc)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{
		"report/report.html": string(page), "report/report.md": string(writeMarkdown(doc)), "results.json": string(results), "README.md": string(r.readme()),
	}
	for _, f := range doc.figures() {
		out[f.path()+".csv"] = string(f.csv())
	}
	return out
}

func TestHostileTextStaysText(t *testing.T) {
	files := texts(t, hostileInput(hostileAfter))
	page := files["report/report.html"]
	checkPage(t, page)
	checkPage(t, texts(t, hostileInput(hostileBefore))["report/report.html"])
	// The page of the same run with plain text has the same elements; only the
	// charts break their lines elsewhere.
	outline := func(page string) (names []string) {
		for _, e := range elements(t, page) {
			if e.name != "svg" && !slices.Contains(e.around, "svg") {
				names = append(names, e.name)
			}
		}
		return names
	}
	if a, b := outline(page), outline(texts(t, hostileInput(plainText))["report/report.html"]); !slices.Equal(a, b) {
		t.Errorf("hostile text changes the elements of the page: %d, and %d with plain text", len(a), len(b))
	}
	for path, content := range files {
		for _, r := range content {
			if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
				t.Errorf("%s holds the character %U", path, r)
				break
			}
		}
	}
	if got := strings.Count(page, "alert(1)"); got < 40 {
		t.Errorf("the hostile text is printed %d times only: it does not reach the page", got)
	}
}

// In Markdown nothing of the text may open a tag, a link, an image, a code span,
// a heading or a row.
func TestHostileTextIsNoMarkdown(t *testing.T) {
	files := texts(t, hostileInput(hostileAfter))
	rows := func(s string) (n int) {
		for line := range strings.Lines(s) {
			n += b2i(strings.HasPrefix(line, "|"))
		}
		return n
	}
	for _, path := range []string{"report/report.md", "README.md"} {
		// What stands between backticks is printed as it is.
		text := regexp.MustCompile("`[^`\n]*`").ReplaceAllString(strings.ReplaceAll(files[path], "\\`", ""), "")
		for _, link := range regexp.MustCompile(`[^\\]\]\(([^)]*)\)`).FindAllStringSubmatch(text, -1) {
			if !regexp.MustCompile(`^(charts/|\.\./|tables/|report/|results\.json)[A-Za-z0-9._/-]*$`).MatchString(link[1]) {
				t.Errorf("%s links to %q", path, link[1])
			}
		}
		for _, part := range []string{"<", `[^\\]://`, `www\.`, `[^\\]@`, `[^\\]~`, `[^\\]\$`} {
			if found := regexp.MustCompile(part + ".*").FindString(text); found != "" {
				t.Errorf("%s: %s matches %.60q", path, part, found)
			}
		}
	}
	plain := writeMarkdown(read(hostileInput(plainText)).document())
	if a, b := rows(files["report/report.md"]), rows(string(plain)); a != b {
		t.Errorf("hostile text changes the number of rows in tables from %d to %d", b, a)
	}
}

func TestHostileTextIsNoFormula(t *testing.T) {
	for path, content := range texts(t, hostileInput(hostileBefore)) {
		if !strings.HasSuffix(path, ".csv") {
			continue
		}
		for line := range strings.Lines(content) {
			if strings.ContainsAny(line[:1], "=+@") || strings.Contains(line, ",=") || strings.Contains(line, ",\"=") {
				t.Errorf("%s: a cell begins as a formula: %.80s", path, line)
			}
		}
	}
}

// Codes of areas make names of files and ids.
func TestHostileAreaCodes(t *testing.T) {
	var areas []area.Area
	for _, id := range []area.ID{"../../etc", "x/y", "X,Y", "x;y", "<svg/onload=x>", "UA\u202e80", "-", "."} {
		areas = append(areas, area.Area{ID: id, Level: 1, Location: kyiv()})
	}
	r := newRun(areas, plainText)
	for _, a := range areas {
		for d := first; d < first+40; d++ {
			r.areaDay(a.ID, d, map[string]float64{"tmin_c": -5})
		}
	}
	in := r.input()
	in.End, in.FocusEnd = first+40, first+40
	for _, a := range areas {
		in.Focus = append(in.Focus, a.ID)
	}
	files := texts(t, in)
	checkPage(t, files["report/report.html"])
	lower := map[string]bool{}
	for path := range files {
		if !regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*$`).MatchString(path) || strings.Contains(path, "..") {
			t.Errorf("a file is called %q", path)
		}
		if lower[strings.ToLower(path)] {
			t.Errorf("two files are called %q but for letter case", path)
		}
		lower[strings.ToLower(path)] = true
	}
	timelines := 0
	for path := range files {
		timelines += b2i(strings.HasPrefix(path, "report/charts/timeline_"))
	}
	if timelines != len(areas) {
		t.Errorf("%d timelines for %d areas", timelines, len(areas))
	}
}

// contrast is that of WCAG 2.1.
func contrast(a, b uint32) float64 {
	luminance := func(c uint32) float64 {
		var l float64
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			v := float64(c>>(16-8*i)&0xff) / 255
			if v <= 0.03928 {
				v /= 12.92
			} else {
				v = pow((v+0.055)/1.055, 2.4)
			}
			l += weight * v
		}
		return l
	}
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func TestTextIsDarkEnough(t *testing.T) {
	for name, pair := range map[string][2]uint32{
		"text": {0x1b2733, 0xffffff}, "soft text": {0x4d5b69, 0xffffff}, "links": {0x1d5a8c, 0xffffff},
		"text of the notice": {0x1b2733, 0xfff8eb}, "labels of the notice": {0x7c3a06, 0xfff8eb},
	} {
		if got := contrast(pair[0], pair[1]); got < 4.5 {
			t.Errorf("%s: contrast %.2f", name, got)
		}
	}
	for _, colour := range []string{"#1b2733", "#4d5b69", "#1d5a8c", "#fff8eb", "#7c3a06"} {
		if !strings.Contains(pageStyle, colour) {
			t.Errorf("the style sheet no longer has %s: check the contrast of what took its place", colour)
		}
	}
}
