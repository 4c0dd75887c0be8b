package panel

import (
	"slices"
	"sync"

	"hardship/pipeline/index"
	"hardship/pipeline/unit"
)

// passScratch is what the passes over areas work on, one after another. The
// hours of a day lie in it, so that it is an area's until its pass ends.
type passScratch struct {
	load   loadScratch
	list   []index.Outage
	lo, hi []unit.CustomerHours
	hourly []*hourly // by source of the area

	strikes, doubtful     []int32              // by hour
	strikesBefore         []unit.Bounds[int32] // by day
	strikeDays            []dayStrikes
	lookedBack            []dayStrikes         // on these and the days before
	known, whole          []int32              // by day of those
	record, interruptions []index.Interruption // all of them, and those of a period
	recorded              []outage
	temperatures          []dayTemperature
	climateDays           []dayTemperature // of the base period too
	outages               []dayOutage
	dark                  []recordedDay
	coverage              []coverageRow
	months                months // of the area before, whose calendar is mostly the same
}

var passScratches = sync.Pool{New: func() any { return new(passScratch) }}

func (s *passScratch) reset(hours int) {
	s.list = s.list[:0]
	zeroed(&s.lo, hours)
	zeroed(&s.hi, hours)
}

// zeroed returns scratch with room for n values, all zero.
func zeroed[T any](scratch *[]T, n int) []T {
	clear(room(scratch, n))
	return *scratch
}

// room returns scratch with room for n values, whatever they are.
func room[T any](scratch *[]T, n int) []T {
	*scratch = slices.Grow((*scratch)[:0], n)[:n]
	return *scratch
}
