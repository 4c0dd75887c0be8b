package panel

import (
	"math/rand/v2"
	"slices"
	"testing"

	"hardship/pipeline/gate"
	"hardship/pipeline/table"
)

// A process that is given spans and, area by area, the outages that count makes the
// tables of the one that has read all of them.
func TestOutagesAreGivenAreaByArea(t *testing.T) {
	for seed := range uint64(12) {
		random := rand.New(rand.NewPCG(seed, 2))
		spills := seed%2 == 1
		s := from("2026-01-20", 10)
		s.Sources = []string{"b"}
		rules := gate.Rules{AsOf: s.AsOf, Gazetteer: ukraine()}
		batches := slices.Concat(corrected(random), mixed(random))
		all, some := NewInputs(ukraine(), s), NewInputs(ukraine(), s)
		for _, b := range batches {
			err := all.Add(b)
			if err == nil && spills && random.IntN(3) == 0 {
				err = all.Spill(inMemory)
			}
			if err == nil && b.Schema != table.OutageInterval {
				err = some.Add(b)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		join, err := all.Prepare(rules)
		if err != nil {
			t.Fatal(err)
		}
		outages := map[string]*table.Table{}
		for rows, err := range join.Outages() {
			if err != nil {
				t.Fatal(err)
			}
			outages[rows.String("area_id").Value(0)] = rows
		}
		if len(outages) == 0 {
			t.Fatal("no outages are given")
		}
		if err := some.Add(join.OutageSpans()); err != nil {
			t.Fatal(err)
		}
		given, err := some.Prepare(rules)
		if err != nil {
			t.Fatal(err)
		}
		ids := join.Areas()
		for want, err := range join.Results() {
			if err != nil {
				t.Fatal(err)
			}
			id := ids[0]
			ids = ids[1:]
			if rows := outages[string(id)]; rows != nil {
				if err := some.Add(rows); err != nil {
					t.Fatal(err)
				}
			}
			got, ok, err := given.Area(id)
			if err != nil || !ok {
				t.Fatal(ok, err)
			}
			sameTables(t, string(id), got.Tables(), want.Tables())
		}
	}
}
