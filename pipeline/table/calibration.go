package table

// Calibration is how far intervals and tests can be trusted: what they do where the
// truth is known.
var Calibration = &Schema{
	Name:        "calibration",
	Description: "What intervals and tests do in simulated records whose truth is known: how often they find an association where there is none, and how often an interval holds the one that there is. Aim: 4 to 6 % and 93 to 97 %. Simulated, not data.",
	Key:         []string{"method_id", "scene", "record_d", "areas_n"},
	Columns: []Column{
		{Name: "method_id", Type: String, Description: "Test or interval, as the functions of the program compute it."},
		{Name: "question", Type: String, Description: "What it answers; methods with the same question stand beside each other."},
		{Name: "scene", Type: String, Description: "Way in which the simulated records come about."},
		{Name: "scene_description", Type: String, Description: "The same, in words."},
		{Name: "record_d", Type: Int32, Unit: "d", Description: "Days of a record; of a pause, days of its baseline.", Function: "calibrate.Run"},
		{Name: "areas_n", Type: Int32, Description: "Areas of a record.", Function: "calibrate.Run"},
		{Name: "is_default", Type: Bool, Description: "The program answers the question by this method; not every run has such a result."},
		{Name: "is_naive", Type: Bool, Description: "The method takes every day, or every event, for independent: what the default stands beside."},
		{Name: "panels", Type: Int32, Description: "Simulated records without an association, and as many with one.", Function: "calibrate.Run"},
		{Name: "not_evaluable_share", Type: Float64, Description: "Of the records without an association, those for which the method has no answer.", Function: "calibrate.Run"},
		{Name: "false_positive_share", Type: Float64, Null: true, Description: "Of the others, those in which it finds one at 5 %: its size; null if there are none.", Definition: "11.1", Function: "calibrate.Run"},
		{Name: "false_positive_error", Type: Float64, Null: true, Description: "Monte-Carlo standard error of that share.", Definition: "11.1", Function: "calibrate.Run"},
		{Name: "true_effect", Type: String, Description: "Association of the records that have one."},
		{Name: "interval_coverage", Type: Float64, Null: true, Description: "Of the records with it, those whose 95 % interval holds it; null for tests without an interval.", Definition: "11.1", Function: "calibrate.Run"},
		{Name: "interval_coverage_error", Type: Float64, Null: true, Description: "Monte-Carlo standard error of that share.", Definition: "11.1", Function: "calibrate.Run"},
		{Name: "found_share", Type: Float64, Null: true, Description: "Of the records with it, those in which the method finds an association: its power.", Definition: "11.1", Function: "calibrate.Run"},
		{Name: "aim_met", Type: Bool, Null: true, Description: "false_positive_share from 0.04 to 0.06 and interval_coverage, if any, from 0.93 to 0.97; null where the method answers for fewer than half of the records.", Definition: "11.1", Function: "calibrate.Run"},
	},
}
