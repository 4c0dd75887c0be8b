package table

import (
	"bytes"
	"strings"
	"testing"
)

func TestReadCSVReadsWhatWriteCSVWrites(t *testing.T) {
	b := NewBuilder(Calibration)
	for i, met := range []bool{true, false} {
		b.Row()
		for _, name := range []string{"method_id", "question", "scene", "true_effect"} {
			b.String(name, name)
		}
		b.String("scene_description", "with a comma, a \"quote\" and\na line")
		b.Int32("record_d", int32(i))
		b.Int32("areas_n", 1)
		b.Bool("is_default", met)
		b.Bool("is_naive", false)
		b.Int32("panels", 2000)
		b.Float64("not_evaluable_share", .1+.2)
		Optional(b.Bool, "aim_met", met, i == 0)
	}
	var first, second bytes.Buffer
	if err := WriteCSV(&first, b.Table()); err != nil {
		t.Fatal(err)
	}
	read, err := ReadCSV(bytes.NewReader(first.Bytes()), Calibration)
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteCSV(&second, read); err != nil {
		t.Fatal(err)
	}
	if first.String() != second.String() || read.Rows() != 2 || !read.Bool("aim_met").IsNull(1) {
		t.Errorf("%s\nwas read as\n%s", first.String(), second.String())
	}
}

func TestReadCSVSaysWhatItCannotRead(t *testing.T) {
	header, _, _ := strings.Cut(func() string {
		var b bytes.Buffer
		_ = WriteCSV(&b, NewBuilder(Calibration).Table())
		return b.String()
	}(), "\n")
	row := "m,q,s,d,90,1,true,false,2000,0,,,e,,,,"
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "header: EOF"},
		{"another header", "method_id,question\n", `the header is ["method_id" "question"]`},
		{"a text for a number", header + "\n" + strings.Replace(row, "90", "ninety", 1) + "\n", `line 2: record_d "ninety"`},
		{"nothing where something must be", header + "\n" + strings.Replace(row, "90", "", 1) + "\n", `line 2: record_d ""`},
		{"too few fields", header + "\nm,q\n", "wrong number of fields"},
	} {
		if _, err := ReadCSV(strings.NewReader(tt.text), Calibration); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %s", tt.name, err, tt.want)
		}
	}
}
