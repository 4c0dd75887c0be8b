package parquetfile

import (
	"encoding/binary"
	"math/bits"

	"hardship/pipeline/internal/bitmap"
)

// pageBits are a bit for each row of a page: its levels, or its truth values. Those
// of rows that have not come are 0.
type pageBits [pageRows/64 + 1]uint64

// add sets those of n rows from at on that a bitmap has set, from bit first on; nil
// has set all.
func (b *pageBits) add(at int, set []byte, first, n int) {
	for i := 0; i < n; i += 64 {
		word := ^uint64(0) << max(0, 64-(n-i)) >> max(0, 64-(n-i))
		if set != nil {
			word = bitmap.Word(set, first+i, n-i)
		}
		place, shift := (at+i)>>6, (at+i)&63
		b[place] |= word << shift
		if rest := word >> (64 - shift); rest != 0 {
			b[place+1] |= rest
		}
	}
}

// word returns the 64 bits from a row on.
func (b *pageBits) word(at int) uint64 {
	place, shift := at>>6, at&63
	word := b[place] >> shift
	if shift > 0 {
		word |= b[place+1] << (64 - shift)
	}
	return word
}

// run returns how many of the bits of rows from at and to−1 are equal to the first.
func (b *pageBits) run(at, to int) int {
	flip := -(b.word(at) & 1) // all ones to look for the first 0
	n := 0
	for at+n < to {
		equal := bits.TrailingZeros64(b.word(at+n) ^ flip)
		if n += equal; equal < 64 {
			break
		}
	}
	return min(n, to-at)
}

// Runs of values are shorter than the same values packed from this many bits on,
// with the heads of both, and that of packed values which go on behind them.
const leastRunBits = 40

// appendRuns appends values of width bits as runs and groups of eight packed ones,
// which decodeRuns reads.
func appendRuns(to []byte, values []int32, width int) []byte {
	least := max(8, (leastRunBits+width-1)/width)
	for len(values) > 0 {
		run := 1
		for run < len(values) && values[run] == values[0] {
			run++
		}
		if run == len(values) || run >= least {
			to = binary.AppendUvarint(to, uint64(run)<<1)
			for shift := 0; shift < width; shift += 8 {
				to = append(to, byte(values[0]>>shift))
			}
			values = values[run:]
			continue
		}
		n := 8
		for n < len(values) && !startsRun(values[n:], least) {
			n += 8
		}
		to = binary.AppendUvarint(to, uint64(n/8)<<1|1)
		to = appendPacked(to, values[:min(n, len(values))], width)
		values = values[min(n, len(values)):]
	}
	return to
}

func startsRun(values []int32, least int) bool {
	if len(values) < least {
		return false
	}
	for _, v := range values[1:least] {
		if v != values[0] {
			return false
		}
	}
	return true
}

// appendPacked appends values of width bits, least significant first, in whole
// groups of eight.
func appendPacked(to []byte, values []int32, width int) []byte {
	end := len(to) + (len(values)+7)/8*width
	for four := 4 * width; four <= 64 && len(values) >= 8; values = values[8:] {
		low, high := packedFour(values, width), packedFour(values[4:], width)
		next := len(to) + width
		to = binary.LittleEndian.AppendUint64(to, low|high<<four)
		to = binary.LittleEndian.AppendUint64(to, high>>(64-four))[:next]
	}
	held, n := uint64(0), 0
	for _, v := range values {
		held |= uint64(uint32(v)) << n
		if n += width; n >= 32 {
			to = binary.LittleEndian.AppendUint32(to, uint32(held))
			held >>= 32
			n -= 32
		}
	}
	for ; n > 0; n -= 8 {
		to = append(to, byte(held))
		held >>= 8
	}
	for len(to) < end {
		to = append(to, 0)
	}
	return to
}

// packedFour returns the first four values of at most 16 bits, packed.
func packedFour(values []int32, width int) uint64 {
	four := (*[4]int32)(values)
	return uint64(uint32(four[0])) | uint64(uint32(four[1]))<<(width&63) | uint64(uint32(four[2]))<<(2*width&63) | uint64(uint32(four[3]))<<(3*width&63)
}

// appendTo appends the first n bits as appendRuns does values of one bit.
func (b *pageBits) appendTo(to []byte, n int) []byte {
	const least = leastRunBits
	for at := 0; at < n; {
		if run := b.run(at, n); at+run == n || run >= least {
			to = append(binary.AppendUvarint(to, uint64(run)<<1), byte(b.word(at)&1))
			at += run
			continue
		}
		end := at + 8
		for end < n && b.run(end, min(n, end+least)) < least {
			end += 8
		}
		to = binary.AppendUvarint(to, uint64(end-at)/8<<1|1)
		for ; at < end; at += 8 {
			to = append(to, byte(b.word(at)))
		}
	}
	return to
}
