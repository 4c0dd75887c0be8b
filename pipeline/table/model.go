package table

// reasonCode is the code of a reason, for programs; reason has the words.
var reasonCode = Column{Name: "reason_code", Type: String, Null: true, Description: "Code of the reason, such as M0101, which `hardship explain` describes."}

// The tables of the declared regressions.
var (
	ModelFit = &Schema{
		Name:        "model_fit",
		Description: "Every declared regression, of each area or pooled over areas, evaluable or not: what was fitted, to how many days, and what was left out and why. Association, not cause.",
		Key:         []string{"model_id"},
		Columns: []Column{
			{Name: "model_id", Type: String, Description: "Model of the plan and area, such as alerts_cold.UA80."},
			{Name: "plan_id", Type: String, Description: "Model of the plan."},
			areaID,
			{Name: "areas_n", Type: Int32, Description: "Areas in the fit: 1, or those pooled.", Definition: "9.4", Function: "analysis.Models"},
			{Name: "y_series", Type: String, Description: "Outcome."},
			{Name: "x_series", Type: String, Description: "Exposures, parted by a comma."},
			{Name: "family_name", Type: String, Description: "poisson: log link, for counts and for sums that are never negative; negative_binomial: likewise, for counts that vary more, with variance μ + μ²/θ; gaussian: least squares. As declared: where θ has no finite value the fit is Poisson, and warnings say so.", Definition: "9.3", Enum: []string{"poisson", "negative_binomial", "gaussian"}},
			{Name: "adjusted_for", Type: String, Description: "What is compared within or adjusted for: season, strata of 28 days by weekday, day, weekday, trend."},
			{Name: "lags_d", Type: Int32, Unit: "d", Description: "Longest lag of the exposures.", Definition: "9.6"},
			{Name: "seasons", Type: Int32, Description: "Winters with a fitted day.", Function: "analysis.Models"},
			{Name: "n", Type: Int32, Unit: "d", Description: "Days fitted; of several areas, area-days.", Definition: "9.3", Function: "regress.Model.Fit"},
			{Name: "n_expected", Type: Int32, Unit: "d", Description: "Days of the seasons.", Function: "analysis.Models"},
			{Name: "coverage", Type: Float64, Description: "n / n_expected.", Definition: "0", Function: "quality.Share"},
			{Name: "n_dropped", Type: Int32, Unit: "d", Description: "Days left out: n_expected − n.", Function: "regress.Model.Fit"},
			{Name: "dropped_reason", Type: String, Null: true, Description: "Why, with the number for each reason.", Function: "regress.Model.Fit"},
			{Name: "parameters", Type: Int32, Null: true, Description: "Parameters estimated, absorbed effects among them.", Function: "regress.Model.Fit"},
			{Name: "disp", Type: Float64, Null: true, Description: "Pearson dispersion: 1 for Poisson counts, more where they come in waves.", Definition: "9.3", Function: "regress.Model.Fit"},
			{Name: "theta", Type: Float64, Null: true, Description: "θ of the negative binomial; null of other families, and where it has no finite value.", Definition: "9.3", Function: "regress.Model.Fit"},
			{Name: "theta_se", Type: Float64, Null: true, Description: "Its standard error.", Definition: "9.3", Function: "regress.Model.Fit"},
			{Name: "logl", Type: Float64, Null: true, Description: "Log-likelihood; null for sums that are not counts.", Definition: "9.3", Function: "regress.Model.Fit"},
			{Name: "vcov_kind", Type: String, Null: true, Description: "What the standard errors allow for.", Definition: "9.3", Function: "regress.Fit.NeweyWest"},
			{Name: "clusters_n", Type: Int32, Null: true, Description: "Areas as clusters; null for one area.", Definition: "9.4", Function: "regress.Fit.CR1"},
			{Name: "ljung_box_p", Type: Float64, Null: true, Description: "p that residuals do not go together over 7 days: small says that naive errors are too small.", Definition: "9.3", Function: "regress.Fit.LjungBox"},
			{Name: "aliased", Type: String, Null: true, Description: "Columns left out because they repeat others.", Definition: "9.3", Function: "regress.Model.Fit"},
			{Name: "separated", Type: String, Null: true, Description: "Columns without a finite estimate.", Definition: "9.4", Function: "regress.Model.Fit"},
			{Name: "areas_dropped", Type: String, Null: true, Description: "Areas left out of a pooled fit, each with the reason.", Definition: "9.4", Function: "analysis.Models"},
			{Name: "evaluable", Type: Bool, Description: "There is enough data for an answer."},
			reasonCode,
			{Name: "reason", Type: String, Null: true, Description: "Why not evaluable."},
			{Name: "warnings", Type: String, Null: true, Description: "What a reader of the estimates must know, each with its code."},
		},
	}

	ModelTerm = &Schema{
		Name:        "model_term",
		Description: "The effects of the declared regressions with intervals that allow for waves: association, not cause. An effect is a ratio of counts, or a difference for gaussian, for x_per more of the exposure; interactions and counts that go with an exposure say their scale.",
		Key:         []string{"model_id", "term"},
		Columns: []Column{
			{Name: "model_id", Type: String, Description: "Model of the plan and area."},
			{Name: "term", Type: String, Description: "Exposure; with lags, its sum over them; with an interaction, at which value of the other. Of an interaction, a count that goes with an exposure, or an interrupted series, which part of the answer."},
			areaID,
			{Name: "areas_n", Type: Int32, Description: "Areas in the fit: 1, or those pooled.", Definition: "9.4", Function: "analysis.Models"},
			{Name: "y_series", Type: String, Description: "Outcome."},
			{Name: "x_series", Type: String, Description: "Exposure; of an interrupted series, its day."},
			{Name: "x_per", Type: Float64, Description: "How much more of the exposure the effect is of, in its unit; of a spline, the value against the centre."},
			{Name: "x_unit", Type: String, Null: true, Description: "Unit of the exposure."},
			{Name: "effect_scale", Type: String, Description: "ratio, or ratio of ratios, of counts: the estimate is its logarithm. difference, count (events over all days fitted, or predicted for a day) and share of all events: the estimate is the effect.", Enum: []string{"ratio", "ratio of ratios", "difference", "count", "share"}},
			{Name: "estimate", Type: Float64, Null: true, Description: "Coefficient for x_per: the logarithm of the ratio, or the difference.", Definition: "9.3", Function: "regress.Fit.Contrast"},
			{Name: "se", Type: Float64, Null: true, Description: "Its standard error under vcov_kind.", Definition: "9.3", Function: "regress.Fit.NeweyWest"},
			{Name: "se_naive", Type: Float64, Null: true, Description: "Its standard error for independent days, far too small: to compare, never to be quoted.", Definition: "9.3", Function: "regress.Fit.ModelBased"},
			{Name: "effect", Type: Float64, Null: true, Description: "Ratio or difference for x_per.", Definition: "9.3", Function: "regress.Effect.Ratio"},
			{Name: "effect_lo", Type: Float64, Null: true, Description: "Lower end of its 95 % interval.", Definition: "9.3", Function: "regress.Effect.Ratio"},
			{Name: "effect_hi", Type: Float64, Null: true, Description: "Upper end of its 95 % interval.", Definition: "9.3", Function: "regress.Effect.Ratio"},
			{Name: "p_value", Type: Float64, Null: true, Description: "Two-sided p of no effect.", Definition: "9.3", Function: "regress.Fit.Contrast"},
			{Name: "p_bh", Type: Float64, Null: true, Description: "p adjusted within family_id.", Definition: "9.14", Function: "multiple.BenjaminiHochberg"},
			{Name: "family_id", Type: String, Description: "Tests adjusted together: those of one model and term over all areas."},
			{Name: "e_value", Type: Float64, Null: true, Description: "How strongly something unmeasured would have to go with both, as risk ratios, to explain the ratio away.", Definition: "9.16", Function: "regress.EValue"},
			{Name: "e_value_limit", Type: Float64, Null: true, Description: "The same for the limit nearer to 1; 1 where the interval holds 1.", Definition: "9.16", Function: "regress.EValueLimit"},
			{Name: "evaluable", Type: Bool, Description: "There is enough data for an estimate."},
			reasonCode,
			{Name: "reason", Type: String, Null: true, Description: "Why not evaluable, or why without an interval."},
		},
	}

	LagCurve = &Schema{
		Name:        "lag_curve",
		Description: "Effects of the declared regressions by lag, and by value of an exposure that is not taken as a straight line: association, not cause.",
		Key:         []string{"model_id", "term", "x_value", "cumulative", "lag_d"},
		Columns: []Column{
			{Name: "model_id", Type: String, Description: "Model of the plan and area."},
			{Name: "term", Type: String, Description: "Exposure."},
			areaID,
			{Name: "areas_n", Type: Int32, Description: "Areas in the fit: 1, or those pooled.", Definition: "9.4", Function: "analysis.Models"},
			{Name: "y_series", Type: String, Description: "Outcome."},
			{Name: "x_series", Type: String, Description: "Exposure."},
			{Name: "x_value", Type: Float64, Description: "Of a straight line, how much more of the exposure; of a spline, its value, against x_centre."},
			{Name: "x_centre", Type: Float64, Null: true, Description: "Value that a spline's effects are against; null of a straight line."},
			{Name: "cumulative", Type: Bool, Description: "The sum over lags 0 to lag_d, not the effect at lag_d."},
			{Name: "lag_d", Type: Int32, Unit: "d", Description: "Days by which the outcome follows the exposure.", Definition: "9.6"},
			{Name: "fit", Type: Float64, Null: true, Description: "Logarithm of the ratio, or the difference.", Definition: "9.6", Function: "regress.CrossBasis.AtLag"},
			{Name: "se", Type: Float64, Null: true, Description: "Its standard error under the model's vcov_kind.", Definition: "9.6", Function: "regress.CrossBasis.AtLag"},
			{Name: "fit_lo", Type: Float64, Null: true, Description: "Lower end of its 95 % interval.", Definition: "9.6", Function: "regress.CrossBasis.AtLag"},
			{Name: "fit_hi", Type: Float64, Null: true, Description: "Upper end of its 95 % interval.", Definition: "9.6", Function: "regress.CrossBasis.AtLag"},
			{Name: "n_support", Type: Int32, Unit: "d", Description: "Days of the seasons with the exposure at least as far from the centre; of a straight line, days with it.", Definition: "9.6", Function: "analysis.Models"},
		},
	}
)
