package index

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"hardship/pipeline/hour"
)

// The reference is that of methods.md 7.3.
func TestChapman(t *testing.T) {
	c := ChapmanOf(40, 30, 20)
	near(t, "N̂", c.Estimate, 59.5238, 5e-5)
	near(t, "variance", c.Variance, 26.2008, 5e-5)
	if c := ChapmanOf(7, 7, 7); c != (Chapman{7, 0}) {
		t.Errorf("two equal lists give %+v", c)
	}
}

func seen(source, area, kind string, from, to float64) Sighting {
	return Sighting{hour.Interval{Start: at(from), End: at(to)}, area, kind, source}
}

func TestEventGroups(t *testing.T) {
	for _, tt := range []struct {
		name string
		list []Sighting
		want []int
	}{
		{"two sources, one area and kind, spans that touch", []Sighting{seen("a", "UA12", "drone", 1, 3), seen("b", "UA12", "drone", 2, 4)}, []int{0, 0}},
		{"spans that only meet", []Sighting{seen("a", "UA12", "drone", 1, 2), seen("b", "UA12", "drone", 2, 3)}, []int{0, 1}},
		{"another area", []Sighting{seen("a", "UA12", "drone", 1, 3), seen("b", "UA14", "drone", 1, 3)}, []int{0, 1}},
		{"another kind", []Sighting{seen("a", "UA12", "drone", 1, 3), seen("b", "UA12", "cruise", 1, 3)}, []int{1, 0}},
		{"one source does not report twice", []Sighting{seen("a", "UA12", "drone", 1, 3), seen("a", "UA12", "drone", 2, 4)}, []int{0, 1}},
		{"each of two is matched once", []Sighting{seen("a", "UA12", "drone", 1, 3), seen("a", "UA12", "drone", 2, 4), seen("b", "UA12", "drone", 2, 4), seen("b", "UA12", "drone", 2, 4)}, []int{0, 1, 0, 1}},
		{"nothing", nil, []int{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := EventGroups(tt.list); !slices.Equal(got, tt.want) {
				t.Errorf("groups %v, want %v", got, tt.want)
			}
		})
	}
}

// A group holds a source once and one area and kind, and no more groups come out
// than sightings go in, nor fewer than any source has; order does not matter.
func TestEventGroupsHoldTheirRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := make([]Sighting, rapid.IntRange(0, 12).Draw(t, "sightings"))
		words := func(what string, of ...string) string { return rapid.SampledFrom(of).Draw(t, what) }
		for i := range list {
			start := float64(rapid.IntRange(0, 9).Draw(t, "start"))
			list[i] = seen(words("source", "a", "b", "c"), words("area", "UA12", "UA14"), words("kind", "drone", "cruise"), start, start+float64(rapid.IntRange(0, 4).Draw(t, "hours")))
		}
		groups := EventGroups(list)
		type key struct {
			group  int
			source string
		}
		seenIn, of := map[key]bool{}, map[int]Sighting{}
		sources, most := map[string]int{}, -1
		for i, g := range groups {
			if seenIn[key{g, list[i].Source}] {
				t.Fatalf("group %d has source %s twice", g, list[i].Source)
			}
			seenIn[key{g, list[i].Source}] = true
			if first, ok := of[g]; ok && (first.Area != list[i].Area || first.Kind != list[i].Kind) {
				t.Fatalf("group %d holds %+v and %+v", g, first, list[i])
			}
			of[g] = list[i]
			sources[list[i].Source]++
			most = max(most, g)
		}
		for source, n := range sources {
			if most+1 < n || most+1 > len(list) {
				t.Fatalf("%d groups, %d sightings of %s, %d in all", most+1, n, source, len(list))
			}
		}
		turned := slices.Clone(list)
		slices.Reverse(turned)
		numbers := 0
		for _, g := range EventGroups(turned) {
			numbers = max(numbers, g+1)
		}
		if numbers != most+1 {
			t.Fatalf("%d groups one way, %d the other", most+1, numbers)
		}
	})
}
