package panel

import (
	"time"

	"hardship/pipeline/hour"
	"hardship/pipeline/index"
)

const (
	maxDelayDays   = 60 // after which a row is taken to come no more
	leastDelayDays = 28 // that a source must have been watched for
)

// delays are those with which strike rows of a country have come to be known, after
// the days that they are of.
type delays struct {
	location *time.Location
	n        int
	unknown  bool         // some row has no first_seen_utc
	watched  hour.Instant // when the first row came to be known
	rows     map[delay]int
}

type delay struct {
	of   hour.Day // at which the strike begins
	days int      // at most maxDelayDays
}

func delaysIn(location *time.Location) *delays {
	return &delays{location: location, watched: hour.DistantFuture, rows: map[delay]int{}}
}

// add adds rows that count.
func (d *delays) add(s *areaStrikes) {
	d.n += s.rows.length
	for row := range s.rows.all() {
		if d.unknown = d.unknown || row.seen == hour.DistantPast; d.unknown {
			return
		}
		d.watched = min(d.watched, row.seen)
		of := hour.DayIn(row.window.Start, d.location)
		d.rows[delay{of, int(min(max(0, hour.DayIn(row.seen, d.location)-of), maxDelayDays))}]++
	}
}

// completeness returns, for each civil day of a country, the share of its strike
// rows that is expected to be known at the as-of (methods.md 7.5), by the delays
// with which rows of the days since the source was first watched have come in:
// what was there on the first day says nothing of delays. It is nil where any row
// has no first_seen_utc, and for sources that have been watched for less than 28
// days: nothing is known of their delays.
func (d *delays) completeness(asOf hour.Instant) func(hour.Day) float64 {
	if d.n == 0 || d.unknown {
		return nil
	}
	from, today := hour.DayIn(d.watched, d.location)+1, hour.DayIn(asOf, d.location)
	if today-from < leastDelayDays {
		return nil
	}
	triangle := make([][]float64, today-from+1)
	for i := range triangle {
		triangle[i] = make([]float64, min(len(triangle)-i, maxDelayDays+1))
	}
	for row, n := range d.rows {
		if row.of < from || row.of > today {
			continue
		}
		for age := row.days; age < len(triangle[row.of-from]); age++ {
			triangle[row.of-from][age] += float64(n)
		}
	}
	factors := index.ChainLadder(triangle)
	return func(d hour.Day) float64 { return index.Completeness(factors, int(today-d)) }
}
