// Package ioda reads signals of how many networks of a region answer, as the
// JSON interface of IODA (Internet Outage Detection and Analysis) gives them:
//
//	{"data": [[{"entityType", "entityCode", "entityName", "datasource", "from", "step", "values": […]}, …]], …}
//
// Values are the level of the signal in the publisher's own unit, one a step
// of seconds from from on; null is a step without an observation.
package ioda

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/jsonfile"
	"hardship/pipeline/unit"
)

// Keys that are read.
const (
	data       = "data"
	code       = "entityCode"
	entityType = "entityType"
	datasource = "datasource"
	from       = "from"
	step       = "step"
	values     = "values"
	failed     = "error"
)

// The longest step that is read, a day.
const longestStep = 24 * 60 * 60

// Read yields the steps of every signal in the order written. A signal whose
// head cannot be understood is one error; so is each value that is neither a
// number nor null. An answer that is an error message of the service is a
// *source.FileError.
func Read(r io.Reader, name string) iter.Seq2[source.Signal, error] {
	return func(yield func(source.Signal, error) bool) {
		root, err := jsonfile.Read(r, name)
		if err == nil {
			err = check(root, name)
		}
		if err != nil {
			yield(source.Signal{}, err)
			return
		}
		for _, group := range root.Get(data).Items {
			entries := []*jsonfile.Value{group} // older answers have no inner list
			if group.Kind == jsonfile.Array {
				entries = group.Items
			}
			for _, entry := range entries {
				if !readSignal(entry, yield) {
					return
				}
			}
		}
	}
}

// check returns an error if a document is no answer with signals.
func check(root *jsonfile.Value, name string) error {
	fail := func(text string) error {
		return &source.FileError{File: name, Code: source.WrongFormat, Err: errors.New(text)}
	}
	if root.Kind != jsonfile.Object {
		return fail("is no object with the key data")
	}
	if e := root.Get(failed); e != nil && e.Kind != jsonfile.Null && e.Text != "" {
		return fail("is an error message of the service, not a signal")
	}
	if list := root.Get(data); list == nil || list.Kind != jsonfile.Array {
		return fail("has no list data")
	}
	return nil
}

// readSignal yields the steps of one signal and reports whether more are
// wanted.
func readSignal(entry *jsonfile.Value, yield func(source.Signal, error) bool) bool {
	s, list, err := headOf(entry)
	if err != nil {
		return yield(source.Signal{}, err)
	}
	for i, v := range list {
		one := s
		one.Start += hour.Instant(i) * s.Step
		one.Origin = v.Origin()
		one.Level, err = level(v)
		if err != nil {
			one = source.Signal{}
		}
		if !yield(one, err) {
			return false
		}
	}
	return true
}

// headOf reads what all steps of a signal share.
func headOf(entry *jsonfile.Value) (s source.Signal, list []*jsonfile.Value, err error) {
	if err := entry.Is(jsonfile.Object); err != nil {
		return s, nil, err
	}
	for _, key := range []struct {
		name string
		to   *string
	}{{datasource, &s.Datasource}, {entityType, &s.PlaceType}, {code, &s.Place}} {
		v, err := entry.Want(key.name, jsonfile.Text)
		if err != nil {
			return s, nil, err
		}
		if v.Text == "" {
			return s, nil, v.Bad(source.MissingValue, source.ErrMissing)
		}
		*key.to = v.Text
		s.PlaceOrigin = v.Origin() // of the last, the place
	}
	start, err := whole(entry, from, 0, 253402300799)
	if err != nil {
		return s, nil, err
	}
	length, err := whole(entry, step, 1, longestStep)
	if err != nil {
		return s, nil, err
	}
	v, err := entry.Want(values, jsonfile.Array)
	if err != nil {
		return s, nil, err
	}
	s.Start, s.Step = hour.Instant(start)*hour.Second, hour.Instant(length)*hour.Second
	return s, v.Items, nil
}

// whole returns a whole number of an object, from least to most.
func whole(entry *jsonfile.Value, key string, least, most int64) (int64, error) {
	v, err := entry.Want(key, jsonfile.Number)
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(v.Text, 10, 64)
	if err != nil || n < least || n > most {
		return 0, v.Bad(source.OutOfRange, fmt.Errorf("not a whole number from %d to %d", least, most))
	}
	return n, nil
}

func level(v *jsonfile.Value) (float64, error) {
	if v.Kind == jsonfile.Null {
		return unit.Missing[float64](), nil
	}
	if err := v.Is(jsonfile.Number); err != nil {
		return 0, err
	}
	n, err := strconv.ParseFloat(v.Text, 64)
	if err != nil || n < 0 || n > 1e15 {
		return 0, v.Bad(source.OutOfRange, errors.New("not a level from 0 to 1e15"))
	}
	return n, nil
}

// Sniff reports whether the head of a file is that of such an answer, and why.
func Sniff(head []byte) (why string, ok bool) {
	if why, ok := jsonfile.Sniff(head, data); !ok {
		return why, false
	}
	for _, key := range []string{datasource, code} {
		if !bytes.Contains(head, []byte(strconv.Quote(key))) { // the objects of data are two lists deep
			return "it has no key " + key, false
		}
	}
	return "its first object has the key " + data + ", with " + datasource + " and " + code + " in it", true
}
