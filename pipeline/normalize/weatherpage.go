package normalize

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/source"
	"hardship/pipeline/source/weatherpage"
)

// ReadWeatherPage reads the versions of a weather page into table.Temperature,
// as kind model_point. The area is that of the place a row names, or the source's
// Place where it names none. Clock times are those of the source's zone. It holds
// the rows of a file in memory.
//
// An hour has one row for each version that changed its temperature, its wind
// or its qc, with the commit's time as first_seen_utc and its id as source_rev;
// a version that repeats the one before it is counted as kept and makes no row.
// A run as of a time takes the latest row seen by then. qc is 4, forecast, where
// the version was committed before the hour began: an hour whose latest version
// is a forecast was never reported (methods.md 3), and measures leave it out.
//
// An hour label that the clocks skip is rejected. One that they show twice is
// the first of the two hours; the second has no row.
//
// Versions are put in order of their commit's time, so the order of the file
// does not matter. Of two rows of one hour and commit time that differ, the
// second by commit id, then by value, is rejected.
func ReadWeatherPage(s *Sink, r io.Reader, name string) error {
	var versions []version
	for t, err := range weatherpage.Read(r, name, s.Source.Location) {
		v := version{Temperature: t}
		if err == nil {
			v.area, err = s.place(t.Place, t.PlaceOrigin, "place")
		}
		var bad *source.ParseError
		switch {
		case errors.As(err, &bad):
			s.Reject(bad)
		case err != nil:
			return err
		default:
			versions = append(versions, v)
		}
	}
	slices.SortFunc(versions, func(a, b version) int {
		return cmp.Or(
			strings.Compare(string(a.area), string(b.area)),
			cmp.Compare(a.Hour, b.Hour),
			cmp.Compare(a.FirstSeen, b.FirstSeen),
			strings.Compare(a.Revision, b.Revision),
			cmp.Compare(a.Temp, b.Temp),
			cmp.Compare(a.Wind, b.Wind),
			cmp.Compare(a.Origin.Line, b.Origin.Line),
		)
	})
	var last version // the one before, of any hour
	return each(s, values(versions), func(v version) error {
		sameHour := v.area == last.area && v.Hour == last.Hour
		changed := !sameHour || !v.showsWhat(last)
		if changed && sameHour && v.FirstSeen == last.FirstSeen {
			return &source.ParseError{Origin: v.Origin, Field: "temp_c", Value: fmt.Sprint(float64(v.Temp)), Code: source.Contradiction,
				Err: fmt.Errorf("commit %s of the same time has %v °C and %v km/h, this one %v km/h", last.Revision, last.Temp, last.Wind, v.Wind)}
		}
		last = v
		if changed {
			s.keepTemperature(v.area, "model_point", v.Temperature, qc(v.Temperature))
		}
		return nil
	})
}

// A version is one hour as one commit showed it.
type version struct {
	source.Temperature
	area area.ID
}

// showsWhat reports whether v shows the same reading as w; two missing numbers
// are the same.
func (v version) showsWhat(w version) bool {
	return cmp.Compare(v.Temp, w.Temp) == 0 && cmp.Compare(v.Wind, w.Wind) == 0 && qc(v.Temperature) == qc(w.Temperature)
}

// values yields the elements of a slice as records without errors.
func values[T any](all []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range all {
			if !yield(v, nil) {
				return
			}
		}
	}
}
