package normalize

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

const answer = `{"latitude":12.5,"longitude":34.5,"utc_offset_seconds":7200,"hourly_units":{"time":"iso8601","temperature_2m":"°C"},` +
	`"hourly":{"time":["2031-01-05T02:00","2031-01-05T03:00"],"temperature_2m":[-3.25,null]}}`

func TestOpenMeteoAPI(t *testing.T) {
	rows, s, err := reader(ReadOpenMeteoAPI).rows(t, Source{Table: table.Temperature, Place: "Kyiv city"}, "kyiv.json", answer,
		"area_id", "kind", "time_utc", "t_c", "wind_kmh", "rh_pct", "qc", "first_seen_utc")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "rows", []string{
		"UA80 model_point 2031-01-05T00:00:00Z -3.25 null null 0 null",
		"UA80 model_point 2031-01-05T01:00:00Z null null null 0 null",
	}, rows)
	same(t, "counts", Counts{Read: 2, Kept: 2}, s.Counts)
}

func TestHoursThatBeganAfterTheFileWasSeenAreForecasts(t *testing.T) {
	seen := hour.At(time.Date(2031, 1, 5, 0, 0, 0, 0, time.UTC))
	for name, run := range map[string]struct {
		read reader
		in   string
	}{
		"open_meteo_api": {ReadOpenMeteoAPI, answer},
		"open_meteo":     {ReadOpenMeteo, "date,temperature_2m\n2031-01-05 00:00:00,-3.25\n2031-01-05 01:00:00,\n"},
		"meteostat":      {ReadMeteostat, "2031-01-05,0,-3.25,,,,,,,,,,\n2031-01-05,1,,,,,,,,,,,\n"},
	} {
		rows, _, err := run.read.rows(t, Source{Table: table.Temperature, Place: "UA80", FirstSeen: seen}, "f", run.in, "time_utc", "qc", "first_seen_utc")
		if err != nil {
			t.Fatal(err)
		}
		same(t, name, []string{"2031-01-05T00:00:00Z 0 2031-01-05T00:00:00Z", "2031-01-05T01:00:00Z 4 2031-01-05T00:00:00Z"}, rows)
	}
}

func TestAnAnswerOfSeveralPlacesNeedsTheAreaOfEach(t *testing.T) {
	list := "[" + answer + "," + answer + "]"
	for _, tt := range []struct {
		what, place, places string
		want, err           string
	}{
		{"by position", "", "0=UA80,1=Poltava oblast", "UA80 UA80 UA53 UA53", "<nil>"},
		{"by file and position first", "", "1=UA32,cities.json/0=UA80,cities.json/1=UA53", "UA80 UA80 UA53 UA53", "<nil>"},
		{"one without", "", "0=UA80", "", "data/cities.json.gz: nothing says which area its place 1 is: add 1=AREA or cities.json/1=AREA to the source's option places [H0206]"},
		{"the source's place is one area", "UA80", "", "", "data/cities.json.gz: the file lists several places, and the source has one: name their areas in its option places, as in 0=UA80 [H0206]"},
		{"one area twice", "", "0=UA80,1=Kyiv city", "", "data/cities.json.gz: its places 0 and 1 are both area UA80: an area has one point of a source [H0211]"},
		{"an unknown area", "", "0=UA99,1=UA80", "", `data/cities.json.gz: area "UA99": no area has this name [H0206]`},
		{"a slip in the option", "", "0", "", `source test: option places: "0" is not FILE=AREA`},
	} {
		src := Source{Table: table.Temperature, Place: tt.place, Options: map[string]string{"places": tt.places}}
		rows, _, err := reader(ReadOpenMeteoAPI).rows(t, src, "data/cities.json.gz", list, "area_id")
		if tt.err != "<nil>" {
			rows = nil
		}
		if got := strings.Join(rows, " "); got != tt.want || !strings.HasPrefix(fmt.Sprint(err), tt.err) {
			t.Errorf("%s: areas %q, error %v", tt.what, got, err)
		}
	}
}

func TestMeteostat(t *testing.T) {
	in := "year,month,day,hour,temp,temp_source,rhum,rhum_source,wspd,wspd_source\n" +
		"2031,1,5,0,-3.2,isd_lite,93,isd_lite,10.8,isd_lite\n" +
		"2031,1,5,1,-3.4,metno_forecast,94,metno_forecast,11.2,metno_forecast\n" +
		"2031,1,5,1,-3.5,metar,94,metar,11.2,metar\n" +
		"2031,6,5,1,20,metar,,,,\n"
	rows, s, err := reader(ReadMeteostat).rows(t, Source{Table: table.Temperature, Options: map[string]string{"places": "2031.csv=UA80", "months": "10-4"}}, "2031.csv.gz", in,
		"area_id", "kind", "time_utc", "t_c", "wind_kmh", "rh_pct", "qc")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "a forecast that stayed is not a reading", []string{
		"UA80 station 2031-01-05T00:00:00Z -3.2 10.8 93 0",
		"UA80 station 2031-01-05T01:00:00Z -3.4 11.2 94 4",
	}, rows)
	same(t, "an hour that comes twice, as on days when clocks change", []string{"2031.csv.gz:4:12: another reading has the same time [H0211]"}, rejections(s))
	same(t, "counts", Counts{Read: 4, Kept: 3, Rejected: 1}, s.Counts)
}

const isdHeader = "STATION,DATE,REPORT_TYPE,WND,TMP\n"

// isdRow is a report of a day in January 2031.
func isdRow(clock, reportType, wind, temp string) string {
	return fmt.Sprintf("SECRET,2031-01-05T%s,%s,%q,%q\n", clock, reportType, wind, temp)
}

func TestISDQuality(t *testing.T) {
	in := isdHeader
	var want []string
	qualities := map[int]string{0: "01459ACM", 1: "26", 2: "37", 3: "IPRU"}
	for qc := range 4 {
		for _, code := range qualities[qc] {
			in += isdRow(fmt.Sprintf("%02d:00:00", len(want)), "FM-12", "", "-0032,"+string(code))
			want = append(want, fmt.Sprint(qc))
		}
	}
	rows, _, err := reader(ReadISD).rows(t, Source{Table: table.Temperature, Place: "UA80"}, "f", in, "qc")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "qc of each code", want, rows)
}

func TestISDKeepsEveryReportOfAnHourAndTheBestOfAMinute(t *testing.T) {
	in := isdHeader +
		isdRow("06:00:00", "FM-15", "180,1,N,0030,1", "+9999,9") + // wind alone
		isdRow("06:00:00", "FM-12", "", "-0450,2") + // suspect
		isdRow("06:00:00", "FM-12", "180,1,N,0040,1", "-0032,1") +
		isdRow("06:00:00", "FM-15", "180,1,N,0050,1", "-0030,5") + // as good, but later
		isdRow("06:30:00", "FM-15", "180,1,N,0060,1", "-0034,5") +
		isdRow("06:30:00", "FM-16", "180,1,N,0060,1", "-0500,7") +
		isdRow("07:00:00", "FM-12", "", "+9999,9") + // nothing
		isdRow("08:00:00", "FM-12", "180,1,N,0070,1", "+9999,9") +
		isdRow("06:30:00", "FM-15", "180,1,N,0060,1", "-0034,5") + // once more
		isdRow("23:59:00", "SOD", "180,1,N,0080,1", "-0050,1") +
		strings.Replace(isdRow("06:00:00", "FM-12", "", "+0200,1"), "-01-", "-06-", 1)
	rows, s, err := reader(ReadISD).rows(t, Source{Table: table.Temperature, Place: "UA80", Options: map[string]string{"months": "10-4"}}, "isd.csv", in,
		"area_id", "kind", "time_utc", "t_c", "wind_kmh", "rh_pct", "qc")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "rows", []string{
		"UA80 station 2031-01-05T06:00:00Z -3.2 14.4 null 0",
		"UA80 station 2031-01-05T06:30:00Z -3.4 21.6 null 0",
		"UA80 station 2031-01-05T08:00:00Z null 25.2 null 0",
	}, rows)
	same(t, "a second copy of a minute", []string{"isd.csv:10:51: another reading has the same time [H0211]"}, rejections(s))
	same(t, "counts", Counts{Read: 11, Kept: 10, Rejected: 1}, s.Counts)
}

// Whatever reports come in whatever order, a minute has one row: the canonical
// key allows no more.
func TestISDHasOneRowAMinute(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		in, valued := isdHeader, map[string]bool{}
		for range rapid.IntRange(0, 12).Draw(rt, "reports") {
			clock := rapid.SampledFrom([]string{"06:00:00", "06:30:00", "07:00:00"}).Draw(rt, "clock")
			temp := rapid.SampledFrom([]string{"-0032,1", "-0033,2", "-0034,5", "+9999,9"}).Draw(rt, "temp")
			in += isdRow(clock, "FM-12", "", temp)
			valued[clock] = valued[clock] || temp != "+9999,9"
		}
		rows, _, err := reader(ReadISD).rows(t, Source{Table: table.Temperature, Place: "UA80"}, "f", in, "time_utc")
		if err != nil {
			rt.Fatal(err)
		}
		want := 0
		for _, v := range valued {
			if v {
				want++
			}
		}
		slices.Sort(rows)
		if len(slices.Compact(slices.Clone(rows))) != len(rows) || len(rows) != want {
			rt.Fatalf("%d minutes with a value have the rows %v:\n%s", want, rows, in)
		}
	})
}

func TestCapitalTracker(t *testing.T) {
	in := "utc_time,local_time,country,capital,temperature,humidity,wind_speed\n" +
		"2031-01-05 00:00:16,2031-01-05 02:00:16,Ukraine,\"Kyiv, Ukraine\",-3.25,91,0.45\n" +
		"2031-01-05 00:43:00,2031-01-05 02:43:00,Ukraine,\"Kyiv, Ukraine\",-3.5,91,0.45\n" +
		"2031-01-05 06:43:00,2031-01-05 08:43:00,Ukraine,,,,0.45\n" +
		"2031-01-05 12:00:16,2031-01-05 14:00:16,Elsewhere,Elsewhereville,-3.25,91,0.45\n"
	rows, s, err := reader(ReadCapitalTracker).rows(t, Source{Table: table.Temperature, Place: "UA32"}, "tracker.csv", in,
		"area_id", "kind", "time_utc", "t_c", "wind_kmh", "rh_pct", "qc")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "a row is its hour's value; its wind is not wind at 10 m", []string{
		"UA80 model_point 2031-01-05T00:00:00Z -3.25 null 91 0",
		"UA32 model_point 2031-01-05T06:00:00Z null null null 0",
	}, rows)
	same(t, "rejections", []string{
		"tracker.csv:3:65: another reading has the same time [H0211]",
		`tracker.csv:5:51: capital "Elsewhereville": no area has this name [H0206]`,
	}, rejections(s))
}

func TestFormatsOfHourlyTemperaturesKnowTheirOptions(t *testing.T) {
	for name, read := range map[string]reader{"open_meteo_api": ReadOpenMeteoAPI, "meteostat": ReadMeteostat, "isd": ReadISD} {
		if _, _, err := read.rows(t, Source{Place: "UA80", Options: map[string]string{"months": "13-4"}}, "f", ""); err == nil {
			t.Errorf("%s takes a wrong range of months", name)
		}
	}
	for name, read := range map[string]reader{"meteostat": ReadMeteostat, "isd": ReadISD} {
		if _, _, err := read.rows(t, Source{}, "f.csv", ""); err == nil || !strings.Contains(err.Error(), "does not say which area it is of") {
			t.Errorf("%s: a file of no area: %v", name, err)
		}
	}
}
