package table

import (
	"fmt"
	"slices"
)

// The words of the pause tables. Package analysis/pause uses no others.
var (
	// PauseMetrics are what is counted inside and before a window, in the order
	// in which a reader meets them.
	PauseMetrics = []string{
		"launched_drone", "launched_ballistic", "launched_cruise", "launched_all",
		"nights_named", "alerts_n", "strikes_energy", "alert_h", "sched_off_h",
	}
	// PauseVerdicts are the only verdicts there are.
	PauseVerdicts = []string{
		"fewer under every reading", "more under every reading", "no detectable change", "depends on the reading", "not evaluable",
	}
	// ReadingReasons say why a reading has no results.
	ReadingReasons = []string{
		"a denial has no window", "a condition has no window", "no end can be known", "no place was said", "no target was said",
		"start not before end",
	}
	// ResultReasons say why a result is not evaluable: all before the observed
	// count. Their codes go by their places here.
	ResultReasons = []string{
		"counted for the whole country only", "not counted for a whole country", "areas overlap and cannot be added",
		"counts strikes on energy only", "targets unknown", "weapons not told apart",
		"no whole night in the window", "no whole day in the window",
		"window coverage below 0.8", "baseline coverage below 0.8", "completeness below 0.9", "completeness unknown and window less than 28 days old",
		"hours are no counts, placebo rank only",
		"fewer than 3 expected", "zero events would not bring the interval below 1",
		"the series changes within baseline or window",
	}
)

// PauseReasonCode returns the code of one of ReadingReasons, from M0501 on, or of
// ResultReasons, from M0601 on, in their order; "" for none.
func PauseReasonCode(reason string) string {
	if i := slices.Index(ReadingReasons, reason); i >= 0 {
		return fmt.Sprintf("M05%02d", i+1)
	}
	if i := slices.Index(ResultReasons, reason); i >= 0 {
		return fmt.Sprintf("M06%02d", i+1)
	}
	return ""
}

// Key columns that the pause tables share.
var (
	pauseID   = Column{Name: "pause_id", Type: String, Description: "The pause that statements are about."}
	readingID = Column{Name: "reading_id", Type: String, Description: "The reading: its claim, window, places and targets.", Definition: "10.1", Function: "analysis/pause.Readings"}
	metric    = Column{Name: "metric", Type: String, Description: "What is counted: launches over the country, nights on which bulletins name the places, alerts, strikes on energy; hours of alert and announced hours without power.", Definition: "10.2", Enum: PauseMetrics}
)

// Columns that pause_summary and pause_sensitivity share.
var (
	targetsAre     = Column{Name: "targets_are", Type: String, Description: "known, or unknown: readings of which no source says whether a strike was inside their scope.", Definition: "10.6", Enum: []string{"known", "unknown"}}
	verdictOf      = Column{Name: "verdict", Type: String, Description: "Over all evaluable readings, at their deciding interval.", Definition: "10.6", Function: "analysis/pause.tally", Enum: PauseVerdicts}
	readingsOf     = Column{Name: "n_readings", Type: Int32, Unit: "readings", Description: "Readings to whose places and targets the metric applies.", Definition: "10.7", Function: "analysis/pause.tally"}
	evaluableOf    = Column{Name: "n_evaluable", Type: Int32, Unit: "readings", Description: "Of these, evaluable; to be printed with every verdict.", Definition: "10.6", Function: "analysis/pause.tally"}
	shareBelow1    = Column{Name: "share_ci_below_1", Type: Float64, Null: true, Description: "Share of the evaluable readings whose deciding interval lies below 1.", Definition: "10.7", Function: "analysis/pause.tally"}
	rrSmallest     = Column{Name: "rr_smallest", Type: Float64, Null: true, Description: "Smallest rate ratio within the bounds of the evaluable readings.", Definition: "10.7", Function: "analysis/pause.tally"}
	rrMedian       = Column{Name: "rr_median", Type: Float64, Null: true, Description: "Median of their lower and upper rate ratios.", Definition: "10.7", Function: "analysis/pause.tally"}
	rrLargest      = Column{Name: "rr_largest", Type: Float64, Null: true, Description: "Largest rate ratio within their bounds; null if unbounded.", Definition: "10.7", Function: "analysis/pause.tally"}
	rrDetectable80 = Column{Name: "rr_detectable80", Type: Float64, Null: true, Description: "Largest over the evaluable readings: nearer to 1 than this, fewer would likely go unseen under every one of them.", Definition: "10.5", Function: "analysis/pause.tally"}
)

// Columns that name a baseline.
var (
	baselineID        = Column{Name: "baseline_id", Type: String, Description: "Length of the baseline and of the wash-out before the earliest start of the pause, in days, such as b56_w7.", Definition: "10.3", Function: "analysis/pause.Results"}
	baselineDays      = Column{Name: "baseline_d", Type: Int32, Unit: "d", Description: "Days of the baseline.", Definition: "10.3"}
	washoutDays       = Column{Name: "washout_d", Type: Int32, Unit: "d", Description: "Days left out between the baseline and the earliest start that any reading of the pause has.", Definition: "10.3"}
	isPrimaryBaseline = Column{Name: "is_primary_baseline", Type: Bool, Description: "The baseline of the verdicts; the others show how much it matters.", Definition: "10.3"}
)

// The published tables about disputed pauses. They speak of counts inside a
// window, never of what anyone meant or agreed.
var (
	PauseReading = &Schema{
		Name:        "pause_reading",
		Description: "Every reading of every claim about a pause: window, places and targets that its words can mean; claims without a window, and windows that end before they start, are listed with the reason.",
		Key:         []string{"pause_id", "reading_id"},
		Columns: []Column{
			pauseID,
			readingID,
			{Name: "claim_id", Type: String, Description: "The statement that is read."},
			{Name: "speaker_role", Type: String, Description: "Part the speaker has in the matter.", Enum: []string{"attacker", "defender", "third_party", "observer"}},
			{Name: "stance", Type: String, Description: "What the statement does.", Enum: []string{"asserts", "limits", "denies", "conditional"}},
			{Name: "is_primary", Type: Bool, Description: "The one reading of its claim that was fixed before results were seen.", Definition: "10.1", Function: "analysis/pause.Readings"},
			{Name: "is_kept", Type: Bool, Description: "The reading has results.", Definition: "10.1", Function: "analysis/pause.Readings"},
			reasonCode,
			{Name: "reason", Type: String, Null: true, Description: "Why it has none; null if it has.", Definition: "10.1", Function: "analysis/pause.Readings", Enum: ReadingReasons},
			{Name: "start_utc", Type: Timestamp, Null: true, Description: "Start of the window; null for a claim without one.", Definition: "10.1", Function: "analysis/pause.Readings"},
			{Name: "end_utc", Type: Timestamp, Null: true, Description: "End of the window, itself outside it.", Definition: "10.1", Function: "analysis/pause.Readings"},
			{Name: "start_basis", Type: String, Null: true, Description: "Where the start comes from: as said, the earliest or latest moment of the statement, the midnight after either, or the end less the duration.", Definition: "10.1", Function: "analysis/pause.Readings"},
			{Name: "end_basis", Type: String, Null: true, Description: "Where the end comes from: as said, the named day left out or included, or the start and a duration.", Definition: "10.1", Function: "analysis/pause.Readings"},
			{Name: "zone", Type: String, Null: true, Description: "Time zone in which the dates are read; the first one where several give the same window.", Definition: "10.1", Function: "analysis/pause.Readings"},
			{Name: "duration_borrowed", Type: Bool, Description: "The statement has no end and no duration: the longest said in the same pause stands in.", Definition: "10.1", Function: "analysis/pause.Readings"},
			{Name: "places", Type: String, Null: true, Description: "Areas of the reading, joined by a plus sign; null if none was said.", Definition: "10.1", Function: "analysis/pause.Readings"},
			{Name: "targets", Type: String, Null: true, Description: "Targets of the reading; null if none was said.", Definition: "10.1", Function: "analysis/pause.Readings"},
			{Name: "weapon", Type: String, Description: "Class of weapon; all, as no statement names one.", Definition: "10.1"},
			{Name: "nights_whole", Type: Int32, Null: true, Unit: "nights", Description: "Nights wholly inside the window.", Definition: "10.1", Function: "analysis/pause.Readings"},
			{Name: "nights_touched", Type: Int32, Null: true, Unit: "nights", Description: "Nights that the window touches.", Definition: "10.1", Function: "analysis/pause.Readings"},
			{Name: "nights_h", Type: Float64, Null: true, Unit: "h", Description: "Hours of nights inside the window.", Definition: "10.1", Function: "analysis/pause.Readings"},
		},
	}

	PauseResult = &Schema{
		Name:        "pause_result",
		Description: "Counts inside the window of each reading against its baseline, by metric and baseline. Association only; a row that is not evaluable says why, whatever was seen.",
		Key:         []string{"pause_id", "reading_id", "metric", "baseline_id"},
		Columns: []Column{
			pauseID,
			readingID,
			metric,
			baselineID, baselineDays, washoutDays, isPrimaryBaseline,
			{Name: "counted_in", Type: String, Description: "What the counts are of: munitions, nights, alerts, events, h."},
			{Name: "decided_by", Type: String, Description: "Interval that decides: exact for events, alerts and nights, adjusted for munitions; hours have a placebo rank only.", Definition: "10.4", Enum: []string{"exact", "adjusted", "placebo"}},
			{Name: "obs_lo", Type: Float64, Null: true, Description: "Counted in the nights or days wholly inside the window, as far as certain.", Definition: "10.2", Function: "analysis/pause.Results"},
			{Name: "obs_hi", Type: Float64, Null: true, Description: "Counted in the nights or days that the window touches, as far as possible.", Definition: "10.2", Function: "analysis/pause.Results"},
			{Name: "t1_h", Type: Float64, Null: true, Unit: "h", Description: "Exposure of the window: hours of known nights or days inside it.", Definition: "10.1", Function: "analysis/pause.Results"},
			{Name: "x0_lo", Type: Float64, Null: true, Description: "Counted in the baseline, as far as certain.", Definition: "10.3", Function: "analysis/pause.Results"},
			{Name: "x0_hi", Type: Float64, Null: true, Description: "Counted in the baseline, as far as possible.", Definition: "10.3", Function: "analysis/pause.Results"},
			{Name: "t0_h", Type: Float64, Null: true, Unit: "h", Description: "Exposure of the baseline: hours of its known nights or days.", Definition: "10.3", Function: "analysis/pause.Results"},
			{Name: "exp_lo", Type: Float64, Null: true, Description: "Expected in the window: x0_lo·t1_h/t0_h.", Definition: "10.3", Function: "analysis/pause.Results"},
			{Name: "exp_hi", Type: Float64, Null: true, Description: "Expected in the window: x0_hi·t1_h/t0_h.", Definition: "10.3", Function: "analysis/pause.Results"},
			{Name: "window_coverage", Type: Float64, Null: true, Description: "Share of the hours inside the window whose night or day is known.", Definition: "10.6", Function: "analysis/pause.Results"},
			{Name: "baseline_coverage", Type: Float64, Null: true, Description: "Share of the baseline that is known and inside no other pause.", Definition: "10.6", Function: "quality.Share"},
			{Name: "rr_lo_obs", Type: Float64, Null: true, Description: "Rate ratio of obs_lo against x0_hi.", Definition: "10.4", Function: "rate.Compare"},
			{Name: "rr_hi_obs", Type: Float64, Null: true, Description: "Rate ratio of obs_hi against x0_lo; null if unbounded.", Definition: "10.4", Function: "rate.Compare"},
			{Name: "ci_lo", Type: Float64, Null: true, Description: "Lower end of the central exact 95 % interval, at obs_lo. It takes every munition for an event of its own: for munitions quote ci_adj_lo.", Definition: "9.2", Function: "rate.Compare"},
			{Name: "ci_hi", Type: Float64, Null: true, Description: "Upper end of the central exact 95 % interval, at obs_hi; null if unbounded. For munitions quote ci_adj_hi.", Definition: "9.2", Function: "rate.Compare"},
			{Name: "p", Type: Float64, Null: true, Description: "Two-sided p that agrees with ci_lo and ci_hi: the largest within the bounds.", Definition: "9.2", Function: "rate.Compare"},
			{Name: "p_mid", Type: Float64, Null: true, Description: "Mid-p, likewise.", Definition: "9.2", Function: "rate.Compare"},
			{Name: "p_etest", Type: Float64, Null: true, Description: "p of the E-test, likewise.", Definition: "9.2", Function: "rate.Compare"},
			{Name: "phi", Type: Float64, Null: true, Description: "Dispersion: variance over mean of the daily counts, at least 1.", Definition: "10.4", Function: "rate.Dispersion"},
			{Name: "ci_adj_lo", Type: Float64, Null: true, Description: "Lower end of the 95 % interval adjusted for dispersion, at obs_lo.", Definition: "10.4", Function: "rate.Adjusted"},
			{Name: "ci_adj_hi", Type: Float64, Null: true, Description: "Upper end of that interval, at obs_hi; null if unbounded.", Definition: "10.4", Function: "rate.Adjusted"},
			{Name: "p_adj", Type: Float64, Null: true, Description: "Two-sided p that agrees with ci_adj_lo and ci_adj_hi.", Definition: "10.4", Function: "rate.AdjustedP"},
			{Name: "pred_p", Type: Float64, Null: true, Description: "Probability of at most obs_hi, given x0_lo and the prior of Jeffreys.", Definition: "10.4", Function: "rate.PredictiveAtMost"},
			{Name: "placebo_rank", Type: Float64, Null: true, Description: "(1 + windows of the baseline with at most the observed total) / (1 + windows), each of as many nights or days as lie wholly inside; upper counts on both sides.", Definition: "10.4", Function: "rate.PlaceboRank"},
			{Name: "placebo_m", Type: Int32, Null: true, Description: "Windows of the baseline; the rank is never below 1 / (1 + windows).", Definition: "10.4", Function: "rate.PlaceboRank"},
			{Name: "rr_detectable80", Type: Float64, Null: true, Description: "Rate ratio at which fewer would be found with probability 0.8, the expected count taken as known; null if no count would show it.", Definition: "10.5", Function: "rate.NewDesign"},
			{Name: "evaluable", Type: Bool, Description: "There is enough data for an answer.", Definition: "10.6", Function: "analysis/pause.Results"},
			reasonCode,
			{Name: "reason", Type: String, Null: true, Description: "Why not evaluable.", Definition: "10.6", Function: "analysis/pause.Results", Enum: ResultReasons},
		},
	}

	PauseSummary = &Schema{
		Name:        "pause_summary",
		Description: "What all readings of a pause say together, by metric, at the primary baseline. Readings whose targets cannot be known stand apart. A count in a window, not a judgement of anyone's word.",
		Key:         []string{"pause_id", "metric", "targets_are"},
		Columns: []Column{
			pauseID,
			metric,
			targetsAre,
			verdictOf, readingsOf, evaluableOf, shareBelow1, rrSmallest, rrMedian, rrLargest, rrDetectable80,
			{Name: "sensitivity_dim", Type: String, Null: true, Description: "What moves the rate ratio most when it alone changes; null if nothing does.", Definition: "10.7", Function: "analysis/pause.Summarize", Enum: []string{"start", "end", "zone", "places", "targets", "baseline", "washout"}},
			{Name: "sensitivity_range", Type: Float64, Null: true, Description: "Range of ln RR when it alone changes, half an event added to each count.", Definition: "10.7", Function: "analysis/pause.Summarize"},
			{Name: "n_baselines_agree", Type: Int32, Description: "Of the other eight baselines, how many give the same verdict.", Definition: "10.6", Function: "analysis/pause.Summarize"},
			{Name: "p_primary", Type: Float64, Null: true, Description: "Largest p of the evaluable primary readings, that of the deciding interval.", Definition: "9.14", Function: "analysis/pause.Summarize"},
			{Name: "p_bh", Type: Float64, Null: true, Description: "p_primary adjusted for the pauses of the table; one family a metric. Readings of one pause overlap and are not adjusted.", Definition: "9.14", Function: "multiple.BenjaminiHochberg"},
			{Name: "not_evaluable", Type: String, Null: true, Description: "Reasons of the readings that are not evaluable, each with their number; those to which the metric does not apply are named too.", Definition: "10.6", Function: "analysis/pause.Summarize"},
		},
	}

	PauseSensitivity = &Schema{
		Name:        "pause_sensitivity",
		Description: "What all readings of a pause say together, by metric, against each baseline: how much the choice of the primary one matters.",
		Key:         []string{"pause_id", "metric", "targets_are", "baseline_id"},
		Columns: []Column{
			pauseID,
			metric,
			targetsAre,
			baselineID, baselineDays, washoutDays, isPrimaryBaseline,
			verdictOf, readingsOf, evaluableOf, shareBelow1, rrSmallest, rrMedian, rrLargest, rrDetectable80,
		},
	}
)
