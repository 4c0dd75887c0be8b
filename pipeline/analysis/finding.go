package analysis

import (
	"cmp"
	"fmt"
	"math"

	"hardship/pipeline/area"
	"hardship/pipeline/config"
	"hardship/pipeline/correlate"
	"hardship/pipeline/hour"
	"hardship/pipeline/multiple"
	"hardship/pipeline/quality"
	"hardship/pipeline/rate"
	"hardship/pipeline/table"
)

// level of every interval.
const level = 0.95

// Correlations makes the table ccf: every declared pair of series, for every
// area and season, at lags 0 to the declared last. Lags of one pair and season
// are one family of tests. A pair with too few days has one row that says so.
func Correlations(t Tables, plan config.Findings) *table.Table {
	d := newDaily(t)
	b := table.NewBuilder(table.CrossCorrelation)
	for number, pair := range plan.Pairs {
		for i := range t.Areas {
			a := &t.Areas[i]
			each := pair.X.Area == "" || pair.Y.Area == ""
			if each && a.Level == area.Country || !each && a.ID != pair.X.Area {
				continue
			}
			// An area is set beside series of its own country only.
			if other := cmp.Or(pair.X.Area, pair.Y.Area); other != "" && t.Gazetteer.Root(other) != t.Gazetteer.Root(a.ID) {
				continue
			}
			x, y := pair.X, pair.Y
			if x.Area == "" {
				x.Area = a.ID
			}
			if y.Area == "" {
				y.Area = a.ID
			}
			for _, s := range d.seasons(a.ID, plan) {
				c := correlation{
					id: fmt.Sprintf("p%02d.%s", number+1, a.ID), area: a.ID, season: s,
					x: name(x, x.Area), y: name(y, y.Area),
				}
				xs, ys := d.series(x, x.Area, s.First, s.End), d.series(y, y.Area, s.First, s.End)
				c.changed = d.changedWithin(s, []config.Series{x, y}, xs, ys)
				c.write(b, xs, ys, plan)
			}
		}
	}
	return b.Table()
}

// correlation is one pair of series in one season.
type correlation struct {
	id, x, y string
	area     area.ID
	season   Season
	changed  string // what a series counts, within the season
}

func (c correlation) write(b *table.Builder, x, y []float64, plan config.Findings) {
	both := 0
	for i := range x {
		if !math.IsNaN(x[i]) && !math.IsNaN(y[i]) {
			both++
		}
	}
	row := func(lag, n int) {
		b.Row()
		b.String("pair_id", c.id)
		b.String("area_id", string(c.area))
		b.String("x_series", c.x)
		b.String("y_series", c.y)
		b.String("season", c.season.Label)
		b.Int32("lag_d", int32(lag))
		b.Int32("n", int32(n))
		b.Int32("n_expected", int32(c.season.Days()))
		b.Float64("coverage", quality.Share(n, c.season.Days()))
	}
	if both < plan.LeastDays {
		row(0, both)
		b.Bool("evaluable", false)
		because(FewDays, "%d days with both series, fewer than %d", both, plan.LeastDays).write(b)
		return
	}
	if c.changed != "" {
		row(0, both)
		b.Bool("evaluable", false)
		because(Changed, "%s", c.changed).write(b)
		return
	}
	lags := make([]int, plan.MaxLagDays+1)
	for i := range lags {
		lags[i] = i
	}
	shifts := correlate.ShiftTest(x, y, lags, plan.MinShiftDays)
	for _, e := range correlate.CrossCorrelation(x, y, plan.MaxLagDays, level) {
		row(e.Lag, e.N)
		if len(e.Warnings) > 0 {
			b.Bool("evaluable", false)
			whyOf(e.Warnings[0]).write(b)
			continue
		}
		b.Float64("r", e.R)
		b.Float64("r_lo", e.Lo)
		b.Float64("r_hi", e.Hi)
		b.Float64("n_eff", e.NEff)
		b.Float64("p_shift", shifts.Lags[e.Lag].P)
		b.Float64("p_family", shifts.PFamily)
		b.Float64("p_smallest", shifts.SmallestP)
		b.Bool("evaluable", true)
	}
}

// Ratios makes the table rate_ratio: launches a day over the country on the
// cold-spell days of each area against its other days of the same season. The
// tests of a weapon, over all areas and seasons, are one family.
func Ratios(t Tables, country area.ID, rule string, plan config.Findings) *table.Table {
	d := newDaily(t)
	families := make([][]*ratio, len(plan.Weapons)) // by weapon
	var all []*ratio
	for i := range t.Areas {
		a := &t.Areas[i]
		if a.Level == area.Country || t.Gazetteer.Root(a.ID) != country {
			continue
		}
		for _, s := range d.seasons(a.ID, plan) {
			tmean := d.series(config.Series{Table: table.AreaDay.Name, Column: "tmean_c"}, a.ID, s.First, s.End)
			exposed := d.spellDays(a.ID, rule, s.First, s.End)
			for w, weapon := range plan.Weapons {
				series := config.Series{Table: table.StrikeNight.Name, Column: "launched", Weapon: weapon}
				launched := d.series(series, country, s.First, s.End)
				r := newRatio(exposed, tmean, launched, plan)
				if words := d.changedWithin(s, []config.Series{series}, launched); words != "" && r.why.code == "" {
					r.why, r.shift.P = because(Changed, "%s", words), math.NaN()
				}
				r.area, r.season, r.weapon = a.ID, s.Label, weapon
				all, families[w] = append(all, r), append(families[w], r)
			}
		}
	}
	for _, family := range families {
		p := make([]float64, len(family))
		for i, r := range family {
			p[i] = r.shift.P
		}
		for i, adjusted := range multiple.BenjaminiHochberg(p) {
			family[i].adjustedP = adjusted
		}
	}
	b := table.NewBuilder(table.RateRatio)
	for _, r := range all {
		b.Row()
		b.String("rule_id", rule)
		r.write(b)
	}
	return b.Table()
}

// spellDays marks the days of an area's cold spells under a rule.
func (d *daily) spellDays(id area.ID, rule string, first, end hour.Day) []bool {
	t := d.tables.ColdSpell.Of(string(id))
	out := make([]bool, end-first)
	rules, from, to := t.String("rule_id"), t.Date("start_date"), t.Date("end_date")
	for row := range t.Rows() {
		if rules.Value(row) != rule {
			continue
		}
		for day := max(first, table.Day(from, row)); day < end && day <= table.Day(to, row); day++ {
			out[day-first] = true
		}
	}
	return out
}

// ratio is one row of rate_ratio.
type ratio struct {
	area           area.ID
	season, weapon string

	x         [2]int64 // launches on the other days, and on cold-spell days
	days      [2]int
	expected  int
	why       why
	ratio     rate.Ratio
	phi       float64
	adjusted  rate.Interval
	shift     correlate.RatioShift
	adjustedP float64
}

// newRatio compares. A day counts if both its temperature and its launches are
// known.
func newRatio(exposed []bool, tmean, launched []float64, plan config.Findings) *ratio {
	r := &ratio{expected: len(exposed)}
	r.shift.P = math.NaN()
	present := make([]bool, len(exposed))
	other := make([]float64, 0, len(exposed))
	for i := range exposed {
		if present[i] = !math.IsNaN(tmean[i]) && !math.IsNaN(launched[i]); !present[i] {
			continue
		}
		side := 0
		if exposed[i] {
			side = 1
		} else {
			other = append(other, launched[i])
		}
		r.x[side] += int64(launched[i])
		r.days[side]++
	}
	switch all := r.days[0] + r.days[1]; {
	case all == 0:
		r.why = because(FewDays, "no day with both a temperature and a bulletin")
	case all < plan.LeastDays:
		r.why = because(FewDays, "%d days known, fewer than %d", all, plan.LeastDays)
	case r.days[1] == 0:
		r.why = because(NoContrast, "no cold-spell day in the season")
	case r.days[1] < plan.LeastSpellDays:
		r.why = because(NoContrast, "%d cold-spell days, fewer than %d", r.days[1], plan.LeastSpellDays)
	case r.days[0] < plan.LeastSpellDays:
		r.why = because(NoContrast, "%d other days, fewer than %d", r.days[0], plan.LeastSpellDays)
	case r.x[0]+r.x[1] == 0:
		r.why = because(NoEvents, "nothing was launched")
	default:
		t1, t0 := float64(r.days[1]), float64(r.days[0])
		r.ratio = rate.Compare(r.x[1], t1, r.x[0], t0, level)
		r.phi = rate.Dispersion(other)
		r.adjusted = rate.Adjusted(r.x[1], t1, r.x[0], t0, r.phi, level)
		r.shift = correlate.RatioShiftTest(exposed, present, launched, plan.MinShiftDays)
	}
	return r
}

func (r *ratio) write(b *table.Builder) {
	b.String("area_id", string(r.area))
	b.String("season", r.season)
	b.String("weapon", r.weapon)
	known := r.days[0]+r.days[1] > 0
	table.Optional(b.Int64, "x1", r.x[1], known)
	table.Optional(b.Int64, "x0", r.x[0], known)
	b.Int32("t1_d", int32(r.days[1]))
	b.Int32("t0_d", int32(r.days[0]))
	b.Int32("n_expected", int32(r.expected))
	b.Float64("coverage", quality.Share(r.days[0]+r.days[1], r.expected))
	b.String("family_id", r.weapon)
	b.Bool("evaluable", r.why.code == "")
	r.why.write(b)
	if r.why.code != "" {
		return
	}
	b.Float64("rr", r.ratio.RR)
	lo, hi := r.shift.Interval()
	b.Float64("ci_shift_lo", lo)
	b.Float64("ci_shift_hi", finite(hi))
	b.Float64("ci_adj_lo", r.adjusted.Lo)
	b.Float64("ci_adj_hi", r.adjusted.Hi)
	b.Float64("phi", r.phi)
	b.Float64("p_shift", r.shift.P)
	b.Float64("p_smallest", r.shift.SmallestP)
	b.Float64("p_bh", r.adjustedP)
	b.Float64("ci_naive_lo", r.ratio.Central.Lo)
	b.Float64("ci_naive_hi", r.ratio.Central.Hi)
}
