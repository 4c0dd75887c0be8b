package notebook

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hardship/pipeline/area"
	"hardship/pipeline/gate"
	"hardship/pipeline/hour"
	"hardship/pipeline/table"
)

// hostile is text that must stay text.
const hostile = "\"\"\"\nimport os; os.system('x') <script>alert(1)</script> \u202e"

func cleared(t *testing.T) []*gate.Cleared {
	t.Helper()
	loc, err := hour.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	gazetteer, err := area.NewGazetteer([]area.Area{{ID: "UA80", Level: 1, Location: loc}})
	if err != nil {
		t.Fatal(err)
	}
	rules := gate.Rules{AsOf: hour.Instant(hour.Date(2026, 6, 1)) * 24 * hour.InstantsInHour, Gazetteer: gazetteer}

	fact := table.NewBuilder(table.Fact)
	for i := range 2 {
		fact.Row()
		fact.String("fact_id", "cold")
		fact.Int32("measure_no", int32(i+1))
		fact.String("reported", hostile)
		fact.String("measure", "lowest temperature")
		fact.String("from_table", "area_day")
		fact.String("from_column", "tmin_c")
		fact.String("selection", "min of rows")
		fact.String("unit", "°C")
		table.Optional(fact.Float64, "shown", -19.46, i == 0)
		fact.Int32("rows_matched", 31)
	}
	spell := table.NewBuilder(table.ColdSpell)
	spell.Row()
	spell.String("area_id", "UA80")
	spell.String("rule_id", "tmean_lt_m10_5d")
	spell.Date("start_date", hour.Date(2026, 1, 10))
	spell.Date("end_date", hour.Date(2026, 1, 21))
	spell.Int32("days", 12)
	spell.Float64("tmin_min_c", -19.5)
	spell.Bool("censored", false)
	spell.Bool("touches_gap", true)

	var out []*gate.Cleared
	for _, s := range table.Outputs {
		one := table.NewBuilder(s).Table()
		switch s {
		case table.Fact:
			one = fact.Table()
		case table.ColdSpell:
			one = spell.Table()
		}
		c, err := gate.Clear(one, rules)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, c)
	}
	return out
}

type parsed struct {
	NBFormat int          `json:"nbformat"`
	Minor    int          `json:"nbformat_minor"`
	Cells    []parsedCell `json:"cells"`
}

type parsedCell struct {
	Type    string   `json:"cell_type"`
	ID      string   `json:"id"`
	Count   *int     `json:"execution_count"`
	Source  []string `json:"source"`
	Outputs []struct {
		Type string         `json:"output_type"`
		Text []string       `json:"text"`
		Data map[string]any `json:"data"`
	} `json:"outputs"`
}

// write returns the files of all notebooks, and the notebooks, by path.
func write(t *testing.T, charts map[string][]byte) (map[string][]byte, map[string]parsed) {
	t.Helper()
	files, err := Write(Input{Tables: cleared(t), Charts: charts})
	if err != nil {
		t.Fatal(err)
	}
	contents, all := map[string][]byte{}, map[string]parsed{}
	for _, f := range files {
		contents[f.Path] = f.Content
		if !strings.HasSuffix(f.Path, ".ipynb") {
			continue
		}
		var p parsed
		if err := json.Unmarshal(f.Content, &p); err != nil {
			t.Fatal(err)
		}
		all[f.Path] = p
	}
	return contents, all
}

const overviewPath = "notebooks/01_overview.ipynb"

func TestNotebooksAreOfFormat45WithUniqueIDs(t *testing.T) {
	_, all := write(t, nil)
	if len(all) != len(notebooks) {
		t.Errorf("%d notebooks of different paths, want %d", len(all), len(notebooks))
	}
	for path, p := range all {
		t.Run(path, func(t *testing.T) { checkFormat(t, p) })
	}
}

func checkFormat(t *testing.T, p parsed) {
	t.Helper()
	if p.NBFormat != 4 || p.Minor != 5 {
		t.Errorf("nbformat %d.%d, want 4.5", p.NBFormat, p.Minor)
	}
	ids := map[string]bool{}
	code := 0
	for _, c := range p.Cells {
		if ids[c.ID] || c.ID == "" {
			t.Errorf("cell id %q is empty or used twice", c.ID)
		}
		ids[c.ID] = true
		if c.Type != "code" {
			continue
		}
		if code++; c.Count == nil || *c.Count != code {
			t.Errorf("code cell %d has the execution count %v", code, c.Count)
		}
	}
	if code < 4 {
		t.Errorf("%d code cells, want all of the template", code)
	}
	if load := strings.Join(p.Cells[1].Source, ""); !strings.Contains(load, "def table(name)") || len(p.Cells[1].Outputs) > 0 {
		t.Error("the second cell does not load the run's tables in silence")
	}
}

func TestNothingFromDataBecomesCode(t *testing.T) {
	contents, all := write(t, nil)
	printed := false
	var every []parsedCell
	for path, p := range all {
		every = append(every, p.Cells...)
		if bytes.Contains(contents[path], []byte("text/html")) {
			t.Errorf("%s holds HTML", path)
		}
	}
	for path, content := range contents {
		if !strings.HasSuffix(path, ".ipynb") && bytes.Contains(content, []byte("alert(1)")) {
			t.Errorf("%s holds a value from data", path)
		}
	}
	if len(contents) != 3*len(notebooks) {
		t.Errorf("%d files, want a notebook, its SQL and its R of each", len(contents))
	}
	for _, c := range every {
		if source := strings.Join(c.Source, ""); strings.Contains(source, "alert(1)") {
			t.Errorf("a cell's source holds a value from data: %s", source)
		}
		for _, o := range c.Outputs {
			printed = printed || strings.Contains(strings.Join(o.Text, ""), "alert(1)")
			for kind := range o.Data {
				if kind != "image/png" && kind != "text/plain" {
					t.Errorf("an output is of type %s", kind)
				}
			}
		}
	}
	if !printed {
		t.Error("the reported text is not printed")
	}
}

func TestOutputsAreWhatTheCellsPrint(t *testing.T) {
	png := []byte("\x89PNG not really")
	contents, all := write(t, map[string][]byte{"report/charts/timeline_UA80.png": png, "report/charts/coverage.png": png})
	text := ""
	images := 0
	for _, c := range all[overviewPath].Cells {
		for _, o := range c.Outputs {
			text += strings.Join(o.Text, "")
			if o.Data["image/png"] != nil {
				images++
			}
		}
	}
	for _, want := range []string{
		"    lowest temperature: -19.5 °C\n",
		"    lowest temperature: not known °C\n",
		"1 spells; the longest:\nUA80     tmean_lt_m10_5d    2026-01-10 to 2026-01-21  12 days  minimum -19.5 °C touches_gap\n",
		"no log of any household\n",
		"0 of 0 rows evaluable\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the outputs lack %q in:\n%s", want, text)
		}
	}
	if images != 1 {
		t.Errorf("%d images, want the timeline alone", images)
	}
	again, _ := write(t, map[string][]byte{"report/charts/coverage.png": png, "report/charts/timeline_UA80.png": png})
	for path, content := range contents {
		if !bytes.Equal(content, again[path]) {
			t.Errorf("%s: two notebooks of the same tables differ", path)
		}
	}
}

func TestExactSum(t *testing.T) {
	if got := exactSum([]float64{1e100, 1, -1e100, 1e-3}); got != 1.001 {
		t.Errorf("exactSum = %v, want 1.001", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-1, 1), 0, 40).Draw(t, "values")
		sum := 0.0
		for _, v := range values {
			sum += v
		}
		if got := exactSum(values); math.Abs(got-sum) > 1e-12 {
			t.Fatalf("exactSum = %v, adding up gives %v", got, sum)
		}
	})
}
