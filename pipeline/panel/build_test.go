package panel

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow/array"

	"hardship/pipeline/area"
	"hardship/pipeline/gate"
	"hardship/pipeline/hour"
	"hardship/pipeline/index"
	"hardship/pipeline/table"
)

// mixed is batches of every table, areas and sources mixed, versions among them.
func mixed(random *rand.Rand) []*table.Table {
	ids := []string{"UA12", "UA32", "UA59", "UA80"}
	at := func(h int) hour.Instant { return clockAt("2026-01-20 00:00") + hour.Instant(h)*hour.InstantsInHour }
	var all []*table.Table
	for _, id := range ids {
		for _, source := range []string{"a", "b"} {
			var temps, cuts, sirens, hits, news []cells
			for h := range 24 * 12 {
				if random.IntN(10) > 0 {
					temps = append(temps, cells{"area_id": id, "source_id": source, "time_utc": at(h), "t_c": -5 - random.Float64()*15, "wind_kmh": 10.0})
				}
				if random.IntN(12) == 0 {
					temps = append(temps, cells{"area_id": id, "source_id": source, "time_utc": at(h), "t_c": -9.0, "first_seen_utc": at(h + random.IntN(99))})
				}
				if random.IntN(30) == 0 {
					cuts = append(cuts, cells{"area_id": id, "source_id": source, "outage_id": fmt.Sprint(id, source, h), "start_utc": at(h), "end_utc": at(h + 1 + random.IntN(20)),
						"customers_lo": random.IntN(300), "customers_hi": 300 + random.IntN(300)})
					sirens = append(sirens, cells{"area_id": id, "source_id": source, "start_utc": at(h), "end_utc": at(h) + hour.Instant(random.IntN(200))*hour.Minute})
					hits = append(hits, cells{"area_id": id, "source_id": source, "strike_id": fmt.Sprint("s", id, source, h), "areas_named": id, "named_alone": true,
						"start_utc": at(h), "end_utc": at(h + random.IntN(14)), "launched": random.IntN(9)},
						cells{"source_id": source, "strike_id": fmt.Sprint("n", id, source, h), "start_utc": at(h), "end_utc": at(h + random.IntN(14)), "launched": random.IntN(90)})
					news = append(news, cells{"area_id": id, "source_id": source, "report_id": fmt.Sprint(id, source, h), "date_local": "2026-01-25", "story": fmt.Sprint(h % 3), "outlets": random.IntN(5)})
				}
			}
			all = append(all, rows(table.Temperature, temps...), rows(table.OutageInterval, cuts...), rows(table.Alert, sirens...), rows(table.Strike, hits...), rows(table.Report, news...))
			letters := []rune(off(24, "."))
			for i := range letters {
				letters[i] = []rune(".#?<")[random.IntN(4)]
			}
			for _, publisher := range []string{"x", "y"} {
				all = append(all, slots("2026-01-25", string(letters), cells{"area_id": id, "source_id": source, "publisher": publisher, "first_seen_utc": at(random.IntN(150))}))
			}
			all = append(all, log(cells{"area_id": id, "source_id": source}, [2]any{at(24), true}, [2]any{at(30), false}, [2]any{at(30 + random.IntN(50)), true}, [2]any{at(90), true}))
		}
	}
	return all
}

// Neither the order in which batches of different sources and areas come nor
// the number of threads changes a table.
func TestNeitherOrderNorThreadsChangeAnything(t *testing.T) {
	batches := mixed(rand.New(rand.NewPCG(1, 2)))
	s := from("2026-01-20", 10)
	s.Sources = []string{"b"}
	s.Spells = []index.SpellRule{{Threshold: -10, Days: 3}, {Threshold: -10, Days: 1}}
	run := func(batches []*table.Table, threads int, g *area.Gazetteer) []*table.Table {
		s := s
		s.Threads = threads
		in := NewInputs(g, s)
		for _, b := range batches {
			if err := in.Add(b); err != nil {
				t.Fatal(err)
			}
		}
		g, err := in.Gazetteer()
		if err != nil {
			t.Fatal(err)
		}
		rules := gate.Rules{AsOf: s.AsOf, Gazetteer: g}
		r, err := allAreas(in, rules)
		if err != nil {
			t.Fatal(err)
		}
		return append(r.Tables(), in.Reports(rules))
	}
	for _, g := range []*area.Gazetteer{ukraine(), nil} {
		want := run(batches, 1, g)
		if want[0].Rows() == 0 || want[1].Rows() == 0 || want[2].Rows() == 0 && g != nil || want[3].Rows() == 0 || want[5].Rows() == 0 {
			t.Fatal("there is nothing to compare")
		}
		for seed := range uint64(8) {
			random := rand.New(rand.NewPCG(seed, 3))
			shuffled := slices.Clone(batches)
			random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			for i, got := range run(shuffled, 1+int(seed), g) {
				if !array.RecordEqual(got.Record(), want[i].Record()) {
					t.Fatalf("order %d on %d threads gives another %s", seed, 1+seed, got.Schema.Name)
				}
			}
		}
	}
}

func TestTablesAreInTheOrderOfTheirKeys(t *testing.T) {
	s := from("2026-01-20", 10)
	s.Spells = []index.SpellRule{{Threshold: -10, Days: 5}, {Threshold: -10, Days: 1}}
	r := build(t, s, mixed(rand.New(rand.NewPCG(5, 6)))...)
	for _, made := range r.Tables() {
		if made.Schema.Key[0] != "area_id" {
			t.Errorf("%s is sorted by %s first, and comes area by area", made.Schema.Name, made.Schema.Key[0])
		}
		sorted, err := made.Sorted()
		if err != nil {
			t.Fatal(err)
		}
		if sorted != made {
			t.Errorf("%s is not sorted", made.Schema.Name)
		}
	}
	if want := 5 * 10; r.AreaDay.Rows() != want {
		t.Errorf("%d rows of area_day, want a row for every area and day: %d", r.AreaDay.Rows(), want)
	}
}

func TestAreasLeftOutAreNamed(t *testing.T) {
	g, err := area.NewGazetteer([]area.Area{
		{ID: "A", Level: 1, Location: kyiv, Population: 9000}, {ID: "B", Level: 1, Location: kyiv}, {ID: "C", Parent: "B", Level: 2, Location: kyiv, Population: 50_000},
	})
	if err != nil {
		t.Fatal(err)
	}
	s := from("2026-01-29", 1)
	r := buildIn(t, g, s)
	join, err := NewInputs(g, s).Prepare(gate.Rules{AsOf: s.AsOf, Gazetteer: g})
	if err != nil {
		t.Fatal(err)
	}
	if len(join.Suppressed) != 2 || !strings.Contains(join.Suppressed["A"], "fewer than 10000 people") || !strings.Contains(join.Suppressed["C"], "oblasts and the country") {
		t.Errorf("left out: %v", join.Suppressed)
	}
	if r.AreaDay.Rows() != 1 || rowOf(r.AreaDay, "B 2026-01-29") < 0 {
		t.Errorf("%d rows of area_day", r.AreaDay.Rows())
	}
}

func TestDaysWithinThePublicationLagAreLeftOut(t *testing.T) {
	s := from("2026-02-01", 28)
	s.AsOf = clockAt("2026-02-10 12:00")
	r := build(t, s, nightly("2026-01-30", 12), alerts(nil, [2]string{"2026-02-01 00:00", "2026-02-09 00:00"}))
	if r.AreaDay.Rows() != 5*6 || rowOf(r.AreaDay, "UA80 2026-02-06") < 0 {
		t.Errorf("%d rows of area_day, want those to 6 February", r.AreaDay.Rows())
	}
	if rowOf(r.StrikeNight, "UA 2026-02-06 night all") < 0 || rowOf(r.StrikeNight, "UA 2026-02-07 night all") >= 0 {
		t.Error("strike_night does not end on 6 February")
	}
	check(t, r.Coverage, "UA80 temperature 2026-02-01 none", cells{"n_expected": 144})

	// A period that lies within the lag altogether has empty tables.
	s.AsOf = clockAt("2026-02-02 12:00")
	r = build(t, s, nightly("2026-01-20", 20), alerts(nil, [2]string{"2026-01-20 00:00", "2026-02-09 00:00"}),
		outages(nil, [3]any{"2026-01-20 00:00", "2026-02-09 00:00", 5}), log(nil, [2]any{"2026-01-20 00:00", true}, [2]any{"2026-02-01 00:00", true}))
	for _, made := range r.Tables() {
		if made.Rows() != 0 {
			t.Errorf("%s has %d rows", made.Schema.Name, made.Rows())
		}
	}
}

func TestAZoneOfHalfHoursIsRefused(t *testing.T) {
	delhi, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	g, err := area.NewGazetteer([]area.Area{{ID: "IN", Level: area.Country, Location: delhi}})
	if err != nil {
		t.Fatal(err)
	}
	s := from("2026-01-29", 1)
	if _, err := allAreas(NewInputs(g, s), gate.Rules{AsOf: s.AsOf, Gazetteer: g}); err == nil || !strings.Contains(err.Error(), "area IN") {
		t.Errorf("error %v", err)
	}
}

func TestAddRefusesWhatItDoesNotKnow(t *testing.T) {
	in := NewInputs(ukraine(), from("2026-01-29", 1))
	if err := in.Add(rows(table.Claim)); err == nil || !strings.Contains(err.Error(), "claim") {
		t.Errorf("a table outside the panel: %v", err)
	}
	for _, one := range []*table.Table{
		hours("2026-01-29 00:00", cells{"area_id": "UA77"}, 1.0),
		outages(cells{"area_id": "UA77"}, [3]any{"2026-01-29 00:00", "", 1}),
		slots("2026-01-29", off(24, "#"), cells{"area_id": "UA77"}),
		log(cells{"area_id": "UA77"}, [2]any{"2026-01-29 00:00", true}, [2]any{"2026-01-29 01:00", true}),
		alerts(cells{"area_id": "UA77"}, [2]string{"2026-01-29 00:00", ""}),
		rows(table.Report, cells{"area_id": "UA77", "date_local": "2026-01-29"}),
	} {
		want := fmt.Sprintf(`add rows of %s: area "UA77" is not in the area table`, one.Schema.Name)
		if err := in.Add(one); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func TestAreasAreTakenFromTheData(t *testing.T) {
	in := NewInputs(nil, from("2026-01-29", 1))
	for _, one := range []*table.Table{hours("2026-01-29 00:00", cells{"area_id": "z"}, 1.0), alerts(cells{"area_id": "b", "source_id": "bad"}, [2]string{"2026-01-29 00:00", ""}),
		strikes(bulletin("2026-01-29 00:00", "2026-01-29 01:00", cells{"area_id": "k"}))} {
		if err := in.Add(one); err != nil {
			t.Fatal(err)
		}
	}
	ids := func() string {
		g, err := in.Gazetteer()
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, a := range g.Areas() {
			ids = append(ids, fmt.Sprint(a.ID, a.Level, a.Location))
		}
		return strings.Join(ids, " ")
	}
	if got := ids(); got != "b1 Europe/Kyiv k1 Europe/Kyiv z1 Europe/Kyiv" {
		t.Errorf("areas %s", got)
	}
	in.Drop("bad")
	if got := ids(); got != "k1 Europe/Kyiv z1 Europe/Kyiv" {
		t.Errorf("without their source, areas %s", got)
	}
	if a, err := in.area("z"); err != nil || a.id != "z" || len(a.hourly) != 1 {
		t.Errorf("area z is %+v", a)
	}
}

func TestDropTakesBackAWholeSource(t *testing.T) {
	s := from("2026-01-20", 10)
	var others, all []*table.Table
	for _, b := range mixed(rand.New(rand.NewPCG(7, 8))) {
		all = append(all, b)
		if b.Rows() == 0 || b.String("source_id").Value(0) != "a" {
			others = append(others, b)
		}
	}
	in := NewInputs(ukraine(), s)
	for _, b := range all {
		if err := in.Add(b); err != nil {
			t.Fatal(err)
		}
	}
	in.Drop("a")
	newest := in.Newest()
	rules := gate.Rules{AsOf: s.AsOf, Gazetteer: ukraine()}
	got, err := allAreas(in, rules)
	if err != nil {
		t.Fatal(err)
	}
	want := build(t, s, others...)
	for i, made := range got.Tables() {
		if !array.RecordEqual(made.Record(), want.Tables()[i].Record()) {
			t.Errorf("%s still holds something of the source", made.Schema.Name)
		}
	}
	alone := NewInputs(ukraine(), s)
	for _, b := range others {
		if err := alone.Add(b); err != nil {
			t.Fatal(err)
		}
	}
	if newest != alone.Newest() {
		t.Errorf("newest %v, want %v", newest, alone.Newest())
	}
}

func TestNewestIsTheAsOfOfTheInputs(t *testing.T) {
	open := from("2026-01-29", 1)
	open.AsOf = hour.DistantFuture
	noon := "2026-01-29 12:00"
	for _, tt := range []struct {
		name   string
		tables []*table.Table
		want   hour.Instant
	}{
		{"nothing", nil, hour.DistantPast},
		{"first_seen_utc where there is one", []*table.Table{
			hours("2026-02-20 00:00", nil, 1.0), hours("2026-01-29 00:00", cells{"first_seen_utc": noon}, 1.0)}, clockAt(noon)},
		{"of temperatures outside the period too", []*table.Table{hours("2025-01-29 00:00", cells{"first_seen_utc": noon}, 1.0)}, clockAt(noon)},
		{"the hour of a temperature", []*table.Table{hours("2026-01-29 05:00", nil, 1.0)}, clockAt("2026-01-29 05:00")},
		{"the start of an outage", []*table.Table{outages(nil, [3]any{noon, "", 1})}, clockAt(noon)},
		{"the end of a strike's window", []*table.Table{strikes(bulletin("2026-01-29 01:00", noon, nil))}, clockAt(noon)},
		{"the start of an alert", []*table.Table{alerts(nil, [2]string{noon, ""})}, clockAt(noon)},
		{"the end of a household's state", []*table.Table{log(nil, [2]any{"2026-01-29 00:00", true}, [2]any{noon, true})}, clockAt(noon)},
		{"the eve of a schedule's date: tomorrow's is read today", []*table.Table{slots("2026-01-29", off(24, "#"), nil)}, clockAt("2026-01-28 00:00Z")},
		{"the date of a report", []*table.Table{rows(table.Report, cells{"date_local": "2026-01-29"})}, clockAt("2026-01-29 00:00Z")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in := NewInputs(ukraine(), open)
			for _, one := range tt.tables {
				if err := in.Add(one); err != nil {
					t.Fatal(err)
				}
			}
			if got := in.Newest(); got != tt.want {
				t.Errorf("Newest() = %v, want %v", got, tt.want)
			}
		})
	}
}

// A run that takes its as-of from the inputs gives what a run gives that is
// told the same as-of.
func TestAnAsOfSetLaterIsOneGivenFirst(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	batches := append(mixed(random), outages(nil, [3]any{"2026-01-22 10:00", "", 7}))
	open := from("2026-01-20", 10)
	open.AsOf = hour.DistantFuture
	in := NewInputs(ukraine(), open)
	for _, b := range batches {
		if err := in.Add(b); err != nil {
			t.Fatal(err)
		}
	}
	newest := in.Newest()
	in.SetAsOf(newest)
	got, err := allAreas(in, gate.Rules{AsOf: newest, Gazetteer: ukraine()})
	if err != nil {
		t.Fatal(err)
	}
	given := open
	given.AsOf = newest
	want := build(t, given, batches...)
	for i, made := range got.Tables() {
		if !array.RecordEqual(made.Record(), want.Tables()[i].Record()) {
			t.Errorf("%s differs", made.Schema.Name)
		}
	}
}

// Rows without vintages are cut by their own time: an outage after the as-of
// does not make the days before it zero.
func TestAnAsOfSetLaterCutsWhatComesAfter(t *testing.T) {
	open := from("2026-01-20", 40)
	open.AsOf = hour.DistantFuture
	in := NewInputs(ukraine(), open)
	for _, b := range []*table.Table{
		outages(nil, [3]any{"2026-01-20 00:00", "2026-01-21 00:00", 1}, [3]any{"2026-02-20 00:00", "2026-02-21 00:00", 1}),
		outages(cells{"outage_id": "x", "first_seen_utc": "2026-01-22 00:00"}, [3]any{"2026-01-20 12:00", "2026-01-20 13:00", 6}),
		outages(cells{"outage_id": "x", "first_seen_utc": "2026-02-15 00:00"}, [3]any{"2026-01-20 12:00", "2026-01-20 13:00", 99}),
		strikes(bulletin("2026-02-20 00:00", "2026-02-21 00:00", nil)),
		alerts(nil, [2]string{"2026-01-20 00:00", "2026-01-20 01:00"}, [2]string{"2026-02-20 00:00", "2026-02-20 01:00"}),
		slots("2026-02-20", off(24, "#"), nil),
	} {
		if err := in.Add(b); err != nil {
			t.Fatal(err)
		}
	}
	asOf := clockAt("2026-02-10 12:00")
	in.SetAsOf(asOf)
	r, err := allAreas(in, gate.Rules{AsOf: asOf, Gazetteer: ukraine()})
	if err != nil {
		t.Fatal(err)
	}
	check(t, r.AreaDay, "UA80 2026-01-20", cells{"out_ch_hi": 24 + 6, "alert_h": nil})
	check(t, r.AreaDay, "UA80 2026-01-25", cells{"out_ch_lo": nil, "alert_h": nil, "strikes_n_hi": nil})
	if r.StrikeNight.Rows()+r.QueueDay.Rows() > 0 {
		t.Errorf("%d nights and %d queues after the as-of", r.StrikeNight.Rows(), r.QueueDay.Rows())
	}
}

// Of two sources that give one record, the one whose name sorts later holds.
func TestTwoSourcesOfOneRecord(t *testing.T) {
	version := func(source string, customers int) *table.Table {
		return outages(cells{"outage_id": "x", "source_id": source, "first_seen_utc": "2026-01-30 00:00"}, [3]any{"2026-01-29 00:00", "2026-01-30 00:00", customers})
	}
	for _, tables := range [][]*table.Table{{version("a", 1), version("b", 2)}, {version("b", 2), version("a", 1)}} {
		r := build(t, from("2026-01-29", 1), tables...)
		check(t, r.AreaDay, "UA80 2026-01-29", cells{"out_ch_lo": 48, "out_ch_hi": 48})
	}
}

func TestReportsCountStories(t *testing.T) {
	s := from("2026-01-29", 3)
	in := NewInputs(ukraine(), s)
	report := func(id string, changes cells) cells {
		row := cells{"report_id": id, "date_local": "2026-01-29", "outlets": 2}
		for name, v := range changes {
			row[name] = v
		}
		return row
	}
	if err := in.Add(rows(table.Report,
		report("1", nil),
		report("2", cells{"story": "1", "outlets": 5}), // a repeat, with more outlets
		report("2b", cells{"story": "1", "outlets": 1}),
		report("3", cells{"ua_actor": true}),
		report("4", cells{"date_local": "2026-01-30"}),
		report("5", cells{"area_id": "UA59"}),
		report("6", cells{"area_id": "UA3210"}), // a district has no daily rows
		report("7", cells{"date_local": "2026-02-01"}),
		report("8", cells{"first_seen_utc": "2026-01-30 00:00"}),
		report("8", cells{"first_seen_utc": "2026-01-31 00:00", "retracted": true}),
	)); err != nil {
		t.Fatal(err)
	}
	rules := gate.Rules{AsOf: s.AsOf, Gazetteer: ukraine()}
	made := in.Reports(rules)
	if _, err := gate.Clear(made, rules); err != nil {
		t.Error(err)
	}
	check(t, made, "UA80 2026-01-29", cells{"reports": 2, "reports_ua_actor": 1, "sources": 7})
	check(t, made, "UA80 2026-01-30", cells{"reports": 1, "sources": 2})
	check(t, made, "UA59 2026-01-29", cells{"reports": 1, "reports_ua_actor": 0})
	if made.Rows() != 3 {
		t.Errorf("%d rows", made.Rows())
	}
	rules.AsOf = clockAt("2026-02-02 12:00") // to 29 January
	if got := in.Reports(rules).Rows(); got != 2 {
		t.Errorf("%d rows outside the publication lag, want 2", got)
	}
}
