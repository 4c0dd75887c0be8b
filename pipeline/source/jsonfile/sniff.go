package jsonfile

import (
	"bytes"
	"encoding/json"
)

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
