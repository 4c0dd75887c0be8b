package parquetfile

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/encoding"
	"pgregory.net/rapid"
)

// libraryFile writes one column with parquet-go and returns the file and its
// values. Runs, repeats and nulls alternate.
func libraryFile(t *testing.T, node parquet.Node, optional bool, options ...parquet.WriterOption) ([]byte, []any) {
	t.Helper()
	kind := node.Type().Kind()
	if optional {
		node = parquet.Optional(node)
	}
	var out bytes.Buffer
	w := parquet.NewWriter(&out, append(options, parquet.NewSchema("schema", parquet.Group{"x": node}), parquet.PageBufferSize(2000))...)
	random := rand.New(rand.NewPCG(7, 7))
	var want []any
	var values []parquet.Value
	for i := range 3000 {
		k := int64(random.IntN(1 + i%200))
		if i/500%2 == 0 {
			k = int64(i/100) << (i / 100) // runs
		}
		var v parquet.Value
		var expected any = k
		switch kind {
		case parquet.Boolean:
			v, expected = parquet.BooleanValue(k%3 == 1), k%3 == 1
		case parquet.Int32:
			v, expected = parquet.Int32Value(int32(k)), int64(int32(k))
		case parquet.Int64:
			v = parquet.Int64Value(k)
		case parquet.Float:
			v, expected = parquet.FloatValue(float32(k)/2), float64(float32(k)/2)
		case parquet.Double:
			v, expected = parquet.DoubleValue(float64(k)/2), float64(k)/2
		case parquet.ByteArray:
			s := fmt.Sprintf("value %d", k)
			v, expected = parquet.ByteArrayValue([]byte(s)), s
		}
		switch {
		case optional && (i%7 == 3 || i/50%10 == 0):
			v, expected = parquet.NullValue(), nil
		case optional:
			v = v.Level(0, 1, 0)
		}
		values, want = append(values, v), append(want, expected)
	}
	column := w.ColumnWriters()[0]
	for i := 0; i < len(values); i += 50 {
		if _, err := column.WriteRowValues(values[i : i+50]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), want
}

func TestEveryEncodingAndCodecReadsRight(t *testing.T) {
	integers := []encoding.Encoding{&parquet.Plain, &parquet.RLEDictionary, &parquet.DeltaBinaryPacked, &parquet.ByteStreamSplit}
	floats := []encoding.Encoding{&parquet.Plain, &parquet.RLEDictionary, &parquet.ByteStreamSplit}
	codecs := []compress.Codec{&parquet.Uncompressed, &parquet.Snappy, &parquet.Gzip, &parquet.Brotli, &parquet.Zstd, &parquet.Lz4Raw}
	for _, tt := range []struct {
		node      parquet.Node
		encodings []encoding.Encoding
	}{
		// A run of true is 255 with parquet-go, against the specification; the
		// samples have truth values in runs that are right.
		{parquet.Leaf(parquet.BooleanType), []encoding.Encoding{&parquet.Plain}},
		{parquet.Int(32), integers},
		{parquet.Int(64), integers},
		{parquet.Leaf(parquet.FloatType), floats},
		{parquet.Leaf(parquet.DoubleType), floats},
		{parquet.String(), []encoding.Encoding{&parquet.Plain, &parquet.RLEDictionary, &parquet.DeltaLengthByteArray, &parquet.DeltaByteArray}},
	} {
		for i, enc := range tt.encodings {
			for version := 1; version <= 2; version++ {
				for _, optional := range []bool{false, true} {
					for c, codec := range codecs {
						if c != 0 && c%len(tt.encodings) != i {
							continue // each codec with one encoding, and each encoding without codec
						}
						name := fmt.Sprintf("%s %s %s v%d optional=%v", tt.node.Type(), enc, codec, version, optional)
						t.Run(name, func(t *testing.T) {
							data, want := libraryFile(t, parquet.Encoded(tt.node, enc), optional,
								parquet.Compression(codec), parquet.DataPageVersion(version))
							f, err := openBytes(data, name)
							if err != nil {
								t.Fatal(err)
							}
							values, err := readAll(f, []string{"x"}, codedOptions(f, version == 2))
							if err != nil {
								t.Fatal(err)
							}
							if len(values[0]) != len(want) {
								t.Fatalf("%d rows, want %d", len(values[0]), len(want))
							}
							for i := range want {
								if values[0][i] != want[i] {
									t.Fatalf("row %d: %v, want %v", i, values[0][i], want[i])
								}
							}
						})
					}
				}
			}
		}
	}
}

func TestUnpackTakesTheRightBits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(0, 64).Draw(t, "width")
		n := rapid.IntRange(0, 70).Draw(t, "values")
		src := rapid.SliceOfN(rapid.Byte(), (n*width+7)/8, (n*width+7)/8+9).Draw(t, "bytes")
		got := make([]uint64, n)
		unpack(got, src, width)
		for i, v := range got {
			want := uint64(0)
			for b := range width {
				bit := i*width + b
				want |= uint64(src[bit/8]>>(bit%8)&1) << b
			}
			if v != want {
				t.Fatalf("value %d of %d bits: %x, want %x", i, width, v, want)
			}
		}
	})
}

// drawLevels draws levels that come in runs.
func drawLevels(t *rapid.T, name string) []byte {
	var levels []byte
	for _, run := range rapid.SliceOfN(rapid.IntRange(0, 200), 0, 8).Draw(t, name) {
		levels = append(levels, bytes.Repeat([]byte{byte(run & 1)}, run>>1)...)
	}
	return levels
}

func TestBitmapsHoldOneBitARow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := validityBuilder{}
		var levels []byte
		var parts [][]byte
		for i := range rapid.IntRange(0, 6).Draw(t, "parts") {
			parts = append(parts, drawLevels(t, fmt.Sprintf("part %d", i)))
			v.rows += len(parts[i])
		}
		for _, part := range parts {
			first := rapid.IntRange(0, len(part)).Draw(t, "first")
			if present := bytes.Count(part[first:], []byte{1}); first+present == len(part) {
				v.append(nil, first, present, present)
			} else {
				v.append(packBits(part), first, len(part)-first, present)
			}
			levels = append(levels, part[first:]...)
		}
		if nulls := bytes.Count(levels, []byte{0}); v.nulls != nulls || (v.bitmap == nil) != (nulls == 0) {
			t.Fatalf("%d nulls, want %d", v.nulls, nulls)
		}
		for i, level := range levels {
			if v.bitmap != nil && v.bitmap[i/8]>>(i%8)&1 != level {
				t.Fatalf("row %d of %v", i, levels)
			}
		}
	})
}

// Levels are read as any values of one bit, to the error.
func TestLevelsAreRunsOfOneBit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		levels := drawLevels(t, "levels")
		values := make([]int32, len(levels))
		for i, level := range levels {
			values[i] = int32(level)
		}
		encoded := appendRuns(nil, values, 1)
		for i := range rapid.IntRange(0, 2).Draw(t, "damages") {
			if len(encoded) > 0 {
				encoded[rapid.IntRange(0, len(encoded)-1).Draw(t, fmt.Sprintf("place %d", i))] = rapid.Byte().Draw(t, "byte")
			}
		}
		encoded = encoded[:rapid.IntRange(0, len(encoded)).Draw(t, "bytes")]
		want := make([]uint8, len(levels)+rapid.IntRange(0, 9).Draw(t, "more"))
		wantErr := decodeRuns(want, encoded, 1)
		got := make([]byte, (len(want)+7)/8)
		ones, err := decodeLevels(got, len(want), encoded)
		if fmt.Sprint(err) != fmt.Sprint(wantErr) {
			t.Fatalf("%v, want %v", err, wantErr)
		}
		if err == nil && (ones != bytes.Count(want, []byte{1}) || !bytes.Equal(got, packBits(want))) {
			t.Fatalf("%d ones of %v", ones, want)
		}
	})
}

func TestAllBelow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.Uint32Range(0, 9), rapid.Uint32Range(0, 1<<31-1)).Draw(t, "n")
		near := rapid.Uint32Range(max(n, 3)-3, n+1)
		indexes := rapid.SliceOfN(rapid.OneOf(rapid.Uint32Range(0, max(n, 1)-1), near, rapid.Uint32()), 0, 9).Draw(t, "indexes")
		want := !slices.ContainsFunc(indexes, func(index uint32) bool { return index >= n })
		if got := allBelow(indexes, n); got != want {
			t.Fatalf("%v below %d: %v", indexes, n, got)
		}
	})
}

func BenchmarkUnpack(b *testing.B) {
	src, dst := make([]byte, 32<<10), make([]uint32, 16<<10)
	for _, width := range []int{1, 5, 8, 10, 16} {
		b.Run(fmt.Sprint(width), func(b *testing.B) {
			for b.Loop() {
				unpack(dst, src, width)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(dst)), "ns/value")
		})
	}
}
