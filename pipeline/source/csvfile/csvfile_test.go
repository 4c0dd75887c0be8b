package csvfile

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"hardship/pipeline/source"
)

// read returns a line a row ("place|customers@line:column of customers") or
// error.
// The limits that a reader has which brings none.
var maxRow, maxColumns = int(source.DefaultLimits.RowBytes), int(source.DefaultLimits.Columns)

func read(t testing.TB, in io.Reader) []string {
	t.Helper()
	f, err := Open(in, "f.csv", []string{"place", "customers"}, []string{"note"})
	if err != nil {
		return []string{err.Error()}
	}
	var got []string
	byHandle := map[string]Column{}
	for _, name := range []string{"place", "customers", "note"} {
		byHandle[name] = f.Column(name)
	}
	for row, err := range f.Rows() {
		if err != nil {
			got = append(got, err.Error())
			continue
		}
		for name, c := range byHandle {
			if row.Field(c) != row.Text(name) {
				t.Errorf("%s is %q by its column, %q by its name", name, row.Field(c), row.Text(name))
			}
			if line, column := row.Begin(c); line != row.Origin(name).Line || column != row.Origin(name).Column {
				t.Errorf("%s begins at %d:%d by its column, at %v by its name", name, line, column, row.Origin(name))
			}
		}
		at := row.Origin("customers")
		place := row.Text("place")
		if len(place) > 80 {
			place = fmt.Sprintf("%d bytes", len(place))
		}
		got = append(got, fmt.Sprintf("%s|%s@%d:%d", place, row.Text("customers"), at.Line, at.Column))
	}
	return got
}

func TestRows(t *testing.T) {
	long := strings.Repeat("x", maxRow)
	for _, tt := range []struct {
		name, in string
		want     []string
	}{
		{"columns are found by name and others passed over", "id,customers,place\n1,5,A\n", []string{"A|5@2:3"}},
		{"a byte order mark before a quoted header", "\ufeff\"place\",customers\nA,5\n", []string{"A|5@2:3"}},
		{"CRLF, a quoted comma and a last line without its end", "place,customers\r\n\"A, B\",5", []string{"A, B|5@2:8"}},
		{"a quoted line break keeps later lines right", "place,customers\n\"A\nB\",5\nC,6\n", []string{"A\nB|5@3:4", "C|6@4:3"}},
		{"columns are counted in bytes", "place,customers\nКиїв,5\n", []string{"Київ|5@2:10"}},
		{"empty lines are no rows and keep their number", "place,customers\n\nA,5\n\n", []string{"A|5@3:3"}},
		{"a header alone has no rows", "place,customers\n", nil},
		{"a short row and a long one are one error each", "place,customers\nA\nB,1,2\nC,3\n", []string{
			"f.csv:2:1: wrong number of fields [H0201]", "f.csv:3:1: wrong number of fields [H0201]", "C|3@4:3"}},
		{"a bare quote spoils its line only", "place,customers\nA\"B,5\nC,6\n", []string{
			"f.csv:2:2: a quote stands where none may [H0201]", "C|6@3:3"}},
		{"an open quote is an error for each line it takes", "place,customers\n\"A,5\nB,6\nC,7\n", []string{
			"f.csv:2:1: part of a quoted field of line 2 that is not closed properly [H0201]",
			"f.csv:3:1: part of a quoted field of line 2 that is not closed properly [H0201]",
			"f.csv:4:1: part of a quoted field of line 2 that is not closed properly [H0201]"}},
		{"an open quote ends at the next one", "place,customers\n\"A,5\n\"B\",6\nC,7\n", []string{
			"f.csv:2:1: part of a quoted field of line 2 that is not closed properly [H0201]",
			"f.csv:3:1: part of a quoted field of line 2 that is not closed properly [H0201]",
			"C|7@4:3"}},
		{"bytes that are not UTF-8 spoil their row", "place,customers\nA\xff,5\nB,6\n", []string{
			`f.csv:2:1: place "A\xff": not valid UTF-8 [H0210]`, "B|6@3:3"}},
		{"so they do in a column passed over", "place,customers,c\nA,5,\xff\nB,6,\n", []string{
			`f.csv:2:5: c "\xff": not valid UTF-8 [H0210]`, "B|6@3:3"}},
		{"a NUL spoils its row", "place,customers\nA,\x00\n", []string{`f.csv:2:3: customers "\x00": holds a NUL [H0210]`}},
		{"an empty file", "", []string{"f.csv: the file is empty: it has no header [H0102]"}},
		{"a missing column is named beside those found", "place,clients\nA,5\n", []string{
			"f.csv: no column customers; found place, clients [H0102]"}},
		{"a wanted column that stands twice", "place,customers,place\n", []string{`f.csv: the column "place" stands twice in the header [H0102]`}},
		{"another column may stand twice", "place,x,x,customers\nA,1,2,5\n", []string{"A|5@2:7"}},
		{"UTF-16", "\xff\xfep\x00l\x00", []string{"f.csv: it is UTF-16: make UTF-8 of it, with iconv -f UTF-16 -t UTF-8 for instance [H0102]"}},
		{"another encoding", "\xc4\xe0\xf2\xe0,plant\n", []string{"f.csv: the header is not UTF-8 text: make UTF-8 of it, with iconv -f WINDOWS-1251 -t UTF-8 for instance [H0102]"}},
		{"a workbook", "PK\x03\x04\x00\x00,plant\n", []string{"f.csv: it begins as a ZIP archive or a workbook (.xlsx) does: unpack it, or save each sheet as CSV [H0102]"}},
		{"NetCDF without a line's end", "CDF\x01\x00\x00" + strings.Repeat("\x00", 2*maxRow), []string{"f.csv: it begins as NetCDF does: make Parquet of it: xarray.open_dataset(FILE).to_dataframe().reset_index().to_parquet(OUT) [H0102]"}},
		{"a header that begins as NetCDF does", "CDF,place,customers\nx,A,5\n", []string{"A|5@2:5"}},
		{"so too where the first look at it ends within a character", "CDF,place,customers\n" + strings.Repeat("й", 40_000) + ",A,5\n", []string{"A|5@2:80004"}},
		{"line ends of old", "plant,output\ra,1\rb,2\r", []string{"f.csv: lines end with a carriage return alone: end them with a line feed, with tr '\\r' '\\n' for instance [H0102]"}},
		{"a header that cannot be split", "\"place\nA,5\n", []string{"f.csv: the header cannot be split into fields: extraneous or missing \" in quoted-field [H0102]"}},
		{"too many columns", "place,customers" + strings.Repeat(",x", maxColumns-1) + "\n", []string{"f.csv: 4097 columns, at most 4096 are read (limits.columns) [H0104]"}},
		{"the longest row allowed", "place,customers\n" + long[:maxRow-3] + ",5\n", []string{"1048573 bytes|5@2:1048575"}},
		{"one byte more", "place,customers\n" + long[:maxRow-2] + ",5\nB,6\n", []string{"f.csv: a row is longer than 1048576 bytes: is a quote left open? (limits.row_bytes) [H0104]"}},
		{"an endless header", long + long, []string{"f.csv: a row is longer than 1048576 bytes: is a quote left open? (limits.row_bytes) [H0104]"}},
		{"an open quote over many lines", "place,customers\nA,5\n\"B" + strings.Repeat(",6\n", maxRow/2), []string{
			"A|5@2:3", "f.csv: a row is longer than 1048576 bytes: is a quote left open? (limits.row_bytes) [H0104]"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, read(t, strings.NewReader(tt.in))); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

func TestAReaderThatFailsIsTheLastThingYielded(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{io.ErrUnexpectedEOF, "f.csv: the file ends early: unexpected EOF [H0101]"},
		{errors.New("disk gone"), "f.csv: disk gone [H0101]"},
		{&source.FileError{File: "f.csv.gz", Code: source.TooLarge, Err: errors.New("expands too far")}, "f.csv.gz: expands too far [H0104]"},
	} {
		in := io.MultiReader(strings.NewReader("place,customers\nA,5\nB,"), iotest.ErrReader(tt.err))
		if d := cmp.Diff([]string{"A|5@2:3", tt.want}, read(t, in)); d != "" {
			t.Errorf("-want +got:\n%s", d)
		}
	}
}

func TestReadingDoesNotDependOnHowBytesArrive(t *testing.T) {
	in := "\ufeffplace,customers\n\"A\nB\",5\n\"C,6\n\"D\",7\nE,8"
	if d := cmp.Diff(read(t, strings.NewReader(in)), read(t, iotest.OneByteReader(strings.NewReader(in)))); d != "" {
		t.Errorf("-whole +bytewise:\n%s", d)
	}
}

// one returns the only row of a file with the columns x and y, of which y is
// not there.
func one(t *testing.T, x string) *Row {
	t.Helper()
	f, err := Open(strings.NewReader("x,z\n"+x+",end\n"), "f.csv", []string{"x"}, []string{"y"})
	if err != nil {
		t.Fatal(err)
	}
	for row, err := range f.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		return row
	}
	t.Fatal("no row")
	return nil
}

func TestNumbers(t *testing.T) {
	for _, tt := range []struct{ in, float, int32 string }{
		{"12", "12 true <nil>", "{12 true} <nil>"},
		{" -12.0 ", "-12 true <nil>", "{-12 true} <nil>"},
		{"0", "0 true <nil>", "{0 true} <nil>"},
		{"", "0 false <nil>", "{0 false} <nil>"},
		{"2.5", "2.5 true <nil>", `{0 false} f.csv:2:1: x "2.5": not a whole number [H0202]`},
		{"3e9", "3e+09 true <nil>", `{0 false} f.csv:2:1: x "3e9": number too large [H0208]`},
		{"1e999", `0 false f.csv:2:1: x "1e999": number too large [H0208]`, `{0 false} f.csv:2:1: x "1e999": number too large [H0208]`},
		{"12O", `0 false f.csv:2:1: x "12O": not a number [H0202]`, `{0 false} f.csv:2:1: x "12O": not a number [H0202]`},
		{"NaN", `0 false f.csv:2:1: x "NaN": not a number [H0202]`, `{0 false} f.csv:2:1: x "NaN": not a number [H0202]`},
		{"Inf", `0 false f.csv:2:1: x "Inf": not a number [H0202]`, `{0 false} f.csv:2:1: x "Inf": not a number [H0202]`},
		{"0x10", `0 false f.csv:2:1: x "0x10": not a number [H0202]`, `{0 false} f.csv:2:1: x "0x10": not a number [H0202]`},
		{"1_000", `0 false f.csv:2:1: x "1_000": not a number [H0202]`, `{0 false} f.csv:2:1: x "1_000": not a number [H0202]`},
	} {
		row := one(t, tt.in)
		v, ok, bad := row.Float("x")
		if got := fmt.Sprintf("%v %v %s", v, ok, text(bad)); got != tt.float {
			t.Errorf("Float of %q = %s, want %s", tt.in, got, tt.float)
		}
		n, bad := row.Int32("x")
		if got := fmt.Sprintf("%v %s", n, text(bad)); got != tt.int32 {
			t.Errorf("Int32 of %q = %s, want %s", tt.in, got, tt.int32)
		}
	}
}

// text returns the text of an error, so that a nil pointer prints as <nil>.
func text(bad *source.ParseError) string {
	if bad == nil {
		return "<nil>"
	}
	return bad.Error()
}

func TestFloatWithinTakesItsBoundsIn(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"-5", "-5 true <nil>"},
		{"60", "60 true <nil>"},
		{"60.1", `0 false f.csv:2:1: x "60.1": not from -5 to 60 [H0208]`},
		{"-5.1", `0 false f.csv:2:1: x "-5.1": not from -5 to 60 [H0208]`},
		{"", "0 false <nil>"},
		{"x", `0 false f.csv:2:1: x "x": not a number [H0202]`},
	} {
		v, ok, bad := one(t, tt.in).FloatWithin("x", -5, 60)
		if got := fmt.Sprintf("%v %v %s", v, ok, text(bad)); got != tt.want {
			t.Errorf("FloatWithin(-5, 60) of %q = %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestInstants(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"2026-01-15 03:30:00+00:00", "2026-01-15T03:30:00Z true"},
		{"2026-01-15 03:30:00+02:00", "2026-01-15T01:30:00Z true"},
		{"2026-01-15 03:30 ", "2026-01-15T03:30:00Z true"},
		{"", "1970-01-01T00:00:00Z false"},
		{"2026-02-30 03:30", `1970-01-01T00:00:00Z false f.csv:2:1: x "2026-02-30 03:30": not a time [H0203]`},
	} {
		at, ok, bad := one(t, tt.in).Instant("x", "2006-01-02 15:04:05-07:00", "2006-01-02 15:04")
		got := fmt.Sprint(at, ok)
		if bad != nil {
			got += " " + bad.Error()
		}
		if got != tt.want {
			t.Errorf("Instant of %q = %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestAColumnTheFileDoesNotHaveReadsAsEmpty(t *testing.T) {
	row := one(t, "5")
	if row.file.Has("y") || !row.file.Has("x") || row.Text("y") != "" {
		t.Errorf("Has(y) = %v, Text(y) = %q", row.file.Has("y"), row.Text("y"))
	}
	if _, ok, bad := row.Float("y"); ok || bad != nil {
		t.Errorf("Float(y) = %v, %v", ok, bad)
	}
	if got := row.Missing("y").Error(); got != `f.csv:2:1: y "": is empty [H0205]` {
		t.Error(got)
	}
}

func TestAHeaderCanBeReadBeforeColumnsAreChosen(t *testing.T) {
	f, err := OpenHeader(strings.NewReader("a\tb,c\td\n1\t2\t3\n"), "f.tsv", '\t')
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"a", "b,c", "d"}, f.Header()); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if err := f.Find([]string{"d", "b,c"}, nil); err != nil {
		t.Fatal(err)
	}
	for row, err := range f.Rows() {
		if err != nil || row.Text("d") != "3" || row.Text("b,c") != "2" {
			t.Errorf("row %v, %v", row, err)
		}
	}
}

func TestAColumnNotAskedForPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("Text(z) did not panic")
		}
	}()
	one(t, "5").Text("z")
}

func FuzzRows(f *testing.F) {
	f.Add([]byte("place,customers\nA,5\n\"B\nC\",6\n"))
	f.Add([]byte("\ufeffplace,customers,note\n\"A,5\r\nB\"x,6"))
	f.Fuzz(func(t *testing.T, in []byte) {
		for range read(t, strings.NewReader(string(in))) {
		}
	})
}

func TestRecordsKeepsRecordsAndErrorsApart(t *testing.T) {
	parse := func(row *Row) (string, *source.ParseError) {
		if row.Text("x") == "bad" {
			return "half a record", row.Missing("x")
		}
		return row.Text("x"), nil
	}
	var got []string
	for record, err := range Records(strings.NewReader("x\na\nbad\nb,c\nd\n"), "f.csv", []string{"x"}, nil, parse) {
		got = append(got, fmt.Sprint(record, " ", err))
	}
	want := []string{"a <nil>", ` f.csv:3:1: x "bad": is empty [H0205]`, " f.csv:4:1: wrong number of fields [H0201]", "d <nil>"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	for record, err := range Records(strings.NewReader("y\n"), "f.csv", []string{"x"}, nil, parse) {
		if record != "" || err == nil {
			t.Errorf("%q, %v; want a *source.FileError", record, err)
		}
	}
	for range Records(strings.NewReader("x\na\nb\n"), "f.csv", []string{"x"}, nil, parse) {
		break // a caller that stops early must not be called again
	}
}
