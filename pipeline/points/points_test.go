package points

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/space"
	"hardship/pipeline/table"
)

// A row is one of table.PointTemperature; NaN and 0 are null.
type row struct {
	id       string
	lat, lon float64
	people   float64
	height   float64
	at       int // hours after the start of 2026
	temp     float64
	wind     float64
	qc       int32
	seen     hour.Instant
	gone     bool
}

var start = hour.At(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))

func batch(rows ...row) *table.Table {
	b := table.NewBuilder(table.PointTemperature)
	for _, r := range rows {
		b.Row()
		if r.id == "" { // as package mapped makes it
			r.id = fmt.Sprint(r.lat, " ", r.lon)
		}
		b.String("point_id", r.id)
		b.String("kind", "grid")
		table.Optional(b.Float64, "lat", r.lat, r.lat != 0)
		table.Optional(b.Float64, "lon", r.lon, r.lon != 0)
		table.Optional(b.Float64, "point_population", r.people, r.people != 0)
		table.Optional(b.Float64, "point_elev_m", r.height, r.height != 0)
		b.Timestamp("time_utc", start+hour.Instant(r.at)*hour.InstantsInHour)
		b.Float64("t_c", r.temp)
		table.Optional(b.Float64, "wind_kmh", r.wind, r.wind != 0)
		b.Int32("qc", r.qc)
		b.String("source_id", "s")
		table.Optional(b.Timestamp, "first_seen_utc", r.seen, r.seen != 0)
		b.Bool("retracted", r.gone)
	}
	return b.Table()
}

func boundaries(t *testing.T) *space.Boundaries {
	t.Helper()
	b, err := space.Read([]byte(`{"type":"FeatureCollection","features":[
		{"type":"Feature","properties":{"c":"A"},"geometry":{"type":"Polygon","coordinates":[[[30,50],[31,50],[31,51],[30,51],[30,50]]]}},
		{"type":"Feature","properties":{"c":"B"},"geometry":{"type":"Polygon","coordinates":[[[31,50],[32,50],[32,51],[31,51],[31,50]]]}},
		{"type":"Feature","properties":{"c":"far"},"geometry":{"type":"Polygon","coordinates":[[[50,50],[52,50],[52,51],[50,50]]]}}]}`), "c", space.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func add(t *testing.T, r *Readings, rows ...row) []Fault {
	t.Helper()
	faults, err := r.Add(batch(rows...))
	if err != nil {
		t.Fatal(err)
	}
	return faults
}

// made prints the rows that weights make.
func made(t *testing.T, r *Readings, w []Weights) []string {
	t.Helper()
	var rows []string
	err := r.Areas(w, func(b *table.Table) error {
		for i := range b.Rows() {
			cell := func(name string) any { return b.Value(i, table.Temperature.Index(name)) }
			at := (cell("time_utc").(hour.Instant) - start) / hour.InstantsInHour
			temp := "null"
			if v, ok := cell("t_c").(float64); ok {
				temp = fmt.Sprintf("%.9g", v)
			}
			one := fmt.Sprintf("%v %d %s", cell("area_id"), at, temp)
			for _, name := range []string{"wind_kmh", "first_seen_utc"} {
				if v := cell(name); v != nil {
					one += fmt.Sprintf(" %s=%v", name, v)
				}
			}
			if qc := cell("qc").(int32); qc != 0 {
				one += fmt.Sprintf(" qc=%d", qc)
			}
			rows = append(rows, one)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func byBoundaries(t *testing.T, r *Readings, rule Rule) []string {
	t.Helper()
	w, err := r.ByBoundaries(boundaries(t), rule)
	if err != nil {
		t.Fatal(err)
	}
	return made(t, r, w)
}

func equal(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

const day = 24 * hour.InstantsInHour

// The last version of an hour that the as-of can know holds, also if it has no
// reading; readings of one version are averaged; only good ones count.
func TestTheLastVersionOfAnHourHolds(t *testing.T) {
	nan := math.NaN()
	v := func(days int) hour.Instant { return start + hour.Instant(days)*day }
	r := NewReadings(v(9), 1<<20, true)
	at := func(h int, temp float64) row { return row{id: "p", lat: 50.5, lon: 30.5, at: h, temp: temp} }
	with := func(r row, change func(*row)) row { change(&r); return r }
	add(t, r,
		with(at(0, -1), func(r *row) { r.seen = v(2) }), with(at(0, -2), func(r *row) { r.seen = v(1) }), with(at(0, -9), func(r *row) { r.seen = v(10) }),
		with(at(1, -1), func(r *row) { r.seen = v(1) }), with(at(1, nan), func(r *row) { r.seen = v(3) }),
		with(at(2, -1), func(r *row) { r.seen, r.wind = v(1), 10 }), with(at(2, -4), func(r *row) { r.seen, r.wind = v(1), 30 }),
		with(at(3, -5), func(r *row) { r.qc = 2 }),
		with(at(4, -5), func(r *row) { r.qc = 4 }),
		with(at(5, -1), func(r *row) { r.seen = v(1) }), with(at(5, -1), func(r *row) { r.seen, r.gone = v(2), true }),
		at(-1, -7), at(300, -8), at(10*24, -9),
	)
	got := byBoundaries(t, r, Rule{Method: "nearest"})
	equal(t, "hours", slices.DeleteFunc(got, func(s string) bool { return strings.HasPrefix(s, "B") }),
		"A -1 -7",
		"A 0 -1 first_seen_utc=2026-01-03T00:00:00Z",
		"A 1 null first_seen_utc=2026-01-04T00:00:00Z",
		"A 2 -2.5 wind_kmh=20 first_seen_utc=2026-01-02T00:00:00Z",
		"A 3 null",
		"A 4 null qc=4",
		"A 5 null first_seen_utc=2026-01-03T00:00:00Z")
}

func TestRowsThatDoNotGoTogetherAreLeftOut(t *testing.T) {
	r := NewReadings(hour.DistantFuture, 1<<20, true)
	faults := add(t, r,
		row{id: "p", lat: 50.5, lon: 30.5, people: 5, temp: -1},
		row{id: "p", temp: -1, at: 1}, // its position is known
		row{id: "p", lat: 50.5, lon: 30.6, temp: -1, at: 2},
		row{id: "p", lat: 50.5, lon: 30.5, people: 6, temp: -1, at: 3},
		row{id: "q", temp: -1},
		row{lat: 50.5, lon: 31.5, temp: -1},
		row{id: "p", height: 100, temp: -1, at: 1},
		row{id: "p", height: 101, temp: -1, at: 4},
	)
	var got []string
	for _, f := range faults {
		got = append(got, fmt.Sprint(f.Row, " ", f.Column, " ", f.Code))
	}
	equal(t, "faults", got, "2 lat "+string(source.Contradiction), "3 point_population "+string(source.Contradiction), "4 lat "+string(source.MissingValue), "7 point_elev_m "+string(source.Contradiction))
	equal(t, "hours", byBoundaries(t, r, Rule{Method: "nearest"}), "A 0 -1", "A 1 -1", "B 0 -1")
}

// The order of rows and batches changes no bit, whatever the method.
func TestOrderDoesNotMatter(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var rows []row
	for i := range 30 {
		for j := range 20 {
			for h := range 4 {
				if random.IntN(10) > 0 {
					rows = append(rows, row{lat: 50.025 + 0.05*float64(j), lon: 30.05 + 0.1*float64(i%20), people: float64(1 + i + j), at: 1000 * h, temp: 10 * random.NormFloat64(), wind: random.Float64()})
				}
			}
		}
		if i == 19 {
			break
		}
	}
	var before [][]string
	for turn := range 3 {
		r := NewReadings(hour.DistantFuture, 1<<20, true)
		for part := range slices.Chunk(rows, 100+turn) {
			if faults := add(t, r, part...); faults != nil {
				t.Fatal(faults)
			}
		}
		var got [][]string
		for _, rule := range []Rule{{"area", 0.1, 0.05}, {"population", 0.1, 0.05}, {Method: "idw"}, {Method: "nearest"}} {
			got = append(got, byBoundaries(t, r, rule))
		}
		if turn > 0 {
			for i := range got {
				equal(t, fmt.Sprint("method ", i), got[i], before[i]...)
			}
		}
		if len(got[0]) != 8 {
			t.Fatalf("%d rows of 2 areas in 4 hours", len(got[0]))
		}
		before = got
		random.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	}
}

// A grid with a hole: by extent and by people, what is not there is missing.
func TestCellsThatAreNotThereAreMissing(t *testing.T) {
	cell := func(lat, lon, people, temp float64) row {
		return row{lat: lat, lon: lon, people: people, temp: temp}
	}
	whole := []row{cell(50.25, 30.25, 1, -1), cell(50.25, 30.75, 1, -1), cell(50.75, 30.25, 1, -1), cell(50.75, 30.75, 1000, -10), cell(50.25, 31.25, 1, -3)}
	for _, method := range []string{"area", "population"} {
		r := NewReadings(hour.DistantFuture, 1<<20, true)
		add(t, r, whole...)
		got := byBoundaries(t, r, Rule{method, 0.5, 0.5})
		if len(got) != 2 || got[1] != "B 0 null" || !strings.HasPrefix(got[0], "A 0 -") {
			t.Errorf("%s: %q: B has a quarter of its cells", method, got)
		}
		r = NewReadings(hour.DistantFuture, 1<<20, true)
		add(t, r, whole[1:]...)
		if got := byBoundaries(t, r, Rule{method, 0.5, 0.5}); got[0] != "A 0 null" {
			t.Errorf("%s: %q: A lacks a cell of four, whose people nobody knows", method, got)
		}
	}
	r := NewReadings(hour.DistantFuture, 1<<20, true)
	add(t, r, row{lat: 50.25, lon: 30.25, temp: -1})
	for _, tt := range []struct {
		rule Rule
		want string
	}{
		{Rule{"population", 0.5, 0.5}, "a cell has no point_population, which weights by population need"},
		{Rule{"area", 0, 0.5}, "points that are no grid (grid_step_deg, grid_lat_step_deg): the grid's step is not above 0"},
	} {
		if _, err := r.ByBoundaries(boundaries(t), tt.rule); err == nil || err.Error() != tt.want {
			t.Errorf("%v: %v", tt.rule, err)
		}
	}
}

func TestWeightsOfATable(t *testing.T) {
	given := func(rows ...string) []*table.Table {
		b := table.NewBuilder(table.AreaWeight)
		for _, text := range rows {
			f := strings.Fields(text)
			b.Row()
			b.String("area_id", f[0])
			b.String("point_id", f[1])
			b.String("weight_method", f[2])
			weight := 0.0
			fmt.Sscan(f[3], &weight)
			b.Float64("weight", weight)
			b.String("source_id", "w")
			b.Bool("retracted", len(f) > 4)
		}
		return []*table.Table{b.Table()}
	}
	r := NewReadings(hour.DistantFuture, 1<<20, false)
	add(t, r, row{id: "p", temp: -1}, row{id: "q", temp: -5}, row{id: "q", temp: -5, at: 1})
	w, err := r.ByTable(given("B p idw 1", "A q idw 3", "A p idw 1", "A p area 9", "A q idw 7 retracted", "C none idw 1", "D q idw 3", "D none idw 1", "E p idw 0"), "idw")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "hours", made(t, r, w), "A 0 -4", "A 1 null", "B 0 -1", "D 0 null", "D 1 null", "E 0 null")
	if _, err := r.ByTable(given("A p idw 1", "A p idw 2"), "idw"); err == nil || err.Error() != "a point has two weights by idw in area A" {
		t.Errorf("two weights: %v", err)
	}
	if _, err := r.ByTable(given("A p idw 1"), "area"); err == nil || err.Error() != "the table of weights has none by area" {
		t.Errorf("no weight: %v", err)
	}
}

// What is held is bounded, whatever the times: a point in the year 1 and one in
// 9999 take two blocks.
func TestMemoryIsBounded(t *testing.T) {
	r := NewReadings(hour.DistantFuture, 4*blockHours, true)
	far := row{id: "p", lat: 50.5, lon: 30.5, temp: -1}
	for _, at := range []int{-17_000_000, 69_000_000, 0, 1} {
		far.at = at
		add(t, r, far)
	}
	equal(t, "hours", byBoundaries(t, r, Rule{Method: "nearest"})[:4], "A -17000000 -1", "A 0 -1", "A 1 -1", "A 69000000 -1")
	far.at, far.wind = 0, 5
	if _, err := r.Add(batch(far)); err != nil {
		t.Fatal(err)
	}
	far.at = 10_000
	if _, err := r.Add(batch(far)); err == nil || !strings.Contains(err.Error(), "(limits.point_hours)") || strings.Contains(err.Error(), "50.5") {
		t.Errorf("beyond the limit: %v", err)
	}
}
