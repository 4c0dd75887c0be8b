package jsonfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"hardship/pipeline/source"
)

// Sniff reports whether the head of a file begins with an object, or a list of
// objects, that has all these keys, and says which or what is missing. It is
// for telling formats apart: see Keys.
func Sniff(head []byte, keys ...string) (why string, ok bool) {
	found := Keys(head)
	if found == nil {
		return "it does not begin with a JSON object that has a key", false
	}
	for _, key := range keys {
		if !slices.Contains(found, key) {
			return fmt.Sprintf("its first object has no key %s; it has %s", key, listed(found)), false
		}
	}
	return "its first object has the keys " + listed(keys), true
}

// listed joins keys for a reason, the first twenty of them.
func listed(keys []string) string {
	const most, longest = 20, 100
	var parts []string
	for _, key := range keys[:min(most, len(keys))] {
		if len(key) > longest {
			key = "a long one"
		}
		parts = append(parts, source.Printable(key))
	}
	s := strings.Join(parts, ", ")
	if len(keys) > most {
		s += fmt.Sprintf(" and %d more", len(keys)-most)
	}
	return s
}

// Keys returns the keys of the first object in the head of a file, in the
// order written: of the document itself, of the first line of JSON lines, or of
// the first item of a list. With a path, they are those of the object to which
// the path's keys lead from there.
//
// It is for telling formats apart. A head that stops in the middle gives the
// keys up to there, the last one perhaps without its value; one that holds no
// such object gives none.
func Keys(head []byte, path ...string) []string {
	d := json.NewDecoder(bytes.NewReader(trimMark(head)))
	d.UseNumber() // which may be larger than a float64
	token, err := d.Token()
	if token == json.Delim('[') && err == nil {
		token, err = d.Token()
	}
	if token != json.Delim('{') || err != nil {
		return nil
	}
	var keys []string
	for d.More() {
		token, err := d.Token()
		key, isKey := token.(string)
		if err != nil || !isKey {
			break
		}
		if len(path) > 0 && key == path[0] {
			if token, err := d.Token(); token != json.Delim('{') || err != nil {
				return nil
			}
			path, keys = path[1:], nil
			continue
		}
		if len(path) == 0 {
			keys = append(keys, key)
		}
		if !skip(d) {
			break
		}
	}
	if len(path) > 0 {
		return nil
	}
	return keys
}

// skip passes over the value that comes next and reports whether all of it was
// there.
func skip(d *json.Decoder) bool {
	for depth := 0; ; {
		token, err := d.Token()
		switch {
		case err != nil:
			return false
		case token == json.Delim('{') || token == json.Delim('['):
			depth++
		case token == json.Delim('}') || token == json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return true
		}
	}
}
