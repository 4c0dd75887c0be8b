package table

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hardship/pipeline/hour"
)

func TestWriteCSV(t *testing.T) {
	s := &Schema{Name: "test", Columns: []Column{
		{Name: "text", Type: String, Null: true}, {Name: "flag", Type: Bool, Null: true}, {Name: "n", Type: Int32, Null: true}, {Name: "big", Type: Int64, Null: true},
		{Name: "x", Type: Float64, Null: true}, {Name: "day", Type: Date, Null: true}, {Name: "at", Type: Timestamp, Null: true},
	}}
	b := NewBuilder(s)
	for _, text := range []string{"plain", "a,b", `say "no"`, "two\nlines", " led by a space", "Київ", "-5", ""} {
		b.Row()
		b.String("text", text)
	}
	b.Row()
	b.Bool("flag", true)
	b.Int32("n", math.MinInt32)
	b.Int64("big", math.MaxInt64)
	for _, x := range []float64{0, math.Copysign(0, -1), -19.5, 0.1, 1.0 / 3, 1e-7, 123456789, 1e21, math.MaxFloat64, 5e-324} {
		b.Row()
		b.Float64("x", x)
	}
	for _, at := range []hour.Instant{0, 1, hour.Second / 4, -hour.Second, hour.At(hour.Date(2026, 1, 15).Time())} {
		b.Row()
		b.Date("day", hour.Day(at/(24*hour.InstantsInHour)))
		b.Timestamp("at", at)
	}
	want := []string{
		"text,flag,n,big,x,day,at",
		"plain,,,,,,", `"a,b",,,,,,`, `"say ""no""",,,,,,`, `"two`, `lines",,,,,,`, `" led by a space",,,,,,`, "Київ,,,,,,", "-5,,,,,,", ",,,,,,",
		",true,-2147483648,9223372036854775807,,,",
		",,,,0,,", ",,,,-0,,", ",,,,-19.5,,", ",,,,0.1,,", ",,,,0.3333333333333333,,", ",,,,1e-07,,", ",,,,123456789,,", ",,,,1e+21,,", ",,,,1.7976931348623157e+308,,", ",,,,5e-324,,",
		",,,,,1970-01-01,1970-01-01T00:00:00Z", ",,,,,1970-01-01,1970-01-01T00:00:00.000001Z", ",,,,,1970-01-01,1970-01-01T00:00:00.25Z",
		",,,,,1970-01-01,1969-12-31T23:59:59Z", ",,,,,2026-01-15,2026-01-15T00:00:00Z", "",
	}
	var out strings.Builder
	if err := WriteCSV(&out, b.Table()); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, strings.Split(out.String(), "\n")); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestARowOfOneEmptyCellIsNoEmptyLine(t *testing.T) {
	b := NewBuilder(&Schema{Name: "test", Columns: []Column{{Name: "text", Type: String, Null: true}}})
	b.Row()
	var out strings.Builder
	if err := WriteCSV(&out, b.Table()); err != nil || out.String() != "text\n\"\"\n" {
		t.Errorf("%q, %v", out.String(), err)
	}
}

func TestAWriterThatFailsIsNoticedWhereverItFails(t *testing.T) {
	b := NewBuilder(Area)
	for range 2000 {
		b.Row()
		b.String("area_id", "UA80")
		b.Int32("level", 1)
		b.String("tz", "Europe/Kyiv")
		b.String("reporting_class", "normal")
		b.String("source_id", "test")
		b.Bool("retracted", false)
	}
	rows := b.Table()
	var whole strings.Builder
	if err := WriteCSV(&whole, rows); err != nil {
		t.Fatal(err)
	}
	for room := 0; room < whole.Len(); room += 997 {
		if err := WriteCSV(&fullDisk{room}, rows); !errors.Is(err, errFull) {
			t.Fatalf("with room for %d bytes of %d: %v", room, whole.Len(), err)
		}
	}
}

var errFull = errors.New("disk full")

type fullDisk struct{ room int }

func (d *fullDisk) Write(p []byte) (int, error) {
	if len(p) > d.room {
		return d.room, errFull
	}
	d.room -= len(p)
	return len(p), nil
}
