package panel

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hardship/pipeline/gate"
	"hardship/pipeline/table"
)

// A process that is given spans and, area by area, the outages that count makes the
// tables of the one that has read all of them.
func TestOutagesAreGivenAreaByArea(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 2))
		spills := rapid.Bool().Draw(rt, "spills")
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
				rt.Fatal(err)
			}
		}
		join, err := all.Prepare(rules)
		if err != nil {
			rt.Fatal(err)
		}
		outages := map[string]*table.Table{}
		for t, err := range join.Outages() {
			if err != nil {
				rt.Fatal(err)
			}
			outages[t.String("area_id").Value(0)] = t
		}
		if len(outages) == 0 {
			rt.Fatal("no outages are given")
		}
		if err := some.Add(join.OutageSpans()); err != nil {
			rt.Fatal(err)
		}
		given, err := some.Prepare(rules)
		if err != nil {
			rt.Fatal(err)
		}
		ids := join.Areas()
		for want, err := range join.Results() {
			if err != nil {
				rt.Fatal(err)
			}
			id := ids[0]
			ids = ids[1:]
			if t := outages[string(id)]; t != nil {
				if err := some.Add(t); err != nil {
					rt.Fatal(err)
				}
			}
			got, ok, err := given.Area(id)
			if err != nil || !ok {
				rt.Fatal(ok, err)
			}
			sameTables(rt, string(id), got.Tables(), want.Tables())
		}
	})
}
