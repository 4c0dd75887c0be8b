package normalize

import (
	"io"

	"hardship/pipeline/source"
	"hardship/pipeline/source/viina"
	"hardship/pipeline/table"
)

// viinaArea are the names that mean another area in VIINA than elsewhere: Kiev
// alone is the oblast there, since the city is Kiev City.
var viinaArea = map[string]string{"Kiev": "UA32"}

// ReadVIINA reads the extract of VIINA into table.Report. Headlines serve to
// find repeats of one report on one day, which share the story of the first in
// the file, and are not kept. An event that stands twice in the file gets a
// numbered report_id.
func ReadVIINA(s *Sink, r io.Reader, name string) error {
	ids := repeats{}
	stories := map[string]string{}
	return each(s, viina.Read(r, name), func(report source.Report) error {
		written := report.Place
		if code, ok := viinaArea[written]; ok {
			written = code
		}
		id, err := s.place(written, report.Origin, "ADM1_NAME")
		if err != nil {
			return err
		}
		reportID := ids.number(report.ID)
		text := contentID(report.Date.String(), report.Text)
		if _, ok := stories[text]; !ok {
			stories[text] = reportID
		}
		b := s.Keep("", 0)
		b.String("report_id", reportID)
		b.String("area_id", string(id))
		b.Date("date_local", report.Date)
		b.String("story", stories[text])
		table.Optional(b.Bool, "ua_actor", report.UAActor.N == 1, report.UAActor.Known)
		table.Optional(b.Int32, "outlets", report.Outlets.N, report.Outlets.Known)
		return nil
	})
}
