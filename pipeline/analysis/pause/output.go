package pause

import (
	"math"

	"hardship/pipeline/table"
)

// ReadingTable makes the table pause_reading.
func ReadingTable(readings []Reading) *table.Table {
	b := table.NewBuilder(table.PauseReading)
	for i := range readings {
		r := &readings[i]
		b.Row()
		b.String("pause_id", r.PauseID)
		b.String("reading_id", r.ID)
		b.String("claim_id", r.ClaimID)
		b.String("speaker_role", r.Role)
		b.String("stance", r.Stance)
		b.Bool("is_primary", r.Primary)
		b.Bool("is_kept", r.Reason == "")
		b.OptionalString("reason_code", table.PauseReasonCode(r.Reason))
		b.OptionalString("reason", r.Reason)
		table.Optional(b.Timestamp, "start_utc", r.Window.Start, r.HasWindow())
		table.Optional(b.Timestamp, "end_utc", r.Window.End, r.HasWindow())
		b.OptionalString("start_basis", r.StartBasis)
		b.OptionalString("end_basis", r.EndBasis)
		b.OptionalString("zone", r.Zone)
		b.Bool("duration_borrowed", r.Borrowed)
		b.OptionalString("places", r.place())
		b.OptionalString("targets", r.Targets)
		b.String("weapon", "all")
		counted := r.Reason == ""
		table.Optional(b.Int32, "nights_whole", int32(r.NightsWhole), counted)
		table.Optional(b.Int32, "nights_touched", int32(r.NightsTouched), counted)
		table.Optional(b.Float64, "nights_h", r.NightHours, counted)
	}
	return b.Table()
}

// ResultTable makes the table pause_result.
func ResultTable(results []Result) *table.Table {
	b := table.NewBuilder(table.PauseResult)
	for i := range results {
		r := &results[i]
		b.Row()
		b.String("pause_id", r.Reading.PauseID)
		b.String("reading_id", r.Reading.ID)
		b.String("metric", r.Metric)
		b.String("baseline_id", r.Baseline.ID())
		b.Int32("baseline_d", int32(r.Baseline.Days))
		b.Int32("washout_d", int32(r.Baseline.Washout))
		b.Bool("is_primary_baseline", r.Primary)
		b.String("counted_in", r.CountedIn)
		b.String("decided_by", r.DecidedBy)
		b.Float64("obs_lo", r.Observed.Lo)
		b.Float64("obs_hi", r.Observed.Hi)
		b.Float64("t1_h", r.T1)
		b.Float64("x0_lo", r.X0.Lo)
		b.Float64("x0_hi", r.X0.Hi)
		b.Float64("t0_h", r.T0)
		b.Float64("exp_lo", r.Expected.Lo)
		b.Float64("exp_hi", r.Expected.Hi)
		b.Float64("window_coverage", r.WindowCoverage)
		b.Float64("baseline_coverage", r.BaselineCoverage)
		b.Float64("rr_lo_obs", r.RR.Lo)
		b.Float64("rr_hi_obs", r.RR.Hi)
		b.Float64("ci_lo", r.Exact.Lo)
		b.Float64("ci_hi", r.Exact.Hi)
		b.Float64("p", r.P)
		b.Float64("p_mid", r.PMidP)
		b.Float64("p_etest", r.PETest)
		b.Float64("phi", r.Phi)
		b.Float64("ci_adj_lo", r.Adjusted.Lo)
		b.Float64("ci_adj_hi", r.Adjusted.Hi)
		b.Float64("p_adj", r.PAdj)
		b.Float64("pred_p", r.Predictive)
		b.Float64("placebo_rank", r.PlaceboRank)
		table.Optional(b.Int32, "placebo_m", int32(r.PlaceboM), !math.IsNaN(r.PlaceboRank))
		b.Float64("rr_detectable80", r.Detectable80)
		b.Bool("evaluable", r.Evaluable())
		b.OptionalString("reason_code", table.PauseReasonCode(r.Reason))
		b.OptionalString("reason", r.Reason)
	}
	return b.Table()
}

// SummaryTable makes the table pause_summary.
func SummaryTable(summaries []Summary) *table.Table {
	b := table.NewBuilder(table.PauseSummary)
	for i := range summaries {
		s := &summaries[i]
		b.Row()
		b.String("pause_id", s.PauseID)
		b.String("metric", s.Metric)
		b.String("targets_are", targetsAre(s.TargetsUnknown))
		s.write(b)
		b.OptionalString("sensitivity_dim", s.Dimension)
		b.Float64("sensitivity_range", s.DimensionRange)
		b.Int32("n_baselines_agree", int32(s.BaselinesAgree))
		b.Float64("p_primary", s.PPrimary)
		b.Float64("p_bh", s.PBH)
		b.OptionalString("not_evaluable", s.Reasons)
	}
	return b.Table()
}
