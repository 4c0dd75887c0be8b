package panel

import (
	"fmt"
	"slices"
	"strings"

	"hardship/pipeline/hour"
	"hardship/pipeline/index"
	"hardship/pipeline/quality"
	"hardship/pipeline/unit"
)

// A scenario is what is assumed of a home (methods.md 8.2).
type scenario struct {
	home        index.Home
	heatFollows bool // heating stops with the power; else it goes on, and the home stays at its set-point
}

// scenarios are reported all, never one.
var scenarios = func() []scenario {
	var list []scenario
	for _, tau := range []float64{30, 60, 100} {
		for _, gain := range []unit.Celsius{0, 3} {
			list = append(list, scenario{index.Home{TimeConstant: tau, Gain: gain, SetPoint: 20, Warming: 6}, true})
		}
	}
	return append(list, scenario{home: index.Home{SetPoint: 20}})
}()

// Homes are the homes that the scenarios of hardship assume, by the name of the
// scenario without its basis; one that heating keeps warm has no time constant.
func Homes() (names []string, homes []index.Home) {
	for _, s := range scenarios {
		names, homes = append(names, strings.TrimPrefix(s.id(""), ".")), append(homes, s.home)
	}
	return names, homes
}

// id names a basis of hours without power with the scenario.
func (s scenario) id(basis string) string {
	if !s.heatFollows {
		return basis + ".heat_stays"
	}
	return fmt.Sprintf("%s.tau%v.gain%v", basis, s.home.TimeConstant, float64(s.home.Gain))
}

// A supplyHour is what is known of the supply of one home in one hour: stretches
// that fill it, with the share of each that was without.
type supplyHour []supplyStretch

type supplyStretch struct {
	hours float64
	off   unit.Bounds[float64]
}

// off returns the part of the hour without supply.
func (h supplyHour) off() unit.Bounds[float64] {
	var sum unit.Bounds[float64]
	for _, s := range h {
		sum.Lo, sum.Hi = sum.Lo+s.off.Lo*s.hours, sum.Hi+s.off.Hi*s.hours
	}
	return sum
}

// announcedHours lays a queue's schedule out by the hours of its day, as clocks
// show them: an hour that is shown twice has the same schedule both times.
func (p *pass) announcedHours(d hour.Day, q *queueDay) []supplyHour {
	v := p.calendar.Interval(d)
	var hours []supplyHour
	for h := v.Start.Hour(); h < v.End.Hour(); h++ {
		shown := int32(h.Start().Time().In(p.calendar.Location).Hour()) * 60
		var one supplyHour
		for _, piece := range q.pieces {
			if minutes := min(piece.to, shown+60) - max(piece.from, shown); minutes > 0 {
				one = append(one, supplyStretch{float64(minutes) / 60, piece.off})
			}
		}
		hours = append(hours, one)
	}
	return hours
}

// loggedHours lays a household's log out by the hours of a day. Time outside the
// log may have been with supply or without.
func (p *pass) loggedHours(d hour.Day, log []supplyState) []supplyHour {
	v := p.calendar.Interval(d)
	var hours []supplyHour
	for h := v.Start.Hour(); h < v.End.Hour(); h++ {
		var one supplyHour
		at, end := h.Start(), (h + 1).Start()
		add := func(to hour.Instant, off unit.Bounds[float64]) {
			if to > at {
				one = append(one, supplyStretch{hour.Interval{Start: at, End: to}.Hours(), off})
				at = to
			}
		}
		for _, s := range log {
			if s.at.End <= at || s.at.Start >= end {
				continue
			}
			add(s.at.Start, unit.Bounds[float64]{Lo: 0, Hi: 1})
			off := 1.0
			if s.supplied {
				off = 0
			}
			add(min(s.at.End, end), unit.Bounds[float64]{Lo: off, Hi: off})
		}
		add(end, unit.Bounds[float64]{Lo: 0, Hi: 1})
		hours = append(hours, one)
	}
	return hours
}

// air is the temperature outside, by hour of the area's arrays: as read, and with
// short gaps filled; filled is nil where nobody's home is followed.
type air struct {
	read, filled []unit.Celsius
	valid        []bool // days whose hours are enough: those of the day's temperatures
}

// outside returns the area's temperatures from the sources that serve its days;
// nil if no day has hours. A gap of at most four hours, as a valid day may
// have, is filled on the straight line between its neighbours; only indoor
// temperatures, which hardly feel it, use what is filled.
func (p *pass) outside(days []dayTemperature, homes bool) *air {
	var a *air
	for i := range days {
		h := days[i].hours
		if h == nil {
			continue
		}
		if a == nil {
			a = &air{valid: make([]bool, len(days))}
			if one := len(p.temperature) == 1; one && !homes {
				a.read = h.temp // it serves every day that has hours
			} else {
				a.read = slices.Repeat([]unit.Celsius{unit.Missing[unit.Celsius]()}, p.input.hours)
			}
		}
		a.valid[i] = quality.DayValid(days[i].summary)
		from, to := p.hoursOf(p.calendar.First + hour.Day(i))
		copy(a.read[from:to], h.temp[from:to])
	}
	if a == nil || !homes {
		return a
	}
	a.filled = slices.Clone(a.read)
	last := -1 // the last hour that is known
	for i, t := range a.read {
		if unit.IsMissing(t) {
			continue
		}
		if gap := i - last - 1; last >= 0 && gap > 0 && gap <= quality.LongestDayGap {
			for j := last + 1; j < i; j++ {
				a.filled[j] = a.read[last] + (t-a.read[last])*unit.Celsius(j-last)/unit.Celsius(i-last)
			}
		}
		last = i
	}
	return a
}

// hoursOf returns the hours of a day in the area's arrays, from from to to−1.
func (p *pass) hoursOf(d hour.Day) (from, to int) {
	first, end := p.calendar.Hours(d)
	return int(first - p.input.first), int(end - p.input.first)
}

// known reports whether the air is known throughout the hours of a day.
func (a *air) known(from, to int) bool {
	return a != nil && !slices.ContainsFunc(a.filled[from:to], unit.IsMissing[unit.Celsius])
}

// A homeDay is a home's day in one scenario.
type homeDay struct {
	lowest unit.Bounds[unit.Celsius]
	below  [index.Classes - 1]unit.Bounds[float64] // hours below index.ClassLimits
}

// simulate follows a home over the days of its supply, in order. A run of days
// that are known begins at the set-point: what came before is taken for heated. A
// day without air is left out and ends the run.
func (p *pass) simulate(s scenario, a *air, days []hour.Day, supply map[hour.Day][]supplyHour) map[hour.Day]homeDay {
	result := map[hour.Day]homeDay{}
	var inside unit.Bounds[unit.Celsius]
	for _, d := range days {
		from, to := p.hoursOf(d)
		if !a.known(from, to) || !a.valid[d-p.calendar.First] {
			continue
		}
		if _, follows := result[d-1]; !follows {
			inside = unit.Bounds[unit.Celsius]{Lo: s.home.SetPoint, Hi: s.home.SetPoint}
		}
		day := homeDay{lowest: inside}
		if s.heatFollows {
			for h, one := range supply[d] {
				for _, stretch := range one {
					day.through(s.home, &inside, a.filled[from+h], stretch)
				}
			}
		}
		result[d] = day
	}
	return result
}

// through takes the home through a stretch.
func (d *homeDay) through(home index.Home, inside *unit.Bounds[unit.Celsius], outside unit.Celsius, s supplyStretch) {
	for k, limit := range index.ClassLimits {
		d.below[k] = sum(d.below[k], home.ThroughBelow(*inside, outside, s.hours, s.off, limit))
	}
	end, lowest := home.Through(*inside, outside, s.hours, s.off)
	d.lowest = unit.Bounds[unit.Celsius]{Lo: min(d.lowest.Lo, lowest.Lo), Hi: min(d.lowest.Hi, lowest.Hi)}
	*inside = end
}
