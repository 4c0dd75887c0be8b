package normalize

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hardship/pipeline/table"
)

var alertColumns = []string{"area_id", "start_utc", "end_utc", "end_imputed", "alert_level", "subalerts"}

const officialHeader = "oblast,raion,hromada,level,started_at,finished_at,source\n"

func TestOfficialSirens(t *testing.T) {
	in := officialHeader +
		"Poltavska oblast,,,oblast,2031-01-05 16:10:34+00:00,2031-01-05 16:50:07+00:00,official\n" +
		"Kyiv city,,,oblast,2031-01-05 17:00:00+00:00,,official\n" +
		"Poltavska oblast,Lubenskyi raion,,raion,2031-01-05 16:00:00+00:00,2031-01-05 16:05:00+00:00,official\n" +
		"Poltavska oblast,Lubenskyi raion,X hromada,hromada,2031-01-05 17:00:00+00:00,2031-01-05 17:05:00+00:00,official\n" +
		"Lubenskyi raion,Poltavska oblast,,raion,2031-01-05 16:10:34+00:00,2031-01-05 16:50:07+00:00,official\n"
	rows, s, err := reader(ReadOfficialSirens).rows(t, Source{Table: table.Alert}, "official.csv", in, alertColumns...)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "by area and start, parts counted as their oblast", []string{
		"UA53 2031-01-05T16:00:00Z 2031-01-05T16:05:00Z false 2 1",
		"UA53 2031-01-05T16:10:34Z 2031-01-05T16:50:07Z false 1 1",
		"UA53 2031-01-05T17:00:00Z 2031-01-05T17:05:00Z false 3 1",
		"UA80 2031-01-05T17:00:00Z null false 1 1",
	}, rows)
	same(t, "an oblast that is none is rejected", []string{`official.csv:6:1: oblast "Lubenskyi raion": no area has this name [H0206]`}, rejections(s))
	same(t, "counts", Counts{Read: 5, Kept: 4, Rejected: 1}, s.Counts)
}

func TestAlertsOfOneAreaAndStartAreOneRow(t *testing.T) {
	lines := []string{
		"Poltavska oblast,A,A1,hromada,2031-01-05 16:00:00+00:00,2031-01-05 16:20:00+00:00,official",
		"Poltavska oblast,B,,raion,2031-01-05 16:00:00+00:00,2031-01-05 16:10:00+00:00,official",
		"Poltavska oblast,A,A2,hromada,2031-01-05 16:00:00+00:00,2031-01-05 16:15:00+00:00,official",
		"Kyivska oblast,A,A2,hromada,2031-01-05 16:00:00+00:00,2031-01-05 16:15:00+00:00,official",
	}
	rapid.Check(t, func(rt *rapid.T) {
		in := officialHeader + strings.Join(rapid.Permutation(lines).Draw(rt, "lines"), "\n")
		rows, s, err := reader(ReadOfficialSirens).rows(t, Source{Table: table.Alert}, "official.csv", in, alertColumns...)
		want := []string{
			"UA32 2031-01-05T16:00:00Z 2031-01-05T16:15:00Z false 3 1",
			"UA53 2031-01-05T16:00:00Z 2031-01-05T16:20:00Z false 2 3",
		}
		if err != nil || !slices.Equal(rows, want) || s.Counts != (Counts{Read: 4, Kept: 4}) {
			rt.Fatalf("%v %+v %v", rows, s.Counts, err)
		}
	})
}

func TestVolunteerSirens(t *testing.T) {
	in := "region,started_at,finished_at,naive\n" +
		"Kyiv City,2031-01-05 16:36:22+00:00,2031-01-05 17:06:22+00:00,True\n" +
		"Kyivska oblast,2031-01-05 16:36:22+00:00,2031-01-05 17:01:02+00:00,False\n" +
		"Kyiv City,2031-01-05 16:36:22+00:00,2031-01-05 17:06:22+00:00,False\n" +
		"Kyiv City,2031-01-05 18:00:00+00:00,2031-01-05 18:30:00+00:00,True\n" +
		"Kyiv City,2031-01-05 18:00:00+00:00,2031-01-05 18:00:01+00:00,False\n"
	rows, _, err := reader(ReadVolunteerSirens).rows(t, Source{Table: table.Alert}, "volunteer.csv", in, alertColumns...)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "an end is imputed only if nobody saw it", []string{
		"UA32 2031-01-05T16:36:22Z 2031-01-05T17:01:02Z false 1 1",
		"UA80 2031-01-05T16:36:22Z 2031-01-05T17:06:22Z false 1 2",
		"UA80 2031-01-05T18:00:00Z 2031-01-05T18:30:00Z true 1 2",
	}, rows)
}

func TestAlertsBeyondOneBatchAllArrive(t *testing.T) {
	const n = BatchRows + 10
	var in strings.Builder
	in.WriteString("region,started_at,finished_at,naive\n")
	for i := range n {
		fmt.Fprintf(&in, "UA80,2031-01-%02d %02d:%02d:%02d+00:00,2031-02-01 00:00:00+00:00,False\n", 1+i/86400, i/3600%24, i/60%60, i%60)
	}
	var sizes []int
	s := &Sink{Source: &Source{Name: "test", Table: table.Alert}, Gazetteer: fewAreas(t), Emit: func(batch *table.Table) error {
		sizes = append(sizes, batch.Rows())
		return nil
	}}
	if err := ReadVolunteerSirens(s, strings.NewReader(in.String()), "f"); err != nil {
		t.Fatal(err)
	}
	same(t, "batches", []int{BatchRows, 10}, sizes)
}
