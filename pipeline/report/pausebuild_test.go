package report

import (
	"time"

	"hardship/pipeline/analysis/pause"
	"hardship/pipeline/area"
	"hardship/pipeline/table"
)

// addPauses makes the tables about pauses from the statements and the nights.
func addPauses(tables map[*table.Schema]*table.Table, in Input) {
	zone := kyiv()
	settings := pause.Settings{AsOf: in.AsOf, Country: "UA", Location: zone, Zones: []*time.Location{zone}, TakesIn: map[area.ID]area.ID{"UA32": "UA80"}}
	readings, err := pause.Readings(in.Claims, settings)
	if err != nil {
		panic(err)
	}
	results, err := pause.Results(readings, tables[table.AreaDay], tables[table.StrikeNight], settings)
	if err != nil {
		panic(err)
	}
	tables[table.PauseReading], tables[table.PauseResult] = pause.ReadingTable(readings), pause.ResultTable(results)
	tables[table.PauseSummary] = pause.SummaryTable(pause.Summarize(results))
	tables[table.PauseSensitivity] = pause.SensitivityTable(pause.Sensitivities(results))
}
