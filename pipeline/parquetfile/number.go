package parquetfile

import (
	"encoding/binary"
	"iter"
	"math/bits"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/parquet-go/parquet-go/format"

	"hardship/pipeline/internal/bitmap"
)

// addLevels adds the levels of n rows whose validity begins at bit first; valid
// is nil if all have a value. Levels are made once there is a null.
func (c *columnWriter) addLevels(valid []byte, first, n int) {
	if valid == nil && len(c.levels) == 0 {
		return
	}
	if len(c.levels) == 0 {
		c.levels = appendOnes(c.levels, c.rows)
	}
	if valid == nil {
		c.levels = appendOnes(c.levels, n)
		return
	}
	start := len(c.levels)
	c.levels = slices.Grow(c.levels, n)[:start+n]
	levels := c.levels[start:]
	for i := range levels {
		levels[i] = valid[(first+i)>>3] >> ((first + i) & 7) & 1
	}
}

func appendOnes(levels []uint8, n int) []uint8 {
	start := len(levels)
	levels = slices.Grow(levels, n)[:start+n]
	for i := range levels[start:] {
		levels[start+i] = 1
	}
	return levels
}

// addNumbers adds the values that valid, from bit first on, has, and looks for the
// least and the greatest of them. One of them has to be there. It returns the place
// of a NaN, which files do not have, or −1.
func addNumbers[T int32 | arrow.Date32 | int64 | arrow.Timestamp | float64](c *columnWriter, values []T, valid []byte, first int) (nan int) {
	bounds := make([]T, 0, 2)
	for from, to := range presentRuns(valid, first, len(values)) {
		run := values[from:to]
		if len(bounds) == 0 {
			bounds = append(bounds, run[0], run[0])
		}
		least, most := bounds[0], bounds[1]
		for i, v := range run {
			if v < least {
				least = v
			}
			if v > most {
				most = v
			}
			if v != v {
				return from + i
			}
		}
		bounds[0], bounds[1] = least, most
		c.values = append(c.values, bytesOf(run)...)
	}
	c.bound(bytesOf(bounds[:1]), bytesOf(bounds[1:]))
	return -1
}

// presentRuns yields the runs of rows that have a value, among n whose validity
// begins at bit first; valid is nil if all have one.
func presentRuns(valid []byte, first, n int) iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		if valid == nil {
			yield(0, n)
			return
		}
		for row := 0; row < n; {
			present := bitmap.Word(valid, first+row, n-row)
			if present == 0 {
				row += 64
				continue
			}
			row += bits.TrailingZeros64(present)
			from := row
			for run := 64; run == 64 && row < n; row += run {
				run = bits.TrailingZeros64(^bitmap.Word(valid, first+row, n-row))
			}
			if !yield(from, row) {
				return
			}
		}
	}
}

// mostNumbers is how many different numbers a dictionary holds.
const mostNumbers = 4 << 10

// A numberDictionary is the different numbers of a row group, as long as they
// are few: numbers of a code are much less for zstd to look through, on the way
// out and on the way back. Pages after mostNumbers are plain.
type numberDictionary struct {
	bits   []uint64                 // by code
	slots  *[4 * mostNumbers]uint16 // of a hash table: a code and 1; 0 is free
	closed bool                     // no page is coded from now on
}

func (d *numberDictionary) reset() {
	if len(d.bits) > 0 {
		clear(d.slots[:])
	}
	d.bits, d.closed = d.bits[:0], false
}

// slotBits is the logarithm of the number of slots.
const slotBits = 14

// code returns the code of a number; ok is false if there is no room for it.
func (d *numberDictionary) code(number uint64) (code int32, ok bool) {
	for slot := number * 0x9e3779b97f4a7c15 >> (64 - slotBits); ; slot = (slot + 1) % uint64(len(d.slots)) {
		switch code := int(d.slots[slot]) - 1; {
		case code < 0:
			if len(d.bits) == mostNumbers {
				return 0, false
			}
			d.bits = append(d.bits, number)
			d.slots[slot] = uint16(len(d.bits))
			return int32(len(d.bits) - 1), true
		case d.bits[code] == number:
			return int32(code), true
		}
	}
}

// codeNumbers finds the codes of the page's numbers. It reports false if they are
// better left plain: where the dictionary is full, or half of the numbers of the
// first page would have to be in it.
func (c *columnWriter) codeNumbers() bool {
	d := &c.numbers
	if c.series || d.closed || len(c.values) == 0 {
		return false
	}
	if d.slots == nil {
		d.slots = new([4 * mostNumbers]uint16)
	}
	before := len(d.bits)
	width := c.width()
	n := len(c.values) / width
	c.codes = slices.Grow(c.codes[:0], n)[:n]
	most := mostNumbers
	if before == 0 {
		most = n / 2
	}
	last, code := uint64(0), int32(-1)
	for i := range c.codes {
		number := c.number(i, width)
		if number != last || code < 0 {
			var ok bool
			if code, ok = d.code(number); !ok || len(d.bits) > most {
				d.bits, d.closed = d.bits[:before], true
				clear(d.slots[:])
				c.codes = c.codes[:0]
				return false
			}
			last = number
		}
		c.codes[i] = code
	}
	return true
}

// width returns the bytes of a number.
func (c *columnWriter) width() int {
	if c.physical == format.Int32 {
		return 4
	}
	return 8
}

// number returns the bits of the i-th number of the page.
func (c *columnWriter) number(i, width int) uint64 {
	if width == 4 {
		return uint64(binary.LittleEndian.Uint32(c.values[4*i:]))
	}
	return binary.LittleEndian.Uint64(c.values[8*i:])
}

// plain returns the numbers by code, as they are stored.
func (d *numberDictionary) plain(physical format.Type) []byte {
	var content []byte
	for _, number := range d.bits {
		if physical == format.Int32 {
			content = binary.LittleEndian.AppendUint32(content, uint32(number))
		} else {
			content = binary.LittleEndian.AppendUint64(content, number)
		}
	}
	return content
}
