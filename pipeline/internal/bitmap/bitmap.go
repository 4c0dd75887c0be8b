// Package bitmap reads the bitmaps by which columns say which of their rows have a
// value, the lowest bit of a byte first.
package bitmap

import "encoding/binary"

// Word returns the next n bits of a bitmap, at most 64, from the one at a place on.
// Those beyond n are 0.
func Word(bitmap []byte, at, n int) uint64 {
	shift := at & 7
	bitmap = bitmap[at>>3:]
	if n >= 64 && len(bitmap) > 8 {
		return binary.LittleEndian.Uint64(bitmap)>>shift | uint64(bitmap[8])<<(64-shift)
	}
	n = min(n, 64)
	var word [9]byte
	copy(word[:], bitmap[:(shift+n+7)>>3])
	return (binary.LittleEndian.Uint64(word[:])>>shift | uint64(word[8])<<(64-shift)) << (64 - n) >> (64 - n)
}
