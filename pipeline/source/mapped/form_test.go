package mapped

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// Files as people write them: each case is a file and a mapping of its own.
func TestFormsOfNumbersTimesAndWords(t *testing.T) {
	kyiv := zone(t, "Europe/Kyiv").Location
	at := func(format string) Column { return Column{From: []string{"when"}, Format: format} }
	for _, tt := range []struct {
		name   string
		schema *table.Schema
		m      Mapping
		in     string
		want   []string
	}{
		{"decimal commas and points between thousands", table.OutageInterval,
			Mapping{Separator: ';', Decimal: ",", Thousands: ".", Columns: named(pairs{"start_utc": "ab", "customers": "n"})},
			"area_id;ab;n\nUA80;2026-01-15 04:00;1.234.567\nUA80;2026-01-15 04:00;1.23\nUA80;2026-01-15 04:00;12,0\n",
			[]string{"outage_id=ID area_id=UA80 service=electricity start_utc=2026-01-15T04:00:00Z customers_lo=1234567 customers_hi=1234567 cause=unknown",
				`f.csv:3:23: n "1.23": not a number [H0202]`,
				"outage_id=ID area_id=UA80 service=electricity start_utc=2026-01-15T04:00:00Z customers_lo=12 customers_hi=12 cause=unknown"}},
		{"the spaces and the minus sign of spreadsheets and typographers", table.OutageInterval,
			Mapping{Separator: ';', Decimal: ",", Thousands: " ", Columns: named(pairs{"start_utc": "ab", "customers": "n"})},
			"area_id;ab;n\nUA80;2026-01-15 04:00;12\u00a0500\nUA80;2026-01-15 04:00;1\u202f234 567\nUA80;2026-01-15 04:00;1\u00a05\n",
			[]string{"outage_id=ID area_id=UA80 service=electricity start_utc=2026-01-15T04:00:00Z customers_lo=12500 customers_hi=12500 cause=unknown",
				"outage_id=ID area_id=UA80 service=electricity start_utc=2026-01-15T04:00:00Z customers_lo=1234567 customers_hi=1234567 cause=unknown",
				`f.csv:4:23: n "1\u00a05": not a number [H0202]`}},
		{"a minus sign that is no hyphen", table.Temperature, Mapping{},
			"area_id,time_utc,t_c\nUA80,2026-01-15 04:00,\u22127.5\nUA80,2026-01-15 05:00,\u2212\n",
			[]string{"area_id=UA80 kind=area time_utc=2026-01-15T04:00:00Z t_c=-7.5 qc=0", `f.csv:3:23: t_c "−": not a number [H0202]`}},
		{"a point is no decimal comma", table.Temperature,
			Mapping{Separator: ';', Decimal: ","},
			"area_id;time_utc;t_c\nUA80;2026-01-15 04:00;-19,5\nUA80;2026-01-15 05:00;-19.5\n",
			[]string{"area_id=UA80 kind=area time_utc=2026-01-15T04:00:00Z t_c=-19.5 qc=0", `f.csv:3:23: t_c "-19.5": not a number [H0202]`}},
		{"US dates with a clock of twelve hours", table.Temperature,
			Mapping{Location: kyiv, Columns: map[string]Column{"time_utc": at("%m/%d/%Y %I:%M %p")}},
			"area_id,when,t_c\nUA80,1/5/2026 12:00 AM,1\nUA80,1/5/2026 12:30 PM,2\nUA80,01/05/2026 9:05 pm,3\nUA80,13/5/2026 9:05 pm,4\nUA80,1/5/2026 13:00 PM,5\n",
			[]string{"area_id=UA80 kind=area time_utc=2026-01-04T22:00:00Z t_c=1 qc=0", "area_id=UA80 kind=area time_utc=2026-01-05T10:30:00Z t_c=2 qc=0",
				"area_id=UA80 kind=area time_utc=2026-01-05T19:05:00Z t_c=3 qc=0",
				`f.csv:5:6: when "13/5/2026 9:05 pm": is not written as the format says [H0203]`, `f.csv:6:6: when "1/5/2026 13:00 PM": is not written as the format says [H0203]`}},
		{"dates as a spreadsheet counts them", table.Temperature,
			Mapping{Columns: map[string]Column{"time_utc": at(Excel)}},
			"area_id,when,t_c\nUA80,46037.1666666667,1\nUA80,46037,2\nUA80,60,3\n",
			[]string{"area_id=UA80 kind=area time_utc=2026-01-15T04:00:00Z t_c=1 qc=0", "area_id=UA80 kind=area time_utc=2026-01-15T00:00:00Z t_c=2 qc=0",
				`f.csv:4:6: when "60": is not written as the format says [H0203]`}},
		{"a date and the hour that it ends, in columns of their own, on the day the clocks go forward", table.Temperature,
			Mapping{Location: kyiv, HourEnding: true, Columns: map[string]Column{"time_utc": {From: []string{"day", "he"}, Format: "%d.%m.%Y %H"}}},
			"area_id,day,he,t_c\nUA80,29.03.2026,1,1\nUA80,29.03.2026,3,2\nUA80,29.03.2026,24,4\nUA80,29.03.2026,4,5\nUA80,29.03.2026,25,5\n",
			[]string{"area_id=UA80 kind=area time_utc=2026-03-28T22:00:00Z t_c=1 qc=0", "area_id=UA80 kind=area time_utc=2026-03-29T00:00:00Z t_c=2 qc=0",
				"area_id=UA80 kind=area time_utc=2026-03-29T20:00:00Z t_c=4 qc=0",
				`f.csv:5:6: day "29.03.2026": clocks skip this local time [H0209]`, `f.csv:6:6: day "29.03.2026": is not written as the format says [H0203]`}},
		{"24:00 is the midnight that ends the day, with an offset too", table.Temperature, Mapping{Location: kyiv},
			"area_id,time_utc,t_c\nUA80,2026-01-15 24:00,1\nUA80,2026-01-15T24:00:00Z,2\nUA80,2026-01-15 24:01,3\n",
			[]string{"area_id=UA80 kind=area time_utc=2026-01-15T22:00:00Z t_c=1 qc=0", "area_id=UA80 kind=area time_utc=2026-01-16T00:00:00Z t_c=2 qc=0",
				`f.csv:4:6: time_utc "2026-01-15 24:01": not a time [H0203]`}},
		{"seconds since 1970 that end their hour", table.Temperature, Mapping{HourEnding: true},
			"area_id,time_epoch_s,t_c\nUA80,1768449600,1\n", []string{"area_id=UA80 kind=area time_utc=2026-01-15T03:00:00Z t_c=1 qc=0"}},
		{"words of the file, and all others", table.Strike,
			Mapping{Columns: map[string]Column{"target_class": {From: []string{"що"}, Words: pairs{"ТЕЦ": "heat", "підстанція": "electricity", "*": "other"}}, "weapon": {From: []string{"w"}, Words: pairs{"": "unknown", "Shahed": "drone"}}}},
			"area_id,start_utc,що,w\nUA80,2026-01-15 04:00,ТЕЦ,Shahed\nUA80,2026-01-15 04:00, підстанція,\nUA80,2026-01-15 04:00,міст,rocket\n",
			[]string{"strike_id=ID area_id=UA80 named_alone=true publisher=test start_utc=2026-01-15T04:00:00Z end_utc=2026-01-15T04:00:00Z time_precision=minute weapon=drone target_class=heat class_uses_outcome=false",
				"strike_id=ID area_id=UA80 named_alone=true publisher=test start_utc=2026-01-15T04:00:00Z end_utc=2026-01-15T04:00:00Z time_precision=minute weapon=unknown target_class=electricity class_uses_outcome=false",
				`f.csv:4:32: w "rocket": is not one of ballistic, cruise, other_missile, drone, bomb, artillery, reconnaissance, unknown [H0207]`}},
		{"words for numbers and for true and false", table.TemperatureDay,
			Mapping{Columns: map[string]Column{"date_local": {From: []string{"d"}, Format: "%d %B %Y"}, "tmin_c": {From: []string{"t"}, Words: pairs{"M": "", "-9999": ""}}, "retracted": {From: []string{"x"}, Words: pairs{"так": "true", "*": "false"}}}},
			"area_id,d,t,x\nUA80,15 January 2026,-9999,так\nUA80,16 jan 2026,-3.5,ні\nUA80,30 February 2026,1,\n",
			[]string{"area_id=UA80 kind=area date_local=2026-01-15 day_definition=local00 qc=0 retracted=true", "area_id=UA80 kind=area date_local=2026-01-16 tmin_c=-3.5 day_definition=local00 qc=0",
				`f.csv:4:6: d "30 February 2026": is not written as the format says [H0203]`}},
		{"an outage log of switches, in no order", table.OutageInterval,
			Mapping{Location: kyiv, Columns: map[string]Column{"event": {From: []string{"state"}, Words: pairs{"0": "off", "1": "on"}}, "event_utc": {From: []string{"t"}}, "group_id": {From: []string{"feeder"}}}, Constants: pairs{"area_id": "UA80"}},
			"feeder,t,state\nA,2026-01-15 10:00,0\nB,2026-01-15 11:00,0\nA,2026-01-15 12:30,1\nA,2026-01-15 11:00,0\nB,2026-01-15 09:00,1\nA,2026-01-15 13:00,2\n",
			[]string{`f.csv:7:20: state "2": is not one of end, off, on, start [H0207]`,
				"outage_id=ID area_id=UA80 group_id=A service=electricity start_utc=2026-01-15T08:00:00Z end_utc=2026-01-15T10:30:00Z cause=unknown",
				"outage_id=ID area_id=UA80 group_id=B service=electricity start_utc=2026-01-15T09:00:00Z cause=unknown"}},
		{"a household's log: each state lasts to the next, the last is not known to last", table.SupplyInterval,
			Mapping{Columns: named(pairs{"event": "state", "event_utc": "t"}), Constants: pairs{"area_id": "UA80", "group_id": "q"}},
			"t,state\n2026-01-15 10:00,on\n2026-01-15 12:00,off\n2026-01-15 13:00,off\n2026-01-15 14:00,on\n",
			[]string{"area_id=UA80 group_id=q point=1 start_utc=2026-01-15T10:00:00Z end_utc=2026-01-15T12:00:00Z supplied=true typed_in=false",
				"area_id=UA80 group_id=q point=1 start_utc=2026-01-15T12:00:00Z end_utc=2026-01-15T14:00:00Z supplied=false typed_in=false"}},
		{"alerts begin with on", table.Alert,
			Mapping{Columns: named(pairs{"event": "state", "event_utc": "t"})},
			"area_id,t,state\nUA80,2026-01-15 10:00,off\nUA80,2026-01-15 12:00,on\nUA80,2026-01-15 13:00,off\n",
			[]string{"area_id=UA80 start_utc=2026-01-15T12:00:00Z end_utc=2026-01-15T13:00:00Z end_imputed=false alert_level=1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.m.Defaults = map[string]string{"source_id": "test", "publisher": "test"}
			got := lines(t, ReadCSV(strings.NewReader(tt.in), "f.csv", tt.schema, tt.m))
			for i, l := range got {
				if id, rest, ok := strings.Cut(l, "_id="); ok && (id == "outage" || id == "strike") {
					got[i] = id + "_id=ID" + rest[strings.IndexByte(rest, ' '):]
				}
			}
			// Faults of a batch come before its rows.
			slices.SortStableFunc(tt.want, func(a, b string) int {
				fault := func(s string) int { return len(s) - len(strings.TrimPrefix(s, "f.csv:")) }
				return fault(b) - fault(a)
			})
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestJSONLines(t *testing.T) {
	in := `{"city": "UA80", "obs": {"time": "2026-01-15T04:00:00Z", "air": {"t": -19.5}}, "ok": true}
{"city": "UA80", "obs": {"time": "2026-01-15T05:00:00Z", "air": {"t": null}}}

{"city": "UA80", "obs": {"time": "2026-01-15T06:00:00Z"}}
{"city": "UA80", "obs": {"time": 7, "air": {"t": [1]}}}
{"city": "UA80", "obs": {"time": "2026-01-15T07:00:00Z", "air": {"t": [1]}}}
[1]
{"city": "UA80", 
`
	m := Mapping{Columns: named(pairs{"area_id": "city", "time_utc": "obs.time", "t_c": "obs.air.t"}), Defaults: map[string]string{"source_id": "test"}}
	want := []string{
		`f.jsonl:5:34: obs.time "7": not a time [H0203]`,
		`f.jsonl:6:71: obs.air.t "[1]": not a number [H0202]`,
		"f.jsonl:7:1: is a list, not an object [H0207]",
		"f.jsonl:8:16: is not JSON: ends early [H0201]",
		"area_id=UA80 kind=area time_utc=2026-01-15T04:00:00Z t_c=-19.5 qc=0",
		"area_id=UA80 kind=area time_utc=2026-01-15T05:00:00Z qc=0",
		"area_id=UA80 kind=area time_utc=2026-01-15T06:00:00Z qc=0",
	}
	got := lines(t, ReadJSONLines(strings.NewReader(in), "f.jsonl", table.Temperature, m))
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	m.Columns["t_c"] = Column{From: []string{"obs.air.temp"}}
	got = lines(t, ReadJSONLines(strings.NewReader(in), "f.jsonl", table.Temperature, m))
	if len(got) != 1 || !strings.Contains(got[0], `no column "obs.air.temp", to be read as t_c; did you mean`) {
		t.Error(got)
	}
}

// A year of hours of a zone written as the ends of local hours, and read back,
// is the year: but for the hour that the clocks show twice, of which a local
// time can only mean the first.
func TestHourEndingStampsAreTheHoursTheyEnd(t *testing.T) {
	loc := zone(t, "Europe/Kyiv").Location
	var file strings.Builder
	file.WriteString("area_id,day,he,t_c\n")
	var want []string
	start := hour.Date(2026, 1, 1).Time().Unix()/3600 - 2
	seen := map[string]bool{}
	for h := range int64(8760) {
		at := hour.At(hour.Date(1970, 1, 1).Time()) + hour.Instant(start+h)*hour.InstantsInHour
		local := at.Time().In(loc)
		stamp := fmt.Sprintf("%s,%d", local.Format("02.01.2006"), local.Hour()+1)
		if seen[stamp] {
			continue
		}
		seen[stamp] = true
		fmt.Fprintf(&file, "UA80,%s,1\n", stamp)
		want = append(want, fmt.Sprintf("area_id=UA80 kind=area time_utc=%v t_c=1 qc=0", at))
	}
	m := Mapping{Location: loc, HourEnding: true, Columns: map[string]Column{"time_utc": {From: []string{"day", "he"}, Format: "%d.%m.%Y %H"}}, Defaults: map[string]string{"source_id": "test"}}
	if d := cmp.Diff(want, lines(t, ReadCSV(strings.NewReader(file.String()), "f.csv", table.Temperature, m))); d != "" {
		t.Error(d)
	}
}

// Whatever another implementation writes by a layout, it reads.
func TestLayoutsReadWhatIsWritten(t *testing.T) {
	for format, written := range map[string]string{
		"%d.%m.%Y %H:%M":       "02.01.2006 15:04",
		"%m/%d/%y %I:%M:%S %p": "01/02/06 03:04:05 PM",
		"%Y%m%d%H%M%S":         "20060102150405",
		"%e %b %Y %H:%M:%S.%f": "2 Jan 2006 15:04:05.000000",
		"%Y-%j":                "2006-002",
		"%B %d, %Y %H:%M %z":   "January 02, 2006 15:04 -0700",
	} {
		l, err := newLayout(format)
		if err != nil {
			t.Fatal(err)
		}
		rapid.Check(t, func(t *rapid.T) {
			at := time.Unix(rapid.Int64Range(0, 3_124_223_999).Draw(t, "seconds"), 0).UTC() // to 2068, the last year of %y
			text := at.Format(written)
			got, ok := l.parse(text)
			again := got.day.Time().Add(time.Duration(got.ofDay) * time.Microsecond)
			if !ok || again.Format(written) != text {
				t.Errorf("%q by %s is %v, %v", text, format, again, ok)
			}
		})
	}
}

func TestWrongLayouts(t *testing.T) {
	for _, s := range []string{"", "%H:%M", "%d.%m.%Y %Q", "%d.%m.%Y %", "dd.mm.yyyy"} {
		if l, err := newLayout(s); err == nil {
			t.Errorf("%q is a layout: %+v", s, l)
		}
	}
}

// Every way to write a file, over any file: rows and faults, or one error.
func FuzzForms(f *testing.F) {
	f.Add([]byte("t;h;state;n\n15.01.2026;24;off;1.234,5\n15.01.2026;3;on;x\n"), "%d.%m.%Y %H", ",", ".", true, false)
	f.Add([]byte("{\"t\": \"1/5/2026\", \"h\": \"9 PM\", \"state\": \"on\"}\n[]\n{"), "%m/%d/%Y %I %p", "", "", false, true)
	f.Fuzz(func(t *testing.T, in []byte, format, decimal, thousands string, ending, json bool) {
		when := Column{From: []string{"t", "h"}, Format: format}
		for _, m := range []struct {
			schema *table.Schema
			Mapping
		}{
			{table.Temperature, Mapping{HourEnding: ending, Columns: map[string]Column{"time_utc": when, "t_c": {From: []string{"n"}, Words: pairs{"x": ""}}}}},
			{table.OutageInterval, Mapping{Columns: map[string]Column{"event_utc": when, "event": {From: []string{"state"}}, "customers": {From: []string{"n"}}}}},
			{table.SupplyInterval, Mapping{Columns: map[string]Column{"event_utc": when, "event": {From: []string{"state"}}}, Constants: pairs{"group_id": "q"}}},
		} {
			m.Separator, m.Decimal, m.Thousands = ';', decimal, thousands
			m.Defaults = map[string]string{"source_id": "test", "area_id": "UA80"}
			if json {
				lines(t, ReadJSONLines(bytes.NewReader(in), "f", m.schema, m.Mapping))
			} else {
				lines(t, ReadCSV(bytes.NewReader(in), "f", m.schema, m.Mapping))
			}
		}
	})
}
