package inspect

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// However few keys memory holds, the rows that repeat an earlier one are the same,
// each with the first of all that have its key.
func TestRepeatsAreThoseOfAllRows(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		folder := t.TempDir()
		k := newKeyLog(rapid.IntRange(0, 20).Draw(r, "held"), folder)
		defer k.close()
		var got, want []repeatedRow
		firsts := map[uint64]rowPlace{}
		for n, hash := range rapid.SliceOfN(rapid.Uint64Range(0, 40), 0, 120).Draw(r, "hashes") {
			hash *= 0x9e3779b97f4a7c15
			at := placeOf(n/50, n%2, int32(n))
			if first, ok := firsts[hash]; ok {
				want = append(want, repeatedRow{first: first, at: at})
			} else {
				firsts[hash] = at
			}
			first, again, err := k.add(hash, at)
			if err != nil {
				r.Fatal(err)
			}
			if again {
				got = append(got, repeatedRow{first: first, at: at})
			}
		}
		last := uint64(0)
		for again, err := range k.repeats() {
			if err != nil {
				r.Fatal(err)
			}
			if again.number <= last {
				r.Fatalf("row %d after row %d", again.number, last)
			}
			last, again.number = again.number, 0
			got = append(got, again)
		}
		if !slices.Equal(got, want) {
			r.Fatalf("repeats\n%v, want\n%v", got, want)
		}
		if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
			r.Fatalf("files left: %v, %v", left, err)
		}
	})
}

// An inspector that holds few keys finds what one with room for all finds.
func TestDuplicatesOfLargeSources(t *testing.T) {
	tables := []*table.Table{
		temperatures("A", 0, 0, 0, 1, 2, 3, 4, 5, 6), temperatures("B", 0, 0, 0, 1, 2, 3), temperatures("A", 4, 0, 0, 5, 6, 7), temperatures("A", 4, 0, start, 5, 6, 7), temperatures("B", 2, 0, 0, 3),
	}
	all := func(most int) []string {
		i := New(nil, asOf)
		defer i.Close()
		i.keys.most = most
		found := found(i, tables...)
		for e, err := range i.Repeated() {
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, fmt.Sprintf("%s:%d %s %s", e.File, e.Line, e.Code, e.Field))
		}
		return found
	}
	want := []string{"f3:2 H0211 area_id", "f3:3 H0211 area_id", "f5:2 H0211 area_id"}
	for _, most := range []int{0, 3, 7, 8, 100} {
		if got := all(most); !slices.Equal(got, want) {
			t.Errorf("with %d keys held: %v, want %v", most, got, want)
		}
	}
}

// The error of a row says where the first of its key stands, and in which file.
func TestTheFirstRowOfAKeyIsNamed(t *testing.T) {
	for _, most := range []int{0, 100} {
		i := New(nil, asOf)
		i.keys.most = most
		var got []string
		for n, values := range [][]float64{{1, 2}, {3}} {
			e, err := i.Rows(temperatures("A", n, 0, 0, values...), fmt.Sprintf("f%d", n+1), []int32{7, 8})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range e {
				got = append(got, e.Err.Error())
			}
		}
		for e, err := range i.Repeated() {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, e.Err.Error())
		}
		i.Close()
		if want := []string{"the key of line 8 of f1 again: the table has one row for each"}; !slices.Equal(got, want) {
			t.Errorf("with %d keys held: %q, want %q", most, got, want)
		}
	}
}

// Cells that differ, in the same or in neighbouring columns, make other keys.
func TestKeysTellCellsApart(t *testing.T) {
	k := newKeyLog(100, t.TempDir())
	b := table.NewBuilder(table.OutageSchedule)
	type row struct {
		group, publisher string
		day              hour.Day
		start            int32
		seen             hour.Instant
	}
	rows := []row{{"a", "bc", 0, 0, 0}, {"ab", "c", 0, 0, 0}, {"a", "bc", 1, 0, 0}, {"a", "bc", 0, 1, 0}, {"a", "bc", 0, 0, 1}, {"a\x00", "bc", 0, 0, 0}, {"", "abc", 0, 0, 0}}
	for _, x := range rows {
		b.Row()
		b.String("area_id", "A")
		b.String("group_id", x.group)
		b.String("publisher", x.publisher)
		b.Date("date_local", x.day)
		b.Int32("slot_start_min", x.start)
		table.Optional(b.Timestamp, "first_seen_utc", x.seen, x.seen != 0)
		for _, c := range table.OutageSchedule.Columns { // the others, so that the table is whole
			switch {
			case c.Null || slices.Contains(table.OutageSchedule.Key, c.Name):
			case c.Type == table.String:
				b.String(c.Name, slices.Concat(c.Enum, []string{"x"})[0])
			case c.Type == table.Int32:
				b.Int32(c.Name, 0)
			case c.Type == table.Bool:
				b.Bool(c.Name, false)
			}
		}
	}
	hash := k.hashes(b.Table())
	seen := map[uint64]int{}
	for n := range rows {
		if other, ok := seen[hash(n)]; ok {
			t.Errorf("rows %d and %d have one key", other, n)
		}
		seen[hash(n)] = n
	}
}

func TestKeysThatCannotBeWritten(t *testing.T) {
	k := newKeyLog(0, t.TempDir()+"/none")
	if _, _, err := k.add(1, 0); err == nil {
		t.Error("a folder that is not there is no error")
	}
}
