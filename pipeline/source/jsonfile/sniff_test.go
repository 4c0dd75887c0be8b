package jsonfile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestKeys(t *testing.T) {
	for _, tt := range []struct {
		name, head string
		path, want []string
	}{
		{"of the document", `{"a": [{"x": 1}], "b": {"y": 2}, "c": null}`, nil, []string{"a", "b", "c"}},
		{"past a number too large for a float64", `{"a": 1e999, "b": 1}`, nil, []string{"a", "b"}},
		{"after a byte order mark", "\ufeff{\"a\": 1}", nil, []string{"a"}},
		{"of the first line", "{\"a\": 1}\n{\"b\": 1}\n", nil, []string{"a"}},
		{"of the first item", `[{"a": 1}, {"b": 1}]`, nil, []string{"a"}},
		{"of an object within", `{"z": {"k": 0}, "a": {"k": {"m": 1, "n": 2}, "l": 3}, "b": 4}`, []string{"a", "k"}, []string{"m", "n"}},
		{"a head that stops within a value", `{"a": 1, "b": {"c": [1, 2`, nil, []string{"a", "b"}},
		{"a head that stops within a key", `{"a": 1, "b`, nil, []string{"a"}},
		{"a head that stops within the object wanted", `{"a": {"k": 1, "l`, []string{"a"}, []string{"k"}},
		{"what is not there", `{"a": 1}`, []string{"b"}, nil},
		{"what is no object", `{"a": [1]}`, []string{"a"}, nil},
		{"an empty object", `{}`, nil, nil},
		{"a list of numbers", `[1, 2]`, nil, nil},
		{"a list of lists", `[[{"a": 1}]]`, nil, nil},
		{"text", `"a"`, nil, nil},
		{"no JSON", `a,b`, nil, nil},
		{"nothing", ``, nil, nil},
	} {
		if got := Keys([]byte(tt.head), tt.path...); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestSniff(t *testing.T) {
	many := "{"
	for i := range 25 {
		many += fmt.Sprintf("%q: 1, ", "k"+strconv.Itoa(i))
	}
	for _, tt := range []struct {
		name, head, why string
		ok              bool
	}{
		{"the keys in any order among others", `{"x": [], "b": 1, "a": 2}`, "its first object has the keys a, b", true},
		{"a head that stops behind them", `[{"b": 1, "a": {"c`, "its first object has the keys a, b", true},
		{"one missing", `{"a": 1, "c\u001b": 2}`, `its first object has no key b; it has a, c\x1b`, false},
		{"a key too long to show", `{"` + strings.Repeat("k", 101) + `": 2}`, `its first object has no key a; it has a long one`, false},
		{"keys too many to show", many, "its first object has no key a; it has k0, k1, k2, k3, k4, k5, k6, k7, k8, k9, k10, k11, k12, k13, k14, k15, k16, k17, k18, k19 and 5 more", false},
		{"no object", `[1]`, "it does not begin with a JSON object that has a key", false},
	} {
		if why, ok := Sniff([]byte(tt.head), "a", "b"); why != tt.why || ok != tt.ok {
			t.Errorf("%s: %q, %v; want %q, %v", tt.name, why, ok, tt.why, tt.ok)
		}
	}
}

func FuzzKeys(f *testing.F) {
	f.Add([]byte(`{"a":{"b":{"c":1,"d":[{}]}}}`), "a", "b")
	f.Add([]byte(`[{"a":{"b":`), "a", "b")
	f.Fuzz(func(t *testing.T, head []byte, a, b string) {
		Keys(head)
		Keys(head, a, b)
	})
}
