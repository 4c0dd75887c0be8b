package pipeline

import (
	"hardship/pipeline/analysis"
	"hardship/pipeline/table"
)

// pauseReason explains a reason of the pause tables, whose words are its title.
func pauseReason(words, cause, cure string) reasonPage {
	return reasonPage{analysis.Reason(table.PauseReasonCode(words)), words, cause, cure}
}

// pauseReasonPages has a page for every reason of the pause tables, those of
// readings before those of results, in their order.
var pauseReasonPages = []reasonPage{
	pauseReason("a denial has no window",
		"A statement that there is no pause says no days in which to count.",
		"Nothing to do: it is listed so that every statement is seen."),
	pauseReason("a condition has no window",
		"A pause on a condition has days only where the condition is met, and no source here says when.",
		"Nothing to do. A later statement of the days is a claim of its own."),
	pauseReason("no end can be known",
		"Neither an end nor a duration was said, by this or another statement about the same pause.",
		"If a duration was said elsewhere, add it as a claim."),
	pauseReason("no place was said",
		"The claim names no place, and a place is never supplied.",
		"See the paraphrase in the claim's file."),
	pauseReason("no target was said",
		"The claim does not say what the pause is of, and that is never supplied.",
		"See the paraphrase in the claim's file."),
	pauseReason("start not before end",
		"Of the starts and ends that the words can mean, this pair ends before it begins.",
		"Nothing to do: the pair is listed, and the others are evaluated."),
	pauseReason("counted for the whole country only",
		"Munitions are stated for the whole country, and the reading is about a part of it.",
		"Read the metric nights_named for the place."),
	pauseReason("not counted for a whole country",
		"The metric is of single areas, and the reading is about a whole country.",
		"Read the metrics of launches."),
	pauseReason("areas overlap and cannot be added",
		"One raid can alert several areas, so that the sum over places counts it more than once.",
		"Read each place by itself."),
	pauseReason("counts strikes on energy only",
		"The metric is of strikes on energy, and the reading of more than that.",
		"Read the metrics of launches or of alerts."),
	pauseReason("targets unknown",
		"No row of window or baseline says what was struck, so that strikes inside the claimed scope lie anywhere between none and all.",
		"A source that names targets. Launches of all weapons answer another question."),
	pauseReason("weapons not told apart",
		"The reading is of some weapons only, and the metric does not tell them apart.",
		"Read the metric of the class launched."),
	pauseReason("no whole night in the window",
		"Launches and alerts are counted by nights, and the window holds none whole.",
		"Read the other windows of the same claim."),
	pauseReason("no whole day in the window",
		"Announced hours are counted by days, and the window holds none whole.",
		"Read the other windows of the same claim."),
	pauseReason("window coverage below 0.8",
		"Fewer than four fifths of the window are known, and what is unknown is no zero.",
		"See the table coverage for what is missing."),
	pauseReason("baseline coverage below 0.8",
		"Fewer than four fifths of the baseline are known.",
		"See the other baselines in the table, and the table coverage."),
	pauseReason("completeness below 0.9",
		"By the delays of earlier reports, fewer than nine tenths of the window's rows are in.",
		"A later run. Few reports so far are not few events."),
	pauseReason("completeness unknown and window less than 28 days old",
		"The source does not tell when its rows were first seen, and the window is recent: rows may still come.",
		"A later run, 28 days after the window."),
	pauseReason("hours are no counts, placebo rank only",
		"Hours of one alert or outage go together, so that no interval for counts holds for them.",
		"Read placebo_rank with placebo_m."),
	pauseReason("fewer than 3 expected",
		"So few are expected in the window that none at all would be no surprise.",
		"A longer window, or a metric that counts more. Decided before the count is looked at."),
	pauseReason("zero events would not bring the interval below 1",
		"Even if nothing had been counted, the interval would hold 1: no fall could be seen.",
		"A longer window or baseline. Decided before the count is looked at."),
	pauseReason("the series changes within baseline or window",
		"The configuration declares, under series_breaks, that what the series counts changed between the first day of the baseline and the last of the window, so that the one cannot be expected in the other.",
		"A window whose baseline lies after the change, or a series that did not change. Decided before the count is looked at."),
}
