package panel

import (
	"testing"

	"hardship/pipeline/area"
	"hardship/pipeline/table"
)

// alerts makes alerts of UA80 from pairs of start and end; an end of "" lasts.
func alerts(changes cells, list ...[2]string) *table.Table {
	var made []cells
	for _, a := range list {
		row := cells{"start_utc": a[0], "end_utc": a[1]}
		if a[1] == "" {
			row["end_utc"] = nil
		}
		for name, v := range changes {
			row[name] = v
		}
		made = append(made, row)
	}
	return rows(table.Alert, made...)
}

// frame makes a source's record reach over January and February 2026 by alerts
// of a minute at its ends.
func frame(source string) *table.Table {
	return alerts(cells{"source_id": source}, [2]string{"2026-01-01 00:00", "2026-01-01 00:01"}, [2]string{"2026-02-28 23:59", "2026-03-01 00:00"})
}

func TestAlertHours(t *testing.T) {
	merged := from("2026-01-28", 4)
	merged.MergedAlerts = map[area.ID]bool{"UA80": true}
	plain := from("2026-01-28", 4)
	for _, tt := range []struct {
		name     string
		settings Settings
		tables   []*table.Table
		key      string
		want     cells
		flags    string
	}{
		{"a day without an alert is zero", plain, nil, "UA80 2026-01-29", cells{"alert_h": 0, "alerts_n": 0}, ""},
		{"overlaps count once, each alert once", plain, []*table.Table{
			alerts(nil, [2]string{"2026-01-29 10:00", "2026-01-29 12:00"}, [2]string{"2026-01-29 11:00", "2026-01-29 11:30"}),
			alerts(cells{"source_id": "second"}, [2]string{"2026-01-29 11:45", "2026-01-29 12:30"}),
		}, "UA80 2026-01-29", cells{"alert_h": 2.5, "alerts_n": 3}, ""},
		{"one over midnight counts on the day it begins", plain, []*table.Table{alerts(nil, [2]string{"2026-01-28 22:00", "2026-01-29 01:30"})},
			"UA80 2026-01-29", cells{"alert_h": 1.5, "alerts_n": 0}, ""},
		{"alerts merged into one count for themselves", plain, []*table.Table{alerts(cells{"subalerts": 7}, [2]string{"2026-01-29 10:00", "2026-01-29 12:00"})},
			"UA80 2026-01-29", cells{"alert_h": 2, "alerts_n": 7}, ""},
		{"in an area declared as merged the length is unknown", merged, []*table.Table{alerts(cells{"subalerts": 7}, [2]string{"2026-01-29 10:00", "2026-01-29 12:00"})},
			"UA80 2026-01-29", cells{"alert_h": nil, "alerts_n": 7}, "alerts_merged"},
		{"24 hours are an alert", plain, []*table.Table{alerts(cells{"subalerts": 2}, [2]string{"2026-01-28 12:00", "2026-01-29 12:00"})},
			"UA80 2026-01-29", cells{"alert_h": 12, "alerts_n": 0}, ""},
		{"more than 24 hours are not, nor is it known on which day which began", plain, []*table.Table{alerts(cells{"subalerts": 40}, [2]string{"2026-01-28 12:00", "2026-01-29 12:01"})},
			"UA80 2026-01-29", cells{"alert_h": nil, "alerts_n": nil}, "alerts_merged"},
		{"so on its first day", plain, []*table.Table{alerts(cells{"subalerts": 40}, [2]string{"2026-01-28 12:00", "2026-01-29 12:01"})},
			"UA80 2026-01-28", cells{"alert_h": nil, "alerts_n": nil}, "alerts_merged"},
		{"and not on the day after its last", plain, []*table.Table{alerts(cells{"subalerts": 40}, [2]string{"2026-01-28 12:00", "2026-01-29 12:01"})},
			"UA80 2026-01-30", cells{"alert_h": 0, "alerts_n": 0}, ""},
		{"a permanent alert has no length", plain, []*table.Table{alerts(nil, [2]string{"2026-01-29 06:00", ""})},
			"UA80 2026-01-31", cells{"alert_h": nil, "alerts_n": 0}, "alerts_merged"},
		{"and began on one day", plain, []*table.Table{alerts(nil, [2]string{"2026-01-29 06:00", ""})},
			"UA80 2026-01-29", cells{"alert_h": nil, "alerts_n": 1}, "alerts_merged"},
		{"a correction of the end", plain, []*table.Table{
			alerts(cells{"first_seen_utc": "2026-01-29 10:00"}, [2]string{"2026-01-29 10:00", ""}),
			alerts(cells{"first_seen_utc": "2026-01-29 11:00"}, [2]string{"2026-01-29 10:00", "2026-01-29 10:45"}),
		}, "UA80 2026-01-29", cells{"alert_h": 0.75, "alerts_n": 1}, ""},
		{"a retraction", plain, []*table.Table{
			alerts(cells{"first_seen_utc": "2026-01-29 10:00"}, [2]string{"2026-01-29 10:00", "2026-01-29 11:00"}),
			alerts(cells{"first_seen_utc": "2026-01-29 12:00", "retracted": true}, [2]string{"2026-01-29 10:00", "2026-01-29 11:00"}),
		}, "UA80 2026-01-29", cells{"alert_h": 0, "alerts_n": 0}, ""},
		{"an area that the source never lists is unknown", plain, nil, "UA59 2026-01-29", cells{"alert_h": nil, "alerts_n": nil}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := build(t, tt.settings, append(tt.tables, frame("sirens"))...)
			check(t, r.AreaDay, tt.key, tt.want)
			checkFlags(t, r.AreaDay, tt.key, tt.flags)
		})
	}
}

func TestAlertsAreKnownInsideTheRecordOnly(t *testing.T) {
	r := build(t, from("2026-01-27", 6),
		alerts(cells{"source_id": "old"}, [2]string{"2026-01-27 00:00", "2026-01-27 01:00"}, [2]string{"2026-01-28 10:00", "2026-01-28 11:00"}),
		alerts(cells{"source_id": "new"}, [2]string{"2026-01-30 23:00", "2026-01-31 01:00"}, [2]string{"2026-02-01 10:00", "2026-02-01 11:00"}))
	for key, h := range map[string]any{
		"UA80 2026-01-27": 1, "UA80 2026-01-28": nil, "UA80 2026-01-29": nil, "UA80 2026-01-30": nil, "UA80 2026-01-31": 1, "UA80 2026-02-01": nil,
	} {
		check(t, r.AreaDay, key, cells{"alert_h": h})
	}
	// That an alert lasts proves nothing of the days after it began.
	r = build(t, from("2026-01-27", 4), alerts(nil, [2]string{"2026-01-27 00:00", "2026-01-27 01:00"}, [2]string{"2026-01-29 00:00", ""}))
	check(t, r.AreaDay, "UA80 2026-01-28", cells{"alert_h": 0, "alerts_n": 0})
	check(t, r.AreaDay, "UA80 2026-01-30", cells{"alert_h": nil, "alerts_n": nil})
}

func TestAlertsOnDaysOf23And25Hours(t *testing.T) {
	for d, length := range map[string]float64{"2026-03-29": 23, "2025-10-26": 25} {
		next := day(d) + 1
		s := from(d, 1)
		r := build(t, s, alerts(nil, [2]string{d + " 00:00", d + " 12:00"}, [2]string{d + " 12:00", next.String() + " 00:00"}))
		check(t, r.AreaDay, "UA80 "+d, cells{"alert_h": length, "alerts_n": 2})
	}
}
