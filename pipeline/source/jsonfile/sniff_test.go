package jsonfile

import (
	"slices"
	"testing"
)

func TestKeys(t *testing.T) {
	for _, tt := range []struct {
		name, head string
		path, want []string
	}{
		{"of the document", `{"a": [{"x": 1}], "b": {"y": 2}, "c": null}`, nil, []string{"a", "b", "c"}},
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

func FuzzKeys(f *testing.F) {
	f.Add([]byte(`{"a":{"b":{"c":1,"d":[{}]}}}`), "a", "b")
	f.Add([]byte(`[{"a":{"b":`), "a", "b")
	f.Fuzz(func(t *testing.T, head []byte, a, b string) {
		Keys(head)
		Keys(head, a, b)
	})
}
