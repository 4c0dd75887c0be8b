package weatherpage

import "hardship/pipeline/source/csvfile"

// Sniff reports whether the head of a file is that of such a file, and why.
func Sniff(head []byte) (why string, ok bool) {
	return csvfile.Sniff(head, commit, commitTime, place, date, label, temperature, wind)
}
