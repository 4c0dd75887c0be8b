package table

import "slices"

// source are the columns that every canonical table ends with: where a row
// comes from and when the world could first know it.
var source = []Column{
	{Name: "source_id", Type: String, Description: "Name of the source, as in the catalogue of data sets.", Default: "the source's name in the configuration"},
	{Name: "source_rev", Type: String, Null: true, Description: "Release or commit of the source that holds the row."},
	{Name: "first_seen_utc", Type: Timestamp, Null: true, Description: "When the publisher first showed the row; null for a source without vintages, whose rows are cut by their own time instead."},
	{Name: "retracted", Type: Bool, Description: "The publisher has taken the row back.", Default: "false"},
}

// with returns columns followed by those of every canonical table.
func with(columns ...Column) []Column { return slices.Concat(columns, source) }

// Words that several tables share.
var (
	// Weapons are the classes of weapon, from the least to the most specific
	// about what it is.
	Weapons = []string{"ballistic", "cruise", "other_missile", "drone", "bomb", "artillery", "reconnaissance", "unknown"}
	// TargetClasses are what a strike was aimed at, as far as a source says.
	TargetClasses = []string{"energy", "electricity", "heat", "gas", "oil", "water", "residential", "transport", "industrial", "military", "other", "unknown"}
	// DayDefinitions say where a day of a daily source begins.
	DayDefinitions = []string{"local00", "utc00", "obs06", "obs18"}
	// EnergyClasses are the target classes that count as energy.
	EnergyClasses = TargetClasses[:5]
)

// The canonical tables.
var (
	Area = &Schema{
		Name:        "area",
		Description: "Administrative areas: codes, names, people, time zone.",
		Key:         []string{"area_id"},
		Columns: with(
			Column{Name: "area_id", Type: String, Description: "P-code of the area (COD-AB), such as UA80 for Kyiv city; UA for the country."},
			Column{Name: "parent_id", Type: String, Null: true, Description: "Area that holds this one."},
			Column{Name: "level", Type: Int32, Description: "Administrative level: 0 country, 1 oblast, 2 raion.", Default: "1", Max: 2},
			Column{Name: "name_en", Type: String, Null: true, Description: "English name."},
			Column{Name: "name_uk", Type: String, Null: true, Description: "Ukrainian name."},
			Column{Name: "name_ru", Type: String, Null: true, Description: "Russian name."},
			Column{Name: "aliases", Type: String, Null: true, Description: "Other spellings, separated by a vertical bar; misspellings of sources among them."},
			Column{Name: "iso3166_2", Type: String, Null: true, Description: "ISO 3166-2 code; its suffix is not the P-code for five units."},
			Column{Name: "tz", Type: String, Description: "IANA time zone of its civil days.", Default: "the zone of the configuration"},
			Column{Name: "population", Type: Int64, Null: true, Unit: "people", Description: "People living there in population_year.", Max: 2e9},
			Column{Name: "population_year", Type: Int32, Null: true, Description: "Year of the population figure.", Min: 1900, Max: 2100},
			Column{Name: "customers_served", Type: Int64, Null: true, Unit: "customers", Description: "Electricity customers served.", Max: 2e9},
			Column{Name: "persons_per_customer", Type: Float64, Null: true, Unit: "people/customer", Description: "People per electricity customer.", Max: 1000},
			Column{Name: "reporting_class", Type: String, Description: "How far reports from the area can be expected at all.", Enum: []string{"normal", "contested", "occupied", "unknown"}, Default: "unknown"},
		),
	}

	Temperature = &Schema{
		Name:        "temperature",
		Description: "Hourly temperatures by area: one row an hour and version.",
		Key:         []string{"area_id", "source_id", "time_utc", "first_seen_utc"},
		Columns: with(
			Column{Name: "area_id", Type: String, Description: "Area that the reading stands for."},
			Column{Name: "kind", Type: String, Description: "What kind of product the reading is.", Enum: []string{"station", "grid", "model_point", "area"}, Default: "area"},
			Column{Name: "time_utc", Type: Timestamp, Description: "Start of the hour."},
			Column{Name: "t_c", Type: Float64, Null: true, Unit: "°C", Description: "Air temperature at 2 m; null where the source has none.", Min: -90, Max: 60},
			Column{Name: "wind_kmh", Type: Float64, Null: true, Unit: "km/h", Description: "Wind speed at 10 m; wind at another height is null.", Max: 400},
			Column{Name: "rh_pct", Type: Float64, Null: true, Unit: "%", Description: "Relative humidity.", Max: 101},
			Column{Name: "qc", Type: Int32, Description: "Quality: 0 good, 1 suspect, 2 bad, 3 imputed, 4 forecast, printed before the hour began. Measures use 0 only.", Default: "0", Max: 4},
		),
	}

	TemperatureDay = &Schema{
		Name:        "temperature_day",
		Description: "Daily extremes and means by area, from sources that publish days and no hours: one row a day and version.",
		Key:         []string{"area_id", "source_id", "date_local", "first_seen_utc"},
		Columns: with(
			Column{Name: "area_id", Type: String, Description: "Area that the reading stands for."},
			Column{Name: "kind", Type: String, Description: "What kind of product the reading is.", Enum: []string{"station", "grid", "model_point", "area"}, Default: "area"},
			Column{Name: "date_local", Type: Date, Description: "Day of the reading, as day_definition bounds it."},
			Column{Name: "tmin_c", Type: Float64, Null: true, Unit: "°C", Description: "Lowest temperature of the day.", Min: -90, Max: 60},
			Column{Name: "tmean_c", Type: Float64, Null: true, Unit: "°C", Description: "Mean temperature of the day as the source gives it; half the sum of the extremes is no mean.", Min: -90, Max: 60},
			Column{Name: "tmax_c", Type: Float64, Null: true, Unit: "°C", Description: "Highest temperature of the day.", Min: -90, Max: 60},
			Column{Name: "day_definition", Type: String, Description: "Where the day begins: local midnight, midnight UTC, or the 24 hours up to a morning or an evening observation.", Enum: DayDefinitions, Default: "local00"},
			Column{Name: "qc", Type: Int32, Description: "Quality: 0 good, 1 suspect, 2 bad, 3 imputed, 4 forecast. Measures use 0 only.", Default: "0", Max: 4},
		),
	}

	OutageInterval = &Schema{
		Name:        "outage_interval",
		Description: "Customers without supply from one moment to another, as recorded.",
		Key:         []string{"outage_id", "first_seen_utc"},
		Columns: with(
			Column{Name: "outage_id", Type: String, Description: "Identity of the outage across corrections.", Default: "made from the row's content"},
			Column{Name: "area_id", Type: String, Description: "Area of the outage."},
			Column{Name: "group_id", Type: String, Null: true, Description: "Feeder, queue or other group of customers; records of one group are united, not added."},
			Column{Name: "service", Type: String, Description: "What was out.", Enum: []string{"electricity", "heat", "water", "gas", "internet"}, Default: "electricity"},
			Column{Name: "start_utc", Type: Timestamp, Description: "Start of the outage."},
			Column{Name: "end_utc", Type: Timestamp, Null: true, Description: "End of the outage; null while it is open."},
			Column{Name: "customers_lo", Type: Int64, Null: true, Unit: "customers", Description: "Customers out, at least.", Default: "the value of customers", Max: 2e9},
			Column{Name: "customers_hi", Type: Int64, Null: true, Unit: "customers", Description: "Customers out, at most.", Default: "the value of customers", Max: 2e9},
			Column{Name: "cause", Type: String, Description: "Cause as the source gives it.", Enum: []string{"attack", "emergency", "scheduled", "weather", "equipment", "unknown"}, Default: "unknown"},
		),
	}

	OutageSnapshot = &Schema{
		Name:        "outage_snapshot",
		Description: "Customers without supply in an area at the moment of a poll. A poll without a row for an area saw none out; without a poll nothing is known.",
		Key:         []string{"area_id", "source_id", "run_utc", "first_seen_utc"},
		Columns: with(
			Column{Name: "area_id", Type: String, Description: "Area polled."},
			Column{Name: "run_utc", Type: Timestamp, Description: "Moment of the poll; counted to the whole minute."},
			Column{Name: "customers_out", Type: Int64, Null: true, Unit: "customers", Description: "Customers without supply; null where the poll of the area failed.", Max: 2e9},
			Column{Name: "customers_total", Type: Int64, Null: true, Unit: "customers", Description: "Customers that the poll covers.", Max: 2e9},
			Column{Name: "run_ok", Type: Bool, Description: "The poll of the area succeeded; false makes its time unknown.", Default: "true"},
		),
	}

	SnapshotRun = &Schema{
		Name:        "snapshot_run",
		Description: "Polls of a source: they tell none out from not looked. A poll that wrote a row of outage_snapshot needs none here.",
		Key:         []string{"source_id", "run_utc", "first_seen_utc"},
		Columns: with(
			Column{Name: "run_utc", Type: Timestamp, Description: "Moment of the poll; counted to the whole minute."},
			Column{Name: "run_ok", Type: Bool, Description: "The poll succeeded.", Default: "true"},
		),
	}

	OutageSchedule = &Schema{
		Name:        "outage_schedule",
		Description: "Announced outages of one queue by slot of the local day, one row a slot and version. An announcement, not an outcome.",
		Key:         []string{"area_id", "group_id", "publisher", "date_local", "slot_start_min", "first_seen_utc"},
		Columns: with(
			Column{Name: "area_id", Type: String, Description: "Area of the queue."},
			Column{Name: "group_id", Type: String, Description: "Operator and queue, such as dtek-kyiv:GPV12.1."},
			Column{Name: "publisher", Type: String, Description: "Who relayed the operator's schedule; publishers that disagree widen the bounds.", Default: "the source's name in the configuration"},
			Column{Name: "operator", Type: String, Description: "Operator that announced it; operators are never pooled.", Default: "the source's name in the configuration"},
			Column{Name: "groups_known", Type: Int32, Null: true, Unit: "queues", Description: "Queues that the operator has in the area on that day, seen or not.", Max: 100000},
			Column{Name: "covers_area", Type: Bool, Description: "The operator's queues together are the whole area; false where its share is unknown.", Default: "false"},
			Column{Name: "date_local", Type: Date, Description: "Local day of the schedule."},
			Column{Name: "slot_start_min", Type: Int32, Unit: "min", Description: "Start of the slot in minutes of the local clock since midnight.", Max: 1439},
			Column{Name: "slot_len_min", Type: Int32, Unit: "min", Description: "Length of the slot on the clock.", Min: 1, Max: 1440},
			Column{Name: "off_min_lo", Type: Int32, Unit: "min", Description: "Announced minutes without power, at least.", Max: 1440},
			Column{Name: "off_min_hi", Type: Int32, Unit: "min", Description: "Announced minutes without power, at most.", Max: 1440},
			Column{Name: "status", Type: String, Description: "normal; pending: not yet announced; emergency: the schedule is not in force; absent: a day without an entry for the queue.", Enum: []string{"normal", "pending", "emergency", "absent"}, Default: "normal"},
			Column{Name: "typed_in", Type: Bool, Description: "The archive's author typed the day in by hand.", Default: "false"},
			Column{Name: "redated", Type: Bool, Description: "The version's date label had not turned at local midnight and was moved to the next day.", Default: "false"},
		),
	}

	SupplyInterval = &Schema{
		Name:        "supply_interval",
		Description: "Supply at one household as its own log saw it: on or off from one moment to the next. Never located; time outside every interval is unknown.",
		Key:         []string{"area_id", "group_id", "point", "start_utc"},
		Columns: with(
			Column{Name: "area_id", Type: String, Description: "Area of the household."},
			Column{Name: "group_id", Type: String, Description: "Operator and queue to which it is taken to belong."},
			Column{Name: "point", Type: Int32, Description: "Number of the household within its queue: 1, 2, …", Default: "1", Min: 1, Max: 1000000},
			Column{Name: "start_utc", Type: Timestamp, Description: "Start of the state."},
			Column{Name: "end_utc", Type: Timestamp, Description: "End of the state: the next change in the log."},
			Column{Name: "supplied", Type: Bool, Description: "Power was on."},
			Column{Name: "typed_in", Type: Bool, Description: "The log's author typed the entry that begins the state in by hand.", Default: "false"},
		),
	}

	Strike = &Schema{
		Name:        "strike",
		Description: "Strikes as bulletins and event lists report them: one row a weapon and reporting window, or an event. No coordinates, no sites.",
		Key:         []string{"start_utc", "strike_id", "first_seen_utc"}, // in order of time, for people who read it
		Columns: with(
			Column{Name: "strike_id", Type: String, Description: "Identity of the row across corrections.", Default: "made from the row's content"},
			Column{Name: "area_id", Type: String, Description: "Finest area that holds the whole row: one oblast if the row names it alone, else the country."},
			Column{Name: "areas_named", Type: String, Null: true, Description: "All areas that the row names, in any of its fields, separated by a vertical bar."},
			Column{Name: "named_alone", Type: Bool, Description: "The row's target is the one named area and nothing else.", Default: "true if area_id is below the country"},
			Column{Name: "publisher", Type: String, Description: "Family of publishers; only the declared one makes totals.", Default: "the source's name in the configuration"},
			Column{Name: "start_utc", Type: Timestamp, Description: "Start of the span in which it happened."},
			Column{Name: "end_utc", Type: Timestamp, Description: "End of that span.", Default: "start_utc"},
			Column{Name: "time_precision", Type: String, Description: "How finely the span is known.", Enum: []string{"minute", "hour", "night", "day", "week", "month"}, Default: "minute"},
			Column{Name: "weapon", Type: String, Description: "Class of weapon; reconnaissance is kept and never counted.", Enum: Weapons, Default: "unknown"},
			Column{Name: "model", Type: String, Null: true, Description: "Weapon model as the source names it."},
			Column{Name: "target_class", Type: String, Description: "What was struck, as far as the source says.", Enum: TargetClasses, Default: "unknown"},
			Column{Name: "target_prob", Type: Float64, Null: true, Description: "Probability that a classifier gives target_class.", Max: 1},
			Column{Name: "launched", Type: Int32, Null: true, Unit: "munitions", Description: "Munitions launched.", Max: 100000},
			Column{Name: "intercepted", Type: Int32, Null: true, Unit: "munitions", Description: "Munitions shot down.", Max: 100000},
			Column{Name: "lost", Type: Int32, Null: true, Unit: "munitions", Description: "Munitions that did not reach a target for other reasons.", Max: 100000},
			Column{Name: "impacts", Type: Int32, Null: true, Unit: "places", Description: "Places hit as the bulletin counts them, not munitions.", Max: 100000},
			Column{Name: "class_uses_outcome", Type: Bool, Description: "target_class was set because of an outage, so it must not explain one.", Default: "false"},
		),
	}

	Alert = &Schema{
		Name:        "alert",
		Description: "Air-raid alerts: a warning, not a strike.",
		Key:         []string{"area_id", "source_id", "start_utc", "first_seen_utc"},
		Columns: with(
			Column{Name: "area_id", Type: String, Description: "Area under alert."},
			Column{Name: "start_utc", Type: Timestamp, Description: "Start of the alert."},
			Column{Name: "end_utc", Type: Timestamp, Null: true, Description: "End of the alert; null while it lasts."},
			Column{Name: "end_imputed", Type: Bool, Description: "The end was not seen and was set by the source.", Default: "false"},
			Column{Name: "alert_level", Type: Int32, Description: "Administrative level at which it was declared.", Default: "1", Max: 3},
			Column{Name: "subalerts", Type: Int32, Null: true, Description: "Alerts that were merged into this one.", Max: 1000000},
		),
	}

	Report = &Schema{
		Name:        "report",
		Description: "News reports that name an energy site and an attack: reports, never strikes. A derivative of VIINA under the ODbL, joined to no other table.",
		Key:         []string{"date_local", "report_id", "first_seen_utc"},
		Columns: with(
			Column{Name: "report_id", Type: String, Description: "Identity of the report in its source.", Default: "made from the row's content"},
			Column{Name: "area_id", Type: String, Description: "Area named."},
			Column{Name: "date_local", Type: Date, Description: "Day of the report."},
			Column{Name: "story", Type: String, Null: true, Description: "First report_id of the same day with the same text: repeats of one report share it."},
			Column{Name: "ua_actor", Type: Bool, Null: true, Description: "The source's actor flag says that Ukraine acted."},
			Column{Name: "outlets", Type: Int32, Null: true, Description: "Outlets that carried it.", Max: 100000},
		),
	}

	Claim = &Schema{
		Name:        "claim",
		Description: "Public statements about a pause in strikes, paraphrased: one row a statement.",
		Key:         []string{"pause_id", "claim_id"},
		Columns: with(
			Column{Name: "claim_id", Type: String, Description: "Identity of the statement."},
			Column{Name: "pause_id", Type: String, Description: "The pause that the statement is about."},
			Column{Name: "speaker_role", Type: String, Description: "Part the speaker has in the matter.", Enum: []string{"attacker", "defender", "third_party", "observer"}},
			Column{Name: "speaker", Type: String, Description: "Who spoke."},
			Column{Name: "stance", Type: String, Description: "What the statement does.", Enum: []string{"asserts", "limits", "denies", "conditional"}},
			Column{Name: "statement_lo_utc", Type: Timestamp, Description: "Earliest moment at which the words can have been spoken."},
			Column{Name: "statement_hi_utc", Type: Timestamp, Description: "Latest such moment."},
			Column{Name: "start_date", Type: Date, Null: true, Description: "Start as said; null if none was said."},
			Column{Name: "end_date", Type: Date, Null: true, Description: "End as said; null if none was said."},
			Column{Name: "start_utc", Type: Timestamp, Null: true, Description: "Start, where an instant was said."},
			Column{Name: "end_utc", Type: Timestamp, Null: true, Description: "End, where an instant was said."},
			Column{Name: "duration_h", Type: Float64, Null: true, Unit: "h", Description: "Duration as said.", Max: 100000},
			Column{Name: "places", Type: String, Null: true, Description: "Alternative readings of the place, separated by a vertical bar; areas of one reading by a plus sign."},
			Column{Name: "targets", Type: String, Null: true, Description: "Alternative readings of the scope, separated by a vertical bar."},
			Column{Name: "paraphrase", Type: String, Null: true, Description: "The statement in other words, at most 300 characters."},
		),
	}
)

// Inputs are the canonical tables by name.
var Inputs = []*Schema{Area, AreaWeight, Temperature, PointTemperature, TemperatureDay, OutageInterval, OutageSnapshot, SnapshotRun, OutageSchedule, SupplyInterval, Strike, Alert, Report, Proxy, Context, Claim}
