package table

// Flags of a row of area_day, a set of bits.
const (
	FlagTemperatureGaps    int32 = 1 << iota // hours without a reading, or too few of them for the day's values
	FlagForecastOnly                         // hours that the source had only forecast count as missing
	FlagFewQueues                            // schedules of fewer queues than the operator has
	FlagScheduleLate                         // a slot's schedule was first seen after the slot had begun
	FlagPublishersDisagree                   // publishers of one operator's schedule differ
	FlagScheduleNotInForce                   // a schedule was pending, absent or set aside by emergency outages
	FlagScheduleTypedIn                      // the archive's author typed the day in by hand
	FlagAlertsMerged                         // alerts were merged across raions: their length is unknown
	FlagNoBulletin                           // a night that the day takes part in has no bulletin of the declared publisher
	FlagOutagesOpen                          // an outage was still open: its hours count to the as-of only
	FlagTwoSources                           // another source has temperatures of the day; the first declared is used
	FlagScheduleRedated                      // a schedule's date label had not turned at midnight and was moved to the next day
	FlagTwoOutageSources                     // another source has outages of the day; the first declared is used
	FlagInBase                               // the day lies in the base of the climate that it is set against, which it is colder than less often than other days
)

// FlagNames are the words for the bits, from the lowest.
var FlagNames = []string{
	"temperature_gaps", "forecast_only", "few_queues", "schedule_late", "publishers_disagree", "schedule_not_in_force",
	"schedule_typed_in", "alerts_merged", "no_bulletin", "outages_open", "two_sources", "schedule_redated", "two_outage_sources", "in_base",
}

// Key columns that several tables share.
var (
	areaID    = Column{Name: "area_id", Type: String, Description: "P-code of the area; UA is the country."}
	dateLocal = Column{Name: "date_local", Type: Date, Description: "Local civil day of the area, 23 to 25 hours long.", Definition: "4.1"}
)

// The published tables.
var (
	AreaDay = &Schema{
		Name:        "area_day",
		Description: "Cold, outages, strikes and alerts of every area on every day of the period; null is unknown.",
		Key:         []string{"area_id", "date_local"},
		Columns: []Column{
			areaID,
			dateLocal,
			{Name: "tz", Type: String, Description: "Time zone of the day.", Definition: "4.1"},
			{Name: "hours_in_day", Type: Int32, Unit: "h", Description: "Length of the civil day: 23, 24 or 25 hours.", Definition: "4.1", Function: "hour.Calendar.HoursInDay"},
			{Name: "tmin_c", Type: Float64, Null: true, Unit: "°C", Description: "Lowest hourly temperature of the day; null below the coverage limits.", Definition: "4.3", Function: "index.Summarize"},
			{Name: "tmean_c", Type: Float64, Null: true, Unit: "°C", Description: "Mean of the hourly temperatures present; null below the coverage limits.", Definition: "4.3", Function: "index.Summarize"},
			{Name: "tmax_c", Type: Float64, Null: true, Unit: "°C", Description: "Highest hourly temperature of the day; null below the coverage limits.", Definition: "4.3", Function: "index.Summarize"},
			{Name: "t_n_present", Type: Int32, Null: true, Unit: "h", Description: "Hours with a temperature; an hour seen only as a forecast has none; null on a day of a source that gives days and no hours.", Definition: "4.3", Function: "index.Summarize"},
			{Name: "t_coverage", Type: Float64, Description: "t_n_present / hours_in_day; 1 on a day of a source that gives days and no hours.", Definition: "4.3", Function: "quality.Share"},
			{Name: "t_longest_gap_h", Type: Int32, Null: true, Unit: "h", Description: "Longest run of hours without a temperature; null likewise.", Definition: "4.3", Function: "index.Summarize"},
			{Name: "t_source_id", Type: String, Null: true, Description: "The one source of the day's temperatures; null if none has any.", Definition: "4.3", Function: "panel.pass.temperatures"},
			{Name: "t_day_definition", Type: String, Null: true, Description: "Where the day of the temperatures begins: local00, local midnight; utc00, midnight UTC; obs06 or obs18, the 24 hours up to a morning or evening observation. Null without a source.", Definition: "4.3", Function: "panel.pass.temperatures", Enum: DayDefinitions},
			{Name: "wchill_min_c", Type: Float64, Null: true, Unit: "°C", Description: "Lowest hourly wind chill; null without wind at 10 m, on days without an hour at or below 0 °C, and below the coverage limits.", Definition: "C5", Function: "index.WindChill"},
			{Name: "hdd_eu_kd", Type: Float64, Null: true, Unit: "K·d", Description: "Heating degree day after Eurostat: 18 − tmean if tmean ≤ 15, else 0.", Definition: "C6", Function: "index.HeatingDegreeDay"},
			{Name: "dh18_kh", Type: Float64, Null: true, Unit: "K·h", Description: "Degree hours below 18 °C, scaled to the whole day where t_coverage is at least 0.75.", Definition: "C10", Function: "index.DegreeHours"},
			{Name: "dh0_kh", Type: Float64, Null: true, Unit: "K·h", Description: "Degree hours below 0 °C, scaled likewise.", Definition: "C10", Function: "index.DegreeHours"},
			{Name: "tn10_c", Type: Float64, Null: true, Unit: "°C", Description: "Temperature below which one night in ten was at this time of the year: 10th percentile of the lowest temperatures of the five days round it in the base period, of the same source as the day. Null where less than 0.8 of them are known.", Definition: "C3", Function: "index.ColdNightsOf"},
			{Name: "t05_c", Type: Float64, Null: true, Unit: "°C", Description: "Temperature below which the mean of one day in twenty of the base period was, of the same source. Null where less than 0.8 of its days are known.", Definition: "C4", Function: "index.ColdDaysOf"},
			{Name: "ecf_c2", Type: Float64, Null: true, Unit: "°C²", Description: "Excess cold factor: how far the day and the two before it are below t05_c, times how far they are below the thirty days before them, at least 1; below zero in a cold wave. Null without t05_c, without one of the three, and with less than 24 of the thirty.", Definition: "C4", Function: "index.ExcessColdOn"},
			{Name: "cold_le_0", Type: Bool, Null: true, Description: "tmin_c ≤ 0 °C.", Definition: "C1", Function: "panel.coldDays"},
			{Name: "cold_le_m5", Type: Bool, Null: true, Description: "tmin_c ≤ −5 °C.", Definition: "C1", Function: "panel.coldDays"},
			{Name: "cold_le_m10", Type: Bool, Null: true, Description: "tmin_c ≤ −10 °C.", Definition: "C1", Function: "panel.coldDays"},
			{Name: "cold_le_m15", Type: Bool, Null: true, Description: "tmin_c ≤ −15 °C.", Definition: "C1", Function: "panel.coldDays"},
			{Name: "cold_le_m20", Type: Bool, Null: true, Description: "tmin_c ≤ −20 °C.", Definition: "C1", Function: "panel.coldDays"},
			{Name: "out_ch_lo", Type: Float64, Null: true, Unit: "customer·h", Description: "Customer-hours without power as recorded, if overlapping records count the same customers; null without a record of customers, before its first row and after its last. Of polls: the sum over the time observed, a poll without a row for the area being none out.", Definition: "6.1", Function: "index.CustomerHours"},
			{Name: "out_ch_hi", Type: Float64, Null: true, Unit: "customer·h", Description: "Customer-hours without power as recorded, if overlapping records count different customers, at most all; null also where a record does not limit its customers.", Definition: "6.1", Function: "index.CustomerHours"},
			{Name: "out_coverage", Type: Float64, Null: true, Description: "Share of the day inside the span of the outage records or observed by polls; null without any.", Definition: "6.1", Function: "panel.pass.outages"},
			{Name: "saidi_startday_min_lo", Type: Float64, Null: true, Unit: "min", Description: "Minutes without power per customer served of the interruptions that began on the day, with their whole length, at least; null without a record of interruptions or of the customers served. Never to be set beside out_ch, which is cut at midnight.", Definition: "6.3", Function: "index.Reliable"},
			{Name: "saidi_startday_min_hi", Type: Float64, Null: true, Unit: "min", Description: "The same, at most; null also where one is open, or lasts beyond the last day that may be published.", Definition: "6.3", Function: "index.Reliable"},
			{Name: "sched_off_h_lo", Type: Float64, Null: true, Unit: "h", Description: "Announced hours without power, at least: mean over the queues seen, weighted equally. An announcement, not an outcome; published as late as a queue's.", Definition: "6.6", Function: "panel.pass.announced"},
			{Name: "sched_off_h_hi", Type: Float64, Null: true, Unit: "h", Description: "Announced hours without power, at most: mean over the queues seen, weighted equally; a slot pending, absent or not in force may be off throughout.", Definition: "6.6", Function: "panel.pass.announced"},
			{Name: "sched_groups_seen", Type: Int32, Null: true, Unit: "queues", Description: "Queues of the operator with a schedule that day.", Definition: "6.6", Function: "panel.pass.announced"},
			{Name: "sched_groups_known", Type: Int32, Null: true, Unit: "queues", Description: "Queues that the operator has; null if unknown.", Definition: "6.6", Function: "panel.pass.announced"},
			{Name: "sched_coverage", Type: Float64, Null: true, Description: "sched_groups_seen / sched_groups_known; null where the operator's share of the area is unknown.", Definition: "6.6", Function: "quality.Share"},
			{Name: "strikes_n_lo", Type: Int32, Null: true, Unit: "events", Description: "Strikes certainly inside area and day, rows of several sources that may be of one counted once; null without a bulletin on any part of the day.", Definition: "4.6", Function: "panel.pass.strikesOfDay"},
			{Name: "strikes_n_hi", Type: Int32, Null: true, Unit: "events", Description: "Strike rows possibly inside area and day; never to be summed over areas; null unless both nights that the day takes part in have a bulletin.", Definition: "4.6", Function: "panel.pass.strikesOfDay"},
			{Name: "strikes_energy_lo", Type: Int32, Null: true, Unit: "events", Description: "Of strikes_n_lo, those known to have struck energy; a class that was set because of an outage is unknown.", Definition: "7.2", Function: "panel.pass.strikesOfDay"},
			{Name: "strikes_energy_hi", Type: Int32, Null: true, Unit: "events", Description: "Of strikes_n_hi, those that may have struck energy, unknown targets among them.", Definition: "7.2", Function: "panel.pass.strikesOfDay"},
			{Name: "completeness", Type: Float64, Null: true, Description: "Share of the country's strike rows of the day that is expected to be known at the as-of, by the delays with which rows come in; null where rows do not say when they were first seen, or have been watched for less than 28 days. A day below 0.9 is no quiet day.", Definition: "7.5", Function: "index.Completeness"},
			{Name: "launched", Type: Int32, Null: true, Unit: "munitions", Description: "Munitions launched in the windows that end on the day: of the country, or of an area's own rows, those that name it alone; null without a bulletin of the night, without such a row, and where one states no number.", Definition: "7.1", Function: "panel.pass.nights"},
			{Name: "intercepted", Type: Int32, Null: true, Unit: "munitions", Description: "Munitions shot down, likewise; on country rows only.", Definition: "7.1", Function: "panel.pass.nights"},
			{Name: "alert_h", Type: Float64, Null: true, Unit: "h", Description: "Hours under air-raid alert; null where alerts were merged into spans, are permanent, or have no source.", Definition: "3", Function: "panel.pass.alerts"},
			{Name: "alerts_n", Type: Int32, Null: true, Unit: "alerts", Description: "Alerts that began on the day, counted before merging; null without a source and inside a span of more than 24 hours made of several.", Definition: "3", Function: "panel.pass.alerts"},
			{Name: "flags", Type: Int32, Description: "Bit set: 1 temperature_gaps, 2 forecast_only, 4 few_queues, 8 schedule_late, 16 publishers_disagree, 32 schedule_not_in_force, 64 schedule_typed_in, 128 alerts_merged, 256 no_bulletin, 512 outages_open, 1024 two_sources, 2048 schedule_redated, 4096 two_outage_sources, 8192 in_base."},
		},
	}

	ColdSpell = &Schema{
		Name:        "cold_spell",
		Description: "Cold spells: maximal runs of days whose mean temperature lies below a threshold.",
		Key:         []string{"area_id", "rule_id", "start_date"},
		Columns: []Column{
			areaID,
			{Name: "rule_id", Type: String, Description: "Threshold and least number of days, such as tmean_lt_m10_5d.", Definition: "C2", Function: "index.SpellRule.ID"},
			{Name: "start_date", Type: Date, Description: "First day.", Definition: "C2", Function: "index.Spells"},
			{Name: "end_date", Type: Date, Description: "Last day, itself part of the spell.", Definition: "C2", Function: "index.Spells"},
			{Name: "days", Type: Int32, Unit: "d", Description: "Number of days.", Definition: "C2", Function: "index.Spells"},
			{Name: "tmin_min_c", Type: Float64, Null: true, Unit: "°C", Description: "Lowest hourly temperature of the spell.", Definition: "C2", Function: "panel.pass.spells"},
			{Name: "tmean_mean_c", Type: Float64, Null: true, Unit: "°C", Description: "Mean of the daily means.", Definition: "C2", Function: "panel.pass.spells"},
			{Name: "hdd_kd", Type: Float64, Null: true, Unit: "K·d", Description: "Eurostat heating degree days of the spell.", Definition: "C6", Function: "panel.pass.spells"},
			{Name: "censored", Type: Bool, Description: "The spell touches the start or end of the record and may be longer.", Definition: "C2", Function: "index.Spells"},
			{Name: "touches_gap", Type: Bool, Description: "A day without a mean stands beside it, so it may be longer.", Definition: "C2", Function: "index.Spells"},
		},
	}

	StrikeNight = &Schema{
		Name:        "strike_night",
		Description: "Strikes by night (18:00 to 09:00, keyed by the day it ends) and day, from the declared publisher only. Rows of the country carry the munitions; an area's rows say how often bulletins name it.",
		Key:         []string{"area_id", "date_local", "part", "weapon"},
		Columns: []Column{
			areaID,
			{Name: "date_local", Type: Date, Description: "Day on which the window ends.", Definition: "4.2", Function: "panel.keyOf"},
			{Name: "part", Type: String, Description: "night, day, or date for rows that the bulletin gives by date only.", Definition: "4.2", Function: "panel.keyOf", Enum: []string{"night", "day", "date"}},
			{Name: "weapon", Type: String, Description: "Class of weapon; all is every class but reconnaissance, which is never counted.", Definition: "7.1", Enum: []string{"all", "ballistic", "cruise", "other_missile", "drone", "bomb", "artillery", "unknown"}},
			{Name: "rows_named", Type: Int32, Null: true, Unit: "rows", Description: "Bulletin rows that name the area; 0 means none named it, not that nothing happened; null on country rows.", Definition: "4.6", Function: "panel.nightRow.add"},
			{Name: "events_lo", Type: Int32, Unit: "events", Description: "Strikes certainly inside, rows of several sources that may be of one counted once.", Definition: "4.6", Function: "panel.nightRow.add"},
			{Name: "events_hi", Type: Int32, Unit: "events", Description: "Bulletin rows possibly inside; never to be summed over areas.", Definition: "4.6", Function: "panel.nightRow.add"},
			{Name: "launched", Type: Int32, Null: true, Unit: "munitions", Description: "Munitions launched; null if a row states no number; of an area, from rows that name it alone, null if there is none.", Definition: "7.1", Function: "panel.nightRow.add"},
			{Name: "intercepted", Type: Int32, Null: true, Unit: "munitions", Description: "Munitions shot down; country only.", Definition: "7.1", Function: "panel.nightRow.add"},
			{Name: "lost", Type: Int32, Null: true, Unit: "munitions", Description: "Munitions that did not reach a target, as far as rows state it; country only.", Definition: "7.1", Function: "panel.nightRow.add"},
			{Name: "impacts", Type: Int32, Null: true, Unit: "places", Description: "Places hit as the bulletins count them, as far as rows state it; country only.", Definition: "7.1", Function: "panel.nightRow.add"},
			{Name: "window_start_utc", Type: Timestamp, Null: true, Description: "Earliest start of the windows; country only.", Definition: "4.2", Function: "panel.nightRow.add"},
			{Name: "window_end_utc", Type: Timestamp, Null: true, Description: "Latest end of the windows; country only.", Definition: "4.2", Function: "panel.nightRow.add"},
		},
	}

	QueueDay = &Schema{
		Name:        "queue_day",
		Description: "Announced hours without power of each queue and day, beside the hours that one household's log observed.",
		Key:         []string{"area_id", "group_id", "date_local"},
		Columns: []Column{
			areaID,
			{Name: "group_id", Type: String, Description: "Operator and queue."},
			dateLocal,
			{Name: "sched_off_h_lo", Type: Float64, Null: true, Unit: "h", Description: "Announced hours without power, at least; null on days with a log only.", Definition: "6.6", Function: "panel.pass.announcedQueue"},
			{Name: "sched_off_h_hi", Type: Float64, Null: true, Unit: "h", Description: "Announced hours without power, at most.", Definition: "6.6", Function: "panel.pass.announcedQueue"},
			{Name: "versions", Type: Int32, Unit: "versions", Description: "Versions of the day's schedule that were seen.", Definition: "6.6", Function: "panel.pass.announcedQueue"},
			{Name: "status", Type: String, Null: true, Description: "What its slots were: normal, pending, emergency (set aside) or absent; several are joined by a plus sign.", Definition: "6.6", Function: "panel.pass.announcedQueue"},
			{Name: "groups_seen", Type: Int32, Null: true, Unit: "queues", Description: "Queues of the operator with a schedule that day.", Definition: "6.6", Function: "panel.pass.announced"},
			{Name: "groups_known", Type: Int32, Null: true, Unit: "queues", Description: "Queues that the operator has in the area.", Definition: "6.6", Function: "panel.pass.announcedQueue"},
			{Name: "observed_off_h", Type: Float64, Null: true, Unit: "h", Description: "Hours without power in the logs of households of the queue, mean over them; null without a log.", Definition: "6.6", Function: "panel.pass.observed"},
			{Name: "observed_points", Type: Int32, Unit: "households", Description: "Households with a log that day.", Definition: "6.6", Function: "panel.pass.observed"},
			{Name: "observed_coverage", Type: Float64, Null: true, Description: "Share of the day inside the logs.", Definition: "6.6", Function: "panel.pass.observed"},
			{Name: "typed_in", Type: Bool, Description: "A schedule or log entry of the day was typed in by its archive's author.", Definition: "6.6", Function: "panel.pass.announcedQueue"},
		},
	}

	EnergyReport = &Schema{
		Name:        "energy_report",
		Description: "News reports that name an energy site and an attack, by area and day (ODbL). Reports, never strikes; joined to no other table.",
		Key:         []string{"area_id", "date_local"},
		Columns: []Column{
			areaID,
			{Name: "date_local", Type: Date, Description: "Day of the reports."},
			{Name: "reports", Type: Int32, Unit: "reports", Description: "Distinct reports of the day naming the area.", Definition: "7.2", Function: "panel.Inputs.Reports"},
			{Name: "reports_ua_actor", Type: Int32, Unit: "reports", Description: "Of these, flagged by the source as acts of Ukraine.", Definition: "7.2", Function: "panel.Inputs.Reports"},
			{Name: "sources", Type: Int32, Null: true, Unit: "outlets", Description: "Outlets summed over the reports.", Definition: "7.2", Function: "panel.Inputs.Reports"},
		},
	}

	CrossCorrelation = &Schema{
		Name:        "ccf",
		Description: "Lagged correlations of two daily series within one season: association, not cause.",
		Key:         []string{"pair_id", "season", "lag_d"},
		Columns: []Column{
			{Name: "pair_id", Type: String, Description: "The two series and the area."},
			areaID,
			{Name: "x_series", Type: String, Description: "Series that leads by lag_d days: table, column, area and class."},
			{Name: "y_series", Type: String, Description: "Series that follows."},
			{Name: "season", Type: String, Description: "Winter, such as 2025-26: November to March."},
			{Name: "lag_d", Type: Int32, Unit: "d", Description: "Days by which y follows x.", Definition: "9.11"},
			{Name: "n", Type: Int32, Unit: "d", Description: "Days with both series.", Definition: "9.11"},
			{Name: "n_expected", Type: Int32, Unit: "d", Description: "Days of the season.", Definition: "9.11"},
			{Name: "coverage", Type: Float64, Description: "n / n_expected.", Definition: "0", Function: "quality.Share"},
			{Name: "r", Type: Float64, Null: true, Description: "Correlation r = corr(x[t−lag], y[t]), global means; null if not evaluable.", Definition: "9.11", Function: "correlate.Lagged"},
			{Name: "r_lo", Type: Float64, Null: true, Description: "Lower end of the 95 % interval with n_eff.", Definition: "9.11", Function: "correlate.Lagged"},
			{Name: "r_hi", Type: Float64, Null: true, Description: "Upper end of the 95 % interval with n_eff.", Definition: "9.11", Function: "correlate.Lagged"},
			{Name: "n_eff", Type: Float64, Null: true, Unit: "d", Description: "Effective number of days after Pyper and Peterman.", Definition: "9.11", Function: "correlate.Lagged"},
			{Name: "p_shift", Type: Float64, Null: true, Description: "Two-sided p of the circular-shift test at this lag.", Definition: "9.12", Function: "correlate.ShiftTest"},
			{Name: "p_family", Type: Float64, Null: true, Description: "p of the largest |r| over all lags of the pair and season.", Definition: "9.12", Function: "correlate.ShiftTest"},
			{Name: "p_smallest", Type: Float64, Null: true, Description: "Smallest p that the test can give here: 1 / number of shifts.", Definition: "9.12", Function: "correlate.ShiftTest"},
			{Name: "evaluable", Type: Bool, Description: "There is enough data for an answer."},
			reasonCode,
			{Name: "reason", Type: String, Null: true, Description: "Why not evaluable."},
		},
	}

	RateRatio = &Schema{
		Name:        "rate_ratio",
		Description: "Launches a day on cold-spell days against the other days of the same season: association, not cause. Seasons are never pooled: what grows over the years would pass for cold.",
		Key:         []string{"area_id", "season", "rule_id", "weapon"},
		Columns: []Column{
			areaID,
			{Name: "season", Type: String, Description: "Winter, such as 2025-26: November to March."},
			{Name: "rule_id", Type: String, Description: "Cold-spell rule of the exposed days.", Definition: "C2"},
			{Name: "weapon", Type: String, Description: "Class of weapon launched, of the whole country."},
			{Name: "x1", Type: Int64, Null: true, Unit: "munitions", Description: "Launched on cold-spell days.", Definition: "9.2"},
			{Name: "t1_d", Type: Int32, Unit: "d", Description: "Cold-spell days with a bulletin and a temperature.", Definition: "9.2"},
			{Name: "x0", Type: Int64, Null: true, Unit: "munitions", Description: "Launched on the other days.", Definition: "9.2"},
			{Name: "t0_d", Type: Int32, Unit: "d", Description: "Other days with a bulletin and a temperature.", Definition: "9.2"},
			{Name: "n_expected", Type: Int32, Unit: "d", Description: "Days of the season.", Definition: "9.2"},
			{Name: "coverage", Type: Float64, Description: "(t1_d + t0_d) / n_expected.", Definition: "0", Function: "quality.Share"},
			{Name: "rr", Type: Float64, Null: true, Description: "Rate ratio (x1/t1) / (x0/t0).", Definition: "9.2", Function: "rate.Compare"},
			{Name: "ci_shift_lo", Type: Float64, Null: true, Description: "Lower end of the 95 % interval as wide as the ratios of the same cold-spell days turned round the season: the one to quote. It leaves out 1 where p_shift is at most 0.05. Null where one side has no launches.", Definition: "9.12", Function: "correlate.RatioShift.Interval"},
			{Name: "ci_shift_hi", Type: Float64, Null: true, Description: "Upper end of that interval; null if unbounded too.", Definition: "9.12", Function: "correlate.RatioShift.Interval"},
			{Name: "ci_adj_lo", Type: Float64, Null: true, Description: "Lower end of the 95 % interval adjusted for dispersion, which takes days for independent: too narrow where launches come in waves of days, to compare.", Definition: "10.4", Function: "rate.Adjusted"},
			{Name: "ci_adj_hi", Type: Float64, Null: true, Description: "Upper end of that interval; null if unbounded.", Definition: "10.4", Function: "rate.Adjusted"},
			{Name: "phi", Type: Float64, Null: true, Description: "Dispersion: variance over mean of the daily counts, at least 1.", Definition: "10.4", Function: "rate.Dispersion"},
			{Name: "p_shift", Type: Float64, Null: true, Description: "Two-sided p of shifting the cold-spell days round the season.", Definition: "9.12", Function: "correlate.RatioShiftTest"},
			{Name: "p_smallest", Type: Float64, Null: true, Description: "Smallest p that the test can give here.", Definition: "9.12", Function: "correlate.RatioShiftTest"},
			{Name: "p_bh", Type: Float64, Null: true, Description: "p_shift adjusted within family_id.", Definition: "9.14", Function: "multiple.BenjaminiHochberg"},
			{Name: "family_id", Type: String, Description: "Tests adjusted together: those of one weapon over all areas and seasons."},
			{Name: "ci_naive_lo", Type: Float64, Null: true, Description: "Lower end of the exact Poisson interval, which takes every munition for an event of its own: far too narrow, never to be quoted alone.", Definition: "9.2", Function: "rate.Compare"},
			{Name: "ci_naive_hi", Type: Float64, Null: true, Description: "Upper end of that interval; null if unbounded.", Definition: "9.2", Function: "rate.Compare"},
			{Name: "evaluable", Type: Bool, Description: "There is enough data for an answer."},
			reasonCode,
			{Name: "reason", Type: String, Null: true, Description: "Why not evaluable."},
		},
	}

	Fact = &Schema{
		Name:        "fact",
		Description: "What a text reported and what the tables of this run show beside it.",
		Key:         []string{"fact_id", "measure_no"},
		Columns: []Column{
			{Name: "fact_id", Type: String, Description: "Identity of the reported fact."},
			{Name: "measure_no", Type: Int32, Description: "Number of the measure set beside it: 1, 2, …"},
			{Name: "reported", Type: String, Description: "The fact as reported, in other words."},
			{Name: "measure", Type: String, Description: "What is set beside it."},
			{Name: "from_table", Type: String, Description: "Table of the run that the number comes from."},
			{Name: "from_column", Type: String, Description: "Column of that table."},
			{Name: "selection", Type: String, Description: "Rows taken, and how they were reduced to one number."},
			{Name: "unit", Type: String, Null: true, Description: "Unit of the number."},
			{Name: "shown", Type: Float64, Null: true, Description: "The number; null where the tables do not know.", Function: "analysis.Facts"},
			{Name: "rows_matched", Type: Int32, Unit: "rows", Description: "Rows selected.", Function: "analysis.Facts"},
		},
	}
)
