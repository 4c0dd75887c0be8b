package table

// Season is the table that most readers open first: a winter of an area in a
// row. Every sum has the days that it is of beside it.
var Season = &Schema{
	Name:        "season",
	Description: "One row for each area and winter: cold, outages, strikes and alerts, each with the days that are known. A sum is over the known days only and never scaled up; null where none is known.",
	Key:         []string{"area_id", "season"},
	Columns: []Column{
		areaID,
		{Name: "season", Type: String, Description: "Winter, such as 2025-26: November to March."},
		{Name: "season_d", Type: Int32, Unit: "d", Description: "Days of the season: what coverage is a share of.", Function: "analysis.Winters"},

		{Name: "tmin_known_d", Type: Int32, Unit: "d", Description: "Days with a lowest temperature.", Definition: "4.3", Function: "analysis.Winters"},
		{Name: "tmin_coverage", Type: Float64, Description: "tmin_known_d / season_d.", Definition: "0", Function: "quality.Share"},
		{Name: "tmin_lowest_c", Type: Float64, Null: true, Unit: "°C", Description: "Lowest temperature of the days known.", Definition: "4.3", Function: "analysis.Winters"},
		{Name: "tmin_lowest_date", Type: Date, Null: true, Description: "First day with it.", Definition: "4.3", Function: "analysis.Winters"},
		{Name: "cold_le_0_d", Type: Int32, Null: true, Unit: "d", Description: "Days with tmin_c ≤ 0 °C.", Definition: "C1", Function: "analysis.Winters"},
		{Name: "cold_le_m5_d", Type: Int32, Null: true, Unit: "d", Description: "Days with tmin_c ≤ −5 °C.", Definition: "C1", Function: "analysis.Winters"},
		{Name: "cold_le_m10_d", Type: Int32, Null: true, Unit: "d", Description: "Days with tmin_c ≤ −10 °C.", Definition: "C1", Function: "analysis.Winters"},
		{Name: "cold_le_m15_d", Type: Int32, Null: true, Unit: "d", Description: "Days with tmin_c ≤ −15 °C.", Definition: "C1", Function: "analysis.Winters"},
		{Name: "cold_le_m20_d", Type: Int32, Null: true, Unit: "d", Description: "Days with tmin_c ≤ −20 °C.", Definition: "C1", Function: "analysis.Winters"},
		{Name: "tmean_known_d", Type: Int32, Unit: "d", Description: "Days with a mean temperature.", Definition: "4.3", Function: "analysis.Winters"},
		{Name: "tmean_coverage", Type: Float64, Description: "tmean_known_d / season_d.", Definition: "0", Function: "quality.Share"},
		{Name: "tmean_mean_c", Type: Float64, Null: true, Unit: "°C", Description: "Mean of the daily means known; null below a coverage of 0.8.", Definition: "4.3", Function: "analysis.Winters"},
		{Name: "hdd_season_kd", Type: Float64, Null: true, Unit: "K·d", Description: "Eurostat heating degree days: the sum over the days known divided by tmean_coverage, which is 1 for a whole record; null below a coverage of 0.95.", Definition: "C6", Function: "analysis.Winters"},
		{Name: "hdd17_season_kd", Type: Float64, Null: true, Unit: "K·d", Description: "Heating degree days below 17 °C, max(0, 17 − tmean), likewise.", Definition: "C7", Function: "index.ClippedDegreeDay"},
		{Name: "hdd18_season_kd", Type: Float64, Null: true, Unit: "K·d", Description: "Heating degree days below 18 °C, max(0, 18 − tmean), likewise.", Definition: "C7", Function: "index.ClippedDegreeDay"},
		{Name: "hdd17_minmax_season_kd", Type: Float64, Null: true, Unit: "K·d", Description: "Heating degree days below 17 °C from the lowest, mean and highest temperature, which allow for days that cross it; over the days with all three, likewise.", Definition: "C8", Function: "index.ApproximatedDegreeDay"},
		{Name: "spell_rule", Type: String, Null: true, Description: "Rule of the cold spells: the first of the configuration.", Definition: "C2"},
		{Name: "spells", Type: Int32, Null: true, Description: "Cold spells that began in the season; null without a mean temperature.", Definition: "C2", Function: "analysis.Winters"},
		{Name: "spell_d", Type: Int32, Null: true, Unit: "d", Description: "Days of the season in a cold spell, also of one that began before it.", Definition: "C2", Function: "analysis.Winters"},

		{Name: "csdi_known_d", Type: Int32, Unit: "d", Description: "Days with a lowest temperature and a climate to set it against.", Definition: "C3", Function: "analysis.Winters"},
		{Name: "csdi_d", Type: Int32, Null: true, Unit: "d", Description: "Days of the season in a run of six or more with tmin_c below tn10_c, also of one that began before it; null where csdi_reason_code says why.", Definition: "C3", Function: "index.ColdSpellDuration"},
		{Name: "csdi_touches_gap", Type: Bool, Null: true, Description: "A day without one or the other ended a run, so there may have been more.", Definition: "C3", Function: "index.ColdSpellDuration"},
		{Name: "csdi_reason_code", Type: String, Null: true, Description: "Code of the reason for which csdi_d is null, such as M0109, which `hardship explain` describes.", Function: "analysis.Winters"},
		{Name: "ecf_known_d", Type: Int32, Unit: "d", Description: "Days with an excess cold factor.", Definition: "C4", Function: "analysis.Winters"},
		{Name: "ecf_lowest_c2", Type: Float64, Null: true, Unit: "°C²", Description: "Lowest excess cold factor of the days known: the height of the hardest cold wave, if it is below zero; null where ecf_reason_code says why.", Definition: "C4", Function: "analysis.Winters"},
		{Name: "ecf_lowest_date", Type: Date, Null: true, Description: "First day with it.", Definition: "C4", Function: "analysis.Winters"},
		{Name: "ecf_reason_code", Type: String, Null: true, Description: "Code of the reason for which ecf_lowest_c2 is null.", Function: "analysis.Winters"},
		{Name: "base_d", Type: Int32, Unit: "d", Description: "Of the days that were set against a climate, those of its base period, which is itself made of them: they are colder than it less often than other days.", Definition: "C3", Function: "analysis.Winters"},

		{Name: "heating_begun_date", Type: Date, Null: true, Description: "First day that completes three in a row with a mean of 8 °C or less, from two months before the season on, so that heat may come on the day after. A rule of the weather: local authorities decide. Null where days that are not known could change it.", Definition: "C9", Function: "index.HeatingSeason"},
		{Name: "heating_ended_date", Type: Date, Null: true, Description: "Last day that completes three in a row with a mean of 8 °C or more, to two months after the season; null while heating is on, and likewise.", Definition: "C9", Function: "index.HeatingSeason"},

		{Name: "announced_known_d", Type: Int32, Unit: "d", Description: "Days with a schedule of any queue.", Definition: "6.6", Function: "analysis.Winters"},
		{Name: "announced_coverage", Type: Float64, Description: "announced_known_d / season_d. How many queues they are of is in area_day and queue_day.", Definition: "0", Function: "quality.Share"},
		{Name: "announced_off_h_lo", Type: Float64, Null: true, Unit: "h", Description: "Announced hours without power of those days, at least, mean over the queues seen. An announcement, not an outcome.", Definition: "6.6", Function: "analysis.Winters"},
		{Name: "announced_off_h_hi", Type: Float64, Null: true, Unit: "h", Description: "The same, at most.", Definition: "6.6", Function: "analysis.Winters"},
		{Name: "household_known_d", Type: Int32, Unit: "d", Description: "Days of queues with both a household's log and a schedule.", Definition: "6.6", Function: "analysis.Winters"},
		{Name: "household_off_h", Type: Float64, Null: true, Unit: "h", Description: "Hours without power that the logs observed on those days.", Definition: "6.6", Function: "analysis.Winters"},
		{Name: "household_announced_h_lo", Type: Float64, Null: true, Unit: "h", Description: "What the schedules of the same queues had announced for the same days, at least.", Definition: "6.6", Function: "analysis.Winters"},
		{Name: "household_announced_h_hi", Type: Float64, Null: true, Unit: "h", Description: "The same, at most.", Definition: "6.6", Function: "analysis.Winters"},
		{Name: "customers_out_known_d", Type: Int32, Unit: "d", Description: "Days with a record of customers out.", Definition: "6.1", Function: "analysis.Winters"},
		{Name: "customers_out_coverage", Type: Float64, Description: "Sum of out_coverage / season_d.", Definition: "6.2", Function: "analysis.Winters"},
		{Name: "customers_out_ch_lo", Type: Float64, Null: true, Unit: "customer·h", Description: "Customer-hours without power of those days, at least.", Definition: "6.1", Function: "analysis.Winters"},
		{Name: "customers_out_ch_hi", Type: Float64, Null: true, Unit: "customer·h", Description: "The same, at most; null where a day has no upper bound.", Definition: "6.1", Function: "analysis.Winters"},

		{Name: "bulletin_nights", Type: Int32, Unit: "nights", Description: "Nights with a bulletin of the declared publisher.", Definition: "7.1", Function: "analysis.Winters"},
		{Name: "bulletin_coverage", Type: Float64, Description: "bulletin_nights / season_d.", Definition: "0", Function: "quality.Share"},
		{Name: "launched_total", Type: Int64, Null: true, Unit: "munitions", Description: "Munitions launched; of the country only.", Definition: "7.1", Function: "analysis.Winters"},
		{Name: "attack_nights", Type: Int32, Null: true, Unit: "nights", Description: "Of the country: nights with an attack. Of an area: nights with a bulletin row that names it; a night that names none may have had attacks.", Definition: "7.1", Function: "analysis.Winters"},

		{Name: "alert_known_d", Type: Int32, Unit: "d", Description: "Days whose alert hours are known.", Definition: "3", Function: "analysis.Winters"},
		{Name: "alert_coverage", Type: Float64, Description: "alert_known_d / season_d.", Definition: "0", Function: "quality.Share"},
		{Name: "alert_total_h", Type: Float64, Null: true, Unit: "h", Description: "Hours under air-raid alert on those days.", Definition: "3", Function: "analysis.Winters"},
	},
}
