package eaglei

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hardship/pipeline/hour"
	"hardship/pipeline/internal/golden"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

func count(c source.BigCount) string {
	if !c.Known {
		return "?"
	}
	return fmt.Sprint(c.N)
}

func line(s source.Snapshot) string {
	return fmt.Sprintf("%d %q@%d %q %v out %s of %s", s.Origin.Line, s.Place, s.PlaceOrigin.Column, s.Name, s.Run, count(s.Out), count(s.Total))
}

func lineOfCustomers(c Customers) string {
	return fmt.Sprintf("%d:%d %q %d", c.Origin.Line, c.Origin.Column, c.County, c.Number)
}

// read reads a case: the table of customers if its name says so, else polls.
func read(t testing.TB, path string, in []byte) []byte {
	if strings.HasPrefix(filepath.Base(path), "customers") {
		return golden.Lines(t, ReadCustomers(bytes.NewReader(in), filepath.Base(path)), lineOfCustomers)
	}
	lines := golden.Lines(t, Read(bytes.NewReader(in), filepath.Base(path)), line)
	checkPolls(t, in)
	return lines
}

// checkPolls holds Polls to what Read yields.
func checkPolls(t interface {
	Helper()
	Fatalf(string, ...any)
}, in []byte) {
	t.Helper()
	next, stop := iter.Pull2(Read(bytes.NewReader(in), "f"))
	defer stop()
	for p, err := range Polls(bytes.NewReader(in), "f") {
		s, want, ok := next()
		if !ok || fmt.Sprint(err) != fmt.Sprint(want) {
			t.Fatalf("%v, want %v, %v", err, want, ok)
		}
		if err != nil {
			continue
		}
		if number, ok := FIPS(s.Place); !ok || string(p.Code) != s.Place || p.FIPS != number || p.Origin != s.PlaceOrigin || p.Run != s.Run || p.Out != s.Out || p.Total != s.Total {
			t.Fatalf("%+v, want %+v", *p, s)
		}
	}
	if s, err, ok := next(); ok {
		t.Fatalf("Polls lacks %+v, %v", s, err)
	}
}

func forEachCase(t testing.TB, do func(path string, in []byte)) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.csv")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, path := range files {
		in, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		do(path, in)
	}
}

func TestRead(t *testing.T) {
	forEachCase(t, func(path string, in []byte) {
		golden.Check(t, strings.TrimSuffix(path, ".csv")+".golden", read(t, path, in))
	})
}

// What is remembered of the row before says nothing of a row: each is read as if it
// stood alone.
func TestRowsAreReadAsIfAlone(t *testing.T) {
	const header = "fips_code,customers_out,sum,run_start_time,total_customers\n"
	codes := rapid.SampledFrom([]string{"17031", "1001", "01001.0", "", "1000", "x"})
	times := rapid.SampledFrom([]string{"2031-01-05 00:15:00", "2031-01-05 00:30:00", " 2031-01-05 00:15:00", "2031-01-05", "1999-12-31 00:00:00", ""})
	counts := rapid.SampledFrom([]string{"", "1", "1.0", "2", "-1", "2000000000", "2000000001", "1.5"})
	read := func(r io.Reader) iter.Seq2[source.Snapshot, error] { return Read(r, "f") }
	withoutLine := func(s source.Snapshot) string {
		s.Line = 0
		return line(s)
	}
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			return strings.Join([]string{codes.Draw(t, "code"), counts.Draw(t, "out"), counts.Draw(t, "sum"), times.Draw(t, "run"), counts.Draw(t, "total")}, ",") + "\n"
		}), 0, 60).Draw(t, "rows")
		golden.AsIfAlone(t, header, rows, read, withoutLine)
		checkPolls(t, []byte(header+strings.Join(rows, "")))
	})
}

func FuzzRead(f *testing.F) {
	forEachCase(f, func(_ string, in []byte) { f.Add(in) })
	f.Fuzz(func(t *testing.T, in []byte) {
		for record, err := range Read(bytes.NewReader(in), "f") {
			if err != nil {
				continue
			}
			if _, ok := FIPS(record.Place); !ok || record.Run < FirstRun || record.Run >= EndOfRuns {
				t.Errorf("%+v", record)
			}
			for _, c := range []source.BigCount{record.Out, record.Total} {
				if c.N < 0 || c.N > MaxCustomers || !c.Known && c.N != 0 {
					t.Errorf("%+v", record)
				}
			}
		}
		golden.Lines(t, Read(bytes.NewReader(in), "f"), line)
		checkPolls(t, in)
		golden.Lines(t, ReadCustomers(bytes.NewReader(in), "f"), lineOfCustomers)
		for _, sniff := range []func([]byte) (string, bool){Sniff, SniffCustomers} {
			if why, _ := sniff(in); why == "" {
				t.Fatal("no reason")
			}
		}
	})
}

func TestFIPS(t *testing.T) {
	for code, want := range map[string]int32{
		"17031": 17031, "1001": 1001, "01001": 1001, "1001.0": 1001, "48085.0": 48085, "78030": 78030, "99999": 99999,
	} {
		if got, ok := FIPS(code); !ok || got != want {
			t.Errorf("FIPS(%q) = %d, %v; want %d", code, got, ok, want)
		}
	}
	for _, code := range []string{"", "1", "001", "17", "00001", "1000", "17000", "00000", "170311", "17031.5", "17031.00", ".0", "-1001", "1e10", " 1001", "１００１"} {
		if got, ok := FIPS(code); ok {
			t.Errorf("FIPS(%q) = %d, want none", code, got)
		}
	}
}

func TestLimitsAreThoseOfTheTablesAndOfTheCalendar(t *testing.T) {
	for _, c := range []struct {
		schema *table.Schema
		column string
	}{{table.OutageSnapshot, "customers_out"}, {table.OutageSnapshot, "customers_total"}, {table.Area, "customers_served"}} {
		if column, ok := c.schema.Column(c.column); !ok || column.Max != MaxCustomers {
			t.Errorf("%s.%s: at most %v", c.schema.Name, c.column, column.Max)
		}
	}
	for year, at := range map[int]hour.Instant{2000: FirstRun, 2100: EndOfRuns} {
		if want := hour.At(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)); at != want {
			t.Errorf("%v, want %v", at, want)
		}
	}
}
