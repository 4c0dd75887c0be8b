package spelling

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"kitten", "sitting", 3},
		{"Київ", "Киев", 1},
		{"start_utc", "start_utcs", 1},
	} {
		if got := Distance([]rune(tt.a), []rune(tt.b)); got != tt.want {
			t.Errorf("Distance(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestDistanceIsAMetric(t *testing.T) {
	word := rapid.SliceOfN(rapid.RuneFrom([]rune("abї")), 0, 6)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := word.Draw(t, "a"), word.Draw(t, "b"), word.Draw(t, "c")
		ab, ba := Distance(a, b), Distance(b, a)
		switch {
		case ab != ba:
			t.Fatalf("%q to %q is %d, back %d", string(a), string(b), ab, ba)
		case (ab == 0) != slices.Equal(a, b):
			t.Fatalf("%q to %q is %d", string(a), string(b), ab)
		case ab > Distance(a, c)+Distance(c, b):
			t.Fatalf("%q to %q is further than over %q", string(a), string(b), string(c))
		case ab < max(len(a)-len(b), len(b)-len(a)):
			t.Fatalf("%q to %q is nearer than their lengths allow", string(a), string(b))
		}
	})
}

func TestNear(t *testing.T) {
	names := []string{"start_utc", "end_utc", "area_id", "start_etc", "group_id"}
	for _, tt := range []struct {
		name, written string
		want          []string
	}{
		{"nearest first, then in the order given", "start_utcs", []string{"start_utc", "start_etc"}},
		{"a short name may differ by one letter", "are_id", []string{"area_id"}},
		{"nothing is near", "temperature", nil},
		{"a huge name is near nothing", strings.Repeat("area_id", 1<<20), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Near(tt.written, names); !slices.Equal(got, tt.want) {
				t.Errorf("Near(%.20q) = %q, want %q", tt.written, got, tt.want)
			}
		})
	}
}
