package analysis

import (
	"math"
	"slices"
	"strings"

	"hardship/pipeline/quality"
	"hardship/pipeline/regress"
	"hardship/pipeline/table"
)

// write writes the rows of one regression.
func (w *modelWriter) write(f *fitted) {
	var names []string
	for i := range f.exposures {
		names = append(names, f.exposureName(&f.exposures[i]))
	}
	plan := f.plan
	if plan.Interrupted != nil {
		names = append(names, plan.Interrupted.String())
	}
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
		b.OptionalString("dropped_reason", "not fitted: "+f.why.words)
	} else {
		b.OptionalString("dropped_reason", droppedReason(f.fit.Dropped, f.uninformative))
		b.OptionalString("aliased", strings.Join(f.fit.Aliased, ", "))
		b.OptionalString("separated", strings.Join(f.fit.Separated, ", "))
	}
	b.OptionalString("areas_dropped", strings.Join(f.left, "; "))
	b.Bool("evaluable", f.why.code == "")
	f.why.write(b)
	if f.why.code == "" {
		w.writeFit(f)
	}
	for i := range f.effects {
		e := &f.effects[i]
		w.writeTerm(f, e)
		if e.why.code == "" && i < len(f.exposures) {
			w.writeCurve(f, e)
		}
	}
}

// write sets the reason of a row and its code.
func (y why) write(b *table.Builder) {
	b.OptionalString("reason_code", string(y.code))
	b.OptionalString("reason", y.words)
}

// writeFit sets what only a fit with estimates has.
func (w *modelWriter) writeFit(f *fitted) {
	b := w.fit
	b.Int32("parameters", int32(f.fit.Rank))
	b.Float64("disp", f.fit.Dispersion)
	b.Float64("theta", finite(f.fit.Theta))
	b.Float64("theta_se", finite(f.fit.ThetaSE))
	b.Float64("logl", f.fit.LogLik)
	b.String("vcov_kind", f.vcov.Method)
	b.Float64("t_df", finite(f.vcov.DF))
	table.Optional(b.Int32, "clusters_n", int32(f.beside.Clusters), f.beside.Clusters > 0)
	if _, p, err := f.fit.LjungBox(regress.DailyLags); err == nil {
		b.Float64("ljung_box_p", p)
	}
	var warnings []string
	for _, err := range slices.Concat(f.fit.Warnings, f.vcov.Warnings, f.beside.Warnings) {
		y := whyOf(err)
		if words := string(y.code) + " " + y.words; !slices.Contains(warnings, words) {
			warnings = append(warnings, words)
		}
	}
	if words := w.overChange(f); words != "" {
		warnings = append(warnings, words)
	}
	for _, m := range f.methods() {
		if trust, ok := w.tables.Calibration.Of(m.name, f.length(), len(f.areas)); ok && !trust.Met {
			warnings = append(warnings, string(Misleads)+" "+m.of+trust.String())
		}
	}
	b.OptionalString("warnings", strings.Join(warnings, "; "))
}

// A simulatedMethod is a method of the table calibration, and what of a fit it is of:
// "" for its slopes.
type simulatedMethod struct{ name, of string }

// methods are those by which a fit's effects have their errors.
func (f *fitted) methods() []simulatedMethod {
	all := []simulatedMethod{{f.method(), ""}}
	pooled, errors := "", "_season_fixed_b"
	if len(f.areas) > 1 {
		pooled, errors = "pooled_", "_season_days"
	}
	if f.plan.Interaction != nil {
		all = append(all, simulatedMethod{pooled + "interaction" + errors, "of the interaction: "})
	}
	if f.plan.Attributable {
		all = append(all, simulatedMethod{pooled + "attributable" + errors, "of counts that go with it: "})
	}
	return all
}

// method is the name of the fit's errors in the table calibration.
func (f *fitted) method() string {
	name, errors := "poisson", "_fixed_b"
	switch {
	case f.plan.Interrupted != nil:
		return "interrupted_effective_n"
	case len(f.areas) > 1:
		name, errors = "pooled", "_days"
	case f.family == regress.Gaussian:
		name = "gaussian"
	case f.plan.Lags > 0:
		name = "lags"
	case f.family == regress.NegativeBinomial:
		name = "negative_binomial"
	}
	within := "_season"
	if slices.Contains(f.plan.Adjust, "strata") && name != "lags" && name != "negative_binomial" {
		within = "_strata"
	}
	return name + within + errors
}

// days are the rows of a design by day, as numbers.
func (g *design) days() []int {
	days := make([]int, len(g.date))
	for i, d := range g.date {
		days[i] = int(d)
	}
	return days
}

// length is the number of days that have a row in the fit.
func (f *fitted) length() int { return distinct(f.days(), f.fit.Rows) }

func (w *modelWriter) writeTerm(f *fitted, e *termEffect) {
	b, plan := w.term, f.plan
	b.Row()
	b.String("model_id", f.id)
	b.String("term", e.term)
	b.String("area_id", string(f.about))
	b.Int32("areas_n", int32(len(f.areas)))
	b.String("y_series", f.seriesName(plan.Outcome))
	b.String("x_series", e.series)
	b.Float64("x_per", e.per)
	b.OptionalString("x_unit", e.unit)
	b.String("effect_scale", e.scale)
	b.String("family_id", f.plan.ID+"."+e.term)
	b.Bool("evaluable", e.why.code == "" || e.why.code == FewForInterval)
	e.why.write(b)
	if math.IsNaN(e.effect.Estimate) {
		return
	}
	effect, lo, hi := e.effect.Estimate, e.effect.Lo, e.effect.Hi
	if e.scale == asRatio || e.scale == asRatioOfRatios {
		effect, lo, hi = e.effect.Ratio()
	}
	if e.scale == asRatio && e.exposure != nil {
		b.Float64("e_value", finite(regress.EValue(effect)))
		b.Float64("e_value_limit", finite(regress.EValueLimit(lo, hi)))
	}
	b.Float64("estimate", e.effect.Estimate)
	b.Float64("se", e.effect.SE)
	if len(f.areas) > 1 {
		b.Float64("se_area", e.beside)
	} else {
		b.Float64("se_nw7", e.beside)
	}
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
	b.String("x_series", f.exposureName(x))
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
