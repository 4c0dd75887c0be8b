package normalize

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hardship/pipeline/table"
)

// powerEvents writes a log from lines "2031-02-09 00:00:00 up" in Kyiv, each
// with the fraction of a second after its time, if any.
func powerEvents(t *testing.T, lines ...string) string {
	t.Helper()
	var events []string
	for _, line := range lines {
		var day, clock, word string
		if _, err := fmt.Sscan(line, &day, &clock, &word); err != nil {
			t.Fatal(err)
		}
		at, err := time.Parse("2006-01-02 15:04:05Z07:00", day+" "+clock+"+02:00")
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, fmt.Sprintf(`{"timestamp":%d.%06d,"event":%q,"date_str":%q}`, at.Unix(), at.Nanosecond()/1000, word, at.Format(time.DateTime)))
	}
	return "[" + strings.Join(events, ",\n") + "]"
}

var supplyColumns = []string{"area_id", "group_id", "point", "start_utc", "end_utc", "supplied", "typed_in", "first_seen_utc"}

func TestPowerLog(t *testing.T) {
	src := Source{Table: table.SupplyInterval, Place: "UA80", Options: map[string]string{"group": "op:GPV2.1", "typed_in": "2031-02-09..2031-02-10"}}
	in := powerEvents(t,
		"2031-02-09 00:00:00 up",
		"2031-02-10 23:00:00 down",
		"2031-02-10 23:30:00.25 up", // by the logger
		"2031-02-11 01:00:00 down",  // after the days typed in
		"2031-02-11 02:00:00 up",
	)
	rows, s, err := reader(ReadPowerLog).rows(t, src, "f", in, supplyColumns...)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "the last event only ends a state", []string{
		"UA80 op:GPV2.1 1 2031-02-08T22:00:00Z 2031-02-10T21:00:00Z true true null",
		"UA80 op:GPV2.1 1 2031-02-10T21:00:00Z 2031-02-10T21:30:00.25Z false true null",
		"UA80 op:GPV2.1 1 2031-02-10T21:30:00.25Z 2031-02-10T23:00:00Z true false null",
		"UA80 op:GPV2.1 1 2031-02-10T23:00:00Z 2031-02-11T00:00:00Z false false null",
	}, rows)
	same(t, "counts", Counts{Read: 5, Kept: 5}, s.Counts)
}

func TestNoSupplyIntervalSpansAFault(t *testing.T) {
	src := Source{Table: table.SupplyInterval, Place: "UA80", Options: map[string]string{"group": "op:GPV2.1", "point": "2"}}
	in := powerEvents(t,
		"2031-02-09 00:00:00 up",
		"2031-02-09 01:00:00 up", // the event that put it off is missing
		"2031-02-09 02:00:00 down",
		"2031-02-09 03:00:00 up",
	)
	rows, s, err := reader(ReadPowerLog).rows(t, src, "f", in, supplyColumns[2:6]...)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "unknown from 00:00 to 02:00", []string{"2 2031-02-09T00:00:00Z 2031-02-09T01:00:00Z false"}, rows)
	same(t, "counts", Counts{Read: 4, Kept: 3, Rejected: 1}, s.Counts)
}
