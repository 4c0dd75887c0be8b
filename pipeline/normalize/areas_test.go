package normalize

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hardship/pipeline/area"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

// units are the first-level units of Ukraine: P-code (COD-AB), ISO 3166-2
// suffix and Ukrainian name as the two files of codes spell it.
var units = []struct{ pcode, iso, short, long string }{
	{"UA01", "43", "Автономна Республіка Крим", "Автономна Республіка Крим"},
	{"UA05", "05", "Вінницька", "Вінницька область"},
	{"UA07", "07", "Волинська", "Волинська область"},
	{"UA12", "12", "Дніпропетровська", "Дніпропетровська область"},
	{"UA14", "14", "Донецька", "Донецька область"},
	{"UA18", "18", "Житомирська", "Житомирська область"},
	{"UA21", "21", "Закарпатська", "Закарпатська область"},
	{"UA23", "23", "Запорізька", "Запорізька область"},
	{"UA26", "26", "Івано-Франківська", "Івано-Франківська область"},
	{"UA32", "32", "Київська", "Київська область"},
	{"UA35", "35", "Кіровоградська", "Кіровоградська область"},
	{"UA44", "09", "Луганська", "Луганська область"},
	{"UA46", "46", "Львівська", "Львівська область"},
	{"UA48", "48", "Миколаївська", "Миколаївська область"},
	{"UA51", "51", "Одеська", "Одеська область"},
	{"UA53", "53", "Полтавська", "Полтавська область"},
	{"UA56", "56", "Рівненська", "Рівненська область"},
	{"UA59", "59", "Сумська", "Сумська область"},
	{"UA61", "61", "Тернопільська", "Тернопільська область"},
	{"UA63", "63", "Харківська", "Харківська область"},
	{"UA65", "65", "Херсонська", "Херсонська область"},
	{"UA68", "68", "Хмельницька", "Хмельницька область"},
	{"UA71", "71", "Черкаська", "Черкаська область"},
	{"UA73", "77", "Чернівецька", "Чернівецька область"},
	{"UA74", "74", "Чернігівська", "Чернігівська область"},
	{"UA80", "30", "Київ", "Київ"},
	{"UA85", "40", "Севастополь", "Севастополь"},
}

// referenceFiles are made-up files in the layouts of package areatable.
func referenceFiles() map[string]string {
	var iso, kse strings.Builder
	iso.WriteString("code,name,type,name_uk,name_ru\n")
	kse.WriteString("oblast_code,oblast_name,oblast_name_en\n")
	for _, u := range units {
		fmt.Fprintf(&iso, "UA-%s,,Region,%s,\n", u.iso, u.long)
		fmt.Fprintf(&kse, "%s000000000000000,%s,\n", u.pcode, u.short)
	}
	return map[string]string{
		"iso.csv":    iso.String(),
		"kse.csv":    strings.TrimSuffix(kse.String(), "\n"),
		"people.csv": "hromada_code,total_population_2022\nUA05020010000000001,100\nUA05020010000000002,23\nUA32020010000000001,7\nNA,1000\n",
		"latin.json": `[{"name":"Kiev","iso":"30"},{"name":"Kiev Oblast","iso":"32"}]`,
		"geo.json":   `[{"name":"Kyiv City","iso":"30"},{"name":"Kiev","iso":"32"},{"name":"Vinnyts'ka","iso":"05"}]`,
		"ru.json":    `[{"name":"Киев","iso":"30"},{"name":"Киевская область","iso":"32"}]`,
	}
}

// join reads files in the order of names and returns the area table.
func join(files map[string]string, names []string) (*table.Table, map[string]Counts, error) {
	counts := map[string]Counts{}
	var made *table.Table
	var last *Sink
	var f AreaFiles
	for _, name := range names {
		last = &Sink{Source: &Source{Name: "ua", Table: table.Area}, Emit: func(t *table.Table) error { made = t; return nil }}
		if err := f.Read(last, strings.NewReader(files[name]), name); err != nil {
			return nil, nil, err
		}
		counts[name] = last.Counts
	}
	err := f.Emit(last)
	return made, counts, err
}

func gazetteer(t *testing.T, files map[string]string) *area.Gazetteer {
	t.Helper()
	made, _, err := join(files, slices.Sorted(maps.Keys(files)))
	if err != nil {
		t.Fatal(err)
	}
	areas, err := Areas(made)
	if err != nil {
		t.Fatal(err)
	}
	g, err := area.NewGazetteer(areas)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestEveryUnitHasItsCodesAndNames(t *testing.T) {
	g := gazetteer(t, referenceFiles())
	if n := len(g.Areas()); n != 28 {
		t.Fatalf("%d areas, want the country and 27 units", n)
	}
	for _, u := range units {
		a, ok := g.Get(area.ID(u.pcode))
		if !ok || a.ISO31662 != "UA-"+u.iso || a.Ukrainian != u.long || a.Parent != "UA" || a.Level != 1 {
			t.Errorf("%s is %+v", u.pcode, a)
		}
		for _, name := range []string{u.pcode, "UA-" + u.iso, u.short, u.long} {
			if id, err := g.Resolve(name); err != nil || string(id) != u.pcode {
				t.Errorf("%q is %s (%v), want %s", name, id, err, u.pcode)
			}
		}
		if a.Location.String() != "Europe/Kyiv" {
			t.Errorf("%s has the zone %v", u.pcode, a.Location)
		}
	}
}

// Names as sirens, bulletins and VIINA write them.
func TestPublishersNames(t *testing.T) {
	g := gazetteer(t, referenceFiles())
	for name, want := range map[string]area.ID{
		"Kyiv": "UA80", "Kiev": "UA80", "Київ": "UA80", "Киев": "UA80", "Kyiv City": "UA80", "Kiev City": "UA80", "м. Київ": "UA80",
		"Kyiv oblast": "UA32", "Kiev Oblast": "UA32", "Kyiv region": "UA32", "Київська": "UA32", "Київська обл.": "UA32", "Киевская область": "UA32",
		"Lutsk oblast": "UA07", "Dnipro oblast": "UA12", "Dnipropetrovsk oblas": "UA12", "Odessa": "UA51", "Odesa": "UA51",
		"L'viv": "UA46", "Khmel'nyts'kyy": "UA68", "Zaporizhzhya": "UA23", "Transcarpathia": "UA21", "Mykolayiv": "UA48",
		"Vinnytsya": "UA05", "Sevastopol'": "UA85", "Crimea": "UA01", "Donets'k": "UA14", "Ukraine": "UA", "Україна": "UA",
	} {
		if id, err := g.Resolve(name); err != nil || id != want {
			t.Errorf("%q is %s (%v), want %s", name, id, err, want)
		}
	}
}

func TestPopulationIsTheSumOfThePublishedParts(t *testing.T) {
	g := gazetteer(t, referenceFiles())
	for id, want := range map[area.ID]int64{"UA05": 123, "UA32": 7, "UA80": 1000, "UA": 1130, "UA01": 0, "UA85": 0} {
		a, _ := g.Get(id)
		if a.Population != want || (a.PopulationYear == 2022) != (want > 0) {
			t.Errorf("%s has %d people in %d, want %d", id, a.Population, a.PopulationYear, want)
		}
	}
}

func TestUnknownPopulationIsNullNotZero(t *testing.T) {
	files := referenceFiles()
	made, _, err := join(files, slices.Sorted(maps.Keys(files)))
	if err != nil {
		t.Fatal(err)
	}
	for row := range made.Rows() {
		id, people := made.String("area_id").Value(row), made.Int64("population")
		if id == "UA01" && !people.IsNull(row) || id == "UA80" && people.IsNull(row) {
			t.Errorf("population of %s: null is %v", id, people.IsNull(row))
		}
	}
}

func TestReportingClasses(t *testing.T) {
	g := gazetteer(t, referenceFiles())
	got := map[string][]string{}
	for _, a := range g.Areas() {
		got[a.ReportingClass] = append(got[a.ReportingClass], string(a.ID))
	}
	if d := cmp.Diff([]string{"UA01", "UA85"}, got["occupied"]); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"UA14", "UA23", "UA44", "UA65"}, got["contested"]); d != "" {
		t.Error(d)
	}
	if len(got["normal"]) != 22 {
		t.Errorf("normal: %v", got["normal"])
	}
}

func TestTheOrderOfFilesAndRowsDoesNotMatter(t *testing.T) {
	files := referenceFiles()
	names := slices.Sorted(maps.Keys(files))
	want, _, err := join(files, names)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		shuffled := maps.Clone(files)
		lines := strings.Split(files["people.csv"], "\n")[1:5]
		shuffled["people.csv"] = "hromada_code,total_population_2022\n" + strings.Join(rapid.Permutation(lines).Draw(t, "rows"), "\n")
		got, _, err := join(shuffled, rapid.Permutation(names).Draw(t, "files"))
		if err != nil {
			t.Fatal(err)
		}
		for row := range want.Rows() {
			for c := range table.Area.Columns {
				if want.Value(row, c) != got.Value(row, c) {
					t.Fatalf("row %d, %s: %v, then %v", row, table.Area.Columns[c].Name, want.Value(row, c), got.Value(row, c))
				}
			}
		}
	})
}

func TestEachFileCountsItsRows(t *testing.T) {
	files := referenceFiles()
	files["people.csv"] += "UA99020010000000001,5\nUA05020010000000003,many\n"
	_, counts, err := join(files, slices.Sorted(maps.Keys(files)))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Counts{
		"iso.csv": {27, 27, 0}, "kse.csv": {27, 27, 0}, "people.csv": {6, 4, 2},
		"latin.json": {2, 2, 0}, "geo.json": {3, 3, 0}, "ru.json": {2, 2, 0},
	}
	if d := cmp.Diff(want, counts); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestFilesThatDoNotAddUpAreRefused(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		change     func(files map[string]string)
	}{
		{"no P-codes", "no files link the P-code UA01", func(f map[string]string) { delete(f, "kse.csv") }},
		{"no ISO codes", "no files link the P-code UA01", func(f map[string]string) { delete(f, "iso.csv") }},
		{"a unit left out", "no files link the P-code UA53 (Poltava oblast)", func(f map[string]string) {
			f["iso.csv"] = strings.Replace(f["iso.csv"], "UA-53,,Region,Полтавська область,\n", "", 1)
		}},
		{"two ISO codes for one unit", "UA53 has the ISO code UA-53 already", func(f map[string]string) {
			f["iso.csv"] += "UA-99,,Region,Полтавська область,\n"
		}},
		{"an ISO code without a unit", "no file gives a P-code for UA-99", func(f map[string]string) { f["geo.json"] = `[{"name":"X","iso":"99"}]` }},
		{"two units of one name", `"Nowhere" belongs to both UA05 and UA07`, func(f map[string]string) {
			f["geo.json"] = `[{"name":"Nowhere","iso":"05"},{"name":"nowhere","iso":"07"}]`
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := referenceFiles()
			tt.change(files)
			made, _, err := join(files, slices.Sorted(maps.Keys(files)))
			if err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), `"nowhere"`, `"Nowhere"`), tt.want) || made != nil {
				t.Errorf("join gives %v, %v; want an error with %q", made, err, tt.want)
			}
		})
	}
}

func TestANameWithTheSeparatorOfAliasesIsRejected(t *testing.T) {
	s := &Sink{Source: &Source{Name: "ua", Table: table.Area}}
	var f AreaFiles
	if err := f.Read(s, strings.NewReader(`[{"name":"A|B","iso":"05"}]`), "f.json"); err != nil {
		t.Fatal(err)
	}
	if len(s.Rejected) != 1 || s.Rejected[0].Code != source.NotAllowed || s.Rejected[0].Value != "A|B" {
		t.Errorf("rejected %v", s.Rejected)
	}
}

func TestAreasOfATable(t *testing.T) {
	row := func(b *table.Builder, id, tz string, retracted bool) {
		b.Row()
		b.String("area_id", id)
		b.Int32("level", 1)
		b.String("tz", tz)
		b.String("reporting_class", "unknown")
		b.String("source_id", "test")
		b.Bool("retracted", retracted)
	}
	b := table.NewBuilder(table.Area)
	row(b, "US17031", "America/Chicago", false)
	b.Int64("customers_served", 2000)
	b.Float64("persons_per_customer", 2.5)
	row(b, "US17043", "America/Chicago", true)
	areas, err := Areas(b.Table())
	if err != nil || len(areas) != 1 {
		t.Fatalf("Areas gives %v, %v; want the row that was not taken back", areas, err)
	}
	a := areas[0]
	if a.CustomersServed != 2000 || a.PersonsPerCustomer != 2.5 || a.Population != 0 || a.Location.String() != "America/Chicago" || a.Aliases != nil {
		t.Errorf("%+v", a)
	}
	row(b, "UA80", "Kyiv", false)
	if _, err := Areas(b.Table()); err == nil || !strings.Contains(err.Error(), `area UA80: time zone "Kyiv"`) {
		t.Errorf("an unknown zone gives %v", err)
	}
}
