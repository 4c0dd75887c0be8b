package normalize

import (
	"io"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/powerlog"
)

// ReadPowerLog reads the log of one household into table.SupplyInterval: a row
// from each event to the next, so the last event only ends one. The source's
// place is the area, and its options are
//
//	group     the operator and queue it is taken to belong to, such as dtek-kyiv:GPV36.1
//	point     the number of the household within that queue; 1 if not set
//	typed_in  the days on which the log's author typed entries in
//
// On the days of typed_in the entries at a whole second are the typed ones: the
// logger itself writes fractions.
//
// Where an event is rejected, what was before it is unknown up to the next
// sound one: no row spans a fault of the log.
func ReadPowerLog(s *Sink, r io.Reader, name string) error {
	home, err := s.home()
	if err != nil {
		return err
	}
	group, err := s.textOption("group")
	if err != nil {
		return err
	}
	point, err := s.countOption("point", 1_000_000, 1)
	if err != nil {
		return err
	}
	typedIn, err := s.daysOption("typed_in")
	if err != nil {
		return err
	}
	var before *source.SupplyEvent // nil at the start and after a fault
	events := func(yield func(source.SupplyEvent, error) bool) {
		for e, err := range powerlog.Read(r, name, s.Source.Location) {
			if err != nil {
				before = nil
			}
			if !yield(e, err) {
				return
			}
		}
	}
	return each(s, events, func(e source.SupplyEvent) error {
		e.TypedIn = typedIn.holds(hour.DayIn(e.At, s.Source.Location)) && e.At%hour.Second == 0
		if before != nil {
			b := s.Keep("", 0)
			b.String("area_id", string(home))
			b.String("group_id", group)
			b.Int32("point", point)
			b.Timestamp("start_utc", before.At)
			b.Timestamp("end_utc", e.At)
			b.Bool("supplied", before.Supplied)
			b.Bool("typed_in", before.TypedIn)
		}
		before = &e
		return nil
	})
}
