package golden

import (
	"errors"
	"io"
	"iter"
	"strings"
	"testing"

	"hardship/pipeline/source"
)

// A recorder takes the failures of a check instead of the test.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Helper()               {}
func (r *recorder) Errorf(string, ...any) { r.failed = true }
func (r *recorder) Fatalf(string, ...any) { r.failed = true; panic(r) }
func (r *recorder) Fatal(...any)          { r.failed = true; panic(r) }

// fails reports whether check fails its test.
func fails(check func(testing.TB)) bool {
	r := &recorder{}
	func() {
		defer func() {
			if p := recover(); p != nil && p != any(r) {
				panic(p)
			}
		}()
		check(r)
	}()
	return r.failed
}

func TestCheck(t *testing.T) {
	defer func(old bool) { *update = old }(*update)
	*update = false // the file is the measure here, also under -update
	for _, tt := range []struct {
		name, path, got string
		fails           bool
	}{
		{"the same bytes pass", "testdata/two.golden", "one\ntwo\n", false},
		{"other bytes fail", "testdata/two.golden", "one\nthree\n", true},
		{"a missing last newline fails", "testdata/two.golden", "one\ntwo", true},
		{"a missing file fails", "testdata/none.golden", "", true},
	} {
		if got := fails(func(t testing.TB) { Check(t, tt.path, []byte(tt.got)) }); got != tt.fails {
			t.Errorf("%s: failed = %v", tt.name, got)
		}
	}
}

func TestLinesHoldsAnAdapterToItsContract(t *testing.T) {
	type step struct {
		record string
		err    error
	}
	at := source.Origin{File: "f", Line: 2, Column: 1}
	bad := &source.ParseError{Origin: at, Code: source.Malformed, Err: source.ErrFieldCount}
	file := &source.FileError{File: "f", Code: source.Unreadable, Err: io.ErrUnexpectedEOF}
	for _, tt := range []struct {
		name  string
		steps []step
		fails bool
	}{
		{"records and bad rows, then a file error", []step{{"a", nil}, {"", bad}, {"b", nil}, {"", file}}, false},
		{"a record with an error", []step{{"a", bad}}, true},
		{"io.EOF", []step{{"", io.EOF}}, true},
		{"more after a file error", []step{{"", file}, {"a", nil}}, true},
		{"an error of another type", []step{{"", errors.New("bad")}}, true},
		{"a bad row without a code", []step{{"", &source.ParseError{Origin: at, Err: io.EOF}}}, true},
		{"a bad row without a line", []step{{"", &source.ParseError{Code: source.Malformed, Err: io.EOF}}}, true},
		{"a file error without a cause", []step{{"", &source.FileError{File: "f", Code: source.Damaged}}}, true},
	} {
		records := iter.Seq2[string, error](func(yield func(string, error) bool) {
			for _, s := range tt.steps {
				if !yield(s.record, s.err) {
					return
				}
			}
		})
		var got string
		failed := fails(func(t testing.TB) { got = string(Lines(t, records, strings.ToUpper)) })
		if failed != tt.fails {
			t.Errorf("%s: failed = %v", tt.name, failed)
		}
		want := "A\nerror: f:2:1: wrong number of fields [H0201]\nB\nerror: f: unexpected EOF [H0101]\n"
		if !tt.fails && got != want {
			t.Errorf("%s: %q, want %q", tt.name, got, want)
		}
	}
}

func TestCasesAndSilent(t *testing.T) {
	if !fails(func(t testing.TB) {
		for range Cases(t, "testdata/*.none") {
		}
	}) {
		t.Error("no case passes")
	}
	read := func(io.Reader, string) iter.Seq2[string, error] {
		return func(yield func(string, error) bool) { yield("a secret place", nil) }
	}
	for word, want := range map[string]bool{"secret": true, "other": false} {
		if got := fails(func(t testing.TB) { Silent(t, "testdata/*.golden", read, word) }); got != want {
			t.Errorf("%s: failed = %v", word, got)
		}
	}
}
