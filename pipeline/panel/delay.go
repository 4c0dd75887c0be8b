package panel

import (
	"slices"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/index"
)

const (
	maxDelayDays   = 60 // after which a row is taken to come no more
	leastDelayDays = 28 // that a source must have been watched for
)

// firstSights returns when the first version of each strike row came to be known.
func (in *Inputs) firstSights() map[string]hour.Instant {
	first := map[string]hour.Instant{}
	for i := range in.strikes {
		s := &in.strikes[i]
		id := in.strikeIDs.of(s.id)
		if at, ok := first[id]; s.seen <= in.settings.AsOf && (!ok || s.seen < at) {
			first[id] = s.seen
		}
	}
	return first
}

// completeness returns, for each civil day of a country, the share of its strike
// rows that is expected to be known at the as-of (methods.md 7.5), by the delays
// with which rows of the days since the source was first watched have come in:
// what was there on the first day says nothing of delays. It is nil where any row
// has no first_seen_utc, and for sources that have been watched for less than 28
// days: nothing is known of their delays.
func (in *Inputs) completeness(country *area.Area, seen []sighting, firstSights func() map[string]hour.Instant) func(hour.Day) float64 {
	if len(seen) == 0 || slices.ContainsFunc(seen, func(s sighting) bool { return s.seen == hour.DistantPast }) {
		return nil
	}
	first := firstSights()
	watched := hour.DistantFuture
	for _, s := range seen {
		at := first[in.strikeIDs.of(s.id)]
		if at == hour.DistantPast { // of a version before the one that counts
			return nil
		}
		watched = min(watched, at)
	}
	from, today := hour.DayIn(watched, country.Location)+1, hour.DayIn(in.settings.AsOf, country.Location)
	if today-from < leastDelayDays {
		return nil
	}
	triangle := make([][]float64, today-from+1)
	for i := range triangle {
		triangle[i] = make([]float64, min(len(triangle)-i, maxDelayDays+1))
	}
	for _, s := range seen {
		d := hour.DayIn(s.window.Start, country.Location)
		if d < from || d > today {
			continue
		}
		delay := max(0, hour.DayIn(first[in.strikeIDs.of(s.id)], country.Location)-d)
		for age := min(int(delay), maxDelayDays); age < len(triangle[d-from]); age++ {
			triangle[d-from][age]++
		}
	}
	factors := index.ChainLadder(triangle)
	return func(d hour.Day) float64 { return index.Completeness(factors, int(today-d)) }
}
