package normalize

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"hardship/pipeline/source/acled"
	"hardship/pipeline/table"
)

// events reads rows of an event list and returns the canonical ones, a line each
// of the columns named.
func events(t testing.TB, read reader, options map[string]string, in string, columns ...string) ([]string, *Sink) {
	t.Helper()
	var out []*table.Table
	s := bulletinSink(t, table.Strike, &out)
	s.Source.Options = options
	if err := read(s, strings.NewReader(in), "e.csv"); err != nil {
		t.Fatal(err)
	}
	if s.Counts.Read != s.Counts.Kept+s.Counts.Rejected || s.Counts.Rejected != int64(len(s.Rejected)) {
		t.Errorf("counts %+v with %d rejections do not add up", s.Counts, len(s.Rejected))
	}
	var rows []string
	got := table.Concat(table.Strike, out)
	for row := range got.Rows() {
		var cells []string
		for _, c := range columns {
			cell := "null"
			if v := got.Value(row, table.Strike.Index(c)); v != nil {
				cell = fmt.Sprint(v)
			}
			cells = append(cells, cell)
		}
		rows = append(rows, strings.Join(cells, " "))
	}
	return rows, s
}

const acledHeader = "event_id_cnty,event_date,time_precision,event_type,sub_event_type,country,admin1,admin2,geo_precision,notes,tags,timestamp\n"

// airStrike writes an event of ACLED from its date on.
func airStrike(id, date, precision, admin1, admin2, geo, tags string) string {
	return strings.Join([]string{id, date, precision, "Explosions/Remote violence", "Air/drone strike", "Ukraine", admin1, admin2, geo, "", tags, "1925600000"}, ",") + "\n"
}

func TestACLEDSpans(t *testing.T) {
	in := acledHeader +
		airStrike("A", "2031-01-05", "1", "Sumy oblast", "", "1", "") +
		airStrike("B", "2031-01-05", "2", "Sumy oblast", "", "1", "") +
		airStrike("C", "2031-02-15", "3", "Sumy oblast", "", "1", "") +
		airStrike("D", "2031-03-30", "1", "Sumy oblast", "", "1", "") // clocks go forward
	rows, _ := events(t, ReadACLED, nil, in, "strike_id", "start_utc", "end_utc", "time_precision", "publisher", "source_rev", "first_seen_utc")
	same(t, "local days; a week on either side; the month", []string{
		"A 2031-01-04T22:00:00Z 2031-01-05T22:00:00Z day acled 1925600000 2031-01-08T00:53:20Z",
		"B 2030-12-29T22:00:00Z 2031-01-11T22:00:00Z week acled 1925600000 2031-01-08T00:53:20Z",
		"C 2031-01-31T22:00:00Z 2031-02-28T22:00:00Z month acled 1925600000 2031-01-08T00:53:20Z",
		"D 2031-03-29T22:00:00Z 2031-03-30T21:00:00Z day acled 1925600000 2031-01-08T00:53:20Z",
	}, rows)
}

func TestACLEDPlaces(t *testing.T) {
	in := acledHeader +
		airStrike("A", "2031-01-05", "1", "Kyiv", "Buchanskyi", "1", "") +
		airStrike("B", "2031-01-05", "1", "Kiev City", "Kyiv", "1", "") +
		airStrike("C", "2031-01-05", "1", "Dnipropetrovsk oblast", "Dnipro district", "2", "") +
		airStrike("D", "2031-01-05", "1", "Dnipropetrovsk oblast", "Dnipro district", "3", "") +
		airStrike("E", "2031-01-05", "1", "Sumy oblast", "Dnipro district", "1", "") +
		airStrike("F", "2031-01-05", "1", "Atlantis", "", "1", "") +
		strings.Replace(airStrike("G", "2031-01-05", "1", "Sumy oblast", "", "1", ""), ",Ukraine,", ",Ruritania,", 1) +
		strings.Replace(airStrike("H", "2031-01-05", "1", "Ukraine", "", "1", ""), ",Ukraine,", ",Sumy oblast,", 1)
	rows, s := events(t, ReadACLED, nil, in, "strike_id", "area_id", "areas_named", "named_alone")
	same(t, "Kyiv is the oblast; a raion where it is known and the place is exact", []string{
		"A UA32 UA32 true",
		"B UA80 UA80 true",
		"C UA1202 UA1202 true",
		"D UA12 UA12 true",
		"E UA59 UA59 true",
	}, rows)
	same(t, "rejections", []string{
		`e.csv:7:68: admin1 "Atlantis": no area has this name [H0206]`,
		`e.csv:8:60: country "Ruritania": no area has this name [H0206]`,
		`e.csv:9:72: admin1 "Ukraine": is not in the country of the row [H0212]`,
	}, rejections(s))
}

func TestACLEDTypes(t *testing.T) {
	in := acledHeader +
		"A,2031-01-05,1,Battles,Armed clash,Ukraine,Atlantis,,1,drones,energy,\n" +
		"B,2031-01-05,1,Explosions/Remote violence,Grenade,Ukraine,Sumy oblast,,1,drones,energy,\n" +
		"C,2031-01-05,1,Explosions/Remote violence,Shelling/artillery/missile attack,Ukraine,Sumy oblast,,1,Made-up forces shelled a place.,,\n" +
		"D,2031-01-05,1,Explosions/Remote violence,Air/drone strike,Ukraine,Sumy oblast,,1,Two drones hit it.,energy infrastructure,\n"
	rows, s := events(t, ReadACLED, nil, in, "strike_id", "weapon", "target_class", "class_uses_outcome", "launched", "model", "first_seen_utc")
	same(t, "only strikes make rows", []string{
		"C artillery unknown false null null null",
		"D drone energy true null null null",
	}, rows)
	same(t, "others are kept, not rejected", Counts{Read: 4, Kept: 4}, s.Counts)
}

func TestACLEDKeepsNoText(t *testing.T) {
	in := "event_id_cnty,event_date,time_precision,event_type,sub_event_type,country,admin1,geo_precision,notes,tags,actor1,location,latitude,source,fatalities\n" +
		"A,2031-01-05,1,Explosions/Remote violence,Air/drone strike,Ukraine,Sumy oblast,1,made-up drone note,energy made-up,made-up actor,made-up town,51.123,made-up paper,7\n"
	columns := make([]string, len(table.Strike.Columns))
	for i, c := range table.Strike.Columns {
		columns[i] = c.Name
	}
	rows, _ := events(t, ReadACLED, nil, in, columns...)
	if len(rows) != 1 || strings.Contains(rows[0], "made-up") || strings.Contains(rows[0], "51.123") || strings.Contains(rows[0], "7") {
		t.Errorf("a row keeps what ACLED wrote: %q", rows)
	}
}

func TestACLEDUploadsAreVersions(t *testing.T) {
	first := airStrike("A", "2031-01-05", "1", "Sumy oblast", "", "1", "")
	later := strings.Replace(first, "1925600000", "1925700000", 1)
	rows, s := events(t, ReadACLED, nil, acledHeader+first+later+first, "strike_id", "first_seen_utc")
	same(t, "versions", []string{"A 2031-01-08T00:53:20Z", "A 2031-01-09T04:40:00Z"}, rows)
	same(t, "the same upload twice", []string{"e.csv:4:1: another row has the same event and upload [H0211]"}, rejections(s))
}

func TestACLEDOptions(t *testing.T) {
	in := strings.Replace(acledHeader, "tags", "infrastructure", 1) + airStrike("A", "2031-01-05", "1", "Sumy oblast", "", "1", "Energy")
	rows, _ := events(t, ReadACLED, map[string]string{"tags": "infrastructure"}, in, "target_class")
	same(t, "a download with another column of tags", []string{"energy"}, rows)
	rows, _ = events(t, ReadACLED, nil, in, "target_class")
	same(t, "which is not looked for", []string{"unknown"}, rows)
}

func TestACLEDWeapon(t *testing.T) {
	for _, tt := range []struct{ eventType, note, want string }{
		{acled.AirOrDrone, "Forces hit a house with Shahed-136 drones.", "drone"},
		{acled.AirOrDrone, "An FPV drone hit a car.", "drone"},
		{acled.AirOrDrone, "Forces dropped a bomb.", "unknown"},
		{acled.AirOrDrone, "Forces hit it with drones and missiles.", "unknown"},
		{acled.AirOrDrone, "Forces shelled it.", "unknown"},
		{acled.AirOrDrone, "Forces hit it.", "unknown"},
		{acled.AirOrDrone, "", "unknown"},
		{acled.ShellingOrMissiles, "Forces shelled a place with mortars.", "artillery"},
		{acled.ShellingOrMissiles, "Forces fired a ballistic missile and shelled it.", "unknown"},
		{acled.ShellingOrMissiles, "Forces shelled it and sent drones.", "unknown"},
		{acled.ShellingOrMissiles, "A drone hit it.", "unknown"},
		{acled.ShellingOrMissiles, "Seashells.", "unknown"},
	} {
		if got := acledWeapon(tt.eventType, tt.note); got != tt.want || !slices.Contains(table.Weapons, got) {
			t.Errorf("weapon of %q (%s) = %s, want %s", tt.note, tt.eventType, got, tt.want)
		}
	}
}

func TestACLEDTarget(t *testing.T) {
	for _, tt := range []struct {
		tags, class string
		fromTags    bool
	}{
		{"", "unknown", false},
		{"crowd size=no report", "unknown", false},
		{"Energy infrastructure", "energy", true},
		{"infrastructure: residential|infrastructure: energy", "energy", true},
		{"residential infrastructure", "residential", true},
		{"health", "other", true},
		{"education infrastructure", "other", true},
		{"synergy", "unknown", false},
	} {
		class, fromTags := acledTarget(strings.Split(tt.tags, "|"))
		if class != tt.class || fromTags != tt.fromTags || !slices.Contains(table.TargetClasses, class) {
			t.Errorf("target of %q = %s, %v", tt.tags, class, fromTags)
		}
	}
}

const ucdpHeader = "id,type_of_violence,country,adm_1,adm_2,where_prec,date_prec,date_start,date_end\n"

func TestUCDP(t *testing.T) {
	in := ucdpHeader +
		"1,1,Ukraine,Sumy oblast,Some raion,1,1,2031-01-05 00:00:00.000,2031-01-05 00:00:00.000\n" +
		"2,3,Ukraine,Dnipropetrovsk oblast,Dnipro district,3,2,2031-01-05,2031-01-09\n" +
		"3,1,Ukraine,Dnipropetrovsk oblast,Dnipro district,4,3,2031-01-05,2031-01-11\n" +
		"4,1,Ukraine,Sumy oblast,,5,4,2031-01-01,2031-01-31\n" +
		"5,1,Ukraine,,,6,5,2031-01-01,2031-12-31\n" +
		"6,2,Ukraine,Sumy oblast,,1,1,2031-01-05,2031-01-05\n" +
		"7,1,Ukraine,,,7,1,2031-01-05,2031-01-05\n" +
		"8,1,Ukraine,,,1,1,2031-01-05,2031-01-05\n" +
		"1,1,Ukraine,Sumy oblast,,1,1,2031-01-05,2031-01-05\n"
	rows, s := events(t, ReadUCDP, nil, in, "strike_id", "area_id", "areas_named", "named_alone", "start_utc", "end_utc", "time_precision", "weapon", "target_class", "class_uses_outcome", "publisher", "first_seen_utc")
	same(t, "places and days as exact as coded", []string{
		"ucdp-1 UA59 UA59 true 2031-01-04T22:00:00Z 2031-01-05T22:00:00Z day unknown unknown false ucdp null",
		"ucdp-2 UA1202 UA1202 true 2031-01-04T22:00:00Z 2031-01-09T22:00:00Z week unknown unknown false ucdp null",
		"ucdp-3 UA12 UA12 true 2031-01-04T22:00:00Z 2031-01-11T22:00:00Z week unknown unknown false ucdp null",
		"ucdp-4 UA null false 2030-12-31T22:00:00Z 2031-01-31T22:00:00Z month unknown unknown false ucdp null",
		"ucdp-5 UA null false 2030-12-31T22:00:00Z 2031-12-31T22:00:00Z month unknown unknown false ucdp null",
	}, rows)
	same(t, "rejections", []string{
		`e.csv:8:1: where_prec "7": lies at sea or in the air, in no area [H0207]`,
		`e.csv:9:13: adm_1 "": no area has this name [H0206]`,
		"e.csv:10:1: another row has the same event and upload [H0211]",
	}, rejections(s))
	same(t, "violence between groups that are no states is kept without a row", Counts{Read: 9, Kept: 6, Rejected: 3}, s.Counts)
}
