package index

import (
	"fmt"
	"strconv"

	"hardship/pipeline/unit"
)

// A SpellRule says which runs of days are cold spells: at least Days days with
// a daily mean below Threshold (methods.md C2).
type SpellRule struct {
	Threshold unit.Celsius
	Days      int
}

// ID names the rule in tables, such as tmean_lt_m10_5d.
func (r SpellRule) ID() string {
	degrees := strconv.FormatFloat(float64(max(r.Threshold, -r.Threshold)), 'f', -1, 64)
	if r.Threshold < 0 {
		degrees = "m" + degrees
	}
	return fmt.Sprintf("tmean_lt_%s_%dd", degrees, r.Days)
}

// A Spell is one cold spell: the days First to End−1 of the series.
type Spell struct {
	First, End int
	Censored   bool // it touches the start or the end of the record
	TouchesGap bool // a day without a value stands before its first or after its last
}

// Days returns the number of days.
func (s Spell) Days() int { return s.End - s.First }

// Spells returns the maximal runs of days with tmean below the rule's
// threshold that are long enough, in order (methods.md C2).
//
// A missing day (NaN) ends a run and sets TouchesGap on the spells beside it.
// Days before the first and after the last present one are outside the record:
// a run that begins with the first present day is Censored, as is one that
// ends with the last. Spells are found in the whole series first and belong to
// the period in which they start, so that one across a month's edge is one.
func Spells(tmean []unit.Celsius, rule SpellRule) []Spell {
	first, end := 0, len(tmean)
	for first < end && unit.IsMissing(tmean[first]) {
		first++
	}
	for end > first && unit.IsMissing(tmean[end-1]) {
		end--
	}
	var spells []Spell
	for i := first; i < end; {
		if !(tmean[i] < rule.Threshold) {
			i++
			continue
		}
		s := Spell{First: i}
		for i < end && tmean[i] < rule.Threshold {
			i++
		}
		s.End = i
		s.Censored = s.First == first || s.End == end
		s.TouchesGap = s.First > first && unit.IsMissing(tmean[s.First-1]) || s.End < end && unit.IsMissing(tmean[s.End])
		if s.Days() >= rule.Days {
			spells = append(spells, s)
		}
	}
	return spells
}
