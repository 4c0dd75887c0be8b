package panel

import (
	"slices"
	"time"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/index"
	"hardship/pipeline/table"
)

// Settings are the choices that can change a number of the panel.
type Settings struct {
	Period   // of every area that has none of its own
	Periods  map[area.ID]Period
	AsOf     hour.Instant   // what later versions say is not known
	Location *time.Location // zone of areas that are taken from the data
	Threads  int            // areas worked on at once; never changes a result

	Sources []string          // sources in declared order: the first with a day's temperatures, or its schedule, has it
	Spells  []index.SpellRule // cold-spell rules

	Base Period // of the climate that cold is set against; none if it is empty

	SeasonFirst, SeasonLast time.Month // of a winter; November to March if they are 0

	// Makes says which of table.OfAreas are made; nil stands for all.
	Makes func(*table.Schema) bool

	// Own says of which areas hourly temperatures and polls are kept and tables
	// made; nil stands for all. Of the others only what areas share is remembered:
	// that they are there, how new their rows are, and when a source looked.
	Own func(area.ID) bool

	Only []area.ID // the areas that rows are wanted of, beside the country's; none for all

	StrikePublisher string              // the family whose rows make totals; "" takes all rows
	TakesIn         map[area.ID]area.ID // an area whose name, in strike rows, also means another: Kyiv oblast and the city
	MergedAlerts    map[area.ID]bool    // areas whose alerts were merged, so that their length is unknown
}

// A Period is a span of local days.
type Period struct{ First, End hour.Day } // End is the first day left out

func (p Period) holds(d hour.Day) bool { return d >= p.First && d < p.End }

// period returns the days that an area has rows for, before the publication lag.
func (s *Settings) period(id area.ID) Period {
	if p, ok := s.Periods[id]; ok {
		return p
	}
	return s.Period
}

// rank returns the place of a source in the declared order.
func (s *Settings) rank(source string) int {
	for i, name := range s.Sources {
		if name == source {
			return i
		}
	}
	return len(s.Sources)
}

// published reports whether rows of an area are wanted. The country's always
// are: munitions are known for it alone.
func (s *Settings) published(a *area.Area) bool {
	return len(s.Only) == 0 || a.Level == area.Country || slices.Contains(s.Only, a.ID)
}

// makes reports whether a table of areas is made.
func (s *Settings) makes(t *table.Schema) bool { return s.Makes == nil || s.Makes(t) }

// owns reports whether an area is among the settings' own.
func (in *Inputs) owns(id area.ID) bool { return in.settings.Own == nil || in.settings.Own(id) }
