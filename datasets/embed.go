// Package datasets holds the shipped data set: canonical tables of facts and
// figures compiled from public sources, and the configuration of the run on
// them. README.md is the catalogue; each folder's README says where its source
// comes from, under which terms, and what it lacks.
package datasets

import "embed"

//go:generate go run ../cmd/hardship normalize -c normalize.yaml --to .

// FS holds the tables and hardship.yaml.
//
//go:embed hardship.yaml areas/*.csv claims/*.csv calibration/calibration.csv
//go:embed temperature_kyiv_weather_page/*.parquet temperature_openmeteo_cities/*.parquet
//go:embed strikes_missile_attacks/*.csv reports_viina_energy/*.csv alerts_oblast/*.parquet
//go:embed outages_kyiv_dtek_yasno/*.parquet outages_kyiv_dtek_yasno/*.csv outages_dnipro_city/*.parquet outages_dnipro_cek/*.parquet
//go:embed us_eaglei_cook_county/*.csv us_eaglei_cook_county/*.parquet temperature_chicago_daily/*.csv
var FS embed.FS
