package report

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"image/png"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// shippedFiles are the files of the run shipped, drawn once for all tests.
var shippedFiles = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	files, err := Write(shippedInput(plainText))
	if err != nil {
		panic(err)
	}
	for _, f := range files {
		out[f.Path] = string(f.Content)
	}
	return out
})

// words is the report's text with plain blanks.
func words(in Input) string {
	return strings.NewReplacer(thin, " ", hard, " ", "**", "").Replace(string(writeMarkdown(read(in).document())))
}

func TestReportSays(t *testing.T) {
	text := words(shippedInput(plainText))
	for name, want := range map[string]string{
		"the coldest day":                                     "| −19 °C | lowest temperature, on 12 January 2026 | 58 of 59 days known |",
		"the cold spell":                                      "| 12 days | in 1 cold spell: 10–21 January 2026 |",
		"what was launched, of the country":                   "| 109 | munitions launched at all of Ukraine in the night to ",
		"announced hours with the queues they rest on":        "2 of 120 queues; 20 of 59 days known; announced, not observed",
		"on which days there is no outage record":             "No outage record at all, of any area, on 38 of 59 days: 1 January – 1 February and 23–28 February 2026.",
		"which cold spell has none":                           "The cold spell of 10–21 January 2026 has none.",
		"what there is of outages":                            "Kyiv city, announced outages: 20 of 59 days, 2–21 February 2026, for 2 of 120 queues only; the log of one household (n = 1) on 8 days, 15–22 February 2026. Announced is not observed.",
		"which temperature is missing":                        "Kyiv city, temperature: 58 of 59 days; missing 10 February 2026.",
		"which bulletin is missing":                           "Bulletins of strikes: 58 of 59 nights; missing 6 January 2026. A night without one is unknown, not quiet.",
		"how many ratios are evaluable":                       "2 of 3 rate ratios are evaluable; the interval of each contains a ratio of 1.",
		"that cold with outages is not evaluable, why":        "Lowest temperature with announced hours without power, at most: not evaluable, for none of 2 pairs of an area and a winter; the fullest is Kyiv city in winter 2025–26: 20 days with both series, fewer than 60.",
		"declared gaps of one measure once":                   "Temperature, 2 areas: there is no weather page of it.",
		"who states no licence":                               "No licence stated by the publisher: weather.",
		"zero as a number":                                    "| | lowest temperature | *not known* |",
		"null as not known":                                   "| lowest temperature | 0 °C |",
		"the interval, the smallest p and the narrow ones":    "| Ballistic missiles | Kyiv city | 2025–26 | 12 and 100 | 2.18 | 0.82 to 5.80 | 0.10 (0.007) | 0.20 | 8.1 | 1.50 to 3.99 | 0.82 to 5.80 |",
		"that the adjusted interval finds nothing":            "In 1 row the adjusted interval leaves out 1 while turned days lie as far from it: that is no finding.",
		"why a ratio is not evaluable":                        "| No day with both a temperature and a bulletin | 1 |",
		"announced beside observed":                           "| 15 February 2026 | 8.0–14.0 | 5.5 | 71 % | 1 | Kyiv city, operator:1.1 | typed in by the archive’s author; partly set aside by emergency outages |",
		"one reading of a claim":                              "| 30 January 2026, 17:00 – 1 February 2026, 00:00 | 32 |",
		"that a denial has no window":                         "Does not confirm it: no firing for a week | none can be told | 0 |",
		"before any count of a pause, what cannot be counted": "What the statements spoke of cannot be counted. No source of this run tells which targets were struck, in any window or before it. Not evaluable for that are 19 of the 38 readings of statements of 30 January 2026, about energy only.",
		"a verdict with how many readings are evaluable":      "| Drones launched, whole country | No detectable change | 3 of 3 | 0.87, 1.07, 1.19 | 0.43 down | 0.50–0.73, m 43–45 | start | 8 of 8 | *–* |",
		"why readings are not evaluable":                      "| Not evaluable | 0 of 16 | *–* | *–* | 0.74–1.00, m 45–55 | *–* | *–* | Fewer than 3 expected (14); no whole night in the window (2) |",
		"the other baselines":                                 "| 56, 7: the verdicts above | No detectable change, 3 of 3; 0.87–1.19 |",
		"that energy alone cannot be counted, never as zero":  "| All places named, energy only | 17 | *not known* | *not known* |",
		"the answer on the first screen":                      "- Disputed pause, statements of 30 January 2026: No detectable change: drones launched, whole country (3 of 3 readings evaluable; 8 of 8 other baselines agree)",
		"reports, and how many are not of strikes":            "| November to March 2025–26, to 5 January 2026 | 6 | 2 | 2 | 1 |",
		"rejected rows by code":                               "5 faults with its place: 5 of H0202",
		"the publication lag":                                 "in days: 3; queues and districts 14",
		"the rules of cold spells":                            "A daily mean below −10 °C on 5 days in a row or more; a daily mean below −10 °C on 3 days in a row or more",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("does not say %s: %q", name, want)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

func TestUndeclaredGapsComeFirst(t *testing.T) {
	text := words(shippedInput(plainText))
	open, missing, declared := strings.Index(text, "Gaps that nobody declared"), strings.Index(text, "What is missing"), strings.Index(text, "Known gaps")
	if open < 0 || !(open < missing && missing < declared) {
		t.Errorf("undeclared gaps at %d, what is missing at %d, declared gaps at %d", open, missing, declared)
	}
	in := shippedInput(plainText)
	in.Warnings = in.Warnings[1:]
	if text := words(in); strings.Contains(text, "Gaps that nobody declared") {
		t.Error("a run without undeclared gaps has a heading for them")
	}
}

func TestManyUndeclaredAreasAreOneLine(t *testing.T) {
	in := genericInput()
	text := words(in)
	if want := "- Customers without power: too little is known of 5 areas: 17031, 17043, 17089, 17097 and 17197.\n"; strings.Count(text, want) != 1 {
		t.Errorf("want once %q", want)
	}
}

// The words of methods.md 10.6 and 11.1: nothing is caused, held or violated.
func TestReportClaimsNothing(t *testing.T) {
	for name, in := range map[string]Input{"shipped": shippedInput(plainText), "generic": genericInput()} {
		text := strings.ToLower(words(in))
		for _, word := range []string{"caused", " held", "violat", "complied", "broke", "proves", "proved", "proof", "because of", "due to", "leads to", "significant", "deadliest", "worst", "hardest hit"} {
			if strings.Contains(text, word) {
				t.Errorf("%s: the report says %q", name, word)
			}
		}
	}
}

// An area's strikes are never mapped or ranked: no chart but the day-by-day one
// of the country's launches has data of strikes by area.
func TestNoChartComparesStrikesOfAreas(t *testing.T) {
	for path, content := range shippedFiles() {
		if !strings.HasSuffix(path, ".csv") {
			continue
		}
		rows, err := csv.NewReader(strings.NewReader(content)).ReadAll()
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		areas := map[string]bool{}
		at := slices.Index(rows[0], "area_id")
		strikes := slices.ContainsFunc(rows[0], func(s string) bool {
			return strings.Contains(s, "launched") || strings.Contains(s, "rows_naming") || strings.Contains(s, "strikes")
		})
		for _, row := range rows[1:] {
			if at >= 0 {
				areas[row[at]] = true
			}
		}
		if strikes && len(areas) > 1 {
			t.Errorf("%s has strikes of %d areas", path, len(areas))
		}
	}
}

func TestEqualInputsGiveEqualBytes(t *testing.T) {
	a, err := Write(shippedInput(plainText))
	if err != nil {
		t.Fatal(err)
	}
	b := shippedFiles()
	if len(a) != len(b) {
		t.Fatalf("%d files, then %d", len(a), len(b))
	}
	for _, f := range a {
		if b[f.Path] != string(f.Content) {
			t.Errorf("%s differs", f.Path)
		}
	}
	for range 20 { // what depends on the order of a map shows in the text
		if text := words(shippedInput(plainText)); text != words(shippedInput(plainText)) {
			t.Fatal("report.md differs")
		}
	}
}

func TestGenericRun(t *testing.T) {
	files := texts(t, genericInput())
	text := words(genericInput())
	for name, want := range map[string]string{
		"a title of its own":                    "# Cold and power outages",
		"three areas are shown":                 "## 17089, day by day",
		"their days":                            "In short: 17031, 1 October 2025 – 31 March 2026",
		"customers without power":               "customer-hours without power on ",
		"no fourth area":                        "5 areas",
		"no strikes":                            "This run has no rate ratios",
		"no schedules":                          "This run has no schedules of outages and no household’s log.",
		"no reports":                            "This run has no news reports",
		"no facts":                              "No reported facts were set beside the tables",
		"cold with outages, which is evaluable": "evaluable for 1 of 1 pairs of an area and a winter",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s: no %q", name, want)
		}
	}
	for _, not := range []string{"17097, day by day", "Bulletins of strikes: ", "munitions launched", "ukraine"} {
		if strings.Contains(text, not) {
			t.Errorf("a run without strikes and country says %q", not)
		}
	}
	if _, ok := files["report/charts/temperature_map.csv"]; ok {
		t.Error("areas that are not on the map have one")
	}
	if strings.Contains(text, "%!") || strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
		t.Error("the report prints a formatting fault, NaN or Inf")
	}
}

// A run of tables without any rows, and one without tables, still make a report.
func TestNothingIsKnown(t *testing.T) {
	r := newRun([]area.Area{{ID: "A1", Level: 1, Location: kyiv()}}, plainText)
	empty := r.input()
	none := empty
	none.Tables, none.Claims, none.Title = nil, nil, ""
	days := newRun([]area.Area{{ID: "A1", Level: 1, Location: kyiv()}, {ID: "UA", Location: kyiv()}}, plainText)
	for d := first; d < end; d++ {
		days.areaDay("A1", d, nil)
	}
	nulls := days.input()
	nulls.Focus = []area.ID{"A1", "A9"}
	for name, in := range map[string]Input{"no rows": empty, "no tables": none, "nulls only": nulls} {
		files := texts(t, in)
		text := words(in)
		if !strings.Contains(text, "Nothing is known of these days") {
			t.Errorf("%s: the report does not open with that nothing is known", name)
		}
		if !strings.Contains(text, "No outage record at all, of any area, on any of these days") {
			t.Errorf("%s: the report does not say that there is no outage record", name)
		}
		if !json.Valid([]byte(files["results.json"])) {
			t.Errorf("%s: results.json is not JSON", name)
		}
		if strings.Contains(text, "NaN") || strings.Contains(text, "%!") {
			t.Errorf("%s: NaN or a formatting fault in\n%s", name, text)
		}
	}
}

func TestLongPeriodIsCutToTheColdestDays(t *testing.T) {
	r := newRun([]area.Area{{ID: "A1", Level: 1, Location: kyiv()}}, plainText)
	from := hour.Date(2024, time.January, 1)
	for d := from; d < end; d++ {
		tmin := 5.0
		if d == hour.Date(2025, time.February, 18) {
			tmin = -23
		}
		r.areaDay("A1", d, map[string]float64{"tmin_c": tmin})
	}
	in := r.input()
	in.First, in.FocusFirst = from, from
	got := read(in)
	if got.days() != aroundChill || got.first != hour.Date(2025, time.January, 3) || !got.chosen {
		t.Errorf("shown are %s, chosen %v", got.window(), got.chosen)
	}
	in.FocusFirst = from + 1 // asked for
	if got := read(in); got.days() != int(end-from)-1 || got.chosen {
		t.Errorf("days that were asked for are cut to %s", got.window())
	}
	in.First, in.FocusFirst = end-30, end-30
	if got := read(in); got.days() != 30 || got.chosen {
		t.Errorf("a short period is cut to %s", got.window())
	}
}

// Sources that give strikes by date only, or without numbers of munitions, are
// shown as what they are.
func TestStrikesByDateOnly(t *testing.T) {
	zone := kyiv()
	r := newRun([]area.Area{{ID: "UA", Location: zone}, {ID: "UA80", Parent: "UA", Level: 1, Location: zone}}, plainText)
	for d := first; d < first+30; d++ {
		r.areaDay("UA80", d, map[string]float64{"tmin_c": -5})
		r.areaDay("UA", d, nil)
		b := r.tables["strike_night"]
		b.Row()
		b.String("area_id", "UA")
		b.Date("date_local", d)
		b.String("part", "date")
		b.String("weapon", "all")
		b.Int32("events_lo", 3)
		b.Int32("events_hi", 3)
	}
	in := r.input()
	in.End, in.FocusEnd = first+30, first+30
	if text := words(in); !strings.Contains(text, "Bulletins of strikes: all 30 days.") || strings.Contains(text, "munitions launched at all of") {
		t.Error("strikes by date are not told by day, or have numbers that nobody stated")
	}
	csv := texts(t, in)["report/charts/timeline_UA80.csv"]
	if !strings.Contains(csv, ",strikes_on_record_nationally,") || !strings.Contains(csv, ",3,,") {
		t.Errorf("the chart's data do not hold the strikes on record:\n%s", csv)
	}
}

func TestFocusOfUnknownAreas(t *testing.T) {
	in := shippedInput(plainText)
	in.Focus = []area.ID{"UA80", "XX", "UA80"}
	if r := read(in); len(r.focus) != 1 || r.focus[0].ID != "UA80" {
		t.Errorf("focus %v", r.focus)
	}
}

func TestStatementsAsOf(t *testing.T) {
	in := shipped(plainText).inputAsOf(hour.At(time.Date(2026, 1, 30, 16, 0, 0, 0, time.UTC))) // before the second statement
	in.FocusFirst, in.FocusEnd = hour.Date(2026, time.January, 1), hour.Date(2026, time.March, 1)
	r := read(in)
	kyivCity, _ := in.Gazetteer.Get("UA80")
	brackets := r.brackets(kyivCity)
	if g := r.statementTable(r.pauses()[0]); len(brackets) != 1 || len(g.Rows) != 2 {
		t.Fatalf("%d brackets and %d statements by 30 January, want 1 and 2", len(brackets), len(g.Rows))
	}
	// 30 January 17:00 to 1 February 00:00 local time, in days from 1 January.
	if b := brackets[0]; math.Abs(b.From-(29+17.0/24)) > 1e-9 || b.To != 31 {
		t.Errorf("bracket from %v to %v", b.From, b.To)
	}
	in = shippedInput(plainText)
	dnipro, _ := in.Gazetteer.Get("UA12")
	if brackets := read(in).brackets(dnipro); len(brackets) != 1 {
		t.Errorf("%d brackets for an oblast that only the reading of the whole country takes in, want 1", len(brackets))
	}
}

// Where every reading is about targets that no source tells, there is no table of
// verdicts, no interval and no zero.
func TestAPauseOfWhichNothingCanBeCounted(t *testing.T) {
	r := shipped(plainText)
	r.claims = table.NewBuilder(table.Claim)
	r.claim(statement{id: "energy", stance: "asserts", places: "UA", targets: "energy", spoken: time.Date(2026, 1, 30, 15, 0, 0, 0, time.UTC), hours: 168})
	in := r.input()
	text := words(in)
	for _, want := range []string{
		"Not evaluable for that are 3 of the 3 readings of statements of 30 January 2026, about energy only.",
		"| All places named, energy only | 3 | *not known* |", "Not evaluable: the 3 readings about energy only, for no source of this run tells what was struck.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("does not say %q", want)
		}
	}
	for _, never := range []string{"What was counted: rows of", "intervals that are evaluable", "The same against every baseline"} {
		if strings.Contains(text, never) {
			t.Errorf("says %q", never)
		}
	}
}

func TestLastVersionOfAClaimCounts(t *testing.T) {
	r := shipped(plainText)
	late := statement{id: "late", stance: "asserts", places: "UA80", spoken: time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC), hours: 48}
	late.seen = time.Date(2026, 2, 9, 0, 0, 0, 0, time.UTC)
	r.claim(late)
	late.seen, late.retracted = time.Date(2026, 2, 10, 0, 0, 0, 0, time.UTC), true
	r.claim(late)
	in := r.input()
	for day, want := range map[int]int{8: 0, 9: 1, 10: 0, 11: 0} {
		in.AsOf = hour.At(time.Date(2026, 2, day, 12, 0, 0, 0, time.UTC))
		got := 0
		for _, row := range read(in).latestClaims() {
			got += b2i(in.Claims.String("claim_id").Value(row) == "late")
		}
		if got != want {
			t.Errorf("as of %d February the statement stands %d times, want %d", day, got, want)
		}
	}
}

func TestResults(t *testing.T) {
	var got struct {
		SchemaVersion string `json:"schema_version"`
		AsOf          string `json:"as_of"`
		Headlines     []struct {
			ID     string
			Lo, Hi *float64
			Date   *string
		}
		Facts []struct {
			Shown *float64
		}
		RateRatios struct {
			Rows      int
			Evaluable []struct {
				Lo *float64 `json:"ci_shift_lo"`
			}
		} `json:"rate_ratios"`
		Correlations struct {
			Families, Evaluable int
			ColdOutages         []struct {
				Evaluable int
				Reason    string
			} `json:"cold_and_outages"`
		}
		Pauses []struct {
			Metric, Verdict string
			TargetsAre      string   `json:"targets_are"`
			Readings        int      `json:"n_readings"`
			Evaluable       int      `json:"n_evaluable"`
			Smallest        *float64 `json:"rr_smallest"`
		}
		Warnings []struct{ Why *string }
		Charts   []struct{ SVG, PNG, Data string }
		Tables   []struct{ Path string }
	}
	files := shippedFiles()
	d := json.NewDecoder(strings.NewReader(files["results.json"]))
	if err := d.Decode(&got); err != nil {
		t.Fatal(err)
	}
	if got.SchemaVersion != schemaVersion || got.AsOf != "2026-05-01T12:30:00Z" {
		t.Errorf("schema %s, as of %s", got.SchemaVersion, got.AsOf)
	}
	if h := got.Headlines[0]; len(got.Headlines) != 4 || h.ID != "lowest_temperature" || *h.Lo != -19 || *h.Date != "2026-01-12" {
		t.Errorf("headlines %+v", got.Headlines)
	}
	if len(got.Facts) != 3 || got.Facts[1].Shown != nil || *got.Facts[2].Shown != 0 {
		t.Errorf("facts %+v: null and zero must differ", got.Facts)
	}
	if got.RateRatios.Rows != 3 || len(got.RateRatios.Evaluable) != 2 || *got.RateRatios.Evaluable[0].Lo != 0.82 {
		t.Errorf("rate ratios %+v", got.RateRatios)
	}
	if c := got.Correlations; c.Families != 4 || c.Evaluable != 2 || c.ColdOutages[0].Evaluable != 0 || c.ColdOutages[0].Reason != "20 days with both series, fewer than 60" {
		t.Errorf("correlations %+v", c)
	}
	drones := 0
	for _, p := range got.Pauses {
		if p.Metric == "launched_drone" && p.TargetsAre == "known" {
			drones++
			if p.Verdict != "no detectable change" || p.Readings != 3 || p.Evaluable != 3 {
				t.Errorf("launches of drones: %+v", p)
			}
		}
		if (p.Evaluable == 0) != (p.Verdict == "not evaluable") || (p.Evaluable == 0) != (p.Smallest == nil) || p.Readings == 0 || p.TargetsAre == "unknown" && p.Evaluable > 0 {
			t.Errorf("pause %+v", p)
		}
	}
	if drones != 1 {
		t.Errorf("%d verdicts on drones, want 1", drones)
	}
	if got.Warnings[0].Why != nil || got.Warnings[1].Why == nil {
		t.Errorf("warnings %+v", got.Warnings)
	}
	for _, c := range got.Charts {
		for _, path := range []string{c.SVG, c.PNG, c.Data} {
			if files[path] == "" {
				t.Errorf("results.json names %s, which is not there", path)
			}
		}
	}
	if len(got.Tables) != len(table.Outputs) || got.Tables[0].Path != "tables/season.parquet" {
		t.Errorf("tables %+v", got.Tables)
	}
}

func TestEveryChartHasItsFiles(t *testing.T) {
	files := shippedFiles()
	charts := 0
	for path, content := range files {
		base, isSVG := strings.CutSuffix(path, ".svg")
		if !isSVG {
			continue
		}
		charts++
		if _, err := png.Decode(strings.NewReader(files[base+".png"])); err != nil {
			t.Errorf("%s.png: %v", base, err)
		}
		rows, err := csv.NewReader(strings.NewReader(files[base+".csv"])).ReadAll()
		if err != nil || len(rows) < 2 {
			t.Errorf("%s.csv: %d rows, %v", base, len(rows), err)
		}
		if !strings.Contains(content, "<title") || !strings.Contains(content, "<desc") {
			t.Errorf("%s has no title or description", path)
		}
		name := strings.TrimPrefix(base, "report/")
		if !strings.Contains(files["report/report.html"], `href="`+name+`.csv"`) || !strings.Contains(files["report/report.md"], "("+name+".svg)") {
			t.Errorf("the report does not lead to %s", base)
		}
	}
	if charts != 8 {
		t.Errorf("%d charts, want the timeline, the assumed graph, the ratios, a correlogram, the readings and the nights of a pause, coverage and the map", charts)
	}
}

func TestReadme(t *testing.T) {
	text := shippedFiles()["README.md"]
	for _, want := range []string{
		"SELECT * FROM 'tables/area_day.parquet' WHERE area_id = 'UA80'", `pandas.read_parquet("tables/area_day.parquet")`, `arrow::read_parquet("tables/area_day.parquet")`, "From Parquet",
		"data as of 1" + hard + "May 2026, 12:30" + hard + "UTC", "**Licence: none stated by the page**", "Licence: ODC-BY 1.0", "`own`: neither origin nor licence is on record",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("README.md has no %q", want)
		}
	}
	for _, s := range table.Outputs {
		if !strings.Contains(text, fmt.Sprintf("(tables/%s.parquet)", s.Name)) {
			t.Errorf("README.md does not name the table %s", s.Name)
		}
	}
}
