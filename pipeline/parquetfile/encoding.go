package parquetfile

import (
	"encoding/binary"
	"unsafe"
)

// Encodings of values, after https://github.com/apache/parquet-format/blob/master/Encodings.md.
// All functions fill a slice whose length is known beforehand, so the counts
// found in the data cannot ask for memory.

// bytesOf returns the memory of s. Parquet and Arrow are little-endian, as are
// the machines that Go and Arrow share.
func bytesOf[T any](s []T) []byte {
	var zero T
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(zero)))
}

// cutPrefixed splits off a part that begins with its length in four bytes.
func cutPrefixed(data []byte) (part, rest []byte, err error) {
	if len(data) < 4 {
		return nil, nil, damaged("page ends within a length")
	}
	n, data := binary.LittleEndian.Uint32(data), data[4:]
	if uint64(n) > uint64(len(data)) {
		return nil, nil, damaged("part of %d bytes in a page with %d left", n, len(data))
	}
	return data[:n], data[n:], nil
}

// allOnes reports whether n levels are one run of ones: the common case of an
// optional column without nulls.
func allOnes(data []byte, n int) bool {
	head, k := binary.Uvarint(data)
	return k > 0 && head&1 == 0 && head>>1 >= uint64(n) && len(data) > k && data[k] == 1
}

// decodeRuns fills dst with values of width bits from runs and bit-packed
// groups of eight. The last group may hold more values than are wanted.
func decodeRuns[T uint8 | uint32](dst []T, src []byte, width int) error {
	for len(dst) > 0 {
		head, k := binary.Uvarint(src)
		if k <= 0 {
			return damaged("page lacks %d values", len(dst))
		}
		src = src[k:]
		if head&1 == 0 {
			size := (width + 7) / 8
			if size > len(src) {
				return damaged("page ends within a run")
			}
			value := uint32(0)
			for i, b := range src[:size] {
				value |= uint32(b) << (8 * i)
			}
			if width < 32 && value>>width != 0 {
				return damaged("run of %d in %d bits", value, width)
			}
			src = src[size:]
			n := int(min(head>>1, uint64(len(dst))))
			for i := range dst[:n] {
				dst[i] = T(value)
			}
			dst = dst[n:]
			continue
		}
		n := len(dst)
		if groups := head >> 1; groups < uint64(n+7)/8 {
			n = int(groups) * 8
		}
		if (n*width+7)/8 > len(src) {
			return damaged("page ends within bit-packed values")
		}
		unpack(dst[:n], src, width)
		dst = dst[n:]
		if len(dst) > 0 {
			src = src[n/8*width:]
		}
	}
	return nil
}

// decodeLevels sets those of n bits of dst, all of them 0, that runs and bit-packed
// groups have set, and returns how many these are.
func decodeLevels(dst []byte, n int, src []byte) (ones int, err error) {
	for at := 0; at < n; {
		head, k := binary.Uvarint(src)
		if k <= 0 {
			return 0, damaged("page lacks %d values", n-at)
		}
		src = src[k:]
		if head&1 == 0 {
			if len(src) == 0 {
				return 0, damaged("page ends within a run")
			}
			if src[0] > 1 {
				return 0, damaged("run of %d in 1 bits", src[0])
			}
			run := int(min(head>>1, uint64(n-at)))
			if src[0] == 1 {
				setBits(dst, at, run)
				ones += run
			}
			src = src[1:]
			at += run
			continue
		}
		packed := n - at
		if groups := head >> 1; groups < uint64(packed+7)/8 {
			packed = int(groups) * 8
		}
		if (packed+7)/8 > len(src) {
			return 0, damaged("page ends within bit-packed values")
		}
		ones += orBits(dst, at, src, 0, packed)
		at += packed
		src = src[packed/8:]
	}
	return ones, nil
}

// unpack fills dst with integers of width bits, least significant first. src
// holds all of them.
func unpack[T uint8 | uint32 | uint64](dst []T, src []byte, width int) {
	if width == 0 {
		clear(dst)
		return
	}
	mask := uint64(1)<<width - 1 // of 64 bits, all ones: 1<<64 is 0
	i := 0
	if width <= 16 {
		i = unpackEights(dst, src, uint(width))
	}
	bit := i * width
	if width <= 56 { // with the offset in its first byte, a value is within 8 bytes
		for ; i < len(dst) && bit>>3+8 <= len(src); i++ {
			dst[i] = T(binary.LittleEndian.Uint64(src[bit>>3:]) >> (bit & 7) & mask)
			bit += width
		}
	}
	for ; i < len(dst); i++ {
		var buffer [16]byte
		copy(buffer[:], src[bit>>3:])
		low, high := binary.LittleEndian.Uint64(buffer[:]), binary.LittleEndian.Uint64(buffer[8:])
		dst[i] = T((low>>(bit&7) | high<<(64-bit&7)) & mask)
		bit += width
	}
}

// unpackEights unpacks as many groups of eight integers of up to 16 bits as dst has
// room for, and returns how many integers they are. Four of them are in eight bytes,
// which may end in the middle of one.
func unpackEights[T uint8 | uint32 | uint64](dst []T, src []byte, width uint) int {
	mask := uint64(1)<<(width&63) - 1
	n := 0
	for ; len(dst)-n >= 8 && len(src) >= 16; n += 8 {
		group, low, high := dst[n:n+8:n+8], binary.LittleEndian.Uint64(src), binary.LittleEndian.Uint64(src[width/2:])>>(width&1*4)
		group[0], group[4] = T(low&mask), T(high&mask)
		low, high = low>>(width&63), high>>(width&63)
		group[1], group[5] = T(low&mask), T(high&mask)
		low, high = low>>(width&63), high>>(width&63)
		group[2], group[6] = T(low&mask), T(high&mask)
		low, high = low>>(width&63), high>>(width&63)
		group[3], group[7] = T(low&mask), T(high&mask)
		src = src[width:]
	}
	return n
}

// decodeDelta fills dst from DELTA_BINARY_PACKED data, in which each value is
// the one before plus a difference, and returns what follows.
func decodeDelta(dst []int64, src []byte) (rest []byte, err error) {
	r := thriftReader{data: src} // for its variable-length integers
	blockSize, err1 := r.uvarint()
	miniBlocks, err2 := r.uvarint()
	total, err3 := r.uvarint()
	value, err4 := r.integer()
	if err1 != nil || err2 != nil || err3 != nil || err4 != nil {
		return nil, damaged("page ends within the head of delta values")
	}
	if total != uint64(len(dst)) {
		return nil, damaged("page has %d delta values, expected are %d", total, len(dst))
	}
	if blockSize == 0 || blockSize%128 != 0 || blockSize > 1<<20 || miniBlocks == 0 ||
		blockSize%miniBlocks != 0 || blockSize/miniBlocks%32 != 0 {
		return nil, damaged("delta values in %d blocks of %d", miniBlocks, blockSize)
	}
	if len(dst) == 0 {
		return src[r.pos:], nil
	}
	dst[0] = value
	dst = dst[1:]
	size := int(blockSize / miniBlocks)
	for len(dst) > 0 {
		least, err := r.integer()
		widths := r.pos
		if err != nil || r.advance(int(miniBlocks)) != nil {
			return nil, damaged("page lacks %d delta values", len(dst))
		}
		for _, w := range src[widths : widths+int(miniBlocks)] {
			if len(dst) == 0 {
				break // the widths of blocks that are not there
			}
			width, n := int(w), min(size, len(dst))
			if width > 64 || (n*width+7)/8 > r.left() {
				return nil, damaged("page ends within delta values of %d bits", width)
			}
			unpack(unsignedOf(dst[:n]), src[r.pos:], width)
			for i, difference := range dst[:n] {
				value += least + difference
				dst[i] = value
			}
			dst = dst[n:]
			r.pos += min(size*width/8, r.left())
		}
	}
	return src[r.pos:], nil
}

func unsignedOf(s []int64) []uint64 {
	return unsafe.Slice((*uint64)(unsafe.Pointer(unsafe.SliceData(s))), len(s))
}

// decodeStreamSplit fills dst, n values of size bytes, from src: the first
// bytes of all values, then their second bytes, and so on.
func decodeStreamSplit(dst, src []byte, size int) error {
	if len(dst) != len(src) {
		return damaged("page of %d bytes, expected are %d", len(src), len(dst))
	}
	n := len(dst) / size
	for i := range size {
		stream := src[i*n : (i+1)*n]
		for j, b := range stream {
			dst[j*size+i] = b
		}
	}
	return nil
}

// decodeBits fills dst with 0 and 1.
func decodeBits(dst []uint8, src []byte) error {
	if len(src) != (len(dst)+7)/8 {
		return damaged("page of %d bytes for %d truth values", len(src), len(dst))
	}
	unpack(dst, src, 1)
	return nil
}
