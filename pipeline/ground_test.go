package pipeline

import (
	"slices"
	"testing"
	"time"

	"hardship/pipeline/area"
	"hardship/pipeline/space"
)

// A country of which the file has a part must be there whole, level by level;
// what the file has nothing of it need not have.
func TestBoundariesMustHaveACountryWhole(t *testing.T) {
	gazetteer, err := area.NewGazetteer([]area.Area{
		{ID: "UA", Level: 0, Location: time.UTC},
		{ID: "UA32", Parent: "UA", Level: 1, ISO31662: "UA-32", Location: time.UTC},
		{ID: "UA80", Parent: "UA", Level: 1, ISO31662: "UA-30", English: "Kyiv city", Location: time.UTC},
		{ID: "UA3201", Parent: "UA32", Level: 2, Location: time.UTC},
		{ID: "US17031", Level: 2, Location: time.UTC},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		codes []string
		want  []area.ID
	}{
		{"oblasts, by any name", []string{"UA-32", "kyiv city"}, nil},
		{"the country's outline", []string{"UA"}, nil},
		{"an oblast is lacking", []string{"UA80"}, []area.ID{"UA32"}},
		{"districts without oblasts", []string{"UA3201", "XX"}, nil},
		{"both levels, one with a gap", []string{"UA32", "UA3201"}, []area.ID{"UA80"}},
		{"another country's county", []string{"US17031"}, nil},
	} {
		file := `{"type":"FeatureCollection","features":[`
		for i, code := range tt.codes {
			if i > 0 {
				file += ","
			}
			file += `{"type":"Feature","properties":{"c":"` + code + `"},"geometry":{"type":"Polygon","coordinates":[[[30,50],[31,50],[31,51],[30,50]]]}}`
		}
		all, err := space.Read([]byte(file+`]}`), "c", space.Limits{})
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		named, _, err := all.Renamed(func(code string) (area.ID, bool) { id, err := gazetteer.Resolve(code); return id, err == nil })
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if got := lacking(named, gazetteer); !slices.Equal(got, tt.want) {
			t.Errorf("%s: lacking %v, want %v", tt.name, got, tt.want)
		}
	}
}
