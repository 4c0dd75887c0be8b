package powerlog

import "hardship/pipeline/source/jsonfile"

// Sniff reports whether the head of a file is that of such a log, and why.
func Sniff(head []byte) (why string, ok bool) {
	return jsonfile.Sniff(head, "timestamp", "event", "date_str")
}
