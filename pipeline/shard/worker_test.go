package shard

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"hardship/pipeline/area"
	"hardship/pipeline/hour"
	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

// counting is a panel that makes a spell of every area, as many days long as there
// are rows of it; nothing of the area silent is published.
type counting struct {
	rows   int
	passes []string
}

func (c *counting) Known(id area.ID) bool    { return id != "nowhere" }
func (c *counting) Add(t *table.Table) error { c.rows += t.Rows(); return nil }
func (c *counting) Pass(id area.ID) ([]*table.Table, bool, error) {
	c.passes = append(c.passes, fmt.Sprint(id, " ", c.rows))
	b := table.NewBuilder(table.ColdSpell)
	b.Row()
	b.String("area_id", string(id))
	b.String("rule_id", "r")
	b.Date("start_date", 1)
	b.Date("end_date", 2)
	b.Int32("days", int32(c.rows))
	b.Bool("censored", false)
	b.Bool("touches_gap", false)
	c.rows = 0
	return []*table.Table{b.Table()}, id != "silent", nil
}

// temperatures are hourly temperatures of an area.
func temperatures(id string, n int) *table.Table {
	b := table.NewBuilder(table.Temperature)
	for i := range n {
		b.Row()
		b.String("area_id", id)
		b.String("kind", "area")
		b.Timestamp("time_utc", hour.Hour(i).Start())
		b.Float64("t_c", float64(i))
		b.Int32("qc", 0)
		b.String("source_id", "s")
		b.Bool("retracted", false)
	}
	return b.Table()
}

// stream writes records as a stream, each changed by change.
func stream(t *testing.T, s *arrow.Schema, records ...arrow.Record) []byte {
	t.Helper()
	var b bytes.Buffer
	w := ipc.NewWriter(&b, ipc.WithSchema(s))
	for _, r := range records {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// opening opens areas of so many rows each.
func opening(rows int64, ids ...string) arrow.Record {
	counts := map[string]int64{}
	for _, id := range ids {
		counts[id] = rows
	}
	return OpeningRows(ids, counts)
}

const testRun = "of this run"

// with returns a record with another column in the place of one.
func with(r arrow.Record, name string, column arrow.Array) arrow.Record {
	columns := slices.Clone(r.Columns())
	columns[r.Schema().FieldIndices(name)[0]] = column
	return array.NewRecord(r.Schema(), columns, r.NumRows())
}

func TestAWorkerPassesOverWholeAreas(t *testing.T) {
	in := stream(t, InputSchema, opening(3, "A"), InputRows(temperatures("A", 3), 7), opening(0, "B", "silent"), InputRows(temperatures("silent", 2), 1), InputRows(temperatures("silent", 1), 3))
	for name, r := range map[string]io.Reader{"at once": bytes.NewReader(in), "byte by byte": iotest.OneByteReader(bytes.NewReader(in)), "with its end": iotest.DataErrReader(bytes.NewReader(in))} {
		panel, out := &counting{}, &bytes.Buffer{}
		if err := Work(t.Context(), r, out, testRun, panel); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := strings.Join(panel.passes, ", "); got != "A 3, B 0, silent 3" {
			t.Errorf("%s: the passes are %s", name, got)
		}
		reader, err := ipc.NewReader(out)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for reader.Next() {
			record := reader.Record()
			days := record.Column(ResultSchema.FieldIndices("days")[0]).(*array.Int32)
			for row := range int(record.NumRows()) {
				got = append(got, fmt.Sprint(stringsOf(record, 0).Value(row), " ", stringsOf(record, 1).Value(row), " ", record.Column(2).ValueStr(row), " ", record.Column(3).ValueStr(row), " ", days.ValueStr(row)))
			}
		}
		want := []string{"cold_spell A (null) (null) 3", "area A 1 of this run (null)", "cold_spell B (null) (null) 0", "area B 1 of this run (null)"}
		if !slices.Equal(got, want) || reader.Err() != nil {
			t.Errorf("%s: the results are %q, %v, want %q", name, got, reader.Err(), want)
		}
	}
}

// A stream that is cut anywhere, at the end of a batch above all, is refused, and
// what was written has no end.
func TestAStreamThatIsCutIsRefused(t *testing.T) {
	in := stream(t, InputSchema, opening(3, "A"), InputRows(temperatures("A", 3), 1), opening(0, "B"))
	for n := range len(in) {
		if n%8 != 0 && n%5 != 0 { // messages end at multiples of 8
			continue
		}
		var out bytes.Buffer
		err := Work(t.Context(), bytes.NewReader(in[:n]), &out, testRun, &counting{})
		var at *source.FileError
		if !errors.As(err, &at) || at.Code != Incomplete && at.Code != source.Damaged {
			t.Fatalf("cut after %d of %d bytes: %v", n, len(in), err)
		}
		if bytes.HasSuffix(out.Bytes(), endMarker[:]) {
			t.Fatalf("cut after %d bytes: the results have an end", n)
		}
	}
	if err := Work(t.Context(), bytes.NewReader(append(bytes.Clone(in), 0)), io.Discard, testRun, &counting{}); err == nil || !strings.Contains(err.Error(), "after the end marker") {
		t.Errorf("bytes behind the end: %v", err)
	}
	broken := errors.New("the pipe broke")
	if err := Work(t.Context(), io.MultiReader(bytes.NewReader(in[:len(in)-8]), iotest.ErrReader(broken)), io.Discard, testRun, &counting{}); !errors.Is(err, broken) {
		t.Errorf("a pipe that broke: %v", err)
	}
}

// A worker that is stopped waits no longer for rows that nobody writes.
func TestAWorkerThatIsStoppedDoesNotWait(t *testing.T) {
	in := stream(t, InputSchema, opening(3, "A"))
	stop := errors.New("stop")
	ctx, cancel := context.WithCancelCause(t.Context())
	rows, writer := io.Pipe()
	defer writer.Close()
	ended := make(chan error, 1)
	go func() { ended <- Work(ctx, rows, io.Discard, testRun, &counting{}) }()
	if _, err := writer.Write(in[:len(in)-8]); err != nil {
		t.Fatal(err)
	}
	cancel(stop)
	select {
	case err := <-ended:
		if !errors.Is(err, stop) {
			t.Errorf("%v, want that it was stopped", err)
		}
	case <-time.After(time.Minute):
		t.Error("it waits still")
	}
}

func TestWhatAWorkerRefuses(t *testing.T) {
	rows := InputRows(temperatures("A", 3), 1)
	text := array.NewStringBuilder(memory.DefaultAllocator)
	text.AppendValues([]string{"temperature", "", "temperature"}, []bool{true, false, true})
	nulls := text.NewArray()
	text.AppendValues([]string{"A", "B", "A"}, nil)
	mixed := text.NewArray()
	text.AppendValues([]string{"rain", "rain", "rain"}, nil)
	rain := text.NewArray()
	integers := array.NewInt64Builder(memory.DefaultAllocator)
	integers.AppendValues([]int64{1, 3, 2}, nil)
	unsorted := integers.NewArray()
	integers.AppendValues([]int64{1, 2, 2}, nil)
	twice := integers.NewArray()
	integers.AppendValues([]int64{1, 0, 3}, []bool{true, false, true})
	noNumber := integers.NewArray()
	loose := func(fields []arrow.Field, m *arrow.Metadata) *arrow.Schema {
		fields = slices.Clone(fields)
		for i := range fields {
			fields[i].Nullable = true
		}
		return arrow.NewSchema(fields, m)
	}
	all := loose(InputSchema.Fields(), &metadata)
	future := arrow.NewMetadata([]string{versionKey}, []string{"99"})
	relaid := func(s *arrow.Schema, columns []arrow.Array) arrow.Record { return array.NewRecord(s, columns, 3) }
	null := func(name string) arrow.Record {
		f, _ := InputSchema.FieldsByName(name)
		return relaid(all, with(relaid(all, rows.Columns()), name, array.MakeArrayOfNull(memory.DefaultAllocator, f[0].Type, 3)).Columns())
	}
	local := loose(InputSchema.Fields(), &metadata).Fields()
	t0 := InputSchema.FieldIndices("t0")[0]
	local[t0].Type = &arrow.TimestampType{Unit: arrow.Microsecond}
	localSchema := arrow.NewSchema(local, &metadata)
	localTimes := slices.Clone(rows.Columns())
	d := localTimes[t0].Data()
	localTimes[t0] = array.MakeFromData(array.NewData(local[t0].Type, d.Len(), d.Buffers(), nil, d.NullN(), d.Offset()))
	for _, tt := range []struct {
		name string
		in   []byte
		code source.Code
		says string
	}{
		{"nothing", nil, Incomplete, "there is no Arrow stream"},
		{"text", []byte("area_id,t_c\nA,1\n"), Incomplete, "there is no Arrow stream"},
		{"no version", stream(t, loose(InputSchema.Fields(), nil), relaid(loose(InputSchema.Fields(), nil), rows.Columns())), Version, "has no hardship.partial_version"},
		{"another version", stream(t, loose(InputSchema.Fields(), &future), relaid(loose(InputSchema.Fields(), &future), rows.Columns())), Version, "of version 99, this program knows version " + SchemaVersion},
		{"a column lost", stream(t, loose(InputSchema.Fields()[1:], &metadata), relaid(loose(InputSchema.Fields()[1:], &metadata), rows.Columns()[1:])), Version, "0 columns are called kind"},
		{"times without a zone", stream(t, localSchema, relaid(localSchema, localTimes)), Version, "column t0 is timestamp"},
		{"an unknown kind", stream(t, InputSchema, with(rows, "kind", rain)), Version, `unknown kind "rain"`},
		{"a null kind", stream(t, all, relaid(all, with(rows, "kind", nulls).Columns())), NullKey, "has no kind"},
		{"a null area", stream(t, all, relaid(all, with(rows, "area_id", nulls).Columns())), NullKey, "has no area_id"},
		{"a null number", stream(t, all, relaid(all, with(rows, "row_no", noNumber).Columns())), NullKey, "has no row_no"},
		{"a null time", stream(t, all, null("t0")), NullKey, "a row of kind temperature has no t0"},
		{"a null source", stream(t, all, null("source_id")), NullKey, "has no source_id"},
		{"interleaved areas", stream(t, InputSchema, opening(1, "A"), with(rows, "area_id", mixed)), Unsorted, "area A comes again"},
		{"an area in two pieces", stream(t, InputSchema, opening(3, "A"), rows, opening(0, "B"), InputRows(temperatures("A", 1), 9)), Unsorted, "area A comes again"},
		{"rows out of order", stream(t, InputSchema, with(rows, "row_no", unsorted)), Unsorted, "temperature 2 of area A comes after temperature 3"},
		{"a row twice", stream(t, InputSchema, with(rows, "row_no", twice)), Unsorted, "each once"},
		{"kinds out of order", stream(t, InputSchema, rows, opening(0, "A")), Unsorted, "area 0 of area A comes after temperature 3"},
		{"an area opened twice", stream(t, InputSchema, opening(0, "A"), opening(1, "A")), Unsorted, "area 1 of area A comes after area 0"},
		{"an unknown area", stream(t, InputSchema, opening(0, "A", "nowhere")), source.UnknownArea, `area "nowhere"`},
		{"an area that nothing opens", stream(t, InputSchema, rows, opening(0, "B")), Incomplete, "no row opens area A"},
		{"a row lost", stream(t, InputSchema, opening(4, "A"), rows), Incomplete, "area A has 3 rows, not 4"},
		{"all rows lost", stream(t, InputSchema, opening(4, "A", "B")), Incomplete, "area A has 0 rows, not 4"},
		{"a row too many", stream(t, InputSchema, opening(2, "A"), rows, opening(0, "B")), Incomplete, "area A has 3 rows, not 2"},
	} {
		var out bytes.Buffer
		err := Work(t.Context(), bytes.NewReader(tt.in), &out, testRun, &counting{})
		var at *source.FileError
		if !errors.As(err, &at) || at.Code != tt.code || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want %s: %s", tt.name, err, tt.code, tt.says)
		}
		if bytes.HasSuffix(out.Bytes(), endMarker[:]) {
			t.Errorf("%s: the results have an end", tt.name)
		}
	}
}

// Rows are of another run as soon as anything is that all partials of theirs share.
func TestARunIsKnownByAllThatItsPartialsShare(t *testing.T) {
	header := func() Header {
		return Header{Program: "p", Config: "c", Inputs: "i", AsOf: 1, Areas: []area.ID{"A"}, Tables: map[string]Content{"strike": {1, "s"}}}
	}
	want := header().Run()
	for name, change := range map[string]func(*Header){
		"program": func(h *Header) { h.Program = "q" },
		"inputs":  func(h *Header) { h.Inputs = "j" },
		"as-of":   func(h *Header) { h.AsOf = 2 },
		"areas":   func(h *Header) { h.Areas = append(h.Areas, "B") },
		"tables":  func(h *Header) { h.Tables["strike"] = Content{1, "t"} },
	} {
		h := header()
		if change(&h); h.Run() == want {
			t.Errorf("the %s may be another", name)
		}
	}
	h := header()
	if h.Shard, h.Rows = (&Shard{1, 2}), (&Content{}); h.Run() != want {
		t.Error("a shard is a run of its own")
	}

	// Names of files need not be UTF-8, and partial.json is.
	h.Files = []File{{Path: "t\xe9mp.csv", Error: `\ufffd`}}
	encoded, err := json.Marshal(h)
	var read Header
	if err = errors.Join(err, json.Unmarshal(encoded, &read)); err != nil || read.Run() != h.Run() {
		t.Errorf("as it is written it is another run, %v", err)
	}
}

// Every area belongs to one shard of any number, and shards are about equal.
func TestShardsOwnEveryAreaOnce(t *testing.T) {
	for _, n := range []int{1, 2, 7, 64, MaxShards} {
		counts := map[int]int{}
		for i := range 1000 {
			id := area.ID(fmt.Sprint("US", i))
			owners := 0
			for s := range min(n, 64) {
				if (Shard{s, n}).Owns(id) {
					owners++
					counts[s]++
				}
			}
			if n <= 64 && owners != 1 {
				t.Fatalf("area %s has %d owners of %d", id, owners, n)
			}
		}
		for s, areas := range counts {
			if n <= 7 && (areas < 800/n || areas > 1200/n) {
				t.Errorf("shard %d of %d has %d of 1000 areas", s, n, areas)
			}
		}
	}
	for _, s := range []string{"", "1", "1/", "/1", "1/1", "-1/2", "0/0", "0/100001", "a/b", "1/2/3"} {
		if got, err := Parse(s); err == nil {
			t.Errorf("%q is shard %v", s, got)
		}
	}
	if s, err := Parse("6/7"); err != nil || s.String() != "6/7" {
		t.Errorf("6/7 is %v, %v", s, err)
	}
}
