package space

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// A cursor walks text that json.Valid has accepted, so that it need not check
// syntax again. Decoding coordinates into slices instead would take a null for
// 0 and a lone longitude for a point on the equator, and would hold the whole
// file before the first limit is met.
type cursor struct {
	text []byte
	at   int
}

func (c *cursor) blank() {
	for c.at < len(c.text) && (c.text[c.at] == ' ' || c.text[c.at] == '\n' || c.text[c.at] == '\t' || c.text[c.at] == '\r') {
		c.at++
	}
}

// value returns the text of the next value and steps over it.
func (c *cursor) value() []byte {
	c.blank()
	start, depth := c.at, 0
	for c.at < len(c.text) {
		switch c.text[c.at] {
		case '"':
			c.quoted()
			if depth == 0 {
				return c.text[start:c.at]
			}
			continue
		case '[', '{':
			depth++
		case ']', '}':
			if depth == 0 { // a number or a word ended before it
				return c.text[start:c.at]
			}
			if depth--; depth == 0 {
				c.at++
				return c.text[start:c.at]
			}
		case ',', ' ', '\n', '\t', '\r':
			if depth == 0 {
				return c.text[start:c.at]
			}
		}
		c.at++
	}
	return c.text[start:c.at]
}

// quoted steps over a string.
func (c *cursor) quoted() {
	for c.at++; c.text[c.at] != '"'; c.at++ {
		if c.text[c.at] == '\\' {
			c.at++
		}
	}
	c.at++
}

// more steps to the next item of the list or object that ends with closing, and
// reports whether there is one.
func (c *cursor) more(closing byte, first bool) bool {
	c.blank()
	if c.text[c.at] == closing {
		c.at++
		return false
	}
	if !first {
		c.at++ // the comma
		c.blank()
	}
	return true
}

// list calls item at each item of the next value, counted from 1; item steps
// over it. A value that is no list is an error.
func (c *cursor) list(item func(n int) error) error {
	c.blank()
	if c.text[c.at] != '[' {
		return fmt.Errorf("is %s, not a list", kind(c.text[c.at:]))
	}
	c.at++
	for n := 1; c.more(']', n == 1); n++ {
		if err := item(n); err != nil {
			return err
		}
	}
	return nil
}

// number reads a number that float64 can hold.
func (c *cursor) number() (float64, error) {
	text := c.value()
	if kind(text) != "a number" {
		return 0, fmt.Errorf("is %s, not a number", kind(text))
	}
	v, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return 0, errors.New("is a number out of range")
	}
	return v, nil
}

// members calls f for each member of an object, in the order written.
func members(object []byte, f func(key string, value []byte) error) error {
	c := cursor{text: object}
	c.at++
	for first := true; c.more('}', first); first = false {
		key := unquote(c.value())
		c.blank()
		c.at++ // the colon
		if err := f(key, c.value()); err != nil {
			return err
		}
	}
	return nil
}

// member returns the values of keys, nil where the object lacks one. Other
// members are passed over; one of keys given twice is an error, because
// programs differ in which they take.
func member(object []byte, keys ...string) ([][]byte, error) {
	values := make([][]byte, len(keys))
	err := members(object, func(key string, value []byte) error {
		for i, k := range keys {
			if k != key {
				continue
			}
			if values[i] != nil {
				return fmt.Errorf("%q is given twice", key)
			}
			values[i] = value
		}
		return nil
	})
	return values, err
}

func unquote(text []byte) string {
	if bytes.IndexByte(text, '\\') < 0 {
		return string(text[1 : len(text)-1])
	}
	var s string
	if err := json.Unmarshal(text, &s); err != nil {
		panic("space: text that json.Valid accepted does not decode: " + err.Error())
	}
	return s
}

// kind names the type of the value that text begins with; nil is no value.
func kind(text []byte) string {
	if len(text) == 0 {
		return "absent"
	}
	switch text[0] {
	case '"':
		return "text"
	case '{':
		return "an object"
	case '[':
		return "a list"
	case 'n':
		return "null"
	case 't', 'f':
		return "true or false"
	}
	return "a number"
}
