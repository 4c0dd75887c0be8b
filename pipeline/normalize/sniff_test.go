package normalize

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hardship/pipeline/source/acled"
	"hardship/pipeline/source/capitaltracker"
	"hardship/pipeline/source/cekschedule"
	"hardship/pipeline/source/claims"
	"hardship/pipeline/source/dniproschedule"
	"hardship/pipeline/source/eaglei"
	"hardship/pipeline/source/ghcndaily"
	"hardship/pipeline/source/gsod"
	"hardship/pipeline/source/gsom"
	"hardship/pipeline/source/isd"
	"hardship/pipeline/source/kyivschedule"
	"hardship/pipeline/source/meteostat"
	"hardship/pipeline/source/missileattacks"
	"hardship/pipeline/source/openmeteo"
	"hardship/pipeline/source/openmeteoapi"
	"hardship/pipeline/source/outagedata"
	"hardship/pipeline/source/powerlog"
	"hardship/pipeline/source/siren"
	"hardship/pipeline/source/ucdp"
	"hardship/pipeline/source/viina"
	"hardship/pipeline/source/viinarelease"
	"hardship/pipeline/source/weatherpage"
)

// sniffs tell formats by the head of a file.
var sniffs = map[string]func(head []byte) (why string, ok bool){
	"acled":                 acled.Sniff,
	"capital_tracker":       capitaltracker.Sniff,
	"cek_schedules":         cekschedule.Sniff,
	"claims":                claims.Sniff,
	"dnipro_schedules":      dniproschedule.Sniff,
	"eagle_i":               eaglei.Sniff,
	"eagle_i_customers":     eaglei.SniffCustomers,
	"ghcn_daily":            ghcndaily.Sniff,
	"gsod":                  gsod.Sniff,
	"gsom":                  gsom.Sniff,
	"isd":                   isd.Sniff,
	"kyiv_schedule_history": kyivschedule.SniffHistory,
	"kyiv_schedules":        kyivschedule.SniffVersions,
	"meteostat":             meteostat.Sniff,
	"missile_attacks":       missileattacks.Sniff,
	"open_meteo":            openmeteo.Sniff,
	"open_meteo_api":        openmeteoapi.Sniff,
	"outage_data":           outagedata.Sniff,
	"power_log":             powerlog.Sniff,
	"sirens_official":       siren.SniffOfficial,
	"sirens_volunteer":      siren.SniffVolunteer,
	"ucdp_ged":              ucdp.Sniff,
	"viina_extract":         viina.Sniff,
	"viina_release":         viinarelease.Sniff,
	"weather_page":          weatherpage.Sniff,
}

// cases are the patterns of the adapters' cases that sniffs must recognise, in
// the order in which they are tried.
var cases = []struct{ pattern, format string }{
	{"acled/*.csv", "acled"},
	{"capitaltracker/*.csv", "capital_tracker"},
	{"cekschedule/*.jsonl", "cek_schedules"},
	{"claims/*.yaml", "claims"},
	{"dniproschedule/*.jsonl", "dnipro_schedules"},
	{"eaglei/polls*.csv", "eagle_i"},
	{"eaglei/customers*.csv", "eagle_i_customers"},
	{"ghcndaily/*.csv", "ghcn_daily"},
	{"ghcndaily/*.dly", "ghcn_daily"},
	{"gsod/*.csv", "gsod"},
	{"gsom/*.csv", "gsom"},
	{"isd/*.csv", "isd"},
	{"kyivschedule/*.jsonl", "kyiv_schedules"},
	{"kyivschedule/*.json", "kyiv_schedule_history"},
	{"meteostat/*.csv", "meteostat"},
	{"missileattacks/*.csv", "missile_attacks"},
	{"openmeteo/*.csv", "open_meteo"},
	{"openmeteoapi/*.json", "open_meteo_api"},
	{"outagedata/*.json", "outage_data"},
	{"powerlog/*.json", "power_log"},
	{"siren/official.csv", "sirens_official"},
	{"siren/volunteer.csv", "sirens_volunteer"},
	{"ucdp/*.csv", "ucdp_ged"},
	{"viina/*.csv", "viina_extract"},
	{"viinarelease/*.csv", "viina_release"},
	{"weatherpage/*.csv", "weather_page"},
}

// strangers are cases of what an adapter refuses because it is another layout,
// or none: nobody recognises them.
var strangers = []string{
	"acled/missing_columns.csv",
	"capitaltracker/other.csv",
	"cekschedule/faults.jsonl",
	"claims/directive.yaml", "claims/empty.yaml", "claims/explicit_key.yaml", "claims/list.yaml", "claims/merge.yaml", "claims/no_pause.yaml", "claims/not_utf8.yaml",
	"eaglei/customers_other.csv", "eaglei/other_empty.csv", "eaglei/other_no_code.csv", "eaglei/other_no_count.csv",
	"ghcndaily/other_empty.csv", "ghcndaily/other_no_flags.csv", "ghcndaily/other_rain.csv",
	"gsod/other.csv",
	"gsom/other_rain.csv",
	"isd/other.csv",
	"kyivschedule/history_list.json",
	"meteostat/empty.csv", "meteostat/other.csv",
	"missileattacks/header.csv",
	"openmeteo/other.csv",
	"openmeteoapi/daily_only.json", "openmeteoapi/empty_list.json", "openmeteoapi/refused.json",
	"outagedata/idle.json", "outagedata/no_fact.json", "outagedata/not_an_object.json",
	"powerlog/object.json",
	"ucdp/no_header.csv",
	"viina/header.csv",
	"viinarelease/cut_offs_only.csv", "viinarelease/no_labels.csv",
}

// Every case of every adapter is recognised as its own format and no other;
// those of formats without a sniff as none.
func TestEachCaseIsRecognisedByItsOwnFormatAlone(t *testing.T) {
	files, err := filepath.Glob("../source/*/testdata/*.*")
	if err != nil || len(files) < 100 {
		t.Fatal(len(files), err)
	}
	recognised := map[string]int{}
	for _, path := range files {
		if ext := filepath.Ext(path); ext == ".golden" || ext == ".py" {
			continue
		}
		name := filepath.Base(filepath.Dir(filepath.Dir(path))) + "/" + filepath.Base(path)
		var want []string
		if !slices.Contains(strangers, name) {
			for _, c := range cases {
				if ok, _ := filepath.Match(c.pattern, name); ok {
					want = []string{c.format}
				}
			}
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		head := bytes.TrimPrefix(text[:min(len(text), 64<<10)], []byte("\ufeff"))
		for _, head := range [][]byte{head, append([]byte("\ufeff"), head...)} {
			var got []string
			for _, format := range slices.Sorted(maps.Keys(sniffs)) {
				why, ok := sniffs[format](head)
				if strings.TrimSpace(why) == "" {
					t.Errorf("%s: %s gives no reason", name, format)
				}
				if ok {
					got = append(got, format)
					recognised[format]++
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s is recognised as %q, want %q", name, got, want)
			}
		}
	}
	for format := range sniffs {
		if recognised[format] == 0 {
			t.Errorf("no case is %s", format)
		}
	}
	for _, name := range strangers {
		if dir, file, _ := strings.Cut(name, "/"); !slices.Contains(files, filepath.Join("../source", dir, "testdata", file)) {
			t.Errorf("%s is not there", name)
		}
	}
}

// A head that stops anywhere after its first lines is recognised all the same:
// files are longer than heads.
func TestAHeadMayStopAnywhere(t *testing.T) {
	for path, format := range map[string]string{
		"../source/openmeteoapi/testdata/places.json":    "open_meteo_api",
		"../source/isd/testdata/reports.csv":             "isd",
		"../source/ghcndaily/testdata/lines.dly":         "ghcn_daily",
		"../source/meteostat/testdata/sources.csv":       "meteostat",
		"../source/meteostat/testdata/bare.csv":          "meteostat",
		"../source/capitaltracker/testdata/tracker.csv":  "capital_tracker",
		"../source/kyivschedule/testdata/versions.jsonl": "kyiv_schedules",
		"../source/powerlog/testdata/log.json":           "power_log",
		"../source/cekschedule/testdata/days.jsonl":      "cek_schedules",
		"../source/outagedata/testdata/states.json":      "outage_data",
	} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for length := min(300, len(text)); length <= len(text); length++ {
			if why, ok := sniffs[format](text[:length]); !ok {
				t.Errorf("%s cut to %d bytes is not %s: %s", path, length, format, why)
				break
			}
		}
	}
}

// Files that no format reads are told by what they are, with the way to a table;
// a text that begins with the same letters is not.
func TestForeignFilesAreToldWhatTheyAre(t *testing.T) {
	for begins, want := range map[string]string{
		"CDF\x01\x00\x00":               "NetCDF",
		"\x89HDF\r\n\x1a\n\x00":         "HDF5 or NetCDF 4",
		"GRIB\x00\x00\x02":              "GRIB",
		"PK\x03\x04\x14\x00":            "a ZIP archive or a workbook (.xlsx)",
		"\xd0\xcf\x11\xe0\xa1":          "an old workbook (.xls)",
		"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n": "a PDF",
	} {
		_, _, err := Recognise(File{Name: "f", Content: strings.NewReader(begins), Size: int64(len(begins))})
		if said := fmt.Sprint(err); !strings.Contains(said, "it begins as "+want+" does; ") {
			t.Errorf("%q: %s", begins, said)
		}
	}
	const text = "GRIB,CDF\n1,2\n"
	_, _, err := Recognise(File{Name: "f", Content: strings.NewReader(text), Size: int64(len(text))})
	if said := fmt.Sprint(err); !strings.Contains(said, advice) {
		t.Errorf("a text: %s", said)
	}
}
