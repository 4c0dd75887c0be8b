package normalize

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"hardship/pipeline/source"
	"hardship/pipeline/table"
)

func gzipped(t *testing.T, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func zstandard(t *testing.T, text string) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll([]byte(text), nil)
}

func TestTextIsUnpackedByItsFirstBytes(t *testing.T) {
	const text = "area_id,time_utc\nA,2026-01-15T04:00Z\n"
	for name, packed := range map[string][]byte{"plain": []byte(text), "gzip": gzipped(t, text), "zstd": zstandard(t, text), "two gzip members": append(gzipped(t, text[:20]), gzipped(t, text[20:])...), "two zstd frames": append(zstandard(t, text[:20]), zstandard(t, text[20:])...)} {
		r, err := File{Name: "f", Content: bytes.NewReader(packed), Size: int64(len(packed))}.Reader()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != text {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// Each limit can be set, and the error of what lies beyond names it.
func TestLimitsAreSettableAndNamed(t *testing.T) {
	csv := func(text string) []byte { return []byte("area_id,time_utc\n" + text) }
	rows := strings.Repeat("A,2026-01-15T04:00Z\n", 200_000) // 4 MB that pack well
	var varied strings.Builder                               // more than is free, of which a tenth remains
	for i := range 2_500_000 {
		fmt.Fprintf(&varied, "%07d", i*7919%10_000_019)
		if i%100 == 99 {
			varied.WriteString(",2026-01-15T04:00Z\n")
		}
	}
	parquet := seeds(t)["parquet"][0]
	for _, tt := range []struct {
		name, format string
		limits       source.Limits
		data         []byte
		want         string
	}{
		{"a gzip bomb", "csv", source.Limits{UnpackedBytes: 1 << 20}, gzipped(t, string(csv(rows))), "limits.unpack_ratio, limits.unpacked_bytes) [H0104]"},
		{"a zstd bomb", "csv", source.Limits{UnpackedBytes: 1 << 20}, zstandard(t, string(csv(rows))), "limits.unpack_ratio, limits.unpacked_bytes) [H0104]"},
		{"a row", "csv", source.Limits{RowBytes: 100}, csv("A," + strings.Repeat("x", 100) + "\n"), "a row is longer than 100 bytes: is a quote left open? (limits.row_bytes) [H0104]"},
		{"columns", "csv", source.Limits{Columns: 1}, csv(""), "2 columns, at most 1 are read (limits.columns) [H0104]"},
		{"a line of JSON lines", "jsonl", source.Limits{RowBytes: 10}, []byte(`{"area_id": "A"}`), "line 1 is longer than 10 bytes (limits.row_bytes) [H0104]"},
		{"a JSON document", "power_log", source.Limits{DocumentBytes: 10}, []byte(`[1, 2, 3, 4, 5]`), "is larger than 10 bytes (limits.document_bytes) [H0104]"},
		{"the ratio of what is unpacked", "csv", source.Limits{UnpackRatio: 1}, gzipped(t, string(csv(varied.String()))), "unpacks to more than 1 times its size, or 68719476736 bytes (limits.unpack_ratio, limits.unpacked_bytes) [H0104]"},
		{"JSON within JSON", "power_log", source.Limits{Depth: 2}, []byte(`[[[1]]]`), "is nested deeper than 2 (limits.depth) [H0104]"},
		{"values of a JSON document", "power_log", source.Limits{Values: 4}, []byte(`[1, 2, 3, 4, 5]`), "(limits.values) [H0104]"},
		{"a page of Parquet", "parquet", source.Limits{ParquetPageBytes: 10}, parquet, "(limits.parquet_page_bytes) [H0104]"},
		{"rows of Parquet", "parquet", source.Limits{ParquetRows: 10}, parquet, "more than 10 rows (limits.parquet_rows) [H0104]"},
		{"bytes of Parquet", "parquet", source.Limits{ParquetBytes: 10}, parquet, "(limits.parquet_bytes) [H0104]"},
	} {
		s := &Sink{Source: &Source{Name: "s", Table: table.Temperature, AreasFromData: true, Place: "UA80", Options: map[string]string{}}, Gazetteer: fewAreas(t), Emit: func(*table.Table) error { return nil }}
		if tt.format == "power_log" {
			s.Source.Options["group"] = "q"
			s.Source.Table = table.SupplyInterval
		}
		err := Read(s, tt.format, File{Name: "f", Content: bytes.NewReader(tt.data), Size: int64(len(tt.data)), Limits: tt.limits})
		if err == nil && len(s.Rejected) > 0 { // it has a place in the file
			err = s.Rejected[0]
		}
		if !strings.HasSuffix(fmt.Sprint(err), tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
		if err := Read(s, tt.format, File{Name: "f", Content: bytes.NewReader(tt.data), Size: int64(len(tt.data))}); strings.Contains(fmt.Sprint(err), "H0104") {
			t.Errorf("%s: refused by default: %v", tt.name, err)
		}
	}
}

// A packed file may ask the reader to keep only so much of what it has unpacked.
func TestAZstdWindowIsBounded(t *testing.T) {
	const header, row = "area_id,time_utc\n", "A,2026-01-15T04:00Z\n"
	frame := func(windowLog int) []byte {
		text := header + row
		b := []byte{0x28, 0xb5, 0x2f, 0xfd, 0, byte(windowLog-10) << 3}
		block := 1 | len(text)<<3 // the last, as it is
		return append(append(b, byte(block), byte(block>>8), byte(block>>16)), text...)
	}
	for windowLog, fits := range map[int]bool{10: true, 26: true, 27: false, 41: false} {
		data := frame(windowLog)
		s := &Sink{Source: &Source{Name: "s", Table: table.Temperature, AreasFromData: true}, Emit: func(*table.Table) error { return nil }}
		err := Read(s, "csv", File{Name: "f", Content: bytes.NewReader(data), Size: int64(len(data))})
		if fits && (err != nil || s.Counts.Kept != 1) {
			t.Errorf("a window of 2^%d bytes: %+v, %v", windowLog, s.Counts, err)
		}
		if !fits && (err == nil || !coded(err)) {
			t.Errorf("a window of 2^%d bytes is read: %v", windowLog, err)
		}
	}
}
