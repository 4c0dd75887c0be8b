package analysis

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/config"
	"hardship/pipeline/multiple"
	"hardship/pipeline/quality"
	"hardship/pipeline/regress"
	"hardship/pipeline/table"
)

// leastAreas is the number of areas that a pooled regression needs (methods.md
// 11.2).
const leastAreas = 5

// Regressions are the tables of the declared regressions.
type Regressions struct{ Fit, Term, Curve *table.Table }

// Models fits every model of the plan, for each area or pooled over those of a
// country. What cannot be evaluated has its row too, with the reason.
func Models(t Tables, plan config.Findings, models []config.Model) Regressions {
	w := &modelWriter{
		daily: newDaily(t), plan: plan,
		fit: table.NewBuilder(table.ModelFit), term: table.NewBuilder(table.ModelTerm), curve: table.NewBuilder(table.LagCurve),
	}
	for i := range models {
		w.model(&models[i])
	}
	return Regressions{w.fit.Table(), w.term.Table(), w.curve.Table()}
}

// modelWriter writes the three tables.
type modelWriter struct {
	*daily
	plan             config.Findings
	fit, term, curve *table.Builder
}

// A fitted regression with its design; reason says why it has no answer.
type fitted struct {
	*design
	id      string
	about   area.ID // the area, or the country of a pooled one
	fit     *regress.Fit
	vcov    regress.Covariance
	rows    int // known
	reason  string
	effects []termEffect
}

// termEffect is what one exposure goes with.
type termEffect struct {
	exposure *exposure
	term     string
	per      float64
	effect   regress.Effect
	naive    float64
	reason   string
	adjusted float64 // p within the family; NaN without p
}

// model fits one model of the plan. The tests of a term over all areas are one
// family.
func (w *modelWriter) model(m *config.Model) {
	var all []*fitted
	if m.Scope == "pooled" {
		for _, a := range w.tables.Areas {
			if a.Level == area.Country {
				all = append(all, w.pooled(m, a.ID))
			}
		}
	} else {
		for _, a := range w.tables.Areas {
			if a.Level == area.Country || !w.sameCountry(m, a.ID) {
				continue
			}
			f := &fitted{design: w.newDesign(m, []area.ID{a.ID}, w.plan), id: m.ID + "." + string(a.ID), about: a.ID}
			if f.rows, _ = f.known(1); f.rows < w.plan.LeastDays {
				f.reason = fmt.Sprintf("%d days known, fewer than %d", f.rows, w.plan.LeastDays)
			}
			f.estimate()
			all = append(all, f)
		}
	}
	for term := range m.Exposures {
		p := make([]float64, len(all))
		for i, f := range all {
			p[i] = f.effects[term].effect.P
		}
		for i, adjusted := range multiple.BenjaminiHochberg(p) {
			all[i].effects[term].adjusted = adjusted
		}
	}
	for _, f := range all {
		w.write(f)
	}
}

// sameCountry reports whether the areas that a model names are of an area's own
// country.
func (w *modelWriter) sameCountry(m *config.Model, id area.ID) bool {
	root := w.tables.Gazetteer.Root(id)
	named := []area.ID{m.Outcome.Area}
	for _, x := range m.Exposures {
		named = append(named, x.Area)
	}
	return !slices.ContainsFunc(named, func(other area.ID) bool { return other != "" && w.tables.Gazetteer.Root(other) != root })
}

// pooled fits a model to all areas of a country that have enough days.
func (w *modelWriter) pooled(m *config.Model, country area.ID) *fitted {
	var areas []area.ID
	for _, a := range w.tables.Areas {
		if a.Level != area.Country && w.tables.Gazetteer.Root(a.ID) == country {
			areas = append(areas, a.ID)
		}
	}
	_, enough := w.newDesign(m, areas, w.plan).known(w.plan.LeastDays)
	f := &fitted{design: w.newDesign(m, enough, w.plan), id: m.ID + "." + string(country), about: country}
	f.rows, _ = f.known(1)
	switch {
	case !w.sameCountry(m, country):
		f.reason = "the series are of another country"
	case len(enough) < leastAreas:
		f.reason = fmt.Sprintf("areas with %d days known: %d, fewer than %d", w.plan.LeastDays, len(enough), leastAreas)
	}
	f.estimate()
	return f
}

// estimate fits and reads off the effects; without an answer every effect says
// why.
func (f *fitted) estimate() {
	f.effects = make([]termEffect, len(f.exposures))
	none := regress.Effect{Estimate: math.NaN(), SE: math.NaN(), Lo: math.NaN(), Hi: math.NaN(), P: math.NaN()}
	for i := range f.exposures {
		f.effects[i] = f.describe(&f.exposures[i])
		f.effects[i].effect, f.effects[i].naive = none, math.NaN()
	}
	if f.reason == "" {
		f.fit = f.model.Fit()
		if f.fit.Reason != nil {
			f.reason = f.fit.Reason.Error()
		}
	}
	if f.reason == "" {
		f.vcov = f.fit.NeweyWest(regress.DailyLags, true)
		if len(f.areas) > 1 {
			f.vcov = f.fit.CR1(f.area)
		}
		if f.vcov.Reason != nil {
			f.reason = f.vcov.Reason.Error()
		}
	}
	for i := range f.effects {
		e := &f.effects[i]
		if e.reason = f.reason; f.reason != "" {
			continue
		}
		e.effect = f.effectOf(e, f.vcov)
		e.naive = f.effectOf(e, f.fit.ModelBased()).SE
		if e.effect.Reason != nil {
			e.reason = e.effect.Reason.Error()
		} else if !e.effect.Publishable() && len(f.areas) > 1 {
			e.reason = fmt.Sprintf("%d areas, fewer than %d: no interval is published", len(f.areas), regress.PublicClusters)
			e.effect = none
		}
	}
}

// describe names the effect of an exposure: of x_per more of it, summed over
// the lags.
func (f *fitted) describe(x *exposure) termEffect {
	e := termEffect{exposure: x, term: x.name, per: x.Per, adjusted: math.NaN()}
	if f.plan.Lags > 0 {
		e.term = fmt.Sprintf("%s, lags 0 to %d", x.name, f.plan.Lags)
	}
	if len(x.Knots) > 0 {
		e.per = x.Knots[0]
	}
	return e
}

// effectOf returns the effect of an exposure under a covariance.
func (f *fitted) effectOf(e *termEffect, v regress.Covariance) regress.Effect {
	x := e.exposure
	switch {
	case len(x.Knots) > 0:
		return x.basis.Cumulative(f.fit, v, e.per, x.Centre, level)
	case x.basis != nil:
		return x.basis.Cumulative(f.fit, v, x.Per, 0, level)
	}
	weights := make([]float64, len(f.fit.Names))
	weights[slices.Index(f.fit.Names, x.name)] = x.Per
	return f.fit.Contrast(weights, v, level)
}

// write writes the rows of one regression.
func (w *modelWriter) write(f *fitted) {
	names := make([]string, len(f.exposures))
	for i, x := range f.exposures {
		names[i] = f.seriesName(x.Series)
	}
	plan := f.plan
	b := w.fit
	b.Row()
	b.String("model_id", f.id)
	b.String("plan_id", f.plan.ID)
	b.String("area_id", string(f.about))
	b.Int32("areas_n", int32(len(f.areas)))
	b.String("y_series", f.seriesName(plan.Outcome))
	b.String("x_series", strings.Join(names, ", "))
	b.String("family_name", plan.Family)
	b.String("adjusted_for", strings.Join(plan.Adjust, ", "))
	b.Int32("lags_d", int32(plan.Lags))
	n, seasons := 0, 0
	if f.fit != nil {
		n, seasons = f.fit.N, distinct(f.season, f.fit.Rows)
	}
	b.Int32("seasons", int32(seasons))
	b.Int32("n", int32(n))
	b.Int32("n_expected", int32(len(f.outcome)))
	b.Float64("coverage", quality.Share(n, len(f.outcome)))
	b.Int32("n_dropped", int32(len(f.outcome)-n))
	if f.fit == nil {
		b.OptionalString("dropped_reason", "not fitted")
	} else {
		b.OptionalString("dropped_reason", droppedReason(f.fit.Dropped))
	}
	b.Bool("evaluable", f.reason == "")
	b.OptionalString("reason", f.reason)
	if f.reason == "" {
		w.writeFit(f)
	}
	for i := range f.effects {
		w.writeTerm(f, &f.effects[i])
		if f.effects[i].reason == "" {
			w.writeCurve(f, &f.effects[i])
		}
	}
}

// writeFit sets what only a fit with estimates has.
func (w *modelWriter) writeFit(f *fitted) {
	b := w.fit
	b.Int32("parameters", int32(f.fit.Rank))
	b.Float64("disp", f.fit.Dispersion)
	b.Float64("logl", f.fit.LogLik)
	b.String("vcov_kind", f.vcov.Method)
	table.Optional(b.Int32, "clusters_n", int32(f.vcov.Clusters), f.vcov.Clusters > 0)
	if _, p, err := f.fit.LjungBox(regress.DailyLags); err == nil {
		b.Float64("ljung_box_p", p)
	}
	b.OptionalString("aliased", strings.Join(f.fit.Aliased, ", "))
	var warnings []string
	for _, err := range slices.Concat(f.fit.Warnings, f.vcov.Warnings) {
		if !slices.Contains(warnings, err.Error()) {
			warnings = append(warnings, err.Error())
		}
	}
	b.OptionalString("warnings", strings.Join(warnings, "; "))
}

func (w *modelWriter) writeTerm(f *fitted, e *termEffect) {
	b, plan := w.term, f.plan
	b.Row()
	b.String("model_id", f.id)
	b.String("term", e.term)
	b.String("area_id", string(f.about))
	b.Int32("areas_n", int32(len(f.areas)))
	b.String("y_series", f.seriesName(plan.Outcome))
	b.String("x_series", f.seriesName(e.exposure.Series))
	b.Float64("x_per", e.per)
	b.OptionalString("x_unit", unitOf(e.exposure.Series))
	scale := "ratio"
	if f.family == regress.Gaussian {
		scale = "difference"
	}
	b.String("effect_scale", scale)
	b.String("family_id", f.plan.ID+"."+e.term)
	b.Bool("evaluable", e.reason == "")
	b.OptionalString("reason", e.reason)
	if e.reason != "" {
		return
	}
	effect, lo, hi := e.effect.Estimate, e.effect.Lo, e.effect.Hi
	if scale == "ratio" {
		effect, lo, hi = e.effect.Ratio()
		b.Float64("e_value", finite(regress.EValue(effect)))
		b.Float64("e_value_limit", finite(regress.EValueLimit(lo, hi)))
	}
	b.Float64("estimate", e.effect.Estimate)
	b.Float64("se", e.effect.SE)
	b.Float64("se_naive", e.naive)
	b.Float64("effect", finite(effect))
	b.Float64("effect_lo", finite(lo))
	b.Float64("effect_hi", finite(hi))
	b.Float64("p_value", e.effect.P)
	b.Float64("p_bh", e.adjusted)
}

// finite returns v, or NaN for a number that has no end.
func finite(v float64) float64 {
	if math.IsInf(v, 0) {
		return math.NaN()
	}
	return v
}

// writeCurve writes the effects by lag, and by value of a spline.
func (w *modelWriter) writeCurve(f *fitted, e *termEffect) {
	x := e.exposure
	if x.basis == nil {
		return
	}
	values, centre := []float64{x.Per}, 0.0
	if len(x.Knots) > 0 {
		values, centre = slices.Concat([]float64{x.Boundary[0]}, x.Knots, []float64{x.Boundary[1]}), x.Centre
		values = slices.DeleteFunc(values, func(v float64) bool { return v == centre || v < x.basis.Lo || v > x.basis.Hi })
	}
	for _, value := range values {
		for lag := range f.plan.Lags + 1 {
			w.writePoint(f, e, value, centre, lag, false, x.basis.AtLag(f.fit, f.vcov, value, centre, lag, level))
		}
		w.writePoint(f, e, value, centre, f.plan.Lags, true, x.basis.Cumulative(f.fit, f.vcov, value, centre, level))
	}
}

func (w *modelWriter) writePoint(f *fitted, e *termEffect, value, centre float64, lag int, cumulative bool, effect regress.Effect) {
	x, b := e.exposure, w.curve
	support := int32(0)
	for _, v := range x.x {
		if !math.IsNaN(v) && (len(x.Knots) == 0 || value >= centre && v >= value || value < centre && v <= value) {
			support++
		}
	}
	b.Row()
	b.String("model_id", f.id)
	b.String("term", x.name)
	b.String("area_id", string(f.about))
	b.Int32("areas_n", int32(len(f.areas)))
	b.String("y_series", f.seriesName(f.plan.Outcome))
	b.String("x_series", f.seriesName(x.Series))
	b.Float64("x_value", value)
	table.Optional(b.Float64, "x_centre", centre, len(x.Knots) > 0)
	b.Bool("cumulative", cumulative)
	b.Int32("lag_d", int32(lag))
	b.Int32("n_support", support)
	if effect.Reason == nil {
		b.Float64("fit", effect.Estimate)
		b.Float64("se", effect.SE)
		b.Float64("fit_lo", effect.Lo)
		b.Float64("fit_hi", effect.Hi)
	}
}
