package panel

import (
	"strings"
	"testing"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// slots makes one version of a queue's day, a slot a letter from midnight on:
// . on, # off, ? may be off, < off for its first half, - no row.
func slots(date, letters string, changes cells) *table.Table {
	length := minutesInDay / len(letters)
	var list []cells
	for i, letter := range letters {
		row := cells{"date_local": date, "slot_start_min": i * length, "slot_len_min": length}
		switch letter {
		case '#':
			row["off_min_lo"], row["off_min_hi"] = length, length
		case '?':
			row["off_min_hi"] = length
		case '<':
			row["off_min_lo"], row["off_min_hi"] = length/2, length/2
		case '~':
			row["off_min_hi"] = length / 2
		case '-':
			continue
		}
		for name, v := range changes {
			row[name] = v
		}
		list = append(list, row)
	}
	return rows(table.OutageSchedule, list...)
}

// whole makes a version that says one thing of the whole day.
func whole(date, status string, changes cells) *table.Table {
	row := cells{"date_local": date, "status": status}
	for name, v := range changes {
		row[name] = v
	}
	return rows(table.OutageSchedule, row)
}

// off repeats a letter.
func off(n int, letter string) string { return strings.Repeat(letter, n) }

const (
	scheduled = "2026-02-10"
	queueKey  = "UA80 dtek:1.1 " + scheduled
	areaKey   = "UA80 " + scheduled
)

func TestASlotTakesTheLastVersionBeforeItBegins(t *testing.T) {
	seen := func(at string) cells { return cells{"first_seen_utc": at} }
	evening := slots(scheduled, off(8, ".")+off(4, "#")+off(12, "."), seen("2026-02-09 20:00"))
	for _, tt := range []struct {
		name   string
		tables []*table.Table
		lo, hi float64
		status string
		flags  string
		known  int // versions
	}{
		{"one version", []*table.Table{evening}, 4, 4, "normal", "", 1},
		{"hours that a later version blanks after they are past stay", []*table.Table{evening,
			slots(scheduled, off(24, "."), seen("2026-02-10 23:30"))}, 4, 4, "normal", "", 2},
		{"a change by day holds for the slots that begin after it", []*table.Table{evening,
			slots(scheduled, off(12, ".")+off(4, "#")+off(8, "."), seen("2026-02-10 10:30"))}, 3 + 4, 3 + 4, "normal", "", 2},
		{"a version of the minute in which a slot begins holds for it", []*table.Table{evening,
			slots(scheduled, off(24, "."), seen("2026-02-10 11:00"))}, 3, 3, "normal", "", 2},
		{"the first version after stands in, late", []*table.Table{
			slots(scheduled, off(24, "#"), seen("2026-02-10 10:30")), slots(scheduled, off(24, "."), seen("2026-02-10 12:30"))},
			13, 13, "normal", "schedule_late", 2},
		{"a version after the as-of is unknown", []*table.Table{evening, slots(scheduled, off(24, "#"), seen("2036-01-01 00:00"))}, 4, 4, "normal", "", 1},
		{"a schedule kept without times held from the start", []*table.Table{slots(scheduled, off(12, "#")+off(12, "."), nil)}, 12, 12, "normal", "", 1},
		{"and gives way to versions with times", []*table.Table{slots(scheduled, off(12, "#")+off(12, "."), nil),
			slots(scheduled, off(24, "."), seen("2026-02-10 05:59"))}, 6, 6, "normal", "", 2},
		{"a retraction sets the rest of the day aside", []*table.Table{evening,
			slots(scheduled, off(24, "."), cells{"first_seen_utc": "2026-02-10 09:30", "retracted": true})}, 2, 2 + 14, "absent+normal", "schedule_not_in_force", 2},
		{"a slot of an hour is decided when it begins, also beside a finer schedule", []*table.Table{evening,
			slots(scheduled, off(24, "."), seen("2026-02-10 10:15")), slots(scheduled, off(48, "."), cells{"publisher": "other", "first_seen_utc": "2026-02-09 10:00"})},
			0, 3, "normal", "publishers_disagree", 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := build(t, from(scheduled, 1), tt.tables...)
			check(t, r.QueueDay, queueKey, cells{"sched_off_h_lo": tt.lo, "sched_off_h_hi": tt.hi, "status": tt.status, "versions": tt.known, "groups_seen": 1, "groups_known": nil})
			check(t, r.AreaDay, areaKey, cells{"sched_off_h_lo": tt.lo, "sched_off_h_hi": tt.hi, "sched_groups_seen": 1, "sched_coverage": nil})
			checkFlags(t, r.AreaDay, areaKey, tt.flags)
		})
	}
}

func TestSlotsThatAreNotInForceMayBeOffThroughout(t *testing.T) {
	before := cells{"first_seen_utc": "2026-02-09 20:00"}
	for _, tt := range []struct {
		name   string
		tables []*table.Table
		lo, hi float64
		status string
		flags  string
	}{
		{"pending", []*table.Table{whole(scheduled, "pending", before)}, 0, 24, "pending", ""},
		{"emergency from the afternoon on", []*table.Table{slots(scheduled, off(24, "."), before),
			whole(scheduled, "emergency", cells{"first_seen_utc": "2026-02-10 13:40"})}, 0, 10, "emergency+normal", "schedule_not_in_force"},
		{"an emergency that is lifted", []*table.Table{whole(scheduled, "emergency", before),
			slots(scheduled, off(24, "#"), cells{"first_seen_utc": "2026-02-10 13:40"})}, 10, 24, "emergency+normal", "schedule_not_in_force"},
		{"slots that a version leaves out", []*table.Table{slots(scheduled, off(6, "#")+off(6, "-")+off(12, "."), before)}, 6, 12, "absent+normal", "schedule_not_in_force"},
		{"a slot that may be off", []*table.Table{slots(scheduled, off(2, "#")+off(3, "?")+off(19, "."), before)}, 2, 5, "normal", ""},
		{"a slot that is off for half", []*table.Table{slots(scheduled, off(3, "<")+off(21, "."), before)}, 1.5, 1.5, "normal", ""},
		// The preset row of Monday, GPV1.1, as in methods.md 6.6.
		{"a template of maybes", []*table.Table{slots(scheduled, off(4, "?")+"..."+"~"+off(6, "?")+"~"+"..."+off(6, "?"), before)}, 0, 17, "normal", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := build(t, from(scheduled, 1), tt.tables...)
			check(t, r.QueueDay, queueKey, cells{"sched_off_h_lo": tt.lo, "sched_off_h_hi": tt.hi, "status": tt.status})
			checkFlags(t, r.AreaDay, areaKey, tt.flags)
		})
	}
}

func TestADayWithoutAnEntryOrStillPendingIsNoSchedule(t *testing.T) {
	for _, status := range []string{"absent", "pending"} {
		r := build(t, from(scheduled, 1), whole(scheduled, status, nil))
		check(t, r.QueueDay, queueKey, cells{"sched_off_h_lo": 0, "sched_off_h_hi": 24, "status": status, "groups_seen": 0})
		check(t, r.AreaDay, areaKey, cells{"sched_off_h_lo": nil, "sched_off_h_hi": nil, "sched_groups_seen": nil})
		checkFlags(t, r.AreaDay, areaKey, "")
	}
}

func TestPublishersThatDisagreeWidenTheBounds(t *testing.T) {
	dtek := slots(scheduled, off(4, "#")+off(20, "."), cells{"publisher": "dtek"})
	yasno := func(letters string) *table.Table {
		return slots(scheduled, letters, cells{"publisher": "yasno", "source_id": "second"})
	}
	for _, tt := range []struct {
		name   string
		other  *table.Table
		lo, hi float64
		flags  string
	}{
		{"agree", yasno(off(4, "#") + off(20, ".")), 4, 4, ""},
		{"agree in slots of another length", yasno(off(8, "#") + off(40, ".")), 4, 4, ""},
		{"differ", yasno(off(2, "#") + off(4, ".") + off(1, "#") + off(17, ".")), 2, 5, "publishers_disagree"},
		{"differ in slots that share no edge", yasno(off(3, "#") + off(13, ".")), 4, 4.5, "publishers_disagree"}, // 90 minutes each
		{"one has set its schedule aside", whole(scheduled, "emergency", cells{"publisher": "yasno"}), 0, 24, "publishers_disagree schedule_not_in_force"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, order := range [][]*table.Table{{dtek, tt.other}, {tt.other, dtek}} {
				r := build(t, from(scheduled, 1), order...)
				check(t, r.QueueDay, queueKey, cells{"sched_off_h_lo": tt.lo, "sched_off_h_hi": tt.hi, "versions": 2})
				checkFlags(t, r.AreaDay, areaKey, tt.flags)
			}
		})
	}
}

// On 29 March 2026 clocks skip 03:00–04:00, on 25 October they show it twice
// (methods.md 3).
func TestSchedulesOnDaysOf23And25Hours(t *testing.T) {
	only := func(n, i int) string { return off(i, ".") + "#" + off(n-i-1, ".") }
	for _, tt := range []struct {
		name, date, letters string
		want                float64
	}{
		{"a spring day off", "2026-03-29", off(24, "#"), 23},
		{"a spring day off in half hours", "2026-03-29", off(48, "#"), 23},
		{"the hour that is skipped", "2026-03-29", only(24, 3), 0},
		{"a half hour that is skipped", "2026-03-29", only(48, 7), 0},
		{"the hour before", "2026-03-29", only(24, 2), 1},
		{"the hour after", "2026-03-29", only(24, 4), 1},
		{"an autumn day off", "2026-10-25", off(24, "#"), 25},
		{"an autumn day off in half hours", "2026-10-25", off(48, "#"), 25},
		{"the hour that comes twice", "2026-10-25", only(24, 3), 2},
		{"a half hour that comes twice", "2026-10-25", only(48, 6), 1},
		{"and the other one", "2026-10-25", only(48, 7), 1},
		{"the hour after it", "2026-10-25", only(24, 4), 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := build(t, from(tt.date, 1), slots(tt.date, tt.letters, nil))
			check(t, r.QueueDay, "UA80 dtek:1.1 "+tt.date, cells{"sched_off_h_lo": tt.want, "sched_off_h_hi": tt.want})
		})
	}
	// A version committed in the first of two 03 o'clocks comes after the slot
	// has begun.
	r := build(t, from("2026-10-25", 1),
		slots("2026-10-25", off(24, "#"), cells{"first_seen_utc": "2026-10-24 20:00"}),
		slots("2026-10-25", off(24, "."), cells{"first_seen_utc": "2026-10-25 00:30Z"}))
	check(t, r.QueueDay, "UA80 dtek:1.1 2026-10-25", cells{"sched_off_h_lo": 5})
}

func TestAnAreaIsTheMeanOfTheQueuesSeen(t *testing.T) {
	queue := func(group, letters string, changes cells) *table.Table {
		row := cells{"group_id": group, "groups_known": 120}
		for name, v := range changes {
			row[name] = v
		}
		return slots(scheduled, letters, row)
	}
	two := []*table.Table{queue("dtek:12.1", off(4, "#")+off(20, "."), nil), queue("dtek:18.1", off(7, "#")+off(17, "."), nil)}
	other := cells{"operator": "cek", "source_id": "second", "publisher": "cek", "covers_area": false, "groups_known": 12}
	for _, tt := range []struct {
		name   string
		tables []*table.Table
		want   cells
		flags  string
	}{
		{"2 of 120 queues are shown as what they are", two,
			cells{"sched_off_h_lo": 5.5, "sched_groups_seen": 2, "sched_groups_known": 120, "sched_coverage": 2.0 / 120}, "few_queues"},
		{"a queue without an entry is not seen", append([]*table.Table{whole(scheduled, "absent", cells{"group_id": "dtek:9.9", "groups_known": 120})}, two...),
			cells{"sched_off_h_lo": 5.5, "sched_groups_seen": 2}, "few_queues"},
		{"of two operators the first declared one serves the area", append([]*table.Table{queue("cek:1", off(24, "#"), other)}, two...),
			cells{"sched_off_h_lo": 5.5, "sched_groups_seen": 2, "sched_groups_known": 120}, "few_queues"},
		{"where its share of the area is unknown, so is the coverage", []*table.Table{queue("cek:1", off(24, "#"), other)},
			cells{"sched_off_h_lo": 24, "sched_groups_seen": 1, "sched_groups_known": 12, "sched_coverage": nil}, "few_queues"},
		{"all queues", []*table.Table{slots(scheduled, off(24, "#"), cells{"groups_known": 1})},
			cells{"sched_coverage": 1}, ""},
		{"moved to the next day", []*table.Table{slots(scheduled, off(24, "#"), cells{"redated": true})},
			cells{"sched_off_h_lo": 24}, "schedule_redated"},
		{"a version that was moved and never held", []*table.Table{slots(scheduled, off(24, "#"), cells{"first_seen_utc": "2026-02-09 20:00"}),
			slots(scheduled, off(24, "."), cells{"redated": true, "first_seen_utc": "2026-02-10 23:30"})},
			cells{"sched_off_h_lo": 24}, ""},
		{"typed in by hand", []*table.Table{slots(scheduled, off(24, "#"), cells{"typed_in": true})},
			cells{"sched_coverage": nil}, "schedule_typed_in"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := from(scheduled, 1)
			s.Sources = []string{"schedules", "second"}
			r := build(t, s, tt.tables...)
			check(t, r.AreaDay, areaKey, tt.want)
			checkFlags(t, r.AreaDay, areaKey, tt.flags)
		})
	}
	r := build(t, from(scheduled, 1), append([]*table.Table{queue("cek:1", off(24, "#"), other)}, two...)...)
	check(t, r.QueueDay, "UA80 cek:1 "+scheduled, cells{"groups_seen": 1, "groups_known": 12})
	check(t, r.QueueDay, "UA80 dtek:18.1 "+scheduled, cells{"groups_seen": 2, "groups_known": 120})
}

func TestMinutesBeyondTheSlotAreCut(t *testing.T) {
	r := build(t, from(scheduled, 1), rows(table.OutageSchedule,
		cells{"date_local": scheduled, "slot_start_min": 0, "slot_len_min": 1410, "off_min_lo": 0, "off_min_hi": 0},
		cells{"date_local": scheduled, "slot_start_min": 1410, "slot_len_min": 60, "off_min_lo": 90, "off_min_hi": 80}))
	check(t, r.QueueDay, queueKey, cells{"sched_off_h_lo": 0.5, "sched_off_h_hi": 0.5})
}

// Queues wait for 14 days, and so does the mean over the few that are seen.
func TestQueuesWaitForFourteenDays(t *testing.T) {
	s := from("2026-02-01", 9)
	s.AsOf = clockAt("2026-02-20 12:00") // oblasts up to the 16th, queues up to the 5th
	var tables []*table.Table
	for d := s.First; d < s.End; d++ {
		tables = append(tables, slots(d.String(), off(24, "#"), nil),
			rows(table.SupplyInterval, cells{"start_utc": d.String() + " 00:00", "end_utc": d.String() + " 06:00"}))
	}
	r := build(t, s, tables...)
	check(t, r.AreaDay, "UA80 2026-02-05", cells{"sched_off_h_lo": 24})
	check(t, r.AreaDay, "UA80 2026-02-06", cells{"sched_off_h_lo": nil, "sched_off_h_hi": nil, "sched_groups_seen": nil})
	if rowOf(r.QueueDay, "UA80 dtek:1.1 2026-02-05") < 0 || r.QueueDay.Rows() != 5 {
		t.Errorf("%d rows of queue_day, want those of 1 to 5 February", r.QueueDay.Rows())
	}
}

// log makes a household's log from its changes of supply, the last of which
// only ends it.
func log(changes cells, list ...[2]any) *table.Table {
	var made []cells
	for i := range list[1:] {
		row := cells{"start_utc": list[i][0], "end_utc": list[i+1][0], "supplied": list[i][1]}
		for name, v := range changes {
			row[name] = v
		}
		made = append(made, row)
	}
	return rows(table.SupplyInterval, made...)
}

// A home saw 57.6 h of 130.5 announced ones, none of 14 on one day (methods.md
// 6.6); the days are made up to give the same sums.
func TestALogStandsBesideTheSchedule(t *testing.T) {
	var tables []*table.Table
	changes := [][2]any{{"2026-02-12 00:00", true}}
	for i := range 10 {
		d := (day("2026-02-12") + hour.Day(i)).String()
		half := 26 // half hours
		switch i {
		case 2:
			half = 28
		case 5:
			half = 25
		}
		tables = append(tables, slots(d, off(half, "#")+off(48-half, "."), nil))
		if i != 2 {
			changes = append(changes, [2]any{d + " 09:00", false}, [2]any{d + " 15:24", true})
		}
	}
	tables = append(tables, log(nil, append(changes, [2]any{"2026-02-22 00:00", true})...))
	r := build(t, from("2026-02-12", 10), tables...)
	var announced, observed float64
	for row := range r.QueueDay.Rows() {
		announced += r.QueueDay.Float64("sched_off_h_lo").Value(row)
		observed += r.QueueDay.Float64("observed_off_h").Value(row)
	}
	if r.QueueDay.Rows() != 10 || !same(announced, 130.5) || !same(observed, 57.6) {
		t.Errorf("%d days, %v h announced, %v h observed; want 10, 130.5, 57.6", r.QueueDay.Rows(), announced, observed)
	}
	check(t, r.QueueDay, "UA80 dtek:1.1 2026-02-14", cells{"sched_off_h_lo": 14, "observed_off_h": 0, "observed_points": 1, "observed_coverage": 1})
	// The log is of one home: it never enters the area's row.
	check(t, r.AreaDay, "UA80 2026-02-14", cells{"out_ch_lo": nil, "out_coverage": nil})
}

func TestLogs(t *testing.T) {
	for _, tt := range []struct {
		name   string
		tables []*table.Table
		want   cells
	}{
		{"time outside the log is unknown", []*table.Table{log(nil, [2]any{"2026-02-10 06:00", false}, [2]any{"2026-02-10 09:00", true}, [2]any{"2026-02-10 18:00", true})},
			cells{"observed_off_h": 3, "observed_points": 1, "observed_coverage": 0.5, "versions": 0, "sched_off_h_lo": nil, "status": nil, "typed_in": false}},
		{"a state lasts until the next begins", []*table.Table{rows(table.SupplyInterval,
			cells{"start_utc": "2026-02-10 00:00", "end_utc": "2026-02-11 00:00"},
			cells{"start_utc": "2026-02-10 08:00", "end_utc": "2026-02-11 00:00", "supplied": true, "typed_in": true})},
			cells{"observed_off_h": 8, "observed_coverage": 1, "typed_in": true}},
		{"of the same home", []*table.Table{rows(table.SupplyInterval,
			cells{"start_utc": "2026-02-10 00:00", "end_utc": "2026-02-11 00:00"},
			cells{"start_utc": "2026-02-10 04:00", "end_utc": "2026-02-11 00:00", "point": 2, "supplied": true},
			cells{"start_utc": "2026-02-10 08:00", "end_utc": "2026-02-11 00:00", "supplied": true})},
			cells{"observed_off_h": 4, "observed_points": 2, "observed_coverage": 44.0 / 48}},
		{"a correction replaces a state", []*table.Table{
			log(cells{"first_seen_utc": "2026-02-10 12:00"}, [2]any{"2026-02-10 00:00", false}, [2]any{"2026-02-11 00:00", true}),
			log(cells{"first_seen_utc": "2026-02-10 13:00"}, [2]any{"2026-02-10 00:00", false}, [2]any{"2026-02-10 12:00", true})},
			cells{"observed_off_h": 12, "observed_coverage": 0.5}},
		{"two homes are averaged", []*table.Table{
			log(nil, [2]any{"2026-02-10 00:00", false}, [2]any{"2026-02-10 06:00", true}, [2]any{"2026-02-11 00:00", true}),
			log(cells{"point": 2}, [2]any{"2026-02-10 00:00", false}, [2]any{"2026-02-10 12:00", true})},
			cells{"observed_off_h": 9, "observed_points": 2, "observed_coverage": 0.75}},
		{"homes of two sources are two", []*table.Table{
			log(nil, [2]any{"2026-02-10 00:00", false}, [2]any{"2026-02-11 00:00", true}),
			log(cells{"source_id": "second"}, [2]any{"2026-02-10 00:00", true}, [2]any{"2026-02-11 00:00", true})},
			cells{"observed_off_h": 12, "observed_points": 2, "observed_coverage": 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := build(t, from(scheduled, 1), tt.tables...)
			check(t, r.QueueDay, queueKey, tt.want)
		})
	}
}
