package normalize

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

const releaseHeader = "viina_version,event_id,date,ADM1_NAME,source,text,t_airstrike,t_artillery,t_uav,a_ukr,a_ukr_init\n"

func releaseSource(options map[string]string) Source {
	all := map[string]string{"release": "r1"}
	for k, v := range options {
		all[k] = v
	}
	return Source{Table: table.Report, Options: all}
}

func TestVIINARelease(t *testing.T) {
	in := releaseHeader +
		"r1,1,20310105,Kiev,alpha,Удар по ПІДСТАНЦІЇ,0.5,0,0,0.9,0.1\n" +
		"r1,2,20310105,Kyiv city,beta,Удар по ПІДСТАНЦІЇ,0,0,0.9,,0.6\n" +
		"r1,3,20310105,Kiev,alpha,Вигадана підстанція горить,0.49,0.2,0.1,0,0\n" +
		"r1,4,20310105,Kiev,alpha,Вигаданий заголовок,1,1,1,0,0\n" +
		"r1,5,20310105,Atlantis,alpha,Вигаданий заголовок,1,1,1,0,0\n" +
		"r1,6,20310105,Atlantis,alpha,Вигадана подстанция,1,1,1,0,0\n" +
		"r1,7,20310106,Kiev,,Вигадана подстанция,0,0.7,,0.7,\n" +
		"r1,7,20310106,Kiev,,Вигадана подстанция,0,0.7,,,\n" +
		"r1,8,20310106,,,Вигадана подстанция,0,0.7,,,\n"
	rows, s, err := reader(ReadVIINARelease).rows(t, releaseSource(nil), "v.csv", in,
		"report_id", "area_id", "date_local", "story", "ua_actor", "outlets", "source_rev", "first_seen_utc")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "probable strikes whose headline names a substation", []string{
		"release-1 UA32 2031-01-05 release-1 false 1 r1 null",
		"release-2 UA80 2031-01-05 release-1 true 1 r1 null",
		"release-7 UA32 2031-01-06 release-7 true null r1 null",
		"release-7-2 UA32 2031-01-06 release-7 null null r1 null",
	}, rows)
	same(t, "rejections", []string{
		`v.csv:7:15: ADM1_NAME "Atlantis": no area has this name [H0206]`,
		`v.csv:10:15: ADM1_NAME "": no area has this name [H0206]`,
	}, rejections(s))
	same(t, "what is not looked for is kept without a row", Counts{Read: 9, Kept: 7, Rejected: 2}, s.Counts)
}

func TestVIINAReleaseIsPinned(t *testing.T) {
	_, s, err := reader(ReadVIINARelease).rows(t, releaseSource(nil), "v.csv", releaseHeader+
		"r1,1,20310105,Kiev,alpha,x,0,0,0,0,0\n"+
		"r2,2,20310105,Kiev,alpha,x,0,0,0,0,0\n")
	var file *source.FileError
	if !errors.As(err, &file) || file.Code != source.WrongFormat || file.Error() != `v.csv: line 3 is of release "r2", the option release says "r1" [H0102]` {
		t.Errorf("error %v", err)
	}
	same(t, "counts", Counts{Read: 1, Kept: 1}, s.Counts)
	rows, _, err := reader(ReadVIINARelease).rows(t, releaseSource(nil), "v.csv",
		"event_id,date,ADM1_NAME,text,t_airstrike_pred,t_artillery_pred,a_ukr_pred\n1,20310105,Kiev,підстанція,1,0,0.5\n", "report_id", "ua_actor", "source_rev")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "rows that do not say are of the release named", []string{"release-1 true r1"}, rows)
}

func TestVIINAReleaseOptions(t *testing.T) {
	in := releaseHeader +
		"r1,1,20310105,Kiev,alpha,Вигадана ТЕЦ,0.2,0,0,0,0.3\n" +
		"r1,2,20310105,Kiev,alpha,Вигадана підстанція,0.2,0,0,0,0.1\n"
	rows, _, err := reader(ReadVIINARelease).rows(t, releaseSource(map[string]string{"words": "тец | гес", "probability": "0.2"}), "v.csv", in, "report_id", "ua_actor")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "words and probability of the source", []string{"release-1 true"}, rows)
	for _, tt := range []struct{ option, value, want string }{
		{"release", "", "source test: option release: must be set"},
		{"words", "тец||гес", `source test: option words: "тец||гес" has an empty word, which every headline would have`},
		{"probability", "0", `source test: option probability: "0" is not a number above 0 and up to 1`},
		{"probability", "NaN", `source test: option probability: "NaN" is not a number above 0 and up to 1`},
		{"probability", "half", `source test: option probability: "half" is not a number above 0 and up to 1`},
	} {
		_, _, err := reader(ReadVIINARelease).rows(t, releaseSource(map[string]string{tt.option: tt.value}), "v.csv", in)
		if fmt.Sprint(err) != tt.want {
			t.Errorf("error %v\nwant  %s", err, tt.want)
		}
	}
}

func TestVIINAReleaseKeepsNoHeadline(t *testing.T) {
	columns := make([]string, len(table.Report.Columns))
	for i, c := range table.Report.Columns {
		columns[i] = c.Name
	}
	rows, _, err := reader(ReadVIINARelease).rows(t, releaseSource(nil), "v.csv", releaseHeader+"r1,1,20310105,Kiev,alpha,Вигадана підстанція,1,0,0,0,0\n", columns...)
	if err != nil || len(rows) != 1 || strings.Contains(rows[0], "підстанція") || strings.Contains(rows[0], "alpha") {
		t.Errorf("%q, %v", rows, err)
	}
}
