package jsonfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"hardship/pipeline/source"
)

// The limits that a reader has which brings none.
var (
	maxDepth    = int(source.DefaultLimits.Depth)
	maxLine     = int(source.DefaultLimits.RowBytes)
	maxDocument = int(source.DefaultLimits.DocumentBytes)
	maxValues   = int(source.DefaultLimits.Values)
)

func TestReadRefuses(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for _, tt := range []struct {
		name, text, want string
	}{
		{"a key given twice", `{"a": 1, "b": {"c/d": 2, "c/d": 3}}`, `f:1:26: /b/c~1d "c/d": is there twice [H0211]`},
		{"a document that stops", "{\"a\":\n[1", `f:2:2: is not JSON: ends early [H0201]`},
		{"an empty file", "", `f:1:1: is not JSON: ends early [H0201]`},
		{"a missing colon", `{"a" 1}`, `f:1:6: is not JSON: invalid character '1' after object key [H0201]`},
		{"a missing comma", "[1,\n2,\n 3 4]", `f:3:4: is not JSON: invalid character '4' after array element [H0201]`},
		{"a trailing comma", `[1,]`, `f:1:4: is not JSON: invalid character ']' looking for beginning of value [H0201]`},
		{"a literal with a slip", `{"a":tru}`, `f:1:7: is not JSON: invalid character '}' in literal true (expecting 'e') [H0201]`},
		{"a second document", `{} {}`, `f:1:4: has something after its end [H0201]`},
		{"a comma after the end", `1,`, `f:1:2: has something after its end [H0201]`},
		{"bytes that are not UTF-8", "[\"\xd0\"]", `f:1:3: not valid UTF-8 [H0210]`},
		{"a NUL byte", "[1\x00]", `f:1:3: holds a NUL [H0210]`},
		{"a NUL written as an escape", `["a\u0000"]`, `f:1:2: holds a NUL [H0210]`},
		{"nesting beyond the limit", deep(maxDepth + 1), `f:1:65: is nested deeper than 64 (limits.depth) [H0104]`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v, err := Read(strings.NewReader(tt.text), "f")
			if v != nil || err == nil || err.Error() != tt.want {
				t.Errorf("Read = %v, %v\nwant error %s", v, err, tt.want)
			}
		})
	}
	if _, err := Read(strings.NewReader(deep(maxDepth)), "f"); err != nil {
		t.Errorf("nesting at the limit: %v", err)
	}
}

func TestValuesKnowWhereTheyStand(t *testing.T) {
	v, err := Read(strings.NewReader("\ufeff{\"a\": [true,\n  {\"пт\": -1.50}]}"), "f")
	if err != nil {
		t.Fatal(err)
	}
	n := v.Get("a").Items[1].Get("пт")
	if got := n.Origin(); got != (source.Origin{File: "f", Line: 2, Column: 12}) {
		t.Errorf("Origin = %v", got)
	}
	if n.Path() != "/a/1/пт" || n.Text != "-1.50" {
		t.Errorf("Path = %q, Text = %q", n.Path(), n.Text)
	}
	if got, want := fmt.Sprint(n.Is(Text)), `f:2:12: /a/1/пт "-1.50": is a number, not text [H0207]`; got != want {
		t.Errorf("Is = %s, want %s", got, want)
	}
	if _, err := v.Want("b", Array); fmt.Sprint(err) != `f:1:1: /b "": is not there [H0205]` {
		t.Errorf("Want = %v", err)
	}
}

func TestWrittenCutsALongValueBetweenLetters(t *testing.T) {
	v, err := Read(strings.NewReader(`"`+strings.Repeat("ї", 150)+`"`), "f")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := v.Written(), strings.Repeat("ї", 100)+"…"; got != want {
		t.Errorf("Written = %q", got)
	}
}

func TestLinesGoOnAfterABadOne(t *testing.T) {
	var got []string
	for v, err := range Lines(strings.NewReader("\ufeff1\r\n\n {} \nx\n[2]"), "f") {
		if err != nil {
			got = append(got, err.Error())
			continue
		}
		got = append(got, fmt.Sprint(v.Origin().Line, " ", v.Kind))
	}
	want := []string{"1 a number", "3 an object", "f:4:1: is not JSON: invalid character 'x' looking for beginning of value [H0201]", "5 a list"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Lines = %q\nwant %q", got, want)
	}
}

func TestLimits(t *testing.T) {
	fits := `"` + strings.Repeat("x", maxLine-2) + "\"\r\n"
	for v, err := range Lines(strings.NewReader(fits+fits), "f") {
		if err != nil || len(v.Text) != maxLine-2 {
			t.Fatalf("a line at the limit: %v", err)
		}
	}
	var last error
	for _, err := range Lines(strings.NewReader("1\n"+strings.Repeat("x", maxLine+10)), "f") {
		last = err
	}
	_, whole := Read(bytes.NewReader(make([]byte, maxDocument+1)), "f")
	for _, err := range []error{last, whole} {
		var file *source.FileError
		if !errors.As(err, &file) || file.Code != source.TooLarge {
			t.Errorf("beyond the limit: %v", err)
		}
	}
}

func TestTheNumberOfValuesIsLimited(t *testing.T) {
	_, err := Read(strings.NewReader("["+strings.Repeat("0,", maxValues)+"0]"), "f") // the list is a value too
	if want := fmt.Sprintf("f:1:%d: comes after %d values, which is as many as are read (limits.values) [H0104]", 2*maxValues, maxValues); fmt.Sprint(err) != want {
		t.Errorf("Read = %v, want %s", err, want)
	}
}

// plain is v as encoding/json decodes it.
func plain(v *Value) any {
	switch v.Kind {
	case Bool:
		return v.True
	case Number:
		return json.Number(v.Text)
	case Text:
		return v.Text
	case Array:
		list := []any{}
		for _, item := range v.Items {
			list = append(list, plain(item))
		}
		return list
	case Object:
		object := map[string]any{}
		for _, m := range v.Members {
			object[m.Key] = plain(m.Value)
		}
		return object
	}
	return nil
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5e3,null,true],"б":{"c":"d"}}`, `{"a":1,"a":2}`, "[\n1\n,2]", `[1 2]`, "\"\xff\"", ` `, `{"a":`, `1 2`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := Read(bytes.NewReader(text), "f")
		if err != nil {
			var bad *source.ParseError
			if v != nil || !errors.As(err, &bad) || bad.Line < 1 || bad.Column < 1 {
				t.Fatalf("Read = %v, %v", v, err)
			}
			return
		}
		if !json.Valid(trimMark(text)) {
			t.Fatal("encoding/json refuses what Read takes")
		}
		d := json.NewDecoder(bytes.NewReader(trimMark(text)))
		d.UseNumber()
		var want any
		if err := d.Decode(&want); err != nil {
			t.Fatal(err)
		}
		if got := plain(v); !reflect.DeepEqual(got, want) {
			t.Fatalf("Read = %v, encoding/json %v", got, want)
		}
	})
}
