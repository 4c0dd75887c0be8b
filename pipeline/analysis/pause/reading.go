package pause

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
)

// A Reading is one window, one reading of the places and one of the targets that
// a claim can mean; or a claim that has no window.
type Reading struct {
	PauseID string
	ID      string // of the claim, the window, the places and the targets: it stays when others come or go
	ClaimID string
	Role    string // part the speaker has
	Stance  string

	Primary bool   // the one of its claim that was fixed before results were seen
	Reason  string // why it has no results; "" if it has

	Window     hour.Interval // none if Zone is ""
	Zone       string        // in which dates are read
	StartBasis string
	EndBasis   string
	Borrowed   bool // the duration is the longest said in the same pause

	Places  []area.ID // nil if none was said
	Targets string    // "" if none was said

	NightsWhole   int
	NightsTouched int
	NightHours    float64 // hours of nights inside the window
}

// HasWindow reports whether the reading has a window, be it one that ends before
// it starts.
func (r *Reading) HasWindow() bool { return r.Zone != "" }

// place writes the places for the tables, such as UA80+UA32.
func (r *Reading) place() string {
	ids := make([]string, len(r.Places))
	for i, id := range r.Places {
		ids[i] = string(id)
	}
	return strings.Join(ids, "+")
}

// Where a start or an end comes from.
const (
	basisSaid          = "as said"
	basisEarliest      = "earliest moment of the statement"
	basisLatest        = "latest moment of the statement"
	basisAfterEarliest = "midnight after the earliest moment"
	basisAfterLatest   = "midnight after the latest moment"
	basisEndLess       = "end less the duration"
	basisDayBefore     = "named day left out"
	basisNamedDay      = "named day included"
	basisStartPlus     = "start and duration"
	basisBorrowed      = "start and longest duration said"
)

// A bound is a start or an end, and where it comes from.
type bound struct {
	at    hour.Instant
	basis string
}

// A window is one of a claim's, in one zone.
type window struct{ start, end bound }

// midnight returns the instant at which day d begins in loc.
func midnight(d hour.Day, loc *time.Location) hour.Instant {
	// Where clocks skip midnight or show it twice, the day begins at the jump or
	// at the first of the two.
	at, _ := hour.Local(d, 0, loc)
	return at
}

// midnightAfter returns the first midnight in loc that is not before at.
func midnightAfter(at hour.Instant, loc *time.Location) hour.Instant {
	d := hour.DayIn(at, loc)
	if m := midnight(d, loc); m == at {
		return m
	}
	return midnight(d+1, loc)
}

// starts returns when the claim's pause can begin, read in loc: where an instant
// was said, then; else at the midnight that begins the day named, at either
// bound of the statement, or at the midnight after either. Moments before a day
// that was named are no starts.
func (c *claim) starts(loc *time.Location) []bound {
	if c.start != nil {
		return []bound{{*c.start, basisSaid}}
	}
	all := []bound{
		{c.statement.Start, basisEarliest},
		{c.statement.End, basisLatest},
		{midnightAfter(c.statement.Start, loc), basisAfterEarliest},
		{midnightAfter(c.statement.End, loc), basisAfterLatest},
	}
	if c.startDate == nil {
		return all
	}
	said := bound{midnight(*c.startDate, loc), basisSaid}
	later := slices.DeleteFunc(all, func(b bound) bool { return b.at < said.at })
	return append([]bound{said}, later...)
}

// ends returns when it can end, if that was said.
func (c *claim) ends(loc *time.Location) []bound {
	switch {
	case c.end != nil:
		return []bound{{*c.end, basisSaid}}
	case c.endDate != nil:
		return []bound{{midnight(*c.endDate, loc), basisDayBefore}, {midnight(*c.endDate+1, loc), basisNamedDay}}
	}
	return nil
}

// length returns the claim's duration, or else the longest that was said in its
// pause; basis is "" if there is neither.
func (c *claim) length(longest *hour.Instant) (d hour.Instant, basis string) {
	switch {
	case c.duration != nil:
		return *c.duration, basisStartPlus
	case longest != nil:
		return *longest, basisBorrowed
	}
	return 0, ""
}

// windows returns every window of the claim read in loc (methods.md 10.1): each
// start with each end; where no start was said, each end less the duration; and
// where no end was said, each start with a duration. Of equal windows the first
// is kept.
func (c *claim) windows(loc *time.Location, longest *hour.Instant) []window {
	var all []window
	add := func(start, end bound) {
		if !slices.ContainsFunc(all, func(w window) bool { return w.start.at == start.at && w.end.at == end.at }) {
			all = append(all, window{start, end})
		}
	}
	starts, ends := c.starts(loc), c.ends(loc)
	for _, start := range starts {
		for _, end := range ends {
			add(start, end)
		}
		if d, basis := c.length(longest); len(ends) == 0 && basis != "" {
			add(start, bound{start.at + d, basis})
		}
	}
	if c.start == nil && c.startDate == nil && c.duration != nil {
		for _, end := range ends {
			add(bound{end.at - *c.duration, basisEndLess}, end)
		}
	}
	return all
}

// primaryWindow returns the window fixed before results are seen: from the
// latest moment of the statement, or the midnight that begins the day named, to
// the midnight that begins the day named as the end, or for the duration. ok is
// false if no end can be known.
func (c *claim) primaryWindow(loc *time.Location, longest *hour.Instant) (v hour.Interval, ok bool) {
	v.Start = c.statement.End
	switch {
	case c.start != nil:
		v.Start = *c.start
	case c.startDate != nil:
		v.Start = midnight(*c.startDate, loc)
	}
	switch d, basis := c.length(longest); {
	case c.end != nil:
		v.End = *c.end
	case c.endDate != nil:
		v.End = midnight(*c.endDate, loc)
	case basis != "":
		v.End = v.Start + d
	default:
		return v, false
	}
	return v, true
}

// stamp writes an instant for an id.
func stamp(at hour.Instant) string { return at.Time().Format("20060102T150405.999999Z") }

// readings returns every reading of the claim: those of a window in each zone,
// with each reading of the places and of the targets, or the one row of a claim
// that has none.
func (c *claim) readings(s *Settings, longest *hour.Instant) []Reading {
	base := Reading{PauseID: c.pause, ClaimID: c.id, Role: c.role, Stance: c.stance, ID: c.id + "/none"}
	_, basis := c.length(longest)
	switch {
	case c.stance == "denies":
		base.Reason = reasonDenial
	case c.stance == "conditional":
		base.Reason = reasonCondition
	case len(c.places) == 0:
		base.Reason = reasonNoPlace
	case len(c.targets) == 0:
		base.Reason = reasonNoTarget
	case c.end == nil && c.endDate == nil && basis == "":
		base.Reason = reasonNoEnd
	}
	if base.Reason != "" {
		return []Reading{base}
	}
	first, _ := c.primaryWindow(s.Zones[0], longest)
	var all []Reading
	seen := map[hour.Interval]bool{}
	for _, zone := range s.Zones {
		for _, w := range c.windows(zone, longest) {
			v := hour.Interval{Start: w.start.at, End: w.end.at}
			if seen[v] {
				continue
			}
			seen[v] = true
			r := base
			r.Window, r.Zone, r.StartBasis, r.EndBasis = v, zone.String(), w.start.basis, w.end.basis
			r.Borrowed = w.end.basis == basisBorrowed
			if v.Start >= v.End {
				r.Reason = reasonReversed
			} else {
				r.countNights(s.Location)
			}
			for i, places := range c.places {
				for j, targets := range c.targets {
					r.Places, r.Targets = places, targets
					r.ID = fmt.Sprintf("%s/%s-%s/%s/%s", c.id, stamp(v.Start), stamp(v.End), r.place(), targets)
					r.Primary = v == first && i == 0 && j == 0
					all = append(all, r)
				}
			}
		}
	}
	return all
}

// countNights sets how many nights of loc the window holds and touches.
func (r *Reading) countNights(loc *time.Location) {
	nights := hour.Calendar{Location: loc}
	for d := hour.DayIn(r.Window.Start, loc); d <= hour.DayIn(r.Window.End, loc)+1; d++ {
		night := nights.Night(d)
		if !night.Touches(r.Window) {
			continue
		}
		r.NightsTouched++
		if night.Within(r.Window) {
			r.NightsWhole++
		}
		r.NightHours += night.Overlap(r.Window).Hours()
	}
}

// replacePrimary makes the readings that the settings name the primary ones of
// their claims. A claim that was not yet known at the as-of has none to name.
func replacePrimary(readings []Reading, claims []string, s *Settings) error {
	for _, claim := range slices.Sorted(maps.Keys(s.Primary)) {
		if !slices.Contains(claims, claim) {
			return fmt.Errorf("primary reading of claim %q: there is no such claim", claim)
		}
		read, found := false, false
		for i := range readings {
			if r := &readings[i]; r.ClaimID == claim {
				r.Primary = r.ID == s.Primary[claim] && r.Reason == ""
				read, found = true, found || r.Primary
			}
		}
		if read && !found {
			return fmt.Errorf("primary reading of claim %q: there is no reading %q", claim, s.Primary[claim])
		}
	}
	return nil
}

// sortReadings puts readings in the order of the key of pause_reading.
func sortReadings(readings []Reading) {
	slices.SortFunc(readings, func(a, b Reading) int {
		return cmp.Or(strings.Compare(a.PauseID, b.PauseID), strings.Compare(a.ID, b.ID))
	})
}
