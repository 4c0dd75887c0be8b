package normalize

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"hardship/pipeline/source"
	"hardship/pipeline/source/viinarelease"
	"hardship/pipeline/table"
)

// Settings of ReadVIINARelease that the source may change.
const (
	viinaWords       = "підстанц|подстанц" // substation: the words of the shipped extract
	viinaProbability = 0.5
)

// ReadVIINARelease reads reports of a release of VIINA into table.Report, and
// never into table.Strike (methods.md 7.2): those whose headline has a word for
// an energy site, and of which an air strike, a drone or artillery is probable.
// Others are counted as kept and make no row. Options are
//
//	release      the viina_version that the file must be of
//	words        parts of words for energy sites, parted by bars; a substation if not set
//	probability  from which on a label holds; 0.5 if not set
//
// The probabilities are used and not the cut-offs beside them, which differ from
// release to release. ua_actor is that of a_ukr_init, Ukraine begins, or where a
// release has no such column of a_ukr, Ukraine takes part. Story and the rest
// are as for ReadVIINA; report_id has release- before it, since other files of
// VIINA number other things.
func ReadVIINARelease(s *Sink, r io.Reader, name string) error {
	release, err := s.textOption("release")
	if err != nil {
		return err
	}
	words, least, err := s.viinaOptions()
	if err != nil {
		return err
	}
	ids := repeats{}
	stories := map[string]string{}
	return each(s, viinarelease.Read(r, name), func(report source.LabelledReport) error {
		if report.Release != "" && report.Release != release {
			return &source.FileError{File: name, Code: source.WrongFormat, Err: fmt.Errorf("line %d is of release %q, the option release says %q", report.Origin.Line, report.Release, release)}
		}
		if !names(report.Text, words) || !(probable(report.AirStrike, least) || probable(report.Drone, least) || probable(report.Artillery, least)) {
			return nil
		}
		written := report.Place
		if code, ok := viinaArea[written]; ok {
			written = code
		}
		id, err := s.place(written, report.Origin, "ADM1_NAME")
		if err != nil {
			return err
		}
		reportID := ids.number("release-" + report.ID)
		text := contentID(report.Date.String(), report.Text)
		if _, ok := stories[text]; !ok {
			stories[text] = reportID
		}
		actor := report.UkraineBegins
		if math.IsNaN(actor) {
			actor = report.UkraineTakesPart
		}
		b := s.Keep(release, 0)
		b.String("report_id", reportID)
		b.String("area_id", string(id))
		b.Date("date_local", report.Date)
		b.String("story", stories[text])
		table.Optional(b.Bool, "ua_actor", actor >= least, !math.IsNaN(actor))
		table.Optional(b.Int32, "outlets", report.Outlets.N, report.Outlets.Known)
		return nil
	})
}

// probable reports whether a label holds; one that a file does not have does
// not.
func probable(p, least float64) bool { return p >= least }

// names reports whether a text has one of some parts of words, in any letter
// case.
func names(text string, words []string) bool {
	text = strings.ToLower(text)
	for _, word := range words {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

func (s *Sink) viinaOptions() (words []string, least float64, err error) {
	option := s.Source.Options["words"]
	if option == "" {
		option = viinaWords
	}
	for word := range strings.SplitSeq(strings.ToLower(option), "|") {
		if word = strings.TrimSpace(word); word == "" {
			return nil, 0, s.badOption("words", fmt.Errorf("%q has an empty word, which every headline would have", option))
		}
		words = append(words, word)
	}
	least = viinaProbability
	if option := s.Source.Options["probability"]; option != "" {
		if least, err = strconv.ParseFloat(option, 64); err != nil || !(least > 0 && least <= 1) {
			return nil, 0, s.badOption("probability", fmt.Errorf("%q is not a number above 0 and up to 1", option))
		}
	}
	return words, least, nil
}
