package normalize

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode/utf8"

	"hardship/pipeline/area"
	"hardship/pipeline/source"
	"hardship/pipeline/source/mapped"
	"hardship/pipeline/table"
)

// ReadMappedCSV reads any CSV file into the source's table by the source's
// Columns and Constants. Rows come in the order written.
//
// Columns that neither they nor the file give have the source's own values
// before the schema's defaults: its name for source_id, publisher and operator,
// its revision, first sight, place and zone.
func ReadMappedCSV(s *Sink, r io.Reader, name string) error {
	m, err := s.mapping()
	if err != nil {
		return err
	}
	return s.take(mapped.ReadCSV(r, name, s.Source.Table, m))
}

// ReadMappedTSV does so for a file whose fields are parted by tabs.
func ReadMappedTSV(s *Sink, r io.Reader, name string) error {
	m, err := s.mapping()
	if err != nil {
		return err
	}
	m.Separator = '\t'
	return s.take(mapped.ReadCSV(r, name, s.Source.Table, m))
}

// ReadMappedJSONLines does so for a file with a JSON object in each line.
func ReadMappedJSONLines(s *Sink, r io.Reader, name string) error {
	m, err := s.mapping()
	if err != nil {
		return err
	}
	return s.take(mapped.ReadJSONLines(r, name, s.Source.Table, m))
}

// ReadMappedParquet does so for a Parquet file.
func ReadMappedParquet(s *Sink, f File) error {
	m, err := s.mapping()
	if err != nil {
		return err
	}
	if s.Passing {
		m.InHand = source.InHand
	}
	return s.take(source.Ahead(mapped.ReadParquet(f.Content, f.Size, f.Name, f.parquetLimits(), s.Source.Table, m), nil))
}

// Options of the formats whose columns are mapped.
var (
	timeOptions = []string{"time_format", "date_format", "hour_ending"}
	textOptions = append([]string{"decimal", "thousands"}, timeOptions...)
)

// mapping is the source as package mapped takes it.
func (s *Sink) mapping() (mapped.Mapping, error) {
	from := s.Source
	m := mapped.Mapping{
		Columns:   from.Columns,
		Anonymous: from.Anonymous,
		Folder:    from.Folder,
		Constants: from.Constants,
		Location:  from.Location,
		Decimal:   from.Options["decimal"], Thousands: from.Options["thousands"],
		TimeFormat: from.Options["time_format"], DateFormat: from.Options["date_format"],
		Defaults: map[string]string{"source_id": from.Name, "publisher": from.Name, "operator": from.Name, "source_rev": from.Revision},
	}
	var err error
	if m.HourEnding, err = s.boolOption("hour_ending"); err != nil {
		return m, err
	}
	if sign := []rune(from.Options["separator"]); len(sign) == 1 && sign[0] < utf8.RuneSelf && !strings.ContainsRune("\"\r\n", sign[0]) {
		m.Separator = sign[0]
	} else if len(sign) > 0 {
		return m, s.badOption("separator", fmt.Errorf("%q is not one character such as ; or |", string(sign)))
	}
	if from.FirstSeen != 0 {
		m.Defaults["first_seen_utc"] = from.FirstSeen.String()
	}
	if from.Location != nil {
		m.Defaults["tz"] = from.Location.String()
	}
	if from.Table == table.Area {
		return m, nil // the table that says what areas there are
	}
	if from.Place != "" {
		m.Defaults["area_id"] = from.Place
	}
	if s.Boundaries != nil {
		m.Locate = func(lon, lat float64) (string, int32, bool) {
			id, ok := s.Boundaries.Locate(lon, lat)
			level := int32(1) // of areas that come from the data
			if a, known := s.area(id); known {
				level = a.Level
			}
			return string(id), level, ok
		}
	}
	if !from.AreasFromData {
		m.Area = func(name string) (string, int32, error) {
			id, err := s.Gazetteer.Resolve(name)
			if err != nil {
				return "", 0, err
			}
			a, _ := s.Gazetteer.Get(id)
			return string(id), a.Level, nil
		}
	}
	return m, nil
}

// area returns an area of the gazetteer, if there is one.
func (s *Sink) area(id area.ID) (*area.Area, bool) {
	if s.Gazetteer == nil {
		return nil, false
	}
	return s.Gazetteer.Get(id)
}

// take hands batches on and counts the rows of the file that they were made from.
func (s *Sink) take(batches iter.Seq2[mapped.Batch, error]) error {
	for batch, err := range batches {
		var bad *source.ParseError
		switch {
		case errors.As(err, &bad):
			s.Reject(bad)
			continue
		case err != nil:
			return err
		}
		s.Private = batch.Private
		s.Counts.Read += int64(batch.Read)
		s.Counts.Kept += int64(batch.Read)
		if batch.Rows() == 0 {
			continue
		}
		s.Lines = batch.Lines
		if err := s.Emit(batch.Table); err != nil {
			return err
		}
	}
	return nil
}
