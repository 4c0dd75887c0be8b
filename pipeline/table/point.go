package table

// WeightMethods say how points count in the mean of an area.
var WeightMethods = []string{"area", "population", "idw", "nearest"}

// Tables about points. They serve to make temperatures of areas, and no file is
// ever written of them: what is published and what normalize writes has areas.
var (
	PointTemperature = &Schema{
		Name:        "point_temperature",
		Description: "Hourly temperatures at stations or grid points: one row an hour and version. The source's weights make the table temperature of them; no file is written of it.",
		Key:         []string{"point_id", "source_id", "time_utc", "first_seen_utc"},
		Columns: with(
			Column{Name: "point_id", Type: String, Description: "Station, cell or other point.", Default: "made from the position"},
			Column{Name: "kind", Type: String, Description: "What kind of product the reading is.", Enum: []string{"station", "grid", "model_point"}, Default: "station"},
			Column{Name: "lat", Type: Float64, Null: true, Description: "Latitude in degrees, north positive; of a cell its centre's. The same in every row of the point; null where weights are a table.", Min: -90, Max: 90},
			Column{Name: "lon", Type: Float64, Null: true, Description: "Longitude in degrees, east positive; of a cell its centre's.", Min: -180, Max: 360},
			Column{Name: "point_population", Type: Float64, Null: true, Unit: "people", Description: "People in the cell, for weights by population.", Max: 1e9},
			Column{Name: "point_elev_m", Type: Float64, Null: true, Unit: "m", Description: "Height of the point above the sea, for sources with lapse_k_per_km.", Min: -500, Max: 9000},
			Column{Name: "time_utc", Type: Timestamp, Description: "Start of the hour; readings within one are averaged."},
			Column{Name: "t_c", Type: Float64, Null: true, Unit: "°C", Description: "Air temperature at 2 m; null where the source has none.", Min: -90, Max: 60},
			Column{Name: "wind_kmh", Type: Float64, Null: true, Unit: "km/h", Description: "Wind speed at 10 m; wind at another height is null.", Max: 400},
			Column{Name: "qc", Type: Int32, Description: "Quality: 0 good, 1 suspect, 2 bad, 3 imputed, 4 forecast, printed before the hour began. Means use 0 only.", Default: "0", Max: 4},
		),
	}

	AreaWeight = &Schema{
		Name:        "area_weight",
		Description: "What each point counts in the mean of an area, for sources of point_temperature that name this one in weights_from. Weights of an area need not add up to 1.",
		Key:         []string{"area_id", "point_id", "weight_method", "source_id", "first_seen_utc"},
		Columns: with(
			Column{Name: "area_id", Type: String, Description: "Area of the mean."},
			Column{Name: "point_id", Type: String, Description: "Point of point_temperature; one that has no readings counts as missing."},
			Column{Name: "weight_method", Type: String, Description: "How the weight was made.", Enum: WeightMethods, Default: "area"},
			Column{Name: "weight", Type: Float64, Description: "What the point counts, from 0 on.", Max: 1e15},
		),
	}
)
