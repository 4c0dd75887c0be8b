package normalize

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

// fewAreas are enough for the tests of temperatures and alerts.
func fewAreas(t testing.TB) *area.Gazetteer {
	t.Helper()
	g, err := area.NewGazetteer([]area.Area{
		{ID: "UA", English: "Ukraine"},
		{ID: "UA32", Parent: "UA", Level: 1, English: "Kyiv oblast", Aliases: []string{"Kyivska oblast"}},
		{ID: "UA53", Parent: "UA", Level: 1, English: "Poltava oblast", Aliases: []string{"Poltavska oblast"}},
		{ID: "UA80", Parent: "UA", Level: 1, English: "Kyiv city", Aliases: []string{"Kyiv, Ukraine"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// A reader is one of the package's readers.
type reader func(s *Sink, r io.Reader, name string) error

// read runs a reader on a text and returns its rows, a line each of the columns
// named, and the sink. Read = Kept + Rejected must hold.
func (read reader) rows(t testing.TB, src Source, name, in string, columns ...string) ([]string, *Sink, error) {
	t.Helper()
	loc, err := hour.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	src.Name, src.Location = "test", loc
	var rows []string
	s := &Sink{Source: &src, Gazetteer: fewAreas(t), Emit: func(batch *table.Table) error {
		for row := range batch.Rows() {
			var cells []string
			for _, c := range columns {
				cell := "null"
				if v := batch.Value(row, batch.Schema.Index(c)); v != nil {
					cell = fmt.Sprint(v)
				}
				cells = append(cells, cell)
			}
			rows = append(rows, strings.Join(cells, " "))
		}
		return nil
	}}
	err = read(s, strings.NewReader(in), name)
	if s.Counts.Read != s.Counts.Kept+s.Counts.Rejected || s.Counts.Rejected != int64(len(s.Rejected)) {
		t.Errorf("counts %+v with %d rejections do not add up", s.Counts, len(s.Rejected))
	}
	return rows, s, err
}

// rejections returns the texts of a sink's rejections.
func rejections(s *Sink) []string {
	var texts []string
	for _, r := range s.Rejected {
		texts = append(texts, r.Error())
	}
	return texts
}

func same(t testing.TB, what string, want, got any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func TestLimitsOfReadingsAreThoseOfTheTable(t *testing.T) {
	for name, want := range map[string][2]float64{
		"t_c":      {source.MinCelsius, source.MaxCelsius},
		"wind_kmh": {0, source.MaxWind},
		"rh_pct":   {0, source.MaxHumidity},
	} {
		if c, ok := table.Temperature.Column(name); !ok || [2]float64{c.Min, c.Max} != want {
			t.Errorf("%s is from %v to %v in the table, %v in the adapters", name, c.Min, c.Max, want)
		}
	}
}

func TestOpenMeteo(t *testing.T) {
	src := Source{Table: table.Temperature, Place: "Kyiv city"}
	in := "date,temperature_2m,relative_humidity_2m,wind_speed_100m\n" +
		"2031-01-05 00:00:00,-3.25,91.5,33\n" +
		"2031-01-05 01:00:00,,,34\n" +
		"2031-01-05 00:00:00,-3.25,91.5,33\n" +
		"2031-01-05 02:00:00,-100,90,34\n"
	rows, s, err := reader(ReadOpenMeteo).rows(t, src, "kyiv.csv", in,
		"area_id", "kind", "time_utc", "t_c", "wind_kmh", "rh_pct", "qc", "source_id", "source_rev", "first_seen_utc", "retracted")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "wind at 100 m is not wind at 10 m; what is missing is null", []string{
		"UA80 model_point 2031-01-05T00:00:00Z -3.25 null 91.5 0 test null null false",
		"UA80 model_point 2031-01-05T01:00:00Z null null null 0 test null null false",
	}, rows)
	same(t, "a second row of an hour is rejected", []string{
		"kyiv.csv:4:21: another reading has the same time [H0211]",
		`kyiv.csv:5:21: temperature_2m "-100": not from -90 to 60 [H0208]`,
	}, rejections(s))
	same(t, "counts", Counts{Read: 4, Kept: 2, Rejected: 2}, s.Counts)
}

func TestWindAt10mIsTaken(t *testing.T) {
	rows, _, err := reader(ReadOpenMeteo).rows(t, Source{Table: table.Temperature, Place: "UA80"}, "f",
		"date,temperature_2m,wind_speed_10m\n2031-01-05 00:00:00,-3.25,12.5\n", "wind_kmh")
	if err != nil || !slices.Equal(rows, []string{"12.5"}) {
		t.Error(rows, err)
	}
}

func TestOpenMeteoTakesItsAreaFromPlaceOrFileName(t *testing.T) {
	const in = "date,temperature_2m\n2031-01-05 00:00:00,1\n"
	both := map[string]string{"places": "kyiv_weather.csv=UA80, poltava_weather.csv = Poltava oblast"}
	for _, tt := range []struct {
		what, place, file string
		options           map[string]string
		want, err         string
	}{
		{"by base name", "", "data/kyiv_weather.csv", both, "UA80", "<nil>"},
		{"the ending .gz is no part of the name", "", "poltava_weather.csv.gz", both, "UA53", "<nil>"},
		{"a Windows path", "", `d:\data\kyiv_weather.csv.gz`, both, "UA80", "<nil>"},
		{"the source's place comes first", "UA53", "kyiv_weather.csv", both, "UA53", "<nil>"},
		{"a file that nothing names", "", "lviv_weather.csv", both, "", "lviv_weather.csv: the file does not say which area it is of: give the source a place, or add lviv_weather.csv=AREA to its option places [H0105]"},
		{"no option", "", "f.csv", nil, "", "f.csv: the file does not say which area it is of: give the source a place, or add f.csv=AREA to its option places [H0105]"},
		{"an unknown area", "Poltva oblast", "f.csv", nil, "", `f.csv: area "Poltva oblast": no area has this name; did you mean "Poltava oblast" (UA53)? [H0206]`},
		{"a pair without an area", "", "f.csv", map[string]string{"places": "f.csv"}, "", `source test: option places: "f.csv" is not FILE=AREA`},
		{"a file twice", "", "f.csv", map[string]string{"places": "f.csv=UA80,f.csv=UA53"}, "", "source test: option places: f.csv stands twice"},
	} {
		rows, s, err := reader(ReadOpenMeteo).rows(t, Source{Table: table.Temperature, Place: tt.place, Options: tt.options}, tt.file, in, "area_id")
		if got := strings.Join(rows, ""); got != tt.want || fmt.Sprint(err) != tt.err {
			t.Errorf("%s: area %q, error %v", tt.what, got, err)
		}
		if err != nil && s.Counts.Read != 0 {
			t.Errorf("%s: %d rows read of a file without an area", tt.what, s.Counts.Read)
		}
	}
}

func TestAMisspeltOptionIsAnErrorAndNotADefault(t *testing.T) {
	for _, format := range Formats {
		s := &Sink{Source: &Source{Name: "test", Options: map[string]string{"month": "10-4"}}}
		err := Read(s, format.Name, File{Name: "f", Content: strings.NewReader("")})
		if err == nil || !strings.Contains(err.Error(), "f: source test: option month: the format has no such option; it has ") || !strings.HasSuffix(err.Error(), "[H0105]") {
			t.Errorf("%s: %v", format.Name, err)
		}
	}
}

func TestMonthsCutRowsThatStayCounted(t *testing.T) {
	in := "date,temperature_2m\n2030-09-30 23:00:00,1\n2030-10-01 00:00:00,2\n2031-04-30 23:00:00,3\n2031-05-01 00:00:00,4\n"
	for _, tt := range []struct {
		months string
		want   []string
	}{
		{"", []string{"1", "2", "3", "4"}},
		{"10-4", []string{"2", "3"}},
		{"5-9", []string{"1", "4"}},
		{"10-10", []string{"2"}},
		{"1-12", []string{"1", "2", "3", "4"}},
	} {
		rows, s, err := reader(ReadOpenMeteo).rows(t, Source{Table: table.Temperature, Place: "UA80", Options: map[string]string{"months": tt.months}}, "f", in, "t_c")
		if err != nil || !slices.Equal(rows, tt.want) || s.Counts != (Counts{Read: 4, Kept: 4}) {
			t.Errorf("months %q: rows %v, counts %+v, %v", tt.months, rows, s.Counts, err)
		}
	}
	for _, bad := range []string{"10", "0-4", "10-13", "Oct-Apr", "10-4-5", "-4"} {
		_, _, err := reader(ReadOpenMeteo).rows(t, Source{Table: table.Temperature, Place: "UA80", Options: map[string]string{"months": bad}}, "f", in, "t_c")
		if err == nil {
			t.Errorf("months %q is accepted", bad)
		}
	}
}

// pageColumns are the columns of table.Temperature that tell versions apart.
var pageColumns = []string{"area_id", "time_utc", "t_c", "wind_kmh", "qc", "source_rev", "first_seen_utc"}

const pageHeader = "commit,commit_time_utc,place,weather_date,hour_local,temp_c,wind_kph\n"

func TestWeatherPageKeepsTheVersionsThatChangedAnHour(t *testing.T) {
	in := pageHeader +
		`a1,2031-01-05T06:00:00Z,"Kyiv, Ukraine",2031-01-05,10:00,-3,7` + "\n" + // printed at 08:00 for 10:00
		`b2,2031-01-05T07:59:59Z,"Kyiv, Ukraine",2031-01-05,10:00,-3,7` + "\n" + // says the same
		`c3,2031-01-05T08:00:00Z,"Kyiv, Ukraine",2031-01-05,10:00,-3,7` + "\n" + // the same, now no forecast
		`d4,2031-01-05T09:00:00Z,"Kyiv, Ukraine",2031-01-05,10:00,-3,8` + "\n" + // other wind
		`e5,2031-01-05T10:00:00Z,"Kyiv, Ukraine",2031-01-05,10:00,,8` + "\n" + // taken away
		`f6,2031-01-05T11:00:00Z,"Kyiv, Ukraine",2031-01-05,10:00,,8` + "\n" +
		`g7,2031-01-05T12:00:00Z,"Kyiv, Ukraine",2031-01-05,10:00,-3,8` + "\n" + // back again
		`g7,2031-01-05T12:00:00Z,"Kyiv, Ukraine",2031-01-05,11:00,-3,8` + "\n" // another hour
	want := []string{
		"UA80 2031-01-05T08:00:00Z -3 7 4 a1 2031-01-05T06:00:00Z",
		"UA80 2031-01-05T08:00:00Z -3 7 0 c3 2031-01-05T08:00:00Z",
		"UA80 2031-01-05T08:00:00Z -3 8 0 d4 2031-01-05T09:00:00Z",
		"UA80 2031-01-05T08:00:00Z null 8 0 e5 2031-01-05T10:00:00Z",
		"UA80 2031-01-05T08:00:00Z -3 8 0 g7 2031-01-05T12:00:00Z",
		"UA80 2031-01-05T09:00:00Z -3 8 0 g7 2031-01-05T12:00:00Z",
	}
	rows, s, err := reader(ReadWeatherPage).rows(t, Source{Table: table.Temperature}, "page.csv", in, pageColumns...)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "rows", want, rows)
	same(t, "repeats are kept rows", Counts{Read: 8, Kept: 8}, s.Counts)
}

func TestWeatherPageOnDaysWhenClocksChange(t *testing.T) {
	in := pageHeader +
		`a1,2025-03-30T12:00:00Z,"Kyiv, Ukraine",2025-03-30,03:00,5,5` + "\n" +
		`a1,2025-03-30T12:00:00Z,"Kyiv, Ukraine",2025-03-30,04:00,6,5` + "\n" +
		`b2,2025-10-26T12:00:00Z,"Kyiv, Ukraine",2025-10-26,03:00,8,5` + "\n" +
		`b2,2025-10-26T12:00:00Z,"Kyiv, Ukraine",2025-10-26,04:00,9,5` + "\n"
	rows, s, err := reader(ReadWeatherPage).rows(t, Source{Table: table.Temperature}, "page.csv", in, "time_utc", "t_c")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "of the doubled hour there is the first alone", []string{"2025-03-30T01:00:00Z 6", "2025-10-26T00:00:00Z 8", "2025-10-26T02:00:00Z 9"}, rows)
	same(t, "the skipped label is rejected", []string{`page.csv:2:52: hour_local "03:00": clocks skip this local time [H0209]`}, rejections(s))
}

func TestWeatherPageRowsOfOneCommitTimeMustAgree(t *testing.T) {
	in := pageHeader +
		`b2,2031-01-05T12:00:00Z,"Kyiv, Ukraine",2031-01-05,10:00,-4,7` + "\n" +
		`a1,2031-01-05T12:00:00Z,"Kyiv, Ukraine",2031-01-05,10:00,-3,7` + "\n" +
		`c3,2031-01-05T12:00:00Z,"Kyiv, Ukraine",2031-01-05,10:00,-3,7` + "\n" +
		`c3,2031-01-05T13:00:00Z,Lviv,2031-01-05,10:00,-3,7` + "\n"
	rows, s, err := reader(ReadWeatherPage).rows(t, Source{Table: table.Temperature}, "page.csv", in, pageColumns...)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "the first commit by id stands", []string{"UA80 2031-01-05T08:00:00Z -3 7 0 a1 2031-01-05T12:00:00Z"}, rows)
	same(t, "rejections", []string{
		`page.csv:5:25: place "Lviv": no area has this name [H0206]`,
		`page.csv:2:58: temp_c "-4": commit a1 of the same time has -3 °C and 7 km/h, this one 7 km/h [H0212]`,
	}, rejections(s))
	same(t, "counts", Counts{Read: 4, Kept: 2, Rejected: 2}, s.Counts)
}

func TestTheOrderOfAWeatherPageDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		lines := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) string {
			at := time.Date(2031, 1, 5, rapid.IntRange(4, 10).Draw(rt, "commit"), 0, 0, 0, time.UTC)
			return fmt.Sprintf(`%s,%s,"Kyiv, Ukraine",2031-01-05,%02d:00,%d,%d`, rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "id"),
				at.Format(time.RFC3339), rapid.IntRange(8, 9).Draw(rt, "hour"), rapid.IntRange(-2, -1).Draw(rt, "t"), rapid.IntRange(0, 1).Draw(rt, "w"))
		}), 1, 12).Draw(rt, "lines")
		shuffled := rapid.Permutation(lines).Draw(rt, "shuffled")
		read := func(lines []string) ([]string, *Sink) {
			rows, s, err := reader(ReadWeatherPage).rows(t, Source{Table: table.Temperature}, "f", pageHeader+strings.Join(lines, "\n"), pageColumns...)
			if err != nil {
				rt.Fatal(err)
			}
			return rows, s
		}
		want, s1 := read(lines)
		got, s2 := read(shuffled)
		if !slices.Equal(want, got) || s1.Counts != s2.Counts {
			rt.Fatalf("%v and %v give\n%v %+v\n%v %+v", lines, shuffled, want, s1.Counts, got, s2.Counts)
		}
		// A table's key must be unique: hour and first_seen_utc here.
		keys := map[string]bool{}
		for _, row := range got {
			f := strings.Fields(row)
			key := f[1] + f[6]
			if keys[key] {
				rt.Fatalf("two rows share %s", key)
			}
			keys[key] = true
		}
	})
}
