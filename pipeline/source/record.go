package source

import (
	"hardship/pipeline/hour"
	"hardship/pipeline/unit"
)

// Count is a whole number that a source may leave out. The zero Count is
// unknown.
type Count struct {
	N     int32
	Known bool
}

// Counted returns a known count.
func Counted(n int32) Count { return Count{n, true} }

// A Temperature is one hourly reading, or one version of it.
type Temperature struct {
	Origin             // of Temp
	Place       string // as written; "" where the file is one place's
	PlaceOrigin Origin
	Hour        hour.Hour
	Past        hour.Instant           // how long after the hour began it was read; 0 for a value of the whole hour
	Temp        unit.Celsius           // NaN where the source has none
	Wind        unit.KilometresPerHour // at 10 m; NaN where the source has none
	Humidity    float64                // %; NaN where the source has none
	FirstSeen   hour.Instant           // 0 for a source without vintages
	Forecast    bool                   // printed before the hour began
	Quality     string                 // the publisher's code of Temp's quality, as written; "" without one
	Revision    string                 // release or commit
}

// What a Temperature may hold: a number beyond is a fault of its file. The
// limits are those of table.Temperature.
const (
	MinCelsius  = -90
	MaxCelsius  = 60
	MaxWind     = 400 // km/h
	MaxHumidity = 101 // %; models overshoot saturation a little
)

// A TemperatureDay is one day of a source that publishes days and no hours.
type TemperatureDay struct {
	Origin                // of the row
	Place          string // as written; "" where the file is one place's
	PlaceOrigin    Origin
	Date           hour.Day
	Min, Mean, Max unit.Celsius // NaN where the source has none, or has it with a failed check
	DayDefinition  string       // of table.TemperatureDay; "" where the file does not say
	FirstSeen      hour.Instant // 0 for a source without vintages
	Revision       string
}

// A Snapshot is how many customers of one area were without supply at the
// moment of a poll.
type Snapshot struct {
	Origin             // of the row
	Place       string // code of the area, as written
	PlaceOrigin Origin
	Name        string       // of the area, as written
	Run         hour.Instant // moment of the poll
	Out         BigCount
	Total       BigCount // customers polled
}

// BigCount is a whole number, such as of customers, that a source may leave
// out. The zero BigCount is unknown.
type BigCount struct {
	N     int64
	Known bool
}

// A Signal is the level of a sign of supply over one step of time.
type Signal struct {
	Origin
	Datasource  string // what was observed, as written
	PlaceType   string // country, region, …, as written
	Place       string // the publisher's own code
	PlaceOrigin Origin
	Start, Step hour.Instant
	Level       float64 // NaN where the step has no observation
}

// A Strike is one row of a bulletin: one weapon model in one reporting window.
type Strike struct {
	Origin           // of Target
	Window           hour.Interval
	Precision        string // time_precision of table.Strike
	Model            string // weapon model, as written
	Target           string // place or places aimed at, as written
	TargetMain       string // main place among them, as written
	TargetMainOrigin Origin
	Affected         []string // places named as affected, as written
	AffectedOrigin   Origin
	Publisher        string // who issued the bulletin: the head of its source field
	Launched         Count
	Intercepted      Count
	Lost             Count
	Impacts          Count
}

// An Event is one row of a list of conflict events. What its codes of precision
// and type mean, each list says for itself.
type Event struct {
	Origin         // of the whole row
	ID             string
	First, Last    hour.Day // as coded; both days belong to it
	DatePrecision  int32
	Country        string
	CountryOrigin  Origin
	Admin1         string
	Admin1Origin   Origin
	Admin2         string // "" where the list has none
	PlacePrecision int32
	Type           string
	Tags           []string
	Note           string       // read to class a weapon, never stored
	FirstSeen      hour.Instant // 0 where the list does not say
	Revision       string
}

// An Alert is one air-raid alert.
type Alert struct {
	Origin                  // of Place
	Place      string       // as written
	Level      int32        // administrative level at which it was declared
	Start, End hour.Instant // End is DistantFuture while it lasts
	EndImputed bool         // the source set the end without having seen it
	Subalerts  Count        // alerts merged into this one
}

// A Report is one news report that names an energy site and an attack.
type Report struct {
	Origin
	ID      string
	Place   string
	Date    hour.Day
	Text    string // compared to find repeats, never stored
	UAActor Count  // 1 if the source's flag says that Ukraine acted
	Outlets Count
}

// A LabelledReport is a news report with the probabilities that a classifier
// gives it, from 0 to 1; NaN where the file has none.
type LabelledReport struct {
	Report
	Release                         string // as the row states it
	AirStrike, Artillery, Drone     float64
	UkraineTakesPart, UkraineBegins float64
}

// Slot states of a Schedule.
type Slot uint8

const (
	SlotOn         Slot = iota
	SlotOff             // off for the whole slot
	SlotFirstHalf       // off for its first half
	SlotSecondHalf      // off for its second half
	SlotUnknown         // may be either
)

// A ClockSpan is a part of a day on the local clock: [From, To) in minutes since
// midnight, To at most 1440.
type ClockSpan struct{ From, To int }

// A Schedule is what one version of a publisher's file announced for one queue
// and day.
type Schedule struct {
	Origin
	Publisher string // who relayed it
	Group     string // queue, as written
	Date      hour.Day
	Status    string      // status of table.OutageSchedule
	SlotMin   int         // length of a slot on the clock, in minutes; 0 where Off is used
	Slots     []Slot      // by slot of the local clock from midnight; nil unless Status is normal
	Off       []ClockSpan // instead of Slots, where the publisher gives spans: sorted, apart from one another
	FirstSeen hour.Instant
	Revision  string
	TypedIn   bool // entered by the archive's author
	Redated   bool // the label had not turned at midnight
}

// A SupplyEvent is a change of supply at one household.
type SupplyEvent struct {
	Origin
	At       hour.Instant
	Supplied bool
	TypedIn  bool // entered by the log's author
}

// A Claim is one public statement about a pause.
type Claim struct {
	Origin
	ID, PauseID              string
	SpeakerRole, Speaker     string
	Stance                   string
	StatementLo, StatementHi hour.Instant
	StartDate, EndDate       *hour.Day // nil: not said
	Start, End               *hour.Instant
	DurationHours            *float64
	Places                   [][]string // alternative readings, each of one or more areas
	PlacesAt                 Origin
	Targets                  []string // alternative readings
	Paraphrase               string
}

// An AreaRow is what one reference file says of an area. Files complete one
// another: a field that a file does not have is empty.
type AreaRow struct {
	Origin
	PCode          string // first four characters of a COD-AB or KATOTTG code
	ISO            string // whole ISO 3166-2 code
	English        string
	Ukrainian      string
	Russian        string
	Population     int64 // people of the area or of a part of it; 0 if the file has none
	PopulationYear int32
}
