package normalize

import (
	"io"

	"hardship/pipeline/area"
	"hardship/pipeline/source"
	"hardship/pipeline/source/capitaltracker"
)

// ReadCapitalTracker reads a file of the tracker of capitals' weather into
// table.Temperature, as kind model_point. The area is that of the capital a row
// names, or the source's Place where it names none.
//
// A row is the value of one hour. They are six hours apart, so no day of this
// source alone reaches the coverage that daily temperatures need (methods.md
// 4.3): it serves to check others.
func ReadCapitalTracker(s *Sink, r io.Reader, name string) error {
	return s.readHourly("model_point", capitaltracker.Read(r, name), func(t source.Temperature) (area.ID, error) {
		return s.place(t.Place, t.PlaceOrigin, "capital")
	})
}
