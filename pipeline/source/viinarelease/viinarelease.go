// Package viinarelease reads event reports of a release of VIINA 2.0 (Zhukov and
// Ayers) with the probabilities that its classifier gives them. A release parts
// the two: event_info has places and headlines, event_labels the probabilities.
// The file read here is the two joined on event_id; README.md says how.
package viinarelease

import (
	"errors"
	"io"
	"iter"
	"math"
	"slices"
	"strings"
	"time"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/csvfile"
)

const (
	eventID  = "event_id"
	date     = "date"
	oblast   = "ADM1_NAME"
	outlet   = "source"
	headline = "text"
	release  = "viina_version"

	airStrike     = "t_airstrike"
	artillery     = "t_artillery"
	drone         = "t_uav"
	ukraine       = "a_ukr"
	ukraineBegins = "a_ukr_init"
)

// suffixes are what a release may add to the name of a probability: nothing in
// 2.0, _pred in 1.0. Columns ending in _b are cut-offs, which change from one
// release to the next, and are not read.
var suffixes = [...]string{"", "_pred"}

// Read yields the reports of one file in the order written. Origin is that of
// the place: the oblast in VIINA's spelling, which calls Kyiv oblast Kiev and
// the city Kiev City. Outlets is 1 where the outlet is named. Links, coordinates
// and settlements are not read; the headline is, and must not be stored.
//
// A file with the cut-offs alone, such as event_1pd, is of the wrong format.
func Read(r io.Reader, name string) iter.Seq2[source.LabelledReport, error] {
	return func(yield func(source.LabelledReport, error) bool) {
		f, err := csvfile.OpenHeader(r, name, ',')
		if err != nil {
			yield(source.LabelledReport{}, err)
			return
		}
		columns, err := find(f, name)
		if err != nil {
			yield(source.LabelledReport{}, err)
			return
		}
		for row, err := range f.Rows() {
			var report source.LabelledReport
			if err == nil {
				report, err = read(row, columns)
			}
			if err != nil {
				report = source.LabelledReport{}
			}
			if !yield(report, err) {
				return
			}
		}
	}
}

// labels are the columns of probabilities under the names that a file has.
type labels struct{ airStrike, artillery, drone, ukraine, ukraineBegins string }

func find(f *csvfile.File, name string) (labels, error) {
	header := f.Header()
	column := func(label string) string {
		for _, suffix := range suffixes {
			if slices.Contains(header, label+suffix) {
				return label + suffix
			}
		}
		return label
	}
	c := labels{column(airStrike), column(artillery), column(drone), column(ukraine), column(ukraineBegins)}
	if !slices.Contains(header, c.airStrike) && slices.Contains(header, airStrike+"_b") {
		return c, &source.FileError{File: name, Code: source.WrongFormat, Err: errCutOffs}
	}
	return c, f.Find(
		[]string{eventID, date, oblast, headline, c.airStrike, c.artillery},
		[]string{outlet, release, c.drone, c.ukraine, c.ukraineBegins},
	)
}

var errCutOffs = errors.New("has t_airstrike_b but no probability t_airstrike: join event_info and event_labels on event_id")

func read(row *csvfile.Row, c labels) (source.LabelledReport, error) {
	text := func(column string) string { return strings.TrimSpace(row.Text(column)) }
	report := source.LabelledReport{Release: text(release)}
	report.Origin = row.Origin(oblast)
	report.ID = text(eventID)
	report.Place = text(oblast)
	report.Text = row.Text(headline)
	day := text(date)
	switch {
	case report.ID == "":
		return report, row.Missing(eventID)
	case day == "":
		return report, row.Missing(date)
	}
	t, err := time.Parse("20060102", day)
	if err != nil || t.Year() < 1900 {
		return report, row.Bad(date, source.NotATime, errDate)
	}
	report.Date = hour.Date(t.Date())
	if text(outlet) != "" {
		report.Outlets = source.Counted(1)
	}
	for _, label := range []struct {
		column string
		to     *float64
	}{
		{c.airStrike, &report.AirStrike},
		{c.artillery, &report.Artillery},
		{c.drone, &report.Drone},
		{c.ukraine, &report.UkraineTakesPart},
		{c.ukraineBegins, &report.UkraineBegins},
	} {
		p, ok, bad := row.FloatWithin(label.column, 0, 1)
		if bad != nil {
			return report, bad
		}
		if !ok {
			p = math.NaN()
		}
		*label.to = p
	}
	return report, nil
}

var errDate = errors.New("not a date such as 20251222")

// Sniff reports whether the head of a file is the header of a joined release, and why or
// why not.
func Sniff(head []byte) (why string, ok bool) {
	for _, suffix := range suffixes {
		if why, ok = csvfile.Sniff(head, eventID, date, oblast, headline, airStrike+suffix, artillery+suffix); ok {
			break
		}
	}
	return why, ok
}
