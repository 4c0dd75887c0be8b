package table

import (
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/google/go-cmp/cmp"
)

// spells has rows of two areas, in the order of the key.
func spells() *Table {
	b := NewBuilder(ColdSpell)
	for _, id := range []string{"UA32", "UA32", "UA80"} {
		b.Row()
		b.String("area_id", id)
		b.String("rule_id", "r")
		b.Date("start_date", 100)
		b.Date("end_date", 103)
		b.Int32("days", int32(b.Rows()))
		b.Float64("tmin_min_c", -float64(b.Rows()))
		b.Float64("tmean_mean_c", -1)
		b.Float64("hdd_kd", 20)
		b.Bool("censored", false)
		b.Bool("touches_gap", false)
	}
	return b.Table()
}

func TestRowsOfAnArea(t *testing.T) {
	whole := spells()
	loads := 0
	stored := NewStored(ColdSpell, []AreaRows{{"UA32", 0, 2}, {"UA80", 2, 3}}, func(column, from, to int) arrow.Array {
		loads++
		return array.NewSlice(whole.Held().Column(column), int64(from), int64(to))
	})
	for name, of := range map[string]*Table{"held": whole, "stored": stored} {
		if d := cmp.Diff([]string{"UA32", "UA80"}, of.Areas()); d != "" {
			t.Errorf("%s: areas %s", name, d)
		}
		if of.Has("UA05") || !of.Has("UA80") {
			t.Errorf("%s: has the wrong areas", name)
		}
		if n := of.Of("UA05").Rows(); n != 0 {
			t.Errorf("%s: %d rows of an area that has none", name, n)
		}
		for id, want := range map[string][]int32{"UA32": {1, 2}, "UA80": {3}} {
			got := of.Of(id)
			if d := cmp.Diff(want, got.Int32("days").Int32Values()); d != "" {
				t.Errorf("%s: days of %s: %s", name, id, d)
			}
			if got.String("area_id").Value(0) != id {
				t.Errorf("%s: %s", name, got.String("area_id").Value(0))
			}
		}
		if of.Rows() != 3 || !array.RecordEqual(of.Record(), whole.Record()) {
			t.Errorf("%s: all rows are others", name)
		}
	}
	if want := 4 + len(ColdSpell.Columns); loads != want { // two columns of two areas, then all of all
		t.Errorf("%d columns were read, want %d", loads, want)
	}
}

// Rows of an area that do not lie together would be lost without a word.
func TestRowsOfAnAreaLieTogether(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	spells().Take([]int{0, 2, 1}).Of("UA32")
}
