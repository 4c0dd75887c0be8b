package chart

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

func mustSVG(t *testing.T, s *Scene) string {
	t.Helper()
	var b bytes.Buffer
	if err := SVG(&b, s); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// hostile tries to leave text and attributes, to hide, and to reorder.
const hostile = "</text></title><script>alert(1)</script>\" onload=\"x()' &amp; ]]> <!-- \x00\x07\x1b[31m \u202egnirts\u202c \u2066x\u2069 \u200b\ufeff \ufffe \xff\xfe \u2028 end"

// allowed lists the elements and attributes of our SVGs: nothing that runs, loads
// or styles.
var allowed = map[string]string{
	"svg":     "xmlns viewBox width role aria-labelledby aria-describedby font-family stroke-linejoin",
	"title":   "id",
	"desc":    "id",
	"defs":    "",
	"pattern": "id width height patternUnits",
	"rect":    "x y width height rx fill fill-opacity stroke stroke-width stroke-opacity stroke-dasharray",
	"circle":  "cx cy r fill fill-opacity stroke stroke-width stroke-opacity",
	"path":    "d fill fill-opacity stroke stroke-width stroke-opacity stroke-dasharray",
	"text":    "x y font-size font-weight text-anchor textLength lengthAdjust fill",
}

// checkSVG parses an SVG strictly and fails on anything that is not listed.
func checkSVG(t *testing.T, svg, id string) (texts []string) {
	t.Helper()
	ids := map[string]bool{}
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return texts
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			attributes, ok := allowed[token.Name.Local]
			if !ok {
				t.Errorf("element %s", token.Name.Local)
			}
			for _, a := range token.Attr {
				if !strings.Contains(" "+attributes+" ", " "+a.Name.Local+" ") {
					t.Errorf("attribute %s of %s", a.Name.Local, token.Name.Local)
				}
				if a.Name.Local == "id" {
					if ids[a.Value] || !strings.HasPrefix(a.Value, id+"-") {
						t.Errorf("id %q is not unique or has not the prefix %q", a.Value, id)
					}
					ids[a.Value] = true
				}
				if strings.Contains(a.Value, "url(") && a.Value != "url(#"+id+"-hatch)" {
					t.Errorf("%s of %s is %q", a.Name.Local, token.Name.Local, a.Value)
				}
				if strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") {
					t.Errorf("%s of %s is %q", a.Name.Local, token.Name.Local, a.Value)
				}
			}
		case xml.CharData:
			text := string(token)
			if strings.TrimSpace(text) != "" {
				texts = append(texts, text)
			}
		case xml.Comment, xml.Directive, xml.ProcInst:
			t.Errorf("unexpected %T", token)
		}
	}
}

func TestExamplesAreCleanSVG(t *testing.T) {
	for name, s := range examples(720, Ukrainian) {
		t.Run(name, func(t *testing.T) { checkSVG(t, mustSVG(t, s), s.ID) })
	}
}

// poison sets every string of a chart to hostile, but for its ID.
func poison(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(hostile)
	case reflect.Pointer:
		if !v.IsNil() {
			poison(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() && v.Type().Field(i).Name != "ID" {
				poison(f)
			}
		}
	}
}

func TestHostileTextStaysText(t *testing.T) {
	f := Frame{Width: 720}
	timeline, coverage, tiles := exampleTimeline(f, 62), exampleCoverage(f, 4, 12), exampleTiles(f)
	estimates, correlogram := exampleEstimates(f, true), exampleCorrelogram(f, 15)
	for _, chart := range []interface{ Scene() *Scene }{&timeline, &coverage, &tiles, &estimates, &correlogram} {
		t.Run(reflect.TypeOf(chart).Elem().Name(), func(t *testing.T) {
			poison(reflect.ValueOf(chart))
			s := chart.Scene()
			checkLayout(t, s)
			texts := checkSVG(t, mustSVG(t, s), s.ID)
			if !strings.Contains(strings.Join(texts, " "), "<script>alert(1)</script>") {
				t.Error("the hostile text is not there as text")
			}
			for _, text := range texts {
				for _, r := range strings.Trim(text, "\n") {
					if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.In(r, unicode.Zl, unicode.Zp) {
						t.Errorf("%U in %q", r, text)
					}
				}
			}
			var png bytes.Buffer
			if err := PNG(&png, s, 1); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestClean(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"plain text stays", "Kyiv, −10 °C — Їжак", "Kyiv, −10 °C — Їжак"},
		{"thin spaces stay", "18\u2009314", "18\u2009314"},
		{"line breaks, tabs and runs of spaces are one space", " a\r\n\tb  c\u2028d ", "a b c d"},
		{"controls go", "a\x00\x1b\u009fb", "ab"},
		{"direction and zero width go", "\u202ea\u2066b\u200fc\u200bd\ufeff", "abcd"},
		{"tags and fillers go", "a\U000e0041\u3164b", "ab"},
		{"private and unassigned go", "a\ue000\U0010ffffb", "ab"},
		{"bad UTF-8 is marked", "a\xffb", "a\ufffdb"},
		{"combining marks stay", "e\u0301", "e\u0301"},
		{"nothing visible is nothing", "\u200b \n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := clean(tt.in); got != tt.want {
				t.Errorf("clean(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func FuzzTextIsWellFormedXML(f *testing.F) {
	f.Add(hostile)
	f.Add("\xed\xa0\x80 \ufffe \U0001fffe")
	f.Fuzz(func(t *testing.T, text string) {
		s := &Scene{Width: 100, Height: 100, ID: "f", Title: text, Desc: text}
		s.Text(Text{Body: text, Size: 12, Color: ink})
		s.Rect(0, 0, 1, 1, 0, Style{Fill: ink})
		s.Tip(text)
		checkSVG(t, mustSVG(t, s), "f")
		for _, line := range wrap(text, 12, false, 50) {
			if n := len([]rune(line)); n > 1 && textWidth(line, 12, false) > 50 {
				t.Errorf("line %q is %v wide", line, textWidth(line, 12, false))
			}
		}
		if short := shorten(text, 12, false, 50); textWidth(short, 12, false) > 50 {
			t.Errorf("%q is %v wide", short, textWidth(short, 12, false))
		}
	})
}

func TestSVGNamesItself(t *testing.T) {
	s := &Scene{Width: 300.5, Height: 200, ID: "k-1", Title: "A & B", Desc: "what it shows"}
	s.Text(Text{X: 1, Y: 20, Body: "x < y", Size: 12, Color: ink})
	s.Rect(1.005, 2, 3, -4, 0, Style{Fill: faded(ink, 0.5)})
	s.Tip("five > four")
	got := mustSVG(t, s)
	for _, want := range []string{
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300.5 200" width="100%" role="img" aria-labelledby="k-1-title" aria-describedby="k-1-desc"`,
		`<title id="k-1-title">A &amp; B</title>`,
		`<desc id="k-1-desc">what it shows</desc>`,
		`>x &lt; y</text>`,
		`y="-2" width="3" height="4" fill="#1c2733" fill-opacity="0.5"><title>five &gt; four</title></rect>`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

func TestEveryDayHasATooltip(t *testing.T) {
	svg := mustSVG(t, exampleTimeline(Frame{Width: 1100}, 62).Scene())
	for _, want := range []string{
		"<title>1 Jan 2026: daily mean ",
		"<title>21 Jan 2026: drones launched unknown; missiles unknown;",
		"<title>6 Jan 2026: drones launched 0; missiles 0;",
		"<title>22 Jan 2026: no outage record;",
		"<title>5 Feb 2026: at least 0.0\u2009h, at most 0.0\u2009h;",
		"<title>3 Mar 2026: daily mean ",
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %q", want)
		}
	}
}

func TestSVGRefuses(t *testing.T) {
	bad := func(change func(*Scene)) *Scene {
		s := &Scene{Width: 10, Height: 10, ID: "ok"}
		change(s)
		return s
	}
	for name, s := range map[string]*Scene{
		"no id":             bad(func(s *Scene) { s.ID = "" }),
		"an id of a digit":  bad(func(s *Scene) { s.ID = "1a" }),
		"a quote in an id":  bad(func(s *Scene) { s.ID = `a"b` }),
		"no width":          bad(func(s *Scene) { s.Width = 0 }),
		"a height of NaN":   bad(func(s *Scene) { s.Height = nan }),
		"a point of NaN":    bad(func(s *Scene) { s.Line(0, nan, 1, 1, Style{}) }),
		"an endless hatch":  bad(func(s *Scene) { s.Hatch(0, 0, math.Inf(1), 1) }),
		"an enormous hatch": bad(func(s *Scene) { s.Hatch(0, 0, 1e300, 1) }),
	} {
		t.Run(name, func(t *testing.T) {
			if err := SVG(io.Discard, s); err == nil {
				t.Error("drawn without an error")
			}
		})
	}
	if err := SVG(io.Discard, bad(func(s *Scene) { s.ID = "<" })); !errors.Is(err, errID) {
		t.Errorf("got %v, want errID", err)
	}
}

// failing fails after n bytes.
type failing struct{ n int }

var errFull = errors.New("disk full")

func (w *failing) Write(p []byte) (int, error) {
	if w.n -= len(p); w.n < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestAFailedWriteIsReported(t *testing.T) {
	s := exampleTiles(Frame{Width: 360}).Scene()
	for _, n := range []int{0, 1, 5000} {
		if err := SVG(&failing{n}, s); !errors.Is(err, errFull) {
			t.Errorf("SVG after %d bytes: %v", n, err)
		}
		if err := PNG(&failing{n}, s, 1); !errors.Is(err, errFull) {
			t.Errorf("PNG after %d bytes: %v", n, err)
		}
	}
}

func TestLengthsHaveTwoDecimalsAtMost(t *testing.T) {
	svg := mustSVG(t, exampleTimeline(Frame{Width: 1100}, 62).Scene())
	if found := regexp.MustCompile(`[0-9]\.[0-9]{3}|[ "]-0[ "]|"-?[0-9.]+e`).FindString(svg); found != "" {
		t.Errorf("%s in SVG", found)
	}
	for v, want := range map[float64]string{1: "1", -0.001: "0", 2.5: "2.5", 1.0 / 3: "0.33", -7.125: "-7.13", 1e5: "100000"} {
		if got := length(v); got != want {
			t.Errorf("length(%v) = %q, want %q", v, got, want)
		}
	}
}
