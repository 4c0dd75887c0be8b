package analysis

import (
	"math"

	"hardship/pipeline/area"
	"hardship/pipeline/config"
	"hardship/pipeline/hour"
	"hardship/pipeline/index"
	"hardship/pipeline/quality"
	"hardship/pipeline/table"
)

// Shares of a season's days below which its mean temperature, and its heating
// degree days (methods.md C6), are not published.
const (
	leastMeanCoverage   = 0.8
	leastDegreeCoverage = 0.95
)

// Winters makes the table season: each area's winters, a row each, from the
// tables that are published. rule is the cold-spell rule whose spells count.
func Winters(t Tables, rule string, plan config.Findings) *table.Table {
	d := newDaily(t)
	b := table.NewBuilder(table.Season)
	for i := range t.Areas {
		a := &t.Areas[i]
		for _, s := range d.seasons(a.ID, plan) {
			w := winter{daily: d, area: a, season: s}
			b.Row()
			b.String("area_id", string(a.ID))
			b.String("season", s.Label)
			b.Int32("season_d", int32(s.Days()))
			w.cold(b, rule)
			w.degreeDays(b)
			w.climate(b)
			w.heating(b)
			w.outages(b)
			w.strikes(b)
			w.alerts(b)
		}
	}
	return b.Table()
}

// winter is one season of one area.
type winter struct {
	*daily
	area   *area.Area
	season Season
}

// column returns the season's days of a column of area_day.
func (w winter) column(name string) []float64 {
	return w.series(config.Series{Table: table.AreaDay.Name, Column: name}, w.area.ID, w.season.First, w.season.End)
}

// known sums the days that are known, in order, and counts them.
func known(days []float64) (sum float64, n int) {
	for _, v := range days {
		if !math.IsNaN(v) {
			sum += v
			n++
		}
	}
	return sum, n
}

// count sets a count of days and their share of the season.
func (w winter) count(b *table.Builder, days, coverage string, n int) {
	b.Int32(days, int32(n))
	b.Float64(coverage, quality.Share(n, w.season.Days()))
}

func (w winter) cold(b *table.Builder, rule string) {
	tmin := w.column("tmin_c")
	_, n := known(tmin)
	w.count(b, "tmin_known_d", "tmin_coverage", n)
	if n > 0 {
		lowest := coldest(tmin)
		b.Float64("tmin_lowest_c", tmin[lowest])
		b.Date("tmin_lowest_date", w.season.First+hour.Day(lowest))
		for _, threshold := range []struct {
			column string
			c      float64
		}{{"cold_le_0_d", 0}, {"cold_le_m5_d", -5}, {"cold_le_m10_d", -10}, {"cold_le_m15_d", -15}, {"cold_le_m20_d", -20}} {
			var days int32
			for _, v := range tmin {
				if v <= threshold.c {
					days++
				}
			}
			b.Int32(threshold.column, days)
		}
	}
	mean, n := known(w.column("tmean_c"))
	w.count(b, "tmean_known_d", "tmean_coverage", n)
	share := quality.Share(n, w.season.Days())
	table.Optional(b.Float64, "tmean_mean_c", mean/float64(n), share >= leastMeanCoverage)
	degreeDays, _ := known(w.column("hdd_eu_kd"))
	table.Optional(b.Float64, "hdd_season_kd", degreeDays/share, share >= leastDegreeCoverage)
	if rule == "" {
		return
	}
	b.String("spell_rule", rule)
	if n == 0 {
		return
	}
	var days int32
	for _, in := range w.spellDays(w.area.ID, rule, w.season.First, w.season.End) {
		if in {
			days++
		}
	}
	b.Int32("spells", w.spellsBegun(rule))
	b.Int32("spell_d", days)
}

// heatingRule is Ukraine's, as a rule of the weather (methods.md C9).
var heatingRule = index.HeatingRule{Limit: 8, Days: 3}

// heatingMonths are the months before and after a winter in which heating may
// begin and end.
const heatingMonths = 2

// heating sets when heating began and ended by the weather.
func (w winter) heating(b *table.Builder) {
	first, end := w.season.First.Time(), w.season.End.Time()
	from, to := hour.Date(first.Year(), first.Month()-heatingMonths, 1), hour.Date(end.Year(), end.Month()+heatingMonths, 1)
	means := w.series(config.Series{Table: table.AreaDay.Name, Column: "tmean_c"}, w.area.ID, from, to)
	begun, ended := index.HeatingSeason(celsius(means), heatingRule)
	table.Optional(b.Date, "heating_begun_date", from+hour.Day(begun), begun >= 0)
	table.Optional(b.Date, "heating_ended_date", from+hour.Day(ended), ended >= 0)
}

// spellsBegun counts the cold spells that began in the season: a spell belongs
// to the period of its start, its days to their own.
func (w winter) spellsBegun(rule string) int32 {
	t := w.tables.ColdSpell.Of(string(w.area.ID))
	rules, from := t.String("rule_id"), t.Date("start_date")
	var n int32
	for row := range t.Rows() {
		if start := table.Day(from, row); rules.Value(row) == rule && start >= w.season.First && start < w.season.End {
			n++
		}
	}
	return n
}

func (w winter) outages(b *table.Builder) {
	hi, n := known(w.column("sched_off_h_hi"))
	lo, _ := known(w.column("sched_off_h_lo"))
	w.count(b, "announced_known_d", "announced_coverage", n)
	table.Optional(b.Float64, "announced_off_h_lo", lo, n > 0)
	table.Optional(b.Float64, "announced_off_h_hi", hi, n > 0)
	w.households(b)

	shares, _ := known(w.column("out_coverage"))
	chLo, n := known(w.column("out_ch_lo"))
	chHi, limited := known(w.column("out_ch_hi"))
	b.Int32("customers_out_known_d", int32(n))
	b.Float64("customers_out_coverage", shares/float64(w.season.Days()))
	table.Optional(b.Float64, "customers_out_ch_lo", chLo, n > 0)
	table.Optional(b.Float64, "customers_out_ch_hi", chHi, n > 0 && limited == n)
}

// households sets the hours that logs observed beside those announced for the
// same queues and days.
func (w winter) households(b *table.Builder) {
	t := w.tables.QueueDay.Of(string(w.area.ID))
	dates, observed := t.Date("date_local"), numericColumn(t, t.Schema.Index("observed_off_h"))
	announcedLo, announcedHi := numericColumn(t, t.Schema.Index("sched_off_h_lo")), numericColumn(t, t.Schema.Index("sched_off_h_hi"))
	var n int32
	var off, lo, hi float64
	for row := range t.Rows() {
		day := table.Day(dates, row)
		o, h := observed(row), announcedHi(row)
		if day < w.season.First || day >= w.season.End || math.IsNaN(o) || math.IsNaN(h) {
			continue
		}
		n++
		off, lo, hi = off+o, lo+announcedLo(row), hi+h
	}
	b.Int32("household_known_d", n)
	table.Optional(b.Float64, "household_off_h", off, n > 0)
	table.Optional(b.Float64, "household_announced_h_lo", lo, n > 0)
	table.Optional(b.Float64, "household_announced_h_hi", hi, n > 0)
}

func (w winter) strikes(b *table.Builder) {
	t := w.tables.StrikeNight.Of(string(w.area.ID))
	country := w.area.Level == area.Country
	column := "rows_named"
	if country {
		column = "events_lo"
	}
	nights := make([]float64, w.season.Days())
	for i := range nights {
		nights[i] = math.NaN()
	}
	dates, parts, weapons, events := t.Date("date_local"), t.String("part"), t.String("weapon"), numericColumn(t, t.Schema.Index(column))
	munitions := numericColumn(t, t.Schema.Index("launched"))
	launched, stated := int64(0), true
	for row := range t.Rows() {
		i := int(table.Day(dates, row) - w.season.First)
		if i < 0 || i >= len(nights) || weapons.Value(row) != "all" {
			continue
		}
		if country {
			n := munitions(row)
			if math.IsNaN(n) {
				stated = false
			} else {
				launched += int64(n)
			}
		}
		if parts.Value(row) != "day" {
			nights[i] = max(0, events(row)) + zeroIfMissing(nights[i])
		}
	}
	var attacked int32
	for _, n := range nights {
		if n > 0 {
			attacked++
		}
	}
	_, n := known(nights)
	b.Int32("bulletin_nights", int32(n))
	b.Float64("bulletin_coverage", quality.Share(n, w.season.Days()))
	table.Optional(b.Int64, "launched_total", launched, country && n > 0 && stated)
	table.Optional(b.Int32, "attack_nights", attacked, n > 0)
}

func zeroIfMissing(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return v
}

func (w winter) alerts(b *table.Builder) {
	hours, n := known(w.column("alert_h"))
	w.count(b, "alert_known_d", "alert_coverage", n)
	table.Optional(b.Float64, "alert_total_h", hours, n > 0)
}
