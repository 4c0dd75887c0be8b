package panel

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hardship/pipeline/area"
	"hardship/pipeline/gate"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// twoCountries are those of ukraine and another with an area, a county and one that
// stands alone.
func twoCountries() *area.Gazetteer {
	chicago, err := hour.LoadLocation("America/Chicago")
	if err != nil {
		panic(err)
	}
	g, err := area.NewGazetteer(append([]area.Area{
		{ID: "US", Level: area.Country, Location: chicago}, {ID: "US17", Parent: "US", Level: 1, Location: chicago},
		{ID: "US17031", Parent: "US17", Level: 2, Location: chicago, Population: 100_000}, {ID: "XX", Level: 1, Location: kyiv},
	}, ukraine().Areas()...))
	if err != nil {
		panic(err)
	}
	return g
}

// struck are strikes of several sources, publishers and countries, with and without
// ids and versions, that name areas, and that later versions place elsewhere, take
// back or leave to another publisher.
func struck(random *rand.Rand) []*table.Table {
	at := func(h int) hour.Instant { return clockAt("2025-12-10 00:00") + hour.Instant(h)*hour.InstantsInHour }
	of := func(some ...string) string { return some[random.IntN(len(some))] }
	areas := []string{"UA", "UA12", "UA32", "UA3210", "UA59", "UA80", "US", "US17", "US17031", "XX"}[:1+random.IntN(10)]
	sources := []string{"a", "b", "c"}[:1+random.IntN(3)]
	named, versions, late, alike, apart, kept := random.IntN(4), random.IntN(3), random.IntN(3), random.IntN(2), random.IntN(2) == 0, random.IntN(2) == 0
	var all []*table.Table
	for range 1 + random.IntN(4) {
		var list []cells
		for range random.IntN(400) {
			h := random.IntN(24 * 50)
			row := cells{
				"area_id": of(areas...), "source_id": of(sources...), "publisher": of("airforce", "airforce", "airforce", "south"),
				"start_utc": at(h), "end_utc": at(h + []int{0, 0, 1, 3, 14, 30}[random.IntN(6)]), "weapon": of("drone", "drone", "cruise", "reconnaissance"),
				"target_class": of("unknown", "electricity", "residential"), "time_precision": of("minute", "minute", "day"),
			}
			if random.IntN(4) < named {
				row["areas_named"] = of("UA12", "UA32", "UA80|UA59", "UA|XX", "US17|UA32", "nowhere", row["area_id"].(string))
				row["named_alone"] = random.IntN(2) == 0
			}
			switch random.IntN(3) {
			case 0:
				row["strike_id"] = ""
			case 1:
				row["strike_id"] = fmt.Sprint("s", random.IntN(300))
				if apart {
					row["strike_id"] = fmt.Sprint(row["area_id"], random.IntN(60))
				}
			}
			if random.IntN(2) < versions {
				row["first_seen_utc"] = at(h + []int{0, 10, 100, 400}[random.IntN(1+late)])
			}
			row["retracted"] = !kept && random.IntN(12) == 0
			if alike == 0 && random.IntN(2) == 0 {
				row["launched"], row["intercepted"], row["target_prob"] = random.IntN(9), random.IntN(5), float64(random.IntN(10))/9
				row["class_uses_outcome"] = random.IntN(8) == 0
			}
			list = append(list, row)
		}
		all = append(all, rows(table.Strike, list...))
	}
	return all
}

// A plainStrike is what a slow program knows of a row; its number is its place in the
// order read.
type plainStrike struct {
	number                      int
	area, id, source, publisher string
	named                       []string
	seen, end                   hour.Instant
	retracted                   bool
}

// numbered reads strikes row by row, and numbers them in place of what was launched.
func numbered(batches []*table.Table) ([]*table.Table, []plainStrike) {
	var all []plainStrike
	var made []*table.Table
	for _, t := range batches {
		var list []cells
		for row := range t.Rows() {
			c := cells{}
			for i, column := range t.Schema.Columns {
				if c[column.Name] = t.Value(row, i); column.Type == table.Timestamp && c[column.Name] != nil {
					c[column.Name] = table.Instant(t.Timestamp(column.Name), row)
				}
			}
			for _, name := range []string{"launched", "intercepted", "lost", "impacts"} {
				c[name] = nil
			}
			s := plainStrike{
				number: len(all), area: c["area_id"].(string), id: c["strike_id"].(string), source: c["source_id"].(string), publisher: c["publisher"].(string),
				seen: hour.DistantPast, end: c["end_utc"].(hour.Instant), retracted: c["retracted"].(bool),
			}
			if named, ok := c["areas_named"].(string); ok {
				s.named = strings.Split(named, "|")
			}
			if seen, ok := c["first_seen_utc"].(hour.Instant); ok {
				s.seen = seen
			}
			c["launched"] = s.number
			all, list = append(all, s), append(list, c)
		}
		made = append(made, rows(t.Schema, list...))
	}
	return made, all
}

// counting returns the rows that count, and when each came to be known first: of
// several with an id the one seen last, of those seen together the one whose source
// sorts last, and of those the one read last.
func counting(all []plainStrike, publisher string, asOf hour.Instant) (rows []plainStrike, first map[int]hour.Instant) {
	known := func(s plainStrike) bool {
		return max(s.seen, hour.DistantPast) <= asOf && (s.seen != hour.DistantPast || s.end <= asOf)
	}
	first = map[int]hour.Instant{}
	for _, s := range all {
		last := known(s)
		first[s.number] = s.seen
		for _, other := range all {
			if s.id == "" || other.id != s.id {
				continue
			}
			later := cmp.Or(cmp.Compare(other.seen, s.seen), cmp.Compare(other.source, s.source), cmp.Compare(other.number, s.number)) > 0
			last = last && !(known(other) && later)
			if other.seen <= asOf {
				first[s.number] = min(first[s.number], other.seen)
			}
		}
		if last && !s.retracted && (publisher == "" || s.publisher == publisher) {
			rows = append(rows, s)
		}
	}
	slices.SortStableFunc(rows, func(a, b plainStrike) int {
		if (a.id == "") != (b.id == "") {
			return strings.Compare(b.id, a.id) // those without one last
		}
		return strings.Compare(a.id, b.id)
	})
	return rows, first
}

// Each area sees the rows that a program finds which compares all of them with one
// another (methods.md 4.6), wherever they lie.
func TestEachAreaSeesTheStrikesThatConcernIt(t *testing.T) {
	moved, seenByName := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 2))
		batches, all := numbered(cut(random, struck(random)))
		often := rapid.IntRange(0, 4).Draw(rt, "often")
		g := twoCountries()
		s := from("2025-12-08", 60)
		s.StrikePublisher = rapid.SampledFrom([]string{"", "airforce"}).Draw(rt, "publisher")
		s.TakesIn = map[area.ID]area.ID{"UA32": "UA80", "UA59": "UA", "US17": "XX"}
		asOf := rapid.SampledFrom([]hour.Instant{s.AsOf, clockAt("2026-01-10 00:00")}).Draw(rt, "as-of")
		s.AsOf = hour.DistantFuture
		in := NewInputs(g, s)
		for _, b := range batches {
			if err := in.Add(b); err != nil {
				rt.Fatal(err)
			}
			if often > 0 && random.IntN(often) == 0 {
				if err := in.Spill(inMemory); err != nil {
					rt.Fatal(err)
				}
			}
		}
		in.SetAsOf(asOf)
		join, err := in.Prepare(gate.Rules{AsOf: asOf, Gazetteer: g})
		if err != nil {
			rt.Fatal(err)
		}
		rows, first := counting(all, s.StrikePublisher, asOf)
		within := func(part, whole area.ID) bool {
			for part != "" && part != whole {
				a, _ := g.Get(part)
				part = a.Parent
			}
			return part == whole
		}
		for _, p := range join.passes {
			whole, err := p.loaded()
			if err != nil {
				rt.Fatal(err)
			}
			moved += len(whole.struck.moved)
			want := map[string][]string{} // by the area in which they lie
			for _, one := range rows {
				id, from := p.area.ID, area.ID(one.area)
				_, ambiguous := s.TakesIn[from]
				var inside, certain bool
				switch {
				case from == id:
					inside, certain = true, !ambiguous
				case within(from, id):
					inside, certain = true, true
				case within(id, from), s.TakesIn[from] == id:
				case slices.Contains(one.named, string(id)):
					seenByName++
				default:
					continue
				}
				want[one.area] = append(want[one.area], fmt.Sprint(one.number, " ", inside, certain, first[one.number]))
			}
			for _, seen := range whole.strikes {
				var got []string
				for one := range seen.all() {
					got = append(got, fmt.Sprint(one.launched.N, " ", seen.inside, seen.certain, one.seen))
				}
				id := string(in.areas[seen.position].id)
				if len(seen.sources) == 1 { // no order says anything
					slices.Sort(got)
					slices.Sort(want[id])
				}
				if !slices.Equal(got, want[id]) {
					rt.Errorf("%s sees of %s\n%v, want\n%v", p.area.ID, id, got, want[id])
				}
				delete(want, id)
			}
			if len(want) > 0 {
				rt.Errorf("%s does not see %v", p.area.ID, want)
			}
		}
	})
	if moved == 0 || seenByName == 0 {
		t.Errorf("%d strikes moved, %d seen by name", moved, seenByName)
	}
}

// Ids are compared a share after the other, and by a hash that two may have: neither
// says that a strike has moved that has not.
func TestOnlyStrikesOfSeveralAreasHaveMoved(t *testing.T) {
	in := NewInputs(ukraine(), from("2026-01-20", 10))
	at := func(id, in string, seen string) cells {
		return bulletin("2026-01-21 01:00", "2026-01-21 02:00", cells{"strike_id": id, "area_id": in, "first_seen_utc": seen})
	}
	if err := in.Add(strikes(
		at("x", "UA12", "2026-01-21 03:00"), at("x", "UA59", "2026-01-21 04:00"), at("x", "UA80", "2026-01-21 02:00"),
		at("y", "UA12", "2026-01-21 03:00"), at("y", "UA12", "2026-01-21 04:00"), at("z", "UA59", "2026-01-21 03:00"),
	)); err != nil {
		t.Fatal(err)
	}
	// As if all hashes were those of several areas.
	all := map[uint64]bool{hashOf("x"): true, hashOf("y"): true, hashOf("z"): true}
	for _, find := range []func() (map[string]placed, error){
		func() (map[string]placed, error) { return in.strikesMoved(mostStrikeIDs) },
		func() (map[string]placed, error) { return in.strikesMoved(1) },
		func() (map[string]placed, error) { return in.placesOf(all) },
	} {
		got, err := find()
		want := placed{"UA59", clockAt("2026-01-21 02:00")}
		if err != nil || len(got) != 1 || got["x"] != want {
			t.Errorf("%v, %v", got, err)
		}
	}
}

// The pass of a part reads, beside what lies of its own area, the strikes of the area
// above it: of no other part, and none where there are none.
func TestAPartReadsTheStrikesItSeesAlone(t *testing.T) {
	for _, tt := range []struct {
		name   string
		nation bool // strikes lie in the country itself
		reads  int  // records, hours and strikes of its own, and those of the country
	}{{"strikes of parts", false, 3}, {"and of the country", true, 4}} {
		t.Run(tt.name, func(t *testing.T) {
			s := from("2026-01-20", 10)
			in := NewInputs(ukraine(), s)
			list := []cells{bulletin("2026-01-21 01:00", "2026-01-21 02:00", cells{"area_id": "UA12"}), bulletin("2026-01-21 01:00", "2026-01-21 02:00", cells{"area_id": "UA59"})}
			if tt.nation {
				list = append(list, bulletin("2026-01-21 01:00", "2026-01-21 02:00", nil))
			}
			if err := in.Add(strikes(list...)); err != nil {
				t.Fatal(err)
			}
			counted := &fileFaults{}
			if err := in.Spill(func() (SpillFile, error) { return &memoryFile{faults: counted}, nil }); err != nil {
				t.Fatal(err)
			}
			join, err := in.Prepare(gate.Rules{AsOf: s.AsOf, Gazetteer: ukraine()})
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range join.passes {
				if _, err := p.national(); err != nil {
					t.Fatal(err)
				}
				before := counted.reads
				whole, err := p.loaded()
				if err != nil {
					t.Fatal(err)
				}
				if reads := counted.reads - before; p.area.ID == "UA12" && (reads != tt.reads || len(whole.strikes) != tt.reads-2) {
					t.Errorf("%d reads and strikes of %d areas, want %d reads", reads, len(whole.strikes), tt.reads)
				}
			}
		})
	}
}

// Of a strike inputs hold 32 bytes, and at most as many again of blocks that are not
// full; what strikes of all areas share is held once.
func TestStrikesAreHeldInFewBytes(t *testing.T) {
	s := benchSettings()
	const areas, n = 20, 20_000
	in := NewInputs(nil, s)
	for _, one := range batches(table.Strike, n, func(b *table.Builder, i int) {
		b.String("strike_id", "")
		b.String("area_id", fmt.Sprintf("A%04d", i%areas))
		b.Bool("named_alone", true)
		b.String("publisher", "p")
		b.Timestamp("start_utc", hour.Instant(s.First)*24*hour.InstantsInHour+hour.Instant(i)*hour.Minute)
		b.Timestamp("end_utc", hour.Instant(s.First)*24*hour.InstantsInHour+hour.Instant(i)*hour.Minute)
		b.String("time_precision", "minute")
		b.String("weapon", "drone")
		b.String("target_class", []string{"electricity", "residential"}[i/7%2])
		b.Bool("class_uses_outcome", false)
	}) {
		if err := in.Add(one); err != nil {
			t.Fatal(err)
		}
	}
	room := 0
	for _, a := range in.areas {
		for _, block := range a.strikes.list {
			room += cap(block)
		}
	}
	row := reflect.TypeFor[strike]()
	if row.Size() != 32 || room > 2*n+16*areas || len(in.strikeFacts.all) != 2 || in.strikeIDs.length() != 0 {
		t.Errorf("%d bytes a row, room for %d rows, %d facts, %d ids", row.Size(), room, len(in.strikeFacts.all), in.strikeIDs.length())
	}
}
