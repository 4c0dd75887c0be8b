package panel

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hardship/pipeline/hour"
)

// What a list gives is what it was given, whatever follows on what, also once
// some are taken out.
func TestOutageListGivesWhatItWasGiven(t *testing.T) {
	instant := rapid.Custom(func(t *rapid.T) hour.Instant {
		unit := rapid.SampledFrom([]hour.Instant{1, hour.Second, hour.Minute, hour.InstantsInHour}).Draw(t, "unit")
		return hour.Instant(rapid.Int64Range(-1<<25, 1<<25).Draw(t, "n")) * unit
	})
	facts := rapid.Uint32Range(0, 3)
	rapid.Check(t, func(t *rapid.T) {
		shared, named := facts.Draw(t, "facts"), rapid.Bool().Draw(t, "named")
		mixed := rapid.Bool().Draw(t, "mixed")
		list, want := outageList{}, []outage(nil)
		for i := range rapid.IntRange(0, 3000).Draw(t, "outages") {
			o := outage{facts: shared}
			o.at.Start = instant.Draw(t, "start")
			o.at.End = hour.DistantFuture
			if rapid.IntRange(0, 3).Draw(t, "open") > 0 {
				o.at.End = o.at.Start + instant.Draw(t, "lasts")
			}
			o.customers.Lo = rapid.Int64Range(0, 1<<62).Draw(t, "customers") >> rapid.IntRange(0, 62).Draw(t, "shift")
			o.customers.Hi = rapid.SampledFrom([]int64{noLimit, o.customers.Lo, o.customers.Lo + 1 + int64(i)}).Draw(t, "most")
			if named && rapid.Bool().Draw(t, "id") {
				o.id = rapid.Uint32().Draw(t, "number")
			}
			if mixed {
				o.facts = facts.Draw(t, "facts")
			}
			list.append(&o)
			want = append(want, o)
		}
		if got := list.appendTo(nil); list.length != len(want) || !slices.Equal(got, want) {
			t.Fatalf("%d outages %v, want %v", list.length, got, want)
		}
		if !list.mixed && slices.ContainsFunc(want, func(o outage) bool { return o.id != 0 || o.facts != want[0].facts }) {
			t.Fatal("outages with ids or facts of their own are not told from others")
		}
		kept := list.without(func(o *outage) bool { return o.facts == 1 || o.customers.Lo%2 == 0 })
		fewer := slices.DeleteFunc(slices.Clone(want), func(o outage) bool { return o.facts == 1 || o.customers.Lo%2 == 0 })
		if got := kept.appendTo(nil); kept.length != len(fewer) || !slices.Equal(got, fewer) {
			t.Fatalf("without some %v, want %v", got, fewer)
		}
	})
}
