package normalize

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hardship/pipeline/table"
)

// byHour writes the 24 hours of a day, on but for those given from hour 1 on.
func byHour(states ...string) string {
	day := map[string]string{}
	for i := range 24 {
		day[strconv.Itoa(i+1)] = "yes"
		if i < len(states) {
			day[strconv.Itoa(i+1)] = states[i]
		}
	}
	text, _ := json.Marshal(day)
	return string(text)
}

// Epoch seconds of local midnights in Kyiv in winter, and of those of UTC.
const (
	localJan5 = 1925330400
	utcJan5   = localJan5 + 7200
	localJan6 = localJan5 + 86400
)

func TestCEKSchedules(t *testing.T) {
	version := func(minute int, data string) string {
		return fmt.Sprintf(`{"commit":"00000%02x","commit_time_utc":"2031-01-05T08:%02d:00Z","fact":{"data":{%s}}}`, minute, minute, data)
	}
	day := func(second int, queues string) string { return fmt.Sprintf(`"%d":{%s}`, second, queues) }
	one := `"GPV4.1":` + byHour("no", "second", "first")
	blank := `"GPV4.1":` + byHour()
	in := strings.Join([]string{
		version(1, day(utcJan5, one)),
		version(2, day(localJan5, one)), // the same day by another key
		version(3, day(utcJan5, one)+","+day(localJan5, one)),
		version(4, day(localJan5, blank+`,"GPV4.2":`+byHour("no"))), // hours past are blanked: the panel's business
		version(5, day(localJan5, one)+","+day(localJan6, `"GPV4.2":`+byHour())),
		version(6, day(localJan5, "")+","+day(localJan6+365*86400, one)),
	}, "\n")
	src := Source{Table: table.OutageSchedule, Place: "Kyiv city", Options: map[string]string{"operator": "cek-dnipro", "groups_known": "12", "covers_area": "false"}}
	columns := append(slices.Clone(scheduleColumns), "operator", "groups_known", "covers_area", "source_rev")
	rows, s, err := reader(ReadCEKSchedules).rows(t, src, "f", in, columns...)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "what changed is written", []string{
		"test cek-dnipro:GPV4.1 2031-01-05 normal 2031-01-05T08:01:00Z: 48 rows, off 120 to 120 min",
		"test cek-dnipro:GPV4.1 2031-01-05 normal 2031-01-05T08:04:00Z: 48 rows, off 0 to 0 min",
		"test cek-dnipro:GPV4.2 2031-01-05 normal 2031-01-05T08:04:00Z: 48 rows, off 60 to 60 min",
		"test cek-dnipro:GPV4.1 2031-01-05 normal 2031-01-05T08:05:00Z: 48 rows, off 120 to 120 min",
		"test cek-dnipro:GPV4.2 2031-01-05 absent 2031-01-05T08:05:00Z: 1 rows, off 0 to 1440 min",
		"test cek-dnipro:GPV4.2 2031-01-06 normal 2031-01-05T08:05:00Z: 48 rows, off 0 to 0 min",
		"test cek-dnipro:GPV4.1 2031-01-06 absent 2031-01-05T08:05:00Z: 1 rows, off 0 to 1440 min",
	}, versions(rows))
	same(t, "halves of the hours are slots", []string{
		"test cek-dnipro:GPV4.1 2031-01-05 30 30 30 30 normal 2031-01-05T08:01:00Z cek-dnipro 12 false 0000001",
		"test cek-dnipro:GPV4.1 2031-01-05 60 30 0 0 normal 2031-01-05T08:01:00Z cek-dnipro 12 false 0000001",
		"test cek-dnipro:GPV4.1 2031-01-05 90 30 30 30 normal 2031-01-05T08:01:00Z cek-dnipro 12 false 0000001",
		"test cek-dnipro:GPV4.1 2031-01-05 120 30 30 30 normal 2031-01-05T08:01:00Z cek-dnipro 12 false 0000001",
		"test cek-dnipro:GPV4.1 2031-01-05 150 30 0 0 normal 2031-01-05T08:01:00Z cek-dnipro 12 false 0000001",
	}, rows[1:6])
	same(t, "counts", Counts{Read: 11, Kept: 10, Rejected: 1}, s.Counts)
}

// page writes a version of outage-data-ua; the template is the real Monday of
// queue 1.1 in methods.md 6.6.
func page(fact string) string {
	week := byHour("maybe", "maybe", "maybe", "maybe", "yes", "yes", "yes", "msecond", "maybe", "maybe", "maybe", "maybe", "maybe", "maybe",
		"mfirst", "yes", "yes", "yes", "maybe", "maybe", "maybe", "maybe", "maybe", "maybe")
	return fmt.Sprintf(`{"regionId":"dnipro","lastUpdated":"2031-01-05T07:24:38.105Z","fact":{"data":{"%d":{%s}},"today":%d},
		"preset":{"data":{"GPV1.1":{"1":%s}}},"meta":{"contentHash":"ab12"}}`, localJan5, fact, localJan5, week)
}

func TestOutageData(t *testing.T) {
	in := page(`"GPV1.1":` + byHour("no", "first", "maybe", "mfirst", "msecond") + `,"GPV12.1":` + byHour() + `,"GPV1001.1":` + byHour("no"))
	announced := "test op:GPV1.1 2031-01-05 normal 2031-01-05T07:24:38.105Z: 48 rows, off 90 to 210 min"
	for _, tt := range []struct {
		name            string
		queues, preset  string
		want            []string
		read, kept, bad int64
	}{
		{"queues numbered as another operator's are refused", "", "", []string{
			announced,
			"test op:GPV12.1 2031-01-05 normal 2031-01-05T07:24:38.105Z: 48 rows, off 0 to 0 min",
		}, 3, 2, 1},
		{"unless the source says which it takes", "GPV1", "", []string{announced}, 3, 3, 0},
		{"which may be those", "GPV12, GPV1001", "false", []string{
			"test op:GPV12.1 2031-01-05 normal 2031-01-05T07:24:38.105Z: 48 rows, off 0 to 0 min",
			"test op:GPV1001.1 2031-01-05 normal 2031-01-05T07:24:38.105Z: 48 rows, off 60 to 60 min",
		}, 3, 3, 0},
		{"a template is read alone and has an operator of its own; from 0 to 17 hours (methods.md 6.6)", "", "true", []string{
			"test op-preset:GPV1.1 2031-01-06 normal 2031-01-05T07:24:38.105Z: 48 rows, off 0 to 1020 min",
		}, 1, 1, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rows, s, err := reader(ReadOutageData).rows(t, kyivSource(map[string]string{"queues": tt.queues, "preset": tt.preset}), "f", in, scheduleColumns...)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "rows", tt.want, versions(rows))
			same(t, "counts", Counts{tt.read, tt.kept, tt.bad}, s.Counts)
		})
	}
	_, s, _ := reader(ReadOutageData).rows(t, kyivSource(nil), "f", in)
	if got := rejections(s); len(got) != 1 || !strings.HasSuffix(got[0], `queue "GPV1001.1": is numbered as another operator's; the option queues says which are this source's [H0207]`) {
		t.Error(got)
	}
}

func TestOptionsOfOutageDataAreChecked(t *testing.T) {
	for option, want := range map[string]string{
		"queues": `source test: option queues: "x" is not a line of queues such as GPV3`,
		"preset": `source test: option preset: "x" is not true or false`,
	} {
		_, _, err := reader(ReadOutageData).rows(t, kyivSource(map[string]string{option: "x"}), "f", "")
		if fmt.Sprint(err) != want {
			t.Errorf("error %v\nwant  %s", err, want)
		}
	}
	if _, _, err := reader(ReadOutageData).rows(t, kyivSource(map[string]string{"queues": "GPV1.1"}), "f", ""); err == nil {
		t.Error("a queue is taken for a line of queues")
	}
}
