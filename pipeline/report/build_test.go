package report

import (
	"fmt"
	"math"
	"strings"
	"time"

	"hardship/pipeline/area"
	"hardship/pipeline/gate"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// The runs of these tests are made up. shipped has everything that the shipped
// run has, in small; generic has five areas of nowhere with temperatures and
// customers; hostile is shipped with hostile text in every string.

var (
	first = hour.Date(2025, time.October, 1)
	end   = hour.Date(2026, time.April, 1)
	asOf  = hour.At(time.Date(2026, 5, 1, 12, 30, 0, 0, time.UTC))
)

// A run is what an input is built of.
type run struct {
	areas    []area.Area
	tables   map[string]*table.Builder
	warnings []Warning
	claims   *table.Builder
	text     func(string) string // every text passes through it
}

func newRun(areas []area.Area, text func(string) string) *run {
	r := &run{areas: areas, tables: map[string]*table.Builder{}, claims: table.NewBuilder(table.Claim), text: text}
	for _, s := range table.Outputs {
		r.tables[s.Name] = table.NewBuilder(s)
	}
	return r
}

func plainText(s string) string { return s }

func (r *run) input() Input { return r.inputAsOf(asOf) }

// inputAsOf is the input with the statements known by then; the tables are those
// of asOf.
func (r *run) inputAsOf(known hour.Instant) Input {
	gazetteer, err := area.NewGazetteer(r.areas)
	if err != nil {
		panic(err)
	}
	in := Input{
		Title: r.text("A winter"), Version: r.text("0.1"), AsOf: known, First: first, End: end, FocusFirst: first, FocusEnd: end,
		Gazetteer: gazetteer, Warnings: r.warnings, Claims: r.claims.Table(),
	}
	tables := map[*table.Schema]*table.Table{}
	for _, s := range table.Outputs {
		tables[s] = sortedByKey(r.tables[s.Name].Table())
	}
	tables[table.DataDictionary] = table.Dictionary(table.Outputs)
	addPauses(tables, in)
	for _, s := range table.Outputs {
		cleared, err := gate.Clear(sortedByKey(tables[s]), gate.Rules{AsOf: asOf, Gazetteer: gazetteer})
		if err != nil {
			panic(err)
		}
		in.Tables = append(in.Tables, cleared)
	}
	return in
}

func sortedByKey(t *table.Table) *table.Table {
	sorted, err := t.Sorted()
	if err != nil {
		panic(err)
	}
	return sorted
}

// set sets a number; NaN leaves it null.
func set(b *table.Builder, column string, v float64) {
	if math.IsNaN(v) {
		return
	}
	switch columnOf(column).Type {
	case table.Int32:
		b.Int32(column, int32(v))
	case table.Int64:
		b.Int64(column, int64(v))
	default:
		b.Float64(column, v)
	}
}

// columnOf finds a column by name: equal names have equal types.
func columnOf(column string) table.Column {
	for _, s := range table.Outputs {
		if c, ok := s.Column(column); ok {
			return c
		}
	}
	panic("no column " + column)
}

// areaDay adds a day of an area; cells holds what is known of it.
func (r *run) areaDay(id area.ID, d hour.Day, cells map[string]float64) {
	b := r.tables["area_day"]
	b.Row()
	b.String("area_id", string(id))
	b.Date("date_local", d)
	b.String("tz", r.text("Europe/Kyiv"))
	b.Int32("hours_in_day", 24)
	b.Int32("t_n_present", 24)
	b.Float64("t_coverage", 1)
	b.Int32("t_longest_gap_h", 0)
	b.Int32("flags", 0)
	for _, c := range table.AreaDay.Columns {
		if v, ok := cells[c.Name]; ok {
			set(b, c.Name, v)
		}
	}
}

func (r *run) night(id area.ID, d hour.Day, weapon string, launched, named float64) {
	b := r.tables["strike_night"]
	b.Row()
	b.String("area_id", string(id))
	b.Date("date_local", d)
	b.String("part", "night")
	b.String("weapon", weapon)
	set(b, "rows_named", named)
	b.Int32("events_lo", 1)
	b.Int32("events_hi", 2)
	set(b, "launched", launched)
}

func (r *run) spell(id area.ID, from, to hour.Day, tmin float64) {
	b := r.tables["cold_spell"]
	b.Row()
	b.String("area_id", string(id))
	b.String("rule_id", "tmean_lt_m10_5d")
	b.Date("start_date", from)
	b.Date("end_date", to)
	b.Int32("days", int32(to-from+1))
	set(b, "tmin_min_c", tmin)
	b.Bool("censored", false)
	b.Bool("touches_gap", false)
}

func (r *run) setting(name, value string) {
	b := r.tables["provenance"]
	b.Row()
	b.String("kind", "setting")
	b.String("name", name)
	b.String("file", value)
}

func (r *run) source(name, file, origin, licence string) {
	b := r.tables["provenance"]
	b.Row()
	b.String("kind", "input")
	b.String("name", r.text(name))
	b.String("file", r.text(file))
	b.String("sha256", strings.Repeat("ab", 32))
	b.Int64("bytes", 1000)
	b.Int64("rows_read", 12345)
	b.Int64("rows_kept", 12340)
	b.Int64("rows_rejected", 5)
	b.String("table_name", "temperature")
	b.OptionalString("origin", optionalOf(r, origin))
	b.OptionalString("revision", optionalOf(r, origin))
	b.OptionalString("licence", optionalOf(r, licence))
	b.OptionalString("attribution", optionalOf(r, origin))
}

func optionalOf(r *run, s string) string {
	if s == "" {
		return ""
	}
	return r.text(s)
}

func (r *run) covered(measure string, id area.ID, month hour.Day, source, counted string, present, expected int32) {
	b := r.tables["coverage"]
	b.Row()
	b.String("measure", measure)
	b.String("area_id", string(id))
	b.Date("month_local", month)
	b.String("source_id", r.text(source))
	b.String("counted_in", r.text(counted))
	if expected > 0 {
		b.Int32("n_expected", expected)
	}
	b.Int32("n_present", present)
}

func (r *run) warn(id, text, why string) {
	r.warnings = append(r.warnings, Warning{id, r.text(text), optionalOf(r, why)})
}

func (r *run) fact(id string, measure int32, shown float64) {
	b := r.tables["fact"]
	b.Row()
	b.String("fact_id", id)
	b.Int32("measure_no", measure)
	b.String("reported", r.text("it was cold"))
	b.String("measure", r.text("lowest temperature"))
	b.String("from_table", r.text("area_day"))
	b.String("from_column", r.text("tmin_c"))
	b.String("selection", r.text("min of rows with area_id = UA80"))
	b.String("unit", r.text("°C"))
	set(b, "shown", shown)
	b.Int32("rows_matched", 3)
}

// queueDay adds a day of a queue; off is what a household's log observed.
func (r *run) queueDay(id area.ID, d hour.Day, lo, hi, off float64) {
	b := r.tables["queue_day"]
	b.Row()
	b.String("area_id", string(id))
	b.String("group_id", r.text("operator:1.1"))
	b.Date("date_local", d)
	set(b, "sched_off_h_lo", lo)
	set(b, "sched_off_h_hi", hi)
	b.Int32("versions", 2)
	b.String("status", r.text("emergency+normal"))
	set(b, "observed_off_h", off)
	b.Int32("observed_points", 1)
	set(b, "observed_coverage", 0.71)
	b.Bool("typed_in", true)
}

func (r *run) ratio(id area.ID, weapon string, rr, lo, hi, p float64, reason string) {
	b := r.tables["rate_ratio"]
	b.Row()
	b.String("area_id", string(id))
	b.String("season", "2025-26")
	b.String("rule_id", "tmean_lt_m10_5d")
	b.String("weapon", weapon)
	b.String("family_id", weapon)
	b.Int64("x1", 40)
	b.Int32("t1_d", 12)
	b.Int64("x0", 100)
	b.Int32("t0_d", 100)
	b.Int32("n_expected", 151)
	b.Float64("coverage", 0.7)
	for column, v := range map[string]float64{"rr": rr, "ci_shift_lo": lo, "ci_shift_hi": hi, "ci_adj_lo": rr - (rr-lo)/2, "ci_adj_hi": rr + (hi-rr)/2, "phi": 8.1, "p_shift": p, "p_bh": min(1, 2*p), "p_smallest": 0.0072, "ci_naive_lo": lo, "ci_naive_hi": hi} {
		if reason == "" {
			set(b, column, v)
		}
	}
	b.Bool("evaluable", reason == "")
	b.OptionalString("reason", optionalOf(r, reason))
}

// pair adds the lags of a pair of series; n below 60 is not evaluable.
func (r *run) pair(id string, a area.ID, x, y string, n int32) {
	b := r.tables["ccf"]
	lags := 8
	if n < 60 {
		lags = 1
	}
	for lag := range lags {
		b.Row()
		b.String("pair_id", id)
		b.String("area_id", string(a))
		b.String("x_series", x)
		b.String("y_series", y)
		b.String("season", "2025-26")
		b.Int32("lag_d", int32(lag))
		b.Int32("n", n)
		b.Int32("n_expected", 151)
		b.Float64("coverage", float64(n)/151)
		if n >= 60 {
			for _, c := range []string{"r", "r_lo", "r_hi", "n_eff", "p_shift", "p_family", "p_smallest"} {
				set(b, c, map[string]float64{"r": -0.1, "r_lo": -0.3, "r_hi": 0.1, "n_eff": 50, "p_shift": 0.4, "p_family": 0.6, "p_smallest": 0.007}[c])
			}
		} else {
			b.String("reason", r.text(fmt.Sprintf("%d days with both series, fewer than 60", n)))
		}
		b.Bool("evaluable", n >= 60)
	}
}

// A statement is a claim about a pause; zero fields were not said.
type statement struct {
	id, stance, places string
	targets            string    // "" for all or energy
	spoken             time.Time // at the latest
	until              hour.Day
	hours              float64
	seen               time.Time // when this version of it was first seen
	retracted          bool
}

func (r *run) claim(c statement) {
	b := r.claims
	b.Row()
	b.String("claim_id", r.text(c.id))
	b.String("pause_id", "pause")
	b.String("speaker_role", "observer")
	b.String("speaker", r.text("a spokesperson"))
	b.String("stance", c.stance)
	b.Timestamp("statement_lo_utc", hour.At(c.spoken.Add(-6*time.Hour)))
	b.Timestamp("statement_hi_utc", hour.At(c.spoken))
	if c.until != 0 {
		b.Date("end_date", c.until)
	}
	if c.hours != 0 {
		b.Float64("duration_h", c.hours)
	}
	b.OptionalString("places", c.places)
	if c.places != "" {
		b.String("targets", orElse(c.targets, "all|energy"))
	}
	b.String("paraphrase", r.text("no firing for a week"))
	b.String("source_id", "claims")
	if !c.seen.IsZero() {
		b.Timestamp("first_seen_utc", hour.At(c.seen))
	}
	b.Bool("retracted", c.retracted)
}

func months() []hour.Day {
	var out []hour.Day
	for m := range 6 {
		out = append(out, hour.Date(2025, time.October+time.Month(m), 1))
	}
	return out
}

func kyiv() *time.Location {
	zone, err := hour.LoadLocation("Europe/Kyiv")
	if err != nil {
		panic(err)
	}
	return zone
}

// shipped is a run with everything: a country with three areas, one of them with
// all there is. text changes every text of it.
func shipped(text func(string) string) *run {
	zone := kyiv()
	r := newRun([]area.Area{
		{ID: "UA", English: text("Ukraine"), Location: zone},
		{ID: "UA12", Parent: "UA", Level: 1, English: text("Dnipropetrovsk oblast"), Location: zone},
		{ID: "UA32", Parent: "UA", Level: 1, English: text("Kyiv oblast"), Location: zone},
		{ID: "UA80", Parent: "UA", Level: 1, English: text("Kyiv city"), Location: zone},
	}, text)
	january := hour.Date(2026, time.January, 1)
	for d := first; d < end; d++ {
		i := float64(d - first)
		tmin := -5 - 4*math.Sin(i/9)
		if d >= january+9 && d < january+21 {
			tmin = -16 - math.Mod(i, 4)
		}
		city := map[string]float64{"tmin_c": tmin, "tmean_c": tmin + 3, "tmax_c": tmin + 6}
		if d == january+40 {
			city = map[string]float64{}
		}
		if d >= january+32 && d < january+52 {
			city["sched_off_h_lo"], city["sched_off_h_hi"], city["sched_groups_seen"], city["sched_groups_known"] = 8+math.Mod(i, 3), 14, 2, 120
		}
		r.areaDay("UA80", d, city)
		r.areaDay("UA12", d, nil)
		r.areaDay("UA32", d, nil)
		r.areaDay("UA", d, nil)
		if d != january+5 {
			for _, w := range []string{"all", "ballistic", "cruise", "other_missile", "drone"} {
				r.night("UA", d, w, math.Floor(60+50*math.Sin(i)), math.NaN())
			}
			r.night("UA80", d, "all", math.NaN(), 0)
			r.night("UA32", d, "all", math.NaN(), float64(int(i)%7/6))
		}
	}
	b := r.tables["strike_night"] // a bulletin by date only stands before the nights
	b.Row()
	b.String("area_id", "UA")
	b.Date("date_local", first-1)
	b.String("part", "date")
	b.String("weapon", "all")
	b.Int32("events_lo", 1)
	b.Int32("events_hi", 1)
	r.spell("UA80", january+9, january+20, -19)
	for d := january + 45; d < january+53; d++ {
		r.queueDay("UA80", d, 8, 14, 5.5)
	}
	r.setting("cold_spell_rules", "tmean_lt_m10_5d tmean_lt_m10_3d")
	r.setting("publication_lag_days", "3; queues and districts 14")
	r.setting("strike_publisher", text("kpszsu"))
	r.source("weather", "weather.csv", "a weather page", "none stated by the page")
	r.source("bulletins", "strikes.csv", "the bulletins", "ODC-BY 1.0")
	r.source("own", "own.csv", "", "")
	for _, m := range months() {
		r.covered("temperature", "UA80", m, "weather", "hours", 700, 744)
		r.covered("temperature", "UA12", m, "none", "hours", 0, 0)
		r.covered("announced_off", "UA80", m, "operator", "queue-days", 2, 3600)
		r.covered("observed_off", "UA80", m, "operator:1.1", "household-days", 8, 0)
		r.covered("strikes", "UA", m, "kpszsu", "nights", 30, 31)
		r.covered("customers_out", "UA80", m, "none", "days", 0, 0)
	}
	r.warn("rejected/weather", "source weather: 5 of 12345 rows were rejected", "")
	r.warn("coverage/temperature/UA12", "temperature: no source for area UA12", "there is no weather page of it")
	r.warn("coverage/temperature/UA32", "temperature: no source for area UA32", "there is no weather page of it")
	r.fact("1_cold", 1, -19.5)
	r.fact("1_cold", 2, math.NaN())
	r.fact("2_thaw", 1, 0)
	r.ratio("UA80", "ballistic", 2.18, 0.82, 5.80, 0.10, "")
	r.ratio("UA80", "drone", 0.94, 0.61, 1.43, 0.68, "")
	r.ratio("UA12", "drone", 0, 0, 0, 0, "no day with both a temperature and a bulletin")
	r.pair("p01.UA80", "UA80", "area_day.tmin_c[UA80]", "area_day.sched_off_h_hi[UA80]", 20)
	r.pair("p01.UA12", "UA12", "area_day.tmin_c[UA12]", "area_day.sched_off_h_hi[UA12]", 0)
	r.pair("p02.UA80", "UA80", "area_day.tmin_c[UA80]", "strike_night.launched[UA,drone]", 150)
	r.pair("p02.UA12", "UA12", "area_day.tmin_c[UA12]", "strike_night.launched[UA,drone]", 67)
	at := time.Date(2026, 1, 30, 15, 0, 0, 0, time.UTC)
	r.claim(statement{id: "until", stance: "limits", places: "UA80|UA80+UA32", spoken: at, until: hour.Date(2026, time.February, 1), hours: 168})
	r.claim(statement{id: "week", stance: "asserts", places: "UA", spoken: at.Add(5 * time.Hour), hours: 168})
	r.claim(statement{id: "no", stance: "denies", spoken: at})
	b = r.tables["energy_report"]
	for _, d := range []hour.Day{first + 20, january + 3, january + 4} {
		b.Row()
		b.String("area_id", "UA12")
		b.Date("date_local", d)
		b.Int32("reports", 3)
		b.Int32("reports_ua_actor", 1)
	}
	b = r.tables["rejected"]
	for line := range int32(5) {
		b.Row()
		b.String("source_id", text("weather"))
		b.String("file", text("weather.csv"))
		b.Int32("line_number", line+7)
		b.Int32("byte_column", 3)
		b.String("code", text("H0202"))
		b.Int32("repeat_no", 1)
		b.Int64("rows_rejected", 1)
		b.String("message", text("not a number"))
	}
	return r
}

// shippedInput is the input of shipped with the days of January and February
// shown.
func shippedInput(text func(string) string) Input {
	in := shipped(text).input()
	in.Focus, in.TakesIn = []area.ID{"UA80"}, map[area.ID]area.ID{"UA32": "UA80"}
	in.FocusFirst, in.FocusEnd = hour.Date(2026, time.January, 1), hour.Date(2026, time.March, 1)
	return in
}

// genericInput is a run of five areas that the data alone names: temperatures and
// customers without power, no country, no strikes, no schedules.
func genericInput() Input {
	zone, err := hour.LoadLocation("America/Chicago")
	if err != nil {
		panic(err)
	}
	var areas []area.Area
	for _, id := range []area.ID{"17031", "17043", "17089", "17097", "17197"} {
		areas = append(areas, area.Area{ID: id, Level: 1, Location: zone})
	}
	r := newRun(areas, plainText)
	for n, a := range areas {
		for d := first; d < end; d++ {
			i := float64(d - first)
			tmin := -8 - 12*math.Sin(i/20) - float64(n)
			cells := map[string]float64{"tmin_c": tmin, "tmean_c": tmin + 4, "tmax_c": tmin + 7}
			if n < 2 {
				cells["out_ch_lo"], cells["out_ch_hi"], cells["out_coverage"] = 1000*math.Abs(math.Sin(i/7)), 73700*math.Abs(math.Sin(i/7)), 1
			}
			r.areaDay(a.ID, d, cells)
		}
		for _, m := range months() {
			r.covered("temperature", a.ID, m, "temps", "hours", 744, 744)
		}
		r.warn("coverage/customers_out/"+string(a.ID), "customers_out: no source for area "+string(a.ID), "")
	}
	r.pair("p01.17031", "17031", "area_day.tmin_c[17031]", "area_day.out_ch_hi[17031]", 150)
	r.source("temps", "temps.csv", "", "")
	in := r.input()
	in.Title = ""
	return in
}
