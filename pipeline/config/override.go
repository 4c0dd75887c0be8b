package config

import (
	"fmt"
	"time"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
)

// An Override is what a command line or the environment puts in the place of
// the file's settings. nil and "" leave a setting as it is.
type Override struct {
	Out        string
	First, End *hour.Day // of the period
	AsOf       *hour.Instant
	Only       []area.ID // the areas to publish
	Tables     []string  // of areas to make, without findings and report
}

// ParseAsOf reads an as-of: a time, or a day, which stands for its start in UTC.
func ParseAsOf(text string) (hour.Instant, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return hour.At(at), nil
	}
	day, err := hour.ParseDay(text)
	if err != nil {
		return 0, fmt.Errorf("%q is neither a time such as 2026-02-28T12:00:00Z nor a day such as 2026-02-28", text)
	}
	return hour.At(day.Time()), nil
}

// Override puts settings in the place of the file's. Days that the report
// shows first stay within the new period; where the file does not choose any,
// they are the new period.
func (c *Config) Override(o Override) error {
	if o.Out != "" {
		c.Out = o.Out
	}
	if o.AsOf != nil {
		c.AsOf = o.AsOf
	}
	if len(o.Only) > 0 {
		c.Areas.Only = o.Only
	}
	if len(o.Tables) > 0 {
		if _, err := c.setTables(o.Tables); err != nil {
			return err
		}
	}
	first, end := c.First, c.End
	if o.First != nil {
		first = *o.First
	}
	if o.End != nil {
		end = *o.End
	}
	switch {
	case end <= first:
		return fmt.Errorf("the period from %v to before %v has no day", first, end)
	case end-first > maxPeriod:
		return fmt.Errorf("the period is longer than 200 years")
	}
	if c.FocusFirst == c.First {
		c.FocusFirst = first
	}
	if c.FocusEnd == c.End {
		c.FocusEnd = end
	}
	if c.FocusFirst, c.FocusEnd = max(c.FocusFirst, first), min(c.FocusEnd, end); c.FocusEnd <= c.FocusFirst {
		c.FocusFirst, c.FocusEnd = first, end
	}
	c.First, c.End = first, end
	return nil
}
