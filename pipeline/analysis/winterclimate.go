package analysis

import (
	"math"

	"hardship/pipeline/config"
	"hardship/pipeline/hour"
	"hardship/pipeline/index"
	"hardship/pipeline/quality"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// celsius are temperatures read back from a table.
func celsius(values []float64) []unit.Celsius {
	out := make([]unit.Celsius, len(values))
	for i, v := range values {
		out[i] = unit.Celsius(v)
	}
	return out
}

// minMaxBase and those of clippedBases are the temperatures below which heating degree days
// count (methods.md C7, C8).
const minMaxBase unit.Celsius = 17

var clippedBases = []struct {
	column string
	base   unit.Celsius
}{{"hdd17_season_kd", 17}, {"hdd18_season_kd", 18}}

// degreeDays sets the sums of heating degree days of other definitions than
// Eurostat's, which need no more than the days' temperatures.
func (w winter) degreeDays(b *table.Builder) {
	tmin, tmean, tmax := celsius(w.column("tmin_c")), celsius(w.column("tmean_c")), celsius(w.column("tmax_c"))
	set := func(column string, of func(i int) unit.DegreeDays) {
		days := make([]float64, len(tmean))
		for i := range days {
			days[i] = float64(of(i))
		}
		sum, n := known(days)
		share := quality.Share(n, w.season.Days())
		table.Optional(b.Float64, column, sum/share, share >= leastDegreeCoverage)
	}
	for _, c := range clippedBases {
		set(c.column, func(i int) unit.DegreeDays { return index.ClippedDegreeDay(tmean[i], c.base) })
	}
	set("hdd17_minmax_season_kd", func(i int) unit.DegreeDays {
		return index.ApproximatedDegreeDay(tmin[i], tmean[i], tmax[i], minMaxBase)
	})
}

// climate sets what needs a base period: the days of long cold spells by the
// climate's own threshold, and the hardest cold wave.
func (w winter) climate(b *table.Builder) {
	tmin, nights := w.column("tmin_c"), w.column("tn10_c")
	var days int32
	for i := range tmin {
		if !math.IsNaN(tmin[i] - nights[i]) {
			days++
		}
	}
	b.Int32("csdi_known_d", days)
	if reason := climateReason(tmin, nights, int(days)); reason != "" {
		b.String("csdi_reason_code", string(reason))
	} else {
		n, touchesGap := w.coldSpellDuration()
		b.Int32("csdi_d", int32(n))
		b.Bool("csdi_touches_gap", touchesGap)
	}

	factors := w.column("ecf_c2")
	_, n := known(factors)
	b.Int32("ecf_known_d", int32(n))
	if reason := climateReason(w.column("tmean_c"), w.column("t05_c"), n); reason != "" {
		b.String("ecf_reason_code", string(reason))
	} else {
		lowest := coldest(factors)
		b.Float64("ecf_lowest_c2", factors[lowest])
		b.Date("ecf_lowest_date", w.season.First+hour.Day(lowest))
	}

	inBase := int32(0)
	for _, flags := range w.column("flags") {
		if !math.IsNaN(flags) && int32(flags)&table.FlagInBase != 0 {
			inBase++
		}
	}
	b.Int32("base_d", inBase)
}

// coldSpellDuration returns the days of the winter that are of long cold spells, which
// may begin before it or end after it.
func (w winter) coldSpellDuration() (days int, touchesGap bool) {
	first, end := w.span(w.area.ID)
	first, end = min(first, w.season.First), max(end, w.season.End)
	all := func(name string) []unit.Celsius {
		return celsius(w.series(config.Series{Table: table.AreaDay.Name, Column: name}, w.area.ID, first, end))
	}
	return index.ColdSpellDuration(all("tmin_c"), all("tn10_c"), int(w.season.First-first), int(w.season.End-first))
}

// climateReason says why days cannot be set against a climate; "" if some can.
func climateReason(days, climate []float64, n int) Reason {
	_, temperatures := known(days)
	_, thresholds := known(climate)
	switch {
	case n > 0:
		return ""
	case temperatures > 0 && thresholds == 0:
		return NoBasePeriod
	}
	return FewDays
}

// coldest returns the first place of the lowest value known; there must be one.
func coldest(days []float64) int {
	lowest := 0
	for i, v := range days {
		if math.IsNaN(days[lowest]) || v < days[lowest] {
			lowest = i
		}
	}
	return lowest
}
