package normalize

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

// Days are those of the area, 23 hours long where clocks go forward, and the
// mean is of the steps that were observed.
func TestIODAByLocalDay(t *testing.T) {
	kyiv, err := hour.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	gazetteer, err := area.NewGazetteer([]area.Area{{ID: "UA80", Level: 1, Location: kyiv}})
	if err != nil {
		t.Fatal(err)
	}
	// From 2026-03-28T21:45Z, a quarter before the midnight of the shortest day, on.
	from := time.Date(2026, 3, 28, 21, 45, 0, 0, time.UTC).Unix()
	in := fmt.Sprintf(`{"data": [[
	  {"entityType": "region", "entityCode": "1", "datasource": "bgp", "from": %d, "step": 900, "values": [7, 10, null, 20]},
	  {"entityType": "region", "entityCode": "2", "datasource": "bgp", "from": %[1]d, "step": 900, "values": [1]},
	  {"entityType": "region", "entityCode": "1", "datasource": "slow", "from": %[1]d, "step": 7200, "values": [1]}]]}`, from)
	var rows []string
	sink := &Sink{
		Source:    &Source{Name: "ioda", Table: table.Proxy, Location: time.UTC, Options: map[string]string{"places": "1=UA80"}},
		Gazetteer: gazetteer,
		Emit: func(made *table.Table) error {
			for row := range made.Rows() {
				var cells []string
				for _, name := range []string{"area_id", "proxy", "date_local", "level_value", "n_looks", "n_looks_expected"} {
					cells = append(cells, fmt.Sprint(made.Value(row, made.Schema.Index(name))))
				}
				rows = append(rows, strings.Join(cells, " "))
			}
			return nil
		},
	}
	if err := ReadIODA(sink, strings.NewReader(in), "f"); err != nil {
		t.Fatal(err)
	}
	want := []string{"UA80 internet_bgp 2026-03-28 7 1 96", "UA80 internet_bgp 2026-03-29 15 2 92"}
	if fmt.Sprint(rows) != fmt.Sprint(want) {
		t.Errorf("rows\n%s\nwant\n%s", strings.Join(rows, "\n"), strings.Join(want, "\n"))
	}
	if c := sink.Counts; c != (Counts{Read: 6, Kept: 4, Rejected: 2}) {
		t.Errorf("counts %+v", c)
	}
	if len(sink.Rejected) == 2 && (sink.Rejected[0].Code != source.UnknownArea || sink.Rejected[1].Code != source.OutOfRange) {
		t.Errorf("rejected %v and %v", sink.Rejected[0], sink.Rejected[1])
	}
}
