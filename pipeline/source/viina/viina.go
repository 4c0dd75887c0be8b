// Package viina reads the extract of VIINA 2.0 (Zhukov and Ayers) that holds
// one row for each news report and settlement where a substation is named with
// a word of attack. A row is a report, not an event, and not always of a strike.
package viina

import (
	"errors"
	"io"
	"iter"
	"strings"
	"time"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/csvfile"
)

const (
	eventID  = "event_id_1pd"
	date     = "date"
	oblast   = "ADM1_NAME"
	ukraine  = "a_ukr" // a_ukr_init has a value in 46 rows of 414 only
	outlets  = "sources_matching"
	headline = "representative_text"
)

// Read yields the reports of one file in the order written. Origin is that of
// the place.
//
// Place is the oblast in VIINA's spelling, which calls Kyiv oblast Kiev and the
// city Kiev City. UAActor is VIINA's flag that Ukraine acted, unknown where it
// is empty. Outlets counts the distinct ones that carried the report, unknown
// where none is named. Coordinates, links and settlements are not read.
func Read(r io.Reader, name string) iter.Seq2[source.Report, error] {
	return func(yield func(source.Report, error) bool) {
		f, err := csvfile.Open(r, name, []string{eventID, date, oblast, ukraine, outlets, headline}, nil)
		if err != nil {
			yield(source.Report{}, err)
			return
		}
		for row, err := range f.Rows() {
			var report source.Report
			if err == nil {
				report, err = read(row)
			}
			if err != nil {
				report = source.Report{}
			}
			if !yield(report, err) {
				return
			}
		}
	}
}

func read(row *csvfile.Row) (source.Report, error) {
	report := source.Report{
		Origin: row.Origin(oblast),
		ID:     strings.TrimSpace(row.Text(eventID)),
		Place:  strings.TrimSpace(row.Text(oblast)),
		Text:   row.Text(headline),
	}
	day := strings.TrimSpace(row.Text(date))
	switch {
	case report.ID == "":
		return report, row.Missing(eventID)
	case day == "":
		return report, row.Missing(date)
	case report.Place == "":
		return report, row.Missing(oblast)
	}
	t, err := time.Parse("20060102", day)
	if err != nil {
		return report, row.Bad(date, source.NotATime, errDate)
	}
	report.Date = hour.Date(t.Date())
	switch strings.TrimSpace(row.Text(ukraine)) {
	case "":
	case "0":
		report.UAActor = source.Counted(0)
	case "1":
		report.UAActor = source.Counted(1)
	default:
		return report, row.Bad(ukraine, source.NotAllowed, errFlag)
	}
	report.Outlets = distinct(row.Text(outlets))
	return report, nil
}

var (
	errDate = errors.New("not a date such as 20251222")
	errFlag = errors.New("not 0 or 1")
)

// distinct counts the different items of a list parted by vertical bars.
func distinct(s string) source.Count {
	seen := map[string]bool{}
	for item := range strings.SplitSeq(s, "|") {
		if item = strings.TrimSpace(item); item != "" {
			seen[item] = true
		}
	}
	return source.Count{N: int32(len(seen)), Known: len(seen) > 0}
}
