package parquetfile

import (
	"encoding/binary"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/parquet-go/parquet-go/format"

	"hardship/pipeline/internal/bitmap"
)

// addNumbers adds the values that valid, from bit first on, has, and looks for the
// least and the greatest of them. One of them has to be there. It returns the place
// of a NaN, which files do not have, or −1.
func addNumbers[T int32 | arrow.Date32 | int64 | arrow.Timestamp | float64](c *columnWriter, values []T, valid []byte, first int) (nan int) {
	bounds := make([]T, 0, 2)
	for from, to := range bitmap.Runs(valid, first, len(values)) {
		run := values[from:to]
		if len(bounds) == 0 {
			bounds = append(bounds, run[0], run[0])
		}
		least, most := bounds[0], bounds[1]
		for i, v := range run {
			if !(v >= least) { // also of a NaN
				if v != v {
					return from + i
				}
				least = v
			}
			if v > most {
				most = v
			}
		}
		bounds[0], bounds[1] = least, most
		c.values = append(c.values, bytesOf(run)...)
	}
	c.bound(bytesOf(bounds[:1]), bytesOf(bounds[1:]))
	return -1
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
	before, ok := len(d.bits), false
	if c.physical == format.Int32 {
		c.codes, ok = codesOf(d, c.codes, arrow.Uint32Traits.CastFromBytes(c.values))
	} else {
		c.codes, ok = codesOf(d, c.codes, arrow.Uint64Traits.CastFromBytes(c.values))
	}
	if !ok {
		d.bits, d.closed = d.bits[:before], true
		clear(d.slots[:])
	}
	return ok
}

// codesOf returns the codes of a page's numbers, in memory that is used again; ok is
// false if they are better left plain.
func codesOf[T uint32 | uint64](d *numberDictionary, memory []int32, numbers []T) (codes []int32, ok bool) {
	most := mostNumbers
	if len(d.bits) == 0 {
		most = len(numbers) / 2
	}
	codes = slices.Grow(memory[:0], len(numbers))[:len(numbers)]
	for i := 0; i < len(numbers); {
		number := numbers[i]
		code, ok := d.code(uint64(number))
		if !ok || len(d.bits) > most {
			return codes[:0], false
		}
		for ; i < len(numbers) && numbers[i] == number; i++ {
			codes[i] = code
		}
	}
	return codes, true
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
