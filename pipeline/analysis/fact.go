package analysis

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"hardship/pipeline/config"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// Facts makes the table fact: each reported fact with the numbers that the
// published tables show beside it. A selection without rows, or whose cells
// are null, shows null: the tables do not know.
func Facts(tables map[string]*table.Table, facts []config.Fact) *table.Table {
	b := table.NewBuilder(table.Fact)
	for _, f := range facts {
		for i, m := range f.Measures {
			t := tables[m.Table]
			value, rows := measure(t, m)
			b.Row()
			b.String("fact_id", f.ID)
			b.Int32("measure_no", int32(i+1))
			b.String("reported", f.Reported)
			b.String("measure", m.Label)
			b.String("from_table", m.Table)
			b.String("from_column", m.Column)
			b.String("selection", selection(m))
			if c, ok := t.Schema.Column(m.Column); ok && m.Reduce != "count" {
				b.OptionalString("unit", c.Unit)
			}
			b.Float64("shown", value)
			b.Int32("rows_matched", int32(rows))
		}
	}
	return b.Table()
}

// selection writes which rows a measure takes.
func selection(m config.Measure) string {
	var parts []string
	for _, column := range slices.Sorted(maps.Keys(m.Where)) {
		parts = append(parts, column+" = "+m.Where[column])
	}
	if m.From != nil {
		parts = append(parts, "from "+m.From.String())
	}
	if m.To != nil {
		parts = append(parts, "to "+m.To.String())
	}
	return fmt.Sprintf("%s of rows with %s", m.Reduce, strings.Join(parts, ", "))
}

// measure reduces the cells that a measure selects; the days of From and To
// are taken with both ends, on the table's first date column.
func measure(t *table.Table, m config.Measure) (value float64, rows int) {
	date := slices.IndexFunc(t.Schema.Columns, func(c table.Column) bool { return c.Type == table.Date })
	cell := func(int) float64 { return math.NaN() }
	if m.Reduce != "count" {
		cell = numericColumn(t, t.Schema.Index(m.Column))
	}
	var values []float64
	unknown := 0
	for row := range t.Rows() {
		if date >= 0 && (m.From != nil || m.To != nil) {
			d, ok := t.Value(row, date).(hour.Day)
			if !ok || m.From != nil && d < *m.From || m.To != nil && d > *m.To {
				continue
			}
		}
		if !matches(t, row, m.Where) {
			continue
		}
		rows++
		if m.Reduce != "count" {
			if v := cell(row); math.IsNaN(v) {
				unknown++
			} else {
				values = append(values, v)
			}
		}
	}
	switch {
	case m.Reduce == "count":
		return float64(rows), rows
	case len(values) == 0, m.Reduce == "only" && rows != 1:
		return math.NaN(), rows
	case m.Reduce == "min":
		return slices.Min(values), rows
	case m.Reduce == "max":
		return slices.Max(values), rows
	}
	if unknown > 0 {
		return math.NaN(), rows // a sum or mean over what is partly unknown is unknown
	}
	var sum float64
	for _, v := range values {
		sum += v
	}
	if m.Reduce == "mean" {
		sum /= float64(len(values))
	}
	return sum, rows
}

func matches(t *table.Table, row int, where map[string]string) bool {
	for column, want := range where {
		if v := t.Value(row, t.Schema.Index(column)); v == nil || fmt.Sprint(v) != want {
			return false
		}
	}
	return true
}
