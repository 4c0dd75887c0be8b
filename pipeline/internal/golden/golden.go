// Package golden compares the output of a test with a committed file.
//
//	go test ./pipeline/source/siren -update
//
// rewrites the files of one package; read the difference before committing it.
package golden

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hardship/pipeline/source"
)

var update = flag.Bool("update", false, "rewrite the golden files of the package")

// Check fails the test if got is not what the file at path holds. With -update
// it writes the file instead.
func Check(t testing.TB, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); d != "" {
		t.Errorf("%s differs (-file +test):\n%s", path, d)
	}
}

// Lines prints what an adapter yields, a line a record or error, and fails the
// test if the adapter breaks the contract of package source: a record or an
// error, never both and never io.EOF, and nothing after an error that is not a
// *source.ParseError.
func Lines[T any](t testing.TB, records iter.Seq2[T, error], line func(T) string) []byte {
	t.Helper()
	var b strings.Builder
	var last error
	for record, err := range records {
		if last != nil {
			t.Fatalf("the adapter goes on after %v", last)
		}
		if err == nil {
			b.WriteString(line(record) + "\n")
			continue
		}
		if !reflect.ValueOf(&record).Elem().IsZero() {
			t.Fatalf("the adapter yields a record with the error %v", err)
		}
		var bad *source.ParseError
		var file *source.FileError
		switch {
		case errors.As(err, &bad):
			if bad.Line < 1 || bad.Column < 0 || bad.Code == "" || bad.Err == nil {
				t.Fatalf("incomplete error %#v", bad)
			}
		case errors.As(err, &file):
			if file.Code == "" || file.Err == nil {
				t.Fatalf("incomplete error %#v", file)
			}
			last = err
		default:
			t.Fatalf("the adapter yields %T: %v", err, err)
		}
		fmt.Fprintf(&b, "error: %v\n", err)
	}
	return []byte(b.String())
}

// Cases yields the files of a pattern and what they hold. It ends the test if there
// are none.
func Cases(t testing.TB, pattern string) iter.Seq2[string, []byte] {
	t.Helper()
	return func(yield func(string, []byte) bool) {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("cases %s: %d files, %v", pattern, len(files), err)
		}
		for _, path := range files {
			in, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !yield(path, in) {
				return
			}
		}
	}
}

// Read checks what an adapter yields of every case, as Lines prints it, against the
// golden file beside it.
func Read[T any](t testing.TB, pattern string, read func(r io.Reader, name string) iter.Seq2[T, error], line func(T) string) {
	t.Helper()
	for path, in := range Cases(t, pattern) {
		Check(t, strings.TrimSuffix(path, filepath.Ext(path))+".golden", Lines(t, read(bytes.NewReader(in), filepath.Base(path)), line))
	}
}

// Silent fails the test if a record or error that an adapter yields of a case holds
// one of the words.
func Silent[T any](t testing.TB, pattern string, read func(r io.Reader, name string) iter.Seq2[T, error], words ...string) {
	t.Helper()
	for path, in := range Cases(t, pattern) {
		for record, err := range read(bytes.NewReader(in), "f") {
			all := fmt.Sprintf("%+v %+v", record, err)
			for _, word := range words {
				if strings.Contains(all, word) {
					t.Errorf("%s: %s", path, all)
				}
			}
		}
	}
}

// AsIfAlone fails the test if an adapter reads rows otherwise than each of them in a
// file of its own, but for their lines, which line has to leave out.
func AsIfAlone[T any](t interface {
	Errorf(string, ...any)
	Fatal(...any)
}, header string, rows []string, read func(io.Reader) iter.Seq2[T, error], line func(T) string) {
	told := func(rows string) (lines []string) {
		for record, err := range read(strings.NewReader(header + rows)) {
			var bad *source.ParseError
			switch {
			case err == nil:
				lines = append(lines, line(record))
			case errors.As(err, &bad):
				bad.Line = 0
				lines = append(lines, bad.Error())
			default:
				t.Fatal(err)
			}
		}
		return lines
	}
	var alone []string
	for _, row := range rows {
		alone = append(alone, told(row)...)
	}
	if d := cmp.Diff(alone, told(strings.Join(rows, ""))); d != "" {
		t.Errorf("%q (-alone +together):\n%s", rows, d)
	}
}
