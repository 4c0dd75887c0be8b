// Package bitmap reads the bitmaps by which columns say which of their rows have a
// value, the lowest bit of a byte first.
package bitmap

import (
	"encoding/binary"
	"iter"
	"math/bits"
)

// Word returns the next n bits of a bitmap, at most 64, from the one at a place on.
// Those beyond n are 0.
func Word(bitmap []byte, at, n int) uint64 {
	shift, beyond := at&7, 64-min(n, 64)
	bitmap = bitmap[at>>3:]
	if len(bitmap) <= 8 { // a word ends before it, and a bit of one more byte
		var last [9]byte
		copy(last[:], bitmap[:(shift+64-beyond+7)>>3])
		bitmap = last[:]
	}
	return (binary.LittleEndian.Uint64(bitmap)>>shift | uint64(bitmap[8])<<(64-shift)) << beyond >> beyond
}

// Runs yields the runs of rows that have a value, from and to, among n whose bits
// begin at first; a bitmap of nil says that all have one.
func Runs(bitmap []byte, first, n int) iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		if bitmap == nil {
			if n > 0 {
				yield(0, n)
			}
			return
		}
		for row := 0; row < n; {
			present := Word(bitmap, first+row, n-row)
			if present == 0 {
				row += 64
				continue
			}
			row += bits.TrailingZeros64(present)
			from := row
			for run := 64; run == 64 && row < n; row += run {
				run = bits.TrailingZeros64(^Word(bitmap, first+row, n-row))
			}
			if !yield(from, row) {
				return
			}
		}
	}
}
