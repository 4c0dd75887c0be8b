package table

// The tables of what stands beside the join and is never part of it.
var (
	Proxy = &Schema{
		Name:        "proxy",
		Description: "Independent signs of supply, by local day: light at night, networks that answer. Shown beside outages, never added to them.",
		Key:         []string{"area_id", "proxy", "source_id", "date_local", "first_seen_utc"},
		Columns: with(
			Column{Name: "area_id", Type: String, Description: "Area observed."},
			Column{Name: "proxy", Type: String, Description: "What was observed, such as lit_fraction, internet_bgp or internet_ping."},
			Column{Name: "date_local", Type: Date, Description: "Local day; of a night, the day on which it ends."},
			Column{Name: "level_value", Type: Float64, Null: true, Description: "Level of the sign that day, in the source's own unit; null where it was not seen.", Min: -1e15, Max: 1e15},
			Column{Name: "n_looks", Type: Int32, Null: true, Description: "Observations behind the value: clear pixels, or steps of a signal.", Max: 2e9},
			Column{Name: "n_looks_expected", Type: Int32, Null: true, Description: "Observations that a whole day has.", Max: 2e9},
		),
	}

	ProxyDay = &Schema{
		Name:        "proxy_day",
		Description: "Independent signs of supply by area and day, each against its own last four weeks. Clouds, snow and moonlight distort lights; batteries and generators keep networks up. No row means no look, not darkness.",
		Key:         []string{"area_id", "proxy", "source_id", "date_local"},
		Columns: []Column{
			areaID,
			{Name: "proxy", Type: String, Description: "What was observed."},
			{Name: "source_id", Type: String, Description: "The source."},
			dateLocal,
			{Name: "level_value", Type: Float64, Description: "Level of the sign that day, in the source's own unit.", Definition: "6.7"},
			{Name: "n_looks", Type: Int32, Null: true, Description: "Observations behind the value; null if the source does not say.", Definition: "6.7"},
			{Name: "looks_coverage", Type: Float64, Null: true, Description: "Observations of those that a whole day has; null if unknown.", Definition: "0", Function: "quality.Share"},
			{Name: "baseline_known_d", Type: Int32, Unit: "d", Description: "Days of the 28 before that have a value.", Definition: "6.7", Function: "index.RobustZ"},
			{Name: "median_28d", Type: Float64, Null: true, Description: "Median of those days; null below 14 of them.", Definition: "6.7", Function: "index.RobustZ"},
			{Name: "z_robust", Type: Float64, Null: true, Description: "(level_value − median) / (1.4826 · median absolute deviation); null where the deviation is 0 or fewer than 14 days are known.", Definition: "6.7", Function: "index.RobustZ"},
		},
	}

	Context = &Schema{
		Name:        "context",
		Description: "Figures of longer periods, such as monthly counts of conflict events: shown beside, joined to nothing.",
		Key:         []string{"area_id", "measure", "source_id", "period_start_date", "first_seen_utc"},
		Columns: with(
			Column{Name: "area_id", Type: String, Description: "Area of the figure."},
			Column{Name: "measure", Type: String, Description: "What is counted, in the source's words."},
			Column{Name: "period_start_date", Type: Date, Description: "First day of the period."},
			Column{Name: "period_end_date", Type: Date, Description: "Last day of the period, itself part of it."},
			Column{Name: "figure", Type: Float64, Null: true, Description: "The figure; null where the source has none.", Min: -1e15, Max: 1e15},
		),
	}

	ContextPeriod = &Schema{
		Name:        "context_period",
		Description: "Figures of longer periods as their source has them: context, joined to nothing and in no finding.",
		Key:         []string{"area_id", "measure", "source_id", "period_start_date"},
		Columns: []Column{
			areaID,
			{Name: "measure", Type: String, Description: "What is counted, in the source's words."},
			{Name: "source_id", Type: String, Description: "The source."},
			{Name: "period_start_date", Type: Date, Description: "First day of the period."},
			{Name: "period_end_date", Type: Date, Description: "Last day of the period, itself part of it."},
			{Name: "figure", Type: Float64, Null: true, Description: "The figure; null where the source has none."},
		},
	}
)
