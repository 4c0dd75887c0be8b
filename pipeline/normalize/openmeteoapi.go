package normalize

import (
	"fmt"
	"io"
	"path"

	"hardship/pipeline/area"
	"hardship/pipeline/source"
	"hardship/pipeline/source/openmeteoapi"
)

// ReadOpenMeteoAPI reads one answer of Open-Meteo's JSON interface into
// table.Temperature, as kind model_point. Coordinates are not read, so the
// configuration must say what the answer is of. That of one place takes its
// area as in ReadOpenMeteo. One that lists several takes it from the option
// places alone, by position from 0, with the file's base name before it where
// files differ:
//
//	places: 0=UA80,1=UA46,north.json/0=UA74
//
// Two places of a file must be two areas: one point stands for its area.
//
// The interface answers with forecasts too and does not say when. Where the
// source has a first_seen, hours that began later get qc 4; without one every
// hour counts as reported, which is right for the archive alone. The option
// months is as in ReadOpenMeteo.
func ReadOpenMeteoAPI(s *Sink, r io.Reader, name string) error {
	areas := map[string]area.ID{}  // by place, as the adapter calls it
	places := map[area.ID]string{} // and back
	return s.readHourly("model_point", openmeteoapi.Read(r, name), func(t source.Temperature) (area.ID, error) {
		if id, known := areas[t.Place]; known {
			return id, nil
		}
		id, err := s.placeInFile(name, t.Place)
		if err != nil {
			return "", err
		}
		if other, taken := places[id]; taken {
			return "", &source.FileError{File: name, Code: source.Duplicate,
				Err: fmt.Errorf("its places %s and %s are both area %s: an area has one point of a source", other, t.Place, id)}
		}
		areas[t.Place], places[id] = id, t.Place
		return id, nil
	})
}

// placeInFile returns the area of one place of a file that lists several, by
// its position; "" is a file of one place.
func (s *Sink) placeInFile(name, position string) (area.ID, error) {
	if position == "" {
		return s.placeOfFile(name)
	}
	if s.Source.Place != "" {
		return "", &source.FileError{File: name, Code: source.UnknownArea,
			Err: fmt.Errorf("the file lists several places, and the source has one: name their areas in its option places, as in %s=%s", position, s.Source.Place)}
	}
	places, err := parsePlaces(s.Source.Options["places"])
	if err != nil {
		return "", s.badOption("places", err)
	}
	base := baseName(name)
	place := places[path.Join(base, position)]
	if place == "" {
		place = places[position]
	}
	if place == "" {
		return "", &source.FileError{File: name, Code: source.UnknownArea,
			Err: fmt.Errorf("nothing says which area its place %s is: add %s=AREA or %s/%s=AREA to the source's option places", position, position, base, position)}
	}
	return s.fileArea(name, place)
}
