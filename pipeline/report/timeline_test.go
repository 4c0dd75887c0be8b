package report

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"
)

// The data beside a chart is what the tables hold: null is empty, never zero.
func TestTimelineData(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(shippedFiles()["report/charts/timeline_UA80.csv"])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := func(day int, column string) string { return rows[day][slices.Index(rows[0], column)] }
	for _, tt := range []struct {
		day          int // of January, from 1
		column, want string
	}{
		{12, "tmin_c", "-19"}, {12, "cold_spell", "true"}, {22, "cold_spell", "false"}, {41, "tmin_c", ""}, {41, "cold_spell", ""},
		{6, "drones_launched_nationally", ""}, {7, "rows_naming_area", "0"}, {6, "rows_naming_area", ""},
		{32, "sched_off_h_hi", ""}, {33, "sched_off_h_hi", "14"}, {33, "sched_groups_known", "120"}, {46, "observed_off_h", "5.5"}, {45, "observed_off_h", ""},
	} {
		if got := at(tt.day, tt.column); got != tt.want {
			t.Errorf("%s on day %d is %q, want %q", tt.column, tt.day, got, tt.want)
		}
	}
	if len(rows) != 60 {
		t.Errorf("%d rows for 59 days", len(rows)-1)
	}
}
