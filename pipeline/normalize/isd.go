package normalize

import (
	"io"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/isd"
	"hardship/pipeline/unit"
)

// ReadISD reads a station's reports of the Integrated Surface Dataset into
// table.Temperature, as kind station. Which station it is stays in the file;
// the area comes from the source or the option places, and the option months
// cuts, as in ReadOpenMeteo.
//
// Reports keep their minute, so that an hour may have several rows: the panel
// averages them. Of several reports of one minute, which stations send in
// several codes, the one of the best quality makes the row, at equal quality
// the first with a temperature; the others are counted as kept and make none,
// like a report without temperature and wind. A minute that comes again after
// others is rejected: it is no second code but a second copy.
func ReadISD(s *Sink, r io.Reader, name string) error {
	id, err := s.placeOfFile(name)
	if err != nil {
		return err
	}
	wanted, err := parseMonths(s.Source.Options["months"])
	if err != nil {
		return s.badOption("months", err)
	}
	moment := func(t source.Temperature) hour.Instant { return t.Hour.Start() + t.Past }
	seen := map[hour.Instant]bool{}
	var best *source.Temperature // of the minute at hand
	keep := func() {
		if best != nil {
			s.keepTemperature(id, "station", *best, isdQuality(*best))
		}
		best = nil
	}
	err = each(s, isd.Read(r, name), func(t source.Temperature) error {
		switch {
		case unit.IsMissing(t.Temp) && unit.IsMissing(t.Wind), !wanted.hold(t.Hour.Start().Time().Month()):
		case best != nil && moment(*best) == moment(t):
			if isdBetter(t, *best) {
				best = &t
			}
		case seen[moment(t)]:
			return secondRow(t)
		default:
			keep()
			best = &t
			seen[moment(t)] = true
		}
		return nil
	})
	if err != nil {
		return err
	}
	keep()
	return s.Flush()
}

// isdBetter reports whether a is worth more than b, a report of the same minute
// that came before it.
func isdBetter(a, b source.Temperature) bool {
	if unit.IsMissing(a.Temp) || unit.IsMissing(b.Temp) {
		return unit.IsMissing(b.Temp) && !unit.IsMissing(a.Temp)
	}
	return isdQuality(a) < isdQuality(b)
}

// isdQuality returns the qc of a temperature by the code that it has in the
// dataset: its automatic checks (0 to 9) or a person's decision (letters).
func isdQuality(t source.Temperature) int32 {
	switch t.Quality {
	case "2", "6": // suspect
		return qcSuspect
	case "3", "7": // erroneous
		return qcBad
	case "I", "P", "R", "U": // inserted or replaced by a validator, computed, edited
		return qcImputed
	}
	// 0, 4, 9: within gross limits; 1, 5: passed all checks; A: suspect but
	// accepted; C: whole degrees, accepted; M: corrected by those who measured;
	// "": no temperature.
	return qcGood
}
