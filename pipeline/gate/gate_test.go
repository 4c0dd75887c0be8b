package gate

import (
	"errors"
	"strings"
	"testing"
	"time"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// rules are those of an as-of at noon of 10 February 2026 in Kyiv.
func rules(t *testing.T) Rules {
	t.Helper()
	kyiv, err := hour.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	gazetteer, err := area.NewGazetteer([]area.Area{
		{ID: "UA", Level: area.Country, Location: kyiv},
		{ID: "UA80", Parent: "UA", Level: 1, Location: kyiv},
		{ID: "UA32", Parent: "UA", Level: 1, Location: kyiv, Population: 1_800_000},
		{ID: "UA3210", Parent: "UA32", Level: 2, Location: kyiv, Population: 250_000},
		{ID: "UA321001", Parent: "UA3210", Level: 3, Location: kyiv, Population: 20_000},
		{ID: "UA99", Parent: "UA", Level: 1, Location: kyiv, Population: 9_999},
		{ID: "UA98", Parent: "UA", Level: 1, Location: kyiv, Population: 20_000, CustomersServed: 999},
		{ID: "UA3220", Parent: "UA32", Level: 2, Location: kyiv},
	})
	if err != nil {
		t.Fatal(err)
	}
	return Rules{AsOf: hour.At(time.Date(2026, 2, 10, 12, 0, 0, 0, kyiv)), Gazetteer: gazetteer}
}

func feb(day int) hour.Day { return hour.Date(2026, 2, day) }

// night is a row of strike_night.
func night(b *table.Builder, id string, d hour.Day) {
	b.Row()
	b.String("area_id", id)
	b.Date("date_local", d)
	b.String("part", "night")
	b.String("weapon", "all")
	b.Int32("events_lo", 0)
	b.Int32("events_hi", 0)
}

// nights is a table of one unobjectionable row and then one that set changes.
func nights(id string, d hour.Day, set func(*table.Builder)) *table.Table {
	b := table.NewBuilder(table.StrikeNight)
	night(b, "UA80", feb(1))
	night(b, id, d)
	if set != nil {
		set(b)
	}
	return b.Table()
}

// dark is a row of hardship of one basis; announced says what the queue of a log
// had announced.
func dark(basis string, d hour.Day, announced bool) *table.Table {
	b := table.NewBuilder(table.Hardship)
	b.Row()
	b.String("area_id", "UA80")
	b.Date("date_local", d)
	b.String("scenario_id", basis)
	b.String("basis", basis)
	if announced {
		b.Float64("household_announced_h_lo", 3)
		b.Float64("household_announced_h_hi", 4)
	}
	return b.Table()
}

// restoration is a row of reliability of a period, with a quartile of its restoration
// curve if restored is not negative.
func restoration(kind string, whole bool, restored float64) *table.Table {
	b := table.NewBuilder(table.Reliability)
	b.Row()
	for name, v := range map[string]string{"area_id": "UA80", "period_id": "2024-25", "period_kind": kind, "record_kind": "interruptions"} {
		b.String(name, v)
	}
	for _, name := range []string{"period_d", "customers_out_known_d", "med_base_d"} {
		b.Int32(name, 1)
	}
	b.Float64("customers_out_coverage", 1)
	b.Bool("period_whole", whole)
	table.Optional(b.Float64, "km_q50_h", restored, restored >= 0)
	return b.Table()
}

func queue(d hour.Day) *table.Table {
	b := table.NewBuilder(table.QueueDay)
	b.Row()
	b.String("area_id", "UA80")
	b.String("group_id", "dtek:1.1")
	b.Date("date_local", d)
	b.Int32("versions", 1)
	b.Int32("observed_points", 0)
	b.Bool("typed_in", false)
	return b.Table()
}

func coverage(id string, month hour.Day) *table.Table {
	b := table.NewBuilder(table.Coverage)
	b.Row()
	b.String("measure", "temperature")
	b.String("area_id", id)
	b.Date("month_local", month)
	b.String("source_id", "none")
	b.String("counted_in", "hours")
	b.Int32("n_present", 0)
	return b.Table()
}

func spell(start, end hour.Day) *table.Table {
	b := table.NewBuilder(table.ColdSpell)
	b.Row()
	b.String("area_id", "UA80")
	b.String("rule_id", "tmean_lt_m10_5d")
	b.Date("start_date", start)
	b.Date("end_date", end)
	b.Int32("days", int32(end-start)+1)
	b.Bool("censored", false)
	b.Bool("touches_gap", false)
	return b.Table()
}

func pair(x, y string) *table.Table {
	b := table.NewBuilder(table.CrossCorrelation)
	b.Row()
	b.String("pair_id", "p01.UA80")
	b.String("area_id", "UA80")
	b.String("x_series", x)
	b.String("y_series", y)
	b.String("season", "2025-26")
	b.Int32("lag_d", 0)
	b.Int32("n", 0)
	b.Int32("n_expected", 151)
	b.Float64("coverage", 0)
	b.Bool("evaluable", false)
	return b.Table()
}

// curve is an effect of launches on outages, of an area or pooled over several.
func curve(id string, areas int32) *table.Table {
	b := table.NewBuilder(table.LagCurve)
	b.Row()
	b.String("model_id", "m")
	b.String("term", "launched")
	b.String("area_id", id)
	b.Int32("areas_n", areas)
	b.String("y_series", "area_day.sched_off_h_hi[each]")
	b.String("x_series", "strike_night.launched[UA,all]")
	b.Float64("x_value", 1)
	b.Bool("cumulative", false)
	b.Int32("lag_d", 0)
	b.Int32("n_support", 1)
	return b.Table()
}

// column is a table without rows and with one column.
func column(name string) *table.Table {
	return table.NewBuilder(&table.Schema{Name: "made", Columns: []table.Column{{Name: name, Type: table.Float64}}}).Table()
}

func midnight(t *testing.T, r Rules, d hour.Day) hour.Instant {
	t.Helper()
	a, _ := r.Gazetteer.Get("UA")
	at, err := hour.Local(d, 0, a.Location)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestClear(t *testing.T) {
	r := rules(t)
	munitions := func(name string) func(*table.Builder) {
		return func(b *table.Builder) { b.Int32(name, 3) }
	}
	longer := r
	longer.ExtraLagDays = 4
	shorter := r
	shorter.ExtraLagDays = -1
	for _, tt := range []struct {
		name   string
		table  *table.Table
		rules  Rules
		row    int    // of the violation
		reason string // part of it; "" passes
	}{
		{"the last day that ended three days before the as-of passes", nights("UA80", feb(6), nil), r, 0, ""},
		{"the day after it does not", nights("UA80", feb(7), nil), r, 1, "within the publication lag: the last day is 2026-02-06"},
		{"a longer lag holds", nights("UA80", feb(3), nil), longer, 1, "the last day is 2026-02-02"},
		{"a lag cannot be shortened", nights("UA80", feb(1), nil), shorter, -1, "never shortened"},
		{"a queue waits for 14 days", queue(hour.Date(2026, 1, 27)), r, 0, "the last day is 2026-01-26"},
		{"hours that rest on a schedule wait as long", dark("announced", hour.Date(2026, 1, 27), false), r, 0, "the last day is 2026-01-26"},
		{"and so do those of a log", dark("observed", hour.Date(2026, 1, 27), true), r, 0, "the last day is 2026-01-26"},
		{"customers that were counted wait for 3 days", dark("recorded", feb(6), false), r, 0, ""},
		{"but for 3 days", dark("recorded", feb(7), false), r, 0, "the last day is 2026-02-06"},
		{"a log beside its queue passes", dark("observed", hour.Date(2026, 1, 26), true), r, 0, ""},
		{"a log by itself", dark("observed", hour.Date(2026, 1, 26), false), r, 0, "without the schedule of its queue"},
		{"how fast supply returned in a whole winter", restoration("winter", true, 2), r, 0, ""},
		{"in a winter that is not over", restoration("winter", false, 2), r, 0, "whole winters only"},
		{"in a year", restoration("year", true, 2), r, 0, "whole winters only"},
		{"a year without it passes", restoration("year", true, -1), r, 0, ""},
		{"a queue's day before those passes", queue(hour.Date(2026, 1, 26)), r, 0, ""},
		{"a time at the end of the last day passes", nights("UA", feb(6), func(b *table.Builder) {
			b.Timestamp("window_start_utc", midnight(t, r, feb(6)))
			b.Timestamp("window_end_utc", midnight(t, r, feb(7)))
		}), r, 0, ""},
		{"a time after it does not", nights("UA", feb(6), func(b *table.Builder) {
			b.Timestamp("window_end_utc", midnight(t, r, feb(7))+1)
		}), r, 1, "window_end_utc 2026-02-07"},
		{"every date of a row is looked at", spell(feb(1), feb(7)), r, 0, "end_date 2026-02-07"},
		{"a month that begins within the lag", coverage("UA80", hour.Date(2026, 3, 1)), r, 0, "publication lag"},
		{"a month that has begun passes", coverage("UA80", feb(1)), r, 0, ""},

		{"an area that is not listed", nights("UA77", feb(1), nil), r, 1, `area "UA77" is not in the area table`},
		{"few people", nights("UA99", feb(1), nil), r, 1, "fewer than 10000 people"},
		{"few customers", nights("UA98", feb(1), nil), r, 1, "fewer than 1000 customers"},
		{"an oblast whose population is unknown passes", nights("UA80", feb(1), nil), r, 0, ""},
		{"a district whose population is unknown", coverage("UA3220", feb(1)), r, 0, "unknown"},
		{"a district in a daily table", nights("UA3210", hour.Date(2026, 1, 1), nil), r, 1, "level 2"},
		{"a district in a monthly table passes", coverage("UA3210", hour.Date(2026, 1, 1)), r, 0, ""},
		{"a district waits for 14 days", coverage("UA3210", feb(1)), r, 0, "the last day is 2026-01-26"},
		{"a place below districts, in any table", coverage("UA321001", hour.Date(2026, 1, 1)), r, 0, "level 3"},

		{"interceptions of an area", nights("UA80", feb(1), munitions("intercepted")), r, 1, "intercepted of area UA80: such figures are for the country only"},
		{"losses of an area", nights("UA80", feb(1), munitions("lost")), r, 1, "lost of area"},
		{"impacts of an area", nights("UA32", feb(1), munitions("impacts")), r, 1, "impacts of area UA32"},
		{"windows of an area", nights("UA80", feb(1), func(b *table.Builder) { b.Timestamp("window_start_utc", 0) }), r, 1, "window_start_utc of area"},
		{"all of these of the country pass", nights("UA", feb(1), func(b *table.Builder) {
			b.Int32("intercepted", 1)
			b.Int32("lost", 1)
			b.Int32("impacts", 1)
		}), r, 0, ""},
		{"launches of an area pass", nights("UA80", feb(1), munitions("launched")), r, 0, ""},

		{"outages with strikes", pair("area_day.sched_off_h_lo[UA80]", "strike_night.launched[UA,drone]"), r, 0, "outages and strikes"},
		{"strikes with outages", pair("area_day.strikes_n_hi[UA80]", "area_day.out_ch_hi[UA80]"), r, 0, "outages and strikes"},
		{"outages with bulletins that name the area", pair("area_day.out_ch_lo[UA80]", "strike_night.rows_named[UA80,all]"), r, 0, "outages and strikes"},
		{"what one household saw with launches", pair("queue_day.observed_off_h[UA80]", "area_day.launched[UA]"), r, 0, "outages and strikes"},
		{"outages with launches over four areas", curve("UA", 4), r, 0, "outages and strikes"},
		{"outages with launches of one area, whatever it says of others", curve("UA80", 5), r, 0, "outages and strikes"},
		{"outages with launches over five areas pass", curve("UA", 5), r, 0, ""},
		{"cold with outages passes", pair("area_day.tmin_c[UA80]", "area_day.sched_off_h_hi[UA80]"), r, 0, ""},
		{"cold with strikes passes", pair("area_day.tmin_c[UA80]", "strike_night.launched[UA,drone]"), r, 0, ""},

		{"a latitude", column("lat"), r, -1, "column lat could hold a place"},
		{"a longitude among other words", column("mean_lon_deg"), r, -1, "column mean_lon_deg"},
		{"a station in capitals", column("STATION_id"), r, -1, "column STATION_id"},
		{"a point", column("point_id"), r, -1, "column point_id"},
		{"an address", column("group_address"), r, -1, "column group_address"},
		{"a facility", column("facility"), r, -1, "column facility"},
		{"a geometry", column("geom_wkt"), r, -1, "column geom_wkt"},
		{"a site", column("site_name"), r, -1, "column site_name"},
		{"words that only begin like these pass", column("latest_longest_pointless_h"), r, 0, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cleared, err := Clear(tt.table, tt.rules)
			if tt.reason == "" {
				if err != nil {
					t.Fatalf("Clear: %v", err)
				}
				if cleared.Table() != tt.table {
					t.Error("the cleared table is another one")
				}
				return
			}
			var v *Violation
			if !errors.As(err, &v) {
				t.Fatalf("Clear = %v, want a *Violation", err)
			}
			if v.Row != tt.row || !strings.Contains(v.Reason, tt.reason) || v.Table == "" {
				t.Errorf("violation of table %q, row %d: %s; want row %d: %s", v.Table, v.Row, v.Reason, tt.row, tt.reason)
			}
			if want := "table " + v.Table + " may not be published"; !strings.HasPrefix(v.Error(), want) {
				t.Errorf("Error() = %q does not begin with %q", v.Error(), want)
			}
		})
	}
}

// The lag is one of civil days: it ends at local midnight.
func TestLastDayTurnsAtLocalMidnight(t *testing.T) {
	r := rules(t)
	oblast, _ := r.Gazetteer.Get("UA80")
	at := midnight(t, r, feb(10))
	for _, tt := range []struct {
		name  string
		asOf  hour.Instant
		queue bool
		want  hour.Day
	}{
		{"a microsecond before midnight", at - 1, false, feb(5)},
		{"at midnight", at, false, feb(6)},
		{"a queue at midnight", at, true, hour.Date(2026, 1, 26)},
		{"a queue before midnight", at - 1, true, hour.Date(2026, 1, 25)},
	} {
		r.AsOf = tt.asOf
		if got := r.LastDay(oblast, tt.queue); got != tt.want {
			t.Errorf("%s: last day %v, want %v", tt.name, got, tt.want)
		}
	}
	r.AsOf, r.ExtraLagDays = at, -3
	if got := r.LastDay(oblast, false); got != feb(6) {
		t.Errorf("a negative extra lag moves the last day to %v", got)
	}
}

func TestNoPublishedTableHasAForbiddenColumn(t *testing.T) {
	for _, s := range table.Outputs {
		if _, err := Clear(table.NewBuilder(s).Table(), rules(t)); err != nil {
			t.Error(err)
		}
	}
}
