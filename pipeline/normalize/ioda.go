package normalize

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/source/ioda"
	"hardship/pipeline/table"
	"hardship/pipeline/unit"
)

// ReadIODA reads an answer of IODA into table.Proxy: the mean of a signal over
// the steps of each local day that have an observation, as the proxy
// internet_bgp, internet_ping-slash24 and so on, with how many steps there were
// and how many the day has.
//
// The publisher's codes of regions are its own. The option places says which
// areas they are; a signal of any other region is rejected:
//
//	places: 4431=UA80,4432=UA32
//
// A step of more than an hour belongs to no local day and is rejected. A step
// that comes twice counts twice: answers of one source must not overlap.
func ReadIODA(s *Sink, r io.Reader, name string) error {
	places, err := parsePlaces(s.Source.Options["places"])
	if err != nil {
		return s.badOption("places", err)
	}
	type key struct {
		area       area.ID
		datasource string
		date       hour.Day
	}
	type sum struct {
		level float64
		looks int32
		step  hour.Instant // the longest
	}
	days := map[key]*sum{}
	err = each(s, ioda.Read(r, name), func(signal source.Signal) error {
		bad := func(code source.Code, err error) error {
			return &source.ParseError{Origin: signal.PlaceOrigin, Field: "entityCode", Value: signal.Place, Code: code, Err: err}
		}
		place := places[signal.Place]
		switch {
		case place == "":
			return bad(source.UnknownArea, errors.New("no area: say which it is in the option places"))
		case signal.Step > hour.InstantsInHour:
			return &source.ParseError{Origin: signal.Origin, Field: "step", Value: fmt.Sprint(int64(signal.Step / hour.Second)), Code: source.OutOfRange, Err: errors.New("a step of more than an hour belongs to no local day")}
		}
		id, location := area.ID(place), s.Source.Location
		if s.Gazetteer != nil {
			if id, err = s.Gazetteer.Resolve(place); err != nil {
				return bad(source.UnknownArea, err)
			}
			a, _ := s.Gazetteer.Get(id)
			location = a.Location
		}
		k := key{id, signal.Datasource, hour.DayIn(signal.Start, location)}
		if days[k] == nil {
			days[k] = &sum{}
		}
		d := days[k]
		d.step = max(d.step, signal.Step)
		if !unit.IsMissing(signal.Level) {
			d.level += signal.Level
			d.looks++
		}
		return nil
	})
	if err != nil {
		return err
	}
	order := slices.SortedFunc(maps.Keys(days), func(a, b key) int {
		return cmp.Or(strings.Compare(string(a.area), string(b.area)), strings.Compare(a.datasource, b.datasource), cmp.Compare(a.date, b.date))
	})
	for _, k := range order {
		d := days[k]
		b := s.Keep("", 0)
		b.String("area_id", string(k.area))
		b.String("proxy", "internet_"+k.datasource)
		b.Date("date_local", k.date)
		table.Optional(b.Float64, "level_value", d.level/float64(d.looks), d.looks > 0)
		b.Int32("n_looks", d.looks)
		b.Int32("n_looks_expected", int32(s.lengthOf(k.area, k.date)/d.step))
	}
	return s.Flush()
}

// lengthOf returns the length of a local day of an area.
func (s *Sink) lengthOf(id area.ID, d hour.Day) hour.Instant {
	location := s.Source.Location
	if s.Gazetteer != nil {
		if a, ok := s.Gazetteer.Get(id); ok {
			location = a.Location
		}
	}
	at := func(d hour.Day) hour.Instant {
		y, m, day := d.Time().Date()
		return hour.At(time.Date(y, m, day, 0, 0, 0, 0, location))
	}
	return at(d+1) - at(d)
}
