package kyivschedule

import (
	"hardship/pipeline/hour"
	"hardship/pipeline/source/jsonfile"
)

// SniffVersions reports whether the head of a file is that of an archive of
// last_schedules.json, and why.
func SniffVersions(head []byte) (why string, ok bool) {
	return jsonfile.Sniff(head, "commit", "commit_time_utc", "schedules")
}

// SniffHistory reports whether the head of a file is that of
// schedule_history.json, and why.
func SniffHistory(head []byte) (why string, ok bool) {
	keys := jsonfile.Keys(head)
	if keys == nil {
		return "it does not begin with a JSON object that has a key", false
	}
	if _, err := hour.ParseDay(keys[0]); err != nil {
		return "the first key of its first object is not a date", false
	}
	return "the first key of its first object is a date", true
}
