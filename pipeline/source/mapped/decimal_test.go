package mapped

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hardship/pipeline/table"
)

// Decimals, as DuckDB writes numbers of a query, are read wherever a number is wanted.
func TestDecimalsAreNumbers(t *testing.T) {
	in, err := os.ReadFile("../../parquetfile/testdata/duckdb_decimal_rows.parquet")
	if err != nil {
		t.Fatal(err)
	}
	warm := lines(t, read(in, table.Temperature, with(pairs{"time_epoch_s": "s"}, pairs{"area_id": "UA80"})))
	if len(warm) != 8 || warm[1] != "area_id=UA80 kind=area time_utc=2026-01-15T04:00:00.5Z t_c=-12.5 qc=0" {
		t.Errorf("temperatures %q", warm)
	}
	m := located31()
	m.Columns = named(pairs{"lat": "lat", "lon": "lon", "start_epoch_s": "s", "customers": "n"})
	m.Constants = pairs{"outage_id": "a"}
	placed := lines(t, read(in, table.OutageInterval, m))
	if len(placed) != 8 || !strings.Contains(strings.Join(placed, "\n"), "area_id=UA80 service=electricity start_utc=2026-01-15T04:00:00Z customers_lo=1200 customers_hi=1200") {
		t.Errorf("outages %q", placed)
	}
	// Whole numbers, and what is none: as of a column of floating point.
	outages := func(customers string) []string {
		return lines(t, read(in, table.OutageInterval, with(pairs{"start_epoch_s": "s", "customers": customers}, pairs{"area_id": "UA80", "outage_id": "a"})))
	}
	floats := outages("n_float")
	for i := range floats {
		floats[i] = strings.ReplaceAll(floats[i], "n_float ", "n ")
	}
	got := outages("n")
	if d := cmp.Diff(floats, got); d != "" {
		t.Errorf("-floating point +decimals:\n%s", d)
	}
	want := []string{
		`f.parquet:2:1: n "1.5": not a whole number [H0202]`,
		`f.parquet:4:1: n "1e+30": is outside 0 to 2e+09 customers [H0208]`,
		`f.parquet:5:1: n "-1e+30": is outside 0 to 2e+09 customers [H0208]`,
		`f.parquet:6:1: n "-1": is outside 0 to 2e+09 customers [H0208]`,
		`f.parquet:8:1: n "2.000000001e+09": is outside 0 to 2e+09 customers [H0208]`,
		"outage_id=a area_id=UA80 service=electricity start_utc=2026-01-15T04:00:00Z customers_lo=1200 customers_hi=1200 cause=unknown",
		"outage_id=a area_id=UA80 service=electricity start_utc=2026-01-15T04:00:01Z cause=unknown",
		"outage_id=a area_id=UA80 service=electricity start_utc=2026-01-15T04:00:03Z customers_lo=2000000000 customers_hi=2000000000 cause=unknown",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	codes := lines(t, read(in, table.Temperature, with(pairs{"time_epoch_s": "s", "area_id": "code"}, nil)))
	if d := cmp.Diff([]string{`f.parquet: the column "code" cannot be read as area_id: it holds DECIMAL(5,0), wanted is string [H0102]`}, codes); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}
