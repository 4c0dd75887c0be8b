package mapped

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"hardship/pipeline/hour"
	"hardship/pipeline/parquetfile"
	"hardship/pipeline/table"
)

// parquet returns the bytes of a Parquet file of the records.
func parquet(t testing.TB, records ...arrow.Record) []byte {
	t.Helper()
	var b bytes.Buffer
	batches := func(yield func(arrow.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
	if err := parquetfile.Write(&b, records[0].Schema(), batches, parquetfile.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// record makes a record of columns given in the notation of Arrow's JSON.
func record(t testing.TB, columns ...any) arrow.Record {
	t.Helper()
	var fields []arrow.Field
	var arrays []arrow.Array
	for i := 0; i < len(columns); i += 3 {
		of := columns[i+1].(arrow.DataType)
		a, _, err := array.FromJSON(memory.DefaultAllocator, of, strings.NewReader(columns[i+2].(string)))
		if err != nil {
			t.Fatalf("column %s: %v", columns[i], err)
		}
		fields = append(fields, arrow.Field{Name: columns[i].(string), Type: of, Nullable: true})
		arrays = append(arrays, a)
	}
	return array.NewRecord(arrow.NewSchema(fields, nil), arrays, int64(arrays[0].Len()))
}

func read(in []byte, s *table.Schema, m Mapping) iter.Seq2[Batch, error] {
	return ReadParquet(bytes.NewReader(in), int64(len(in)), "f.parquet", parquetfile.DefaultLimits, s, m)
}

var (
	text    = arrow.BinaryTypes.String
	double  = arrow.PrimitiveTypes.Float64
	int32s  = arrow.PrimitiveTypes.Int32
	int64s  = arrow.PrimitiveTypes.Int64
	boolean = arrow.FixedWidthTypes.Boolean
	date32  = arrow.FixedWidthTypes.Date32
	instant = &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
)

func TestReadParquet(t *testing.T) {
	kyiv := with(nil, pairs{"area_id": "UA80"})
	kyiv.Location = zone(t, "Europe/Kyiv").Location
	for _, tt := range []struct {
		name   string
		schema *table.Schema
		m      Mapping
		in     arrow.Record
		want   []string
	}{
		{"canonical types are taken as they are", table.Temperature, with(nil, nil),
			record(t, "time_utc", instant, `["2026-01-15 04:00:00", "2026-01-15 05:00:00"]`, "t_c", double, `[-19.5, null]`, "area_id", text, `["Kyiv", "UA80"]`, "qc", int32s, `[0, 4]`, "x", boolean, `[true, null]`),
			[]string{"area_id=UA80 kind=area time_utc=2026-01-15T04:00:00Z t_c=-19.5 qc=0", "area_id=UA80 kind=area time_utc=2026-01-15T05:00:00Z qc=4"}},
		{"faults have the number of the row and the first column that is wrong", table.Temperature, with(pairs{"area_id": "city"}, nil),
			record(t, "time_utc", instant, `["2026-01-15 04:00:00", null, "2026-01-15 06:00:00", "2026-01-15 07:00:00", "2026-01-15 08:00:00"]`, "t_c", double, `[61, 1, -91, 4, 5]`, "city", text, `["UA80", "Kyiv", "Mars", null, "UA"]`),
			[]string{`f.parquet:1:1: t_c "61": is outside -90 to 60 °C [H0208]`, `f.parquet:2:1: time_utc "": is empty [H0205]`, `f.parquet:3:1: city "Mars": no area has this name [H0206]`, `f.parquet:4:1: city "": is empty [H0205]`,
				"area_id=UA kind=area time_utc=2026-01-15T08:00:00Z t_c=5 qc=0"}},
		{"units, and whole numbers stored as floating point", table.Temperature, with(pairs{"t_f": "f", "wind_ms": "w"}, pairs{"area_id": "UA80"}),
			record(t, "time_epoch_s", int64s, `[1768449600, 1768449600, 1768449600]`, "f", int32s, `[-4, 32, 141]`, "w", double, `[10, null, 1]`, "qc", double, `[1, 0.5, 0]`),
			[]string{`f.parquet:2:1: qc "0.5": not a whole number [H0202]`, `f.parquet:3:1: f "141": is outside -90 to 60 °C [H0208]`,
				"area_id=UA80 kind=area time_utc=2026-01-15T04:00:00Z t_c=-20 wind_kmh=36 qc=1"}},
		{"NaN is null", table.Temperature, with(nil, pairs{"area_id": "UA80"}),
			record(t, "time_utc", instant, `["2026-01-15 04:00:00"]`, "t_c", double, `[null]`),
			[]string{"area_id=UA80 kind=area time_utc=2026-01-15T04:00:00Z qc=0"}},
		{"times as text and dates of a zone", table.Temperature, kyiv,
			record(t, "time_utc", text, `["2026-01-15 06:00", "2025-03-30 03:30", "yesterday", "2026-01-15T04:00:00Z"]`, "first_seen_utc", date32, `["2026-01-16", null, null, null]`),
			[]string{`f.parquet:2:1: time_utc "2025-03-30 03:30": clocks skip this local time [H0209]`, `f.parquet:3:1: time_utc "yesterday": not a time [H0203]`,
				"area_id=UA80 kind=area time_utc=2026-01-15T04:00:00Z qc=0 first_seen_utc=2026-01-15T22:00:00Z", "area_id=UA80 kind=area time_utc=2026-01-15T04:00:00Z qc=0"}},
		{"words, ends and bounds", table.OutageInterval, with(nil, pairs{"area_id": "UA80", "outage_id": "a"}),
			record(t, "start_utc", instant, `["2026-01-15 04:00:00", "2026-01-15 04:00:00", "2026-01-15 04:00:00", "2026-01-15 04:00:00"]`, "end_utc", instant, `["2026-01-15 03:00:00", null, "2026-01-15 05:00:00", "2026-01-15 05:00:00"]`,
				"cause", text, `["attack", "", "aliens", "weather"]`, "customers_lo", int64s, `[1, 1, 1, 3]`, "customers_hi", double, `[1, 2, 3, 2]`),
			[]string{`f.parquet:1:1: end_utc "2026-01-15T03:00:00Z": ends before it starts [H0204]`,
				`f.parquet:3:1: cause "aliens": is not one of attack, emergency, scheduled, weather, equipment, unknown [H0207]`, `f.parquet:4:1: customers_hi "2": is below the lower bound [H0212]`,
				"outage_id=a area_id=UA80 service=electricity start_utc=2026-01-15T04:00:00Z customers_lo=1 customers_hi=2 cause=unknown"}},
		{"a date alone is no strike at midnight", table.Strike, with(nil, pairs{"area_id": "UA80", "strike_id": "a"}), record(t, "start_utc", date32, `["2026-01-15"]`),
			[]string{`f.parquet:1:1: start_utc "2026-01-15": a date without a clock time; give time_precision in a column or a constant if days are meant [H0203]`}},
		{"text that no CSV file may hold", table.OutageInterval, with(nil, pairs{"area_id": "UA80", "outage_id": "a"}),
			record(t, "start_utc", instant, `["2026-01-15 04:00:00"]`, "group_id", text, `["a\u0000b"]`),
			[]string{`f.parquet:1:1: group_id "a\x00b": holds a NUL [H0210]`}},
		{"no column of the file is read", table.Temperature, with(nil, pairs{"area_id": "UA80", "time_utc": "2026-01-15T04:00Z"}), record(t, "x", int32s, `[1, 2]`),
			[]string{"area_id=UA80 kind=area time_utc=2026-01-15T04:00:00Z qc=0", "area_id=UA80 kind=area time_utc=2026-01-15T04:00:00Z qc=0"}},
		{"types that do not fit", table.Temperature, with(nil, nil), record(t, "time_utc", instant, `[]`, "area_id", text, `[]`, "t_c", text, `[]`),
			[]string{`f.parquet: the column "t_c" cannot be read as t_c: it holds utf8, wanted is float64 [H0102]`}},
		{"numbers are no times unless their name says so", table.Temperature, with(nil, nil), record(t, "time_utc", int64s, `[]`, "area_id", text, `[]`),
			[]string{`f.parquet: the column "time_utc" cannot be read as time_utc: it holds int64, wanted is timestamp[us, UTC] [H0102]`}},
		{"codes of areas are text", table.Temperature, with(nil, nil), record(t, "time_utc", instant, `[]`, "area_id", int64s, `[]`),
			[]string{`f.parquet: the column "area_id" cannot be read as area_id: it holds int64, wanted is string [H0102]`}},
		{"missing columns", table.Temperature, with(nil, nil), record(t, "time", instant, `[]`, "area_id", text, `[]`),
			[]string{`f.parquet: no column time_utc; found time, area_id; did you mean "time" for time_utc? [H0102]`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := lines(t, read(parquet(t, tt.in), tt.schema, tt.m))
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

func TestWhatIsNoParquetIsRefused(t *testing.T) {
	whole := parquet(t, record(t, "time_utc", instant, `["2026-01-15 04:00:00"]`, "area_id", text, `["UA80"]`))
	for _, in := range [][]byte{nil, []byte("area_id,time_utc\n"), whole[:len(whole)-1], append([]byte("X"), whole[1:]...)} {
		got := lines(t, read(in, table.Temperature, with(nil, nil)))
		if len(got) != 1 || !strings.HasPrefix(got[0], "f.parquet: ") || !strings.HasSuffix(got[0], "[H0103]") || strings.Count(got[0], "f.parquet") != 1 {
			t.Errorf("%d bytes give %q", len(in), got)
		}
	}
	small := ReadParquet(bytes.NewReader(whole), int64(len(whole)), "f.parquet", parquetfile.Limits{MaxFooterBytes: 10}, table.Temperature, with(nil, nil))
	if got := lines(t, small); len(got) != 1 || !strings.HasSuffix(got[0], "[H0104]") {
		t.Errorf("a file beyond the limits gives %q", got)
	}
	failing := ReadParquet(failingReader{bytes.NewReader(whole)}, int64(len(whole)), "f.parquet", parquetfile.DefaultLimits, table.Temperature, with(nil, nil))
	if got := lines(t, failing); len(got) != 1 || !strings.HasSuffix(got[0], "disk gone [H0101]") {
		t.Errorf("a reader that fails gives %q", got)
	}
}

type failingReader struct{ io.ReaderAt }

func (failingReader) ReadAt([]byte, int64) (int, error) { return 0, fmt.Errorf("disk gone") }

// random draws a table of a schema that a file of any kind can hold.
func random(t *rapid.T, s *table.Schema) *table.Table {
	b := table.NewBuilder(s)
	text := rapid.StringOf(rapid.RuneFrom([]rune("aZ0 ,;|\"'\n=-_їЖ\t")))
	for range rapid.IntRange(0, 12).Draw(t, "rows") {
		b.Row()
		last := map[bool]int64{} // of a pair, so that its second is not below
		for _, c := range s.Columns {
			if c.Null && rapid.IntRange(0, 3).Draw(t, "null") == 0 {
				continue
			}
			lo, hi := c.Min, c.Max
			if lo == 0 && hi == 0 {
				lo, hi = math.MinInt32, math.MaxInt32
			}
			upper := strings.HasPrefix(c.Name, "end_") || strings.HasSuffix(c.Name, "_hi") || strings.HasSuffix(c.Name, "_hi_utc")
			switch c.Type {
			case table.Bool:
				b.Bool(c.Name, rapid.Bool().Draw(t, c.Name))
			case table.Int32, table.Int64:
				v := int64(hi)
				if !upper {
					v = rapid.Int64Range(int64(lo), int64(hi)).Draw(t, c.Name)
				}
				if c.Type == table.Int32 {
					b.Int32(c.Name, int32(v))
				} else {
					b.Int64(c.Name, v)
				}
			case table.Float64:
				b.Float64(c.Name, rapid.Float64Range(lo, hi).Draw(t, c.Name))
			case table.Date, table.Timestamp:
				v := rapid.Int64Range(-1e15, 4e15).Draw(t, c.Name)
				isDate := c.Type == table.Date
				if isDate {
					v /= int64(day)
				}
				if upper {
					v = max(v, last[isDate])
				}
				last[isDate] = v
				if isDate {
					b.Date(c.Name, hour.Day(v))
				} else {
					b.Timestamp(c.Name, hour.Instant(v))
				}
			case table.String:
				switch {
				case c.Enum != nil:
					b.String(c.Name, rapid.SampledFrom(c.Enum).Draw(t, c.Name))
				case c.Name == "tz":
					b.String(c.Name, rapid.SampledFrom([]string{"UTC", "Europe/Kyiv"}).Draw(t, c.Name))
				default:
					b.String(c.Name, strings.TrimSpace(text.Draw(t, c.Name)+"x"))
				}
			}
		}
	}
	return b.Table()
}

// all returns the cells of every row that a reader yields.
func all(t *rapid.T, batches iter.Seq2[Batch, error]) [][]any {
	var rows [][]any
	for batch, err := range batches {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, cells(batch.Table)...)
	}
	return rows
}

func cells(batch *table.Table) [][]any {
	var rows [][]any
	for row := range batch.Rows() {
		var cells []any
		for c := range batch.Schema.Columns {
			cells = append(cells, batch.Value(row, c))
		}
		rows = append(rows, cells)
	}
	return rows
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	for _, s := range table.Inputs {
		t.Run(s.Name, func(outer *testing.T) {
			rapid.Check(outer, func(t *rapid.T) {
				want := random(t, s)
				var csv bytes.Buffer
				if err := table.WriteCSV(&csv, want); err != nil {
					t.Fatal(err)
				}
				if d := cmp.Diff(cells(want), all(t, ReadCSV(&csv, "f.csv", s, Mapping{}))); d != "" {
					t.Fatalf("CSV: -written +read:\n%s", d)
				}
				file := parquet(outer, want.Record())
				if d := cmp.Diff(cells(want), all(t, read(file, s, Mapping{}))); d != "" {
					t.Fatalf("Parquet: -written +read:\n%s", d)
				}
			})
		})
	}
}

func TestBothKindsOfFileGiveTheSameRows(outer *testing.T) {
	m := Mapping{Constants: pairs{"source_id": "s", "area_id": "UA80"}, Columns: named(pairs{"customers": "n", "start_utc": "a", "end_utc": "b"})}
	rapid.Check(outer, func(t *rapid.T) {
		var csv strings.Builder
		csv.WriteString("a,b,n,cause\n")
		var a, b, n, cause []string
		for range rapid.IntRange(1, 30).Draw(t, "rows") {
			start := rapid.Int64Range(0, 5).Draw(t, "start") * int64(hour.InstantsInHour)
			end := rapid.Int64Range(0, 6).Draw(t, "end") * int64(hour.InstantsInHour)
			customers := rapid.IntRange(-1, 3).Draw(t, "customers")
			word := rapid.SampledFrom([]string{"attack", "", "storm"}).Draw(t, "cause")
			fmt.Fprintf(&csv, "%v,%v,%d,%s\n", hour.Instant(start), hour.Instant(end), customers, word)
			a, b = append(a, fmt.Sprint(start)), append(b, fmt.Sprint(end))
			n, cause = append(n, fmt.Sprint(customers)), append(cause, fmt.Sprintf("%q", word))
		}
		list := func(items []string) string { return "[" + strings.Join(items, ",") + "]" }
		file := parquet(outer, record(outer, "a", instant, list(a), "b", instant, list(b), "n", int32s, list(n), "cause", text, list(cause)))
		fromCSV := lines(outer, ReadCSV(strings.NewReader(csv.String()), "f", table.OutageInterval, m))
		fromParquet := lines(outer, read(file, table.OutageInterval, m))
		strip := func(lines []string) (rows []string, faults int) {
			for _, l := range lines {
				if strings.HasPrefix(l, "f") {
					faults++
				} else {
					rows = append(rows, l)
				}
			}
			return rows, faults
		}
		csvRows, csvFaults := strip(fromCSV)
		parquetRows, parquetFaults := strip(fromParquet)
		if d := cmp.Diff(csvRows, parquetRows); d != "" || csvFaults != parquetFaults {
			t.Fatalf("%d and %d faults; -CSV +Parquet:\n%s", csvFaults, parquetFaults, d)
		}
	})
}

// Times and temperatures stay codes if the file, of another writer, has them so and
// no row is to be rejected.
func TestTemperaturesThatAreCodedInTheFile(t *testing.T) {
	in, err := os.ReadFile("../../parquetfile/testdata/pyarrow_snappy_v1.parquet")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		temp   string
		ending bool
		of     func(i int) any // nil: unknown; an error: rejected
		coded  [2]bool
	}{
		{"f64", false, func(i int) any { return float64(i) / 10 }, [2]bool{true, true}},
		{"f64", true, func(i int) any { return float64(i) / 10 }, [2]bool{false, true}},
		{"i8", false, func(i int) any { return float64(i - 25) }, [2]bool{true, false}},
		{"i16", false, func(i int) any { // all others are too many degrees
			if i != 25 {
				return errors.New("outside")
			}
			return 0.0
		}, [2]bool{false, false}},
	} {
		m := Mapping{Columns: named(pairs{"time_utc": "at_us", "t_c": tt.temp}), Constants: pairs{"source_id": "s", "area_id": "A"}, HourEnding: tt.ending}
		var got, want []string
		rejected := 0
		for batch, err := range read(in, table.Temperature, m) {
			if err != nil {
				rejected++
				continue
			}
			for i, name := range []string{"time_utc", "t_c"} {
				if _, coded := batch.Table.Numbers(name); coded != tt.coded[i] {
					t.Errorf("%s: %s coded: %v", tt.temp, name, coded)
				}
			}
			times, temps := batch.Table.Timestamp("time_utc"), batch.Table.Float64("t_c")
			for row := range batch.Rows() {
				cell := any(nil)
				if temps.IsValid(row) {
					cell = temps.Value(row)
				}
				got = append(got, fmt.Sprint(batch.Lines[row], table.Instant(times, row), cell))
			}
		}
		for i := range 50 {
			at := hour.Instant(hour.Date(2022, 11, 1))*day + hour.Instant(i)*3_600_000_001
			if tt.ending {
				at -= hour.InstantsInHour
			}
			cell := tt.of(i)
			if i%7 == 6 {
				cell = nil
			}
			if _, bad := cell.(error); bad {
				rejected--
				continue
			}
			want = append(want, fmt.Sprint(int32(i+1), at, cell))
		}
		if d := cmp.Diff(want, got); d != "" || rejected != 0 {
			t.Errorf("%s: %d rows rejected too many; -want +got:\n%s", tt.temp, rejected, d)
		}
	}
}

// Batches that a caller has in hand hold their own rows, and no later ones: here some
// of each column coded and some not. Numbers of 32 bits are widened.
func TestBatchesInHandHoldTheirRows(t *testing.T) {
	for _, customers := range []arrow.DataType{int64s, int32s} {
		t.Run(customers.Name(), func(t *testing.T) { inHandHoldTheirRows(t, customers) })
	}
}

func inHandHoldTheirRows(t *testing.T, stored arrow.DataType) {
	const rows = 10 * recordRows
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema([]arrow.Field{
		{Name: "start_utc", Type: instant}, {Name: "end_utc", Type: instant}, {Name: "area_id", Type: text}, {Name: "customers", Type: stored, Nullable: true},
	}, nil))
	for i := range rows {
		b.Field(0).(*array.TimestampBuilder).Append(arrow.Timestamp(i))
		b.Field(1).(*array.TimestampBuilder).Append(arrow.Timestamp(i + 1))
		b.Field(2).(*array.StringBuilder).Append(fmt.Sprint(i / 1000))
		if i%7 == 0 {
			b.Field(3).AppendNull()
		} else if wide, ok := b.Field(3).(*array.Int64Builder); ok {
			wide.Append(int64(i))
		} else {
			b.Field(3).(*array.Int32Builder).Append(int32(i))
		}
	}
	in := parquet(t, b.NewRecord())
	var inHand []Batch
	row := 0
	check := func(batch Batch) {
		starts, customers, areas := batch.Timestamp("start_utc"), batch.Int64("customers_lo"), batch.String("area_id")
		for i := range batch.Rows() {
			if got := starts.Value(i); got != arrow.Timestamp(row) || areas.Value(i) != fmt.Sprint(row/1000) || customers.IsNull(i) != (row%7 == 0) || customers.IsValid(i) && customers.Value(i) != int64(row) || batch.Lines[i] != int32(row+1) {
				t.Fatalf("row %d: %v %v %v, line %d", row, got, areas.Value(i), customers.Value(i), batch.Lines[i])
			}
			row++
		}
	}
	for batch, err := range read(in, table.OutageInterval, Mapping{Constants: pairs{"source_id": "s"}, Anonymous: true, InHand: 3}) {
		if err != nil {
			t.Fatal(err)
		}
		if inHand = append(inHand, batch); len(inHand) == 3 {
			check(inHand[0])
			inHand = inHand[1:]
		}
	}
	for _, batch := range inHand {
		check(batch)
	}
	if row != rows {
		t.Errorf("%d rows, want %d", row, rows)
	}
}

func FuzzReadParquet(f *testing.F) {
	f.Add(uint8(1), parquet(f, record(f, "time_utc", instant, `["2026-01-15 04:00:00"]`, "area_id", text, `["UA80"]`, "t_c", double, `[1]`)))
	f.Add(uint8(2), parquet(f, record(f, "start_utc", text, `["2026-01-15 04:00:00", null]`, "area_id", text, `["UA80", "Mars"]`, "customers", int32s, `[1, null]`)))
	decimals, err := os.ReadFile("../../parquetfile/testdata/duckdb_decimal_rows.parquet")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint8(1), decimals)
	f.Fuzz(func(t *testing.T, schema uint8, in []byte) {
		lines(t, read(in, table.Inputs[int(schema)%len(table.Inputs)], with(nil, pairs{})))
	})
}

func BenchmarkReadParquet(b *testing.B) {
	const rows = 1 << 20 // seven columns, three of them text
	build := table.NewBuilder(table.Temperature)
	for i := range rows {
		build.Row()
		build.String("area_id", fmt.Sprintf("UA%02d", i/(rows/20)))
		build.String("kind", "grid")
		build.Timestamp("time_utc", hour.Hour(i%(rows/20)).Start())
		build.Float64("t_c", float64(i%400)/10-20)
		build.Int32("qc", 0)
		build.String("source_id", "bench")
		build.Bool("retracted", false)
	}
	file := parquet(b, build.Table().Record())
	m := with(nil, nil)
	m.Area = func(name string) (string, int32, error) { return name, 1, nil }
	b.SetBytes(rows) // so that MB/s reads as million rows a second
	b.ResetTimer()
	for range b.N {
		for _, err := range read(file, table.Temperature, m) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
