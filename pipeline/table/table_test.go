package table

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"pgregory.net/rapid"

	"hardship/pipeline/hour"
)

// allTypes has a column of every type, all of them nullable but the key.
var allTypes = &Schema{
	Name: "all_types",
	Key:  []string{"id", "no"},
	Columns: []Column{
		{Name: "id", Type: String}, {Name: "no", Type: Int32},
		{Name: "b", Type: Bool, Null: true}, {Name: "i", Type: Int32, Null: true}, {Name: "l", Type: Int64, Null: true},
		{Name: "f", Type: Float64, Null: true}, {Name: "s", Type: String, Null: true}, {Name: "d", Type: Date, Null: true},
		{Name: "t", Type: Timestamp, Null: true},
	},
}

// row adds a row of allTypes whose cells are made from no, and which has only
// its key if no is 0.
func row(b *Builder, id string, no int32) {
	b.Row()
	b.String("id", id)
	b.Int32("no", no)
	if no == 0 {
		return
	}
	b.Bool("b", no%2 == 0)
	b.Int32("i", no)
	b.Int64("l", int64(no)<<40)
	b.Float64("f", float64(no)/4)
	b.String("s", fmt.Sprint(id, no))
	b.Date("d", hour.Day(no))
	b.Timestamp("t", hour.Instant(no)*hour.Minute)
}

func lines(t *Table) []string {
	var out []string
	for r := range t.Rows() {
		var cells []string
		for c := range t.Schema.Columns {
			cells = append(cells, fmt.Sprint(t.Value(r, c)))
		}
		out = append(out, strings.Join(cells, " "))
	}
	return out
}

func equal(t *testing.T, what string, got *Table, want ...string) {
	t.Helper()
	if g, w := strings.Join(lines(got), "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("%s:\n%s\nwant:\n%s", what, g, w)
	}
}

// panics runs f and returns what it panics with.
func panics(t *testing.T, f func()) (said string) {
	t.Helper()
	defer func() { said = fmt.Sprint(recover()) }()
	f()
	return ""
}

func TestBuilderKeepsWhatIsSet(t *testing.T) {
	b := NewBuilder(allTypes)
	row(b, "a", 3)
	row(b, "b", 0)
	if b.Rows() != 2 {
		t.Errorf("Rows() = %d", b.Rows())
	}
	want := []string{
		"a 3 false 3 3298534883328 0.75 a3 1970-01-04 1970-01-01T00:03:00Z",
		"b 0 <nil> <nil> <nil> <nil> <nil> <nil> <nil>",
	}
	equal(t, "table", b.Table(), want...)
	if b.Rows() != 0 {
		t.Errorf("after Table the builder has %d rows", b.Rows())
	}
	row(b, "c", 0)
	equal(t, "the builder's second table", b.Table(), strings.Replace(want[1], "b", "c", 1))
}

func TestBuilderMakesNaNAndInfinityNull(t *testing.T) {
	b := NewBuilder(allTypes)
	for i, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0} {
		b.Row()
		b.String("id", "a")
		b.Int32("no", int32(i))
		b.Float64("f", v)
	}
	f := b.Table().Float64("f")
	if f.NullN() != 3 || !f.IsValid(3) {
		t.Errorf("f = %v, want three nulls and a zero", f)
	}
}

func TestBuilderPanicsAtAMistakeOfItsCaller(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(b *Builder)
		want string
	}{
		{"a column of the schema is forgotten", func(b *Builder) { b.Row(); b.String("id", "a"); b.Row(); b.Int32("no", 1) }, "row 1 of all_types has no no"},
		{"one is forgotten in the last row", func(b *Builder) { b.Row(); b.String("id", "a"); b.Table() }, "has no no"},
		{"a cell is set twice", func(b *Builder) { b.Row(); b.String("id", "a"); b.String("id", "b") }, "all_types.id set twice in row 1"},
		{"a cell is set before the first row", func(b *Builder) { b.String("id", "a") }, "or before Row"},
		{"the schema has no such column", func(b *Builder) { b.Row(); b.Bool("no_such", true) }, "all_types has no column no_such"},
		{"a cell is of another type", func(b *Builder) { b.Row(); b.Int32("id", 1) }, "all_types.id is string, not int32"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if said := panics(t, func() { tt.do(NewBuilder(allTypes)) }); !strings.Contains(said, tt.want) {
				t.Errorf("panic %q, want one with %q", said, tt.want)
			}
		})
	}
	key := &Schema{Name: "strict", Key: []string{"f"}, Columns: []Column{{Name: "f", Type: Float64}}}
	said := panics(t, func() {
		b := NewBuilder(key)
		b.Row()
		b.Float64("f", math.NaN())
		b.Table()
	})
	if !strings.Contains(said, "strict.f holds a null") {
		t.Errorf("NaN in a column that is never null: panic %q", said)
	}
}

func TestSortedOrdersByKey(t *testing.T) {
	b := NewBuilder(allTypes)
	for _, k := range []struct {
		id string
		no int32
	}{{"b", 0}, {"a", 2}, {"a", -1}, {"", 0}} {
		row(b, k.id, k.no)
	}
	sorted, err := b.Table().Sorted()
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, l := range lines(sorted) {
		keys = append(keys, strings.Join(strings.Split(l, " ")[:2], " "))
	}
	if got := strings.Join(keys, ", "); got != " 0, a -1, a 2, b 0" {
		t.Errorf("rows are in the order %q", got)
	}
	if again, err := sorted.Sorted(); err != nil || again != sorted {
		t.Errorf("a table in order becomes another one (%v)", err)
	}
}

func TestSortedRefusesTwoRowsOfOneKey(t *testing.T) {
	for _, order := range [][]int32{{1, 1}, {2, 1, 2}, {1, 2, 2}} {
		b := NewBuilder(allTypes)
		for _, no := range order {
			row(b, "a", no)
		}
		_, err := b.Table().Sorted()
		if err == nil || !strings.Contains(err.Error(), "table all_types: two rows have the key id=a no=") {
			t.Errorf("rows %v: error %v", order, err)
		}
	}
}

// first_seen_utc is part of keys and may be null.
func TestSortedPutsNullLast(t *testing.T) {
	s := &Schema{Name: "seen", Key: []string{"t"}, Columns: []Column{{Name: "t", Type: Timestamp, Null: true}}}
	b := NewBuilder(s)
	b.Row()
	b.Row()
	b.Timestamp("t", 5)
	sorted, err := b.Table().Sorted()
	if err != nil || sorted.Value(1, 0) != nil {
		t.Errorf("last row %v, error %v", sorted.Value(1, 0), err)
	}
	b.Row()
	b.Row()
	if _, err := b.Table().Sorted(); err == nil {
		t.Error("two null keys are taken for different ones")
	}
}

func TestTakeAndConcat(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		numbers := rapid.SliceOf(rapid.Int32Range(0, 9)).Draw(r, "rows")
		cut := rapid.IntRange(0, len(numbers)).Draw(r, "cut")
		build := func(numbers []int32) *Table {
			b := NewBuilder(allTypes)
			for _, no := range numbers {
				row(b, "a", no)
			}
			return b.Table()
		}
		whole := build(numbers)
		joined := Concat(allTypes, []*Table{build(numbers[:cut]), build(numbers[cut:])})
		if a, b := lines(whole), lines(joined); strings.Join(a, "\n") != strings.Join(b, "\n") {
			r.Fatalf("joined %v, want %v", b, a)
		}
		var backward, want []string
		rows := make([]int, len(numbers))
		for i := range rows {
			rows[i] = len(numbers) - 1 - i
			want = append(want, lines(whole)[rows[i]])
		}
		if backward = lines(whole.Take(rows)); strings.Join(backward, "\n") != strings.Join(want, "\n") {
			r.Fatalf("taken %v, want %v", backward, want)
		}
	})
	if got := Concat(allTypes, nil); got.Rows() != 0 || got.Schema != allTypes {
		t.Errorf("Concat of nothing = %d rows", got.Rows())
	}
}

func TestTablesPanicAtAMistakeOfTheirCaller(t *testing.T) {
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema([]arrow.Field{{Name: "id", Type: arrow.BinaryTypes.String}}, nil))
	if said := panics(t, func() { New(allTypes, b.NewRecord()) }); !strings.Contains(said, "does not fit schema all_types") {
		t.Errorf("a record of another shape: panic %q", said)
	}
	empty := NewBuilder(allTypes).Table()
	if said := panics(t, func() { empty.String("no_such") }); !strings.Contains(said, "has no column no_such") {
		t.Errorf("a column that is not there: panic %q", said)
	}
}

func TestEverySchemaMakesAnEmptyTable(t *testing.T) {
	for _, s := range every() {
		made := NewBuilder(s).Table()
		if made.Rows() != 0 {
			t.Errorf("%s: %d rows", s.Name, made.Rows())
		}
		if _, err := made.Sorted(); err != nil {
			t.Error(err)
		}
		if again := New(s, made.Record()); again.Schema != s {
			t.Errorf("%s: its own record does not fit", s.Name)
		}
		if found, err := Find(every(), s.Name); err != nil || found != s {
			t.Errorf("Find(%q) = %v, %v", s.Name, found, err)
		}
	}
	if _, err := Find(Outputs, "no_such"); err == nil {
		t.Error("a table that there is not is found")
	}
}

func TestDictionaryListsEveryColumn(t *testing.T) {
	d, err := Dictionary(Outputs).Sorted()
	if err != nil {
		t.Fatal(err)
	}
	columns := 0
	for _, s := range Outputs {
		columns += len(s.Columns)
	}
	if d.Rows() != columns {
		t.Errorf("%d rows for %d columns", d.Rows(), columns)
	}
	one := Dictionary([]*Schema{AreaDay})
	for i, c := range AreaDay.Columns {
		if one.String("column_name").Value(i) != c.Name || one.Int32("column_no").Value(i) != int32(i+1) ||
			one.Bool("is_nullable").Value(i) != c.Null || one.String("type_name").Value(i) != c.Type.String() {
			t.Errorf("row %d is %s", i, lines(one)[i])
		}
	}
}

// Codes of numbers and times are written out for everyone but who asks for them.
func TestCodedNumbersAreWrittenOut(t *testing.T) {
	b := NewBuilder(allTypes)
	for no := range int32(9) {
		row(b, "x", no%3)
	}
	want := b.Table()
	columns := slices.Clone(want.Held().Columns())
	for i, column := range columns {
		c := allTypes.Columns[i]
		if c.Type == Bool || c.Type == String {
			continue
		}
		// The values themselves are the dictionary; the codes are a slice.
		codes := array.NewInt32Builder(memory.DefaultAllocator)
		codes.Append(0)
		for row := range want.Rows() {
			if column.IsNull(row) {
				codes.AppendNull()
			} else {
				codes.Append(int32(row))
			}
		}
		known := array.NewData(column.DataType(), column.Len(), []*memory.Buffer{nil, column.Data().Buffers()[1]}, nil, 0, column.Data().Offset())
		d := array.NewDictionaryArray(&arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: column.DataType()}, codes.NewArray(), array.MakeFromData(known))
		columns[i] = array.NewSlice(d, 1, int64(d.Len()))
	}
	got := NewCoded(allTypes, int64(want.Rows()), columns)
	if d, ok := got.Numbers("f"); !ok || d != columns[5] {
		t.Errorf("the codes of f are %v", d)
	}
	equal(t, "written out", got, lines(want)...)
	if !array.RecordEqual(got.Record(), want.Record()) {
		t.Errorf("%v, want %v", got.Record(), want.Record())
	}
	if _, ok := want.Numbers("f"); ok {
		t.Error("a column is coded that never was")
	}
	equal(t, "parts", Concat(allTypes, []*Table{got, want}), append(lines(want), lines(want)...)...)
}
