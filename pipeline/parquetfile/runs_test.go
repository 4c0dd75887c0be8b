package parquetfile

import (
	"bytes"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go/encoding/rle"
	"pgregory.net/rapid"
)

// drawRuns draws values of width bits in runs and without.
func drawRuns(t *rapid.T, width int) []int32 {
	var values []int32
	for range rapid.IntRange(1, 8).Draw(t, "parts") {
		part := rapid.SliceOfN(rapid.Int32Range(0, int32(min(1<<width-1, 1<<31-1))), 1, 30).Draw(t, "part")
		values = append(values, part...)
		values = append(values, slices.Repeat(part[:1], rapid.IntRange(0, 200).Draw(t, "run"))...)
	}
	return values
}

// What appendRuns writes, this package and another read.
func TestRunsAreReadAsTheyWereWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(1, 32).Draw(t, "width")
		values := drawRuns(t, width)
		encoded := appendRuns([]byte("before"), values, width)[len("before"):]
		own := make([]uint32, len(values))
		if err := decodeRuns(own, encoded, width); err != nil {
			t.Fatal(err)
		}
		peer, err := (&rle.Encoding{BitWidth: width}).DecodeInt32(nil, encoded)
		if err != nil {
			t.Fatal(err)
		}
		if len(peer) < len(values) || len(peer) > len(values)+7 {
			t.Fatalf("another read %d values, want %d", len(peer), len(values))
		}
		for i, want := range values {
			if int32(own[i]) != want || peer[i] != want {
				t.Fatalf("value %d of %d bits: %d and %d, want %d", i, width, own[i], peer[i], want)
			}
		}
		if packed := (len(values)+7)/8*width + 8; len(encoded) > packed { // and the heads
			t.Fatalf("%d bytes for %d values of %d bits", len(encoded), len(values), width)
		}
	})
}

// Bits that come in parts, from anywhere in a bitmap, are those of the page, and are
// written as values of one bit.
func TestPageBits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := drawRuns(t, 1)
		var page pageBits
		for at := 0; at < len(values); {
			part := values[at:min(len(values), at+rapid.IntRange(1, 300).Draw(t, "rows"))]
			first := rapid.IntRange(0, 20).Draw(t, "first")
			set := bytes.Repeat([]byte{0xff}, (first+len(part)+7)/8+rapid.IntRange(0, 9).Draw(t, "beyond"))
			for i, v := range part {
				set[(first+i)>>3] &^= byte(1-v) << ((first + i) & 7)
			}
			if !slices.Contains(part, 0) {
				set = nil
			}
			page.add(at, set, first, len(part))
			at += len(part)
		}
		for i, want := range values {
			if got := page.word(i) & 1; got != uint64(want) {
				t.Fatalf("row %d: %d, want %d", i, got, want)
			}
			run := 1
			for i+run < len(values) && values[i+run] == want {
				run++
			}
			if got := page.run(i, len(values)); got != run {
				t.Fatalf("run of %d from row %d, want %d", got, i, run)
			}
		}
		if got, want := page.appendTo(nil, len(values)), appendRuns(nil, values, 1); !bytes.Equal(got, want) {
			t.Fatalf("%x, want %x", got, want)
		}
	})
}
