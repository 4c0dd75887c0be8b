package normalize

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"pgregory.net/rapid"

	"hardship/pipeline/hour"
	"hardship/pipeline/parquetfile"
	"hardship/pipeline/source"
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

// mergedAlerts is a Parquet file of alerts; an end of 0 is null.
func mergedAlerts(t testing.TB, alerts ...source.Alert) string {
	t.Helper()
	utc := &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "region", Type: arrow.BinaryTypes.String},
		{Name: "started_at", Type: utc},
		{Name: "finished_at", Type: utc, Nullable: true},
		{Name: "n_subalerts", Type: arrow.PrimitiveTypes.Int64},
	}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	for _, a := range alerts {
		b.Field(0).(*array.StringBuilder).Append(a.Place)
		b.Field(1).(*array.TimestampBuilder).Append(arrow.Timestamp(a.Start))
		if a.End == 0 {
			b.Field(2).AppendNull()
		} else {
			b.Field(2).(*array.TimestampBuilder).Append(arrow.Timestamp(a.End))
		}
		b.Field(3).(*array.Int64Builder).Append(int64(a.Subalerts.N))
	}
	var out bytes.Buffer
	batches := func(yield func(arrow.Record, error) bool) { yield(b.NewRecord(), nil) }
	if err := parquetfile.Write(&out, schema, batches, parquetfile.Options{}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestMergedAlerts(t *testing.T) {
	in := mergedAlerts(t,
		source.Alert{Place: "Poltavska oblast", Start: 5 * hour.Minute, End: 9 * hour.Minute, Subalerts: source.Counted(7)},
		source.Alert{Place: "Kyiv City", Start: 5 * hour.Minute, Subalerts: source.Counted(1)},
		source.Alert{Place: "Kyivska oblast", Start: 5 * hour.Minute, End: 4 * hour.Minute, Subalerts: source.Counted(1)},
		source.Alert{Place: "Poltavska oblast", Start: 3 * hour.Minute, End: 4 * hour.Minute, Subalerts: source.Counted(2)},
		source.Alert{Place: "Atlantis", Start: 5 * hour.Minute, End: 9 * hour.Minute, Subalerts: source.Counted(1)},
	)
	rows, s, err := reader(ReadMergedAlerts).rows(t, Source{Table: table.Alert}, "alerts.parquet", in, alertColumns...)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "rows", []string{
		"UA53 1970-01-01T00:03:00Z 1970-01-01T00:04:00Z false 1 2",
		"UA53 1970-01-01T00:05:00Z 1970-01-01T00:09:00Z false 1 7",
		"UA80 1970-01-01T00:05:00Z null false 1 1",
	}, rows)
	same(t, "rejections", []string{
		`alerts.parquet:3:1: finished_at "1970-01-01T00:04:00Z": ends before it starts [H0204]`,
		`alerts.parquet:5:1: region "Atlantis": no area has this name [H0206]`,
	}, rejections(s))
	same(t, "counts", Counts{Read: 5, Kept: 3, Rejected: 2}, s.Counts)
}

func TestReadAtMost(t *testing.T) {
	gone := &source.FileError{File: "a.gz", Code: source.Damaged, Err: errors.New("gzip: invalid checksum")}
	for _, tt := range []struct {
		name string
		in   io.Reader
		want string
	}{
		{"a file of the limit's size", strings.NewReader("1234"), "1234 <nil>"},
		{"one byte more", strings.NewReader("12345"), " a: more than 4 bytes [H0104]"},
		{"a file error passes as it is", iotest.ErrReader(gone), " a.gz: gzip: invalid checksum [H0103]"},
		{"another error is one of reading", iotest.ErrReader(errors.New("disk gone")), " a: disk gone [H0101]"},
	} {
		in, err := readAtMost(4, tt.in, "a")
		if got := fmt.Sprintf("%s %v", in, err); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
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
