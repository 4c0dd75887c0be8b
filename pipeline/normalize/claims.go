package normalize

import (
	"io"
	"strings"

	"hardship/pipeline/source"
	"hardship/pipeline/source/claims"
)

// ReadClaims reads public statements about a pause into table.Claim. Every
// place must be an area. Readings are joined by a vertical bar and the areas of
// one reading by a plus sign, in the order listed: UA80|UA80+UA32|UA.
func ReadClaims(s *Sink, r io.Reader, name string) error {
	return each(s, claims.Read(r, name), func(c source.Claim) error {
		places, err := s.readings(c)
		if err != nil {
			return err
		}
		b := s.Keep("", 0)
		b.String("claim_id", c.ID)
		b.String("pause_id", c.PauseID)
		b.String("speaker_role", c.SpeakerRole)
		b.String("speaker", c.Speaker)
		b.String("stance", c.Stance)
		b.Timestamp("statement_lo_utc", c.StatementLo)
		b.Timestamp("statement_hi_utc", c.StatementHi)
		optional(b.Date, "start_date", c.StartDate)
		optional(b.Date, "end_date", c.EndDate)
		optional(b.Timestamp, "start_utc", c.Start)
		optional(b.Timestamp, "end_utc", c.End)
		optional(b.Float64, "duration_h", c.DurationHours)
		b.OptionalString("places", places)
		b.OptionalString("targets", strings.Join(c.Targets, "|"))
		b.OptionalString("paraphrase", c.Paraphrase)
		return nil
	})
}

// readings returns the places of a claim as one cell.
func (s *Sink) readings(c source.Claim) (string, error) {
	var readings []string
	for _, names := range c.Places {
		var areas []string
		for _, name := range names {
			id, err := s.place(name, c.PlacesAt, "places")
			if err != nil {
				return "", err
			}
			areas = append(areas, string(id))
		}
		readings = append(readings, strings.Join(areas, "+"))
	}
	return strings.Join(readings, "|"), nil
}

// optional sets a cell to what v points to, and leaves it null where v is nil.
func optional[T any](set func(string, T), name string, v *T) {
	if v != nil {
		set(name, *v)
	}
}
