package dniproschedule

import "hardship/pipeline/source/jsonfile"

// Sniff reports whether the head of a file is that of such an archive, and why.
func Sniff(head []byte) (why string, ok bool) {
	return jsonfile.Sniff(head, "commit", "commit_time_utc", "schedule")
}
