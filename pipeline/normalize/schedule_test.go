package normalize

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

var scheduleColumns = []string{"publisher", "group_id", "date_local", "slot_start_min", "slot_len_min", "off_min_lo", "off_min_hi", "status", "first_seen_utc"}

func kyivSource(options map[string]string) Source {
	all := map[string]string{"operator": "op"}
	for k, v := range options {
		all[k] = v
	}
	return Source{Table: table.OutageSchedule, Place: "Kyiv city", Options: all}
}

// halves writes 48 half hours, of which those in off are without power.
func halves(off ...int) string {
	day := make([]bool, 48)
	for i := range day {
		day[i] = !slices.Contains(off, i)
	}
	text, _ := json.Marshal(day)
	return string(text)
}

// kyivVersion writes a version of last_schedules.json at a minute of 5 January.
func kyivVersion(minute int, publisher, queue, date, status, slots string) string {
	return fmt.Sprintf(`{"commit":"00000%02x","commit_time_utc":"2031-01-05T08:%02d:00Z","schedules":{%q:{%q:{%q:{"status":%q,"slots":%s}}}}}`,
		minute, minute, publisher, queue, date, status, slots)
}

// versions counts the rows of each version: publisher, queue, day, status and
// commit time of rows, with their number and minutes off.
func versions(rows []string) []string {
	var out []string
	var last string
	var n, lo, hi int
	flush := func() {
		if n > 0 {
			out = append(out, fmt.Sprintf("%s: %d rows, off %d to %d min", last, n, lo, hi))
		}
	}
	for _, row := range rows {
		var publisher, group, date, status, seen string
		var start, length, l, h int
		fmt.Sscan(row, &publisher, &group, &date, &start, &length, &l, &h, &status, &seen)
		if key := strings.Join([]string{publisher, group, date, status, seen}, " "); key != last {
			flush()
			last, n, lo, hi = key, 0, 0, 0
		}
		n, lo, hi = n+1, lo+l, hi+h
	}
	flush()
	return out
}

func TestKyivSchedules(t *testing.T) {
	in := strings.Join([]string{
		`{"commit":"0000000","commit_time_utc":"2031-01-05T08:00:00Z","schedules":{"github":{},"yasno":{}}}`,
		kyivVersion(1, "github", "GPV2.1", "2031-01-05", "pending", "null"),
		kyivVersion(2, "github", "GPV2.1", "2031-01-05", "normal", halves(0, 47)),
		kyivVersion(3, "github", "GPV2.1", "2031-01-05", "normal", halves(0, 47)), // the same again
		kyivVersion(4, "yasno", "GPV2.1", "2031-01-05", "emergency", "null"),
		kyivVersion(5, "github", "GPV2.1", "2031-01-06", "normal", halves(0, 47)), // another day
		`{"commit":"0000006","commit_time_utc":"2031-01-05T08:06:00Z","schedules":{"github":{},"yasno":{}}}`,
		kyivVersion(7, "github", "GPV2.1", "2031-01-05", "normal", halves(0, 47)), // still the same
		kyivVersion(8, "github", "GPV2.1", "2031-01-05", "normal", halves(1)),
		kyivVersion(9, "github", "GPV2.1", "2031-01-05", "normal", halves(0, 47)), // back again: a change
		kyivVersion(10, "telegram", "GPV2.1", "2031-01-05", "pending", "null"),
		kyivVersion(11, "github", "Main St 5", "2031-01-05", "pending", "null"),
	}, "\n")
	rows, s, err := reader(ReadKyivSchedules).rows(t, kyivSource(nil), "f", in, scheduleColumns...)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "what changed is written, whole, and what repeats is not", []string{
		"dtek op:GPV2.1 2031-01-05 pending 2031-01-05T08:01:00Z: 1 rows, off 0 to 1440 min",
		"dtek op:GPV2.1 2031-01-05 normal 2031-01-05T08:02:00Z: 48 rows, off 60 to 60 min",
		"yasno op:GPV2.1 2031-01-05 emergency 2031-01-05T08:04:00Z: 1 rows, off 0 to 1440 min",
		"dtek op:GPV2.1 2031-01-06 normal 2031-01-05T08:05:00Z: 48 rows, off 60 to 60 min",
		"dtek op:GPV2.1 2031-01-05 normal 2031-01-05T08:08:00Z: 48 rows, off 30 to 30 min",
		"dtek op:GPV2.1 2031-01-05 normal 2031-01-05T08:09:00Z: 48 rows, off 60 to 60 min",
	}, versions(rows))
	same(t, "slots of the clock", []string{
		"dtek op:GPV2.1 2031-01-05 0 1440 0 1440 pending 2031-01-05T08:01:00Z",
		"dtek op:GPV2.1 2031-01-05 0 30 30 30 normal 2031-01-05T08:02:00Z",
		"dtek op:GPV2.1 2031-01-05 30 30 0 0 normal 2031-01-05T08:02:00Z",
	}, rows[:3])
	same(t, "rejections", []string{
		`f:11:110: publisher "telegram": is not github or yasno [H0207]`,
		`f:12:111: queue "Main St 5": is not the name of a queue, such as 3.1 or GPV12.1 [H0207]`,
	}, rejections(s))
	same(t, "counts", Counts{Read: 10, Kept: 8, Rejected: 2}, s.Counts)
}

func TestKyivScheduleHistory(t *testing.T) {
	in := `{"2031-01-06": ` + halves(0) + `, "2031-01-05": ` + halves() + `}`
	src := kyivSource(map[string]string{"operator": "dtek-kyiv", "groups_known": "120", "covers_area": "true", "group": "GPV36.1", "typed_in": "2031-01-05"})
	rows, _, err := reader(ReadKyivScheduleHistory).rows(t, src, "f", in,
		"area_id", "group_id", "publisher", "operator", "groups_known", "covers_area", "date_local", "slot_start_min", "off_min_lo", "status", "typed_in", "redated", "first_seen_utc", "source_rev")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "rows", 96, len(rows))
	same(t, "a day seen at no known time", "UA80 dtek-kyiv:GPV36.1 history dtek-kyiv 120 true 2031-01-06 0 30 normal false false null null", rows[0])
	same(t, "a day typed in", "UA80 dtek-kyiv:GPV36.1 history dtek-kyiv 120 true 2031-01-05 0 0 normal true false null null", rows[48])
}

func TestDniproSchedules(t *testing.T) {
	version := func(minute int, when, today, tomorrow string) string {
		return fmt.Sprintf(`{"commit":"00000%02x","commit_time_utc":"2031-01-0%s","schedule":{"timezone":"Europe/Kyiv","emergency":null,"today":%s,"tomorrow":%s}}`, minute, when, today, tomorrow)
	}
	in := strings.Join([]string{
		version(1, "5T16:00:00Z", `{"date":"05.01.2031","groups":{"1.1":["18:40-19:10"],"1.2":[]}}`, `{"date":"06.01.2031","groups":{"1.1":["00:00-24:00"],"1.2":[]}}`),
		// The label has not turned; the queues are the new day's and say what was said.
		version(2, "5T22:30:00Z", `{"date":"05.01.2031","groups":{"1.1":["00:00-24:00"],"1.2":[]}}`, `{"date":"06.01.2031","groups":{}}`),
		// Nor here, and now they say something else; 1.2 is left out.
		version(3, "5T22:40:00Z", `{"date":"05.01.2031","groups":{"1.1":["00:00-12:00"]}}`, `{"date":"06.01.2031","groups":{}}`),
		version(4, "6T02:00:00Z", `{"date":"06.01.2031","groups":{"1.1":["00:00-12:00"]}}`, `{"date":"07.01.2031","groups":{}}`),
	}, "\n")
	columns := append(slices.Clone(scheduleColumns), "redated", "groups_known", "covers_area")
	rows, s, err := reader(ReadDniproSchedules).rows(t, kyivSource(map[string]string{"groups_known": "12"}), "f", in, columns...)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "a day moved to its date is compared with what was said of that date", []string{
		"test op:1.1 2031-01-05 normal 2031-01-05T16:00:00Z: 48 rows, off 30 to 30 min",
		"test op:1.2 2031-01-05 normal 2031-01-05T16:00:00Z: 48 rows, off 0 to 0 min",
		"test op:1.1 2031-01-06 normal 2031-01-05T16:00:00Z: 48 rows, off 1440 to 1440 min",
		"test op:1.2 2031-01-06 normal 2031-01-05T16:00:00Z: 48 rows, off 0 to 0 min",
		"test op:1.1 2031-01-06 normal 2031-01-05T22:40:00Z: 48 rows, off 720 to 720 min",
		"test op:1.2 2031-01-06 absent 2031-01-05T22:40:00Z: 1 rows, off 0 to 1440 min",
	}, versions(rows))
	same(t, "a span from within a slot to within the next", []string{
		"test op:1.1 2031-01-05 1110 30 20 20 normal 2031-01-05T16:00:00Z false 12 false",
		"test op:1.1 2031-01-05 1140 30 10 10 normal 2031-01-05T16:00:00Z false 12 false",
	}, rows[37:39])
	same(t, "the last row", "test op:1.2 2031-01-06 0 1440 0 1440 absent 2031-01-05T22:40:00Z true 12 false", rows[len(rows)-1])
	same(t, "counts", Counts{Read: 10, Kept: 10}, s.Counts)
}

func TestStatesOfASlot(t *testing.T) {
	x := source.Schedule{Status: "normal", SlotMin: 60, Slots: []source.Slot{source.SlotOn, source.SlotOff, source.SlotFirstHalf, source.SlotSecondHalf, source.SlotUnknown}}
	want := []announcedSlot{{0, 60, 0, 0}, {60, 60, 60, 60}, {120, 60, 30, 30}, {180, 60, 30, 30}, {240, 60, 0, 60}} // methods.md 3
	if got := announcedSlots(x); !slices.Equal(got, want) {
		t.Errorf("announcedSlots = %v, want %v", got, want)
	}
}

func TestCutSpansKeepsEveryMinute(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		bounds := rapid.SliceOfNDistinct(rapid.IntRange(0, minutesInDay), 0, 12, rapid.ID[int]).Draw(rt, "bounds")
		slices.Sort(bounds)
		var off []source.ClockSpan
		var want int32
		for i := 0; i+1 < len(bounds); i += 2 {
			off = append(off, source.ClockSpan{From: bounds[i], To: bounds[i+1]})
			want += int32(bounds[i+1] - bounds[i])
		}
		var got, next int32
		for _, slot := range cutSpans(off) {
			if slot.start != next || slot.lo != slot.hi || slot.lo < 0 || slot.hi > slot.length {
				rt.Fatalf("slot %+v after minute %d", slot, next)
			}
			got, next = got+slot.lo, slot.start+slot.length
		}
		if got != want || next != minutesInDay {
			rt.Fatalf("%d minutes off, want %d; slots end at %d", got, want, next)
		}
	})
}

func TestOptionsAreChecked(t *testing.T) {
	for _, tt := range []struct {
		name    string
		read    reader
		options map[string]string
		want    string
	}{
		{"operator", ReadKyivSchedules, map[string]string{"operator": ""}, "source test: option operator: must be set"},
		{"count", ReadKyivSchedules, map[string]string{"groups_known": "0"}, `source test: option groups_known: "0" is not a whole number from 1 to 100000`},
		{"bool", ReadDniproSchedules, map[string]string{"covers_area": "yes"}, `source test: option covers_area: "yes" is not true or false`},
		{"no group", ReadKyivScheduleHistory, nil, "source test: option group: must be set"},
		{"date", ReadKyivScheduleHistory, map[string]string{"group": "GPV1.1", "typed_in": "9 February"}, `source test: option typed_in: "9 February" is not a date such as 2026-01-15`},
		{"range", ReadKyivScheduleHistory, map[string]string{"group": "GPV1.1", "typed_in": "2031-01-05..2031-01-04"}, `source test: option typed_in: "2031-01-05..2031-01-04" ends before it starts`},
		{"open range", ReadKyivScheduleHistory, map[string]string{"group": "GPV1.1", "typed_in": "2031-01-05.."}, `source test: option typed_in: "" is not a date such as 2026-01-15`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := tt.read.rows(t, kyivSource(tt.options), "f", "")
			if fmt.Sprint(err) != tt.want {
				t.Errorf("error %v\nwant  %s", err, tt.want)
			}
		})
	}
	src := kyivSource(nil)
	src.Place = "Atlantis"
	if _, _, err := reader(ReadKyivSchedules).rows(t, src, "f", ""); err == nil {
		t.Error("a place that is none is taken")
	}
}
