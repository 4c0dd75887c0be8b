package normalize

import (
	"fmt"
	"io"

	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

// A Format reads the files of one publisher, or of anybody.
type Format struct {
	Name        string
	Table       *table.Schema // that it fills; nil for any
	Description string
	text        func(s *Sink, r io.Reader, name string) error // nil for formats that need the whole file at hand
	whole       func(s *Sink, f File) error
}

// Formats are all formats by name.
var Formats = []Format{
	{Name: "csv", Description: "comma-separated values, also gzip: columns as mapped", text: ReadMappedCSV},
	{Name: "tsv", Description: "tab-separated values, also gzip: columns as mapped", text: ReadMappedTSV},
	{Name: "parquet", Description: "Parquet: columns as mapped", whole: func(s *Sink, f File) error { return ReadMappedParquet(s, f.Content, f.Size, f.Name) }},

	{Name: "missile_attacks", Table: table.Strike, Description: "missile and drone bulletins, CSV", text: ReadMissileAttacks},
	{Name: "viina_extract", Table: table.Report, Description: "VIINA extract by keyword, CSV", text: ReadVIINA},
	{Name: "viina_release", Table: table.Report, Description: "reports of a VIINA release with their labels, CSV", text: ReadVIINARelease},
	{Name: "acled", Table: table.Strike, Description: "ACLED events, CSV", text: ReadACLED},
	{Name: "ucdp_ged", Table: table.Strike, Description: "UCDP georeferenced events, CSV", text: ReadUCDP},
	{Name: "weather_page", Table: table.Temperature, Description: "versions of a page of hourly weather, CSV", text: ReadWeatherPage},
	{Name: "open_meteo", Table: table.Temperature, Description: "Open-Meteo archive, hourly CSV", text: ReadOpenMeteo},
	{Name: "open_meteo_api", Table: table.Temperature, Description: "Open-Meteo, an answer of its JSON interface", text: ReadOpenMeteoAPI},
	{Name: "meteostat", Table: table.Temperature, Description: "Meteostat bulk data, hourly CSV with or without a header", text: ReadMeteostat},
	{Name: "isd", Table: table.Temperature, Description: "NOAA Integrated Surface Dataset, Global Hourly CSV of one station", text: ReadISD},
	{Name: "capital_tracker", Table: table.Temperature, Description: "weather of capitals every six hours, CSV", text: ReadCapitalTracker},
	{Name: "kyiv_schedules", Table: table.OutageSchedule, Description: "versions of Kyiv outage schedules, JSON lines", text: ReadKyivSchedules},
	{Name: "kyiv_schedule_history", Table: table.OutageSchedule, Description: "one queue's schedule by day, JSON", text: ReadKyivScheduleHistory},
	{Name: "dnipro_schedules", Table: table.OutageSchedule, Description: "versions of Dnipro outage schedules, JSON lines", text: ReadDniproSchedules},
	{Name: "cek_schedules", Table: table.OutageSchedule, Description: "versions of CEK's outage schedules for Dnipro, JSON lines", text: ReadCEKSchedules},
	{Name: "outage_data", Table: table.OutageSchedule, Description: "one version of a page of outage-data-ua, JSON", text: ReadOutageData},
	{Name: "power_log", Table: table.SupplyInterval, Description: "on/off log of one household, JSON", text: ReadPowerLog},
	{Name: "alerts_merged", Table: table.Alert, Description: "air-raid alerts merged by oblast, Parquet", text: ReadMergedAlerts},
	{Name: "sirens_official", Table: table.Alert, Description: "official air-raid alerts, CSV", text: ReadOfficialSirens},
	{Name: "sirens_volunteer", Table: table.Alert, Description: "volunteers' air-raid alerts, CSV", text: ReadVolunteerSirens},
	{Name: "claims", Table: table.Claim, Description: "public claims about a pause, YAML", text: ReadClaims},
}

// FormatTables returns, by name of the format, the name of the table that it
// fills, "" for any.
func FormatTables() map[string]string {
	tables := map[string]string{}
	for _, f := range Formats {
		tables[f.Name] = ""
		if f.Table != nil {
			tables[f.Name] = f.Table.Name
		}
	}
	return tables
}

// Read reads a file of the named format into a sink. The error is the reason
// the file cannot be used at all; rows that cannot are counted and listed in
// the sink.
func Read(s *Sink, format string, f File) error {
	for _, known := range Formats {
		if known.Name != format {
			continue
		}
		if known.whole != nil {
			return known.whole(s, f)
		}
		r, err := f.Reader()
		if err != nil {
			return err
		}
		return known.text(s, r, f.Name)
	}
	return &source.FileError{File: f.Name, Code: source.WrongFormat, Err: fmt.Errorf("%q is not a format", format)}
}
