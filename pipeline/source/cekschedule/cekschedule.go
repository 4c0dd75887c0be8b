// Package cekschedule reads the archive of outage schedules of CEK, the smaller
// of the two operators in Dnipro: the versions of its file dnipro.json, whose
// form is that of package hourschedule. README.md has its traps.
package cekschedule

import (
	"io"
	"iter"
	"time"

	"hardship/pipeline/source"
	"hardship/pipeline/source/hourschedule"
	"hardship/pipeline/source/jsonfile"
)

// Read yields the schedules of an archive, of which r holds a version a line:
//
//	{"commit", "commit_time_utc", "fact": {"data": {epoch second: {queue: {hour: state}}}}}
//
// in the order written, a record a queue and day, by the rules of
// hourschedule.Facts. loc is the zone of the clock. FirstSeen is the commit's
// time. Errors are as package source says; a day or queue that cannot be
// understood costs no other of its line.
func Read(r io.Reader, name string, loc *time.Location) iter.Seq2[source.Schedule, error] {
	return func(yield func(source.Schedule, error) bool) {
		known := map[string]bool{}
		for v, err := range jsonfile.Versions(r, name) {
			var fact *jsonfile.Value
			if err == nil {
				fact, err = v.Want("fact", jsonfile.Object)
			}
			if err != nil {
				if !yield(source.Schedule{}, err) {
					return
				}
				continue
			}
			for s, err := range hourschedule.Facts(fact, v.At, loc, known) {
				if err == nil {
					s.FirstSeen, s.Revision = v.At, v.Commit
				}
				if !yield(s, err) {
					return
				}
			}
		}
	}
}

// Sniff reports whether the head of a file is that of an archive, and why or why
// not.
func Sniff(head []byte) (why string, ok bool) {
	return hourschedule.Sniff(head, "commit", "commit_time_utc")
}
