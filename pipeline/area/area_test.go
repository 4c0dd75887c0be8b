package area

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// some are the areas that are easily confused, and two that are not.
func some() []Area {
	return []Area{
		{ID: "UA", Level: Country, English: "Ukraine", Ukrainian: "Україна"},
		{ID: "UA01", Parent: "UA", Level: 1, English: "Crimea", ISO31662: "UA-43"},
		{ID: "UA32", Parent: "UA", Level: 1, English: "Kyiv oblast", Ukrainian: "Київська область", Russian: "Киевская область", ISO31662: "UA-32", Aliases: []string{"Kyivska oblast", "Kiev Oblast", "Kyiv-oblast", "Київська"}},
		{ID: "UA44", Parent: "UA", Level: 1, English: "Luhansk oblast", ISO31662: "UA-09"},
		{ID: "UA46", Parent: "UA", Level: 1, English: "Lviv oblast", ISO31662: "UA-46", Aliases: []string{"Lviv"}},
		{ID: "UA73", Parent: "UA", Level: 1, English: "Chernivtsi oblast", ISO31662: "UA-77"},
		{ID: "UA74", Parent: "UA", Level: 1, English: "Chernihiv oblast", ISO31662: "UA-74"},
		{ID: "UA80", Parent: "UA", Level: 1, English: "Kyiv city", Ukrainian: "Київ", Russian: "Киев", ISO31662: "UA-30", Aliases: []string{"Kyiv", "Kiev", "м. Київ"}},
		{ID: "UA85", Parent: "UA", Level: 1, English: "Sevastopol", ISO31662: "UA-40"},
	}
}

func gazetteer(t *testing.T, areas []Area) *Gazetteer {
	t.Helper()
	g, err := NewGazetteer(areas)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestResolve(t *testing.T) {
	g := gazetteer(t, some())
	for _, tt := range []struct {
		name    string
		written string
		want    ID
	}{
		{"a P-code", "UA80", "UA80"},
		{"an ISO code leads to the area that ISO means: Crimea", "UA-43", "UA01"},
		{"an ISO code leads to the area that ISO means: Luhansk", "UA-09", "UA44"},
		{"an ISO code leads to the area that ISO means: Chernivtsi", "UA-77", "UA73"},
		{"an ISO code leads to the area that ISO means: Kyiv city", "UA-30", "UA80"},
		{"an ISO code leads to the area that ISO means: Sevastopol", "UA-40", "UA85"},
		{"an ISO suffix equal to another area's P-code is not confused", "UA-74", "UA74"},
		{"plain Kyiv is the city", "Kyiv", "UA80"},
		{"plain Kiev is the city", "KIEV", "UA80"},
		{"plain Київ is the city", "Київ", "UA80"},
		{"an abbreviation with a full stop", "м.Київ", "UA80"},
		{"an abbreviation with a full stop and a space", "м. Київ", "UA80"},
		{"Kyiv oblast is not the city", "Kyiv oblast", "UA32"},
		{"a region is an oblast, not the city", "Kyiv region", "UA32"},
		{"in Ukrainian", "Київська область", "UA32"},
		{"in Ukrainian, abbreviated", "Київська обл.", "UA32"},
		{"in Russian", "Киевская обл", "UA32"},
		{"a romanised soft sign", "Kyivs'ka oblast'", "UA32"},
		{"the country", "україна", "UA"},
		{"apostrophes do not matter", "L'viv", "UA46"},
		{"spaces, hyphens and underscores are one", "  kyiv_OBLAST ", "UA32"},
		{"decomposed letters are the composed ones", "Ки\u0456\u0308в", "UA80"},
		{"another word in the name is not dropped", "Kyiv raion", ""},
		{"nor one before it", "Greater Kyiv", ""},
		{"an oblast without the alias is not found by its stem", "Luhansk", ""},
		{"the word alone is no name", "oblast", ""},
		{"nothing is no name", "", ""},
		{"marks alone are no name", "-'.", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := g.Resolve(tt.written)
			if got != tt.want {
				t.Errorf("Resolve(%q) = %s, want %s", tt.written, got, tt.want)
			}
			var unknown *UnknownError
			if (tt.want == "") != errors.As(err, &unknown) {
				t.Errorf("Resolve(%q) gives error %v", tt.written, err)
			}
		})
	}
}

func TestKyivOblastNeverResolvesToTheCity(t *testing.T) {
	g := gazetteer(t, some())
	stems := []string{"Kyiv", "Kiev", "Київ", "Киев", "Kyivska", "Київська", "Киевская", "Kyivs'ka"}
	words := slices.Concat(oblastWords[:], []string{"Oblast", "oblast'", "ОБЛАСТЬ", "obl.", "province", "oblasts", "область (без Києва)"})
	for _, stem := range stems {
		for _, word := range words {
			for _, between := range []string{" ", "-", "_", "  ", "\u00a0", ""} {
				name := stem + between + word
				if id, _ := g.Resolve(name); id == "UA80" {
					t.Errorf("%q resolves to the city", name)
				}
			}
		}
	}
}

func TestUnknownNamesSuggestNearOnes(t *testing.T) {
	g := gazetteer(t, some())
	for _, tt := range []struct {
		written string
		want    []string
	}{
		{"Lvov", []string{`"Lviv oblast" (UA46)`}},
		{"Chernivci oblast", []string{`"Chernivtsi oblast" (UA73)`, `"Chernihiv oblast" (UA74)`}},
		{"Sebastopol", []string{`"Sevastopol" (UA85)`}},
		{"Atlantis", nil},
		{strings.Repeat("Kyiv", 1<<18), nil},
	} {
		var unknown *UnknownError
		if _, err := g.Resolve(tt.written); !errors.As(err, &unknown) {
			t.Fatalf("Resolve(%.20q) succeeded", tt.written)
		}
		if !slices.Equal(unknown.Suggestions, tt.want) {
			t.Errorf("%.20q suggests %v, want %v", tt.written, unknown.Suggestions, tt.want)
		}
	}
}

func TestSuggestionsDoNotDependOnTheOrderOfAreas(t *testing.T) {
	want := gazetteer(t, some()).suggest("UA8")
	if len(want) != 3 {
		t.Fatalf("UA8 suggests %v, want three names", want)
	}
	rapid.Check(t, func(t *rapid.T) {
		g, err := NewGazetteer(rapid.Permutation(some()).Draw(t, "areas"))
		if err != nil {
			t.Fatal(err)
		}
		if got := g.suggest("UA8"); !slices.Equal(got, want) {
			t.Fatalf("UA8 suggests %v, then %v", want, got)
		}
	})
}

func TestAGazetteerThatCannotBeTrustedIsNotMade(t *testing.T) {
	for _, tt := range []struct {
		name  string
		areas []Area
		want  string
	}{
		{"an alias of two areas", []Area{{ID: "A", Aliases: []string{"Springfield"}}, {ID: "B", Aliases: []string{"springfield"}}}, `"springfield" belongs to both A and B`},
		{"a name that is another's alias once folded", []Area{{ID: "A", English: "Kyiv region"}, {ID: "B", Aliases: []string{"Kyiv-Oblast"}}}, `"Kyiv-Oblast" belongs to both A and B`},
		{"a code that is another's name", []Area{{ID: "A"}, {ID: "B", English: "a"}}, `"a" belongs to both A and B`},
		{"an area listed twice", []Area{{ID: "A"}, {ID: "A"}}, "A is listed twice"},
		{"an area without a code", []Area{{English: "Nowhere"}}, `"Nowhere" has no code`},
		{"a parent that is not listed", []Area{{ID: "A", Parent: "B", Level: 1}}, "parent B, which is not listed"},
		{"an area that is its own parent", []Area{{ID: "A", Parent: "A", Level: 1}}, "parent A of level 1"},
		{"a parent of the same level", []Area{{ID: "A", Parent: "B", Level: 1}, {ID: "B", Level: 1}}, "parent B of level 1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := NewGazetteer(tt.areas)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("NewGazetteer gives %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func TestAreasAreFoundByTheirCode(t *testing.T) {
	g := gazetteer(t, some())
	var ids []string
	for i := range g.Areas() {
		ids = append(ids, string(g.Areas()[i].ID))
		if a, ok := g.Get(g.Areas()[i].ID); !ok || a != &g.Areas()[i] {
			t.Errorf("Get(%s) = %v, %v", g.Areas()[i].ID, a, ok)
		}
	}
	if !slices.IsSorted(ids) {
		t.Errorf("areas come as %v, want them by code", ids)
	}
	if _, ok := g.Get("UA99"); ok {
		t.Error("Get finds UA99")
	}
}

func TestEveryWayToWriteANameLeadsBackToIt(t *testing.T) {
	g := gazetteer(t, some())
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SampledFrom(g.Areas()).Draw(t, "area")
		name := rapid.SampledFrom(append([]string{a.English, string(a.ID), a.ISO31662}, a.Aliases...)).Draw(t, "name")
		if name == "" {
			return
		}
		written := rapid.SampledFrom([]func(string) string{strings.ToUpper, strings.ToLower,
			func(s string) string { return strings.ReplaceAll(s, " ", "  ") },
			func(s string) string { return strings.ReplaceAll(s, " ", "-") },
			func(s string) string { return fmt.Sprintf(" %s\t", s) },
			func(s string) string { return s + "’" },
		}).Draw(t, "way")(name)
		if id, err := g.Resolve(written); err != nil || id != a.ID {
			t.Fatalf("%q of %s resolves to %s, %v", written, a.ID, id, err)
		}
	})
}

func TestName(t *testing.T) {
	for _, tt := range []struct {
		area Area
		want string
	}{
		{Area{ID: "A", English: "Kyiv", Ukrainian: "Київ"}, "Kyiv"},
		{Area{ID: "A", Ukrainian: "Київ"}, "Київ"},
		{Area{ID: "A"}, "A"},
	} {
		if got := tt.area.Name(); got != tt.want {
			t.Errorf("%+v is named %s, want %s", tt.area, got, tt.want)
		}
	}
}
