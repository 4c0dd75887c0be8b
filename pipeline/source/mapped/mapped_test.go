package mapped

import (
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

// lines prints what a reader yields: the cells of each row that are not null
// and not said otherwise in every test, or an error. It fails the test if the
// reader breaks the contract of package source.
func lines(t testing.TB, batches iter.Seq2[Batch, error]) []string {
	t.Helper()
	var got []string
	ended := false
	for batch, err := range batches {
		var bad *source.ParseError
		var file *source.FileError
		switch {
		case ended:
			t.Fatal("the reader goes on after a file error")
		case batch.Table != nil && err != nil, batch.Table == nil && err == nil:
			t.Fatalf("the reader yields %v and %v", batch, err)
		case errors.As(err, &bad):
			if bad.Line < 1 || bad.Column < 0 || bad.Code == "" || bad.Err == nil {
				t.Fatalf("incomplete error %#v", bad)
			}
			got = append(got, err.Error())
		case errors.As(err, &file):
			ended = true
			got = append(got, err.Error())
		case err != nil:
			t.Fatalf("the reader yields %T: %v", err, err)
		default:
			if n := batch.Rows(); n > BatchRows || batch.Read < n || batch.Read == 0 {
				t.Fatalf("a batch of %d rows, made from %d", n, batch.Read)
			}
			for row := range batch.Rows() {
				got = append(got, line(batch.Table, row))
			}
		}
	}
	return got
}

func line(batch *table.Table, row int) string {
	var cells []string
	for c, column := range batch.Schema.Columns {
		v := batch.Value(row, c)
		if v == nil || column.Name == "source_id" || column.Name == "retracted" && v == false {
			continue
		}
		cells = append(cells, fmt.Sprintf("%s=%v", column.Name, v))
	}
	return strings.Join(cells, " ")
}

func zone(t testing.TB, name string) Mapping {
	t.Helper()
	loc, err := hour.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return Mapping{Location: loc}
}

// places is a gazetteer of two areas.
func places(name string) (string, int32, error) {
	switch name {
	case "Kyiv", "UA80":
		return "UA80", 1, nil
	case "Ukraine", "UA":
		return "UA", 0, nil
	}
	return "", 0, errors.New("no area has this name")
}

// with returns a mapping with the columns and constants given as pairs, and
// with the source's name and places.
func with(columns, constants map[string]string) Mapping {
	return Mapping{Columns: named(columns), Constants: constants, Defaults: map[string]string{"source_id": "test", "publisher": "test"}, Area: places}
}

type pairs = map[string]string

// named maps each column to one of the file, as it is written there.
func named(columns pairs) map[string]Column {
	m := map[string]Column{}
	for name, from := range columns {
		m[name] = Column{From: []string{from}}
	}
	return m
}

func TestReadCSV(t *testing.T) {
	kyiv := with(nil, nil)
	kyiv.Location = zone(t, "Europe/Kyiv").Location
	for _, tt := range []struct {
		name   string
		schema *table.Schema
		m      Mapping
		in     string
		want   []string
	}{
		{"canonical names need no mapping", table.Temperature, with(nil, nil),
			"area_id,time_utc,t_c,qc\nUA80,2026-01-15T04:00:00Z,-19.5,0\n",
			[]string{"area_id=UA80 kind=area time_utc=2026-01-15T04:00:00Z t_c=-19.5 qc=0"}},
		{"columns are mapped, places resolved, the rest has the schema's defaults", table.Temperature,
			with(pairs{"area_id": "city", "time_utc": "when", "t_c": "temp"}, nil),
			"temp,city,note,when\n-3,Kyiv,x,2026-01-15 04:00+02:00\n",
			[]string{"area_id=UA80 kind=area time_utc=2026-01-15T02:00:00Z t_c=-3 qc=0"}},
		{"an empty cell is null where null is allowed", table.Temperature, with(nil, nil),
			"area_id,time_utc,t_c\nUA80,2026-01-15T04:00:00Z,\n",
			[]string{"area_id=UA80 kind=area time_utc=2026-01-15T04:00:00Z qc=0"}},
		{"and is rejected where it is not", table.Temperature, with(nil, nil),
			"area_id,time_utc,t_c\n,2026-01-15T04:00:00Z,1\nUA80,,1\nUA80,2026-01-15T04:00:00Z,1\n",
			[]string{`f.csv:2:1: area_id "": is empty [H0205]`, `f.csv:3:6: time_utc "": is empty [H0205]`,
				"area_id=UA80 kind=area time_utc=2026-01-15T04:00:00Z t_c=1 qc=0"}},
		{"constants are every row's, in the unit that their name says", table.Temperature,
			with(nil, pairs{"area_id": "Kyiv", "kind": "station", "wind_ms": "10"}),
			"time_utc,t_c\n2026-01-15T04:00:00Z,1\n",
			[]string{"area_id=UA80 kind=station time_utc=2026-01-15T04:00:00Z t_c=1 wind_kmh=36 qc=0"}},
		{"a constant stands before a column of the same name", table.Temperature,
			with(nil, pairs{"area_id": "UA80"}), "area_id,time_utc\nMars,2026-01-15T04:00Z\n",
			[]string{"area_id=UA80 kind=area time_utc=2026-01-15T04:00:00Z qc=0"}},
		{"units: Fahrenheit and knots", table.Temperature, with(pairs{"t_f": "tf", "wind_kn": "kn"}, pairs{"area_id": "UA80"}),
			"time_utc,tf,kn\n2026-01-15T04:00Z,-4,10\n",
			[]string{"area_id=UA80 kind=area time_utc=2026-01-15T04:00:00Z t_c=-20 wind_kmh=18.52 qc=0"}},
		{"units by the file's own names: kelvin, miles per hour, seconds since 1970", table.Temperature, with(nil, pairs{"area_id": "UA80"}),
			"time_epoch_s,t_k,wind_mph\n1768449600,273.15,1\n",
			[]string{"area_id=UA80 kind=area time_utc=2026-01-15T04:00:00Z t_c=0 wind_kmh=1.609344 qc=0"}},
		{"milliseconds and fractions of a second", table.Temperature, with(pairs{"time_epoch_ms": "ms", "first_seen_epoch_s": "s"}, pairs{"area_id": "UA80"}),
			"ms,s\n1768449600001,1768449600.25\n",
			[]string{"area_id=UA80 kind=area time_utc=2026-01-15T04:00:00.001Z qc=0 first_seen_utc=2026-01-15T04:00:00.25Z"}},
		{"milliseconds called seconds", table.Temperature, with(nil, pairs{"area_id": "UA80"}), "time_epoch_s\n1768449600000\n",
			[]string{`f.csv:2:1: time_epoch_s "1768449600000": counts to no year before 10000: is it in another unit? [H0208]`}},
		{"the canonical column counts before a variant beside it", table.Temperature, with(nil, pairs{"area_id": "UA80"}),
			"time_utc,t_c,t_f\n2026-01-15T04:00Z,1,99\n",
			[]string{"area_id=UA80 kind=area time_utc=2026-01-15T04:00:00Z t_c=1 qc=0"}},
		{"ranges hold in the canonical unit", table.Temperature, with(pairs{"t_f": "tf"}, pairs{"area_id": "UA80"}),
			"time_utc,tf\n2026-01-15T04:00Z,100\n2026-01-15T04:00Z,141\n",
			[]string{`f.csv:3:19: tf "141": is outside -90 to 60 °C [H0208]`,
				"area_id=UA80 kind=area time_utc=2026-01-15T04:00:00Z t_c=37.77777777777778 qc=0"}},
		{"numbers are strict", table.Temperature, with(nil, pairs{"area_id": "UA80", "time_utc": "2026-01-15T04:00Z"}),
			"t_c,qc\n\"1,5\",0\nNaN,0\n-inf,0\n1e999,0\n0x1p-2,0\n1_0,0\n1e1,1.0\n2,0.5\n3,5\n",
			[]string{`f.csv:2:1: t_c "1,5": not a number [H0202]`, `f.csv:3:1: t_c "NaN": not a number [H0202]`, `f.csv:4:1: t_c "-inf": not a number [H0202]`,
				`f.csv:5:1: t_c "1e999": number too large [H0208]`, `f.csv:6:1: t_c "0x1p-2": not a number [H0202]`, `f.csv:7:1: t_c "1_0": not a number [H0202]`,
				`f.csv:9:3: qc "0.5": not a whole number [H0202]`, `f.csv:10:3: qc "5": is outside 0 to 4 [H0208]`,
				"area_id=UA80 kind=area time_utc=2026-01-15T04:00:00Z t_c=10 qc=1"}},
		{"local times", table.Temperature, kyiv,
			"area_id,time_utc\nUA80,2026-01-15 06:00\nUA80,2025-03-30 03:30\nUA80,2025-10-26 03:30\nUA80,2025-10-26 02:59:59.5\nUA80,2026-01-15\nUA80,2026-02-30 03:00\nUA80,2025-03-30 04:00\n",
			[]string{`f.csv:3:6: time_utc "2025-03-30 03:30": clocks skip this local time [H0209]`, `f.csv:7:6: time_utc "2026-02-30 03:00": not a time [H0203]`,
				"area_id=UA80 kind=area time_utc=2026-01-15T04:00:00Z qc=0", "area_id=UA80 kind=area time_utc=2025-10-26T00:30:00Z qc=0",
				"area_id=UA80 kind=area time_utc=2025-10-25T23:59:59.5Z qc=0", "area_id=UA80 kind=area time_utc=2026-01-14T22:00:00Z qc=0",
				"area_id=UA80 kind=area time_utc=2025-03-30T01:00:00Z qc=0"}},
		{"an unknown place", table.Temperature, with(nil, nil), "area_id,time_utc\nMars,2026-01-15T04:00Z\n",
			[]string{`f.csv:2:1: area_id "Mars": no area has this name [H0206]`}},
		{"words outside the column's are rejected with those that are allowed", table.Strike, with(nil, pairs{"area_id": "Ukraine"}),
			"strike_id,start_utc,target_class\na,2026-01-15T04:00Z,heat\nb,2026-01-15T04:00Z,hospital\n",
			[]string{`f.csv:3:21: target_class "hospital": is not one of energy, electricity, heat, gas, oil, water, residential, transport, industrial, military, other, unknown [H0207]`,
				"strike_id=a area_id=UA named_alone=false publisher=test start_utc=2026-01-15T04:00:00Z end_utc=2026-01-15T04:00:00Z time_precision=minute weapon=unknown target_class=heat class_uses_outcome=false"}},
		{"an empty word is unknown where the column has that word", table.Strike, with(nil, pairs{"area_id": "Kyiv"}),
			"strike_id,start_utc,target_class,time_precision\na,2026-01-15T04:00Z,,night\nb,2026-01-15T04:00Z,,\n",
			[]string{`f.csv:3:22: time_precision "": is empty [H0205]`,
				"strike_id=a area_id=UA80 named_alone=true publisher=test start_utc=2026-01-15T04:00:00Z end_utc=2026-01-15T04:00:00Z time_precision=night weapon=unknown target_class=unknown class_uses_outcome=false"}},
		{"a date alone is no strike at midnight, to the minute", table.Strike, with(nil, pairs{"area_id": "Kyiv", "strike_id": "a"}),
			"start_utc\n2026-01-15\n",
			[]string{`f.csv:2:1: start_utc "2026-01-15": a date without a clock time; give time_precision in a column or a constant if days are meant [H0203]`}},
		{"unless the precision is said", table.Strike, with(nil, pairs{"area_id": "Kyiv", "strike_id": "a", "time_precision": "day"}),
			"start_utc\n2026-01-15\n",
			[]string{"strike_id=a area_id=UA80 named_alone=true publisher=test start_utc=2026-01-15T00:00:00Z end_utc=2026-01-15T00:00:00Z time_precision=day weapon=unknown target_class=unknown class_uses_outcome=false"}},
		{"lists of places are resolved place by place", table.Strike, with(nil, pairs{"area_id": "Ukraine", "strike_id": "a", "named_alone": "false"}),
			"start_utc,areas_named\n2026-01-15T04:00Z,Kyiv| UA\n2026-01-15T04:00Z,Kyiv|Mars\n",
			[]string{`f.csv:3:19: areas_named "Kyiv|Mars": no area has this name [H0206]`,
				"strike_id=a area_id=UA areas_named=UA80|UA named_alone=false publisher=test start_utc=2026-01-15T04:00:00Z end_utc=2026-01-15T04:00:00Z time_precision=minute weapon=unknown target_class=unknown class_uses_outcome=false"}},
		{"customers are both bounds", table.OutageInterval, with(nil, pairs{"area_id": "UA80", "outage_id": "a"}),
			"start_utc,end_utc,customers\n2026-01-15T04:00Z,2026-01-15T05:00Z,120.0\n2026-01-15T04:00Z,,\n",
			[]string{"outage_id=a area_id=UA80 service=electricity start_utc=2026-01-15T04:00:00Z end_utc=2026-01-15T05:00:00Z customers_lo=120 customers_hi=120 cause=unknown",
				"outage_id=a area_id=UA80 service=electricity start_utc=2026-01-15T04:00:00Z cause=unknown"}},
		{"customers mapped to one bound leave the other unknown", table.OutageInterval, with(pairs{"customers_hi": "customers"}, pairs{"area_id": "UA80", "outage_id": "a"}),
			"start_utc,customers\n2026-01-15T04:00Z,5\n",
			[]string{"outage_id=a area_id=UA80 service=electricity start_utc=2026-01-15T04:00:00Z customers_hi=5 cause=unknown"}},
		{"bounds in the wrong order and ends before starts", table.OutageInterval, with(nil, pairs{"area_id": "UA80", "outage_id": "a"}),
			"start_utc,end_utc,customers_lo,customers_hi\n2026-01-15T04:00Z,2026-01-15T03:59Z,1,2\n2026-01-15T04:00Z,2026-01-15T04:00Z,3,2\n2026-01-15T04:00Z,2026-01-15T04:00Z,2,2\n",
			[]string{`f.csv:2:19: end_utc "2026-01-15T03:59Z": ends before it starts [H0204]`, `f.csv:3:39: customers_hi "2": is below the lower bound [H0212]`,
				"outage_id=a area_id=UA80 service=electricity start_utc=2026-01-15T04:00:00Z end_utc=2026-01-15T04:00:00Z customers_lo=2 customers_hi=2 cause=unknown"}},
		{"versions and words of truth come from the file", table.Alert, with(nil, nil),
			"area_id,start_utc,end_imputed,source_rev,first_seen_utc,retracted\nUA80,2026-01-15T04:00Z,TRUE,r7,2026-01-16T00:00Z,true\nUA80,2026-01-15T04:00Z,maybe,,,\n",
			[]string{`f.csv:3:24: end_imputed "maybe": is neither true nor false [H0207]`,
				"area_id=UA80 start_utc=2026-01-15T04:00:00Z end_imputed=true alert_level=1 source_rev=r7 first_seen_utc=2026-01-16T00:00:00Z retracted=true"}},
		{"dates and minutes", table.OutageSchedule, with(nil, pairs{"area_id": "UA80", "operator": "op"}),
			"group_id,date_local,slot_start_min,slot_len_min,off_min_lo,off_min_hi,status\n1.1,2026-01-15,1410,30,0,30,pending\n1.1,15.01.2026,0,30,0,30,normal\n1.1,2026-01-15,1440,30,0,30,normal\n",
			[]string{`f.csv:3:5: date_local "15.01.2026": not a date such as 2026-01-15 [H0203]`, `f.csv:4:16: slot_start_min "1440": is outside 0 to 1439 min [H0208]`,
				"area_id=UA80 group_id=1.1 publisher=test operator=op covers_area=false date_local=2026-01-15 slot_start_min=1410 slot_len_min=30 off_min_lo=0 off_min_hi=30 status=pending typed_in=false redated=false"}},
		{"time zones of areas are names that exist", table.Area, Mapping{Defaults: pairs{"source_id": "test"}},
			"area_id,tz,level\nA,Europe/Kiev,1\nB,Mars/Base,1\n",
			[]string{`f.csv:3:3: tz "Mars/Base": time zone "Mars/Base" is not in the IANA list [H0207]`,
				"area_id=A level=1 tz=Europe/Kyiv reporting_class=unknown"}},
		{"alternative readings of places keep their signs", table.Claim, with(nil, nil),
			"claim_id,pause_id,speaker_role,speaker,stance,statement_lo_utc,statement_hi_utc,places\nc,p,observer,x,asserts,2026-01-29T18:00Z,2026-01-29T22:00Z,Kyiv|Kyiv + Ukraine\n",
			[]string{"claim_id=c pause_id=p speaker_role=observer speaker=x stance=asserts statement_lo_utc=2026-01-29T18:00:00Z statement_hi_utc=2026-01-29T22:00:00Z places=UA80|UA80+UA"}},
		{"text has a limit", table.OutageInterval, with(nil, pairs{"area_id": "UA80", "outage_id": "a", "start_utc": "2026-01-15T04:00Z"}),
			"group_id,cause\n" + strings.Repeat("x", maxText) + ",attack\n" + strings.Repeat("x", maxText+1) + ",attack\n",
			[]string{`f.csv:3:1: group_id "` + strings.Repeat("x", 80) + `…": is longer than 4096 bytes [H0208]`,
				"outage_id=a area_id=UA80 group_id=" + strings.Repeat("x", maxText) + " service=electricity start_utc=2026-01-15T04:00:00Z cause=attack"}},
		{"rows that are no rows are csvfile's to tell", table.Temperature, with(nil, nil), "area_id,time_utc\nUA80\nUA80,2026-01-15T04:00Z\n",
			[]string{"f.csv:2:1: wrong number of fields [H0201]", "area_id=UA80 kind=area time_utc=2026-01-15T04:00:00Z qc=0"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := lines(t, ReadCSV(strings.NewReader(tt.in), "f.csv", tt.schema, tt.m))
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

func TestAMappingThatDoesNotFitIsRefusedBeforeAnyRow(t *testing.T) {
	for _, tt := range []struct {
		name   string
		schema *table.Schema
		m      Mapping
		header string
		want   string
	}{
		{"missing columns, and those that may be meant", table.OutageInterval, with(nil, nil), "area,start_ut,begun",
			`f.csv: no column area_id, start_utc; found area, start_ut, begun; did you mean "area" for area_id, "start_ut" for start_utc? [H0102]`},
		{"a source without a name", table.Temperature, Mapping{}, "area_id,time_utc",
			`f.csv: no column source_id; found area_id, time_utc [H0102]`},
		{"a mapped column that the file does not have", table.Temperature, with(pairs{"t_c": "temp"}, nil), "area_id,time_utc,tmp",
			`f.csv: no column "temp", to be read as t_c; did you mean "tmp"?; found area_id, time_utc, tmp [H0102]`},
		{"a canonical column that there is not", table.Temperature, with(pairs{"t_cc": "t"}, nil), "area_id,time_utc,t",
			`f.csv: the table temperature has no column "t_cc", for which the mapping gives a column; did you mean "t_c"? [H0102]`},
		{"a column in two units", table.Temperature, with(pairs{"t_c": "a", "t_f": "b"}, nil), "area_id,time_utc,a,b",
			`f.csv: the mapping sets t_c twice, once by t_f [H0102]`},
		{"a column that is a constant as well", table.Temperature, with(pairs{"t_c": "a"}, pairs{"t_c": "1"}), "area_id,time_utc,a",
			`f.csv: the mapping sets t_c twice, once by t_c [H0102]`},
		{"two units in the file", table.Temperature, with(nil, nil), "area_id,time_utc,t_f,t_k",
			`f.csv: the file has both t_f and t_k for t_c: map the one that counts [H0102]`},
		{"constants of no number, no word, no area", table.Strike, with(nil, pairs{"launched": "many", "weapon": "gun", "area_id": "Mars"}), "start_utc",
			`f.csv: the constant "Mars" for area_id: no area has this name; the constant "many" for launched: not a number; the constant "gun" for weapon: is not one of ballistic, cruise, other_missile, drone, bomb, artillery, reconnaissance, unknown [H0102]`},
		{"a column twice in the file", table.Temperature, with(nil, nil), "area_id,time_utc,t_c,t_c",
			`f.csv: the column "t_c" stands twice in the header [H0102]`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := lines(t, ReadCSV(strings.NewReader(tt.header+"\n1,2,3,4\n"), "f.csv", tt.schema, tt.m))
			if d := cmp.Diff([]string{tt.want}, got); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

func TestEveryDefaultOfTheSchemasIsUnderstood(t *testing.T) {
	named := map[string]bool{"source_id": true, "publisher": true, "operator": true, "tz": true, "point_id": true} // a point has a name where there are lat and lon
	for _, s := range table.Inputs {
		p, err := newPlan(s, &Mapping{Defaults: pairs{"source_id": "test"}}, nil, "f")
		for i, c := range s.Columns {
			missing := err != nil && strings.Contains(strings.Split(err.Error(), "; found")[0]+",", " "+c.Name+",")
			if c.Default != "" && missing != (named[c.Name] && c.Name != "source_id") {
				t.Errorf("%s.%s has the default %q: missing is %v", s.Name, c.Name, c.Default, missing)
			}
			if c.Default == "" && missing == c.Null {
				t.Errorf("%s.%s without a default: missing is %v", s.Name, c.Name, missing)
			}
			_, _ = p, i
		}
	}
}

func TestSeparators(t *testing.T) {
	for _, tt := range []struct {
		file  string
		asked rune
		in    string
	}{
		{"f.csv", 0, "area_id,time_utc\nUA80,2026-01-15T04:00Z\n"},
		{"f.tsv", 0, "area_id\ttime_utc\nUA80\t2026-01-15T04:00Z\n"},
		{"F.TSV.gz", 0, "area_id\ttime_utc\nUA80\t2026-01-15T04:00Z\n"},
		{"f.tsv", ';', "area_id;time_utc\nUA80;2026-01-15T04:00Z\n"},
	} {
		m := with(nil, nil)
		m.Separator = tt.asked
		want := []string{"area_id=UA80 kind=area time_utc=2026-01-15T04:00:00Z qc=0"}
		if d := cmp.Diff(want, lines(t, ReadCSV(strings.NewReader(tt.in), tt.file, table.Temperature, m))); d != "" {
			t.Errorf("%s with %q: -want +got:\n%s", tt.file, tt.asked, d)
		}
	}
}

func TestIdentitiesComeFromContent(t *testing.T) {
	read := func(in string) []string {
		m := with(nil, pairs{"area_id": "UA80"})
		var ids []string
		for batch, err := range ReadCSV(strings.NewReader(in), "f.csv", table.OutageInterval, m) {
			if err != nil {
				t.Fatal(err)
			}
			for row := range batch.Rows() {
				ids = append(ids, batch.String("outage_id").Value(row))
			}
		}
		return ids
	}
	const header = "start_utc,end_utc,customers,first_seen_utc,source_rev\n"
	first := read(header + "2026-01-15T04:00Z,2026-01-15T05:00Z,5,2026-01-16T00:00Z,a\n")[0]
	if len(first) != 16 {
		t.Errorf("identity %q, want 16 hex digits", first)
	}
	for _, tt := range []struct {
		name, rows string
		want       []string
	}{
		{"the same row written otherwise is the same", "2026-01-15T06:00+02:00,2026-01-15 05:00,5.0,2026-01-16T00:00Z,a\n", []string{first}},
		{"a later version of it is the same", "2026-01-15T04:00Z,2026-01-15T05:00Z,5,2026-01-17T00:00Z,b\n", []string{first}},
		{"repeats within a version are counted, in each version anew",
			strings.Repeat("2026-01-15T04:00Z,2026-01-15T05:00Z,5,2026-01-16T00:00Z,a\n", 3) + strings.Repeat("2026-01-15T04:00Z,2026-01-15T05:00Z,5,2026-01-17T00:00Z,a\n", 2),
			[]string{first, first + "-2", first + "-3", first, first + "-2"}},
		{"a rejected row is not counted", "2026-01-15T04:00Z,2026-01-15T05:00Z,5,2026-01-16T00:00Z,a\n", []string{first}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, read(header+tt.rows)); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
	for name, row := range map[string]string{
		"another number": "2026-01-15T04:00Z,2026-01-15T05:00Z,6,,\n",
		"another time":   "2026-01-15T04:00Z,2026-01-15T05:01Z,5,,\n",
		"an open end":    "2026-01-15T04:00Z,,5,,\n",
	} {
		if got := read(header + row)[0]; got == first {
			t.Errorf("%s makes no other identity", name)
		}
	}
}

func TestBatchesAreBounded(t *testing.T) {
	const rows = 2*BatchRows + 3
	in := "area_id,time_epoch_s\n" + strings.Repeat("UA80,0\n", rows)
	var sizes []int
	for batch, err := range ReadCSV(strings.NewReader(in), "f.csv", table.Temperature, with(nil, nil)) {
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, batch.Rows())
	}
	if d := cmp.Diff([]int{BatchRows, BatchRows, 3}, sizes); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

func TestEachPlaceIsAskedForOnce(t *testing.T) {
	asked := 0
	m := with(nil, nil)
	m.Area = func(name string) (string, int32, error) { asked++; return places(name) }
	lines(t, ReadCSV(strings.NewReader("area_id,time_epoch_s\n"+strings.Repeat("UA80,0\nMars,0\n", 50)), "f.csv", table.Temperature, m))
	if asked != 2 {
		t.Errorf("two names were asked for %d times", asked)
	}
}

func FuzzReadCSV(f *testing.F) {
	f.Add(uint8(1), []byte("area_id,time_utc,t_c\nUA80,2026-01-15T04:00:00Z,-19.5\nKyiv,2026-01-15 04:00,x\n"))
	f.Add(uint8(2), []byte("area_id,start_utc,end_utc,customers\nUA80,2026-01-15,2025-01-15,5\n"))
	f.Add(uint8(5), []byte("area_id,start_utc,areas_named\nUA80,2026-01-15T04Z,Kyiv|Kyiv|\n"))
	f.Add(uint8(0), []byte("\ufeffarea_id\ttz\nA\tUTC"))
	f.Fuzz(func(t *testing.T, schema uint8, in []byte) {
		s := table.Inputs[int(schema)%len(table.Inputs)]
		m := with(nil, nil)
		m.Defaults["tz"], m.Defaults["operator"] = "UTC", "test"
		lines(t, ReadCSV(strings.NewReader(string(in)), "f.csv", s, m))
	})
}
