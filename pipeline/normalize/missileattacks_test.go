package normalize

import (
	"errors"
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

// bulletinSink returns a sink that appends the batches it gets to out.
func bulletinSink(t testing.TB, schema *table.Schema, out *[]*table.Table) *Sink {
	t.Helper()
	oblast := func(id area.ID, names ...string) area.Area {
		return area.Area{ID: id, Parent: "UA", Level: 1, English: names[0], Aliases: names[1:]}
	}
	g, err := area.NewGazetteer([]area.Area{
		{ID: "UA", English: "Ukraine"},
		oblast("UA12", "Dnipropetrovsk oblast", "Dnipropetrovsk oblas"),
		{ID: "UA1202", Parent: "UA12", Level: 2, English: "Dnipro district"},
		oblast("UA32", "Kyiv oblast"),
		oblast("UA51", "Odesa oblast", "Odessa"),
		oblast("UA59", "Sumy oblast"),
		oblast("UA63", "Kharkiv oblast"),
		oblast("UA80", "Kyiv", "Kiev", "Kiev City"),
	})
	if err != nil {
		t.Fatal(err)
	}
	loc, err := hour.LoadLocation("Europe/Kyiv")
	if err != nil {
		t.Fatal(err)
	}
	return &Sink{
		Source:    &Source{Name: "bulletins", Table: schema, Location: loc},
		Gazetteer: g,
		Emit:      func(t *table.Table) error { *out = append(*out, t); return nil },
	}
}

const bulletinHeader = "time_start,time_end,model,target,target_main,affected region,launched,destroyed,not_reach_goal,num_hit_location,source\n"

// strikes reads rows of a file and returns the canonical ones.
func strikes(t testing.TB, rows string) (*table.Table, *Sink) {
	t.Helper()
	var out []*table.Table
	s := bulletinSink(t, table.Strike, &out)
	if err := ReadMissileAttacks(s, strings.NewReader(bulletinHeader+rows), "b.csv"); err != nil {
		t.Fatal(err)
	}
	return table.Concat(table.Strike, out), s
}

func TestPlacesOfBulletins(t *testing.T) {
	for _, tt := range []struct {
		name, target, main, affected string
		area, named                  string
		alone                        bool
	}{
		{"one oblast alone is the row's area", "Odesa oblast", "", "", "UA51", "UA51", true},
		{"a raion counts as its oblast", `"Dnipropetrovsk oblast, Dnipro Raion"`, "", "", "UA12", "UA12", true},
		{"two raions of one oblast are one place", `"Dnipropetrovsk oblast, Dnipro Raion and Dnipropetrovsk oblast, Kryvyi Rih Raion"`, "", "", "UA12", "UA12", true},
		{"an area below the oblasts counts as its oblast", "Dnipro district", "", "", "UA12", "UA12", true},
		{"a town counts as its oblast", "Kryvyi Rih", "", "", "UA12", "UA12", true},
		{"an island does", "Snake Island", "", "", "UA51", "UA51", true},
		{"Kyiv is the city", "Kyiv", "", "", "UA80", "UA80", true},
		{"Kyiv oblast is not the city", "Kyiv oblast", "", "", "UA32", "UA32", true},
		{"a part of an oblast counts as all of it", "Kyiv oblast (south)", "", "", "UA32", "UA32", true},
		{"a slip of the publisher is an alias", "Dnipropetrovsk oblas", "", "", "UA12", "UA12", true},
		{"two oblasts are only named", "Odesa oblast and Sumy oblast", "", "", "UA", "UA51|UA59", false},
		{"an oblast twice is named once", "Sumy and Sumy oblast", "", "", "UA59", "UA59", true},
		{"towns may be parted by commas", "", `"Kryvyi Rih, Kharkiv"`, "", "UA", "UA12|UA63", false},
		{"the sea beside an oblast is not in it", `"Odesa oblast, Black Sea"`, "", "", "UA", "UA51", false},
		{"a direction beside an oblast is not in it", "Odesa oblast and north", "", "", "UA", "UA51", false},
		{"a direction names no oblast", "south and east and center", "", "", "UA", "", false},
		{"the country names no oblast", "Ukraine", "", "['Ukraine']", "UA", "", false},
		{"an empty target is the country", "", "", "", "UA", "", false},
		{"the front line is the country", "front line", "", "", "UA", "", false},
		{"a Russian oblast beside one is not in it", "Sumy oblast and Kursk oblast", "", "", "UA", "UA59", false},
		{"main places and affected ones are named too", "Ukraine", "Kyiv oblast", `"['Sumy oblast', 'Kyiv', NaN]"`, "UA", "UA32|UA59|UA80", false},
		{"broken quotes hide no place", "Ukraine", "", `"['Sumy oblast, 'Kyiv oblast', Kharkiv oblast']"`, "UA", "UA32|UA59|UA63", false},
		{"a raion in the list counts as its oblast", "Ukraine", "", `"['Dnipropetrovsk oblast, Dnipro Raion']"`, "UA", "UA12", false},
		{"places beside the target leave it alone", "Odesa oblast", "", "['Sumy oblast']", "UA51", "UA51|UA59", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, s := strikes(t, "2019-01-14,2019-01-14,X-59,"+tt.target+","+tt.main+","+tt.affected+",1.0,1.0,,,kpszsu\n")
			if got.Rows() != 1 {
				t.Fatalf("rejected: %v", s.Rejected)
			}
			named := ""
			if column := got.String("areas_named"); column.IsValid(0) {
				if named = column.Value(0); named == "" {
					t.Error("areas_named is empty, want null")
				}
			}
			if got.String("area_id").Value(0) != tt.area || named != tt.named || got.Bool("named_alone").Value(0) != tt.alone {
				t.Errorf("area %s, named %q, alone %v; want %s, %q, %v",
					got.String("area_id").Value(0), named, got.Bool("named_alone").Value(0), tt.area, tt.named, tt.alone)
			}
		})
	}
}

func TestRejectedBulletins(t *testing.T) {
	for _, tt := range []struct {
		name, row string
		want      string
	}{
		{"a target in Russia alone", "2019-01-14,2019-01-14,X-59,Kursk oblast,,,1,1,,,kpszsu",
			`b.csv:2:28: target "Kursk oblast": names only places outside Ukraine [H0207]`},
		{"an unknown target", "2019-01-14,2019-01-14,X-59,Odesa oblast and Atlantis,,,1,1,,,kpszsu",
			`b.csv:2:28: target "Atlantis": no area has this name [H0206]`},
		{"an unknown main place", "2019-01-14,2019-01-14,X-59,Ukraine,Atlantis,,1,1,,,kpszsu",
			`b.csv:2:36: target_main "Atlantis": no area has this name [H0206]`},
		{"an unknown place among those affected", `2019-01-14,2019-01-14,X-59,Ukraine,,"['Sumy oblast', 'Atlantis']",1,1,,,kpszsu`,
			`b.csv:2:37: affected region "Atlantis": no area has this name [H0206]`},
		{"a raion whose oblast is not named", "2019-01-14,2019-01-14,X-59,Odesa oblast and Atlantis Raion,,,1,1,,,kpszsu",
			`b.csv:2:28: target "Atlantis Raion": no area has this name [H0206]`},
		{"a raion after a town", `2019-01-14,2019-01-14,X-59,"Odesa, Atlantis Raion",,,1,1,,,kpszsu`,
			`b.csv:2:28: target "Atlantis Raion": no area has this name [H0206]`},
		{"more munitions than the table takes", "2019-01-14,2019-01-14,X-59,Ukraine,,,100001.0,1,,,kpszsu",
			`b.csv:2:38: launched "100001.0": not a count from 0 to 100000 [H0208]`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, s := strikes(t, tt.row+"\n2019-01-14,2019-01-14,X-59,Ukraine,,,100000.0,1,,,kpszsu\n")
			if s.Counts != (Counts{Read: 2, Kept: 1, Rejected: 1}) {
				t.Errorf("counts %+v", s.Counts)
			}
			if len(s.Rejected) != 1 || s.Rejected[0].Error() != tt.want {
				t.Errorf("rejected %v, want %s", s.Rejected, tt.want)
			}
		})
	}
}

func TestBulletinCountsFitTheTable(t *testing.T) {
	for _, name := range []string{"launched", "intercepted", "lost", "impacts"} {
		if c, _ := table.Strike.Column(name); c.Min != 0 || c.Max != 100_000 {
			t.Errorf("%s allows %v to %v, the reader 0 to 100000", name, c.Min, c.Max)
		}
	}
}

func TestBulletinsKeepWhatIsUnknown(t *testing.T) {
	got, _ := strikes(t, "2019-01-14 18:00,2019-01-15 09:00,X-59,Ukraine,,,,0.0,,7.0,kpszsu\n")
	if got.Int32("launched").IsValid(0) || got.Int32("lost").IsValid(0) {
		t.Error("a count that the bulletin leaves out is not null")
	}
	if !got.Int32("intercepted").IsValid(0) || got.Int32("intercepted").Value(0) != 0 || got.Int32("impacts").Value(0) != 7 {
		t.Error("a count of the bulletin is lost")
	}
	if got.String("target_class").Value(0) != "unknown" || got.Bool("class_uses_outcome").Value(0) || got.Timestamp("first_seen_utc").IsValid(0) {
		t.Error("a bulletin says more than it knows")
	}
}

func TestPublishersOfBulletins(t *testing.T) {
	for link, want := range map[string]string{
		"kpszsu/posts/abc":           "kpszsu",
		"https://t.me/kpszsu/44":     "kpszsu",
		"https://t.me/other/44":      "other",
		"PvKPivden/posts/abc":        "pvkpivden",
		"pvkshid/posts/abc":          "pvkshid",
		"PvkZahid/posts/abc":         "pvkzahid",
		"PvkCenter/posts/abc":        "pvkcenter",
		"GeneralStaff.ua/posts/abc":  "generalstaff",
		"CinCAFU/posts/abc":          "cincafu",
		"watch/?v=12":                "other",
		"":                           "other",
		"example.org/PvKPivden/news": "other",
	} {
		got, _ := strikes(t, "2019-01-14,2019-01-14,X-59,Ukraine,,,1,1,,,"+link+"\n")
		if p := got.String("publisher").Value(0); p != want {
			t.Errorf("publisher of %q = %s, want %s", link, p, want)
		}
		for c := range table.Strike.Columns {
			if text, ok := got.Value(0, c).(string); ok && strings.Contains(text, "/") {
				t.Errorf("%s keeps %q of the link %q", table.Strike.Columns[c].Name, text, link)
			}
		}
	}
}

func TestWeapon(t *testing.T) {
	for model, want := range map[string]string{
		"Shahed-136/131":                             "drone",
		"Молнія and Lancet":                          "drone",
		"Orlan-10 and ZALA":                          "reconnaissance",
		"Orlan-10 and Lancet":                        "drone", // what is counted decides
		"Shahed-136/131 and Orlan-10":                "drone",
		"Iskander-M/KN-23":                           "ballistic",
		"C-300/C-400 and Iskander-M":                 "ballistic",
		"X-59/X-69":                                  "cruise",
		"X-101/X-555 and Kalibr and X-22":            "cruise",
		"X-22 and X-31P":                             "other_missile",
		"Iskander-M and Iskander-K":                  "other_missile",
		"Iskander-M/KN-23 and Iskander-K and Kalibr": "other_missile",
		"Unknown Missile":                            "other_missile",
		"GBU":                                        "bomb",
		"Kalibr and Lancet":                          "unknown",
		"Kalibr and Orlan-10 and Lancet":             "unknown",
		"GBU and Kalibr":                             "unknown",
		"Kalibr and New Missile":                     "unknown",
		"New Missile":                                "unknown",
		"X-59/New":                                   "unknown",
		"":                                           "unknown",
	} {
		if got := weapon(model); got != want {
			t.Errorf("weapon(%q) = %s, want %s", model, got, want)
		}
	}
}

func TestWeaponClassesAreThoseOfTheSchema(t *testing.T) {
	for model, class := range weaponOf {
		if !slices.Contains(table.Weapons, class) {
			t.Errorf("%s is of class %q", model, class)
		}
	}
}

func TestTheOrderOfModelsDoesNotMatter(t *testing.T) {
	models := make([]string, 0, len(weaponOf))
	for m := range weaponOf {
		models = append(models, m)
	}
	slices.Sort(models)
	rapid.Check(t, func(t *rapid.T) {
		mix := rapid.SliceOfN(rapid.SampledFrom(models), 1, 4).Draw(t, "mix")
		shuffled := rapid.Permutation(mix).Draw(t, "shuffled")
		a, b := weapon(strings.Join(mix, " and ")), weapon(strings.Join(shuffled, " and "))
		if a != b {
			t.Fatalf("%v is %s, %v is %s", mix, a, shuffled, b)
		}
	})
}

func TestAModelOfNoClassIsKept(t *testing.T) {
	got, s := strikes(t, "2019-01-14,2019-01-14,New Missile,Ukraine,,,1,1,,,kpszsu\n")
	if s.Counts.Kept != 1 || got.String("weapon").Value(0) != "unknown" || got.String("model").Value(0) != "New Missile" {
		t.Errorf("counts %+v", s.Counts)
	}
}

// identities returns the strike_id of each row, by its text.
func identities(t testing.TB, rows []string) map[string]string {
	got, s := strikes(t, strings.Join(rows, "\n")+"\n")
	if s.Counts.Rejected != 0 {
		t.Fatalf("rejected: %v", s.Rejected)
	}
	ids := map[string]string{}
	seen := map[string]bool{}
	for i, row := range rows {
		id := got.String("strike_id").Value(i)
		if seen[id] {
			t.Fatalf("two rows have the strike_id %s", id)
		}
		seen[id] = true
		ids[row] = id
	}
	return ids
}

func TestStrikeIDsDoNotDependOnTheOrderOfTheFile(t *testing.T) {
	rows := []string{
		"2019-01-14,2019-01-14,X-59,Ukraine,,,1,1,,,kpszsu/posts/a",
		"2019-01-14,2019-01-14,X-59,Ukraine,,,2,1,,,kpszsu/posts/b",
		"2019-01-14,2019-01-14,X-59,Ukraine,,,2,1,,3,kpszsu/posts/c",
		"2019-01-14,2019-01-14,X-59,Ukraine,,,,1,,,kpszsu/posts/d",
		"2019-01-14,2019-01-14,X-59,Ukraine,Sumy oblast,,,1,,,kpszsu/posts/e",
		"2019-01-14,2019-01-14,X-59,Ukraine,,,1,1,,,PvKPivden/posts/a",
		"2019-01-14,2019-01-14,X-69,Ukraine,,,1,1,,,kpszsu/posts/a",
		"2019-01-14,2019-01-14,X-59,Sumy oblast,,,1,1,,,kpszsu/posts/a",
		"2019-01-13,2019-01-14,X-59,Ukraine,,,1,1,,,kpszsu/posts/a",
	}
	want := identities(t, rows)
	rapid.Check(t, func(r *rapid.T) {
		got := identities(t, rapid.Permutation(rows).Draw(r, "rows"))
		for row, id := range want {
			if got[row] != id {
				r.Fatalf("%s has the id %s, before %s", row, got[row], id)
			}
		}
	})
}

func TestACorrectedCountKeepsItsStrikeID(t *testing.T) {
	before, _ := strikes(t, "2019-01-14,2019-01-14,X-59,Ukraine,,,1,1,,,kpszsu/posts/a\n")
	after, _ := strikes(t, "2019-01-14,2019-01-14,X-59,Ukraine,Sumy,,2,1,,,kpszsu/posts/b\n")
	if a, b := before.String("strike_id").Value(0), after.String("strike_id").Value(0); a != b {
		t.Errorf("%s became %s", a, b)
	}
}

func TestBulletinsKeepTheirWindow(t *testing.T) {
	got, _ := strikes(t, "2019-01-14 18:00,2019-01-15 09:00,X-59,Ukraine,,,1,1,,,kpszsu\n2019-01-14,2019-01-14,X-59,Ukraine,,,1,1,,,kpszsu\n")
	for row, want := range []struct{ start, end, precision string }{
		{"2019-01-14T16:00:00Z", "2019-01-15T07:00:00Z", "minute"},
		{"2019-01-13T22:00:00Z", "2019-01-14T22:00:00Z", "day"},
	} {
		start, end := table.Instant(got.Timestamp("start_utc"), row), table.Instant(got.Timestamp("end_utc"), row)
		if start.String() != want.start || end.String() != want.end || got.String("time_precision").Value(row) != want.precision {
			t.Errorf("window %v to %v by %s, want %+v", start, end, got.String("time_precision").Value(row), want)
		}
	}
}

func TestBulletinsNeedTheCountry(t *testing.T) {
	var out []*table.Table
	s := bulletinSink(t, table.Strike, &out)
	var err error
	if s.Gazetteer, err = area.NewGazetteer([]area.Area{{ID: "US17031", Level: 2, Location: time.UTC}}); err != nil {
		t.Fatal(err)
	}
	err = ReadMissileAttacks(s, strings.NewReader(bulletinHeader), "b.csv")
	var file *source.FileError
	if !errors.As(err, &file) || file.Code != source.UnknownArea {
		t.Errorf("got %v, want a file error of code %s", err, source.UnknownArea)
	}
}

// A row that is handed on brings its own line, in batches of at most BatchRows.
func TestBulletinsStandOnTheirLines(t *testing.T) {
	var in strings.Builder
	in.WriteString(bulletinHeader)
	const rows, bad = BatchRows + 4100, 5000 // a line that is rejected
	for line := 2; line < rows+2; line++ {
		start := "2019-01-14"
		if line == bad {
			start = "x"
		}
		fmt.Fprintf(&in, "%s,2019-01-14,X-59,Ukraine,,,%d,1,,,kpszsu\n", start, line)
	}
	var out []*table.Table
	s := bulletinSink(t, table.Strike, &out)
	line, batches, number := 1, 0, 0
	s.Emit = func(got *table.Table) error {
		batches++
		if len(s.Lines) != got.Rows() || got.Rows() > BatchRows {
			t.Fatalf("%d lines of %d rows", len(s.Lines), got.Rows())
		}
		launched, ids := got.Int32("launched"), got.String("strike_id")
		for row, on := range s.Lines {
			if line++; line == bad {
				line++
			}
			if int(on) != line || launched.Value(row) != on {
				t.Fatalf("row %d of batch %d is said to stand on line %d, and is that of line %d: want %d", row, batches, on, launched.Value(row), line)
			}
			// All share their identity, and are numbered in the order of their counts.
			number++
			if _, suffix, _ := strings.Cut(ids.Value(row), "-"); number == 1 && suffix != "" || number > 1 && suffix != fmt.Sprint(number) {
				t.Fatalf("row %d has the identity %s", number, ids.Value(row))
			}
		}
		return nil
	}
	if err := ReadMissileAttacks(s, strings.NewReader(in.String()), "b.csv"); err != nil {
		t.Fatal(err)
	}
	if line != rows+1 || batches != 2 || s.Counts != (Counts{rows, rows - 1, 1}) {
		t.Errorf("the last line is %d, in %d batches: %+v", line, batches, s.Counts)
	}
}
