package siren

import "hardship/pipeline/source/csvfile"

// SniffOfficial reports whether the head of a file is that of the official
// file, and why.
func SniffOfficial(head []byte) (why string, ok bool) {
	return csvfile.Sniff(head, oblast, level, started, finished)
}

// SniffVolunteer reports whether the head of a file is that of the volunteers'
// file, and why.
func SniffVolunteer(head []byte) (why string, ok bool) {
	return csvfile.Sniff(head, region, started, finished, naive)
}
