package parquetfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go/format"
)

// damageableFiles returns small files with and without checksums.
func damageableFiles(t testing.TB) map[string][]byte {
	t.Helper()
	schema, record := smallTable(700)
	files := map[string][]byte{"ours": written(t, schema, inParts(record, 700), Options{RowGroupRows: 300})}
	for _, name := range []string{"pyarrow_zstd_v2", "pyarrow_delta_v1", "pyarrow_lz4_v2", "duckdb_v1", "polars", "pyarrow_decimal_v1", "pyarrow_decimal_split", "duckdb_decimal_v2"} {
		data, err := os.ReadFile(filepath.Join("testdata", name+".parquet"))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = data
	}
	return files
}

// damage returns a copy of a file with one fault.
func damage(random *rand.Rand, data []byte) []byte {
	data = bytes.Clone(data)
	at := random.IntN(len(data))
	switch random.IntN(5) {
	case 0:
		return data[:at]
	case 1:
		data[at] ^= 1 << random.IntN(8)
	case 2:
		clear(data[at:min(len(data), at+1+random.IntN(200))])
	case 3:
		for i := range data[at:min(len(data), at+8)] {
			data[at+i] = byte(random.Uint32())
		}
	case 4: // in the footer, which is small and says the most
		footer := int(binary.LittleEndian.Uint32(data[len(data)-8:]))
		data[len(data)-9-random.IntN(footer)] = byte(random.Uint32())
	}
	return data
}

func TestDamagedFilesNeitherCrashNorTakeMuch(t *testing.T) {
	for name, data := range damageableFiles(t) {
		random := rand.New(rand.NewPCG(3, 4))
		for i := range 1000 {
			damaged := damage(random, data)
			start := time.Now()
			var err error
			cost := allocated(func() { _, err = readBytes(damaged, Limits{}, i%2 == 0) })
			if cost > 256<<20 {
				t.Fatalf("%s, damage %d: %d bytes allocated, %v", name, i, cost, err)
			}
			if took := time.Since(start); took > 2*time.Minute { // hangs: without its limits it would take far longer; how fast it is depends on the machine
				t.Fatalf("%s, damage %d: took %s, %v", name, i, took, err)
			}
			var placed *Error
			if err != nil && (!errors.As(err, &placed) || placed.File == "") {
				t.Fatalf("%s, damage %d: error without a place: %v", name, i, err)
			}
		}
	}
}

func TestAFlippedBitOfAPageNeverGivesOtherValues(t *testing.T) {
	schema, record := smallTable(400)
	data := written(t, schema, inParts(record, 400), Options{RowGroupRows: 200})
	f, err := openBytes(data, "whole")
	if err != nil {
		t.Fatal(err)
	}
	inBody := make([]bool, len(data)) // the bytes that checksums cover
	pagesEnd := int64(0)
	for _, g := range f.rowGroups {
		for _, c := range g.chunks {
			pagesEnd = max(pagesEnd, c.end)
			pages := pageReader{reader: f.reader, limits: f.limits}
			for pages.open(c); ; {
				h, err := pages.header(512)
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				for range h.compressed {
					inBody[pages.pos] = true
					pages.pos++
				}
				if h.kind == format.DataPage {
					pages.left -= int64(h.values)
				}
			}
		}
	}
	columns := columnNames(f)
	random := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		at := 4 + random.IntN(int(pagesEnd)-4)
		bit := byte(1) << random.IntN(8)
		data[at] ^= bit
		f, err := openBytes(data, "flipped")
		if err != nil {
			t.Fatal(err) // the footer is whole
		}
		values, err := readAll(f, columns, ReadOptions{})
		if err == nil {
			if inBody[at] {
				t.Fatalf("bit %d of byte %d: not noticed", bit, at)
			}
			for c, column := range record.Columns() {
				if len(values[c]) != column.Len() {
					t.Fatalf("bit %d of byte %d: %d rows", bit, at, len(values[c]))
				}
				for row := range values[c] {
					if want := valueAt(column, row); !sameValue(values[c][row], want) {
						t.Fatalf("bit %d of byte %d: column %d, row %d is %v, was %v", bit, at, c, row, values[c][row], want)
					}
				}
			}
		} else if !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrLimit) && !errors.Is(err, ErrColumnType) {
			t.Fatalf("bit %d of byte %d: %v", bit, at, err)
		}
		data[at] ^= bit
	}
}

func FuzzOpen(f *testing.F) {
	for _, data := range damageableFiles(f) {
		f.Add(data)
	}
	f.Add(int64File(dataPage(0, 10, make([]byte, 80), nil)))
	limits := Limits{MaxRows: 1 << 20, MaxBytes: 64 << 20, MaxPageBytes: 4 << 20, MaxFooterBytes: 1 << 20}
	f.Fuzz(func(t *testing.T, data []byte) {
		plain, err := readBytes(data, limits, false)
		coded, codedErr := readBytes(data, limits, true)
		if err == nil && codedErr == nil && plain != coded {
			t.Errorf("%d rows as strings, %d as codes", plain, coded)
		}
	})
}
