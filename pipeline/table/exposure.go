package table

// ExposureDay is made on request only: see gate.Rules.
var ExposureDay = &Schema{
	Name:        "exposure_day",
	Description: "Inputs of models, on request: customers out in the cold and after strikes, of every area on every day. Products of outages and strikes are no effect of strikes.",
	Key:         []string{"area_id", "date_local"},
	Columns: []Column{
		areaID,
		dateLocal,
		{Name: "out_ch_le_m10_lo", Type: Float64, Null: true, Unit: "customer·h", Description: "Of out_ch_lo, the hours known to be at or below −10 °C; null without customers out, and on days without an hourly temperature.", Definition: "11.3", Function: "panel.pass.outInCold"},
		{Name: "out_ch_le_m10_hi", Type: Float64, Null: true, Unit: "customer·h", Description: "Of out_ch_hi, the hours at or below −10 °C and those without a temperature.", Definition: "11.3", Function: "panel.pass.outInCold"},
		{Name: "strikes_prev72_lo", Type: Int32, Null: true, Unit: "events", Description: "Strikes certainly inside the area and the three civil days before, rows of several sources that may be of one counted once; null if nothing is known of them.", Definition: "11.3", Function: "panel.pass.exposed"},
		{Name: "strikes_prev72_hi", Type: Int32, Null: true, Unit: "events", Description: "Strike rows possibly inside the area and the three civil days before; null unless all of them are known whole.", Definition: "11.3", Function: "panel.pass.exposed"},
		{Name: "out_ch_x_strikes_6h", Type: Float64, Null: true, Unit: "customer·h·events", Description: "Customer-hours of each hour (out_ch_hi) times the strikes in the 6 whole hours before it; null where either is unknown, or a strike's hour or area is in doubt.", Definition: "11.3", Function: "panel.pass.exposureDays"},
		{Name: "out_ch_x_strikes_24h", Type: Float64, Null: true, Unit: "customer·h·events", Description: "The same with the 24 whole hours before.", Definition: "11.3", Function: "panel.pass.exposureDays"},
		{Name: "out_ch_x_strikes_72h", Type: Float64, Null: true, Unit: "customer·h·events", Description: "The same with the 72 whole hours before.", Definition: "11.3", Function: "panel.pass.exposureDays"},
	},
}
