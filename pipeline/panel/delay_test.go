package panel

import (
	"fmt"
	"testing"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// Two rows of each day are seen on the day and one ten days after it. Sixty days
// on, the last ten days know two rows of three.
func TestCompletenessOfDays(t *testing.T) {
	s := from("2026-01-01", 60)
	s.AsOf = clockAt("2026-03-01 12:00")
	list := func(changes func(i, n int, row cells)) *table.Table {
		var all []cells
		for i := range 60 {
			d := day("2026-01-01") + hour.Day(i)
			for n, delay := range []hour.Day{0, 0, 10} {
				row := bulletin(fmt.Sprintf("%v 00:30", d), fmt.Sprintf("%v 06:00", d), cells{"strike_id": fmt.Sprint(i, n), "first_seen_utc": fmt.Sprintf("%v 12:00", d+delay)})
				changes(i, n, row)
				all = append(all, row)
			}
		}
		return strikes(all...)
	}
	as := func(int, int, cells) {}
	for _, tt := range []struct {
		name string
		rows *table.Table
		day  string
		want any
	}{
		{"the newest day that is published", list(as), "2026-02-25", 2.0 / 3},
		{"nine days before the as-of", list(as), "2026-02-20", 2.0 / 3},
		{"ten days before it", list(as), "2026-02-19", 1.0},
		{"the first day of all", list(as), "2026-01-01", 1.0},
		{"a later version of a row is no later row", list(func(i, n int, row cells) {
			if i == 3 && n == 1 {
				row["strike_id"] = "3 0"
				row["first_seen_utc"] = "2026-02-27 12:00"
			}
		}), "2026-02-25", 2.0 / 3},
		{"one row without a first sight makes it unknown", list(func(i, n int, row cells) {
			if i == 3 && n == 1 {
				delete(row, "first_seen_utc")
			}
		}), "2026-02-25", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := build(t, s, tt.rows)
			for _, id := range []string{"UA", "UA80"} {
				got := r.AreaDay.Value(rowOf(r.AreaDay, id+" "+tt.day), r.AreaDay.Schema.Index("completeness"))
				if want, ok := tt.want.(float64); !ok && got != nil || ok && (got == nil || got.(float64) < want-0.005 || got.(float64) > want+0.005) {
					t.Errorf("%s: %v, want %v", id, got, tt.want)
				}
			}
		})
	}
	s.AsOf = clockAt("2026-01-25 12:00")
	r := build(t, s, list(as))
	check(t, r.AreaDay, "UA 2026-01-19", cells{"completeness": nil})
}
