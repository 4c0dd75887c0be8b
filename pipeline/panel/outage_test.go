package panel

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"pgregory.net/rapid"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// outages makes records with customers lo = hi, from a list of start, end and
// customers; an end of "" is open.
func outages(changes cells, list ...[3]any) *table.Table {
	var made []cells
	for _, o := range list {
		row := cells{"start_utc": o[0], "end_utc": o[1], "customers_lo": o[2], "customers_hi": o[2]}
		if o[1] == "" {
			row["end_utc"] = nil
		}
		for name, v := range changes {
			row[name] = v
		}
		made = append(made, row)
	}
	return rows(table.OutageInterval, made...)
}

func TestCustomerHoursAreSplitAtLocalMidnight(t *testing.T) {
	r := build(t, from("2026-01-28", 3), outages(nil,
		[3]any{"2026-01-28 00:00", "2026-01-28 01:00", 1}, // the record begins
		[3]any{"2026-01-28 22:30", "2026-01-29 03:15", 100},
		[3]any{"2026-01-30 23:00", "2026-01-31 00:00", 1}, // and ends
	))
	check(t, r.AreaDay, "UA80 2026-01-28", cells{"out_ch_lo": 151, "out_ch_hi": 151, "out_coverage": 1})
	check(t, r.AreaDay, "UA80 2026-01-29", cells{"out_ch_lo": 325, "out_ch_hi": 325})
	check(t, r.AreaDay, "UA80 2026-01-30", cells{"out_ch_lo": 1, "out_coverage": 1})
}

// The reference values are those of methods.md 6.1: 600 customers 10–14 h and
// 700 customers 12–16 h of 1000 served.
func TestOverlappingRecordsAreBounds(t *testing.T) {
	overlap := [][3]any{{"2026-01-29 10:00", "2026-01-29 14:00", 600}, {"2026-01-29 12:00", "2026-01-29 16:00", 700}}
	for _, tt := range []struct {
		name, area, group string
		lo, hi            float64
	}{
		{"capped at the customers served", "UA12", "", 4000, 4600},
		{"not capped where those are unknown", "UA80", "", 4000, 5200},
		{"united within a group", "UA80", "feeder 7", 4000, 4000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			changes := cells{"area_id": tt.area}
			if tt.group != "" {
				changes["group_id"] = tt.group
			}
			r := build(t, from("2026-01-29", 1), outages(changes, overlap...))
			check(t, r.AreaDay, tt.area+" 2026-01-29", cells{"out_ch_lo": tt.lo, "out_ch_hi": tt.hi, "out_coverage": 0.25})
		})
	}
}

func TestInsideItsSpanASourceSaysZeroAndOutsideNothing(t *testing.T) {
	r := build(t, from("2026-01-26", 6), outages(nil,
		[3]any{"2026-01-27 12:00", "2026-01-27 13:00", 10},
		[3]any{"2026-01-30 06:00", "2026-01-30 18:00", 10},
	), outages(cells{"area_id": "UA59"}, [3]any{"2026-01-28 12:00", "2026-01-28 13:00", 1}))
	nothing := cells{"out_ch_lo": nil, "out_ch_hi": nil, "out_coverage": nil}
	check(t, r.AreaDay, "UA80 2026-01-26", nothing)
	check(t, r.AreaDay, "UA80 2026-01-27", cells{"out_ch_lo": 10, "out_coverage": 0.5})
	check(t, r.AreaDay, "UA80 2026-01-28", cells{"out_ch_lo": 0, "out_ch_hi": 0, "out_coverage": 1})
	check(t, r.AreaDay, "UA80 2026-01-30", cells{"out_ch_lo": 120, "out_coverage": 0.75})
	check(t, r.AreaDay, "UA80 2026-01-31", nothing)
	// The source lists UA59 too, so its span holds there.
	check(t, r.AreaDay, "UA59 2026-01-29", cells{"out_ch_lo": 0, "out_coverage": 1})
	// It never listed UA32.
	check(t, r.AreaDay, "UA32 2026-01-29", nothing)
}

func TestTheGapBetweenTwoSourcesIsUnknown(t *testing.T) {
	r := build(t, from("2026-01-26", 6),
		outages(cells{"source_id": "old"}, [3]any{"2026-01-25 12:00", "2026-01-28 06:00", 10}),
		outages(cells{"source_id": "new"}, [3]any{"2026-01-30 00:00", "2026-02-01 00:00", 10}))
	check(t, r.AreaDay, "UA80 2026-01-28", cells{"out_ch_lo": 60, "out_coverage": 0.25})
	check(t, r.AreaDay, "UA80 2026-01-29", cells{"out_ch_lo": nil, "out_coverage": nil})
	check(t, r.AreaDay, "UA80 2026-01-30", cells{"out_ch_lo": 240, "out_coverage": 1})
}

func TestAnOpenOutageCountsUpToTheAsOf(t *testing.T) {
	r := build(t, from("2026-01-28", 4), outages(nil,
		[3]any{"2026-01-28 06:00", "2026-01-28 07:00", 5},
		[3]any{"2026-01-29 12:00", "", 10}))
	check(t, r.AreaDay, "UA80 2026-01-28", cells{"out_ch_lo": 5})
	checkFlags(t, r.AreaDay, "UA80 2026-01-28", "")
	check(t, r.AreaDay, "UA80 2026-01-29", cells{"out_ch_lo": 120, "out_coverage": 1})
	check(t, r.AreaDay, "UA80 2026-01-31", cells{"out_ch_lo": 240, "out_coverage": 1})
	checkFlags(t, r.AreaDay, "UA80 2026-01-29", "outages_open")
	checkFlags(t, r.AreaDay, "UA80 2026-01-31", "outages_open")
}

func TestCorrectionsAndRetractionsOfOutages(t *testing.T) {
	frame := outages(cells{"outage_id": "frame"}, [3]any{"2026-01-28 00:00", "2026-01-31 00:00", 0})
	version := func(seen string, changes cells) *table.Table {
		row := cells{"outage_id": "x", "first_seen_utc": seen, "start_utc": "2026-01-29 10:00", "end_utc": nil, "customers_lo": 100, "customers_hi": 100}
		for name, v := range changes {
			row[name] = v
		}
		return rows(table.OutageInterval, row)
	}
	first := version("2026-01-29 11:00", nil)
	closed := version("2026-01-29 13:00", cells{"end_utc": "2026-01-29 12:00"})
	for _, tt := range []struct {
		name   string
		tables []*table.Table
		lo     any
		flags  string
	}{
		{"open until it is corrected", []*table.Table{frame, first}, 1400, "outages_open"},
		{"the correction closes it", []*table.Table{frame, first, closed}, 200, ""},
		{"whichever comes first", []*table.Table{closed, first, frame}, 200, ""},
		{"a correction after the as-of is unknown", []*table.Table{frame, first, version("2036-01-01 00:00", cells{"retracted": true})}, 1400, "outages_open"},
		{"a retraction", []*table.Table{frame, first, closed, version("2026-01-30 00:00", cells{"retracted": true})}, 0, ""},
		{"what is taken back can be given again", []*table.Table{frame, first, version("2026-01-29 12:00", cells{"retracted": true}), closed}, 200, ""},
		{"a correction that moves it to another area", []*table.Table{frame, first, version("2026-01-30 00:00", cells{"area_id": "UA59"})}, 0, ""},
		{"a correction that moves it back", []*table.Table{frame, version("2026-01-29 10:30", cells{"area_id": "UA59"}), closed}, 200, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := build(t, from("2026-01-28", 3), tt.tables...)
			check(t, r.AreaDay, "UA80 2026-01-29", cells{"out_ch_lo": tt.lo, "out_coverage": 1})
			checkFlags(t, r.AreaDay, "UA80 2026-01-29", tt.flags)
		})
	}
}

func TestARowThatComesTwiceCountsOnce(t *testing.T) {
	one := outages(cells{"outage_id": "x"}, [3]any{"2026-01-29 00:00", "2026-01-30 00:00", 10})
	r := build(t, from("2026-01-29", 1), one, one)
	check(t, r.AreaDay, "UA80 2026-01-29", cells{"out_ch_lo": 240, "out_ch_hi": 240})
}

func TestUnknownNumbersOfCustomers(t *testing.T) {
	// 10 to 20 customers all day, and lo to hi more from 10:00 to 11:00.
	records := func(area string, lo, hi any) *table.Table {
		return rows(table.OutageInterval,
			cells{"area_id": area, "start_utc": "2026-01-29 00:00", "end_utc": "2026-01-30 00:00", "customers_lo": 10, "customers_hi": 20},
			cells{"area_id": area, "start_utc": "2026-01-29 10:00", "end_utc": "2026-01-29 11:00", "customers_lo": lo, "customers_hi": hi})
	}
	for _, tt := range []struct {
		name, area string
		lo, hi     any
		wantLo     any
		wantHi     any
	}{
		{"both known", "UA80", 5, 7, 240, 24*20 + 7},
		{"no upper bound", "UA80", 50, nil, 23*10 + 50, nil},
		{"an upper bound below the lower one", "UA80", 50, 7, 23*10 + 50, 24*20 + 50},
		{"no lower bound", "UA80", nil, 7, 240, 24*20 + 7},
		{"neither", "UA80", nil, nil, 240, nil},
		{"neither, but all customers are known", "UA12", nil, nil, 240, 23*20 + 1000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := build(t, from("2026-01-29", 1), records(tt.area, tt.lo, tt.hi))
			check(t, r.AreaDay, tt.area+" 2026-01-29", cells{"out_ch_lo": tt.wantLo, "out_ch_hi": tt.wantHi})
		})
	}
	r := build(t, from("2026-01-29", 1), rows(table.OutageInterval, cells{"start_utc": "2026-01-29 00:00", "end_utc": "2026-01-30 00:00"}))
	check(t, r.AreaDay, "UA80 2026-01-29", cells{"out_ch_lo": nil, "out_ch_hi": nil, "out_coverage": nil})
}

func TestOtherServicesAreNoPowerCuts(t *testing.T) {
	r := build(t, from("2026-01-29", 1),
		outages(nil, [3]any{"2026-01-29 00:00", "2026-01-30 00:00", 1}),
		outages(cells{"service": "heat", "outage_id": "h"}, [3]any{"2026-01-29 00:00", "2026-01-30 00:00", 500}))
	check(t, r.AreaDay, "UA80 2026-01-29", cells{"out_ch_lo": 24, "out_ch_hi": 24})
}

func TestDaysOf23And25Hours(t *testing.T) {
	for d, length := range map[string]float64{"2026-03-29": 23, "2025-10-26": 25} {
		next := day(d) + 1
		r := build(t, from(d, 1), outages(nil, [3]any{d + " 00:00", next.String() + " 00:00", 2}))
		check(t, r.AreaDay, "UA80 "+d, cells{"out_ch_lo": 2 * length, "hours_in_day": length, "out_coverage": 1})
	}
}

// Rows that come in one batch are put together by area, and what they share is
// found for many of them at once. Rows that come alone are not.
func TestOutagesOfABatchAreThoseOfItsRows(t *testing.T) {
	s := from("2026-01-01", 3)
	s.AsOf = clockAt("2026-01-03 12:00")
	zero := clockAt("2026-01-01 00:00")
	rapid.Check(t, func(r *rapid.T) {
		others := map[string]cells{
			"lo": {"customers_lo": nil}, "hi": {"customers_hi": nil}, "customers": {"customers_lo": nil, "customers_hi": nil}, "source": {"source_id": "other"}, "group": {"group_id": "g"},
			"service": {"service": "water"}, "retracted": {"retracted": true}, "id": {"outage_id": "o1"}, "version": {"first_seen_utc": zero + 9*hour.InstantsInHour},
		}
		// Rows may differ in some columns only; often in none but place, time and number.
		differ := rapid.SliceOfNDistinct(rapid.SampledFrom(slices.Sorted(maps.Keys(others))), 0, 2, rapid.ID).Draw(r, "differ")
		var made []cells
		for range rapid.IntRange(1, 30).Draw(r, "rows") {
			hours := func(label string) hour.Instant {
				return zero + hour.Instant(rapid.IntRange(0, 72).Draw(r, label))*hour.InstantsInHour
			}
			c := cells{"area_id": rapid.SampledFrom([]string{"A", "B", "C"}).Draw(r, "area"), "outage_id": "", "start_utc": hours("start"), "end_utc": hours("end")}
			c["customers_lo"] = rapid.IntRange(0, 9).Draw(r, "lo")
			c["customers_hi"] = rapid.IntRange(0, 9).Draw(r, "hi")
			if rapid.IntRange(0, 3).Draw(r, "open") == 0 {
				c["end_utc"] = nil
			}
			for _, name := range differ {
				if rapid.Bool().Draw(r, name) {
					maps.Copy(c, others[name])
				}
			}
			made = append(made, c)
		}
		together, alone := NewInputs(nil, s), NewInputs(nil, s)
		if err := together.Add(rows(table.OutageInterval, made...)); err != nil {
			r.Fatal(err)
		}
		for _, c := range made {
			if err := alone.Add(rows(table.OutageInterval, c)); err != nil {
				r.Fatal(err)
			}
		}
		type whole struct {
			outage
			outageFacts
		}
		of := func(in *Inputs, a *inputArea) (list []whole) {
			for o := range a.outages.all() {
				list = append(list, whole{outage{at: o.at, customers: o.customers}, *in.outageFacts.all[o.facts]})
			}
			return list
		}
		for i, a := range together.areas {
			if b := alone.areas[i]; b.id != a.id || !slices.Equal(of(together, a), of(alone, b)) {
				r.Fatalf("%s together: %v, %s alone: %v", a.id, of(together, a), b.id, of(alone, b))
			}
		}
		if len(together.areas) != len(alone.areas) {
			r.Fatalf("areas %d and %d", len(together.areas), len(alone.areas))
		}
	})
}

// Many rows at once are written on several cores, each area on one of them: also where
// a dictionary has an area twice.
func TestManyOutagesOfABatchAreThoseOfItsRows(t *testing.T) {
	const n = 20_000
	random := rand.New(rand.NewPCG(7, 11))
	b := table.NewBuilder(table.OutageInterval)
	areas := [...]string{"A", "B", "C", "D", "E", "F", "G"}
	var codes []int32
	for row := range n {
		code := int32(random.IntN(len(areas)) * random.IntN(2)) // half of them of the first
		codes = append(codes, code)
		start := clockAt("2026-01-01 00:00") + hour.Instant(random.IntN(72*60))*hour.Minute
		b.Row()
		b.String("source_id", "s")
		b.String("area_id", areas[code])
		b.String("outage_id", "")
		b.String("service", "electricity")
		b.String("cause", "unknown")
		b.Timestamp("start_utc", start)
		if row%3 > 0 {
			b.Timestamp("end_utc", start+hour.Instant(random.IntN(9))*hour.InstantsInHour)
		}
		b.Int64("customers_lo", int64(random.IntN(9)))
		b.Int64("customers_hi", int64(random.IntN(9)))
		b.Bool("retracted", false)
	}
	all := b.Table()
	of := func(threads int, parts ...*table.Table) map[area.ID][]outage {
		s := from("2026-01-01", 3)
		s.AsOf, s.Threads = clockAt("2026-01-03 12:00"), threads
		in, found := NewInputs(nil, s), map[area.ID][]outage{}
		for _, part := range parts {
			if err := in.Add(part); err != nil {
				t.Fatal(err)
			}
		}
		for _, a := range in.areas {
			found[a.id] = a.outages.appendTo(nil)
		}
		return found
	}
	var few []*table.Table
	for first := 0; first < n; first += 100 {
		few = append(few, table.New(all.Schema, all.Held().NewSlice(int64(first), int64(first+100))))
	}
	want := of(1, few...)
	if len(want) != len(areas) {
		t.Fatalf("%d areas", len(want))
	}
	for threads := 1; threads <= 7; threads++ {
		if got := of(threads, all); !maps.EqualFunc(got, want, slices.Equal[[]outage]) {
			t.Errorf("%d threads: other outages than row after row", threads)
		}
	}
	// Every second row has another code of its area.
	names := array.NewStringBuilder(memory.DefaultAllocator)
	names.AppendValues(append(areas[:], areas[:]...), nil)
	twice := array.NewInt32Builder(memory.DefaultAllocator)
	for row, code := range codes {
		twice.Append(code + int32(row%2*len(areas)))
	}
	columns := slices.Clone(all.Held().Columns())
	columns[all.Schema.Index("area_id")] = array.NewDictionaryArray(table.CodedText, twice.NewArray(), names.NewArray())
	got := of(7, table.NewCoded(all.Schema, n, columns))
	for id, list := range want {
		order := func(a, b outage) int {
			return cmp.Or(cmp.Compare(a.at.Start, b.at.Start), cmp.Compare(a.at.End, b.at.End), cmp.Compare(a.customers.Lo, b.customers.Lo), cmp.Compare(a.customers.Hi, b.customers.Hi))
		}
		slices.SortFunc(list, order)
		slices.SortFunc(got[id], order)
		if !slices.Equal(got[id], list) {
			t.Errorf("area %s by two codes: other outages", id)
		}
	}
}

// What a dictionary's codes stand for is looked up once, but not kept beyond areas that
// are taken back.
func TestAreasTakenBackAreLookedUpAnew(t *testing.T) {
	made := outages(cells{"outage_id": ""}, [3]any{"2026-01-29 01:00", "2026-01-29 02:00", 5})
	ids, codes := array.NewStringBuilder(memory.DefaultAllocator), array.NewInt32Builder(memory.DefaultAllocator)
	ids.Append("UA80")
	codes.Append(0)
	columns := slices.Clone(made.Held().Columns())
	columns[made.Schema.Index("area_id")] = array.NewDictionaryArray(table.CodedText, codes.NewArray(), ids.NewArray())
	coded := table.NewCoded(made.Schema, 1, columns)
	in := NewInputs(nil, from("2026-01-29", 1))
	for range 2 {
		if err := in.Add(coded); err != nil {
			t.Fatal(err)
		}
		if len(in.areas) != 1 || in.areas[0].outages.length != 1 {
			t.Fatalf("%d areas, the first with %d outages", len(in.areas), in.areas[0].outages.length)
		}
		in.Drop("feeders")
	}
}
