package change

import (
	"encoding/json"
	"slices"
	"strings"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// A change is a row of the log.
type change struct {
	kind, column string
	row          string
	area         area.ID
	day          *hour.Day
	old, new     *string
	n            int64
}

// list writes a change of the row that r is at, or counts it among those that are
// not listed.
func (c *comparison) list(t *Table, r *rows, key []string, one change, unlisted map[change]int64) {
	var words string
	if t.listed < Listed {
		words, one.area, one.day = r.place(key)
		// What may no longer be published is not told by its absence.
		if one.kind != "row_removed" || c.may == nil || c.may(one.area, one.day, ofQueues(key, r)) {
			t.listed++
			one.row = words
			c.write(t, one)
			return
		}
	}
	unlisted[change{kind: one.kind, column: one.column}]++
}

// ofQueues reports whether rows are of queues, or rest on schedules and logs.
func ofQueues(key []string, r *rows) bool {
	return slices.Contains(key, "group_id") || r.file.Schema().HasField("basis")
}

// rest writes the changes that were counted, by kind and column.
func (c *comparison) rest(t *Table, unlisted map[change]int64) {
	for one, n := range unlisted {
		c.count(t, one.kind, one.column, n)
	}
}

func (c *comparison) count(t *Table, kind, column string, n int64) {
	if n > 0 {
		c.write(t, change{kind: kind, column: column, n: n})
	}
}

func (c *comparison) write(t *Table, one change) {
	b := c.log
	b.Row()
	b.String("table_name", t.Name)
	b.String("change_kind", one.kind)
	b.String("row_key", one.row)
	b.String("column_name", one.column)
	b.OptionalString("area_id", string(one.area))
	if one.day != nil {
		b.Date("date_local", *one.day)
	}
	if one.old != nil {
		b.String("old_value", *one.old)
	}
	if one.new != nil {
		b.String("new_value", *one.new)
	}
	b.Int64("changes_n", one.n)
	b.OptionalString("changed_by", c.causes.of(t.Name, one.column))
}

// causes are what differs between the runs and can have changed a number, each with
// the canonical table that it fills: "" for the settings and the program, which may
// change any.
type causes []struct{ name, table string }

// wordsOnly are settings that change no number of a table but their own.
var wordsOnly = []string{"title", "focus", "known_gaps"}

// fill finds the causes. The as-of follows from the inputs unless it is set, and is
// a setting then.
func (c *comparison) fill(configs ...json.RawMessage) {
	add := func(name, table string) {
		one := struct{ name, table string }{name, table}
		if !slices.Contains(c.causes, one) {
			c.causes = append(c.causes, one)
		}
	}
	fills := map[string]string{}
	for _, config := range configs {
		var parsed struct {
			Sources []struct{ Name, Table string } `json:"sources"`
		}
		if json.Unmarshal(config, &parsed) == nil {
			for _, s := range parsed.Sources {
				fills[s.Name] = s.Table
			}
		}
	}
	for _, in := range c.out.Inputs {
		add("source "+in.Source, fills[in.Source])
	}
	for _, s := range c.out.Settings {
		if !slices.Contains(wordsOnly, s.Name) {
			add("settings", "")
		}
	}
	if c.out.Program {
		add("program", "")
	}
}

// of returns the one cause that can have changed a column, "" for whole rows, of a
// table; "" if several can, or none is known.
func (all causes) of(name, column string) string {
	found := ""
	for _, one := range all {
		if one.table != "" && !feeds(one.table, name, column) {
			continue
		}
		if found != "" && found != one.name {
			return ""
		}
		found = one.name
	}
	return found
}

// Canonical tables behind the chapters of the methods that columns are defined by.
var behind = []struct {
	definition string // prefix
	inputs     []string
}{
	{"3", []string{"alert"}},
	{"4.3", temperatures},
	{"4.2", []string{"strike"}},
	{"4.6", []string{"strike"}},
	{"C", temperatures},
	{"6.6", []string{"outage_schedule", "supply_interval"}},
	{"6.7", []string{"proxy"}},
	{"6.", []string{"outage_interval", "outage_snapshot", "snapshot_run"}},
	{"7.2", []string{"strike", "report"}},
	{"7.", []string{"strike"}},
}

var temperatures = []string{"temperature", "temperature_day", "point_temperature", "area_weight"}

// feeds reports whether a canonical table can change a column. Areas change all;
// columns of findings, and whole rows, can be changed by any.
func feeds(input, name, column string) bool {
	schema, err := table.Find(table.Outputs, name)
	if err != nil || input == table.Area.Name {
		return true
	}
	c, ok := schema.Column(column)
	if !ok || c.Definition == "" {
		return true
	}
	for _, b := range behind {
		if strings.HasPrefix(c.Definition, b.definition) {
			return slices.Contains(b.inputs, input)
		}
	}
	return true
}
