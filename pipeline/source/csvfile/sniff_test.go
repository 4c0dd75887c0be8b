package csvfile

import (
	"strings"
	"testing"
)

func TestSniff(t *testing.T) {
	for _, tt := range []struct {
		name, head, why string
		ok              bool
	}{
		{"the columns in any order among others", "x,b,a\n1,2,3\n", "its header has the columns a, b", true},
		{"a byte order mark and quotes", "\ufeff\"a\",\"b\"\r\n", "its header has the columns a, b", true},
		{"a header without its end", "a,b", "its header has the columns a, b", true},
		{"a column missing", "a,c\n", "its first line has no column b; it is a, c", false},
		{"other columns", "date,temp\n", "its first line has no column a, b; it is date, temp", false},
		{"control characters are shown", "a\x1b[2J\n", `its first line has no column a, b; it is a\x1b[2J`, false},
		{"nothing", "", "its first line is no CSV header", false},
		{"a NUL", "a,b\x00\n", "its first line is no CSV header", false},
		{"not UTF-8", "a,b\xff\n", "its first line is no CSV header", false},
		{"a quote that stays open", "a,\"b\n", "its first line is no CSV header", false},
		{"prose", strings.Repeat("word ", 100), "its first line is no CSV header", false},
		{"JSON", "{\"a\": 1}", "its first line is no CSV header", false},
	} {
		if why, ok := Sniff([]byte(tt.head), "a", "b"); why != tt.why || ok != tt.ok {
			t.Errorf("%s: %q, %v; want %q, %v", tt.name, why, ok, tt.why, tt.ok)
		}
	}
}

func TestAFileWithoutAHeader(t *testing.T) {
	f := OpenBare(strings.NewReader("\ufeffA,5\nB\nC,x\n"), "f.csv", []string{"place", "customers"})
	var got []string
	for row, err := range f.Rows() {
		if err != nil {
			got = append(got, err.Error())
			continue
		}
		if _, bad := row.Int32("customers"); bad != nil {
			got = append(got, bad.Error())
			continue
		}
		got = append(got, row.Text("place")+"|"+row.Text("customers"))
	}
	want := []string{"A|5", "f.csv:2:1: wrong number of fields [H0201]", `f.csv:3:3: customers "x": not a number [H0202]`}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%q\nwant %q", got, want)
	}
}

func FuzzSniff(f *testing.F) {
	f.Add([]byte("a,b\n"))
	f.Fuzz(func(t *testing.T, head []byte) {
		if why, _ := Sniff(head, "a", "b"); why == "" {
			t.Fatal("no reason")
		}
	})
}
