package inspect

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

var (
	start = hour.At(time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC))
	asOf  = hour.At(time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC))
)

func gazetteer(t *testing.T) *area.Gazetteer {
	t.Helper()
	g, err := area.NewGazetteer([]area.Area{{ID: "A", Level: 1, Location: time.UTC, Population: 1000}, {ID: "B", Level: 1, Location: time.UTC, CustomersServed: 50, Population: 1000}})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// temperatures is a table of hours from start on, one value each.
func temperatures(id string, from int, qc int32, seen hour.Instant, values ...float64) *table.Table {
	b := table.NewBuilder(table.Temperature)
	for i, v := range values {
		b.Row()
		b.String("area_id", id)
		b.String("kind", "area")
		b.Timestamp("time_utc", start+hour.Instant(from+i)*hour.InstantsInHour)
		b.Float64("t_c", v)
		b.Int32("qc", qc)
		b.String("source_id", "s")
		if seen != 0 {
			b.Timestamp("first_seen_utc", seen)
		}
		b.Bool("retracted", false)
	}
	return b.Table()
}

func repeat(v float64, n int) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = v
	}
	return values
}

// found is what an Inspector finds in tables one after another, whose rows stand
// on lines 2, 3, …
func found(i *Inspector, tables ...*table.Table) []string {
	var all []string
	for n, t := range tables {
		lines := make([]int32, t.Rows())
		for row := range lines {
			lines[row] = int32(row + 2)
		}
		found, err := i.Rows(t, fmt.Sprintf("f%d", n+1), lines)
		if err != nil {
			panic(err)
		}
		for _, e := range found {
			all = append(all, fmt.Sprintf("%s:%d %s %s", e.File, e.Line, e.Code, e.Field))
		}
	}
	return all
}

func TestTemperatures(t *testing.T) {
	for _, tt := range []struct {
		name   string
		tables []*table.Table
		want   []string
	}{
		{"limits are the last that pass", []*table.Table{temperatures("A", 0, 0, 0, -60, -50), temperatures("B", 0, 0, 0, 55, 40)}, nil},
		{"beyond them", []*table.Table{temperatures("A", 0, 0, 0, -60.1), temperatures("B", 0, 0, 0, 55.1)}, []string{"f1:2 H0301 t_c", "f2:2 H0301 t_c"}},
		{"a step of 20 K, either way, from file to file", []*table.Table{temperatures("A", 0, 0, 0, 1, -19), temperatures("A", 2, 0, 0, 1)}, []string{"f1:3 H0302 t_c", "f2:2 H0302 t_c"}},
		{"of two hours it is none", []*table.Table{temperatures("A", 0, 0, 0, 1), temperatures("A", 2, 0, 0, -19)}, nil},
		{"nor of two areas, or two versions", []*table.Table{temperatures("A", 0, 0, 0, 1), temperatures("B", 1, 0, 0, -19), temperatures("A", 1, 0, start, -25)}, nil},
		{"24 equal hours are told once, at the first", []*table.Table{temperatures("A", 0, 0, 0, append([]float64{1}, repeat(-7, 30)...)...)}, []string{"f1:3 H0303 t_c"}},
		{"23 are not", []*table.Table{temperatures("A", 0, 0, 0, repeat(-7, 23)...)}, nil},
		{"nor are 24 with a gap", []*table.Table{temperatures("A", 0, 0, 0, repeat(-7, 12)...), temperatures("A", 13, 0, 0, repeat(-7, 12)...)}, nil},
		{"forecasts and bad values are passed over", []*table.Table{temperatures("A", 0, 4, 0, -80, 50), temperatures("A", 2, 2, 0, -80, 50)}, nil},
		{"a second row of an hour", []*table.Table{temperatures("A", 0, 0, 0, 1), temperatures("A", 0, 0, 0, 2)}, []string{"f2:2 H0211 area_id"}},
		{"but not of another version", []*table.Table{temperatures("A", 0, 0, start, 1), temperatures("A", 0, 0, start+1, 2)}, nil},
		{"an hour to come, unless it is a forecast", []*table.Table{temperatures("A", 24*17, 0, 0, 1, 1), temperatures("B", 24*17, 4, 0, 1, 1)}, []string{"f1:3 H0306 time_utc"}},
	} {
		if d := cmp.Diff(tt.want, found(New(gazetteer(t), asOf), tt.tables...)); d != "" {
			t.Errorf("%s:\n%s", tt.name, d)
		}
	}
}

func TestCustomersAndSpans(t *testing.T) {
	outages := table.NewBuilder(table.OutageInterval)
	for n, o := range []struct {
		area string
		days int // 0: open
		lo   int64
	}{{"A", 30, 1000}, {"A", 31, 1001}, {"B", 1, 51}, {"unknown", 0, 1 << 30}} {
		outages.Row()
		outages.String("outage_id", fmt.Sprint(n))
		outages.String("area_id", o.area)
		outages.String("service", "electricity")
		outages.Timestamp("start_utc", start-40*24*hour.InstantsInHour)
		if o.days > 0 {
			outages.Timestamp("end_utc", start+hour.Instant(o.days-40)*24*hour.InstantsInHour)
		}
		outages.Int64("customers_lo", o.lo)
		outages.String("cause", "unknown")
		outages.String("source_id", "s")
		outages.Bool("retracted", false)
	}
	i := New(gazetteer(t), asOf)
	want := []string{"f1:3 H0304 end_utc", "f1:3 H0305 customers_lo", "f1:4 H0305 customers_lo"}
	if d := cmp.Diff(want, found(i, outages.Table())); d != "" {
		t.Error(d)
	}
	if err := i.Silent("s", 26); err != nil || i.Newest() != start-9*24*hour.InstantsInHour {
		t.Errorf("newest %v: %v", i.Newest(), err)
	}
	if err := i.Silent("s", 25); err == nil || !strings.Contains(err.Error(), "more than 25 days") {
		t.Errorf("a source that has been silent for 26 days: %v", err)
	}
	if err := i.Silent("s", 0); err != nil {
		t.Errorf("a source that need not speak: %v", err)
	}
	if err := New(nil, asOf).Silent("s", 1); err != nil {
		t.Errorf("a source without rows has been reported as such: %v", err)
	}
}
