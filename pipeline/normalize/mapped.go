package normalize

import (
	"errors"
	"io"
	"iter"

	"hardship/pipeline/parquetfile"
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
	return s.take(mapped.ReadCSV(r, name, s.Source.Table, s.mapping()))
}

// ReadMappedTSV does so for a file whose fields are parted by tabs.
func ReadMappedTSV(s *Sink, r io.Reader, name string) error {
	m := s.mapping()
	m.Separator = '\t'
	return s.take(mapped.ReadCSV(r, name, s.Source.Table, m))
}

// ReadMappedParquet does so for a Parquet file of size bytes.
func ReadMappedParquet(s *Sink, r io.ReaderAt, size int64, name string) error {
	return s.take(mapped.ReadParquet(r, size, name, parquetfile.DefaultLimits, s.Source.Table, s.mapping()))
}

// mapping is the source as package mapped takes it.
func (s *Sink) mapping() mapped.Mapping {
	from := s.Source
	m := mapped.Mapping{
		Columns:   from.Columns,
		Constants: from.Constants,
		Location:  from.Location,
		Defaults:  map[string]string{"source_id": from.Name, "publisher": from.Name, "operator": from.Name, "source_rev": from.Revision},
	}
	if from.FirstSeen != 0 {
		m.Defaults["first_seen_utc"] = from.FirstSeen.String()
	}
	if from.Location != nil {
		m.Defaults["tz"] = from.Location.String()
	}
	if from.Table == table.Area {
		return m // the table that says what areas there are
	}
	if from.Place != "" {
		m.Defaults["area_id"] = from.Place
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
	return m
}

// take hands batches on and counts their rows.
func (s *Sink) take(batches iter.Seq2[*table.Table, error]) error {
	for batch, err := range batches {
		var bad *source.ParseError
		switch {
		case errors.As(err, &bad):
			s.Reject(bad)
			continue
		case err != nil:
			return err
		}
		s.Counts.Read += int64(batch.Rows())
		s.Counts.Kept += int64(batch.Rows())
		if err := s.Emit(batch); err != nil {
			return err
		}
	}
	return nil
}
