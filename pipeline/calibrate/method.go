package calibrate

import (
	"math"

	"hardship/pipeline/correlate"
	"hardship/pipeline/rate"
	"hardship/pipeline/regress"
)

const (
	level        = .95
	minShiftDays = 7
	leastSpell   = 5 // days on either side
	replicates   = 199
)

// An answer is what a method says of one panel, on the scale of the truth.
type answer struct {
	known  bool // evaluable
	p      float64
	lo, hi float64 // NaN for a method without an interval
	truth  float64
}

var nan = math.NaN()

func none() answer { return answer{p: nan, lo: nan, hi: nan} }

// found reports whether the method finds an association.
func (a answer) found() bool {
	if math.IsNaN(a.lo) {
		return a.p <= 1-level
	}
	return a.lo > 0 || a.hi < 0
}

func (a answer) covers() bool { return a.lo <= a.truth && a.truth <= a.hi }

// A Method is one way to answer a question.
type Method struct {
	Name     string // of the table
	Question string
	Effect   string // of the records with one
	Default  bool
	Naive    bool
}

// A question is asked of a record, and answered by several methods in their order.
type question struct {
	kind    kind
	methods []Method
	answer  func(r *record) []answer
	plain   bool // of counts without gaps only
	whole   bool // of whole counts only
	most    int  // days of all areas of a record, beyond which it would take hours; 0 for any
}

func fromEffect(e regress.Effect, truth float64) answer {
	if e.Reason != nil || math.IsNaN(e.Lo) {
		return none()
	}
	return answer{true, e.P, e.Lo, e.Hi, truth}
}

const interruption = "Poisson change of level at the middle, beside straight lines before and after"

var questions = []question{
	{ofSeries, []Method{
		{"ccf_naive", "correlation on the same day", "correlation 0.3", false, true},
		{"ccf_effective_n", "correlation on the same day", "correlation 0.3", true, false},
		{"ccf_shift", "correlation on the same day", "correlation 0.3", true, false},
		{"ccf_shift_family", "correlation at any of lags 0 to 7", "correlation 0.3", true, false},
	}, correlations, false, false, 0},
	{ofSeries, []Method{
		{"ratio_exact", "ratio of counts, cold spells to other days", "ratio 1.5", false, true},
		{"ratio_adjusted", "ratio of counts, cold spells to other days", "ratio 1.5", false, false},
		{"ratio_fixed_b", "ratio of counts, cold spells to other days", "ratio 1.5", false, false},
		{"ratio_shift", "ratio of counts, cold spells to other days", "ratio 1.5", true, false},
	}, ratios, false, false, 0},
	{ofSeries, regressionMethods("poisson_season", "Poisson slope within winters", "ratio 1.5 for 10 °C colder"), slopes(regress.Poisson, false), false, false, 0},
	{ofSeries, regressionMethods("poisson_strata", "Poisson slope within strata of 28 days by weekday", "ratio 1.5 for 10 °C colder"), slopes(regress.Poisson, true), false, false, 0},
	{ofSeries, regressionMethods("gaussian_season", "least-squares slope within winters", "correlation 0.3"), slopes(regress.Gaussian, false), false, false, 0},
	{ofSeries, regressionMethods("lags_season", "Poisson slope summed over lags 0 to 3", "ratio 1.5 for 10 °C colder"), lagged, false, false, 0},
	{ofSeries, []Method{
		{"interrupted_model", interruption, "ratio 1.5", false, true},
		{"interrupted_nw7", interruption, "ratio 1.5", false, false},
		{"interrupted_fixed_b", interruption, "ratio 1.5", false, false},
		{"interrupted_effective_n", interruption, "ratio 1.5", true, false},
	}, interrupted, false, false, 0},
	{ofSeries, []Method{
		{"bootstrap_days", "ratio of two sums", "ratio 1.5", false, true},
		{"bootstrap_blocks", "ratio of two sums", "ratio 1.5", true, false},
	}, bootstraps, true, false, 0},
	{ofSeries, regressionMethods("negative_binomial_season", "negative binomial slope within winters", "ratio 1.5 for 10 °C colder"), slopes(regress.NegativeBinomial, false), false, true, 0},
	{ofSeries, regressionMethods("interaction_season", "Poisson ratio of ratios of strikes and cold", "ratio 1.1 a strike and 10 °C colder"), interacting, false, false, 0},
	{ofSeries, regressionMethods("attributable_season", "count that goes with strikes, beside cold", "ratio 1.1 a strike"), attributable, false, false, 0},
	{ofAreas, pooledMethods("pooled_season", "Poisson slope pooled over areas, within winters", "ratio 1.5 for 10 °C colder"), pooled(false), false, false, 0},
	{ofAreas, pooledMethods("pooled_strata", "Poisson slope pooled over areas, within strata of 28 days by weekday", "ratio 1.5 for 10 °C colder"), pooled(true), false, false, 0},
	{ofAreas, pooledMethods("pooled_interaction_season", "Poisson ratio of ratios of strikes and cold, pooled over areas", "ratio 1.1 a strike and 10 °C colder"), interacting, false, false, 0},
	{ofAreas, pooledMethods("pooled_attributable_season", "count that goes with strikes, beside cold, pooled over areas", "ratio 1.1 a strike"), attributable, false, false, 1500},
	{ofPauses, []Method{
		{"pause_exact", "ratio of counts, a pause to its baseline", "ratio 0.4", false, false},
		{"pause_adjusted", "ratio of counts, a pause to its baseline", "ratio 0.4", false, false},
		{"pause_placebo", "fewer in a pause than in its baseline, one-sided", "ratio 0.4", false, false},
	}, pauses, false, false, 0},
}

func correlations(r *record) []answer {
	out := []answer{none(), none(), none(), none()}
	e := correlate.Lagged(r.cold, r.level, 0, level)
	if len(e.Warnings) == 0 {
		out[0] = answer{true, e.PNaive, nan, nan, r.r}
		out[1] = answer{true, e.P, e.Lo, e.Hi, r.r}
	}
	shift := correlate.ShiftTest(r.cold, r.level, []int{0, 1, 2, 3, 4, 5, 6, 7}, minShiftDays)
	if shift.Lags[0].SmallestP <= 1-level {
		out[2] = answer{true, shift.Lags[0].P, nan, nan, r.r}
	}
	if shift.SmallestP <= 1-level {
		out[3] = answer{true, shift.PFamily, nan, nan, r.r}
	}
	return out
}

func ratios(r *record) []answer {
	out := []answer{none(), none(), none(), none()}
	var x [2]int64
	var days [2]int
	var other []float64
	for t, in := range r.spell {
		if !r.known[t] || math.IsNaN(r.spells[t]) {
			continue
		}
		side := 0
		if in {
			side = 1
		} else {
			other = append(other, r.spells[t])
		}
		x[side] += int64(math.Round(r.spells[t]))
		days[side]++
	}
	if days[0] < leastSpell || days[1] < leastSpell || x[0]+x[1] == 0 {
		return out
	}
	logs := func(i rate.Interval, p float64) answer {
		return answer{true, p, math.Log(i.Lo), math.Log(i.Hi), r.ratio}
	}
	exact := rate.Compare(x[1], float64(days[1]), x[0], float64(days[0]), level)
	out[0] = logs(exact.Central, exact.P)
	out[1] = logs(rate.Adjusted(x[1], float64(days[1]), x[0], float64(days[0]), rate.Dispersion(other), level), nan)
	in := make([]float64, r.days)
	for t := range in {
		if in[t] = nan; r.known[t] {
			in[t] = 0
		}
		if r.spell[t] {
			in[t] = 1
		}
	}
	f := regress.Model{Family: regress.Poisson, Response: r.spells, Terms: []regress.Term{{Name: "spell", X: in}}}.Fit()
	if f.Reason == nil {
		out[2] = fromEffect(f.Effect("spell", f.FixedB(), level), r.ratio)
	}
	shift := correlate.RatioShiftTest(r.spell, r.known, r.spells, minShiftDays)
	if shift.SmallestP <= 1-level {
		lo, hi := shift.Interval()
		out[3] = answer{true, shift.P, math.Log(lo), math.Log(hi), r.ratio}
	}
	return out
}

func regressionMethods(name, question, effect string) []Method {
	return []Method{
		{name + "_model", question, effect, false, true},
		{name + "_nw7", question, effect, false, false},
		{name + "_fixed_b", question, effect, true, false},
	}
}

// under returns what a fit answers under each of several covariances.
func under(f *regress.Fit, truth float64, effect func(v regress.Covariance) regress.Effect, covariances ...func() regress.Covariance) []answer {
	out := make([]answer, len(covariances))
	for i, v := range covariances {
		if out[i] = none(); f.Reason == nil {
			out[i] = fromEffect(effect(v()), truth)
		}
	}
	return out
}

// regression answers under the covariances of regressionMethods, and more.
func regression(f *regress.Fit, truth float64, effect func(v regress.Covariance) regress.Effect, more ...func() regress.Covariance) []answer {
	week := func() regress.Covariance { return f.NeweyWest(regress.DailyLags, true) }
	return under(f, truth, effect, append([]func() regress.Covariance{f.ModelBased, week, f.FixedB}, more...)...)
}

func slopes(family regress.Family, strata bool) func(r *record) []answer {
	return func(r *record) []answer {
		m := regress.Model{Family: family, Response: r.count, Series: r.season, Terms: []regress.Term{{Name: "cold", X: r.cold}}}
		within, truth := r.season, -r.slope/10
		if strata {
			within = r.strata
		}
		switch family {
		case regress.Poisson:
			m.Absorb = [][]int{within}
		case regress.Gaussian:
			m.Response, truth = r.level, r.gain
			fallthrough
		default:
			m.Terms = append(m.Terms, regress.Dummies("season", within)...)
		}
		f := m.Fit()
		return regression(f, truth, func(v regress.Covariance) regress.Effect { return f.Effect("cold", v, level) })
	}
}

func lagged(r *record) []answer {
	basis := regress.NewCrossBasis("cold", r.cold, r.season, 3, regress.Linear, regress.EachLag(3))
	f := regress.Model{Family: regress.Poisson, Response: r.lagged, Series: r.season, Terms: basis.Terms, Absorb: [][]int{r.season}}.Fit()
	return regression(f, -r.slope/10, func(v regress.Covariance) regress.Effect { return basis.Cumulative(f, v, 1, 0, level) })
}

func interrupted(r *record) []answer {
	f := regress.Model{Family: regress.Poisson, Response: r.steps, Terms: regress.InterruptedTerms(r.days, r.days/2)}.Fit()
	change := func(v regress.Covariance) regress.Effect { return f.Effect(regress.LevelChange, v, level) }
	return regression(f, r.ratio, change, f.QuasiEffective)
}

func bootstraps(r *record) []answer {
	ratio := func(s [][]float64) float64 {
		var sum [2]float64
		for i, x := range s {
			for _, v := range x {
				sum[i] += v
			}
		}
		return math.Log(sum[0] / sum[1])
	}
	out := []answer{none(), none()}
	for i, block := range []int{1, r.blockLength()} {
		b := correlate.BlockBootstrap([][]float64{r.other, r.base}, block, replicates, 1, level, ratio)
		if !math.IsNaN(b.Lo) && b.Hi > b.Lo {
			out[i] = answer{true, nan, b.Lo, b.Hi, r.means}
		}
	}
	return out
}

func pooledMethods(name, question, effect string) []Method {
	return []Method{
		{name + "_model", question, effect, false, true},
		{name + "_cluster", question, effect, false, false},
		{name + "_days", question, effect, true, false},
	}
}

func pooled(strata bool) func(r *record) []answer {
	return func(r *record) []answer {
		within := r.season
		if strata {
			within = r.strata
		}
		f := regress.Model{Family: regress.Poisson, Response: r.count, Series: r.season, Terms: []regress.Term{{Name: "cold", X: r.cold}}, Absorb: [][]int{within}}.Fit()
		return r.regression(f, -r.slope/10, func(v regress.Covariance) regress.Effect { return f.Effect("cold", v, level) })
	}
}
