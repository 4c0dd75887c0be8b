package space

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"hardship/pipeline/area"
)

// box is a closed ring, counterclockwise, as GeoJSON.
func box(west, south, east, north float64) string {
	return fmt.Sprintf("[[%v,%v],[%v,%v],[%v,%v],[%v,%v],[%v,%v]]", west, south, east, south, east, north, west, north, west, south)
}

func feature(code, geometry, coordinates string) string {
	return fmt.Sprintf(`{"type":"Feature","properties":{"pcode":%q},"geometry":{"type":%q,"coordinates":%s}}`, code, geometry, coordinates)
}

func polygonOf(code string, rings ...string) string {
	return feature(code, "Polygon", "["+strings.Join(rings, ",")+"]")
}

func collection(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",\n") + `]}`
}

func read(t testing.TB, features ...string) *Boundaries {
	t.Helper()
	b, err := Read([]byte(collection(features...)), "pcode", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func near(t testing.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(want) != math.IsNaN(got) || math.Abs(got-want) > tolerance {
		t.Errorf("%s = %.12g, want %.12g", what, got, want)
	}
}

func TestRead(t *testing.T) {
	// Parts of one area under one code, a hole, a height, a mark of UTF-8,
	// members in any order, an old crs and an escape.
	file := "\ufeff" + ` {"features":[
		{"geometry":{"coordinates":[` + box(30, 50, 31, 51) + `,` + box(30.25, 50.25, 30.5, 50.5) + `],"type":"Polygon"},
		 "properties":{"other":{"pcode":"no"},"p\u0063ode":"UA80"},"id":7,"type":"Feature"},
		{"type":"Feature","bbox":[0,0,1,1],"properties":{"pcode":"UA32"},
		 "geometry":{"type":"MultiPolygon","coordinates":[[` + box(10, 50, 11, 51) + `],[[[12,50,99.5],[13,50,1],[13,51,2],[12,50,99.5]]]]}},
		{"type":"Feature","properties":{"pcode":"UA80"},"geometry":{"type":"Polygon","coordinates":[` + box(40, 50, 41, 51) + `]}}],
		"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"type":"FeatureCollection"}
		`
	b, err := Read([]byte(file), "pcode", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := b.IDs(), []area.ID{"UA32", "UA80"}; !slices.Equal(got, want) {
		t.Errorf("areas = %v, want %v", got, want)
	}
	km2, ok := b.SquareKilometres("UA80")
	near(t, "UA80 with its second part, less its hole", km2, boxKM2(30, 31, 50, 51)+boxKM2(40, 41, 50, 51)-boxKM2(30.25, 30.5, 50.25, 50.5), 1e-8)
	if _, stray := b.SquareKilometres("UA05"); !ok || stray {
		t.Error("SquareKilometres knows an area that the file lacks, or not one that it has")
	}
	if got := b.Missing([]area.ID{"UA80", "UA05", "UA32", "UA01"}); !slices.Equal(got, []area.ID{"UA05", "UA01"}) {
		t.Errorf("missing = %v, want UA05 and UA01", got)
	}
	if got := b.Missing(b.IDs()); got != nil {
		t.Errorf("%v is missing of its own areas", got)
	}
}

func TestReadRefuses(t *testing.T) {
	good := polygonOf("UA80", box(30, 50, 31, 51))
	second := func(f string) string { return collection(good, f) }
	ring := func(points string) string { return second(polygonOf("UA32", points)) }
	for _, tt := range []struct{ name, file, want string }{
		{"an empty file", "", "line 1: not JSON: unexpected end of JSON input"},
		{"a cut file", "{\"type\":\n\n", "line 3: not JSON: unexpected end of JSON input"},
		{"a number that is none", ring("[[NaN,50],[31,50],[31,51],[30,50]]"), "line 2: not JSON: invalid character 'N' looking for beginning of value"},
		{"bytes that are no text", "{\"\xff\":1}", "not UTF-8"},
		{"a list", "[1]", "the file is a list, not a FeatureCollection"},
		{"a lone feature", good, "the file's type is Feature, not a FeatureCollection"},
		{"no type", `{"features":[]}`, "the file's type is absent, not a FeatureCollection"},
		{"a type to upset a terminal", `{"type":"\u001b[2J"}`, "the file's type is unknown, not a FeatureCollection"},
		{"no features", collection(), "the file has no features"},
		{"features that are no list", `{"type":"FeatureCollection","features":{}}`, "features: is an object, not a list"},
		{"features twice", `{"type":"FeatureCollection","features":[],"features":[]}`, `"features" is given twice`},
		{"metres", `{"type":"FeatureCollection","crs":{"properties":{"name":"EPSG:3857"}},"features":[]}`,
			"crs: not WGS84 in degrees (CRS84 or EPSG:4326): convert the file"},
		{"a feature that is none", second("null"), `feature 2, property "pcode": is null, not a Feature`},
		{"a geometry in a feature's place", second(`{"type":"Polygon","coordinates":[]}`), `feature 2, property "pcode": its type is Polygon, not Feature`},
		{"no properties", second(`{"type":"Feature","properties":null}`), `feature 2, property "pcode": properties: is null, not an object`},
		{"another property", second(`{"type":"Feature","properties":{"ADM1_PCODE":"UA32","name":"x"}}`),
			`feature 2, property "pcode": absent; the feature has "ADM1_PCODE", "name"`},
		{"a code that is a number", second(`{"type":"Feature","properties":{"pcode":8}}`), `feature 2, property "pcode": is a number, not text`},
		{"an empty code", second(`{"type":"Feature","properties":{"pcode":""}}`), `feature 2, property "pcode": is empty`},
		{"a code with a space", second(`{"type":"Feature","properties":{"pcode":"UA32 "}}`), `feature 2, property "pcode": has spaces around it`},
		{"a long code", second(`{"type":"Feature","properties":{"pcode":"` + strings.Repeat("a", 65) + `"}}`), `feature 2, property "pcode": is longer than 64 bytes, not a code`},
		{"a code twice", second(`{"type":"Feature","properties":{"pcode":"UA32","pcode":"UA80"}}`), `feature 2, property "pcode": "pcode" is given twice`},
		{"no geometry", second(`{"type":"Feature","properties":{"pcode":"UA32"},"geometry":null}`), `feature 2, property "pcode" = "UA32": has no geometry`},
		{"a point", second(feature("UA32", "Point", "[30,50]")), `feature 2, property "pcode" = "UA32": geometry: its type is Point, not Polygon or MultiPolygon`},
		{"an empty multipolygon", second(feature("UA32", "MultiPolygon", "[]")), `feature 2, property "pcode" = "UA32": geometry: has no polygons`},
		{"no coordinates", second(`{"type":"Feature","properties":{"pcode":"UA32"},"geometry":{"type":"Polygon"}}`),
			`feature 2, property "pcode" = "UA32": coordinates: is absent, not a list`},
		{"a polygon without rings", second(feature("UA32", "MultiPolygon", "[["+box(0, 0, 1, 1)+"],[]]")), `feature 2, property "pcode" = "UA32": polygon 2: has no rings`},
		{"an open ring", ring("[[30,50],[31,50],[31,51],[30,51]]"), `feature 2, property "pcode" = "UA32": polygon 1: ring 1: is open: its last point is not its first`},
		{"a ring of three points", ring("[[30,50],[31,50],[30,50]]"), `feature 2, property "pcode" = "UA32": polygon 1: ring 1: has 3 points, fewer than 4`},
		{"a ring of one line", ring("[[30,50],[31,50],[31,50],[30,50]]"), `feature 2, property "pcode" = "UA32": polygon 1: encloses nothing, or its holes are larger than itself`},
		{"a hole larger than the polygon", second(polygonOf("UA32", box(0, 0, 1, 1), box(0, 0, 2, 2))), `feature 2, property "pcode" = "UA32": polygon 1: encloses nothing, or its holes are larger than itself`},
		{"a longitude out of range", ring("[[180.5,50],[31,50],[31,51],[30,50]]"), `feature 2, property "pcode" = "UA32": polygon 1: ring 1: point 1: its longitude is outside ±180°`},
		{"longitude and latitude swapped", ring("[[50,30],[50,131],[51,131],[50,30]]"), `feature 2, property "pcode" = "UA32": polygon 1: ring 1: point 2: its latitude is outside ±90°`},
		{"a number beyond float64", ring("[[30,50],[1e999,50],[31,51],[30,50]]"), `feature 2, property "pcode" = "UA32": polygon 1: ring 1: point 2: coordinate 1: is a number out of range`},
		{"a null coordinate is not 0", ring("[[30,50],[31,null],[31,51],[30,50]]"), `feature 2, property "pcode" = "UA32": polygon 1: ring 1: point 2: coordinate 2: is null, not a number`},
		{"a lone longitude is not on the equator", ring("[[30,50],[31],[31,51],[30,50]]"), `feature 2, property "pcode" = "UA32": polygon 1: ring 1: point 2: has 1 coordinates, fewer than 2`},
		{"a ring in a polygon's place", second(feature("UA32", "Polygon", box(30, 50, 31, 51))), `feature 2, property "pcode" = "UA32": polygon 1: ring 1: point 1: is a number, not a list`},
		{"a multipolygon's coordinates in a polygon", second(feature("UA32", "Polygon", "[["+box(30, 50, 31, 51)+"]]")), `feature 2, property "pcode" = "UA32": polygon 1: ring 1: point 1: coordinate 1: is a list, not a number`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b, err := Read([]byte(tt.file), "pcode", Limits{})
			if err == nil || b != nil || err.Error() != tt.want {
				t.Errorf("Read = %v, error\n%v, want\n%s", b, err, tt.want)
			}
			var of *FeatureError
			if strings.HasPrefix(tt.want, "feature 2") && (!errors.As(err, &of) || of.Feature != 2 || of.Property != "pcode") {
				t.Errorf("%#v is no error of feature 2", err)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	file := []byte(collection(polygonOf("a", box(0, 0, 1, 1)), polygonOf("b", box(1, 0, 2, 1))))
	if _, err := Read(file, "pcode", Limits{len(file), 2, 10}); err != nil {
		t.Errorf("a file of just its limits: %v", err)
	}
	for _, limits := range []Limits{{len(file) - 1, 2, 10}, {len(file), 1, 10}, {len(file), 2, 9}} {
		if _, err := Read(file, "pcode", limits); !errors.Is(err, ErrTooLarge) {
			t.Errorf("limits %v: error %v, want ErrTooLarge", limits, err)
		}
	}
}

// Each is some megabytes: what it asks for must not grow faster than itself.
func TestHostileFilesEndSoon(t *testing.T) {
	const n = 200_000
	var comb strings.Builder
	for i := range n {
		fmt.Fprintf(&comb, "[%v,-80],[%v,80],", float64(i)/n, (float64(i)+0.5)/n)
	}
	for _, tt := range []struct {
		name, file string
		ok         bool
	}{
		{"deep lists", strings.Repeat("[", n*10), false},
		{"deep objects", strings.Repeat(`{"type":`, n), false},
		{"deep lists for coordinates", collection(feature("a", "Polygon", strings.Repeat("[", 9000)+strings.Repeat("]", 9000))), false},
		{"every property the same", collection(`{"type":"Feature","properties":{` + strings.Repeat(`"a":1,`, n) + `"b":1}}`), false},
		{"every property the code", collection(`{"type":"Feature","properties":{` + strings.Repeat(`"pcode":"a",`, n) + `"b":1}}`), false},
		{"many empty rings", collection(feature("a", "Polygon", "["+strings.Repeat("[],", n)+"[]]")), false},
		{"a long number", collection(polygonOf("a", "[[0."+strings.Repeat("3", n)+",0],[1,0],[1,1],[0,0]]")), false},
		{"each edge across all latitudes", collection(polygonOf("a", "[[0,-85],"+comb.String()+"[1,-85],[0,-85]]")), true},
		{"many holes", collection(polygonOf("a", box(0, 0, 90, 80), strings.TrimSuffix(strings.Repeat(box(1, 1, 1.0001, 1.0001)+",", n/10), ","))), true},
		{"rings that touch themselves", collection(polygonOf("a", "[[0,0],[2,2],[4,0],[4,4],[2,2],[0,4],[0,0]]")), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			b, err := Read([]byte(tt.file), "pcode", Limits{})
			if (err == nil) != tt.ok {
				t.Errorf("error = %v, want one: %v", err, !tt.ok)
			}
			if b != nil {
				for i := range 1000 {
					b.Locate(float64(i)/500, 1)
				}
				for _, p := range b.areas[0].polygons {
					if len(p.edges) > 5*len(p.points) {
						t.Errorf("%d points have %d edges in bands", len(p.points), len(p.edges))
					}
				}
			}
			if took := time.Since(start); took > 2*time.Minute { // hangs: without its limits it would take far longer; how fast it is depends on the machine
				t.Errorf("took %v", took)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(collection(polygonOf("UA80", box(30, 50, 31, 51), box(30.25, 50.25, 30.5, 50.5)))))
	f.Add([]byte(collection(feature("UA32", "MultiPolygon", "[["+box(10, 50, 11, 51)+"],["+box(-180, -90, 180, 90)+"]]"))))
	f.Add([]byte(collection(polygonOf("a", "[[0,0],[2,2],[4,0],[4,4],[2,2],[0,4],[0,0]]"))))
	f.Add([]byte(`{"type":"FeatureCollection","crs":{"properties":{"name":"EPSG:4326"}},"features":[{"type":"Feature","properties":{"p\u0063ode":"\ud800"}}]}`))
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"pcode":"a"},"geometry":{"type":"Polygon","coordinates":[[[1e-300,5e-324],[1,0],[1,1],[1e-300,5e-324]]]}}]}`))
	grid := Grid{Lon: -175, Lat: 85, LonStep: 10, LatStep: -10, Columns: 36, Rows: 18}
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := Read(data, "pcode", Limits{Bytes: 1 << 20})
		if (err == nil) == (b == nil) {
			t.Fatalf("Read gave %v and %v", b, err)
		}
		if err != nil {
			return
		}
		b.Locate(0.5, 0.5)
		all, err := GridWeights(b, grid, nil)
		if err != nil {
			return
		}
		for _, w := range all {
			total := 0.0
			for _, c := range w.Cells {
				if !(c.Weight > 0 && c.KM2 > 0) {
					t.Fatalf("area %q has the weight %v in a cell", w.Area, c)
				}
				total += c.Weight
			}
			if len(w.Cells) > 0 && math.Abs(total-1) > 1e-9 {
				t.Fatalf("the weights of area %q sum to %v", w.Area, total)
			}
		}
	})
}

// The package promises that no coordinate leaves it in an error.
func TestErrorsQuoteNoCoordinate(t *testing.T) {
	for _, points := range []string{"[[123.456,91.789],[1,0],[1,1],[0,0]]", "[[12.3456,50],[31,50],[31,51],[30,51]]", "[[12.3456e999,50],[31,50],[31,51],[30,51]]"} {
		_, err := Read([]byte(collection(polygonOf("UA32", points))), "pcode", Limits{})
		if err == nil || strings.Contains(err.Error(), "3456") || strings.Contains(err.Error(), "789") {
			t.Errorf("error = %v", err)
		}
	}
}

func TestRenamed(t *testing.T) {
	b := read(t, polygonOf("UA-30", box(30, 50, 31, 51)), polygonOf("UA-32", box(31, 50, 32, 51)), polygonOf("PL", box(20, 50, 21, 51)))
	codes := map[string]area.ID{"UA-30": "UA80", "UA-32": "UA32"}
	named, unknown, err := b.Renamed(func(code string) (area.ID, bool) { id, ok := codes[code]; return id, ok })
	if err != nil {
		t.Fatal(err)
	}
	if got := named.IDs(); !slices.Equal(got, []area.ID{"UA32", "UA80"}) || !slices.Equal(unknown, []area.ID{"PL"}) {
		t.Errorf("areas %v, unknown %v", got, unknown)
	}
	if id, ok := named.Locate(30.5, 50.5); !ok || id != "UA80" {
		t.Errorf("a point of UA-30 is in %q", id)
	}
	if id, ok := named.Locate(20.5, 50.5); ok {
		t.Errorf("a point of an unknown area is in %q", id)
	}
	if got := b.IDs(); !slices.Equal(got, []area.ID{"PL", "UA-30", "UA-32"}) {
		t.Errorf("the boundaries themselves have changed: %v", got)
	}
	codes["UA-32"] = "UA80"
	_, _, err = b.Renamed(func(code string) (area.ID, bool) { id, ok := codes[code]; return id, ok })
	if want := `the codes "UA-30" and "UA-32" are both of the area UA80`; err == nil || err.Error() != want {
		t.Errorf("two codes of one area: %v, want %s", err, want)
	}
}
