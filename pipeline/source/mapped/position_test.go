package mapped

import (
	"iter"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/google/go-cmp/cmp"

	"hardship/pipeline/table"
)

// located31 is a mapping with two areas, west and east of 31° E and north of 50° N.
func located31() Mapping {
	m := with(pairs{"lat": "y", "lon": "x"}, nil)
	m.Locate = func(lon, lat float64) (string, int32, bool) {
		switch {
		case lat < 50:
			return "", 0, false
		case lon < 31:
			return "UA80", 1, true
		}
		return "UA32", 1, true
	}
	return m
}

// areasOf returns the area, the level below the country and the id of each row,
// after the errors of the rows that were left out.
func areasOf(t *testing.T, batches iter.Seq2[Batch, error]) (areas, ids []string) {
	t.Helper()
	for _, l := range lines(t, batches) {
		if strings.Contains(l, "7777") || strings.Contains(l, "fifty") {
			t.Errorf("a position is shown: %s", l)
		}
		id, cells, ok := strings.Cut(l, " area_id=")
		if !ok {
			areas = append(areas, l)
			continue
		}
		cell, rest, _ := strings.Cut(cells, " ")
		if strings.Contains(rest, "named_alone=true") {
			cell += " alone"
		}
		areas, ids = append(areas, cell), append(ids, id)
	}
	return areas, ids
}

// A position gives the area of the row that names none, and of no other: each
// row is placed anew.
func TestAPositionGivesTheAreaOfItsRow(t *testing.T) {
	const header = "start_utc,area_id,y,x\n"
	csv := header +
		"2026-01-15T04:00:00Z,,50.5,31.7777\n" +
		"2026-01-15T05:00:00Z,Ukraine,50.5,30.7777\n" +
		"2026-01-15T06:00:00Z,,50.5,30.7777\n" +
		"2026-01-15T06:00:00Z,,50.6,30.8777\n" +
		"2026-01-15T07:00:00Z,,49.7777,30.5\n" +
		"2026-01-15T08:00:00Z,,50.7777,180.7777\n" +
		"2026-01-15T09:00:00Z,,50.7777,\n" +
		"2026-01-15T10:00:00Z,Kiyv,50.7777,30.5\n" +
		"2026-01-15T11:00:00Z,,fifty,30.7777\n"
	got, ids := areasOf(t, ReadCSV(strings.NewReader(csv), "f", table.Strike, located31()))
	want := []string{
		"f:6:23: y: the position is in none of the areas that have a boundary [H0213]",
		"f:7:31: x: is outside -180 to 180 ° [H0208]",
		"f:8:31: x: is empty [H0205]",
		`f:9:22: area_id "Kiyv": no area has this name [H0206]`,
		"f:10:23: y: not a number [H0202]",
		"UA32 alone", "UA", "UA80 alone", "UA80 alone",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("CSV (-want +got)\n%s", diff)
	}
	// Two places of one area are the same to whoever sees the area alone: an
	// identity made of the position could be undone.
	if len(ids) != 4 || ids[3] != ids[2]+"-2" {
		t.Errorf("identities %q tell places of one area apart", ids)
	}

	json := `{"start_utc": "2026-01-15T04:00:00Z", "place": {"y": 50.5, "x": 31.7777}}
{"start_utc": "2026-01-15T05:00:00Z", "area_id": "Ukraine", "place": {"y": 50.5, "x": 30.7777}}
{"start_utc": "2026-01-15T06:00:00Z", "place": {"y": 50.5, "x": "31,7777"}}
{"start_utc": "2026-01-15T06:00:00Z", "place": {"y": 49.7777, "x": 30}}
`
	m := located31()
	m.Columns = named(pairs{"lat": "place.y", "lon": "place.x"})
	got, _ = areasOf(t, ReadJSONLines(strings.NewReader(json), "f", table.Strike, m))
	want = []string{
		"f:3:65: place.x: not a number [H0202]",
		"f:4:54: place.y: the position is in none of the areas that have a boundary [H0213]",
		"UA32 alone", "UA",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("JSON Lines (-want +got)\n%s", diff)
	}

	in := parquet(t, record(t,
		"start_utc", arrow.BinaryTypes.String, `["2026-01-15T04:00:00Z", "2026-01-15T05:00:00Z", "2026-01-15T06:00:00Z", "2026-01-15T07:00:00Z", "2026-01-15T08:00:00Z", "2026-01-15T09:00:00Z"]`,
		"area_id", arrow.BinaryTypes.String, `[null, "Ukraine", null, null, "Kiyv", null]`,
		"y", arrow.PrimitiveTypes.Float64, `[50.5, 50.5, 49.7777, null, 50.5, 50.5]`,
		"x", arrow.PrimitiveTypes.Float64, `[31.7777, 30.7777, 30.5, 30.5, 30.5, 190.7777]`))
	got, _ = areasOf(t, read(in, table.Strike, located31()))
	want = []string{
		"f.parquet:3:1: y: the position is in none of the areas that have a boundary [H0213]",
		"f.parquet:4:1: y: is empty [H0205]",
		`f.parquet:5:1: area_id "Kiyv": no area has this name [H0206]`,
		"f.parquet:6:1: x: is outside -180 to 180 ° [H0208]",
		"UA32 alone", "UA",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Parquet (-want +got)\n%s", diff)
	}

	log := "when,what,y,x\n" +
		"2026-01-15T04:00:00Z,off,50.5,31.7777\n" +
		"2026-01-15T05:00:00Z,off,50.5,30.7777\n" +
		"2026-01-15T06:00:00Z,on,50.5,31.7777\n"
	m = located31()
	m.Columns["event"], m.Columns["event_utc"] = Column{From: []string{"what"}}, Column{From: []string{"when"}}
	got, _ = areasOf(t, ReadCSV(strings.NewReader(log), "f", table.OutageInterval, m))
	if diff := cmp.Diff([]string{"UA32", "UA80"}, got); diff != "" {
		t.Errorf("event log (-want +got)\n%s", diff)
	}
}

// The columns lat and lon of a file are taken where it names no area and there
// are boundaries; a source's place comes before them.
func TestPositionsAreFoundByName(t *testing.T) {
	with := "start_utc,lat,lon\n2026-01-15T04:00:00Z,50.5,30.7777\n"
	m := located31()
	m.Columns = nil
	got, _ := areasOf(t, ReadCSV(strings.NewReader(with), "f", table.Strike, m))
	if diff := cmp.Diff([]string{"UA80 alone"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	m.Defaults["area_id"] = "Ukraine"
	got, _ = areasOf(t, ReadCSV(strings.NewReader(with), "f", table.Strike, m))
	if diff := cmp.Diff([]string{"UA"}, got); diff != "" {
		t.Errorf("a source with a place (-want +got)\n%s", diff)
	}
	m.Locate = nil
	delete(m.Defaults, "area_id")
	got, _ = areasOf(t, ReadCSV(strings.NewReader(with), "f", table.Strike, m))
	if diff := cmp.Diff([]string{"f: no column area_id; found start_utc, lat, lon [H0102]"}, got); diff != "" {
		t.Errorf("no boundaries (-want +got)\n%s", diff)
	}
	m = located31()
	m.Columns["lon"] = Column{From: []string{"longitude"}}
	got, _ = areasOf(t, ReadCSV(strings.NewReader("start_utc,y,lon\n"), "f", table.Strike, m))
	if diff := cmp.Diff([]string{`f: no column "longitude", to be read as a position; found start_utc, y, lon [H0102]`}, got); diff != "" {
		t.Errorf("a column that is not there (-want +got)\n%s", diff)
	}
}

// A point without a name is told by its position, in a text file as in a Parquet
// file; without either it cannot be told.
func TestPointsAreToldByTheirPosition(t *testing.T) {
	names := func(batches iter.Seq2[Batch, error]) (got []string) {
		for batch, err := range batches {
			if err != nil {
				return append(got, err.Error())
			}
			if !batch.Private {
				t.Error("the rows of points may be shown")
			}
			for row := range batch.Rows() {
				got = append(got, batch.Value(row, table.PointTemperature.Index("point_id")).(string))
			}
		}
		return got
	}
	m := with(nil, nil)
	csv := "lat,lon,time_utc,t_c\n50.50,30.25,2026-01-15T04:00:00Z,-1\n50.5,30.25,2026-01-15T05:00:00Z,-1\n50.5,30.75,2026-01-15T05:00:00Z,-1\n"
	want := []string{"50.5 30.25 ", "50.5 30.25 ", "50.5 30.75 "}
	if diff := cmp.Diff(want, names(ReadCSV(strings.NewReader(csv), "f", table.PointTemperature, m))); diff != "" {
		t.Errorf("CSV (-want +got)\n%s", diff)
	}
	in := parquet(t, record(t,
		"lat", arrow.PrimitiveTypes.Float64, `[50.5, 50.5, 50.5]`, "lon", arrow.PrimitiveTypes.Float64, `[30.25, 30.25, 30.75]`,
		"time_utc", arrow.BinaryTypes.String, `["2026-01-15T04:00:00Z", "2026-01-15T05:00:00Z", "2026-01-15T05:00:00Z"]`, "t_c", arrow.PrimitiveTypes.Float64, `[-1, -1, -1]`))
	if diff := cmp.Diff(want, names(read(in, table.PointTemperature, m))); diff != "" {
		t.Errorf("Parquet (-want +got)\n%s", diff)
	}
	got := names(ReadCSV(strings.NewReader("time_utc,t_c\n"), "f", table.PointTemperature, m))
	if diff := cmp.Diff([]string{"f: no column point_id; found time_utc, t_c [H0102]"}, got); diff != "" {
		t.Errorf("neither name nor position (-want +got)\n%s", diff)
	}
}
