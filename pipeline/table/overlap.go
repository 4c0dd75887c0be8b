package table

// StrikeOverlap has a row where two sources tell of strikes in one area.
var StrikeOverlap = &Schema{
	Name:        "strike_overlap",
	Description: "How far two sources of strikes tell of the same events, area by area over the days that may be published: rows of one area and weapon whose windows overlap may be of one. A diagnostic of what the counts leave out, never a count.",
	Key:         []string{"area_id", "source_id", "other_source_id"},
	Columns: []Column{
		areaID,
		{Name: "source_id", Type: String, Description: "The one source, by name before the other."},
		{Name: "other_source_id", Type: String, Description: "The other."},
		{Name: "source_events", Type: Int32, Unit: "events", Description: "Rows of the one source that are certainly inside the area.", Definition: "7.3", Function: "panel.pass.strikeOverlap"},
		{Name: "other_source_events", Type: Int32, Unit: "events", Description: "Rows of the other.", Definition: "7.3", Function: "panel.pass.strikeOverlap"},
		{Name: "both_events", Type: Int32, Unit: "events", Description: "Events that both may tell of.", Definition: "7.3", Function: "index.EventGroups"},
		{Name: "chapman_events", Type: Float64, Unit: "events", Description: "Events that there may be if the sources did not know of each other. Media read one another, so it is a rough lower guide.", Definition: "7.3", Function: "index.ChapmanOf"},
		{Name: "chapman_se", Type: Float64, Unit: "events", Description: "Standard error of chapman_events under the same assumption.", Definition: "7.3", Function: "index.ChapmanOf"},
	},
}
