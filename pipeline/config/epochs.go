package config

import "fmt"

// An Epoch is one declared laying of a series round events over each other
// (methods.md 9.10).
type Epoch struct {
	ID      string
	Outcome Series
	Events  Series
	AtLeast *float64 // an event is the first day at or above it, after quiet days below
	AtMost  *float64 // or at or below it; one of the two is set
	Quiet   int      // days
	Before  int      // days of the window before the event
	After   int      // and after
	From    int      // days after the event that are compared with those before, From to To
	To      int
	Scope   string // each: of each area; pooled: over all areas of a country
}

// A Changepoint is one declared series of counts whose levels are described
// (methods.md 9.15).
type Changepoint struct {
	ID string
	Series
}

type rawEpoch struct {
	ID      string    `yaml:"id"`
	Outcome rawSeries `yaml:"outcome"`
	Events  struct {
		Table   string   `yaml:"table"`
		Column  string   `yaml:"column"`
		Area    string   `yaml:"area"`
		Weapon  string   `yaml:"weapon"`
		AtLeast *float64 `yaml:"at_least"`
		AtMost  *float64 `yaml:"at_most"`
	} `yaml:"events"`
	Quiet   *int   `yaml:"quiet_d"`
	Before  *int   `yaml:"before_d"`
	After   *int   `yaml:"after_d"`
	Compare []int  `yaml:"compare_d"`
	Scope   string `yaml:"scope"`
}

type rawChangepoint struct {
	ID     string    `yaml:"id"`
	Series rawSeries `yaml:"series"`
}

// maxWindow is the longest part of a window, in days.
const maxWindow = 60

// epochs checks the declared epochs.
func (d *document) epochs(c *Config, raw []rawEpoch) {
	seen := map[string]bool{}
	for i := range raw {
		at := fmt.Sprintf("analysis.epochs[%d]", i)
		r := &raw[i]
		e := Epoch{ID: r.ID, AtLeast: r.Events.AtLeast, AtMost: r.Events.AtMost, Quiet: 7, Before: 3, After: 7, From: 1, To: 4}
		d.ownName(at, e.ID, seen)
		e.Outcome = d.series(at+".outcome", r.Outcome)
		e.Events = d.series(at+".events", rawSeries{Table: r.Events.Table, Column: r.Events.Column, Area: r.Events.Area, Weapon: r.Events.Weapon})
		if (e.AtLeast == nil) == (e.AtMost == nil) {
			d.fail(at+".events", "an event is a day at_least so high, or at_most so low: one of the two")
		}
		for _, n := range []struct {
			key   string
			from  *int
			to    *int
			least int
		}{{"quiet_d", r.Quiet, &e.Quiet, 0}, {"before_d", r.Before, &e.Before, 1}, {"after_d", r.After, &e.After, 0}} {
			if n.from != nil {
				*n.to = *n.from
			}
			if *n.to < n.least || *n.to > maxWindow {
				d.fail(at+"."+n.key, "is a number of days from %d to %d", n.least, maxWindow)
			}
		}
		switch {
		case r.Compare == nil:
			e.To = min(e.To, e.After)
			e.From = min(e.From, e.To)
		case len(r.Compare) != 2 || r.Compare[0] < 0 || r.Compare[0] > r.Compare[1] || r.Compare[1] > e.After:
			d.fail(at+".compare_d", "is the first and the last day after the event that are compared with those before it, within after_d")
		default:
			e.From, e.To = r.Compare[0], r.Compare[1]
		}
		e.Scope = d.scope(at, r.Scope)
		d.mayAssociate(at, e.Scope, e.Outcome, e.Events)
		c.Epochs = append(c.Epochs, e)
	}
}

// changepoints checks the declared series of levels.
func (d *document) changepoints(c *Config, raw []rawChangepoint) {
	seen := map[string]bool{}
	for i, r := range raw {
		at := fmt.Sprintf("analysis.changepoints[%d]", i)
		d.ownName(at, r.ID, seen)
		c.Changepoints = append(c.Changepoints, Changepoint{r.ID, d.series(at+".series", r.Series)})
	}
}

// Rule writes what an event is.
func (e *Epoch) Rule() string {
	if e.AtLeast != nil {
		return fmt.Sprintf("≥ %v after %d days below", *e.AtLeast, e.Quiet)
	}
	return fmt.Sprintf("≤ %v after %d days above", *e.AtMost, e.Quiet)
}
