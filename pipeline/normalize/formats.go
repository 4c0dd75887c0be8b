package normalize

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"hardship/pipeline/source"
	"hardship/pipeline/source/acled"
	"hardship/pipeline/source/capitaltracker"
	"hardship/pipeline/source/cekschedule"
	"hardship/pipeline/source/claims"
	"hardship/pipeline/source/dniproschedule"
	"hardship/pipeline/source/eaglei"
	"hardship/pipeline/source/ghcndaily"
	"hardship/pipeline/source/gsod"
	"hardship/pipeline/source/gsom"
	"hardship/pipeline/source/ioda"
	"hardship/pipeline/source/isd"
	"hardship/pipeline/source/kyivschedule"
	"hardship/pipeline/source/mergedalert"
	"hardship/pipeline/source/meteostat"
	"hardship/pipeline/source/missileattacks"
	"hardship/pipeline/source/openmeteo"
	"hardship/pipeline/source/openmeteoapi"
	"hardship/pipeline/source/outagedata"
	"hardship/pipeline/source/powerlog"
	"hardship/pipeline/source/siren"
	"hardship/pipeline/source/ucdp"
	"hardship/pipeline/source/viina"
	"hardship/pipeline/source/viinarelease"
	"hardship/pipeline/source/weatherpage"
	"hardship/pipeline/table"
)

// A Format reads the files of one publisher, or of anybody.
type Format struct {
	Name        string
	Table       *table.Schema // that it fills; nil for any
	Description string
	Terms       string                                        // why its rows may not be passed on, only counts made of them; "" if they may
	Options     []string                                      // that a source of it may set
	Hierarchy   bool                                          // its places are parts of one another: areas cannot come from the data
	text        func(s *Sink, r io.Reader, name string) error // nil for formats that need the whole file at hand
	whole       func(s *Sink, f File) error

	// They tell the format, each with its reason; formats that fit any table
	// have neither.
	sniff      func(head []byte) (why string, ok bool) // by the first bytes of the text
	sniffWhole func(f File) (why string, ok bool)
}

// Formats are all formats by name.
var Formats = []Format{
	{Name: "csv", Description: "comma-separated values, also gzip or zstd: columns as mapped", Options: append([]string{"separator"}, textOptions...), text: ReadMappedCSV},
	{Name: "tsv", Description: "tab-separated values, also gzip or zstd: columns as mapped", Options: textOptions, text: ReadMappedTSV},
	{Name: "jsonl", Description: "JSON Lines, an object in each, also gzip or zstd: keys as mapped", Options: textOptions, text: ReadMappedJSONLines},
	{Name: "parquet", Description: "Parquet: columns as mapped", Options: timeOptions, whole: ReadMappedParquet},

	{Name: "missile_attacks", Table: table.Strike, Description: "missile and drone bulletins, CSV", Hierarchy: true, text: ReadMissileAttacks, sniff: missileattacks.Sniff},
	{Name: "viina_extract", Table: table.Report, Description: "VIINA extract by keyword, CSV", text: ReadVIINA, sniff: viina.Sniff},
	{Name: "viina_release", Table: table.Report, Description: "reports of a VIINA release with their labels, CSV", Options: []string{"release", "words", "probability"}, text: ReadVIINARelease, sniff: viinarelease.Sniff},
	{Name: "acled", Table: table.Strike, Description: "ACLED events, CSV", Hierarchy: true, Options: []string{"tags"}, Terms: "the terms of ACLED do not allow its rows to be passed on", text: ReadACLED, sniff: acled.Sniff},
	{Name: "ucdp_ged", Table: table.Strike, Description: "UCDP georeferenced events, CSV", Hierarchy: true, text: ReadUCDP, sniff: ucdp.Sniff},
	{Name: "weather_page", Table: table.Temperature, Description: "versions of a page of hourly weather, CSV", text: ReadWeatherPage, sniff: weatherpage.Sniff},
	{Name: "open_meteo", Table: table.Temperature, Description: "Open-Meteo archive, hourly CSV", Options: stationOptions, text: ReadOpenMeteo, sniff: openmeteo.Sniff},
	{Name: "open_meteo_api", Table: table.Temperature, Description: "Open-Meteo, an answer of its JSON interface", Options: stationOptions, text: ReadOpenMeteoAPI, sniff: openmeteoapi.Sniff},
	{Name: "meteostat", Table: table.Temperature, Description: "Meteostat bulk data, hourly CSV with or without a header", Options: stationOptions, text: ReadMeteostat, sniff: meteostat.Sniff},
	{Name: "isd", Table: table.Temperature, Description: "NOAA Integrated Surface Dataset, Global Hourly CSV of one station", Options: stationOptions, text: ReadISD, sniff: isd.Sniff},
	{Name: "ghcn_daily", Table: table.TemperatureDay, Description: "NOAA GHCN-Daily of one station, CSV or lines of fixed width (.dly)", Options: dailyOptions("day_definition"), text: ReadGHCNDaily, sniff: ghcndaily.Sniff},
	{Name: "gsod", Table: table.TemperatureDay, Description: "NOAA Global Surface Summary of the Day of one station, CSV", Options: dailyOptions("readings"), text: ReadGSOD, sniff: gsod.Sniff},
	{Name: "gsom", Table: table.Context, Description: "NOAA Global Summary of the Month of one station, CSV: context, never a day", Options: []string{"places"}, text: ReadGSOM, sniff: gsom.Sniff},
	{Name: "capital_tracker", Table: table.Temperature, Description: "weather of capitals every six hours, CSV", text: ReadCapitalTracker, sniff: capitaltracker.Sniff},
	{Name: "kyiv_schedules", Table: table.OutageSchedule, Description: "versions of Kyiv outage schedules, JSON lines", Options: scheduleOptions, text: ReadKyivSchedules, sniff: kyivschedule.SniffVersions},
	{Name: "kyiv_schedule_history", Table: table.OutageSchedule, Description: "one queue's schedule by day, JSON", Options: append(slices.Clone(scheduleOptions), "group", "typed_in"), text: ReadKyivScheduleHistory, sniff: kyivschedule.SniffHistory},
	{Name: "dnipro_schedules", Table: table.OutageSchedule, Description: "versions of Dnipro outage schedules, JSON lines", Options: scheduleOptions, text: ReadDniproSchedules, sniff: dniproschedule.Sniff},
	{Name: "cek_schedules", Table: table.OutageSchedule, Description: "versions of CEK's outage schedules for Dnipro, JSON lines", Options: scheduleOptions, text: ReadCEKSchedules, sniff: cekschedule.Sniff},
	{Name: "outage_data", Table: table.OutageSchedule, Description: "one version of a page of outage-data-ua, JSON", Options: append(slices.Clone(scheduleOptions), "queues", "preset"), text: ReadOutageData, sniff: outagedata.Sniff},
	{Name: "eagle_i", Table: table.OutageSnapshot, Description: "EAGLE-I, customers without supply by US county, CSV of a year", Options: []string{"counties"}, text: ReadEagleI, sniff: eaglei.Sniff},
	{Name: "eagle_i_customers", Table: table.Area, Description: "EAGLE-I, modelled customers by US county, CSV", Options: []string{"counties"}, text: ReadEagleICustomers, sniff: eaglei.SniffCustomers},
	{Name: "power_log", Table: table.SupplyInterval, Description: "on/off log of one household, JSON", Options: []string{"group", "point", "typed_in"}, text: ReadPowerLog, sniff: powerlog.Sniff},
	{Name: "alerts_merged", Table: table.Alert, Description: "air-raid alerts merged by oblast, Parquet", text: ReadMergedAlerts, sniffWhole: func(f File) (string, bool) { return mergedalert.Sniff(f.Content, f.Size) }},
	{Name: "sirens_official", Table: table.Alert, Description: "official air-raid alerts, CSV", text: ReadOfficialSirens, sniff: siren.SniffOfficial},
	{Name: "sirens_volunteer", Table: table.Alert, Description: "volunteers' air-raid alerts, CSV", text: ReadVolunteerSirens, sniff: siren.SniffVolunteer},
	{Name: "ioda", Table: table.Proxy, Description: "signals of networks that answer, from IODA, JSON", Options: []string{"places"}, text: ReadIODA, sniff: ioda.Sniff},
	{Name: "claims", Table: table.Claim, Description: "public claims about a pause, YAML", text: ReadClaims, sniff: claims.Sniff},
}

// ConfigFormats returns what a configuration must know of the formats, by name.
func ConfigFormats() map[string]source.Format {
	formats := map[string]source.Format{}
	for _, f := range Formats {
		c := source.Format{Options: f.Options, Mapped: f.Table == nil}
		if f.Table != nil {
			c.Table = f.Table.Name
		}
		formats[f.Name] = c
	}
	return formats
}

// Read reads a file of the named format into a sink. The error is the reason
// the file cannot be used at all; rows that cannot are counted and listed in
// the sink.
func Read(s *Sink, format string, f File) error {
	i := slices.IndexFunc(Formats, func(known Format) bool { return known.Name == format })
	if i < 0 {
		return &source.FileError{File: f.Name, Code: source.WrongFormat, Err: fmt.Errorf("%q is not a format", format)}
	}
	s.faults.Most = f.Limits.OrDefault().ListedRows
	err := s.knowsOptions(Formats[i].Options)
	switch {
	case err != nil:
	case Formats[i].Hierarchy && s.Gazetteer == nil:
		return &source.FileError{File: f.Name, Code: source.BadSetting, Err: errNoHierarchy}
	default:
		err = Formats[i].read(s, f)
	}
	var setting settingError
	if errors.As(err, &setting) {
		return &source.FileError{File: f.Name, Code: source.BadSetting, Err: setting}
	}
	return err
}

var errNoHierarchy = errors.New("the format's places are parts of one another, as a table of areas says: areas: {from_data: true} has none")

func (f Format) read(s *Sink, file File) error {
	if f.whole != nil {
		return f.whole(s, file)
	}
	r, err := file.Reader()
	if err != nil {
		return err
	}
	return f.text(s, r, file.Name)
}

// Terms says why rows of a format may not be passed on; "" if they may.
func Terms(format string) string {
	for _, f := range Formats {
		if f.Name == format {
			return f.Terms
		}
	}
	return ""
}
