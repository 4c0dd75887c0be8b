package parquetfile

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/parquet-go/parquet-go"
)

const benchRows = 5_000_000

var benchSchema = arrow.NewSchema([]arrow.Field{
	{Name: "area_id", Type: arrow.BinaryTypes.String},
	{Name: "time_utc", Type: timestampUTC},
	{Name: "temp_c", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
}, nil)

// benchRecords yields hourly temperatures of 1,000 areas, one in 50 unknown.
func benchRecords(rows int) iter.Seq2[arrow.Record, error] {
	return func(yield func(arrow.Record, error) bool) {
		random := rand.New(rand.NewPCG(1, 2))
		b := array.NewRecordBuilder(memory.DefaultAllocator, benchSchema)
		defer b.Release()
		for i := 0; i < rows; {
			for n := min(rows, i+100_000); i < n; i++ {
				b.Field(0).(*array.StringBuilder).Append(fmt.Sprintf("UA%04d", i/5000%1000))
				b.Field(1).(*array.TimestampBuilder).Append(arrow.Timestamp(1_667_260_800_000_000 + int64(i%5000)*3_600_000_000))
				if random.IntN(50) == 0 {
					b.Field(2).AppendNull()
				} else {
					b.Field(2).(*array.Float64Builder).Append(float64(random.IntN(300)-200) / 10)
				}
			}
			record := b.NewRecord()
			more := yield(record, nil)
			record.Release()
			if !more {
				return
			}
		}
	}
}

func benchFile(b *testing.B) []byte {
	b.Helper()
	var out bytes.Buffer
	if err := Write(&out, benchSchema, benchRecords(benchRows), Options{}); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

func BenchmarkRead(b *testing.B) {
	data := benchFile(b)
	for _, dictionary := range []bool{true, false} {
		b.Run(fmt.Sprintf("dictionary=%v", dictionary), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				f, err := openBytes(data, "bench")
				if err != nil {
					b.Fatal(err)
				}
				rows := 0
				for record, err := range f.Batches([]string{"area_id", "time_utc", "temp_c"}, ReadOptions{DictionaryStrings: dictionary}) {
					if err != nil {
						b.Fatal(err)
					}
					rows += int(record.NumRows())
				}
				if rows != benchRows {
					b.Fatal(rows)
				}
			}
			b.ReportMetric(benchRows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// BenchmarkGuard is the part of BenchmarkRead that comes before the first page.
func BenchmarkGuard(b *testing.B) {
	data := benchFile(b)
	for b.Loop() {
		f, err := openBytes(data, "bench")
		if err != nil {
			b.Fatal(err)
		}
		if _, err := f.newBatchReader([]string{"area_id", "time_utc", "temp_c"}, allRowGroups(f), ReadOptions{DictionaryStrings: true}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkParquetGoPages is the peer: parquet-go's pages, decoded and not
// turned into arrays, without the guard.
func BenchmarkParquetGoPages(b *testing.B) {
	data := benchFile(b)
	b.ReportAllocs()
	for b.Loop() {
		f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)), parquet.SkipPageIndex(true),
			parquet.SkipBloomFilters(true), parquet.ReadBufferSize(1<<20))
		if err != nil {
			b.Fatal(err)
		}
		rows := int64(0)
		for _, group := range f.RowGroups() {
			for _, chunk := range group.ColumnChunks() {
				pages := chunk.Pages()
				for {
					page, err := pages.ReadPage()
					if err == io.EOF {
						break
					}
					if err != nil {
						b.Fatal(err)
					}
					values := page.Data()
					rows += page.NumValues()
					_ = values
					_ = page.DefinitionLevels()
					parquet.Release(page)
				}
				pages.Close()
			}
		}
		if rows != 3*benchRows {
			b.Fatal(rows)
		}
	}
	b.ReportMetric(benchRows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkWrite(b *testing.B) {
	const rows = 1_000_000
	var records []arrow.Record
	for record := range benchRecords(rows) {
		record.Retain()
		records = append(records, record)
	}
	again := func(yield func(arrow.Record, error) bool) {
		for _, record := range records {
			if !yield(record, nil) {
				return
			}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := Write(io.Discard, benchSchema, again, Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
