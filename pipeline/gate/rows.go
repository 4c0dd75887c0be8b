package gate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// checks are what is checked of the rows of a table.
type checks struct {
	table  *table.Table
	rules  Rules
	times  []int // columns of times
	closed []int // those that only a country may fill
	curves []int // those of restoration curves
	days   []int // those of times, but for months
	queue  bool  // rows are of queues
	basis  table.Coded
	logged arrow.Array // what a queue's schedule had announced, beside a log; nil without a basis
	pairs  bool        // rows are of two series
}

func newChecks(t *table.Table, rules Rules) *checks {
	has := func(name string) bool { return t.Schema.Index(name) >= 0 }
	c := &checks{table: t, rules: rules, queue: has("group_id"), pairs: has("x_series")}
	for i, column := range t.Schema.Columns {
		if column.Type == table.Date || column.Type == table.Timestamp {
			c.times = append(c.times, i)
			if column.Name != "month_local" {
				c.days = append(c.days, i)
			}
		}
		if slices.Contains(countryOnly, column.Name) {
			c.closed = append(c.closed, i)
		}
		if strings.HasPrefix(column.Name, "km_") {
			c.curves = append(c.curves, i)
		}
	}
	if has("basis") {
		c.basis, c.logged = t.Coded("basis", new([]int32)), t.Float64("household_announced_h_hi")
	}
	return c
}

func (c *checks) broken(row int, format string, args ...any) error {
	return &Violation{c.table.Schema.Name, row, fmt.Sprintf(format, args...)}
}

// area checks the rows from and to−1, which are of an area.
func (c *checks) area(id area.ID, from, to int) error {
	a, ok := c.rules.Gazetteer.Get(id)
	if !ok {
		return c.broken(from, "area %q is not in the area table", id)
	}
	if why := c.rules.Suppressed(a); why != "" {
		return c.broken(from, "area %s: %s", id, why)
	}
	if a.Level > 2 || a.Level == 2 && c.daily(from, to) {
		return c.broken(from, "area %s is of level %d: districts may appear in weekly and monthly tables only, what is smaller in none", id, a.Level)
	}
	for _, check := range []func(*area.Area, int, int) error{c.late, c.household, c.restoration, c.munitions, c.associations} {
		if err := check(a, from, to); err != nil {
			return err
		}
	}
	return nil
}

// daily reports whether any of the rows has a day.
func (c *checks) daily(from, to int) bool {
	for _, i := range c.days {
		column := c.table.Column(i)
		for row := from; row < to; row++ {
			if column.IsValid(row) {
				return true
			}
		}
	}
	return false
}

// late checks that no time is fresher than may be published.
func (c *checks) late(a *area.Area, from, to int) error {
	last, queues := c.rules.LastDay(a, c.queue), c.rules.LastDay(a, true)
	lastOf := func(row int) hour.Day {
		if c.logged != nil && c.basis.Text(row) != "recorded" {
			return queues
		}
		return last
	}
	for _, i := range c.times {
		column := c.table.Column(i)
		dates, ofDays := column.(*array.Date32)
		for row := from; row < to; row++ {
			if ofDays && hour.Day(dates.Value(row)) <= queues && queues <= last || column.IsNull(row) {
				continue
			}
			var d hour.Day
			if ofDays {
				d = table.Day(dates, row)
			} else { // the end of the last day may be named
				d = hour.DayIn(table.Instant(column.(*array.Timestamp), row)-1, a.Location)
			}
			if last := lastOf(row); d > last {
				return c.broken(row, "%s %v of area %s lies within the publication lag: the last day is %v", c.table.Schema.Columns[i].Name, d, a.ID, last)
			}
		}
	}
	return nil
}

// household checks that a log stands beside the schedule of its queue.
func (c *checks) household(a *area.Area, from, to int) error {
	if c.logged == nil {
		return nil
	}
	for row := from; row < to; row++ {
		if c.basis.Text(row) == "observed" && c.logged.IsNull(row) {
			return c.broken(row, "a household's log of area %s without the schedule of its queue beside it", a.ID)
		}
	}
	return nil
}

// restoration checks that restoration curves are of whole winters.
func (c *checks) restoration(a *area.Area, from, to int) error {
	for _, i := range c.curves {
		column, kinds, whole := c.table.Column(i), c.table.String("period_kind"), c.table.Bool("period_whole")
		for row := from; row < to; row++ {
			if column.IsValid(row) && (kinds.Value(row) != "winter" || !whole.Value(row)) {
				return c.broken(row, "%s of area %s: restoration curves are for whole winters only", c.table.Schema.Columns[i].Name, a.ID)
			}
		}
	}
	return nil
}

// munitions checks that what became of munitions is said of the country only.
func (c *checks) munitions(a *area.Area, from, to int) error {
	if a.Level == area.Country {
		return nil
	}
	for _, i := range c.closed {
		column := c.table.Column(i)
		for row := from; row < to; row++ {
			if column.IsValid(row) {
				return c.broken(row, "%s of area %s: such figures are for the country only", c.table.Schema.Columns[i].Name, a.ID)
			}
		}
	}
	return nil
}

// associations checks that outages are not set against the strikes of one area.
func (c *checks) associations(a *area.Area, from, to int) error {
	if !c.pairs {
		return nil
	}
	xs, ys := c.table.String("x_series"), c.table.String("y_series")
	for row := from; row < to; row++ {
		if x, y := xs.Value(row), ys.Value(row); outagesWithStrikes(x, y) && !mayPool(c.table, row, a) {
			return c.broken(row, "%s with %s for one area: outages and strikes are associated over five areas or more, or not at all", x, y)
		}
	}
	return nil
}

// mayPool reports whether a row is of a country's areas together, five or more,
// or says that there is no such answer.
func mayPool(t *table.Table, row int, a *area.Area) bool {
	if t.Schema.Index("areas_n") < 0 || a.Level != area.Country {
		return false
	}
	if t.Schema.Index("evaluable") >= 0 && !t.Bool("evaluable").Value(row) {
		return true
	}
	return t.Int32("areas_n").Value(row) >= LeastAreas
}

// Words by which series of outages and of strikes are known.
var (
	outageSeries = []string{"out_", "sched_", "observed_off", "customers_out", "off_h", "saidi"}
	strikeSeries = []string{"launched", "strikes", "events", "rows_named", "impacts", "intercepted", "lost"}
)

// outagesWithStrikes reports whether two series are one of outages and one of
// strikes: their association for one area would rank targets. Pooled results
// name no area.
func outagesWithStrikes(x, y string) bool {
	has := func(s string, words []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
	}
	return has(x, outageSeries) && has(y, strikeSeries) || has(x, strikeSeries) && has(y, outageSeries)
}
