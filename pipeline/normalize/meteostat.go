package normalize

import (
	"io"

	"hardship/pipeline/area"
	"hardship/pipeline/source"
	"hardship/pipeline/source/meteostat"
)

// ReadMeteostat reads a bulk file of Meteostat into table.Temperature, as kind
// station. The file does not name its station; the area comes from the source
// or the option places, and the option months cuts, as in ReadOpenMeteo.
//
// qc is 4, forecast, where the file says that the temperature is a forecast
// that stayed because no reading came. Files without a header do not say: of
// those, only hours that began after the source's first_seen get it.
func ReadMeteostat(s *Sink, r io.Reader, name string) error {
	id, err := s.placeOfFile(name)
	if err != nil {
		return err
	}
	return s.readHourly("station", meteostat.Read(r, name), func(source.Temperature) (area.ID, error) { return id, nil })
}
