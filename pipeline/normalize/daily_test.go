package normalize

import (
	"fmt"
	"strings"
	"testing"

	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

var dayColumns = []string{"area_id", "kind", "date_local", "tmin_c", "tmean_c", "tmax_c", "day_definition", "qc"}

const ghcnHeader = "STATION,DATE,TMAX,TMAX_ATTRIBUTES,TMIN,TMIN_ATTRIBUTES,TAVG,TAVG_ATTRIBUTES\n"

func TestGHCNDaily(t *testing.T) {
	in := ghcnHeader +
		`XX,2031-01-05,"  -32",",,S"," -101",",,S","  -71","H,,S"` + "\n" +
		`XX,2031-01-06,"  -30",",,r","  -90",",I,r",,` + "\n" + // the minimum failed a check
		`XX,2031-01-07,"  -30",",,W,2400","  -90",",,W,2400","  -60","H,,S"` + "\n" + // the mean is of another day
		`XX,2031-01-08,"  -30",",G,S",,,,` + "\n" +
		`XX,2031-01-05,"  -31",",,S",,,,` + "\n" +
		`XX,2031-06-05,"  250",",,S",,,,` + "\n"
	rows, s, err := reader(ReadGHCNDaily).rows(t, Source{Table: table.TemperatureDay, Options: map[string]string{"places": "a.csv=UA80", "months": "10-4", "day_definition": "obs18"}},
		"a.csv.gz", in, dayColumns...)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "days", []string{
		"UA80 station 2031-01-05 -10.1 -7.1 -3.2 utc00 0",
		"UA80 station 2031-01-06 null null -3 obs18 0",
		"UA80 station 2031-01-07 -9 null -3 local00 0",
	}, rows)
	same(t, "a day that comes twice", []string{"a.csv.gz:6:1: the day has another row [H0211]"}, rejections(s))
	same(t, "counts", Counts{Read: 6, Kept: 5, Rejected: 1}, s.Counts)
}

// Both layouts of the same days say the same.
func TestGHCNDailyInLinesOfFixedWidth(t *testing.T) {
	line := func(element string, values ...string) string {
		days := strings.Join(values, "")
		return "XX000000000203101" + element + days + strings.Repeat("-9999   ", 31-len(values)) + "\n"
	}
	lines := line("TMAX", "  -32  S", "  -30  r") + line("TMIN", " -101  S", "  -90 Ir") + line("TAVG", "  -71H S")
	csv := ghcnHeader + "XX,2031-01-01,-32,\",,S\",-101,\",,S\",-71,\"H,,S\"\nXX,2031-01-02,-30,\",,r\",-90,\",I,r\",,\n"
	from := Source{Table: table.TemperatureDay, Place: "UA80", Options: map[string]string{"day_definition": "obs06"}}
	want, _, err := reader(ReadGHCNDaily).rows(t, from, "a.csv", csv, dayColumns...)
	if err != nil || len(want) != 2 {
		t.Fatal(want, err)
	}
	got, _, err := reader(ReadGHCNDaily).rows(t, from, "a.dly", lines, dayColumns...)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "days", want, got)
}

func TestGHCNDailyMustKnowWhereDaysBegin(t *testing.T) {
	in := ghcnHeader + "XX,2031-01-05,-32,\",,r\",,,,\n"
	for option, want := range map[string]string{
		"":      "a.csv: line 2 does not say where its day begins: set the option day_definition to one of local00, utc00, obs06, obs18 [H0105]",
		"noon":  `source test: option day_definition: "noon" is not one of local00, utc00, obs06, obs18`,
		"obs06": "<nil>",
	} {
		options := map[string]string{"day_definition": option}
		if option == "" {
			options = nil
		}
		_, _, err := reader(ReadGHCNDaily).rows(t, Source{Table: table.TemperatureDay, Place: "UA80", Options: options}, "a.csv", in, "area_id")
		if fmt.Sprint(err) != want {
			t.Errorf("%q: %v, want %s", option, err, want)
		}
	}
}

// Where areas come from the data, the place of a source is one as it stands;
// formats whose places lie in one another are refused.
func TestAreasFromTheDataNeedNoTable(t *testing.T) {
	in := gsodHeader + "XX,2031-01-05,14.0,24,32.0, ,-4.0,*\n"
	var ids []string
	s := &Sink{Source: &Source{Name: "s", Table: table.TemperatureDay, Place: "my valley", AreasFromData: true}, Emit: func(t *table.Table) error {
		ids = append(ids, t.String("area_id").Value(0))
		return nil
	}}
	if err := Read(s, "gsod", File{Name: "f", Content: strings.NewReader(in), Size: int64(len(in))}); err != nil || len(ids) != 1 || ids[0] != "my valley" {
		t.Errorf("areas %q, %v", ids, err)
	}
	for _, format := range []string{"missile_attacks", "acled", "ucdp_ged"} {
		err := Read(&Sink{Source: &Source{Name: "s", Table: table.Strike, AreasFromData: true}}, format, File{Name: "f", Content: strings.NewReader(""), Size: 0})
		if err == nil || !strings.Contains(err.Error(), "[H0105]") {
			t.Errorf("%s: %v", format, err)
		}
	}
}

const gsodHeader = "STATION,DATE,TEMP,TEMP_ATTRIBUTES,MAX,MAX_ATTRIBUTES,MIN,MIN_ATTRIBUTES\n"

func TestGSOD(t *testing.T) {
	in := gsodHeader +
		"XX,2031-01-05,14.0,24,32.0, ,-4.0,*\n" +
		"XX,2031-01-06,14.0,7,32.0, ,-4.0,*\n" +
		"XX,2031-01-07,9999.9,0,9999.9, ,9999.9, \n" +
		"XX,2031-01-08,14.0,3,32.0,*,-4.0, \n" +
		"XX,2031-01-05,14.0,24,32.0, ,-4.0,*\n"
	for readings, want := range map[string][]string{
		"": {
			"UA80 station 2031-01-05 -20 -10 0 utc00 0", "UA80 station 2031-01-06 -20 -10 0 utc00 0", "UA80 station 2031-01-08 -20 null null utc00 0",
		},
		"8": {
			"UA80 station 2031-01-05 -20 -10 0 utc00 0", "UA80 station 2031-01-06 null null 0 utc00 0", "UA80 station 2031-01-08 -20 null null utc00 0",
		},
	} {
		rows, s, err := reader(ReadGSOD).rows(t, Source{Table: table.TemperatureDay, Place: "UA80", Options: map[string]string{"readings": readings}}, "a.csv", in, dayColumns...)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "days by "+readings, want, rows)
		same(t, "counts", Counts{Read: 5, Kept: 4, Rejected: 1}, s.Counts)
		if s.Rejected[0].Code != source.Duplicate || s.Rejected[0].Line != 6 {
			t.Errorf("rejected %v", s.Rejected[0])
		}
	}
	if _, _, err := reader(ReadGSOD).rows(t, Source{Table: table.TemperatureDay, Place: "UA80", Options: map[string]string{"readings": "25"}}, "a.csv", in, "area_id"); err == nil {
		t.Error("a day of 25 readings an hour is taken")
	}
}

func TestGSOM(t *testing.T) {
	in := "STATION,DATE,DT32,DT32_ATTRIBUTES,EMNT,EMNT_ATTRIBUTES,TMIN,TMIN_ATTRIBUTES\n" +
		"XX,2031-02,28,\",r\",-21.2,\",r,28,\",-12.87,\",,,r\"\n" +
		"XX,2032-02,27,\"2,S\",-9.5,\",S,01,+\",-1.5,\"2,,,S\"\n" +
		"XX,2032-03,,,,,,\n" +
		"XX,2031-02,1,\",r\",1,\",r,28,\",1,\",,,r\"\n"
	rows, s, err := reader(ReadGSOM).rows(t, Source{Table: table.Context, Options: map[string]string{"places": "a.csv=UA80"}}, "a.csv", in,
		"area_id", "measure", "period_start_date", "period_end_date", "figure")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "figures: a count of a month that lacks days is none", []string{
		"UA80 gsom_tmin_c 2031-02-01 2031-02-28 -12.87",
		"UA80 gsom_emnt_c 2031-02-01 2031-02-28 -21.2",
		"UA80 gsom_dt32_d 2031-02-01 2031-02-28 28",
		"UA80 gsom_tmin_c 2032-02-01 2032-02-29 -1.5",
		"UA80 gsom_emnt_c 2032-02-01 2032-02-29 -9.5",
	}, rows)
	same(t, "counts", Counts{Read: 4, Kept: 3, Rejected: 1}, s.Counts)
}
