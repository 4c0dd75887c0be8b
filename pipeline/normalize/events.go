package normalize

import (
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/acled"
	"hardship/pipeline/source/ucdp"
)

// ReadACLED reads an export of ACLED into table.Strike: a row an event of an
// air or drone strike, or of shelling, artillery or missiles. Events of other
// types are counted as kept and make no row. An event is what some actors did in
// one place on one day, not a munition, so counts of munitions stay null; who
// acted is not told apart, and in occupied areas it is often Ukraine.
//
// The span is the local day, for code 2 of time_precision the six days around
// it on either side, since any week that holds it may be meant, and for code 3
// its calendar month. The place is admin1; admin2 where geo_precision is 1 or 2
// and the table of areas has it as a part of admin1.
//
// weapon is drone or artillery where the event's type allows it and its note
// names that alone, else unknown. target_class is energy, residential or, for
// health and education, other where the tags say so. The tags are made from
// notes, and a power cut after a strike is enough for energy: wherever they set
// the class, class_uses_outcome is true (methods.md 7.4).
//
// A later upload of an event is a new row of its identity. The option tags names
// the column of tags, where a download has another.
func ReadACLED(s *Sink, r io.Reader, name string) error {
	tags := s.Source.Options["tags"]
	if tags == "" {
		tags = acled.Tags
	}
	list := eventList{sink: s, publisher: "acled", admin1: "admin1", names: acledArea}
	return each(s, acled.Read(r, name, tags), func(e source.Event) error {
		if e.Type != acled.AirOrDrone && e.Type != acled.ShellingOrMissiles {
			return nil
		}
		x := eventStrike{id: e.ID, level: 2, first: e.First, last: e.Last, precision: "day", weapon: acledWeapon(e.Type, e.Note)}
		if e.PlacePrecision == acled.InTheRegion {
			x.level = 1
		}
		switch e.DatePrecision {
		case acled.InTheWeek:
			x.first, x.last, x.precision = e.First-6, e.Last+6, "week"
		case acled.InTheMonth:
			x.first, x.last, x.precision = monthOf(e.First)
		}
		x.target, x.usesOutcome = acledTarget(e.Tags)
		return list.write(e, x)
	})
}

// acledArea are the names that mean another area in ACLED than elsewhere: Kyiv
// alone is the oblast there, since the city is Kyiv City.
var acledArea = map[string]string{"Kyiv": "UA32"}

// monthOf returns the first and last day of the calendar month of d.
func monthOf(d hour.Day) (first, last hour.Day, precision string) {
	y, m, _ := d.Time().Date()
	return hour.Date(y, m, 1), hour.Date(y, m+1, 1) - 1, "month"
}

// Words of notes that tell weapons apart.
var (
	droneWords     = []string{"drone", "drones", "uav", "uavs", "unmanned", "quadcopter", "quadcopters", "fpv", "shahed", "shaheds", "geran", "lancet"}
	artilleryWords = []string{"artillery", "shelled", "shelling", "shells", "mortar", "mortars", "howitzer", "howitzers", "mlrs"}
	otherWords     = []string{"missile", "missiles", "rocket", "rockets", "bomb", "bombs", "bombed", "airstrike", "airstrikes", "aircraft", "warplane", "warplanes", "jet", "jets", "helicopter", "helicopters"}
)

// acledWeapon returns the class of weapon of an event: of an air or drone strike
// whose note names drones and no other weapon, and of shelling whose note names
// artillery and no other.
func acledWeapon(eventType, note string) string {
	words := strings.FieldsFunc(strings.ToLower(note), func(r rune) bool { return !unicode.IsLetter(r) })
	names := func(list []string) bool {
		return slices.ContainsFunc(words, func(word string) bool { return slices.Contains(list, word) })
	}
	drone, artillery := names(droneWords), names(artilleryWords)
	switch {
	case drone == artillery || names(otherWords):
		return "unknown"
	case drone && eventType == acled.AirOrDrone:
		return "drone"
	case artillery && eventType == acled.ShellingOrMissiles:
		return "artillery"
	}
	return "unknown"
}

// acledTarget returns the class of target that tags such as "energy
// infrastructure" name, energy before any other; fromTags is false if they name
// none.
func acledTarget(tags []string) (class string, fromTags bool) {
	named := map[string]bool{}
	for _, tag := range tags {
		for word := range strings.FieldsFuncSeq(strings.ToLower(tag), func(r rune) bool { return !unicode.IsLetter(r) }) {
			named[word] = true
		}
	}
	switch {
	case named["energy"]:
		return "energy", true
	case named["residential"]:
		return "residential", true
	case named["health"], named["education"]:
		return "other", true
	}
	return "unknown", false
}

// ReadUCDP reads a release of UCDP's event dataset into table.Strike: a row an
// event of state-based or one-sided violence, of weapon and target unknown.
// Events between groups that are no states are counted as kept and make no row.
// The dataset tells no strike from a battle and lists only what killed: it shows
// that there was violence, and must not count strikes.
//
// The span is the local days from date_start to date_end, by day for code 1 of
// date_prec, by week for 2 and 3, by month for 4 and 5: a year has no word of
// its own. The place is adm_1, the country for codes 5 and 6 of where_prec, and
// adm_2 for codes 1 to 3 where the table of areas has it as a part of adm_1. An
// event outside every country, code 7, is rejected.
func ReadUCDP(s *Sink, r io.Reader, name string) error {
	list := eventList{sink: s, publisher: "ucdp", admin1: "adm_1"}
	return each(s, ucdp.Read(r, name), func(e source.Event) error {
		if e.Type == ucdp.NonState {
			return nil
		}
		x := eventStrike{id: "ucdp-" + e.ID, first: e.First, last: e.Last, weapon: "unknown", target: "unknown"}
		switch e.DatePrecision {
		case ucdp.OnTheDay:
			x.precision = "day"
		case ucdp.WithinDays, ucdp.InTheWeek:
			x.precision = "week"
		default:
			x.precision = "month"
		}
		switch {
		case e.PlacePrecision <= ucdp.InTheDistrict:
			x.level = 2
		case e.PlacePrecision == ucdp.InTheProvince:
			x.level = 1
		case e.PlacePrecision == ucdp.Elsewhere:
			return &source.ParseError{Origin: e.Origin, Field: "where_prec", Value: "7", Code: source.NotAllowed, Err: errElsewhere}
		}
		return list.write(e, x)
	})
}

var (
	errElsewhere  = errors.New("lies at sea or in the air, in no area")
	errSameEvent  = errors.New("another row has the same event and upload")
	errOtherLands = errors.New("is not in the country of the row")
)

// An eventList writes the events of one list as strikes.
type eventList struct {
	sink      *Sink
	publisher string
	admin1    string            // column of the first administrative level
	names     map[string]string // of areas that the list names its own way
	seen      map[eventVersion]bool
}

type eventVersion struct {
	id string
	at hour.Instant
}

// An eventStrike is the meaning of an event.
type eventStrike struct {
	id             string
	level          int32    // the finest administrative level that its place is good for
	first, last    hour.Day // both of them in the span
	precision      string
	weapon, target string
	usesOutcome    bool
}

func (l *eventList) write(e source.Event, x eventStrike) error {
	version := eventVersion{x.id, e.FirstSeen}
	if l.seen[version] {
		return &source.ParseError{Origin: e.Origin, Code: source.Duplicate, Err: errSameEvent}
	}
	id, err := l.area(e, x.level)
	if err != nil {
		return err
	}
	if l.seen == nil {
		l.seen = map[eventVersion]bool{}
	}
	l.seen[version] = true
	start, _ := hour.Local(x.first, 0, l.sink.Source.Location)
	end, _ := hour.Local(x.last+1, 0, l.sink.Source.Location)
	_, inOblast := l.sink.oblast(id)
	b := l.sink.Keep(e.Revision, e.FirstSeen)
	b.String("strike_id", x.id)
	b.String("area_id", string(id))
	if inOblast {
		b.String("areas_named", string(id))
	}
	b.Bool("named_alone", inOblast)
	b.String("publisher", l.publisher)
	b.Timestamp("start_utc", start)
	b.Timestamp("end_utc", end)
	b.String("time_precision", x.precision)
	b.String("weapon", x.weapon)
	b.String("target_class", x.target)
	b.Bool("class_uses_outcome", x.usesOutcome)
	return nil
}

// area resolves the place of an event, no finer than level.
func (l *eventList) area(e source.Event, level int32) (area.ID, error) {
	country, err := l.sink.place(e.Country, e.CountryOrigin, "country")
	if err != nil || level == 0 {
		return country, err
	}
	name := e.Admin1
	if code, ok := l.names[name]; ok {
		name = code
	}
	id, err := l.sink.place(name, e.Admin1Origin, l.admin1)
	if err != nil {
		return "", err
	}
	if !l.sink.within(id, country) {
		return "", &source.ParseError{Origin: e.Admin1Origin, Field: l.admin1, Value: e.Admin1, Code: source.Contradiction, Err: errOtherLands}
	}
	if level == 1 || e.Admin2 == "" {
		return id, nil
	}
	part, err := l.sink.Gazetteer.Resolve(e.Admin2)
	if err == nil && part != id && l.sink.within(part, id) {
		return part, nil
	}
	return id, nil // a table of areas need not have the second level
}

// within reports whether an area is another or a part of it.
func (s *Sink) within(id, whole area.ID) bool {
	for id != whole {
		a, ok := s.Gazetteer.Get(id)
		if !ok || a.Parent == "" {
			return false
		}
		id = a.Parent
	}
	return true
}
