package config

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/index"
	"hardship/pipeline/source"
	"hardship/pipeline/source/mapped"
	"hardship/pipeline/table"
)

func read(t *testing.T, file string) *Config {
	t.Helper()
	c, err := Read([]byte(file), "h.yaml", formats)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// sample is the configuration of someone who has three Parquet files.
const sample = `out: ./out
period: {from: 2020-10-15, to: 2025-04-01} # to: the first day left out
areas: {from_data: true, tz: UTC}
sources:
  - {name: temps,   table: temperature,     format: parquet, files: [temps.parquet],   columns: {area_id: area, time_utc: ts, t_c: temp_c}}
  - {name: outages, table: outage_interval, format: parquet, files: [outages.parquet], columns: {area_id: area, start_utc: start_utc, end_utc: end_utc, customers: customers_out}}
  - {name: strikes, table: strike,          format: parquet, files: [strikes.parquet], columns: {area_id: area, start_utc: time, target_class: category}}
`

func TestSample(t *testing.T) {
	c := read(t, sample)
	if c.First != hour.Date(2020, time.October, 15) || c.End != hour.Date(2025, time.April, 1) {
		t.Errorf("period from %v to before %v", c.First, c.End)
	}
	if !c.Areas.FromData || c.Areas.Location != time.UTC {
		t.Errorf("areas %+v", c.Areas)
	}
	if len(c.Sources) != 3 {
		t.Fatalf("%d sources", len(c.Sources))
	}
	outages := c.Sources[1]
	if outages.Name != "outages" || outages.Table != table.OutageInterval || outages.Format != "parquet" {
		t.Errorf("second source: %+v", outages)
	}
	want := map[string]mapped.Column{"area_id": {From: []string{"area"}}, "start_utc": {From: []string{"start_utc"}}, "end_utc": {From: []string{"end_utc"}}, "customers": {From: []string{"customers_out"}}}
	if diff := cmp.Diff(want, outages.Columns); diff != "" {
		t.Errorf("columns of outages (-want +got)\n%s", diff)
	}
}

func TestDefaults(t *testing.T) {
	c := read(t, base)
	if c.Out != "./out" || c.Title == "" || c.MaxRejected != 0.5 || c.AsOf != nil || c.ExtraLag != 0 {
		t.Errorf("out %q, title %q, share %v, as-of %v, lag %d", c.Out, c.Title, c.MaxRejected, c.AsOf, c.ExtraLag)
	}
	if diff := cmp.Diff([]index.SpellRule{{Threshold: -10, Days: 5}, {Threshold: -10, Days: 3}}, c.Spells); diff != "" {
		t.Errorf("spells (-want +got)\n%s", diff)
	}
	if c.Base != (Period{hour.Date(1991, 1, 1), hour.Date(2021, 1, 1)}) {
		t.Errorf("the climate is of %v to before %v", c.Base.First, c.Base.End)
	}
	if c.FocusFirst != c.First || c.FocusEnd != c.End {
		t.Errorf("days shown first: %v to before %v", c.FocusFirst, c.FocusEnd)
	}
	f := c.Findings
	if f.SeasonFirst != time.November || f.SeasonLast != time.March || f.MaxLagDays != 7 || f.LeastDays != 60 || f.MinShiftDays != 7 || f.LeastSpellDays != 5 {
		t.Errorf("findings %+v", f)
	}
	if s := c.Sources[1]; s.Table != table.Strike || s.Location != time.UTC {
		t.Errorf("a source has the table of its format and UTC; got %s, %v", s.Table.Name, s.Location)
	}
	if ours := read(t, strings.Replace(base, "{from_data: true, tz: UTC}", "{}", 1)); ours.Areas.Location.String() != "Europe/Kyiv" {
		t.Errorf("the shipped areas are in %v", ours.Areas.Location)
	}
}

func TestAnAsOfIsATimeOrADay(t *testing.T) {
	want := hour.Instant(hour.Date(2026, 2, 28)) * 24 * hour.InstantsInHour
	for _, text := range []string{"2026-02-28", "2026-02-28T00:00:00Z", "2026-02-28T02:00:00+02:00"} {
		if c := read(t, base+"as_of: "+text+"\n"); c.AsOf == nil || *c.AsOf != want {
			t.Errorf("%s: %v, want %v", text, c.AsOf, want)
		}
	}
}

func TestTextIsTakenAsWritten(t *testing.T) {
	for written, want := range map[string]string{
		`1234e567`: "1234e567", // a commit, not infinity
		`0123`:     "0123",     // not 83
		`1_000`:    "1_000",
		`true`:     "true",
		`2026-01`:  "2026-01",
		`"a\tb"`:   "",
		`'it''s'`:  "it's",
		`"ї\n"`:    "ї\n",
		`null`:     "",
		``:         "",
	} {
		file := strings.Replace(base, "files: [temps.csv]", "files: [temps.csv], revision: "+written, 1)
		c, err := Read([]byte(file), "h.yaml", formats)
		switch {
		case written == `"a\tb"`:
			if err == nil {
				t.Errorf("revision %s: a tab is a control character", written)
			}
		case err != nil:
			t.Errorf("revision %s: %v", written, err)
		case c.Sources[0].Revision != want:
			t.Errorf("revision %s is %q, want %q", written, c.Sources[0].Revision, want)
		}
	}
}

func TestColumnsAndConstants(t *testing.T) {
	c := read(t, strings.Replace(base, "files: [temps.csv]", "files: [temps.csv], columns: {t_c: {column: [temp, more], words: {M: \"\"}}, area_id: {const: UA80}, qc: {const: 0}, time_utc: {column: 2020, format: \"%Y-%j\"}}", 1))
	s := c.Sources[0]
	if diff := cmp.Diff(map[string]mapped.Column{"t_c": {From: []string{"temp", "more"}, Words: map[string]string{"M": ""}}, "time_utc": {From: []string{"2020"}, Format: "%Y-%j"}}, s.Columns); diff != "" {
		t.Errorf("columns (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"area_id": "UA80", "qc": "0"}, s.Constants); diff != "" {
		t.Errorf("constants (-want +got)\n%s", diff)
	}
}

func TestFilesOfOtherEditors(t *testing.T) {
	for name, file := range map[string]string{
		"a byte order mark":            "\ufeff" + base,
		"lines that end in CRLF":       strings.ReplaceAll(base, "\n", "\r\n"),
		"no newline at the end":        strings.TrimSuffix(base, "\n"),
		"a document header":            "---\n" + base,
		"comments and empty lines":     "# mine\n\n" + base + "\n# end",
		"a key that is left empty":     base + "focus:\n",
		"a key that is explicitly not": base + "as_of: null\n",
	} {
		if _, err := Read([]byte(file), "h.yaml", formats); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := Read([]byte(strings.ReplaceAll(base+"perod: 1\n", "\n", "\r\n")), "h.yaml", formats)
	var faults Errors
	if !errors.As(err, &faults) || faults[0].Text != "perod: 1" || faults[0].Line != 6 || faults[0].Width != 5 {
		t.Errorf("the fault in a file of CRLF lines is %+v", err)
	}
}

func TestColumnsOfFaultsCountCharacters(t *testing.T) {
	_, err := Read([]byte(base+"focus: {areas: [Київ], from: 2021-02-30}\n"), "h.yaml", formats)
	var faults Errors
	if !errors.As(err, &faults) || len(faults) != 1 {
		t.Fatalf("faults: %v", err)
	}
	got := faults[0]
	text := []rune(got.Text)
	if found := string(text[got.Column-1 : got.Column-1+got.Width]); found != "2021-02-30" {
		t.Errorf("%d:%d, %d wide, shows %q", got.Line, got.Column, got.Width, found)
	}
}

// A file of at most MaxBytes must not take the parser's memory or time, both of
// which grow with the square of depth and of length, and without a bound.
func TestHostileFilesAreRefusedAtOnce(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'k'; c++ {
		bomb += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+string(c-1)+",", 8) + "*" + string(c-1) + "]\n"
	}
	steps := ""
	for i := range 1000 {
		steps += strings.Repeat(" ", i) + "a:\n"
	}
	for name, file := range map[string]string{
		"an alias bomb":                 bomb,
		"too many bytes":                strings.Repeat("#", MaxBytes+1),
		"an endless line":               "title: " + strings.Repeat("x", MaxBytes/2),
		"brackets within brackets":      strings.Repeat(strings.Repeat("[", 1000)+"\n", 200),
		"braces within braces":          strings.Repeat(strings.Repeat("{a: ", 100)+"\n", 2000),
		"lists within lists":            strings.Repeat("- ", 2000) + "a",
		"steps within steps":            steps,
		"keys after question marks":     strings.Repeat("? ", 2000),
		"quotes that are never closed":  strings.Repeat("\"\n", 100_000),
		"closing brackets":              strings.Repeat("]}\n", 100_000),
		"a great many unknown keys":     strings.Repeat("a", 30) + strings.Repeat(": 1\na", 60_000) + ": 1",
		"an unfinished mapping":         "a: b: c",
		"a tab for indentation":         "a:\n\t- b\n",
		"nothing but a colon":           ":",
		"an alias of nothing":           "a: *",
		"a block text without an end":   "title: |\n" + strings.Repeat("  x\n", 100_000),
		"a folded scalar without lines": "title: >",
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := Read([]byte(file), "h.yaml", formats)
			if err == nil {
				t.Error("was taken")
			}
			if took := time.Since(start); took > 2*time.Minute { // hangs: without its limits it would take far longer; how fast it is depends on the machine
				t.Errorf("took %v", took)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{sample, base, "a: [{b: &x c}, *x]", "- - ? |", "%YAML\n---\n!!a b", "\"\\u", "a: {const: [}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		c, err := Read(file, "h.yaml", formats)
		var faults Errors
		switch {
		case err == nil && c == nil, err != nil && c != nil:
			t.Errorf("Read gave %v and %v", c, err)
		case err != nil && (!errors.As(err, &faults) || len(faults) == 0):
			t.Errorf("the error is no list of faults: %v", err)
		}
		for _, fault := range faults {
			if n := len([]rune(fault.Text)); fault.Line > 0 && (fault.Column < 1 || fault.Column > n+1) {
				t.Errorf("%v lies outside its line %q", fault, fault.Text)
			}
		}
	})
}

// A series is of a metric of pauses by its column, and a weapon's by its class.
func TestWhatASeriesBreakChanges(t *testing.T) {
	b := SeriesBreak{Metrics: []string{"alerts_n", "sched_off_h", "launched_drone", "launched_all", "nights_named"}, First: 10, End: 20}
	for s, want := range map[Series]bool{
		{Table: "area_day", Column: "alerts_n"}:                         true,
		{Table: "area_day", Column: "alert_h"}:                          false,
		{Table: "area_day", Column: "sched_off_h_hi"}:                   true,
		{Table: "area_day", Column: "launched"}:                         true,
		{Table: "area_day", Column: "tmin_c"}:                           false,
		{Table: "strike_night", Column: "launched", Weapon: "drone"}:    true,
		{Table: "strike_night", Column: "launched", Weapon: "cruise"}:   false,
		{Table: "strike_night", Column: "rows_named", Weapon: "all"}:    true,
		{Table: "strike_night", Column: "intercepted", Weapon: "drone"}: false,
	} {
		if got := b.Changes(s); got != want {
			t.Errorf("%v: %v, want %v", s, got, want)
		}
	}
	for _, days := range []struct {
		first, last hour.Day
		want        bool
	}{{0, 9, false}, {0, 10, true}, {12, 13, true}, {19, 30, true}, {20, 30, false}} {
		if got := b.Within(days.first, days.last); got != days.want {
			t.Errorf("days %d to %d: %v, want %v", days.first, days.last, got, days.want)
		}
	}
}

func TestOverride(t *testing.T) {
	day := func(y int, m time.Month, d int) *hour.Day {
		v := hour.Date(y, m, d)
		return &v
	}
	asOf := hour.At(time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC))

	c := read(t, base+"out: theirs\n")
	if err := c.Override(Override{}); err != nil || c.Out != "theirs" || c.AsOf != nil || c.Areas.Only != nil {
		t.Errorf("nothing to override changed something: %v, %+v", err, c)
	}
	err := c.Override(Override{Out: "ours", First: day(2021, 1, 1), AsOf: &asOf, Only: []area.ID{"A"}})
	if err != nil || c.Out != "ours" || c.First != *day(2021, 1, 1) || c.End != *day(2025, 4, 1) || *c.AsOf != asOf || len(c.Areas.Only) != 1 {
		t.Errorf("override: %v, %+v", err, c)
	}
	if c.Base != (Period{hour.Date(1991, 1, 1), hour.Date(2021, 1, 1)}) {
		t.Errorf("the climate is of %v to before %v", c.Base.First, c.Base.End)
	}
	if c.FocusFirst != c.First || c.FocusEnd != c.End {
		t.Errorf("days shown first do not follow the period: %v to before %v", c.FocusFirst, c.FocusEnd)
	}
	if err := c.Override(Override{End: day(2020, 12, 31)}); err == nil {
		t.Error("a period that ends before it starts was taken")
	}

	c = read(t, base+"focus: {from: 2022-01-01, to: 2022-03-01}\n")
	if err := c.Override(Override{First: day(2022, 2, 1), End: day(2023, 1, 1)}); err != nil || c.FocusFirst != *day(2022, 2, 1) || c.FocusEnd != *day(2022, 3, 1) {
		t.Errorf("days shown first outside the period stay: %v to before %v, %v", c.FocusFirst, c.FocusEnd, err)
	}
	if err := c.Override(Override{First: day(2022, 6, 1)}); err != nil || c.FocusFirst != *day(2022, 6, 1) || c.FocusEnd != *day(2023, 1, 1) {
		t.Errorf("days shown first that are no longer there are the period: %v to before %v, %v", c.FocusFirst, c.FocusEnd, err)
	}
}

// exposure_day is made where it is named, and is not where others are.
func TestTablesOfAreasAreChosen(t *testing.T) {
	made := func(c *Config) string {
		var names []string
		for _, s := range table.OfAreas {
			if s != table.Coverage && c.Makes(s) {
				names = append(names, s.Name)
			}
		}
		return strings.Join(names, " ")
	}
	const all = "area_day cold_spell strike_night strike_overlap queue_day reliability hardship"
	for text, want := range map[string]string{
		"": all, "exposure_day: true\n": all + " exposure_day", "tables: [hardship]\n": "hardship", "tables: [exposure_day]\n": "exposure_day",
		"exposure_day: true\ntables: [cold_spell, area_day]\n": "area_day cold_spell",
	} {
		if got := made(read(t, base+text)); got != want {
			t.Errorf("%q makes %s, not %s", text, got, want)
		}
	}
	c := read(t, base+"tables: [hardship]\n")
	if err := c.Override(Override{Tables: []string{"area_day", "exposure_day"}}); err != nil || made(c) != "area_day exposure_day" {
		t.Errorf("%v: %s", err, made(c))
	}
	if err := c.Override(Override{Tables: []string{"area_days"}}); err == nil || !strings.Contains(err.Error(), "did you mean area_day?") {
		t.Error(err)
	}
}

func TestEffectiveIsTheSameForTheSameSettings(t *testing.T) {
	encode := func(c *Config) string {
		data, err := json.Marshal(c.Effective())
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	want := encode(read(t, base))
	for range 20 {
		if got := encode(read(t, base)); got != want {
			t.Fatalf("two readings differ:\n%s\n%s", want, got)
		}
	}
	if got := encode(read(t, base+"out: elsewhere\nroot: data\n")); got != want {
		t.Errorf("where files lie changed what can change a number:\n%s\n%s", want, got)
	}
	for name, other := range map[string]string{
		"a period":   strings.Replace(base, "2025-04-01", "2025-04-02", 1),
		"a zone":     strings.Replace(base, "tz: UTC", "tz: Europe/Kyiv", 1),
		"a column":   strings.Replace(base, "[temps.csv]", "[temps.csv], columns: {t_c: t}", 1),
		"a constant": strings.Replace(base, "[temps.csv]", "[temps.csv], columns: {t_c: {const: t}}", 1),
		"an option":  strings.Replace(base, "[temps.csv]", "[temps.csv], options: {decimal: b}", 1),
		"a note":     base + "pauses: {notes: [x]}\n",
		"a break":    base + "series_breaks: [{metrics: [alerts_n], from: 2025-12-01, to: 2026-01-01, why: x}]\n",
		"a gap":      base + "known_gaps: [{warning: lag, why: x}]\n",
		"a lag":      base + "extra_lag_days: 1\n",
		"a merged":   base + "alerts: {merged_areas: [UA12]}\n",
		"a climate":  base + "cold: {base: {from: 1981-01-01, to: 2011-01-01}}\n",
		"takes_in":   base + "strikes: {takes_in: {UA32: UA80}}\n",
	} {
		if encode(read(t, other)) == want {
			t.Errorf("%s changed nothing", name)
		}
	}
}

func TestTheShippedConfigurationHasNoFault(t *testing.T) {
	const path = "../../datasets/hardship.yaml"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Read(data, path, formats); err != nil {
		t.Error(err)
	}
}

// Models that could rank targets, or hide a trend over winters, are refused
// before anything is read.
func TestModelsAreCheckedBeforeTheyAreFitted(t *testing.T) {
	base := `period: {from: 2020-10-15, to: 2025-04-01}
areas: {from_data: true, tz: UTC}
sources: [{name: temps, table: temperature, format: csv, files: [temps.csv]}]
analysis:
  models:
    - `
	formats := map[string]source.Format{"csv": {Mapped: true}}
	for model, want := range map[string]string{
		`{id: m, outcome: {column: alerts_n}, exposures: [{column: tmin_c}]}`:                                                                                              "",
		`{id: m, outcome: {column: out_ch_lo}, exposures: [{column: launched}]}`:                                                                                           "over five areas or more",
		`{id: m, outcome: {column: out_ch_lo}, exposures: [{column: launched}], scope: pooled}`:                                                                            "",
		`{id: m, outcome: {column: alerts_n}, exposures: [{column: tmin_c}], adjust: [weekday]}`:                                                                           "winters are pooled with strata of season or not at all",
		`{id: m, outcome: {column: alerts_n}, exposures: [{column: tmin_c}], adjust: [seson]}`:                                                                             "did you mean season?",
		`{id: m, outcome: {column: alerts_n}, exposures: [{column: tmin_c}], adjust: [strata], family: gaussian}`:                                                          "strata are for counts",
		`{id: m, outcome: {column: alerts_n}, exposures: [{column: tmin_c}], adjust: [season, day]}`:                                                                       "effects of days need several areas",
		`{id: m, outcome: {column: alerts_n}, exposures: [{column: tmin_c, knots: [0, -8], boundary: [-21, 5]}]}`:                                                          "knots rise",
		`{id: m, outcome: {column: alerts_n}, exposures: [{column: tmin_c, knots: [-8, 0]}]}`:                                                                              "two boundary knots",
		`{id: m, outcome: {column: alerts_n}, exposures: [{column: tmin_c, knots: [-8, 0], boundary: [-21, 5], centre: 9}]}`:                                               "outside the boundary knots",
		`{id: m, outcome: {column: alerts_n}, exposures: [{column: tmin_c, knots: [-8], boundary: [-21, 5], lag_knots: [1, 4]}], lags_d: 3}`:                               "knots rise",
		`{id: m, outcome: {column: alerts_n}, exposures: [{column: tmin_c, per: 0}]}`:                                                                                      "per 0 says nothing",
		`{id: m, outcome: {column: alerts_n}}`:                                                                                                                             "needs exposures",
		`{id: m, outcome: {column: alerts_n}, exposures: [{column: tmin_c}], lags_d: 31}`:                                                                                  "from 0 to 30 days",
		`{id: m, outcome: {column: alerts_n}, interrupted: 2025-12-01}`:                                                                                                    "",
		`{id: m, outcome: {column: alerts_n}, interrupted: December}`:                                                                                                      "interrupted",
		`{id: m, outcome: {column: alerts_n}, interrupted: 2025-12-01, scope: pooled}`:                                                                                     "scope each",
		`{id: m, outcome: {column: alerts_n}, interrupted: 2025-12-01, adjust: [season, trend]}`:                                                                           "a trend of its own",
		`{id: m, outcome: {column: alerts_n}, interrupted: 2025-12-01, adjust: [strata]}`:                                                                                  "no line through a winter",
		`{id: m, outcome: {column: sched_off_h_hi}, interrupted: 2025-12-01}`:                                                                                              "may be that of a strike",
		`{id: m, outcome: {column: alerts_n}, exposures: [{column: tmin_c}], family: nbinomial}`:                                                                           "is none of poisson",
		`{id: m, outcome: {column: alerts_n}, exposures: [{column: tmin_c}], family: negative_binomial}`:                                                                   "",
		`{id: m, outcome: {column: alerts_n}, exposures: [{column: tmin_c}], family: negative_binomial, adjust: [strata]}`:                                                 "strata are for",
		`{id: m, outcome: {column: alerts_n}, exposures: [{column: tmin_c}], attributable: true}`:                                                                          "",
		`{id: m, outcome: {column: alerts_n}, exposures: [{column: tmin_c}], attributable: true, adjust: [strata]}`:                                                        "predicted counts need",
		`{id: m, outcome: {column: alerts_n}, exposures: [{column: tmin_c}], attributable: true, family: gaussian}`:                                                        "needs family poisson",
		`{id: m, outcome: {column: alerts_n}, exposures: [{column: tmin_c}, {column: alert_h}], interaction: {column: alert_h, to: 1, by: tmin_c, by_to: -10}}`:            "",
		`{id: m, outcome: {column: alerts_n}, exposures: [{column: tmin_c}], interaction: {column: alert_h, to: 1, by: tmin_c, by_to: -10}}`:                               "not the column of one exposure",
		`{id: m, outcome: {column: alerts_n}, exposures: [{column: tmin_c}, {column: alert_h}], interaction: {column: alert_h, by: tmin_c}}`:                               "each at two values",
		`{id: m, outcome: {column: alerts_n}, exposures: [{column: tmin_c}, {column: alert_h}], lags_d: 1, interaction: {column: alert_h, to: 1, by: tmin_c, by_to: -10}}`: "lags_d 0",
		`{id: m, outcome: {column: tz}, exposures: [{column: tmin_c}]}`:                                                                                                    "holds no numbers",
	} {
		_, err := Read([]byte(base+model+"\n"), "f", formats)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", model, err, want)
		}
	}
}

func TestEpochsAndChangepoints(t *testing.T) {
	const base = `period: {from: 2020-10-15, to: 2025-04-01}
areas: {from_data: true, tz: UTC}
sources: [{name: temps, table: temperature, format: csv, files: [temps.csv]}]
analysis:
`
	formats := map[string]source.Format{"csv": {Mapped: true}}
	for part, want := range map[string]string{
		`epochs: [{id: e, outcome: {column: alerts_n}, events: {column: tmin_c, at_most: -10}}]`:                                "",
		`epochs: [{id: e, outcome: {column: alerts_n}, events: {column: tmin_c}}]`:                                              "5:49: analysis.epochs[0].events: an event is a day at_least",
		`epochs: [{id: e, outcome: {column: alerts_n}, events: {column: tmin_c, at_most: -10, at_least: 3}}]`:                   "one of the two",
		`epochs: [{id: e, outcome: {column: alerts_n}, events: {column: tmn_c, at_most: -10}}]`:                                 "did you mean tmin_c?",
		`epochs: [{id: e, outcome: {column: out_ch_lo}, events: {column: launched, at_least: 10}}]`:                             "over five areas or more",
		`epochs: [{id: e, outcome: {column: launched}, events: {column: out_ch_lo, at_least: 10}}]`:                             "over five areas or more",
		`epochs: [{id: e, outcome: {column: out_ch_lo}, events: {column: launched, at_least: 10}, scope: pooled}]`:              "",
		`epochs: [{id: e, outcome: {column: alerts_n}, events: {column: tmin_c, at_most: -10}, before_d: 0}]`:                   "from 1 to 60",
		`epochs: [{id: e, outcome: {column: alerts_n}, events: {column: tmin_c, at_most: -10}, after_d: 3, compare_d: [1, 4]}]`: "within after_d",
		`epochs: [{id: e, outcome: {column: alerts_n}, events: {column: tmin_c, at_most: -10}, quiet_d: -1}]`:                   "from 0 to 60",
		`epochs: [{id: e, outcome: {column: alerts_n}, events: {column: tmin_c, at_most: -10}, scope: all}]`:                    "neither each",
		`epochs: [{id: "a b", outcome: {column: alerts_n}, events: {column: tmin_c, at_most: -10}}]`:                            "a name of its own",
		`changepoints: [{id: c, series: {column: alerts_n}}]`:                                                                   "",
		`changepoints: [{id: c, series: {column: alerts_n}}, {id: c, series: {column: alerts_n}}]`:                              "a name of its own",
		`changepoints: [{id: c, serie: {column: alerts_n}}]`:                                                                    "did you mean series?",
		`changepoints: [{id: c, series: {column: tz}}]`:                                                                         "holds no numbers",
	} {
		_, err := Read([]byte(base+"  "+part+"\n"), "f", formats)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", part, err, want)
		}
	}
}
