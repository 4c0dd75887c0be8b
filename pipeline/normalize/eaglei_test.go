package normalize

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

// eagleI reads a file of EAGLE-I where the area table has two counties, and
// returns its polls, its runs and the sink.
func eagleI(t testing.TB, from Source, in string) (polls, runs []string, s *Sink, err error) {
	t.Helper()
	counties, err := area.NewGazetteer([]area.Area{
		{ID: "US17031", Level: 1, English: "Cook County, Illinois"},
		{ID: "US01001", Level: 1, English: "Autauga County, Alabama"},
	})
	if err != nil {
		t.Fatal(err)
	}
	from.Name, from.Table = "test", table.OutageSnapshot
	if from.AreasFromData {
		counties = nil
	}
	s = &Sink{Source: &from, Gazetteer: counties, Emit: func(batch *table.Table) error {
		if batch.Rows() > BatchRows {
			t.Errorf("a batch of %d rows", batch.Rows())
		}
		for row := range batch.Rows() {
			cell := func(column string) any {
				if v := batch.Value(row, batch.Schema.Index(column)); v != nil {
					return v
				}
				return "null"
			}
			switch batch.Schema {
			case table.OutageSnapshot:
				polls = append(polls, fmt.Sprint(cell("area_id"), " ", cell("run_utc"), " ", cell("customers_out"), " of ", cell("customers_total"), " ", cell("run_ok")))
			case table.SnapshotRun:
				runs = append(runs, fmt.Sprint(cell("run_utc"), " ", cell("run_ok")))
			}
		}
		return nil
	}}
	err = ReadEagleI(s, strings.NewReader(in), "y.csv")
	if s.Counts.Read != s.Counts.Kept+s.Counts.Rejected || s.Counts.Rejected != int64(len(s.Rejected)) {
		t.Errorf("counts %+v with %d rejections do not add up", s.Counts, len(s.Rejected))
	}
	return polls, runs, s, err
}

const eagleIHeader = "fips_code,county,state,customers_out,run_start_time\n"

const eagleIYear = eagleIHeader +
	"1001,Autauga,Alabama,7,2031-01-05 00:00:00\n" +
	"17031,Cook,Illinois,120,2031-01-05 00:00:00\n" +
	"48085.0,Collin,Texas,3,2031-01-05 00:15:00\n" +
	"1001,Autauga,Alabama,,2031-01-05 00:30:00\n" +
	"48085,Collin,Texas,4,2031-01-05 00:30:00\n" +
	"35013,Doña Ana,New Mexico,,2030-12-31 23:45:00\n"

func TestEagleI(t *testing.T) {
	polls, runs, s, err := eagleI(t, Source{}, eagleIYear)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "a county's failed poll is unknown", []string{
		"US01001 2031-01-05T00:00:00Z 7 of null true",
		"US17031 2031-01-05T00:00:00Z 120 of null true",
		"US01001 2031-01-05T00:30:00Z null of null false",
	}, polls)
	same(t, "runs that only counties outside the area table prove, in order of time", []string{"2030-12-31T23:45:00Z true", "2031-01-05T00:15:00Z true"}, runs)
	same(t, "counts", Counts{Read: 6, Kept: 6}, s.Counts)
}

func TestEagleIWithAllCountiesWanted(t *testing.T) {
	polls, runs, s, err := eagleI(t, Source{Options: map[string]string{"counties": "all"}}, eagleIYear)
	if err != nil {
		t.Fatal(err)
	}
	if len(polls) != 3 || runs != nil {
		t.Errorf("%q, %q", polls, runs)
	}
	same(t, "counties that are not in the area table", []string{
		`y.csv:4:1: fips_code "48085.0": no area has this name [H0206]`,
		`y.csv:6:1: fips_code "48085": no area has this name [H0206]`,
		`y.csv:7:1: fips_code "35013": no area has this name [H0206]`,
	}, rejections(s))
}

func TestEagleIWithAreasFromTheData(t *testing.T) {
	polls, runs, s, err := eagleI(t, Source{AreasFromData: true}, eagleIYear)
	if err != nil || runs != nil || s.Counts.Rejected != 0 {
		t.Fatal(runs, s.Counts, err)
	}
	same(t, "each county is an area", []string{
		"US01001 2031-01-05T00:00:00Z 7 of null true",
		"US17031 2031-01-05T00:00:00Z 120 of null true",
		"US48085 2031-01-05T00:15:00Z 3 of null true",
		"US01001 2031-01-05T00:30:00Z null of null false",
		"US48085 2031-01-05T00:30:00Z 4 of null true",
		"US35013 2030-12-31T23:45:00Z null of null false",
	}, polls)
}

func TestEagleIOf2024HasTheCustomersPolled(t *testing.T) {
	polls, _, _, err := eagleI(t, Source{}, "fips_code,county,state,customers_out,run_start_time,total_customers\n17031,Cook,Illinois,120,2031-01-05 00:00:00,2000000\n")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "polls", []string{"US17031 2031-01-05T00:00:00Z 120 of 2000000 true"}, polls)
}

// A repeat is seen wherever the first row stands: in files by time, by county
// or of neither order.
func TestEagleIRejectsASecondRowOfACountyAndMinute(t *testing.T) {
	rows := []string{
		"1001,,,1,2031-01-05 00:00:00", "17031,,,2,2031-01-05 00:00:00", "48085,,,3,2031-01-05 00:00:00",
		"1001,,,4,2031-01-05 00:15:00", "17031,,,5,2031-01-05 00:15:00",
		"17031,,,6,2031-01-06 00:00:00",
	}
	rapid.Check(t, func(rt *rapid.T) {
		in := rapid.Permutation(rows).Draw(rt, "rows")
		at := rapid.IntRange(0, len(in)-1).Draw(rt, "repeated")
		again := strings.TrimSuffix(in[at], "00") + rapid.SampledFrom([]string{"00", "59"}).Draw(rt, "seconds")
		behind := rapid.IntRange(at+1, len(in)).Draw(rt, "behind")
		in = append(in[:behind:behind], append([]string{again}, in[behind:]...)...)
		polls, runs, s, err := eagleI(t, Source{}, eagleIHeader+strings.Join(in, "\n"))
		if err != nil {
			rt.Fatal(err)
		}
		want := []string(nil)
		if !strings.HasPrefix(again, "48085") {
			code, _, _ := strings.Cut(again, ",")
			want = []string{fmt.Sprintf("y.csv:%d:1: fips_code %q: the county has another row of this minute [H0211]", behind+2, code)}
		}
		if len(polls) != 5 || runs != nil || fmt.Sprint(rejections(s)) != fmt.Sprint(want) {
			rt.Errorf("%d polls, runs %q, %q; want %q", len(polls), runs, rejections(s), want)
		}
	})
}

// Rows of more than a batch, of which some tell no customers out and few the
// customers polled, come as they stand, with their lines.
func TestEagleIInSeveralBatches(t *testing.T) {
	const minutes = 2*BatchRows + 5000
	var in strings.Builder
	in.WriteString("run_start_time,fips_code,sum,total_customers\n")
	first := hour.At(time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC))
	out := func(i int) string { return []string{"", "0", "7", "8.0"}[i%4] }
	total := func(i int) string {
		if i > BatchRows/2 && i%5000 == 0 {
			return "900"
		}
		return ""
	}
	number := func(text string) string { return cmp.Or(strings.TrimSuffix(text, ".0"), "null") }
	for i := range minutes {
		run := first + hour.Instant(i)*hour.Minute
		fmt.Fprintf(&in, "%s,%d,%s,%s\n", run.Time().Format(time.DateTime), 17031+i%2*31054, out(i), total(i))
	}
	var lines []int32
	rows := 0
	s := &Sink{Source: &Source{Name: "test", Table: table.OutageSnapshot, AreasFromData: true}}
	s.Emit = func(batch *table.Table) error {
		area, run := batch.String("area_id"), batch.Timestamp("run_utc")
		for row := range batch.Rows() {
			cell := func(name string) string {
				if v := batch.Value(row, batch.Schema.Index(name)); v != nil {
					return fmt.Sprint(v)
				}
				return "null"
			}
			i := rows + row
			got := []string{area.Value(row), table.Instant(run, row).String(), cell("customers_out"), cell("customers_total"), cell("run_ok"), cell("source_id"), cell("retracted")}
			want := []string{fmt.Sprint("US", 17031+i%2*31054), (first + hour.Instant(i)*hour.Minute).String(), number(out(i)), number(total(i)), fmt.Sprint(out(i) != ""), "test", "false"}
			if !slices.Equal(got, want) {
				t.Fatalf("row %d: %q, want %q", i, got, want)
			}
		}
		rows += batch.Rows()
		lines = append(lines, s.Lines...)
		return nil
	}
	if err := ReadEagleI(s, strings.NewReader(in.String()), "y.csv"); err != nil || s.Counts != (Counts{Read: minutes, Kept: minutes}) {
		t.Fatal(s.Counts, err)
	}
	if rows != minutes || len(lines) != minutes {
		t.Fatalf("%d rows, %d lines; want %d", rows, len(lines), minutes)
	}
	for i, line := range lines {
		if int(line) != i+2 {
			t.Fatalf("row %d is said to stand on line %d", i, line)
		}
	}
}

// What is remembered of polls has a limit: beyond it, repeats are seen again
// from there on.
func TestRepeatedPollsHaveALimit(t *testing.T) {
	p := repeatedPolls{polled: map[hour.Instant][]uint64{}}
	for i := range hour.Instant(2 * maxRepeatWords / wordsOfPoll) {
		if p.add(i, 0) {
			t.Fatalf("poll %d is taken for a repeat", i)
		}
		if p.words > maxRepeatWords || len(p.polled)*wordsOfPoll > maxRepeatWords {
			t.Fatalf("%d words, %d polls", p.words, len(p.polled))
		}
		if !p.add(i, 0) || p.add(i, 70) || !p.add(i, 70) {
			t.Fatalf("a repeat of poll %d is not seen", i)
		}
	}
}

func TestEagleIOptions(t *testing.T) {
	for options, want := range map[[2]string]string{
		{"counties", "some"}: `source test: option counties: "some" is not table or all`,
	} {
		_, _, _, err := eagleI(t, Source{Options: map[string]string{options[0]: options[1]}}, eagleIYear)
		if err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestEagleICustomers(t *testing.T) {
	const in = "\ufeffCounty_FIPS,Customers\r\n1001,100\r\n01003,20\r\n17031,3000\r\nGrand Total,3120"
	from := Source{Table: table.Area, Options: map[string]string{"counties": "17031=Cook County, Illinois; 01001 = Autauga County, Alabama"}}
	rows, s, err := reader(ReadEagleICustomers).rows(t, from, "MCC.csv", in,
		"area_id", "parent_id", "level", "name_en", "tz", "customers_served", "population", "persons_per_customer", "reporting_class")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "the counties that are asked for", []string{
		"US01001 null 1 Autauga County, Alabama Europe/Kyiv 100 null null normal",
		"US17031 null 1 Cook County, Illinois Europe/Kyiv 3000 null null normal",
	}, rows)
	same(t, "counts", Counts{Read: 4, Kept: 4}, s.Counts)

	_, s, err = reader(ReadEagleICustomers).rows(t, from, "MCC.csv", "County_FIPS,Customers\n1001,100\n17031,1\n01001,100\nGrand Total,200\n", "area_id")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "a county twice, and a sum that is none", []string{
		`MCC.csv:4:7: County_FIPS "01001": the county has another row [H0211]`,
		`MCC.csv:5:13: Customers "200": the counties above have 201 [H0212]`,
	}, rejections(s))
}

func TestEagleICustomersNeedsItsOptionAndAZone(t *testing.T) {
	const in = "County_FIPS,Customers\n17031,3000\n"
	for option, want := range map[string]string{
		"":                                "source test: option counties: must be set",
		"17031":                           `source test: option counties: "17031" is not CODE=NAME such as 17031=Cook County, Illinois`,
		"Cook=17031":                      `source test: option counties: "Cook=17031" is not CODE=NAME such as 17031=Cook County, Illinois`,
		"17031=Cook;":                     `source test: option counties: "" is not CODE=NAME such as 17031=Cook County, Illinois`,
		"17031=Cook; 17031.0=Cook":        "source test: option counties: 17031.0 stands twice",
		"17031=Cook; 1001=A; 01003=B":     "MCC.csv: the file has no county 01001, which the option counties names [H0206]",
		"17031=Cook County; 17043=DuPage": "MCC.csv: the file has no county 17043, which the option counties names [H0206]",
	} {
		_, _, err := reader(ReadEagleICustomers).rows(t, Source{Table: table.Area, Options: map[string]string{"counties": option}}, "MCC.csv", in, "area_id")
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", option, err, want)
		}
	}
	s := &Sink{Source: &Source{Name: "test", Table: table.Area, Options: map[string]string{"counties": "17031=Cook"}}}
	if err := ReadEagleICustomers(s, strings.NewReader(in), "MCC.csv"); err == nil || !strings.Contains(err.Error(), string(source.MissingValue)) {
		t.Error(err)
	}
}
