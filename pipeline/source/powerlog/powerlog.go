// Package powerlog reads the log of one household's power supply: a list of
// the moments at which it came and went.
//
//	[{"timestamp": 1771171441.71, "event": "down", "date_str": "2026-02-15 18:04:01"}, …]
//
// timestamp is in seconds since 1970-01-01T00:00Z, event is up or down, and
// date_str is the same moment by the local clock, cut to the second.
package powerlog

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"time"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/jsonfile"
)

// Read yields the events of a log in the order written. loc is the zone of its
// local clock.
//
// An event that is not later than those before it, or changes nothing (up
// after up), is refused: the log lost something there. So is one whose two
// times differ. Errors are as package source says.
func Read(r io.Reader, name string, loc *time.Location) iter.Seq2[source.SupplyEvent, error] {
	return func(yield func(source.SupplyEvent, error) bool) {
		root, err := jsonfile.Read(r, name)
		if err == nil {
			err = root.Is(jsonfile.Array)
		}
		if err != nil {
			yield(source.SupplyEvent{}, err)
			return
		}
		latest := hour.DistantPast
		state := "" // as the event before wrote it, sound or not
		for _, item := range root.Items {
			e, err := event(item, loc)
			if err == nil {
				err = follows(item, e, latest, state)
			}
			if word := item.Get("event"); word != nil {
				state = word.Text
			}
			if err != nil {
				e = source.SupplyEvent{}
			} else {
				latest = e.At
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// follows returns an error if e cannot come after an event that wrote state.
func follows(item *jsonfile.Value, e source.SupplyEvent, latest hour.Instant, state string) error {
	if e.At <= latest {
		return item.Get("timestamp").Bad(source.Contradiction, errors.New("is not later than the events before it"))
	}
	if word := item.Get("event"); word.Text == state {
		return word.Bad(source.Contradiction, errors.New("the event before it is the same: one between them is missing"))
	}
	return nil
}

func event(item *jsonfile.Value, loc *time.Location) (source.SupplyEvent, error) {
	e := source.SupplyEvent{Origin: item.Origin()}
	stamp, err := item.Want("timestamp", jsonfile.Number)
	if err != nil {
		return e, err
	}
	if e.At, err = instant(stamp); err != nil {
		return e, err
	}
	word, err := item.Want("event", jsonfile.Text)
	if err != nil {
		return e, err
	}
	if word.Text != "up" && word.Text != "down" {
		return e, word.Bad(source.NotAllowed, errors.New("is not up or down"))
	}
	e.Supplied = word.Text == "up"
	local, err := item.Want("date_str", jsonfile.Text)
	if err != nil {
		return e, err
	}
	if want := e.At.Time().In(loc).Format(time.DateTime); local.Text != want {
		return e, local.Bad(source.Contradiction, fmt.Errorf("timestamp is %s in %v", want, loc))
	}
	return e, nil
}

// instant reads seconds since 1970, to the microsecond.
func instant(stamp *jsonfile.Value) (hour.Instant, error) {
	seconds, err := strconv.ParseFloat(stamp.Text, 64)
	if err != nil {
		return 0, stamp.Bad(source.NotANumber, source.ErrNotANumber)
	}
	const year3000 = 32503680000
	if seconds < 0 || seconds >= year3000 {
		return 0, stamp.Bad(source.OutOfRange, errors.New("is not a second from 1970 to 2999"))
	}
	return hour.Instant(math.Round(seconds * float64(hour.Second))), nil
}
