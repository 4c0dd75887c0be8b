package normalize

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/mergedalert"
	"hardship/pipeline/source/siren"
	"hardship/pipeline/table"
)

// ReadOfficialSirens reads the official alerts of Ukraine into table.Alert. An
// alert of a raion or hromada is one of its oblast with alert_level 2 or 3:
// part of the oblast was under alert. Alerts of one oblast overlap.
func ReadOfficialSirens(s *Sink, r io.Reader, name string) error {
	return s.readAlerts(siren.ReadOfficial(r, name), "oblast")
}

// ReadVolunteerSirens reads the volunteers' alerts of Ukraine into table.Alert,
// with end_imputed where the end was not seen.
func ReadVolunteerSirens(s *Sink, r io.Reader, name string) error {
	return s.readAlerts(siren.ReadVolunteer(r, name), "region")
}

// maxMergedAlerts is the largest Parquet file of alerts that is read, in bytes.
const maxMergedAlerts = 256 << 20

// ReadMergedAlerts reads alerts that were merged by oblast into table.Alert,
// with the number merged in subalerts. Where that is large the interval's
// length says nothing. The whole file is read into memory.
func ReadMergedAlerts(s *Sink, r io.Reader, name string) error {
	in, err := readAtMost(maxMergedAlerts, r, name)
	if err != nil {
		return err
	}
	return s.readAlerts(mergedalert.Read(bytes.NewReader(in), int64(len(in)), name), "region")
}

// readAtMost returns all bytes of a file, or a *source.FileError.
func readAtMost(limit int64, r io.Reader, name string) ([]byte, error) {
	in, err := io.ReadAll(io.LimitReader(r, limit+1))
	var file *source.FileError
	switch {
	case errors.As(err, &file):
		return nil, err
	case err != nil:
		return nil, &source.FileError{File: name, Code: source.Unreadable, Err: err}
	case int64(len(in)) > limit:
		return nil, &source.FileError{File: name, Code: source.TooLarge, Err: fmt.Errorf("more than %d bytes", limit)}
	}
	return in, nil
}

// readAlerts writes alerts in the order of area and start; field is the column
// of their place. It holds the alerts of a file in memory.
//
// Alerts of one area that start at one moment are one row, for area and start
// are the key: it has the widest of their levels, the latest of their ends, and
// counts them in subalerts. None is rejected.
func (s *Sink) readAlerts(records iter.Seq2[source.Alert, error], field string) error {
	united := map[alertKey]source.Alert{}
	err := each(s, records, func(a source.Alert) error {
		id, err := s.place(a.Place, a.Origin, field)
		if err != nil {
			return err
		}
		key := alertKey{id, a.Start}
		if other, ok := united[key]; ok {
			a = unite(a, other)
		}
		united[key] = a
		return nil
	})
	if err != nil {
		return err
	}
	inOrder := slices.SortedFunc(maps.Keys(united), func(a, b alertKey) int {
		return cmp.Or(strings.Compare(string(a.area), string(b.area)), cmp.Compare(a.start, b.start))
	})
	for _, key := range inOrder {
		a := united[key]
		b := s.Keep("", 0)
		b.String("area_id", string(key.area))
		b.Timestamp("start_utc", a.Start)
		table.Optional(b.Timestamp, "end_utc", a.End, a.End != hour.DistantFuture)
		b.Bool("end_imputed", a.EndImputed)
		b.Int32("alert_level", a.Level)
		table.Optional(b.Int32, "subalerts", a.Subalerts.N, a.Subalerts.Known)
		if b.Rows() >= BatchRows {
			if err := s.Flush(); err != nil {
				return err
			}
		}
	}
	return s.Flush()
}

type alertKey struct {
	area  area.ID
	start hour.Instant
}

// unite returns one alert for two of one area and start. Which comes first does
// not matter.
func unite(a, b source.Alert) source.Alert {
	switch {
	case a.End < b.End:
		a.End, a.EndImputed = b.End, b.EndImputed
	case a.End == b.End:
		a.EndImputed = a.EndImputed && b.EndImputed
	}
	a.Level = min(a.Level, b.Level)
	a.Subalerts = source.Count{N: a.Subalerts.N + b.Subalerts.N, Known: a.Subalerts.Known && b.Subalerts.Known}
	return a
}
